"""Europresse (Eureka, Cedrom-SNi) exports: HTML of the old layout, with tables and spans, and of the new one, with ``<article>``.

>>> record = new_record('<header><span class="DocPublicationName">La Feuille</span><span class="DocHeader">Monde, mardi 14 mars 2006, p. 2</span>'
...     '<p class="titreArticleVisu">Pluie</p></header><section><div class="docOcurrContainer"><p>Il pleut.</p></div></section>')
>>> record["title"], record["published"], record["section"], record["text"]
('Pluie', '2006-03-14', 'Monde', 'Il pleut.')
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from newsanalysis.readers import captions, header_dates
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.markup import html_root, html_text, name_of, text_of

_ARTICLE = re.compile(r"<article\b[^<>]{0,500}>", re.IGNORECASE)
_ARTICLE_END = re.compile(r"</article\s{0,9}>", re.IGNORECASE)
_OUTLET = re.compile(r"""<span\b[^<>]{0,200}\bclass\s{0,9}=\s{0,9}["']?DocPublicationName\b[^<>]{0,200}>""", re.IGNORECASE)
_TITLE = re.compile(r"""<span\b[^<>]{0,200}\bclass\s{0,9}=\s{0,9}["']?TitreArticleVisu\b[^<>]{0,200}>""", re.IGNORECASE)
_SPAN = re.compile(r"<(/?)span\b[^<>]{0,1000}>", re.IGNORECASE)
_HEADERS = re.compile(r"""<span\b[^<>]{0,200}\bclass\s{0,9}=\s{0,9}["']?DocHeader\b""", re.IGNORECASE)
_NUMBER = re.compile(r"\b([a-z]{2,12})[·•.]((?:19|20)\d{6})[·•.]([\w-]{1,20})[·•.]([\w.-]{1,60})")
_NUMBER_LINE = re.compile(r"\s*(?:Numéro de document|Document number|Número de documento|Dokumentnummer|Numero di documento)\s*:", re.IGNORECASE)
_AUTHOR = re.compile(r"\s{0,20}(?:<br\b[^<>]{0,99}>\s{0,20}){1,4}([^<>]{2,150})<br\b[^<>]{0,99}>\s{0,20}<p\b[^<>]{0,99}>\s{0,20}</p>", re.IGNORECASE)
_ISSUE = re.compile(r",\s{0,9}(?:no|n°|nº|nr)\.?\s{0,9}\d.*$", re.IGNORECASE | re.DOTALL)
_WEEKDAY = re.compile(
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag"
    r"|freitag|samstag|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)\s*,?\s*\Z",
    re.IGNORECASE,
)
_PAGE_END = re.compile(r"</body\s{0,9}>|</html\s{0,9}>", re.IGNORECASE)
_MOST = 100_000

Record = dict[str, str | None]


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").casefold().split()


def _with_class(root: Any, *names: str) -> Any | None:
    """Return the first element of the first of these classes that has a text."""
    for name in names:
        for element in root.iter():
            if name in _classes(element) and "".join(element.itertext()).strip():
                return element
    return None


def _line(element: Any | None) -> str:
    return " ".join(text_of(element).split()) if element is not None else ""


def _dated(header: str, number: re.Match[str] | None) -> tuple[str | None, str | None]:
    """Return date and section of the line above an article; the document's number has a date too, if the line has none."""
    found = header_dates.find(header)
    if found is None:
        digits = number[2] if number else ""
        known = header_dates.find(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}") if digits else None
        return (known.iso if known else None), (re.split(r",\s*p\.", header)[0].strip(" ,") or None)
    section = _WEEKDAY.sub("", " ".join(header[:1_000].split())[: found.start]).strip(" ,;-–—")
    return found.iso, section or None


