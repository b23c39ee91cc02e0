"""The text of agencies' stories: NITF, XHTML and plain text inside NewsML, NITF and ninjs, to paragraphs parted by blank lines.

What surrounds a story is left out: captions, notes to editors, style sheets, slug lines, a headline that the body repeats, separators (``___``),
and, at its end, the reporters' initials (``ab/cd``), ``ends`` and a copyright line. Lines that a wire broke at its width are joined again.

>>> story("<p>Rain fell <b>all</b> day.</p><figure><figcaption>A road</figcaption></figure><p>___</p><p>ab/cde</p>")
'Rain fell all day.'
>>> story("Rain fell.\\n\\nRoads closed.", title="Rain")
'Rain fell.\\n\\nRoads closed.'
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Any

from newsanalysis.readers import captions
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.markup import BLOCKS, DEAD, entity, html_root, name_of, windows

_PARAGRAPH, _LINE, _CELL = "\x1d", "\x1e", "\x1f"
_MARKS = dict.fromkeys(map(ord, (_PARAGRAPH, _LINE, _CELL)), " ")
_OWN_BLOCKS = "block bq center hl1 hl2 hl3 nitf-table text"
_OWN_DEAD = """abstract body.end body.head byline caption credit distributor figcaption figure footer header hedline img media media-caption media-producer
    media-reference nav note rights"""
_BLOCKS = (BLOCKS | set(_OWN_BLOCKS.split())) - {"td", "th", "tr", "nitf", "caption"}
_DEAD = DEAD | set(_OWN_DEAD.split())
_DEAD_CLASSES = frozenset(("dat", "notepad", "np-public", "np-nonpublic", "slugline"))
_PICTURE_BOX = re.compile(r"img|image|photo|picture|caption|media", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|br|div|html|body|h[1-6]|span|pre|ul|ol|table|section|article|strong|em|b|i|a)(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_SPACE = re.compile(r"\s+")
_BEFORE_POINT = re.compile(r"(?<=\S)[ \t]*\n\s*(?=[.,;:!?](?:\s|$))")
_ESCAPED = re.compile(r"&(#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_WORD = re.compile(r"[^\W_]")
_SIGN_OFF = re.compile(r"[a-z]{1,4}(?:[-/][a-z]{1,5}){1,6}|\(?ends\)?\.?|AAP(?: [A-Z]{2,5}){0,2}(?: [a-z]{1,4}(?:/[a-z]{1,4}){0,4}){1,2}")
_CODE = re.compile(r"[A-Z0-9]{2,10}")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|\(C\)|Copyright\b).{0,400}", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?:;…]['\"”’»)\]]*$")
_WIRE_WIDTH = range(40, 100)


def words(element: Any) -> str | None:
    """Return the text of an element as one line, None if it has none.

    >>> from lxml import etree
    >>> words(etree.fromstring("<hl1> Rain\\n <b>falls</b> </hl1>"))
    'Rain falls'
    """
    return None if element is None else one_line("".join(_pieces(element)))


def one_line(text: object) -> str | None:
    """Return a text with its white space made single spaces, None if there is none or it is no text.

    >>> one_line(" Rain\\n falls "), one_line(7), one_line(" ")
    ('Rain falls', '7', None)
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        return str(text)
    return (_unescaped(_SPACE.sub(" ", text).strip()) or None) if isinstance(text, str) else None


def _pieces(element: Any) -> Iterator[str]:
    """Yield the text of an element, its children and what stands between them."""
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, closing = stack.pop()
        if closing:
            if node.tail and node is not element:
                yield node.tail
            continue
        stack.append((node, True))
        if callable(node.tag):
            yield entity(node)
        else:
            if node.text:
                yield node.text
            stack.extend((child, False) for child in reversed(node))


