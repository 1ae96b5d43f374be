"""The passages in Chroma: embedded (one folder per build, written once) or a server; a collection per build.

Chroma is a cache that can be rebuilt from the parsed guide at any time. Only ``query_embeddings`` are used: texts would
make Chroma fetch a model of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from filelock import FileLock, Timeout

from assistant.adapters.chroma.server import LONG_PATIENCE, PATIENCE, chroma_server
from assistant.adapters.chroma.settings import chroma_settings
from assistant.answers.passages import Passage
from assistant.answers.ports import Floats, Hit
from assistant.errors import AeoError, Busy, IndexMissing, Reason, Unavailable
from assistant.settings import without_secrets

_BATCH = 500  # passages in one call to Chroma; chosen, not measured


class Records(NamedTuple):
    """Everything a collection holds, sorted by id: what is copied to another Chroma, or into a backup."""

    ids: list[str]
    vectors: Floats
    documents: list[str]
    metadatas: list[dict[str, Any]]

    def same(self, other: Records) -> bool:
        """Whether two hold the same; Chroma makes unit vectors of what it is given, which may move the last bit."""
        words = (self.ids, self.documents, self.metadatas) == (other.ids, other.documents, other.metadatas)
        return words and self.vectors.shape == other.vectors.shape and bool(np.allclose(self.vectors, other.vectors, atol=1e-6, rtol=0))


class ChromaIndex:
    """One build's collection. Opened when first searched; re-opened when a server comes back."""

    def __init__(self, name: str, folder: Path | None = None, url: str | None = None, patience: float = PATIENCE) -> None:
        self.name = name
        self.folder = folder
        self.url = url
        self.patience = patience
        self._lock = threading.Lock()
        self._client: Any = None
        self._collection: Any = None

    def build(self, passages: Sequence[Passage], vectors: Floats, edition: str, step: Callable[[int, int], None]) -> None:
        """Write the collection anew: same-named leftovers of a killed build are dropped first."""
        metadatas = [{"clause": p.clause, "kind": p.kind, "role": p.role, "line": p.line, "edition": edition} for p in passages]
        self.write(Records([p.id for p in passages], vectors, [p.text for p in passages], metadatas), edition, step)

    def write(self, records: Records, edition: str, step: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Write records as a collection, instead of a same-named one."""
        self.patience = LONG_PATIENCE
        total = len(records.ids)
        with self._trouble():
            client = self._connect()
            self._delete(client)
            collection = client.create_collection(
                self.name, embedding_function=None, configuration={"hnsw": _settled(total)}, metadata={"edition": edition}
            )
            for start in range(0, total, _BATCH):
                part = slice(start, start + _BATCH)
                collection.add(
                    ids=records.ids[part],
                    embeddings=records.vectors[part].tolist(),
                    documents=records.documents[part],
                    metadatas=records.metadatas[part],
                )
                step(min(start + _BATCH, total), total)
            self._collection = collection

    def read(self) -> Records:
        """All records.

        Raises:
            IndexMissing: the collection is gone. Unavailable: the server does not answer.
        """
        self.patience = LONG_PATIENCE
        with self._trouble():
            collection = self._open()
            wanted = ["embeddings", "documents", "metadatas"]
            parts = [collection.get(limit=_BATCH, offset=n, include=wanted) for n in range(0, collection.count(), _BATCH)]
        ids = [i for part in parts for i in part["ids"]]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        vectors = np.concatenate([np.asarray(part["embeddings"], dtype=np.float32) for part in parts]) if parts else np.zeros((0, 0), "f4")
        documents = [d for part in parts for d in part["documents"]]
        metadatas = [dict(m) for part in parts for m in part["metadatas"]]
        return Records([ids[i] for i in order], vectors[order], [documents[i] for i in order], [metadatas[i] for i in order])

    def search(self, vector: Floats, limit: int) -> list[Hit]:
        """The nearest passages by cosine, best first.

        Raises:
            IndexMissing: the collection is gone. Unavailable: the server does not answer.
        """
        with self._trouble():
            collection = self._open()
            answer = collection.query(query_embeddings=[vector.tolist()], n_results=limit, include=["distances"])
        return [Hit(i, 1.0 - float(d)) for i, d in zip(answer["ids"][0], answer["distances"][0], strict=True)]

    def count(self) -> int:
        """Number of passages."""
        with self._trouble():
            return int(self._open().count())

    def drop(self) -> None:
        """Delete the collection, if it is there."""
        with self._trouble():
            self._delete(self._connect())
            self._collection = None

    def close(self) -> None:
        """Let go of files; a server's connection is shared and stays."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None

    def lost(self) -> None:
        """After an error: open again next time."""
        self._collection = None
        if self.url:
            chroma_server(self.url, self.patience).failed()
        else:
            self.close()

    def forget(self) -> None:
        """The collection is not the one that was opened: look for it again next time."""
        self._collection = None

    def _open(self) -> Any:
        with self._lock:
            if self._collection is None:
                if not self.url and self.folder is not None and not (self.folder / "chroma.sqlite3").exists():
                    raise IndexMissing("index.gone", where=str(self.folder))
                self._collection = self._connect().get_collection(self.name, embedding_function=None)
            return self._collection

    def _connect(self) -> Any:
        if self.url:
            return chroma_server(self.url, self.patience).client()
        if self._client is None:
            settings = chroma_settings()(anonymized_telemetry=False)
            import chromadb

            try:
                self._client = chromadb.PersistentClient(str(self.folder), settings=settings)
            except AttributeError:  # it failed to open before: Chroma keeps that one, and forgets it only after it failed again
                self._client = chromadb.PersistentClient(str(self.folder), settings=settings)
        return self._client

    def _delete(self, client: Any) -> None:
        from chromadb.errors import NotFoundError

        try:
            client.delete_collection(self.name)
        except NotFoundError:
            return

    def _trouble(self) -> _Trouble:
        return _Trouble(self)


def _settled(total: int) -> dict[str, Any]:
    """Settings with which a collection of that size is on disk once it is written.

    What is not (by default the first thousand) waits in one queue for all collections, which every query reads from end to end:
    with a thousand guides that cost 300 ms.
    """
    threshold = max(total, 2)
    return {"space": "cosine", "sync_threshold": threshold, "batch_size": min(threshold, 100)}


class _Trouble:
    """Chroma's errors as ours; a lost server is connected to again next time."""

    def __init__(self, index: ChromaIndex) -> None:
        self.index = index

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, Exception) or isinstance(error, AeoError):
            return
        from chromadb.errors import InvalidArgumentError, InvalidDimensionException, NotFoundError

        index = self.index
        where = without_secrets(index.url) if index.url else str(index.folder)
        if isinstance(error, NotFoundError):
            index.forget()
            raise IndexMissing("index.gone", where=where) from error
        if not isinstance(error, (InvalidArgumentError, InvalidDimensionException)):  # those say that the server is well
            index.lost()
        key = "index.down" if index.url else "index.broken" if os.access(str(index.folder), os.W_OK) else "index.locked"
        what = Reason("NoServer" if isinstance(error, ValueError) and index.url else type(error).__name__)  # so Chroma's client says it
        raise Unavailable(key, where=where, what=what) from error  # Chroma raises a bare Exception too


@contextmanager
def serving(home: Path, url: str | None) -> Iterator[None]:
    """Held by a process that serves people for as long as it does. Without a Chroma server only one may.

    Embedded Chroma belongs to one process: others on the same folders see what it does late or not at all. Commands that
    read a finished build and end may run beside it, for a build's folder is never written again. A killed process leaves
    no lock behind.

    Raises:
        Busy: another process serves from this home.
    """
    if url:
        yield
        return
    home.mkdir(parents=True, exist_ok=True)
    holder = home / "serving.pid"
    try:
        with FileLock(home / "serving.lock", blocking=False):
            holder.write_text(str(os.getpid()), encoding="ascii")
            yield
    except Timeout as error:
        known = holder.read_text(encoding="ascii").strip() if holder.exists() else ""
        raise Busy("ops.second_worker", home=str(home.absolute()), pid=known or "?") from error
