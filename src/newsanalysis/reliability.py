"""Whether confidence can be believed: of the attributions that a program gives 70 %, are 70 % right?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import tables
from newsanalysis.found import Found
from newsanalysis.resampling import bootstrap_interval
from newsanalysis.scoring import right
from newsanalysis.tables import TableError

Floats = NDArray[np.float64]
BINNINGS = ("width", "count")
NORMAL = 1.959963984540054  # 97.5 % of a normal distribution lie below


def calibration(gold: Found, predicted: Found, *, bins: int = 10, binning: str = "width", rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Compare the confidence of attributions with how many of them are right by hand annotation.

    Parameters
    ----------
    gold : Found
        The hand annotation; see `read_gold`. It must not be what the confidence was fitted on.
    predicted : Found
        What a program found in the same texts, with confidence, and nothing dropped by ``min_confidence``.
    bins : int
        Into how many bins the range of confidence is divided.
    binning : str
        ``"width"``: bins of equal width, 0 to 0.1, 0.1 to 0.2 ...; ``"count"``: bins with equally many attributions
        (those of equal confidence stay together, so there may be fewer).
    rng : int or Generator
        Seed or generator of the bootstrap.

    Returns
    -------
    DataFrame
        Table *measures*; n counts predicted attributions, all estimates are in [0, 1]. `calibration_error`: the mean of
        ``|confidence - share right|`` over bins, weighted by n (expected calibration error); no interval, since resampling makes it
        larger. `brier_score`: the mean of ``(confidence - right)²``. `share_right`: the share of all that is right, beside their mean
        `confidence`. `bin_share_right`: the same for each bin that is not empty, from `bin_low` to `bin_high` (the last bin includes its
        upper bound), with a Wilson interval; the other intervals are bootstraps by document.

    Raises
    ------
    TableError
        If nothing was found, an attribution has no confidence, or the texts of a document differ.
    ValueError
        For fewer than one bin, or an unknown binning.

    Notes
    -----
    An attribution is right if `attribution_scores` counts it: content and source each share half of their tokens (Dice 0.5) with one of the gold.
    How to read: share right below confidence means that the program promises too much. A calibration error under 0.05 lets
    confidence be read as a probability for texts like these; for other outlets or times it must be measured anew. Do not compare
    calibration errors from different numbers or kinds of bins, nor Brier scores from corpora with different shares of right ones. A
    Wilson interval takes attributions of one article for independent and is therefore somewhat narrow.

    Sources: Guo et al. (2017), On calibration of modern neural networks, ICML, pp. 1321-1330; Brier (1950), Verification of forecasts
    expressed in terms of probability, Monthly Weather Review 78, pp. 1-3; Wilson (1927), Probable inference, Journal of the American
    Statistical Association 22, pp. 209-212.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]), attributor="patterns")
    >>> sure = na.Found(found.documents, found.attributions.assign(confidence=0.75), found.spans)
    >>> calibration(found, sure)[["measure", "bin_low", "bin_high", "confidence", "estimate"]].values.tolist()
    [['calibration_error', nan, nan, nan, 0.25], ['brier_score', nan, nan, nan, 0.0625], ['share_right', nan, nan, 0.75, 1.0],
     ['bin_share_right', 0.7, 0.8, 0.75, 1.0]]
    """
    marked = right(gold, predicted)
    if marked.empty:
        raise TableError("calibration: no attribution was found in the gold documents.")
    if without := int(marked["confidence"].isna().sum()):
        raise TableError(f"calibration: {without} of {len(marked)} attributions have no confidence; use an attributor that gives one.")
    return table(marked[["document_id", "confidence", "right"]], bins=bins, binning=binning, rng=rng)