def story(content: Any, *, title: str | None = None, markup: bool = False, dashes: bool = False) -> str:
    """Return the text of a story, paragraphs parted by blank lines; "" if there is none.

    Parameters
    ----------
    content : lxml element or str
        Its body: an element, a piece of HTML, or plain text.
    title : str, optional
        Its headline, which is left out where the body begins with it.
    markup : bool
        Whether a string is HTML even if it does not look like it.
    dashes : bool
        Whether block quotations are what somebody says, with a dash before it, as Nordic agencies have it.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> story("<h1>Rain falls</h1><p>Rain fell on Friday.</p>", title="Rain falls")
    'Rain fell on Friday.'
    """
    if not isinstance(content, str):
        only_text = not any(isinstance(child.tag, str) for child in content)
        text = "".join(_pieces(content)) if only_text else ""
        paragraphs = _of_string(text, markup, dashes) if only_text else _of_element(content, dashes)
    else:
        paragraphs = _of_string(content, markup, dashes)
    return "\n\n".join(_without_frame(list(_clean(paragraphs)), title))


def _of_string(text: str, markup: bool, dashes: bool) -> Iterable[str]:
    """Return the paragraphs of HTML or of plain text."""
    if not (markup or _MARKUP.search(text)):
        return plain(text)
    try:
        return _of_element(html_root(text.strip(), extra="agencies", what="agencies' stories"), dashes)
    except ReadError:
        return plain(_TAG.sub(" ", text))


def _of_element(element: Any, dashes: bool) -> Iterable[str]:
    """Return the paragraphs of an element, without what is no text."""
    repeated = _repeated(element)
    parts: list[str] = []
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:  # no recursion: depth is the file's choice
        node, closing = stack.pop()
        name = name_of(node).casefold()
        edge = _PARAGRAPH if name in _BLOCKS else _LINE if name == "tr" else _CELL if name in ("td", "th") else ""
        if closing:
            parts.append(edge)
            if node is not element and node.tail:
                parts.append(node.tail.translate(_MARKS))
            continue
        parts.append(_LINE if name == "br" else edge if edge != _CELL else "")
        stack.append((node, True))
        if callable(node.tag):
            parts.append(entity(node))
        elif node is element or not (name in _DEAD or node is repeated or _dead_by_class(node)):
            if dashes and name == "blockquote":
                parts.append("– ")
            if node.text:
                parts.append(_kept_lines(node.text) if name == "pre" else node.text.translate(_MARKS))
            stack.extend((child, False) for child in reversed(node))
    return (paragraph for marked in "".join(parts).split(_PARAGRAPH) for paragraph in _rewrapped(marked))


def _repeated(element: Any) -> Any:
    """Return the block that only repeats the first paragraph of another: the lead beside the full text, as the archive of The New York Times has it."""
    blocks = [child for child in element if name_of(child) == "block"]
    lead = next((block for block in blocks if block.get("class") == "lead_paragraph"), None)
    return lead if any(block.get("class") == "full_text" and words(block) for block in blocks) else None


def _dead_by_class(node: Any) -> bool:
    """Say whether an element frames the story, by its class: a slug line, a notepad, a box with a picture."""
    classes = node.get("class") or ""
    if classes and not _DEAD_CLASSES.isdisjoint(classes.casefold().split()):
        return True
    return name_of(node) == "div" and bool(_PICTURE_BOX.search(f"{classes} {node.get('id') or ''}")) and any(name_of(child) == "img" for child in node)


def _kept_lines(text: str) -> str:
    """Mark the paragraphs and lines of preformatted text."""
    paragraphs = re.split(r"\n[ \t\r]*\n\s*", text.translate(_MARKS).replace("\r\n", "\n").strip("\n"))
    return _PARAGRAPH.join(_LINE.join(_one_paragraph(paragraph.split("\n"))) for paragraph in paragraphs)


