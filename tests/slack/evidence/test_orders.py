"""Orders in words, by who gives them: done after a yes, told whose they are and passed on, or told how they are done; never a clause."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.register.company import LINK
from tests.slack.evidence.bureau import WANG, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.telling import NEXT, SLOT, accepts, ends, filled, press, settled, told
from tests.slack.evidence.telling import card as card_of

pytestmark = pytest.mark.thorough


def in_review(office: Office, *slots: str) -> None:
    """王芳 owes, 李雷 reviews what she handed in, 赵合规 leads."""
    office.bureau.known(office.wang, office.li, office.lead)
    office.bureau.asked(office.wang)
    office.bureau.service.submit_all(list(slots), [LINK], office.bureau.who(WANG, "slack"))
    settled(office)


BY_ROLE = {
    "弄完了": ("还有 34 项未提交", "没有未提交的材料", "没有未提交的材料"),
    "转人工": ("请联系合规负责人赵合规", "请联系合规负责人赵合规", "合规负责人就是您"),
    "导出资料包": ("由合规负责人赵合规决定", "由合规负责人赵合规决定", "由管理员打包"),
    "全部通过": ("没有等您审核的材料", "请点那张审核卡片上的“通过”或“退回”", "没有等您审核的材料"),
    "24(2)通过": ("没有等您审核的材料", "请点那张审核卡片上的“通过”或“退回”", "没有等您审核的材料"),
    "缺章，退": ("没有等您审核的材料", "这句话作为退回原因，还是转告提交人？", "没有等您审核的材料"),
    "别催了": ("再提醒？", "不会收到提醒", "要对某人或某项暂停，请写明"),
    "还有什么问题等我答复": ("没有等待答复的问题", "没有等待答复的问题", "没有等您答复的问题"),
    "24(3)换李雷审": ("由合规负责人赵合规决定", "由合规负责人赵合规决定", "由李雷审核这些条款？"),
    "撤回24(2)的": ("撤回这些提交？", "可以撤回。已通过的", "可以撤回。已通过的"),
    "我们不适用24(3)": ("这句话怎么处理？", "由合规负责人赵合规决定", "这句话怎么处理？"),
    "24(3)我搞定了": ("24(3) 还有 18 项未提交", "24(3) 没有未提交的材料", "24(3) 没有未提交的材料"),
    "怎么还没审我的": ("您提交的材料中，待审核的有 1 项", "等您审核的有 1 项", "待审核共 1 项"),
    "24(3)转给李雷": ("把这些转交给李雷？", "24(3) 不由您负责：负责人是王芳", "把这些转交给李雷？"),
    "材料没问题": ("", "请点那张审核卡片上的“通过”或“退回”", ""),
    "这个我下周再看": ("推迟到", "请点那张审核卡片上的“通过”或“退回”", ""),
    "哪几项最急": ("应提交", "您目前没有应交的材料", "应提交"),
}
"""What the owner, the reviewer and the lead are told."""


def test_orders_by_role(office: Office) -> None:
    """Each true for whoever asks, and nothing is done before a button."""
    in_review(office, SLOT)
    for text, answers in BY_ROLE.items():
        for member, answer in zip((office.wang, office.li, office.lead), answers, strict=True):
            said = words_of(told(office, member, text))
            assert answer in said, (text, member.user.real_name, said)
            assert not answer or "以上为指南原文" not in said
    assert [office.bureau.entry(s).state.name for s in (SLOT, NEXT)] == ["submitted", "missing"]


def test_taken_back_by_its_owner(office: Office) -> None:
    """撤回24(2)的 names the one submission; a yes takes it back, and it is asked for again."""
    in_review(office, SLOT)
    press(office, office.wang, told(office, office.wang, "撤回24(2)的"), "撤回")
    ends(office, {SLOT: "missing"}, wang="已撤回 24(2) 抽查记录（1）（2022 年）", li="提交人已撤回")


def test_opened_again_by_its_reviewer(office: Office) -> None:
    """24(2)重新打开 takes an acceptance back with these words as the reason; its owner may not."""
    in_review(office, SLOT)
    accepts(office, office.li, card_of(office, office.li))
    assert "由合规负责人赵合规决定" in words_of(told(office, office.wang, "24(2)重新打开"))
    press(office, office.li, told(office, office.li, "24(2)重新打开"), "取消通过")
    assert office.bureau.entry(SLOT).state.name != "accepted"
    ends(office, {}, wang="24(2)重新打开", li="已取消通过")


def test_another_day_by_the_lead(office: Office) -> None:
    """24(2)改到12月31日: the lead's, after a yes; an owner's is passed on as it was written."""
    in_review(office, SLOT)
    passed = told(office, office.wang, "24(2)的截止日期改到12月31日")
    press(office, office.wang, passed, "转告赵合规")
    assert "改到12月31日" in words_of(office.lead.inbox[-1])
    asked = told(office, office.lead, "24(2)的截止日期改到12月31日")
    office.lead.clicks(asked, "talk_choice:for", [office.bureau.entry(NEXT).slot.key])
    press(office, office.lead, asked, "改为 2026-12-31")
    assert str(office.bureau.entry(NEXT).due) == "2026-12-31"


def test_more_time_counts_from_the_date_that_stands(office: Office) -> None:
    """24(2)宽限一周 moves each date by a week from where it is, and not to a week from now, which would be sooner."""
    in_review(office, SLOT)
    before = office.bureau.entry(NEXT).due
    assert before is not None
    asked = told(office, office.lead, "24(2)宽限一周")
    assert "原截止日期后 7 天" in words_of(asked)
    office.lead.clicks(asked, "talk_choice:for", [office.bureau.entry(NEXT).slot.key])
    press(office, office.lead, asked, "改为原截止日期后 7 天")
    assert office.bureau.entry(NEXT).due == before + timedelta(days=7)


def test_an_order_is_answered_in_its_language(office: Office) -> None:
    """What is written in English is confirmed, done and refused in English."""
    in_review(office, SLOT)
    assert "Nothing waits for your review" in words_of(told(office, office.lead, "approve all of them please"))
    press(office, office.wang, told(office, office.wang, "please withdraw 24(2)"), "Withdraw")
    ends(office, {SLOT: "missing"}, wang="Withdrawn: 24(2) records (1) (2022)", li="提交人已撤回", lead="Nothing waits for your review")


def test_a_word_to_a_person(office: Office) -> None:
    """转人工: a form writes to the lead, whose reply comes back."""
    in_review(office, SLOT)
    press(office, office.wang, told(office, office.wang, "转人工"), "写给赵合规")
    filled(office, office.wang, text="门卫室的电脑坏了")
    got = office.lead.inbox[-1]
    assert "门卫室的电脑坏了" in words_of(got)
    assert words_of(got).startswith("王芳写道：")
    told(office, office.lead, "信息部下午来", got.ts)
    assert any("信息部下午来" in words_of(m) for m in office.wang.inbox)


def test_asked_under_a_card_about_what_it_shows(office: Office) -> None:
    """这个谁交的 is about the card's slots; 保存几年, sent to the guide, is asked of the card's clause and of no other."""
    in_review(office, SLOT)
    card = card_of(office, office.li)
    assert "24(2) 抽查记录（1）（2022 年）：待审核，负责人王芳" in words_of(told(office, office.li, "这个审了吗", card.ts))
    press(office, office.li, told(office, office.li, "要保存几年", card.ts), "问指南")
    assert office.bureau.told.asked[-1] == ("要保存几年", ("24(2)",))


def test_a_verdict_in_a_channel(office: Office) -> None:
    """全部通过 in a channel is told directly where it belongs, and is no question about what one is in charge of."""
    in_review(office, SLOT)
    office.li.asks(office.slack.channel("合规", office.li, office.wang), "全部通过")
    settled(office)
    assert "请点那张审核卡片上的“通过”或“退回”" in words_of(office.li.inbox[-1])
