"""Whose terminal a system's user is: what the system calls them, or what who leads says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.acts.doing.known import everybody, person_known, told_of
from assistant.register.acts.doing.recording import record
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.events import Draft
from assistant.register.facts.naming import Roster, key
from assistant.register.facts.people import Person
from assistant.register.ports import Writing

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who


class Terminals(Owners):
    """The people of one register, and where they sit."""

    def claim_terminal(self, user: str, person: str, who: Who) -> None:
        """Remember whom a system's user nobody knows says they are, from the first time on.

        Whoever is the first at any terminal is believed. After that the system's own name of the user must be that person's alone.

        Raises:
            RegisterError: it is not, or that person has a terminal already, or an admin's rights: only a lead or an admin says so then.
        """
        with self.register.writing(self.workspace) as tx:
            called = Roster(tx.people()).id_of(person)
            known = tx.people().get(called, Person(called))
            there = str(known.address.get("system") or "")
            if there:
                raise RegisterError("register.terminal_taken", user=user, there=there, claimed=known.id)
            if known.admin:
                raise RegisterError("register.terminal_admin", user=user, claimed=known.id)
            if any(p.address.get("system") for p in tx.people().values()):
                meant = [p.id for p in (everybody(tx) | {known.id: known}).values() if _is_called(p, user)]
                if meant != [known.id]:
                    raise RegisterError("register.terminal_unproved", user=user, claimed=known.id)
            self._sits_at(tx, known, user, who)

    def terminal_of(self, user: str, person: str, who: Who) -> Person:
        """Another system's user is somebody's terminal, or none (empty); nobody else is at it from then on.

        Raises:
            RegisterError: the actor is neither the lead nor an admin.
        """
        with self._leading(who) as tx:
            for other in tx.people().values():
                if user and other.address.get("system") == user:
                    self._sits_at(tx, other, "", who)
            return self._sits_at(tx, person_known(tx, person), user, who)

    def at_terminal(self, user: str) -> str:
        """Whose terminal a system's user is, empty before anybody said."""
        with self.register.reading(self.workspace) as tx:
            return next((p.id for p in tx.people().values() if p.address.get("system") == user), "")

    def _sits_at(self, tx: Writing, person: Person, user: str, who: Who) -> Person:
        fresh = replace(person, address={k: v for k, v in {**person.address, "system": user}.items() if v or k != "system"})
        tx.save_people([fresh])
        if fresh != person:
            record(tx, [Draft(told_of(fresh), who.actor, who.at, who.origin)], self.rules)
        return fresh


def _is_called(person: Person, user: str) -> bool:
    """Whether a system's user has a person's name: their id, name or mail address, with or without the domain."""
    said = (person.id, person.name, *person.known_as, str(person.address.get("email") or ""))
    return key(user) in {key(name) for one in said for name in (one, one.partition("@")[0]) if name}
