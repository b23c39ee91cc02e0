"""Who says what for whom, and what a large corpus costs: speakers, camps and roles against hand annotation.

``python -m benchmarks speakers --data ../shared/data`` reads ``war_dev.jsonl`` (15 articles on the Ukraine crisis of 2013-15, with speaker,
affiliation and role) and writes

``results/speakers.csv``
    `na.who_says_scores` with 95 % intervals by document: of what `na.analyse` finds with each attributor, and, as the attributor
    ``gold spans``, of `na.resolve` alone, given the annotated spans. ``*_right`` are shares of the contents that were found.
``results/large.csv``
    CPU time and memory for 10,000,000 characters (fewer for the learned attributor; a column says how many), as many articles
    and as one text. The texts are those of ``polnear_dev.jsonl``, again and again. In a process of its own.

The first codebook was read against five of the fifteen articles, the rules for affiliations against two; the figures flatter them a little.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from benchmarks.speed import peak_mb, processor
from newsanalysis import scoring

COMMAND = "python -m benchmarks speakers --data DATA"
NEEDS = ("war_dev.jsonl", "polnear_dev.jsonl")
CODEBOOK = "ukraine_war"
CHARACTERS = {"patterns": 10_000_000, "learned": 1_000_000}
SOLVED = ("speaker", "actor_id", "affiliation", "role")


def analysed(path: Path, attributor: common.Measured) -> na.Found:
    """Return what `na.analyse` writes for the texts of a gold file."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        texts = Path(folder) / "texts.jsonl"
        lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        texts.write_text("\n".join(json.dumps({key: record[key] for key in ("doc_id", "text")}) for record in lines), encoding="utf-8")
        return na.read_gold(na.analyse(texts, Path(folder) / "out", codebook=CODEBOOK, attributor=attributor.run))


def on_gold_spans(gold: na.Found) -> na.Found:
    """Return the annotated attributions with speakers, affiliations and roles as the package resolves them."""
    also = [f"{name}_also" for name in SOLVED]
    bare = gold.attributions.drop(columns=[*SOLVED, *also], errors="ignore")
    return na.resolve(na.Found(gold.documents, bare, gold.spans), codebook=CODEBOOK)


def who_says(gold: na.Found, found: na.Found) -> pd.DataFrame:
    """Return all scores of who says what for whom."""
    return common.scored(*scoring.counts(gold, found, "who_says"))


def large(name: str, model: Path | None, data: Path, characters: int, *, one_text: bool) -> dict[str, float]:
    """Measure a corpus of so many characters; for a process of its own."""
    texts = na.read_gold(data / "polnear_dev.jsonl").documents.text.tolist()
    chosen: list[str] = []
    for text in itertools.cycle(texts):
        if sum(map(len, chosen)) >= characters:
            break
        chosen.append(text)
    documents = na.documents(["\n\n".join(chosen)[:characters]] if one_text else chosen)
    attributor = common.measured(name, model)
    list(attributor.run(iter(["He said it rained."])))
    before, clock = peak_mb(), [time.process_time()]
    found = common.find(documents, attributor)
    clock.append(time.process_time())
    resolved = na.resolve(found, codebook=CODEBOOK)
    clock.append(time.process_time())
    return {
        "characters": float(documents.text.str.len().sum()),
        "documents": float(len(documents)),
        "attributions": float(len(resolved.attributions)),
        "attribute_cpu_seconds": clock[1] - clock[0],
        "resolve_cpu_seconds": clock[2] - clock[1],
        "rss_before_mb": before,
        "peak_rss_mb": peak_mb(),
    }


def costs(attributor: common.Measured, options: argparse.Namespace) -> pd.DataFrame:
    """Return what a large corpus costs, as many articles and as one text."""
    rows = []
    for one_text in (False, True):
        characters = options.characters or CHARACTERS[attributor.name]
        program = [sys.executable, "-m", "benchmarks.speakers", "--alone", attributor.name, "--data", str(options.data), "--characters", str(characters)]
        program += (["--model", str(options.model)] if options.model else []) + (["--one-text"] if one_text else [])
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        answer = json.loads(subprocess.run(program, capture_output=True, text=True, check=True, cwd=common.ROOT, env=environment).stdout)
        group = "one text" if one_text else "articles"
        rows += [(attributor.version, attributor.model, group, measure, value) for measure, value in answer.items()]
        print(attributor.version, group, answer, file=sys.stderr, flush=True)
    return pd.DataFrame(rows, columns=["attributor", "model", "group", "measure", "value"])


def main(arguments: list[str]) -> pd.DataFrame | None:
    """Measure and write the tables."""
    parser = common.options("speakers", "Score speakers, affiliations and roles; measure what a large corpus costs.")
    parser.add_argument("--characters", type=int, help="size of the large corpus; 0 for none", default=None)
    parser.add_argument("--one-text", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--alone", choices=common.NAMES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.alone:
        print(json.dumps(large(options.alone, options.model, options.data, options.characters, one_text=options.one_text)))
        return None
    path = options.data / "war_dev.jsonl"
    gold, attributors = na.read_gold(path), common.chosen(options)
    tables = [who_says(gold, on_gold_spans(gold)).assign(attributor="gold spans", model="")]
    tables += [who_says(gold, analysed(path, one)).assign(attributor=one.version, model=one.model) for one in attributors]
    table = pd.concat(tables, ignore_index=True).assign(set=path.stem, codebook=_codebook(), data_sha256=common.digest(path))
    columns = ["set", "attributor", "measure", "score", *common.NUMBERS, "n", "n_documents", "codebook", "model", "data_sha256"]
    written = common.write(table[columns], options.out / "speakers.csv", COMMAND)
    if options.characters != 0:
        big = pd.concat([costs(one, options) for one in attributors], ignore_index=True)
        common.write(big.assign(threads=1, processor=processor()), options.out / "large.csv", COMMAND)
    return written


def _codebook() -> str:
    book = na.codebooks.read(CODEBOOK)
    return f"{book.name}@{book.version}"


if __name__ == "__main__":
    shown = main(sys.argv[1:])
    if shown is not None:
        f1 = shown[shown.score == "f1"]
        print(f1[["attributor", "measure", *common.NUMBERS, "n"]].to_string())
