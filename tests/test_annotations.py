"""brat and INCEpTION: what is written comes back, emoji and spans in pieces included; what people broke is named with file and line."""

import dataclasses
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newsanalysis as na

TEXT = "🌉 Dam holds\n\n“It holds,” she said, “for\nnow.” Officials 👩‍🚒, who wept, fear rain.\tReported: the end."
CLASHING = ["a", "A", "con", ".hidden", "a/b", "ü" * 200, "x~", "q?*", "%41", "=1+1", "text-1"]


def pieces(*words: str, text: str = TEXT) -> list[list[int]]:
    """Offsets of words in the text."""
    return [[text.index(word), text.index(word) + len(word)] for word in words]


@pytest.fixture
def gold(tmp_path):
    """A document with a content in pieces across lines, an emoji in a source, and an attribution without source."""
    import json

    marked = [
        {"source": pieces("she"), "cue": pieces("said,"), "content": pieces("“It holds,”", "“for\nnow.”")},
        {"source": pieces("Officials 👩‍🚒"), "cue": pieces("fear"), "content": pieces("rain")},
        {"source": [], "cue": [], "content": pieces("the end")},
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"doc_id": "dam", "text": TEXT, "attributions": marked}), encoding="utf-8")
    found = na.read_gold(path)
    return dataclasses.replace(found, documents=found.documents.assign(title="Dam", outlet="=x", published=pd.Timestamp("2026-01-02", tz="UTC")))


def same(one: na.Found, two: na.Found) -> None:
    """Texts, what is known of them, attributions and spans are the same."""
    left, right = (found.documents.drop(columns=["source_file", "reader"]).sort_values("document_id", ignore_index=True) for found in (one, two))
    pd.testing.assert_frame_equal(left, right)
    columns = ["document_id", "role", "start", "end", "text"]
    left, right = (found.spans.assign(document_id=found.documents_of_spans())[columns].sort_values(columns, ignore_index=True) for found in (one, two))
    pd.testing.assert_frame_equal(left, right)
    assert sorted(one.attributions.content) == sorted(two.attributions.content)
    assert sorted(one.attributions.kind) == sorted(two.attributions.kind)


@pytest.mark.parametrize("tool", ["brat", "inception"])
def test_round_trip(gold, tmp_path, tool):
    """Everything comes back: pieces, emoji, line breaks, title, date; writing again changes nothing."""
    # Planted: offsets in code points in the XMI: the emoji shift all spans. Pieces not joined over line breaks: one more span.
    write, read = getattr(na, f"write_{tool}"), getattr(na, f"read_{tool}")
    folder = write(gold, tmp_path / "out")
    same(gold, read(folder))
    assert write(gold, folder) == folder


@pytest.mark.parametrize("tool", ["brat", "inception"])
def test_blank_files_have_no_annotation(gold, tmp_path, tool):
    """For people who mark from nothing: the texts are there, the attributions are not."""
    folder = getattr(na, f"write_{tool}")(gold, tmp_path / "out", blank=True)
    found = getattr(na, f"read_{tool}")(folder)
    assert found.attributions.empty and found.documents.text.tolist() == [TEXT]


def test_brat_lines_are_brats(gold, tmp_path):
    """No piece crosses a line break, words are the pieces with a space between, the event names its spans."""
    folder = na.write_brat(gold, tmp_path)
    lines = (folder / "dam.ann").read_text(encoding="utf-8").splitlines()
    holds, quoted, now = (TEXT.index(words) for words in ("“It holds,”", "“for", "now.”"))
    assert lines[2] == f"T3\tContent {holds} {holds + 11};{quoted} {quoted + 4};{now} {now + 5}\t“It holds,” “for now.”"
    assert lines[4] == "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3"
    assert "Attribution\tSource*:Source" in (folder / "annotation.conf").read_text()


