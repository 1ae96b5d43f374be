"""Due dates of many slots at once: set, given back to the rules, and the last such act undone; each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.errors import RegisterError
from assistant.register.acts.recording import record
from assistant.register.acts.service import RegisterService, Who
from assistant.register.facts.events import Event
from assistant.register.facts.happened import DueSet
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, Reading
from assistant.register.rules import life


def set_dues(service: RegisterService, wanted: Mapping[str, date | None], who: Who) -> list[Entry]:
    """Give slots (keys) other due dates, None for the one that follows from the rules; all of them or none.

    Raises:
        RegisterError: the actor is no lead, or a day has passed.
    """
    service.require("set_due", who)
    at = who.at.astimezone(service.rules.zone)
    with service.register.writing(service.workspace) as tx:
        found = tx.entries(at.date(), Filter(keys=tuple(wanted))) if wanted else []
        drafts = [life.set_due(e, wanted[e.slot.key], who.actor, at, who.origin) for e in found]
        changed = {e.slot.key: e for e in record(tx, drafts, service.rules)}
    return [changed[e.slot.key] for e in found]


def undo_dues(service: RegisterService, who: Who) -> list[Entry]:
    """Put back what the last act on due dates changed; a second time redoes it.

    Raises:
        RegisterError: there is none, or the actor is no lead; a date that was there before has passed.
    """
    with service.register.reading(service.workspace) as tx:
        before = _before(tx)
        held = {e.slot.key: e for e in tx.entries(service.day(who.at), Filter(keys=tuple(before)))} if before else {}
    if not held:
        raise RegisterError("register.no_due_act")
    today = service.day(who.at)
    return set_dues(service, {k: due if due is None or due >= today else None for k, due in before.items() if k in held}, who)


def _before(tx: Reading) -> dict[str, date | None]:
    """Slot key -> the date that was set before the last act, for the slots which that act changed."""
    events = [e for e in tx.events(kinds=("due_set",)) if isinstance(e.says, DueSet)]
    last = _last(events)
    earlier: dict[str, date | None] = {}
    for event in events[: len(events) - len(last)]:
        assert isinstance(event.says, DueSet)
        earlier[event.slot] = event.says.due
    return {e.slot: earlier.get(e.slot) for e in last}


def _last(events: Sequence[Event]) -> list[Event]:
    """The events of the last act: of one moment and actor."""
    return [e for e in events if (e.at, e.actor) == (events[-1].at, events[-1].actor)] if events else []
