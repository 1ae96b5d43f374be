"""The small HTTP endpoint of a worker: ``/metrics`` for Prometheus, ``/healthz`` for whoever restarts workers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.settings import Settings
from connectors.serving.health import Health
from connectors.serving.metrics import meters


class Endpoint:
    """The HTTP endpoint of a worker, on a thread of its own."""

    def __init__(self, settings: Settings, port: int | None, now: Callable[[], datetime]) -> None:
        self.health = Health(settings)
        self._queues = _queues(self.health, now)
        self._server = ThreadingHTTPServer((settings.metrics_host, port), self._handler()) if port is not None else None
        if self._server is not None:
            self._server.daemon_threads = True
            threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    @property
    def port(self) -> int | None:
        """The port that it listens on (a free one was chosen for 0)."""
        return self._server.server_address[1] if self._server else None

    def metrics(self) -> bytes:
        """The text that Prometheus reads."""
        from prometheus_client import generate_latest

        state = self.health()
        up = "".join(f'aeo_up{{part="{name}"}} {int(part["status"] != "degraded")}\n' for name, part in state["parts"].items())
        lines = "# HELP aeo_up Whether a part works\n# TYPE aeo_up gauge\n" + up
        return generate_latest(meters().registry) + lines.encode() + self._queues()

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self.health.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            """Two pages."""

            def do_GET(self) -> None:
                """Answer one request."""
                path = self.path.partition("?")[0]
                if path == "/healthz":
                    state = endpoint.health()
                    self._send(
                        503 if state["status"] == "down" else 200, "application/json", json.dumps(state, ensure_ascii=False).encode()
                    )
                elif path == "/metrics":
                    self._send(200, "text/plain; version=0.0.4; charset=utf-8", endpoint.metrics())
                else:
                    self._send(404, "text/plain", b"/healthz /metrics\n")

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: a probe every few seconds is no news."""

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler


def serve(settings: Settings, port: int | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Endpoint:
    """Serve ``/healthz`` and ``/metrics`` on a port (0: any free one; None: nowhere) until ``close``.

    ``/healthz`` answers 200 while questions can be answered at all, with ``"status": "ok"`` or ``"degraded"`` and what is wrong
    with each part, and 503 with ``"down"`` when no edition can be read: a worker is not restarted because a database is away.
    """
    return Endpoint(settings, port, now)


def _queues(health: Any, now: Callable[[], datetime]) -> Callable[[], bytes]:
    def lines() -> bytes:
        found = health.queues()
        if found is None:
            return b""
        text = "# HELP aeo_queue_waiting Entries that wait\n# TYPE aeo_queue_waiting gauge\n"
        text += "".join(f'aeo_queue_waiting{{queue="{name}"}} {count}\n' for name, (count, _) in found.items())
        text += "# HELP aeo_queue_age_seconds Age of the oldest entry that waits\n# TYPE aeo_queue_age_seconds gauge\n"
        for name, (_, oldest) in found.items():
            age = max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0
            text += f'aeo_queue_age_seconds{{queue="{name}"}} {age:.3f}\n'
        return text.encode()

    return lines
