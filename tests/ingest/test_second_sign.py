"""The second sign of verdicts says what its rows say together, and of a row what the others say."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answers.reply.deciding.verdicts import OUTCOMES
from ingest.learn.reading.second_sign import SignBank

ROWS = [
    ("不▢行吗", "应当登记", (0.0, 0.0, 1.0), "no"), ("▢要吗", "应当登记", (0.0, 1.0, 0.0), "yes"), ("用▢行吗", "可以为照片", (1.0, 0.0, 0.0), "yes"),
    ("▢几天行吗", "保存情况", (1.0, 0.0, 0.0), "none"), ("不▢可以吗", "应有目录", (0.1, 0.0, 0.9), "no"),
]  # fmt: skip


@pytest.fixture(scope="module")
def told() -> SignBank:
    """A handful of rows."""
    framed, words, ways, ends = zip(*ROWS, strict=True)
    return SignBank.of(framed, words, np.array(ways, dtype=np.float32), ends)


def test_the_sum_says_what_the_regression_found(told: SignBank) -> None:
    """Ridge regression leaves of each row its penalty times what that row says."""
    wanted = np.array([[float(end == o) for o in OUTCOMES] for *_, end in ROWS], dtype=np.float32)
    left = wanted - wanted.mean(axis=0) - told.speaking
    found = [told.all_say(framed, words, np.array(ways, dtype=np.float32)) for framed, words, ways, _ in ROWS]
    assert np.allclose(found, left, atol=1e-4)


def test_a_row_is_told_by_the_others(told: SignBank) -> None:
    """Its own outcome is what it is not told, and those that are said alike of words that bind alike are believed."""
    framed, words, ways, _ = ROWS[0]
    so = np.array(ways, dtype=np.float32)
    own, others = told.all_say(framed, words, so), told.without(0, framed, words, so)
    assert own[OUTCOMES.index("no")] > others[OUTCOMES.index("no")] > others[OUTCOMES.index("yes")]
