"""Units of coding: documents, sentences, segments in one voice, attributions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import pandas as pd

from newsanalysis import tables
from newsanalysis.found import Found
from newsanalysis.sentences import sentences

LETTER = re.compile(r"[^\W_]")

Row = tuple[str, str, str, int, int, str, str | None, str | None, str | None]
OUTLETS = ("source", "cue")  # roles of spans whose words can be counted as the outlet's


def units(documents: pd.DataFrame | Found, *, unit: str = "sentence", own: str | Iterable[str] = ()) -> pd.DataFrame:
    """Cut documents into units of coding.

    A *segment* is the part of a sentence that is in one voice. The outlet's *own* voice is the text outside every
    attribution's source, cue and content; the *attributed* voice is the text inside a content (of the innermost attribution,
    where one stands in another). Source and cue are neither, unless they stand inside the content of another attribution,
    where they are that speaker's words. Pieces without a letter or digit are left out. All of ``found.spans`` count, also those
    of attributions that were filtered out of ``found.attributions``: quoted words stay quoted.

    Parameters
    ----------
    documents : DataFrame or Found
        Table *documents*, or what was found in them; segments and attributions need the latter.
    unit : {"document", "sentence", "segment", "attribution"}
        What a row is to be.
    own : {"source", "cue"} or both, optional
        For segments: count these words of an attribution as the outlet's own voice, unless they stand in a content. That a minister
        *slammed* a plan, and that he is *embattled*, is the outlet's wording. Without it they are in no voice.

    Returns
    -------
    DataFrame
        Table *units*, in the order of the documents and of the text. ``text`` equals ``documents.text[start:end]``; only for
        an attribution with several pieces of content it is those pieces joined by " … ", from the first one's start to the
        last one's end. ``unit_id`` is the document's id with ``:d1``, ``:s3`` (third sentence) or ``:s3.2`` (its second
        segment, whose ``sentence_id`` ends in ``:s3``); for attributions the attribution's id. Attributed units carry their
        ``attribution_id``, unless it was filtered out of the attributions: merge on it to learn the speaker or affiliation.

    Raises
    ------
    ValueError
        For an unknown unit or role, or segments and attributions asked of documents alone.
    TableError
        For tables that break their schema.

    Notes
    -----
    Segments can be short ("on Monday"): weigh them by their words, as ``mean_tone`` does, rather than count them.

    Examples
    --------
    >>> import newsanalysis as na
    >>> documents = na.documents(["Rain fell. Roads closed."])
    >>> na.units(documents)[["start", "end", "text"]].values.tolist()
    [[0, 10, 'Rain fell.'], [11, 24, 'Roads closed.']]
    """
    owned = frozenset(tables.names(own))
    if wrong := sorted(owned - set(OUTLETS)):
        raise ValueError(f"units: own must be of {', '.join(OUTLETS)}; not {wrong[0]!r}.")
    segments = partial(_segments, own=owned)
    cutters: dict[str, Callable[[Any], Iterator[Row]]] = {"document": _documents, "sentence": _sentences, "segment": segments, "attribution": _attributions}
    if unit not in cutters:
        raise ValueError(f"units: unit must be one of {', '.join(cutters)}; not {unit!r}.")
    if unit in ("segment", "attribution") and not isinstance(documents, Found):
        raise ValueError(f"units: unit={unit!r} needs what na.attribute(documents) returns, not the documents alone.")
    if isinstance(documents, Found) and unit in ("document", "sentence"):
        documents = documents.documents
    documents = documents.checked() if isinstance(documents, Found) else tables.check(documents, "documents")
    columns = ["unit_id", "document_id", "unit", "start", "end", "text", "voice", "attribution_id", "sentence_id"]
    rows = list(cutters[unit](documents))
    return tables.check(pd.DataFrame(rows, columns=columns), "units") if rows else tables.empty("units")


def _documents(documents: pd.DataFrame) -> Iterator[Row]:
    for key, text in zip(documents.document_id, documents.text, strict=True):
        yield f"{key}:d1", key, "document", 0, len(text), text, None, None, None


def _sentences(documents: pd.DataFrame) -> Iterator[Row]:
    for key, text in zip(documents.document_id, documents.text, strict=True):
        for n, (start, end) in enumerate(sentences(text), 1):
            yield f"{key}:s{n}", key, "sentence", start, end, text[start:end], None, None, f"{key}:s{n}"


def _attributions(found: Found) -> Iterator[Row]:
    contents = found.spans[found.spans.role == "content"].groupby("attribution_id").agg(start=("start", "min"), end=("end", "max"))
    placed = found.attributions[["attribution_id", "document_id", "content"]].merge(contents, on="attribution_id", how="inner")
    for row in placed.itertuples():
        yield row.attribution_id, row.document_id, "attribution", row.start, row.end, row.content, "attributed", row.attribution_id, None  # type: ignore[misc]


def _segments(found: Found, own: frozenset[str]) -> Iterator[Row]:
    placed, kept = found.spans.assign(document_id=found.documents_of_spans()), set(found.attributions.attribution_id)
    spans: dict[str, list[tuple[int, int, str, str]]] = {}
    for key, start, end, role, attribution in zip(placed.document_id, placed.start, placed.end, placed.role, placed.attribution_id, strict=True):
        spans.setdefault(key, []).append((int(start), int(end), role, attribution))
    for key, text in zip(found.documents.document_id, found.documents.text, strict=True):
        runs = voices(spans.get(key, []), len(text), own)
        first = 0
        for n, (start, end) in enumerate(sentences(text), 1):
            while first < len(runs) and runs[first][1] <= start:
                first += 1
            m, at = 0, first
            while at < len(runs) and runs[at][0] < end:
                low, high, voice, attribution = runs[at]
                piece = text[max(low, start) : min(high, end)]
                begin = max(low, start) + len(piece) - len(piece.lstrip())
                piece = piece.strip()
                if voice and LETTER.search(piece):
                    m += 1
                    by = attribution if attribution in kept else None
                    yield f"{key}:s{n}.{m}", key, "segment", begin, begin + len(piece), piece, voice, by, f"{key}:s{n}"
                at += 1


def voices(spans: list[tuple[int, int, str, str]], length: int, own: frozenset[str] = frozenset()) -> list[tuple[int, int, str | None, str | None]]:
    """Cut [0, length) into runs of one voice: (start, end, "own" or "attributed" or None, attribution_id or None).

    Parameters
    ----------
    spans : list of (start, end, role, attribution_id)
        The document's spans.
    length : int
        The text's length.
    own : frozenset of str
        Roles of spans, source and cue, that are the outlet's own voice; without them they are in no voice.

    Examples
    --------
    >>> voices([(0, 2, "source", "a"), (3, 7, "cue", "a"), (8, 19, "content", "a")], 30)
    [(0, 2, None, None), (2, 3, 'own', None), (3, 7, None, None), (7, 8, 'own', None), (8, 19, 'attributed', 'a'), (19, 30, 'own', None)]
    """
    events = sorted({0, length, *(at for start, end, *_ in spans for at in (start, end))})
    starting: dict[int, list[tuple[int, int, str, str]]] = {}
    for span in spans:
        starting.setdefault(span[0], []).append(span)
    active: list[tuple[int, int, str, str]] = []
    runs: list[tuple[int, int, str | None, str | None]] = []
    for start, end in pairwise(events):
        active = [span for span in active if span[1] > start] + starting.get(start, [])
        voice = _voice(active, own)
        if runs and runs[-1][2:] == voice:
            runs[-1] = (runs[-1][0], end, *voice)
        else:
            runs.append((start, end, *voice))
    return runs


def _voice(active: list[tuple[int, int, str, str]], own: frozenset[str]) -> tuple[str | None, str | None]:
    signals = {attribution for _, _, role, attribution in active if role != "content"}
    contents = [span for span in active if span[2] == "content" and span[3] not in signals]
    if contents:
        return "attributed", min(contents, key=lambda span: (span[1] - span[0], -span[0], span[3]))[3]
    roles = {role for _, _, role, _ in active if role != "content"}
    return ("own", None) if roles <= own else (None, None)


def in_document(text: str, start: int, end: int) -> Callable[[int, int], tuple[int, int] | None]:
    """Return the function that turns offsets in a unit's text into offsets in its document.

    Where the unit's text is pieces joined by " … ", the first piece is counted from the unit's start and the last one from its
    end; for a place between, of which the unit does not say where it stands, the function returns None.

    Parameters
    ----------
    text : str
        The unit's text.
    start, end : int
        Where the unit stands in the document.

    Examples
    --------
    >>> place = in_document("We won … by far", 10, 40)
    >>> place(3, 6), place(9, 11), place(5, 11)
    ((13, 16), (34, 36), None)
    """
    if len(text) == end - start:
        return lambda low, high: (start + low, start + high)
    first, last = text.find(tables.JOINT), text.rfind(tables.JOINT) + len(tables.JOINT)

    def place(low: int, high: int) -> tuple[int, int] | None:
        if high <= first:
            return start + low, start + high
        if low >= last:
            return end - len(text) + low, end - len(text) + high
        return None

    return place
