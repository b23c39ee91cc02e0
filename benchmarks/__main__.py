"""Run the benchmarks: ``python -m benchmarks --data DATA`` all of them, ``python -m benchmarks NAME --data DATA`` one with its own options."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import _runs as runs
from benchmarks import summary
from benchmarks._common import RESULTS


def parser(names: list[str]) -> argparse.ArgumentParser:
    """Return the parser for all benchmarks."""
    usage = "python -m benchmarks [NAME] --data DATA [--only NAME ...] [--out DIR]"
    made = argparse.ArgumentParser(prog="python -m benchmarks", usage=usage, description="Measure quality and speed; results are written as CSV.")
    made.add_argument("--data", type=Path, required=True, help="folder with the annotated corpora; a benchmark whose files are not there is skipped")
    made.add_argument("--only", nargs="+", metavar="NAME", help=f"which to run; by default all but those that take hours (fuzz, scale): {', '.join(names)}")
    made.add_argument("--out", type=Path, default=RESULTS, help="folder for the result files; benchmarks/results by default")
    return made


def main(arguments: list[str]) -> int:
    """Run what is asked for; 1 if any failed."""
    known = runs.benchmarks()
    if arguments and not arguments[0].startswith("-"):
        name = arguments[0].replace("_", "-")
        if name not in known:
            sys.exit(f"python -m benchmarks: there is no benchmark {arguments[0]!r}; there are {', '.join(known)}.")
        places = argparse.ArgumentParser(add_help=False)
        places.add_argument("--data", type=Path)
        places.add_argument("--out", type=Path, default=RESULTS)
        given, _ = places.parse_known_args(arguments[1:])
        return runs.run_one(known[name], arguments[1:], data=given.data, out=given.out)
    asked = parser(list(known))
    options = asked.parse_args(arguments)
    names = [name.replace("_", "-") for name in options.only or (name for name, benchmark in known.items() if not benchmark.hours)]
    if unknown := [name for name in names if name not in known]:
        asked.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(known)}.")
    if not options.data.is_dir():
        asked.error(f"{options.data} is no folder.")
    failed = runs.run_all([known[name] for name in names], options.data, options.out)
    if options.out == RESULTS:
        summary.main([])
    if failed:
        print(f"failed: {', '.join(failed)}; the results of the others are written to {options.out}.", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
