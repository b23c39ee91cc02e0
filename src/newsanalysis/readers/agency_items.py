"""What NewsML, NITF and ninjs have in common: an item with its headline, date and status, and how items become a `Parsed`.

Whatever the format, an item becomes a document if it is an article: pictures, packages, events and other items without an article are skipped with what
they are. An article that the agency has canceled or withheld is kept, with a note, as is one under embargo: who studies the news decides; a notice of it
without an article is skipped. Every version of a story is kept (each was published, and copies are found later by their text), with a note where a file has
several.

>>> item = Item(title="Rain", text="Rain fell.", document_id="urn:x:1")
>>> gather([item], "ninjs@1", "ninjs").columns["text"]
['Rain fell.']
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from newsanalysis.readers.contract import Parsed
from newsanalysis.readers.markup import xml_root

_STAMP = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?\s*",
    re.IGNORECASE | re.ASCII,
)
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]{0,40})?")
_CODES = """ara:ar chi:zh dan:da deu:de dut:nl ell:el eng:en fin:fi fra:fr fre:fr ger:de gre:el heb:he hun:hu ita:it jpn:ja nld:nl nob:nb nor:no pol:pl
    por:pt ron:ro rum:ro rus:ru spa:es swe:sv tur:tr ukr:uk zho:zh arabic:ar chinese:zh english:en french:fr german:de italian:it portuguese:pt russian:ru
    spanish:es"""
_LANGUAGES = dict(pair.split(":") for pair in _CODES.split())
SUBJECTS = {
    "01": "arts, culture and entertainment",
    "02": "crime, law and justice",
    "03": "disaster and accident",
    "04": "economy, business and finance",
    "05": "education",
    "06": "environmental issue",
    "07": "health",
    "08": "human interest",
    "09": "labour",
    "10": "lifestyle and leisure",
    "11": "politics",
    "12": "religion and belief",
    "13": "science and technology",
    "14": "social issue",
    "15": "sport",
    "16": "unrest, conflicts and war",
    "17": "weather",
}
"""The top subjects of the IPTC, by the first two digits of its eight-digit subject codes."""
_HELD = {"canceled": "canceled", "cancelled": "canceled", "killed": "killed", "withheld": "withheld", "recalled": "recalled"}
NO_TEXT = "no text in it"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a file, in the columns of *documents*; ``skipped`` says why it is no document, ``note`` what is to be said of it if it is one,
    ``held`` what the agency has done to it."""

    title: str | None = None
    text: str | None = None
    outlet: str | None = None
    published: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    language: str | None = None
    kind: str = "article"
    document_id: str | None = None
    version: str | None = None
    skipped: str | None = None
    note: str | None = None
    held: str | None = None


_COLUMNS = ("title", "text", "outlet", "published", "author", "section", "url", "language", "kind", "document_id")


def gather(items: Sequence[Item], reader: str, format: str, *, notes: Iterable[str | None] = (), encoding: str = "utf-8") -> Parsed:  # noqa: A002
    """Return the items of a file as its records: those that are documents, and those that are skipped and why.

    Parameters
    ----------
    items : list of Item
        In the file's order.
    reader, format : str
        As in `Parsed`.
    notes : iterable of str or None
        What is to be said of the file.
    encoding : str
        What its bytes were decoded from.

    Returns
    -------
    Parsed
        Its unit is "item", counted from 1.
    """
    items = [_settled(item) for item in items]
    kept = [(number, item) for number, item in enumerate(items, start=1) if not item.skipped and item.text]
    skipped = [(number, item.skipped or NO_TEXT) for number, item in enumerate(items, start=1) if item.skipped or not item.text]
    mended = [(number, item.note) for number, item in kept if item.note]
    mended += _versions(items)
    columns: dict[str, list[object]] = {name: [getattr(item, name) for _, item in kept] for name in _COLUMNS}
    numbers = [number for number, _ in kept]
    endings = ["" if len(items) == 1 else f"-{number}" for number in numbers]
    return Parsed(reader, format, columns, numbers, endings, "item", skipped, mended, [note for note in notes if note], encoding)


def _settled(item: Item) -> Item:
    """Return an item that the agency has taken back: with a note if it has an article, else skipped."""
    if not item.held or (item.skipped and item.text):
        return item
    if item.text and item.kind == "article":
        return replace(item, note="; ".join(filter(None, (item.held, item.note))))
    return replace(item, skipped=item.held)


def _versions(items: Sequence[Item]) -> list[tuple[int, str]]:
    """Say of kept items that the file has the same story in other versions too."""
    places: dict[str, list[int]] = {}
    for number, item in enumerate(items, start=1):
        if item.document_id:
            places.setdefault(item.document_id, []).append(number)
    said = []
    for id_, numbers in places.items():
        for number in numbers if len(numbers) > 1 else ():
            item = items[number - 1]
            if item.skipped or not item.text:
                continue
            others = ", ".join(f"item {n} ({_version(items[n - 1])})" for n in numbers if n != number)
            said.append((number, f"{_version(item)} of {id_!r}, which is here also as {others}"))
    return said


def _version(item: Item) -> str:
    state = f" {item.held.partition(' ')[0]}" if item.held else ""
    return f"version {item.version or 'without number'}{state}"


