"""Fit the second sign of verdicts (``assistant.answers.reply.deciding.second_sign``) on their bank: a kernel ridge regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import COLUMNS, grams
from assistant.answers.reply.deciding.second_sign import ASKED, FRAME, MODALS, WAY, WORDS, SecondSign, modality, sides
from assistant.answers.reply.deciding.verdicts import OUTCOMES
from ingest.learn.methods.linear import gram_matrix

_RIDGE = 1.0
"""Penalty; half of it gave the same."""


@dataclass(frozen=True)
class SignBank:
    """The rows, how much each speaks for each outcome, and what each is told by the others."""

    frames: Any
    words: Any
    modalities: Floats
    ways: Floats
    inverse: Floats
    speaking: Floats
    sign: SecondSign

    @classmethod
    def of(cls, framed: Sequence[str], words: Sequence[str], ways: Floats, ends: Sequence[str]) -> SignBank:
        """Fit; ``framed`` is what is left of each message without its words, ``ways`` how it asks, read by a head that it did not teach."""
        frames, said, modalities = gram_matrix(framed), gram_matrix(words), np.stack([modality(w) for w in words])
        kernel = _kernel(frames, said, modalities, ways, (frames, said, modalities, ways))
        inverse = np.asarray(np.linalg.inv(kernel + _RIDGE * np.eye(len(ends), dtype=np.float32)), dtype=np.float32)
        wanted = np.array([[float(end == outcome) for outcome in OUTCOMES] for end in ends], dtype=np.float32)
        speaking = inverse @ (wanted - wanted.mean(axis=0))
        return cls(frames, said, modalities, ways, inverse, speaking, summed(framed, words, ways, speaking))

    def all_say(self, framed: str, words: str, ways: Floats) -> Floats:
        """What all rows say."""
        return self.sign.of(grams(framed), words, grams(words), ways)

    def without(self, place: int, framed: str, words: str, ways: Floats) -> Floats:
        """What the other rows say to the message of a row, whichever words it is held against."""
        one = gram_matrix([framed]), gram_matrix([words]), modality(words)[None], ways[None]
        near = _kernel(*one, (self.frames, self.words, self.modalities, self.ways))[0]
        own = self.inverse[place] @ near / self.inverse[place, place]
        return np.asarray(near @ self.speaking - own * self.speaking[place], dtype=np.float32)


def _kernel(frames: Any, words: Any, modalities: Floats, ways: Floats, others: tuple[Any, Any, Floats, Floats]) -> Floats:
    """How like rows are to others, shape (rows, others): said alike of words that speak alike, and asked so of the same words."""
    asked = ways @ others[3].T
    said = (frames @ others[0].T).toarray() * (FRAME + modalities @ others[2].T) * (WAY + asked)
    return np.asarray(said + WORDS * asked * (words @ others[1].T).toarray(), dtype=np.float32)


def summed(framed: Sequence[str], words: Sequence[str], ways: Floats, speaking: Floats) -> SecondSign:
    """What rows say together, each as much for an outcome as ``speaking`` says, shape (rows, outcomes)."""
    outcomes = speaking.shape[1]
    frames = np.zeros((COLUMNS, 1 + len(MODALS), 1 + len(ASKED), outcomes), dtype=np.float32)
    said = np.zeros((COLUMNS, len(ASKED), outcomes), dtype=np.float32)
    for text, line, way, voice in zip(framed, words, ways, speaking, strict=True):
        columns, weights = grams(text)
        frames[columns] += np.einsum("c,m,w,o->cmwo", weights, *sides(line, way), voice)
        columns, weights = grams(line)
        said[columns] += WORDS**0.5 * np.einsum("c,w,o->cwo", weights, way, voice)
    return SecondSign(frames, said)
