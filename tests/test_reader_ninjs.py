"""ninjs 1 to 3: invented items, damaged and hostile ones, JSON that is none of it, and the IPTC's and agencies' own examples."""

import contextlib
import json
import time
from pathlib import Path

import pytest

from newsanalysis.readers import ReadError, dates, formats, read
from newsanalysis.readers.ninjs import is_ninjs

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
there = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")

ONE = {
    "uri": "http://harbour.example/1",
    "type": "text",
    "versioncreated": "2015-03-12T10:00:00+0200",
    "firstcreated": "2015-03-10T10:00:00Z",
    "pubstatus": "usable",
    "language": "en-GB",
    "headline": "Rain closes roads",
    "byline": "By Ann Author",
    "source": "Harbour Agency",
    "service": [{"name": "Weather", "code": "w"}],
    "body_text": "Rain fell.\n\nRoads closed.",
    "body_xhtml": "<h1>Rain closes roads</h1><p>Rain fell.</p><h2>Roads</h2><p>Roads closed.</p>",
    "associations": {"picture": {"uri": "http://harbour.example/2", "type": "picture", "versioncreated": "2015-03-12T10:00:00Z"}},
}
TWO = {
    "uri": "urn:newsml:harbour.example:2",
    "type": "text",
    "versioncreated": "2015-03-12T10:00:00Z",
    "headlines": [{"role": "sub", "value": "Second line"}, {"role": "main", "value": "Rain closes roads"}],
    "bodies": [
        {"role": "text", "contenttype": "text/plain", "value": "Rain fell."},
        {"role": "nitf", "contenttype": "text/vnd.IPTC.NITF", "value": "<nitf><body><body.content><p>Rain fell.</p></body.content></body></nitf>"},
    ],
    "by": "Ann Author",
    "infosources": [{"name": "Harbour Agency"}],
    "subjects": [{"name": "Island", "rel": "about"}, {"name": "Weather", "rel": "classifies", "literal": "17000000"}],
    "language": "en",
}
NAMES = {"versioncreated": "versionCreated", "infosources": "infoSources", "contenttype": "contentType", "pubstatus": "pubStatus"}


def three(value):
    """The same item in the names of ninjs 3."""
    if isinstance(value, dict):
        return {NAMES.get(key, key): three(inner) for key, inner in value.items()}
    return [three(inner) for inner in value] if isinstance(value, list) else value


def parsed(path: Path, content):
    """Write a file and return its records as rows, what was skipped, and the whole."""
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    (each,) = formats.parse(path, {})
    return [{name: values[i] for name, values in each.columns.items()} for i in range(len(each.numbers))], each.skipped, each


def test_one(tmp_path):
    """An item of ninjs 1 gives headline, marked-up body, version's date, source, service and address; its pictures give nothing."""
    (row,), skipped, whole = parsed(tmp_path / "a.json", ONE)
    assert not skipped and whole.format == "ninjs" and whole.endings == [""]
    assert row["text"] == "Rain fell.\n\nRoads\n\nRoads closed." and row["title"] == "Rain closes roads" and row["author"] == "Ann Author"
    assert row["published"] == "2015-03-12T10:00:00+02:00" and row["outlet"] == "Harbour Agency" and row["section"] == "Weather" and row["language"] == "en"
    assert row["url"] == row["document_id"] == "http://harbour.example/1"


@pytest.mark.parametrize("item", [TWO, three(TWO)], ids=["2", "3"])
def test_two_and_three(tmp_path, item):
    """Items of ninjs 2 and 3, which differ in the case of names, are read alike."""
    (row,), _, _ = parsed(tmp_path / "a.json", item)
    assert row["text"] == "Rain fell." and row["title"] == "Rain closes roads" and row["outlet"] == "Harbour Agency" and row["author"] == "Ann Author"
    assert row["section"] == "Weather" and row["published"] == "2015-03-12T10:00:00+00:00" and row["url"] is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"type": "picture"}, "a picture"),
        ({"type": "video"}, "a video"),
        ({"type": "event"}, "an event"),
        ({"type": "planning"}, "a planning item"),
        ({"type": "package"}, "a package"),
        ({"type": "composite", "body_text": "", "body_xhtml": ""}, "a package"),
        ({"type": None, "eventDetails": {"dates": {}}}, "an event"),
        ({"pubstatus": "canceled", "body_text": "", "body_xhtml": ""}, "canceled by the agency (status canceled)"),
        ({"pubstatus": "withheld", "type": "picture"}, "a picture"),
        ({"body_text": None, "body_xhtml": "<p> </p>"}, "only the headline"),
    ],
    ids=["picture", "video", "event", "planning", "package", "composite", "event-details", "canceled", "withheld", "empty"],
)
def test_items_that_are_no_documents(tmp_path, changes, why):
    """What is no article or without a text is skipped, counted, and the reason says which."""
    rows, skipped, _ = parsed(tmp_path / "a.json", {**ONE, **changes})
    assert not rows and len(skipped) == 1 and why in skipped[0][1]