def held(status: str | None) -> str | None:
    """Say whether an item of this status has been taken back by its agency, None if it has not.

    >>> held("stat:canceled"), held("Usable")
    ('canceled by the agency (status canceled)', None)
    """
    name = (status or "").rpartition(":")[2].rpartition("/")[2].strip().casefold()
    return f"{_HELD[name]} by the agency (status {name})" if name in _HELD else None


def embargo(status: str | None, until: str | None) -> str | None:
    """Return a note on an embargo, if there is one.

    >>> embargo("embargoed", None), embargo("usable", "2022-06-29")
    ('under embargo', 'under embargo until 2022-06-29')
    """
    if until:
        return f"under embargo until {until}"
    return "under embargo" if "embargo" in (status or "").casefold() else None


def stamp(*values: object) -> str | None:
    """Return the first value that is a date, as ISO; if none is, the first that is there.

    >>> stamp("", "20130515T143000+0000"), stamp("20080219+0100"), stamp("YYYYMMDD", "20200703T165136-0400"), stamp("soon")
    ('2013-05-15T14:30:00+00:00', '2008-02-19', '2020-07-03T16:51:36-04:00', 'soon')
    """
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    return next((iso for text in texts if (iso := _iso(text))), texts[0] if texts else None)


def _iso(text: str) -> str | None:
    found = _STAMP.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    iso = f"{year}-{month}-{day}"
    if hour:
        iso += f"T{hour}:{minute}:{second or '00'}"
        zone = (zone or "").upper().replace(":", "").replace("Z", "+0000")
        iso += f"{zone[:3]}:{zone[3:] or '00'}" if zone else ""
    try:
        datetime.datetime.fromisoformat(iso)
    except ValueError:
        return None
    return iso


def language(*values: object) -> str | None:
    """Return the first value that names a language, as ISO 639-1.

    >>> language(None, "x-default", "en-US"), language("NB-no"), language("ger"), language("mul")
    ('en', 'nb', 'de', None)
    """
    for value in values:
        name = value.strip().casefold() if isinstance(value, str) else ""
        found = _TAG.fullmatch(name)
        code = found[1] if found and len(found[1]) == 2 else _LANGUAGES.get(found[1] if found else name) or _LANGUAGES.get(name)
        if code:
            return code
    return None


def subject(code: object) -> str | None:
    """Return the top subject of an eight-digit subject code of the IPTC.

    >>> subject("subj:15054000"), subject("medtop:20000822")
    ('sport', None)
    """
    digits = re.search(r"(?<!\d)(\d\d)\d{6}(?!\d)", code) if isinstance(code, str) and len(code) < 200 else None
    return SUBJECTS.get(digits[1]) if digits else None


def host(address: object) -> str | None:
    """Return the provider that an address or identifier names.

    >>> host("https://www.agency.com/a/1"), host("urn:newsml:agency.com:2013:1"), host("tag:agency.it,2017:1"), host("1234")
    ('agency.com', 'agency.com', 'agency.it', None)
    """
    found = re.match(r"(?:https?://|urn:newsml:|tag:)([\w.-]{1,250}\.[A-Za-z]{2,20})(?=[:/,?#]|$)", address) if isinstance(address, str) else None
    return found[1].casefold().removeprefix("www.") if found else None


def web(*addresses: object) -> str | None:
    """Return the first value that is a web address.

    >>> web("urn:x", "https://agency.com/1")
    'https://agency.com/1'
    """
    return next((value.strip() for value in addresses if isinstance(value, str) and re.match(r"\s*https?://[^\s/]", value)), None)


def byline(text: str | None) -> str | None:
    """Return who wrote it, without the word "By".

    >>> byline("By Ann Author"), byline("Byron Author"), byline("by")
    ('Ann Author', 'Byron Author', None)
    """
    return re.sub(r"(?i)^by(?:\s+|$)", "", text.strip()).strip(" ,;") or None if text else None


def tree(raw: bytes, what: str) -> Any:
    """Return the root element of an agency's XML.

    >>> tree(b"<nitf>Rain</nitf>", "NITF files").text
    'Rain'
    """
    return xml_root(raw, extra="agencies", what=what)


_PROLOGUE = (b"<?", b"?>"), (b"<!--", b"-->")
_BLANK = re.compile(rb"\s*")


def root_name(head: bytes) -> bytes:
    """Return the name of the first element of XML, without its prefix; b"" if there is none in these bytes.

    >>> root_name(b'<?xml version="1.0"?><!-- a --><!DOCTYPE n:nitf SYSTEM "nitf.dtd"><n:nitf>')
    b'nitf'
    """
    place = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while True:
        place = _BLANK.match(head, place).end()  # type: ignore[union-attr]
        for start, end in _PROLOGUE:
            if head.startswith(start, place):
                close = head.find(end, place)
                break
        else:
            if not head[place : place + 9].upper().startswith(b"<!DOCTYPE"):
                found = re.match(rb"<(?:[\w.-]{1,100}:)?([\w.-]{1,100})(?=[\s/>])", head[place : place + 300])
                return found[1] if found else b""
            close, end = _doctype(head, place), b">"
        if close < 0:
            return b""
        place = close + len(end)


def _doctype(head: bytes, place: int) -> int:
    """Return where a document type declaration ends, -1 if it does not."""
    bracket, close = head.find(b"[", place), head.find(b">", place)
    if 0 <= bracket < close:
        inner = head.find(b"]", bracket)
        return head.find(b">", inner) if inner >= 0 else -1
    return close
