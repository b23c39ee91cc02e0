"""Files that are either the old one or the new one, never half of it, and CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\n")


class OutputError(ValueError):
    """The output folder cannot be used.

    >>> raise OutputError("results.csv: this is a file; name a folder with --out.")
    Traceback (most recent call last):
    newsanalysis.files.OutputError: results.csv: this is a file; name a folder with --out.
    """


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, and put what was written there in place of `path` if all went well.

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
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


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


def _safe(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")  # a lone carriage return would end the row
    return f"'{cell}" if cell.startswith(FORMULA) else cell
