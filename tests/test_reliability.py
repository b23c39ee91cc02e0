"""Confidence against truth: closed forms, and the figure of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import palette, reliability


@pytest.fixture(autouse=True)
def _drawn_off_screen() -> Iterator[None]:
    mpl.use("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def predictions(*groups: tuple[float, int, int]) -> pd.DataFrame:
    """Predictions by groups of (confidence, how many right, how many), spread over four documents."""
    rows = [(confidence, k < right) for confidence, right, n in groups for k in range(n)]
    table = pd.DataFrame(rows, columns=["confidence", "right"])
    return table.assign(document_id=[f"d{k % 4}" for k in range(len(table))])


def value(table: pd.DataFrame, measure: str) -> float:
    """The estimate of a measure of the whole."""
    return float(table.loc[table["measure"] == measure, "estimate"].iloc[0])


def found(*texts: str) -> na.Found:
    """What the rules find."""
    return na.attribute(na.documents(texts), attributor="patterns")


SAID = "The mayor said the bridge was closed."
TOLD = "Ann Lee said the road was open."


# ------------------------------------------------------------------------------------------------------------------- facts


@pytest.mark.parametrize("binning", reliability.BINNINGS)
def test_confidence_that_keeps_its_promise_has_no_error(binning):
    """1 of 4 right at 0.25 and 3 of 4 at 0.75: error 0; Brier score 0.25 * 0.75."""
    table = reliability.table(predictions((0.25, 1, 4), (0.75, 3, 4)), binning=binning)
    assert value(table, "calibration_error") == 0
    assert value(table, "brier_score") == pytest.approx(3 / 16)
    assert value(table, "share_right") == 1 / 2


def test_the_error_is_the_mean_distance_weighted_by_n():
    """6 of confidence 0.9 with half right, 2 of 0.1 with none right: (6 * 0.4 + 2 * 0.1) / 8."""
    table = reliability.table(predictions((0.9, 3, 6), (0.1, 0, 2)))
    assert value(table, "calibration_error") == pytest.approx((6 * 0.4 + 2 * 0.1) / 8)
    bins = table[table["measure"] == "bin_share_right"]
    assert bins[["bin_low", "bin_high", "estimate", "n"]].to_numpy().tolist() == [[0.1, 0.2, 0, 2], [0.9, 1.0, 1 / 2, 6]]


def test_all_wrong_with_full_confidence_is_the_worst():
    """Error and Brier score are 1 if all that is certain is wrong; the last bin includes 1."""
    table = reliability.table(predictions((1.0, 0, 5)))
    assert value(table, "calibration_error") == value(table, "brier_score") == 1
    assert table.loc[table["measure"] == "bin_share_right", "bin_high"].tolist() == [1.0]


def test_bins_of_equal_count_hold_equally_many():
    """100 different confidences in 10 bins are 10 each, from the smallest to the largest; equal ones stay in one bin."""
    many = pd.DataFrame({"document_id": "d", "confidence": np.linspace(0.3, 0.9, 100), "right": True})
    bins = reliability.table(many, binning="count").query("measure == 'bin_share_right'")
    assert bins["n"].tolist() == [10] * 10
    assert (bins["bin_low"].min(), bins["bin_high"].max()) == (0.3, 0.9)
    ties = reliability.table(predictions((0.5, 10, 90), (0.7, 5, 10)), binning="count").query("measure == 'bin_share_right'")
    assert ties["n"].sum() == 100
    assert set(ties["confidence"].round(6)) <= {0.5, 0.7, round((90 * 0.5 + 10 * 0.7) / 100, 6)}


def test_wilson_is_the_published_interval():
    """The bounds solve (share - p)^2 = z^2 p (1 - p) / n (Wilson 1927), and stay within 0 and 1."""
    for right, n in ((0, 7), (3, 8), (50, 51), (9, 9)):
        low, high = reliability.wilson(right, n)
        assert 0 <= low <= right / n <= high <= 1
        for bound in {low, high} - {0.0, 1.0}:
            assert (right / n - bound) ** 2 == pytest.approx(reliability.NORMAL**2 * bound * (1 - bound) / n)


def test_calibration_of_found_against_gold():
    """One of two is right: at confidence 0.5 there is no error, at 0.9 it is 0.4."""
    gold = found(SAID, "It rained.")
    gold = na.Found(na.documents([SAID, TOLD]), gold.attributions, gold.spans)
    predicted = found(SAID, TOLD)
    for confidence, error in ((0.5, 0), (0.9, 0.4)):
        sure = na.Found(predicted.documents, predicted.attributions.assign(confidence=confidence), predicted.spans)
        table = na.calibration(gold, sure)
        assert value(table, "calibration_error") == pytest.approx(error)
        assert value(table, "share_right") == 1 / 2
        assert table["n_documents"].tolist()[:3] == [2, 2, 2]


def test_what_has_no_confidence_is_refused():
    """The rules give none, and nothing found is nothing to compare; both are said in a sentence."""
    with pytest.raises(na.TableError, match="1 of 1 attributions have no confidence"):
        na.calibration(found(SAID), found(SAID))
    with pytest.raises(na.TableError, match="no attribution was found"):
        na.calibration(found(SAID), found(SAID).within([]))
    with pytest.raises(ValueError, match="binning one of width, count"):
        reliability.table(predictions((0.5, 1, 2)), binning="size")


# -------------------------------------------------------------------------------------------------------------- properties


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.sampled_from("abc")), min_size=1, max_size=60),
    st.sampled_from(reliability.BINNINGS),
    st.integers(1, 12),
)
def test_bins_hold_each_prediction_once(rows, binning, bins):
    """n of the bins adds up; means lie within the bins; the error is at least |mean confidence - share right| and at most 1."""
    # planted fault: the last border taken for an inner one, so that confidence 1 falls out of all bins
    table = reliability.table(pd.DataFrame(rows, columns=["confidence", "right", "document_id"]), bins=bins, binning=binning)
    each = table[table["measure"] == "bin_share_right"]
    assert each["n"].sum() == len(rows)
    assert len(each) <= bins
    assert (each["bin_low"] - 1e-9 <= each["confidence"]).all()
    assert (each["confidence"] <= each["bin_high"] + 1e-9).all()
    whole = table[table["measure"] == "share_right"].iloc[0]
    assert abs(whole["confidence"] - whole["estimate"]) - 1e-9 <= value(table, "calibration_error") <= 1


# ------------------------------------------------------------------------------------------------------------------ figure


def test_the_figure_shows_each_bin_its_interval_and_number():
    """A point, a whisker and a number for each bin; the diagonal; the summary above."""
    table = reliability.table(predictions((0.25, 1, 4), (0.75, 3, 12)))
    ax = na.plot_reliability(table)
    points = next(line for line in ax.lines if line.get_marker() == "o")
    assert np.array(points.get_xydata()).tolist() == [[0.25, 0.25], [0.75, 0.25]]
    lines = [np.array(line.get_xydata()).tolist() for line in ax.lines]
    assert [[0, 0], [1, 1]] in lines
    assert sum([xs[0] for xs in line] == [0.25, 0.25] for line in lines) == 1
    assert [text.get_text() for text in ax.texts if text.get_text().isdigit()] == ["4", "12"]
    assert "Expected calibration error 0.375" in ax.get_title(loc="left")
    assert "n = 16" in ax.get_title(loc="left")


@pytest.mark.parametrize("binning", reliability.BINNINGS)
def test_nothing_in_the_figure_is_cut_or_small(binning):
    """All text lies inside the page-wide figure, 8 points or larger, and no two numbers lie over each other."""
    some = np.random.default_rng(0)
    confidence = some.beta(4, 1.5, 2000)
    rows = pd.DataFrame({"document_id": some.integers(0, 80, 2000), "confidence": confidence, "right": some.random(2000) < confidence})
    ax = na.plot_reliability(reliability.table(rows, binning=binning))
    figure = ax.get_figure(root=True)
    figure.canvas.draw()
    box = figure.bbox.padded(1)
    shown = [text for text in figure.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]
    assert min(text.get_fontsize() for text in shown) >= 8
    for extent in (text.get_window_extent() for text in shown):
        assert box.x0 <= extent.x0 <= extent.x1 <= box.x1
        assert box.y0 <= extent.y0 <= extent.y1 <= box.y1
    numbers = sorted((text.get_window_extent() for text in ax.texts if text.get_text().replace(",", "").isdigit()), key=lambda extent: extent.x0)
    assert all(one.x1 <= other.x0 for one, other in pairwise(numbers))


def test_the_figure_of_nothing_and_of_other_tables():
    """Without bins the figure says so; a table of another kind is refused in words."""
    empty = reliability.table(predictions((0.5, 1, 2))).head(3)
    assert na.plot_reliability(empty).texts[0].get_text() == "The table has no rows to draw."
    with pytest.raises(na.TableError, match="needs the columns 'bin_low', 'bin_high'"):
        na.plot_reliability(pd.DataFrame({"measure": ["x"]}))


def test_a_users_axes_are_used():
    """It draws where it is told to."""
    _, ax = plt.subplots()
    assert na.plot_reliability(reliability.table(predictions((0.5, 1, 2))), ax=ax) is ax
    assert palette.colour("nato").lower() in {mpl.colors.to_hex(line.get_color()) for line in ax.lines}
