"""How the loopback delivers: signatures, deadlines, retries with the same event_id, and Socket Mode on good and bad days."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocket, WebSocketBadStatusException, WebSocketTimeoutException, create_connection

from tests.slack.conftest import StartSlack
from tests.slack.loopback import LoopbackSlack
from tests.slack.serve import serve

pytestmark = pytest.mark.thorough

Connect = Callable[..., SocketModeClient]


@pytest.fixture
def connect(slack: LoopbackSlack) -> Iterator[Connect]:
    """Opens Socket Mode clients that ack what ``acks`` says, and note what they received."""
    clients: list[SocketModeClient] = []

    def open_one(acks: Callable[[SocketModeRequest], bool] = lambda request: True, seen: list[SocketModeRequest] | None = None) -> Any:
        web = WebClient(base_url=slack.api_url)
        client = SocketModeClient(slack.app_token, web_client=web)

        def received(client: Any, request: SocketModeRequest) -> None:
            if seen is not None:
                seen.append(request)
            if acks(request):
                client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

        client.socket_mode_request_listeners.append(received)
        client.connect()
        clients.append(client)
        slack.wait_connected(len(clients))
        return client

    yield open_one
    slack.hang_up(*clients)


@pytest.fixture
def served(slack: LoopbackSlack) -> Iterator[tuple[App, str]]:
    """An empty Bolt app over HTTP."""
    app = App(client=WebClient(token=slack.bot_token, base_url=slack.api_url), signing_secret=slack.setup.signing_secret)
    server = serve(app)
    url = f"http://127.0.0.1:{server.port}/slack/events"
    slack.deliver_to(url)
    yield app, url
    server.close()


def test_requests_are_signed(slack: LoopbackSlack, served: tuple[App, str]) -> None:
    """Bolt accepts what the loopback signs, and refuses another secret and an old signature."""
    app, url = served
    heard: list[str] = []
    app.event("app_mention")(lambda event: heard.append(event["text"]))
    slack.setup.events = frozenset(["app_mention"])
    wang = slack.person("wang")
    wang.asks(slack.channel("合规", wang), "中文 & <x>")
    slack.wait(lambda: heard)
    slack.settle()
    body = '{"type":"event_callback"}'
    old = slack.core.courier.signed(body, time.time() - 400)
    forged = slack.core.courier.signed(body) | {"X-Slack-Signature": "v0=00"}
    for headers in (old, forged):
        with pytest.raises(HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers | {"Content-Type": "application/json"}))  # noqa: S310
        assert refused.value.code == 401


def test_events_are_tried_again(slack: LoopbackSlack) -> None:
    """An event that is not acked comes again with its event_id, retry number and reason: at once, after one and after five minutes."""
    gone = serve(App(client=WebClient(token="xoxb-x"), signing_secret="other", token_verification_enabled=False))
    slack.deliver_to(f"http://127.0.0.1:{gone.port}/slack/events")
    wang = slack.person("wang")
    slack.core.courier.deliveries.clear()
    wang.dms("问")
    (delivery,) = slack.deliveries
    slack.wait(lambda: len(delivery.attempts) == 2)
    time.sleep(0.1)
    assert len(delivery.attempts) == 2
    slack.advance(61)
    slack.wait(lambda: len(delivery.attempts) == 3 and delivery.attempts[-1].failure)
    slack.deliver_to("http://127.0.0.1:9/")
    slack.advance(301)
    delivery.wait()
    assert not delivery.acked
    assert [(a.number, a.reason, a.failure) for a in delivery.attempts] == [
        (0, None, "http_error"), (1, "http_error", "http_error"), (2, "http_error", "http_error"), (3, "http_error", "connection_failed"),
    ]  # fmt: skip
    gone.close()


def test_late_acks_are_no_acks(start_slack: StartSlack) -> None:
    """After three seconds an event is sent again with the reason http_timeout, and a click is lost and told to its clicker."""
    slack = start_slack(speed=20)
    slack.setup.events = frozenset(["message.im"])
    app = App(client=WebClient(token=slack.bot_token, base_url=slack.api_url), signing_secret=slack.setup.signing_secret)
    go_on = threading.Event()
    nums: list[list[str]] = []

    def slowly(ack: Ack) -> None:
        go_on.wait(2)
        ack()

    app.command("/aeo")(slowly)
    app.event("message")(lambda request: nums.append(request.headers.get("x-slack-retry-num", [])))
    server = serve(app)
    slack.deliver_to(f"http://127.0.0.1:{server.port}/slack/events")
    delivery = slack.person("wang").slash("/aeo", "x")
    go_on.set()
    assert (delivery.acked, delivery.attempts[0].failure, len(delivery.attempts)) == (False, "http_timeout", 1)
    slack.person("li").dms("问")
    slack.settle()
    again = slack.deliver_again(slack.delivered("message")[-1]).wait()
    assert again.attempts[-1].reason == "http_timeout"
    slack.wait(lambda: len(nums) == 2, "the event twice")  # Bolt acknowledges an event before its listener runs
    assert nums == [[], ["1"]]
    server.close()


def test_socket_mode_delivers_and_retries(slack: LoopbackSlack, connect: Connect) -> None:
    """Envelopes are acked by id; what is not acked is sent again with its number, and an answer may ride on the ack."""
    seen: list[SocketModeRequest] = []
    connect(acks=lambda request: (request.retry_attempt or 0) > 0 or request.type != "events_api", seen=seen)
    wang = slack.person("wang")
    slack.core.courier.deliveries.clear()
    wang.dms("问")
    (delivery,) = slack.deliveries
    slack.wait(lambda: seen)
    slack.advance(3.1)
    assert delivery.wait().acked
    first, again = (r for r in seen if r.payload.get("event", {}).get("type") == "message")
    assert first.payload["event_id"] == again.payload["event_id"]
    assert (first.retry_attempt, again.retry_attempt, again.retry_reason) == (0, 1, "timeout")
    assert wang.slash("/aeo", "x").acked


def test_connections_share_the_load(slack: LoopbackSlack, connect: Connect) -> None:
    """With several connections each envelope goes to one of them, in turn."""
    one: list[SocketModeRequest] = []
    two: list[SocketModeRequest] = []
    connect(seen=one)
    connect(seen=two)
    wang = slack.person("wang")
    for n in range(5):
        wang.dms(str(n))
    slack.settle()
    assert len(one) + len(two) == 6
    assert min(len(one), len(two)) == 3


def test_refreshed_connections_come_back(slack: LoopbackSlack) -> None:
    """``disconnect`` says why, sends nothing more to the old connection, and closes it later; a ticket is good for one connection."""

    def opened() -> WebSocket:
        url = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"]
        socket = create_connection(url)
        assert json.loads(socket.recv())["type"] == "hello"
        with pytest.raises(WebSocketBadStatusException):
            create_connection(url)
        return socket

    old = opened()
    slack.disconnect("refresh_requested")
    assert json.loads(old.recv())["reason"] == "refresh_requested"
    new = opened()
    wang = slack.person("wang")
    for text in ("甲", "乙"):
        wang.dms(text)
    received = [json.loads(new.recv()) for _ in range(3)]
    assert [r["payload"]["event"].get("text") for r in received] == [None, "甲", "乙"]
    slack.advance(11)
    assert old.recv() == ""
    new.close()


def test_broken_connections_lose_and_redeliver(slack: LoopbackSlack, connect: Connect) -> None:
    """When the connection breaks before the ack, the event comes again on the next connection; without retries it is lost."""
    refuse = threading.Event()
    connect(acks=lambda request: refuse.is_set())
    wang = slack.person("wang")
    slack.core.courier.retry_after = (60.0,)
    wang.dms("第一次没有回执")
    slack.wait(lambda: slack.delivered("message")[0].attempts)
    slack.kill_connections()
    refuse.set()
    slack.wait_connected(opened=2)
    slack.advance(61)
    assert slack.delivered("message")[0].wait().acked

    slack.core.courier.retry_after = ()
    slack.kill_connections()
    slack.wait(lambda: not slack.core.sockets.connections)
    wang.dms("掉线时发的")
    lost = slack.delivered("message")[1].wait()
    assert (lost.acked, lost.attempts[0].failure) == (False, "connection_failed")


def test_silent_connections_stay_silent(slack: LoopbackSlack) -> None:
    """A deaf connection neither pongs nor closes nor carries events: only a watchdog can notice."""
    socket = create_connection(WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"], timeout=0.3)
    socket.recv()
    slack.deafen_connections()
    (connection,) = slack.core.sockets.connections
    slack.core.courier.retry_after = ()
    slack.person("wang").dms("听得到吗")
    slack.advance(3.1)
    slack.settle()
    assert not slack.delivered("message")[0].acked
    socket.ping()
    slack.wait(lambda: connection.pings == 1, "a ping")
    with pytest.raises(WebSocketTimeoutException):
        socket.recv()
    socket.close(timeout=0.1)
