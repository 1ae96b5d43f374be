"""End to end against a Slack that nobody here wrote, in both modes: the tiny app now, the real one in its place later."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.slack.peer import PeerSlack
from tests.slack.peer.slack import APP_PORT, CHANNEL, WANG
from tests.slack.schemas import check_event

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("mode", ["socket", "events"])
def test_a_day_with_the_peer(start_peer: Callable[[str], PeerSlack], mode: str) -> None:
    """Question and answer in the thread, click, form with a mistake, form sent, direct message, dropped file, Home."""
    peer = start_peer(mode)
    peer.run_app([sys.executable, "-m", "tests.slack.tiny_app", mode, str(APP_PORT)])
    asked = peer.asks(WANG, CHANNEL, "24(3) 要什么？")
    answer = peer.wait_for_post(CHANNEL, "24(3)", thread=asked["ts"])
    peer.clicks(WANG, answer, "submit")
    assert peer.wait_for("view")
    peer.submits(WANG, {"url": {"url": {"type": "plain_text_input", "value": "不是网址"}}})
    assert peer.wait_for("view_errors")["errors"] == {"url": "请填写网址"}
    peer.submits(WANG, {"url": {"url": {"type": "plain_text_input", "value": "https://a.cn"}}})
    dm = peer.dm(WANG)
    peer.wait_for_post(dm, "材料已收到：https://a.cn")
    peer.drops(WANG, dm, "记录.docx", "内容".encode())
    peer.wait_for_post(dm, "收到 记录.docx，6 字节")
    peer.opens_home(WANG)
    assert peer.wait_for("home")
    assert peer.problems() == []
    if mode == "socket":  # over HTTP the peer keeps no record of what it sent
        events = [payload for payload in peer.delivered() if payload.get("type") == "event_callback"]
        assert len(events) > 3
        found = {error for payload in events for error in check_event(payload).errors}
        assert found <= {"event.files[0].comments_count: 0 is not of type 'string'"}
