"""The text of files too large for memory, line by line: packed or not, in any encoding; what a few lines do wrong costs only them.

The encoding is told by the first megabyte. Where a later part of a file that began as UTF-8 is none, that part is read as `text.decode` sees it, and said.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from newsanalysis.readers.limits import GZIP, LimitError, unpacked
from newsanalysis.readers.text import Decoded, decode

LARGE = 32 * 2**20  # bytes from which on a file is read piece by piece
LARGE_PACKED = 2**18  # the same of a file that is packed
PIECE_CHARACTERS, PIECE_RECORDS = 8 * 2**20, 5_000  # a piece: about so many characters, or so many records
MOST_LINE = 64 * 2**20  # characters of one line, one cell, one record
_BLOCK = 2**20


def large(path: Path) -> bool:
    """Say whether a file is to be read piece by piece.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "news.csv"
    ...     _ = file.write_text("text")
    ...     large(file)
    False
    """
    size = path.stat().st_size
    if size > LARGE:
        return True
    if size <= LARGE_PACKED:
        return False
    with path.open("rb") as file:
        return file.read(2) == GZIP


class Text:
    """The text of a file, block by block.

    Attributes
    ----------
    head : str
        The text of its first megabyte.
    encoding : str
        What it is in, told by that.

    Raises
    ------
    ReadError
        The file is no text.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "news.txt"
    ...     _ = file.write_bytes(b"Rain\\r\\nfell")
    ...     list(Text(file).lines())
    ['Rain\\n', 'fell']
    """

    def __init__(self, path: Path) -> None:
        self._raw = _blocks(path)
        first = b""
        while len(first) < _BLOCK and (block := next(self._raw, b"")):
            first += block
        end = first.rfind(b"\n") + 1
        decoded = decode(first[: end if end and len(first) >= _BLOCK else len(first)])
        self.head, self.encoding = decoded.text, decoded.encoding
        self._first = first
        self._damaged = 0
        self._others: dict[str, None] = {}

    @property
    def note(self) -> str | None:
        """What is to be said of the encoding, when all has been read: any but UTF-8, and damage."""
        said = [Decoded("", self.encoding, self._damaged).note]
        said += [f"parts read as {encoding}" for encoding in self._others]
        return ", ".join(filter(None, said)) or None

    def blocks(self) -> Iterator[str]:
        """Yield the text, once, a megabyte or so at a time."""
        if self.encoding == "utf-8":
            yield from self._utf8()
            return
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        mark = next((mark for mark in _MARKS.get(self.encoding, ()) if self._first.startswith(mark)), b"")
        block, self._first = self._first[len(mark) :], b""
        while block:
            yield self._counted(decoder.decode(block))
            block = next(self._raw, b"")
        yield self._counted(decoder.decode(b"", final=True))

    def _counted(self, text: str) -> str:
        self._damaged += text.count("\ufffd")
        return text

    def _utf8(self) -> Iterator[str]:
        held, self._first = self._first.removeprefix(codecs.BOM_UTF8), b""
        while held:
            block = next(self._raw, b"")
            end = held.rfind(b"\n") + 1 if block else len(held)
            if not end and len(held) > MOST_LINE:
                end = len(held)
            if end:
                yield self._part(held[:end])
            held = held[end:] + block

    def _part(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            part = decode(raw)
        self._damaged += part.damaged
        if part.encoding != "utf-8":
            self._others[part.encoding] = None
        return part.text

    def lines(self, *, returns: bool = True) -> Iterator[str]:
        """Yield the lines with their ends, as ``\\n``; with `returns` a lone carriage return ends a line, too.

        Raises
        ------
        LimitError
            A line is longer than `MOST_LINE`.
        """
        held = ""
        for block in self.blocks():
            held += block
            if len(held) > MOST_LINE and "\n" not in held:
                raise LimitError(f"a line has more than {MOST_LINE:,} characters")
            end = len(held) - held.endswith("\r")
            text, rest = held[:end].replace("\r\n", "\n"), held[end:]
            *whole, last = (text.replace("\r", "\n") if returns else text).split("\n")
            yield from (line + "\n" for line in whole)
            held = last + rest
        if held:
            yield held.rstrip("\r") + "\n" if held.endswith("\r") else held


_MARKS = {
    "utf-16-le": (codecs.BOM_UTF16_LE,),
    "utf-16-be": (codecs.BOM_UTF16_BE,),
    "utf-32-le": (codecs.BOM_UTF32_LE,),
    "utf-32-be": (codecs.BOM_UTF32_BE,),
}


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked if it is gzip."""
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        if start == GZIP:
            yield from unpacked(file, most=None)
            return
        while block := file.read(_BLOCK):
            yield block
