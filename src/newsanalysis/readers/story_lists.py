"""Lists of stories, from Media Cloud and GDELT: addresses, titles, outlets and dates, but no texts; and how pages are joined to them by address.

A list by itself is read only if the user says what of it is to be the text: its titles, as headlines. To analyse the articles, save the pages (or take
them from a web archive), read them, and join the two: ``join_pages``. GDELT says when it saw a story, not when that was published; only where GDELT gives
the page's own time is that taken as `published`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd

from newsanalysis import tables
from newsanalysis.readers import dates
from newsanalysis.readers.columns import KEYS, NAMES, as_text, key, listing
from newsanalysis.readers.contract import Format, NotFoundError, Parsed, ReadError
from newsanalysis.readers.counts import count
from newsanalysis.readers.languages import normalised
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.text import clean, decode

_FILLED = ("title", "outlet", "published", "author", "section", "language")
_MEDIA_CLOUD = {"document_id": "stories_id", "title": "title", "url": "url", "outlet": "media_name", "published": "publish_date", "language": "language"}
_GDELT_DOC = {"title": "title", "url": "url", "outlet": "domain", "language": "language"}
_GKG = [
    "GKGRECORDID",
    "V2.1DATE",
    "V2SOURCECOLLECTIONIDENTIFIER",
    "V2SOURCECOMMONNAME",
    "V2DOCUMENTIDENTIFIER",
    "V1COUNTS",
    "V2.1COUNTS",
    "V1THEMES",
    "V2ENHANCEDTHEMES",
    "V1LOCATIONS",
    "V2ENHANCEDLOCATIONS",
    "V1PERSONS",
    "V2ENHANCEDPERSONS",
    "V1ORGANIZATIONS",
    "V2ENHANCEDORGANIZATIONS",
    "V1.5TONE",
    "V2.1ENHANCEDDATES",
    "V2GCAM",
    "V2.1SHARINGIMAGE",
    "V2.1RELATEDIMAGES",
    "V2.1SOCIALIMAGEEMBEDS",
    "V2.1SOCIALVIDEOEMBEDS",
    "V2.1QUOTATIONS",
    "V2.1ALLNAMES",
    "V2.1AMOUNTS",
    "V2.1TRANSLATIONINFO",
    "V2EXTRASXML",
]
_GKG_LINE = re.compile(rb"\d{14}-T?\d{1,9}\t\d{14}\t\d{1,2}\t[^\t\n]*\t[^\t\n]*\t")
_EVENT_LINE = re.compile(rb"\d{1,12}\t\d{8}\t\d{6}\t\d{4}\t\d{4}\.\d+\t")
_EXTRA = {
    name: re.compile(rf"<{tag}>([^<]{{1,2000}})</{tag}>")
    for name, tag in (("title", "PAGE_TITLE"), ("author", "PAGE_AUTHORS"), ("published", "PAGE_PRECISEPUBTIMESTAMP"))
}
_HEAD = re.compile(rb"\s*[\[{]")
_TEXTS = KEYS["text"] | {key("story_text")}


@dataclass(slots=True)
class _List:
    """A list of stories: what it is, its columns, its rows, and which of its columns are ours."""

    name: str
    reader: str
    names: list[str]
    rows: list[list[str]]
    numbers: list[int]
    ours: dict[str, str]
    unit: str = "row"
    skipped: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        position = self.names.index(name)
        return [row[position] if position < len(row) else "" for row in self.rows]


def read_story_list(path: Path, columns: Mapping[str, str]) -> Parsed:
    """Read the titles of a list of stories as headlines, if the user says so.

    Returns
    -------
    Parsed
        One headline a row.

    Raises
    ------
    ReadError
        The user has not said what the text is; says what a list of stories can be used for.
    """
    stories = _listed(path)
    theirs = columns.get("text")
    if theirs is None:
        raise ReadError(
            f"a list of stories ({stories.name}, {len(stories.rows):,} of them), which holds addresses and titles but no texts; read the titles as headlines, "
            'read(path, columns={"text": "title"}), or read the saved pages and join them by address, join_pages(path, pages)'
        )
    mapping = {**stories.ours, **columns}
    if unknown := [name for name in mapping.values() if name not in stories.names]:
        raise ReadError(f"no column {unknown[0]!r} in the list of stories ({stories.name}); the columns are {listing(stories.names)}")
    values: dict[str, list[object]] = {ours: [cell or None for cell in stories.column(name)] for ours, name in mapping.items()}
    if theirs == mapping.get("title"):
        values["title"] = [None] * len(stories.rows)
    values["kind"] = ["headline"] * len(stories.rows)
    endings = [f"-{n}" for n in stories.numbers]
    return Parsed(stories.reader, stories.name, values, stories.numbers, endings, stories.unit, stories.skipped, notes=stories.notes)


def _listed(path: Path) -> _List:
    """Read a list of stories, whichever it is."""
    raw = read_whole(path)
    if _GKG_LINE.match(raw):
        return _gkg(raw)
    if _EVENT_LINE.match(raw):
        return _events(raw)
    if _HEAD.match(raw.removeprefix(b"\xef\xbb\xbf")[:64]):
        return _articles(raw)
    return _with_head(raw)


def _rows(raw: bytes, widths: Sequence[int], name: str, reader: str, names: list[str]) -> _List:
    """Return the rows of a file without a head, cut at tabs."""
    stories = _List(name, reader, names, [], [], {})
    for number, line in enumerate(decode(raw).text.split("\n"), start=1):
        cells = line.rstrip("\r").split("\t")
        if len(cells) in widths:
            stories.rows.append(cells)
            stories.numbers.append(number)
        elif line.strip():
            stories.skipped.append((number, f"{len(cells)} cells, not {' or '.join(map(str, widths))}"))
    return stories


def _gkg(raw: bytes) -> _List:
    stories = _rows(raw, (27, 26), "GDELT GKG", "gdelt-gkg@1", [*_GKG, "title", "author", "published", "language"])
    for row in stories.rows:
        row += [""] * (27 - len(row))
        found = {name: unescape(match[1]).strip() if (match := pattern.search(row[26])) else "" for name, pattern in _EXTRA.items()}
        spoken = re.search(r"srclc:([a-z]{2,3})", row[25])
        row += [found["title"], found["author"].replace(";", ", "), found["published"], spoken[1] if spoken else "en"]
    stories.ours = {
        "title": "title",
        "author": "author",
        "published": "published",
        "language": "language",
        "outlet": _GKG[3],
        "url": _GKG[4],
        "document_id": _GKG[0],
    }
    return stories


def _events(raw: bytes) -> _List:
    first = raw[: raw.find(b"\n") if b"\n" in raw else len(raw)].count(b"\t") + 1
    names = [*(f"column {n}" for n in range(1, first)), "SOURCEURL"]
    names[:2] = ["GLOBALEVENTID", "SQLDATE"]
    stories = _rows(raw, (first,), "GDELT events", "gdelt-events@1", names)
    stories.ours = {"url": "SOURCEURL", "document_id": "GLOBALEVENTID"}
    return stories


def _articles(raw: bytes) -> _List:
    """Return the list of articles that GDELT's DOC API gives as JSON."""
    try:
        value = json.loads(decode(raw).text, strict=False)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"it is not JSON that can be read ({str(error)[:80]})") from None
    found = value.get("articles") if isinstance(value, dict) else value
    articles = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    names = list(dict.fromkeys(str(key) for one in articles for key in one))
    rows = [[str(one.get(name) or "") for name in names] for one in articles]
    ours = {mine: theirs for mine, theirs in _GDELT_DOC.items() if theirs in names}
    return _List("GDELT list of articles", "gdelt-doc@1", names, rows, list(range(1, len(rows) + 1)), ours, "record")


