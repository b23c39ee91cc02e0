"""What is said about reading: the table *report*, the one line, and why nothing was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from newsanalysis import tables
from newsanalysis.readers import formats
from newsanalysis.readers.columns import UNUSED
from newsanalysis.readers.counts import count
from newsanalysis.readers.finding import RESULTS
from newsanalysis.readers.records import KEPT, KINDS, SKIPPED, File
from newsanalysis.readers.text import visible

_COLUMNS = ["source_file", "record", "status", "reason", "n_documents"]
WHERE = "read(..., report=True)"  # where `read` tells the reasons
_INSTALL = re.compile(r'; run: pip install (?:-U )?"newsanalysis\[(\w+)\]"')
_LOST = re.compile(
    r"\b(?:not read|broke off|breaks off|damaged|broken; what stands|may be (?:cut|missing)|belong to no record|hold no article|are in it|in it; \S+ is read)\b"
)  # in the notes on a file that was read
_ReportRow = tuple[str, str | None, str, str | None, int]


def report(files: Iterable[File]) -> pd.DataFrame:
    """Return the table *report*: a row a file, then one for each of its records that was skipped or mended.

    >>> report([File("rain.txt", reason="the file is empty")]).values.tolist()
    [['rain.txt', nan, 'skipped', 'the file is empty', 0]]
    """
    return tables.check(pd.DataFrame([row for file in files for row in _rows(file)], columns=_COLUMNS), "report")


def _rows(file: File) -> Iterator[_ReportRow]:
    whole = [reason for _, status, reason in file.rows if not file.unit and status == KEPT]
    guessed = [f"language guessed for {count(file.guessed, 'document')}"] if file.guessed else []
    reason = file.reason or "; ".join([*file.notes, *whole, *guessed]) or None
    if not file.kept and not file.reason:
        reason = "; ".join([_none_kept(file), *filter(None, [reason])])
    yield file.label, None, KEPT if file.kept else SKIPPED, reason and visible(reason), file.kept
    if file.unit:
        for number, status, why in sorted(file.rows, key=lambda row: row[0]):
            yield file.label, file.record(number), status, visible(why), int(status == KEPT)


def _none_kept(file: File) -> str:
    """Say why no record of a file that could be read was kept; the rows below it say it of each."""
    skipped = [reason for _, status, reason in file.rows if status == SKIPPED]
    why = "a duplicate" if all(reason.startswith("duplicate: ") for reason in skipped) else "skipped"
    if len(skipped) > 1:
        return "all its records are duplicates" if why == "a duplicate" else "all its records were skipped"
    return f"its only record {'is' if why == 'a duplicate' else 'was'} {why}" if skipped else "no text in it"


def lone_duplicate(file: File) -> None:
    """Make the one record of a file the file's own reason, if it is a duplicate."""
    if file.rows and not (file.kept or file.unit or file.reason):
        file.reason, file.rows = file.rows[-1][2], []


