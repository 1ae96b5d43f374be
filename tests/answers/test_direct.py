"""The direct answer first where the guide's structure makes it certain, and none where it does not."""

from __future__ import annotations

import pytest

from assistant.answers.passages import passages
from assistant.answers.reply.direct import direct, reaches
from assistant.guide import Guide


@pytest.fixture(scope="module")
def said(guide: Guide):  # type: ignore[no-untyped-def]
    """The verdict of one clause, all its lines shown."""
    groups = passages(guide)

    def ask(question: str, clause: str, lang: str = "zh"):  # type: ignore[no-untyped-def]
        return direct(question, guide.clauses[clause], groups[clause], groups[clause], lang)

    return ask


@pytest.mark.parametrize(
    ("question", "clause", "outcome"),
    [
        ("滞纳率2.8%，行吗", "20(2)", "yes"), ("滞纳率3%可以吗", "20(2)", "yes"), ("滞纳率4个百分点行不行", "20(2)", "no"),
        ("关务负责人一年只培训一次够不够", "1(2)", "no"), ("今年上了三堂，够了吧", "1(2)", "yes"), ("数据存30个月合规吗", "10", "no"),
        ("数据存四年可以吗", "10", "yes"), ("审计报告隔年做一次行么", "12", "no"), ("最后一次出口在20个月前，能过吗", "17", "yes"),
        ("最后一次出口在三年前，能过吗", "17", "no"), ("五年前判过刑，行吗", "14", "yes"), ("进过一次名录吗", "15", None),
        ("去年进过一次，40天才移出，行吗", "15", "no"), ("Is 18 months long enough?", "4(2)", "no"),
    ],
)  # fmt: skip
def test_a_number_is_held_against_the_bound(said, question: str, clause: str, outcome: str | None) -> None:  # type: ignore[no-untyped-def]
    """Yes and no where number and bound are of one kind; nothing where there is nothing to compare."""
    found = said(question, clause)
    assert (found.outcome if found else None) == outcome


def test_both_numbers_are_named(said) -> None:  # type: ignore[no-untyped-def]
    """The number told and the guide's stand in the verdict, head in bold, in both languages."""
    found = said("滞纳率2.8%，行吗", "20(2)")
    assert found.text.startswith("符合：2.8%，不超过 3%")
    assert found.text[slice(*found.bold[0])] == "符合"
    assert said("Are 18 months enough?", "4(2)", "en").text.startswith("No: 18 months is less than 2 years (“相关记录保存期限不少于2年”)")


def test_a_false_premise_is_named(said) -> None:  # type: ignore[no-untyped-def]
    """More than the guide asks is enough, but it is not what the guide asks."""
    found = said("内审每年要做四次对吗", "6(2)")
    assert (found.outcome, found.text.split("：")[0]) == ("no", "不是这样")
    assert "每年实施1次以上" in found.text
    assert said("内审我们每年做四次，对吗", "6(2)").outcome == "yes"


def test_what_lies_within_the_years_is_not_judged(said) -> None:  # type: ignore[no-untyped-def]
    """That something happened within the two years is told; whether it is what the clause forbids, numbers cannot say."""
    assert said("一年前有人被判过，还行吗", "14").outcome == "fact"


def test_one_of_two_limits_is_no_verdict(said) -> None:  # type: ignore[no-untyped-def]
    """Where a clause sets two limits, one that is kept says so and no more."""
    assert said("名录里待了12天，行吗", "15").outcome == "fact"


def test_the_deciding_words_come_first(said) -> None:  # type: ignore[no-untyped-def]
    """How often and how long are answered by the piece of the line that says so, the number with its bound in bold."""
    found = said("法人一年要培训几次", "1(2)")
    assert found.text[slice(*found.bold[0])] == "每年参加2次以上"
    assert said("特殊物品的记录存多久", "4(2)").text == "相关记录保存期限不少于2年"
    assert said("数据要存几年", "10").text[slice(*said("数据要存几年", "10").bold[0])] == "3年以上"


@pytest.mark.parametrize(
    ("question", "clause", "words"),
    [
        ("演练多久一次", "31(3)", "定期"),
        ("危机演练两年搞一回够不够", "31(3)", "定期"),
        ("访客记录存半年行吗", "24(3)", "保存期限"),
        ("围墙要几米高", "23(2)", ""),
    ],
)
def test_no_number_is_said_with_what_is_said_instead(said, question: str, clause: str, words: str) -> None:  # type: ignore[no-untyped-def]
    """A measure that the guide leaves open is named in its own words; a unit that it never uses has none."""
    found = said(question, clause)
    assert found.outcome == "open"
    assert words in found.text


