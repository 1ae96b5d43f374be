"""The shipped bank, carried to another edition by lineage: what the comparison of the two editions says lives on."""

from __future__ import annotations

from assistant.guide import Guide
from ingest.compare.diff import Diff, diff
from ingest.learn.bank import Entry, carry
from ingest.shipped import shipped_guide


def carried(entries: list[Entry], guide: Guide) -> list[Entry]:
    """The shipped bank's entries as they apply to ``guide``: moved with their clauses; nothing answers those of a withdrawn one."""
    changes = diff(shipped_guide(), guide)
    lines = {old: new for old, (new, _) in changes.passage_moves().items()}
    return carry(entries, _clauses(changes), lines)


def _clauses(changes: Diff) -> dict[str, tuple[str, ...]]:
    """Old clause -> the clauses in which it lives on: one, several where it was split, none where it was withdrawn."""
    return {old: c.news for c in changes.clauses for old in c.olds}
