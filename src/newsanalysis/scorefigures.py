"""Figures that compare: scores of a program beside those of people and of other programs, and estimates in pairs."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from newsanalysis import palette
from newsanalysis.style import SMALL, TALL, WIDTH, axes, fills, kept, legend, name_axis, needs, nothing, rows_of, styled, told_apart
from newsanalysis.tables import TableError

MARKS = {"package": "this package (95 % interval)", "people": "two people", "coder": "a second coder", "other": "other programs, baselines"}
COLUMNS = ("group", "label", "system", "mark", "estimate", "ci_low", "ci_high")
ROW = 0.225  # inches, of a row without names below it
LANE = 0.135  # inches, of a line of names
STROKE = 0.064  # inches, half a stroke
LETTERS = 0.05  # inches, half the height of a name
HEADING = 0.30
FRAME = 0.62  # inches below the rows
KEY = 0.3  # inches for the key above them
LABEL = 28  # letters of a label's line
MOST_NAMES = 6  # that are placed by trying; more stand one below the other
CHARACTER = 0.0195  # of the axis, what a letter of a name is wide
BESIDE = 0.004  # of the axis, between a name and a line that runs down along it
NUMBERS = {"package": 1.12, "people": 1.27, "coder": 1.27}  # where their columns end
GAP = 0.012
PAIR_ROW = 0.34


class _Name(NamedTuple):
    """A name below its mark: what it says, where its mark is, where it begins, in which line."""

    text: str
    at: float
    start: float
    lane: int

    @property
    def end(self) -> float:
        return self.start + CHARACTER * len(self.text)


@styled
def plot_scores(table: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw what a program reaches in each measure, beside what people and other programs reach.

    Parameters
    ----------
    table : DataFrame
        A row a mark: ``group`` and ``label`` (the heading and the name of the measure), ``system`` (who), ``mark`` ("package",
        "people", "coder" for a second coder who is no person, or "other"), ``estimate`` in [0, 1], ``ci_low`` and ``ci_high``, which may be missing.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many rows are drawn, the first ones. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        A line from 0 to 1 a measure: a dot with its 95 % interval and its number for the package, an open circle for people or a second
        coder, strokes for others: below each its name and its value, where names stand in several lines joined by a thin line.

    Raises
    ------
    TableError
        If a column is missing, a mark is unknown, an estimate is no number between 0 and 1, or the package has two in one measure.

    How to read
    -----------
    The nearer the dot is to the open circle, the less a better program could still gain: beyond it people themselves do not agree. Do not compare
    dots of different rows: they are different scores on different texts. Marks of one row may stand on different texts, too.

    Examples
    --------
    >>> columns = {"group": "Speech", "label": "all (F1)", "system": ["here", "two people"], "mark": ["package", "people"], "estimate": [0.79, 0.75]}
    >>> ax = plot_scores(pd.DataFrame({**columns, "ci_low": [0.76, None], "ci_high": [0.81, None]}))
    >>> [text.get_text() for text in ax.texts]
    ['79 %', '75 %', 'Speech', 'package', 'people']
    """
    needs(table, "plot_scores", *COLUMNS)
    _check(table)
    if table.empty:
        return nothing(axes(ax, 1.5))
    lines, said = kept(table[["group", "label"]].drop_duplicates(), limit, fits=18)
    shown = pd.MultiIndex.from_frame(lines)
    table = table[pd.MultiIndex.from_frame(table[["group", "label"]]).isin(shown)]
    rows = [(group, label, part) for (group, label), part in table.groupby(["group", "label"], sort=False, dropna=False)]
    names = [_named(part[part["mark"] == "other"]) for *_, part in rows]
    labels = told_apart([str(label) for _, label, _ in rows], LABEL)
    places, headings, depth = _places([group for group, *_ in rows], labels, names)
    ax = axes(ax, KEY + depth + FRAME + 0.14 * bool(said), wide=True)
    for (_, _, part), y, named in zip(rows, places, names, strict=True):
        ax.plot([0, 1], [y, y], color=palette.FAINT, linewidth=0.8, zorder=1)
        for row in rows_of(part):
            _mark(ax, row, y)
        for name in named:
            _write(ax, name, y)
    for heading, y in headings:
        ax.text(0, y, heading, fontweight="bold", va="center", parse_math=False).set_in_layout(False)
    ax.set_yticks(places, labels, parse_math=False)
    ax.set_ylim(depth, -KEY)
    ax.set_xlim(-0.015, 1.28)
    for mark in [mark for mark in NUMBERS if mark in set(table["mark"])]:
        ax.text(NUMBERS[mark], headings[0][1], mark, ha="right", va="center", fontsize=SMALL, color=_shade(mark))
    ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.spines["bottom"].set_bounds(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    name_axis(ax, "The score named in the row; 100 % is without error", said)
    ax.xaxis.get_label().set_x(0.4)
    _key(ax, set(table["mark"]))
    return ax


def _check(table: pd.DataFrame) -> None:
    """Refuse marks that cannot be drawn, by row."""
    for number, row in enumerate(rows_of(table)):
        where = f"plot_scores: row {number}, {row.label!r}:"
        if row.mark not in MARKS:
            raise TableError(f"{where} the mark is {row.mark!r}; it must be one of {', '.join(MARKS)}.")
        if pd.isna(row.estimate) or not 0 <= row.estimate <= 1:
            raise TableError(f"{where} the estimate is {row.estimate}; it must be a number from 0 to 1.")
    ours = table[table["mark"] == "package"]
    if (twice := ours[ours.duplicated(["group", "label"])]).size:
        raise TableError(f"plot_scores: the package has two estimates of {twice['label'].iloc[0]!r}; one dot a row.")


def _named(others: pd.DataFrame) -> list[_Name]:
    """Place each name with its value below its mark, in as few lines as can be: in the middle, else to its left or right."""
    rows = [(f"{row.system} {100 * row.estimate:.0f}", float(row.estimate)) for row in rows_of(others.sort_values("estimate", kind="stable"))]
    for lanes in range(1, len(rows) + 1 if len(rows) <= MOST_NAMES else 0):
        free = _ways(rows, lanes)
        if free:
            best: tuple[_Name, ...] = min(free, key=_moved)
            return list(best)
    return _stairs(rows)


def _ways(rows: list[tuple[str, float]], lanes: int) -> list[tuple[_Name, ...]]:
    """All ways to place names in so many lines that none touches another or the line that joins another to its mark."""
    ways: list[tuple[_Name, ...]] = [()]
    for text, at in rows:
        wide = CHARACTER * len(text)
        starts = dict.fromkeys(max(start, 0.0) for start in (at - wide / 2, at - wide, at))
        each = [_Name(text, at, start, lane) for lane in range(lanes) for start in starts]
        ways = [(*way, name) for way in ways for name in each if all(_apart(other, name) for other in way)]
    return ways


def _apart(one: _Name, two: _Name) -> bool:
    """Whether two names do not touch, and the line down to the lower one passes by the upper one."""
    if one.lane == two.lane:
        return one.end + GAP <= two.start or two.end + GAP <= one.start
    upper, lower = sorted((one, two), key=lambda name: name.lane)
    return not upper.start + 1e-9 < lower.at < upper.end - 1e-9


def _stairs(rows: list[tuple[str, float]]) -> list[_Name]:
    """Many names one below the other: to the left of their marks, or, where there is no room, to their right."""
    if all(at >= CHARACTER * len(text) for text, at in rows):
        return [_Name(text, at, at - CHARACTER * len(text), lane) for lane, (text, at) in enumerate(rows)]
    return [_Name(text, at, at, len(rows) - 1 - n) for n, (text, at) in enumerate(rows)]


def _moved(names: tuple[_Name, ...]) -> tuple[float, int]:
    """How far names are from the middle of their marks, and how low."""
    return sum(round(abs((name.start + name.end) / 2 - name.at), 6) for name in names), sum(name.lane for name in names)


def _write(ax: Axes, name: _Name, mark: float) -> None:
    """Write a name so that it keeps to its mark, however wide its letters turn out, and join a lower one to it."""
    wide = CHARACTER * len(name.text)
    sides = {"center": (name.at, name.at - wide / 2), "right": (name.at - BESIDE, name.at - wide), "left": (name.start + BESIDE, name.start)}
    side = next(side for side, (_, start) in sides.items() if abs(start - name.start) < 1e-9)
    y = mark + ROW * 0.62 + name.lane * LANE
    ax.text(sides[side][0], y, name.text, ha=side, va="center", fontsize=SMALL, color=palette.GREY, parse_math=False)
    if name.lane or side != "center":
        ax.plot([name.at, name.at], [mark + STROKE, y - LETTERS if side == "center" else y + LETTERS], color=palette.GREY, linewidth=0.7, zorder=1)


def _places(groups: list[Any], labels: list[str], names: list[list[_Name]]) -> tuple[list[float], list[tuple[str, float]], float]:
    """Where the rows' lines and the headings stand, in inches from the top, and how deep all is."""
    places, headings, at, last = [], [], 0.0, None
    for group, label, named in zip(groups, labels, names, strict=True):
        if group != last:
            at += HEADING
            headings.append((str(group), at - 0.13))
            last = group
        places.append(at + ROW / 2 + (LANE / 2 if "\n" in label else 0.0))
        below = LANE * (max(name.lane for name in named) + 1.1) if named else 0.0
        two_lines = LANE / 2 if "\n" in label else 0.0
        at += ROW + two_lines + max(below, two_lines)
    return places, headings, at + 0.05


def _mark(ax: Axes, row: Any, y: float) -> None:
    """Draw one mark."""
    if row.mark == "other":
        ax.plot(row.estimate, y, linestyle="none", marker="|", markersize=9, markeredgewidth=1.6, color=palette.GREY, zorder=2)
        return
    ax.text(NUMBERS[row.mark], y, f"{row.estimate:.0%}".replace("%", " %"), ha="right", va="center", fontsize=SMALL, color=_shade(row.mark))
    if row.mark in ("people", "coder"):
        ax.plot(row.estimate, y, linestyle="none", marker="o", markersize=8.5, color=palette.PAPER, markeredgecolor=palette.INK, markeredgewidth=1.3, zorder=3)
        return
    shade = _shade(row.mark)
    if not pd.isna(row.ci_low):
        ax.plot([row.ci_low, row.ci_high], [y, y], color=shade, linewidth=2.2, zorder=4)
    ax.plot(row.estimate, y, linestyle="none", marker="o", markersize=5.5, color=shade, markeredgecolor=palette.PAPER, markeredgewidth=0.5, zorder=5)


def _shade(mark: str) -> str:
    return palette.colour("nato") if mark == "package" else palette.INK


def _key(ax: Axes, marks: set[str]) -> None:
    shade = _shade("package")
    circle = Line2D([], [], linestyle="none", marker="o", markersize=8, color=palette.PAPER, markeredgecolor=palette.INK, markeredgewidth=1.3)
    handles = {
        "package": Line2D([], [], color=shade, linewidth=2.2, marker="o", markersize=5.5),
        "people": circle,
        "coder": circle,
        "other": Line2D([], [], linestyle="none", marker="|", markersize=9, markeredgewidth=1.6, color=palette.GREY),
    }
    shown = [mark for mark in MARKS if mark in marks]
    key = ax.legend([handles[mark] for mark in shown], [MARKS[mark] for mark in shown], loc="upper right", ncols=3, borderaxespad=0, handlelength=1.4)
    key.set_in_layout(False)


@styled
def plot_pairs(table: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw two estimates of the same share in each group, joined by a line: by hand and by machine.

    Parameters
    ----------
    table : DataFrame
        A row a group: first column the group, then ``hand`` and ``machine`` (shares in [0, 1]), ``ci_low`` and ``ci_high`` of the difference machine less
        hand, which may be missing.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many rows are drawn, the first ones. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        An open circle for the hand, a dot for the machine, the difference in points with its 95 % interval beside them.

    Raises
    ------
    TableError
        If a column is missing.

    How to read
    -----------
    A short line is a small error. An interval of the difference that leaves out 0 is an error to one side, which more articles do not mend.

    Examples
    --------
    >>> columns = {"affiliation": ["nato"], "hand": 0.4, "machine": 0.35, "ci_low": -0.08, "ci_high": 0.01}
    >>> [text.get_text() for text in plot_pairs(pd.DataFrame(columns)).texts]
    ['−5 (−8 to +1)', 'machine − hand, points']
    """
    needs(table, "plot_pairs", "hand", "machine", "ci_low", "ci_high")
    if table.empty:
        return nothing(axes(ax, 1.5))
    table, said = kept(table, limit, fits=int((TALL - 1.3) / PAIR_ROW))
    groups = table.iloc[:, 0].tolist()
    ax = axes(ax, 1.15 + PAIR_ROW * len(table) + 0.14 * bool(said), wide=True)
    top = max(0.1, float(table[["hand", "machine"]].to_numpy().max()))
    beside = top * 1.08
    shades = dict(zip(groups, fills(groups), strict=True))
    for y, (group, row) in enumerate(zip(groups, rows_of(table), strict=True)):
        shade = shades[group]
        ax.plot([0, top], [y, y], color=palette.FAINT, linewidth=0.8, zorder=1)
        ax.plot([row.hand, row.machine], [y, y], color=palette.GREY, linewidth=2, zorder=2)
        ax.plot(row.machine, y, marker="o", markersize=7.5, color=shade, markeredgecolor=palette.GREY, markeredgewidth=0.6, zorder=4)
        ax.plot(row.hand, y, marker="o", markersize=9.5, color=palette.PAPER, markeredgecolor=palette.INK, markeredgewidth=1.3, zorder=3)
        ax.text(beside, y, _points(row), va="center_baseline", fontsize=SMALL)
    ax.text(beside, -0.75, "machine − hand, points", va="center_baseline", fontsize=SMALL, color=palette.GREY)
    ax.set_yticks(range(len(groups)), told_apart([palette.label_in(str(table.columns[0]), group) for group in groups]), parse_math=False)
    ax.set_ylim(len(groups) - 0.4, -1.1)
    ax.set_xlim(-0.02 * top, top * (1.08 + 2.1 / WIDTH))
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= top * 1.001])
    ax.spines["bottom"].set_bounds(0, top)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    name_axis(ax, "Share of all attributed words", said)
    ax.xaxis.get_label().set_x(0.37)
    handles = [
        Line2D([], [], linestyle="none", marker="o", markersize=8.5, markerfacecolor="none", markeredgecolor=palette.INK, markeredgewidth=1.3),
        Line2D([], [], linestyle="none", marker="o", markersize=7, color=palette.GREY),
    ]
    legend(ax, handles, ["by hand", "by machine"])
    return ax


def _points(row: Any) -> str:
    """The difference in points, with its interval."""
    numbers = [row.machine - row.hand] + ([row.ci_low, row.ci_high] if not pd.isna(row.ci_low) else [])
    value, *bounds = (f"{round(100 * number) + 0:+d}".replace("+0", "0").replace("-", "−") for number in numbers)
    return f"{value} ({bounds[0]} to {bounds[1]})" if bounds else value
