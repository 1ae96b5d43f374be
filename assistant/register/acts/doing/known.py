"""Everybody whom a register knows, and what the log says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.errors import RegisterError
from assistant.register.acts.doing.who import LONGEST_NAME
from assistant.register.facts.happened import PersonSet
from assistant.register.facts.naming import Roster, named
from assistant.register.facts.people import Assignment, Person, charged
from assistant.register.ports import ALL, RegisterReader
from assistant.register.rules.evidence import life


def everybody(tx: RegisterReader) -> dict[str, Person]:
    """Everybody by id: records, and those whom only an assignment or a single slot names."""
    held = {e.owner for e in tx.entries(date.max, ALL) if e.owner == e.state.owner}
    return {p: Person(p) for p in held if p} | charged(tx.assignments()) | tx.people()


def person_known(tx: RegisterReader, person: str) -> Person:
    """Whom a spelling means, among everybody whom the register knows.

    Raises:
        RegisterError: nobody is known by it alone.
    """
    people = tx.people()
    known = people.get(Roster(people).find(person) or "") or everybody(tx).get(named(person).id)
    if known is None:
        raise RegisterError("register.nobody_known", person=person)
    return known


def tidied(a: Assignment, roster: Roster) -> Assignment:
    """An assignment with its people by their ids."""
    owner, deputy, reviewer = (roster.id_of(life.clean(name, LONGEST_NAME)) for name in (a.owner, a.deputy, a.reviewer))
    return replace(a, owner=owner, deputy=deputy, reviewer=reviewer)


def told_of(p: Person) -> PersonSet:
    """A person as an event says them."""
    return PersonSet(person=p.id, zone=p.zone, admin=p.admin, name=p.name, address=p.address, known_as=p.known_as)
