"""Measures: closed forms in sight, reductions, intervals, and what must not change an estimate."""

from math import log
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import measures, sums, tables
from newsanalysis.found import Found
from newsanalysis.tables import TableError


def attributions_of(*rows, **columns):
    """Attributions from (document, affiliation, content[, kind[, speaker]])."""
    given_ = [(*row, *("direct", "X")[len(row) - 3 :]) for row in rows]
    table = pd.DataFrame(given_, columns=["document_id", "affiliation", "content", "kind", "speaker"])
    ids = [str(n) for n in range(len(rows))]
    return table.assign(attribution_id=ids, start=0, end=1, attributor="hand@1", **columns).astype({"affiliation": "str", "speaker": "str"})


def codes_of(*rows, code="cue_class", coder="hand@1"):
    """Codes from (document, unit, value, score)."""
    table = pd.DataFrame(rows, columns=["document_id", "unit_id", "value", "score"])
    return table.assign(unit="sentence", code=code, coder=coder).astype({"value": "str"})


def units_of(*rows):
    """Units from (document, unit, text, voice)."""
    table = pd.DataFrame(rows, columns=["document_id", "unit_id", "text", "voice"])
    return table.assign(unit="segment", start=0, end=table.text.map(len)).astype({"voice": "str"})


def estimates(table, *groups):
    """The estimates by group."""
    return {tuple(key) if len(groups) > 1 else key[0]: value for *key, value in table[[*groups, "estimate"]].itertuples(index=False, name=None)}


THREE = attributions_of(
    ("a", "nato", "we will stay"), ("a", "russian", "never", "indirect"), ("b", "nato", "no comment now", "mixed"), ("c", None, "who knows", "direct", None)
)


def test_share_of_voice_in_words():
    """Of nine words six are NATO's, two nobody's known, one Russia's: 6/9, 2/9, 1/9, highest first."""
    table = na.share_of_voice(THREE)
    assert table.affiliation.tolist() == ["nato", "(missing)", "russian"]
    assert table.estimate.tolist() == pytest.approx([6 / 9, 2 / 9, 1 / 9])
    assert table.n.tolist() == [2, 1, 1]
    assert table.n_documents.tolist() == [2, 1, 1]


def test_share_of_voice_in_attributions():
    """Of four attributions two are NATO's; equal shares stand in the order of their names; levels add zero rows without an interval."""
    table = na.share_of_voice(THREE, count="attributions", levels=["western", "nato"])
    assert estimates(table, "affiliation") == {"nato": 1 / 2, "(missing)": 1 / 4, "russian": 1 / 4, "western": 0}
    assert table.affiliation.tolist() == ["nato", "(missing)", "russian", "western"]
    assert table.iloc[3][["n", "n_documents"]].tolist() == [0, 0]
    assert np.isnan(table.ci_low[3])


def test_words_are_runs_of_letters_and_digits():
    """Words are counted as \\w+ counts them, in any script, over many texts at once."""
    content = "Київ’s “3.5%” _x_ … 😀 naïve"
    assert measures.word_counts(["\ud800 a"]).tolist() == [1]
    table = na.share_of_voice(attributions_of(("a", "x", content), ("a", "y", "w " * 14)))
    assert table.estimate.tolist() == [14 / 20, 6 / 20]


def test_word_counts_over_blocks(monkeypatch):
    """The number of code points counted at a time does not change the counts."""
    texts = ["a b", "", "ccc", " d, e! f ", "x" * 50] * 5
    expected = [2, 0, 1, 3, 1] * 5
    for characters in (1, 7, 60, 10_000):
        monkeypatch.setattr(measures, "CHARACTERS", characters)
        assert measures.word_counts(texts).tolist() == expected
    assert measures.word_counts([]).tolist() == []


