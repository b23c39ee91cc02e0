"""NewsML 1 of the IPTC, as AFP, the Press Association, Business Wire and others have it, and the ``<newsitem>`` files of the Reuters corpus (RCV1).

A news item holds components inside components; each text that is a story (not a caption, contact, style sheet, headline or summary) becomes a document
with the headline, byline and language that stand nearest to it. ``published`` is when this revision was made. The id is the public identifier, which
names the revision.

>>> is_newsml_1(b'<?xml version="1.0"?><NewsML Version="1.2">'), is_newsml_1(b'<newsitem itemid="1">'), is_newsml_1(b"<newsItem>")
(True, True, False)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
_MAIN = frozenset(("body", "main", "maintext", "story", "text", "article", "mainstory", "fulltext", "textbody"))
_ASIDE = re.compile(
    r"stylesheet|headline|contact|logo|photo|picture|image|graphic|video|audio|caption|abstract|summary|lead|thumbnail|quicklook|preview|keyword|byline|dateline|"
    r"copyright|title|footer|note|link|teaser|slug|credit|ticker"
)
_PICTURES = re.compile(r"photo|picture|image|graphic|video|audio|animation|complexdata", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text of a news item: the component with its headline, its language and format, and whether its role says that it is the story."""

    owner: Any
    language: str | None
    rank: int
    main: bool
    item: Item


