"""How fast attributors are, where their time goes, and how near the encoder comes to what the processor can do.

``python -m benchmarks speed --data ../shared/data`` writes ``results/speed.csv``. All figures are of one thread and of CPU time where not
said otherwise; the attributors take turns, each repeat over all of ``polnear_dev.jsonl`` after one document to warm up. value is the
median of the repeats, low and high the smallest and the largest. Loading and memory (of the 20 longest articles) are those of processes of
their own. Figures hold for the processor whose features (`processor`) stand beside them: compare ratios, or figures of one run, never
single figures of different runs. ``limit_share`` is the time that the encoder's matrix products take by themselves, in the same
library, over the time that the encoder takes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from benchmarks import _products as products

COMMAND = "python -m benchmarks speed --data DATA"
NEEDS = ("polnear_dev.jsonl",)
REPEATS = 3
LONGEST = 20  # articles, the longest, for memory
WINDOW = 256
FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm")
WARM = "The mayor said on Monday that the bridge was closed, and nobody knew why. “It is old,” she said."
Row = tuple[str, str, str, list[float]]


def processor() -> str:
    """Return what the processor can do that matters here, and no name."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").replace(":", " ").split())
    except OSError:
        flags = set()
    known = [feature for feature in FEATURES if feature in flags]
    return " ".join([platform.machine(), *known])


def words(texts: list[str]) -> int:
    """Return how many words texts have, by white space."""
    return sum(len(text.split()) for text in texts)


def alternating(texts: list[str], attributors: list[common.Measured]) -> list[Row]:
    """Return words a CPU second of each attributor, taking turns, and the ratio of the first to the last."""
    for attributor in attributors:
        list(attributor.run(iter([WARM, texts[0]])))
    speeds: dict[str, list[float]] = defaultdict(list)
    for _ in range(REPEATS):
        for attributor in attributors:
            begin = time.process_time()
            for _ in attributor.run(iter(texts)):
                pass
            speeds[attributor.version].append(words(texts) / (time.process_time() - begin))
    rows: list[Row] = [("words_per_cpu_second", version, "words/s", found) for version, found in speeds.items()]
    if len(speeds) > 1:
        first, *_, last = speeds
        rows.append(("speed_ratio", f"{first} : {last}", "ratio", [a / b for a, b in zip(speeds[first], speeds[last], strict=True)]))
    return rows


def alone(name: str, model: Path | None, data: Path) -> dict[str, float]:
    """Measure loading and memory; for a process of its own."""
    texts = sorted(na.read_gold(data / "polnear_dev.jsonl").documents.text, key=len)[-LONGEST:]
    before, cpu, wall = peak_mb(), time.process_time(), time.perf_counter()
    run = common.measured(name, model).run
    list(run(iter([WARM])))
    loaded = {"load_cpu_seconds": time.process_time() - cpu, "load_wall_seconds": time.perf_counter() - wall}
    for _ in run(iter(texts)):
        pass
    return {**loaded, "peak_rss_before_loading": before, "peak_rss": peak_mb()}