@dataclass(slots=True)
class Tally:
    """The counts that the line says, file by file.

    >>> tally = Tally()
    >>> tally.add(File("rain.txt", formats=["plain text"], kept=1), {"article": 1})
    >>> tally.line("rain.txt")
    'rain.txt: plain text, 1 file: 1 document found, 1 kept (1 article), 0 skipped.'
    """

    files: int = 0
    more: int = 0
    skipped: int = 0
    mended: int = 0
    lost: bool = False
    formats: dict[str, None] = field(default_factory=dict)
    encodings: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    unused: dict[str, None] = field(default_factory=dict)
    misnamed: list[str] = field(default_factory=list)
    n_misnamed: int = 0
    extras: dict[str, None] = field(default_factory=dict)
    uninstalled: Counter[str] = field(default_factory=Counter)
    results: list[str] = field(default_factory=list)
    pdfs: int = 0

    def add(self, file: File, kinds: dict[str, int]) -> None:
        """Count a file, and its documents by kind."""
        self._add_missing(file)
        if file.reason is not None:
            self.more += 1
            self.results += [file.label] * (file.reason == RESULTS)
            self.pdfs += file.reason.endswith(formats.PDF)
            return
        self.files += 1
        self.skipped += sum(status == SKIPPED for _, status, _ in file.rows)
        self.mended += file.mended
        for name in file.formats:
            self.formats[name] = None
        if file.encoding != "utf-8":
            self.encodings[file.encoding] += 1
        for kind, n in kinds.items():
            self.kinds[kind] += n
        for note in file.notes:
            if note.startswith(UNUSED):
                self.unused[note] = None
            elif not _INSTALL.search(note):
                self.lost = self.lost or bool(_LOST.search(note))
        if file.misnamed:
            self.n_misnamed += 1
            self.misnamed += [f"{file.label}: read as {file.misnamed}"] * (len(self.misnamed) < 1)

    def _add_missing(self, file: File) -> None:
        """Count what was not read for want of a library."""
        whole = [match for reason in [file.reason or "", *file.notes] if (match := _INSTALL.search(reason))]
        single = [match for _, _, reason in file.rows if "pip install" in reason and (match := _INSTALL.search(reason))]
        self.extras.update(dict.fromkeys(match[1] for match in [*whole, *single]))
        self.uninstalled["file"] += bool(whole)
        self.uninstalled["record"] += len(single)

    def line(self, what: str, where: str = WHERE) -> str:
        """Say in one line what was read."""
        names = list(self.formats)
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        encoded = f" ({', '.join(f'{n:,} in {encoding}' for encoding, n in self.encodings.items())})" if self.encodings else ""
        more = f" ({count(self.more, 'more')} skipped)" if self.more else ""
        n = self.kinds.total()
        counts = ", ".join(count(self.kinds[kind], kind) for kind in KINDS if self.kinds[kind])
        begin = f"{what}: {listed}, {count(self.files, 'file')}{encoded}{more}"
        return visible(f"{begin}: {count(n + self.skipped, 'document')} found, {n:,} kept ({counts}), {self.skipped:,} skipped{self._hint(where)}")

    def _missing(self) -> list[str]:
        what = [count(n, noun) for noun in ("file", "record") if (n := self.uninstalled[noun])]
        return [f"{' and '.join(what)} not read: {_install(self.extras)}"] if what else []

    def _ours(self) -> list[str]:
        more = f" and {len(self.results) - 1:,} more" if len(self.results) > 1 else ""
        return [f"{self.results[0]}{more} not read: {RESULTS}"] if self.results else []

    def _pdfs(self) -> list[str]:
        return [f"{count(self.pdfs, 'PDF')} not read: {formats.PDF.partition('; ')[2]}"] if self.pdfs else []

    def _hint(self, where: str) -> str:
        others = f" and {self.n_misnamed - 1:,} more by content, not by suffix" if self.n_misnamed > 1 else ""
        hints = [*self._missing(), *self._ours(), *self._pdfs(), *list(self.unused)[:1], *(each + others for each in self.misnamed)]
        if self.skipped or self.more or self.mended or len(self.unused) > 1 or self.n_misnamed > 1:
            hints.append(f"{where} says why{', and what was not read' if self.lost else ''}")
        elif self.lost:
            hints.append(f"{where} says what was not read")
        return (f", {self.mended:,} mended" if self.mended else "") + "".join(f"; {each}" for each in hints) + "."


def _install(extras: Iterable[str]) -> str:
    return f'pip install "newsanalysis[{",".join(extras)}]"'


def nothing(what: str, files: Sequence[File], *, alone: bool, n: int | None = None) -> str:
    """Say why nothing was read; of many files the first three are enough, with the number of all.

    >>> nothing("news/", [File("rain.txt", reason="the file is empty")], alone=False)
    'news/: no news in 1 file: rain.txt: the file is empty; save or download it again, or leave it out.'
    """
    if alone:
        return visible(f"{what}: {_why(files[0])}.")
    if not files:
        return f"{what}: no news in it, the folder is empty; {formats.LISTED}."
    n = len(files) if n is None else n
    more = f"; and {n - 3:,} more" if n > 3 else ""
    return visible(f"{what}: no news in {count(n, 'file')}: {_reasons(files[:3], more)}.")


def _reasons(files: Sequence[File], more: str) -> str:
    """Say of some files why nothing of them was read: files of one reason together, what is to be done once, behind all."""
    by_reason: dict[str, list[str]] = {}
    extras: dict[str, None] = {}
    unknown = False
    for file in files:
        why = _why(file)
        extras.update(dict.fromkeys(_INSTALL.findall(why)))
        unknown = unknown or why.endswith(f"; {formats.LISTED}")
        by_reason.setdefault(_INSTALL.sub("", why).removesuffix(f"; {formats.LISTED}"), []).append(file.label)
    said = "; ".join(f"{', '.join(labels)}: {why}" for why, labels in by_reason.items())
    return said + more + (f"; run: {_install(extras)}" if extras else "") + (f"; {formats.LISTED}" if unknown else "")


_AGAIN = "save or download it again, or leave it out"


def _why(file: File) -> str:
    if file.reason:
        return f"{file.reason}; {_AGAIN}" if file.reason == "the file is empty" else file.reason
    if not file.rows:
        return "; ".join(["no record in it", *(note for note in file.notes if note.startswith("broke off")), _AGAIN])
    number, _, why = min(file.rows)
    where = f"{file.record(number)}: " if file.unit else ""
    return f"no document in {count(len(file.rows), 'record')}; {where}{why}"
