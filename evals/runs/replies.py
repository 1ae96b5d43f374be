"""Recorded replies of a chat model, served on loopback: the chat path is measured without a service, and nothing is invented.

A request is known by a fingerprint of its messages (role and text), so that a reply goes stale, visibly, when a prompt changes. What
nobody recorded is answered 503, which the product takes for a model that is down, and is named and counted. Replies are JSON lines
``{"key", "reply"}``; what is missing comes as ``{"key", "messages"}``, for a model elsewhere to answer.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from assistant.errors import CaseError
from evals.cases.files import text_of


def fingerprint(messages: Sequence[Mapping[str, Any]]) -> str:
    """What a request is known by: 16 hex digits over roles and texts."""
    plain = [[m.get("role"), _text(m.get("content"))] for m in messages]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()[:16]


class Replies:
    """Replies by fingerprint, from every ``*.jsonl`` of a folder; ``missing`` are the requests that none is for."""

    def __init__(self, folder: Path) -> None:
        self.known: dict[str, str] = {}
        self.missing: dict[str, list[dict[str, Any]]] = {}
        self.served = 0
        self._lock = threading.Lock()
        for path in sorted(folder.glob("*.jsonl")):
            for number, line in enumerate(text_of(path).splitlines(), 1):
                try:
                    one = json.loads(line)
                    self.known[str(one["key"])] = str(one["reply"])
                except (ValueError, KeyError, TypeError) as error:
                    raise CaseError("evals.no_reply", name=path.name, line=number) from error

    def reply(self, messages: list[dict[str, Any]]) -> str | None:
        """The recorded reply, or None; either way it is counted."""
        key = fingerprint(messages)
        with self._lock:
            self.served += 1
            if key not in self.known:
                self.missing[key] = [{"role": m.get("role"), "content": _text(m.get("content"))} for m in messages]
        return self.known.get(key)

    def pending(self) -> str:
        """What is missing, as JSON lines."""
        return "".join(json.dumps({"key": k, "messages": m}, ensure_ascii=False) + "\n" for k, m in self.missing.items())


@contextmanager
def serving(replies: Replies) -> Iterator[str]:
    """The address of an OpenAI-compatible endpoint on loopback that answers from the replies, while the block runs."""
    handler = type("Handler", (_Handler,), {"replies": replies})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    replies: Replies

    def do_POST(self) -> None:
        """Replay, whole or as one streamed piece; 503 for what is missing."""
        try:
            asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            reply = self.replies.reply(asked["messages"])
        except (ValueError, KeyError, TypeError, AttributeError):
            self._send(400, "application/json", b'{"error": {"message": "no messages", "type": "invalid_request_error"}}')
            return
        if reply is None:
            self._send(503, "application/json", b'{"error": {"message": "no reply recorded", "type": "server_error"}}')
        elif asked.get("stream"):
            parts = [_chunk({"role": "assistant", "content": reply}, None), _chunk({}, "stop"), "[DONE]"]
            self._send(200, "text/event-stream", "".join(f"data: {p}\n\n" for p in parts).encode())
        else:
            choice = {"index": 0, "message": {"role": "assistant", "content": reply}, "finish_reason": "stop"}
            body = {"id": "recorded", "object": "chat.completion", "created": 0, "model": "recorded", "choices": [choice]}
            self._send(200, "application/json", json.dumps(body, ensure_ascii=False).encode())

    def log_message(self, *_: Any) -> None:
        """Quiet: ``missing`` says what matters."""

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _chunk(delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "recorded", "object": "chat.completion.chunk", "created": 0, "model": "recorded", "choices": [choice]}
    return json.dumps(body, ensure_ascii=False)


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if isinstance(part, dict))
    return content or ""
