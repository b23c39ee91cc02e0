"""Fit the confidence on development texts and check it by cross-fitting: ``python -m training.confidence --model DIR --gold FILE ...``.

An attribution counts as right when its content and its source both have token Dice >= .5 with a gold attribution's (score.py's
``attr``). Logistic regression on the frames' features, then isotonic regression; folds are documents.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from newsanalysis.attribution.learned import LearnedAttributor
from training.tune import cached, predictions, scorer

Array = NDArray[np.float64]


def examples(score: Any, gold: list[dict[str, Any]], made: list[dict[str, Any]]) -> tuple[Array, Array, Array]:
    """Features, right or wrong, and document of each predicted attribution."""
    features, right, document = [], [], []
    for number, (g, p) in enumerate(zip(gold, made, strict=True)):
        text = score.Doc(g["text"])
        gc, gs = [[text.toks(a[k]) for a in g["attributions"]] for k in ("content", "source")]
        pc, ps = [[text.toks(a[k]) for a in p["attributions"]] for k in ("content", "source")]

        def same(i: int, j: int, gs: Any = gs, ps: Any = ps) -> float:
            return float(score.dice(gs[i], ps[j]))

        hits = {j for i, j in score.greedy(gc, pc, 0.5, same) if same(i, j) >= 0.5}
        for j, attribution in enumerate(p["attributions"]):
            features.append(attribution["features"])
            right.append(j in hits)
            document.append(number)
    return np.array(features, float), np.array(right, float), np.array(document)


class Calibrator:
    """Logistic regression on standardised features, then isotonic regression."""

    def __init__(self, x: Array, y: Array) -> None:
        self.mean, self.scale = x.mean(0), x.std(0) + 1e-6
        self.model = LogisticRegression(C=0.3, max_iter=2000).fit((x - self.mean) / self.scale, y)
        raw = self.raw(x)
        self.curve = IsotonicRegression(y_min=0.02, y_max=0.99, out_of_bounds="clip").fit(raw, y)

    def raw(self, x: Array) -> Array:
        """Logistic probabilities."""
        return np.asarray(self.model.predict_proba((x - self.mean) / self.scale)[:, 1])

    def numbers(self) -> dict[str, Any]:
        """What the runtime needs."""
        weights = self.model.coef_[0] / self.scale
        bias = float(self.model.intercept_[0] - (weights * self.mean).sum())
        grid = np.linspace(0, 1, 41)
        # a straight line through isotonic steps: a running mean, strictly within 0 and 1
        level = np.convolve(np.pad(self.curve.predict(grid), 2, mode="edge"), np.ones(5) / 5, "valid")
        return {"weights": weights.tolist(), "bias": bias, "from": grid.tolist(), "to": level.tolist()}


def apply(numbers: dict[str, Any], x: Array) -> Array:
    """The runtime's confidence."""
    raw = 1 / (1 + np.exp(-(x @ np.array(numbers["weights"]) + numbers["bias"])))
    return np.asarray(np.interp(raw, numbers["from"], numbers["to"]))


def calibration_error(p: Array, y: Array, bins: int = 10) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error and the reliability table (mean confidence, share right, n)."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    rows = [(float(p[place == b].mean()), float(y[place == b].mean()), int((place == b).sum())) for b in range(bins) if (place == b).any()]
    return sum(n * abs(a - b) for a, b, n in rows) / len(p), rows


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "gold", "score", "cache"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--file", default="encoder.onnx")
    options = parser.parse_args()
    attributor = LearnedAttributor(options.model, encoder=options.file)
    rows = cached(attributor, options.gold, options.cache)
    made = predictions(attributor, rows, attributor.model.settings)
    x, y, document = examples(scorer(options.score), [d for d, _, _ in rows], made)
    fold = np.random.default_rng(0).permutation(document.max() + 1)[document] % 10
    crossed = np.zeros(len(y))
    for number in range(10):
        crossed[fold == number] = apply(Calibrator(x[fold != number], y[fold != number]).numbers(), x[fold == number])
    error, table = calibration_error(crossed, y)
    print(f"n {len(y)}  right {y.mean():.3f}  cross-fitted ECE {error:.4f}  Brier {np.mean((crossed - y) ** 2):.4f}")
    for a, b, n in table:
        print(f"  {a:.3f} {b:.3f} {n}")
    gold_count = sum(len(d["attributions"]) for d, _, _ in rows)
    print("  threshold  precision  recall")
    for threshold in (0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        keep = crossed >= threshold
        print(f"  {threshold:.1f} {y[keep].mean():.3f} {y[keep].sum() / gold_count:.3f}")
    path = options.model / "config.json"
    config = json.loads(path.read_text())
    config["confidence"] = Calibrator(x, y).numbers()
    path.write_text(json.dumps(config, indent=1))


if __name__ == "__main__":
    main()
