"""Figures: they draw what the table says, nothing is cut or laid over, and the files are equal when drawn again."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import newsanalysis as na
from newsanalysis import figures, palette, style, tables
from newsanalysis.found import Found

CAMPS = palette.names("camp")
LONG = "Very long name of a consolidated regional publishing house no. {}"
EMPTY = {
    figures.plot_shares: "measure affiliation estimate ci_low ci_high n n_documents",
    figures.plot_intervals: "measure affiliation estimate ci_low ci_high n n_documents",
    figures.plot_stacked: "measure affiliation kind estimate ci_low ci_high n n_documents",
    figures.plot_positions: "affiliation start end length",
    figures.plot_tones: "text coder score",
    figures.plot_matrix: "actor side n",
    figures.plot_headlines: "headline hedged",
    figures.plot_concordance: "left match right",
}


@pytest.fixture(autouse=True)
def _drawn_off_screen() -> Iterator[None]:
    mpl.use("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def groups(n: int) -> list[str]:
    """Return n names: the camps first, then long ones."""
    return (CAMPS + [LONG.format(k) for k in range(n)])[:n]


def measures(n: int, measure: str = "share_of_voice_words", *, intervals: bool = True) -> pd.DataFrame:
    """Return a measures table of n groups with estimates 1/2, 1/3, 1/4 and so on."""
    estimate = 1 / np.arange(2, n + 2)
    bounds = {"ci_low": estimate * 0.8, "ci_high": estimate * 1.2} if intervals else {"ci_low": np.nan, "ci_high": np.nan}
    return pd.DataFrame(
        {"measure": measure, "affiliation": groups(n), "estimate": estimate, **bounds, "n": range(1, n + 1), "n_documents": 5 if intervals else 1}
    )


def stacked(n: int) -> pd.DataFrame:
    """Return kind shares 1/2, 1/6, 1/3 for n groups."""
    rows = [
        ("kind_share", g, kind, share, count) for g in groups(n) for kind, share, count in (("direct", 1 / 2, 3), ("mixed", 1 / 6, 1), ("indirect", 1 / 3, 2))
    ]
    table = pd.DataFrame(rows, columns=["measure", "affiliation", "kind", "estimate", "n"])
    return table.assign(ci_low=np.nan, ci_high=np.nan, n_documents=1)[["measure", "affiliation", "kind", "estimate", "ci_low", "ci_high", "n", "n_documents"]]


def positions(n: int) -> pd.DataFrame:
    """Return one piece of text for each of n groups."""
    return pd.DataFrame({"affiliation": groups(n), "start": range(0, 10 * n, 10), "length": 1000}).assign(end=lambda t: t["start"] + 50)


def tones(n: int) -> pd.DataFrame:
    """Return scores of n texts by two coders."""
    rows = [(f"{name} spoke.", coder, score) for name in groups(n) for coder, score in (("vader@1", -0.9), ("textblob@1", 0.9))]
    return pd.DataFrame(rows, columns=["text", "coder", "score"]).assign(voice="attributed")


def matrix(n: int) -> pd.DataFrame:
    """Return counts for n actors."""
    return pd.DataFrame([(g, side, k) for k, g in enumerate(groups(n)) for side in ("acts", "acted_upon")], columns=["actor", "side", "n"])


def headlines(n: int) -> pd.DataFrame:
    """Return n headlines with a feature of each type."""
    return pd.DataFrame({"headline": groups(n), "hedged": [k % 2 == 0 for k in range(n)], "tone": 0.5, "speaker": "nato"})


def two_measures(n: int) -> pd.DataFrame:
    """Return two measures of the same groups."""
    return pd.concat([measures(n), measures(n, "share_of_voice_attributions", intervals=False)], ignore_index=True)


def texts(figure: Figure) -> list[Text]:
    """Return every text that is drawn."""
    return [t for t in figure.findobj(Text) if isinstance(t, Text) and t.get_visible() and t.get_text().strip()]


def outside(figure: Figure) -> list[str]:
    """Return the texts that the figure's edge cuts."""
    figure.canvas.draw()
    box = figure.bbox.padded(1)
    extents = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    return [text for text, e in extents if e.x0 < box.x0 or e.y0 < box.y0 or e.x1 > box.x1 or e.y1 > box.y1]


