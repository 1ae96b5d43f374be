"""A new edition adopted: what was accepted for a line goes with that line, what changed is asked again, nothing is deleted.

Which old line is which new one is not decided here: it comes as moves of lineage keys (a comparison of editions makes
them). Slots whose key is the same in both editions need nothing. What the new edition does not hold is set aside and
comes back with its state when the edition is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from assistant.register.delivery import line
from assistant.register.events import Draft
from assistant.register.outbox import Message
from assistant.register.slots import Entry, Slot, State, state_document

Change = Literal["unchanged", "moved", "reworded", "split", "merged", "added", "withdrawn"]
KEEPS: tuple[Change, ...] = ("unchanged", "moved")


@dataclass(frozen=True, slots=True)
class Move:
    """One requirement line (or briefing or walk-through) in both editions: its keys there, and its words."""

    old: str
    new: str
    change: Change
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one slot: ``kept``, ``confirm`` (its words changed), ``added`` or ``archived``."""

    what: Literal["kept", "confirm", "added", "archived"]
    slot: Slot
    source: Entry | None
    change: Change
    before: str = ""
    after: str = ""

    @property
    def told(self) -> bool:
        """Whether the owner hears of it: the words of something owed changed, appeared or went."""
        return self.change not in KEEPS and self.slot.applicable


@dataclass(frozen=True, slots=True)
class Adopted:
    """The fate of every slot, in the new guide's order, archived ones last."""

    old: str
    new: str
    fates: tuple[Fate, ...]

    def count(self, what: str) -> int:
        """How many slots have that fate."""
        return sum(f.what == what for f in self.fates)


def fates(stored: Iterable[Entry], planned: Sequence[Slot], moves: Iterable[Move]) -> tuple[Fate, ...]:
    """What becomes of every slot.

    Args:
        stored: everything in the register, set aside or not.
        planned: the slots of the new plan.
        moves: how lines of the old edition live on in the new one; several old keys may meet in one new key.
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
        candidates = [(m, known.get(f"{m.old}{mark}{period}")) for m in into.get(base, [])]
        move, source = _best(candidates)
        if same is not None and same.planned and move is None:
            found.append(Fate("kept", slot, same, "unchanged"))
            used.add(slot.key)
        elif move is None or source is None or not source.planned:
            found.append(Fate("kept", slot, same, "unchanged") if same and same.state != State() else _added(slot, move))
        else:
            used |= {e.slot.key for _, e in candidates if e is not None}
            what: Literal["kept", "confirm"] = "kept" if move.change in KEEPS else "confirm"
            found.append(Fate(what, slot, source, move.change, move.before, move.after))
    kept = {s.key for s in planned} | used
    gone = [e for key, e in known.items() if e.planned and key not in kept]
    return (*found, *(Fate("archived", e.slot, e, "withdrawn", before=e.slot.text) for e in gone))


def carried(found: Iterable[Fate], known: Mapping[str, State], actor: str, at: datetime, reason: str) -> list[Draft]:
    """One event for each new slot that takes over an old one's state and pieces.

    Args:
        found: the fates.
        known: slot key -> state as stored; a slot that has a state of its own is left with it.
        actor: who activates the edition.
        at: when.
        reason: the sentence that an owner reads on a slot that must be confirmed.
    """
    drafts: list[Draft] = []
    for fate in found:
        source = fate.source
        if source is None or fate.what not in ("kept", "confirm") or (source.slot.key == fate.slot.key and fate.what == "kept"):
            continue
        if known.get(fate.slot.key, State()) != State() and source.slot.key != fate.slot.key:
            continue
        state = source.state if fate.what == "kept" else _to_confirm(source.state, actor, at, reason)
        if state == State() or (source.slot.key == fate.slot.key and state == source.state):
            continue
        payload: dict[str, Any] = {"from": source.slot.key, "before": source.slot.id, "state": state_document(state)}
        if fate.what == "confirm":
            payload |= {"change": fate.change, "words": [fate.before, fate.after]}
        drafts.append(Draft("carried", actor, at, "edition", fate.slot.key, payload))
    return drafts


def notices(
    workspace: str, adopted: Adopted, entries: Mapping[str, Entry], mark: str, today: date, at: datetime, reason: str
) -> list[Message]:
    """One message for each owner of changed lines, with before and after, lines of several periods told once.

    ``mark`` identifies this activation: the same one never tells anybody twice.
    """
    by_owner: dict[str, dict[str, dict[str, Any]]] = {}
    keys: dict[str, list[str]] = {}
    for fate in adopted.fates:
        entry = entries.get(fate.slot.key) or fate.source
        if entry is None or not fate.told or not entry.owner:
            continue
        base = fate.slot.key.partition("@")[0]
        keys.setdefault(entry.owner, []).append(fate.slot.key)
        told = by_owner.setdefault(entry.owner, {})
        if base in told:
            told[base]["periods"].append(fate.slot.period)
            continue
        told[base] = line(entry, "edition", today) | {
            "change": fate.change,
            "before": fate.before,
            "after": fate.after or ("" if fate.change == "withdrawn" else fate.slot.text),
            "periods": [fate.slot.period] if fate.slot.period else [],
        }
    return [
        Message(
            workspace=workspace,
            kind="edition",
            recipient=owner,
            dedup=f"edition:{mark}:{owner}",
            payload={"edition": adopted.new, "before": adopted.old, "reason": reason, "slots": list(told.values()), "else_lead": True},
            slots=tuple(keys[owner]),
            created_at=at,
        )
        for owner, told in sorted(by_owner.items())
    ]


def _best(candidates: Sequence[tuple[Move, Entry | None]]) -> tuple[Move | None, Entry | None]:
    """Of several old lines that meet in one new line, the one with the most to lose: accepted before submitted before missing."""
    rank = {"accepted": 0, "not_applicable": 1, "submitted": 2, "returned": 3, "expired": 4, "missing": 5}
    there = [(m, e) for m, e in candidates if e is not None]
    if not there:
        return (candidates[0][0], None) if candidates else (None, None)
    return min(there, key=lambda c: rank[c[1].state.name] if c[1] else 9)


def _added(slot: Slot, move: Move | None) -> Fate:
    return Fate("added", slot, None, "added" if move is None else move.change, move.before if move else "", slot.text)


def _to_confirm(state: State, actor: str, at: datetime, reason: str) -> State:
    """What was handed in stays, but its owner must say that it still serves; what was missing stays missing."""
    if state.name in ("missing", "expired", "returned"):
        return replace(state, asks=0, asked_at=None, ask_next=None, escalate_at=None)
    return replace(
        state,
        name="returned",
        reviewed_by=actor,
        reviewed_at=at,
        reason=reason,
        accepted_version=0,
        expires_on=None,
        snoozed_until=None,
        asks=0,
        asked_at=None,
        ask_next=None,
        escalate_at=None,
    )
