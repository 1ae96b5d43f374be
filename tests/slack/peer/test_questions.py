"""The real app, as ``aeo slack run`` starts it, against a Slack that nobody here wrote: questions, follow-ups, clauses, feedback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.slack.peer import PeerSlack
from tests.slack.peer.slack import APP_PORT, CHANNEL, LI, WANG

AEO = [sys.executable, "-c", "from connectors.cli.main import run; run()", "slack", "run"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["socket", "events"])
def test_questions(start_peer: Callable[[str], PeerSlack], mode: str, ingested: Path, tmp_path: Path) -> None:
    """Mention, follow-up without a mention, direct message, command, clause in a modal, refusal handed to the lead and answered."""
    peer = start_peer(mode)
    home = {"AEO_HOME": str(ingested), "AEO_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "AEO_LEAD": "li@example.cn"}
    peer.run_app([*AEO, *(["--http", "--port", str(APP_PORT)] if mode == "events" else [])], home, 60)
    asked = peer.asks(WANG, CHANNEL, "24(3) 要什么？")
    answer = peer.wait_for_post(CHANNEL, "进入安全", thread=asked["ts"])
    peer.clicks(WANG, answer, "clause:24(3)")
    assert "实行访客登记管理" in str(peer.wait_for("view"))
    peer.says(WANG, CHANNEL, "那要准备哪些书面文件？", thread=asked["ts"])
    peer.wait(lambda: len(peer.posts(CHANNEL, asked["ts"])) == 2, "the follow-up is answered", 60)
    peer.slash(WANG, CHANNEL, "/aeo", "24(4)")
    dm = peer.dm(WANG)
    question = peer.says(WANG, dm, "围墙要多高？")
    refusal = peer.wait_for_post(dm, "没有规定", thread=question["ts"])
    peer.clicks(WANG, refusal, "ask_lead")
    card = peer.wait_for_post(peer.dm(LI), "围墙要多高")
    peer.says(LI, peer.dm(LI), "2.5 米。", thread=card["ts"])
    peer.wait_for_post(dm, "2.5 米", thread=question["ts"])
    assert peer.problems() == []
