"""NewsML-G2 and NewsML 1, and what all formats of agencies share: invented items, damaged and hostile ones, and the agencies' own examples."""

import contextlib
import time
from pathlib import Path

import pytest

from newsanalysis.readers import ReadError, dates, formats, read
from newsanalysis.readers.agency_text import story
from newsanalysis.readers.collect import read_paths

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
there = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
BUSINESSWIRE = ("20130515006361", "20130605006126", "20130612006110", "20130731006140")

G2 = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}" xml:lang="en-GB">
<itemMeta><itemClass qcode="ninat:{kind}"/><provider qcode="nprov:HARBOUR"><name>Harbour Agency</name></provider>
<versionCreated>2015-03-12T10:00:00+02:00</versionCreated><firstCreated>2015-03-10T10:00:00+02:00</firstCreated>
<pubStatus qcode="stat:{status}"/>{meta}</itemMeta>
<contentMeta><contentCreated>2015-03-09T10:00:00Z</contentCreated><by>By Ann Author</by><language tag="en"/>
<subject type="cpnat:geoArea" qcode="geo:1"><name>Island</name></subject>
<subject type="cpnat:abstract" qcode="medtop:20000001"><name xml:lang="de">Wetter</name><name xml:lang="en">weather</name></subject>
<headline role="hld:subHeadline">Second line</headline><headline xml:lang="de">Regen</headline><headline xml:lang="en">Rain
 closes roads</headline><dateline>ISLAND, Thursday</dateline></contentMeta>
<contentSet>{content}</contentSet></newsItem>"""
XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Rain</title></head><body>
<header><h1>Rain closes roads</h1></header><p>Rain fell on <b>Friday</b>.</p><h2>Roads</h2><p>Roads closed.</p>
<figure><img src="a.jpg"/><figcaption>A road</figcaption></figure><section class="notepad"><p>Call the desk.</p></section></body></html></inlineXML>"""

NEWSML = """<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE NewsML SYSTEM "http://example.com/NewsML.dtd"><NewsML Version="1.2"><NewsEnvelope>
<DateAndTime>20150313T100000Z</DateAndTime><SentFrom><Party FormalName="Harbour Agency"/></SentFrom></NewsEnvelope>{items}</NewsML>"""
ITEM = """<NewsItem xml:lang="en"><Identification><NewsIdentifier><ProviderId>harbour.example</ProviderId><RevisionId Update="N">2</RevisionId>
<PublicIdentifier>urn:newsml:harbour.example:20150312:{n}:2</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><FirstCreated>20150310T143000+0000</FirstCreated><ThisRevisionCreated>20150312T143000+0100</ThisRevisionCreated>
<Status FormalName="{status}"/></NewsManagement><NewsComponent><NewsLines><HeadLine>Rain closes roads</HeadLine><ByLine>By Ann Author</ByLine>
<DateLine>ISLAND, March 12</DateLine></NewsLines><DescriptiveMetadata><Language FormalName="en"/><SubjectCode><Subject FormalName="17000000"/>
</SubjectCode></DescriptiveMetadata>{components}</NewsComponent></NewsItem>"""
BODY = """<NewsComponent><Role FormalName="{role}"/>{lines}<ContentItem><MediaType FormalName="{media}"/><Format FormalName="{format}"/>
<DataContent>{content}</DataContent></ContentItem></NewsComponent>"""


def g2(content: str = XHTML, **changes: str) -> str:
    """An invented item of NewsML-G2."""
    return G2.format(**{"guid": "urn:newsml:harbour.example:1", "version": "1", "kind": "text", "status": "usable", "meta": "", "content": content, **changes})


def component(content: str, *, role: str = "Main", media: str = "Text", lines: str = "", form: str = "NITF") -> str:
    """An invented component of NewsML 1."""
    return BODY.format(role=role, media=media, lines=lines, format=form, content=content)


def newsml(*components: str, status: str = "Usable", n: int = 1) -> str:
    """An invented item of NewsML 1."""
    return ITEM.format(status=status, components="".join(components), n=n)


