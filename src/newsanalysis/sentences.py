"""Sentences of a text, by offset."""

from __future__ import annotations

import re
from functools import lru_cache

from sentencex import get_sentence_boundaries

INITIAL = re.compile(r"\b[A-Z]\.$")
_SURROGATE = re.compile("[\ud800-\udfff]")  # the splitter takes none
_TITLE = re.compile(r"(?:(?<=\bMs)|(?<=\bMrs)|(?<=\b(?:Gov|Sen|Rep|Gen|Col|Maj|Adm|Rev))|(?<=\b(?:Capt|Prof|Reps|Sens)))\.(?=\s+[A-Z])")


@lru_cache(maxsize=64)
def sentences(text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """Return the (start, end) of each sentence, without the white space around it; a line break ends a sentence.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        ISO 639-1 code; it chooses the abbreviations known to the splitter (sentencex).

    Returns
    -------
    tuple of (int, int)
        Code points, half-open, in order, never overlapping, never blank.

    Examples
    --------
    >>> text = "Mr. Smith left. “Too late,” said Ms. Leon."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Mr. Smith left.', '“Too late,” said Ms. Leon.']
    """
    found: list[tuple[int, int]] = []
    offset = 0
    for line in _splittable(text).splitlines(keepends=True):
        for boundary in get_sentence_boundaries(language, line) if line.strip() else ():
            piece = line[boundary["start_index"] : boundary["end_index"]]
            start = offset + boundary["start_index"] + len(piece) - len(piece.lstrip())
            end = start + len(piece.strip())
            if found and found[-1][1] == start and INITIAL.search(text[found[-1][0] : start]):
                found[-1] = (found[-1][0], end)  # "Iran–U.S. talks" is not cut within "U.S."
            elif start < end:
                found.append((start, end))
        offset += len(line)
    return tuple(found)


def _splittable(text: str) -> str:
    """Return a text of the same length in which no title's stop ends a sentence."""
    return _TITLE.sub("x", _SURROGATE.sub("X", text))
