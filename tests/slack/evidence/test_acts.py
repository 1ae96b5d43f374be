"""A digest and what an owner can do with it: every button, every refusal, the card that follows what changes anywhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.register.acts.people.owning import Owners
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment
from assistant.register.facts.profile import Profile
from tests.register.company import LINK
from tests.slack.evidence.bureau import LEAD, LI, PDF, WANG, actions, use, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.forms import NotPossible
from tests.slack.loopback.model import Message

SLOT = "24(2)/records/1@2022"
"""The most urgent one, so the first of the digest."""


def click(office: Office, card: Message, name: str, number: int = 1) -> None:
    """王芳 uses a button that opens a form."""
    use(office.wang, card, name, number)
    office.wang.wait_for_modal(f"evidence_{name}_form")


def test_one_digest_for_an_owner(office: Office) -> None:
    """At most five lines, each in the guide's words with its boxes, periods, due date, a button and a menu; asked once a day."""
    card = office.bureau.asked(office.wang)
    assert len(card.blocks) <= 50
    assert actions(card) == ["submit", "na", "snooze", "hand", "ask"]
    assert actions(card, 2)
    assert not actions(card, 6)
    shown = words_of(card)
    for said in ("请准备", "24(2) 抽查记录（1）", "2022–2025 年", "截止 2026-12-24", "企业记录员工身份标识的☐发放"):
        assert said in shown
    assert "请您提交" in shown, "who asks and who reviews"
    assert "审核" in shown
    assert card.text.startswith("请准备")
    assert [m for m in office.slack.calls("chat.postMessage") if m.args.get("channel") == office.wang.id]
    office.bureau.round()
    assert len(office.wang.inbox) == 1
    [found] = office.bureau.service.messages(recipient=WANG, kind="nudge")
    assert (found.state, found.receipt.ts) == ("sent", card.ts)


def test_submitting_by_form(office: Office) -> None:
    """Files, link, note, paper place, period and validity become one version; the thread says what arrived, the card follows."""
    card = office.bureau.asked(office.wang)
    click(office, card, "submit")
    office.wang.submits({"period": "2021"})
    assert office.wang.errors == {"note": "请至少给一样：文件、链接、说明，或纸质原件的存放地点"}
    office.wang.submits({"note": "三份", "period": "2021"})
    assert "不在 24(2)" in office.wang.errors["period"]
    fields = {
        "files": [("访客<登记>.pdf", PDF)],
        "link": "https://example.cn/a?b=1&c=2",
        "paper": "3 号柜",
        "period": "2022",
        "valid": "2027-01-01",
    }
    office.wang.submits(fields)
    assert office.wang.errors == {}
    office.bureau.idle()
    entry = office.bureau.entry(SLOT)
    assert (entry.state.name, entry.state.version, entry.state.submitters) == ("submitted", 1, (WANG,))
    assert [(p.kind, p.name or p.text) for p in office.bureau.service.pieces([entry.slot.key])] == [
        ("file", "访客<登记>.pdf"), ("link", "https://example.cn/a?b=1&c=2"), ("note", "三份"), ("paper", "3 号柜"),
    ]  # fmt: skip
    [said] = office.slack.posts(office.wang.dm, card.ts)
    assert "访客&lt;登记&gt;.pdf" in said.text
    assert office.bureau.service.pieces([entry.slot.key])[0].sha256[:12] not in words_of(said)
    assert actions(card) == ["submit", "ask"]
    assert "王芳已提交，待李雷审核" in words_of(card)


def test_not_applicable_needs_a_reason(office: Office) -> None:
    """Without words that say something the form stays; with them a reviewer decides."""
    card = office.bureau.asked(office.wang)
    click(office, card, "na")
    office.wang.submits({"reason": "……"})
    assert office.wang.errors == {"reason": "请写明原因"}
    office.wang.submits({"reason": "没有 <!channel> 这类业务"})
    office.bureau.idle()
    assert office.bureau.entry(SLOT).state.claim == "not_applicable"
    assert actions(card) == []
    review = office.li.inbox[-1]
    assert "<!channel>" not in json.dumps([review.text])
    office.li.clicks(review, "evidence_accept")
    office.bureau.idle()
    assert office.bureau.entry(SLOT).state.name == "not_applicable"
    assert "通过" in office.slack.posts(office.wang.dm, card.ts)[-1].text