def _one_paragraph(lines: list[str]) -> list[str]:
    """Join lines that a wire broke at its width; leave lines that were meant."""
    full = [len(line.strip()) for line in lines[:-1]]
    if full and min(full) >= _WIRE_WIDTH.start and max(full) <= _WIRE_WIDTH.stop and any(not _SENTENCE_END.search(line.strip()) for line in lines[:-1]):
        return [" ".join(line.strip() for line in lines)]
    return lines


def _rewrapped(marked: str) -> Iterator[str]:
    """Yield the paragraphs of what stands between two block elements: one, or several where its lines are those of a wire."""
    lines = marked.split("\n")
    flush = sum(1 for line in lines[1:] if line[:1].strip())
    indented = [line for line in lines[1:] if line.strip() and 2 <= len(line) - len(line.lstrip(" ")) <= 8]
    if flush < 2 or not indented or _LINE in marked:
        yield marked
        return
    paragraph: list[str] = []
    for line in lines:
        if paragraph and (not line.strip() or line[:1] == " "):
            yield "\n".join(paragraph)
            paragraph = []
        if line.strip():
            paragraph.append(line)
    yield "\n".join(paragraph)


def plain(text: str) -> list[str]:
    """Return the paragraphs of plain text: parted by blank lines, or by indented lines, or one a line.

    >>> plain("Rain fell.\\r\\n\\r\\nRoads closed.")
    ['Rain fell.', 'Roads closed.']
    """
    text = text.translate(_MARKS).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    blocks = [block.strip("\n") for block in re.split(r"\n[ ]*\n", text) if block.strip()]
    paragraphs: list[str] = []
    for block in blocks:
        lines = block.split("\n")
        joined = _one_paragraph(lines)
        parts = list(_rewrapped(block))
        if len(parts) > 1:
            paragraphs += parts
        elif len(joined) == 1 or len(blocks) > 1:
            paragraphs.append(_LINE.join(joined))
        else:
            paragraphs += lines
    return paragraphs


def _clean(paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs with single spaces, rows as lines, broken lines joined, characters that were escaped twice read, and tags in the text dropped."""
    for paragraph in paragraphs:
        lines = [" | ".join(filter(None, (_spaced(cell) for cell in line.split(_CELL)))) for line in paragraph.split(_LINE)]
        lines = [line for line in lines if _WORD.search(line)]
        if lines:
            text = "\n".join(_one_paragraph(lines))
            if "<" in text and not _WORD.search(_TAG.sub("", text)):
                continue
            yield text


def _spaced(text: str) -> str:
    return _unescaped(_SPACE.sub(" ", _BEFORE_POINT.sub("", text)).strip())


def _unescaped(text: str) -> str:
    """Read what is still escaped: ``&amp;quot;`` came out of the XML as ``&quot;``."""
    text = _ESCAPED.sub(lambda found: html.unescape(found[0]) if found[1][0] == "#" or f"{found[1]};" in html5 else found[0], text) if "&" in text else text
    return windows(text)


def _without_frame(paragraphs: list[str], title: str | None) -> list[str]:
    """Drop the headline at the beginning and signs at the end, unless nothing else is there."""
    if title and len(paragraphs) > 1 and _same(paragraphs[0], title):
        paragraphs = paragraphs[1:]
    while len(paragraphs) > 1 and (
        _SIGN_OFF.fullmatch(paragraphs[-1]) or (_COPYRIGHT.fullmatch(paragraphs[-1]) and captions.is_rights(paragraphs[-1])) or _is_routing(paragraphs[-1])
    ):
        paragraphs = paragraphs[:-1]
    return paragraphs


def _is_routing(paragraph: str) -> bool:
    """Say whether a paragraph is the codes by which a wire's computers know where to send a story: ``51 77 CRO01 1113 APE4800 QBXB``."""
    words = paragraph.split() if len(paragraph) < 400 else []
    return len(words) >= 5 and all(map(_CODE.fullmatch, words)) and sum(not word.isalpha() and not word.isdigit() for word in words) >= 2


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()
