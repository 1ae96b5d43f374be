"""The container files say what they should, and the same topology, as plain processes, serves people through deaths and restarts."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from assistant.register.rules.people.workdays import WorkCalendar
from connectors.slack.manifest import manifest
from deploy.local import Topology
from tests.connectors.test_cli import ROOT
from tests.ops.servers import wait_for
from tests.slack.loopback import LoopbackSlack

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def instructions(name: str) -> list[str]:
    """The arguments of every such instruction of the Dockerfile."""
    return [line.partition(" ")[2].strip() for line in DOCKERFILE.splitlines() if line.startswith(name + " ")]


def test_the_image_runs_as_nobody_and_looks_after_itself() -> None:
    """A user without rights, a health check, an entry point that exists, and only files that the repository has."""
    assert instructions("USER") == ["10001:10001"]
    check = json.loads(re.search(r"CMD (\[.*\])", instructions("HEALTHCHECK")[0])[1])  # type: ignore[index]
    compile(check[2], "healthcheck", "exec")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert json.loads(instructions("ENTRYPOINT")[0])[0] in scripts
    ignored = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {word for line in instructions("COPY") if "--from" not in line for word in shlex.split(line)[:-1]}
    assert copied == ignored
    assert not [name for name in copied if not (ROOT / name).exists()]
    assert json.loads(instructions("CMD")[-1]) == ["slack", "run", "--host", "0.0.0.0", "--port", "8080"]  # noqa: S104


def test_compose_has_the_topology() -> None:
    """PostgreSQL, Chroma as pinned, two workers on a read-only root that write only to /data and /tmp, with the settings that exist."""
    services = COMPOSE["services"]
    assert set(services) == {"postgres", "chroma", "prepare", "worker", "backup", "restore"}
    worker = services["worker"]
    assert worker["deploy"]["replicas"] == 2
    assert worker["read_only"] is True
    assert worker["tmpfs"] == ["/tmp"]  # noqa: S108
    assert worker["cap_drop"] == ["ALL"]
    assert worker["volumes"] == ["home:/data", "./config:/config:ro", "./backups:/backups"]
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    assert services["chroma"]["image"] == f"chromadb/chroma:{pinned['chromadb']}"
    from assistant.settings import Settings

    known = {f"AEO_{name.upper()}" for name in Settings.model_fields}
    assert set(worker["environment"]) <= known | {"PGPASSWORD"}
    named = {v.partition(":")[0] for s in services.values() for v in s.get("volumes", ()) if not v.startswith("./")}
    assert set(COMPOSE["volumes"]) == named


def test_compose_keeps_to_itself() -> None:
    """Database and index are reached from the inner network only, no port is published, and the password is in no address."""
    services = COMPOSE["services"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, s in services.items() if "outside" in s["networks"]] == ["worker"]
    assert not [name for name, s in services.items() if s.get("ports")]
    assert not [s for s in services.values() for value in s.get("environment", {}).values() if "PASSWORD" in value and "://" in value]
    assert services["restore"]["profiles"] == ["restore"]
    assert "prepare" not in services["restore"]["depends_on"]
    loop = services["backup"]["entrypoint"][-1].replace("$$", "$")
    assert subprocess.run(["sh", "-n", "-c", loop], check=False).returncode == 0


def test_what_dies_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that ended comes back on its own port; the others are left alone."""
    topology = Topology(tmp_path, workers=2, environment=dict(os.environ))
    monkeypatch.setattr(topology, "command", lambda *_: [sys.executable, "-c", "import time; time.sleep(60)"])
    ports = [topology.add_worker() for _ in range(2)]
    try:
        first, second = (process for process, _ in topology.workers)
        first.kill()
        first.wait()
        assert topology.mend() == [f"worker {ports[0]}"]
        assert [port for _, port in topology.workers] == ports
        assert topology.workers[0][0].poll() is None
        assert topology.workers[1][0] is second
        assert topology.mend() == []
    finally:
        for process, _ in topology.workers:
            process.kill()
            process.wait()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Topology, LoopbackSlack]]:
    """Two workers on PostgreSQL and a Chroma server, connected to a loopback Slack."""
    with LoopbackSlack(manifest()) as slack:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AEO_", "SLACK_"))} | slack.environment
        environment |= {"AEO_LEAD": "lead@example.cn"}
        topology = Topology(tmp_path, workers=0, environment=environment)
        with topology:
            yield topology, slack
        assert slack.problems == []


