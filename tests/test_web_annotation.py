"""Web annotations: what the W3C's model asks for, positions and quotes that name the same words, nothing live in HTML, the same bytes each time."""

import datetime
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import tables

IRI = re.compile(r"(https?://\S+|urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})")
PURPOSES = {"assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying", "linking", "moderating"}
PURPOSES |= {"questioning", "replying", "tagging"}


def check_annotation(annotation, *, alone):
    """What the model says an Annotation MUST be (sections 3.1 to 3.3, 4.1, 4.2, 4.4 of the Recommendation)."""
    assert ("@context" in annotation) == alone
    if alone:
        assert annotation["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert IRI.fullmatch(annotation["id"])
    assert annotation["type"] == "Annotation"
    assert annotation["motivation"] in PURPOSES
    for agent in (annotation["creator"], annotation["generator"]):
        assert agent["type"] == "Software"
        assert isinstance(agent["name"], str)
    if "generated" in annotation:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", annotation["generated"])
    for body in annotation["body"]:
        assert (body["type"], body["format"]) == ("TextualBody", "text/plain")
        assert isinstance(body["value"], str)
        assert body["purpose"] in PURPOSES
    assert annotation["stylesheet"]["type"] == "CssStylesheet"
    assert len(annotation["target"]) >= 1
    for target in annotation["target"]:
        assert target["type"] == "SpecificResource"
        assert IRI.fullmatch(target["source"]["id"])
        position, quote = target["selector"]
        assert position["type"] == "TextPositionSelector"
        assert all(type(position[name]) is int and position[name] >= 0 for name in ("start", "end"))
        assert quote["type"] == "TextQuoteSelector"
        assert all(isinstance(quote[name], str) for name in ("exact", "prefix", "suffix"))
        assert f".{target['styleClass']} " in annotation["stylesheet"]["value"]


def written(found, path, **options):
    """The annotations in a file that was written, checked."""
    text = na.write_web_annotations(found, path, **options).read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        annotations = [json.loads(line) for line in text.split("\n")[:-1]]
    else:
        collection = json.loads(text)
        assert (collection["@context"], collection["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationCollection")
        assert IRI.fullmatch(collection["id"])
        page = collection.get("first", {"items": []})
        assert not page["items"] or (page["type"], page["startIndex"], bool(IRI.fullmatch(page["id"]))) == ("AnnotationPage", 0, True)
        annotations = page["items"]
        assert collection["total"] == len(annotations)
    for annotation in annotations:
        check_annotation(annotation, alone=path.suffix == ".jsonl")
    return annotations


@pytest.fixture
def found():
    """What was found in two documents, one of which has an address."""
    texts = ["🌉 The mayor said the bridge was closed. “It holds,” she said.", "Ann Roe said that the </script><script>alert('&')</script> road was open."]
    documents = na.documents(texts, url=["https://example.org/bridge?a=1&b=2", "no address"], language=["en", None])
    return na.resolve(na.attribute(documents, attributor="patterns"))


@pytest.mark.parametrize("name", ["found.jsonld", "found.json", "found.jsonl"])
def test_files_are_as_the_model_asks(found, tmp_path, name):
    """A collection with a page, or a line each; every attribution is there once, in order."""
    annotations = written(found, tmp_path / name)
    assert len({one["id"] for one in annotations}) == len(found.attributions)
    told = [{body["value"] for body in one["body"]} for one in annotations]
    for values, row in zip(told, found.attributions.to_dict("records"), strict=True):
        assert {f"kind: {row['kind']}", f"mode: {row['mode']}"} <= values
        for column in ("speaker", "affiliation", "role"):
            assert any(value.startswith(f"{column}: ") for value in values) == isinstance(row[column], str)


PIECES = ["The mayor said ", "🌉 ", "“It holds,” she said. ", "\n", "é ", "<b>&amp;</b> ", "\u2028", "Officials fear that rain\nwill fall. "]


@settings(deadline=None, max_examples=8)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=10).map("".join).filter(str.strip))
def test_positions_and_quotes_are_the_spans(tmp_path_factory, text):
    """Position, quote and the text around it name the same code points; nothing in the file is live in HTML.

    Planted faults that this catches: UTF-16 offsets; a prefix from a negative index; an unescaped angle bracket.
    """
    found = na.attribute(na.documents([text]), attributor="patterns")
    path = tmp_path_factory.mktemp("web") / "found.jsonl"
    spans = []
    for annotation in written(found, path):
        for target in annotation["target"]:
            position, quote = target["selector"]
            start, end = position["start"], position["end"]
            (kept,) = found.documents.text
            assert kept[start:end] == quote["exact"]
            assert kept[:start].endswith(quote["prefix"])
            assert kept[end:].startswith(quote["suffix"])
            assert (len(quote["prefix"]), len(quote["suffix"])) == (min(32, start), min(32, len(kept) - end))
            spans.append((target["styleClass"], start, end))
    assert sorted(spans) == sorted(zip(found.spans.role, found.spans.start, found.spans.end, strict=True))
    assert not set("<>&\u2028\u2029") & set(path.read_text(encoding="utf-8"))


def test_the_source_is_the_address_or_a_name(found, tmp_path):
    """An http address is the source as it is; else the id and text give one that is always the same."""
    annotations = written(found, tmp_path / "a.jsonl")
    sources = {target["source"]["id"]: target["source"] for one in annotations for target in one["target"]}
    address, name = sources.values()
    assert (address["id"], address["language"]) == ("https://example.org/bridge?a=1&b=2", "en")
    assert name["id"].startswith("urn:uuid:")
    assert name["format"] == "text/plain"


def test_the_same_bytes_each_time(found, tmp_path):
    """Nothing of time or place is in the file; a time is if given, in UTC."""
    first, second = (na.write_web_annotations(found, tmp_path / name).read_bytes() for name in ("a.jsonld", "b.jsonld"))
    assert first == second
    assert b"generated" not in first
    zone = datetime.timezone(datetime.timedelta(hours=2))
    for given_time in ("2024-03-05T14:00:00+02:00", datetime.datetime(2024, 3, 5, 14, tzinfo=zone)):
        annotations = written(found, tmp_path / "c.jsonl", generated=given_time)
        assert {one["generated"] for one in annotations} == {"2024-03-05T12:00:00Z"}


def test_nothing_found_is_a_collection_of_nothing(tmp_path):
    """No attributions: total 0 and no page; no lines."""
    none = na.Found(*map(tables.empty, ("documents", "attributions", "spans")))
    assert written(none, tmp_path / "a.jsonld") == []
    assert na.write_web_annotations(none, tmp_path / "a.jsonl").read_bytes() == b""


def test_what_is_wrong_is_said(found, tmp_path):
    """Another suffix, a time without zone, attributions without spans, and tables instead of what was found."""
    with pytest.raises(na.TableError, match="must end in"):
        na.write_web_annotations(found, tmp_path / "a.csv")
    for wrong in ("2024-03-05T14:00:00", "yesterday", 7, datetime.datetime(2024, 3, 5)):
        with pytest.raises(na.TableError, match="with its zone"):
            na.write_web_annotations(found, tmp_path / "a.jsonl", generated=wrong)
    with pytest.raises(na.TableError, match="no span of content"):
        na.write_web_annotations(na.Found(found.documents, found.attributions, found.spans.head(0)), tmp_path / "a.jsonl")
    with pytest.raises(na.TableError, match="a table of documents was given"):
        na.write_web_annotations(found.documents, tmp_path / "a.jsonl")
    assert list(tmp_path.iterdir()) == []
