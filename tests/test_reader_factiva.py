"""The reader of Factiva exports: HTML, XML, and the lines of RTF, Word and text files."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest

from newsanalysis.readers import factiva, formats
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.word import Line

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
real = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")


def page(*articles: str, end: str = "</form></body></html>") -> str:
    """Return a page of Factiva."""
    return f'<html><head><title>Factiva</title><script>var a = "<b>";</script></head><body><form><div id="contentLeft">{"".join(articles)}</div>{end}'


def coded(number: int = 1, *, language: str = "fr", **fields: str) -> str:
    """Return an article as a table of fields with codes."""
    paragraphs = '<p class="articleParagraph">First <b>head</b>\nparagraph.</p><p class="articleParagraph">Second.</p>'
    values = {"SE": "Politique", "HD": f"<b class='frHeadline'>Pluie {number}</b>", "BY": "Par Anne Lie", "WC": "12 mots", "PD": "29 décembre 2011"}
    values |= {"ET": "15:32", "SN": "La Poste", "SC": "POSTFR", "LA": "Français", "CY": "(c) La Poste", "LP": paragraphs, "TD": "<p>Third.</p>"}
    values |= {"CT": "<p>Contact</p>", "NS": "gpol : Politics", "AN": f"Document POSTFR0020111229e7ct0000{number}"} | fields
    rows = "".join(f'<tr><td class="index"><p><b>{code}</b>&nbsp;</p></td><td>{value}</td></tr>' for code, value in values.items() if value)
    return f'<div class="article {language}Article"><table>{rows}</table><br/></div>'


def plain(number: int = 1, *, lines: tuple[str, ...] | None = None, author: str = "By Ann Lee", tail: str = "<p>Post Limited</p>") -> str:
    """Return an article whose fields have no codes."""
    lines = lines or ("1,012 words", "13 November 2017", "Kherson Post", "KHPO", "1; National", "13", "English", "(c) 2017 Post Ltd ")
    accession = f"KHPO000020171113edbd0000{number}"
    by = f'<div class="author">{author} </div>' if author else ""
    return (
        f'<div id="article-{accession}" class="article"><div class="article enArticle"><p>\n</p><div>News</div>\n<div id="hd"><span class="enHeadline">'
        f"Rain <b>closes</b>\nroad {number}</span>\n</div>{by}" + "".join(f"<div>{line}</div>" for line in lines) + "\n<p></p>\n"
        '<p class="articleParagraph enarticleParagraph">Rain fell in <span class="companylink">Kherson</span>.  </p>\n'
        f'<p class="articleParagraph enarticleParagraph">Roads closed.</p>\n{tail}<p>Document {accession}</p></div></div><br><span></span>'
    )


def read(path: Path, text: str | bytes) -> Parsed:
    """Write a file and read it by its content."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (parsed,) = formats.parse(path, {})
    return parsed


def row(parsed: Parsed, i: int = 0) -> dict[str, object]:
    """Return one record, without what is missing."""
    return {name: values[i] for name, values in parsed.columns.items() if values[i] is not None}


def test_fields_with_codes(tmp_path: Path) -> None:
    """Every field stands in its column; the text is lead and rest, without contacts and codes."""
    parsed = read(tmp_path / "a.html", page(coded(1), coded(2, BY="", ET="", SE="")))
    assert row(parsed) == {
        "title": "Pluie 1",
        "text": "First head paragraph.\n\nSecond.\n\nThird.",
        "outlet": "La Poste",
        "published": "2011-12-29T15:32:00",
        "author": "Anne Lie",
        "section": "Politique",
        "language": "Français",
        "document_id": "POSTFR0020111229e7ct00001",
    }
    assert row(parsed, 1)["published"] == "2011-12-29" and "author" not in row(parsed, 1) and parsed.format == "Factiva HTML" and not parsed.notes


def test_fields_without_codes(tmp_path: Path) -> None:
    """Fields are known by their order: section, headline, byline, words, date, source, code, edition, page, language, copyright."""
    parsed = read(tmp_path / "a.html", page(plain(1), plain(2, author="")))
    assert row(parsed) == {
        "title": "Rain closes road 1",
        "text": "Rain fell in Kherson.\n\nRoads closed.",
        "outlet": "Kherson Post",
        "published": "2017-11-13",
        "author": "Ann Lee",
        "section": "News",
        "language": "English",
        "document_id": "KHPO000020171113edbd00001",
    }
    assert len(parsed.numbers) == 2 and "author" not in row(parsed, 1)


