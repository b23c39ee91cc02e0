"""How well scare quotes, labels of actors, and statements of blame and call are found: on sentences invented for the purpose.

The gold (``tests/data/scare_quotes_gold.jsonl``, ``labels_gold.jsonl``, ``statements_gold.jsonl``) was written before the rules. One half of
each (part ``tune``) was looked at while the rules were mended, the other (``blind``) was not. Attributions are the default attributor's, so
what it gets wrong counts here as it would in use. Intervals resample sentences.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks._common import RESULTS, ROOT, digest, write
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks statements --data DATA"
GOLD = ROOT / "tests" / "data"
ARTICLES = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
ALIKE = 0.5  # F1 of words from which two wordings of an issue count as the same

Row = dict[str, Any]
Pair = tuple[list[Any], list[Any]]  # gold, found


def read(name: str) -> list[Row]:
    """Return the records of a gold file."""
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


def attributed(rows: list[Row]) -> na.Found:
    """Return what the default attributor finds in them, each a document of its own, resolved."""
    return na.resolve(na.attribute(na.documents([row["text"] for row in rows])))


def scare_quotes(rows: list[Row]) -> dict[str, list[Pair]]:
    """Return, by measure, gold and found places of each record; the baseline takes any short quotation that stands in no attribution's content."""
    found = attributed(rows)
    codes = na.code_scare_quotes(found)
    coded = _by_document(codes, zip(codes.start, codes.end, strict=True))
    contents = found.spans[found.spans.role == "content"].assign(document_id=found.documents_of_spans())
    inside = _by_document(contents, zip(contents.start, contents.end, strict=True))
    pairs: dict[str, list[Pair]] = {"scare_quotes": [], "baseline_short_quotation_in_own_voice": []}
    for row, key in zip(rows, found.documents.document_id, strict=True):
        gold = [tuple(place) for place in row["scare"]]
        pairs["scare_quotes"].append((gold, coded.get(key, [])))
        short = [(q.start, q.end) for q in na.quotations.quotations(row["text"]) if q.closed and len(row["text"][q.start : q.end].split()) <= 5]
        free = [(start, end) for start, end in short if not any(start < b and a < end for a, b in inside.get(key, []))]
        pairs["baseline_short_quotation_in_own_voice"].append((gold, free))
    return pairs


def labels(rows: list[Row]) -> dict[str, list[Pair]]:
    """Return gold and found (label, words of the mention) of each record; the baseline gives a label to the next mention after it."""
    found = attributed(rows)
    mentions = na.mentions(found)
    codes = na.code_labels(mentions).merge(mentions, left_on="unit_id", right_on="mention_id", suffixes=("", "_of_mention"))
    words = _by_document(codes, zip(codes.words, codes.end, codes.document_start, codes.document_end, codes.value, strict=True))
    pairs: dict[str, list[Pair]] = {"labels_of_actors": [], "baseline_next_mention": []}
    book = na.code_words(na.units(found), codebook="labels")
    listed = _by_document(book, zip(book.start, book.end, strict=True))
    named = _by_document(mentions, zip(mentions.document_start, mentions.document_end, strict=True))
    for row, key in zip(rows, found.documents.document_id, strict=True):
        text = row["text"]
        gold = [(one["label"].lower(), one["mention"]) for one in row["labels"]]
        coded = [_label(text, *one) for one in words.get(key, [])]
        pairs["labels_of_actors"].append((gold, coded))
        following = [(text[a:b].lower(), next((text[s:e] for s, e in named.get(key, []) if s >= b), None)) for a, b in listed.get(key, [])]
        pairs["baseline_next_mention"].append((gold, [pair for pair in following if pair[1]]))
    return pairs


def _label(text: str, words: str, label_end: int, start: int, end: int, value: str) -> tuple[str, str]:
    """The label and the mention that has it, without a label that is part of the name."""
    if value == "scare_quotes":
        return "scare quotes", text[start:end]
    return words.lower(), text[max(start, label_end) if start < label_end < end else start : end].strip()


