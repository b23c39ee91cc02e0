"""From paths to the table *documents*: find the files, read each, clean, give ids, drop duplicates, and report it all.

Nothing is lost silently: every file and every record that does not become a document has a row in the report, and
documents found = documents kept + records skipped.
"""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis import tables
from newsanalysis.readers import dates, formats
from newsanalysis.readers.columns import UNUSED, as_text, check_mapping
from newsanalysis.readers.contract import NotFoundError, Parsed, ReadError
from newsanalysis.readers.text import REPLACED, clean, replace_forbidden

KINDS = ("article", "headline", "summary")
_METADATA = ("title", "outlet", "author", "section", "url", "language")
_SKIPPED, _KEPT = "skipped", "kept"


@dataclass(slots=True)
class _File:
    """A file on its way: where it is, what it is called in the tables, what became of it."""

    path: Path
    label: str
    stem: str = ""
    reason: str | None = None
    format: str = ""
    encoding: str = "utf-8"
    unit: str = ""
    notes: list[str] = field(default_factory=list)
    records: list[tuple[int, str, str]] = field(default_factory=list)  # number, status, reason
    kept: int = 0

    def record(self, number: int) -> str | None:
        """Name a record for people: 'row 3', 'line 7'; None if the file is one document."""
        return f"{self.unit} {number}" if self.unit else None

    @property
    def mended(self) -> int:
        """How many records were kept although something was wrong; 1 where that is known of the file only."""
        return len({number for number, status, _ in self.records if status == _KEPT}) or int(any(note.endswith(REPLACED) for note in self.notes))


