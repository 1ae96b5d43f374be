"""What each piece of a message finds, and from that the set of clauses that the message asks for.

Every message is tried as one and as several. A clause is taken when a logistic regression over what the whole, its pieces
and the things that it joins found says so; its weights are learned at packing (``ingest.learn.reading.clause_set``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.search.features import log_odds
from assistant.answers.search.found import Found

_LEAST = 1e-4  # keeps logarithms finite
_CANDIDATES = 6
"""Clauses of each search that are looked at; with 4 and 8 none of 68 cases (composed, comparison, background) changes (``python -m tests.bench.neighbours``)."""
_SPEAKS = 0.5
"""Probability of a refusal below which a side of a joint counts as something that the guide speaks of; at .4 and .6 none of the 68 changes."""
_SURE = float(np.log(399))
"""Most log odds that a piece asks something: those of a probability of 0.9975."""


@dataclass(frozen=True)
class MessageUnit:
    """A piece of a message: what it found alone, and how likely it asks something (0 to 1).

    A ``side`` is one of two things that a sentence joins; it may be nothing but a name. ``sentence`` is the number of the sentence that
    it is or is a piece of, ``whole`` when it is all of it; ``last`` when no sentence follows. ``named`` are clauses that it names by number.
    """

    text: str
    found: Found
    asks: float
    side: bool = False
    sentence: int = 0
    whole: bool = False
    last: bool = False
    named: tuple[str, ...] = ()

    def strength(self, clause: str) -> float:
        """How much this piece speaks for a clause."""
        return dict(self.found.clauses).get(clause, 0.0) * (1 - self.found.refuse) * self.asks


def candidates(whole: Found, focus: Found, units: Sequence[MessageUnit]) -> list[str]:
    """Clauses that any of them found, the likely ones of each."""
    found = [c for search in (focus, whole) for c, _ in search.clauses[:_CANDIDATES]]
    for unit in units:
        found += [*unit.named, *(c for c, _ in unit.found.clauses[: _CANDIDATES // 2])]
    return list(dict.fromkeys(found))


def set_features(
    whole: Found,
    focus: Found,
    units: Sequence[MessageUnit],
    makeup: Mapping[str, float],
    shapes: Mapping[str, float],
    clauses: Sequence[str],
) -> Floats:
    """Features per clause, shape (len(clauses), 4 × 57).

    What one unit gives: each by itself, and as far as the message is of several questions, has background, is cut at all.

    Args:
        whole: what the whole message found.
        focus: what its sentences that ask something found together; ``whole`` again where all of them do.
        units: its pieces and the sides of its joints; empty for a message of one piece.
        makeup: how likely the message is one question, several, or one with background.
        shapes: what kind of question it is.
        clauses: the candidates.
    """
    pieces, sides = [u for u in units if not u.side], [u for u in units if u.side]
    several, background = makeup.get("several", 0.0), makeup.get("background", 0.0)
    compared, listed = shapes.get("comparison", 0.0), shapes.get("listing", 0.0)
    told, shares = dict(whole.clauses), dict(focus.clauses)
    ranks = {c: i for i, (c, _) in enumerate(focus.clauses)}
    best = focus.clauses[0][1]
    cut, joined = float(len(pieces) > 0), float(len(sides) > 0)
    most = max((_asking(u) for u in pieces), default=0.0)
    wholes = [u for u in pieces if u.whole]
    sentences = len(wholes) or 1
    strongest = max((u.strength(c) for u in pieces for c in clauses), default=best * (1 - focus.refuse))
    tops = {u.found.clauses[0][0] for u in sides if u.found.refuse < _SPEAKS}
    rows: list[list[float]] = []
    for clause in clauses:
        share = shares.get(clause, 0.0)
        unit = max(pieces, key=lambda u: u.strength(clause), default=MessageUnit("", focus, 1.0))
        strong, alone = unit.strength(clause), dict(unit.found.clauses).get(clause, 0.0)
        behind = float(np.log((strong + _LEAST) / (strongest + _LEAST)))
        within = float(np.log((alone + _LEAST) / unit.found.clauses[0][1]))
        first = [float(u.found.clauses[0][0] == clause) * u.asks for u in pieces]
        said = [dict(u.found.clauses).get(clause, 0.0) * (1 - u.found.refuse) for u in sides]
        side, named = max(said, default=0.0), float(clause in tops)
        weighed = [u.strength(clause) * float(np.exp(_asking(u) - most)) for u in wholes]
        around = next((u for u in wholes if u.sentence == unit.sentence), unit)
        beside, behind_asked = around.strength(clause), _asking(around) - most
        strength = max(weighed, default=0.0)
        log_focus, log_beside = float(np.log(strength + _LEAST)), float(np.log(beside + _LEAST))
        log_share, log_side = float(np.log(share + _LEAST)), float(np.log(side + _LEAST)) * joined
        rows.append(
            [
                1.0,
                log_share,
                float(ranks[clause] == 0),
                share * (1 - several - background),
                1 - focus.refuse,
                float(np.log(strong + _LEAST)),
                strong,
                strong * several,
                strong * background,
                alone,
                unit.found.refuse,
                unit.asks,
                float(unit.found.clauses[0][0] == clause),
                max(first, default=0.0),
                float(sum(first) > 1.0),
                several,
                background,
                cut,
                log_share * cut,
                joined,
                log_share * joined,
                log_side,
                side,
                named,
                named * len(tops) / 2,
                compared,
                compared * log_share,
                compared * side,
                compared * joined,
                listed,
                listed * log_share,
                1 / (1 + ranks[clause]),
                float(np.log((share + _LEAST) / best)),
                best,
                best * (1 - focus.refuse),
                behind,
                behind * background,
                behind * several,
                within,
                within * several,
                background * log_share,
                background * unit.asks,
                log_focus * cut,
                strength,
                strength * background,
                strength * several,
                log_focus * background,
                log_beside * cut,
                behind_asked * cut,
                behind_asked * background,
                float(around.last),
                float(around.last) * background,
                float(np.log(sentences)),
                log_share * float(np.log(sentences)),
                float(np.log(told.get(clause, 0.0) + _LEAST)),
                float(whole.clauses[0][0] == clause),
                whole.refuse,
            ]
        )
    found = np.array(rows, dtype=np.float32)
    return np.concatenate([found, several * found, background * found, cut * found], axis=1)


def _asking(unit: MessageUnit) -> float:
    """Log odds that a piece asks something."""
    return log_odds(unit.asks, _SURE)
