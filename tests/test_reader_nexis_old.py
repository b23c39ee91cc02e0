"""The old Nexis' HTML and text: every document found, whatever the language of its labels, and nothing of the frame in the body."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsanalysis.readers import dates, header_dates
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.formats import guess, peek
from newsanalysis.readers.nexis_old import FORMATS, Block, assemble, read_html, read_text

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
STYLE = """<STYLE TYPE="text/css"><!--
.c0 { text-align: center; }
.c1 { text-align: center; margin-top: 0em; }
.c2 { font-size: 10pt; font-weight: normal; color: #000000; }
.c3 { font-size: 10pt; font-weight: bold; color: #CC0033; }
.c4 { text-align: left; }
.c5 { font-size: 14pt; font-weight: bold; }
.c6 { font-size: 10pt; font-weight: bold; }
--></STYLE>"""


def block(text: str, *, centred: bool = False, style: str = "c2") -> str:
    """Return one printed block of the HTML."""
    return f'<BR><DIV CLASS="{"c0" if centred else "c4"}"><P CLASS="{"c1" if centred else "c7"}"><SPAN CLASS="{style}">{text}</SPAN></P>\n</DIV>\n'


def labelled(name: str, value: str) -> str:
    """Return a block with a label in bold type."""
    return f'<BR><DIV CLASS="c4"><P CLASS="c7"><SPAN CLASS="c6">{name}: </SPAN><SPAN CLASS="c2">{value}</SPAN></P>\n</DIV>\n'


def document(*blocks: str) -> str:
    """Return one document between its marks."""
    return (
        "<!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->\n" + "".join(blocks) + "<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n"
    )


def page(*documents: str, declared: int | None = None) -> bytes:
    """Return an HTML export."""
    return f'<HTML><HEAD>{STYLE}<META TOPIC="null" DOCUMENTS="{declared or len(documents)}" /></HEAD><BODY>{"".join(documents)}</BODY></HTML>'.encode()


ENGLISH = document(
    block("1 of 2 DOCUMENTS", centred=True),
    block("The Harbour Echo", centred=True),
    '<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c3">May</SPAN><SPAN CLASS="c2"> 4, 2001 Friday, Late Edition<BR>Correction Appended</SPAN></P></DIV>',
    block("Rain closes three roads;<BR>Mayor promises a bridge", style="c5"),
    labelled("BYLINE", "By ANNA LIND"),
    labelled("SECTION", "NEWS; Pg. 2"),
    labelled("LENGTH", "9 words"),
    '<BR><DIV CLASS="c4"><P CLASS="c7"><SPAN CLASS="c2">Rain fell on </SPAN><SPAN CLASS="c3">roads</SPAN><SPAN CLASS="c2"> here.&nbsp;</SPAN></P>'
    '<P CLASS="c7"></P><P CLASS="c7"><SPAN CLASS="c2">1 of 3 DOCUMENTS was wet.</SPAN></P></DIV>',
    labelled("LOAD-DATE", "May 6, 2001"),
    labelled("LANGUAGE", "ENGLISH"),
    labelled("GRAPHIC", "A drawing of rain"),
    block("Copyright 2001 The Harbour Echo<BR>All Rights Reserved", centred=True),
)
GERMAN = document(
    block("2 of 2 DOCUMENTS", centred=True),
    block("Der Hafenbote", centred=True),
    block("27. Februar 2012 Montag 9:50 PM GMT+1", centred=True),
    block("Regen sperrt Stra&szlig;en", style="c5"),
    labelled("AUTOR", "Anna Lind"),
    labelled("L&Auml;NGE", "4 W&ouml;rter"),
    labelled("HIGHLIGHT", "Es regnet seit Tagen.; http://news.example/regen.html"),
    '<BR><DIV CLASS="c4"><P CLASS="c7"><SPAN CLASS="c2">Es regnete.</SPAN></P>'
    '<P CLASS="c7"><SPAN CLASS="c6">FRAGE: </SPAN><SPAN CLASS="c2">Wie lange?</SPAN></P></DIV>',
    labelled("UPDATE", "28. Februar 2012"),
    labelled("SPRACHE", "GERMAN; DEUTSCH"),
    labelled("ZEITUNGS-CODE", "hb"),
    block("Copyright 2012 Der Hafenbote<BR>Alle Rechte vorbehalten", centred=True),
)
TEXT = """


Download Request: Selected Items: 1-2
Terms: (DATE(>=2009-12-01) and rain)


                               1 of 2 DOCUMENTS



                                The Harbour Echo

                             May 4, 2001 Friday
                                 Late Edition

Rain closes three roads
for the week

BYLINE: Anna Lind

LENGTH: 12 words

Rain fell on the roads, and on the second
line of it.

1 of 3 DOCUMENTS

SUBJECT: of the talk was rain, she said.

Nobody minded.

LOAD-DATE: May 6, 2001

LANGUAGE: ENGLISH

GRAPHIC: A drawing of rain

by the harbour


                        Copyright 2001 The Harbour Echo
                              All Rights Reserved

                               8 of 383 DOCUMENTS


                                 Le Phare

                         mardi 10 décembre 2019

Il pleut sur le port

AUTEUR: Anne Lind

LONGUEUR: 3 mots

Il a plu.

LANGUE: FRENCH; FRANÇAIS

                             Copyright 2019 Le Phare
                              Tous droits réservés
"""


CUT = (2, "what stands below its text is missing; the file may be cut")


def write(folder: Path, raw: bytes, name: str = "export.html") -> Path:
    """Return the path of a file with these bytes."""
    path = folder / name
    path.write_bytes(raw)
    return path


def row(parsed: Parsed, i: int) -> dict[str, object]:
    """Return one record."""
    return {name: values[i] for name, values in parsed.columns.items()}


def test_html(tmp_path: Path) -> None:
    """Labels of two languages, highlighted words, a title on two lines and a date in two spans are read; the frame stays outside the body."""
    parsed = read_html(write(tmp_path, page(ENGLISH, GERMAN)), {})
    assert row(parsed, 0) == {
        "title": "Rain closes three roads; Mayor promises a bridge",
        "text": "Rain fell on roads here.\n\n1 of 3 DOCUMENTS was wet.",
        "outlet": "The Harbour Echo",
        "published": "2001-05-04",
        "author": "ANNA LIND",
        "section": "NEWS; Pg. 2",
        "url": None,
        "language": "en",
        "kind": "article",
    }
    assert row(parsed, 1) == {
        "title": "Regen sperrt Straßen",
        "text": "Es regnet seit Tagen.\n\nEs regnete.\n\nFRAGE: Wie lange?",
        "outlet": "Der Hafenbote",
        "published": "2012-02-27T21:50:00+01:00",
        "author": "Anna Lind",
        "section": None,
        "url": "http://news.example/regen.html",
        "language": "de",
        "kind": "article",
    }
    assert (parsed.numbers, parsed.endings, parsed.skipped, parsed.mended, parsed.notes) == ([1, 2], ["-01", "-02"], [], [], [])


def test_html_says_what_is_missing(tmp_path: Path) -> None:
    """A document without text and one that the vendor could not show are counted as skipped; documents that are not there are noted."""
    sorry = document(block("We are sorry but there is an error in this document and it is not possible to display it."))
    empty = document(block("The Echo", centred=True), block("May 4, 2001", centred=True), block("Rain", style="c5"), labelled("LENGTH", "0 words"))
    parsed = read_html(write(tmp_path, page(ENGLISH, sorry, empty, declared=9)), {})
    assert parsed.numbers == [1] and [n for n, _ in parsed.skipped] == [2, 3]
    assert parsed.notes == ["the file says that it holds 9 documents, but 3 are in it"]


def test_html_without_headline_and_with_table(tmp_path: Path) -> None:
    """A table's rows are paragraphs; a missing headline stays missing and is said."""
    table = "<DIV><BR></DIV><TABLE><TR><TD><P>Rank</P></TD><TD><P>Road</P></TD></TR><TR><TD><P>1</P></TD><TD><P>Quay</P></TD></TR></TABLE></DIV>"
    raw = page(
        document(block("The Echo", centred=True), block("May 4, 2001", centred=True), labelled("SECTION", "Pg. 2"), table, labelled("LANGUAGE", "ENGLISH"))
    )
    parsed = read_html(write(tmp_path, raw), {})
    assert row(parsed, 0)["title"] is None and row(parsed, 0)["text"] == "Rank | Road\n\n1 | Quay"
    assert parsed.mended == [(1, "no headline in the file")]


def test_text(tmp_path: Path) -> None:
    """What looks like a count or a label within an article parts nothing; lines are joined to paragraphs; counts may be of several downloads."""
    parsed = read_text(write(tmp_path, ("\ufeff" + TEXT.replace("\n", "\r\n")).encode(), "export.TXT"), {})
    assert parsed.numbers == [1, 2] and not parsed.notes
    assert row(parsed, 0)["title"] == "Rain closes three roads for the week"
    assert (
        row(parsed, 0)["text"]
        == "Rain fell on the roads, and on the second line of it.\n\n1 of 3 DOCUMENTS\n\nSUBJECT: of the talk was rain, she said.\n\nNobody minded."
    )
    assert row(parsed, 1) == {
        "title": "Il pleut sur le port",
        "text": "Il a plu.",
        "outlet": "Le Phare",
        "published": "2019-12-10",
        "author": "Anne Lind",
        "section": None,
        "url": None,
        "language": "fr",
        "kind": "article",
    }


@pytest.mark.parametrize("count", ["{} of 2 DOCUMENTS", "Dokument {} von 2", "Document {} de 2", "Documento {} de 2", "{} von 2 DOKUMENTEN"])
def test_text_counts_in_other_languages(tmp_path: Path, count: str) -> None:
    """Documents are counted in the language of the site, in cp1252 as in UTF-8, and behind form feeds."""
    article = "\n\n\n          Der Hafenbote\n\n          Dienstag 10.Dezember 2019\n\nRegen\n\nLÄNGE: 2 Wörter\n\nEs regnete.\n\nSPRACHE: GERMAN\n\n"
    text = "\f".join(" " * 30 + count.format(k) + article for k in (1, 2))
    path = write(tmp_path, text.encode("cp1252"), "export.txt")
    assert guess(path, peek(path)).reader is read_text
    parsed = read_text(path, {})
    assert [row(parsed, i)["text"] for i in range(2)] == ["Es regnete."] * 2
    assert [row(parsed, i)["published"] for i in range(2)] == ["2019-12-10"] * 2


def test_copyright_first_and_load_date() -> None:
    """A copyright above the outlet is not the outlet; without a date the day of loading is taken and said."""
    record = assemble(
        [
            Block("Copyright 1995 The Echo\nThe Echo", centred=True),
            Block("Rain"),
            Block("LENGTH: 2 words"),
            Block("BODY:"),
            Block("Rain fell."),
            Block("LOAD-DATE: May 6, 1995"),
        ]
    )
    assert (record.outlet, record.title, record.text, record.published) == ("The Echo", "Rain", "Rain fell.", "1995-05-06")
    assert record.mended


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("December 19, 1991, Sunday, An Edition", "1991-12-19"),
        ("10 décembre 2019 mardi 3:00 AM GMT", "2019-12-10T03:00:00+00:00"),
        ("décembre 10 2019", "2019-12-10"),
        ("11 de enero de 2010 lunes", "2010-01-11"),
        ("11 januari 2010 maandag", "2010-01-11"),
        ("lunedì 11 gennaio 2010", "2010-01-11"),
        ("1er août 2014", "2014-08-01"),
        ("Samstag 3. Jänner 2004", "2004-01-03"),
        ("mercredi 11 septembre 2024 - 10:15 UTC +02:00 1234 mots", "2024-09-11T10:15:00+02:00"),
        ("March 2009", "2009-03"),
        ("31 February 2009", None),
        ("the May 12345 rain", None),
    ],
)
def test_dates_above_articles(line: str, iso: str | None) -> None:
    """Dates are found in their line in each language, and what is no day of the calendar is none."""
    found = header_dates.find(line)
    assert (found.iso if found else None) == iso
    assert iso is None or not dates.parse([iso], [0]).bad


