"""How near a question is to the question banks: what the ranker was fitted on says little about what it was not.

Two measures, both from 0 to 1: shared pairs of letters (Dice) and, with the vectors of an embedding model, the centred cosine. A case that
is a copy by either one measures memory. Refusals are reported by nearness, because the banks hold whole families of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from assistant.answers.ports import Floats
from assistant.guide import folded
from evals.cases.case import Case
from ingest.learn.bank import load

COPY_LETTERS, COPY_COSINE = 0.75, 0.85
"""From here on two questions are one question in other words. Read off all pairs of the shipped sets and banks, best first: below
these the pairs ask different things (门窗 or 围墙, how many or how often), above them 49 of 50 ask the same."""
NEAR = 0.5
"""Letters shared with the nearest bank question from which a case counts as near the bank: a quarter of the refusals that were written
beside the banks, one in sixteen of those whose writers saw neither."""


class Copy(NamedTuple):
    """A case's question and the bank question that it repeats."""

    case: str
    question: str
    banked: str
    likeness: float


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


def copies(cases: Sequence[Case], bank: Bank, asked: Floats | None = None, banked: Floats | None = None) -> list[Copy]:
    """Single questions, and first questions of conversations, that repeat a bank question.

    Args:
        cases: what is checked; later turns are left out: 那多久一次 is asked of everything.
        bank: the bank.
        asked: unit vectors of ``questions(cases)``, shape (questions, dimension), or None to go by letters alone.
        banked: unit vectors of the bank's questions.
    """
    found: list[Copy] = []
    cosines = _centred(asked, banked) if asked is not None and banked is not None else None
    for row, (case, question) in enumerate(questions(cases)):
        letters = bank.letters(question) / COPY_LETTERS
        likeness = letters if cosines is None else np.maximum(letters, cosines[row] / COPY_COSINE)
        best = int(likeness.argmax())
        if likeness[best] >= 1:
            found.append(Copy(case.id, question, bank.questions[best], float(likeness[best])))
    return found


def questions(cases: Sequence[Case]) -> list[tuple[Case, str]]:
    """What ``copies`` looks at: the first question of every case, unless it only sets the scene."""
    return [(c, c.asked[0].question) for c in cases if not c.asked[0].context]


def _pairs(text: str) -> set[str]:
    letters = folded(text)
    return {letters[i : i + 2] for i in range(len(letters) - 1)} or set(letters)


def _centred(asked: Floats, banked: Floats) -> Floats:
    """Cosines around the bank's mean: models that squeeze every cosine into a narrow band are told apart."""
    mean = banked.mean(axis=0)
    rows, columns = asked - mean, banked - mean
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    columns /= np.maximum(np.linalg.norm(columns, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows @ columns.T, dtype=np.float32)
