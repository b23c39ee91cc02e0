"""Archives of files: a zip, or a tar, is read as the folder that it holds, by the same readers.

Names in an archive are labels only: a member is written to a file of our own name in a private folder, read, and removed before the next. Archives in
archives are not opened.
"""

from __future__ import annotations

import contextlib
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.extras import MissingLibraryError
from newsanalysis.readers.limits import GZIP, MOST_MEMBERS, MOST_UNPACKED, LimitError, member, open_zip

MOST_TOTAL = 8 * 2**30  # of what all members unpack to
_ZIP = b"PK\x03\x04"
_OFFICE = ("[content_types].xml", "_rels/", "docprops/", "word/", "xl/", "ppt/", "mimetype", "meta-inf/", "customxml/")
_NESTED = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".7z", ".rar", ".bz2", ".xz", ".wacz", ".zst")
_TAR_BLOCK = 512


class _Member(NamedTuple):
    """A file in an archive: its name there, and its bytes, or why they are not read."""

    name: str
    raw: bytes
    reason: str | None = None


def read_zip(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read the files in a zip archive.

    Yields
    ------
    Parsed
        What the reader of each member gives; records are counted through the archive, and ids have the member's name in them. Members that are not read
        (encrypted, archives, of unknown kinds) are skipped with the reason.

    Raises
    ------
    LimitError
        There are more than 100,000 members.
    ReadError
        The archive is damaged, or there are no files in it.
    """
    return _read("zip", _zipped(path), columns)


def read_tar(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read the files in a tar archive, packed with gzip or not; yields and raises as `read_zip`."""
    return _read("tar", _taped(path), columns)


def _zipped(path: Path) -> Generator[_Member, None, None]:
    with open_zip(path) as archive:
        total = 0
        for info in archive.infolist():
            if info.filename.endswith("/"):
                continue
            reason = _unwanted(info.filename)
            if not reason and info.flag_bits & 1:
                reason = "it is encrypted; unpack it with its password"
            if not reason and (archive.NameToInfo.get(info.filename) is not info):
                reason = "another member has the same name, and is read"
            if reason:
                yield _Member(info.filename, b"", reason)
                continue
            try:
                raw = member(archive, info.filename, most=min(MOST_UNPACKED, MOST_TOTAL - total))
            except (ReadError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
                yield _Member(info.filename, b"", str(error))
                continue
            total += len(raw)
            yield _Member(info.filename, raw)


def _taped(path: Path) -> Generator[_Member, None, None]:
    total = count = packed = 0
    packed = max(1, path.stat().st_size)
    try:
        with tarfile.open(path, "r|*") as archive:
            for info in archive:
                count += 1
                total += info.size
                if count > MOST_MEMBERS:
                    raise LimitError(f"the archive has more than {MOST_MEMBERS:,} members; unpack it")
                if total > MOST_TOTAL or (total > 2**26 and total > 1000 * packed):
                    raise LimitError(f"the archive unpacks to more than {MOST_TOTAL / 2**30:,.0f} GB, or a thousand times its size")
                if info.isdir():
                    continue
                reason = _unwanted(info.name) or (None if info.isreg() else "it is no file: a link or a device")
                if not reason and info.size > MOST_UNPACKED:
                    reason = f"it has more than the {MOST_UNPACKED / 2**20:,.0f} MB that are read whole"
                file = None if reason else archive.extractfile(info)
                yield _Member(info.name, file.read(MOST_UNPACKED) if file else b"", reason)
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, OverflowError, TypeError) as error:  # TypeError: tarfile, of a cut gzip head
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"the archive is damaged ({str(error)[:120]})") from None


def _unwanted(name: str) -> str | None:
    """Say why a member is not read, by its name."""
    from newsanalysis.readers import formats  # it lists this module

    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if not parts:
        return "it has no name"
    if any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts):
        return "a hidden file"
    if parts[-1].casefold().endswith(_NESTED):
        return "an archive in an archive, which is not opened; unpack it first"
    suffix = formats.suffix_of(Path(parts[-1]))
    if suffix not in formats.SUFFIXES:
        return f"unknown suffix {suffix[:20]!r}" if suffix else "a name without a suffix"
    return None


