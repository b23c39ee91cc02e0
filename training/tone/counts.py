"""Count word pieces in news, for a smaller vocabulary: ``python -m training.tone.counts --data DIR --encoder FOLDER --out counts.json``."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from newsanalysis.attribution.pieces import canonical
from training.tone.data import load
from training.tone.train import read_tokenizer


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with newsmtsc_train, polnear_train and war_dev (.jsonl)")
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    tokenizer = read_tokenizer(options.encoder)
    texts = sorted({example.text for example in load(options.data / "newsmtsc_train.jsonl", development=False)})
    for name in ("polnear_train", "war_dev"):
        with (options.data / f"{name}.jsonl").open(encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(tokenizer.encode(canonical(text), add_special_tokens=False).tokens)
    options.out.write_text(json.dumps(counts))


if __name__ == "__main__":
    main()
