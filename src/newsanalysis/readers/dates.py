"""Dates as newspapers and databases write them, to UTC. Never fails and never guesses: what is not understood to its last word is missing and is said.

Dates without a zone count as UTC. ``03/04/2015`` is read month first, unless another date of the same file (such as
``25/04/2015``) shows that its days come first; ``03.04.2015``, with full stops, is always read day first. Names of months and days are known in some
thirty languages (``data/date_words.csv``).

>>> read = parse(["2015-03-12", "Thursday, 12 March 2015", "le jeudi 12 mars 2015 à 10h30", "soon"], [0, 0, 0, 0])
>>> read.published.dt.strftime("%d.%m.%Y %H:%M").tolist(), read.bad
(['12.03.2015 00:00', '12.03.2015 00:00', '12.03.2015 10:30', nan], [3])
"""

from __future__ import annotations

import csv
import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

_LONGEST = 200  # characters of a date
_YEARS = range(1500, 2201)
_NAT = np.iinfo(np.int64).min  # what a missing moment is
_START = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_TICK = datetime.timedelta(microseconds=1)
_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)(?:(?:T| ?t| +)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|z|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)
_PARTS = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/\-])", re.ASCII)
_STAMP = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?", re.ASCII)
_EPOCH = re.compile(r"-?\d{9,10}(\.\d+)?|\d{13}", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[/.\-]|年 ?)(\d{1,2})(?:[/.\-]|月 ?)(\d{1,2})(?:日|T(?=\d)|(?!\d))", re.ASCII)
_COARSE = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
_TIME = re.compile(r"(?<![\d.:/\-])(\d{1,2})(?:[:.]|[hH] ?)(\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?(?:Z\b| ?([AaPp])\.? ?[Mm]\b\.?)?(?![\d:])", re.ASCII)
_HOUR = re.compile(r"(?<![\d.:/\-])(\d{1,2})(?: ?([AaPp])\.?[Mm]\b\.?| ?[hH]\b| (?=Uhr\b|uur\b))", re.ASCII)
_OFFSET = re.compile(r"(?:\b(?:GMT|UTC|Z) ?|(?<=[\s,(])|^(?=[+\-\u2212]\d{4}))([+\-\u2212])(\d{1,2})(?::?(\d\d))?\b(?: ?\([^()]*\))?")
_NAMED_ZONES = (
    *(("Greenwich Mean Time", "GMT"), ("British Summer Time", "BST"), ("Coordinated Universal Time", "UTC"), ("Eastern Standard Time", "EST")),
    *(("Eastern Daylight Time", "EDT"), ("Central European Time", "CET"), ("Central European Summer Time", "CEST"), ("Pacific Standard Time", "PST")),
    ("Pacific Daylight Time", "PDT"),
)
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_TOKEN = re.compile(r"(\d+)(?:st|nd|rd|th|ère|er|re|ª|º|°|:e|-?го|\.)?(?![\w])|([^\W\d_]+(?:'[^\W\d_]+)*)\.?|[\s,;|()/\-\u2013]+|\S")
_NAME = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)*)\.?[ ,:]*")
_ELISION = re.compile(r"\b[dl]'", re.IGNORECASE)
_FEIRA = re.compile(r"-feira\b", re.IGNORECASE)


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


class _Reading(NamedTuple):
    """What one string says: a moment for either order; of ``03/04/2015`` the two numbers and the year; whether it has no day."""

    month_first: int | None = None
    day_first: int | None = None
    numbers: tuple[int, int, int] | None = None
    coarse: bool = False


class _Words(NamedTuple):
    months: dict[str, int]
    weekdays: dict[str, int]
    fillers: dict[str, int]
    zones: dict[str, int]


_NONE = _Reading()


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
            reading = _reading(key)
            if reading.numbers:
                first, second, _ = reading.numbers
                self.first_over |= first > 12
                self.second_over |= second > 12
                if first <= 12 and second <= 12 and first != second:
                    self.examples.setdefault("order", key)
            elif reading.coarse:
                self.examples.setdefault("coarse", key)

    def notes(self) -> list[str]:
        """Say what is ambiguous and what has no day."""
        said = []
        for what, key in self.examples.items():
            first, second, year = _reading(key).numbers or (0, 0, 0)
            if what == "coarse":
                said.append(f"dates without a day, such as {key!r}, were read as its first day")
            elif self.day_first:
                said.append(f"dates such as {key!r} were read day first ({year}-{second:02d}-{first:02d}), as others of the file must be")
            else:
                said.append(f"dates such as {key!r} are ambiguous and were read month first ({year}-{first:02d}-{second:02d})")
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
    readings = [_reading(key) if isinstance(key, str) else _of_object(key) for key in keys]
    bad = [i for i, key in enumerate(keys) if key is not None and readings[i].month_first is None]
    return Both([reading.month_first for reading in readings], [reading.day_first for reading in readings], bad)


