"""Figures: a table becomes Axes; nothing is computed here.

Every function takes a table and, if wished, Axes to draw on; without them it makes a figure of page width (16 cm) as high as
its rows need. Camps have their colour (``palette``) and always a label too. The 95 % interval is drawn where the table has one;
where it has none the mark is hollow and the axis says so. Names that do not fit are broken, then shortened.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from newsanalysis import palette, tables
from newsanalysis.curves import plot_reliability as plot_reliability
from newsanalysis.style import (
    LETTER,
    SMALL,
    Kept,
    axes,
    centre_name,
    fills,
    fits_page,
    height,
    inches,
    kept,
    label_rows,
    legend,
    letters,
    name_axis,
    nothing,
    rows_of,
    styled,
    wrapped,
)
from newsanalysis.style import save_figure as save_figure
from newsanalysis.style import use_style as use_style
from newsanalysis.textfigures import plot_concordance as plot_concordance
from newsanalysis.textfigures import plot_headlines as plot_headlines
from newsanalysis.textfigures import plot_matrix as plot_matrix
from newsanalysis.textfigures import plot_positions as plot_positions
from newsanalysis.textfigures import plot_tones as plot_tones

RANGES = {
    **dict.fromkeys(("mean_tone", "camp_balance_words", "camp_balance_attributions", "target_tone_net", "about_tone_net", "agency_balance"), (-1.0, 1.0)),
    **dict.fromkeys(("first_position", "entropy_normalised", "simpson"), (0.0, 1.0)),
}
ANY = "(any)"  # what label_share calls one label or more
_CLEAR = {"facecolor": palette.PAPER, "edgecolor": "none", "pad": 1.0}
HATCHES = ("/////", "....", "xxxx", "-----", "++++")  # of pieces beyond the colours that can be told apart
OWN = ("measure", "estimate", "ci_low", "ci_high", "n", "n_documents")
BESIDE = ("p", "n_validated", "copies")  # what is told of a row beside its groups; fractions never are groups
DIFFERENCE = "_difference"  # the end of the names of compare's measures
AXES = {
    "share_of_voice_words": "Share of all attributed words",
    "share_of_voice_attributions": "Share of all attributions",
    "kind_share": "Share of the group's attributions",
    "unnamed_share": "Share of attributions without a named source",
    "first_position": "Where the group first speaks (0 = first character, 1 = last)",
    "lead_share": "Share of the lead's words",
    "voice_profile": "Share of the text at this place",
    "code_share": "Share of the group's codes",
    "mean_tone": "Mean tone (negative below 0, positive above)",
    "voice_gap": "Tone of attributed voice minus tone of own voice",
    "word_rate": "Per 100 words",
    "label_share": "Share of the mentions of the group that carry the label",
    "target_tone_share": "Share of the mentions of the group",
    "target_tone_net": "Positive less negative mentions, as a share of all",
    "agency_balance": "Acts less is acted upon (1: only acts, −1: only is acted upon)",
    "corrected_share": "Share, corrected by hand codes",
    "odds_ratio": "Odds ratio (1: no difference)",
    "log_odds_ratio": "Logarithm of the odds ratio (0: no difference)",
    "entropy_normalised": "Diversity of sources (0: one source, 1: all alike)",
    "simpson": "Chance that two attributions have different sources",
    "effective_number": "Effective number of sources",
    "about_share": "Share of the mentions in what the group says",
    "about_tone_net": "Positive less negative mentions in what the group says, as a share of all",
    "camp_balance_words": "Balance in words (1: only the first camp, −1: only the second)",
    "camp_balance_attributions": "Balance in attributions (1: only the first camp, −1: only the second)",
}


def _groups(measures: pd.DataFrame) -> list[str]:
    """The columns that tell the rows apart, numbers aside; the first group column if none does."""
    columns = group_columns(measures)
    return [c for c in columns if len(measures[c].unique()) > 1] or [c for c in columns if c not in ("first", "second")][:1]


def group_columns(measures: pd.DataFrame) -> list[str]:
    """Return the columns of a table of measures that name its groups."""
    return [c for c in measures.columns if c not in (*OWN, *BESIDE) and not pd.api.types.is_float_dtype(measures[c])]


def _coloured(rows: pd.DataFrame, columns: list[str]) -> list[Any]:
    """What gives each row its colour: the first of its groups that the palette knows."""
    known = [c for c in columns if any(map(palette.is_known, rows[c]))]
    return rows[(known or columns)[0]].tolist() if columns else [None] * len(rows)


def _shown(name: Any, column: str) -> str:
    return "any label" if isinstance(name, str) and name == ANY else palette.label_in(column, name)


def group_labels(rows: pd.DataFrame, columns: list[str]) -> list[str]:
    """Return what a figure calls each row."""
    return [" · ".join(map(_shown, row, columns)) or "all" for row in rows[columns].itertuples(index=False)] if columns else ["all"] * len(rows)


class _Laid(NamedTuple):
    """The rows that are drawn with their labels and places, the headings with theirs, where a line parts groups, and what is said of other rows."""

    rows: pd.DataFrame
    labels: list[str]
    at: list[int]
    heads: dict[int, str]
    said: str

    def slots(self) -> list[str]:
        """The labels of rows and headings from top to bottom, for the height; a heading has one line."""
        named = dict(zip(self.at, self.labels, strict=True)) | dict.fromkeys(self.heads, "")
        return [named[y] for y in sorted(named)]


def _laid_out(rows: pd.DataFrame, columns: list[str], limit: int | None, ax: Axes | None) -> _Laid:
    """Say which rows are drawn where. Groups within groups: the outer one as a heading, the inner ones in one order, as whole as they fit."""
    outer = rows.groupby(columns[0], sort=False, dropna=False).ngroup() if columns else pd.Series(range(len(rows)), index=rows.index)
    if len(columns) < 2 or outer.nunique() in (1, len(rows)):
        drawn, said = kept(rows, limit, rows["n"].tolist(), fits=fits_page(group_labels(rows, columns), ax))
        return _Laid(drawn.reset_index(drop=True), group_labels(drawn, columns), list(range(len(drawn))), {}, said)
    heard = rows[(rows["n"] > 0) | (rows["estimate"] != 0)]
    heard = heard if len(heard) else rows
    drawn, said = _whole(heard, outer[heard.index], columns, limit, ax)
    silent = len(rows) - len(heard)
    zero = f"{silent} row{'s' * (silent != 1)} of 0 (n = 0) left out" if silent else ""
    place = _order(rows, columns, outer)
    drawn = drawn.assign(_outer=outer[drawn.index], _inner=place[drawn.index]).sort_values(["_outer", "_inner"], kind="stable")
    begins = ~drawn["_outer"].duplicated()
    at = (np.arange(len(drawn)) + begins.cumsum()).tolist()
    heads = {at[n] - 1: label for n, label in enumerate(group_labels(drawn, columns[:1])) if begins.iloc[n]}
    drawn = drawn.drop(columns=["_outer", "_inner"]).reset_index(drop=True)
    return _Laid(drawn, group_labels(drawn, columns[1:]), at, heads, "; ".join(filter(None, (said, zero))))


def _order(rows: pd.DataFrame, columns: list[str], outer: pd.Series[int]) -> pd.Series[int]:
    """The place of each row in its group: of shares by the share of all, the largest first; of other measures as they first come."""
    inner = rows.groupby(columns[1:], sort=False, dropna=False).ngroup()
    if not rows["measure"].map(_is_share).all() or rows["measure"].str.endswith(DIFFERENCE).any():
        return inner
    weighted = (rows["estimate"].fillna(0) * rows["n"].groupby(outer).transform("sum")).groupby(inner).sum()
    return inner.map({group: at for at, group in enumerate(weighted.sort_values(ascending=False, kind="stable").index)})


def _whole(rows: pd.DataFrame, outer: pd.Series[int], columns: list[str], limit: int | None, ax: Axes | None) -> Kept:
    """The rows of those outer groups that have the largest n, as many whole groups as fit; of one that does not fit alone the rows of largest n."""
    fits = fits_page(group_labels(rows, columns[1:]), ax)
    kept(rows.head(0), limit)  # refuses what is no limit
    sizes = rows.groupby(outer)["n"].agg(["sum", "size"]).sort_values("sum", ascending=False, kind="stable")
    lines = sizes["size"].cumsum() + (np.arange(len(sizes)) + 1 if limit is None else 0)
    chosen = sizes.index[lines <= (fits + 2 if limit is None else limit)]
    if len(chosen) == len(sizes):
        return Kept(rows, "")
    if not len(chosen):
        return kept(rows[outer == sizes.index[0]], limit, rows.loc[outer == sizes.index[0], "n"].tolist(), fits=fits)
    some = rows[outer.isin(chosen)]
    groups = f"{len(chosen)} of {len(sizes)} {columns[0]}s"
    return Kept(some, f"{len(some)} of {len(rows)} rows shown: {groups}, those of largest n (limit={len(rows)} shows all)")


def _headings(ax: Axes, heads: dict[int, str]) -> None:
    """Write the headings above their rows, flush with the longest label, with a faint line above all but the first."""
    if not heads:
        return
    root, left = ax.get_figure(root=True), ax.get_window_extent().x0
    dpi = root.dpi if root is not None else 72.0
    away = max((left - label.get_window_extent().x0 for label in ax.get_yticklabels()), default=0.0)
    letters_ = int((inches(ax) - 0.3) / 0.094)
    for y, head in heads.items():
        ax.annotate(
            wrapped(head, letters_, 1),
            (0, y),
            xytext=(-72 * away / dpi, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center_baseline",
            fontweight="bold",
            annotation_clip=False,
            parse_math=False,
            bbox=_CLEAR,
        )
        if y:
            ax.axhline(y - 0.5, color=palette.FAINT, linewidth=0.8, zorder=0)


def _keys(rows: pd.DataFrame, columns: list[str]) -> list[tuple[Any, ...]]:
    """What tells a row apart from others, whatever its label: two names may look alike."""
    return [tuple(None if pd.isna(value) else value for value in row) for row in rows[columns].itertuples(index=False)] if columns else [()] * len(rows)


def checked(measures: pd.DataFrame, plot: str, most: int) -> pd.DataFrame:
    """Return the table checked; refuse one of more measures than the figure draws."""
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


def title_of(measures: pd.DataFrame, measure: str) -> str:
    """What an axis of this measure is called; of a difference, between whom and in which unit."""
    base = measure.removesuffix(DIFFERENCE)
    name = AXES.get(base, _plain(base))
    if base == measure:
        return name
    pairs = measures[["first", "second"]].drop_duplicates() if {"first", "second"} <= set(measures.columns) else measures.iloc[:0]
    between = f": {palette.label(pairs['first'].iloc[0])} less {palette.label(pairs['second'].iloc[0])}" if len(pairs) == 1 else ", first less second"
    return f"{name}{between}" + (", points" if _is_share(measure) else "")


def _is_share(measure: str) -> bool:
    return "share" in measure or measure == "voice_profile"


def _is_count(measures: pd.DataFrame) -> bool:
    """Whether the estimates are themselves the numbers of what was counted, of which n would say nothing more."""
    names = measures["measure"].drop_duplicates()
    return not any(_is_share(name) or name.removesuffix(DIFFERENCE) in AXES for name in names) and bool((measures["estimate"] == measures["n"]).all())


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _points(value: float, _: Any = None) -> str:
    return _minus(f"{round(100 * value) + 0:+d}") if round(100 * value) else "0"


def _percent(value: float, _: Any = None) -> str:
    return _minus(f"{round(100 * value) + 0} %")


def value_of(measure: str, estimate: Any) -> str:
    """Return an estimate as a figure writes it, in the measure's unit."""
    if pd.isna(estimate):
        return "no estimate"
    if np.isinf(estimate):
        return "∞" if estimate > 0 else "−∞"
    if measure.endswith(DIFFERENCE):
        return _points(estimate) if _is_share(measure) else _minus(f"{round(estimate, 2) + 0.0:+.2f}") if round(estimate, 2) else "0.00"
    if _is_share(measure):
        return _minus(f"{estimate:.0%}".replace("%", " %"))
    if estimate == int(estimate) and abs(estimate) >= 2:
        return _minus(f"{estimate:,.0f}")
    return _minus(f"{round(estimate, 2) + 0.0:.2f}")


