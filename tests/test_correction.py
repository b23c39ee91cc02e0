"""Shares corrected by a hand-coded sample: closed forms, the likelihood they maximise, and what is said when the sample cannot tell."""

import numpy as np
import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import correction
from newsanalysis.tables import TableError

pytestmark = pytest.mark.filterwarnings("ignore:corrected_share. hand-coded units are few:UserWarning")


def tables_of(*cells, variable="threat"):
    """Table and pairs from (outlet, machine, units, {hand: pairs}): units are spread over forty documents of each outlet."""
    units, pairs = [], []
    for outlet, machine, count, hand in cells:
        rows = [(f"{outlet}-{machine}-{n}", f"{outlet}{n % 40}", outlet, machine) for n in range(count)]
        coded = [value for value, times in hand.items() for _ in range(times)]
        units += rows
        pairs += [(*row[:2], variable, machine, value, count / max(len(coded), 1)) for row, value in zip(rows, coded, strict=False)]
    table = pd.DataFrame(units, columns=["unit_id", "document_id", "outlet", variable])
    return table, pd.DataFrame(pairs, columns=["unit_id", "document_id", "variable", "machine", "hand", "weight"])


def shares(table, *groups):
    """The estimates by group and value."""
    keys = [*groups, "value"]
    return table.set_index(keys if groups else "value").estimate.to_dict()


ONE = tables_of(("all", "yes", 40, {"yes": 8, "no": 2}), ("all", "no", 60, {"yes": 1, "no": 9}))


@pytest.mark.parametrize("method", correction.METHODS)
def test_one_group_and_two_values(method):
    """.4 × 8/10 + .6 × 1/10 = .38, by each method: Tenenbein's closed form, and with weights Rogan and Gladen's (q + sp - 1) / (se + sp - 1)."""
    table, pairs = ONE
    se, sp = 32 / 38, 54 / 62
    assert (0.4 + sp - 1) / (se + sp - 1) == pytest.approx(0.38)
    corrected = na.corrected_share(table, pairs, method=method)
    assert shares(corrected) == pytest.approx({"yes": 0.38, "no": 0.62}, abs=1e-6)
    assert corrected.set_index("value").uncorrected.to_dict() == {"yes": 0.4, "no": 0.6}
    assert corrected.n.tolist() == [100, 100]
    assert corrected.n_validated.tolist() == [20, 20]
    assert corrected.n_documents.tolist() == [40, 40]
    assert ((corrected.ci_low < corrected.estimate) & (corrected.estimate < corrected.ci_high)).all()


def test_three_values_and_groups():
    """In each group the machine's shares are carried over by that group's own P(hand | machine)."""
    table, pairs = tables_of(
        ("P", "a", 50, {"a": 9, "b": 1}),
        ("P", "b", 50, {"b": 8, "c": 2}),
        ("Q", "a", 20, {"a": 2, "c": 2}),
        ("Q", "c", 80, {"c": 10}),
    )
    corrected = na.corrected_share(table, pairs, by="outlet")
    expected = {("P", "a"): 0.45, ("P", "b"): 0.05 + 0.4, ("P", "c"): 0.1, ("Q", "a"): 0.1, ("Q", "b"): 0, ("Q", "c"): 0.1 + 0.8}
    assert shares(corrected, "outlet") == pytest.approx(expected)
    assert corrected.groupby("outlet").estimate.sum().tolist() == pytest.approx([1, 1])
    assert corrected.columns.tolist()[:7] == ["measure", "variable", "method", "outlet", "value", "uncorrected", "n_validated"]
    two = na.corrected_share(table.assign(month="May"), pairs, by=["outlet", "month"])
    assert shares(two, "outlet", "month")["Q", "May", "c"] == pytest.approx(0.9)


SE, SP = 0.8, 0.9
ALIKE = tables_of(  # P: half yes; Q: a fifth yes; everywhere 8 of 10 yes and 9 of 10 no are found; the pairs are a tenth of the units
    ("P", "yes", 450, {"yes": 40, "no": 5}),
    ("P", "no", 550, {"yes": 10, "no": 45}),
    ("Q", "yes", 240, {"yes": 16, "no": 8}),
    ("Q", "no", 760, {"yes": 4, "no": 72}),
)


