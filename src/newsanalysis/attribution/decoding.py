"""From scores of words to attributions: best legal tags, links of contents to cues and of cues to sources. Numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Run = tuple[int, int]
"""First word and the word behind the last."""

SOURCE, CUE, CONTENT = 1, 3, 5
"""The B tags of the roles; I is one more, O is 0."""


@dataclass(frozen=True)
class Linker:
    """A pointer, 0 from content to cue or 1 from cue to source: its number, its scores for classes of distance and for pointing nowhere."""

    pointer: int
    distance: Floats
    none: float


@dataclass(frozen=True)
class Window:
    """Link vectors of a window: queries of the words read from it (``mine``), keys of all its words (``seen``) and of nowhere.

    Queries and keys are (words, pointer, width); ``mine`` and ``seen`` are ranges of words of the text.
    """

    mine: Run
    seen: Run
    queries: Floats
    keys: Floats
    nowhere: Floats


@dataclass(frozen=True)
class Scores:
    """What the encoder says of a text: tag scores of each word, its place in pieces, and link vectors by window."""

    tags: Floats
    places: Ints
    windows: list[Window]


@dataclass(frozen=True)
class Frame:
    """An attribution in words: runs of source, cue and content, and the numbers that its confidence is made of.

    A frame without a cue is a content that the tags see and no pointer places: a quotation that stands by itself, or nothing.
    """

    source: list[Run]
    cue: list[Run]
    content: list[Run]
    features: Floats


@dataclass(frozen=True)
class Settings:
    """What was chosen on the development texts; the model's ``config.json`` holds what differs from these values.

    Parameters
    ----------
    drop : float
        Contents whose link to a cue is less probable go to none, in [0, 1].
    begin_bias, outside_bias : float
        Added to the scores (log odds) of a content's first word, and of words outside all roles.
    source_none : float
        Added to the probability that a cue has no source.
    edges, tidy, within : float
        Whether (1) or not (0) contents are fitted to quotation marks, small corrections made, contents without marks kept to their paragraph.
    reach : float
        By how many words an edge may move.
    follow, bare : float
        Words that a quotation needs to follow on, and to stand alone; 0: none does.
    floor : float
        Least confidence of what is given, in [0, 1].
    """

    drop: float = 0.25
    begin_bias: float = 0.0
    outside_bias: float = 0.0
    source_none: float = 0.0
    edges: float = 1.0
    reach: float = 4
    follow: float = 4
    bare: float = 4
    within: float = 1
    floor: float = 0.0
    tidy: float = 1


def softmax(scores: Floats) -> Floats:
    """Return probabilities over the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True), np.float32)


def viterbi(scores: Floats, transitions: Floats) -> Ints:
    """Return the best sequence of tags: of scores (words, tags) and transitions (from tag, to tag)."""
    best = np.array(scores)
    into = np.ascontiguousarray(transitions.T)
    table = np.empty_like(into)
    arrived = np.empty_like(into[0])
    for before, here in pairwise(best):
        np.add(into, before, out=table)
        table.max(1, out=arrived)
        here += arrived
    tags = np.empty(len(best), np.int64)
    tag = int(best[-1].argmax())
    tags[-1] = tag
    for word in range(len(best) - 2, -1, -1):
        tag = int((best[word] + into[tag]).argmax())
        tags[word] = tag
    return tags


def runs(tags: Ints, begin: int) -> Ints:
    """Return the runs (first word, behind the last word) of a role: an array of two columns.

    >>> runs(np.array([0, 5, 6, 5, 0, 6]), CONTENT).tolist()
    [[1, 3], [3, 4], [5, 6]]
    """
    inside = np.concatenate([[False], (tags == begin) | (tags == begin + 1), [False]])
    begins = np.concatenate([[False], tags == begin, [False]])
    starts = inside & (begins | ~np.roll(inside, 1))
    stops = inside & np.roll(~inside | begins, -1)
    return np.stack([np.flatnonzero(starts) - 1, np.flatnonzero(stops)], 1).astype(np.int64)


def bucket(distance: Ints, buckets: int) -> Ints:
    """Return classes of distances as in training: exact up to 4, then by powers of the square root of two, signed.

    >>> bucket(np.array([0, 3, 8, 11, 12, -3, 10**6]), 32).tolist()
    [16, 19, 22, 22, 23, 3, 31]
    """
    half = buckets // 2
    size = np.abs(distance)
    far = 4 + np.floor(2 * np.log2(np.maximum(size, 1).astype(np.float32) / 4))
    index = np.where(size <= 4, size, np.minimum(far, half - 1)).astype(np.int64)
    return np.asarray(index + np.where(distance < 0, 0, half), np.int64)


