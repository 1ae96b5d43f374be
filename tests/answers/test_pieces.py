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
