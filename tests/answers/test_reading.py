"""A message is read before it is answered: its act, its parts, and what its ordinals mean."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Turn
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.app import Assistant

TALK = [
    ("多谢，我这就去办", "not_a_question"),
    ("答得不对啊，完全不是我要的", "not_a_question"),
    ("能教教我怎么用你吗", "not_a_question"),
    ("我手上还有几项没有交", "register"),
    ("帮我提醒小赵把资料交上来", "register"),
]


@pytest.mark.parametrize(("message", "reason"), TALK)
def test_talk_brings_no_clause(assistant: Assistant, message: str, reason: str) -> None:
    """Thanks, complaints, help, the state of the register and instructions ask nothing of the guide, also amid a dialogue."""
    before = Turn(question="24(3)", answer=assistant.ask("24(3)"))
    for history in ((), (before,)):
        answer = assistant.ask(message, history)
        assert (answer.answered, answer.reason, answer.citations) == (False, reason, ())


def test_each_of_several_questions_is_answered_under_its_own_heading(assistant: Assistant) -> None:
    """Two questions in one message find the clauses of both, in the order in which they were asked."""
    answer = assistant.ask("访客登记要写哪些内容？内审一年要做几次？")
    assert [p.citations[0].clause for p in answer.parts] == ["24(3)", "6(2)"]


@pytest.mark.parametrize(
    ("message", "clauses"),
    [
        ("24(3)要留哪些记录？内审一年要做几次？", {"24(3)", "6(2)"}),
        ("门禁卡离职当天要不要收\n10要求什么", {"25(4)", "10"}),
    ],
)
def test_what_is_asked_beside_a_number_is_answered_too(assistant: Assistant, message: str, clauses: set[str]) -> None:
    """A clause named by number takes nothing away from the other questions of a message."""
    assert clauses <= set(assistant.ask(message).clauses)


@pytest.mark.parametrize(("message", "clause"), [("非常急，29要准备什么", "29"), ("不仅28，29也要吗", "29"), ("12个人，10要求什么", "10")])
def test_a_number_behind_a_comma_is_a_place(assistant: Assistant, message: str, clause: str) -> None:
    """What is read as a place alone is one in a piece of a message."""
    answer = assistant.ask(message)
    assert (answer.mode, answer.clauses) == ("lookup", (clause,))


@pytest.mark.parametrize(
    ("message", "clauses"),
    [("封条归谁管，29要准备什么", ["28", "29"]), ("29要什么，28要什么", ["29", "28"]), ("食堂几点开，29要准备什么", ["", "29"])],
)
def test_a_question_beside_one_that_names_a_place_does_not_vanish(assistant: Assistant, message: str, clauses: list[str]) -> None:
    """Each is answered by itself, or said to be missing."""
    assert [p.citations[0].clause if p.citations else "" for p in assistant.ask(message).parts] == clauses


def test_another_place_is_asked_the_same(assistant: Assistant) -> None:
    """A message that names a place and says no more asks what was asked before: the same section, and of the place after it too."""
    history: tuple[Turn, ...] = ()
    for message in ("29项的抽查记录有哪些", "换成28呢", "那26呢"):
        history = (*history, Turn(question=message, answer=assistant.ask(message, history)))
    told = [t.answer for t in history]
    assert [a.clauses for a in told] == [("29",), ("28",), ("26",)]
    assert not {"documents", "situation", "onsite"} & {c.kind for a in told for c in a.citations}


@pytest.mark.parametrize(
    ("before", "message", "clause"),
    [
        ("质量管理那项什么企业才适用？", "适用的话，抽查什么记录？", "7"),
        ("访客登记要写哪些内容", "现场呢，看哪些？", "24(3)"),
        ("质量管理那条啥企业才要做", "要做的话制度写哪些", "7"),
    ],
)
def test_a_section_that_is_asked_for_is_one_of_what_was_shown(assistant: Assistant, before: str, message: str, clause: str) -> None:
    """Unless it names another matter, or says that all clauses are meant."""
    history = (Turn(question=before, answer=assistant.ask(before)),)
    assert assistant.ask(message, history).clauses == (clause,)
    assert len(assistant.ask("哪些条款要实地查看", history).clauses) > 1


@pytest.mark.parametrize("message", ["24(3)要准备什么？谢谢", "你好，24(3)要准备什么", "刚接手这块。24(3)要准备什么"])
def test_a_number_among_words_that_ask_nothing_is_looked_up(assistant: Assistant, message: str) -> None:
    """Greetings, thanks and background add no clause."""
    answer = assistant.ask(message)
    assert (answer.mode, answer.clauses) == ("lookup", ("24(3)",))


def test_an_ordinal_after_lines_of_one_clause_means_a_line(assistant: Assistant) -> None:
    """第二条 after the records of one clause is the second of them, 第二分项 still a clause of its item."""
    before = assistant.ask("访客登记要留哪些记录")
    lines = [c.line for c in before.citations if c.line]
    history = (Turn(question=before.question, answer=before),)
    assert len(lines) > 1
    assert [c.line for c in assistant.ask("第二条呢", history).citations if c.line] == lines[1:2]
    assert assistant.ask("第二分项呢", history).clauses == ("24(2)",)


@pytest.mark.parametrize(
    ("before", "message", "clause"),
    [
        ("第24项有哪些条款", "第二条的抽查记录要什么", "24(2)"),
        ("25项下面都有什么", "最后一条，抽查看哪些", "25(4)"),
        ("第4项包括哪些条", "倒数第二个抽查几年的", "4(4)"),
        ("30项三款列出来", "中间那条要是没发生过怎么办", "30(2)"),
        ("20项两款是啥", "②呢？比例多少", "20(2)"),
        ("24(3)要什么？内审一年做几次？", "后面这个，要留什么", "6(2)"),
        ("What is in item 24?", "the third one please", "24(3)"),
    ],
)
def test_ordinals_count_what_was_shown(assistant: Assistant, before: str, message: str, clause: str) -> None:
    """第二条 after a list is its second, and not item 2 of the guide."""
    history = (Turn(question=before, answer=assistant.ask(before)),)
    assert assistant.ask(message, history).clauses[0] == clause


def test_two_ordinals_are_both_counted(assistant: Assistant) -> None:
    """The second of them from the end, too."""
    before = Turn(question="第24项有哪些条款", answer=assistant.ask("第24项有哪些条款"))
    assert assistant.ask("第二个和最后一个要什么", (before,)).clauses == ("24(2)", "24(4)")


def test_numbers_of_places_are_read_alike() -> None:
    """What is learned of 24(3) holds for every clause, and for every way to write it; other numbers stay."""
    assert unnumbered("8（2）写的啥，第5项呢") == "30(3)写的啥,第30项呢"
    assert unnumbered("24项第三款交了没") == unnumbered("6(2)交了没")
    assert unnumbered("2.8%够吗") == "2.8%够吗"


@pytest.mark.parametrize(
    ("message", "clause"),
    [("25(3)写的啥", "25(3)"), ("25(4)这一条讲的是什么?", "25(4)"), ("8(2)讲谁负责", "8(2)"), ("21（2）讲的是什么？", "21(2)")],
)
def test_what_a_number_says_is_no_question_to_the_register(assistant: Assistant, message: str, clause: str) -> None:
    """Whichever number it is."""
    assert assistant.ask(message).clauses[:1] == (clause,)
