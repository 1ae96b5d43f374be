"""``aeo slack manifest`` and the doctor's look at Slack."""

from __future__ import annotations

import json

import pytest
import yaml
from typer.testing import CliRunner

from assistant.settings import Settings
from connectors.cli.doctor_slack import slack as look
from connectors.cli.slack import app
from connectors.slack.manifest import EVENTS, SCOPES, manifest
from tests.slack.conftest import StartSlack
from tests.slack.loopback.faults import reset
from tests.slack.schemas import check_manifest


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


def test_every_right_is_needed() -> None:
    """Each event has the scope it needs, and no scope is there without a use: least rights."""
    assert len(set(SCOPES)) == len(SCOPES)
    assert len(set(EVENTS)) == len(EVENTS)
    assert not {scope for scope in SCOPES if scope.startswith(("admin", "channels:manage", "chat:write.", "users.profile:write"))}


def test_the_doctor(start_slack: StartSlack) -> None:
    """Nothing configured, all well, rights missing, tokens refused, Slack away: one sentence each, and never a token."""
    assert look(Settings())[0] is None
    slack = start_slack(manifest())
    env = {name.lower(): value for name, value in slack.environment.items()}
    assert look(Settings(**env)) == (True, "工作区 海关合规，机器人 aeo，Socket Mode + HTTP")
    ok, sentence = look(Settings(**env | {"slack_bot_token": "xoxb-wrong"}))
    assert (ok, "xoxb-wrong" in sentence, "invalid_auth" in sentence) == (False, False, True)
    slack.faults.add("auth.test", reset())
    assert look(Settings(**env))[0] is False
    slack.setup.scopes = frozenset(SCOPES) - {"im:history"}
    assert "im:history" in look(Settings(**env))[1]
