"""Predict a JSONL corpus with an exported model: ``python -m training.evaluate --model DIR --gold FILE --out FILE``.

The predictions are in the corpus' format, for scorers of other programs; ``python -m benchmarks attribution --model DIR`` gives the figures.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from newsanalysis.attribution.learned import LearnedAttributor
from training.data import load


def predict(attributor: LearnedAttributor, gold: Path, out: Path) -> None:
    """Write predictions in the corpus' format; print the speed."""
    documents = load(gold)
    list(attributor(["He said he would go."]))
    started = time.process_time()
    found = list(attributor(d["text"] for d in documents))
    spent = time.process_time() - started
    words = sum(len(d["text"].split()) for d in documents)
    print(f"{words} words, {spent:.1f} CPU s, {words / spent:.0f} words a CPU second")
    with out.open("w") as file:
        for document, attributions in zip(documents, found, strict=True):
            rows = [{"source": a.source, "cue": a.cue, "content": a.content, "confidence": a.confidence} for a in attributions]
            file.write(json.dumps({"doc_id": document["doc_id"], "attributions": rows}) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--file", default="encoder.onnx")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    predict(LearnedAttributor(options.model, threads=options.threads, encoder=options.file), options.gold, options.out)


if __name__ == "__main__":
    main()
