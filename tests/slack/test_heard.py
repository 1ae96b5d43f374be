"""What a person wrote, from Slack's events: group messages are heard where the app is named, and are never taken for a direct message."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.slack.listeners.asking.heard import post_of
from connectors.slack.wire.rights import EVENTS, SCOPES


def event(**more: Any) -> dict[str, Any]:
    """A message in a group of a few people."""
    return {"type": "message", "user": "U1", "channel": "G1", "channel_type": "mpim", "ts": "1.0", "text": "<@UBOT> 24(3)", **more}


def test_a_group_of_a_few_people() -> None:
    """Named in a group message, the app answers in its thread, and says nothing there that is for one person only."""
    post = post_of(event(), "T1", "UBOT")
    assert post is not None
    assert (post.origin, post.direct, post.text, post.thread) == ("mention", False, "24(3)", "1.0")
    assert "message.mpim" in EVENTS
    assert "mpim:history" in SCOPES


@pytest.mark.parametrize(
    "more",
    [{"text": "吃饭去？"}, {"bot_id": "B1"}, {"subtype": "channel_join"}, {"user": "UBOT"}, {"channel": ""}],
    ids=lambda m: next(iter(m)),
)
def test_what_is_not_for_the_app(more: dict[str, Any]) -> None:
    """Talk among people, bots, joins and what the app wrote itself are left alone."""
    assert post_of(event(**more), "T1", "UBOT") is None


def test_a_reply_in_a_thread() -> None:
    """A reply without the app's name may be for it: its thread decides."""
    post = post_of(event(text="那保存几年？", thread_ts="0.5"), "T1", "UBOT")
    assert post is not None
    assert (post.origin, post.reply, post.thread) == ("thread", True, "0.5")
