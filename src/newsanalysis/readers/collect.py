"""From paths to the table *documents*, in memory: find the files, read each, give ids, drop duplicates, and report it all.

Nothing is lost silently: every file and every record that does not become a document has a row in the report, and
documents found = documents kept + records skipped. `spool` does the same for corpora larger than memory, by the same parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.readers import finding, ids, languages, records, reporting
from newsanalysis.readers.columns import check_mapping
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.records import KEPT, SKIPPED, File, Piece


def read_paths(path: object, columns: Mapping[str, str] | None) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Read paths into documents, a report, and the line that says what was read.

    Parameters
    ----------
    path : str, Path or iterable of them
        Files and folders.
    columns : dict or None
        Ours to theirs.

    Returns
    -------
    DataFrame, DataFrame, str
        Tables *documents* and *report*, and one line.

    Raises
    ------
    ReadError
        A path is missing, or no document was read at all.
    """
    mapping = check_mapping(columns)
    found = finding.find(path)
    files = [records.opened(source) for source in found.sources]
    rows = _Rows()
    for source, file in zip(found.sources, files, strict=True):
        if file.reason is None:
            for piece in records.pieces(source, file, mapping):
                rows.add(source.position, piece)
    if not rows.all.texts:
        raise ReadError(reporting.nothing(found.what, files, alone=found.alone))
    documents = rows.documents(files)
    tally = reporting.Tally()
    kinds = _kinds(documents)
    for file in files:
        tally.add(file, kinds.get(file.label, {}))
    return documents, reporting.report(files), tally.line(found.what)


def _kinds(documents: pd.DataFrame) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for (label, kind), n in Counter(zip(documents["source_file"], documents["kind"], strict=True)).items():
        counted.setdefault(label, {})[kind] = n
    return counted


class _Rows:
    """The columns of the table to be, growing file by file."""

    def __init__(self) -> None:
        self.all = Piece()
        self.files: list[int] = []

    def add(self, position: int, piece: Piece) -> None:
        """Add a file's records."""
        self.files += [position] * len(piece.texts)
        for name in Piece.__slots__:
            if name != "metadata":
                getattr(self.all, name).extend(getattr(piece, name))
        for name, values in piece.metadata.items():
            self.all.metadata[name].extend(values)

    def documents(self, files: Sequence[File]) -> pd.DataFrame:
        """Return the checked table; what happens on the way is noted with the files."""
        everything = self.all
        wanted = [
            given if given is not None else files[i].stem + ending for given, i, ending in zip(everything.given, self.files, everything.endings, strict=True)
        ]
        settled = ids.settle(_hashes(wanted), _hashes(everything.texts), lambda positions: (wanted[i] for i in positions.tolist()))
        guessed = guess_languages(everything.metadata["language"], everything.texts)
        self._drop(settled, wanted, files)
        for position, number in zip(settled.renamed.tolist(), settled.numbers.tolist(), strict=True):
            files[self.files[position]].rows.append(renamed_row(everything.numbers[position], wanted[position], number))
            wanted[position] = f"{wanted[position]}-{number}"
        kept = np.delete(np.arange(len(wanted)), settled.dropped)
        for i in kept.tolist():
            file = files[self.files[i]]
            file.kept += 1
            file.guessed += guessed[i]
        for file in files:
            reporting.lone_duplicate(file)
        published = [day if files[i].order.day_first else month for month, day, i in zip(everything.month_first, everything.day_first, self.files, strict=True)]
        table = pd.DataFrame({"document_id": wanted, "text": everything.texts, **everything.metadata})
        table["published"] = moments(published)
        table["kind"] = everything.kinds
        table["source_file"] = [files[i].label for i in self.files]
        table["reader"] = everything.readers
        return tables.check(table if len(kept) == len(table) else table.iloc[kept], "documents")

    def _drop(self, settled: ids.Settled, wanted: Sequence[str], files: Sequence[File]) -> None:
        twice: dict[int, dict[int, str]] = {}
        for position, first in zip(settled.dropped.tolist(), settled.first.tolist(), strict=True):
            here = self.files[position]
            place = placed(files[self.files[first]], self.all.numbers[first], same_file=self.files[first] == here)
            twice.setdefault(here, {})[self.all.numbers[position]] = duplicate_reason(wanted[position], place)
        for here, reasons in twice.items():
            drop_rows(files[here], reasons)


def _hashes(texts: Iterable[str]) -> ids.Hashes:
    return np.fromiter(map(ids.hashed, texts), dtype=np.uint64)


def guess_languages(values: list[str | None], texts: Sequence[str]) -> list[bool]:
    """Put in the languages that texts are likely in where none is given; say where.

    >>> values = ["fr", None]
    >>> guess_languages(values, ["Oui", "The mayor said that the rain would end on Monday."]), values
    ([False, True], ['fr', 'en'])
    """
    missing = [i for i, value in enumerate(values) if value is None]
    flags = [False] * len(values)
    for i, guess in zip(missing, languages.guessed(texts[i] for i in missing), strict=True):
        values[i] = guess
        flags[i] = guess is not None
    return flags


def moments(values: Sequence[int | None]) -> pd.Series[pd.Timestamp]:
    """Return microseconds since 1970 as a column of moments in UTC.

    >>> moments([0, None]).tolist()
    [Timestamp('1970-01-01 00:00:00+0000', tz='UTC'), NaT]
    """
    least = np.iinfo(np.int64).min  # what NaT is
    column = np.array([least if value is None else value for value in values], dtype=np.int64)
    return pd.Series(column.view("datetime64[us]")).dt.tz_localize("UTC")


def renamed_row(number: int, id_: str, suffix: int) -> records.Row:
    """Say that a record's id is taken.

    >>> renamed_row(3, "a", 2)
    (3, 'kept', "id 'a' is taken by another text; kept as 'a-2'")
    """
    return number, KEPT, f"id {id_!r} is taken by another text; kept as {f'{id_}-{suffix}'!r}"


def duplicate_reason(id_: str, place: str) -> str:
    """Say that a record is there already.

    >>> duplicate_reason("a", "row 2")
    "duplicate: id 'a' and text as in row 2"
    """
    return f"duplicate: id {id_!r} and text as in {place}"


def placed(file: File, number: int, *, same_file: bool) -> str:
    """Say where a record stands: its number, with its file if that is another.

    >>> placed(File("a.csv", unit="row"), 2, same_file=False)
    'a.csv, row 2'
    """
    parts = [] if same_file else [file.label]
    return ", ".join([*parts, *filter(None, [file.record(number)])]) or file.label


def drop_rows(file: File, reasons: Mapping[int, str]) -> None:
    """Note records as skipped; what was said of them before does not count.

    >>> file = File("a.csv", rows=[(2, "kept", "'soon' is no date")])
    >>> drop_rows(file, {2: "duplicate"})
    >>> file.rows
    [(2, 'skipped', 'duplicate')]
    """
    file.rows = [row for row in file.rows if row[0] not in reasons]
    file.rows += [(number, SKIPPED, reason) for number, reason in reasons.items()]
