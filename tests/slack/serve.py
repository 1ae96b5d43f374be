"""Serves a Bolt app by HTTP on 127.0.0.1, one thread a request."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from slack_bolt import App, BoltRequest


def serve(app: App, port: int = 0) -> ThreadingHTTPServer:
    """A running server; its ``shutdown`` and ``server_close`` end it."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._answer(body)

        def do_GET(self) -> None:
            self._answer("")

        def _answer(self, body: str) -> None:
            request = BoltRequest(body=body, query=urlsplit(self.path).query, headers=dict(self.headers.items()))
            flow, path = app.oauth_flow, urlsplit(self.path).path
            if flow and path == flow.install_path:
                response = flow.handle_installation(request)
            elif flow and path == flow.redirect_uri_path:
                response = flow.handle_callback(request)
            else:
                response = app.dispatch(request)
            content = response.body.encode()
            self.send_response(response.status)
            for name, value in response.first_headers().items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server
