"""Factiva exports: HTML and XML, and the lines of its RTF and Word files.

In HTML every article is a ``div`` of the classes *article* and *enArticle* (*frArticle*, *zhtwArticle* ...), either a table of fields with codes (HD headline,
PD date, SN source, LP and TD the text), or without codes, in a fixed order: section, headline, byline, number of words, date, time, source, code of the
source, edition, page, language, copyright. The text is the paragraphs of the lead and the rest; notes, captions and publishers behind it are left out.

>>> root = b'''<title>Factiva</title><div class="article enArticle"><div id="hd"><span class="enHeadline">Rain <b>Closes</b> Roads</span></div>
... <div>12 words</div><div>1 July 2019</div><div>Kherson Post</div><div>KHPO</div><div>English</div>
... <p class="articleParagraph">Rain fell.</p><p>Document KHPO000020190701ef71000a1</p></div>'''
>>> record = html_records(root)[0]
>>> record.title, record.published, record.outlet, record.language, record.accession, record.text
('Rain Closes Roads', '2019-07-01', 'Kherson Post', 'English', 'KHPO000020190701ef71000a1', 'Rain fell.')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newsanalysis.readers import captions, header_dates, languages
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.markup import damage, html_pages, html_root, html_text, name_of, text_of, xml_root
from newsanalysis.readers.text import decode
from newsanalysis.readers.word import Line

READER = "factiva@1"
_FIELD_CODES = "ART AN AU BY CLM CO CR CT CX CY DLN ED ET GC HD HLP IN IPC IPD LA LP NGC NS OR PD PG PUB RE RF RST SC SE SN SO TD TI VOL WC"
_CODES = frozenset(_FIELD_CODES.split())
_ACCESSION = r"[A-Za-z0-9]{6,10}(?:18|19|20)\d{6}[a-z0-9]{8,10}"
_FRAME = re.compile(rf"article-{_ACCESSION}")
_LAST = re.compile(rf"(?:^|[^\w-])({_ACCESSION})\s*$")
_END = re.compile(rf"(?:AN )?\S{{2,12}}\s?({_ACCESSION})")
_WORDS = re.compile(r"(?:[^\W\d_]{2,12} ?: ?)?\d[\d.,'’ ]{0,9}\s?[^\W\d]{1,12}\.?")
_CLOCK = re.compile(r"\d{1,2}[:h.]\d{2}(?::\d\d)?\s?(?:[AaPp]\.?[Mm]\.?)?(?:\s?[A-Z]{2,4})?(?:[+-]\d{1,2}(?::?\d\d)?)?")
_CODE = re.compile(r"[A-Z0-9]{1,10}")
_COUNTED = re.compile(r"^\d{1,5}\) ")
_RIGHTS = re.compile(r"\(c\)|©|copyright|copr\b|all rights|alle rechte|tous droits", re.IGNORECASE)
_FIRM = re.compile(r"\b(?:ltd|limited|inc|gmbh|ag|company|corp|corporation|llc|plc|group|s\.?a|s\.?p\.?a|b\.?v|ab|press|media|digital)\b", re.IGNORECASE)
_TOKEN = re.compile(r"([a-z]{2})[a-z]{0,4}Article")
_HTML = re.compile(rb"""<title>\s*Factiva\s*</title>|Dow Jones Factiva|class\s*=\s*["']article [a-z]{2,6}Article|fcpNavContainer|factivalogo""", re.IGNORECASE)
_XML = re.compile(rb"<(?:\w+:)?(?:PPSResponse|ppsArticleResponse|ppsarticleResultSet|ppsarticle)\b|global\.factiva\.com/pps")
_TEXT = re.compile(rb"^(?:AN\t *)?[\xc2-\xf4\x80-\xbf\w]{2,24} [A-Za-z0-9]{6,10}(?:18|19|20)\d{6}[a-z0-9]{8,10}[ \t\r]*$", re.MULTILINE)
_DECLARED = re.compile(r"\d{1,7}")
_MOST_HEAD = 40  # lines above an article's text
_GRIDS = frozenset(("table", "ul", "ol", "pre"))

_XML_NAMES = "headline sourceName publisherName byline sectionName columnName baseLanguage accessionNo webUrl url uri link"
_XML_TEXTS = frozenset(_XML_NAMES.split())


