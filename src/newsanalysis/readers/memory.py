"""Texts that are in memory already: a list, a Series or a DataFrame."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from newsanalysis import tables
from newsanalysis.readers import dates
from newsanalysis.readers.columns import NAMES, TITLED, as_text, match
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.text import clean

_LONGEST = 4_096  # characters of a path
_Columns = dict[str, list[object]]


def from_texts(texts: object, given: Mapping[str, object]) -> pd.DataFrame:
    """Make the table *documents*; ``newsanalysis.readers.documents`` is the public name.

    >>> from_texts("Rain fell.", {})["document_id"].tolist()
    ['text-1']
    """
    _refuse_path(texts)
    columns = _frame(texts) if isinstance(texts, pd.DataFrame) else {"text": _list(texts)}
    n = len(columns["text"])
    for name, value in given.items():
        if name not in NAMES or name == "text":
            raise ReadError(f"{name!r} is none of the columns that can be given, which are {', '.join(c for c in NAMES if c != 'text')}.")
        columns[name] = [value] * n if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
        if len(columns[name]) != n:
            raise ReadError(f"{name} has {len(columns[name])} values for {n} texts; give one for each, or one for all.")
    cells = {name: [_text(cell, name, i, n) for i, cell in enumerate(values)] for name, values in columns.items() if name != "published"}
    table = pd.DataFrame({"document_id": [f"text-{i}" for i in range(1, n + 1)], **cells, "reader": "documents@1"})
    if "published" in columns:
        read = dates.parse(columns["published"], [0] * n)
        if read.bad:
            raise ReadError(f"published of text {read.bad[0] + 1} of {n} is no date: {str(columns['published'][read.bad[0]])[:60]!r}.")
        table["published"] = read.published
    table["kind"] = table["kind"].fillna("article") if "kind" in table else "article"
    try:
        return tables.check(table, "documents")
    except tables.TableError as error:
        raise ReadError(str(error)) from None


def _refuse_path(texts: object) -> None:
    """Refuse the name of a file or folder in place of texts; a text of the same words can be given in a list."""
    first = texts[0] if isinstance(texts, list | tuple) and texts else texts
    if isinstance(first, os.PathLike):
        raise ReadError(f"{os.fspath(first)!r} is a path, not a text: na.read({os.fspath(first)!r}) reads what is there.")
    if isinstance(texts, str) and (what := _there(texts)):
        raise ReadError(f"{texts!r} is {what}, not a text: na.read({texts!r}) reads it; for a text of these words give a list: na.documents([{texts!r}]).")


def _there(text: str) -> str | None:
    """What there is of this name, if there is something."""
    try:
        path = Path(text)
        return None if len(text) > _LONGEST or not path.exists() else "a folder" if path.is_dir() else "a file"
    except (OSError, ValueError):  # no name that a file could have
        return None


def _list(texts: object) -> list[object]:
    if isinstance(texts, str):
        return [texts]
    if isinstance(texts, Mapping | bytes) or not isinstance(texts, Iterable):
        raise ReadError(f"a list of texts, a Series or a DataFrame is needed, not {type(texts).__name__}.")
    return list(texts)


def _frame(frame: pd.DataFrame) -> _Columns:
    names = list(frame.columns)
    try:
        found = match(names).found
    except ReadError as error:
        reason = str(error).split("; name the right one")[0].removesuffix(f"; {TITLED}")
        raise ReadError(f"{reason}; rename the right one first: frame.rename(columns={{'its name': 'text'}}).") from None
    return {ours: frame.iloc[:, position].tolist() for ours, position in found.items()}


def _text(cell: object, name: str, i: int, n: int) -> str | None:
    """Return a cell as clean text; a missing text or id is an error, for here nothing could report it."""
    try:
        text = as_text(cell)
    except ReadError as error:
        raise ReadError(f"{name} {i + 1} of {n} is {error}.") from None
    if text is None and name in ("text", "document_id"):
        raise ReadError(f"{name} {i + 1} of {n} is missing or blank; leave it out first.")
    return None if text is None else clean(text)[0]
