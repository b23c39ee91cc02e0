"""Europresse's HTML, the old layout and the new: every article with its outlet, date, section and number."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from newsanalysis.readers import dates
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.europresse import FORMATS, read_html
from newsanalysis.readers.formats import guess, peek

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
FOOTER = "<footer><small>© 2006 La Feuille. Tous droits réservés.</small><p>Numéro de document : news·20060315·LF·0q1503_12</p></footer>"


def new(
    header: str = "Communication, mardi 14 mars 2006, p. 16", body: str = "<div class='docOcurrContainer'><p>Il <mark>pleut</mark>.</p><p>Encore.</p></div>"
) -> str:
    """Return an article of the new layout."""
    return (
        f'<article><header><div><span class="DocPublicationName">La Feuille  , no. 12</span></div><div><span class="DocHeader">{header}</span></div>'
        '<div><p>MEDIAS</p></div><div class="titreArticle"><p class="sm-margin-bottom">Surtitre</p>'
        '<p class="titreArticleVisu">Pluie à Port</p></div><div>Anne Lind</div></header>'
        f'<section><div class="DocText clearfix">{body}</div></section><aside><div><b>Note(s) : </b><p>Une note</p></div></aside>{FOOTER}</article>'
    )


def latest() -> str:
    """Return an article of the layout of today."""
    return (
        '<article><header><div class="rdp__DocPublicationName"><span class="DocPublicationName">La Feuille (site web)</span></div>'
        '<span class="DocHeader">mercredi 11 septembre 2024 - 10:15 UTC +02:00 &nbsp;120 mots</span>'
        '<div class="titreArticle"><p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">Soleil</p></div>'
        '<p class="sm-margin-bottomNews">Paul Lind</p></header>'
        '<section><div class="DocText clearfix"><div class="docOcurrContainer"><p>Il fait beau.</p></div></div></section>'
        '<footer><div class="publiC-lblNodoc">news·20240911·LFW·abc_1</div></footer></article>'
    )


def old(title: str = "Pluie à <span style='color:red'>Port</span>", author: str = "Anne Lind<br><p></p>") -> str:
    """Return an article of the old layout."""
    return (
        '<table><tr><td><table id="tbHeaderImages"><tr><td></td></tr></table><span class="DocPublicationName">La Feuille, no. 5968</span><br>'
        '<span class="DocHeader">Éditorial, </span><span class="DocHeader">jeudi </span>'
        '<span class="DocHeader">4 octobre 2012</span><span class="DocHeader">, p. 03</span><br><br>'
        f'<span class="TitreArticleVisu">{title}</span><br><br>{author}Il <font style="font-weight:bold;">pleut</font>.<p></p>Encore.<p></p>'
        "<b><i>© 2012 La Feuille. Tous droits réservés.</i></b><p></p>Numéro de document : news·20121004·LF·17<br><br>"
        "<table><tr><td>news·20121005·XX·99</td></tr>"
        "<tr><td>Ce certificat est émis à <b>X</b> à des fins de visualisation.</td></tr></table></td></tr></table>"
    )


def page(*articles: str) -> bytes:
    """Return an export."""
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{" ".join(articles)}</body></html>'.encode()


def write(folder: Path, raw: bytes) -> Path:
    """Return the path of a file with these bytes."""
    path = folder / "export.html"
    path.write_bytes(raw)
    return path


def row(parsed: Parsed, i: int) -> dict[str, object]:
    """Return one record."""
    return {name: values[i] for name, values in parsed.columns.items()}


def test_new_layout(tmp_path: Path) -> None:
    """Two vintages of the new layout are read; notes, copyright and highlighting stay outside the body."""
    path = write(tmp_path, page(new(), latest()))
    assert guess(path, peek(path)).reader is read_html
    parsed = read_html(path, {})
    first = ["Pluie à Port", "Il pleut.\n\nEncore.", "La Feuille", "2006-03-14", "Anne Lind", "Communication", "news·20060315·LF·0q1503_12", "article"]
    assert list(row(parsed, 0).values()) == first
    last = ["Soleil", "Il fait beau.", "La Feuille (site web)", "2024-09-11T10:15:00+02:00", "Paul Lind", None, "news·20240911·LFW·abc_1", "article"]
    assert list(row(parsed, 1).values()) == last
    assert (parsed.numbers, parsed.endings, parsed.skipped, parsed.mended) == ([1, 2], ["-01", "-02"], [], [])


def test_new_layout_with_broken_elements(tmp_path: Path) -> None:
    """Elements that end what they did not begin do not end the article; one without a text is skipped and counted."""
    parsed = read_html(write(tmp_path, page(new(body="</div><p>Un paragraphe.</p></div></div>"), new(body=""), new())), {})
    assert parsed.columns["text"] == ["Un paragraphe.", "Il pleut.\n\nEncore."]
    assert parsed.skipped == [(2, "the file has no text for this article")]


@pytest.mark.parametrize(
    ("header", "iso", "section"),
    [
        ("March 14, 2006, p. A1", "2006-03-14", None),
        ("Politique, lundi 1er août 2016 - 1200 mots", "2016-08-01", "Politique"),
        ("Economía, martes 14 de marzo de 2006", "2006-03-14", "Economía"),
        ("Monde, p. 3", "2006-03-15", "Monde"),
    ],
)
def test_headers(tmp_path: Path, header: str, iso: str, section: str | None) -> None:
    """Date and section are found in lines of several languages; the document's number has the date where the line has none."""
    parsed = read_html(write(tmp_path, page(new(header))), {})
    assert (parsed.columns["published"], parsed.columns["section"]) == ([iso], [section])


