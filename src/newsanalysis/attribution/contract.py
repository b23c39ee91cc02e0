"""What an attributor is: texts in; for each, in order, its attributions.

Any callable of this type can be given to ``na.attribute(documents, attributor=...)``. It gives one answer a text, in the
order of the texts; its spans lie inside the text and are not empty; it is deterministic; splitting the batch changes
nothing; an empty text gives nothing. ``tests/test_contract.py`` holds every attributor to this, ours or a user's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution in one text: the relation *source* says or thinks *content*, signalled by a *cue*.

    Parameters
    ----------
    source, cue : tuple of (start, end)
        Pieces in reading order, as code points of the text, half-open; () where the text has none.
    content : tuple of (start, end)
        As above; never empty.
    confidence : float or None
        Probability that the attribution is right, in [0, 1]; None where the attributor gives none.

    Examples
    --------
    >>> Attribution(source=((0, 2),), cue=((3, 7),), content=((8, 19),)).content
    ((8, 19),)
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float | None = None


Attributor = Callable[[Iterable[str]], Iterator[list[Attribution]]]