def _p(p: float) -> str:
    """A p as papers write it."""
    if p < 0.001:
        return "p < .001"
    return f"p = {p:.{3 if p < 0.01 else 2}f}".replace("= 0.", "= .")


def _with_n(row: Any, *, count: bool = False) -> str:
    p = getattr(row, "p", np.nan)
    said = [value_of(row.measure, row.estimate), "" if pd.isna(p) else _p(p), "" if count else f"n = {row.n:,}"]
    return " · ".join(part for part in said if part)


def _axis(ax: Axes, measures: pd.DataFrame, label: str, said: str = "") -> None:
    """Name the axis, and say what the whiskers are or why there are none, and what is not shown."""
    name_axis(ax, label, f"({interval_note(measures)})", said)
    ax.grid(axis="x")


def interval_note(measures: pd.DataFrame) -> str:
    """What the whiskers are, or why there are none."""
    intervals = measures["ci_low"].notna()
    why = "a full count: no interval" if _is_count(measures) else "one document: no interval" if measures["n_documents"].max() <= 1 else "no interval"
    return "whiskers: 95 % interval" if intervals.all() else "whiskers: 95 % interval, where there is one" if intervals.any() else why


def sizes(measures: pd.DataFrame) -> str:
    """Of how many the rows of a table are."""
    low, high = (int(n) for n in (measures["n"].min(), measures["n"].max()))
    return f"n = {low:,}" if low == high else f"n = {low:,} to {high:,}"


