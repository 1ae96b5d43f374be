"""The passages in Chroma: embedded (one folder per build, written once) or a server; a collection per build.

Chroma is a cache that can be rebuilt from the parsed guide at any time. Only ``query_embeddings`` are used: texts would
make Chroma fetch a model of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.answers.passages import Passage
from assistant.answers.ports import Hit
from assistant.answers.ranker import Floats
from assistant.errors import IndexMissing, Unavailable

_BATCH = 500


class ChromaIndex:
    """One build's collection. Opened when first searched; re-opened when a server comes back."""

    def __init__(self, name: str, folder: Path | None = None, url: str | None = None) -> None:
        self.name = name
        self.folder = folder
        self.url = url
        self._lock = threading.Lock()
        self._client: Any = None
        self._collection: Any = None

    def build(self, passages: Sequence[Passage], vectors: Floats, edition: str, step: Callable[[int, int], None]) -> None:
        """Write the collection anew: same-named leftovers of a killed build are dropped first."""
        with self._trouble():
            client = self._connect()
            if self.name in {c.name for c in client.list_collections()}:
                client.delete_collection(self.name)
            collection = client.create_collection(
                self.name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}, metadata={"edition": edition}
            )
            for start in range(0, len(passages), _BATCH):
                part = passages[start : start + _BATCH]
                collection.add(
                    ids=[p.id for p in part],
                    embeddings=vectors[start : start + _BATCH].tolist(),
                    documents=[p.text for p in part],
                    metadatas=[{"clause": p.clause, "kind": p.kind, "role": p.role, "line": p.line, "edition": edition} for p in part],
                )
                step(min(start + _BATCH, len(passages)), len(passages))
            self._collection = collection

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
            client = self._connect()
            if self.name in {c.name for c in client.list_collections()}:
                client.delete_collection(self.name)
            self._collection = None

    def close(self) -> None:
        """Let go of files and connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None

    def _open(self) -> Any:
        with self._lock:
            if self._collection is None:
                if self.folder is not None and not (self.folder / "chroma.sqlite3").exists():
                    raise IndexMissing("index.gone", where=str(self.folder))
                self._collection = self._connect().get_collection(self.name, embedding_function=None)
            return self._collection

    def _connect(self) -> Any:
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            quiet = Settings(anonymized_telemetry=False)
            if self.url:
                parts = urlsplit(self.url)
                self._client = chromadb.HttpClient(
                    host=parts.hostname or "127.0.0.1", port=parts.port or 8000, ssl=parts.scheme == "https", settings=quiet
                )
            else:
                self._client = chromadb.PersistentClient(str(self.folder), settings=quiet)
        return self._client

    def _trouble(self) -> _Trouble:
        return _Trouble(self)


class _Trouble:
    """Chroma's errors as ours; a lost server is connected to again next time."""

    def __init__(self, index: ChromaIndex) -> None:
        self.index = index

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if error is None or isinstance(error, (IndexMissing, KeyboardInterrupt)):
            return
        import httpx
        from chromadb.errors import ChromaError, NotFoundError

        index = self.index
        if isinstance(error, NotFoundError):
            index._collection = None
            raise IndexMissing("index.gone", where=index.url or str(index.folder)) from error
        if isinstance(error, (ChromaError, httpx.HTTPError, OSError, ValueError, AttributeError)):
            index._client = index._collection = None
            raise Unavailable("index.down", where=index.url or str(index.folder), what=type(error).__name__) from error
