"""Reviews: a card for each submission with its files, roles asked at the click, the owner told in the same thread."""

from __future__ import annotations

import io
import threading
from datetime import timedelta

import pytest

from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Assignment, Person
from tests.register.company import LINK
from tests.slack.evidence.bureau import LEAD, LI, PDF, WANG, actions, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.model import Message

pytestmark = pytest.mark.thorough

SLOT = "24(2)/records/1@2022"


def handed_in(office: Office) -> tuple[Message, Message]:
    """王芳's digest and 李雷's card after she handed in a file and a link."""
    card = office.bureau.asked(office.wang)
    office.wang.clicks(card, "evidence_submit", block_id="do:1")
    office.wang.wait_for_modal()
    office.wang.submits({"files": [("登记.pdf", PDF)], "link": "https://example.cn/a"})
    office.bureau.idle()
    office.bureau.deliver()
    return card, office.slack.posts(office.li.dm)[0]


def test_a_card_with_everything(office: Office) -> None:
    """Who handed in what and when, the criteria of the guide, the file itself in the thread, and the two buttons."""
    _, card = handed_in(office)
    shown = words_of(card)
    for said in (
        "有一份材料请您审核",
        "24(2) 抽查记录（1）",
        "王芳提交，第 1 次提交",
        "登记.pdf",
        "https://example.cn/a",
        "审核时还要看",
        "记录可以为纸本文档",
    ):
        assert said in shown
    assert actions(card) == ["accept", "return"]
    [file] = [f for m in office.slack.messages(office.li.dm, card.ts) for f in m.files]
    assert file.content == PDF
    assert "登记.pdf" in file.title
    office.bureau.deliver()
    assert len([m for m in office.slack.messages(office.li.dm, card.ts) if m.files]) == 1


def test_accepted(office: Office) -> None:
    """The state changes, both cards say by whom, the owner hears in the thread of the digest."""
    digest, card = handed_in(office)
    office.li.clicks(card, "evidence_accept")
    form = office.li.wait_for_modal()
    assert "看到了哪些" in words_of(form.body["blocks"])
    office.li.submits({})
    assert office.li.errors == {"whole": "请勾选看到的各项，或勾选“列出的内容都齐全”"}
    office.li.submits({"whole": ["0"]})
    office.bureau.idle()
    assert office.bureau.entry(SLOT).state.name == "accepted"
    assert actions(card) == []
    assert "已通过（李雷）" in words_of(card)
    assert "✅ 已通过（李雷）" in words_of(digest)
    assert "✅ 李雷已审核通过：24(2) 抽查记录（1）（2022 年）" in office.slack.posts(office.wang.dm, digest.ts)[-1].text


def test_returned_with_a_reason(office: Office) -> None:
    """No return without a reason; the owner reads it and answers right there; the second version has a card of its own."""
    digest, card = handed_in(office)
    office.li.clicks(card, "evidence_return")
    office.li.wait_for_modal()
    office.li.submits({"reason": " - "})
    assert office.li.errors == {"reason": "请写明原因"}
    office.li.submits({"reason": "少 3 月 <@U1>"})
    office.bureau.idle()
    verdict = office.slack.posts(office.wang.dm, digest.ts)[-1]
    assert "少 3 月 <@U1>" in words_of(verdict)
    assert "<@U1>" not in verdict.text
    assert actions(verdict) == ["submit"]
    office.wang.clicks(verdict, "evidence_submit")
    office.wang.wait_for_modal()
    office.wang.submits({"note": "补上 3 月"})
    office.bureau.idle()
    assert actions(verdict) == []
    second = office.slack.posts(office.li.dm)[-1]
    assert "第 2 次提交" in words_of(second)
    assert "已被新的提交取代" in words_of(card)
    assert office.slack.posts(office.wang.dm, digest.ts)[-1].thread == digest.ts


def test_nobody_reviews_their_own(office: Office) -> None:
    """What the reviewer hands in goes to the lead, and neither a card nor a click lets them accept it."""
    Owners(office.bureau.service).assign([Assignment("clause", "24(2)", owner=LI, reviewer=LI)], office.bureau.who())
    office.bureau.known(office.li, office.lead)
    digest = office.bureau.asked(office.li)
    office.li.clicks(digest, "evidence_submit", block_id="do:1")
    office.li.wait_for_modal()
    office.li.submits({"note": "自己交的"})
    office.bureau.idle()
    office.bureau.deliver()
    *_, card = [m for m in office.lead.inbox if "请您审核" in m.text]  # the second takes in what was added since
    assert not any("请您审核" in m.text for m in office.li.inbox)
    channel = office.slack.channel("转发", office.li)
    shared = office.slack.run(
        lambda: office.slack.workspace.post(
            office.slack.workspace.channels[channel], office.slack.workspace.bot, card.text, blocks=card.blocks
        )
    )
    office.li.clicks(shared, "evidence_accept")
    office.bureau.idle()
    assert "本人提交的，须由他人审核" in office.li.whispers[-1].text
    assert office.bureau.entry(SLOT).state.name == "submitted"
    office.lead.clicks(card, "evidence_accept")
    office.lead.wait_for_modal()
    office.lead.submits({"whole": ["0"]})
    office.bureau.idle()
    assert office.bureau.entry(SLOT).state.reviewed_by == LEAD


