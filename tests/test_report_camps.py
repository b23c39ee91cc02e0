"""Camps in a report: one colour and one label each on the whole page, and what the page says of those that are none or rest on weak evidence."""

import re

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import palette

html = pytest.importorskip("lxml.html", reason="the page is read with lxml")

SPEAKERS = ["The mayor", "Dockers", "British Prime Minister Keir Starmer", "Norwegian officials", "Kremlin spokesman Dmitry Peskov", "The US State Department"]
CAMPS = [
    *("united_kingdom", "norway", "russia", "united_states", "european_union", "united_nations", "china", "ngo", "france", "spain", "turkey"),
    *("other", "unspecified"),
]


@pytest.fixture(scope="module")
def found():
    """Thirteen camps of the codebook world in two outlets, those first named most often, two of them told by the setting."""
    texts = [" ".join(f"{who} said that the port of {at} was open." for who in SPEAKERS) for at in "abcdefghijklm"]
    documents = na.documents(texts, outlet=["Herald", "Times"] * 6 + ["Herald"])
    found = na.resolve(na.attribute(documents, attributor="patterns"), codebook="world")
    n = len(found.attributions)
    camps = sorted((CAMPS[k % (1 + at % len(CAMPS))] for at, k in enumerate(range(n))), key=CAMPS.index)
    basis = ["setting", "setting", "context", *["actor"] * (n - 3)]
    return na.Found(found.documents, found.attributions.assign(affiliation=camps, affiliation_basis=basis), found.spans, codebook="world")


@pytest.fixture(scope="module")
def page(found, tmp_path_factory):
    """Its report, read by a parser."""
    return html.fromstring(na.report(found, out=tmp_path_factory.mktemp("camps") / "report.html", articles=3).read_bytes())


def test_a_camp_has_one_colour_on_the_whole_page(page):
    """The tags of the annotated texts have the colours of the figures; no two camps share one, but those that are grey."""
    shades: dict[str, set[str]] = {}
    for tag in page.find_class("na-key")[0].find_class("na-tag") + [tag for key in page.find_class("na-key")[1:] for tag in key.find_class("na-tag")]:
        shades.setdefault(tag.text_content(), set()).add(re.search(r"--c:(#\w+)", tag.get("style"))[1])
    assert all(len(found) == 1 for found in shades.values())
    coloured = [next(iter(found)) for found in shades.values() if found != {palette.SMALLER}]
    assert len(set(coloured)) == len(coloured) > 1
    drawn = "".join(svg.get("style", "") for svg in page.iter("path")).lower()
    assert all(shade.lower() in drawn for shade in coloured)
    assert not palette.has_study()


def test_camps_have_the_labels_of_the_codebook(page):
    """In figures, tables and texts alike; no key is left."""
    figure = next(page.iter("svg")).text_content()
    assert "United Kingdom" in figure
    assert "Civil society" in figure
    assert not re.search(r"united[_ ]kingdom|\bngo\b|\bnorway\b", page.text_content())


def test_the_page_says_what_is_counted(found, page):
    """Speakers are defined, as are sources without a name, the camps that are none, and the weak evidence."""
    told = " ".join(page.text_content().split())
    attributions = found.attributions
    named = attributions.speaker[~attributions.speaker.fillna("unnamed").str.lower().str.startswith("unnamed")]
    assert f"speakers{named.nunique()}" in "".join(page.find_class("strip")[0].text_content().split())
    assert "Speakers are sources that are named or described" in told
    assert "no named source" not in told or "nobody at all, or only “officials”" in told
    assert "Other is anybody who is known but belongs to no camp of the codebook" in told
    assert "Unspecified means that the text does not let us know" in told
    assert f"The camps of 3 of {len(attributions)} attributions rest on weak evidence: 2 on where the article is set and 1 on" in told


def test_a_codebook_of_ones_own_names_its_camps_in_the_report_of_a_folder(tmp_path):
    """The manifest tells the labels of a codebook that is not shipped."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "actors.csv").write_text("actor_id,name,affiliation\nmoor,Ida Moor,locals\nlee,Ann Lee,hall\n", encoding="utf-8")
    (book / "aliases.csv").write_text("actor_id,alias\nmoor,Moor\n", encoding="utf-8")
    (book / "affiliations.csv").write_text("affiliation,label\nlocals,Residents' groups\nhall,City hall\n", encoding="utf-8")
    rows = pd.DataFrame({"text": ["Ida Moor said the bridge was closed. Ann Lee said that it was open."]})
    rows.to_csv(tmp_path / "corpus.csv", index=False)
    na.analyse(tmp_path / "corpus.csv", tmp_path / "results", codebook=book, attributor="patterns")
    text = na.report(tmp_path / "results").read_text(encoding="utf-8")
    assert "Residents&#x27; groups" in text
    assert "<bdi>City hall</bdi>" in text
