"""Learn which clauses a follow-up means, or none, from dialogues and from questions that follow one another by chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.answers.answer import Answer, Citation, Turn
from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.reading import Reader
from assistant.answers.search.turns import turn_searches
from assistant.guide import Guide
from ingest.learn.banks import messages
from ingest.learn.methods.logistic import logistic
from ingest.learn.ranking.held_out import HeldOut

Odds = Callable[[str, str, Floats | None], float]
_SEED, _FOLLOWING = 7, 160  # the same dialogues in every run; dialogues made by chance
_WRITTEN, _MADE = 2.0, 1.0  # weights of written dialogues and of made ones (DECISIONS "Follow-ups")


class Following(NamedTuple):
    """A message after a question that ``shown`` answered, the clauses that answer it (none: the guide does not), and how much it counts."""

    before: str
    shown: tuple[str, ...]
    message: str
    clauses: tuple[str, ...]
    weight: float


def fit_follow_up(held: HeldOut, heads: Heads, odds: Odds) -> Floats:
    """Weights over ``turn_features``, by maximum likelihood; ``odds`` as ``ingest.learn.reading.beyond.held_out_odds`` gives them."""
    rows = [row for following in followings(held) if (row := _row(following, held, heads, odds)) is not None]
    features, wanted, weights = (np.concatenate(column) for column in zip(*rows, strict=True))
    return logistic(features, wanted, weights)


def followings(held: HeldOut) -> Iterator[Following]:
    """The bank of dialogues; and after a bank question another one of its clause, of another clause, and one without an answer."""
    for f in messages.follow_ups():
        if f.how != "ordinal":
            yield Following(f.before, f.before_clauses, f.message, f.clauses, _WRITTEN)
    chance = random.Random(_SEED)  # noqa: S311 - no secret
    asked = [e for e in held.entries if e.clause]
    silent = [e for e in held.entries if not e.clause]
    for _ in range(_FOLLOWING):
        before = chance.choice(asked)
        same = [e for e in asked if e.clause == before.clause and e is not before]
        for after in (chance.choice(same or asked), chance.choice(asked), chance.choice(silent)):
            clauses = (after.clause, *after.clauses) if after.clause else ()
            yield Following(before.question, (before.clause,), after.question, clauses, _MADE)


def _row(following: Following, held: HeldOut, heads: Heads, odds: Odds) -> tuple[Floats, NDArray[Any], NDArray[Any]] | None:
    searcher = held.searcher
    reader = Reader(searcher.guide, heads, searcher.vector)
    reading = reader.read(following.message, (shown(following, searcher.guide),))
    if reading.references or reading.place or not reading.dialogue.about:
        return None
    beyond = odds(following.before, following.message, heads.centred(reading.vector))
    _, clauses, features = turn_searches(reading, searcher.find(reading.text), beyond, searcher)
    wanted = np.array([c in following.clauses for c in clauses], dtype=np.float64)
    return features, wanted, np.full(len(clauses), following.weight)


def shown(following: Following, guide: Guide) -> Turn:
    """The turn before: its question, and an answer that showed its clauses."""
    citations = tuple(Citation(clause=c, line=None, kind=None, quote=guide.clauses[c].text) for c in following.shown)
    answer = Answer(question=following.before, answered=True, mode="extractive", edition=guide.edition, citations=citations)
    return Turn(question=following.before, answer=answer)