def month(word: str) -> int | None:
    """Return the number of the month that a word names, in any of the languages known; None if it names none.

    >>> month("März"), month("févr."), month("ЛИСТОПАДА"), month("Tuesday")
    (3, 2, 11, None)
    """
    return _words().months.get(_plain(word).rstrip("."))


@cache
def _words() -> _Words:
    words = _Words({}, {}, {}, {})
    tables = {"month": words.months, "weekday": words.weekdays, "filler": words.fillers}
    with (Path(__file__).parents[1] / "data" / "date_words.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "zone":
                words.zones[row["pattern"]] = int(row["number"])
            else:
                tables[row["kind"]][_plain(row["pattern"])] = int(row["number"])
    return words


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


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


def _of_object(value: datetime.date | None) -> _Reading:
    if value is None:
        return _NONE
    try:
        stamp = pd.Timestamp(value)
        stamp = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
        moment = int(stamp.as_unit("us").asm8.astype("int64"))
    except (ValueError, OverflowError):
        return _NONE
    return _Reading(moment, moment)


@lru_cache(maxsize=2**16)
def _reading(key: str) -> _Reading:
    """Read one string; whatever it is, the same string gives the same."""
    try:
        if found := _ISO.fullmatch(key):
            return _iso(found)
        return _other(key) if len(key) <= _LONGEST else _NONE
    except (ValueError, OverflowError):
        return _NONE


def _iso(found: re.Match[str]) -> _Reading:
    year, mark, month_, day, hour, minute, second, fraction, zone = found.groups()
    if hour and not mark and found[0][8].isdigit():
        raise ValueError
    offset = 0
    if zone and zone not in "Zz":
        digits = zone[1:].replace(":", "")
        offset = (int(digits[:2]) * 60 + int(digits[2:] or 0)) * (-1 if zone[0] == "-" else 1)
    time = (int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "0")[:6].ljust(6, "0")))
    return _same(_moment((int(year), int(month_), int(day)), time, offset))


def _same(moment: int, *, coarse: bool = False) -> _Reading:
    return _Reading(moment, moment, None, coarse)


def _moment(day: tuple[int, int, int], time: tuple[int, int, int, int] = (0, 0, 0, 0), zone: int | str = 0) -> int:
    """Return microseconds since 1970; a zone is minutes east of Greenwich or the name of a place."""
    if day[0] not in _YEARS:
        raise ValueError
    if isinstance(zone, str):
        try:
            local = datetime.datetime(*day, *time, tzinfo=ZoneInfo(zone))
        except KeyError:  # no table of zones on this machine
            raise ValueError(zone) from None
        return (local - _START) // _TICK
    if abs(zone) > 15 * 60:
        raise ValueError(zone)
    second = min(time[2], 59) if time[2] == 60 else time[2]  # a leap second
    return (datetime.datetime(*day, time[0], time[1], second, time[3], tzinfo=datetime.UTC) - _START) // _TICK - zone * 60_000_000


