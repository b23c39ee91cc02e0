"""How attributions are introduced: classes of cues."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from newsanalysis.found import Found, needed
from newsanalysis.framing.words import Book, book_of, codes_table


def code_cues(found: Found, *, codebook: str | Path = "cues") -> pd.DataFrame:
    """Code how each attribution is introduced: the class of its cue.

    The shipped classes: *neutral* (say, tell, according to), *doubt* (claim, allege, insist: the text keeps its distance from
    what is said), *admission* (admit, confirm, point out: the text takes it as true), *directive* (urge, warn, demand, promise:
    someone is to act), *emotive* (condemn, fear, lament, shout: feeling or manner), *cognitive* (think, expect, want: no speech).
    ``unclassified``: a cue that the codebook does not know. ``none``: no cue.

    Parameters
    ----------
    found : Found
        What was found in documents.
    codebook : str or Path
        ``"cues"``, or the path of a CSV file with the columns code, value, pattern, source.

    Returns
    -------
    DataFrame
        Table *codes*, one row an attribution (unit ``attribution``, code ``cue_class``), so that shares of the classes add to 1.
        The evidence is the words that decided: of several known ones in a cue the pattern with most words, then the last; for an
        unclassified cue all of it.

    Raises
    ------
    CodebookError
        For a codebook that cannot be read or used.
    TableError
        For documents in which nothing has been looked for, or tables that break their schema.

    Notes
    -----
    Such lists describe how sources are introduced; they do not detect bias. One verb can do more than one thing ("stressed", "noted").

    Sources: Caldas-Coulthard (1994), On reporting reporting, in Coulthard (ed.), Advances in written text analysis, pp. 295-308;
    Thompson & Ye (1991), Evaluation in the reporting verbs used in academic papers, Applied Linguistics 12, pp. 365-382; Hooper (1975),
    On assertive predicates, Syntax and Semantics 4, pp. 91-124. The classes and the assignment to them are our own compilation.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor claimed that the bridge was closed."]))
    >>> na.code_cues(found).value.tolist()
    ['doubt']
    """
    book, found = book_of(codebook), needed(found, "code_cues")
    cues = found.spans[found.spans.role == "cue"].sort_values(["attribution_id", "start"], kind="stable")
    pieces: dict[str, list[tuple[int, int, str]]] = {}
    for key, start, end, text in zip(cues.attribution_id, cues.start, cues.end, cues.text, strict=True):
        pieces.setdefault(key, []).append((int(start), int(end), text))
    rows = []
    for attribution, document in zip(found.attributions.attribution_id, found.attributions.document_id, strict=True):
        code, value, at = _cue_class(pieces.get(attribution, []), book)
        rows.append((attribution, document, "attribution", code, value, None, *at, book.name))
    return codes_table(rows)


def _cue_class(pieces: list[tuple[int, int, str]], book: Book) -> tuple[str, str | None, tuple[int | None, int | None]]:
    code = book.rows[0][0] if book.rows else "cue_class"
    if not pieces:
        return code, "none", (None, None)
    best: tuple[int, int, int, int] | None = None
    for start, _, text in pieces:
        for match in book.find(text):
            words = len(text[match.start : match.end].split())
            if best is None or words >= best[0]:
                best = (words, match.row, start + match.start, start + match.end)
    if best is None:
        return code, "unclassified", (pieces[0][0], pieces[-1][1])
    return book.rows[best[1]][0], book.rows[best[1]][1], best[2:]
