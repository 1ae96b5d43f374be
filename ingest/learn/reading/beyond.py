"""Whether a message asks for what the guide does not say, by its words alone: prices, brands, penalties, sizes that it leaves open.

A follow-up (要买什么牌子的) names too little for a search to miss anything; that nobody finds such things in the guide is learned from
the bank of what it does not answer and from follow-ups without an answer.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.search.after import odds
from ingest.learn.banks import bank, messages
from ingest.learn.methods.linear import gram_matrix, joined, variant

LABELS = ("beyond", "said")
_PLAIN, _OFTEN, FOLDS = 3, 3, 4
"""Every how many questions of the staff bank one is taken; how often a follow-up counts; the parts of the bank of dialogues, each of
which is judged by heads fitted on the others."""


def fold_of(before: str) -> int:
    """The part that a follow-up belongs to, by what was asked before."""
    return zlib.crc32(before.encode()) % FOLDS


def examples() -> tuple[list[str], list[str], NDArray[Any]]:
    """Texts, their labels, and the part of each."""
    entries = bank.load()
    asked = [e for e in entries if not e.clause] + [e for e in entries if e.clause][::_PLAIN]
    rows = [(e.question, "said" if e.clause else "beyond", fold_of(e.question)) for e in asked]
    follow_ups = [f for f in messages.follow_ups() if f.how in ("stays", "new")]
    rows += [(f.message, "said" if f.clauses else "beyond", fold_of(f.before)) for f in follow_ups] * _OFTEN
    texts, labels, folds = zip(*rows, strict=True)
    return list(texts), list(labels), np.array(folds)


def fit_beyond(vectors: Callable[[Sequence[str]], Floats] | None, mean: Floats | None, without: int | None = None) -> Head:
    """The head, without the part ``without`` of the examples if it is named."""
    texts, labels, folds = examples()
    kept = [i for i in range(len(texts)) if folds[i] != without]
    texts, labels = [texts[i] for i in kept], [labels[i] for i in kept]
    letters = [unnumbered(t) for t in texts]
    full = None if vectors is None or mean is None else variant(joined(letters, vectors(texts), mean), labels, LABELS, None)
    return Head(LABELS, variant(gram_matrix(letters), labels, LABELS, None), full)


def held_out_odds(vectors: Callable[[Sequence[str]], Floats], mean: Floats) -> Callable[[str, str, Floats | None], float]:
    """Gives the log odds of a message after another, by a head that was taught neither; its centred vector as ``Heads.centred`` has it."""
    heads = [fit_beyond(vectors, mean, fold) for fold in range(FOLDS)]
    return lambda before, message, vector: odds(heads[fold_of(before)].probabilities(unnumbered(message), vector)["beyond"])
