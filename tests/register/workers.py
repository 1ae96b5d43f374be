"""Worker processes for tests: real ones, forked, that run the nudges and can be killed at any moment."""

from __future__ import annotations

import gc
import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.adapters.sql.register import SqlRegister
from assistant.register.acts.telling.delivery import Courier
from assistant.register.facts.outbox import Message, Receipt
from assistant.register.facts.policy import Policy
from tests.register.journal import JournalNotifier


def run_worker(register: SqlRegister, journal: Path, policy: Policy, at: datetime, name: str, wall: datetime) -> None:
    """One run of one worker, as ``aeo nudge run`` does it, with connections of its own."""
    register.engine.dispose(close=False)
    notifier = JournalNotifier(journal)
    Courier(register, notifier, policy, lambda: wall, name).run(at)


def forked(work: Callable[[], None]) -> int:
    """A child process that does the work and ends; its id."""
    gc.freeze()
    child = os.fork()
    if child:
        return child
    gc.disable()
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def ended(child: int) -> bool:
    """Wait for a child; whether a signal ended it."""
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, "a worker failed"
    return False


def kill_after(child: int, seconds: float) -> bool:
    """SIGKILL a child after a time; whether it was still at work."""
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return ended(child)


class Doomed:
    """A stand-in for a port that kills its own process, with SIGKILL, before or after the nth call of any method."""

    def __init__(self, real: Any, countdown: list[int]) -> None:
        self._real = real
        self._countdown = countdown

    def __getattr__(self, name: str) -> Any:
        """The real attribute, counted."""
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._step()
            result = found(*args, **kwargs)
            self._step()
            return Doomed(result, self._countdown) if hasattr(result, "__enter__") else result

        return counted

    def __enter__(self) -> Any:
        """A transaction begins."""
        self._step()
        return Doomed(self._real.__enter__(), self._countdown)

    def __exit__(self, *exc: Any) -> Any:
        """A transaction ends: killed just before or just after the commit."""
        self._step()
        result = self._real.__exit__(*exc)
        self._step()
        return result

    def _step(self) -> None:
        self._countdown[0] -= 1
        if self._countdown[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def run_doomed(register: SqlRegister, journal: Path, policy: Policy, at: datetime, name: str, wall: datetime, steps: int) -> None:
    """A run that is killed at its nth step: around each transaction, each statement, each delivery and look-up."""
    countdown = [steps]
    register.engine.dispose(close=False)
    notifier = JournalNotifier(journal)
    Courier(Doomed(register, countdown), Doomed(notifier, countdown), policy, lambda: wall, name).run(at)


def delivered(journal: Path) -> Counter[str]:
    """Message id -> how often it was delivered."""
    if not journal.exists():
        return Counter()
    return Counter(journal.read_text(encoding="utf-8").splitlines())


class Slow(JournalNotifier):
    """Takes its time over each delivery, so that workers overlap."""

    def deliver(self, message: Message) -> Receipt:
        """Deliver after a moment."""
        time.sleep(random.uniform(0, 0.01))
        return super().deliver(message)


NOW = datetime(2026, 6, 1, tzinfo=UTC)
