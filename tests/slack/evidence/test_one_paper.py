"""Lines that one paper serves (the lead confirmed it) are one entry of a digest: one button hands in once, one review settles all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from tests.register.company import RENEWAL
from tests.slack.evidence.bureau import words_of
from tests.slack.evidence.conftest import Office, owing
from tests.slack.evidence.telling import accepts, card, filled
from tests.slack.loopback.model import Message

pytestmark = pytest.mark.thorough

PAPER, PLAN = "30(1)/documents/1", "30(1)/records/1@"


@pytest.fixture
def office(guide: Guide) -> Iterator[Office]:
    """A company whose emergency plan serves all lines that ask for it."""
    with owing(guide, "30", profile=RENEWAL.model_copy(update={"one_paper": ("emergency_plan",)})) as made:
        yield made


def entries(message: Message) -> list[str]:
    """The words of each entry of a digest."""
    return [words_of([b]) for b in message.blocks if str(b.get("block_id")).startswith("what:")]


def test_once_for_all(office: Office) -> None:
    """The paper leads with its elements, the other lines stand in its entry; what is said after the hand-in and the review names them all."""
    digest = office.bureau.asked(office.wang)
    [entry] = [text for text in entries(digest) if "应急预案的书面文件" in text]
    assert "交一次、审一次即可" in entry
    assert "另外 3 条的要求都在“提交”的表单里" in entry
    assert not any(". 30(1) 抽查记录（1）" in text for text in entries(digest))
    number = entries(digest).index(entry) + 1
    office.wang.clicks(digest, "evidence_submit", block_id=f"do:{number}")
    assert "同一份材料还用于 30(2) 书面文件（1）" in words_of(office.wang.wait_for_modal().body["blocks"])
    filled(office, office.wang, link="https://example.cn/plan")
    plans = [e for e in office.bureau.service.entries(office.bureau.clock()) if e.slot.link == "emergency_plan"]
    assert {e.state.name for e in plans} == {"submitted"}
    said = office.slack.posts(office.wang.dm, digest.ts)[-1].text
    assert ("30(1) 书面文件（1）" in said, "30(1) 抽查记录（1）" in said, "30(3) 书面文件（1）" in said) == (True, True, True), said
    [settled] = [text for text in entries(digest) if "30(1) 书面文件（1）" in text]
    assert "同一份材料还用于：30(1) 抽查记录（1） · 2022–2026 年" in settled
    shown = card(office, office.li)
    assert "交一次、审一次即可" in words_of(shown)
    accepts(office, office.li, shown)
    plans = [e for e in office.bureau.service.entries(office.bureau.clock()) if e.slot.link == "emergency_plan"]
    assert {e.state.name for e in plans} == {"accepted"}
    told = office.slack.posts(office.wang.dm, digest.ts)[-1].text
    assert ("审核通过" in told, "30(1) 抽查记录（1）" in told, "30(2) 书面文件（1）" in told) == (True, True, True), told
