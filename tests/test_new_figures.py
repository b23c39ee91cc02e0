"""Timeline, panels, network, keyness and agreement: every mark stands where the table says; periods and who speaks about whom are counted right."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import newsanalysis as na
from newsanalysis import gridfigures, palette
from newsanalysis.tables import TableError

NONE = {"ci_low": np.nan, "ci_high": np.nan, "n": 4, "n_documents": 2}


@pytest.fixture(autouse=True)
def _drawn_off_screen() -> Iterator[None]:
    mpl.use("Agg")
    with mpl.rc_context():
        yield
    plt.close("all")


def said(ax: Axes) -> list[str]:
    """The words on the Axes."""
    return [text.get_text() for text in ax.texts]


# --- periods ------------------------------------------------------------------------------------------------------------

PUBLISHED = {"day": "2024-12-30", "week": "2025-W01", "month": "2024-12", "quarter": "2024-Q4", "year": "2024"}


@pytest.mark.parametrize("period", PUBLISHED)
def test_each_document_has_its_period(period):
    """ISO weeks belong to the year of their Thursday; a missing date stays missing; other tables take the documents' dates."""
    documents = na.documents(pd.DataFrame({"text": ["One.", "Two."], "published": ["2024-12-30T23:59:00Z", None]}))
    dated = na.with_period(documents, period=period)
    assert dated[period].tolist()[0] == PUBLISHED[period]
    assert dated[period].isna().tolist() == [False, True]
    units = na.with_period(na.units(documents), documents=documents, period=period)
    assert units[period].dropna().unique().tolist() == [PUBLISHED[period]]


def test_what_was_found_has_the_period_in_both_tables():
    """Of what was found, documents and attributions have the column, and measures take it in by."""
    documents = na.documents(pd.DataFrame({"text": ["The mayor said it rained.", "The mayor said it snowed."], "published": ["2023-01-31", "2023-02-01"]}))
    found = na.with_period(na.attribute(documents))
    assert found.documents.month.tolist() == found.attributions.month.tolist() == ["2023-01", "2023-02"]
    assert na.prominence(found, by=["month", "source"]).month.unique().tolist() == ["2023-01", "2023-02"]


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (pd.DataFrame({"unit_id": ["a"]}), {}, "no column 'document_id'"),
        (pd.DataFrame({"document_id": ["a"]}), {}, "no column 'published'; give the documents"),
        (pd.DataFrame({"document_id": ["a"]}), {"documents": pd.DataFrame({"document_id": ["b"], "published": ["2023-01-01"]})}, "1 rows, first of 'a'"),
        ([1], {}, "a list was given"),
    ],
    ids=["no key", "no dates", "stray", "no table"],
)
def test_tables_without_dates_are_refused(table, options, message):
    """What is missing is named."""
    with pytest.raises(TableError, match=message):
        na.with_period(table, **options)


def test_another_period_is_refused():
    """The periods there are, are named."""
    with pytest.raises(ValueError, match="one of day, week, month, quarter, year; not 'decade'"):
        na.with_period(pd.DataFrame(), period="decade")


# --- who speaks about whom ----------------------------------------------------------------------------------------------


def spoken() -> tuple[na.Found, pd.DataFrame]:
    """Two speakers in two documents: nato speaks of russian twice and of itself once, ukrainian of nato once; one mention is the outlet's."""
    documents = na.documents(["A said.", "B said."])
    one, two = documents.document_id
    rows = [("1", one, "nato"), ("2", two, "nato"), ("3", two, "ukrainian")]
    attributions = pd.DataFrame(rows, columns=["attribution_id", "document_id", "affiliation"])
    attributions = attributions.assign(kind="direct", content="A", start=0, end=1, attributor="hand@1", role="official")
    spans = pd.DataFrame({"attribution_id": ["1"], "role": "content", "start": 0, "end": 1, "text": "A"})
    mentions = pd.DataFrame(
        [
            (one, "1", "russian", "negative"),
            (one, "1", "nato", "neutral"),
            (two, "2", "russian", "negative"),
            (two, "3", "nato", "positive"),
            (two, None, "nato", "negative"),
        ],
        columns=["document_id", "attribution_id", "affiliation", "tone"],
    ).astype("str")
    mentions["attribution_id"] = mentions["attribution_id"].where(mentions["attribution_id"] != "None")
    return na.Found(documents, attributions, spans), mentions


