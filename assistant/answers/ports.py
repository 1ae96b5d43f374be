"""What answering needs from outside: embeddings, an index of passages, a chat model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors; queries and passages may have different forms."""

    @property
    def fingerprint(self) -> str:
        """Identifies model, version and form; recorded in every index."""

    def queries(self, texts: Sequence[str]) -> Floats:
        """Vectors of questions, shape (len(texts), dimension)."""

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of guide lines, shape (len(texts), dimension)."""


class Hit(NamedTuple):
    """One dense hit: passage id and cosine similarity."""

    passage: str
    similarity: float


class PassageIndex(Protocol):
    """The vectors of one build, searched by cosine."""

    def search(self, vector: Floats, limit: int) -> list[Hit]:
        """The ``limit`` nearest passages, best first."""

    def count(self) -> int:
        """How many passages it holds."""
