"""Cases answered in processes of their own: what is worked and not waited for, the threads of one process cannot share."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from assistant.settings import Settings
from evals.cases.carried.resolved import Resolved
from evals.cases.labels import Labels
from evals.runs.asking import answered
from evals.runs.record import Result
from evals.runs.source import AssistantSource

if TYPE_CHECKING:
    from assistant.app import Assistant

MANY = 200
"""Cases from which on processes are worth their start, some three seconds of a core each."""


class Processes:
    """Processes that answer from the editions of one home; they start with the first case, and serve one run after the other."""

    def __init__(self, assistant: Assistant, count: int) -> None:
        self.assistant, self.count = assistant, count

    def submit(self, edition: str, case: Resolved) -> Future[Result]:
        """One case, answered from an edition."""
        return self._pool.submit(_answered, edition, case)

    @cached_property
    def _pool(self) -> ProcessPoolExecutor:
        os.environ["PYTHONSAFEPATH"] = "1"  # a spawned process is a ``python -c``: without this it imports from the working folder first
        return ProcessPoolExecutor(
            self.count, multiprocessing.get_context("spawn"), _begin, (type(self.assistant), self.assistant.settings)
        )

    def close(self) -> None:
        """End them; what was not begun is not asked."""
        if "_pool" in self.__dict__:
            self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def processes(assistant: Assistant, cases: int, count: int = 2) -> Iterator[Processes | None]:
    """Processes for a run of so many cases; None where threads do: few cases, one core, or models elsewhere that are waited for."""
    settings = assistant.settings
    waits = settings.chat_model or settings.reranker_model or settings.embedding_base_url
    count = min(count, os.cpu_count() or 1)
    if waits or cases < MANY or count < 2:
        yield None
        return
    with closing(Processes(assistant, count)) as pool:
        yield pool


class _Ready(NamedTuple):
    """What one process answers from."""

    assistant: Assistant
    sources: dict[str, tuple[AssistantSource, Labels]]


_READY: list[_Ready] = []


def _begin(made: Callable[[Settings], Assistant], settings: Settings) -> None:
    """A process begins: an interrupt is its parent's affair, and it ends with its parent, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (parent := multiprocessing.parent_process()) is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()
    _READY[:] = [_Ready(made(settings), {})]


def _answered(edition: str, case: Resolved) -> Result:
    [ready] = _READY
    if edition not in ready.sources:
        source = AssistantSource(ready.assistant, edition)
        source.warm()
        ready.sources[edition] = source, Labels(source.guide)
    return answered(case, *ready.sources[edition])
