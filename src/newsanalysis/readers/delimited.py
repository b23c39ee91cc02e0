"""CSV and TSV: cells between commas, semicolons, tabs or bars; the first row names the columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from newsanalysis.readers import streams
from newsanalysis.readers.columns import NAMES, Match, headlines, key, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.text import decode

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ONE_COLUMN = "\x1f"  # a character that stands in no news: the line is one cell
_UNCLOSED = "a quotation mark opens in this row and never closes, so that {} lines were read as one cell; close it or double it"
MOST_COLUMNS = 16_384  # as many as a sheet of Excel can have
_Read = tuple[list[list[str]], list[int], list[tuple[int, str]], list[tuple[int, str]]]  # rows, their numbers, skipped, mended


class _Header(NamedTuple):
    """The names of the columns, which are ours, and what parts them."""

    names: list[str]
    matched: Match
    delimiter: str


_USUAL = {key(name) for names in NAMES.values() for name in names}


@contextmanager
def _huge_cells(most: int = 2**31 - 1) -> Iterator[None]:
    """Lift the csv module's limit on the length of a cell, for a while."""
    before = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def guess_delimiter(text: str, wanted: Mapping[str, str]) -> str:
    """Guess the delimiter: the one that gives most known column names; of equal ones, the one that cuts the first rows most evenly, then into most cells.

    >>> guess_delimiter("id;text;note, remark\\n1;Rain, wind;x", {})
    ';'
    """
    lines = text[: 2**16].split("\n")[:20]
    there = [d for d in _DELIMITERS if d in lines[0]]
    names = _USUAL | {key(name) for name in wanted.values()}

    def score(delimiter: str) -> tuple[int, float, int]:
        first, *rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        even = sum(len(row) == len(first) for row in rows) / max(1, len(rows))
        return sum(key(cell) in names for cell in first), even, len(first)

    return max(there, key=score) if there else _ONE_COLUMN


def read_delimited(path: Path, columns: Mapping[str, str]) -> Parsed | Iterator[Parsed]:
    """Read one CSV or TSV file.

    Returns
    -------
    Parsed, or iterator of them
        One record a row; rows are counted from 1 with the header, as a spreadsheet shows them. Rows with too few cells are
        mended, rows with too many are skipped, for nobody can say which cell is the text. Large files come piece by piece.

    Raises
    ------
    ReadError
        The file is empty, has no column for the text, or is no text.
    """
    return _pieces(streams.Text(path), columns) if streams.large(path) else _whole(path, columns)


def _whole(path: Path, columns: Mapping[str, str]) -> Parsed:
    decoded = decode(read_whole(path))
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ReadError("the file is empty")
    notes = [decoded.note] if decoded.note else []
    delimiter, number = None, 0
    if told := re.match(r"sep=(.)\n", text):
        delimiter, number, text = told[1], 1, text[told.end() :]
    while text.startswith("\n"):
        number, text = number + 1, text[1:]
    with _huge_cells():
        delimiter = delimiter or guess_delimiter(text, columns)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        names = _names(reader)
        number += 1
        matched = match(names, columns)
        rows, numbers, skipped, mended = _rows(reader, len(names), number, delimiter)
        if rows and (lines := _unclosed(text, delimiter)):
            rows.pop()
            skipped.append((numbers.pop(), _UNCLOSED.format(lines)))
    return _parsed(_Header(names, matched, delimiter), (rows, numbers, skipped, mended), decoded.encoding, [*notes, *matched.notes])


def _parsed(header: _Header, read: _Read, encoding: str, notes: Sequence[str] = ()) -> Parsed:
    names, matched, delimiter = header
    rows, numbers, skipped, mended = read
    values: dict[str, list[object]] = {ours: [row[position] for row in rows] for ours, position in matched.found.items()}
    if "kind" not in values and headlines(names, matched):
        values["kind"] = ["headline"] * len(rows)
    name = "TSV" if delimiter == "\t" else "CSV" if delimiter == "," else f"CSV ({_DELIMITERS.get(delimiter, 'one column')})"
    kept = set(numbers)
    mended = [(n, reason) for n, reason in mended if n in kept]
    return Parsed(f"{name[:3].lower()}@1", name, values, numbers, [f"-{n}" for n in numbers], "row", skipped, mended, list(notes), encoding)


