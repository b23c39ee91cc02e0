"""Members of tar archives, header by header: every length is checked before anything of it is in memory."""

from __future__ import annotations

import bz2
import lzma
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.limits import GZIP, MOST_MEMBERS, MOST_RATIO, MOST_TOTAL, MOST_UNPACKED, STEP, LimitError, unpacked
from newsanalysis.readers.members import Member, Unwanted

MOST_HEADER = 2**20  # bytes of a long name, or of what else is said of a member before it
MOST_HEADERS = 16  # before one member
_BLOCK = 512
_FREE = 2**26
_FILES, _FOLDERS, _EMPTY = (b"0", b"\0", b"7"), (b"5", b"D"), (b"1", b"2", b"3", b"4", b"5", b"6")
_NAME, _EXTENDED, _PASSED = b"L", (b"x", b"X"), (b"K", b"g", b"V")  # headers before a member, and those of no use here
_SPARSE = b"S"
_OCTAL = re.compile(rb"[ \0]*([0-7]*)[ \0]*")
_PAIR = re.compile(rb"(\d{1,8}) ([^=]{1,200})=")


class _BreakError(Exception):
    """The archive cannot be read on; the message says why."""


class _Header(NamedTuple):
    """What stands before a member: its name, its kind, its size, and whether a map of its holes follows."""

    name: str
    kind: bytes
    size: int
    holes: bool = False
    reason: str | None = None


def taped(path: Path, unwanted: Unwanted, faults: list[str]) -> Generator[Member, None, None]:
    """Yield the files in a tar archive, packed or not; what is wrong with the archive is added to `faults`.

    Raises
    ------
    LimitError
        It has too many members, or unpacks to too much.
    ReadError
        No header of a tar archive is in it.

    Examples
    --------
    >>> import io, tarfile, tempfile
    >>> made = io.BytesIO()
    >>> with tarfile.open(fileobj=made, mode="w") as archive:
    ...     rain = tarfile.TarInfo("rain.txt")
    ...     rain.size = 10
    ...     archive.addfile(rain, io.BytesIO(b"Rain fell."))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "news.tar"
    ...     _ = file.write_bytes(made.getvalue())
    ...     list(taped(file, lambda name: None, []))
    [Member(name='rain.txt', raw=b'Rain fell.', reason=None)]
    """
    tape, n = _Tape(path, faults), 0
    try:
        while header := _next(tape):
            n += 1
            if n > MOST_MEMBERS:
                raise LimitError(f"the archive has more than {MOST_MEMBERS:,} members; unpack it")
            yield from _content(tape, header, unwanted)
        tape.finish()
    except _BreakError as error:
        if not n:
            raise ReadError("; ".join([f"the archive is damaged ({error})", *faults])) from None
        if not faults:
            faults.append(f"broke off: {error}; fetch the file again")


def _content(tape: _Tape, header: _Header, unwanted: Unwanted) -> Iterator[Member]:
    """Yield a member, and go to the next; folders are passed over."""
    folder = header.kind in _FOLDERS or (header.kind in _FILES and header.name.endswith("/"))
    reason = header.reason or unwanted(header.name)
    if not reason and header.kind not in _FILES:
        reason = "a file with holes" if header.kind == _SPARSE else "it is no file: a link or a device"
    if not reason and header.size > MOST_UNPACKED:
        reason = f"it has more than the {MOST_UNPACKED / 2**20:,.0f} MB that are read whole"
    size = 0 if header.kind in _EMPTY else header.size
    try:
        while header.holes and tape.take(_BLOCK)[504]:
            pass
        raw = b"" if reason or folder else tape.take(size)
        tape.skip(-size % _BLOCK if raw else size + -size % _BLOCK)
    except _BreakError:
        if not folder:
            yield Member(header.name, b"", reason or "it is not whole: the archive is cut or damaged here")
        raise
    if not folder:
        yield Member(header.name, raw, reason)


def _next(tape: _Tape) -> _Header | None:
    """Read the headers up to the next member; None at the end."""
    name: str | None = None
    size: int | None = None
    reason: str | None = None
    for _ in range(MOST_HEADERS):
        header = tape.header()
        if header is None:
            return None
        if header.kind not in (_NAME, *_EXTENDED, *_PASSED):
            return header._replace(name=name or header.name, size=header.size if size is None else size, reason=reason)
        said = b""
        if header.kind not in _PASSED and header.size <= MOST_HEADER:
            said = tape.take(header.size)
        elif header.kind not in _PASSED:
            reason = f"what is said of it before it has more than {MOST_HEADER / 2**20:.0f} MB, as only in an archive made to do harm"
        tape.skip(-header.size % _BLOCK if said else header.size + -header.size % _BLOCK)
        if header.kind == _NAME:
            name = _text(said) or name
        else:
            pairs = _pairs(said)
            name = pairs["path"].decode("utf-8", "replace") if "path" in pairs else name
            size = int(pairs["size"]) if pairs.get("size", b"").isdigit() and len(pairs["size"]) < 20 else size
            reason = "a file with holes" if any(key.startswith("GNU.sparse") for key in pairs) else reason
    raise _BreakError(f"more than {MOST_HEADERS} headers stand before one member")