def test_kind_share():
    """Half of NATO's attributions are direct, half mixed; every group has all three kinds, the largest group first."""
    table = na.kind_share(THREE)
    assert table.affiliation.tolist() == ["nato"] * 3 + ["(missing)"] * 3 + ["russian"] * 3
    assert table.kind.tolist() == ["direct", "mixed", "indirect"] * 3
    assert table.estimate.tolist() == [1 / 2, 1 / 2, 0, 1, 0, 0, 0, 0, 1]
    assert table.n.tolist() == [1, 1, 0, 1, 0, 0, 0, 0, 1]


def test_kind_share_of_all():
    """Without groups the shares are those of all attributions, and there is no group column."""
    table = na.kind_share(THREE, by=None)
    assert table.estimate.tolist() == [1 / 2, 1 / 4, 1 / 4]
    assert table.columns.tolist() == ["measure", "kind", "estimate", "ci_low", "ci_high", "n", "n_documents"]


def test_unnamed_share():
    """Missing speakers and "unnamed ..." count as unnamed: two of three, and 0 for who is named."""
    rows = attributions_of(("a", "x", "a", "direct", "unnamed officials"), ("a", "x", "b", "direct", None), ("b", "y", "c", "direct", "Ann"))
    assert na.unnamed_share(rows).estimate.tolist() == [2 / 3]
    assert estimates(na.unnamed_share(rows, by="affiliation"), "affiliation") == {"x": 1, "y": 0}


def test_source_diversity():
    """Two equal groups of three possible: entropy log 2 / log 3, Simpson 1/2, effective number 2."""
    rows = attributions_of(("a", "x", "a"), ("b", "y", "b"), ("b", None, "c"))
    table = na.source_diversity(rows, levels=["x", "y", "z"])
    assert estimates(table, "measure") == pytest.approx({"entropy_normalised": log(2) / log(3), "simpson": 1 / 2, "effective_number": 2})
    assert table.n.tolist() == [2, 2, 2]
    assert na.source_diversity(rows).estimate.tolist() == pytest.approx([1, 1 / 2, 2])


def test_source_diversity_of_unequal_groups():
    """Shares 1/4 and 3/4: Simpson 3/8, effective number 4 / 3^(3/4)."""
    rows = attributions_of(("a", "x", "a"), ("a", "y", "b"), ("b", "y", "b"), ("c", "y", "b"))
    assert na.source_diversity(rows).estimate.tolist()[1:] == pytest.approx([3 / 8, 4 / 3**0.75])


def test_source_diversity_at_its_ends():
    """One group of one has no normalised entropy; without attributions all is missing; an unknown group is refused."""
    one = na.source_diversity(attributions_of(("a", "x", "a"), ("b", "x", "a")))
    assert np.isnan(one.estimate[0])
    assert one.estimate.tolist()[1:] == [0, 1]
    assert na.source_diversity(tables.empty("attributions")).estimate.isna().all()
    with pytest.raises(TableError, match="'x' is not among the levels"):
        na.source_diversity(attributions_of(("a", "x", "a")), levels=["y"])


def test_camp_balance():
    """Three words against one: 1/2; one attribution against one: 0; swapped: the negative; nobody: missing."""
    rows = attributions_of(("a", "x", "one two three"), ("b", "y", "one"), ("b", "z", "many more words"))
    assert na.camp_balance(rows, "x", "y").estimate.tolist() == [1 / 2, 0]
    assert na.camp_balance(rows, "y", "x").estimate.tolist() == [-1 / 2, 0]
    with pytest.warns(UserWarning, match="no camp 'p' in the column"), pytest.warns(UserWarning, match="no camp 'q' in the column"):
        assert na.camp_balance(rows, "p", "q").estimate.isna().all()
    with pytest.raises(ValueError, match="two different camps"):
        na.camp_balance(rows, "x", "x")


def found_of(*articles):
    """Found from (text, [(affiliation, start, end), ...]) with contents only."""
    documents = na.documents([text for text, _ in articles])
    rows, spans = [], []
    for key, (text, contents) in zip(documents.document_id, articles, strict=True):
        for affiliation, start, end in contents:
            rows.append((str(len(rows)), key, "direct", text[start:end], start, end, affiliation, "hand@1"))
            spans.append((rows[-1][0], "content", start, end, text[start:end]))
    columns = ["attribution_id", "document_id", "kind", "content", "start", "end", "affiliation", "attributor"]
    made = pd.DataFrame(spans, columns=["attribution_id", "role", "start", "end", "text"])
    return Found(documents, tables.check(pd.DataFrame(rows, columns=columns), "attributions"), tables.check(made, "spans"))


