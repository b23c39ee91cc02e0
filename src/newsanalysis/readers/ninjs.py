"""ninjs 1 to 3 of the IPTC: news in JSON, one item a file, an array or a list inside a wrapper, or one item a line.

Names are read whatever their case, so that ninjs 3 (``versionCreated``) reads as ninjs 2 (``versioncreated``), as do versions to come. Of several bodies
the one with markup is read, unless it is cut short. ``published`` is when this version was made. Items whose type is not text (pictures, video, audio,
graphics, events, planning) are skipped with what they are; a text item that has a summary but no body is kept as a summary.

>>> is_ninjs(b'{"uri": "urn:x", "versioncreated": "2015-03-12T10:00:00Z"}'), is_ninjs(b'[{"headline": "Rain", "body_text": "Rain fell."}]')
(True, False)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from newsanalysis.readers import agency_items as common
from newsanalysis.readers.agency_items import Item
from newsanalysis.readers.agency_text import one_line, story
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.limits import MOST_NESTED, read_whole
from newsanalysis.readers.nitf import body, first, story_of
from newsanalysis.readers.text import decode

_STANDARD = re.compile(rb'"\$?standard"\s{0,20}:\s{0,20}\{[^{}]{0,400}?ninjs', re.IGNORECASE)
_KEY = re.compile(rb'"(?:uri|guid)"\s{0,20}:')
_MARK = re.compile(
    rb'"(?:version_?created|pubstatus|body_xhtml|representationtype|eventdetails)"\s{0,20}:|"(?:bodies|headlines)"\s{0,20}:\s{0,20}\[\s{0,200}\{', re.IGNORECASE
)
_MARKS = frozenset(("versioncreated", "pubstatus", "body_xhtml", "representationtype", "eventdetails", "bodies", "headlines"))
_WRAPPERS = ("item", "items", "data", "_items", "results", "hits", "_source", "newsitems", "ninjs", "docs", "content")
_DEEPEST = 8
_MOST_FAILURES = 20
_MOST_CLOSED = 2**25
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*("|\\?\Z)|[{}\[\],:]', re.DOTALL)
_INLINE = re.compile(r"</?(?:b|i|u|em|strong|span|sup|sub|p|h[1-6]|br|a|mark)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)
_OPEN = re.compile(r"[{\[]")
_CUT_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_TYPES = {
    "picture": "a picture: its text is a caption, not an article",
    "photo": "a picture: its text is a caption, not an article",
    "graphic": "a graphic: its text is a caption, not an article",
    "video": "a video: its text is a caption, not an article",
    "audio": "a sound: its text is a caption, not an article",
    "animated": "an animation: its text is a caption, not an article",
    "event": "an event: what will take place, not an article",
    "planning": "a planning item: what is to be covered, not an article",
    "component": "a component of another item, not an article",
    "package": "a package: a list of other items, without a text of its own",
}


def read_ninjs(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read one file of ninjs.

    Returns
    -------
    Parsed
        One record an item.

    Raises
    ------
    ReadError
        It is no JSON, or holds no ninjs item.
    """
    decoded = decode(read_whole(path))
    values, broken = _values(decoded.text)
    items = [_item(each) for value in values for each in _records(value)]
    if not items:
        raise ReadError(broken or "it is JSON, but no ninjs item is in it (an object with uri or guid, and versioncreated, pubstatus, bodies or headlines)")
    return common.gather(items, "ninjs@1", "ninjs", notes=[decoded.note, broken], encoding=decoded.encoding)


def is_ninjs(head: bytes) -> bool:
    """Say whether bytes begin as ninjs: by its name for itself, or by an identifier together with a mark that only ninjs has."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in (b"{", b"[") and bool(_STANDARD.search(head) or (_KEY.search(head) and _MARK.search(head)))


def _values(text: str) -> tuple[list[Any], str | None]:
    """Return the JSON values of a file: one, or one a line; of a damaged file what can be read, and what is wrong."""
    try:
        return [json.loads(text)], None
    except (ValueError, RecursionError) as error:
        wrong = f"{error.msg} at character {error.pos + 1:,}" if isinstance(error, json.JSONDecodeError) else "a number too long, or nested too deeply"
    lines = [line for line in text.splitlines() if line.strip()]
    values = [value for line in lines if (value := _loaded(line)) is not None]
    if values and len(values) * 2 > len(lines):
        return values, None if len(values) == len(lines) else f"{len(lines) - len(values):,} of its {len(lines):,} lines are no JSON ({wrong})"
    if (closed := _loaded(_closed(text))) is not None:
        return [closed], f"the JSON breaks off ({wrong}); what stands before that was read, so that its last item may be cut short"
    values = [{"items": list(_whole(text))}]
    return values, f"the JSON is damaged ({wrong}); items that are whole in it were read, if there were any"


def _loaded(text: str) -> Any:
    """Return a JSON object or array, None if it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _closed(text: str) -> str:
    """Return JSON that breaks off with what is open in it closed; the field that breaks off is kept if it is a text, else dropped.

    >>> _closed('{"a": [{"b": "Rain fe'), _closed('{"a": 1, "b')
    ('{"a": [{"b": "Rain fe"}]}', '{"a": 1}')
    """
    opened: list[str] = []
    last, at_last, before = 0, "", ""
    for found in _TOKEN.finditer(text[:_MOST_CLOSED]):
        token = found[0][0]
        if token == '"':
            is_value = before == ":" or (before in ("[", ",") and opened[-1:] == ["]"])
            if not found[1]:
                cut = _CUT_ESCAPE.sub("", text[: found.end()]) + '"'
                return cut + "".join(reversed(opened)) if is_value else text[:last] + at_last
            if not is_value:
                before = token
                continue
        elif token in "{[":
            opened.append("}" if token == "{" else "]")
            if len(opened) > MOST_NESTED:
                return ""
        elif token in "}]" and opened:
            opened.pop()
        if token != ":":
            last, at_last = found.start() if token == "," else found.end(), "".join(reversed(opened))
        before = token
    return text[:last] + at_last


