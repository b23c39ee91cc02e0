"""Running the benchmarks one after the other, and what is kept of each run: with what it was made.

A benchmark is a module of this folder that has

- ``COMMAND``: how it is run, with ``DATA`` for the folder;
- ``NEEDS``: the files of that folder without which it cannot run;
- ``HOURS = True``, if it takes hours: it is then run only when it is named;
- ``main(arguments)``: reads ``--data`` and ``--out`` (a folder) and writes its tables there as CSV.

``runs.csv`` beside the results has one row for each benchmark: command, result files and rows, commit and its date, versions, kind of
processor, and the data with the first digits of their SHA-256. There is no clock in it: run again with nothing changed, it is the same bytes.
"""

from __future__ import annotations

import ast
import csv
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
PACKAGES = ("newsanalysis", "onnxruntime", "numpy", "pandas", "textblob", "vaderSentiment", "tokenizers")
MAKES = ("src", "benchmarks", "training", "requirements.lock", ":!benchmarks/results", ":!benchmarks/README.md", ":!benchmarks/floors.csv")
RECORDS = "runs.csv"
UNKNOWN = "unknown"
SAID = 12  # lines of a failure that are shown


@dataclass(frozen=True)
class Benchmark:
    """A benchmark: its name on the command line, how it is run, the data it needs."""

    name: str
    command: str
    needs: tuple[str, ...]
    hours: bool = False

    @property
    def module(self) -> str:
        """The name of the module.

        >>> Benchmark("speaker-gold", "", ()).module
        'speaker_gold'
        """
        return self.name.replace("-", "_")


def constants(path: Path) -> dict[str, Any]:
    """Return what a module says of itself in capitals, without loading it: its plain strings and tuples of them.

    >>> sorted(constants(FOLDER / "robustness.py"))[:3]
    ['AS_IS', 'COMMAND', 'MEASURES']
    """
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return found


def benchmarks(folder: Path = FOLDER) -> dict[str, Benchmark]:
    """Return the benchmarks of a folder by name: the modules that have a COMMAND.

    >>> "attribution" in benchmarks(), "gate" in benchmarks()
    (True, False)
    """
    found = {}
    for path in sorted(folder.glob("[a-z]*.py")):
        said = constants(path)
        if "COMMAND" in said:
            name = path.stem.replace("_", "-")
            found[name] = Benchmark(name, said["COMMAND"], tuple(said.get("NEEDS", ())), bool(said.get("HOURS")))
    return found


# ------------------------------------------------------------------------------------------------------------- what it was made with


