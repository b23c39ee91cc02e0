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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
_NAT = np.iinfo(np.int64).min  # what a missing moment is


class Dates(NamedTuple):
    """Dates in UTC (missing where there is none), the positions that are no date, and a note for each file that needs one."""

    published: pd.Series[pd.Timestamp]
    bad: list[int]
    notes: dict[int, str]


class Both(NamedTuple):
    """Dates in microseconds since 1970 in UTC for either order of day and month (None where there is none), and the positions that are no date."""

    month_first: list[int | None]
    day_first: list[int | None]
    bad: list[int]


@dataclass(slots=True)
class Order:
    """How the dates of one file write day and month, learned value by value, and what is to be said of it.

    >>> order = Order()
    >>> order.add(["03/04/2015", "25/04/2015"])
    >>> order.day_first, order.notes()
    (True, ["dates such as '03/04/2015' were read day first (2015-04-03), as others of the file must be"])
    """

    first_over: bool = False
    second_over: bool = False
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def day_first(self) -> bool:
        """Whether 03/04/2015 is in April."""
        return self.first_over and not self.second_over

    def add(self, values: Iterable[object]) -> None:
        """Learn from some dates."""
        for value in values:
            if not isinstance(value, str) or not (key := value.strip()):
                continue
            parts = _PARTS.match(key)
            if parts and parts[2] != ".":
                first, second = int(parts[1]), int(parts[3])
                self.first_over |= first > 12
                self.second_over |= second > 12
                if first <= 12 and second <= 12 and first != second:
                    self.examples.setdefault("order", key)
            elif not parts and _COARSE.fullmatch(key):
                self.examples.setdefault("coarse", key)

    def notes(self) -> list[str]:
        """Say what is ambiguous and what has no day."""
        said = []
        for what, key in self.examples.items():
            if what == "coarse":
                said.append(f"dates without a day, such as {key!r}, were read as its first day")
            elif self.day_first:
                said.append(f"dates such as {key!r} were read day first ({_iso(key, _DAY_FIRST)[:10]}), as others of the file must be")
            else:
                said.append(f"dates such as {key!r} are ambiguous and were read month first ({_iso(key, _MONTH_FIRST)[:10]})")
        return said


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
    orders: dict[int, Order] = {}
    for value, file in zip(values, files, strict=True):
        orders.setdefault(file, Order()).add([value])
    read = both(values)
    chosen = [day if orders[file].day_first else month for month, day, file in zip(read.month_first, read.day_first, files, strict=True)]
    stamps = np.array([_NAT if moment is None else moment for moment in chosen], dtype=np.int64).view("datetime64[us]")
    notes = {file: "; ".join(order.notes()) for file, order in orders.items() if order.examples}
    return Dates(pd.Series(stamps, name="published").dt.tz_localize("UTC"), read.bad, notes)


def both(values: Sequence[object]) -> Both:
    """Parse dates in either order of day and month, for which of the two holds is known when all of a file has been seen.

    >>> both(["1970-01-01 00:00:01", "soon"])
    Both(month_first=[1000000, None], day_first=[1000000, None], bad=[1])
    """
    keys = [_key(value) for value in values]
    month_first = _moments(keys, _MONTH_FIRST)
    slashed = [i for i, key in enumerate(keys) if isinstance(key, str) and _PARTS.match(key)]
    day_first = list(month_first)
    for i, moment in zip(slashed, _moments([keys[i] for i in slashed], _DAY_FIRST), strict=True):
        day_first[i] = moment
    return Both(month_first, day_first, [i for i, key in enumerate(keys) if key is not None and month_first[i] is None])


def _moments(keys: Sequence[str | datetime.date | None], order: str) -> list[int | None]:
    strings = [_iso(key, order) if isinstance(key, str) else None for key in keys]
    unique = list(dict.fromkeys(s for s in strings if s is not None))
    parsed = dict(zip(unique, _parse_strings(unique), strict=True))
    stamps = [parsed[s] if s is not None else _utc(key) for s, key in zip(strings, keys, strict=True)]
    return [None if pd.isna(stamp) else int(stamp.as_unit("us").asm8.astype("int64")) for stamp in stamps]


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
