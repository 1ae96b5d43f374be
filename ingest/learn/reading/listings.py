"""Learn to read listings: which words name what (``Tagger``), and whether a message asks for all clauses of a kind at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from assistant.answers.passages import distinct
from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head
from assistant.answers.question.learned.listing import wording_of
from assistant.answers.question.learned.listing_model import ListingModel
from assistant.answers.question.learned.tagging import COLUMNS, Tagger, Wording, features, units
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.words import fold
from assistant.guide import Guide
from ingest.learn.banks import bank, messages
from ingest.learn.banks.listing_bank import ListingMessage, taught, terms
from ingest.learn.methods.kept import code_of, kept
from ingest.learn.methods.linear import gram_matrix, joined, variant

_NOTHING = ""
_UNLIKE, _EMBEDDED = 2, 4
"""One in so many questions about one thing is taught as being no listing; one in so many messages is embedded."""


def fit_listings(guide: Guide, vectors: Callable[[Sequence[str]], Floats] | None, maker: str) -> ListingModel:
    """Fit all there is to reading a listing.

    Args:
        guide: the shipped edition.
        vectors: texts -> unit vectors, shape (len(texts), dimension); None without an embedding model.
        maker: the fingerprint of that model.
    """
    entries = taught(guide)
    known_terms = terms(guide)
    wording = wording_of(guide, [p.wording for p in distinct(guide)], known_terms)
    asks, mean = _asks(entries, vectors)
    several = [e for e in entries if len(e.spans) > 1]
    known = ("all", "any")
    join = Head(known, variant(gram_matrix([e.message for e in several]), ["all" if e.together else "any" for e in several], known))
    return ListingModel(fit_tagger([e for e in entries if e.spans], wording), asks, join, known_terms, maker, mean)


def _asks(entries: Sequence[ListingMessage], vectors: Callable[[Sequence[str]], Floats] | None) -> tuple[Head, Floats | None]:
    """What tells listings from others, from n-grams alone and with vectors; these of one in ``_EMBEDDED`` messages."""
    others = unlike()
    texts, labels = [*(e.message for e in entries), *others], [*(e.asks for e in entries), *["other"] * len(others)]
    known = tuple(sorted(set(labels)))
    letters = [unnumbered(t) for t in texts]
    alone = variant(gram_matrix(letters), labels, known)
    if vectors is None:
        return Head(known, alone), None
    few = [i for i in range(len(texts)) if i >= len(entries) or i % _EMBEDDED == 0]
    chosen = [texts[i] for i in few]
    embedded = vectors(chosen)
    mean = embedded.mean(axis=0)
    return Head(known, alone, variant(joined([letters[i] for i in few], embedded, mean), [labels[i] for i in few], known)), mean


def unlike() -> list[str]:
    """Messages that are no listing."""
    answered = [e.question for e in bank.load() if e.clause][::_UNLIKE]
    silent = [e.question for e in bank.load() if not e.clause][::2]
    acts = [a.message for a in messages.acts() if a.shape not in ("listing", None) or a.act != "question"]
    return [*answered, *silent, *acts, *(k.message for k in messages.kinds()), *(f.message for f in messages.follow_ups())]


def fit_tagger(entries: Sequence[ListingMessage], wording: Wording) -> Tagger:
    """Fit the tagger on messages whose spans are known."""
    return kept("tagger", (entries, wording, code_of(__name__)), lambda: _fitted_tagger(entries, wording))


def _fitted_tagger(entries: Sequence[ListingMessage], wording: Wording) -> Tagger:
    from scipy.sparse import csr_matrix

    roles = (_NOTHING, *sorted({s.role for e in entries for s in e.spans}))
    columns: list[list[int]] = []
    labels: list[int] = []
    absent: list[int] = []
    steps = np.ones((len(roles), len(roles)))
    for entry in entries:
        path, without = _path(entry, roles)
        columns += features(units(fold(entry.message)), wording)
        labels += path
        absent += without
        for here, after in pairwise(path):
            steps[here, after] += 1
    pointers = np.cumsum([0, *map(len, columns)])
    flat = np.concatenate([np.array(c, dtype=np.int32) for c in columns])
    matrix = csr_matrix((np.ones(len(flat), dtype=np.float32), flat, pointers), shape=(len(columns), COLUMNS))
    model = _linear().fit(matrix, labels)
    inside = np.array(labels) > 0
    sign = _linear().fit(matrix[inside], np.array(absent)[inside])
    logs = np.log(steps / steps.sum(axis=1, keepdims=True)) - np.log(steps.sum(axis=0) / steps.sum())
    return Tagger(roles, model.coef_.T.astype(np.float32), logs.astype(np.float32), sign.coef_[0].astype(np.float32))


def _linear() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1.0, max_iter=200, fit_intercept=False)


def _path(entry: ListingMessage, roles: Sequence[str]) -> tuple[list[int], list[int]]:
    """Role and absence per unit of a message."""
    path: list[int] = []
    absent: list[int] = []
    spans = [(len(fold(entry.message[: s.start])), s) for s in entry.spans]
    for unit in units(fold(entry.message)):
        span = next((s for start, s in spans if start <= unit.start < start + len(fold(s.text))), None)
        path.append(roles.index(span.role) if span else 0)
        absent.append(int(span.without) if span else 0)
    return path, absent
