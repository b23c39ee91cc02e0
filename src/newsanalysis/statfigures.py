"""Figures of two tests: the words that mark one group against another, and how far coders agree.

As in ``figures``, a table becomes Axes and nothing is computed.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from newsanalysis import palette
from newsanalysis.figures import checked, interval_note
from newsanalysis.style import (
    LETTER,
    MANY_ROWS,
    SMALL,
    axes,
    broken,
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
    needs,
    nothing,
    rows_of,
    styled,
    wrapped,
)

WORDS = 15  # words of each side, where nothing is said
CHANCE = 1.96  # z beyond which one word in twenty lies by chance
ALPHAS = {0.667: ".667", 0.8: ".800"}  # Krippendorff (2019): for tentative conclusions, and for others
ALPHA, PER_CENT = "krippendorff_alpha", "percent_agreement"


@styled
def plot_keyness(table: pd.DataFrame, *, groups: tuple[str, str] = ("the first", "the second"), ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw the words that mark one group of texts against another: one side each, the surest on top, with z.

    Parameters
    ----------
    table : DataFrame
        What ``keyness`` returned: word, z and z_articles.
    groups : (str, str)
        What the two groups are called, in the order given to ``keyness``.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many words are drawn on each side, those of the largest z. None: 15, at most 30; the figure says what it leaves out.

    Returns
    -------
    Axes
        A stick from 0 to z for each word, words of the first group on the right, of the second on the left. The dot is z; the stroke is
        z_articles, which takes the article as what is drawn; without it the dot is hollow. Dotted lines stand at 1.96 to either side.

    Raises
    ------
    TableError
        If word, z or z_articles is missing.

    How to read
    -----------
    Believe the strokes: a word whose stroke lies within the dotted lines may come from a few articles. Of many words one in twenty lies beyond them by chance.

    Examples
    --------
    >>> table = pd.DataFrame({"word": ["rebels", "militia"], "z": [2.5, -2.0], "z_articles": [1.1, None]})
    >>> [text.get_text() for text in plot_keyness(table, groups=("Post", "Star")).texts]
    ['rebels', 'militia', 'more in Post →', '← more in Star']
    """
    needs(table, "plot_keyness", "word", "z", "z_articles")
    table = table[np.isfinite(table["z"])]
    if table.empty:
        return nothing(axes(ax, 1.5))
    sides, said = [], []
    for group, side in zip(groups, (table[table["z"] > 0], table[table["z"] < 0]), strict=True):
        most = min(WORDS if limit is None else limit, MANY_ROWS) if limit is None or isinstance(limit, int) else limit
        ordered = side.assign(size=side["z"].abs()).sort_values(["size", "word"], ascending=[False, True], kind="stable")
        shown = ordered.head(kept(ordered, limit, ordered["size"].tolist(), fits=most).rows.shape[0])
        said += [f"{len(shown)} of {len(ordered):,} for {group}"] if len(shown) < len(ordered) else []
        sides.append(shown)
    deep = max(map(len, sides))
    headings = [wrapped(text, int(inches(ax) * 0.46 / 0.08)) for text in (f"more in {groups[0]} →", f"← more in {groups[1]}")]
    ax = axes(ax, 1.25 + 0.2 * deep + 0.14 * (bool(said) + any("\n" in heading for heading in headings)))
    longest = float(max(side["size"].max() if len(side) else 0.0 for side in sides))
    reach = max(longest, CHANCE * 1.15, float(pd.concat(sides)["z_articles"].abs().max() or 0.0))
    longest_word = max((len(wrapped(str(word), _word_length(ax), 1)) for side in sides for word in side["word"]), default=1)
    share = min(0.6, (longest_word * 0.072 + 0.2) / (inches(ax) / 2))
    for side, sign in zip(sides, (1, -1), strict=True):
        for y, row in enumerate(rows_of(side)):
            _stick(ax, row, y, sign)
    for bound in (-CHANCE, CHANCE):
        ax.axvline(bound, color=palette.GREY, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)
    ax.axvline(0, color=palette.GREY, linewidth=0.9, zorder=1)
    for x, where, heading in zip((1, 0), ("right", "left"), headings, strict=True):
        ax.annotate(heading, (x, 1), xytext=(0, 2), xycoords="axes fraction", textcoords="offset points", ha=where, va="bottom", parse_math=False)
    ax.set_yticks([])
    ax.set_ylim(deep - 0.4, -0.8)
    ax.set_xlim(-reach / (1 - share), reach / (1 - share))
    ticks = [tick for tick in MaxNLocator(6 if inches(ax) > 4 else 4, integer=True).tick_values(-reach, reach) if abs(tick) <= reach]
    ax.set_xticks(ticks, [f"{abs(tick):.0f}" for tick in ticks])
    ax.spines["bottom"].set_bounds(-reach, reach)
    left_out = f"{'; '.join(said)}, those of largest z (limit=)" if said else ""
    name_axis(ax, "z of the word", "(dot: word by word; stroke: by article; dotted: ±1.96)", left_out)
    return ax


