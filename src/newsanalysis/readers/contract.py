"""What a reader is: a function from one file to its records, in the columns of the table *documents*.

A reader takes the path of a file and the user's column names (ours to theirs, for formats that have columns) and returns a
``Parsed``, or, where a file may be larger than memory, yields one ``Parsed`` a chunk; it raises ``ReadError`` with the reason
when the file cannot be read at all. Readers neither clean texts, nor make ids, nor parse dates: ``collect`` does that once for
all. A new format is one function of this type and one ``Format`` in its module's ``FORMATS``, which ``formats`` lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


class ReadError(ValueError):
    """A path or file that cannot be read: one sentence that names the file, what is wrong and what to do.

    >>> raise ReadError("news.csv: the file is empty.")
    Traceback (most recent call last):
    newsanalysis.readers.contract.ReadError: news.csv: the file is empty.
    """


class NotFoundError(ReadError, FileNotFoundError):
    """A path where nothing is; also a ``FileNotFoundError``, for callers who expect one.

    >>> issubclass(NotFoundError, FileNotFoundError)
    True
    """


@dataclass(frozen=True, slots=True)
class Parsed:
    """The records of one file, as they stand in it.

    Parameters
    ----------
    reader : str
        The reader, name@version.
    format : str
        What the format was guessed to be, in words.
    columns : dict
        Values by our column names; every list is as long as ``numbers``. Values are scalars, missing ones are None.
    numbers : list of int
        Where each record stands in the file: its row, line or part.
    endings : list of str
        For each record, what is put behind the file's stem to make an id, where the file gives none.
    unit : str
        What ``numbers`` count: row, line, record, part; "" if the file is one document.
    skipped, mended : list of (number, reason)
        Records that could not be read, and records that were read although something was wrong.
    notes : list of str
        What is to be said about the file as a whole.
    encoding : str
        What the bytes were decoded from; "utf-8" also where the format has no choice.

    Examples
    --------
    >>> Parsed("text@1", "plain text", {"text": ["Rain fell."]}, [1], [""]).unit
    ''
    """

    reader: str
    format: str
    columns: dict[str, list[object]]
    numbers: list[int]
    endings: list[str]
    unit: str = ""
    skipped: list[tuple[int, str]] = field(default_factory=list)
    mended: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    encoding: str = "utf-8"


Reader = Callable[[Path, Mapping[str, str]], Parsed | Iterator[Parsed]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how it is recognised and which function reads it.

    Parameters
    ----------
    name : str
        What the line of `read` calls it.
    suffixes : tuple of str
        The suffixes that such files have, in small letters, with their dot, without ``.gz``.
    reader : Reader
        What reads it.
    sniff : function, optional
        Says of a file's first bytes (unpacked if they were gzip, UTF-8 if they were UTF-16; at most 64 KB) whether they are this format's. It decides
        whatever the suffix is, so it must know its own: marks that no other format has. Without it, only the suffix tells.

    Examples
    --------
    >>> from newsanalysis.readers.formats import FORMATS
    >>> FORMATS[-1].name
    'plain text'
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Reader
    sniff: Callable[[bytes], bool] | None = None
