"""Parts, categories and items: which are the same in both editions, and which have another title."""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple

from assistant.guide import ClausePlace, Frozen, Guide, folded
from ingest.compare.matching.stars import Stars

Level = Literal["part", "category", "item"]
LEVELS: tuple[Level, ...] = ("part", "category", "item")


class Retitled(Frozen):
    """A part, category or item whose title changed: its numbers and its titles."""

    level: Level
    old: str
    new: str
    before: str
    after: str


class Stays(NamedTuple):
    """Clause id -> number of its item, in both editions; the item in which each old one lives on; and what was retitled."""

    old: dict[str, str]
    new: dict[str, str]
    items: dict[str, str]
    retitled: tuple[Retitled, ...]

    def same_item(self, old: str, new: str) -> bool:
        """Whether two clauses stand in one item."""
        return self.items.get(self.old[old]) == self.new[new]


def place_changes(old: Guide, new: Guide, clauses: Stars) -> Stays:
    """Which part, category and item lives on in which: where most of its clauses went, if most of those there came from it."""
    lived = {level: _lives_on(level, old, new, clauses) for level in LEVELS}
    retitled = [
        Retitled(level=level, old=_number(level, a), new=_number(level, b), before=_title(level, a), after=_title(level, b))
        for level in LEVELS
        for a, b in lived[level]
        if folded(_title(level, a)) != folded(_title(level, b))
    ]
    items = {_number("item", a): _number("item", b) for a, b in lived["item"]}
    numbers = [{c: p.item.number for c, p in guide.places.items()} for guide in (old, new)]
    return Stays(numbers[0], numbers[1], items, tuple(retitled))


def _lives_on(level: Level, old: Guide, new: Guide, clauses: Stars) -> list[tuple[ClausePlace, ClausePlace]]:
    votes: Counter[tuple[int, int]] = Counter()
    here, there = _keys(level, old), _keys(level, new)
    for a, b in clauses.pairs():
        same = folded(_title(level, old.places[a])) == folded(_title(level, new.places[b]))
        votes[here[a], there[b]] += 2 + same
    firsts = [{key: guide.places[c] for c, key in reversed(keys.items())} for keys, guide in ((here, old), (there, new))]
    found: list[tuple[ClausePlace, ClausePlace]] = []
    taken: set[tuple[int, int]] = set()
    for (x, y), _ in sorted(votes.items(), key=lambda v: (-v[1], v[0])):
        if (0, x) not in taken and (1, y) not in taken:
            taken |= {(0, x), (1, y)}
            found.append((firsts[0][x], firsts[1][y]))
    return sorted(found, key=lambda pair: getattr(pair[1], level).line)


def _keys(level: Level, guide: Guide) -> dict[str, int]:
    """Clause id -> an ordinal of the part, category or item that it stands in (numbers may be given twice)."""
    ordinals: dict[int, int] = {}
    return {c: ordinals.setdefault(id(getattr(p, level)), len(ordinals)) for c, p in guide.places.items()}


def _number(level: Level, place: ClausePlace) -> str:
    return str(getattr(place, level).number)


def _title(level: Level, place: ClausePlace) -> str:
    return str(getattr(place, level).title)