CASES: dict[str, tuple[Callable[..., Axes], Callable[[int], pd.DataFrame]]] = {
    "shares": (figures.plot_shares, measures),
    "shares_of_two": (figures.plot_shares, two_measures),
    "intervals": (figures.plot_intervals, measures),
    "stacked": (figures.plot_stacked, stacked),
    "positions": (figures.plot_positions, positions),
    "tones": (figures.plot_tones, tones),
    "matrix": (figures.plot_matrix, matrix),
    "headlines": (figures.plot_headlines, headlines),
}


@pytest.mark.parametrize("n", [2, 40])
@pytest.mark.parametrize("case", CASES)
def test_nothing_is_cut_or_laid_over(case: str, n: int) -> None:
    """With 1 to 40 groups and long names all text lies inside a figure of page width, 8 points or larger, rows apart."""
    plot, table = CASES[case]
    ax = plot(table(n), limit=n)
    figure = ax.figure
    assert isinstance(figure, Figure)
    assert outside(figure) == []
    assert figure.get_figwidth() == pytest.approx(16 / 2.54, abs=0.05)
    assert min(t.get_fontsize() for t in texts(figure)) >= 8
    rows = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert len(rows) == n
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in pairwise(rows))


@pytest.mark.parametrize("plot", EMPTY, ids=lambda plot: plot.__name__)
def test_empty_tables_say_so(plot: Callable[..., Axes]) -> None:
    """A table without rows becomes a figure that says so."""
    ax = plot(pd.DataFrame(columns=EMPTY[plot].split()).astype({"estimate": float} if "estimate" in EMPTY[plot] else {}))
    assert ax.texts[0].get_text() == "The table has no rows to draw."


def test_bars_are_the_estimates_in_the_camps_colours() -> None:
    """The bars' lengths are the estimates, their colours the camps', their order the table's."""
    ax = figures.plot_shares(measures(3))
    assert [bar.get_width() for bar in ax.patches] == [1 / 2, 1 / 3, 1 / 4]  # type: ignore[attr-defined]
    assert [mpl.colors.to_hex(bar.get_facecolor()).upper() for bar in ax.patches] == [palette.colour(c).upper() for c in CAMPS[:3]]
    assert [label.get_text() for label in ax.get_yticklabels()] == [palette.label(c) for c in CAMPS[:3]]
    assert [t.get_text() for t in ax.texts] == ["50 % · n = 1", "33 % · n = 2", "25 % · n = 3"]


def test_interval_is_drawn_or_missing_and_said() -> None:
    """With intervals there are whiskers; without, the point is hollow and the axis says why."""
    with_them, without = figures.plot_intervals(measures(1, "mean_tone")), figures.plot_intervals(measures(1, "mean_tone", intervals=False))
    assert [line.get_xdata().tolist() for line in with_them.lines[:1]] == [[0.4, 0.6]]  # type: ignore[union-attr]
    assert with_them.get_xlabel().endswith("(whiskers: 95 % interval)")
    faces = [line.get_markerfacecolor() for line in without.lines if line.get_marker() == "o"]
    assert faces == [palette.PAPER]
    assert without.get_xlabel().endswith("(one document: no interval)")
    assert without.get_xlim()[0] < -1 < 1 < without.get_xlim()[1]


def test_some_intervals_missing_is_said() -> None:
    """Where only some groups have an interval the axis says so."""
    some = pd.concat([measures(1), measures(2, intervals=False).iloc[1:]])
    assert "where there is one" in figures.plot_shares(some).get_xlabel()


def test_full_count_needs_no_interval() -> None:
    """A count says that it is one, and its number stands once."""
    ax = figures.plot_shares(
        pd.DataFrame({"measure": "words", "document": ["a"], "estimate": 1364.0, "ci_low": np.nan, "ci_high": np.nan, "n": 1364, "n_documents": 1})
    )
    assert "a full count: no interval" in ax.get_xlabel()
    assert [t.get_text() for t in ax.texts] == ["1,364"]


def test_a_share_of_one_or_a_tone_of_one_shows_its_n() -> None:
    """100 % of one mention says that it is one, and is no full count; so does a tone of 1."""
    # planted fault: n hidden wherever it equals the estimate
    one = measure_rows("share_of_voice_words", [1.0], affiliation=["nato"]).assign(n=1)
    assert [t.get_text() for t in figures.plot_shares(one).texts] == ["100 % · n = 1"]
    assert "one document: no interval" in figures.plot_shares(one).get_xlabel()
    tone = measure_rows("mean_tone", [1.0], affiliation=["nato"]).assign(n=1)
    assert [t.get_text() for t in figures.plot_intervals(tone).texts] == ["1.00 · n = 1"]


