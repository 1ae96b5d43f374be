"""Messages about the answer before them or about the guide itself: where it stands, plainer words, which edition."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Answer, Turn
from assistant.app import Assistant
from assistant.guide import folded
from evals.cases.named_sets import find, load
from ingest.learn.banks.messages import asides


def last(assistant: Assistant, *messages: str) -> Answer:
    """The answer to the last message of a dialogue."""
    history: list[Turn] = []
    for message in messages:
        history.append(Turn(question=message, answer=assistant.ask(message, history)))
    return history[-1].answer


@pytest.mark.parametrize(
    "source",
    [
        "依据哪一条",
        "这是哪一条规定的？",
        "这一说法见于哪个条款",
        "麻煩給條款號",
        "嗯就是这个是第几项第几条规定的来着",
        "so where exactly in the guide",
    ],
)
def test_the_source_of_an_answer_is_its_own_clause_and_line(assistant: Assistant, source: str) -> None:
    """Not the clause before it, not a refusal, and no question to the register."""
    answer = last(assistant, "离职的人账号要关吗", "谁来做", source)
    assert answer.clauses == ("25(4)",)
    assert answer.blocks[0].block == "verdict"
    assert "25(4)" in answer.blocks[0].text
    deciding = last(assistant, "海关培训每年几次", source)
    assert [c.quote for c in deciding.citations if "每年参加2次以上" in c.quote] == [c.quote for c in deciding.citations]


def test_each_question_of_a_message_has_its_own_source(assistant: Assistant) -> None:
    """Two questions, two clauses, each under its question; and what follows asks on about the answer, not about its source."""
    answer = last(assistant, "数据要存多久？另外内审一年几次？", "依据是哪条")
    assert answer.clauses == ("10", "6(2)")
    assert len(answer.parts) == 2
    assert last(assistant, "访客要登记吗", "依据哪一条", "那要写什么").clauses[0] == "24(3)"
    assert last(assistant, "访客要登记吗", "谢谢", "出处呢").clauses == ("24(3)",)


def test_a_refusal_has_no_source(assistant: Assistant) -> None:
    """It is said that there is none; before anything was asked, what to do first."""
    refused = last(assistant, "AEO证书能打折吗", "依据哪一条")
    assert (refused.answered, refused.reason) == (False, "not_in_guide")
    assert "没有可以引的条款" in refused.answer
    assert last(assistant, "依据哪一条").reason == "not_a_question"


@pytest.mark.parametrize("message", ["那个没听懂", "看着头大，精简一下", "可以講白話嗎"])
def test_who_does_not_understand_is_shown_the_line_that_matters(assistant: Assistant, message: str) -> None:
    """No clause is answered with; what can be asked next is named."""
    answer = last(assistant, "海关培训每年几次", message)
    assert answer.reason == "not_a_question"
    assert not answer.citations
    assert "每年参加2次以上" in answer.answer
    assert "谁负责" in answer.answer
    assert "没有规定" in last(assistant, "AEO证书能打折吗", message).answer
    assert last(assistant, message).reason == "not_a_question"


@pytest.mark.parametrize(
    "question", ["这个指南是哪个版本？现在还有效吗", "是不是用最新的指南回答的", "這份指南是第幾版", "Is this guide the newest one?"]
)
def test_the_guide_knows_its_edition_and_not_what_customs_published_since(assistant: Assistant, question: str) -> None:
    """Its label, the day it was brought in, whether it is in force, and an honest word on newer ones."""
    answer = assistant.ask(question)
    created = assistant.edition().manifest.created[:10]
    assert answer.reason == "not_a_question"
    assert all(
        word in answer.answer
        for word in ("2018-177", created, *(("现行版本", "无从知道") if "版" in question or "指南" in question else ()))
    )


@pytest.mark.parametrize(
    ("messages", "clause"),
    [
        (("访客要登记吗", "上一条"), "24(2)"),
        (("访客要登记吗", "第三条"), "24(3)"),
        (("访客要登记吗", "内审是哪条"), "6(1)"),
        (("离职要办什么", "哪一条讲账号"), "25(4)"),
        (("标准规范要最新版吗",), "4(3)"),
    ],
)
def test_what_names_a_matter_or_a_place_is_no_aside(assistant: Assistant, messages: tuple[str, ...], clause: str) -> None:
    """Places count what was shown, and a matter is asked of the guide."""
    assert last(assistant, *messages).clauses[0] == clause


def test_no_message_of_the_bank_is_a_case(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever is tested on what they learned is not tested."""
    guide = assistant.edition().guide
    sets = load(find((), tmp_path_factory.mktemp("home")), lambda edition: guide)
    asked = {folded(t.question) for s in sets for c in s.cases for t in c.turns} | {folded(c.question or "") for s in sets for c in s.cases}
    assert [a.message for a in asides() if folded(a.message) in asked] == []


@pytest.mark.parametrize("message", ["刚才那条再发我一下", "信号不好，重讲一遍", "sorry, could you repeat that"])
def test_an_answer_is_said_once_more_word_by_word(assistant: Assistant, message: str) -> None:
    """The whole answer, and what is asked next is asked of it; a repetition is no question and cites nothing anew."""
    first = assistant.ask("法人一年要参加几次海关培训")
    again = last(assistant, "法人一年要参加几次海关培训", message)
    assert (again.blocks, again.reason, again.citations) == (first.blocks, "not_a_question", ())
    assert last(assistant, "法人一年要参加几次海关培训", message, "依据哪一条").clauses == ("1(2)",)
    assert last(assistant, message).reason == "not_a_question"
