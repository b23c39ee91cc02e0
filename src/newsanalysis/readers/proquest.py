"""ProQuest exports: HTML, plain text, and e-mails (also forwarded ones, and mailboxes) that hold either.

An article is a title, labelled fields ("Author:", "Publication date:") and a full text. The HTML is cut at the anchor that each article begins with and
read piece by piece, since the articles' own ``<html>`` and ``<body>`` tags, often broken, stand within it.

>>> head = "<p>Rain closes roads</p><p><strong>Publication date: </strong>May 4, 2001</p>"
>>> record = html_record(head + "<p><strong>Full text: </strong><text><p>Rain fell.</p></text></p>")
>>> record["title"], record["text"], record["published"]
('Rain closes roads', 'Rain fell.', '2001-05-04')
"""

from __future__ import annotations

import email.parser
import email.policy
import html as entities
import re
from collections.abc import Iterator, Mapping, Sequence
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from pathlib import Path

from newsanalysis.readers import captions, header_dates, languages
from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.counts import count
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.markup import html_root, html_text, text_of
from newsanalysis.readers.text import decode

_FIELDS = {
    "title": "Title|Título|Titre|Titel|Titolo|Tittel|Tytuł|Название|Başlık|タイトル|标题|標題|제목",
    "author": "Author|Autor|Auteur|Autore|Autoren|Forfatter|Автор|Yazar adı|Yazar|著者|作者|저자",
    "info": """Publication info|Información de publicación|Informations sur la publication|Informations de publication|Publikationsinfo
        |Publikationsinformationen|Informações da publicação|Informações de publicação|Informazioni sulla pubblicazione|Informazioni pubblicazione
        |Informacje o publikacji|Publicatie-info|Publicatiegegevens""",
    "abstract": "Abstract|Resumen|Résumé|Zusammenfassung|Resumo|Abstrakt|Riassunto|Sommario|Streszczenie|Samenvatting|Аннотация|Özet|摘要|抄録|초록",
    "text": """Full text|Texto completo|Texte intégral|Texte complet|Volltext|Testo completo|Pełny tekst|Volledige tekst|Fulltekst|Полный текст|Tam metin
        |全文|원문""",
    "outlet": """Publication title|Título de publicación|Título de la publicación|Titre de la publication|Titel der Publikation|Publikationstitel
        |Título da publicação|Título de publicação|Titolo pubblicazione|Titolo della pubblicazione|Tytuł publikacji|Titel van publicatie|Titel van de publicatie
        |Utgivelsestittel|Название публикации|Yayın adı|出版物のタイトル|出版物名称|出版物名稱|출판물 제목""",
    "date": """Publication date|Fecha de publicación|Fecha de titulación|Date de publication|Publikationsdatum|Erscheinungsdatum|Data de publicação
        |Data da publicação|Data di pubblicazione|Data pubblicazione|Data publikacji|Publicatiedatum|Datum van publicatie|Utgivelsesdato|Дата публикации
        |Yayınlanma tarihi|Yayın tarihi|出版日|出版日期|출판 날짜""",
    "section": "Section|Sección|Rubrik|Seção|Secção|Bereich|Sezione|Rozdział|Sectie|Раздел|Bölüm|セクション|섹션",
    "language": """Language of publication|Idioma de la publicación|Publikationssprache|Lingua di pubblicazione|Lingua della pubblicazione|Idioma de publicação
        |Idioma de publicación|Langue de publication|Langue de la publication|Sprache der Publikation|Idioma da publicação|Język publikacji
        |Taal van publicatie|Utgivelsesspråk|Язык публикации|Yayın Dili|出版物の言語|出版物语言|出版物語言|출판 언어""",
    "id": "",
    "url": """Document URL|URL del documento|URL du document|Dokument-URL|URL do documento|URL documento|URL dokumentu|Document-URL|Dokument URL
        |URL документа|Belge URL'si|文档 URL|文件 URL|ドキュメント URL""",
    "links": "Links|Enlaces|Liens|Collegamenti|Łącza",
    "credit": "Credit",
    "": """Subject|Location|Company / organization|Company|Organization|People|Person|Classification|Identifier / keyword
        |Identifier|Business indexing term|Ticker
        |Pages|Page|First page|Number of pages|Publication year|Year|Volume|Issue|Publisher|Place of publication|Country of publication|Publication subject
        |ISSN|ISBN|CODEN|Source type|Document type|Document feature|Dateline|column|Column|Copyright|Last updated|Database|DOI|URL|Product name|Edition
        |Start page|Supplement|Publication history|Online publication date|Accession number|Source|Narrow subject|Broad subject|Author affiliation|Illustration
        |Language|Journal subject|Record type|Editor
        |Materia|Ubicación|Empresa / organización|Páginas|Año de publicación|Editorial|Lugar de publicación|País de publicación|Tipo de fuente|Tipo de documento
        |Tomo|Número|Número de páginas|Año|Idioma|Identificador / palabra clave|Materia de la revista|Primera página|Personas|Clasificación
        |Base de datos|Última actualización|Sujet|Lieu|Année de publication|Éditeur|Lieu de publication|Pays de publication|Type de source|Type de document
        |Numéro|Nombre de pages|Langue|Année|Identificateur / mot-clé|Sujet de la publication|Première page|Société / organisation|Personnes
        |Dernière mise à jour|Base de données|Thema|Ort|Seiten|Erscheinungsjahr|Verlag|Erscheinungsort|Datenbank|Dokumententyp
        |Quellentyp|Band|Ausgabe|Seitenanzahl|Sprache|Jahr|Herausgeber|Verlagsort|Publikationsland|Identifikator / Schlüsselwort|Zeitschriftenthema
        |Fachgebiet|Erste Seite|Publikationsjahr|Publikationsort|Firma / Organisation|Personen
        |Zuletzt aktualisiert|Tipo di fonte|Tipo di documento|Fascicolo|Numero di pagine|Lingua|Anno di pubblicazione|Anno|Pagine|Casa editrice
        |Luogo di pubblicazione|Paese di pubblicazione|Identificativo / parola chiave|Soggetto|Soggetto rivista|Prima pagina|Ultimo aggiornamento|Persone
        |Tipo de fonte|Base de dados|Edição|Ano de publicação|Ano da publicação|Ano|Editora|Local de publicação|País de publicação
        |Identificador / palavra-chave|Assunto|Assunto do periódico|Local|Primeira página|Última atualização|Pessoas
        |Typ źródła|Rodzaj dokumentu|Baza danych|Tom|Wydanie|Liczba stron|Język|Rok publikacji|Rok|Strony|Wydawca|Miejsce publikacji|Kraj publikacji|Temat
        |Onderwerp|Locatie|Pagina's|Jaar van publicatie|Uitgever|Plaats van publicatie|Land van publicatie|Brontype|Documenttype|Laatst bijgewerkt|Taal""",
}
_ID = re.compile(
    r"(?:proquest)(?:[-–]|document|dokument|documento|documents?|문서|文档|文件|ドキュメント){0,3}[-–]?(?:id|nummer|identifier)|id[\w-]{0,40}proquest|идентификатор\w{0,40}proquest"
)
_LABELS = {re.sub(r"\s", "", label).casefold(): name for name, labels in _FIELDS.items() for label in labels.split("|") if label}
_STRONG = re.compile(r"<(?:strong|b)\b[^<>]{0,500}>([^<>]{1,80}):[\s\u00a0]{0,9}(?:&nbsp;)?\s{0,9}</(?:strong|b)>", re.IGNORECASE)
_ANCHOR = re.compile(r"""<a\s{1,9}name\s{0,9}=\s{0,9}["']?DocID_([\w.:-]{1,80})[^<>]{0,300}>""", re.IGNORECASE)
_TEXT = re.compile(r"<text\b[^<>]{0,300}>", re.IGNORECASE)
_TEXT_END = re.compile(r"</text\s{0,9}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_FRAME = re.compile(r"</?(?:html|body|head)\b[^<>]{0,300}>", re.IGNORECASE)
_VALUE_END = re.compile(r"</p>|<p\b|<div\b|</div>|<table\b|<script\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p\b[^<>]{0,1000}>", re.IGNORECASE)
_HREF = re.compile(r"""href\s{0,9}=\s{0,9}["'](https?://[^"'<>\s]{8,1000})["']""", re.IGNORECASE)
_NONE = re.compile(r"(?:none ?available|not ?available|no disponible|non disponible|nicht verfügbar)\.?", re.IGNORECASE)
_HIDDEN = frozenset({"document_view_image", "document_view_caption", "mstar_text_entity"})
_RULE = re.compile(r"\s*_{20,}\s*")
_NUMBERED = re.compile(r"\s*(?:Document|Documento|Dokument) \d{1,6} (?:of|de|von|sur) \d{1,6}\s*")
_TITLE_OF = re.compile(r"\A\s*(?:Document|Documento|Dokument) \d{1,6} (?:of|de|von|sur) (\d{1,6})")
_ACCOUNT = re.compile(r"[?&]accountid=\w{1,20}")
_PROXY = re.compile(r"^https?://[^/?\s]{3,200}/login\?q?url=(?=https?://)", re.IGNORECASE)
_LINE_LABEL = re.compile(r"\s{0,9}([^\W\d_][^:\n]{1,60}?): ?(.*)", re.DOTALL)
_QUOTED = re.compile(r"^(?:> ?){1,20}", re.MULTILINE)
_QUOTED_BYTES = re.compile(rb"^(?:> ?){1,20}", re.MULTILINE)
_PART = re.compile(rb"^content-type:[ \t]*(?:\r?\n[ \t]+)?(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_FIELD = re.compile(rb"^content-[a-z-]{4,25}:", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(
    rb"\A[\xef\xbb\xbf\s]{0,9}(?:From |(?:received|from|to|subject|date|message-id|return-path|mime-version|delivered-to|content-type"
    rb"|reply-to|dkim-signature|arc-[\w-]{1,40}|x-[\w-]{1,60}):)",
    re.IGNORECASE,
)
_MBOX = re.compile(rb"^From [^\n]{1,300}\n(?=>?[A-Za-z][\w-]{1,60}:)", re.MULTILINE)
_CREDIT = re.compile(r"Credit ?: ?(.{0,1000})", re.DOTALL)
_LONG_CREDIT = 100  # characters: what is longer tells more of the author than the name
_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})""", re.IGNORECASE)
_MOST_SNIFFED = 2_000  # lines
MOST_PARTS = 100  # parts of an e-mail that hold parts themselves
_MOST_LEAVES = 10_000
_MOST_HEADER = 20_000  # bytes of a header field
_MOST_ARTICLES = 100_000

Record = dict[str, str | None]


def _label(text: str) -> str | None:
    """Return the field that a label names, "" for one of no use; None for what is no label. Spaces do not count: e-mails lose some."""
    plain = re.sub(r"\s", "", text).casefold()
    return "id" if _ID.fullmatch(plain) else _LABELS.get(plain)


def html_record(piece: str) -> Record:
    """Read one article of the HTML.

    Parameters
    ----------
    piece : str
        From its anchor to the next article's.

    Returns
    -------
    dict
        Columns of *documents*, and "skipped" with the reason if there is no text.

    Examples
    --------
    >>> html_record("<p>Rain</p><p><strong>Abstract: </strong>Rain fell.</p>")["kind"]
    'summary'
    """
    body, rest = _cut_body(piece)
    fields: dict[str, str] = {}
    marks = [(match.start(), match.end(), name) for match in _STRONG.finditer(rest) if (name := _label(entities.unescape(match[1]))) is not None]
    ends = [mark[0] for mark in [*marks, (len(rest), 0, "")][1:]]
    for (_, start, name), end in zip(marks, ends, strict=True):
        if not name or name in fields:
            continue
        value = rest[start:end]
        if name == "abstract":
            fields[name] = _prose(value[:100_000])
        elif name not in ("links", "text"):
            stop = _VALUE_END.search(value)
            fields[name] = " ".join(entities.unescape(_TAG.sub("", value[: stop.start() if stop else 5_000])).split())
    head = rest[: marks[0][0]] if marks else rest[:5_000]
    title = _first_paragraph(head)
    link = _HREF.search(head) or _HREF.search(rest)
    return _record(fields, title or fields.get("title"), _prose(body) if body else "", entities.unescape(link[1]) if link else None)


def _cut_body(piece: str) -> tuple[str, str]:
    """Return the HTML of the full text, and the piece without it."""
    mark = next((match for match in _STRONG.finditer(piece) if _label(entities.unescape(match[1])) == "text"), None)
    if mark is None:
        return "", piece
    opened = _TEXT.match(piece[mark.end() : mark.end() + 600].lstrip())
    close = _TEXT_END.search(piece, mark.end()) if opened else None
    if close and _TAG.sub("", piece[mark.end() : close.start()]).strip():
        return piece[mark.end() : close.start()], piece[: mark.start()] + piece[close.end() :]
    after = next((match for match in _STRONG.finditer(piece, mark.end()) if _label(entities.unescape(match[1])) is not None), None)
    end = after.start() if after else len(piece)
    return piece[mark.end() : end], piece[: mark.start()] + piece[end:]


def _prose(piece: str) -> str:
    """Return the text of a piece of HTML, without pictures and their captions."""
    piece = _FRAME.sub("", piece)
    if not _TAG.sub("", piece).strip():
        return ""
    root = html_root(piece, what="ProQuest files")
    for element in list(root.iter("div", "span", "p", "a", "title")):
        kind = element.get("class") or ""
        hidden = (
            bool(_HIDDEN.intersection(kind.split())) or kind.endswith("_content") or element.tag == "title" or (element.text or "").strip() == "Illustration"
        )
        parent = element.getparent()
        if hidden and parent is not None:
            element.clear(keep_tail=True)
    for element in list(root.iter("strong", "b")):
        if "".join(element.itertext()).strip() in ("Illustration", "Photograph"):
            element.clear(keep_tail=True)
    return re.sub(r"\Ahtml>\s*", "", text_of(root)).strip()


def _first_paragraph(head: str) -> str | None:
    """Return the first paragraph with text: the title."""
    for match in _PARAGRAPH.finditer(head):
        end = head.find("</p>", match.end())
        text = " ".join(entities.unescape(_TAG.sub("", head[match.end() : end if end >= 0 else match.end() + 3_000])).split())
        if text and not text.startswith(("ProQuest document", "Email ")):
            return text
    return None


def _record(fields: Mapping[str, str], title: str | None, text: str, link: str | None) -> Record:
    """Return the columns of *documents*."""
    if _NONE.fullmatch(text):
        text = ""
    text, credit, captioned = _foot(text)
    abstract = fields.get("abstract", "")
    abstract = "" if _NONE.fullmatch(abstract) else abstract
    outlet = re.split(r"\s*;", fields.get("outlet") or fields.get("info", ""), maxsplit=1)[0].strip()
    url = fields.get("url") or link
    url = url if url and url.startswith(("http://", "https://")) else link
    number = re.sub(r"\D", "", fields.get("id", "")) or (found[1] if (found := re.search(r"/docview/(\d{4,20})", url or "")) else "")
    author = fields.get("author", "")
    author = "" if author.casefold() == "anonymous" else author
    return {
        "title": title or None,
        "text": text or abstract or None,
        "kind": "article" if text else "summary",
        "outlet": outlet or None,
        "published": _published(fields),
        "author": author or _author(credit or fields.get("credit", "")),
        "section": fields.get("section") or None,
        "url": _ACCOUNT.sub("", _PROXY.sub("", url)) if url else None,
        "language": next((code for part in fields.get("language", "").split(";") if (code := languages.normalised(part.strip()))), None),
        "document_id": f"proquest-{number}" if number else None,
        "ended": "yes" if {"outlet", "date", "id", "language"} & fields.keys() else None,
        "credit": ("left out" if author else "author") if credit else None,
        "captions": "left out" if captioned else None,
    }


def _foot(text: str) -> tuple[str, str | None, bool]:
    """Return a text without the credit and captions at its end, the credit, and whether there were captions.

    >>> _foot("Rain fell.\\n\\nPhoto: Rain.\\n\\nCredit: By Ann Lee, Post reporter")
    ('Rain fell.', 'By Ann Lee, Post reporter', True)
    """
    body = captions.cut(text)
    above, parted, last = body.rpartition("\n\n")
    match = _CREDIT.fullmatch(last) if parted and len(last) < 1_100 else None
    if not match:
        return body, None, body != text
    rest = captions.cut(above)
    return rest, " ".join(match[1].split()), body != text or rest != above


def _author(credit: str) -> str | None:
    """Return who a credit names; of a long one what stands before its first comma."""
    credit = re.sub(r"^by (?=\S)", "", credit, flags=re.IGNORECASE)
    return (credit if len(credit) <= _LONG_CREDIT else credit.partition(",")[0][:_LONG_CREDIT]) or None


def _published(fields: Mapping[str, str]) -> str | None:
    """Return the date; e-mails have a stray space in some ("Jan 11, 2 009")."""
    for value in (fields.get("date", ""), fields.get("info", "").rpartition("]")[2]):
        squeezed = re.sub(r"(?<=\d) (?=\d{1,3}$)", "", value)
        squeezed = squeezed if re.search(r"\d{4}", value) is None else value
        if value and (found := header_dates.find(squeezed)):
            return found.iso
    return fields.get("date") or None


def html_records(text: str) -> list[Record]:
    """Return the articles of a page; [] if it marks none.

    >>> len(html_records('<a name="DocID_MSTAR_1"></a><p>Rain</p><a name="DocID_MSTAR_2"></a><p>Sun</p>'))
    2
    """
    starts = [match.end() for match in _ANCHOR.finditer(text)]
    if len(starts) > _MOST_ARTICLES:
        raise LimitError(f"it has more than {_MOST_ARTICLES:,} articles; split it")
    if not starts and not any(_label(entities.unescape(match[1])) == "id" for match in _STRONG.finditer(text)):
        return []
    if not starts:
        return text_records(text_of(html_root(text, what="ProQuest files")).replace("\n\n", "\n"))
    records = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        for piece in _articles(text[start:end]):
            try:
                records.append(html_record(piece))
            except ReadError as error:
                records.append({"text": None, "skipped": str(error)})
    return records


def _articles(piece: str) -> list[str]:
    """Cut a piece where the anchor of a second article is missing: the labels of a beginning come again behind a document's number."""
    cuts, seen, last = [0], False, 0
    for match in _STRONG.finditer(piece):
        name = _label(entities.unescape(match[1]))
        if name in ("author", "info", "abstract", "text") and seen:
            value = _VALUE_END.search(piece, last)
            cuts.append(min(value.end() if value else last, match.start()))
            seen = False
        seen = seen or name == "id"
        last = match.end() if name is not None else last
    return [piece[start:end] for start, end in zip(cuts, [*cuts[1:], len(piece)], strict=True)]


