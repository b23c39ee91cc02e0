"""The reader of Nexis Uni and Lexis files: Word documents and RTF."""

from __future__ import annotations

import contextlib
import io
import random
import time
import zipfile
from pathlib import Path

import pytest

from newsanalysis.readers import formats, nexis
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.rtf import rtf_lines
from newsanalysis.readers.word import Line, docx_lines

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
real = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def p(text: str, *, bold: bool = False, mark: str = "", level: int | None = None, link: str = "") -> str:
    """Return a paragraph of a Word document."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    run = f'<w:r><w:rPr>{"<w:b/>" if bold else ""}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    run = f'<w:hyperlink r:id="{link}">{run}</w:hyperlink>' if link else run
    outline = f'<w:outlineLvl w:val="{level}"/>' if level is not None else ""
    named = f'<w:bookmarkStart w:id="0" w:name="{mark}"/><w:bookmarkEnd w:id="0"/>' if mark else ""
    return f"<w:p><w:pPr>{outline}</w:pPr>{named}{run}</w:p>"


def article(number: int, *, date: str = "July 1, 2019 Monday 9:20 AM GMT", body: tuple[str, ...] = ("Rain fell.", "Roads closed."), foot: str = "") -> str:
    """Return an article as the vendor writes it."""
    return "".join(
        [
            p("", mark=f"Bookmark_{number}"),
            p(f"Rain closes road {number}", bold=True, level=0, link="rId1"),
            p("Kherson Post(Kherson)"),
            p(date),
            p(""),
            p("Copyright 2019 Kherson Post All Rights Reserved"),
            p("Section: NEWS; Version:2"),
            p("Length:\u00a0355 words"),
            p("Byline: By Ann Lee"),
            p("Body", bold=True, mark=f"Body_{number}"),
            *(p(text) for text in body),
            foot or p("Load-Date: July 2, 2019"),
            p("End of Document", bold=True),
        ]
    )


def docx(path: Path, body: str, *, rels: str = "urn:contentItem:5ABC-DEF1-0001-00000-00", **parts: bytes) -> Path:
    """Write a Word document."""
    target = f"https://advance.example/api/document?id={rels}&amp;idtype=PID"
    relation = f'<Relationship Id="rId1" Type="http://x/hyperlink" Target="{target}" TargetMode="External"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<?xml version="1.0" encoding="UTF-8"?><w:document {W} {MC}><w:body>{body}</w:body></w:document>')
        archive.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="http://r">{relation}</Relationships>')
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return path


def read(path: Path) -> Parsed:
    """Read a file by its content."""
    (parsed,) = formats.parse(path, {})
    return parsed


def test_every_field_of_an_article_is_read(tmp_path: Path) -> None:
    """Headline, outlet, date with zone, byline, section and the vendor's id stand in their columns, and the text has no label in it."""
    parsed = read(docx(tmp_path / "a.docx", article(1)))
    assert {name: values[0] for name, values in parsed.columns.items()} == {
        "title": "Rain closes road 1",
        "text": "Rain fell.\n\nRoads closed.",
        "outlet": "Kherson Post (Kherson)",
        "published": "2019-07-01T09:20:00+00:00",
        "author": "Ann Lee",
        "section": "NEWS",
        "url": None,
        "language": None,
        "kind": "article",
        "document_id": "5ABC-DEF1-0001-00000-00",
    }
    assert parsed.format == "Nexis DOCX" and not parsed.skipped and not parsed.mended and not parsed.notes


def test_a_cover_page_is_no_article_and_its_count_is_compared(tmp_path: Path) -> None:
    """The list of documents on the cover gives no article; a count that does not fit is said."""
    cover = p("Date and Time: Friday, 5. July 2019 09:31:00 CEST", bold=True) + p("Job Number: 1") + p("Documents (3)", bold=True)
    cover += "".join(p(f"{i}. Rain closes road {i}") + p("Search Terms: rain") + p("Narrowed by:") for i in (1, 2, 3))
    parsed = read(docx(tmp_path / "a.docx", cover + article(1) + article(2)))
    assert parsed.columns["title"] == ["Rain closes road 1", "Rain closes road 2"]
    assert parsed.notes == ["its cover page speaks of 3 documents, 2 are in it"]
    assert not read(docx(tmp_path / "b.docx", cover + article(1) + article(2) + article(3))).notes


