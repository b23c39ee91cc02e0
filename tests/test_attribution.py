"""From documents to the tables attributions, spans and errors."""

import inspect
from functools import partial

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import attribution, tables
from newsanalysis.attribution import ATTRIBUTORS, BATCH, DEFAULT, AttributionError
from newsanalysis.attribution.contract import Attribution

attribute = partial(attribution.attribute, attributor="patterns")  # whatever the default is

TEXT = "“It failed,” said Jo Day. “Badly.” She added that “nobody” knew. Officials said the road was open."


def documents(*texts):
    """Return a documents table with ids d0, d1, ..."""
    return tables.check(pd.DataFrame({"document_id": [f"d{n}" for n in range(len(texts))], "text": texts, "kind": "article"}), "documents")


def test_tables():
    """Each attribution has a row with readable text, bounds and kind, and its pieces stand in spans."""
    found = attribute(documents(TEXT))
    row = found.attributions.iloc[0]
    assert found.attributions.kind.tolist() == ["direct", "mixed", "indirect"]
    assert found.attributions["mode"].tolist() == ["speech"] * 3
    assert found.attributions.attribution_id.tolist() == ["d0#1", "d0#2", "d0#3"]
    assert (row.source, row.cue, row.content, row.attributor) == ("Jo Day", "said", "“It failed,” … “Badly.”", "patterns@1")
    assert TEXT[row.start : row.end] == "“It failed,” said Jo Day. “Badly.”"
    assert found.attributions[["speaker", "actor_id", "affiliation", "role", "confidence"]].isna().all(axis=None)
    assert found.spans.role.tolist()[:4] == ["source", "cue", "content", "content"]
    assert found.errors.empty
    tables.check(found.attributions, "attributions")
    tables.check(found.spans, "spans")


PARTS = st.lists(
    st.sampled_from(["“Go,” he said. ", "Jo said that it rained. ", "🌉é ", "\n", "Nothing. ", "According to Jo, it “rained”. "]), min_size=1, max_size=8
)


@settings(max_examples=15)
@given(st.lists(PARTS.map("".join).filter(str.strip), min_size=1, max_size=4))
def test_spans_are_the_text(texts):
    """documents.text[start:end] == spans.text for every span, within its attribution's bounds.

    Planted fault that it catches: offsets counted in UTF-16 or in a stripped text.
    """
    found = attribute(documents(*texts))
    merged = found.spans.merge(found.attributions, on="attribution_id", suffixes=("", "_whole")).merge(
        found.documents[["document_id", "text"]], on="document_id"
    )
    for row in merged.itertuples():
        assert row.text_y[row.start : row.end] == row.text_x
        assert row.start_whole <= row.start < row.end <= row.end_whole
    assert found.attributions.document_id.map({f"d{n}": n for n in range(len(texts))}).is_monotonic_increasing
    assert found.attributions.groupby("document_id").start.apply(lambda starts: starts.is_monotonic_increasing).all()


def test_no_documents():
    """No documents, or none with attributions, give empty tables of the right form."""
    found = attribute(documents("Nothing happened."))
    assert (len(found.attributions), len(found.spans), len(found.errors)) == (0, 0, 0)
    assert found.attributions.columns.tolist() == tables.empty("attributions").columns.tolist()
    assert len(attribute(tables.empty("documents")).attributions) == 0


def test_kinds():
    """Filtering by kind keeps the ids that an unfiltered run gives."""
    assert attribute(documents(TEXT), kinds=["mixed", "indirect"]).attributions.attribution_id.tolist() == ["d0#2", "d0#3"]
    assert attribute(documents(TEXT), kinds="direct").spans.attribution_id.unique().tolist() == ["d0#1"]


def test_the_default_is_named_once():
    """Who names no attributor gets the same one everywhere."""
    assert DEFAULT in ATTRIBUTORS
    for function in (na.attribute, attribution.prepare, na.analyse):
        assert inspect.signature(function).parameters["attributor"].default == DEFAULT


def test_modes():
    """Filtering by mode keeps the ids that an unfiltered run gives, and no spans of what is left out."""
    text = "Officials fear that the dam will burst. Jo Day said it held."
    assert attribute(documents(text)).attributions["mode"].tolist() == ["private", "speech"]
    assert attribute(documents(text), modes="speech").attributions.attribution_id.tolist() == ["d0#2"]
    assert attribute(documents(text), modes=["private"]).spans.attribution_id.unique().tolist() == ["d0#1"]


def sure(texts):
    """Give three contents with confidence .2, .9 and none."""
    for _ in texts:
        yield [Attribution((), (), ((6, 9),), 0.9), Attribution((), (), ((0, 2),), 0.2), Attribution((), (), ((10, 12),))]


