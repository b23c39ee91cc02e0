"""Development scores under changes of typography and layout: ``python -m training.robustness --model DIR --gold FILE --score score.py``."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newsanalysis.attribution.learned import LearnedAttributor
from training import augment
from training.augment import Document
from training.data import load
from training.tune import scorer, summary


def guillemets(document: Document) -> Document:
    """«so» instead of “so”."""
    text = document["text"]
    marks = augment._DOUBLE.finditer(text)
    return augment.apply(document, [(m.start(), m.end(), "«" if text[m.end() : m.end() + 1].isalnum() else "»") for m in marks])


def recased(change: Callable[[str], str]) -> Callable[[Document], Document]:
    """A change of case that keeps every offset."""

    def function(document: Document) -> Document:
        return document | {"text": "".join(c if len(change(c)) != 1 else change(c) for c in document["text"])}

    return function


def edited(function: Any) -> Callable[[Document], Document]:
    """An augmentation as a change, with a fixed seed for each document."""
    return lambda document: augment.apply(document, function(document, random.Random(document["doc_id"])))


CHANGES: dict[str, Callable[[Document], Document]] = {
    "as it is": lambda document: document,
    "straight": edited(augment.plain_marks),
    "single": edited(augment.single_marks),
    "guillemets": guillemets,
    "marks dropped (5-50 %)": edited(augment.drop_marks),
    "all marks dropped": lambda d: augment.apply(d, [(m.start(), m.end(), "") for m in augment._DOUBLE.finditer(d["text"])]),
    "a sentence a line": edited(augment.break_sentences),
    "no paragraphs": lambda d: augment.apply(d, [(i, i + 1, " ") for i, c in enumerate(d["text"]) if c == "\n"]),
    "lower case": recased(str.lower),
    "upper case": recased(str.upper),
    "other names": edited(augment.swap_names),
    "no title": edited(augment.drop_title),
}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "gold", "score"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--only", default="", help="names of changes, joined by commas")
    parser.add_argument("--every", type=int, default=1, help="every n-th document only")
    options = parser.parse_args()
    score = scorer(options.score)
    attributor = LearnedAttributor(options.model)
    documents = load(options.gold)[:: options.every]
    for name, change in CHANGES.items():
        if options.only and name not in options.only.split(","):
            continue
        gold = [{"doc_id": d["doc_id"]} | {k: v for k, v in change(d).items() if k in ("text", "attributions")} for d in documents]
        found = attributor(d["text"] for d in gold)
        made = [
            {"doc_id": d["doc_id"], "attributions": [{"source": a.source, "cue": a.cue, "content": a.content} for a in row]}
            for d, row in zip(gold, found, strict=True)
        ]
        print(f"{name:24}", summary(score.score(gold, made)), flush=True)


if __name__ == "__main__":
    main()
