"""The table of formats: how each is recognised and which function reads it.

To add a format, write a reader (see ``contract``), give its module ``FORMATS``, and list the module here. Formats are tried from the top: the first
whose ``sniff`` knows the file's first bytes reads it, whatever its suffix; what nobody knows is read by its suffix. What is special therefore stands above
what is general: an agency's XML above a feed, a vendor's HTML above web pages.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from newsanalysis.readers import (
    archives,
    cas,
    europresse,
    factiva,
    feeds,
    newsml_1,
    newsml_g2,
    nexis,
    nexis_old,
    ninjs,
    nitf,
    pages,
    proquest,
    story_lists,
    web_archives,
)
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.delimited import read_delimited
from newsanalysis.readers.excel import read_excel
from newsanalysis.readers.extras import MissingLibraryError
from newsanalysis.readers.json_lines import read_json
from newsanalysis.readers.limits import GZIP, LimitError, gzip_fault, read_whole, unpacked
from newsanalysis.readers.parquet import read_parquet
from newsanalysis.readers.plain import read_plain

HEAD = 65_536
_WIDE = (
    *((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    *((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0!\0", "utf-16-le"), (b"\0<\0!", "utf-16-be")),  # markup without a mark
)

FORMATS = (
    Format("Parquet", (".parquet", ".pq"), read_parquet, lambda head: head.startswith(b"PAR1")),
    *archives.FORMATS,
    Format("Excel", (".xlsx", ".xlsm"), read_excel, lambda head: head.startswith(b"PK\x03\x04") and b"xl/" in head),
    *nexis.FORMATS,
    *web_archives.FORMATS,
    *cas.FORMATS,
    *newsml_g2.FORMATS,
    *newsml_1.FORMATS,
    *nitf.FORMATS,
    *ninjs.FORMATS,
    *factiva.FORMATS,
    *proquest.FORMATS,
    *nexis_old.FORMATS,
    *europresse.FORMATS,
    *feeds.FORMATS,
    *pages.FORMATS,
    *story_lists.FORMATS,
    Format("JSON lines", (".jsonl", ".ndjson", ".json"), read_json),
    Format("CSV", (".csv", ".tsv", ".tab"), read_delimited),
    Format("plain text", (".txt", ".text"), read_plain),
)
_MOST_COMMENT = 32 * 2**20  # bytes of a file whose first comment is longer than its head
_COMMENTS = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*+", re.DOTALL)
_BURIED = re.compile(_COMMENTS.pattern + rb"<!--", re.DOTALL)  # a comment begins in the head and does not end there
_UTF7 = re.compile(rb"""\s*<\?xml[^>]{0,200}encoding\s*=\s*["']utf-?7\b""", re.IGNORECASE)
_UNPACKING = (archives.read_tar, web_archives.read_web_archive)  # they say themselves what is wrong with their gzip
PDF = "a PDF, which is not read; export the texts as plain text, DOCX or HTML, or convert it with pdftotext"
LISTED = "docs/reading.md lists the formats"
SUFFIXES = {suffix: format_ for format_ in reversed(FORMATS) for suffix in format_.suffixes}
_OTHERS = {
    b"%PDF": PDF,
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive that cannot be unpacked; it is cut or damaged at its start, fetch it again",
    b"\xd0\xcf\x11\xe0": "an old Office file, or one with a password; save workbooks as .xlsx without a password",
    b"\x80\x04": "a Python pickle, which is never read: it could run code",
    b"\x80\x05": "a Python pickle, which is never read: it could run code",
}


