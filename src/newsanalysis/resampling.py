"""Intervals and tests by resampling whole documents: what one article says twice is not two observations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, islice
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CHUNK = 500_000  # weights held at a time, about 4 MB
BLOCK = 500_000  # whole numbers turned into float64 at a time
EXACT = 10_000  # ways to divide the documents up to which all of them are gone through
STEP = 1e-5  # of a group's sum, for a slope
ROUNDING = 1e-6  # of what a document's terms add up to without their signs, below which documents are taken not to vary


def bootstrap_interval(
    sums: Floats, statistic: Callable[[Floats], Floats], *, rng: int | np.random.Generator = 0, resamples: int = 1000, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the percentile bootstrap interval of a statistic of sums over documents, resampling documents with replacement.

    Parameters
    ----------
    sums : array, documents × k
        What each document adds to each of k sums (its attributions, its words ...). Whole numbers stay in the type that they have, so that a byte each
        is enough for small ones; the interval is the same.
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
        where low would be high: then the documents hardly vary and resampling them says nothing about uncertainty.

    Notes
    -----
    The interval speaks of articles like these, drawn at random; it knows nothing of errors in attribution or coding. With fewer than about twenty
    documents it is too narrow. Time grows with documents × k × resamples, or with different rows × k × resamples where many
    documents have the same sums; memory beside the sums grows with the larger of resamples × m and some tens of MB.

    Sources: Efron & Tibshirani (1993), An introduction to the bootstrap, pp. 168-177 (percentile interval); Field & Welsh (2007),
    Bootstrapping clustered data, Journal of the Royal Statistical Society B 69, pp. 369-390.

    Examples
    --------
    >>> low, high = bootstrap_interval(np.array([[1.0, 2.0], [0.0, 2.0], [2.0, 2.0]]), lambda s: s[..., :1] / s[..., 1:])
    >>> low.tolist(), high.tolist()
    ([0.0], [1.0])
    """
    sums = np.asarray(sums)
    sums = sums if sums.dtype.kind in "iu" else sums.astype(np.float64, copy=False)
    documents = len(sums)
    if not 0 < level < 1:
        raise ValueError(f"bootstrap_interval: level must lie between 0 and 1; not {level!r}.")
    with np.errstate(invalid="ignore", divide="ignore"):
        if documents < 2:
            missing = np.full(statistic(np.zeros((1, sums.shape[1]))).shape[-1], np.nan)
            return missing, missing.copy()
        drawn = _resampled(sums, statistic, np.random.default_rng(rng), resamples)
    return _quantiles(drawn, (1 - level) / 2)


