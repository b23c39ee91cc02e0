"""Feeds: RSS 0.9 to 2.0 and Atom, by feedparser; nothing is fetched.

What a feed gives of an article is its summary more often than its text, and is marked so: `read_feed` says by what rule.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.entities import html5
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from newsanalysis.readers import dates
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.counts import count
from newsanalysis.readers.extras import need
from newsanalysis.readers.languages import normalised
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.markup import DAMAGED, MENDED, MOST_ATTRIBUTES, damage, html_root, html_text, text_of, windows, xml_root

MOST_FEED = 20 * 2**20
MOST_ENTRIES = 100_000
MOST_ELEMENTS = 500_000
_FULL = 100  # words of a text that is no summary, though it is given as one, too
_LONG = 300  # words of a text that does not break off, though "read more" or an ellipsis stands at its end
_COLUMNS = ("document_id", "title", "text", "outlet", "published", "author", "section", "url", "language", "kind")
_CUT = re.compile(
    r"(?:(?:…|\.\.\.)\s?\]?|\b(?:read (?:more|on|the full (?:story|article))|continue reading|weiterlesen|lire la suite|seguir leyendo)\b.{0,80})\W*$",
    re.IGNORECASE | re.DOTALL,
)
_FOOT = re.compile(r"\s*\bThe (?:post|article) .{0,300} (?:appeared|was published) first on .{0,200}$", re.DOTALL)
_EMAIL = re.compile(r"\s*[(<\[]?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}[)>\]]?\s*")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&#?\w{1,10};")
_BARE = re.compile(r"&(?!(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_NO_POSTS = {
    "attachment": "a picture or file of a WordPress export, not a post",
    "nav_menu_item": "an entry of a menu of a WordPress export, not a post",
    "revision": "an older state of a post of a WordPress export",
}
_NOT_PUBLISHED = ("draft", "auto-draft", "pending", "trash")
_CAPITAL_X = re.compile(r"&#X(?=[0-9a-fA-F]{1,6};)")
_MONTH_NAMED = re.compile(r"\s*(\d{4})-([^\W\d_]{2,20})-(\d{1,2})T(\d{1,2})(:\d\d\S{0,12})\s*")
_KOREAN = re.compile(r"\s*(\d{4})(?:년\s?|-)(\d\d)(?:월\s?|-)(\d\d)(?:일|\s)\s{0,9}(오전|오후)?\s?(\d\d):(\d\d):(\d\d)\s*")
_THREE_DIGITS = re.compile(r"(\d{4})-0(\d\d)-(\d\d)(?=T|$)")
_BEFORE = re.compile(rb"\s*(?:<\?[^>]{0,1000}\?>|<!doctype[^>]{0,1000}>)", re.IGNORECASE)
_COMMENT = re.compile(rb"\s*<!--")
_ROOT = re.compile(rb"\s*<(?:\w{1,20}:)?(?:(rss)|(rdf)|(feed)|(channel))[\s>]", re.IGNORECASE)
_RDF = (b"purl.org/rss/1.0", b"my.netscape.com/rdf", b"channel.netscape.com/rdf", b"purl.org/net/rss1.1")
_ATOM = (b"www.w3.org/2005/Atom", b"purl.org/atom/", b"<entry>", b"<entry ")
_CDF = (b"<item>", b"<item ")


@dataclass(slots=True)
class _Entries:
    """Entries on their way into one `Parsed`."""

    columns: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    numbers: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    updated: int = 0


def read_feed(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one feed.

    Returns
    -------
    Parsed
        One record an entry. Its content (content:encoded of RSS, content of Atom) is the article, however short, unless it breaks off (it has less than 300
        words and ends in an ellipsis or "read more"), says the same as the summary in less than a hundred words, or is shorter than the summary; then, and
        where there is a summary only, kind is summary. Where there is a title only, it is headline. The outlet is the entry's source, else the feed's title.
        An id is taken from the feed only if it is one for the world (an address, a tag, a UUID) and no other entry has it.

    Raises
    ------
    ReadError
        It is no feed, or one without entries.
    LimitError
        It is larger than 20 MB, or nested absurdly.
    """
    feedparser = need("feedparser", "web", "feeds")
    raw = read_whole(path, most=MOST_FEED)
    if len(raw) > MOST_FEED:
        raise LimitError(f"the feed has {len(raw) / 2**20:,.0f} MB unpacked, more than the {MOST_FEED / 2**20:,.0f} MB that are read whole; split it")
    whole, wrong = _well_formed(raw)
    feed = _parsed(feedparser, whole)
    if not feed.entries:
        raise ReadError("the feed has no entries" if feed.version else "it is no feed that can be read")
    if len(feed.entries) > MOST_ENTRIES:
        raise LimitError(f"the feed has {len(feed.entries):,} entries, more than the {MOST_ENTRIES:,} that it may have; split it")
    entries = _Entries()
    ids = Counter(str(dict.get(entry, "id") or "") for entry in feed.entries)
    for number, entry in enumerate(feed.entries, start=1):
        _add(entries, number, entry, feed.feed, ids)
    notes = [wrong] if wrong else []
    if entries.updated:
        only = "says when it was changed, not when it was" if entries.updated == 1 else "say when they were changed, not when they were"
        notes.append(f"{count(entries.updated, 'entry')} {only} published; that was taken")
    name = "Atom" if str(feed.version).startswith("atom") else "RSS"
    return Parsed("feed@1", name, entries.columns, entries.numbers, [f"-{n}" for n in entries.numbers], "entry", entries.skipped, notes=notes)


