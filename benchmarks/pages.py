"""How well the main text of saved news pages is found, and how fast.

``python -m benchmarks pages --data ../shared/data`` reads ``../samples/pages`` beside that folder (20 pages of the public article extraction benchmark of
Scrapinghub, with their true texts) and writes ``results/pages.csv``. Scored as that benchmark does: tokens are runs of word characters; of each page the
multisets of the true and the found are compared; precision and recall are means over pages and F1 is of these means. ``bag_of_words`` takes single words,
``shingles_4`` runs of four, as that benchmark reports. Intervals are of 1,000 draws of pages. ``ours`` is what the reader gives; the others are
trafilatura's own settings on the same pages. The choice between them (precision first, for words that the article does not have would be attributed to its
speakers) was made on principle, but with these 20 pages in sight: figures of other pages may be lower. The rows of ``speed`` hold for one thread of the
machine they were measured on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._common import RESULTS, digest, write
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.markup import html_root, html_text
from newsanalysis.readers.pages import page
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks pages --data DATA"
NEEDS = ("../samples/pages/ground-truth.json",)
SET = "article extraction benchmark, 20 pages"
MEASURES = {"bag_of_words": 1, "shingles_4": 4}
SETTINGS = {
    "trafilatura, precision": {"favor_precision": True},
    "trafilatura, balanced": {},
    "trafilatura, recall": {"favor_recall": True},
    "trafilatura, fast": {"fast": True},
}
_TOKEN = re.compile(r"\w+")


def shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    """Count the runs of so many words of a text.

    >>> shingles("Rain fell, rain fell.", 2)[("rain", "fell")]
    1
    """
    tokens = _TOKEN.findall(text)
    runs = (tuple(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1)))
    return Counter(run for run in runs if run)


def precision_and_recall(true: str, found: str, size: int) -> tuple[float, float]:
    """Return how much of what was found is true, and how much of what is true was found.

    >>> precision_and_recall("Rain fell on roads", "Rain fell here", 1)
    (0.6666666666666666, 0.5)
    """
    gold, given = shingles(true, size), shingles(found, size)
    both = sum((gold & given).values())
    return (both / given.total() if given else 0.0), (both / gold.total() if gold else 1.0)


def f1(sums: np.ndarray) -> np.ndarray:
    """Return F1, precision and recall from sums of precision, recall and pages."""
    precision, recall = sums[..., 0] / sums[..., 2], sums[..., 1] / sums[..., 2]
    whole = precision + recall
    return np.stack([np.divide(2 * precision * recall, whole, out=np.zeros_like(whole), where=whole > 0), precision, recall], axis=-1)


def extractors() -> dict[str, Callable[[bytes], str]]:
    """Return what is measured: the reader, and trafilatura's settings."""
    import trafilatura

    def ours(raw: bytes) -> str:
        try:
            return page(raw).text
        except ReadError:
            return ""

    def theirs(options: dict[str, bool]) -> Callable[[bytes], str]:
        return lambda raw: trafilatura.extract(html_root(html_text(raw)), include_comments=False, **options) or ""

    return {"ours": ours, **{name: theirs(options) for name, options in SETTINGS.items()}}


def rows(name: str, texts: dict[str, str], gold: dict[str, str]) -> list[dict[str, object]]:
    """Return the scores of one extractor."""
    found = []
    for measure, size in MEASURES.items():
        scores = np.array([[*precision_and_recall(gold[key], texts[key], size), 1.0] for key in gold])
        values, (low, high) = f1(scores.sum(axis=0)), bootstrap_interval(scores, f1)
        words = sum(shingles(text, size).total() for text in gold.values())
        for n, score in enumerate(("f1", "precision", "recall")):
            found.append({"measure": measure, "score": score, "group": name, "value": values[n], "low": low[n], "high": high[n], "n": words})
    return found


def main(arguments: list[str] | None = None) -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks pages", description="Score the main text found in saved pages.")
    parser.add_argument("--data", type=Path, required=True, help="folder beside which samples/pages stands")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result files")
    given = parser.parse_args(arguments)
    folder = given.data / "../samples/pages"
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    gold = {key: value["articleBody"] for key, value in truth.items()}
    raw = {key: gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()) for key in gold}
    found: list[dict[str, object]] = []
    for name, extract in extractors().items():
        extract(next(iter(raw.values())))
        begin = time.process_time()
        texts = {key: extract(value) for key, value in raw.items()}
        spent = (time.process_time() - begin) / len(raw)
        found += rows(name, texts, gold)
        found.append({"measure": "speed", "score": "cpu_ms_per_page", "group": name, "value": round(1000 * spent, 1)})
        found.append({"measure": "speed", "score": "pages_per_second", "group": name, "value": round(1 / spent, 1)})
    table = pd.DataFrame(found).assign(set=SET, n_documents=len(gold), data_sha256=digest(folder / "ground-truth.json"))
    columns = ["set", "measure", "group", "score", "value", "low", "high", "n", "n_documents", "data_sha256"]
    written = write(table[columns], given.out / "pages.csv", COMMAND)
    print(written[written.group == "ours"][["measure", "score", "value", "low", "high"]].to_string(index=False))


if __name__ == "__main__":
    main()
