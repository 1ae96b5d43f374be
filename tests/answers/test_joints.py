"""Two things that one sentence asks about are both found."""

from __future__ import annotations

import pytest

from assistant.answers.question.learned.classifier import shipped
from assistant.answers.question.learned.joints import parted, sides
from assistant.app import Assistant


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("考勤机的记录和出门条，分别要存吗", "考勤机的记录"),
        ("消防演习跟平时的安全课，抽查时有何不同", "消防演习"),
        ("What is the difference between container security and vehicle security?", "What is the difference between container security"),
    ],
)
def test_a_sentence_that_joins_two_things_has_two_sides(message: str, first: str) -> None:
    """The place between them is learned."""
    assert sides(message, shipped())[0] == first


@pytest.mark.parametrize("message", ["法定代表人一年要培训几次", "访客", "", "进出口流程管理要写哪些", "员工" * 60])
def test_a_sentence_about_one_thing_has_none(message: str) -> None:
    """Nor has a text too long to be one sentence."""
    assert sides(message, shipped()) == ()


@pytest.mark.parametrize("message", ["机房防火跟仓库货物，要求有什么不一样", "员工的鞋跟访客的鞋，有什么不同"])
def test_what_compares_is_parted_at_its_likeliest_place(message: str) -> None:
    """However unlike those places are that were taught."""
    assert sides(message, shipped()) == ()
    assert sides(message, shipped(), compares=0.9)[0] == message.split("跟")[0]


def test_pieces_that_say_nothing_part_nothing() -> None:
    """A side of one character is none."""
    assert parted("甲和乙", (1,)) == ()


@pytest.mark.parametrize(
    ("message", "clauses"),
    [
        ("应急预案和应急演习的记录要求有什么不同", {"30(1)", "31(3)"}),
        ("信息安全的培训跟贸易安全的培训，各抽查什么", {"11(2)", "31(1)"}),
        ("What is the difference between container security and vehicle security?", {"28", "29"}),
    ],
)
def test_both_things_are_answered(assistant: Assistant, message: str, clauses: set[str]) -> None:
    """As one answer, without headings for the sides."""
    answer = assistant.ask(message)
    assert clauses <= set(answer.clauses)
    assert len(answer.parts) == 1
