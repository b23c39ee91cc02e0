"""NewsML-G2 of the IPTC: news items, alone or in a news message, with NITF, XHTML or plain text inside.

Of one item one story is read, from the best of its renditions (NITF, then XHTML, then plain text). ``published`` is when this version was made
(``versionCreated``), else when its content was. Packages, planning, knowledge and concept items hold no article and are skipped, as are pictures,
graphics, audio and video (what stands with them is a caption).

>>> root_names = b'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">', b"<newsmessage>", b"<NewsML>"
>>> [is_newsml_g2(head) for head in root_names]
[True, False, False]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsanalysis.readers import agency_items as common
from newsanalysis.readers.agency_items import Item
from newsanalysis.readers.agency_text import one_line, story, words
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.markup import damage, name_of
from newsanalysis.readers.nitf import article, author, body, first, headline, named

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_OTHERS = {
    "packageItem": "a package: a list of other items, without a text of its own",
    "planningItem": "a planning item: what is to be covered, not an article",
    "knowledgeItem": "a knowledge item: a vocabulary, not an article",
    "conceptItem": "a concept item: what a word of a vocabulary means, not an article",
    "catalogItem": "a catalogue of vocabularies, not an article",
}
_ITEMS = ("newsItem", *_OTHERS)
_ROOTS = frozenset((*_ITEMS, "newsMessage", "contentSet", "contentMeta", "itemSet"))
_CLASSES = {"picture": "a picture", "photo": "a picture", "graphic": "a graphic", "video": "a video", "audio": "a sound", "animated": "an animation"}
_CLASSES |= {"sound": "a sound", "packge": "a package"}
_NO_SUBJECTS = ("geo", "person", "organisation", "organization", "event", "poi", "object", "team", "product", "place", "location")
_DESKS = ("cat", "department", "section", "desk", "ressort")


def read_newsml_g2(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one file of NewsML-G2.

    Returns
    -------
    Parsed
        One record an item, of the news message or alone.

    Raises
    ------
    ReadError
        It is no XML, or no NewsML-G2, or only its metadata.
    """
    root = common.tree(read_whole(path), what="NewsML-G2 files")
    name = name_of(root)
    if name == "contentMeta":
        raise ReadError("it is the metadata of a NewsML-G2 item alone, without a text")
    sent = words(first(first(root, "header"), "sent")), words(first(first(root, "header"), "sender"))
    items = [item for element in _elements(root) for item in _read(element, sent)]
    if not items:
        what = "an empty NewsML-G2 message" if name in _ROOTS else f"XML of <{name[:60]}>, not NewsML-G2, nor any other format of news that is known"
        raise ReadError(f"it is {what}")
    return common.gather(items, "newsml_g2@1", "NewsML-G2", notes=[damage(root)])


def is_newsml_g2(head: bytes) -> bool:
    """Say whether bytes begin as NewsML-G2."""
    return common.root_name(head).decode("ascii", "replace") in _ROOTS


def _elements(root: Any) -> Iterator[Any]:
    """Yield the items of a message; the root if it is one."""
    found = [root] if name_of(root) in (*_ITEMS, "contentSet") else named(root, *_ITEMS, "contentSet")
    for element in found:
        if not any(name_of(above) in (*_ITEMS, "contentSet") for above in element.iterancestors()):
            yield element


def _read(element: Any, sent: tuple[str | None, str | None]) -> list[Item]:
    name = name_of(element)
    if name in _OTHERS:
        return [Item(document_id=_attribute(element, "guid"), skipped=_OTHERS[name])]
    return _news_items(element, sent)


def _news_items(element: Any, sent: tuple[str | None, str | None]) -> list[Item]:
    """Return the article of a news item, one for each language that its content is in; or the item and why it is no article."""
    meta, content = first(element, "itemMeta"), first(element, "contentMeta")
    spoken = _language(element, content)
    title = _title(element, meta, content, spoken)
    status = _code(first(meta, "pubStatus"))
    shared = Item(
        title=title,
        published=_published(meta, content, sent[0]),
        outlet=_outlet(element, meta, content, sent[1]),
        author=_author(content),
        section=_section(meta, content, spoken),
        url=_url(meta),
        language=spoken,
        document_id=_attribute(element, "guid"),
        version=_attribute(element, "version"),
        note=common.embargo(status, common.stamp(words(first(meta, "embargoed")))),
        held=common.held(status),
    )
    if why := _no_article(meta):
        return [replace(shared, skipped=why, held=None)]
    stories = list(_stories(element, shared))
    if stories:
        several = len(stories) > 1 and shared.document_id
        return [replace(each, document_id=f"{shared.document_id}:{each.language}") if several and n else each for n, each in enumerate(stories)]
    summary = _summary(content, title)
    return [replace(shared, text=summary, kind="summary") if summary else replace(shared, skipped=_empty(element, title))]


def _attribute(element: Any, name: str) -> str | None:
    return one_line(element.get(name))


def _code(element: Any) -> str | None:
    """Return what a property says by code: its qcode, uri or literal."""
    return None if element is None else _attribute(element, "qcode") or _attribute(element, "uri") or _attribute(element, "literal")


def _local(code: str | None) -> str:
    return (code or "").rpartition(":")[2].rpartition("/")[2].casefold()


def _no_article(meta: Any) -> str | None:
    """Return what an item is, if it is no article, by its class."""
    kind = _local(_code(first(meta, "itemClass")))
    if kind in _CLASSES:
        what = _CLASSES[kind]
        return f"{what}: its text is a caption, not an article" if what not in ("a package",) else _OTHERS["packageItem"]
    return None


def _language(element: Any, content: Any) -> str | None:
    tags = [node.get("tag") or node.get("literal") for node in content.iterchildren("{*}language")] if content is not None else []
    return common.language(*tags, element.get(_LANGUAGE))


