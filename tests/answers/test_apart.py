"""Several questions in one message: none vanishes, and a message about one thing is not cut."""

from __future__ import annotations

import pytest

from assistant.app import Assistant

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize(
    ("message", "answered", "silent"),
    [
        ("内审一年几次，年终奖什么时候发", {"内审一年几次": "6(2)"}, ["年终奖什么时候发"]),
        ("滞纳率4%行吗，被查了要罚多少钱", {"滞纳率4%行吗": "20(2)"}, ["被查了要罚多少钱"]),
        ("数据备份有要求吗；宿舍怎么申请；信息安全要培训吗", {"数据备份有要求吗": "10", "信息安全要培训吗": "11(2)"}, ["宿舍怎么申请"]),
        ("访客登记什么\n下午茶几点\n门窗要检查吗", {"访客登记什么": "24(3)", "门窗要检查吗": "23(2)"}, ["下午茶几点"]),
    ],
)
def test_every_question_of_a_list_is_answered_or_said_to_be_missing(
    assistant: Assistant, message: str, answered: dict[str, str], silent: list[str]
) -> None:
    """Each under its own heading, as it would be answered alone."""
    parts = {p.question: {c.clause for c in p.citations} for p in assistant.ask(message).parts}
    assert all(parts[question] == set() for question in silent)
    assert all(clause in parts[question] for question, clause in answered.items())


@pytest.mark.parametrize(
    ("message", "clause"),
    [
        ("如果法人常年在国外，平时不管事，培训能让别人代替吗", "1(2)"),
        ("员工辞职，门禁卡，要不要收回", "25(4)"),
        ("集装箱，我们没有，还要交材料吗", "28"),
        ("信息系统，数据要存多久", "10"),
    ],
)
def test_one_question_with_commas_in_it_is_not_cut(assistant: Assistant, message: str, clause: str) -> None:
    """What leads up to a question and what hangs on it are of it."""
    answer = assistant.ask(message)
    assert len(answer.parts) == 1
    assert answer.clauses == (clause,)


def test_a_list_of_which_the_guide_says_nothing_is_refused_as_a_whole(assistant: Assistant) -> None:
    """With the nearest clauses, once."""
    answer = assistant.ask("食堂几点开饭，班车几点走，打印机坏了找谁")
    assert not answer.answered
    assert len(answer.parts) <= 1


@pytest.mark.parametrize(("message", "clause"), [("我想问一下门卫的事", "24(1)"), ("I'd like to ask about visitors", "24(3)")])
def test_a_matter_that_is_brought_up_is_searched_alone(assistant: Assistant, message: str, clause: str) -> None:
    """The words that bring it up say nothing of it."""
    assert assistant.ask(message).clauses == (clause,)


def test_a_matter_that_the_guide_does_not_name_is_asked_back_with_the_likely_clauses(assistant: Assistant) -> None:
    """Nothing was asked that could be refused."""
    answer = assistant.ask("我想问一下钥匙的事")
    assert "钥匙" in answer.answer
    assert answer.nearest
