"""Leads' stories: what they do from the Home tab and in words, and what everybody else reads of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from assistant.register.acts.in_bulk.drill import Drills
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Person
from tests.slack.evidence.bureau import LI, WANG, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.telling import NEXT, SLOT, ends, filled, seen, settled, told
from tests.slack.loopback import Person as Member
from tests.slack.loopback.faults import api_error

pytestmark = pytest.mark.thorough


def home(office: Office, member: Member) -> str:
    """What somebody's Home tab shows, opened anew."""
    member.opens_home()
    settled(office)
    assert member.home_view is not None
    return words_of(member.home_view.body["blocks"])


def menu(office: Office, member: Member, name: str) -> None:
    """The lead picks an entry of the menu beside the first owner."""
    assert member.home_view is not None
    row = next(b for b in member.home_view.body["blocks"] if b.get("block_id") == "late_do:0")
    options = [o["value"] for e in row["elements"] for o in e.get("options", ())]
    member.clicks_home("lead_menu", next(v for v in options if v.startswith(name)), block_id="late_do:0")


def beside(office: Office, blocks: list[dict[str, Any]], name: str) -> None:
    """The lead picks an entry of the menu beside the line 24(2) 抽查记录（1）."""
    line = next(b for b in blocks if b.get("accessory") and "24(2) 抽查记录（1）" in b["text"]["text"])
    value = next(o["value"] for o in line["accessory"]["options"] if o["value"].startswith(name))
    office.lead.clicks_modal("lead_line", value, block_id=line["block_id"])


def test_reminded_from_home(office: Office) -> None:
    """催一下 asks again, reminds at once, and the tab says when."""
    office.bureau.known(office.wang, office.li, office.lead)
    assert "王芳　" in home(office, office.lead)
    office.lead.clicks_home("talk:ask_remind:late0")
    settled(office)
    assert "已催" in home(office, office.lead)
    ends(office, {SLOT: "missing"}, wang="赵合规提醒您", lead="已提醒王芳")


def test_all_lines_of_one_owner_are_handed_over(office: Office) -> None:
    """转交 for an owner: everything open goes in one act, with one message and the word; the old owner keeps nothing."""
    office.bureau.known(office.wang, office.li, office.lead)
    home(office, office.lead)
    menu(office, office.lead, "hand")
    filled(office, office.lead, to=office.li.id, note="王芳休假")
    assert {e.owner for e in office.bureau.service.entries(office.bureau.clock()) if e.owed and e.open(date(2026, 11, 24))} == {LI}
    assert len([m for m in office.li.inbox if "转交给了您" in m.text]) == 1
    assert "李雷　" in home(office, office.lead)
    assert "王芳　" not in home(office, office.lead)
    ends(office, {SLOT: "missing"}, li="王芳休假", lead="转交给李雷")


def test_one_line_gets_another_day(office: Office) -> None:
    """看明细, then 改期 beside one line: its open periods move, and nothing else does."""
    office.bureau.known(office.wang, office.li, office.lead)
    home(office, office.lead)
    menu(office, office.lead, "see")
    view = office.lead.wait_for_modal("lead_lines")
    beside(office, view.body["blocks"], "due")
    filled(office, office.lead, due="2026-12-20")
    assert office.bureau.entry(SLOT).due == office.bureau.entry(NEXT).due == date(2026, 12, 20)
    assert office.bureau.entry("24(3)/records/1@2022").due != date(2026, 12, 20)
    ends(office, {SLOT: "missing"}, lead="截止日期改为 2026-12-20")


def test_one_line_is_chased(office: Office) -> None:
    """催一下 beside one line: its owner reads that line alone."""
    office.bureau.known(office.wang, office.li, office.lead)
    home(office, office.lead)
    office.lead.clicks_home("lead_item", "24")
    view = office.lead.wait_for_modal("lead_lines")
    assert "第 24 项" in words_of(view.body["blocks"])
    beside(office, view.body["blocks"], "remind")
    settled(office)
    assert "24(3)" not in seen(office, office.wang)
    ends(office, {SLOT: "missing"}, wang=("赵合规提醒您", "24(2)"), lead="已提醒王芳")