def read_paths(path: object, columns: Mapping[str, str] | None) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Read paths into documents, a report, and the line that says what was read.

    Parameters
    ----------
    path : str, Path or iterable of them
        Files and folders.
    columns : dict or None
        Ours to theirs.

    Returns
    -------
    DataFrame, DataFrame, str
        Tables *documents* and *report*, and one line.

    Raises
    ------
    ReadError
        A path is missing, or no document was read at all.
    """
    mapping = check_mapping(columns)
    roots = _roots(path)
    files = _name(_walk(roots), roots)
    rows = _Rows()
    for position, file in enumerate(files):
        if file.reason is None:
            try:
                for parsed in formats.parse(file.path, mapping):
                    rows.add(position, file, parsed)
            except ReadError as error:
                file.reason = str(error)
    what = _what(roots)
    if not rows.texts:
        raise ReadError(_nothing(what, files, alone=len(roots) == 1 and not roots[0].is_dir()))
    documents = rows.documents(files)
    return documents, _report(files), _line(what, files, documents)


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
    raise NotFoundError(f"{asked!r}: no such file or folder (looked for {Path(root).absolute()}){meant}")


def _walk(roots: Sequence[Path]) -> list[tuple[Path, str | None]]:
    """Return every file below the roots, sorted, once, with the reason if it is not to be read."""
    found: list[tuple[Path, str | None]] = []
    folders: set[str] = set()
    for root in roots:
        if root.is_dir():
            _walk_folder(root, folders, found)
        elif root.is_file():
            found.append((root, None))
        else:
            found.append((root, "neither a file nor a folder"))
    first: dict[str, Path] = {}
    files: list[tuple[Path, str | None]] = []
    for path, reason in found:
        real = os.path.realpath(path)
        if reason is None and first.setdefault(real, path) is not path:
            reason = f"the same file as {first[real].name}, which is read already"
        files.append((path, reason))
    return files


def _walk_folder(root: Path, seen: set[str], found: list[tuple[Path, str | None]]) -> None:
    """Add the files below a folder; links to folders are followed once."""
    pending = [root]
    while pending:
        folder = pending.pop()
        real = os.path.realpath(folder)
        if real in seen:
            found.append((folder, "a folder that is read already"))
            continue
        seen.add(real)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            found.append((folder, f"the folder cannot be opened ({error.strerror})"))
            continue
        inner: list[Path] = []
        for entry in entries:
            path = Path(entry.path)
            if path.is_dir() and not entry.name.startswith("."):
                inner.append(path)
            else:
                found.append((path, _unwanted(path)))
        pending += reversed(inner)


def _unwanted(path: Path) -> str | None:
    if path.name.startswith((".", "~$")):
        return "a hidden folder" if path.is_dir() else "a hidden file"
    if not path.exists():
        return "a link to nothing"
    if not path.is_file():
        return "neither a file nor a folder"
    if formats.suffix_of(path) not in formats.SUFFIXES:
        return f"unknown suffix {path.suffix!r}; known are {', '.join(sorted(formats.SUFFIXES))}" if path.suffix else "a name without a suffix"
    return None


def _name(found: Sequence[tuple[Path, str | None]], roots: Sequence[Path]) -> list[_File]:
    """Give each file its name in the tables (below what was asked for) and the stem for ids, longer where two would clash."""
    bases = [root.absolute() if root.is_dir() else root.absolute().parent for root in roots]
    try:
        base = Path(os.path.commonpath(bases))
    except ValueError:  # two drives
        base = Path(bases[0].anchor)
    files = []
    for path, reason in found:
        whole = path.absolute()
        label = whole.relative_to(base).as_posix() if whole.is_relative_to(base) else whole.as_posix()
        files.append(_File(path, clean(label)[0], reason=reason))
    stems = [Path(file.label).stem for file in files]
    longer = [Path(file.label).with_suffix("").as_posix() if Path(file.label).name else file.label for file in files]
    read = [i for i, file in enumerate(files) if file.reason is None]
    once, twice = Counter(stems[i] for i in read), Counter(longer[i] for i in read)
    for i in read:
        stem = stems[i] if once[stems[i]] == 1 else longer[i] if twice[longer[i]] == 1 else files[i].label
        files[i].stem = stem if stem.strip() else files[i].label
    return files


class _Rows:
    """The columns of the table to be, growing file by file."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.files: list[int] = []
        self.numbers: list[int] = []
        self.given: list[str | None] = []
        self.endings: list[str] = []
        self.kinds: list[str] = []
        self.readers: list[str] = []
        self.dates: list[object] = []
        self.metadata: dict[str, list[str | None]] = {name: [] for name in _METADATA}

    def add(self, position: int, file: _File, parsed: Parsed) -> None:
        """Add a file's records; those without a text are skipped and said."""
        file.format, file.unit, file.encoding = parsed.format, parsed.unit, parsed.encoding
        file.notes += parsed.notes
        file.records += [(number, _SKIPPED, reason) for number, reason in parsed.skipped]
        file.records += [(number, _KEPT, reason) for number, reason in parsed.mended]
        kept: list[int] = []
        for i, number in enumerate(parsed.numbers):
            try:
                text = as_text(parsed.columns["text"][i])
            except ReadError as error:
                file.records.append((number, _SKIPPED, f"the text is {error}"))
                continue
            if text is None:
                file.records.append((number, _SKIPPED, "the text is missing or blank"))
                continue
            text, mended = clean(text)
            if mended:
                file.records.append((number, _KEPT, mended))
            self.texts.append(text)
            kept.append(i)
        skipped = {number for number, status, _ in file.records if status == _SKIPPED}
        file.records = [r for r in file.records if r[1] == _SKIPPED or r[0] not in skipped]
        self._add_metadata(position, file, parsed, kept)

    def _add_metadata(self, position: int, file: _File, parsed: Parsed, kept: Sequence[int]) -> None:
        none: list[object] = [None] * len(parsed.numbers)
        self.files += [position] * len(kept)
        self.numbers += [parsed.numbers[i] for i in kept]
        self.endings += [parsed.endings[i] for i in kept]
        self.readers += [parsed.reader] * len(kept)
        ids, kinds, when = (parsed.columns.get(name, none) for name in ("document_id", "kind", "published"))
        self.given += [_id(ids[i]) for i in kept]
        self.dates += [when[i] if not isinstance(when[i], str) else clean(str(when[i]))[0] for i in kept]
        for name in _METADATA:
            cells = parsed.columns.get(name, none)
            self.metadata[name] += [_plain(cells[i]) for i in kept] if cells is not none else [None] * len(kept)
        for i in kept:
            kind = (_plain(kinds[i]) or "article").casefold()
            if kind not in KINDS:
                file.records.append((parsed.numbers[i], _KEPT, f"kind {kind!r} is none of article, headline, summary; read as article"))
                kind = "article"
            self.kinds.append(kind)

    def documents(self, files: Sequence[_File]) -> pd.DataFrame:
        """Return the checked table; what happens on the way is noted with the files."""
        read = dates.parse(self.dates, self.files)
        for i in read.bad:
            files[self.files[i]].records.append((self.numbers[i], _KEPT, f"{str(self.dates[i])[:60]!r} is no date; published is missing"))
        for position, note in read.notes.items():
            files[position].notes.append(note)
        ids, kept = self._ids(files)
        for i in kept:
            files[self.files[i]].kept += 1
        for file in files:
            if file.records and not (file.kept or file.unit or file.reason):  # the one document of this file is a duplicate
                file.reason, file.records = file.records[-1][2], []
        table = pd.DataFrame({"document_id": ids, "text": self.texts, **self.metadata})
        table["published"] = read.published
        table["kind"] = self.kinds
        table["source_file"] = [files[i].label for i in self.files]
        table["reader"] = self.readers
        return tables.check(table if len(kept) == len(table) else table.iloc[kept], "documents")

    def _ids(self, files: Sequence[_File]) -> tuple[list[str], list[int]]:
        """Return an id for each record and the records kept: of two with one id, the second is a duplicate or gets ``id-2``."""
        wanted = [given if given is not None else files[i].stem + ending for given, i, ending in zip(self.given, self.files, self.endings, strict=True)]
        taken, kept = set(wanted), []
        seen: dict[tuple[str, str], int] = {}
        last: dict[str, int] = {}
        twice: dict[int, dict[int, str]] = {}
        for i, id_ in enumerate(wanted):
            same = seen.setdefault((id_, self.texts[i]), i)
            if same != i:
                twice.setdefault(self.files[i], {})[self.numbers[i]] = f"duplicate: id {id_!r} and text as in {self._place(same, i, files)}"
                continue
            kept.append(i)
            n = last[id_] = last.get(id_, 0) + 1
            if n > 1:
                while f"{id_}-{n}" in taken:
                    n += 1
                last[id_] = n
                wanted[i] = f"{id_}-{n}"
                taken.add(wanted[i])
                files[self.files[i]].records.append((self.numbers[i], _KEPT, f"id {id_!r} is taken by another text; kept as {wanted[i]!r}"))
        for position, reasons in twice.items():
            file = files[position]
            file.records = [r for r in file.records if r[0] not in reasons]
            file.records += [(number, _SKIPPED, reason) for number, reason in reasons.items()]
        return wanted, kept

    def _place(self, same: int, here: int, files: Sequence[_File]) -> str:
        """Say where the first of two duplicates stands: its record, with its file if that is another."""
        file = files[self.files[same]]
        parts = [file.label] if self.files[same] != self.files[here] else []
        return ", ".join([*parts, *filter(None, [file.record(self.numbers[same])])]) or file.label


