"""Slack's rate limits: tiers per method and workspace, about one post per second and channel, and a limit for the workspace."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.slack.loopback.clock import Clock

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
_TIER_OF = {
    "apps.connections.open": 1, "chat.startStream": 2, "chat.stopStream": 2, "users.list": 2, "conversations.list": 2,
    "chat.update": 3, "chat.delete": 3, "conversations.open": 3, "conversations.history": 3, "conversations.replies": 3,
    "conversations.info": 3, "users.lookupByEmail": 3, "chat.postEphemeral": 4, "chat.appendStream": 4, "users.info": 4,
    "views.open": 4, "views.update": 4, "views.push": 4, "views.publish": 4, "files.info": 4, "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4, "conversations.members": 4,
}  # fmt: skip
_POSTS = ("chat.postMessage",)


@dataclass
class _Bucket:
    per_second: float
    burst: float
    level: float = 0.0
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed; 0 takes it."""
        self.level = max(0.0, self.level - (now - self.at) * self.per_second) if self.at else 0.0
        self.at = now
        if self.level + 1 <= self.burst:
            self.level += 1
            return 0.0
        return (self.level + 1 - self.burst) / self.per_second

    def give_back(self) -> None:
        self.level -= 1


@dataclass
class Pace:
    """Whether and how strictly calls are limited; off unless a test wants it."""

    clock: Clock
    on: bool = False
    posts_per_channel: float = 1.0
    posts_per_workspace: float = 4.0
    burst_per_channel: int = 1
    burst_per_workspace: int = 20
    limited: int = 0
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)

    def retry_after(self, method: str, team: str, args: Mapping[str, Any]) -> int | None:
        """Seconds to wait before this call, or None when it may go on."""
        if not self.on:
            return None
        taken: list[_Bucket] = []
        for bucket in self._limits(method, team, args):
            wait = bucket.wait(self.clock.now())
            if wait:
                for other in taken:
                    other.give_back()
                self.limited += 1
                return max(1, math.ceil(wait))
            taken.append(bucket)
        return None

    def _limits(self, method: str, team: str, args: Mapping[str, Any]) -> list[_Bucket]:
        if method in _POSTS:
            channel = str(args.get("channel"))
            return [
                self._bucket(("post", team, channel), self.posts_per_channel, self.burst_per_channel),
                self._bucket(("posts", team), self.posts_per_workspace, self.burst_per_workspace),
            ]
        per_minute = TIERS.get(_TIER_OF.get(method, 0))
        return [self._bucket((method, team), per_minute / 60, per_minute)] if per_minute else []

    def _bucket(self, key: tuple[str, ...], per_second: float, burst: float) -> _Bucket:
        return self._buckets.setdefault(key, _Bucket(per_second, burst))
