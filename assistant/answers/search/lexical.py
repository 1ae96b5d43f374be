"""BM25 over the guide's lines and over whole clauses, on CJK unigrams and bigrams (library: bm25s)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.passages import Passage
from assistant.answers.ports import Floats
from assistant.answers.question.words import tokens


class Lexical:
    """Two BM25 indexes in memory, built in milliseconds: one document per passage, one per clause with its titles."""

    def __init__(self, groups: dict[str, list[Passage]], titles: dict[str, str]) -> None:
        flat = [(i, p) for i, group in enumerate(groups.values()) for p in group]
        self.columns: NDArray[np.int64] = np.array([i for i, _ in flat], dtype=np.int64)
        split = [tokens(p.wording) for _, p in flat]
        whole: list[list[str]] = [tokens(titles.get(clause, "")) for clause in groups]
        for (column, _), words in zip(flat, split, strict=True):
            whole[column] += words
        self._lines = _index(split)
        self._clauses = _index(whole)

    def lines(self, text: str) -> Floats:
        """BM25 of every passage, shape (passages,), in the order of the groups."""
        return _scores(self._lines, text)

    def clauses(self, text: str) -> Floats:
        """BM25 of every clause, shape (clauses,)."""
        return _scores(self._clauses, text)


def _index(documents: list[list[str]]) -> tuple[Any, set[str], int]:
    import bm25s

    index = bm25s.BM25()
    known = {token for d in documents for token in d}
    if known:
        index.index([d or ["∅"] for d in documents], show_progress=False)
    return index, known, len(documents)


def _scores(indexed: tuple[Any, set[str], int], text: str) -> Floats:
    index, known, size = indexed
    query = [t for t in dict.fromkeys(tokens(text)) if t in known]
    if not query:
        return np.zeros(size, dtype=np.float32)
    return np.asarray(index.get_scores(query), dtype=np.float32)
