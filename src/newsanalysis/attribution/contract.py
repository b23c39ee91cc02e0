"""What an attributor is: texts in; for each, in order, its attributions.

Any callable of this type can be given to ``na.attribute(documents, attributor=...)``. It gives one answer a text, in the
order of the texts; its spans lie inside the text and are not empty; it is deterministic; splitting the batch changes
nothing; an empty text gives nothing. ``tests/test_contract.py`` holds every attributor to this, ours or a user's.
An attribute ``version`` (``"mine@2"``), where the callable has one, is written beside each attribution; else its name is.
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


def fault(text: str, attribution: object) -> str | None:
    """Say what is wrong with an attribution of a text, in one sentence, or return None.

    Parameters
    ----------
    text : str
        The text that it was found in.
    attribution : object
        What the attributor gave.

    Returns
    -------
    str or None
        The first thing that breaks the contract.

    Examples
    --------
    >>> fault("He lied.", Attribution((), (), ((0, 9),)))
    'content (0, 9) lies outside the text, which has 8 code points'
    >>> fault("He lied.", Attribution(((0, 2),), (), ())), fault("He lied.", Attribution((), (), ((0, 7),)))
    ('the content is empty', None)
    """
    if not isinstance(attribution, Attribution):
        return f"an Attribution is needed, not {type(attribution).__name__}"
    for role in ("source", "cue", "content"):
        before = 0
        for span in getattr(attribution, role):
            if not (isinstance(span, tuple) and len(span) == 2 and all(isinstance(offset, int) for offset in span)):
                return f"{role} has {span!r}; (start, end) in whole numbers is needed"
            if not 0 <= span[0] <= span[1] <= len(text):
                return f"{role} {span} lies outside the text, which has {len(text)} code points"
            if span[0] == span[1]:
                return f"{role} {span} is empty"
            if span[0] < before:
                return f"{role} {span} overlaps the piece before it, or stands before it in the text"
            before = span[1]
    if not any(text[start:end].strip() for start, end in attribution.content):
        return "the content is empty"
    if attribution.confidence is not None and not 0 <= attribution.confidence <= 1:
        return f"confidence {attribution.confidence} is not between 0 and 1"
    return None
