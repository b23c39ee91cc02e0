"""Figures of any corpus: whatever the groups and numbers, no text lies over another, none leaves the figure, and the figure fits a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import newsanalysis as na
from newsanalysis import palette, style
from newsanalysis.periods import PERIODS
from newsanalysis.reliability import table as calibrated

LONG = "The Consolidated Regional Gazette and Evening Advertiser n{}"
SCRIPTS = ["الجزيرة نت", "Le Monde 🚀🗞️", "朝日新聞", "Ωmega $x^2$ & <b>", "a\u202eb\u0007c", "Ĝazeto ŭ", "👩‍👩‍👧", "الشرق الأوسط جريدة العرب الدولية"]


class Case(NamedTuple):
    """What the tables of a case are like."""

    groups: list[Any]
    others: list[Any]
    value: Callable[[int], float] = lambda n: 1 / (n % 7 + 2)
    intervals: bool = True
    n: int = 12
    n_documents: int = 5


def outlets(n: int) -> list[str]:
    """Short and middling names."""
    return [f"{name} {k}" for k, name in zip(range(n), ["Post", "Daily Mirror", "Evening Standard", "Tribune of the West"] * n, strict=False)]


CAMPS = [*palette.names("camp"), "civil_society", "business", "clergy", "opposition"]
CASES = {
    "40 outlets": Case(outlets(40), CAMPS[:3]),
    "40 of both": Case(outlets(40), outlets(40)),
    "one camp": Case(CAMPS[:1], outlets(1)),
    "two outlets": Case(outlets(2), CAMPS[:3]),
    "12 camps": Case(CAMPS, CAMPS),
    "a group without a name": Case([None, "nato", "(missing)"], [None, "ukrainian"]),
    "names of 60 characters": Case([LONG.format(k) for k in range(12)], [LONG.format(k) for k in range(5)]),
    "40 names of 60 characters": Case([LONG.format(k) for k in range(40)], [LONG.format(k) for k in range(12)]),
    "one word of 80 letters": Case(["x" * 80, "y" * 80], ["z" * 80, "w" * 40]),
    "other scripts": Case(SCRIPTS, SCRIPTS[:4]),
    "no intervals": Case(outlets(6), CAMPS[:4], intervals=False),
    "one document": Case(outlets(3), CAMPS[:2], intervals=False, n=1, n_documents=1),
    "all zero": Case(outlets(5), CAMPS[:4], value=lambda _: 0.0),
    "at the borders": Case(outlets(6), CAMPS[:4], value=lambda n: float([0.0, 1.0][n % 2])),
    "below zero": Case(outlets(6), CAMPS[:4], value=lambda n: [-1.0, 1.0, -0.31][n % 3]),
    "large numbers": Case(outlets(6), CAMPS[:4], n=1_234_567, n_documents=99_999),
    "no estimate": Case(outlets(4), CAMPS[:3], value=lambda n: [np.nan, 0.25][n % 2]),
}


def measures(case: Case, measure: str, rows: list[tuple[Any, ...]], columns: list[str]) -> pd.DataFrame:
    """A table of measures with a row for each group, or combination of groups."""
    estimate = np.array([case.value(n) for n in range(len(rows))], dtype=float)
    has = case.intervals & ~np.isnan(estimate)
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "measure", measure)
    bounds = {"ci_low": np.where(has, estimate - 0.1, np.nan), "ci_high": np.where(has, estimate + 0.1, np.nan)}
    return table.assign(estimate=estimate, **bounds, n=[case.n + n for n in range(len(rows))], n_documents=case.n_documents)


def one(case: Case, measure: str = "share_of_voice_words") -> pd.DataFrame:
    """A measure of one group."""
    return measures(case, measure, [(g,) for g in case.groups], ["outlet"])


def two(case: Case, measure: str = "mean_tone") -> pd.DataFrame:
    """A measure of two groups."""
    return measures(case, measure, [(g, o) for g in case.groups for o in case.others], ["outlet", "affiliation"])


def both(case: Case) -> pd.DataFrame:
    """Two measures of the same groups."""
    return pd.concat([one(case), one(case, "share_of_voice_attributions")], ignore_index=True)


def stacked(case: Case) -> pd.DataFrame:
    """Shares of a whole in each group."""
    table = two(case, "code_share").rename(columns={"affiliation": "value"})
    table["estimate"] = table["estimate"].abs().fillna(0)
    whole = table.groupby("outlet", dropna=False)["estimate"].transform("sum")
    return table.assign(estimate=(table["estimate"] / whole).where(whole > 0, 0.0), ci_low=np.nan, ci_high=np.nan)


def timeline(case: Case, period: str = "month") -> pd.DataFrame:
    """A measure by group and month, with a gap and rows without a date."""
    days = pd.Series(pd.date_range("2022-01-01", periods=14, freq={"day": "D", "week": "W", "month": "MS", "quarter": "QS", "year": "YS"}[period]))
    written = na.with_period(pd.DataFrame({"document_id": [f"d{n}" for n in range(14)], "published": days}), period=period)[period].tolist()
    rows = [(when, g) for g in case.groups for when in [*written[:4], *written[6:], None]]
    return measures(case, "share_of_voice_words", rows, [period, "outlet"])


def profile(case: Case) -> pd.DataFrame:
    """Who speaks where in the texts."""
    return measures(case, "voice_profile", [(g, str(k)) for g in case.groups for k in range(1, 11)], ["outlet", "tenth"])


def about(case: Case, *, tones: bool = True) -> pd.DataFrame:
    """Who speaks about whom."""
    shares = measures(case, "about_share", [(g, o) for g in case.groups for o in case.others], ["affiliation", "about"])
    return pd.concat([shares, shares.assign(measure="about_tone_net")], ignore_index=True) if tones else shares


def matrix(case: Case) -> pd.DataFrame:
    """Counts of pairs."""
    return about(case, tones=False)[["affiliation", "about", "n"]]


def words(case: Case) -> pd.DataFrame:
    """Keyness of the names as words."""
    names = [str(g) for g in case.groups]
    z = np.array([case.value(n) * 5 * (-1) ** n for n in range(len(names))])
    return pd.DataFrame({"word": names, "z": z, "z_articles": np.where(np.arange(len(names)) % 2, z / 2, z * 1.3 if case.intervals else np.nan)})


def agreed(case: Case) -> pd.DataFrame:
    """Agreement on variables of these names."""
    alpha = measures(case, "krippendorff_alpha", [(str(g),) for g in case.groups], ["variable"])
    return pd.concat([alpha.assign(measure="percent_agreement", estimate=alpha["estimate"].abs()), alpha], ignore_index=True)


def pieces(case: Case) -> pd.DataFrame:
    """A piece of text a group."""
    return pd.DataFrame({"outlet": case.groups, "start": range(0, 20 * len(case.groups), 20), "length": 1000}).assign(end=lambda t: t["start"] + 30)


def toned(case: Case) -> pd.DataFrame:
    """Scores of texts of these names by two coders."""
    rows = [(f"{g}", coder, case.value(n)) for n, g in enumerate(case.groups) for coder in ("vader@1", "textblob@1")]
    return pd.DataFrame(rows, columns=["text", "coder", "score"]).dropna().assign(voice="attributed")


def headlines(case: Case) -> pd.DataFrame:
    """Features of headlines of these names, as many as there are other groups."""
    features = {f"{str(o)[:24]} {k}": [n % 2 == 0 for n in range(len(case.groups))] for k, o in enumerate(case.others[:12])}
    return pd.DataFrame({"headline": [str(g) for g in case.groups], **features, "tone": [case.value(n) for n in range(len(case.groups))]})


def lines(case: Case) -> pd.DataFrame:
    """Words in a context of 30 letters."""
    rows = [("the opening of the newest ", str(g)[:20], " and what was said of it,", "own", str(case.others[0])) for g in case.groups]
    return pd.DataFrame(rows, columns=["left", "match", "right", "voice", "note"])


def pairs(case: Case) -> pd.DataFrame:
    """Shares by hand and by machine."""
    share = np.nan_to_num(np.abs([case.value(n) for n in range(len(case.groups))]))
    low = -0.05 if case.intervals else np.nan
    return pd.DataFrame({"outlet": case.groups, "hand": share, "machine": share * 0.8, "ci_low": low, "ci_high": low + 0.1})


def scored(case: Case) -> pd.DataFrame:
    """Scores of measures of these names."""
    value = np.nan_to_num(np.clip([case.value(n) for n in range(len(case.groups))], 0, 1))
    ours = pd.DataFrame({"group": "Scores", "label": [str(g) for g in case.groups], "system": "here", "mark": "package", "estimate": value})
    ours = ours.assign(ci_low=np.clip(value - 0.1, 0, 1) if case.intervals else np.nan, ci_high=np.clip(value + 0.1, 0, 1))
    return pd.concat([ours, ours.assign(system="Orca", mark="other", estimate=0.5)], ignore_index=True)


def confidences(case: Case) -> pd.DataFrame:
    """Calibration by bins."""
    confidence = np.repeat(np.linspace(0.05, 0.95, 10), case.n_documents * 4)
    right = (np.arange(len(confidence)) % 10 < confidence * 10).astype(int)
    return calibrated(pd.DataFrame({"document_id": [f"d{n}" for n in range(len(confidence))], "confidence": confidence, "right": right}))


PLOTS: dict[str, tuple[Callable[..., Axes], Callable[[Case], pd.DataFrame]]] = {
    "shares": (na.plot_shares, one),
    "two measures": (na.plot_shares, both),
    "shares of two groups": (na.plot_shares, lambda case: two(case, "label_share")),
    "intervals": (na.plot_intervals, lambda case: one(case, "mean_tone")),
    "intervals of two groups": (na.plot_intervals, two),
    "stacked": (na.plot_stacked, stacked),
    "timeline": (na.plot_timeline, timeline),
    "profile": (na.plot_profile, profile),
    "panels": (na.plot_panels, two),
    "network": (na.plot_network, about),
    "network without tone": (na.plot_network, lambda case: about(case, tones=False)),
    "matrix": (na.plot_matrix, matrix),
    "keyness": (na.plot_keyness, words),
    "agreement": (na.plot_agreement, agreed),
    "positions": (na.plot_positions, pieces),
    "tones": (na.plot_tones, toned),
    "headlines": (na.plot_headlines, headlines),
    "concordance": (na.plot_concordance, lines),
    "scores": (na.plot_scores, scored),
    "pairs": (na.plot_pairs, pairs),
    "reliability": (na.plot_reliability, confidences),
}
NAMED = tuple(name for name in PLOTS if name != "reliability")  # has no groups
NUMBERED = ("shares", "two measures", "intervals", "stacked", "timeline", "profile", "panels", "network", "keyness", "agreement", "scores", "pairs")
CROSSED = ("shares of two groups", "panels", "network", "matrix")
ON_PAGES: dict[str, tuple[str, ...]] = {  # a case of names for every plot, of numbers for those that write numbers, of many rows and columns where they differ
    **dict.fromkeys(("one camp", "a group without a name", "40 names of 60 characters", "one word of 80 letters", "other scripts"), NAMED),
    **dict.fromkeys(("no intervals", "all zero", "at the borders", "below zero", "no estimate"), NUMBERED),
    "one document": (*NUMBERED, "reliability"),
    "large numbers": (*NUMBERED, "matrix"),
    "40 outlets": ("shares", "stacked", "agreement", "tones"),
    "12 camps": (*CROSSED, "stacked"),
    "40 of both": CROSSED,
    "names of 60 characters": (*CROSSED, "stacked", "headlines"),
}
IN_COLUMNS = ("shares", "two measures", "intervals", "stacked", "timeline", "profile", "panels", "network", "matrix", "keyness", "agreement", "positions")
COLUMN_CASES = ("one camp", "12 camps", "names of 60 characters", "large numbers")


@pytest.fixture(autouse=True)
def _drawn_off_screen() -> Iterator[None]:
    mpl.use("Agg")
    with mpl.rc_context():
        yield
    na.use_style()
    plt.close("all")


def drawn_texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any, float]]:
    """Every text as it is drawn: its words, where it lies, and its size."""
    figure.draw_without_rendering()  # once, as savefig does, so that the layout has settled
    found: list[tuple[str, Any, float]] = []
    draw = Text.draw

    def recorded(self: Text, renderer: Any, *args: Any, **options: Any) -> Any:
        if self.get_visible() and self.get_text().strip():
            found.append((self.get_text(), Text.get_window_extent(self, renderer), float(self.get_fontsize())))
        return draw(self, renderer, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Text, "draw", recorded)
        figure.draw_without_rendering()
    return found


def faults(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is wrong with the texts of a figure: too small, cut by the edge, or one over another."""
    texts = drawn_texts(figure, monkeypatch)
    assert texts
    box = figure.bbox.padded(1)
    said = [f"too small: {text!r}" for text, _, size in texts if size < 8]
    said += [f"outside: {text!r}" for text, e, _ in texts if e.x0 < box.x0 or e.y0 < box.y0 or e.x1 > box.x1 or e.y1 > box.y1]
    x0, y0, x1, y1 = np.array([extent.extents for _, extent, _ in texts]).T
    wide, high = (np.minimum.outer(end, end) - np.maximum.outer(start, start) for start, end in ((x0, x1), (y0, y1)))
    over = np.argwhere(np.triu((wide > 1.5) & (high > 1.5), 1))
    return said + [f"over each other: {texts[one][0]!r} and {texts[other][0]!r}" for one, other in over]