def links(scores: Scores, spans: Ints, heads: Ints, linker: Linker, none: float = 0.0) -> tuple[Ints, Floats]:
    """Return for each span the likeliest of the heads, counted from 1, or 0 for none, and its probability.

    A span's probabilities are the means of its words'; a word points to heads in the window that it is read from. ``none`` is added
    to the probability of pointing nowhere.
    """
    best, chances = np.zeros(len(spans), np.int64), np.zeros(len(spans), np.float32)
    ends = np.array([window.mine[1] for window in scores.windows])
    for number, (start, end) in enumerate(spans.tolist()):
        through = scores.windows[int(np.searchsorted(ends, start, "right")) : int(np.searchsorted(ends, end, "left")) + 1]
        near = [np.searchsorted(heads, window.seen).tolist() for window in through]
        lowest = near[0][0]
        sums = np.zeros(1 + near[-1][1] - lowest)
        for window, (first, last) in zip(through, near, strict=True):
            words = np.arange(max(start, window.mine[0]), min(end, window.mine[1]))
            pointed = _pointed(scores.places, window, words, heads[first:last], linker).sum(0)
            sums[0] += pointed[0]
            sums[1 + first - lowest : 1 + last - lowest] += pointed[1:]
        means = sums / (end - start)
        means[0] += none
        head = int(means.argmax())
        best[number] = lowest + head if head else 0
        chances[number] = means[head]
    return best, chances


def _pointed(places: Ints, window: Window, words: Ints, heads: Ints, linker: Linker) -> Floats:
    """Return the probabilities that words of a window point nowhere (column 0) and to each of the heads in it."""
    query = window.queries[words - window.mine[0], linker.pointer]
    nowhere = query @ window.nowhere[linker.pointer] + linker.none
    apart = places[heads] - places[words][:, None]
    match = query @ window.keys[heads - window.seen[0], linker.pointer].T + linker.distance[bucket(apart, len(linker.distance))]
    return softmax(np.concatenate([nowhere[:, None], match], 1))


def decode(scores: Scores, transitions: Floats, linkers: tuple[Linker, Linker], settings: Settings) -> list[Frame]:
    """Return the attributions of a text: each content goes to its likeliest cue, each cue to its likeliest source or to none.

    Contents that go to no cue come last, each a frame of its own without cue and source.
    """
    if not len(scores.tags):
        return []
    biased = scores.tags.copy()
    biased[:, 0] += settings.outside_bias
    biased[:, CONTENT] += settings.begin_bias
    tags = viterbi(biased, transitions)
    contents, cues, sources = runs(tags, CONTENT), runs(tags, CUE), runs(tags, SOURCE)
    if not len(contents):
        return []
    owner, strength = links(scores, contents, cues[:, 0], linkers[0])
    owner[strength < settings.drop] = 0
    speaking = np.unique(owner[owner > 0])
    source, source_strength = links(scores, cues[speaking - 1], sources[:, 0], linkers[1], settings.source_none)
    chosen = np.take_along_axis(softmax(scores.tags), tags[:, None], 1)[:, 0]
    frames = []
    for cue, its_source, source_link in zip(speaking.tolist(), source.tolist(), source_strength.tolist(), strict=True):
        mine = owner == cue
        said, by = _runs(contents[mine]), _runs(sources[its_source - 1 : its_source] if its_source else sources[:0])
        signal = _runs(cues[cue - 1 : cue])
        frames.append(Frame(by, signal, said, _features(chosen, said, signal, by, (float(strength[mine].max()), source_link))))
    alone = [[run] for run in _runs(contents[owner == 0])]
    return frames + [Frame([], [], said, _features(chosen, said, [], [], (0.5, 0.5))) for said in alone]


def _runs(spans: Ints) -> list[Run]:
    return [(start, end) for start, end in spans.tolist()]


def _features(chosen: Floats, content: Sequence[Run], cue: Sequence[Run], source: Sequence[Run], linked: tuple[float, float]) -> Floats:
    """Return the numbers that tell a sure attribution from a doubtful one; ``chosen`` are the probabilities of the chosen tags."""

    def mean(spans: Sequence[Run]) -> float:
        return float(np.mean([chosen[start:end].mean() for start, end in spans]))

    said = np.concatenate([chosen[start:end] for start, end in content])
    sure = np.array([said.mean(), said.min(), min(chosen[start] for start, _ in content), mean(cue) if cue else 0.5, mean(source) if source else 0.5, *linked])
    sure = np.clip(sure, 1e-4, 1 - 1e-4)
    logits = np.log(sure / (1 - sure))
    return np.array([*logits, float(bool(source)), np.log(len(said)), float(len(content) > 1)], np.float32)
