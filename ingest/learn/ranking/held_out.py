"""A search that was not taught a quarter of the banks: what is learned about searches is learned from questions that it does not know."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from assistant.adapters.memory_index import MemoryIndex
from assistant.adapters.models.known_vectors import key_of
from assistant.answers.passages import passages, titles
from assistant.answers.ports import Embedder, Floats
from assistant.answers.search.found import Found
from assistant.answers.search.ranker import Ranker
from assistant.answers.search.searcher import Searcher
from assistant.guide import Guide
from ingest.learn.banks.bank import BankEntry
from ingest.learn.methods.kept import code_of, growing, kept
from ingest.learn.ranking.fit import fit

SHARE = 4
"""One entry in so many is held out, by a hash of its words: the same ones on every machine."""


class Recalled:
    """The embedder of questions, which asks its model for each text only once.

    Args:
        model: gives the vectors that are not known yet.
        known: vectors by ``key_of``; those of new texts are added to it.
    """

    def __init__(self, model: Embedder, known: dict[bytes, Floats]) -> None:
        self.model = model
        self.known = known

    @property
    def fingerprint(self) -> str:
        """That of the model."""
        return self.model.fingerprint

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of questions, shape (len(texts), dimension)."""
        keys = [key_of(self.fingerprint, "query", t) for t in texts]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self.known}
        if missing:
            self.known.update(zip(missing, self.model.queries(list(missing.values())), strict=True))
        return np.stack([self.known[k] for k in keys])

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of guide lines."""
        return self.model.passages(texts)


class HeldOut(NamedTuple):
    """The search, and the entries that it was not taught."""

    searcher: Searcher
    entries: tuple[BankEntry, ...]


class OftenAsked(Searcher):
    """A search that finds each text once for all runs; what it found has no kernel, so no lines can be had of it."""

    def __init__(self, guide: Guide, ranker: Ranker, index: MemoryIndex, embedder: Embedder, known: dict[str, Found]) -> None:
        super().__init__(guide, ranker, index, embedder)
        self.known = known

    def find(self, question: str) -> Found:
        """As every search does."""
        if question not in self.known:
            self.known[question] = replace(super().find(question), kernel=np.zeros(0, dtype=np.float32))
        return self.known[question]


def is_held_out(entry: BankEntry) -> bool:
    """Whether an entry belongs to the quarter that is held out."""
    return zlib.crc32(entry.question.encode()) % SHARE == 0


@contextmanager
def held_out(
    entries: Sequence[BankEntry], guide: Guide, lines: Mapping[str, Floats], embedder: Recalled, defaults: Mapping[str, Any]
) -> Iterator[HeldOut]:
    """Fit a ranker on three quarters of the banks, and search with it.

    Args:
        entries: the banks.
        guide: the edition that they are labelled on.
        lines: passage id -> embedding.
        embedder: gives the vectors of questions.
        defaults: as ``fit`` takes them.
    """
    taught = [e for e in entries if not is_held_out(e)]
    vectors = embedder.queries([e.question for e in taught])
    groups, named = passages(guide), titles(guide)
    made_of = taught, groups, named, vectors, lines, code_of("ingest.learn.ranking.fit")
    ranker = kept("held_out", made_of, lambda: fit(taught, groups, named, vectors, dict(lines), dict(defaults)))
    index = MemoryIndex(list(lines), np.stack(list(lines.values())).astype(np.float32))
    with growing("found", (*made_of, code_of("assistant.answers.search.searcher"))) as known:
        yield HeldOut(OftenAsked(guide, ranker, index, embedder, known), tuple(e for e in entries if is_held_out(e)))
