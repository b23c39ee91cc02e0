"""Periods: the day, week, month, quarter or year in which a text appeared, as a column to measure by."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from newsanalysis.tables import TableError

if TYPE_CHECKING:
    from newsanalysis.found import Found

    Table = TypeVar("Table", pd.DataFrame, Found)

PERIODS = ("day", "week", "month", "quarter", "year")
_WRITTEN = {
    "day": re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    "week": re.compile(r"(\d{4})-W(\d\d)"),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "year": re.compile(r"(\d{4})"),
}


def with_period(table: Table, *, documents: pd.DataFrame | None = None, period: str = "month") -> Table:
    """Return a table with a column that says in which month, or other period, each row's document appeared.

    Parameters
    ----------
    table : DataFrame or Found
        Any table with a column document_id (attributions, units, mentions, documents); or what was found.
    documents : DataFrame, optional
        Table *documents*, with ``published``. Not needed for what was found, nor for documents themselves.
    period : {"day", "week", "month", "quarter", "year"}
        How long a period is. Weeks are those of ISO 8601, from Monday to Sunday.

    Returns
    -------
    DataFrame or Found
        The same with the column ``day`` (2023-02-24), ``week`` (2023-W08), ``month`` (2023-02), ``quarter`` (2023-Q1) or ``year`` (2023), missing where the
        document has no date; of what was found, documents and attributions have it. Give its name in ``by``: ``by=["month", "affiliation"]``.

    Raises
    ------
    TableError
        For a table without document_id, documents without ``published``, or rows of documents that are not there.
    ValueError
        For another period.

    Warns
    -----
    UserWarning
        If no document has a date.

    Notes
    -----
    Days are those of UTC, as ``published`` is: a text of shortly after midnight may count for the day before. Measures count rows without a date under
    ``(missing)``; ``plot_timeline`` says how many there are. Do not compare periods whose outlets differ: look at the numbers of documents first.

    Examples
    --------
    >>> import newsanalysis as na
    >>> documents = na.documents(pd.DataFrame({"text": ["The mayor said it rained."], "published": ["2023-02-24"]}))
    >>> with_period(documents, period="week").week.tolist()
    ['2023-W08']
    >>> found = with_period(na.attribute(documents))
    >>> na.share_of_voice(found.attributions, by=["month", "kind"])[["month", "kind", "estimate"]].values.tolist()
    [['2023-02', 'indirect', 1.0]]
    """
    if period not in PERIODS:
        raise ValueError(f"with_period: period must be one of {', '.join(PERIODS)}; not {period!r}.")
    if isinstance(table, pd.DataFrame):
        _warn_undated(table if documents is None else documents)
        return _dated(table, table if documents is None else documents, period)  # type: ignore[return-value]
    if not hasattr(table, "within"):
        raise TableError(f"with_period: a {type(table).__name__} was given; give a table, or what na.attribute returned.")
    own = table.documents if documents is None else documents
    _warn_undated(own)
    return replace(table, documents=_dated(table.documents, own, period), attributions=_dated(table.attributions, own, period))


def _warn_undated(documents: pd.DataFrame) -> None:
    """Say that no document has a date: each period would be missing."""
    if isinstance(documents, pd.DataFrame) and len(documents) and "published" in documents and documents["published"].isna().all():
        remedy = 'if a column of your file holds dates, name it: na.read(path, columns={"published": "its name"})'
        warnings.warn(f"with_period: no document has a date, so that no row has a period; {remedy}.", stacklevel=3)


def _dated(table: pd.DataFrame, documents: pd.DataFrame, period: str) -> pd.DataFrame:
    if "document_id" not in table.columns:
        raise TableError("with_period: the table has no column 'document_id'; add the period to the table that is measured: attributions, units, mentions.")
    if not isinstance(documents, pd.DataFrame) or not {"document_id", "published"} <= set(documents.columns):
        raise TableError("with_period: there is no column 'published'; give the documents: na.with_period(table, documents=documents).")
    written = dict(zip(documents["document_id"], period_of(documents["published"], period), strict=True))
    if (stray := ~table["document_id"].isin(written)).any():
        raise TableError(f"with_period: {int(stray.sum())} rows, first of {table.loc[stray, 'document_id'].iloc[0]!r}, are of documents that are not there.")
    return table.assign(**{period: table["document_id"].map(written).astype("str")})


def period_of(published: pd.Series[Any], period: str) -> pd.Series[Any]:
    """Return the period of each point in time, as text that sorts by time.

    >>> period_of(pd.Series(["2024-12-30", None]), "week").tolist()
    ['2025-W01', nan]
    """
    days = pd.to_datetime(published, utc=True, format="ISO8601")
    if period == "week":
        parts = days.dt.isocalendar()
        written = parts["year"].astype("str") + "-W" + parts["week"].astype("str").str.zfill(2)
    elif period == "quarter":
        written = days.dt.year.astype("Int64").astype("str") + "-Q" + days.dt.quarter.astype("Int64").astype("str")
    else:
        written = days.dt.strftime({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[period])
    return written.astype("str").where(days.notna())


def number_of(written: str, period: str) -> int | None:
    """Return the number of a period, counted on from one to the next; None for what is not written so.

    >>> number_of("2023-01", "month") - number_of("2022-12", "month"), number_of("2021-W01", "week") - number_of("2020-W53", "week")
    (1, 1)
    >>> number_of("(missing)", "month")
    """
    found = _WRITTEN[period].fullmatch(written)
    if not found:
        return None
    year, *parts = map(int, found.groups())
    try:
        if period == "day":
            return pd.Timestamp(year, parts[0], parts[1]).toordinal()
        if period == "week":
            return pd.Timestamp.fromisocalendar(year, parts[0], 1).toordinal() // 7
    except ValueError:
        return None
    steps = {"month": 12, "quarter": 4, "year": 1}[period]
    return year * steps + (parts[0] - 1 if parts else 0)
