"""What a web page says of itself: title, authors, date, outlet, section, address, language; from JSON-LD, meta elements and bylines, by our own rules.

>>> from newsanalysis.readers.markup import html_root
>>> said = metadata(html_root('<html lang="en-GB"><meta property="og:site_name" content="The Herald"><h1>Rain closes roads</h1>'))
>>> said["title"], said["outlet"], said["language"], said["published"]
('Rain closes roads', 'The Herald', 'en', None)
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from newsanalysis.readers import dates
from newsanalysis.readers.languages import normalised
from newsanalysis.readers.markup import text_of

_MOST_JSON = 2**20
_MOST_NODES = 20_000
_LONGEST = 500  # characters of a title, an author, a section
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[\W_]+")
_ENDS = (" | ", " - ", " – ", " — ", " :: ", " · ", " • ")
_NO_NAME = re.compile(r"https?:|www\.|^@|^[\w.+-]+@[\w-]+\.\w+$", re.IGNORECASE)
_BY = re.compile(r"^(?:(?:written |posted |published |reported )?by|von|par|por|di|door|af|av)\b:?\s+", re.IGNORECASE)
_DATES = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "og:published_time",
    "og:pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "dcterms.created",
    "article.published",
    "published-date",
    "publish-date",
    "publish_date",
    "pubdate",
    "ptime",
    "date",
)
_AUTHORS = ("author", "article:author", "parsely-author", "byl", "sailthru.author", "dc.creator", "dcterms.creator", "og:article:author", "cxenseparse:author")
_SECTIONS = ("article:section", "parsely-section", "og:article:section", "cxenseparse:recs:category", "section")
_TITLES = ("og:title", "headline", "parsely-title", "sailthru.title", "dc.title", "twitter:title")
_OUTLETS = (
    "og:site_name",
    "parsely-network-canonical",
    "dc.publisher",
    "publisher",
    "application-name",
    "twitter:app:name:googleplay",
    "twitter:app:name:iphone",
)
_CLASSES = " or ".join(f'contains(concat(" ", @class, " "), " {name} ")' for name in ("byline", "author-name", "author"))
_BYLINES = f'//*[@itemprop="author"]//*[@itemprop="name"] | //a[@rel="author"] | //*[@itemprop="author"] | //*[{_CLASSES}]'


def metadata(root: Any, *, url: str | None = None) -> dict[str, str | None]:
    """Return what a page says of itself.

    Parameters
    ----------
    root : lxml element
        The page, as `markup.html_root` gives it.
    url : str, optional
        Where the page was fetched from, if that is known.

    Returns
    -------
    dict
        title, outlet, published, author, section, url, language; None what the page does not say. `published` is the page's own string, with its zone
        where it has one; it comes from JSON-LD, then from meta elements, then from ``<time>``.
    """
    meta = _meta(root)
    said = _linked(root)
    article = _article(said)
    address = _address(root, meta, article) or url
    outlet = _first([*_of(meta, _OUTLETS[:1]), _name(_resolved(article.get("publisher"), said)), *_of(meta, _OUTLETS[1:])])
    outlet = _host(outlet) if outlet and "://" in outlet else outlet
    return {
        "title": _title(root, meta, article, outlet),
        "outlet": outlet or _host(address),
        "published": published([*_said_dates(article, said), *_of(meta, _DATES), *_times(root)]),
        "author": _author(root, meta, article, said),
        "section": _first([*_texts(article.get("articleSection")), *_of(meta, _SECTIONS)]),
        "url": address,
        "language": _language(root, meta),
    }


def titles(root: Any, title: str | None) -> set[str]:
    """Return the ways in which a page writes its title, bare, to know it again in the text.

    >>> from newsanalysis.readers.markup import html_root
    >>> sorted(titles(html_root("<h1>Rain closes roads!</h1>"), "Rain Closes Roads | The Herald"))
    ['rainclosesroads', 'rainclosesroadstheherald']
    """
    meta = _meta(root)
    heads = [text_of(head) for head in root.xpath("//h1")[:3]]
    return {bare(each) for each in [title, *_of(meta, _TITLES), *heads] if each} - {""}


def bare(text: str) -> str:
    """Return a text's letters and digits in small letters.

    >>> bare("Rain, again!")
    'rainagain'
    """
    return _MARKS.sub("", text.casefold())


def published(candidates: Iterable[str]) -> str | None:
    """Return the first string that is a date between 1900 and 2100; None if none is.

    >>> published(["2 hours ago", "0001-01-01", "2019-11-18T19:12:43+01:00"])
    '2019-11-18T19:12:43+01:00'
    """
    for candidate in candidates:
        text = candidate.strip()
        if not 6 <= len(text) <= 60 or not any(c.isdigit() for c in text):
            continue
        try:
            year = datetime.datetime.fromisoformat(text).year
        except ValueError:
            year = _year(text)
        if 1900 <= year <= 2100:
            return text
    return None


def _year(text: str) -> int:
    when = dates.parse([text], [0]).published.iloc[0]
    return int(when.year) if when == when else 0


def _meta(root: Any) -> dict[str, list[str]]:
    """Return the contents of meta elements, and of others with itemprop and content, by their names in small letters."""
    found: dict[str, list[str]] = {}
    for element in root.xpath("//meta[@content] | //*[@itemprop and @content]"):
        content = _tidy(element.get("content") or "")
        if content and len(content) <= 4 * _LONGEST:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                for name in (element.get(attribute) or "").casefold().split()[:5]:
                    found.setdefault(name, []).append(content)
    return found


def _of(meta: dict[str, list[str]], names: Sequence[str]) -> list[str]:
    return [value for name in names for value in meta.get(name, [])]


def _tidy(text: object) -> str:
    return _SPACE.sub(" ", unescape(text[: 8 * _LONGEST])).strip() if isinstance(text, str) else ""


def _first(values: Iterable[str | None]) -> str | None:
    return next((value[:_LONGEST] for value in values if value), None)


# ------------------------------------------------------------------------------------------------------------------------- JSON-LD


def _linked(root: Any) -> list[dict[str, Any]]:
    """Return all objects of a page's JSON-LD, without recursion; what is no JSON gives its date and headline only."""
    found: list[dict[str, Any]] = []
    for script in root.xpath('//script[contains(@type, "ld+json")]')[:50]:
        text = (script.text or "").strip().removeprefix("<!--").removesuffix("-->")
        if not text or len(text) > _MOST_JSON:
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            found += _broken(text)
        else:
            found += _objects(value, _MOST_NODES - len(found))
    return found


