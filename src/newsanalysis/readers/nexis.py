"""Nexis Uni, Lexis+ and Lexis Advance: articles in Word documents (DOCX) and RTF files, many or one a file, with or without a cover page.

An article begins with its headline, its outlet and its date, has labelled lines (Length, Byline, Section), its text under the label *Body*, and ends with a
paragraph that says *End of Document* and nothing else. Labels count only where they stand alone, in bold or with a bookmark if the file has bold type. The
articles' abstracts, corrections, captions and classifications are not part of their texts.

>>> from newsanalysis.readers.word import Line
>>> lines = ["Rain Closes Roads", "Kherson Post", "July 1, 2019 Monday", "Byline: Ann Lee", "Body", "Rain fell.", "It is the end of document one."]
>>> lines.append("End of Document")
>>> article = articles([Line(text) for text in lines])[0]
>>> article.title, article.outlet, article.date, article.author, article.text
('Rain Closes Roads', 'Kherson Post', 'July 1, 2019 Monday', 'Ann Lee', 'Rain fell.\\n\\nIt is the end of document one.')
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsanalysis.readers import captions, factiva, header_dates
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.rtf import rtf_lines
from newsanalysis.readers.word import Line, docx_lines

READER = "nexis@1"
_ENDS = """end of document|ende des dokuments|dokumentende|fin du document|fin de document|fin del documento|final del documento|fine del documento|
    fim do documento|einde van document|einde van het document|slutet av dokumentet|slut på dokument|koniec dokumentu|конец документа|文档结尾"""
_BODIES = """body|text|volltext|haupttext|hauptteil|textkörper|corps|corps du texte|texte|cuerpo|texto|corpo|testo|corpo del testo|tekst|brödtext|正文|本文"""
_AFTERS = """classification|klassifizierung|klassifikation|clasificación|classificazione|classificação|classificatie|graphic|graphics|grafik|graphique|
    graphisme|gráfico|gráficos|grafico|grafiek|correction|korrektur|corrección|correzione|correctie|load date|correction date|publication type"""
_END, _BODY, _AFTER = (frozenset(label.strip() for label in labels.split("|")) for labels in (_ENDS, _BODIES, _AFTERS))
_FIELDS = {
    "section": "section rubrik ressort rubrique sección seccion sezione seção secção rubriek sectie",
    "author": "byline author authors autor autoren autorin auteur auteurs autore autores autori autora door",
    "language": "language sprache langue idioma lingua língua taal",
    "loaded": """load-date ladedatum lade-datum date-chargement date-de-chargement fecha-carga fecha-de-carga data-caricamento data-di-caricamento
        data-de-carregamento data-de-carga data-carga laaddatum laad-datum""",
    "highlight": "highlight highlights abstract zusammenfassung résumé resumen riassunto",
    "other": """length länge longueur longitud lunghezza lengte comprimento extensão extensión dateline distribution series edition body-type
        copyright publication-type subject organization geographic person industry company ticker country state city column journal-code
        pub-type issn acc-no correction-date graphic name isin datumszeile ortszeile signatur verbreitung""",
}
_LABELS = {name: kind for kind, names in _FIELDS.items() for name in names.split()}
_LABEL = re.compile(r"([^\W\d_][\w\- ]{1,24}?)\s?:\s?")
_COUNT = re.compile(r"(?:documents?|dokumente?|documentos?|documenti|documenten|документы)\s?\((\d{1,6})\)", re.IGNORECASE)
_MARK = re.compile(r"_\d+$")
_START = re.compile(r"Bookmark_\d+")
_URL = re.compile(r"https?://\S+")
_ITEM = re.compile(r"urn(?::|%3[Aa])contentItem(?::|%3[Aa])([0-9A-Z]{4}(?:-[0-9A-Z]+)+)")
_RIGHTS = re.compile(r"(?:copyright|©|\(c\)|alle rechte|all rights|tous droits)\b", re.IGNORECASE)
_BROKEN = "error in this document and it is not possible to display it"
_CORRECTED = re.compile(r"\s+-+ *Correction Appended$", re.IGNORECASE)
_RELATED = frozenset({"related articles", "related article", "related coverage", "related stories"})
_MOST_RELATED = 12  # headlines below "Related Articles", each of a line
_MOST_HEAD = 40  # lines of an article above the label of its text
_TITLE_LINES = 3  # of a headline, besides its last
_LATE = 18  # characters before a date in its line, at most
_WIDE = 120  # characters of a line with a date and of an outlet's name, at most


@dataclass(slots=True)
class Article:
    """One article, as it stands in the file.

    Parameters
    ----------
    title, outlet, date, loaded, author, section, language, url, item : str or None
        What its head and foot say; `loaded` is the date of its loading, `item` the vendor's identifier.
    text : str
        Its paragraphs.
    ended : bool
        Whether its end is marked.

    Examples
    --------
    >>> Article(title="Rain").text
    ''
    """

    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    loaded: str | None = None
    author: str | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    item: str | None = None
    text: str = ""
    ended: bool = True
    highlight: list[str] = field(default_factory=list)


def read_docx(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read the articles of a Word document.

    Raises
    ------
    ReadError
        It cannot be opened, or no article is in it.
    """
    lines, notes = docx_lines(path)
    return _parsed(lines, notes, "Word document")