@dataclass(slots=True)
class Record:
    """One article of Factiva.

    Parameters
    ----------
    title, outlet, published, author, section, language, url, accession : str or None
        As the file has them; the date in ISO 8601.
    text : str
        Its paragraphs.
    cut : bool
        Whether its end is not marked, though the ends of others are.

    Examples
    --------
    >>> Record(title="Rain").text
    ''
    """

    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    author: str | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    accession: str | None = None
    text: str = ""
    cut: bool = False


def read_html(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read Factiva's HTML.

    Raises
    ------
    ReadError
        No article is in it.
    """
    raw = read_whole(path)
    records = html_records(raw)
    if not records:
        raise ReadError("it is a page of Factiva without an article (no div of class 'article'): save the articles, not the list of headlines")
    whole = re.search(rb"</body\s*>|</html\s*>|</form\s*>", raw[-4096:], re.IGNORECASE)
    notes = [] if whole else ["the page breaks off; its last article may be cut"]
    return parsed(records, "Factiva HTML", notes)


def read_text(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read articles of Factiva that were saved as plain text.

    Raises
    ------
    ReadError
        No article is in it.
    """
    decoded = decode(read_whole(path))
    records = line_records(decoded.text.splitlines())
    if not records:
        raise ReadError("it has lines that end articles of Factiva, but no article above them with a number of words and a date")
    answer = parsed(records, "Factiva text", [decoded.note] if decoded.note else [])
    return replace(answer, encoding=decoded.encoding)


def read_xml(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read Factiva's XML.

    Raises
    ------
    ReadError
        It is no XML, or no article is in it.
    """
    root = xml_root(read_whole(path), what="Factiva XML files")
    found = [element for element in root.iter() if name_of(element) == "article"]
    notes = [said] if (said := damage(root)) else []
    if not found:
        raise ReadError("it is XML of Factiva without an <article>" + (f"; {notes[0]}" if notes else ""))
    for element in root.iter("{*}ppsarticleResultSet"):
        count = element.get("count") or ""
        if _DECLARED.fullmatch(count) and int(count) != len(found):
            notes.append(f"it says that it has {int(count):,} articles, {len(found):,} are in it")
    return parsed([_xml_record(element) for element in found], "Factiva XML", notes)


def parsed(records: Sequence[Record], format_: str, notes: list[str]) -> Parsed:
    """Return the records of a file as a reader's answer; those without a text are skipped.

    >>> parsed([Record(title="Rain", text="Rain fell."), Record(title="Snow")], "Factiva HTML", []).skipped
    [(2, "there is no text under 'Snow'")]
    """
    names = ("title", "text", "outlet", "published", "author", "section", "url", "language", "document_id")
    columns: dict[str, list[object]] = {name: [] for name in names}
    answer = Parsed(READER, format_, columns, [], [], "article", notes=list(notes))
    width = max(3, len(str(len(records))))
    captioned = 0
    for number, record in enumerate(records, 1):
        if not record.text:
            answer.skipped.append((number, f"there is no text under {record.title!r}" if record.title else "there is neither headline nor text"))
            continue
        if not record.title:
            answer.mended.append((number, "it has no headline"))
        if record.cut:
            answer.mended.append((number, "its end is not marked; the file may be cut"))
        text = captions.cut(record.text)
        captioned += text != record.text
        values = (record.title, text, record.outlet, record.published, record.author, record.section, record.url, record.language, record.accession)
        for name, value in zip(names, values, strict=True):
            columns[name].append(value)
        answer.numbers.append(number)
        answer.endings.append(f"-{number:0{width}d}")
    answer.notes.extend(captions.note(captioned))
    return answer


# --- HTML ---


def html_records(raw: bytes | str) -> list[Record]:
    """Return the articles of a page of Factiva.

    Parameters
    ----------
    raw : bytes or str
        The whole page.

    Returns
    -------
    list of Record
        In the order of the page.
    """
    text = raw if isinstance(raw, str) else html_text(raw)
    return [record for page in html_pages(text) for record in _page_records(page)]


def _page_records(text: str) -> list[Record]:
    root = html_root(text, what="Factiva HTML files")
    divs = list(root.iter("div"))
    found = [element for element in divs if _token(element)]
    if found:
        found = [element for element in divs if _token(element) or _is_empty_frame(element)]
    else:
        found = [element for element in divs if "article" in (element.get("class") or "").split() and _has_fields(element)]
    for element in reversed(found):  # a page with a tag missing has articles inside articles
        if any(_token(above) for above in element.iterancestors("div")):
            parent = element.getparent()
            parent.remove(element)
    return [_html_record(element) for element in found]


def _is_empty_frame(element: Any) -> bool:
    """Whether a div is the frame of an article that is not in it: it has the accession number for a name, and nothing inside that is an article."""
    if "article" not in (element.get("class") or "").split() or not _FRAME.fullmatch(element.get("id") or ""):
        return False
    return not any(_token(node) for node in element.iterdescendants("div")) and not any(_token(node) for node in element.iterancestors("div"))


def _token(element: Any) -> str | None:
    """Return the language in the classes of an article; None if it is none."""
    classes = (element.get("class") or "").split()
    if "article" not in classes:
        return None
    return next((match[1] for each in classes if (match := _TOKEN.fullmatch(each))), None)


def _has_fields(element: Any) -> bool:
    """Whether a div without a language's class is an article: it has paragraphs of one, and no article in it."""
    inner = [name_of(node) == "div" and "article" in (node.get("class") or "").split() for node in element.iterdescendants("div")]
    return not any(inner) and any("articleParagraph" in (node.get("class") or "") for node in element.iterdescendants("p"))


def _flat(element: Any) -> str:
    return " ".join(text_of(element).split())


def _html_record(element: Any) -> Record:
    rows = list(_rows(element))
    codes = {code for code, _ in rows}
    record = _coded(rows) if len(codes & _CODES) >= 4 and codes & {"HD", "LP", "TD"} else _uncoded(element)
    record.language = record.language or _token(element)
    if not record.accession:
        above = element.getparent()
        for node in (element, above):
            name = node.get("id") if node is not None else None
            if name and (match := _LAST.search(name.replace("article-", " "))):
                record.accession = match[1]
    return record


def _rows(element: Any) -> Iterator[tuple[str, Any]]:
    """Yield the rows of an article's table: code or label, and the cell beside it."""
    for row in element.iter("tr"):
        cells = [cell for cell in row if name_of(cell) in ("td", "th")]
        if len(cells) >= 2:
            yield _flat(cells[0]), cells[1]


def _coded(rows: Iterable[tuple[str, Any]]) -> Record:
    """Read a table of fields with codes."""
    texts: dict[str, str] = {}
    parts: list[str] = []
    for code, cell in rows:
        if code in ("LP", "TD"):
            parts.append(text_of(cell))
        else:
            texts.setdefault(code, _flat(cell))
    return _fields(texts, "\n\n".join(filter(None, parts)))


def _fields(texts: Mapping[str, str], text: str) -> Record:
    """Make a record of fields by their codes."""
    date = header_dates.find(f"{texts.get('PD', '')} {texts.get('ET', '')}".strip())
    accession = _LAST.search(f" {texts.get('AN', '')}")
    section = "; ".join(filter(None, [texts.get("SE"), texts.get("CLM")])) or None
    return Record(
        title=texts.get("HD") or texts.get("TI") or None,
        outlet=texts.get("SN") or texts.get("SO") or None,
        published=date.iso if date else texts.get("PD") or None,
        author=_byline(texts.get("BY") or texts.get("AU") or ""),
        section=section,
        language=texts.get("LA") or None,
        accession=accession[1] if accession else None,
        text=text,
    )


def _byline(text: str) -> str | None:
    return re.sub(r"^(?:By|Von|Par|Por) (?=\S)", "", " ".join(text.split()), flags=re.IGNORECASE) or None


def _uncoded(element: Any) -> Record:
    """Read an article whose fields stand in a fixed order."""
    record = Record()
    before: list[str] = []
    lines: list[str] = []
    body: list[tuple[str, str]] = []  # of what kind, and its text
    headed = False
    for node in _leaves(element):
        classes = node.get("class") or ""
        if "articleParagraph" in classes:
            body.append(("marked", text_of(node)))
            headed = True
            continue
        text = _flat(node)
        if not text:
            continue
        if name_of(node) in _GRIDS:
            if headed or _date_at(lines[:_MOST_HEAD]) is not None:
                body.append(("grid", _grid(node)))
            else:
                lines += filter(None, map(_flat, node.iter("td", "li")))
        elif record.title is None and _is_headline(node):
            record.title, before, lines = _COUNTED.sub("", text) if _is_counted(node) else text, lines, []
        elif record.author is None and "author" in classes.split() and not headed:
            record.author = _byline(text)
        elif name_of(node) == "p":
            body.append(("loose", text))
        elif not headed:
            lines.append(text)
    _order(record, lines)
    record.section = "; ".join(before) or None
    for text in reversed([text for kind, text in body if kind == "loose"][-2:]):
        if not record.accession and (match := _LAST.search(text)):
            record.accession = match[1]
    record.text = "\n\n".join(filter(None, _paragraphs(record, lines, body)))
    return record


def _paragraphs(record: Record, lines: Sequence[str], body: Sequence[tuple[str, str]]) -> list[str]:
    """Return the paragraphs of the text: those that are marked and what stands between them; else those above the end."""
    marked = [i for i, (kind, text) in enumerate(body) if kind == "marked" and text]
    if marked:
        return [text for i, (kind, text) in enumerate(body) if kind != "loose" or marked[0] < i < marked[-1]]
    last = next((i for i, (_, text) in enumerate(body) if record.accession and text.endswith(record.accession)), len(body))
    return _without_firm([text for kind, text in body[:last] if kind != "marked"], [*lines, record.outlet or ""])


def _grid(node: Any) -> str:
    """Return a table, a list or text with its own lines, one line a row."""
    if name_of(node) == "pre":
        return "\n".join(line.strip() for line in "".join(node.itertext()).split("\n") if line.strip())
    rows = [[_flat(cell) for cell in row if name_of(cell) in ("td", "th")] for row in node.iter("tr")] or [[_flat(item)] for item in node.iter("li")]
    return "\n".join(" | ".join(filter(None, row)) for row in rows if any(row))


def _leaves(element: Any) -> Iterator[Any]:
    """Yield the pieces of an article without codes, in order: divs that hold no divs, paragraphs, and cells that are no labels."""
    stack = list(reversed(element))
    while stack:
        node = stack.pop()
        name = name_of(node)
        if name in ("script", "style") or not name or (not len(node) and not (node.text or "").strip()):
            continue
        if name == "p" or _is_headline(node) or (name in _GRIDS and not _is_frame(node)):
            yield node
        elif name in ("div", "td") and not any(name_of(child) in ("div", "p", "table", "tr", "td") for child in node.iter() if child is not node):
            if "index" not in (node.get("class") or "").split():
                yield node
        else:
            stack.extend(reversed(node))


def _is_frame(node: Any) -> bool:
    """Whether a table or list is the page's own: it holds paragraphs, a headline or labels."""
    return any(
        name_of(child) in ("p", "table") or _is_headline(child) or "index" in (child.get("class") or "").split()
        for child in node.iter("*")
        if child is not node
    )


def _is_headline(node: Any) -> bool:
    return node.get("id") == "hd" or (node.get("class") or "").endswith("Headline")


def _is_counted(node: Any) -> bool:
    """Whether the page numbered the headline."""
    return any("counted" in (each.get("class") or "").split() for each in node.iter())


def _order(record: Record, lines: Sequence[str]) -> int:
    """Read the fields around the date from their order; returns how many lines they are, the copyright included."""
    date = _date_at(lines)
    if date is None:
        return 0
    rest = date + 1
    when = lines[date]
    if rest < len(lines) and _CLOCK.fullmatch(lines[rest]):
        when, rest = f"{when} {lines[rest]}", rest + 1
    found = header_dates.find(when)
    record.published = found.iso if found else when
    if rest < len(lines) and not _RIGHTS.match(lines[rest]):
        record.outlet = lines[rest]
        rest += 1
    end = next((i for i in range(rest, min(len(lines), rest + 10)) if _RIGHTS.search(lines[i])), None)
    names = [i for i in range(rest, len(lines) if end is None else end) if i < rest + 8 and len(lines[i]) < 40 and languages.normalised(lines[i])]
    if rest < len(lines) and names and names[0] == rest and len(names) > 1 and _CODE.fullmatch(lines[rest]):
        names = names[1:]  # a source's code that is a language's code too
    if names:
        record.language = lines[names[-1]]
    return end + 1 if end is not None else names[-1] + 1 if names else rest + 1


def _date_at(lines: Sequence[str]) -> int | None:
    """Return which line is the date: the one below the number of words, else the first that is a date and nothing else."""
    dates = [i for i, line in enumerate(lines) if len(line) < 60 and (found := header_dates.find(line)) and found.start <= 11]
    return next((i for i in dates if i and _WORDS.fullmatch(lines[i - 1])), dates[0] if dates else None)


def _without_firm(texts: Sequence[str], head: Sequence[str]) -> list[str]:
    """Return paragraphs without the publisher's name at their end."""
    texts = list(texts)
    if len(texts) > 1 and len(texts[-1]) < 80 and texts[-1][-1:] not in '.!?…"”’':
        known = " ".join(head).casefold()
        if _FIRM.search(texts[-1]) or texts[-1].casefold() in known:
            texts.pop()
    return texts


# --- lines of RTF and Word files ---


def line_records(lines: Sequence[Line | str]) -> list[Record]:
    """Return the articles in the lines of Factiva's RTF, or of a Word document made of it; none if they are not Factiva's.

    Parameters
    ----------
    lines : sequence of Line or str
        Its paragraphs and cells.

    Returns
    -------
    list of Record
        One for each line "Document" with an accession number, and those of whose end that line is missing.

    Examples
    --------
    >>> lines = ["Rain Closes Roads", "12 words", "1 July 2019", "Kherson Post", "KHPO", "English", "(c) 2019", "Rain fell."]
    >>> lines.append("Document KHPO000020190701ef71000a1")
    >>> line_records(lines)[0].text
    'Rain fell.'
    """
    records: list[Record] = []
    piece: list[Line] = []
    found = False
    for line in lines:
        line = line if isinstance(line, Line) else Line(line)
        text = " ".join(line.text.split())
        if len(text) < 60 and (match := _END.fullmatch(text)):
            records += _ended(piece, match[1])
            piece, found = [], True
        elif text:
            piece.append(line)
    return records + _ended(piece, None) if found else []


def _ended(piece: Sequence[Line], accession: str | None) -> list[Record]:
    """Return the article above its end, and those above it whose ends are missing."""
    parts = _split(piece)
    records = [record for part in parts if (record := _line_record(part))]
    for record in records:
        record.cut = True
    if accession and records and _line_record(parts[-1]):
        records[-1].accession, records[-1].cut = accession, False
    return records


def _split(piece: Sequence[Line]) -> list[Sequence[Line]]:
    """Cut lines where a second article begins: above its headline, or its section's code."""
    lines = [" ".join(line.text.split()) for line in piece]
    starts = [i for i, text in enumerate(lines) if text == "HD"]
    codes = ("SE", "CLM")
    if len(starts) > 1:
        starts = [next((i for i in range(max(0, start - 4), start) if lines[i] in codes), start) for start in starts]
    else:
        words = [i for i in range(1, len(lines) - 1) if _WORDS.fullmatch(lines[i]) and _date_at(lines[i : i + 2]) == 1]
        starts = [next((i for i in range(max(0, at - 3), at) if piece[i].bold), at - 1) for at in words]
    ends = [*starts[1:], len(piece)]
    return [piece[start:end] for start, end in zip([0, *starts[1:]], ends, strict=True)] if len(starts) > 1 else [piece]


def _line_record(piece: Sequence[Line]) -> Record | None:
    coded: dict[str, list[str]] = {}
    code = ""
    for line in piece:
        first, _, rest = line.text.partition("\t") if "\t" in line.text else line.text.partition(" ") if line.text[:3].rstrip() == "HD" else (line.text, "", "")
        first = first.strip()
        if first in _CODES and (first not in coded or first == code) and (coded or first in ("HD", "SE", "CLM", "TI")):
            code = first
            coded.setdefault(code, []).extend(filter(None, [rest.strip()]))
        elif code:
            coded[code].append(line.text)
    if len(coded) >= 4 and {"PD", "HD"} <= set(coded):
        texts = {name: " ".join(" ".join(parts).split()) for name, parts in coded.items()}
        return _fields(texts, "\n\n".join([*coded.get("LP", []), *coded.get("TD", [])]))
    return _line_uncoded(piece)


def _line_uncoded(piece: Sequence[Line]) -> Record | None:
    lines = [" ".join(line.text.split()) for line in piece]
    words = next((i for i in range(1, min(len(lines) - 1, 400)) if _WORDS.fullmatch(lines[i]) and _date_at(lines[i : i + 2]) == 1), None)
    if words is None:
        return None
    record = Record()
    length = _order(record, lines[words : words + 16])
    above = list(range(max(0, words - 6), words))
    titles = [i for i in above if piece[i].bold] or _headline([lines[i] for i in above], above)
    record.title = " ".join(lines[i] for i in titles if i < words) or None
    record.section = "; ".join(lines[i] for i in above if i < titles[0]) or None
    record.author = next((_byline(lines[i]) for i in above if i > titles[-1]), None)
    body = [line.text for line in piece[words + length :]]
    record.text = "\n\n".join(_without_firm(body, lines[words : words + length]))
    return record


def _headline(texts: Sequence[str], above: Sequence[int]) -> Sequence[int]:
    """Return which of the lines above the number of words is the headline, where no bold type tells: the second, if the first is a section's short name."""
    by = len(texts) > 1 and re.match(r"(?:By|Von|Par|Por|Di|Door) (?=\S)", texts[-1], re.IGNORECASE) is not None
    first = 1 if len(texts) - by > 1 and len(texts[0].split()) < 4 and len(texts[1].split()) > 2 * len(texts[0].split()) else 0
    return above[first : len(texts) - by] if by else above[first : first + 1]


# --- XML ---


def _xml_record(element: Any) -> Record:
    """Read an ``<article>``."""
    parts: dict[str, Any] = {}
    bodies: list[str] = []
    for child in element:
        name = name_of(child)
        if name in ("leadParagraph", "tailParagraphs", "body", "bodyText"):
            bodies.append(_xml_text(child))
        elif name:
            parts.setdefault(name, child)
    texts = {name: " ".join(text_of(child).split()) for name, child in parts.items() if name in _XML_TEXTS}
    url = next((texts[name] for name in ("webUrl", "url", "uri", "link") if re.match(r"https?://\S+$", texts.get(name, ""))), None)
    return Record(
        title=texts.get("headline") or None,
        outlet=texts.get("sourceName") or texts.get("publisherName") or None,
        published=_xml_date(parts),
        author=_byline(texts.get("byline", "")),
        section="; ".join(filter(None, [texts.get("sectionName"), texts.get("columnName")])) or None,
        language=texts.get("baseLanguage") or None,
        url=url,
        accession=texts.get("accessionNo") or None,
        text="\n\n".join(filter(None, bodies)),
    )


def _xml_date(parts: Mapping[str, Any]) -> str | None:
    """Return the date of publication, with its time if that is given beside it."""
    found: list[str] = []
    for name in ("publicationDate", "publicationTime"):
        if name in parts:
            values = ["".join(child.itertext()).strip() for child in parts[name] if isinstance(child.tag, str)] or ["".join(parts[name].itertext()).strip()]
            found += sorted(filter(None, values), key=len)[-1:]
    if not found:
        return None
    if len(found) == 2 and "T" not in found[0] and re.match(r"\d\d:\d\d", found[1]):
        return f"{found[0]}T{found[1]}"
    return found[0]


def _xml_text(element: Any) -> str:
    """Return the paragraphs of a part of the text; where it has no elements for them, they begin with an indent or behind a blank line."""
    if any(name_of(child) for child in element):
        return text_of(element)
    return wrapped(element.text or "")


def wrapped(text: str) -> str:
    """Return paragraphs of text whose lines were broken to fit a page.

    >>> wrapped("Rain fell\\non Monday.\\n    Roads were\\nclosed.\\n")
    'Rain fell on Monday.\\n\\nRoads were closed.'
    """
    paragraphs: list[list[str]] = [[]]
    lines = text.expandtabs(4).split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    for line in lines:
        if not line.strip() or len(line) - len(line.lstrip()) >= margin + 2:
            paragraphs.append([])
        paragraphs[-1].append(" ".join(line.split()))
    return "\n\n".join(filter(None, (" ".join(filter(None, paragraph)) for paragraph in paragraphs)))


FORMATS: tuple[Format, ...] = (
    Format("Factiva XML", (".xml",), read_xml, lambda head: _XML.search(head) is not None),
    Format("Factiva text", (), read_text, lambda head: not head.lstrip().startswith((b"<", b"{")) and _TEXT.search(head) is not None),
    Format("Factiva HTML", (), read_html, lambda head: _HTML.search(head) is not None),
)
