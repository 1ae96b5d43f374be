"""A new edition adopted: what was accepted for a line goes with that line, what changed is asked again, nothing is deleted.

Which old line is which new one is not decided here: it comes as ``Moves`` (a comparison of editions makes them). Slots
whose key is the same in both editions need nothing. What the new edition does not hold is set aside, and comes back as it
was when the edition is rolled back, unless something newer was handed in meanwhile: then that goes back with the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from assistant.register.acts.delivery import line
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Carried, PlacesMoved
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment, Level
from assistant.register.facts.slots import Entry, Slot, State
from assistant.register.ports import Writing

Change = Literal["unchanged", "moved", "reworded", "split", "merged", "added", "withdrawn"]
What = Literal["kept", "restored", "confirm", "added", "archived"]
KEEPS: tuple[Change, ...] = ("unchanged", "moved")
_FATES: tuple[What, ...] = ("kept", "restored", "confirm", "added", "archived")
_RANK = ("accepted", "not_applicable", "submitted", "returned", "expired", "missing")

Carries = Callable[[str], Carried | None]
"""Slot key -> what last carried a state to it from another edition."""


@dataclass(frozen=True, slots=True)
class Move:
    """One requirement line (or briefing or walk-through) in both editions: its keys there, and its words."""

    old: str
    new: str
    change: Change
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moves:
    """How one edition lives on in another: its lines, and its numbered places (level, number) -> number, None where gone."""

    old: str
    new: str
    lines: tuple[Move, ...] = ()
    places: Mapping[tuple[Level, str], str | None] | None = None

    def assignments(self, known: Iterable[Assignment]) -> tuple[list[Assignment], list[Assignment]]:
        """The assignments with the new edition's numbers, and those whose place is gone. Of two that meet, the first stays."""
        there: dict[tuple[Level, str], Assignment] = {}
        gone: list[Assignment] = []
        for a in known:
            target = (self.places or {}).get((a.level, a.target), a.target)
            if target is None or (a.level, target) in there:
                gone.append(a)
            else:
                there[a.level, target] = replace(a, target=target)
        return list(there.values()), gone


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one slot.

    ``kept`` with its state, ``restored`` to what it was in this edition before, ``confirm`` (its words changed after
    something was handed in), ``added`` or ``archived``. ``source`` is where the state comes from, ``also`` further old
    slots that were joined in it.
    """

    what: What
    slot: Slot
    source: Entry | None
    change: Change
    before: str = ""
    after: str = ""
    also: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """Whether the owner hears of it: the words of something owed changed, appeared or went."""
        return self.change not in KEEPS and self.slot.applicable


@dataclass(frozen=True, slots=True)
class Adopted:
    """The fate of every slot, in the new guide's order, archived ones last; ``lost`` are assignments whose place is gone."""

    old: str
    new: str
    fates: tuple[Fate, ...]
    lost: tuple[Assignment, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many slots have each fate."""
        return {what: sum(f.what == what for f in self.fates) for what in _FATES}


def fates(stored: Iterable[Entry], planned: Sequence[Slot], moves: Iterable[Move], carried: Carries, new: str) -> tuple[Fate, ...]:
    """What becomes of every slot.

    Args:
        stored: everything in the register, set aside or not.
        planned: the slots of the new plan.
        moves: how lines of the old edition live on in the new one; several old keys may meet in one new key.
        carried: what was carried before, by slot key.
        new: the new edition's label.
    """
    known = {e.slot.key: e for e in stored}
    into: dict[str, list[Move]] = {}
    for one in moves:
        into.setdefault(one.new, []).append(one)
    found: list[Fate] = []
    used: set[str] = set()
    for slot in planned:
        base, mark, period = slot.key.partition("@")
        same = known.get(slot.key)
        candidates = [(m, known[k]) for m in into.get(base, []) if (k := f"{m.old}{mark}{period}") in known and known[k].planned]
        if not candidates:
            move = into[base][0] if base in into else None
            fate = Fate("kept", slot, same, "unchanged") if same and (same.planned or same.state != State()) else _added(slot, move)
        else:
            move, source = min(candidates, key=lambda c: _RANK.index(c[1].state.name))
            fate = _carried_on(slot, same, move, source, carried, new)
            also = tuple(e.slot.key for _, e in candidates if e is not source and e.state != State())
            fate = replace(fate, also=also)
            used |= {e.slot.key for _, e in candidates}
        used.add(slot.key)
        found.append(fate)
    gone = [e for key, e in known.items() if e.planned and key not in used]
    return (*found, *(Fate("archived", e.slot, e, "withdrawn", before=e.slot.text) for e in gone))


def _carried_on(slot: Slot, same: Entry | None, move: Move, source: Entry, carried: Carries, new: str) -> Fate:
    """One old slot that lives on: as it was here before if nothing happened to it since, else as it is now."""
    what: What = "kept" if move.change in KEEPS or source.state.name == "missing" else "confirm"
    own = carried(source.slot.key)
    if source.slot.key == slot.key:
        back = own is not None and own.editions[0] == new and _untouched(own.state, source.state)
        return Fate("restored" if back else what, slot, source, move.change, move.before, move.after)
    if same is not None and same.state != State():
        there = carried(slot.key)
        back = own is not None and own.source == slot.key and _untouched(own.state, source.state)
        again = there is not None and there.source == source.slot.key and _untouched(there.was, source.state)
        if back or again:
            return Fate("restored", slot, same, move.change, move.before, move.after)
    return Fate(what, slot, source, move.change, move.before, move.after)


def _untouched(before: State, state: State) -> bool:
    """Whether nothing was handed in, decided or claimed since; asking and postponing do not count."""

    def essence(one: State) -> tuple[Any, ...]:
        return (one.name, one.version, one.claim, one.submitted_at, one.reviewed_at, one.accepted_version)

    return essence(before) == essence(state)


def carried(found: Iterable[Fate], carries: Carries, editions: tuple[str, str], actor: str, at: datetime, reason: str) -> list[Draft]:
    """One event for each slot that takes over a state and pieces, or gets its own earlier state back.

    Args:
        found: the fates.
        carries: what was carried before, by slot key.
        editions: labels of the old and the new edition.
        actor: who activates the edition.
        at: when.
        reason: the sentence that an owner reads on a slot that must be confirmed.
    """
    drafts: list[Draft] = []
    for fate in found:
        source = fate.source
        if source is None or fate.what in ("added", "archived"):
            continue
        in_place = source.slot.key == fate.slot.key
        if fate.what == "restored":
            own = carries(source.slot.key) if in_place else None
            if own is None or own.editions[0] != editions[1]:
                continue
            state = own.was
        elif fate.what == "kept":
            state = source.state
        else:
            state = _to_confirm(source.state, actor, at, reason)
        if in_place and state == source.state and not fate.also:
            continue
        if not in_place and source.state == State() and not fate.also:
            continue
        confirm = fate.what == "confirm"
        says = Carried(
            source=source.slot.key,
            before=source.slot.id,
            editions=editions,
            was=source.state,
            state=state,
            also=fate.also,
            change=fate.change if confirm else None,
            words=(fate.before, fate.after) if confirm else None,
        )
        drafts.append(Draft(says, actor, at, "edition", fate.slot.key))
    return drafts


def notices(
    workspace: str, adopted: Adopted, entries: Mapping[str, Entry], mark: str, today: date, at: datetime, reason: str, enterprise: str
) -> list[Message]:
    """One message for each owner of changed lines, with before and after, lines of several periods told once.

    ``mark`` identifies this activation: the same one never tells anybody twice.
    """
    by_owner: dict[str, dict[str, dict[str, Any]]] = {}
    keys: dict[str, list[str]] = {}
    for fate in adopted.fates:
        entry = fate.source if fate.what == "archived" else entries.get(fate.slot.key)
        if entry is None or not fate.told or not entry.owner:
            continue
        base = fate.slot.key.partition("@")[0]
        keys.setdefault(entry.owner, []).append(fate.slot.key)
        told = by_owner.setdefault(entry.owner, {})
        if base in told:
            told[base]["periods"].append(fate.slot.period)
            told[base]["to_confirm"] |= fate.what == "confirm"
            continue
        told[base] = line(entry, "edition", today) | {
            "change": fate.change,
            "before": fate.before,
            "after": "" if fate.what == "archived" else fate.after or fate.slot.text,
            "periods": [fate.slot.period] if fate.slot.period else [],
            "to_confirm": fate.what == "confirm",
        }
    payload = {"edition": adopted.new, "before": adopted.old, "reason": reason, "enterprise": enterprise, "else_lead": True}
    return [
        Message(
            workspace=workspace,
            kind="edition",
            recipient=owner,
            dedup=f"edition:{mark}:{owner}",
            payload=payload | {"slots": list(told.values())},
            slots=tuple(keys[owner]),
            created_at=at,
        )
        for owner, told in sorted(by_owner.items())
    ]


def move_places(tx: Writing, moves: Moves, actor: str, at: datetime, origin: str) -> list[Assignment]:
    """Put the new edition's numbers on the assignments, logged; going back to an edition brings back those that it held.

    Returns:
        the assignments whose place is gone.
    """
    before = tx.assignments()
    after, gone = moves.assignments(before)
    past = [e.says for e in tx.events() if isinstance(e.says, PlacesMoved)]
    if past and past[-1].editions == (moves.new, moves.old):
        held = {(a.level, a.target) for a in after}
        after += [a for a in past[-1].gone if (a.level, a.target) not in held]
    if after != before:
        says = PlacesMoved(editions=(moves.old, moves.new), gone=tuple(gone), stand=tuple(after))
        tx.append([Draft(says, actor, at, origin)])
        tx.save_assignments(after)
    return gone


def _added(slot: Slot, move: Move | None) -> Fate:
    return Fate("added", slot, None, "added" if move is None else move.change, move.before if move else "", slot.text)


def _to_confirm(state: State, actor: str, at: datetime, reason: str) -> State:
    """What was handed in stays, but its owner must say that it still serves; what was missing stays missing."""
    fresh = replace(state, asks=0, asked_at=None, ask_next=None, escalate_at=None)
    if state.name in ("missing", "expired", "returned"):
        return fresh
    return replace(
        fresh, name="returned", reviewed_by=actor, reviewed_at=at, reason=reason, accepted_version=0, expires_on=None, snoozed_until=None
    )
