"""Exports of the old Nexis (LexisNexis Academic, Nexis UK): HTML and plain text, with labels in the language of who downloaded.

Both are made into the same blocks: outlet, date, title, labels such as LENGTH or LÄNGE, body, labels such as LOAD-DATE, copyright. The labels differ by
language and the HTML's classes (c0, c1 ...) differ by file, so blocks are known by what their style says (centred, large), by the date and by labels.

>>> head = [Block("The Echo", centred=True), Block("May 4, 2001", centred=True)]
>>> record = assemble([*head, Block("Rain closes roads"), Block("LENGTH: 3 words"), Block("Rain fell.")])
>>> record.title, record.outlet, record.published, record.text
('Rain closes roads', 'The Echo', '2001-05-04', 'Rain fell.')
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsanalysis.readers import captions, header_dates, languages
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.markup import html_root, html_text, name_of, text_of
from newsanalysis.readers.text import decode

_FIELDS = {
    "author": "byline autor auteur auteurs autoren autore autores door verfasser skribent",
    "section": "section rubrique rubrik seccion sezione secao caderno sectie rubriek ressort sektion",
    "length": "length longueur lange laenge longitud extension extensao lunghezza lengte comprimento tamanho langd",
    "title": "headline titre titel uberschrift titulo titular titolo kop schlagzeile",
    "language": "language langue sprache idioma lengua lingua taal sprak",
    "lead": "highlight encart insert recuadro",
    "body": "body text texte texto testo tekst",
    "url": "url",
    "loaded": "load-date update date-chargement ladedatum fecha-carga fecha-de-carga laad-datum laaddatum"
    " data-caricamento data-di-caricamento data-carga data-de-carga last-updated",
    "": """dateline series serie type publication-type pub-type type-publication tipo-publicacion tipo-de-publicacion publicatietype tipo-pubblicazione
        graphic grafik graphik graphique grafico grafiek subject sujet thema schlagworter asunto tema onderwerp soggetto person persona personne personen
        company societe firma unternehmen empresa bedrijf societa organization organisation organisatie ticker stock-symbol symbole-boursier borsenkurzel
        industry activity-sector secteur-activite branche geographic geo-localization localisation-geo geographie geografia geografisch
        country state city pays land journal-code code-revue zeitungs-code codigo-periodico dist distribution document-type acc-no name column
        correction correction-date memo note notes notice-type supplement edition ausgabe kicker bibliographie bio credit
        editor-note topic keywords copyright location region product event date show anchors hosts guests reporters correspondents""",
}
_LABELS = {label: name for name, labels in _FIELDS.items() for label in labels.split()}
_LONG = frozenset(["correction", "graphic", "grafik", "graphik", "graphique", "grafico", "notes", "note", "memo"])  # whose value may have paragraphs
_LABEL = re.compile(r"\s{0,99}([A-ZÀ-ÖØ-Þ][A-Z0-9À-ÖØ-Þ &/'-]{1,29}):(?:\s|$)")
_COPYRIGHT = re.compile(
    r"\s*(?:(?:content and programming )?copyright\b|copr\.|copy \d{4}|©|\(c\) ?(?:copyright|\d{4})|all rights reserved|alle rechten? vorbehalten"
    r"|alle rechten|tous droits|todos los derechos|tutti i diritti|todos os direitos)",
    re.IGNORECASE,
)
_OF = r"(\d[\d.,]{0,8}) (?:of|von|de|sur|van|di|af|av) (\d[\d.,]{0,8})"
_COUNT = re.compile(rf"\s*(?:{_OF} (?:DOCUMENTS?|DOKUMENT(?:EN?)?|DOCUMENTOS?|DOCUMENTI|DOCUMENTEN)|(?:Dokument|Document|Documento) {_OF})\s*", re.IGNORECASE)
_COUNTED = re.compile(
    r">\s{0,9}(\d{1,6}) (?:of|von|de|sur|van|di) \d{1,6} (?:DOCUMENTS?|DOKUMENT(?:EN?)?|DOCUMENTOS?|DOCUMENTI|DOCUMENTEN)\s{0,9}<", re.IGNORECASE
)
_COUNT_BYTES = re.compile(
    rb"^[ \t\f\xef\xbb\xbf]{0,99}(?:\d[\d.,]{0,8} (?:of|von|de|sur|van|di|af|av) \d[\d.,]{0,8} (?:DOCUMENT|DOKUMENT)[A-Z]{0,3}"
    rb"|(?:Dokument|Document|Documento) \d[\d.,]{0,8} (?:of|von|de|sur|van|di|af|av) \d[\d.,]{0,8})[ \t]{0,99}\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL_BYTES = re.compile(
    rb"^(?:LENGTH|BYLINE|SECTION|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|L(?:\xc3\x84|\xc4|AE)NGE|RUBRIK|AUTOR|SPRACHE|LONGUEUR|RUBRIQUE|AUTEUR|LANGUE|LONGITUD"
    rb"|EXTENSI(?:\xc3\x93|\xd3|O)N|SECCI(?:\xc3\x93|\xd3|O)N|IDIOMA|LENGTE|RUBRIEK|SECTIE|TAAL|LUNGHEZZA|SEZIONE|LINGUA|AUTORE"
    rb"|EXTENS(?:\xc3\x83|\xc3)O|SE(?:\xc3\x87\xc3\x83|\xc7\xc3)O):",
    re.MULTILINE,
)
_DOCUMENT = re.compile(r"<DOC NUMBER=\d+>", re.IGNORECASE)
_ANCHOR = re.compile(r"""<a\s+name=["']?DOC_ID_\d+_\d+""", re.IGNORECASE)
_END = re.compile(r"</DOCFULL>", re.IGNORECASE)
_DECLARED = re.compile(r"""<META\b[^>]{0,200}?\bDOCUMENTS=["']?(\d{1,7})""", re.IGNORECASE)
_COVER = re.compile(
    r"(?:Download Request: *Selected|Time Of Request:|-{2,} ?End of Request ?-{2,}|User Name: \S|Date and Time: \S|Job Number: \d)", re.IGNORECASE
)
_SELECTED = re.compile(r"Selected Items: *(\d{1,7}) *- *(\d{1,7}) *(?:$|<)", re.MULTILINE)
_RULE = re.compile(r"\.(c\d+)\s{0,9}\{([^{}]{0,2000})\}", re.IGNORECASE)
_SIZE = re.compile(r"font-size:\s{0,9}(\d{1,3})pt")
_SORRY = re.compile(r"we are sorry but there is an error in this document", re.IGNORECASE)
_ADDRESS = re.compile(r";? ?(https?://[^\s<>\"]{4,1500})\s*$")
_CUT = "what stands below its text is missing; the file may be cut"
_MOST = 100_000  # documents of one file
_INDENT = 8
_MOST_COVER = 80  # lines of a cover page
_HEADER = 8  # blocks in which a date is looked for


