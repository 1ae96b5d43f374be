"""Teach a ranker which line of a clause decides, by the questions that name theirs; the weights of it are fitted when packing.

The bank's questions say which lines answer them. Those of the bank of verdicts (``verdicts.jsonl``) say which words decide: where these
stand in one clause alone, its first line that holds them is meant. The softmax is fitted on questions that were left out of what the
regression and the votes knew, together with what the same writer wrote beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.answers.passages import Passage
from assistant.answers.ports import Floats
from assistant.answers.question.words import sounds, tokens
from assistant.answers.reply.deciding.verdicts import Verdicts
from assistant.answers.search.features import ORDER_FEATURES, line_features, order_features
from assistant.answers.search.lexical import Lexical
from assistant.answers.search.ranker import KINDS, NEIGHBOURHOOD, LineOrder, Ranker
from ingest.learn.banks.bank import BankEntry
from ingest.learn.methods.kernel import RidgeFit, Texts, kernel_of, ridge, unit
from ingest.learn.methods.lexicon import matrix_of, postings, rows_of

_BESIDE = 8
"""Rows of a clause in a run that are left out together: a writer's questions stand one after another."""
_PENALTY, _STEPS = 1e-4, 200  # of the softmax; chosen


class ToldQuestions(NamedTuple):
    """Yes/no questions, the guide's words that decide each, and their embeddings."""

    questions: tuple[str, ...]
    words: tuple[str, ...]
    vectors: Floats

    @classmethod
    def of(cls, verdicts: Verdicts) -> ToldQuestions:
        """The bank of verdicts. Embeddings have unit length, so the centred ones, which are kept, tell what they were."""
        mean = verdicts.mean
        along = verdicts.vectors @ mean
        length = np.sqrt(np.maximum(along**2 + 1 - float(mean @ mean), 0)) - along
        return cls(verdicts.messages, verdicts.words, (verdicts.vectors * length[:, None] + mean).astype(np.float32))


class _Taught(NamedTuple):
    """What the regression learns from: texts (labelled rows of the ranker, then yes/no questions), and a column for each line."""

    texts: Texts
    targets: Floats
    told: Any
    vectors: Floats


def ordered(ranker: Ranker, groups: Mapping[str, Sequence[Passage]], told: ToldQuestions | None, weights: Sequence[float]) -> Ranker:
    """The ranker with the order of lines, if it has a model and knows the guide's clauses.

    ``told`` are embedded by the ranker's model, None where it is another one.
    """
    if ranker.unlearned or ranker.vectors is None or not len(ranker.kind_rows) or len(weights) != ORDER_FEATURES:
        return ranker
    taught = _taught(ranker, groups, told)
    alpha = ridge(kernel_of(taught.texts), taught.targets)
    told_words = postings(ranker.lexicon.vocabulary, ranker.lexicon.idf, taught.told)
    return replace(ranker, order=LineOrder(told_words, taught.vectors, alpha, np.array(weights, dtype=np.float32)))


def _taught(ranker: Ranker, groups: Mapping[str, Sequence[Passage]], told: ToldQuestions | None) -> _Taught:
    from scipy.sparse import vstack

    assert ranker.vectors is not None
    assert ranker.mean is not None
    lexicon, lines = ranker.lexicon, [p.id for group in groups.values() for p in group]
    columns: dict[str, list[int]] = {}  # a line that two clauses share has one in each
    for column, line in enumerate(lines):
        columns.setdefault(line, []).append(column)
    told = told or ToldQuestions((), (), np.zeros((0, len(ranker.mean)), dtype=np.float32))
    homes = _homes(groups, told.words)
    kept = [i for i, words in enumerate(told.words) if words in homes]
    counts = [[t for t in (*tokens(told.questions[i]), *sounds(told.questions[i])) if t in lexicon.vocabulary] for i in kept]
    spoken, vectors = rows_of(counts, lexicon.vocabulary, lexicon.idf), unit(told.vectors[kept] - ranker.mean)
    targets = np.zeros((len(ranker.kind_rows) + len(kept), len(lines)), dtype=np.float32)
    for row, entry in enumerate(ranker.kind_rows):
        named = [p for p in ranker.row_passages[entry] if p in columns]
        targets[row, [c for p in named for c in columns[p]]] = 1 / max(1, len(named))
    for row, i in enumerate(kept, len(ranker.kind_rows)):
        targets[row, columns[homes[told.words[i]]]] = 1
    texts = Texts(
        vstack([matrix_of(lexicon)[ranker.kind_rows], spoken]).tocsr(), np.concatenate([ranker.vectors[ranker.kind_rows], vectors])
    )
    return _Taught(texts, targets, spoken, vectors)


