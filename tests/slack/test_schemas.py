"""The checks of outgoing and incoming payloads: what Slack documents as wrong is found, what it documents as right is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.slack.schemas import check_blocks, check_event, check_manifest, check_request, check_view, typed

PLAIN = {"type": "plain_text", "text": "提交"}
BUTTON = {"type": "button", "action_id": "submit", "text": PLAIN, "value": "24(3)/records/1"}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "24(3) 抽查记录"}}
OPTION = {"text": PLAIN, "value": "a"}
INPUT = {"type": "input", "block_id": "why", "label": PLAIN, "element": {"type": "plain_text_input", "action_id": "why"}}
FILE_INPUT = {"type": "input", "label": PLAIN, "element": {"type": "file_input", "action_id": "file", "max_files": 3}}
MODAL = {"type": "modal", "callback_id": "na", "title": PLAIN, "submit": PLAIN, "blocks": [INPUT]}
QUOTE = {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "员工培训"}]}]}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": PLAIN, "value": "good"},
            "negative_button": {"text": PLAIN, "value": "bad"},
        }
    ],
}


def text(length: int) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": "字" * length}


VALID = {
    "section with a button": [SECTION | {"accessory": BUTTON}],
    "section with fields only": [{"type": "section", "fields": [text(1), text(2000)]}],
    "header": [{"type": "header", "text": PLAIN}],
    "actions": [{"type": "actions", "elements": [BUTTON]}],
    "quote": [QUOTE],
    "markdown": [{"type": "markdown", "text": "**x**"}],
    "table": [TABLE],
    "feedback": [FEEDBACK],
    "divider and context": [{"type": "divider"}, {"type": "context", "elements": [text(3)]}],
    "overflow": [SECTION | {"accessory": {"type": "overflow", "action_id": "o", "options": [OPTION]}}],
}
INVALID: dict[str, list[Any]] = {
    "no such block": [{"type": "paragraph", "text": "x"}],
    "no type": [{"text": PLAIN}],
    "text as a string": [{"type": "section", "text": "x"}],
    "empty section": [{"type": "section"}],
    "empty text": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
    "3001 characters": [{"type": "section", "text": text(3001)}],
    "11 fields": [{"type": "section", "fields": [text(1)] * 11}],
    "field of 2001": [{"type": "section", "fields": [text(2001)]}],
    "header with mrkdwn": [{"type": "header", "text": text(3)}],
    "header of 151": [{"type": "header", "text": {"type": "plain_text", "text": "字" * 151}}],
    "button text of 76": [{"type": "actions", "elements": [BUTTON | {"text": {"type": "plain_text", "text": "字" * 76}}]}],
    "button value of 2001": [{"type": "actions", "elements": [BUTTON | {"value": "v" * 2001}]}],
    "button style": [{"type": "actions", "elements": [BUTTON | {"style": "green"}]}],
    "button url of 3001": [{"type": "actions", "elements": [BUTTON | {"url": "u" * 3001}]}],
    "26 elements": [{"type": "actions", "elements": [BUTTON | {"action_id": f"a{n}"} for n in range(26)]}],
    "no elements": [{"type": "actions", "elements": []}],
    "11 in context": [{"type": "context", "elements": [text(1)] * 11}],
    "button in context": [{"type": "context", "elements": [BUTTON]}],
    "block_id of 256": [SECTION | {"block_id": "b" * 256}],
    "same block_id": [SECTION | {"block_id": "b"}, SECTION | {"block_id": "b"}],
    "same action_id in a block": [{"type": "actions", "elements": [BUTTON, BUTTON]}],
    "unknown key": [SECTION | {"colour": "red"}],
    "option value of 76": [SECTION | {"accessory": {"type": "overflow", "options": [OPTION | {"value": "v" * 76}]}}],
    "6 in overflow": [SECTION | {"accessory": {"type": "overflow", "options": [OPTION | {"value": str(n)} for n in range(6)]}}],
    "101 options": [SECTION | {"accessory": {"type": "static_select", "options": [OPTION | {"value": str(n)} for n in range(101)]}}],
    "select without options": [SECTION | {"accessory": {"type": "static_select"}}],
    "same option value": [SECTION | {"accessory": {"type": "static_select", "options": [OPTION, OPTION]}}],
    "confirm title of 101": [
        {"type": "actions", "elements": [BUTTON | {"confirm": {"title": {"type": "plain_text", "text": "字" * 101}, "text": PLAIN}}]}
    ],
    "51 blocks": [{"type": "divider"}] * 51,
    "12,001 of markdown": [{"type": "markdown", "text": "字" * 6001}, {"type": "markdown", "text": "字" * 6000}],
    "13,001 in all": [{"type": "section", "text": text(2900)}] * 5,
    "two tables": [TABLE, TABLE],
    "21 columns": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}],
    "file input in a message": [FILE_INPUT],
    "image without source": [{"type": "image", "alt_text": "x"}],
    "empty rich text": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}]}],
    "broadcast": [{"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> 请"}}],
    "bold glued to Chinese": [{"type": "section", "text": {"type": "mrkdwn", "text": "*期限*：三天"}}],
    "rich broadcast": [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}]}
    ],
}


@pytest.mark.parametrize("blocks", VALID.values(), ids=VALID)
def test_valid_blocks(blocks: list[Any]) -> None:
    """What Slack's documentation shows passes without a finding."""
    assert check_blocks(blocks) == []


@pytest.mark.parametrize("blocks", INVALID.values(), ids=INVALID)
def test_invalid_blocks(blocks: list[Any]) -> None:
    """Each way to be wrong is found, and said in one line that names the place."""
    found = check_blocks(blocks)
    assert found
    assert all(line.startswith(("blocks", "block_id")) and len(line) < 400 for line in found)


