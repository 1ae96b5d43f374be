"""A loopback server that sends bytes as they are told, for what servers and gateways put around a reply."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Sent = Callable[[dict[str, Any]], bytes]
"""From a request's body to all that is sent back, status line and headers with it."""


class Wire:
    """The running server: its address, and the path and body of every request."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.paths: list[str] = []
        self.requests: list[dict[str, Any]] = []


@contextmanager
def wire(sent: Sent) -> Iterator[Wire]:
    """Answer every request with ``sent`` and close the connection, until the block ends."""
    at = Wire("")

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            path = self.rfile.readline().split(b" ")[1].decode()
            length = 0
            while (line := self.rfile.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            body = json.loads(self.rfile.read(length) or b"{}")
            at.paths.append(path)
            at.requests.append(body)
            self.wfile.write(sent(body))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        at.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield at
        finally:
            server.shutdown()


def http(body: bytes | str, kind: str = "application/json", status: str = "200 OK", version: str = "1.1", **headers: str) -> bytes:
    """A response that ends with its connection; ``headers`` are named with ``_`` for ``-``."""
    told = {"Content-Type": kind, "Connection": "close"} | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/{version} {status}\r\n{head}\r\n".encode() + (body.encode() if isinstance(body, str) else body)


def message(text: Any = None, finish: str = "stop", **fields: Any) -> dict[str, Any]:
    """A whole completion."""
    told = {"role": "assistant", "content": text} | fields
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": told, "finish_reason": finish}],
    }


def events(*deltas: Any, line: str = "data: {}\n\n", end: str = "data: [DONE]\n\n") -> str:
    """A stream of these deltas; what is no delta (a dict with ``choices`` or ``error``, or text) is sent as it is."""
    told = []
    for delta in deltas:
        if isinstance(delta, str):
            told.append(delta)
            continue
        whole = delta if {"choices", "error"} & delta.keys() else {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        told.append(line.replace("{}", json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"} | whole)))
    return "".join(told) + end


def chunked(body: bytes, size: int = 7) -> bytes:
    """A body in chunks of so many bytes, cutting through characters and events."""
    pieces = [body[n : n + size] for n in range(0, len(body), size)]
    return b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in pieces) + b"0\r\n\r\n"
