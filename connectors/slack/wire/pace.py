"""The pace at which the app may write: a bucket for each limit of Slack's, a pause of all after a 429. Clock and sleep are passed in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from connectors.slack.wire.limits import CHANNEL_POSTS_PER_SECOND, POSTS_PER_SECOND, TIER_2, TIER_3, TIER_4, URGENT_POSTS

POST, CHANGE, PUBLISH = "chat.postMessage", "chat.update", "views.publish"
STREAM, GROW = "chat.startStream", "chat.appendStream"
_PER_SECOND = {POST: POSTS_PER_SECOND, CHANGE: TIER_3 / 60, PUBLISH: TIER_4 / 60, STREAM: TIER_2 / 60, GROW: TIER_4 / 60}
_BURST = {CHANGE: TIER_3 / 2, PUBLISH: TIER_4 / 2, STREAM: TIER_2 / 2, GROW: TIER_4 / 2}
_EVERYWHERE = (POST, "")
_FORGET = 1_000  # channels whose pace is remembered


@dataclass
class _Bucket:
    per_second: float
    burst: float = 1.0
    level: float = 0.0
    at: float = 0.0

    def wait(self, now: float, burst: float | None = None) -> float:
        """Seconds until one more fits."""
        level = max(0.0, self.level - (now - self.at) * self.per_second)
        return max(0.0, (level + 1.0 - (burst or self.burst)) / self.per_second)

    def take(self, at: float) -> None:
        """One more, at a moment that may lie ahead."""
        self.level = max(0.0, self.level - max(0.0, at - self.at) * self.per_second) + 1.0
        self.at = max(self.at, at)


class Pace:
    """The pace of one workspace, for any number of threads: each call is given its moment, in turn."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self.clock, self.sleep = clock, sleep
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._closed_until = 0.0

    def turn(self, method: str, place: str = "", longest: float = 10.0, urgent: bool = False) -> float:
        """Wait for the turn of a call; ``place`` is the channel of a post.

        What is ``urgent``, because somebody waits for it, goes before what is not: it may run a little ahead of the workspace's pace,
        and the rest makes up for it.

        Returns 0 when the call may be made now; when its turn is more than ``longest`` seconds away, that many seconds: then
        nothing was waited for or taken.
        """
        with self._lock:
            now = self.clock()
            buckets = self._of(method, place)
            ahead = {_EVERYWHERE: float(URGENT_POSTS)} if urgent else {}
            wait = max(0.0, self._closed_until - now, *(b.wait(now, ahead.get(key)) for key, b in buckets.items()))
            if wait > longest:
                return wait
            for bucket in buckets.values():
                bucket.take(now + wait)
        if wait:
            self.sleep(wait)
        return 0.0

    def hold(self, seconds: float) -> None:
        """Slack asked for a pause: nobody writes before it is over."""
        with self._lock:
            self._closed_until = max(self._closed_until, self.clock() + seconds)

    def _of(self, method: str, place: str) -> dict[tuple[str, str], _Bucket]:
        keys = [(method, "")]
        if method in (POST, STREAM):  # a stream is a post too
            keys += [_EVERYWHERE, *([(POST, place)] if place else [])]
        return {key: self._bucket(key, *_rate(key)) for key in keys}

    def _bucket(self, key: tuple[str, str], per_second: float, burst: float) -> _Bucket:
        if len(self._buckets) > _FORGET:
            now = self.clock()
            self._buckets = {k: b for k, b in self._buckets.items() if b.at + b.level / b.per_second > now}
        return self._buckets.setdefault(key, _Bucket(per_second, burst, at=self.clock()))


def _rate(key: tuple[str, str]) -> tuple[float, float]:
    """Calls a second, and how many at once."""
    method, place = key
    return (CHANNEL_POSTS_PER_SECOND, 1.0) if place else (_PER_SECOND[method], _BURST.get(method, 1.0))


class Paces:
    """The pace of each workspace, in this process: others that write there at the same time have their own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self.clock, self.sleep = clock, sleep
        self._paces: dict[str, Pace] = {}

    def __call__(self, team: str) -> Pace:
        """The one of a workspace."""
        return self._paces.setdefault(team, Pace(self.clock, self.sleep))
