"""Word documents as lines: what a reader of a vendor's DOCX or RTF needs of a page, and nothing that a document may do.

Only the text of the document's body is read: no macros, no linked or embedded objects, no headers and footers, nothing deleted or hidden.

>>> Line("Body", bold=True, mark="Body").mark
'Body'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.limits import LimitError, member, open_zip, read_whole, salvaged
from newsanalysis.readers.markup import damage, xml_root

MOST_XML = 256 * 2**20  # of word/document.xml; a year of a daily paper has less
_OLD = b"\xd0\xcf\x11\xe0"
_SPACE = re.compile(r"[^\S\n]+")
_SOFT = str.maketrans({"\u00ad": None, "\u200b": None, "\ufeff": None, "\u2011": "-", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\r": "\n"})
_PAGES = ("page", "column")
_FIRST_LEVEL = re.compile(r"(?:heading|berschrift|überschrift|titre|ttulo|título|titolo|kop|rubrik) ?1", re.IGNORECASE)
_NOT_TEXT = "del moveFrom pPr rPr sectPr instrText delText delInstrText Fallback tblPr trPr tcPr tblGrid sdtPr sdtEndPr footnoteReference"
_SKIPPED = frozenset(_NOT_TEXT.split())


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a document.

    Parameters
    ----------
    text : str
        Its words, with ``\\n`` for line breaks inside.
    bold : bool
        Whether all of it is bold.
    mark : str
        The first bookmark in it, "" if there is none.
    level : int or None
        Its outline level, 0 for the highest.
    links : tuple of str
        Where its links lead.
    breaks : bool
        Whether a page or section ends with it.

    Examples
    --------
    >>> Line("Rain closes roads", level=0).links
    ()
    """

    text: str
    bold: bool = False
    mark: str = ""
    level: int | None = None
    links: tuple[str, ...] = ()
    breaks: bool = False


def tidy(text: str) -> str:
    """Return text with single spaces, no soft hyphens and no blank lines at its ends.

    >>> tidy("  Rain\\u00a0 fell\\u00ad. ")
    'Rain fell.'
    """
    text = _SPACE.sub(" ", text.translate(_SOFT))
    return "\n".join(line.strip() for line in text.split("\n")).strip("\n") if "\n" in text else text.strip()


def docx_lines(path: Path) -> tuple[list[Line], list[str]]:
    """Return the paragraphs of a DOCX file, and what is to be said about the file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of Line, list of str
        In the order of the page, those in tables and text boxes too.

    Raises
    ------
    LimitError
        It unpacks to more than is read.
    ReadError
        It cannot be opened, has no text part, or is protected by a password.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD:
        raise ReadError("it is an old Word file (.doc) or one with a password; save it as .docx without a password")
    try:
        archive = open_zip(path)
    except LimitError:
        raise
    except ReadError as error:
        return _salvaged(path, str(error))
    with archive:
        names = set(archive.namelist())
        if "EncryptedPackage" in names:
            raise ReadError("the Word document has a password; save it without one")
        part = _main_part(archive, names)
        try:
            raw = member(archive, part, most=MOST_XML)
        except LimitError:
            raise
        except ReadError as error:
            return _salvaged(path, str(error), part)
        root = xml_root(raw, what="Word documents")
        links = _links(archive, part, names)
    notes = [said] if (said := damage(root)) else []
    return list(_walk(root, links)), notes


def _salvaged(path: Path, reason: str, part: str = "word/document.xml") -> tuple[list[Line], list[str]]:
    """Return the paragraphs above the damage of a file that is cut or damaged."""
    raw = salvaged(read_whole(path), part, most=MOST_XML)
    try:
        lines = list(_walk(xml_root(raw, what="Word documents"), {})) if raw else []
    except LimitError:
        raise
    except ReadError:
        lines = []
    if not any(line.text for line in lines):
        raise ReadError(f"the Word document cannot be opened: {reason}; if the download broke off, fetch it again")
    return lines, [f"of the Word document what stands before the damage was read: {reason}; fetch it again"]


def _main_part(archive: Any, names: set[str]) -> str:
    if "word/document.xml" in names:
        return "word/document.xml"
    if "_rels/.rels" in names:
        rels = xml_root(member(archive, "_rels/.rels", most=2**20), what="Word documents")
        for relation in rels.iter("{*}Relationship"):
            target = (relation.get("Target") or "").lstrip("/")
            if (relation.get("Type") or "").endswith("/officeDocument") and target in names:
                return target
    raise ReadError("there is no text part (word/document.xml) in it: it is no Word document, or a damaged one")


def _links(archive: Any, part: str, names: set[str]) -> dict[str, str]:
    """Return where the document's links lead, by their ids; none if the list cannot be read."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    if rels not in names:
        return {}
    try:
        root = xml_root(member(archive, rels, most=2**26), what="Word documents")
    except ReadError:
        return {}
    return {r.get("Id") or "": r.get("Target") or "" for r in root.iter("{*}Relationship") if (r.get("Type") or "").endswith("/hyperlink")}


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _value(node: Any, name: str = "val") -> str | None:
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), None)


