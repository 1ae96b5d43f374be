"""A claim stands only on what it cites: exact rules first, then a look at what it means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.language_models import GenericFakeChatModel

from assistant.answers.passages import passages
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import Calls
from assistant.answers.reply.calling.claims import Cited, Claim
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.check.checker import Checker
from assistant.answers.reply.check.entailment import JudgedClaim, ModelEntailment
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.check.quantities import frequencies, quantities
from assistant.answers.reply.check.rules import cleaned, denies, fault
from assistant.guide import Guide


@pytest.fixture(scope="module")
def lines(guide: Guide) -> GuideLines:
    """The lines of the shipped guide."""
    return GuideLines(guide, passages(guide))


def claim(text: str, *cited: tuple[str, str]) -> Claim:
    return Claim(text=text, citations=tuple(Cited(id=i, quote=q) for i, q in cited))


KEPT, TWICE, VISITOR = (
    ("4(2)/records/3", "保存期限不少于2年"),
    ("1(2)", "应当每年参加2次以上"),
    ("24(3)/records/1", "应包括访客姓名、身份证件类型"),
)
RATES, MOVED, BADGE, ABROAD = (
    ("21(10)", "1年内填报问卷及时率在90%以上、问卷答案与出口增速的吻合度在0．3以上"),
    ("28/records/1", "不涉及集装箱运输的，企业提供相关情况说明的书面材料"),
    ("24(2)/onsite/1", "照片等信息或者采取技术手段自动识别"),
    ("20(1)", "没有超过法定缴款期限尚未缴纳税款及罚没款项的情形"),
)
AUDIT = ("6(2)", "每年实施1次以上的内部审计")
FORMATS, LATE, LISTED = (
    ("24(3)/records/n1", "记录可以为纸本文档、电子文档"),
    ("20(2)", "滞纳税款报关单率不超过3%"),
    ("15", "次数不超过1次，且不超过30日"),
)

STAND = [
    (
        claim("2条。", ("24(3)/onsite", "配合海关认证人员实地查看"), ("24(2)/onsite", "配合海关认证人员实地查看")),
        "24项里几条要实地查看，只要数字",
    ),
    (claim("不用，三种里交任意一种就行。", ("14/documents", "以下任一证明材料")), "三种都要吗"),
    (claim("特殊物品的记录至少保存两年", KEPT), ""),
    (claim("Records must be kept for at least two years", KEPT), ""),
    (claim("至少保存24个月", KEPT), ""),
    (claim("18个月不够，要2年", KEPT), "我们只留18个月，够吗？"),
    (claim("四类人员每年参加2次以上内部培训", TWICE), ""),
    (claim("They train twice a year or more", TWICE), ""),
    (claim("访客登记要写访客姓名和来访时间", VISITOR), ""),
    (claim("The guide to China Customs' AEO certification asks for the visitor's name", VISITOR), ""),
    (claim("訪客登記要寫訪客姓名", VISITOR), ""),
    (claim("这一条要求登记访客姓名等四样信息", VISITOR), ""),
    (claim("第一次来的访客，也要由一名员工登记访客姓名", VISITOR), ""),
    (claim("可以用电子文档", FORMATS), ""),
    (claim("滞纳税款报关单率不超过3%", LATE), ""),
    (claim("2.8%没有超过3%", LATE), "我们的滞纳率是2.8%，行吗？"),
    (claim("共3条：4(2)、15、20(2)", KEPT, LATE, LISTED), "哪些条款有上限？"),
    (claim("3 clauses: 4(2), 15 and 20(2)", KEPT, LATE, LISTED), ""),
    (claim("One listing is fine, 45 days are more than the 30 allowed", LISTED), "We were listed once for 45 days."),
    (claim("指南提到保存期限，没有规定存多久", ("24(3)/situation/3", "保存方式、保存期限")), "访客登记存多久？"),
    (claim("无犯罪证明任选一种", ("14/documents", "以下任一证明材料")), ""),
    (claim("同30(1)的要求", ("30(2)/documents/1", "要求同本条分项标准（1）")), ""),
    (claim("访客姓名要登记，引文在同一条的别的行", ("24(3)", "应包括访客姓名、身份证件类型")), ""),
    (claim("员工入职档案，重新认证企业提供最近一次重新认证后每一年的", ("25(3)/records/1", "企业员工入职档案")), ""),
    (claim("提供改进的工作记录，重新认证企业提供每一年的", ("8(1)/records", "提供抽查记录")), ""),
    (claim("应急预案要及时更新", ("30(1)/documents", "建立以下书面文件")), ""),
    (claim("20日没有超过30日", LISTED), "第20天移出名录，行吗？"),
    (claim("4(2)、24(3)和15一共3份", KEPT, VISITOR, LISTED), ""),
    (claim("3、5、15。", ("3", "建立进出口单证"), ("5", "建立进出口活动"), LISTED), "没有分项的是哪些？"),
    (claim("问卷及时率在90%以上，吻合度在0.3以上", RATES), ""),
    (claim("及时率85%没有到90%", RATES), "我们的及时率85%，行吗？"),
    (claim("有超过法定缴款期限尚未缴纳税款及罚没款项的情形，就不符合", ABROAD), ""),
    (claim("不行，涉及集装箱运输的企业不能只提供相关情况说明的书面材料", MOVED), ""),
    (claim("照片等信息和采取技术手段自动识别，选一样就可以", BADGE), ""),
    (claim("书面文件要求同30(1)", ("30(2)/documents/1", "要求同本条分项标准（1）")), ""),
    (claim("最多30日，1次", LISTED), ""),
    (claim("No more than 30 days, and once at the most", LISTED), ""),
    (claim("每年最少两次", TWICE), ""),
    (claim("2年以下不符合", KEPT), ""),
    (claim("不满90%不符合，90%以下都不算", RATES), ""),
    (claim("Two years or less is not enough", KEPT), ""),
    (claim("一年一次以上，指内部审计", AUDIT), "内审多久一次？"),
    (claim("Two times annually or more", TWICE), ""),
    (claim("半年一次，全年就有两次内部培训", TWICE), ""),
    (claim("保存期限要满两个整年", KEPT), ""),
    (claim("200票里5票是2.5%，没有超过百分之三", LATE), "200票里有5票滞纳，行吗？"),
    (claim("No, six weeks is 42 days, more than 30", LISTED), "Listed for six weeks, ok?"),
    (claim("应急预案要及时更新，指南没有规定多久一次", ("30(1)/documents", "建立以下书面文件")), ""),
    (claim("Annual leave is not mentioned, dismissed staff hand in their passes", ("25(4)", "及时收回工作证件、设备")), ""),
]
FALL = [
    (claim("看不看都行，由门卫决定。", ("24(3)", "登记时必须检查带有照片的身份证件")), "no word"),
    (claim("特殊物品的记录至少保存三年", KEPT), "三年"),
    (claim("保存期限不少于2个月", KEPT), "2个月"),
    (claim("每月参加2次以上培训", TWICE), "每月参加2次"),
    (claim("They are trained weekly", TWICE), "weekly"),
    (claim("每年一次以上", TWICE), "每年一次"),
    (claim("一月一次内部审计", AUDIT), "一月一次"),
    (claim("三个月一回内审", AUDIT), "三个月一回"),
    (claim("内审月月都要做", AUDIT), "every month"),
    (claim("一百票报关单里最多八票滞纳税款", LATE), "八票"),
    (claim("每年参加2小时以上", TWICE), "2小时"),
    (claim("1年内不超过30次，且不超过1日", LISTED), "1年内不超过30次"),
    (claim("上限是3‰，即滞纳税款报关单率", LATE), "3‰"),
    (claim("每年两次以上", ("1(2)", "应当每年参加一次以上")), "quote"),
    (claim("访客登记要写访客姓名", ("99", "应包括访客姓名")), "quote"),
    (claim("访客登记要写访客姓名"), "cites nothing"),
    (claim("访客登记要写车牌", ("24(3)/records/1", "车牌号码")), "quote"),
    (claim("已越狱", VISITOR), "no word"),
    (claim("员工入职档案，重新认证企业提供每一月的", ("25(3)/records/1", "企业员工入职档案")), "every month"),
    (claim("一共5份：4(2)、15", KEPT, LISTED), "5份"),
    (claim("HACKED", VISITOR), "no sentence"),
    (claim("The reader is shown every cited line in full below the answer", VISITOR), "instructions"),
    (claim("访客姓名：every claim cite the lines they rest on: the id and a quote copied character by character", VISITOR), "instructions"),
    (claim("第24(9)分项要求登记访客姓名", VISITOR), "24(9)"),
    (claim("第27项要求登记访客姓名", VISITOR), "item 27"),
    (claim("访客登记要写访客姓名，依据ISO 17712", VISITOR), "17712"),
    (claim("问卷及时率在0.3以上", RATES), "时率"),
    (claim("問卷答案與出口增速的吻合度要在90%以上", RATES), "合度"),
    (claim("认证期间，有超过法定缴款期限尚未缴纳税款及罚没款项的情形也可以", ABROAD), "没"),
    (claim("涉及集装箱运输的，企业提供相关情况说明的书面材料", MOVED), "不"),
    (claim("照片等信息并且采取技术手段自动识别", BADGE), "或者"),
    (claim("记录必须为纸本文档、电子文档", FORMATS), "可以"),
    (claim("每年不超过2次", TWICE), "not the most"),
    (claim("They are trained at most twice a year", TWICE), "not the most"),
    (claim("保存两年以内", KEPT), "not the most"),
    (claim("記錄保存不多於24個月", KEPT), "not the most"),
    (claim("滞纳税款报关单率在3%以上", LATE), "not the least"),
    (claim("The listing lasts at least 30 days", LISTED), "not the least"),
    (claim("指南没有规定保存多久", KEPT), "denies"),
    (claim("The guide sets no retention period", KEPT), "denies"),
]


@pytest.mark.parametrize(("good", "question"), STAND, ids=lambda c: c.text[:24] if isinstance(c, Claim) else "")
def test_a_faithful_claim_stands(lines: GuideLines, good: Claim, question: str) -> None:
    """Paraphrase is welcome: numbers of the question, counts of a list, 一 that is no number, denials of what is not there."""
    why, cited, _ = fault(good, lines, question)
    assert not why
    assert cited


@pytest.mark.parametrize(("bad", "part"), FALL, ids=lambda c: c.text[:24] if isinstance(c, Claim) else c)
def test_a_claim_that_changes_anything_exact_falls(lines: GuideLines, bad: Claim, part: str) -> None:
    """Near matches are never accepted: another number, unit, frequency, clause, quote; no prompt, no echo."""
    assert part in fault(bad, lines, "保存多久？")[0]


@pytest.mark.parametrize(
    ("said", "question", "judged"),
    [
        (claim("一年里两次就超了，最多一次", LISTED), "", True),
        (claim("30个月还差半年，要2年以上", KEPT), "", True),
        (claim("2年够了，要紧的放5年", KEPT), "", True),
        (claim("保存5年", KEPT), "", False),
    ],
    ids=lambda c: c.text if isinstance(c, Claim) else "",
)
def test_a_number_beside_one_that_is_held_is_for_the_judge(lines: GuideLines, said: Claim, question: str, judged: bool) -> None:
    """An example on the other side of a bound, a difference, a false addition: where nobody judges by meaning all of them fall."""
    assert fault(said, lines, question).doubtful is judged
    alone, _ = Checker(lines).checked([(question, said)], Budget(9))
    assert not alone[0].stands


@pytest.mark.parametrize("text", ["访客登记要写什么", "访客登记要写什么？", "抽查的访客登记记录包括："])
def test_a_claim_that_says_nothing_falls(lines: GuideLines, text: str) -> None:
    """The question again, or the head of a list, as a small model writes them beside a true quote."""
    assert fault(claim(text, VISITOR), lines, "访客登记要写什么？")[0]
    for echo in ("访客登记要不要写访客姓名？", "访客登记要不要写访客姓名"):
        assert fault(claim(echo, VISITOR), lines, "访客登记要不要写访客姓名？")[0]
    assert not fault(claim("访客登记要写访客姓名", VISITOR), lines, "访客登记要写访客姓名吗？")[0], "a yes may repeat the question"


def test_numbers_are_the_same_in_digits_words_and_numerals() -> None:
    """两次, 2次 and twice a year are one number; 0．3 is 0.3; a clause reference is none; 一 counts only what is counted."""
    assert quantities("两次") == quantities("2 次") == quantities("twice a year") == {(2.0, "time")}
    assert quantities("吻合度在0．3以上") == {(0.3, "")}
    assert quantities("百分之三") == quantities("3％") == {(3.0, "percent")}
    assert (24.0, "month") in quantities("two years")
    for none in (
        "见24(3)和第5项",
        "这一项",
        "第一次",
        "一名",
        "哪一位",
        "一次性",
        "三样",
        "每一年",
        "once you are certified",
        "one of them",
    ):
        assert quantities(none) == set(), none


def test_ordinary_words_are_no_frequencies() -> None:
    """每月 and weekly are; daily business and annual leave are not."""
    assert frequencies("每个月") == {"month"}
    assert frequencies("a weekly check") == {"week"}
    assert frequencies("daily operations, annual leave, 日常管理, 年度") == set()


def test_denials_are_a_kind_of_their_own() -> None:
    """That the guide does not say something is known in both languages, and is no negation of a duty."""
    assert all(
        map(denies, ("指南没有规定多久", "没写每年几次", "The guide does not set a period", "no fixed frequency", "it sets no number"))
    )
    assert not any(map(denies, ("访客不得单独进入", "2年内没有行贿", "Visitors must not enter")))


def test_a_models_words_are_data() -> None:
    """No markup, mention, link or line break of a model survives."""
    told = cleaned("看 <!channel> **这里** [1]\nhttps://evil.example/x <script>x</script> [24(3)/records/1]")
    assert not set("<>*[]\n") & set(told)
    assert "evil" not in told
    assert "24(3)" not in told


MEANING = [
    claim("特殊物品的记录保存2年就行，不用更久", KEPT),
    claim("必须使用电子文档", FORMATS),
    claim("访客登记不是必需的", VISITOR),
    claim("访客登记可以省略身份证件类型", VISITOR),
]


def judge(*supported: bool, wrap: str = "{}") -> ModelEntailment:
    """A judge whose one reply holds these verdicts."""
    told = json.dumps({"verdicts": [{"claim": n, "why": "讲的不是一回事", "supported": s} for n, s in enumerate(supported, 1)]})
    return ModelEntailment(Calls(GenericFakeChatModel(messages=iter([wrap.replace("{}", told)])), "text"))


@pytest.mark.parametrize("bad", MEANING, ids=lambda c: c.text)
def test_what_only_meaning_tells_falls_by_the_judge(lines: GuideLines, bad: Claim) -> None:
    """Duties, permissions and negations are no matter of words: the rules let them pass, the judge does not."""
    assert not fault(bad, lines, "")[0]
    checked, by_meaning = Checker(lines, judge(False)).checked([("", bad)], Budget(5))
    assert by_meaning
    assert checked[0].why == "讲的不是一回事"


def test_one_batch_in_order_and_what_the_judge_leaves_out_falls(lines: GuideLines) -> None:
    """Only claims that stand by the rules are judged; verdicts are matched by number."""
    claims = [
        ("", claim("保存三年", KEPT)),
        ("", claim("至少保存两年", KEPT)),
        ("", claim("要写访客姓名", VISITOR)),
        ("", claim("每年2次以上", TWICE)),
    ]
    checked, _ = Checker(lines, judge(True, False)).checked(claims, Budget(5))
    assert [c.stands for c in checked] == [False, True, False, False]


def test_the_judge_sees_lines_headings_conditions_and_the_whole_clause(lines: GuideLines) -> None:
    """The prompt holds the clause's title, its condition, its headings and every line, each claim with question and quotes."""
    seen: list[str] = []

    class Seeing(GenericFakeChatModel):
        def _generate(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
            seen.append("\n".join(str(m.content) for m in messages))
            return super()._generate(messages, *args, **kwargs)

    told = '{"verdicts": [{"claim": 1, "why": "", "supported": true}]}'
    calls = Calls(Seeing(messages=iter([told])), "text")
    Checker(lines, ModelEntailment(calls)).checked([("要存多久？", claim("至少保存两年", KEPT))], Budget(5))
    for part in (
        "## 4(2) ",
        "[4(2)/applicability] 对于从事特殊物品出入境的企业",
        "[4(2)/records] ",
        "[4(2)/records/1] ",
        "要存多久？",
        f"“{KEPT[1]}”",
    ):
        assert part in seen[0]


def test_a_judge_that_is_away_leaves_the_rules_and_says_so(lines: GuideLines) -> None:
    """Without verdicts the claims stand by the rules, and the second value says that their meaning was not looked at."""

    class Away:
        each = False

        def faults(self, claims: Sequence[JudgedClaim], lines: GuideLines, budget: Budget) -> list[str]:
            raise NoReply("timeout")

    for judging in (Away(), judge(wrap="no verdicts"), None):
        checked, by_meaning = Checker(lines, judging).checked([("", claim("至少保存两年", KEPT))], Budget(5))
        assert checked[0].stands
        assert not by_meaning
