"""Of a chat model's answer its own sentences are read alone: what the check dropped is missed, though the line still stands below."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Answer
from assistant.answers.blocks import CheckedClaim, Quote, Verdict
from assistant.guide import Guide
from evals.cases.case import Expected
from evals.cases.labels import Labels
from evals.runs.scoring.own_words import own_words, tells
from evals.runs.scoring.scorers import score
from tests.evals.stub import citation

FACT = "应当每年参加2次以上海关法律法规等相关规定的内部培训"


@pytest.fixture(scope="module")
def labels(guide: Guide) -> Labels:
    """The shipped guide's labels."""
    return Labels(guide)


def generated(labels: Labels, *blocks: Verdict | CheckedClaim, dropped: int = 0) -> Answer:
    """An answer of a chat model with the clause's sentence under it."""
    return Answer(
        question="?",
        answered=True,
        blocks=(*blocks, Quote(text=FACT, clause="1(2)")),
        mode="generated",
        edition="t",
        citations=(citation("1(2)", "1(2)", labels),),
        model={"chat": "m", "claims": "2", "dropped": str(dropped)},
    )


@pytest.mark.parametrize(
    ("own", "fact", "question", "told"),
    [
        ("每年2次以上。", "每年参加2次以上", "一年几次？", True),
        ("每年1次以上。", "每年参加2次以上", "一年几次？", False),
        ("3年以上。", "数据存储3年以上", "数据得存储几年", True),
        ("工作证件、设备，应及时收回。", "及时收回工作证件、设备", "", True),
        ("要登記訪客姓名、身份證件類型。", "访客姓名、身份证件类型", "", True),
        ("抽查訪客登記記錄。", "车辆号码", "", False),
        ("不用。", "否则不适用本项标准", "", False),
        ("", "每年参加2次以上", "", False),
        ("Twice a year or more.", "每年参加2次以上", "How often?", True),
        ("Once a year.", "每年参加2次以上", "How often?", False),
        ("The visitor's name.", "访客姓名", "", None),
    ],
)
def test_a_fact_is_said_in_other_words_with_its_own_numbers(own: str, fact: str, question: str, told: bool | None) -> None:
    """The question's words need not come again, another number never does; English words are not held against Chinese ones."""
    assert tells(own, fact, question) is told


def test_the_line_below_does_not_speak_for_the_model(labels: Labels) -> None:
    """The whole answer holds the fact either way; the model's own sentence is what counts here."""
    expected = Expected(question="几次？", clauses=("1(2)",), facts=("每年参加2次以上",))
    said = generated(labels, Verdict(text="每年2次以上。", outcome="fact"))
    assert own_words(said) == "每年2次以上。"
    for answer, own in ((said, 1.0), (generated(labels, CheckedClaim(text="要培训。")), 0.0), (generated(labels), 0.0)):
        found = score(expected, answer, labels)
        assert (found["facts"], found["own_facts"]) == (1.0, own)
    assert "own_facts" not in score(expected, said.model_copy(update={"mode": "extractive"}), labels)


def test_an_answer_of_a_model_whose_no_was_dropped_is_wrong(labels: Labels) -> None:
    """Where a verdict is expected a model's answer must give it; sentences that fell are counted."""
    expected = Expected(question="一年1次行吗？", clauses=("1(2)",), verdict="no")
    kept = score(expected, generated(labels, Verdict(text="不行，2次以上。", outcome="no")), labels)
    lost = score(expected, generated(labels, CheckedClaim(text="每年2次以上。"), dropped=1), labels)
    assert (kept["verdict"], kept["correct"], kept["claims_dropped"]) == (1.0, 1.0, 0.0)
    assert (lost["verdict"], lost["correct"], lost["claims_dropped"]) == (0.0, 0.0, 1.0)