def _on(properties: Any, name: str) -> bool:
    """Whether a run has a property such as bold or hidden."""
    return any(_local(node) == name and (_value(node) or "1").casefold() not in ("0", "false", "off", "none") for node in properties)


class _Paragraph:
    """A paragraph that is being read."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.bold: bool | None = None
        self.mark = ""
        self.level: int | None = None
        self.links: list[str] = []
        self.breaks = False

    def add(self, text: str, *, bold: bool) -> None:
        self.parts.append(text)
        if text.strip():
            self.bold = bold and self.bold is not False

    def line(self) -> Line:
        return Line(tidy("".join(self.parts)), bool(self.bold), self.mark, self.level, tuple(self.links), self.breaks)


def _walk(root: Any, links: dict[str, str]) -> Iterator[Line]:
    """Yield the paragraphs below an element, without recursion; those of a text box come after the one it is anchored in."""
    paragraphs: list[_Paragraph] = []
    boxed: list[Line] = []
    bold = [False]
    hidden = [False]
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, closing = stack.pop()
        name = _local(node)
        if closing:
            if name == "p" and paragraphs:
                line = paragraphs.pop().line()
                if paragraphs:
                    boxed.append(line)
                else:
                    yield line
                    yield from boxed
                    boxed = []
            elif name == "r":
                bold.pop()
                hidden.pop()
            continue
        if name == "pPr" and paragraphs:
            _properties(node, paragraphs[-1])
        if name in _SKIPPED or not name:
            continue
        if name == "p":
            paragraphs.append(_Paragraph())
        elif name == "r":
            properties = next((child for child in node if _local(child) == "rPr"), ())
            bold.append(_on(properties, "b"))
            hidden.append(_on(properties, "vanish"))
        elif paragraphs and not hidden[-1]:
            _inside(name, node, paragraphs[-1], links, bold=bold[-1])
        if name in ("p", "r"):
            stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))


def _properties(node: Any, paragraph: _Paragraph) -> None:
    for child in node:
        name = _local(child)
        if name == "outlineLvl" and (value := _value(child) or "").isdecimal():
            paragraph.level = int(value[:2])
        elif name == "pStyle" and paragraph.level is None and _FIRST_LEVEL.fullmatch(_value(child) or ""):
            paragraph.level = 0
        elif name == "sectPr" or (name == "pageBreakBefore" and not paragraph.parts):
            paragraph.breaks = True


def _inside(name: str, node: Any, paragraph: _Paragraph, links: dict[str, str], *, bold: bool) -> None:
    """Add what an element of a run gives to its paragraph."""
    if name == "t":
        paragraph.add(node.text or "", bold=bold)
    elif name in ("br", "cr"):
        paragraph.breaks |= _value(node, "type") in _PAGES
        paragraph.parts.append("\n")
    elif name in ("tab", "ptab"):
        paragraph.parts.append("\t")
    elif name == "noBreakHyphen":
        paragraph.parts.append("-")
    elif name == "bookmarkStart":
        paragraph.mark = paragraph.mark or (_value(node, "name") or "")
    elif name == "hyperlink" and (target := links.get(_value(node, "id") or "")):
        paragraph.links.append(target)