@pytest.mark.parametrize(
    ("lines", "published", "language"),
    [
        (("877 Wörter", "9 Januar 1993", "Kherson Post", "KHPO", "Late Edition - Final", "1", "Englisch", "Copyright 1993 Post"), "1993-01-09", "Englisch"),
        (("254 字", "1993 年 1 月 9 日", "Kherson Post", "KHPO", "英文", "(c) 1993"), "1993-01-09", "en"),
        (("1 204 mots", "1 août 2019", "03:15 PM GMT", "La Poste", "POSTFR", "Français", "©2019"), "2019-08-01T15:15:00+00:00", "Français"),
        (("Special to the Post", "31 words", "2 May 2019", "Kherson Post", "ES", "English", "(c) 2019"), "2019-05-02", "English"),
        (("300 palabras", "5 mayo 2019", "El Correo", "CORREO", "Español"), "2019-05-05", "Español"),
    ],
)
def test_orders_of_fields(tmp_path: Path, lines: tuple[str, ...], published: str, language: str) -> None:
    """Interfaces in other languages, a time, a credit above the words, and missing fields leave the date, the source and the language right."""
    parsed = row(read(tmp_path / "a.html", page(plain(1, lines=lines))))
    assert parsed["published"] == published and parsed["outlet"] in ("Kherson Post", "La Poste", "El Correo")
    assert parsed["language"] in (language, "英文")


def test_only_articles_are_counted(tmp_path: Path) -> None:
    """The outer div of an article, a last article's class and other divs are not counted, and an article without text is skipped with its title."""
    one = plain(1).replace('class="article"', 'class="lastarticle"')
    empty = coded(2, LP="", TD="")
    parsed = read(tmp_path / "a.html", page(one, empty, '<div class="articleList">x</div>', coded(3, language="zhtw")))
    assert parsed.numbers == [1, 3] and parsed.skipped == [(2, "there is no text under 'Pluie 2'")]
    with pytest.raises(ReadError, match="without an article"):
        read(tmp_path / "b.html", page("<div>Headlines</div>"))


def test_an_article_without_a_language_in_its_class_is_read(tmp_path: Path) -> None:
    """Where no div names a language, those with an article's paragraphs are the articles."""
    parsed = read(tmp_path / "a.html", page(plain(1), plain(2)).replace("article enArticle", "article"))
    assert parsed.columns["title"] == ["Rain closes road 1", "Rain closes road 2"] and parsed.columns["document_id"][1] == "KHPO000020171113edbd00002"


def test_an_empty_frame_is_an_article_that_is_missing(tmp_path: Path) -> None:
    """Where the page has an article's frame and nothing in it, the report counts it."""
    frame = '<span></span><div id="article-KHPO000020171113edbd00009" class="article"></div><br>'
    parsed = read(tmp_path / "a.html", page(plain(1), frame, plain(2)))
    assert parsed.columns["title"] == ["Rain closes road 1", "Rain closes road 2"] and parsed.numbers == [1, 3]
    assert parsed.skipped == [(2, "there is neither headline nor text")]


def test_the_number_that_a_page_puts_before_a_headline_is_no_part_of_it(tmp_path: Path) -> None:
    """Only where the headline's class says so."""
    counted = plain(1).replace('"enHeadline">', '"enHeadline counted">35) ')
    parsed = read(tmp_path / "a.html", page(counted, plain(2).replace('"enHeadline">', '"enHeadline">36) ')))
    assert parsed.columns["title"] == ["Rain closes road 1", "36) Rain closes road 2"]


def test_an_article_in_an_article_is_its_own(tmp_path: Path) -> None:
    """A div that is not closed does not make one article of two."""
    parsed = read(tmp_path / "a.html", page(coded(1).removesuffix("</div>"), coded(2)))
    assert parsed.columns["title"] == ["Pluie 1", "Pluie 2"] and parsed.columns["text"][0] == parsed.columns["text"][1]


