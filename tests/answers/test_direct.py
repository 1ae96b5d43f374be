"""The direct answer first where the guide's structure makes it certain, and none where it does not."""

from __future__ import annotations

import pytest

from assistant.answers.passages import passages
from assistant.answers.reply.deciding.direct import direct
from assistant.answers.reply.deciding.reach import reaches
from assistant.answers.reply.deciding.verdicts import Ruling
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


@pytest.mark.parametrize(
    ("question", "clause", "text"),
    [
        ("滞纳税款报关单率2.8%超过3%了吗", "20(2)", "符合：2.8%，不超过 3%（"),
        ("滞纳税款报关单率3.2%，超过3%没有", "20(2)", "不符合：3.2%，超过 3%（"),
        ("滞纳率2.8%，低于3%，可以吗", "20(2)", "符合：2.8%，不超过 3%（"),
        ("数据存两年半，没到3年，行吗", "10", "不符合：两年半，少于 3年（"),
        ("关务负责人去年培训3次，今年不到2次行吗", "1(2)", "不符合：今年不到2次"),
    ],
)
def test_a_bound_that_is_named_is_no_number_of_ones_own(said, question: str, clause: str, text: str) -> None:  # type: ignore[no-untyped-def]
    """Whether 2.8 % exceeds 3 % is asked of the 2.8; two numbers that are both told are both held against the bound."""
    assert said(question, clause).text.startswith(text)


@pytest.mark.parametrize("question", ["差错率2.8%可以吗", "退单率2.8%，超过3%了吗", "海运查验率5%行不行"])
def test_a_share_of_something_else_is_held_against_nothing(said, question: str) -> None:  # type: ignore[no-untyped-def]
    """A rate with another name than the line's is not weighed."""
    found = said(question, "20(2)")
    assert found is None or found.outcome not in ("yes", "no")


def test_both_numbers_are_named(said) -> None:  # type: ignore[no-untyped-def]
    """The number told and the guide's stand in the verdict, head in bold, in both languages."""
    found = said("滞纳率2.8%，行吗", "20(2)")
    assert found.text.startswith("符合：2.8%，不超过 3%")
    assert found.text[slice(*found.bold[0])] == "符合"
    assert said("Are 18 months enough?", "4(2)", "en").text.startswith("That does not meet the guide: 18 months is less than 2 years (“相关记录保存期限不少于2年”)")


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
        ("滞纳几次就不行", "20(2)", "不超过3%"),
        ("培训要几个人参加", "31(3)", "没有规定人数"),
    ],
)
def test_no_number_is_said_with_what_is_said_instead(said, question: str, clause: str, words: str) -> None:  # type: ignore[no-untyped-def]
    """A measure that the guide leaves open is named in its own words; a unit that it never uses has none."""
    found = said(question, clause)
    assert found.outcome == "open"
    assert words in found.text


@pytest.mark.parametrize("question", ["28和29有何不同", "非常想知道28要什么", "28不仅要记录还要什么"])
def test_a_letter_of_denial_in_another_word_denies_nothing(said, question: str) -> None:  # type: ignore[no-untyped-def]
    """Nobody said that the clause does not concern them."""
    found = said(question, "28")
    assert found is None or "不适用" not in found.text


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
    assert said("列了两次但加起来才10天，行吗", "15").text.startswith("不符合：两次，超过 1次")


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
    """Of two bounds with one number the one that shares words; all those whom a line binds, unless one of them is named."""
    assert "复核准确率在90%以上" in said("复核准确率85%行吗", "21(10)").text
    assert said("培训每年几次", "1(2)").text.startswith("法定代表人（负责人）、负责关务的高级管理人员")
    assert said("关务负责人每年培训几次", "1(2)").text.startswith("应当每年参加2次以上")


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


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("进出口合同要保存多少年", "21(6)"), ("发票要存几年", "21(6)"), ("内审档案保存多久", "6(2)"), ("內審報告要保留幾年", "6(2)"), ("报关单证要保存几年", "4(1)"),
        ("认证档案保存几年", "4(5)"), ("培训记录要保存几年", "1(1)"), ("员工档案要保存几年", "25(2)"), ("应急预案要保存几年", "30(1)"), ("审计报告留几年", "12"),
        ("报关专用章使用登记要存几年", "4(4)"), ("How long must internal audit reports be kept?", "6(2)"),
    ],
)  # fmt: skip
def test_how_long_it_is_kept_is_no_frequency_and_no_look_back(said, question: str, clause: str) -> None:  # type: ignore[no-untyped-def]
    """每年1次, 2年内无… and 每一年 measure other things: the guide sets no years, and says so."""
    found = said(question, clause, "en" if question.isascii() else "zh")
    assert found.outcome == "open"
    assert found.text.startswith(("指南没有规定年限", "The guide sets no number of years"))


