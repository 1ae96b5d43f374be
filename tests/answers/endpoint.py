"""A scripted OpenAI-compatible chat endpoint on loopback: it answers as told, in every way that providers differ."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[dict[str, Any], int], "Reply"]


class Reply:
    """One scripted reply: text in the content or in a tool call, a status, a delay before and inside the stream, a cut.

    ``form``: ``deltas``, ``cumulative`` (each delta holds all before it), ``repeated`` (the whole text again at the end),
    ``whole`` (no stream, with a byte order mark), ``body`` (the text is the body, as it is), ``comments`` (the stream holds
    nothing but comments, until ``slow`` seconds have passed).
    """

    def __init__(
        self,
        text: str = "",
        *,
        tool: bool = False,
        status: int = 200,
        delay: float = 0.0,
        cut: bool = False,
        slow: float = 0.0,
        form: str = "deltas",
    ) -> None:
        self.text, self.tool, self.status, self.delay, self.cut, self.slow, self.form = text, tool, status, delay, cut, slow, form


class Endpoint:
    """The running endpoint: its address, and every request body it got."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.requests: list[dict[str, Any]] = []


@contextmanager
def endpoint(script: Script) -> Iterator[Endpoint]:
    """Serve ``script(request, number)`` until the block ends."""
    served = Endpoint("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.requests.append(request)
            reply = script(request, len(served.requests))
            time.sleep(reply.delay)
            if reply.status != 200:
                self._send(reply.status, json.dumps({"error": {"message": reply.text, "type": "invalid_request_error"}}).encode())
                return
            if reply.form == "body":
                self._send(200, reply.text.encode())
                return
            if reply.form == "whole":
                self._send(200, b"\xef\xbb\xbf" + json.dumps(_whole(reply), ensure_ascii=False).encode())
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            pieces = [reply.text[i : i + 24] for i in range(0, len(reply.text), 24)] or [""]
            if reply.form == "cumulative":
                pieces = [reply.text[: i + 24] for i in range(0, len(reply.text), 24)]
            if reply.form == "repeated":
                pieces.append(reply.text)
            if reply.cut:
                pieces = pieces[: max(1, len(pieces) // 2)]
            try:
                if reply.form == "comments":
                    for _ in range(int(reply.slow / 0.05)):
                        self.wfile.write(b": keep-alive\n\n")
                        self.wfile.flush()
                        time.sleep(0.05)
                    reply.slow = 0
                for number, piece in enumerate(pieces):
                    self._event(_delta(piece, reply.tool, number == 0))
                    time.sleep(reply.slow)
                if not reply.cut:
                    self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                    if request.get("stream_options"):
                        self._event({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}})
                    self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                pass
            self.close_connection = True

        def _event(self, body: dict[str, Any]) -> None:
            body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **body}
            self.wfile.write(f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode())
            self.wfile.flush()

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    served.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _whole(reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "scripted", "choices": choices, "usage": usage}


def _delta(piece: str, tool: bool, first: bool) -> dict[str, Any]:
    if not tool:
        return {"choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}]}
    call: dict[str, Any] = {"index": 0, "function": {"arguments": piece}}
    if first:
        call |= {"id": "t1", "type": "function"}
        call["function"]["name"] = "answer"
    return {"choices": [{"index": 0, "delta": {"role": "assistant", "tool_calls": [call]}, "finish_reason": None}]}
