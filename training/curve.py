"""How the model grows with the texts it learns from: ``python -m training.curve --runs DIR --data DIR --out benchmarks/results/learning_curve.csv``.

Each folder below DIR that holds an ``options.json`` (written by ``training.train``) and an export (``encoder.onnx``, ``tokenizer.json``,
``config.json``, in the folder itself or one level below) is a run. It is scored on ``polnear_dev.jsonl``; a run that left a publisher out
(``--without``) on that publisher's articles only, and the runs with all publishers on each publisher's too, to compare with.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from newsanalysis import scoring

COMMAND = "python -m training.curve --runs RUNS --data DATA --out benchmarks/results/learning_curve.csv"
MEASURES = {"attributions": [("attribution", "all"), ("attribution_exact", "all")], "spans": [("piece_exact", "content"), ("tokens", "content")]}


class Run(NamedTuple):
    """A training run: its name, its export, and what it was told."""

    name: str
    export: Path
    share: float
    without: str
    augmented: bool
    steps: int


def runs(folder: Path) -> Iterator[Run]:
    """Give the runs below a folder that have an export, by name.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     export = Path(name) / "quarter" / "export"
    ...     export.mkdir(parents=True)
    ...     _ = (export.parent / "options.json").write_text('{"share": "0.25", "without": "", "no_augmentation": "False", "steps": "5000"}')
    ...     _, _ = (export / "encoder.onnx").write_text(""), (export / "config.json").write_text('{"step": 4990}')
    ...     [run] = runs(Path(name))
    >>> run.name, run.share, run.without, run.augmented, run.steps
    ('quarter', 0.25, '', True, 4990)
    """
    for options in sorted(folder.rglob("options.json")):
        export = next((path.parent for path in (options.parent / "encoder.onnx", *sorted(options.parent.glob("*/encoder.onnx"))) if path.is_file()), None)
        if export is None:
            print(f"{options.parent}: no encoder.onnx in it or one level below; left out.", file=sys.stderr)
            continue
        told: dict[str, Any] = json.loads(options.read_text(encoding="utf-8"))
        config = json.loads((export / "config.json").read_text(encoding="utf-8"))
        steps = int(config.get("step") or float(told["steps"]))
        name = options.parent.relative_to(folder).as_posix()
        yield Run(name, export, float(told["share"]), str(told["without"]), str(told.get("no_augmentation")) != "True", steps)


def scored(run: Run, gold: na.Found, publishers: pd.Series[str]) -> pd.DataFrame:
    """Return the scores of a run, for all documents or only those of the publisher it left out."""
    names = [run.without] if run.without else ["all", *sorted(publishers.unique())]
    groups = {name: (publishers == name).to_numpy() if name != "all" else np.ones(len(publishers), bool) for name in names}
    kept = gold.documents[groups[names[0]]]
    part = gold.within(kept)
    found = common.find(kept, common.measured("learned", run.export))
    tables = []
    for what, rows in MEASURES.items():
        labels, counted = scoring.counts(part, found, what)
        wanted = pd.Series(list(labels.itertuples(index=False, name=None))).isin(rows).to_numpy()
        within = {name: mask[groups[names[0]]] for name, mask in groups.items()}
        tables.append(common.scored(labels[wanted], counted[:, wanted], within))
    told = {"run": run.name, "share": run.share, "without": run.without, "augmented": run.augmented, "steps": run.steps}
    return pd.concat(tables, ignore_index=True).assign(**told, model=common.digest(run.export / "encoder.onnx"))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_dev.jsonl")
    parser.add_argument("--out", type=Path, default=common.RESULTS / "learning_curve.csv")
    options = parser.parse_args()
    path = options.data / "polnear_dev.jsonl"
    gold = na.read_gold(path)
    publishers = gold.documents["document_id"].map(common.field(path, "publisher"))
    tables = [scored(run, gold, publishers) for run in runs(options.runs)]
    if not tables:
        parser.error(f"{options.runs}: no run with options.json and an export in it.")
    table = pd.concat(tables, ignore_index=True).assign(data_sha256=common.digest(path))
    keys = ["run", "share", "without", "augmented", "steps", "measure", "score", "group"]
    written = common.write(table[[*keys, *common.NUMBERS, "n", "n_documents", "model", "data_sha256"]], options.out, COMMAND)
    f1 = written[(written.score == "f1") & (written.measure == "attribution")]
    print(f1[["run", "share", "without", "steps", "group", *common.NUMBERS]].to_string())


if __name__ == "__main__":
    main()