def text_records(text: str) -> list[Record]:
    """Return the articles of a text export, or of a forwarded e-mail's text.

    Parameters
    ----------
    text : str
        Articles parted by lines of underscores, by "Document 1 of 3", or by the empty link that a forwarded e-mail has before each.

    Returns
    -------
    list of dict
        Columns of *documents*; what stands above and below the articles is none.

    Examples
    --------
    >>> text_records("Rain closes roads\\nFull text: Rain fell.\\nPublication date: May 4, 2001\\nProQuest document ID: 42")[0]["document_id"]
    'proquest-42'
    """
    records: list[Record] = []
    for lines in _parted(_merged(_pieces(text.split("\n")))):
        names = {name for line in lines if (name := _line_label(line)) is not None}
        if (names & {"text", "abstract"} and len(names) > 1) or (names & {"id", "outlet"} and "title" in names):
            records.append(_text_record(lines))
    return records


def _pieces(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield what stands between the lines that part articles."""
    piece: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line) or _NUMBERED.fullmatch(line) or line.strip() == "<>":
            yield piece
            piece = []
        else:
            piece.append(line)
    yield piece


def _merged(pieces: Iterator[list[str]]) -> Iterator[list[str]]:
    """Join what a rule within a text has parted: a piece without an end and one without a beginning."""
    kept: list[str] = []
    for piece in pieces:
        names = [name for line in piece if (name := _line_label(line)) is not None]
        if kept and _unfinished(kept) and "text" not in names and any(line.strip() for line in piece):
            kept = [*kept, "", *piece]
            continue
        if kept:
            yield kept
        kept = piece
    if kept:
        yield kept


def _parted(pieces: Iterator[list[str]]) -> Iterator[list[str]]:
    """Cut a piece with the numbers of two documents: the line between them is missing, and the second begins below the labels of the first."""
    for piece in pieces:
        names = [_line_label(line) for line in piece]
        last = max((i for i, name in enumerate(names) if name == "id"), default=0)
        start, seen = 0, False
        for i, name in enumerate(names[:last] if names.count("id") > 1 else ()):
            if seen and name is None and piece[i].strip():
                yield piece[start:i]
                start, seen = i, False
            seen = seen or name == "id"
        yield piece[start:]


def _unfinished(piece: Sequence[str]) -> bool:
    names = [_line_label(line) for line in piece]
    return "text" in names and not {"id", "url", "outlet", "date"} & set(names[names.index("text") :])


def _line_label(line: str) -> str | None:
    match = _LINE_LABEL.match(line[:200])
    return _label(match[1]) if match else None


def _text_record(lines: Sequence[str]) -> Record:
    """Read one article of a text export."""
    names = [_line_label(line) for line in lines]
    first = next((i for i, name in enumerate(names) if name is not None), 0)
    title = " ".join(" ".join(line.split()) for line in lines[:first] if line.strip() and not line.strip().startswith("http")) or None
    start = names.index("text") if "text" in names else len(lines)
    end = _body_end(lines, names, start)
    fields: dict[str, str] = {}
    for i, name in enumerate(names):
        if name and not start <= i < end and name not in fields:
            fields[name] = lines[i].partition(":")[2].strip()
            if name == "abstract":
                fields[name] = _paragraphs([fields[name], *_until_label(lines, names, i + 1)])
            elif not fields[name]:
                fields[name] = " ".join(line.strip() for line in _until_label(lines, names, i + 1) if line.strip())[:1_000]
    body = [lines[start].partition(":")[2], *lines[start + 1 : end]] if start < len(lines) else []
    link = re.search(r"https?://\S{8,500}", "\n".join(lines[:start])) or re.search(r"https?://\S{8,500}", fields.get("url", ""))
    url = re.match(r"https?://[^\s<>]{8,500}", fields.get("url", ""))
    fields["url"] = url[0] if url else ""
    return _record(fields, fields.get("title") or title, _paragraphs(body), link[0].strip("<>") if link else None)


def _until_label(lines: Sequence[str], names: Sequence[str | None], start: int) -> list[str]:
    end = next((i for i in range(start, len(lines)) if names[i] is not None or lines[i].startswith("ProQuest document link")), len(lines))
    return list(lines[start:end])


def _body_end(lines: Sequence[str], names: Sequence[str | None], start: int) -> int:
    """Return where the labels below the text begin: from there on nearly every line has one."""
    end, gap = len(lines), 0
    for i in range(len(lines) - 1, start, -1):
        if names[i] is not None and names[i] not in ("text", "abstract"):
            end, gap = i, 0
        elif lines[i].strip():
            gap += 1
            if end < len(lines) and (gap > 2 or _is_prose(lines, names, i)):
                break
    labels = [i for i in range(end, len(lines)) if names[i] is not None]
    if 2 * sum(not lines[i - 1].strip() for i in labels) > len(labels):  # labels are parted by blank lines: what has none above is of the text
        end = next((i for i in labels if not lines[i - 1].strip()), end)
    return end


def _is_prose(lines: Sequence[str], names: Sequence[str | None], i: int) -> bool:
    """Whether a line is a paragraph of the text: it stands below a blank line, has no label's form, and is not what a label alone on its line says."""
    if lines[i - 1].strip() or _LINE_LABEL.match(lines[i][:200]):
        return False
    above = next((k for k in range(i - 1, -1, -1) if lines[k].strip()), None)
    return above is None or names[above] is None or bool(lines[above].partition(":")[2].strip())


def _paragraphs(lines: Sequence[str]) -> str:
    """Return paragraphs parted by blank lines: each line is one where the lines are long, else what blank lines part."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    filled = [line.strip() for line in lines if line.strip()]
    wrapped = len(filled) < len(lines) and filled and max(map(len, filled)) <= 85
    if not wrapped:
        return "\n\n".join(re.sub(r"\s+", " ", line) for line in filled)
    parts = re.split(r"\n\s*\n", "\n".join(line.strip() for line in lines))
    return "\n\n".join(" ".join(part.split()) for part in parts if part.strip())


def mail_records(raw: bytes) -> list[Record]:
    """Return the articles of an e-mail, however deep in it they are.

    Parameters
    ----------
    raw : bytes
        The e-mail with its headers.

    Returns
    -------
    list of dict
        Those of its HTML parts; where these hold none, those of its text parts.

    Raises
    ------
    LimitError
        Parts within parts, or header fields, beyond what e-mails have.

    Examples
    --------
    >>> mail_records(b"Subject: hello\\n\\nNo article here.")
    []
    """
    return _mail(raw)[0]


def _mail(raw: bytes) -> tuple[list[Record], bool]:
    """Return the articles of an e-mail, and whether it breaks off before the end that its header promises."""
    message = _message(raw)
    broken = False
    pages: list[Record] = []
    texts: list[Record] = []
    for number, part in enumerate(_parts(message)):
        broken = broken or any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects)
        if part.is_multipart():
            continue
        if number > _MOST_LEAVES:
            raise LimitError(f"the e-mail has more than {_MOST_LEAVES:,} parts")
        kind = str(part.get("content-type", "text/plain"))[:200].casefold()
        if not kind.lstrip().startswith("text/"):
            continue
        text = _decoded(part)
        if "html" in kind or _ANCHOR.search(text):
            pages += html_records(text)
        else:
            texts += text_records(_QUOTED.sub("", text.replace("\r\n", "\n")))
    return (pages if len(pages) >= len(texts) else texts), broken  # the page of an e-mail that broke off has fewer than its text


def _message(raw: bytes) -> Message:
    """Parse an e-mail after a look at what would make that slow or deep."""
    deep = sum(1 for _ in _PART.finditer(raw))
    if deep > MOST_PARTS:
        raise LimitError(f"the e-mail has parts within parts more than {MOST_PARTS} times")
    for match in _FIELD.finditer(raw):
        end = match.end()
        while end >= 0 and end - match.end() <= _MOST_HEADER:
            end = raw.find(b"\n", end) + 1
            if end == 0 or raw[end : end + 1] not in (b" ", b"\t"):
                break
        if end - match.end() > _MOST_HEADER:
            raise LimitError(f"a header field of the e-mail has more than {_MOST_HEADER:,} bytes")
    try:
        return email.parser.BytesParser(policy=email.policy.compat32).parsebytes(raw)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise ReadError(f"the e-mail is damaged ({type(error).__name__})") from None


def _parts(message: Message) -> Iterator[Message]:
    """Yield an e-mail and its parts, in order, without recursion."""
    stack = [message]
    while stack:
        part = stack.pop()
        yield part
        if part.is_multipart():
            stack.extend(reversed([each for each in part.get_payload() if isinstance(each, Message)]))


def _decoded(part: Message) -> str:
    """Return the text of a part: as UTF-8 if it is that, else as it says, else as it looks."""
    refusals = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
    try:
        raw = part.get_payload(decode=True)
    except refusals:
        part.set_param("charset", "utf-8")  # what it says of its letters cannot be understood
        try:
            raw = str(part.get_payload()).encode("utf-8", "replace")
        except refusals:
            return ""
    if not isinstance(raw, bytes) or not raw:
        return ""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    said = _CHARSET.search(str(part.get("content-type", ""))[:2_000])
    try:
        return raw.decode(said[1]) if said and said[1].casefold() not in ("us-ascii", "ascii", "utf-8") else html_text(raw)
    except (LookupError, ValueError, ReadError):
        return raw.decode("utf-8", "replace")


def read_html(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read an HTML export of ProQuest.

    Returns
    -------
    Parsed
        A record an article; where there is only an abstract, a summary.

    Raises
    ------
    ReadError
        No article is in it.
    """
    records = html_records(html_text(read_whole(path)))
    return _parsed("proquest-html@1", "ProQuest HTML", records, "utf-8", [])


def read_text(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read a text export of ProQuest.

    Returns
    -------
    Parsed
        A record an article.

    Raises
    ------
    ReadError
        No article is in it.
    """
    decoded = decode(read_whole(path))
    text = re.sub(r"\r\n?", "\n", decoded.text)
    records = text_records(text) or text_records(_QUOTED.sub("", text))
    totals = [int(match[1]) for line in text.split("\n") if len(line) < 100 and (match := _TITLE_OF.match(line))]
    notes = [decoded.note] if decoded.note else []
    if totals and max(totals) > len(records):
        notes.append(f"the file says that it holds {max(totals):,} documents, but {len(records):,} are in it")
    return _parsed("proquest-text@1", "ProQuest text", records, decoded.encoding, notes)


def read_mail(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Read an e-mail or a mailbox with ProQuest's articles.

    Returns
    -------
    Parsed
        A record an article, of all e-mails in turn.

    Raises
    ------
    ReadError
        No article is in it.
    """
    raw = read_whole(path).lstrip(b"\xef\xbb\xbf\r\n")  # a mark before the first header would make all of it the body
    mails = _mails(raw)
    records: list[Record] = []
    notes = []
    empty = 0
    for number, mail in enumerate(mails, 1):
        try:
            found, broken = _mail(mail)
        except ReadError as error:
            if len(mails) == 1:
                raise
            found, broken = [{"text": None, "skipped": str(error)}], False
        if broken:
            notes.append("the e-mail breaks off; articles may be missing" if len(mails) == 1 else f"e-mail {number} breaks off; articles may be missing")
        records += found
        empty += not found
    if empty and records:
        notes.append(f"{empty:,} of {len(mails):,} e-mails hold no article of ProQuest")
    if not records and not re.search(rb"proquest", raw, re.IGNORECASE):
        raise ReadError("it is e-mail, but none of ProQuest, whose e-mails are the only ones that are read; save the articles in it as text, one a file")
    return _parsed("proquest-mail@1", "ProQuest e-mail", records, "utf-8", notes)


def _mails(raw: bytes) -> list[bytes]:
    """Return the e-mails of a mailbox; an e-mail alone is one."""
    if not raw.lstrip().startswith(b"From "):
        return [raw]
    starts = [match.end() for match in _MBOX.finditer(raw)]
    heads = [match.start() for match in _MBOX.finditer(raw)]
    if len(starts) > _MOST_ARTICLES:
        raise LimitError(f"it has more than {_MOST_ARTICLES:,} e-mails; split it")
    return [raw[start:end] for start, end in zip(starts, [*heads, len(raw)][1:], strict=True)] or [raw]


def _parsed(reader: str, what: str, records: Sequence[Record], encoding: str, notes: Sequence[str]) -> Parsed:
    """Return the records as the columns of *documents*."""
    if not records:
        raise ReadError("no article of ProQuest is in it; export with full text and as HTML, text or e-mail")
    names = ("title", "text", "kind", "outlet", "published", "author", "section", "url", "language", "document_id")
    kept = [(n, record) for n, record in enumerate(records, 1) if record["text"]]
    width = max(2, len(str(len(records))))
    mended = [(n, "no full text; its abstract was read as a summary") for n, record in kept if record["kind"] == "summary"]
    mended += [(n, "no headline in the file") for n, record in kept if record["title"] is None]
    mended += [(n, "no date in the file") for n, record in kept if record["published"] is None]
    if kept and kept[-1][0] == len(records) and not kept[-1][1]["ended"]:
        mended.append((kept[-1][0], "what stands below its text is missing; the file may be cut"))
    skipped = [(n, record.get("skipped") or "neither full text nor abstract") for n, record in enumerate(records, 1) if not record["text"]]
    return Parsed(
        reader,
        what,
        {name: [record[name] for _, record in kept] for name in names},
        numbers=[n for n, _ in kept],
        endings=[f"-{n:0{width}d}" for n, _ in kept],
        unit="article",
        skipped=skipped,
        mended=mended,
        notes=[*notes, *_left_out([record for _, record in kept])],
        encoding=encoding,
    )


def _left_out(records: Sequence[Record]) -> list[str]:
    """Return the notes on what stood at the ends of the texts."""
    dropped, signed = (sum(record["credit"] == how for record in records) for how in ("left out", "author"))
    notes = [f"credits at the end left out in {count(dropped, 'article')}"] if dropped else []
    notes += [f"author taken from the credit at the end in {count(signed, 'article')}"] if signed else []
    return [*notes, *captions.note(sum(record["captions"] is not None for record in records))]


def _is_mail(head: bytes) -> bool:
    return bool(
        _HEADER.match(head)
        and re.search(rb"proquest", head, re.IGNORECASE)
        and re.search(rb"^(?:content-type|subject|mime-version):", head, re.IGNORECASE | re.MULTILINE)
    )


def _is_html(head: bytes) -> bool:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return False
    return bool(re.search(rb"""name\s{0,9}=\s{0,9}["']?DocID_|>ProQuest document (?:link|ID)\b""", head, re.IGNORECASE))


def _is_text(head: bytes) -> bool:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n\f")[:1] in (b"<", b"{", b"["):
        return False
    head = re.sub(rb"\r+\n?", b"\n", head)
    return _marked(head) or _marked(_QUOTED_BYTES.sub(b"", head))


def _head_text(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:  # cut within a character, or not UTF-8
        return head.decode("utf-8" if error.start > len(head) - 4 else "cp1252", "replace")


def _marked(head: bytes) -> bool:
    """Whether a text has ProQuest's name or the rule between articles, and its labels, in whatever language."""
    if not re.search(rb"^_{40,200}[ \t]{0,9}$|ProQuest", head, re.MULTILINE):
        return False
    lines = _head_text(head).split("\n")[:_MOST_SNIFFED]
    names = {name for line in lines if (name := _line_label(line))}
    return len(names) > 1 and not names.isdisjoint(("text", "abstract", "id", "outlet", "info"))


FORMATS: tuple[Format, ...] = (
    Format("ProQuest e-mail", (".eml", ".mbox"), read_mail, _is_mail),
    Format("ProQuest HTML", (), read_html, _is_html),
    Format("ProQuest text", (), read_text, _is_text),
)
