"""How sure is a difference: paired bootstrap interval, exact McNemar test, and what so many cases could have shown at all."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from assistant.guide import Frozen

CONFIDENCE, POWER = 0.95, 0.80  # as is usual in reports of sets
FLIPS = 0.10
"""Share of cases taken to flip between two runs where fewer were seen: what was not seen can still happen."""
RESAMPLES = 4_000  # of the bootstrap, usual for intervals
FEW = 6
"""Fewer pairs than this give no interval: the exact test could not reach significance whatever happens."""


class Difference(Frozen):
    """Two runs on the same cases. ``low`` to ``high`` holds the true difference with 95% confidence, or is unknown (None).

    ``p`` is the exact McNemar p-value, for 0/1 scores only. ``detectable`` is the smallest true difference that this many
    cases would show with 80% power, None where no difference could be shown.
    """

    cases: int
    base: float
    new: float
    low: float | None
    high: float | None
    p: float | None
    detectable: float | None
    up: tuple[str, ...]
    down: tuple[str, ...]

    @property
    def difference(self) -> float:
        """New minus base."""
        return self.new - self.base


def paired(
    ids: Sequence[str], base: Sequence[float], new: Sequence[float], *, yes_or_no: bool, share: bool = True, seed: int = 0
) -> Difference:
    """The difference of a score between two runs on the same cases.

    Args:
        ids: case ids, in the order of the scores.
        base: scores of the first run.
        new: scores of the second.
        yes_or_no: whether scores are 0 or 1.
        share: whether scores lie between 0 and 1.
        seed: of the resampling.
    """
    a, b = np.asarray(base, dtype=float), np.asarray(new, dtype=float)
    change = b - a
    low, high = interval(change, seed)
    up = tuple(i for i, d in zip(ids, change, strict=True) if d > 0)
    down = tuple(i for i, d in zip(ids, change, strict=True) if d < 0)
    if yes_or_no:
        detectable = detectable_share(len(ids), round(max(FLIPS, (len(up) + len(down)) / len(ids)), 3))
    else:
        detectable = detectable_mean(change, math.sqrt(FLIPS) if share else 0.0)
    return Difference(
        cases=len(ids),
        base=float(a.mean()),
        new=float(b.mean()),
        low=low,
        high=high,
        p=mcnemar(len(up), len(down)) if yes_or_no else None,
        detectable=detectable,
        up=up,
        down=down,
    )


def interval(values: Sequence[float] | np.ndarray, seed: int = 0) -> tuple[float | None, float | None]:
    """95% interval of a mean by BCa bootstrap (scipy); of paired runs, that of the mean difference. None for too few values."""
    listed = np.asarray(values, dtype=float)
    if len(listed) < FEW:
        return None, None
    if float(listed.min()) == float(listed.max()):
        return float(listed[0]), float(listed[0])
    from scipy.stats import bootstrap

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for method in ("BCa", "percentile"):
            found = bootstrap(
                (listed,), np.mean, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method=method, rng=np.random.default_rng(seed)
            ).confidence_interval
            if math.isfinite(found.low) and math.isfinite(found.high):
                break
    return float(found.low), float(found.high)


def confidence(values: Sequence[float], *, yes_or_no: bool, seed: int = 0) -> tuple[float | None, float | None]:
    """95% interval of the mean of one run: Wilson for 0/1 scores, bootstrap for others."""
    if not yes_or_no:
        return interval(values, seed)
    from scipy.stats import binomtest

    found = binomtest(int(sum(values)), len(values)).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def mcnemar(up: int, down: int) -> float:
    """Exact two-sided McNemar p-value for so many flips each way."""
    if up + down == 0:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(up, up + down, 0.5).pvalue)


@lru_cache(maxsize=2048)
def detectable_share(cases: int, flips: float) -> float | None:
    """Smallest net change of a 0/1 score that the exact McNemar test shows with 80% power.

    Args:
        cases: number of pairs.
        flips: share of pairs that differ at all.
    """
    if _power(cases, 1.0, flips) < POWER:
        return None
    low, high = 0.0, 1.0
    while high - low > 0.0005:
        middle = (low + high) / 2
        if _power(cases, middle, flips) >= POWER:
            high = middle
        else:
            low = middle
    return high


def _power(cases: int, change: float, flips: float) -> float:
    """Probability that the exact test at 5% sees a net change, over all numbers of pairs that may flip."""
    from scipy.stats import binom

    flipped = max(flips, change)
    one_way = (flipped + change) / (2 * flipped)
    pairs = np.arange(cases + 1)
    critical = binom.ppf((1 - CONFIDENCE) / 2, pairs, 0.5) - 1
    critical = np.where(binom.cdf(critical + 1, pairs, 0.5) <= (1 - CONFIDENCE) / 2, critical + 1, critical)
    seen = binom.sf(pairs - critical - 1, pairs, one_way) + binom.cdf(critical, pairs, one_way)
    return float(np.sum(binom.pmf(pairs, cases, flipped) * np.where(critical >= 0, seen, 0.0)))


def detectable_mean(changes: np.ndarray, least: float) -> float | None:
    """Smallest mean difference shown with 80% power, from the spread of the differences (``least`` where they hardly spread)."""
    if len(changes) < FEW:
        return None
    from scipy.stats import norm

    spread = max(float(changes.std(ddof=1)), least)
    return float((norm.ppf(0.5 + CONFIDENCE / 2) + norm.ppf(POWER)) * spread / math.sqrt(len(changes))) if spread else None
