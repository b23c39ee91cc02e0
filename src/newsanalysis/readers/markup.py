"""XML and HTML, read safely: no entity is expanded but characters, nothing is fetched, depth has a limit; and their text, by paragraphs.

>>> root = html_root(b"<p>Rain&nbsp;fell &amp; fell.<script>alert(1)</script><p>Roads <b>closed</b>.")
>>> text_of(root)
'Rain fell & fell.\\n\\nRoads closed.'
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from html.entities import html5
from typing import Any

from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.extras import need
from newsanalysis.readers.limits import MOST_NESTED, LimitError
from newsanalysis.readers.text import decode

_BLOCKS = """address article aside block blockquote body body.content body.head caption dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hedline hl1 hl2 hr li main media nav nitf ol option p paragraph pre section summary table tbody td tfoot th thead title tr
    ul"""
_DEAD = "script style noscript template head svg math iframe object embed select button input textarea"
BLOCKS, DEAD = frozenset(_BLOCKS.split()), frozenset(_DEAD.split())
_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)""")
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_SURROGATE = re.compile(rb"&#(?:0{0,8}(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3])|[xX]0{0,8}[dD][89a-fA-F][0-9a-fA-F]{2});")
_PROLOGUE = re.compile(r"^\ufeff?\s*<\?xml[^>]{0,1000}\?>")
_LATIN = re.compile(rb"""(<\?xml[^>]{0,200}?encoding\s*=\s*["'])(?:iso-?8859-1|latin-?1|us-ascii|ascii)(?=["'])""", re.IGNORECASE)
_WIDE = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["'](?:utf-?16|utf-?32|ucs-?[24]|iso-10646)[\w-]{0,12}["'][^>]{0,200}\?>""", re.IGNORECASE)
_C1, _NO_WINDOWS = re.compile(rb"[\x80-\x9f]"), re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_AMPERSAND = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{1,31});)?", re.DOTALL)
_BETWEEN = re.compile(rb"<\?xml\b[^>]{0,1000}\?>|<!DOCTYPE\b[^<>\[\]]{0,1000}>|\xef\xbb\xbf", re.IGNORECASE)
_NEXT_PAGE = re.compile(
    r"</html\s{0,9}>\s{0,999}(?:<!--[^<>]{0,999}-->\s{0,999}|<\?xml[^>]{0,999}\?>\s{0,999}|\ufeff){0,9}(?=<!doctype\b|<html\b)", re.IGNORECASE
)
_WINDOWS = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D)}
SEVERAL = "newsanalysis-several"  # the root of documents that stand one after another in a file

MOST_ATTRIBUTES = 5_000  # of one element
_ATTRIBUTE = re.compile(r"""[\s/]++[^\s>/][^\s=>/]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+""")
_RAW = r"<!--(?:.*?-->|.*+)|<(script|style|textarea|title)\b(?:.*?</\1|.*+)"
_TAG = re.compile(rf"{_RAW}|(?P<tag><[a-z][^\s>/]*+(?:{_ATTRIBUTE.pattern})*+)", re.DOTALL | re.IGNORECASE)


def xml_root(raw: bytes, *, extra: str = "vendors", what: str = "XML files") -> Any:
    """Return the root element of XML; what is not well formed is read as far as it goes only if a root is there.

    Parameters
    ----------
    raw : bytes
        The whole file.
    extra, what : str
        For the message if lxml is not installed.

    Returns
    -------
    lxml element
        Entities of HTML (``&nbsp;``) stand in it as entity nodes, which `text_of` turns into characters.

    Raises
    ------
    LimitError
        Elements are nested too deeply.
    ReadError
        It defines entities of its own, or is not XML.
    """
    etree = need("lxml.etree", extra, what)
    start = raw.find(b"<")
    if start < 0:
        raise ReadError("it is not XML: there is no element in it")
    if _ENTITY.search(raw[:STEP_HEAD]) or (b"\x00" in raw[:64] and "<!entity" in decode(raw).text[:STEP_HEAD].casefold()):
        raise ReadError("the XML defines entities of its own, which is refused: they can be made to do harm; save it without them")
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "dtd_validation": False, "attribute_defaults": False, "huge_tree": False}
    raw = raw[start:] if not raw.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" not in raw[:4] else raw
    raw, mended = _encoded(raw)
    try:
        root = etree.fromstring(raw, etree.XMLParser(**options))
    except etree.XMLSyntaxError as error:
        if "depth" in str(error).casefold():
            raise LimitError(f"elements are nested more than {MOST_NESTED} deep") from None
        root = _several(etree, raw, options) if "Extra content" in str(error) else None
        if root is None:
            root, mended = _with_ampersands(etree, raw, options), f"the XML is not well formed ({str(error)[:120]}); its ampersands were mended"
        if root is None:
            root, mended = _recovered(etree, raw, options), None
            if root is None or not isinstance(root.tag, str):
                raise ReadError(f"it is not well-formed XML ({str(error)[:120]})") from None
            root.set(DAMAGED, str(error)[:120])
    except (ValueError, LookupError) as error:
        raise ReadError(f"it is not well-formed XML ({str(error)[:120]})") from None
    if mended and not root.get(DAMAGED):
        root.set(MENDED, mended)
    _shallow(root)
    return root


