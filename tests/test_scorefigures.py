"""Figures that compare scores and shares: every mark stands where the table says, no two names touch, nothing unknown is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

import newsanalysis as na
from newsanalysis import scorefigures, tables


@pytest.fixture(autouse=True)
def _drawn_off_screen() -> Iterator[None]:
    mpl.use("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def scores(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    """A table of marks; the package's have an interval of .05 to either side."""
    table = pd.DataFrame(rows, columns=["group", "label", "system", "mark", "estimate"])
    ours = table.mark == "package"
    return table.assign(ci_low=(table.estimate - 0.05).where(ours), ci_high=(table.estimate + 0.05).where(ours))


SCORES = scores(
    ("Speech", "all (F1)", "here", "package", 0.75),
    ("Speech", "all (F1)", "two people", "people", 0.8),
    ("Speech", "all (F1)", "Orca", "other", 0.5),
    ("Speech", "all (F1)", "Heron", "other", 0.51),
    ("Tone", "toward targets (macro-F1)", "here", "package", 0.7),
    ("Tone", "toward targets (macro-F1)", "Word list", "other", 0.0),
)


def said(ax: Axes) -> list[str]:
    """The words on the Axes."""
    return [text.get_text() for text in ax.texts]


def at(ax: Axes, marker: str) -> list[float]:
    """Where marks of a kind stand."""
    return sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == marker)


def test_every_mark_stands_where_the_table_says():
    """Dots, circles and strokes at their estimates, whiskers at the bounds, numbers in their columns, a heading for each group."""
    ax = na.plot_scores(SCORES)
    assert at(ax, "o") == [0.7, 0.75, 0.8]
    assert at(ax, "|") == [0.0, 0.5, 0.51]
    lines = [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2]
    whiskers = [ends for ends in lines if ends != (0, 1) and ends[0] != ends[1]]
    assert whiskers == [pytest.approx((0.7, 0.8)), pytest.approx((0.65, 0.75))]
    assert {"75 %", "80 %", "70 %", "Speech", "Tone", "package", "people", "Orca 50", "Heron 51", "Word list 0"} == set(said(ax))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["all (F1)", "toward targets (macro-F1)"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [scorefigures.MARKS[mark] for mark in ("package", "people", "other")]


def test_rows_have_room_for_their_names_and_groups_for_their_headings():
    """Rows follow each other downwards; the second begins below the names of the first and its own heading."""
    ax = na.plot_scores(SCORES)
    first, second = ax.get_yticks()
    heading = next(text.get_position()[1] for text in ax.texts if text.get_text() == "Tone")
    names = [text.get_position()[1] for text in ax.texts if text.get_text() in ("Orca 50", "Heron 51")]
    assert first < min(names) <= max(names) < heading < second


def test_the_key_explains_only_what_is_drawn():
    """Without people there is no open circle in the key, and no column of their numbers."""
    ax = na.plot_scores(SCORES[SCORES.mark == "package"])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [scorefigures.MARKS["package"]]
    assert "people" not in said(ax)


def test_a_second_coder_is_a_circle_of_its_own_name():
    """A coder who is no person is drawn as people are, and not called people."""
    ax = na.plot_scores(scores(("Frames", "conflict", "here", "package", 0.5), ("Frames", "conflict", "other_coder", "coder", 0.8)))
    assert at(ax, "o") == [0.5, 0.8]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [scorefigures.MARKS["package"], scorefigures.MARKS["coder"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mark": "machine"}, r"row 0, 'all \(F1\)': the mark is 'machine'; it must be one of package, people, coder, other"),
        ({"estimate": 1.2}, r"row 0, 'all \(F1\)': the estimate is 1.2; it must be a number from 0 to 1"),
        ({"estimate": float("nan")}, "the estimate is nan"),
        ({"mark": "package"}, "the package has two estimates of"),
    ],
    ids=["an unknown mark", "beyond 1", "no number", "two of the package"],
)
def test_what_cannot_be_drawn_is_refused(change, message):
    """The row is named, and what is allowed."""
    row = SCORES.iloc[[0]].assign(**change)
    table = pd.concat([row, SCORES.iloc[[0]]]) if change == {"mark": "package"} else row
    with pytest.raises(tables.TableError, match=message):
        na.plot_scores(table)


def test_a_missing_column_is_refused_and_an_empty_table_says_so():
    """Both figures name the column; with no rows there is a sentence in place of a figure."""
    with pytest.raises(tables.TableError, match="plot_scores: the table needs the column 'mark'"):
        na.plot_scores(SCORES.drop(columns="mark"))
    with pytest.raises(tables.TableError, match="plot_pairs: the table needs the column 'hand'"):
        na.plot_pairs(pd.DataFrame({"affiliation": [], "machine": [], "ci_low": [], "ci_high": []}))
    assert said(na.plot_scores(SCORES.iloc[:0])) == ["The table has no rows to draw."]
    assert said(na.plot_pairs(pd.DataFrame({"affiliation": [], "hand": [], "machine": [], "ci_low": [], "ci_high": []}))) == ["The table has no rows to draw."]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["Orca", "Heron", "A long name", "Owl"]), st.floats(0, 1)), max_size=8))
