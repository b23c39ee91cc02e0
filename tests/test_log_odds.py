"""Keyness: closed forms, another program's values, the interval against resampling, and how words are cut."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import log_odds
from newsanalysis.resampling import bootstrap_interval
from newsanalysis.tables import TableError


def corpus(**texts):
    """Documents of outlets; each list is one outlet's articles."""
    rows = [(text, outlet) for outlet, articles in texts.items() for text in articles]
    return na.documents(pd.DataFrame(rows, columns=["text", "outlet"]))


def test_log_odds_and_z_are_the_fractions():
    """Log-odds and z equal what is worked out by hand with fractions."""
    # 12 words, each of the six twice; prior 6: a = 6 · 2/12 = 1. n = 6 in each group.
    documents = corpus(Post=["Rebels shelled the town.", "Rebels left."], Star=["Militia shelled the town.", "Militia left."])
    table = na.keyness(documents, ("Post", "Star"), prior=6).set_index("word")
    odds = math.log(3 / 9) - math.log(1 / 11)  # (2 + 1)/(6 + 6 - 3) against (0 + 1)/(6 + 6 - 1)
    assert table.loc["rebels", "log_odds"] == pytest.approx(odds, abs=1e-12)
    assert table.loc["rebels", "z"] == pytest.approx(odds / math.sqrt(1 / 3 + 1 / 1), abs=1e-12)
    assert table.loc["militia", "log_odds"] == pytest.approx(-odds, abs=1e-12)
    assert table.loc["town", ["n_first", "n_second", "documents_first", "documents_second", "log_odds", "z"]].tolist() == [1, 1, 1, 1, 0, 0]


def test_another_program_gives_the_same():
    """Log-odds and z equal those of logodds 0.1.0 (PyPI), prior_counts=20 · share of the corpus, alpha=1e-15."""
    first, second = {"bridge": 6, "mayor": 3, "rain": 1, "the": 10}, {"bridge": 1, "mayor": 3, "road": 6, "the": 20}
    texts = [" ".join(word for word, times in group.items() for _ in range(times)) for group in (first, second)]
    table = na.keyness(corpus(A=texts[:1], B=texts[1:]), "A", prior=20, min_documents=1).set_index("word")
    expected = {
        "bridge": (1.2323123580240773, 2.00756060859283),
        "mayor": (0.2538801769623398, 0.4171676994770307),
        "rain": (1.5035015257554627, 0.8386130842883933),
        "road": (-1.1516668516239987, -1.5734764703171753),
        "the": (-0.3746934494414106, -1.3528995436566853),
    }
    assert sorted(table.index) == sorted(expected)
    for word, (odds, z) in expected.items():
        assert table.loc[word, ["log_odds", "z"]].tolist() == pytest.approx([odds, z], abs=1e-9), word


def varied(seed=3, each=40):
    """Articles of two outlets; some say a word often or never."""
    rng = np.random.default_rng(seed)
    words = np.array(["war", "peace", "town", "school", "rain"])
    texts = {}
    for outlet, tilt in (("A", 3.0), ("B", 1.0)):
        texts[outlet] = [" ".join(rng.choice(words, rng.integers(20, 60), p=rng.dirichlet([tilt, 1, 1, 2, 4]))) for _ in range(each)]
    return corpus(**texts)


