"""Learn which clauses belong to the answer of a message, from messages put together of questions that the search was not taught."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.reading import Reader
from assistant.answers.search.parts import cut_of, focus_of, units_of
from assistant.answers.search.units import candidates, set_features
from ingest.learn.banks import messages
from ingest.learn.banks.composing import Made, framed, several, told
from ingest.learn.methods.logistic import logistic
from ingest.learn.ranking.held_out import HeldOut

_SEED = 5  # the same messages in every run
_COUNTS = {"framed": 400, "several": 250, "told": 250, "plain": 600, "silent": 300}
_WEIGHTS = {"composed": 3.0, "framed": 0.7, "several": 1.0, "told": 1.0, "plain": 2.5, "silent": 1.0}
"""How much a candidate of a message counts; the hand-written ones most."""


def fit_clause_set(held: HeldOut, heads: Heads) -> Floats:
    """Weights over ``set_features``, by maximum likelihood."""
    reader = Reader(held.searcher.guide, heads, held.searcher.vector)
    features: list[Floats] = []
    wanted: list[NDArray[Any]] = []
    weights: list[NDArray[Any]] = []
    for kind, made in _messages(held):
        reading = reader.read(made.message)
        if reading.references or reading.items:
            continue
        whole = held.searcher.find(reading.text)
        cut = cut_of(reading, held.searcher, heads)
        units = units_of(reading, cut, held.searcher, heads)
        focus = focus_of(reading, cut, whole, units, held.searcher)
        clauses = candidates(whole, focus, units)
        features.append(set_features(whole, focus, units, reading.makeup, reading.shapes, clauses))
        wanted.append(np.array([c in made.clauses for c in clauses], dtype=np.float64))
        weights.append(np.full(len(clauses), _WEIGHTS[kind]))
    return logistic(np.concatenate(features), np.concatenate(wanted), np.concatenate(weights))


def _messages(held: HeldOut) -> Iterator[tuple[str, Made]]:
    for message in messages.composed():
        yield "composed", Made(message.message, tuple(dict.fromkeys(c for q in message.questions for c in q.clauses)))
    made = {
        "framed": framed(_COUNTS["framed"], _SEED),
        "several": several(held.entries, _COUNTS["several"], _SEED),
        "told": told(held.entries, _COUNTS["told"], _SEED),
        "plain": [Made(e.question, (e.clause, *e.clauses)) for e in _sample(held, True)],
        "silent": [Made(e.question, ()) for e in _sample(held, False)],
    }
    for kind, found in made.items():
        yield from ((kind, one) for one in found)


def _sample(held: HeldOut, answered: bool) -> list[Any]:
    pool = [e for e in held.entries if bool(e.clause) == answered]
    count = min(len(pool), _COUNTS["plain" if answered else "silent"])
    return random.Random(_SEED).sample(pool, count)  # noqa: S311 - no secret
