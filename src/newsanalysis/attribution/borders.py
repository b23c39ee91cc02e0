"""Small corrections that hold in any text.

A content without marks ends with its paragraph; whom somebody told is no part of what they told, nor of the cue; the day and "also" are
no part of the cue, "against" is; a comma behind a closing mark is the sentence's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np

from newsanalysis.attribution import lexicon
from newsanalysis.attribution.decoding import Frame, Run
from newsanalysis.attribution.pieces import QUOTED, Pieces

_TELLING = re.compile(r"\b(?:tell|tells|told|telling|assur(?:e|es|ed|ing)|remind(?:s|ed|ing)?|inform(?:s|ed|ing)?|warn(?:s|ed|ing)?|notif(?:y|ies|ied))$", re.I)
_DAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|tonight", re.I)
_BEFORE_DAY = frozenset(("on", "late", "early", "last"))
_LONGEST_ADDRESSEE = 7
_LONGEST_HEADLINE = 40
_TOLD = frozenset(("told", "tell", "tells", "telling"))
_PICTOGRAM = re.compile(r"[\u2190-\u2bff\U0001f000-\U0001faff]+")
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'’ /-]+(?:, [A-Z][\w.]+)?(?:, \w+\.? \d+)?(?: \([^)]{2,20}\))? ?(?:—|–|--| - )"
    r"|\[?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4}\b)?\]?)[\s|:–—-]*"
)
_SEEMING = re.compile(r"(?:seem|appear)(?:s|ed|ing|ingly)?(?: to)?", re.I)
_NEEDED = frozenset(("of", "about", "to", "against", "how", "on"))


def confined(text: str, pieces: Pieces, frames: list[Frame]) -> list[Frame]:
    """Return the frames without what is neither quoted nor in the cue's paragraph, unless the cue is a colon."""
    words = _Words(text, pieces)
    inside = pieces.shapes[pieces.first] >= QUOTED
    return [_confined(words, inside, frame) if frame.cue else frame for frame in frames]


def _confined(words: _Words, inside: np.ndarray, frame: Frame) -> Frame:
    if words[frame.cue[-1][1] - 1] == ":":
        return frame
    lines = words.pieces.lines
    here = {int(lines[word]) for start, end in frame.cue for word in (start, end - 1)}
    kept: list[Run] = []
    for start, end in frame.content:
        borders = [start, *(start + 1 + np.flatnonzero(np.diff(lines[start:end]))).tolist(), end]
        for first, last in pairwise(borders):
            if int(lines[first]) in here or inside[first]:
                if kept and kept[-1][1] == first and first != start:
                    kept[-1] = (kept[-1][0], last)
                else:
                    kept.append((first, last))
    return replace(frame, content=kept) if kept else frame


def tidy(text: str, pieces: Pieces, frames: list[Frame]) -> list[Frame]:
    """Return the frames with the corrections inside a sentence, without what only looks like an attribution."""
    words = _Words(text, pieces)
    return _cited(words, [_tidied(words, frame) for frame in frames if not _idle(words, frame)])


def _idle(words: _Words, frame: Frame) -> bool:
    """Tell whether a frame is the phrase "That said,", what seems so to nobody named, or an act in a headline: "signs", "legalizes"."""
    if [words.between(*run) for run in frame.source + frame.cue] == ["That", "said"]:
        return True
    if not frame.source and any(_SEEMING.fullmatch(words.between(*run)) for run in frame.cue):
        return True
    if not frame.cue or not words.headline(frame.cue[0][0]):
        return False
    cue = [words[number].lower() for start, end in frame.cue for number in range(start, end)]
    return any(word[0].isalpha() for word in cue) and not any(word in reporting() for word in cue)


@cache
def reporting() -> frozenset[str]:
    """Return the words of which a headline's cue holds one: forms of verbs and nouns that report, and "according".

    >>> "warns" in reporting(), "signs" in reporting()
    (True, False)
    """
    return frozenset(lexicon.verbs()) | lexicon.nouns() | {"according"}


