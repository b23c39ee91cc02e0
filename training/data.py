"""Annotated documents to training examples: word pieces, a BIO tag and a link for each word, windows of fixed length."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from newsanalysis.attribution.pieces import tokenize
from training import synthetic
from training.augment import Document, appositions, augment

CLS, SEP = 101, 102
TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
IGNORED = -100
NONE = -1
BEGIN = {"source": 1, "cue": 3, "content": 5}


def load(path: Path) -> list[Document]:
    """The documents of a JSONL file."""
    with path.open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def several_annotators(path: Path) -> dict[str, list[Document]]:
    """Every annotator's version of the training documents that several people annotated."""
    versions: dict[str, list[Document]] = defaultdict(list)
    for document in load(path):
        if document["split"] == "train":
            versions[document["doc_id"]].append(document)
    return dict(versions)


@dataclass
class Example:
    """A document as arrays over its pieces; links are piece indices, NONE for no target, IGNORED where nothing is asked."""

    ids: np.ndarray
    shapes: np.ndarray
    first: np.ndarray
    tags: np.ndarray
    links: np.ndarray


def encode(document: Document, tokenizer: Any) -> Example:
    """Word pieces with tags and links (content word to the first piece of its cue, cue word to the first piece of its source)."""
    pieces = tokenize(document["text"], tokenizer, SEP)
    starts, ends = pieces.words[:, 0], pieces.words[:, 1]
    tags = np.zeros(len(starts), np.int64)
    links = np.full(len(starts), IGNORED, np.int64)

    def words(span: list[int]) -> tuple[int, int]:
        return int(np.searchsorted(ends, span[0], "right")), int(np.searchsorted(starts, span[1], "left"))

    def head(spans: list[list[int]]) -> int:
        found = [words(s) for s in sorted(spans)]
        return next((int(pieces.first[i]) for i, j in found if i < j), NONE)

    for span in document.get("discard", []):
        i, j = words(span)
        tags[i:j] = IGNORED
    for attribution in document["attributions"]:
        targets = {"content": head(attribution["cue"]), "cue": head(attribution["source"]), "source": IGNORED}
        for role in ("source", "cue", "content"):
            for span in attribution[role]:
                i, j = words(span)
                if i < j and (role != "source" or tags[i] != BEGIN[role]):
                    tags[i:j] = BEGIN[role] + 1
                    tags[i] = BEGIN[role]
                if i < j:
                    links[i:j] = targets[role]
    for index in range(1, len(tags)):  # where spans overlap, what is left of one begins anew
        if tags[index] in (2, 4, 6) and tags[index - 1] not in (tags[index], tags[index] - 1, IGNORED):
            tags[index] -= 1
    size = len(pieces.ids)
    example = Example(pieces.ids, pieces.shapes, np.zeros(size, bool), np.full(size, IGNORED), np.full(size, IGNORED))
    example.first[pieces.first] = True
    example.tags[pieces.first] = tags
    example.links[pieces.first] = links
    return example


def stream(
    documents: list[Document], versions: dict[str, list[Document]], tokenizer: Any, seed: int, augmented: bool, made_up: float = 0.0
) -> Iterator[Example]:
    """Documents without end, in random order, rewritten anew in every pass; of several annotators one is drawn each time.

    After a document one made up of the parts of others follows with the chance ``made_up``.
    """
    rng = random.Random(seed)
    pool = appositions(documents)
    stock = synthetic.material(documents) if made_up else None
    while True:
        order = list(range(len(documents)))
        rng.shuffle(order)
        for index in order:
            document = documents[index]
            document = rng.choice(versions.get(document["doc_id"], [document]))
            yield encode(augment(document, rng, pool) if augmented else document, tokenizer)
            if stock and rng.random() < made_up:
                yield encode(augment(synthetic.document(rng, stock), rng, pool), tokenizer)


def windows(examples: Iterator[Example], size: int, seed: int) -> Iterator[dict[str, np.ndarray]]:
    """Windows of ``size`` pieces in all, cut from the documents joined end to end, in an order mixed over some documents."""
    rng = random.Random(seed)
    body = size - 2
    reservoir: list[dict[str, np.ndarray]] = []
    rest: Example | None = None
    for example in examples:
        joined = example if rest is None else _join(rest, example)
        at = 0
        if rest is None:
            at = rng.randrange(min(body, max(1, len(example.ids) - body)))
        while len(joined.ids) - at >= body:
            reservoir.append(_cut(joined, at, body))
            at += body
        rest = Example(joined.ids[at:], joined.shapes[at:], joined.first[at:], joined.tags[at:], _shift(joined.links[at:], at))
        while len(reservoir) > 200:
            place = rng.randrange(len(reservoir))
            reservoir[place], reservoir[-1] = reservoir[-1], reservoir[place]
            yield reservoir.pop()


def _shift(links: np.ndarray, offset: int) -> np.ndarray:
    """Links after the first ``offset`` pieces are cut off; a target that is cut off counts as none for this window."""
    return np.where(links >= offset, links - offset, np.where(links >= 0, -2, links))


def _join(left: Example, right: Example) -> Example:
    gap = len(left.ids) + 1
    moved = np.where(right.links >= 0, right.links + gap, right.links)

    def mark(a: np.ndarray, filler: int, b: np.ndarray) -> np.ndarray:
        return np.concatenate([a, np.array([filler], a.dtype), b])

    return Example(
        mark(left.ids, SEP, right.ids),
        mark(left.shapes, 0, right.shapes),
        mark(left.first, 0, right.first),
        mark(left.tags, IGNORED, right.tags),
        mark(left.links, IGNORED, moved),
    )


def _cut(example: Example, at: int, body: int) -> dict[str, np.ndarray]:
    piece = slice(at, at + body)
    links = _shift(example.links[piece], at)
    links = np.where(links >= body, -2, links)  # -2: the target lies outside this window
    tags = example.tags[piece]
    is_cue = (tags == 3) | (tags == 4)
    links = np.where(links == -2, np.where(is_cue, IGNORED, NONE), links)
    # piece 0 of a window is [CLS], so that position p of the body is p + 1 and "none" is 0
    links = np.where(links >= NONE, links + 1, links)

    def frame(values: np.ndarray, before: int, after: int) -> np.ndarray:
        return np.concatenate([[before], values, [after]])

    return {
        "ids": frame(example.ids[piece], CLS, SEP),
        "shapes": frame(example.shapes[piece], 0, 0),
        "first": frame(example.first[piece], 0, 0).astype(bool),
        "tags": frame(tags, IGNORED, IGNORED),
        "links": frame(links, IGNORED, IGNORED),
    }