def _whole(text: str) -> Iterator[Any]:
    """Yield the items that are whole in damaged JSON."""
    decoder, place, failures = json.JSONDecoder(), 0, 0
    while failures < _MOST_FAILURES and (found := _OPEN.search(text, place)):
        try:
            value, place = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            failures, place = failures + 1, found.end()
            continue
        yield from (each for each in _records(value) if each is not None)


def _records(value: Any) -> Iterator[Any]:
    """Yield the items of a JSON value: itself, those of an array, or those of a wrapper; of an array also what is no item."""
    stack: list[tuple[Any, int, bool]] = [(value, 0, False)]
    while stack:
        each, depth, listed = stack.pop()
        if isinstance(each, dict):
            record = {str(key).casefold(): inner for key, inner in each.items()}
            inner = [record[name] for name in _WRAPPERS if isinstance(record.get(name), list | dict)] if depth < _DEEPEST else []
            if _is_item(record):
                yield record
            elif inner:
                stack += [(part, depth + 1, listed) for part in reversed(inner)]
            elif listed:
                yield None
        elif isinstance(each, list) and depth < _DEEPEST:
            stack += [(part, depth + 1, True) for part in reversed(each)]
        elif listed:
            yield None


def _is_item(record: Mapping[str, Any]) -> bool:
    standard = record.get("standard") or record.get("$standard")
    if isinstance(standard, dict) and "ninjs" in str(standard.get("name", "")).casefold():
        return True
    named = isinstance(record.get("uri"), str) or isinstance(record.get("guid"), str)
    return (named and not _MARKS.isdisjoint(record)) or ("versioncreated" in record and any(name.startswith("body_") for name in record))


def _item(record: Mapping[str, Any] | None) -> Item:
    """Return what one ninjs item holds."""
    if record is None:
        return Item(skipped="no ninjs item")
    status = one_line(record.get("pubstatus"))
    title = _role(record.get("headlines"), "main") or one_line(record.get("headline")) or _role(record.get("titles"), "") or one_line(record.get("title"))
    title = one_line(_INLINE.sub("", title)) if title else one_line(record.get("slugline"))
    nordic = _standard(record).startswith("tt") or one_line(record.get("copyrightholder")) == "TT"
    why = _no_article(record)
    text = "" if why else _body(record, title, dashes=nordic)
    summary = "" if text or why else _summary(record, title)
    uri = one_line(record.get("uri"))
    return Item(
        title=title,
        text=text or summary,
        kind="article" if text else "summary",
        outlet=_outlet(record),
        published=common.stamp(*(record.get(name) for name in _DATES)),
        author=_author(record),
        section=_section(record),
        url=common.web(record.get("url"), record.get("link"), uri, record.get("guid")),
        language=common.language(record.get("language")),
        document_id=uri or one_line(record.get("guid")),
        version=one_line(record.get("version")),
        skipped=why or (None if text or summary else _empty(record, title)),
        note=common.embargo(status, common.stamp(record.get("embargoed"), record.get("embargo"))),
        held=None if why else common.held(status),
    )


_DATES = ("versioncreated", "contentmodified", "contentcreated", "firstpublished", "firstcreated")


def _standard(record: Mapping[str, Any]) -> str:
    standard = record.get("standard") or record.get("$standard")
    return str(standard.get("name", "")).casefold() if isinstance(standard, dict) else ""


