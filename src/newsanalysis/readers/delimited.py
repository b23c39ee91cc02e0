"""CSV and TSV: cells between commas, semicolons, tabs or bars; the first row names the columns.

A quotation mark at the start of a cell either is CSV quoting (RFC 4180: the cell ends with a mark, marks inside are doubled) or belongs to the text. Which of
the two is decided once a file, by what its first cells with such a mark show; see `_is_quoting`. Cells that break the rule keep their marks,
and the row is noted.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from newsanalysis.readers import streams
from newsanalysis.readers.columns import KEYS, TITLED, Match, headlines, key, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.text import decode

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ONE_COLUMN = "\x1f"  # a character that stands in no news: the line is one cell
_TEXT_MARKS = "quotation marks belong to the texts here, they do not enclose cells"
_BROKEN = "a quotation mark opens a cell and does not end it; the cell was read with its marks as they stand"
_SWALLOWED = "a quotation mark opens in this row and never closes; {} below it read as rows of their own; close it or double it"
_CUT = "a quotation mark opens in this row and never closes; {} lines were read as one cell; close it or double it"
_UNDOUBLED = "quotation marks inside a cell in quotation marks are not doubled; they were kept"
MOST_COLUMNS = 16_384  # as many as a sheet of Excel can have
_LOOK = 2**20  # characters from the first quotation mark on by which it is decided what these marks are
_MOST_TRIED = 2**25  # characters that may be read in vain for quotation marks that close wrongly; then no cell has more than a line
_NAME = 100  # characters: what is longer is no name of a column
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}.{0,20}|https?://.+")
_SAMPLE = 100  # lines that tell whether they are rows
_Read = tuple[list[list[str]], list[int], list[tuple[int, str]], list[tuple[int, str]]]  # rows, their numbers, skipped, mended


class _Header(NamedTuple):
    """The names of the columns, which are ours, and what parts them."""

    names: list[str]
    matched: Match
    delimiter: str


_USUAL = frozenset().union(*KEYS.values())


@contextmanager
def _huge_cells(most: int) -> Iterator[None]:
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


def read_delimited(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read one CSV or TSV file.

    Yields
    ------
    Parsed
        One record a row; rows are counted from 1 with the header, as a spreadsheet shows them. Rows with too few cells are
        mended, rows with too many are skipped, for nobody can say which cell is the text. Large files come piece by piece.

    Raises
    ------
    ReadError
        The file is empty, has no column for the text, or is no text.
    """
    if streams.large(path):
        text = streams.Text(path)
        for parsed in _pieces(text.lines(), columns, text.encoding):
            yield parsed
        yield _note(parsed, text.note)
        return
    decoded = decode(read_whole(path))
    whole = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not whole.strip():
        raise ReadError("the file is empty")
    for parsed in _pieces(_lines(whole), columns, decoded.encoding):
        yield parsed
    yield _note(parsed, decoded.note)


def _note(last: Parsed, note: str | None) -> Parsed:
    """Return what is to be said of the encoding, when all has been read."""
    return Parsed(last.reader, last.format, {"text": []}, [], [], last.unit, notes=[note] if note else [], encoding=last.encoding)


def _lines(text: str) -> Iterator[str]:
    start = 0
    while end := text.find("\n", start) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _pieces(lines: Iterator[str], columns: Mapping[str, str], encoding: str) -> Iterator[Parsed]:
    """Yield the rows of a file, piece by piece."""
    feed = _Feed(lines)
    number, delimiter = 0, None
    while (ahead := feed.ahead(1)) and (ahead[0] == "\n" or (not number and re.fullmatch(r"sep=(.)\n", ahead[0]))):
        delimiter = ahead[0][4] if ahead[0] != "\n" else delimiter
        next(feed)
        number += 1
    delimiter = delimiter or guess_delimiter("".join(feed.ahead(2**16)), columns)
    table = _Table(feed, delimiter)
    with _huge_cells(streams.MOST_LINE):
        names, _ = next(table)
    if len(names) > MOST_COLUMNS:
        raise LimitError(f"the first row has {len(names):,} cells, more than the {MOST_COLUMNS:,} columns that a table can have here")
    number += 1
    header = _Header(names, _matched(names, columns, feed), delimiter)
    table.width = len(names)
    more = True
    while more:
        with _huge_cells(streams.MOST_LINE):
            read, number, more = _some(table, number)
        yield _parsed(header, read, encoding, [] if more else [*header.matched.notes, *([_TEXT_MARKS] if table.quoting is False else [])])