def test_prominence():
    """Of ten words the lead has two; x says one of them: 1/2; x first speaks at 0 and 2/20, y at 10/20."""
    text = "a b c d e f g h i j."
    found = found_of((text, [("x", 0, 1), ("y", 10, 13)]), (text, [("x", 2, 9)]))
    table = na.prominence(found)
    assert estimates(table, "measure", "affiliation") == pytest.approx(
        {("first_position", "x"): 1 / 20, ("first_position", "y"): 1 / 2, ("lead_share", "x"): 2 / 4, ("lead_share", "y"): 0}
    )
    assert table.n.tolist() == [2, 1, 2, 0]
    assert na.prominence(found, lead=1).estimate.tolist()[2:] == pytest.approx([5 / 20, 2 / 20])
    with pytest.raises(ValueError, match="lead"):
        na.prominence(found, lead=0)


def test_code_share():
    """Two of three cues are neutral; every group gets every value."""
    codes = codes_of(("a", "1", "neutral", None), ("a", "2", "neutral", None), ("b", "3", "doubt", None))
    table = na.code_share(codes, code="cue_class")
    assert estimates(table, "code", "value") == {("cue_class", "neutral"): 2 / 3, ("cue_class", "doubt"): 1 / 3}
    by = na.code_share(codes.assign(outlet=["P", "P", "Q"]), code="cue_class", by="outlet")
    assert estimates(by, "outlet", "value") == {("P", "neutral"): 1, ("P", "doubt"): 0, ("Q", "doubt"): 1, ("Q", "neutral"): 0}
    assert by.columns.tolist()[:4] == ["measure", "code", "outlet", "value"]


def test_codes_of_two_coders_are_not_added_up():
    """Shares and rates refuse codes of two coders."""
    codes = pd.concat([codes_of(("a", "1", "x", None)), codes_of(("a", "1", "x", None), coder="other@1")])
    with pytest.raises(TableError, match="2 coders"):
        na.code_share(codes, code="cue_class")
    with pytest.raises(TableError, match="2 coders"):
        na.word_rate(codes, units_of(("a", "1", "x", "own")), code="cue_class")


UNITS = units_of(("a", "1", "one two three", "own"), ("a", "2", "one", "attributed"), ("b", "3", "one two", "attributed"), ("b", "4", "one two", None))
TONES = codes_of(("a", "1", None, 0.4), ("a", "2", None, -1.0), ("b", "3", None, 0.5), ("b", "4", None, None), code="tone")


def test_mean_tone():
    """Weighted by words (3 × .4 - 1 + 2 × .5) / 6 = 1/5; each unit alike (.4 - 1 + .5) / 3; units without a score are left out."""
    assert na.mean_tone(TONES, UNITS).estimate.tolist() == pytest.approx([1.2 / 6])
    assert na.mean_tone(TONES, UNITS, weight="units").estimate.tolist() == pytest.approx([-0.1 / 3])
    assert estimates(na.mean_tone(TONES, UNITS, by="voice"), "coder", "voice") == pytest.approx({("hand@1", "own"): 0.4, ("hand@1", "attributed"): 0})


def test_mean_tone_keeps_coders_apart():
    """Two coders give two rows, each its own mean."""
    both = pd.concat([TONES, TONES.assign(coder="other@1", score=-TONES.score)])
    assert estimates(na.mean_tone(both, UNITS), "coder") == pytest.approx({"hand@1": 0.2, "other@1": -0.2})