@pytest.mark.parametrize(
    ("question", "clause", "bold"),
    [
        ("数据要存多久", "10", "3年以上"), ("特殊物品记录至少保存几年", "4(2)", "不少于2年"), ("海关核发的证书要准备几年的", "4(4)", "3年以来"),
        ("内审多久做一次", "6(2)", "每年实施1次以上"), ("行贿几年内查", "21(9)", "2年"), ("多久没做过进出口就不符合了", "17", "2年"),
        ("重新认证内审档案要几年的", "6(2)", "每一年"), ("异常名录最多多少天", "15", "不超过30日"), ("吻合度要达到多少", "21(10)", "0．3以上"),
        ("How many times a year must the legal representative be trained", "1(2)", "每年参加2次以上"), ("How many years back is bribery checked", "21(9)", "2年"),
        ("how many years do special goods records have to be kept", "4(2)", "不少于2年"),
    ],
)  # fmt: skip
def test_a_number_that_measures_what_is_asked_leads(said, question: str, clause: str, bold: str) -> None:  # type: ignore[no-untyped-def]
    """So long kept, so often, so far back, of so many years."""
    found = said(question, clause, "en" if question.isascii() else "zh")
    assert found.text[slice(*found.bold[0])] == bold


def test_of_several_bounds_the_one_of_its_sentence_leads(said) -> None:  # type: ignore[no-untyped-def]
    """Two kinds of sampled enterprises have rates of their own."""
    assert "复核准确率" in said("进口货物使用去向调查样本企业，复核准确率要到百分之几", "21(10)").text
    assert "复核" not in said("外贸出口先导指数样本企业，问卷及时率要到多少", "21(10)").text
    assert said("背景调查要往前查几年的违法记录", "25(3)") is None


def test_how_often_is_not_how_long(said) -> None:  # type: ignore[no-untyped-def]
    """3年以上 is no interval; what is asked in words alone is quoted."""
    assert said("数据备份多久做一次", "10").outcome == "open"
    assert "定期" in said("演练多久搞一回", "31(3)").text
    assert said("复核记录要保存多久", "10") is None  # the years of another record


@pytest.mark.parametrize(
    ("question", "clause", "who"),
    [
        ("普通仓管员每年要参加几次海关培训", "1(2)", "法定代表人"), ("车间主任一年参加几次培训", "1(2)", "法定代表人"), ("財務經理每年要培訓幾次", "1(2)", "法定代表人"),
        ("新申请企业要提供几年的培训记录", "1(1)", "重新认证企业"), ("首次认证，内审档案要几年的", "6(2)", "重新认证企业"),
    ],
)  # fmt: skip
def test_what_binds_some_is_not_told_of_others(said, question: str, clause: str, who: str) -> None:  # type: ignore[no-untyped-def]
    """Whom a line binds is named, and that it is only they."""
    found = said(question, clause)
    assert found.outcome == "open"
    assert found.text.startswith(f"只对{who}")


def test_that_others_do_it_is_not_that_it_is_not_done(said) -> None:  # type: ignore[no-untyped-def]
    """Not our own transport may be transport all the same: nobody is told that a clause does not apply."""
    for question, clause in (
        ("我们不自己运输，29还适用吗", "29"),
        ("集装箱不是自己的，28还适用吗", "28"),
        ("We don't do our own transport, does 29 apply?", "29"),
    ):
        assert said(question, clause) is None
    assert "本项标准不适用" in said("我们自己没有集装箱，28还适用吗", "28").text


def test_any_one_is_said_of_the_proofs_and_not_of_the_crime(said) -> None:  # type: ignore[no-untyped-def]
    """Whoever asks about an offence gets the guide's words on it."""
    for question in ("过失犯罪影响认证吗", "行政拘留过可以吗", "Does a negligent crime matter?"):
        assert said(question, "14") is None


def test_times_are_held_against_their_limit(said) -> None:  # type: ignore[no-untyped-def]
    """Twice is more than once within the year; once says nothing of the days."""
    for question in ("被列入异常名录两次可以吗", "异常名录3次行吗", "Listed as abnormal twice in a year, is that ok?"):
        assert said(question, "15").outcome == "no"
    assert said("列入异常名录一次可以吗", "15") is None


