"""Owners' stories: from the digest to the last word, with the register's state and what everybody read at the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.register.company import LINK
from tests.slack.evidence.bureau import LI, PDF, WANG, use, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.telling import LAST, NEXT, SLOT, accepts, ends, filled, handed_in, keys, press, settled, told
from tests.slack.evidence.telling import card as card_of

pytestmark = pytest.mark.thorough


def test_three_years_at_once(office: Office) -> None:
    """One form for three periods of a line, one card, one press, one word to the owner."""
    digest, card = handed_in(office, SLOT, NEXT, LAST)
    assert len([m for m in office.slack.posts(office.li.dm) if "请您审核" in m.text]) == 1
    assert "2022–2024 年" in words_of(card)
    accepts(office, office.li, card)
    assert len([m for m in office.slack.posts(office.wang.dm, digest.ts) if "审核通过" in m.text]) == 1
    ends(office, {SLOT: "accepted", NEXT: "accepted", LAST: "accepted"}, wang=("2022–2024 年", "李雷已审核通过"), li="已通过（李雷）")


def test_something_is_added_while_it_waits(office: Office) -> None:
    """The addition stands in the card's thread with buttons of its own; those of the old card are gone."""
    digest, card = handed_in(office)
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    filled(office, office.wang, note="另附门卫排班表")
    added = office.slack.posts(office.li.dm, card.ts)[-1]
    assert "王芳补充了材料" in added.text
    assert "新补充　" in words_of(added)
    assert not [b for b in card.blocks if b["type"] == "actions"]
    assert "请看这条消息的消息列里新的卡片" in words_of(card)
    accepts(office, office.li, added)
    assert len(office.bureau.service.pieces(keys(office, SLOT))) == 2
    ends(office, {SLOT: "accepted"}, wang="李雷已审核通过", li=("补充了材料", "已通过（李雷）"))


def test_returned_and_put_right(office: Office) -> None:
    """The reason in the thread, the answer from there, a new card, accepted; the first card says that it was replaced."""
    digest, card = handed_in(office)
    told(office, office.li, "缺盖章", card.ts)
    press(office, office.li, office.slack.posts(office.li.dm, card.ts)[-1], "作为退回原因")
    back = office.slack.posts(office.wang.dm, digest.ts)[-1]
    office.wang.clicks(back, "evidence_submit")
    filled(office, office.wang, files=[("盖章版.pdf", PDF)])
    second = card_of(office, office.li)
    assert "第 2 次提交" in words_of(second)
    accepts(office, office.li, second)
    ends(office, {SLOT: "accepted"}, wang=("缺盖章", "审核通过"), li=("已被新的提交取代", "已通过（李雷）"))


def test_it_does_not_apply(office: Office) -> None:
    """A reason, a card of its own kind that asks again before it counts, and the word back."""
    office.bureau.known(office.wang, office.li)
    digest = office.bureau.asked(office.wang)
    use(office.wang, digest, "na")
    filled(office, office.wang, reason="我们没有外来车辆")
    card = card_of(office, office.li)
    assert "申请“不适用”" in card.text
    row = next(b for b in card.blocks if b["type"] == "actions")
    assert "不再需要材料" in row["elements"][0]["confirm"]["text"]["text"]
    press(office, office.li, card, "通过")
    ends(office, {SLOT: "not_applicable"}, wang="审核通过", li=("我们没有外来车辆", "不适用（李雷）"))


def test_a_file_in_a_message(office: Office) -> None:
    """Dropped with a few words into the direct message, picked for two years, handed in as one."""
    office.bureau.known(office.wang, office.li)
    dropped = office.wang.drops(office.wang.dm, "访客登记.pdf", PDF, text="24(2) 的")
    office.bureau.idle()
    asked = office.slack.posts(office.wang.dm, dropped.ts)[-1]
    office.wang.clicks(asked, "talk_choice:for", keys(office, SLOT, NEXT))
    press(office, office.wang, asked, "提交")
    cards = [m for m in office.slack.posts(office.li.dm) if "请您审核" in m.text]
    assert len(cards) == 1
    ends(office, {SLOT: "submitted", NEXT: "submitted"}, wang=("已接收", "由李雷审核"), li=("访客登记.pdf", "2022–2023 年"))