def _matched(names: list[str], columns: Mapping[str, str], feed: _Feed) -> Match:
    """Match the columns; where none holds the text, say also what the first row or one below it looks like."""
    try:
        return match(names, columns)
    except ReadError as error:
        below = [line.rstrip("\n") for line in feed.ahead(2**14)[:20]]
        for line in below:
            for delimiter in _DELIMITERS if len(line) < 1_000 else ():
                if _names(line, delimiter, columns):
                    why = str(error).removesuffix(f"; {TITLED}")
                    raise ReadError(f"{why}; the row {line[:60]!r} below looks like the names of the columns: delete what stands above it") from None
        if len(names) == 1 and _cut_alike(below):
            raise _refused([*names, ""], columns) from None
        if any(len(name) > _NAME or _DATE.fullmatch(name.strip()) for name in names):
            raise ReadError(f"{error}; the first row looks like an article, not like names: write the names of the columns above it") from None
        raise


def _refused(names: list[str], columns: Mapping[str, str]) -> ReadError:
    """What is wrong with columns none of which holds the text."""
    try:
        match(names, columns)
    except ReadError as error:
        return error
    raise AssertionError


def _cut_alike(lines: list[str]) -> bool:
    """Whether several lines are cut into as many cells by one delimiter.

    >>> _cut_alike(["Nr;Wortlaut", "1;Es regnet."]), _cut_alike(["It rained, again.", "It was dry."])
    (True, False)
    """
    told = [line for line in lines[:5] if line.strip()]
    return len(told) > 1 and any(len(counts) == 1 and 0 not in counts for counts in ({line.count(one) for line in told} for one in _DELIMITERS))


def _names(line: str, delimiter: str, columns: Mapping[str, str]) -> bool:
    cells = line.split(delimiter)
    try:
        return len(cells) > 1 and bool(match([cell.strip('"') for cell in cells], columns))
    except ReadError:
        return False


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


def _some(table: _Table, number: int) -> tuple[_Read, int, bool]:
    """Return the next rows, up to the size of a piece, the number of the last, and whether there may be more."""
    read: _Read = [], [], [], []
    rows, _, skipped, mended = read
    characters = 0
    while characters < streams.PIECE_CHARACTERS and len(rows) + len(skipped) < streams.PIECE_RECORDS:
        try:
            row, note = next(table)
        except StopIteration:
            return read, number, False
        number += 1
        characters += sum(map(len, row)) + 1
        if note:
            mended.append((number, note))
        _put(number, row, table, read)
    return read, number, True


def _put(n: int, row: list[str], table: _Table, read: _Read) -> None:
    """Put a row where it belongs: rows without a value are passed over."""
    rows, numbers, skipped, mended = read
    width = table.width
    if not any(row):
        return
    if len(row) > width and any(row[width:]):
        mark = _DELIMITERS.get(table.delimiter, "delimiter")
        skipped.append((n, f"{len(row)} cells for {width} columns; put cells that hold a {mark} in quotation marks"))
        return
    if len(row) < width:
        mended.append((n, f"{len(row)} cells for {width} columns; the last {width - len(row)} taken as missing"))
        row += [""] * (width - len(row))
    rows.append(row)
    numbers.append(n)


class _Feed:
    """Lines for the csv module: those of the record that is being read are known and can be given back, those to come can be looked at."""

    def __init__(self, lines: Iterable[str], most: int = _MOST_TRIED) -> None:
        self._lines = iter(lines)
        self._ahead: deque[str] = deque()
        self._error: ReadError | None = None
        self._left = most
        self.record: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.record and self._left < 0:
            raise StopIteration
        if not self._ahead and self._error:
            raise self._error
        line = self._ahead.popleft() if self._ahead else next(self._lines)
        self.record.append(line)
        return line

    def give_back(self) -> None:
        """Give back all lines of the record but the first."""
        self._left -= sum(map(len, self.record[1:]))
        self._ahead.extendleft(reversed(self.record[1:]))
        del self.record[1:]

    def ahead(self, characters: int) -> list[str]:
        """Return the next lines, as many as have so many characters; there they stay."""
        lines: list[str] = []
        have = 0
        for line in self._ahead:
            if have >= characters:
                return lines
            lines.append(line)
            have += len(line)
        while have < characters and not self._error:
            try:
                line = next(self._lines)
            except StopIteration:
                break
            except ReadError as error:  # told when its turn comes
                self._error = error
                break
            have += len(line)
            lines.append(line)
            self._ahead.append(line)
        return lines

    def try_ahead(self, characters: int) -> list[str]:
        """Return the next lines as `ahead` does, as long as not too many were looked at in vain."""
        self._left -= characters
        return self.ahead(characters) if self._left > 0 else []

    def succeeded(self, characters: int) -> None:
        """Say that `try_ahead` was not in vain."""
        self._left += characters