@dataclass(frozen=True, slots=True)
class Block:
    """A block of an article as it is printed: its text (lines kept), and what its style says of it.

    Parameters
    ----------
    text : str
        Its text; lines stand under each other where the file breaks them.
    centred, large, bold : bool
        Whether it is centred, printed in large type, and whether it begins in bold type.
    alone : bool
        Whether it is a whole block, not one of several paragraphs.
    """

    text: str
    centred: bool = False
    large: bool = False
    bold: bool = False
    alone: bool = True

    @property
    def label(self) -> str | None:
        """The label that the block begins with, in small letters without accents; None if it has none."""
        match = _LABEL.match(self.text)
        if not match:
            return None
        name = header_dates.plain(match[1].strip()).replace(" ", "-")
        if name in _LABELS:
            return name
        return name if self.bold and self.alone else None

    @property
    def value(self) -> str:
        """What stands behind the label, on one line."""
        return " ".join(self.text.partition(":")[2].split())


@dataclass(slots=True)
class Record:
    """An article: what the columns of *documents* want, and what was odd about it."""

    title: str | None = None
    text: str | None = None
    outlet: str | None = None
    published: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    language: str | None = None
    skipped: str | None = None
    mended: list[str] = field(default_factory=list)


def assemble(blocks: Sequence[Block]) -> Record:
    """Make an article of its blocks.

    Parameters
    ----------
    blocks : sequence of Block
        From the line that counts it to its copyright.

    Returns
    -------
    Record
        Its ``skipped`` says why it cannot be a document, if it cannot.

    Examples
    --------
    >>> assemble([Block("DER BOTE", centred=True), Block("4. Mai 2001", centred=True), Block("LÄNGE: 3 Wörter")]).skipped
    'the file has no text for this article'
    """
    record = Record()
    blocks = [block for block in blocks if block.text.strip()]
    if blocks and _COUNT.fullmatch(blocks[0].text):
        blocks = blocks[1:]
    start = _head(blocks, record)
    start, lead = _title(blocks, start, record)
    start, leads = _labels(blocks, start, record)
    end = _tail(blocks, start, record)
    body = [*lead, *leads, *(_body_text(block) for block in blocks[start:end])]
    record.text = "\n\n".join(text for text in body if text) or None
    if record.text is None:
        record.skipped = "the file has no text for this article"
    elif len(record.text) < 400 and _SORRY.search(record.text):
        record.skipped = "the vendor put an error message in its place"
    return record