def _encoded(raw: bytes) -> tuple[bytes, str | None]:
    """Return XML whose bytes are what it says of them, and what was mended: programs declare UTF-16 of text that they write as UTF-8, UTF-8 or Latin-1 of
    what is Windows-1252."""
    if b"\x00" in raw[:64]:
        return raw, None
    said = _WIDE.match(raw)
    if said:
        raw = raw[said.end() :]
    told = _DECLARED.match(raw)
    if told and told[1].lower() not in (b"utf-8", b"utf8"):
        return (_LATIN.sub(rb"\1windows-1252", raw, count=1) if _LATIN.match(raw) and _C1.search(raw) and not _NO_WINDOWS.search(raw) else raw), None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "surrogateescape")
        wrong = len(_HALF.findall(text))
        text = _HALF.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace"), text)
        return text.encode("utf-8"), f"{wrong:,} {'byte is' if wrong == 1 else 'bytes are'} no UTF-8, and read as Windows-1252"
    return raw, None


def _several(etree: Any, raw: bytes, options: dict[str, bool]) -> Any:
    """Return documents that stand one after another in a file as children of one root; None if that is not what is wrong with it."""
    if b"\x00" in raw[:64]:
        raw = decode(raw).text.encode("utf-8", "replace")
        first = b""
    else:
        told = _DECLARED.match(raw)
        first = b'<?xml version="1.0" encoding="' + told[1] + b'"?>' if told else b""
    name = SEVERAL.encode()
    try:
        root = etree.fromstring(first + b"<" + name + b">" + _BETWEEN.sub(b"", raw) + b"</" + name + b">", etree.XMLParser(**options))
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    return root if len(root.findall("*")) > 1 else None


def _with_ampersands(etree: Any, raw: bytes, options: dict[str, bool]) -> Any:
    """Return XML that is well formed but for entities that it does not define and ampersands that begin none; None if that is not what is wrong with it."""
    if b"\x00" in raw[:64]:
        raw = _PROLOGUE.sub("", decode(raw).text).encode("utf-8", "replace")
    try:
        return etree.fromstring(_AMPERSAND.sub(_ampersand, raw), etree.XMLParser(**options))
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _ampersand(found: re.Match[bytes]) -> bytes:
    """Return what begins with an ampersand as XML has it: entities of HTML as characters, what is none escaped."""
    whole, name = found[0], (found[1] or b"").decode("ascii")
    if whole != b"&" and (not name or name in ("amp", "lt", "gt", "quot", "apos")):
        return whole
    known = html5.get(f"{name};", "")
    return "".join(f"&#{ord(each)};" for each in known).encode() if known else b"&amp;" + whole[1:]


def _recovered(etree: Any, raw: bytes, options: dict[str, bool]) -> Any:
    """Return what can be read of damaged XML, None if nothing; halves of surrogate pairs, which no text can hold, become U+FFFD."""
    if b"\x00" in raw[:64]:
        raw = _PROLOGUE.sub("", decode(raw).text).replace("\x00", "").encode("utf-8", "replace")
    raw = _AMPERSAND.sub(_ampersand, raw)
    try:
        root = etree.fromstring(_SURROGATE.sub(b"&#xFFFD;", raw) if b"&#" in raw else raw, etree.XMLParser(**options, recover=True))
        if root is not None:
            etree.tostring(root, encoding="unicode")  # what it would not decode, `text` would not
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root


STEP_HEAD = 2**20
_HALF = re.compile("[\udc80-\udcff]")
MENDED = "newsanalysis-mended"
DAMAGED = "newsanalysis-damage"  # the attribute of a root that says what was wrong


def damage(root: Any) -> str | None:
    """Say what was wrong with XML that `xml_root` could read only in part; None if it was well formed."""
    if root.tag == SEVERAL:
        return f"{len(root.findall('*')):,} documents stand one after another in it; all were read"
    said = root.get(DAMAGED)
    return f"the XML is damaged and was read as far as it goes ({said})" if said else root.get(MENDED)


def html_pages(text: str) -> list[str]:
    """Return the pages that stand one after another in a file; of one page it alone.

    >>> html_pages("<html>Rain</html>\\n<!DOCTYPE html><html>Sun</html>")
    ['<html>Rain</html>\\n', '<!DOCTYPE html><html>Sun</html>']
    """
    cuts = [0, *(match.end() for match in _NEXT_PAGE.finditer(text)), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(cuts)]


def windows(text: str) -> str:
    """Return text with control characters that stand for those of Windows-1252 (``&#146;``) as these, as browsers show them.

    >>> windows("It\\x92s raining")
    'It’s raining'
    """
    return text if text.isascii() else text.translate(_WINDOWS)


