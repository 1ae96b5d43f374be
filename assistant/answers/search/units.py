"""What each piece of a message finds, and from that the set of clauses that the message asks for.

Every message is tried as one and as several. A clause is taken when a logistic regression over what the whole, its pieces
and the things that it joins found says so; its weights are learned at packing (``ingest.learn.clause_set``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.search.searcher import Found

SET_FEATURES = 42
_LEAST = 1e-4
_CANDIDATES = 6
_SPEAKS = 0.5
"""Probability of a refusal below which a side of a joint counts as something that the guide speaks of."""


@dataclass(frozen=True)
class Unit:
    """A piece of a message: what it found alone, and how likely it asks something (0 to 1).

    A ``side`` is one of two things that a sentence joins; it may be nothing but a name.
    """

    text: str
    found: Found
    asks: float
    side: bool = False

    def strength(self, clause: str) -> float:
        """How much this piece speaks for a clause."""
        return dict(self.found.clauses).get(clause, 0.0) * (1 - self.found.refuse) * self.asks


def candidates(whole: Found, units: Sequence[Unit]) -> list[str]:
    """Clauses that any of them found, the likely ones of each."""
    found = [c for c, _ in whole.clauses[:_CANDIDATES]]
    for unit in units:
        found += [c for c, _ in unit.found.clauses[: _CANDIDATES // 2]]
    return list(dict.fromkeys(found))


def set_features(
    whole: Found, units: Sequence[Unit], makeup: Mapping[str, float], shapes: Mapping[str, float], clauses: Sequence[str]
) -> Floats:
    """Features per clause, shape (len(clauses), SET_FEATURES).

    Args:
        whole: what the whole message found.
        units: its pieces and the sides of its joints; empty for a message of one piece.
        makeup: how likely the message is one question, several, or one with background.
        shapes: what kind of question it is.
        clauses: the candidates.
    """
    pieces, sides = [u for u in units if not u.side], [u for u in units if u.side]
    several, background = makeup.get("several", 0.0), makeup.get("background", 0.0)
    compared, listed = shapes.get("comparison", 0.0), shapes.get("listing", 0.0)
    shares = dict(whole.clauses)
    ranks = {c: i for i, (c, _) in enumerate(whole.clauses)}
    best = whole.clauses[0][1]
    cut, joined = float(len(pieces) > 0), float(len(sides) > 0)
    strongest = max((u.strength(c) for u in pieces for c in clauses), default=best * (1 - whole.refuse))
    tops = {u.found.clauses[0][0] for u in sides if u.found.refuse < _SPEAKS}
    rows: list[list[float]] = []
    for clause in clauses:
        share = shares.get(clause, 0.0)
        unit = max(pieces, key=lambda u: u.strength(clause), default=Unit("", whole, 1.0))
        strong, alone = unit.strength(clause), dict(unit.found.clauses).get(clause, 0.0)
        behind = float(np.log((strong + _LEAST) / (strongest + _LEAST)))
        within = float(np.log((alone + _LEAST) / unit.found.clauses[0][1]))
        first = [float(u.found.clauses[0][0] == clause) * u.asks for u in pieces]
        said = [dict(u.found.clauses).get(clause, 0.0) * (1 - u.found.refuse) for u in sides]
        side, named = max(said, default=0.0), float(clause in tops)
        log_share, log_side = float(np.log(share + _LEAST)), float(np.log(side + _LEAST)) * joined
        rows.append(
            [
                1.0,
                log_share,
                float(ranks[clause] == 0),
                share * (1 - several - background),
                1 - whole.refuse,
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
                best * (1 - whole.refuse),
                behind,
                behind * background,
                behind * several,
                within,
                within * several,
                background * log_share,
                background * unit.asks,
            ]
        )
    return np.array(rows, dtype=np.float32)
