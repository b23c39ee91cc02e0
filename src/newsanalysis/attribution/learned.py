"""The learned attributor: a small encoder in ONNX, tags and links decoded with numpy.

What it finds in a text depends on that text alone: windows go through the encoder one by one, so neither neighbours nor threads
change a result. A text of any length is read in sections of 60,000 characters, cut between paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from newsanalysis.attribution import encoder as models
from newsanalysis.attribution.borders import confined, tidy
from newsanalysis.attribution.contract import Attribution, Span
from newsanalysis.attribution.decoding import Frame, Run, Scores, Settings, decode
from newsanalysis.attribution.language import is_english
from newsanalysis.attribution.marks import repair
from newsanalysis.attribution.pieces import Ints, Pieces, sections

SECTION = 60_000


class LearnedAttributor:
    """The learned attributor, with options: an attributor that states its confidence.

    ``na.attribute(documents, attributor="learned")`` uses it as it is; make one to give it more threads, or another model.

    Parameters
    ----------
    folder : path, optional
        Folder of another model: an encoder (inputs ``ids`` and, if it likes, ``shapes``; outputs ``tags`` and ``vectors``),
        ``tokenizer.json`` and ``config.json``, as ``training/`` makes them. Without it, the package's own.
    threads : int
        How many processor cores the encoder may use, 1 or more. The result is the same with any number.
    encoder : str
        The encoder's file in the folder: one that is not rounded to 8 bits may stand beside the usual one.

    Raises
    ------
    ValueError
        Threads below 1; at the first text, ``ModelError`` if a file of the model is missing or damaged.

    Notes
    -----
    The model is read at the first text (under a second) and stays in memory (about 100 MB). A copy, or what another process gets,
    reads it anew. Texts are taken one at a time, and their memory does not grow with their length.

    It is made for English news. A section of 25 words or more (a text, or 60,000 characters of it) of which less than 6 % are
    common English function words is not read: nothing is found in other languages, tables of numbers and lists of names.

    Each confidence is the probability that content and source are right, as they were on texts like those it was fitted on;
    ``docs/attribution.md`` says how far that carries.

    Examples
    --------
    >>> import newsanalysis as na
    >>> na.LearnedAttributor(threads=2)
    LearnedAttributor(threads=2)
    >>> found = na.attribute(na.documents(["Jo Day said the bridge was closed."]), attributor=na.LearnedAttributor())
    >>> found.attributions[["source", "cue", "content", "attributor"]].values.tolist()
    [['Jo Day', 'said', 'the bridge was closed', 'learned@1']]
    >>> bool(found.attributions.confidence.iloc[0] > 0.5)
    True
    """

    version = "learned@1"

    def __init__(self, folder: str | Path | None = None, *, threads: int = 1, encoder: str = models.ENCODER) -> None:
        if threads < 1:
            raise ValueError(f"threads {threads} is less than 1.")
        self.folder, self.threads, self.encoder = folder, threads, encoder

    def __repr__(self) -> str:
        given = {"threads": self.threads} if self.folder is None else {"folder": self.folder, "threads": self.threads}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in given.items())})"

    def __getstate__(self) -> dict[str, Any]:
        """Leave the model behind: it is in the files."""
        return {name: value for name, value in vars(self).items() if name != "model"}

    @cached_property
    def model(self) -> models.Model:
        """The model, read when it is first asked for."""
        return models.read(self.folder, threads=self.threads, encoder=self.encoder)

    def __call__(self, texts: Iterable[str]) -> Iterator[list[Attribution]]:
        """Give the attributions of each text, in the texts' order, as the texts come."""
        for text in texts:
            yield [one for start, end in sections(text, SECTION) for one in self._section(text[start:end], start)]

    def _section(self, text: str, offset: int) -> list[Attribution]:
        """Return the attributions of a section that begins at ``offset``."""
        if not text.strip() or not is_english(text):
            return []
        pieces = self.model.pieces(text)
        if not len(pieces.first):
            return []
        found = frames(text, pieces, self.model.encode(pieces), self.model)
        made = (self.attribution(pieces.words + offset, frame) for frame in found)
        floor = self.model.settings.floor
        kept = (one for one in made if one.confidence is None or one.confidence >= floor)
        return sorted(kept, key=lambda one: (one.content, one.cue))

    def attribution(self, words: Ints, frame: Frame) -> Attribution:
        """Return the attribution that a frame is, given the offsets of the words."""

        def spans(runs: list[Run]) -> tuple[Span, ...]:
            return tuple((int(words[first, 0]), int(words[last - 1, 1])) for first, last in sorted(runs))

        calibration = self.model.calibration
        confidence = None if calibration is None else calibration.confidence(frame.features)
        return Attribution(spans(frame.source), spans(frame.cue), spans(frame.content), confidence)


def frames(text: str, pieces: Pieces, scores: Scores, model: models.Model, settings: Settings | None = None) -> list[Frame]:
    """Return the attributions of a text, in words, from what the encoder says of it; ``settings`` instead of the model's."""
    settings = settings or model.settings
    decoded = decode(scores, model.transitions, model.linkers, settings)
    found = repair(pieces, confined(text, pieces, decoded) if settings.within else decoded, settings)
    return tidy(text, pieces, found) if settings.tidy else found
