"""Limits that hostile files run into: sizes, what archives unpack to, nesting. Every error names its limit.

>>> round(MOST_BYTES / 2**20), round(MOST_UNPACKED / 2**20), MOST_NESTED
(512, 512, 200)
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

from newsanalysis.readers.contract import ReadError

MOST_BYTES = 512 * 2**20  # of a file that is read whole
MOST_UNPACKED = 512 * 2**20  # of what one compressed file or member unpacks to, where it is read whole
MOST_RATIO = 1_000  # unpacked to packed, above 1 MB unpacked: text packs to a tenth, rarely to a hundredth
MOST_TOTAL = 8 * 2**30  # of what all members of an archive unpack to
MOST_MEMBERS = 100_000  # of an archive
MOST_NESTED = 200  # elements inside elements, lists inside lists
STEP = 2**16
GZIP = b"\x1f\x8b"
_FREE = 2**20
_BITE = 4096  # packed bytes: zipfile unpacks bzip2 and LZMA without a limit, so they are given in small bites
_CUT = "broke off: the gzip is cut; what stands before the cut was read, and the last article may lack its end; fetch the file again"
_DAMAGED = "broke off: the gzip is damaged; what stands before the damage was read, and its end may be wrong; fetch the file again"
_WRONG = "damaged: the check sum of the gzip does not fit, so that some of what was read may be wrong; fetch the file again"
_BEHIND = "broke off: behind the gzip stands something else, which was not read"


class LimitError(ReadError):
    """A file over a limit; the message names the limit.

    >>> raise LimitError("the file has 600 MB, more than the 512 MB that are read whole; split it")
    Traceback (most recent call last):
    newsanalysis.readers.limits.LimitError: the file has 600 MB, more than the 512 MB that are read whole; split it
    """


def read_whole(path: Path, *, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file, unpacked if it is gzip; a file over the limit is refused before it is in memory.

    Raises
    ------
    LimitError
        The file, or what it unpacks to, is over the limit.
    ReadError
        The gzip is broken from its start.
    """
    size = path.stat().st_size
    if size > most:
        raise LimitError(f"the file has {size / 2**20:,.0f} MB, more than the {most / 2**20:,.0f} MB that are read whole; split it")
    with path.open("rb") as file:
        raw = file.read(most + 1)  # a pipe or a growing file has no size
    if len(raw) > most:
        raise LimitError(f"the file has more than the {most / 2**20:,.0f} MB that are read whole; split it")
    return gunzip(raw) if raw.startswith(GZIP) else raw


def gunzip(raw: bytes, *, most: int = MOST_UNPACKED) -> bytes:
    """Return what gzip bytes hold, one member or several; what stands before a cut or damage is kept.

    >>> import gzip
    >>> gunzip(gzip.compress(b"Rain") + gzip.compress(b" fell"))
    b'Rain fell'
    """
    parts = list(unpacked(io.BytesIO(raw), most=most))
    if not parts:
        raise ReadError("the file begins as gzip but nothing in it can be unpacked; it is cut or damaged, fetch it again")
    return b"".join(parts)


def unpacked(file: IO[bytes], *, most: int | None = MOST_UNPACKED) -> Generator[bytes, None, str | None]:
    """Yield what a gzip stream holds, in pieces, up to its end or its first damage; return what is wrong with it, None if nothing is.

    Parameters
    ----------
    file : binary file
        Open at its start.
    most : int or None
        How many bytes may come out; None for streams whose reader takes them piece by piece.

    Raises
    ------
    LimitError
        More comes out than `most`, or more than a thousand times what went in.
    """
    packed = out = 0
    left = b""
    within = ended = False  # a member; whether one has ended
    engine = zlib.decompressobj(wbits=31)
    while chunk := left or file.read(STEP):
        packed += 0 if left else len(chunk)
        if ended and not within:
            left = chunk = chunk.lstrip(b"\x00")
            if not chunk:
                continue
            if not chunk.startswith(GZIP[: len(chunk)]):
                return _BEHIND
        within, before = True, engine.copy()
        try:
            piece = engine.decompress(chunk, STEP * 16)
        except zlib.error as error:
            if piece := _before_damage(before, chunk):
                refuse(out + len(piece), packed, most)
                yield piece
            return _WRONG if str(error).endswith(("data check", "length check")) else _DAMAGED
        out += len(piece)
        refuse(out, packed, most)
        if piece:
            yield piece
        left = engine.unconsumed_tail
        if engine.eof:
            left, within, ended = engine.unused_data, False, True
            engine = zlib.decompressobj(wbits=31)
    return _CUT if within else None


