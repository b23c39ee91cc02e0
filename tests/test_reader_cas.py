"""UIMA CAS: text and annotations of XMI and JSON, offsets in UTF-16 there and in code points here; dkpro-cassis as the judge; damage and harm survived."""

import contextlib
import json
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis.readers import cas, formats
from newsanalysis.readers.contract import ReadError

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
TEXT = "🌉 The mayor said 🌧 the bridge was closed.\r\nShe left."
PLAIN = "🌉 The mayor said 🌧 the bridge was closed.\nShe left."


def xmi(
    text=TEXT, pieces=((0, "source", "The mayor"), (0, "cue", "said"), (0, "content", "the bridge was closed")), head='<?xml version="1.0" encoding="UTF-8"?>'
):
    """A CAS as INCEpTION writes it, with pieces marked (number, role, words)."""
    rows = []
    for key, (number, role, words) in enumerate(pieces, 20):
        begin = len(text[: text.index(words)].encode("utf-16-le")) // 2
        end = begin + len(words.encode("utf-16-le")) // 2
        rows.append(f'<custom:Attribution xmi:id="{key}" sofa="1" begin="{begin}" end="{end}" role="{role}" attribution="{number}"/>')
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\r", "&#13;").replace("\n", "&#10;")
    return f"""{head}
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore"
  xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmi:version="2.0">
<cas:NULL xmi:id="0"/>
<meta:DocumentMetaData xmi:id="8" sofa="1" begin="0" end="5" language="en-GB" documentTitle="Bridge closed" documentUri="https://example.org/bridge"/>
{"".join(rows)}
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{quoted}"/>
<cas:View sofa="1" members="8"/>
</xmi:XMI>
"""