@pytest.mark.parametrize("wrap", [lambda i: i, lambda i: {"total": 2, "item": i}, lambda i: {"data": {"items": [{"item": each} for each in i]}}, None])
def test_several(tmp_path, wrap):
    """An array, a list in a wrapper and one item a line give every item, numbered."""
    items = [ONE, {**TWO, "type": "picture"}, three(TWO)]
    text = "\n".join(map(json.dumps, items)) if wrap is None else json.dumps(wrap(items))
    rows, skipped, whole = parsed(tmp_path / "a.json", text)
    assert [row["document_id"] for row in rows] == [ONE["uri"], TWO["uri"]] and [n for n, _ in skipped] == [2] and whole.endings == ["-1", "-3"]


def test_notes_summaries_and_the_best_body(tmp_path):
    """An embargo is said, a text without a body but with a summary is a summary, and a body that is cut short gives way to the whole one."""
    _, _, whole = parsed(tmp_path / "a.json", {**ONE, "embargoed": "2015-03-14T10:00:00Z"})
    assert whole.mended == [(1, "under embargo until 2015-03-14T10:00:00+00:00")]
    _, _, whole = parsed(tmp_path / "a.json", {**ONE, "pubstatus": "canceled"})
    assert len(whole.numbers) == 1 and whole.mended == [(1, "canceled by the agency (status canceled)")]
    (row,), _, _ = parsed(tmp_path / "a.json", {**ONE, "body_text": "", "body_xhtml": "", "description_text": "Rain."})
    assert (row["kind"], row["text"]) == ("summary", "Rain.")
    (row,), _, _ = parsed(tmp_path / "a.json", {**ONE, "body_xhtml": "<p>Rain</p>", "body_text": "Rain fell on all of the island."})
    assert row["text"] == "Rain fell on all of the island."
    quotation = {"role": "html5", "contenttype": "text/html", "value": "<div class='dat'>TT</div><p>Rain.</p><blockquote>We wait, she says.</blockquote>"}
    (row,), _, _ = parsed(tmp_path / "a.json", {**TWO, "bodies": [quotation], "standard": {"name": "TTNINJS", "version": "2.1"}})
    assert row["text"] == "Rain.\n\n– We wait, she says."


@pytest.mark.parametrize(
    "content",
    [
        [{"headline": "Rain", "body_text": "Rain fell.", "text": "Rain fell."}],
        {"id": "1", "title": "Rain", "text": "Rain fell.", "uri": "http://harbour.example/1"},
        {"guid": "1", "headline": "Rain", "text": 'It has "uri": and "versioncreated": in it', "pubDate": "2015-03-12"},
        {"articles": [{"title": "Rain", "text": "Rain fell.", "type": "text"}]},
        {"headlines": [{"value": "Rain"}], "text": "Rain fell."},
    ],
)
def test_other_json_is_left_to_its_reader(tmp_path, content):
    """JSON without the marks of ninjs is not taken for it."""
    text = json.dumps(content)
    assert not is_ninjs(text.encode())
    _, _, whole = parsed(tmp_path / "a.json", text)
    assert whole.reader.startswith("json")


def test_breaks_off(tmp_path):
    """Of a file that breaks off, the whole items and what stands of the last are read, and a note says so."""
    text = json.dumps([ONE, TWO, {**ONE, "uri": "http://harbour.example/3", "body_xhtml": "<p>Rain fell, and the rest is lost</p>"}])
    rows, _, whole = parsed(tmp_path / "a.json", text[: text.index("rest is lost")])
    assert [row["document_id"] for row in rows] == [ONE["uri"], TWO["uri"], "http://harbour.example/3"] and rows[-1]["text"] == "Rain fell, and the"
    assert "breaks off" in whole.notes[0]
    lines = f"{json.dumps(ONE)}\n{json.dumps(TWO)[:50]}\n{json.dumps(TWO)}\n"
    rows, _, whole = parsed(tmp_path / "a.json", lines)
    assert len(rows) == 2 and "1 of its 3 lines" in whole.notes[0]
    rows, _, whole = parsed(tmp_path / "a.json", text.replace('"pubstatus": "usable"', '"pubstatus": usable', 1))
    assert [row["document_id"] for row in rows] == [TWO["uri"], "http://harbour.example/3"] and "damaged" in whole.notes[0]


