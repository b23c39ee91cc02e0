"""Samples: the right sizes, the right weights, equal chances, spread over documents, and the same whatever the order of the table."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na


def table(sizes: dict[str, int], documents: int = 10) -> pd.DataFrame:
    """Rows of strata of these sizes, dealt out to documents in turn."""
    camps = [camp for camp, size in sizes.items() for _ in range(size)]
    keys = [f"a{n:05d}" for n in range(len(camps))]
    return pd.DataFrame({"attribution_id": keys, "document_id": [f"d{n % documents}" for n in range(len(camps))], "camp": camps})


def test_proportional_allocation_has_a_closed_form():
    """10 of 100 from strata of 70, 20 and 10 are 7, 2 and 1, but every stratum gives two: 6, 2 and 2; the weights are 70/6, 10 and 5."""
    drawn = na.sample(table({"x": 70, "y": 20, "z": 10}), n=10, by="camp")
    assert drawn.camp.value_counts().to_dict() == {"x": 6, "y": 2, "z": 2}
    assert drawn.groupby("camp").weight.first().tolist() == pytest.approx([70 / 6, 20 / 2, 10 / 2])


def test_equal_allocation_takes_small_strata_whole():
    """12 of 100 by equal parts are four each; a stratum of two gives both and the others the rest."""
    drawn = na.sample(table({"x": 70, "y": 28, "z": 2}), n=12, by="camp", allocation="equal")
    assert drawn.camp.value_counts().to_dict() == {"x": 5, "y": 5, "z": 2}
    assert drawn[drawn.camp == "z"].weight.tolist() == [1.0, 1.0]


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from("uvwxyz"), st.integers(1, 40), min_size=1), st.data())
def test_weights_add_up_and_the_order_of_the_table_is_nothing(sizes, data):
    """n rows, each once; the weights of a stratum add to its size; a shuffled table gives the same sample."""
    # Planted: drawing by position in the table as given (no sorting by key): caught by the shuffle. Weight as n / N: caught by the sums.
    rows = table(sizes)
    n = data.draw(st.integers(len(sizes), len(rows)))
    allocation = data.draw(st.sampled_from(["proportional", "equal"]))
    drawn = na.sample(rows, n=n, by="camp", allocation=allocation, rng=3)
    assert len(drawn) == n and drawn.unit_id.is_unique
    assert drawn.groupby("camp").weight.sum().to_dict() == pytest.approx(sizes)
    again = na.sample(rows.sample(frac=1, random_state=data.draw(st.integers(0, 99))), n=n, by="camp", allocation=allocation, rng=3)
    pd.testing.assert_frame_equal(drawn, again)


def test_every_row_of_a_stratum_is_as_likely():
    """Over 600 draws each of 20 rows in documents of 1, 4 and 15 rows is drawn in a quarter of them."""
    rows = table({"x": 20}).assign(document_id=["a"] + ["b"] * 4 + ["c"] * 15)
    generator = np.random.default_rng(0)
    counts = sum(pd.Series(1, na.sample(rows, n=5, rng=generator).attribution_id).reindex(rows.attribution_id, fill_value=0) for _ in range(600))
    assert (counts / 600 - 0.25).abs().max() < 4 * (0.25 * 0.75 / 600) ** 0.5


def test_the_sample_is_spread_over_documents():
    """Of ten documents with ten rows each, ten rows come from ten documents."""
    # Planted: rows laid out at random instead of document by document: some document gives two.
    for seed in range(20):
        assert na.sample(table({"x": 100}), n=10, rng=seed).document_id.nunique() == 10


def test_strata_of_several_columns_and_missing_cells():
    """Combinations are strata, a missing cell too; the words say how it was drawn."""
    rows = table({"x": 10, "y": 10}).assign(outlet=["p", None] * 10)
    drawn = na.sample(rows, n=8, by=["camp", "outlet"], rng=5)
    assert set(drawn.stratum) == {"x · p", "x · (missing)", "y · p", "y · (missing)"}
    assert drawn.drawn.unique().tolist() == [
        "8 of 20 attributions, stratified by camp and outlet (proportional allocation), drawn at random and spread over documents (seed 5)"
    ]


def test_other_tables_have_their_keys():
    """Units, mentions, codes and documents are sampled by their own keys; the original columns stay."""
    documents = na.documents([f"Officials said that bridge {n} was closed." for n in range(5)])
    units = na.units(documents)
    assert na.sample(documents, n=2).unit_id.tolist() == na.sample(documents, n=2).document_id.tolist()
    assert na.sample(units, n=3).drawn[0].startswith("3 of 5 sentences")
    mentions = pd.DataFrame({"mention_id": ["m1", "m2"], "document_id": "a", "unit_id": "a:s1", "start": 0, "end": 3, "text": "Kyi"})
    assert na.sample(mentions, n=2).unit_id.tolist() == ["m1", "m2"]
    codes = na.code_tone(units)
    tone = codes[(codes.code == "tone") & codes.coder.str.startswith("vader")]
    assert na.sample(tone, n=5).unit_id.tolist() == units.unit_id.tolist()


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"n": 0}, "1 to 20"),
        ({}, {"n": 21}, "1 to 20"),
        ({}, {"n": 2.5}, "1 to 20"),
        ({}, {"n": True}, "1 to 20"),
        ({}, {"n": 3, "by": "outlet"}, "'outlet' is missing"),
        ({}, {"n": 1, "by": "camp"}, "2 strata"),
        ({}, {"n": 3, "allocation": "optimal"}, "allocation"),
        ({}, {"n": 3, "rng": -1}, "rng"),
        ({"attribution_id": "a"}, {"n": 3}, "stands for several rows"),
        ({"document_id": None}, {"n": 3}, "document_id"),
        ({"weight": 1.0}, {"n": 3}, "not a sample"),
        ({"unit_id": "u"}, {"n": 3}, "'u' stands for several rows"),
    ],
)
def test_what_is_refused_is_explained(change, options, message):
    """Too many, too few, no key, no column: the message says which."""
    with pytest.raises(ValueError, match=message):
        na.sample(table({"x": 10, "y": 10}).assign(**change), **options)


def test_found_is_no_table():
    """Who gives everything that was found is told what to give."""
    with pytest.raises(na.TableError, match=r"found\.attributions"):
        na.sample(na.attribute(na.documents(["It rained, he said."])), n=1)


def test_statements_and_acts_are_drawn_by_their_keys(tmp_path):
    """Statements and acts have a key of their own, by which they are drawn and named in the words of the sample."""
    found = na.attribute(na.documents(["Russia blamed Ukraine and Russia blamed Poland for the fire."] * 3))
    for table, key, noun in ((na.code_statements(found), "statement_id", "statements"), (na.agency(found), "act_id", "acts")):
        drawn = na.sample(table, n=3)
        assert drawn.unit_id.tolist() == drawn[key].tolist()
        assert drawn.drawn.str.startswith(f"3 of {len(table)} {noun}").all()
        variables = pd.DataFrame(
            {"variable": "right", "value": ["yes", "no"], "label": ["yes", "no"], "definition": ["It is.", "It is not."], "level": "nominal"}
        )
        assert na.coding_sheet(drawn, found, tmp_path / f"{noun}.csv", codebook=variables)