def _head(blocks: Sequence[Block], record: Record) -> int:
    """Read outlet and date; return where the title may begin."""
    dated = next((i for i, block in enumerate(blocks[:_HEADER]) if block.label is None and len(block.text) < 300 and header_dates.find(block.text)), None)
    labelled = next((i for i, block in enumerate(blocks[:_HEADER]) if block.label is not None), _HEADER)
    dated = None if dated is None or dated > labelled else dated
    i = 0
    while i < len(blocks) and blocks[i].label is None and not blocks[i].large and (blocks[i].centred or (dated is not None and i <= dated)):
        if record.published and not blocks[i].centred:
            break
        for line in blocks[i].text.split("\n"):
            if not line.strip() or _COPYRIGHT.match(line):
                continue
            found = None if record.published else header_dates.find(line)
            if found and (record.outlet or found.start < 30 or i == dated):
                record.published = found.iso
            elif not record.outlet and not record.published:
                record.outlet = " ".join(line.split())
        i += 1
    return i


def _title(blocks: Sequence[Block], start: int, record: Record) -> tuple[int, list[str]]:
    """Read the title; return where the labels begin, and what stood there besides it."""
    end = start
    while end < len(blocks) and end < start + 40 and blocks[end].label is None:
        end += 1
    here = blocks[start:end]
    labelled = end < len(blocks) and _is_head_label(blocks[end])
    large = [block for block in here if block.large]
    if large:
        record.title = " ".join(" ".join(block.text for block in large).split())
        if labelled:
            return end, [block.text for block in here if not block.large]
        last = max(i for i, block in enumerate(here) if block.large)
        return start + last + 1, [block.text for block in here[:last] if not block.large]
    if labelled and sum(len(block.text) for block in here) <= 600:
        record.title = " ".join(" ".join(block.text for block in here).split()) or None
        return end, []
    if len(here) > 1 and len(here[0].text) <= 300:
        record.title = " ".join(here[0].text.split())
        return start + 1, []
    return start, []


def _is_head_label(block: Block) -> bool:
    return _LABELS.get(block.label or "", "") not in ("language", "loaded") and block.label not in ("publication-type", "subject", "graphic")


