"""Texts that are in memory already: a list, a Series or a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from newsanalysis import tables
from newsanalysis.readers import dates
from newsanalysis.readers.columns import NAMES, as_text, match
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.text import clean

_Columns = dict[str, list[object]]


def from_texts(texts: object, given: Mapping[str, object]) -> pd.DataFrame:
    """Make the table *documents*; ``newsanalysis.readers.documents`` is the public name.

    >>> from_texts("Rain fell.", {})["document_id"].tolist()
    ['text-1']
    """
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
        reason = str(error).split("; name the right one")[0]
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
