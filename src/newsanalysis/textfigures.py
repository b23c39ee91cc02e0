"""Figures of texts: where groups speak, the tone of each sentence, words in context, what holds of each headline.

As in ``figures``, a table becomes Axes and nothing is computed.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from newsanalysis import palette
from newsanalysis.style import (
    SMALL,
    TALL,
    axes,
    drawable,
    fills,
    fits_page,
    height,
    inches,
    kept,
    label_rows,
    legend,
    letters,
    name_axis,
    needs,
    nothing,
    rows_of,
    styled,
    told_apart,
    wrapped,
)
from newsanalysis.tables import TableError

MANY_COLUMNS = 12
MANY_FEATURES = 6
ATTRIBUTED = "#E8E8E8"  # the ground of what stands inside what a source said


@styled
def plot_positions(pieces: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw where in the text each group speaks: one lane a group, the text running from left to right.

    Parameters
    ----------
    pieces : DataFrame
        ``na.positions(found)``: one row a piece of content with start, end, and length, the characters of its text; and the group: affiliation, or where
        that is not there the first column that is no id.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many groups are drawn, those with the most pieces. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        One lane a group, the earliest on top, with the number of its pieces behind it; the shaded fifth is the lead.

    Raises
    ------
    TableError
        If start, end, length or the column of groups is missing.

    How to read
    -----------
    Dark is where the group is heard; a long blank on the left means that it is heard late. The pieces of many texts lie over each other: for them draw
    `plot_profile` of `voice_profile`.

    Examples
    --------
    >>> pieces = pd.DataFrame({"affiliation": ["nato", "ukrainian"], "start": [50, 0], "end": [100, 10], "length": 100})
    >>> [label.get_text() for label in plot_positions(pieces).get_yticklabels()]
    ['Ukrainian', 'NATO']
    """
    needs(pieces, "plot_positions", "start", "end", "length")
    others = [str(c) for c in pieces.columns if c not in ("start", "end", "length") and not str(c).endswith("_id")]
    group = "affiliation" if "affiliation" in others else next(iter(others), None)
    if group is None:
        raise TableError("plot_positions: the table needs a column of groups, such as affiliation, beside start, end and length.")
    if pieces.empty:
        return nothing(axes(ax, 1.5))
    pieces = pieces.assign(**{group: pieces[group].fillna("unspecified")})
    groups = pieces.sort_values("start", kind="stable")[[group]].drop_duplicates()
    sizes = groups[group].map(pieces[group].value_counts()).tolist()
    drawn, said = kept(groups, limit, sizes, fits=fits_page([palette.label_in(group, name) for name in groups[group]], ax), what=f"{group}s")
    lanes = {name: y for y, name in enumerate(drawn[group])}
    ax = axes(ax, height([palette.label_in(group, name) for name in lanes], 1.04) + 0.14 * bool(said))
    ax.axvspan(0, 0.2, color="#F1F1F1", linewidth=0)
    ax.text(0.1, 1.01, "lead", transform=ax.transAxes, ha="center", va="bottom", color=palette.GREY, fontsize=SMALL)
    counts = pieces[group].value_counts()
    for name, y in lanes.items():
        ax.plot([0, 1], [y, y], color=palette.FAINT, linewidth=0.8, zorder=1)
        beside: dict[str, Any] = {"xytext": (6, 0), "textcoords": "offset points", "va": "center_baseline", "fontsize": SMALL, "annotation_clip": False}
        ax.annotate(f"n = {counts[name]:,}", (1, y), **beside)
    shades = dict(zip(lanes, fills(list(lanes)), strict=True))
    for name, some in pieces[pieces[group].isin(lanes)].groupby(group, sort=False):
        bars = np.column_stack([some["start"] / some["length"], (some["end"] - some["start"]) / some["length"]])
        ax.broken_barh(bars.tolist(), (lanes[name] - 0.28, 0.56), facecolors=shades[name], edgecolors=palette.INK, linewidth=0.5, zorder=2)
    label_rows(ax, [palette.label_in(group, name) for name in lanes])
    ax.set_xlim(0, 1)
    if inches(ax) > 4:
        ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["start", "20 %", "40 %", "60 %", "80 %", "end"])
    else:
        ax.set_xticks([0, 0.5, 1], ["start", "50 %", "end"])
    name_axis(ax, "Position in the text (characters)", "(n: number of pieces)", said)
    return ax


