"""The model of tone toward a target: its files read and checked, one text and target at a time sent through it.

What it says of a target depends on that text and span alone. Neither order, neighbours nor threads change a result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsanalysis.attribution.encoder import ModelError, file_bytes
from newsanalysis.attribution.pieces import canonical

SHIPPED = resources.files("newsanalysis") / "models" / "target_tone"
"""Where the package's own model is."""

TONES = ("negative", "neutral", "positive")
AROUND = 1_000  # characters on either side of the target that are read at most
Floats = NDArray[np.float64]


class ToneModelError(ValueError):
    """A model file is missing, or is not the one that belongs to this version of the package: no tone can be told.

    >>> raise ToneModelError("target_tone: the model's encoder.onnx is damaged: install newsanalysis again.")
    Traceback (most recent call last):
    newsanalysis.tone_model.ToneModelError: target_tone: the model's encoder.onnx is damaged: install newsanalysis again.
    """


@dataclass(frozen=True)
class Model:
    """A model in memory; ``longest`` is how many word pieces it reads at once."""

    session: Any
    tokenizer: Any
    start: int
    separator: int
    longest: int
    temperature: float

    def scores(self, text: str, start: int, end: int) -> Floats:
        """Return the encoder's scores of TONES toward what stands at ``start`` to ``end`` of a text."""
        text, start, end = around(text, start, end)
        pieces = self.tokenizer.encode(canonical(text), add_special_tokens=False)
        offsets = np.array(pieces.offsets, np.int64).reshape(-1, 2)
        flags = ((offsets[:, 0] < end) & (offsets[:, 1] > start)).astype(np.int64)
        ids = np.array(pieces.ids, np.int64)
        if len(ids) > self.longest:
            first = max(0, min(int(flags.argmax()) - self.longest // 2, len(ids) - self.longest))
            ids, flags = ids[first : first + self.longest], flags[first : first + self.longest]
        feeds = {"ids": np.concatenate([[self.start], ids, [self.separator]]), "flags": np.concatenate([[0], flags, [0]])}
        (found,) = self.session.run(["scores"], {name: values[None] for name, values in feeds.items()})
        return np.asarray(found[0], np.float64)

    def probabilities(self, text: str, start: int, end: int) -> Floats:
        """Return how likely each of TONES is: the scores over the temperature, exponentiated, over their sum."""
        scaled = self.scores(text, start, end) / self.temperature
        odds = np.exp(scaled - scaled.max())
        return np.asarray(odds / odds.sum())


def around(text: str, start: int, end: int) -> tuple[str, int, int]:
    """Return the text near a span, cut at white space, and where the span stands in it.

    >>> around("word " * 1000 + "Jo" + " word" * 1000, 5000, 5002)[1:]
    (1000, 1002)
    """
    low, high = max(0, start - AROUND), min(len(text), end + AROUND)
    if low:
        low = max(text.find(" ", low - 1, start) + 1, low)
    if high < len(text):
        high = max(text.rfind(" ", end, high + 1), end)
    return text[low:high], start - low, end - low


@lru_cache(maxsize=2)
def read(folder: str | None = None, threads: int = 1) -> Model:
    """Read a model: the package's own, whose files are checked against ``data/models.csv``, or that of another folder."""
    import onnxruntime
    from tokenizers import Tokenizer

    place = SHIPPED if folder is None else Path(folder)
    config = json.loads(_bytes(place, "config.json"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(_bytes(place, "encoder.onnx"), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_buffer(_bytes(place, "tokenizer.json"))
    tokenizer.encode_special_tokens = True  # a text that says [SEP] says [, SEP and ]
    return Model(session, tokenizer, config["start"], config["separator"], config["longest"], config["temperature"])


def _bytes(folder: Traversable, name: str) -> bytes:
    try:
        return file_bytes(folder, name, shipped=SHIPPED)
    except ModelError as error:
        raise ToneModelError(f"target_tone: {error}") from None
