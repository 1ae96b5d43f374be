"""The real app against a Slack that nobody here wrote: nudge, submit by form and by file, return, accept, Home; in both modes."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.test_cli import CLOCKED
from tests.slack.evidence.bureau import PDF, words_of
from tests.slack.peer import PeerSlack
from tests.slack.peer.slack import APP_PORT, LI, WANG

AEO = [sys.executable, "-c", "from connectors.cli.main import run; run()"]
AT = "2026-06-03T10:00:00+08:00"
PROFILE = "enterprise: 某某公司\ncertification: renewal\ncertified_on: 2025-03-15\n"


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["socket", "events"])
def test_evidence(start_peer: Callable[[str], PeerSlack], mode: str, ingested: Path, tmp_path: Path) -> None:
    """A digest sent from the terminal is answered in Slack, by form and by file; the reviewer returns and accepts; all in one thread."""
    peer = start_peer(mode)
    (tmp_path / "profile.yaml").write_text(PROFILE)
    env = {
        "AEO_HOME": str(ingested), "AEO_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "AEO_FILES_URL": f"file://{tmp_path}/files",
        "AEO_PROFILE": str(tmp_path / "profile.yaml"), "AEO_LEAD": "li@example.cn", "AEO_ACTOR": "li@example.cn",
    }  # fmt: skip

    def aeo(*arguments: str) -> Any:
        """A command beside the peer; its JSON."""
        whole = os.environ | peer.environment | env | {"PYTHONPATH": str(Path(__file__).parents[3])}
        log = peer.namespace.folder / f"{uuid.uuid4().hex}.log"
        process = peer.namespace.start([sys.executable, "-c", CLOCKED, AT, *arguments, "--json"], whole, log.name)
        assert process.wait(60) == 0, log.read_text()[-2000:]
        said = log.read_text()
        return json.loads(said[min(found for mark in "[{" if (found := said.find(mark)) >= 0) :])

    aeo("evidence", "assign", "24(3)", "--owner", "wang@example.cn")
    aeo("nudge", "run")
    dm = peer.dm(WANG)
    digest = peer.wait_for_post(dm, "请准备")
    assert "企业访客出入登记记录" in words_of(digest["blocks"])
    peer.run_app([*AEO, "slack", "run", *(["--http", "--port", str(APP_PORT)] if mode == "events" else [])], env, 60)

    peer.clicks(WANG, digest, "evidence_submit")
    assert peer.wait_for("view")
    peer.submits(WANG, {"note": {"note": {"type": "plain_text_input", "value": ""}}})
    assert "请至少给一样" in str(peer.wait_for("view_errors")["errors"])
    peer.submits(WANG, {"link": {"link": {"type": "url_text_input", "value": "https://example.cn/a"}}})
    peer.wait_for_post(dm, "已接收", thread=digest["ts"])
    card = peer.wait_for_post(peer.dm(LI), "请您审核")
    peer.clicks(LI, card, "evidence_return")
    peer.wait(lambda: [h for h in peer.heard if h.get("t") == "view" and '"reason"' in json.dumps(h)], "the form of a return")
    peer.submits(LI, {"reason": {"reason": {"type": "plain_text_input", "value": "缺签到表"}}})
    peer.wait_for_post(dm, "缺签到表", thread=digest["ts"])

    peer.drops(WANG, dm, "签到表.pdf", PDF, thread=digest["ts"])
    picker = peer.wait_for_post(dm, "这些文件交给哪一项", thread=digest["ts"])
    menu = next(b["accessory"] for b in picker["blocks"] if b.get("accessory"))
    options = menu.get("options") or [o for group in menu["option_groups"] for o in group["options"]]
    peer.clicks(WANG, picker, menu["action_id"], selected_options=options[:1])
    buttons = [e for b in picker["blocks"] if b["type"] == "actions" for e in b["elements"]]
    peer.clicks(WANG, picker, next(e["action_id"] for e in buttons if e["text"]["text"] == "提交"))
    peer.wait(lambda: len([m for m in peer.posts(peer.dm(LI)) if "请您审核" in m.get("text", "")]) == 2, "a second card")
    second = [m for m in peer.posts(peer.dm(LI)) if "请您审核" in m.get("text", "")][-1]
    peer.wait(lambda: any(f["name"] == "签到表.pdf" for m in peer.messages(peer.dm(LI)) for f in m.get("files", ())), "the file")
    peer.clicks(LI, second, "evidence_accept")
    peer.wait(lambda: [h for h in peer.heard if h.get("t") == "view" and '"whole"' in json.dumps(h)], "the form of an acceptance")
    peer.submits(LI, {"whole": {"whole": {"type": "checkboxes", "selected_options": [{"value": "0"}]}}})
    peer.wait_for_post(dm, "已审核通过", thread=digest["ts"])
    now = peer.wait(
        lambda: next((m for m in peer.messages(dm) if m["ts"] == digest["ts"] and "已通过" in words_of(m["blocks"])), None), "edit"
    )
    assert now is not None
    peer.opens_home(WANG)
    assert peer.wait_for("home")
    states = {s["slot"]: s["state"] for s in aeo("evidence", "list", "--clause", "24(3)")}
    assert "accepted" in states.values()
    assert peer.problems() == []
