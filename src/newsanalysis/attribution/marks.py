"""What quotation marks say about contents: repaired edges, and quotations that follow on without a cue of their own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from newsanalysis.attribution.decoding import Frame, Ints, Settings
from newsanalysis.attribution.pieces import Pieces

Run = tuple[int, int]


def quoted(pieces: Pieces) -> list[Run]:
    """Runs of words within quotation marks, marks included, that open and close in one paragraph; left open, to its end."""
    found: list[Run] = []
    start = -1
    marks = pieces.marks
    for word in np.flatnonzero(marks).tolist():
        if start >= 0 and pieces.lines[word] != pieces.lines[start]:
            found.append((start, _line_end(pieces, start)))
            start = -1
        if marks[word] == 1 or (marks[word] == 2 and start < 0):
            if start < 0:
                start = word
        elif start >= 0:
            found.append((start, word + 1))
            start = -1
    if start >= 0:
        found.append((start, _line_end(pieces, start)))
    return found


def _line_end(pieces: Pieces, word: int) -> int:
    return int(np.searchsorted(pieces.lines, pieces.lines[word], "right"))


def repair(pieces: Pieces, frames: list[Frame], settings: Settings) -> list[Frame]:
    """Frames with contents made to fit the quotation marks of the text."""
    if not pieces.marks.any() or not frames:
        return frames
    quotations = quoted(pieces)
    taken = np.zeros(len(pieces.words), bool)
    for frame in frames:
        for i, j in frame.source + frame.cue + frame.content:
            taken[i:j] = True
    if settings.edges:
        frames = [replace(f, content=_edges(f.content, pieces.marks, quotations, taken, settings)) for f in frames]
    if settings.follow:
        for frame in frames:
            for i, j in frame.content:
                taken[i:j] = True
        frames = follow_on(pieces, frames, quotations, taken, int(settings.follow))
    return frames


def _edges(content: list[Run], marks: Ints, quotations: list[Run], taken: Ints, settings: Settings) -> list[Run]:
    """Runs whose ends agree with the marks beside them."""
    out: list[Run] = []
    for i, j in content:
        while j - i > 1 and marks[i] == -1:
            i += 1
        while j - i > 1 and marks[j - 1] == 1:
            j -= 1
        if i > 0 and marks[i - 1] in (1, 2) and not taken[i - 1] and any(a == i - 1 for a, _ in quotations):
            i -= 1
        for a, b in quotations:
            if i <= a < j < b and b - j <= settings.reach and not taken[j:b].any():
                j = b
            if a < i < b <= j and i - a <= settings.reach and not taken[a:i].any():
                i = a
        taken[i:j] = True
        if out and i <= out[-1][1]:
            out[-1] = (out[-1][0], max(j, out[-1][1]))
        else:
            out.append((i, j))
    return out


def follow_on(pieces: Pieces, frames: list[Frame], quotations: list[Run], taken: Ints, shortest: int) -> list[Frame]:
    """Untaken quotations that are a whole sentence or paragraph and stand behind a quotation go to the same attribution."""
    ends = sorted((max(max(j for _, j in f.content), f.cue[0][1] if f.cue else 0), n) for n, f in enumerate(frames))
    extra: dict[int, list[Run]] = {}
    for a, b in quotations:
        if b - a < shortest or taken[a:b].any():
            continue
        before = [(end, n) for end, n in ends if end <= a]
        if not before:
            continue
        end, number = before[-1]
        content = sorted(frames[number].content + extra.get(number, []))
        end = max(end, content[-1][1])
        near = all(_filler(pieces, w) for w in range(end, a)) or (_is_paragraph(pieces, a, b) and pieces.lines[a] - pieces.lines[end - 1] == 1)
        if near and any(pieces.marks[i:j].any() for i, j in content):
            extra.setdefault(number, []).append((a, b))
            taken[a:b] = True
    return [replace(f, content=sorted(f.content + extra.get(n, []))) for n, f in enumerate(frames)]


def _filler(pieces: Pieces, word: int) -> bool:
    """A word of one character: a mark or stop."""
    return bool(pieces.words[word, 1] - pieces.words[word, 0] == 1)


def _is_paragraph(pieces: Pieces, start: int, end: int) -> bool:
    """Whether a run is a paragraph of its own."""
    begins = start == 0 or pieces.lines[start - 1] != pieces.lines[start]
    return bool(begins and (end == len(pieces.lines) or pieces.lines[end] != pieces.lines[start]))