def table(predictions: pd.DataFrame, *, bins: int = 10, binning: str = "width", rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Return the table of `calibration` for predictions of any kind: columns document_id, confidence, right.

    >>> predictions = pd.DataFrame({"document_id": ["a", "a", "b", "b"], "confidence": [0.2, 0.2, 0.6, 0.6], "right": [0, 1, 1, 1]})
    >>> table(predictions, bins=2).loc[[0, 3, 4], ["measure", "estimate", "n"]].values.tolist()
    [['calibration_error', 0.35, 4], ['bin_share_right', 0.5, 2], ['bin_share_right', 1.0, 2]]
    """
    if bins < 1 or binning not in BINNINGS:
        raise ValueError(f"calibration: bins must be at least 1 and binning one of {', '.join(BINNINGS)}; not {bins} and {binning!r}.")
    confidence, truth = predictions["confidence"].to_numpy(np.float64), predictions["right"].to_numpy(np.float64)
    documents = pd.factorize(predictions["document_id"])[0]
    binned = _bins(confidence, truth, _edges(confidence, bins, binning))
    low, high = _intervals(np.stack([(confidence - truth) ** 2, truth, np.ones(len(truth))], 1), documents, rng)
    whole = pd.DataFrame(
        {
            "measure": ["calibration_error", "brier_score", "share_right"],
            "confidence": [np.nan, np.nan, confidence.mean()],
            "estimate": [_error(binned), np.mean((confidence - truth) ** 2), truth.mean()],
            "ci_low": [np.nan, *low],
            "ci_high": [np.nan, *high],
            "n": len(truth),
            "n_documents": documents.max() + 1,
        }
    )
    within = [np.unique(documents[rows]).size for rows in binned["rows"]]
    each = binned.drop(columns="rows").assign(measure="bin_share_right", n_documents=within)
    columns = ["measure", "bin_low", "bin_high", "confidence", "estimate", "ci_low", "ci_high", "n", "n_documents"]
    return tables.check(pd.concat([whole, each], ignore_index=True)[columns], "measures")


def _edges(confidence: Floats, bins: int, binning: str) -> Floats:
    if binning == "width":
        return np.arange(bins + 1) / bins
    return np.unique(np.quantile(confidence, np.arange(bins + 1) / bins))


def _bins(confidence: Floats, truth: Floats, edges: Floats) -> pd.DataFrame:
    """A row for each bin that is not empty."""
    place = np.searchsorted(edges[1:-1], confidence, side="right")
    made = []
    for number, (low, high) in enumerate(pairwise(edges) if len(edges) > 1 else [(edges[0], edges[0])]):
        rows = np.flatnonzero(place == number)
        if len(rows):
            bounds = wilson(int(truth[rows].sum()), len(rows))
            made.append((low, high, confidence[rows].mean(), truth[rows].mean(), *bounds, len(rows), rows))
    return pd.DataFrame(made, columns=["bin_low", "bin_high", "confidence", "estimate", "ci_low", "ci_high", "n", "rows"])


def _error(binned: pd.DataFrame) -> float:
    return float((binned["n"] * (binned["confidence"] - binned["estimate"]).abs()).sum() / binned["n"].sum())


def _intervals(summed: Floats, documents: NDArray[np.int64], rng: int | np.random.Generator) -> tuple[Floats, Floats]:
    """Intervals of means, by document; the last column counts."""
    sums = np.zeros((documents.max() + 1, summed.shape[1]))
    np.add.at(sums, documents, summed)
    return bootstrap_interval(sums, lambda s: s[..., :-1] / s[..., -1:], rng=rng)


def wilson(right_ones: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score method.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the American Statistical
    Association 22, pp. 209-212.

    >>> [round(bound, 4) for bound in wilson(5, 10)]
    [0.2366, 0.7634]
    """
    share, z2 = right_ones / n, NORMAL**2
    middle, half = share + z2 / (2 * n), NORMAL * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low, high = float((middle - half) / (1 + z2 / n)), float((middle + half) / (1 + z2 / n))
    return low if right_ones else 0.0, high if right_ones < n else 1.0
