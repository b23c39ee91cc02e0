"""Feeds: RSS and Atom, what is a summary and what an article, and feeds made to do harm."""

import time
from pathlib import Path

import pytest

import newsanalysis as na
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.feeds import read_feed, sniff_feed
from newsanalysis.readers.formats import peek

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
real = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
LONG = "The river rose by a metre on Monday and the council closed three roads. " * 9
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Herald</title><language>en-gb</language>
<item><title>Rain &amp;amp; wind</title><link>https://herald.example/rain</link><guid>https://herald.example/rain</guid><category>Weather</category>
<pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator><description>&lt;p&gt;Rain fell.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description></item>
<item><title>Sun</title><guid isPermaLink="false">7</guid><description>Short.</description><content:encoded><![CDATA[<p>{LONG}</p><p>Bo&nbsp;Hill.</p>]]></content:encoded></item>
<item><title>Snow</title><content:encoded><![CDATA[<p>{LONG}</p><p>And [&#8230;]</p>]]></content:encoded></item>
<item><title>Only a headline</title></item><item><link>https://herald.example/none</link></item></channel></rss>"""  # noqa: E501
ATOM = f"""<!-- ours --><feed xmlns="http://www.w3.org/2005/Atom"><title type="html">The &lt;b&gt;Post&lt;/b&gt;</title>
<entry xml:lang="de"><id>tag:post.example,2026:1</id><title>Regen</title><updated>2026-03-02T08:00:00Z</updated><author><name>Ann Lee</name><email>a@b.example</email></author>
<link rel="alternate" href="https://post.example/1"/><content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry></feed>"""  # noqa: E501


def test_rss_gives_articles_summaries_and_headlines(tmp_path, capsys):
    """Full texts are articles, short or cut ones summaries, titles alone headlines; empty entries are skipped."""
    (tmp_path / "a.rss").write_text(RSS, encoding="utf-8")
    documents = na.read(tmp_path / "a.rss")
    assert "5 documents found, 4 kept" in capsys.readouterr().out
    assert documents["kind"].tolist() == ["summary", "article", "summary", "headline"]
    first = documents.iloc[0]
    assert (first["title"], first["text"], first["author"], first["section"]) == ("Rain & wind", "Rain fell.", "Ann Lee", "Weather")
    assert (first["outlet"], first["language"], first["url"]) == ("The Herald", "en", "https://herald.example/rain")
    assert first["published"].isoformat() == "2026-03-02T07:00:00+00:00"
    assert documents["document_id"].tolist()[:2] == ["https://herald.example/rain", "a-2"]
    assert documents["text"].iloc[1].endswith("\n\nBo Hill.")


@pytest.mark.parametrize(
    ("description", "content", "kind"),
    [
        ("", "Rain fell.", "article"),
        ("It rained.", "Rain fell on the quay.", "article"),
        ("Rain fell.", "<p>Rain  fell.</p>", "summary"),
        (LONG, LONG, "article"),
        ("", "Rain fell on the quay [&#8230;]", "summary"),
        ("It rained.", "Rain fell. <a href='#'>Continue reading</a>", "summary"),
        ("", LONG * 3 + "Read more: the weather of the week", "article"),
        (LONG, "Photo: the quay", "summary"),
        ("Rain fell.", "", "summary"),
    ],
)
def test_content_is_the_article_however_short(tmp_path, description, content, kind):
    """Unless it breaks off, is the summary once more, or less than it."""
    described = f"<description><![CDATA[{description}]]></description>" if description else ""
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    for n, inner in enumerate((described + encoded, encoded + described)):
        head, _, _ = RSS.partition("<item>")
        (tmp_path / f"{n}.rss").write_text(f"{head}<item><title>Rain</title>{inner}</item></channel></rss>", encoding="utf-8")
        assert na.read(tmp_path / f"{n}.rss")["kind"].tolist() == [kind]


def test_atom_is_read(tmp_path):
    """Content is the article, the date of change stands in for that of publication and is said."""
    (tmp_path / "a.xml").write_text(ATOM, encoding="utf-8")
    documents, report = na.read(tmp_path / "a.xml", report=True)
    row = documents.iloc[0]
    assert (row["document_id"], row["outlet"], row["author"], row["language"], row["kind"]) == (
        "tag:post.example,2026:1",
        "The Post",
        "Ann Lee",
        "de",
        "article",
    )
    assert "1 entry says when it was changed" in report.iloc[0]["reason"]


def test_a_damaged_feed_gives_what_it_has(tmp_path):
    """Bare ampersands are mended and a cut feed is read as far as it goes, and said."""
    (tmp_path / "a.rss").write_text(RSS.replace("Rain fell.", "Rain & wind fell.")[: RSS.index("Snow")], encoding="utf-8")
    documents, report = na.read(tmp_path / "a.rss", report=True)
    assert documents["text"].iloc[0] == "Rain & wind fell."
    assert "damaged" in report.iloc[0]["reason"]


HOSTILE = {
    "laughs": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',
    "file": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&a;</title></item></channel></rss>',
    "deep": "<rss>" + "<a>" * 10**5,
    "brackets": "<rss><channel><item><title>" + "<" * 10**6,
    "tags": "<rss>" + "<a " * 10**5,
    "attributes": "<rss " + " ".join(f'a{n}="1"' for n in range(10**5)) + "></rss>",
    "open": "<rss><channel>" + "<item>" * 10**5,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_feeds_are_refused_soon(tmp_path, text):
    """No entity is expanded, nothing takes long, only ReadError comes out."""
    (tmp_path / "a.rss").write_text(text, encoding="utf-8")
    begin = time.process_time()
    try:
        assert "root:" not in str(read_feed(tmp_path / "a.rss", {}).columns)
    except ReadError as error:
        assert str(error)
    assert time.process_time() - begin < 40


@pytest.mark.parametrize("end", range(100, len(RSS), 300))
def test_a_cut_feed_gives_entries_or_a_reason(tmp_path, end):
    """Cut anywhere."""
    (tmp_path / "a.rss").write_bytes(RSS.encode()[:end])
    try:
        assert read_feed(tmp_path / "a.rss", {}).unit == "entry"
    except ReadError as error:
        assert str(error)


@real
def test_only_feeds_are_known_as_feeds():
    """Of all samples, the sniff knows those in feeds."""
    known = {path for path in SAMPLES.rglob("*") if path.is_file() and sniff_feed(peek(path))}
    assert known == set((SAMPLES / "feeds").iterdir())


@real
def test_real_feeds_without_entries_say_so():
    """Nine have no entries; three have one that is empty."""
    empty = [path for path in (SAMPLES / "feeds").iterdir() if path.name.startswith("entry")]
    assert [len(read_feed(path, {}).skipped) for path in empty] == [1, 1, 1]
    for path in set((SAMPLES / "feeds").iterdir()) - set(empty):
        with pytest.raises(ReadError, match="no entries"):
            read_feed(path, {})


def dated(said, tmp_path, name="pubDate"):
    """Read a feed of one entry with this date."""
    item = f"<item><title>Rain</title><{name}>{said}</{name}></item>"
    feed = f"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>The Herald</title>{item}</channel></rss>"
    (tmp_path / "a.rss").write_text(feed, encoding="utf-8")
    when = na.read(tmp_path / "a.rss")["published"].iloc[0]
    return None if when != when else when.isoformat()


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("Thu, 30 Apr 2015 08:57:00 CEST", "2015-04-30T06:57:00+00:00"),
        ("Thu, 30 Apr 2015 08:57:00 JST", "2015-04-29T23:57:00+00:00"),
        ("Thu, 30 Apr 2015 8:57 PM EST", "2015-05-01T01:57:00+00:00"),
        ("Do, 30 Apr 2015 08:57:00 +0200", "2015-04-30T06:57:00+00:00"),
        ("30.04.2015 08:57", "2015-04-30T08:57:00+00:00"),
        ("Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00+00:00"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00+00:00"),
        ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00+00:00"),
        ("2004-05-25 오후 11:23:17", "2004-05-25T14:23:17+00:00"),
        ("2004년 05월 28일  01:31:15", "2004-05-27T16:31:15+00:00"),
        ("2003-012-31T10:14:55+00:00", "2003-12-31T10:14:55+00:00"),
        ("2013-xx-27", None),
    ],
)
def test_dates_of_feeds_in_their_dialects(tmp_path, said, when):
    """A zone that is named counts, a date that is not understood is missing."""
    assert dated(said, tmp_path) == when
    assert dated(said, tmp_path, "dc:date") == when


@pytest.mark.parametrize(
    "text",
    [
        "<r:rss version='2.0' xmlns:r='http://backend.userland.com/rss2'>"
        "<r:channel><r:title>H</r:title><r:item><r:title>Rain &#X26; wind</r:title></r:item></r:channel></r:rss>",
        "<feed><title>H</title><entry><title>Rain &#x26; wind</title></entry></feed>",
        "<CHANNEL><TITLE>H</TITLE><ITEM><TITLE>Rain &amp; wind</TITLE></ITEM></CHANNEL>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        "<channel><title>H</title></channel><item><title>Rain &amp; wind</title></item></rdf:RDF>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32"])
def test_feeds_of_all_roots_and_widths(tmp_path, text, encoding):
    """Prefixed, old and undeclared roots are known, in UTF-16 without a mark too."""
    (tmp_path / "a.xml").write_bytes(f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding))
    assert na.read(tmp_path / "a.xml")["text"].tolist() == ["Rain & wind"]


def test_a_wordpress_export_gives_its_published_posts(tmp_path, capsys):
    """Posts are articles however short, blank lines part their paragraphs; pictures and drafts are skipped with what they are."""
    head = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>H</title>"
    post = "<wp:post_type>post</wp:post_type><category domain='post_tag'>wet</category><category domain='category'>Weather</category>"
    items = [
        f"<title>Rain</title><content:encoded><![CDATA[Rain <b>fell</b>.\nIt was wet.\n\nRoads closed.]]></content:encoded>{post}",
        "<title>photo</title><wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>",
        "<title>Sun</title><content:encoded>Sun shone.</content:encoded><wp:status>draft</wp:status><wp:post_type>post</wp:post_type>",
    ]
    (tmp_path / "a.xml").write_text(head + "".join(f"<item>{item}</item>" for item in items) + "</channel></rss>", encoding="utf-8")
    documents = na.read(tmp_path / "a.xml")
    assert documents[["text", "kind", "section"]].values.tolist() == [["Rain fell.\nIt was wet.\n\nRoads closed.", "article", "Weather"]]
    assert "3 documents found, 1 kept (1 article), 2 skipped" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("link", "url"), [("/rain/1", "https://herald.example/rain/1"), ("?p=7", "https://herald.example/?p=7"), ("javascript:alert(1)", None), ("//[", None)]
)
def test_relative_links_begin_at_the_feeds_own(tmp_path, link, url):
    """A relative address is made whole, anything else is none."""
    text = (
        f"<rss version='2.0'><channel><title>H</title><link>https://herald.example/</link><item><title>Rain</title><link>{link}</link></item></channel></rss>"
    )
    (tmp_path / "a.rss").write_text(text, encoding="utf-8")
    said = na.read(tmp_path / "a.rss")["url"].iloc[0]
    assert (None if said != said else said) == url
