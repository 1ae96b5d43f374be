"""A guide that no bank has questions about: its clauses by their own lines and titles, doubt by what staff ask of other guides.

What the hits on lines and titles say, and how a question sounds that no guide answers, is learned from the guide that the banks know,
by pretending that half of it is new (``ingest.learn.ranking.unlearned``). Nothing here knows a clause, so it holds for a guide of any field.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import softmax
from assistant.answers.search.features import AHEAD, ahead, refusal_features

TITLE = 5.0
"""What brings a cosine to the size of the other features, as ``AHEAD`` does for differences of the kernel."""
CLAUSE_FEATURES = 5  # features per clause; the weights have the same shape
_PAIR, _FIFTH = 2, 5  # ranks that are compared with the first
_PLAIN = 4
"""Refusal features from here on are of the words of a question and not of the scores of a learned clause."""


@dataclass(frozen=True)
class Evidence:
    """What a guide's own words say about one question. All arrays have one value for each clause.

    ``cosine`` is the largest with the clause's lines, ``line`` and ``clause`` are BM25 for each word of the question, ``kernel`` is the
    largest kernel value with its lines (and the few questions known of it), ``title`` the cosine with its title; ``middle`` and
    ``spread`` are mean and deviation of the cosines of all lines, ``out`` how much the question is like those that no guide answers.
    """

    cosine: Floats
    middle: float
    spread: float
    line: Floats
    clause: Floats
    kernel: Floats
    title: Floats
    out: float


def clause_features(e: Evidence) -> Floats:
    """Features per clause, shape (clauses, CLAUSE_FEATURES)."""
    near = (e.cosine - e.middle) / (e.spread or 1.0)
    return np.stack([near, e.line, e.clause, ahead(e.kernel) * AHEAD, e.title * TITLE], axis=1).astype(np.float32)


def doubt_features(question: str, e: Evidence, features: Floats, logits: Floats, stated: frozenset[str]) -> Floats:
    """What speaks for and against an answer: the likeliest clause, how far it is ahead, how the question sounds.

    Args:
        question: as typed.
        e: its evidence.
        features: ``clause_features``.
        logits: log odds of the clauses, shape (clauses,).
        stated: units stated by the likeliest clause.
    """
    best = int(logits.argmax())
    likely = np.sort(softmax(logits))[::-1]
    cosine = np.sort(e.cosine)[::-1]
    second = float(likely[1]) if len(likely) >= _PAIR else 0.0
    first = [1.0, float(logits[best]), *features[best], float(cosine[0]), float(cosine[0] - cosine[min(1, len(cosine) - 1)])]
    first += [
        float(cosine[0] - cosine[min(_FIFTH, len(cosine)) - 1]),
        float(likely[0]),
        float(np.log((likely[0] + 1e-6) / (second + 1e-6))),
    ]
    words = refusal_features(question, np.zeros(3, dtype=np.float32), stated)[_PLAIN:]
    return np.array([*first, e.out, *words], dtype=np.float32)


def probabilities(question: str, e: Evidence, weights: dict[str, list[float]], stated: list[frozenset[str]]) -> Floats:
    """Probabilities of the clauses and, last, of "not in the guide", shape (clauses + 1,)."""
    features = clause_features(e)
    logits = np.asarray(features @ np.array(weights["unlearned"]), dtype=np.float32)
    doubt = doubt_features(question, e, features, logits, stated[int(logits.argmax())]) @ np.array(weights["doubt"])
    refuse = 1 / (1 + np.exp(-float(doubt)))
    return np.append(softmax(logits) * (1 - refuse), refuse).astype(np.float32)
