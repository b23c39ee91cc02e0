"""ProQuest's HTML, text and e-mails: every article once, however the mail was sent on."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsanalysis.readers import dates
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.formats import guess, peek
from newsanalysis.readers.limits import LimitError
from newsanalysis.readers.proquest import FORMATS, html_records, mail_records, read_html, read_mail, read_text, text_records

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")


def article(number: int, body: str = "<p>Rain fell on the quay.</p><p>Roads closed.</p>", *, date: str = "May 4, 2001") -> str:
    """Return one article of the HTML."""
    return (
        f'<div style="margin-bottom:20px"><a name="DocID_MSTAR_{number}"></a><p></p><p style="font-weight:bold;">Rain closes road {number}</p>'
        "<p><strong>Author:  </strong>Lind, Anna</p><p><strong>Publication info:  </strong>Harbour Echo ; Port, Calif. [Port, Calif]04 May 2001: A.2.</p>"
        f'<p><a href="https://search.proquest.com/docview/{number}?accountid=00000">ProQuest document link</a></p>'
        "<p><strong>Abstract:  </strong><body></p><p>It rained.</p><p></body></p><div><strong>Links: </strong><a href='http://links.example/'>Links</a></div>"
        f'<p><strong>Full text: </strong><Text WordCount="7" HTMLContent="true"><html><head><title></title></head><body>{body}'
        '<div><div><strong>Illustration</strong></div><div><div class="Illustration_content"><p>Caption: a road</p></div></div></div></body></html></Text></p>'
        "<p><strong>Subject: </strong>Rain</p><p><strong>Publication title: </strong>Harbour Echo; Port, Calif.</p>"
        f"<p><strong>Publication date: </strong>{date}</p><p><strong>Section: </strong>News</p><p><strong>Language ofpublication: </strong>English</p>"
        f"<p><strong>ProQuest document ID: </strong>{number}</p>"
        f'<p><strong>Document URL: </strong><a href="https://search.proquest.com/docview/{number}?accountid=00000">https://search.proquest.com/docview/{number}?accountid=00000</a></p>'
        "<p><strong>Copyright: </strong>Harbour Echo</p><p><strong>Database: </strong>Dailies</p></div>"
    )


HTML = f"<html><body><p>Email 1 of 1</p>{article(11)}{article(12)}<div class='copyright'><p>Contact ProQuest</p></div></body></html>"
RULE = "_" * 60
TEXT = f"""{RULE}

Report Information from ProQuest
04 May 2001 12:00
{RULE}

Document 1 of 2

Rain closes roads

Author: Lind, Anna

Publication info: Harbour Echo ; Port [Port]04 May 2001: A.2.

http://search.proquest.com/docview/11?accountid=1

Abstract: It rained.

Full text: Rain fell on the quay, and it went on for so long that nobody who lived there could remember the like of it.
{RULE}
Location: that was what they asked about, and nobody knew, although the whole harbour had been searched twice by then.

Nobody there knew what to say to them, nor where to look for what had been lost, and so they went home.

And that was that, for a while.

Then they asked again.

Subject: Rain

Title: Rain closes roads

Publication title: Harbour Echo; Port, Calif.

Publication date: May 4, 2001

Language of publication: English

ProQuest document ID: 11

Document URL: http://search.proquest.com/docview/11?accountid=1

Database: Dailies
{RULE}

Document 2 of 2

Sun opens roads

Abstract: The sun shone.

Full text: Not available.

Title: Sun opens roads

Publication title: Harbour Echo

Publication date: Jun 1, 2001

ProQuest document ID: 12

Database: Dailies
{RULE}