def _cited(words: _Words, frames: list[Frame]) -> list[Frame]:
    """Return the frames with ", citing ..." put to the noun phrase that it follows, as in "warned against the plan, citing its cost"."""
    ends = {frame.content[-1][1]: number for number, frame in enumerate(frames) if frame.cue and words[frame.cue[-1][1] - 1].lower() in _NEEDED}
    out = list(frames)
    gone = set()
    for number, frame in enumerate(frames):
        start, end = frame.cue[0] if frame.cue else (0, 0)
        host = ends.get(start - 1)
        if end - start == 1 and words[start].lower() == "citing" and host is not None and words[start - 1] == "," and frame.content[0][0] == end:
            *before, (first, _) = out[host].content
            out[host] = replace(out[host], content=[*before, (first, frame.content[-1][1])])
            gone.add(number)
    return [frame for number, frame in enumerate(out) if number not in gone]


class _Words:
    """The words of a text by number, each with its paragraph."""

    def __init__(self, text: str, pieces: Pieces) -> None:
        self.text, self.pieces = text, pieces

    def __getitem__(self, number: int) -> str:
        return self.between(number, number + 1)

    def between(self, start: int, end: int) -> str:
        """Return the text from one word to before another."""
        return self.text[self.pieces.words[start, 0] : self.pieces.words[end - 1, 1]]

    def headline(self, number: int) -> bool:
        """Tell whether a word stands in a line without a full stop, most of whose longer words begin with a capital."""
        lines, spans = self.pieces.lines, self.pieces.words
        first, last = (int(np.searchsorted(lines, lines[number], side)) for side in ("left", "right"))
        if last - first > _LONGEST_HEADLINE or self[last - 1] in (".", "!"):
            return False
        capital = [self.text[start].isupper() for start, end in spans[first:last].tolist() if end - start > 3 and self.text[start].isalpha()]
        return sum(capital) >= 0.8 * len(capital) > 1

    def together(self, first: int, second: int) -> bool:
        """Tell whether two words stand in one paragraph."""
        return bool(self.pieces.lines[first] == self.pieces.lines[second])


def _tidied(words: _Words, frame: Frame) -> Frame:
    told = {end for start, end in frame.cue if _TELLING.search(words.between(start, end))}
    content = [(_behind_addressee(words, run) if run[0] in told else _behind_dateline(words, run), _before_comma(words, run)) for run in frame.content]
    cue = [_without_addressee(words, _without_also(words, _without_day(words, run))) for run in frame.cue]
    for number, (start, end) in enumerate(content):
        if cue and cue[-1][1] == start and end - start > 1 and words[start].lower() == "against":
            cue[-1], content[number] = (cue[-1][0], start + 1), (start + 1, end)
    return replace(frame, source=[(start, _before_pictogram(words, start, end)) for start, end in frame.source], cue=cue, content=content)


def _before_pictogram(words: _Words, start: int, end: int) -> int:
    """Return where a source ends that a pictogram follows: before it."""
    while end - start > 1 and _PICTOGRAM.fullmatch(words[end - 1]):
        end -= 1
    return end


def _behind_dateline(words: _Words, run: Run) -> int:
    """Return where a content begins that a dateline or a time of day opens, at the start of a paragraph: behind it."""
    start, end = run
    if start and words.together(start - 1, start):
        return start
    match = _DATELINE.match(words.text, words.pieces.words[start, 0], words.pieces.words[end - 1, 1])
    if not match:
        return start
    behind = int(np.searchsorted(words.pieces.words[:, 0], match.end()))
    return behind if start < behind < end else start


def _before_comma(words: _Words, run: Run) -> int:
    """Return where a content ends that a comma follows: before the comma."""
    start, end = run
    return end - 1 if end - start > 2 and words[end - 1] == "," and words.pieces.marks[end - 2] in (-1, 2) else end


def _without_also(words: _Words, run: Run) -> Run:
    """Return "said" for "also said"."""
    start, end = run
    return (start + 1, end) if end - start == 2 and words[start].lower() == "also" and words[start + 1].lower() in ("said", "says") else run


def _without_addressee(words: _Words, run: Run) -> Run:
    """Return "told" for "told lawmakers"."""
    start, end = run
    for word in range(start, end - 1):
        if words[word].lower() in _TOLD:
            rest = {words[other].lower() for other in range(word + 1, end)}
            return run if rest & _NEEDED or words[end - 1] == ":" else (start, word + 1)
    return run


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
