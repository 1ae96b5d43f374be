"""What a log tells: every table of a register, rebuilt from its events alone. Pure; the tables are only a faster way to the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from assistant.register.facts.events import Event
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.happened import (
    Accepted,
    Asked,
    Assigned,
    AwaySet,
    Carried,
    Delivered,
    Erased,
    Inventory,
    Merged,
    PersonSet,
    PlacesMoved,
    Planned,
    Stood,
    Submitted,
    Transferred,
)
from assistant.register.facts.naming import tidy
from assistant.register.facts.people import Absence, Assignment, Person, moved, stood_in
from assistant.register.facts.slots import State
from assistant.register.rules.evidence.after import after, concerned, pieces_of

ERASED = "erased:"
"""How the token begins that stands in an erased person's place; nothing is known of them any more."""


@dataclass
class ToldRegister:
    """A register as its log tells it.

    ``planned``: the keys of the plan in force, with the day on which each first appeared. ``people_known`` and ``places_known``: False
    while the log (of an earlier version) does not tell names and addresses, or who is in charge after an edition moved places.
    ``unseen``: slots whose acceptance names another digest than that of what was handed in. ``messages``: what became of a message last,
    by id; ``reminders``: ids of those that asked somebody; ``erased``: the tokens in whose place people stood.
    """

    states: dict[str, State] = field(default_factory=dict)
    planned: dict[str, date] = field(default_factory=dict)
    first: dict[str, date] = field(default_factory=dict)
    pieces: dict[str, list[Piece]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    assignments: dict[tuple[str, str], Assignment] = field(default_factory=dict)
    absences: dict[tuple[str, date], Absence] = field(default_factory=dict)
    places_known: bool = True
    lead: str = ""
    edition: str = ""
    profile: dict[str, Any] = field(default_factory=dict)
    due_days: int | None = None
    due_rule: int | None = None
    slots: str | None = None
    stood: dict[str, str] | None = None
    unseen: list[str] = field(default_factory=list)
    messages: dict[str, Delivered] = field(default_factory=dict)
    reminders: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)

    def pieces_in(self, slots: Sequence[str]) -> list[Piece]:
        """What was handed in for some slots, oldest first in each."""
        return [p for key in slots for p in self.pieces.get(key, ())]


def tell(events: Iterable[Event], zone: ZoneInfo, told: ToldRegister | None = None) -> ToldRegister:
    """Everything that the events say, read once; ``told`` is what those before them said, and is carried on.

    Raises:
        KeyError, ValueError: an event was written by no version of this product.
    """
    told = ToldRegister() if told is None else told
    for event in events:
        _plan(told, event, zone)
        _messages(told, event)
        _people(told, event)
        _pieces(told, event)
        for key in concerned(event):
            told.states[key] = after(told.states.get(key, State()), event, key)
    return told


def _plan(told: ToldRegister, event: Event, zone: ZoneInfo) -> None:
    match event.says:
        case Planned() as said:
            day = event.at.astimezone(zone).date()
            for key in said.removed:
                told.planned.pop(key, None)
            for key in said.added:
                told.planned[key] = told.first.setdefault(key, day)
            told.lead = said.lead or told.lead
            told.edition, told.profile = said.edition, said.profile
            told.due_days, told.due_rule, told.slots = said.due_days, said.due_rule, said.slots


def _pieces(told: ToldRegister, event: Event) -> None:
    match event.says:
        case Submitted() as said:
            told.pieces.setdefault(event.slot, []).extend(pieces_of(event, said))
        case Carried() as said:
            told.pieces.setdefault(event.slot, []).extend(taken_along(said, event.slot, told.pieces))
        case Accepted(given=given) if given is not None and given != told.states.get(event.slot, State()).given:
            told.unseen.append(event.slot)


def _messages(told: ToldRegister, event: Event) -> None:
    match event.says:
        case Stood(files=files):
            told.stood = dict(files)
        case Delivered() as said:
            told.messages[said.message] = said
        case Asked(message=message) if message:
            told.reminders.add(message)
        case Erased(token=token):
            told.erased.add(token)


def _people(told: ToldRegister, event: Event) -> None:
    match event.says:
        case PersonSet() as said:
            _know(told, said)
        case Assigned() as said:
            told.assignments[said.level, said.target] = said.assignment
        case AwaySet(undone=True) as said:
            told.absences.pop((said.person, said.start), None)
        case AwaySet() as said if not said.person.startswith(ERASED):
            told.absences[said.person, said.start] = said.absence
        case Transferred(leaver=leaver, heir=heir, since=since):
            _stand_in(told, leaver, heir, owner=False, since=since)
        case Merged(person=person, into=into):
            _merge(told, person, into)
        case PlacesMoved(stand=stand):
            told.places_known = stand is not None
            told.assignments = {(a.level, a.target): a for a in stand or ()}
        case Inventory() as said:
            told.people, told.named, told.places_known = {}, set(), True
            for one in said.people:
                _know(told, one)
            told.assignments = {(a.level, a.target): a.assignment for a in said.assignments}
            told.absences = {(a.person, a.start): a.absence for a in said.absences if not a.person.startswith(ERASED)}


def _know(told: ToldRegister, said: PersonSet) -> None:
    if said.person.startswith(ERASED):
        return
    before = told.people.get(said.person, Person(said.person))
    told.people[said.person] = replace(
        before,
        zone=said.zone,
        admin=said.admin,
        name=before.name if said.name is None else said.name,
        address=before.address if said.address is None else said.address,
        known_as=before.known_as if said.known_as is None else said.known_as,
    )
    if said.name is not None:
        told.named.add(said.person)


def _stand_in(told: ToldRegister, person: str, other: str, owner: bool, since: date | None = None) -> None:
    """Another person in somebody's place, in assignments and as a deputy in absences (their own absences too: ``owner``)."""
    told.assignments = {(a.level, a.target): a for a in moved(told.assignments.values(), person, other, since)}
    told.absences = {(a.person, a.start): a for a in stood_in(told.absences.values(), person, other, owner)}


def _merge(told: ToldRegister, person: str, into: str) -> None:
    _stand_in(told, person, into, owner=True)
    told.states = {key: renamed(state, person, into) for key, state in told.states.items()}
    told.people.pop(person, None)
    told.named.discard(person)


def renamed(state: State, person: str, into: str) -> State:
    """The state with one person in it called by another id."""

    def put(who: str) -> str:
        return into if tidy(who) == person else who

    submitters = tuple(dict.fromkeys(put(s) for s in state.submitters))
    by, through = put(state.reviewed_by), put(state.reviewed_through)
    return replace(state, submitters=submitters, reviewed_by=by, reviewed_through=through, owner=put(state.owner))


def taken_along(said: Carried, slot: str, pieces: Mapping[str, Sequence[Piece]]) -> list[Piece]:
    """The pieces that come with a state carried to a slot: all of the source's, the pending ones of those joined in.

    Args:
        said: what was carried, and from where.
        slot: the key of the slot that it goes to.
        pieces: slot key -> what was handed in there, as it stood before.
    """
    known = {replace(p, slot="") for p in pieces.get(slot, ())}
    found = list(pieces.get(said.source, ())) if said.source != slot else []
    for key in said.also:
        theirs = pieces.get(key, ())
        last = max((p.version for p in theirs), default=0)
        found += [replace(p, version=said.state.version) for p in theirs if p.version == last]
    fresh = {replace(p, slot=""): replace(p, slot=slot) for p in found if replace(p, slot="") not in known}
    return list(fresh.values())