def test_a_file_that_is_refused(office: Office) -> None:
    """A program is refused before anything is asked; nothing reaches the register or anybody else."""
    office.bureau.known(office.wang, office.li)
    dropped = office.wang.drops(office.wang.dm, "登记.exe", b"MZ\x90\x00 program")
    office.bureau.idle()
    [said] = office.slack.posts(office.wang.dm, dropped.ts)
    assert not [b for b in said.blocks if b["type"] == "actions"]
    assert words_of(said).count("登记.exe") == 1
    ends(office, {SLOT: "missing"}, wang=("未接收", "登记.exe"))


def test_handed_over_with_a_word(office: Office) -> None:
    """Several lines at once: the new owner gets one message with the word, and is asked as for the first time."""
    office.bureau.known(office.wang, office.li, office.lead)
    asked = told(office, office.wang, "24(2) 不归我管")
    office.wang.clicks(asked, "talk_choice:for", keys(office, SLOT, NEXT))
    press_hand = next(e["action_id"] for b in asked.blocks if b["type"] == "actions" for e in b["elements"])
    office.wang.clicks(asked, press_hand)
    filled(office, office.wang, to=office.li.id, note="门卫归你们")
    assert len([m for m in office.li.inbox if "转交给了您" in m.text]) == 1
    assert {office.bureau.entry(s).owner for s in (SLOT, NEXT)} == {LI}
    office.bureau.clock.at += timedelta(days=3)
    office.bureau.round()
    first = next(m for m in reversed(office.li.inbox) if "AEO 材料" in m.text)
    assert "次提醒" not in words_of(first)
    ends(office, {SLOT: "missing", NEXT: "missing"}, wang="转交给李雷", li=("有 2 项 AEO 材料转交给了您", "门卫归你们"))


def test_a_bot_takes_nothing_over(office: Office) -> None:
    """The form offers people, found by name or mail, and no bots; one that is chosen all the same is refused, with a sentence."""
    office.bureau.known(office.wang, office.li)
    digest = office.bureau.asked(office.wang)
    use(office.wang, digest, "hand")
    office.wang.wait_for_modal()
    offered = {o["value"] for o in office.wang.looks_for("to")}
    assert {office.li.id, office.zhao.id} <= offered
    assert office.slack.bot_user not in offered
    assert [o["value"] for o in office.wang.looks_for("to", "李")] == [office.li.id]
    assert [o["text"]["text"] for o in office.wang.looks_for("to", "ZHAO@example")] == ["钱外人"]
    office.wang.fills({"to": office.li.id})
    office.wang.modal.entered["to"]["to"]["selected_option"]["value"] = office.slack.bot_user  # type: ignore[union-attr]
    office.wang.submits({})
    assert "机器人" in office.wang.errors["to"]
    settled(office)
    ends(office, {SLOT: "missing"}, wang="AEO 材料")


def test_what_was_settled_stays_until_tomorrow(office: Office) -> None:
    """On the Home tab what was handed in today is still to be seen today, and gone tomorrow."""
    handed_in(office)
    office.wang.opens_home()
    settled(office)
    assert office.wang.home_view is not None
    shown = words_of(office.wang.home_view.body["blocks"])
    assert "今天办结的（1 项）" in shown
    assert "待李雷审核" in shown
    office.bureau.clock.at += timedelta(days=1)
    office.wang.opens_home()
    settled(office)
    assert "今天办结的" not in words_of(office.wang.home_view.body["blocks"])
    ends(office, {SLOT: "submitted"}, wang="已接收", li="请您审核")


def test_asked_in_words_how_it_stands(office: Office) -> None:
    """24(2)交了吗 and 还缺什么 after a hand-in: counted as it is now, to its owner alone."""
    handed_in(office)
    told(office, office.wang, "24(2)交了吗？")
    told(office, office.wang, "24(2)还缺什么？")
    ends(office, {SLOT: "submitted"}, wang=("待审核", "未提交"), li="请您审核")


def test_what_is_missing_in_the_readers_language(office: Office) -> None:
    """Whoever asks in English reads the card in English, also when it is brought up to date."""
    office.bureau.known(office.wang, office.li, office.lead)
    card = told(office, office.wang, "what do I still owe?")
    assert "missing" in card.text
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who(WANG))
    settled(office)
    assert "未提交" not in words_of(card)
