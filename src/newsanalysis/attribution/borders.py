"""Small corrections that hold in any text: whom somebody told is no part of what they told; the day is no part of the cue."""

from __future__ import annotations

import re
from dataclasses import replace

from newsanalysis.attribution.decoding import Frame, Run
from newsanalysis.attribution.pieces import Pieces

_TELLING = re.compile(r"\b(?:tell|tells|told|telling|assur(?:e|es|ed|ing)|remind(?:s|ed|ing)?|inform(?:s|ed|ing)?|warn(?:s|ed|ing)?|notif(?:y|ies|ied))$", re.I)
_DAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|tonight", re.I)
_BEFORE_DAY = frozenset(("on", "late", "early", "last"))
_LONGEST_ADDRESSEE = 7


def tidy(text: str, pieces: Pieces, frames: list[Frame]) -> list[Frame]:
    """Return the frames with both corrections."""
    words = _Words(text, pieces)
    return [_tidied(words, frame) for frame in frames]


class _Words:
    """The words of a text by number, each with its paragraph."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self.text, self.pieces = text, pieces

    def __getitem__(self, number: int) -> str:
        return self.between(number, number + 1)

    def between(self, start: int, end: int) -> str:
        """Return the text from one word to before another."""
        return self.text[self.pieces.words[start, 0] : self.pieces.words[end - 1, 1]]

    def together(self, first: int, second: int) -> bool:
        """Tell whether two words stand in one paragraph."""
        return bool(self.pieces.lines[first] == self.pieces.lines[second])


def _tidied(words: _Words, frame: Frame) -> Frame:
    told = {end for start, end in frame.cue if _TELLING.search(words.between(start, end))}
    content = [(_behind_addressee(words, run) if run[0] in told else run[0], run[1]) for run in frame.content]
    return replace(frame, cue=[_without_day(words, run) for run in frame.cue], content=content)


def _without_day(words: _Words, run: Run) -> Run:
    """Return a cue without the day that ends it."""
    start, end = run
    if end - start > 1 and _DAY.fullmatch(words[end - 1]):
        end -= 1
        while end - start > 1 and words[end - 1].lower() in _BEFORE_DAY:
            end -= 1
    return start, end


def _behind_addressee(words: _Words, run: Run) -> int:
    """Return where a content begins that says "the reporters that ...": at "that"."""
    start, end = run
    for word in range(start, min(start + _LONGEST_ADDRESSEE, end - 2)):
        here = words[word]
        if here.lower() == "that":
            return word
        if not (here[0].isalnum() or here in "’'") or not words.together(word, start):
            break
    return start
