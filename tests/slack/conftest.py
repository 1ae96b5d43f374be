"""Fixtures of the Slack tests: a loopback Slack for each test, which fails the test that sent something Slack would refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.slack.loopback import LoopbackSlack

StartSlack = Callable[..., LoopbackSlack]


@pytest.fixture
def start_slack() -> Iterator[StartSlack]:
    """Starts a loopback Slack: ``start_slack(manifest=…, speed=…)``. Stopped, and its problems looked at, after the test."""
    started: list[LoopbackSlack] = []

    def start(manifest: Mapping[str, Any] | None = None, speed: float = 1.0) -> LoopbackSlack:
        started.append(LoopbackSlack(manifest, speed).start())
        return started[-1]

    yield start
    for slack in started:
        slack.stop()
    problems = [problem for slack in started for problem in slack.problems]
    assert not problems, "Slack would have refused:\n" + "\n".join(problems)


@pytest.fixture
def slack(start_slack: StartSlack) -> LoopbackSlack:
    """A loopback Slack in which everything is allowed and subscribed."""
    return start_slack()
