"""Excel workbooks (.xlsx): one sheet, the first row names the columns; formulas count by their value."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsanalysis.readers.columns import Match, headlines, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import read_whole

MOST_BYTES = 2**30
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read_excel(path: Path, columns: Mapping[str, str]) -> Parsed:
    """Read the first sheet of a workbook that has a column for the text.

    Returns
    -------
    Parsed
        One record a row, by the row's number in the sheet. Other sheets are named in the notes.

    Raises
    ------
    ReadError
        No workbook, larger than 1 GB when unpacked, empty, or without a column for the text.
    """
    workbook = io.BytesIO(read_whole(path))  # openpyxl refuses paths with other suffixes
    _check_size(workbook)
    try:
        sheets = _sheets(workbook)
    except Exception as error:  # openpyxl fails on damaged workbooks in a dozen ways
        raise ReadError(f"the workbook is damaged or no .xlsx ({type(error).__name__}); open and save it again as .xlsx") from None
    if not sheets:
        raise ReadError("the workbook is empty")
    title, first, names, rows, matched = _choose(sheets, columns)
    others = [name for name in sheets if name != title]
    notes = [*matched.notes, *([f"sheet {title!r} was read, not {', '.join(map(repr, others))}"] if others else [])]
    numbered = [(n, row) for n, row in enumerate(rows, start=first + 1) if any(cell is not None for cell in row)]
    values: dict[str, list[object]] = {}
    for ours, position in matched.found.items():
        values[ours] = [_unescape(row[position]) if position < len(row) else None for _, row in numbered]
    if "kind" not in values and headlines(names, matched):
        values["kind"] = ["headline"] * len(numbered)
    numbers = [n for n, _ in numbered]
    return Parsed("excel@1", "Excel", values, numbers, [f"-{n}" for n in numbers], "row", notes=notes)


def _check_size(raw: io.BytesIO) -> None:
    try:
        with zipfile.ZipFile(raw) as workbook:
            size = sum(part.file_size for part in workbook.infolist())
    except zipfile.BadZipFile:
        raise ReadError("no .xlsx workbook (old .xls and workbooks with a password are not read); save it as .xlsx without a password") from None
    if size > MOST_BYTES:
        raise ReadError(f"the workbook unpacks to {size:,} bytes, more than the limit of {MOST_BYTES:,}; split it or save it as CSV")


def _sheets(raw: io.BytesIO) -> dict[str, tuple[int, list[tuple[Any, ...]]]]:
    """Return for each sheet with values the number of its first row that has some, and the rows from there."""
    import openpyxl

    sheets = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(raw, read_only=True, data_only=True)
        try:
            for sheet in workbook.worksheets:
                sheet.reset_dimensions()
                rows = list(sheet.iter_rows(values_only=True))
                first = next((i for i, row in enumerate(rows) if any(cell is not None for cell in row)), None)
                if first is not None:
                    sheets[sheet.title] = (first + 1, rows[first:])
        finally:
            workbook.close()
    return sheets


def _choose(sheets: Mapping[str, tuple[int, list[tuple[Any, ...]]]], columns: Mapping[str, str]) -> tuple[str, int, list[object], list[tuple[Any, ...]], Match]:
    """Return the first sheet with a column for the text, or say what the first sheet's columns are."""
    problem: ReadError | None = None
    for title, (first, rows) in sheets.items():
        names: list[object] = ["" if cell is None else cell for cell in rows[0]]
        try:
            return title, first, names, rows[1:], match(names, columns)
        except ReadError as error:
            problem = problem or error
    raise problem or ReadError("the workbook is empty")


def _unescape(value: object) -> object:
    """Undo Excel's writing of control characters: ``_x000D_`` for a carriage return."""
    if isinstance(value, str) and "_x" in value:
        return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), value)
    return value
