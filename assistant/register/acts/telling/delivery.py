"""The run of the nudges as an outbox: decide and claim in one transaction, deliver outside of it, confirm.

Any number of workers may run at once and any may be killed at any step. A message exists once (its dedup key holds
workspace, person and local date); the transaction that stores it also moves the schedule on; and a message whose
delivery is uncertain is looked up at the notifier before it is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.register.acts.doing.recording import Announce, Rules, record
from assistant.register.acts.log.desks import desk_for
from assistant.register.acts.log.following import followed
from assistant.register.acts.log.ledger import ledger_of
from assistant.register.acts.mentions import mention
from assistant.register.acts.telling.gathering import beside, gathered, ripe_at
from assistant.register.acts.telling.still_true import still_true
from assistant.register.facts.due import Due
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Asked, Delivered, Undelivered
from assistant.register.facts.notices.asking import Nudge
from assistant.register.facts.outbox import SILENT, WAITING, Message, Notifier, Receipt
from assistant.register.facts.people import BY_ITSELF, Person
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import Entry
from assistant.register.ports import Register, RegisterReader, Workspace, Writing
from assistant.register.rules.people.nudges import (
    Digest,
    Staff,
    decide,
    due_of,
    held_back,
    next_escalation,
    next_times,
    recipient_of,
)
from assistant.register.rules.people.workdays import Window, WorkCalendar

Clock = Callable[[], datetime]
_LOOK = timedelta(hours=1)
"""How often a log is read whose tables hold nothing due: a reminder that was put off beside it is late by so much. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a run did for one person."""

    workspace: str
    recipient: str
    slots: tuple[str, ...]
    reason: str
    sent: bool
    detail: str = ""


class Courier:
    """Asks everybody who is due, in every workspace; one per worker process."""

    def __init__(
        self,
        register: Register,
        notifier: Notifier,
        policy: Policy,
        clock: Clock,
        worker: str,
        calendar: WorkCalendar | None = None,
        announce: Announce | None = None,
        pace: timedelta = timedelta(0),
    ) -> None:
        """``pace``: how long hand-ins that are told by letter wait for others; nothing where one run delivers what waits."""
        self.register = register
        self.notifier = notifier
        self.policy = policy
        self.clock = clock
        self.worker = worker
        self.announce = announce
        self.pace = pace
        self.window = Window(policy, calendar or WorkCalendar())

    def run(self, at: datetime, only: str | None = None) -> list[Told]:
        """Deliver what is left over from before, then ask whoever is due at ``at`` (in one workspace, or in all)."""
        told = self.deliver_waiting(at, only)
        workspaces = {w.key: w for w in self.register.workspaces() if only in (None, w.key)}
        for workspace, recipient, keys in self._due(at, workspaces):
            message = self._claim(workspace, recipient, keys, at)
            if message is not None:
                told.append(self._deliver(message, at))
        return told

    def foreseen(self, at: datetime, only: str | None = None) -> list[Message]:
        """The messages that a run would send at a moment; nothing is stored, claimed or sent."""
        found: list[Message] = []
        for workspace in self.register.workspaces():
            if only in (None, workspace.key):
                with self.register.reading(workspace.key) as tx:
                    due, desk, entries = self._as_told(tx, workspace, at)
                    digests = decide(due, desk, self.window, at).digests
                    found += [self._message(workspace, digest, entries, at) for digest in digests]
        return found

    def _due(self, at: datetime, workspaces: Mapping[str, Workspace]) -> Iterator[tuple[Workspace, str, list[str]]]:
        """Workspace, person, and the slots (keys) that they are asked for; only who may be asked right now.

        A workspace whose tables hold nothing due is looked at all the same from time to time, as its log tells it.
        """
        busy, ledger = {pile.workspace for pile in self.register.piles(at)}, ledger_of(self.register)
        for key, workspace in workspaces.items():
            if not (ledger.turn_of(key, at, _LOOK) or key in busy):
                continue
            with self.register.reading(key) as tx:
                due, desk, _ = self._as_told(tx, workspace, at)
            recipients: dict[str, list[str]] = {}
            for one in due:
                if (recipient := recipient_of(one, desk, at)) is not None:
                    recipients.setdefault(recipient, []).append(one.key)
            for recipient, keys in recipients.items():
                if held_back(recipient, desk, self.window, at) is None:
                    yield workspace, recipient, list(dict.fromkeys(keys))

    def _as_told(
        self, tx: RegisterReader, workspace: Workspace, at: datetime, keys: Sequence[str] = ()
    ) -> tuple[list[Due], Staff, dict[str, Entry]]:
        """What may be asked for (of all slots, or of these keys), the people, and the slots by key; as the log tells them."""
        entries, desk = followed(self.register, tx, workspace, self.policy, at, keys)
        day = at.astimezone(ZoneInfo(workspace.zone)).date()
        return [d for e in entries for d in due_of(e, workspace.key, at, day)], desk, {e.slot.key: e for e in entries}

    def _claim(self, workspace: Workspace, recipient: str, keys: list[str], at: datetime) -> Message | None:
        """Decide again inside the transaction, store the message as ours, and move the schedule on."""
        with self.register.writing(workspace.key) as tx:
            due, desk, entries = self._as_told(tx, workspace, at, keys)
            digest = next((d for d in decide(due, desk, self.window, at).digests if d.recipient == recipient), None)
            if digest is None or self._underway(tx, recipient):
                return None
            message = self._message(workspace, digest, entries, at)
            if not tx.enqueue(message):
                return None
            person = desk.people.get(recipient, Person(recipient))
            tx.save_people([replace(person, nudged_at=at)])
            says = Asked(
                message=message.id,
                recipient=recipient,
                slots={d.key: next_times(d, self.policy, at) for d in digest.asked},
                escalated={d.key: next_escalation(self.policy, at) for d in digest.escalated},
            )
            record(tx, [Draft(says, BY_ITSELF, at, "schedule")], rules_of(workspace, self.policy, self.announce))
            return message

    @staticmethod
    def _underway(tx: RegisterReader, recipient: str) -> bool:
        """Whether an earlier reminder to the same person is not settled yet: it comes first."""
        return any(m.state in WAITING for m in tx.messages(recipient=recipient, kind="nudge", limit=3))

    def _message(self, workspace: Workspace, digest: Digest, entries: Mapping[str, Entry], at: datetime) -> Message:
        keys = tuple(d.key for d in digest.slots)
        now = self.clock()
        return Message(
            workspace=workspace.key,
            says=Nudge(
                edition=workspace.edition,
                enterprise=workspace.profile.get("enterprise", workspace.key),
                reason=digest.reason,
                more=digest.more,
                estimated=self.window.estimated(digest.day),
                slots=tuple(mention(entries[d.key], d.reason, digest.day) for d in digest.slots if d.key in entries),
            ),
            recipient=digest.recipient,
            dedup=f"nudge:{digest.recipient}:{digest.day.isoformat()}",
            slots=keys,
            state="claimed",
            attempts=1,
            claimed_by=self.worker,
            lease_until=now + timedelta(seconds=self.policy.lease_seconds),
            created_at=at,
        )

    # -- delivering ----------------------------------------------------------------------------------------------

    def deliver_waiting(self, at: datetime, only: str | None = None, nudges: bool = True) -> list[Told]:
        """Take over what was not delivered, or not confirmed; look it up before repeating it.

        Without ``nudges`` only what somebody waits for: a worker of its own for it never stands behind a long round.
        """
        told: list[Told] = []
        for waiting in self.register.waiting(self.clock()):
            if only not in (None, waiting.workspace) or (waiting.kind == "nudge" and not nudges):
                continue
            if waiting.kind == "nudge" and not self._may_disturb(waiting, at):
                continue
            lease = self.clock() + timedelta(seconds=self.policy.lease_seconds)
            message = self.register.take(waiting, self.worker, self.clock(), lease)
            if message is not None:
                told.append(self._again(message, waiting, at))
        return told

    def _again(self, message: Message, before: Message, at: datetime) -> Told:
        if before.state != "pending":
            try:
                found = self.notifier.find(message)
            except Exception as error:
                return self._confirm(message, Receipt("unknown", detail=str(error)), at)
            if found is not None:
                return self._confirm(message, found, at)
            if message.attempts > self.policy.attempts:
                return self._confirm(message, Receipt("failed", detail=before.detail or "attempts"), at)
        with self.register.reading(message.workspace) as tx:
            wanted = still_true(tx, message, at.date())
        if wanted is None:
            return self._confirm(message, None, at)
        return self._deliver(wanted, at)

    def _deliver(self, message: Message, at: datetime) -> Told:
        if message.lease_until is not None and self.clock() >= message.lease_until:
            return Told(message.workspace, message.recipient, _ids(message), message.says.topic, False, "lease")
        try:
            receipt = self.notifier.deliver(message)
        except Exception as error:
            receipt = Receipt("unknown", detail=f"{type(error).__name__}: {error}")
        return self._together(message, at) if receipt.outcome == "gather" else self._confirm(message, receipt, at)

    def _together(self, message: Message, at: datetime) -> Told:
        """One letter for what waits for the same person, once it has waited long enough."""
        now = self.clock()
        lease = now + timedelta(seconds=self.policy.lease_seconds)
        with self.register.reading(message.workspace) as tx:
            ripe = ripe_at(tx, message, self.pace)
        if ripe is not None and now < ripe:
            return self._confirm(message, Receipt("later", retry_after=(ripe - now).total_seconds()), at)
        others = [self.register.take(m, self.worker, now, lease) for m in beside(self.register, message, now)]
        with self.register.writing(message.workspace) as tx:
            letter = gathered(tx, [message, *(m for m in others if m is not None)], self.worker, at.date())
        taken = self.register.take(letter, self.worker, now, lease) if letter is not None else None
        return self._deliver(taken, at) if taken is not None else Told(message.workspace, message.recipient, (), message.kind, False)

    def _confirm(self, message: Message, receipt: Receipt | None, at: datetime) -> Told:
        """Write down what became of a message; one that cannot be delivered is put before the lead."""
        done = settled(message, receipt, self.policy, self.clock())
        with self.register.writing(message.workspace) as tx:
            current = tx.message(message.id)
            if current is not None and current.claimed_by == self.worker and current.state in ("claimed", "ambiguous"):
                tx.mark(done)
                if done.state in ("sent", "failed") and done.kind not in SILENT:
                    self._log(tx, done, at)
        return Told(message.workspace, message.recipient, _ids(message), message.says.topic, done.state == "sent", done.detail)

    def _log(self, tx: Writing, message: Message, at: datetime) -> None:
        workspace = tx.workspace()
        if workspace is None:
            return
        [stored] = tx.outbox(message.id)
        says = Delivered(message=message.id, kind=message.kind, recipient=message.recipient, words=stored.words)
        if message.state == "failed":
            asked = message.kind == "nudge" and message.recipient != workspace.lead
            says = Undelivered(**dict(says), detail=message.detail, slots=dict.fromkeys(message.slots, "") if asked else {})
            self._to_lead(tx, message, workspace.lead, at)
        elif message.kind == "nudge":
            person = tx.people([message.recipient]).get(message.recipient, Person(message.recipient))
            tx.save_people([replace(person, nudged_at=max(at, person.nudged_at or at))])
        record(tx, [Draft(says, BY_ITSELF, at, "schedule")], rules_of(workspace, self.policy, self.announce))

    @staticmethod
    def _to_lead(tx: Writing, message: Message, lead: str, at: datetime) -> None:
        """What somebody has to act on (``else_lead``) and cannot be reached with goes to the lead instead."""
        if message.says.else_lead and message.recipient != lead:
            says = message.says.model_copy(update={"channel": "", "thread": "", "instead_of": message.recipient})
            tx.enqueue(Message(message.workspace, says, lead, f"{message.dedup}:lead", message.slots, created_at=at))

    def _may_disturb(self, message: Message, at: datetime) -> bool:
        with self.register.reading(message.workspace) as tx:
            workspace = tx.workspace()
            return workspace is not None and self.window.open(at, desk_for(tx, workspace, message.recipient).zone_of(message.recipient))


def settled(message: Message, receipt: Receipt | None, policy: Policy, now: datetime) -> Message:
    """The message's next state, given what became of its delivery (None: no longer wanted)."""
    if receipt is None:
        return replace(message, state="dropped", lease_until=None)
    if receipt.outcome == "sent":
        return replace(message, state="sent", sent_at=now, receipt=receipt.reference, detail=receipt.detail, lease_until=None)
    if receipt.outcome == "failed" or (receipt.outcome == "retry" and message.attempts >= policy.attempts):
        return replace(message, state="failed", detail=receipt.detail, lease_until=None)
    wait = now + timedelta(seconds=max(receipt.retry_after, min(2.0**message.attempts, 3600.0)))
    if receipt.outcome == "retry":
        return replace(message, state="pending", not_before=wait, detail=receipt.detail, lease_until=None)
    if receipt.outcome == "later":
        wait, tries = now + timedelta(seconds=receipt.retry_after), max(message.attempts - 1, 0)
        return replace(message, state="pending", not_before=wait, detail=receipt.detail, lease_until=None, attempts=tries)
    return replace(message, state="ambiguous", lease_until=wait, detail=receipt.detail)


def rules_of(workspace: Workspace, policy: Policy, announce: Announce | None = None) -> Rules:
    """The rules of a stored workspace."""
    return Rules(policy, workspace.lead, ZoneInfo(workspace.zone), announce)


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(s.slot for s in message.says.slots)