def statements(rows: list[Row]) -> dict[str, list[Pair]]:
    """Return gold and found statements of each record, by how much of them is compared; an issue's wording need only be alike."""
    found = attributed(rows)
    codes = na.code_statements(found, mentions=na.mentions(found))
    columns = ("statement", "source", "target", "issue")
    told = _by_document(codes, zip(*(codes[c].astype(object).where(codes[c].notna(), None) for c in columns), strict=True))
    pairs: dict[str, list[Pair]] = {f"{kind}{part}": [] for kind in ("", "blame_", "call_") for part in PARTS}
    for row, key in zip(rows, found.documents.document_id, strict=True):
        gold = [tuple(one[c] for c in columns) for one in row["statements"]]
        for kind in ("", "blame_", "call_"):
            ours = [tuple(map(_plain, one)) for one in told.get(key, []) if one[0].startswith(kind[:-1])]
            theirs = [tuple(map(_plain, one)) for one in gold if one[0].startswith(kind[:-1])]
            for part, width in PARTS.items():
                pairs[f"{kind}{part}"].append(([width(one) for one in theirs], [width(one) for one in ours]))
    return pairs


PARTS: dict[str, Callable[[tuple[Any, ...]], tuple[Any, ...]]] = {
    "statements": lambda one: (one[0],),
    "statements_target": lambda one: (one[0], one[2]),
    "statements_source_target": lambda one: one[:3],
    "statements_source_target_issue": lambda one: one,
}


def _plain(words: str | None) -> str | None:
    return words and ARTICLES.sub("", words.strip(" “”\"'")).lower()


def _by_document(table: pd.DataFrame, values: Any) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    for key, value in zip(table.document_id, values, strict=True):
        rows.setdefault(key, []).append(value)
    return rows


def same(one: Any, two: Any) -> bool:
    """Say whether two answers are the same; of four parts the last need only share half of its words."""
    if len(one) < 4 or one[3] == two[3] or not (one[3] and two[3]):
        return bool(one == two)
    a, b = one[3].split(), two[3].split()
    return one[:3] == two[:3] and 2 * len(set(a) & set(b)) / (len(set(a)) + len(set(b))) >= ALIKE


def counted(pairs: list[Pair]) -> np.ndarray:
    """Return for each sentence how many are right, how many were found, how many there are."""
    rows = []
    for gold, found in pairs:
        left, right = list(gold), 0
        for one in found:
            hit = next((n for n, other in enumerate(left) if same(one, other)), None)
            if hit is not None:
                left.pop(hit)
                right += 1
        rows.append((right, len(found), len(gold)))
    return np.array(rows, dtype=float)


def _scores(sums: np.ndarray) -> np.ndarray:
    right, found, there = sums[..., 0], sums[..., 1], sums[..., 2]
    return np.stack([2 * right / (found + there), right / found, right / there], axis=-1)


def scored(pairs: list[Pair]) -> pd.DataFrame:
    """Return F1, precision and recall with intervals by sentence."""
    sums = counted(pairs)
    low, high = bootstrap_interval(sums, _scores)
    with np.errstate(invalid="ignore"):
        value = _scores(sums.sum(axis=0))
    n = [int(sums[:, 2].sum()), int(sums[:, 1].sum()), int(sums[:, 2].sum())]
    return pd.DataFrame({"score": ["f1", "precision", "recall"], "value": value, "low": low, "high": high, "n": n, "n_documents": len(sums)})


TASKS = {"scare_quotes_gold.jsonl": scare_quotes, "labels_gold.jsonl": labels, "statements_gold.jsonl": statements}


def results() -> pd.DataFrame:
    """Return all results, one row a measure, part and score."""
    tables = []
    for name, task in TASKS.items():
        rows = read(name)
        for part in ("tune", "blind"):
            for measure, pairs in task([row for row in rows if row["part"] == part]).items():
                tables.append(scored(pairs).assign(set=name.removesuffix(".jsonl"), group=part, measure=measure, data_sha256=digest(GOLD / name)))
    table = pd.concat(tables, ignore_index=True)
    return table[["set", "measure", "group", "score", "value", "low", "high", "n", "n_documents", "data_sha256"]]


def main(arguments: list[str] | None = None) -> None:
    """Measure all, write ``statements.csv``, and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks statements", description=__doc__)
    parser.add_argument("--data", type=Path, help="not needed: the gold is in tests/data")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result file")
    given = parser.parse_args(arguments)
    table = write(results(), given.out / "statements.csv", COMMAND)
    print(table.drop(columns=["data_sha256", "package", "command"]).to_string(), file=sys.stdout)


if __name__ == "__main__":
    main()
