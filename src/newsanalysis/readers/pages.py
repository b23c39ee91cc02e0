"""Saved web pages: their main text, without what stands around it, by trafilatura; nothing is fetched.

trafilatura is asked to favour precision: words that the article does not have (teasers, comments, boxes) would be attributed to its speakers, which harms
a study more than a caption that is missing. Where that gives too little, its balanced extraction is tried. What a page says of itself is read by
``page_metadata``; only where it says no date, htmldate looks for one (a day, without a clock).
"""

from __future__ import annotations

import email
import email.policy
import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.extras import need
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.markup import BLOCKS, html_root, html_text, text_of
from newsanalysis.readers.page_metadata import bare, metadata, titles

READER = "page@1"
MOST_PAGE = 10 * 2**20
MOST_ELEMENTS = 30_000
MOST_PAIRS = 10_000_000  # of elements in one line, over the page: trafilatura looks at every pair
_LEAST = 60  # letters of sentences that are no links
_SHORT = 150  # words, below which a page is looked at for being an error page
_LONG = 20_000  # characters, above which a page is no list of links
_ENOUGH = 250  # characters below which the balanced extraction is tried
_PARAGRAPHS = BLOCKS | {"head", "item", "quote", "row", "list", "table", "code", "p"}
_OPENS = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!doctype\s+html\b|<html[\s>])", re.IGNORECASE)
_COMMENT = re.compile(rb"\s*<!--")
_SAVED = re.compile(rb"saved from url=\(\d{1,6}\)(https?://[^\s<>\"]{4,1990})|\burl:\s{1,4}(https?://[^\s<>\"]{4,1990})\s", re.IGNORECASE)
_MHTML = re.compile(rb"^(?:snapshot-content-location:|content-type:\s*multipart/related\b)", re.IGNORECASE | re.MULTILINE)
_ERROR = re.compile(
    r"\b(?:40[0134]|410|50[0234])\b.{0,40}\b(?:error|not found|forbidden|unauthori[sz]ed|gone|bad gateway|unavailable)"
    r"|\berror\s+(?:40\d|50\d)\b|^\s*(?:404|403|500|503)\s*$"
    r"|page (?:is |was |could )?(?:not be |not |cannot be )found|page (?:you (?:requested|are looking for)|doesn.t exist|no longer)|access denied|just a moment"
    r"|attention required|are you a robot|verify (?:that )?you are (?:a )?human|service unavailable"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)"
    r"|p[áa]gina no encontrada|pagina non trovata|страница не найдена",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\bcookies?\b|\bconsent\b|\bGDPR\b|\bprivacy\b|datenschutz|einwilligung|zustimm|confidentialité|consentement|privacidad|toestemming", re.IGNORECASE
)
_SCRIPT = re.compile(
    r"\b(?:enable|activate|turn on|requires?|need)\s+(?:javascript|cookies)\b|javascript (?:is |has been )?(?:disabled|required)", re.IGNORECASE
)
_STOP = re.compile(r"[.!?…。！？]\W*$")
_LABELS = frozenset(
    [
        "advertisement",
        "advertisements",
        "advertising",
        "comments",
        "sharethis",
        "sharethisarticle",
        "readmore",
        "storycontinuesbelowadvertisement",
        "werbung",
        "anzeige",
    ]
)
_UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class NoArticleError(ReadError):
    """A page that holds no article; the message says what it is instead.

    >>> raise NoArticleError("no article text: an error page ('404 Not Found')")
    Traceback (most recent call last):
    newsanalysis.readers.pages.NoArticleError: no article text: an error page ('404 Not Found')
    """


class Page(NamedTuple):
    """An article read from a page: its text, and what the page says of itself."""

    text: str
    metadata: dict[str, str | None]


