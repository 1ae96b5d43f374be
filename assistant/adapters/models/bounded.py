"""OpenAI's own HTTP client with responses that end: a server that sends for ever holds no thread and fills no memory after its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openai import DefaultHttpxClient

from assistant.answers.reply.calling.failures import NoReply

LARGEST = 32_000_000
"""Bytes after which a response is given up: the longest reply that is read (60,000 characters), letter by letter in events of 500."""


class Bounded:
    """The bytes of a response for ``seconds`` and ``LARGEST`` at most; what ends a wait in silence is the client's own time limit.

    Raises:
        TimeoutError: bytes still come when the time is up. NoReply: there are too many.
    """

    def __init__(self, inner: Any, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner, self._clock = inner, clock
        self._ends = clock() + seconds

    def __iter__(self) -> Iterator[bytes]:
        for piece in of_size(self._inner):
            if self._clock() > self._ends:
                raise TimeoutError
            yield piece

    def close(self) -> None:
        """Let the connection go."""
        self._inner.close()


def of_size(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """``pieces`` up to ``LARGEST`` bytes in all.

    Raises:
        NoReply: there are more.
    """
    sent = 0
    for piece in pieces:
        sent += len(piece)
        if sent > LARGEST:
            raise NoReply("endless", f"more than {LARGEST} bytes")
        yield piece


def bounded_client(seconds: float) -> DefaultHttpxClient:
    """A client each of whose responses ends after ``seconds``, and which carries a prompt to one other address at most.

    Which HTTP library it is of, OpenAI's version decides; a stream has to be of that library's kind.
    """

    def bound(response: Any) -> None:
        kind = type("BoundedStream", (Bounded, *type(response.stream).__bases__), {})
        response.stream = kind(response.stream, seconds)
        unpacked = response.iter_bytes  # a packed response is bounded twice: a thousand times as much may be in it
        response.iter_bytes = lambda *how, **named: of_size(unpacked(*how, **named))

    return DefaultHttpxClient(timeout=seconds, max_redirects=1, event_hooks={"response": [bound]})
