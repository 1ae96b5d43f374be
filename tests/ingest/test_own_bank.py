"""Questions that a lead adds: kept once, checked, and carried with their clause."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.guide import Guide
from ingest.learn.banks import own_bank
from ingest.learn.banks.bank import BankEntry


def test_added_once_and_counted(tmp_path: Path, guide: Guide) -> None:
    """A table read twice adds nothing the second time; empty rows are none; a clause with enough questions is not listed."""
    rows = [("24(3)", f"访客问题{n}") for n in range(own_bank.LEAST)] + [("11(1)", " ")]
    assert len(own_bank.add(tmp_path, rows, guide)) == own_bank.LEAST
    assert own_bank.add(tmp_path, rows, guide) == []
    entries = own_bank.entries(own_bank.own_bank(tmp_path), guide, lambda label: None)
    lacks = own_bank.lacking(
        [*entries, BankEntry(question="密码", clause="11(1)"), BankEntry(question="行", clause="12", origin="guide")], guide
    )
    assert "24(3)" not in lacks
    assert (lacks["11(1)"], lacks["12"]) == (1, 0)


def test_too_few_teach_no_regression() -> None:
    """A handful stands beside the clause's own words; enough of them, or more of a clause that the bank knows, teach."""
    few, many = [BankEntry(question="甲", clause="32")], [BankEntry(question=f"问{n}", clause="32") for n in range(own_bank.LEAST)]
    assert [e.origin for e in own_bank.taught([], few)] == ["guide"]
    assert {e.origin for e in own_bank.taught([], many)} == {"written"}
    assert [e.origin for e in own_bank.taught(many, few)][-1] == "written"


def test_a_wrong_row_is_one_sentence(tmp_path: Path, guide: Guide) -> None:
    """A clause that the edition lacks is named, and nothing is kept."""
    with pytest.raises(UsageError, match="99"):
        own_bank.add(tmp_path, [("24(3)", "访客登记留什么"), ("99(1)", "什么")], guide)
    assert own_bank.own_bank(tmp_path) == []


def test_of_an_edition_that_is_gone_nothing_is_said(tmp_path: Path, guide: Guide) -> None:
    """Questions of another edition follow their clause where that edition is at hand, else they are left out."""
    own_bank.add(tmp_path, [("24(3)", "访客登记留什么")], guide)
    after = guide.model_copy(update={"edition": "next"})
    kept = own_bank.own_bank(tmp_path)
    assert [e.clause for e in own_bank.entries(kept, after, lambda label: guide)] == ["24(3)"]
    assert own_bank.entries(kept, after, lambda label: None) == []