def test_not_concerned_and_any_one(said) -> None:  # type: ignore[no-untyped-def]
    """Who does not meet the condition is told so, and what to hand in all the same; alternatives are called so."""
    assert "但仍要提交书面说明" in said("我们没有集装箱，28要做吗", "28").text
    assert said("我们没有集装箱，28要做吗", "28").outcome == "fact"
    assert said("集装箱要做检查吗", "28") is None
    assert said("无犯罪证明一定要公安开吗", "14").text == "任选其一即可"
    assert said("自己声明由企业加盖公章，可以吗", "14").outcome == "fact"  # that it is one of them, words alone cannot say
    assert said("自己声明没加盖公章，可以吗", "14") is None  # any one is enough, but not one that lacks what the line asks of it


def test_the_story_around_a_question_is_not_weighed(said) -> None:  # type: ignore[no-untyped-def]
    """Numbers of a long story are not taken for what is asked."""
    story = "我们公司去年换了法定代表人，新法人平时在新加坡，日常是总经理在管，关务部由我负责，下个月海关要来重新认证，" * 2
    assert said(story + "总经理每年参加了三次，他的记录算吗", "1(2)") is None


@pytest.mark.parametrize(
    ("question", "clause", "outcome"),
    [
        ("数据存不到3年可以吗", "10", "no"), ("数据没存够三年行吗", "10", "no"), ("数据存3年以下可以吗", "10", "no"), ("数据存满3年可以吗", "10", "yes"),
        ("数据至少存3年可以吗", "10", "yes"), ("数据最多存3年可以吗", "10", "fact"), ("数据存2年以上可以吗", "10", "fact"), ("能不能存不到3年", "10", "no"),
        ("滞纳率超过3%可以吗", "20(2)", "no"), ("滞纳率3%以上行吗", "20(2)", "no"), ("滞纳率比3%高可以吗", "20(2)", "no"), ("滞纳率高于2%行吗", "20(2)", "fact"),
        ("滞纳率没超过3%，行吗", "20(2)", "yes"), ("滞纳率能不能超过3%", "20(2)", "no"), ("Is less than 3 years ok?", "10", "no"),
        ("Is over 3 years ok?", "10", "yes"), ("滞纳率百分之三点五行吗", "20(2)", "no"), ("滞纳率千分之五行吗", "20(2)", "yes"),
        ("内审每年不到1次可以吗", "6(2)", "no"), ("内审每18个月做一次行吗", "6(2)", "no"), ("内审每一年半做一次行吗", "6(2)", "no"),
        ("内审不到一年一次可以吗", "6(2)", "fact"),
    ],
)  # fmt: skip
def test_the_askers_own_comparison_is_read(said, question: str, clause: str, outcome: str) -> None:  # type: ignore[no-untyped-def]
    """不到, 以上, less than: yes or no where that decides, and the guide's words alone where it leaves the matter open."""
    assert said(question, clause).outcome == outcome


def test_changes_and_other_years_are_not_held_against_a_bound(said) -> None:  # type: ignore[no-untyped-def]
    """What it was before and by how much it changed is not what it is; one good year says nothing of the next."""
    assert said("滞纳率从5%降到2%，可以吗", "20(2)").text.startswith("符合：2%")
    assert said("滞纳率上升了0.5%，可以吗", "20(2)") is None
    assert said("今年内审做了两次，明年不做可以吗", "6(2)").outcome == "fact"
    assert said("列了两次但加起来才10天，行吗", "15") is None


@pytest.mark.parametrize(
    ("question", "clause", "words"),
    [
        ("数据要求是5年吧", "10", "不是 5年，是 3年以上"), ("内审要求每年2次对吗", "6(2)", "是每年实施1次以上"), ("培训要求4次对不对", "1(2)", "不是 4次"),
        ("数据要求是3年以上吧", "10", "是这样"), ("The rule is 5 years, right?", "10", "not 5 years, but at least 3 years"),
    ],
)  # fmt: skip
def test_a_number_told_as_the_rule_is_confirmed_or_put_right(said, question: str, clause: str, words: str) -> None:  # type: ignore[no-untyped-def]
    """A false number is named beside the guide's, and is never called good."""
    found = said(question, clause, "en" if question.isascii() else "zh")
    assert words in found.text
    assert found.outcome == ("yes" if words == "是这样" else "no")


