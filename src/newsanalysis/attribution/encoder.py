"""The model of the learned attributor: its files read and checked, texts sent through it window by window."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np

from newsanalysis.attribution.decoding import Floats, Linker, Scores, Settings, Window
from newsanalysis.attribution.pieces import Ints, Pieces, tokenize

SHIPPED = resources.files("newsanalysis") / "models" / "attribution"
"""Where the package's own model is."""

ENCODER = "encoder.onnx"
_LIST = resources.files("newsanalysis") / "data" / "models.csv"


class ModelError(ValueError):
    """A model file is missing, or is not the one that belongs to this version of the package."""


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
        """Return tag scores and link vectors of each word, each read from the window in which it is most central.

        Windows go through the encoder one by one: it rounds to 8 bits by what is largest in all it is given at once.
        """
        starts, size = windows(len(pieces.ids), self.window, self.overlap)
        reads = np.append(0, (starts[:-1] + size + starts[1:]) // 2)
        borders = np.searchsorted(pieces.first, np.append(reads, len(pieces.ids))).tolist()
        tags: list[Floats] = []
        read: list[Window] = []
        for start, *mine in zip(starts.tolist(), borders[:-1], borders[1:], strict=True):
            scores, vectors = self._run(pieces, slice(start, start + size))
            first, last = np.searchsorted(pieces.first, [start, start + size]).tolist()
            own = slice(mine[0] - first, mine[1] - first)
            places = pieces.first[first:last] - start + 1
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


def windows(length: int, longest: int, overlap: int) -> tuple[Ints, int]:
    """Return the starts and the size of the fewest windows that cover ``length`` pieces: all equally long, no longer than they must be.

    >>> starts, size = windows(600, 254, 28)
    >>> starts.tolist(), size
    ([0, 191, 381], 219)
    """
    count = max(1, -(-(length - overlap) // (longest - overlap)))
    size = -(-(length + (count - 1) * overlap) // count)
    return np.round(np.linspace(0, length - size, count)).astype(np.int64), size


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


def _bytes(folder: Traversable, name: str) -> bytes:
    """Return a file's content; of the package's own model, only if it is the content that belongs here."""
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        remedy = "install newsanalysis again" if folder is SHIPPED else "give a folder that holds the encoder, tokenizer.json and config.json"
        raise ModelError(f"the model's {folder / name} cannot be read ({type(error).__name__}): {remedy}, or use attributor='patterns'.") from None
    wanted = sums().get(f"{folder.name}/{name}") if folder is SHIPPED else None
    if wanted not in (None, hashlib.sha256(content).hexdigest()):
        raise ModelError(f"the model's {folder / name} is damaged or of another version (its sha256 is not that of models.csv): install newsanalysis again.")
    return content


def sums() -> dict[str, str]:
    """Return the sha256 of each model file of the package, by its path under ``models/``."""
    with _LIST.open(encoding="utf-8") as rows:
        return {row["file"]: row["sha256"] for row in csv.DictReader(rows)}