def _with_head(raw: bytes) -> _List:
    """Return a list whose first row names the columns: Media Cloud, old and new, or GDELT's DOC API."""
    text = decode(raw).text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    first = text.partition("\n")[0]
    before = csv.field_size_limit(2**31 - 1)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if first.count("\t") > first.count(",") else ",")
        names = [name.strip() for name in next(reader, [])]
        rows = [(number, row) for number, row in enumerate(reader, start=2) if any(row)]
    except csv.Error as error:
        raise ReadError(f"the table is damaged ({error})") from None
    finally:
        csv.field_size_limit(before)
    skipped = [(number, f"{len(row)} cells for {len(names)} columns") for number, row in rows if len(row) > len(names) and any(row[len(names) :])]
    bad = {number for number, _ in skipped}
    kept = [(number, row[: len(names)] + [""] * (len(names) - len(row))) for number, row in rows if number not in bad]
    known = {name.casefold(): name for name in names}
    cloud = "media_name" in known
    likely = {**_MEDIA_CLOUD, **({} if "stories_id" in known else {"document_id": "id"})} if cloud else _GDELT_DOC
    ours = {mine: known[theirs] for mine, theirs in likely.items() if theirs in known}
    name, reader_name = ("Media Cloud", "media-cloud@1") if cloud else ("GDELT list of articles", "gdelt-doc@1")
    return _List(name, reader_name, names, [row for _, row in kept], [number for number, _ in kept], ours, skipped=skipped)