def _objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, of an object of objects, or an object alone, their keys in small letters."""
    if isinstance(value, dict):
        value = [value] if not any(isinstance(inner, dict) for inner in value.values()) else list(value.values())
    return [{str(key).casefold(): inner for key, inner in each.items()} for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _role(value: Any, role: str) -> str | None:
    """Return the value that has a role, else the first."""
    told = [(str(each.get("role") or "").casefold(), text) for each in _objects(value) if (text := one_line(each.get("value")))]
    return next((text for name, text in told if name == role), told[0][1] if told else None)


def _names(value: Any) -> list[str]:
    """Return the names in a list of objects or strings, each once."""
    texts = [one_line(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []
    texts += [one_line(each.get("name")) or one_line(each.get("literal")) for each in _objects(value)]
    return list(dict.fromkeys(filter(None, texts)))


def _no_article(record: Mapping[str, Any]) -> str | None:
    """Return what an item is, if it is no article."""
    kind = (one_line(record.get("type")) or "").rpartition(":")[2].casefold()
    if kind in _TYPES:
        return _TYPES[kind]
    return _TYPES["event"] if not kind and isinstance(record.get("eventdetails"), dict) else None


def _body(record: Mapping[str, Any], title: str | None, *, dashes: bool) -> str:
    """Return the text of an item: of its best body, unless that has less than half the words of another."""
    ranked = sorted(((rank, _text(value, kind, title, dashes)) for rank, kind, value in _bodies(record)), key=lambda told: told[0])
    lengths = [len(text.split()) or len(text) for _, text in ranked]
    most = max(lengths, default=0)
    return next((text for (_, text), length in zip(ranked, lengths, strict=True) if text and length * 2 >= most), "")


def _bodies(record: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Yield an item's bodies with their rank and kind: XHTML, HTML, NITF, plain text, any other."""
    for each in _objects(record.get("bodies")):
        if isinstance(each.get("value"), str):
            role, content = str(each.get("role") or "").casefold(), str(each.get("contenttype") or "").casefold()
            yield (*_kind(f"{role} {content}", plain=not content or "plain" in content), each["value"])
    for name, value in record.items():
        if (name == "body" or name.startswith("body_")) and isinstance(value, str):
            yield (*_kind(name, plain=name.endswith("text") or name == "body"), value)


def _kind(told: str, *, plain: bool) -> tuple[int, str]:
    if "ttnitf" in told:
        return 8, "other"
    for rank, name in enumerate(("xhtml", "html", "nitf")):
        if name in told:
            return rank, name
    return (4, "plain") if plain else (6, "other")


def _text(value: str, kind: str, title: str | None, dashes: bool) -> str:
    if kind == "nitf":
        try:
            root = common.tree(value.encode("utf-8", "replace").replace(b"\x00", b""), what="NITF in ninjs")
        except ReadError:
            return story(value, title=title)
        return body(root, title) or story_of(first(root, "body"), title)
    return story(value, title=title, markup="html" in kind, dashes=dashes)


def _summary(record: Mapping[str, Any], title: str | None) -> str:
    """Return the description that is a summary, if there is one."""
    told = [(str(each.get("role") or "").casefold(), each.get("value")) for each in _objects(record.get("descriptions"))]
    told += [(name.partition("_")[2], value) for name, value in record.items() if name == "description" or name.startswith("description_")]
    texts = [story(value, title=title) for role, value in told if isinstance(value, str) and role in ("", "text", "summary", "lead", "xhtml", "html")]
    return next(filter(None, texts), "")


def _outlet(record: Mapping[str, Any]) -> str | None:
    told: Sequence[str | None] = [one_line(record.get("provider")), *_names(record.get("provider")), one_line(record.get("source"))]
    told = [*told, *_names(record.get("infosources")), *_names(record.get("infosource")), one_line(record.get("copyrightholder"))]
    return next(filter(None, told), None) or common.host(record.get("uri")) or common.host(record.get("guid"))


def _author(record: Mapping[str, Any]) -> str | None:
    by = common.byline(one_line(record.get("by")) or one_line(record.get("byline")) or _role(record.get("bylines"), "main"))
    return by or ", ".join(_names(record.get("bylines")) or _names(record.get("authors"))) or None


def _section(record: Mapping[str, Any]) -> str | None:
    """Return the service or category, else the first subject of a vocabulary that the item is not merely about."""
    subjects = _objects(record.get("subjects")) + _objects(record.get("subject"))
    ranked = [_names(record.get("service")), _named(each for each in subjects if "category" in _relations(each))]
    ranked.append(_named(each for each in subjects if not _relations(each) & {"about", "mentions", "ancestor"} and _coded(each)))
    if section := next((names[0] for names in ranked if names), None):
        return section
    return next((name for each in subjects if (name := common.subject(each.get("code") or each.get("literal")))), None)


def _named(subjects: Iterable[Mapping[str, Any]]) -> list[str]:
    return [name for each in subjects if len(name := one_line(each.get("name")) or "") > 1]


def _relations(each: Mapping[str, Any]) -> set[str]:
    rels = each.get("rels")
    return {str(rel).casefold() for rel in [each.get("rel"), *(rels if isinstance(rels, list) else [])] if rel}


def _coded(each: Mapping[str, Any]) -> bool:
    return any(each.get(name) for name in ("code", "literal", "uri", "scheme"))


def _empty(record: Mapping[str, Any], title: str | None) -> str:
    if one_line(record.get("type")) == "composite":
        return _TYPES["package"]
    return f"no text in it, only the headline {title[:80]!r}" if title else common.NO_TEXT


FORMATS: tuple[Format, ...] = (Format("ninjs", (".ninjs",), read_ninjs, is_ninjs),)
