"""Lines that one paper serves (the lead confirmed it) are one entry of a digest: one button hands in once, one review settles all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from assistant.register.facts.handed_in import WHOLE
from tests.register.company import LINK, RENEWAL
from tests.slack.evidence.bureau import LEAD, LI, WANG, words_of
from tests.slack.evidence.conftest import Office, owing
from tests.slack.evidence.telling import accepts, card, fields_of, filled
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


def test_ticked_line_by_line(office: Office) -> None:
    """The form has boxes for each line; what another line lacks stands on the reviewer's card, and can be named in a return."""
    digest = office.bureau.asked(office.wang)
    number = next(n for n, text in enumerate(entries(digest), 1) if "应急预案的书面文件" in text)
    office.wang.clicks(digest, "evidence_submit", block_id=f"do:{number}")
    office.wang.wait_for_modal()
    own = office.bureau.entry(PAPER).slot
    field = next(name for name in fields_of(office.wang.modal.body) if name.startswith("covers:"))
    filled(office, office.wang, link="https://example.cn/plan", covers=[str(n) for n in range(len(own.ticks))])
    shown = card(office, office.li)
    assert "30(1) 抽查记录（1） · 2022 年：没有写明包括哪些内容，请逐项核对：更新情况" in words_of(shown), words_of(shown)
    press = next(e for b in shown.blocks if b["type"] == "actions" for e in b["elements"] if e["action_id"] == "evidence_return")
    office.li.clicks(shown, "evidence_return", value=str(press["value"]))
    filled(office, office.li, **{field.replace("covers", "lacking"): ["0"]}, reason="没有更新")
    plans = [e for e in office.bureau.service.entries(office.bureau.clock()) if e.slot.link == "emergency_plan"]
    assert {e.state.name for e in plans} == {"returned"}
    assert {e.state.lacking for e in plans if e.slot.id.startswith(PLAN)} == {("更新情况",)}
    assert office.bureau.entry(PAPER).state.lacking == ()


def test_once_on_the_home_tab(office: Office) -> None:
    """There, too, the lines of one paper are one entry with one button, due when the soonest of them is."""
    office.wang.opens_home()
    office.bureau.idle()
    assert office.wang.home_view is not None
    blocks = office.wang.home_view.body["blocks"]
    told = [words_of([b]) for b in blocks if str(b.get("block_id")).startswith("what:")]
    [entry] = [text for text in told if "应急预案的书面文件" in text]
    assert not any(". 30(1) 抽查记录（1）" in text or ". 30(2) 书面文件（1）" in text for text in told)
    below = blocks[[words_of([b]) for b in blocks].index(entry) + 1]
    plans = [e for e in office.bureau.service.entries(office.bureau.clock()) if e.slot.link == "emergency_plan" and e.owed]
    assert ("交一次、审一次即可" in words_of([below]), str(min(e.due for e in plans if e.due)) in words_of([below])) == (True, True)


def test_one_word_for_all_years(office: Office) -> None:
    """Years of a line that wait for a word are one entry, in the message and on the Home tab; its button speaks for all of them."""
    service, line = office.bureau.service, "30(2)/records/1@"
    for year in (2023, 2024):
        service.submit(f"{line}{year}", [LINK], office.bureau.who(WANG))
        service.accept(f"{line}{year}", office.bureau.who(LI), seen=WHOLE)
    profile = RENEWAL.model_copy(update={"one_paper": ("emergency_plan",), "years": "certification"})
    service.sync(office.bureau.guide, profile, office.bureau.who(LEAD))
    assert {e.state.name for e in service.entries(office.bureau.clock()) if e.slot.id in (f"{line}2023", f"{line}2024")} == {"to_confirm"}
    office.wang.opens_home()
    office.bureau.idle()
    assert office.wang.home_view is not None
    blocks = office.wang.home_view.body["blocks"]
    [number] = [
        str(b["block_id"]).partition(":")[2] for b in blocks if "待确认" in words_of([b]) and str(b.get("block_id")).startswith("what:")
    ]
    office.wang.clicks_home("evidence_confirm", block_id=f"do:{number}")
    office.bureau.idle()
    assert {e.state.name for e in service.entries(office.bureau.clock()) if e.slot.id in (f"{line}2023", f"{line}2024")} == {"submitted"}
