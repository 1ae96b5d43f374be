"""A ranker for a guide that the banks do not know, and how its weights are learned: half of the known guide is taken to be new.

The banks still teach two things of any guide: how a question sounds that no guide answers, and which kind of lines is asked for.
Questions that another guide answers stand beside those that none answers, so that it is the way of asking that counts and not the
subject.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.memory_index import MemoryIndex
from assistant.answers.passages import Passage
from assistant.answers.ports import Embedder, Floats
from assistant.answers.question.learned.classifier import softmax
from assistant.answers.search import unlearned
from assistant.answers.search.ranker import KINDS, Ranker
from assistant.answers.search.searcher import Searcher
from assistant.guide import Guide
from ingest.learn.banks.bank import BankEntry
from ingest.learn.methods.kernel import Texts, kernel_of, ridge, unit
from ingest.learn.methods.lexicon import lexicon_of
from ingest.learn.methods.logistic import logistic

_ELSEWHERE = 3
"""One in so many of the questions about another guide is kept: enough to know the way of asking, at a third of the time."""
_SPLITS, _EACH = 4, 6
"""Halves that are taken to be new, and how many questions one is learned from for."""
_FALSE_REFUSALS = 0.15
"""Share of questions about the half that is taken to be new that may be refused; of those that no guide answers three in four are then."""
_OTHERS = 0.3
"""How much a question counts that another guide answers: it may well be one that this guide answers too."""


_LEARNED = 0.5
"""Share of a guide's clauses that somebody must have asked about for the banks to rank them."""


def is_new(entries: Sequence[BankEntry], guide: Guide) -> bool:
    """Whether the banks, carried to a guide, know too few of its clauses to rank them."""
    asked = {e.clause for e in entries if e.clause and e.origin != "guide"}
    return len(asked) < _LEARNED * len(guide.clauses)


class GuideWords(NamedTuple):
    """A guide's texts and, with a model, their vectors: passage id -> line, clause -> title; ``middle`` is the mean of such lines."""

    groups: Mapping[str, list[Passage]]
    lines: Mapping[str, Floats] | None
    titles: Mapping[str, Floats] | None
    middle: Floats | None


def known(entries: Sequence[BankEntry]) -> list[BankEntry]:
    """What the banks teach of any guide: all that no guide answers, and some of the others."""
    about = [e for e in entries if e.clause]
    return [e for e in entries if not e.clause] + about[::_ELSEWHERE]


def apart(bank: Sequence[BankEntry], entries: Sequence[BankEntry]) -> tuple[list[BankEntry], list[BankEntry]]:
    """What the banks teach of any guide, and the entries about a new guide's clauses.

    Args:
        bank: as it ships, labelled on the guide that it knows.
        entries: the bank carried to the new guide, with that guide's own words.
    """
    own = [e for e in entries if e.clause]
    here = {e.question for e in own}
    return [e for e in known(bank) if e.question not in here], own


def ranker_of(
    taught: Sequence[BankEntry],
    asked: Floats | None,
    own: Sequence[BankEntry],
    own_asked: Floats | None,
    words: GuideWords,
    weights: Mapping[str, Any],
) -> Ranker:
    """The ranker.

    Args:
        taught: ``known`` of the banks, labelled on the guide that they know.
        asked: embeddings of ``taught``, or None without a model.
        own: entries about clauses of this guide: its own words, and what few questions there are.
        own_asked: embeddings of ``own``.
        words: the guide's.
        weights: as ``fit_weights`` gives them, with ``line`` weights beside.
    """
    labels = tuple(words.groups)
    place = {c: i for i, c in enumerate(labels)}
    flat = [(c, p) for c, group in words.groups.items() for p in group]
    rows, bank = len(taught), [*taught, *own]
    lexicon, matrix = lexicon_of([e.question for e in bank] + [p.wording for _, p in flat])
    vectors = mean = titles = None
    if asked is not None and own_asked is not None and words.lines is not None and words.titles is not None and words.middle is not None:
        mean = asked.mean(axis=0)
        lines = np.stack([words.lines[p.id] for _, p in flat]) - words.middle
        vectors = unit(np.concatenate([asked - mean, own_asked.reshape(-1, asked.shape[1]) - mean, lines]))
        titles = unit(np.stack([words.titles[c] for c in labels]) - words.middle)
    kernel = kernel_of(Texts(matrix, vectors)[:rows])
    silent = np.array([[not e.clause] for e in taught], dtype=np.float32)
    kinds = np.array([i for i, e in enumerate(taught) if e.clause and e.kind in KINDS], dtype=np.int64)
    kind_targets = np.eye(len(KINDS), dtype=np.float32)[[KINDS.index(taught[i].kind or "all") for i in kinds]].reshape(-1, len(KINDS))
    kind_alpha = ridge(kernel[np.ix_(kinds, kinds)].copy(), kind_targets)
    alpha = np.zeros((len(bank) + len(flat), len(labels) + 1), dtype=np.float32)
    alpha[:rows, -1:] = ridge(kernel, silent)
    neighbours = np.array([rows + i for i, e in enumerate(own) if e.kind in KINDS], dtype=np.int64)
    return Ranker(
        labels=labels,
        vectors=vectors,
        mean=None if mean is None else mean.astype(np.float32),
        lexicon=lexicon,
        alpha=alpha,
        alpha_lexical=alpha,
        kind_rows=np.concatenate([kinds, neighbours]),
        kind_alpha=np.concatenate([kind_alpha, np.zeros((len(neighbours), len(KINDS)), dtype=np.float32)]),
        row_label=np.array([len(labels)] * rows + [place[e.clause] for e in own] + [place[c] for c, _ in flat], dtype=np.int64),
        row_kind=np.array([KINDS.index(e.kind) if e.kind in KINDS else -1 for e in bank], dtype=np.int64),
        row_passages=[[] for _ in taught] + [list(e.passages) for e in own],
        weights={name: list(weights[name]) for name in ("unlearned", "doubt", "line") if name in weights},
        refuse_above=float(weights["refuse_above"]),
        bare=labels,
        titles=titles,
    )


