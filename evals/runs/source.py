"""Where answers come from: a small port, so that the runner does not care whether a model, or the product, is real."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import prompts
from assistant.adapters.models.known_vectors import VectorCache
from assistant.answers.answer import Answer, Turn
from assistant.answers.ports import Embedder, Floats
from assistant.answers.search.searcher import gist
from assistant.errors import AeoError
from assistant.guide import Guide
from evals.runs.identity import Identity

if TYPE_CHECKING:
    from assistant.app import Assistant

CASE_VECTORS = Path(__file__).parents[1] / "sets" / "vectors.npz"
"""Vectors of what the shipped sets ask, by ``python -m evals.runs.pack``."""
_ANSWERING = ("answer_system", "answer_user", "answer_repair", "check_system", "check_user", "rewrite_system", "rewrite_user")


class AnswerSource(Protocol):
    """Something that answers questions from one edition."""

    @property
    def guide(self) -> Guide:
        """The edition it answers from."""

    @property
    def identity(self) -> Identity:
        """What it is."""

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """Answer one question after the turns before it."""


class AssistantSource:
    """The product itself, answering from the active edition or a named one, loaded and warm."""

    def __init__(self, assistant: Assistant, edition: str | None = None) -> None:
        self.assistant = assistant
        self._edition = assistant.edition(edition)

    @property
    def guide(self) -> Guide:
        """The parsed guide of the edition."""
        return self._edition.guide

    @property
    def family(self) -> str:
        """The family of guides that the edition belongs to."""
        return self._edition.family

    @property
    def identity(self) -> Identity:
        """From the build's manifest and the settings."""
        manifest, settings = self._edition.manifest, self.assistant.settings
        return Identity(
            edition=manifest.edition,
            title=manifest.title,
            build=manifest.build,
            source_sha256=manifest.source_sha256,
            bank=manifest.bank,
            embedding_model=manifest.embedder,
            chat_model=settings.chat_model,
            reranker_model=settings.reranker_model,
            prompts={n: prompts.prompt(n).fingerprint for n in _ANSWERING} if settings.chat_model else {},
            code=code_version(),
        )

    @property
    def maps(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Where the clauses of older editions went in it, as a lead confirmed it."""
        return self.assistant.store.maps(self._edition.manifest)

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """As staff would ask it; what the first question loads is loaded before, so that it costs no case its latency."""
        return self.assistant.ask(question, history, edition=self._edition.manifest.edition)

    def prepare(self, questions: Sequence[str], elsewhere: bool) -> None:
        """What is done before a run: embed what is asked, and get warm unless other processes answer."""
        if not elsewhere:
            self.warm(questions)
            return
        from assistant.adapters.models.embeddings import embedder

        self._embedded(questions, embedder(self.assistant.settings))

    def warm(self, questions: Sequence[str] = ()) -> None:
        """Load index, ranker and embedding model, build what answers, and search once; no chat model is asked.

        ``questions`` are embedded together, on all cores, and kept under ``AEO_HOME``, and so is what they are taken apart into: another
        edition or another day asks the same ones. Those of the shipped sets come with their vectors.
        """
        assert self._edition.answering is not None
        searcher = self._edition.searcher
        searcher.find("。")
        if searcher.embedder is None or searcher.ranker.vectors is None:
            return
        searcher.remember(self._embedded(questions, searcher.embedder))
        if not isinstance(searcher.embedder, KeptQueries):
            searcher.embedder = KeptQueries(searcher.embedder, known_vectors(self.assistant.settings.home))

    def _embedded(self, questions: Sequence[str], model: Embedder) -> dict[str, Floats]:
        """Question -> vector, those not known embedded together and kept; none where the model is away, which every answer tells."""
        if not questions or self._edition.manifest.embedder != model.fingerprint:
            return {}
        texts, kept = [gist(q) for q in questions], known_vectors(self.assistant.settings.home)
        try:
            vectors = kept.embed(model.fingerprint, "query", texts, model.queries)
        except (AeoError, OSError):
            return {}
        return dict(zip(questions, vectors, strict=True))


@cache
def known_vectors(home: Path) -> VectorCache:
    """Vectors of what was asked in runs of a home, and of what the shipped sets ask."""
    return VectorCache(home / "vectors.sqlite3", CASE_VECTORS)


class KeptQueries:
    """An embedder whose vectors of questions are kept: the pieces of a message cost a third of a run, and are the same in the next one."""

    def __init__(self, inner: Embedder, kept: VectorCache) -> None:
        self._inner, self._kept = inner, kept

    @property
    def fingerprint(self) -> str:
        """That of the embedder itself."""
        return self._inner.fingerprint

    def queries(self, texts: Sequence[str]) -> Floats:
        """Kept ones, the others from the embedder; from it alone where nothing can be kept."""
        try:
            return self._kept.embed(self.fingerprint, "query", texts, self._inner.queries)
        except OSError:
            return self._inner.queries(texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        """From the embedder."""
        return self._inner.passages(texts)


@cache
def code_version() -> str:
    """The package's version and a hash of the code and texts that answer: 0.1.0+ and 12 hex digits."""
    folder = Path(prompts.__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(p for area in ("assistant", "prompts") for p in (folder / area).rglob("*") if p.suffix in (".py", ".toml", ".md")):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    try:
        version = metadata.version("aeo-assistant")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"{version}+{digest.hexdigest()[:12]}"