def _homes(groups: Mapping[str, Sequence[Passage]], words: Sequence[str]) -> dict[str, str]:
    """The first line that holds some words, for those that stand in one clause alone."""
    found: dict[str, str] = {}
    for said in dict.fromkeys(words):
        holding = [p for group in groups.values() for p in group if said in p.wording]
        if len({p.clause for p in holding}) == 1:
            found[said] = holding[0].id
    return found


def fit_order(
    ranker: Ranker, entries: Sequence[BankEntry], groups: Mapping[str, list[Passage]], titles: dict[str, str], told: ToldQuestions
) -> list[float]:
    """Weights of the softmax, by maximum likelihood over the bank's questions that name lines; ``entries`` are the ranker's rows."""
    taught, rows = _taught(ranker, groups, told), ranker.kind_rows
    runs = _runs(ranker)
    scores = _without(RidgeFit.fit(taught.texts, taught.targets), runs, len(rows))
    kinds = _without(RidgeFit.fit(taught.texts[: len(rows)], np.eye(len(KINDS), dtype=np.float32)[ranker.row_kind[rows]]), runs, len(rows))
    lexical, start = Lexical(dict(groups), titles), np.cumsum([0, *(len(g) for g in groups.values())])
    assert ranker.vectors is not None
    asked, lines = ranker.vectors[rows], ranker.vectors[len(ranker.row_passages) :]
    found: list[Floats] = []
    wanted: list[NDArray[Any]] = []
    for clause, group in enumerate(groups.values()):
        members = np.flatnonzero(ranker.row_label[rows] == clause)
        if len(members) < 2 or len(group) < 2:
            continue
        span = slice(start[clause], start[clause + 1])
        near = kernel_of(taught.texts[members])
        near[runs[members][:, None] == runs[members]] = -np.inf
        weight = np.exp((near - np.maximum(near.max(axis=1, keepdims=True), 0)) / NEIGHBOURHOOD)
        weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
        named = np.array([[p.id in entries[rows[m]].passages for p in group] for m in members], dtype=np.float32)
        kind_votes = weight @ np.eye(len(KINDS))[ranker.row_kind[rows[members]]]
        own = np.array([p.kind == "clause" for p in group])
        cosines = asked[members] @ lines[span].T
        for i, m in enumerate(members):
            if not named[i].any():
                continue
            text = entries[rows[m]].question
            near_lines, words = lexical.lines(text)[span], len(set(tokens(text)))
            seen = line_features(text, group, (weight @ named)[i], kind_votes[i], kinds[m], cosines[i], near_lines, words)
            found.append(order_features(seen, own, scores[m, span]))
            wanted.append(named[i] / named[i].sum())
    return [round(float(w), 4) for w in _softmax_weights(found, wanted)]


def _runs(ranker: Ranker) -> NDArray[np.int64]:
    """For each labelled row the run of rows of its clause that it stands in."""
    seen: Counter[int] = Counter()
    found = []
    for label in ranker.row_label[ranker.kind_rows]:
        found.append(int(label) * len(ranker.kind_rows) + seen[label] // _BESIDE)
        seen[label] += 1
    return np.array(found, dtype=np.int64)


def _without(fitted: RidgeFit, runs: NDArray[np.int64], count: int) -> Floats:
    """What would be predicted for the first ``count`` rows, each without its run."""
    found = np.zeros((count, fitted.targets.shape[1]), dtype=np.float32)
    for run in np.unique(runs):
        rows = np.flatnonzero(runs == run)
        found[rows] = fitted.together(rows)
    return found


def _softmax_weights(features: Sequence[Floats], wanted: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Weights of a softmax over the rows of each array, by maximum likelihood."""
    from scipy.optimize import minimize

    x, y = np.concatenate(features), np.concatenate(wanted)
    spread = np.maximum(x.std(axis=0), 1e-6)
    spread[spread <= 1e-6] = 1  # the same for all lines: it says nothing
    x = x / spread
    sizes = [len(f) for f in features]
    starts, of = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)

    def loss(w: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        z = x @ w
        z -= np.maximum.reduceat(z, starts)[of]
        total = np.add.reduceat(np.exp(z), starts)[of]
        value = -float((y * (z - np.log(total))).sum()) / len(sizes) + _PENALTY * float(w @ w)
        return value, x.T @ (np.exp(z) / total - y) / len(sizes) + 2 * _PENALTY * w

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return np.asarray(found / spread)
