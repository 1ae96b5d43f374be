"""Real questions to the real guide, without a chat model: cited answers, honest refusals, conversations."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers.answer import Answer, Turn
from assistant.answers.passages import Passage, passages
from assistant.answers.reply.plan import _with_records
from assistant.answers.search.found import LikelyLine
from assistant.app import Assistant
from assistant.guide import Guide, folded


def cited(answer: Answer) -> list[str]:
    """Cited line ids."""
    return [c.line for c in answer.citations if c.line]


def verbatim(answer: Answer, guide: Guide) -> None:
    """Every quote stands in the line it names, or in a passage of the clause."""
    groups = passages(guide)
    for citation in answer.citations:
        texts = [p.text for p in groups[citation.clause] if citation.line in (None, p.requirement)]
        if citation.line and citation.line.split("/")[0] != citation.clause:
            texts.append(guide.requirements[citation.line].text)
        assert citation.quote in texts, citation


def test_the_main_job(assistant: Assistant, guide: Guide) -> None:
    """门卫登记外来人员要留哪些记录？ is answered with 24(3) and its three record lines, verbatim, with the edition."""
    answer = assistant.ask("门卫登记外来人员要留哪些记录？")
    assert answer.answered
    assert answer.clauses == ("24(3)",)
    assert {"24(3)/records/1", "24(3)/records/2", "24(3)/records/3"} <= set(cited(answer))
    assert "（1）企业访客出入登记记录。应包括访客姓名、身份证件类型、来访时间、离开时间等信息。" in answer.answer
    assert "2018-177" in answer.answer
    assert answer.edition == "2018-177"
    assert len(answer.answer.splitlines()) < 20
    verbatim(answer, guide)


@pytest.mark.parametrize(
    "question", ["24(3)的抽查记录有哪些？", "24.3 抽查记录", "第二十四项第三分项抽查什么记录？", "item 24 clause 3: which records?"]
)
def test_by_number_no_model_is_loaded(ingested: object, question: str) -> None:
    """A number is looked up: the asked kind only, mode lookup, no embedding and no ranker."""
    from assistant.settings import Settings

    fresh = Assistant(Settings(home=ingested))  # type: ignore[arg-type]
    answer = fresh.ask(question)
    assert answer.mode == "lookup"
    assert {c.kind for c in answer.citations} == {None, "records"}
    assert not fresh.edition().searcher._ready  # type: ignore[attr-defined]


def test_a_number_that_does_not_exist_is_said_not_to_exist(assistant: Assistant) -> None:
    """24(9) and 第45项 are refused with what does exist; nothing is cited."""
    for question, named in (("24(9)要求什么？", "24(4)"), ("第45项要准备什么", "31")):
        answer = assistant.ask(question)
        assert (answer.answered, answer.reason, answer.citations) == (False, "no_such_clause", ())
        assert named in answer.answer


def test_item_13_shows_the_guide_text_it_shares(assistant: Assistant) -> None:
    """Item 13's guide cell is merged with item 12's: the shared line is shown and cited, the outside document named."""
    answer = assistant.ask("第13项要准备什么？")
    assert "12/note/1" in cited(answer)
    assert "公告2019年第46号" in answer.answer


def test_a_cross_reference_brings_its_target(assistant: Assistant) -> None:
    """30(2)'s document line refers to the documents of 30(1): these are shown and cited with it."""
    answer = assistant.ask("30(2)的书面文件有哪些？")
    assert {"30(2)/documents/1", "30(1)/documents/1"} <= set(cited(answer))


def test_a_missing_section_is_said_to_be_missing(assistant: Assistant) -> None:
    """Item 28 has no on-site section: the answer says so instead of inventing one."""
    answer = assistant.ask("第28项实地查看什么？")
    assert "没有为这一条列出实地查看" in answer.answer


@pytest.mark.parametrize(
    ("question", "count", "some"),
    [
        ("哪些条款有适用条件？", 6, "4(2)"),
        ("所有由海关认定的条款有哪些", 16, "21(10)"),
        ("第四部分所有实地查看的要求列一下", 7, "24(3)"),
        ("列出所有的培训要求", 7, "11(2)"),
        ("which clauses are established by customs itself?", 16, "15"),
    ],
)
def test_a_whole_class_is_answered_from_the_structure(assistant: Assistant, question: str, count: int, some: str) -> None:
    """Questions for all of a class list all of it."""
    answer = assistant.ask(question)
    assert answer.mode == "lookup"
    assert len(answer.clauses) >= count if "培训" in question else len(answer.clauses) == count
    assert some in answer.clauses


def test_counts_come_from_the_structure(assistant: Assistant) -> None:
    """How many items and clauses there are is counted, not guessed."""
    answer = assistant.ask("这个指南一共有多少项？")
    assert all(n in answer.answer for n in ("4 个部分", "17 类", "31 项", "64 条", "商业伙伴安全控制措施"))


