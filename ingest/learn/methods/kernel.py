"""Kernel ridge regression over texts: alike by words and by meaning, with exact leave-one-out, in little memory.

The kernel of n texts is the one large matrix of a fit. A fit that wants leave-one-out scores holds it as three blocks (two halves and
what lies between them, 3 n² bytes where the whole takes 4 n²) and overwrites them step by step: kernel, Cholesky factor, inverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.ports import Floats
from assistant.answers.search.ranker import DENSE_SHARPNESS, LEXICAL_SHARPNESS

RIDGE = 0.3  # of the kernel; chosen, not measured anew since the banks grew
_FREQUENT = 100  # rows from which a word is one; chosen for memory
_BLOCK = 512  # rows at a time; chosen for memory


@dataclass(frozen=True, slots=True)
class Texts:
    """What two texts are compared by: a sparse matrix of words, and unit vectors if there is a model; a row each."""

    matrix: Any
    vectors: Floats | None

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def __getitem__(self, rows: Any) -> Texts:
        return Texts(self.matrix[rows], None if self.vectors is None else self.vectors[rows])


def unit(vectors: Floats) -> Floats:
    """Vectors of length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def kernel_of(these: Texts, those: Texts | None = None) -> Floats:
    """The kernel between two lots of texts (by default among one), as ``Ranker.kernel`` has it for a question."""
    those = those or these
    found = _sharpened(_products(these.matrix, those.matrix), LEXICAL_SHARPNESS)
    if these.vectors is not None and those.vectors is not None:
        for start in range(0, len(found), _BLOCK):
            block = slice(start, start + _BLOCK)
            found[block] += _sharpened(these.vectors[block] @ those.vectors.T, DENSE_SHARPNESS)
        found /= 2
    return found


def ridge(kernel: Floats, targets: Floats) -> Floats:
    """Dual weights of kernel ridge regression; ``kernel`` is overwritten."""
    from scipy.linalg import cho_solve, cholesky

    if not len(kernel):
        return targets.copy()
    kernel[np.diag_indices(len(kernel))] += RIDGE
    factor = cholesky(kernel.T, lower=True, overwrite_a=True, check_finite=False)  # .T: LAPACK order, so no copy
    return np.asarray(cho_solve((factor, True), targets, check_finite=False), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class RidgeFit:
    """Dual weights of kernel ridge regression, and what it takes to leave rows out again.

    The inverse of kernel and ridge is ``T' T``; T is lower triangular: ``first``, ``across`` (its lower left block, turned) and ``second``.
    """

    targets: Floats
    alpha: Floats
    first: Floats
    across: Floats
    second: Floats

    @classmethod
    def fit(cls, texts: Texts, targets: Floats) -> RidgeFit:
        """``targets``: one row a text, one column a thing to be predicted."""
        from scipy.linalg import cholesky, solve_triangular
        from scipy.linalg.blas import ssyrk, strmm, strsm
        from scipy.linalg.lapack import strtri

        if len(texts) < 2:  # no second half
            first = 1 / np.sqrt(kernel_of(texts) + RIDGE)
            return cls(targets, first * first @ targets, first, first[:, :0], first[:0, :0])
        half = (len(texts) + 1) // 2
        one, two = texts[:half], texts[half:]
        first, across, second = kernel_of(one).T, kernel_of(two, one).T, kernel_of(two).T  # .T: LAPACK order, so nothing is copied
        for block in (first, second):
            block[np.diag_indices(len(block))] += RIDGE
        first = cholesky(first, lower=True, overwrite_a=True, check_finite=False)
        across = strsm(1, first, across, lower=1, overwrite_b=1)
        second = ssyrk(-1, across, 1, second, trans=1, lower=1, overwrite_c=1)
        second = cholesky(second, lower=True, overwrite_a=True, check_finite=False)
        upper = solve_triangular(first, targets[:half], lower=True, check_finite=False)
        lower = solve_triangular(second, targets[half:] - across.T @ upper, lower=True, check_finite=False)
        lower = solve_triangular(second, lower, lower=True, trans=1, check_finite=False)
        upper = solve_triangular(first, upper - across @ lower, lower=True, trans=1, check_finite=False)
        first, second = (strtri(block, lower=1, overwrite_c=1)[0] for block in (first, second))
        across = strmm(-1, first, across, lower=1, trans_a=1, overwrite_b=1)
        across = strmm(1, second, across, side=1, lower=1, trans_a=1, overwrite_b=1)
        return cls(targets, np.concatenate([upper, lower]), first, across, second)

    def one_by_one(self) -> Floats:
        """What would be predicted for each row if it had not been learned from."""
        squares = [np.einsum("ki,ki->i", self.first, self.first) + np.einsum("ik,ik->i", self.across, self.across)]
        squares += [np.einsum("ki,ki->i", self.second, self.second)]
        return np.asarray(self.targets - self.alpha / np.concatenate(squares)[:, None], dtype=np.float32)

    def together(self, rows: NDArray[np.int64]) -> Floats:
        """What would be predicted for some rows if none of them had been learned from."""
        half = len(self.first)
        columns = np.zeros((len(self.targets), len(rows)), dtype=np.float32)
        early = rows < half
        columns[:half, early] = self.first[:, rows[early]]
        columns[half:, early] = self.across[rows[early]].T
        columns[half:, ~early] = self.second[:, rows[~early] - half]
        return np.asarray(self.targets[rows] - np.linalg.solve(columns.T @ columns, self.alpha[rows]), dtype=np.float32)


def _products(these: Any, those: Any) -> Floats:
    """All inner products of the rows of two sparse matrices: frequent words as a dense product, rare ones sparsely in blocks."""
    often = np.flatnonzero(np.diff(those.tocsc().indptr) > _FREQUENT)
    found = np.asarray(these[:, often].toarray() @ those[:, often].toarray().T, dtype=np.float32)
    rare = those.copy()
    rare.data[np.isin(rare.indices, often)] = 0
    rare.eliminate_zeros()
    turned = rare.T.tocsr()
    for start in range(0, these.shape[0], _BLOCK):
        found[start : start + _BLOCK] += (these[start : start + _BLOCK] @ turned).toarray()
    return found


def _sharpened(similarities: Floats, sharpness: float) -> Floats:
    """``exp(sharpness * (similarity - 1))``, in place."""
    similarities -= 1
    similarities *= sharpness
    return np.asarray(np.exp(similarities, out=similarities))
