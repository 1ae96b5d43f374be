"""Brings events, clicks and commands to the app: signed HTTP or Socket Mode, with Slack's deadlines and retries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp

from tests.slack.loopback.clock import Clock
from tests.slack.loopback.model import Json
from tests.slack.loopback.sockets import Sockets

Kind = Literal["events_api", "interactive", "slash_commands"]
ACK_SECONDS = 3.0
RETRY_AFTER = (0.0, 60.0, 300.0)


@dataclass
class Attempt:
    """One try to deliver, and how it went; times are real seconds."""

    number: int
    via: Literal["http", "socket"]
    reason: str | None
    began: float
    took: float | None = None
    failure: str | None = None


@dataclass
class Delivery:
    """One payload on its way to the app; ``answer`` is what came back with the ack."""

    kind: Kind
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    answer: Any = None
    acked: bool = False
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def ack_seconds(self) -> float | None:
        """Real seconds from sending to ack, for the attempt that was acked."""
        return self.attempts[-1].took if self.acked and self.attempts else None

    @property
    def event(self) -> Json:
        """The event inside, or the payload itself."""
        return self.payload.get("event", self.payload)

    def wait(self, timeout: float = 10.0) -> Delivery:
        """Wait until it was acked or given up."""
        assert self.finished.wait(timeout), f"not delivered within {timeout} s: {self.payload.get('type') or self.payload}"
        return self


class Courier:
    """Delivers; ``request_url`` turns Socket Mode off, as the switch in the app's configuration does."""

    def __init__(self, clock: Clock, sockets: Sockets, secret: Callable[[], str], changed: Callable[[], None]) -> None:
        self.clock, self.sockets, self.secret, self.changed = clock, sockets, secret, changed
        self.request_url: str | None = None
        self.retry_after: tuple[float, ...] = RETRY_AFTER
        self.deliveries: list[Delivery] = []
        self._session: aiohttp.ClientSession | None = None
        self._running: set[asyncio.Task[None]] = set()

    def send(self, kind: Kind, payload: Json) -> Delivery:
        """Start to deliver ``payload``; events are will be retried when they are not acked, the rest is not."""
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        self._start(self._deliver(delivery, self.retry_after if kind == "events_api" else ()))
        return delivery

    def again(self, delivery: Delivery, reason: str = "http_timeout") -> None:
        """Deliver once more although it was acked, as Slack does when an ack got lost."""
        delivery.finished.clear()
        self._start(self._once_more(delivery, reason))

    async def close(self) -> None:
        """Stop delivering."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._session:
            await self._session.close()

    def signed(self, body: str, at: float | None = None) -> dict[str, str]:
        """The headers that prove a request to be Slack's."""
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(self.secret().encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        agent = "Slackbot 1.0 (+https://api.slack.com/robots)"
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "User-Agent": agent}

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, delivery: Delivery, delays: tuple[float, ...]) -> None:
        reason: str | None = None
        for number in range(len(delays) + 1):
            if number:
                await self.clock.sleep(delays[number - 1])
            if await self._attempt(delivery, number, reason):
                break
            reason = delivery.attempts[-1].failure
            if reason == "no_retry":
                break
        delivery.finished.set()
        self.changed()

    async def _once_more(self, delivery: Delivery, reason: str) -> None:
        await self._attempt(delivery, len(delivery.attempts), reason)
        delivery.finished.set()
        self.changed()

    async def _attempt(self, delivery: Delivery, number: int, reason: str | None) -> bool:
        began = time.monotonic()
        attempt = Attempt(number, "http" if self.request_url else "socket", reason, began)
        delivery.attempts.append(attempt)
        try_once = self._post if self.request_url else self.sockets.deliver
        work = asyncio.ensure_future(try_once(delivery.kind, delivery.payload, number, reason))
        deadline = asyncio.ensure_future(self.clock.sleep(ACK_SECONDS))
        try:
            await asyncio.wait({work, deadline}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            deadline.cancel()
            work.add_done_callback(lambda done: done.cancelled() or done.exception())
            work.cancel()
        if not work.done():
            attempt.failure = "http_timeout" if self.request_url else "timeout"
            return False
        try:
            delivery.answer = work.result()
        except (aiohttp.ClientError, ConnectionError, OSError) as error:
            attempt.failure = "connection_failed"
            delivery.answer = str(error)
            return False
        except Refused as refused:
            attempt.failure = str(refused)
            return False
        attempt.took = time.monotonic() - began
        delivery.acked = True
        return True

    async def _post(self, kind: Kind, payload: Json, number: int, reason: str | None) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        if kind == "events_api":
            body, content = json.dumps(payload, ensure_ascii=False), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
            body, content = urlencode(form), "application/x-www-form-urlencoded"
        headers = self.signed(body) | {"Content-Type": content}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason or "unknown_error"}
        assert self.request_url
        async with self._session.post(self.request_url, data=body.encode(), headers=headers) as response:
            text = await response.text()
            if not 200 <= response.status < 300:
                raise Refused("no_retry" if response.headers.get("X-Slack-No-Retry") == "1" else "http_error")
            return json.loads(text) if response.content_type == "application/json" and text else text


class Refused(Exception):
    """The app answered, but not with an ack."""
