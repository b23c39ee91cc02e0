"""Random rewriting of annotated texts, so that the tagger learns attribution and not one corpus' typography, layout and names.

Every change is a list of edits (start, end, replacement) on the text; spans are carried along. All randomness comes from one
``random.Random``. A document is a dict with ``text``, ``attributions`` (source, cue, content: lists of [start, end]) and ``discard``.
"""

from __future__ import annotations

import random
import re
from typing import Any

from training.names import FIRST_NAMES, GROUPS, LAST_NAMES, PLACES, SWAPS, TITLES

Edit = tuple[int, int, str]
Document = dict[str, Any]
ROLES = ("source", "cue", "content")
_DOUBLE = re.compile("''|``|[\"“”„«»]")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)%][.!?])([\"”’']{0,2})( +)(?=[\"“‘']{0,2}[A-Z])")
_NAME = re.compile(r"\b[A-Z][a-zA-Zéñ'’-]+(?: [A-Z]\.)?(?: [A-Z][a-zA-Zéñ'’-]+)*")


def apply(document: Document, edits: list[Edit]) -> Document:
    """The document after the edits; edits that overlap an earlier one are left out."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda item: (item[0], item[1])):
        if not kept or (edit[0] >= kept[-1][1] and (edit[0], edit[1]) != (kept[-1][0], kept[-1][1])):
            kept.append(edit)
    text = document["text"]
    parts: list[str] = []
    at = 0
    for start, end, new in kept:
        parts += [text[at:start], new]
        at = end
    parts.append(text[at:])
    starts, ends = _positions(kept, [p for span in _spans(document) for p in span])

    def move(spans: list[list[int]]) -> list[list[int]]:
        return [[starts[s], ends[e]] for s, e in spans if ends[e] > starts[s]]

    attributions = [{role: move(a[role]) for role in ROLES} for a in document["attributions"]]
    return {
        "text": "".join(parts),
        "attributions": [a for a in attributions if a["content"]],
        "discard": move(document.get("discard", [])),
    }


def _spans(document: Document) -> list[list[int]]:
    return [span for a in document["attributions"] for role in ROLES for span in a[role]] + list(document.get("discard", []))


def _positions(edits: list[Edit], points: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """New places of old offsets, read as a span's start and as a span's end."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    shift = index = 0
    for point in sorted(set(points)):
        while index < len(edits) and edits[index][1] < point:
            shift += len(edits[index][2]) - edits[index][1] + edits[index][0]
            index += 1
        start = end = point + shift
        local = shift
        for first, last, new in edits[index : index + 3]:
            if first < point < last or first < point == last:
                end = first + local + len(new)
                start = first + local if point < last else end
            elif first == last == point:  # an insertion: before a span that starts here, behind one that ends here
                start = point + local + len(new)
            else:
                break
            local += len(new) - last + first
        starts[point], ends[point] = start, end
    return starts, ends


def drop_marks(document: Document, rng: random.Random) -> list[Edit]:
    """Some quotation marks are lost."""
    share = rng.choice((0.05, 0.1, 0.2, 0.5))
    return [(m.start(), m.end(), "") for m in _DOUBLE.finditer(document["text"]) if rng.random() < share]


def space_marks(document: Document, _rng: random.Random) -> list[Edit]:
    """Marks set off by spaces, as a tokenizer leaves them."""
    return [(m.start(), m.end(), f" {m.group()} ") for m in _DOUBLE.finditer(document["text"])]


def single_marks(document: Document, _rng: random.Random) -> list[Edit]:
    """Double marks become single ones, as in Britain and in headlines."""
    text = document["text"]
    return [(m.start(), m.end(), "‘" if text[m.end() : m.end() + 1].isalnum() else "’") for m in _DOUBLE.finditer(text)]


def plain_marks(document: Document, _rng: random.Random) -> list[Edit]:
    """Every mark straight: one that stands between spaces no longer tells its direction."""
    return [(m.start(), m.end(), '"') for m in _DOUBLE.finditer(document["text"])]


def break_sentences(document: Document, rng: random.Random) -> list[Edit]:
    """A line for each sentence, with or without the damage that splitters do to closing marks."""
    edits: list[Edit] = []
    damage = rng.random() < 0.6
    share = rng.choice((1.0, 1.0, 0.6))
    for match in _SENTENCE_END.finditer(document["text"]):
        if rng.random() > share:
            continue
        marks = match.group(1)
        if marks and damage and rng.random() < 0.7:
            if rng.random() < 0.6:
                edits.append((match.start(1), match.end(), "\n"))
            else:
                edits.append((match.start(1), match.end(), "\n" + marks + rng.choice(("", " "))))
        else:
            edits.append((match.start(2), match.end(2), "\n"))
    return edits


def join_paragraphs(document: Document, rng: random.Random) -> list[Edit]:
    """Paragraph breaks removed, all or some."""
    share = rng.choice((1.0, 0.5))
    breaks = list(re.finditer(r"\s*\n\s*", document["text"]))[1:]
    return [(m.start(), m.end(), " ") for m in breaks if rng.random() < share]


def split_quotes(document: Document, rng: random.Random) -> list[Edit]:
    """A long quotation goes on in paragraphs of its own: closed, broken, opened again; or left open, as is the custom."""
    edits: list[Edit] = []
    for attribution in document["attributions"]:
        for start, end in attribution["content"]:
            piece = document["text"][start:end]
            if not _DOUBLE.match(piece) or not _DOUBLE.search(piece[-2:]) or len(piece) < 80:
                continue
            opening, closing = _DOUBLE.match(piece), _DOUBLE.search(piece[-2:])
            assert opening and closing
            for match in _SENTENCE_END.finditer(piece):
                if not match.group(1) and rng.random() < 0.5:
                    closed = closing.group() if rng.random() < 0.6 else ""
                    edits.append((start + match.start(2), start + match.end(2), f"{closed}\n\n{opening.group()}"))
    return edits


def drop_title(document: Document, _rng: random.Random) -> list[Edit]:
    """The text without its first line."""
    match = re.match(r"[^\n]*\n+", document["text"])
    return [(0, match.end(), "")] if match else []


def insert_appositions(document: Document, rng: random.Random, pool: list[str]) -> list[Edit]:
    """Named sources get an apposition from another document."""
    edits: list[Edit] = []
    text = document["text"]
    for attribution in document["attributions"]:
        for start, end in attribution["source"]:
            name = text[start:end]
            before_cue = any(0 < cue - end < 3 for cue, _ in attribution["cue"])
            if before_cue and re.fullmatch(r"(?:[A-Z][\w.'’-]+ ?){2,4}", name) and rng.random() < 0.35:
                edits.append((end - 1, end, text[end - 1] + ", " + rng.choice(pool) + ","))
    return edits


def drop_appositions(document: Document, rng: random.Random) -> list[Edit]:
    """Named sources lose their apposition."""
    edits: list[Edit] = []
    text = document["text"]
    for attribution in document["attributions"]:
        for start, end in attribution["source"]:
            comma = text.find(",", start, end)
            if comma - start > 4 and rng.random() < 0.5:
                edits.append((comma, end, ""))
    return edits


def swap_names(document: Document, rng: random.Random) -> list[Edit]:
    """People, places and institutions of other countries: each name of a source becomes another one all through the text."""
    text = document["text"]
    mapping: dict[str, str] = {}
    for attribution in document["attributions"]:
        for start, end in attribution["source"]:
            for match in _NAME.finditer(text[start:end]):
                words = [w for w in match.group().split() if w not in TITLES and len(w) > 2]
                at_start = start + match.start() == 0 or text[max(0, start + match.start() - 2)] in '.\n“"'
                if not words or (len(words) == 1 and at_start and start != 0 and text.count(words[0]) < 3):
                    continue
                if len(words) > 1 or rng.random() < 0.7:
                    _name_parts(words, mapping, rng)
    if not mapping:
        return []
    level = rng.choice((1.0, 1.0, 0.5))
    chosen = {old: new for old, new in mapping.items() if rng.random() < level}
    for old, options in SWAPS.items():
        if rng.random() < level:
            chosen[old] = rng.choice(options)
    if not chosen:
        return []
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(w) for w in sorted(chosen, key=len, reverse=True)) + r")\b")
    return [(m.start(), m.end(), chosen[m.group()]) for m in pattern.finditer(text)]


