"""A proposal for one file: which lines and periods it may be for, how sure that is, and why; from numbers, titles, years and words.

Numbers and titles narrow the clauses down, words choose among them, years and kinds choose the line. What contradicts itself is
proposed with less certainty, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.guide import Guide
from assistant.register.facts.slots import Entry
from assistant.register.rules.filing.lines import FilingLine, lines_of
from assistant.register.rules.filing.places import NamedClauses, Places, fold, unnumbered
from assistant.register.rules.filing.years import When, whens, without
from assistant.texts import LANGUAGES, say

Sure = Literal["exact", "high", "middle", "low", "none", "refused"]
_HIGH, _MIDDLE, _LOW = 0.7, 0.4, 0.12  # trust in a proposal: sure, likely, none; chosen, not measured
_STRENGTH = ("clause", "sub", "title", "item", "category")
_ENDING = re.compile(r"\.[a-z0-9]{1,5}$")
_WORDS = re.compile(r"[㐀-鿿]+|[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Likely:
    """What words make likely: clause -> probability that the words mean it, and for a clause its lines' probabilities by line id."""

    clauses: Mapping[str, float]
    lines: Callable[[str], Mapping[str, float]]


Reads = Callable[[str], Likely]
"""Finds what words mean in the guide (``assistant.conversation.guide_asked.filing`` asks the search)."""


@dataclass(frozen=True, slots=True)
class FilingReason:
    """One reason of a proposal: a text under ``filing.reason``, and what fills it."""

    key: str
    values: tuple[tuple[str, str], ...] = ()

    def sentence(self, lang: str) -> str:
        """The reason in words."""
        return say(f"filing.reason.{self.key}", lang, **dict(self.values))


@dataclass(frozen=True, slots=True)
class Filed:
    """What one file is proposed for: lines, each with its slots of the periods that the names say (none: not told)."""

    path: str
    lines: tuple[FilingLine, ...] = ()
    periods: tuple[str, ...] = ()
    sure: Sure = "none"
    reasons: tuple[FilingReason, ...] = ()


@dataclass
class _WeighedPath:
    """What is known of a path while it is weighed; ``trust`` shrinks with every doubt."""

    trust: float = 1.0
    reasons: list[FilingReason] = field(default_factory=list)

    def because(self, key: str, trust: float = 1.0, **values: str) -> None:
        self.trust *= trust
        self.reasons.append(FilingReason(key, tuple(values.items())))


