"""Acts on who is in charge: assign, import a table, hand over a leaver's work, absences, and what is known of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from assistant.errors import RegisterError
from assistant.register.acts.doing.known import everybody, person_known, tidied, told_of
from assistant.register.acts.doing.recording import Rules, announce, record
from assistant.register.acts.doing.who import LONGEST_NAME, Who, once
from assistant.register.acts.log.rights import entitled
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Assigned, AwaySet, Merged, PersonSet, Reassigned, Transferred
from assistant.register.facts.naming import Roster, key, named
from assistant.register.facts.people import Absence, Assignment, Person, charged, dated, laid_over, moved, stood_in
from assistant.register.facts.slots import Entry
from assistant.register.ports import WITH_WITHDRAWN, Filter, Register, RegisterReader, Writing
from assistant.register.rules.evidence.life import clean
from assistant.register.rules.evidence.telling import renamed
from assistant.register.rules.people.due import with_due
from assistant.register.rules.people.in_charge import held_by
from assistant.register.rules.people.named_places import zone_of
from assistant.register.rules.people.nudges import scheduled

if TYPE_CHECKING:
    from assistant.register.acts.service import RegisterService


class ForeseenMerge(NamedTuple):
    """Both people by id, of how many slots one owns what the other reviews (``own``), and whether the lead is one of two with addresses."""

    person: str
    into: str
    own: int
    leads: bool


class Owners:
    """Who is in charge in one workspace. All acts are for leads and admins."""

    def __init__(self, service: RegisterService) -> None:
        self.register: Register = service.register
        self.workspace = service.workspace
        self.rules: Rules = service.rules
        self.lead_of = service.lead_of

    def assignments(self) -> list[Assignment]:
        """All assignments."""
        with self.register.reading(self.workspace) as tx:
            return tx.assignments()

    def people(self) -> tuple[dict[str, Person], list[Absence]]:
        """Everybody known, and all absences."""
        with self.register.reading(self.workspace) as tx:
            return tx.people(), tx.absences()

    def everybody(self) -> list[Person]:
        """Everybody known, and whom an assignment or a single slot names without more, by id."""
        with self.register.reading(self.workspace) as tx:
            return sorted(everybody(tx).values(), key=lambda p: p.id)

    def assign(self, rows: Sequence[Assignment], who: Who, people: Iterable[Person] = ()) -> int:
        """Put assignments in force, each over the one of its own level and target (``laid_over``); says how many changed anything."""
        with self._leading(who) as tx:
            drafts: list[Draft] = []
            for person in people:
                drafts += self._know(tx, person, who)
            known = {(a.level, a.target): a for a in tx.assignments()}
            roster = Roster(tx.people())
            tidy = [laid_over(known.get((a.level, a.target)), tidied(a, roster)) for a in rows]
            changed = [a for a in tidy if known.get((a.level, a.target)) != a]
            fresh = {(a.level, a.target): dated(a, known.get((a.level, a.target)), self._day(who)) for a in changed}
            drafts += [Draft(Assigned.of(a), who.actor, who.at, who.origin) for a in fresh.values()]
            tx.save_assignments((known | fresh).values())
            record(tx, drafts, self.rules)
            self._resolve(tx, who.at)
            self._named_before(tx, drafts, who)
        return len(fresh)

    def know(self, person: Person, who: Who) -> None:
        """Write down somebody's name, time zone, address or admin rights."""
        with self._leading(who) as tx:
            drafts = self._know(tx, person, who)
            record(tx, drafts, self.rules)
            self._named_before(tx, drafts, who)

    def learn(self, person: Person, who: Who) -> Person:
        """Write down what a surface knows of somebody for certain: an address, and a name and time zone where none is set.

        Nobody's right is needed for it and none is given by it. Returns the person as known now.
        """
        with self.register.writing(self.workspace, who.by) as tx:
            known = self._record_of(tx, person, who)
            news = replace(person, name=known.name or person.name, zone=known.zone or person.zone, admin=False)
            record(tx, self._know(tx, news, who), self.rules)
            return tx.people()[known.id]

    def rights(self, person: str, admin: bool, who: Who) -> Person:
        """Give somebody the rights of an admin, or take them away.

        Raises:
            RegisterError: nobody of that name is known, or the actor may not.
        """
        with self._leading(who) as tx:
            known = person_known(tx, person)
            fresh = replace(known, admin=admin)
            tx.save_people([fresh])
            if fresh != known:
                record(tx, [Draft(told_of(fresh), who.actor, who.at, who.origin)], self.rules)
            return fresh

    def roster(self) -> Roster:
        """Everybody known, to be found by any of their names."""
        return Roster({p.id: p for p in self.everybody()})

    def would_merge(self, person: str, into: str, today: date) -> ForeseenMerge:
        """What a merge would mean, before it is done.

        Raises:
            RegisterError: one of them is unknown.
        """
        with self.register.reading(self.workspace) as tx:
            one, other = person_known(tx, person), person_known(tx, into)
            roster, both = Roster(tx.people()), {one.id, other.id}
            entries = tx.entries(today, Filter())
            own = sum({roster.id_of(e.owner), roster.id_of(e.reviewer)} == both and len(both) > 1 for e in entries)
            mails = {str(p.address.get("email") or p.address.get("slack") or "") for p in (one, other)}
            leads = roster.id_of(self.lead_of(tx)) in both and "" not in mails and len(mails) > 1
            return ForeseenMerge(one.id, other.id, own, leads)

    def merge(self, person: str, into: str, who: Who) -> int:
        """Two records turn out to be one person: all that the first is and has done is the second's; how many slots change hands.

        Raises:
            RegisterError: one of them is unknown, or they are the same, or the actor may not.
        """
        with self._leading(who) as tx:
            one, other = person_known(tx, person), person_known(tx, into)
            if one.id == other.id:
                raise RegisterError("register.transfer", leaver=person, to=into)
            return self._merge(tx, one, other, who)

    def same(self, one: str, other: str) -> bool:
        """Whether both name one person."""
        with self.register.reading(self.workspace) as tx:
            return Roster(tx.people()).same(one, other)

    def away(self, absence: Absence, who: Who) -> None:
        """Write down an absence; one of the same person and start is replaced.

        Raises:
            RegisterError: it ends before it starts, or nobody of that name is known.
        """
        if absence.end < absence.start:
            raise RegisterError("register.absence", start=absence.start.isoformat(), end=absence.end.isoformat())
        with self._leading(who) as tx:
            absence = replace(absence, person=self._absent(tx, absence.person), deputy=Roster(tx.people()).id_of(absence.deputy))
            others = [a for a in tx.absences() if (a.person, a.start) != (absence.person, absence.start)]
            tx.save_absences([*others, absence])
            record(tx, [Draft(AwaySet.model_validate(absence, from_attributes=True), who.actor, who.at, who.origin)], self.rules)

    def not_away(self, person: str, start: date, who: Who) -> Absence:
        """Take back an absence that begins on that day.

        Raises:
            RegisterError: there is none.
        """
        with self._leading(who) as tx:
            known, all_ = self._absent(tx, person), tx.absences()
            gone = next((a for a in all_ if (a.person, a.start) == (known, start)), None)
            if gone is None:
                raise RegisterError("register.no_absence", person=person, start=start.isoformat())
            tx.save_absences([a for a in all_ if a != gone])
            says = AwaySet(person=gone.person, start=gone.start, end=gone.end, deputy=gone.deputy, undone=True)
            record(tx, [Draft(says, who.actor, who.at, who.origin)], self.rules)
            return gone

    def _absent(self, tx: RegisterReader, person: str) -> str:
        """The id of whoever is away: somebody known, or the lead, who need not be recorded.

        Raises:
            RegisterError: nobody of that name is known.
        """
        lead = self.lead_of(tx)
        return lead if Roster(tx.people()).same(person, lead) else person_known(tx, person).id

    def transfer(self, leaver: str, to: str, who: Who) -> int:
        """Put one person in another's place everywhere: assignments, single slots, reviews, deputies; how many slots move.

        Raises:
            RegisterError: nobody named, or the same person.
        """
        with self._leading(who) as tx:
            roster = Roster(tx.people())
            heir, leaver = roster.id_of(clean(to, LONGEST_NAME)), roster.id_of(leaver)
            if not heir or heir == leaver:
                raise RegisterError("register.transfer", leaver=leaver, to=to)
            today = self._day(who)
            before = tx.entries(today, WITH_WITHDRAWN)
            tx.save_assignments(moved(tx.assignments(), leaver, heir, today))
            tx.save_absences(stood_in(tx.absences(), leaver, heir))
            drafts = [Draft(Transferred(leaver=leaver, heir=heir, since=today), who.actor, who.at, who.origin)]
            drafts += [
                Draft(Reassigned(owner=heir, before=leaver, dated=True), who.actor, who.at, who.origin, e.slot.key)
                for e in before
                if e.state.owner == leaver
            ]
            gone = tx.people().get(leaver)
            if gone is not None and gone.admin:
                tx.save_people([replace(gone, admin=False)])
                drafts.append(Draft(told_of(replace(gone, admin=False)), who.actor, who.at, who.origin))
            record(tx, drafts, self.rules)
            self._resolve(tx, who.at)
        return sum(e.owner == leaver and e.planned for e in before)

    # -- parts ---------------------------------------------------------------------------------------------------

    def _day(self, who: Who) -> date:
        return who.at.astimezone(self.rules.zone).date()

    def _merge(self, tx: Writing, one: Person, other: Person, who: Who) -> int:
        whole = replace(
            other,
            name=other.name or one.name,
            zone=other.zone or one.zone,
            admin=other.admin,
            address={**one.address, **other.address},
            known_as=tuple(dict.fromkeys((*other.known_as, one.id, *one.known_as))),
        )
        tx.forget_people([one.id])
        tx.save_people([whole])
        tx.save_assignments(moved(tx.assignments(), one.id, other.id))
        tx.save_absences(stood_in(tx.absences(), one.id, other.id, owner=True))
        entries = tx.entries(self._day(who), WITH_WITHDRAWN)
        tx.save([replace(e, state=state) for e in entries if (state := renamed(e.state, one.id, other.id)) != e.state])
        record(tx, [Draft(Merged(person=one.id, into=other.id), who.actor, who.at, who.origin)], self.rules)
        record(tx, [Draft(told_of(whole), who.actor, who.at, who.origin)], self.rules)
        self._resolve(tx, who.at)
        return sum(e.planned and one.id in (e.owner, e.reviewer) for e in entries)

    def _record_of(self, tx: Writing, person: Person, who: Who) -> Person:
        """The record that somebody has: by id, mail address or chat id; two that turn out to be one person are merged."""
        people = tx.people()
        roster = Roster(people)
        said = (person.id, *(str(v) for v in person.address.values()))
        found = dict.fromkeys(i for i in (roster.find(text) for text in said) if i is not None and i in people)
        first, *others = [*found, *([] if found else [named(person.id).id])]
        for other in others:
            self._merge(tx, people[other], tx.people()[first], who)
        return tx.people().get(first, Person(first))

    def _know(self, tx: Writing, person: Person, who: Who) -> list[Draft]:
        if person.zone:
            zone_of(person.zone)
        known = self._record_of(tx, person, who)
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
        return [Draft(told_of(fresh), who.actor, who.at, who.origin)]

    def _named_before(self, tx: Writing, drafts: Iterable[Draft], who: Who) -> None:
        """Whoever was named by a name alone, and nobody else has that name, is the person of whom a lead now says name and address."""
        for said in [
            d.says for d in drafts if isinstance(d.says, PersonSet) and d.says.address and d.says.name not in ("", None, d.says.person)
        ]:
            people, bare = tx.people(), str(said.name)
            namesakes = [p for p in people.values() if key(p.name) == key(bare) and p.id != bare]
            alone = people.get(bare, Person(bare))
            named_so = bare in people or bare in charged(tx.assignments()) or tx.entries(self._day(who), Filter(owner=bare, withdrawn=True))
            if named_so and not alone.address and [p.id for p in namesakes] == [said.person]:
                self._merge(tx, alone, namesakes[0], who)

    def _resolve(self, tx: Writing, at: datetime) -> None:
        """Every slot's owner and reviewer again, after the assignments changed."""
        assignments, lead = tx.assignments(), self.lead_of(tx)
        changed: list[Entry] = []
        for entry in tx.entries(at.astimezone(self.rules.zone).date(), WITH_WITHDRAWN):
            fresh = held_by(entry, assignments, lead)
            if fresh.planned:
                fresh = with_due(fresh, assignments, self.rules.zone, self.rules.policy.due_days)
            if fresh != entry:
                changed.append(scheduled(fresh, self.rules.policy, self.rules.zone) if fresh.planned else fresh)
        tx.save(changed)
        announce(tx, (), changed, self.rules)

    @contextmanager
    def _leading(self, who: Who) -> Iterator[Writing]:
        """A transaction for those who may lead."""
        with self.register.writing(self.workspace, who.by) as tx:
            entitled(tx, "assign", who.actor, who.origin, None, self.lead_of(tx), self._day(who))
            once(tx, who)
            yield tx