def _resampled(sums: NDArray[Any], statistic: Callable[[Floats], Floats], generator: np.random.Generator, resamples: int) -> Floats:
    """The statistic of each resample."""
    rows, counts, _ = _distinct(sums)
    chunk = max(1, CHUNK // max(rows.shape))
    kind = np.float64 if rows.dtype.kind == "f" else np.uint32
    steps = [min(chunk, resamples - at) for at in range(0, resamples, chunk)]
    return np.concatenate([statistic(_totals(rows, _weights(generator, counts, (step, len(sums)), kind)).T) for step in steps])


def _totals(rows: NDArray[Any], weights: NDArray[Any]) -> Floats:
    """The weighted sums of the rows, k × resamples; whole numbers, whose sums are exact in any order, some documents at a time."""
    if rows.dtype.kind == "f":
        return np.asarray(rows.T @ weights.T)
    totals, block = np.zeros((rows.shape[1], len(weights))), max(1, BLOCK // max(rows.shape[1], len(weights)))
    for at in range(0, len(rows), block):
        totals += rows[at : at + block].T.astype(np.float64) @ weights[:, at : at + block].T.astype(np.float64)
    return totals


def difference_interval(
    sums: Floats, first: NDArray[np.bool_], statistic: Callable[[Floats], Floats], *, rng: int | np.random.Generator = 0, resamples: int = 1000
) -> tuple[Floats, Floats]:
    """Return the 95 % percentile bootstrap interval of a statistic in some documents less the same in all others, each group resampled by itself.

    Parameters
    ----------
    sums : array, documents × k
        What each document adds to each of k sums.
    first : array of bool
        The documents of the first group.
    statistic : function
        Turns sums (..., k) into estimates (..., m).
    rng : int or numpy.random.Generator
        The same seed gives the same interval, in whatever order the documents stand.
    resamples : int
        How often documents are drawn.

    Returns
    -------
    low, high : arrays of m
        NaN where a group has fewer than two documents, and as for ``bootstrap_interval``.

    Examples
    --------
    >>> sums = np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    >>> low, high = difference_interval(sums, np.array([True, True, False, False, False]), lambda s: s[..., :1] / s[..., 1:])
    >>> low.tolist(), high.tolist()
    ([0.0], [1.0])
    """
    sums, groups = np.asarray(sums, dtype=np.float64), np.asarray(first, dtype=bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        if min(groups.sum(), (~groups).sum()) < 2:
            missing = np.full(statistic(np.zeros((1, sums.shape[1]))).shape[-1], np.nan)
            return missing, missing.copy()
        generator = np.random.default_rng(rng)
        drawn = [_resampled(part, statistic, generator, resamples) for part in (sums[groups], sums[~groups])]
        return _quantiles(drawn[0] - drawn[1], 0.025)


def permutation_test(
    sums: Floats, first: NDArray[np.bool_], statistic: Callable[[Floats], Floats], *, rng: int | np.random.Generator = 0, permutations: int = 1999
) -> float:
    """Return the two-sided p of a difference between two groups of documents, by dealing the documents out to the groups anew.

    p = (b + 1) / (m + 1), with b of the m random divisions at least as extreme as the one found; b / m, with the one found among the m, where
    all divisions into groups of these sizes (up to 10,000) are gone through. Extreme is |t|, t = difference / its standard error (linearised, by
    document), since groups may differ in how long or how uniform their documents are without differing in what is measured.

    Parameters
    ----------
    sums : array, documents × k
        What each document adds to each of k sums.
    first : array of bool
        The documents of the first group.
    statistic : function
        Turns sums (..., k) into one estimate (..., 1), smoothly. With k in the hundreds give it an attribute ``slope``, a function of sums (..., k)
        to the derivatives (..., k), which are otherwise found by small steps, one sum at a time.
    rng : int or numpy.random.Generator
        The same seed gives the same p, in whatever order the documents stand.
    permutations : int
        How many random divisions, where they are too many to go through.

    Returns
    -------
    float
        In (0, 1]. NaN where a group has fewer than two documents, or no value.

    Notes
    -----
    Documents are exchanged whole. Exact where both groups are drawn from the same documents; for groups that differ otherwise but have the same
    value it holds the better the more documents there are. A division without a value counts as extreme.

    Sources: Phipson & Smyth (2010), Permutation p-values should never be zero, Statistical Applications in Genetics and Molecular Biology
    9(1), article 39; Chung & Romano (2013), Exact and asymptotically robust permutation tests, Annals of Statistics 41, pp. 484-507 (dividing
    by the standard error).

    Examples
    --------
    >>> sums = np.array([[1.0, 1.0]] * 3 + [[0.0, 1.0]] * 3)
    >>> permutation_test(sums, np.array([True] * 3 + [False] * 3), lambda s: s[..., :1] / s[..., 1:])  # 2 of 20 divisions
    0.1
    """
    sums, groups = np.asarray(sums, dtype=np.float64), np.asarray(first, dtype=bool)
    size, others = int(groups.sum()), int((~groups).sum())
    if min(size, others) < 2:
        return float("nan")
    rows, counts, place = _distinct(sums)
    observed = np.bincount(place[groups], minlength=len(rows)).astype(np.float64)[None]
    ways = comb(len(sums), size)
    exact = ways <= EXACT
    chunk = max(1, CHUNK // max(rows.shape))
    generator = np.random.default_rng(rng)
    divisions = _all_divisions(place, size, rows.shape) if exact else _divisions(generator, counts, size, (permutations, chunk))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = _t(observed, (rows, counts), statistic)[0]
        if np.isnan(found):
            return float("nan")
        extreme = 0
        for weights in divisions:
            drawn = _t(weights, (rows, counts), statistic)
            extreme += int((~(drawn < found * (1 - 1e-6))).sum())
    return extreme / ways if exact else (extreme + 1) / (permutations + 1)


def _divisions(generator: np.random.Generator, counts: NDArray[np.int64], size: int, wanted: tuple[int, int]) -> Iterator[Floats]:
    """How many of each distinct row the first group gets, for some random divisions at a time."""
    permutations, chunk = wanted
    for at in range(0, permutations, chunk):
        yield generator.multivariate_hypergeometric(counts, size, size=min(chunk, permutations - at), method="marginals").astype(np.float64)


def _all_divisions(place: NDArray[np.int64], size: int, shape: tuple[int, ...]) -> Iterator[Floats]:
    """The same for every way to choose the first group."""
    ways, chunk = combinations(range(len(place)), size), max(1, CHUNK // max(shape))
    while some := list(islice(ways, chunk)):
        weights = np.zeros((len(some), shape[0]))
        np.add.at(weights, (np.arange(len(some))[:, None], place[np.array(some)]), 1)
        yield weights


def _t(weights: Floats, documents: tuple[Floats, NDArray[np.int64]], statistic: Callable[[Floats], Floats]) -> Floats:
    """|difference| / standard error for each division: 0 where nothing differs, infinite where nothing but the groups does."""
    rows, counts = documents
    (one, of_one), (two, of_two) = (_estimate(group, rows, statistic) for group in (weights, counts - weights))
    difference = np.abs(one - two)
    difference = np.where(difference <= 1e-9 * (np.abs(one) + np.abs(two)), 0, difference)
    return np.asarray(np.where(difference == 0, 0.0, difference / np.sqrt(of_one + of_two)))


def _estimate(weights: Floats, rows: Floats, statistic: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """The statistic of a group and its variance, linearised at the group's sums: that of Σ slope × what a document adds, over its documents."""
    totals, gross, size = weights @ rows, weights @ np.abs(rows), weights.sum(axis=1, keepdims=True)
    slope = np.where(gross > 0, _slope(totals, gross, statistic), 0.0)
    added, unsigned = slope @ rows.T, np.abs(slope) @ np.abs(rows).T
    apart = added - (weights * added).sum(axis=1, keepdims=True) / size
    variance = (weights * apart**2).sum(axis=1)
    rounding = (weights * (ROUNDING * unsigned) ** 2).sum(axis=1)
    return statistic(totals)[..., 0], np.where(variance <= rounding, 0, variance * size[:, 0] / (size[:, 0] - 1))


def _slope(totals: Floats, gross: Floats, statistic: Callable[[Floats], Floats]) -> Floats:
    """The derivatives of the statistic by each sum; by steps that are small for the group itself, however large the other is."""
    known = getattr(statistic, "slope", None)
    if known is not None:
        return np.asarray(known(totals))
    slope = np.empty_like(totals)
    for column in range(totals.shape[1]):
        step = np.zeros_like(totals)
        step[:, column] = np.where(gross[:, column] > 0, gross[:, column], 1) * STEP
        slope[:, column] = (statistic(totals + step) - statistic(totals - step))[..., 0] / (2 * step[:, column])
    return slope


def _distinct(sums: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Documents with the same sums are one row with a count: the order no longer matters, and large corpora get small. Then each document's row."""
    order = np.lexsort(sums.T[::-1])
    ordered = sums[order]
    first = np.zeros(len(ordered), bool)
    first[:1] = True
    for column in ordered.T:
        first[1:] |= column[1:] != column[:-1]
    counts = np.diff(np.append(np.flatnonzero(first), len(ordered)))
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(first) - 1
    return ordered[first], counts.astype(np.int64), place


def _weights(generator: np.random.Generator, counts: NDArray[np.int64], shape: tuple[int, int], kind: type[np.generic]) -> NDArray[Any]:
    """How often each distinct row is drawn, for some resamples of some documents: a multinomial, by the faster of two ways."""
    resamples, documents = shape
    if len(counts) * 16 < documents:
        return generator.multinomial(documents, counts / documents, size=resamples).astype(kind)
    first = np.cumsum(counts) - counts
    weights = np.empty((resamples, len(counts)), kind)
    for row in weights:
        row[:] = np.add.reduceat(np.bincount(generator.integers(documents, size=documents), minlength=documents), first)
    return weights


def _quantiles(estimates: Floats, tail: float) -> tuple[Floats, Floats]:
    valid = np.isfinite(estimates)
    low, high = np.full(estimates.shape[1], np.nan), np.full(estimates.shape[1], np.nan)
    for column in range(estimates.shape[1]):
        values = estimates[valid[:, column], column]
        if len(values) * 2 >= len(estimates) and np.ptp(values) > 1e-12 * np.abs(values).max():
            ends = np.quantile(values, (tail, 1 - tail))
            if np.ptp(ends) > 1e-12 * np.abs(values).max():
                low[column], high[column] = ends
    return low, high
