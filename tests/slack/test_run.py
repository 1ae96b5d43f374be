"""The app as it runs: by socket and by signed HTTP, through broken and silent connections, until it is told to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.app import Assistant
from assistant.errors import SettingsError
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.slack.manifest import manifest
from connectors.slack.run import Service
from tests.slack.conftest import StartSlack
from tests.slack.loopback import LoopbackSlack
from tests.slack.stage import Told

pytestmark = pytest.mark.thorough

Run = Callable[..., Service]


@pytest.fixture
def slack(start_slack: StartSlack) -> LoopbackSlack:
    return start_slack(manifest())


@pytest.fixture
def run(slack: LoopbackSlack, ingested: Path, guide: Guide, tmp_path: Path) -> Iterator[Run]:
    """Starts workers on one database."""
    running: list[Service] = []

    def start(http: bool = False, ping: float = 10.0, **settings: Any) -> Service:
        env: dict[str, Any] = {name.lower(): value for name, value in slack.environment.items()}
        home = {"home": ingested, "database_url": f"sqlite:///{tmp_path}/slack.sqlite3"}
        service = Service(Settings(**(home | env | settings)), Told(guide, Assistant(Settings(home=ingested))))
        running.append(service)
        service.start(http, port=0 if http else None, ping=ping)
        if http:
            assert service.port
            slack.deliver_to(f"http://127.0.0.1:{service.port}/slack/events")
        else:
            slack.wait_connected(len(running))
        return service

    yield start
    for service in running:
        service.stop()


def get(service: Service, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
    assert service.port
    request = urllib.request.Request(f"http://127.0.0.1:{service.port}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_by_socket(slack: LoopbackSlack, run: Run) -> None:
    """A question is answered; what was written while the connection was broken is answered after it came back, once."""
    service = run(ping=0.4)
    wang, li = slack.person("wang"), slack.person("li")
    first = wang.dms("24(3)")
    slack.wait_for_post(wang.dm, first.ts)
    slack.core.courier.retry_after = ()
    slack.kill_connections()
    missed = wang.dms("访客登记呢？")
    reply = wang.dms("那保存多久？", thread=first.ts)
    new = li.dms("标识呢？")
    slack.wait_connected(opened=2)
    slack.wait_for_post(wang.dm, missed.ts)
    slack.wait_for_post(wang.dm, first.ts, count=2)
    slack.wait_for_post(li.dm, new.ts)
    slack.wait(lambda: service.deps.work.idle() and service.deps.store.open_jobs()[0] == 0)
    assert [len(slack.posts(wang.dm, m.ts)) for m in (first, missed)] == [2, 1]
    assert reply.thread == first.ts
    slack.wait(lambda: service.health()["connected"])
    assert service.health() == {"status": "ok", "open_jobs": 0, "oldest_job": None, "connected": True}


def test_nothing_is_warned_of_at_the_start(run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A token in the environment, as most have it, is no reason for Bolt to warn."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
    with caplog.at_level("WARNING"):
        run()
    assert [r.getMessage() for r in caplog.records if r.name.startswith("slack_bolt")] == []


def test_a_silent_connection_is_replaced(slack: LoopbackSlack, run: Run) -> None:
    """A connection that answers no ping is given up for a new one, and what it swallowed is answered."""
    run(ping=0.2)
    wang = slack.person("wang")
    slack.wait_for_post(wang.dm, wang.dms("24(3)").ts)
    slack.core.courier.retry_after = ()
    slack.deafen_connections()
    missed = wang.dms("访客登记呢？")
    slack.wait_connected(opened=2)
    slack.wait_for_post(wang.dm, missed.ts)


def test_by_http(slack: LoopbackSlack, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed requests are served; unsigned, oversized and strange ones are turned away; health is told."""
    service = run(http=True)
    wang = slack.person("wang")
    channel = slack.channel("合规", wang)
    slack.wait_for_post(channel, wang.asks(channel, "24(3) 要什么？").ts)
    assert get(service, "/slack/events", b"{}")[0] == 401
    assert get(service, "/slack/events", b"{}", **slack.core.courier.signed("{}", at=1.0))[0] == 401
    assert get(service, "/slack/events", b"{}", **{"Content-Length": str(10**9)})[0] == 413
    assert get(service, "/slack/install")[0] == 404
    assert get(service, "/", b"x=1")[0] == 404
    for body in (b'{"authorizations": [[1]]}', b'{"response_urls": [], "type": "x"}', b'\xff{"actions": ""}'):
        assert get(service, "/slack/events", body)[0] in (400, 401)  # Bolt looks into it before the signature
        signed = slack.core.courier.signed(body.decode("utf-8", "replace"))
        assert get(service, "/slack/events", body, **signed)[0] < 500
    status, state = get(service, "/healthz")
    assert (status, json.loads(state)["status"]) == (200, "ok")
    monkeypatch.setattr(service.deps.store, "open_jobs", lambda: 1 / 0)  # the database is away: no reason to restart
    status, state = get(service, "/healthz")
    assert (status, json.loads(state)["status"]) == (200, "degraded")


def test_the_port_may_be_taken(slack: LoopbackSlack, run: Run) -> None:
    """A port that cannot be used and a token that Slack refuses are one sentence each."""
    service = run(http=True)
    assert service.port
    other = Service(service.settings, service.assistant)
    with pytest.raises(SettingsError, match="端口"):
        other.start(http=True, port=service.port)
    other.stop()
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN"):
        run(http=True, slack_bot_token="xoxb-wrong")
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN"):
        run(slack_app_token="xapp-wrong")


def test_stopping_loses_nothing(slack: LoopbackSlack, run: Run) -> None:
    """What runs is finished; what comes while a worker ends is kept, and answered by the next one."""
    service = run(http=True)
    wang = slack.person("wang")
    told: Any = service.assistant
    late: list[str] = []

    def ending(question: str) -> None:
        service.deps.work._stop.set()
        late.append(wang.dms("访客登记呢？").ts)
        slack.settle()

    told.before = ending
    asked = wang.dms("24(3)")
    slack.wait_for_post(wang.dm, asked.ts)
    told.before = lambda question: None
    service.stop()
    assert slack.posts(wang.dm, late[0]) == []
    run(http=True)
    slack.wait_for_post(wang.dm, late[0])


@pytest.mark.slow
@pytest.mark.parametrize("http", [False, True])
def test_the_command(slack: LoopbackSlack, ingested: Path, tmp_path: Path, http: bool) -> None:
    """``aeo slack run`` answers with the real assistant, shows no token, and ends by SIGTERM with status 0."""
    env = os.environ | slack.environment | {"AEO_HOME": str(ingested), "AEO_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
    port = "0"
    command = [sys.executable, "-c", "from connectors.cli.main import run; run()", "slack", "run", "--port", port]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*command, *(["--http"] if http else [])], env=env, **pipes)
    assert process.stdout
    if http:
        line = next((line for line in process.stdout if "/slack/events" in line), "")
        assert line
        slack.deliver_to(line[line.index("http") :].split()[0])
    else:
        slack.wait_connected(timeout=30)
    wang = slack.person("wang")
    slack.wait_for_post(wang.dm, wang.dms("24(3)").ts, "进入安全", timeout=30)
    process.send_signal(signal.SIGTERM)
    said = "".join(process.communicate(timeout=20))
    assert process.returncode == 0
    assert not any(token in said for token in slack.environment.values() if not token.startswith("http"))
