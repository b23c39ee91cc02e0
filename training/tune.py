"""Development scores of decoding settings from cached encoder outputs: ``python -m training.tune --model DIR --gold FILE --score score.py``."""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import pickle
from pathlib import Path
from typing import Any

from newsanalysis.attribution.decoding import Scores, Settings
from newsanalysis.attribution.learned import LearnedAttributor, frames
from newsanalysis.attribution.pieces import Pieces
from training.data import load

Cache = list[tuple[dict[str, Any], Pieces, Scores]]


def cached(attributor: LearnedAttributor, gold: Path, store: Path) -> Cache:
    """Each document with its pieces and encoder outputs, computed once."""
    if store.exists():
        return list(pickle.loads(store.read_bytes()))
    rows: Cache = []
    for document in load(gold):
        pieces = attributor.model.pieces(document["text"])
        rows.append((document, pieces, attributor.model.encode(pieces)))
    store.write_bytes(pickle.dumps(rows))
    return rows


def predictions(attributor: LearnedAttributor, rows: Cache, settings: Settings) -> list[dict[str, Any]]:
    """Predicted documents with the frames' features."""
    made = []
    for document, pieces, scores in rows:
        attributions = []
        for frame in frames(document["text"], pieces, scores, attributor.model, settings):
            a = attributor.attribution(pieces.words, frame)
            attributions.append({"source": a.source, "cue": a.cue, "content": a.content, "features": frame.features, "confidence": a.confidence})
        made.append({"doc_id": document["doc_id"], "attributions": attributions})
    return made


def scorer(path: Path) -> Any:
    """The scoring program as a module."""
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def summary(result: dict[str, Any]) -> str:
    """The figures that decide, in one line."""
    names = ("attr", "attr_exact", "piece_exact/source", "piece_exact/cue", "piece_exact/content", "span/content")
    parts = [f"{name} {100 * result[name]['F1']:.1f}" for name in names]
    parts += [f"P {100 * result['attr']['P']:.1f} R {100 * result['attr']['R']:.1f}"]
    parts += [f"{kind} {100 * (result['attr|' + kind]['R'] or 0):.1f}" for kind in ("direct", "mixed", "indirect")]
    return "  ".join(parts)


def main() -> None:
    """Command line: a grid over settings, each ``name=value,value``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--file", default="encoder.onnx")
    parser.add_argument("grid", nargs="*")
    options = parser.parse_args()
    attributor = LearnedAttributor(options.model, encoder=options.file)
    rows = cached(attributor, options.gold, options.cache)
    score = scorer(options.score)
    names = [item.split("=")[0] for item in options.grid]
    values = [[float(v) for v in item.split("=")[1].split(",")] for item in options.grid]
    for choice in itertools.product(*values):
        settings = Settings(**(vars(attributor.model.settings) | dict(zip(names, choice, strict=True))))
        made = predictions(attributor, rows, settings)
        print(dict(zip(names, choice, strict=True)), summary(score.score([d for d, _, _ in rows], made)), flush=True)


if __name__ == "__main__":
    main()