def new_record(piece: str) -> Record:
    """Read one article of the new layout.

    Parameters
    ----------
    piece : str
        What stands within its ``<article>``, whose own elements may be broken.

    Returns
    -------
    dict
        Columns of *documents*; "text" is None if there is none.

    Examples
    --------
    >>> new_record("<header><p class='titreArticleVisu'>Pluie</p></header>")["text"] is None
    True
    """
    root = html_root(piece, what="Europresse files")
    number = _NUMBER.search(_line(_with_class(root, "public-lblnodoc")) or " ".join(_line(footer) for footer in root.iter("footer")))
    header = _line(_with_class(root, "docheader"))
    if not header_dates.find(header):
        header = next(
            (line for span in root.iter("span") if "doctitresoussection" not in _classes(span) and header_dates.find(line := _line(span)[:300])), header
        )
    published, section = _dated(header, number)
    title = _with_class(root, "titrearticlevisu", "titrearticle")
    body = _with_class(root, "dococurrcontainer", "doctext")
    if body is None:
        body = next((each for each in root.iter("section") if "".join(each.itertext()).strip()), None)
    return {
        "title": _line(title) or None,
        "text": _new_body(body) or None,
        "outlet": _outlet(_line(_with_class(root, "docpublicationname"))),
        "published": published,
        "author": _new_author(root),
        "section": section,
        "document_id": "·".join(number.groups()) if number else None,
    }


def _new_body(body: Any | None) -> str:
    if body is None:
        return ""
    for element in list(body.iter("footer", "aside", "button")):
        element.clear(keep_tail=True)
    return text_of(body)


def _new_author(root: Any) -> str | None:
    """Return who stands below the title."""
    named = _with_class(root, "docauthors")
    if named is None:
        header = next(iter(root.iter("header")), None)
        children = [] if header is None else list(header)
        titles = [
            i for i, child in enumerate(children) if any("titrearticle" in _classes(each) or "titrearticlevisu" in _classes(each) for each in child.iter())
        ]
        below = children[titles[-1] + 1 :] if titles else []
        named = next((child for child in below if name_of(child) in ("div", "p") and 0 < len(_line(child)) < 200), None)
    return _line(named) or None


def _outlet(text: str) -> str | None:
    return _ISSUE.sub("", " ".join(text[:500].split()).replace(" ,", ",")).strip(" ,") or None


def old_record(piece: str) -> Record:
    """Read one article of the old layout.

    Parameters
    ----------
    piece : str
        From the name of its outlet to the next article's.

    Returns
    -------
    dict
        Columns of *documents*; "text" is None if there is none.

    Examples
    --------
    >>> record = old_record('<span class="DocPublicationName">La Feuille, no. 12</span><br><span class="DocHeader">jeudi 4 mai 2001</span>'
    ...     '<br><span class="TitreArticleVisu">Pluie</span><br><br>Il pleut.<p></p>Il fait beau.<p></p>© 2001 La Feuille.')
    >>> record["outlet"], record["published"], record["text"]
    ('La Feuille', '2001-05-04', 'Il pleut.\\n\\nIl fait beau.')
    """
    mark = _TITLE.search(piece)
    head, title, rest = (piece, "", "") if mark is None else (piece[: mark.start()], *_span(piece, mark.end()))
    if mark is None:
        headers = [match.start() for match in _HEADERS.finditer(piece)]
        if headers:
            head, rest = piece[: piece.find("</span>", headers[-1]) + 7], piece[piece.find("</span>", headers[-1]) + 7 :]
    root = html_root(head, what="Europresse files") if head.strip() else None
    header = "" if root is None else " ".join(_line(span) for span in root.iter("span") if "docheader" in _classes(span))
    author = _AUTHOR.match(rest)
    paragraphs = _paragraphs(rest[author.end() :] if author else rest)
    number = next((match for text in paragraphs if (match := _NUMBER.search(text))), None)
    end = next((i for i, text in enumerate(paragraphs) if _NUMBER_LINE.match(text)), len(paragraphs))
    while end and captions.is_rights(paragraphs[end - 1]) and len(paragraphs[end - 1]) < 300:
        end -= 1
    published, section = _dated(header.replace(" ,", ","), number)
    return {
        "title": _plain(title) or None,
        "text": "\n\n".join(paragraphs[:end]) or None,
        "outlet": _outlet("" if root is None else _line(_with_class(root, "docpublicationname"))),
        "published": published,
        "author": _plain(author[1]) or None if author else None,
        "section": section,
        "document_id": "·".join(number.groups()) if number else None,
    }


def _span(piece: str, start: int) -> tuple[str, str]:
    """Return what a span that begins at `start` holds, spans within it included, and what comes behind it."""
    depth = 1
    for match in _SPAN.finditer(piece, start):
        depth += -1 if match[1] else 1
        if depth == 0:
            return piece[start : match.start()], piece[match.end() :]
    return piece[start : start + 1_000], piece[start + 1_000 :]


def _plain(piece: str) -> str:
    return " ".join(text_of(html_root(piece, what="Europresse files")).split()) if re.sub(r"<[^<>]*>", "", piece).strip() else ""


