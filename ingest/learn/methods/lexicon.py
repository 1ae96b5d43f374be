"""Texts as TF-IDF vectors: the sparse matrix of their rows, and the postings that answering looks words up in."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.words import sounds, tokens
from assistant.answers.search.ranker import Lexicon


def lexicon_of(texts: list[str]) -> tuple[Lexicon, Any]:
    """TF-IDF of texts as postings, and as the sparse matrix of their rows."""
    from scipy.sparse import csr_matrix

    seen: dict[str, int] = {}
    places, times, ends = array("i"), array("d"), array("q", [0])  # not lists: half a million entries of Python objects are 100 MB
    for text in texts:
        counted = Counter([*tokens(text), *sounds(text)])
        places.extend(seen.setdefault(token, len(seen)) for token in counted)
        times.extend(counted.values())
        ends.append(len(places))
    vocabulary = {token: index for index, token in enumerate(sorted(seen))}
    columns = np.array([vocabulary[token] for token in seen], dtype=np.int32)[np.asarray(places)]
    idf = (np.log((len(texts) + 1) / (np.bincount(columns, minlength=len(seen)) + 1)) + 1).astype(np.float32)
    matrix = csr_matrix(((1 + np.log(np.asarray(times))) * idf[columns], columns, np.asarray(ends)), shape=(len(texts), len(seen)))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.where(norms == 0, 1, norms), np.diff(matrix.indptr))
    matrix = matrix.astype(np.float32)
    return postings(vocabulary, idf, matrix), matrix


def rows_of(counts: Sequence[Sequence[str]], vocabulary: dict[str, int], idf: Floats) -> Any:
    """TF-IDF vectors of unit length, one sparse row each."""
    from scipy.sparse import lil_matrix

    found = lil_matrix((len(counts), len(vocabulary)), dtype=np.float32)
    for row, words in enumerate(counts):
        weights = {vocabulary[t]: (1 + np.log(words.count(t))) * float(idf[vocabulary[t]]) for t in set(words)}
        norm = float(np.sqrt(sum(w * w for w in weights.values()))) or 1.0
        for column, weight in weights.items():
            found[row, column] = weight / norm
    return found.tocsr()


def postings(vocabulary: dict[str, int], idf: Floats, matrix: Any) -> Lexicon:
    """The rows of a sparse matrix by their words."""
    by_word = matrix.tocsc()
    return Lexicon(
        vocabulary=vocabulary,
        idf=idf,
        pointers=by_word.indptr.astype(np.int64),
        rows=by_word.indices.astype(np.int32),
        values=by_word.data.astype(np.float32),
        size=matrix.shape[0],
    )


def matrix_of(lexicon: Lexicon) -> Any:
    """The sparse rows that postings were made of."""
    from scipy.sparse import csc_matrix

    return csc_matrix((lexicon.values, lexicon.rows, lexicon.pointers), shape=(lexicon.size, len(lexicon.idf))).tocsr()
