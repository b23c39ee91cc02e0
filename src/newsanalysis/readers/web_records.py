"""Records of web archives, WARC and ARC, from a stream: whole ones, cut ones, and those behind damage.

The framing is our own, because nothing may be lost in silence: fastwarc ends at the first damage and hands out cut records without a word, warcio ends at
gzip that is not cut by records. Here a damaged gzip member costs the records in it, and reading goes on at the next member; a record whose length is wrong
is cut where the next one begins. Tests hold it against both libraries, record by record.

>>> import io
>>> block = b"HTTP/1.1 200 OK\\r\\n\\r\\nRain"
>>> head = b"WARC/1.0\\r\\nWARC-Type: response\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(block)
>>> [(record.kind, record.block[19:], record.missing) for record in records(io.BytesIO(head + block + b"\\r\\n\\r\\n" + head + block[:-2]))]
[('response', b'Rain', 0), ('response', b'Ra', 2)]
"""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from newsanalysis.readers.limits import GZIP, MOST_RATIO, STEP

MOST_HEAD = 2**16  # of a record's head
MOST_BLOCK = 12 * 2**20  # of a record that is kept; the rest of a larger one is passed over
_FREE = 64 * 2**20
_MOST_BACK = 64 * 2**20  # given back of wrong lengths, above which every beginning of a record ends the one before it
_WARC = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n")
_NEXT = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n(?=[A-Za-z-]{4,40}:)")
_ARC = re.compile(
    rb"(?:^|(?<=\n))([A-Za-z][A-Za-z0-9+.-]{1,20}:[^\n\r]{0,8000}) ([0-9a-fA-F.:]{1,45}|-) (\d{8,14}) ([^\s]{1,200}|-)((?: [^\s]{1,300}){0,6}) (\d{1,12})\r?\n"
)
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n")
_MEMBER = b"\x1f\x8b\x08"


@dataclass(slots=True)
class Record:
    """A record: what it says of itself, and its block.

    Parameters
    ----------
    kind : str
        warcinfo, response, request ...; of ARC files filedesc or response.
    head : dict
        The fields of its head, names in small letters.
    block : bytes
        What it holds, at most 12 MB of it.
    length : int
        How long the block is said to be.
    missing : int
        How many bytes of the block are not there.
    """

    kind: str
    head: dict[str, str]
    block: bytes
    length: int
    missing: int = 0


@dataclass(slots=True)
class Damage:
    """What was wrong with the stream, for the report."""

    members: int = 0  # gzip members that broke off
    lost: int = 0  # bytes between records that are no record
    bomb: bool = False
    notes: list[str] = field(default_factory=list)

    def said(self) -> list[str]:
        """Return it in words."""
        said = list(self.notes)
        if self.members:
            said.append(
                f"{self.members:,} gzip member{'s' * (self.members > 1)} broken; what stands before and behind {'them' if self.members > 1 else 'it'} was read"
            )
        if self.lost:
            said.append(f"{self.lost:,} bytes belong to no record and were passed over")
        if self.bomb:
            said.append(f"a gzip member unpacks to more than {MOST_RATIO:,} times its size, as only an archive made to do harm does; its rest was passed over")
        return said


def records(file: IO[bytes], damage: Damage | None = None) -> Iterator[Record]:
    """Yield the records of a WARC or ARC file, packed or not.

    Parameters
    ----------
    file : binary file
        Open at its start.
    damage : Damage, optional
        Where to write what was wrong.

    Yields
    ------
    Record
        One after the other; memory holds one of them.
    """
    damage = Damage() if damage is None else damage
    stream = _Stream(file, damage)
    while stream.fill(MOST_HEAD):
        stream.lstrip(b"\r\n \t")
        if not stream.fill(MOST_HEAD):
            return
        if _NEXT.match(stream.held):
            yield from _warc_record(stream, damage)
        elif match := _ARC.match(stream.held):
            yield _arc_record(stream, match)
        elif not stream.repacked():
            _resume(stream, damage)


def _warc_record(stream: _Stream, damage: Damage) -> Iterator[Record]:
    """Yield the record that begins here; nothing if its head is broken."""
    first = _WARC.match(stream.held)
    assert first
    if first.end() == len(stream.held):
        stream.drop(first.end())
        damage.lost += first.end()
        return
    found = _HEAD_END.search(stream.held, first.end() - 2, MOST_HEAD)
    if not found or _NEXT.search(stream.held, first.end(), found.start()) or stream.gap_before(found.start()):
        damage.lost += stream.drop(first.end())
        return
    at, length = found.start(), len(found[0])
    head = _fields(bytes(stream.held[first.end() : at + length]))
    stream.drop(at + length)
    declared = head.get("content-length", "").strip()
    size = int(declared) if declared.isdecimal() and len(declared) < 16 else stream.size_before(_NEXT)
    block, got, cut = stream.block(size, _NEXT, b"WARC/")
    yield Record(head.get("warc-type", "").strip().casefold(), head, block, size, missing=size - got if cut else 0)


