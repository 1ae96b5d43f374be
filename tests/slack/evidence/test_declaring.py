"""What is still to be declared, on the lead's Home tab: shown, answered in a form, recorded, and the plan follows; for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.guide import Guide
from connectors.slack.cards.home.profile_form import DECLARE, DECLARE_FORM
from connectors.slack.manifest import manifest
from tests.register.company import PLAIN, RENEWAL
from tests.slack.evidence.bureau import LEAD, WANG, Bureau, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.test_home import home, opened
from tests.slack.loopback import LoopbackSlack

pytestmark = pytest.mark.thorough

OPEN = RENEWAL.model_copy(update={"scope": PLAIN.model_copy(update={"containers": None, "box_trucks": None, "transport": None})})


def _office(guide: Guide, lang: str) -> Iterator[Office]:
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, guide, ("4", "28", "29"), profile=OPEN, lang=lang)
        bureau.start()
        bureau.planned()
        lead = slack.person("lead", real_name="赵合规", email=LEAD)
        wang = slack.person("wang", real_name="王芳", email=WANG)
        yield Office(bureau.known(lead, wang), slack, wang, lead, lead, wang)
        bureau.close()
        assert slack.problems == []


@pytest.fixture
def declaring(guide: Guide) -> Iterator[Office]:
    """A company that declared nothing of containers, trucks and transport, nor how many sets it draws."""
    yield from _office(guide, "zh")


def test_answered_on_home(declaring: Office) -> None:
    """Yes and no are recorded in the profile and the plan; what is put off stays open; the lead hears what follows."""
    lead, bureau = declaring.lead, declaring.bureau
    shown = opened(declaring, lead)
    assert "尚待申报的企业信息" in shown
    assert "是否涉及集装箱运输？" in shown
    before = {e.slot.id for e in bureau.service.entries(bureau.clock()) if e.owed}
    lead.clicks_home(DECLARE)
    lead.wait_for_modal(DECLARE_FORM)
    lead.submits({"scope.containers": "n", "scope.box_trucks": "n"})
    bureau.idle()
    assert bureau.profile is not None
    assert (bureau.profile.scope.containers, bureau.profile.scope.box_trucks, bureau.profile.scope.transport) == (False, False, None)
    after = {e.slot.id for e in bureau.service.entries(bureau.clock()) if e.owed}
    assert "28/documents/1" in before - after
    assert "已记录 2 项企业信息" in words_of(lead.inbox[-1])
    shown = home(declaring, lead)
    assert "是否涉及集装箱运输？" not in shown
    assert "是否涉及进出口货物、进出境物品运输？" in shown


def test_an_answer_of_the_wrong_kind(declaring: Office) -> None:
    """Stays in the form, with what is wanted beside it; nothing is recorded."""
    lead, bureau = declaring.lead, declaring.bureau
    opened(declaring, lead)
    lead.clicks_home(DECLARE)
    lead.wait_for_modal(DECLARE_FORM)
    for said in ("五套", "900"):
        lead.submits({"sample_sets": said, "scope.transport": "y"})
        assert said in lead.errors["sample_sets"]
    assert bureau.profile == OPEN


def test_contradictions_are_told(declaring: Office) -> None:
    """Containers without transport: recorded as said, and asked back."""
    lead = declaring.lead
    opened(declaring, lead)
    lead.clicks_home(DECLARE)
    lead.wait_for_modal(DECLARE_FORM)
    lead.submits({"scope.containers": "y", "scope.transport": "n"})
    declaring.bureau.idle()
    assert "前后不一致" in words_of(lead.inbox[-1])


def test_nobody_else(declaring: Office) -> None:
    """An owner sees none of it; somebody who led when the form was opened and no longer does records nothing."""
    lead, bureau = declaring.lead, declaring.bureau
    assert "尚待申报的企业信息" not in opened(declaring, declaring.wang)
    opened(declaring, lead)
    lead.clicks_home(DECLARE)
    lead.wait_for_modal(DECLARE_FORM)
    bureau.profile = OPEN.model_copy(update={"lead": WANG})
    with bureau.service.register.writing("acme") as tx:
        kept = tx.workspace()
        assert kept is not None
        tx.save_workspace(replace(kept, lead=WANG))
    lead.submits({"scope.transport": "y"})
    bureau.idle()
    assert bureau.profile.scope.transport is None
    assert "合规负责人" in words_of(lead.inbox[-1])


def test_in_english(guide: Guide) -> None:
    """The same words exist in English."""
    for office in _office(guide, "en"):
        assert "Still to be declared about the company" in opened(office, office.lead)
        office.lead.clicks_home(DECLARE)
        form = office.lead.wait_for_modal(DECLARE_FORM)
        assert "Later" in words_of(form.body["blocks"])
        office.lead.submits({"scope.transport": "n"})
        office.bureau.idle()
        assert "1 answer recorded" in words_of(office.lead.inbox[-1])
