"""A Slack on 127.0.0.1 for tests: start it, point an app at it, be its people, break it, and read what the app sent."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import web

from tests.slack.loopback.calls import Call
from tests.slack.loopback.clock import Clock
from tests.slack.loopback.core import Core
from tests.slack.loopback.courier import Delivery
from tests.slack.loopback.faults import Faults
from tests.slack.loopback.model import Channel, Json, Message
from tests.slack.loopback.pace import Pace
from tests.slack.loopback.person import Person
from tests.slack.loopback.setup import AppSetup
from tests.slack.loopback.web import Web
from tests.slack.loopback.workspace import Workspace
from tests.slack.schemas import check_manifest

T = TypeVar("T")


class LoopbackSlack:
    """One Slack with one app, in a thread of its own. Use as a context manager, or through the ``slack`` fixture.

    With a ``manifest`` the app has the scopes, events, commands, shortcuts and tabs that it names, and no others. ``problems`` lists
    everything that Slack's published types and documented limits do not allow; the fixture fails the test when it is not empty.
    """

    def __init__(self, manifest: Mapping[str, Any] | None = None, speed: float = 1.0) -> None:
        self.clock = Clock(speed)
        self.setup = AppSetup.from_manifest(manifest)
        self._news = threading.Condition()
        self._changes = 0
        self.core = Core(self.setup, self.clock, self._changed)
        self.core.problems += [] if manifest is None else check_manifest(manifest)
        self.faults, self.pace = Faults(), Pace(self.clock)
        self._web = Web(self.core, self.faults, self.pace)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loopback-slack", daemon=True)
        self._runner = web.AppRunner(self._web.application, access_log=None, shutdown_timeout=0.1)
        self.app_token = self.setup.issue("app").value

    def start(self) -> LoopbackSlack:
        """Listen on a free port, with one workspace that has the app installed."""
        self._thread.start()
        self.core.base = self._await(self._listen())
        self.workspace = self.add_workspace("海关合规")
        return self

    def stop(self) -> None:
        """Close every connection and the port."""
        self._await(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def __enter__(self) -> LoopbackSlack:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """The base address for a WebClient."""
        return f"{self.core.base}/api/"

    @property
    def bot_token(self) -> str:
        """The bot token of the first workspace."""
        return self.token_of(self.workspace)

    @property
    def bot_user(self) -> str:
        """The app's user id in the first workspace."""
        return self.workspace.bot.id

    def token_of(self, workspace: Workspace) -> str:
        """The newest living bot token of a workspace."""
        return [t.value for t in self.setup.tokens.values() if t.team == workspace.id and not t.revoked][-1]

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point an app at this Slack."""
        return {
            "SLACK_BOT_TOKEN": self.bot_token, "SLACK_APP_TOKEN": self.app_token, "SLACK_SIGNING_SECRET": self.setup.signing_secret,
            "SLACK_API_URL": self.api_url,
        }  # fmt: skip

    def deliver_to(self, request_url: str | None) -> None:
        """Send events by signed HTTP to this address; None turns Socket Mode on again."""
        self.core.courier.request_url = request_url

    def add_workspace(self, name: str, install: bool = True) -> Workspace:
        """Another workspace; without ``install`` the app has to be installed by OAuth (``approve``)."""
        workspace = self.run(lambda: self.core.add_workspace(name))
        if install:
            self.setup.issue("bot", workspace.id)
        return workspace

    def person(self, name: str, *, workspace: Workspace | None = None, **fields: Any) -> Person:
        """A new member: ``email``, ``tz``, ``real_name``, ``admin`` may be given. The app hears team_join."""
        of = workspace or self.workspace
        return Person(self, of, self.run(lambda: of.add_user(name, **fields)))

    def channel(self, name: str, *people: Person, private: bool = False, app: bool = True) -> str:
        """A new channel with these people, and the app unless told otherwise; its id."""
        of = people[0].workspace if people else self.workspace
        members = {person.id for person in people} | ({of.bot.id} if app else set())
        return self.run(lambda: of.add_channel(name, members, "group" if private else "channel")).id

    def calls(self, method: str | None = None, **wanted: Any) -> list[Call]:
        """What the app called, oldest first; ``wanted`` are argument values."""
        return [call for call in list(self._web.calls) if method in (None, call.method) and call.has(**wanted)]

    def messages(self, channel: str, thread: str | None = None) -> list[Message]:
        """Messages of a channel, oldest first, those for one person only included; with ``thread`` the replies in it."""
        found = self._channel(channel).messages.values()
        return [m for m in list(found) if (m.thread == thread and m.ts != thread if thread else True)]

    def posts(self, channel: str, thread: str | None = None) -> list[Message]:
        """Those of them that the app posted for everyone there."""
        return [m for m in self.messages(channel, thread) if m.bot and not m.only_for]

    def wait(self, until: Callable[[], T], what: str = "", timeout: float = 10.0) -> T:
        """Wait until ``until()`` gives something true, and return that."""
        deadline = time.monotonic() + timeout
        while True:
            seen = self._changes
            found = until()
            if found:
                return found
            left = deadline - time.monotonic()
            assert left > 0, f"{what or 'what was waited for'} did not happen within {timeout} s; last calls: {self._last_calls()}"
            with self._news:
                if seen == self._changes:
                    self._news.wait(min(left, 0.05))

    def wait_for_post(self, channel: str, thread: str | None = None, contains: str = "", count: int = 1, timeout: float = 10.0) -> Message:
        """Wait for the app's ``count``-th post that contains a text; a stream counts when it has ended."""

        def found() -> list[Message]:
            return [m for m in self.posts(channel, thread) if contains in m.text and not m.streaming][count - 1 :]

        return self.wait(found, f"post {count} with {contains!r} in {channel}", timeout)[0]

    def sessions(self, channel: str, thread: str) -> list[str]:
        """All states that a thread's agent session was given, in order."""
        return list(self.core.sessions.get((channel, thread), []))

    def statuses(self, channel: str, thread: str) -> list[str]:
        """All statuses that a thread was given, in order; an empty one clears."""
        return list(self.core.statuses.get((channel, thread), []))

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was sent to the app."""
        return list(self.core.courier.deliveries)

    def delivered(self, kind: str) -> list[Delivery]:
        """What was sent to the app of one type: app_mention, message, block_actions, view_submission, …"""  # noqa: D415
        return [d for d in self.deliveries if d.event.get("type", "command") == kind]

    def settle(self, timeout: float = 10.0) -> None:
        """Wait until everything sent to the app was acked or given up."""
        self.wait(lambda: all(d.finished.is_set() for d in self.deliveries), "every delivery finished", timeout)

    def deliver_again(self, delivery: Delivery, reason: str = "http_timeout") -> Delivery:
        """Deliver an event once more with the same event_id, as if its ack had been lost."""
        self.run(lambda: self.core.courier.again(delivery, reason))
        return delivery

    def send_event(self, subscription: str, event: Json, workspace: Workspace | None = None) -> Delivery | None:
        """Send any event: tokens_revoked, app_uninstalled, …"""  # noqa: D415
        return self.run(lambda: self.core.emit(workspace or self.workspace, subscription, event))

    def uninstall(self, workspace: Workspace | None = None) -> None:
        """Remove the app from a workspace: it hears of it, and its token dies."""
        of = workspace or self.workspace
        for name, event in (("tokens_revoked", {"tokens": {"oauth": [], "bot": [of.bot.id]}, "event_ts": "1.0"}), ("app_uninstalled", {})):
            self.send_event(name, {"type": name} | event, of)
        for token in self.setup.tokens.values():
            token.revoked = token.revoked or token.team == of.id

    def approve(self, workspace: Workspace, user: Person) -> str:
        """Someone agreed to install the app: the code that their browser brings to the redirect address."""
        code = f"code-{len(self.core.codes) + 1}-{time.monotonic_ns()}"
        self.core.codes[code] = (workspace, user.id)
        return code

    def advance(self, seconds: float) -> None:
        """Let Slack's time pass: retries, trigger ids, streams and rate limits go by it."""
        self.run(lambda: self.clock.advance(seconds))

    def disconnect(self, reason: str = "refresh_requested", close_after: float = 10.0) -> None:
        """Ask every Socket Mode connection to be replaced, as Slack does every few hours; what is still open then is closed."""
        asked = self._await(self.core.sockets.disconnect(reason))

        async def close() -> None:
            await self.clock.sleep(close_after)
            await self.core.sockets.close(asked)

        asyncio.run_coroutine_threadsafe(close(), self._loop)

    def kill_connections(self) -> None:
        """Break every Socket Mode connection."""
        self.run(self.core.sockets.kill)

    def deafen_connections(self) -> None:
        """Leave every Socket Mode connection open and silent."""
        self.run(self.core.sockets.deafen)

    def hang_up(self, *clients: Any) -> None:
        """End Socket Mode clients of the SDK; their own ``close`` may wait ten seconds for a replaced socket, so it ends aside."""
        for client in clients:
            client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
            client.closed = True
            client.enqueue_message("")
        self.kill_connections()
        for client in clients:
            threading.Thread(target=client.close, daemon=True).start()

    def wait_connected(self, count: int = 1, opened: int = 0, timeout: float = 15.0) -> None:
        """Wait for ``count`` open connections, and for ``opened`` that were opened in all."""
        sockets = self.core.sockets
        self.wait(lambda: len(sockets.connections) >= count and sockets.opened >= opened, f"{count} connections", timeout)

    @property
    def problems(self) -> list[str]:
        """What Slack would not have accepted."""
        return self.core.problems

    @contextmanager
    def allowing_problems(self) -> Iterator[list[str]]:
        """Within this, bad requests are answered as Slack does and listed, but do not fail the test."""
        before = list(self.core.problems)
        found: list[str] = []
        yield found
        found += self.core.problems[len(before) :]
        self.core.problems[:] = before

    def run(self, act: Callable[[], T]) -> T:
        """Do something on the server's thread, where all state lives."""
        if threading.current_thread() is self._thread:
            return act()

        async def on_thread() -> T:
            return act()

        found = self._await(on_thread())
        self._changed()
        return found

    def _await(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def _changed(self) -> None:
        with self._news:
            self._changes += 1
            self._news.notify_all()

    async def _listen(self) -> str:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _close(self) -> None:
        await self.core.courier.close()
        self.core.sockets.kill()
        await self._runner.cleanup()

    def _channel(self, channel: str) -> Channel:
        for workspace in self.core.workspaces.values():
            if channel in workspace.channels:
                return workspace.channels[channel]
        raise KeyError(channel)

    def _last_calls(self) -> str:
        return "; ".join(f"{c.method} {c.status} {c.answer.get('error', '')}" for c in self._web.calls[-6:]) or "none"