def test_voice_gap():
    """Attributed 0 minus own .4 is -.4; a group without one of the voices has no gap."""
    table = na.voice_gap(TONES, UNITS)
    assert table.estimate.tolist() == pytest.approx([-0.4])
    assert table.n.tolist() == [3]
    by = na.voice_gap(TONES, UNITS.assign(outlet=["P", "P", "Q", "Q"]), by="outlet")
    assert by.outlet.tolist() == ["P", "Q"]
    assert by.estimate[0] == pytest.approx(-1.4)
    assert np.isnan(by.estimate[1])


SPOKEN = UNITS.assign(outlet=["P", "P", "P", "Q"], camp=[None, "x", "y", None], voice=["own", "attributed", "attributed", "own"])


def test_voice_gap_of_each_camp():
    """In outlet P own voice is .4; x says -1, y .5: gaps -1.4 and .1; outlet Q has own voice alone, hence no row."""
    tones = TONES.assign(score=TONES.score.fillna(0.2))
    table = na.voice_gap(tones, SPOKEN, by="outlet", of="camp")
    assert estimates(table, "outlet", "camp") == pytest.approx({("P", "y"): 0.5 - 0.4, ("P", "x"): -1 - 0.4})
    assert table.n.tolist() == [2, 2]
    assert table.n_documents.tolist() == [2, 1]
    own = (3 * 0.4 + 2 * 0.2) / 5
    assert estimates(na.voice_gap(tones, SPOKEN, of="camp"), "camp") == pytest.approx({"y": 0.5 - own, "x": -1 - own})
    with pytest.raises(TableError, match="column 'role' is missing"):
        na.voice_gap(tones, SPOKEN, of="role")


TWO = attributions_of(
    ("a", "x", "one two"), ("a", "y", "one two"), ("b", "x", "one"), ("c", "z", "one", "indirect"), ("d", None, "one two three", "mixed", None)
)
TWO["outlet"] = ["P", "P", "P", "Q", "Q"]


def test_share_of_voice_in_each_outlet():
    """Of P's five words x has 3, y 2; of Q's four z has 1, nobody known 3; who does not speak in an outlet has a row of 0 there."""
    table = na.share_of_voice(TWO, by=["outlet", "affiliation"])
    assert table.columns.tolist()[:3] == ["measure", "outlet", "affiliation"]
    expected = {("P", "x"): 3 / 5, ("P", "y"): 2 / 5, ("P", "z"): 0, ("P", "(missing)"): 0}
    expected |= {("Q", "x"): 0, ("Q", "y"): 0, ("Q", "z"): 1 / 4, ("Q", "(missing)"): 3 / 4}
    assert estimates(table, "outlet", "affiliation") == pytest.approx(expected)
    assert na.share_of_voice(tables.empty("attributions").assign(outlet=None), by=["outlet", "affiliation"]).columns.equals(table.columns)


def test_other_measures_by_two_columns():
    """With two columns a measure is taken in each of their combinations."""
    kinds = na.kind_share(TWO, by=["outlet", "affiliation"]).set_index(["outlet", "affiliation", "kind"]).estimate
    assert kinds["Q", "z"].tolist() == [0, 0, 1]
    assert estimates(na.unnamed_share(TWO, by=["outlet", "affiliation"]), "outlet", "affiliation")["Q", "(missing)"] == 1
    diversity = na.source_diversity(TWO, by=["outlet", "affiliation"])
    p = -(2 / 3 * log(2 / 3) + 1 / 3 * log(1 / 3))
    assert estimates(diversity, "outlet", "measure")["P", "entropy_normalised"] == pytest.approx(p / log(3))
    assert estimates(diversity, "outlet", "measure")["Q", "effective_number"] == 1
    balance = na.camp_balance(TWO, "x", "y", by=["outlet", "affiliation"])
    assert estimates(balance, "measure", "outlet")["camp_balance_words", "P"] == pytest.approx(1 / 5)
    codes = codes_of(*((d, str(n), k, None) for n, (d, k) in enumerate(zip(TWO.document_id, TWO.kind, strict=True)))).assign(
        outlet=TWO.outlet, camp=TWO.affiliation
    )
    shares = na.code_share(codes, code="cue_class", by=["outlet", "camp"])
    assert estimates(shares, "outlet", "camp", "value")["Q", "z", "indirect"] == 1
    assert len(shares) == 4 * 3
    rates = na.word_rate(codes_of(("a", "1", "x", None), code="hedge"), UNITS.assign(outlet=["P", "Q", "Q", "Q"]), code="hedge", by=["outlet", "voice"])
    assert estimates(rates, "outlet", "voice")["P", "own"] == pytest.approx(100 / 3)
    assert rates.n.sum() == 1
    assert estimates(na.mean_tone(TONES, SPOKEN, by=["outlet", "camp"]), "outlet", "camp")["P", "x"] == -1