def _word_length(ax: Axes) -> int:
    return 26 if inches(ax) > 4 else 14


def _stick(ax: Axes, row: Any, y: int, sign: int) -> None:
    """A word with its z and, where there is one, its z by article."""
    told, shade = np.isfinite(row.z_articles), palette.colour("any")
    ax.plot([0, row.z], [y, y], color=shade, linewidth=1.3, alpha=0.6, zorder=2)
    ax.plot(row.z, y, marker="o", markersize=5, color=shade if told else palette.PAPER, markeredgecolor=shade, markeredgewidth=1.3, zorder=4)
    end = row.z
    if told:
        ax.plot(row.z_articles, y, marker="|", markersize=9, markeredgewidth=1.6, color=palette.INK, zorder=3)
        end = max(row.z, row.z_articles) if sign > 0 else min(row.z, row.z_articles)
    text = wrapped(str(row.word), _word_length(ax), 1)
    side = "left" if sign > 0 else "right"
    ax.annotate(text, (end, y), xytext=(6 * sign, 0), textcoords="offset points", ha=side, va="center_baseline", fontsize=SMALL, parse_math=False)


@styled
def plot_agreement(measures: pd.DataFrame, *, ax: Axes | None = None, limit: int | None = None) -> Axes:
    """Draw how far coders agree: alpha of each variable with its interval, beside the two thresholds that are asked for.

    Parameters
    ----------
    measures : DataFrame
        What ``agreement`` returned; several such tables, one below the other, if a column tells them apart.
    ax : Axes, optional
        Where to draw.
    limit : int, optional
        How many variables are drawn, those of the largest n. None: as many as fit a page; the figure says what it leaves out.

    Returns
    -------
    Axes
        A dot for alpha with its 95 % interval, hollow where there is none; a diamond for per cent agreement; lines at .667 and .800; alpha and n in figures.

    Raises
    ------
    TableError
        If it is no table *measures*, or lacks alpha or the column of variables.

    How to read
    -----------
    Look at the lower end of the whisker: only if it lies right of a line is the line reached for certain. A diamond far right of its dot says that one value
    is nearly all: the coders agree, but by chance they would, too.

    Examples
    --------
    >>> columns = {"measure": ["percent_agreement", "krippendorff_alpha"], "variable": "frame", "estimate": [0.9, 0.71], "ci_low": 0.5, "ci_high": 1}
    >>> [text.get_text() for text in plot_agreement(pd.DataFrame({**columns, "n": 40, "n_documents": 20})).texts]
    ['.71 · n = 40', '.667', '.800']
    """
    needs(measures, "plot_agreement", "variable")
    measures = checked(measures[measures.get("measure", pd.Series(dtype="str")).isin([ALPHA, PER_CENT])], "plot_agreement", 2)
    alphas = measures[measures["measure"] == ALPHA]
    if alphas.empty:
        return nothing(axes(ax, 1.5))
    keys = ["variable", *(c for c in ("coders", "set", "group") if c in measures.columns)]
    names = [" · ".join(map(palette.label, key)) for key in alphas[keys].itertuples(index=False)]
    drawn, said = kept(alphas.assign(label=names), limit, alphas["n"].tolist(), fits=fits_page(names, ax, 1.6))
    per_cent = measures[measures["measure"] == PER_CENT].set_index(keys)["estimate"]
    name = ("Krippendorff's alpha (1: full agreement, 0: chance)", f"({interval_note(drawn)}; lines: .667 and .800)", said)
    ax = axes(ax, height(drawn["label"].tolist(), (0.97 if len(drawn) > 1 else 1.2) + 0.14 * len(broken(ax, *name))))
    ends = drawn[["estimate", "ci_low"]].to_numpy(np.float64)
    low = min(0.0, float(np.floor(np.nanmin(ends) * 5) / 5)) if np.isfinite(ends).any() else 0.0
    for y, (row, shade) in enumerate(zip(rows_of(drawn), fills(drawn["label"].tolist()), strict=True)):
        _alpha(ax, row, y, shade)
        said_of = f"{_decimals(row.estimate)} · n = {row.n:,}"
        ax.annotate(said_of, (1.04, y), va="center_baseline", fontsize=SMALL, parse_math=False, annotation_clip=False)
    for y, key in enumerate(drawn[keys].itertuples(index=False, name=None)):
        agreed = per_cent.get(key if len(keys) > 1 else key[0], np.nan)
        ax.plot(agreed, y, marker="D", markersize=5, color=palette.PAPER, markeredgecolor=palette.INK, markeredgewidth=1.2, zorder=3, clip_on=False)
    for at, text in ALPHAS.items():
        ax.axvline(at, color=palette.INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        side, away = ("right", -2) if at < 0.7 else ("left", 2)
        ax.annotate(text, (at, 1), xytext=(away, 1), xycoords=("data", "axes fraction"), textcoords="offset points", ha=side, va="bottom", fontsize=SMALL)
    label_rows(ax, drawn["label"].tolist())
    named = max(len(line) for label in drawn["label"] for line in wrapped(label, letters(ax)).split("\n")) * LETTER + 0.3
    room = min(0.6, (max(len(f"{n:,}") for n in drawn["n"]) + 11) * LETTER / max(0.8, inches(ax) - named))
    ax.set_xlim(low - 0.02, 1.04 + max(0.22, room / (1 - room) * (1.06 - low)))
    ticks = np.arange(low, 1.001, 0.2 if inches(ax) > 4 and low > -0.5 else 0.5)
    ax.set_xticks(ticks, [_decimals(round(tick, 1) + 0.0, 1) for tick in ticks])
    ax.spines["bottom"].set_bounds(low, 1)
    ax.grid(axis="x")
    name_axis(ax, *name)
    centre_name(ax, low, 1)
    mark = palette.colour("any")
    handles = [
        Line2D([], [], linestyle="none", marker="o", markersize=6.5, color=mark),
        Line2D([], [], linestyle="none", marker="D", markersize=5, markerfacecolor=palette.PAPER, markeredgecolor=palette.INK, markeredgewidth=1.2),
    ]
    _above(ax, handles)
    return ax


def _above(ax: Axes, handles: list[Any]) -> None:
    """The key, above the numbers of the two lines."""
    legend(ax, handles, ["alpha", "per cent agreement"])
    figure, key = ax.get_figure(root=True), cast(Any, ax.get_legend())
    high = figure.get_figheight() if figure is not None else 3.0
    if key is not None:
        key.set_bbox_to_anchor((0, 1 + 0.17 / (high - 1.1)), transform=ax.transAxes)


def _alpha(ax: Axes, row: Any, y: int, shade: str) -> None:
    """Alpha with its whisker."""
    if not pd.isna(row.ci_low):
        ax.plot([row.ci_low, row.ci_high], [y, y], color=palette.INK, linewidth=1.2, zorder=2)
        ax.plot([row.ci_low, row.ci_high], [y, y], linestyle="none", marker="|", markersize=6, color=palette.INK, zorder=2)
    face = palette.PAPER if pd.isna(row.ci_low) else shade
    ax.plot(row.estimate, y, marker="o", markersize=7, color=face, markeredgecolor=shade, markeredgewidth=1.8, zorder=4, clip_on=False)


def _decimals(value: Any, places: int = 2) -> str:
    """A coefficient as papers write it: no 0 before the point."""
    if pd.isna(value):
        return "not defined"
    written = f"{value:.{places}f}".replace("-", "−")
    return ("0" if float(value) == 0 else "1" if value == 1 else written) if places == 1 else written.replace("0.", ".", 1)
