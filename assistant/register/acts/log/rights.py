"""Whether somebody may, as the tables say and as the log does: a right that only a table tells is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.register.facts.naming import Roster
from assistant.register.facts.people import Person
from assistant.register.facts.slots import Entry, State
from assistant.register.ports import RegisterReader
from assistant.register.rules.evidence.telling import ToldRegister, tell
from assistant.register.rules.people.in_charge import by_person, held_by
from assistant.register.rules.people.roles import Action, Role, permitted, require, roles

RIGHTS = ("planned", "person_set", "assigned", "away_set", "transferred", "merged", "places_moved", "inventory")
"""The events from which it follows who is who, who leads and who is in charge."""


def entitled(
    tx: RegisterReader, action: Action, actor: str, origin: str, entry: Entry | None, lead: str, day: date, told: ToldRegister | None = None
) -> None:
    """Refuse an act that is not the actor's by the tables, or that is theirs by a table which the log does not bear out.

    ``told`` is what ``told_rights`` says, where it was asked already.

    Raises:
        RegisterError: says whose it is, or that the right must be looked into.
    """
    people, table = tx.people(), permitted(origin)[action]
    held = roles(actor, entry, lead, people, by_person(tx.absences()), day)
    if "stranger" not in table and held & table:
        told = told or told_rights(tx)
        if told.lead and not (borne_out(actor, people, told, lead) and _by_log(tx, actor, entry, told, lead, day) & table):
            raise RegisterError("register.rights_not_told", actor=actor)
    slot, owner, reviewer = (entry.slot.id, entry.owner, entry.reviewer) if entry is not None else ("", "", "")
    require(action, held, actor, origin, slot, owner, reviewer)


def told_rights(tx: RegisterReader) -> ToldRegister:
    """Who is who, who leads and who is in charge, from the log alone; no lead where it (of an early version) does not tell one."""
    return tell(tx.events(kinds=RIGHTS), ZoneInfo("UTC"))


def borne_out(actor: str, people: Mapping[str, Person], told: ToldRegister, lead: str) -> bool:
    """Whether the lead, and the record by which somebody is recognised, are those that the log tells."""
    me = Roster(people).id_of(actor)
    return told.lead == lead and (me not in people or not unlike(people[me], told))


def unlike(here: Person, told: ToldRegister) -> bool:
    """Whether somebody's record says otherwise than the log: rights and zone always, names and addresses where it tells them."""
    there = told.people.get(here.id, Person(here.id))
    words = (here.name, here.address, here.known_as) != (there.name, there.address, there.known_as)
    return (here.admin, here.zone) != (there.admin, there.zone) or (words and (here.id in told.named or here.id not in told.people))


def _by_log(tx: RegisterReader, actor: str, entry: Entry | None, told: ToldRegister, lead: str, day: date) -> set[Role]:
    """The roles that somebody has where everything is as the log tells it."""
    if entry is not None and told.places_known and entry.planned:
        own = tell(tx.events(entry.slot.key), ZoneInfo("UTC")).states.get(entry.slot.key, State())
        entry = held_by(replace(entry, state=replace(entry.state, owner=own.owner)), list(told.assignments.values()), lead)
    return roles(actor, entry, lead, told.people, by_person(told.absences.values()), day)