@pytest.mark.parametrize("item", [ONE, TWO], ids=["1", "2"])
def test_cut_and_flipped(tmp_path, item):
    """Cut or with wrong bytes, a file gives documents or an error; nothing else."""
    raw, kept = json.dumps([item, item], indent=1).encode(), 0
    for place in range(0, len(raw), 100):
        for damaged in (raw[:place], raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :]):
            (tmp_path / "a.json").write_bytes(damaged)
            with contextlib.suppress(ReadError):
                kept += sum(len(each.numbers) for each in formats.parse(tmp_path / "a.json", {}))
    assert kept


HOSTILE = {
    "nested": json.dumps(ONE)[:-1] + ', "a": ' + "[" * 100_000,
    "objects": json.dumps(ONE)[:-1] + ', "item": ' + '{"item":' * 100_000,
    "quote": json.dumps(ONE)[:-1] + ', "a": "' + "a\\\\" * 300_000,
    "number": json.dumps(ONE)[:-1] + ', "a": ' + "9" * 10_000 + "}",
    "types": json.dumps(
        {**TWO, "bodies": [1, None, [], {"value": {}}], "headlines": {"a": {}}, "by": [], "subjects": "x", "standard": [], "versioncreated": 7}
    ),
    "script": json.dumps({**ONE, "headline": "<script>alert(1)</script>"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(tmp_path, name):
    """Nesting, lengths and wrong types give documents or an error, soon."""
    (tmp_path / "a.json").write_text(HOSTILE[name])
    start = time.process_time()
    with contextlib.suppress(ReadError):
        assert len(read(tmp_path / "a.json")) == 1
    assert time.process_time() - start < 40


KEPT = {  # items with an article or, of NTB, a summary; all other examples are pictures, video, audio, events or a headline alone
    "1.4": {
        *(f"businesswire-newsml-{n}" for n in ("20130515006361", "20130605006126", "20130612006110", "20130731006140")),
        *("ninjsExComplex1", "ninjsExComplex2", "ninjsExMediumText1", "ninjsExSimpleText1"),
    },
    "2.1": {"businesswire-newsml-20130605006126", "businesswire-newsml-20130731006140", "dpa_text", "ninjsExSimpleText_2", "ntb_text", "tt_text_image_2"},
    "3.0": {
        "20231008-anti-doping-measures-at-the-tour-down-under-will-be-the-toughest-ever-addb-ninjs-nitf",
        *("businesswire-newsml-20130605006126", "businesswire-newsml-20130731006140", "dpa_text", "ninjsExSimpleText_3", "ntb_text", "tt_text_image_3"),
    },
}


@there
@pytest.mark.parametrize(("version", "found"), [("1.4", 10), ("2.1", 12), ("3.0", 18)])
def test_samples(version, found):
    """Every example is one item; the articles are kept with headline, body and date, and of the others the reason says what they are."""
    kept, skipped = set(), 0
    for path in sorted((SAMPLES / "ninjs" / version).glob("*.json")):
        (whole,) = formats.parse(path, {})
        assert len(whole.numbers) + len(whole.skipped) == 1 and not whole.notes
        skipped += len(whole.skipped)
        if whole.numbers:
            kept.add(path.stem)
            assert whole.columns["title"][0] and whole.columns["text"][0] and "<" not in whole.columns["text"][0]
            assert dates.parse(whole.columns["published"], [0]).published.notna().all()
            assert (whole.columns["kind"] == ["summary"]) == (path.stem == "ntb_text")
    assert kept == KEPT[version] and len(kept) + skipped == found


@there
def test_samples_of_broadcasters_and_superdesk():
    """The examples beside NITF give one item each, the BBC's out of its wrapper."""
    rows = {name: next(iter(formats.parse(SAMPLES / "nitf" / name, {}))).columns for name in ("bbc-ninjs-text-test.json", "ninjs1.json")}
    assert rows["bbc-ninjs-text-test.json"]["text"] == ["body"] and rows["bbc-ninjs-text-test.json"]["section"] == ["Planning Permission"]
    assert rows["ninjs1.json"]["text"] == ["The story so far."] and rows["ninjs1.json"]["published"] == ["2017-08-24T04:38:34+00:00"]


@there
def test_samples_are_alike_in_every_version():
    """What is in several versions of ninjs reads alike in each."""
    for stem in ("dpa_text", "ntb_text", "businesswire-newsml-20130605006126", "businesswire-newsml-20130731006140"):
        two, three_ = (next(iter(formats.parse(SAMPLES / "ninjs" / version / f"{stem}.json", {}))).columns for version in ("2.1", "3.0"))
        assert two == three_
    tt = [next(iter(formats.parse(SAMPLES / "ninjs" / name, {}))).columns for name in ("2.1/tt_text_image_2.json", "3.0/tt_text_image_3.json")]
    assert all(each["text"][0].count("\n\n– ") == 2 and each["published"] == ["2021-05-26T13:40:18+02:00"] for each in tt)