def _name_parts(words: list[str], mapping: dict[str, str], rng: random.Random) -> None:
    if any(w in GROUPS for w in words):
        return
    for index, word in enumerate(words):
        bare = re.sub(r"['’]s$", "", word)
        if bare in mapping or bare in SWAPS or bare in TITLES:
            continue
        if re.fullmatch(r"[A-Z]{2,}", bare):
            mapping[bare] = rng.choice(("OSCE", "UN", "EU", "NATO", "WHO", "BBC", "TASS", "IMF", "AFP", "ANC", "SBU", "FSB"))
        elif index == len(words) - 1:
            mapping[bare] = rng.choice(LAST_NAMES if rng.random() < 0.9 else PLACES)
        else:
            mapping[bare] = rng.choice(FIRST_NAMES)


def appositions(documents: list[Document]) -> list[str]:
    """What stands behind the comma of a named source, in all documents."""
    pool: set[str] = set()
    for document in documents:
        for attribution in document["attributions"]:
            for start, end in attribution["source"]:
                match = re.fullmatch(r"(?:[A-Z][\w.'’-]+ ?){2,4}, (.{12,140}?),?", document["text"][start:end])
                if match:
                    pool.add(match.group(1))
    return sorted(pool)


def change_case(document: Document, rng: random.Random) -> Document:
    """All lower, all upper, or the first letters of all words upper; only where that keeps the length."""
    text = document["text"]
    new = rng.choice((text.lower, text.lower, text.upper, text.title))()
    return dict(document, text=new) if len(new) == len(text) else document


def augment(document: Document, rng: random.Random, pool: list[str]) -> Document:
    """A rewritten document; one in four stays as it is."""
    if rng.random() < 0.25:
        return document

    def step(chance: float, function: Any, *more: Any) -> None:
        nonlocal document
        if rng.random() < chance:
            document = apply(document, function(document, rng, *more))

    step(0.15, drop_title)
    step(0.40, swap_names)
    step(0.20, insert_appositions, pool)
    step(0.10, drop_appositions)
    step(0.20, split_quotes)
    layout = rng.random()
    if layout < 0.35:
        document = apply(document, break_sentences(document, rng))
    elif layout < 0.47:
        document = apply(document, join_paragraphs(document, rng))
    step(0.20, drop_marks)
    marks = rng.random()
    if marks < 0.10:
        document = apply(document, single_marks(document, rng))
    elif marks < 0.13:
        document = apply(document, space_marks(document, rng))
    elif marks < 0.25:
        document = apply(document, plain_marks(document, rng))
    if rng.random() < 0.08:
        document = change_case(document, rng)
    return document