Contact us at: http://proquest.example
Database copyright 2001 ProQuest LLC. All rights reserved.
"""


def mail(html: str | None = HTML, text: str | None = None) -> EmailMessage:
    """Return an e-mail with these parts."""
    message = EmailMessage()
    message["From"] = "noreply@proquest.com"
    message["Subject"] = "Your ProQuest Research"
    message.set_content(text or "See the HTML.")
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def write(folder: Path, raw: bytes, name: str = "export.html") -> Path:
    """Return the path of a file with these bytes."""
    path = folder / name
    path.write_bytes(raw)
    return path


def row(parsed: Parsed, i: int) -> dict[str, object]:
    """Return one record."""
    return {name: values[i] for name, values in parsed.columns.items()}


def test_html(tmp_path: Path) -> None:
    """Labels with lost spaces, elements that cross and pages within the page are read; captions and labels stay outside the body."""
    parsed = read_html(write(tmp_path, HTML.encode()), {})
    assert row(parsed, 0) == {
        "title": "Rain closes road 11",
        "text": "Rain fell on the quay.\n\nRoads closed.",
        "kind": "article",
        "outlet": "Harbour Echo",
        "published": "2001-05-04",
        "author": "Lind, Anna",
        "section": "News",
        "url": "https://search.proquest.com/docview/11",
        "language": "en",
        "document_id": "proquest-11",
    }
    assert (parsed.numbers, parsed.endings, parsed.skipped, parsed.mended) == ([1, 2], ["-01", "-02"], [], [])


def test_broken_html_loses_no_article() -> None:
    """Where an article's own page ends the outer one, where its text stands behind an empty element, and where a tag is broken, all articles come."""
    broken = article(1).replace("<html><head>", "html&gt;<head>", 1)
    behind = article(2, "").replace(
        '<div><div><strong>Illustration</strong></div><div><div class="Illustration_content"><p>Caption: a road</p></div></div></div>', ""
    )
    behind = behind.replace("</Text></p>", "</Text></p><div><p>Rain fell.</p></div>")
    records = html_records(broken + "</html>" + behind + article(3).replace("</Text>", ""))
    assert [record["text"] for record in records] == ["Rain fell on the quay.\n\nRoads closed.", "Rain fell.", "Rain fell on the quay.\n\nRoads closed."]


@pytest.mark.parametrize(("said", "iso"), [("Jan 11, 2 009", "2009-01-11"), ("Aug 22, 2013", "2013-08-22"), ("", "2001-05-04"), ("10 mar 2014", "2014-03-10")])
def test_dates(said: str, iso: str) -> None:
    """Dates with a stray space are read; without one, the line about the publication has it."""
    assert html_records(article(1, date=said))[0]["published"] == iso


def test_text(tmp_path: Path) -> None:
    """A rule or a label within a text parts nothing; where there is only an abstract it is a summary, and that is said."""
    path = write(tmp_path, TEXT.encode(), "export.txt")
    assert guess(path, peek(path)).reader is read_text
    parsed = read_text(path, {})
    assert parsed.numbers == [1, 2] and parsed.notes == []
    first = str(row(parsed, 0)["text"])
    assert first.startswith("Rain fell on the quay") and first.endswith("Then they asked again.") and "_" not in first
    assert {name: row(parsed, 0)[name] for name in ("title", "outlet", "published", "language", "url", "document_id")} == {
        "title": "Rain closes roads",
        "outlet": "Harbour Echo",
        "published": "2001-05-04",
        "language": "en",
        "url": "http://search.proquest.com/docview/11",
        "document_id": "proquest-11",
    }
    assert (row(parsed, 1)["kind"], row(parsed, 1)["text"]) == ("summary", "The sun shone.")
    assert parsed.mended == [(2, "no full text; its abstract was read as a summary")]


@pytest.mark.parametrize("way", ["alternative", "attached", "attached file", "mailbox", "latin-1 said, UTF-8 meant", "base64"])
def test_mail(tmp_path: Path, way: str) -> None:
    """Articles come once out of alternatives, mails in mails, attachments and mailboxes, whatever the charset that is said."""
    message = mail(text=TEXT)
    raw = message.as_bytes()
    if way == "attached":
        outer = mail(None, "See below.")
        outer.add_attachment(message)
        raw = outer.as_bytes()
    elif way == "attached file":
        outer = mail(None, "See below.")
        outer.add_attachment(HTML, subtype="html", filename="articles.html")
        raw = outer.as_bytes()
    elif way == "mailbox":
        raw = b"From a Mon May 4\n" + mail(None, "Hello").as_bytes() + b"\n\nFrom b Mon May 4\n" + raw
    elif way.startswith("latin-1"):
        raw = b"Subject: ProQuest\nContent-Type: text/html; charset=iso-8859-1\n\n" + HTML.replace("closes", "schließt").encode()
    elif way == "base64":
        raw = b"Subject: ProQuest\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(HTML.encode())
    path = write(tmp_path, raw, "export.eml")
    assert guess(path, peek(path)).reader is read_mail
    parsed = read_mail(path, {})
    assert parsed.columns["document_id"] == ["proquest-11", "proquest-12"]
    assert parsed.columns["text"] == ["Rain fell on the quay.\n\nRoads closed."] * 2
    if way.startswith("latin-1"):
        assert parsed.columns["title"][0] == "Rain schließt road 11"


