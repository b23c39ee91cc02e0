"""What quotation marks say about contents: repaired edges, quotations that follow on without a cue of their own, or stand alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

import numpy as np

from newsanalysis.attribution.decoding import Frame, Run, Settings
from newsanalysis.attribution.pieces import Ints, Pieces, quoted


def repair(pieces: Pieces, frames: list[Frame], settings: Settings) -> list[Frame]:
    """Return the frames with contents made to fit the quotation marks of the text; those without a cue only where they stand alone."""
    signalled = [frame for frame in frames if frame.cue]
    if not pieces.marks.any() or not frames:
        return signalled
    quotations = list(quoted(pieces.marks, pieces.lines))
    taken = np.zeros(len(pieces.words), bool)
    for frame in signalled:
        for start, end in frame.source + frame.cue + frame.content:
            taken[start:end] = True
    if settings.edges:
        edges = _Edges(pieces.marks, quotations, taken, settings.reach)
        signalled = [replace(frame, content=edges.repaired(frame.content)) for frame in signalled]
    if settings.follow:
        signalled = follow_on(pieces, signalled, quotations, taken, settings)
    return signalled + (alone(pieces, frames, quotations, taken, settings) if settings.bare else [])


def alone(pieces: Pieces, frames: list[Frame], quotations: list[Run], taken: np.ndarray, settings: Settings) -> list[Frame]:
    """Return the frames without a cue whose content is most of an untaken quotation that is a sentence or more by itself."""
    found = []
    for frame in frames:
        if frame.cue:
            continue
        (first, last) = frame.content[0]
        for start, end in quotations[max(0, bisect_right(quotations, (first, last)) - 1) :]:
            if start >= last:
                break
            shared = min(last, end) - max(first, start)
            whole = end - start >= settings.bare and 2 * shared > end - start and not taken[start:end].any()
            if whole and _begins(pieces, start):
                found.append(replace(frame, content=[(start, end)]))
                taken[start:end] = True
    return found


def _begins(pieces: Pieces, word: int) -> bool:
    """Tell whether a sentence may begin at a word: a paragraph does, or what stands before it is one character, as a stop is."""
    return bool(word == 0 or pieces.lines[word - 1] != pieces.lines[word] or _only_marks(pieces, word - 1, word))


class _Edges:
    """Ends of contents that agree with the marks beside them; a content grows over words that are not ``taken``, which it then takes."""

    def __init__(self, marks: Ints, quotations: list[Run], taken: np.ndarray, reach: float) -> None:
        self.marks, self.quotations, self.taken, self.reach = marks, quotations, taken, reach
        self.starts = [start for start, _ in quotations]

    def repaired(self, content: list[Run]) -> list[Run]:
        """Return the runs of one content, those that now touch made one."""
        out: list[Run] = []
        for run in content:
            start, end = self._grown(*self._shrunk(*run))
            self.taken[start:end] = True
            if out and start <= out[-1][1]:
                before = out.pop()
                start, end = before[0], max(before[1], end)
            out.append((start, end))
        return out

    def _shrunk(self, start: int, end: int) -> Run:
        """Drop a closing mark at the start, an opening one at the end."""
        while end - start > 1 and self.marks[start] == -1:
            start += 1
        while end - start > 1 and self.marks[end - 1] == 1:
            end -= 1
        return start, end

    def _grown(self, start: int, end: int) -> Run:
        """Add the opening mark before the start, and what little is left of a quotation that the run cuts."""
        if start > 0 and not self.taken[start - 1] and self._around(start) == start - 1:
            start -= 1
        opened = self._around(end)
        if opened >= start:
            close = self._end(opened)
            if close - end <= self.reach and not self.taken[end:close].any():
                end = close
        opened = self._around(start)
        if opened >= 0 and self._end(opened) <= end and start - opened <= self.reach and not self.taken[opened:start].any():
            start = opened
        return start, end

    def _around(self, word: int) -> int:
        """Return where the quotation begins that a border before this word would cut, or -1."""
        number = bisect_left(self.starts, word) - 1
        return self.starts[number] if number >= 0 and self.quotations[number][1] > word else -1

    def _end(self, start: int) -> int:
        return self.quotations[bisect_left(self.starts, start)][1]


def follow_on(pieces: Pieces, frames: list[Frame], quotations: list[Run], taken: np.ndarray, settings: Settings) -> list[Frame]:
    """Return the frames with untaken quotations added to the attribution before them, whose content is quoted.

    Such a quotation stands right behind the attribution, or is the whole next paragraph.
    """
    for frame in frames:
        for start, end in frame.content:
            taken[start:end] = True
    ends = sorted((max(end for _, end in frame.content + frame.cue), number) for number, frame in enumerate(frames))
    contents = [list(frame.content) for frame in frames]
    for start, end in quotations:
        place = bisect_right(ends, (start, len(frames))) - 1
        if end - start < settings.follow or place < 0 or taken[start:end].any():
            continue
        before, number = ends[place]
        before = max(before, contents[number][-1][1])
        follows = _only_marks(pieces, before, start) or (_is_paragraph(pieces, start, end) and pieces.lines[start] - pieces.lines[before - 1] == 1)
        if follows and any(pieces.marks[first:last].any() for first, last in contents[number]):
            contents[number].append((start, end))
            taken[start:end] = True
    return [replace(frame, content=content) for frame, content in zip(frames, contents, strict=True)]


def _only_marks(pieces: Pieces, start: int, end: int) -> bool:
    """Tell whether no word between is longer than a character."""
    return bool((pieces.words[start:end, 1] - pieces.words[start:end, 0] == 1).all())


def _is_paragraph(pieces: Pieces, start: int, end: int) -> bool:
    """Tell whether a run is a paragraph of its own."""
    begins = start == 0 or pieces.lines[start - 1] != pieces.lines[start]
    return bool(begins and (end == len(pieces.lines) or pieces.lines[end] != pieces.lines[start]))