def halves(documents):
    """Each article cut in two: a unit for its first half and one for the rest."""
    units = na.units(documents, unit="document")
    words = units.text.str.split()
    first = units.assign(text=words.map(lambda w: " ".join(w[: len(w) // 2])), side="one")
    second = units.assign(text=words.map(lambda w: " ".join(w[len(w) // 2 :])), side="two", unit_id=units.unit_id + "b")
    return pd.concat([first, second], ignore_index=True)


@pytest.mark.parametrize("shared", [False, True], ids=["articles of one group", "articles with both groups"])
def test_the_interval_agrees_with_resampling_articles(shared):
    """The linearised interval is within a fifth of a standard error of the percentile bootstrap by article, the prior held fixed."""
    # planted fault seen caught: n₁ for n₂ in a cross term of the variance (articles with both groups)
    units = halves(varied()) if shared else varied().assign(side=lambda table: table.outlet.map({"A": "one", "B": "two"}))
    row = na.keyness(units, ("one", "two"), by="side", prior=500).set_index("word").loc["war"]
    counted = pd.DataFrame({"war": units.text.str.count("war"), "all": units.text.str.split().str.len()})
    share = counted.war.sum() / counted["all"].sum()
    parts = [counted.where(units.side == side, 0).groupby(units.document_id).sum() for side in ("one", "two")]
    sums = np.hstack([part.to_numpy(float) for part in parts])

    def statistic(s):
        inside = s[..., [0, 2]] + 500 * share
        odds = np.log(inside / (s[..., [1, 3]] + 500 - inside))
        return odds[..., :1] - odds[..., 1:]

    low, high = bootstrap_interval(sums, statistic, resamples=4000)
    assert statistic(sums.sum(axis=0))[0] == pytest.approx(row.log_odds, abs=1e-12)
    error = (row.ci_high - row.ci_low) / 2 / 1.96
    assert abs(row.ci_low - low[0]) < error / 5
    assert abs(row.ci_high - high[0]) < error / 5


def test_groups_that_share_documents_are_resampled_together():
    """Where each document stands in both groups with the same words, nothing varies and there is no interval; z does not notice."""
    documents = corpus(A=["war war peace", "war peace rain"])
    units = na.units(documents, unit="document")
    both = pd.concat([units.assign(side="one"), units.assign(side="two", unit_id=units.unit_id + "x")])
    table = na.keyness(both, ("one", "two"), by="side")
    assert table.log_odds.abs().max() < 1e-12
    assert table.ci_low.isna().all()


def test_words_in_one_article_are_surer_by_z_than_by_article():
    """A word that one of many articles repeats has a large z and a small z_articles."""
    documents = corpus(A=["rain " * 30 + "town", *["town road rain"] * 9], B=["town road road rain"] * 10)
    row = na.keyness(documents, ("A", "B")).set_index("word").loc["rain"]
    assert row.z > 2
    assert row.z_articles < row.z / 2


def test_a_word_of_one_article_is_left_out():
    """min_documents drops words in too few documents, not their count in n."""
    documents = corpus(A=["comet " * 20, "town hall"], B=["town hall", "town"])
    assert "comet" not in na.keyness(documents, ("A", "B")).word.tolist()
    with_it = na.keyness(documents, ("A", "B"), min_documents=1).set_index("word")
    assert with_it.index[0] == "comet"
    assert with_it.loc["town", "z"] == na.keyness(documents, ("A", "B")).set_index("word").loc["town", "z"]


def test_intervals_need_two_documents_in_each_group():
    """A word that stands in fewer than two documents of either group has no interval; z is there."""
    documents = corpus(A=["war town", "war"], B=["town", "town"])
    table = na.keyness(documents, ("A", "B")).set_index("word")
    assert math.isnan(table.loc["war", "ci_low"])
    assert math.isnan(table.loc["town", "z_articles"])
    assert table.z.notna().all()


def test_the_rest_leaves_out_what_has_no_name():
    """Against the rest are all other named groups; unnamed and third ones count for the prior only."""
    documents = corpus(A=["war war", "town"], B=["town war", "town"], C=["war peace", "town"])
    unnamed = na.documents(pd.DataFrame({"document_id": ["unnamed"], "text": ["war war war war"]}))
    documents = pd.concat([documents, unnamed])
    rest = na.keyness(documents, "A", prior=4).set_index("word")
    assert rest.loc["war", ["n_first", "n_second"]].tolist() == [2, 2]
    pair = na.keyness(documents, ("A", "B"), prior=4).set_index("word")
    assert pair.loc["war", ["n_first", "n_second"]].tolist() == [2, 1]
    a = 4 * 8 / 13  # 8 of 13 words of all four
    assert pair.loc["war", "log_odds"] == pytest.approx(math.log((2 + a) / (3 + 4 - 2 - a)) - math.log((1 + a) / (3 + 4 - 1 - a)))


def test_own_voice_is_a_matter_of_the_units():
    """Segments of one voice are counted for that voice alone; their outlet is merged on."""
    documents = corpus(A=["The road is open, the mayor said. Rain fell."], B=["Rain fell. The road is shut, the mayor said."])
    segments = na.units(na.attribute(documents, attributor="patterns"), unit="segment").merge(documents[["document_id", "outlet"]], on="document_id")
    words = na.keyness(segments[segments.voice == "own"], ("A", "B")).word.tolist()
    assert "rain" in words
    assert "road" not in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kyiv's Kyiv’s it's", ["kyiv", "kyiv", "it"]),
        ("don’t don't", ["don't", "don't"]),
        ("pro-Russian pro‑Russian", ["pro-russian", "pro-russian"]),
        ("1,000 3.5 9/11", ["1,000", "3.5", "9", "11"]),
        ("the U.S. and U.N.", ["the", "u.s.", "and", "u.n."]),
        ("AT&T snake_case Straße", ["at&t", "snake", "case", "straße"]),
        ("— … “” 'quoted'", ["quoted"]),
    ],
    ids=["possessive", "apostrophe", "hyphen", "numbers", "abbreviations", "others", "marks"],
)
def test_words_are_cut_as_documented(text, words):
    """Each rule of the docstring, on words that show it."""
    assert log_odds.tokens(text) == words


def single_words(documents):
    """A unit for each word."""
    units = na.units(documents, unit="document").merge(documents[["document_id", "outlet"]], on="document_id")
    units = units.assign(text=units.text.str.split()).explode("text", ignore_index=True)
    return units.assign(unit_id=units.unit_id + "." + units.index.astype("str"))


WORDS = st.lists(st.sampled_from(["war", "peace", "Kyiv's", "1,000", "pro-Russian", "U.S."]), min_size=1, max_size=12).map(
    lambda words: " ".join(["town", *words])
)


@settings(max_examples=15)
@given(st.lists(WORDS, min_size=2, max_size=6), st.lists(WORDS, min_size=2, max_size=6))
def test_swapping_the_groups_turns_the_signs(first, second):
    """The first against the second is minus the second against the first, and blocks of any size give the same counts."""
    # planted fault seen caught: a block that ends inside a document
    documents = corpus(A=first, B=second)
    there = na.keyness(documents, ("A", "B"), min_documents=1).set_index("word")
    back = na.keyness(documents, ("B", "A"), min_documents=1).set_index("word").loc[there.index]
    assert np.allclose(there[["log_odds", "z"]], -back[["log_odds", "z"]])
    assert np.allclose(there.ci_low, -back.ci_high, equal_nan=True)
    assert there.n_first.sum() == sum(len(log_odds.tokens(text)) for text in first)
    whole, log_odds.BLOCK = log_odds.BLOCK, 3
    try:
        blocks = na.keyness(single_words(documents), ("A", "B"), min_documents=1).set_index("word")
    finally:
        log_odds.BLOCK = whole
    pd.testing.assert_frame_equal(blocks, there)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"groups": "C"}, "there is no outlet 'C'; there are A, B"),
        ({"groups": ("A", "A")}, "the names of two"),
        ({"groups": ("A", "B", "C")}, "the names of two"),
        ({"groups": ("A", "B"), "prior": 0}, "prior must be a number of words above 0"),
        ({"groups": ("A", "B"), "min_documents": 0}, "at least 1"),
        ({"groups": ("A", "B"), "by": "camp"}, "column 'camp' is missing"),
    ],
    ids=["unknown", "same", "three", "no prior", "no documents", "no column"],
)
def test_what_cannot_be_compared_is_refused(options, message):
    """The error says what is wrong and what there is."""
    with pytest.raises((ValueError, TableError), match=message):
        na.keyness(corpus(A=["war"], B=["peace"]), **options)


def test_one_word_has_no_odds():
    """Where the whole corpus is one word its odds are infinite in both groups: no log-odds."""
    assert na.keyness(corpus(A=["war", "war"], B=["war"]), ("A", "B")).log_odds.isna().all()


def test_a_group_without_words_is_refused():
    """A group of marks alone cannot be compared."""
    with pytest.raises(ValueError, match="second group has no words"):
        na.keyness(corpus(A=["war"], B=["— …"]), ("A", "B"))
