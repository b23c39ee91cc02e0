"""Refuse a figure that has dropped: ``python -m benchmarks.gate`` compares the stored results with ``floors.csv``; exit code 1 if any is refused.

A row of ``floors.csv`` names one figure and what it must not fall below:

- ``file``, ``where``, ``column``: the result file, the values that tell its row (``set=war_dev & score=f1``; ``*`` stands for any letters; a
  column left out may hold anything), and the column of the figure;
- ``bound``: ``least`` where higher is better, ``most`` where lower is (an error);
- ``floor``, ``margin``: the bound, and how far from the figure of the day it is set: below it for chance differences between processors (.005),
  more for ratios of times;
- ``asked``: what was asked for, where something was; a figure that misses it is named, not refused;
- ``gold_sha256``: the data that the figure was measured on. Other data are another figure, and refused;
- ``why``: the reason of the last time it was lowered.

``--raise`` lifts the floors to the figures of today less the margin, and fills in new rows. ``--lower "reason"`` also lowers those that are
refused, and takes on other data: the reason is kept in the row. Neither adds a figure: write a row with file, where and column for that.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from benchmarks._common import RESULTS
from newsanalysis.files import write_csv

FLOORS = Path(__file__).parent / "floors.csv"
COLUMNS = ("file", "where", "column", "bound", "floor", "margin", "asked", "gold_sha256", "why")
DIGESTS = ("data_sha256", "sha256")
MARGIN = 0.005
PLACES = 3
SLACK = 1e-9
REMEDY = 'Find the cause; if the loss is meant, `python -m benchmarks.gate --lower "reason"`, and say so in CHANGELOG.md.'
KNOWN = 'If the gold was mended on purpose, `python -m benchmarks.gate --lower "reason"`.'
ANEW = "Run its benchmark anew, or mend `where` in floors.csv."


@dataclass(frozen=True)
class Figure:
    """A stored figure: its value, the digest of its gold, the row it stands in; or why there is none."""

    value: float = math.nan
    gold: str = ""
    problem: str = ""
    row: dict[str, str] = field(default_factory=dict)


def conditions(where: str) -> dict[str, str]:
    """Return what tells a row, by column.

    >>> conditions("set=war_dev & score=f1 & group=")
    {'set': 'war_dev', 'score': 'f1', 'group': ''}
    """
    parts = (part.partition("=") for part in where.split(" & ") if part)
    return {column.strip(): value.strip() for column, _, value in parts}


def figure(results: Path, file: str, where: str, column: str) -> Figure:
    """Return the figure that a row of the floors names."""
    path = results / file
    if not path.is_file():
        return Figure(problem=f"{file} is not there")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    wanted = conditions(where)
    if absent := [name for name in (*wanted, column) if name not in table]:
        return Figure(problem=f"{file} has no column {absent[0]}")
    for name, pattern in wanted.items():
        table = table[[fnmatchcase(value, pattern) for value in table[name]]]
    if len(table) != 1:
        return Figure(problem=f"{len(table) or 'no'} row{'s' * (len(table) > 1)} in {file} with {where}")
    row = table.iloc[0]
    if not row[column]:
        return Figure(problem=f"{column} is empty in {file}, {where}")
    return Figure(float(row[column]), next((row[name] for name in DIGESTS if name in table), ""), row=row.to_dict())


def short_by(figure: float, floor: float, bound: str) -> float:
    """Return by how much a figure misses its bound; 0 or less if it holds.

    >>> round(short_by(0.75, 0.78, "least"), 3), round(short_by(0.02, 0.03, "most"), 3)
    (0.03, -0.01)
    """
    return floor - figure if bound == "least" else figure - floor


def set_off(figure: float, margin: float, bound: str) -> float:
    """Return the bound that a figure sets: the margin away, rounded away from it to three places.

    >>> set_off(0.7863, 0.005, "least"), set_off(0.0091, 0.005, "most")
    (0.781, 0.015)
    """
    scale = 10**PLACES
    if bound == "least":
        return math.floor(round((figure - margin) * scale, 6)) / scale
    return math.ceil(round((figure + margin) * scale, 6)) / scale


def read(path: Path) -> pd.DataFrame:
    """Return the floors, checked."""
    floors = pd.read_csv(path, dtype=str, keep_default_na=False)
    if list(floors.columns) != list(COLUMNS):
        raise SystemExit(f"{path.name}: the columns are {', '.join(floors.columns)}; they must be {', '.join(COLUMNS)}.")
    for number, row in floors.iterrows():
        if row.bound not in ("least", "most"):
            raise SystemExit(f"{path.name}, row {int(number) + 2}: bound is {row.bound!r}; write least or most.")  # type: ignore[arg-type]
    if (twice := floors[floors.duplicated(["file", "where", "column", "bound"])]).size:
        raise SystemExit(f"{path.name}: {twice.file.iloc[0]}, {twice['where'].iloc[0]} stands there twice.")
    return floors.assign(floor=pd.to_numeric(floors.floor), margin=pd.to_numeric(floors.margin).fillna(MARGIN), asked=pd.to_numeric(floors.asked))


def checked(floors: pd.DataFrame, results: Path = RESULTS) -> pd.DataFrame:
    """Return the floors with today's figure, the digest of its gold, and what is wrong with it, if anything.

    Parameters
    ----------
    floors : DataFrame
        What ``read`` returns.
    results : Path
        The folder with the result files.

    Returns
    -------
    DataFrame
        With the columns ``value``, ``gold``, ``refused`` (empty if the figure holds) and ``missed`` (by how much it misses what was asked for, if it does).
    """
    rows = []
    for floor in floors.itertuples():
        now = figure(results, str(floor.file), str(floor.where), str(floor.column))
        short = short_by(now.value, float(floor.floor), str(floor.bound))  # type: ignore[arg-type]
        refused = now.problem and f"{now.problem}. {ANEW}"
        if not refused and floor.gold_sha256 and now.gold != floor.gold_sha256:
            refused = f"{now.value:.4f} was measured on other data ({now.gold or 'without a digest'}) than its floor ({floor.gold_sha256}). {KNOWN}"
        if not refused and short > SLACK:
            worse = "below" if floor.bound == "least" else "above"
            refused = f"{now.value:.4f} is {short:.4f} {worse} its {'floor' if floor.bound == 'least' else 'ceiling'} of {floor.floor:.3f}. {REMEDY}"
        missed = short_by(now.value, float(floor.asked), str(floor.bound))  # type: ignore[arg-type]
        rows.append({"value": now.value, "gold": now.gold, "refused": refused, "missed": missed if missed > SLACK else math.nan})
    return floors.join(pd.DataFrame(rows, index=floors.index))


def moved(looked: pd.DataFrame, *, lower: str = "") -> pd.DataFrame:
    """Return the floors lifted to today's figures; with a reason to lower, also those that are refused.

    Parameters
    ----------
    looked : DataFrame
        What ``checked`` returns.
    lower : str
        The reason; without it no floor is lowered and no other data taken on.
    """
    floors = looked.copy()
    for number, row in looked.iterrows():
        if math.isnan(row.value) or (row.refused and not lower):
            continue
        new = set_off(row.value, row.margin, row.bound)
        better = math.isnan(row.floor) or short_by(new, row.floor, row.bound) < 0
        if better or row.refused:
            floors.loc[number, ["floor", "gold_sha256"]] = [new, row.gold]
            if row.refused:
                floors.loc[number, "why"] = lower
        elif not row.gold_sha256:
            floors.loc[number, "gold_sha256"] = row.gold
    return floors[list(COLUMNS)]


def named(row: pd.Series) -> str:
    """Return how a figure is called in a message."""
    return f"{row['file']}: {row['where']}{'' if row['column'] == 'value' else ', ' + row['column']}"


def main(arguments: list[str]) -> int:
    """Compare, say what is refused, and move floors if told to; 1 if anything is refused."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description="Refuse figures below their floors.")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder with the result files")
    parser.add_argument("--floors", type=Path, default=FLOORS, help="the floors, a CSV file")
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift the floors to the figures of today, less the margin")
    parser.add_argument("--lower", metavar="REASON", help="lower what is refused, and take on other data; the reason is kept")
    options = parser.parse_args(arguments)
    if options.lower is not None and not options.lower.strip():
        parser.error("--lower needs a reason, such as: --lower 'the guide now counts intentions'.")
    looked = checked(read(options.floors), options.results)
    if options.lift or options.lower:
        before = looked
        write_csv(moved(looked, lower=options.lower or ""), options.floors)
        looked = checked(read(options.floors), options.results)
        changed = int((before.floor.fillna(-1) != looked.floor.fillna(-1)).sum())
        print(f"{changed} of {len(looked)} floors moved in {options.floors.name}.")
    for _, row in looked[looked.missed.notna()].iterrows():
        print(f"not refused, but short of the {row.asked:.3f} asked for by {row.missed:.4f}: {named(row)}")
    refused = looked[looked.refused != ""]
    for _, row in refused.iterrows():
        print(f"REFUSED {named(row)}: {row.refused}")
    unset = looked[looked.floor.isna() & (looked.refused == "")]
    for _, row in unset.iterrows():
        print(f"REFUSED {named(row)}: no floor is set. Set it: `python -m benchmarks.gate --raise`.")
    print(f"{len(looked) - len(refused) - len(unset)} of {len(looked)} figures hold.")
    return int(len(refused) + len(unset) > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