def test_pages_break_off_and_are_in_other_encodings(tmp_path: Path) -> None:
    """A page that breaks off is read up to there and said; windows-1252 under a false declaration is read right."""
    parsed = read(tmp_path / "a.html", page(coded(1), coded(2)[:600], end=""))
    assert parsed.columns["title"][0] == "Pluie 1" and "breaks off" in parsed.notes[0]
    text = page(coded(1)).replace("<title>", '<meta charset="utf-8"><title>')
    assert row(read(tmp_path / "b.html", text.encode("cp1252")))["language"] == "Français"


def test_scripts_in_a_page_are_no_text(tmp_path: Path) -> None:
    """Scripts, styles and live attributes of a page do not come out; what a headline says of them does, as text."""
    hostile = '<p class="articleParagraph" onclick="x()">Rain<script>alert(1)</script><style>b{}</style><img src=x onerror=alert(1)> fell.</p>'
    parsed = row(read(tmp_path / "a.html", page(coded(1, LP=hostile, TD="", HD="&lt;script&gt;alert(1)&lt;/script&gt; in Rome"))))
    assert parsed["text"] == "Rain fell." and parsed["title"] == "<script>alert(1)</script> in Rome"


# --- XML ---

XML = """<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse xmlns="http://global.factiva.com/pps/2.0"><ppsarticleResultSet count="{count}">
{articles}</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"""
ARTICLE = """<ppsarticle><article><accessionNo>POST0000020120109e51700030</accessionNo><baseLanguage>EN</baseLanguage><byline>By Ann Lee</byline>
<headline><paragraph><hlt>Rain</hlt> - closes roads</paragraph></headline>{lead}<publicationDate>{date}</publicationDate><publisherName>Post Ltd</publisherName>
<sourceName>Kherson Post</sourceName><sectionName>News</sectionName><tailParagraphs><paragraph>Roads &amp; bridges.</paragraph></tailParagraphs></article>
</ppsarticle>"""


def xml(*leads: str, count: int | None = None, date: str = "<dateTime>2012-01-09T01:35:58Z</dateTime>") -> str:
    """Return an XML export."""
    return XML.format(count=count or len(leads), articles="".join(ARTICLE.format(lead=lead, date=date) for lead in leads))


def test_xml(tmp_path: Path) -> None:
    """Fields of XML stand in their columns; a count that does not fit is said."""
    parsed = read(tmp_path / "a.xml", "\ufeff" + xml("<leadParagraph><paragraph>Rain fell.</paragraph></leadParagraph>", count=2))
    assert row(parsed) == {
        "title": "Rain - closes roads",
        "text": "Rain fell.\n\nRoads & bridges.",
        "outlet": "Kherson Post",
        "published": "2012-01-09T01:35:58Z",
        "author": "Ann Lee",
        "section": "News",
        "language": "EN",
        "document_id": "POST0000020120109e51700030",
    }
    assert parsed.notes == ["it says that it has 2 articles, 1 are in it"] and parsed.format == "Factiva XML"


def test_xml_of_lines(tmp_path: Path) -> None:
    """A lead of broken lines becomes paragraphs, a day stays a day, a day and a time become one."""
    lead = "<leadParagraph>\nRain fell\non Monday.\n    Roads were\nclosed.\n   </leadParagraph>"
    parsed = read(tmp_path / "a.xml", xml(lead, date="<date>1987-02-26</date>"))
    assert row(parsed)["text"] == "Rain fell on Monday.\n\nRoads were closed.\n\nRoads & bridges." and row(parsed)["published"] == "1987-02-26"
    parsed = read(
        tmp_path / "b.xml", xml(lead, date="<date>1987-02-26</date></publicationDate><publicationTime><time>03:15:00</time></publicationTime><publicationDate>")
    )
    assert row(parsed)["published"] == "1987-02-26T03:15:00"


def test_damaged_and_hostile_xml(tmp_path: Path) -> None:
    """XML that breaks off gives what stands before; entities of its own, depth and emptiness are refused."""
    lead = "<leadParagraph><paragraph>Rain fell.</paragraph></leadParagraph>"
    whole = xml(lead, lead)
    parsed = read(tmp_path / "a.xml", whole[: whole.rfind("<tailParagraphs>")])
    assert len(parsed.numbers) == 2 and "damaged" in parsed.notes[0]
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    for text, reason in ((whole.replace("?>", f"?>{bomb}", 1), "entities"), (XML.format(count=0, articles="<a>" * 100_000), "nested"), (xml(), "without an")):
        with pytest.raises(ReadError, match=reason):
            read(tmp_path / "b.xml", text)


