"""The time that commands record; whoever runs one from Python may hand in another clock, an option cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from assistant.register.rules.people.named_places import zone_of

Clock = Callable[[], datetime]
_CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Now, aware."""
    handed = _CLOCK.get()
    return handed() if handed is not None else datetime.now(UTC)


def local(moment: datetime | str, zone: str) -> str:
    """A moment as people read it: the local time of ``zone``, to the minute. ``moment`` may be ISO 8601, as files keep it."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(zone_of(zone)).strftime("%Y-%m-%d %H:%M")


@contextmanager
def running(clock: Clock | None) -> Iterator[None]:
    """Commands inside run by this clock."""
    token = _CLOCK.set(clock)
    try:
        yield
    finally:
        _CLOCK.reset(token)
