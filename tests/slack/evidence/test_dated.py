"""A proof whose two years run from its own date (14): the form asks for that date in the place of a validity date."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from connectors.slack.cards.review.accept_form import ACCEPT_FORM
from tests.slack.evidence.bureau import words_of
from tests.slack.evidence.conftest import Office, owing
from tests.slack.evidence.telling import card, filled

pytestmark = pytest.mark.thorough


@pytest.fixture
def office(guide: Guide) -> Iterator[Office]:
    """A company that owes the proofs of 14."""
    with owing(guide, "14") as made:
        yield made


def test_asked_for_and_counted_from(office: Office) -> None:
    """The list asks for it; too old is said in the form; without it the reviewer has to say it; with it they see until when it serves."""
    digest = office.bureau.asked(office.wang)
    assert "写明它的开具日期" in words_of(digest)
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    form = office.wang.wait_for_modal()
    assert {"dated"} == {b["block_id"] for b in form.body["blocks"]} & {"dated", "valid"}
    filled(office, office.wang, link="https://example.cn/proof")
    assert "没有写明开具日期" in words_of(card(office, office.li))
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    office.wang.wait_for_modal()
    office.wang.submits({"note": "证明在附件里", "dated": "2020-01-01"})
    assert "已经过去" in office.wang.errors["dated"]
    filled(office, office.wang, note="证明在附件里", dated="2025-06-01")
    assert "有效期至 2027-06-01" in words_of(card(office, office.li))
    assert "没有写明开具日期" not in words_of(card(office, office.li))


def test_accepted_only_with_a_date(office: Office) -> None:
    """What its owner left undated is asked of who accepts it: without the date nothing is accepted, not even as whole."""
    digest = office.bureau.asked(office.wang)
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    office.wang.wait_for_modal()
    filled(office, office.wang, link="https://example.cn/proof")
    shown = card(office, office.li)
    office.li.clicks(shown, "evidence_accept")
    form = office.li.wait_for_modal(ACCEPT_FORM)
    asked = next(b["block_id"] for b in form.body["blocks"] if b["block_id"].startswith("dated:"))
    office.li.submits({"whole": ["0"]})
    assert "没有写明材料的开具日期" in office.li.errors["whole"]
    office.li.submits({asked: "2025-06-01"})
    office.bureau.idle()
    entry = office.bureau.entry("14/documents/1")
    assert (entry.state.name, str(entry.state.expires_on)) == ("accepted", "2027-06-01")