def test_each_part_is_measured_as_if_alone():
    """A measure by outlet and camp equals the measure by camp of the outlet's rows alone."""
    for measure in (na.kind_share, na.unnamed_share):
        both = measure(TWO, by=["outlet", "affiliation"])
        alone = measure(TWO[TWO.outlet == "P"], by="affiliation")
        pd.testing.assert_frame_equal(both[both.outlet == "P"].drop(columns="outlet").reset_index(drop=True), alone)


def test_prominence_in_each_outlet():
    """Documents' columns part the documents, so that leads without speech count too."""
    text = "a b c d e f g h i j."
    found = found_of((text, [("x", 0, 1)]), (text, [("x", 2, 9)]), (text, []))
    found = Found(found.documents.assign(outlet=["P", "Q", "Q"]), found.attributions, found.spans)
    table = na.prominence(found, by=["outlet", "affiliation"])
    wanted = {("P", "first_position"): 0, ("P", "lead_share"): 1 / 2, ("Q", "first_position"): 2 / 20, ("Q", "lead_share"): 1 / 4}
    assert estimates(table, "outlet", "measure") == pytest.approx(wanted)


def test_sentence_counts():
    """Of two loaded words in the first sentence one is the outlet's; the second sentence has none of its own words."""
    found = na.attribute(na.documents(["The awful Ann Lee said the plan was a disaster. “It is a disaster,” she said."]), attributor="patterns")
    segments = na.units(found, unit="segment", own="source")
    codes = na.code_words(segments, codebook="loaded_words")
    table = na.sentence_counts(codes, segments, code="loaded_word")
    assert table.sentence_id.tolist() == na.units(found).unit_id.tolist()
    assert table.n.tolist() == [1, 0]
    assert na.sentence_counts(codes, segments, code="loaded_word", voice="attributed").n.tolist() == [1, 1]
    both = na.sentence_counts(codes, segments, code="loaded_word", voice=None)
    assert both.n.tolist() == [2, 1]
    assert both.words.tolist()[0] == 4 + 5  # "the" of the outlet or of Ann Lee, all but "said"
    with pytest.raises(TableError, match="give segments"):
        na.sentence_counts(codes, UNITS, code="loaded_word")
    with pytest.raises(TableError, match="not in units"):
        na.sentence_counts(codes, segments[:0], code="loaded_word")


def test_word_rate():
    """Two hedges in eight words are 25 per hundred; in own voice 2/3 of three words; voices without a hedge have rate 0."""
    hedges = codes_of(("a", "1", "x", None), ("a", "1", "y", None), code="hedge")
    table = na.word_rate(hedges, UNITS, code="hedge")
    assert table.estimate.tolist() == [25]
    assert table.n.tolist() == [2]
    by = na.word_rate(hedges, UNITS, code="hedge", by="voice")
    assert estimates(by, "voice") == pytest.approx({"own": 200 / 3, "(missing)": 0, "attributed": 0})
    assert by.n.tolist() == [2, 0, 0]


def test_codes_of_units_that_are_not_there():
    """Rates and tones refuse codes of other units than those given."""
    with pytest.raises(TableError, match="not in units"):
        na.word_rate(TONES, UNITS[:1], code="tone")
    with pytest.raises(TableError, match="not in units"):
        na.mean_tone(TONES, UNITS[:1])