def _well_formed(raw: bytes) -> tuple[bytes, str | None]:
    """Return a feed as well-formed XML, and what was wrong with it: feedparser's own way with broken feeds takes time with the square of their length."""
    text = windows(html_text(raw))
    text = re.sub(r"^\ufeff?\s*<\?xml[^>]{0,1000}\?>", "", text)
    text = _CAPITAL_X.sub("&#x", text)
    root = xml_root(text.encode("utf-8", "replace"), extra="web", what="feeds")
    if damage(root):
        root = xml_root(_BARE.sub("&amp;", text).encode("utf-8", "replace"), extra="web", what="feeds")
    wrong = damage(root)
    for name in (DAMAGED, MENDED):
        root.attrib.pop(name, None)
    for n, element in enumerate(root.iter("*")):
        if len(element.attrib) > MOST_ATTRIBUTES:
            raise LimitError(f"an element of the feed has more than the {MOST_ATTRIBUTES:,} attributes that it may have")
        if n > MOST_ELEMENTS:
            raise LimitError(f"the feed has more than the {MOST_ELEMENTS:,} elements that are read; split it")
    etree = need("lxml.etree", "web", "feeds")
    whole: bytes = etree.tostring(root, encoding="utf-8", with_tail=False)
    return _NAMED.sub(_characters, whole), wrong


def _characters(found: re.Match[bytes]) -> bytes:
    """Return what an entity of HTML stands for; those of XML stay."""
    name = found[1].decode("ascii")
    return found[0] if name in ("amp", "lt", "gt", "quot", "apos") else escape(html5.get(f"{name};", "")).encode()


