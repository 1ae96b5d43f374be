"""Stories told in messages: what people write, drop and press, in their own words; each ends with the register and with what all saw."""

from __future__ import annotations

import pytest

from tests.register.company import LINK
from tests.slack.evidence.bureau import LI, PDF, WANG, words_of
from tests.slack.evidence.conftest import Office, overdue
from tests.slack.evidence.telling import SLOT, button, press, told
from tests.slack.loopback.model import Message

pytestmark = pytest.mark.thorough


def reviewed(office: Office) -> tuple[Message, Message]:
    """王芳's digest and 李雷's card after she handed in a link."""
    digest = office.bureau.asked(office.wang)
    office.bureau.known(office.wang, office.li, office.lead)
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who(WANG))
    office.bureau.deliver()
    return digest, office.slack.posts(office.li.dm)[-1]


def test_a_reviewer_returns_in_words(office: Office) -> None:
    """缺 2024 年的，请补 under the card: asked what it is, returned with it as the reason; the owner reads it, nobody reads a clause."""
    digest, card = reviewed(office)
    asked = told(office, office.li, "缺 2024 年的，请补", card.ts)
    assert "退回原因" in asked.text
    assert office.bureau.entry(SLOT).state.name == "submitted"
    press(office, office.li, asked, "作为退回原因")
    entry = office.bureau.entry(SLOT)
    assert (entry.state.name, entry.state.reason, entry.state.reviewed_by) == ("returned", "缺 2024 年的，请补", LI)
    assert "缺 2024 年的" in words_of(office.slack.posts(office.wang.dm, digest.ts)[-1])
    assert "已退回" in asked.text
    assert office.bureau.told.asked == [] or "缺 2024" not in office.bureau.told.asked[-1][0]


def test_a_reviewer_comments(office: Office) -> None:
    """A comment is passed on to the owner, in the digest's thread, and decides nothing."""
    digest, card = reviewed(office)
    asked = told(office, office.li, "这份很清楚，我明天审", card.ts)
    press(office, office.li, asked, "转告提交人")
    assert office.bureau.entry(SLOT).state.name == "submitted"
    seen = office.slack.posts(office.wang.dm, digest.ts)[-1]
    assert "这份很清楚" in words_of(seen)
    assert "李雷" in words_of(seen)


def test_an_owner_puts_off(office: Office) -> None:
    """下周三再交 under the digest: asked back with the day, then put off; nothing is asked before."""
    digest = office.bureau.asked(office.wang)
    asked = told(office, office.wang, "下周三再交", digest.ts)
    assert "2026-12-02" in asked.text
    press(office, office.wang, asked, "推迟到 2026-12-02")
    until = office.bureau.entry(SLOT).state.snoozed_until
    assert until is not None
    assert until.isoformat() == "2026-12-02"
    assert "不再提醒" in asked.text


def test_an_owner_sends_a_link_and_says_where_paper_is(office: Office) -> None:
    """A link and a sentence under the digest are offered for its entries; both become pieces of one hand-in."""
    digest = office.bureau.asked(office.wang)
    asked = told(office, office.wang, "24(2) 见 https://example.cn/oa/1 ，原件在关务部3号柜", digest.ts)
    element = next(b["accessory"] for b in asked.blocks if b.get("accessory"))
    groups = element.get("option_groups") or [{"options": element["options"]}]
    values = [o["value"] for g in groups for o in g["options"]]
    assert office.bureau.entry(SLOT).slot.key in values
    office.wang.clicks(asked, "talk_choice:for", [office.bureau.entry(SLOT).slot.key])
    press(office, office.wang, asked, "提交")
    entry = office.bureau.entry(SLOT)
    assert entry.state.name == "submitted"
    kinds = [p.kind for p in office.bureau.service.pieces([entry.slot.key])]
    assert kinds == ["link", "note"]
    assert office.bureau.service.pieces([entry.slot.key])[1].text == "24(2) 见链接，原件在关务部3号柜"
    assert "请您审核" in office.slack.posts(office.li.dm)[-1].text


