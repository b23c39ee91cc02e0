"""Fit the confidence on development texts and check it by cross-fitting: ``python -m training.confidence --model DIR --data DIR``.

An attribution counts as right as `newsanalysis.scoring.right` says: its content and its source both have token Dice >= .5 with a
gold attribution's. Logistic regression on the frames' features, then isotonic regression; folds are documents. Numpy only, so that the
benchmark can do the same.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import newsanalysis as na
from newsanalysis import reliability, scoring
from newsanalysis.attribution.contract import Attribution
from newsanalysis.attribution.decoding import Frame
from newsanalysis.attribution.learned import LearnedAttributor

Array = NDArray[np.float64]
FOLDS = 10
PENALTY = 1 / 0.3  # of the squared weights, features standardised
GRID = 41
LEAST, MOST = 0.02, 0.99
NUMBERED = 2.0**-24  # a frame's number as its confidence, exactly


class _Numbered(LearnedAttributor):
    """The attributor, giving each attribution the number of its features instead of its confidence."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.features: list[Array] = []

    def attribution(self, words: Any, frame: Frame) -> Attribution:
        """Return the attribution, numbered."""
        made = super().attribution(words, frame)
        self.features.append(np.asarray(frame.features, np.float64))
        return Attribution(made.source, made.cue, made.content, (len(self.features) - 1) * NUMBERED)


def examples(gold: na.Found, attributor: LearnedAttributor) -> tuple[Array, pd.DataFrame]:
    """Return the features of each attribution found in the gold documents, and whether it is right (document_id, right)."""
    numbered = _Numbered(attributor.folder, threads=attributor.threads, encoder=attributor.encoder)
    numbered.model = replace(numbered.model, settings=replace(numbered.model.settings, floor=0.0))
    marked = scoring.right(gold, na.attribute(gold.documents, attributor=numbered))
    order = np.rint(marked["confidence"].to_numpy() / NUMBERED).astype(int)
    return np.array(numbered.features)[order], marked[["document_id", "right"]]


def logistic(x: Array, y: Array) -> Array:
    """Return weights and, last, the bias of a logistic regression with a penalty on the squared weights, by Newton's steps.

    >>> np.round(logistic(np.array([[-1.0], [1.0]] * 50), np.array([0.0, 1.0] * 50)), 2).tolist()
    [2.43, 0.0]
    """
    wide = np.column_stack([x, np.ones(len(x))])
    penalty = np.append(np.full(x.shape[1], PENALTY), 0.0)
    weights = np.zeros(wide.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-wide @ weights))
        slope = wide.T @ (chance - y) + penalty * weights
        curve = (wide * (chance * (1 - chance))[:, None]).T @ wide + np.diag(penalty) + 1e-9 * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-10:
            break
    return weights


def isotonic(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the distinct x in order and the nearest values that never fall, by pooling neighbours.

    >>> [part.tolist() for part in isotonic(np.array([3.0, 1.0, 2.0]), np.array([1.0, 0.5, 0.0]))]
    [[1.0, 2.0, 3.0], [0.25, 0.25, 1.0]]
    """
    places, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, y) / counts
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many places
    for mean, weight in zip(means.tolist(), counts.tolist(), strict=True):
        pool = (mean, float(weight), 1)
        while pools and pools[-1][0] >= pool[0]:
            before = pools.pop()
            heavy = before[1] + pool[1]
            pool = ((before[0] * before[1] + pool[0] * pool[1]) / heavy, heavy, before[2] + pool[2])
        pools.append(pool)
    return places, np.repeat([pool[0] for pool in pools], [pool[2] for pool in pools])


@dataclass(frozen=True)
class Calibrator:
    """What the runtime needs: weights and bias of the features, and a curve from the logistic probability to confidence."""

    weights: Array
    bias: float
    x: Array
    y: Array

    def __call__(self, features: Array) -> Array:
        """Return the confidence of attributions with these features."""
        return np.asarray(np.interp(1 / (1 + np.exp(-(features @ self.weights + self.bias))), self.x, self.y))

    def numbers(self) -> dict[str, Any]:
        """Return it as it stands in the model's config.json."""
        return {"weights": self.weights.tolist(), "bias": self.bias, "from": self.x.tolist(), "to": self.y.tolist()}


def fit(features: Array, right: Array) -> Calibrator:
    """Fit confidence to what is right: logistic regression, then isotonic regression smoothed by a running mean."""
    mean, scale = features.mean(0), features.std(0) + 1e-6
    *weights, bias = logistic((features - mean) / scale, right)
    plain = np.array(weights) / scale
    bias = float(bias - (plain * mean).sum())
    places, levels = isotonic(1 / (1 + np.exp(-(features @ plain + bias))), right)
    grid = np.linspace(0, 1, GRID)
    level = np.interp(grid, places, np.clip(levels, LEAST, MOST))
    return Calibrator(plain, bias, grid, np.convolve(np.pad(level, 2, mode="edge"), np.ones(5) / 5, "valid"))


def crossed(features: Array, marked: pd.DataFrame) -> pd.DataFrame:
    """Return predictions (document_id, confidence, right), each document's confidence fitted on the others' folds."""
    right = marked["right"].to_numpy(np.float64)
    documents = np.unique(marked["document_id"], return_inverse=True)[1]
    fold = np.random.default_rng(0).permutation(documents.max() + 1)[documents] % FOLDS
    confidence = np.zeros(len(right))
    for held in np.unique(fold):
        confidence[fold == held] = fit(features[fold != held], right[fold != held])(features[fold == held])
    return marked.assign(confidence=confidence)


def report(predictions: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Give the tables of `newsanalysis.calibration`, for bins of equal width and of equal count."""
    yield from (reliability.table(predictions, binning=binning).assign(binning=binning) for binning in reliability.BINNINGS)


def main(arguments: Iterable[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of an export; its config.json gets the calibration")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_dev.jsonl")
    parser.add_argument("--file", default="encoder.onnx")
    parser.add_argument("--out", type=Path, help="CSV for the cross-fitted table")
    options = parser.parse_args(None if arguments is None else list(arguments))
    features, marked = examples(na.read_gold(options.data / "polnear_dev.jsonl"), LearnedAttributor(options.model, encoder=options.file))
    table = pd.concat(report(crossed(features, marked)), ignore_index=True)
    print(table.round(4).to_string())
    if options.out:
        table.round(6).to_csv(options.out, index=False, lineterminator="\n")
    path = options.model / "config.json"
    config = json.loads(path.read_text())
    config["confidence"] = fit(features, marked["right"].to_numpy(np.float64)).numbers()
    path.write_text(json.dumps(config, indent=1))


if __name__ == "__main__":
    main()