def parsed(path: Path, content: str | bytes):
    """Write a file and return its records as rows, what was skipped, and the whole."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (each,) = formats.parse(path, {})
    return [{name: values[i] for name, values in each.columns.items()} for i in range(len(each.numbers))], each.skipped, each


def sample(name: str):
    """Return the one `Parsed` of a sample."""
    (each,) = formats.parse(SAMPLES / name, {})
    return each


def test_g2_item(tmp_path):
    """Headline in the item's language, version's date, provider, byline, named subject and story come out; what frames the story does not."""
    (row,), skipped, whole = parsed(tmp_path / "a.xml", g2())
    assert not skipped and whole.format == "NewsML-G2" and whole.unit == "item"
    assert row["text"] == "Rain fell on Friday.\n\nRoads\n\nRoads closed."
    assert row["title"] == "Rain closes roads" and row["outlet"] == "Harbour Agency" and row["author"] == "Ann Author" and row["section"] == "weather"
    assert row["published"] == "2015-03-12T10:00:00+02:00" and row["language"] == "en" and row["document_id"] == "urn:newsml:harbour.example:1"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "picture"}, "a picture"),
        ({"kind": "video"}, "a video"),
        ({"status": "canceled", "content": ""}, "canceled by the agency (status canceled)"),
        ({"status": "withheld", "kind": "picture"}, "a picture"),
        ({"content": '<remoteContent href="story.xml" contenttype="application/nitf+xml"/>'}, "in another file (story.xml)"),
        ({"content": '<inlineXML contenttype="application/nitf+xml"><!-- nothing --></inlineXML>'}, "only the headline 'Rain closes roads'"),
    ],
    ids=["picture", "video", "canceled", "withheld", "remote", "empty"],
)
def test_g2_items_that_are_no_documents(tmp_path, changes, why):
    """What is no article or without a text is skipped, counted, and the reason says which."""
    rows, skipped, _ = parsed(tmp_path / "a.xml", g2(**changes))
    assert not rows and len(skipped) == 1 and why in skipped[0][1]


def test_g2_message_with_every_kind_of_item(tmp_path):
    """A message gives its news items; packages, planning, knowledge and concept items are skipped with what they are."""
    others = "".join(f'<{name} guid="urn:{name}"/>' for name in ("packageItem", "planningItem", "knowledgeItem", "conceptItem"))
    text = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{others}{g2()}{g2(guid="urn:2")}</itemSet></newsMessage>'
    rows, skipped, _ = parsed(tmp_path / "a.xml", text)
    assert [row["document_id"] for row in rows] == ["urn:newsml:harbour.example:1", "urn:2"]
    assert [reason.partition(":")[0] for _, reason in skipped] == ["a package", "a planning item", "a knowledge item", "a concept item"]


def test_versions_of_a_story(tmp_path):
    """Every version is kept with a note that names the others; of a canceled one the others say so."""
    versions = g2(version="1"), g2(XHTML.replace("Friday", "Saturday"), version="2"), g2("", version="3", status="canceled")
    (tmp_path / "a.xml").write_text(f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{"".join(versions)}</itemSet></newsMessage>')
    documents, report, _ = read_paths(tmp_path / "a.xml", None)
    assert documents["document_id"].tolist() == ["urn:newsml:harbour.example:1", "urn:newsml:harbour.example:1-2"]
    said = report.dropna(subset="record").groupby("record")["reason"].agg("; ".join)
    assert "item 2 (version 2), item 3 (version 3 canceled)" in said["item 1"] and "item 1 (version 1)" in said["item 2"]
    assert said["item 3"] == "canceled by the agency (status canceled)"


def test_g2_embargo_and_best_rendition(tmp_path):
    """An item under embargo is kept with a note; NITF is read before XHTML, plain text last."""
    nitf = '<inlineXML contenttype="application/nitf+xml"><nitf><body><body.content><p>From NITF.</p></body.content></body></nitf></inlineXML>'
    plain = '<inlineData contenttype="text/plain">From plain text.</inlineData>'
    (row,), _, whole = parsed(tmp_path / "a.xml", g2(plain + XHTML + nitf, meta="<embargoed>2015-03-14T12:00:00Z</embargoed>"))
    assert row["text"] == "From NITF." and whole.mended == [(1, "under embargo until 2015-03-14T12:00:00+00:00")]
    (row,), _, _ = parsed(tmp_path / "b.xml", g2(plain))
    assert row["text"] == "From plain text."


def test_g2_languages_and_summary(tmp_path):
    """Content in two languages gives two documents; an item with only a summary is kept as a summary."""
    both = XHTML + XHTML.replace("<inlineXML", '<inlineXML xml:lang="de"').replace("Rain fell on", "Regen fiel am")
    rows, _, _ = parsed(tmp_path / "a.xml", g2(both))
    assert [(row["language"], row["document_id"][-2:]) for row in rows] == [("en", ":1"), ("de", "de")]
    summary = g2("").replace("</contentMeta>", '<description role="drol:summary">Rain fell.</description></contentMeta>')
    (row,), _, _ = parsed(tmp_path / "b.xml", summary)
    assert (row["kind"], row["text"]) == ("summary", "Rain fell.")


def test_g2_wire_text_in_one_paragraph(tmp_path):
    """Lines that a wire broke at its width are joined and its indented lines begin paragraphs; HTML in CDATA is read as HTML."""
    wire = '(HA) - Island, March 12 - Rain fell on\nthe island all day and closed\n   roads.\n   "We wait," an official\nsaid. \n   Schools closed too.'
    (row,), _, _ = parsed(
        tmp_path / "a.xml", g2(f'<inlineData contenttype="text/plain"><![CDATA[<p>\n            \n            {wire}\n   </p>]]></inlineData>')
    )
    assert row["text"].split("\n\n")[1:] == ["roads.", '"We wait," an official said.', "Schools closed too."]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>Topics were\n<chron>today</chron>\n, an official said\n<b>here</b>\n.</p>", "Topics were today, an official said here."),
        ("<p>Rain &amp;quot;fell&amp;#39;s&amp;quot; at R&amp;D</p>", 'Rain "fell\'s" at R&D'),
        ("<p>Rain.</p><p>_____</p><p>* * *</p><p>ab/cd/efg</p><p>© Harbour Agency</p>", "Rain."),
        ("<table><tr><th>Town</th><th>Rain</th></tr><tr><td>North</td><td>3</td></tr></table><p>End</p>", "Town | Rain\nNorth | 3\n\nEnd"),
        ("<div><p>One</p><div id='bodyimg'><img/><p>A caption</p></div><p>Two</p></div>", "One\n\nTwo"),
        ("<p>Rain &lt;script&gt;alert(1)&lt;/script&gt; fell</p>", "Rain <script>alert(1)</script> fell"),
        ("One.\r\n\r\nTwo\r\nlines.", "One.\n\nTwo\nlines."),
    ],
    ids=["inline", "escaped-twice", "signs", "table", "caption", "script-as-text", "plain"],
)
def test_story(content, text):
    """What frames a story, and what only markup made, does not come out."""
    assert story(content) == text


def test_newsml_1_item(tmp_path):
    """The story comes out with the nearest headline; captions, contacts, summaries and style sheets do not."""
    nitf = "<nitf><body><body.content><p>Pluie à l'île.</p><p>Roads closed.</p></body.content></body></nitf>"
    parts = component("p {a: b}", role="StyleSheet"), component("<p>A road</p>", role="Caption"), component("Call us.", role="Contact")
    picture = component("A picture.", media="Photo", lines="<NewsLines><HeadLine>A road</HeadLine></NewsLines>")
    text = NEWSML.format(encoding="ISO-8859-1", items=newsml(*parts, picture, component(nitf)))
    (row,), skipped, _ = parsed(tmp_path / "a.xml", text.encode("latin-1"))
    assert not skipped and row["text"] == "Pluie à l'île.\n\nRoads closed." and row["title"] == "Rain closes roads" and row["author"] == "Ann Author"
    assert row["published"] == "2015-03-12T14:30:00+01:00" and row["outlet"] == "Harbour Agency" and row["section"] == "weather" and row["language"] == "en"


def test_newsml_1_dialects(tmp_path):
    """Paragraphs without NITF around them, HTML in CDATA and XHTML are read; several items a file are counted, each with its reason."""
    xhtml = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>Three.</p></body></html>'
    items = [newsml(component(content), n=n) for n, content in enumerate(["<p>One.</p>", "<![CDATA[<P>Two.</P><P>© HA</P>]]>", xhtml], start=1)]
    items += [newsml(status="Canceled", n=4), newsml(component("Caption", media="Photo", role="Picture"), n=5), newsml(n=6)]
    rows, skipped, _ = parsed(tmp_path / "a.xml", NEWSML.format(encoding="utf-8", items="".join(items)))
    assert [row["text"] for row in rows] == ["One.", "Two.", "Three."]
    assert [n for n, _ in skipped] == [4, 5, 6] and "canceled" in skipped[0][1] and "caption" in skipped[1][1] and "only the headline" in skipped[2][1]


def test_newsml_1_several_stories_of_one_item(tmp_path):
    """Components with headlines or languages of their own are stories of their own; equivalents in several formats are one."""
    german = "<NewsLines><HeadLine>Regen</HeadLine></NewsLines><DescriptiveMetadata><Language FormalName='de'/></DescriptiveMetadata>"
    equivalents = component("<p>Rain.</p>"), component("<html><body><p>Rain.</p></body></html>", form="XHTML")
    rows, _, _ = parsed(tmp_path / "a.xml", NEWSML.format(encoding="utf-8", items=newsml(*equivalents, component("<p>Regen fiel.</p>", lines=german))))
    assert [(row["title"], row["language"], row["text"]) for row in rows] == [("Rain closes roads", "en", "Rain."), ("Regen", "de", "Regen fiel.")]
    assert len({row["document_id"] for row in rows}) == 2


def test_reuters_corpus(tmp_path):
    """An item of the Reuters corpus is read with its date, headline and paragraphs."""
    text = """<?xml version="1.0" encoding="iso-8859-1" ?><newsitem itemid="77" id="root" date="1996-08-20" xml:lang="en"><title>ISLAND: Rain.</title>
    <headline>Rain.</headline><byline>Ann Author</byline><text><p>Rain fell.</p><p>Roads closed.</p></text></newsitem>"""
    (row,), _, _ = parsed(tmp_path / "77.xml", text)
    assert (row["document_id"], row["published"], row["outlet"], row["text"]) == ("77", "1996-08-20", "Reuters", "Rain fell.\n\nRoads closed.")


HOSTILE = {
    "entities": '<!DOCTYPE newsItem [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/">&b;</newsItem>',
    "external": '<!DOCTYPE newsItem [<!ENTITY a SYSTEM "file:///etc/passwd">]><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/">&a;</newsItem>',
    "nested": '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/">' + "<a>" * 100_000 + "x" + "</a>" * 100_000 + "</newsItem>",
    "empty": "<newsMessage/>",
    "brackets": "<newsItem>" + "<" * 1_000_000,
    "comments": "<!---->" * 50_000 + "<NewsML>",
    "unclosed": "<NewsML><NewsItem>" + "<p " * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml(tmp_path, name):
    """Entities, nesting and nonsense give an error that says what is wrong, soon."""
    (tmp_path / "a.xml").write_text(HOSTILE[name])
    start = time.process_time()
    with pytest.raises(ReadError):
        read(tmp_path / "a.xml")
    assert time.process_time() - start < 40


def test_half_of_a_surrogate_pair(tmp_path):
    """A character that no text can hold becomes U+FFFD, in a file that is damaged elsewhere too: found by fuzzing."""
    (row,), _, _ = parsed(tmp_path / "a.xml", g2(XHTML.replace("Friday", "Friday&#xD800;&#55296;")))
    assert "Friday\ufffd\ufffd" in row["text"]


@pytest.mark.parametrize("letter", [" ", "a", "<", "&", "\n", ".", "\t\n", "\n a"], ids=["space", "a", "lt", "amp", "newline", "dot", "tab", "indent"])
def test_long_text_takes_no_square_time(letter):
    """A million of one character is read in time that grows with its length."""
    start = time.process_time()
    story(letter * (1_000_000 // len(letter)))
    story(f"<p>{letter * (1_000_000 // len(letter))}</p>")
    assert time.process_time() - start < 40


@pytest.mark.parametrize("text", [g2(), NEWSML.format(encoding="utf-8", items=newsml(component("<p>One.</p>")))], ids=["g2", "newsml-1"])
def test_cut_and_flipped(tmp_path, text):
    """A file that breaks off or has wrong bytes gives documents with a note, or an error; nothing else."""
    raw, kept = text.encode(), 0
    for place in range(0, len(raw), 100):
        for damaged in (raw[:place], raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :]):
            (tmp_path / "a.xml").write_bytes(damaged)
            with contextlib.suppress(ReadError):
                kept += sum(len(each.numbers) for each in formats.parse(tmp_path / "a.xml", {}))
    assert kept
    cut = raw[: raw.index(b"Roads closed" if b"Roads closed" in raw else b"</DataContent>")]
    rows, _, whole = parsed(tmp_path / "a.xml", cut)
    assert rows and "damaged" in whole.notes[0]


ALL = {p.relative_to(SAMPLES).as_posix() for p in SAMPLES.rglob("*") if p.is_file()} if SAMPLES.is_dir() else set()
G2_FILES = {name for name in ALL if name.startswith("newsml/") and "businesswire" not in name and "LISTING_28" not in name and "LISTING_25" not in name}
G2_FILES |= {name for name in ALL if "LISTING_2" in name} | {name for name in ("nitf/ansa-newsmlg2-text.xml", "nitf/stt_newsml_test.xml") if name in ALL}
ONE_FILES = {name for name in ALL if name.startswith("newsml/businesswire")} | ({"nitf/afp.xml"} & ALL)


@there
def test_sniffs_know_their_own_and_nothing_else():
    """Of all samples of all vendors, each format of agencies knows its own and no other."""
    from newsanalysis.readers import newsml_1, newsml_g2, ninjs, nitf

    ninjs_files = {name for name in ALL if name.endswith(".json") and name.startswith(("ninjs/", "nitf/"))}
    nitf_files = {name for name in ALL if name.startswith("nitf/") and name.endswith(".xml")} - G2_FILES - ONE_FILES
    for module, own in ((newsml_g2, G2_FILES), (newsml_1, ONE_FILES), (nitf, nitf_files), (ninjs, ninjs_files)):
        sniff = module.FORMATS[0].sniff
        assert {name for name in ALL if sniff(formats.peek(SAMPLES / name))} == own, module.__name__


EXPECTED = {
    "newsml/LISTING_1_A_NewsML-G2_News_Item.xml": (0, 1, "only the headline"),  # its inlineXML holds two comments
    "newsml/LISTING_22_Sports_story_in_NewsML-G2NITF.xml": (1, 0, ""),
    "newsml/LISTING_24_News_Message_conveying_a_complete_News_Package.xml": (0, 5, "a package"),  # a package and four items of dots
    "newsml/LISTING_25_An_NITF_marked-up_article_conveyed_in_inlineXML.xml": (1, 0, ""),  # a fragment: no date in it
    "newsml/LISTING_2_NewsML-G2_Text_Document.xml": (1, 0, ""),
    "newsml/ap_metadata_example.xml": (0, 1, "a video"),
    "nitf/ansa-newsmlg2-text.xml": (1, 0, ""),
    "nitf/stt_newsml_test.xml": (1, 0, ""),
    "nitf/afp.xml": (1, 0, ""),
    **{f"newsml/businesswire-newsml-{n}.xml": (1, 0, "") for n in BUSINESSWIRE},
}


@there
@pytest.mark.parametrize("name", EXPECTED)
def test_samples(name):
    """Each example gives what stands in it, with headline, body and, where it has one, a date that parses."""
    kept, skipped, why = EXPECTED[name]
    whole = sample(name)
    assert (len(whole.numbers), len(whole.skipped)) == (kept, skipped)
    assert all(whole.columns["title"]) and all(whole.columns["text"])
    assert not skipped or why in whole.skipped[0][1]
    if "LISTING_25" not in name:
        assert dates.parse(whole.columns["published"], [0] * kept).published.notna().all()


@there
def test_sample_of_metadata_alone():
    """The fragment that is only metadata says so."""
    with pytest.raises(ReadError, match="metadata of a NewsML-G2 item alone"):
        read(SAMPLES / "newsml" / "LISTING_28_Illustrating_Located_Subject_and_Dateline.xml")


@there
def test_samples_in_detail():
    """Paragraphs, dates and metadata of the agencies' dialects are what the files show to the eye."""
    ansa, afp, stt = (sample(f"nitf/{name}.xml").columns for name in ("ansa-newsmlg2-text", "afp", "stt_newsml_test"))
    assert len(ansa["text"][0].split("\n\n")) == 4 and ansa["text"][0].startswith("(ANSA) - Rome") and ansa["published"] == ["2017-10-11T10:41:00+01:00"]
    assert len(afp["text"][0].split("\n\n")) == 9 and afp["published"] == ["2014-08-29T13:49:51+00:00"] and afp["outlet"] == ["AFP"]
    assert afp["text"][0].endswith("electric cars.") and stt["section"] == ["Politics"] and "o'clock" in stt["text"][0]
    assert len(stt["text"][0].split("\n\n")) == 40 and stt["language"] == ["fi"]
    dell = sample(f"newsml/businesswire-newsml-{BUSINESSWIRE[0]}.xml").columns["text"][0]
    assert "Photo: Business Wire" not in dell and dell.count("lightest") == 1 and len(dell.split("\n\n")) == 28


