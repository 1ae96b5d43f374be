"""In which order the lines of a clause are said: what decides first, what is hardly asked for not at all."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.passages import Passage
from assistant.answers.search.searcher import LikelyLine
from assistant.guide import Kind

REST, SECTION, SENTENCE = 0.05, 0.5, 0.05
"""Least share of the best line's probability for a line to be said, and for its section to come before the clause's own sentence;
least score of that sentence to be said at all when lines are.

Measured on the single questions with facts of the sets fresh and blind (178), and confirmed on final and heldout (283): the deciding
words stand within the first 120 characters in 86 and 87 of 100 (64 and 66 in printed order), none of 100 facts more is lost than 1.
"""


def led(kept: Sequence[Passage], lines: Sequence[LikelyLine], sentence: float) -> tuple[Passage, ...]:
    """The passages of one clause in the order of saying.

    Args:
        kept: what is to be said, the clause's own sentence among it.
        lines: all passages with their probabilities.
        sentence: how much like questions asked for a clause's own sentence, 0 to about 1.
    """
    likely = {line.passage.id: line.probability for line in lines}
    own = [p for p in kept if p.kind == "clause"]
    rest = sorted((p for p in kept if p.kind != "clause"), key=lambda p: -likely[p.id])
    if not rest:
        return tuple(own)
    best = likely[rest[0].id]
    rest = [p for p in rest if likely[p.id] >= REST * best or p.role in ("statement", "applicability")]
    sections = [_best_first([p for p in rest if p.kind == kind], kept) for kind in dict.fromkeys(p.kind for p in rest)]
    first = [] if sentence >= best else [s for s in sections if likely[s[0].id] >= SECTION * best]
    said = own if sentence >= SENTENCE or not first else []
    condition = [p for p in rest if p.role == "applicability" and likely[p.id] >= SECTION * best]
    return tuple(dict.fromkeys(p for group in (condition, *first, said, *(s for s in sections if s not in first)) for p in group))


def asked_first(kept: Sequence[Passage], kinds: Sequence[Kind]) -> tuple[Passage, ...]:
    """The passages of one clause with the sections that were asked for by name before its own sentence."""
    return tuple(sorted(kept, key=lambda p: p.kind not in kinds)) if kinds else tuple(kept)


def _best_first(section: Sequence[Passage], printed: Sequence[Passage]) -> list[Passage]:
    """The best line of a section, then the others as they are printed."""
    return [section[0], *(p for p in printed if p in section[1:])]