# -------------------------------------------------------------------------------------------------------------------------- joining


def join_pages(stories: str | os.PathLike[str] | pd.DataFrame, pages: pd.DataFrame, *, unmatched: bool = False) -> pd.DataFrame:
    """Join saved pages to a list of stories by their addresses, and say in one line how many of each have met.

    Parameters
    ----------
    stories : str, Path or DataFrame
        A list of Media Cloud or GDELT, or any table with a column ``url``; a DataFrame or a CSV file.
    pages : DataFrame
        Table *documents*, as ``read`` gives it of saved pages or a web archive; pages without an address meet nothing.
    unmatched : bool
        Also keep the pages that are no story of the list, as they are.

    Returns
    -------
    DataFrame
        Table *documents*: the pages of the list's stories, in the order of `pages`. What a page does not say (title, outlet, published, author, section,
        language) is taken from the list.

    Raises
    ------
    ReadError
        The list cannot be read or has no addresses, or no page is a story of it.

    Notes
    -----
    Two addresses are the same if they differ only in scheme, ``www.``, the case of the host, the standard port, a slash at the end, what stands behind
    ``#``, and parameters that begin with ``utm_``; other parameters count, for many sites tell their articles by them. Of two stories with one address
    the first is taken. Do not read the share of stories that met a page as the share that is still online: it depends on what was saved.

    Examples
    --------
    >>> import newsanalysis as na
    >>> pages = na.documents(["Rain fell."], url="https://www.herald.example/rain/?utm_source=feed")
    >>> stories = pd.DataFrame({"url": ["http://herald.example/rain", "http://herald.example/sun"], "media_name": "The Herald"})
    >>> na.join_pages(stories, pages)[["text", "outlet"]].values.tolist()
    1 of 2 stories met 1 of 1 page.
    [['Rain fell.', 'The Herald']]
    """
    listed = _frame(stories)
    pages = tables.check(pages, "documents")
    places: list[Any] = [same_address(url) for url in listed["url"]]
    first = listed.assign(address=pd.Series(places, index=listed.index, dtype=object)).dropna(subset="address").drop_duplicates("address").set_index("address")
    addresses = pd.Series([same_address(url) for url in pages["url"]], index=pages.index, dtype=object)
    met = addresses.isin(set(first.index))
    if not met.any():
        raise ReadError(f"{count(len(pages), 'page')} and {count(len(listed), 'story')} have no address in common; pages need theirs in the column url.")
    joined = pages.copy()
    for name in _FILLED:
        if name in first.columns:
            theirs = addresses[met].map(first[name])
            joined.loc[met, name] = joined.loc[met, name].where(joined.loc[met, name].notna(), theirs)
    same = int(first.index.isin(set(addresses[met])).sum())
    alone = int((~met).sum())
    rest = f"; {count(alone, 'page')} {'is' if alone == 1 else 'are'} {'kept too' if unmatched else 'left out'}" if alone else ""
    print(f"{same:,} of {count(len(listed), 'story')} met {int(met.sum()):,} of {count(len(pages), 'page')}{rest}.")
    return tables.check(joined if unmatched else joined[met], "documents")


