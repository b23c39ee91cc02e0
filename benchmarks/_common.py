"""What the benchmarks share: attributors by name, gold, scores with intervals by document, and result files that stay the same."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import newsanalysis as na
from newsanalysis import scoring
from newsanalysis.attribution import ATTRIBUTORS
from newsanalysis.files import write_csv
from newsanalysis.resampling import bootstrap_interval

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
SHIPPED = Path(na.__file__).parent / "models" / "attribution"
NUMBERS = ("value", "low", "high")
SCORES = ("f1", "precision", "recall")
DIGITS = 4


@dataclass(frozen=True)
class Measured:
    """An attributor as it is measured: its name, the callable, and what it is, for the result files."""

    name: str
    run: Any
    version: str
    model: str


def options(benchmark: str, description: str) -> argparse.ArgumentParser:
    """Return a parser with what all benchmarks are told."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks {benchmark}", description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_dev.jsonl and war_dev.jsonl")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result files")
    parser.add_argument("--attributor", action="append", choices=NAMES, help="which to measure; all there are by default")
    parser.add_argument("--model", type=Path, help="folder with a model that does not ship: encoder.onnx, tokenizer.json, config.json")
    return parser


NAMES = ("learned", "patterns")


def measured(name: str, model: Path | None = None) -> Measured:
    """Return an attributor by name; ``model`` is the folder of another model for `learned`.

    >>> measured("patterns").version
    'patterns@1'
    """
    if name == "patterns":
        run = ATTRIBUTORS[name]()
        return Measured(name, run, str(run.version), "")
    folder = model or SHIPPED
    run = na.LearnedAttributor(folder) if model else na.LearnedAttributor()
    return Measured(name, run, str(run.version), digest(folder / "encoder.onnx"))


def chosen(given: argparse.Namespace) -> list[Measured]:
    """Return the attributors asked for; without a wish, all whose model is there."""
    ready = {"patterns": True, "learned": bool(given.model) or (SHIPPED / "encoder.onnx").is_file()}
    names = given.attributor or [name for name in NAMES if ready[name]]
    return [measured(name, given.model) for name in names]


def digest(path: Path) -> str:
    """Return the first twelve digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def find(documents: pd.DataFrame, attributor: Measured, **limits: Any) -> na.Found:
    """Return what an attributor finds; a document that fails ends the benchmark."""
    found = na.attribute(documents, attributor=attributor.run, **limits)
    if len(found.errors):
        raise SystemExit(f"{attributor.name} failed on {len(found.errors)} documents: {found.errors.error.iloc[0]}")
    return found


def field(path: Path, name: str) -> dict[str, str]:
    """Return a field of each document of a gold file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gold = Path(folder) / "gold.jsonl"
    ...     _ = gold.write_text('{"doc_id": "a", "publisher": "nyt"}')
    ...     field(gold, "publisher")
    {'a': 'nyt'}
    """
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {record["doc_id"]: str(record.get(name, "")) for record in records}


def scored(labels: pd.DataFrame, counted: np.ndarray, groups: Mapping[str, np.ndarray] | None = None) -> pd.DataFrame:
    """Return F1, precision and recall with their intervals, a row each, for all documents or for groups of them.

    Parameters
    ----------
    labels, counted
        What `scoring.counts` returns.
    groups : dict, optional
        Which documents (an array of bool) belong to a group. Without it the group is the label's own: kind or role.

    Returns
    -------
    DataFrame
        Columns measure, score, group, value, low, high, n, n_documents. n counts the gold; for precision what was predicted.
    """
    own = labels.iloc[:, 1].tolist() if labels.shape[1] > 1 else ["all"] * len(labels)
    tables = []
    for group, rows in (groups or {"": np.ones(len(counted), bool)}).items():
        part = counted[rows]
        estimates, low, high = (np.stack(numbers) for numbers in _intervals(labels, part))
        total = part.sum(axis=0)
        for number, score in enumerate(SCORES):
            table = labels[["measure"]].assign(score=score, group=[group] * len(labels) if group else own, value=estimates[number], low=low[number])
            tables.append(table.assign(high=high[number], n=total[:, 1 if score == "precision" else 3], n_documents=len(part)))
    return pd.concat(tables, ignore_index=True)


def _intervals(labels: pd.DataFrame, counted: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """F1, precision and recall, and the bounds of their intervals."""
    size = len(labels)

    def statistic(sums: np.ndarray) -> np.ndarray:
        precision, recall, f1 = scoring.precision_recall_f1(sums.reshape(*sums.shape[:-1], size, 4), labels)
        return np.concatenate([f1, precision, recall], axis=-1)

    sums = counted.reshape(len(counted), -1)
    low, high = bootstrap_interval(sums, statistic)
    parts = (statistic(sums.sum(axis=0, keepdims=True).astype(float))[0], low, high)
    return tuple(np.split(part, 3) for part in parts)  # type: ignore[return-value]


def difference(labels: pd.DataFrame, before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return F1 after less F1 before, for the same documents, with the interval of drawing documents in pairs."""
    size = len(labels)

    def statistic(sums: np.ndarray) -> np.ndarray:
        both = sums.reshape(*sums.shape[:-1], 2, size, 4)
        return scoring.precision_recall_f1(both[..., 1, :, :], labels)[2] - scoring.precision_recall_f1(both[..., 0, :, :], labels)[2]

    sums = np.concatenate([before.reshape(len(before), -1), after.reshape(len(after), -1)], axis=1)
    low, high = bootstrap_interval(sums, statistic)
    return statistic(sums.sum(axis=0, keepdims=True).astype(float))[0], low, high


def write(table: pd.DataFrame, path: Path, command: str) -> pd.DataFrame:
    """Write a result file: rows sorted by all that is no number, numbers rounded, package and command beside each row."""
    keys = [column for column in table.columns if column not in (*NUMBERS, "n", "n_documents", "precision", "recall")]
    counts = {column: "Int64" for column in ("n", "n_documents") if column in table}
    whole = table.assign(package=f"newsanalysis {na.__version__}", command=command).astype(counts)
    numbers = dict.fromkeys(whole.select_dtypes("float").columns, DIGITS)
    whole = whole.round(numbers).sort_values(keys, kind="stable", ignore_index=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(whole, path)
    return whole
