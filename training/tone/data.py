"""Sentences with targets: ``python -m training.tone.data --data DIR`` counts them. Every target of a sentence is an example.

A tenth of the sentences, chosen by their text's hash, is held out for development: the same sentences on every machine, and no text
in both parts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tokenizers import Tokenizer

from newsanalysis.attribution.pieces import canonical

TONES = ("negative", "neutral", "positive")
LONGEST = 126  # pieces beside the two that begin and end a sentence
BATCHES_SORTED = 40


@dataclass(frozen=True)
class Example:
    """A target in a sentence: character offsets, and the index of its tone in TONES."""

    text: str
    start: int
    end: int
    tone: int


@dataclass(frozen=True)
class Encoded:
    """Piece ids with first and last special piece, and which pieces are the target's."""

    ids: list[int]
    flags: list[int]


def held_out(text: str) -> bool:
    """Tell whether a sentence is in the development tenth."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 10 == 0


def load(path: Path, development: bool | None) -> list[Example]:
    """Examples of the development tenth, of the rest, or (None) all."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        row = json.loads(line)
        if development is None or held_out(row["text"]) == development:
            found += [Example(row["text"], t["start"], t["end"], TONES.index(t["polarity"])) for t in row["targets"]]
    return found


def encode(example: Example, tokenizer: Tokenizer, ends: Sequence[int]) -> Encoded:
    """Pieces of the sentence, or of the part around the target if it is long; ``ends`` are the ids of the first and last piece."""
    pieces = tokenizer.encode(canonical(example.text), add_special_tokens=False)
    flags = [int(start < example.end and end > example.start) for start, end in pieces.offsets]
    ids = pieces.ids
    if len(ids) > LONGEST:
        first = flags.index(1) if 1 in flags else 0
        begin = max(0, min(first - LONGEST // 2, len(ids) - LONGEST))
        ids, flags = ids[begin : begin + LONGEST], flags[begin : begin + LONGEST]
    return Encoded([ends[0], *ids, ends[1]], [0, *flags, 0])


def renamed(example: Example, name: str) -> Example:
    """The sentence with another name in the target's place."""
    text = example.text[: example.start] + name + example.text[example.end :]
    return replace(example, text=text, end=example.start + len(name))


def swaps(examples: list[Example], share: float, rng: random.Random) -> list[Example]:
    """The examples, some of whose targets that are names (capitals, no pronouns) are given the name of another example's target."""
    names = [e.text[e.start : e.end] for e in examples if is_name(e)]
    return [renamed(e, rng.choice(names)) if is_name(e) and rng.random() < share else e for e in examples]


def is_name(example: Example) -> bool:
    """Tell whether the target is written like a name: its last word begins with a capital and it is no pronoun."""
    words = example.text[example.start : example.end].split()
    return bool(words) and words[-1][:1].isupper() and words[-1].lower() not in PRONOUNS


PRONOUNS = frozenset(
    ("he", "him", "his", "she", "her", "hers", "it", "its", "they", "them", "their", "theirs", "i", "we", "our", "you", "your", "who", "this", "that")
)


def batches(lengths: Sequence[int], size: int, rng: random.Random) -> Iterator[list[int]]:
    """Indices of one pass in batches of like length, in random order."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    made: list[list[int]] = []
    for begin in range(0, len(order), size * BATCHES_SORTED):
        some = sorted(order[begin : begin + size * BATCHES_SORTED], key=lambda index: lengths[index])
        made += [some[at : at + size] for at in range(0, len(some), size)]
    rng.shuffle(made)
    yield from made


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    for development in (False, True):
        examples = load(options.data / "newsmtsc_train.jsonl", development)
        counts = Counter(TONES[e.tone] for e in examples)
        print("development" if development else "training", len({e.text for e in examples}), "sentences", len(examples), "targets", dict(counts))


if __name__ == "__main__":
    main()
