"""Figures of two groups at once: a measure over time, side by side in outlets, and who speaks about whom.

As in ``figures``, a table becomes Axes and nothing is computed.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from newsanalysis import palette
from newsanalysis.figures import RANGES, checked, group_columns, group_labels, interval_note, sizes, title_of, value_of
from newsanalysis.periods import PERIODS, number_of
from newsanalysis.style import (
    SMALL,
    TALL,
    Kept,
    axes,
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
    told_apart,
)
from newsanalysis.tables import TableError

LANES = 12  # lanes of a timeline that fit a page
PANELS = 6  # panels that fit a page's width
FILL = 0.78  # of a lane's height, for the values
SIDE = 20  # groups of one side of a network that one reads
WIDEST = 9.0  # points, of the widest line
Side = tuple[str, dict[Any, int], dict[Any, float]]  # of a network: its column, the groups' n and places


@styled
def plot_timeline(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw a measure over time: one lane a group, all on the same scale, with a band for the 95 % interval.

    Parameters
    ----------
    measures : DataFrame
        Table *measures* of one measure, with a column day, week, month, quarter or year (see ``with_period``) among its groups:
        ``na.share_of_voice(na.with_period(found).attributions, by=["month", "affiliation"])``.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many lanes are drawn, those of the largest n. None: at most 12; the figure says what it leaves out.

    Returns
    -------
    Axes
        In each lane a line through the periods, its band, and the two ends of the scale on the right. The line breaks where a period has no row or no
        estimate; a period without neighbours is a point with whiskers, hollow where there is no interval.

    Raises
    ------
    TableError
        If it is no table *measures*, holds more than one measure, has no column of periods, or periods that are not written as ``with_period`` does.

    How to read
    -----------
    Compare the bands before the lines: two periods whose bands overlap widely cannot be told apart. A gap means that there was nothing to measure, not that
    the value was 0.

    Examples
    --------
    >>> columns = {"measure": "unnamed_share", "month": ["2023-01", "2023-02"], "estimate": [0.2, 0.3], "ci_low": 0.1, "ci_high": 0.4, "n": 9, "n_documents": 5}
    >>> plot_timeline(pd.DataFrame(columns)).get_xlabel().splitlines()
    ['Share of attributions without a named source', '(band: 95 % interval; by month; n = 9)']
    """
    measures = checked(measures, "plot_timeline", 1)
    period = next((name for name in PERIODS if name in measures.columns), None)
    if period is None:
        raise TableError(f"plot_timeline: the table needs one of the columns {', '.join(PERIODS)}; see na.with_period.")
    rows, undated = _dated(measures, period)
    if rows.empty:
        return nothing(axes(ax, 1.5), "No document has a date.") if undated else nothing(axes(ax, 1.5))
    columns = [c for c in group_columns(measures) if c != period]
    columns = [c for c in columns if len(rows[c].unique()) > 1] or columns[:1]
    rows, lanes, said = _lanes(rows, columns, limit, "plot_timeline")
    narrow = inches(ax) < 4
    ax = _in_lanes(ax, rows, lanes, bool(said) + bool(undated))
    _times(ax, rows, period, 3 if narrow else 6)
    name_axis(ax, title_of(rows, rows["measure"].iloc[0]), f"({_band(rows)}; by {period}; {sizes(rows)})", undated, said)
    return ax


