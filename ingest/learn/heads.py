"""Fit the heads that read a message (``assistant.answers.question.classifier``) on the banks of messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.classifier import COLUMNS, Head, Heads, Variant, grams
from ingest.learn import bank, messages
from ingest.learn.composing import joint_examples

STRICTNESS = 10.0
"""Inverse of the penalty on weights; 3 to 30 give the same (``python -m ingest.learn.confusion``)."""
DENSE = 2.0
"""How much longer an embedding is than a vector of n-grams, so that the penalty lets it speak."""
_PLAIN = 7
"""Every how many questions of the staff bank one is taken as an example of a plain question about the guide."""
_FRAMED = 900
"""Messages that join two things, from which the places of joints are learned."""

Examples = tuple[list[str], list[str]]


def examples() -> dict[str, Examples]:
    """Head -> texts and their labels."""
    plain = [e.question for e in bank.load() if e.clause][::_PLAIN]
    acts, parted = messages.acts(), messages.composed()
    asked = [a for a in acts if a.shape]
    pieces = [p for c in parted for p in c.parts]
    elliptical = [f.message for f in messages.follow_ups() if f.how != "corrects"]
    standing = [a.message for a in asked if a.shape == "listing"]
    named = [k.message for k in messages.kinds()] + [p.text for p in pieces if p.role == "question"]
    return {
        "act": _both([(a.message, a.act) for a in acts] + [(q, "question") for q in [*plain, *elliptical, *named]]),
        "shape": _both([(a.message, a.shape or "question") for a in asked]),
        "makeup": _both([(c.message, _makeup(c)) for c in parted] + [(q, "one") for q in plain[::2]]),
        "role": _both([(p.text, p.role) for p in pieces] + [(q, "question") for q in plain[::4]]),
        "how": _both([(f.message, f.how) for f in messages.follow_ups()] + [(q, "new") for q in standing]),
        "kind": _both([(k.message, k.kind) for k in messages.kinds()]),
    }


def fit_heads(vectors: Callable[[Sequence[str]], Floats] | None, maker: str) -> Heads:
    """Fit every head, with the embedding and without.

    Args:
        vectors: texts -> unit vectors, shape (len(texts), dimension); None without an embedding model.
        maker: the fingerprint of that model.
    """
    taught = examples()
    mean: Floats | None = None
    if vectors is not None:
        mean = vectors([t for texts, _ in taught.values() for t in texts]).mean(axis=0)
    heads: dict[str, Head] = {}
    for name, (texts, labels) in taught.items():
        known = tuple(sorted(set(labels)))
        alone = variant(gram_matrix(texts), labels, known)
        full = None
        if vectors is not None and mean is not None:
            full = variant(joined(texts, vectors(texts), mean), labels, known)
        heads[name] = Head(known, alone, full)
    texts, labels = joint_examples(bank.load(), _FRAMED, 0)
    heads["joint"] = Head(("joint", "none"), variant(gram_matrix(texts), labels, ("joint", "none"), None))
    return Heads(heads, maker, mean)


def gram_matrix(texts: Sequence[str]) -> Any:
    """Sparse matrix of n-grams, shape (texts, COLUMNS)."""
    from scipy.sparse import csr_matrix

    found = [grams(t) for t in texts]
    pointers = np.cumsum([0, *(len(columns) for columns, _ in found)])
    columns = np.concatenate([np.array(c, dtype=np.int32) for c, _ in found])
    return csr_matrix((np.concatenate([w for _, w in found]), columns, pointers), shape=(len(texts), COLUMNS))


def joined(texts: Sequence[str], vectors: Floats, mean: Floats) -> Any:
    """N-grams beside centred vectors, ``DENSE`` times as long, shape (texts, COLUMNS + dimension)."""
    from scipy.sparse import csr_matrix, hstack

    centred = vectors - mean
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return hstack([gram_matrix(texts), csr_matrix(DENSE * centred)]).tocsr()


def classifier(balance: Literal["balanced"] | None = "balanced") -> Any:
    """The logistic regression that every head is fitted by."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRICTNESS, max_iter=300, class_weight=balance)


def variant(matrix: Any, labels: list[str], known: tuple[str, ...], balance: Literal["balanced"] | None = "balanced") -> Variant:
    """A head's variant fitted on a matrix of n-grams, with vectors beside them or without."""
    model = classifier(balance).fit(matrix, labels)
    assert tuple(model.classes_) == known
    weights, bias = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
    if len(known) == 2:  # one column that tells the second from the first
        weights, bias = np.concatenate([-weights, weights], axis=1) / 2, np.concatenate([-bias, bias]) / 2
    dense = DENSE * weights[COLUMNS:] if len(weights) > COLUMNS else None
    return Variant(weights[:COLUMNS], bias, dense)


def _makeup(message: messages.Composed) -> str:
    if len(message.questions) > 1:
        return "several"
    return "background" if any(p.role == "background" for p in message.parts) else "one"


def _both(pairs: Sequence[tuple[str, str]]) -> Examples:
    return [text for text, _ in pairs], [label for _, label in pairs]