def same_address(url: object) -> str | None:
    """Return an address without what does not tell two pages apart; None for what is no address.

    >>> same_address("HTTPS://www.Herald.example:443/Rain/?utm_source=x&id=7#top")
    'herald.example/Rain?id=7'
    """
    if not isinstance(url, str) or not url.strip() or len(url) > 8_000:
        return None
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return None
    if "." not in host or any(c.isspace() for c in text):
        return None
    query = parts.query
    if "utm_" in query.casefold():
        query = urlencode([(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if not key.casefold().startswith("utm_")])
    where = f"{host}:{port}" if port and port not in (80, 443) else host
    return where + parts.path.rstrip("/") + (f"?{query}" if query else "")


def _frame(stories: str | os.PathLike[str] | pd.DataFrame) -> pd.DataFrame:
    """Return a list of stories with our columns: url, and what else there is of title, outlet, published, author, section, language."""
    if isinstance(stories, pd.DataFrame):
        names = [str(name) for name in stories.columns]
        cells: dict[str, list[Any]] = {name: stories.iloc[:, position].tolist() for position, name in enumerate(names)}
        ours: dict[str, str] = {}
    else:
        path = Path(stories)
        if not path.is_file():
            raise NotFoundError(f"{os.fspath(stories)!r}: no such file.")
        listed = _listed(path)
        names, ours = listed.names, listed.ours
        cells = {name: listed.column(name) for name in names}
    there = {key(name): name for name in reversed(names)}
    for mine in (*_FILLED, "url"):
        if mine not in ours and (known := next((there[key(usual)] for usual in NAMES[mine] if key(usual) in there), None)):
            ours[mine] = known
    if "url" not in ours:
        raise ReadError(f"no column holds the addresses of the stories (looked for {', '.join(NAMES['url'])}); the columns found are {listing(names)}")
    table = pd.DataFrame({mine: [_cell(cell) for cell in cells[theirs]] for mine, theirs in ours.items() if mine != "published"}, dtype=object)
    if "language" in table:
        table["language"] = pd.Series(list(map(normalised, table["language"].tolist())), dtype=object)
    if "published" in ours:
        table["published"] = dates.parse(cells[ours["published"]], [0] * len(table)).published.to_numpy()
        table["published"] = pd.to_datetime(table["published"], utc=True).astype("datetime64[us, UTC]")
    return table


def _cell(value: object) -> str | None:
    try:
        text = as_text(value)
    except ReadError:
        return None
    return clean(text)[0].strip() if text else None


def sniff_story_list(head: bytes) -> bool:
    """Say whether bytes begin a list of stories: the columns of Media Cloud without one for a text, lines of GDELT, or its list of articles.

    >>> sniff_story_list(b"id,indexed_date,language,media_name,media_url,publish_date,title,url")
    True
    >>> sniff_story_list(b"id,title,url,text,media_name,publish_date")
    False
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _GKG_LINE.match(head) or (_EVENT_LINE.match(head) and head.partition(b"\n")[0].count(b"\t") in (56, 57, 59, 60)):
        return True
    if _HEAD.match(head[:64]):
        top = head[:4096]
        return b'"articles"' in top[:64] and b'"seendate"' in top and b'"url"' in top
    names = {name.strip(b'" \t').lower() for name in re.split(rb"[,\t]", head.lstrip().partition(b"\n")[0].rstrip(b"\r")[:4096])}
    if b"url" not in names or any(key(name.decode("utf-8", "replace")) in _TEXTS for name in names):
        return False
    return {b"media_name", b"publish_date", b"title"} <= names or {b"mobileurl", b"title", b"date"} <= names or {b"seendate", b"domain", b"title"} <= names


FORMATS: tuple[Format, ...] = (Format("list of stories", (), read_story_list, sniff_story_list),)
