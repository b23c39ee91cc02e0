"""The same texts in other typography: each change rewrites a text and carries the hand annotation along.

A change is a function from a text (and a generator) to edits (start, end, replacement), which must not overlap.

>>> document = {"doc_id": "a", "text": "“So it is,” he said.", "attributions": [{"source": [[12, 14]], "cue": [[15, 19]], "content": [[0, 11]]}]}
>>> for name in ("straight", "guillemets", "British order", "upper case", "no marks"):
...     new = changed(document, name)
...     (start, end), = new["attributions"][0]["content"]
...     print(new["text"], "|", new["text"][start:end])
"So it is," he said. | "So it is,"
«So it is,» he said. | «So it is,»
“So it is”, he said. | “So it is”
“SO IT IS,” HE SAID. | “SO IT IS,”
So it is, he said. | So it is,
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from newsanalysis import quotations
from newsanalysis.sentences import sentences

Edit = tuple[int, int, str]
Generator = np.random.Generator
ROLES = ("source", "cue", "content")
MARK = re.compile("''|``|[\"“”„«»]")
FULL_STOP = re.compile(r"\.(?=\s|$|[\"”’'»])")
BEFORE_MARK = re.compile("([,.])(''|[\"”])")
BREAK = re.compile(r"\s*\n\s*")


def _marks(opening: str, closing: str) -> Callable[[str, Generator], Iterator[Edit]]:
    def edits(text: str, _rng: Generator) -> Iterator[Edit]:
        for match, opens in _directed(text):
            yield match.start(), match.end(), opening if opens else closing

    return edits


def _directed(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Each double mark and whether it opens: by its form; a straight one by what stands beside it, else by turns."""
    inside = False
    for match in MARK.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        left, right = not before or before.isspace() or before in "([—-", not after or after.isspace() or after in ".,;:!?)]—-"
        if match.group() in ("“", "„", "«", "``"):
            opens = True
        elif match.group() in ("”", "»"):
            opens = False
        else:
            opens = left if left != right else not inside
        inside = opens
        yield match, opens


def _fewer(share: float) -> Callable[[str, Generator], Iterator[Edit]]:
    def edits(text: str, rng: Generator) -> Iterator[Edit]:
        yield from ((match.start(), match.end(), "") for match in MARK.finditer(text) if rng.random() < share)

    return edits


def _spaced(text: str, _rng: Generator) -> Iterator[Edit]:
    yield from ((match.start(), match.end(), f" {match.group()} ") for match in MARK.finditer(text))


def _dashes(text: str, _rng: Generator) -> Iterator[Edit]:
    """A quotation at the start of a paragraph gets a dash for its opening mark and loses the closing one."""
    for quotation in quotations.quotations(text):
        opening = MARK.match(text, quotation.start)
        if opening and quotation.level == 0 and not text[: quotation.start].rpartition("\n")[2].strip():
            yield opening.start(), opening.end(), "— "
            closing = MARK.fullmatch(text, quotation.end - len(opening.group()), quotation.end)
            if quotation.closed and closing:
                yield closing.start(), closing.end(), ""


def _british(text: str, _rng: Generator) -> Iterator[Edit]:
    for match in BEFORE_MARK.finditer(text):
        yield match.start(1), match.end(1), ""
        yield match.end(2), match.end(2), match.group(1)


def _sentence_lines(text: str, _rng: Generator) -> Iterator[Edit]:
    for (_, end), (start, _) in pairwise(sentences(text)):
        if end < start and not text[end:start].strip():
            yield end, start, "\n"


def _joined(text: str, _rng: Generator) -> Iterator[Edit]:
    yield from ((match.start(), match.end(), " ") for match in BREAK.finditer(text.rstrip()))


def _without_stops(text: str, _rng: Generator) -> Iterator[Edit]:
    yield from ((match.start(), match.end(), "") for match in FULL_STOP.finditer(text))


def _cased(change: Callable[[str], str]) -> Callable[[str, Generator], Iterator[Edit]]:
    def edits(text: str, _rng: Generator) -> Iterator[Edit]:
        yield from ((at, at + 1, change(letter)) for at, letter in enumerate(text) if change(letter) != letter and len(change(letter)) == 1)

    return edits


CHANGES: dict[str, Callable[[str, Generator], Iterable[Edit]]] = {
    "straight": _marks('"', '"'),
    "curly": _marks("“", "”"),
    "``…''": _marks("``", "''"),
    "single": _marks("‘", "’"),
    "guillemets": _marks("«", "»"),
    "dashes": _dashes,
    "10 % of marks lost": _fewer(0.1),
    "no marks": _fewer(2.0),
    "spaces around marks": _spaced,
    "British order": _british,
    "a line a sentence": _sentence_lines,
    "one paragraph": _joined,
    "lower case": _cased(str.lower),
    "upper case": _cased(str.upper),
    "no full stops": _without_stops,
}
"""The changes by name; `straight` to `dashes` are about which marks are used, the next four about what happens to marks."""


def changed(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a document of a gold file with a change made to its text and all spans carried along; spans that vanish are left out."""
    text = document["text"]
    edits = sorted(CHANGES[name](text, np.random.default_rng(zlib.crc32(document["doc_id"].encode()))))
    new, starts, ends = rewritten(text, edits)

    def moved(spans: list[list[int]]) -> list[list[int]]:
        tight = (_tight(new, int(starts[start]), int(ends[end])) for start, end in spans)
        return [[start, end] for start, end in tight if start < end]

    attributions = [{**attribution, **{role: moved(attribution[role]) for role in ROLES}} for attribution in document["attributions"]]
    return {**document, "text": new, "attributions": [attribution for attribution in attributions if attribution["content"]]}


def _tight(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def rewritten(text: str, edits: list[Edit]) -> tuple[str, np.ndarray, np.ndarray]:
    """Return the text after edits, and for each old offset the new one, read as a start and read as an end.

    What is put in at an offset stands before a span that starts there and behind one that ends there.

    >>> new, starts, ends = rewritten("ab", [(1, 1, "-")])
    >>> new, starts.tolist(), ends.tolist()
    ('a-b', [0, 2, 3], [0, 1, 3])
    """
    later_starts, later_ends = np.zeros(len(text) + 2, np.int64), np.zeros(len(text) + 2, np.int64)
    parts, at = [], 0
    for start, end, new in edits:
        if start < at:
            raise ValueError(f"edits overlap at {start}")
        parts += [text[at:start], new]
        longer = len(new) - (end - start)
        later_starts[end] += longer
        later_ends[end + (start == end)] += longer
        at = end
    starts, ends = (np.arange(len(text) + 1) + np.cumsum(later)[:-1] for later in (later_starts, later_ends))
    for start, end, _ in edits:
        starts[start + 1 : end], ends[start + 1 : end] = starts[start], ends[end]
    return "".join([*parts, text[at:]]), starts, ends
