"""Clicks that cannot be done are answered in private, never with silence."""

from __future__ import annotations

import logging
import re

import pytest

from connectors.slack.evidence import clicks
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.faults import api_error


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
