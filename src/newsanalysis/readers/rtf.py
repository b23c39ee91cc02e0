"""RTF as lines, the same as of Word documents: text, bold, bookmarks, links and breaks; no objects, pictures, headers or hidden text.

Written here, because what tells a vendor's labels from its articles (bold, bookmarks) is lost in plain text.

>>> [line.text for line in rtf_lines(rb"{\\rtf1\\ansi Rain in Caf\\'e9\\par {\\b Body}\\par}")]
['Rain in Café', 'Body']
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.word import Line, tidy

_TOKEN = re.compile(r"\\([A-Za-z]{1,32})(-?\d{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\")
_DESTINATIONS = """fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf footnote annotation listtable
    listoverridetable listtext pntext pn rsidtbl revtbl themedata datastore latentstyles xmlnstbl generator filetbl fldtype objdata nonshppict mmathPr
    author operator title subject keywords doccomm hlinkbase shprslt upr bkmkend xe tc txe rxe falt template"""
_SKIPPED = frozenset(_DESTINATIONS.split())
_CHARACTERS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "softline": "\n",
}
_ENDS = frozenset({"par", "sect", "page", "cell", "row", "nestcell", "nestrow"})
_CHARSETS = {0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258"}
_CHARSETS |= {177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850"}
_NAMED = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850"}
_LINK = re.compile(r'HYPERLINK\s+(?:\\[a-z]\s+)*"?([^"\s]+)', re.IGNORECASE)
MOST_OPEN = 100_000  # groups inside groups


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group."""

    skipping: bool = False
    kind: str = ""  # what the group's text is, if not text: "mark", "field", "fonts"
    bold: bool = False
    hidden: bool = False
    font: int | None = None
    after_unicode: int = 1


class _Document:
    """An RTF document that is being read."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.page = "cp1252"
        self.fonts: dict[int, str] = {}
        self.parts: list[str] = []
        self.raw = bytearray()
        self.font: int | None = None
        self.bold: bool | None = None
        self.mark = ""
        self.level: int | None = None
        self.links: list[str] = []
        self.named: list[str] = []
        self.field: list[str] = []

    def flush(self) -> None:
        if self.raw:
            encoding = self.fonts.get(self.font, self.page) if self.font is not None else self.page
            self.parts.append(bytes(self.raw).decode(encoding, "replace"))
            self.raw.clear()

    def byte(self, value: int, state: _State) -> None:
        if state.font != self.font:
            self.flush()
            self.font = state.font
        self.raw.append(value)
        if value > 32:
            self.bold = state.bold and self.bold is not False

    def text(self, text: str, state: _State) -> None:
        self.flush()
        self.parts.append(text)
        if text.strip():
            self.bold = state.bold and self.bold is not False

    def end(self, *, breaks: bool) -> None:
        self.flush()
        text = "".join(self.parts)
        if not text.isascii():  # escapes of two halves make one character
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self.lines.append(Line(tidy(text), bool(self.bold), self.mark, self.level, tuple(self.links), breaks))
        self.parts, self.bold, self.mark, self.links = [], None, "", []


def rtf_lines(raw: bytes) -> list[Line]:
    """Return the paragraphs of an RTF file; what is cut off is read up to the cut.

    Parameters
    ----------
    raw : bytes
        The whole file.

    Returns
    -------
    list of Line
        In the order of the page; each cell of a table is one.

    Raises
    ------
    ReadError
        It is no RTF, or its groups are nested absurdly.
    """
    start = raw[:64].find(b"{\\rtf")
    if start < 0:
        raise ReadError("it is no RTF: it does not begin with {\\rtf")
    text = raw.decode("latin-1")
    lines: list[Line] = []
    while start >= 0:  # files that were put behind one another
        more, end = _one(text, start)
        lines += more
        start = text.find("{\\rtf", end)
    return lines


def _one(text: str, start: int) -> tuple[list[Line], int]:
    """Return the paragraphs of the document that begins at a place, and where it ends."""
    document, state, stack = _Document(), _State(), [_State()]
    stack.clear()
    position, after = start, 0
    starred = False
    while match := _TOKEN.match(text, position):
        position = match.end()
        word, number, code, symbol, brace, plain = match.groups()
        if brace == "{":
            if len(stack) >= MOST_OPEN:
                raise ReadError(f"its groups are nested more than {MOST_OPEN:,} deep")
            stack.append(state)
            after, starred = 0, False
        elif brace:
            _close(document, state)
            if not stack:
                break
            state = stack.pop()
            after = 0
            if not stack:
                break
        elif word:
            if word == "bin":
                position += max(0, int(number or 0))
            elif word == "u" and number:
                after = 0 if state.skipping else state.after_unicode
                _put(document, state, chr(int(number) % 65_536))
            else:
                after = 0
                state = _word(document, state, word, int(number) if number else None, starred=starred)
            starred = False
        elif code:
            if after:
                after -= 1
            elif state.kind:
                _put(document, state, bytes.fromhex(code).decode("cp1252", "replace"))
            elif not (state.skipping or state.hidden):
                document.byte(int(code, 16), state)
        elif symbol:
            if symbol == "*":
                starred = True
            elif after:
                after -= 1
            else:
                _put(document, state, {"~": " ", "_": "-", "-": "", "\n": "\n", "\r": "\n", "\t": "\t"}.get(symbol, symbol if symbol in "\\{}" else ""))
        elif plain:
            plain, after = plain[after:], max(0, after - len(plain))
            if plain.isascii() or state.kind:
                _put(document, state, plain)
            elif not (state.skipping or state.hidden):
                _bytes(document, state, plain.encode("latin-1"))
    if document.parts or document.raw:
        document.end(breaks=False)
    return document.lines, max(position, start + 5)


def _bytes(document: _Document, state: _State, raw: bytes) -> None:
    """Add bytes above 127 that stand unescaped: UTF-8 if they are, else of the page's encoding."""
    try:
        document.text(raw.decode("utf-8"), state)
    except UnicodeDecodeError:
        for value in raw:
            document.byte(value, state)