def _objects(value: Any, most: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON value, outer before inner."""
    queue, seen = [value], 0
    while queue and seen < most:
        following: list[Any] = []
        for each in queue:
            seen += 1
            if isinstance(each, dict):
                yield each
                following += [inner for inner in each.values() if isinstance(inner, dict | list)]
            elif isinstance(each, list):
                following += [inner for inner in each if isinstance(inner, dict | list)]
            if seen >= most:
                return
        queue = following


def _broken(text: str) -> list[dict[str, Any]]:
    found = {name: match[1] for name in ("headline", "datePublished") if (match := re.search(rf'"{name}"\s{{0,9}}:\s{{0,9}}"([^"\\]{{1,300}})"', text))}
    return [{"@type": "Article", **found}] if found else []


def _types(value: dict[str, Any]) -> list[str]:
    kinds = value.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds])[:9] if isinstance(kind, str)]


def _article(said: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the object that is the article."""

    def rank(value: dict[str, Any]) -> int:
        kinds = _types(value)
        if any(kind.endswith(("Article", "BlogPosting", "Report", "LiveBlogPosting")) for kind in kinds):
            return 0 if value.get("headline") or value.get("datePublished") else 2
        return 1 if value.get("headline") and value.get("datePublished") else 3

    best = min(said, key=rank, default={})
    return best if best and rank(best) < 3 else {}


def _said_dates(article: dict[str, Any], said: list[dict[str, Any]]) -> list[str]:
    pages = [value for value in said if any(kind.endswith("WebPage") for kind in _types(value))]
    values = [
        value.get(name) for value in [article, *pages[:3]] for name in ("datePublished", "dateCreated") if not (value is not article and name == "dateCreated")
    ]
    return [text for text in map(_tidy, values) if text]


def _resolved(value: Any, said: list[dict[str, Any]]) -> Any:
    """Return what an object refers to by its @id, where it says nothing itself."""
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return next((other for other in said if other.get("@id") == value["@id"] and "name" in other), value)
    return value


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _tidy(value.get("name") if isinstance(value, dict) else value) or None


def _texts(value: Any) -> list[str]:
    return [text for text in map(_tidy, value if isinstance(value, list) else [value]) if text]


# ----------------------------------------------------------------------------------------------------------------- the page's own


def _title(root: Any, meta: dict[str, list[str]], article: dict[str, Any], outlet: str | None) -> str | None:
    """Return the heading that shares its words with what the page calls itself elsewhere; else what JSON-LD, meta elements or the title element say."""
    heads = [text for head in root.xpath("//h1")[:9] if 3 <= len(text := _SPACE.sub(" ", text_of(head))) <= _LONGEST and bare(text) != bare(outlet or "")]
    whole = next((_SPACE.sub(" ", element.text or "").strip() for element in root.xpath("//head/title")[:1]), "")
    others = [_less(title, outlet) for title in [_tidy(article.get("headline")), *_of(meta, _TITLES), whole]]
    same = (head for head in heads if any(_alike(head, title) for title in others if title))
    only = heads[0] if len(heads) == 1 and not any(others) else None
    return _first([next(same, None), *others, only, *heads])


def _alike(head: str, title: str) -> bool:
    """Say whether two titles share half of the shorter one's words, or one begins the other."""
    if bare(head).startswith(bare(title)) or bare(title).startswith(bare(head)):
        return True
    first, second = set(head.casefold().split()), set(title.casefold().split())
    return len(first & second) >= 0.5 * min(len(first), len(second))


def _less(title: str, outlet: str | None) -> str:
    """Return a title without the outlet's name behind or before it.

    >>> _less("Rain closes roads | The Herald", "The Herald")
    'Rain closes roads'
    """
    name = bare(outlet or "")
    for mark in _ENDS:
        before, _, after = title.rpartition(mark)
        if before and name and bare(after) in (name, f"the{name}", name.removeprefix("the"), f"{name}com"):
            return before.strip()
        before, _, after = title.partition(mark)
        if after and name and bare(before) == name:
            return after.strip()
    return title.strip()


def _author(root: Any, meta: dict[str, list[str]], article: dict[str, Any], said: list[dict[str, Any]]) -> str | None:
    """Return the authors: of JSON-LD, of meta elements, of a byline."""
    value = article.get("author") or article.get("creator")
    linked = [_name(_resolved(each, said)) for each in (value if isinstance(value, list) else [value])[:20]]
    for names in (linked, _of(meta, _AUTHORS), _bylines(root)):
        known = dict.fromkeys(_BY.sub("", name).strip(" ,") for name in names if name and not _NO_NAME.search(name) and len(name) <= 200)
        if kept := [name for name in known if any(c.isalpha() for c in name)]:
            return ", ".join(kept)[:_LONGEST]
    return None


def _bylines(root: Any) -> list[str]:
    texts = (_SPACE.sub(" ", text_of(element)) for element in root.xpath(_BYLINES)[:5])
    return [text for text in texts if 3 <= len(text) <= 80 and len(text.split()) <= 10][:1]


def _times(root: Any) -> list[str]:
    marked = root.xpath(
        '//time[@datetime and (@pubdate or contains(@itemprop, "datePublished") or contains(@class, "publish") or contains(@class, "entry-date"))]'
    )
    others = root.xpath('//*[@itemprop="datePublished" and not(@content)]')
    only = root.xpath("//article//time[@datetime]")
    times = [*marked[:3], *(only if len(only) == 1 else [])]
    return [_tidy(element.get("datetime")) for element in times] + [_tidy(element.get("datetime") or text_of(element)) for element in others[:2]]


def _address(root: Any, meta: dict[str, list[str]], article: dict[str, Any]) -> str | None:
    """Return the page's canonical address; the front page's only if it says nothing better."""
    links = [element.get("href") or "" for element in root.xpath('//link[contains(concat(" ", @rel, " "), " canonical ")]')[:3]]
    main = article.get("mainEntityOfPage")
    said = [main.get("@id") if isinstance(main, dict) else main, article.get("url")]
    whole = [text for text in map(_tidy, [*links, *_of(meta, ("og:url", "twitter:url")), *said]) if _is_address(text)]
    return next((text for text in whole if urlsplit(text).path.strip("/") or urlsplit(text).query), whole[0] if whole else None)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and len(text) <= 4 * _LONGEST and " " not in text


def _host(address: str | None) -> str | None:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.") or None if address else None
    except ValueError:
        return None


def _language(root: Any, meta: dict[str, list[str]]) -> str | None:
    """Return the language that the page says it is in, as ISO 639-1."""
    said = [root.get("lang"), root.get("xml:lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), *_of(meta, ("og:locale", "content-language"))]
    return next((code for each in said if (code := normalised(each))), None)
