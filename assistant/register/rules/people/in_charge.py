"""Who holds a slot (the most specific assignment wins), and who is asked in the place of somebody absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.register.facts.people import LEVELS, Absence, Assignment, Person
from assistant.register.facts.slots import Entry, Held, Slot


def since_of(assignments: Iterable[Assignment], slot: Slot) -> date | None:
    """The day from which the owner whom an assignment names has had a slot's place; None without one, or where it is not known."""
    found = [a for a in _fitting(assignments, slot) if a.owner]
    return found[-1].since if found else None


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


def reviewer_of(entry: Entry, lead: str, people: Iterable[Person]) -> str:
    """Who is to review: the reviewer, the lead or an admin, whoever has not handed it in; the lead when everybody has."""
    able = [entry.reviewer, lead, *(p.id for p in people if p.admin)]
    return next((p for p in able if p and p not in entry.state.submitters), lead)
