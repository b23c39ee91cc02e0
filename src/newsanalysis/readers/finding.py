"""From what was asked for to the files there: folders walked in the order of names, each file once, with its name in the tables.

A file that is not to be read (hidden, of an unknown kind, a link to nothing) is in the list with the reason, so that a report can say it.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from newsanalysis.readers import formats
from newsanalysis.readers.contract import NotFoundError, ReadError
from newsanalysis.readers.text import clean

RESULTS = "the results of an analysis by newsanalysis, which are no news"
_MARKS = {".newsanalysis", "manifest.json", "attributions.parquet"}  # a folder that holds two of them was written by us
_BLOCK = 2**20
_UNSEEN = str.maketrans({c: repr(chr(c))[1:-1] for c in [*range(32), *range(127, 160), *range(0x2028, 0x202F), *range(0x2066, 0x206A)]})


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was found.

    Parameters
    ----------
    position : int
        Its place among all files found, from 0.
    place : str
        Its path, as the system has it.
    label : str
        What the tables call it: its path below what was asked for.
    stem : str
        What ids of its records begin with, where the file gives none.
    bytes : int
        Its size.
    sha256 : str
        The hash of its bytes, "" where it was not asked for or the file is not read.
    reason : str or None
        Why it is not read.
    modified : int
        When it was last changed, in nanoseconds as the system counts them.

    Examples
    --------
    >>> Source(0, "/archive/rain.txt", "rain.txt", "rain").path.name
    'rain.txt'
    """

    position: int
    place: str
    label: str
    stem: str = ""
    bytes: int = 0
    sha256: str = ""
    reason: str | None = None
    modified: int = 0

    @property
    def path(self) -> Path:
        """The path."""
        return Path(self.place)


class Found(NamedTuple):
    """What was found: the files, what was asked for in words, and whether that was one file."""

    sources: list[Source]
    what: str
    alone: bool


class _Entry(NamedTuple):
    place: str
    real: str
    reason: str | None


def find(asked: object, *, hashed: bool = False) -> Found:
    """Find the files that paths lead to.

    Parameters
    ----------
    asked : str, Path or iterable of them
        Files and folders.
    hashed : bool
        Also hash each file that is to be read.

    Returns
    -------
    Found
        Files in the order of the paths, and within folders of their names.

    Raises
    ------
    ReadError
        A path is missing, or is none.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "rain.txt").write_text("Rain fell.")
    ...     [(source.label, source.stem) for source in find(folder).sources]
    [('rain.txt', 'rain')]
    """
    roots = _roots(asked)
    sources = _named(_once(_walk(roots)), roots)
    if hashed:
        sources = [_hashed(source) for source in sources]
    return Found(sources, *_described(roots))


def described(asked: object) -> tuple[str, bool]:
    """Name what was asked for, and say whether it is one file.

    >>> described(["a", "b"])
    Traceback (most recent call last):
    newsanalysis.readers.contract.NotFoundError: 'a': no such file or folder ...
    """
    return _described(_roots(asked))


def _described(roots: Sequence[Path]) -> tuple[str, bool]:
    alone = len(roots) == 1 and not roots[0].is_dir()
    return f"{len(roots)} paths" if len(roots) > 1 else shown(roots[0].name if alone else f"{roots[0].as_posix()}/"), alone


def shown(name: str) -> str:
    """Return a file's name as people and tables can have it: one line, bytes that are no text as ``\\xff``.

    >>> shown("rain\\nfell\\udcff.txt")
    'rain\\\\nfell\\\\xff.txt'
    """
    if name.isascii() and name.isprintable():
        return name
    return clean(os.fsencode(name).decode("utf-8", "backslashreplace").translate(_UNSEEN))[0]


def _roots(path: object) -> list[Path]:
    """Return the paths asked for, or say which is not there."""
    several = not isinstance(path, str | os.PathLike)
    if several and not isinstance(path, Iterable):
        raise ReadError(f"read needs a path or a list of paths, not {type(path).__name__}.")
    asked: list[Any] = list(path) if several else [path]  # type: ignore[call-overload]
    if wrong := [p for p in asked if not isinstance(p, str | os.PathLike)]:
        raise ReadError(f"read needs paths, not {type(wrong[0]).__name__}; for texts that are in memory use documents(texts).")
    if not asked:
        raise ReadError("no paths were given: the list is empty.")
    return [_there(os.fsdecode(p)) for p in asked]


def _there(asked: str) -> Path:
    try:
        root = Path(asked).expanduser()
        exists = bool(asked) and root.exists()
    except (ValueError, OSError, RuntimeError):  # NUL bytes, names too long, unknown home
        root, exists = Path(), False
    if exists:
        return root
    if not asked:
        raise NotFoundError("the path is empty; give a file or a folder.")
    if "://" in asked:
        raise NotFoundError(f"{asked!r} is a web address; download the file first, then give its path.")
    if any(c in asked for c in "*?[") and "\n" not in asked:
        raise NotFoundError(f"{asked!r}: no such file; patterns are not expanded: give the folder, or a list such as sorted(Path('news').glob('*.txt')).")
    if len(asked) > 255 or "\n" in asked or "\x00" in asked:
        raise NotFoundError(f"{asked[:40]!r}…: no such file or folder; for texts that are in memory use documents(texts).")
    near = difflib.get_close_matches(root.name, [p.name for p in root.parent.iterdir()] if root.parent.is_dir() else [], 1)
    meant = f"; did you mean {near[0]!r}?" if near else "."
    raise NotFoundError(f"{asked!r}: no such file or folder (looked for {shown(str(Path(root).absolute()))}){meant}")


