"""Figures: a table becomes Axes; nothing is computed here.

Every function takes a table and, if wished, Axes to draw on; without them it makes a figure of page width (16 cm) as high as
its rows need. Camps have their colour (``palette``) and always a label too. The 95 % interval is drawn where the table has one;
where it has none the mark is hollow and the axis says so. Names that do not fit are broken, then shortened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import PercentFormatter

from newsanalysis import palette, tables
from newsanalysis.curves import plot_reliability as plot_reliability
from newsanalysis.style import SMALL, axes, fills, height, label_rows, legend, nothing, rows_of, styled
from newsanalysis.style import save_figure as save_figure
from newsanalysis.style import use_style as use_style
from newsanalysis.textfigures import plot_concordance as plot_concordance
from newsanalysis.textfigures import plot_headlines as plot_headlines
from newsanalysis.textfigures import plot_matrix as plot_matrix
from newsanalysis.textfigures import plot_positions as plot_positions
from newsanalysis.textfigures import plot_tones as plot_tones

RANGES = {"mean_tone": (-1.0, 1.0), "camp_balance_words": (-1.0, 1.0), "camp_balance_attributions": (-1.0, 1.0), "first_position": (0.0, 1.0)}
_CLEAR = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1.0}
OWN = ("measure", "estimate", "ci_low", "ci_high", "n", "n_documents")
AXES = {
    "share_of_voice_words": "Share of all attributed words",
    "share_of_voice_attributions": "Share of all attributions",
    "kind_share": "Share of the group's attributions",
    "unnamed_share": "Share of attributions without a named source",
    "first_position": "Where the group first speaks (0 = first character, 1 = last)",
    "lead_share": "Share of the lead's words",
    "code_share": "Share of the group's codes",
    "mean_tone": "Mean tone (negative below 0, positive above)",
    "voice_gap": "Tone of attributed voice minus tone of own voice",
    "word_rate": "Per 100 words",
    "camp_balance_words": "Balance in words (1: only the first camp, −1: only the second)",
    "camp_balance_attributions": "Balance in attributions (1: only the first camp, −1: only the second)",
}


def _groups(measures: pd.DataFrame) -> list[str]:
    """The columns that tell the rows apart; the first group column if none does."""
    columns = [c for c in measures.columns if c not in OWN]
    return [c for c in columns if len(measures[c].unique()) > 1] or columns[:1]


def _first(rows: pd.DataFrame, columns: list[str]) -> list[Any]:
    return rows[columns[0]].tolist() if columns else [None] * len(rows)


def _labels(rows: pd.DataFrame, columns: list[str]) -> list[str]:
    return [" · ".join(palette.label(value) for value in row) or "all" for row in rows[columns].itertuples(index=False)] if columns else ["all"] * len(rows)


def _keys(rows: pd.DataFrame, columns: list[str]) -> list[tuple[Any, ...]]:
    """What tells a row apart from others, whatever its label: two names may look alike."""
    return [tuple(None if pd.isna(value) else value for value in row) for row in rows[columns].itertuples(index=False)] if columns else [()] * len(rows)


def _checked(measures: pd.DataFrame, plot: str, most: int) -> pd.DataFrame:
    measures = tables.check(measures, "measures")
    names = measures["measure"].drop_duplicates().tolist()
    if len(names) > most:
        raise tables.TableError(
            f"{plot}: {len(names)} measures in one table ({', '.join(names)}); choose {'one' if most == 1 else 'one or two'} by the column measure."
        )
    return measures


def _check_whole(measures: pd.DataFrame, groups: list[str], category: str) -> None:
    """Refuse what does not add to a whole: a category twice in a group, or estimates that are no shares."""
    key = [*groups, category]
    if (twice := measures.duplicated(key)).any():
        where = ", ".join(f"{column} {measures.loc[twice, column].iloc[0]!r}" for column in key)
        raise tables.TableError(f"plot_stacked: {where} stands there twice; each category is needed once a group.")
    estimates = measures["estimate"].dropna()
    sums = measures.groupby(groups, dropna=False)["estimate"].sum() if groups else estimates.sum()
    if (estimates < 0).any() or np.max(sums) > 1.01:
        raise tables.TableError(f"plot_stacked: the estimates of {measures['measure'].iloc[0]} are not shares of a whole; see plot_intervals.")


def _plain(measure: str) -> str:
    return measure[:1].upper() + measure[1:].replace("_", " ")


def _value(measure: str, estimate: Any) -> str:
    if pd.isna(estimate):
        return "no estimate"
    if "share" in measure:
        return f"{estimate:.0%}".replace("%", " %")
    if estimate == int(estimate) and abs(estimate) >= 2:
        return f"{estimate:,.0f}"
    return f"{round(estimate, 2) + 0.0:.2f}".replace("-", "−")


def _with_n(row: Any) -> str:
    value = _value(row.measure, row.estimate)
    return value if row.estimate == row.n else f"{value} · n = {row.n:,}"


def _axis(ax: Axes, measures: pd.DataFrame, label: str) -> None:
    """Name the axis, and say what the whiskers are or why there are none."""
    intervals = measures["ci_low"].notna()
    counted = (measures["estimate"] == measures["n"]).all()
    why = "a full count: no interval" if counted else "one document: no interval" if measures["n_documents"].max() <= 1 else "no interval"
    note = "whiskers: 95 % interval" if intervals.all() else "whiskers: 95 % interval, where there is one" if intervals.any() else why
    ax.set_xlabel(f"{label}\n({note})", parse_math=False)
    ax.grid(axis="x")


def _room(ax: Axes, measures: pd.DataFrame) -> None:
    """Show 0, or the whole range of what has one; leave room right of the marks for the numbers; no tick where no value can be."""
    ends = np.append(measures[["estimate", "ci_low", "ci_high"]].to_numpy(np.float64).ravel(), 0.0)
    ends = ends[~np.isnan(ends)]
    low, high = RANGES.get(measures["measure"].iloc[0], (float(ends.min()), float(ends.max())))
    span = (high - low) or 1.0
    ax.set_xlim(low - (0.06 * span if low < 0 else 0), high + 0.32 * span)
    ticks = [tick for tick in ax.get_xticks() if low - 0.06 * span <= tick <= high + 0.06 * span]
    ax.set_xticks(ticks)
    ax.spines["bottom"].set_bounds(min(ax.get_xlim()[0], 0), max([high, *ticks]))
    if measures["measure"].str.contains("share").all():
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))


def _whisker(ax: Axes, row: Any, y: float) -> None:
    if not pd.isna(row.ci_low):
        halo = [withStroke(linewidth=2.1, foreground=palette.PAPER)]
        ax.plot([row.ci_low, row.ci_high], [y, y], color=palette.INK, linewidth=1.2, zorder=3, path_effects=halo)
        ax.plot([row.ci_low, row.ci_high], [y, y], linestyle="none", marker="|", markersize=6, color=palette.INK, zorder=3)


def _number(ax: Axes, at: list[Any], y: float, text: str, away: float = 7) -> None:
    ends = [float(end) for end in at if not pd.isna(end)]
    ax.annotate(
        text, (max(ends, default=0.0), y), xytext=(away, 0), textcoords="offset points", va="center_baseline", fontsize=SMALL, parse_math=False, bbox=_CLEAR
    )


@styled
def plot_shares(measures: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a measure as bars, one a group, longest first as the table has them; a second measure as diamonds on the same rows.

    Parameters
    ----------
    measures : DataFrame
        Table *measures*, such as ``share_of_voice`` by words; or two of them, one below the other, for the same groups.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Bars from 0 with 95 % whiskers, the value and n beside each.

    Raises
    ------
    TableError
        If it is no table *measures*, or holds more than two measures.

    How to read
    -----------
    The bar is the first measure, the diamond the second; far apart means that a group speaks often but briefly, or seldom at length.

    Examples
    --------
    >>> import newsanalysis as na
    >>> columns = {"measure": "share_of_voice_words", "affiliation": ["nato"], "estimate": 0.4, "ci_low": None, "ci_high": None, "n": 4, "n_documents": 1}
    >>> plot_shares(pd.DataFrame(columns)).get_yticklabels()[0].get_text()
    'NATO'
    """
    measures = _checked(measures, "plot_shares", 2)
    if measures.empty:
        return nothing(axes(ax, 1.5))
    columns = _groups(measures)
    names = measures["measure"].drop_duplicates().tolist()
    first = measures[measures["measure"] == names[0]].reset_index(drop=True)
    labels = _labels(first, columns)
    ax = axes(ax, height(labels))
    second = measures[measures["measure"] != names[0]].reset_index(drop=True)
    others = dict(zip(_keys(second, columns), second["estimate"], strict=True))
    for y, (key, row, fill) in enumerate(zip(_keys(first, columns), rows_of(first), fills(_first(first, columns)), strict=True)):
        ax.barh(y, row.estimate, height=0.62, color=fill, edgecolor=palette.GREY, linewidth=0.5)
        _whisker(ax, row, y)
        other = others.get(key, np.nan)
        text = _with_n(row) if len(names) == 1 else f"{_value(names[0], row.estimate)} · {_value(names[1], other)}"
        _number(ax, [row.estimate, row.ci_high, other, 0.0], y, text, 7 if len(names) == 1 else 11)
        ax.plot(other, y, marker="D", markersize=6, color=palette.PAPER, markeredgecolor=palette.INK, markeredgewidth=1.3, zorder=4)
    label_rows(ax, labels)
    _axis(ax, first, AXES.get(names[0], _plain(names[0])) if len(names) == 1 else "Share" if "share" in names[0] else "Estimate")
    _room(ax, measures)
    if len(names) > 1:
        handles = [Patch(facecolor=palette.GREY), Line2D([], [], linestyle="none", marker="D", markerfacecolor=palette.PAPER, markeredgecolor=palette.INK)]
        legend(ax, handles, [AXES.get(name, _plain(name)) for name in names[:2]])
    return ax