def test_mentions_are_counted_for_who_speaks():
    """Shares of each speaker's mentions; the outlet's own do not count; with tone also the net tone of each pair that occurs."""
    found, mentions = spoken()
    table = na.who_about_whom(found, mentions)
    shares = table[table.measure == "about_share"].set_index(["affiliation", "about"])
    assert shares.estimate.round(6).to_dict() == {
        ("nato", "russian"): 0.666667,
        ("nato", "nato"): 0.333333,
        ("ukrainian", "nato"): 1.0,
        ("ukrainian", "russian"): 0.0,
    }
    assert shares.n.to_dict() == {("nato", "russian"): 2, ("nato", "nato"): 1, ("ukrainian", "nato"): 1, ("ukrainian", "russian"): 0}
    net = table[table.measure == "about_tone_net"].set_index(["affiliation", "about"]).estimate.to_dict()
    assert net == {("nato", "russian"): -1.0, ("nato", "nato"): 0.0, ("ukrainian", "nato"): 1.0}
    assert set(na.who_about_whom(found, mentions.drop(columns="tone")).measure) == {"about_share"}


def test_mentions_of_other_attributions_are_refused():
    """Mentions that were found with other attributions, and groups that are not there, are named."""
    found, mentions = spoken()
    with pytest.raises(TableError, match="1 mentions, first in '9'"):
        na.who_about_whom(found, mentions.assign(attribution_id=["9", "1", "2", "3", None]))
    with pytest.raises(TableError, match="mentions has no column 'camp'"):
        na.who_about_whom(found, mentions, by="camp")
    with pytest.raises(TableError, match="by='tone' is no group of speakers"):
        na.who_about_whom(found, mentions, by="tone")
    with pytest.raises(TableError, match="a tone is none of"):
        na.who_about_whom(found, mentions.assign(tone="bad"))


# --- the timeline -------------------------------------------------------------------------------------------------------


def monthly() -> pd.DataFrame:
    """One camp in five months, of which the third is missing and the last stands alone; and one row without a date."""
    months = ["2022-11", "2022-12", "2023-02", "2023-03", "2023-05", None]
    table = pd.DataFrame({"measure": "share_of_voice_words", "month": months, "affiliation": "nato", "estimate": [0.1, 0.2, 0.3, 0.4, 0.5, 0.9]})
    return table.assign(ci_low=table.estimate - 0.05, ci_high=table.estimate + 0.05, n=3, n_documents=2)


def test_the_line_breaks_where_nothing_was_measured():
    """Two runs of two months and one month alone with a whisker; the values are the estimates; the row without a date is told."""
    # planted fault: one line through all months
    ax = na.plot_timeline(monthly())
    scale = gridfigures._scale(monthly().dropna())
    runs = [line for line in ax.lines if line.get_linewidth() == 1.5]
    assert [line.get_xdata().tolist() for line in runs] == [[24274, 24275], [24277, 24278]]
    values = [scale[0] + (gridfigures.FILL / 2 - line.get_ydata()) / gridfigures.FILL * (scale[1] - scale[0]) for line in runs]
    np.testing.assert_allclose(np.concatenate(values), [0.1, 0.2, 0.3, 0.4])
    assert len(ax.collections) == 2 + 3  # bands of two runs, points of three
    assert "n = 3 without a date not shown" in ax.get_xlabel()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"month": "May"}, "'May' in the column 'month' is no month"),
        ({"month": "2023-01"}, "stands there twice"),
        ({"measure": list("abcdef")}, "6 measures in one table"),
    ],
    ids=["no month", "twice", "several measures"],
)
def test_what_is_no_timeline_is_refused(change, message):
    """Periods that are not written so, two rows for one period, and several measures."""
    with pytest.raises(TableError, match=message):
        na.plot_timeline(monthly().assign(**change))
    with pytest.raises(TableError, match="one of the columns day, week, month, quarter, year; see"):
        na.plot_timeline(monthly().drop(columns="month"))


# --- panels, network, keyness, agreement --------------------------------------------------------------------------------