def page(raw: bytes | str, *, url: str | None = None) -> Page:
    """Return the article of a web page.

    Parameters
    ----------
    raw : bytes or str
        The page, at most 10 MB.
    url : str, optional
        Where it was fetched from; the page's canonical address, if it has one, is used before it.

    Returns
    -------
    Page
        The text, paragraphs parted by blank lines, without the title; and title, outlet, published, author, section, url, language.

    Raises
    ------
    NoArticleError
        It is an error page, a consent wall, a list of links, or empty.
    LimitError
        It is too large or too deep to be a page of news.

    Examples
    --------
    >>> rain = "The river rose by a metre on Monday and the council said that it had closed three roads in the town. "
    >>> read = page(f'<html lang="en"><title>Rain</title><article><h1>Rain</h1><p>{rain * 3}</p><p>{rain * 2}</p></article></html>')
    >>> read.metadata["title"], read.metadata["language"], len(read.text.split(chr(10) * 2))
    ('Rain', 'en', 2)
    """
    if len(raw) > MOST_PAGE:
        raise LimitError(f"the page has {len(raw) / 2**20:,.0f} MB, more than the {MOST_PAGE / 2**20:,.0f} MB that a page may have")
    trafilatura = need("trafilatura", "web", "web pages")
    saved = _saved_from(raw) if isinstance(raw, bytes) else None
    text = _UNPRINTED.sub("", raw if isinstance(raw, str) else html_text(raw))
    if not text.strip():
        raise NoArticleError("no article text: the page is empty")
    try:
        root = html_root(text, extra="web", what="web pages")
    except LimitError:
        raise
    except ReadError as error:
        raise NoArticleError(f"no article text: {error}") from None
    _small(root)
    said = metadata(root, url=url or saved)
    body = _main(trafilatura, root, titles(root, said["title"]))
    if reason := _no_article(root, body, said["title"] or ""):
        raise NoArticleError(f"no article text: {reason}")
    if not said["published"]:
        said["published"] = _looked_for(root, said["url"])
    _forget()
    return Page(body, said)


def _saved_from(raw: bytes) -> str | None:
    """Return the address that browsers and SingleFile write into a comment of a page they save."""
    found = _SAVED.search(raw[:4096])
    return (found[1] or found[2]).decode("ascii", "ignore") if found else None


def _small(root: Any) -> None:
    """Refuse a page with more elements than time allows."""
    inline: dict[Any, int] = {}
    count = 0
    for element in root.iter("*"):
        count += 1
        if element.tag not in BLOCKS and element.tag != "br":
            parent = element.getparent()
            inline[parent] = inline.get(parent, 0) + 1
    if count > MOST_ELEMENTS:
        raise LimitError(f"the page has {count:,} elements, more than the {MOST_ELEMENTS:,} that a page may have")
    if (pairs := sum(n * n for n in inline.values())) > MOST_PAIRS:
        raise LimitError(f"elements in one line of the page make {pairs:,} pairs, more than the {MOST_PAIRS:,} that a page may have")


# ------------------------------------------------------------------------------------------------------------------------ the text


def _main(trafilatura: Any, root: Any, known: set[str]) -> str:
    """Return the main text: precise, or balanced where precision leaves too little."""
    text = _extracted(trafilatura, root, known, precise=True)
    if len(text) >= _ENOUGH:
        return text
    balanced = _extracted(trafilatura, root, known, precise=False)
    return balanced if len(balanced) > 2 * len(text) else text


def _extracted(trafilatura: Any, root: Any, known: set[str], *, precise: bool) -> str:
    try:
        found = trafilatura.bare_extraction(root, favor_precision=precise, include_comments=False, include_tables=True, include_images=False)
    except Exception:  # a fault of the library on one page is no fault of the others
        return ""
    if found is None or found.body is None:
        return ""
    for element in found.body.iter("lb", "cell"):
        if element.tag == "lb":
            element.tag = "br"
        else:
            element.tail = " " + (element.tail or "")
    paragraphs = text_of(found.body, blocks=_PARAGRAPHS, dead=()).split("\n\n")
    kept = [paragraph for n, paragraph in enumerate(paragraphs) if not (n < 3 and bare(paragraph) in known) and bare(paragraph) not in _LABELS]
    return "\n\n".join(kept)


def _no_article(root: Any, text: str, title: str) -> str | None:
    """Say what a page is that holds no article; None if it holds one."""
    if not text.strip():
        return "nothing but navigation was found"
    words = len(text.split())
    head = next((" ".join((element.text or "").split()) for element in root.xpath("//head/title")[:1]), "") or title
    first = text[:300]
    if words < _SHORT and (_ERROR.search(head[:200]) or _ERROR.search(title[:200]) or (words < 60 and _ERROR.search(first))):
        return f"an error page ({(head or first)[:60]!r})"
    if words < 60 and _SCRIPT.search(text):
        return "a page that only asks for JavaScript or cookies"
    if words < 2 * _SHORT and len(_CONSENT.findall(text)) >= max(3, words / 40):
        return "a consent wall"
    links = {bare(text_of(link)) for link in root.iter("a")} - {""}
    paragraphs = text.replace("\n\n", "\n").split("\n")
    loose = [paragraph for paragraph in paragraphs if bare(paragraph) not in links]
    if sum(n for n, paragraph in zip(map(_letters, loose), loose, strict=True) if n >= _LEAST or _STOP.search(paragraph[-4:])) < _LEAST:
        return f"a list of links or lines, without a sentence ({words:,} words)"
    if len(paragraphs) >= 5 and len(text) < _LONG and _linked(bare(text), links) > 0.6:
        return "a page of links to articles"
    return None