def _names(reader: Iterator[list[str]]) -> list[str]:
    names = next(reader)
    if len(names) > MOST_COLUMNS:
        raise LimitError(f"the first row has {len(names):,} cells, more than the {MOST_COLUMNS:,} columns that a table can have here")
    return names


class _Feed:
    """Lines for the csv module, which remembers those of the record that is being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.record: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.record.append(line)
        return line


def _pieces(text: streams.Text, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Yield the rows of a large file, piece by piece."""
    lines = text.lines()
    number, delimiter, first = 0, None, ""
    for first in lines:
        if not number and (told := re.fullmatch(r"sep=(.)\n", first)):
            delimiter = told[1]
        elif first != "\n":
            break
        number += 1
    delimiter = delimiter or guess_delimiter(text.head.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n"), columns)
    feed = _Feed(chain([first], lines))
    reader = csv.reader(feed, delimiter=delimiter)
    with _huge_cells(streams.MOST_LINE):
        names = _names(reader)
    number += 1
    matched = match(names, columns)
    header = _Header(names, matched, delimiter)
    more = True
    while more:
        with _huge_cells(streams.MOST_LINE):
            read, number, more = _some(reader, feed, len(names), number, delimiter)
        yield _parsed(header, read, text.encoding, [] if more else [*filter(None, [text.note]), *matched.notes])


def _some(reader: Iterator[list[str]], feed: _Feed, width: int, number: int, delimiter: str) -> tuple[_Read, int, bool]:
    """Return the next rows, up to the size of a piece, the number of the last, and whether there may be more."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    skipped: list[tuple[int, str]] = []
    mended: list[tuple[int, str]] = []
    characters = 0
    while characters < streams.PIECE_CHARACTERS and len(rows) + len(skipped) < streams.PIECE_RECORDS:
        feed.record.clear()
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return (rows, numbers, skipped, mended), number, False
        except csv.Error as error:
            skipped.append((number, f"{len(feed.record):,} lines were read as one row, which cannot be ({error}); a quotation mark may not be closed"))
            continue
        characters += sum(map(len, feed.record))
        if len(feed.record) > 1 and _never_closes("".join(feed.record), delimiter):
            skipped.append((number, _UNCLOSED.format(len(feed.record))))
            continue
        _put(number, row, width, delimiter, (rows, numbers, skipped, mended))
    return (rows, numbers, skipped, mended), number, True


def _rows(reader: Iterator[list[str]], width: int, number: int, delimiter: str) -> _Read:
    """Return rows of the right width, their numbers, the rows skipped and those mended; rows without a value are passed over."""
    read: _Read = [], [], [], []
    for n, row in enumerate(reader, start=number + 1):
        _put(n, row, width, delimiter, read)
    return read


def _put(n: int, row: list[str], width: int, delimiter: str, read: _Read) -> None:
    rows, numbers, skipped, mended = read
    if not any(row):
        return
    if len(row) > width and any(row[width:]):
        mark = _DELIMITERS.get(delimiter, "delimiter")
        skipped.append((n, f"{len(row)} cells for {width} columns; put cells that hold a {mark} in quotation marks"))
        return
    if len(row) < width:
        mended.append((n, f"{len(row)} cells for {width} columns; the last {width - len(row)} taken as missing"))
        row += [""] * (width - len(row))
    rows.append(row)
    numbers.append(n)


def _unclosed(text: str, delimiter: str) -> int:
    """Return how many lines the last record has if its quotation mark never closes, else 0."""
    if text.count('"') % 2 == 0:
        return 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = end = 0
    for _ in reader:
        start, end = end, reader.line_num
    return end - start if _never_closes(text.split("\n", start)[-1], delimiter) else 0


def _never_closes(record: str, delimiter: str) -> bool:
    """Say whether a record ends inside quotation marks."""
    try:
        list(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False
