"""How far the indicators of frames agree with a hand coding: precision, recall, F1 and alpha by frame, on articles they were not tuned on.

``python -m benchmarks frames --data ../shared/data`` reads ``war_dev.jsonl`` (all 15 articles) and 45 articles of ``polnear_dev.jsonl`` drawn
at random (numpy's default_rng, seed 20005), the first 400 words of each. ``data/frames_hand_codes.csv`` holds ids and codes, no text: answers to the
questions of ``na.frame_items``. Thirty articles are the development half (lists pruned and thresholds chosen there), thirty the test half. It writes
``results/frames.csv``, a row for each frame, system and score; intervals by bootstrap over articles.

Coder A wrote the lists before reading the articles, and coded before the lists were run. Coder B coded all sixty by the same instruction, without
lists. Lists and thresholds are tuned on A's codes of the development half. ``coder`` "A again" are thirty articles coded a second time by A, within
the hour and with the first codes in memory: agreement within a coder, not between coders. Column ``hand``: whose codes a row is measured against.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks._common import RESULTS, digest, write
from newsanalysis.resampling import Floats, bootstrap_interval

COMMAND = "python -m benchmarks frames --data DATA"
NEEDS = ("polnear_dev.jsonl", "war_dev.jsonl")
GOLD = Path(__file__).parent / "data" / "frames_hand_codes.csv"
CODEBOOKS = ("frames_generic", "frames_policy")
SCORES = ("precision", "recall", "f1", "alpha", "agreement", "base_rate")
WORDS = 400
FIRST, SECOND, AGAIN = "A", "B", "A again"


def excerpts(data: Path) -> pd.DataFrame:
    """Return the first words of the coded articles as a table *documents*."""
    wanted = set(pd.read_csv(GOLD, dtype="str").document_id)
    records = [json.loads(line) for name in NEEDS for line in (data / name).read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = {record["doc_id"]: first_words(record["text"]) for record in records if record["doc_id"] in wanted}
    return na.documents(pd.DataFrame({"document_id": list(texts), "text": list(texts.values())}))


def first_words(text: str) -> str:
    """Return a text up to the end of its 400th word.

    >>> len(first_words("word " * 1000).split())
    400
    """
    words = list(re.finditer(r"\S+", text))
    return text if len(words) <= WORDS else text[: words[WORDS - 1].end()]


def answers(coder: str) -> pd.DataFrame:
    """Return the hand codes of a coder."""
    codes = pd.read_csv(GOLD, dtype="str")
    return codes[codes.coder == coder].assign(unit_id=lambda table: table.document_id)


def by_hand(codebook: str, coder: str) -> pd.DataFrame:
    """Return document, half, frame and the hand's yes (True) or no."""
    codes = answers(coder)
    frames = na.answered_frames(codes, codebook=codebook).merge(codes[["document_id", "part"]].drop_duplicates(), on="document_id")
    return frames.assign(hand=frames.value == "yes").rename(columns={"variable": "frame"})[["document_id", "part", "frame", "hand"]]


def of_items(coder: str) -> pd.DataFrame:
    """Return document, item and the hand's yes (True) or no."""
    codes = answers(coder)
    codes = codes[codes.variable.isin(na.frame_items("frames_generic").variable)]
    return codes.assign(hand=codes.value == "yes").rename(columns={"variable": "frame"})[["document_id", "frame", "hand"]]


def by_machine(documents: pd.DataFrame, codebook: str) -> pd.DataFrame:
    """Return document, frame and the yes or no of each system: the rule, any indicator at all, always, never."""
    coded = na.indicated_frames(na.code_frames(documents, codebook=codebook), documents, codebook=codebook)
    systems = {"indicators": coded.value == "yes", "any_indicator": coded.score > 0, "always_yes": True, "always_no": False}
    return coded[["document_id", "code"]].rename(columns={"code": "frame"}).assign(**systems)


