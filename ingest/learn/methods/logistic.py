"""Logistic regression over a few dozen features of very different size, by maximum likelihood."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.ports import Floats

PENALTY = 1e-4
"""Weight of the squared weights of the standardised features; 1e-5 and 1e-3 give the same held-out figures."""


def logistic(features: Floats, wanted: NDArray[Any], weights: NDArray[Any]) -> Floats:
    """Weights for ``features`` as they are; the first column is 1 for all.

    Args:
        features: shape (rows, columns).
        wanted: 1 or 0 a row.
        weights: how much a row counts.
    """
    from scipy.optimize import minimize

    x = features.astype(np.float64)
    mean, spread = x.mean(axis=0), x.std(axis=0)
    constant = spread < 1e-6
    mean[constant], spread[constant] = 0, 1
    z = (x - mean) / spread
    share = weights / weights.sum()

    def loss(w: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        logits = z @ w
        value = float((share * (np.logaddexp(0, logits) - wanted * logits)).sum()) + PENALTY * float(w[1:] @ w[1:])
        residual = share * (1 / (1 + np.exp(-logits)) - wanted)
        return value, z.T @ residual + 2 * PENALTY * np.concatenate([[0.0], w[1:]])

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 800}).x / spread
    found[0] -= float(found[1:] @ mean[1:])
    return np.asarray(found, dtype=np.float32)
