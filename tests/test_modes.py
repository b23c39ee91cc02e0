"""Speech or private state: what the cue tells of an attribution."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import codebooks, tables
from newsanalysis.attribution.modes import RAISING, mode

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "benchmarks" / "data" / "mode_gold.csv"
RESULTS = ROOT / "benchmarks" / "results" / "mode.csv"

# ------------------------------------------------------------------------------------------------------------------- facts


def test_codebook():
    """Each row has a mode, a class and a source; a class is of one mode; no form of one word stands there twice."""
    words = codebooks.words("modes")
    assert set(words.value) == set(tables.MODES)
    assert words[["class", "source"]].notna().all(axis=None)
    assert len(words[["class", "value"]].drop_duplicates()) == words["class"].nunique()
    assert set(words["class"]) > RAISING | {"thought", "speech"}
    single = words.pattern[~words.pattern.str.contains(" ")].str.split("|").explode()
    assert single[single.duplicated()].tolist() == []
    assert "modes" in set(codebooks.catalogue().name)


@pytest.mark.parametrize("cue", [None, "", ":", "…", "in", "1,000", "🌉"], ids=repr)
def test_no_telling_word_is_speech(cue):
    """Without a cue, or with one that tells nothing, it is speech, whatever the kind."""
    assert {mode(cue, kind) for kind in tables.KINDS} == {"speech"}


def test_every_row_decides_its_own_words():
    """A cue that is a row's first form alone gets the row's mode."""
    for pattern, value in codebooks.words("modes")[["pattern", "value"]].itertuples(index=False):
        assert mode(" ".join(word.split("|")[0] for word in pattern.split()), "indirect") == value, pattern


def test_stored_results_are_of_these_words():
    """The benchmark's figures were made with the list that ships."""
    with RESULTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["codebook"] for row in rows} == {f"modes@{codebooks.catalogue_versions()['modes']}"}
    sample = next(row for row in rows if (row["set"], row["score"]) == ("polnear_train_sample", "accuracy"))
    gold = pd.read_csv(GOLD)
    assert int(sample["n"]) == len(gold) == 300
    assert set(gold["mode"]) == set(tables.MODES)
    assert gold.columns.tolist() == ["doc_id", "id", "start", "end", "mode"], "no text of others"


SETS = {"polnear_train_sample": "300 attributions of PolNeAR's training part", "war_dev": "war_dev, 15 articles"}


def test_the_documentation_quotes_the_stored_figures():
    """Each row of the table in docs/attribution.md is made of results/mode.csv."""
    with RESULTS.open(encoding="utf-8", newline="") as file:
        rows = {(row["set"], row["score"]): [100 * float(row[number]) for number in ("value", "low", "high")] for row in csv.DictReader(file)}
    text = (ROOT / "docs" / "attribution.md").read_text(encoding="utf-8")
    for name, label in SETS.items():
        cells = ("{:.1f} ({:.1f} to {:.1f})".format(*rows[name, score]) for score in ("accuracy", "precision", "recall", "f1"))
        assert f"| {label} | {' | '.join(cells)} |" in text


# --------------------------------------------------------------------------------------------------------- golden sentences

CUES = [
    ("said", "speech"),
    ("said he believed", "speech"),
    ("according to", "speech"),
    ("recalled", "speech"),
    ("believes", "private"),
    ("has long hoped", "private"),
    ("do not want", "private"),
    ("was afraid", "private"),
    ("is determined", "private"),
    ("the decision", "private"),
    ("publicly supports", "private"),
    ("would like", "private"),
    ("under the impression", "private"),
    ("expressed fear", "speech"),
    ("voiced support for", "speech"),
    ("is an outspoken supporter of", "speech"),
    ("announced plans", "speech"),
    ("refused to support", "speech"),
    ("plans to announce", "private"),
    ("wants to know", "private"),
    ("demanded to know", "speech"),
    ("is expected", "private"),
    ("is expected to announce", "speech"),
    ("appeared", "private"),
    ("appeared to suggest", "speech"),
    ("appeared on television to say", "speech"),
    ("tried", "private"),
    ("tried to explain", "speech"),
    ("sought to reassure", "speech"),
    ("known as", "speech"),
    ("backed", "private"),
    ("backed away from", "speech"),
    ("is looking to", "private"),
    ("said it was looking into", "speech"),
    ("HOPES", "private"),
    ("doesn’t think", "private"),
    ("hate speech against", "speech"),
]


