"""Fixtures of the Slack tests: a loopback Slack for each test, which fails the test that sent something Slack would refuse."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback.shots import save
from tests.slack.peer import Namespace, PeerSlack, Unavailable, binary
from tests.slack.peer.slack import APP_PORT, PORT

SHOTS = os.environ.get("SLACK_SHOTS")
StartSlack = Callable[..., LoopbackSlack]


@pytest.fixture
def start_slack(request: pytest.FixtureRequest) -> Iterator[StartSlack]:
    """Starts a loopback Slack: ``start_slack(manifest=…, speed=…)``. Stopped, and its problems looked at, after the test.

    With ``SLACK_SHOTS=FOLDER`` in the environment, what the app showed is written there for ``tests/slack/render/render.sh``.
    """
    started: list[LoopbackSlack] = []

    def start(manifest: Mapping[str, Any] | None = None, speed: float = 1.0) -> LoopbackSlack:
        started.append(LoopbackSlack(manifest, speed).start())
        return started[-1]

    yield start
    for slack in started:
        slack.stop()
        if SHOTS:
            save(Path(SHOTS), request.node.name, slack.calls(), slack.deliveries)
    problems = [problem for slack in started for problem in slack.problems]
    assert not problems, "Slack would have refused:\n" + "\n".join(problems)


@pytest.fixture
def slack(start_slack: StartSlack) -> LoopbackSlack:
    """A loopback Slack in which everything is allowed and subscribed."""
    return start_slack()


@pytest.fixture
def start_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], PeerSlack]]:
    """Starts the independent peer, ``start_peer("socket" | "events")``, in a network namespace; skips where it cannot run."""
    try:
        program = binary()
    except Unavailable as why:
        pytest.skip(str(why))
    opened: list[Namespace] = []

    def start(mode: Literal["socket", "events"]) -> PeerSlack:
        try:
            opened.append(Namespace(tmp_path_factory.mktemp("peer"), PORT, APP_PORT))
        except Unavailable as why:
            pytest.skip(str(why))
        return PeerSlack(opened[-1], program, mode)

    yield start
    for namespace in opened:
        namespace.close()


def shot(name: str, slack: LoopbackSlack) -> None:
    """With ``SLACK_SHOTS`` set, keep what an app showed on a Slack that a whole file shares."""
    if SHOTS:
        save(Path(SHOTS), name, slack.calls(), slack.deliveries)