@pytest.mark.parametrize(("least", "kept"), [(0, ["d0#1", "d0#2", "d0#3"]), (0.1, ["d0#1", "d0#2"]), (0.5, ["d0#2"]), (1, [])])
def test_min_confidence(least, kept):
    """An attribution without confidence passes only a minimum of 0; ids follow the text, not the answer's order."""
    assert attribute(documents(TEXT), attributor=sure, min_confidence=least).attributions.attribution_id.tolist() == kept


def test_min_confidence_needs_an_attributor_that_gives_one():
    """To ask rules for a confidence is told, not answered with nothing; where nothing is found there is nothing to tell."""
    with pytest.raises(AttributionError, match=r"^min_confidence 0.5 would leave nothing: patterns@1 gives no confidence; leave it at 0, or take another"):
        attribute(documents("Nothing happened.", TEXT), attributor="patterns", min_confidence=0.5)
    assert attribute(documents("Nothing happened."), attributor="patterns", min_confidence=0.5).attributions.empty


def test_attributor_name():
    """The column attributor is the callable's version, or else its name."""
    assert attribute(documents(TEXT), attributor=sure).attributions.attributor.unique().tolist() == ["sure"]

    class Mine:
        version = "mine@2"

        def __call__(self, texts):
            return sure(texts)

    assert attribute(documents(TEXT), attributor=Mine()).attributions.attributor.unique().tolist() == ["mine@2"]


def whole(text):
    """Return an attribution whose content is the whole text."""
    return [Attribution((), (), ((0, len(text)),))]


def fails_on_bad(texts):
    """Raise at a text that contains bad."""
    for text in texts:
        if "bad" in text:
            raise RuntimeError("cannot read this")
        yield whole(text)


def test_one_failure_costs_one_document():
    """When a batch fails, its documents are done one by one; only the one that fails is in errors."""
    texts = [f"text {n}" for n in range(3 * BATCH)]
    texts[70] = "a bad text"
    found = attribute(documents(*texts), attributor=fails_on_bad)
    assert len(found.attributions) == len(texts) - 1
    assert found.errors.to_numpy().tolist() == [["d70", "attribute", "RuntimeError: cannot read this."]]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda text: [Attribution((), (), ((0, len(text) + 1),))], "content (0, 11) lies outside the text, which has 10 code points."),
        (lambda _: [Attribution((), (), ())], "the content is empty."),
        (lambda _: ["he said"], "an Attribution is needed, not str."),
        (lambda _: None, "TypeError: 'NoneType' object is not iterable."),
    ],
    ids=["outside", "empty", "no attribution", "no list"],
)
def test_a_broken_answer_is_an_error(answer, error):
    """An answer that breaks the contract puts its document into errors, and only that one."""

    def attributor(texts):
        return (answer(text) if text == "odd, and on"[:10] else whole(text) for text in texts)

    found = attribute(documents("one", "odd, and on"[:10], "three"), attributor=attributor)
    assert found.attributions.document_id.tolist() == ["d0", "d2"]
    assert found.errors.to_numpy().tolist() == [["d1", "attribute", error]]


def endless(texts):
    """Never stop answering."""
    list(texts)
    while True:
        yield []


@pytest.mark.parametrize(
    ("attributor", "error"),
    [
        (lambda texts: iter([[]] * (len(list(texts)) - 1)), "ValueError: the attributor gave 0 answers to 1 text; one a text is needed."),
        (endless, "ValueError: the attributor gave more than 1 answer to 1 text; one a text is needed."),
    ],
    ids=["too few", "endless"],
)
def test_wrong_number_of_answers(attributor, error):
    """Answers that cannot be matched to texts are refused, never shifted to other documents."""
    assert attribute(documents("one", "two"), attributor=attributor).errors.error.tolist() == [error, error]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"attributor": "oracle"}, "^attributor 'oracle' is unknown; there .*'patterns', or give a callable.$"),
        ({"attributor": 3}, "^attributor must be a name or a callable, not int.$"),
        ({"kinds": ["loud"]}, "^kind 'loud' is unknown; there are direct, mixed, indirect.$"),
        ({"kinds": []}, "^no kind is asked for; there are direct, mixed, indirect.$"),
        ({"modes": "loud"}, "^mode 'loud' is unknown; there are speech, private.$"),
        ({"modes": ()}, "^no mode is asked for; there are speech, private.$"),
        ({"min_confidence": float("nan")}, "^min_confidence nan is not between 0 and 1.$"),
        ({"min_confidence": 2}, "^min_confidence 2 is not between 0 and 1.$"),
    ],
)
def test_wrong_options(options, message):
    """A wrong option is refused in one sentence that says what there is."""
    with pytest.raises(ValueError, match=message):
        attribute(documents(TEXT), **options)


def test_wrong_documents():
    """Documents that break their schema are refused with the name of the column."""
    with pytest.raises(na.TableError, match="'text'"):
        attribute(pd.DataFrame({"document_id": ["a"], "kind": ["article"]}))
