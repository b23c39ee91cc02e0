"""Excel workbooks (.xlsx): sheets whose first row names the columns; formulas count by their value."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from newsanalysis.readers import streams
from newsanalysis.readers.columns import Match, headlines, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import LimitError, read_whole, refuse

MOST_BYTES = 2**30  # of what a workbook unpacks to, and of the characters that are read from it
MOST_ROWS = 2**20  # of a sheet: as many as Excel knows
MOST_CELLS = 2**27  # of a sheet: rows times columns with a name
MOST_TEXTS = 2**22  # different texts
MOST_ELEMENTS = 2**20  # of XML, in one row, or beside the rows
_STEP = 2**20
_XML = (".xml", ".rels")
_ENDS = re.compile(rb"</(?:[\w.-]{1,99}:)?(row|si)\b")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_Cells = tuple[object, ...]


class _Sheet(NamedTuple):
    """A sheet with a column for the text: openpyxl's, the row with the columns' names, and which are ours."""

    sheet: Any
    first: int
    names: list[object]
    matched: Match


def read_excel(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read the first sheet of a workbook that has a column for the text, and all that have the same of our columns.

    Yields
    ------
    Parsed
        One record a row, by the row's number in the sheet; rows of further sheets are counted on, and the notes say from where. Sheets with values
        that are not read are named in the notes, too.

    Raises
    ------
    ReadError
        No workbook, over a limit, empty, or without a column for the text.
    """
    import openpyxl

    raw = io.BytesIO(read_whole(path))  # openpyxl refuses paths with other suffixes
    _check_size(raw)
    try:
        with _quiet():
            book = openpyxl.load_workbook(raw, read_only=True, data_only=True)
        try:
            yield from _pieces(book, columns, len(raw.getbuffer()))
        finally:
            book.close()
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # openpyxl fails on damaged workbooks in a dozen ways
        raise _damaged(error) from None


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _damaged(error: Exception) -> ReadError:
    return ReadError(f"the workbook is damaged or no .xlsx ({type(error).__name__}); open and save it again as .xlsx")


def _check_size(raw: io.BytesIO) -> None:
    """Refuse a workbook over a limit before openpyxl, which holds much of it in memory, sees it."""
    try:
        workbook = zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        raise ReadError("no .xlsx workbook (old .xls and workbooks with a password are not read); save it as .xlsx without a password") from None
    with workbook:
        size = sum(part.file_size for part in workbook.infolist())
        if size > MOST_BYTES:
            raise LimitError(f"the workbook unpacks to {size:,} bytes, more than the limit of {MOST_BYTES:,}; split it or save it as CSV")
        for part in workbook.infolist():
            if part.filename.endswith(_XML):
                try:
                    with workbook.open(part) as file:
                        _check_part(iter(partial(file.read, _STEP), b""), part.compress_size)
                except (ReadError, MemoryError):
                    raise
                except Exception as error:  # zipfile and zlib fail on damaged parts in as many ways
                    raise _damaged(error) from None


def _check_part(pieces: Iterable[bytes], packed: int) -> None:
    """Refuse XML that would take a multiple of its size in memory: it unpacks to too much, has too many texts, or too many elements in a row.

    >>> _check_part([b"<row><c/><c/></row>"] * 9, 99)
    """
    out = elements = texts = 0
    for piece in pieces:
        out += len(piece)
        refuse(out, max(packed, 1), MOST_BYTES)
        start = 0
        for end in _ENDS.finditer(piece):
            _few(elements + piece.count(b"<", start, end.start()))
            texts += end[1] == b"si"
            elements, start = 0, end.end()
        elements += piece.count(b"<", start)
        _few(elements)
        if texts > MOST_TEXTS:
            raise LimitError(f"the workbook has more than {MOST_TEXTS:,} different texts; split it or save it as CSV")


def _few(elements: int) -> None:
    if elements > MOST_ELEMENTS:
        raise LimitError(f"the workbook has more than {MOST_ELEMENTS:,} elements in one row, or beside the rows; save it as CSV")