def test_on_the_edge_of_the_years_only_the_words_are_said(said) -> None:  # type: ignore[no-untyped-def]
    """两年前 lies on either side of 2年内; and what counts is quoted to its end."""
    assert said("两年前受过刑事处罚可以吗", "14").text == "企业相关人员2年内未因故意犯罪受过刑事处罚"
    assert "逾期不改正的情形" in said("一年前被责令限期改正，可以吗", "21(1)").text
    assert "合同" in said("一年前篡改过合同，行吗", "21(6)").text


def test_every_year_is_said_readably(said) -> None:  # type: ignore[no-untyped-def]
    """The same rate is what the guide asks for, in both languages."""
    assert said("Is an internal audit every year enough?", "6(2)", "en").text.startswith(
        "That meets the guide: every year; the guide asks for at least 1 time a year"
    )
    assert said("Is one audit a year enough?", "6(2)", "en").outcome == "yes"
    assert said("内审一年一次够吗", "6(2)").text.startswith("符合：一年一次，指南要求每年实施1次以上")


def _ruling(asks: str, words: str) -> Ruling:
    return Ruling("yes", 0.99, True, asks, 1.0, words)


@pytest.mark.parametrize(
    ("question", "clause", "words", "outcome"),
    [
        ("发生火灾要报告海关吗", "30(3)", "应当及时向海关报告", "fact"), ("保税仓失火涉及海关业务，要报告海关吗", "30(3)", "应当及时向海关报告", "yes"),
        ("认证档案里有日文文件，要翻译吗", "4(5)", "应当提供符合海关要求的简体中文译本", "yes"), ("制度要法人签字吗", "1(2)", "应有企业法定代表人（负责人）签署的书面授权文件", "fact"),
        ("员工证一定要有照片吗", "24(2)", "身份识别应当有员工的姓名、所在部门、照片等信息或者采取技术手段自动识别", "fact"),
        ("保税仓失火涉及海关业务，要报告海关吗", "30(3)", "发生的灾害或者紧急情况涉及海关业务的，应当及时向海关报告", "yes"),
        ("整改必须由法人组织吗", "8(2)", "应当由法定代表人（负责人）或者负责关务的高级管理人员组织实施", "fact"),
        ("要有认证档案吗", "4(5)", "建立企业认证的书面或者电子资料的专门档案", "yes"), ("我们只用箱式货车，28要做吗", "28", "涉及集装箱或者箱式货车运输的企业", "yes"),
        ("企业应如何建立海关培训制度", "1(1)", "建立海关法律法规等相关规定的内部培训制度并有效落实", None), ("培训记录应当包含哪些要素", "1(1)", "应包括培训老师", None),
        ("What records do we need for visitors?", "24(3)", "企业访客出入登记记录", None), ("谁应当参加海关培训", "1(2)", "应当每年参加2次以上", None),
    ],
)  # fmt: skip
def test_what_is_asked_in_some_cases_only_is_no_yes(guide: Guide, question: str, clause: str, words: str, outcome: str | None) -> None:
    """A condition that nobody told and one of two ways are quoted; how and which want no yes at all."""
    group = passages(guide)[clause]
    found = direct(question, guide.clauses[clause], group, group, "zh", decide=lambda: _ruling("must", words))
    assert (found.outcome if found else None) == outcome


def test_the_own_sentence_says_how_often_before_a_line_that_names_the_frequency(guide: Guide) -> None:
    """定期, and not 培训频次, whichever stands first."""
    lines = passages(guide)["31(3)"]
    found = direct("消防演练多久搞一次", guide.clauses["31(3)"], lines, [*lines[1:], lines[0]], "zh")
    assert found is not None
    assert found.outcome == "open"
    assert "定期对员工" in found.text


def test_a_number_that_is_set_elsewhere_is_said_with_where(said) -> None:  # type: ignore[no-untyped-def]
    """The line that points there is quoted."""
    found = said("现金流动负债比率低于多少算差", "13")
    assert found.outcome == "open"
    assert "2019年海关总署第46号公告" in found.text


def test_a_rate_is_no_height(said) -> None:  # type: ignore[no-untyped-def]
    """要多高 asks for the share where a rate is named."""
    assert "90%以上" in said("问卷及时率要多高", "21(10)").text


@pytest.mark.parametrize(
    ("question", "spared"),
    [("头一次申请认证也得做持续符合的内审吗", True), ("复审的企业得做持续符合的内审吗", False), ("首次通过后再复审要做这个吗", False)],
)
def test_who_applies_for_the_first_time_is_spared_what_only_counts_again(said, question: str, spared: bool) -> None:  # type: ignore[no-untyped-def]
    """The clause's condition is told, though nothing is denied."""
    found = said(question, "6(3)")
    assert (found is not None and "否则不适用" in found.text) == spared
