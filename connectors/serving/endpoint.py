"""The one HTTP server of a process: ``/healthz``, ``/metrics``, and what a connector answers, at one address or two."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.errors import SettingsError
from assistant.settings import Settings
from connectors.serving.health import Health
from connectors.serving.metrics import exposition
from connectors.serving.queues import Parts, Queues

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from cheroot.wsgi import Server

log = logging.getLogger("aeo.web")

LARGEST = 5 * 1024 * 1024
"""Bytes of a request: Slack's largest are some hundred KB (a form with a hundred blocks)."""
# Seconds of a slow client, requests at once, requests that wait; Slack gives up after 3 s; chosen, not measured.
_SLOWEST, _THREADS, _WAITING = 30, 32, 256
_WORSE = ("ok", "degraded", "down")
_STATUS = {200: "200 OK", 404: "404 Not Found", 503: "503 Service Unavailable"}


class Endpoint:
    """The pages of a process, and the sockets on which they are served.

    ``/healthz`` answers 200 while questions can be answered at all, with ``"status": "ok"`` or ``"degraded"`` and what is wrong
    with each part, and 503 with ``"down"`` when no edition can be read: a worker is not restarted because a database is away.
    ``/metrics`` stands where ``AEO_METRICS_PORT`` listens, or, without one, at every address.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.settings, self.health = settings, Health(settings)
        self.beside: Callable[[], dict[str, Any]] = dict
        """What a connector adds to ``/healthz``; with a ``status`` of its own, the worse one counts."""
        self.connector: WSGIApplication | None = None
        """Answers every other path."""
        self._collectors = (Queues(self.health, now), Parts(self.health))
        self._servers: list[Server] = []

    def listen(self, host: str, port: int, metrics: bool = True) -> int:
        """Serve at an address (port 0: any free one) until ``close``; the port.

        Raises:
            SettingsError: the port cannot be used.
        """
        from cheroot.wsgi import Server

        server = Server((host, port), self._app(metrics), numthreads=_THREADS, request_queue_size=_WAITING, timeout=_SLOWEST)
        server.max_request_body_size = LARGEST
        server.error_log = lambda msg="", level=20, traceback=False: log.log(level, "%s", msg)  # type: ignore[method-assign]
        try:
            server.prepare()
        except (OSError, OverflowError) as error:
            raise SettingsError("slack.port_taken", port=port, what=str(error)) from error
        threading.Thread(target=server.serve, name="http", daemon=True).start()
        self._servers.append(server)
        return int(server.bind_addr[1])

    @property
    def port(self) -> int | None:
        """The port of the first address."""
        return int(self._servers[0].bind_addr[1]) if self._servers else None

    def told(self) -> dict[str, Any]:
        """What ``/healthz`` tells: the parts of this process, and what a connector knows."""
        parts, more = self.health(), self.beside()
        return parts | more | {"status": max(parts["status"], more.get("status", "ok"), key=_WORSE.index)}

    def metrics(self) -> bytes:
        """The text that Prometheus reads."""
        return exposition(self._collectors)

    def close(self) -> None:
        """Stop listening."""
        for server in self._servers:
            server.stop()
        self.health.close()

    def _app(self, metrics: bool) -> WSGIApplication:
        def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "")
            if path == "/healthz":
                state = self.told()
                status = 503 if state["status"] == "down" else 200
                content = json.dumps(state, ensure_ascii=False, default=str).encode()
                return _page(start_response, status, "application/json; charset=utf-8", content)
            if metrics and path == "/metrics":
                return _page(start_response, 200, "text/plain; version=0.0.4; charset=utf-8", self.metrics())
            if self.connector is not None:
                return self.connector(environ, start_response)
            return _page(start_response, 404, "text/plain", b"/healthz /metrics\n")

        return application


def _page(start_response: StartResponse, status: int, kind: str, content: bytes) -> list[bytes]:
    start_response(_STATUS[status], [("Content-Type", kind), ("Content-Length", str(len(content)))])
    return [content]