@pytest.mark.parametrize(("plot", "case"), [(plot, case) for case, plots in ON_PAGES.items() for plot in plots])
def test_no_text_lies_over_another_or_leaves_the_page(plot: str, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a page's width: type of 8 points or more, nothing cut, nothing over another, no higher than a page."""
    # planted faults, each of which was seen: no room for the numbers right of the marks; heads of columns never turned; rows without end
    draw, table = PLOTS[plot]
    figure = draw(table(CASES[case])).figure
    assert isinstance(figure, Figure)
    assert faults(figure, monkeypatch) == []
    assert figure.get_figheight() <= 24.6 / 2.54


@pytest.mark.parametrize("case", COLUMN_CASES)
@pytest.mark.parametrize("plot", IN_COLUMNS)
def test_the_same_holds_in_a_column(plot: str, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 8.5 cm, with the type as large."""
    na.use_style(width="column")
    draw, table = PLOTS[plot]
    figure = draw(table(CASES[case])).figure
    assert isinstance(figure, Figure)
    assert figure.get_figwidth() == pytest.approx(8.5 / 2.54, abs=0.01)
    assert faults(figure, monkeypatch) == []
    assert figure.get_figheight() <= 24.6 / 2.54


@pytest.mark.parametrize("period", PERIODS)
def test_every_period_has_its_times(period: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days, weeks, months, quarters and years are named below the lanes as the table writes them."""
    table = timeline(CASES["two outlets"], period)
    ax = na.plot_timeline(table)
    assert faults(ax.figure, monkeypatch) == []  # type: ignore[arg-type]
    named = [label.get_text() for label in ax.get_xticklabels()]
    assert 2 <= len(named) <= 7
    assert named[0] == table[period].dropna().min()
    assert all(style_of(one, period) for one in named)


ROWS = ("shares", "intervals", "stacked", "timeline", "profile", "panels", "matrix", "agreement", "positions", "tones", "headlines", "scores", "pairs")


@pytest.mark.parametrize("plot", ROWS)
@pytest.mark.parametrize("case", ["40 names of 60 characters", "other scripts"])
def test_no_two_rows_are_called_alike(plot: str, case: str) -> None:
    """Names that begin alike keep their end, those of signs that cannot be drawn get a number: each row has a name of its own."""
    # planted fault, which was seen: twelve rows called "The Consolidated Regional Gazette and Evening …"
    draw, table = PLOTS[plot]
    named = [label.get_text() for label in draw(table(CASES[case])).get_yticklabels()]
    assert len(named) > 4
    assert len(set(named)) == len(named)


def test_no_two_categories_panels_or_columns_are_called_alike() -> None:
    """The same holds of a key, of the heads of panels and columns, and of both sides of a network."""
    case = CASES["names of 60 characters"]
    key = na.plot_stacked(stacked(case)).get_legend()
    assert key is not None
    heads = [label.get_text() for label in na.plot_matrix(matrix(case)).get_xticklabels()]
    features = [label.get_text() for label in na.plot_headlines(headlines(case)).get_xticklabels()]
    panels = [text.get_text() for text in na.plot_panels(two(case)).texts]
    sides = [text.get_text().split("n =")[0] for text in na.plot_network(about(case)).texts]
    for named, many in (([text.get_text() for text in key.get_texts()], 5), (heads, 5), (features, 6), (panels, 5), (sides[:12], 12), (sides[12:17], 5)):
        assert len(set(named)) == len(named) == many


def test_no_word_of_a_panels_head_is_broken() -> None:
    """A head whose longest word is wider than its panel is turned, not cut into "Unspeci" and "fied"."""
    case = CASES["12 camps"]
    heads = [text.get_text().replace("\n", " ") for text in na.plot_panels(two(case)).texts]
    assert len(heads) == 6
    assert set(heads) <= {palette.label(camp) for camp in CAMPS}


@pytest.mark.parametrize("case", ["one camp", "12 camps", "names of 60 characters", "large numbers"])
@pytest.mark.parametrize("plot", ["shares", "two measures", "intervals", "shares of two groups", "agreement"])
def test_a_scale_has_two_numbers_or_more(plot: str, case: str) -> None:
    """Also where the names and the numbers of the rows leave little room, in a column: with one number nobody reads a scale."""
    # planted fault, which was seen: 0 alone below tones in a column
    na.use_style(width="column")
    draw, table = PLOTS[plot]
    ax = draw(table(CASES[case]))
    ax.figure.canvas.draw()
    left, right = ax.get_xlim()
    assert len([tick for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True) if left <= tick <= right and label.get_text()]) >= 2


def test_a_group_without_a_name_is_grey_and_called_so() -> None:
    """What measures call (missing) has no colour that a group could have, and is named as a missing name is."""
    ax = na.plot_shares(one(CASES["a group without a name"]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["not given", "NATO", "not given"]
    assert [mpl.colors.to_hex(bar.get_facecolor()).upper() for bar in ax.patches] == [palette.colour(name) for name in (None, "nato", None)]  # type: ignore[attr-defined]
    assert palette.colours(["(missing)", "norway"])["(missing)"] == palette.colour(None)


@pytest.mark.parametrize("case", ["two outlets", "12 camps", "40 of both"])
def test_the_lines_of_a_name_take_no_more_than_its_place(case: str) -> None:
    """However many pairs there are, the lines that meet at a name together are no broader than a row, so that they do not become one blot."""
    for width, step in (("page", 0.36), ("column", 0.5)):
        na.use_style(width=width)
        ax = na.plot_network(about(CASES[case], tones=False))
        lines = [line for line in ax.lines if len(line.get_xdata()) == 40]  # type: ignore[arg-type]
        at: dict[float, float] = {}
        for line in lines:
            start = round(float(line.get_ydata()[0]), 3)  # type: ignore[index]
            at[start] = at.get(start, 0.0) + line.get_linewidth()
        assert max(at.values()) <= 72 * step
        assert max(line.get_linewidth() for line in lines) <= 9


def test_figures_say_how_many_there_are() -> None:
    """Panels and lanes say the n of their points, positions the pieces of each lane, two measures the n that they share."""
    case = CASES["two outlets"]
    assert "; n = 12 to 17)" in na.plot_panels(two(case)).get_xlabel()
    assert "; n = 12 to 36)" in na.plot_timeline(timeline(case)).get_xlabel().replace("\n", " ")
    assert [text.get_text() for text in na.plot_positions(pieces(case)).texts] == ["lead", "n = 1", "n = 1"]
    assert [text.get_text() for text in na.plot_shares(both(case)).texts] == ["50 % · 50 % · n = 12", "33 % · 33 % · n = 13"]


def test_an_n_is_not_broken() -> None:
    """A line is broken before or after "n = 12 to 36", never within."""
    na.use_style(width="column")
    for width in range(20, 40):
        lines = style.broken(None, "(whiskers: 95 % interval; n = 12 to 36)", share=width / 50)
        assert any("n = 12 to 36" in line for line in lines)


def test_periods_without_neighbours_have_whiskers() -> None:
    """A timeline of one month has no band, and does not say that it has."""
    month = timeline(CASES["two outlets"]).query("month == '2022-01'")
    assert "(whiskers: 95 % interval; by month; n = 12 to 25)" in na.plot_timeline(month).get_xlabel()


def test_ten_years_in_a_column_have_three_times() -> None:
    """Five years apart would leave two."""
    months = [f"{year}-{month:02d}" for year in range(2014, 2024) for month in range(1, 13)]
    na.use_style(width="column")
    ax = na.plot_timeline(measures(CASES["one camp"], "share_of_voice_words", [(month, "nato") for month in months], ["month", "affiliation"]))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2014-01", "2018-01", "2022-01"]


def test_the_key_of_one_row_lies_in_the_figure() -> None:
    """Marks of the key above a single row are not cut either."""
    ax = na.plot_agreement(agreed(CASES["one camp"]))
    ax.figure.canvas.draw()
    key = ax.get_legend()
    assert key is not None
    assert key.get_window_extent().y1 <= ax.figure.bbox.y1 + 1


def test_outlets_are_of_one_colour_in_pairs_too() -> None:
    """Forty outlets have no forty colours; the palette's camps have theirs."""
    for case, many in (("40 outlets", 1), ("12 camps", 12)):
        ax = na.plot_pairs(pairs(CASES[case]))
        dots = {line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o" and line.get_markerfacecolor() != palette.PAPER}
        assert len(dots) == many


def test_a_matrix_draws_its_circles_at_once() -> None:
    """One collection, however many pairs there are: one each took seconds for twelve groups."""
    assert len(na.plot_matrix(matrix(CASES["40 of both"])).collections) == 1


def test_a_long_word_is_cut_and_not_lost() -> None:
    """Of a word that is longer than its line there is the beginning."""
    na.use_style(width="column")
    ax = na.plot_keyness(pd.DataFrame({"word": ["incomprehensible"], "z": [3.0], "z_articles": [2.0]}))
    assert ax.texts[0].get_text() == "incomprehensi…"


def style_of(written: str, period: str) -> bool:
    """Whether a period is written as in a table."""
    from newsanalysis.periods import number_of

    return number_of(written, period) is not None


@pytest.mark.parametrize("plot", NAMED)
def test_a_table_without_rows_says_so(plot: str) -> None:
    """Every plot draws a sentence in place of an empty figure."""
    draw, table = PLOTS[plot]
    ax = draw(table(CASES["two outlets"]).head(0))
    assert [text.get_text() for text in ax.texts] == ["The table has no rows to draw."]


def test_the_guard_sees_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two names in one place, a name beyond the edge and a name in small type are each found."""
    ax = na.plot_shares(one(CASES["two outlets"]))
    assert faults(ax.figure, monkeypatch) == []  # type: ignore[arg-type]
    ax.text(0, 0, "over a name", ha="right")
    ax.text(2, 0.5, "beyond").set_in_layout(False)
    ax.text(0.5, 0.5, "small", fontsize=5)
    said = faults(ax.figure, monkeypatch)  # type: ignore[arg-type]
    assert {fault.split(":")[0] for fault in said} == {"over each other", "outside", "too small"}


@pytest.mark.parametrize("limit", [0, -1, 2.5, "3"])
def test_a_limit_is_a_number_of_rows(limit: Any) -> None:
    """Anything else is refused in words."""
    with pytest.raises(ValueError, match="limit must be a whole number of at least 1"):
        na.plot_shares(one(CASES["two outlets"]), limit=limit)


def test_what_is_not_shown_is_said_and_a_limit_shows_it() -> None:
    """Beyond a page the rows of largest n stay, in the order of the table, and the figure says so; limit draws another number."""
    table = one(CASES["40 outlets"])
    ax = na.plot_shares(table)
    shown = [label.get_text() for label in ax.get_yticklabels()]
    assert shown == table.sort_values("n", kind="stable").tail(30)["outlet"].tolist()
    assert ax.get_xlabel().splitlines()[-1] == "30 of 40 rows shown, those of largest n (limit=40 shows all)"
    assert len(na.plot_shares(table, limit=40).get_yticklabels()) == 40
    assert len(na.plot_shares(table, limit=3).get_yticklabels()) == 3


def test_camps_of_a_codebook_are_named_by_their_labels(tmp_path: Any) -> None:
    """After use_style(codebook=...) a key is shown as its label, in its own colour; use_style() takes it back."""
    (tmp_path / "actors.csv").write_text("actor_id,name,affiliation\nmoor,Ida Moor,locals\n", encoding="utf-8")
    (tmp_path / "aliases.csv").write_text("actor_id,alias\nmoor,Moor\n", encoding="utf-8")
    (tmp_path / "affiliations.csv").write_text("affiliation,label\nlocals,Residents' groups\ncity,City hall\n", encoding="utf-8")
    table = one(CASES["two outlets"]).assign(outlet=["locals", "city"])
    assert [label.get_text() for label in na.plot_shares(table).get_yticklabels()] == ["locals", "city"]
    na.use_style(codebook=tmp_path)
    ax = na.plot_shares(table)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Residents' groups", "City hall"]
    assert len({bar.get_facecolor() for bar in ax.patches}) == 2
    na.use_style()
    assert [label.get_text() for label in na.plot_shares(table).get_yticklabels()] == ["locals", "city"]


def test_the_style_is_a_file_that_matplotlib_knows() -> None:
    """plt.style.use sets what use_style sets, of a page and of a column; another width is refused."""
    for names, width in ((["newsanalysis.page"], "page"), (["newsanalysis.page", "newsanalysis.column"], "column")):
        with plt.style.context(names):
            by_file = {key: mpl.rcParams[key] for key in style.STYLE}
        with mpl.rc_context():
            na.use_style(width=width)
            assert {key: mpl.rcParams[key] for key in style.STYLE} == by_file
    with pytest.raises(ValueError, match="width must be one of page, column"):
        na.use_style(width="poster")