def _labels(blocks: Sequence[Block], start: int, record: Record) -> tuple[int, list[str]]:
    """Read the labels above the body; return where the body begins, and the lead if a label holds one."""
    leads: list[str] = []
    i = start
    while i < len(blocks) and (label := blocks[i].label) is not None:
        name = _LABELS.get(label, "")
        if name == "loaded" or (name == "language" and i > start):
            break
        if name == "body":
            break
        if name == "lead":
            leads.append(_lead(blocks[i].value, record))
        else:
            _take(name, blocks[i].value, record)
        i += 1
        if name == "length" and i < len(blocks) and blocks[i].large and record.title is None:
            record.title = " ".join(blocks[i].text.split())
            i += 1
    later = "\n".join(block.text for block in blocks[i:])
    return i, [lead for lead in leads if lead and lead not in later]


def _lead(value: str, record: Record) -> str:
    """Return a standfirst without the address that some sources put behind it."""
    if match := _ADDRESS.search(value):
        record.url = record.url or match[1]
        value = value[: match.start()].rstrip(" ;")
    return value


def _take(name: str, value: str, record: Record) -> None:
    """Keep the value of a label."""
    if not value:
        return
    if name == "author":
        record.author = record.author or re.sub(r"^BY ", "", value, flags=re.IGNORECASE)
    elif name == "section":
        record.section = record.section or value
    elif name == "title":
        record.title = record.title or value
    elif name == "url":
        record.url = record.url or value
    elif name == "language":
        record.language = record.language or next((code for part in value.split(";") if (code := languages.normalised(part.strip()))), None)
    elif name == "loaded" and record.published is None and (found := header_dates.find(value)):
        record.published = found.iso
        record.mended.append("no date above it; published is the day on which it was loaded")


def _tail(blocks: Sequence[Block], start: int, record: Record) -> int:
    """Read the labels below the body; return where the body ends."""
    end = len(blocks)
    while end > start and (captions.is_rights(blocks[end - 1].text) or (blocks[end - 1].centred and end < len(blocks) and len(blocks[end - 1].text) < 300)):
        end -= 1
    i = end
    gap = 0
    while i > start and gap <= 6:
        label = blocks[i - 1].label
        if label is None or _LABELS.get(label) == "body":
            gap += 1
        elif gap and label not in _LONG:
            break
        else:
            end, gap = i - 1, 0
        i -= 1
    for block in blocks[end:]:
        if block.label is not None:
            _take(_LABELS.get(block.label, ""), block.value, record)
    while end > start and captions.is_rights(blocks[end - 1].text) and len(blocks[end - 1].text) < 300:
        end -= 1
    return end


def _body_text(block: Block) -> str:
    return block.value if block.label is not None and _LABELS.get(block.label) == "body" else block.text


def html_blocks(piece: str, centred: frozenset[str], large: frozenset[str], bold: frozenset[str]) -> list[Block]:
    """Return the blocks of one document of the HTML.

    Parameters
    ----------
    piece : str
        The HTML between two documents' marks.
    centred, large, bold : frozenset of str
        Which classes of the file's style sheet are so.

    Returns
    -------
    list of Block
        In the order of the page; a table's rows are paragraphs, their cells parted by " | ".

    Examples
    --------
    >>> none = frozenset()
    >>> [block.text for block in html_blocks("<div><p>Rain fell.</p><p>Roads closed.</p></div>", none, none, none)]
    ['Rain fell.', 'Roads closed.']
    """
    if not re.sub(r"<[^<>]*>", "", piece).strip():
        return []
    root = html_root(piece, what="old Nexis files")
    blocks: list[Block] = []
    stack = [root]
    while stack:
        node = stack.pop()
        name = name_of(node).casefold()
        if name in ("html", "body", "font", "center") or (name == "div" and _holds_blocks(node)):
            if node.text and node.text.strip():
                blocks.append(Block(" ".join(node.text.split())))
            stack.extend(reversed(node))
        elif name in ("head", "a", "br", "img", "script", "style"):
            pass
        elif name == "table":
            blocks += [Block(row, alone=False) for row in _rows(node)]
        else:
            blocks += _printed(node, centred, large, bold)
        if node is not root and node.tail and node.tail.strip() and name not in ("html", "body"):
            blocks.append(Block(" ".join(node.tail.split())))
    return blocks


