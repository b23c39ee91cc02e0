"""NITF: invented articles in the agencies' dialects, damaged and hostile ones, and the agencies' own examples."""

import contextlib
from pathlib import Path

import pytest

from newsanalysis.readers import ReadError, dates, formats, read
from newsanalysis.readers.nitf import FORMATS

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
there = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")

NITF = """<?xml version="1.0" encoding="{encoding}"?>
<!-- an example -->
<!DOCTYPE nitf SYSTEM "http://example.com/nitf-3-3.dtd">
<nitf baselang="{language}"><head><title>Title of the file</title><meta name="online_sections" content="{section}"/>
<tobject tobject.type="news"><tobject.subject tobject.subject.refnum="17000000" tobject.subject.type="Weather"/></tobject>
<docdata management-status="{status}"><doc-id id-string="HA.1"/><date.issue norm="{date}"/><date.release norm="20150314T090000Z"/></docdata>
<pubdata date.publication="20150313T000000" name="The Harbour Post" ex-ref="http://harbour.example/1"/></head>
<body><body.head><hedline><hl1>Rain closes <org>Harbour</org></hl1><hl2>Second line</hl2></hedline>
<note noteclass="editorsnote"><body.content><p>Note to editors.</p></body.content></note>
<byline class="print_byline">By ANN AUTHOR<byttl>Staff Writer</byttl></byline><byline class="normalized_byline">Author, Ann</byline>
<distributor>Harbour Agency</distributor><dateline><location>ISLAND</location></dateline><abstract><p>{abstract}</p></abstract></body.head>
<body.content>{content}</body.content><body.end><tagline>Ben Builder contributed.</tagline></body.end></body></nitf>"""
STORY = """<block class="lead_paragraph"><p>Rain fell.</p></block><block class="full_text"><p>Rain fell.</p><p>Roads &amp; caf&eacute;s closed.</p>
<hl2>Roads</hl2><ul><li>North road</li><li>South road</li></ul><q>Wait</q>
<media media-type="image"><media-reference source="a.jpg"/><media-caption>A road</media-caption><media-producer>AA</media-producer></media>
<table><tr><td>Town</td><td>3</td></tr></table><p>ends</p></block>"""


def nitf(content: str = STORY, **changes: str) -> str:
    """An invented article in NITF."""
    filled = {
        "encoding": "utf-8",
        "language": "en-US",
        "section": "",
        "status": "usable",
        "date": "20150312T103000-0500",
        "abstract": "Rain in short.",
        **changes,
    }
    return NITF.format(content=content, **filled)