def statistic(sums: Floats) -> Floats:
    """Scores from the sums over articles of 1, hand's yes, the other's yes, and both."""
    n, hand, other, both = np.moveaxis(sums, -1, 0)
    unequal, yes = hand + other - 2 * both, hand + other
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = 1 - (2 * n - 1) * unequal / (yes * (2 * n - yes))
        return np.stack([both / other, both / hand, 2 * both / yes, alpha, 1 - unequal / n, hand / n], axis=-1)


def scored(hand: pd.Series[bool], other: pd.Series[bool]) -> pd.DataFrame:
    """Return score, value, low, high, n and n_documents; n is what the score is a share of."""
    counts = np.stack([np.ones(len(hand)), hand, other, hand & other], axis=1).astype(float)
    low, high = bootstrap_interval(counts, statistic)
    n, of_hand, of_other, _ = counts.sum(axis=0).astype(int)
    value = statistic(counts.sum(axis=0))
    return pd.DataFrame({"score": SCORES, "value": value, "low": low, "high": high, "n": [of_other, of_hand, of_hand, n, n, n], "n_documents": len(hand)})


def against_hand(documents: pd.DataFrame, codebook: str) -> Iterator[pd.DataFrame]:
    """Each system against each coder, by half and frame."""
    machine = by_machine(documents, codebook)
    for coder in (FIRST, SECOND):
        both = by_hand(codebook, coder).merge(machine, on=["document_id", "frame"])
        for (part, frame), rows in both.groupby(["part", "frame"]):
            for system in ("indicators", "any_indicator", "always_yes", "always_no"):
                yield scored(rows.hand, rows[system].astype(bool)).assign(set=part, measure=codebook, group=frame, system=system, hand=coder)


def between(name: str, first: pd.DataFrame, other: pd.DataFrame, system: str) -> Iterator[pd.DataFrame]:
    """One coding against another, by frame or item."""
    both = first.merge(other[["document_id", "frame", "hand"]], on=["document_id", "frame"], suffixes=("", "_other"))
    for frame, rows in both.groupby("frame"):
        yield scored(rows.hand, rows.hand_other).assign(set="coded_twice", measure=name, group=frame, system=system, hand=FIRST)


def measured(documents: pd.DataFrame) -> pd.DataFrame:
    """Return all scores: systems against coders, coder against coder, and coder A against A's second look."""
    tables = []
    for codebook in CODEBOOKS:
        tables += against_hand(documents, codebook)
        for other, system in ((SECOND, "other_coder"), (AGAIN, "same_coder")):
            tables += between(codebook, by_hand(codebook, FIRST), by_hand(codebook, other), system)
    tables += between("frames_generic_items", of_items(FIRST), of_items(SECOND), "other_coder")
    primary = answers(FIRST).merge(answers(SECOND), on=["document_id", "variable"], suffixes=("", "_other"))
    primary = primary[primary.variable == "policy_primary"]
    equal = (primary.value == primary.value_other).to_numpy(float)
    low, high = bootstrap_interval(np.stack([equal, np.ones(len(equal))], axis=1), lambda sums: sums[..., :1] / sums[..., 1:])
    whole = {"score": "agreement", "value": equal.mean(), "low": low[0], "high": high[0], "n": len(equal), "n_documents": len(equal)}
    whole |= {"set": "coded_twice", "measure": "frames_policy", "group": "policy_primary", "system": "other_coder", "hand": FIRST}
    return pd.concat([*tables, pd.DataFrame([whole])], ignore_index=True)


def main(arguments: list[str] | None = None) -> None:
    """Run and write the result file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks frames", description="Indicators of frames against a hand coding.")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_dev.jsonl and war_dev.jsonl")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result file")
    given = parser.parse_args(arguments)
    table = measured(excerpts(given.data))
    shas = " ".join(f"{name}:{digest(given.data / name)}" for name in NEEDS)
    table = table[["set", "measure", "group", "system", "hand", "score", "value", "low", "high", "n", "n_documents"]].assign(data_sha256=shas)
    table = write(table, given.out / "frames.csv", COMMAND)
    shown = table[table.set.eq("test") & table.system.eq("indicators")].pivot_table(index=["measure", "group", "hand"], columns="score", values="value")
    print(shown[list(SCORES)].round(2).to_string())


if __name__ == "__main__":
    main(sys.argv[1:])
