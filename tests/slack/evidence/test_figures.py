"""The ratios that 13 is decided by are taken with the audit report of 12, in its form, and stand before the reviewer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from tests.slack.evidence.bureau import words_of
from tests.slack.evidence.conftest import Office, owing
from tests.slack.evidence.telling import card, filled, press, settled

pytestmark = pytest.mark.thorough

NAMES = ("速动比率", "现金流动负债比率", "资产负债率", "营业利润率", "净资产收益率")


@pytest.fixture
def office(guide: Guide) -> Iterator[Office]:
    """A company that owes its audit reports."""
    with owing(guide, "12", "13") as made:
        yield made


def test_taken_and_reviewed(office: Office) -> None:
    """What is no number stays in the form; figures stand on the reviewer's card with those that are missing; 13 follows."""
    digest = office.bureau.asked(office.wang)
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    form = office.wang.wait_for_modal()
    assert [n for n in NAMES if n in words_of(form.body["blocks"])] == list(NAMES)
    field = next(b for b in form.body["blocks"] if b["block_id"] == "slots")
    one = field["element"]["options"][0]["value"]
    office.wang.submits({"slots": [one], "link": "https://example.cn/report", "figure:0": "一点五"})
    assert "不是数" in office.wang.errors["figure:0"]
    everything = [o["value"] for o in field["element"]["options"]]
    office.wang.submits({"slots": everything, "link": "https://example.cn/report", "figure:0": "1.5"})
    assert "只选一个期间" in office.wang.errors["slots"]
    filled(office, office.wang, slots=[one], link="https://example.cn/report", **{"figure:0": "1.5", "figure:2": "45 ％"})
    told = words_of(card(office, office.li))
    assert "速动比率 1.5、资产负债率 45%" in told
    assert "没有填写：现金流动负债比率、营业利润率、净资产收益率" in told
    press(office, office.li, card(office, office.li), "通过")
    settled(office)
    assert [p.shown for p in office.bureau.service.pieces([one]) if p.kind == "figure"] == ["速动比率 1.5", "资产负债率 45%"]
