"""What was shown stays what ordinals count, and a message of several questions is answered question by question."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Turn
from assistant.answers.question.places.number_grammar import named
from assistant.answers.question.words import fold
from assistant.app import Assistant

SIX = "哪些条款有适用条件"


def told(assistant: Assistant, *messages: str) -> list[tuple[str, ...]]:
    """The clauses of each answer of a dialogue."""
    history: list[Turn] = []
    for message in messages:
        history.append(Turn(question=message, answer=assistant.ask(message, history)))
    return [turn.answer.clauses for turn in history]


def test_a_list_is_counted_until_another_one_is_shown(assistant: Assistant) -> None:
    """Third, last, second, second from the end: all of the same list, however many were picked from it before."""
    listed, *picked = told(assistant, SIX, "第三个要准备什么", "最后一条呢", "第二个的抽查记录", "倒数第二个要不要书面说明", "第一个呢")
    assert [c for c, *_ in picked] == [listed[2], listed[-1], listed[1], listed[-2], listed[0]]
    *_, other, first = told(assistant, SIX, "第三个要准备什么", "第31项", "第一条呢")
    assert (len(other), first) == (3, ("31(1)",))


def test_the_next_one_is_the_next_of_the_list(assistant: Assistant) -> None:
    """Not the next clause of the guide."""
    listed, _, after = told(assistant, SIX, "第三个要准备什么", "下一条呢")
    assert after[0] == listed[3]


def test_behind_the_last_clause_of_an_item_comes_the_next_of_the_guide(assistant: Assistant) -> None:
    """Also after plainer words were asked for, and in traditional characters."""
    assert told(assistant, "集装箱要怎么检查", "讲简单一点", "下一條")[-1] == ("29",)
    assert told(assistant, "第30项第1条", "上一条")[-1] == ("29",)


def test_an_item_that_is_named_wins_over_the_list(assistant: Assistant) -> None:
    """那30项的第二条 is 30(2), whatever list stands; its ordinals count there from then on."""
    *_, third, named_, then = told(assistant, "第31项", "第三条演练要留啥", "那30项的第二条呢", "第一条呢")
    assert (third[0], named_[0], then[0]) == ("31(3)", "30(2)", "30(1)")


def test_an_item_after_that_is_no_count() -> None:
    """那30项 with a clause after it names it, without one it counts items."""
    assert [(n.item, n.number) for n in named(fold("那30项的第二条呢"))] == [(30, 2)]
    assert named(fold("这31项都要准备吗")) == []


def test_the_first_question_is_the_first_of_the_conversation(assistant: Assistant) -> None:
    """However long ago it was asked."""
    *_, first = told(assistant, "24(3)要留哪些记录", "25(4)要什么", "10要什么", "6(2)要什么", "20(2)是什么", "第一个问题里的记录要留什么")
    assert first == ("24(3)",)


def test_questions_of_one_message_are_counted_after_one_was_picked(assistant: Assistant) -> None:
    """The second question of a message stays the second after the first was asked on about."""
    *_, one, two = told(assistant, "24(3)要留哪些记录？内审一年要做几次？", "第一个问题的那条要看现场吗", "第二个呢")
    assert (one, two) == (("24(3)",), ("6(2)",))


def test_what_was_shown_before_is_found_by_what_it_is_called(assistant: Assistant) -> None:
    """前面那个离职的 is not just the one before."""
    assert (
        told(assistant, "25(4)要留什么", "25(1)要留什么", "25(3)怎么查违法记录", "前面那个离职的，离职员工的账号谁来关")[-1][0] == "25(4)"
    )


def test_a_correction_offers_what_stands_beside_a_clause_that_was_looked_up(assistant: Assistant) -> None:
    """Nothing came next to it in a search; the other clauses of its item did in print."""
    before = Turn(question="25(4)要留什么", answer=assistant.ask("25(4)要留什么"))
    assert assistant.ask("答得不对啊，不是我要的", (before,)).nearest == ("25(1)", "25(2)", "25(3)")


def test_a_nod_is_thanked_for_only_after_an_answer(assistant: Assistant) -> None:
    """👍 greets nobody."""
    before = Turn(question="24(3)", answer=assistant.ask("24(3)"))
    assert assistant.ask("👍", (before,)).answer == assistant.ask("多谢，我这就去办").answer != assistant.ask("👍").answer


def test_no_question_of_a_message_vanishes(assistant: Assistant) -> None:
    """Each is judged on its own lines: no number is called open that another one's line holds."""
    answer = assistant.ask("访客登记要写哪些内容？数据存几年？")
    assert [p.citations[0].clause for p in answer.parts] == ["24(3)", "10"]
    assert "没有给出具体数字" not in assistant.ask("培训每年几次？数据存几年？").answer


def test_a_listing_is_carried_out_for_its_own_question_only(assistant: Assistant) -> None:
    """What is asked beside it neither filters it nor denies anything of it."""
    answer = assistant.ask("哪些条款提到“容灾备份”？另外信息安全培训要什么记录")
    assert [sorted({c.clause for c in p.citations}) for p in answer.parts] == [["10"], ["11(2)"]]
    assert "没有提到" not in answer.answer


@pytest.mark.parametrize("message", ["31项几条？30项呢", "第31项有几条？第24项呢？"])
def test_two_counts_are_no_sum(assistant: Assistant, message: str) -> None:
    """Each item is counted under its own question."""
    parts = assistant.ask(message).parts
    assert [len({c.clause for c in p.citations}) for p in parts] == ([3, 3] if "30" in message else [3, 4])


