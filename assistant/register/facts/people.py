"""Who is in charge: people, their absences, and the assignments of parts, categories, items and clauses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

Level = Literal["all", "part", "category", "item", "clause"]
LEVELS: tuple[Level, ...] = ("all", "part", "category", "item", "clause")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the register asks.

    ``zone`` is an IANA time zone, empty for the register's own; ``address`` is for notifiers (``email``, ``slack``) and says whose the
    terminal is (``system``); ``known_as`` are other ids that turned out to be theirs.
    """

    id: str
    name: str = ""
    zone: str = ""
    admin: bool = False
    address: dict[str, Any] = field(default_factory=dict)
    nudged_at: datetime | None = None
    quiet_until: datetime | None = None
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is not asked, both included; ``deputy`` is asked in their place."""

    person: str
    start: date
    end: date
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is in charge of a part, category, item or clause. A deputy with dates acts in those days, one without in absences.

    ``since`` is the day on which the owner got the place, None where an earlier version wrote it.
    """

    level: Level
    target: str
    owner: str = ""
    deputy: str = ""
    deputy_from: date | None = None
    deputy_until: date | None = None
    reviewer: str = ""
    since: date | None = field(default=None, compare=False)


def dated(fresh: Assignment, known: Assignment | None, day: date) -> Assignment:
    """An assignment with the day from which its owner has the place: today for a new owner."""
    same = known is not None and known.owner == fresh.owner
    return replace(fresh, since=known.since if same and known is not None else day)


NOBODY = "-"
"""Written in a person's place where nobody is to stand there any more; an empty place says nothing."""
BY_ITSELF = "scheduler"
"""The actor of what the product does by itself, at its times."""


def laid_over(before: Assignment | None, said: Assignment) -> Assignment:
    """What is in force for a place once ``said`` is said of it: whom it does not name stays, ``NOBODY`` takes them away."""
    known = before or Assignment(said.level, said.target)

    def put(new: str, old: str) -> str:
        return "" if new == NOBODY else new or old

    dated = bool(said.deputy or said.deputy_from or said.deputy_until)
    return replace(
        said,
        owner=put(said.owner, known.owner),
        reviewer=put(said.reviewer, known.reviewer),
        deputy=put(said.deputy, known.deputy),
        deputy_from=said.deputy_from if dated else known.deputy_from,
        deputy_until=said.deputy_until if dated else known.deputy_until,
    )


def moved(assignments: Iterable[Assignment], leaver: str, to: str, since: date | None = None) -> list[Assignment]:
    """The assignments with one person put in another's place, as owner (from a day on), deputy and reviewer."""

    def put(who: str) -> str:
        return to if who == leaver else who

    def day(a: Assignment) -> date | None:
        return since if since is not None and a.owner == leaver else a.since

    return [replace(a, owner=put(a.owner), deputy=put(a.deputy), reviewer=put(a.reviewer), since=day(a)) for a in assignments]


def charged(assignments: Iterable[Assignment]) -> dict[str, Person]:
    """Whom assignments name, by id, without anything more being known of them."""
    said = {name for a in assignments for name in (a.owner, a.deputy, a.reviewer) if name not in ("", NOBODY)}
    return {name: Person(name) for name in said}


def stood_in(absences: Iterable[Absence], person: str, other: str, owner: bool = False) -> list[Absence]:
    """The absences with one person in another's place as deputy, with ``owner`` as the one who is away too.

    Two that begin on one day become the longer one, and nobody stands in for themselves.
    """
    found: dict[tuple[str, date], Absence] = {}
    for a in absences:
        away = other if owner and a.person == person else a.person
        deputy = other if a.deputy == person else a.deputy
        fresh = replace(a, person=away, deputy="" if deputy == away else deputy)
        known = found.get((away, a.start), fresh)
        found[away, a.start] = max(known, fresh, key=lambda one: (one.end, one.deputy))
    return list(found.values())