def _room(ax: Axes, measures: pd.DataFrame, written: list[tuple[float, int]]) -> None:
    """Show 0, or the whole range of what has one; leave room for the numbers, so many letters right of a value; no tick where no value can be."""
    ends = np.append(measures[["estimate", "ci_low", "ci_high"]].to_numpy(np.float64).ravel(), 0.0)
    ends = ends[np.isfinite(ends)]
    low, high = RANGES.get(measures["measure"].iloc[0], (float(ends.min()), float(ends.max())))
    span = (high - low) or 1.0
    labels = max((label.get_window_extent().width for label in ax.get_yticklabels()), default=0.0) / ax.figure.dpi
    wide, left = max(0.5, inches(ax) - labels - 0.25), low - (0.06 * span if low < 0 else 0)
    reach = max((end - left) / (1 - min(0.75, (long * LETTER + 0.12) / wide)) for end, long in written)
    ranged = measures["measure"].iloc[0] in RANGES
    ax.set_xlim(left, max(left + reach * 1.02, high + (0.06 if ranged else 0.32) * span))
    ticks: Any = ax.get_xticks()
    if ranged or inches(ax) < 4:
        drawn = wide * span / (ax.get_xlim()[1] - left)  # inches
        ticks = MaxNLocator(5 if drawn > 2.4 else 3 if drawn > 1.2 else 2, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ticks = [tick for tick in ticks if low - 0.06 * span <= tick <= high + 0.06 * span]
    ax.set_xticks(ticks)
    first, last = min(ax.get_xlim()[0], 0), max([high, *ticks])
    ax.spines["bottom"].set_bounds(first, last)
    centre_name(ax, first, last)
    if measures["measure"].map(_is_share).all():
        difference = measures["measure"].str.endswith(DIFFERENCE).all()
        fine = len(ticks) > 1 and ticks[1] - ticks[0] < 0.0099  # steps of less than a point
        ax.xaxis.set_major_formatter(
            PercentFormatter(1, decimals=1, symbol=" %") if fine and not difference else FuncFormatter(_points if difference else _percent)
        )


def _whisker(ax: Axes, row: Any, y: float) -> None:
    if not pd.isna(row.ci_low):
        ax.plot([row.ci_low, row.ci_high], [y, y], color=palette.INK, linewidth=1.2, zorder=3)
        ax.plot([row.ci_low, row.ci_high], [y, y], linestyle="none", marker="|", markersize=6, color=palette.INK, zorder=3)


def _number(ax: Axes, at: list[Any], y: float, text: str, away: float = 7) -> float:
    """Write a row's numbers right of its marks; return beside which value they stand."""
    end = max([float(end) for end in at if not pd.isna(end) and np.isfinite(end)], default=0.0)
    ax.annotate(
        text,
        (end, y),
        xytext=(away, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=SMALL,
        parse_math=False,
        bbox=_CLEAR,
    )
    return end


@styled
def plot_shares(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw a measure as bars, one a group, longest first as the table has them; a second measure as diamonds on the same rows.

    Parameters
    ----------
    measures : DataFrame
        Table *measures*, such as ``share_of_voice`` by words; or two of them, one below the other, for the same groups. Of groups within
        groups (outlet, affiliation) each outlet is a heading above its rows; camps stand in one order in all, by their share of all; rows of 0 are left out.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many rows are drawn, those of the largest n; of groups within groups, whole ones. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        Bars from 0 with 95 % whiskers below them, the value and n beside each.

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
    measures = checked(measures, "plot_shares", 2)
    if measures.empty:
        return nothing(axes(ax, 1.5))
    columns = _groups(measures)
    names = measures["measure"].drop_duplicates().tolist()
    first = measures[measures["measure"] == names[0]]
    laid = _laid_out(first, columns, limit, ax)
    first, count = laid.rows, _is_count(measures)
    ax = axes(ax, height(laid.slots()) + 0.14 * bool(laid.said) + (0.2 if len(names) > 1 and inches(ax) < 4 else 0))
    second = measures[measures["measure"] != names[0]].reset_index(drop=True)
    wide, up, down = (0.46, 0.11, 0.27) if first["ci_low"].notna().any() else (0.62, 0.0, 0.0)  # whiskers stand below the bars, on white
    others = {key: (row.estimate, row.n) for key, row in zip(_keys(second, columns), rows_of(second), strict=True)}
    written: list[tuple[float, int]] = []
    for y, key, row, fill in zip(laid.at, _keys(first, columns), rows_of(first), fills(_coloured(first, columns)), strict=True):
        ax.barh(y - up, row.estimate, height=wide, color=fill, edgecolor=palette.GREY, linewidth=0.5)
        _whisker(ax, row, y + down)
        other, n = others.get(key, (np.nan, np.nan))
        text = _with_n(row, count=count)
        if len(names) > 1:
            same = f" · n = {row.n:,}" if n == row.n and not count and inches(ax) > 4 else ""
            text = f"{value_of(names[0], row.estimate)} · {value_of(names[1], other)}{same}"
        written.append((_number(ax, [row.estimate, row.ci_high, other, 0.0], y, text, 7 if len(names) == 1 else 11), len(text)))
        ax.plot(other, y - up, marker="D", markersize=6, color=palette.PAPER, markeredgecolor=palette.INK, markeredgewidth=1.3, zorder=4)
    label_rows(ax, laid.labels, at=laid.at)
    _axis(ax, first, title_of(measures, names[0]) if len(names) == 1 else "Share" if _is_share(names[0]) else "Estimate", laid.said)
    _room(ax, pd.concat([first, second]), written)
    if ax.get_xlim()[0] < 0:
        ax.axvline(0, color=palette.GREY, linewidth=0.9, zorder=1)
    _headings(ax, laid.heads)
    if len(names) > 1:
        handles = [Patch(facecolor=palette.GREY), Line2D([], [], linestyle="none", marker="D", markerfacecolor=palette.PAPER, markeredgecolor=palette.INK)]
        legend(ax, handles, [title_of(measures, name) for name in names[:2]])
    return ax


@styled
def plot_intervals(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw estimates as points with their 95 % interval, one a group.

    Parameters
    ----------
    measures : DataFrame
        Table *measures* of one measure, such as ``mean_tone`` or ``voice_gap``, or what ``compare`` gives: shares then differ in points, with their p.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many rows are drawn, those of the largest n; of groups within groups, whole ones. None: as many as fit a page; the figure says what it leaves out.

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
    measures = checked(measures, "plot_intervals", 1)
    if measures.empty:
        return nothing(axes(ax, 1.5))
    columns = _groups(measures)
    laid = _laid_out(measures, columns, limit, ax)
    measures, count = laid.rows, _is_count(measures)
    written: list[tuple[float, int]] = []
    ax = axes(ax, height(laid.slots()) + 0.14 * bool(laid.said))
    for y, row, fill in zip(laid.at, rows_of(measures), fills(_coloured(measures, columns)), strict=True):
        _whisker(ax, row, y)
        edge = palette.GREY if fill == palette.colour(None) else fill
        face = palette.PAPER if pd.isna(row.ci_low) else fill
        ax.plot(row.estimate, y, marker="o", markersize=7.5, color=face, markeredgecolor=edge, markeredgewidth=2, zorder=4, clip_on=False)
        text = _with_n(row, count=count)
        written.append((_number(ax, [row.estimate, row.ci_high], y, text, 10 if pd.isna(row.ci_low) else 7), len(text)))
    label_rows(ax, laid.labels, at=laid.at)
    _axis(ax, measures, title_of(measures, measures["measure"].iloc[0]), laid.said)
    _room(ax, measures, written)
    if ax.get_xlim()[0] < 0 or measures["measure"].iloc[0].endswith(DIFFERENCE):
        ax.axvline(0, color=palette.GREY, linewidth=0.9, zorder=1)
    elif (measures["estimate"] <= 0).any():
        ax.tick_params(axis="y", pad=9)  # a point on the border stands free of its label
    _headings(ax, laid.heads)
    return ax


@styled
def plot_stacked(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw how the categories of each group add to a whole, as one bar a group.

    Parameters
    ----------
    measures : DataFrame
        Table *measures* with two group columns: the group, then the category (``kind_share``, ``code_share``, ``target_tone_share``); or the category only.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many bars are drawn, those of the largest n. None: as many as fit a page, at most 30; the figure says what it leaves out.

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
    measures = checked(measures, "plot_stacked", 1)
    columns = group_columns(measures)
    if not columns:
        raise tables.TableError("plot_stacked: the table needs a column of categories, such as kind.")
    if measures.empty:
        return nothing(axes(ax, 1.5))
    category = next((c for c in reversed(columns) if c != "code"), columns[-1])
    groups = [c for c in columns if c not in (category, "code")]
    _check_whole(measures, groups, category)
    measures, labels, said = _bars(measures, groups, limit, ax)
    tones = palette.of_group("tone") if _are_tones(category, measures[category]) else {}
    kinds = [k for group in (("tone",) if tones else ("kind", "cue_class")) for k in palette.names(group) if k in set(measures[category])]
    kinds += [k for k in measures[category].drop_duplicates() if k not in kinds]
    kinds = [k for k in kinds if measures.loc[measures[category] == k, "n"].sum()]
    shades = palette.colours(kinds) | {k: colour for k, (_, colour) in tones.items()}
    hatches = dict(zip([k for k in kinds if shades[k] == palette.SMALLER], HATCHES * len(kinds), strict=False))
    names = [tones[k][0] if k in tones else _shown(k, category) for k in kinds]
    ax = axes(ax, height(labels, 1.15 + 0.2 * (len(names) // 4)) + 0.14 * bool(said))
    room = 0.022 + (len(f"n = {measures['n'].sum():,}") * LETTER) / max(0.8, inches(ax) * 0.72)
    named = max(len(line) for label in labels for line in wrapped(label, letters(ax)).split("\n")) * LETTER + 0.2
    whole = min(inches(ax) * 0.64, (inches(ax) - named) / max(1.14, 1 + room))  # inches, of a bar
    for y in range(len(labels)):
        pieces, left = measures[measures["bar"] == y], 0.0
        for piece in rows_of(pieces.set_index(category).reindex(kinds).dropna(subset=["estimate"])):
            hatch = hatches.get(piece.Index)
            ax.barh(y, piece.estimate, left=left, height=0.66, color=shades[piece.Index], edgecolor=palette.PAPER, linewidth=1.2, hatch=hatch)
            number = f"{int(piece.n):,}"
            if piece.estimate * whole >= max(0.18, len(number) * 0.075 + 0.05):
                ink = palette.ink_on(shades[piece.Index])
                ground = {**_CLEAR, "facecolor": shades[piece.Index]} if hatch else None
                ax.text(left + piece.estimate / 2, y, number, ha="center", va="center_baseline", color=ink, fontsize=SMALL, bbox=ground)
            left += piece.estimate
        if left:  # the lightest pieces hold against the paper
            ax.plot([0, left, left, 0, 0], [y - 0.33, y - 0.33, y + 0.33, y + 0.33, y - 0.33], color=palette.GREY, linewidth=0.5, clip_on=False)
        ax.text(1.015, y, f"n = {pieces['n'].sum():,}", va="center_baseline", fontsize=SMALL)
    label_rows(ax, labels)
    name = measures["measure"].iloc[0]
    name_axis(ax, AXES.get(name, _plain(name)), "(numbers in the bars: how many)", said)
    ax.set_xlim(0, max(1.14, 1 + room))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1] if inches(ax) > 4 else [0, 0.5, 1])
    ax.spines["bottom"].set_bounds(0, 1)
    centre_name(ax, 0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    look: Any = {k: {"edgecolor": palette.PAPER, "hatch": hatches[k]} if k in hatches else {"edgecolor": palette.GREY} for k in kinds}
    legend(ax, [Patch(facecolor=shades[k], linewidth=0.5, **look[k]) for k in kinds], names)
    return ax


def _bars(measures: pd.DataFrame, groups: list[str], limit: int | None, ax: Axes | None) -> tuple[pd.DataFrame, list[str], str]:
    """The pieces of the bars that are drawn, with the number of their bar; the bars' labels; and what is said of the others."""
    bar = measures.groupby(groups, sort=False, dropna=False).ngroup() if groups else pd.Series(0, index=measures.index)
    firsts = measures[~bar.duplicated()]
    labels = group_labels(firsts, groups)
    drawn, said = kept(firsts.assign(bar=bar[firsts.index]), limit, measures["n"].groupby(bar).sum().tolist(), fits=fits_page(labels, ax, 2.0), what="bars")
    place = {number: y for y, number in enumerate(drawn["bar"])}
    return measures.assign(bar=bar.map(place))[bar.isin(place)], [labels[number] for number in place], said


def _are_tones(column: str, values: pd.Series[Any]) -> bool:
    """Whether categories are tones and not the class of cues that is called neutral, too."""
    found = set(values)
    return found <= set(palette.names("tone")) and (column == "tone" or bool(found - {"neutral"}))