def test_a_listing_in_two_sentences_stays_one(assistant: Assistant) -> None:
    """一共几条 asks nothing else."""
    assert len(assistant.ask("哪些条款要抽查记录？一共几条？").parts) == 1


def test_what_concerns_only_some_answers_for_them_only(assistant: Assistant) -> None:
    """普通单证 after 特殊物品 is a question of its own."""
    assert told(assistant, "特殊物品记录保存18个月行不行", "普通单证呢保存几年")[-1][0] == "4(1)"


def test_places_of_a_list_are_counted_in_a_row(assistant: Assistant) -> None:
    """1和3, 第二到第四个, 倒数第二: of what was listed, and no items of the guide."""
    listed, *picked = told(assistant, SIX, "1和3", "第二到第四个", "倒数第二")
    assert picked == [(listed[0], listed[2]), tuple(listed[1:4]), (listed[-2],)]


def test_all_of_a_list_may_be_meant(assistant: Assistant) -> None:
    """这两条 are both clauses of the item, after one of them was picked too."""
    *_, both = told(assistant, "第20项", "第二条的上限是多少", "这两条谁来认定")
    assert both == ("20(1)", "20(2)")


def test_a_bare_number_is_no_greeting(assistant: Assistant) -> None:
    """7 is the seventh item."""
    assert assistant.ask("7", ()).clauses == ("7",)


@pytest.mark.parametrize(
    ("first", "then", "clauses"),
    [
        ("24项都有哪些", "那个排最后的要怎么处置", ("24(4)",)),
        ("4项包括哪些", "第四条抽查几年的，第五条要不要翻译", ("4(4)", "4(5)")),
        ("内审一年几次？访客登记写什么？", "前者实地看哪里", ("6(2)",)),
        ("内审一年几次？访客登记写什么？", "后者现场看什么", ("24(3)",)),
        ("23项有什么", "1)", ("23(1)",)),
        ("List item 25", "what does number 2 require", ("25(2)",)),
    ],
)
def test_more_ways_of_counting(assistant: Assistant, first: str, then: str, clauses: tuple[str, ...]) -> None:
    """The former, the latter, two ordinals apart, a number with a bracket."""
    assert told(assistant, first, then)[-1] == clauses


@pytest.mark.parametrize(
    ("first", "then", "clause"),
    [("25项有几条", "离职的是哪条", "25(4)"), ("24项有几条", "访客在哪一条", "24(3)"), ("4项有哪几条", "外文翻译是第几条", "4(5)")],
)
def test_which_of_those_listed_is_found_among_them(assistant: Assistant, first: str, then: str, clause: str) -> None:
    """第几条 asks for one of the list that stands, not for all clauses of the guide that hold the word."""
    assert told(assistant, first, then)[-1] == (clause,)


def test_which_one_may_be_another_than_those_listed(assistant: Assistant) -> None:
    """What is surely another clause is that one."""
    assert told(assistant, "24项有几条", "复核单证是哪一条")[-1][0] == "3"


@pytest.mark.parametrize("message", ["is there no 3% limit?", "no 3 people needed?"])
def test_no_before_a_number_of_things_counts_no_place(assistant: Assistant, message: str) -> None:
    """Only where nothing but the number is asked about is it a place in the list."""
    turn = Turn(question="24项有几条", answer=assistant.ask("24项有几条"))
    assert assistant.read(message, [turn]).place == ()
    assert assistant.read("no 3?", [turn]).place == ("24(3)",)


@pytest.mark.parametrize(
    ("before", "number", "clause", "verdict"),
    [
        ("滞纳率上限多少", "2%呢", "20(2)", "符合"),
        ("滞纳率上限多少", "我们2.9%", "20(2)", "符合"),
        ("滞纳率上限多少", "如果是百分之四", "20(2)", "不符合"),
        ("滞纳率上限多少", "and 5%?", "20(2)", "Below"),
        ("数据要存多久", "两年呢", "10", "不符合"),
        ("内审一年几次", "两年一次呢", "6(2)", "不符合"),
        ("内审一年几次", "三次", "6(2)", "符合"),
    ],
)
def test_a_number_put_after_a_bound_is_held_against_it(assistant: Assistant, before: str, number: str, clause: str, verdict: str) -> None:
    """However little else the message says; a count after how often a year is one a year."""
    history = [Turn(question=before, answer=assistant.ask(before))]
    answer = assistant.ask(number, history)
    assert clause in answer.clauses
    assert answer.blocks[0].block == "verdict"
    assert answer.blocks[0].text.startswith(verdict) or verdict == "Below"


def test_a_number_with_a_matter_of_its_own_or_without_a_bound_is_read_as_before(assistant: Assistant) -> None:
    """3% after a clause that bounds no share is nothing of that clause, and a place stays one."""
    history = [Turn(question="访客要登记吗", answer=assistant.ask("访客要登记吗"))]
    assert "24(3)" not in assistant.ask("3%呢", history).clauses
    assert assistant.ask("第二条", history).clauses == ("24(3)",)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("滞纳税款率的上限多少", "20(2)"),
        ("数据备份要存几年", "10"),
        ("备份要存几年", "10"),
        ("备份数据存几年", "10"),
        ("滞纳稅款率不能超過多少", "20(2)"),
    ],
)
@pytest.mark.parametrize("before", ["访客要登记吗", "内审一年几次"])
def test_a_matter_of_its_own_is_answered_whatever_was_talked_about(assistant: Assistant, before: str, question: str, clause: str) -> None:
    """A short question on another item is no question on the one before."""
    assert told(assistant, before, question)[1][:1] == (clause,)