def test_no_two_names_touch(marks):
    """Names in one line keep their distance, each begins where its mark is or spans it, and none begins left of 0."""
    # planted faults: comparing names of all lines; a name's own width forgotten; the lines down to lower names forgotten
    placed = scorefigures._named(scores(*(("g", "l", name, "other", estimate) for name, estimate in marks)))
    assert sorted(name.text for name in placed) == sorted(f"{name} {100 * estimate:.0f}" for name, estimate in marks)
    for one, two in combinations(placed, 2):
        first, second = sorted((one, two), key=lambda name: name.start)
        assert one.lane != two.lane or first.end < second.start
        upper, lower = sorted((one, two), key=lambda name: name.lane)
        assert upper.lane == lower.lane or not upper.start + 1e-6 < lower.at < upper.end - 1e-6
    for name in placed:
        assert 0 <= name.start <= name.at <= name.start + scorefigures.CHARACTER * len(name.text) + 1e-9


def test_many_names_stand_one_below_the_other():
    """Where there are too many ways to try, each name has a line of its own."""
    placed = scorefigures._named(scores(*(("g", "l", f"Orca {n}", "other", 0.5) for n in range(8))))
    assert [name.lane for name in placed] == list(range(8))
    at_the_left = scorefigures._named(scores(*(("g", "l", f"Orca {n}", "other", n / 100) for n in range(8))))
    assert [name.lane for name in at_the_left] == list(range(8))[::-1]


def test_a_lower_name_is_joined_to_its_mark():
    """Names with close marks: in two lines, each of which is joined to its own stroke; the value stands behind the name."""
    ax = na.plot_scores(scores(*(("Tone", "target", name, "other", at) for name, at in (("VADER", 0.51), ("VADER near it", 0.55), ("TextBlob", 0.41)))))
    assert {"TextBlob 41", "VADER 51", "VADER near it 55"} <= set(said(ax))
    placed = scorefigures._named(
        scores(*(("Tone", "target", name, "other", at) for name, at in (("VADER", 0.51), ("VADER near it", 0.55), ("TextBlob", 0.41))))
    )
    lower = {name.at for name in placed if name.lane}
    joined = {float(line.get_xdata()[0]) for line in ax.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] == line.get_xdata()[1]}
    assert lower
    assert lower <= joined <= {0.41, 0.51, 0.55}


PAIRS = pd.DataFrame({"affiliation": ["nato", "russian"], "hand": [0.4, 0.6], "machine": [0.35, 0.65], "ci_low": [-0.08, None], "ci_high": [0.004, None]})


def test_pairs_stand_where_the_table_says():
    """A circle for the hand, a dot for the machine, a line between them, the difference in points with its interval where there is one."""
    ax = na.plot_pairs(PAIRS)
    assert at(ax, "o") == [0.35, 0.4, 0.6, 0.65]
    joined = [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] != 0]
    assert joined == [(0.4, 0.35), (0.6, 0.65)]
    assert said(ax) == ["−5 (−8 to 0)", "+5", "machine − hand, points"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["NATO", "Russian"]


@pytest.mark.parametrize("plot", [na.plot_scores, na.plot_pairs], ids=["scores", "pairs"])
def test_the_files_are_the_same_when_drawn_again(plot, tmp_path):
    """SVG and PNG are equal byte for byte; Axes that are given are drawn on."""
    table = SCORES if plot is na.plot_scores else PAIRS
    for name in ("a", "b"):
        na.save_figure(plot(table), tmp_path / name, table)
    for ending in ("svg", "png", "csv"):
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    _, ax = plt.subplots()
    assert plot(table, ax=ax) is ax
