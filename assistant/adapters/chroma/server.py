"""A Chroma server by address: one client for each in this process, bounded waiting, and a pause after a failure.

Chroma's own client waits forever for a server that hangs, and each one holds a TLS context of its own.
"""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from assistant.adapters.chroma.settings import chroma_settings
from assistant.errors import SettingsError, Unavailable
from assistant.settings import without_secrets

PAUSE = 1.0
"""Seconds in which a server that failed is not asked again: a dead one then costs one question in many its waiting."""
PATIENCE, LONG_PATIENCE = 2.0, 120.0
"""Seconds that a question, and a build or a copy, wait for an answer."""


class ChromaServer:
    """The way to one server; every index of this process shares it."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        try:
            parts = urlsplit(url)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # what it took for the port is no number, and may be a piece of a password
            sound = False
        if not sound:
            raise SettingsError("ops.chroma_url", url=without_secrets(url))
        self.url = url
        self.patience = patience
        self._host, self._secure = parts.hostname, parts.scheme == "https"
        self._port = parts.port or (443 if self._secure else 8000)
        self._lock = threading.Lock()
        self._client: Any = None
        self._failed_at = float("-inf")

    def client(self) -> Any:
        """A connected client.

        Raises:
            Unavailable: the server failed less than a second ago. Others: whatever Chroma's client raises.
        """
        with self._lock:
            if time.monotonic() - self._failed_at < PAUSE:
                raise Unavailable("index.down", where=without_secrets(self.url), what="pause")
            if self._client is None:
                self._client = self._connected()
            return self._client

    def failed(self) -> None:
        """Let go of the connection; the next attempt, after a pause, makes a new one."""
        with self._lock:
            self._failed_at = time.monotonic()
            if self._client is not None:
                self._client.close()
            self._client = None

    def _connected(self) -> Any:
        import httpx

        settings = chroma_settings()
        from chromadb.api.client import Client

        bounds = httpx.Timeout(self.patience, connect=min(self.patience, PATIENCE))

        class Patient(Client):
            """Chroma's client, its session bounded before the first call."""

            def get_user_identity(self) -> Any:
                """Chroma's first call to the server."""
                self._server._session.timeout = bounds  # type: ignore[attr-defined]
                return super().get_user_identity()

        return Patient(
            settings=settings(
                anonymized_telemetry=False,
                chroma_api_impl="chromadb.api.fastapi.FastAPI",
                chroma_server_host=self._host,
                chroma_server_http_port=self._port,
                chroma_server_ssl_enabled=self._secure,
            )
        )


@cache
def chroma_server(url: str, patience: float = PATIENCE) -> ChromaServer:
    """The server at an address (``http://host:port``).

    Raises:
        SettingsError: that is no address.
    """
    return ChromaServer(url, patience)