@styled
def plot_profile(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw who speaks where in the texts: one lane a group, from the beginning of the texts to their end, with a band for the 95 % interval.

    Parameters
    ----------
    measures : DataFrame
        ``na.voice_profile(found)``.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many lanes are drawn, those of the largest n. None: at most 12; the figure says what it leaves out.

    Returns
    -------
    Axes
        In each lane a point for each tenth of the texts, its band, and the two ends of the scale on the right; points are hollow without interval.

    Raises
    ------
    TableError
        If it is no table *measures*, holds more than one measure, or has no column tenth.

    How to read
    -----------
    The lane that is highest on the left has the first word. Compare the bands before the lines.

    Examples
    --------
    >>> columns = {"measure": "voice_profile", "affiliation": "nato", "tenth": ["1", "2"], "estimate": [0.2, 0.3], "ci_low": 0.1, "ci_high": 0.4, "n": 9}
    >>> plot_profile(pd.DataFrame({**columns, "n_documents": 5})).get_xlabel().splitlines()
    ['Place in the text, in tenths', 'Share of the text at this place', '(band: 95 % interval; n = 9)']
    """
    measures = checked(measures, "plot_profile", 1)
    if "tenth" not in measures.columns:
        raise TableError("plot_profile: the table needs a column tenth, as na.voice_profile returns it.")
    if measures.empty:
        return nothing(axes(ax, 1.5))
    rows = measures.assign(at=measures["tenth"].astype("int64"))
    columns = [c for c in group_columns(measures) if c != "tenth"]
    rows, lanes, said = _lanes(rows, [c for c in columns if len(rows[c].unique()) > 1] or columns[:1], limit, "plot_profile")
    ax = _in_lanes(ax, rows, lanes, bool(said))
    ax.set_xticks(range(1, 11), ["start", *map(str, range(2, 10)), "end"] if inches(ax) > 4 else ["start", *[""] * 3, "5", *[""] * 4, "end"])
    ax.set_xlim(0.6, 10.4)
    ax.spines["bottom"].set_bounds(1, 10)
    name_axis(ax, "Place in the text, in tenths", title_of(rows, "voice_profile"), f"({_band(rows)}; {sizes(rows)})", said)
    return ax


def _band(rows: pd.DataFrame) -> str:
    """What is said of the intervals: a band, or whiskers where no point has a neighbour."""
    alone = not any((lane["at"].sort_values().diff() == 1).any() for _, lane in rows[np.isfinite(rows["estimate"])].groupby("lane"))
    return interval_note(rows) if alone else interval_note(rows).replace("whiskers", "band")


def _in_lanes(ax: Axes | None, rows: pd.DataFrame, lanes: pd.DataFrame, notes: int) -> Axes:
    """Draw lanes of one scale, each with its line, band and name."""
    each = float(np.clip((TALL - 1.4) / len(lanes), 0.58, 0.95 if len(lanes) > 1 else 1.8))
    ax = axes(ax, 1.0 + each * len(lanes) + 0.14 * notes)
    low, high = _scale(rows)
    for y, shade in enumerate(fills(lanes["shade"].tolist())):
        foot, top = _at(low, y, (low, high)), _at(high, y, (low, high))
        for line, value in ((foot, low), (top, high)):
            ax.axhline(line, color=palette.FAINT, linewidth=0.6, zorder=0)
            ax.annotate(value_of(rows["measure"].iloc[0], value), (1, line), xytext=(4, 0), xycoords=("axes fraction", "data"), **_SMALL, color=palette.GREY)
        if low < 0 < high:
            ax.axhline(_at(0, y, (low, high)), color=palette.GREY, linewidth=0.7, zorder=1)
        _lane(ax, rows[rows["lane"] == y], y, (low, high), shade)
    label_rows(ax, lanes["label"].tolist())
    ax.set_ylim(len(lanes) - 0.5, -0.5)
    return ax


_SMALL: Any = {"textcoords": "offset points", "fontsize": SMALL, "va": "center_baseline", "annotation_clip": False, "parse_math": False}


def _dated(measures: pd.DataFrame, period: str) -> tuple[pd.DataFrame, str]:
    """The rows with the number of their period, and what is said of those without a date."""
    written = measures[period].astype("str").fillna("(missing)")
    missing = written == "(missing)"
    at = written[~missing].map(lambda one: number_of(one, period))
    if at.isna().any():
        wrong = written[~missing][at.isna()].iloc[0]
        raise TableError(f"plot_timeline: {wrong!r} in the column {period!r} is no {period}; na.with_period(..., period={period!r}) writes them.")
    rows = measures[~missing].assign(at=at.astype("int64"))
    lost = int(measures.loc[missing, "n"].sum())
    return rows, f"n = {lost:,} without a date not shown" if lost else ""


def _lanes(rows: pd.DataFrame, columns: list[str], limit: int | None, figure: str) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """The rows with the number of their lane; the lanes in the order of their n; and what is said of those that are not drawn."""
    group = rows.groupby(columns, sort=False, dropna=False).ngroup() if columns else pd.Series(0, index=rows.index)
    if (twice := pd.DataFrame({"group": group, "at": rows["at"]}).duplicated()).any():
        raise TableError(
            f"{figure}: {rows[twice].iloc[0].to_dict()} stands there twice; one row a group and {'tenth' if figure == 'plot_profile' else 'period'}."
        )
    firsts = rows[~group.duplicated()]
    shades = [c for c in columns if any(map(palette.is_known, firsts[c]))] or columns
    lanes = pd.DataFrame(
        {"label": group_labels(firsts, columns), "shade": firsts[shades[0]].to_numpy() if shades else None, "n": rows["n"].groupby(group).sum()}
    )
    lanes = lanes.sort_values("n", ascending=False, kind="stable")
    drawn, said = kept(lanes, limit, lanes["n"].tolist(), fits=LANES, what="lanes")
    place = {number: y for y, number in enumerate(drawn.index)}
    return rows.assign(lane=group.map(place))[group.isin(place)], drawn, said


def _scale(rows: pd.DataFrame) -> tuple[float, float]:
    """The ends of the scale that all lanes share: 0 and round numbers beyond all estimates and intervals."""
    ends = np.append(rows[["estimate", "ci_low", "ci_high"]].to_numpy(np.float64).ravel(), 0.0)
    ends = ends[np.isfinite(ends)]
    low, high = float(ends.min()), float(ends.max())
    if low == high:
        return 0.0, 1.0
    ticks: Any = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return min(float(ticks[ticks <= low + 1e-12].max(initial=ticks.min())), 0.0), float(ticks[ticks >= high - 1e-12].min(initial=ticks.max()))


def _at(value: Any, lane: int, scale: tuple[float, float]) -> Any:
    """Where a value stands in its lane; lanes are counted downwards."""
    low, high = scale
    return lane + FILL / 2 - FILL * (value - low) / (high - low)


def _lane(ax: Axes, rows: pd.DataFrame, lane: int, scale: tuple[float, float], shade: str) -> None:
    """Draw the runs of periods that follow each other, each with its band."""
    rows = rows[np.isfinite(rows["estimate"])].sort_values("at")
    edge = palette.GREY if shade == palette.colour(None) else shade
    few = rows["at"].nunique() <= 40
    for _, run in rows.groupby((rows["at"].diff() != 1).cumsum()):
        x, y = run["at"].to_numpy(), _at(run["estimate"].to_numpy(), lane, scale)
        bounds = [_at(run[bound].to_numpy(), lane, scale) for bound in ("ci_low", "ci_high")]
        if len(run) > 1:
            ax.fill_between(x, *bounds, color=shade, alpha=0.28, linewidth=0, zorder=1)
            ax.plot(x, y, color=edge, linewidth=1.5, zorder=3)
        else:
            ax.plot([x[0], x[0]], [bounds[0][0], bounds[1][0]], color=palette.INK, linewidth=1.2, zorder=2)
        if few or len(run) == 1:
            face = [palette.PAPER if pd.isna(low) else shade for low in run["ci_low"]]
            ax.scatter(x, y, s=13, c=face, edgecolors=edge, linewidths=1.2, zorder=4, clip_on=False)


def _times(ax: Axes, rows: pd.DataFrame, period: str, most: int) -> None:
    """Name so many periods as fit below each other's names, at even steps, in the words of the table."""
    first, last = int(rows["at"].min()), int(rows["at"].max())
    steps = {"month": (1, 2, 3, 6, 12, 24, 48, 60, 120), "quarter": (1, 2, 4, 8, 20, 40), "week": (1, 2, 4, 13, 26, 52, 104)}.get(
        period, (1, 2, 5, 10, 20, 50, 100)
    )
    step = next((step for step in steps if (last - first) / step < most), -(-(last - first) // most))
    at = list(range(first, last + 1, step))
    ax.set_xticks(at, [_written(number, period) for number in at])
    ax.set_xlim(first - max(0.4, 0.02 * (last - first)), last + max(0.4, 0.02 * (last - first)))
    ax.spines["bottom"].set_bounds(first, last if last > first else last + 0.001)


def _written(number: int, period: str) -> str:
    """The period of a number, as ``with_period`` writes it."""
    if period == "day":
        return f"{pd.Timestamp.fromordinal(number):%Y-%m-%d}"
    if period == "week":
        return "{}-W{:02d}".format(*pd.Timestamp.fromordinal(number * 7 + 1).isocalendar()[:2])
    if period == "year":
        return f"{number}"
    parts = 12 if period == "month" else 4
    return f"{number // parts}-{number % parts + 1:02d}" if period == "month" else f"{number // parts}-Q{number % parts + 1}"


@styled
def plot_panels(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw a measure of two groups side by side: a panel for each of the one, a row for each of the other, all on the same scale.

    Parameters
    ----------
    measures : DataFrame
        Table *measures* of one measure with two group columns: target tone by actor and outlet, labels by outlet and actor, voices by outlet and camp. The
        column with fewer groups names the panels; where both have as many, the first does.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many rows are drawn, those of the largest n. None: as many as fit a page. Of panels six fit (three in a column); the figure says what it
        leaves out.

    Returns
    -------
    Axes
        In each panel a point a row with its 95 % interval; hollow where there is none; no point where the table has no row or no estimate.

    Raises
    ------
    TableError
        If it is no table *measures*, holds more than one measure, has no two group columns, or two rows for one place.

    How to read
    -----------
    Read along a row to compare the panels for one group; read down a panel to compare the groups in it.

    Examples
    --------
    >>> columns = {"measure": "target_tone_net", "outlet": ["Post", "Star"], "actor": "NATO", "estimate": [0.1, -0.2], "ci_low": None, "ci_high": None}
    >>> ax = plot_panels(pd.DataFrame({**columns, "n": 4, "n_documents": 1}))
    >>> [text.get_text() for text in ax.texts], [label.get_text() for label in ax.get_yticklabels()]
    (['NATO'], ['Post', 'Star'])
    """
    measures = checked(measures, "plot_panels", 1)
    columns = group_columns(measures)
    varied = [c for c in columns if len(measures[c].unique()) > 1]
    columns = varied if len(varied) >= 2 else [c for c in columns if c in varied or c not in ("first", "second")][:2]
    if len(columns) != 2:
        found = ", ".join(columns) or "none"
        raise TableError(f"plot_panels: two columns of groups are needed, such as outlet and actor; the table has {found}. One column: see plot_intervals.")
    if measures.empty:
        return nothing(axes(ax, 1.5))
    if (twice := measures.duplicated(columns)).any():
        raise TableError(f"plot_panels: {measures.loc[twice, columns].iloc[0].to_dict()} stands there twice; one row for each place.")
    across, down = sorted(columns, key=lambda column: int((~measures[column].duplicated()).sum()))
    panels, said_panels = _most(measures, across, None, PANELS if inches(ax) > 4 else PANELS // 2, "panels")
    measures = measures[measures[across].isin(panels[across])]
    labels, heads = group_labels(measures[[down]].drop_duplicates(), [down]), group_labels(panels, [across])
    room = inches(ax) * 0.72 / len(heads)
    heads, turned = _panel_heads(heads, max(6, int(room * 0.85 / 0.088)))
    deep = max(len(line) for head in heads for line in head.split("\n")) * 0.6 if turned else max(head.count("\n") + 1 for head in heads)
    rows, said_rows = _most(measures, down, limit, fits_page(labels, ax, max(1.9, 1.48 + 0.14 * deep)), "rows")
    measures = measures[measures[down].isin(rows[down])]
    labels = group_labels(rows, [down])
    said = "; ".join(filter(None, (said_rows, said_panels)))
    ax = axes(ax, height(labels, 1.15 + 0.14 * deep) + 0.14 * bool(said))
    upright: dict[str, Any] = {
        **_SMALL,
        "va": "bottom",
        "fontweight": "bold",
        "rotation": 90 if turned else 0,
        "multialignment": "left" if turned else "center",
    }
    scale = RANGES.get(measures["measure"].iloc[0]) or _scale(measures)
    places = {name: x for x, name in enumerate(panels[across])}
    lines = {name: y for y, name in enumerate(rows[down])}
    shades = dict(zip(lines, fills(list(lines)), strict=True))
    for x, head in enumerate(heads):
        _panel(ax, x, scale, len(labels))
        ax.annotate(head, (x + 0.44, 1), xytext=(0, 4), xycoords=("data", "axes fraction"), ha="center", **upright)
    for row in rows_of(measures.rename(columns={across: "across", down: "down"})):
        _point(ax, row, (places[row.across], lines[row.down]), scale, shades[row.down])
    label_rows(ax, labels)
    ax.set_xlim(-0.06, len(heads) - 0.06)
    _ends(ax, measures["measure"].iloc[0], scale, len(heads), room)
    name_axis(ax, title_of(measures, measures["measure"].iloc[0]), f"({interval_note(measures)}; {sizes(measures)})", said)
    return ax


def _panel_heads(names: list[str], width: int) -> tuple[list[str], bool]:
    """The panels' heads, in at most three lines; where a word does not fit, turned by a right angle."""
    flat = told_apart(names, width, 3)
    if any("…" in head for head in flat) or any(len(word) > width for name in names for word in re.split(r"\s+|(?<=-)", name)):
        return told_apart(names, 22), True
    return flat, False


def _most(measures: pd.DataFrame, column: str, limit: int | None, fits: int, what: str) -> Kept:
    """The groups in a column that are drawn, in the order of the table."""
    groups = measures[[column]].drop_duplicates()
    return kept(groups, limit, measures.groupby(column, sort=False, dropna=False)["n"].sum().tolist(), fits=fits, what=what)


def _panel(ax: Axes, x: int, scale: tuple[float, float], rows: int) -> None:
    """Faint lines at the ends of a panel's scale, a darker one at 0."""
    for value in (*scale, 0.0):
        if scale[0] <= value <= scale[1]:
            at = x + 0.88 * (value - scale[0]) / (scale[1] - scale[0])
            ax.plot([at, at], [-0.6, rows - 0.4], color=palette.GREY if value == 0 else palette.FAINT, linewidth=0.9 if value == 0 else 0.6, zorder=0)


def _point(ax: Axes, row: Any, place: tuple[int, int], scale: tuple[float, float], shade: str) -> None:
    """A point with its whisker in its panel."""
    x, y = place
    if not np.isfinite(row.estimate):
        return
    at, *ends = (x + 0.88 * (np.clip(value, *scale) - scale[0]) / (scale[1] - scale[0]) for value in (row.estimate, row.ci_low, row.ci_high))
    edge = palette.GREY if shade == palette.colour(None) else shade
    if not pd.isna(row.ci_low):
        ax.plot(ends, [y, y], color=palette.INK, linewidth=1.2, zorder=2)
    ax.plot(at, y, marker="o", markersize=6, color=palette.PAPER if pd.isna(row.ci_low) else shade, markeredgecolor=edge, markeredgewidth=1.7, zorder=3)


def _ends(ax: Axes, measure: str, scale: tuple[float, float], panels: int, room: float) -> None:
    """Name the ends of the scale below each panel, or below the first where there is no room for all."""
    values = [scale[0], *([0.0] if scale[0] < 0 < scale[1] and room > 1.3 else []), scale[1]]
    shown = range(panels) if room > 1.0 else range(0, panels, 2)
    places = [x + 0.88 * (value - scale[0]) / (scale[1] - scale[0]) for x in shown for value in values]
    ax.set_xticks(places, [_end(measure, value) for _ in shown for value in values])
    for number, label in enumerate(ax.get_xticklabels()):  # within its panel, so that it does not touch the next one's
        at = number % len(values)
        label.set_horizontalalignment("left" if at == 0 else "right" if at == len(values) - 1 else "center")
    ax.spines["bottom"].set_visible(False)


def _end(measure: str, value: float) -> str:
    """An end of a scale, without decimals that say nothing."""
    return f"{value:g}".replace("-", "−") if value == round(value, 1) and "%" not in value_of(measure, value) else value_of(measure, value)


@styled
def plot_network(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw who speaks about whom: speakers on the left, whom they speak about on the right, a line for each pair.

    Parameters
    ----------
    measures : DataFrame
        What ``who_about_whom`` returned, or any table *measures* whose first two group columns are from whom and to whom; with ``about_tone_net`` in it
        the lines show the tone.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many groups are drawn on each side, those of the largest n. None: at most 20; the figure says what it leaves out.

    Returns
    -------
    Axes
        The width of a line is the pair's n, the number behind a name its group's. Without tone the lines have the speaker's colour. With it they are
        blue where more is positive, red with white dashes where more is negative, and light grey where the interval holds 0 or is missing.

    Raises
    ------
    TableError
        If it is no table *measures*, or has no two columns of groups.

    How to read
    -----------
    Follow the broad lines. ``plot_matrix(measures[[..., "about", "n"]])`` has the same as numbers, and reads better with many groups.

    Examples
    --------
    >>> columns = {"measure": "about_share", "affiliation": "nato", "about": ["nato", "russian"], "estimate": 0.5, "ci_low": None, "ci_high": None}
    >>> ax = plot_network(pd.DataFrame({**columns, "n": [3, 5], "n_documents": 1}))
    >>> [text.get_text() for text in ax.texts]
    ['NATO · n = 8', 'Russian · n = 5', 'NATO · n = 3', 'speak', 'about']
    """
    measures = checked(measures, "plot_network", 2)
    columns = group_columns(measures)
    if len(columns) < 2:
        raise TableError("plot_network: two columns of groups are needed, from whom and to whom; see na.who_about_whom.")
    start, end = columns[:2]
    tones = measures[measures["measure"] == "about_tone_net"]
    drawn = measures[(measures["measure"] != "about_tone_net") & (measures["n"] > 0)] if len(tones) < len(measures) else tones[tones["n"] > 0]
    if drawn.empty:
        return nothing(axes(ax, 1.5))
    fits = SIDE if inches(ax) > 4 else int((TALL - 1.6) / 0.5)
    (speakers, said_left), (targets, said_right) = (
        _side(drawn, column, limit, fits=fits, what=what) for column, what in ((start, "speakers"), (end, "targets"))
    )
    lines = drawn[drawn[start].isin(speakers) & drawn[end].isin(targets)]
    deep = max(len(speakers), len(targets))
    said = "; ".join(filter(None, (said_left, said_right)))
    ax = axes(ax, 0.85 + max(2, deep) * (0.36 if inches(ax) > 4 else 0.5) + (0.25 if len(tones) else 0) + 0.14 * bool(said))
    places = [_spread(list(side), deep) for side in (speakers, targets)]
    said_by = {(row[1], row[2]): _tone(row[3], row[4], row[5]) for row in tones[[start, end, "estimate", "ci_low", "ci_high"]].itertuples()}
    shades = dict(zip(speakers, fills(list(speakers)), strict=True))
    most = int(lines["n"].max())
    step = 72 * (0.36 if inches(ax) > 4 else 0.5)  # points, from name to name
    fullest = max(int(lines.groupby(column, dropna=False)["n"].sum().max()) for column in (start, end))
    widest = min(WIDEST, 0.9 * step * most / fullest)  # the lines of a name take no more than its place
    for row in lines.sort_values("n", ascending=False, kind="stable")[[start, end, "n"]].itertuples(index=False):
        tone = said_by.get((row[0], row[1])) if len(tones) else None
        own = shades[row[0]] if shades[row[0]] != palette.colour(None) else palette.GREY
        x, y = _curve(places[0][row[0]], places[1][row[1]])
        wide = max(min(1.0, widest / 3), widest * row[2] / most)
        ax.plot(x, y, color=TONES[tone][0] if tone else own, linewidth=wide, alpha=0.8, zorder=2, solid_capstyle="butt")
        if tone and TONES[tone][1] is not None:
            ax.plot(x, y, color=palette.PAPER, linewidth=max(0.5, min(1.2, wide / 3)), linestyle=TONES[tone][1], zorder=2)
    _names(ax, (start, speakers, places[0]), (end, targets, places[1]), deep)
    if len(tones):
        legend(ax, [_sample(*look) for look in TONES.values()], list(TONES))
    name_axis(ax, f"(width: number of mentions, at most {most:,})", said, share=0.6)
    return ax


TONES: dict[str, tuple[str, Any]] = {  # colour, and the white dashes in the line
    "more positive": (palette.of_group("tone")["positive"][1], None),
    "more negative": (palette.of_group("tone")["negative"][1], (0, (3, 2))),
    "neither, or not sure": ("#BDBDBD", None),
}


def _sample(colour: str, dashes: Any) -> Any:
    """A line for the key."""
    line = Line2D([], [], color=colour, linewidth=4, solid_capstyle="butt")
    return line if dashes is None else (line, Line2D([], [], color=palette.PAPER, linewidth=1.2, linestyle=dashes))


def _tone(estimate: float, low: float, high: float) -> str:
    """The kind of a pair's line: its sign where the interval leaves out 0."""
    return "neither, or not sure" if pd.isna(low) or low <= 0 <= high else "more positive" if estimate > 0 else "more negative"


def _side(lines: pd.DataFrame, column: str, limit: int | None, *, fits: int, what: str) -> tuple[dict[Any, int], str]:
    """The groups of one side with their n, the largest first, and what is said of those that are not drawn."""
    sums = lines.groupby(column, sort=False, dropna=False)["n"].sum().sort_values(ascending=False, kind="stable").reset_index()
    drawn, said = kept(sums, limit, sums["n"].tolist(), fits=fits, what=what)
    return dict(zip(drawn[column], drawn["n"], strict=True)), said


def _spread(names: list[Any], deep: int) -> dict[Any, float]:
    """Where the names of a side stand: evenly over the height of the longer side."""
    step = (deep - 1) / (len(names) - 1) if len(names) > 1 else 0.0
    return {name: number * step if len(names) > 1 else (deep - 1) / 2 for number, name in enumerate(names)}


def _curve(start: float, end: float) -> tuple[Any, Any]:
    """A line that leaves and arrives level."""
    x = np.linspace(0, 1, 40)
    return x, start + (end - start) * (3 * x**2 - 2 * x**3)


def _names(ax: Axes, left: Side, right: Side, deep: int) -> None:
    """Write both sides' names with their n, and what the sides are."""
    width = letters(ax, 22)
    for (column, sums, places), x, side, away in ((left, 0, "right", -7), (right, 1, "left", 7)):
        shown = told_apart(group_labels(pd.DataFrame({column: list(places)}), [column]), width)
        for said, (name, y) in zip(shown, places.items(), strict=True):
            ax.plot(x, y, marker="s", markersize=5, color=palette.INK, zorder=3, clip_on=False)
            ax.annotate(
                f"{said}{' · ' if inches(ax) > 4 else chr(10)}n = {sums[name]:,}",
                (x, y),
                xytext=(away, 0),
                ha=side,
                **{**_SMALL, "va": "center"},
                multialignment=side,
            )
    for x, side, away, said in ((0, "right", -7, "speak"), (1, "left", 7, "about")):
        ax.annotate(said, (x, -0.8), xytext=(away, 0), ha=side, **_SMALL, color=palette.GREY, fontweight="bold")
    ax.set_yticks([])
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set_xlim(-0.02, 1.02)
    ax.set_ylim(max(deep, 2) - 0.4, -1.0)
