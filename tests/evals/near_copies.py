"""Cases that repeat a bank question: they measure memory, and the shipped sets hold none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from assistant.answers.ports import Floats
from evals.cases.case import Case
from evals.cases.nearness import Bank

COPY_LETTERS, COPY_COSINE = 0.75, 0.85
"""From here on two questions are one question in other words. Read off all pairs of the shipped sets and banks, best first: below
these the pairs ask different things (门窗 or 围墙, how many or how often), above them 49 of 50 ask the same."""


class Copy(NamedTuple):
    """A case's question and the bank question that it repeats."""

    case: str
    question: str
    banked: str
    likeness: float


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


def _centred(asked: Floats, banked: Floats) -> Floats:
    """Cosines around the bank's mean: models that squeeze every cosine into a narrow band are told apart."""
    mean = banked.mean(axis=0)
    rows, columns = asked - mean, banked - mean
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    columns /= np.maximum(np.linalg.norm(columns, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows @ columns.T, dtype=np.float32)