def read_newsml_1(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one file of NewsML 1, or one of the Reuters corpus.

    Returns
    -------
    Parsed
        One record a story; a news item without one is a record that is skipped.

    Raises
    ------
    ReadError
        It is no XML, or holds no news item.
    """
    root = common.tree(read_whole(path), what="NewsML files")
    envelope = first(root, "NewsEnvelope")
    items = [story for element in named(root, "NewsItem") for story in _news_item(element, envelope)]
    reuters = [root] if name_of(root) == "newsitem" else list(named(root, "newsitem"))
    items += [_reuters(element) for element in reuters]
    if not items:
        other = f"XML of <{name_of(root)[:60]}>, not NewsML 1, nor any other format that is known"
        what = "NewsML 1 without a news item" if name_of(root) == "NewsML" else other
        raise ReadError(f"it is {what}")
    return common.gather(items, "newsml_1@1", "NewsML 1" if not reuters else "Reuters corpus", notes=[damage(root)])


def is_newsml_1(head: bytes) -> bool:
    """Say whether bytes begin as NewsML 1 or as an item of the Reuters corpus."""
    name = common.root_name(head)
    return name in (b"NewsML", b"newsml") or (name == b"newsitem" and b"itemid" in head)


def _formal(element: Any, *names: str) -> str | None:
    """Return the formal name of the first element of these names that has one."""
    if element is None:
        return None
    return next((name for node in named(element, *names) if (name := one_line(node.get("FormalName") or node.get("Formalname")))), None)


def _own(element: Any, *names: str) -> Iterator[Any]:
    """Yield the elements below a news item that belong to it and not to a news item inside it."""
    for node in named(element, *names):
        if next((above for above in node.iterancestors() if name_of(above) == "NewsItem"), None) is element:
            yield node


def _news_item(element: Any, envelope: Any) -> list[Item]:
    """Return the stories of a news item; or the item and why it has none."""
    management, identified = first(element, "NewsManagement"), first(element, "Identification")
    status = _formal(management, "Status")
    deleted = (_formal(management, "Instruction") or "").casefold() == "delete"
    shared = Item(
        published=_published(management, identified, envelope),
        outlet=_outlet(element, identified, envelope),
        section=_section(element),
        document_id=words(first(identified, "PublicIdentifier")),
        version=words(first(identified, "RevisionId")),
        note=common.embargo(status, None),
        held="deleted by the agency (instruction to delete)" if deleted else common.held(status),
    )
    title = next((words(node) for node in _own(element, "HeadLine") if words(node)), None)
    stories = list(_stories(element, shared))
    if not stories:
        return [replace(shared, title=title, skipped=_empty(element, title))]
    ids = [shared.document_id and f"{shared.document_id}:{n}" for n in range(2, len(stories) + 1)]
    return [stories[0], *(replace(each, document_id=id_) for each, id_ in zip(stories[1:], ids, strict=True))]


def _published(management: Any, identified: Any, envelope: Any) -> str | None:
    told = [words(first(management, name)) for name in ("ThisRevisionCreated", "FirstCreated")]
    return common.stamp(*told, words(first(identified, "DateId")), words(first(envelope, "DateAndTime")))


def _outlet(element: Any, identified: Any, envelope: Any) -> str | None:
    for holder in (first(element, "Provider"), first(envelope, "SentFrom"), first(element, "Creator")):
        if name := _formal(holder, "Party"):
            return name
    told = words(first(element, "CreditLine")) or _formal(envelope, "NewsService") or _formal(first(element, "Source"), "Party")
    return told or words(first(identified, "ProviderId"))


def _section(element: Any) -> str | None:
    """Return the category or subject: by name if there is one, else the top subject of its code."""
    for node in _own(element, "Property"):
        if (node.get("FormalName") or "").casefold() in ("category", "section", "department", "desk") and one_line(node.get("Value")):
            return one_line(node.get("Value"))
    codes = [node.get("FormalName") for node in _own(element, "SubjectMatter", "SubjectDetail", "Subject")]
    return next((name for code in codes if (name := common.subject(code))), None)


def _stories(element: Any, shared: Item) -> Iterator[Item]:
    """Yield the stories of a news item: of each headline and language the texts in the best format."""
    pieces = [piece for node in _own(element, "ContentItem") if (piece := _piece(node, shared)) and piece.item.text]
    if any(piece.main for piece in pieces):
        pieces = [piece for piece in pieces if piece.main]
    groups: dict[tuple[Any, str | None], list[_Piece]] = {}
    for piece in pieces:
        groups.setdefault((piece.owner, piece.language), []).append(piece)
    for group in groups.values():
        best = min(piece.rank for piece in group)
        texts = dict.fromkeys(piece.item.text or "" for piece in group if piece.rank == best)
        yield replace(next(piece.item for piece in group if piece.rank == best), text="\n\n".join(texts))


def _piece(node: Any, shared: Item) -> _Piece | None:
    """Return the text of a content item with the headline, byline and language that stand nearest to it; None if it is no story."""
    content = first(node, "DataContent")
    above = [each for each in node.iterancestors() if name_of(each) == "NewsComponent"]
    roles = [re.sub(r"[\W_]", "", role.get("FormalName") or "").casefold() for each in above for role in each.iterchildren("{*}Role")]
    if content is None or _PICTURES.search(_formal(node, "MediaType") or "") or any(_ASIDE.search(role) for role in roles if role not in _MAIN):
        return None
    kind = f"{_formal(node, 'Format') or ''} {_formal(node, 'MimeType') or ''}".casefold()
    if "css" in kind or "image/" in kind:
        return None
    heads = [(each, title) for each in above if (title := _line_of(each, "HeadLine"))]
    title = heads[0][1] if heads else None
    by = next((name for each in above if (name := common.byline(_line_of(each, "ByLine")))), None)
    spoken = common.language(*(_spoken(each) for each in (node, *above)), *(each.get(_LANGUAGE) for each in (node, *node.iterancestors())))
    rank, item = _content(content, replace(shared, title=title, author=by, language=spoken))
    return _Piece(heads[0][0] if heads else None, spoken, rank, any(role in _MAIN for role in roles[:1]), item)


def _line_of(component: Any, name: str) -> str | None:
    """Return one of the news lines of a component itself."""
    return next((text for lines in component.iterchildren("{*}NewsLines") for line in lines.iterchildren(f"{{*}}{name}") if (text := words(line))), None)


def _spoken(component: Any) -> str | None:
    """Return the language that a component's own metadata say."""
    return next((_formal(meta, "Language") for meta in component.iterchildren("{*}DescriptiveMetadata") if _formal(meta, "Language")), None)


def _content(content: Any, item: Item) -> tuple[int, Item]:
    """Return the text of a content item and its rank: NITF, XHTML, then anything else."""
    nitf = first(content, "nitf")
    if nitf is not None:
        inner = article(nitf)
        title = item.title or headline(nitf)
        return 0, replace(
            item, title=title, text=body(nitf, title), author=item.author or author(nitf), language=item.language or inner.language, url=inner.url
        )
    page = first(content, "html")
    holder = first(page, "body") if page is not None else first(content, "body.content", "body")
    return (1 if page is not None else 2), replace(item, text=story(holder if holder is not None else content, title=item.title))


def _empty(element: Any, title: str | None) -> str:
    kinds = {(_formal(node, "MediaType") or "").casefold() for node in _own(element, "ContentItem")} - {""}
    if kinds and all(_PICTURES.search(kind) for kind in kinds):
        return f"{', '.join(sorted(kinds))}: what stands with it is a caption, not an article"
    if next(_own(element, "NewsItemRef"), None) is not None:
        return "a package: a list of other items, without a text of its own"
    return f"no text in it, only the headline {title[:80]!r}" if title else common.NO_TEXT


def _reuters(element: Any) -> Item:
    """Return one item of the Reuters corpus."""
    title = words(first(element, "headline")) or words(first(element, "title"))
    text = first(element, "text")
    codes = [node for node in named(element, "codes") if "topics" in (node.get("class") or "")]
    return Item(
        title=title,
        text=story(text, title=title) if text is not None else None,
        outlet="Reuters",
        published=common.stamp(element.get("date")),
        author=common.byline(words(first(element, "byline"))),
        section=one_line(next((node.get("code") for each in codes for node in named(each, "code")), None)),
        language=common.language(element.get(_LANGUAGE)),
        document_id=one_line(element.get("itemid")),
    )


FORMATS: tuple[Format, ...] = (Format("NewsML 1", (".newsml", ".xml"), read_newsml_1, is_newsml_1),)