@there
@pytest.mark.parametrize("n", BUSINESSWIRE)
def test_businesswire_is_the_same_in_every_format(n):
    """The stories have one headline and one date in NewsML 1, ninjs 1.4, 2.1 and 3.0; the body of all ninjs files is one, the first paragraph of NewsML 1.

    The ninjs examples hold no more than that paragraph, so that whole bodies cannot be equal: that is the files' doing.
    """
    one = sample(f"newsml/businesswire-newsml-{n}.xml").columns
    others = [sample(name).columns for name in sorted(ALL) if name.startswith("ninjs/") and n in name]
    assert len(others) == (3 if n in (BUSINESSWIRE[1], BUSINESSWIRE[3]) else 1)
    for other in others:
        assert other["title"] == one["title"] and other["language"] == one["language"]
        assert dates.parse(other["published"] + one["published"], [0, 0]).published.nunique() == 1
        assert other["text"][0] == one["text"][0].split("\n\n")[0]


def test_routing_codes_at_the_end_are_no_text():
    """The codes of a wire's computers are dropped, results of games stay."""
    assert story("<p>Rain fell (XY).</p>51 77 03 CRO01 1113 APE4800 GEST03 QBXB") == "Rain fell (XY)."
    assert story("<p>Rain fell.</p><p>HER 101 TOW 99 OLD 88</p>").endswith("HER 101 TOW 99 OLD 88")