def _holds_blocks(node: Any) -> bool:
    return any(name_of(child).casefold() in ("div", "table") for child in node)


def _rows(table: Any) -> list[str]:
    rows = []
    for row in table.iter("tr"):
        cells = [" ".join(text_of(cell).split()) for cell in row if name_of(cell).casefold() in ("td", "th")]
        rows.append(" | ".join(cell for cell in cells if cell))
    return [row for row in rows if row]


def _printed(node: Any, centred: frozenset[str], large: frozenset[str], bold: frozenset[str]) -> list[Block]:
    """Return a printed block: one if it is centred or labelled, else its paragraphs."""
    text = text_of(node)
    if not text:
        return []
    spans = [span for span in node.iter("span", "b", "strong") if "".join(span.itertext()).strip()]
    first = (spans[0].get("class") or "").casefold() if spans else ""
    style = {
        "centred": (node.get("class") or "").casefold() in centred or _all_centred(node, centred),
        "large": first in large,
        "bold": first in bold or (bool(spans) and name_of(spans[0]) != "span"),
    }
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    whole = Block("\n".join(paragraphs), **style)
    if style["large"] or style["centred"] or (whole.label is not None and (whole.label in _LABELS or len(paragraphs) == 1)):
        return [whole]
    return [Block(part, alone=False) for part in paragraphs]


def _all_centred(node: Any, centred: frozenset[str]) -> bool:
    """Say whether each paragraph of a block is centred; one of several makes no centred block."""
    printed = [p for p in node.iter("p") if "".join(p.itertext()).strip()]
    return bool(printed) and all((p.get("class") or "").casefold() in centred for p in printed)


