"""The pace at which the app writes: what waits for what, and for how long; and that answers keep to it as nudges do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from assistant.guide import Guide
from connectors.slack.manifest import manifest
from connectors.slack.wire.limits import URGENT_POSTS
from connectors.slack.wire.pace import CHANGE, GROW, POST, STREAM, Pace
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback.faults import ratelimited
from tests.slack.stage import Stage

pytestmark = pytest.mark.thorough


class Time:
    """A clock that goes on only while somebody waits."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Let it go on."""
        self.at += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(time, time.sleep)


def waits(time: Time, turn: Callable[[], float]) -> float:
    """How long a turn takes; it comes."""
    before = time()
    assert turn() == 0.0
    return time() - before


def test_a_channels_first_post_waits_for_nobody(pace: Pace, time: Time) -> None:
    """Answers in different channels go at once, as many as Slack bears; the second in a channel comes a second later."""
    assert [waits(time, lambda n=n: pace.turn(POST, f"D{n}", urgent=True)) for n in range(URGENT_POSTS)] == [0.0] * URGENT_POSTS  # type: ignore[misc]
    time.sleep(100)
    assert waits(time, lambda: pace.turn(POST, "D1", urgent=True)) == 0.0
    assert waits(time, lambda: pace.turn(POST, "D1", urgent=True)) == pytest.approx(1.0)


def test_nudges_make_up_for_answers(pace: Pace, time: Time) -> None:
    """What does not hurry waits until the workspace is at its pace again; an answer goes before it."""
    for number in range(9):
        pace.turn(POST, f"D{number}", urgent=True)
    assert pace.turn(POST, "U1", longest=2.0) == pytest.approx(2.25)
    assert waits(time, lambda: pace.turn(POST, "D10", urgent=True)) == 0.0
    assert waits(time, lambda: pace.turn(POST, "U1")) == pytest.approx(2.5)


def test_a_pause_is_everybodys(pace: Pace, time: Time) -> None:
    """Nobody writes, hurry or not, before the pause is over; what would wait too long takes nothing."""
    pace.hold(30)
    for method in (POST, CHANGE, STREAM, GROW):
        assert pace.turn(method, "D1", urgent=True) == pytest.approx(30.0)
    time.sleep(30)
    assert waits(time, lambda: pace.turn(POST, "D1", urgent=True)) == 0.0


def test_a_stream_is_a_post(pace: Pace, time: Time) -> None:
    """It takes its channel's turn, and as many begin in a minute as Slack allows."""
    assert pace.turn(STREAM, "D1", longest=0.0, urgent=True) == 0.0
    assert pace.turn(STREAM, "D1", longest=0.0, urgent=True) == pytest.approx(1.0)
    assert waits(time, lambda: pace.turn(POST, "D1", urgent=True)) == pytest.approx(1.0)
    time.sleep(60)
    begun = sum(pace.turn(STREAM, f"D{number}", longest=0.0, urgent=True) == 0.0 for number in range(30))
    assert begun == 10


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack(manifest()) as slack:
        yield slack
        assert slack.problems == []


@pytest.fixture
def stage(slack: LoopbackSlack, guide: Guide) -> Iterator[Stage]:
    stage = Stage(slack, guide).start()
    yield stage
    stage.close()


def test_an_answer_that_is_paused_pauses_the_others(stage: Stage, slack: LoopbackSlack) -> None:
    """After a 429 on one answer nothing else is tried before the pause is over; then each stands once, without a search for it."""
    slack.faults.add("chat.postMessage", ratelimited(30))
    wang, li = slack.person("wang"), slack.person("li")
    first = wang.dms("24(3)")
    slack.wait(lambda: slack.faults.left == 0)
    slack.settle()
    slack.wait(stage.deps.work.idle)
    second = li.dms("24(3)")
    slack.settle()
    slack.wait(stage.deps.work.idle)
    assert stage.deps.paces(slack.workspace.id).turn(POST, "U1") > 25
    assert len(slack.calls("chat.postMessage")) == 1
    stage.clock.at += timedelta(seconds=31)
    stage.deps.work.sweep()
    stage.idle()
    assert [len(slack.posts(person.dm, asked.ts)) for person, asked in ((wang, first), (li, second))] == [1, 1]
    assert not slack.calls("conversations.replies", channel=li.dm)


def test_an_edit_that_is_paused_pauses_answers(stage: Stage, slack: LoopbackSlack) -> None:
    """A 429 on an edit holds the same pace."""
    wang = slack.person("wang")
    slack.person("lead", email="lead@example.cn")
    refusal = slack.wait_for_post(wang.dm, wang.dms("围墙要多高？").ts)
    slack.faults.add("chat.update", ratelimited(30))
    wang.clicks(refusal, "ask_lead")
    slack.wait(lambda: slack.faults.left == 0)
    slack.settle()
    slack.wait(stage.deps.work.idle)
    assert stage.deps.paces(slack.workspace.id).turn(POST, "U1") > 25


def test_fifty_at_once_at_slacks_pace(stage: Stage, slack: LoopbackSlack) -> None:
    """Fifty questions in one moment against a Slack that limits its callers: hardly one post is too fast, each is answered once."""
    stage.deps.paces.clock, stage.deps.paces.sleep = slack.clock.now, slack.advance
    slack.pace.on = True
    people = [slack.person(f"p{number}") for number in range(50)]
    asked = [(person, person.dms("24(3)")) for person in people]
    slack.settle()
    slack.wait(stage.deps.work.idle)
    assert slack.pace.limited <= 5  # the clock leaps while posts are under way, so a few may come together
    slack.advance(30)
    stage.clock.at += timedelta(seconds=31)
    stage.deps.work.sweep()
    stage.idle()
    assert [len(slack.posts(person.dm, message.ts)) for person, message in asked] == [1] * 50


def test_a_stream_grows_at_slacks_pace(stage: Stage, slack: LoopbackSlack) -> None:
    """Where no more may be appended, the rest comes at the end; where no stream may begin, the answer comes whole. Nothing waits."""
    wang, li = slack.person("wang"), slack.person("li")
    pace = stage.deps.paces(slack.workspace.id)
    while not pace.turn(GROW, longest=0.0, urgent=True):
        pass
    whole = slack.wait_for_post(wang.dm, wang.dms("请归纳访客管理").ts, "出入登记记录").text
    stage.idle()
    assert "车辆也要登记" in whole
    assert not slack.calls("chat.appendStream")
    assert slack.calls("chat.stopStream")
    while not pace.turn(STREAM, longest=0.0, urgent=True):
        pass
    assert "车辆也要登记" in slack.wait_for_post(li.dm, li.dms("请归纳访客管理").ts, "出入登记记录").text
    stage.idle()
    assert len(slack.calls("chat.startStream")) == 1
    assert len(slack.posts(li.dm)) == 1
    assert stage.waited == 0


def test_a_stream_whose_end_is_paused(stage: Stage, slack: LoopbackSlack) -> None:
    """A 429 on its end is waited for, and then the one message is finished."""
    wang = slack.person("wang")
    slack.faults.add("chat.stopStream", ratelimited(5), times=2)
    asked = wang.dms("请归纳访客管理")
    slack.wait(lambda: slack.faults.left == 0)
    slack.settle()
    slack.wait(stage.deps.work.idle)
    stage.clock.at += timedelta(seconds=31)
    stage.deps.work.sweep()
    answer = slack.wait_for_post(wang.dm, asked.ts, "出入登记记录")
    stage.idle()
    assert slack.posts(wang.dm, asked.ts) == [answer]
    assert answer.blocks[-1]["type"] == "context_actions"
