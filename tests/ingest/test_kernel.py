"""Kernel ridge regression in blocks: what comes of it is what the textbook's formula gives."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.learn.methods.kernel import RIDGE, RidgeFit, Texts, kernel_of, ridge
from ingest.learn.ranking.fit import lexicon_of


def _texts(count: int, seed: int = 1) -> tuple[Texts, np.ndarray]:
    chance = np.random.default_rng(seed)
    words = [f"词{n}" for n in range(9)]
    said = ["，".join(chance.choice(words, size=4)) for _ in range(count)]
    vectors = chance.normal(size=(count, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) if count else 1
    return Texts(lexicon_of(said)[1], vectors), chance.integers(0, 2, size=(count, 3)).astype(np.float32)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 40])
def test_what_is_held_out_was_not_learned_from(count: int) -> None:
    """Weights, each row left out alone, and several left out together agree with fits that never saw them."""
    texts, targets = _texts(count)
    fitted = RidgeFit.fit(texts, targets)
    kernel = kernel_of(texts)

    def without(rows: list[int]) -> np.ndarray:
        kept = np.setdiff1d(np.arange(count), rows)
        weights = np.linalg.solve(kernel[np.ix_(kept, kept)] + RIDGE * np.eye(len(kept)), targets[kept])
        return np.asarray(kernel[np.ix_(rows, kept)] @ weights)

    assert fitted.alpha == pytest.approx(np.linalg.solve(kernel + RIDGE * np.eye(count), targets), abs=1e-4)
    assert fitted.alpha == pytest.approx(ridge(kernel.copy(), targets), abs=1e-4)
    alone = [without([row])[0] for row in range(count)]
    assert fitted.one_by_one() == pytest.approx(np.array(alone).reshape(targets.shape), abs=1e-4)
    some = list(range(0, count, 3))
    assert fitted.together(np.array(some, dtype=np.int64)) == pytest.approx(without(some), abs=1e-4)


def test_a_kernel_between_two_lots_is_a_piece_of_the_whole() -> None:
    """With and without vectors."""
    texts, _ = _texts(20)
    for lot in (texts, Texts(texts.matrix, None)):
        assert kernel_of(lot[:8], lot[8:]) == pytest.approx(kernel_of(lot)[:8, 8:], abs=1e-6)
