"""CSV and TSV: cells between commas, semicolons, tabs or bars; the first row names the columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from newsanalysis.readers.columns import NAMES, headlines, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.text import decode

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ONE_COLUMN = "\x1f"  # a character that stands in no news: the line is one cell
_USUAL = {re.sub("_", "", name) for names in NAMES.values() for name in names}


@contextmanager
def _huge_cells() -> Iterator[None]:
    """Lift the csv module's limit on the length of a cell, for a while."""
    before = csv.field_size_limit(2**31 - 1)
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
    names = _USUAL | {_bare(name) for name in wanted.values()}

    def score(delimiter: str) -> tuple[int, float, int]:
        first, *rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        even = sum(len(row) == len(first) for row in rows) / max(1, len(rows))
        return sum(_bare(cell) in names for cell in first), even, len(first)

    return max(there, key=score) if there else _ONE_COLUMN


def _bare(name: object) -> str:
    return re.sub(r"[\s_\-]", "", str(name)).casefold()


def read_delimited(path: Path, columns: Mapping[str, str]) -> Parsed:
    """Read one CSV or TSV file.

    Returns
    -------
    Parsed
        One record a row; rows are counted from 1 with the header, as a spreadsheet shows them. Rows with too few cells are
        mended, rows with too many are skipped, for nobody can say which cell is the text.

    Raises
    ------
    ReadError
        The file is empty, has no column for the text, or is no text.
    """
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
        names = next(reader)
        number += 1
        matched = match(names, columns)
        rows, numbers, skipped, mended = _rows(reader, len(names), number, delimiter)
        if rows and (lines := _unclosed(text, delimiter)):
            rows.pop()
            reason = f"a quotation mark opens in this row and never closes, so that {lines} lines were read as one cell; close it or double it"
            skipped.append((numbers.pop(), reason))
    values: dict[str, list[object]] = {ours: [row[position] for row in rows] for ours, position in matched.found.items()}
    if "kind" not in values and headlines(names, matched):
        values["kind"] = ["headline"] * len(rows)
    name = "TSV" if delimiter == "\t" else "CSV" if delimiter == "," else f"CSV ({_DELIMITERS.get(delimiter, 'one column')})"
    kept = set(numbers)
    return Parsed(
        f"{name[:3].lower()}@1",
        name,
        values,
        numbers,
        [f"-{n}" for n in numbers],
        "row",
        skipped,
        [(n, reason) for n, reason in mended if n in kept],
        [*notes, *matched.notes],
        decoded.encoding,
    )


def _rows(
    reader: Iterator[list[str]], width: int, number: int, delimiter: str
) -> tuple[list[list[str]], list[int], list[tuple[int, str]], list[tuple[int, str]]]:
    """Return rows of the right width, their numbers, the rows skipped and those mended; rows without a value are passed over."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    skipped: list[tuple[int, str]] = []
    mended: list[tuple[int, str]] = []
    for n, row in enumerate(reader, start=number + 1):
        if not any(row):
            continue
        if len(row) > width and any(row[width:]):
            mark = _DELIMITERS.get(delimiter, "delimiter")
            skipped.append((n, f"{len(row)} cells for {width} columns; put cells that hold a {mark} in quotation marks"))
            continue
        if len(row) < width:
            mended.append((n, f"{len(row)} cells for {width} columns; the last {width - len(row)} taken as missing"))
            row += [""] * (width - len(row))
        rows.append(row)
        numbers.append(n)
    return rows, numbers, skipped, mended


def _unclosed(text: str, delimiter: str) -> int:
    """Return how many lines the last record has if its quotation mark never closes, else 0."""
    if text.count('"') % 2 == 0:
        return 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = end = 0
    for _ in reader:
        start, end = end, reader.line_num
    last = text.split("\n", start)[-1]
    try:
        list(csv.reader(io.StringIO(last, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return end - start if "unexpected end" in str(error) else 0
    return 0
