"""A second reading of whether words decide a yes/no question: how it is said beside them, held against how they speak.

What is left of a message without the words (▢不戴▢行不行), the way it asks, and the modality of the words (应, 可, 不 …) speak for an
outcome together: a kernel of products, fitted on the bank of verdicts, each row told by all the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.words import fold

MODALS = ("应", "须", "可", "不", "未", "无", "或")
"""How the guide binds, allows, denies and leaves a choice; twice as many gave the same."""
FRAME, WAY, WORDS = 0.5, 0.3, 0.5
"""What a frame counts whatever the modality, and whatever the way of asking; what the words count by themselves. Chosen, not measured."""
ASKED = ("may", "must", "without")
Grams = tuple[list[int], Floats]
"""Columns of n-grams and their weights."""


@dataclass(frozen=True)
class SecondSign:
    """What speaks for each outcome: ``frames`` (n-gram, modality, way, outcome), ``words`` (n-gram, way, outcome)."""

    frames: Floats
    words: Floats

    def of(self, framed: Grams, words: str, worded: Grams, ways: Floats) -> Floats:
        """How much speaks for each outcome, beside what is usual.

        ``framed`` are the n-grams of the message without the words, ``worded`` those of the words; ``ways`` as ``ASKED``.
        """
        columns, weights = framed
        told = np.einsum("c,cmwo,m,w->o", weights, self.frames[columns], *sides(words, ways))
        columns, weights = worded
        return np.asarray(told + WORDS**0.5 * np.einsum("c,cwo,w->o", weights, self.words[columns], ways), dtype=np.float32)


def asked_so(ways: Mapping[str, float]) -> Floats:
    """How likely each way of asking for a yes or no is, as the second sign reads it."""
    return np.array([ways[way] for way in ASKED], dtype=np.float32)


def modality(words: str) -> Floats:
    """Which of ``MODALS`` some words have, of unit length."""
    held = np.array([m in words for m in MODALS], dtype=np.float32)
    return np.asarray(held / max(1.0, float(np.linalg.norm(held))), dtype=np.float32)


def sides(words: str, ways: Floats) -> tuple[Floats, Floats]:
    """What a modality and a way of asking weigh, each beside what counts whatever it is."""
    return np.concatenate([[FRAME**0.5], modality(words)]), np.concatenate([[WAY**0.5], ways])


def frame(message: str, texts: Sequence[str]) -> str:
    """A message with a ▢ for each run of letters that stands in ``texts``: how one says it, without what it is about."""
    text, printed = fold(message), _folded(tuple(texts))
    held = [False] * len(text)
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if not pair.isascii() and pair.isalpha() and pair in printed:
            held[at] = held[at + 1] = True
    return re.sub("▢+", "▢", "".join("▢" if h else c for h, c in zip(held, text, strict=True)))


@lru_cache(maxsize=128)
def _folded(texts: tuple[str, ...]) -> str:
    return fold("\n".join(texts))


@lru_cache(maxsize=8192)
def pairs(text: str) -> frozenset[str]:
    """Neighbouring Chinese letters, and whole Latin words."""
    found: list[str] = []
    for run in re.findall(r"[a-z0-9]+|[㐀-鿿]+", fold(text)):
        found += [run] if run[0].isascii() or len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
    return frozenset(found)