def parse(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Guess a file's format and read it.

    Parameters
    ----------
    path : Path
        The file. A suffix that no format has is read by content: JSON if it starts like JSON, else plain text.
    columns : dict
        Ours to theirs, for formats with columns.

    Yields
    ------
    Parsed
        The file's records: all at once, or, of formats whose files can be larger than memory, chunk by chunk.

    Raises
    ------
    ReadError
        Why the file cannot be read; after the first chunk, why its rest cannot.
    """
    with _mistakes():
        head = peek(path)
        if not head:
            raise ReadError("the file is empty")
        format_ = guess(path, head)
    yield from read_as(format_, path, columns)


def read_as(format_: Format, path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read a file in a format that is known; yields and raises as `parse` does, and says what is wrong with its gzip."""
    last: Parsed | None = None
    with _mistakes():
        try:
            read = format_.reader(path, columns)
            for last in [read] if isinstance(read, Parsed) else read:
                yield last
        except (LimitError, MissingLibraryError):
            raise
        except ReadError as error:
            if format_.reader not in _UNPACKING and (fault := gzip_fault(path)):
                error.args = (f"{error}; {fault}",)
            raise
        if last and format_.reader not in _UNPACKING and (fault := gzip_fault(path)):
            yield Parsed(last.reader, last.format, {"text": []}, [], [], last.unit, notes=[fault])


@contextmanager
def _mistakes() -> Iterator[None]:
    """Say as a ReadError what the system says of files."""
    try:
        yield
    except ReadError:
        raise
    except PermissionError:
        raise ReadError("permission to read the file is denied") from None
    except OSError as error:
        raise ReadError(f"the file cannot be read ({error.strerror or error})") from None
    except MemoryError:
        raise ReadError("the file is too large for the memory of this machine; split it") from None


def peek(path: Path) -> bytes:
    """Return a file's first bytes, unpacked if they are gzip, as UTF-8 if they are UTF-16 or UTF-32."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(GZIP):
        head = _unpacked(head)
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return head.decode(encoding, "ignore").removeprefix("\ufeff").encode("utf-8", "ignore")
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[first:64:2] == bytes(32) and all(head[1 - first : 64 : 2]):  # ASCII in UTF-16, without a mark
            return head.decode(encoding, "ignore").encode("utf-8", "ignore")
    return (_BURIED.match(head) and _behind_comments(path)) or head


def _behind_comments(path: Path) -> bytes:
    """Return what stands behind the comments at the start of XML, whose root tells its format; b"" if nothing does."""
    try:
        raw = read_whole(path, most=_MOST_COMMENT)
    except ReadError:
        return b""
    start = _COMMENTS.match(raw)
    return raw[start.end() : start.end() + HEAD] if start else b""


def _unpacked(head: bytes) -> bytes:
    """Return the first bytes of what a gzip holds; as they are if nothing comes out."""
    pieces = unpacked(io.BytesIO(head), most=None)
    parts: list[bytes] = []
    while sum(map(len, parts)) < HEAD:
        try:
            parts.append(next(pieces))
        except StopIteration as end:
            if end.value and not parts:
                return head
            break
    return b"".join(parts)[:HEAD]


def guess(path: Path, head: bytes) -> Format:
    """Return the format of a file from its first bytes and its suffix.

    >>> from pathlib import Path
    >>> guess(Path("news.csv"), b"id,text").name, guess(Path("news"), b'{"text": "Rain"}').name
    ('CSV', 'JSON lines')
    >>> guess(Path("news.csv"), b"%PDF-1.7")
    Traceback (most recent call last):
    newsanalysis.readers.contract.ReadError: the file is binary: a PDF
    """
    if _UTF7.match(head):
        raise ReadError("the XML is in UTF-7, which is not read; save it as UTF-8")
    told = next((format_ for format_ in FORMATS if format_.sniff and format_.sniff(head)), None)
    if told:
        return told
    by_suffix = SUFFIXES.get(suffix_of(path))
    if by_suffix and by_suffix.sniff:
        return by_suffix
    for start, what in _OTHERS.items():
        if head.startswith(start):
            raise ReadError(f"the file is binary: {what}")
    if by_suffix:
        return by_suffix
    return SUFFIXES[".json"] if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else SUFFIXES[".txt"]


def unknown(suffix: str) -> str:
    """Say why a file is not read whose suffix no format has.

    >>> unknown(".zzz"), unknown("")
    ("unknown suffix '.zzz'", 'a name without a suffix')
    """
    return PDF if suffix.lower() == ".pdf" else f"unknown suffix {suffix!r}" if suffix else "a name without a suffix"


def suffix_of(path: Path) -> str:
    """Return a file's suffix in small letters, the one before ``.gz`` if it is packed.

    >>> suffix_of(Path("news.CSV.gz")), suffix_of(Path("news.json"))
    ('.csv', '.json')
    """
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == ".gz" else suffix
