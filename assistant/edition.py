"""One edition, ready to answer: its guide at once, its ranker, index and models with the first search."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.adapters.builds import Manifest
from assistant.adapters.editions import Editions
from assistant.answers.answer import Answer
from assistant.answers.passages import passages, printed
from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Heads, shipped
from assistant.answers.question.places.earlier import EARLIER, Earlier
from assistant.answers.question.reading import Reader
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.deciding.verdicts import Ruling, shipped_verdicts
from assistant.answers.search.searcher import Searcher
from assistant.errors import IndexMismatch, IndexMissing
from assistant.guide import Guide
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from assistant.answers.steps import AnswerSteps, Ask

HEADS = "heads.npz"
"""What a build made with another embedding model keeps its own heads in."""


@dataclass
class Edition:
    """One edition, ready to answer; immutable, so an answer never mixes two editions.

    ``steps`` makes what answers from it, as the settings say (a chat model, a reranker).
    """

    manifest: Manifest
    guide: Guide
    settings: Settings
    store: Editions
    steps: Callable[[Edition], AnswerSteps]
    vectors: dict[str, Floats] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """Whose guide it is."""
        return self.manifest.family

    @property
    def modelled(self) -> bool:
        """Whether a chat model writes its answers."""
        return self.settings.chat_model is not None

    @cached_property
    def composer(self) -> Composer:
        """Builds answers from this edition's lines."""
        return Composer(self.guide, self.searcher.groups, self._ruled, self._brought_in)

    def _ruled(self, question: str, clause: str) -> Ruling | None:
        """What words of a clause decide, as it was learned with the bundled model; of another model's vectors nothing is known."""
        vector = self.searcher.vector(question) if self.manifest.embedder == shipped().maker else None
        if vector is None:
            return None
        texts = printed(self.guide, self.searcher.groups[clause])
        return shipped_verdicts().decided(question, vector, texts, self.searcher.near(question, clause))

    def _brought_in(self) -> tuple[str, bool]:
        """The day on which it was brought in, and whether it is in force now."""
        return self.manifest.created[:10], self.manifest.build in {m.build for m in self.store.in_force()}

    @cached_property
    def searcher(self) -> Searcher:
        """The search; the ranker and models load when a question first needs them."""
        return LazySearcher(self)

    @cached_property
    def reader(self) -> Reader:
        """Reads messages; by the heads of this edition's build if it was made with another embedding model, else the shipped ones."""
        own = self.store.folder(self.manifest.build) / HEADS
        heads = Heads.load(own) if own.exists() else shipped()
        return Reader(self.guide, heads if heads.maker == self.manifest.embedder else heads.from_grams, self.searcher.vector)

    @cached_property
    def earlier(self) -> Earlier:
        """What the numbers of the edition before are in this one; nothing for a build that was made before that was kept."""
        try:
            return Earlier.model_validate_json((self.store.folder(self.manifest.build) / EARLIER).read_bytes())
        except (OSError, ValueError):
            return Earlier()

    @cached_property
    def chain(self) -> Runnable[Any, Answer]:
        """The retrieval chain as a LangChain Runnable."""
        from assistant.answers.chain import build_chain

        return build_chain(self.answering)

    @cached_property
    def answering(self) -> AnswerSteps:
        """How it answers what is searched."""
        return self.steps(self)

    def answers(self, ask: Ask) -> Iterator[Answer]:
        """Growing answers; by the chain where LangChain has a part in it, so that callbacks see every step."""
        return (self.chain if self.modelled or _in_a_chain() else self.answering).stream(ask)


class LazySearcher(Searcher):
    """A Searcher whose groups are there at once, and whose ranker, index and model load with the first search."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.guide = edition.guide
        self.groups = passages(edition.guide)
        self._lock = threading.Lock()
        self._ready = False

    def find(self, question: str) -> Any:
        """As ``Searcher.find``, loading what it needs first."""
        self.load()
        return super().find(question)

    def vector(self, question: str) -> Any:
        """As ``Searcher.vector``, loading what it needs first."""
        self.load()
        return super().vector(question)

    def rarity(self, character: str) -> float:
        """As ``Searcher.rarity``, loading what it needs first."""
        self.load()
        return super().rarity(character)

    def load(self) -> None:
        """Load ranker, index and embedding model.

        Raises:
            IndexMissing: files of the build are gone. IndexMismatch: made by another embedding model.
        """
        with self._lock:
            if self._ready:
                return
            from threadpoolctl import threadpool_limits

            from assistant.adapters.chroma.index import ChromaIndex
            from assistant.adapters.models.embeddings import embedder
            from assistant.answers.search.ranker import Ranker

            threadpool_limits(1, user_api="blas")  # many questions at a time, one thread each: two that spin are slower
            manifest, settings, store = self.edition.manifest, self.edition.settings, self.edition.store
            model = embedder(settings)
            if manifest.embedder not in ("none", model.fingerprint):
                raise IndexMismatch("index.mismatch", made=manifest.embedder, configured=model.fingerprint, again=store.again(manifest))
            folder = store.folder(manifest.build)
            try:
                ranker = Ranker.load(folder)
            except (OSError, ValueError) as error:
                raise IndexMissing("index.build_gone", edition=manifest.edition, where=str(folder)) from error
            index = None if manifest.embedder == "none" else ChromaIndex(manifest.build, folder / "chroma", settings.chroma_url)
            super().__init__(self.guide, ranker, index, model)
            self._vectors = self.edition.vectors
            self._ready = True


def _in_a_chain() -> bool:
    """Whether LangChain runs what asks: only then can anybody listen to the steps."""
    config = sys.modules.get("langchain_core.runnables.config")
    return config is not None and config.var_child_runnable_config.get() is not None