def _read(kind: str, members: Generator[_Member, None, None], columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read member after member; records are numbered from 1 through all of them."""
    from newsanalysis.readers import formats  # it lists this module

    number = 0
    with tempfile.TemporaryDirectory(prefix="newsanalysis-") as folder, contextlib.closing(members):
        for one in members:
            label = _label(one.name)
            if one.reason or not one.raw:
                number += 1
                yield _skipped(kind, number, f"{label}: {one.reason or 'the file is empty'}")
                continue
            place = Path(folder) / f"member{_suffix(one.name)}"
            place.write_bytes(one.raw)
            last = before = number
            try:
                for parsed in formats.parse(place, columns):
                    shifted = _shifted(kind, parsed, label, before)
                    last = max([last, *shifted.numbers, *(n for n, _ in shifted.skipped)])
                    yield shifted
            except MissingLibraryError:
                raise
            except ReadError as error:
                last += 1
                yield _skipped(kind, last, f"{label}: {error}")
            number = last
            place.unlink()
    if number == 0:
        raise ReadError("there are no files in the archive")


def _label(name: str) -> str:
    """Return a member's name as a label: without a root, a drive or steps upwards.

    >>> _label("../../etc/rain.html"), _label("C:\\\\news\\\\rain.html")
    ('etc/rain.html', 'C:/news/rain.html')
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "".join(c if c.isprintable() else "\ufffd" for c in "/".join(parts))[:300] or "a member without a name"


def _suffix(name: str) -> str:
    """Return a member's suffixes, as far as they are plain, for the file that it is written to."""
    kept = [suffix for suffix in PurePosixPath(_label(name)).suffixes[-2:] if len(suffix) <= 10 and suffix[1:].isascii() and suffix[1:].isalnum()]
    return "".join(kept if kept and kept[-1].casefold() == ".gz" else kept[-1:])


def _skipped(kind: str, number: int, reason: str) -> Parsed:
    return Parsed(f"{kind}@1", kind, {"text": []}, [], [], "record", [(number, reason)])


def _shifted(kind: str, parsed: Parsed, label: str, before: int) -> Parsed:
    """Return what a member's reader gave as records of the archive: numbered on, and with the member's name before what is said of them."""
    own = sorted({*parsed.numbers, *(n for n, _ in parsed.skipped), *(n for n, _ in parsed.mended)})
    places = {n: before + n if parsed.unit else before + 1 for n in own}
    stem = label.removesuffix(".gz").removesuffix(".GZ")
    stem = stem[: -len(PurePosixPath(stem).suffix)] if PurePosixPath(stem).suffix else stem

    def said(reasons: list[tuple[int, str]]) -> list[tuple[int, str]]:
        return [(places[n], f"{label}{f', {parsed.unit} {n}' if parsed.unit else ''}: {reason}") for n, reason in reasons]

    return Parsed(
        parsed.reader,
        f"{parsed.format} in {kind}",
        parsed.columns,
        [places[n] for n in parsed.numbers],
        [f"/{stem}{ending}" for ending in parsed.endings],
        "record",
        said(parsed.skipped),
        said(parsed.mended),
        [f"{label}: {note}" for note in parsed.notes],
        parsed.encoding,
    )


def sniff_zip(head: bytes) -> bool:
    """Say whether bytes begin a zip archive of files, not a document of an office program, which is a zip archive too.

    >>> [sniff_zip(b"PK" + bytes([3, 4]) + bytes(22) + bytes([len(name), 0, 0, 0]) + name) for name in (b"rain.html", b"[Content_Types].xml")]
    [True, False]
    """
    if head.startswith(b"PK\x05\x06"):
        return True
    if not head.startswith(_ZIP) or len(head) < 31:
        return False
    size = int.from_bytes(head[26:28], "little")
    return not head[30 : 30 + size].decode("utf-8", "replace").casefold().startswith(_OFFICE)


def sniff_tar(head: bytes) -> bool:
    """Say whether bytes (unpacked, if they were gzip) begin a tar archive.

    >>> sniff_tar(bytes(257) + b"ustar" + bytes(250))
    True
    """
    return len(head) >= _TAR_BLOCK and head[257:262] == b"ustar" and not head.startswith(GZIP)


FORMATS: tuple[Format, ...] = (
    Format("zip archive", (".zip", ".wacz"), read_zip, sniff_zip),
    Format("tar archive", (".tar", ".tgz"), read_tar, sniff_tar),
)
