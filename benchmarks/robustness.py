"""How much an attributor depends on typography: attribution F1 on PolNeAR dev under each change of it.

``python -m benchmarks robustness --data ../shared/data`` rewrites the texts of ``polnear_dev.jsonl`` (which marks are used, what is
lost, layout, case), carries the hand annotation along, and writes ``results/robustness.csv``: F1, and its difference to the texts as
they are, with a 95 % interval from drawing documents in pairs. The changes are in ``_typography.py``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from benchmarks._typography import CHANGES, changed
from newsanalysis import scoring

COMMAND = "python -m benchmarks robustness --data DATA"
NEEDS = ("polnear_dev.jsonl",)
AS_IS = "as it is"
MEASURES = ("attribution", "attribution_exact", "content")


def gold_files(path: Path, every: int) -> dict[str, na.Found]:
    """Return the gold as it is and under each change."""
    lines = path.read_text(encoding="utf-8").splitlines()
    documents = [json.loads(line) for line in lines if line.strip()][::every]
    return {AS_IS: _gold(documents)} | {name: _gold([changed(document, name) for document in documents]) for name in CHANGES}


def _gold(documents: list[dict[str, object]]) -> na.Found:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_text("\n".join(json.dumps(document) for document in documents), encoding="utf-8")
        return na.read_gold(path)


def compared(golds: dict[str, na.Found], attributor: common.Measured) -> pd.DataFrame:
    """Return F1 under each change, and how far it is from that of the texts as they are."""
    tables = []
    for name, gold in golds.items():
        labels, counted = scoring.counts(gold, common.find(gold.documents, attributor), "attributions")
        if name == AS_IS:
            before = counted
        scores = common.scored(labels, counted).query("score == 'f1'").reset_index(drop=True)
        value, low, high = common.difference(labels, before, counted)
        gap = scores.assign(score="f1_difference", value=value, low=low, high=high)
        tables.append(pd.concat([scores, gap] if name != AS_IS else [scores]).assign(change=name))
        print(f"{attributor.name:10} {name:22} {scores.value[0]:.3f} {value[0]:+.3f}", file=sys.stderr, flush=True)
    table = pd.concat(tables, ignore_index=True)
    return table[table.measure.isin(MEASURES)].assign(attributor=attributor.version, model=attributor.model)


def main(arguments: list[str]) -> pd.DataFrame:
    """Measure and write the table."""
    parser = common.options("robustness", "Score attributors under changes of typography.")
    parser.add_argument("--every", type=int, default=1, help="every n-th document only, for a first look")
    options = parser.parse_args(arguments)
    path = options.data / "polnear_dev.jsonl"
    golds = gold_files(path, options.every)
    table = pd.concat([compared(golds, attributor) for attributor in common.chosen(options)], ignore_index=True)
    table = table.assign(set=path.stem, data_sha256=common.digest(path))
    columns = ["set", "attributor", "change", "measure", "score", "group", *common.NUMBERS, "n", "n_documents", "model", "data_sha256"]
    return common.write(table[columns], options.out / "robustness.csv", COMMAND)


if __name__ == "__main__":
    main(sys.argv[1:])