def test_inception_offsets_are_utf16(gold, tmp_path):
    """🌉 is two code units: what follows lies one further than in code points."""
    root = ElementTree.parse(na.write_inception(gold, tmp_path) / "dam.xmi").getroot()
    she = next(element for element in root if element.get("role") == "source")
    assert int(she.get("begin")) == TEXT.index("she") + 1
    sofa = next(element for element in root if element.tag.endswith("Sofa")).get("sofaString")
    assert sofa == TEXT and sofa.encode("utf-16-le")[2 * int(she.get("begin")) : 2 * int(she.get("end"))].decode("utf-16-le") == "she"


def test_cassis_reads_what_we_write(gold, tmp_path):
    """dkpro-cassis, where it is installed, finds the same words."""
    cassis = pytest.importorskip("cassis")
    folder = na.write_inception(gold, tmp_path)
    with (folder / "TypeSystem.xml").open("rb") as types, (folder / "dam.xmi").open("rb") as file:
        cas = cassis.load_cas_from_xmi(file, typesystem=cassis.load_typesystem(types))
    assert sorted(piece.get_covered_text() for piece in cas.select("webanno.custom.Attribution")) == sorted(gold.spans.text)


WORDS = ["The mayor said ", "🌉 ", "“It holds,” she said. ", "\n", "\r\n", "é", "e\u0301 ", "👩‍🚒 ", "Officials fear that rain\nwill fall. ", "\t", "<&'\"> "]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=10).map("".join), min_size=1, max_size=6), st.sampled_from(["brat", "inception"]))
def test_any_text_comes_back(tmp_path_factory, texts, tool):
    """Texts made of attributions, emoji, marks of XML, line breaks of all kinds: words and offsets come back. Several at once, as each folder costs time."""
    found = na.attribute(na.documents([f"{text}x He said it rained." for text in texts]), attributor="patterns")
    back = getattr(na, f"read_{tool}")(getattr(na, f"write_{tool}")(found, tmp_path_factory.mktemp("any")))
    assert sorted(zip(back.documents.document_id, back.documents.text, strict=True)) == sorted(
        zip(found.documents.document_id, found.documents.text, strict=True)
    )
    places = [sorted(zip(of.documents_of_spans(), of.spans.role, of.spans.start, of.spans.end, strict=True)) for of in (back, found)]
    assert places[0] == places[1]


@pytest.mark.parametrize("tool", ["brat", "inception"])
def test_any_id_has_a_file(tmp_path, tool):
    """Ids that differ in capitals only, are long, hidden, reserved or full of signs: each has its file and comes back."""
    documents = na.documents(pd.DataFrame({"document_id": CLASHING, "text": [f"He said it rained {n} times." for n in range(len(CLASHING))]}))
    found = na.attribute(documents, attributor="patterns")
    folder = getattr(na, f"write_{tool}")(found, tmp_path)
    assert len({path.name.casefold() for path in Path(folder).iterdir()}) == len(list(Path(folder).iterdir()))
    assert sorted(getattr(na, f"read_{tool}")(folder).documents.document_id) == sorted(CLASHING)


def test_control_characters_do_not_break_xml(tmp_path):
    """What XML cannot hold is U+FFFD in the file; offsets stay."""
    found = na.attribute(na.documents(["\x0bA\x00 He said it rained."]), attributor="patterns")
    back = na.read_inception(na.write_inception(found, tmp_path))
    assert back.spans.text.tolist() == found.spans.text.tolist()