# --- lines ---

LINES = ["News", "Rain closes roads", "By Ann Lee", "1,012 words", "13 November 2017", "08:15", "Kherson Post", "KHPO", "1; National", "13", "English"]
LINES += ["(c) 2017 Post Ltd", "Rain fell.", "The mayor read the Document aloud.", "Post Limited", "Document KHPO000020171113edbd00001"]


def test_lines_of_rtf_without_codes(tmp_path: Path) -> None:
    """RTF whose headline is bold gives the same fields as HTML; the publisher's name at the end is no text."""
    body = "".join(f"{{\\b {line}}}\\par\n" if line.startswith("Rain closes") else f"{line}\\par\n" for line in LINES)
    parsed = read(tmp_path / "a.rtf", "{\\rtf1\\ansi " + body * 2 + "}")
    assert parsed.format == "Factiva RTF" and len(parsed.numbers) == 2
    assert row(parsed) == {
        "title": "Rain closes roads",
        "text": "Rain fell.\n\nThe mayor read the Document aloud.",
        "outlet": "Kherson Post",
        "published": "2017-11-13T08:15:00",
        "author": "Ann Lee",
        "section": "News",
        "language": "English",
        "document_id": "KHPO000020171113edbd00001",
    }


def test_lines_of_rtf_with_codes(tmp_path: Path) -> None:
    """RTF with a table of codes gives the same fields as HTML."""
    fields = {"SE": "News", "HD": "Rain closes roads", "BY": "By Ann Lee", "WC": "12 words", "PD": "13 November 2017", "SN": "Kherson Post", "SC": "KHPO"}
    fields |= {"LA": "English", "CY": "(c) Post", "LP": "Rain fell.\\par Roads closed.", "TD": "The HD was new.", "NS": "gpol : Politics"}
    rows = "".join(f"\\trowd\\intbl {{\\b {code}}}\\cell {value}\\cell\\row\n" for code, value in fields.items())
    parsed = read(tmp_path / "a.rtf", "{\\rtf1\\ansi " + rows + "\\trowd\\intbl {\\b AN}\\cell Document KHPO000020171113edbd00001\\cell\\row}")
    assert row(parsed)["text"] == "Rain fell.\n\nRoads closed.\n\nThe HD was new." and row(parsed)["published"] == "2017-11-13"
    assert row(parsed)["title"] == "Rain closes roads" and row(parsed)["author"] == "Ann Lee" and row(parsed)["document_id"] == "KHPO000020171113edbd00001"


def test_lines_of_text(tmp_path: Path) -> None:
    """Articles that were saved as plain text are known by their last line."""
    parsed = read(tmp_path / "a.txt", "\n\n".join(LINES[1:2] + LINES[3:]))
    assert parsed.format == "Factiva text" and row(parsed)["title"] == "Rain closes roads" and row(parsed)["document_id"] == "KHPO000020171113edbd00001"


def test_other_lines_are_no_articles(tmp_path: Path) -> None:
    """Other RTF is refused, and says so."""
    with pytest.raises(ReadError, match="no article of Nexis or Factiva in the RTF file"):
        read(tmp_path / "a.rtf", "{\\rtf1 A letter.\\par}")
    assert factiva.line_records(["Rain", "Document KHPO000020171113edbd00001"]) == []


# --- damaged and hostile ---


def test_broken_bytes_give_articles_or_a_reason(tmp_path: Path) -> None:
    """Cut anywhere and with bytes flipped, a file gives articles or a ReadError, nothing else."""
    rng = random.Random(0)
    for name, reader, text in (("a.html", factiva.read_html, page(coded(), plain())), ("a.xml", factiva.read_xml, xml("<leadParagraph>Rain</leadParagraph>"))):
        whole, path = text.encode(), tmp_path / name
        for cut in range(0, len(whole), 47):
            flipped = bytearray(whole)
            for _ in range(5):
                flipped[rng.randrange(len(flipped))] = rng.randrange(256)
            for raw in (whole[:cut], bytes(flipped)):
                path.write_bytes(raw)
                with contextlib.suppress(ReadError):
                    assert isinstance(reader(path, {}), Parsed)


