"""Dates as newspapers and databases write them, to UTC. Never fails: what is no date is missing and is said.

Dates without a zone count as UTC. ``03/04/2015`` is read month first, unless another date of the same file (such as
``25/04/2015``) shows that its days come first; ``03.04.2015``, with full stops, is always read day first.

>>> read = parse(["2015-03-12", "Thursday, 12 March 2015", "soon"], [0, 0, 0])
>>> read.published.dt.strftime("%d.%m.%Y").tolist(), read.bad
(['12.03.2015', '12.03.2015', nan], [2])
"""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

_PARTS = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL)
_COARSE = re.compile(r"\d{4}(-\d{2})?|[A-Za-z]+\.? \d{4}")
_STAMP = re.compile(r"(?:19|20)\d{10}(?:\d\d)?")
_EPOCH = re.compile(r"-?\d{9,10}(\.\d+)?|\d{13}")
_HAS_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,2}[ \-][A-Za-z]{3,9}\.?[ \-]\d{2}(?!\d)|^\d{8}(?!\d)")
_ZONES = {"UT": "+0000", "EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600"}
_ZONES |= {"PST": "-0800", "PDT": "-0700", "CET": "+0100", "CEST": "+0200"}
_ZONE = re.compile(rf"(?<=[\d: APM])\s*\(?\b({'|'.join(_ZONES)})\b\)?\s*$")
_MONTH_FIRST, _DAY_FIRST = "month first", "day first"


class Dates(NamedTuple):
    """Dates in UTC (missing where there is none), the positions that are no date, and a note for each file that needs one."""

    published: pd.Series[pd.Timestamp]
    bad: list[int]
    notes: dict[int, str]


def parse(values: Sequence[object], files: Sequence[int]) -> Dates:
    """Parse dates.

    Parameters
    ----------
    values : sequence
        Strings, datetimes, dates, numbers (seconds or milliseconds since 1970, 20150312) or missing.
    files : sequence of int
        The file that each value stands in: the order of day and month is decided, and said, once a file.

    Returns
    -------
    Dates
        As long as ``values``.

    Examples
    --------
    >>> parse(["03/04/2015"], [0]).notes
    {0: "dates such as '03/04/2015' are ambiguous and were read month first (2015-03-04)"}
    >>> parse(["03/04/2015", "25/04/2015"], [0, 0]).published.dt.month.tolist()
    [4, 4]
    """
    keys = [_key(value) for value in values]
    orders = _orders(keys, files)
    strings = [_iso(key, orders.get(file, _MONTH_FIRST)) if isinstance(key, str) else None for key, file in zip(keys, files, strict=True)]
    unique = list(dict.fromkeys(s for s in strings if s is not None))
    parsed = dict(zip(unique, _parse_strings(unique), strict=True))
    published = [parsed[s] if s is not None else _utc(key) for s, key in zip(strings, keys, strict=True)]
    bad = [i for i, (key, date) in enumerate(zip(keys, published, strict=True)) if key is not None and pd.isna(date)]
    return Dates(pd.Series(pd.DatetimeIndex(published, dtype="datetime64[us, UTC]"), name="published"), bad, _notes(keys, files, orders))


def _key(value: object) -> str | datetime.date | None:
    if isinstance(value, str):
        return value.strip() or None
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _orders(keys: Sequence[object], files: Sequence[int]) -> dict[int, str]:
    """Decide for each file with dates like 03/04/2015 which number is the month."""
    firsts: dict[int, bool] = {}
    seconds: dict[int, bool] = {}
    for key, file in zip(keys, files, strict=True):
        if isinstance(key, str) and (parts := _PARTS.match(key)) and parts[2] != ".":
            firsts[file] = firsts.get(file, False) or int(parts[1]) > 12
            seconds[file] = seconds.get(file, False) or int(parts[3]) > 12
    return {file: _DAY_FIRST if first and not seconds[file] else _MONTH_FIRST for file, first in firsts.items()}


def _iso(text: str, order: str) -> str:
    """Rewrite 03/04/2015, 1427846400 and 20150312103000 as ISO dates and zone names as offsets; leave the rest."""
    if parts := _PARTS.match(text):
        first, mark, second, year, rest = parts.groups()
        day_first = int(first) > 12 or (int(second) <= 12 and (mark == "." or order == _DAY_FIRST))
        day, month = (first, second) if day_first else (second, first)
        century = "" if len(year) == 4 else "19" if year > "68" else "20"
        text = f"{century}{year}-{int(month):02d}-{int(day):02d}{rest.replace(',', ' ', 1)}"
    elif _STAMP.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    elif _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text) == 13 else 1)
        return (datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=seconds)).isoformat()
    return _ZONE.sub(lambda zone: " " + _ZONES[zone[1]], text)


def _parse_strings(strings: Sequence[str]) -> list[pd.Timestamp]:
    """Parse ISO at once, then what has the format of the first of the rest, then one by one."""
    dates = np.full(len(strings), pd.NaT, dtype=object)
    left = np.arange(len(strings))
    texts = np.array([*strings, ""], dtype=object)[:-1]
    for options in ({"format": "ISO8601"}, {}):
        if len(left):
            dates[left] = list(_to_datetime(list(texts[left]), options))
            left = np.array([i for i in left if pd.isna(dates[i]) and _HAS_YEAR.search(texts[i])], dtype=int)
    for i in left:
        dates[i] = _to_datetime([texts[i]], {"format": "mixed"})[0]
    return list(dates)


def _to_datetime(texts: list[str], options: dict[str, str]) -> Sequence[pd.Timestamp]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return list(pd.to_datetime(pd.Series(texts, dtype=object), utc=True, errors="coerce", **options))  # type: ignore[call-overload]
        except (Warning, ValueError, OverflowError):
            return [pd.NaT] * len(texts)  # type: ignore[list-item]


def _utc(value: object) -> pd.Timestamp:
    if value is None:
        return pd.NaT  # type: ignore[return-value]
    try:
        stamp = pd.Timestamp(value)  # type: ignore[arg-type]
        return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
    except (ValueError, OverflowError):
        return pd.NaT  # type: ignore[return-value]


def _notes(keys: Sequence[object], files: Sequence[int], orders: dict[int, str]) -> dict[int, str]:
    """Say once a file what is ambiguous and what has no day."""
    seen: dict[tuple[int, str], str] = {}
    for key, file in zip(keys, files, strict=True):
        if not isinstance(key, str):
            continue
        parts = _PARTS.match(key)
        if parts and parts[2] != "." and int(parts[1]) <= 12 and int(parts[3]) <= 12 and parts[1].zfill(2) != parts[3].zfill(2):
            text = f"dates such as {key!r} are ambiguous and were read {orders[file]} ({_iso(key, orders[file])[:10]})"
            if orders[file] == _DAY_FIRST:
                text = f"dates such as {key!r} were read day first ({_iso(key, _DAY_FIRST)[:10]}), as others of the file must be"
            seen.setdefault((file, "order"), text)
        elif _COARSE.fullmatch(key):
            seen.setdefault((file, "coarse"), f"dates without a day, such as {key!r}, were read as its first day")
    notes: dict[int, str] = {}
    for (file, _), text in seen.items():
        notes[file] = f"{notes[file]}; {text}" if file in notes else text
    return notes
