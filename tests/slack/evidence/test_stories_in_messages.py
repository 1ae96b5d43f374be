"""Stories told in messages from beginning to end: each ends with the register's state and with what every person saw."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.register.acts.in_bulk.drill import Drills
from tests.slack.evidence.bureau import LI, PDF, WANG, actions, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.telling import NEXT, SLOT, accepts, button, ends, filled, handed_in, keys, press, settled, told
from tests.slack.evidence.telling import card as card_of

pytestmark = pytest.mark.thorough


def known(office: Office) -> None:
    """Everybody but the bystander is known, and 王芳 was asked."""
    office.bureau.known(office.wang, office.li, office.lead)
    office.bureau.asked(office.wang)


def test_it_should_be_somebody_elses(office: Office) -> None:
    """该由李雷来交 is no word about being busy: it is offered to him, and he reads whose it was."""
    known(office)
    asked = told(office, office.wang, "24(2) 2022年的该由李雷来交")
    assert "把这些转交给李雷？" in asked.text
    office.wang.clicks(asked, button(asked, "转交"))
    settled(office)
    assert (office.bureau.entry(SLOT).owner, office.bureau.entry(NEXT).owner) == (LI, WANG)
    ends(office, {SLOT: "missing", NEXT: "missing"}, wang="李雷", li="转交给了您")


def test_a_reviewer_is_away(office: Office) -> None:
    """李雷休假了，钱外人替他审: all that 李雷 reviews goes to the one who stands in, after one button; she accepts what waited."""
    handed_in(office)
    office.bureau.known(office.zhao)
    asked = told(office, office.lead, "李雷休假了，钱外人替他审")
    assert "由钱外人审核这些条款？" in asked.text
    press(office, office.lead, asked, "由钱外人审核")
    assert {e.reviewer for e in office.bureau.service.entries(office.bureau.clock()) if e.owed} == {"zhao@example.cn"}
    accepts(office, office.zhao, card_of(office, office.zhao))
    ends(office, {SLOT: "accepted", NEXT: "missing"}, wang="钱外人", li="请您审核", lead="已改由钱外人审核", zhao="请您审核")


def test_returned_in_english_on_its_own(office: Office) -> None:
    """A return that names its clause needs no card to be found first, and everything said to its writer is in their language."""
    handed_in(office)
    asked = told(office, office.li, "reject 24(2): no stamp")
    press(office, office.li, asked, "Return with this reason")
    state = office.bureau.entry(SLOT).state
    assert (state.name, state.reason) == ("returned", "reject 24(2): no stamp")
    ends(office, {SLOT: "returned"}, wang="no stamp", li="Returned")


def test_a_word_for_a_colleague(office: Office) -> None:
    """跟王芳说一声 is passed on to her after a button, and her answer comes back."""
    handed_in(office)
    press(office, office.li, told(office, office.li, "跟王芳说一声我在看"), "转告王芳")
    got = next(m for m in reversed(office.wang.inbox) if "我在看" in words_of(m))
    told(office, office.wang, "好，等你消息", got.ts)
    ends(office, {SLOT: "submitted"}, wang="我在看", li="等你消息")


def test_somebody_who_does_not_know_how(office: Office) -> None:
    """Who does not know how gets the ways; the file that follows is asked what it is for, and handed in."""
    known(office)
    assert "提交材料有三种方式" in told(office, office.wang, "我不会弄，怎么交材料").text
    dropped = office.wang.drops(office.wang.dm, "登记.pdf", PDF)
    settled(office)
    picker = office.slack.posts(office.wang.dm, dropped.ts)[-1]
    office.wang.clicks(picker, "talk_choice:for", keys(office, SLOT))
    office.wang.clicks(picker, button(picker, "提交"))
    settled(office)
    ends(office, {SLOT: "submitted"}, wang=("提交材料有三种方式", "已接收"), li="登记.pdf")


def test_a_bystander_asks_who(office: Office) -> None:
    """谁管24(3) and 谁是合规负责人 are answered with names to anybody; no one else hears of it."""
    office.bureau.known(office.wang, office.li, office.lead)
    assert "24(3)：负责人王芳，审核人李雷" in words_of(told(office, office.zhao, "谁管24(3)"))
    assert "合规负责人是赵合规" in words_of(told(office, office.zhao, "谁是合规负责人"))
    ends(office, {SLOT: "missing"}, zhao=("负责人王芳", "赵合规"))


def test_a_drill_counts_what_is_produced(office: Office) -> None:
    """An accepted record is not produced before 已备好: the message counts it then, and 上次演练结果怎样 says so."""
    _, card = handed_in(office)
    accepts(office, office.li, card)
    Drills(office.bureau.service).start(100, 4, "seed", office.bureau.who())
    settled(office)
    asked = office.wang.inbox[-1]
    drawn = len(office.bureau.service.messages(recipient=WANG, kind="drill")[0].says.slots)
    assert f"请提供 {drawn} 份记录" in asked.text
    assert actions(asked, 1) == ["found"]
    office.wang.clicks(asked, "evidence_found", block_id="do:1")
    settled(office)
    assert f"请提供 {drawn - 1} 份记录" in asked.text
    assert "已为本次抽查备好" in words_of(asked)
    assert actions(asked, 1) == []
    office.bureau.clock.at += timedelta(hours=5)
    assert "按时提供 1 份" in told(office, office.lead, "上次演练结果怎样").text
    ends(office, {SLOT: "accepted"}, wang="已为本次抽查备好", li="已通过", lead=f"未提供 {drawn - 1} 份")


def test_what_is_not_for_the_app_in_a_channel(office: Office) -> None:
    """帮我订餐 in a channel is answered there; nobody is told of materials, and nobody privately."""
    office.bureau.known(office.wang, office.li, office.lead)
    channel = office.slack.channel("合规", office.zhao, office.wang)
    asked = office.zhao.asks(channel, "帮我订餐")
    settled(office)
    assert "材料" not in office.slack.posts(channel, asked.ts)[-1].text
    ends(office, {SLOT: "missing"})


def test_taken_back_with_a_question_mark_and_given_again(office: Office) -> None:
    """撤回24(2)的？ is what 撤回24(2)的 is; what is put under the list afterwards is accepted."""
    digest, _ = handed_in(office)
    press(office, office.wang, told(office, office.wang, "撤回24(2)的？"), "撤回")
    assert office.bureau.entry(SLOT).state.name == "missing"
    asked = told(office, office.wang, "https://example.cn/better", digest.ts)
    office.wang.clicks(asked, "talk_choice:for", keys(office, SLOT))
    press(office, office.wang, asked, "提交")
    accepts(office, office.li, card_of(office, office.li))
    ends(office, {SLOT: "accepted"}, wang=("已撤回", "已通过"), li="example.cn/better")


def test_at_it_and_then_later(office: Office) -> None:
    """Asking one's boss first is a nod and moves nothing; 下周再交 puts off what is chosen."""
    known(office)
    digest = office.wang.inbox[-1]
    assert "还有 35 项未提交" in told(office, office.wang, "收到，我先去问问领导", digest.ts).text
    asked = told(office, office.wang, "下周再交", digest.ts)
    office.wang.clicks(asked, "talk_choice:for", keys(office, SLOT))
    press(office, office.wang, asked, "推迟到 2026-12-01")
    assert str(office.bureau.entry(SLOT).state.snoozed_until) == "2026-12-01"
    assert office.bureau.entry(NEXT).state.snoozed_until is None
    ends(office, {SLOT: "missing"}, wang="2026-12-01 之前不再提醒")


def test_another_owner_is_looked_for(office: Office) -> None:
    """24(2)换个负责人 by the lead asks whom; the form hands over, and both hear of it in their own messages."""
    known(office)
    asked = told(office, office.lead, "24(2)换个负责人")
    assert "要转交给谁" in asked.text
    office.lead.clicks(asked, "talk_choice:for", keys(office, SLOT))
    office.lead.clicks(asked, button(asked, "转交"))
    filled(office, office.lead, to=office.li.id, note="王芳调岗")
    assert office.bureau.entry(SLOT).owner == LI
    ends(office, {SLOT: "missing", NEXT: "missing"}, wang="AEO 材料", li="王芳调岗", lead="转交给李雷")
