"""The HTTP side: Slack's signed requests, the pages of an installation, and ``/healthz``."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import App, BoltRequest, BoltResponse

from assistant.errors import SettingsError
from connectors.slack.wire.rights import CALLBACK, INSTALL, PATH

log = logging.getLogger("aeo.slack.web")

LARGEST = 5 * 1024 * 1024
_SLOWEST = 30.0


class Server(ThreadingHTTPServer):
    """One thread a request, and room for many that arrive at once."""

    daemon_threads = True
    request_queue_size = 256


def serve(app: App, health: Callable[[], dict[str, Any]], host: str, port: int, events: bool = True) -> Server:
    """A running server; ``shutdown`` and ``server_close`` end it. Without ``events`` it takes none: they come by socket.

    Raises:
        SettingsError: the port cannot be used.
    """
    try:
        server = Server((host, port), _door(app, health, events))
    except (OSError, OverflowError) as error:
        raise SettingsError("slack.port_taken", port=port, what=str(error)) from error
    threading.Thread(target=server.serve_forever, args=(0.1,), name="slack-http", daemon=True).start()
    return server


def _door(app: App, health: Callable[[], dict[str, Any]], events: bool) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _SLOWEST

        def do_POST(self) -> None:
            """Slack's requests; Bolt checks their signature before anything else looks at them."""
            size = self.headers.get("Content-Length", "")
            if not size.isdigit() or int(size) > LARGEST:
                self.close_connection = True
                self._send(BoltResponse(status=413 if size.isdigit() else 411, body=""))
                return
            body = self.rfile.read(int(size)).decode("utf-8", "replace")
            if events and urlsplit(self.path).path == PATH:
                self._send(self._taken(body))
            else:
                self._send(BoltResponse(status=404, body=""))

        def do_GET(self) -> None:
            """Health, and the pages of an installation."""
            path, flow = urlsplit(self.path).path, app.oauth_flow
            if path == "/healthz":
                state = health()
                status, content = 503 if state.get("status") == "down" else 200, json.dumps(state, ensure_ascii=False, default=str)
                self._send(BoltResponse(status=status, headers={"Content-Type": "application/json; charset=utf-8"}, body=content))
            elif flow is not None and path == INSTALL:
                self._send(flow.handle_installation(self._request("")))
            elif flow is not None and path == CALLBACK:
                self._send(flow.handle_callback(self._request("")))
            else:
                self._send(BoltResponse(status=404, body=""))

        def _taken(self, body: str) -> BoltResponse:
            """What Bolt says. It reads parts of a body before it looks at the signature and fails over shapes that Slack never sends."""
            try:
                return app.dispatch(self._request(body))
            except Exception as error:
                log.warning("a request of no known shape was refused", extra={"what": type(error).__name__})
                return BoltResponse(status=400, body="")

        def _request(self, body: str) -> BoltRequest:
            return BoltRequest(body=body, query=urlsplit(self.path).query, headers=dict(self.headers.items()))

        def _send(self, response: BoltResponse) -> None:
            content = (response.body or "").encode()
            self.send_response(response.status)
            for name, values in response.headers.items():
                if name.lower() != "content-length":
                    for value in values:
                        self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Paths only hold codes and states of installations: they stay out of the log."""

    return Door
