"""What the resolver takes and gives: an attribution's spans, and who speaks."""

from __future__ import annotations

from typing import NamedTuple

from newsanalysis.tables import SPEAKER_BASES as BASES

__all__ = ["BASES", "Said", "Speaker"]


class Said(NamedTuple):
    """What the resolver needs of one attribution."""

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    kind: str

    @property
    def start(self) -> int:
        """Where the first of its pieces begins."""
        return min(start for start, _ in (*self.source, *self.cue, *self.content))

    @property
    def first(self) -> int:
        """Where its content begins."""
        return min(start for start, _ in self.content)

    @property
    def last(self) -> int:
        """Where its content ends."""
        return max(end for _, end in self.content)


class Speaker(NamedTuple):
    """Who speaks: the resolved name, what kind of thing it names, the phrases that describe it, where it is introduced, and by what it is told."""

    name: str | None
    kind: str = ""  # person, name (a proper name of unknown kind), someone (one without a name), people, body, document, state; "" for nobody
    gender: str = ""
    described: tuple[str, ...] = ()
    known_at: int = -1  # offset at which the reader must know whose it is ("the ministry"); -1 where that is left open ("officials")
    basis: str = ""  # one of BASES: the kind of evidence; "" for nobody
