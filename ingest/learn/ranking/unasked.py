"""Clauses that nobody has asked about yet, put beside those that the banks know without changing what is learned of these.

Nothing is learned from an unasked clause: its lines and the pieces of them that stand for questions have no weight in the
regression, so every other clause scores as it does without it. It is found by hits on its own lines (``Ranker.bare``), and its
pieces vote for its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.passages import Passage
from assistant.answers.ports import Floats
from assistant.answers.question.words import sounds, tokens
from assistant.answers.search.ranker import KINDS, Lexicon, Ranker
from ingest.learn.banks.bank import BankEntry
from ingest.learn.methods.lexicon import matrix_of, postings, rows_of


def unasked(entries: Sequence[BankEntry], groups: dict[str, list[Passage]]) -> tuple[str, ...]:
    """The clauses of which no entry was asked by people or written by a model, in the guide's order."""
    asked = {e.clause for e in entries if e.origin != "guide"}
    return tuple(c for c in groups if c not in asked)


def beside(
    ranker: Ranker,
    entries: Sequence[BankEntry],
    groups: dict[str, list[Passage]],
    questions: Floats | None,
    passages: dict[str, Floats] | None,
) -> Ranker:
    """A ranker of all clauses of ``groups``, from one that was fitted on those that are asked about.

    Args:
        ranker: the fitted one; its rows are the asked entries in their order, then the lines of its own clauses.
        entries: all entries, those from the guide's own words among them.
        groups: clause id -> its passages, of all clauses.
        questions: embeddings of ``entries``, or None without a model.
        passages: passage id -> embedding, or None without a model.
    """
    labels = tuple(groups)
    flat = [(c, p) for c, group in groups.items() for p in group]
    asked = [i for i, e in enumerate(entries) if e.origin != "guide"]
    pieces = [i for i, e in enumerate(entries) if e.origin == "guide"]
    order = [*asked, *pieces]
    fitted = np.array([*range(len(asked)), *(len(entries) + i for i, (c, _) in enumerate(flat) if c in ranker.labels)])
    fresh = np.setdiff1d(np.arange(len(entries) + len(flat)), fitted)
    gone = ranker.alpha.shape[1] - len(ranker.labels) - 1
    columns = np.array([*(labels.index(c) for c in ranker.labels), *range(len(labels), len(labels) + 1 + gone)])
    texts = [entries[i].question for i in order] + [p.wording for _, p in flat]
    place = {c: i for i, c in enumerate(labels)}
    bank = [entries[i] for i in order]
    kinds = [KINDS.index(e.kind) if e.kind in KINDS else -1 for e in bank]
    neighbours = np.array([len(asked) + i for i, e in enumerate(bank[len(asked) :]) if e.kind in KINDS], dtype=np.int64)

    def spread(weights: Floats) -> Floats:
        whole = np.zeros((len(texts), len(labels) + 1 + gone), dtype=np.float32)
        whole[np.ix_(fitted, columns)] = weights
        return whole

    return Ranker(
        labels=labels,
        vectors=_vectors(ranker, fitted, fresh, [(order[i] if i < len(order) else None) for i in fresh], flat, questions, passages),
        mean=ranker.mean,
        lexicon=_lexicon(ranker.lexicon, fitted, fresh, texts),
        alpha=spread(ranker.alpha),
        alpha_lexical=spread(ranker.alpha_lexical),
        kind_rows=np.concatenate([ranker.kind_rows, neighbours]),
        kind_alpha=np.concatenate([ranker.kind_alpha, np.zeros((len(neighbours), len(KINDS)), dtype=np.float32)]),
        row_label=np.array([place.get(e.clause, len(labels)) for e in bank] + [place[c] for c, _ in flat], dtype=np.int64),
        row_kind=np.array(kinds, dtype=np.int64),
        row_passages=[list(e.passages) for e in bank],
        weights=ranker.weights,
        refuse_above=ranker.refuse_above,
        bare=unasked(entries, groups),
    )


def _vectors(
    ranker: Ranker,
    fitted: NDArray[Any],
    fresh: NDArray[Any],
    entry: Sequence[int | None],
    flat: Sequence[tuple[str, Passage]],
    questions: Floats | None,
    passages: dict[str, Floats] | None,
) -> Floats | None:
    """The fitted vectors where they belong, the fresh ones centred around the means of those."""
    if ranker.vectors is None or ranker.mean is None or questions is None or passages is None:
        return None
    lines = np.stack([passages[p.id] for c, p in flat if c in ranker.labels]).mean(axis=0)
    start = len(fitted) + len(fresh) - len(flat)
    whole = np.zeros((len(fitted) + len(fresh), ranker.vectors.shape[1]), dtype=np.float32)
    whole[fitted] = ranker.vectors
    for row, index in zip(fresh, entry, strict=True):
        one = questions[index] - ranker.mean if index is not None else passages[flat[row - start][1].id] - lines
        whole[row] = one / max(float(np.linalg.norm(one)), 1e-9)
    return whole


def _lexicon(known: Lexicon, fitted: NDArray[Any], fresh: NDArray[Any], texts: Sequence[str]) -> Lexicon:
    """The fitted postings with rows of the fresh texts; a word that only these have is as rare as can be."""
    from scipy.sparse import vstack

    vocabulary = dict(known.vocabulary)
    counts = [[*tokens(texts[row]), *sounds(texts[row])] for row in fresh]
    for token in sorted({t for c in counts for t in c} - vocabulary.keys()):
        vocabulary[token] = len(vocabulary)
    rare = np.float32(np.log(len(fitted) + 1) + 1)
    idf = np.concatenate([known.idf, np.full(len(vocabulary) - len(known.idf), rare, dtype=np.float32)])
    old = matrix_of(known)
    old.resize(len(fitted), len(vocabulary))
    new = rows_of(counts, vocabulary, idf)
    place = np.argsort(np.concatenate([fitted, fresh]))
    return postings(vocabulary, idf, vstack([old, new]).tocsr()[place])