def _arc_record(stream: _Stream, match: re.Match[bytes]) -> Record:
    url, address, date, mime, _, length = (part.decode("utf-8", "replace") for part in match.groups())
    stream.drop(match.end())
    block, got, cut = stream.block(int(length), _ARC, b"")
    scheme = url.partition(":")[0].casefold()
    kind = "response" if scheme in ("http", "https") else scheme
    head = {"warc-target-uri": url, "arc-date": date, "arc-mime": mime, "warc-ip-address": address}
    return Record(kind, head, block, int(length), missing=int(length) - got if cut else 0)


def _fields(raw: bytes) -> dict[str, str]:
    """Return the fields of a head, continued lines joined; of fields that come twice the first."""
    found: dict[str, str] = {}
    name = ""
    for line in raw.decode("utf-8", "replace").splitlines():
        if line[:1] in (" ", "\t") and name:
            found[name] += " " + line.strip()
            continue
        key, mark, value = line.partition(":")
        name = key.strip().casefold() if mark else ""
        if name:
            found.setdefault(name, value.strip())
    return found


def _resume(stream: _Stream, damage: Damage) -> None:
    """Pass over what is no record, up to the next that is."""
    found = _NEXT.search(stream.held, 1) or _ARC.search(stream.held, 1)
    mark = stream.next_mark()
    ends = [n for n in (found.start() if found else None, mark) if n]
    step = min(ends) if ends else max(1, len(stream.held) - (0 if stream.ended else 9_000))
    damage.lost += stream.drop(step)


class _Stream:
    """Bytes of a file, unpacked, with the places where a gzip member begins or was broken."""

    def __init__(self, file: IO[bytes], damage: Damage) -> None:
        self.held = bytearray()
        self.offset = 0  # of held[0] in the unpacked stream
        self.ended = False
        self.marks: deque[tuple[int, bool]] = deque()  # where a member begins, and whether the one before it was broken
        self._file, self._damage, self._plain = file, damage, False
        self._back = 0  # bytes of records within others that were given back
        self._pieces = _pieces(file, bytearray(file.read(STEP)), damage)

    def fill(self, size: int) -> bool:
        """Hold at least so many bytes, if there are; say whether there are any."""
        while len(self.held) < size and not self.ended:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
            elif isinstance(piece, bool):
                self.marks.append((self.offset + len(self.held), piece))
            elif piece == b"":
                self._plain = True
            else:
                self.held += piece
        return bool(self.held)

    def repacked(self) -> bool:
        """Unpack from here on, if plain records are followed by gzip members; say whether they are."""
        if not self._plain or not self.held.startswith(_MEMBER):
            return False
        self._pieces, self._plain, self.ended = _pieces(self._file, self.held, self._damage), False, False
        self.held = bytearray()
        return True

    def size_before(self, following: re.Pattern[bytes]) -> int:
        """Return how far the next record is, for a record that does not say how long it is."""
        self.fill(MOST_BLOCK)
        found = following.search(self.held)
        return len(self.held[: found.start() if found else MOST_BLOCK].rstrip(b"\r\n"))

    def drop(self, size: int) -> int:
        """Pass over bytes that are held."""
        size = min(size, len(self.held))
        del self.held[:size]
        self.offset += size
        while self.marks and self.marks[0][0] <= self.offset:
            self.marks.popleft()
        return size

    def lstrip(self, characters: bytes) -> None:
        """Pass over characters."""
        while self.fill(1):
            start = bytes(self.held[:STEP])
            self.drop(stripped := len(start) - len(start.lstrip(characters)))
            if stripped == len(start):
                continue
            if self.held:
                return

    def next_mark(self) -> int | None:
        """Return how far the next member is, if it is held."""
        return next((at - self.offset for at, _ in self.marks if 0 < at - self.offset < len(self.held)), None)

    def gap_before(self, size: int) -> bool:
        """Say whether the stream is broken within the next bytes."""
        return any(broken and 0 < at - self.offset <= size for at, broken in self.marks)

    def block(self, size: int, following: re.Pattern[bytes], start: bytes) -> tuple[bytes, int, bool]:
        """Return a block, how much of it there was, and whether it was cut; it ends early where the stream is broken or a record begins within it."""
        parts, kept, got = bytearray(), 0, 0
        while got < size:
            if not self.fill(min(size - got + 64, STEP * 4)):
                return self._given_back(parts, got, following) or (bytes(parts), got, True)
            step = min(size - got, len(self.held))
            if (stop := self._stop(step, start)) is not None:
                step, ends = stop, True
            elif self._back > _MOST_BACK and (found := following.search(self.held, 0, step)):
                step, ends = found.start(), True
            else:
                ends = False
            if kept < MOST_BLOCK:
                parts += self.held[: min(step, MOST_BLOCK - kept)]
                kept = len(parts)
            got += self.drop(step)
            if ends:
                return bytes(parts), got, got < size
        return self._checked(parts, got, following)

    def _stop(self, step: int, start: bytes) -> int | None:
        """Return where within the next bytes the block cannot go on: behind a break, or where a member begins with a record."""
        for at, broken in self.marks:
            place = at - self.offset
            if 0 < place <= step and (broken or (start and place < step and self.held.startswith(start, place))):
                return place
            if place > step:
                return None
        return None

    def _checked(self, parts: bytearray, got: int, following: re.Pattern[bytes]) -> tuple[bytes, int, bool]:
        """Return the block, cut where a record begins in it, if no record begins behind it: then its length was wrong."""
        self.fill(9_000)
        rest = bytes(self.held[:9_000]).lstrip(b"\r\n \t")
        if (not rest and self.ended) or self.next_mark() == len(self.held[:9_000]) - len(rest) or following.match(rest) or _WARC.match(rest):
            return bytes(parts), got, False
        return self._given_back(parts, got, following) or (bytes(parts), got, False)

    def _given_back(self, parts: bytearray, got: int, following: re.Pattern[bytes]) -> tuple[bytes, int, bool] | None:
        """Return the block up to a record that begins in it, and hold that record again; None if none does."""
        if got > MOST_BLOCK or not (found := following.search(parts)):
            return None
        self.held[:0] = parts[found.start() :]
        self.offset -= got - found.start()
        self._back += got - found.start()
        block = bytes(parts[: found.start()]).rstrip(b"\r\n")
        return block, len(block), True


