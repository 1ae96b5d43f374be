"""The shipped bank, carried to another edition by lineage: what the comparison of the two editions says lives on."""

from __future__ import annotations

from assistant.guide import Guide
from ingest.compare.diff import Diff, diff
from ingest.learn.bank import Entry, carry
from ingest.shipped import shipped_guide


def carried(entries: list[Entry], guide: Guide) -> list[Entry]:
    """The shipped bank's entries as they apply to ``guide``: moved with their clauses, left out where the clause is gone."""
    changes = diff(shipped_guide(), guide)
    lines = {old: new for old, (new, _) in changes.passage_moves().items()}
    return carry(entries, _clauses(changes), lines)


def _clauses(changes: Diff) -> dict[str, str]:
    return {c.old: c.new for c in changes.clauses if c.old and c.new and c.change not in ("split", "merged", "withdrawn")}