def _parsed(feedparser: Any, raw: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
        except Exception as error:  # feedparser promises none, but keeps the promise only for what its authors met
            raise ReadError(f"it is no feed that can be read ({type(error).__name__})") from None


def _add(entries: _Entries, number: int, entry: Any, feed: Any, ids: Counter[str]) -> None:
    if reason := _no_post(entry):
        entries.skipped.append((number, reason))
        return
    title = plain(_detail(entry, "title")) or None
    if title:
        title = " ".join(title.split())
    text, kind = _text(entry)
    if not text and title:
        text, title, kind = title, None, "headline"
    if not text:
        entries.skipped.append((number, "the entry has neither text nor title"))
        return
    published, changed = _published(entry)
    entries.updated += changed
    source = dict.get(entry, "source")
    outlet = plain(_detail(source, "title")) if isinstance(source, dict) else ""
    id_ = str(dict.get(entry, "id") or "")
    cells = {
        "document_id": id_ if ids[id_] == 1 and _sound(id_) else None,
        "title": title,
        "text": text,
        "outlet": " ".join((outlet or plain(_detail(feed, "title"))).split()) or None,
        "published": published,
        "author": _author(entry),
        "section": _section(entry),
        "url": _link(entry, feed),
        "language": _language(entry, feed),
        "kind": kind,
    }
    for name, values in entries.columns.items():
        values.append(cells[name])
    entries.numbers.append(number)


def _no_post(entry: Any) -> str | None:
    """Say what an entry of a WordPress export is that is no published post."""
    status = str(dict.get(entry, "wp_status") or "")
    if reason := _NO_POSTS.get(str(dict.get(entry, "wp_post_type") or "")):
        return reason
    return f"a post of a WordPress export that was not published ({status})" if status in _NOT_PUBLISHED else None


def _detail(holder: Any, name: str) -> Any:
    """Return the value of a field with its type, as feedparser keeps both."""
    return dict.get(holder, f"{name}_detail") or {"value": dict.get(holder, name) or "", "type": ""}


def plain(detail: Mapping[str, Any]) -> str:
    """Return the text of a field of a feed: paragraphs parted by blank lines, markup gone, its characters decoded.

    >>> plain({"type": "text/html", "value": "<p>Rain &amp; wind.</p><script>alert(1)</script><p>Roads closed.</p>"})
    'Rain & wind.\\n\\nRoads closed.'
    >>> plain({"type": "text/plain", "value": "1 < 2"})
    '1 < 2'
    """
    value = str(detail.get("value") or "").strip()
    if not value:
        return ""
    if detail.get("type") == "text/plain" and not re.search(r"</?(?:p|div|br|a|b|i|em|strong|img|span)\b[^<>]*>", value, re.IGNORECASE):
        return re.sub(r"[ \t]+", " ", value)
    if not _MARKUP.search(value):
        return re.sub(r"[ \t]+", " ", value)
    try:
        return text_of(html_root(f"<div>{value}</div>", extra="web", what="feeds"))
    except ReadError:
        return ""


def _text(entry: Any) -> tuple[str, str]:
    """Return the text of an entry and whether it is the article or a summary."""
    exported = dict.get(entry, "wp_post_type") is not None
    contents = [plain(_in_paragraphs(content) if exported else content) for content in dict.get(entry, "content") or [] if isinstance(content, dict)]
    content = _FOOT.sub("", max(contents, key=len, default="")).strip()
    own = "summary_detail" in entry or not content  # feedparser gives the content as summary where there is none
    summary = _FOOT.sub("", plain(_detail(entry, "summary"))).strip() if own else ""
    if content and (exported or _is_article(content, summary)):
        return content, "article"
    return max(content, summary, key=len), "summary"


def _is_article(content: str, summary: str) -> bool:
    """Say whether the content of an entry is the article, not what stands before "read more", or a summary once more.

    >>> _is_article("Rain fell.", ""), _is_article("Rain fell. Read more", ""), _is_article("Rain fell.", "Rain fell.")
    (True, False, False)
    """
    words = _words(content)
    if words < _LONG and _CUT.search(content[-200:]):
        return False
    if words < _FULL and content.split() == summary.split():
        return False
    return len(content) >= len(summary)


def _in_paragraphs(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a WordPress export holds with its blank lines as paragraphs, as WordPress shows it."""
    value = str(content.get("value") or "")
    if re.search(r"<p[\s>]", value, re.IGNORECASE):
        return dict(content)
    parts = [part.strip().replace("\n", "<br>") for part in re.split(r"\n[ \t\r]*\n", value.replace("\r\n", "\n"))]
    return {**content, "type": "text/html", "value": "".join(f"<p>{part}</p>" for part in parts if part)}


def _words(text: str) -> int:
    """Count words; in scripts that write none apart, two characters count as one."""
    dense = sum("\u3040" <= c <= "\u9fff" for c in text)
    return len(text.split()) + dense // 2


def _published(entry: Any) -> tuple[object, int]:
    """Return when an entry was published, and 1 if that is when it was changed."""
    for name, changed in (("published", 0), ("created", 0), ("updated", 1)):
        if said := dict.get(entry, name):
            return usual_date(str(said)), changed
    return None, 0


def usual_date(said: str) -> str:
    """Return a date of a feed as `dates` understands it: feedparser's own dates are not used, for it takes zones that it does not know for UTC.

    Dates that Korean and Hungarian feeds are known for are written in the usual way; Korean ones are in Korean time.

    >>> usual_date("2004-július-13T9:15-05:00"), usual_date("2004년 05월 28일  01:31:15"), usual_date("Wed, 19 Aug 2009 18:28:00 Etc/GMT")
    ('2004-07-13T09:15-05:00', '2004-05-28T01:31:15+09:00', 'Wed, 19 Aug 2009 18:28:00 GMT')
    """
    said = said[:200]
    if (found := _MONTH_NAMED.fullmatch(said)) and (month := dates.month(found[2])):
        return f"{found[1]}-{month:02}-{int(found[3]):02}T{int(found[4]):02}{found[5]}"
    if (found := _KOREAN.fullmatch(said)) and not found[0].isascii():
        hour = int(found[5]) % 12 + 12 * (found[4] == "오후") if found[4] else int(found[5])
        return f"{found[1]}-{found[2]}-{found[3]}T{hour:02}:{found[6]}:{found[7]}+09:00"
    return _THREE_DIGITS.sub(r"\1-\2-\3", said).replace("Etc/GMT", "GMT").replace("Etc/UTC", "UTC")


def _sound(id_: str) -> bool:
    """Say whether an id is one for the world: an address of a page, a tag, a URN, a UUID.

    >>> _sound("tag:herald.example,2026:12"), _sound("12"), _sound("https://herald.example/")
    (True, False, False)
    """
    if re.fullmatch(r"https?://[^/\s]+/?", id_):
        return False
    return bool(re.fullmatch(r"(?:https?://|tag:|urn:)\S{4,1000}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", id_))


def _author(entry: Any) -> str | None:
    """Return the names of the authors, without their addresses."""
    details = [one for one in dict.get(entry, "authors") or [] if isinstance(one, dict)]
    names = [str(one.get("name") or "") for one in details] if any(one.get("name") for one in details) else [str(dict.get(entry, "author") or "")]
    known = dict.fromkeys(" ".join(plain({"value": _EMAIL.sub(" ", name)}).split()) for name in names)
    return ", ".join(name.strip("() ") for name in known if name.strip("() "))[:500] or None


def _section(entry: Any) -> str | None:
    tags = [tag for tag in dict.get(entry, "tags") or [] if isinstance(tag, dict)]
    tags.sort(key=lambda tag: tag.get("scheme") == "post_tag")  # of a WordPress export, categories stand before tags
    terms = [str(tag.get("label") or tag.get("term") or "") for tag in tags]
    return next((section for term in terms if (section := " ".join(plain({"value": term}).split()))), None)


def _link(entry: Any, feed: Any) -> str | None:
    """Return the address of an entry; one that is relative begins at the feed's own link."""
    links = [str(dict.get(entry, "link") or ""), str(dict.get(entry, "feedburner_origlink") or "")]
    links += [str(link.get("href") or "") for link in dict.get(entry, "links") or [] if isinstance(link, dict) and link.get("rel") == "alternate"]
    original = [links[1], links[0], *links[2:]]
    id_ = str(dict.get(entry, "id") or "")
    if found := next((link for link in [*original, id_] if link.startswith(("http://", "https://"))), None):
        return found
    home = str(dict.get(feed, "link") or "")
    try:
        whole = urljoin(home, links[0].strip()) if links[0] and ":" not in links[0].partition("/")[0] else ""
    except ValueError:
        return None
    return whole if home.startswith(("http://", "https://")) and whole.startswith(("http://", "https://")) else None


def _language(entry: Any, feed: Any) -> str | None:
    said = [dict.get(entry, "language"), dict.get(dict.get(entry, "title_detail") or {}, "language"), dict.get(feed, "language")]
    return next((code for each in said if (code := normalised(each))), None)


def sniff_feed(head: bytes) -> bool:
    """Say whether bytes begin as RSS or Atom does, comments and instructions before it or not.

    >>> sniff_feed(b'<?xml version="1.0"?><!-- ours --><rss version="2.0">'), sniff_feed(b'<feed xmlns="http://www.w3.org/2005/Atom">')
    (True, True)
    >>> sniff_feed(b"<html>")
    False
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    at = 0
    while True:
        if comment := _COMMENT.match(head, at):
            at = head.find(b"-->", comment.end()) + 3
            if at < 3:
                return False
        elif before := _BEFORE.match(head, at):
            at = before.end()
        else:
            break
    root = _ROOT.match(head, at)
    if not root:
        return False
    marks = _RDF if root[2] else _ATOM if root[3] else _CDF if root[4] else ()
    head = head.lower() if root[4] else head
    return not marks or any(mark in head for mark in marks)


FORMATS: tuple[Format, ...] = (Format("feed", (".rss", ".atom", ".rdf", ".xml"), read_feed, sniff_feed),)
