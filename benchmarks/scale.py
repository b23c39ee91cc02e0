"""What an analysis costs in time and memory as the corpus grows, in one process and in two.

``python -m benchmarks scale --data DATA`` makes corpora of invented news (the seed's paragraphs and the sentences of this project's own tests,
drawn and changed at random, so that hardly two articles are near copies; JSON Lines, 500 articles a file), analyses each in a process of its own
and writes ``results/scale.csv``, in which rows of other sizes, lengths and attributors stay. ``--sizes 1000 10000`` chooses sizes, ``--words 400``
the least length of an article, ``--attributor learned`` an attributor: by default the rules for all sizes and the learned attributor for the
smallest. CPU seconds are of all processes together; memory is the most that was resident in the driver, and in its largest worker, as the
system counts it. ``DATA`` is not read.

Figures hold for the machine whose processor stands beside them, and for what else it did at the time: compare ratios, or figures of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import _common as common
from benchmarks.speed import processor

COMMAND = "python -m benchmarks scale --data DATA"
HOURS = True
NEEDS: tuple[str, ...] = ()
SIZES = (1_000, 10_000, 100_000)
WORKERS = (1, 2)
A_FILE = 500
WORDS = 60  # of an article, at least: a brief of a news agency; --words 400 makes articles of a newspaper
SAMPLED = 0.1  # seconds
TESTS = common.ROOT / "tests" / "data"
MARK = re.compile(r"\[\w+:([^\[\]]*)\]")
SYLLABLES = ("ba", "den", "kor", "li", "mar", "no", "ri", "sa", "tev", "un", "vel", "zo")
MEMORY = {"peak_memory_driver": "memory_driver_to_smallest", "peak_memory_worker": "memory_worker_to_smallest"}
OUTLETS = ("Herald", "Echo", "Courier", "Post")


@dataclass(frozen=True)
class Run:
    """One analysis, measured."""

    wall: float
    cpu: float
    driver: float
    worker: float
    words: int


def paragraphs() -> list[str]:
    """Return paragraphs of invented news: the seed's, and five sentences of the tests at a time."""
    seed = next((common.ROOT / "seeds").glob("*.txt")).read_text(encoding="utf-8").split("\n")
    lines = [
        line for name in ("golden_attributions", "golden_passives", "statements_gold") for line in (TESTS / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    records = [json.loads(line) for line in lines if line.strip()]
    sentences = [MARK.sub(r"\1", record.get("marked") or record.get("text") or "") for record in records]
    sentences = [" ".join(sentence.split()) for sentence in sentences if len(sentence) > 40]
    return [line.strip() for line in seed if len(line) > 80] + [" ".join(sentences[first : first + 5]) for first in range(0, len(sentences), 5)]


def name(rng: np.random.Generator) -> str:
    """Return an invented name."""
    return " ".join("".join(rng.choice(SYLLABLES, 3)).capitalize() for _ in range(2))


def article(pool: list[str], length: int, rng: np.random.Generator) -> str:
    """Return an article: paragraphs drawn, a sentence of its own before each, and some words changed for others of the pool."""
    drawn: list[str] = []
    while sum(len(paragraph.split()) for paragraph in drawn) < length:
        words = pool[int(rng.integers(len(pool)))].split()
        for place in rng.integers(0, len(words), len(words) // 8).tolist():
            if words[place].islower():
                words[place] = "".join(rng.choice(SYLLABLES, 2))
        number = int(rng.integers(2, 900))
        drawn.append(f"{name(rng)} said {number} people had come to {name(rng).split()[0]}. {' '.join(words)}")
    return "\n\n".join(drawn)


def corpus(folder: Path, size: int, length: int) -> int:
    """Write a corpus and return how many words it has."""
    rng, pool, words = np.random.default_rng(size), paragraphs(), 0
    folder.mkdir(parents=True)
    for first in range(0, size, A_FILE):
        with (folder / f"{first:07d}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(first, min(size, first + A_FILE)):
                text = article(pool, length, rng)
                words += len(text.split())
                day = f"2022-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
                record = {"doc_id": f"a{number:07d}", "title": name(rng), "text": text, "outlet": OUTLETS[number % 4], "published": day}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return words


def measured(inputs: Path, out: Path, attributor: str, workers: int) -> tuple[float, float, float, float]:
    """Analyse a corpus in a process of its own; return wall and CPU seconds, and the most MB of the driver and of its largest worker."""
    program = [sys.executable, "-m", "newsanalysis", "analyse", str(inputs), "--out", str(out), "--attributor", attributor]
    program += ["--workers", str(workers)] if workers > 1 else []
    before, began = _children(), time.perf_counter()
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    peaks: dict[int, float] = {}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=common.ROOT) as driver:
        while driver.poll() is None:
            for pid in [driver.pid, *descendants(driver.pid)]:
                peaks[pid] = max(peaks.get(pid, 0.0), peak_mb(pid))
            time.sleep(SAMPLED)
        said = driver.stdout.read() if driver.stdout else ""
    if driver.returncode:
        raise SystemExit(f"the analysis failed: {said}")
    wall = time.perf_counter() - began
    return wall, _children() - before, peaks[driver.pid], max([peak for pid, peak in peaks.items() if pid != driver.pid], default=0.0)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def descendants(pid: int) -> list[int]:
    """Return the processes below a process, as the system lists them; none where it does not."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = [int(child) for child in children.read_text().split()]
        except OSError:
            continue
        found += [each for child in below for each in (child, *descendants(child))]
    return found


def peak_mb(pid: int) -> float:
    """Return the most memory that a process has had resident, in MB; 0 for one that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    except (OSError, StopIteration):
        return 0.0


def figures(runs: dict[tuple[str, int, int], Run], length: int) -> pd.DataFrame:
    """Return the rows of the result file that one run each gives."""
    rows = []
    for (attributor, workers, size), run in runs.items():
        group = f"{attributor}, {'one process' if workers == 1 else f'{workers} workers'}, articles of {length} words"
        values = [
            ("wall", "s", run.wall),
            ("cpu", "s", run.cpu),
            ("words_per_second", "words/s", run.words / run.wall),
            ("peak_memory_driver", "MB", run.driver),
        ]
        values += [("peak_memory_worker", "MB", run.worker)] if workers > 1 else []
        rows += [{"measure": measure, "group": group, "unit": unit, "value": value, "n": run.words, "n_documents": size} for measure, unit, value in values]
    return pd.DataFrame(rows)


def with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Add to measured rows, of this run and of earlier ones, the ratios of speed to one process and of memory to the smallest corpus."""
    rows = [table]
    for measure, ratio in MEMORY.items():
        of = table[table["measure"] == measure].sort_values("n_documents")
        rows.append(of.assign(measure=ratio, unit="ratio", value=of["value"] / of.groupby("group")["value"].transform("first")))
    wall = table[table["measure"] == "wall"]
    alone = wall["group"].str.replace(r"\d+ workers", "one process", regex=True)
    one = wall.set_index(["group", "n_documents"])["value"].reindex(pd.MultiIndex.from_arrays([alone, wall["n_documents"]])).to_numpy()
    several = (alone != wall["group"]) & ~np.isnan(one)
    rows.append(wall.assign(measure="speed_to_one_process", unit="ratio", value=one / wall["value"])[several])
    return pd.concat(rows, ignore_index=True)


def main(arguments: list[str]) -> pd.DataFrame:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description="Time and memory of analyse as the corpus grows.")
    parser.add_argument("--data", type=Path, help="not read; as the others have it")
    parser.add_argument("--out", type=Path, default=common.RESULTS, help="folder for the result file")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many articles")
    parser.add_argument("--words", type=int, default=WORDS, help="how many words an article has at least")
    parser.add_argument("--attributor", action="append", choices=common.NAMES, help="which; by default patterns, and learned for the smallest size")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS, help="how many processes")
    parser.add_argument("--work", type=Path, help="folder for corpora and results, on a disk with room; a temporary one by default")
    options = parser.parse_args(arguments)
    runs: dict[tuple[str, int, int], Run] = {}
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        for size in sorted(options.sizes):
            words = corpus(Path(work) / "news", size, options.words)
            for attributor in options.attributor or (common.NAMES if size == min(options.sizes) else ("patterns",)):
                for workers in options.workers:
                    runs[attributor, workers, size] = Run(*measured(Path(work) / "news", Path(work) / "out", attributor, workers), words)
                    print(f"{size:,} articles, {attributor}, {workers}: {runs[attributor, workers, size]}", flush=True)
                    shutil.rmtree(Path(work) / "out")
            shutil.rmtree(Path(work) / "news")
    table = figures(runs, options.words).assign(threads=1, processor=processor())
    return common.write(with_earlier(table, options.out / "scale.csv"), options.out / "scale.csv", COMMAND)


def with_earlier(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the new rows and those of the file that they do not replace, and the ratios of all."""
    if path.is_file():
        earlier = pd.read_csv(path)[table.columns]
        measured = earlier[earlier["unit"] != "ratio"]
        table = pd.concat([measured, table], ignore_index=True).drop_duplicates(["measure", "group", "n_documents"], keep="last")
    return with_ratios(table)


if __name__ == "__main__":
    main(sys.argv[1:])
