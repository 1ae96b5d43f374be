"""``aeo slack manifest`` and the doctor's look at Slack."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import connectors.slack
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.cli.serving.slack import app
from connectors.slack import checkup as doctor_slack
from connectors.slack.checkup import slack as look
from connectors.slack.manifest import manifest
from connectors.slack.run import PARTS
from connectors.slack.wire.rights import EVENTS, SCOPES
from tests.slack.conftest import StartSlack
from tests.slack.loopback.faults import api_error, reset
from tests.slack.loopback.methods import METHODS
from tests.slack.loopback.setup import EVENT_SCOPES
from tests.slack.schemas import check_manifest
from tests.slack.stage import Stage


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", ["", "https://aeo.example.cn/"])
def test_manifest(lang: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's own schema accepts it, in both forms; it is an agent that can be written to, with the addresses of HTTP."""
    monkeypatch.setenv("AEO_LANG", lang)
    arguments = ["manifest", *(["--url", address] if address else [])]
    printed = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert yaml.safe_load(CliRunner().invoke(app, [*arguments, "--yaml"]).stdout) == printed
    assert printed == manifest(lang, address)
    assert check_manifest(printed) == []
    home = printed["features"]["app_home"]
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)
    assert "agent_view" in printed["features"]
    settings = printed["settings"]
    assert settings["socket_mode_enabled"] is not bool(address)
    assert settings["interactivity"].get("request_url") == ("https://aeo.example.cn/slack/events" if address else None)


def needs() -> dict[str, set[str]]:
    """What the app uses that takes a scope -> the scopes of which it takes one: its events, its commands, the methods it calls."""
    found = {event: {EVENT_SCOPES[event]} for event in EVENTS if event in EVENT_SCOPES}
    if {"slash_commands", "shortcuts"} & set(manifest()["features"]):
        found["commands"] = {"commands"}
    called: set[str] = set()
    for file in Path(connectors.slack.__file__).parent.rglob("*.py"):
        called |= {node.attr for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)}
    if "files_upload_v2" in called:
        called |= {"files_getUploadURLExternal", "files_completeUploadExternal"}
    for name, method in METHODS.items():
        if name.replace(".", "_") in called:
            found |= {f"{name} {number}": set(scopes.split("|")) for number, scopes in enumerate(method.scopes)}
    return found


def test_every_right_is_needed() -> None:
    """Each event and each call has the scope it needs, and no scope is there without a use: least rights."""
    assert len(set(SCOPES)) == len(SCOPES)
    assert len(set(EVENTS)) == len(EVENTS)
    used = needs()
    assert {"app_mention", "chat.postMessage 0", "users.lookupByEmail 0", "files.completeUploadExternal 0"} <= set(used)
    assert [use for use, scopes in used.items() if not scopes & set(SCOPES)] == []
    assert [scope for scope in SCOPES if not any(scopes & set(SCOPES) == {scope} for scopes in used.values())] == []


def test_every_event_is_read(guide: Guide, start_slack: StartSlack) -> None:
    """An event is subscribed to only where somebody keeps it, or where Bolt itself takes it to forget a workspace."""
    stage = Stage(start_slack(manifest()), guide, parts=PARTS)
    kept = set(stage.deps.intake._keepers) | {"tokens_revoked", "app_uninstalled"}
    stage.close()
    assert {event.partition(".")[0] for event in EVENTS} == kept - {"assistant_thread_started"}  # of the side panel of before


def test_the_doctor_asks_real_slack_about_our_messages(start_slack: StartSlack, ingested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Slack itself answers, an answer, a refusal and a window are shown to it; what it would refuse is named."""
    slack = start_slack(manifest())
    settings = Settings(home=ingested, **{name.lower(): value for name, value in slack.environment.items()})
    assert look(settings)[0] is True
    assert slack.calls("blocks.validate") == []
    monkeypatch.setattr(doctor_slack, "VALIDATES", "127.0.0.1")
    assert look(settings)[0] is True
    assert [sorted(call.args.keys() & {"blocks", "view"}) for call in slack.calls("blocks.validate")] == [["blocks"], ["blocks"], ["view"]]
    slack.faults.add("blocks.validate", api_error("invalid_blocks"))
    ok, sentence = look(settings)
    assert (ok, "invalid_blocks" in sentence) == (False, True)


def test_the_doctor(start_slack: StartSlack) -> None:
    """Nothing configured, all well, rights missing, tokens refused, Slack away: one sentence each, and never a token."""
    assert look(Settings())[0] is None
    slack = start_slack(manifest())
    env = {name.lower(): value for name, value in slack.environment.items()}
    assert look(Settings(**env)) == (True, "工作区海关合规，机器人 aeo，Socket Mode + HTTP")
    ok, sentence = look(Settings(**env | {"slack_bot_token": "xoxb-wrong"}))
    assert (ok, "xoxb-wrong" in sentence, "invalid_auth" in sentence) == (False, False, True)
    slack.faults.add("auth.test", reset())
    assert look(Settings(**env))[0] is False
    slack.setup.scopes = frozenset(SCOPES) - {"im:history"}
    assert "im:history" in look(Settings(**env))[1]