def peak_mb() -> float:
    """Return the most memory that this process has had resident, in MB."""
    try:
        line = next(line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def processes(attributors: list[common.Measured], options: argparse.Namespace) -> list[Row]:
    """Return loading time and memory of each attributor, in processes of their own."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for _ in range(REPEATS):
        for attributor in attributors:
            program = [sys.executable, "-m", "benchmarks.speed", "--alone", attributor.name, "--data", str(options.data)]
            program += ["--model", str(options.model)] if options.model else []
            environment = {**os.environ, "OMP_NUM_THREADS": "1"}
            answer = subprocess.run(program, capture_output=True, text=True, check=True, cwd=common.ROOT, env=environment).stdout
            for measure, value in json.loads(answer).items():
                found[measure, attributor.version].append(value)
    return [(measure, version, "s" if "seconds" in measure else "MB", values) for (measure, version), values in found.items()]


def profile(documents: pd.DataFrame, attributor: common.Measured) -> list[Row]:
    """Return where the CPU time of `na.attribute` goes with the learned attributor, in percent."""
    from newsanalysis.attribution import encoder, learned

    run = attributor.run
    spent: dict[str, float] = defaultdict(float)

    def clocked(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **options: Any) -> Any:
            begin = time.process_time()
            try:
                return function(*given, **options)
            finally:
                spent[part] += time.process_time() - begin

        return call

    session = SimpleNamespace(run=clocked("encoder", run.model.session.run))
    plain = run.model
    run.__dict__["model"] = replace(plain, session=session)
    try:
        with _patched(encoder.Model, "pieces", clocked("tokenizer", encoder.Model.pieces)), _patched(learned, "frames", clocked("decoding", learned.frames)):
            answers = clocked("attributor", lambda texts: list(run(texts)))
            begin = time.process_time()
            na.attribute(documents, attributor=lambda texts: iter(answers(texts)))
            whole = time.process_time() - begin
    finally:
        run.__dict__["model"] = plain
    parts = {part: spent[part] for part in ("tokenizer", "encoder", "decoding")}
    parts |= {"windows and the rest": spent["attributor"] - sum(parts.values()), "tables": whole - spent["attributor"]}
    return [("profile_percent", f"{attributor.version}: {part}", "%", [100 * value / whole]) for part, value in parts.items()]


@contextmanager
def _patched(owner: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)


def limit(attributor: common.Measured) -> list[Row]:
    """Return how fast matrix products of the encoder's shapes are here, how fast the encoder is, and the share of the one in the other."""
    run = attributor.run
    folder = Path(run.folder) if run.folder else common.SHIPPED
    model = (folder / run.encoder).read_bytes()
    whole = any(shape.whole for shape in products.shapes(model))
    rows: list[Row] = []
    needed = operations = 0.0
    rates: dict[str, float] = {}
    for shape in products.shapes(model):
        size = 2 * WINDOW * shape.inner * shape.outer / 1e9
        for kind in ("int8", "fp32"):
            spent = products.product_seconds(WINDOW, shape, whole=kind == "int8")
            rates[kind] = max(rates.get(kind, 0.0), size / spent)
            rows.append(
                ("product_giga_operations_per_second", f"{kind} {WINDOW} x {shape.inner} x {shape.outer}, {shape.times} times", "1e9/s", [size / spent])
            )
            if (kind == "int8") == shape.whole:
                needed += shape.times * spent
                operations += shape.times * size
    attention = 2 * WINDOW * WINDOW * max(shape.inner for shape in products.shapes(model) if shape.inner == _width(model)) / 1e9 * products.attentions(model)
    needed += attention / rates["fp32"]
    inputs = run.model.inputs
    feeds = {name: np.random.default_rng(0).integers(1000, 20000, (1, WINDOW)) if name == "ids" else np.zeros((1, WINDOW), np.int64) for name in inputs}
    spent = products.timed(run.model.session, feeds)
    kind = "int8" if whole else "fp32"
    return [
        *rows,
        ("encoder_giga_operations", f"window of {WINDOW}", "1e9", [operations + attention]),
        ("encoder_seconds", f"window of {WINDOW}", "s", [spent]),
        ("encoder_giga_operations_per_second", f"window of {WINDOW}", "1e9/s", [(operations + attention) / spent]),
        ("limit_share", f"encoder, {kind}: time of its products by themselves over its time", "ratio", [needed / spent]),
        ("limit_share", f"encoder, {kind}: operations a second over the fastest product's", "ratio", [(operations + attention) / spent / rates[kind]]),
    ]


def _width(model: bytes) -> int:
    """The number of values that stand for a word piece: what most products take in."""
    return max(products.shapes(model), key=lambda shape: shape.times).inner


def main(arguments: list[str]) -> pd.DataFrame | None:
    """Measure and write the table."""
    parser = common.options("speed", "Time attributors.")
    parser.add_argument("--alone", choices=common.NAMES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.alone:
        print(json.dumps(alone(options.alone, options.model, options.data)))
        return None
    path = options.data / "polnear_dev.jsonl"
    documents = na.read_gold(path).documents
    attributors = common.chosen(options)
    rows = alternating(documents.text.tolist(), attributors) + processes(attributors, options)
    for attributor in attributors:
        if attributor.name == "learned":
            rows += profile(documents, attributor) + limit(attributor)
    table = pd.DataFrame([(m, g, u, np.median(found), min(found), max(found), len(found)) for m, g, u, found in rows])
    table.columns = ["measure", "group", "unit", *common.NUMBERS, "n"]
    model = next((attributor.model for attributor in attributors if attributor.model), "")
    table = table.assign(threads=1, words=words(documents.text.tolist()), processor=processor(), model=model, data_sha256=common.digest(path))
    return common.write(table, options.out / "speed.csv", COMMAND)


if __name__ == "__main__":
    written = main(sys.argv[1:])
    if written is not None:
        print(written[["measure", "group", "unit", *common.NUMBERS, "n"]].to_string())
