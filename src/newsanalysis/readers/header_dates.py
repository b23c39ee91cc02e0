"""The date in a line that vendors put above an article, in whatever language: "27. Februar 2012 Montag 9:50 PM GMT+1".

The line holds more than a date (an edition, a section, a page), so the date is looked for, and given back as ISO 8601 with where it stood.

>>> find("Politique, mardi 14 mars 2006, p. 12").iso
'2006-03-14'
>>> find("27. Februar 2012 Montag 9:50 PM GMT+1").iso
'2012-02-27T21:50:00+01:00'
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import NamedTuple

from newsanalysis.readers import dates

_WORD = r"[^\W\d_]{3,14}"
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})(?:\.|er|ª|º|°|st|nd|rd|th)?[ \-]{{0,2}}(?:de |di |of |d')?({_WORD})\.?,?[ \-]{{1,2}}(?:de |del )?(\d{{4}})(?!\d)")
_MONTH_FIRST = re.compile(rf"({_WORD})\.? {{1,2}}(\d{{1,2}})(?:st|nd|rd|th|\.)?,? {{1,2}}(\d{{4}})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})(?:-| ?[年년] ?)(\d{1,2})(?:-| ?[月월] ?)(\d{1,2})(?: ?[日일]|(?!\d))")
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}})\.? {{0,2}}({_WORD})\.? {{0,2}}(\d{{1,2}})(?!\d)")
_COARSE = re.compile(rf"(?<!\d )(?<!\d\. )({_WORD})\.?,? {{1,2}}(?:de |del )?(\d{{4}})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(?:\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4})(?!\d)")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})[:h.](\d{2})(?::(\d{2}))?(?!\d) ?([AaPp]\.?[Mm]\b\.?)?"
    r" ?(?:(GMT|UTC|EST|EDT|CST|CDT|MST|MDT|PST|PDT|BST|CET|CEST)\b)? ?([+-]\d{1,2}(?::?\d{2})?)?"
)
_HOURS = {"GMT": 0, "UTC": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "CET": 1, "CEST": 2}
_LOOK = 400  # characters: a line above an article is no longer
_ORDERS = ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_ISO, (1, 2, 3)), (_YEAR_FIRST, (1, 2, 3)))


class Found(NamedTuple):
    """A date as ISO 8601 (day, or time with its zone if the line has one; a month where there is no day), and where it stands."""

    iso: str
    start: int
    end: int


def plain(word: str) -> str:
    """Return a word in small letters without accents.

    >>> plain("LÄNGE"), plain("Février")
    ('lange', 'fevrier')
    """
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


def find(line: str) -> Found | None:
    """Return the first date of a line, None if there is none.

    Parameters
    ----------
    line : str
        What stands above an article; its first 400 characters are looked at.

    Returns
    -------
    Found or None
        Months are known in some thirty languages of Europe, in Turkish, Arabic, Hebrew, Indonesian and Malay; Chinese, Japanese and Korean number them.
        Numeric dates are given back as they stand, for `dates.parse` to decide.

    Examples
    --------
    >>> find("December 19, 1991, Sunday, Late Edition").iso, find("no date here")
    ('1991-12-19', None)
    """
    line = re.sub(r"\s", " ", line[:_LOOK])
    days = [found for pattern, order in _ORDERS if (found := _day(line, pattern, order))]
    if days:
        found = min(days, key=lambda each: each.start)
        return found._replace(iso=found.iso + _time(line[found.end : found.end + 60]))
    if match := _NUMERIC.search(line):
        return Found(match[0], match.start(), match.end())
    for match in _COARSE.finditer(line):
        month = dates.month(match[1])
        if month and 1600 <= int(match[2]) <= 2200:
            return Found(f"{match[2]}-{month:02d}", match.start(), match.end())
    return None


def _day(line: str, pattern: re.Pattern[str], order: tuple[int, int, int]) -> Found | None:
    """Return the first match that is a day of the calendar."""
    for match in pattern.finditer(line):
        year, month, day = (match[i] for i in order)
        number = int(month) if month.isdecimal() else dates.month(month) or 0
        try:
            date = datetime.date(int(year), number, int(day))
        except ValueError:
            continue
        if date.year >= 1600:
            return Found(date.isoformat(), match.start(), match.end())
    return None


def _time(rest: str) -> str:
    """Return the time behind a date as ISO, with its zone if that is known; "" if there is none."""
    match = _TIME.search(rest)
    if not match:
        return ""
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return ""
    return f"T{hour:02d}:{minute:02d}:{second:02d}{_zone(match[5], match[6])}"


def _zone(name: str | None, offset: str | None) -> str:
    if offset and name in ("GMT", "UTC", None):
        hours, minutes = int(offset[1:3].rstrip(":")), int(offset[-2:]) if len(offset) > 3 else 0
        return f"{offset[0]}{hours:02d}:{minutes:02d}" if hours <= 14 and minutes < 60 else ""
    if name:
        hours = _HOURS[name]
        return f"{'-' if hours < 0 else '+'}{abs(hours):02d}:00"
    return ""