def test_a_list_of_documents_says_that_it_has_no_texts(tmp_path: Path) -> None:
    """The list that Nexis adds to a download of single files is named as what it is."""
    with pytest.raises(ReadError, match="list of 12 documents, without their texts"):
        read(docx(tmp_path / "doclist.docx", p("Documents (12)") + p("1. Rain closes roads")))


@pytest.mark.parametrize("text", ["This is the End of Document he said.", "End of Document: a novel", "Graphic", "Body", "Classification", "Load-Date: never"])
def test_labels_in_the_text_do_not_end_it(tmp_path: Path, text: str) -> None:
    """What looks like a label but is not set as one, or is part of a sentence, stays in the text."""
    parsed = read(docx(tmp_path / "a.docx", article(1, body=("Rain fell.", text, "Roads closed."))))
    assert parsed.columns["text"] == [f"Rain fell.\n\n{text}\n\nRoads closed."]


@pytest.mark.parametrize("label", ["Graphic", "Classification", "Correction"])
def test_sections_behind_the_text_are_left_out(tmp_path: Path, label: str) -> None:
    """Captions, classification and corrections are no part of the text, but the language in them is read."""
    foot = p(label, bold=True) + p("PHOTO: A bridge.") + p("Language: ENGLISH; English") + p("Load-Date: July 2, 2019")
    parsed = read(docx(tmp_path / "a.docx", article(1, foot=foot)))
    assert parsed.columns["text"] == ["Rain fell.\n\nRoads closed."] and parsed.columns["language"] == ["ENGLISH; English"]


def test_the_address_behind_the_text_is_its_url(tmp_path: Path) -> None:
    """A last paragraph that is an address becomes the url; the address of a home page is dropped."""
    one = article(1, body=("Rain fell.", "https://post.example/2019/rain.html"))
    two = article(2, body=("Rain fell.", "http://post.example"))
    parsed = read(docx(tmp_path / "a.docx", one + two))
    assert parsed.columns["url"] == ["https://post.example/2019/rain.html", None] and parsed.columns["text"] == ["Rain fell."] * 2


def test_an_abstract_is_no_part_of_the_text(tmp_path: Path) -> None:
    """Of an abstract and a full text the full text is read; the highlight of an article without text is read as a summary."""
    whole = p("", mark="Bookmark_1") + p("Rain", level=0) + p("Kherson Post") + p("May 2, 2019") + p("Body", bold=True)
    whole += p("ABSTRACT", bold=True) + p("In short.") + p("FULL TEXT", bold=True) + p("Rain fell.") + p("End of Document")
    brief = p("Snow", level=0) + p("Kherson Post") + p("May 3, 2019") + p("Highlight: Snow fell.") + p("Body", bold=True) + p("End of Document")
    parsed = read(docx(tmp_path / "a.docx", whole + brief))
    assert parsed.columns["text"] == ["Rain fell.", "Snow fell."] and parsed.columns["kind"] == ["article", "summary"]
    assert parsed.mended == [(2, "it has no body; its highlight is read, as a summary")]


def test_captions_at_the_end_are_left_out_and_counted(tmp_path: Path) -> None:
    """Label and colon behind the text; the note stands with the file."""
    first = article(1, body=("Rain fell.", "Photo: this one is within.", "Roads closed.", "PHOTO: The quay. (B1)", "CHARTS"))
    parsed = read(docx(tmp_path / "a.docx", first + article(2)))
    assert parsed.columns["text"][0] == "Rain fell.\n\nPhoto: this one is within.\n\nRoads closed."
    assert parsed.notes == ["captions at the end left out in 1 article"]