def _pairs(raw: bytes) -> dict[str, bytes]:
    """Return what an extended header says of a member.

    >>> _pairs(b"17 path=rain.txt\\n")
    {'path': b'rain.txt'}
    """
    found, at = {}, 0
    while (pair := _PAIR.match(raw, at)) and pair.end() < (end := at + int(pair[1])) <= len(raw):
        found[pair[2].decode("utf-8", "replace")] = raw[pair.end() : end - 1]
        at = end
    return found


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")


def _parsed(block: bytes) -> _Header | None:
    """Return what a header says; None if it is none."""
    size = _number(block[124:136])
    if size is None or _number(block[148:156]) not in _checks(block):
        return None
    name, kind = _text(block[:100]), block[156:157]
    if block[257:263] == b"ustar\0" and kind not in (_NAME, _SPARSE) and (folder := _text(block[345:500])):
        name = f"{folder}/{name}"
    return _Header(name, kind, size, kind == _SPARSE and bool(block[482]))


def _checks(block: bytes) -> tuple[int, int]:
    """Return the check sum of a header, and what it is to programs that take bytes as signed."""
    others = block[:148] + block[156:]
    check = 256 + sum(others)
    return check, check - 256 * sum(byte > 127 for byte in others)


def _number(field: bytes) -> int | None:
    """Return the number in a field of a header, octal or binary; None if there is none.

    >>> _number(b"0000017 "), _number(b"\\x80" + bytes(10) + b"\\x07"), _number(b"rain")
    (15, 7, None)
    """
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = _OCTAL.match(field)
    return int(digits[1] or b"0", 8) if digits and (digits.end() == len(field) or field[digits.end()] == 0) else None


class _Tape:
    """The bytes of an archive, unpacked, from the start to the end."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self._packed = max(1, path.stat().st_size)
        self._total = 0
        self._pieces = _pieces(path, faults)
        self._held, self._at = b"", 0
        self._faults = faults

    def _more(self, most: int) -> bytes:
        """Return the next bytes, at most so many; b"" at the end."""
        if self._at >= len(self._held):
            self._held, self._at = next(self._pieces, b""), 0
        piece = self._held[self._at : self._at + most]
        self._at += len(piece)
        return piece

    def _promise(self, size: int) -> None:
        self._total += size
        if self._total > MOST_TOTAL or (self._total > _FREE and self._total > MOST_RATIO * self._packed):
            raise LimitError(f"the archive unpacks to more than {MOST_TOTAL / 2**30:,.0f} GB, or a thousand times its size")

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        self._promise(size)
        parts, missing = [], size
        while missing:
            if not (piece := self._more(missing)):
                raise _BreakError("the archive is cut")
            parts.append(piece)
            missing -= len(piece)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Pass over the next bytes."""
        self._promise(size)
        while size:
            if not (piece := self._more(size)):
                raise _BreakError("the archive is cut")
            size -= len(piece)

    def header(self) -> _Header | None:
        """Return the next header; None at the mark of the end."""
        if not (first := self._more(_BLOCK)):
            raise _BreakError("the archive has no mark of its end, and may be cut")
        block = first + (self.take(_BLOCK - len(first)) if len(first) < _BLOCK else b"")
        if not any(block):
            return None
        if (header := _parsed(block)) is None:
            raise _BreakError("a header in it is damaged, and what follows was not read")
        return header

    def finish(self) -> None:
        """Read to the end, so that damage is found; say if anything stands behind the mark of the end."""
        while piece := self._more(STEP):
            self._promise(len(piece))
            if piece.count(0) < len(piece):
                self._faults.append("broke off: behind the end of the archive stands something else, which was not read")
                return


def _pieces(path: Path, faults: list[str]) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked; what is wrong with how it is packed is added to `faults`."""
    with path.open("rb") as file:
        start = file.read(3)
        file.seek(0)
        if start.startswith(GZIP):
            if fault := (yield from unpacked(file, most=None)):
                faults.append(fault)
            return
        opened: dict[bytes, Callable[[IO[bytes]], Any]] = {b"BZh": bz2.open, b"\xfd7z": lzma.open}
        source: Any = opened[start](file) if start in opened else file
        try:
            while piece := source.read1(STEP):
                yield piece
        except (EOFError, lzma.LZMAError, OSError) as error:  # bz2 says damage as an OSError without a number
            if isinstance(error, OSError) and error.errno is not None:
                raise
            faults.append(f"broke off: the archive is damaged ({str(error)[:120]}); fetch the file again")