def parsed(path: Path, content: str | bytes):
    """Write a file and return its records as rows, what was skipped, and the whole."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (each,) = formats.parse(path, {})
    return [{name: values[i] for name, values in each.columns.items()} for i in range(len(each.numbers))], each.skipped, each


def test_article(tmp_path):
    """Headline, byline, date, outlet, section, address and id come out; the text is the body without captions, notes and a lead said twice."""
    (row,), skipped, whole = parsed(tmp_path / "a.xml", nitf())
    assert not skipped and whole.format == "NITF" and not whole.notes
    assert row["text"] == "Rain fell.\n\nRoads & cafés closed.\n\nRoads\n\nNorth road\n\nSouth road\n\nWait\n\nTown | 3"
    assert row["title"] == "Rain closes Harbour" and row["author"] == "ANN AUTHOR" and row["outlet"] == "The Harbour Post" and row["section"] == "Weather"
    assert row["published"] == "2015-03-12T10:30:00-05:00" and row["url"] == "http://harbour.example/1" and row["language"] == "en"
    assert row["document_id"] == "HA.1" and row["kind"] == "article"


def test_dialects(tmp_path):
    """Lines broken at the wire's width are joined, preformatted lines kept, Latin-1 read, a section of the newspaper goes before a subject's name."""
    wire = (
        "<p>   Rain is expected over the next few days and the situation is <br />likely to get worse on the whole of the island and its <br />roads.</p><p/>"
    )
    table = "<pre>Team one 3\nTeam two 4\n\nAfter time</pre>"
    (row,), _, _ = parsed(tmp_path / "a.xml", nitf(wire + table + "<p>Caf\xe9s</p>", encoding="ISO-8859-1", section="Top/News/Weather").encode("latin-1"))
    first, *rest = row["text"].split("\n\n")
    assert first.endswith("is likely to get worse on the whole of the island and its roads.")
    assert rest == ["Team one 3\nTeam two 4", "After time", "Cafés"] and row["section"] == "Top/News/Weather"


def test_missing_fields(tmp_path):
    """Without a headline the title of the file is it; without a good date of issue the next date is; escaped HTML is read as HTML."""
    text = nitf("&lt;p&gt;Rain fell.&lt;/p&gt;&lt;p&gt;Roads closed.&lt;/p&gt;", date="YYYYMMDD000000-HHMM").replace("hl1", "note")
    (row,), _, _ = parsed(tmp_path / "a.nitf", text)
    assert row["title"] == "Title of the file" and row["published"] == "2015-03-14T09:00:00+00:00" and row["text"] == "Rain fell.\n\nRoads closed."
    (row,), _, _ = parsed(tmp_path / "b.xml", "<nitf><body><body.content><p>Rain fell.</p></body.content></body></nitf>")
    assert row["title"] is None and row["published"] is None and row["text"] == "Rain fell."


def test_status(tmp_path):
    """Canceled and withheld articles are kept with a note, without a body skipped; of an embargo its end is said; one with only a summary is a summary."""
    for status in ("canceled", "withheld"):
        said = [(1, f"{status} by the agency (status {status})")]
        rows, skipped, whole = parsed(tmp_path / "a.xml", nitf(status=status))
        assert len(rows) == 1 and not skipped and whole.mended == said
        rows, skipped, whole = parsed(tmp_path / "a.xml", nitf("", status=status))
        assert not rows and skipped == said and not whole.mended
    _, _, whole = parsed(tmp_path / "a.xml", nitf(status="embargoed"))
    assert whole.mended == [(1, "under embargo until 2015-03-14T09:00:00+00:00")]
    (row,), _, _ = parsed(tmp_path / "a.xml", nitf(""))
    assert (row["kind"], row["text"]) == ("summary", "Rain in short.")
    rows, skipped, _ = parsed(tmp_path / "a.xml", nitf("", abstract=""))
    assert not rows and "only the headline 'Rain closes Harbour'" in skipped[0][1]


def test_several_in_a_wrapper_and_none(tmp_path):
    """Articles inside another element are each read; XML that is no news says what it is."""
    one = nitf().partition("<nitf")
    article = "<nitf" + one[2].replace("&eacute;", "e")
    rows, _, _ = parsed(tmp_path / "a.nitf", f"<export>{article}{article.replace('HA.1', 'HA.2')}</export>")
    assert [row["document_id"] for row in rows] == ["HA.1", "HA.2"]
    (tmp_path / "b.nitf").write_text("<recipe><p>Salt</p></recipe>")
    with pytest.raises(ReadError, match="XML of <recipe>"):
        read(tmp_path / "b.nitf")


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"<nitf>", True),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><n:nitf xmlns:n="x">', True),
        (b"<!DOCTYPE nitf [<!-- > -->]><nitf>", True),
        (b"<nitfs/>", False),
        (b"<html><nitf>", False),
        (b"the element <nitf> is", False),
        (b"<!-- " + b"a" * 60_000, False),
        (b"", False),
    ],
)
def test_sniff(head, known):
    """NITF is known by its root element, whatever stands before it."""
    assert FORMATS[0].sniff(head) is known


@pytest.mark.parametrize("step", [0, 50])
def test_cut_and_flipped(tmp_path, step):
    """A file that breaks off or has wrong bytes gives documents with a note, or an error; nothing else."""
    raw, kept = nitf().encode(), 0
    for place in range(step, len(raw), 100):
        for damaged in (raw[:place], raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :]):
            (tmp_path / "a.xml").write_bytes(damaged)
            with contextlib.suppress(ReadError):
                kept += sum(len(each.numbers) for each in formats.parse(tmp_path / "a.xml", {}))
    assert kept
    rows, _, whole = parsed(tmp_path / "a.xml", raw[: raw.index(b"North road")])
    assert rows[0]["text"].startswith("Rain fell.") and "damaged" in whole.notes[0]


@pytest.mark.parametrize("content", ["<b>" * 100_000, '<media><p>x</p></media><p id="' + "a" * 10**6, "<p>" * 150 + "x"], ids=["nested", "attribute", "deep"])
def test_hostile(tmp_path, content):
    """Absurd nesting and lengths give a document or an error that says so."""
    (tmp_path / "a.xml").write_text(nitf(content))
    try:
        assert len(read(tmp_path / "a.xml")) == 1
    except ReadError as error:
        assert "nested" in str(error) or "no text" in str(error) or "XML" in str(error)


EXPECTED = {  # documents, paragraphs, the date that the file shows
    "aap.xml": (1, 12, "2013-10-20T19:27:51+11:00"),
    "ap-nitf.xml": (1, 27, "2015-12-10T19:10:44+00:00"),
    "efe_nitf.xml": (1, 1, "2017-01-02T22:28:00+00:00"),
    "pa1.xml": (1, 42, "2015-10-14T04:30:01+01:00"),
    "pa2.xml": (1, 1, "2015-10-14T02:43:58+01:00"),
    "nitf-fishing.xml": (1, 11, "2002-02-25T14:30:00-05:00"),  # its management-status is "canceled"
}


@there
@pytest.mark.parametrize("name", EXPECTED)
def test_samples(name):
    """Each agency's example gives its one article; of the canceled one it is said."""
    kept, paragraphs, date = EXPECTED[name]
    (whole,) = formats.parse(SAMPLES / "nitf" / name, {})
    assert (len(whole.numbers), len(whole.skipped)) == (kept, 1 - kept) and not whole.notes
    assert whole.mended == ([(1, "canceled by the agency (status canceled)")] if name == "nitf-fishing.xml" else [])
    (title,), (text,) = whole.columns["title"], whole.columns["text"]
    assert title and len(text.split("\n\n")) == paragraphs and whole.columns["published"] == [date]
    assert dates.parse([date], [0]).published.notna().all() and text.partition("\n")[0] != title


@there
def test_sample_that_is_canceled(tmp_path):
    """The canceled example shows headings, a list and no captions."""
    raw = (SAMPLES / "nitf" / "nitf-fishing.xml").read_bytes()
    (row,), _, _ = parsed(tmp_path / "a.xml", raw)
    paragraphs = row["text"].split("\n\n")
    assert len(paragraphs) == 11 and paragraphs[2] == "The Tides are High" and paragraphs[-1] == "Happy fishing everybody!" and "captured" not in row["text"]
    assert row["author"] == "Alan Karben" and row["section"] == "Weather" and row["published"] == "2002-02-25T14:30:00-05:00"
