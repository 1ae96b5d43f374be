"""One act on the register: decide on an entry, log it, store what follows from it. Every change goes this way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.register.facts.events import Draft, Event
from assistant.register.facts.happened import Carried, Submitted
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, RegisterReader, Writing
from assistant.register.rules.evidence.after import after, concerned, pieces_of
from assistant.register.rules.evidence.shortfall import figures_missing
from assistant.register.rules.evidence.telling import taken_along
from assistant.register.rules.people.due import with_due
from assistant.register.rules.people.in_charge import held_by
from assistant.register.rules.people.nudges import scheduled

Announce = Callable[[RegisterReader, Sequence[Event], Sequence[Entry]], Iterable[Message]]
"""What people are told of events and the entries that they changed: messages for the outbox, stored with the events."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the consequences of an event depend on besides the log."""

    policy: Policy
    lead: str
    zone: ZoneInfo
    announce: Announce | None = None


def record(tx: Writing, drafts: Iterable[Draft], rules: Rules) -> list[Entry]:
    """Log the drafts and store the entries, pieces and quiet times that follow; returns the changed entries."""
    events = tx.append(drafts)
    keys = tuple(dict.fromkeys(key for event in events for key in concerned(event)))
    if not keys:
        announce(tx, events, (), rules)
        return []
    today = max(e.at for e in events).astimezone(rules.zone).date()
    entries = {e.slot.key: e for e in tx.entries(today, Filter(keys=keys, withdrawn=True))}
    assignments = tx.assignments()
    for event in events:
        for key in concerned(event):
            if key in entries:
                entries[key] = _settled(entries[key], event, key, assignments, rules)
        match event.says:
            case Submitted() as said:
                tx.add_pieces(pieces_of(event, said))
                _quieten(tx, event, rules.policy)
            case Carried() as said:
                tx.add_pieces(taken_along(said, event.slot, {k: tx.pieces([k]) for k in (event.slot, said.source, *said.also)}))
    entries |= {e.slot.key: e for e in derived(tx, entries.values(), today, rules)}
    tx.save(entries.values())
    announce(tx, events, tuple(entries.values()), rules)
    return list(entries.values())


def announce(tx: Writing, events: Sequence[Event], changed: Sequence[Entry], rules: Rules) -> None:
    """Store what people are told of events and of the entries that they changed."""
    for message in rules.announce(tx, events, changed) if rules.announce else ():
        tx.enqueue(message)


def _settled(entry: Entry, event: Event, key: str, assignments: Sequence[Assignment], rules: Rules) -> Entry:
    state = after(entry.state, event, key)
    moved = replace(entry, state=state)
    before = entry.state
    if (state.due, state.counted, state.owner, state.given_at) != (before.due, before.counted, before.owner, before.given_at):
        moved = with_due(moved, assignments, rules.zone, rules.policy.due_days)
    if state.owner != entry.state.owner:
        moved = held_by(moved, assignments, rules.lead)
    return scheduled(moved, rules.policy, rules.zone)


def derived(tx: RegisterReader, changed: Iterable[Entry], today: date, rules: Rules) -> list[Entry]:
    """What follows from changed entries: done while everything that its clause wants by now is accepted, with its figures (13 from 12)."""
    fresh = {e.slot.key: e for e in changed}
    found: list[Entry] = []
    for source, clause in {(e.slot.clause, e.slot.feeds) for e in fresh.values() if e.slot.feeds}:
        wanted = [e for e in (fresh.get(e.slot.key, e) for e in tx.entries(today, Filter(clause=source))) if e.owed and e.open(today)]
        settled = source if wanted and all(e.shown(today) == "accepted" and not _unfigured(tx, e) for e in wanted) else ""
        for follower in tx.entries(today, Filter(clause=clause)):
            if follower.slot.follows == source and settled != follower.settled_by:
                found.append(scheduled(replace(follower, settled_by=settled), rules.policy, rules.zone))
    return found


def _unfigured(tx: RegisterReader, entry: Entry) -> tuple[str, ...]:
    """The figures that what was accepted for a slot does not tell."""
    there = tx.pieces([entry.slot.key]) if entry.slot.figures else ()
    return figures_missing(entry.slot, [p for p in there if p.version == entry.state.accepted_version])


def _quieten(tx: Writing, event: Event, policy: Policy) -> None:
    """Whoever hands something in is left alone for a while."""
    until: datetime = event.at + timedelta(hours=policy.quiet_after_submission_hours)
    person = tx.people([event.actor]).get(event.actor, Person(event.actor))
    tx.save_people([replace(person, quiet_until=until)])