def compared(measure: str = "share_of_voice_words") -> pd.DataFrame:
    """Return what compare gives for two speakers in two outlets."""
    rows = [("council", "Daily", "Herald", 0.375, 0.25, 0.03, 0.125, -0.004, 0.25), ("citizens", "Daily", "Herald", 0.25, 0.5, 0.0004, -0.25, -0.5, -0.125)]
    columns = ["affiliation", "first", "second", "estimate_first", "estimate_second", "p", "estimate", "ci_low", "ci_high"]
    return pd.DataFrame(rows, columns=columns).assign(measure=f"{measure}_difference", n=9, n_documents=8)


def test_a_difference_is_in_points_with_its_p() -> None:
    """Rows are named by their groups alone; differences are points with a true minus, a line stands at 0, and the axis says between whom."""
    ax = figures.plot_intervals(compared())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Council", "Citizens"]
    assert [t.get_text() for t in ax.texts] == ["+12 · p = .03 · n = 9", "−25 · p < .001 · n = 9"]
    assert ax.get_xlabel().startswith("Share of all attributed words: Daily less Herald, points\n")
    assert [0, 0] in [list(line.get_xdata()) for line in ax.lines]  # type: ignore[arg-type]
    ax.figure.canvas.draw()
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert {"0", "+20", "−20"} <= set(ticks)
    assert not any("%" in tick or "-" in tick for tick in ticks)
    above = figures.plot_intervals(compared().assign(estimate=0.2, ci_low=0.1, ci_high=0.3))
    assert [0, 0] in [list(line.get_xdata()) for line in above.lines]  # type: ignore[arg-type]


def test_a_difference_of_no_share_keeps_its_unit() -> None:
    """A difference of tones has two decimals and a sign; rows of other pairs of outlets are told apart by them."""
    ax = figures.plot_intervals(compared("mean_tone").iloc[:1].assign(p=0.004))
    assert [t.get_text() for t in ax.texts] == ["+0.12 · p = .004 · n = 9"]
    assert ax.get_xlabel().startswith("Mean tone (negative below 0, positive above): Daily less Herald\n")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Council"]
    two = figures.plot_intervals(compared().assign(affiliation="council", second=["Herald", "Post"]))
    assert [label.get_text() for label in two.get_yticklabels()] == ["Herald", "Post"]
    assert two.get_xlabel().startswith("Share of all attributed words, first less second, points")


def test_shares_below_zero_have_a_true_minus() -> None:
    """A corrected share can lie below 0."""
    ax = figures.plot_shares(measure_rows("corrected_share", [-0.1, 0.3], value=["a", "b"]))
    assert [t.get_text() for t in ax.texts] == ["−10 % · n = 2", "30 % · n = 2"]
    ax.figure.canvas.draw()
    assert not any("-" in label.get_text() for label in ax.get_xticklabels())


def test_groups_within_groups_stand_together() -> None:
    """Each outlet is a heading above its rows, the camps in the same order in both, a line between outlets, colours by the column the palette knows."""
    table = measure_rows(
        "share_of_voice_words", [0.7, 0.6, 0.4, 0.3], outlet=["Daily", "Herald", "Herald", "Daily"], affiliation=["nato", "nato", "russian", "russian"]
    )
    for plot in (figures.plot_shares, figures.plot_intervals):
        ax = plot(table)
        assert [label.get_text() for label in ax.get_yticklabels()] == ["NATO", "Russian"] * 2
        assert ax.get_yticks().tolist() == [1, 2, 4, 5]
        assert [t.get_text()[:4] for t in ax.texts[:4]] == ["70 %", "30 %", "60 %", "40 %"]
        assert [(t.get_text(), t.xy[1]) for t in ax.texts[4:]] == [("Daily", 0), ("Herald", 3)]  # type: ignore[attr-defined]
        assert [2.5, 2.5] in [list(line.get_ydata()) for line in ax.lines]  # type: ignore[arg-type]
    assert [mpl.colors.to_hex(bar.get_facecolor()).upper() for bar in figures.plot_shares(table).patches] == [
        palette.colour(c) for c in ("nato", "russian")
    ] * 2


