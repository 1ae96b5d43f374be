"""Fit the ranker on the banks and the guide's own lines; every weight comes from leave-one-out scores, none by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.passages import Passage
from assistant.answers.ports import Floats
from assistant.answers.question.words import tokens
from assistant.answers.search.features import (
    BARE_FEATURES,
    DEPTH,
    LINE_FEATURES,
    bare_features,
    clause_features,
    dense_by_clause,
    line_features,
    max_by_clause,
    refusal_features,
    stated_units,
)
from assistant.answers.search.lexical import Lexical
from assistant.answers.search.ranker import KINDS, NEIGHBOURHOOD, Ranker, answerable
from ingest.learn.banks.bank import BankEntry
from ingest.learn.methods.kernel import RidgeFit, Texts, kernel_of, ridge, unit
from ingest.learn.methods.lexicon import lexicon_of
from ingest.learn.ranking.unasked import beside, unasked

FALSE_REFUSALS = 0.02  # share of answerable bank questions that may be refused (DECISIONS "Refusal")
_ENOUGH = 300  # rows of each kind before refusing is learned without other banks; chosen, not measured
_PRETEND, _PRETENDED = 0.15, 4000
"""Share of clauses that are taken to have no bank question, and of how many questions, when the weights of such clauses are fitted."""


def fit(
    entries: Sequence[BankEntry],
    groups: dict[str, list[Passage]],
    titles: dict[str, str],
    question_vectors: Floats | None,
    passage_vectors: dict[str, Floats] | None,
    defaults: dict[str, Any],
    step: Callable[[int, int], None] = lambda done, total: None,
    stand: bool = False,
) -> Ranker:
    """A ranker for one edition.

    Args:
        entries: the banks, already carried to this edition.
        groups: clause id -> its passages.
        titles: clause id -> titles and headings above it, for the lexical side.
        question_vectors: embeddings of the entries, shape (len(entries), dimension), or None without a model.
        passage_vectors: passage id -> embedding, or None without a model.
        defaults: ``weights`` and ``refuse_above`` used when the banks are too small to fit them.
        step: told (done, total) as the fit proceeds.
        stand: ``defaults`` are the weights of the edition in force and hold for this one too.

    Clauses that no entry was asked of are put beside the others afterwards and change nothing for them.
    """
    new = unasked(entries, groups)
    if not new or len(new) == len(groups):
        return _fitted(entries, groups, titles, question_vectors, passage_vectors, defaults, step, stand)
    asked = [i for i, e in enumerate(entries) if e.origin != "guide"]
    old = {c: group for c, group in groups.items() if c not in new}
    vectors = None if question_vectors is None else question_vectors[asked]
    ranker = _fitted([entries[i] for i in asked], old, titles, vectors, passage_vectors, defaults, step, stand)
    return beside(ranker, entries, groups, question_vectors, passage_vectors)


def _fitted(
    entries: Sequence[BankEntry],
    groups: dict[str, list[Passage]],
    titles: dict[str, str],
    question_vectors: Floats | None,
    passage_vectors: dict[str, Floats] | None,
    defaults: dict[str, Any],
    step: Callable[[int, int], None],
    stand: bool,
) -> Ranker:
    """A ranker of clauses that were all asked about."""
    labels = tuple(groups)
    owned: list[tuple[str, Passage]] = [(c, p) for c, group in groups.items() for p in group]
    texts = [e.question for e in entries] + [p.wording for _, p in owned]
    place = {c: i for i, c in enumerate(labels)}
    row_label = np.array([place.get(e.clause, len(labels)) for e in entries] + [place[c] for c, _ in owned], dtype=np.int64)
    lexicon, matrix = lexicon_of(texts)
    step(1, 6)
    targets = _targets(entries, row_label, len(labels))
    vectors, mean = _centred(question_vectors, passage_vectors, owned)
    learned = Texts(matrix, vectors)
    step(2, 6)
    labelled = np.array([i for i, e in enumerate(entries) if e.clause and e.kind in KINDS], dtype=np.int64)
    kind_targets = np.zeros((len(labelled), len(KINDS)), dtype=np.float32)
    kind_targets[np.arange(len(labelled)), [KINDS.index(entries[i].kind or "all") for i in labelled]] = 1
    fitted = RidgeFit.fit(learned, targets)
    step(3, 6)
    alpha, held_out = fitted.alpha, answerable(fitted.one_by_one(), len(labels))
    without = _without_clause(fitted, row_label, held_out[: len(entries)])
    del fitted  # the memory is needed again
    alpha_lexical = _spare(matrix, targets) if vectors is not None else None
    step(4, 6)
    fitted = RidgeFit.fit(learned[labelled], kind_targets)
    kind_alpha, kind_held_out = fitted.alpha, fitted.one_by_one()
    del fitted
    ranker = Ranker(
        labels=labels,
        vectors=vectors,
        mean=mean,
        lexicon=lexicon,
        alpha=alpha,
        alpha_lexical=alpha if alpha_lexical is None else alpha_lexical,
        kind_rows=labelled,
        kind_alpha=kind_alpha,
        row_label=row_label,
        row_kind=np.array([KINDS.index(e.kind) if e.kind in KINDS else -1 for e in entries], dtype=np.int64),
        row_passages=[list(e.passages) for e in entries],
        weights=dict(defaults["weights"]),
        refuse_above=float(defaults["refuse_above"]),
        bare=unasked(entries, groups),
    )
    if not stand and sum(bool(e.clause) for e in entries) >= _ENOUGH and sum(not e.clause for e in entries) >= _ENOUGH:
        found = _Found(entries, groups, titles, question_vectors, passage_vectors)
        truth = row_label[: len(entries)]
        features, refusal = _fit_clauses(ranker, found, held_out[: len(entries)], truth)
        _fit_bare(ranker, found, learned, features, refusal, without)
        step(5, 6)
        _fit_lines(ranker, found, kernel_of(learned[labelled]), labelled, kind_held_out)
    step(6, 6)
    return ranker


def _targets(entries: Sequence[BankEntry], row_label: NDArray[np.int64], clauses: int) -> Floats:
    """One column for each clause, one for "not in the guide", and one for each clause that the bank knows and that is gone."""
    gone = {c: clauses + 1 + n for n, c in enumerate(dict.fromkeys(e.gone for e in entries if e.gone))}
    columns = row_label.copy()
    columns[: len(entries)] = [gone.get(e.gone, label) for e, label in zip(entries, row_label, strict=False)]
    found = np.zeros((len(columns), clauses + 1 + len(gone)), dtype=np.float32)
    found[np.arange(len(columns)), columns] = 1
    return found


def _centred(
    questions: Floats | None, passages: dict[str, Floats] | None, owned: list[tuple[str, Passage]]
) -> tuple[Floats | None, Floats | None]:
    """Unit vectors around their own means: questions and passages have different forms, hence different means."""
    if questions is None or passages is None:
        return None, None
    lines = np.stack([passages[p.id] for _, p in owned]).astype(np.float32)
    mean = questions.mean(axis=0) if len(questions) else lines.mean(axis=0)
    stacked = np.concatenate([questions - mean, lines - lines.mean(axis=0)])
    return unit(stacked).astype(np.float32), mean.astype(np.float32)


def _spare(matrix: Any, targets: Floats) -> Floats:
    """Dual weights for the days without an embedding model: every second row is enough, at an eighth of the cost."""
    rows = np.arange(0, len(targets), 2)
    weights = np.zeros_like(targets)
    weights[rows] = ridge(kernel_of(Texts(matrix[rows], None)), targets[rows])
    return weights


def _without_clause(fitted: RidgeFit, row_label: NDArray[np.int64], held_out: Floats) -> Floats:
    """What would be predicted for each bank question if nothing were learned of its clause, its lines included."""
    found = held_out.copy()
    count, width = found.shape
    for clause in np.unique(row_label[:count][row_label[:count] < width - 1]):
        rows = np.flatnonzero(row_label == clause)
        asked = rows < count
        found[rows[asked]] = fitted.together(rows)[asked, :width]
    return found


class _Found:
    """The dense and lexical hits of every bank question on the guide's lines, as answering will see them."""

    def __init__(
        self,
        entries: Sequence[BankEntry],
        groups: dict[str, list[Passage]],
        titles: dict[str, str],
        questions: Floats | None,
        passages: dict[str, Floats] | None,
    ) -> None:
        self.entries = entries
        self.groups = groups
        self.lexical = Lexical(groups, titles)
        self.columns = self.lexical.columns
        self.flat = [p for group in groups.values() for p in group]
        self.start = np.cumsum([0, *(len(g) for g in groups.values())])
        self.similar = (
            questions @ np.stack([passages[p.id] for p in self.flat]).T
            if questions is not None and passages is not None
            else np.zeros((len(entries), len(self.flat)), dtype=np.float32)
        )
        self.words = [len(set(tokens(e.question))) for e in entries]
        self.lines = [self.lexical.lines(e.question) for e in entries]
        self.stated = [stated_units(group) for group in groups.values()]

    def clause_features(self, row: int, scores: Floats) -> Floats:
        """The same features as when answering: the best ``DEPTH`` passages, folded up to clauses."""
        similar = self.similar[row]
        best = np.argpartition(-similar, min(DEPTH, len(similar)) - 1)[:DEPTH]
        dense = dense_by_clause(similar[best], self.columns[best], len(self.groups))
        by_line = max_by_clause(self.lines[row], self.columns, len(self.groups))
        return clause_features(scores, dense, by_line, self.lexical.clauses(self.entries[row].question), self.words[row])


