"""A message that waited is held against the present before it goes: what was taken back meanwhile is not said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, Reading

Shown = dict[str, Any]
_HISTORY = 200


def still_true(tx: Reading, message: Message, today: date) -> Message | None:
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
    left = [s for shown in message.payload["slots"] if (s := check(shown, entries)) is not None]
    return replace(message, payload={**message.payload, "slots": left}) if left else None


def _owed(shown: Shown, entries: Sequence[Entry]) -> Shown | None:
    """A reminder holds while the slot is owed and nobody answered it."""
    open_ids = {e.slot.id for e in entries if e.owed and e.state.name not in ("submitted", "not_applicable")}
    return shown if shown["slot"] in open_ids else None


def _planned(shown: Shown, entries: Sequence[Entry]) -> Shown | None:
    """Something handed over holds while the edition in force has it."""
    return shown if any(e.slot.key == shown["key"] for e in entries) else None


def _as_told(shown: Shown, entries: Sequence[Entry]) -> Shown | None:
    """A line of a notice: one that is there or gone as the notice says, and asked to be confirmed only while it waits for that."""
    line = shown["key"].partition("@")[0]
    there = [e for e in entries if e.slot.key.partition("@")[0] == line]
    if bool(there) == (shown["change"] == "withdrawn"):
        return None
    return {**shown, "to_confirm": bool(shown.get("to_confirm")) and any(e.state.name == "to_confirm" for e in there)}


_CHECKS: dict[str, Callable[[Shown, Sequence[Entry]], Shown | None]] = {"nudge": _owed, "handed": _planned, "edition": _as_told}


def _news(tx: Reading, message: Message) -> bool:
    """Whether a notice of an edition tells its reader something: the edition was not taken back, nor did they hear of it already.

    What was queued and never went counts as unheard, so whoever was not told of an edition is not told either that it was taken back.
    """
    workspace = tx.workspace()
    if workspace is None or "before" not in message.payload:
        return True
    before, edition = message.payload["before"], message.payload["edition"]
    reader = message.payload.get("instead_of") or message.recipient
    heard = sorted((m for m in _notices(tx, reader) if m.id != message.id and "before" in m.payload), key=_moment)
    if workspace.edition != edition and (workspace.edition == before or any(_undoes(m, message) for m in heard)):
        return False
    if message.payload.get("instead_of"):
        return True
    known = [m.payload["edition"] for m in heard if m.state not in ("pending", "dropped") and _moment(m) < _moment(message)]
    first = min([*heard, message], key=_moment).payload["before"]
    return bool((known[-1] if known else first) != edition)


def _notices(tx: Reading, reader: str) -> list[Message]:
    """The notices of editions to a person, without those that they got in another's place."""
    return [m for m in tx.messages(recipient=reader, kind="edition", limit=_HISTORY) if not m.payload.get("instead_of")]


def _undoes(later: Message, message: Message) -> bool:
    """Whether a later notice tells that the edition of ``message`` was gone back from."""
    back = (later.payload.get("reason"), later.payload["before"]) == ("edition_back", message.payload["edition"])
    return back and _moment(later) > _moment(message)


def _moment(message: Message) -> float:
    return message.created_at.timestamp() if message.created_at else 0.0