ALL = {
    "share_of_voice": na.share_of_voice,
    "share_of_voice by attributions": lambda a, rng=0: na.share_of_voice(a, count="attributions", rng=rng),
    "kind_share": na.kind_share,
    "unnamed_share": lambda a, rng=0: na.unnamed_share(a, by="affiliation", rng=rng),
    "source_diversity": na.source_diversity,
    "camp_balance": lambda a, rng=0: na.camp_balance(a, "x", "y", rng=rng),
}


@pytest.mark.parametrize("measure", ALL.values(), ids=ALL)
def test_one_document_has_no_interval(measure):
    """With one document each estimate stands, and its interval is missing, not zero."""
    table = measure(attributions_of(("a", "x", "one two"), ("a", "y", "three", "indirect", None)))
    assert table.ci_low.isna().all()
    assert table.ci_high.isna().all()
    assert table.estimate.notna().all()


UNCODED = tables.empty("units")
NOTHING = {
    "prominence": na.prominence,
    "voice_profile": na.voice_profile,
    "mean_tone": lambda found: na.mean_tone(na.code_cues(found), UNCODED, by="voice"),
    "voice_gap": lambda found: na.voice_gap(na.code_cues(found), UNCODED),
    "word_rate": lambda found: na.word_rate(na.code_cues(found), UNCODED, code="hedge", by="voice"),
    "code_share": lambda found: na.code_share(na.code_cues(found), code="cue_class"),
}


@pytest.mark.parametrize("texts", [["Rain fell. Roads closed."], []], ids=["documents", "no documents"])
@pytest.mark.parametrize("measure", NOTHING.values(), ids=NOTHING)
def test_nothing_found(measure, texts):
    """In documents without attributions, and without documents, each measure of what was found and coded gives a proper table without rows."""
    table = measure(na.resolve(na.attribute(na.documents(texts))))
    assert table.empty
    assert tables.check(table, "measures").equals(table)


@pytest.mark.parametrize("measure", ALL.values(), ids=ALL)
def test_no_attributions(measure):
    """Without attributions each measure gives a proper table, with nothing in it that looks like a number."""
    table = measure(tables.empty("attributions"))
    assert table.estimate.isna().all()


def test_group_of_one_document_among_many():
    """A rate within a group of one document has no interval; the group's share of all does."""
    rows = attributions_of(("a", "x", "one", "direct", None), ("a", "x", "two"), ("b", "y", "three"), ("c", "y", "four", "direct", None), ("d", "y", "five"))
    assert na.unnamed_share(rows, by="affiliation").set_index("affiliation").ci_low.isna().to_dict() == {"x": True, "y": False}
    assert na.share_of_voice(rows).ci_low.notna().all()


def test_interval_is_the_binomial_one():
    """One attribution a document, 30 of 100 of one camp: the interval is that of a binomial share, .21 to .39."""
    rows = attributions_of(*((f"d{n}", "x" if n < 30 else "y", "no") for n in range(100)))
    table = na.share_of_voice(rows, count="attributions").set_index("affiliation")
    assert table.ci_low["x"] == pytest.approx(0.21, abs=0.011)
    assert table.ci_high["x"] == pytest.approx(0.39, abs=0.011)


rows = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", "z", None]), st.sampled_from(["we", "we go", "no no no"]), st.sampled_from(tables.KINDS)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=12)
@given(rows)
def test_shares_add_to_one(drawn):
    """Shares of voice add to one, and so do kinds and values in each group."""
    # Planted: dropping rows whose group is missing; a base that counts all groups.
    attributions = attributions_of(*drawn)
    for count in ("words", "attributions"):
        assert na.share_of_voice(attributions, count=count).estimate.sum() == pytest.approx(1)
    assert na.kind_share(attributions).groupby("affiliation").estimate.sum().to_numpy() == pytest.approx(1)
    codes = codes_of(*((d, str(n), k, None) for n, (d, _, _, k) in enumerate(drawn))).assign(camp=attributions.affiliation)
    assert na.code_share(codes, code="cue_class", by="camp").groupby("camp").estimate.sum().to_numpy() == pytest.approx(1)


