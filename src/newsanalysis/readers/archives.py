"""Archives of files: a zip, or a tar, is read as the folder that it holds, by the same readers.

Names in an archive are labels only: a member is written to a file of our own name in a private folder, read, and removed before the next. Archives in
archives are not opened, whatever they are called.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.extras import MissingLibraryError
from newsanalysis.readers.limits import GZIP, MOST_TOTAL, unpacked
from newsanalysis.readers.members import zipped
from newsanalysis.readers.tapes import taped

_ZIP = b"PK\x03\x04"
_OFFICE = ("[content_types].xml", "_rels/", "docprops/", "word/", "xl/", "ppt/", "mimetype", "meta-inf/", "customxml/")
_NESTED = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".7z", ".rar", ".bz2", ".xz", ".wacz", ".zst")
_NOT_OPENED = "an archive in an archive, which is not opened; unpack it first"
_TAR_BLOCK = 512


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
    return _read("zip", path, columns)


def read_tar(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read the files in a tar archive, packed with gzip or not; yields and raises as `read_zip`."""
    return _read("tar", path, columns)


def _unwanted(name: str) -> str | None:
    """Say why a member is not read, by its name."""
    from newsanalysis.readers import formats  # it lists this module

    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    if not parts:
        return "it has no name"
    if any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts):
        return "a hidden file"
    if parts[-1].casefold().endswith(_NESTED):
        return _NOT_OPENED
    suffix = formats.suffix_of(Path(parts[-1]))
    if suffix not in formats.SUFFIXES:
        return formats.unknown(suffix[:20])
    return None


def _read(kind: str, path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read member after member; records are numbered from 1 through all of them."""
    number, unpacked_size, told = 0, 0, kind
    faults: list[str] = []
    members = (zipped if kind == "zip" else taped)(path, _unwanted, faults)
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
                unpacked_size += _unpacked_size(one.raw, MOST_TOTAL - unpacked_size)
                for parsed in _parsed(place, columns):
                    shifted = _shifted(kind, parsed, label, before)
                    last = max([last, *shifted.numbers, *(n for n, _ in shifted.skipped)])
                    told = shifted.format
                    yield shifted
            except MissingLibraryError:
                raise
            except Exception as error:  # one member that a reader fails on must not cost the others
                last += 1
                yield _skipped(kind, last, f"{label}: {_why(error)}")
            number = last
            place.unlink()
    if number == 0:
        raise ReadError("; ".join(["there are no files in the archive", *faults]))
    if faults:
        yield Parsed(f"{kind}@1", told, {"text": []}, [], [], "record", notes=faults)


def _parsed(place: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read a member, unless its content is an archive, whatever its name says."""
    from newsanalysis.readers import formats  # it lists this module

    head = formats.peek(place)
    if not head:
        raise ReadError("the file is empty")
    format_ = formats.guess(place, head)
    if format_ in FORMATS:
        raise ReadError(_NOT_OPENED)
    yield from formats.read_as(format_, place, columns)


def _unpacked_size(raw: bytes, most: int) -> int:
    """Return how many bytes a member that is gzip unpacks to, up to a limit; 0 if it is none.

    >>> _unpacked_size(b"Rain fell.", 100)
    0
    """
    return sum(map(len, unpacked(io.BytesIO(raw), most=most))) if raw.startswith(GZIP) else 0


def _why(error: Exception) -> str:
    """Say why a member was not read, or not to its end."""
    if isinstance(error, ReadError):
        return str(error)
    if isinstance(error, MemoryError):
        return "too large for the memory of this machine"
    what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return f"the reader failed on it ({what}), which is a fault of the reader: please report it"


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
