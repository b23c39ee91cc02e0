"""The learned attributor: a small encoder in ONNX, tags and links decoded with numpy.

``LearnedAttributor(folder)`` maps texts to their attributions, one list a text, in order, lazily. What it finds in a text
depends on that text alone: windows go through the encoder one by one, so neither neighbours nor threads change a result.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from newsanalysis.attribution.decoding import Floats, Frame, Ints, Linker, Scores, Settings, Window, decode
from newsanalysis.attribution.language import is_english
from newsanalysis.attribution.pieces import Pieces, sections, tokenize
from newsanalysis.attribution.marks import repair
from newsanalysis.attribution.borders import tidy

Span = tuple[int, int]
SECTION = 60_000


@dataclass(frozen=True)
class Attribution:
    """Who says what: code-point spans of source, cue and content in the text, and the chance that it is right."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float


def window_plan(length: int, body: int, stride: int) -> tuple[Ints, Ints]:
    """Evenly spaced windows over ``length`` pieces: their starts, and the piece from which on each is read."""
    if length <= body:
        return np.zeros(1, np.int64), np.zeros(1, np.int64)
    count = -(-(length - body) // stride) + 1
    starts = np.round(np.linspace(0, length - body, count)).astype(np.int64)
    reads = np.concatenate([[0], (starts[:-1] + body + starts[1:]) // 2])
    return starts, reads.astype(np.int64)


class LearnedAttributor:
    """An attributor: call it with texts. ``threads`` is for the encoder; the model is loaded at the first text."""

    def __init__(self, folder: Path, *, threads: int = 1, min_confidence: float = 0.0, model: str = "encoder.onnx") -> None:
        self.folder = folder
        self.threads = threads
        self.min_confidence = min_confidence
        self.model = model
        self._session: Any = None

    def load(self) -> None:
        """Read the model files."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(self.folder / self.model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        self._config: dict[str, Any] = json.loads((self.folder / "config.json").read_text())
        self._transitions = np.array(self._config["transitions"], np.float32)
        distance = np.array(self._config["distance"], np.float32)
        none = self._config["none"]
        self._linkers = (Linker(distance[0], none[0]), Linker(distance[1], none[1]))
        self.settings = Settings(**self._config.get("settings", {}))
        self._stride = int(self._config.get("stride", 200))

    def __call__(self, texts: Iterable[str]) -> Iterator[list[Attribution]]:
        """The attributions of each text, in the texts' order."""
        for text in texts:
            yield self.attribute(text)

    def attribute(self, text: str) -> list[Attribution]:
        """The attributions of one text, in the order of their contents."""
        if self._session is None:
            self.load()
        found: list[Attribution] = []
        for start, end in sections(text, SECTION):
            found += [_moved(a, start) for a in self._section(text[start:end])]
        return [a for a in found if a.confidence >= self.min_confidence]

    def _section(self, text: str) -> list[Attribution]:
        if not is_english(text):
            return []
        pieces = tokenize(text, self._tokenizer, self._config["separator"])
        if not len(pieces.first):
            return []
        frames = decode(self.encode(pieces), self._transitions, self._linkers, self.settings)
        frames = repair(pieces, frames, self.settings)
        if self.settings.tidy:
            frames = tidy(text, pieces, frames)
        made = [self._attribution(pieces.words, frame) for frame in frames]
        return sorted(made, key=lambda a: (a.content, a.cue))

    def encode(self, pieces: Pieces) -> Scores:
        """Tag scores and link vectors of each word, each read from the window in which it is most central."""
        body = self._config["window"]
        starts, reads = window_plan(len(pieces.ids), body, self._stride)
        borders = np.searchsorted(pieces.first, np.concatenate([reads, [len(pieces.ids)]]))
        tags: list[Floats] = []
        windows: list[Window] = []
        for number, start in enumerate(starts):
            ids = np.concatenate([[self._config["start"]], pieces.ids[start : start + body], [self._config["separator"]]])
            scores, links = self._session.run(None, {"ids": ids[None]})
            first, last = np.searchsorted(pieces.first, [start, start + body]).tolist()
            mine = (int(borders[number]), int(borders[number + 1]))
            seen = pieces.first[first:last] - start + 1
            vectors = links[0][seen].reshape(last - first, 2, 2, -1)
            tags.append(scores[0][seen[mine[0] - first : mine[1] - first]])
            queries = vectors[mine[0] - first : mine[1] - first, :, 0]
            windows.append(Window(mine, (first, last), queries, vectors[:, :, 1], links[0][0].reshape(2, 2, -1)[:, 1]))
        return Scores(np.concatenate(tags), pieces.first, windows)

    def _attribution(self, words: Ints, frame: Frame) -> Attribution:
        def spans(runs: list[tuple[int, int]]) -> tuple[Span, ...]:
            return tuple((int(words[i, 0]), int(words[j - 1, 1])) for i, j in sorted(runs))

        return Attribution(spans(frame.source), spans(frame.cue), spans(frame.content), self._confidence(frame.features))

    def _confidence(self, features: Floats) -> float:
        weights = self._config.get("confidence")
        if not weights:
            return 1.0
        score = float(features @ np.array(weights["weights"], np.float32)) + weights["bias"]
        return float(np.interp(1 / (1 + np.exp(-score)), weights["from"], weights["to"]))


def _moved(attribution: Attribution, offset: int) -> Attribution:
    """The attribution with all spans moved by ``offset``."""
    if not offset:
        return attribution

    def move(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple((s + offset, e + offset) for s, e in spans)

    return replace(attribution, source=move(attribution.source), cue=move(attribution.cue), content=move(attribution.content))
