"""What correcting a share for the machine's errors is worth: bias, and how often the 95 % interval holds the share, on made-up codes.

``python -m benchmarks correction --data DATA`` reads nothing from the folder. In each scenario it makes ``RUNS`` corpora of 400 articles of two
outlets, with a hand code (which shares are known) and a machine code for each of some 2,000 units, draws a sample of them for hand coding,
and estimates the share of *yes* in each outlet: uncorrected; from the sample alone; and by the methods of ``na.corrected_share``. Articles differ
in their share (a beta distribution), so that units of an article resemble one another. ``results/correction.csv`` has a row for each scenario,
sample size, method and outlet: bias (mean estimate - true share), root mean squared error, coverage of the interval, and its mean width.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import warnings
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benchmarks._common import RESULTS, write
from newsanalysis import correction
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks correction --data DATA"
NEEDS = ()
RUNS = 200
RESAMPLES = 200
SIZES = (100, 200, 400)
ARTICLES = 400
ALIKE = 8.0  # a + b of the beta distribution of an article's share: correlation of two units of an article 1/9
GROUPS, VALUES = ["A", "B"], ["no", "yes"]
METHODS = ("uncorrected", "sample alone", *correction.METHODS)


class Scenario(NamedTuple):
    """True share in outlets A and B; sensitivity and specificity of the machine in each; how the sample is drawn."""

    share: tuple[float, float]
    sensitivity: tuple[float, float]
    specificity: tuple[float, float]
    drawn: str = "at random"


SCENARIOS = {
    "same errors, good machine": Scenario((0.4, 0.2), (0.9, 0.9), (0.95, 0.95)),
    "same errors, poor machine": Scenario((0.4, 0.2), (0.7, 0.7), (0.8, 0.8)),
    "same errors, rare value": Scenario((0.1, 0.04), (0.8, 0.8), (0.97, 0.97)),
    "errors differ by outlet": Scenario((0.3, 0.3), (0.9, 0.6), (0.95, 0.85)),
    "errors hide a difference": Scenario((0.4, 0.25), (0.7, 0.95), (0.95, 0.82)),
    "half the sample machine's yes": Scenario((0.1, 0.04), (0.8, 0.8), (0.97, 0.97), "by machine value"),
}


def corpus(scenario: Scenario, generator: np.random.Generator) -> pd.DataFrame:
    """Return units with document, outlet, machine's and hand's value."""
    outlet = np.arange(ARTICLES) % 2
    share = np.array(scenario.share)[outlet]
    of_article = generator.beta(ALIKE * share, ALIKE * (1 - share))
    article = np.repeat(np.arange(ARTICLES), generator.integers(1, 10, ARTICLES))
    hand = generator.random(len(article)) < of_article[article]
    right = np.where(hand, np.array(scenario.sensitivity)[outlet[article]], np.array(scenario.specificity)[outlet[article]])
    machine = np.where(generator.random(len(article)) < right, hand, ~hand)
    words = np.array(VALUES)
    columns = {"document_id": article, "group": np.array(GROUPS)[outlet[article]], "machine": words[machine.astype(int)], "hand": words[hand.astype(int)]}
    return pd.DataFrame(columns)


def sample(units: pd.DataFrame, size: int, drawn: str, generator: np.random.Generator) -> pd.DataFrame:
    """Return pairs: units drawn at random, or half of them from those with each machine value, with their weights."""
    strata = [units.index.to_numpy()] if drawn == "at random" else [units.index[units.machine == value].to_numpy() for value in VALUES]
    parts = []
    for rows in strata:
        n = min(len(rows), size // len(strata))
        parts.append(units.loc[generator.choice(rows, n, replace=False)].assign(weight=len(rows) / n))
    return pd.concat(parts).assign(inside=True)


def estimates(method: str, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return shares of yes in A and B and their bounds."""
    shape = (len(GROUPS), len(VALUES))
    simple = {"uncorrected": uncorrected, "sample alone": alone}
    statistic = simple[method] if method in simple else partial(correction.STATISTICS[method], shape=shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = bootstrap_interval(sums, statistic, resamples=RESAMPLES)
        found = statistic(sums.sum(axis=0, keepdims=True))[0]
    return found[1::2], low[1::2], high[1::2]


def uncorrected(sums: np.ndarray) -> np.ndarray:
    """Return the machine's shares."""
    units = sums[..., :4].reshape(-1, 2, 2)
    return (units / units.sum(axis=-1, keepdims=True)).reshape(len(sums), -1)


def alone(sums: np.ndarray) -> np.ndarray:
    """Return the hand's shares in the sample, weighted."""
    hand = sums[..., 12:].reshape(-1, 2, 2, 2).sum(axis=-2)
    return (hand / hand.sum(axis=-1, keepdims=True)).reshape(len(sums), -1)


def measured(name: str, size: int) -> pd.DataFrame:
    """Return a row for each method and outlet of a scenario, and for the difference between the outlets."""
    scenario = SCENARIOS[name]
    seed = int.from_bytes(hashlib.sha256(f"{name} {size}".encode()).digest()[:4], "big")
    generator = np.random.default_rng(seed)
    found: dict[str, list[Any]] = {method: [] for method in METHODS}
    for _ in range(RUNS):
        units = corpus(scenario, generator)
        sums = correction.by_document(units, sample(units, size, scenario.drawn, generator), GROUPS, VALUES)
        for method in METHODS:
            found[method].append(estimates(method, sums))
    rows = []
    for method, runs in found.items():
        value, low, high = (np.array(part) for part in zip(*runs, strict=True))
        truth = np.array(scenario.share)
        covers = np.where(np.isnan(low), np.nan, (low <= truth) & (truth <= high))
        for n, group in enumerate(GROUPS):
            error = value[:, n] - truth[n]
            figures = {"bias": np.nanmean(error), "rmse": np.sqrt(np.nanmean(error**2)), "coverage": np.nanmean(covers[:, n])}
            figures |= {"width": np.nanmean(high[:, n] - low[:, n])}
            rows += [(name, size, method, group, score, figure) for score, figure in figures.items()]
        error = (value[:, 0] - value[:, 1]) - (truth[0] - truth[1])
        rows += [(name, size, method, "A - B", "bias", np.nanmean(error)), (name, size, method, "A - B", "rmse", np.sqrt(np.nanmean(error**2)))]
    return pd.DataFrame(rows, columns=["set", "n_validated", "system", "group", "score", "value"])


def main(arguments: list[str]) -> pd.DataFrame:
    """Write the figures and print the coverage and bias of each method."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks correction", description="Bias and coverage of corrected shares, on made-up codes.")
    parser.add_argument("--data", type=Path, help="not needed: the codes are made up")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result file")
    options = parser.parse_args(arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = pd.concat([measured(name, size) for name in SCENARIOS for size in SIZES])
    low, high = (
        np.where(table.score == "coverage", table.value + sign * 1.96 * np.sqrt((table.value * (1 - table.value)).clip(lower=0) / RUNS), np.nan)
        for sign in (-1, 1)
    )
    table = table.assign(measure="corrected_share", low=low, high=high, n=RUNS)
    columns = ["set", "n_validated", "measure", "system", "group", "score", "value", "low", "high", "n"]
    written = write(table[columns], options.out / "correction.csv", COMMAND)
    shown = written[written.score.isin(["bias", "coverage"])].pivot_table(index=["set", "n_validated", "system"], columns=["score", "group"], values="value")
    print(shown.round(3).to_string())
    return written


if __name__ == "__main__":
    main(sys.argv[1:])