@pytest.mark.parametrize("piece", ["<", " ", "a", "<div>", '<div class="article enArticle">', "<p>", "&nbsp;", "<td><td>", "1 words ", "\n"])
def test_hostile_pages_take_no_time(tmp_path: Path, piece: str) -> None:
    """A hundred kilobytes of the same piece, in an article's text or headline, is read or refused within seconds."""
    start = time.perf_counter()
    for text in (page(plain(1).replace("Roads", piece * (100_000 // len(piece)))), page(coded(1, HD=piece * (100_000 // len(piece))))):
        with contextlib.suppress(ReadError):
            read(tmp_path / "a.html", text)
    assert time.perf_counter() - start < 8


@pytest.mark.parametrize("line", ["a" * 500_000, "1 " * 250_000, "HD", "1 words", "13 November 2017", "Document KHPO000020171113edbd00001"])
def test_hostile_lines_take_no_time(line: str) -> None:
    """Long lines and many lines of one kind are read within seconds."""
    start = time.perf_counter()
    factiva.line_records([Line(line)] * (3 if len(line) > 100 else 50_000) + [Line(text) for text in LINES])
    assert time.perf_counter() - start < 8


# --- the vendor's files ---


@real
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("irish-independence_1_2017-11-14.html", 44),
        ("nyt_1_1993-01-03.html", 27),
        ("factiva_test.html", 2),
        ("factiva_test.xml", 3),
        ("reut21578-factiva.xml", 19),
    ],
)
def test_real_files_give_their_published_counts(name: str, count: int) -> None:
    """Every article comes out, with headline, text, source, date, language and accession number."""
    (parsed,) = formats.parse(SAMPLES / "factiva" / name, {})
    assert len(parsed.numbers) == count and not parsed.skipped and not parsed.mended
    for column in ("title", "text", "outlet", "published", "language", "document_id"):
        assert all(parsed.columns[column]), column
    assert len(set(parsed.columns["document_id"])) == count
    notes = {"reut21578-factiva.xml": "it says that it has 20 articles, 19 are in it", "nyt_1_1993-01-03.html": "captions at the end left out in 14 articles"}
    assert parsed.notes == ([notes[name]] if name in notes else [])


def test_captions_at_the_end_are_left_out_and_counted(tmp_path: Path) -> None:
    """Only behind the text, only with a label; a sentence that begins with the word stays."""
    tails = ["Photo: The quay on Monday. (A. Lee)(pg. 4) Map of the quay.", "Drawing:", "Photos of the quay were shown: it was gone."]
    tails += ["Map: The quay.</p><p class='articleParagraph'>PHOTOS/GRAPH (Color): Rain by month", "Tables: one.</p><p class='articleParagraph'>Rain went on."]
    page_ = page(*(plain(i, tail=f'<p class="articleParagraph">{tail}</p><p>Post Limited</p>') for i, tail in enumerate(tails, 1)))
    parsed = read(tmp_path / "a.html", page_)
    ends = [str(text).split("\n\n")[-1] for text in parsed.columns["text"]]
    assert ends == ["Roads closed.", "Roads closed.", tails[2], "Roads closed.", "Rain went on."]
    assert parsed.notes == ["captions at the end left out in 3 articles"]


@real
def test_no_other_real_file_is_taken_for_these() -> None:
    """The sniffs say yes to Factiva's files and to nothing else among the samples."""
    yes = {path.name for path in SAMPLES.rglob("*") if path.is_file() for format_ in factiva.FORMATS if format_.sniff and format_.sniff(formats.peek(path))}
    assert yes == {path.name for path in (SAMPLES / "factiva").iterdir()}


def rtf(number: int, end: str = "Document ") -> str:
    """Return an article as paragraphs of RTF."""
    lines = [
        "News",
        f"{{\\b Rain {number}}}",
        "Ann Lee",
        "12 words",
        "1 July 2019",
        "Kherson Post",
        "KHPO",
        "English",
        "(c) 2019",
        f"Rain fell {number} times.",
    ]
    return "".join(f"\\pard {line}\\par\n" for line in [*lines, f"{end}KHPO000020190701ef71000a{number}" if end else ""])


@pytest.mark.parametrize(
    ("body", "titles", "cut"),
    [
        (rtf(1) + rtf(2) + rtf(3), [1, 2, 3], []),
        (rtf(1) + rtf(2, "") + rtf(3), [1, 2, 3], [2]),
        (rtf(1) + rtf(2) + rtf(3)[:-40], [1, 2, 3], [3]),
        (rtf(1) + rtf(2) + "}{\\rtf1 " + rtf(3) + rtf(4), [1, 2, 3, 4], []),
    ],
)
def test_rtf_with_ends_missing(tmp_path: Path, body: str, titles: list[int], cut: list[int]) -> None:
    """A mark that is missing, a cut, and two files in one lose no article; what is not whole is said."""
    path = tmp_path / "a.rtf"
    path.write_text("{\\rtf1\\ansi " + body + "}")
    (parsed,) = formats.parse(path, {})
    assert parsed.columns["title"] == [f"Rain {number}" for number in titles]
    assert all(f"fell {number} times" in str(text) for number, text in zip(titles, parsed.columns["text"], strict=True))
    assert parsed.mended == [(number, "its end is not marked; the file may be cut") for number in cut]


def test_pages_one_after_another_are_all_read(tmp_path: Path) -> None:
    """Exports that were put into one file lose no article, whatever the case of their tags."""
    parsed = read(tmp_path / "a.html", page(plain(1), coded(2)) + "\n<!-- saved from url=(0009)about:x -->\n<!DOCTYPE html>\n" + page(plain(3)))
    assert [row(parsed, i)["title"] for i in range(3)] == ["Rain closes road 1", "Pluie 2", "Rain closes road 3"] and len(parsed.numbers) == 3
    parsed = read(tmp_path / "b.html", page(plain(1)).replace("<title>", "<TITLE>").replace("<div", "<DIV").replace("</div>", "</DIV>"))
    assert row(parsed)["outlet"] == "Kherson Post"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<table><tr><td>Town</td><td>Level</td></tr><tr><td>Odesa</td><td>3</td></tr></table>", "Town | Level\nOdesa | 3"),
        ("<ul><li>One road</li><li>Two roads</li></ul>", "One road\nTwo roads"),
        ('<p class="articleParagraph"><pre>Town   Level\nOdesa      3\n</pre></p>', "Town   Level\nOdesa      3"),
        ("<p>Nobody was hurt.</p>", "Nobody was hurt."),
    ],
)
def test_tables_and_lists_in_the_text_stay_in_it(tmp_path: Path, inner: str, text: str) -> None:
    """What stands between paragraphs of the text is of the text, also where it is no paragraph."""
    parsed = read(
        tmp_path / "a.html", page(plain().replace('<p class="articleParagraph enarticleParagraph">Roads', inner + '<p class="articleParagraph">Roads'))
    )
    assert row(parsed)["text"] == f"Rain fell in Kherson.\n\n{text}\n\nRoads closed."