def _fit_clauses(ranker: Ranker, found: _Found, held_out: Floats, truth: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Softmax weights by maximum likelihood; the threshold leaves at most ``FALSE_REFUSALS`` of the bank refused.

    Only what people asked counts: pieces of the guide's own lines stand for clauses that have weights of their own.
    """
    from scipy.optimize import minimize

    features = np.stack([found.clause_features(i, s) for i, s in enumerate(held_out)]).astype(np.float64)
    best = held_out[:, :-1].argmax(axis=1)
    refusal = np.stack(
        [refusal_features(e.question, s, found.stated[b]) for e, s, b in zip(found.entries, held_out, best, strict=True)]
    ).astype(np.float64)
    width = features.shape[2]
    by_people = np.array([e.origin != "guide" for e in found.entries])
    features, refusal, truth, every = features[by_people], refusal[by_people], truth[by_people], (features, refusal)
    rows = np.arange(len(truth))

    def loss(w: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        logits = np.concatenate([features @ w[:width], (refusal @ w[width:])[:, None]], axis=1)
        top = logits.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
        residual = np.exp(logits - total[:, None])
        value = float((total - logits[rows, truth]).mean()) + 1e-4 * float(w @ w)
        residual[rows, truth] -= 1
        gradient = np.concatenate([np.einsum("nc,nck->k", residual[:, :-1], features), refusal.T @ residual[:, -1]])
        return value, gradient / len(truth) + 2e-4 * w

    w = minimize(loss, np.zeros(width + refusal.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    ranker.weights |= {"clause": w[:width].tolist(), "refusal": w[width:].tolist()}
    logits = np.concatenate([features @ w[:width], (refusal @ w[width:])[:, None]], axis=1)
    refused = np.exp(logits[:, -1] - logits.max(axis=1)) / np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1)
    answerable = np.sort(refused[truth < len(ranker.labels)])
    ranker.refuse_above = float(answerable[int(len(answerable) * (1 - FALSE_REFUSALS))])
    return every[0].astype(np.float32), every[1].astype(np.float32)


def _fit_bare(ranker: Ranker, found: _Found, learned: Texts, features: Floats, refusal: Floats, without: Floats) -> None:
    """Weights for clauses without bank questions, by pretending that random clauses have none.

    A pretended clause is judged by hits on its own lines only, the others as before. What is asked of it is as rare as it was in the
    bank, and most of what it is judged on was asked of another clause or is not in the guide at all: so it draws nothing that nobody
    asked of it. A question about a pretended clause has the regression scores that it would then have.
    """
    from scipy.optimize import minimize

    chance = np.random.default_rng(0)
    count, clauses = features.shape[:2]
    truth = ranker.row_label[:count]
    rows = chance.choice(count, size=min(_PRETENDED, count), replace=False)
    lines = np.zeros((len(rows), clauses), dtype=np.float32)
    np.maximum.at(lines.T, ranker.row_label[count:], kernel_of(learned[rows], learned[count:]).T)
    pretended = chance.random((len(rows), clauses + 1)) < _PRETEND
    about = pretended[np.arange(len(rows)), truth[rows]] & (truth[rows] < clauses)
    pretended = pretended[:, :-1]
    seen = features[rows].astype(np.float64)
    seen[about, :, 0] = without[rows[about], :-1]
    best = [found.stated[b] for b in seen[:, :, 0].argmax(axis=1)]
    scores = np.concatenate([seen[:, :, 0], np.where(about, without[rows, -1], refusal[rows, 0])[:, None]], axis=1)
    asked = np.stack([refusal_features(found.entries[r].question, s, b) for r, s, b in zip(rows, scores, best, strict=True)])
    fixed = np.concatenate([seen @ np.array(ranker.weights["clause"]), (asked @ np.array(ranker.weights["refusal"]))[:, None]], axis=1)
    own = np.stack([bare_features(f, k) for f, k in zip(seen, lines, strict=True)]).astype(np.float64)
    here = np.arange(len(rows))

    def loss(w: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        logits = fixed.copy()
        logits[:, :-1] = np.where(pretended, own @ w, fixed[:, :-1])
        top = logits.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(logits - top).sum(axis=1))
        residual = np.exp(logits - total[:, None])
        value = float((total - logits[here, truth[rows]]).mean()) + 1e-4 * float(w @ w)
        residual[here, truth[rows]] -= 1
        return value, np.einsum("nc,nck->k", residual[:, :-1] * pretended, own) / len(rows) + 2e-4 * w

    ranker.weights["bare"] = minimize(loss, np.zeros(BARE_FEATURES), jac=True, method="L-BFGS-B").x.tolist()


def _fit_lines(ranker: Ranker, found: _Found, near_labelled: Floats, labelled: NDArray[np.int64], kinds: Floats) -> None:
    """Logistic weights for a line to be shown, by maximum likelihood over the labelled bank questions."""
    from scipy.optimize import minimize

    features: list[Floats] = []
    wanted: list[NDArray[Any]] = []
    clause_of = ranker.row_label[labelled]
    for clause, group in enumerate(found.groups.values()):
        members = np.flatnonzero(clause_of == clause)
        if len(members) < 2 or len(group) < 2:
            continue
        rows = labelled[members]
        weight = near_labelled[np.ix_(members, members)].astype(np.float64)
        np.fill_diagonal(weight, -np.inf)
        weight = np.exp((weight - weight.max(axis=1, keepdims=True)) / NEIGHBOURHOOD)
        weight /= weight.sum(axis=1, keepdims=True)
        answers = np.array([[p.id in found.entries[r].passages for p in group[1:]] for r in rows], dtype=np.float64)
        kind_of = np.eye(len(KINDS))[[ranker.row_kind[r] for r in rows]]
        votes, kind_votes = weight @ answers, weight @ kind_of
        span = slice(found.start[clause] + 1, found.start[clause + 1])
        for i, row in enumerate(rows):
            features.append(
                line_features(
                    found.entries[row].question,
                    group[1:],
                    votes[i],
                    kind_votes[i],
                    kinds[members[i]],
                    _line_similarity(ranker, row, len(found.entries), span),
                    found.lines[row][span],
                    found.words[row],
                )
            )
            wanted.append(answers[i])
    if not features:
        return
    x, y = np.concatenate(features).astype(np.float64), np.concatenate(wanted)

    def loss(w: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        z = x @ w
        p = 1 / (1 + np.exp(-z))
        value = float((np.logaddexp(0, z) - y * z).mean()) + 1e-4 * float(w @ w)
        return value, x.T @ (p - y) / len(y) + 2e-4 * w

    ranker.weights["line"] = minimize(loss, np.zeros(LINE_FEATURES), jac=True, method="L-BFGS-B").x.tolist()


def _line_similarity(ranker: Ranker, row: int, offset: int, span: slice) -> Floats:
    """Centred cosine of one bank question with the lines of one clause, as ``Ranker.line_similarities`` has it."""
    if ranker.vectors is None:
        return np.zeros(span.stop - span.start, dtype=np.float32)
    return np.asarray(ranker.vectors[offset + span.start : offset + span.stop] @ ranker.vectors[row], dtype=np.float32)
