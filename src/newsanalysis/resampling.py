"""Intervals by resampling whole documents: what one article says twice is not two observations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CHUNK = 2_000_000  # weights held at a time, about 16 MB


def bootstrap_interval(
    sums: Floats, statistic: Callable[[Floats], Floats], *, rng: int | np.random.Generator = 0, resamples: int = 1000, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the percentile bootstrap interval of a statistic of sums over documents, resampling documents with replacement.

    Parameters
    ----------
    sums : array, documents × k
        What each document adds to each of k sums (its attributions, its words ...).
    statistic : function
        Turns sums (..., k) into estimates (..., m): for a share of words, ``lambda s: s[..., :1] / s[..., 1:]``.
    rng : int or numpy.random.Generator
        The same seed gives the same interval, in whatever order the documents stand.
    resamples : int
        How often documents are drawn.
    level : float
        Coverage aimed at, in (0, 1).

    Returns
    -------
    low, high : arrays of m
        In the unit of the statistic. NaN with fewer than two documents, where fewer than half of the resamples have a value, and
        where all agree: then the documents do not vary and resampling them says nothing about uncertainty.

    Notes
    -----
    The interval speaks of articles like these, drawn at random; it knows nothing of errors in attribution or coding. With fewer than about twenty
    documents it is too narrow. Time grows with documents × k × resamples, or with different rows × k × resamples where many
    documents have the same sums; memory stays below some tens of MB.

    Sources: Efron & Tibshirani (1993), An introduction to the bootstrap, pp. 168-177 (percentile interval); Field & Welsh (2007),
    Bootstrapping clustered data, Journal of the Royal Statistical Society B 69, pp. 369-390.

    Examples
    --------
    >>> low, high = bootstrap_interval(np.array([[1.0, 2.0], [0.0, 2.0], [2.0, 2.0]]), lambda s: s[..., :1] / s[..., 1:])
    >>> low.tolist(), high.tolist()
    ([0.0], [1.0])
    """
    sums = np.asarray(sums, dtype=np.float64)
    documents = len(sums)
    if not 0 < level < 1:
        raise ValueError(f"bootstrap_interval: level must lie between 0 and 1; not {level!r}.")
    with np.errstate(invalid="ignore", divide="ignore"):
        if documents < 2:
            missing = np.full(statistic(np.zeros((1, sums.shape[1]))).shape[-1], np.nan)
            return missing, missing.copy()
        generator = np.random.default_rng(rng)
        rows, counts = _distinct(sums)
        chunk = max(1, CHUNK // len(rows))
        drawn = [statistic((rows.T @ _weights(generator, counts, min(chunk, resamples - at), documents).T).T) for at in range(0, resamples, chunk)]
    return _quantiles(np.concatenate(drawn), (1 - level) / 2)


def _distinct(sums: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Documents with the same sums are one row with a count: the order no longer matters, and large corpora get small."""
    order = np.lexsort(sums.T[::-1])
    ordered = sums[order]
    first = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    counts = np.diff(np.append(np.flatnonzero(first), len(ordered)))
    return ordered[first], counts.astype(np.int64)


def _weights(generator: np.random.Generator, counts: NDArray[np.int64], resamples: int, documents: int) -> Floats:
    """How often each distinct row is drawn, for some resamples: a multinomial, by the faster of two ways."""
    if len(counts) * 16 < documents:
        return generator.multinomial(documents, counts / documents, size=resamples).astype(np.float64)
    first = np.cumsum(counts) - counts
    weights = np.empty((resamples, len(counts)))
    for row in weights:
        row[:] = np.add.reduceat(np.bincount(generator.integers(documents, size=documents), minlength=documents), first)
    return weights


def _quantiles(estimates: Floats, tail: float) -> tuple[Floats, Floats]:
    valid = np.isfinite(estimates)
    low, high = np.full(estimates.shape[1], np.nan), np.full(estimates.shape[1], np.nan)
    for column in range(estimates.shape[1]):
        values = estimates[valid[:, column], column]
        if len(values) * 2 >= len(estimates) and np.ptp(values) > 1e-12 * np.abs(values).max():
            low[column], high[column] = np.quantile(values, (tail, 1 - tail))
    return low, high