@pytest.mark.parametrize("tool", ["brat", "inception"])
def test_nobodys_annotation_is_overwritten(gold, tmp_path, tool):
    """A file that somebody changed stays as it is."""
    folder = getattr(na, f"write_{tool}")(gold, tmp_path)
    path = folder / ("dam.ann" if tool == "brat" else "dam.xmi")
    changed = path.read_text(encoding="utf-8") + "\n"
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(na.TableError, match="somebody's annotation"):
        getattr(na, f"write_{tool}")(gold, tmp_path)
    assert path.read_text(encoding="utf-8") == changed


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("T1\tContent 0 2\tHi", r"a\.ann, line 1: the text has 'He' there, not 'Hi'"),
        ("T1 Content 0 2 He", "line 1: 'id, type start end, words'"),
        ("T1\tContent 0 99\tHe", "line 1: the text has"),
        ("T1\tCue 3 7\tsaid\nE1\tAttribution:T1 Cue:T1", "line 2: the attribution E1 has no content"),
        ("T1\tContent 8 10\tno\nE1\tAttribution:T1 Content:T9", "line 2: 'Content:T9' is no role"),
        ("T1\tContent 8 10\tno", "1 spans belong to no attribution, first T1"),
    ],
)
def test_broken_brat_files_are_explained(tmp_path, lines, message):
    """File, line, what stands there and what is wrong."""
    (tmp_path / "a.txt").write_text("He said no")
    (tmp_path / "a.ann").write_text(lines)
    with pytest.raises(na.TableError, match=message):
        na.read_brat(tmp_path)


def test_brat_files_without_texts(tmp_path):
    """No files, no text, text that is not UTF-8, an index that was changed."""
    with pytest.raises(na.TableError, match=r"no \.ann files"):
        na.read_brat(tmp_path)
    (tmp_path / "a.ann").write_text("")
    with pytest.raises(na.TableError, match=r"a\.txt: there is no such file"):
        na.read_brat(tmp_path)
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(na.TableError, match="not UTF-8"):
        na.read_brat(tmp_path)
    (tmp_path / "documents.jsonl").write_text("{}")
    with pytest.raises(na.TableError, match="not as it was written"):
        na.read_brat(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('role="content"', 'role="context"', "has role 'context'"),
        ('role="content"', 'role="cue"', "has no content"),
        ('attribution="1"', 'attribution=""', "and attribution ''"),
        ('begin="0"', 'begin="999"', "lies outside the text"),
        ('begin="0"', 'begin="-1"', "lies outside the text"),
        ("sofaString", "sofa_string", "no text in it"),
        ("<cas:NULL", "<cas:", "no XML that can be read"),
        ("<xmi:XMI", "<!DOCTYPE x><xmi:XMI", "declares a document type"),
    ],
)
def test_broken_xmi_is_explained(tmp_path, old, new, message):
    """The file, the place and what is wrong."""
    found = na.attribute(na.documents(["She said it rained."]), attributor="patterns")
    path = na.write_inception(found, tmp_path) / "text-1.xmi"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(na.TableError, match=message):
        na.read_inception(path)


def test_inceptions_archive_is_read(gold, tmp_path):
    """The .zip that INCEpTION exports, alone or in a folder; one that is no archive is refused."""
    folder = na.write_inception(gold, tmp_path / "out")
    archive = tmp_path / "zips" / "dam.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as out:
        out.write(folder / "dam.xmi", "dam.xmi")
        out.write(folder / "TypeSystem.xml", "TypeSystem.xml")
    for path in (archive, archive.parent):
        assert na.read_inception(path).spans.text.tolist() == gold.spans.text.tolist()
    archive.write_bytes(b"nothing")
    with pytest.raises(na.TableError, match="not a zip file"):
        na.read_inception(archive)


def test_an_attribution_without_spans_is_refused(gold, tmp_path):
    """Attributions and spans belong together."""
    with pytest.raises(na.TableError, match="has no span of content"):
        na.write_brat(dataclasses.replace(gold, spans=gold.spans[gold.spans.role != "content"]), tmp_path)


@pytest.mark.parametrize("write", [na.write_brat, na.write_inception])
def test_nothing_to_mark_is_refused_at_writing(write, tmp_path):
    """Without documents no folder is written that reading would refuse."""
    found = na.attribute(na.documents([TEXT])).within([])
    with pytest.raises(na.TableError, match=rf"{write.__name__}: there are no documents, and so no text to mark"):
        write(found, tmp_path / "new")
    assert not (tmp_path / "new").exists()