def survives(read: Callable[..., Parsed], folder: Path, raw: bytes) -> None:
    """Read a file: a ``Parsed`` whose columns fit, or a ReadError, within five seconds of computing."""
    start = time.process_time()
    try:
        parsed = read(write(folder, raw, "hostile"), {})
    except ReadError as error:
        assert str(error)
    else:
        assert all(len(values) == len(parsed.numbers) == len(parsed.endings) for values in parsed.columns.values())
        assert all(text for text in parsed.columns["text"])
    assert time.process_time() - start < 40


def damaged(raw: bytes) -> list[bytes]:
    """Return a file cut at every hundredth byte, and with bytes changed at random."""
    rng = random.Random(6)
    cut = [raw[:i] for i in range(1, len(raw), 100)]
    changed = []
    for _ in range(40):
        bytes_ = bytearray(raw)
        for _ in range(9):
            bytes_[rng.randrange(len(bytes_))] = rng.randrange(256)
        changed.append(bytes(bytes_))
    return cut + changed


def test_damaged_files(tmp_path: Path) -> None:
    """Files cut or changed anywhere give documents or a ReadError."""
    for raw in damaged(page(ENGLISH, GERMAN)):
        survives(read_html, tmp_path, raw)
    for raw in damaged(TEXT.encode()):
        survives(read_text, tmp_path, raw)


