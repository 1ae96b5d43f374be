"""Stopping: by the button or by a word, before anything was shown too; the work ends within two seconds and that is said."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from connectors.slack.manifest import manifest
from tests.slack.conftest import StartSlack
from tests.slack.loopback import LoopbackSlack
from tests.slack.stage import Stage

pytestmark = pytest.mark.thorough


@pytest.fixture
def slack(start_slack: StartSlack) -> LoopbackSlack:
    return start_slack(manifest())


@pytest.fixture
def stage(slack: LoopbackSlack, guide: Guide) -> Iterator[Stage]:
    stage = Stage(slack, guide).start()
    yield stage
    stage.close()


@pytest.mark.parametrize("by", ["word", "button"])
def test_before_the_first_claim(stage: Stage, slack: LoopbackSlack, by: str) -> None:
    """A model that thinks for long keeps nobody waiting: the reader hears within two seconds that it stopped, and no answer follows."""
    wang = slack.person("wang")
    begun, go_on = threading.Event(), threading.Event()

    def thinking(question: str) -> None:
        begun.set()
        go_on.wait(20)

    stage.told.before = thinking
    asked = wang.dms("请归纳访客管理")
    assert begun.wait(5)
    since = time.monotonic()
    if by == "word":
        wang.dms("停", thread=asked.ts)
    else:
        wang.stops_waiting(asked)
    slack.wait_for_post(wang.dm, asked.ts, "已停止")
    assert time.monotonic() - since < 2
    go_on.set()
    stage.idle()
    assert not [m for m in slack.posts(wang.dm, asked.ts) if "访客登记要留记录" in m.text]
    assert slack.statuses(wang.dm, asked.ts)[-1] == ""