def _paragraphs(piece: str) -> list[str]:
    if not re.sub(r"<[^<>]*>", "", piece).strip():
        return []
    return [text for text in text_of(html_root(piece, what="Europresse files")).split("\n\n") if text.strip()]


def read_html(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read an HTML export of Europresse.

    Returns
    -------
    Parsed
        A record an article.

    Raises
    ------
    ReadError
        No article is in it.
    """
    text = html_text(read_whole(path))
    notes = [] if _PAGE_END.search(text[-4096:]) else ["the page breaks off; its last article may be cut, and others missing"]
    starts = [(match.start(), match.end()) for match in _ARTICLE.finditer(text)]
    if starts:
        unmarked = _unmarked(text, [start for start, _ in starts])
        if unmarked:
            notes.append(f"{len(unmarked):,} {'article begins' if len(unmarked) == 1 else 'articles begin'} without a mark")
        starts = sorted([*starts, *((start, start) for start in unmarked)])
        pieces = []
        for (_, start), (end, _) in zip(starts, [*starts[1:], (len(text), 0)], strict=True):
            close = _ARTICLE_END.search(text, start, end)
            pieces.append(text[start : close.start() if close else end])
        return _parsed("europresse@2", "Europresse HTML", [_safely(new_record, piece) for piece in _few(pieces)], notes)
    return _parsed("europresse@1", "Europresse HTML, old layout", [_safely(old_record, piece) for piece in _few(_old_pieces(text))], notes)


def _unmarked(text: str, starts: Sequence[int]) -> list[int]:
    """Return where articles begin whose own mark is missing: an outlet is named after an article's end, before the next one's beginning."""
    marks = [(start, "start") for start in starts] + [(match.start(), "outlet") for match in _OUTLET.finditer(text)]
    marks += [(match.start(), "end") for match in _ARTICLE_END.finditer(text)]
    found, last = [], "end"
    for at, kind in sorted(marks):
        if kind == "outlet" and last == "end":
            found.append(at)
        last = kind
    return found


def _old_pieces(text: str) -> list[str]:
    """Cut the old layout where an outlet is named; a second name without a date after the first is of the same article."""
    starts = [match.start() for match in _OUTLET.finditer(text)]
    pieces: list[str] = []
    pending = ""
    for start, end in zip(starts, [*starts, len(text)][1:], strict=True):
        piece = pending + text[start:end]
        pending = ""
        if not (_TITLE.search(piece) or _HEADERS.search(piece)) and end - start < 5_000 and end < len(text):
            pending = piece
        else:
            pieces.append(piece)
    return [*pieces, pending] if pending else pieces


def _few(pieces: list[str]) -> list[str]:
    if len(pieces) > _MOST:
        raise LimitError(f"it has more than {_MOST:,} articles; split it")
    return pieces


def _safely(reader: Any, piece: str) -> Record:
    try:
        return dict(reader(piece))
    except ReadError as error:
        return {"text": None, "skipped": str(error)}


def _parsed(reader: str, what: str, records: Sequence[Record], notes: Sequence[str] = ()) -> Parsed:
    """Return the records as the columns of *documents*."""
    if not records:
        raise ReadError("it looks like a Europresse file but no article is in it; select the articles and save them as HTML again")
    names = ("title", "text", "outlet", "published", "author", "section", "document_id")
    kept = [(n, record) for n, record in enumerate(records, 1) if record["text"]]
    width = max(2, len(str(len(records))))
    mended = [(n, "no headline in the file") for n, record in kept if record["title"] is None]
    mended += [(n, "no date in the file") for n, record in kept if record["published"] is None]
    return Parsed(
        reader,
        what,
        {**{name: [record[name] for _, record in kept] for name in names}, "kind": ["article"] * len(kept)},
        numbers=[n for n, _ in kept],
        endings=[f"-{n:0{width}d}" for n, _ in kept],
        unit="article",
        skipped=[(n, record.get("skipped") or "the file has no text for this article") for n, record in enumerate(records, 1) if not record["text"]],
        mended=mended,
        notes=list(notes),
    )


def _is_europresse(head: bytes) -> bool:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return False
    return b"DocPublicationName" in head or b"docOcurrContainer" in head or b"cedrom-sni.com/schema" in head


FORMATS: tuple[Format, ...] = (Format("Europresse HTML", (), read_html, _is_europresse),)
