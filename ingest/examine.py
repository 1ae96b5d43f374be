"""A file looked at before anything is stored: read, parsed, checked, and held against another edition. Nothing is embedded."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from assistant.families import GENERAL, family_of
from assistant.guide import Finding, Guide
from ingest.compare.diff import Diff, diff
from ingest.compare.lineage import parse_after
from ingest.compare.matching.units import HANDED_IN
from ingest.parse.check import check
from ingest.read.file import read
from ingest.shipped import SHIPPED_CLAUSES, SHIPPED_EDITION


class Examined(NamedTuple):
    """What a file holds: the guide, findings in source order, and what changed against the other edition, if one was named.

    ``owed`` counts what the guide asks for, by section kind; ``sentences`` are clauses of which only the own sentence asks.
    ``readings`` says how much each way to read it gives: lines under the guide's headings (``guide``), lines of a column of materials,
    clauses that owe by their own sentence, clauses beside which a department or a frequency stands.
    """

    guide: Guide
    findings: tuple[Finding, ...]
    changes: Diff | None
    owed: dict[str, int]
    readings: dict[str, int]


def examined(path: Path, before: Guide, against: Guide | None = None) -> Examined:
    """Look at a guide file.

    Args:
        path: the file.
        before: the edition whose words it is understood by.
        against: the edition to compare with.

    Raises:
        SourceError: the file cannot be read or holds no guide.
    """
    guide = parse_after(read(path), path.stem, against or before)
    owed: dict[str, int] = {}
    for clause in guide.clauses.values():
        for section in clause.sections:
            owed[section.kind] = owed.get(section.kind, 0) + sum(r.role in HANDED_IN for r in section.requirements)
    owed["sentences"] = sum(not c.sections and not c.shares_with for c in guide.clauses.values())
    usual = {against.edition: len(against.clauses)} if against is not None else {}
    found = check(guide, usual | ({SHIPPED_EDITION: SHIPPED_CLAUSES} if family_of(guide.title) == GENERAL else {}))
    changes = diff(against, guide) if against is not None else None
    return Examined(guide, found, changes, {k: n for k, n in owed.items() if n}, _readings(guide))


def _readings(guide: Guide) -> dict[str, int]:
    clauses = guide.clauses.values()
    handed = [(s.heading, s.kind) for c in clauses for s in c.sections for r in s.requirements if r.role in HANDED_IN]
    return {
        "guide": sum(heading is not None for heading, _ in handed),
        "materials": sum(heading is None and kind != "note" for heading, kind in handed),
        "sentences": sum(len(c.proofs) for c in clauses),
        "owner": sum(bool(c.owner) for c in clauses),
        "period": sum(bool(c.period) for c in clauses),
    }
