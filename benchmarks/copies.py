"""Near-copies: how many of copies made from articles are found, and how many texts that are none are taken for copies, by kind, run length and bound.

Copies are made from the articles of the gold files by what newsrooms do to wire stories (trim from the end, write their own lead, headline and byline, correct
words, go on writing). What is no copy: other articles, articles that share a quarter of their text with one (the same quotations), and invented reports from
templates: weather, markets, results, and articles with the same closing notes. The rule ``shipped`` is `find_copies`, which estimates; ``containment`` and
``jaccard`` are computed from the sets themselves, for runs of three, five and seven words.

    python -m benchmarks copies --data DATA
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._common import RESULTS, digest, write
from newsanalysis import copies

COMMAND = "python -m benchmarks copies --data DATA"
NEEDS = ("polnear_dev.jsonl", "war_dev.jsonl")
BOUNDS = (0.5, 0.6, 0.7, 0.8, 0.9)
LENGTHS = (3, 5, 7)
LONGEST = 1500  # words of an article that is used
Make = Callable[[list[str], list[str], np.random.Generator], list[str]]

_LEAD = re.findall(
    r"\w+",
    """Residents in the region woke to news that had been expected for some time but surprised many of them all the same when it came our own correspondent
    reports from the scene""",
)
_BYLINE = ["By", "our", "own", "staff", "and", "agencies", "Updated", "at", "noon"]
_CREDIT = ["Reporting", "by", "our", "staff", "and", "the", "agency", "with", "additional", "material", "from", "correspondents", "in", "the", "capital"]
COPIES: dict[str, Make] = {
    "whole": lambda a, _b, _r: a,
    "headline and byline": lambda a, _b, _r: _BYLINE + a + _CREDIT,
    "corrected words (2 %)": lambda a, _b, r: [f"corrected{i}" if r.random() < 0.02 else word for i, word in enumerate(a)],
    "own lead": lambda a, _b, _r: _LEAD + a[len(_LEAD) :],
    "trimmed to 70 %": lambda a, _b, _r: a[: int(len(a) * 0.7)],
    "trimmed to 50 %": lambda a, _b, _r: a[: int(len(a) * 0.5)],
    "trimmed to 50 %, own lead": lambda a, _b, _r: _LEAD + a[len(_LEAD) : max(int(len(a) * 0.5), 2 * len(_LEAD))],
    "updated (a third more)": lambda a, b, _r: a + b[: len(a) // 3],
    "trimmed to 30 % (not promised)": lambda a, _b, _r: a[: int(len(a) * 0.3)],
}
OTHERS: dict[str, Make] = {
    "another article": lambda _a, b, _r: b,
    "a quarter shared": lambda a, b, _r: b[: len(a) // 2] + a[len(a) // 4 : len(a) // 2] + b[len(a) // 2 : len(a) * 3 // 4],
    "a half shared": lambda a, b, _r: a[: len(a) // 2] + b[: len(a) // 2],
}
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_TOWNS = ["Ardley", "Borrow", "Carnford", "Dunmere", "Eastwick", "Farrow", "Glenby", "Harsted", "Inverlay", "Jarrow", "Kelby", "Larkhill"]
_SKIES = ["sunny", "cloudy", "wet", "foggy", "bright with showers", "dry but windy", "overcast", "mild with rain later"]


def weather(rng: np.random.Generator) -> str:
    """Return an invented weather report.

    >>> weather(np.random.default_rng(0))[:12]
    'The weather '
    """
    lines = [f"In {town} it will be {rng.choice(_SKIES)}, {rng.integers(-5, 30)} degrees, wind {rng.integers(1, 60)} km/h." for town in _TOWNS]
    return f"The weather for {rng.choice(_DAYS)}. " + " ".join(lines) + " The next report will be issued at six in the evening by the weather service."


def markets(rng: np.random.Generator) -> str:
    """Return an invented report of a stock exchange.

    >>> markets(np.random.default_rng(0))[:6]
    'Shares'
    """
    lines = [f"{town} Group {rng.choice(['rose', 'fell'])} {rng.integers(1, 90) / 10} per cent to {rng.integers(100, 9000) / 100}." for town in _TOWNS]
    return f"Shares {rng.choice(['rose', 'fell', 'were little changed'])} on {rng.choice(_DAYS)} in light trading. " + " ".join(lines)


def results(rng: np.random.Generator) -> str:
    """Return an invented list of results.

    >>> results(np.random.default_rng(0))[:7]
    'Results'
    """
    towns = rng.permutation(_TOWNS)
    lines = [f"{one} {rng.integers(0, 6)} {other} {rng.integers(0, 6)}." for one, other in zip(towns[::2], towns[1::2], strict=True)]
    return (
        f"Results of {rng.choice(_DAYS)}, league one. " + " ".join(lines) + " Attendance figures will be published by the league after the weekend's last game."
    )


NOTES = """Notes to editors: this article was produced under the rules of the press council. Complaints can be sent to the reader's editor within four
    weeks of publication. Subscribers receive the evening letter at seven and the weekend letter on Saturdays. To stop receiving it write to the address
    below. Photographs may be used with this article only and must carry the credit as given."""


def main(arguments: list[str]) -> None:
    """Measure and write ``copies.csv``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks copies", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_dev.jsonl and war_dev.jsonl")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result file")
    given = parser.parse_args(arguments)
    tables = []
    for name in NEEDS:
        path = given.data / name
        measured = pd.DataFrame(measure(list(pairs(articles(path)))))
        tables.append(measured.assign(set=path.stem, data_sha256=digest(path)))
    tables.append(pd.DataFrame(measure(list(templated(np.random.default_rng(0))))).assign(set="invented", data_sha256=""))
    write(pd.concat(tables, ignore_index=True), given.out / "copies.csv", COMMAND)