def commit(root: Path = ROOT) -> tuple[str, str]:
    """Return the last commit that changed what makes the figures, and its date; ``+changed`` if the files differ from it.

    Results, floors and documentation do not count: they make no figure.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     commit(Path(folder))
    ('unknown', 'unknown')
    """
    try:
        named = _git(root, "log", "-1", "--format=%H %cs", "--", *MAKES).split()
        changed = _git(root, "status", "--porcelain", "--", *MAKES)
    except (OSError, subprocess.CalledProcessError):
        return UNKNOWN, UNKNOWN
    if len(named) != 2:
        return UNKNOWN, UNKNOWN
    return named[0][:12] + ("+changed" if changed else ""), named[1]


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def versions() -> dict[str, str]:
    """Return the version of Python and of the packages that the figures depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def made_with(root: Path = ROOT) -> dict[str, str]:
    """Return commit, versions and processor."""
    from benchmarks.speed import processor

    named, date = commit(root)
    return {"commit": named, "commit_date": date, **versions(), "processor": processor()}


def data_files(benchmark: Benchmark, folder: Path) -> str:
    """Return the data of a benchmark with their digests, as one text."""
    from benchmarks._common import digest

    return "; ".join(f"{name} {digest(folder / name)}" for name in benchmark.needs)


# -------------------------------------------------------------------------------------------------------------------------- runs


def stamps(folder: Path) -> dict[str, int]:
    """Return when each result file of a folder was last written."""
    return {path.name: path.stat().st_mtime_ns for path in sorted(folder.glob("*.csv")) if path.name != RECORDS}


def written(folder: Path, before: dict[str, int]) -> list[str]:
    """Return the result files that are new or were written since."""
    return [name for name, stamp in stamps(folder).items() if before.get(name) != stamp]


def rows(path: Path) -> int:
    """Return how many rows a CSV file has below its head."""
    with path.open(encoding="utf-8", newline="") as opened:
        return sum(1 for _ in csv.DictReader(opened))


def record(folder: Path, entry: dict[str, Any]) -> None:
    """Put a run in the place of the one before of the same benchmark; rows in the order of their names."""
    path = folder / RECORDS
    kept: list[dict[str, Any]] = []
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as opened:
            kept = [row for row in csv.DictReader(opened) if row["benchmark"] != entry["benchmark"]]
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as opened:
        table = csv.DictWriter(opened, list(entry), restval="", extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(sorted([*kept, entry], key=lambda row: str(row["benchmark"])))
    part.replace(path)


def entry_of(benchmark: Benchmark, *, command: str, data: Path, out: Path, files: Iterable[str], made: dict[str, str]) -> dict[str, Any]:
    """Return the row of ``runs.csv`` for a run that has ended well."""
    files = list(files)
    return {
        "benchmark": benchmark.name,
        "command": command,
        "files": "; ".join(files),
        "rows": sum(rows(out / name) for name in files),
        **made,
        "data": data_files(benchmark, data),
    }


def absent(benchmark: Benchmark, data: Path) -> list[str]:
    """Return the data that a benchmark needs and that are not there."""
    return [name for name in benchmark.needs if not (data / name).is_file()]


def run_all(chosen: Sequence[Benchmark], data: Path, out: Path, *, package: str = "benchmarks", root: Path = ROOT) -> list[str]:
    """Run benchmarks one after the other, each in a process of its own; return the names of those that failed."""
    out.mkdir(parents=True, exist_ok=True)
    made, failed = made_with(root), []
    for benchmark in chosen:
        if missing := absent(benchmark, data):
            print(f"{benchmark.name:16} skipped: no {', '.join(missing)} in {data}", flush=True)
            continue
        before, begin = stamps(out), time.perf_counter()
        program = [sys.executable, "-m", f"{package}.{benchmark.module}", "--data", str(data.resolve()), "--out", str(out.resolve())]
        ended = subprocess.run(program, capture_output=True, text=True, cwd=root, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False)
        spent = time.perf_counter() - begin
        files = written(out, before)
        if ended.returncode:
            failed.append(benchmark.name)
            last = "\n".join(f"    {line}" for line in ended.stderr.strip().splitlines()[-SAID:])
            print(f"{benchmark.name:16} failed after {spent:.0f} s, exit code {ended.returncode}:\n{last}", flush=True)
            continue
        entry = entry_of(benchmark, command=benchmark.command, data=data, out=out, files=files, made=made)
        record(out, entry)
        print(f"{benchmark.name:16} {spent:6.0f} s, {entry['rows']:5} rows in {', '.join(files) or 'no file'}", flush=True)
    return failed


def run_one(benchmark: Benchmark, arguments: list[str], *, data: Path | None, out: Path) -> int:
    """Run one benchmark with its own options, record the run if it ended well, and return its exit code."""
    before = stamps(out)
    code = subprocess.run([sys.executable, "-m", f"benchmarks.{benchmark.module}", *arguments], check=False).returncode
    files = written(out, before)
    if code == 0 and files and data is not None and not absent(benchmark, data):
        command = " ".join([benchmark.command, *own_options(arguments)])
        record(out, entry_of(benchmark, command=command, data=data, out=out, files=files, made=made_with()))
    return code


def own_options(arguments: list[str]) -> list[str]:
    """Return the arguments less where data come from and results go: what makes a run another run.

    >>> own_options(["--data", "d", "--attributor", "patterns", "--out=o"])
    ['--attributor', 'patterns']
    """
    left, skip = [], False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in ("--data", "--out"):
            skip = True
        elif not argument.startswith(("--data=", "--out=")):
            left.append(argument)
    return left