class _Table:
    """The rows of a table, each with what is to be said about its quotation marks, or ""."""

    def __init__(self, feed: _Feed, delimiter: str) -> None:
        self.delimiter = delimiter
        self.width = 0  # 0 before the header is read
        self.quoting: bool | None = None  # None before the first cell that begins with a quotation mark
        self._feed = feed
        self._cells = _patterns(delimiter)
        self._n = 0
        self._reader = self._new()

    def _new(self) -> Iterator[list[str]]:
        return csv.reader(self._feed, delimiter=self.delimiter, strict=True)

    def __next__(self) -> tuple[list[str], str]:
        feed = self._feed
        feed.record.clear()
        if self.quoting is None and any('"' in line and self._cells.opens.search(line) for line in feed.ahead(1)):
            self.quoting = _is_quoting(feed.ahead(_LOOK), self.delimiter, self.width, first=self._n < 2)
        self._n += 1
        if self.quoting is False:
            line = next(feed).removesuffix("\n")
            row = line.split(self.delimiter)
            return row, _BROKEN if '"' in line and any(cell.startswith('"') and cell.count('"') % 2 for cell in row) else ""
        try:
            row = next(self._reader)
        except csv.Error as error:
            return self._mended(error)
        if len(feed.record) > 1 and _rows_inside(feed.record, self._cells, self.width):
            return self._first(len(feed.record) - 1)
        return row, ""

    def _first(self, below: int) -> tuple[list[str], str]:
        """Return the first line of what was read as one record as a row; the lines below it are read anew."""
        self._feed.give_back()
        note = _SWALLOWED.format("the line" if below == 1 else f"the {below:,} lines") if below else _BROKEN
        return [cell for cell, _ in self._cells.split(self._feed.record[0])], note

    def _mended(self, error: csv.Error) -> tuple[list[str], str]:
        """Read a record that breaks the rule of quotation marks."""
        self._reader = self._new()
        feed, cells, record = self._feed, self._cells, self._feed.record
        below = len(record) - 1
        if below and "limit" in str(error):
            return self._first(below)
        if below and _like_rows(record[1:], cells, self.width):
            return self._first(below)
        if below and "unexpected end" in str(error) and not feed.ahead(1):
            return cells.open_end("".join(record)), _CUT.format(f"{below + 1:,}")
        feed.give_back()
        line = record[0]
        row = [cell for cell, _ in cells.split(line)]
        after = feed.ahead(1)
        if after and self.width and not _like_rows(after, cells, self.width) and not (_shape(row[0]) and _shape(row[0]) == _shape(cells.split(after[0])[0][0])):
            several, lines = cells.loose("".join([line, *feed.try_ahead(2**16)]))
            if lines and len(several) == self.width and not _like_rows(feed.ahead(2**16)[:lines], cells, self.width):
                for _ in range(lines):
                    next(feed)
                feed.succeeded(2**16)
                return several, _UNDOUBLED
        loose, lines = cells.loose(line)
        if len(row) != self.width == len(loose) and not lines:
            return loose, _UNDOUBLED
        return row, _BROKEN