def articles(path: Path) -> list[list[str]]:
    """Return the words of the articles of a gold file, of those of 150 words and more."""
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [words[:LONGEST] for words in (text.split() for text in texts) if len(words) >= 150]


def pairs(whole: list[list[str]]) -> Iterator[tuple[str, bool, str, str]]:
    """Yield kind, whether it is a copy, and two texts."""
    rng = np.random.default_rng(0)
    for place, article in enumerate(whole):
        other = whole[(place + 1) % len(whole)]
        for copied, kinds in ((True, COPIES), (False, OTHERS)):
            for kind, make in kinds.items():
                yield kind, copied, " ".join(article), " ".join(make(article, other, rng))
        for copied, kind, second in ((False, "the same closing notes", other), (True, "closing notes added", article)):
            yield kind, copied, " ".join(article) + " " + NOTES * (not copied), " ".join(second) + " " + NOTES


def templated(rng: np.random.Generator) -> Iterator[tuple[str, bool, str, str]]:
    """Yield pairs of invented reports from one template."""
    for kind, make in (("weather reports", weather), ("market reports", markets), ("lists of results", results)):
        for _ in range(100):
            yield kind, False, make(rng), make(rng)


def measure(compared: list[tuple[str, bool, str, str]]) -> Iterator[dict[str, object]]:
    """Yield, by kind, rule, run length and bound, the share of pairs that are taken for copies; and precision, recall over all promised kinds."""
    shares = {("containment", length): [_shares(a, b, length)[0] for *_, a, b in compared] for length in LENGTHS}
    shares |= {("jaccard", length): [_shares(a, b, length)[1] for *_, a, b in compared] for length in LENGTHS}
    called = {(*key, bound): np.array(values) >= bound for key, values in shares.items() for bound in BOUNDS}
    signed = [copies.signatures(pair[2:]) for pair in compared]
    called |= {("shipped", copies.SHINGLE, bound): np.array([_called(pair, bound) for pair in signed]) for bound in BOUNDS}
    kinds = np.array([kind for kind, *_ in compared])
    copied = np.array([copy for _, copy, *_ in compared])
    promised = np.array(["not promised" not in kind for kind in kinds])
    for (rule, length, bound), yes in called.items():
        about = {"rule": rule, "run_length": length, "bound": bound}
        for kind in dict.fromkeys(kinds.tolist()):
            rows = kinds == kind
            truth = "copies" if copied[rows][0] else "no copies"
            yield {**about, "measure": "called copies", "group": kind, "truth": truth, "value": yes[rows].mean(), "n": int(rows.sum())}
        for score, rows in (("precision", yes & promised), ("recall", copied & promised)):
            if rows.any() and copied.any():
                value = (yes & copied)[rows].mean()
                yield {**about, "measure": score, "group": "all promised", "truth": "", "value": value, "n": int(rows.sum())}


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return set(zip(*(words[start:] for start in range(length)), strict=False))


def _shares(one: str, other: str, length: int) -> tuple[float, float]:
    """The share of the shorter one's runs in the longer one (0 where it is too short to count), and the share of all runs that are in both."""
    first, second = _runs(one, length), _runs(other, length)
    short, long = sorted((len(first), len(second)))
    both = len(first & second)
    return (both / short if short >= copies.SHORTEST * long else 0.0), both / len(first | second)


def _called(signed: np.ndarray, bound: float) -> bool:
    return bool((copies.originals([signed], np.arange(2), similarity=bound) >= 0).any())


if __name__ == "__main__":
    main(sys.argv[1:])
