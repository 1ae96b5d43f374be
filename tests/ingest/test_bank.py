"""The question bank in another edition."""

from __future__ import annotations

from ingest.learn.bank import Entry, carry


def test_a_question_about_several_clauses_follows_each_of_them() -> None:
    """Further clauses get their new ids; one that is gone is left out; with the first clause gone the question is out of scope."""
    both = Entry(question="内审方案和次数", clause="6(1)", clauses=("6(2)", "6(3)"))
    moved = carry([both], {"6(1)": ("7(1)",), "6(2)": ("7(2)",)}, {})
    assert [(e.clause, e.clauses) for e in moved] == [("7(1)", ("7(2)",))]
    assert [(e.clause, e.clauses) for e in carry([both], {"6(2)": ("7(2)",)}, {})] == [("", ())]
