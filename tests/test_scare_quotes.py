"""Quotation marks as distance: told from speech, names, titles and words that are mentioned."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import tables
from newsanalysis.found import Found

GOLD = [json.loads(line) for line in (Path(__file__).parent / "data" / "scare_quotes_gold.jsonl").read_text(encoding="utf-8").splitlines()]


def coded(text):
    """The words in scare quotes of a text in which nobody speaks."""
    return na.code_scare_quotes(Found(na.documents([text]), tables.empty("attributions"), tables.empty("spans")))


QUOTES = [
    pytest.param("They held a “referendum” at gunpoint.", ["referendum"], id="after an article"),
    pytest.param("The 'independent' panel met.", ["independent"], id="single"),
    pytest.param("The «liberation» left ruins.", ["liberation"], id="guillemets"),
    pytest.param('The army called up "volunteers" there.', ["volunteers"], id="straight"),
    pytest.param("The ''free'' places cost fifty euros.", ["free"], id="two apostrophes"),
    pytest.param("The so-called “Council of Elders” met.", ["Council of Elders"], id="so-called, with capitals"),
    pytest.param("It was a so-called “reform,” and it failed.", ["reform"], id="comma within"),
    pytest.param("The film “Dust” opened.", [], id="title"),
    pytest.param("Igor “the wolf” Petrenko fell.", [], id="nickname in lower case"),
    pytest.param("The word “peace” is absent.", [], id="mention"),
    pytest.param("The rocket, dubbed “thunder”, flew.", [], id="naming"),
    pytest.param("A banner read “bread, not bombs” there.", [], id="inscription"),
    pytest.param("She dismissed it as “gossip”.", [], id="speaking"),
    pytest.param("“Too late”: farmers on the deal", [], id="headline with a speaker"),
    pytest.param("“glasnost”, or openness, was the policy.", [], id="foreign word with a gloss"),
    pytest.param("He kept “a very long list of many things” there.", [], id="too long"),
    pytest.param("The board is 6' 2\" long.", [], id="inches"),
]


@pytest.mark.parametrize(("text", "expected"), QUOTES)
def test_scare_quotes(text, expected):
    """Marks that keep a distance are coded with their words; all others are not."""
    assert coded(text).value.tolist() == expected


def test_what_is_said_is_no_scare_quote():
    """Inside the content of an attribution marks are speech, whoever uses them there."""
    documents = na.documents(["The mayor said the “reform” was dead. The “reform” closed schools."])
    found = na.attribute(documents, attributor="patterns")
    codes = na.code_scare_quotes(found)
    assert codes.start.tolist() == [documents.text[0].rindex("“reform”")]
    assert codes.unit_id.tolist() == [na.units(found).unit_id[1]]


def test_rate():
    """They count per hundred words like any code: one in five words is 20; where there is none the rate is 0."""
    found = Found(na.documents(["They held a “referendum” there."]), tables.empty("attributions"), tables.empty("spans"))
    codes = na.code_scare_quotes(found)
    assert na.word_rate(codes, na.units(found), code="scare_quote").estimate.tolist() == [20.0]
    assert na.word_rate(codes.head(0), na.units(found), code="scare_quote").estimate.tolist() == [0.0]


@pytest.mark.parametrize(("part", "least"), [("tune", 0.95), ("blind", 0.84)])
def test_gold(part, least):
    """F1 on the gold does not fall below what was measured."""
    rows = [row for row in GOLD if row["part"] == part]
    found = na.attribute(na.documents([row["text"] for row in rows]))
    codes = na.code_scare_quotes(found)
    got = set(zip(codes.document_id, codes.start, codes.end, strict=True))
    gold = {(key, *place) for key, row in zip(found.documents.document_id, rows, strict=True) for place in row["scare"]}
    assert 2 * len(got & gold) / (len(got) + len(gold)) >= least


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["They held a “referendum” there.", "The word “peace” is absent.", "It rained.", "The ‘heroes’ fled."]), max_size=6))
def test_evidence_is_in_the_document(parts):
    """The offsets give the words with their marks, in every place, and each sentence gives what it gives alone."""
    # Planted: offsets without the opening mark; sentences numbered from 0.
    text = "\n".join([*parts, "It snowed."])
    codes = coded(text)
    assert [text[start + 1 : end - 1] for start, end in zip(codes.start, codes.end, strict=True)] == codes.value.tolist()
    assert len(codes) == sum("referendum" in part or "heroes" in part for part in parts)
    units = na.units(na.documents([text])).set_index("unit_id")
    assert all(units.start[unit] <= start < units.end[unit] for unit, start in zip(codes.unit_id, codes.start, strict=True))


def test_a_line_without_full_stops_takes_linear_time():
    """Eight times as many quotations in one sentence take about eight times as long, and what stands far before them changes nothing."""
    # Planted: tagging the whole sentence for each quotation.
    best = []
    for times in (20, 160):
        text = "the “vote” on tax and " * times
        found = Found(na.documents([text]), tables.empty("attributions"), tables.empty("spans"))
        begin = time.process_time()
        assert len(na.code_scare_quotes(found)) == times
        best.append(time.process_time() - begin)
    assert best[1] < 20 * best[0] + 1