def test_forwarded_text() -> None:
    """A mail that was sent on as quoted text holds its articles too."""
    fields = "\n".join(["Publication title: Echo", "Publication date: May 4, 2001", "ProQuest document ID: 11", "Database: Dailies"])
    one = f" <>\nRain closes roads\nAuthor: Lind, Anna\nAbstract:\n\nIt rained.\n\nFull text:\nRain fell.\n\nRoads closed.\n\n{fields}\n"
    quoted = "\n".join(f"> {line}" for line in (one + one.replace("11", "12")).split("\n"))
    records = mail_records(mail(None, "Read this!\n\n" + quoted).as_bytes())
    assert [record["document_id"] for record in records] == ["proquest-11", "proquest-12"]
    assert [record["text"] for record in records] == ["Rain fell.\n\nRoads closed."] * 2
    assert [record["title"] for record in records] == ["Rain closes roads"] * 2


def test_other_languages() -> None:
    """Labels in Spanish and French are known."""
    text = (
        "Título: Lluvia\nTexto completo: Llovió.\nTítulo de publicación: El Eco\nFecha de publicación: 4 de mayo de 2001\nIdioma de la publicación: Spanish\n"
    )
    record = text_records(text)[0]
    assert [record[name] for name in ("title", "text", "outlet", "published", "language")] == ["Lluvia", "Llovió.", "El Eco", "2001-05-04", "es"]


def nested(depth: int) -> bytes:
    """Return an e-mail of parts within parts."""
    heads = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(depth))
    return b"Subject: ProQuest\n" + heads + b"Content-Type: text/html\n\n" + HTML.encode()


def test_nested_mail() -> None:
    """Parts within parts are read to a depth that mails have, and refused beyond it by name."""
    assert len(mail_records(nested(20))) == 2
    with pytest.raises(LimitError, match="parts within parts"):
        mail_records(nested(1_000))
    with pytest.raises(LimitError, match="parts within parts"):
        mail_records(b"Content-Type: message/rfc822\n\n" * 1_000 + HTML.encode())
    with pytest.raises(LimitError, match="header field"):
        mail_records(b'Content-Type: multipart/mixed; a="' + b";" * 10**6 + b"\n\nRain")


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
    changed = []
    for _ in range(30):
        bytes_ = bytearray(raw)
        for _ in range(9):
            bytes_[rng.randrange(len(bytes_))] = rng.randrange(256)
        changed.append(bytes(bytes_))
    return [raw[:i] for i in range(1, len(raw), 100)] + changed


def test_damaged_files(tmp_path: Path) -> None:
    """Files cut or changed anywhere give documents or a ReadError."""
    for read, raw in ((read_html, HTML.encode()), (read_text, TEXT.encode()), (read_mail, mail(text=TEXT).as_bytes())):
        for each in damaged(raw):
            survives(read, tmp_path, each)


@pytest.mark.parametrize(
    "inner",
    [
        "<" * 10**6,
        " " * 10**6,
        "a" * 10**6,
        "<div>" * 10**5,
        "<strong>" * 10**5,
        "<strong>Full text: </strong>" * 10**4,
        "<p" * 10**5,
        "_" * 300_000,
        (RULE + "\n") * 10**4,
    ],
    ids=["angles", "spaces", "letters", "nested", "strong", "labels", "paragraphs", "underscores", "rules"],
)
def test_hostile_files(tmp_path: Path, inner: str) -> None:
    """Long runs and deep nesting take bounded time."""
    survives(read_html, tmp_path, (article(1, inner) + article(2)).encode())
    survives(read_text, tmp_path, TEXT.replace("The sun shone.", inner).encode())
    survives(read_mail, tmp_path, b"Subject: ProQuest\nContent-Type: text/html\n\n" + (article(1, inner) + article(2)).encode())


