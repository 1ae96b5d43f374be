"""The past: what happened to a slot, and the whole register as it stood at any moment, read from the log alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.register.facts.events import Event
from assistant.register.facts.slots import Entry, State
from assistant.register.rules.life import after, concerned


def standing(entries: Iterable[Entry], events: Iterable[Event]) -> list[Entry]:
    """The entries as the given events (all up to a moment) leave them; slots not planned by then are left out."""
    states, planned = told(events)
    return [
        replace(e, state=states.get(e.slot.key, State()), planned=True, settled_by="", next_ask=None, escalate_at=None)
        for e in entries
        if e.slot.key in planned
    ]


def differences(entries: Iterable[Entry], events: Iterable[Event]) -> list[str]:
    """Slots whose stored state is not what their events say (there should be none)."""
    states, planned = told(events)
    return [e.slot.id for e in entries if e.state != states.get(e.slot.key, State()) or e.planned != (e.slot.key in planned)]


def told(events: Iterable[Event]) -> tuple[dict[str, State], set[str]]:
    """What the events tell, read once: slot key -> state, and the keys of the plan in force."""
    states: dict[str, State] = {}
    planned: set[str] = set()
    for event in events:
        if event.kind == "planned":
            planned -= set(event.payload["removed"])
            planned |= set(event.payload["added"])
        for key in concerned(event):
            states[key] = after(states.get(key, State()), event, key)
    return states, planned