@pytest.mark.filterwarnings("ignore:camp_balance. no camp")
@settings(max_examples=6)
@given(rows, st.randoms(use_true_random=False))
def test_order_and_copies(drawn, random):
    """Rows in another order give the same table to the last digit; each document twice gives the same estimates."""
    # Planted: dividing by the number of documents.
    attributions = attributions_of(*drawn)
    shuffled = attributions.sample(frac=1, random_state=random.randrange(100))
    copies = attributions.assign(document_id=attributions.document_id + "2", attribution_id=attributions.attribution_id + "-2")
    for measure in ALL.values():
        table = measure(attributions)
        pd.testing.assert_frame_equal(table, measure(shuffled), check_exact=True)
        pd.testing.assert_series_equal(table.estimate, measure(pd.concat([attributions, copies])).estimate)


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["own", "attributed"]), st.floats(-1, 1), st.integers(1, 4)), min_size=1, max_size=10))
@example([("a", "own", 0.1, 1), ("a", "own", 0.2, 1), ("a", "own", 0.3, 1)])  # .1 + .2 + .3 is not .3 + .2 + .1
def test_tone_in_any_order(drawn):
    """Mean tone and voice gap do not depend on the order of the rows, to the last digit."""
    # Planted: adding up scores in the order of the rows.
    units = units_of(*((d, str(n), "w " * size, voice) for n, (d, voice, _, size) in enumerate(drawn)))
    codes = codes_of(*((d, str(n), None, score) for n, (d, _, score, _) in enumerate(drawn)), code="tone")
    for measure in (lambda c, u: na.mean_tone(c, u, by="voice"), na.voice_gap):
        pd.testing.assert_frame_equal(measure(codes, units), measure(codes[::-1], units[::-1]), check_exact=True)


def test_a_group_of_all_is_no_group():
    """A measure by a column with one value equals the measure of all."""
    attributions = THREE.assign(outlet="P")
    assert na.unnamed_share(attributions, by="outlet").drop(columns="outlet").equals(na.unnamed_share(attributions))
    assert na.mean_tone(TONES, UNITS.assign(outlet="P"), by="outlet").drop(columns="outlet").equals(na.mean_tone(TONES, UNITS))


def test_generators_give_intervals_too():
    """A numpy generator is taken as well as a seed, and gives the same table when made anew."""
    rows = attributions_of(*((f"d{n}", "xyz"[n % 3], "no " * (n % 5 + 1)) for n in range(20)))
    tables_ = [na.share_of_voice(rows, rng=np.random.default_rng(3)) for _ in range(2)]
    assert tables_[0].equals(tables_[1])
    assert not tables_[0].equals(na.share_of_voice(rows, rng=4))


