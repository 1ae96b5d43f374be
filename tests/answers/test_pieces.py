"""Where a message may be cut, and what is found in its pieces."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Turn
from assistant.answers.question.pieces import pieces
from assistant.app import Assistant


def test_a_word_on_a_line_of_its_own_is_a_sentence() -> None:
    """Within a line two words are no piece: they go with what follows."""
    assert pieces("访客牌\n内审多久做一次").sentences == ("访客牌", "内审多久做一次")
    assert pieces("门卫\n内审多久做一次").sentences == ("门卫", "内审多久做一次")
    assert pieces("门卫，内审多久做一次").within == (("门卫，内审多久做一次",),)


@pytest.mark.parametrize(
    ("message", "clauses"),
    [
        ("钥匙谁来管\n访客登记", {"24(3)"}),
        ("内审档案里放什么，系统数据存多久，离职的人门禁卡收不收", {"6(2)", "10", "25(4)"}),
        ("我上个月刚来，前面的人什么都没留下，老板又催得紧。内审一年要做几次？", {"6(2)"}),
    ],
)
def test_every_question_of_a_message_is_answered(assistant: Assistant, message: str, clauses: set[str]) -> None:
    """On lines, between commas, after a story."""
    assert clauses <= set(assistant.ask(message).clauses)


def test_no_question_of_a_message_vanishes(assistant: Assistant) -> None:
    """Each has its own heading, with what was found or that the guide is silent."""
    parts = assistant.ask("内审谁做？一年几次？报告存几年？").parts
    assert [p.question for p in parts] == ["内审谁做？", "一年几次？", "报告存几年？"]
    *_, silent = assistant.ask("访客登记要记什么？食堂几点开门？").parts
    assert silent.question == "食堂几点开门？"
    assert not silent.citations


@pytest.mark.parametrize("message", ["要买什么牌子的", "这个要花多少钱"])
def test_what_a_follow_up_asks_beyond_the_guide_is_refused(assistant: Assistant, message: str) -> None:
    """Though the clause talked about is at hand."""
    before = Turn(question="访客登记要写哪些内容", answer=assistant.ask("访客登记要写哪些内容"))
    assert not assistant.ask(message, (before,)).answered


@pytest.mark.parametrize(
    ("message", "clause"),
    [
        ("外面的失信名单看不看？看多久？人也算吗？", "22"),
        ("访客登记要写什么？能用电子的吗？现场看不看？", "24(3)"),
        ("公章谁保管？用之前要登记吗？", "4(4)"),
        ("访客登记要写什么？保存几年？", "24(3)"),
        ("演练要拍照吗？几年做一次？", "31(3)"),
        ("商业伙伴要签协议吗？不肯签怎么办？", "26"),
        ("审计报告要交吗？没审的怎么办？", "12"),
    ],
)
def test_a_sentence_that_names_nothing_hangs_on_the_one_before(assistant: Assistant, message: str, clause: str) -> None:
    """It asks on about the same matter, and finds no other clause by its few words."""
    assert set(assistant.ask(message).clauses) == {clause}


def test_a_topic_between_commas_is_answered_or_said_to_be_missing(assistant: Assistant) -> None:
    """It does not vanish beside those that are answered."""
    answer = assistant.ask("内审一年几次，审计费多少钱，档案放什么")
    assert "6(2)" in answer.clauses
    assert [p.question for p in answer.parts if not p.citations] == ["审计费多少钱"]


def test_a_count_beside_another_question_is_a_count(assistant: Assistant) -> None:
    """Each sentence is answered as it would be alone."""
    answer = assistant.ask("第24项有几条？保安要几个人？")
    assert answer.clauses == ("24(1)", "24(2)", "24(3)", "24(4)")
    assert [p.question for p in answer.parts if not p.citations] == ["保安要几个人？"]


@pytest.mark.parametrize(
    ("message", "clauses"),
    [
        ("火灾了怎么办还有应急预案多久更新", {"30(1)"}),
        ("离职的人账号怎么处理还有工牌要不要收", {"25(4)", "24(2)"}),
    ],
)
def test_questions_that_nothing_but_a_word_parts_are_several(assistant: Assistant, message: str, clauses: set[str]) -> None:
    """None of them is dropped without a word."""
    answer = assistant.ask(message)
    assert len(answer.parts) > 1
    assert clauses <= set(answer.clauses)


def test_a_sentence_on_a_part_of_the_matter_stays_with_it(assistant: Assistant) -> None:
    """Where visitors park is no question on the cars of employees."""
    assert set(assistant.ask("访客要登记吗？车停哪里？").clauses) == {"24(3)"}


@pytest.mark.parametrize(
    ("message", "answered", "silent"),
    [
        ("封条谁查，关税怎么算，车辆谁查", ["车辆谁查"], ["关税怎么算"]),
        ("员工离职要收什么，工资怎么发，访客谁陪", ["员工离职要收什么", "访客谁陪"], ["工资怎么发"]),
    ],
)
def test_questions_that_only_commas_part_are_each_answered_or_said_to_be_missing(
    assistant: Assistant, message: str, answered: list[str], silent: list[str]
) -> None:
    """One that the guide is silent on neither vanishes nor takes the others with it."""
    parts = {p.question: bool(p.citations) for p in assistant.ask(message).parts}
    assert all(parts[question] for question in answered)
    assert not any(parts[question] for question in silent)


@pytest.mark.parametrize("message", ["24(1)，(2)要什么", "24(1)、(2)要什么"])
def test_a_clause_number_behind_another_begins_no_entry_of_a_list(assistant: Assistant, message: str) -> None:
    """What follows a number in brackets is one more clause of that item, and both are answered."""
    assert len(pieces(message).sentences) == 1
    shown = {c.clause for c in assistant.ask(message).citations}
    assert shown >= {"24(1)", "24(2)"}