def fit_weights(entries: Sequence[BankEntry], guide: Guide, words: GuideWords, embedder: Embedder) -> dict[str, Any]:
    """Weights of clauses and of doubt, by maximum likelihood over questions about clauses that were taken to be new, and over others."""
    items = sorted({p.item.number for p in guide.places.values()})
    evidence: list[tuple[str, unlearned.Evidence, int, float, list[frozenset[str]]]] = []
    for split in range(_SPLITS):
        new = set(random.Random(split).sample(items, len(items) // 2))  # noqa: S311 - no secret
        groups = {c: g for c, g in words.groups.items() if guide.places[c].item.number in new}
        held = [e for e in entries if zlib.crc32((e.group or e.question).encode()) % _SPLITS == split]
        apart = {e.question for e in held}
        taught = [e for e in known(entries) if e.question not in apart and e.clause not in groups]
        searcher = _searcher(taught, words._replace(groups=groups), guide, embedder)
        asked = [e for e in entries if e.clause in groups][::_EACH] + [e for e in held if e.clause not in groups][:: _EACH // 2]
        stated = [searcher.stated(c) for c in groups]
        for entry in asked:
            truth = list(groups).index(entry.clause) if entry.clause in groups else -1
            weight = 1.0 if truth >= 0 or not entry.clause else _OTHERS
            evidence.append((entry.question, _evidence(searcher, entry.question), truth, weight, stated))
    answered = [(unlearned.clause_features(e).astype(np.float64), truth) for _, e, truth, _, _ in evidence if truth >= 0]
    clause = _softmax_weights(answered)
    doubt, refused, weights = [], [], []
    for question, e, truth, weight, stated in evidence:
        features = unlearned.clause_features(e)
        logits = np.asarray(features @ clause, dtype=np.float32)
        doubt.append(unlearned.doubt_features(question, e, features, logits, stated[int(logits.argmax())]))
        refused.append(truth < 0)
        weights.append(weight)
    x, y = np.stack(doubt).astype(np.float64), np.array(refused, dtype=np.float64)
    w = logistic(x.astype(np.float32), y, np.array(weights))
    likely = np.sort(1 / (1 + np.exp(-(x @ w)))[y == 0])
    refuse_above = float(likely[int(len(likely) * (1 - _FALSE_REFUSALS))])
    return {"unlearned": clause.tolist(), "doubt": w.tolist(), "refuse_above": refuse_above}


def _searcher(taught: Sequence[BankEntry], words: GuideWords, guide: Guide, embedder: Embedder) -> Searcher:
    start = {"unlearned": [0.0], "doubt": [0.0], "refuse_above": 0.5}
    asked = embedder.queries([e.question for e in taught])
    ranker = ranker_of(taught, asked, (), np.zeros((0, asked.shape[1]), dtype=np.float32), words, start)
    kept = {p.item.number for c, p in guide.places.items() if c in words.groups}
    lines = {p.id: (words.lines or {})[p.id] for g in words.groups.values() for p in g}
    half = _part(guide, kept)
    return Searcher(half, ranker, MemoryIndex(list(lines), np.stack(list(lines.values()))), embedder)


def _part(guide: Guide, items: set[str]) -> Guide:
    """The guide with some of its items only."""
    parts = []
    for part in guide.parts:
        categories = [c.model_copy(update={"items": tuple(i for i in c.items if i.number in items)}) for c in part.categories]
        parts.append(part.model_copy(update={"categories": tuple(categories)}))
    return Guide(edition=guide.edition, title=guide.title, parts=tuple(parts))


def _evidence(searcher: Searcher, question: str) -> unlearned.Evidence:
    vector = searcher.vector(question)
    kernel = searcher.ranker.kernel(question, vector)
    out = float(searcher.ranker.scores(kernel, vector is not None)[-1])
    return searcher.evidence(question, vector, kernel, searcher.lexical.lines(question), out)


def _softmax_weights(rows: Sequence[tuple[NDArray[Any], int]]) -> NDArray[Any]:
    from scipy.optimize import minimize

    def loss(w: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        value, gradient = 0.0, np.zeros_like(w)
        for features, truth in rows:
            logits = features @ w
            share = softmax(logits)
            value -= float(np.log(share[truth] + 1e-12))
            gradient += features.T @ share - features[truth]
        return value / len(rows) + 1e-3 * float(w @ w), gradient / len(rows) + 2e-3 * w

    found = minimize(loss, np.zeros(unlearned.CLAUSE_FEATURES), jac=True, method="L-BFGS-B").x
    return np.asarray(found, dtype=np.float64)