def test_findings_name_place_and_limit() -> None:
    """A finding says where, what the limit is and what was sent."""
    assert check_blocks(INVALID["3001 characters"]) == ["blocks[0].text.text: maxLength is 3000, this has 3001"]


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"blocks": [INPUT, FILE_INPUT]}, True),
        ({"title": {"type": "plain_text", "text": "字" * 25}}, False),
        ({"submit": None}, False),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, False),
        ({"blocks": [FEEDBACK]}, False),
        ({"blocks": [SECTION] * 101}, False),
        ({"private_metadata": "p" * 3001}, False),
        ({"callback": "x"}, False),
        ({"type": "home"}, False),
    ],
)
def test_views(change: dict[str, Any], valid: bool) -> None:
    """A modal has a short title, a submit button when it has inputs, at most 100 blocks, and blocks that modals show."""
    view = {key: value for key, value in (MODAL | change).items() if value is not None}
    assert (check_view(view) == []) is valid


def test_home_shows_no_file_input() -> None:
    """A file input stands in modals only."""
    assert check_view({"type": "home", "blocks": [SECTION]}) == []
    assert check_view({"type": "home", "blocks": [FILE_INPUT]})


@pytest.mark.parametrize(
    ("method", "args", "valid"),
    [
        ("chat.postMessage", {"channel": "C1", "text": "x"}, True),
        ("chat.postMessage", {"channel": "C1", "text": "x", "blocks": [SECTION], "thread_ts": "1.2", "unfurl_links": False}, True),
        ("chat.postMessage", {"channel": "C1", "text": "x", "team_id": "T1"}, True),
        ("chat.postMessage", {"channel": "C1", "text": "x", "metadata": {"event_type": "o", "event_payload": {"id": "1"}}}, True),
        ("chat.postMessage", {"channel": "C1", "markdown_text": "x"}, True),
        ("chat.postMessage", {"channel": "C1", "markdown_text": "x", "blocks": [SECTION]}, False),
        ("chat.postMessage", {"channel": "C1", "blocks": [SECTION]}, False),
        ("chat.postMessage", {"channel": "C1", "text": "x", "thred_ts": "1.2"}, False),
        ("chat.postMessage", {"text": "x"}, False),
        ("chat.postMessage", {"channel": "C1", "text": "<!here> x"}, False),
        ("chat.postMessage", {"channel": "C1", "text": "字" * 4001}, False),
        ("chat.startStream", {"channel": "C1", "markdown_text": "x"}, False),
        ("chat.appendStream", {"channel": "C1", "ts": "1.2"}, False),
        ("chat.appendStream", {"channel": "C1", "ts": "1.2", "chunks": [{"type": "markdown_text", "text": "x"}]}, True),
        ("chat.appendStream", {"channel": "C1", "ts": "1.2", "chunks": [{"type": "task", "text": "x"}]}, False),
        ("views.open", {"trigger_id": "1", "view": MODAL}, True),
        ("views.open", {"view": MODAL}, False),
        ("conversations.open", {"users": "U1"}, True),
        ("conversations.open", {"users": "U1", "channel": "C1"}, False),
        ("auth.test", {}, True),
        ("stars.list", {}, False),
    ],
)
def test_requests(method: str, args: dict[str, Any], valid: bool) -> None:
    """The arguments of a call are those that Slack publishes, together only as they go together, with a fallback text."""
    assert (check_request(method, args) == []) is valid


def test_form_values_become_typed() -> None:
    """A form-encoded call is judged by the same types as a JSON call."""
    form = {"channel": "C1", "limit": "5", "inclusive": "true", "oldest": "1.5"}
    assert typed("conversations.history", form) == {"channel": "C1", "limit": 5, "inclusive": True, "oldest": "1.5"}
    assert typed("chat.update", {"blocks": "[]", "text": "1"}) == {"blocks": [], "text": "1"}


def test_manifest() -> None:
    """A manifest's keys, scopes, event names and lengths are those that Slack publishes."""
    manifest: dict[str, Any] = {
        "display_information": {"name": "AEO 助手"},
        "features": {"agent_view": {"agent_description": "回答"}, "app_home": {"messages_tab_enabled": True}},
        "oauth_config": {"scopes": {"bot": ["chat:write", "im:history"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_context_changed"]}},
    }
    assert check_manifest(manifest) == []
    for wrong in (
        {"display_information": {"name": "名" * 36}},
        {"oauth_config": {"scopes": {"bot": ["chat:wriet"]}}},
        {"settings": {"event_subscriptions": {"bot_events": ["message.dm"]}}},
        {"features": {"agent_veiw": {}}},
        {"fetures": {}},
    ):
        assert check_manifest(manifest | wrong)


def test_events_warn_about_what_types_do_not_know() -> None:
    """A property that the types lack is a warning; a missing or mistyped one is an error."""
    event = {"type": "message", "channel": "D1", "user": "U1", "text": "x", "ts": "1.2", "event_ts": "1.2", "channel_type": "im"}
    envelope = {
        "type": "event_callback", "token": "t", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event_time": 1, "event": event,
    }  # fmt: skip
    assert check_event(envelope) == ([], [])
    lagging = check_event(envelope | {"event": event | {"user_team": "T1"}})
    assert not lagging.errors
    assert lagging.warnings
    assert check_event({key: value for key, value in envelope.items() if key != "event_id"}).errors
    assert check_event(envelope | {"event": event | {"ts": 1.2}}).errors
    assert check_event(envelope | {"event": {"type": "mesage"}}).errors