@pytest.mark.parametrize(
    "inner",
    [
        "<" * 10**6,
        " " * 10**6,
        "a" * 10**6,
        "<div>" * 10**5,
        "<!--" * 10**5,
        "<DIV><P><SPAN>A:" * 3_000,
        "1 of 3 DOCUMENTS\n\n" * 3_000,
        "<script>alert(1)</script>" * 1_000,
    ],
    ids=["angles", "spaces", "letters", "nested", "comments", "labels", "counts", "scripts"],
)
def test_hostile_files(tmp_path: Path, inner: str) -> None:
    """Long runs, deep nesting and scripts take bounded time and never reach a text as markup."""
    raw = page(document(block("The Echo", centred=True), inner, block("Rain fell.")), ENGLISH)
    survives(read_html, tmp_path, raw)
    survives(read_text, tmp_path, TEXT.replace("Il a plu.", inner).encode())


def test_deep_document_leaves_the_others(tmp_path: Path) -> None:
    """A document nested beyond the limit is skipped with the limit; the next is read."""
    parsed = read_html(write(tmp_path, page(document("<div>" * 5_000, block("Rain")), ENGLISH)), {})
    assert parsed.numbers == [2] and "nested" in parsed.skipped[0][1]


def test_sniff_knows_its_own(tmp_path: Path) -> None:
    """Pages and texts of others are not taken, even where they speak of documents."""
    html, text = (format_.sniff for format_ in FORMATS)
    assert html is not None and text is not None
    assert html(page(ENGLISH)) and text(TEXT.encode())
    assert (
        not html(b"<html><p>1 of 2 DOCUMENTS</p></html>")
        and not text(b"We saw\n1 of 2 DOCUMENTS\nthere.")
        and not text(page(ENGLISH))
        and not html(TEXT.encode())
    )
    with pytest.raises(ReadError):
        read_text(write(tmp_path, b"Rain fell."), {})