def read_html(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read an HTML export of the old Nexis.

    Returns
    -------
    Parsed
        A record a document that the file marks.

    Raises
    ------
    ReadError
        No document is in it.
    """
    text = html_text(read_whole(path))
    style = _RULE.findall(text[:500_000])
    centred = frozenset(name.casefold() for name, rule in style if "center" in rule)
    large = frozenset(name.casefold() for name, rule in style if (size := _SIZE.search(rule)) and int(size[1]) >= 13)
    bold = frozenset(name.casefold() for name, rule in style if "bold" in rule)
    documents, anchors = ([match.start() for match in pattern.finditer(text)] for pattern in (_DOCUMENT, _ANCHOR))
    starts = [text.find(">", start) + 1 for start in (documents if len(documents) >= len(anchors) else anchors)]
    counted = _counted(text) if starts else []
    if len(counted) > len(starts):  # a document's mark is missing, not the line that counts it
        starts = counted
    if not starts:
        raise ReadError("it looks like an old Nexis file but no document is marked in it; download it again as HTML or text")
    _few(starts)
    records = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:end]
        close = _END.search(piece)
        piece = piece[: close.start()] if close else piece[: piece.rfind("<!--")] if "<!--" in piece[-300:] else piece
        piece = re.sub(r"\A\s*<DOCFULL>\s*", "", piece, flags=re.IGNORECASE).removeprefix("-->")
        piece = re.sub(r"\A\s*(?:<DOCFULL>)?\s*-->", "", piece, flags=re.IGNORECASE)
        try:
            records.append(assemble(html_blocks(piece, centred, large, bold)))
        except ReadError as error:
            records.append(Record(skipped=str(error)))
    if close is None and len(_END.findall(text)) >= len(records) - 1 > 0:
        records[-1].mended.append(_CUT)
    declared = [int(match[1]) for match in _DECLARED.finditer(text)]
    return _parsed("nexis-html@1", "old Nexis HTML", records, sum(declared) if declared else None, "utf-8")


def _counted(text: str) -> list[int]:
    """Return where the lines stand that count documents, in their order from the first."""
    found: list[int] = []
    for match in _COUNTED.finditer(text):
        if int(match[1]) == len(found) + 1:
            found.append(match.start() + 1)
    return found


def text_blocks(lines: Sequence[str]) -> list[Block]:
    """Return the blocks of one document of the text export: what blank lines part; lines far from the margin are centred.

    >>> [(block.text, block.centred) for block in text_blocks(["          The Echo", "", "Rain", "closes roads"])]
    [('The Echo', True), ('Rain closes roads', False)]
    """
    blocks: list[Block] = []
    for paragraph in _paragraphs(lines):
        centred = all(len(line) - len(line.lstrip()) >= _INDENT for line in paragraph)
        blocks.append(Block(("\n" if centred else " ").join(" ".join(line.split()) for line in paragraph), centred=centred))
    return blocks


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in lines:
        if line.strip():
            paragraph.append(line.expandtabs(8))
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def read_text(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read a text export of the old Nexis.

    Returns
    -------
    Parsed
        A record a document.

    Raises
    ------
    ReadError
        No document is in it.
    """
    decoded = decode(read_whole(path))
    lines = re.split(r"\r{0,2}\n|\r|\f", decoded.text.replace("\xa0", " "))
    counts = _separators(lines)
    if not counts:
        raise ReadError('no line such as "1 of 10 DOCUMENTS" parts its articles; download it again with that line')
    _few(counts)
    ends = [*(line for line, _, _ in counts[1:]), len(lines)]
    ends = [_before_cover(lines, line, end) for (line, _, _), end in zip(counts, ends, strict=True)]
    records = [assemble(text_blocks(lines[line + 1 : end])) for (line, _, _), end in zip(counts, ends, strict=True)]
    tails = [
        any(_LABELS.get(block.label or "") in ("language", "loaded") or _COPYRIGHT.match(block.text) for block in text_blocks(lines[max(line, end - 40) : end]))
        for (line, _, _), end in zip(counts, ends, strict=True)
    ]
    if len(tails) > 2 and all(tails[:-1]) and not tails[-1]:
        records[-1].mended.append(_CUT)
    parsed = _parsed("nexis-text@1", "old Nexis text", records, _declared(lines[: counts[0][0]], counts), decoded.encoding)
    parsed.notes.extend(filter(None, [decoded.note]))
    return parsed


def _before_cover(lines: Sequence[str], start: int, end: int) -> int:
    """Return where an article ends: above the page on which the vendor says what was asked for, where one stands behind it."""
    look = max(start, end - _MOST_COVER)
    covers = [i for i in range(look, end) if _COVER.match(lines[i])]
    if not covers:
        return end
    tail = next((i for i in range(end - 1, start, -1) if lines[i].strip() and _is_foot(lines[i])), start)
    return next((i for i in covers if i > tail), end)


def _is_foot(line: str) -> bool:
    return _LABELS.get(Block(line).label or "") in ("language", "loaded") or _COPYRIGHT.match(line) is not None


def _separators(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the lines that count documents: each with its place, its number, and of how many.

    A line within an article may look the same. What is a document's first line stands alone, as far from the margin as others do, and a date or a label
    follows soon; without them it counts only if its number is the next and does not come again with them.
    """
    found: list[tuple[int, int, int, bool]] = []
    for i, line in enumerate(lines):
        if len(line) < 200 and (match := _COUNT.fullmatch(line)):
            if i + 1 < len(lines) and lines[i + 1].strip():
                continue
            k, n = (int(re.sub(r"\D", "", group)) for group in match.groups() if group)
            if 0 < k <= n:
                found.append((i, k, n, _headed(lines, i + 1)))
    indented = sum(lines[i].startswith("  ") for i, _, _, _ in found)
    if indented * 2 > len(found):
        found = [each for each in found if each[3] or lines[each[0]].startswith("  ")]
    headed = {(k, n) for _, k, n, head in found if head}
    kept: list[tuple[int, int, int]] = []
    for i, k, n, head in found:
        if head or (kept and (k, n) == (kept[-1][1] + 1, kept[-1][2]) and (k, n) not in headed) or (not headed and not kept):
            kept.append((i, k, n))
    return kept


def _headed(lines: Sequence[str], start: int) -> bool:
    """Say whether a document begins here: a short line with a date, before its first paragraph of text."""
    for blocks, paragraph in enumerate(_paragraphs(lines[start : start + 60]), 1):
        if blocks > 5 or len(paragraph) > 8 or (blocks > 1 and _LABEL.match(paragraph[0])):
            return False
        if blocks > 1 and any(len(line.strip()) < 120 and header_dates.find(line) for line in paragraph[:4]):
            return True
        if blocks == 1 and any(len(line.strip()) < 60 and (found := header_dates.find(line)) and found.start < 20 for line in paragraph):
            return True
    return False


def _declared(cover: Sequence[str], counts: Sequence[tuple[int, int, int]]) -> int | None:
    """Return how many documents the file says it has: by its cover page, else by its counts if they begin with the first."""
    if match := _SELECTED.search("\n".join(cover[-200:])):
        return max(0, int(match[2]) - int(match[1])) + 1
    totals = [n for _, k, n in counts if k == 1]
    return sum(totals) if totals and counts[0][1] == 1 else None


def _few(found: Sequence[object]) -> None:
    if len(found) > _MOST:
        raise LimitError(f"it has more than {_MOST:,} documents; split it")


def _parsed(reader: str, what: str, records: Sequence[Record], declared: int | None, encoding: str) -> Parsed:
    """Return the records as the columns of *documents*."""
    kept = [(n, record) for n, record in enumerate(records, 1) if record.skipped is None]
    width = max(2, len(str(len(records))))
    names = ("title", "text", "outlet", "published", "author", "section", "url", "language")
    table: dict[str, list[object]] = {name: [getattr(record, name) for _, record in kept] for name in names}
    notes = []
    if declared is not None and declared > len(records):
        notes.append(f"the file says that it holds {declared:,} documents, but {len(records):,} are in it")
    mended = [(n, reason) for n, record in kept for reason in record.mended]
    mended += [(n, "no headline in the file") for n, record in kept if record.title is None]
    mended += [(n, "no date in the file") for n, record in kept if record.published is None]
    return Parsed(
        reader,
        what,
        {**table, "kind": ["article"] * len(kept)},
        numbers=[n for n, _ in kept],
        endings=[f"-{n:0{width}d}" for n, _ in kept],
        unit="article",
        skipped=[(n, record.skipped) for n, record in enumerate(records, 1) if record.skipped is not None],
        mended=mended,
        notes=notes,
        encoding=encoding,
    )


def _is_html(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start != b"<":
        return False
    return bool(
        re.search(rb"<!-- Hide XML section from browser\s{0,9}<DOC NUMBER=|<!-- LXNComment |<a\s{1,9}name=[\"']?DOC_ID_\d{1,9}_\d", head, re.IGNORECASE)
    )


def _is_text(head: bytes) -> bool:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\f")[:1] in (b"<", b"{", b"["):
        return False
    head = re.sub(rb"\r+\n?", b"\n", head).replace(b"\xc2\xa0", b" ")
    return bool(_COUNT_BYTES.search(head) and _LABEL_BYTES.search(head))


FORMATS: tuple[Format, ...] = (
    Format("old Nexis HTML", (), read_html, _is_html),
    Format("old Nexis text", (), read_text, _is_text),
)
