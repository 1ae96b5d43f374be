"""Questions with the same meaning: nearest neighbours by the configured embedding model, or by letters where it is down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from assistant.answers.ports import Floats
from assistant.errors import Unavailable
from assistant.guide import folded
from evals.cases.case import Case

SAME_CLAUSE, ANY_CLAUSE = 0.45, 0.60
"""Least centred cosine to be pointed out: for a case that expects the same clause, and for any other."""
LETTERS = 0.75
"""Least likeness of the letters where no model is at hand."""


class Queries(Protocol):
    """Turns questions into unit vectors."""

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Shape (len(texts), dimension)."""


class Like(NamedTuple):
    """A case that asks much the same, and how like it is (0 to 1)."""

    case: str
    question: str
    likeness: float


def like(question: str, clauses: Sequence[str], cases: Sequence[Case], queries: Queries, limit: int = 3) -> list[Like]:
    """The cases most like a question, best first, none below what is worth pointing out.

    Vectors are centred on the mean of all questions: models that squeeze every cosine into a narrow band are told apart.
    """
    asked = [(c, e) for c in cases for e in c.asked]
    if not asked:
        return []
    try:
        vectors = queries([e.question for _, e in asked])
        scores = _centred(vectors, queries([question])[0])
        same, other = SAME_CLAUSE, ANY_CLAUSE
    except Unavailable:
        from rapidfuzz import fuzz

        scores = np.array([fuzz.ratio(folded(question), folded(e.question)) / 100 for _, e in asked], dtype=np.float32)
        same = other = LETTERS
    found = [
        Like(c.id, e.question, round(float(score), 2))
        for (c, e), score in zip(asked, scores, strict=True)
        if score >= (same if set(e.clauses) & set(clauses) else other) or folded(e.question) == folded(question)
    ]
    return sorted(found, key=lambda f: -f.likeness)[:limit]


def _centred(vectors: Floats, vector: Floats) -> Floats:
    mean = vectors.mean(axis=0) if len(vectors) > 2 else np.zeros_like(vector)
    rows, one = vectors - mean, vector - mean
    lengths = np.linalg.norm(rows, axis=1) * float(np.linalg.norm(one))
    return np.asarray(rows @ one / np.maximum(lengths, 1e-9), dtype=np.float32)