@styled
def plot_tones(scores: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw the score that each coder gives to each text or word, one row a text, the coders as marks of different shape.

    Parameters
    ----------
    scores : DataFrame
        One row a text and coder: text, coder, score, in the order to be drawn; and voice, where it is known.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many texts are drawn, the first ones. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        Negative left, positive right; a thin line joins two coders' marks; the first coder's is a ring, in which others of the same score are seen;
        rows of the attributed voice are shaded.

    Raises
    ------
    TableError
        If text, coder or score is missing.

    How to read
    -----------
    The longer the line, the less the coders agree.

    Examples
    --------
    >>> scores = pd.DataFrame({"text": "A good day.", "coder": ["vader@1", "textblob@1"], "score": [0.4, 0.7]})
    >>> len(plot_tones(scores).get_yticklabels())
    1
    """
    needs(scores, "plot_tones", "text", "coder", "score")
    if scores.empty:
        return nothing(axes(ax, 1.5))
    texts, said = kept(scores[["text"]].drop_duplicates(), limit, fits=int((TALL - 1.2) / 0.31), what="texts")
    scores = scores[scores["text"].isin(texts["text"])]
    rows = {text: y for y, text in enumerate(texts["text"])}
    ax = axes(ax, 1.05 + len(rows) * 0.31 + 0.14 * bool(said), wide=True)
    coders = scores["coder"].drop_duplicates().tolist()
    marks = dict(zip(coders, [("o", 9.5), ("D", 4.2), ("s", 7.0), ("^", 6.0), ("v", 6.0)] * len(coders), strict=False))
    shades = palette.colours([c.split("@")[0] for c in coders])
    ends = scores.assign(y=scores["text"].map(rows)).groupby("y")["score"].agg(["min", "max"])
    voices = scores.drop_duplicates("text")["voice"].tolist() if "voice" in scores.columns else []
    for y, voice in enumerate(voices):
        if voice == "attributed":
            ax.axhspan(y - 0.5, y + 0.5, color="#EFEFEF", linewidth=0, zorder=0)
    ax.hlines(ends.index, ends["min"], ends["max"], color=palette.GREY, linewidth=1.0, zorder=2)
    for coder in coders:
        part, shade = scores[scores["coder"] == coder], shades[coder.split("@")[0]]
        ring = coder == coders[0] and len(coders) > 1
        filling: dict[str, Any] = {"color": palette.PAPER, "markeredgecolor": shade, "markeredgewidth": 1.8} if ring else {"color": shade, "markeredgewidth": 0}
        marker, size = marks[coder]
        at = part["text"].map(rows)
        ax.plot(part["score"], at, linestyle="none", marker=marker, markersize=size, zorder=3, label=palette.label(coder.split("@")[0]), **filling)
    label_rows(ax, list(rows), 50)
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.axvline(0, color=palette.GREY, linewidth=0.9, zorder=1)
    ax.grid(axis="x")
    bound = max(1, ceil(scores["score"].abs().max()))
    ax.set_xlim(-1.07 * bound, 1.07 * bound)
    ax.set_xticks([-bound, -bound / 2, 0, bound / 2, bound])
    name_axis(ax, "Tone: negative ← 0 → positive", "(shaded: attributed voice)" if "attributed" in voices else "", said)
    handles, labels = ax.get_legend_handles_labels()
    legend(ax, handles, labels)
    return ax


@styled
def plot_matrix(counts: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw how often each pair of two variables occurs, as circles whose area is the number.

    Parameters
    ----------
    counts : DataFrame
        Three columns: what names the rows, what names the columns, and n; in the order to be drawn.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many rows and columns are drawn, those of the largest sums. None: as many as fit a page, of columns at most
        12; the figure says what it leaves out.

    Returns
    -------
    Axes
        A circle with its number for each pair; no circle, none found. Numbers of 10,000 and more are shortened: 12k, 1.2M; the table has them whole.

    Raises
    ------
    TableError
        If there are fewer than three columns, or the third does not count.

    How to read
    -----------
    Read along a row: what does this one do, and what is done to it?

    Examples
    --------
    >>> counts = pd.DataFrame({"actor": ["Russia", "Ukraine"], "side": ["acts", "acted_upon"], "n": [2, 1]})
    >>> [label.get_text() for label in plot_matrix(counts).get_xticklabels()]
    ['Acts', 'Is acted upon']
    """
    needs(counts, "plot_matrix")
    if len(counts.columns) < 3 or not (counts.empty or pd.api.types.is_numeric_dtype(counts.iloc[:, 2])):
        raise TableError("plot_matrix: three columns are needed: what names the rows, what names the columns, and a number.")
    if counts.empty:
        return nothing(axes(ax, 1.5))
    down, across, number = counts.columns[:3]
    rows, said_rows = _lines(counts, down, limit, int((TALL - 2.0) / 0.36), "rows")
    sides, said_sides = _lines(counts, across, limit, MANY_COLUMNS if inches(ax) > 4 else MANY_COLUMNS // 2, "columns")
    counts = counts[counts[down].isin(rows) & counts[across].isin(sides)]
    heads, turned = _heads(ax, [palette.label_in(across, name) for name in sides])
    said = "; ".join(filter(None, (said_rows, said_sides)))
    ax = axes(ax, 0.9 + len(rows) * 0.36 + (1.1 if turned else 0.0) + 0.3 * bool(said))
    shades = dict(zip(sides, fills(list(sides)), strict=True))
    most = max(float(counts[number].max()), 1.0)
    for y in rows.values():
        ax.plot([-0.5, len(sides) - 0.5], [y, y], color=palette.FAINT, linewidth=0.8, zorder=1)
    cells = [(sides[side], rows[row], n, 90 + 330 * n / most, shades[side]) for row, side, n in counts[[down, across, number]].itertuples(index=False) if n]
    at_x, at_y, _, areas, colours = zip(*cells, strict=True) if cells else ((),) * 5
    ax.scatter(at_x, at_y, s=areas, c=colours, edgecolor=palette.INK, linewidth=0.5, zorder=2)
    for x, y, n, area, shade in cells:
        _number_in(ax, (x, y), shorter(n), area, shade)
    label_rows(ax, [palette.label_in(down, name) for name in rows], letters(ax, 34))
    ax.set_xticks(range(len(sides)), heads, parse_math=False, rotation=90 if turned else 0)
    _heads_on_top(ax, len(sides), said)
    return ax


def shorter(n: float) -> str:
    """Return a number as it stands in a circle: of 10,000 and more only the thousands, millions or billions, with a decimal where they are below 10.

    >>> [shorter(n) for n in (7, 9_999, 12_345, 999_600, 1_234_567, 45_600_000)]
    ['7', '9,999', '12k', '1.0M', '1.2M', '46M']
    """
    if n < 10_000:
        return f"{n:,}"
    size, sign = next((size, sign) for size, sign in ((10**9, "B"), (10**6, "M"), (10**3, "k")) if n >= 0.9995 * size)
    return f"{n / size:.{1 if n < 9.95 * size else 0}f}{sign}"


def _number_in(ax: Axes, place: tuple[int, int], number: str, area: float, shade: str) -> None:
    """Write the number of a circle on it; one that is wider than its circle in dark, on a dark circle with a light edge: it reads within and without."""
    fits = 5.1 * len(number) - 0.9 <= area**0.5  # points
    light = palette.ink_on(shade) == palette.PAPER
    text = ax.text(*place, number, ha="center", va="center_baseline", color=palette.PAPER if light and fits else palette.INK, fontsize=SMALL, zorder=3)
    if light and not fits:
        text.set_path_effects([withStroke(linewidth=1.5, foreground=palette.PAPER)])


def _lines(counts: pd.DataFrame, column: str, limit: int | None, fits: int, what: str) -> tuple[dict[Any, int], str]:
    """The names in a column that are drawn, each with its place, and what is said of the others."""
    names = counts[[column]].drop_duplicates()
    sums = counts.groupby(column, sort=False, dropna=False)[counts.columns[2]].sum().tolist()
    drawn, said = kept(names, limit, sums, fits=fits, what=what)
    return {name: at for at, name in enumerate(drawn[column])}, said


def _heads(ax: Axes | None, names: list[str]) -> tuple[list[str], bool]:
    """The columns' heads, in lines that fit above each other, else in one line each that is turned by a right angle."""
    room = int(inches(ax) * 0.68 / max(1, len(names)) / 0.075)
    flat = told_apart(names, max(1, min(18, room)))
    if room >= 7 and not any("…" in head or "…" in name for head, name in zip(flat, names, strict=True)):
        return flat, False
    return told_apart(names, 20, 2 if len(names) <= MANY_COLUMNS else 1), True


def _heads_on_top(ax: Axes, columns: int, said: str) -> None:
    """Put the columns' names above, and what is not shown below."""
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlim(-0.6, columns - 0.4)
    if said:
        name_axis(ax, said, share=0.42)


@styled
def plot_headlines(table: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw what holds of each headline: one row a headline, one column a feature.

    Parameters
    ----------
    table : DataFrame
        First column: the headlines. Other columns: yes or no (bool), a number, or words.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many headlines are drawn, the first ones. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        A filled circle for yes, a small dot for no; numbers and words as they are.

    Raises
    ------
    TableError
        If there is no column beside the headlines.

    How to read
    -----------
    Read down a column to see how many headlines have the feature.

    Examples
    --------
    >>> table = pd.DataFrame({"headline": ["Trump Says So"], "hedged": [True], "tone": [0.1]})
    >>> [label.get_text() for label in plot_headlines(table).get_xticklabels()]
    ['hedged', 'tone']
    """
    needs(table, "plot_headlines")
    if len(table.columns) < 2:
        raise TableError("plot_headlines: the headlines and one or more columns on them are needed.")
    if table.empty:
        return nothing(axes(ax, 1.5))
    features = list(table.columns[1:])
    heads = told_apart(list(map(str, features)), 10)
    many = len(features) > MANY_FEATURES or any("…" in head for head in heads)
    heads = told_apart(list(map(str, features)), 20, 1) if many else heads
    above = max(0.5, max(map(len, heads)) * 0.075 - 0.3) if many else 0.0
    table, said = kept(table, limit, fits=int((TALL - 1.3 - above) / 0.36), what="headlines")
    said = "; ".join(filter(None, ("large dot: yes, small dot: no" if any(map(pd.api.types.is_bool_dtype, table.dtypes[1:])) else "", said)))
    ax = axes(ax, 0.9 + len(table) * 0.36 + above + 0.2 * bool(said), wide=True)
    for y in range(0, len(table), 2):
        ax.axhspan(y - 0.5, y + 0.5, color="#F3F3F3", linewidth=0, zorder=0)
    for x, feature in enumerate(features):
        yes_or_no = pd.api.types.is_bool_dtype(table[feature])
        for y, cell in enumerate(table[feature]):
            if yes_or_no:
                ax.plot(x, y, marker="o", markersize=8 if cell else 2.5, color=palette.INK if cell else "#A9A9A9")
            elif not pd.isna(cell):
                text = str(cell) if isinstance(cell, str) else f"{cell:+.2f}".replace("-", "−") if cell else "0"
                ax.text(x, y, wrapped(palette.label(text), 12), ha="center", va="center", fontsize=SMALL, parse_math=False)
    label_rows(ax, table.iloc[:, 0].tolist(), 36 if many else 52)
    ax.tick_params(axis="y", labelsize=SMALL)
    ax.set_xticks(range(len(features)), heads, parse_math=False, rotation=90 if many else 0)
    _heads_on_top(ax, len(features), said)
    return ax


@styled
def plot_concordance(lines: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw words in their context, one line each, the words below each other.

    Parameters
    ----------
    lines : DataFrame
        Columns left, match, right, as ``concordance`` gives them (a width of 30 fits a page); if wished also voice, and note: a word or two
        written before each line.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many lines are drawn, the first ones. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        The words in bold; where there is a voice, on white for the own and on grey for the attributed, with a key.

    Raises
    ------
    TableError
        If left, match or right is missing.

    How to read
    -----------
    Read down the middle to see which words there are, then along a line to see whose they are.

    Examples
    --------
    >>> lines = pd.DataFrame({"left": ["the "], "match": ["so-called"], "right": [" republic"]})
    >>> plot_concordance(lines).texts[0].get_text()
    'so-called'
    """
    needs(lines, "plot_concordance", "left", "match", "right")
    if lines.empty:
        return nothing(axes(ax, 1.5))
    lines, said = kept(lines, limit, fits=30, what="lines")
    ax = axes(ax, (0.6 if "voice" in lines.columns else 0.35) + len(lines) * 0.27 + 0.2 * bool(said), wide=True)
    voices = lines["voice"].tolist() if "voice" in lines.columns else [None] * len(lines)
    for y, (row, voice) in enumerate(zip(rows_of(lines), voices, strict=True)):
        if voice == "attributed":
            ax.axhspan(y - 0.45, y + 0.45, color=ATTRIBUTED, linewidth=0, zorder=0)
        match = ax.text(
            0.5 if "note" not in lines.columns else 0.57,
            y,
            drawable(str(row.match)),
            ha="center",
            va="center_baseline",
            weight="bold",
            fontsize=SMALL,
            parse_math=False,
        )
        left, right = _whole_words(row)
        near: dict[str, Any] = {"xycoords": match, "textcoords": "offset points", "va": "bottom", "annotation_clip": False}
        near |= {"fontsize": SMALL, "parse_math": False}
        ax.annotate(left.strip(), (0, 0), xytext=(-3.5 * left.endswith(" ") - 0.5, 0), ha="right", **near)
        ax.annotate(right.strip(), (1, 0), xytext=(3.5 * right.startswith(" ") + 0.5, 0), ha="left", **near)
        if "note" in lines.columns:
            ax.text(0, y, wrapped(palette.label(row.note), 18, 1), ha="left", va="center_baseline", color=palette.GREY, fontsize=SMALL, parse_math=False)
    if said:
        ax.annotate(said, (0.5, 0), xytext=(0, -2), xycoords="axes fraction", textcoords="offset points", ha="center", va="top", fontsize=SMALL)
    ax.set_axis_off()
    ax.set_xlim(-0.008, 1)
    ax.set_ylim(len(lines) - 0.5, -0.5)
    if "voice" in lines.columns:
        grounds = {"own": palette.PAPER, "attributed": ATTRIBUTED}
        handles = [Patch(facecolor=ground, edgecolor=palette.GREY, linewidth=0.5) for ground in grounds.values()]
        legend(ax, handles, ["the outlet's words", "inside what a source said"])
    return ax


def _whole_words(row: Any) -> tuple[str, str]:
    """The context without the halves of words at its ends."""
    left, right = drawable(str(row.left)), drawable(str(row.right))
    if getattr(row, "start", len(left) + 1) > len(left):
        left = "… " + left.partition(" ")[2]
    if right and right[-1] not in '.!?”’"':
        right = right.rpartition(" ")[0] + " …"
    return left, right
