"""Gates on the edition itself: what was lost, misread, swapped, and what it would cost the registers. Each with its figure.

Cases cannot see this: a case whose words are gone leaves the gates, so damage would take its own witnesses along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.guide import Frozen
from assistant.register.acts.plans.fates import Adopted
from assistant.register.facts.slot_ids import SlotId
from evals.gates.failure import Failure, said
from evals.gates.policy import EditionLimits
from ingest.compare.damage import Damage, Turned

UNLIKE = 0.8
"""Share of its letters that a clause must keep to be called the same. Of the two editions that rewrite clauses (a split, a merge) two
clauses of 65 fall below; letters exchanged at a rate of 2% leave all of them above, at 5% one in four falls below."""


class Measure(Frozen):
    """One figure of the edition: its value, the most it may be, and the places behind it."""

    name: str
    value: float
    limit: float
    places: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it stays within its limit."""
        return self.value <= self.limit + 1e-9

    def sentence(self, lang: str = "zh") -> str:
        """The figure in words."""
        return said(self.name, self.value, self.limit, self.places, lang)


class Figures(Frozen):
    """All figures of one edition against the one in force, and the texts whose sense may have turned, for the lead to read."""

    measures: tuple[Measure, ...]
    turned: tuple[Turned, ...]

    @property
    def failures(self) -> list[Failure]:
        """The figures that are beyond their limit."""
        return [Failure(rule="edition", score=m.name, value=m.value, limit=m.limit, cases=m.places) for m in self.measures if not m.holds]


def figures(found: Damage, registers: Mapping[str, Adopted], limits: EditionLimits) -> Figures:
    """The figures of an edition.

    Args:
        found: the comparison with the edition in force.
        registers: what the edition would mean for every enterprise's register.
        limits: the most that each may be.
    """
    return Figures(measures=tuple(_measures(found, registers, limits)), turned=found.turned)


def _measures(found: Damage, registers: Mapping[str, Adopted], limits: EditionLimits) -> Iterator[Measure]:
    clauses, lines = max(1, len(found.likeness)), max(1, found.lines)
    unlike = tuple(c for c, likeness in found.likeness.items() if likeness < UNLIKE)
    yield Measure(name="items_lost", value=len(found.items_lost), limit=limits.items_lost, places=found.items_lost)
    yield _share("clauses_lost", found.clauses_lost, max(1, found.clauses), limits.clauses_lost)
    yield _share("lines_lost", found.lines_lost, lines, limits.lines_lost)
    yield _share("unlike", unlike, clauses, limits.unlike)
    yield _share("misread", found.misread, clauses, limits.misread)
    yield Measure(name="doubled", value=len(found.doubled), limit=limits.doubled, places=found.doubled)
    pairs = tuple("↔".join(pair) for pair in found.swapped)
    yield Measure(name="swapped", value=len(pairs), limit=limits.swapped, places=pairs)
    yield _share("crossed", tuple(f"{c.old} → {c.new}" for c in found.crossed), lines, limits.crossed)
    yield _archived(registers, limits)


def _share(name: str, places: Sequence[str], of: int, limit: float) -> Measure:
    return Measure(name=name, value=len(places) / of, limit=limit, places=tuple(places))


def _archived(registers: Mapping[str, Adopted], limits: EditionLimits) -> Measure:
    """The largest share of accepted evidence that one enterprise would have to set aside."""
    worst: float = 0.0
    places: tuple[str, ...] = ()
    for adopted in registers.values():
        accepted = [f for f in adopted.fates if f.source is not None and f.source.state.name == "accepted"]
        gone = [SlotId.of(f.slot.id).line for f in accepted if f.what == "archived"]
        if accepted and len(gone) / len(accepted) > worst:
            worst, places = len(gone) / len(accepted), tuple(dict.fromkeys(gone))
    return Measure(name="archived", value=worst, limit=limits.archived, places=places)
