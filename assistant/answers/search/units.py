"""What each piece of a message finds, and from that the set of clauses that the message asks for.

Every message is tried as one and as several. A clause is taken when a logistic regression over what the whole and the
pieces found says so; its weights are learned from messages that were taken apart by hand (``ingest/questions/composed.jsonl``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.search.searcher import Found

SET_FEATURES = 19
_LEAST = 1e-4
_CANDIDATES = 6


@dataclass(frozen=True)
class Unit:
    """A piece of a message: what it found alone, and how likely it asks something (0 to 1)."""

    text: str
    found: Found
    asks: float

    def strength(self, clause: str) -> float:
        """How much this piece speaks for a clause."""
        return dict(self.found.clauses).get(clause, 0.0) * (1 - self.found.refuse) * self.asks


def candidates(whole: Found, units: Sequence[Unit]) -> list[str]:
    """Clauses that any of them found, the likely ones of each."""
    found = [c for c, _ in whole.clauses[:_CANDIDATES]]
    for unit in units:
        found += [c for c, _ in unit.found.clauses[: _CANDIDATES // 2]]
    return list(dict.fromkeys(found))


def set_features(whole: Found, units: Sequence[Unit], makeup: dict[str, float], clauses: Sequence[str]) -> Floats:
    """Features per clause, shape (len(clauses), SET_FEATURES).

    Args:
        whole: what the whole message found.
        units: its pieces; empty for a message of one piece.
        makeup: how likely the message is one question, several, or one with background.
        clauses: the candidates.
    """
    shares = [dict(u.found.clauses) for u in units]
    at_large = dict(whole.clauses)
    top = whole.clauses[0][0]
    rows: list[list[float]] = []
    for clause in clauses:
        share = at_large.get(clause, 0.0)
        strengths = [s.get(clause, 0.0) * (1 - u.found.refuse) * u.asks for u, s in zip(units, shares, strict=True)]
        best = int(np.argmax(strengths)) if strengths else -1
        unit = units[best] if strengths else Unit("", whole, 1.0)
        strong = strengths[best] if strengths else share * (1 - whole.refuse)
        alone = shares[best].get(clause, 0.0) if strengths else share
        first = [float(u.found.clauses[0][0] == clause) * u.asks for u in units]
        several, background = makeup.get("several", 0.0), makeup.get("background", 0.0)
        rows.append(
            [
                1.0,
                float(np.log(share + _LEAST)),
                float(clause == top),
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
                float(len(units) > 0),
                float(np.log(share + _LEAST)) * float(len(units) > 0),
            ]
        )
    return np.array(rows, dtype=np.float32)
