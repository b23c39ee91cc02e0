"""Contrasts: odds ratios and shares of labelled mentions, in closed form."""

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis.tables import TableError


def codes_of(*rows):
    """Codes from (document, group, value)."""
    table = pd.DataFrame(rows, columns=["document_id", "group", "value"]).astype({"group": "str", "value": "str"})
    return table.assign(unit_id=[str(n) for n in range(len(rows))], unit="attribution", code="cue_class", coder="hand@1")


def ratios(table, measure="odds_ratio"):
    """The estimates by value."""
    rows = table[table.measure == measure]
    return dict(zip(rows.value, rows.estimate, strict=True))


FOURFOLD = [("1", "a", "doubt")] * 3 + [("2", "a", "neutral")] + [("3", "b", "doubt")] + [("4", "b", "neutral")] * 3


def test_odds_ratio():
    """Three of four against one of four: (3/1) / (1/3) = 9, the other value its inverse, and the logarithms ln 9 and -ln 9."""
    table = na.odds_ratio(codes_of(*FOURFOLD), code="cue_class", by="group", between=("a", "b"))
    assert ratios(table) == pytest.approx({"doubt": 9, "neutral": 1 / 9})
    assert ratios(table, "log_odds_ratio") == pytest.approx({"doubt": log(9), "neutral": -log(9)})
    assert table.n.tolist() == [4, 4, 4, 4]
    assert table.n_documents.tolist() == [2, 2, 2, 2]
    assert table.columns.tolist() == ["measure", "code", "first", "second", "value", "estimate", "ci_low", "ci_high", "n", "n_documents"]


def test_odds_ratio_against_an_empty_cell():
    """Two of two against one of two: with 0.5 added to each, (2.5 × 1.5) / (0.5 × 1.5) = 5 (Haldane and Anscombe)."""
    table = na.odds_ratio(codes_of(("1", "a", "x"), ("2", "a", "x"), ("3", "b", "x"), ("4", "b", "y")), code="cue_class", by="group")
    assert ratios(table) == pytest.approx({"x": 5, "y": 1 / 5})


def test_odds_ratio_of_what_all_say():
    """Where both groups have one value only there is nothing to contrast: the estimate is missing, not 1."""
    table = na.odds_ratio(codes_of(("1", "a", "x"), ("2", "b", "x")), code="cue_class", by="group")
    assert table.estimate.isna().all()


def test_odds_ratio_of_one_document():
    """A group in one document has an estimate and no interval; two documents a group give one that holds the estimate."""
    one = na.odds_ratio(codes_of(*[(key, group, value) for key, group, value in FOURFOLD if key != "2"]), code="cue_class", by="group")
    assert one.ci_low.isna().all()
    rows = [(f"{group}{n}", group, "x" if n % share else "y") for group, share in (("a", 4), ("b", 2)) for n in range(12) for _ in range(1 + n % 3)]
    table = na.odds_ratio(codes_of(*rows), code="cue_class", by="group")
    assert ((table.ci_low < table.estimate) & (table.estimate < table.ci_high)).all()
    logs, plain = (table[table.measure == measure].set_index("value") for measure in ("log_odds_ratio", "odds_ratio"))
    assert np.allclose(logs.ci_low, np.log(plain.ci_low))


def test_odds_ratio_interval_covers():
    """Of 30 pairs of samples with the same odds, the interval holds 1 in about nineteen of twenty: at least 25."""
    generator, held = np.random.default_rng(1), 0
    for seed in range(30):
        rows = []
        for group in ("a", "b"):
            for n in range(25):
                share = generator.beta(2, 2)
                rows += [(f"{group}{n}", group, "x" if generator.random() < share else "y") for _ in range(6)]
        table = na.odds_ratio(codes_of(*rows), code="cue_class", by="group", rng=seed)
        held += table.ci_low[0] <= 1 <= table.ci_high[0]
    assert held >= 25


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from("123456"), st.sampled_from("ab"), st.sampled_from("xyz")), min_size=1, max_size=30))
def test_odds_ratio_turned_round(rows):
    """The ratio of the second to the first group is the inverse, and the order of the rows does not matter."""
    # Planted: adding 0.5 to the first group only; dividing by the second group's odds of the whole.
    if len({group for _, group, _ in rows}) < 2:
        return
    one = ratios(na.odds_ratio(codes_of(*rows), code="cue_class", by="group", between=("a", "b")))
    two = ratios(na.odds_ratio(codes_of(*rows[::-1]), code="cue_class", by="group", between=("b", "a")))
    assert {value: 1 / ratio for value, ratio in two.items()} == pytest.approx(one, nan_ok=True)


