"""Text to word pieces: typography made uniform, offsets kept.

The encoder is uncased and saw one kind of quotation marks. ``canonical`` maps every kind of double mark to ``“`` or ``”``
(by what stands beside it, then by its own shape), opening single marks to ``‘``, apostrophes to ``'`` and dashes to ``—``,
without changing the length of the text, so that offsets stay those of the original. Training reads its texts by these functions too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsanalysis.attribution.language import is_foreign

Ints = NDArray[np.int64]

_DOUBLE = "''|``|[\"“”„‟«»❝❞〝〞＂″]"
_CHANGED = re.compile(_DOUBLE + "|['‘’‚‛`´′‹›]|--+|[–—―]| - |[\ud800-\udfff]")
_SINGLE = frozenset("'‘’‚‛`´′‹›")
_DASHES = frozenset("-–—―")
_OPENING = frozenset(("“", "„", "‟", "«", "❝", "〝", "``"))
_CLOSING = frozenset("”»❞〞")
_BEFORE_OPENING = frozenset("([{—–-/“‘\"'«„")
_AFTER_CLOSING = frozenset(".,;:!?)]}—–-”’\"'»…")
_KINDS = {"“": 1, "”": -1, '"': 2}
_BREAKS = "\n\r\u2028\u2029\x0b\x0c"
_LINE = re.compile(f"[^{_BREAKS}]+")
_SENTENCE_ENDS = frozenset(".!?:;\"”’'")
_SECTION_ENDS = (re.compile(f".*[{_BREAKS}]", re.DOTALL), re.compile(r".*[.!?][\"”’']* ", re.DOTALL), re.compile(r".*\s", re.DOTALL))
LONGEST_QUOTATION = 300
"""A quotation left open in its paragraph goes on into the next ones only if its closing mark stands within so many words."""


def canonical(text: str) -> str:
    """Return the text with uniform quotation marks and dashes, and without half characters; as long as the text.

    >>> canonical("''Go,'' he said -- and 'll' «oui»")
    "“ Go,”  he said — and ‘ll' “oui”"
    """

    def uniform(match: re.Match[str]) -> str:
        mark, start, end = match.group(), match.start(), match.end()
        if mark in _SINGLE:
            return _single(text, start)
        if mark == " - ":
            return " — "
        if mark[0] in _DASHES:
            return "—".ljust(end - start)
        if mark >= "\ud800" and mark <= "\udfff":
            return "\ufffd"
        return _double(text, start, end).ljust(end - start)

    return _CHANGED.sub(uniform, text)


def _double(text: str, start: int, end: int) -> str:
    """Return the canonical form of the double quotation mark at start:end."""
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    opens = before.isspace() or before in _BEFORE_OPENING
    closes = after.isspace() or after in _AFTER_CLOSING
    if opens != closes:
        return "“" if opens else "”"
    mark = text[start:end]
    if mark in _OPENING:
        return "“"
    return "”" if mark in _CLOSING else '"'


def _single(text: str, start: int) -> str:
    """Return the canonical form of the single mark at start: an opening mark or an apostrophe."""
    before, after = text[start - 1 : start] or " ", text[start + 1 : start + 2] or " "
    opens = (before.isspace() or before in _BEFORE_OPENING) and (after.isalpha() or after in _BEFORE_OPENING)
    return "‘" if opens else "'"


def sections(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Cut a text into spans of at most ``longest`` characters: behind the last paragraph, sentence or word in the span's second half.

    >>> list(sections("One two.\\nThree four five.", 16))
    [(0, 9), (9, 25)]
    """
    start = 0
    while len(text) - start > longest:
        end = start + longest
        ends = (mark.match(text, start + longest // 2, end) for mark in _SECTION_ENDS)
        end = next((found.end() for found in ends if found), end)
        yield start, end
        start = end
    yield start, len(text)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Give the spans between line breaks; a line that goes on in lower case in the next one is no paragraph.

    >>> list(paragraphs("One line\\r\\nwrapped.\\n\\nTwo."))
    [(0, 18), (20, 24)]
    """
    start, end = -1, -1
    for match in _LINE.finditer(text):
        if not match.group().strip():
            continue
        wrapped = start >= 0 and text[end - 1] not in _SENTENCE_ENDS and match.group().lstrip()[0].islower() and _close(text, end, match.start())
        if start >= 0 and not wrapped:
            yield start, end
        if not wrapped:
            start = match.start()
        end = match.end()
    if start >= 0:
        yield start, end


def _close(text: str, end: int, start: int) -> bool:
    """Tell whether at most one empty line lies between."""
    return len(text[end : min(start, end + 5)].replace("\r\n", "\n")) <= 2


QUOTED = 4
"""What a shape has more inside quotation marks."""


@dataclass(frozen=True, slots=True)
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
    """Return the word pieces and words of a text, without its paragraphs in other languages; ``tokenizer`` is a ``tokenizers.Tokenizer``."""
    uniform = canonical(text)
    ids: list[int] = []
    firsts, spans, lines = [_NONE], [_NONE.reshape(0, 2)], [_NONE]
    for number, (start, end) in enumerate(paragraphs(text)):
        if is_foreign(text[start:end]):
            continue
        encoding = tokenizer.encode(uniform[start:end], add_special_tokens=False)
        if not encoding.ids:
            continue
        if ids:
            ids.append(separator)
        heads, words = _words(encoding)
        firsts.append(heads + len(ids))
        spans.append(words + start)
        lines.append(np.full(len(heads), number))
        ids += encoding.ids
    first, words, line = np.concatenate(firsts), np.concatenate(spans), np.concatenate(lines)
    _widen(text, words)
    starts = words[:, 0].tolist()
    marks = np.array([_KINDS.get(uniform[start], 0) for start in starts], np.int64)
    cases = np.array([_case(text[start:end]) for start, end in words.tolist()], np.int64)
    pieces = np.array(ids, np.int64)
    shapes = np.repeat(cases + QUOTED * enclosed(marks, line), np.diff(np.append(first, len(pieces))))
    shapes[pieces == separator] = 0
    return Pieces(pieces, shapes, first, words, line, marks)


_NONE: Ints = np.zeros(0, np.int64)


def _words(encoding: Any) -> tuple[Ints, Ints]:
    """Return where the words of an encoded text begin, in pieces, and their offsets, in characters."""
    numbers = np.array(encoding.word_ids)
    changes = np.flatnonzero(numbers[1:] != numbers[:-1]) + 1
    heads, tails = np.append(0, changes), np.append(changes, len(numbers)) - 1
    offsets = np.array(encoding.offsets)
    return heads, np.stack([offsets[heads, 0], offsets[tails, 1]], 1)


def _widen(text: str, words: Ints) -> None:
    """Let words reach over what the tokenizer leaves out of them: the other half of ``''``, combining marks at their end."""
    doubled = [index for index, (start, end) in enumerate(words.tolist()) if end - start == 1 and text[start : start + 2] in ("''", "``")]
    words[doubled, 1] += 1
    if text.isascii():
        return
    for index, end in enumerate(words[:, 1].tolist()):
        while end < len(text) and text[end] > "\u02ff" and unicodedata.category(text[end])[0] == "M":
            end += 1
        words[index, 1] = end


def _case(word: str) -> int:
    """Return the case of a word: 0 lower or without letters, 1 first letter upper, 2 all upper, 3 mixed."""
    if word.islower() or not word[0].isalpha():
        return 0
    if word[0].isupper():
        if len(word) == 1 or word[1:].islower():
            return 1
        return 2 if word.isupper() else 3
    return 3 if any(letter.isupper() for letter in word) else 0


def quoted(marks: Ints, lines: Ints) -> Iterator[tuple[int, int]]:
    """Give the runs of words within quotation marks, marks included; for each word, ``marks`` and ``lines`` are as in Pieces.

    A quotation left open ends with its paragraph, unless the next mark, at most LONGEST_QUOTATION words on, is a closing one: then the
    lines between are the same quotation, as where a splitter put every sentence on a line of its own.
    """
    start = -1
    for word in np.flatnonzero(marks).tolist():
        if start >= 0 and lines[word] != lines[start] and (marks[word] != -1 or word - start > LONGEST_QUOTATION):
            yield start, int(np.searchsorted(lines, lines[start], "right"))
            start = -1
        if start < 0 and marks[word] > 0:
            start = word
        elif start >= 0 and marks[word] != 1:
            yield start, word + 1
            start = -1
    if start >= 0:
        yield start, int(np.searchsorted(lines, lines[start], "right"))


def enclosed(marks: Ints, lines: Ints) -> Ints:
    """Return 1 for each word within quotation marks, marks included, else 0."""
    inside = np.zeros(len(marks), np.int64)
    for start, end in quoted(marks, lines):
        inside[start:end] = 1
    return inside
