"""Whose edition a guide file is: told by its title; a file without one follows the family whose clauses it holds, if any."""

from __future__ import annotations

from assistant.adapters.editions import Editions
from assistant.errors import AeoError
from assistant.families import GENERAL, family_of
from assistant.guide import Guide
from ingest.compare.diff import diff
from ingest.parse.guide import parse
from ingest.shipped import shipped_guide
from ingest.source import Source

ALIKE = 0.3
"""Share of a file's clauses that live on from a family's edition for it to be one of that family's. Measured: the edition that was put
into four sheets keeps 0.9 and more; the standard of another structure, and that of brokers, keep less than 0.1."""


def family_in(source: Source, store: Editions) -> str:
    """The family of the guide in ``source``.

    Raises:
        SourceError: it holds no guide.
    """
    guide = parse(source, "")
    if guide.title != source.name:
        return family_of(guide.title)
    known = _guides(store)
    shares = {family: _alike(other, guide) for family, other in known.items()}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= ALIKE or not store.all() else _named_after(source.name)


def before(store: Editions, family: str) -> Guide:
    """The edition by whose words a new one of a family is understood: its own in force, else the first in force, else the shipped."""
    known = _guides(store)
    return known.get(family) or next(iter(known.values()))


def _guides(store: Editions) -> dict[str, Guide]:
    try:
        return store.guides()
    except AeoError:
        return {GENERAL: shipped_guide()}


def _alike(before: Guide, guide: Guide) -> float:
    living = {new for c in diff(before, guide).clauses if c.olds for new in c.news}
    return len(living) / max(1, len(guide.clauses))


def _named_after(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return "-".join(stem.split())[:40]
