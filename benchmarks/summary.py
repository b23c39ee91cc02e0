"""The table behind "how far can each number be trusted": every measure's figure beside other programs' and people's, from the stored results.

``python -m benchmarks.summary`` reads ``summary_rows.csv`` and writes ``results/summary.csv``; ``python -m benchmarks`` does so at its end. A row of
``summary_rows.csv`` names a figure as ``floors.csv`` does (``file``, ``where``, ``column``) and says under which ``group`` and
``label`` it stands, whose it is (``system``), as what it is shown (``mark``: package, people, other) and on which texts (``texts``). A figure
that is not there yet is left out, and said.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from benchmarks import gate
from benchmarks._common import DIGITS, RESULTS
from newsanalysis.files import write_csv

ROWS = Path(__file__).parent / "summary_rows.csv"
NAME = "summary.csv"
BOUNDS = {"ci_low": ("low", "ci_low"), "ci_high": ("high", "ci_high"), "n": ("n",), "n_documents": ("n_documents",)}
COLUMNS = ["group", "label", "system", "mark", "texts", "estimate", *BOUNDS, "file", "where", "gold_sha256"]


def made(rows: pd.DataFrame, results: Path = RESULTS) -> tuple[pd.DataFrame, list[str]]:
    """Return the table, and why figures are left out.

    Parameters
    ----------
    rows : DataFrame
        What ``summary_rows.csv`` holds, all text.
    results : Path
        The folder with the result files.
    """
    found, absent = [], []
    for row in rows.to_dict("records"):
        now = gate.figure(results, row["file"], row["where"], row["column"])
        if now.problem:
            absent.append(f"{row['label']}, {row['system']}: {now.problem}")
            continue
        beside = {name: next((now.row[column] for column in columns if now.row.get(column)), None) for name, columns in BOUNDS.items()}
        found.append({**row, "estimate": now.value, **beside, "gold_sha256": now.gold})
    table = pd.DataFrame(found, columns=COLUMNS)
    numbers = table[list(BOUNDS)].apply(pd.to_numeric)
    return table.assign(**numbers.astype({"n": "Float64", "n_documents": "Float64"}).round(DIGITS).astype({"n": "Int64", "n_documents": "Int64"})), absent


def main(arguments: list[str]) -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.summary", description="Gather each measure's figure beside people's and other programs'.")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder with the result files; the table is written there")
    options = parser.parse_args(arguments)
    table, absent = made(pd.read_csv(ROWS, dtype=str, keep_default_na=False), options.results)
    write_csv(table, options.results / NAME)
    for problem in absent:
        print(f"left out: {problem}", file=sys.stderr)
    print(f"summary: {len(table)} figures of {table[['group', 'label']].drop_duplicates().shape[0]} measures in {NAME}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
