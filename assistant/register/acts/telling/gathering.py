"""Hand-ins that one reviewer hears of by mail, gathered into one letter: what waited for the same person is said together.

The messages are taken by the worker first, as for a delivery, and given up for the letter in the transaction that stores it: a worker
that dies before leaves them all as they were, one that dies after leaves the letter. Of what was taken back or decided meanwhile
nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from assistant.register.facts.notices.common import Mention
from assistant.register.facts.notices.reviewing import ToReview
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, Register, RegisterReader, Writing

_WAITING = 200  # messages to one person that are looked through


def ripe_at(tx: RegisterReader, message: Message, pace: timedelta) -> datetime | None:
    """When the letter that a hand-in goes with is written: a while after the first of those that wait for its reader was handed in.

    What was written already, or could not be delivered at its time, waits for something else: nothing new goes earlier for it.
    """
    others = tx.messages(recipient=message.recipient, kind=message.kind, limit=_WAITING)
    first = [m for m in others if m.state == "pending" and not _together(m) and not m.stuck]
    since = [m.created_at for m in (message, *first) if m.created_at]
    return min(since) + pace if since else None


def beside(register: Register, message: Message, now: datetime) -> list[Message]:
    """The other hand-ins that wait for the same person, untouched by any worker."""
    same = (message.workspace, message.kind, message.recipient)
    return [m for m in register.waiting(now) if (m.workspace, m.kind, m.recipient, m.state) == (*same, "pending") and not _together(m)]


def gathered(tx: Writing, taken: Sequence[Message], worker: str, today: date) -> Message | None:
    """Store one letter in the place of messages that a worker took; None when nothing is left to say, or the worker holds none of them."""
    held = [m for m in taken if (here := tx.message(m.id)) is not None and here.state == "claimed" and here.claimed_by == worker]
    says = _one(tx, held, today)
    letter = None
    if says is not None:
        keys = tuple(dict.fromkeys(s.key for s in says.slots))
        at = max((m.created_at for m in held if m.created_at), default=None)
        letter = Message(held[0].workspace, says, held[0].recipient, f"{held[0].dedup}:letter", keys, created_at=at)
        tx.enqueue(letter)
    for message in held:
        tx.mark(replace(message, state="dropped", detail="gathered" if letter else "", lease_until=None))
    return letter


def _one(tx: RegisterReader, held: Sequence[Message], today: date) -> ToReview | None:
    """What all of them say that still waits for a review; of each slot what it holds now, or the latest (clocks may run backwards)."""
    told = [m.says for m in held if isinstance(m.says, ToReview)]
    entries = {e.slot.key: e for e in tx.entries(today, Filter(keys=tuple(s.key for says in told for s in says.slots)))}
    shown: dict[str, tuple[Mention, ToReview]] = {}
    for says in told:
        for s in says.slots:
            if s.key not in shown or not _now(entries.get(s.key), s.key, shown[s.key][1]):
                shown[s.key] = (s, says)
    open_ = {k: v for k, v in shown.items() if k in entries and _waits(entries[k].state.name, entries[k].state.version, k, v[1])}
    if not open_:
        return None
    kept = [says for says in told if any(one is says for _, one in open_.values())]
    return ToReview(
        slots=tuple(s for s, _ in open_.values()),
        version=kept[0].version,
        versions={k: says.version_of(k) for k, (_, says) in open_.items()},
        given={k: says.given[k] for k, (_, says) in open_.items() if k in says.given},
        claims={k: says.claims[k] for k, (_, says) in open_.items() if k in says.claims},
        by=tuple(dict.fromkeys(p for says in kept for p in says.by)),
        at=max((says.at for says in kept if says.at), default=None),
        files=sum(says.files for says in kept),
        else_lead=any(says.else_lead for says in kept),
        together=True,
    )


def _now(entry: Entry | None, key: str, says: ToReview) -> bool:
    """Whether a card shows what the slot holds."""
    return entry is not None and key in says.given and entry.state.given.startswith(says.given[key])


def _waits(state: str, version: int, key: str, says: ToReview) -> bool:
    return state == "submitted" and version == says.version_of(key)


def _together(message: Message) -> bool:
    return isinstance(message.says, ToReview) and message.says.together
