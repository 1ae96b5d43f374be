"""Vectors already computed, by model, form and text: nothing is embedded twice, in whatever edition it stands."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path

import numpy as np

from assistant.adapters.models.packed_vectors import PackedVectors
from assistant.answers.ports import Floats

_BATCH = 64  # texts in one run of the model; chosen, not measured


class VectorCache:
    """A SQLite file under ``AEO_HOME``; a cache only, it can be deleted at any time.

    ``shipped`` is a read-only archive of vectors that comes with the product: for its own banks and guide, or its case sets.
    """

    def __init__(self, path: Path, shipped: Path | None = None) -> None:
        self.path = path
        self.shipped = shipped
        self.computed = 0
        self.reused = 0

    def embed(
        self,
        fingerprint: str,
        form: str,
        texts: Sequence[str],
        model: Callable[[Sequence[str]], Floats],
        step: Callable[[int, int], None] = lambda done, total: None,
    ) -> Floats:
        """Vectors of ``texts``, shape (len(texts), dimension): known ones from the cache, the others from ``model``.

        Raises:
            OSError: the cache cannot be written, as on a full disk.
        """
        try:
            return self._embed(fingerprint, form, texts, model, step)
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), str(self.path)) from error

    def _embed(
        self, fingerprint: str, form: str, texts: Sequence[str], model: Callable[[Sequence[str]], Floats], step: Callable[[int, int], None]
    ) -> Floats:
        keys = [_key(fingerprint, form, t) for t in texts]
        archive = self._archive
        known = archive.vectors(keys) if archive is not None and archive.fingerprint == fingerprint else {}
        wanted = [k for k in dict.fromkeys(keys) if k not in known]
        if not wanted:
            self.reused += len(known)
            step(len(keys), len(keys))
            return _stacked(known, keys)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as store:
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 - only question marks
                known |= {k: np.frombuffer(v, dtype=np.float32) for k, v in store.execute(query, part)}
            text_of = dict(zip(keys, texts, strict=True))
            missing = [k for k in dict.fromkeys(keys) if k not in known]
            self.reused += len(set(keys)) - len(missing)
            for start in range(0, len(missing), _BATCH * 4):
                part = missing[start : start + _BATCH * 4]
                for key, vector in zip(part, model([text_of[k] for k in part]), strict=True):
                    known[key] = vector
                    store.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", (key, np.asarray(vector, dtype=np.float32).tobytes()))
                store.commit()
                self.computed += len(part)
                step(len(keys) - len(missing) + start + len(part), len(keys))
        step(len(keys), len(keys))
        return _stacked(known, keys)

    def kept(self) -> dict[bytes, Floats]:
        """All that the file holds, by key; of every model and form."""
        with closing(self._open()) as store:
            return {k: np.frombuffer(v, dtype=np.float32) for k, v in store.execute("SELECT key, vector FROM vectors")}

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError:
            self.path.unlink(missing_ok=True)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        store = sqlite3.connect(self.path, timeout=30)
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        return store

    @cached_property
    def _archive(self) -> PackedVectors | None:
        return PackedVectors.read(self.shipped) if self.shipped is not None and self.shipped.exists() else None


def _stacked(known: Mapping[bytes, Floats], keys: Sequence[bytes]) -> Floats:
    return np.stack([known[k] for k in keys]).astype(np.float32) if keys else np.zeros((0, 1), dtype=np.float32)


def _key(fingerprint: str, form: str, text: str) -> bytes:
    return hashlib.sha256(f"{fingerprint}\x1f{form}\x1f{text}".encode()).digest()[:16]


key_of = _key