def test_headlines_of_other_articles_are_no_text(tmp_path: Path) -> None:
    """A list of related articles at the end, and the mark of a correction in the headline, are left out."""
    whole = article(1, body=("Rain fell.", "@")).replace(p("@"), p("Related Articles", bold=True) + p("Snow Closes Road") + p("Is It Cold?"))
    parsed = read(docx(tmp_path / "a.docx", whole.replace("road 1<", "road 1 - Correction Appended<")))
    assert parsed.columns["text"] == ["Rain fell."] and parsed.columns["title"] == ["Rain closes road 1"]
    told = article(1, body=("Related Articles", "They fell."))
    assert read(docx(tmp_path / "b.docx", told)).columns["text"] == ["Related Articles\n\nThey fell."]


def test_an_article_without_text_is_counted_and_said(tmp_path: Path) -> None:
    """A photograph without words, and a document that the vendor could not deliver, are skipped with the reason."""
    broken = "We are sorry but there is an error in this document and it is not possible to display it."
    parsed = read(docx(tmp_path / "a.docx", article(1, body=()) + article(2) + article(3, body=(broken,))))
    assert parsed.numbers == [2]
    assert parsed.skipped == [(1, "there is no text under 'Rain closes road 1'"), (3, "Nexis could not deliver 'Rain closes road 3': fetch it again")]


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("1. Juli 2019 Montag 9:31 PM GMT+1", "2019-07-01T21:31:00+01:00"),
        ("Mercredi 3 Juillet 2019", "2019-07-03"),
        ("5 de mayo de 2019 domingo", "2019-05-05"),
        ("November 22, 2000, Wednesday, Late Edition - Final", "2000-11-22"),
        ("2019年7月1日 星期一", "2019-07-01"),
        ("9 января 1993 г. суббота", "1993-01-09"),
        ("March 2019", "2019-03"),
        ("01/02/2019", "01/02/2019"),
    ],
)
def test_dates_in_many_languages(tmp_path: Path, line: str, published: str) -> None:
    """The date is read in the language of the newspaper or of the interface, and the edition beside it is not in the way."""
    assert read(docx(tmp_path / "a.docx", article(1, date=line))).columns["published"] == [published]


def test_an_article_without_a_date_gets_that_of_its_loading_and_says_so(tmp_path: Path) -> None:
    """Without a date line the load date is given, and the report says it."""
    parsed = read(docx(tmp_path / "a.docx", article(1, date="")))
    assert parsed.columns["published"] == ["2019-07-02"] and parsed.mended == [(1, "it has no date; the date of its loading is given")]


def test_an_article_whose_end_is_not_marked_is_kept_and_said(tmp_path: Path) -> None:
    """The last article counts even if the file stops before its end, and one with its end deleted does not run into the next."""
    cut = article(2).replace("End of Document", "").replace("Load-Date: July 2, 2019", "")
    parsed = read(docx(tmp_path / "a.docx", article(1) + cut))
    assert len(parsed.numbers) == 2 and parsed.mended == [(2, "its end is not marked; the file may be cut")]
    parsed = read(docx(tmp_path / "b.docx", article(1).replace("End of Document", "") + article(2)))
    assert parsed.columns["title"] == ["Rain closes road 1", "Rain closes road 2"] and [n for n, _ in parsed.mended] == [1]


