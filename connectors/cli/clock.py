"""The time that commands record; whoever runs one from Python may hand in another clock, an option cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

Clock = Callable[[], datetime]
_CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Now, aware."""
    handed = _CLOCK.get()
    return handed() if handed is not None else datetime.now(UTC)


@contextmanager
def running(clock: Clock | None) -> Iterator[None]:
    """Commands inside run by this clock."""
    token = _CLOCK.set(clock)
    try:
        yield
    finally:
        _CLOCK.reset(token)
