"""One act on the register: decide on an entry, log it, store what follows from it. Every change goes this way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.register.facts.events import Draft, Event
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment, Person, held_by
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import Entry, Piece
from assistant.register.ports import Filter, Reading, Writing
from assistant.register.rules.life import after, concerned, pieces_of
from assistant.register.rules.nudges import scheduled

Announce = Callable[[Reading, Sequence[Event], Sequence[Entry]], Iterable[Message]]
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
        if event.kind == "submitted":
            tx.add_pieces(pieces_of(event))
            _quieten(tx, event, rules.policy)
        if event.kind == "carried":
            tx.add_pieces(_taken_along(tx, event))
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
    moved = replace(entry, state=state, due=state.due or entry.due)
    if event.kind == "reassigned":
        moved = held_by(moved, assignments, rules.lead)
    return scheduled(moved, rules.policy, rules.zone)


def derived(tx: Reading, changed: Iterable[Entry], today: date, rules: Rules) -> list[Entry]:
    """What follows from changed entries: needless while everything that its clause wants is accepted (13 from 12)."""
    fresh = {e.slot.key: e for e in changed}
    found: list[Entry] = []
    for source, clause in {(e.slot.clause, e.slot.feeds) for e in fresh.values() if e.slot.feeds}:
        wanted = [e for e in (fresh.get(e.slot.key, e) for e in tx.entries(today, Filter(clause=source))) if e.owed]
        settled = source if wanted and all(e.shown(today) == "accepted" for e in wanted) else ""
        for follower in tx.entries(today, Filter(clause=clause)):
            if follower.slot.follows == source and settled != follower.settled_by:
                found.append(scheduled(replace(follower, settled_by=settled), rules.policy, rules.zone))
    return found


def _taken_along(tx: Reading, event: Event) -> list[Piece]:
    """The pieces that come with a state carried from other slots: all of the first one's, the pending ones of those joined in."""
    source, also = event.payload["from"], event.payload.get("also", ())
    there = tx.pieces([event.slot])
    known = {_same(p) for p in there}
    version = event.payload["state"].get("version", 0)
    found = tx.pieces([source]) if source != event.slot else []
    for key in also:
        pieces = tx.pieces([key])
        last = max((p.version for p in pieces), default=0)
        found += [replace(p, version=version) for p in pieces if p.version == last]
    fresh = {_same(p): replace(p, slot=event.slot) for p in found if _same(p) not in known}
    return list(fresh.values())


def _same(piece: Piece) -> Piece:
    return replace(piece, slot="")


def _quieten(tx: Writing, event: Event, policy: Policy) -> None:
    """Whoever hands something in is left alone for a while."""
    until: datetime = event.at + timedelta(hours=policy.quiet_after_submission_hours)
    person = tx.people().get(event.actor, Person(event.actor))
    tx.save_people([replace(person, quiet_until=until)])
