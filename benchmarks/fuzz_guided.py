"""Readers against inputs that a fuzzer finds by watching which of our lines run: ``python -m benchmarks.fuzz_guided --data DATA --format "RTF"``.

Beside ``fuzz``, which changes samples at random: atheris (libFuzzer) keeps every input that reaches a line that none before it has reached, and changes
that one on. It needs ``pip install atheris``, which is no dependency; without it this says so and ends. What breaks a reader, takes more than five seconds
or two gigabytes is written to ``--keep``; the same seed and runs give the same inputs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

RUNS = 50_000
MOST = 20_000  # bytes of an input


def main(arguments: list[str] | None = None) -> int:
    """Run the fuzzer on one format's reader; 0 if nothing broke, or if there is no fuzzer."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz_guided", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder beside which the samples are")
    parser.add_argument("--format", required=True, help="the name of the format")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seconds", type=int, default=0, help="end after so many; 0 for no such end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "newsanalysis-crashers", help="where inputs that break a reader are kept")
    given = parser.parse_args(arguments)
    try:
        import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        print("atheris is not installed, so that nothing was tried; run: pip install atheris")
        return 0
    with atheris.instrument_imports(include=["newsanalysis.readers"], enable_loader_override=False):
        import newsanalysis.readers.formats  # noqa: F401
    from benchmarks import fuzz

    format_ = fuzz.by_name(given.format)
    given.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        labels = []
        for n, (label, raw) in enumerate(fuzz.seeds(given.format, given.data.parent / "samples")):
            (corpus / str(n)).write_bytes(raw)
            labels.append("".join(Path(label).suffixes[-2:]))
        place = Path(folder) / f"input{max(labels, key=labels.count).removesuffix('.gz')}"
        seen: set[str] = set()

        def tried(raw: bytes) -> None:
            place.write_bytes(raw)
            started = time.process_time()
            fault = fuzz.one(format_, place, whole=False)
            spent = time.process_time() - started
            fault = f"slow: {spent:.1f} s" if spent > fuzz.SLOW else fault
            if fault not in ("read", "refused") and (key := fault.strip().splitlines()[-1][:60] + "".join(fault.splitlines()[-3:-2])) not in seen:
                seen.add(key)
                (given.keep / f"guided-{fuzz.slug(given.format)}-{len(seen)}{place.suffix}").write_bytes(raw)
                print(f"{given.format}: {fault[-1500:]}", flush=True)

        limits = [f"-runs={given.runs}", f"-max_len={MOST}", f"-seed={given.seed}", "-timeout=20", "-rss_limit_mb=2048", f"-artifact_prefix={given.keep}/"]
        atheris.Setup(["fuzz", str(corpus), *limits, *([f"-max_total_time={given.seconds}"] if given.seconds else [])], tried)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