def _title(element: Any, meta: Any, content: Any, spoken: str | None) -> str | None:
    """Return the main headline, in the item's language if there are several; else another title."""
    found = [node for node in (named(content, "headline") if content is not None else ()) if words(node)]
    main = [node for node in found if "sub" not in _local(node.get("role")) and "catch" not in _local(node.get("role"))]
    own = [node for node in main if common.language(node.get(_LANGUAGE)) == spoken] or main
    for node in (*own, *found):
        return words(node)
    nitf = first(element, "nitf")
    return (headline(nitf) if nitf is not None else None) or words(first(meta, "title")) or words(first(content, "slugline"))


def _published(meta: Any, content: Any, sent: str | None) -> str | None:
    places = ((meta, "versionCreated"), (content, "contentModified"), (content, "contentCreated"), (meta, "firstCreated"))
    return common.stamp(*(words(first(element, name)) for element, name in places), sent)


def _party(element: Any) -> str | None:
    """Return the name of somebody: as text, as a literal, or, if it is a word, as a code."""
    if element is None:
        return None
    name = words(first(element, "name")) or _attribute(element, "literal")
    code = (_attribute(element, "qcode") or "").rpartition(":")[2]
    return name or (code if sum(c.isalpha() for c in code) * 2 > len(code) else None)


def _outlet(element: Any, meta: Any, content: Any, sender: str | None) -> str | None:
    provider = first(meta, "provider")
    told = _party(provider), _party(first(element, "copyrightHolder")), _party(first(content, "infoSource")), words(first(content, "creditline"))
    return next(filter(None, told), None) or (common.host(provider.get("uri")) if provider is not None else None) or sender


def _author(content: Any) -> str | None:
    """Return the byline, else the creators."""
    if content is None:
        return None
    if by := common.byline(words(first(content, "by"))):
        return by
    names = [words(first(node, "name")) or _attribute(node, "literal") for node in content.iterchildren("{*}creator")]
    return ", ".join(dict.fromkeys(filter(None, names))) or None


def _section(meta: Any, content: Any, spoken: str | None) -> str | None:
    """Return the desk or category, else the first subject that is no place, person, organisation or event, else the service."""
    subjects = list(content.iterchildren("{*}subject")) if content is not None else []
    topics = [node for node in subjects if not any(part in (node.get("type") or "").casefold() for part in _NO_SUBJECTS)]
    desks = [node for node in topics if any(part in f"{node.get('qcode') or ''}|{node.get('type') or ''}".casefold().partition(":")[0] for part in _DESKS)]
    desks += [node for node in topics if _local(node.get("type")) in ("cat", "category") and node not in desks]
    for node in (*desks, *topics):
        names = [name for name in node.iterchildren("{*}name") if len(words(name) or "") > 1]
        own = [name for name in names if common.language(name.get(_LANGUAGE)) in (spoken, None)] or names
        if own:
            return words(own[0])
        if node in desks and len(_attribute(node, "literal") or "") > 1:
            return _attribute(node, "literal")
    top = next((name for node in topics if (name := common.subject(node.get("qcode")))), None)
    return top or _party(first(meta, "service")) or words(first(first(meta, "service"), "name"))


def _url(meta: Any) -> str | None:
    """Return the address of the item on the web, if a link says that it is this."""
    for link in meta.iterchildren("{*}link") if meta is not None else ():
        if any(part in (link.get("rel") or "").casefold() for part in ("canonical", "self", "permalink", "weburl", "ispublishedat", "haswebrendition")):
            return common.web(link.get("href"))
    return None


def _stories(element: Any, shared: Item) -> Iterator[Item]:
    """Yield the best rendition of the content in each language."""
    best: dict[str | None, tuple[int, Item]] = {}
    for node in named(element, "inlineXML", "inlineData"):
        spoken = common.language(node.get(_LANGUAGE)) or shared.language
        rank, item = _rendition(node, shared)
        if item.text and (spoken not in best or rank < best[spoken][0]):
            best[spoken] = rank, replace(item, language=spoken or item.language)
    for _, item in best.values():
        yield item


def _rendition(node: Any, shared: Item) -> tuple[int, Item]:
    """Return one rendition of the content and its rank: 0 is best."""
    if "base64" in (node.get("encoding") or "").casefold():
        return 9, shared
    nitf = node if name_of(node) == "nitf" else first(node, "nitf")
    if nitf is not None:
        inner = article(nitf)
        by = author(nitf)
        title = shared.title or inner.title
        return 0, replace(
            shared, text=body(nitf, title), title=title, author=shared.author if shared.author and not by else by, language=shared.language or inner.language
        )
    page = first(node, "html")
    holder = first(page, "body") if page is not None else node
    holder = holder if holder is not None else page
    rank = 1 if page is not None or "html" in (node.get("contenttype") or "").casefold() else 2 if name_of(node) == "inlineXML" else 3
    return rank, replace(shared, text=story(holder, title=shared.title))


def _summary(content: Any, title: str | None) -> str | None:
    """Return the description that is a summary, if there is one."""
    for node in named(content, "description") if content is not None else ():
        if _local(node.get("role")) in ("", "summary", "lead", "abstract") and (text := story(node, title=title)):
            return text
    return None


def _empty(element: Any, title: str | None) -> str:
    remote = first(element, "remoteContent")
    if remote is not None:
        return f"its text is in another file ({(remote.get('href') or remote.get('residref') or 'not named')[:200]})"
    return f"no text in it, only the headline {title[:80]!r}" if title else common.NO_TEXT


FORMATS: tuple[Format, ...] = (Format("NewsML-G2", (".xml",), read_newsml_g2, is_newsml_g2),)