@needs_samples
@pytest.mark.parametrize(
    ("name", "found", "kept"),
    [
        ("irish-times_1995-06-12_0001.html", 166, 166),
        ("lexisnexis_test_en.html", 2, 2),
        ("lexisnexis_test_fr.html", 3, 3),
        ("lexisnexis_test_copyright_error.html", 2, 1),
        ("sample.TXT", 10, 10),
    ],
)
def test_samples(name: str, found: int, kept: int) -> None:
    """Every document of the real files is found, as their marks and counts say; bodies are there and dates are read."""
    path = SAMPLES / "nexis" / name
    parsed = guess(path, peek(path)).reader(path, {})
    assert isinstance(parsed, Parsed)
    assert (len(parsed.numbers) + len(parsed.skipped), len(parsed.numbers)) == (found, kept)
    assert all(parsed.columns["text"]) and (all(parsed.columns["title"]) or "error" in name) and all(parsed.columns["outlet"])
    assert not dates.parse(parsed.columns["published"], [0] * kept).bad and all(parsed.columns["published"])
    frame = ("LOAD-DATE", "LANGUAGE:", "LENGTH:", "Copyright ", "All Rights Reserved", "LANGUE:")
    assert not [text for text in parsed.columns["text"] if any(word in str(text) for word in frame)]


@needs_samples
def test_samples_of_others_are_not_taken() -> None:
    """No other sample is taken for the old Nexis, and its own all are."""
    own = {"irish-times_1995-06-12_0001.html", "lexisnexis_test_en.html", "lexisnexis_test_fr.html", "lexisnexis_test_copyright_error.html", "sample.TXT"}
    taken = {path.name for path in SAMPLES.rglob("*") if path.is_file() and any(format_.sniff and format_.sniff(peek(path)) for format_ in FORMATS)}
    assert taken == own


def test_a_last_document_that_is_cut_is_said_to_be(tmp_path: Path) -> None:
    """All documents may be there and the last one not whole."""
    whole = page(ENGLISH, GERMAN)
    assert CUT not in read_html(write(tmp_path, whole), {}).mended
    assert CUT in read_html(write(tmp_path, whole[: whole.rindex(b"<!-- Hide")]), {}).mended
    one = "                {} of 3 DOCUMENTS\n\n\n             The Echo\n\n          May 4, 2001\n\nRain\n\nLENGTH: 3 words\n\nRain fell.\n\nIt stopped.\n\n"
    text = "".join(one.format(i) + "LOAD-DATE: May 5, 2001\n\n" for i in (1, 2, 3))
    assert not read_text(write(tmp_path, text.encode(), "a.txt"), {}).mended
    cut = text[: text.rindex("It stopped")]
    assert [n for n, reason in read_text(write(tmp_path, cut.encode(), "a.txt"), {}).mended if reason == CUT[1]] == [3]


