"""How well passives are found: by sentence, on the PassivePy crowd set (1,150 sentences, MIT).

Run ``python -m benchmarks.framing DATA`` with the folder that holds ``passivepy_sentences.jsonl``; it writes ``results/framing.csv``.
The rules were written before the set was looked at, then two were mended ("isn't", "used to") on the even rows; the odd rows
were not looked at.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from pathlib import Path

import pandas as pd

from newsanalysis import tagger
from newsanalysis.framing.passives import passives

FILE = "passivepy_sentences.jsonl"
RESULTS = Path(__file__).parent / "results" / "framing.csv"
AUXILIARIES = frozenset("am is are was were be been being get gets got getting gotten".split())  # noqa: SIM905


def baseline(text: str) -> bool:
    """Say whether a form of "be" or "get" comes before a word tagged VBN or VBD, adverbs between: the tagger alone."""
    words = [word for word in tagger.words(text) if not word.tag.startswith("RB")]
    return any(a.text.lower() in AUXILIARIES and b.tag in ("VBN", "VBD") and b.text.lower() not in AUXILIARIES for a, b in itertools.pairwise(words))


def main(data: Path) -> pd.DataFrame:
    """Return one row a system and part of the set: n, passives in it, precision, recall, F1."""
    content = (data / FILE).read_bytes()
    sentences = pd.DataFrame([json.loads(line) for line in content.decode().splitlines()])
    sentences["newsanalysis"] = [bool(passives(tagger.words(text))) for text in sentences.text]
    sentences["tagger alone"] = [baseline(text) for text in sentences.text]
    parts = {"all": sentences, "even rows (looked at)": sentences[::2], "odd rows (not looked at)": sentences[1::2]}
    rows = []
    for part, rows_of_part in parts.items():
        for system in ("newsanalysis", "tagger alone"):
            found, gold = rows_of_part[system], rows_of_part.passive == 1
            hits = int((found & gold).sum())
            precision, recall = hits / int(found.sum()), hits / int(gold.sum())
            row = {"task": "passive sentences", "part": part, "system": system, "n": len(gold), "passive": int(gold.sum())}
            rows.append({**row, "precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)})
    result = pd.DataFrame(rows).round(4)
    return result.assign(tagger=tagger.VERSION, data=FILE, sha256=hashlib.sha256(content).hexdigest()[:12])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m benchmarks.framing DATA")
    table = main(Path(sys.argv[1]))
    RESULTS.parent.mkdir(exist_ok=True)
    table.to_csv(RESULTS, index=False, lineterminator="\n")
    print(table.to_string())
