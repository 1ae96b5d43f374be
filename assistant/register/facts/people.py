"""Who is in charge: assignments by part, category, item or clause (most specific wins), absences, and who stands in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.facts.slots import Entry, Held, Slot

Level = Literal["all", "part", "category", "item", "clause"]
LEVELS: tuple[Level, ...] = ("all", "part", "category", "item", "clause")
EVERYTHING = ("*", "全部", "all")


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


def since_of(assignments: Iterable[Assignment], slot: Slot) -> date | None:
    """The day from which the owner whom an assignment names has had a slot's place; None without one, or where it is not known."""
    found = [a for a in _fitting(assignments, slot) if a.owner]
    return found[-1].since if found else None


def dated(fresh: Assignment, known: Assignment | None, day: date) -> Assignment:
    """An assignment with the day from which its owner has the place: today for a new owner."""
    same = known is not None and known.owner == fresh.owner
    return replace(fresh, since=known.since if same and known is not None else day)


NOBODY = "-"
"""Written in a person's place where nobody is to stand there any more; an empty place says nothing."""


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


def resolve(assignments: Iterable[Assignment], slot: Slot) -> Held:
    """Who holds a slot: each of owner, deputy and reviewer comes from the most specific assignment that names one."""
    held = Held()
    for a in _fitting(assignments, slot):
        held = Held(
            owner=a.owner or held.owner,
            deputy=a.deputy or held.deputy,
            deputy_from=a.deputy_from if a.deputy else held.deputy_from,
            deputy_until=a.deputy_until if a.deputy else held.deputy_until,
            reviewer=a.reviewer or held.reviewer,
        )
    return held


def _fitting(assignments: Iterable[Assignment], slot: Slot) -> list[Assignment]:
    """The assignments of the places in which a slot stands, the most specific last."""
    places = {"all": "*", "part": slot.part, "category": slot.category, "item": slot.item, "clause": slot.clause}
    return sorted((a for a in assignments if places[a.level] == a.target), key=lambda a: LEVELS.index(a.level))


def held_by(entry: Entry, assignments: Sequence[Assignment], lead: str) -> Entry:
    """The entry with its people resolved; whoever the slot itself was given to comes before any assignment."""
    held = resolve(assignments, entry.slot)
    return replace(entry, held=held, owner=entry.state.owner or held.owner or lead, reviewer=held.reviewer or lead)


def acting(owner: str, held: Held, absences: Mapping[str, Sequence[Absence]], day: date) -> str | None:
    """Who is asked in the owner's place on a day: a dated deputy in their days, a deputy in an absence, else the owner.

    None when the owner is away and nobody stands in: then nobody is asked.
    """
    dated = held.deputy_from is not None or held.deputy_until is not None
    in_days = (held.deputy_from or day) <= day <= (held.deputy_until or day)
    if held.deputy and dated and in_days and _away(held.deputy, absences, day) is None:
        return held.deputy
    absence = _away(owner, absences, day)
    if absence is None:
        return owner
    for stand_in in (absence.deputy, held.deputy if not dated else ""):
        if stand_in and _away(stand_in, absences, day) is None:
            return stand_in
    return None


def by_person(absences: Iterable[Absence]) -> dict[str, list[Absence]]:
    """Person -> their absences."""
    found: dict[str, list[Absence]] = {}
    for absence in absences:
        found.setdefault(absence.person, []).append(absence)
    return found


def _away(person: str, absences: Mapping[str, Sequence[Absence]], day: date) -> Absence | None:
    return next((a for a in absences.get(person, ()) if a.start <= day <= a.end), None)


def target_of(text: str, guide: Guide) -> tuple[Level, str]:
    """The level and target that somebody names: ``一`` or 第一部分, ``（十一）``, ``24`` or 第24项, ``24(3)``, ``*`` for all.

    Raises:
        RegisterError: the guide has no such part, category, item or clause.
    """
    said = "".join(unicodedata.normalize("NFKC", text).split())
    if said.lower() in EVERYTHING:
        return "all", "*"
    if said in guide.clauses and said not in guide.items:
        return "clause", said
    number = re.sub(r"^第|[项条、.]$", "", said)
    if number in guide.items:
        return "item", number
    chinese = re.sub(r"^第|部分$|[、.]$", "", said)
    if any(p.number == chinese for p in guide.parts):
        return "part", chinese
    for category in (c for p in guide.parts for c in p.categories):
        if unicodedata.normalize("NFKC", category.number) == said:
            return "category", category.number
    titled = [i.number for i in guide.items.values() if _title(i.title) == _title(said)]
    if len(titled) == 1:
        return "item", titled[0]
    raise RegisterError("register.no_target", target=text.strip())


def _title(text: str) -> str:
    """A title as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name.

    Raises:
        RegisterError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RegisterError("register.zone", zone=name) from None


def moved(assignments: Iterable[Assignment], leaver: str, to: str, since: date | None = None) -> list[Assignment]:
    """The assignments with one person put in another's place, as owner (from a day on), deputy and reviewer."""

    def put(who: str) -> str:
        return to if who == leaver else who

    def day(a: Assignment) -> date | None:
        return since if since is not None and a.owner == leaver else a.since

    return [replace(a, owner=put(a.owner), deputy=put(a.deputy), reviewer=put(a.reviewer), since=day(a)) for a in assignments]
