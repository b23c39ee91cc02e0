"""The table of formats: how each is recognised and which function reads it.

To add a format, write a reader (see ``contract``) and a row here. Rows are tried from the top: first those whose ``sniff``
knows the file's first bytes and whose suffixes include the file's, then by suffix alone. A vendor's export that shares a
suffix with another format (``.txt``, ``.html``) therefore stands above it and has a ``sniff``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from newsanalysis.readers.contract import Parsed, Reader, ReadError
from newsanalysis.readers.delimited import read_delimited
from newsanalysis.readers.excel import read_excel
from newsanalysis.readers.json_lines import read_json
from newsanalysis.readers.parquet import read_parquet
from newsanalysis.readers.plain import read_plain

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, its suffixes, its reader, and what its first bytes look like, where that tells.

    >>> FORMATS[-1].name
    'plain text'
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Reader
    sniff: Callable[[bytes], bool] | None = None


FORMATS = (
    Format("Parquet", (".parquet", ".pq"), read_parquet, lambda head: head.startswith(b"PAR1")),
    Format("Excel", (".xlsx", ".xlsm"), read_excel, lambda head: head.startswith(b"PK\x03\x04") and b".xml" in head),
    Format("JSON lines", (".jsonl", ".ndjson", ".json"), read_json),
    Format("CSV", (".csv", ".tsv", ".tab"), read_delimited),
    Format("plain text", (".txt", ".text"), read_plain),
)
SUFFIXES = {suffix: format_ for format_ in reversed(FORMATS) for suffix in format_.suffixes}
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"\xd0\xcf\x11\xe0": "an old Office file, or one with a password; save workbooks as .xlsx without a password",
}


def parse(path: Path, columns: Mapping[str, str]) -> Parsed:
    """Guess a file's format and read it.

    Parameters
    ----------
    path : Path
        The file. A suffix that no format has is read by content: JSON if it starts like JSON, else plain text.
    columns : dict
        Ours to theirs, for formats with columns.

    Returns
    -------
    Parsed
        The file's records.

    Raises
    ------
    ReadError
        Why the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if not head:
            raise ReadError("the file is empty")
        return guess(path, head).reader(path, columns)
    except PermissionError:
        raise ReadError("permission to read the file is denied") from None
    except OSError as error:
        raise ReadError(f"the file cannot be read ({error.strerror or error})") from None
    except MemoryError:
        raise ReadError("the file is too large for the memory of this machine; split it") from None


def guess(path: Path, head: bytes) -> Format:
    """Return the format of a file from its suffix and first bytes.

    >>> from pathlib import Path
    >>> guess(Path("news.csv"), b"id,text").name, guess(Path("news"), b'{"text": "Rain"}').name
    ('CSV', 'JSON lines')
    >>> guess(Path("news.csv"), b"%PDF-1.7")
    Traceback (most recent call last):
    newsanalysis.readers.contract.ReadError: the file is binary: a PDF
    """
    suffix = path.suffix.lower()
    told = [f for f in FORMATS if f.sniff and f.sniff(head)]
    for format_ in told:
        if suffix in format_.suffixes:
            return format_
    by_suffix = SUFFIXES.get(suffix)
    if by_suffix and by_suffix.sniff:
        return by_suffix
    binary = next((format_ for format_ in told if format_.name in ("Parquet", "Excel")), None)
    if binary:
        return binary
    for start, what in _OTHERS.items():
        if head.startswith(start):
            raise ReadError(f"the file is binary: {what}")
    if by_suffix:
        return by_suffix
    return SUFFIXES[".json"] if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else SUFFIXES[".txt"]
