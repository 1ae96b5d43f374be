"""How ready the enterprise is: slots counted by place, kind, owner and due date, and what the counts add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Literal

from assistant.guide import Guide, Kind
from assistant.register.facts.slots import Entry
from assistant.register.ports import Count
from assistant.register.rules.demands.plan import Exempt

Dimension = Literal["family", "part", "item", "kind", "owner", "due"]
DIMENSIONS: tuple[Dimension, ...] = ("family", "part", "item", "kind", "owner", "due")
READY = ("accepted", "not_applicable")


@dataclass(frozen=True, slots=True)
class Ready:
    """How many are owed now, ready (accepted, or accepted as not applicable), in review, open, overdue, and not yet due to exist.

    ``rest`` counts the clauses of that place for which nothing is handed in at all (customs decides them, another document does),
    ``off`` those that the profile rules out.
    """

    owed: int = 0
    ready: int = 0
    pending: int = 0
    open: int = 0
    overdue: int = 0
    later: int = 0
    rest: int = 0
    off: int = 0

    def __add__(self, other: Ready) -> Ready:
        return Ready(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Ready)))

    @property
    def share(self) -> float:
        """Ready out of owed, 0.0 when nothing is owed."""
        return self.ready / self.owed if self.owed else 0.0

    @property
    def percent(self) -> int | None:
        """The share in percent; None where a percentage would speak of clauses for which nothing is handed in."""
        return round(100 * self.share) if self.owed and not self.rest else None


def readiness(counts: Iterable[Count], by: Dimension) -> dict[str, Ready]:
    """Readiness by one dimension; what is not owed does not count."""
    found: dict[str, Ready] = {}
    for count in counts:
        if count.owed:
            name = getattr(count, by)
            found[name] = found.get(name, Ready()) + ready_of(count)
    return found


def with_rest(
    table: Mapping[str, Ready], by: Dimension, exempt: Iterable[Exempt], guide: Guide, entries: Iterable[Entry] = ()
) -> dict[str, Ready]:
    """A table by part or item with the clauses that owe nothing counted in, so that no clause is missing; others as they are."""
    found = dict(table)
    without = {one.clause: Ready(off=1) if one.why.startswith("off.") else Ready(rest=1) for one in exempt}
    without |= dict.fromkeys(ruled_out(entries), Ready(off=1))
    for clause, one in without.items() if by in ("family", "part", "item") else ():
        place = guide.places[clause]
        name = place.item.number if by == "item" else place.part.number if by == "part" else place.part.number.rpartition(":")[0]
        found[name] = found.get(name, Ready()) + one
    return found


def ruled_out(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The clauses of which nothing applies by the profile -> the first of their slots."""
    planned = [e for e in entries if e.planned]
    apply = {e.slot.clause for e in planned if e.applies}
    return {e.slot.clause: e for e in reversed(planned) if e.slot.clause not in apply}


def heat(counts: Iterable[Count]) -> dict[tuple[str, Kind], Ready]:
    """Readiness by item and kind."""
    found: dict[tuple[str, Kind], Ready] = {}
    for count in counts:
        if count.owed:
            cell = (count.item, count.kind)
            found[cell] = found.get(cell, Ready()) + ready_of(count)
    return found


def total(counts: Iterable[Count]) -> Ready:
    """Readiness of everything."""
    return sum((ready_of(c) for c in counts if c.owed), Ready())


def ready_of(count: Count) -> Ready:
    """What one count adds. A period that still runs is owed later, unless it is ready or in review already."""
    n = count.slots
    if count.state in READY:
        return Ready(owed=n, ready=n)
    if count.state == "submitted":
        return Ready(owed=n, pending=n)
    if not count.open:
        return Ready(later=n)
    return Ready(owed=n, open=n, overdue=n if count.due == "past" else 0)


def counted(entries: Iterable[Entry], today: date) -> list[Count]:
    """Planned entries, counted as the store counts them."""
    sums: Counter[Count] = Counter()
    for e in entries:
        if e.planned:
            due = due_class(e.due, today)
            sums[Count(e.slot.part, e.slot.item, e.slot.kind, e.owner, e.shown(today), due, e.counts, e.open(today), 0)] += 1
    return [replace(count, slots=n) for count, n in sums.items()]


def due_class(due: date | None, today: date) -> str:
    """How near a due date is: ``past``, ``week``, ``month``, ``later`` or ``none``."""
    if due is None:
        return "none"
    if due < today:
        return "past"
    return "week" if due <= today + timedelta(days=7) else "month" if due <= today + timedelta(days=30) else "later"
