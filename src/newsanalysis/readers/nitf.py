"""NITF 3, the News Industry Text Format of the IPTC, as agencies and the archive of The New York Times have it. Its DTD is never fetched.

>>> from newsanalysis.readers.markup import xml_root
>>> article(xml_root(b"<nitf><head><title>Rain</title></head><body><body.content><p>Rain fell.</p></body.content></body></nitf>")).text
'Rain fell.'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from newsanalysis.readers import agency_items as common
from newsanalysis.readers.agency_items import Item
from newsanalysis.readers.agency_text import one_line, story, words
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.markup import damage, name_of

_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_nitf(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one NITF file: one article, or several if they stand in a wrapper.

    Returns
    -------
    Parsed
        One record an article.

    Raises
    ------
    ReadError
        It is no XML, or holds no NITF.
    """
    root = common.tree(read_whole(path), what="NITF files")
    found = [root] if name_of(root) == "nitf" else list(named(root, "nitf"))
    if not found:
        raise ReadError(f"it is XML of <{name_of(root)[:60]}>, not NITF, nor any other format of news that is known")
    return common.gather([article(each) for each in found], "nitf@1", "NITF", notes=[damage(root)])


def named(element: Any, *names: str) -> Iterator[Any]:
    """Yield the elements below an element that have one of these names, whatever their namespace, in the file's order.

    >>> from lxml import etree
    >>> [e.get("id") for e in named(etree.fromstring('<a xmlns:n="urn:n"><n:b id="1"/><c><b id="2"/></c></a>'), "b")]
    ['1', '2']
    """
    return (node for node in element.iter(*(f"{{*}}{name}" for name in names)) if node is not element)


def first(element: Any, *names: str) -> Any:
    """Return the first element below an element that has one of these names, None if there is none.

    >>> from lxml import etree
    >>> first(etree.fromstring("<a><c/><b/></a>"), "b").tag
    'b'
    """
    return None if element is None else next(named(element, *names), None)


def value(element: Any, name: str, attribute: str) -> str | None:
    """Return an attribute of the first element of a name that has it.

    >>> from lxml import etree
    >>> value(etree.fromstring('<a><b/><b c="1"/></a>'), "b", "c")
    '1'
    """
    return next((text for node in named(element, name) if (text := one_line(node.get(attribute)))), None)


def article(root: Any) -> Item:
    """Return what one ``<nitf>`` element holds.

    Parameters
    ----------
    root : lxml element
        The element.

    Returns
    -------
    Item
        The article; its summary if that is all there is; or why it is no document.
    """
    status = value(root, "docdata", "management-status")
    metas = {(node.get("name") or "").casefold(): one_line(node.get("content")) for node in named(root, "meta")}
    title = headline(root)
    text = body(root, title)
    summary = "" if text else story_of(first(root, "abstract"), title)
    until = value(root, "date.release", "norm") if "embargo" in (status or "") else None
    return Item(
        title=title,
        text=text or summary,
        kind="article" if text else "summary",
        outlet=_outlet(root),
        published=_published(root),
        author=author(root),
        section=_section(root, metas),
        url=common.web(value(root, "pubdata", "ex-ref"), metas.get("url"), metas.get("canonical"), metas.get("link")),
        language=common.language(root.get("baselang"), root.get(_XML_LANGUAGE), value(root, "body", _XML_LANGUAGE), metas.get("language")),
        document_id=value(root, "doc-id", "id-string"),
        skipped=None if text or summary else _empty(title),
        note=common.embargo(status, common.stamp(until)),
        held=common.held(status),
    )


def _empty(title: str | None) -> str:
    return f"no text in it, only the headline {title[:80]!r}" if title else common.NO_TEXT


def headline(root: Any) -> str | None:
    """Return an article's headline: the first of its ``hl1``, else its title."""
    body_head = first(root, "body.head")
    for holder in (first(root, "hedline"), first(body_head, "headline"), body_head):
        if title := words(first(holder, "hl1")):
            return title
    return words(first(root, "title")) or words(first(first(root, "hedline"), "hl2"))


def body(root: Any, title: str | None) -> str:
    """Return an article's text, without headline, byline, dateline, abstract and captions."""
    contents = [node for node in named(root, "body.content") if name_of(node.getparent()) != "note"]
    whole = contents or [node for node in [first(root, "body")] if node is not None]
    return "\n\n".join(filter(None, (story(content, title=title) for content in whole)))


def story_of(element: Any, title: str | None) -> str:
    """Return the text of an element that may be missing."""
    return "" if element is None else story(element, title=title)


def author(root: Any) -> str | None:
    """Return the names of the first byline, without titles and "By"."""
    for element in named(root, "byline"):
        parts = [element.text or ""]
        for child in element:
            parts += ["" if name_of(child) == "byttl" else words(child) or "", child.tail or ""]
        if name := common.byline(one_line(" ".join(parts))):
            return name
        if name := common.byline(words(element)):
            return name
    return None


def _published(root: Any) -> str | None:
    places = (("date.issue", "norm"), ("date.release", "norm"), ("pubdata", "date.publication"), ("story.date", "norm"), ("revision-history", "norm"))
    return common.stamp(*(value(root, name, attribute) for name, attribute in places))


def _outlet(root: Any) -> str | None:
    told = value(root, "pubdata", "name"), words(first(root, "distributor")), value(root, "doc-id", "regsrc"), value(root, "doc.copyright", "holder")
    return next(filter(None, told), None) or value(root, "from-src", "src-name") or words(first(root, "rights.owner"))


def _section(root: Any, metas: Mapping[str, str | None]) -> str | None:
    for name in ("online_sections", "section", "print_section_name"):
        if metas.get(name):
            return metas[name]
    for attribute in ("tobject.subject.type", "tobject.subject.matter"):
        if told := value(root, "tobject.subject", attribute):
            return told
    told = metas.get("category") or metas.get("categoria") or common.subject(value(root, "tobject.subject", "tobject.subject.refnum"))
    kind = value(root, "tobject", "tobject.type")
    return told or (kind if kind and kind.casefold() != "news" else None)


FORMATS: tuple[Format, ...] = (Format("NITF", (".nitf", ".xml"), read_nitf, lambda head: common.root_name(head) == b"nitf"),)