def put(folder, content, name="bridge.xmi"):
    """A file of this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_the_text_is_read(tmp_path, capsys):
    """Text, title, language and address; line ends as everywhere, emoji whole."""
    (row,) = na.read(put(tmp_path, xmi())).to_dict("records")
    assert capsys.readouterr().out == "bridge.xmi: UIMA CAS XMI, 1 file: 1 document found, 1 kept (1 article), 0 skipped.\n"
    assert (row["document_id"], row["text"], row["title"], row["language"], row["url"]) == (
        "bridge",
        PLAIN,
        "Bridge closed",
        "en",
        "https://example.org/bridge",
    )


def test_offsets_become_code_points(tmp_path):
    """Marked words are the same words, after emoji and line breaks of two characters, and in the text that na.read gives."""
    path = put(tmp_path, xmi(pieces=((1, "source", "She"), (1, "content", "left"), (0, "content", "the bridge"))))
    found = na.read_inception(path)
    assert sorted(found.spans.text) == ["She", "left", "the bridge"]
    (text,) = na.read(path).text
    assert found.documents.text.tolist() == [text]
    assert [text[start:end] for start, end in zip(found.spans.start, found.spans.end, strict=True)] == found.spans.text.tolist()


DIALECTS = {
    "XML 1.1": xmi(head='<?xml version="1.1" encoding="UTF-8"?>'),
    "no declaration": xmi(head=""),
    "UTF-16": xmi(head='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + xmi().encode(),
    "halves of characters as references": xmi().replace("🌉", "&#55356;&#57097;").replace("🌧", "&#xD83C;&#xDF27;"),
    "references": xmi().replace("🌉", "&#127753;"),
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS)
def test_dialects(tmp_path, content):
    """Whatever the version of XML, the encoding and the way emoji are written."""
    path = put(tmp_path, content)
    assert na.read(path).text.tolist() == [PLAIN]
    assert na.read_inception(path).spans.text.tolist() == ["The mayor", "said", "the bridge was closed"]


def test_control_characters_keep_offsets(tmp_path):
    """What XML 1.1 may hold and 1.0 may not becomes U+FFFD, one for one."""
    path = put(tmp_path, xmi(head='<?xml version="1.1"?>').replace(" said ", "&#1;said&#x2;"))
    assert na.read_inception(path).spans.text.tolist() == ["The mayor", "said", "the bridge was closed"]
    assert "\ufffdsaid\ufffd" in na.read(path).text[0]


def test_views(tmp_path):
    """Of several texts _InitialView is the document; annotations of the others are not its own."""
    other = '<cas:Sofa xmi:id="2" sofaNum="2" sofaID="translation" sofaString="Le maire a parlé."/>'
    stray = '<custom:Attribution xmi:id="99" sofa="2" begin="0" end="8" role="source" attribution="7"/>'
    path = put(tmp_path, xmi().replace("<cas:Sofa", f"{stray}{other}<cas:Sofa"))
    documents, report = na.read(path, report=True)
    assert documents.text.tolist() == [PLAIN]
    assert report.reason.tolist() == ["2 texts (views) in it; _InitialView is read"]
    assert len(na.read_inception(path).attributions) == 1
    first = put(tmp_path, xmi().replace("_InitialView", "original"), "first.xmi")
    assert na.read(first).text.tolist() == [PLAIN]


def as_json(structures):
    """A UIMA CAS JSON file of these feature structures."""
    return json.dumps({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}})


STRUCTURES = [
    {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": "🌉 He said no."},
    {"%ID": 2, "%TYPE": "uima.tcas.DocumentAnnotation", "@sofa": 1, "begin": 0, "end": 14, "language": "x-unspecified"},
    {"%ID": 3, "%TYPE": "webanno.custom.Attribution", "@sofa": 1, "begin": 3, "end": 5, "role": "source", "attribution": "1"},
    {"%ID": 4, "%TYPE": "webanno.custom.Attribution", "@sofa": 1, "begin": 11, "end": 13, "role": "Content", "attribution": 1},
]


def test_json(tmp_path):
    """UIMA CAS JSON is read like XMI, its structures a list or by their ids."""
    by_id = {str(one["%ID"]): {key: cell for key, cell in one.items() if key != "%ID"} for one in STRUCTURES}
    for name, structures in (("list.json", STRUCTURES), ("ids.json", by_id)):
        path = put(tmp_path, as_json(structures), name)
        assert na.read(path).text.tolist() == ["🌉 He said no."]
        assert sorted(na.read_inception(path).spans.text) == ["He", "no"]


NOTHING = {
    "no sofa": "<xmi:XMI xmlns:xmi='http://www.omg.org/XMI' xmlns:cas='http:///uima/cas.ecore'/>",
    "empty sofa": xmi(text=" ", pieces=()),
    "declares entities": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + xmi(head="").replace("She", "&b;"),
    "text elsewhere": xmi().replace("sofaString", "sofaURI"),
    "cut": xmi()[:400],
    "JSON without structures": '{"%TYPES": {}, "%FEATURE_STRUCTURES": 7}',
    "JSON of nothing": as_json([]),
    "JSON cut": as_json(STRUCTURES)[:60],
    "deep JSON": '{"%TYPES": {}, "%FEATURE_STRUCTURES": ' + "[" * 10**5,
}


@pytest.mark.parametrize("content", NOTHING.values(), ids=NOTHING)
def test_nothing_to_read_is_said(tmp_path, content):
    """A CAS without text, one that declares entities and one cut before the text are errors, for both readers."""
    path = put(tmp_path, content)
    with pytest.raises(ReadError):
        na.read(path)
    with pytest.raises(na.TableError):
        na.read_inception(path)


def test_a_cut_file_is_read_as_far_as_it_goes(tmp_path):
    """With its text before the cut the document is read and the damage told; as gold it is refused."""
    path = put(tmp_path, xmi().partition("<cas:View")[0])
    documents, report = na.read(path, report=True)
    assert documents.text.tolist() == [PLAIN]
    assert report.reason[0].startswith("the XML is damaged")
    with pytest.raises(na.TableError, match="damaged"):
        na.read_inception(path)


@pytest.mark.parametrize("words", ["<" * 10**6, "&" * 10**6, "&#" * 10**6, " " * 10**6, "a" * 10**6], ids="<&#_a")
def test_long_runs_take_no_time(words):
    """A million of the same characters, in the text or instead of it, take no more than seconds."""
    start = time.process_time()
    for content in (xmi(text="Rain " + words, pieces=()), xmi()[:300] + words):
        with contextlib.suppress(ReadError):
            cas.parse(content.encode())
    assert time.process_time() - start < 40


def test_deep_nesting_takes_no_time(tmp_path):
    """A hundred thousand elements in each other are walked without recursion."""
    path = put(tmp_path, xmi().replace("<cas:NULL", "<a>" * 10**5 + "</a>" * 10**5 + "<cas:NULL"))
    assert na.read(path).text.tolist() == [PLAIN]


def test_cut_anywhere(tmp_path):
    """Cut at any place, and with any byte turned, a file gives its document or a ReadError."""
    whole = xmi().encode()
    for at in range(0, len(whole), 40):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x15]) + whole[at + 1 :]):
            with contextlib.suppress(ReadError):
                cas.read_cas(put(tmp_path, damaged), {})


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: ('<?xml version="1.0"?>' + text).encode("utf-8", "replace")))
def test_any_bytes(raw):
    """Any bytes are a CAS or a ReadError."""
    with contextlib.suppress(ReadError):
        cas.parse(raw)


def test_the_sniff_knows_its_own():
    """It says yes to XMI and JSON of CAS, and no to other XML and JSON."""
    own = [xmi().encode(), as_json(STRUCTURES).encode(), b"\xef\xbb\xbf" + xmi(head="").encode()]
    others = [b"", b"<html>", b'{"text": "Rain"}', b"<newsItem/>", b"id,text", b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"/>', b'{"a": "%TYPES"}']
    assert [cas.sniff(head) for head in own] == [True] * 3
    assert [cas.sniff(head) for head in others] == [False] * len(others)


@samples
def test_the_sniff_knows_no_sample_of_another_kind():
    """Of all sample files the CAS are its own, and they only."""
    own = {path.name for path in SAMPLES.rglob("*") if path.is_file() and cas.sniff(formats.peek(path))}
    assert own == {path.name for path in (SAMPLES / "cas").iterdir()}


@samples
def test_samples():
    """The two files are read with their emoji."""
    smileys, small = na.read(SAMPLES / "cas").text
    assert (smileys.count("🤗"), smileys[:16], len(smileys), smileys[-5:]) == (3, "🤗 Transformers p", 834, "ther.")
    assert small == "Joe waited for the train . The train was late ."
    assert len(na.read_inception(SAMPLES / "cas").attributions) == 0


# --- as dkpro-cassis reads and writes it


@pytest.fixture(scope="module")
def cassis():
    """The library that INCEpTION's makers publish for Python."""
    return pytest.importorskip("cassis", reason="dkpro-cassis is not installed")