def _pieces(file: IO[bytes], raw: bytearray, damage: Damage) -> Iterator[bytes | bool]:
    """Yield what is held of a file and the rest of it, unpacked.

    Before each gzip member but the first, and at a broken end, whether the one before was broken; b"" where what follows is not packed.
    """
    whole = True
    while raw:
        if whole and not raw.startswith(GZIP):
            yield b""
            while raw:
                yield bytes(raw)
                raw = bytearray(file.read(STEP))
            return
        whole = yield from _member(file, raw, damage, counted=whole)
        if whole:
            _pass_padding(file, raw)
        else:
            _seek_member(file, raw)
        if raw or not whole:
            yield not whole


def _pass_padding(file: IO[bytes], raw: bytearray) -> None:
    """Pass over NULs and white space between gzip members."""
    while raw or _more(file, raw):
        del raw[: len(raw) - len(raw.lstrip(b"\0 \t\r\n"))]
        if raw:
            raw += file.read(2) if len(raw) < 2 else b""
            return


def _seek_member(file: IO[bytes], raw: bytearray) -> None:
    """Pass over what is left of a broken gzip member."""
    while raw or _more(file, raw):
        at = raw.find(_MEMBER)
        if at >= 0:
            del raw[:at]
            return
        more = file.read(STEP)
        del raw[: len(raw) if not more else max(0, len(raw) - 2)]
        raw += more


def _more(file: IO[bytes], raw: bytearray) -> bool:
    raw += file.read(STEP)
    return bool(raw)


def _member(file: IO[bytes], raw: bytearray, damage: Damage, *, counted: bool) -> Generator[bytes, None, bool]:
    """Yield what one gzip member holds; leave in `raw` what stands behind it, and return whether it was whole."""
    engine = zlib.decompressobj(wbits=31)
    packed = out = 0
    while raw or _more(file, raw):
        chunk = bytes(raw)
        raw.clear()
        packed += len(chunk)
        while chunk:
            before = engine.copy()
            try:
                piece = engine.decompress(chunk, STEP * 4)
            except zlib.error:
                for piece in _salvaged(before, chunk):
                    out += len(piece)
                    yield piece
                damage.members += counted or out > 0
                raw += chunk[2:] if packed == len(chunk) else chunk
                return False
            out += len(piece)
            if out > _FREE and out > MOST_RATIO * packed:
                damage.bomb = True
                raw += engine.unconsumed_tail
                return False
            if piece:
                yield piece
            if engine.eof:
                raw += engine.unused_data
                return True
            chunk = engine.unconsumed_tail
    damage.members += counted or out > 0
    return False


def _salvaged(engine: Any, chunk: bytes) -> Iterator[bytes]:
    """Yield what can be unpacked before the damage, in small steps."""
    try:
        for at in range(0, len(chunk), 64):
            piece = engine.decompress(chunk[at : at + 64])
            if piece:
                yield piece
    except zlib.error:
        return
