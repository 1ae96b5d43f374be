"""Packing computes only what changed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ingest.learn.methods.kept import code_of, growing, keeping, kept
from ingest.learn.methods.linear import variant


def test_what_nothing_changed_for_is_not_computed_again(tmp_path: Path) -> None:
    """The same texts and numbers are the same wherever they lie; other ones are not."""
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    with keeping(tmp_path / "packed"):
        first = kept("thing", (["训练", "内审"], np.arange(3), csr_matrix(np.eye(2))), make)
        same = kept("thing", (["训" + "练", "内审"], np.array([0, 1, 2]), csr_matrix(np.eye(2))), make)
        other = kept("thing", (["训练", "内审"], np.arange(4), csr_matrix(np.eye(2))), make)
    assert (first, same, other) == (1, 1, 2)


def test_outside_of_packing_nothing_is_kept(tmp_path: Path) -> None:
    """Whoever brings in a guide leaves nothing behind."""
    assert [kept("thing", ("a",), lambda n=n: n) for n in (1, 2)] == [1, 2]
    assert not list(tmp_path.iterdir())


def test_what_was_found_of_single_texts_grows(tmp_path: Path) -> None:
    """A later run finds the texts of the one before."""
    for text in ("一", "二"):
        with keeping(tmp_path), growing("found", ("ranker",)) as found:
            found[text] = text
    with keeping(tmp_path), growing("found", ("ranker",)) as found:
        assert set(found) == {"一", "二"}


def test_what_nobody_used_for_long_is_deleted(tmp_path: Path) -> None:
    """The folder does not grow for ever."""
    with keeping(tmp_path):
        kept("thing", ("a",), lambda: 1)
    (file,) = tmp_path.iterdir()
    os.utime(file, (0, 0))
    with keeping(tmp_path):
        assert not file.exists()


def test_the_code_of_a_step_is_all_that_it_imports() -> None:
    """A change of how words are cut fits the search anew; one of how an answer is worded does not."""
    code = code_of("ingest.learn.ranking.fit")
    assert {"ingest.learn.ranking.fit", "assistant.answers.question.words"} <= set(code)
    assert not [module for module in code if module.startswith("assistant.answers.reply")]


def test_a_head_is_fitted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same matrix and labels give the head that was kept."""
    matrix, labels = csr_matrix(np.eye(4, dtype=np.float32)), ["a", "b", "a", "b"]
    with keeping(tmp_path):
        first = variant(matrix, labels, ("a", "b"))
        monkeypatch.setattr("ingest.learn.methods.linear.classifier", lambda balance: pytest.fail("fitted again"))
        again = variant(matrix, list(labels), ("a", "b"))
    assert np.array_equal(first.grams, again.grams)
