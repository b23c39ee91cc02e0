"""Which of a file's columns is which of ours, and how a cell becomes text.

>>> match(["Doc-ID", "Headline", "BODY", "topic"]).found
{'document_id': 0, 'title': 1, 'text': 2}
"""

from __future__ import annotations

import csv
import datetime
import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.text import visible

_NAME = 60  # characters: a longer name is not repeated in a message
_FILE = Path(__file__).parents[1] / "data" / "column_names.csv"


def key(name: object) -> str:
    """Return a column's name without what does not tell two names apart: case, accents, spaces, underscores and hyphens.

    >>> key("Full-Text"), key("full_text"), key("Überschrift")
    ('fulltext', 'fulltext', 'uberschrift')
    """
    folded = re.sub(r"[\s_\-\ufeff]+", "", str(name)).casefold()
    return folded if folded.isascii() else "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))


def _usual() -> dict[str, dict[str, tuple[str, ...]]]:
    """The usual names of our columns: by language, then by column."""
    usual: dict[str, dict[str, tuple[str, ...]]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = usual.setdefault(row["language"], {})
            names[row["column"]] = (*names.get(row["column"], ()), row["name"])
    return usual


_USUAL = _usual()
NAMES = _USUAL["en"]
"""Our columns and the usual names for them; of two that are there, the one named first wins."""
_SPOKEN = {language: {ours: [key(name) for name in names] for ours, names in columns.items()} for language, columns in _USUAL.items()}
KEYS = {ours: frozenset(name for columns in _SPOKEN.values() for name in columns.get(ours, ())) for ours in NAMES}
"""The usual names of each of our columns in all languages, as `key` gives them."""
UNUSED = "columns not used: "
TITLED = "the first row does not look like headings (one filled cell, the others empty): delete the rows above the headings"


class Match(NamedTuple):
    """Positions of our columns among the file's, and what is to be said about the others."""

    found: dict[str, int]
    notes: list[str]


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
    """Match a file's columns to ours, whatever their case, accents, spaces, underscores and hyphens.

    English names go first. Those of another language count where the file has two of them, or one that is the text's: the Italian "data" is no date in
    an English table.

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
    >>> match(["Volltext", "Datum"]).found
    {'text': 0, 'published': 1}
    >>> match(["Artikel", "Tag"])
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
            write = f"write {visible(str(names[positions[near[0]][0]]))[:_NAME]!r}, if that is meant" if near else "name one of them, spelt as it is there"
            remedy = TITLED if titled(names) else write
            raise ReadError(f"no column {theirs!r} for our {ours!r}; the columns found are {listing(names)}; {remedy}")
        found[ours] = exact[0]
    notes = []
    for ours, usual in _names(positions).items():
        for position in [p for name in usual for p in positions.get(name, [])]:
            if position in found.values():
                continue
            if ours in found:
                notes.append(f"column {str(names[position])!r} not used: {str(names[found[ours]])!r} is the {ours}")
            else:
                found[ours] = position
    if "text" not in found:
        likely = _likely(names, found)
        write = f'name the right one, as in read(path, columns={{"text": "{likely}"}}) or --column text="{likely}"'
        looked = f"no column holds the text (looked for {', '.join(NAMES['text'])}); the columns found are {listing(names)}"
        raise ReadError(f"{looked}; {TITLED if titled(names) else write}")
    usual_keys = frozenset().union(*_names(positions).values())
    unused = [name for position, name in enumerate(names) if position not in found.values() and key(name) not in usual_keys and str(name).strip()]
    if unused:
        notes.append(f"{UNUSED}{listing(unused)}")
    return Match(found, notes)


def titled(names: Sequence[object]) -> bool:
    """Tell whether the first row is a title above the table: one filled cell among several, and no usual name of a column.

    >>> titled(["My archive", "", ""]), titled(["Headline", ""]), titled(["Text"])
    (True, False, False)
    """
    filled = [key(name) for name in names if str(name).strip()]
    return len(filled) == 1 < len(names) and not any(filled[0] in usual for usual in KEYS.values())


def _names(there: Collection[str]) -> dict[str, list[str]]:
    """Return the names that count for each of our columns, the first first: the English, and those of each language that the file's columns speak."""
    count = {ours: list(names) for ours, names in _SPOKEN["en"].items()}
    for columns in _SPOKEN.values():
        spoken = {name for names in columns.values() for name in names if name in there}
        for ours, names in columns.items():
            if len(spoken) > 1 or ours == "text":
                count[ours] += [name for name in names if name not in count[ours]]
    return count


def _likely(names: Sequence[object], found: Mapping[str, int]) -> str:
    """The column that may hold the text: the only one that is none of ours; where all are ours, the title, as in a list of headlines."""
    others = [name for position, name in enumerate(names) if position not in found.values() and str(name).strip()]
    likely = others[0] if len(others) == 1 else names[found["title"]] if "title" in found and not others else ""
    return visible(str(likely)) if 0 < len(str(likely)) <= _NAME else "their name"


def headlines(names: Sequence[object], matched: Match) -> bool:
    """Say whether the column read as text is one of headlines: the user mapped it so.

    >>> headlines(["Headline"], match(["Headline"], {"text": "Headline"}))
    True
    """
    return key(names[matched.found["text"]]) in KEYS["title"]


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