def _walk(roots: Sequence[Path]) -> Iterator[_Entry]:
    """Yield every file below the roots, sorted, with the reason if it is not to be read."""
    folders: set[str] = set()
    for root in roots:
        place = os.fspath(Path.cwd() / root)
        if root.is_dir():
            yield from _walk_folder(place, folders)
        else:
            yield _Entry(place, os.path.realpath(place), None if root.is_file() else "neither a file nor a folder")


def _walk_folder(root: str, seen: set[str]) -> Iterator[_Entry]:
    """Yield the files below a folder; links to folders are followed once."""
    pending = [root]
    while pending:
        folder = pending.pop()
        real = os.path.realpath(folder)
        if real in seen:
            yield _Entry(folder, real, "a folder that is read already")
            continue
        seen.add(real)
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            yield _Entry(folder, real, f"the folder cannot be opened ({error.strerror})")
            continue
        if len(_MARKS.intersection(entry.name for entry in entries)) >= 2:
            yield _Entry(folder, real, RESULTS)
            continue
        inner: list[str] = []
        for entry in entries:
            if _is(entry, "is_dir") and not entry.name.startswith("."):
                inner.append(entry.path)
            else:
                own = os.path.realpath(entry.path) if _is(entry, "is_symlink") else f"{real.rstrip(os.sep)}{os.sep}{entry.name}"
                yield _Entry(entry.path, own, _unwanted(entry))
        pending += reversed(inner)


def _is(entry: os.DirEntry[str], kind: str) -> bool:
    """Ask what a name in a folder is; what the system cannot tell, such as a link that leads to itself, is nothing."""
    try:
        return bool(getattr(entry, kind)())
    except OSError:
        return False


def _unwanted(entry: os.DirEntry[str]) -> str | None:
    if entry.name.startswith((".", "~$")):
        return "a hidden folder" if _is(entry, "is_dir") else "a hidden file"
    if not _is(entry, "is_file"):
        return "neither a file nor a folder" if Path(entry.path).exists() else "a link to nothing"
    path = Path(entry.name)
    if formats.suffix_of(path) in formats.SUFFIXES or _known(entry.path):
        return None
    why = formats.unknown(shown(path.suffix))
    return f"{why}; {formats.LISTED}" if path.suffix and why != formats.PDF else why


def _known(place: str) -> bool:
    """Say whether a format knows the first bytes of a file as its own."""
    try:
        head = formats.peek(Path(place))
    except OSError:
        return False
    return any(format_.sniff is not None and format_.sniff(head) for format_ in formats.FORMATS)


def _once(entries: Iterable[_Entry]) -> Iterator[_Entry]:
    """Give a file that is there a second time, by another name or path, its reason."""
    first: dict[str, str] = {}
    for entry in entries:
        if entry.reason is None and (before := first.setdefault(entry.real, entry.place)) is not entry.place:
            yield entry._replace(reason=f"the same file as {shown(before.rpartition(os.sep)[2])}, which is read already")
        else:
            yield entry


def _named(entries: Iterable[_Entry], roots: Sequence[Path]) -> list[Source]:
    """Give each file its name in the tables (below what was asked for) and the stem for ids, longer where two would clash."""
    bases = [root.absolute() if root.is_dir() else root.absolute().parent for root in roots]
    try:
        base = os.path.commonpath(bases)
    except ValueError:  # two drives
        base = Path(bases[0].anchor).as_posix()
    base = base.rstrip(os.sep) + os.sep
    found: list[tuple[_Entry, str, str]] = []
    once: Counter[str] = Counter()
    twice: Counter[str] = Counter()
    for entry in entries:
        inside = entry.place.removeprefix(base) if entry.place.startswith(base) else Path(entry.place).as_posix()
        label = shown(inside.replace(os.sep, "/")) or "."
        longer = _unsuffixed(label) if entry.reason is None else ""
        found.append((entry, label, longer))
        if longer:
            once[longer.rpartition("/")[2]] += 1
            twice[longer] += 1
    sources = []
    for position, (entry, label, longer) in enumerate(found):
        stem = longer.rpartition("/")[2]
        if once[stem] > 1:
            stem = longer if twice[longer] == 1 else label
        sources.append(Source(position, entry.place, label, stem if stem.strip() else label, reason=entry.reason))
    return sources


def _unsuffixed(label: str) -> str:
    """Return a name without its suffix, and without ``.gz`` behind a known one."""
    if label.endswith((".gz", ".GZ")) and formats.suffix_of(Path(label)) in formats.SUFFIXES:
        label = label[:-3]
    start = label.rfind("/") + 1
    dot = label.rfind(".", start)
    return label[:dot] if start < dot < len(label) - 1 else label


def _hashed(source: Source) -> Source:
    """Add size, time of change and hash; a file that cannot be read says so."""
    if source.reason is not None:
        return source
    try:
        status = source.path.stat()
        digest = hashlib.sha256()
        with source.path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except PermissionError:
        return replace(source, reason="permission to read the file is denied")
    except OSError as error:
        return replace(source, reason=f"the file cannot be read ({error.strerror or error})")
    return replace(source, bytes=status.st_size, modified=status.st_mtime_ns, sha256=digest.hexdigest())