def test_it_is_not_mine(office: Office) -> None:
    """这个不归我管: the hand-over is offered, with a word to whoever takes it; they read the word, and the slot is theirs."""
    office.bureau.known(office.wang, office.li, office.lead)
    asked = told(office, office.wang, "24(2) 不归我管")
    office.wang.clicks(asked, "talk_choice:for", [office.bureau.entry(SLOT).slot.key])
    office.wang.clicks(asked, button(asked, "转交"))
    office.wang.wait_for_modal()
    office.wang.submits({"to": office.li.id, "note": "门卫归你们部门"})
    office.bureau.idle()
    office.bureau.deliver()
    assert office.bureau.entry(SLOT).owner == LI
    assert "门卫归你们部门" in "\n".join(words_of(m) for m in office.li.inbox)


def test_the_lead_reminds(office: Office) -> None:
    """谁逾期了, then 提醒王芳交材料: asked back, done by the button, heard by her alone; others may not."""
    office.bureau.known(office.wang, office.li, office.lead)
    overdue(office, SLOT)
    assert "王芳" in words_of(told(office, office.lead, "谁逾期了？"))
    asked = told(office, office.lead, "提醒王芳交材料")
    assert office.wang.inbox == []
    press(office, office.lead, asked, "提醒王芳")
    assert "赵合规" in words_of(office.wang.inbox[-1])
    assert "已提醒王芳" in asked.text
    assert "只有合规负责人" in told(office, office.li, "提醒王芳交材料").text


def test_how_things_stand(office: Office) -> None:
    """Each sees their own; the lead all; a stranger only whose it is."""
    office.bureau.known(office.wang, office.li, office.lead)
    assert "您负责" in told(office, office.wang, "我负责哪些").text
    for asked in ("我的截止日期是哪天？", "什么时候到期", "what are my due dates"):
        assert "2026-" in words_of(told(office, office.wang, asked)), asked
    assert "没有由您负责" in told(office, office.zhao, "我负责哪些").text
    assert "0 /" in told(office, office.wang, "24(2)交了吗？").text
    stranger = told(office, office.zhao, "24(2)交了吗？").text
    assert "不由您负责" in stranger
    assert "王芳" in stranger
    assert "应交" in told(office, office.lead, "进度怎么样").text
    assert "拖进" in words_of(told(office, office.wang, "怎么交材料"))
    assert "我可以做这些事" in told(office, office.wang, "你能做什么").text


def test_an_enquiry_is_a_conversation(office: Office) -> None:
    """What the asker adds reaches the lead, what the lead answers reaches the asker, until one of them closes it."""
    refusal = told(office, office.wang, "围墙要多高？")
    office.wang.clicks(refusal, "ask_lead")
    office.bureau.idle()
    card = office.slack.posts(office.lead.dm)[-1]
    told(office, office.wang, "是东门那段。", refusal.thread)
    assert "是东门那段" in words_of(office.slack.posts(office.lead.dm, card.ts)[-1])
    told(office, office.lead, "2.5 米。", card.ts)
    back = next(m for m in office.slack.posts(office.wang.dm, refusal.thread) if "2.5 米" in words_of(m))
    press(office, office.wang, back, "结束咨询")
    assert "咨询已结束" in words_of(card)
    assert "已经结束" in told(office, office.lead, "还有吗？", card.ts).text
    before = len(office.slack.posts(office.lead.dm, card.ts))
    told(office, office.wang, "24(3) 要什么？", refusal.thread)
    assert len(office.slack.posts(office.lead.dm, card.ts)) == before
    assert office.bureau.told.asked[-1][0] == "24(3) 要什么？"


def test_a_question_under_a_digest_is_answered(office: Office) -> None:
    """照片算不算记录？ is a question to the guide, wherever it is asked; nothing is handed in."""
    digest = office.bureau.asked(office.wang)
    told(office, office.wang, "照片算不算记录？", digest.ts)
    assert office.bureau.told.asked[-1][0] == "照片算不算记录？"
    assert office.bureau.service.pieces() == []


def test_a_bystander(office: Office) -> None:
    """Somebody who owes nothing drops a file: a word, no evidence, and nobody else hears of it."""
    dropped = office.zhao.drops(office.zhao.dm, "外人.pdf", PDF)
    office.bureau.idle()
    assert "没有接收" in office.slack.posts(office.zhao.dm, dropped.ts)[-1].text
    assert office.bureau.service.pieces() == []
    assert office.li.inbox == []
