"""What a job of the work queue is about: one model for each kind, and jobs that an earlier version stored read the same."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from assistant.conversation.chat import Press
from assistant.conversation.post import Post
from connectors.slack.listeners.asking.catching_up import Look
from connectors.slack.listeners.asking.enquiries import HandedOn
from connectors.slack.listeners.asking.feedback import Complaint
from connectors.slack.listeners.asking.messages_tab import Prompts
from connectors.slack.listeners.asking.sharing import Sharing
from connectors.slack.listeners.editions import Clicked
from connectors.slack.listeners.evidence.handing_in import HandInForm
from connectors.slack.listeners.evidence.line_questions import LineQuestion
from connectors.slack.listeners.evidence.reviewing import Acceptance
from connectors.slack.listeners.evidence.slot_buttons import Pressed
from connectors.slack.listeners.home.declaring import Declaration
from connectors.slack.listeners.home.lead_work import LeadTask
from connectors.slack.listeners.home.tab import HomeOpened
from connectors.slack.listeners.home.ticking import Confirmation

CLICK = {
    "team": "T1",
    "user": "U1",
    "trigger": "t",
    "channel": "C1",
    "thread": "1.0",
    "slot": "s",
    "message": "m",
    "version": 2,
    "given": "ab",
}
POST = {
    "team": "T1", "channel": "C1", "user": "U1", "ts": "1.0", "thread": "1.0", "text": "围墙多高", "origin": "mention", "direct": False,
    "reply": False, "names_others": False, "files": [{"id": "F1"}], "response_url": "", "key": "k", "me": "B",
}  # fmt: skip
PLACE = {"team": "T1", "user": "U1", "channel": "C1", "thread": "", "direct": False, "private": ""}
STORED: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (Post, POST),
    (Press, {"place": PLACE, "act": "a", "value": "v", "key": "k", "ref": "1.0", "chosen": ["x"], "trigger": "t"}),
    (Sharing, {"exchange": "e", "user": "U1", "channel": "C1", "url": "https://a"}),
    (Complaint, {"exchange": "e", "reason": "other", "more": "少一条", "user": "U1", "place": "C1/1.0", "url": ""}),
    (
        HandedOn,
        {"exchange": "e", "asker": "U1", "channel": "C1", "message": "1.0", "thread": "", "private": True, "response_url": "https://a"},
    ),
    (Prompts, {"channel": "D1", "thread": "1.0"}),
    (Look, {"channel": "D1", "since": "1.0", "thread": "2.0", "cursor": "c", "pages": 2}),
    (Clicked, {"act": "a", "user": "U1", "channel": "C1", "thread": "", "ts": "1.0", "m": "m1"}),
    (Confirmation, {"user": "U1", "said": {"k": ["日期", "签名"]}}),
    (Declaration, {"user": "U1", "said": {"certification": "initial"}}),
    (LeadTask, {"user": "U1", "act": "hand", "of": "line:x", "to": "li", "note": ""}),
    (HomeOpened, {"user": "U1", "t": "lead", "p": 1}),
    (Acceptance, {"user": "U1", "click": CLICK}),
    (Pressed, {"act": "a", "user": "U1", "slot": "s", "message": "m", "c": "C1", "t": "1.0"}),
    (LineQuestion, {"user": "U1", "slot": "s", "c": "C1", "t": "1.0", "question": "要几年？"}),
    (
        HandInForm,
        {"user": "U1", "slots": ["s"], "channel": "C1", "thread": "", "files": [{"id": "F1"}], "link": "", "note": "", "paper": "",
         "period": "", "valid": "2027-01-01", "count": "3", "covers": [0, 2], "nil": False, "figures": {"车辆": "3"}},
    ),
)  # fmt: skip
"""What version 0.1 stored of each kind."""


@pytest.mark.parametrize(("task", "stored"), STORED, ids=lambda v: v.__name__ if isinstance(v, type) else "")
def test_a_stored_job_reads_and_is_stored_the_same(task: type[Any], stored: dict[str, Any]) -> None:
    """No key of the JSON is lost or renamed, and one that came later is empty, so workers of two versions may share a queue."""
    adapter = TypeAdapter(task)
    again = adapter.dump_python(adapter.validate_python(stored), mode="json", by_alias=True)
    assert {key: again[key] for key in stored} == stored
    assert not any(again[key] for key in again.keys() - stored.keys())


def test_what_an_earlier_version_left_out_is_open() -> None:
    """Jobs of a page without a cursor, of one slot, of an act without words."""
    assert Look.model_validate({"channel": "D1", "since": "1.0"}).pages == 1
    assert HandInForm.model_validate({"user": "U1", "slot": "s", "channel": "", "thread": "", "files": []}).slots == ("s",)
    assert LeadTask.model_validate({"user": "U1", "act": "again", "of": "m|nudge|"}).note == ""