NITF = """<nitf><head><title>Café</title><docdata><doc-id id-string="urn:{n}"/><date.issue norm="20150312T100000Z"/></docdata></head><body><body.head>
<hedline><hl1>Café &amp; bar</hl1></hedline></body.head><body.content><p>Rain’s fall &amp; sun {n}.</p></body.content></body></nitf>"""


@pytest.mark.parametrize(("said", "written"), [("utf-8", "cp1252"), ("utf-16", "utf-8"), ("iso-8859-1", "cp1252"), ("", "cp1252"), ("utf-8", "utf-8")])
def test_xml_whose_bytes_are_not_what_it_says(tmp_path, said, written):
    """Nothing is lost where a program declares one encoding and writes another."""
    declared = f'<?xml version="1.0" encoding="{said}"?>' if said else ""
    (tmp_path / "a.xml").write_bytes((declared + NITF.format(n=1)).encode(written))
    table, report = read(tmp_path / "a.xml", report=True)
    assert table.loc[0, ["title", "text"]].tolist() == ["Café & bar", "Rain’s fall & sun 1."]
    assert said == written or written == "utf-8" or said == "iso-8859-1" or "Windows-1252" in " ".join(report.reason.dropna())


def test_xml_documents_one_after_another(tmp_path):
    """Items that were put into one file are all read, and that is said."""
    whole = '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE nitf SYSTEM "nitf.dtd">\n' + NITF
    (tmp_path / "a.xml").write_text("\n".join(whole.format(n=n) for n in (1, 2, 3)), encoding="utf-8")
    table, report = read(tmp_path / "a.xml", report=True)
    assert table.text.tolist() == [f"Rain’s fall & sun {n}." for n in (1, 2, 3)] and "one after another" in report.reason[0]
    (tmp_path / "b.xml").write_text(g2() + g2(guid="urn:newsml:harbour.example:2"), encoding="utf-8")
    assert len(read(tmp_path / "b.xml")) == 2


