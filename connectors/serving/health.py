"""How each part is, looked at cheaply and never longer than two seconds: for ``/healthz``, metrics and whoever watches."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from assistant.adapters.editions import Editions
from assistant.adapters.files import open_files
from assistant.errors import AeoError, IndexMissing, Unavailable
from assistant.settings import Settings
from assistant.texts import say
from connectors.serving.logs import Redactor
from connectors.serving.metrics import meters

DEADLINE = 2.0
"""Seconds that a part has to answer."""


def health(settings: Settings) -> dict[str, Any]:
    """One look, as ``Health`` gives it."""
    looked = Health(settings)
    try:
        return looked()
    finally:
        looked.close()


class Health:
    """Looks at the parts of one process; keeps its connection to the database from look to look."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._clean = Redactor(settings)
        self._engine: Any = None
        self._looking: dict[str, _Look] = {}
        self._lock = threading.Lock()

    def __call__(self) -> dict[str, Any]:
        """``{"status": "ok"|"degraded"|"down", "parts": {name: {"status": "ok"|"degraded"|"off", "detail", "ms"}}}``.

        ``down``: no edition can be read, so nothing can be answered. ``degraded``: something is away, and what needs it waits or is
        done without it. ``off``: not configured.
        """
        parts = self._looked(
            {
                "edition": self._edition,
                "index": self._index,
                "database": self._database,
                "files": self._files,
                "embedding": self._embedding,
                "chat": self._chat,
            }
        )
        bad = [name for name, part in parts.items() if part["status"] == "degraded"]
        return {"status": "down" if "edition" in bad else "degraded" if bad else "ok", "parts": parts}

    def queues(self) -> dict[str, tuple[int, datetime | None]] | None:
        """Queue -> (entries that wait, since when the oldest does); None when the database does not answer."""
        looked = _Look(self._queues)
        looked.wait(time.monotonic() + DEADLINE)
        return looked.result if looked.done and looked.error is None else None

    def close(self) -> None:
        """Let go of the database."""
        if self._engine is not None:
            self._engine.dispose()

    def _looked(self, probes: dict[str, Callable[[], str | None]]) -> dict[str, dict[str, Any]]:
        """All probes at once, each on a thread; one that still hangs from an earlier look is not started again."""
        end = time.monotonic() + DEADLINE
        with self._lock:
            running = {n: look for n, look in self._looking.items() if not look.done}
            self._looking = {name: running.get(name) or _Look(probe) for name, probe in probes.items()}
            looks = dict(self._looking)
        for look in looks.values():
            look.wait(end)
        return {name: self._told(look) for name, look in looks.items()}

    def _told(self, look: _Look) -> dict[str, Any]:
        lang = self.settings.lang
        if not look.done:
            return {"status": "degraded", "detail": say("ops.no_answer", lang, seconds=DEADLINE), "ms": round(DEADLINE * 1000)}
        if look.error is not None:
            sentence = look.error.sentence(lang) if isinstance(look.error, AeoError) else f"{type(look.error).__name__}"
            return {"status": "degraded", "detail": self._clean(sentence), "ms": look.ms}
        return {"status": "off" if look.result is None else "ok", "detail": self._clean(look.result or ""), "ms": look.ms}

    # -- the parts: what is well is a word about it, None is not configured, an error is what is wrong -------------------

    def _edition(self) -> str:
        store = Editions(self.settings.home)
        manifest = store.manifest()
        if not (store.folder(manifest.build) / "guide.json").is_file():
            store.guide(manifest)
        return manifest.edition

    def _index(self) -> str | None:
        store = Editions(self.settings.home)
        manifest = store.manifest()
        if manifest.embedder == "none":
            return None
        if self.settings.chroma_url:
            from assistant.adapters.chroma.index import ChromaIndex

            return str(ChromaIndex(manifest.build, None, self.settings.chroma_url).count())
        folder = store.folder(manifest.build) / "chroma"
        if not (folder / "chroma.sqlite3").is_file():
            raise IndexMissing("index.gone", where=str(folder))
        return str(manifest.passages)

    def _database(self) -> str | None:
        from sqlalchemy import text

        if not self._begun():
            return None
        with self._connected() as connection:
            connection.execute(text("SELECT 1"))
        return str(self._engine.dialect.name)

    def _files(self) -> str:
        if self.settings.files_url:
            open_files(self.settings.files_url, self.settings.home).has("0" * 64)
            return urlsplit(self.settings.files_url).scheme
        if self.settings.home.exists() and not os.access(self.settings.home, os.W_OK):
            raise Unavailable("doctor.home_readonly", home=str(self.settings.home.absolute()))
        return "folder"

    def _embedding(self) -> str | None:
        if self.settings.embedding_base_url:
            self._reached(self.settings.embedding_base_url)
        self._lately(*(f"models.{k}" for k in ("endpoint", "endpoint_wrong", "bundled_missing", "bundled_failed", "sentence_transformer")))
        return self.settings.embedding_model

    def _chat(self) -> str | None:
        if not self.settings.chat_model:
            return None
        if self.settings.chat_base_url:
            self._reached(self.settings.chat_base_url)
        self._lately("models.chat")
        return self.settings.chat_model

    # -- how ---------------------------------------------------------------------------------------------------------------

    @staticmethod
    def _reached(url: str) -> None:
        """Whether something listens there: costs no token."""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((parts.hostname or "", port), timeout=DEADLINE).close()
        except OSError as error:
            raise Unavailable("ops.endpoint", address=f"{parts.hostname}:{port}", what=type(error).__name__) from error

    @staticmethod
    def _lately(*notices: str) -> None:
        """What listens may still not answer: the latest question knows."""
        for notice in meters().recent:
            if notice in notices:
                raise Unavailable("ops.lately", notice=notice)

    def _begun(self) -> bool:
        """Looking makes no database file."""
        return self.settings.database_url is not None or (self.settings.home / "register.sqlite3").exists()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        from assistant.adapters.sql.register import make_engine, reachable

        url = self.settings.database
        if self._engine is None:
            self._engine = make_engine(url)
        with reachable(self._engine), self._engine.connect() as connection:
            yield connection

    def _queues(self) -> dict[str, tuple[int, datetime | None]]:
        from assistant.adapters.sql.queues import queues

        if not self._begun():
            return {}
        with self._connected() as connection:
            return queues(connection)


class _Look:
    """One probe under way on a daemon thread."""

    def __init__(self, probe: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: Exception | None = None
        self.ms = 0.0
        self._probe = probe
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether it came back."""
        return not self._thread.is_alive()

    def wait(self, end: float) -> None:
        """Until it came back, at most until ``end`` on the monotonic clock."""
        self._thread.join(max(0.0, end - time.monotonic()))

    def _run(self) -> None:
        began = time.perf_counter()
        try:
            self.result = self._probe()
        except Exception as error:
            self.error = error
        self.ms = round((time.perf_counter() - began) * 1000, 1)
