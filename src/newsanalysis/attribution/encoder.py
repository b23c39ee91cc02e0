"""The model of the learned attributor: its files read and checked, texts sent through it window by window."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np

from newsanalysis.attribution import AttributionError
from newsanalysis.attribution.decoding import Floats, Linker, Scores, Settings, Window
from newsanalysis.attribution.pieces import Ints, Pieces, tokenize

SHIPPED = resources.files("newsanalysis") / "models" / "attribution"
"""Where the package's own model is."""

ENCODER = "encoder.onnx"
_LIST = resources.files("newsanalysis") / "data" / "models.csv"


class ModelError(AttributionError):
    """A model file is missing, or is not the one that belongs to this version of the package: no text can be read."""


@dataclass(frozen=True)
class Calibration:
    """From the features of a frame to the probability that it is right: logistic regression, then a curve through (x, y)."""

    weights: Floats
    bias: float
    x: Floats
    y: Floats

    def confidence(self, features: Floats) -> float:
        """Return the probability that a frame with these features is right."""
        score = float(features @ self.weights) + self.bias
        return float(np.interp(1 / (1 + np.exp(-score)), self.x, self.y))


@dataclass(frozen=True)
class Model:
    """A model in memory. Windows hold at most ``window`` pieces and overlap by at least ``overlap``."""

    session: Any
    inputs: frozenset[str]
    tokenizer: Any
    start: int
    separator: int
    stop: int
    window: int
    overlap: int
    transitions: Floats
    linkers: tuple[Linker, Linker]
    settings: Settings
    calibration: Calibration | None

    def pieces(self, text: str) -> Pieces:
        """Return the word pieces of a text."""
        return tokenize(text, self.tokenizer, self.separator)

    def encode(self, pieces: Pieces) -> Scores:
        """Return tag scores and link vectors of each word.

        Windows go through the encoder one by one: it rounds to 8 bits by what is largest in all it is given at once.
        """
        breaks = [np.flatnonzero(pieces.ids == mark) + 1 for mark in (self.separator, self.stop)]
        reads = borders(len(pieces.ids), breaks, self.window, self.overlap)
        words = np.searchsorted(pieces.first, reads).tolist()
        tags: list[Floats] = []
        read: list[Window] = []
        for start, end, *mine in zip(reads[:-1], reads[1:], words[:-1], words[1:], strict=True):
            window = slice(max(0, start - self.overlap // 2), end + self.overlap // 2)
            scores, vectors = self._run(pieces, window)
            first, last = np.searchsorted(pieces.first, [window.start, window.stop]).tolist()
            own = slice(mine[0] - first, mine[1] - first)
            places = pieces.first[first:last] - window.start + 1
            links = vectors[places].reshape(last - first, 2, 2, -1)
            tags.append(scores[places[own]])
            nowhere = vectors[0].reshape(2, 2, -1)[:, 1].copy()
            read.append(Window((mine[0], mine[1]), (first, last), links[own, :, 0], links[:, :, 1], nowhere))
        return Scores(np.concatenate(tags), pieces.first, read)

    def _run(self, pieces: Pieces, window: slice) -> tuple[Floats, Floats]:
        """Return the encoder's tag scores and link vectors of the pieces of a window, [CLS] and [SEP] around them."""
        feeds = {
            "ids": np.concatenate([[self.start], pieces.ids[window], [self.separator]]),
            "shapes": np.concatenate([[0], pieces.shapes[window], [0]]),
        }
        tags, vectors = self.session.run(["tags", "vectors"], {name: values[None] for name, values in feeds.items() if name in self.inputs})
        return tags[0], vectors[0]


def borders(length: int, breaks: Sequence[Ints], longest: int, overlap: int) -> list[int]:
    """Return the places, from 0 to ``length``, between which pieces are read, one window each.

    A window is what is read from it and half of ``overlap`` on either side, at most ``longest`` pieces. The windows are as few and as
    even as may be if each border is to be where a paragraph ends (the first of ``breaks``) or else a sentence (the second).

    >>> borders(600, [np.array([150, 300]), np.array([170, 220, 440])], 254, 28)
    [0, 150, 300, 440, 600]
    """
    if length <= longest:
        return [0, length]
    room = longest - overlap
    places = [0]
    while (rest := length - places[-1]) > room:
        here = places[-1]
        target = here + rest / -(-rest // room)
        near = (ends[np.searchsorted(ends, here + room // 3, "right") : np.searchsorted(ends, here + room, "right")] for ends in breaks)
        places.append(next((int(ends[np.abs(ends - target).argmin()]) for ends in near if len(ends)), int(target)))
    return [*places, length]


def read(folder: str | Path | None = None, *, threads: int = 1, encoder: str = ENCODER) -> Model:
    """Read a model: the package's own, whose files are checked against ``data/models.csv``, or that of another folder.

    Parameters
    ----------
    folder : path or None
        Folder with the encoder, ``tokenizer.json`` and ``config.json``; None for the package's own.
    threads : int
        How many threads the encoder may use.
    encoder : str
        The encoder's file in the folder.

    Returns
    -------
    Model

    Raises
    ------
    ModelError
        A file is missing or damaged.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    place = SHIPPED if folder is None else Path(folder)
    config = json.loads(_bytes(place, "config.json"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(_bytes(place, encoder), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_buffer(_bytes(place, "tokenizer.json"))
    tokenizer.encode_special_tokens = True  # a text that says [SEP] says [, SEP and ]
    return Model(
        session=session,
        inputs=frozenset(one.name for one in session.get_inputs()),
        tokenizer=tokenizer,
        start=config["start"],
        separator=config["separator"],
        stop=tokenizer.encode(".", add_special_tokens=False).ids[0],
        window=config["window"],
        overlap=config.get("overlap", 28),
        transitions=np.array(config["transitions"], np.float32),
        linkers=_linkers(config),
        settings=Settings(**config.get("settings", {})),
        calibration=_calibration(config.get("confidence")),
    )


def _linkers(config: dict[str, Any]) -> tuple[Linker, Linker]:
    first, second = (Linker(n, np.array(config["distance"][n], np.float32), config["none"][n]) for n in (0, 1))
    return first, second


def _calibration(numbers: dict[str, Any] | None) -> Calibration | None:
    if numbers is None:
        return None
    weights, x, y = (np.array(numbers[name], np.float32) for name in ("weights", "from", "to"))
    return Calibration(weights, numbers["bias"], x, y)


def file_bytes(folder: Traversable, name: str, *, shipped: Traversable, instead: str = "") -> bytes:
    """Return a model file's content; of the package's own model, only if it is the content that belongs here."""
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        remedy = "install newsanalysis again" if folder is shipped else "give a folder that holds the encoder, tokenizer.json and config.json"
        raise ModelError(f"the model's {folder / name} cannot be read ({type(error).__name__}): {remedy}{instead}.") from None
    wanted = sums().get(f"{folder.name}/{name}") if folder is shipped else None
    if wanted not in (None, hashlib.sha256(content).hexdigest()):
        raise ModelError(f"the model's {folder / name} is damaged or of another version (its sha256 is not that of models.csv): install newsanalysis again.")
    return content


def _bytes(folder: Traversable, name: str) -> bytes:
    return file_bytes(folder, name, shipped=SHIPPED, instead=", or use attributor='patterns'")


def sums() -> dict[str, str]:
    """Return the sha256 of each model file of the package, by its path under ``models/``."""
    with _LIST.open(encoding="utf-8") as rows:
        return {row["file"]: row["sha256"] for row in csv.DictReader(rows)}