@pytest.mark.parametrize("method", correction.METHODS)
def test_shares_behind_common_error_rates(method):
    """Of data made by shares .5 and .2 and error rates common to both groups each method finds .5 and .2."""
    table, pairs = ALIKE
    corrected = na.corrected_share(table, pairs, by="outlet", method=method)
    assert shares(corrected, "outlet") == pytest.approx({("P", "yes"): 0.5, ("P", "no"): 0.5, ("Q", "yes"): 0.2, ("Q", "no"): 0.8}, abs=1e-5)
    machine = corrected.set_index(["outlet", "value"]).uncorrected
    assert machine["P", "yes"] == pytest.approx(0.5 * SE + 0.5 * (1 - SP))
    assert machine["Q", "yes"] == pytest.approx(0.2 * SE + 0.8 * (1 - SP))


def test_pooled_maximises_the_likelihood():
    """No shares and error rates near those found make units and pairs more likely: the likelihood of TeBlunthuis et al. for a coded outcome."""
    # Planted: counting the pairs a second time among the open units; rates normalised over hand values.
    table, pairs = tables_of(
        ("P", "yes", 90, {"yes": 12, "no": 4}),
        ("P", "no", 70, {"yes": 2, "no": 9}),
        ("Q", "yes", 30, {"yes": 2, "no": 5}),
        ("Q", "no", 110, {"yes": 6, "no": 20}),
    )
    corrected = shares(na.corrected_share(table, pairs.assign(weight=1.0), by="outlet", method="pooled"), "outlet")
    units = table.groupby(["outlet", "threat"]).size()
    coded = pairs.assign(outlet=pairs.document_id.str[0]).groupby(["outlet", "machine", "hand"]).size()

    def log_likelihood(p, q, se, sp):
        share, given, total = {"P": p, "Q": q}, {("yes", "yes"): se, ("no", "yes"): 1 - se, ("no", "no"): sp, ("yes", "no"): 1 - sp}, 0.0
        for (outlet, machine), n in units.items():
            joint = {hand: (share[outlet] if hand == "yes" else 1 - share[outlet]) * given[machine, hand] for hand in ("yes", "no")}
            known = {hand: coded.get((outlet, machine, hand), 0) for hand in joint}
            total += sum(known[hand] * np.log(joint[hand]) for hand in joint) + (n - sum(known.values())) * np.log(sum(joint.values()))
        return total

    def best_rates(p, q):
        start, width = np.array([0.8, 0.7]), 0.1
        for _ in range(60):
            tries = [
                np.clip(start + step, 0.01, 0.99) for step in np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [1, -1], [-1, 1]]) * width
            ]
            best = max(tries, key=lambda rates: log_likelihood(p, q, *rates))
            start, width = best, width if not np.array_equal(best, start) else width / 2
        return log_likelihood(p, q, *start)

    p, q = corrected["P", "yes"], corrected["Q", "yes"]
    top = best_rates(p, q)
    for step in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.01, 0.01), (-0.01, 0.01)):
        assert best_rates(p + step[0], q + step[1]) < top


def test_weights_undo_a_sample_that_is_not_proportional():
    """Pairs drawn twice as often from one section: with their weights the share is that of all, .4 × (.5 × 1 + .5 × .6) + .6 × 0."""
    table, pairs = tables_of(("all", "yes", 40, {"yes": 26, "no": 4}), ("all", "no", 60, {"no": 30}))
    section = ["a"] * 20 + ["b"] * 10  # of the first 20 all are right, of the other 10 six
    weight = [1.0 if s == "a" else 2.0 for s in section] + [2.0] * 30
    assert shares(na.corrected_share(table, pairs.assign(weight=weight)))["yes"] == pytest.approx(0.4 * (0.5 * 1 + 0.5 * 0.6))


def test_matrix_of_pairs_from_elsewhere():
    """With a sample half of it yes, from another corpus, the matrix finds .5 from the machine's .45; P(hand | machine) of that sample would not."""
    table, _ = tables_of(("all", "yes", 240, {}), ("all", "no", 760, {}))
    _, pairs = tables_of(("x", "yes", 45, {"yes": 40, "no": 5}), ("x", "no", 55, {"yes": 10, "no": 45}))
    assert shares(na.corrected_share(table, pairs, method="matrix"))["yes"] == pytest.approx(0.2)
    assert shares(na.corrected_share(table, pairs))["yes"] == pytest.approx(0.24 * 40 / 45 + 0.76 * 10 / 55)


