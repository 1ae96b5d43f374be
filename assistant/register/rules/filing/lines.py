"""The lines that a file may be for: the slots of one requirement line and one row, all periods together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from assistant.register.facts.slot_ids import SlotId
from assistant.register.facts.slots import Entry
from assistant.register.rules.filing.places import fold
from assistant.register.rules.filing.years import When

# Weights of a year that fits, that is not named, that is another one, that a line without years has no use for; chosen, not measured.
_FIT, _UNFIT, _OTHER, _USELESS = 1.0, 0.4, 0.3, 0.2


@dataclass(frozen=True, slots=True)
class FilingLine:
    """One line, for one row of it. ``base`` is the line without row and period: ``1(2)/records/1``."""

    base: str
    entries: tuple[Entry, ...]

    @property
    def clause(self) -> str:
        """The clause in which it stands."""
        return self.entries[0].slot.clause

    @property
    def kind(self) -> str:
        """Its section's kind."""
        return self.entries[0].slot.kind

    @property
    def subject(self) -> str:
        """Of whom or of what this row is; empty where it is one for all."""
        return self.entries[0].slot.subject

    @property
    def whose(self) -> tuple[str, ...]:
        """Words in a path that mean this row."""
        slot = self.entries[0].slot
        return tuple(fold(word) for word in (slot.subject, slot.person) if word)

    @property
    def yearly(self) -> bool:
        """Whether it is owed for each of several years (a rolling window is one for all)."""
        return any(e.slot.period[:4].isdigit() for e in self.entries)

    def fits(self, times: Sequence[When]) -> float:
        """How well the years that a path says go with the line's periods."""
        if not self.yearly:
            rolling = bool(self.entries[0].slot.period)
            return _FIT if rolling or not times else _USELESS
        if not times:
            return _UNFIT
        return _FIT if any(w.fits(e.slot) for w in times for e in self.entries) else _OTHER

    @property
    def owed(self) -> bool:
        """Whether anything of it is to be handed in."""
        return any(e.owed and not e.slot.follows for e in self.entries)

    def covers(self, passages: Iterable[str], others: Container[str]) -> list[str]:
        """Which of a clause's passages belong to this line: itself, or those of the section for which it stands and no other line does."""
        found = list(passages)
        return [self.base] if self.base in found else [p for p in found if p.startswith(f"{self.base}/") and p not in others]

    def of(self, periods: Iterable[str]) -> list[Entry]:
        """The slots of some periods; of a line without years the one that there is."""
        wanted = set(periods)
        return [e for e in self.entries if e.owed and (not self.yearly or e.slot.period in wanted)]


def lines_of(entries: Iterable[Entry]) -> tuple[FilingLine, ...]:
    """The lines of a plan, in the guide's order; those of which nothing is owed too, for a file may be meant for them."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.planned:
            found.setdefault(line_id(entry.slot.id), []).append(entry)
    return tuple(FilingLine(SlotId.of(key).line, tuple(group)) for key, group in found.items())


def line_id(slot: str) -> str:
    """A slot's id without its period: ``1(2)/records/1#关务负责人``."""
    return SlotId.of(slot).row_id