def test_hostile_headers(tmp_path: Path) -> None:
    """Charsets and encodings that do not exist, header lines that are none and many empty parts give articles or a ReadError."""
    heads = [
        b"Content-Type: text/html; charset=rot13",
        b"Content-Type: text/html; charset=\xff\xfe",
        b"Content-Type: text/html\nContent-Transfer-Encoding: x-uuencode",
        b"Content-Type:",
    ]
    heads += [b"Subject: =?utf-8?b?" + b"A" * 5_000 + b"?=", b"Content-Type: text/html; charset*=utf-7''x", b"Content-Type: text/html\nBcc: a\r\n\tb\r\rX: y"]
    for head in heads:
        survives(read_mail, tmp_path, b"Subject: ProQuest\n" + head + b"\n\n" + HTML.encode())
    survives(read_mail, tmp_path, b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\n" * 12_000)


def test_scripts_are_no_text() -> None:
    """What a browser would run is not in the text; what is escaped stays text."""
    record = html_records(article(1, "<p>Rain<script>alert(1)</script> fell &lt;b&gt;.</p><p onclick='x()'>So.</p>"))[0]
    assert record["text"] == "Rain fell <b>.\n\nSo."


def test_sniff_knows_its_own(tmp_path: Path) -> None:
    """Other pages, texts and mails are not taken; a mail without articles says what to do."""
    mails, html, text = (format_.sniff for format_ in FORMATS)
    assert mails is not None and html is not None and text is not None
    assert mails(mail().as_bytes()) and html(HTML.encode()) and text(TEXT.encode())
    assert not mails(b"From: a\nSubject: b\n\nc") and not html(b"<p>ProQuest sells articles</p>") and not text(b"Title: x\n") and not text(HTML.encode())
    with pytest.raises(ReadError, match=r"none of ProQuest.*save the articles"):
        read_mail(write(tmp_path, b"From: a\nSubject: b\n\nc", "a.eml"), {})
    with pytest.raises(ReadError, match="no article of ProQuest"):
        read_mail(write(tmp_path, b"From: a\nSubject: ProQuest\n\nc", "a.eml"), {})


@needs_samples
@pytest.mark.parametrize(
    ("name", "count"), [("sample-1.html", 1), ("sample.eml", 100), ("forwarded.eml", 100), ("format-v2.eml", 20), ("malformed-html-tag.eml", 2)]
)
def test_samples(name: str, count: int) -> None:
    """Every article of the real files comes once, as many as their anchors and document numbers, with title, full text and date."""
    path = SAMPLES / "proquest" / name
    parsed = guess(path, peek(path)).reader(path, {})
    assert isinstance(parsed, Parsed)
    assert (len(parsed.numbers), len(parsed.skipped), len(set(parsed.columns["document_id"]))) == (count, 0, count)
    for column in ("title", "text", "outlet", "published", "url"):
        assert all(parsed.columns[column])
    assert set(parsed.columns["kind"]) == {"article"} and set(parsed.columns["language"]) == {"en"}
    assert not dates.parse(parsed.columns["published"], [0] * count).bad
    frame = ("ProQuest document", "Full text:", "Abstract:", "Enlarge this image", "Publication title:", "html>")
    assert not [text for text in parsed.columns["text"] if any(word in str(text) for word in frame)]


@needs_samples
def test_forwarded_text_equals_its_html() -> None:
    """The quoted text of the forwarded mail holds the same hundred articles as its HTML."""
    raw = (SAMPLES / "proquest" / "forwarded.eml").read_bytes()
    html = mail_records(raw)
    plain = next(part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/plain")
    text = mail_records(b"Subject: Fwd\n\n" + bytes(plain.get_payload(decode=True)))
    assert [record["document_id"] for record in text] == [record["document_id"] for record in html]
    assert [record["title"] for record in text] == [record["title"] for record in html]
    assert [record["published"] for record in text] == [record["published"] for record in html]


@needs_samples
def test_samples_of_others_are_not_taken() -> None:
    """No other sample is taken for ProQuest's, and its own all are."""
    taken = {path.parent.name for path in SAMPLES.rglob("*") if path.is_file() and any(format_.sniff and format_.sniff(peek(path)) for format_ in FORMATS)}
    assert taken == {"proquest"}


def labelled_body(body: str) -> str:
    """Return an article of the text whose labels are parted by blank lines."""
    url = "https://proxy.example.edu/login?url=https://www.proquest.com/news/rain/docview/77/se-2?accountid=1"
    tail = ["Subject: Rain", "Title: Editorial: Rain", "Publication title: Harbour Echo; Port", "Publication date: May 4, 2001"]
    tail += ["ProQuest document ID: 77", f"DocumentURL: {url}"]
    return "\n\n".join([RULE, "Document 1 of 1", "Editorial: Rain", url, "Abstract: None available.", f"Full text: {body}", *tail, RULE])


def test_lines_of_a_text_that_look_like_labels_stay_in_it() -> None:
    """Labels below the text are parted by blank lines, its last lines are not."""
    (record,) = text_records(labelled_body("It rained.\nSubject: roads.\nIt stopped.\nLocation: the quay, 8 pm.\nColumn: seven."))
    assert record["text"] == "It rained.\n\nSubject: roads.\n\nIt stopped.\n\nLocation: the quay, 8 pm.\n\nColumn: seven."
    assert (record["title"], record["published"], record["document_id"]) == ("Editorial: Rain", "2001-05-04", "proquest-77")


def test_a_librarys_proxy_is_no_part_of_an_address() -> None:
    """The same article has the same address wherever it was fetched."""
    assert text_records(labelled_body("It rained."))[0]["url"] == "https://www.proquest.com/news/rain/docview/77/se-2"


def test_an_email_that_breaks_off_says_so(tmp_path: Path) -> None:
    """Its articles are read as far as they go, from the part that has most of them."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Articles from ProQuest", "a@example.org"
    text = labelled_body("It rained.")
    mail.set_content(text + text.replace("77", "78"))
    mail.add_alternative(HTML, subtype="html")
    raw = mail.as_bytes()
    (tmp_path / "a.eml").write_bytes(raw)
    assert not read_mail(tmp_path / "a.eml", {}).notes
    cut = raw.index(b"MSTAR_12")
    (tmp_path / "a.eml").write_bytes(raw[:cut])
    parsed = read_mail(tmp_path / "a.eml", {})
    assert parsed.columns["document_id"] == ["proquest-77", "proquest-78"]
    assert parsed.notes == ["the e-mail breaks off; articles may be missing"]


def test_a_last_article_without_what_stands_below_its_text_is_said_to_be_cut(tmp_path: Path) -> None:
    """A file that was cut within a text is not read as if it were whole."""
    text = labelled_body("It rained.\nIt stopped.")
    path = tmp_path / "a.txt"
    path.write_text(text + text[: text.index("stopped")])
    parsed = read_text(path, {})
    assert parsed.mended[-1] == (2, "what stands below its text is missing; the file may be cut")


def test_an_article_whose_anchor_is_missing_is_found() -> None:
    """The labels of a beginning come again."""
    page = article(11) + article(12).replace('<a name="DocID_MSTAR_12"></a>', "") + article(13)
    records = html_records(page)
    assert [record["title"] for record in records] == ["Rain closes road 11", "Rain closes road 12", "Rain closes road 13"]
    assert [record["document_id"] for record in records] == ["proquest-11", "proquest-12", "proquest-13"]
    assert len({record["text"] for record in records}) == 1


def test_a_missing_line_between_articles_of_the_text_loses_none() -> None:
    """Two numbers of documents are two articles."""
    one, two = labelled_body("It rained."), labelled_body("It stopped.").replace("77", "78").replace(f"{RULE}\n\nDocument 1 of 1\n\n", "")
    records = text_records(one.removesuffix(RULE) + "Database: Dailies\n\n" + two)
    assert [record["text"] for record in records] == ["It rained.", "It stopped."]
    assert [record["document_id"] for record in records] == ["proquest-77", "proquest-78"]


def test_credits_at_the_end_are_the_author_or_left_out(tmp_path: Path) -> None:
    """Where no author is named it is the credit; captions beside it are left out, and both are counted."""
    body = "<p>Rain fell.</p><p>Photo: The quay.</p><p>Credit: By Ann Lee, Post staff reporter</p>"
    pieces = [article(1, body), article(2, body), article(3, "<p>Credit: where it is due.</p><p>Rain fell.</p>"), article(4)]
    pieces[1] = pieces[1].replace("<p><strong>Author:  </strong>Lind, Anna</p>", "")
    parsed = read_html(write(tmp_path, "".join(pieces).encode()), {})
    assert parsed.columns["text"][:3] == ["Rain fell.", "Rain fell.", "Credit: where it is due.\n\nRain fell."]
    assert parsed.columns["author"][:2] == ["Lind, Anna", "Ann Lee, Post staff reporter"]
    counted = ["credits at the end left out in 1 article", "author taken from the credit at the end in 1 article"]
    assert parsed.notes == [*counted, "captions at the end left out in 2 articles"]


LABELS = {
    "de": """Autor,Publikationsinfo,Zusammenfassung,Volltext,Thema,Titel,Titel der Publikation,Publikationsdatum,Publikationssprache
        ,ProQuest-Dokument-ID,Dokument-URL""",
    "fr": """Auteur,Informations de publication,Résumé,Texte intégral,Sujet,Titre,Titre de la publication,Date de publication,Langue de publication
        ,ID de document ProQuest,URL du document""",
    "it": """Autore,Informazioni sulla pubblicazione,Abstract,Testo completo,Soggetto,Titolo,Titolo pubblicazione,Data di pubblicazione,Lingua di pubblicazione
        ,ID documento ProQuest,URL del documento""",
    "pt": """Autor,Informações da publicação,Resumo,Texto completo,Assunto,Título,Título da publicação,Data de publicação,Idioma de publicação
        ,ID do documento do ProQuest,URL do documento""",
    "es": """Autor,Información de publicación,Resumen,Texto completo,Materia,Título,Título de publicación,Fecha de publicación,Idioma de la publicación
        ,ID del documento de ProQuest,URL del documento""",
}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("colon", [": ", "\u00a0: "])
@pytest.mark.parametrize("code", LABELS)
def test_text_exports_in_other_languages(tmp_path: Path, code: str, colon: str, encoding: str) -> None:
    """A text export is known by its labels in the language of who exported it."""
    body = "Rain fell.\n\nLocation: here, he said.\n\nRoads closed."
    values = ["Lind, Anna", "Echo ; Port [Port]04 May 2001: A.2.", "It rained.", body, "Rain", "Rain 1", "Echo; Port", "May 4, 2001", "English", "77", "x"]
    lines = [f"{label.strip()}{colon}{value}" for label, value in zip(LABELS[code].split(","), values, strict=True)]
    path = write(tmp_path, ("_" * 60 + "\n\n" + "\n\n".join(["Rain 1", *lines])).encode(encoding), "a.txt")
    assert guess(path, peek(path)).name == "ProQuest text"
    found = row(read_text(path, {}), 0)
    assert (found["title"], found["outlet"], found["author"], found["published"], found["language"]) == ("Rain 1", "Echo", "Lind, Anna", "2001-05-04", "en")
    assert found["text"] == body and found["document_id"] == "proquest-77"


def test_an_email_with_a_byte_order_mark(tmp_path: Path) -> None:
    """An e-mail that an editor saved again is read as the same e-mail; the text of a forwarded one is read with its marks of quotation."""
    raw = mail().as_bytes()
    marked, plain = (read_mail(write(tmp_path, start + raw, "a.eml"), {}) for start in (b"\xef\xbb\xbf", b""))
    assert marked.columns == plain.columns and len(plain.numbers) > 0
    text = "Rain closes roads\nAuthor: Lind, Anna\nFull text: Rain fell.\nPublication date: May 4, 2001\nProQuest document ID: 42"
    path = write(tmp_path, ("Anna sent you this:\n> <>\n" + "\n".join(f"> {line}" for line in text.split("\n"))).encode(), "b.txt")
    assert guess(path, peek(path)).name == "ProQuest text"
    assert row(read_text(path, {}), 0)["document_id"] == "proquest-42"