def _before_damage(engine: Any, chunk: bytes) -> bytes:
    """Return what can be unpacked before the damage, byte by byte."""
    parts = []
    with contextlib.suppress(zlib.error):
        for at in range(len(chunk)):
            parts.append(engine.decompress(chunk[at : at + 1]))
    return b"".join(parts)


def gzip_fault(path: Path) -> str | None:
    """Say what is wrong with a file that is gzip: cut, damaged, or with something behind it; None if nothing is, or it is no gzip.

    Raises
    ------
    LimitError
        It unpacks to more than a thousand times its size.
    """
    with path.open("rb") as file:
        if file.read(len(GZIP)) != GZIP:
            return None
        file.seek(0)
        pieces = unpacked(file, most=None)
        while True:
            try:
                next(pieces)
            except StopIteration as end:
                fault: str | None = end.value
                return fault


def refuse(out: int, packed: int, most: int | None) -> None:
    """Refuse what unpacks to too much.

    Parameters
    ----------
    out, packed : int
        How many bytes have come out so far, and of how many.
    most : int or None
        How many may come out.

    Raises
    ------
    LimitError
        More came out than `most`, or more than a thousand times what went in.

    Examples
    --------
    >>> refuse(2_000_000, 100_000, None)
    >>> refuse(2_000_000, 100, None)
    Traceback (most recent call last):
    newsanalysis.readers.limits.LimitError: it unpacks to more than 1,000 times its size, as only an archive made to do harm does
    """
    if most is not None and out > most:
        raise LimitError(f"it unpacks to more than the {most / 2**20:,.0f} MB that are read whole; unpack and split it")
    if out > _FREE and out > MOST_RATIO * packed:
        raise LimitError(f"it unpacks to more than {MOST_RATIO:,} times its size, as only an archive made to do harm does")


def member(archive: zipfile.ZipFile, name: str, *, most: int = MOST_UNPACKED) -> bytes:
    """Return one member of a zip archive, whatever size it claims to have.

    Raises
    ------
    LimitError
        It unpacks to more than `most`, or more than a thousand times its size.
    ReadError
        It is not there, encrypted or damaged.
    """
    try:
        info = archive.getinfo(name)
        if info.flag_bits & 1:
            raise ReadError(f"{name[:200]!r} in the archive is encrypted; save it without a password")
        parts, out = [], 0
        step = STEP * 16 if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else _BITE
        with archive.open(info) as file:
            while piece := file.read(step):
                out += len(piece)
                refuse(out, max(info.compress_size, 1), most)
                parts.append(piece)
        return b"".join(parts)
    except KeyError:
        raise ReadError(f"there is no {name[:200]!r} in the archive") from None
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{name[:200]!r} in the archive is damaged ({str(error)[:120]})") from None


def salvaged(raw: bytes, name: str, *, most: int = MOST_UNPACKED) -> bytes:
    """Return what can be unpacked of one member of a zip archive that is cut or damaged, up to the damage; b"" if nothing can.

    Parameters
    ----------
    raw : bytes
        The archive, as far as it goes; its table of contents is not needed.
    name : str
        The member.

    Raises
    ------
    LimitError
        It unpacks to more than `most`, or more than a thousand times its size.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
    ...     archive.writestr("rain.txt", "Rain fell.")
    >>> salvaged(buffer.getvalue()[:50], "rain.txt")
    b'Rain fell.'
    """
    title = name.encode()
    start = re.search(rb"PK\x03\x04..(..)(..).{16}" + re.escape(len(title).to_bytes(2, "little")) + rb"(..)" + re.escape(title), raw, re.DOTALL)
    if not start or start[1][0] & 1:
        return b""
    position = start.end() + int.from_bytes(start[3], "little")
    if start[2] != b"\x08\x00":
        return b""
    engine = zlib.decompressobj(wbits=-15)
    parts, out, left = [], 0, b""
    while (chunk := left or raw[position : position + STEP]) and not engine.eof:
        position += 0 if left else len(chunk)
        try:
            piece = engine.decompress(chunk, STEP * 16)
        except zlib.error:
            break
        out += len(piece)
        refuse(out, position - start.start(), most)
        parts.append(piece)
        left = engine.unconsumed_tail
    return b"".join(parts)


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip archive; a broken one, or one of too many members, is refused.

    Raises
    ------
    LimitError
        It has more members than `MOST_MEMBERS`.
    ReadError
        It is no zip archive, or damaged.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OverflowError) as error:
        raise ReadError(f"the archive is damaged ({str(error)[:120]})") from None
    if len(archive.infolist()) > MOST_MEMBERS:
        archive.close()
        raise LimitError(f"the archive has more than {MOST_MEMBERS:,} members; unpack it")
    return archive
