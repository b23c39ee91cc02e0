"""Codebooks: who the actors are and which words count, as CSV files that anyone can read, extend and replace.

An *actor codebook* is a folder of three tables (or a workbook with three sheets of the same names):

- ``actors.csv``: actor_id, name, kind, affiliation, role, valid_from, valid_to, wikidata, context. One row is one actor. The name is an
  alias by itself; outside its interval a row does not apply.
- ``aliases.csv``: actor_id, alias, context, valid_from, valid_to. Other names of the actor. ``context``: the alias counts only in
  texts that have one of these words (``Kyiv|Ukraine``). The interval dates what holds for a time, such as "Ukrainian president".
- ``affiliations.csv``: affiliation, label, definition, roles, takes. The camps of the study. ``unspecified`` (cannot be known from the text) and
  ``other`` (known, but none of the camps) are given by ``na.resolve`` only if they are listed here. ``roles``: the only roles that belong
  here by a description (``official|military``); blank: all. ``takes``: the roles of speakers whose tie the text does not tell who belong
  here (``expert``); if several affiliations take a role, the article's setting decides.
- ``extends.csv``, if the codebook builds on a shipped one: codebook, affiliation, becomes. Which of its affiliations become which of
  one's own; blank: stays as it is; ``*``: all others. Actors of an affiliation that is not listed are left out. An actor's row with the
  key of one of its actors changes what is filled in; one's own names come before its names, and stand for its persons and bodies of that name.

A *word codebook* is one CSV file: code, value, pattern, source.

>>> study = read("ukraine_war")
>>> study.affiliations.affiliation.tolist()
['russian_installed', 'russian', 'ukrainian', 'nato', 'western', 'international', 'other', 'unspecified']
"""

from __future__ import annotations

import csv
import datetime
import difflib
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from newsanalysis.tables import ROLES

_FOLDER = Path(__file__).parent / "data"
_SHEETS = ("actors", "aliases", "affiliations")
_EXTENDS = "extends"
KINDS = ("person", "organisation", "group", "state", "place", "document")
_GROUNDS = ("state", "place")  # kinds of actors that give way to nobody's names
_INTERVAL = ("valid_from", "valid_to")
# table -> (columns that must be there, columns that may be there)
_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "actors": (("actor_id", "name", "affiliation"), ("kind", "role", *_INTERVAL, "wikidata", "context", "source", "note")),
    "aliases": (("actor_id", "alias"), ("context", *_INTERVAL, "source", "note")),
    "affiliations": (("affiliation",), ("label", "definition", "roles", "takes", "iso2", "iso3", "source", "note")),
    _EXTENDS: (("codebook", "affiliation", "becomes"), ("note",)),
}
_ALWAYS = {
    "actors": ("actor_id", "name", "kind", "affiliation", "role", *_INTERVAL, "wikidata"),
    "aliases": ("actor_id", "alias", "context", *_INTERVAL),
    "affiliations": ("affiliation", "label", "definition", "roles", "takes"),
}


_TOO_FEW = 10  # attributions or documents, of which fewer do not tell that a codebook is the wrong one


class CodebookError(ValueError):
    """A codebook that cannot be used: one sentence with file, row (as a spreadsheet counts), column, value and remedy.

    >>> raise CodebookError("actors.csv, row 3, column 'name': it is blank; give the actor a name.")
    Traceback (most recent call last):
    newsanalysis.codebooks.CodebookError: actors.csv, row 3, column 'name': it is blank; give the actor a name.
    """


@dataclass(frozen=True, eq=False, repr=False)
class Codebook:
    """An actor codebook: the actors of a study, their other names, and the camps they speak for.

    Parameters
    ----------
    name : str
        The shipped name, or the folder's or file's name.
    version : str
        The catalogue's version for a shipped codebook; for one's own the first 12 hex digits of its content's SHA-256.
    actors : DataFrame
        actor_id, name, kind, affiliation, role, valid_from, valid_to (datetime, missing = open), wikidata.
    aliases : DataFrame
        actor_id, alias, context, valid_from, valid_to.
    affiliations : DataFrame
        affiliation, label, definition, roles, takes.

    Examples
    --------
    >>> study = read("ukraine_war")
    >>> study.actors.set_index("actor_id").loc["nato", ["name", "affiliation", "role"]].tolist()
    ['NATO', 'nato', 'official']
    """

    name: str
    version: str
    actors: pd.DataFrame
    aliases: pd.DataFrame
    affiliations: pd.DataFrame

    def __repr__(self) -> str:
        """Say in one line what the codebook holds."""
        return f"{self.name} ({self.version}): {len(self.actors)} actors, {len(self.aliases)} aliases, {len(self.affiliations)} affiliations."


# --- words and matching -------------------------------------------------------------------------------------------------


class Word(NamedTuple):
    """A word of a text: ``key`` for comparing (no case, accents, possessive), ``text`` as it stands, and its offsets."""

    key: str
    text: str
    start: int
    end: int


_WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?:-[^\W_]+)*|[^\W_]+(?:[-'’&][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)", re.IGNORECASE)


# American spellings in names of bodies and offices, which count as the British ones
_SPELLED = {"defense": "defence", "organization": "organisation", "organizations": "organisations", "labor": "labour", "center": "centre"}


@lru_cache(maxsize=16384)
def _key(word: str) -> str:
    word = _POSSESSIVE.sub("", word).replace(".", "").replace("’", "'")
    folded = unicodedata.normalize("NFKD", word) if not word.isascii() else word
    folded = "".join(letter for letter in folded if not unicodedata.combining(letter)).casefold()
    folded = folded.removesuffix("-based")
    return _SPELLED.get(folded, folded)


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text; hyphenated compounds are one word, so that "pro-Russian" is not "Russian".

    >>> [word.key for word in words_of("Kyiv's pro-Russian U.S. envoy")]
    ['kyiv', 'pro-russian', 'us', 'envoy']
    """
    return _short(text) if len(text) < 400 else _long(text)


def _split(text: str) -> tuple[Word, ...]:
    return tuple([Word(_key(form := found.group()), form, *found.span()) for found in _WORD.finditer(text)])


_short = lru_cache(maxsize=8192)(_split)  # titles and names are asked for again and again
_long = lru_cache(maxsize=1)(_split)  # a document, by its speakers and then its actors


def bare(name: str) -> str:
    """Return a name without the article before it.

    >>> bare("The Guardian"), bare("AP")
    ('Guardian', 'AP')
    """
    return _ARTICLE.sub("", name)


def _same_case(alias: str, word: str) -> bool:
    """An alias in small letters matches in any case; a capital asks for a capital; "US" is not "us" nor "Us"."""
    if not alias[:1].isupper():
        return True
    if len(alias) > 6 or not alias.isupper() or not word[:1].isupper():
        return word[:1].isupper()
    alias, word = (_POSSESSIVE.sub("", form).replace(".", "") for form in (alias, word))
    return word == alias or len(alias) > 3


@lru_cache(maxsize=8)
def keys_of(text: str) -> frozenset[str]:
    """Return the words of a text as they are compared, each once.

    >>> sorted(keys_of("Kyiv is Kyiv's"))
    ['is', 'kyiv']
    """
    return frozenset(word.key for word in words_of(text))


class Condition(NamedTuple):
    """When a name counts: in documents of these days, and in texts with the words of one of these contexts (none: in all)."""

    first: datetime.date
    last: datetime.date
    context: tuple[frozenset[str], ...]

    def holds(self, day: datetime.date | None, keys: frozenset[str]) -> bool:
        """Whether the name counts in a document of this day (None: not known, then every interval fits) with these words."""
        if day is not None and not self.first <= day <= self.last:
            return False
        return not self.context or any(asked <= keys for asked in self.context)


def names(codebook: Codebook) -> Iterator[tuple[str, str, Condition]]:
    """Yield the names and aliases of a codebook's actors, each with its actor_id and when it counts.

    >>> [name for name, actor, _ in names(read("ukraine_war")) if actor == "zelenskyy"][0]
    'Volodymyr Zelenskyy'
    """
    keys = codebook.actors["actor_id"].tolist()
    for name, row, when in names_of_rows(codebook):
        yield name, keys[row], when


def names_of_rows(codebook: Codebook) -> Iterator[tuple[str, int, Condition]]:
    """Yield the names and aliases of a codebook's actors, each with the row of ``actors`` that it names and when it counts."""
    actors, aliases = codebook.actors, codebook.aliases
    rows: dict[str, list[tuple[int, datetime.date, datetime.date]]] = {}
    contexts = actors["context"] if "context" in actors else [None] * len(actors)
    for row, ((actor, name, start, end), context) in enumerate(zip(_columns(actors, "actor_id", "name", *_INTERVAL), contexts, strict=True)):
        first, last = _date(start, datetime.date.min), _date(end, datetime.date.max)
        rows.setdefault(actor, []).append((row, first, last))
        yield name, row, Condition(first, last, _asked(context))
    for actor, alias, context, start, end in _columns(aliases, "actor_id", "alias", "context", *_INTERVAL):
        for row, first, last in rows[actor]:
            when = Condition(max(first, _date(start, first)), min(last, _date(end, last)), _asked(context))
            if when.first <= when.last:
                yield alias, row, when


def _asked(context: object) -> tuple[frozenset[str], ...]:
    return _contexts(context) if isinstance(context, str) else ()


@lru_cache(maxsize=1024)
def _contexts(context: str) -> tuple[frozenset[str], ...]:
    return tuple(keys_of(part) for part in context.split("|") if part.strip())


def _columns(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].tolist() for column in columns), strict=True)


def _date(value: Any, open_end: datetime.date) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) and value == value else open_end  # NaT is no day and not equal to itself


Phrases = dict[str, list[tuple[tuple[str, ...], tuple[str, ...], Any]]]


