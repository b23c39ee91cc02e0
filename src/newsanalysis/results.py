"""The folder of results: who may write there, where each part of a table lies, and how parts come to their place.

Each table is a folder of parts, ``documents.parquet/part-00000-KEY.parquet`` and so on, which pandas, arrow and DuckDB read as one table.
Parts are made in ``.newsanalysis/parts/KEY`` and moved to their place when all are done: what stands outside ``.newsanalysis`` is one
analysis or, after a run that broke off, the one before.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from newsanalysis.files import OutputError
from newsanalysis.partitions import DONE, RECORDED, TABLES, TALLIED, printed

INNER = ".newsanalysis"
CSV = ("measures", "unresolved", "read_report", "errors")
MANIFEST = "manifest.json"
INPUTS = "inputs.csv"
REPORT = "report.html"
_SECONDS_TO_WRITE = 2  # a lock in which nothing stands is being written, or was left by a death
WRITTEN = (*(f"{name}.parquet" for name in TABLES), *(f"{name}.csv" for name in CSV), MANIFEST, INPUTS, REPORT)


def check_out(out: Path, inputs: Iterable[Path]) -> None:
    """Refuse a folder for the results that is a file, holds foreign files, or lies among the inputs.

    >>> check_out(Path("/dev/null"), [])
    Traceback (most recent call last):
    newsanalysis.files.OutputError: /dev/null: this is a file; name a folder for the results.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out}: this is a file; name a folder for the results.")
    for given in inputs:
        if given.is_dir() and out.resolve().is_relative_to(given.resolve()):
            raise OutputError(f"{out}: this lies inside the input {given}, which would then hold news and results; name a folder outside it.")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file() and not (out / INNER).is_dir():
        raise OutputError(f"{out}: there are files in this folder that no analysis wrote; name a new or an empty folder for the results.")
    for given in inputs:
        whole = given.resolve()
        if whole.is_relative_to(out.resolve()) and whole != out.resolve() and whole.relative_to(out.resolve()).parts[0] in (*WRITTEN, INNER):
            raise OutputError(f"{given}: a result of this name would replace the input; name another folder for the results.")


def make(out: Path) -> list[Path]:
    """Make the folder for the results, before the long work begins, and return the folders that were not there, the innermost first."""
    new = [folder for folder in (out / INNER, out, *out.parents) if not folder.exists()]
    try:
        (out / INNER).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(f"{out}: no results can be written there ({error.strerror}); name a folder that can be made and written to.") from None
    return new


@contextmanager
def unmade(out: Path, new: Sequence[Path]) -> Iterator[None]:
    """Remove the folders that are new again if what is done within fails before any document was read.

    >>> with tempfile.TemporaryDirectory() as folder, suppress(ValueError):
    ...     out = Path(folder) / "results"
    ...     with unmade(out, make(out)):
    ...         raise ValueError
    >>> out.exists()
    False
    """
    try:
        yield
    except BaseException:
        inner = out / INNER
        if inner in new and not any(inner.glob("spool/*/[0-9]*.parquet")) and not any(inner.glob("journal/*")):
            shutil.rmtree(inner, ignore_errors=True)
            with suppress(OSError):  # somebody has put a file there
                for folder in new[1:]:
                    folder.rmdir()
        raise


# --- one analysis at a time ----------------------------------------------------------------------------------------------


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the folder for one analysis; the lock of a process that is no more is taken over.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = make(Path(folder))
    ...     with locked(Path(folder)), locked(Path(folder)):
    ...         pass
    Traceback (most recent call last):
    newsanalysis.files.OutputError: ...: another analysis (process ... on ...) is writing there; wait for it, or name another folder. ...
    """
    lock = out / INNER / "lock"
    mine = {"pid": os.getpid(), "host": platform.node(), "began": _began(os.getpid())}
    for _ in range(2):
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            _remove_stale(lock, out)
    else:
        raise OutputError(f"{out}: another analysis is beginning there; wait for it, or name another folder.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(mine, file)
        yield
    finally:
        lock.unlink(missing_ok=True)


def _remove_stale(lock: Path, out: Path) -> None:
    """Remove the lock of a dead process; refuse if it may be alive."""
    held = _read(lock)
    pid, host = held.get("pid"), held.get("host")
    if held and (host != platform.node() or (isinstance(pid, int) and _alive(pid, held.get("began")))):
        raise OutputError(
            f"{out}: another analysis (process {pid} on {host}) is writing there; wait for it, or name another folder. "
            f"If it is no more, remove {lock.relative_to(out)} there."
        )
    if not held and lock.exists() and time.time() - lock.stat().st_mtime < _SECONDS_TO_WRITE:
        raise OutputError(f"{out}: another analysis is beginning there; wait for it, or name another folder.")
    aside = lock.with_name(f"lock-{os.getpid()}")
    try:
        lock.rename(aside)
    except FileNotFoundError:  # its owner, or somebody else, was quicker
        return
    if _read(aside) != held:  # somebody else took it over between reading and renaming
        aside.rename(lock)
        raise OutputError(f"{out}: another analysis is beginning there; wait for it, or name another folder.")
    aside.unlink()


def _read(lock: Path) -> dict[str, Any]:
    try:
        held = json.loads(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # gone, or its owner died before a word was written
        return {}
    return held if isinstance(held, dict) else {}


def _alive(pid: int, began: str | None) -> bool:
    """Whether a process of this machine lives: the same one, where the system tells when it began."""
    if os.name == "nt":
        return True  # asking would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    now = _began(pid)
    return now is None or began is None or now == began


def _began(pid: int) -> str | None:
    """When a process began, in the system's count; None where it does not tell, and for one that is dead but not yet buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return None
    return "dead" if fields[0] == "Z" else fields[19]


