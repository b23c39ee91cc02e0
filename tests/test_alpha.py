"""Agreement: published examples, NLTK's values, brute force, and what is said where there is nothing to compute."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance

import newsanalysis as na

N = None
# Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C: four observers, twelve units, missing codes
FOUR = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    "C": [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
}
# the same paper, sections A (binary, ten units) and B (nominal, twelve units)
BINARY = {"A": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "B": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]}
NOMINAL = {"Ben": list("aabbdcccedda"), "Gerry": list("babbbccceddd")}


def hand(by_coder: dict[str, list], *, units_a_document: int = 1) -> pd.DataFrame:
    """Hand codes of coders who each coded the units in order."""
    rows = [(f"u{n}", f"d{n // units_a_document}", coder, "x", value) for coder, values in by_coder.items() for n, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["unit_id", "document_id", "coder", "variable", "value"])


def value(table: pd.DataFrame, measure: str = "krippendorff_alpha") -> float:
    """The one estimate of a measure."""
    return float(table.loc[table.measure == measure, "estimate"].item())


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_published_example_with_missing_codes(level, published):
    """Krippendorff (2011), C: .743 nominal, .815 ordinal, .849 interval."""
    assert round(value(na.agreement(hand(FOUR), level=level)), 3) == published


def test_published_binary_example():
    """Krippendorff (2011), A: alpha is .095, 1 - (20 - 1) × 8 / (20² - 14² - 6²)."""
    assert value(na.agreement(hand(BINARY))) == pytest.approx(1 - 19 * 8 / (20**2 - 14**2 - 6**2)) == pytest.approx(0.095, abs=5e-4)


def test_published_nominal_example():
    """Krippendorff (2011), B: alpha is .692."""
    assert round(value(na.agreement(hand(NOMINAL))), 3) == 0.692


def test_percent_agreement_counts_pairs():
    """Units coded a a b and a a: two of four pairs are equal."""
    codes = hand({"A": ["a", "a"], "B": ["a", "a"], "C": ["b", N]})
    assert value(na.agreement(codes), "percent_agreement") == 2 / 4


def brute(by_unit: list[list[float]], level: str) -> float:
    """Alpha by its definition: mean squared difference of pairs within units over that of all pairs."""
    units = [unit for unit in by_unit if len(unit) > 1]
    every = [code for unit in units for code in unit]
    values = sorted(set(every))
    tally = {value: every.count(value) for value in values}

    def apart(one: float, two: float) -> float:
        low, high = sorted((one, two))
        if level == "nominal":
            return float(low != high)
        if level == "interval":
            return (low - high) ** 2
        return 0.0 if low == high else (sum(tally[v] for v in values if low <= v <= high) - (tally[low] + tally[high]) / 2) ** 2

    n = len(every)
    observed = sum(sum(apart(a, b) for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units) / n
    expected = sum(apart(a, b) for a, b in itertools.permutations(every, 2)) / (n * (n - 1))
    return 1 - observed / expected


tables_of_codes = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(st.one_of(st.none(), st.integers(-3, 6)), min_size=coders, max_size=coders), min_size=2, max_size=12)
)


@settings(max_examples=50, deadline=None)
@given(tables_of_codes, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_is_its_definition(rows, level):
    """Against brute force over all pairs, with missing codes, at each level; NLTK agrees to 1e-9 where it has the level."""
    # Planted: 1/m instead of 1/(m - 1); n instead of n - 1; units with one code left in the sums: each fails here.
    by_unit = [[code for code in row if code is not None] for row in rows]
    assume(len({code for unit in by_unit if len(unit) > 1 for code in unit}) > 1)
    codes = hand({f"c{at}": [row[at] for row in rows] for at in range(len(rows[0]))}, units_a_document=100)  # one document: no resampling
    alpha = value(na.agreement(codes, level=level))
    assert alpha == pytest.approx(brute(by_unit, level), abs=1e-9)
    if level != "ordinal":
        data = [(f"c{at}", f"u{n}", row[at]) for n, row in enumerate(rows) for at in range(len(row)) if row[at] is not None and len(by_unit[n]) > 1]
        distance = binary_distance if level == "nominal" else interval_distance
        assert alpha == pytest.approx(AnnotationTask(data=data, distance=distance).alpha(), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=30), st.randoms(use_true_random=False))
def test_names_and_order_are_nothing(pairs, random):
    """Other names of coders and units, and another order of rows, change nothing at all, the interval included; NLTK has the same per cent agreement."""
    codes = hand({"A": [a for a, _ in pairs], "B": [b for _, b in pairs]}, units_a_document=2)
    order = list(range(len(codes)))
    random.shuffle(order)
    other = codes.iloc[order].assign(coder=lambda rows: rows.coder.map({"A": "zoe", "B": "max"}))
    table = na.agreement(codes)
    pd.testing.assert_frame_equal(table, na.agreement(other))
    task = AnnotationTask(data=list(codes[["coder", "unit_id", "value"]].itertuples(index=False, name=None)))
    assert value(table, "percent_agreement") == pytest.approx(task.avg_Ao(), abs=1e-9)


def test_interval_numbers_may_be_shifted():
    """Adding 10⁶ to every number leaves the interval alpha as it is."""
    codes = hand(FOUR)
    shifted = codes.assign(value=codes.value + 1_000_000)
    assert value(na.agreement(shifted, level="interval")) == pytest.approx(value(na.agreement(codes, level="interval")), abs=1e-9)


def test_words_in_order_need_a_codebook():
    """low < middle < high is known from the codebook only; with it the words are as good as 1, 2, 3."""
    words = {1: "low", 2: "middle", 3: "high"}
    numbers = hand({"A": [1, 2, 3, 3, 1], "B": [1, 3, 3, 2, 1]})
    codes = numbers.assign(value=numbers.value.map(words))
    codebook = pd.DataFrame({"variable": "x", "value": ["low", "middle", "high"], "level": "ordinal"})
    assert value(na.agreement(codes, codebook=codebook)) == pytest.approx(value(na.agreement(numbers, level="ordinal")))
    with pytest.raises(na.TableError, match="order of 'high' is not known"):
        na.agreement(codes, level="ordinal")
    with pytest.raises(na.TableError, match="'high' is no number"):
        na.agreement(codes, level="interval")


def test_without_variation_alpha_is_missing_and_says_why():
    """Where all codes are the same, alpha is neither 0 nor 1 but missing, at every level, in words."""
    for level in ("nominal", "ordinal", "interval"):
        table = na.agreement(hand({"A": [1, 1, 1], "B": [1, 1, 1]}), level=level).set_index("measure")
        assert table.estimate["percent_agreement"] == 1
        assert np.isnan(table.estimate["krippendorff_alpha"])
        assert "all 6 codes are '1'" in table.note["krippendorff_alpha"]


def test_one_coder_is_no_agreement():
    """With one coder everything is missing, with the reason."""
    table = na.agreement(hand({"A": ["a", "b"]}))
    assert table.estimate.isna().all() and table.n.eq(0).all()
    assert table.note.str.contains("no unit has codes of two coders").all()


def test_intervals_resample_documents():
    """One document: no interval. Units copied in their documents: the same interval. Full agreement: none, and the note says so."""
    # Planted: resampling units: the copies make the interval narrower.
    pattern = {"A": list("aabbababaabbbaba") * 3, "B": list("aababbabbbbbbaba") * 3}
    codes = hand(pattern, units_a_document=4)
    table = na.agreement(codes).set_index("measure")
    assert (table.ci_low < table.estimate).all() and (table.estimate < table.ci_high).all()
    copies = pd.concat([codes, codes.assign(unit_id=codes.unit_id + "'")])
    share = na.agreement(copies).set_index("measure").loc["percent_agreement"]
    assert share[["ci_low", "ci_high"]].tolist() == pytest.approx(table.loc["percent_agreement", ["ci_low", "ci_high"]].tolist())
    one = na.agreement(codes.assign(document_id="d"))
    assert one.ci_low.isna().all() and one.note.eq("one document: no interval.").all()
    full = na.agreement(hand({"A": list("abab"), "B": list("abab")}))
    assert full.estimate.eq(1).all() and full.ci_low.isna().all() and full.note.str.contains("agree everywhere").all()


def test_several_variables_have_their_own_levels():
    """A row of each measure for each variable, in the order of the codes."""
    codes = pd.concat([hand(FOUR), hand(BINARY).assign(variable="y")])
    codebook = pd.DataFrame({"variable": ["x"], "value": [""], "level": ["interval"]})
    table = na.agreement(codes, codebook=codebook, level="nominal")
    assert table[["measure", "variable", "level", "n_coders", "n"]].to_numpy().tolist() == [
        ["percent_agreement", "x", "interval", 4, 11],
        ["krippendorff_alpha", "x", "interval", 4, 11],
        ["percent_agreement", "y", "nominal", 2, 10],
        ["krippendorff_alpha", "y", "nominal", 2, 10],
    ]


def test_a_variable_that_the_codebook_lacks_is_refused():
    """A codebook of other variables says nothing of a level; it is not taken for nominal without a word."""
    codebook = pd.DataFrame({"variable": ["frame"], "value": [""], "level": ["ordinal"]})
    with pytest.raises(na.TableError, match=r"the codebook has no variable 'x' of the codes \(it has 'frame'\)"):
        na.agreement(hand(FOUR), codebook=codebook)


def test_the_codes_bring_their_level():
    """The column level of the codes counts where neither level nor codebook is given: .815 ordinal, as published, and not .743; level= goes before it."""
    # Planted: the column passed over; the column before level=: both fail here.
    codes = hand(FOUR).assign(level="ordinal")
    assert round(value(na.agreement(codes)), 3) == 0.815
    assert round(value(na.agreement(codes, level="nominal")), 3) == 0.743
    with pytest.raises(na.TableError, match="codes of 'x' have two levels"):
        na.agreement(pd.concat([codes.head(20), codes.tail(20).assign(level="nominal")]))
    with pytest.raises(na.TableError, match="'level' has 'ratio'"):
        na.agreement(codes.assign(level="ratio"))


def test_a_level_that_nobody_gave_is_said():
    """Without level, codebook and column the note of alpha says that nominal was taken; of two values alpha is the same at every level, and nothing is said."""
    table = na.agreement(hand(FOUR)).set_index("measure")
    assert table.note["krippendorff_alpha"].endswith("level not given: taken as nominal.") and "level" not in table.note["percent_agreement"]
    assert not na.agreement(hand(FOUR), level="nominal").note.str.contains("level").any()
    assert not na.agreement(hand(BINARY)).note.str.contains("level").any()
    assert len({round(value(na.agreement(hand(BINARY), level=level)), 9) for level in ("nominal", "ordinal", "interval")}) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coder": "A"}, "coder 'A' has two codes of 'x' for unit 'u0'"),
        ({"document_id": ["d1", "d2"] * 10}, "given to two documents"),
        ({"coder": None}, "column 'coder' is blank"),
        ({"value": None}, "there are no codes"),
    ],
)
def test_wrong_codes_are_refused(change, message):
    """Two codes by one coder, a unit in two documents, blanks: the message names them."""
    codes = hand(BINARY).sort_values("unit_id").assign(**change)
    with pytest.raises(na.TableError, match=message):
        na.agreement(codes)


def test_other_mistakes_are_refused():
    """A level that is none, and a column that is gone."""
    with pytest.raises(ValueError, match="level must be one of nominal, ordinal, interval"):
        na.agreement(hand(BINARY), level="ratio")
    with pytest.raises(na.TableError, match="'document_id' is missing"):
        na.agreement(hand(BINARY).drop(columns="document_id"))