@styled
def plot_intervals(measures: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw estimates as points with their 95 % interval, one a group.

    Parameters
    ----------
    measures : DataFrame
        Table *measures* of one measure, such as ``mean_tone`` or ``voice_gap``.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        A point a row with its whisker; hollow where there is no interval; a line at 0 where the axis has it.

    Raises
    ------
    TableError
        If it is no table *measures*, or holds more than one measure.

    How to read
    -----------
    Two groups whose whiskers overlap widely cannot be told apart with these texts.

    Examples
    --------
    >>> columns = {"measure": "mean_tone", "voice": ["own", "attributed"], "estimate": [0.1, -0.2], "ci_low": None, "ci_high": None, "n": 4, "n_documents": 1}
    >>> [label.get_text() for label in plot_intervals(pd.DataFrame(columns)).get_yticklabels()]
    ['Own voice', 'Attributed voice']
    """
    measures = _checked(measures, "plot_intervals", 1)
    if measures.empty:
        return nothing(axes(ax, 1.5))
    columns = _groups(measures)
    labels = _labels(measures, columns)
    ax = axes(ax, height(labels))
    for y, (row, fill) in enumerate(zip(rows_of(measures), fills(_first(measures, columns)), strict=True)):
        _whisker(ax, row, y)
        edge = palette.GREY if fill == palette.colour(None) else fill
        face = palette.PAPER if pd.isna(row.ci_low) else fill
        ax.plot(row.estimate, y, marker="o", markersize=7.5, color=face, markeredgecolor=edge, markeredgewidth=2, zorder=4, clip_on=False)
        _number(ax, [row.estimate, row.ci_high], y, _with_n(row))
    label_rows(ax, labels)
    _axis(ax, measures, AXES.get(measures["measure"].iloc[0], _plain(measures["measure"].iloc[0])))
    _room(ax, measures)
    if ax.get_xlim()[0] < 0:
        ax.axvline(0, color=palette.GREY, linewidth=0.9, zorder=1)
    elif (measures["estimate"] <= 0).any():
        ax.tick_params(axis="y", pad=9)  # a point on the border stands free of its label
    return ax


@styled
def plot_stacked(measures: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how the categories of each group add to a whole, as one bar a group.

    Parameters
    ----------
    measures : DataFrame
        Table *measures* with two group columns: the group, then the category (``kind_share``, ``code_share``); or the category only.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Bars from 0 to 100 %; the number in a piece is its n, the number behind the bar that of the group.

    Raises
    ------
    TableError
        If it is no table *measures*, has no column of categories, or its estimates are not shares of a whole, each category once a group.

    How to read
    -----------
    Compare groups only where the number behind the bar is large enough to mean something.

    Examples
    --------
    >>> columns = {"measure": "kind_share", "kind": ["direct", "mixed"], "estimate": 0.5, "ci_low": None, "ci_high": None, "n": 1, "n_documents": 1}
    >>> [text.get_text() for text in plot_stacked(pd.DataFrame(columns)).get_legend().get_texts()]
    ['Direct', 'Mixed']
    """
    measures = _checked(measures, "plot_stacked", 1)
    columns = [c for c in measures.columns if c not in OWN]
    if not columns:
        raise tables.TableError("plot_stacked: the table needs a column of categories, such as kind.")
    if measures.empty:
        return nothing(axes(ax, 1.5))
    category = next((c for c in reversed(columns) if c != "code"), columns[-1])
    groups = [c for c in columns if c not in (category, "code")]
    _check_whole(measures, groups, category)
    bars = measures.groupby(groups, sort=False, dropna=False).ngroup() if groups else pd.Series(0, index=measures.index)
    labels = _labels(measures[~bars.duplicated()], groups)
    kinds = [k for group in ("kind", "cue_class") for k in palette.names(group) if k in set(measures[category])]
    kinds += [k for k in measures[category].drop_duplicates() if k not in kinds]
    kinds = [k for k in kinds if measures.loc[measures[category] == k, "n"].sum()]
    shades = palette.colours(kinds)
    ax = axes(ax, height(labels, 1.15))
    for y, pieces in measures.groupby(bars):
        left = 0.0
        for piece in rows_of(pieces.set_index(category).reindex(kinds).dropna(subset=["estimate"])):
            ax.barh(y, piece.estimate, left=left, height=0.66, color=shades[piece.Index], edgecolor=palette.PAPER, linewidth=1.2)
            if piece.estimate >= 0.045:
                ink = palette.ink_on(shades[piece.Index])
                ax.text(left + piece.estimate / 2, y, f"{int(piece.n):,}", ha="center", va="center_baseline", color=ink, fontsize=SMALL)
            left += piece.estimate
        ax.text(1.015, y, f"n = {pieces['n'].sum():,}", va="center_baseline", fontsize=SMALL)
    label_rows(ax, labels)
    name = measures["measure"].iloc[0]
    ax.set_xlabel(f"{AXES.get(name, _plain(name))}\n(numbers in the bars: how many)", parse_math=False)
    ax.set_xlim(0, 1.14)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.spines["bottom"].set_bounds(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    legend(ax, [Patch(facecolor=shades[k], edgecolor=palette.GREY, linewidth=0.5) for k in kinds], [palette.label(k) for k in kinds])
    return ax
