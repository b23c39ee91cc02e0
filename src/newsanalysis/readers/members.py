"""Members of zip archives, one at a time; of an archive that is cut or damaged, those that stand whole.

A zip has its table of contents at its end, so that a cut takes it away. Each member has a header of its own, too: from these the members are found again.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.limits import MOST_MEMBERS, MOST_TOTAL, MOST_UNPACKED, STEP, LimitError, member, open_zip, refuse

_LOCAL, _DIRECTORY, _DESCRIPTOR = b"PK\x03\x04", (b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"), b"PK\x07\x08"
_STORED, _DEFLATED = 0, 8
_CUT = "it is not whole: the archive is cut here"


class Member(NamedTuple):
    """A file in an archive: its name there, and its bytes, or why they are not read."""

    name: str
    raw: bytes
    reason: str | None = None


Unwanted = Callable[[str], str | None]  # says why a member is not read, by its name


def zipped(path: Path, unwanted: Unwanted, faults: list[str]) -> Generator[Member, None, None]:
    """Yield the files in a zip archive; what is wrong with the archive is added to `faults`.

    Raises
    ------
    LimitError
        It has too many members.
    ReadError
        It is no zip archive, or nothing in it stands.

    Examples
    --------
    >>> import io, tempfile
    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("rain.txt", "Rain fell.")
    ...     archive.writestr("sun.txt", "The sun came out.")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "cut.zip"
    ...     _ = file.write_bytes(packed.getvalue()[:100])
    ...     list(zipped(file, lambda name: None, []))
    [Member(name='rain.txt', raw=b'Rain fell.', reason=None), Member(name='sun.txt', raw=b'', reason='it is not whole: the archive is cut here')]
    """
    try:
        archive = open_zip(path)
    except LimitError:
        raise
    except ReadError as error:
        with path.open("rb") as file:
            if file.read(len(_LOCAL)) != _LOCAL:
                raise
            faults.append(f"broke off: {error}; the members that stand whole before the damage were read; fetch the file again")
            file.seek(0)
            yield from _standing(file, unwanted)
        return
    with archive:
        yield from _listed(archive, unwanted)


def _listed(archive: zipfile.ZipFile, unwanted: Unwanted) -> Iterator[Member]:
    """Yield the members that the table of contents names."""
    total = 0
    for info in archive.infolist():
        if info.filename.endswith("/"):
            continue
        reason = unwanted(info.filename)
        if not reason and info.flag_bits & 1:
            reason = "it is encrypted; unpack it with its password"
        if not reason and (archive.NameToInfo.get(info.filename) is not info):
            reason = "another member has the same name, and is read"
        if reason:
            yield Member(info.filename, b"", reason)
            continue
        try:
            raw = member(archive, info.filename, most=min(MOST_UNPACKED, MOST_TOTAL - total))
        except MemoryError:
            yield Member(info.filename, b"", "too large for the memory of this machine")
            continue
        except Exception as error:  # zipfile and its decompressors fail on damaged members in a dozen ways
            yield Member(info.filename, b"", str(error) if isinstance(error, ReadError) else f"it is damaged ({type(error).__name__})")
            continue
        total += len(raw)
        yield Member(info.filename, raw)


class _Header(NamedTuple):
    """What stands before a member: how it is packed, its check sum, its sizes (None if they stand behind it), and its name."""

    flags: int
    method: int
    check: int
    packed: int | None
    name: str

    @property
    def streamed(self) -> bool:
        """Whether check sum and sizes stand behind the member."""
        return bool(self.flags & 8)


def _standing(file: IO[bytes], unwanted: Unwanted) -> Generator[Member, None, None]:
    """Yield the members from the start of a file on, as far as one follows the other."""
    end, total = os.fstat(file.fileno()).st_size, 0
    for _ in range(MOST_MEMBERS):
        header = _header(file)
        if header is None:
            return
        start = file.tell()
        reason = "it is encrypted; unpack it with its password" if header.flags & 1 else unwanted(header.name)
        if header.packed is not None and start + header.packed > end:
            yield Member(header.name, b"", reason or _CUT)
            return
        raw, goes_on = b"", header.packed is not None
        if header.method == _DEFLATED and (not reason or not goes_on) and not header.flags & 1:
            raw, fault, goes_on = _inflated(file, header, MOST_TOTAL - total)
            reason = reason or fault
        elif not reason and header.method == _STORED and header.packed is not None:
            raw, reason = _stored(file, header, MOST_TOTAL - total)
        elif not reason:
            reason = f"it is packed in a way (method {header.method}) that is read of a whole archive only"
        total += len(raw)
        if not header.name.endswith("/"):
            yield Member(header.name, b"" if reason else raw, reason)
        if not goes_on:
            return
        if header.packed is not None:
            file.seek(start + header.packed)
        if header.streamed:
            _pass_descriptor(file)
    raise LimitError(f"the archive has more than {MOST_MEMBERS:,} members; unpack it")


def _header(file: IO[bytes]) -> _Header | None:
    """Read the header of a member; None if there is none."""
    head = file.read(30)
    if len(head) < 30 or not head.startswith(_LOCAL):
        return None
    flags, method, check, packed, size = (int.from_bytes(head[start:stop], "little") for start, stop in ((6, 8), (8, 10), (14, 18), (18, 22), (22, 26)))
    long_name, long_extra = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    name, extra = file.read(long_name), file.read(long_extra)
    if len(name) + len(extra) < long_name + long_extra:
        return None
    if packed == 2**32 - 1 and (long := re.search(rb"\x01\x00[\x10-\x20]\x00.{8}(.{8})", extra, re.DOTALL)):
        packed = int.from_bytes(long[1], "little")
    empty = method == _STORED and name.endswith(b"/")
    known = None if flags & 8 and not packed and not size and not empty else packed
    return _Header(flags, method, check, known, name.decode("utf-8" if flags & 0x800 else "cp437", "replace"))


def _stored(file: IO[bytes], header: _Header, most: int) -> tuple[bytes, str | None]:
    """Return a member that is not packed, or why it is not read."""
    most = min(most, MOST_UNPACKED)
    if (header.packed or 0) > most:
        return b"", f"it has more than the {most / 2**20:,.0f} MB that are read whole"
    raw = file.read(header.packed or 0)
    return (raw, None) if header.streamed or zlib.crc32(raw) == header.check else (b"", "it is damaged: its check sum does not fit")


def _inflated(file: IO[bytes], header: _Header, most: int) -> tuple[bytes, str | None, bool]:
    """Return what a member unpacks to, or why it is not read; and whether the file can be read on. The file is left where the member ends."""
    start, consumed, out, left = file.tell(), 0, 0, b""
    engine, parts = zlib.decompressobj(wbits=-15), []
    known = header.packed is not None
    while not engine.eof:
        chunk = left or file.read(STEP if header.packed is None else min(STEP, header.packed - consumed))
        if not chunk:
            return b"", "it is damaged: it ends too early" if known else _CUT, known
        consumed += 0 if left else len(chunk)
        try:
            parts.append(engine.decompress(chunk, STEP * 16))
            out += len(parts[-1])
            refuse(out, consumed, min(most, MOST_UNPACKED))
        except zlib.error as error:
            return b"", f"it is damaged ({error})", known
        except LimitError as error:
            return b"", str(error), known
        left = engine.unconsumed_tail
    file.seek(start + consumed - len(engine.unused_data))
    raw = b"".join(parts)
    check = header.check
    if header.streamed:
        described = _described(file)
        if len(described) < 16:
            return b"", _CUT, False
        check = int.from_bytes(described[4:8], "little")
    return (raw, None, True) if zlib.crc32(raw) == check else (b"", "it is damaged: its check sum does not fit", True)


def _described(file: IO[bytes]) -> bytes:
    """Return what stands behind a streamed member, with its mark, which may be missing there; the file stays where it is."""
    place = file.tell()
    found = file.read(28)
    file.seek(place)
    return found if found.startswith(_DESCRIPTOR) else _DESCRIPTOR + found


def _pass_descriptor(file: IO[bytes]) -> None:
    """Go to the header behind a streamed member's sizes, which are of four bytes or eight, with their mark or without."""
    place = file.tell()
    found = file.read(28)
    size = next((n for n in (16, 24, 12, 20, 0) if found[n : n + 4] in (_LOCAL, *_DIRECTORY)), 16)
    file.seek(place + size)
