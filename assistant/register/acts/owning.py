"""Acts on who is in charge: assign, import a table, hand over a leaver's work, absences, and what is known of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from assistant.errors import RegisterError
from assistant.register.acts.delivery import by_person
from assistant.register.acts.planning import WITH_WITHDRAWN
from assistant.register.acts.recording import Rules, announce, record
from assistant.register.acts.service import LONGEST_NAME, RegisterService, Who, once
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Assigned, AwaySet, PersonSet, Reassigned, Transferred
from assistant.register.facts.people import Absence, Assignment, Person, held_by, moved, zone_of
from assistant.register.facts.slots import Entry
from assistant.register.ports import Register, Writing
from assistant.register.rules.life import clean
from assistant.register.rules.nudges import scheduled
from assistant.register.rules.roles import require, roles


class Owners:
    """Who is in charge in one workspace. All acts are for leads and admins."""

    def __init__(self, service: RegisterService) -> None:
        self.register: Register = service.register
        self.workspace = service.workspace
        self.rules: Rules = service.rules

    def assignments(self) -> list[Assignment]:
        """All assignments."""
        with self.register.reading(self.workspace) as tx:
            return tx.assignments()

    def people(self) -> tuple[dict[str, Person], list[Absence]]:
        """Everybody known, and all absences."""
        with self.register.reading(self.workspace) as tx:
            return tx.people(), tx.absences()

    def assign(self, rows: Sequence[Assignment], who: Who, people: Iterable[Person] = ()) -> int:
        """Put assignments in force, each replacing the one of its own level and target; says how many changed anything."""
        with self._leading(who) as tx:
            known = {(a.level, a.target): a for a in tx.assignments()}
            tidy = [_tidy(a) for a in rows]
            fresh = {(a.level, a.target): a for a in tidy if known.get((a.level, a.target)) != a}
            drafts = [Draft(Assigned.of(a), who.actor, who.at, who.origin) for a in fresh.values()]
            for person in people:
                drafts += self._know(tx, person, who)
            tx.save_assignments((known | fresh).values())
            record(tx, drafts, self.rules)
            self._resolve(tx, who.at)
        return len(fresh)

    def know(self, person: Person, who: Who) -> None:
        """Write down somebody's name, time zone, address or admin rights."""
        with self._leading(who) as tx:
            record(tx, self._know(tx, person, who), self.rules)

    def learn(self, person: Person, who: Who) -> Person:
        """Write down what a surface knows of somebody for certain: an address, and a name and time zone where none is set.

        Nobody's right is needed for it and none is given by it. Returns the person as known now.
        """
        with self.register.writing(self.workspace) as tx:
            known = tx.people().get(person.id, Person(person.id))
            news = replace(person, name=known.name or person.name, zone=known.zone or person.zone, admin=False)
            record(tx, self._know(tx, news, who), self.rules)
            return tx.people()[person.id]

    def away(self, absence: Absence, who: Who) -> None:
        """Write down an absence; one of the same person and start is replaced.

        Raises:
            RegisterError: it ends before it starts.
        """
        if absence.end < absence.start:
            raise RegisterError("register.absence", start=absence.start.isoformat(), end=absence.end.isoformat())
        with self._leading(who) as tx:
            others = [a for a in tx.absences() if (a.person, a.start) != (absence.person, absence.start)]
            tx.save_absences([*others, absence])
            record(tx, [Draft(AwaySet.model_validate(absence, from_attributes=True), who.actor, who.at, who.origin)], self.rules)

    def transfer(self, leaver: str, to: str, who: Who) -> int:
        """Put one person in another's place everywhere: assignments, single slots, reviews, deputies; how many slots move.

        Raises:
            RegisterError: nobody named, or the same person.
        """
        heir = clean(to, LONGEST_NAME)
        if not heir or heir == leaver:
            raise RegisterError("register.transfer", leaver=leaver, to=to)
        with self._leading(who) as tx:
            today = who.at.astimezone(self.rules.zone).date()
            before = tx.entries(today, WITH_WITHDRAWN)
            tx.save_assignments(moved(tx.assignments(), leaver, heir))
            tx.save_absences([replace(a, deputy=heir) if a.deputy == leaver else a for a in tx.absences()])
            drafts = [Draft(Transferred(leaver=leaver, heir=heir), who.actor, who.at, who.origin)]
            drafts += [
                Draft(Reassigned(owner=heir, before=leaver), who.actor, who.at, who.origin, e.slot.key)
                for e in before
                if e.state.owner == leaver
            ]
            record(tx, drafts, self.rules)
            self._resolve(tx, who.at)
        return sum(e.owner == leaver and e.planned for e in before)

    # -- parts ---------------------------------------------------------------------------------------------------

    def _know(self, tx: Writing, person: Person, who: Who) -> list[Draft]:
        if person.zone:
            zone_of(person.zone)
        known = tx.people().get(person.id, Person(person.id))
        fresh = replace(
            known,
            name=person.name or known.name,
            zone=person.zone or known.zone,
            admin=person.admin or known.admin,
            address={**known.address, **person.address},
        )
        if fresh == known and known.id in tx.people():
            return []
        tx.save_people([fresh])
        says = PersonSet(person=fresh.id, zone=fresh.zone, admin=fresh.admin, name=fresh.name, address=fresh.address)
        return [Draft(says, who.actor, who.at, who.origin)]

    def _resolve(self, tx: Writing, at: datetime) -> None:
        """Every slot's owner and reviewer again, after the assignments changed."""
        assignments = tx.assignments()
        changed: list[Entry] = []
        for entry in tx.entries(at.astimezone(self.rules.zone).date(), WITH_WITHDRAWN):
            fresh = held_by(entry, assignments, self.rules.lead)
            if fresh != entry:
                changed.append(scheduled(fresh, self.rules.policy, self.rules.zone) if fresh.planned else fresh)
        tx.save(changed)
        announce(tx, (), changed, self.rules)

    @contextmanager
    def _leading(self, who: Who) -> Iterator[Writing]:
        """A transaction for those who may lead."""
        with self.register.writing(self.workspace) as tx:
            day = who.at.astimezone(self.rules.zone).date()
            held = roles(who.actor, None, self.rules.lead, tx.people(), by_person(tx.absences()), day)
            require("assign", held, who.actor, who.origin)
            once(tx, who)
            yield tx


def _tidy(a: Assignment) -> Assignment:
    owner, deputy, reviewer = (clean(name, LONGEST_NAME) for name in (a.owner, a.deputy, a.reviewer))
    return replace(a, owner=owner, deputy=deputy, reviewer=reviewer)