def test_fields_parted_by_tabs_and_headlines_below_a_section(tmp_path: Path) -> None:
    """A table of fields pasted as text is read; without bold type a section is not taken for the headline."""
    fields = {"SE": "News", "HD": "Rain closes roads", "BY": "Ann Lee", "WC": "12 words", "PD": "1 July 2019", "ET": "03:45", "SN": "Kherson Post"}
    fields |= {"LA": "English", "LP": "Rain fell.", "TD": "Roads closed.\nFor long.", "NS": "gcat : x", "AN": "Document KHPO000020190701ef71000a1"}
    parsed = read(tmp_path / "a.txt", "\n".join(f"{code}\t{value}" for code, value in fields.items()) + "\n")
    assert row(parsed)["text"] == "Rain fell.\n\nRoads closed.\n\nFor long." and row(parsed)["document_id"] == "KHPO000020190701ef71000a1"
    above = ["News", "Rain closes three roads", "By Ann Lee", "12 words", "1 July 2019", "Kherson Post", "KHPO", "English", "(c) 2019 Post Ltd"]
    (record,) = factiva.line_records([*above, "Rain fell.", "Document KHPO000020190701ef71000a1"])
    assert (record.section, record.title, record.author) == ("News", "Rain closes three roads", "Ann Lee")
