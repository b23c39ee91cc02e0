"""How far people agree: what one annotator's attributions score against another's, and how far their shares of voice differ.

``python -m benchmarks people --data ../shared/data`` reads ``polnear_multi.jsonl`` (18 US articles that five or six people annotated, each alone)
and writes ``results/people.csv``: for every two people of an article the one is taken for gold and the other for an attributor, and scored as
attributors are; ``misplaced`` and ``same_first`` are those of ``results/voice_error.csv``, for kinds. F1 is that of all pairs of all articles together,
the others are means over articles of the pairs' mean; 95 % intervals are from drawing articles. n is the number of pairs.

The annotators were trained on the same guide. The figures of two people in ``results/published.csv`` are given ones, on 20 articles of the same corpus.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from benchmarks import voice_error
from newsanalysis import scoring
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks people --data DATA"
NEEDS = ("polnear_multi.jsonl",)
KINDS = ["direct", "mixed", "indirect"]
Record = dict[str, Any]


def pairs(records: list[Record]) -> list[tuple[Record, Record]]:
    """Return every two annotations of one article, in the order of the file.

    >>> [(one["annotator"], two["annotator"]) for one, two in pairs([{"doc_id": "a", "annotator": n} for n in "xyz"] + [{"doc_id": "b", "annotator": "x"}])]
    [('x', 'y'), ('x', 'z'), ('y', 'z')]
    """
    return [(one, two) for one, two in combinations(records, 2) if one["doc_id"] == two["doc_id"]]


def found(records: list[Record]) -> na.Found:
    """Return annotations as tables, each under a name of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_text("\n".join(json.dumps({**record, "doc_id": f"{number:04}"}) for number, record in enumerate(records)), encoding="utf-8")
        return na.read_gold(path)


def by_article(values: np.ndarray, articles: list[str]) -> np.ndarray:
    """Return the sums over the pairs of each article."""
    return pd.DataFrame(values).groupby(np.array(articles)).sum().to_numpy()


def measured(records: list[Record]) -> pd.DataFrame:
    """Return the rows."""
    both = pairs(records)
    articles = [one["doc_id"] for one, _ in both]
    first, second = found([one for one, _ in both]), found([two for _, two in both])
    tables = []
    for what in ("attributions", "spans"):
        labels, counted = scoring.counts(first, second, what)
        table = common.scored(labels, by_article(counted.reshape(len(both), -1), articles).reshape(-1, *counted.shape[1:]))
        tables.append(table[table.score == "f1"])
    tables.append(shares(voice_error.words(first, "kind", KINDS), voice_error.words(second, "kind", KINDS), articles))
    return pd.concat(tables, ignore_index=True).assign(n=len(both))


def shares(one: np.ndarray, two: np.ndarray, articles: list[str]) -> pd.DataFrame:
    """Return how far shares by kind differ between two people, the mean over articles."""
    heard = (one.sum(axis=1) > 0) & (two.sum(axis=1) > 0)
    one, two, of = one[heard], two[heard], [article for article, use in zip(articles, heard, strict=True) if use]
    values = {"misplaced": voice_error.misplaced(one, two)[:, 0], "same_first": (one.argmax(axis=1) == two.argmax(axis=1)).astype(float)}
    rows = []
    for measure, value in values.items():
        means = pd.Series(value).groupby(np.array(of)).mean().to_numpy()
        low, high = bootstrap_interval(np.stack([means, np.ones(len(means))], axis=1), lambda sums: sums[..., :1] / sums[..., 1:])
        rows.append({"measure": measure, "score": "article", "group": "all", "value": means.mean(), "low": low[0], "high": high[0], "n_documents": len(means)})
    return pd.DataFrame(rows)


def main(arguments: list[str]) -> pd.DataFrame:
    """Score people against each other and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks people", description="Score people's attributions against each other.")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_multi.jsonl")
    parser.add_argument("--out", type=Path, default=common.RESULTS, help="folder for the result file")
    options = parser.parse_args(arguments)
    path = options.data / NEEDS[0]
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    table = measured(records).assign(set=path.stem, data_sha256=common.digest(path))
    columns = ["set", "measure", "score", "group", *common.NUMBERS, "n", "n_documents", "data_sha256"]
    return common.write(table[columns], options.out / "people.csv", COMMAND)


if __name__ == "__main__":
    print(main(sys.argv[1:]).drop(columns=["command", "package", "data_sha256"]).to_string())