BAD = [
    pytest.param({"between": ("a", "a")}, ValueError, "two different groups", id="the same twice"),
    pytest.param({"between": "ab"}, ValueError, "two different groups", id="a string"),
    pytest.param({"between": ("a", "c")}, TableError, "'c' is not in the column; the groups are a, b", id="unknown"),
    pytest.param({"by": "outlet"}, TableError, "'outlet' is missing", id="no column"),
]


@pytest.mark.parametrize(("options", "error", "message"), BAD)
def test_odds_ratio_refuses(options, error, message):
    """What cannot be contrasted is named, with what there is."""
    with pytest.raises(error, match=message):
        na.odds_ratio(codes_of(*FOURFOLD), **{"code": "cue_class", "by": "group", **options})


def test_odds_ratio_wants_two_groups():
    """Of three groups two must be named."""
    with pytest.raises(TableError, match="there are 3 groups"):
        na.odds_ratio(codes_of(*FOURFOLD, ("5", "c", "doubt")), code="cue_class", by="group")


def mentions_of(*rows):
    """Mentions from (document, actor), each in a sentence of its own."""
    table = pd.DataFrame(rows, columns=["document_id", "actor"]).astype("str")
    table = table.assign(mention_id=[f"m{n}" for n in range(len(rows))], unit_id="s", text="Name", start=0, end=4, document_start=0, document_end=4)
    return table.assign(actor_id=table.actor)


def labels_of(*rows):
    """Labels from (mention, value)."""
    table = pd.DataFrame(rows, columns=["unit_id", "value"])
    return table.assign(document_id="a", unit="mention", code="label", coder="hand@1", start=0, end=4)


def test_label_share():
    """One mention of three is called separatist, the same also a rebel; the other actor has neither: 1/3, 1/3 and 0."""
    mentions = mentions_of(("a", "Pushilin"), ("a", "Pushilin"), ("b", "Pushilin"), ("b", "Putin"))
    table = na.label_share(labels_of(("m0", "separatist"), ("m0", "rebel"), ("m0", "rebel")), mentions)
    shares = {(actor, label): share for actor, label, share in zip(table.actor, table.label, table.estimate, strict=True)}
    assert shares == pytest.approx(
        {("Pushilin", "(any)"): 1 / 3, ("Pushilin", "separatist"): 1 / 3, ("Pushilin", "rebel"): 1 / 3}
        | {("Putin", "(any)"): 0, ("Putin", "separatist"): 0, ("Putin", "rebel"): 0}
    )
    assert table.n.tolist() == [1, 1, 1, 0, 0, 0]
    assert table[table.actor == "Putin"].ci_low.isna().all()


def test_label_share_by_actor_and_outlet():
    """Several columns make the group: each actor in each outlet."""
    mentions = mentions_of(("a", "Putin"), ("b", "Putin")).assign(outlet=["One", "Two"])
    table = na.label_share(labels_of(("m0", "regime")), mentions, by=["actor", "outlet"])
    assert table[table.label == "regime"][["actor", "outlet", "estimate"]].to_numpy().tolist() == [["Putin", "One", 1.0], ["Putin", "Two", 0.0]]


def test_label_share_without_labels_or_mentions():
    """Without labels the share of any is 0; without mentions there is no row; labels of other mentions are refused."""
    mentions = mentions_of(("a", "Putin"))
    none = labels_of(("m0", "x")).head(0)
    assert na.label_share(none, mentions)[["label", "estimate"]].to_numpy().tolist() == [["(any)", 0.0]]
    assert na.label_share(none, mentions.head(0)).empty
    with pytest.raises(TableError, match="1 labels are of mentions that are not there, first 'm7'"):
        na.label_share(labels_of(("m7", "x")), mentions)


def test_an_empty_cell_has_no_interval():
    """A cell that is 0 in the corpus is 0 in each resample: an interval would speak of the added halves only."""
    rows = [(f"d{n}", "a", "x") for n in range(6)] + [(f"d{n}", "a", "y") for n in range(3)] + [(f"d{n}", "b", "y") for n in range(6)]
    codes = pd.DataFrame(rows, columns=["document_id", "affiliation", "value"]).assign(code="cue_class", unit="attribution", coder="hand@1")
    table = na.odds_ratio(codes.assign(unit_id=codes.index.astype(str)), code="cue_class", by="affiliation")
    assert table.estimate.notna().all()
    assert table[["ci_low", "ci_high"]].isna().all(axis=None)