def test_ampersands_that_begin_no_entity(tmp_path):
    """Of damaged XML neither a company's name with an ampersand nor an entity of HTML is lost."""
    text = NITF.format(n=1).replace("Rain’s", "R&D, B&B; 1 & 2 &eacute;t&eacute; <![CDATA[A & B]]> Rain’s")
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    assert read(tmp_path / "a.xml").text[0] == "R&D, B&B; 1 & 2 été A & B Rain’s fall & sun 1."
    (tmp_path / "b.xml").write_text(text.partition(" 1.<")[0], encoding="utf-8")
    assert read(tmp_path / "b.xml").text[0] == "R&D, B&B; 1 & 2 été A & B Rain’s fall & sun"


def test_a_sentence_about_copyright_is_text(tmp_path):
    """Only a line that names a year, rights or a holder is left out at the end; characters of Windows written as controls are these."""
    for last, kept in (("Copyright laws are to blame, he said.", True), ("Copyright 2015 Harbour", False), ("(c) Harbour Agency", False)):
        (tmp_path / "a.xml").write_text(NITF.format(n=1).replace("</p>", f"</p><p>It&#146;s wet.</p><p>{last}</p>"), encoding="utf-8")
        assert read(tmp_path / "a.xml").text[0].split("\n\n")[1:] == ["It’s wet.", *([last] if kept else [])]
