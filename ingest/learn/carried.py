"""The shipped bank, carried to another edition by lineage: what the comparison of the two editions says lives on."""

from __future__ import annotations

from assistant.guide import Guide
from ingest.compare.diff import diff
from ingest.learn.bank import Entry, carry
from ingest.shipped import shipped_guide


def carried(entries: list[Entry], guide: Guide) -> list[Entry]:
    """The shipped bank's entries as they apply to ``guide``: moved with their clauses; nothing answers those of a withdrawn one."""
    lives_on = diff(shipped_guide(), guide).successors()
    return carry(entries, lives_on, lives_on)