def test_two_files_in_one(tmp_path: Path) -> None:
    """What each of them declares is added up."""
    parsed = read_html(write(tmp_path, page(ENGLISH, GERMAN, declared=3) + page(ENGLISH, declared=2)), {})
    assert len(parsed.numbers) == 3 and parsed.notes == ["the file says that it holds 5 documents, but 3 are in it"]


def test_transcripts(tmp_path: Path) -> None:
    """Who was on air is no text, nor is the copyright in words of its own."""
    head = "1 of 1 DOCUMENTS\n\n          Harbour News Transcripts\n\n          May 4, 2001, Friday\n\nRain for May 4\n\n"
    labels = "SHOW: Evening\n\nLENGTH: 9 words\n\nANCHORS: ANN LEE\n\nREPORTERS: JIM DOE\n\n"
    body = "ANN LEE, anchor:\n\nGood evening.\n\nLOAD-DATE: May 5, 2001\n\n          Content and programming Copyright Harbour\n"
    parsed = read_text(write(tmp_path, ("          " + head + labels + body).encode(), "a.txt"), {})
    assert parsed.columns["text"] == ["ANN LEE, anchor:\n\nGood evening."] and parsed.columns["title"] == ["Rain for May 4"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    """What some programs save as "Unicode" is known by its content too."""
    path = write(tmp_path, page(ENGLISH, GERMAN).decode().encode(encoding))
    format_ = guess(path, peek(path))
    parsed = format_.reader(path, {})
    assert format_.name == "old Nexis HTML" and isinstance(parsed, Parsed) and len(parsed.numbers) == 2


def test_a_document_whose_mark_is_missing(tmp_path: Path) -> None:
    """It is found by the line that counts it."""
    raw = page(ENGLISH, GERMAN).replace(b"<DOC NUMBER=1>\n<DOCFULL>", b"", 1)
    whole = read_html(write(tmp_path, page(ENGLISH, GERMAN)), {})
    assert read_html(write(tmp_path, raw), {}).columns == whole.columns
    last = page(ENGLISH, GERMAN)
    at = last.rindex(b"<DOC NUMBER=1>")
    assert read_html(write(tmp_path, last[:at] + last[at + 14 :]), {}).columns["title"] == whole.columns["title"]


@pytest.mark.parametrize("end", ["\r", "\r\r\n", "\r\n"])
def test_line_ends_of_other_systems(tmp_path: Path, end: str) -> None:
    """Line ends of old Macs, and those that a program doubled, change nothing."""
    (tmp_path / "a.txt").write_bytes(TEXT.replace("\n", end).encode())
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8", newline="")
    assert guess(tmp_path / "a.txt", peek(tmp_path / "a.txt")).name == "old Nexis text"
    assert read_text(tmp_path / "a.txt", {}).columns == read_text(tmp_path / "b.txt", {}).columns


def test_two_downloads_in_one_file(tmp_path: Path) -> None:
    """The cover page of a second download is not the text of the article above it."""
    cover = "---- End of Request ----\n\nDownload Request: Selected Items: 3-4\nTime Of Request: Friday\n\nSend To:\nA Library\n\nTerms: (rain)\n\n"
    (tmp_path / "a.txt").write_text(TEXT + cover + TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    twice, once = read_text(tmp_path / "a.txt", {}).columns["text"], read_text(tmp_path / "b.txt", {}).columns["text"]
    assert twice == [*once, *once]


def test_portuguese_text_export(tmp_path: Path) -> None:
    """Labels in capitals with a tilde are known, also in Windows' encoding; one document is counted in the singular."""
    head = ["                    1 de 1 DOCUMENTO", "                    O Porto", "               1 de Julho de 2019", "Chuva em SÃO JOÃO", "SEÇÃO: País"]
    text = "\n\n".join([*head, "EXTENSÃO: 3 palavras", "Chove.", "Copyright é uma palavra, disse ela.", "DATA-CARGA: 2 de Julho de 2019", "IDIOMA: Português"])
    for encoding in ("utf-8", "cp1252"):
        (tmp_path / "a.txt").write_bytes(text.encode(encoding))
        assert guess(tmp_path / "a.txt", peek(tmp_path / "a.txt")).name == "old Nexis text"
        parsed = read_text(tmp_path / "a.txt", {})
        assert parsed.columns["title"] == ["Chuva em SÃO JOÃO"] and parsed.columns["section"] == ["País"]
        assert parsed.columns["text"] == ["Chove.\n\nCopyright é uma palavra, disse ela."]
