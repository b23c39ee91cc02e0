"""How often a comparison of two outlets that do not differ finds p < .05, on made-up articles: exchanging articles, and ignoring them.

``python -m benchmarks compare --data DATA`` reads nothing from the folder. In each scenario it makes ``RUNS`` corpora of two outlets with the same
share of a camp; articles differ in their share, so that attributions of an article resemble one another. Tests: ``na.compare``'s permutation
of whole articles; the same without dividing by the standard error; a permutation of attributions; and the z test of two proportions. The last two
take attributions for independent. ``results/compare.csv`` has the share of runs with p < .05, which should be .05, and, where the outlets differ by
.15, how often that is found (power).
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks._common import RESULTS, write
from newsanalysis.reliability import wilson
from newsanalysis.resampling import permutation_test

COMMAND = "python -m benchmarks compare --data DATA"
NEEDS = ()
RUNS = 1000
PERMUTATIONS = 199
SHARE = 0.4
TESTS = ("articles (na.compare)", "articles, plain difference", "attributions", "z test of proportions")


class Scenario(NamedTuple):
    """Articles of each outlet, the most attributions an article can have in each, a + b of the article's share in each, and the difference."""

    articles: tuple[int, int]
    most: tuple[int, int]
    alike: tuple[float, float]
    difference: float = 0.0


SCENARIOS = {
    "5 and 5 articles": Scenario((5, 5), (20, 20), (3, 3)),
    "10 and 10 articles": Scenario((10, 10), (20, 20), (3, 3)),
    "50 and 50 articles": Scenario((50, 50), (20, 20), (3, 3)),
    "20 and 80, the fewer longer and more uneven": Scenario((20, 80), (40, 10), (1.5, 20)),
    "80 and 20, the fewer shorter and more even": Scenario((80, 20), (40, 10), (1.5, 20)),
    "50 and 50, attributions independent": Scenario((50, 50), (20, 20), (1e9, 1e9)),
    "50 and 50 articles, .15 apart": Scenario((50, 50), (20, 20), (3, 3), 0.15),
}


def share(sums: np.ndarray) -> np.ndarray:
    """Return the first sum by the second."""
    return sums[..., :1] / sums[..., 1:2]


def corpus(scenario: Scenario, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the articles' attributions of the camp and of all, and which articles are the first outlet's."""
    parts = []
    for n, (articles, most, alike) in enumerate(zip(scenario.articles, scenario.most, scenario.alike, strict=True)):
        mean = SHARE + scenario.difference * n
        size = generator.integers(1, most + 1, articles)
        parts.append(np.column_stack([generator.binomial(size, generator.beta(alike * mean, alike * (1 - mean), articles)), size]))
    return np.concatenate(parts).astype(float), np.arange(sum(scenario.articles)) < scenario.articles[0]


def plain(sums: np.ndarray, first: np.ndarray, generator: np.random.Generator) -> float:
    """Return p of the plain difference, articles exchanged."""
    chosen = np.argsort(generator.random((PERMUTATIONS, len(sums))), axis=1)[:, : first.sum()]
    ones = sums[chosen].sum(axis=1)
    drawn = np.abs(share(ones) - share(sums.sum(axis=0) - ones))[:, 0]
    found = np.abs(share(sums[first].sum(axis=0)) - share(sums[~first].sum(axis=0)))[0]
    return float((1 + (drawn >= found - 1e-12).sum()) / (PERMUTATIONS + 1))


def attributions(sums: np.ndarray, first: np.ndarray, generator: np.random.Generator) -> float:
    """Return p of the difference, attributions exchanged: the camp's in the first outlet are hypergeometric."""
    (hits, size), (others, rest) = sums[first].sum(axis=0), sums[~first].sum(axis=0)
    drawn = generator.hypergeometric(int(hits + others), int(size + rest - hits - others), int(size), PERMUTATIONS)
    difference = np.abs(drawn / size - (hits + others - drawn) / rest)
    return float((1 + (difference >= abs(hits / size - others / rest) - 1e-12).sum()) / (PERMUTATIONS + 1))


def z_test(sums: np.ndarray, first: np.ndarray) -> float:
    """Return p of the two proportions, attributions taken for independent."""
    (hits, size), (others, rest) = sums[first].sum(axis=0), sums[~first].sum(axis=0)
    pooled = (hits + others) / (size + rest)
    error = math.sqrt(pooled * (1 - pooled) * (1 / size + 1 / rest))
    return math.erfc(abs(hits / size - others / rest) / error / math.sqrt(2)) if error else 1.0


def measured(name: str) -> pd.DataFrame:
    """Return the share of runs with p < .05 for each test."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    generator, scenario, found = np.random.default_rng(seed), SCENARIOS[name], []
    for _ in range(RUNS):
        sums, first = corpus(scenario, generator)
        ours = permutation_test(sums, first, share, rng=generator, permutations=PERMUTATIONS)
        found.append((ours, plain(sums, first, generator), attributions(sums, first, generator), z_test(sums, first)))
    significant = (np.array(found) <= 0.05).sum(axis=0)
    rows = [(name, test, n / RUNS, *wilson(int(n), RUNS)) for test, n in zip(TESTS, significant, strict=True)]
    table = pd.DataFrame(rows, columns=["set", "system", "value", "low", "high"])
    return table.assign(measure="compare", score="power" if scenario.difference else "false positives", n=RUNS)


def main(arguments: list[str]) -> pd.DataFrame:
    """Write the figures and print them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks compare", description="False positives of comparing two outlets, on made-up articles.")
    parser.add_argument("--data", type=Path, help="not needed: the articles are made up")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result file")
    options = parser.parse_args(arguments)
    table = pd.concat([measured(name) for name in SCENARIOS])[["set", "measure", "system", "score", "value", "low", "high", "n"]]
    written = write(table, options.out / "compare.csv", COMMAND)
    print(written.pivot_table(index=["score", "set"], columns="system", values="value").to_string())
    return written


if __name__ == "__main__":
    main(sys.argv[1:])