def test_points_stand_in_their_panels():
    """The column with fewer groups names the panels; a point's place in its panel is its value; without an interval it is hollow."""
    rows = [("Lee", "Post", -1.0), ("Lee", "Star", 0.0), ("Kim", "Post", 1.0), ("Ali", "Star", 0.5)]
    table = pd.DataFrame(rows, columns=["actor", "outlet", "estimate"]).assign(measure="target_tone_net", **NONE)
    ax = na.plot_panels(table)
    points = [(float(line.get_xdata()[0]), int(line.get_ydata()[0])) for line in ax.lines if line.get_marker() == "o"]
    assert points == [pytest.approx(point) for point in ((0, 0), (1.44, 0), (0.88, 1), (1.66, 2))]
    assert said(ax) == ["Post", "Star"]
    assert {line.get_markerfacecolor() for line in ax.lines if line.get_marker() == "o"} == {palette.PAPER}
    with pytest.raises(TableError, match="stands there twice"):
        na.plot_panels(pd.concat([table, table]))
    with pytest.raises(TableError, match="two columns of groups are needed"):
        na.plot_panels(table.drop(columns="outlet"))


def test_a_line_is_as_wide_as_its_pair_is_frequent():
    """Widths are the numbers; pairs that never occur have no line; colours are the tone's, and doubt is grey."""
    pairs = [("nato", "russian", 8), ("nato", "ukrainian", 4), ("russian", "nato", 0), ("russian", "ukrainian", 2)]
    shares = pd.DataFrame(pairs, columns=["affiliation", "about", "n"]).assign(
        measure="about_share", estimate=0.5, ci_low=np.nan, ci_high=np.nan, n_documents=3
    )
    widths = [line.get_linewidth() for line in na.plot_network(shares).lines if len(line.get_xdata()) == 40]
    assert widths == [gridfigures.WIDEST, gridfigures.WIDEST / 2, gridfigures.WIDEST / 4]
    tones = shares[shares.n > 0].assign(measure="about_tone_net", estimate=[0.5, -0.5, 0.5], ci_low=[0.1, -0.9, -0.1], ci_high=[0.9, -0.1, 0.9])
    ax = na.plot_network(pd.concat([shares, tones]))
    colours = [line.get_color() for line in ax.lines if len(line.get_xdata()) == 40 and line.get_color() != palette.PAPER]
    assert colours == [gridfigures.TONES[tone][0] for tone in ("more positive", "more negative", "neither, or not sure")]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(gridfigures.TONES)
    with pytest.raises(TableError, match="two columns of groups"):
        na.plot_network(shares.drop(columns="about"))


def test_words_stand_on_their_side_with_both_z():
    """The surest first on each side; the dot is z, the stroke z by article, hollow without one; the rest is told."""
    table = pd.DataFrame({"word": list("abcd"), "z": [3.0, 1.0, -1.0, -2.0], "z_articles": [1.5, np.nan, -0.5, -2.5]})
    ax = na.plot_keyness(table, groups=("Post", "Star"))
    dots = [(float(line.get_xdata()[0]), int(line.get_ydata()[0])) for line in ax.lines if line.get_marker() == "o"]
    assert dots == [(3.0, 0), (1.0, 1), (-2.0, 0), (-1.0, 1)]
    assert [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "|"] == [1.5, -2.5, -0.5]
    assert said(ax) == ["a", "b", "d", "c", "more in Post →", "← more in Star"]
    few = na.plot_keyness(table, groups=("Post", "Star"), limit=1)
    assert said(few)[:2] == ["a", "d"]
    assert "1 of 2 for Post; 1 of 2 for Star" in few.get_xlabel()


def test_alpha_stands_beside_its_thresholds():
    """A dot at alpha, a diamond at per cent agreement, lines at .667 and .800, figures as papers write them."""
    codes = pd.DataFrame([(u, "d" + u, c, v) for u, pair in {"1": "xx", "2": "xy", "3": "yy", "4": "yy"}.items() for c, v in zip("AB", pair, strict=True)])
    codes.columns = ["unit_id", "document_id", "coder", "value"]
    table = na.agreement(codes.assign(variable="frame"))
    ax = na.plot_agreement(table)
    marks = {line.get_marker(): float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() in ("o", "D")}
    assert marks == pytest.approx({"o": table.estimate[1], "D": 0.75})
    assert [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--"] == [0.667, 0.8]
    assert said(ax)[0] == ".53 · n = 4"
    undefined = na.plot_agreement(table.assign(estimate=[1.0, np.nan], ci_low=np.nan, ci_high=np.nan))
    assert said(undefined)[0] == "not defined · n = 4"
    with pytest.raises(TableError, match="needs the column 'variable'"):
        na.plot_agreement(table.drop(columns="variable"))
