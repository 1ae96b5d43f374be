"""What is handed in and reviewed together: lines that one paper serves, and the periods of an event that never happened.

The slot that somebody acted on leads; the others say in ``State.along`` which it is. One review of it settles them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.register.facts.handed_in import Piece
from assistant.register.facts.slots import Entry, Slot
from assistant.register.ports import Filter, RegisterReader
from assistant.register.rules.evidence.life import completes

_OPEN = ("missing", "returned", "expired")


def handed_in_with(tx: RegisterReader, entry: Entry, pieces: Sequence[Piece], today: date) -> Iterator[Entry]:
    """The other slots that these pieces are handed in for too: the link's (of one period, or of all), or all periods of a nil statement.

    A nil statement that names its period speaks for that one alone.
    """
    slot = entry.slot
    nil = bool(pieces) and all(p.kind == "nil" and not p.period for p in pieces)
    if not (nil or slot.joined):
        return
    for other in tx.entries(today, Filter(clause=slot.clause) if nil else Filter(kind=None)):
        same = other.slot.line_key == slot.line_key if nil else other.slot.link == slot.link and _same_time(other, entry)
        waits = other.shown(today) in _OPEN or (other.state.name == "submitted" and other.state.along == slot.key)
        if same and other.slot.key != slot.key and other.owed and waits:
            yield other


def _same_time(other: Entry, entry: Entry) -> bool:
    """Whether one paper serves both in time: of the same period, or one of them is a paper that stands for all."""
    return other.slot.period == entry.slot.period or not (other.slot.period and entry.slot.period)


def has_company(slot: Slot) -> bool:
    """Whether what is handed in for a slot may be for others too."""
    return slot.joined or slot.owing == "event"


def goes_with(other: Entry, entry: Entry) -> bool:
    """Whether one slot has what was handed in for another one."""
    return other.state.along == entry.slot.key and other.state.submitted_at == entry.state.submitted_at


def as_one(other: Entry, entry: Entry) -> bool:
    """Whether two slots have what one act handed in for both, whichever of them led."""
    leads = {e.state.along or e.slot.key for e in (other, entry)}
    return other.slot.key != entry.slot.key and len(leads) == 1 and other.state.submitted_at == entry.state.submitted_at


def reviewed_with(tx: RegisterReader, entry: Entry, today: date) -> Iterator[Entry]:
    """The slots that were handed in along with this one and wait for the same review."""
    if not has_company(entry.slot):
        return
    for other in tx.entries(today, Filter(state="submitted")):
        if goes_with(other, entry):
            yield other


def kept(entry: Entry, pieces: Sequence[Piece], there: Callable[[], Iterable[Piece]]) -> list[Piece]:
    """What was accepted before and stays in the version that ``pieces`` add to: of a count that goes on, of a report without its figures.

    ``there``: all that was handed in for it.
    """
    goes_on = entry.state.name in ("missing", "returned") and entry.state.in_part
    if not goes_on and not completes(entry, pieces):
        return []
    names = {p.name for p in pieces if p.kind == "figure"}
    held = (p for p in there() if p.version == entry.state.accepted_version and not (p.kind == "figure" and p.name in names))
    return [replace(p, version=0, by="", at=None, slot="") for p in held]