def phrases(entries: Iterable[tuple[str, Any]]) -> Phrases:
    """Index phrases by their first word, longest first, each with what it stands for."""
    index: Phrases = {}
    for phrase, meaning in entries:
        parts = words_of(phrase)
        if parts:
            index.setdefault(parts[0].key, []).append((tuple(w.key for w in parts), tuple(w.text for w in parts), meaning))
    for same_start in index.values():
        same_start.sort(key=lambda entry: -len(entry[0]))
    return index


def matches(text_words: Sequence[Word], index: Phrases, accept: Callable[[Any], bool] | None = None) -> Iterator[tuple[int, int, list[Any]]]:
    """Yield (first word, one past the last, meanings) of each phrase found: leftmost, then longest, never overlapping; only accepted meanings count.

    >>> index = phrases([("Kremlin", "k"), ("Kremlin spokesman", "s")])
    >>> list(matches(words_of("a Kremlin spokesman said"), index))
    [(1, 3, ['s'])]
    """
    keys = [word.key for word in text_words]
    done = 0
    for at in [at for at, key in enumerate(keys) if key in index]:
        if at < done:
            continue
        length = 1
        meanings: list[Any] = []
        for phrase, forms, meaning in index[keys[at]]:
            if meanings and len(phrase) < length:
                break
            if phrase != tuple(keys[at : at + len(phrase)]) or (accept and not accept(meaning)):
                continue
            if all(map(_same_case, forms, [word.text for word in text_words[at : at + len(phrase)]])):
                length = len(phrase)
                meanings.append(meaning)
        if meanings:
            done = at + length
            yield at, done, meanings


# --- reading ------------------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    number: int  # as a spreadsheet shows it: the header is row 1
    cells: dict[str, str]


class _Table(NamedTuple):
    where: str  # the file, or the workbook and its sheet
    rows: list[_Row]


def _wrong(where: str, row: int | None, column: str | None, problem: str) -> CodebookError:
    place = [where, *([f"row {row}"] if row else []), *([f"column {column!r}"] if column else [])]
    return CodebookError(f"{', '.join(place)}: {problem}")


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CodebookError(f"{path}: it cannot be read ({error.strerror or error}); check the path and the right to read it.") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise _wrong(str(path), row, None, f"byte 0x{byte:02X} is not UTF-8; save the file as 'CSV UTF-8'.") from None
    if "\0" in text:
        raise _wrong(str(path), text.count("\n", 0, text.index("\0")) + 1, None, "it has a NUL byte and is no CSV file; save it as 'CSV UTF-8'.")
    return text


def _csv_cells(path: Path) -> list[list[str]]:
    text = _decoded(path)
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise CodebookError(f"{path}: it is no proper CSV file ({error}); save it again as 'CSV UTF-8'.") from None