def _other(key: str) -> _Reading:
    if found := _COARSE.fullmatch(key):
        return _same(_moment((int(found[1]), int(found[2] or 1), 1)), coarse=True)
    if found := _STAMP.fullmatch(key):
        year, month_, day, hour, minute, second = (int(number or 0) for number in found.groups())
        return _same(_moment((year, month_, day), (hour, minute, second, 0)))
    if _EPOCH.fullmatch(key):
        seconds = float(key) / (1000 if len(key) == 13 else 1)
        return _same((_START + datetime.timedelta(seconds=seconds) - _START) // _TICK)
    text = unicodedata.normalize("NFKC", key) if not key.isascii() else key
    text = re.sub(r"[\u2019\u02bc`]", "'", " ".join(text.split()))
    text = _FEIRA.sub("", _ELISION.sub("", text))
    start = _after_names(text)
    if found := _PARTS.match(text, start):
        return _numeric(found, text[found.end() :])
    if found := _YEAR_FIRST.match(text, start):
        time, zone = _time_and_zone(text[found.end() :])
        return _same(_moment((int(found[1]), int(found[2]), int(found[3])), time, zone))
    return _in_words(text)


def _after_names(text: str) -> int:
    """Return where a date begins behind the name of its day."""
    words, start = _words(), 0
    while (found := _NAME.match(text, start)) and _plain(found[1]) in words.weekdays | words.fillers:
        start = found.end()
    return start


def _numeric(found: re.Match[str], rest: str) -> _Reading:
    """Read 03/04/2015 in either order."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if len(found[4]) == 2:
        year += 1900 if year > 68 else 2000
    time, zone = _time_and_zone(rest)
    by_mark = found[2] == "."

    def moment(*, day_first: bool) -> int | None:
        day, month_ = (first, second) if first > 12 or (day_first and second <= 12) else (second, first)
        return _moment((year, month_, day), time, zone)

    day_first = moment(day_first=True)
    return _Reading(day_first if by_mark else moment(day_first=False), day_first, None if by_mark else (first, second, year))


def _time_and_zone(text: str) -> tuple[tuple[int, int, int, int], int | str]:
    """Read what stands behind a date: a time, a zone, names of days; anything else is an error."""
    time, zone, rest = _clock(text)
    if any(_tokens(rest)):
        raise ValueError(rest)
    return time, zone


def _clock(text: str) -> tuple[tuple[int, int, int, int], int | str, str]:
    """Take time and zone out of a text; return them and the rest."""
    found = _TIME.search(text) or _HOUR.search(text)
    if not found:
        return (0, 0, 0, 0), 0, _without_zone(text)
    groups = (*found.groups(), None, None, None)
    hour, half = int(groups[0] or 0), (found[5] if found.re is _TIME else found[2])
    minute, second, fraction = (int(found[2]), int(found[3] or 0), (found[4] or "0")) if found.re is _TIME else (0, 0, "0")
    if half:
        hour = hour % 12 + 12 * (half in "pP") if hour <= 12 else hour
    zone, rest = _zone(text[found.end() :])
    return (hour, minute, second, int(fraction[:6].ljust(6, "0"))), zone, f"{text[: found.start()]} {rest}"


def _without_zone(text: str) -> str:
    """Drop the zone of a date without a time: a day is a day."""
    return " ".join(word for word in text.split() if word.strip("()") not in _words().zones)


def _zone(text: str) -> tuple[int | str, str]:
    """Return the zone that stands behind a time, and the rest of the text."""
    for name, short in _NAMED_ZONES:
        if name in text:
            text = text.replace(name, short, 1)
    if found := _OFFSET.search(text):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return (minutes if found[1] == "+" else -minutes), text[: found.start()] + " " + text[found.end() :]
    for found in re.finditer(r"\(?\b([^\W\d_]{1,5})\b\)?", text):
        if found[1] in _words().zones:
            return _words().zones[found[1]], text[: found.start()] + " " + text[found.end() :]
        if found[1] in _PLACES:
            return _PLACES[found[1]], text[: found.start()] + " " + text[found.end() :]
    return 0, text


def _tokens(text: str) -> Iterable[str | int]:
    """Yield the numbers of a text, and its words that are neither names of days nor words between them."""
    words = _words()
    for found in _TOKEN.finditer(text):
        if found[1]:
            yield found[1]
        elif found[2]:
            plain = _plain(found[2])
            if plain not in words.weekdays and plain not in words.fillers:
                yield plain
        elif found[0].strip(" ,;|()/-\u2013."):
            yield found[0]


def _in_words(text: str) -> _Reading:
    """Read a date whose month is a word."""
    time, zone, rest = _clock(text)
    months = _words().months
    named: list[tuple[int, int, bool]] = []  # place among the numbers, month, whether it can be a day as well
    numbers: list[str] = []
    for found in _TOKEN.finditer(rest):
        if found[1]:
            numbers.append(found[1])
        elif found[2]:
            plain = _plain(found[2])
            both_ = plain in _words().weekdays or plain in _words().fillers
            if plain in months:
                named.append((len(numbers), months[plain], both_))
            elif not both_:
                return _NONE
        elif found[0].strip(" ,;|()/-\u2013."):
            return _NONE
    certain = [each for each in named if not each[2]] or named[-1:]
    if len(certain) != 1 or not 1 <= len(numbers) <= 2:
        return _NONE
    place, month_, _ = certain[0]
    if len(numbers) == 1:
        return _same(_moment((int(numbers[0]), month_, 1)), coarse=True) if len(numbers[0]) == 4 and place == 0 and time == (0, 0, 0, 0) else _NONE
    day, year = _day_and_year(numbers)
    return _same(_moment((year, month_, day), time, zone))


def _day_and_year(numbers: Sequence[str]) -> tuple[int, int]:
    """Tell day from year: the year has four digits, or stands last with two."""
    first, second = numbers
    if len(first) == 4 and len(second) <= 2:
        return int(second), int(first)
    if len(second) == 4 and len(first) <= 2:
        return int(first), int(second)
    if len(second) == 2 and len(first) <= 2:
        return int(first), int(second) + (1900 if int(second) > 68 else 2000)
    raise ValueError
