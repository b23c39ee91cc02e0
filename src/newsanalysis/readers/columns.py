"""Which of a file's columns is which of ours, and how a cell becomes text.

>>> match(["Doc-ID", "Headline", "BODY", "topic"]).found
{'document_id': 0, 'title': 1, 'text': 2}
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.text import visible

NAMES: dict[str, tuple[str, ...]] = {
    "document_id": ("document_id", "doc_id", "id", "article_id", "guid", "uuid"),
    "title": ("title", "headline", "heading", "head"),
    "text": ("text", "body", "content", "full_text", "article_text", "maintext", "body_text", "content_text"),
    "outlet": ("outlet", "publisher", "source", "newspaper", "publication", "medium", "media_name", "source_name", "site", "domain"),
    "published": ("published", "date", "publication_date", "publish_date", "pub_date", "published_at", "datetime", "timestamp"),
    "author": ("author", "byline", "authors", "creator"),
    "section": ("section",),
    "url": ("url", "link", "permalink"),
    "language": ("language", "lang"),
    "kind": ("kind",),
}
"""Our columns and the usual names for them; of two that are there, the one named first wins."""
UNUSED = "columns not used: "


class Match(NamedTuple):
    """Positions of our columns among the file's, and what is to be said about the others."""

    found: dict[str, int]
    notes: list[str]


def key(name: object) -> str:
    """Return a column's name without what does not tell two names apart: case, spaces, underscores and hyphens.

    >>> key("Full-Text"), key("full_text")
    ('fulltext', 'fulltext')
    """
    return re.sub(r"[\s_\-\ufeff]+", "", str(name)).casefold()


def listing(names: Iterable[object]) -> str:
    """List column names in a sentence: at most twenty, each at most forty characters.

    >>> listing(["a", "b"])
    'a, b'
    """
    shown = [visible(re.sub(r"\s+", " ", str(name))[:40]) or "(no name)" for name in names]
    more = f" and {len(shown) - 20} more" if len(shown) > 20 else ""
    return (", ".join(shown[:20]) or "none") + more


def check_mapping(columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return the user's mapping of our columns to theirs, or say which of its keys is none of ours.

    >>> check_mapping({"text": "Volltext"})
    {'text': 'Volltext'}
    >>> check_mapping({"fulltext": "Volltext"})
    Traceback (most recent call last):
    newsanalysis.readers.contract.ReadError: columns: 'fulltext' is none of our columns, which are document_id, title, text, ...
    """
    if columns is not None and not isinstance(columns, Mapping):
        raise ReadError(f'columns: a dict of our column names to theirs is needed, as in {{"text": "their name"}}, not {type(columns).__name__}.')
    mapping = dict(columns or {})
    for ours in mapping:
        if ours not in NAMES:
            raise ReadError(f'columns: {ours!r} is none of our columns, which are {", ".join(NAMES)}; write them as {{"text": "their name"}}.')
    return mapping


def match(names: Sequence[object], mapping: Mapping[str, str] | None = None) -> Match:
    """Match a file's columns to ours, whatever their case, spaces, underscores and hyphens.

    Parameters
    ----------
    names : sequence of str
        The file's column names.
    mapping : dict, optional
        Ours to theirs; goes before guessing.

    Returns
    -------
    Match
        Our columns with their positions, and notes on names claimed twice and columns not used.

    Raises
    ------
    ReadError
        There is no column for the text, or a mapped name is not there; names the columns found.

    Examples
    --------
    >>> match(["text", "body"]).notes
    ["column 'body' not used: 'text' is the text"]
    >>> match(["Volltext", "Datum"])
    Traceback (most recent call last):
    newsanalysis.readers.contract.ReadError: no column holds the text (looked for text, body, content, full_text, ...
    """
    found: dict[str, int] = {}
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        positions.setdefault(key(name), []).append(position)
    for ours, theirs in (mapping or {}).items():
        exact = [p for p, name in enumerate(names) if str(name) == str(theirs)]
        if not (exact := exact or positions.get(key(theirs), [])):
            near = get_close_matches(key(theirs), list(positions), n=1)
            remedy = f"write {visible(str(names[positions[near[0]][0]]))!r}, if that is meant" if near else "name one of them, spelt as it is there"
            raise ReadError(f"no column {theirs!r} for our {ours!r}; the columns found are {listing(names)}; {remedy}")
        found[ours] = exact[0]
    notes = []
    for ours, usual in NAMES.items():
        for position in [p for name in usual for p in positions.get(key(name), [])]:
            if position in found.values():
                continue
            if ours in found:
                notes.append(f"column {str(names[position])!r} not used: {str(names[found[ours]])!r} is the {ours}")
            else:
                found[ours] = position
    if "text" not in found:
        likely = _likely(names, found)
        raise ReadError(
            f"no column holds the text (looked for {', '.join(NAMES['text'])}); the columns found are {listing(names)}; "
            f'name the right one, as in read(path, columns={{"text": "{likely}"}}) or --column text="{likely}"'
        )
    usual_keys = {key(name) for usual in NAMES.values() for name in usual}
    unused = [name for position, name in enumerate(names) if position not in found.values() and key(name) not in usual_keys and str(name).strip()]
    if unused:
        notes.append(f"{UNUSED}{listing(unused)}")
    return Match(found, notes)


def _likely(names: Sequence[object], found: Mapping[str, int]) -> str:
    """The column that may hold the text: the only one that is none of ours; where all are ours, the title, as in a list of headlines."""
    others = [name for position, name in enumerate(names) if position not in found.values() and str(name).strip()]
    if len(others) == 1:
        return visible(str(others[0]))
    return visible(str(names[found["title"]])) if "title" in found and not others else "their name"


def headlines(names: Sequence[object], matched: Match) -> bool:
    """Say whether the column read as text is one of headlines: the user mapped it so.

    >>> headlines(["Headline"], match(["Headline"], {"text": "Headline"}))
    True
    """
    return key(names[matched.found["text"]]) in {key(name) for name in NAMES["title"]}


def as_text(value: object) -> str | None:
    """Return a cell as text, None if it is missing or blank; whole numbers lose Excel's ``.0``.

    Raises
    ------
    ReadError
        The value is nested or of bytes.

    Examples
    --------
    >>> as_text(7.0), as_text("007"), as_text(float("nan")), as_text("  ")
    ('7', '007', None, None)
    """
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | dict | bytes | bytearray | memoryview):
        raise ReadError(f"a {type(value).__name__}, not text")
    text = str(value)
    return None if text in ("NaT", "<NA>") else text