@pytest.mark.parametrize(("cue", "expected"), CUES, ids=[cue for cue, _ in CUES])
def test_cues(cue, expected):
    """The first word that tells decides; appearance, expectation and attempt leave it to a verb of saying behind them."""
    assert mode(cue, "indirect") == mode(cue, "mixed") == expected


@pytest.mark.parametrize(
    ("cue", "expected"), [("remembered", "speech"), ("believes", "speech"), ("hoped", "speech"), ("thought", "private"), ("wondered", "private")]
)
def test_direct_quotations_are_spoken(cue, expected):
    """Words in quotation marks were said, unless the cue is one of silent thought."""
    assert mode(cue, "direct") == expected


FAILS = [
    ("worked to pass", "private", "an intention told by a verb of doing"),
    ("is focused on winning", "private", "focused on: a topic of speech as often as an aim"),
    ("concluded to himself", "private", "concluded is mostly what reports do"),
    ("is also known", "speech", "a naming whose 'as' is not in the cue"),
]


@pytest.mark.parametrize(("cue", "expected", "why"), FAILS, ids=[cue for cue, _, _ in FAILS])
def test_known_failures(request, cue, expected, why):
    """What the list cannot tell, so that a change in it is noticed."""
    request.applymarker(pytest.mark.xfail(strict=True, reason=why))
    assert mode(cue, "indirect") == expected


SENTENCES = [
    ("The mayor said the bridge was closed.", "speech"),
    ("The mayor believes that the bridge is closed.", "private"),
    ("Officials fear that the dam will burst.", "private"),
    ("“It failed,” said Jo Day.", "speech"),
    ("According to the ministry, the road is open.", "speech"),
    ("She hopes that nobody knew.", "private"),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_sentences(sentence, expected):
    """From a sentence to the column mode."""
    assert na.attribute(na.documents([sentence]), attributor="patterns").attributions["mode"].tolist() == [expected]


def test_gold_keeps_its_own_mode(tmp_path):
    """`read_gold` takes the annotator's mode (field mode, or kind where it is one), and leaves it missing otherwise."""
    spans = {"source": [], "cue": [[0, 2]], "content": [[3, 10]]}
    annotated = [{}, {"mode": "private"}, {"kind": "speech"}, {"kind": "direct"}, {"mode": "private", "kind": "speech"}, {"kind": ["speech"]}]
    line = {"doc_id": "a", "text": "It rained on.", "attributions": [{**spans, **one} for one in annotated]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(line))
    modes = na.read_gold(tmp_path / "gold.jsonl").attributions["mode"]
    assert modes.fillna("missing").tolist() == ["missing", "private", "speech", "missing", "private", "missing"]


# -------------------------------------------------------------------------------------------------------------- properties

PADDING = st.lists(st.sampled_from(["also", "on Monday", "again,", "later", "repeatedly", "the", "🌉"]), max_size=2).map(" ".join)
HEADS = st.sampled_from([cue for cue, _ in CUES])


@given(
    before=PADDING,
    head=HEADS,
    after=PADDING,
    change=st.sampled_from([str.upper, str.title, lambda cue: cue.replace(" ", "\n  "), lambda cue: cue.replace("’", "'")]),
)
def test_case_space_and_other_words_do_not_matter(before, head, after, change):
    """Words that tell nothing, capitals, line breaks and straight apostrophes leave the mode as it is.

    Planted fault that it catches: a cue split at single spaces and compared as it stands.
    """
    assert mode(change(f"{before} {head} {after}"), "indirect") == dict(CUES)[head]


PARTS = ["“Go,” he said. ", "Jo hopes that it will rain. ", "🌉é ", "\n", "Officials believe the road is open. ", "According to Jo, it “rained”. "]


@settings(max_examples=8)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join).filter(str.strip))
def test_modes_part_what_is_found(text):
    """Speech and private states together are all that is found, nothing is both, and an id means the same in every run.

    Planted fault that it catches: attributions numbered after the filter.
    """
    documents = na.documents([text])
    every, speech, private = (na.attribute(documents, attributor="patterns", modes=modes).attributions for modes in (tables.MODES, "speech", ["private"]))
    both = pd.concat([speech, private])
    assert set(speech.attribution_id).isdisjoint(private.attribution_id)
    assert both.sort_values("start").attribution_id.tolist() == every.attribution_id.tolist()
