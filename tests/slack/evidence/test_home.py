"""The Home tab, and what is missing when asked: for an owner, a reviewer, the lead, a stranger; at 300 slots within Slack's limits."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest

from assistant.guide import Guide
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.notices.screens import HomeEdit
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment
from assistant.settings import Settings
from connectors.slack.manifest import manifest
from tests.register.company import LINK
from tests.slack.conftest import shot
from tests.slack.evidence.bureau import LEAD, LI, PDF, WANG, Bureau, clock_at, moments, use, words_of
from tests.slack.evidence.conftest import Office, overdue
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback import Person as Member
from tests.slack.loopback.faults import api_error

pytestmark = pytest.mark.thorough

SLOT = "24(2)/records/1@2022"
OTHER = "24(2)/records/1@2023"


def home(office: Office, member: Member) -> str:
    """What somebody's Home tab shows."""
    assert member.home_view is not None
    return words_of(member.home_view.body["blocks"])


def opened(office: Office, member: Member) -> str:
    """The same, after opening it."""
    member.opens_home()
    office.bureau.idle()
    return home(office, member)


def test_an_owner_sees_what_is_urgent(office: Office) -> None:
    """The oldest due date first, with the same buttons as in a digest; a form from here is confirmed in a direct message."""
    overdue(office, SLOT)
    shown = opened(office, office.wang)
    assert "未提交 35 项，其中逾期 1 项" in shown
    assert shown.index("截止 2026-11-24") < shown.index("截止 2026-12-24")
    for line in (
        "抽查记录（1）\n · 2023–2025 年",
        "抽查记录（2）\n · 2022–2025 年",
        "（2）配合海关认证人员了解",
    ):  # years together, points shown
        assert line in shown
    office.wang.clicks_home("evidence_submit", block_id="do:1")
    office.wang.wait_for_modal("evidence_submit_form")
    office.wang.submits({"note": "三份"})
    office.bureau.idle()
    assert "已接收" in office.wang.inbox[-1].text
    assert "未提交 34 项" in home(office, office.wang)
    office.wang.clicks_home("evidence_home_page:on")
    office.slack.wait(lambda: "第 2 / 2 页" in home(office, office.wang), "page 2")
    office.bureau.service.submit("24(3)/records/1@2022", [LINK], office.bureau.who(WANG))
    office.bureau.deliver()
    assert "第 2 / 2 页" in home(office, office.wang)
    assert "未提交 33 项" in home(office, office.wang)


def test_any_worker_brings_an_open_tab_up_to_date(office: Office) -> None:
    """Also one that began later: what each person looks at is kept with the rest of the app's memory."""
    bureau = office.bureau
    assert "未提交 35 项" in opened(office, office.wang)
    other = Bureau(
        office.slack, bureau.guide, store=bureau.store, register=bureau.register, files=bureau.files, worker="w2", clock=bureau.clock
    )
    try:
        bureau.service.submit(SLOT, [LINK], bureau.who(WANG))
        other.deliver()
        assert "未提交 34 项" in home(office, office.wang)
    finally:
        other.close()


def test_a_reviewer_decides_here_too(office: Office) -> None:
    """What waits longest first, accepted or returned without looking for the card."""
    office.bureau.service.submit(SLOT, [office.bureau.service.take_file(io.BytesIO(PDF), "登记.pdf")], office.bureau.who(WANG))
    shown = opened(office, office.li)
    assert "待我审核 (1)" in shown
    assert "登记.pdf" in shown
    office.li.clicks_home("evidence_accept", block_id="do:1")
    office.li.wait_for_modal()
    office.li.submits({"whole": ["0"]})
    office.bureau.idle()
    assert office.bureau.entry(SLOT).state.name == "accepted"
    assert "没有等您审核的材料" in home(office, office.li)


def test_a_late_click_on_the_home_tab(office: Office) -> None:
    """There is no channel for a private word, so a small window says it."""
    overdue(office, SLOT)
    opened(office, office.wang)
    quiet = office.bureau.service
    quiet.submit(SLOT, [LINK], office.bureau.who(WANG))
    quiet.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    office.wang.clicks_home("evidence_submit", block_id="do:1")
    notice = office.wang.wait_for_modal("evidence_notice")
    assert "已通过" in words_of(notice.body["blocks"])