def html_root(raw: bytes | str, *, extra: str = "vendors", what: str = "HTML files") -> Any:
    """Return the root element of an HTML page or of a piece of HTML, in the encoding that it or its bytes tell.

    Parameters
    ----------
    raw : bytes or str
        The whole file, or text that is decoded already.
    extra, what : str
        For the message if lxml is not installed.

    Returns
    -------
    lxml element
        Never run, never fetched.

    Raises
    ------
    LimitError
        Elements are nested too deeply.
    ReadError
        There is nothing in it, or it is binary.
    """
    html = need("lxml.html", extra, what)
    etree = need("lxml.etree", extra, what)
    text = raw if isinstance(raw, str) else html_text(raw)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "\ufffd")
    if not text.strip():
        raise ReadError("the file is empty")
    _few_attributes(text)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"it cannot be read as HTML ({str(error)[:120]})") from None
    if root is None:
        raise ReadError("there is no HTML in it")
    _shallow(root)
    return root


def _few_attributes(text: str) -> None:
    """Refuse an element with thousands of attributes, on which the parser would spend hours."""
    for tag in _TAG.finditer(text) if len(text) > MOST_ATTRIBUTES else ():
        if len(tag["tag"] or "") > MOST_ATTRIBUTES and (n := sum(1 for _ in _ATTRIBUTE.finditer(tag["tag"]))) > MOST_ATTRIBUTES:
            raise LimitError(f"an element has {n:,} attributes, more than the {MOST_ATTRIBUTES:,} that it may have")


def html_text(raw: bytes) -> str:
    """Return the characters of HTML bytes: by mark, by what the page declares if that fits, else as `decode` guesses.

    >>> html_text('<meta charset="windows-1252"><p>“Rain”'.encode("cp1252"))
    '<meta charset="windows-1252"><p>“Rain”'
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<") or raw[:3] == b"\xef\xbb\xbf" or raw[:4] == b"\0\0\xfe\xff":
        return decode(raw).text
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    found = _DECLARED.search(raw[:STEP]) or _CHARSET.search(raw[:STEP])
    if found:
        name = found[1].decode("ascii", "replace").casefold()
        name = "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "iso8859-1") else name  # as browsers do
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return decode(raw).text


STEP = 4096


def _shallow(root: Any) -> None:
    """Refuse a tree that is nested too deeply, without recursion."""
    depth, stack = 0, [iter(root)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        depth = len(stack)
        if depth > MOST_NESTED:
            raise LimitError(f"elements are nested more than {MOST_NESTED} deep")
        stack.append(iter(child))


def name_of(element: Any) -> str:
    """Return an element's name without its namespace; "" for comments and entities.

    >>> from lxml import etree
    >>> name_of(etree.fromstring('<a xmlns="urn:x"/>'))
    'a'
    """
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def entity(node: Any) -> str:
    """Return the characters of an entity node that HTML knows, else nothing.

    >>> from lxml import etree
    >>> entity(etree.Entity("nbsp")) == chr(160)
    True
    """
    return html5.get(f"{node.name};", "") if callable(node.tag) and hasattr(node, "name") else ""


def text_of(element: Any, *, blocks: Iterable[str] = BLOCKS, dead: Iterable[str] = DEAD) -> str:
    """Return the text of an element: white space made one space, paragraphs parted by a blank line, lines by ``<br>``.

    Parameters
    ----------
    element : lxml element
        Of HTML or XML.
    blocks : iterable of str
        Names of elements that make paragraphs.
    dead : iterable of str
        Names of elements whose text is not read.

    Returns
    -------
    str
        The text; "" if there is none.
    """
    blocks, dead = frozenset(blocks), frozenset(dead)
    parts: list[str] = []
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:  # no recursion: depth is the file's choice
        node, closing = stack.pop()
        name = name_of(node).casefold()
        if closing:
            if name in blocks:
                parts.append("\x1d")
            if node is not element and node.tail:
                parts.append(_SPACE.sub(" ", node.tail))
            continue
        if name == "br":
            parts.append("\x1e")
        elif name in blocks:
            parts.append("\x1d")
        stack.append((node, True))
        if callable(node.tag):
            parts.append(_SPACE.sub(" ", entity(node)))
        elif name not in dead or node is element:
            if node.text:
                parts.append(_SPACE.sub(" ", node.text))
            stack.extend((child, False) for child in reversed(node))
    return joined("".join(parts))


def joined(marked: str) -> str:
    """Return text whose paragraphs are parted by U+001D and lines by U+001E with blank lines and line ends, and no double spaces.

    >>> joined("Rain  fell.\\x1d\\x1d Roads\\x1eclosed. \\x1d")
    'Rain fell.\\n\\nRoads\\nclosed.'
    """
    paragraphs = []
    for paragraph in marked.split("\x1d"):
        lines = [_SPACE.sub(" ", line).strip() for line in paragraph.split("\x1e")]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
        if text.strip():
            paragraphs.append(text)
    return windows("\n\n".join(paragraphs))
