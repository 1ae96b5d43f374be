"""A register of an earlier version taken over: its log is told to the end, and its tables are written again from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Assigned, AwaySet, Inventory, PersonSet
from assistant.register.facts.naming import tidy
from assistant.register.facts.people import Assignment, Person
from assistant.register.ports import WITH_WITHDRAWN, Writing
from assistant.register.rules.evidence.telling import tell
from assistant.register.rules.people.in_charge import held_by

ACTOR = "upgrade"


def take_inventory(tx: Writing) -> None:
    """Log who is in charge and who is known (an earlier log did not tell all of it), people in one normal form, states as the log has them.

    What the tables said otherwise than the log is left as it is, so that verifying still finds it.
    """
    workspace = tx.workspace()
    if workspace is None:
        return
    told = tell(tx.events(), ZoneInfo(workspace.zone))
    assignments = [_tidy(a) for a in tx.assignments()] if not told.places_known else list(told.assignments.values())
    people = [_rightly(p, told.people.get(p.id)) for p in joined(tx.people().values())]
    absences = list(told.absences.values())
    says = Inventory(
        people=tuple(
            PersonSet(person=p.id, zone=p.zone, admin=p.admin, name=p.name, address=p.address, known_as=p.known_as) for p in people
        ),
        assignments=tuple(Assigned.of(a) for a in assignments),
        absences=tuple(AwaySet.model_validate(a, from_attributes=True) for a in absences),
    )
    last = max((e.at for e in tx.events(since=workspace.head_seq - 1)), default=datetime.now(UTC))
    tx.append([Draft(says, ACTOR, last, "upgrade")])
    tx.forget_people([p for p in tx.people() if p != tidy(p)])
    tx.save_people(people)
    tx.save_assignments(assignments)
    tx.save_absences(absences)
    fresh = []
    for entry in tx.entries(date.max, WITH_WITHDRAWN):
        state = told.states.get(entry.slot.key)
        known = state is not None and replace(state, given="") == replace(entry.state, given="")
        fresh.append(held_by(replace(entry, state=state) if known and state else entry, assignments, workspace.lead))
    tx.save(fresh)


def joined(people: Iterable[Person]) -> list[Person]:
    """People in normal form; those that differ in spelling only are one, with what is known of each."""
    found: dict[str, Person] = {}
    for person in sorted(people, key=lambda p: (p.id != tidy(p.id), p.id)):
        who = tidy(person.id)
        known = found.get(who, replace(person, id=who))
        found[who] = replace(
            known,
            name=known.name or person.name,
            zone=known.zone or person.zone,
            admin=known.admin or person.admin,
            address={**person.address, **known.address},
        )
    return list(found.values())


def _rightly(person: Person, told: Person | None) -> Person:
    """With the rights that the log gives, whatever the table says."""
    return replace(person, admin=told is not None and told.admin)


def _tidy(a: Assignment) -> Assignment:
    return replace(a, owner=tidy(a.owner), deputy=tidy(a.deputy), reviewer=tidy(a.reviewer))
