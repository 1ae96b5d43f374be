"""What becomes of every slot when another edition comes into force: decided from the words, before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from assistant.register.facts.happened import Carried
from assistant.register.facts.moves import Around, Change, ChangedClause, Move
from assistant.register.facts.people import Assignment
from assistant.register.facts.slot_ids import SlotKey
from assistant.register.facts.slots import Entry, Slot, State
from assistant.register.rules.demands.window import still_counts

What = Literal["kept", "restored", "confirm", "added", "archived"]
Why = Change | Around
WHATS: tuple[What, ...] = ("kept", "restored", "confirm", "added", "archived")
_RANK = ("accepted", "not_applicable", "submitted", "to_confirm", "returned", "expired", "missing")
_SETTLED = ("accepted", "not_applicable")

Carries = Callable[[str], Carried | None]
"""Slot key -> what last carried a state to it from another edition."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one slot.

    ``kept`` with its state, ``restored`` to what it was in this edition before, ``confirm`` (its words, or what it is held
    against, changed after something was handed in), ``added`` or ``archived``. ``source`` is where the state comes from,
    ``also`` further old slots that were joined in it; ``before`` and ``after`` are the words that changed.
    """

    what: What
    slot: Slot
    source: Entry | None
    change: Why
    before: str = ""
    after: str = ""
    also: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """Whether people hear of it: words of something owed changed, moved, appeared or went, or it counts now and did not before."""
        if self.source is None or self.what == "archived":
            return self.slot.applicable
        turned = self.source.slot.applicable != self.slot.applicable
        return turned or (self.change != "unchanged" and self.slot.applicable)


@dataclass(frozen=True, slots=True)
class Adoption:
    """How an adopted edition is told: the kind of notice (``edition``, ``edition_back``).

    ``mark`` identifies the activation: nobody hears of the same one twice.
    """

    mark: str
    notice: Literal["edition", "edition_back"] = "edition"


@dataclass(frozen=True, slots=True)
class Adopted:
    """The fate of every slot, in the new guide's order, archived ones last; ``lost`` are assignments whose place is gone.

    ``unowed`` are clauses that say something else and for which nothing is handed in: whoever leads hears of them.
    """

    old: str
    new: str
    fates: tuple[Fate, ...]
    lost: tuple[Assignment, ...] = ()
    unowed: tuple[ChangedClause, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many slots have each fate."""
        return {what: sum(f.what == what for f in self.fates) for what in WHATS}


@dataclass(frozen=True, slots=True)
class _Source:
    """An old slot that lives on in a new one, by which move; ``offered`` when another period rule stands between them."""

    move: Move
    entry: Entry
    offered: bool = False


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
    into = _into(moves, known)
    rests: dict[str, list[str]] = {}
    for slot in planned:
        base, rest = SlotKey.of(slot.key)
        rests.setdefault(base, []).append(rest)
    found: list[Fate] = []
    used: set[str] = set()
    for slot in planned:
        base, rest = SlotKey.of(slot.key)
        sources = [s for m in into.get(base, ()) for s in _sources(m, rest, rests[base], known)]
        same = known.get(slot.key)
        if sources:
            found.append(_lives_on(slot, same, sources, carried, new))
            used |= {s.entry.slot.key for s in sources}
        elif same is not None and (same.planned or same.state != State()):
            back = not same.planned
            found.append(Fate("restored" if back else "kept", slot, same, "added" if back else "unchanged", "", slot.text if back else ""))
        else:
            move = next(iter(into.get(base, ())), None)
            change: Why = "added" if move is None or move.same else move.change
            found.append(Fate("added", slot, None, change, move.before if move and not move.same else "", slot.text))
        used.add(slot.key)
    gone = [e for key, e in known.items() if e.planned and key not in used]
    return (*found, *(Fate("archived", e.slot, e, "withdrawn", before=e.slot.text) for e in gone))


def unowed(found: Iterable[Fate], clauses: Iterable[ChangedClause]) -> tuple[ChangedClause, ...]:
    """The changed clauses of which no slot could tell."""
    here = {f.slot.clause for f in found if f.what != "archived"}
    gone = {f.slot.clause for f in found if f.what == "archived"}
    return tuple(c for c in clauses if not (here & set(c.news) if c.news else gone & set(c.olds)))


def _into(moves: Iterable[Move], known: Mapping[str, Entry]) -> dict[str, list[Move]]:
    """New key -> the moves that lead to it; a key that no move speaks of is the same in both editions."""
    found: dict[str, list[Move]] = {}
    left: set[str] = set()
    for move in moves:
        found.setdefault(move.new, []).append(move)
        left.add(move.old)
    for base in dict.fromkeys(SlotKey.of(key).line for key in known):
        if base not in left and base not in found:
            found[base] = [Move(base, base, "unchanged", "", "")]
    return found


def _sources(move: Move, rest: str, wanted: Sequence[str], known: Mapping[str, Entry]) -> list[_Source]:
    """The old slots of one line that a new slot takes over: that of its period, else those that still count for it."""
    there = {key.rest: e for key, e in ((SlotKey.of(k), e) for k, e in known.items()) if key.line == move.old and e.planned}
    if rest in there:
        return [_Source(move, there[rest])]
    return [_Source(move, there[other], True) for other in still_counts(rest, wanted, {r: e.state for r, e in there.items()})]


def _lives_on(slot: Slot, same: Entry | None, sources: Sequence[_Source], carried: Carries, new: str) -> Fate:
    """Old slots that live on in one: as they were here before if nothing happened since, else as they are now."""
    first = min(sources, key=lambda s: _RANK.index(s.entry.state.name))
    move, entry = first.move, first.entry
    joined = {s.move.old for s in sources}
    touched = move.touched[0] if move.touched else None
    held = entry.state.name not in ("missing", "to_confirm")
    settled = len(joined) == 1 or all(s.entry.state.name in _SETTLED or not s.entry.slot.applicable for s in sources)
    confirm = held and (not move.same or touched is not None or not settled)
    change: Why = touched.what if move.same and touched else move.change
    before, after = (touched.before, touched.after) if move.same and touched else (move.before, move.after)
    also = tuple(s.entry.slot.key for s in sources if s is not first and s.entry.state != State())
    fate = Fate("confirm" if confirm else "kept", slot, entry, change, before, after, also)
    return replace(fate, what="restored", source=back, also=()) if (back := _back(slot, same, entry, carried, new)) else fate


def _back(slot: Slot, same: Entry | None, entry: Entry, carried: Carries, new: str) -> Entry | None:
    """The entry to which a slot goes back, if it was in this edition before and nothing new came to it since."""
    own = carried(entry.slot.key)
    if entry.slot.key == slot.key:
        return entry if own is not None and own.editions[0] == new and _untouched(own.state, entry.state) else None
    if same is None or same.state == State():
        return None
    there = carried(slot.key)
    back = own is not None and own.source == slot.key and _untouched(own.state, entry.state)
    again = there is not None and there.source == entry.slot.key and _untouched(there.was, entry.state)
    return same if back or again else None


def _untouched(was: State, state: State) -> bool:
    """Whether nothing was handed in, decided or claimed since; asking and postponing do not count.

    What waited to be confirmed is untouched when it was only confirmed, and whatever was decided about that.
    """
    if was.name == "to_confirm":
        return was.claim == state.claim and was.version in (state.version, state.confirms)

    def essence(one: State) -> tuple[Any, ...]:
        return (one.name, one.version, one.claim, one.submitted_at, one.reviewed_at, one.accepted_version)

    return essence(was) == essence(state)