@pytest.mark.parametrize(
    ("question", "said"),
    [("内审组要几个人", "本指南没有规定人数。"), ("围墙要砌多高", "本指南没有规定这个数字。")],
)
def test_a_number_that_is_not_set_is_said_to_be_none(assistant: Assistant, question: str, said: str) -> None:
    """A refusal says what there is none of."""
    answer = assistant.ask(question)
    assert not answer.answered
    assert answer.answer.startswith(said)


@pytest.mark.parametrize(
    "question",
    [
        "申请高级认证要交多少钱？",
        "多少分算通过认证？",
        "围墙要多高？",
        "ISO 17712 seal required?",
        "What is the fine for late declaration?",
    ],
)
def test_what_the_guide_does_not_say_is_refused(assistant: Assistant, question: str) -> None:
    """A refusal cites nothing, names the nearest clauses, and gives a reason."""
    answer = assistant.ask(question)
    assert not answer.answered
    assert answer.reason == "not_in_guide"
    assert answer.citations == ()
    assert answer.nearest


@pytest.mark.parametrize("noise", ["", "   ", "？？？", "你好", "hi", "asdfgh", "谢谢！", "😀😀", "今天天气怎么样"])
def test_noise_is_no_question(assistant: Assistant, noise: str) -> None:
    """Greetings and noise get a hint how to ask."""
    assert assistant.ask(noise).reason == "not_a_question"


def test_a_number_the_guide_does_not_set_is_said_so(assistant: Assistant) -> None:
    """定期 is the answer to how often drills are held, with the remark that no number is given."""
    answer = assistant.ask("危机演练一年要搞几次？")
    assert "31(3)" in answer.clauses
    assert "定期" in answer.answer


def test_a_follow_up_stays_with_its_clause(assistant: Assistant) -> None:
    """那记录要保存多久？ and "what about the on-site check?" are answered for the clause under discussion."""
    first = Turn(question="访客登记要做什么？", answer=assistant.ask("访客登记要做什么？"))
    second = assistant.ask("那记录要保存多久？", [first])
    assert second.clauses == ("24(3)",)
    third = assistant.ask("what about the on-site check?", [first, Turn(question="那记录要保存多久？", answer=second)])
    assert third.clauses == ("24(3)",)
    assert "24(3)/onsite/1" in cited(third)
    assert assistant.ask("那（4）呢？", [first]).clauses == ("24(4)",)
    assert assistant.ask("员工离职的时候账号怎么处理", [first]).clauses[0] == "25(4)"


@pytest.mark.parametrize("question", ["留什么证明给海关？", "what proof do we keep on file?"])
def test_a_question_for_proof_stays_with_its_clause(assistant: Assistant, question: str) -> None:
    """Words for evidence name no topic of their own."""
    first = assistant.ask("25(4)")
    assert assistant.ask(question, [Turn(question="25(4)", answer=first)]).clauses == ("25(4)",)


def test_few_records_are_shown_with_a_short_answer(assistant: Assistant) -> None:
    """A question that names no kind of evidence gets the records to hand in, where there are few, besides the lines that answer it."""
    groups = assistant.edition().searcher.groups

    def shown(group: list[Passage], probability: float) -> list[str]:
        return [p.id for p in _with_records((group[0],), [LikelyLine(p, probability) for p in group])]

    assert shown(groups["24(3)"], 0.02) == ["24(3)", "24(3)/records/1", "24(3)/records/2", "24(3)/records/3"]
    assert shown(groups["24(3)"], 0.001) == ["24(3)"]
    assert shown([*groups["24(3)"], *groups["24(2)"]], 0.02) == ["24(3)"]


def test_the_same_question_alone_does_not_know_the_conversation(assistant: Assistant) -> None:
    """Nothing is remembered between questions that were not given as history."""
    assert assistant.ask("那（4）呢？").clauses != ("24(4)",)


@given(st.text(max_size=300))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_gets_an_answer_or_a_refusal(assistant: Assistant, guide: Guide, text: str) -> None:
    """No input crashes; whatever is quoted stands in the guide."""
    answer = assistant.ask(text)
    assert answer.answer
    assert answer.answered == bool(answer.citations) or "共 31 项" in answer.answer
    verbatim(answer, guide)


def test_a_huge_question_is_refused_at_once(assistant: Assistant) -> None:
    """A megabyte of text is turned away before anything is searched: the answer is short and names no clause."""
    answer = assistant.ask("访客" * 500_000)
    assert answer.reason == "not_a_question"
    assert answer.nearest == ()


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_every_clause_can_be_asked_by_its_own_words(assistant: Assistant, guide: Guide, step: int) -> None:
    """The clause's own sentence finds the clause among the first five (identical twins count as one); all 64 in the long form."""
    same: dict[str, set[str]] = {}
    for clause in guide.clauses.values():
        same.setdefault(folded(clause.text), set()).add(clause.id)
    missed = [c.id for c in list(guide.clauses.values())[::step] if not same[folded(c.text)] & set(assistant.ask(c.text).nearest)]
    assert missed == []
