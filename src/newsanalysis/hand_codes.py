"""Hand codes: coding sheets back from the coders, checked cell by cell."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from newsanalysis.sheets import CODEBOOK, HEADING, TEXTS, as_text, check_of, read_cells
from newsanalysis.tables import SHOWN, TableError
from newsanalysis.variables import Given, number_of, variables

COLUMNS = ("unit_id", "document_id", "coder", "variable", "value", "note", "level", "words")
PROBLEM = ("file", "sheet", "row", "column", "value", "problem", "remedy")
LISTED = 5  # problems that a message lists
DEEP = 10  # rows in which the header is looked for
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-", "…": "..."})
_DATES = (re.compile(r"(?P<day>\d{1,2})[-. /]{1,2}(?P<month>[A-Za-z]{3})\.?"), re.compile(r"(?P<month>[A-Za-z]{3})[-. /]{1,2}(?P<day>\d{1,2})"))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
Allowed = dict[str, tuple[str, dict[str, str]]]  # variable -> its level, and its values by how they may be written


class _Place(NamedTuple):
    file: str
    sheet: str
    row: int | None  # as a spreadsheet counts


class _Coding(NamedTuple):
    """A worksheet with codes: where it is, its header and the rows below."""

    file: str
    sheet: str
    first: int
    header: list[str]
    rows: list[list[Any]]
    allowed: Allowed


class _Read(NamedTuple):
    """What was read so far."""

    codes: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    counts: dict[str, int]


def read_codes(
    paths: str | Path | Iterable[str | Path], *, codebook: Given | None = None, report: bool = False
) -> pd.DataFrame | tuple[pd.DataFrame, pd.DataFrame]:
    """Read filled-in coding sheets, and check every cell.

    Prints one line: how many cells for codes were found, kept, blank and wrong.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files that ``na.coding_sheet`` wrote, as their coders saved them (.xlsx, or .csv with commas, semicolons or tabs, in UTF-8, UTF-16 or
        ANSI), or a folder of them; all of one sample.
    codebook : DataFrame, str, Path or Codebook, optional
        What ``na.coding_sheet`` was given. Without it a workbook's own sheet ``codebook`` says which values there are.
    report : bool
        True returns the list of what is wrong beside the codes, which then lack those cells; False raises if anything is wrong.

    Returns
    -------
    DataFrame
        Hand codes, one row a code: unit_id, document_id, coder, variable, value (as the codebook writes it), note, level (of the variable, by the
        codebook; missing without one), words (what was coded, so that ``na.pairs`` can tell whether the sample is still the same). Blank cells have no
        row. With ``report=True`` also a table of problems: file, sheet, row (as the spreadsheet counts), column, value, problem, remedy.

    Raises
    ------
    TableError
        For what is wrong, first of all a value that the codebook does not have (the nearest is named), a row that is gone, doubled or whose words or
        ids were changed, a column that is gone, one cell coded differently in two files. Always for files that cannot be read, that are no
        coding sheets, or that are of different samples.

    Notes
    -----
    Taken as meant: spaces around a value, capital letters, curly quotation marks and dashes, a label in place of its value, 1.0 for 1, and a date that
    Excel made of a value such as 1-2, if only one value can be meant.

    Examples
    --------
    >>> import tempfile
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> drawn = na.sample(found.attributions, n=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = na.coding_sheet(drawn, found, folder + "/coding.xlsx", codebook="ukraine_war")
    ...     codes = read_codes(files)
    coding.xlsx: 2 cells for codes found: 0 kept, 2 blank, 0 wrong.
    """
    files = _files(paths)
    scheme = None if codebook is None else _allowed(variables(codebook))
    read = _Read([], [], {"found": 0, "blank": 0, "wrong": 0})
    sheets = [coding for file in files for coding in _codings(file, scheme)]
    seen: dict[str, dict[str, set[str]]] = {}
    for coding in sheets:
        _read_sheet(coding, read, seen)
    if len(seen) > 1:
        (one, of_one), (two, of_two), *_ = seen.items()
        raise TableError(
            f"read_codes: {min(of_one['files'])} and {min(of_two['files'])} are of different samples ({one}; {two}); read each sample's sheets by themselves."
        )
    _rows_gone(sheets, read, seen)
    codes = _once(read)
    problems = pd.DataFrame(read.problems, columns=list(PROBLEM)).astype({"row": "Int64"})
    n = read.counts
    names = ", ".join(file.name for file in files[:3]) + (f" and {len(files) - 3} more" if len(files) > 3 else "")
    print(f"{names}: {n['found']} cells for codes found: {len(codes)} kept, {n['blank']} blank, {n['found'] - n['blank'] - len(codes)} wrong.")
    if report:
        return codes, problems
    if len(problems):
        raise TableError(_message(problems))
    return codes


def _files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    given = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    files: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if p.suffix.lower() in (".xlsx", ".xlsm", ".csv") and not p.name.startswith(("~$", "."))]
            files += [p for p in inside if not p.stem.endswith("_codebook")]
        else:
            files.append(path)
    if not files:
        raise TableError("read_codes: there are no coding sheets; give .xlsx or .csv files that na.coding_sheet wrote.")
    return list(dict.fromkeys(files))


# --- a file's sheets ----------------------------------------------------------------------------------------------------


def _codings(file: Path, scheme: Allowed | None) -> Iterator[_Coding]:
    sheets = read_cells(file)
    if scheme is None:
        own = next((sheet.rows for sheet in sheets if sheet.name.strip().lower() == CODEBOOK), None)
        scheme = _own_codebook(own, file) if own else {}
    found = False
    for sheet in sheets:
        for first, row in enumerate(sheet.rows[:DEEP], 1):
            header = [as_text(cell).strip() for cell in row]
            if {"unit_id", "document_id"} <= set(header):
                found = True
                if absent := [name for name in ("unit", "sheet", "check") if name not in header]:
                    raise TableError(f"{file}, row {first}: column {absent[0]!r} is gone; put it back from the sheet as it was written.")
                yield _Coding(file.name, sheet.name, first, header, sheet.rows[first:], scheme)
                break
    if not found:
        raise TableError(f"{file}: it is no coding sheet: no row has the headings unit_id and document_id; give a file that na.coding_sheet wrote.")


def _own_codebook(rows: list[list[Any]], file: Path) -> Allowed:
    header = [as_text(cell).strip() for cell in rows[0]]
    listed = [[as_text(cell).strip() for cell in row] for row in rows[1:]]
    try:
        return _allowed(variables(pd.DataFrame([row for row in listed if any(row)], columns=header)))
    except ValueError as error:
        raise TableError(f"{file}, sheet {CODEBOOK!r}: {error}") from None


def _allowed(scheme: pd.DataFrame) -> Allowed:
    """For each variable its level, and its values by the ways to write them; what two values could mean is left out."""
    allowed: Allowed = {}
    for name, rows in scheme.groupby("variable", sort=False):
        ways: dict[str, str] = {}
        for column in ("label", "value"):  # a value goes before another's label
            folded = rows[column].map(fold)
            clear = ~folded.duplicated(keep=False) | (column == "value")
            ways |= {way: value for way, value, usable in zip(folded, rows["value"], clear, strict=True) if usable and way and value}
        allowed[str(name)] = rows["level"].iloc[0], ways
    return allowed


def fold(text: str) -> str:
    """Return a text as it is compared: no capitals, outer or doubled spaces, invisible signs, curly marks.

    >>> fold(" Don’t\u00a0 know ")
    "don't know"
    """
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_PLAIN).split()).casefold()


def _read_sheet(coding: _Coding, read: _Read, seen: dict[str, dict[str, set[str]]]) -> None:
    at = {name: number for number, name in reversed(list(enumerate(coding.header)))}
    headings = [(name, match["variable"], match["coder"].strip()) for name in coding.header if name and (match := HEADING.fullmatch(name))]
    headings = [(name, variable.strip(), coder) for name, variable, coder in dict.fromkeys(headings)]
    _columns(coding, headings, read)
    for number, row in enumerate(coding.rows, coding.first + 1):
        cells = {name: row[place] if place < len(row) else None for name, place in at.items()}
        place = _Place(coding.file, coding.sheet, number)
        if not any(as_text(cell).strip() for cell in row):
            continue
        ids = as_text(cells["unit_id"]), as_text(cells["document_id"])
        sample = as_text(cells["sheet"]).strip()
        words = as_text(cells.get("content")) or as_text(cells["unit"])
        good = check_of(*ids, *(as_text(cells[name]) for name in TEXTS if name in at)) == as_text(cells["check"]).strip()
        if good:
            known = seen.setdefault(sample, {"files": set(), "units": set()})
            known["files"].add(coding.file)
            known["units"].add(ids[0])
        else:
            remedy = "Put the row's words and grey cells back as they were written (if rows were sorted, sort all columns together)."
            _problem(read, place, ("unit_id", ids[0]), ("The row's words, ids or check are not those that were written.", remedy))
        for heading, variable, coder in headings:
            if variable == "note":
                continue
            read.counts["found"] += 1
            value = _value(cells[heading], (place, heading), coding.allowed.get(variable), read)
            if value is None:
                read.counts["blank"] += not as_text(cells[heading]).strip()
            elif good:
                note = as_text(cells.get(f"note [{coder}]")).strip() or None
                level = coding.allowed[variable][0] if variable in coding.allowed else None
                code = (*ids, coder, variable, value, note, level, words)
                read.codes.append(dict(zip(COLUMNS, code, strict=True)) | {"place": place, "column": heading})


def _columns(coding: _Coding, headings: list[tuple[str, str, str]], read: _Read) -> None:
    """Columns that are gone, doubled or unknown."""
    place = _Place(coding.file, coding.sheet, coding.first)
    for name in sorted({name for name in coding.header if name and coding.header.count(name) > 1}):
        _problem(read, place, (name, name), ("The heading stands there twice.", "Keep one of the columns."))
    coders = list(dict.fromkeys(coder for _, _, coder in headings))
    present = {(variable, coder) for _, variable, coder in headings}
    for variable in coding.allowed:
        if not any(variable == name for name, _ in present):
            near = get_close_matches(variable, [name for name in coding.header if name], n=1, cutoff=0.5)
            hint = f"Is it {near[0]!r}? " if near else ""
            problem = f"No column is headed '{variable} [coder]'."
            _problem(read, place, (variable, ""), (problem, f"{hint}Put the heading back: {variable} [{coders[0] if coders else 'A'}]."))
    for heading, variable, _ in headings:
        if coding.allowed and variable not in coding.allowed and variable != "note":
            _problem(read, place, (heading, variable), (f"The codebook has no variable {variable!r}.", "Give the codebook that the sheet was written with."))


def _problem(read: _Read, place: _Place, cell: tuple[str, str], said: tuple[str, str]) -> None:
    read.problems.append(dict(zip(PROBLEM, (*place, *cell, *said), strict=True)))


def _rows_gone(sheets: list[_Coding], read: _Read, seen: dict[str, dict[str, set[str]]]) -> None:
    for sample, known in seen.items():
        n = int(found[1]) if (found := re.search(r" of (\d+)$", sample)) else 0
        for coding in sheets:
            at, number = coding.header.index("unit_id"), coding.header.index("no") if "no" in coding.header else None
            there = {as_text(row[at]) for row in coding.rows if at < len(row) and as_text(row[at])}
            if (gone := n - len(there)) > 0:
                numbers = {as_text(row[number]).strip() for row in coding.rows if number is not None and number < len(row)}
                first = next((str(no) for no in range(1, n + 1) if str(no) not in numbers), "?")
                named = sorted(known["units"] - there)
                value = named[0] if named else f"no {first}"
                rows = f"{gone} of {n} rows {'is' if gone == 1 else 'are'} gone, first no {first}."
                _problem(read, _Place(coding.file, coding.sheet, None), ("unit_id", value), (rows, "Put them back; a row that was not coded stays, blank."))


def _once(read: _Read) -> pd.DataFrame:
    """The codes, each unit once for each coder and variable; where two cells differ, neither."""
    codes = pd.DataFrame(read.codes, columns=[*COLUMNS, "place", "column"])
    key = ["unit_id", "coder", "variable"]
    for _, rows in codes[codes.duplicated(key, keep=False)].groupby(key, sort=False):
        first, second = rows.iloc[0], rows.iloc[1]
        where = f"{first['place'].file}, row {first['place'].row}"
        same = len(set(rows["value"])) == 1
        problem = f"{first['unit_id']!r} is there twice for coder {first['coder']} ({where}: {first['value']!r})."
        _problem(read, second["place"], (second["column"], second["value"]), (problem, "Delete one of the rows." if same else "Decide which code holds."))
    differing = codes.groupby(key)["value"].transform("nunique") > 1 if len(codes) else codes["value"].notna()
    kept = codes[~differing].drop_duplicates(key)
    return kept[list(COLUMNS)].astype("str").where(kept[list(COLUMNS)].notna()).sort_values(["variable", *key[:2]], kind="stable", ignore_index=True)


# --- a cell -------------------------------------------------------------------------------------------------------------


def _value(cell: Any, where: tuple[_Place, str], allowed: tuple[str, dict[str, str]] | None, read: _Read) -> str | None:
    """The codebook's value that a cell means; None, and a problem, if it means none; None for a blank."""
    text = _INVISIBLE.sub("", as_text(cell)).strip()
    if not text:
        return None
    level, ways = allowed or ("nominal", {})
    place, heading = where
    if not ways:
        number = number_of(text) if level == "interval" else None
        if level != "interval":
            return " ".join(text.split())
        if number is not None:
            return str(int(number)) if number.is_integer() else repr(number)
        _problem(read, place, (heading, text[:SHOWN]), ("A number is needed.", "Write it in digits, such as 3 or 2.5."))
        return None
    meant = {ways[way] for way in _ways(cell, text) if way in ways}
    if not meant and (number := number_of(text)) is not None:
        meant = {value for value in ways.values() if number_of(value) == number}
    if len(meant) == 1:
        return meant.pop()
    near = get_close_matches(fold(text), list(ways), n=1, cutoff=0.5)
    values = list(dict.fromkeys(ways.values()))
    listed = ", ".join(values[:8]) + (" …" if len(values) > 8 else "")
    dated = isinstance(cell, datetime.date) or any(pattern.fullmatch(text) for pattern in _DATES)
    hint = "Excel made a date of it: format the cell as text and write the value again. " if dated else ""
    said = f"{hint}Is {ways[near[0]]!r} meant? " if near and not dated else hint
    _problem(read, place, (heading, text[:SHOWN]), ("The codebook has no such value.", f"{said}Values: {listed}."))
    return None


def _ways(cell: Any, text: str) -> Iterator[str]:
    """What a cell may mean: its text or, if Excel made a date of a value such as 1-2, the value in both orders."""
    yield fold(text)
    day, month = None, None
    if isinstance(cell, datetime.date):
        day, month = cell.day, cell.month
        yield fold(cell.strftime("%Y-%m-%d"))
    else:
        for pattern in _DATES:
            if (found := pattern.fullmatch(text)) and found["month"].lower() in _MONTHS:
                day, month = int(found["day"]), _MONTHS.index(found["month"].lower()) + 1
    if day and month:
        for mark in "-/.":
            yield f"{day}{mark}{month}"
            yield f"{month}{mark}{day}"


def _message(problems: pd.DataFrame) -> str:
    lines = []
    for row in problems.head(LISTED).to_dict("records"):
        place = [str(row["file"]), f"sheet {row['sheet']!r}" if row["sheet"] else "", "" if pd.isna(row["row"]) else f"row {row['row']}"]
        where = ", ".join(part for part in (*place, f"column {row['column']!r}") if part)
        lines.append(f"{where}: {row['value']!r}. {row['problem']} {row['remedy']}")
    more = len(problems) - LISTED
    rest = f"\n... and {more} more" if more > 0 else ""
    n = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
    return f"read_codes: {n}; report=True lists them all, and keeps what is right.\n" + "\n".join(lines) + rest