def test_later(office: Office) -> None:
    """A date within the rule; nobody is asked for the slot before it."""
    card = office.bureau.asked(office.wang)
    click(office, card, "snooze")
    office.wang.submits({"until": "2028-01-01"})
    assert "提醒日期须在明天至" in office.wang.errors["until"]
    office.wang.submits({"until": "2026-12-20"})
    office.bureau.idle()
    assert "2026-12-20 之前不再提醒" in words_of(card)
    assert str(office.bureau.entry(SLOT).state.snoozed_until) == "2026-12-20"


def test_handing_over(office: Office) -> None:
    """Given to a colleague, who gets it at once with the same buttons; the card says so and its buttons are gone."""
    card = office.bureau.asked(office.wang)
    click(office, card, "hand")
    office.wang.submits({"to": office.wang.id})
    assert "已由王芳负责" in office.wang.errors["to"]
    office.wang.submits({"to": office.zhao.id})
    office.bureau.idle()
    assert office.bureau.entry(SLOT).owner == office.zhao.id
    assert "已转交给钱外人" in words_of(card)  # whom the register did not know until now
    assert actions(card) == []
    handed = office.zhao.inbox[-1]
    assert "王芳把以下材料转交给了您" in words_of(handed)
    use(office.zhao, handed, "snooze")
    office.zhao.wait_for_modal()
    office.zhao.submits({"until": "2026-12-01"})
    office.bureau.idle()
    assert office.bureau.entry(SLOT).state.snoozed_until is not None


def test_asking_about_a_line(office: Office) -> None:
    """The question is put with its line and answered in the card's thread."""
    card = office.bureau.asked(office.wang)
    click(office, card, "ask", 2)
    office.wang.submits({"question": "车辆也要登记吗？"})
    office.bureau.idle()
    asked, answer = office.slack.posts(office.wang.dm, card.ts)
    assert "车辆也要登记吗" in asked.text
    assert "24(3)" in answer.text
    assert office.bureau.told.asked[-1][0] == "24(3) 抽查记录（1）：车辆也要登记吗？"


def test_a_stranger_changes_nothing(office: Office) -> None:
    """Whoever is not in charge gets a private sentence, whatever they click; so does one who was until a moment ago."""
    office.bureau.known(office.wang, office.li)
    channel = office.slack.channel("合规", office.wang, office.zhao)
    card = office.bureau.asked(office.wang)
    shared = office.slack.run(lambda: office.bureau.slack.workspace.post(
        office.slack.workspace.channels[channel], office.slack.workspace.bot, card.text, blocks=card.blocks))  # fmt: skip
    for name in ("submit", "na", "snooze", "hand", "ask"):
        use(office.zhao, shared, name)
        office.slack.wait(lambda n=name: len(office.zhao.whispers) > ["submit", "na", "snooze", "hand", "ask"].index(n), "a private word")
    assert all("没有处理权限" in w.text for w in office.zhao.whispers)
    assert office.zhao.modal is None
    click(office, card, "na")
    Owners(office.bureau.service).assign([Assignment("item", "24", owner=LEAD)], office.bureau.who())
    office.wang.submits({"reason": "没有这类业务"})
    assert "没有处理权限" in office.wang.errors["reason"]
    assert office.bureau.entry(SLOT).state.name == "missing"


