"""Bad days of the loopback: what slack_sdk meets on them, and how Slack's pace is kept."""

from __future__ import annotations

import time
import urllib.error
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from tests.slack.loopback import LoopbackSlack, Person, api_error, ratelimited, reset, server_error, slow

pytestmark = pytest.mark.thorough


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def wang(slack: LoopbackSlack) -> Person:
    return slack.person("wang")


def test_a_reset_after_the_post_hides_that_it_was_stored(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """The app sees a broken connection, people see the message; the SDK's own retry posts it twice."""
    slack.faults.add("chat.postMessage", reset(), times=2)
    with pytest.raises((urllib.error.URLError, RemoteDisconnected, ConnectionResetError)):
        client.chat_postMessage(channel=wang.dm, text="一")
    assert [m.text for m in wang.inbox] == ["一"]
    client.retry_handlers.append(ConnectionErrorRetryHandler())
    client.chat_postMessage(channel=wang.dm, text="二")
    assert [m.text for m in wang.inbox] == ["一", "二", "二"]
    assert slack.faults.left == 0


def test_a_reset_before_the_post_loses_it(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """The same break on the way there leaves nothing behind."""
    slack.faults.add("chat.postMessage", reset(stored=False))
    with pytest.raises((urllib.error.URLError, RemoteDisconnected, ConnectionResetError)):
        client.chat_postMessage(channel=wang.dm, text="一")
    assert wang.inbox == []


def test_errors_by_method_and_argument(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """A fault meets the calls it is meant for, as often as it is meant to; 5xx pages are no JSON."""
    li = slack.person("li")
    slack.faults.add("chat.postMessage", api_error("user_disabled"), when=lambda args: args["channel"] == li.dm)
    client.chat_postMessage(channel=wang.dm, text="到")
    with pytest.raises(SlackApiError, match="user_disabled"):
        client.chat_postMessage(channel=li.dm, text="不到")
    client.chat_postMessage(channel=li.dm, text="到")
    slack.faults.add("*", server_error(503))
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=wang.dm, text="x")
    assert [(call.status, call.ok) for call in slack.calls("chat.postMessage")] == [(200, True), (200, False), (200, True), (503, False)]


def test_slow_answers(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """A slow answer is a right answer."""
    slack.faults.add("chat.postMessage", slow(0.2))
    began = time.monotonic()
    client.chat_postMessage(channel=wang.dm, text="慢")
    assert time.monotonic() - began >= 0.2
    assert len(wang.inbox) == 1


def test_rate_limits_are_waited_for(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """429 comes with Retry-After, which the SDK's handler obeys."""
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.faults.add("chat.postMessage", ratelimited(retry_after=1))
    began = time.monotonic()
    client.chat_postMessage(channel=wang.dm, text="x")
    assert time.monotonic() - began >= 1
    assert [call.status for call in slack.calls("chat.postMessage")] == [429, 200]


def test_pace_of_posts(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """One post a second and channel, four a second and workspace after a burst of twenty; waiting as told is enough."""
    slack.pace.on = True
    client.chat_postMessage(channel=wang.dm, text="1")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=wang.dm, text="2")
    assert (refused.value.response["error"], refused.value.response.headers["Retry-After"]) == ("ratelimited", "1")
    slack.advance(1)
    client.chat_postMessage(channel=wang.dm, text="2")
    people = [slack.person(f"p{n}") for n in range(30)]
    posted = 0
    for person in people:
        try:
            client.chat_postMessage(channel=person.dm, text="x")
            posted += 1
        except SlackApiError as error:
            assert error.response.status_code == 429  # noqa: PT017
    assert 18 <= posted <= 25
    assert slack.pace.limited == 31 - posted
    assert len(wang.inbox) == 2


def test_pace_of_other_methods(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """Other methods have a tier per minute and workspace."""
    slack.pace.on = True
    for _ in range(20):
        client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.users_list()
    slack.advance(3)
    client.users_list()
