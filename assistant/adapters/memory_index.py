"""The index in memory, for learning: exact cosine by numpy; the twin of the Chroma index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.answers.ports import Floats, Hit


class MemoryIndex:
    """Passages and their unit vectors in memory."""

    def __init__(self, ids: Sequence[str], vectors: Floats) -> None:
        self.ids = list(ids)
        self.vectors = vectors

    def search(self, vector: Floats, limit: int) -> list[Hit]:
        """The nearest passages by cosine, best first."""
        similar = self.vectors @ vector
        best = np.argsort(-similar, kind="stable")[:limit]
        return [Hit(self.ids[i], float(similar[i])) for i in best]

    def count(self) -> int:
        """Number of passages."""
        return len(self.ids)