def test_camps_stand_in_one_order_and_rows_of_zero_are_left_out() -> None:
    """By their share of all, an outlet with more attributions counting for more, whatever the order of the table; what is left out is said."""
    table = measure_rows(
        "share_of_voice_words", [0.6, 0.4, 0.9, 0.1, 0.0], outlet=[*"AABBB"], affiliation=["nato", "russian", "russian", "nato", "norway"]
    ).assign(n=[2, 2, 20, 4, 0])
    for order in (table, table.iloc[::-1]):
        ax = figures.plot_shares(order)
        assert [label.get_text() for label in ax.get_yticklabels()] == ["Russian", "NATO"] * 2
        assert "1 row of 0 (n = 0) left out" in ax.get_xlabel()


def test_whole_outlets_are_drawn_as_far_as_they_fit() -> None:
    """A limit keeps the outlets of largest n whole; of one that is larger than the limit the largest rows."""
    rows = [(outlet, camp, 10 * at + n) for at, outlet in enumerate("ABC") for n, camp in enumerate(("nato", "russian"), 1)]
    table = pd.DataFrame(rows, columns=["outlet", "affiliation", "n"]).assign(measure="label_share", estimate=0.5, n_documents=1)
    table = table.assign(ci_low=np.nan, ci_high=np.nan)
    ax = figures.plot_shares(table, limit=5)
    assert [text.get_text() for text in ax.texts if "n =" not in text.get_text()] == ["B", "C"]
    assert "4 of 6 rows shown: 2 of 3 outlets, those of largest n (limit=6 shows all)" in ax.get_xlabel().replace("\n", " ")
    assert len(figures.plot_shares(table, limit=1).get_yticklabels()) == 1


def test_a_camp_has_one_colour_whatever_part_is_drawn() -> None:
    """The colours come from all attributions that a table was made from, so that a figure of some camps, or of one outlet, does not change them."""
    camps = ["norway", "united_kingdom", "china", "france", "spain", "ngo", "turkey", "germany", "italy", "peru", "nato"]
    rows = pd.DataFrame({"affiliation": [camp for n, camp in enumerate(camps) for _ in range(20 - n)]})
    rows = rows.assign(attribution_id=[str(n) for n in range(len(rows))], document_id="a", kind="direct", content="no", start=0, end=1, attributor="hand@1")
    shares = na.share_of_voice(rows)

    def drawn(table: pd.DataFrame) -> dict[str, Any]:
        ax = figures.plot_shares(table)
        return {label.get_text(): bar.get_facecolor() for label, bar in zip(ax.get_yticklabels(), ax.patches, strict=True)}

    every = drawn(shares)
    assert len({shade for camp, shade in every.items() if camp not in ("Italy", "Peru")}) == 9
    assert every["Italy"] == every["Peru"] == mpl.colors.to_rgba(palette.SMALLER)
    assert {"United Kingdom", "NGO", "NATO"} <= set(every)
    some = drawn(shares[shares.affiliation.isin(["turkey", "peru", "norway"])])
    assert some == {camp: every[camp] for camp in some}
    assert not palette.has_study()


def test_use_style_takes_colours_and_labels_from_what_was_found() -> None:
    """use_style(found=...) names the camps as the codebook does and gives each its colour; use_style() takes both back."""
    attributions = pd.DataFrame({"attribution_id": ["1", "2"], "document_id": ["a", "a"], "affiliation": ["ngo", "norway"]})
    found = Found(pd.DataFrame({"document_id": ["a"]}), attributions, tables.empty("spans"), codebook="world")
    na.use_style(found=found)
    assert palette.label("ngo") == "Civil society"
    assert palette.colour("ngo") != palette.colour("norway")
    na.use_style()
    assert palette.label("ngo") == "ngo"


def test_pieces_beyond_the_colours_are_hatched_each_in_its_way() -> None:
    """Of twelve categories of one's own eight have colours, and the others are grey with hatches that differ, in the bar as in the key."""
    ax = figures.plot_stacked(measure_rows("code_share", [1 / 12] * 12, affiliation=["nato"] * 12, value=[f"k{n}" for n in range(12)]))
    assert len({bar.get_facecolor() for bar in ax.patches}) == 9
    assert len({bar.get_hatch() for bar in ax.patches}) == 5
    assert len({handle.get_hatch() for handle in ax.get_legend().get_patches()}) == 5  # type: ignore[union-attr]


