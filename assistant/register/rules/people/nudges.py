"""Who is asked now, for what, and when next: pure rules over what is due. The same input gives the same messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo

from assistant.register.facts.due import REASONS, Due, Pile, Reason
from assistant.register.facts.events import SKEW
from assistant.register.facts.happened import Times
from assistant.register.facts.people import Absence, Person
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import Entry, Held
from assistant.register.rules.demands.periods import ready_by
from assistant.register.rules.people.in_charge import acting
from assistant.register.rules.people.workdays import Window

Hold = Literal["absent", "closed", "asked", "quiet"]


@dataclass(frozen=True, slots=True)
class Staff:
    """What deciding needs to know of one workspace besides the slots: its people, its lead, its zone, the visit that is to come."""

    workspace: str
    lead: str
    zone: ZoneInfo
    people: Mapping[str, Person]
    absences: Mapping[str, Sequence[Absence]]
    visit: date | None = None

    def zone_of(self, person: str) -> ZoneInfo:
        """A person's own time zone, else the register's."""
        known = self.people.get(person)
        return ZoneInfo(known.zone) if known and known.zone else self.zone


@dataclass(frozen=True, slots=True)
class Digest:
    """One message to one person: at most so many lines, each with all its periods, the most urgent first, and how many more slots wait."""

    recipient: str
    slots: tuple[Due, ...]
    more: int
    reason: Reason
    day: date

    @property
    def asked(self) -> tuple[Due, ...]:
        """The slots that the recipient is asked for."""
        return tuple(d for d in self.slots if not d.escalation)

    @property
    def escalated(self) -> tuple[Due, ...]:
        """The slots of others that the recipient, as lead, hears of."""
        return tuple(d for d in self.slots if d.escalation)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who is asked now, and who would be but for an absence, closed hours, an earlier message or a quiet time."""

    digests: tuple[Digest, ...]
    held: Mapping[str, Hold]


def decide(due: Iterable[Due], desk: Staff, window: Window, at: datetime) -> Decision:
    """The messages of this moment, one a person."""
    piles: dict[str, dict[str, Due]] = {}
    waiting: dict[str, Hold] = {}
    known: dict[tuple[str, Held, bool], str | None] = {}
    for slot in due:
        charge = (slot.owner, slot.held, slot.escalation)
        if charge not in known:
            known[charge] = recipient_of(slot, desk, at)
        recipient = known[charge]
        if recipient is None:
            waiting[desk.lead if slot.escalation else slot.owner] = "absent"
        elif not (slot.escalation and recipient == slot.owner):
            piles.setdefault(recipient, {}).setdefault(slot.key, slot)
    digests: list[Digest] = []
    for recipient, pile in sorted(piles.items()):
        hold = held_back(recipient, desk, window, at)
        if hold is not None:
            waiting[recipient] = hold
        else:
            digests.append(_digest(recipient, pile.values(), desk, window, at))
    return Decision(tuple(digests), waiting)


def recipient_of(due: Due | Pile, desk: Staff, at: datetime) -> str | None:
    """Who is asked for what an owner owes (or, for an escalation, told of it) on that day; None when nobody is there."""
    wanted = desk.lead if due.escalation else due.owner
    day = at.astimezone(desk.zone_of(wanted)).date()
    return acting(wanted, Held() if due.escalation else due.held, desk.absences, day)


def _digest(recipient: str, due: Iterable[Due], desk: Staff, window: Window, at: datetime) -> Digest:
    ordered, day = _by_line(due), at.astimezone(desk.zone_of(recipient)).date()
    waiting = list(dict.fromkeys(one.line for one in ordered))
    lines = set(waiting[: most_lines(len(waiting), day, desk.visit, window)])
    listed = tuple(one for one in ordered if one.line in lines)
    reason = min((d.reason for d in listed), key=REASONS.index)
    return Digest(recipient, listed, len(ordered) - len(listed), reason, day)


def most_lines(waiting: int, day: date, visit: date | None, window: Window) -> int:
    """How many lines a message holds: the policy's, more where the days are too few for all that wait.

    They end with the day by which everything is wanted for the visit (``ready_by``), after which all that waits is asked for at once.
    """
    policy = window.policy
    if visit is None or visit < day:
        return policy.cap
    ahead = range(0, min(max((ready_by(visit) - day).days, 0), waiting), policy.owner_gap_days)
    times = sum(window.asking_day(day + timedelta(days=n)) for n in ahead)
    return max(policy.cap, ceil(waiting / max(times, 1)))


def _by_line(due: Iterable[Due]) -> list[Due]:
    """The most urgent line first, each with all its periods."""
    groups: dict[tuple[str, str], list[Due]] = {}
    for one in sorted(due, key=lambda d: d.urgency):
        groups.setdefault(one.line, []).append(one)
    return [one for group in groups.values() for one in group]