def test_two_clicks_are_one_decision(office: Office) -> None:
    """Clicked twice at the same moment by two people: one decision, the other hears what happened."""
    _, card = handed_in(office)
    office.bureau.known(office.lead)
    channel = office.slack.channel("同看", office.li, office.lead)
    shared = office.slack.run(
        lambda: office.slack.workspace.post(
            office.slack.workspace.channels[channel], office.slack.workspace.bot, card.text, blocks=card.blocks
        )
    )
    for one in (office.li, office.lead):
        one.clicks(shared, "evidence_accept")
        one.wait_for_modal()
    both = [threading.Thread(target=lambda p=p: p.submits({"whole": ["0"]})) for p in (office.li, office.lead)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    office.bureau.idle()
    events = [e.kind for e in office.bureau.service.history(SLOT)]
    assert events.count("accepted") == 1
    [told] = [p.errors["whole"] for p in (office.li, office.lead) if p.errors]
    assert "没有待审核的内容，当前为“已通过”" in told


def test_a_retried_click_is_one_act(office: Office) -> None:
    """Slack sends the same click again: nothing happens twice, nobody is told twice."""
    digest, card = handed_in(office)
    office.li.clicks(card, "evidence_accept")
    office.li.wait_for_modal()
    office.slack.deliver_again(office.li.submits({"whole": ["0"]}))
    office.bureau.idle()
    assert [e.kind for e in office.bureau.service.history(SLOT)].count("accepted") == 1
    assert office.li.whispers == []
    assert len([m for m in office.slack.posts(office.wang.dm, digest.ts) if "通过" in m.text]) == 1


def test_another_reviewer_takes_over(office: Office) -> None:
    """When the reviewer changes, what waits goes to the new one, once; the old card loses nothing that still works."""
    handed_in(office)
    Owners(office.bureau.service).assign([Assignment("item", "24", owner=WANG, reviewer=LEAD)], office.bureau.who())
    office.bureau.deliver()
    office.bureau.deliver()
    *_, card = [m for m in office.lead.inbox if "请您审核" in m.text]  # the second takes in what was added since
    assert actions(card) == ["accept", "return"]


def test_a_reviewer_who_cannot_be_reached(office: Office) -> None:
    """The card, with its files, goes to the lead, who reads in whose place."""
    Owners(office.bureau.service).assign([Assignment("item", "24", owner=WANG, reviewer="nobody")], office.bureau.who())
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who(WANG))
    piece = office.bureau.service.take_file(io.BytesIO(PDF), "登记.pdf")
    office.bureau.service.submit(SLOT, [piece], office.bureau.who(WANG))
    for _ in range(3):
        office.bureau.deliver()
        office.bureau.clock.at += timedelta(minutes=1)
    cards = [m for m in office.lead.inbox if "请您审核" in m.text]  # the second takes in what was added since
    assert "nobody 联系不上" in words_of(cards[-1])
    assert [f.name for card in cards for m in office.slack.messages(office.lead.dm, card.ts) for f in m.files] == ["登记.pdf"]


def test_an_admin_reviews_when_both_are_out(office: Office) -> None:
    """When reviewer and lead handed it in themselves, an admin gets the card; with nobody left the lead reads how to go on."""
    Owners(office.bureau.service).assign([Assignment("item", "24", owner=LEAD, reviewer=LEAD)], office.bureau.who())
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who(LEAD))
    office.bureau.deliver()
    assert "须由他人审核" in words_of(office.lead.inbox[-1])
    assert actions(office.lead.inbox[-1]) == []
    Owners(office.bureau.service).know(Person(LI, admin=True), office.bureau.who())
    office.bureau.service.submit("24(3)/records/1@2022", [LINK], office.bureau.who(LEAD))
    office.bureau.deliver()
    assert actions(office.li.inbox[-1]) == ["accept", "return"]