def test_impossible_shares_are_said_and_left():
    """A machine's share below its false alarms gives a share below 0: said, and not cut off."""
    table, _ = tables_of(("all", "yes", 50, {}), ("all", "no", 950, {}))
    _, pairs = tables_of(("x", "yes", 45, {"yes": 40, "no": 5}), ("x", "no", 55, {"yes": 10, "no": 45}))
    with pytest.warns(UserWarning, match="2 shares lie below 0 or above 1"):
        corrected = na.corrected_share(table, pairs, method="matrix")
    assert shares(corrected)["yes"] == pytest.approx((0.05 + SP - 1) / (SE + SP - 1))


def test_a_machine_that_tells_nothing():
    """Where machine and hand are independent the matrix has no answer, and says so; P(hand | machine) still has."""
    table, pairs = tables_of(("all", "yes", 50, {"yes": 20, "no": 20}), ("all", "no", 50, {"yes": 20, "no": 20}))
    with pytest.warns(UserWarning, match="next to nothing"):
        assert na.corrected_share(table, pairs, method="matrix").estimate.isna().all()
    assert shares(na.corrected_share(table, pairs))["yes"] == pytest.approx(0.5)


@pytest.mark.parametrize("method", correction.METHODS)
def test_values_that_nobody_checked(method):
    """A machine value without pairs is taken at the machine's word, and said."""
    table, pairs = tables_of(("all", "yes", 40, {"yes": 30}), ("all", "no", 50, {"no": 40}), ("all", "rare", 10, {}))
    with pytest.warns(UserWarning, match=r"10.0 % of the units have a machine value that nobody checked \('rare'\)"):
        corrected = na.corrected_share(table, pairs, method=method)
    assert shares(corrected) == pytest.approx({"yes": 0.4, "no": 0.5, "rare": 0.1}, abs=1e-6)


@pytest.mark.filterwarnings("error")
def test_small_samples_are_said():
    """Groups with fewer than fifty pairs are named with their number; with enough nothing is said."""
    table, pairs = ALIKE
    na.corrected_share(table, pairs, by="outlet")
    with pytest.warns(UserWarning, match=r"few \(20\); below 50"):
        na.corrected_share(*ONE)
    with pytest.warns(UserWarning, match=r"few \(49 of Q\)"):
        na.corrected_share(table, pd.concat([pairs[:120], pairs[-29:]]), by="outlet")


def test_codes_attributions_and_any_order():
    """Codes and attributions serve as well as a column of units; the order of the rows changes nothing."""
    table, pairs = ONE
    codes = table.assign(unit="sentence", code="threat", value=table.threat, coder="x@1").drop(columns="threat")
    expected = na.corrected_share(table, pairs)
    assert na.corrected_share(codes, pairs).equals(expected)
    assert na.corrected_share(table.rename(columns={"unit_id": "attribution_id"}), pairs).equals(expected)
    pd.testing.assert_frame_equal(na.corrected_share(table[::-1], pairs.sample(frac=1, random_state=1)), expected, check_exact=True)


def test_missing_values_are_a_value():
    """What the machine left open is a value of its own, as in share_of_voice, and can be corrected."""
    table, pairs = tables_of(("all", "nato", 60, {"nato": 30}), ("all", "(missing)", 40, {"nato": 15, "russian": 15}), variable="affiliation")
    table["affiliation"] = table.affiliation.mask(table.affiliation == "(missing)")
    assert shares(na.corrected_share(table, pairs)) == pytest.approx({"nato": 0.8, "russian": 0.2, "(missing)": 0})


def test_one_document_and_large_tables(monkeypatch):
    """With one document, or beyond the limit of memory, the interval is missing and the estimate stands."""
    table, pairs = ONE
    one = na.corrected_share(table.assign(document_id="d"), pairs.assign(document_id="d"))
    monkeypatch.setattr(correction, "DENSE", 10)
    with pytest.warns(UserWarning, match="40 documents are too many for an interval with 1 groups and 2 values; name the rare ones alike"):
        large = na.corrected_share(table, pairs)
    for corrected in (one, large):
        assert corrected.ci_low.isna().all()
        assert shares(corrected)["yes"] == pytest.approx(0.38)
    assert large.n_documents.tolist() == [40, 40]


