"""A message that waited is held against the present before it goes: what was taken back meanwhile is not said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from assistant.register.facts.notices.asking import Changed, Renewed
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.outbox import Message
from assistant.register.facts.slot_ids import SlotKey
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, RegisterReader

_HISTORY = 200  # notices of a person that are looked through


def still_true(tx: RegisterReader, message: Message, today: date) -> Message | None:
    """The message with what of it holds today; None when nothing does. Kinds that nobody checks are returned as they are.

    Args:
        tx: the register as it stands.
        message: a reminder, a notice of an edition, or slots handed to somebody.
        today: the day in the enterprise's zone.
    """
    check = _CHECKS.get(message.kind)
    if check is None or (message.kind == "edition" and not _news(tx, message)):
        return message if check is None else None
    entries = tx.entries(today, Filter(keys=message.slots))
    left = tuple(s for shown in message.says.slots if (s := check(shown, entries)) is not None)
    return replace(message, says=message.says.model_copy(update={"slots": left})) if left else None


def _owed(shown: Mention, entries: Sequence[Entry]) -> Mention | None:
    """A reminder holds while the slot is owed and nobody answered it."""
    open_ids = {e.slot.id for e in entries if e.owed and e.state.name not in ("submitted", "not_applicable")}
    return shown if shown.slot in open_ids else None


def _planned(shown: Mention, entries: Sequence[Entry]) -> Mention | None:
    """Something handed over holds while the edition in force has it."""
    return shown if any(e.slot.key == shown.key for e in entries) else None


def _as_told(shown: Mention, entries: Sequence[Entry]) -> Mention | None:
    """A line of a notice: one that is there or gone as the notice says, and asked to be confirmed only while it waits for that."""
    if not isinstance(shown, Changed) or not shown.key:  # words of a clause for which nothing is owed
        return shown
    line = SlotKey.of(shown.key).line
    there = [e for e in entries if e.slot.line_key == line]
    if bool(there) == (shown.change == "withdrawn"):
        return None
    return shown.model_copy(update={"to_confirm": shown.to_confirm and any(e.state.name == "to_confirm" for e in there)})


_CHECKS: dict[str, Callable[[Mention, Sequence[Entry]], Mention | None]] = {"nudge": _owed, "handed": _planned, "edition": _as_told}


def _news(tx: RegisterReader, message: Message) -> bool:
    """Whether a notice of an edition tells its reader something: the edition was not taken back, nor did they hear of it already.

    What was queued and never went counts as unheard, so whoever was not told of an edition is not told either that it was taken back.
    """
    workspace, says = tx.workspace(), message.says
    if workspace is None or not isinstance(says, Renewed) or not says.before:
        return True
    heard = _heard(tx, message, says.instead_of or message.recipient)
    undone = any(said.reason == "edition_back" and said.before == says.edition and _moment(m) > _moment(message) for m, said in heard)
    if workspace.edition != says.edition and (workspace.edition == says.before or undone):
        return False
    if says.instead_of:
        return True
    known = [said.edition for m, said in heard if m.state not in ("pending", "dropped") and _moment(m) < _moment(message)]
    first = min([*heard, (message, says)], key=lambda one: _moment(one[0]))[1].before
    return (known[-1] if known else first) != says.edition


def _heard(tx: RegisterReader, message: Message, reader: str) -> list[tuple[Message, Renewed]]:
    """The other notices of editions to a person, oldest first, without those that they got in another's place."""
    found = [(m, m.says) for m in tx.messages(recipient=reader, kind=Renewed.named, limit=_HISTORY) if m.id != message.id]
    told = [(m, says) for m, says in found if isinstance(says, Renewed) and says.before and not says.instead_of]
    return sorted(told, key=lambda one: _moment(one[0]))


def _moment(message: Message) -> float:
    return message.created_at.timestamp() if message.created_at else 0.0
