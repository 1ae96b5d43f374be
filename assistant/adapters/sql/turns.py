"""Whose turn it is to write where only one can: SQLite's own waiting is by chance, and every commit waits for the disk.

Whoever keeps somebody outside waiting (Slack, for its acknowledgement) goes before the rest, and all who wait so share one commit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.errors import Unavailable

Wish = TypeVar("Wish")


class Turns:
    """One writer at a time, the urgent ones first."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._taken, self._urgent = False, 0

    @contextmanager
    def mine(self, urgent: bool = False) -> Iterator[None]:
        """Wait for one's turn, and have it."""
        with self._free:
            self._urgent += urgent
            self._free.wait_for(lambda: not self._taken and (urgent or not self._urgent))
            self._urgent -= urgent
            self._taken = True
        try:
            yield
        finally:
            with self._free:
                self._taken = False
                self._free.notify_all()


@dataclass
class _InLine(Generic[Wish]):
    wish: Wish
    granted: bool | None = None
    error: Exception | None = None


class Together(Generic[Wish]):
    """Wishes that come while another one is written are written in one commit by whoever has the next turn."""

    def __init__(self, turns: Turns, write: Callable[[Sequence[Wish]], Sequence[bool]]) -> None:
        self._turns, self._write = turns, write
        self._waiting: list[_InLine[Wish]] = []

    def granted(self, wish: Wish) -> bool:
        """What ``write`` says of this wish.

        Raises:
            Unavailable: nothing was written. Else whatever ``write`` raises for this wish alone.
        """
        own = _InLine(wish)
        self._waiting.append(own)
        with self._turns.mine(urgent=True):
            if own.granted is None and own.error is None:
                self._write_all()
        if own.error is not None:
            raise own.error
        return bool(own.granted)

    def _write_all(self) -> None:
        kept = self._waiting[:]
        del self._waiting[: len(kept)]  # what comes meanwhile stands behind them
        try:
            self._settle(kept)
        except Unavailable as error:
            for one in kept:
                one.error = error
        except Exception:  # one of them cannot be written: each by itself
            for one in kept:
                try:
                    self._settle([one])
                except Exception as error:
                    one.error = error

    def _settle(self, kept: Sequence[_InLine[Wish]]) -> None:
        for one, granted in zip(kept, self._write([one.wish for one in kept]), strict=True):
            one.granted = granted