def read_rtf(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read the articles of an RTF file.

    Raises
    ------
    ReadError
        It is no RTF, or no article is in it.
    """
    return _parsed(rtf_lines(read_whole(path)), [], "RTF file")


def _parsed(lines: list[Line], notes: list[str], what: str) -> Parsed:
    suffix = "DOCX" if what.startswith("Word") else "RTF"
    ended = any(_is(line.text, _END) for line in lines)
    if not ended and (records := factiva.line_records(lines)):
        return factiva.parsed(records, f"Factiva {suffix}", notes)
    found = articles(lines)
    declared = _declared(lines)
    if not found:
        raise ReadError("; ".join([*notes, _nothing(lines, declared, what)]))
    if declared is not None and declared != len(found):
        notes = [*notes, f"its cover page speaks of {declared:,} documents, {len(found):,} are in it"]
    return _table(found, f"Nexis {suffix}", notes)


def _nothing(lines: Sequence[Line], declared: int | None, what: str) -> str:
    """Say why a file has no article."""
    if declared is not None:
        return f"the {what} is Nexis' list of {declared:,} documents, without their texts: download the full documents"
    empty = not any(line.text for line in lines)
    reason = "it is empty" if empty else "none of its paragraphs says 'End of Document', and there is no 'Body' under a headline with a date"
    return f"there is no article of Nexis or Factiva in the {what}: {reason}; save other documents as plain text (.txt), one article a file"


def _table(found: Sequence[Article], format_: str, notes: list[str]) -> Parsed:
    names = ("title", "text", "outlet", "published", "author", "section", "url", "language", "kind", "document_id")
    columns: dict[str, list[object]] = {name: [] for name in names}
    width = max(3, len(str(len(found))))
    parsed = Parsed(READER, format_, columns, [], [], "article")
    captioned = 0
    for number, article in enumerate(found, 1):
        said = []
        kind, text = "article", captions.cut(article.text)
        if not text and article.highlight:
            kind, text = "summary", "\n\n".join(article.highlight)
            said.append("it has no body; its highlight is read, as a summary")
        if _BROKEN in text[:400]:
            parsed.skipped.append((number, f"Nexis could not deliver {article.title!r}: fetch it again"))
            continue
        if not text:
            parsed.skipped.append((number, f"there is no text under {article.title!r}" if article.title else "there is neither headline nor text"))
            continue
        date = header_dates.find(article.date) if article.date else None
        if not date and article.loaded and (date := header_dates.find(article.loaded)):
            said.append("it has no date; the date of its loading is given")
        if not article.ended:
            said.append("its end is not marked; the file may be cut")
        if not article.title:
            said.append("it has no headline")
        captioned += kind == "article" and text != article.text
        values = (article.title, text, article.outlet, date.iso if date else article.date, article.author, article.section, article.url, article.language)
        for name, value in zip(names, (*values, kind, article.item), strict=True):
            columns[name].append(value)
        parsed.numbers.append(number)
        parsed.endings.append(f"-{number:0{width}d}")
        parsed.mended.extend((number, reason) for reason in said)
    parsed.notes.extend([*notes, *captions.note(captioned)])
    return parsed


def articles(lines: Sequence[Line]) -> list[Article]:
    """Return the articles in the lines of a Nexis file, in their order.

    Parameters
    ----------
    lines : sequence of Line
        The paragraphs of the document, cover page and table of contents included.

    Returns
    -------
    list of Article
        One for each *End of Document*, and what stands behind the last one if it is an article.
    """
    strict = any(line.bold for line in lines)
    found = [_article(piece, ended=ended, strict=strict) for piece, ended in _pieces(lines, strict=strict)]
    return [article for article in found if article.ended or (article.text and (article.title or article.date))]


def _is(text: str, names: frozenset[str]) -> bool:
    return len(text) < 40 and " ".join(text.replace("-", " ").split()).casefold().rstrip(":") in names


def _is_body(line: Line, *, strict: bool) -> bool:
    return _is(line.text, _BODY) and (not strict or line.bold or _MARK.sub("", line.mark).casefold() in _BODY)


def _pieces(lines: Sequence[Line], *, strict: bool) -> list[tuple[list[Line], bool]]:
    """Cut the lines behind each end of a document, and before a document's bookmark where an end is missing."""
    pieces: list[tuple[list[Line], bool]] = []
    piece: list[Line] = []
    body, last = False, 0
    for line in lines:
        if _is(line.text, _END):
            pieces.append((piece, True))
            piece, body = [], False
            continue
        if body and _START.fullmatch(line.mark):
            pieces.append((piece, False))
            piece, body = [], False
        if _is_body(line, strict=strict):
            if body and (start := _second(piece, last)):
                pieces.append((piece[:start], False))
                piece = piece[start:]
            body, last = True, len(piece)
        piece.append(line)
    pieces.append((piece, False))
    return [(piece, ended) for piece, ended in pieces if any(line.text for line in piece)]


def _second(piece: Sequence[Line], body: int) -> int:
    """Return where a second article begins below the first one's text: its headline, above its date; 0 if there is none."""
    start = max(body + 1, len(piece) - _MOST_HEAD)
    date = next((i for i in range(len(piece) - 1, start, -1) if _is_date(piece[i].text)), 0)
    above = [i for i in range(start, date) if piece[i].text]
    levels = [i for i in above if piece[i].level == 0]
    if levels:
        first = levels[-1]
        while first - 1 in levels:
            first -= 1
        return first
    return above[-2] if len(above) > 2 else 0


def _article(piece: Sequence[Line], *, ended: bool, strict: bool) -> Article:
    article = Article(ended=ended)
    body = next((i for i, line in enumerate(piece) if _is_body(line, strict=strict)), None)
    head_end = len(piece) if body is None else body
    first, after = _title(piece, head_end)
    date = next((i for i in range(after, min(head_end, after + 12)) if _is_date(piece[i].text)), None)
    if first < after:
        article.title = _CORRECTED.sub("", " ".join(" ".join(line.text for line in piece[first:after]).split())) or None
        links = [link for line in piece[first:after] for link in line.links]
        article.item = next((match[1] for link in links if (match := _ITEM.search(link))), None)
    if body is None:
        if not ended and date is None:
            return article
        head_end = _head_end(piece, date if date is not None else after - 1)
        body = head_end - 1
    _head(article, piece, after, head_end, date)
    _body(article, piece[body + 1 :], strict=strict)
    return article


def _is_date(text: str) -> bool:
    found = header_dates.find(text) if 0 < len(text) <= _WIDE else None
    return found is not None and found.start <= _LATE and not _field(text)[0]


def _title(piece: Sequence[Line], end: int) -> tuple[int, int]:
    """Return where the headline begins and ends: the last lines of the highest level, else what stands two lines above the date."""
    levels = [i for i in range(end) if piece[i].level == 0 and piece[i].text]
    if levels:
        first = last = levels[-1]
        while first and last - first < _TITLE_LINES and piece[first - 1].level == 0 and piece[first - 1].text:
            first -= 1
        return first, last + 1
    dates = [i for i in range(end) if _is_date(piece[i].text)]
    if not dates:
        texts = [i for i in range(end) if piece[i].text]
        return (texts[0], texts[0] + 1) if texts else (0, 0)
    above = [i for i in range(dates[-1] if end < len(piece) else dates[0]) if piece[i].text]
    start = max((i for i in range(above[-1] if above else 0) if piece[i].breaks or _START.fullmatch(piece[i].mark)), default=-1)
    above = [i for i in above if i > start or piece[i].mark]
    while len(above) > 2 and piece[above[-1]].text.startswith("("):
        above.pop()
    if not above:
        return 0, 0
    if len(above) == 1:
        line = piece[above[0]]
        alone = line.bold or bool(line.links) or not any(other.bold for other in piece)
        return (above[0], above[0] + 1) if alone else (above[0], above[0])  # the outlet of an article without a headline
    first = last = above[-2]
    while first - 1 > start and piece[first - 1].text and last - first < _TITLE_LINES:  # a headline of several lines, without a blank one between
        first -= 1
    return first, last + 1


def _head_end(piece: Sequence[Line], date: int) -> int:
    """Return where the labelled lines end in an article without the label of its text."""
    end = date + 1
    for i in range(date + 1, min(len(piece), date + 30)):
        text = piece[i].text
        kind = _field(text)[0]
        if kind == "loaded":  # it stands below the text
            break
        if kind or _RIGHTS.match(text):
            end = i + 1
        elif len(text) > _WIDE:
            break
    return end


def _field(text: str) -> tuple[str, str]:
    """Return kind and value of a labelled line; kind "" if it is none."""
    match = _LABEL.match(text[:_WIDE])
    kind = _LABELS.get("-".join(match[1].casefold().split()), "") if match else ""
    return (kind, text[match.end() :].strip()) if match and kind else ("", "")


def _head(article: Article, piece: Sequence[Line], start: int, end: int, date: int | None) -> None:
    """Read what stands between headline and text."""
    if date is not None:
        article.date = piece[date].text
    for i in range(start, end):
        text = piece[i].text
        kind, value = _field(text)
        if kind:
            _keep(article, kind, value)
        elif text and i != date and article.outlet is None and (date is None or i < date) and len(text) <= _WIDE and not _RIGHTS.match(text):
            article.outlet = re.sub(r"(?<=[a-z]{3})\.$", "", re.sub(r"(?<=\w)\(", " (", " ".join(text.split())))


def _keep(article: Article, kind: str, value: str) -> None:
    value = " ".join(value.split())
    if not value:
        return
    if kind == "highlight":
        article.highlight.append(value)
    elif kind == "author":
        article.author = article.author or re.sub(r"^(?:By|Von|Par|Por) (?=\S)", "", value, flags=re.IGNORECASE).strip("; ") or None
    elif kind == "section":
        article.section = article.section or re.sub(r"(?:; ?)?Version:\d+$", "", value).strip("; ") or None
    elif kind == "loaded":
        article.loaded = article.loaded or value
    elif kind == "language":
        article.language = article.language or value


def _body(article: Article, lines: Sequence[Line], *, strict: bool) -> None:
    """Read the text, and what the foot says."""
    end = next((i for i, line in enumerate(lines) if _is_after(line, strict=strict)), len(lines))
    for line in lines[end:]:
        for text in line.text.split("\n"):
            kind, value = _field(text)
            if kind in ("language", "loaded"):
                _keep(article, kind, value)
    paragraphs = [line for line in lines[:end] if line.text.strip()]
    whole = next((i for i, line in enumerate(paragraphs) if line.text.casefold() == "full text" and (line.bold or not strict)), None)
    if whole is not None and whole < 12 and paragraphs[0].text.casefold() == "abstract":
        article.highlight += [line.text for line in paragraphs[1:whole]]
        paragraphs = paragraphs[whole + 1 :]
    elif paragraphs and paragraphs[0].text.casefold() in ("abstract", "full text") and (paragraphs[0].bold or not strict):
        paragraphs = paragraphs[1:]
    texts = [line.text for line in _without_related(paragraphs, strict=strict)]
    while texts and _URL.fullmatch(texts[-1]):
        url = texts.pop()
        article.url = url if url.rstrip("/").count("/") > 2 else article.url
    if article.title and texts and " ".join(texts[0].split()).casefold() == article.title.casefold():
        texts = texts[1:]
    article.text = "\n\n".join(re.sub(r"\n{2,}", "\n\n", text) for text in texts)


def _without_related(paragraphs: list[Line], *, strict: bool) -> list[Line]:
    """Return paragraphs without the list of other articles' headlines at their end."""
    for i in range(max(0, len(paragraphs) - _MOST_RELATED), len(paragraphs)):
        rest = paragraphs[i + 1 :]
        if paragraphs[i].text.casefold().rstrip(":") in _RELATED and (paragraphs[i].bold or not strict):
            return paragraphs[:i] if all(len(line.text) < _WIDE and not line.text.endswith(".") for line in rest) else paragraphs
    return paragraphs


def _is_after(line: Line, *, strict: bool) -> bool:
    """Whether a section begins that is not the text: a label alone, marked as one, or the line of the load date."""
    text = line.text.strip()
    if _is(text, _AFTER) and (not strict or line.bold or line.mark):
        return True
    if line.mark and text and _MARK.sub("", line.mark).casefold() == text.casefold().replace(" ", "_"):
        return True
    return _field(text)[0] == "loaded" and len(text) < 60 and header_dates.find(text) is not None


def _declared(lines: Sequence[Line]) -> int | None:
    """Return how many documents the cover page speaks of."""
    for line in lines[:60]:
        if match := _COUNT.fullmatch(line.text):
            return int(match[1])
    return None


def _is_docx(head: bytes) -> bool:
    """Whether a file begins as a Word document: its first member is of an Office file, and one is of Word."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    name = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    office = name in (b"[Content_Types].xml", b"mimetype") or name.startswith((b"_rels/", b"docProps/", b"word/", b"customXml/"))
    return office and b"xl/workbook" not in head and b"ppt/" not in head and b"word/" in head


FORMATS: tuple[Format, ...] = (
    Format("Word document", (".docx", ".docm"), read_docx, _is_docx),
    Format("RTF", (".rtf",), read_rtf, lambda head: head[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")),
)
