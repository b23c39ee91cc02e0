"""Files that are either the old one or the new one, never half of it, and CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNSEEN = (
    r" \x00-\x08\x0b-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
)
_SIGNS = r"=+\-@\uff0b\uff0d\uff1d\uff20\ufe62\ufe63\ufe66\ufe6b"
_AT_START = rf"\A(?='*+(?:[\t\n]|[{_UNSEEN}]*+[{_SIGNS}]))"
_WITHIN = rf"(?<=[;\t\n])(?='*+[{_UNSEEN}\"]*+[{_SIGNS}])"  # where a spreadsheet that parts cells at semicolons sees a cell begin
_LIVE = re.compile(rf"{_AT_START}|{_WITHIN}")
_INERT = re.compile(rf"(?:{_AT_START}|{_WITHIN})'")


class OutputError(ValueError):
    """The output folder cannot be used.

    >>> raise OutputError("results.csv: this is a file; name a folder with --out.")
    Traceback (most recent call last):
    newsanalysis.files.OutputError: results.csv: this is a file; name a folder with --out.
    """


class DamagedError(Exception):
    """A file of ours that cannot be read as it was written; what it belongs to has been marked as not done.

    Parameters
    ----------
    what : str
        What it belongs to: the key of a group or a part.
    why : str
        What reading it said.

    Examples
    --------
    >>> raise DamagedError("0123", "ArrowInvalid: file too small")
    Traceback (most recent call last):
    newsanalysis.files.DamagedError: ('0123', 'ArrowInvalid: file too small')
    """

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, and put what was written there in place of `path` if all went well.

    What was written is on the disk before it has its name, and its name before this returns, so that power may fail at any moment.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "numbers.csv"
    ...     with replacing(target) as part:
    ...         _ = part.write_text("n")
    ...     sorted(os.listdir(folder)), target.read_text()
    (['numbers.csv'], 'n')
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    part = Path(name)
    try:
        part.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_mask())
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # a system on which folders cannot be opened, or need not be
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_csv(table: pd.DataFrame, path: Path, *, float_format: str | None = None) -> None:
    """Write a table as UTF-8 CSV; a text, or a column's name, that a spreadsheet would take for a formula gets an apostrophe before it.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(pd.DataFrame({"speaker": ["=1+1", "Ann"], "@estimate": [-0.5, 1.0]}), Path(folder) / "a.csv")
    ...     print((Path(folder) / "a.csv").read_text())
    speaker,'@estimate
    '=1+1,-0.5
    Ann,1.0
    """
    with replacing(path) as part:
        table.map(_safe).rename(columns=_safe).to_csv(part, index=False, float_format=float_format, lineterminator="\n", encoding="utf-8")


def write_csv_pieces(tables: Iterable[pd.DataFrame], path: Path) -> int:
    """Write tables of the same columns below each other as one CSV, as `write_csv` does, and return how many rows there are.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     n = write_csv_pieces([pd.DataFrame({"speaker": [one]}) for one in ("=1+1", "Ann")], Path(folder) / "a.csv")
    ...     n, (Path(folder) / "a.csv").read_text()
    (2, "speaker\\n'=1+1\\nAnn\\n")
    """
    rows = 0
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        for number, table in enumerate(tables):
            table.map(_safe).rename(columns=_safe).to_csv(file, index=False, header=number == 0, lineterminator="\n")
            rows += len(table)
    return rows


_FULL = {code for code in (getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG")) if code is not None}
_SAID_OF_FULL_DISKS = ("No space left on device", "Disk quota exceeded", "File too large", "database or disk is full")


@contextmanager
def needing_room(folder: Path) -> Iterator[None]:
    """Turn the error of a full disk, or of a quota that is used up, into one sentence.

    >>> with needing_room(Path("results")):
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    newsanalysis.files.OutputError: results: the disk is full (No space left on device); make room, then start the same again: what is done is kept.
    """
    try:
        yield
    except OutputError:
        raise
    except Exception as error:
        said = next((words for words in _SAID_OF_FULL_DISKS if words in str(error)), None)
        if said or (isinstance(error, OSError) and error.errno in _FULL):
            why = said or (error.strerror if isinstance(error, OSError) else None) or "no room"
            raise OutputError(f"{folder}: the disk is full ({why}); make room, then start the same again: what is done is kept.") from None
        raise


def inert(text: str) -> str:
    """Return a text with an apostrophe where a spreadsheet would take what follows for a formula: at its start, and behind a semicolon, tab or line end.

    >>> inert("=1+1"), inert("a;=1+1"), inert("Rain - and wind"), live(inert("a;'=1+1"))
    ("'=1+1", "a;'=1+1", 'Rain - and wind', "a;'=1+1")
    """
    return _LIVE.sub("'", text)


def live(text: str) -> str:
    """Undo `inert`.

    >>> live("'=1+1"), live("'tis")
    ('=1+1', "'tis")
    """
    return _INERT.sub("", text)


def _safe(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    return inert(cell.replace("\r\n", "\n").replace("\r", "\n"))  # a lone carriage return would end the row