def test_old_layout(tmp_path: Path) -> None:
    """Articles in tables are read: title with highlighted words, author where there is one, certificate left out."""
    path = write(tmp_path, page(old(), old("Soleil", ""), old().replace(", no. 5968</span>", '</span><span class="DocPublicationName">2</span>')))
    assert guess(path, peek(path)).reader is read_html
    parsed = read_html(path, {})
    assert list(row(parsed, 0).values()) == [
        "Pluie à Port",
        "Il pleut.\n\nEncore.",
        "La Feuille",
        "2012-10-04",
        "Anne Lind",
        "Éditorial",
        "news·20121004·LF·17",
        "article",
    ]
    assert [row(parsed, 1)[name] for name in ("title", "author", "text")] == ["Soleil", None, "Il pleut.\n\nEncore."]
    assert row(parsed, 2) == row(parsed, 0)


def survives(folder: Path, raw: bytes) -> None:
    """Read a file: a ``Parsed`` whose columns fit, or a ReadError, within five seconds of computing."""
    start = time.process_time()
    try:
        parsed = read_html(write(folder, raw), {})
    except ReadError as error:
        assert str(error)
    else:
        assert all(len(values) == len(parsed.numbers) == len(parsed.endings) for values in parsed.columns.values())
        assert all(text for text in parsed.columns["text"])
    assert time.process_time() - start < 40


def test_damaged_files(tmp_path: Path) -> None:
    """Files cut or changed anywhere give documents or a ReadError."""
    rng = random.Random(6)
    for raw in (page(new(), latest()), page(old(), old())):
        for i in range(1, len(raw), 100):
            survives(tmp_path, raw[:i])
        for _ in range(40):
            bytes_ = bytearray(raw)
            for _ in range(9):
                bytes_[rng.randrange(len(bytes_))] = rng.randrange(256)
            survives(tmp_path, bytes(bytes_))


@pytest.mark.parametrize(
    "inner",
    ["<" * 300_000, " " * 300_000, "a" * 300_000, "<div>" * 10**5, "<span>" * 10**5, "<article>" * 2_000, "<br>" * 20_000, "news·20121004·" * 10**5],
    ids=["angles", "spaces", "letters", "nested", "spans", "articles", "breaks", "numbers"],
)
def test_hostile_files(tmp_path: Path, inner: str) -> None:
    """Long runs and deep nesting take bounded time."""
    survives(tmp_path, page(new(body=inner), latest()))
    survives(tmp_path, page(old(title=inner), old(author=inner)))


def test_scripts_are_no_text(tmp_path: Path) -> None:
    """What a browser would run is not in the text; what is escaped stays text."""
    parsed = read_html(write(tmp_path, page(new(body="<p>Il<script>alert(1)</script> pleut &lt;b&gt;.</p>"))), {})
    assert parsed.columns["text"] == ["Il pleut <b>."]


def test_sniff_knows_its_own() -> None:
    """Other pages with articles are not taken."""
    sniff = FORMATS[0].sniff
    assert sniff is not None and sniff(page(new())) and sniff(page(old()))
    assert not sniff(b"<html><article><p>Europresse</p></article></html>") and not sniff(b"DocPublicationName")


@needs_samples
@pytest.mark.parametrize(("name", "count"), [("europresse_test1.html", 3), ("europresse_test2.html", 4)])
def test_samples(name: str, count: int) -> None:
    """Every article of the real files is read, as many as their document numbers, with title, text, outlet and date."""
    path = SAMPLES / "europresse" / name
    parsed = guess(path, peek(path)).reader(path, {})
    assert isinstance(parsed, Parsed)
    assert (len(parsed.numbers), parsed.skipped, len(set(parsed.columns["document_id"]))) == (count, [], count)
    for column in ("title", "text", "outlet", "published"):
        assert all(parsed.columns[column])
    assert not dates.parse(parsed.columns["published"], [0] * count).bad
    assert not [text for text in parsed.columns["text"] if any(word in str(text) for word in ("©", "Numéro", "certificat"))]


@needs_samples
def test_samples_of_others_are_not_taken() -> None:
    """No other sample is taken for Europresse's, and its own both are."""
    taken = {path.name for path in SAMPLES.rglob("*") if path.is_file() and any(format_.sniff and format_.sniff(peek(path)) for format_ in FORMATS)}
    assert taken == {"europresse_test1.html", "europresse_test2.html"}


def test_a_page_that_breaks_off_says_so(tmp_path: Path) -> None:
    """No number of articles is declared; the end of the page is."""
    whole = page(new(), latest())
    assert not read_html(write(tmp_path, whole), {}).notes
    parsed = read_html(write(tmp_path, whole[: whole.rindex(b"<article")]), {})
    assert len(parsed.numbers) == 1 and parsed.notes == ["the page breaks off; its last article may be cut, and others missing"]


def test_articles_whose_mark_is_missing(tmp_path: Path) -> None:
    """They are found by their outlets, and said."""
    whole = page(new(), latest(), new()).replace(b"<article>", b"", 2)
    parsed = read_html(write(tmp_path, whole), {})
    assert parsed.columns["title"] == ["Pluie à Port", "Soleil", "Pluie à Port"] and parsed.columns["outlet"][1] == "La Feuille (site web)"
    assert parsed.columns["text"][1] == "Il fait beau." and parsed.notes == ["2 articles begin without a mark"]
