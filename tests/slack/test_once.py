"""Everything once: deliveries again, workers that die anywhere, several workers, and every way in which a call to Slack fails."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.register import make_engine
from assistant.conversation.ports import Exchange, Job
from assistant.errors import Unavailable
from assistant.guide import Guide
from connectors.slack.manifest import manifest
from tests.contracts.conftest import new_file
from tests.slack.loopback import LoopbackSlack, Person
from tests.slack.loopback.faults import Fault, api_error, ratelimited, reset, server_error
from tests.slack.stage import Clock, Stage
from tests.twins.conversation import MemoryStore

pytestmark = pytest.mark.thorough

LATER = timedelta(seconds=61)


class Killed(BaseException):
    """The worker is gone: nothing that it would have done afterwards happens."""


class Dying(WebClient):
    """Ends its worker before or after a call of ``method``."""

    method, after = "", False

    def api_call(self, api_method: str, **given: Any) -> Any:
        """One call, perhaps the last."""
        if api_method == self.method and not self.after:
            raise Killed(api_method)
        answer = super().api_call(api_method, **given)
        if api_method == self.method:
            raise Killed(api_method)
        return answer


class Fragile(MemoryStore):
    """A memory that can be away, or end its worker."""

    def __init__(self) -> None:
        super().__init__()
        self.away = self.deadly = False

    def add(self, job: Job, worker: str, lease_until: Any) -> bool:
        """Keep, unless away."""
        if self.away:
            raise Unavailable("register.database_down", where="x", what="y")
        return super().add(job, worker, lease_until)

    def save_exchange(self, exchange: Exchange) -> None:
        """Keep, perhaps as the last thing."""
        super().save_exchange(exchange)
        if self.deadly:
            raise Killed("save_exchange")


@pytest.fixture(scope="module")
def slack() -> Iterator[LoopbackSlack]:
    """One Slack for all tests of this file."""
    with LoopbackSlack(manifest()) as slack:
        slack.core.courier.retry_after = (0.0, 0.0, 0.0)
        yield slack
        assert slack.problems == []


@pytest.fixture
def store() -> Fragile:
    return Fragile()


@pytest.fixture
def start(slack: LoopbackSlack, guide: Guide) -> Iterator[Callable[..., Stage]]:
    """Starts workers; the one started last gets what Slack sends."""
    stages: list[Stage] = []

    def one(**given: Any) -> Stage:
        stages.append(Stage(slack, guide, **given).start())
        return stages[-1]

    yield one
    slack.faults.clear()
    for stage in stages:
        stage.close()


@pytest.fixture
def wang(slack: LoopbackSlack) -> Person:
    return slack.person("wang")


def later(stage: Stage) -> None:
    """Time passes, and the worker looks after what waits."""
    stage.clock.at += LATER
    stage.deps.work.sweep()


def test_deliveries_again(slack: LoopbackSlack, wang: Person, start: Callable[..., Stage]) -> None:
    """An event or click that Slack delivers again changes nothing."""
    stage = start()
    channel = slack.channel("合规", wang)
    asked = wang.asks(channel, "围墙要多高？")
    refusal = slack.wait_for_post(channel, asked.ts)
    click = wang.clicks(refusal, "ask_lead")
    command = wang.slash("/aeo", "24(3)", channel)
    stage.idle()
    before = len(slack.calls())
    for delivery in [d for d in slack.deliveries if d.event.get("ts") == asked.ts] + [click, command]:
        slack.deliver_again(delivery)
    stage.idle()
    assert len(slack.calls()) == before


def test_a_database_that_is_away_for_a_moment(slack: LoopbackSlack, wang: Person, store: Fragile, start: Callable[..., Stage]) -> None:
    """What cannot be stored is not acknowledged, so Slack sends it again; a command is told to come again."""
    stage = start(store=store)
    store.away = True
    slack.core.courier.retry_after = (0.2, 0.2)
    asked = wang.dms("24(3)")
    slack.wait(lambda: any(d.attempts[-1].failure for d in slack.deliveries if d.event.get("ts") == asked.ts and d.attempts))
    assert "请稍后再试" in str(wang.slash("/aeo", "24(3)").answer)
    store.away = False
    slack.wait_for_post(wang.dm, asked.ts)
    stage.idle()
    assert len(slack.posts(wang.dm, asked.ts)) == 1


@pytest.mark.parametrize(("question", "said"), [("24(3)", "访客"), ("访客登记怎么做？", "系统暂时有故障")])
def test_a_database_that_stays_away(
    slack: LoopbackSlack, wang: Person, store: Fragile, start: Callable[..., Stage], question: str, said: str
) -> None:
    """When Slack asks for the last time, a number is looked up and anything else gets an apology, once; later questions are kept again."""
    stage = start(store=store)
    store.away = True
    slack.core.courier.retry_after = (0.1, 0.1, 0.1)
    channel = slack.channel("合规", wang)
    asked = wang.asks(channel, question)
    reply = slack.wait_for_post(channel, asked.ts)
    assert said in reply.text + str(reply.blocks)
    slack.settle()
    assert len(slack.posts(channel, asked.ts)) == 1
    store.away = False
    again = wang.asks(channel, "24(3)")
    slack.wait_for_post(channel, again.ts)
    stage.idle()
    assert len(slack.posts(channel, asked.ts)) == 1


POINTS = [
    ("访客", "assistant.threads.setStatus"),
    ("访客", "chat.postMessage"),
    ("归纳", "chat.startStream"),
    ("归纳", "chat.appendStream"),
    ("归纳", "chat.stopStream"),
    ("列出全部", "chat.postMessage"),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("question", "method"), POINTS)
def test_a_worker_dies(slack: LoopbackSlack, wang: Person, start: Callable[..., Stage], question: str, method: str, after: bool) -> None:
    """Wherever a worker dies, another one finishes its work after the lease: the whole answer stands once."""
    store, clock = MemoryStore(), Clock()
    first = start(store=store, worker="first", clock=clock)
    dying = Dying(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    dying.method, dying.after = method, after
    first.clients[slack.workspace.id] = dying
    asked = wang.dms(question)
    slack.settle()
    slack.wait(first.deps.work.idle)
    second = start(store=store, worker="second", clock=clock)
    second.deps.work.sweep()
    assert second.told.asked == []
    later(second)
    second.idle()
    posts = slack.posts(wang.dm, asked.ts)
    assert not any(m.streaming for m in posts)
    assert len(posts) == (1 if question != "列出全部" else len({m.text for m in posts}))
    assert sum("context_actions" in str(m.blocks) for m in posts) == 1
    assert len(first.told.asked) + len(second.told.asked) <= 2


def test_a_worker_dies_with_the_answer_in_hand(slack: LoopbackSlack, wang: Person, store: Fragile, start: Callable[..., Stage]) -> None:
    """An answer that was kept is shown by the next worker, and not asked for again."""
    clock = Clock()
    first = start(store=store, worker="first", clock=clock)
    store.deadly = True
    asked = wang.dms("24(3)")
    slack.settle()
    slack.wait(first.deps.work.idle)
    store.deadly = False
    second = start(store=store, worker="second", clock=clock)
    later(second)
    slack.wait_for_post(wang.dm, asked.ts)
    assert second.told.asked == []


def test_two_workers_on_one_database(slack: LoopbackSlack, wang: Person, start: Callable[..., Stage], tmp_path: Path) -> None:
    """What both are told of is done by one, also while it is still under way, and threads stay in order."""
    file, clock = new_file(tmp_path), Clock()
    first, second = (start(store=SqlStore(make_engine(file)), worker=w, clock=clock) for w in ("first", "second"))
    gate = threading.Event()
    first.told.before = second.told.before = lambda question: gate.wait(10) and None
    asked = wang.dms("24(3)")
    slack.settle()
    slack.deliver_to(first.url)
    (delivery,) = [d for d in slack.deliveries if d.event.get("ts") == asked.ts]
    slack.deliver_again(delivery)
    follow = wang.dms("那保存多久？", thread=asked.ts)
    slack.settle()
    gate.set()
    slack.wait(second.deps.work.idle)
    clock.at += timedelta(seconds=2)
    first.deps.work.sweep()
    first.idle()
    assert follow.thread == asked.ts
    answers = [("那保存多久" in question, history) for question, history in first.told.asked + second.told.asked]
    assert sorted(answers) == [(False, ()), (True, ("24(3)",))]
    assert len(slack.posts(wang.dm, asked.ts)) == 2


def test_a_worker_that_stalls(slack: LoopbackSlack, wang: Person, start: Callable[..., Stage]) -> None:
    """One that comes back after its lease finds the work done, and adds nothing."""
    store, clock, gate = MemoryStore(), Clock(), threading.Event()
    first = start(store=store, worker="first", clock=clock)
    first.told.before = lambda question: gate.wait(10) and None
    asked = wang.dms("24(3)")
    slack.settle()
    second = start(store=store, worker="second", clock=clock)
    later(second)
    slack.wait_for_post(wang.dm, asked.ts)
    gate.set()
    first.idle()
    assert len(slack.posts(wang.dm, asked.ts)) == 1


def test_fifty_at_once(slack: LoopbackSlack, start: Callable[..., Stage], tmp_path: Path) -> None:
    """95 of 100 are acknowledged within a second while fifty questions are being answered; each gets one answer."""
    stage = start(store=SqlStore(make_engine(new_file(tmp_path))))
    gate = threading.Event()
    stage.told.before = lambda question: gate.wait(20) and None
    people = [slack.person(f"p{n}") for n in range(50)]
    asked = [(person, person.dms(f"24(3) 第 {n} 问")) for n, person in enumerate(people)]
    command = people[0].slash("/aeo", "24(3)")
    slack.settle()
    acks = [d.ack_seconds for d in slack.deliveries if d.event.get("ts") in {m.ts for _, m in asked}] + [command.ack_seconds]
    assert len(acks) == 51
    assert sorted(a or 99.0 for a in acks)[48] < 1.0
    gate.set()
    stage.idle()
    assert [len(slack.posts(person.dm, message.ts)) for person, message in asked] == [1] * 50


@pytest.mark.parametrize(
    "fault",
    [ratelimited(30), reset(stored=True), reset(stored=False), server_error(stored=True), server_error(), api_error("internal_error")],
    ids=["429", "reset after", "reset before", "503 after", "503 before", "internal_error"],
)
def test_a_call_whose_fate_is_unknown(slack: LoopbackSlack, wang: Person, start: Callable[..., Stage], fault: Fault) -> None:
    """It is looked for, or waited as long as Slack asks, and then made again: one answer."""
    stage = start()
    slack.faults.add("chat.postMessage", fault)
    asked = wang.dms("24(3)")
    slack.wait(lambda: slack.faults.left == 0)
    slack.settle()
    slack.wait(stage.deps.work.idle)
    if fault.retry_after:
        stage.clock.at += timedelta(seconds=20)
        stage.deps.work.sweep()
        assert slack.posts(wang.dm, asked.ts) == []
    later(stage)
    slack.wait_for_post(wang.dm, asked.ts)
    stage.idle()
    assert len(slack.posts(wang.dm, asked.ts)) == 1
    assert len(stage.told.asked) == 1


def test_slack_is_away_for_long(slack: LoopbackSlack, wang: Person, start: Callable[..., Stage]) -> None:
    """The answer comes when Slack is back within a quarter of an hour; after that, an apology."""
    stage = start()
    slack.faults.add("chat.postMessage", server_error(), times=8)
    slack.faults.add("conversations.replies", server_error(), times=8)
    asked = wang.dms("24(3)")
    slack.settle()
    for _ in range(8):
        slack.wait(stage.deps.work.idle)
        later(stage)
    slack.faults.clear()
    slack.wait(stage.deps.work.idle)
    later(stage)
    assert "24(3)" in slack.wait_for_post(wang.dm, asked.ts).text


CODES = ["user_disabled", "messages_tab_disabled", "channel_not_found", "token_revoked", "restricted_action"]


@pytest.mark.parametrize("code", CODES)
def test_a_call_that_slack_refuses(
    slack: LoopbackSlack, wang: Person, start: Callable[..., Stage], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can be told: the question is done with, once, and the log says why, without any token."""
    stage = start()
    slack.faults.add("chat.postMessage", api_error(code), times=9)
    with caplog.at_level(logging.INFO):
        wang.dms("24(3)")
        stage.idle()
        later(stage)
        stage.idle()
    assert slack.faults.left == 8
    assert code in caplog.text
    assert slack.bot_token not in caplog.text


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived"])
def test_a_channel_that_is_closed(slack: LoopbackSlack, wang: Person, start: Callable[..., Stage], code: str) -> None:
    """An answer that its channel does not take goes to the asker directly."""
    stage = start()
    channel = slack.channel("合规", wang)
    slack.faults.add("chat.postMessage", api_error(code), when=lambda args: args["channel"] == channel)
    wang.asks(channel, "24(3) 要什么？")
    slack.wait_for_post(wang.dm, None, "24(3)")
    stage.idle()


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long", "missing_scope"])
def test_an_answer_that_slack_refuses_for_its_content(
    slack: LoopbackSlack, wang: Person, start: Callable[..., Stage], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The asker hears in plain text that it did not work, once, in the channel or privately; the log has the same reference."""
    stage = start()
    channel = slack.channel("合规", wang)
    slack.faults.add("chat.postMessage", api_error(code))
    asked = wang.asks(channel, "24(3) 要什么？")
    told = slack.wait_for_post(channel, asked.ts, "暂时无法回答")
    stage.idle()
    later(stage)
    stage.idle()
    assert slack.posts(channel, asked.ts) == [told]
    assert told.blocks == []
    found = re.search(r"编号 ([0-9A-F]{8})", told.text)
    assert found
    assert f"reference {found[1]}: {code}" in caplog.text


def test_an_apology_that_slack_refuses_too(
    slack: LoopbackSlack, wang: Person, start: Callable[..., Stage], caplog: pytest.LogCaptureFixture
) -> None:
    """The question is done with, and the log says so."""
    stage = start()
    slack.faults.add("chat.postMessage", api_error("missing_scope"), times=9)
    asked = wang.dms("24(3)")
    stage.idle()
    assert slack.posts(wang.dm, asked.ts) == []
    assert slack.faults.left == 7
    assert "nobody can be told" in caplog.text