def test_what_word_does_to_a_text_is_undone(tmp_path: Path) -> None:
    """Split runs, links, tracked changes, hidden text, fields, breaks, soft hyphens, tables and text boxes come out as words on a page."""
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = [
        f"<w:p>{run.format('Ra')}<w:hyperlink>{run.format('in')}</w:hyperlink><w:smartTag>{run.format(' fell')}</w:smartTag>{run.format('.')}</w:p>",
        "<w:p><w:del><w:r><w:delText>Old.</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>Moved.</w:t></w:r></w:moveFrom>"
        "<w:ins><w:r><w:t>New.</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r></w:p>",
        "<w:p><w:r><w:instrText>HYPERLINK x</w:instrText></w:r><w:fldSimple><w:r><w:t>Field</w:t></w:r></w:fldSimple>"
        "<w:r><w:br/><w:t>line\u00adbreak</w:t><w:tab/><w:t>tab</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>x</w:t></w:r></w:p>",
        f"<w:tbl><w:tr><w:tc><w:p>{run.format('One')}</w:p></w:tc><w:tc><w:p>{run.format('Two')}</w:p></w:tc></w:tr></w:tbl>",
        f"<w:p>{run.format('Anchor.')}<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{run.format('In a box.')}</w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent><w:p>{run.format('In a box.')}</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    ]
    whole = article(1, body=("@",)).replace(p("@"), "".join(body))
    expected = ["Rain fell.", "New.", "Field\nlinebreak tab-x", "One", "Two", "Anchor.", "In a box."]
    assert read(docx(tmp_path / "a.docx", whole)).columns["text"] == ["\n\n".join(expected)]


def test_a_file_without_bookmarks_bold_and_levels_is_read(tmp_path: Path) -> None:
    """Text alone, as a conversion leaves it, gives the same articles."""
    with_marks, _ = docx_lines(docx(tmp_path / "a.docx", p("Documents (2)") + p("1. Rain closes road 1") + p("") + article(1) + article(2)))
    plain = nexis.articles([Line(line.text) for line in with_marks])
    marked = nexis.articles(with_marks)
    assert [(a.title, a.outlet, a.date, a.author, a.text) for a in plain] == [(a.title, a.outlet, a.date, a.author, a.text) for a in marked]


# --- RTF ---


def rtf(*articles: str) -> bytes:
    """Return an RTF file of parts."""
    fonts = rb"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial;}}"
    head = rb"{\rtf1\ansi\ansicpg1252\deff0" + fonts + rb"{\*\generator Word;}{\info{\title No}}{\header\pard Page 1\par}"
    return head + "".join(articles).encode("latin-1") + b"}"


def rtf_article(body: str = r"Rain fell in Caf\'e9 \u8220?Mir\u8221?.\par {\f1\'cf\'f0\'e8} \'96 {\b bold} {\i words}.\par") -> str:
    """Return an article in RTF."""
    return (
        r"\pard{\*\bkmkstart Bookmark_1}{\*\bkmkend Bookmark_1}\par\pard\outlinelevel0{\field{\*\fldinst{HYPERLINK "
        r'"https://advance.example/?id=urn:contentItem:5ABC-DEF1-0001-00000-00&x=1"}}{\fldrslt{\b\ul Rain closes roads}}}\par\pard Kherson Post\par '
        r"July 1, 2019 Monday\par\par{\b Length:}\~355 words\par{\b Byline:}\~Ann Lee\par{\*\bkmkstart Body}{\*\bkmkend Body}{\b Body}\par "
        + body
        + r"{\b Load-Date:}\~July 2, 2019\par{\pict\pngblip 89504e47}{\b End of Document}\par\sect "
    )


def test_rtf_gives_what_word_gives(tmp_path: Path) -> None:
    """An RTF file has the same fields; code pages, Unicode escapes, links, bookmarks, pictures and headers are understood."""
    path = tmp_path / "a.rtf"
    path.write_bytes(rtf(rtf_article(), rtf_article(r"\trowd\intbl One\cell Two\cell\row\pard It is the {\b End} of Document.\par\v Hidden\v0  Seen\par")))
    parsed = read(path)
    assert parsed.format == "Nexis RTF" and parsed.columns["title"] == ["Rain closes roads"] * 2 and parsed.columns["author"] == ["Ann Lee"] * 2
    assert parsed.columns["text"] == ["Rain fell in Café “Mir”.\n\nПри – bold words.", "One\n\nTwo\n\nIt is the End of Document.\n\nSeen"]
    assert parsed.columns["document_id"] == ["5ABC-DEF1-0001-00000-00"] * 2 and parsed.columns["published"] == ["2019-07-01"] * 2


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (rb"{\rtf1\ansi\u-10179?\u-8704? ok\par}", "😀 ok"),
        (rb"{\rtf1\ansi\uc2\u8212--x\par}", "—x"),
        (rb"{\rtf1\ansi\uc0\u8212 x\par}", "—x"),
        (rb"{\rtf1\ansi\ansicpg932\'93\'fa\'96\'7b\par}", "日本"),
        (rb"{\rtf1\ansi a\bin3 }}}b\par}", "ab"),
        (rb"{\rtf1\ansi a\-b\_c\~d\{e\}\\f\par}", "ab-c d{e}\\f"),
        (rb"{\rtf1\ansi a{\*\unknown hidden}b{\deleted gone}c\par} trailing", "abc"),
        ("{\\rtf1\\ansi Café\\par}".encode(), "Café"),
        (rb"{\rtf1\ansi\ansicpg99999 caf\'e9", "café"),
        (rb"{\rtf1\ansi{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt box\par}}}\par}", "box"),
        (rb"{\rtf1\ansi \u99999999?x\u?\par}", None),
    ],
)
def test_rtf_words(raw: bytes, text: str | None) -> None:
    """Escapes, skipped destinations, binary and cut files give the text that Word would show."""
    lines = rtf_lines(raw)
    assert text is None or [line.text for line in lines if line.text] == [text]


