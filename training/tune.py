"""Development scores of decoding settings, the encoder run once: ``python -m training.tune --model DIR --data DIR begin_bias=-1,0 ...``."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

import newsanalysis as na
from newsanalysis.attribution.contract import Attribution
from newsanalysis.attribution.decoding import Scores, Settings
from newsanalysis.attribution.learned import LearnedAttributor, frames
from newsanalysis.attribution.pieces import Pieces

Encoded = dict[str, tuple[Pieces, Scores]]


def encoded(attributor: LearnedAttributor, documents: pd.DataFrame) -> Encoded:
    """Return what the encoder says of each text, by text."""
    pieces = {text: attributor.model.pieces(text) for text in documents["text"]}
    return {text: (one, attributor.model.encode(one)) for text, one in pieces.items()}


def found(attributor: LearnedAttributor, documents: pd.DataFrame, known: Encoded, settings: Settings) -> na.Found:
    """Return what is found in documents with other settings."""

    def decoded(texts: Iterable[str]) -> Iterator[list[Attribution]]:
        for text in texts:
            pieces, scores = known[text]
            yield [attributor.attribution(pieces.words, frame) for frame in frames(text, pieces, scores, attributor.model, settings)]

    return na.attribute(documents, attributor=decoded)


def summary(gold: na.Found, predicted: na.Found) -> str:
    """Return the figures that decide, in one line."""
    scores = na.attribution_scores(gold, predicted).set_index(["measure", "kind"])
    spans = na.span_scores(gold, predicted).set_index(["measure", "role"])
    whole = scores.loc[("attribution", "all")]
    parts = [("attr", whole.estimate), ("P", whole.precision), ("R", whole.recall), ("exact", scores.loc[("attribution_exact", "all")].estimate)]
    parts += [(f"pieces {role}", spans.loc[("piece_exact", role)].estimate) for role in ("source", "cue", "content")]
    parts += [(f"R {kind}", scores.loc[("attribution", kind)].recall) for kind in ("direct", "mixed", "indirect")]
    return "  ".join(f"{name} {100 * value:.1f}" for name, value in parts)


def main() -> None:
    """Command line: a grid over settings, each ``name=value,value``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_dev.jsonl")
    parser.add_argument("--file", default="encoder.onnx")
    parser.add_argument("grid", nargs="*")
    options = parser.parse_args()
    attributor = LearnedAttributor(options.model, encoder=options.file)
    gold = na.read_gold(options.data / "polnear_dev.jsonl")
    known = encoded(attributor, gold.documents)
    names = [item.split("=")[0] for item in options.grid]
    values = [[float(v) for v in item.split("=")[1].split(",")] for item in options.grid]
    for choice in itertools.product(*values):
        change: dict[str, Any] = dict(zip(names, choice, strict=True))
        settings = Settings(**(vars(attributor.model.settings) | change))
        print(change, summary(gold, found(attributor, gold.documents, known, settings)), flush=True)


if __name__ == "__main__":
    main()
