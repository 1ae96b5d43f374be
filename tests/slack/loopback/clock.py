"""Slack's clock: real time, faster where a test says so, and pushed forward where a test says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any


class Clock:
    """Time as Slack sees it; ``speed`` seconds pass for each real one, and ``advance`` skips ahead.

    Trigger ids, streams, retries, ack deadlines and rate limits go by it. Signatures go by real time, as the app checks them by its own.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = time.time()
        self._began = time.monotonic()
        self._skipped = 0.0
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def now(self) -> float:
        """Seconds since 1970."""
        return self._start + self._skipped + (time.monotonic() - self._began) * self.speed

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once; whoever sleeps looks at the clock again."""
        self._skipped += seconds
        for loop, woken in list(self._sleepers):
            loop.call_soon_threadsafe(woken.set)

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        """Sleeps until ``seconds`` of this clock have passed since this call."""
        return self._sleep_until(self.now() + seconds)

    async def _sleep_until(self, until: float) -> None:
        sleeper = (asyncio.get_running_loop(), asyncio.Event())
        self._sleepers.add(sleeper)
        try:
            while (left := until - self.now()) > 0:
                sleeper[1].clear()
                try:
                    await asyncio.wait_for(sleeper[1].wait(), left / self.speed)
                except TimeoutError:
                    continue
        finally:
            self._sleepers.discard(sleeper)