def test_what_some_articles_lack(tmp_path: Path) -> None:
    """Without a headline the outlet is the outlet; without the label of the text, the text is what stands below the labels."""
    foot = p("Date de chargement: 2 juillet 2019") + p("End of Document", bold=True)
    head = p("Kherson Post") + p("July 1, 2019 Monday") + p("Length: 3 words")
    nameless = p("", mark="Bookmark_1") + head + p("Body", bold=True, mark="Body") + p("Rain fell.") + foot
    bare = p("", mark="Bookmark_2") + p("Rain", bold=True, level=0) + head + p("It rained.") + foot
    parsed = read(docx(tmp_path / "a.docx", nameless + bare + article(3)))
    assert parsed.columns["title"] == [None, "Rain", "Rain closes road 3"] and parsed.columns["outlet"][:2] == ["Kherson Post"] * 2
    assert parsed.columns["text"][:2] == ["Rain fell.", "It rained."] and not parsed.skipped
    assert parsed.mended == [(1, "it has no headline")]


# --- damaged and hostile ---


def test_damaged_word_documents_are_refused_with_the_reason(tmp_path: Path) -> None:
    """A cut archive, one without text, an old or protected one: each says what it is."""
    whole = docx(tmp_path / "a.docx", article(1)).read_bytes()
    cases = {
        "cut": (whole[:120], "cannot be opened.*fetch it again"),
        "old": (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old Word file"),
        "empty": (_zipped({"[Content_Types].xml": b"", "word/x.xml": b""}), "no text part"),
        "locked": (_zipped({"[Content_Types].xml": b"", "word/x": b"", "EncryptedPackage": b""}), "password"),
        "entities": (_zipped({"word/document.xml": b'<!DOCTYPE w [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><w>&b;</w>'}), "entities of its own"),
        "bomb": (_zipped({"word/document.xml": b"<w>" + b" " * 30_000_000 + b"</w>"}), "made to do harm"),
        "nested": (_zipped({"word/document.xml": b"<p>" * 100_000}), "nested|well-formed"),
    }
    for name, (raw, reason) in cases.items():
        path = tmp_path / f"{name}.docx"
        path.write_bytes(raw)
        with pytest.raises(ReadError, match=reason):
            read(path)


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return buffer.getvalue()


def test_damaged_xml_gives_what_can_be_read_and_says_it(tmp_path: Path) -> None:
    """A text part that breaks off gives the articles before the break, with a note."""
    path = tmp_path / "a.docx"
    body = f"<w:document {W}><w:body>{article(1)}{article(2)}"
    path.write_bytes(_zipped({"[Content_Types].xml": b"", "word/document.xml": body.encode()}))
    parsed = read(path)
    assert len(parsed.numbers) == 2 and "damaged" in parsed.notes[0]


def test_a_word_document_that_is_cut_or_damaged_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    """A download that broke off, and a byte that is wrong: what is lost is said."""
    words = [" ".join(f"{(i * 7919 + j * 104729) % 99991:x}" for j in range(300)) for i in range(8)]
    whole = docx(tmp_path / "a.docx", p("Documents (8)") + "".join(article(i + 1, body=(text,)) for i, text in enumerate(words))).read_bytes()
    wrong = bytearray(whole)
    wrong[len(whole) * 3 // 4] ^= 255
    for raw in (whole[: len(whole) * 3 // 4], bytes(wrong)):
        (tmp_path / "b.docx").write_bytes(raw)
        parsed = read(tmp_path / "b.docx")
        assert 3 <= len(parsed.numbers) <= 8 and parsed.columns["text"][2] == words[2] and parsed.columns["title"][2] == "Rain closes road 3"
        assert "what stands before the damage was read" in parsed.notes[0]
    (tmp_path / "b.docx").write_bytes(whole[: len(whole) * 3 // 4])
    parsed = read(tmp_path / "b.docx")
    assert len(parsed.numbers) < 8 and parsed.notes[1].startswith("its cover page speaks of 8 documents")


@pytest.mark.parametrize("suffix", ["docx", "rtf"])
def test_broken_bytes_give_articles_or_a_reason(tmp_path: Path, suffix: str) -> None:
    """Cut anywhere and with bytes flipped, a file gives articles or a ReadError, nothing else."""
    whole = docx(tmp_path / "a.docx", article(1) + article(2)).read_bytes() if suffix == "docx" else rtf(rtf_article(), rtf_article())
    reader = nexis.read_docx if suffix == "docx" else nexis.read_rtf
    rng = random.Random(0)
    path = tmp_path / f"b.{suffix}"
    for cut in range(0, len(whole), 61):
        flipped = bytearray(whole)
        for _ in range(5):
            flipped[rng.randrange(len(flipped))] = rng.randrange(256)
        for raw in (whole[:cut], bytes(flipped)):
            path.write_bytes(raw)
            with contextlib.suppress(ReadError):
                assert isinstance(reader(path, {}), Parsed)


TOKENS = (b"{", b"}", b"\\", b"\\b ", b"\\u8220?", b"{\\*\\bkmkstart x", b" ", b"\\'e9", b"\\par ", b"a", b"{\\field{\\*\\fldinst HYPERLINK ", b"\xe9")


@pytest.mark.parametrize("piece", TOKENS)
def test_hostile_rtf_takes_no_time(piece: bytes) -> None:
    """Three hundred kilobytes of the same token is read within seconds."""
    start = time.perf_counter()
    with contextlib.suppress(ReadError):
        rtf_lines(b"{\\rtf1 " + piece * (300_000 // len(piece)))
    assert time.perf_counter() - start < 8


@pytest.mark.parametrize("text", ["a" * 1_000_000, " " * 1_000_000, "1 " * 500_000, "A: " * 300_000, "http://" * 100_000, "\n" * 1_000_000, "a\nb" * 300_000])
def test_hostile_lines_take_no_time(text: str) -> None:
    """A line of a million characters, wherever it stands, is read within seconds."""
    start = time.perf_counter()
    for lines in ([text, text, text], ["Title", text, "July 1, 2019", "Body", text, "End of Document"]):
        nexis.articles([Line(line, level=0) for line in lines] + [Line(line) for line in lines])
    assert time.perf_counter() - start < 5


def test_many_lines_take_time_in_proportion() -> None:
    """Eight thousand short lines of any kind are read within seconds."""
    start = time.perf_counter()
    for text, level in (("July 1, 2019", None), ("Rain", 0), ("Body", None), ("End of Document", None), ("Byline: A", None), ("(x)", None)):
        nexis.articles([Line(text, level=level)] * 8_000)
    assert time.perf_counter() - start < 12


def test_other_files_are_not_taken_for_these(tmp_path: Path) -> None:
    """A workbook, an archive of Word documents and plain XML are left to others."""
    word, rich = (format_.sniff for format_ in nexis.FORMATS)
    assert word and rich
    inner = docx(tmp_path / "a.docx", article(1)).read_bytes()
    assert word(inner) and not rich(inner) and rich(rtf()) and not word(rtf())
    assert not word(_zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("news/a.docx", inner)
    assert not word(buffer.getvalue()) and not word(b"PK\x03\x04") and not rich(b"<rtf>")


# --- the vendors' files ---


@real
@pytest.mark.parametrize(("name", "count"), [("nyt1.docx", 50), ("guardian1.docx", 2), ("sample.DOCX", 10)])
def test_real_files_give_their_published_counts(name: str, count: int) -> None:
    """Every article comes out, each with headline, text, outlet and date, and no label in its text."""
    parsed = read(SAMPLES / "nexis" / name)
    assert len(parsed.numbers) == count and not parsed.skipped
    assert parsed.notes == (["captions at the end left out in 4 articles"] if name == "nyt1.docx" else [])
    for column in ("title", "text", "outlet", "published"):
        assert all(parsed.columns[column]), column
    for text in parsed.columns["text"]:
        assert not any(label in str(text) for label in ("Load-Date", "End of Document", "FULL TEXT", "\u00a0", "Copyright"))


@real
def test_the_real_file_without_articles_says_so() -> None:
    """The vendor's test document is no article, and the reason is given."""
    with pytest.raises(ReadError, match="no article of Nexis"):
        read(SAMPLES / "nexis" / "test.DOCX")


@real
def test_no_other_real_file_is_taken_for_these() -> None:
    """The two sniffs say yes to Nexis' Word files and to nothing else among the samples."""
    word, rich = (format_.sniff for format_ in nexis.FORMATS)
    assert word and rich
    yes = {path.name for path in SAMPLES.rglob("*") if path.is_file() and (word(formats.peek(path)) or rich(formats.peek(path)))}
    assert yes == {"nyt1.docx", "guardian1.docx", "sample.DOCX", "test.DOCX"}


def test_articles_without_marks_of_their_ends_are_parted() -> None:
    """Where neither an end nor a bookmark parts two articles, the headline above the second date does."""
    for level in (0, None):
        lines = []
        for number in (1, 2, 3):
            lines += [Line(f"Rain {number}", bold=True, level=level), Line("Kherson Post"), Line(f"July {number}, 2019"), Line("Length: 3 words")]
            lines += [Line("Body", bold=True), Line(f"Rain fell {number}."), Line("Body"), Line("Roads closed."), Line(f"Load-Date: July {number}, 2019")]
        found = nexis.articles(lines)
        assert [article.title for article in found] == ["Rain 1", "Rain 2", "Rain 3"]
        assert [article.text for article in found] == [f"Rain fell {number}.\n\nBody\n\nRoads closed." for number in (1, 2, 3)]


def test_labels_in_portuguese_and_chinese() -> None:
    """A weekday of many letters before the date, a section and a load date are known."""
    lines = ["Chuva", "Diário", "Segunda-feira, 1 de Julho de 2019", "Secção: País", "Extensão: 3 palavras", "Corpo", "Chove.", "Data de carga: 2 julho 2019"]
    (article,) = nexis.articles([Line(text) for text in [*lines, "Fim do documento"]])
    assert (article.outlet, article.section, article.text, article.loaded) == ("Diário", "País", "Chove.", "2 julho 2019") and article.date is not None
    (article,) = nexis.articles([Line(text) for text in ("雨", "晚报", "2019年7月1日", "正文", "下雨。", "文档结尾")])
    assert article.text == "下雨。"
