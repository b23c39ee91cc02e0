"""Score an exported model on the development tenth and calibrate it: ``python -m training.tone.evaluate --model DIR --data DIR [--write]``.

Prints macro-F1 with its interval (bootstrap over sentences), calibration error before and after scaling by a temperature (ten-fold
cross-fitted by sentence), and targets a CPU second. ``--write`` puts the temperature fitted on all of the tenth into config.json.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.tone import calibration_error, fold, measured
from newsanalysis.tone_model import read
from training.tone.data import load

GRID = np.exp(np.linspace(np.log(0.3), np.log(4), 261))


def nll(scores: np.ndarray, gold: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood at a temperature."""
    scaled = scores / temperature
    scaled = scaled - scaled.max(1, keepdims=True)
    return float((np.log(np.exp(scaled).sum(1)) - scaled[np.arange(len(gold)), gold]).mean())


def best_temperature(scores: np.ndarray, gold: np.ndarray) -> float:
    """The temperature of least negative log-likelihood."""
    return float(min(GRID, key=lambda temperature: nll(scores, gold, temperature)))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities."""
    odds = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(odds / odds.sum(1, keepdims=True))


def cross_fitted(scores: np.ndarray, gold: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Probabilities of each fold by the temperature of the other folds."""
    found = np.zeros_like(scores)
    for one in np.unique(folds):
        found[folds == one] = softmax(scores[folds == one] / best_temperature(scores[folds != one], gold[folds != one]))
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--scores", type=Path, help="also write the scores before the softmax (.npy)")
    options = parser.parse_args()
    examples = load(options.data / "newsmtsc_train.jsonl", development=True)
    model = replace(read(str(options.model)), temperature=1.0)
    model.probabilities(examples[0].text, examples[0].start, examples[0].end)
    begun = time.process_time()
    scores = np.log(np.stack([model.probabilities(e.text, e.start, e.end) for e in examples]))
    spent = time.process_time() - begun
    gold, folds = np.array([e.tone for e in examples]), np.array([fold(e) for e in examples])
    plain, fitted = softmax(scores), cross_fitted(scores, gold, folds)
    print(measured("", examples, fitted)[["measure", "group", "value", "low", "high"]].round(4).to_string(index=False))
    right = scores.argmax(1) == gold
    temperature = best_temperature(scores, gold)
    print("ece before", round(calibration_error(plain.max(1), right), 4), "after, cross-fitted", round(calibration_error(fitted.max(1), right), 4))
    print("nll before", round(nll(scores, gold, 1.0), 4), "temperature", round(temperature, 3), "nll after", round(nll(scores, gold, temperature), 4))
    print("targets a CPU second", round(len(examples) / spent, 1))
    if options.scores:
        np.save(options.scores, scores)
    if options.write:
        path = options.model / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"temperature": round(temperature, 3)}, indent=1))


if __name__ == "__main__":
    main()
