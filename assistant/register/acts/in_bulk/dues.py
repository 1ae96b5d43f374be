"""Due dates of many slots at once: set, given back to the rules, and the last such act undone; each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.acts.doing.recording import record
from assistant.register.facts.events import Event
from assistant.register.facts.happened import DueSet
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, RegisterReader
from assistant.register.rules.evidence import life

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.service import RegisterService


def set_dues(service: RegisterService, wanted: Mapping[str, date | None], who: Who, undoes: bool = False) -> list[Entry]:
    """Give slots (keys) other due dates, None for the one that follows from the rules; all of them or none.

    ``undoes``: they are what stood before the last act, which cannot be undone again.

    Raises:
        RegisterError: the actor is no lead, or a day has passed.
    """
    service.require("set_due", who)
    at = who.at.astimezone(service.rules.zone)
    with service.register.writing(service.workspace, who.by) as tx:
        found = tx.entries(at.date(), Filter(keys=tuple(wanted))) if wanted else []
        drafts = [life.set_due(e, wanted[e.slot.key], who.actor, at, who.origin, undoes) for e in found]
        changed = {e.slot.key: e for e in record(tx, drafts, service.rules)}
    return [changed[e.slot.key] for e in found]


def dues_before(service: RegisterService, who: Who) -> dict[str, date | None]:
    """What undoing the last act on due dates would put back: slot key -> the date set before it, None for the one by the rules.

    A date that has passed meanwhile is given back to the rules.

    Raises:
        RegisterError: there is no such act, or it was undone already.
    """
    with service.register.reading(service.workspace) as tx:
        before = _before(tx)
        held = {e.slot.key for e in tx.entries(service.day(who.at), Filter(keys=tuple(before)))} if before else set()
    if not held:
        raise RegisterError("register.no_due_act")
    today = service.day(who.at)
    return {key: due if due is None or due >= today else None for key, due in before.items() if key in held}


def undo_dues(service: RegisterService, who: Who) -> list[Entry]:
    """Put back what the last act on due dates changed; once.

    Raises:
        RegisterError: there is none, it was undone already, or the actor is no lead.
    """
    return set_dues(service, dues_before(service, who), who, undoes=True)


def _before(tx: RegisterReader) -> dict[str, date | None]:
    """Slot key -> the date that was set before the last act, for the slots which that act changed."""
    events = [e for e in tx.events(kinds=("due_set",)) if isinstance(e.says, DueSet)]
    last = _last(events)
    if last and isinstance(last[0].says, DueSet) and last[0].says.undoes:
        raise RegisterError("register.due_undone")
    earlier: dict[str, date | None] = {}
    for event in events[: len(events) - len(last)]:
        assert isinstance(event.says, DueSet)
        earlier[event.slot] = event.says.due
    return {e.slot: earlier.get(e.slot) for e in last}


def _last(events: Sequence[Event]) -> list[Event]:
    """The events of the last act: of one moment and actor, all of them undoing or none."""

    def mark(event: Event) -> tuple[object, ...]:
        return (event.at, event.actor, isinstance(event.says, DueSet) and event.says.undoes)

    return [e for e in events if mark(e) == mark(events[-1])] if events else []