def test_the_lead_sees_the_whole(office: Office) -> None:
    """Readiness by kind and item, who is late, what did not arrive and why, tomorrow's nudges, edition and last eval."""
    office.bureau.known(office.wang)
    overdue(office, OTHER)
    office.slack.faults.add("chat.postMessage", api_error("user_disabled"))
    office.bureau.round()
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who(WANG))
    office.bureau.service.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    shown = opened(office, office.lead)
    for said in (
        "总览", "应交 35 项：已通过 1，", "书面文件　0 / 4", "24 进入安全：", "王芳　逾期 1 项", "Slack 账号已停用", "已停止发送",
        "下一工作日催办（", "现行版本 2018-177", "还没有评测过",
    ):  # fmt: skip
        assert said in shown, said
    assert office.lead.home_view is not None
    [when] = moments(office.lead.home_view.body["blocks"])
    assert (when["timestamp"], when["fallback"]) == (int(clock_at("2026-11-26T09:00").at.timestamp()), "2026-11-26 09:00 (Asia/Shanghai)")
    office.lead.clicks_home("evidence_home_tab:review")
    office.slack.wait(lambda: "没有等您审核的材料" in home(office, office.lead), "the other tab")


def test_what_did_not_arrive_stays_in_sight(office: Office) -> None:
    """However many messages were stored since, a failed digest is still on the lead's tab."""
    office.bureau.known(office.wang)
    office.slack.faults.add("chat.postMessage", api_error("user_disabled"))
    office.bureau.round()
    with office.bureau.service.register.writing("acme") as tx:
        for number in range(310):
            at = office.bureau.clock()
            tx.enqueue(Message("acme", HomeEdit(), WANG, f"home:{WANG}:x{number}:{number}", state="sent", created_at=at))
    shown = opened(office, office.lead)
    assert "Slack 账号已停用" in shown
    assert "都送到了" not in shown


def test_questions_that_wait_for_the_lead(office: Office) -> None:
    """What was handed on stands on the lead's tab with who asked, since when and where to reply, until it is answered."""
    assert "等您答复" not in opened(office, office.lead)
    for number in range(14):
        asked = office.wang.dms(f"围墙要多高？第 {number} 处")
        office.bureau.idle()
        office.wang.clicks(office.slack.posts(office.wang.dm, asked.ts)[-1], "ask_lead")
        office.bureau.idle()
    shown = opened(office, office.lead)
    for said in ("等您答复的问题（14 个", "围墙要多高？第 0 处", "看卡片", "另有 8 个"):
        assert said in shown, said
    card = office.lead.inbox[0]
    assert f"/archives/{office.lead.dm}/p{card.ts.replace('.', '')}" in shown
    assert office.lead.home_view is not None
    asked_at = next(b for b in office.lead.home_view.body["blocks"] if b.get("block_id") == "question:0")
    assert len(moments(asked_at)) == 1
    assert {"type": "user", "user_id": office.wang.id} in asked_at["elements"][0]["elements"]
    office.lead.clicks_home("talk:enquiry_reply:home0")
    office.lead.wait_for_modal()
    office.lead.submits({"answer": "两米"})
    office.bureau.idle()
    assert "两米" in words_of(office.slack.posts(office.wang.dm)[-1])
    shown = opened(office, office.lead)
    assert "等您答复的问题（13 个" in shown
    assert "第 0 处" not in shown
    assert "等您答复" not in opened(office, office.wang)


def test_a_stranger_sees_nothing_of_others(office: Office) -> None:
    """Somebody without slots sees an empty list, and nothing of anybody else; nor does a made-up tab help."""
    shown = opened(office, office.zhao)
    assert "没有要交的材料" in shown
    assert "王芳" not in shown
    assert "总览" not in shown


def test_without_a_register(office: Office) -> None:
    """Where no profile was written, that is said."""
    kept, office.bureau.profile = office.bureau.profile, None
    try:
        assert "尚未开通材料管理" in opened(office, office.wang)
    finally:
        office.bureau.profile = kept


