"""How well the cue tells speech from private states: against hand labels, on hand-annotated spans.

``python -m benchmarks mode --data ../shared/data`` reads ``war_dev.jsonl`` (15 articles on the Ukraine crisis of 2013-15, each
attribution labelled by its annotator) and 300 attributions drawn at random (seed 1) from ``polnear_train.jsonl``, labelled for this
benchmark: ``data/mode_gold.csv`` holds document, attribution, offsets and label, no text. It writes ``results/mode.csv``: one row a
measure, with a 95 % interval by bootstrap over documents.

The 300 were labelled once, by reading source, cue and content, before the word list was written; one label (of an
*appears*) departs by mistake from the others and was left as it is. The list was written on other attributions of ``polnear_train``,
with the 300 read but not scored. ``war_dev`` was scored once and not written on.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks._common import RESULTS, digest
from newsanalysis import codebooks, quotations, tables
from newsanalysis.attribution.modes import mode
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks mode --data DATA"
NEEDS = ("polnear_train.jsonl", "war_dev.jsonl")
GOLD = Path(__file__).parent / "data" / "mode_gold.csv"
Pair = tuple[str, str]  # by hand, by rule


def by_rule(text: str, attribution: dict[str, Any]) -> str:
    """Return the mode of a hand-annotated attribution by its cue and kind."""
    cue = tables.JOINT.join(text[start:end] for start, end in attribution["cue"])
    return mode(cue, quotations.kind(text, [(start, end) for start, end in attribution["content"]]))


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Return the documents of a file by id."""
    with path.open(encoding="utf-8") as lines:
        return {document["doc_id"]: document for document in map(json.loads, filter(str.strip, lines))}


def war_dev(data: Path) -> dict[str, list[Pair]]:
    """Return hand's and rule's modes by document, as annotated with the articles."""
    documents = read(data / "war_dev.jsonl")
    return {key: [(one["kind"], by_rule(document["text"], one)) for one in document["attributions"]] for key, document in documents.items()}


def sample(data: Path) -> dict[str, list[Pair]]:
    """Return hand's and rule's modes by document, for the labelled sample of the training part."""
    documents = read(data / "polnear_train.jsonl")
    pairs: dict[str, list[Pair]] = defaultdict(list)
    with GOLD.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            document = documents[row["doc_id"]]
            attribution = next(one for one in document["attributions"] if one["id"] == row["id"])
            spans = attribution["source"] + attribution["cue"] + attribution["content"]
            if (min(start for start, _ in spans), max(end for _, end in spans)) != (int(row["start"]), int(row["end"])):
                raise SystemExit(f"{row['doc_id']} {row['id']} does not stand where it was labelled; another version of the corpus?")
            pairs[row["doc_id"]].append((row["mode"], by_rule(document["text"], attribution)))
    return dict(pairs)


def _scores(counts: np.ndarray) -> np.ndarray:
    """Return accuracy, precision, recall and F1 of private from counts (..., right private, wrong private, missed private, right speech)."""
    hits, wrong, missed, rest = np.moveaxis(counts, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack(
            [(hits + rest) / (hits + wrong + missed + rest), hits / (hits + wrong), hits / (hits + missed), 2 * hits / (2 * hits + wrong + missed)], -1
        )


def measured(name: str, documents: dict[str, list[Pair]]) -> pd.DataFrame:
    """Return a row for each measure on one set."""
    cells = (("private", "private"), ("speech", "private"), ("private", "speech"), ("speech", "speech"))
    counts = np.array([[pairs.count(cell) for cell in cells] for pairs in documents.values()], float)
    low, high = bootstrap_interval(counts, _scores)
    total = counts.sum(0)
    scores = {"group": ["all", *["private"] * 3], "score": ["accuracy", "precision", "recall", "f1"]}
    table = pd.DataFrame({"measure": "mode", **scores, "value": _scores(total), "low": low, "high": high})
    return table.assign(set=name, n=int(total.sum()), n_private=int(total[0] + total[2]), n_documents=len(documents))


def main(arguments: list[str]) -> pd.DataFrame:
    """Measure both sets and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks mode", description="Score speech and private states against hand labels.")
    parser.add_argument("--data", type=Path, required=True, help="folder with war_dev.jsonl and polnear_train.jsonl")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result file")
    options = parser.parse_args(arguments)
    sets = {"polnear_train_sample": (sample, "polnear_train.jsonl"), "war_dev": (war_dev, "war_dev.jsonl")}
    absent = [file for _, file in sets.values() if not (options.data / file).is_file()]
    if absent:
        parser.error(f"{options.data} has no {absent[0]}.")
    parts = []
    for name, (pairs, file) in sets.items():
        parts.append(measured(name, pairs(options.data)).assign(data_sha256=digest(options.data / file)))
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(codebook=f"modes@{codebooks.catalogue_versions()['modes']}", command=COMMAND)
    columns = ["set", "measure", "group", "score", "value", "low", "high", "n", "n_private", "n_documents", "codebook", "command", "data_sha256"]
    table = table[columns].round(4)
    options.out.mkdir(exist_ok=True, parents=True)
    table.to_csv(options.out / "mode.csv", index=False, lineterminator="\n")
    return table


if __name__ == "__main__":
    print(main(sys.argv[1:]).drop(columns=["command", "data_sha256"]).to_string())
