"""How one edition lives on in another, as the register needs it: what is owed, by key, and the numbered places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from assistant.register.facts.people import Assignment, Level

Change = Literal["unchanged", "moved", "reworded", "split", "merged", "added", "withdrawn"]
Around = Literal["sentence", "condition", "heading", "criteria"]
AROUND: tuple[Around, ...] = ("sentence", "condition", "heading", "criteria")


@dataclass(frozen=True, slots=True)
class Touch:
    """A change around the words of a line that bears on what was accepted for it: which text, before and after."""

    what: Around
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Move:
    """One line (or briefing, walk-through, clause sentence) in both editions: its keys there, and its words.

    ``same`` says that its own words are the same, wherever they stand now and however they are parted.
    """

    old: str
    new: str
    change: Change
    before: str
    after: str
    touched: tuple[Touch, ...] = ()
    same: bool = True


@dataclass(frozen=True, slots=True)
class ChangedClause:
    """A clause of which words changed, came or went: its numbers in both editions (none where it is not), and these words."""

    olds: tuple[str, ...]
    news: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moves:
    """How one edition lives on in another: its lines, and its numbered places (level, number) -> number, None where gone.

    ``clauses`` are those that say something else, whether or not anything is owed for them.
    """

    old: str
    new: str
    lines: tuple[Move, ...] = ()
    places: Mapping[tuple[Level, str], str | None] | None = None
    clauses: tuple[ChangedClause, ...] = ()

    def mapped(self, went: Mapping[str, tuple[str, ...]]) -> Moves:
        """The same with the places that are gone where a lead says they went: a clause to its first successor, its item with it."""
        places = dict(self.places or {})
        for old, news in went.items():
            for level, cut in (("clause", str), ("item", _item)):
                here = (level, cut(old))
                if news and here in places and places[here] is None:
                    places[here] = cut(news[0])
        return replace(self, places=places or None)

    def assignments(self, known: Iterable[Assignment]) -> tuple[list[Assignment], list[Assignment]]:
        """The assignments with the new edition's numbers, and those whose place is gone. Of two that meet, the first stays."""
        there: dict[tuple[Level, str], Assignment] = {}
        gone: list[Assignment] = []
        for a in known:
            target = (self.places or {}).get((a.level, a.target), a.target)
            if target is None or (a.level, target) in there:
                gone.append(a)
            else:
                there[a.level, target] = replace(a, target=target)
        return list(there.values()), gone


def _item(clause: str) -> str:
    """The item of a clause: ``24`` of ``24(3)``."""
    return clause.partition("(")[0]
