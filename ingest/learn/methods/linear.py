"""Linear classifiers over a text's n-grams and its embedding, as every head is fitted (``question.learned.classifier``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import COLUMNS, Variant, grams
from ingest.learn.methods.kept import code_of, kept
from ingest.learn.methods.kernel import unit

STRICTNESS = 10.0
"""Inverse of the penalty on weights; 3 to 30 give the same (``python -m ingest.learn.confusion``)."""
DENSE = 2.0
"""How much longer an embedding is than a vector of n-grams, so that the penalty lets it speak."""


def gram_matrix(texts: Sequence[str]) -> Any:
    """Sparse matrix of n-grams, shape (texts, COLUMNS)."""
    from scipy.sparse import csr_matrix

    found = [grams(t) for t in texts]
    pointers = np.cumsum([0, *(len(columns) for columns, _ in found)])
    columns = np.concatenate([np.array(c, dtype=np.int32) for c, _ in found])
    return csr_matrix((np.concatenate([w for _, w in found]), columns, pointers), shape=(len(texts), COLUMNS))


def joined(texts: Sequence[str], vectors: Floats, mean: Floats, length: float = DENSE) -> Any:
    """N-grams beside centred vectors, ``length`` times as long, shape (texts, COLUMNS + dimension)."""
    from scipy.sparse import csr_matrix, hstack

    return hstack([gram_matrix(texts), csr_matrix(length * unit(vectors - mean))]).tocsr()


Balance = Literal["balanced"] | Mapping[str, float] | None
"""How much an example counts by its label: all labels alike, as given, or every example alike."""


def between(labels: Sequence[str], share: float) -> dict[str, float]:
    """A balance between every example alike (0) and all labels alike (1)."""
    count = Counter(labels)
    return {label: (len(labels) / (len(count) * n)) ** share for label, n in count.items()}


def classifier(balance: Balance = "balanced") -> Any:
    """The logistic regression that every head is fitted by."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRICTNESS, max_iter=300, class_weight=balance)


def variant(matrix: Any, labels: list[str], known: tuple[str, ...], balance: Balance = "balanced") -> Variant:
    """A head's variant fitted on a matrix of n-grams, with vectors beside them or without."""
    return kept("head", (matrix, labels, known, balance, code_of(__name__)), lambda: _fitted(matrix, labels, known, balance))


def _fitted(matrix: Any, labels: list[str], known: tuple[str, ...], balance: Balance) -> Variant:
    model = classifier(balance).fit(matrix, labels)
    assert tuple(model.classes_) == known
    weights, bias = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
    if len(known) == 2:  # one column that tells the second from the first
        weights, bias = np.concatenate([-weights, weights], axis=1) / 2, np.concatenate([-bias, bias]) / 2
    dense = DENSE * weights[COLUMNS:] if len(weights) > COLUMNS else None
    return Variant(weights[:COLUMNS], bias, dense)
