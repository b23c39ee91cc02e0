"""Text to word pieces: typography made uniform, offsets kept.

The encoder is uncased and saw one kind of quotation marks. ``canonical`` maps every kind of double mark to ``“`` or ``”``
(by what stands beside it, then by its own shape), opening single marks to ``‘``, apostrophes to ``'`` and dashes to ``—``,
without changing the length of the text, so that offsets stay those of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

DOUBLE = re.compile("''|``|[\"“”„‟«»❝❞〝〞＂″]")
_MARK = re.compile("''|``|[\"“”„‟«»❝❞〝〞＂″]|['‘’‚‛`´′‹›]|--+|[–—―]| - ")
_SINGLE = frozenset("'‘’‚‛`´′‹›")
_OPENING = frozenset("“„‟«❝〝")
_CLOSING = frozenset("”»❞〞")
_BEFORE_OPENING = frozenset("([{—–-/“‘\"'«„")
_AFTER_CLOSING = frozenset(".,;:!?)]}—–-”’\"'»…")
_KINDS = {"“": 1, "”": -1, '"': 2}
_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c]+")
_SOFT_BEFORE = frozenset(".!?:;\"”’'")


def _direction(text: str, start: int, end: int) -> str:
    """The canonical form of the double quotation mark at start:end."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    opens = before.isspace() or before in _BEFORE_OPENING
    closes = after.isspace() or after in _AFTER_CLOSING
    if opens != closes:
        return "“" if opens else "”"
    mark = text[start:end]
    if mark in _OPENING or mark == "``":
        return "“"
    return "”" if mark in _CLOSING else '"'


def _single(text: str, start: int) -> str:
    """The canonical form of the single mark at start: an opening mark or an apostrophe."""
    before = text[start - 1] if start else " "
    after = text[start + 1] if start + 1 < len(text) else " "
    if (before.isspace() or before in _BEFORE_OPENING) and (after.isalpha() or after in _BEFORE_OPENING):
        return "‘"
    return "'"


def canonical(text: str) -> str:
    """The text with uniform quotation marks and dashes; as long as the text."""

    def replace(match: re.Match[str]) -> str:
        mark, start, end = match.group(), match.start(), match.end()
        if mark in _SINGLE:
            return _single(text, start)
        if mark == " - ":
            return " — "
        if mark[0] in "-–—―":
            return "—".ljust(end - start)
        return _direction(text, start, end).ljust(end - start)

    return _MARK.sub(replace, text)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans between paragraph breaks; a line that goes on in lower case in the next one is no paragraph."""
    start, end = -1, -1
    for match in _LINE.finditer(text):
        if not match.group().strip():
            continue
        head = match.group().lstrip()[:1]
        wrapped = start >= 0 and match.start() - end <= 2 and head.islower() and text[end - 1] not in _SOFT_BEFORE
        if start >= 0 and not wrapped:
            yield start, end
            start = match.start()
        elif start < 0:
            start = match.start()
        end = match.end()
    if start >= 0:
        yield start, end


def sections(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Cut a text into spans of at most ``longest`` characters, at a paragraph break, a full stop or a space if there is one."""
    start = 0
    while len(text) - start > longest:
        end = start + longest
        for mark in ("\n", ". ", " "):
            found = text.rfind(mark, start + longest // 2, end)
            if found > 0:
                end = found + len(mark)
                break
        yield start, end
        start = end
    yield start, len(text)


@dataclass(frozen=True)
class Pieces:
    """Word pieces of a text: ids (with a separator between paragraphs) and shapes of the pieces, where each word begins, and,
    for each word, its offsets, its paragraph and whether it is a quotation mark (1 opening, -1 closing, 2 either, 0 none).

    The shape of a piece tells what the uncased ids hide: the case of its word (0 lower or no letters, 1 first letter upper,
    2 all upper, 3 mixed), plus 4 inside quotation marks.
    """

    ids: Ints
    shapes: Ints
    first: Ints
    words: Ints
    lines: Ints
    marks: Ints


def tokenize(text: str, tokenizer: Any, separator: int) -> Pieces:
    """Word pieces and words of a text; ``tokenizer`` is a ``tokenizers.Tokenizer``."""
    uniform = canonical(text)
    ids: list[int] = []
    first: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    lines: list[int] = []
    for number, (begin, stop) in enumerate(_lines(text)):
        if ids:
            ids.append(separator)
        encoding = tokenizer.encode(uniform[begin:stop], add_special_tokens=False)
        last = None
        for piece, word, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets, strict=True):
            if word != last:
                first.append(len(ids))
                starts.append(begin + start)
                ends.append(begin + end)
                lines.append(number)
                last = word
            else:
                ends[-1] = begin + end
            ids.append(piece)
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end - start == 1 and text[start : start + 2] in ("''", "``"):
            ends[index] = start + 2
    words = np.array([starts, ends], dtype=np.int64).T.reshape(-1, 2)
    marks = np.array([_KINDS.get(uniform[start], 0) for start in starts], np.int64)
    row = np.array(lines, np.int64)
    shape = np.array([_case(text[start:end]) for start, end in zip(starts, ends, strict=True)], np.int64)
    shape += 4 * enclosed(marks, row)
    counts = np.diff(np.append(np.array(first, np.int64), len(ids)))
    shapes = np.repeat(shape, counts)
    every = np.array(ids, np.int64)
    shapes[every == separator] = 0
    return Pieces(every, shapes, np.array(first, np.int64), words, row, marks)


def _case(word: str) -> int:
    """The case of a word: 0 lower or without letters, 1 first letter upper, 2 all upper, 3 mixed."""
    if word.islower() or not word[0].isalpha():
        return 0
    if word[0].isupper():
        if len(word) == 1 or word[1:].islower():
            return 1
        return 2 if word.isupper() else 3
    return 3 if any(letter.isupper() for letter in word) else 0


REACH = 300


def enclosed(marks: Ints, lines: Ints) -> Ints:
    """1 for each word within quotation marks, marks included, else 0.

    A quotation left open ends with its paragraph, unless the next mark, at most REACH words on, is a closing one: then the
    lines between are the same quotation, as where a splitter put every sentence on a line of its own.
    """
    inside = np.zeros(len(marks), np.int64)
    places = np.flatnonzero(marks).tolist()
    start = -1
    for word in places:
        if start >= 0 and lines[word] != lines[start] and (marks[word] != -1 or word - start > REACH):
            inside[start : int(np.searchsorted(lines, lines[start], "right"))] = 1
            start = -1
        if marks[word] == 1 or (marks[word] == 2 and start < 0):
            start = word if start < 0 else start
        elif start >= 0:
            inside[start : word + 1] = 1
            start = -1
    if start >= 0:
        inside[start : int(np.searchsorted(lines, lines[start], "right"))] = 1
    return inside