def _linked(text: str, links: set[str]) -> float:
    """Return the share of a text that is text of links."""
    return sum(len(link) for link in links if len(link) >= 4 and link in text) / max(1, len(text))


def _letters(text: str) -> int:
    """Count letters; those of scripts that write a word with one or two count three."""
    return sum(3 if "\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" else 1 for c in text if c.isalpha())


def _looked_for(root: Any, url: str | None) -> str | None:
    """Return the day on which htmldate believes the page was published: from its markup and address, not from its sentences."""
    htmldate = need("htmldate", "web", "web pages")
    try:
        found = htmldate.find_date(root, original_date=True, extensive_search=False, url=url, max_date="2100-01-01")
    except Exception:
        return None
    return str(found) if found else None


_read = itertools.count(1)


def _forget() -> None:
    """Empty the libraries' caches every thousand pages, so that memory stays flat."""
    if next(_read) % 1_000 == 0:
        need("trafilatura.meta", "web", "web pages").reset_caches()


# ----------------------------------------------------------------------------------------------------------------------- the files


def read_page(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one saved page.

    Returns
    -------
    Parsed
        One record.

    Raises
    ------
    NoArticleError
        There is no article in it.
    LimitError
        It is over a limit.
    """
    return _parsed(page(read_whole(path, most=MOST_PAGE)), "web page")


def read_mhtml(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one page that a browser saved as MHTML: its first HTML part.

    Raises
    ------
    NoArticleError
        There is no HTML in it, or no article.
    """
    raw = read_whole(path, most=8 * MOST_PAGE)
    try:
        parts = list(_parts(email.message_from_bytes(raw, policy=email.policy.compat32)))
    except (RecursionError, ValueError, LookupError):
        raise ReadError("it is not MHTML that can be read") from None
    if not parts:
        raise NoArticleError("no article text: there is no HTML part in the MHTML")
    html, charset, url = parts[0]
    try:
        text: bytes | str = html.decode(charset) if charset else html
    except (LookupError, ValueError):
        text = html
    return _parsed(page(text, url=url), "MHTML page")


def _parts(message: Any) -> Iterator[tuple[bytes, str | None, str | None]]:
    """Yield the HTML parts of a message with their charsets and the address of the page."""
    told = str(message.get("Snapshot-Content-Location") or "").strip() or None
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml") and (body := part.get_payload(decode=True)):
            place = told or str(part.get("Content-Location") or "").strip()
            yield body, part.get_content_charset(), place if place and place.startswith(("http://", "https://")) else None


def _parsed(read: Page, name: str) -> Parsed:
    columns: dict[str, list[object]] = {"text": [read.text], **{ours: [value] for ours, value in read.metadata.items()}}
    return Parsed(READER, name, columns, [1], [""])


def sniff_page(head: bytes) -> bool:
    """Say whether bytes begin as an HTML page does: with its doctype or its root, comments before them or not.

    >>> sniff_page(b"<!-- saved --><!DOCTYPE html><html>"), sniff_page(b"Rain fell.")
    (True, False)
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    at = 0
    while comment := _COMMENT.match(head, at):
        at = head.find(b"-->", comment.end()) + 3
        if at < 3:
            return False
    return bool(_OPENS.match(head, at))


def sniff_mhtml(head: bytes) -> bool:
    """Say whether bytes are the head of a page saved as MHTML.

    >>> sniff_mhtml(b"From: <Saved by Blink>\\nSnapshot-Content-Location: https://herald.example/rain\\nMIME-Version: 1.0\\n")
    True
    """
    top = re.split(rb"\r?\n\r?\n", head[:8192].lstrip(), maxsplit=1)[0]
    return b"mime-version" in top.lower() and bool(_MHTML.search(top)) and (b"snapshot-content-location" in top.lower() or b"text/html" in top.lower())


FORMATS: tuple[Format, ...] = (
    Format("MHTML page", (".mhtml", ".mht"), read_mhtml, sniff_mhtml),
    Format("web page", (".html", ".htm", ".xhtml"), read_page, sniff_page),
)
