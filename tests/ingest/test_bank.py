"""The question bank in another edition."""

from __future__ import annotations

import numpy as np

from assistant.answers.search.ranker import answerable
from ingest.learn.banks.bank import BankEntry, carry


def test_a_question_about_several_clauses_follows_each_of_them() -> None:
    """Further clauses get their new ids; one that is gone is left out; with the first clause gone the question is out of scope."""
    both = BankEntry(question="内审方案和次数", clause="6(1)", clauses=("6(2)", "6(3)"))
    moved = carry([both], {"6(1)": ("7(1)",), "6(2)": ("7(2)",)}, {})
    assert [(e.clause, e.clauses) for e in moved] == [("7(1)", ("7(2)",))]
    assert [(e.clause, e.clauses, e.gone) for e in carry([both], {"6(2)": ("7(2)",)}, {})] == [("", (), "6(1)")]


def test_questions_of_a_split_clause_go_where_its_lines_went() -> None:
    """A line cut in three within one part asks of that part; one cut over both, and a question of no line, of each of them."""
    asked = BankEntry(question="改进要留什么记录", clause="8(1)", kind="records", passages=("8(1)/records/1",))
    paper = BankEntry(question="追责的制度写什么", clause="8(1)", kind="documents", passages=("8(1)/documents/1",))
    whole = BankEntry(question="改进机制讲什么", clause="8(1)")
    parts = {"8(1)": ("8(1)", "8(2)")}
    lines = {"8(1)/records/1": ("8(1)/records/1", "8(1)/records/2"), "8(1)/documents/1": ("8(1)/documents/1", "8(2)/documents/1")}
    moved = carry([asked, paper, whole], parts, lines)
    assert [(e.question, e.clause, e.clauses) for e in moved] == [
        ("改进要留什么记录", "8(1)", ()),
        ("追责的制度写什么", "8(1)", ("8(2)",)),
        ("追责的制度写什么", "8(2)", ("8(1)",)),
        ("改进机制讲什么", "8(1)", ("8(2)",)),
        ("改进机制讲什么", "8(2)", ("8(1)",)),
    ]
    assert moved[0].passages == lines["8(1)/records/1"]


def test_a_clause_that_is_gone_speaks_for_not_in_the_guide_where_it_is_meant_and_nowhere_else() -> None:
    """What goes beyond a neighbour of the best clause that stands is added to "not in the guide"; a score below nothing takes nothing away."""
    scores = np.array([[0.1, 0.2, 0.9, 0.1], [0.7, 0.4, -0.1, -0.04], [0.6, 0.1, 0.15, 0.0]], dtype=np.float32)
    assert np.allclose(answerable(scores, 1), [[0.1, 1.07], [0.7, 0.4], [0.6, 0.1]])
    assert np.allclose(answerable(scores[:, :2], 1), scores[:, :2])