# --- parts -----------------------------------------------------------------------------------------------------------------


class Parts:
    """The parts of the tables: which are done, and where their files are.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = make(Path(folder))
    ...     Parts(Path(folder)).done("0123456789abcdef") is None
    True
    """

    def __init__(self, out: Path) -> None:
        self.out, self.staged = out, out / INNER / "parts"
        self.placed = {table: _placed(out / f"{table}.parquet") for table in TABLES}

    def file(self, key: str, table: str) -> Path | None:
        """Return where a table of a part lies, None if nowhere."""
        staged = self.staged / key / f"{table}.parquet"
        if staged.is_file():
            return staged
        name = self.placed.get(table, {}).get(key)
        return self.out / f"{table}.parquet" / name if name else None

    def record(self, key: str) -> dict[str, Any] | None:
        """Return what a part's record says, None if there is none that can be read."""
        try:
            record = json.loads((self.staged / key / DONE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record if isinstance(record, dict) and record.keys() >= RECORDED and isinstance(record["files"], dict) else None

    def done(self, key: str) -> dict[str, Any] | None:
        """Return the record of a part whose files are all there as they were written, else None."""
        record = self.record(key)
        whole = record is not None and all(same(self.file(key, table), record["files"].get(table)) for table in (*TABLES, *TALLIED))
        return record if whole else None

    def damaged(self, keys: Sequence[str]) -> list[str]:
        """Return the parts of whose counts the bytes are not those that were written, and forget that they were done."""
        found = []
        for key in keys:
            known = (self.record(key) or {"files": {}})["files"]
            if any(_hash(self.staged / key / f"{name}.parquet") != known.get(name, {}).get("sha256", "") for name in TALLIED):
                (self.staged / key / DONE).unlink(missing_ok=True)
                found.append(key)
        return found

    def known(self) -> list[str]:
        """Return the keys of all parts that have ever been begun here."""
        try:
            return sorted(entry.name for entry in os.scandir(self.staged))
        except FileNotFoundError:
            return []

    def attributed(self, key: str) -> tuple[str, str, str] | None:
        """Return the files of a part's attributions and spans and its record, None if they are not as they were written."""
        if self.done(key) is None:
            return None
        return str(self.file(key, "attributions")), str(self.file(key, "spans")), str(self.staged / key / DONE)

    def in_place(self, keys: Sequence[str]) -> bool:
        """Whether these parts, and no others, stand in their places."""
        names = _names(keys)
        staged = (self.staged / key / f"{table}.parquet" for key in keys for table in TABLES)
        return all(sorted(placed.values()) == names for placed in self.placed.values()) and not any(file.exists() for file in staged)

    def publish(self, keys: Sequence[str]) -> None:
        """Move the parts to their places, in order, and remove what does not belong to them."""
        names = _names(keys)
        for table in TABLES:
            folder = self.out / f"{table}.parquet"
            if folder.is_file():  # the results of a version that wrote one file a table
                folder.unlink()
            folder.mkdir(exist_ok=True)
            for name, key in zip(names, keys, strict=True):
                here = self.file(key, table)
                if here is not None and here != folder / name:
                    here.replace(folder / name)
            for stray in {entry.name for entry in os.scandir(folder)} - set(names):
                (folder / stray).unlink()
        self.placed = {table: _placed(self.out / f"{table}.parquet") for table in TABLES}
        keep(self.staged, set(keys))


def same(file: Path | None, known: dict[str, Any] | None) -> bool:
    """Whether a file is as it was when it was written: by size and time, or, if its time is another, by content."""
    if file is None or not isinstance(known, dict):
        return False
    try:
        status = file.stat()
    except OSError:
        return False
    if status.st_size != known.get("bytes"):
        return False
    return status.st_mtime_ns == known.get("mtime_ns") or _hash(file) == known.get("sha256", "")


def _hash(file: Path) -> str | None:
    """Return the SHA-256 of a file, None if it cannot be read."""
    try:
        return str(printed(file)["sha256"])
    except OSError:
        return None


def _names(keys: Sequence[str]) -> list[str]:
    """The names of parts in their order, which is that of their names."""
    digits = max(5, len(str(len(keys))))
    return [f"part-{number:0{digits}d}-{key}.parquet" for number, key in enumerate(keys)]


def keep(folder: Path, names: set[str]) -> None:
    """Remove the folders in a folder that have other names, and what writing that broke off has left in those that stay."""
    for entry in list(os.scandir(folder)):
        if entry.name not in names:
            shutil.rmtree(entry.path)
            continue
        for left in list(os.scandir(entry.path)):
            if left.name.startswith("."):
                Path(left.path).unlink()


def _placed(folder: Path) -> dict[str, str]:
    """Return the names of the parts in a table's folder by their key."""
    if not folder.is_dir():
        return {}
    names = sorted(entry.name for entry in os.scandir(folder) if entry.name.startswith("part-"))
    return {name.removesuffix(".parquet").rpartition("-")[2]: name for name in names}


def sweep(out: Path) -> None:
    """Remove what writing that broke off has left, beside the tables and in the folder of what is on its way."""
    for name in WRITTEN:
        stem, _, suffix = name.rpartition(".")
        for left in out.glob(f".{stem}-*.{suffix}"):
            left.unlink(missing_ok=True)
    for folder in (out / INNER, out / INNER / "journal"):
        for left in folder.glob(".*"):
            left.unlink(missing_ok=True)


def forget(out: Path) -> None:
    """Remove what was written down of tasks that came to no end: all that there are now have.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = make(Path(folder))
    ...     forget(Path(folder))
    """
    for journal in (out / INNER / "journal").glob("*"):
        journal.unlink(missing_ok=True)