def test_any_label_is_said_in_words() -> None:
    """The row of label_share for one label or more is named so."""
    table = measure_rows("label_share", [0.5, 0.25], actor=["Lee", "Lee"], label=["(any)", "separatist"])
    assert [label.get_text() for label in figures.plot_shares(table).get_yticklabels()] == ["any label", "separatist"]


@pytest.mark.parametrize("case", CASES)
def test_more_rows_than_fit_a_page_are_not_drawn_and_it_is_said(case: str) -> None:
    """Of 40 rows as many are drawn as fit a page, and the figure says how many; the table stays whole."""
    plot, table = CASES[case]
    ax = plot(table(40))
    shown = len(ax.get_yticklabels())
    assert 20 <= shown <= 30
    assert f"{shown} of 40" in ax.get_xlabel().replace("\n", " ")
    assert "limit=40" in ax.get_xlabel()


def tone_shares(**columns: list[str]) -> pd.DataFrame:
    """Return shares of tones in an order that is not theirs."""
    return measure_rows("target_tone_share", [0.2, 0.5, 0.3], actor=["NATO"] * 3, **columns)


def test_tones_run_from_negative_to_positive() -> None:
    """Negative, neutral, positive, whatever the table's order; three lightnesses far apart; small letters."""
    # planted fault: the label and colour of the class of cues that is called neutral, too
    ax = figures.plot_stacked(tone_shares(tone=["neutral", "positive", "negative"]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["negative", "neutral", "positive"]  # type: ignore[union-attr]
    assert [round(bar.get_width(), 6) for bar in ax.patches] == [0.3, 0.2, 0.5]  # type: ignore[attr-defined]
    light = sorted(116 * palette.lightness(mpl.colors.to_hex(bar.get_facecolor())) ** (1 / 3) - 16 for bar in ax.patches)
    assert min(after - before for before, after in pairwise(light)) > 18


def test_a_neutral_cue_stays_a_class_of_cues() -> None:
    """Cues that are all neutral keep their label and colour."""
    ax = figures.plot_stacked(measure_rows("code_share", [1.0], affiliation=["nato"], value=["neutral"]))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Neutral"]  # type: ignore[union-attr]
    assert [mpl.colors.to_hex(bar.get_facecolor()).upper() for bar in ax.patches] == [palette.colour("neutral")]


@pytest.mark.parametrize("measure", ["target_tone_net", "agency_balance", "label_share", "odds_ratio", "effective_number"])
def test_axes_are_named_in_words(measure: str) -> None:
    """No axis is called by the name of a measure."""
    title = figures.plot_intervals(measure_rows(measure, [0.5], actor=["NATO"])).get_xlabel()
    assert figures._plain(measure) + "\n" not in title
    assert len(title.splitlines()[0].split()) > 2


def test_whiskers_stand_clear_of_the_bars() -> None:
    """A whisker lies below its bar, within its row, in ink on white, with nothing around it; bars without whiskers stand in the middle."""
    ax = figures.plot_shares(measures(2))
    whiskers = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_marker() == "None"]  # type: ignore[arg-type]
    for y, (bar, line) in enumerate(zip(ax.patches, whiskers, strict=True)):
        assert y - 0.5 < bar.get_y() < bar.get_y() + bar.get_height() < line.get_ydata()[0] < y + 0.5  # type: ignore[attr-defined, index]
        assert line.get_color() == palette.INK
    assert not any(line.get_path_effects() for line in ax.lines)
    (bar,) = figures.plot_shares(measures(1, intervals=False)).patches
    assert bar.get_y() + bar.get_height() / 2 == pytest.approx(0)  # type: ignore[attr-defined]


def test_missing_estimate_is_written() -> None:
    """A group without an estimate is named, not dropped."""
    ax = figures.plot_intervals(measures(2, "voice_gap").assign(estimate=[-0.5, np.nan], ci_low=np.nan, ci_high=np.nan))
    assert [t.get_text() for t in ax.texts] == ["−0.50 · n = 1", "no estimate · n = 2"]


def test_pieces_add_to_the_whole() -> None:
    """The pieces of a stacked bar lie end to end in the palette's order and add to 1; small ones go unlabelled."""
    ax = figures.plot_stacked(stacked(1))
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]  # type: ignore[attr-defined]
    assert ends[-1][1] == pytest.approx(1)
    assert all(before[1] == pytest.approx(after[0]) for before, after in pairwise(ends))
    assert [t.get_text() for t in ax.texts] == ["3", "1", "2", "n = 6"]


