"""How near a question is to the question banks: what the ranker was fitted on says little about what it was not.

The measure is shared pairs of letters (Dice), 0 to 1. Refusals are reported by nearness, because the banks hold whole families of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from assistant.answers.ports import Floats
from assistant.guide import folded
from ingest.learn.banks.bank import load

NEAR = 0.5
"""Letters shared with the nearest bank question from which a case counts as near the bank: a quarter of the refusals that were written
beside the banks, one in sixteen of those whose writers saw neither."""


class Bank:
    """The questions of the banks, ready to be compared with."""

    def __init__(self, questions: Sequence[str]) -> None:
        from scipy.sparse import csr_matrix

        self.questions = tuple(questions)
        pairs = [_pairs(q) for q in questions]
        self._place: dict[str, int] = {}
        columns = [self._place.setdefault(p, len(self._place)) for found in pairs for p in found]
        self._counts = np.array([len(found) for found in pairs], dtype=np.float32)
        rows = np.repeat(np.arange(len(pairs)), self._counts.astype(int))
        ones = np.ones(len(columns), dtype=np.float32)
        self._pairs = csr_matrix((ones, (rows, columns)), shape=(len(pairs), len(self._place)))

    def letters(self, question: str) -> Floats:
        """Letters shared with every bank question (Dice over pairs), shape (questions,)."""
        found = _pairs(question)
        one = np.zeros(len(self._place), dtype=np.float32)
        one[[self._place[p] for p in found if p in self._place]] = 1
        return np.asarray(2 * (self._pairs @ one) / np.maximum(self._counts + len(found), 1), dtype=np.float32)

    def nearest(self, question: str) -> float:
        """Letters shared with the nearest bank question."""
        return float(self.letters(question).max(initial=0.0))


@cache
def shipped_bank() -> Bank:
    """The banks that ship."""
    return Bank([e.question for e in load()])


def _pairs(text: str) -> set[str]:
    letters = folded(text)
    return {letters[i : i + 2] for i in range(len(letters) - 1)} or set(letters)