def _text(cell: object) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _sheet_cells(path: Path) -> dict[str, list[list[str]]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise CodebookError(f"{path}: it cannot be read as an Excel workbook ({type(error).__name__}); save it as .xlsx or give CSV files.") from None
    try:
        return {sheet.title.strip().lower(): [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    finally:
        book.close()


def _table(where: str, cells: list[list[str]], needed: tuple[str, ...], known: tuple[str, ...] | None) -> _Table:
    """Rows by column name; ``known=None`` lets any further column stand."""
    header = [unicodedata.normalize("NFC", c).strip() for c in (cells[0] if cells else [])]
    header = [c.lower() if c.lower() in {*needed, *(known or ())} else c for c in header]
    while header and not header[-1]:
        header.pop()
    allowed = ", ".join((*needed, *(known or ())))
    for column in needed:
        if column not in header:
            raise _wrong(where, 1, None, f"column {column!r} is missing (found: {', '.join(header) or 'nothing'}); add it.")
    for at, column in enumerate(header):
        if not column:
            raise _wrong(where, 1, None, f"the heading of the {at + 1}. column is blank; name it or delete the column.")
        if header.index(column) < at:
            raise _wrong(where, 1, column, "the heading stands there twice; keep one.")
        if known is not None and column not in (*needed, *known):
            raise _wrong(where, 1, column, f"it is unknown; rename or delete it (allowed: {allowed}).")
    rows = []
    for number, row in enumerate(cells[1:], start=2):
        values = [(cell if cell.isascii() else unicodedata.normalize("NFC", cell)).strip() for cell in row]
        if any(values[len(header) :]):
            extra = next(v for v in values[len(header) :] if v)
            raise _wrong(where, number, None, f"{extra!r} stands beyond the last column; put text with separators in quotation marks.")
        if any(values):
            rows.append(_Row(number, dict(zip(header, [*values, *[""] * (len(header) - len(values))], strict=False))))
    return _Table(where, rows)


@lru_cache(maxsize=16384)
def _parsed(value: str, is_end: bool) -> datetime.date | None:
    """The day that a date means, of a month or year the first or the last; None if it is no date."""
    parts = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", value)
    if parts is None:
        return None
    year, month, day = (int(p) if p else None for p in parts.groups())
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
        if day or not is_end:
            return first
        after = datetime.date(first.year + 1, 1, 1) if month is None or month == 12 else datetime.date(first.year, month + 1, 1)
    except (ValueError, OverflowError):
        return None
    return after - datetime.timedelta(days=1)


def _day(table: _Table, row: _Row, column: str) -> datetime.date | None:
    value = row.cells.get(column, "")
    if not value:
        return None
    day = _parsed(value, column == "valid_to")
    if day is None:
        raise _wrong(table.where, row.number, column, f"{value!r} is no date; write it as 2014-02-27, 2014-02 or 2014.")
    return day


Interval = tuple[datetime.date, datetime.date]
_ALWAYS_VALID = (datetime.date.min, datetime.date.max)


def _interval(table: _Table, row: _Row) -> Interval:
    if not row.cells.get("valid_from") and not row.cells.get("valid_to"):
        return _ALWAYS_VALID
    first, last = _day(table, row, "valid_from"), _day(table, row, "valid_to")
    if first and last and last < first:
        raise _wrong(table.where, row.number, "valid_to", f"{row.cells['valid_to']!r} lies before valid_from {row.cells['valid_from']!r}; swap or mend them.")
    return first or datetime.date.min, last or datetime.date.max


def _overlap(one: Interval, two: Interval) -> bool:
    return one[0] <= two[1] and two[0] <= one[1]


def _check_actors(actors: _Table, affiliations: _Table, below: str) -> None:
    camps = [row.cells["affiliation"] for row in affiliations.rows]
    seen: dict[str, list[tuple[int, Interval]]] = {}
    for row in actors.rows:
        cells = row.cells
        of_below = f", or mend the key: {cells['actor_id']!r} is no actor that is taken over from {below}" if below else ""
        for column, remedy in (("actor_id", "give each actor a short key of its own"), ("name", f"give the actor a name{of_below}")):
            if not cells[column]:
                raise _wrong(actors.where, row.number, column, f"it is blank; {remedy}.")
        key, mine = cells["actor_id"], _interval(actors, row)
        for number, theirs in seen.setdefault(key, []):
            if _overlap(mine, theirs):
                remedy = "give each actor a key of its own, or one who changes camp dates that do not overlap"
                raise _wrong(actors.where, row.number, "actor_id", f"{key!r} is already in row {number}; {remedy}.")
        seen[key].append((row.number, mine))
        if not _claim(cells["name"]):
            raise _wrong(actors.where, row.number, "name", f"{cells['name']!r} has no letter or digit; give the actor a name.")
        if cells["affiliation"] not in camps:
            remedy = f"use one of {', '.join(camps)}, or add it to {affiliations.where}"
            raise _wrong(actors.where, row.number, "affiliation", f"{cells['affiliation']!r} is unknown; {remedy}.")
        if cells.get("kind") and cells["kind"] not in KINDS:
            raise _wrong(actors.where, row.number, "kind", f"{cells['kind']!r} is unknown; use one of {', '.join(KINDS)}, or leave it blank.")
        if cells.get("role") and cells["role"] not in ROLES:
            raise _wrong(actors.where, row.number, "role", f"{cells['role']!r} is unknown; use one of {', '.join(ROLES)}, or leave it blank.")


class _Named(NamedTuple):
    """A name that an actor claims, on which days, and where it stands."""

    actor: str
    name: str
    context: str
    days: list[Interval]
    where: str
    number: int
    column: str


def _named(actors: _Table, aliases: _Table, below: _Below) -> Iterator[_Named]:
    """The names that actors claim: those of the actors below, of one's own, and one's aliases; aliases below have given way to them already."""
    days: dict[str, list[Interval]] = {}
    for table, where in ((below.actors, f"its name in {below.name}"), (actors, actors.where)):
        for row in table.rows:
            actor, mine = row.cells["actor_id"], _interval(table, row)
            if table is actors or actor not in below.changed:
                days.setdefault(actor, []).append(mine)
                yield _Named(actor, row.cells["name"], row.cells.get("context", ""), [mine], where, row.number, "name")
    for row in aliases.rows:
        actor, alias = row.cells["actor_id"], row.cells["alias"]
        if actor not in days:
            problem = f"{actor!r} is not in {actors.where}; add the actor there or mend the key."
            raise _wrong(aliases.where, row.number, "actor_id", problem if actor else f"it is blank; write the key of an actor in {actors.where}.")
        if not _claim(alias):
            raise _wrong(aliases.where, row.number, "alias", f"{alias!r} has no letter or digit; write a name or delete the row.")
        first, last = _interval(aliases, row)
        mine_now = [(max(first, start), min(last, end)) for start, end in days[actor] if first <= end and start <= last]
        yield _Named(actor, alias, row.cells.get("context", ""), mine_now, aliases.where, row.number, "alias")


def _check_aliases(actors: _Table, aliases: _Table, below: _Below) -> None:
    claims: dict[tuple[tuple[str, ...], str], list[_Named]] = {}
    for one in _named(actors, aliases, below):
        others = claims.setdefault((_claim(one.name), one.context), [])
        for other in others:
            if other.actor != one.actor and any(_overlap(mine, theirs) for mine in one.days for theirs in other.days):
                place = f"{other.where}, row {other.number}"
                remedy = f"it already means {other.actor!r} ({place}) at the same time; delete one, or tell them apart by context or dates"
                raise _wrong(one.where, one.number, one.column, f"{one.name!r} is claimed twice: {remedy}.")
        others.append(one)


@lru_cache(maxsize=32768)
def _claim(alias: str) -> tuple[str, ...]:
    """What of a name is compared: two names with the same are one."""
    return tuple(map(_key, _WORD.findall(bare(alias))))


def listed(cell: str) -> list[str]:
    """Return what stands in a cell, several joined by ``|``.

    >>> listed("expert | civilian"), listed("")
    (['expert', 'civilian'], [])
    """
    return [part.strip() for part in cell.split("|") if part.strip()]


def _check_affiliations(affiliations: _Table) -> None:
    seen: dict[str, int] = {}
    for row in affiliations.rows:
        camp = row.cells["affiliation"]
        if not camp:
            raise _wrong(affiliations.where, row.number, "affiliation", "it is blank; name the affiliation or delete the row.")
        if camp in seen:
            raise _wrong(affiliations.where, row.number, "affiliation", f"{camp!r} is already in row {seen[camp]}; delete one.")
        seen[camp] = row.number
        for column in ("roles", "takes"):
            for role in listed(row.cells.get(column, "")):
                if role not in ROLES:
                    problem = f"{role!r} is unknown; use one of {', '.join(ROLES)}, several joined by '|', or leave it blank."
                    raise _wrong(affiliations.where, row.number, column, problem)
        only, takes = (listed(row.cells.get(column, "")) for column in ("roles", "takes"))
        if only and not set(takes) <= set(only):
            problem = f"{', '.join(sorted(set(takes) - set(only)))} is not among the roles that belong here ({', '.join(only)}); mend one of both columns."
            raise _wrong(affiliations.where, row.number, "takes", problem)


# --- one codebook on another ---------------------------------------------------------------------------------------------


class _Below(NamedTuple):
    """What a codebook takes over from the one that it extends, its affiliations already in one's own."""

    name: str
    actors: _Table
    aliases: _Table
    affiliations: _Table
    changed: frozenset[str]  # its actors that have a row of one's own


_NOTHING = _Table("", [])
_ALONE = _Below("", _NOTHING, _NOTHING, _NOTHING, frozenset())


def _becomes(extends: _Table, camps: Sequence[str], theirs: Sequence[str], name: str) -> dict[str, str]:
    """Which of their affiliations becomes which of one's own; those that are not taken over are absent."""
    listed: dict[str, int] = {}
    becomes: dict[str, str] = {}
    for row in extends.rows:
        camp, own = row.cells["affiliation"], row.cells["becomes"]
        if camp != "*" and camp not in theirs:
            near = difflib.get_close_matches(camp, theirs, n=3)
            remedy = f"did you mean {' or '.join(near)}?" if near else f"see codebooks.read({name!r}).affiliations."
            raise _wrong(extends.where, row.number, "affiliation", f"{name} has no {camp!r}; {remedy}")
        if camp in listed:
            raise _wrong(extends.where, row.number, "affiliation", f"{camp!r} is already in row {listed[camp]}; delete one.")
        if own and own not in camps:
            problem = f"{own!r} is unknown; use one of {', '.join(camps)}, add it to the affiliations, or leave it blank to keep theirs."
            raise _wrong(extends.where, row.number, "becomes", problem)
        listed[camp] = row.number
        becomes[camp] = own
    rest = becomes.pop("*", None)
    if rest is not None:
        becomes = {camp: becomes.get(camp, rest) for camp in theirs}
    return {camp: own or camp for camp, own in becomes.items()}


def _below(tables: dict[str, _Table]) -> _Below:
    """The codebook that is extended, as far as it is taken over."""
    extends = tables[_EXTENDS]
    if not extends.rows:
        return _ALONE
    name = extends.rows[0].cells["codebook"]
    for row in extends.rows:
        other = row.cells["codebook"]
        if other not in shipped():
            raise _wrong(extends.where, row.number, "codebook", f"{other!r} is no shipped codebook; use one of {', '.join(shipped())}.")
        if other != name:
            raise _wrong(extends.where, row.number, "codebook", f"{other!r}, but row {extends.rows[0].number} has {name!r}; extend one of them.")
    base = _tables(_FOLDER / name, _stamp(_FOLDER / name))
    camps = [row.cells["affiliation"] for row in tables["affiliations"].rows]
    theirs = [row.cells["affiliation"] for row in base["affiliations"].rows]
    becomes = _becomes(extends, camps, theirs, name)
    actors = [
        _Row(row.number, {**row.cells, "affiliation": becomes[row.cells["affiliation"]]}) for row in base["actors"].rows if row.cells["affiliation"] in becomes
    ]
    keys = {row.cells["actor_id"] for row in tables["actors"].rows}
    claims = [
        (_claim(row.cells[column]), any(row.cells.get(limit) for limit in ("context", *_INTERVAL)))
        for table, column in (("actors", "name"), ("aliases", "alias"))
        for row in tables[table].rows
    ]
    own, always = {claim for claim, _ in claims}, {claim for claim, limited in claims if not limited}
    actors = [row for row in actors if row.cells["actor_id"] in keys or row.cells.get("kind") in _GROUNDS or _claim(row.cells["name"]) not in always]
    taken = {row.cells["actor_id"] for row in actors}
    aliases = [row for row in base["aliases"].rows if row.cells["actor_id"] in taken and _claim(row.cells["alias"]) not in own]
    affiliations = [row for row in base["affiliations"].rows if row.cells["affiliation"] not in camps and row.cells["affiliation"] in becomes.values()]
    changed = frozenset(row.cells["actor_id"] for row in tables["actors"].rows) & taken
    where = f"{name} (extended)"
    return _Below(name, _Table(where, actors), _Table(where, aliases), _Table(where, affiliations), changed)


def _changed(actors: _Table, below: _Below) -> _Table:
    """One's own actors; where one has the key of an actor below, what is blank is as it is there."""
    there = {row.cells["actor_id"]: row.cells for row in below.actors.rows if row.cells["actor_id"] in below.changed}
    rows = []
    for row in actors.rows:
        known = there.get(row.cells["actor_id"], {})
        filled = {column: row.cells.get(column) or known.get(column, "") for column in dict.fromkeys((*row.cells, *known))}
        if known and row.cells.get("affiliation"):  # who changes camp has the dates of one's own row
            filled |= {column: row.cells.get(column, "") for column in _INTERVAL}
        rows.append(_Row(row.number, filled))
    return _Table(actors.where, rows)


@lru_cache(maxsize=16)
def _tables(path: Path, _stamp_of_the_files: tuple[tuple[str, int, int], ...]) -> dict[str, _Table]:
    """The checked tables of a codebook, together with those of the one that it extends."""
    tables = {sheet: _table(where, rows, *_COLUMNS[sheet]) for sheet, (where, rows) in _cells(path).items()}
    _check_affiliations(tables["affiliations"])
    below = _below(tables)
    affiliations = _Table(tables["affiliations"].where, [*tables["affiliations"].rows, *below.affiliations.rows])
    actors = _changed(tables["actors"], below)
    _check_actors(actors, affiliations, below.name)
    _check_aliases(actors, tables["aliases"], below)
    inherited = [row for row in below.actors.rows if row.cells["actor_id"] not in below.changed]
    return {
        "actors": _Table(actors.where, [*actors.rows, *inherited]),
        "aliases": _Table(tables["aliases"].where, [*tables["aliases"].rows, *below.aliases.rows]),
        "affiliations": affiliations,
    }


def _frame(table: _Table, columns: tuple[str, ...]) -> pd.DataFrame:
    extra = [c for c in dict.fromkeys(c for row in table.rows for c in row.cells) if c not in columns]
    content: dict[str, pd.Series[Any]] = {}
    for column in (*columns, *extra):
        if column in _INTERVAL:
            days = [_day(table, row, column) for row in table.rows]
            content[column] = pd.Series(np.array(days, dtype="datetime64[us]"))
        else:
            content[column] = pd.Series([row.cells.get(column, "") or None for row in table.rows], dtype="str")
    return pd.DataFrame(content)


def shipped() -> list[str]:
    """Return the names of the actor codebooks that come with the package.

    >>> "ukraine_war" in shipped()
    True
    """
    return sorted(path.parent.name for path in _FOLDER.glob("*/actors.csv"))


def _meant(given: str | Path, known: list[str]) -> str:
    """The name that is nearest to what was given, as a question; nothing if none is near."""
    near = difflib.get_close_matches(str(given), known, n=1)
    return f" Is {near[0]!r} meant?" if near else ""


def _kind(given: object) -> str:
    return f"a {type(given).__name__}; write a table to a file, and give its path" if isinstance(given, pd.DataFrame) else repr(given)[:60]


def _locate(name_or_path: str | Path) -> tuple[str, Path]:
    if isinstance(name_or_path, str) and name_or_path in shipped():
        return name_or_path, _FOLDER / name_or_path
    if not isinstance(name_or_path, str | Path):
        raise CodebookError(f"an actor codebook is given by name or path, or as codebooks.read returned it, not as {_kind(name_or_path)}.")
    path = Path(name_or_path)
    if not path.exists():
        kinds = "a folder with actors.csv, aliases.csv and affiliations.csv, an .xlsx file with these sheets, or the name of a shipped codebook"
        raise CodebookError(f"{name_or_path}: there is no such codebook; give {kinds} ({', '.join(shipped())}).{_meant(name_or_path, shipped())}")
    if path.is_dir():
        return path.name, path
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return path.stem, path
    if path.name == "actors.csv":
        return path.resolve().parent.name, path.parent
    raise CodebookError(f"{path}: it is no codebook; give a folder, its actors.csv, or an .xlsx workbook with the sheets {', '.join(_SHEETS)}.")


def _cells(path: Path) -> dict[str, tuple[str, list[list[str]]]]:
    """The cells of each of the three tables, with the name of its place; aliases may be absent."""
    if path.is_dir():
        files = {sheet: path / f"{sheet}.csv" for sheet in (*_SHEETS, _EXTENDS)}
        found = {sheet: (str(file), _csv_cells(file)) for sheet, file in files.items() if file.exists()}
    else:
        found = {sheet: (f"{path}, sheet {sheet!r}", cells) for sheet, cells in _sheet_cells(path).items() if sheet in _COLUMNS}
    for sheet in ("actors", "affiliations"):
        if sheet not in found:
            what = f"{sheet}.csv" if path.is_dir() else f"the sheet {sheet!r}"
            raise CodebookError(f"{path}: {what} is missing; add it with the columns {', '.join(_ALWAYS[sheet])}.")
    near = difflib.get_close_matches("aliases", [file.stem for file in path.glob("*.csv")] if path.is_dir() else [], cutoff=0.7)
    if "aliases" not in found and near:
        raise CodebookError(f"{path}: there is {near[0]}.csv but no aliases.csv; rename it, or remove it if there are no aliases.")
    for sheet in ("aliases", _EXTENDS):
        found.setdefault(sheet, (f"{path} (no {sheet})", [list(_COLUMNS[sheet][0])]))
    return found


def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    return tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files)


@lru_cache(maxsize=32)
def _read(name: str, path: Path, _stamp_of_the_files: tuple[tuple[str, int, int], ...]) -> Codebook:
    tables = _tables(path, _stamp_of_the_files)
    content = repr([[row.cells for row in tables[sheet].rows] for sheet in _SHEETS]).encode("utf-8", "surrogatepass")
    listed = catalogue_versions() if path.parent == _FOLDER else {}
    version = listed.get(name) or hashlib.sha256(content).hexdigest()[:12]
    return Codebook(name, version, *(_frame(tables[sheet], _ALWAYS[sheet]) for sheet in _SHEETS))


def read(name_or_path: str | Path) -> Codebook:
    """Read and check an actor codebook.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a shipped codebook, a folder with actors.csv, aliases.csv and affiliations.csv, the path of its actors.csv, or
        an .xlsx workbook with sheets of these names. ``aliases`` may be absent. Files are UTF-8, separated by comma, semicolon or tab.

    Returns
    -------
    Codebook
        A fresh copy: changing its tables changes no other.

    Raises
    ------
    CodebookError
        A missing path, an undecodable file, an unknown or missing column, a blank or repeated key, a blank name, an unknown affiliation
        or role, an alias of an unknown actor, an alias claimed twice, a reversed interval: file, row, column, value and remedy.

    Examples
    --------
    >>> read("ukraine_war").affiliations.label.tolist()[:2]
    ['Russian-installed', 'Russian']
    >>> read("no_such_book")
    Traceback (most recent call last):
    newsanalysis.codebooks.CodebookError: no_such_book: there is no such codebook; ...
    """
    kept = unchanged(name_or_path)
    return Codebook(kept.name, kept.version, kept.actors.copy(), kept.aliases.copy(), kept.affiliations.copy())


def labels_of(codebook: str | Path | Codebook) -> dict[str, str]:
    """Return the labels of a codebook's affiliations, by key; those without one are left out.

    Parameters
    ----------
    codebook : str, Path or Codebook
        A shipped name, a path, or what ``read`` returned.

    Examples
    --------
    >>> labels_of("world")["ngo"]
    'Civil society'
    """
    book = codebook if isinstance(codebook, Codebook) else read(codebook)
    rows = zip(book.affiliations["affiliation"], book.affiliations["label"], strict=True)
    return {key: text for key, text in rows if isinstance(text, str) and text.strip()}


def names_few(known: int, n: int) -> bool:
    """Tell whether a codebook that nobody chose knows so few (under a third) that it may be the wrong one.

    >>> names_few(3, 70), names_few(30, 70)
    (True, False)
    """
    return 3 * known < n


def few_named(known: int, n: int, *, default: str, where: str) -> str | None:
    """Say that the default codebook names few in these texts, and what to do; None where it is not so, or where there are too few (10) to tell.

    >>> few_named(3, 70, default="ukraine_war", where="the speaker of {} attributions")
    "codebook 'ukraine_war', the default, names the speaker of 3 of 70 attributions; codebook='world' is for other news; your own: docs/codebooks.md."
    >>> few_named(0, 9, default="ukraine_war", where="the speaker of {} attributions")
    """
    if n < _TOO_FEW or not names_few(known, n):
        return None
    told = where.format(f"{known:,} of {n:,}")
    return f"codebook {default!r}, the default, names {told}; codebook='world' is for other news; your own: docs/codebooks.md."


def unchanged(name_or_path: str | Path) -> Codebook:
    """Return a codebook as it was read, the same object until its files change: for those who change nothing in it.

    >>> unchanged("ukraine_war") is unchanged("ukraine_war")
    True
    """
    name, path = _locate(name_or_path)
    try:
        return _read(name, path.resolve(), _stamp(path))
    except CodebookError as error:  # with the path as it was given
        raise CodebookError(str(error).replace(str(path.resolve()), str(path))) from None


# --- word codebooks and the catalogue -----------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _read_words(path: Path, needed: tuple[str, ...], _stamp_of_the_file: tuple[tuple[str, int, int], ...]) -> pd.DataFrame:
    table = _table(str(path), _csv_cells(path), needed, None)
    if "code" in needed:
        for row in table.rows:
            for column in ("code", "pattern"):
                if not row.cells[column]:
                    raise _wrong(table.where, row.number, column, "it is blank; fill it or delete the row.")
    columns = tuple(table.rows[0].cells) if table.rows else needed
    return pd.DataFrame({c: pd.Series([row.cells.get(c, "") or None for row in table.rows], dtype="str") for c in columns})


def variable_rows(path: Path) -> pd.DataFrame | None:
    """Read the rows of a codebook for coders, from a CSV file or a workbook's sheet ``codebook``; None for a workbook without that sheet.

    >>> variable_rows(_FOLDER / "catalogue.csv")
    Traceback (most recent call last):
    newsanalysis.codebooks.CodebookError: ...catalogue.csv, row 1: ...
    """
    needed = ("variable", "value")
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return _read_words(path, needed, _stamp(path)).copy()
    cells = _sheet_cells(path).get("codebook")
    if cells is None:
        return None
    rows = _table(f"{path}, sheet 'codebook'", cells, needed, None).rows
    return pd.DataFrame([row.cells for row in rows], columns=list(rows[0].cells) if rows else needed)


def lexicon(file: str, *columns: str) -> list[tuple[str, ...]]:
    """Return these columns of one of the package's own small CSV files, row by row; a blank cell is "".

    >>> lexicon("countries.csv", "country", "word", "kind")[1]
    ('Afghanistan', 'Afghan', 'demonym')
    """
    path = _FOLDER / file
    return text_rows(_read_words(path, columns, _stamp(path)), *columns)


def text_rows(table: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    """Return these columns of a table of text, row by row; a missing cell is "".

    >>> text_rows(read("ukraine_war").affiliations, "affiliation")[-1]
    ('unspecified',)
    """
    return list(zip(*([cell if isinstance(cell, str) else "" for cell in table[column]] for column in columns), strict=True))


def words(name_or_path: str | Path) -> pd.DataFrame:
    """Read and check a word codebook.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a shipped word codebook (see ``catalogue``), or the path of a CSV file with at least the columns ``code`` (the
        variable), ``value`` (the category), ``pattern`` (a word, lemma or several words) and ``source`` (where it comes from).

    Returns
    -------
    DataFrame
        The rows of the file, all columns text, blank cells missing. A fresh copy.

    Raises
    ------
    CodebookError
        A missing path, an undecodable file, a missing column, a blank code or pattern: file, row, column and remedy.

    Examples
    --------
    >>> words("no_such_words")
    Traceback (most recent call last):
    newsanalysis.codebooks.CodebookError: no_such_words: there is no such word codebook; ...
    """
    named = {name: _FOLDER / file for name, file, kind in text_rows(catalogue(), "name", "file", "kind") if kind == "words"}
    if not isinstance(name_or_path, str | Path):
        raise CodebookError(f"a word codebook is given by name ({', '.join(sorted(named))}) or by the path of a CSV file, not as {_kind(name_or_path)}.")
    path = named.get(str(name_or_path), Path(name_or_path))
    if not path.is_file():
        names = [*named, "loaded_words"]
        raise CodebookError(
            f"{name_or_path}: there is no such word codebook; give the path of a CSV file or one of {', '.join(sorted(named))}.{_meant(name_or_path, names)}"
        )
    return _read_words(path.resolve(), ("code", "value", "pattern", "source"), _stamp(path)).copy()


def catalogue() -> pd.DataFrame:
    """Return the list of everything the package ships as data: name, file, kind, version, licence, source, description.

    >>> catalogue().query("name == 'ukraine_war'").kind.tolist()
    ['actors']
    """
    path = _FOLDER / "catalogue.csv"
    return _read_words(path, ("name", "file", "kind", "version", "licence", "source", "description"), _stamp(path)).copy()


def catalogue_versions() -> dict[str, str]:
    """Return the version of each name in the catalogue.

    >>> sorted(catalogue_versions())[0] < "z"
    True
    """
    return {name: version for name, version in text_rows(catalogue(), "name", "version")}  # noqa: C416  (a dict of pairs, not of tuples)
