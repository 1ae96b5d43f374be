"""A small linear classifier over a question's embedding and its character n-grams; learned at packing, plain arrays here.

Each *head* answers one question about a text (which act is it, what does it ask about) with a probability for every
label. A head has two variants: with the embedding, and from n-grams alone, for the days without an embedding model and
for messages that name a number, which no model should be loaded for.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answers.ports import Floats
from assistant.answers.question.words import fold

COLUMNS = 2**12
"""Hashed n-gram columns; 2**13 is no better (``python -m ingest.learn.confusion``)."""
_LONGEST_GRAM = 3  # characters of an n-gram
SHIPPED_HEADS = Path(__file__).parents[2] / "heads.npz"
SURE, LIKELY = 0.9, 0.4
"""Least probability of an act other than a question to be taken for sure, and to be taken when the search finds nothing.
Measured on the acts bank by ``python -m ingest.learn.confusion act`` and on the sets by ``aeo eval run``."""


@lru_cache(maxsize=8192)
def grams(text: str) -> tuple[list[int], Floats]:
    """Columns of a text's character n-grams and their weights: square roots of counts, of unit length together.

    Kept for the latest texts: a message is read by a dozen heads, and whoever reads them changes nothing.
    """
    padded = f" {fold(text).strip()} "
    counts = Counter(
        zlib.crc32(padded[i : i + n].encode()) % COLUMNS for n in range(1, _LONGEST_GRAM + 1) for i in range(len(padded) - n + 1)
    )
    weights = np.sqrt(np.array(list(counts.values()), dtype=np.float32))
    return list(counts), np.asarray(weights / (np.linalg.norm(weights) or 1.0), dtype=np.float32)


def in_letters(message: str, others: tuple[str, ...]) -> Floats:
    """How like a message is to each of others by its n-grams, 0 to 1, shape (others,)."""
    mine = np.zeros(COLUMNS, dtype=np.float32)
    asked, weights = grams(message)
    mine[asked] = weights
    columns, held, starts = _kept_in_a_row(others)
    return np.asarray(np.add.reduceat(mine[columns] * held, starts), dtype=np.float32)


def _in_a_row(texts: Sequence[str]) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
    """Columns and weights of the n-grams of all texts one after the other, and where each text begins."""
    each = [grams(text) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in each)])[:-1]
    return np.concatenate([columns for columns, _ in each]), np.concatenate([weights for _, weights in each]), starts


_kept_in_a_row = lru_cache(maxsize=256)(_in_a_row)
"""The same, kept for the messages of the latest clauses."""


def softmax(logits: Floats) -> Floats:
    """Shares of one, along the last axis."""
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def centred(vector: Floats, mean: Floats) -> Floats:
    """A vector around a mean, of unit length."""
    moved = vector - mean
    return np.asarray(moved / (np.linalg.norm(moved) or 1.0), dtype=np.float32)


@dataclass(frozen=True)
class Variant:
    """Weights of one head: ``grams`` (COLUMNS, labels), ``dense`` (dimension, labels) or None, ``bias`` (labels,)."""

    grams: Floats
    bias: Floats
    dense: Floats | None = None

    def probabilities(self, text: str, vector: Floats | None) -> Floats:
        """Softmax over the labels, shape (labels,); ``vector`` is the centred unit vector of the text."""
        columns, weights = grams(text)
        logits = self.bias + weights @ self.grams[columns]
        if self.dense is not None and vector is not None:
            logits = logits + vector @ self.dense
        return softmax(logits).astype(np.float32)

    def each(self, texts: Sequence[str]) -> Floats:
        """The same of many short texts at once, from their n-grams alone, shape (texts, labels)."""
        columns, weights, starts = _in_a_row(texts)
        return softmax(self.bias + np.add.reduceat(self.grams[columns] * weights[:, None], starts, axis=0)).astype(np.float32)

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """What is kept of it in an archive, under names that begin with ``prefix``; weights in half precision."""
        kept: dict[str, np.ndarray] = {f"{prefix}/grams": self.grams.astype(np.float16), f"{prefix}/bias": self.bias}
        if self.dense is not None:
            kept[f"{prefix}/dense"] = self.dense.astype(np.float16)
        return kept

    @classmethod
    def of(cls, arrays: np.lib.npyio.NpzFile, prefix: str) -> Variant:
        """What ``arrays`` kept.

        Raises:
            KeyError: there is none of that name.
        """
        dense = f"{prefix}/dense"
        return cls(
            arrays[f"{prefix}/grams"].astype(np.float32),
            arrays[f"{prefix}/bias"],
            arrays[dense].astype(np.float32) if dense in arrays else None,
        )


@dataclass(frozen=True)
class Head:
    """One learned question about a text."""

    labels: tuple[str, ...]
    alone: Variant
    full: Variant | None = None

    def probabilities(self, text: str, vector: Floats | None) -> dict[str, float]:
        """Label -> probability."""
        variant = self.full if self.full is not None and vector is not None else self.alone
        return {label: float(p) for label, p in zip(self.labels, variant.probabilities(text, vector), strict=True)}


@dataclass(frozen=True)
class Heads:
    """All heads, the embedding model whose vectors their full variants read, and the mean of those vectors.

    ``clause_set`` and ``follow_up`` are the weights by which a clause belongs to the answer of a message of several pieces
    (``assistant.answers.search.units``) and of a follow-up (``assistant.answers.search.turns``), ``standing`` those by which a question
    begins (``assistant.answers.search.standing``). ``said`` are the words of
    sentences about the whole of anything, ``naming`` what stands before and behind a matter that is only brought up.
    """

    heads: dict[str, Head]
    maker: str
    mean: Floats | None
    clause_set: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    follow_up: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    standing: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    said: frozenset[str] = frozenset()
    naming: tuple[tuple[str, str], ...] = ()

    def read(self, head: str, text: str, vector: Floats | None = None) -> dict[str, float]:
        """Label -> probability of one head; ``vector`` as the embedding model gives it, or None."""
        return self.heads[head].probabilities(text, self.centred(vector))

    @property
    def from_grams(self) -> Heads:
        """The same heads without embeddings, for an edition that was made with another model or with none."""
        return replace(self, heads={name: Head(head.labels, head.alone) for name, head in self.heads.items()}, maker="none", mean=None)

    def centred(self, vector: Floats | None) -> Floats | None:
        """A vector around the mean that the heads were fitted with, of unit length."""
        return None if vector is None or self.mean is None else centred(vector, self.mean)

    def save(self, path: Path) -> None:
        """Write one ``.npz``; weights in half precision."""
        arrays: dict[str, np.ndarray] = {
            "maker": np.array(self.maker), "clause_set": self.clause_set, "follow_up": self.follow_up, "standing": self.standing,
            "said": np.array(sorted(self.said), dtype=str), "naming": np.array(self.naming, dtype=str).reshape(-1, 2),
        }  # fmt: skip
        if self.mean is not None:
            arrays["mean"] = self.mean
        for name, head in self.heads.items():
            arrays[f"{name}/labels"] = np.array(head.labels)
            for kind, variant in (("alone", head.alone), ("full", head.full)):
                arrays |= variant.arrays(f"{name}/{kind}") if variant is not None else {}
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Read what ``save`` wrote.

        Raises:
            OSError, ValueError: the file is missing or damaged.
        """
        with np.load(path) as arrays:
            named = {name.split("/")[0] for name in arrays if "/" in name}
            heads = {}
            for name in sorted(named):
                full = Variant.of(arrays, f"{name}/full") if f"{name}/full/bias" in arrays else None
                heads[name] = Head(tuple(str(label) for label in arrays[f"{name}/labels"]), Variant.of(arrays, f"{name}/alone"), full)
            standing = arrays.get("standing", np.zeros(0, dtype=np.float32))
            said = frozenset(map(str, arrays.get("said", [])))
            naming = tuple((str(front), str(end)) for front, end in arrays.get("naming", []))
            return cls(heads, str(arrays["maker"]), arrays.get("mean"), arrays["clause_set"], arrays["follow_up"], standing, said, naming)


@cache
def shipped() -> Heads:
    """The heads that ship with the product, learned with the bundled embedding model."""
    return Heads.load(SHIPPED_HEADS)
