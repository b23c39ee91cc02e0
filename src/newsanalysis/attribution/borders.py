"""Small corrections that hold in any text: whom somebody told is no part of what they told; the day is no part of the cue."""

from __future__ import annotations

import re
from dataclasses import replace

from newsanalysis.attribution.decoding import Frame
from newsanalysis.attribution.pieces import Pieces

_TELLING = re.compile(r"\b(?:tell|tells|told|telling|assur(?:e|es|ed|ing)|remind(?:s|ed|ing)?|inform(?:s|ed|ing)?|warn(?:s|ed|ing)?|notif(?:y|ies|ied))$", re.I)
_DAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|tonight", re.I)
_BEFORE_DAY = frozenset({"on", "late", "early", "last"})
ADDRESSEE = 7


def tidy(text: str, pieces: Pieces, frames: list[Frame]) -> list[Frame]:
    """The frames with both corrections."""
    return [_tidied(text, pieces, frame) for frame in frames]


def _word(text: str, pieces: Pieces, index: int) -> str:
    start, end = pieces.words[index]
    return text[start:end]


def _tidied(text: str, pieces: Pieces, frame: Frame) -> Frame:
    cue = [_without_day(text, pieces, run) for run in frame.cue]
    content = list(frame.content)
    told = any(_TELLING.search(text[pieces.words[i, 0] : pieces.words[j - 1, 1]]) for i, j in frame.cue)
    for number, (i, j) in enumerate(content):
        if told and any(i == end for _, end in frame.cue):
            content[number] = (_behind_addressee(text, pieces, i, j), j)
    return replace(frame, cue=cue, content=content)


def _without_day(text: str, pieces: Pieces, run: tuple[int, int]) -> tuple[int, int]:
    """A cue without the day that ends it."""
    i, j = run
    if j - i > 1 and _DAY.fullmatch(_word(text, pieces, j - 1)):
        j -= 1
        while j - i > 1 and _word(text, pieces, j - 1).lower() in _BEFORE_DAY:
            j -= 1
    return i, j


def _behind_addressee(text: str, pieces: Pieces, start: int, end: int) -> int:
    """Where a content begins that says "the reporters that ...": at "that"."""
    for word in range(start, min(start + ADDRESSEE, end - 2)):
        here = _word(text, pieces, word)
        if here.lower() == "that":
            return word
        if not (here[0].isalnum() or here in "’'") or pieces.lines[word] != pieces.lines[start]:
            break
    return start
