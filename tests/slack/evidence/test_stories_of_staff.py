"""Stories of people who only ask: commands, shortcuts, group messages, and what others see of it."""

from __future__ import annotations

import pytest

from tests.slack.evidence.bureau import use, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.telling import SLOT, ends, filled, settled, told

pytestmark = pytest.mark.thorough


def test_a_command_is_shared(office: Office) -> None:
    """/aeo answers its person alone, under the question; shared, the channel reads both and goes on asking in the thread."""
    channel = office.slack.channel("关务", office.wang, office.zhao)
    office.zhao.slash("/aeo", "访客登记要留哪些记录？", channel)
    settled(office)
    answer = next(m for m in reversed(office.zhao.whispers) if m.blocks)
    assert "访客登记要留哪些记录？" in words_of(answer)
    office.zhao.clicks(answer, "share_answer")
    settled(office)
    [shared] = office.slack.posts(channel)
    assert "访客登记要留哪些记录？" in words_of(shared)
    assert office.zhao.id in str(shared.blocks[0])
    office.wang.says(channel, "标识呢？", thread=shared.ts)
    settled(office)
    assert office.bureau.told.asked[-1] == ("标识呢？", ("访客登记要留哪些记录？",))
    ends(office, {SLOT: "missing"}, zhao="已分享到本频道")


def test_a_shortcut_says_who_asked_and_asks_once(office: Office) -> None:
    """问这一条 twice: one answer in the thread that names who asked; the second hears that it stands there."""
    channel = office.slack.channel("关务", office.wang, office.zhao)
    said = office.wang.says(channel, "访客要登记吗？")
    office.zhao.shortcut("ask_this", said)
    settled(office)
    office.wang.shortcut("ask_this", said)
    settled(office)
    [answer] = office.slack.posts(channel, said.ts)
    assert office.zhao.id in str(answer.blocks[0])
    ends(office, {SLOT: "missing"}, wang="已经问过了")


def test_a_bystander_asks_the_lead(office: Office) -> None:
    """问合规负责人 pressed by somebody else under an answer: the question to the lead is theirs, and the reply names them."""
    office.bureau.known(office.wang, office.li, office.lead)
    channel = office.slack.channel("关务", office.wang, office.zhao)
    asked = office.wang.asks(channel, "围墙要多高？")
    settled(office)
    [refusal] = office.slack.posts(channel, asked.ts)
    office.zhao.clicks(refusal, "ask_lead")
    settled(office)
    card = office.slack.posts(office.lead.dm)[-1]
    assert office.zhao.id in str(card.blocks)
    told(office, office.lead, "两米五。", card.ts)
    reply = office.slack.posts(channel, asked.ts)[-1]
    assert office.zhao.id in str(reply.blocks)
    assert "两米五" in words_of(reply)
    ends(office, {SLOT: "missing"}, lead=("围墙要多高？", "转"))


def test_states_are_told_to_whoever_asked(office: Office) -> None:
    """谁逾期了 asked in a channel by somebody with no part: their own answer, directly, and the channel reads nothing."""
    office.bureau.known(office.wang, office.li, office.lead)
    channel = office.slack.channel("关务", office.wang, office.zhao)
    office.zhao.asks(channel, "谁逾期了？")
    settled(office)
    assert office.slack.posts(channel) == []
    ends(office, {SLOT: "missing"}, zhao=("没有逾期的材料", "已私信您"))


def test_thanks_and_small_talk_move_nothing(office: Office) -> None:
    """谢谢 after an answer is a word back, and nothing of the register."""
    told(office, office.zhao, "访客要登记吗？")
    told(office, office.zhao, "谢谢！")
    ends(office, {SLOT: "missing"}, zhao="这不是关于指南的问题")


def test_an_english_speaker(office: Office) -> None:
    """What can you do is answered, and a question about the guide after it."""
    told(office, office.zhao, "what can you do?")
    told(office, office.zhao, "must visitors be registered?")
    assert office.bureau.told.asked[-1][0] == "must visitors be registered?"
    ends(office, {SLOT: "missing"}, zhao="This is what I can do")


def test_a_line_is_asked_about(office: Office) -> None:
    """问一问 on a digest's line: asked about that line, answered in the digest's thread, handed in nothing."""
    office.bureau.known(office.wang, office.li)
    digest = office.bureau.asked(office.wang)
    use(office.wang, digest, "ask")
    filled(office, office.wang, question="照片算不算记录？")
    assert office.bureau.told.asked[-1][0].startswith("24(2) 抽查记录（1）")
    assert office.slack.posts(office.wang.dm, digest.ts)
    ends(office, {SLOT: "missing"}, wang="照片算不算记录？")
