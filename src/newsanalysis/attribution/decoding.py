"""From scores of words to attributions: best legal tags, links of contents to cues and of cues to sources. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SOURCE, CUE, CONTENT = 1, 3, 5  # the B tags; I is one more


def log_softmax(scores: Floats) -> Floats:
    """Log-probabilities over the last axis."""
    shifted = scores - scores.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)), np.float32)


def viterbi(scores: Floats, transitions: Floats) -> Ints:
    """The best sequence of tags."""
    length = len(scores)
    back = np.zeros((length, scores.shape[1]), np.int64)
    into = np.ascontiguousarray(transitions.T)
    best = scores[0]
    columns = np.arange(scores.shape[1])
    for word in range(1, length):
        table = into + best
        pointer = table.argmax(1)
        back[word] = pointer
        best = table[columns, pointer] + scores[word]
    tags = np.zeros(length, np.int64)
    tags[-1] = best.argmax()
    for word in range(length - 1, 0, -1):
        tags[word - 1] = back[word, tags[word]]
    return tags


def runs(tags: Ints, begin: int) -> Ints:
    """Runs (first word, behind the last word) of a role: an array of two columns."""
    inside = (tags == begin) | (tags == begin + 1)
    before = np.concatenate([[False], inside[:-1]])
    starts = np.flatnonzero(inside & ((tags == begin) | ~before))
    stops = np.flatnonzero(inside & np.concatenate([~inside[1:] | (tags[1:] == begin), [True]])) + 1
    return np.stack([starts, stops], 1).astype(np.int64)


def bucket(distance: Ints, buckets: int) -> Ints:
    """Distance classes as in training: exact up to 4, then by powers of the square root of two, signed."""
    half = buckets // 2
    size = np.abs(distance)
    with np.errstate(divide="ignore"):
        far = np.minimum(4 + np.floor(2 * np.log2(np.maximum(size, 1).astype(np.float32) / 4)), half - 1).astype(np.int64)
    return np.asarray(np.where(size <= 4, size, far) + np.where(distance < 0, 0, half), np.int64)


@dataclass(frozen=True)
class Linker:
    """The fixed numbers of one pointer head: scores for distance classes and for pointing nowhere."""

    distance: Floats
    none: float


@dataclass
class Window:
    """Link vectors of a window: queries of the words read from it (``mine``), keys of all its words (``seen``), and [CLS]'s keys.

    Queries are (words, link, width), keys (words, link, width); ``mine`` and ``seen`` are ranges of words of the text.
    """

    mine: tuple[int, int]
    seen: tuple[int, int]
    queries: Floats
    keys: Floats
    nowhere: Floats


@dataclass
class Scores:
    """What the encoder says of a text: tag scores of each word, its place in pieces, and link vectors by window."""

    tags: Floats
    places: Ints
    windows: list[Window]


@dataclass
class Frame:
    """An attribution in words: runs of source, cue and content, and the numbers that its confidence is made of."""

    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    content: list[tuple[int, int]]
    features: Floats


@dataclass(frozen=True)
class Settings:
    """What was chosen on the development texts."""

    drop: float = 0.25
    begin_bias: float = 0.0
    outside_bias: float = 0.0
    source_none: float = 0.0
    edges: float = 1.0
    reach: float = 4
    follow: float = 4
    tidy: float = 1


def _means(table: Floats, lengths: Ints) -> Floats:
    """Means of consecutive rows, as many a group as ``lengths`` says."""
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return np.asarray(np.add.reduceat(table, starts, 0) / lengths[:, None], np.float32)


def _words(spans: Ints) -> Ints:
    return np.concatenate([np.arange(i, j) for i, j in spans]).astype(np.int64)


def _linked(scores: Scores, spans: Ints, heads: Ints, link: int, linker: Linker) -> Floats:
    """For each span the mean probabilities of each head (column 0: none); a word points within the window it is read from."""
    words = _words(spans)
    table = np.zeros((len(words), 1 + len(heads)), np.float32)
    for window in scores.windows:
        low, high = np.searchsorted(words, window.mine)
        first, last = np.searchsorted(heads, window.seen)
        if low == high:
            continue
        rows, near = words[low:high], heads[first:last]
        query = window.queries[rows - window.mine[0], link]
        nowhere = query @ window.nowhere[link] + linker.none
        apart = scores.places[near][None, :] - scores.places[rows][:, None]
        match = query @ window.keys[near - window.seen[0], link].T + linker.distance[bucket(apart, len(linker.distance))]
        chances = np.exp(log_softmax(np.concatenate([nowhere[:, None], match], 1)))
        table[low:high, 0] = chances[:, 0]
        table[low:high, 1 + first : 1 + last] = chances[:, 1:]
    return _means(table, spans[:, 1] - spans[:, 0])


def decode(scores: Scores, transitions: Floats, linkers: tuple[Linker, Linker], settings: Settings) -> list[Frame]:
    """Attributions of a text: each content goes to its likeliest cue, each cue to its likeliest source or to none."""
    if not len(scores.tags):
        return []
    biased = scores.tags.copy()
    biased[:, 0] += settings.outside_bias
    biased[:, CONTENT] += settings.begin_bias
    tags = viterbi(biased, transitions)
    contents, cues, sources = runs(tags, CONTENT), runs(tags, CUE), runs(tags, SOURCE)
    if not len(contents) or not len(cues):
        return []
    chances = np.exp(log_softmax(scores.tags))
    chosen = chances[np.arange(len(tags)), tags]
    to_cue = _linked(scores, contents, cues[:, 0], 0, linkers[0])
    owner = to_cue.argmax(1)
    strength = to_cue.max(1)
    owner[(owner > 0) & (strength < settings.drop)] = 0
    if len(sources):
        to_source = _linked(scores, cues, sources[:, 0], 1, linkers[1])
        to_source[:, 0] += settings.source_none
    else:
        to_source = np.ones((len(cues), 1), np.float32)
    frames = []
    for cue in sorted(set(owner[owner > 0].tolist())):
        mine = np.flatnonzero(owner == cue)
        source = int(to_source[cue - 1].argmax())
        spans = [(int(i), int(j)) for i, j in contents[mine]]
        cue_span = (int(cues[cue - 1, 0]), int(cues[cue - 1, 1]))
        source_spans = [(int(sources[source - 1, 0]), int(sources[source - 1, 1]))] if source else []
        features = _features(chosen, spans, cue_span, source_spans, float(strength[mine].max()), float(to_source[cue - 1].max()))
        frames.append(Frame(source_spans, [cue_span], spans, features))
    return frames


def _features(chosen: Floats, content: list[tuple[int, int]], cue: tuple[int, int], source: list[tuple[int, int]], link: float, source_link: float) -> Floats:
    """Numbers that tell a sure attribution from a doubtful one."""

    def logit(p: float) -> float:
        p = min(max(p, 1e-4), 1 - 1e-4)
        return float(np.log(p / (1 - p)))

    inside = np.concatenate([chosen[i:j] for i, j in content])
    ends = min(float(chosen[i]) for i, _ in content)
    size = sum(j - i for i, j in content)
    return np.array(
        [
            logit(float(inside.mean())),
            logit(float(inside.min())),
            logit(ends),
            logit(float(chosen[cue[0] : cue[1]].mean())),
            logit(float(np.mean([chosen[i:j].mean() for i, j in source])) if source else 0.5),
            logit(link),
            logit(source_link),
            float(bool(source)),
            float(np.log(size)),
            float(len(content) > 1),
        ],
        np.float32,
    )
