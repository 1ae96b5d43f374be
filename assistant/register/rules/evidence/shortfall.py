"""What a submission names less of than the guide asks: pointed out to owner and reviewer before it is accepted."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.register.facts.handed_in import Piece
from assistant.register.facts.slots import Slot, State
from assistant.register.rules.filing.places import fold
from assistant.register.rules.filing.years import whens

Name = Literal[
    "count", "uncounted", "elements", "unticked", "points", "sets", "unset", "index", "place", "staff", "figures", "undated",
    "running", "other_year", "elsewhere",
]  # fmt: skip

_TICKED, _TOLD = ("unticked", "points"), ("undated", "uncounted", "unset", "index", "place")
_LISTED = re.compile("[、，,；;]")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One thing that is short: how many there are and how many are wanted, the elements that are not covered, or periods (``spoken``)."""

    name: Name
    has: int = 0
    wanted: int = 0
    elements: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()


def shortfalls(slot: Slot, state: State, pieces: Sequence[Piece]) -> tuple[Shortfall, ...]:
    """What the submission under ``state``, with its pieces, is short of. A nil statement is short of nothing but of days to come."""
    if state.claim == "not_applicable":
        return ()
    if any(p.kind == "nil" for p in pieces):
        runs = slot.ends is not None and state.submitted_at is not None and state.submitted_at.date() <= slot.ends
        return (Shortfall("running", periods=(slot.spoken,)),) if runs and slot.period[:4].isdigit() else ()
    found = [*_of_other_years(slot, pieces), *too_few(slot, state.counted)]
    if slot.count > 1 and not state.counted:
        found.append(Shortfall("uncounted", 0, slot.count))
    missing = tuple(e for e in slot.ticks if e not in state.covers)
    if missing:
        name: Name = "elements" if state.covers else "unticked" if slot.elements else "points"
        found.append(Shortfall(name, len(state.covers), len(slot.ticks), missing))
    if figures := figures_missing(slot, pieces):
        found.append(Shortfall("figures", len(slot.figures) - len(figures), len(slot.figures), figures))
    if slot.dated and state.name != "accepted" and all(p.valid_until is None for p in pieces):
        found.append(Shortfall("undated"))
    if slot.owing == "sample":
        if not state.counted:
            found.append(Shortfall("unset"))
        if not any(p.kind in ("file", "link") for p in pieces):
            found.append(Shortfall("index"))
        if not any(p.kind == "paper" for p in pieces):
            found.append(Shortfall("place"))
    if slot.owing == "form" and not any(p.kind == "staff" for p in pieces):
        found.append(Shortfall("staff"))
    return tuple(found)


def too_few(slot: Slot, counted: int) -> tuple[Shortfall, ...]:
    """Fewer times, or sets, than are wanted; nothing where nobody counted."""
    name: Name = "sets" if slot.owing == "sample" else "count"
    wanted = slot.count or slot.sets
    return (Shortfall(name, counted, wanted),) if 0 < counted < wanted else ()


def _of_other_years(slot: Slot, pieces: Sequence[Piece]) -> Iterator[Shortfall]:
    """Files whose names say years of which none is the slot's."""
    if not slot.period[:4].isdigit():
        return
    for name in dict.fromkeys(p.name for p in pieces if p.kind == "file" and not p.period):
        said = whens(fold(name))
        if said and not any(slot.within(when.year, when.year) for when in said):
            yield Shortfall("other_year", elements=(name,), periods=(slot.spoken,))


def elsewhere(slot: Slot, given: Sequence[Piece], there: Mapping[str, Sequence[Piece]]) -> Iterator[Shortfall]:
    """Files that were handed in for another period of the line before. ``there``: period (``spoken``) -> what was handed in for it."""
    files = {p.sha256: p for p in given if p.kind == "file"}
    for sha256, piece in files.items():
        periods = [p for p, held in there.items() if any(h.sha256 == sha256 and h.at != piece.at for h in held)]
        if years := tuple(p for p in dict.fromkeys(periods) if p[:4].isdigit() and p != slot.spoken):
            yield Shortfall("elsewhere", periods=years)


def left_out(slot: Slot, state: State) -> tuple[str, ...]:
    """What a submission did not tick among what it covers; none where it ticked nothing at all, or claims something else."""
    return tuple(e for e in slot.ticks if e not in state.covers) if state.covers and state.claim == "evidence" else ()


def unnamed(slot: Slot, state: State) -> tuple[str, ...]:
    """The elements of a line whose return named none that is missing."""
    return slot.elements if state.name == "returned" and state.claim == "evidence" and not state.lacking else ()


def partial(slot: Slot, state: State) -> bool:
    """Whether what was named leaves the rest open, so that accepting it does not end the slot."""
    return bool(too_few(slot, state.counted)) or bool(left_out(slot, state))


def unsaid(slot: Slot, state: State, pieces: Sequence[Piece]) -> tuple[Shortfall, ...]:
    """What a submission does not say of itself, so that its reviewer has to: its date, how often, what it covers, what of a sample.

    What only says that something accepted before still serves needs no word, but for the date from which that counts.
    """
    open_ = shortfalls(slot, state, pieces)
    if state.confirms:
        return tuple(s for s in open_ if s.name == "undated")
    return tuple(s for s in open_ if s.name in _TOLD or (s.elements and not state.covers and s.name in _TICKED))


def still_open(slot: Slot, state: State) -> tuple[str, ...]:
    """The elements that are still to come after a part was accepted; none where nothing was, or all of it."""
    part = state.name == "missing" and state.accepted_version > 0 and not (state.kept and not state.kept_covers)
    return tuple(e for e in slot.elements if e not in state.kept_covers) if part else ()


def rest_of(slot: Slot, state: State) -> tuple[Shortfall, ...]:
    """What is still to come of a slot of which a part was accepted: times, and elements."""
    if not state.in_part:
        return ()
    missing = tuple(e for e in slot.ticks if e not in state.kept_covers) if state.kept_covers else ()
    times = too_few(slot, state.kept)
    return (*times, Shortfall("elements", len(state.kept_covers), len(slot.ticks), missing)) if missing else times


def enumerated(missed: Sequence[str]) -> str:
    """What stands as the reason of a return for which a reviewer only ticked what is missing."""
    return "、".join(missed)


def only_lacking(reason: str, lacking: Sequence[str]) -> bool:
    """Whether a reason says no more than what is missing."""
    return reason == enumerated(lacking)


def named_together(text: str, known: Container[str]) -> Iterator[str]:
    """The elements that somebody names in one go (日期、地点); an element that holds a mark of lists itself stays whole."""
    parts = [part.strip() for part in _LISTED.split(text)]
    while parts:
        size = next((n for n in range(len(parts), 0, -1) if "、".join(parts[:n]) in known), 1)
        yield "、".join(parts[:size])
        parts = parts[size:]


def figures_missing(slot: Slot, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The figures that a slot asks for and that stand in none of the pieces."""
    given = {piece.name for piece in pieces if piece.kind == "figure"}
    return tuple(name for name in slot.figures if name not in given)