def held_back(recipient: str, desk: Staff, window: Window, at: datetime) -> Hold | None:
    """Why somebody is not asked at this moment, None when they may be."""
    zone = desk.zone_of(recipient)
    if not window.open(at, zone):
        return "closed"
    person = desk.people.get(recipient)
    if person is None:
        return None
    if person.nudged_at is not None and person.nudged_at <= at + SKEW:  # a time in the future says nothing
        passed = at.astimezone(zone).date() - person.nudged_at.astimezone(zone).date()
        if passed < timedelta(days=window.policy.owner_gap_days):
            return "asked"
    longest = at + timedelta(hours=window.policy.quiet_after_submission_hours) + SKEW
    return "quiet" if person.quiet_until is not None and at < person.quiet_until <= longest else None


def held_until(why: str, person: Person | None, window: Window, at: datetime, zone: ZoneInfo) -> datetime:
    """The moment from which somebody who is held back (``why``) may be asked, whatever the hour; ``at`` where only the hour is wrong."""
    if why == "quiet" and person is not None and person.quiet_until is not None:
        return person.quiet_until
    if why == "asked" and person is not None and person.nudged_at is not None:
        day = person.nudged_at.astimezone(zone).date() + timedelta(days=window.policy.owner_gap_days)
        return max(at, datetime.combine(day, time(), zone))
    return at


def next_times(due: Due, policy: Policy, at: datetime) -> Times:
    """When a slot that is asked for now is asked for again, and when the lead is to hear of it.

    Counted from now and not from when it was due, so that a worker that was down catches up once.
    """
    following = at + timedelta(days=policy.gap(due.asks + 1))
    reached = due.asks + 1 == policy.escalate_after
    return Times(next=following, escalate=following if reached else None)


def next_escalation(policy: Policy, at: datetime) -> datetime:
    """When the lead hears again of a slot that is still open."""
    return at + timedelta(days=policy.gaps_days[-1])


def scheduled(entry: Entry, policy: Policy, zone: ZoneInfo) -> Entry:
    """The entry with the moments at which it may be asked for next, and at which the lead hears of it."""
    moment, state = _moment(entry, policy, zone), entry.state
    if moment is None:
        return replace(entry, next_ask=None, escalate_at=None)
    if state.snoozed_until is not None:
        moment = max(moment, _start(state.snoozed_until, zone))
    escalate = state.escalate_at
    if escalate is not None and state.snoozed_until is not None:
        escalate = max(escalate, _start(state.snoozed_until, zone))
    return replace(entry, next_ask=moment, escalate_at=escalate)


def woken(entry: Entry, policy: Policy, zone: ZoneInfo, at: datetime) -> Entry:
    """The entry as if it had not been asked for, where its log says that it was asked for in the future."""
    state = entry.state
    if state.asked_at is None or state.asked_at <= at + SKEW:
        return entry
    fresh = scheduled(replace(entry, state=replace(state, asked_at=None, ask_next=None, escalate_at=None)), policy, zone)
    return replace(entry, next_ask=fresh.next_ask, escalate_at=fresh.escalate_at)


def _moment(entry: Entry, policy: Policy, zone: ZoneInfo) -> datetime | None:
    state = entry.state
    if not entry.owed or state.name in ("submitted", "not_applicable"):
        return None
    if entry.slot.follows and state.name == "missing":  # nobody can do more for it than hand in what it follows from
        return None
    if state.ask_next is not None:
        return state.ask_next
    if state.name == "accepted":
        ends, early = entry.expires_on, timedelta(days=policy.renew_days)
        return None if ends is None else _start(ends + timedelta(days=1) if ends == entry.slot.confirm_on else ends - early, zone)
    if state.name == "returned" and state.reviewed_at is not None:
        return state.reviewed_at + timedelta(days=policy.after_return_days)
    wanted = min((day for day in (state.due, entry.slot.wanted_on(state.counted)) if day is not None), default=None)
    if wanted is not None and entry.slot.begins is not None:
        return _start(max(entry.slot.begins, wanted - timedelta(days=policy.first_ask_days)), zone)
    return datetime(1970, 1, 1, tzinfo=UTC)


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def due_of(entry: Entry, workspace: str, at: datetime, today: date) -> Iterable[Due]:
    """What an entry contributes to a decision: an ask of its owner, a word to the lead, both or neither."""
    base = Due(
        workspace,
        entry.slot.key,
        entry.slot.id,
        entry.slot.position,
        entry.owner,
        entry.held,
        entry.shown(today),
        entry.due,
        entry.state.asks,
    )
    if entry.next_ask is not None and entry.next_ask <= at:
        yield base
    if entry.escalate_at is not None and entry.escalate_at <= at:
        yield replace(base, escalation=True)