@pytest.mark.parametrize(
    ("question", "clause", "words"),
    [
        ("为什么内审要每年做4次", "6(2)", "不是每年做4次，是每年实施1次以上"), ("培训每年要求3次的规定在哪", "1(2)", "是每年参加2次以上"),
        ("异常名录不超过3次是哪条", "15", "是不超过 1次"), ("谁规定数据得存10年", "10", "不是 10年，是 3年以上"),
        ("Where is the rule that data must be kept for 5 years", "10", "not 5 years, but at least 3 years"),
        ("数据存储3年以上的要求在哪一条", "10", None), ("数据存5年要怎么存", "10", None), ("我们内审要每年做4次，怎么留记录", "6(2)", None),
        ("去年培训了3次，记录要留什么", "1(2)", None), ("滞纳率超过5%怎么办", "20(2)", None),
    ],
)  # fmt: skip
def test_a_false_number_is_named_though_something_else_is_asked(said, question: str, clause: str, words: str | None) -> None:  # type: ignore[no-untyped-def]
    """Where and why a rule is asks nothing of its number, and still must not leave a false one standing; what is done is no rule."""
    found = said(question, clause, "en" if question.isascii() else "zh")
    assert found is None if words is None else words in found.text


@pytest.mark.parametrize(
    ("question", "clause", "outcome"),
    [
        ("那2%呢", "20(2)", "yes"), ("3.5%呢？", "20(2)", "no"), ("那一年一次呢", "1(2)", "no"), ("30个月呢", "10", "no"),
        ("第一个存四年呢", "10", "yes"), ("异常名录31天呢", "15", "no"), ("What about 2%?", "20(2)", "yes"), ("访客呢", "24(3)", None),
        ("What about the execs, how many sessions a year?", "1(2)", None), ("那一年要培训几次呢", "1(2)", "fact"),
        ("100票里4票滞纳可以吗", "20(2)", "no"), ("100票里有2票滞纳，行吗", "20(2)", "yes"),
    ],
)  # fmt: skip
def test_another_number_is_held_against_the_bound_too(said, question: str, clause: str, outcome: str | None) -> None:  # type: ignore[no-untyped-def]
    """A number with 呢 asks what was asked of the one before it; so many of so many are a share."""
    found = said(question, clause, "en" if question.isascii() else "zh")
    assert (found.outcome if found else None) == outcome


def test_the_bound_that_is_asked_about_is_quoted(said) -> None:  # type: ignore[no-untyped-def]
    """Of two bounds with one number the one that shares words; and never the last of several whom a line binds, alone."""
    assert "复核准确率在90%以上" in said("复核准确率85%行吗", "21(10)").text
    assert said("培训每年几次", "1(2)").text.startswith("应当每年参加2次以上")


@pytest.mark.parametrize("who", ["保安队长", "采购员", "司机", "新员工"])
def test_a_line_that_binds_some_says_nothing_of_others(said, who: str) -> None:  # type: ignore[no-untyped-def]
    """Twice a year is asked of four kinds of leaders."""
    assert said(f"{who}一年培训一次，可以吗", "1(2)") is None
    assert said("高管一年培训一次，可以吗", "1(2)").outcome == "no"


@pytest.mark.parametrize(
    ("question", "words", "reached"),
    [
        ("访客登记要保存3年吗", "应包括访客姓名、身份证件类型、来访时间、离开时间等信息", False),
        ("演练没有照片但有视频行吗", "企业危机处理模拟演练的照片、视频等记录", False),
        ("演练没有照片行吗", "企业危机处理模拟演练的照片、视频等记录", True),
    ],
)
def test_words_that_do_not_reach_a_question_decide_nothing(question: str, words: str, reached: bool) -> None:
    """A number they know nothing of, and an alternative that they offer."""
    assert reaches(question, "no", words) is reached


def test_the_years_of_another_thing_are_no_answer(said) -> None:  # type: ignore[no-untyped-def]
    """近一年来 tells what a talk is about, and 每一年 is no ground to say that no years are given."""
    assert said("培训记录海关要抽几年", "1(1)") is None
