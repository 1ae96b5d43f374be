"""What was handed in follows its line when the plan changes: one row for all becomes one each, several proofs become one line.

A slot says in ``was`` under which keys its line stood before. Whatever state one of those holds, and the plan no longer does, goes on
in the new slot with its pieces; the old entry is set aside with all that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Carried
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import STATES, Entry, Slot, State, StateName

_RANK: tuple[StateName, ...] = ("accepted", "not_applicable", "submitted", "to_confirm", "returned", "expired", "missing")
assert set(_RANK) == set(STATES)
_HELD: tuple[StateName, ...] = ("accepted", "submitted")


@dataclass(frozen=True, slots=True)
class Heir:
    """A planned slot that goes on with the state and pieces of ``source``, joined by the pieces of ``also``.

    ``stood`` is its own state before; ``confirm``: its owner has to say that what is there still serves.
    """

    slot: Slot
    source: Entry
    also: tuple[Entry, ...] = ()
    stood: State = field(default_factory=State)
    confirm: bool = False


def heirs(owed: Sequence[Slot], stored: Mapping[str, Entry]) -> tuple[Heir, ...]:
    """Who takes over from slots that the plan no longer holds.

    A slot for which something was handed in takes over nothing, but for proofs of which any one is enough: the best of them counts.
    """
    kept = {slot.key for slot in owed}
    found: list[Heir] = []
    for slot in owed:
        own = stored.get(slot.key)
        stood = own.state if own is not None else State()
        before = [e for key in slot.was if key not in kept and (e := stored.get(key)) and e.planned and e.state != State()]
        if stood != State():  # asked for, put off, handed in: only what was handed in elsewhere weighs more
            before = [e for e in before if e.state.version and (slot.any_of or not stood.version)]
        if before:
            held = [*([own] if own is not None and stood.version else []), *before]
            source = min(held, key=lambda e: _RANK.index(e.state.name))
            found.append(Heir(slot, source, tuple(e for e in held if e is not source and e.state.version), stood))
    return tuple(found)


def lost(gone: Iterable[Entry], found: Iterable[Heir]) -> tuple[Entry, ...]:
    """Entries with something handed in that the plan no longer holds and nobody takes over: set aside, and told to the lead."""
    taken = {e.slot.key for heir in found for e in (heir.source, *heir.also)}
    return tuple(e for e in gone if e.state.version and e.slot.key not in taken)


def to_confirm(state: State, at: datetime, policy: Policy) -> State:
    """What was handed in stays, but its owner must say that it still serves; the notice of an edition is the first ask."""
    fresh = replace(state, asks=0, asked_at=None, ask_next=None, escalate_at=None)
    if state.name in ("expired", "returned") or (state.name == "missing" and not state.in_part):
        return fresh
    due, again = at.date() + timedelta(days=policy.due_days), at + timedelta(days=policy.after_return_days)
    return replace(fresh, name="to_confirm", reason="", due=due, expires_on=None, snoozed_until=None, ask_next=again)


def other_months(owed: Iterable[Slot], stored: Mapping[str, Entry]) -> tuple[Heir, ...]:
    """Slots whose year is counted otherwise now, by calendar or from another day, so that what was handed in is of other months."""
    before = ((slot, stored.get(slot.key)) for slot in owed)
    held = (
        (slot, e) for slot, e in before if e and e.slot.ends and (e.state.name in _HELD or (e.state.name == "missing" and e.state.in_part))
    )
    return tuple(Heir(slot, e, (), e.state, confirm=True) for slot, e in held if (e.slot.spoken, e.slot.ends) != (slot.spoken, slot.ends))


def taken_over(heir: Heir, at: datetime, policy: Policy) -> State:
    """The state with which a slot goes on: what is of other months is to be confirmed, anything else stays as it is."""
    return to_confirm(heir.source.state, at, policy) if heir.confirm else heir.source.state


def carrying(found: Iterable[Heir], edition: str, actor: str, at: datetime, origin: str, policy: Policy) -> list[Draft]:
    """One event for each slot that takes over, or whose owner has to say that what is there serves other months, too."""
    drafts = []
    for heir in found:
        source = heir.source
        says = Carried(
            source=source.slot.key,
            before=source.slot.id,
            editions=(edition, edition),
            was=heir.stood,
            state=taken_over(heir, at, policy),
            also=tuple(e.slot.key for e in heir.also),
        )
        drafts.append(Draft(says, actor, at, origin, heir.slot.key))
    return drafts