def _pieces(book: Any, columns: Mapping[str, str], packed: int) -> Iterator[Parsed]:
    """Yield the rows of the sheets that are read, piece by piece."""
    chosen, others = _choose(book, columns)
    notes = list(dict.fromkeys(note for each in chosen for note in each.matched.notes))
    before = characters = 0
    for each in chosen:
        last = each.first
        if each is not chosen[0]:
            notes.append(f"sheet {each.sheet.title!r} was read, too: its row 1 counts as row {before + 1:,}")
        rows = _filled(each.sheet, width=len(each.names), first=each.first)
        while piece := _some(rows):
            last = piece[-1][0]
            parsed = _parsed(each, piece, before)
            characters += sum(len(cell) for values in parsed.columns.values() for cell in values if isinstance(cell, str))
            refuse(characters, packed, MOST_BYTES)
            yield parsed
        before += last
    if others:
        notes.append(f"{'sheet' if len(others) == 1 else 'sheets'} {', '.join(map(repr, others))} not read: no column for the text, or other columns")
    yield Parsed("excel@1", "Excel", {"text": []}, [], [], "row", notes=notes)


def _choose(book: Any, columns: Mapping[str, str]) -> tuple[list[_Sheet], list[str]]:
    """Return the sheets that are read, and the names of the others that hold something."""
    problem: ReadError | None = None
    chosen: list[_Sheet] = []
    others: list[str] = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        with _quiet():
            rows = _filled(sheet)
            (first, row), (_, below) = next(rows, (0, ())), next(rows, (0, ()))
        if not first:
            continue
        names: list[object] = ["" if cell is None else cell for cell in row]
        try:
            matched = match(names, columns)
        except ReadError as error:
            problem = problem or _titled(names, below, columns) or error
            others.append(sheet.title)
            continue
        if chosen and set(matched.found) != set(chosen[0].matched.found):
            others.append(sheet.title)
            continue
        chosen.append(_Sheet(sheet, first, names, matched))
    if not chosen:
        raise problem or ReadError("the workbook is empty")
    return chosen, others


def _titled(names: list[object], below: _Cells, columns: Mapping[str, str]) -> ReadError | None:
    """What is wrong with a first row of one cell above longer ones; None if it is no such row."""
    if len(names) > 1 or sum(cell is not None for cell in below) < 2:
        return None
    try:
        match([*names, *[""] * (len(below) - 1)], columns)
    except ReadError as error:
        return error
    return None


def _filled(sheet: Any, *, width: int | None = None, first: int = 0) -> Iterator[tuple[int, _Cells]]:
    """Yield the rows below one that have a value in the first columns, with their numbers."""
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=width), start=1):
        if number > MOST_ROWS:
            raise LimitError(f"sheet {sheet.title!r} has more than {MOST_ROWS:,} rows; split it or save it as CSV")
        if number * (width or 1) > MOST_CELLS:
            raise LimitError(f"sheet {sheet.title!r} has more than {MOST_CELLS:,} cells; save it as CSV")
        if number > first and any(cell is not None for cell in row):
            yield number, row


def _some(rows: Iterator[tuple[int, _Cells]]) -> list[tuple[int, _Cells]]:
    """Return the next rows, up to the size of a piece."""
    piece: list[tuple[int, _Cells]] = []
    characters = 0
    with _quiet():
        for number, row in rows:
            piece.append((number, row))
            characters += sum(len(cell) if isinstance(cell, str) else 1 for cell in row)
            if characters >= streams.PIECE_CHARACTERS or len(piece) >= streams.PIECE_RECORDS:
                break
    return piece


def _parsed(each: _Sheet, rows: list[tuple[int, _Cells]], before: int) -> Parsed:
    values: dict[str, list[object]] = {}
    for ours, position in each.matched.found.items():
        values[ours] = [_unescape(row[position]) if position < len(row) else None for _, row in rows]
    if "kind" not in values and headlines(each.names, each.matched):
        values["kind"] = ["headline"] * len(rows)
    numbers = [before + number for number, _ in rows]
    return Parsed("excel@1", "Excel", values, numbers, [f"-{n}" for n in numbers], "row")


def _unescape(value: object) -> object:
    """Undo Excel's writing of control characters: ``_x000D_`` for a carriage return."""
    if isinstance(value, str) and "_x" in value:
        return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), value)
    return value