def test_a_late_click_says_what_happened(office: Office) -> None:
    """On a slot that was settled meanwhile no form opens: the state is told, and the card is brought up to date."""
    card = office.bureau.asked(office.wang)
    quiet = office.bureau.service
    quiet.rules = replace(quiet.rules, announce=None)
    quiet.submit(SLOT, [LINK], office.bureau.who(WANG))
    quiet.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    office.wang.clicks(card, "evidence_submit", block_id="do:1")
    office.slack.wait(lambda: office.wang.whispers, "a private word")
    assert "已通过" in office.wang.whispers[-1].text
    assert office.wang.modal is None


def test_changes_from_elsewhere_reach_the_card(office: Office) -> None:
    """What is done at the terminal edits the card in place; buttons that do nothing any more are gone, and cannot be clicked."""
    card = office.bureau.asked(office.wang)
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who(WANG))
    office.bureau.service.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    office.bureau.deliver()
    assert "✅ 已通过（李雷" in words_of(card) or "✅ 已通过（li@example.cn" in words_of(card)
    with pytest.raises(NotPossible):
        office.wang.clicks(card, "evidence_submit", block_id="do:1")
    Owners(office.bureau.service).assign([Assignment("clause", "24(3)", owner=LEAD)], office.bureau.who())
    office.bureau.deliver()
    assert actions(card, 2)
    assert actions(card, 3) == []
    assert "已转交给" in words_of(card)
    edits = office.bureau.service.messages(recipient=WANG, kind="edit")
    assert {m.state for m in edits} == {"sent"}
    assert len(office.slack.calls("chat.update", ts=card.ts)) < len(edits)


def test_the_plan_of_another_profile(office: Office) -> None:
    """A line that no longer belongs to the plan says so on the card."""
    card = office.bureau.asked(office.wang)
    office.bureau.service.sync(
        office.bureau.guide, Profile(enterprise="acme", certification="initial", workspace="acme"), office.bureau.who()
    )
    office.bureau.deliver()
    assert "现在的计划里已没有这一项" in words_of(card)
    assert actions(card) == []


def test_a_second_form_of_the_same_view_is_one_act(office: Office) -> None:
    """The same form sent twice, as Slack does when it heard nothing, is one submission and one confirmation."""
    card = office.bureau.asked(office.wang)
    click(office, card, "submit")
    sent = office.wang.submits({"note": "三份"})
    office.slack.deliver_again(sent)
    office.bureau.idle()
    key = office.bureau.entry(SLOT).slot.key
    assert len(office.bureau.service.pieces([key])) == 1
    assert len(office.slack.posts(office.wang.dm, card.ts)) == 1


def test_reminders_say_how_often(office: Office) -> None:
    """The next digest is a reminder; older cards follow as well as newer ones."""
    first = office.bureau.asked(office.wang)
    office.bureau.clock.at += timedelta(days=8)
    second = office.bureau.asked(office.wang)
    assert second.ts != first.ts
    office.bureau.clock.at += timedelta(days=15)
    third = office.bureau.asked(office.wang)
    assert "次提醒" in words_of(second) or "次提醒" in words_of(third)
    click(office, third, "na")
    slot = office.bureau.service.messages(recipient=WANG, kind="nudge")[0].says.slots[0].slot
    office.wang.submits({"reason": "没有这类业务"})
    office.bureau.idle()
    assert office.bureau.entry(slot).state.claim == "not_applicable"
    assert actions(third) == []


def test_ticks_and_a_nil_statement_by_form(office: Office) -> None:
    """An owner ticks what the material covers, the reviewer what it lacks; one box says that nothing of the kind ever happened."""
    card = office.bureau.asked(office.wang)
    click(office, card, "submit")
    office.wang.submits({"note": "一份", "covers": ["0", "2"]})
    office.bureau.idle()
    service = office.bureau.service
    entry = service.entry(SLOT)
    assert entry.state.covers == (entry.slot.elements[0], entry.slot.elements[2])
    entry = service.give_back(SLOT, "", office.bureau.who(LI), lacking=(entry.slot.elements[1],))
    assert entry.state.lacking == (entry.slot.elements[1],)