def _plain(value: object) -> str | None:
    """Return a cell of metadata as one clean text, None if missing or nested."""
    try:
        text = as_text(value)
    except ReadError:
        return None
    return None if text is None else clean(text)[0].strip()


def _id(value: object) -> str | None:
    """Return an id as the file gives it, None if missing or nested."""
    try:
        text = as_text(value)
    except ReadError:
        return None
    return None if text is None else replace_forbidden(text)


def _report(files: Sequence[_File]) -> pd.DataFrame:
    """Return the table *report*: a row a file, then one for each of its records that was skipped or mended."""
    rows: list[tuple[str, str | None, str, str | None, int]] = []
    for file in files:
        whole = [reason for number, status, reason in file.records if not file.unit and status == _KEPT]
        reason = file.reason or "; ".join([*file.notes, *whole]) or None
        rows.append((file.label, None, _KEPT if file.kept else _SKIPPED, reason if file.kept or file.reason else reason or "no text in it", file.kept))
        for number, status, why in sorted(file.records, key=lambda record: record[0]):
            if file.unit:
                rows.append((file.label, file.record(number), status, why, int(status == _KEPT)))
    columns = ["source_file", "record", "status", "reason", "n_documents"]
    return tables.check(pd.DataFrame(rows, columns=columns), "report")


def _what(roots: Sequence[Path]) -> str:
    if len(roots) > 1:
        return f"{len(roots)} paths"
    return f"{roots[0].as_posix()}/" if roots[0].is_dir() else roots[0].name


def _line(what: str, files: Sequence[_File], documents: pd.DataFrame) -> str:
    read = [file for file in files if file.reason is None]
    names = list(dict.fromkeys(file.format for file in read))
    skipped = sum(status == _SKIPPED for file in read for _, status, _ in file.records)
    kinds = documents["kind"].value_counts()
    counts = ", ".join(_count(int(kinds[kind]), kind) for kind in KINDS if kind in kinds)
    more = f" ({_count(len(files) - len(read), 'more')} skipped)" if len(files) > len(read) else ""
    mended = sum(file.mended for file in read)
    others = Counter(file.encoding for file in read if file.encoding != "utf-8")
    encoded = f" ({', '.join(f'{n:,} in {encoding}' for encoding, n in others.items())})" if others else ""
    unused = list(dict.fromkeys(note for file in read for note in file.notes if note.startswith(UNUSED)))
    hints = [*unused[:1], *(["read(..., report=True) says why"] if skipped or more or mended or len(unused) > 1 else [])]
    hint = (f", {mended:,} mended" if mended else "") + "".join(f"; {each}" for each in hints) + "."
    n = len(documents)
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    where = f"{what}: {listed}, {_count(len(read), 'file')}{encoded}{more}"
    return f"{where}: {_count(n + skipped, 'document')} found, {n:,} kept ({counts}), {skipped:,} skipped{hint}"


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'s' * (n != 1 and noun != 'more')}"


def _nothing(what: str, files: Sequence[_File], *, alone: bool) -> str:
    """Say why nothing was read."""
    reasons = []
    for file in files:
        name = "" if alone else f"{file.label}: "
        if file.reason:
            reasons.append(f"{name}{file.reason}")
        elif file.records:
            number, _, why = min(file.records)
            where = f"{file.record(number)}: " if file.unit else ""
            reasons.append(f"{name}no document in {_count(len(file.records), 'record')}; {where}{why}")
        else:
            reasons.append(f"{name}no record in it")
    if alone:
        return f"{what}: {reasons[0]}."
    if not files:
        return f"{what}: no news in it, the folder is empty; known suffixes are {', '.join(sorted(formats.SUFFIXES))}."
    more = f"; and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return f"{what}: no news in {_count(len(files), 'file')}: {'; '.join(reasons[:3])}{more}."