@pytest.mark.parametrize("shows", [True, False], ids=["tables", "no tables"])
def test_how_far_we_are(office: Office, shows: bool) -> None:
    """进度怎么样: a table of items and kinds, and where Slack refuses tables the same in lines, this time and the next."""
    office.bureau.known(office.wang, office.li, office.lead)
    if not shows:
        office.slack.faults.add("chat.postMessage", api_error("invalid_blocks"))
    for _ in range(2):
        said = told(office, office.lead, "进度怎么样")
        assert any(b["type"] == "table" for b in said.blocks) is shows
        assert "24 进入安全" in words_of(said)
    refused = [c for c in office.slack.calls("chat.postMessage") if c.answer.get("error") == "invalid_blocks"]
    assert len(refused) == (0 if shows else 1)
    ends(office, {SLOT: "missing"}, lead="24 进入安全")


def test_a_drill_tells_its_result(office: Office) -> None:
    """When its time is up the lead reads how many were produced in time, and which were not, with whose they are; once."""
    office.bureau.known(office.wang, office.li, office.lead)
    Drills(office.bureau.service).start(3, 2, "seed", office.bureau.who())
    settled(office)
    assert "抽查演练" in seen(office, office.wang)
    assert Drills(office.bureau.service).conclude(office.bureau.clock()) == []
    office.bureau.clock.at += timedelta(hours=3)
    for _ in range(2):
        Drills(office.bureau.service).conclude(office.bureau.clock())
        settled(office)
    assert len([m for m in office.lead.inbox if "抽查 3 份" in m.text]) == 1
    ends(office, {SLOT: "missing"}, wang="抽查演练", lead=("未提供 3 份", "抽查记录（1） · 2024 年（王芳）：未提供"))


def test_a_drill_that_is_over_early(office: Office) -> None:
    """When the last record was produced the result comes at once."""
    office.bureau.known(office.wang, office.li, office.lead)
    Drills(office.bureau.service).start(1, 2, "seed", office.bureau.who())
    settled(office)
    card = office.wang.inbox[-1]
    office.wang.clicks(card, "evidence_submit", block_id="do:1")
    filled(office, office.wang, note="在柜里")
    Drills(office.bureau.service).conclude(office.bureau.clock())
    settled(office)
    assert "—" not in words_of(card)
    ends(office, {}, wang=("要提供的记录都已备齐", "已接收"), li="请您审核", lead="按时提供 1 份")


def test_what_did_not_arrive_is_sent_again(office: Office) -> None:
    """A digest that Slack refused stands on the tab with what to do; 再发一次 delivers it."""
    office.bureau.known(office.wang, office.li, office.lead)
    office.slack.faults.add("chat.postMessage", api_error("user_disabled"))
    office.bureau.round()
    assert "Slack 账号已停用，请把工作移交给别人" in home(office, office.lead)
    office.lead.clicks_home("lead_again", block_id="stuck_do:0")
    settled(office)
    office.bureau.round()
    assert "都送到了" in home(office, office.lead)
    ends(office, {SLOT: "missing"}, wang="AEO 材料", lead="已安排再发 1 条消息")


def test_the_menu_is_for_leads(office: Office) -> None:
    """Who is no lead any more reads so, and nothing moves."""
    office.bureau.known(office.wang, office.li, office.lead)
    Owners(office.bureau.service).know(Person(LI, admin=True), office.bureau.who())
    home(office, office.lead)
    assert office.bureau.profile is not None
    office.bureau.settings = office.bureau.settings.model_copy(update={"lead": LI})
    office.bureau.service.sync(office.bureau.guide, office.bureau.profile, office.bureau.who(LI))
    try:
        menu(office, office.lead, "hand")
        office.slack.wait(lambda: seen(office, office.lead), "a word to whoever may not")
    finally:
        office.bureau.settings = office.bureau.settings.model_copy(update={"lead": "lead@example.cn"})
    assert office.lead.modal is None
    assert office.bureau.entry(SLOT).owner == WANG
    ends(office, {SLOT: "missing"}, lead="合规负责人")