def test_large_tables_take_little_memory(monkeypatch):
    """Beyond the limit no table of documents × sums is made, and the estimates are the same."""
    # Caught: the table was made, gigabytes of it, and only the interval left out.
    expected, made, plain = na.corrected_share(*ALIKE, by="outlet"), [], correction.by_document
    monkeypatch.setattr(correction, "DENSE", 1000)
    monkeypatch.setattr(correction, "by_document", lambda *given: made.append(plain(*given)) or made[0])
    with pytest.warns(UserWarning, match="80 documents are too many"):
        large = na.corrected_share(*ALIKE, by="outlet")
    assert [len(sums) for sums in made] == [1]
    pd.testing.assert_frame_equal(large.drop(columns=["ci_low", "ci_high"]), expected.drop(columns=["ci_low", "ci_high"]))


def test_documents_and_whole_numbers_are_taken_as_written():
    """Documents may be numbered, and a whole number with missing cells is 1, not 1.0; a pair belongs to its unit's document in the table."""
    # Caught: 1.0 in the table and 1 in the pairs were "another run"; pairs of other documents than their units' widened the interval.
    table, pairs = ONE
    expected = na.corrected_share(table, pairs)
    numbered = table.document_id.map({key: n for n, key in enumerate(sorted(set(table.document_id)))})
    numbers = {"yes": 1.0, "no": 0.0}
    found = na.corrected_share(
        table.assign(document_id=numbered, threat=table.threat.map(numbers)),
        pairs.assign(document_id="elsewhere", machine=pairs.machine.map({"yes": "1", "no": "0"}), hand=pairs.hand.map(numbers)),
    )
    assert found.value.tolist() == ["0", "1"]
    columns = ["estimate", "ci_low", "ci_high", "n_documents"]
    pd.testing.assert_frame_equal(found[columns], expected[columns])


T, P = ALIKE
WRONG = {
    "method": (lambda: na.corrected_share(T, P, method="calibration"), ValueError, "one of likelihood, pooled, matrix; not 'calibration'"),
    "no pairs table": (lambda: na.corrected_share(T, P.drop(columns="hand")), TableError, "no column 'hand'; give what na.pairs returns"),
    "no pairs": (lambda: na.corrected_share(T, P[:0]), TableError, "no rows; hand-code a sample"),
    "two variables": (lambda: na.corrected_share(T, P.assign(variable=["a", *P.variable[1:]])), TableError, r"2 variables \(a, threat\)"),
    "no hand code": (lambda: na.corrected_share(T, P.assign(hand=P.hand.where(P.index > 2))), TableError, "3 pairs have no hand code"),
    "no weight": (lambda: na.corrected_share(T, P.assign(weight=0.0)), TableError, "weight must be above 0"),
    "endless weight": (lambda: na.corrected_share(T, P.assign(weight=np.inf)), TableError, "weight must be above 0 and finite"),
    "two of one unit": (lambda: na.corrected_share(T, pd.concat([P, P[:2]])), TableError, "2 pairs are of units that have a pair already, first 'P-yes-0'"),
    "pairs without documents": (lambda: na.corrected_share(T, P.assign(document_id=None)), TableError, "pairs have no document_id"),
    "no documents": (lambda: na.corrected_share(T.assign(document_id=None), P), TableError, "rows of the table have no document_id; fill it in"),
    "no rows": (lambda: na.corrected_share(T[:0], P), TableError, "the table has no rows; give all that the machine coded"),
    "no machine column": (lambda: na.corrected_share(T.rename(columns={"threat": "camp"}), P), TableError, "neither a column nor a code 'threat'"),
    "no key": (lambda: na.corrected_share(pd.concat([T, T]), P), TableError, "no key with one row a unit"),
    "another run": (lambda: na.corrected_share(T, P.assign(machine="no")), TableError, "69 pairs have another machine value .* another run"),
    "other units": (lambda: na.corrected_share(T[45:], P, by="outlet"), TableError, "45 pairs are of units that are not in the table, first 'P-yes-0'"),
    "other groups": (lambda: na.corrected_share(T[450:], P.assign(outlet="Z"), by="outlet"), TableError, "groups that are not in the table, first 'Z'"),
    "no group": (lambda: na.corrected_share(T, P, by="month"), TableError, "column 'month' is missing"),
    "its own column": (lambda: na.corrected_share(T.assign(value=1), P, by="value"), TableError, "by='value' is a column"),
}


@pytest.mark.parametrize(("call", "error", "message"), WRONG.values(), ids=WRONG)
def test_wrong_pairs_are_refused(call, error, message):
    """What cannot be used is refused in one sentence that says why."""
    with pytest.raises(error, match=message):
        call()