def run(topology: Topology, *words: str) -> Any:
    """An ``aeo`` command in the topology; its JSON."""
    done = subprocess.run([*topology.command(*words), "--json"], env=topology.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def healthy(port: int) -> dict[str, Any]:
    """What a worker says of itself."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        found: dict[str, Any] = json.loads(answer.read())
        return found


def probe(port: int) -> int:
    """Exit status of the image's own health check."""
    command = json.loads(re.search(r"CMD (\[.*\])", instructions("HEALTHCHECK")[0])[1])  # type: ignore[index]
    command = [sys.executable, *command[1:-1], command[-1].replace("8080", str(port))]
    return subprocess.run(command, capture_output=True, timeout=30).returncode


@pytest.mark.slow
def test_a_new_operators_path(running: tuple[Topology, LoopbackSlack]) -> None:
    """From an empty home: guide in, evidence planned and assigned, two workers; both answer, one message asks; one dies, the other goes on."""
    topology, slack = running
    home = topology.home / "aeo"
    assert [e["edition"] for e in run(topology, "guide", "list")] == ["2018-177"]
    (home / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\n", encoding="utf-8")
    (home / "policy.yaml").write_text("hours: ['00:00', '23:59:59']\n", encoding="utf-8")
    owners = home / "owners.csv"
    owners.write_text("target,owner,reviewer\n24,wang@example.cn,lead@example.cn\n", encoding="utf-8")
    run(topology, "evidence", "plan", "--as", "lead@example.cn")
    run(topology, "owners", "import", str(owners))
    lead, wang = (slack.person(n, email=f"{n}@example.cn", tz="Asia/Shanghai") for n in ("lead", "wang"))
    assert lead.id != wang.id
    channel = slack.channel("合规", lead, wang)
    ports = [topology.add_worker() for _ in range(2)]
    slack.wait_connected(2, timeout=60)
    for number in range(4):
        asked = wang.asks(channel, f"门卫登记外来人员要留哪些记录？（{number}）")
        slack.wait_for_post(channel, asked.ts, contains="24(3)", timeout=60)
    assert [healthy(port)["status"] for port in ports] == ["ok", "ok"]
    assert [probe(port) for port in ports] == [0, 0]
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    if WorkCalendar().works(today):
        slack.wait(lambda: slack.posts(wang.dm), "a reminder", timeout=90)
        assert len(slack.posts(wang.dm)) == 1
    else:
        assert {n["owner"] for n in run(topology, "nudge", "preview")} == set()
    topology.workers[0][0].kill()
    topology.workers[0][0].wait()
    assert probe(ports[0]) == 1
    for question in ("24(4)", "离职员工的账号怎么处理"):
        asked = wang.asks(channel, question)
        slack.wait_for_post(channel, asked.ts, contains="24(4)" if question.startswith("24") else "", timeout=60)
    checks = subprocess.run([*topology.command("doctor"), "--json"], env=topology.environment, capture_output=True, text=True, timeout=120)
    assert [c for c in json.loads(checks.stdout) if c["ok"] is False] == []
    assert len(slack.posts(wang.dm)) <= 1
    left, _ = topology.workers[1]
    left.terminate()
    wait_for(lambda: left.poll() is not None, 30)


def readme_blocks() -> list[str]:
    """The shell lines of README's section on more than one process."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## More than one process")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", section, re.S)


@pytest.mark.slow
def test_the_lines_of_the_readme(tmp_path: Path) -> None:
    """From README alone, as it stands there: two workers come up and answer; when one dies it is started again, and the rest goes on."""
    first, second = readme_blocks()
    assert "--home /var/lib/aeo" in first
    with LoopbackSlack(manifest()) as slack:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AEO_", "SLACK_"))} | slack.environment
        environment |= {"AEO_LEAD": "lead@example.cn"}
        lead, wang = (slack.person(n, email=f"{n}@example.cn", tz="Asia/Shanghai") for n in ("lead", "wang"))
        channel = slack.channel("合规", lead, wang)
        shell = ["sh", "-eu", "-c", first.replace("/var/lib/aeo", shlex.quote(str(tmp_path))).replace("python -m", "exec python -m")]
        log = (tmp_path / "log").open("w+", encoding="utf-8")
        topology = subprocess.Popen(shell, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert topology.stdout
        try:
            told = [topology.stdout.readline() for _ in range(5)]
            exports = dict(shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in told if line.startswith("export "))
            ports = [int(line.rpartition(":")[2].partition("/")[0]) for line in told if line.startswith("# worker")]
            assert (set(exports), len(ports)) == ({"AEO_HOME", "AEO_DATABASE_URL", "AEO_CHROMA_URL"}, 2)
            slack.wait_connected(2, timeout=60)
            asked = wang.asks(channel, "门卫登记外来人员要留哪些记录？")
            slack.wait_for_post(channel, asked.ts, contains="24(3)", timeout=60)
            operator = environment | exports
            second = second.replace("> owners.csv", f"> {tmp_path}/owners.csv").replace(
                "import owners.csv", f"import {tmp_path}/owners.csv"
            )
            done = subprocess.run(["sh", "-eu", "-c", second], cwd=ROOT, env=operator, capture_output=True, text=True, timeout=180)
            assert done.returncode == 0, done.stderr
            today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))
            day = next(d for n in range(1, 30) if WorkCalendar().works(d := (today + timedelta(days=n)).date()))
            nudge = [str(Path(sys.executable).with_name("aeo")), "nudge", "preview", "--at", f"{day} 10:00", "--json"]
            asked_for = subprocess.run(nudge, env=operator, capture_output=True, text=True, timeout=120)
            assert asked_for.returncode == 0, asked_for.stderr
            assert "wang@example.cn" in {n["owner"] for n in json.loads(asked_for.stdout)}
            worker = subprocess.run(["pgrep", "-f", f"slack run --port {ports[0]}"], capture_output=True, text=True).stdout.split()[0]
            os.kill(int(worker), signal.SIGKILL)
            wait_for(lambda: f"worker {ports[0]}" in (tmp_path / "log").read_text(encoding="utf-8"), 30)
            wait_for(lambda: probe(ports[0]) == 0, 60)
            topology.terminate()
            assert topology.wait(60) == 0
        finally:
            topology.terminate()
            topology.communicate(timeout=60)
            log.close()
        assert slack.problems == []
