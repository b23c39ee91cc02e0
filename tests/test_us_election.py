"""The codebook of the US election of 2016: who belongs where and when, and the sample on which it was checked."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis.tables import ROLES

ROOT = Path(__file__).parents[1]
BOOK = "us_election_2016"
SHARED = ROOT.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not (SHARED / "polnear_train.jsonl").is_file(), reason="the corpora are not beside this checkout")
CAMPS = na.codebooks.read(BOOK).affiliations["affiliation"].tolist()


def camps(texts: list[str], published: list[str | None]) -> list[str]:
    """The affiliation of the one attribution of each text."""
    documents = na.documents(pd.DataFrame({"text": texts, "published": published}))
    rows = na.resolve(na.attribute(documents), codebook=BOOK).attributions
    assert rows["document_id"].tolist() == documents["document_id"].tolist()
    return rows["affiliation"].tolist()


SPEAKS_FOR = {
    "Donald Trump": "trump_campaign",
    "Trump spokeswoman Hope Hicks": "trump_campaign",
    "Clinton campaign manager Robby Mook": "clinton_campaign",
    "A Clinton aide": "clinton_campaign",
    "Sen. Marco Rubio": "republicans",
    "Rep. Ann Lee (R-Ky.)": "republicans",
    "Rep. Ann Lee (D-NY)": "democrats",
    "Ann Lee, a Republican strategist,": "republicans",
    "Sen. Bernie Sanders": "democrats",
    "Ann Lee, a Democratic pollster,": "democrats",
    "Jill Stein": "third_parties",
    "FBI Director James Comey": "federal_government",
    "The State Department": "federal_government",
    "Ann Lee, the mayor of Springfield,": "state_and_local",
    "Federal judge Ann Lee": "courts",
    "Ann Lee, a political scientist at the University of Iowa,": "experts",
    "A Quinnipiac University poll": "experts",
    "Fox News anchor Ann Lee": "media",
    "The Washington Post": "media",
    "The National Rifle Association": "interest_groups",
    "Ann Lee, a voter from Ohio,": "citizens",
    "Trump supporters": "citizens",
    "British Prime Minister David Cameron": "foreign",
    "Ann Lee": "other",
    "Officials": "unspecified",
}


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """The camp of each source, all asked at once."""
    return dict(zip(SPEAKS_FOR, camps([f"{source} said that the turnout would be high." for source in SPEAKS_FOR], [None] * len(SPEAKS_FOR)), strict=True))


@pytest.mark.parametrize("source", SPEAKS_FOR)
def test_who_speaks_for_which_camp(source, told):
    """Campaigns, parties, offices and walks of life are told from names and from descriptions."""
    assert told[source] == SPEAKS_FOR[source]


@pytest.mark.parametrize(
    ("name", "before", "then", "after", "later"),
    [
        ("Chris Christie", "2016-02-01", "republicans", "2016-03-15", "trump_campaign"),
        ("Tim Kaine", "2016-06-01", "democrats", "2016-09-01", "clinton_campaign"),
        ("Steve Bannon", "2016-05-01", "media", "2016-10-01", "trump_campaign"),
        ("Corey Lewandowski", "2016-05-01", "trump_campaign", "2016-07-01", "media"),
    ],
)
def test_who_changed_camp_is_told_by_the_date(name, before, then, after, later):
    """A person speaks for the camp of the day; without a date the camps that are possible leave it open."""
    assert camps([f"{name} said that the turnout would be high."] * 3, [before, after, None]) == [then, later, "unspecified"]


def test_camps_are_defined():
    """Every camp has a label and a definition, and an actor of its own unless it is for what is left."""
    book = na.codebooks.read(BOOK)
    assert book.affiliations[["label", "definition"]].notna().all().all()
    assert set(CAMPS) - {"unspecified"} <= set(book.actors["affiliation"])


# ---------------------------------------------------------------------------------------------------------------- the sample

if not (ROOT / "benchmarks" / "codebook_check.py").is_file():
    pytest.skip("benchmarks/ is not part of this copy", allow_module_level=True)
sys.path.insert(0, str(ROOT))  # the folder is no part of the package

from benchmarks import codebook_check as check  # noqa: E402


def test_the_sample_holds_labels_and_no_text():
    """Twice 100 attributions of at most two an article, labelled with camps and roles that there are; no cell is longer than a description."""
    labels = check.read_labels()
    assert labels["sample"].value_counts().to_dict() == {"first": 100, "second": 100}
    assert labels.doc_id.value_counts().max() == 2
    assert set(labels.affiliation) <= set(CAMPS)
    assert set(labels.role) <= set(ROLES)
    assert set(labels.attribution) == {"yes", "no"}
    assert (labels.content_start < labels.content_end).all()
    assert labels[["speaker", "first_speaker"]].map(len).max().max() < 160


def test_answers_are_matched_by_content_and_judged():
    """An attribution is the one that shares most of the content; what is no longer found is left out and counted."""
    found = na.resolve(na.attribute(na.documents(["Donald Trump said that it was over. Ann Lee, a voter, said that it was not."])), codebook=BOOK)
    starts = check.contents(found).set_index("attribution_id")[["content_start", "content_end"]]
    key = found.documents.document_id.iloc[0]
    one, two = starts.iloc[0], starts.iloc[1]
    labels = pd.DataFrame(
        [
            [key, one.content_start, one.content_end - 1, "yes", "Donald Trump", "trump_campaign", "official"],
            [key, two.content_start, two.content_end, "no", "Bob Roe|Ann Lee", "experts", "civilian"],
            [key, 0, 2, "yes", "Nobody", "other", "civilian"],
            ["another", 0, 9, "yes", "Nobody", "other", "civilian"],
        ],
        columns=["doc_id", "content_start", "content_end", "attribution", "speaker", "affiliation", "role"],
    )
    rows = check.answered(labels, found)
    assert rows.found.tolist() == [True, True, False, False]
    right = check.judged(rows[rows.found])
    assert right[list(check.MEASURES)].to_numpy().tolist() == [[True, True, True, True], [True, False, True, False]]
    assert check.overall(rows).set_index("measure").estimate.tolist() == [0.5, 1, 0.5, 1, 0.5]
    groups = check.by_group(rows).set_index(["measure", "by", "group"]).estimate
    assert groups["affiliation_right_share", "attribution", "yes"] == 1
    assert groups["affiliation_right_share", "affiliation", "experts"] == 0
    confused = check.by_group(rows).query("measure == 'confusion'")
    assert confused[["group", "answer", "n"]].to_numpy().tolist() == [["experts", "citizens", 1], ["trump_campaign", "trump_campaign", 1]]


def test_stored_results_fit_the_samples():
    """Blind answers score as stored; there is a row for each camp of the second sample, and the confusion adds to what was found."""
    stored, labels = pd.read_csv(check.RESULTS), check.read_labels()
    for sample, rows in check.blind(labels).groupby("sample"):
        kept = stored[(stored["sample"] == sample) & (stored.answers == "blind") & (stored.by == "all")].set_index("measure").estimate
        assert check.overall(rows).set_index("measure").estimate.round(4)[list(check.MEASURES)].to_dict() == kept.to_dict()
    second = labels[labels["sample"] == "second"]
    assert set(stored[stored.by == "affiliation"].group) == set(second.affiliation)
    assert stored.loc[stored.measure == "confusion", "n"].sum() == len(second)


@needs_shared
def test_the_command_scores_articles(tmp_path, monkeypatch):
    """On two articles of the sample every attribution is found, and the table is written."""
    labels = pd.read_csv(check.LABELS, dtype=str, keep_default_na=False)
    few = labels[labels.doc_id.isin(sorted(labels.doc_id.unique())[:2])]
    few.to_csv(tmp_path / "few.csv", index=False)
    monkeypatch.setattr(check.read_labels, "__defaults__", (tmp_path / "few.csv",))
    result = check.main(["--data", str(SHARED), "--out", str(tmp_path), "--wrong", str(tmp_path / "wrong.csv")])
    assert set(result[result.measure == "found_share"].estimate) == {1}
    assert len(pd.read_csv(tmp_path / "wrong.csv")) == len(few)
    assert (tmp_path / "us_election.csv").is_file()


def test_examples_hold():
    """The doctests of the script, which the suite does not collect by itself."""
    result = doctest.testmod(check)
    assert result.attempted
    assert not result.failed
