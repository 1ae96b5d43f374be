"""Clicks that cannot be done are answered in private, never with silence."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest

from assistant.conversation.jobs import ATTEMPTS
from assistant.errors import RegisterError
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Person
from connectors.slack.listeners import click
from connectors.slack.listeners.evidence import slot_buttons as clicks
from tests.slack.evidence.bureau import WANG, use
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.faults import Fault, api_error, server_error, slow

pytestmark = pytest.mark.thorough


def test_a_form_that_slack_does_not_open(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """A click that Slack holds to be too old gets a private sentence, and no error stands in the log."""
    card = office.bureau.asked(office.wang)
    office.slack.faults.add("views.open", api_error("expired_trigger_id"))
    with caplog.at_level(logging.ERROR):
        office.wang.clicks(card, "evidence_submit", block_id="do:1")
        office.slack.wait(lambda: office.wang.whispers, "a private word")
    assert "请再点一次" in office.wang.whispers[-1].text
    assert caplog.text == ""


def test_a_listener_that_breaks(office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the app's own: whoever clicked gets a reference, and the log has the same one with the place."""
    card = office.bureau.asked(office.wang)
    monkeypatch.setattr(clicks, "_view", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR):
        office.wang.clicks(card, "evidence_submit", block_id="do:1")
        office.slack.wait(lambda: office.wang.whispers, "a private word")
    found = re.search(r"编号 ([0-9A-F]{8})", office.wang.whispers[-1].text)
    assert found
    assert f"reference {found[1]}: ZeroDivisionError" in caplog.text


def test_a_question_about_a_line_that_is_gone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan changed while the form was open: the asker hears that there is no such line any more."""
    card = office.bureau.asked(office.wang)
    use(office.wang, card, "ask")
    office.wang.wait_for_modal()
    gone = RegisterError("register.no_slot", slot="24(9)/records/1@2022")
    monkeypatch.setattr("assistant.register.acts.service.RegisterService.entry", lambda *_: (_ for _ in ()).throw(gone))
    office.wang.submits({"question": "要保存多久？"})
    office.slack.wait(lambda: office.wang.whispers, "a private word")
    office.bureau.idle()
    assert "已不在登记簿" in office.wang.whispers[-1].text


def test_evidence_that_could_not_be_taken(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all attempts to take what was handed in failed, its owner is told once, in a direct message, to hand it in again."""
    card = office.bureau.asked(office.wang)

    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr("connectors.slack.listeners.evidence.handing_in.allowed", broken)
    office.wang.clicks(card, "evidence_submit", block_id="do:1")
    office.wang.wait_for_modal()
    office.wang.submits({"note": "在 3 号柜"})
    for _ in range(ATTEMPTS):
        office.slack.wait(office.bureau.deps.work.idle, "an attempt")
        office.bureau.clock.at += timedelta(minutes=2)
        office.bureau.deps.work.sweep()
    office.bureau.idle()
    told = [post.text for post in office.wang.inbox if "编号" in post.text]
    assert len(told) == 1
    assert "再试一次" in told[0]


FORMS = {"na": ("reason", "没有这类业务"), "snooze": ("until", "2026-12-20"), "hand": ("to", ""), "submit": ("note", "在 3 号柜")}


@pytest.mark.parametrize("fault", [server_error(), slow(0.5)], ids=["503", "slow"])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_while_slack_does_not_say_who_somebody_is(office: Office, name: str, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form is answered in time, says that it is to be sent in again, and nothing was done; sent in again it is done, once."""
    monkeypatch.setattr(click, "MOMENT", 0.1)
    card = office.bureau.asked(office.wang)
    use(office.wang, card, name)
    office.wang.wait_for_modal(f"evidence_{name}_form")
    Owners(office.bureau.service).know(Person(WANG, "王芳", address={"slack": "U0ELSEWHERE"}), office.bureau.who())
    before = len(office.bureau.service.history())
    field, entered = FORMS[name]
    office.slack.faults.add("users.info", fault)
    sent = office.wang.submits({field: entered or office.zhao.id})
    assert office.slack.faults.left == 0
    assert sent.ack_seconds is not None
    assert sent.ack_seconds < 3
    assert "过一会儿" in office.wang.errors["note" if name == "submit" else field]
    assert len(office.bureau.service.history()) == before
    monkeypatch.setattr(click, "MOMENT", 5)
    office.wang.submits()
    assert office.wang.errors == {}
    office.bureau.idle()
    assert len(office.bureau.service.history()) > before


def test_a_colleague_whom_nobody_knows_while_slack_is_away(office: Office) -> None:
    """Handing over to somebody whom only Slack knows is put off in the form, too."""
    card = office.bureau.asked(office.wang)
    use(office.wang, card, "hand")
    office.wang.wait_for_modal("evidence_hand_form")
    office.slack.faults.add("users.info", server_error(), when=lambda args: args["user"] == office.zhao.id)
    office.wang.submits({"to": office.zhao.id})
    assert "过一会儿" in office.wang.errors["to"]
    office.wang.submits()
    office.bureau.idle()
    assert office.zhao.inbox