def test_what_is_missing(office: Office) -> None:
    """Answered from the register with the same buttons, in the thread; only what is one's own, all of it for the lead."""
    asked = office.wang.dms("24(3)还缺什么？")
    office.bureau.idle()
    [card] = office.slack.posts(office.wang.dm, asked.ts)
    shown = words_of(card)
    assert "还有 18 项未提交" in shown
    assert "24(2)" not in shown
    use(office.wang, card, "na")
    office.wang.wait_for_modal()
    office.wang.submits({"reason": "没有访客"})
    office.bureau.idle()
    assert "申请不适用" in words_of(card)
    assert office.bureau.told.asked == [] or "还缺" not in office.bureau.told.asked[-1][0]
    nothing = office.zhao.dms("还缺什么")
    everything = office.lead.dms("还缺什么")
    office.bureau.idle()
    assert "没有要您交" in office.slack.posts(office.zhao.dm, nothing.ts)[0].text
    assert "还有 34 项未提交" in words_of(office.slack.posts(office.lead.dm, everything.ts)[0])


def test_in_a_channel_nothing_is_told(office: Office) -> None:
    """Asked in a channel, the answer goes to a direct message; the channel reads nothing of states."""
    channel = office.slack.channel("大家", office.wang, office.zhao)
    office.wang.asks(channel, "还缺什么？")
    office.bureau.idle()
    office.bureau.deliver()
    assert office.slack.posts(channel) == []
    assert "私信" in office.wang.whispers[-1].text
    assert "还有 35 项未提交" in words_of(office.wang.inbox[-1])


@pytest.mark.parametrize(("question", "count"), [("还缺什么？", 35), ("24(3)还缺什么？", 18)])
def test_in_a_channel_for_evidence_it_is_told(office: Office, monkeypatch: pytest.MonkeyPatch, question: str, count: int) -> None:
    """A channel of ``AEO_SLACK_EVIDENCE_CHANNELS`` gets the answer in the thread; another person's click there is refused in private."""
    channel = office.slack.channel("认证小组", office.wang, office.zhao)
    monkeypatch.setattr(Settings, "evidence_channels", property(lambda settings: frozenset({channel})))
    asked = office.wang.asks(channel, question)
    office.bureau.idle()
    office.bureau.deliver()
    [card] = office.slack.posts(channel, asked.ts)
    assert f"还有 {count} 项未提交" in words_of(card)
    use(office.zhao, card, "na")
    office.slack.wait(lambda: office.zhao.whispers, "a word to whoever may not")
    assert "申请不适用" not in words_of(card)


def test_at_full_size(guide: Guide) -> None:
    """The whole guide, 285 slots: every page of every tab keeps to Slack's limits, and English reads as well."""
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, guide, tuple(guide.items), lang="en").start()
        lead = slack.person("lead", real_name="Lead", email=LEAD)
        bureau.planned(Assignment("all", "*", owner=LEAD, reviewer=LI)).known(lead)
        for entry in [e for e in bureau.service.entries(bureau.clock()) if e.owed][:40]:
            bureau.service.submit(entry.slot.id, [LINK], bureau.who(WANG))
        office = Office(bureau, slack, lead, lead, lead, lead)
        opened(office, lead)
        assert lead.home_view is not None
        lead.clicks_home("evidence_home_tab:mine")
        slack.wait(lambda: "My evidence" in home(office, lead) and "page 1 of" in home(office, lead), "mine")
        for page in range(2, 6):
            lead.clicks_home("evidence_home_page:on")
            slack.wait(lambda p=page: f"page {p} of" in home(office, lead), f"page {page}")
            assert len(lead.home_view.body["blocks"]) <= 100
        lead.clicks_home("evidence_home_tab:review")
        slack.wait(lambda: "To review" in home(office, lead) and "page 1 of 4" in home(office, lead), "reviews")
        bureau.clock.at += timedelta(hours=20)
        assert json.dumps(lead.home_view.body)
        bureau.close()
        shot("home_full", slack)
        assert slack.problems == []
