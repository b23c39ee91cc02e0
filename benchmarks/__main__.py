"""Run a benchmark: ``python -m benchmarks NAME [OPTIONS]`` is ``python -m benchmarks.NAME [OPTIONS]``."""

import runpy
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].replace("-", "_") not in NAMES:
        sys.exit(f"usage: python -m benchmarks NAME [OPTIONS]; NAME is one of {', '.join(NAMES)}.")
    name = sys.argv.pop(1).replace("-", "_")
    runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=True)
