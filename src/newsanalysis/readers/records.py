"""From a file to clean records: what is the same whether a corpus is read into memory or in parts.

Texts are cleaned, metadata become plain texts, dates are read in both orders of day and month (which one holds is known when the whole file has been
read), and what happens on the way is noted with the file. Ids, duplicates and guessed languages come later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsanalysis.readers import dates, formats, languages
from newsanalysis.readers.columns import as_text
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.finding import Source
from newsanalysis.readers.text import REPLACED, clean, replace_forbidden

KINDS = ("article", "headline", "summary")
METADATA = ("title", "outlet", "author", "section", "url", "language")
_ANYTHING = (".html", ".htm", ".xhtml", ".xml", ".json", ".zip")  # suffixes that say how a file is written, not what it is
SKIPPED, KEPT = "skipped", "kept"
Row = tuple[int, str, str]


@dataclass(slots=True)
class File:
    """What became of a file: its format, what is to be said about it and its records, how many documents it gave.

    Parameters
    ----------
    label, stem : str
        Its name in the tables, and what made ids begin with.
    reason : str or None
        Why nothing of it was read.
    formats : list of str
        What it was read as: one, or of an archive several.
    misnamed : str
        What it was read as, where its suffix said otherwise.
    encoding, unit : str
        As of `Parsed`.
    notes : list of str
        What is to be said about the file as a whole.
    rows : list of (number, status, reason)
        Records skipped, and records kept although something was wrong.
    order : Order
        How its dates write day and month.
    kept, guessed : int
        Documents of it, and how many of them have a language that was guessed.
    passing : bool
        Whether what is wrong may pass: a library not installed, a disk that failed.

    Examples
    --------
    >>> File("news.csv", unit="row").record(3)
    'row 3'
    """

    label: str
    stem: str = ""
    reason: str | None = None
    formats: list[str] = field(default_factory=list)
    misnamed: str = ""
    encoding: str = "utf-8"
    unit: str = ""
    notes: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    order: dates.Order = field(default_factory=dates.Order)
    kept: int = 0
    guessed: int = 0
    passing: bool = False

    def record(self, number: int) -> str | None:
        """Name a record for people: 'row 3', 'line 7'; None if the file is one document."""
        return f"{self.unit} {number}" if self.unit else None

    @property
    def mended(self) -> int:
        """How many records were kept although something was wrong; 1 where that is known of the file only."""
        return len({number for number, status, _ in self.rows if status == KEPT}) or int(any(note.endswith(REPLACED) for note in self.notes))


@dataclass(slots=True)
class Piece:
    """Some clean records of one file, column by column.

    Parameters
    ----------
    texts, numbers, given, endings, kinds, readers : list
        One value a record; `given` is the id that the file gives, or None.
    month_first, day_first : list of int or None
        When it was published, in microseconds since 1970, for either order of day and month.
    metadata : dict
        Lists by column.
    """

    texts: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    given: list[str | None] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    month_first: list[int | None] = field(default_factory=list)
    day_first: list[int | None] = field(default_factory=list)
    metadata: dict[str, list[str | None]] = field(default_factory=lambda: {name: [] for name in METADATA})


def opened(source: Source) -> File:
    """Return the record of a file of which nothing is read yet."""
    return File(source.label, source.stem, source.reason)


def pieces(source: Source, file: File, columns: Mapping[str, str]) -> Iterator[Piece]:
    """Read a file, piece by piece.

    Parameters
    ----------
    source : Source
        Where it is.
    file : File
        What becomes of it is noted here; complete when the last piece has been taken.
    columns : dict
        Ours to theirs.

    Yields
    ------
    Piece
        Its records that have a text. A file that cannot be read gives none, and its reason; one that breaks off gives what stands before.
    """
    last: int | None = None
    try:
        for parsed in _parsed(source.path, file, columns):
            last = max(parsed.numbers, default=last)
            yield _piece(file, parsed)
    except ReadError as error:
        _broken(file, last, str(error), passing=isinstance(error, ImportError) or isinstance(error.__cause__ or error.__context__, OSError | MemoryError))
    except Exception as error:  # one file that a reader fails on must not cost the others
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        _broken(
            file, last, f"the reader failed on it ({what}), which is a fault of the reader: please report it", passing=isinstance(error, OSError | MemoryError)
        )
    if file.formats:
        file.notes += file.order.notes()
        _still_there(source, file)


def _still_there(source: Source, file: File) -> None:
    """Note that a file is not what it was when its hash was taken."""
    if not source.sha256:
        return
    try:
        status = source.path.stat()
        same = (status.st_size, status.st_mtime_ns) == (source.bytes, source.modified)
    except OSError:
        same = False
    if not same:
        file.notes.append("the file changed while the corpus was being read; run again")
        file.passing = True


def _broken(file: File, last: int | None, reason: str, *, passing: bool) -> None:
    """Note that a file could not be read, or not to its end."""
    file.passing = passing
    if not file.formats:
        file.reason = reason
        return
    where = f" after {file.record(last)}" if last is not None and file.unit else ""
    file.notes.append(f"broke off{where}: {reason}")


def _parsed(path: Path, file: File, columns: Mapping[str, str]) -> Iterator[Parsed]:
    try:
        head = formats.peek(path)
    except PermissionError as error:
        raise ReadError("permission to read the file is denied") from error
    except OSError as error:
        raise ReadError(f"the file cannot be read ({error.strerror or error})") from error
    except MemoryError:
        raise ReadError("the file is too large for the memory of this machine; split it") from None
    if not head:
        raise ReadError("the file is empty")
    format_ = formats.guess(path, head)
    suffix = formats.suffix_of(path)
    for parsed in formats.read_as(format_, path, columns):
        if suffix and suffix not in (*format_.suffixes, *_ANYTHING) and not file.formats:
            file.misnamed = parsed.format
            file.notes.append(f"read as {parsed.format}, which its suffix {suffix!r} does not say")
        yield parsed


def _piece(file: File, parsed: Parsed) -> Piece:
    """Clean the records of a file; those without a text are skipped and said."""
    if parsed.format not in file.formats:
        file.formats.append(parsed.format)
    file.unit = parsed.unit or file.unit
    file.encoding = parsed.encoding if parsed.encoding != "utf-8" else file.encoding
    file.notes += [note for note in parsed.notes if note not in file.notes]
    rows: list[Row] = [(number, SKIPPED, reason) for number, reason in parsed.skipped]
    rows += [(number, KEPT, reason) for number, reason in parsed.mended]
    kept: list[int] = []
    piece = Piece()
    for i, number in enumerate(parsed.numbers):
        try:
            text = as_text(parsed.columns["text"][i])
        except ReadError as error:
            rows.append((number, SKIPPED, f"the text is {error}"))
            continue
        if text is None:
            rows.append((number, SKIPPED, "the text is missing or blank"))
            continue
        text, mended = clean(text)
        if mended:
            rows.append((number, KEPT, mended))
        piece.texts.append(text)
        kept.append(i)
    skipped = {number for number, status, _ in rows if status == SKIPPED}
    rows = [row for row in rows if row[1] == SKIPPED or row[0] not in skipped]
    piece.numbers = [parsed.numbers[i] for i in kept]
    piece.endings = [parsed.endings[i] for i in kept]
    piece.readers = [parsed.reader] * len(kept)
    _add_metadata(piece, parsed, kept, rows)
    _add_dates(piece, file, parsed, kept, rows)
    file.rows += rows
    return piece


def _add_metadata(piece: Piece, parsed: Parsed, kept: Sequence[int], rows: list[Row]) -> None:
    none: list[object] = [None] * len(parsed.numbers)
    ids, kinds = (parsed.columns.get(name, none) for name in ("document_id", "kind"))
    piece.given = [_id(ids[i]) for i in kept]
    for name in METADATA:
        cells = parsed.columns.get(name)
        piece.metadata[name] = [None] * len(kept) if cells is None else [_plain(cells[i]) for i in kept]
    piece.metadata["language"] = [languages.normalised(value) if value is not None else None for value in piece.metadata["language"]]
    for i in kept:
        kind = (_plain(kinds[i]) or "article").casefold()
        if kind not in KINDS:
            rows.append((parsed.numbers[i], KEPT, f"kind {kind!r} is none of article, headline, summary; read as article"))
            kind = "article"
        piece.kinds.append(kind)


def _add_dates(piece: Piece, file: File, parsed: Parsed, kept: Sequence[int], rows: list[Row]) -> None:
    cells = parsed.columns.get("published")
    if cells is None:
        piece.month_first = piece.day_first = [None] * len(kept)
        return
    values = [clean(cell)[0] if isinstance(cell, str) else cell for cell in (cells[i] for i in kept)]
    read = dates.both(values)
    file.order.add(values)
    piece.month_first, piece.day_first = read.month_first, read.day_first
    rows += [(piece.numbers[i], KEPT, f"{str(values[i])[:60]!r} is no date; published is missing") for i in read.bad]


def _plain(value: object) -> str | None:
    """Return a cell of metadata as one clean text, None if missing or nested."""
    if value is None:
        return None
    try:
        text = as_text(value)
    except ReadError:
        return None
    return None if text is None else clean(text)[0].strip()


def _id(value: object) -> str | None:
    """Return an id as the file gives it, None if missing or nested."""
    if value is None:
        return None
    try:
        text = as_text(value)
    except ReadError:
        return None
    return None if text is None else replace_forbidden(text)