class Filing:
    """Proposes for the files of one tree; ``reads`` finds what words mean, None where nothing is there to ask."""

    def __init__(self, guide: Guide, entries: Iterable[Entry], reads: Reads | None, prefix: str = "") -> None:
        self.guide, self.reads = guide, reads
        self.places = Places(guide, prefix)
        self.lines = lines_of(entries)
        self._likely: dict[str, Likely] = {}

    def propose(self, path: str, said: str = "") -> Filed:
        """The proposal for one file by its path in the tree; ``said`` is what of the path names places, where that is less."""
        names = [fold(name) for name in (said or path).split("/")]
        names[-1] = _ENDING.sub("", names[-1])
        so = _WeighedPath()
        likely, words = self._words(names)
        places = self.places.named(names)
        clauses = self._clauses(places, likely, words, names, so)
        times = next((found for name in reversed(names) if (found := whens(name))), [])
        chosen = [line for clause in clauses for line in self._line(clause, likely, times, names, so) if line.owed]
        if not chosen:
            so.because("nothing_owed" if clauses else "nothing", clause="、".join(clauses))
            return Filed(path, reasons=tuple(so.reasons))
        if len({w.year for w in times}) > 1 and not any(w.spans for w in times):
            so.because("several_years", 0.8)
        periods = _periods(chosen, times, so)
        undated = any(r.key == "no_years_here" for r in so.reasons)
        if so.trust < (_MIDDLE if undated else _LOW) and not places:  # a year's table that only sounds a little like a paper is none
            return Filed(path, reasons=(FilingReason("nothing"),))
        return Filed(path, tuple(chosen), periods, _level(so.trust), tuple(so.reasons))

    def _clauses(
        self, places: Sequence[NamedClauses], likely: Likely | None, said: str, names: Sequence[str], so: _WeighedPath
    ) -> tuple[str, ...]:
        """The clauses that a path means: several only where it names several."""
        ranked = sorted((p for p in places if p.how in _STRENGTH), key=lambda p: (_STRENGTH.index(p.how), -p.depth))
        ranked += [p for p in places if p.how == "serial"]
        weights = likely.clauses if likely else {}
        best = max(weights, key=lambda c: weights[c], default="")
        scope: tuple[str, ...] = ()
        for place in ranked:
            counts = place.how == "serial" and weights.get(best, 0) > _MIDDLE and best not in place.clauses
            if counts and not scope and place.depth < len(names) - 1:
                so.because("contradicts", 0.75, name=place.said, place=self._called(place))
            elif not scope and not counts:
                scope = place.clauses
                so.because(place.how, 0.9 if place.how == "serial" else 1.0, name=place.said, place=self._called(place))
            elif scope and place.how != "category" and (place.how != "serial" or place.depth < len(names) - 1):
                both = tuple(c for c in scope if c in place.clauses)
                if not both:
                    so.because("contradicts", 0.75, name=place.said, place=self._called(place))
                elif len(both) < len(scope) and not (ranked[0].how == "clause" and len(scope) > 1):
                    scope = both
        if not scope:
            if best and weights[best] >= _LOW:
                so.because("words", 0.9 * weights[best], name=said, place=best)
                return (best,)
            return ()
        named = {line.clause: line.subject for line in self.lines if line.clause in scope and _named(line, names)}
        if len(scope) > 1 and len(named) == 1:
            scope = tuple(named)
            so.because("row", subject="、".join(named.values()), place="、".join(named))
        mass = sum(weights.get(c, 0) for c in scope)
        if best and weights[best] > 2 * _MIDDLE and mass < _LOW and best not in scope:
            so.because("contradicts", 0.5, name=said, place=best)
        self._own_words(ranked[0], scope, names, so)
        if len(scope) == 1 or (ranked[0].how == "clause" and scope == ranked[0].clauses):
            return scope
        if mass < _LOW:
            so.because("which_clause", 1 / len(scope), count=str(len(scope)))
            return tuple(c for c in scope if c in {line.clause for line in self.lines if line.owed})[:1]
        inner = max(scope, key=lambda c: weights.get(c, 0))
        so.because("words", weights.get(inner, 0) / mass, name=said, place=inner)
        return (inner,)

    def _own_words(self, place: NamedClauses, scope: tuple[str, ...], names: Sequence[str], so: _WeighedPath) -> None:
        """A folder's title says where its files belong; a file whose own name means something else, or nothing, is not sure to."""
        own = _spoken(names[-1])
        if self.reads is None or place.how not in ("title", "category") or place.depth == len(names) - 1 or not own:
            return
        if sum(self._read(own).clauses.get(c, 0) for c in scope) < _LOW:
            so.because("only_folder", 0.6, name=place.said)

    def _line(self, clause: str, likely: Likely | None, times: Sequence[When], names: Sequence[str], so: _WeighedPath) -> list[FilingLine]:
        """The line of a clause that a file is for, with all its rows, or the row that the path names."""
        every = [line for line in self.lines if line.clause == clause]
        here = [line for line in every if line.owed] or every
        probable = likely.lines(clause) if likely else {}
        scores: dict[str, float] = {}
        bases = {line.base for line in here}
        for line in here:
            word = max((probable[one] for one in line.covers(probable, bases)), default=0.0) + 0.02
            own = 3 if _named(line, names) else 1
            scores[line.base] = max(scores.get(line.base, 0), own * word * line.fits(times) * _kind(line, names))
        order = sorted(scores, key=lambda base: -scores[base])
        if not order:
            return []
        if len(order) > 1:
            so.trust *= scores[order[0]] / (scores[order[0]] + scores[order[1]])
            if scores[order[0]] < 2 * scores[order[1]]:
                so.because("which_line", clause=clause, count=str(len(order)))
        rows = [line for line in here if line.base == order[0]]
        if times and not rows[0].yearly and not rows[0].entries[0].slot.period:
            so.because("no_years_here", 0.75, year="、".join(str(w.year) for w in times))
        named = [line for line in rows if _named(line, names)]
        if len(rows) > 1 and not named:
            so.because("which_row", 0.5, rows="、".join(line.subject for line in rows))
        return named or rows

    def _words(self, names: Sequence[str]) -> tuple[Likely | None, str]:
        """What the file's name, and the nearest folder that says something, mean in the guide.

        Both together tell the clause; the line is told by the file's own name where that means the same clause.
        """
        spoken = [words for name in names[-3:] if (words := _spoken(name))]
        text, own = " ".join(spoken[-2:]), _spoken(names[-1])
        if self.reads is None or not text:
            return None, text
        both, alone = self._read(text), self._read(own) if own else None

        def lines(clause: str) -> Mapping[str, float]:
            sure = alone is not None and alone.clauses.get(clause, 0) > _HIGH
            return (alone if alone is not None and sure else both).lines(clause)

        return Likely(both.clauses, lines), text

    def _read(self, text: str) -> Likely:
        assert self.reads is not None, "asked only where something reads"
        if text not in self._likely:
            self._likely[text] = self.reads(text)
        return self._likely[text]

    def _called(self, place: NamedClauses) -> str:
        if place.how in ("clause", "sub"):
            return "、".join(place.clauses)
        first = self.guide.places[place.clauses[0]]
        return first.category.title if place.how == "category" else f"{first.item.number} {first.item.title}"


def _named(line: FilingLine, names: Sequence[str]) -> bool:
    """Whether a path names the person or thing of which a row is."""
    return any(word in name for name in names for word in line.whose)


def _spoken(name: str) -> str:
    """The words of a name, without its numbers, years and marks."""
    return " ".join(_WORDS.findall(unnumbered(without(name))))


def _kind(line: FilingLine, names: Sequence[str]) -> float:
    """How well a line's kind goes with a paper, or with the kind that a name says."""
    said = [kind for kind in ("documents", "situation", "records", "onsite") if any(_kind_word(kind, name) for name in names)]
    if said:
        return 3.0 if line.kind in said else 0.5
    return 1.0 if line.kind in ("documents", "records") else 0.3


def _kind_word(kind: str, name: str) -> bool:
    return any(fold(say(f"evidence.kind.{kind}", lang)) in name for lang in LANGUAGES)


def _periods(lines: Sequence[FilingLine], times: Sequence[When], so: _WeighedPath) -> tuple[str, ...]:
    """The periods of the lines that the years fall in."""
    slots = [e.slot for line in lines for e in line.entries if line.yearly and e.owed]
    wanted = {slot.period for slot in slots}
    found = sorted({slot.period for slot in slots if any(w.fits(slot) for w in times)})
    if not wanted:
        return ()
    years = "、".join(str(w.year) for w in times)
    if found:
        so.because("year", year="、".join(p[:4] for p in found))
    elif times:
        so.because("other_year", 0.3, year=years, wanted="、".join(sorted(p[:4] for p in wanted)))
    else:
        so.because("no_year", 0.5)
    return tuple(found)


def _level(trust: float) -> Sure:
    return "high" if trust >= _HIGH else "middle" if trust >= _MIDDLE else "low"
