"""Eval cases and question banks: whoever is tested on what they learned is not tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.models.embeddings import BundledE5
from assistant.adapters.models.known_vectors import VectorCache
from assistant.guide import Guide
from evals.cases.case import Case
from evals.cases.named_sets import find, load
from evals.cases.nearness import Bank, shipped_bank
from ingest.shipped import VECTORS
from tests.evals.near_copies import copies, questions
from tests.evals.stub import case


@pytest.fixture(scope="module")
def shipped(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """All shipped cases."""
    home = tmp_path_factory.mktemp("home")
    return [c for s in load(find((), home), lambda edition: guide) for c in s.cases]


def test_no_case_repeats_a_bank_question_letter_for_letter_or_nearly(shipped: list[Case]) -> None:
    """Three quarters of the pairs of letters shared is the same question with another ending."""
    assert [(c.case, c.banked) for c in copies(shipped, shipped_bank())] == []


@pytest.mark.thorough
def test_no_case_repeats_a_bank_question_in_other_words(shipped: list[Case], tmp_path: Path) -> None:
    """By the meaning that the bundled model sees, too."""
    model, bank = BundledE5(), shipped_bank()
    known = VectorCache(tmp_path / "vectors.sqlite3", VECTORS)
    asked = np.asarray(model.queries([q for _, q in questions(shipped)]), dtype=np.float32)
    banked = known.embed(model.fingerprint, "query", list(bank.questions), model.queries, lambda done, total: None)
    assert [(c.case, c.banked) for c in copies(shipped, bank, asked, banked)] == []


def test_a_copy_is_named_with_what_it_copies() -> None:
    """Another ending and other punctuation do not make another question; another matter does. Emoji have no letters to share."""
    bank = Bank(["高级认证证书有效期几年", "围墙要多高", "👌👌"])
    found = copies([case(1, question="高级认证证书有效期是几年？"), case(2, question="门窗要多高？"), case(3, question="👌")], bank)
    assert [(c.case, c.banked) for c in found] == [("c-001", "高级认证证书有效期几年")]


def test_what_means_the_same_is_a_copy_although_no_letter_is_shared() -> None:
    """Vectors count beside letters; what only leads up to a question does not."""
    bank = Bank(["甲乙", "丙丁", "戊己"])
    banked = np.eye(3, dtype=np.float32)
    asked = np.array([[1.0, 0.0, 0.0]], dtype=np.float32)
    lead = Case.model_validate(
        {
            "id": "d-1",
            "type": "dialogue",
            "edition": "2018-177",
            "turns": [{"question": "甲乙", "context": True}, {"question": "甲", "refuse": True}],
        }
    )
    assert [c.banked for c in copies([case(1, question="一二三")], bank, asked, banked)] == ["甲乙"]
    assert copies([lead], bank) == []