class _Patterns(NamedTuple):
    """How a line is cut into cells: by the rule, and where the rule is broken."""

    opens: re.Pattern[str]
    strict: re.Pattern[str]
    unruly: re.Pattern[str]
    open_cell: re.Pattern[str]

    def split(self, line: str) -> list[tuple[str, bool]]:
        """Cut one line: cells that keep the rule are taken from their marks (and True), others stay as they are."""
        return [(found[2], False) if found[1] is None else (found[1].replace('""', '"'), True) for found in _each(self.strict, line.removesuffix("\n"))]

    def loose(self, text: str) -> tuple[list[str], int]:
        """Cut the first record of a text in which marks inside marks are not doubled; return its cells, and how many line breaks it has."""
        cells, end = [], 0
        for found in _each(self.unruly, text):
            cells.append(found[2] if found[1] is None else found[1].replace('""', '"'))
            end = found.end(2) if found[1] is None else found.end(1)
        return cells, text.count("\n", 0, end)

    def open_end(self, text: str) -> list[str]:
        """Cut a record whose last cell opens and never ends."""
        cells = []
        for found in _each(self.open_cell, text):
            cells.append(found[2] if found[1] is None else found[1].removesuffix('"').removesuffix("\n").replace('""', '"'))
        return cells


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield cell by cell, up to the end of the record."""
    position = 0
    while found := pattern.match(text, position):
        yield found
        if not found[3] or found[3] == "\n":
            return
        position = found.end()


def _patterns(delimiter: str) -> _Patterns:
    d = re.escape(delimiter)
    plain = rf"([^{d}\n]*)"
    tail = rf"{d}|\n|\Z"
    end = f"({tail})"
    return _Patterns(
        re.compile(f'(?:^|{d})"'),
        re.compile(rf'(?:"((?:[^"]|"")*+)"(?={tail})|{plain}){end}'),
        re.compile(rf'(?:"((?:[^"]|""|"(?!{tail}))*+)"(?={tail})|{plain}){end}'),
        re.compile(rf'(?:"((?:[^"]|"")*+(?:"(?={tail})|\Z))|{plain}){end}'),
    )


def _is_quoting(lines: Sequence[str], delimiter: str, width: int, *, first: bool) -> bool:
    """Say whether quotation marks at the start of cells enclose them, or belong to the texts.

    They enclose if a cell shows that it needs them (it holds a delimiter, a line break, or marks that are doubled), if a column's name has them, if all
    cells of a column have them, or if just the cells with a blank (or a comma) have them. Where nothing shows, they enclose in CSV if all cells
    keep the rule, and belong to the text in TSV, which has no quoting of its own.
    """
    cells = _patterns(delimiter)
    feed = _Feed(lines, 8 * _LOOK)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    marked: list[str] = []
    bare: list[str] = []
    by_column: Counter[tuple[int, bool]] = Counter()
    broken = False
    cut = sum(map(len, lines)) >= _LOOK
    while True:
        feed.record.clear()
        try:
            next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if cut and "unexpected end" in str(error):
                break
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
        else:
            if len(feed.record) > 1 and not _rows_inside(feed.record, cells, width):
                return True
        feed.give_back()
        line = feed.record[0].removesuffix("\n")
        for position, found in enumerate(_each(cells.strict, line)):
            cell = found[2] if found[1] is None else found[1]
            if found[1] is None:
                broken = broken or cell.startswith('"')
                bare.append(cell)
            elif not width or '""' in cell or (delimiter in cell and line.count(delimiter) + 1 != width):
                return True
            elif cell:
                marked.append(cell)
            by_column[position, found[1] is not None] += bool(cell)
    if first and any(n > 1 and not by_column[position, False] for (position, marks), n in by_column.items() if marks):
        return True
    if broken:
        return False
    return delimiter != "\t" or (len(marked) > 2 and any(all(sign in cell for cell in marked) and not any(sign in cell for cell in bare) for sign in " ,"))


def _rows_inside(record: Sequence[str], cells: _Patterns, width: int) -> bool:
    """Say whether a record of several lines that keeps the rule is rather several rows, of which the first has a mark that a later one closes.

    Each line then has as many cells as there are columns, and what begins and ends rows (an id, a date) has the same shape in each.
    """
    if width < 2:
        return False
    own = [_shape(cell) for cell, _ in cells.split(record[0])]
    lines = [[cell for cell, _ in cells.split(line)] for line in [*record[1:_SAMPLE], *record[_SAMPLE:][-1:]] if line.strip()]
    if len(own) != width or not lines or any(cell.startswith('"') for cell in lines[-1]):
        return False
    least = width
    for line in lines:
        same = sum(a is not None and a == _shape(b) for a, b in zip(own, line, strict=False))
        if len(line) != width or any(cell[:1] == " " for cell in line) or (not same and any(own)):
            return False
        least = min(least, same)
    return len(lines) > 2 or (any(own) and (len(lines) > 1 or least > 1))


def _like_rows(lines: Sequence[str], cells: _Patterns, width: int) -> bool:
    """Say whether at least half of some lines, of which it is known that they do not belong to one cell by the rule, are rows."""
    there = [[cell for cell, _ in cells.split(line)] for line in lines[:_SAMPLE] if line.strip()]
    rows = sum(len(line) == width and (width == 1 or not any(cell[:1] == " " for cell in line)) for line in there)
    return bool(there) and rows * 2 >= len(there)


def _shape(cell: str) -> str | None:
    """Return how a short cell with digits is built, such as an id, a date or an address; None of any other.

    >>> _shape("2024-05-01"), _shape("a7"), _shape("Rain fell.")
    ('0-0-0', 'a0', None)
    """
    cell = cell.strip('"')
    if cell.startswith(("http://", "https://")):
        return "address"
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", cell)) if len(cell) <= 40 and re.search(r"\d", cell) else None
