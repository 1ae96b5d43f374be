"""The shipped bank, carried to another edition by lineage: what the comparison of the two editions says lives on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.guide import Guide
from ingest.compare.diff import diff
from ingest.learn.banks.bank import BankEntry, carry
from ingest.shipped import shipped_guide


def carried(entries: list[BankEntry], guide: Guide, mapped: Mapping[str, Sequence[str]] | None = None) -> list[BankEntry]:
    """The shipped bank's entries as they apply to ``guide``: moved with their clauses; nothing answers those of a withdrawn one.

    ``mapped`` says of clauses of the shipped edition where a lead found them again; it counts where no words live on.
    """
    lives_on = diff(shipped_guide(), guide).successors()
    found_again = {old: tuple(news) for old, news in (mapped or {}).items() if news and not lives_on.get(old)}
    return carry(entries, {**lives_on, **found_again}, lives_on)