WORDS = ["The mayor said ", "🌉 ", "“It holds,” she said. ", "\n", "é", "👩‍🚒 ", "Officials fear that rain\nwill fall. ", "\t", "<&'\"> "]


@settings(deadline=None, max_examples=6)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map("".join).filter(str.strip))
def test_cassis_reads_what_we_write(tmp_path_factory, cassis, text):
    """cassis finds the same words under the same marks, and what it writes, as XMI and as JSON, we read as what it was.

    Planted faults that this catches: offsets in code points in the file; a line break lost.
    """
    found = na.attribute(na.documents([text]), attributor="patterns")
    folder = na.write_inception(found, tmp_path_factory.mktemp("cas"))
    with (folder / "TypeSystem.xml").open("rb") as types, (folder / "text-1.xmi").open("rb") as file:
        theirs = cassis.load_cas_from_xmi(file, typesystem=cassis.load_typesystem(types))
    assert theirs.sofa_string == text
    marked = [(one.role, one.get_covered_text()) for one in theirs.select("webanno.custom.Attribution")]
    assert sorted(marked) == sorted(zip(found.spans.role, found.spans.text, strict=True))
    back = folder / "back"
    back.mkdir()
    theirs.to_xmi(back / "xmi.xmi")
    theirs.to_json(back / "json.json")
    for path in back.iterdir():
        again = na.read_inception(path)
        columns = ["role", "start", "end", "text"]
        assert sorted(again.spans[columns].values.tolist()) == sorted(found.spans[columns].values.tolist())


def test_a_zip_with_a_bomb_is_refused(tmp_path):
    """An archive that unpacks to a thousand times its size is an error that names the limit."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xmi", b" " * 50_000_000)
    with pytest.raises(na.TableError, match="times its size"):
        na.read_inception(path)
