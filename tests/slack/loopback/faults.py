"""Faults on demand: what Slack and the network do on bad days, for the next calls of a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

When = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. ``stored`` means that the call took effect before it went wrong."""

    status: int = 200
    error: str | None = None
    retry_after: int | None = None
    reset: bool = False
    stored: bool = False
    garbage: bool = False
    seconds: float = 0.0


def ratelimited(retry_after: int = 1) -> Fault:
    """429 with Retry-After."""
    return Fault(status=429, error="ratelimited", retry_after=retry_after)


def api_error(code: str) -> Fault:
    """``ok: false`` with this code: user_disabled, messages_tab_disabled, channel_not_found, token_revoked, …"""  # noqa: D415
    return Fault(error=code)


def server_error(status: int = 503, stored: bool = False) -> Fault:
    """A 5xx page that is no JSON."""
    return Fault(status=status, garbage=True, stored=stored)


def reset(stored: bool = True) -> Fault:
    """The connection breaks without an answer; by default after the call took effect."""
    return Fault(reset=True, stored=stored)


def slow(seconds: float) -> Fault:
    """A correct answer, late."""
    return Fault(stored=True, seconds=seconds)


@dataclass
class _Planned:
    method: str
    fault: Fault
    times: int
    when: When


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def add(self, method: str, fault: Fault, times: int = 1, when: When = lambda args: True) -> None:
        """Let the next ``times`` calls of ``method`` (``*`` for any) whose arguments satisfy ``when`` meet ``fault``."""
        self._planned.append(_Planned(method, fault, times, when))

    def next(self, method: str, args: Mapping[str, Any]) -> Fault | None:
        """The fault that this call meets, taken off the plan."""
        for planned in self._planned:
            if planned.method in (method, "*") and planned.times > 0 and planned.when(args):
                planned.times -= 1
                return planned.fault
        return None

    @property
    def left(self) -> int:
        """How many are still to come."""
        return sum(planned.times for planned in self._planned)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()