def test_only_the_largest_groups_get_an_interval(monkeypatch):
    """Beyond a number of groups the interval is missing, for the smallest first, whatever the size of a block."""
    rows = attributions_of(*((f"d{n}", "xyz"[min(n % 6 // 2, n % 3)], "no") for n in range(60)))
    full = na.share_of_voice(rows)
    monkeypatch.setattr(sums, "BLOCK", 1)
    pd.testing.assert_frame_equal(na.share_of_voice(rows), full, atol=0.02)  # other blocks, other draws
    monkeypatch.setattr(sums, "LARGEST", 2)
    assert na.share_of_voice(rows).ci_low.isna().tolist() == [False, False, True]


def test_missing_and_reserved_columns():
    """A group column that is missing or reserved is refused, with the columns that are there."""
    with pytest.raises(TableError, match=r"column 'town' is missing; merge it in first \(columns found: attribution_id"):
        na.share_of_voice(THREE, by="town")
    with pytest.raises(TableError, match="every measures table"):
        na.share_of_voice(THREE.assign(n=1), by="n")
    with pytest.raises(ValueError, match="words, attributions; not 'letters'"):
        na.share_of_voice(THREE, count="letters")


def test_large_tables():
    """A hundred thousand attributions of ten thousand documents take seconds, not minutes."""
    n = 100_000
    draw = np.random.default_rng(0)
    table = pd.DataFrame({"attribution_id": np.arange(n).astype(str), "document_id": draw.integers(0, n // 10, n).astype(str), "kind": "direct"})
    table = table.assign(content="we will not yield", start=0, end=1, attributor="hand@1", affiliation=draw.choice(list("abcdefgh"), n))
    start = perf_counter()
    assert na.share_of_voice(table).ci_low.notna().all()
    assert perf_counter() - start < 30


WRONG = {
    "kind_share by its own column": (lambda: na.kind_share(THREE, by="kind"), "by='kind' is a column of the table that kind_share makes"),
    "code_share by value": (lambda: na.code_share(TONES, code="tone", by="value"), "by='value' is a column"),
    "code_share by code": (lambda: na.code_share(TONES, code="tone", by="code"), "by='code' is a column"),
    "voice_gap by coder": (lambda: na.voice_gap(TONES, UNITS, by="coder"), "by='coder' is a column"),
    "word_rate by code": (lambda: na.word_rate(TONES, UNITS.assign(code="x"), code="tone", by="code"), "by='code' is a column"),
    "no column": (lambda: na.share_of_voice(THREE, by=[]), "name of a column, or a list of names; not \\[\\]"),
    "a column that is no name": (lambda: na.mean_tone(TONES, UNITS, by=[1]), "or a list of names; not \\[1\\]"),
    "a column twice": (lambda: na.kind_share(THREE, by=["affiliation", "affiliation"]), "names a column twice"),
    "by what only attributed segments have": (lambda: na.voice_gap(TONES, UNITS.assign(camp=[None, "x", "x", None]), by="camp"), "give of='camp'"),
    "no rng": (lambda: na.share_of_voice(THREE, rng=None), "rng must be a whole number of at least 0 .* not None"),
    "no rng of diversity": (lambda: na.source_diversity(THREE, rng=None), "rng must be a whole number"),
    "negative rng": (lambda: na.camp_balance(THREE, "nato", "russian", rng=-1), "rng must be a whole number"),
}


@pytest.mark.parametrize(("measure", "message"), WRONG.values(), ids=WRONG)
def test_wrong_options_are_named(measure, message):
    """A group that cannot be one, and a seed that is none, are refused in one sentence."""
    with pytest.raises(ValueError, match=message):
        measure()


def test_one_level_is_one_name():
    """A string for the levels is one level, not its letters."""
    assert na.share_of_voice(THREE, levels="western").affiliation.tolist()[-1] == "western"
    with pytest.raises(TableError, match="not among the levels \\(nato\\)"):
        na.source_diversity(THREE, levels="nato")


def test_a_misspelt_code_is_no_finding_of_zero():
    """A code that nobody gives is refused with the nearest one; a known one that does not occur is zero times there."""
    for measure in (lambda code: na.word_rate(TONES, UNITS, code=code), lambda code: na.code_share(TONES, code=code)):
        with pytest.raises(TableError, match="'hegde' is neither in codes nor one of the package's; is 'hedge' meant"):
            measure("hegde")
        with pytest.raises(TableError, match=r"the codes are cue_class, .*tone_word"):
            measure("zzz")
    assert na.word_rate(TONES, UNITS, code="hedge").estimate.tolist() == [0]
    assert na.code_share(TONES, code="hedge").empty
    assert na.word_rate(tables.empty("codes"), UNITS, code="mine").estimate.tolist() == [0]


def test_the_packages_codes_are_listed():
    """The list of codes is what the coders of the package give."""
    text = "Separatist officials allegedly claimed that the awful town was shelled by rebels. The “referendum” led to rivals and a house burned by soldiers."
    found = na.attribute(na.documents([text]))
    units = na.units(found)
    books = [na.code_words(units, codebook=name) for name in ("hedges", "labels", "loaded_words")]
    codes = pd.concat([na.code_tone(units), na.code_cues(found), na.code_passives(units), na.code_scare_quotes(found), na.code_frames(units), *books])
    assert sorted(set(codes.code)) == sorted(measures.CODES)