def test_stack_of_one_group_column_needs_no_group() -> None:
    """Categories alone become one bar."""
    ax = figures.plot_stacked(stacked(1).drop(columns="affiliation").iloc[:, [0, *range(1, 7)]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["all"]


def measure_rows(measure: str, estimates: list[float], **groups: list[str]) -> pd.DataFrame:
    """Return a measures table with these estimates and group columns."""
    return pd.DataFrame({"measure": measure, **groups, "estimate": estimates, "ci_low": np.nan, "ci_high": np.nan, "n": 2, "n_documents": 1})


ALIKE = ["a_b", "a b"]
FOUND = Found(*(tables.empty(name) for name in ("documents", "attributions", "spans", "errors")))


def test_groups_with_the_same_label_keep_their_rows() -> None:
    """Two outlets that are labelled alike are two bars, each with its own second measure."""
    words, attributions = (measure_rows(f"share_of_voice_{what}", [0.6, 0.4], outlet=ALIKE) for what in ("words", "attributions"))
    second = attributions.assign(estimate=[0.1, 0.9])
    ax = figures.plot_shares(pd.concat([words, second]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a b", "a b"]
    assert [t.get_text() for t in ax.texts] == ["60 % · 10 % · n = 2", "40 % · 90 % · n = 2"]
    assert [label.get_text() for label in figures.plot_shares(words).get_yticklabels()] == ["a b", "a b"]


def test_stacks_with_the_same_label_keep_their_rows() -> None:
    """Two outlets, and two categories, that are labelled alike are drawn apart; so is a group without a name."""
    table = measure_rows("code_share", [0.5, 0.5, 0.25, 0.75, 1.0], outlet=["a_b", "a_b", "a b", "a b", None], value=[*ALIKE, *ALIKE, "a_b"])  # type: ignore[list-item]
    ax = figures.plot_stacked(table)
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == ["a b", "a b"]
    assert [(round(bar.get_y() + 0.33), bar.get_width()) for bar in ax.patches] == [(0, 0.5), (0, 0.5), (1, 0.25), (1, 0.75), (2, 1.0)]  # type: ignore[attr-defined]


WRONG: dict[str, tuple[Callable[..., Axes], Any, str]] = {
    "stacked diversity": (figures.plot_stacked, measure_rows("source_entropy", [0.5]), "a column of categories"),
    "stacked diversities": (figures.plot_stacked, pd.concat([measure_rows(m, [0.5]) for m in ("entropy", "simpson")]), "2 measures in one table"),
    "stacked balance": (figures.plot_stacked, measure_rows("camp_balance_words", [-0.5], outlet=["a"]), "not shares of a whole"),
    "stacked tones": (figures.plot_stacked, measure_rows("mean_tone", [0.9, 0.9], voice=["own", "attributed"]), "not shares of a whole"),
    "stacked twice": (figures.plot_stacked, measure_rows("kind_share", [0.5, 0.5], kind=["mixed", "mixed"]), "kind 'mixed' stands there twice"),
    "intervals of two": (figures.plot_intervals, two_measures(2), "plot_intervals: 2 measures"),
    "shares of three": (figures.plot_shares, pd.concat([two_measures(1), measures(1, "x")]), "plot_shares: 3 measures"),
    "shares of a Found": (figures.plot_shares, FOUND, "a Found was given"),
    "positions of a Found": (figures.plot_positions, FOUND, "plot_positions: a pandas DataFrame is needed, not Found"),
    "positions": (figures.plot_positions, positions(1).drop(columns=["start", "end"]), "needs the columns 'start', 'end'; the columns found are"),
    "positions of no group": (figures.plot_positions, positions(1).drop(columns="affiliation"), "a column of groups"),
    "tones": (figures.plot_tones, measures(1), "needs the columns 'text', 'coder', 'score'"),
    "matrix": (figures.plot_matrix, headlines(1).iloc[:, :2], "three columns"),
    "matrix of words": (figures.plot_matrix, pd.DataFrame({"a": ["x"], "b": ["y"], "c": ["z"]}), "and a number"),
    "headlines": (figures.plot_headlines, headlines(1).iloc[:, :1], "one or more columns"),
    "concordance": (figures.plot_concordance, headlines(1), "needs the columns 'left', 'match', 'right'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_tables_for_other_figures_are_refused(case: str) -> None:
    """A table that a figure is not for is refused in one sentence, before anything is drawn."""
    plot, table, message = WRONG[case]
    with pytest.raises(tables.TableError, match=message):
        plot(table)
    assert not plt.get_fignums()


def test_axes_given_are_used_and_the_users_style_stays() -> None:
    """A plot draws on the Axes given, and changes none of the user's settings."""
    before = mpl.rcParams.copy()
    _, ax = plt.subplots()
    assert figures.plot_shares(measures(2), ax=ax) is ax
    assert mpl.rcParams == before


def test_hostile_names_are_drawn_as_they_are() -> None:
    """Dollar signs are no formulas, tags no tags, an endless word is broken."""
    names = ["$x^$ costs $5", "<b>&amp;</b>", "x" * 200]
    ax = figures.plot_shares(measures(3).assign(affiliation=names))
    assert isinstance(ax.figure, Figure)
    assert outside(ax.figure) == []
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == names[:2]


def test_concordance_shows_whole_words() -> None:
    """Halves of words at the ends of the context become an ellipsis; the match is bold and attributed lines are shaded."""
    lines = pd.DataFrame(
        {"left": ["alf of the "], "match": ["so-called"], "right": [" republic tod"], "start": [50], "voice": ["attributed"], "note": ["so_called"]}
    )
    ax = figures.plot_concordance(lines)
    assert [t.get_text() for t in ax.texts] == ["so-called", "… of the", "republic …", "so called"]
    assert ax.texts[0].get_weight() == "bold"
    assert len(ax.patches) == 1


def test_the_shading_of_a_concordance_is_explained() -> None:
    """With a voice there is a key of both grounds; without, none; nothing is cut."""
    lines = pd.DataFrame({"left": ["of the "] * 2, "match": ["so-called"] * 2, "right": [" republic."] * 2, "voice": ["own", "attributed"]})
    ax = figures.plot_concordance(lines)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["the outlet's words", "inside what a source said"]  # type: ignore[union-attr]
    key = [mpl.colors.to_hex(patch.get_facecolor()) for patch in ax.get_legend().get_patches()]  # type: ignore[union-attr]
    assert key == ["#ffffff", mpl.colors.to_hex(ax.patches[0].get_facecolor())]
    assert isinstance(ax.figure, Figure)
    assert outside(ax.figure) == []
    assert figures.plot_concordance(lines.drop(columns="voice")).get_legend() is None


def test_two_equal_scores_are_both_seen() -> None:
    """Where two coders give the same score, the second stands inside the ring of the first."""
    # planted fault: the first as a filled dot, of which the second leaves nothing to see
    scores = pd.DataFrame({"text": "A day.", "coder": ["vader@1", "textblob@1"], "score": [0.0, 0.0]})
    first, second = (line for line in figures.plot_tones(scores).lines if line.get_marker() in ("o", "D"))
    assert mpl.colors.to_hex(first.get_markerfacecolor()) == "#ffffff"
    assert first.get_markersize() - first.get_markeredgewidth() > second.get_markersize() * 2**0.5


def _saved(folder: Path) -> dict[str, bytes]:
    ax = figures.plot_shares(measures(2))
    figures.save_figure(ax, folder / "01_x.y", measures(2).assign(note=["=1+1", "@x"]))
    plt.close("all")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_files_are_equal_when_drawn_again(tmp_path: Path) -> None:
    """SVG, PNG and CSV have the same bytes the second time, even under another style, and a point in the name is kept."""
    first = _saved(tmp_path / "a")
    mpl.rcParams.update({"savefig.dpi": 33, "svg.hashsalt": "other", "font.size": 30})
    assert list(first) == ["01_x.y.csv", "01_x.y.png", "01_x.y.svg"]
    assert _saved(tmp_path / "b") == first


def test_files_name_no_program_date_or_formula(tmp_path: Path) -> None:
    """Neither picture says by which program or when it was made; text cells cannot run as formulas."""
    saved = _saved(tmp_path)
    assert b"Software" not in saved["01_x.y.png"]
    assert b"matplotlib.org" not in saved["01_x.y.svg"].replace(b'xmlns:cc="http://creativecommons.org/ns#"', b"")
    assert b"<dc:date>" not in saved["01_x.y.svg"]
    assert b"'=1+1" in saved["01_x.y.csv"]
    assert b"'@x" in saved["01_x.y.csv"]
    assert b"0.333333," in saved["01_x.y.csv"]
    assert b"\r" not in saved["01_x.y.csv"]


def test_headers_are_no_formulas(tmp_path: Path) -> None:
    """The name of a column cannot run as a formula either."""
    figures.save_figure(figures.plot_shares(measures(1)), tmp_path / "a", pd.DataFrame({"=1+1": [1]}))
    assert (tmp_path / "a.csv").read_text() == "'=1+1\n1\n"


@pytest.mark.parametrize("ending", ["svg", "png", "csv"])
def test_a_file_is_never_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """If writing breaks off, the file of before is still whole and no other file lies beside it."""
    before = _saved(tmp_path)
    writer = pd.DataFrame if ending == "csv" else Figure
    method = "to_csv" if ending == "csv" else "savefig"
    write: Callable[..., None] = getattr(writer, method)

    def broken(self: Any, path: Any, **options: Any) -> None:
        write(self, path, **options)
        if Path(path).suffix == f".{ending}":
            Path(path).write_bytes(b"half")
            raise OSError("disk full")

    monkeypatch.setattr(writer, method, broken)
    with pytest.raises(OSError, match="disk full"):
        _saved(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_png_is_whole(tmp_path: Path) -> None:
    """The PNG is 16 cm wide at 220 dots per inch."""
    png = _saved(tmp_path)["01_x.y.png"]
    assert int.from_bytes(png[16:20]) == int(style.WIDTH * 220)
    assert zlib.crc32(png[12:29]) == int.from_bytes(png[29:33])


def test_axes_without_figure_cannot_be_saved(tmp_path: Path) -> None:
    """Axes that were removed from their figure are refused in words."""
    ax: Any = figures.plot_shares(measures(1))
    ax.remove()
    with pytest.raises(ValueError, match="in no figure"):
        figures.save_figure(ax, tmp_path / "x", measures(1))


@pytest.mark.parametrize("name", [row["name"] for row in palette._rows()])
def test_numbers_read_on_every_colour(name: str) -> None:
    """White or ink reaches a contrast of 4.5 to 1 on every colour of the palette, those for a study's own camps too."""
    ground = next(row["colour"] for row in palette._rows() if row["name"] == name)
    low, high = sorted(palette.lightness(colour) + 0.05 for colour in (ground, palette.ink_on(ground)))
    assert high / low >= 4.5


@pytest.mark.parametrize(
    ("n", "written"), [(7, "7"), (9_999, "9,999"), (10_000, "10k"), (999_499, "999k"), (999_500, "1.0M"), (45_600_000, "46M"), (2e9, "2.0B")]
)
def test_large_numbers_in_circles_are_shortened(n: float, written: str) -> None:
    """Thousands, millions and billions from 10,000 on, in no more than five signs; the number in the circle is that of the table."""
    ax = figures.plot_matrix(pd.DataFrame({"actor": ["nato"], "side": ["acts"], "n": [n]}))
    assert [text.get_text() for text in ax.texts] == [written]


def test_a_number_wider_than_its_circle_is_dark_with_a_light_edge() -> None:
    """White only where the whole number stands on the circle; beyond it white would be lost on the paper."""
    table = pd.DataFrame({"actor": ["nato", "russian", "ukrainian"], "about": "russian", "n": [990, 120, 7]})
    numbers = figures.plot_matrix(table).texts
    assert [text.get_color() for text in numbers] == [palette.PAPER, palette.INK, palette.PAPER]
    assert [bool(text.get_path_effects()) for text in numbers] == [False, True, False]


def test_two_camps_of_ones_own_have_two_colours():
    """Names that the palette does not know, and whose letters choose the same colour, differ within one figure and one text."""
    city, traders, other = style.fills(["city", "traders", "other"])
    assert palette.colour("city") == palette.colour("traders")
    assert len({city, traders, other}) == 3