def _put(document: _Document, state: _State, text: str) -> None:
    if state.kind == "mark":
        document.named.append(text)
    elif state.kind == "field":
        document.field.append(text)
    elif text and not (state.skipping or state.hidden):
        document.text(text, state)


def _close(document: _Document, state: _State) -> None:
    """Take what a group named at its end: a bookmark, a link."""
    if state.kind == "mark" and document.named:
        document.mark = document.mark or "".join(document.named).strip()
        document.named = []
    elif state.kind == "field" and document.field:
        if link := _LINK.search("".join(document.field)[:4096]):
            document.links.append(link[1])
        document.field = []


def _word(document: _Document, state: _State, word: str, number: int | None, *, starred: bool) -> _State:
    """Follow one control word; returns what holds after it."""
    if word in ("bkmkstart", "fldinst"):
        return replace(state, kind="mark" if word == "bkmkstart" else "field", skipping=True) if not state.skipping or state.kind == "field" else state
    if word == "fonttbl":
        return replace(state, kind="", skipping=True, font=None)
    if word == "shptxt":
        return replace(state, skipping=False, kind="")
    if word == "fcharset" and state.skipping and state.font is not None:
        document.fonts[state.font] = _CHARSETS.get(number or 0, document.page)
        return state
    if word == "f":
        return state if state.font == number else replace(state, font=number)
    if starred or word in _SKIPPED:
        return replace(state, skipping=True, kind="")
    if word == "ansicpg" or word in _NAMED:
        document.page = _known(_NAMED.get(word, f"cp{number}"))
    if word == "uc":
        return replace(state, after_unicode=max(0, min(number if number is not None else 1, 16)))
    if state.skipping:
        return state
    if word in _CHARACTERS:
        _put(document, state, _CHARACTERS[word])
    elif word in _ENDS:
        document.end(breaks=word in ("sect", "page"))
    elif word == "pard":
        document.level = None
    elif word == "outlinelevel":
        document.level = number or 0
    elif word == "plain":
        return replace(state, bold=False, hidden=False) if state.bold or state.hidden else state
    elif word == "b":
        return state if state.bold == (number != 0) else replace(state, bold=number != 0)
    elif word in ("v", "deleted"):
        return state if state.hidden == (number != 0) else replace(state, hidden=number != 0)
    return state


def _known(encoding: str) -> str:
    encoding = "utf-8" if encoding == "cp65001" else encoding
    try:
        codecs.lookup(encoding)
    except LookupError:
        return "cp1252"
    return encoding
