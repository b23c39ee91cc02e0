"""Figures of confidence: whether it can be believed, and what is lost and gained by asking for more of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from newsanalysis import palette, tables
from newsanalysis.style import SMALL, axes, needs, nothing, rows_of, styled

HIGH = 4.3  # inches
STRIP = 0.16  # of the height, for the numbers of attributions
NARROW = 0.06  # of the width: bins narrower than this do not hold their number


@styled
def plot_reliability(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many attributions of each confidence are right, against the line on which confidence keeps its promise.

    Parameters
    ----------
    table : DataFrame
        What ``calibration`` returns.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        A point for each bin at its mean confidence, with its 95 % Wilson interval; below it a bar with the bin's number of
        attributions; above all, the expected calibration error and the Brier score.

    Raises
    ------
    TableError
        If it is no table *measures*, or not one of ``calibration``.

    How to read
    -----------
    Points on the line: of the attributions that are given 70 %, 70 % are right. Points below it: too much is promised; above it, too
    little. A whisker that crosses the line cannot be told from it.

    Examples
    --------
    >>> from newsanalysis.reliability import table
    >>> predictions = pd.DataFrame({"document_id": ["a", "b"] * 10, "confidence": [0.25, 0.75] * 10, "right": [0, 1] * 10})
    >>> ax = plot_reliability(table(predictions))
    >>> ax.get_xlabel().splitlines()[0], [text.get_text() for text in ax.texts if text.get_text().isdigit()]
    ('Confidence that the attribution is right', ['10', '10'])
    """
    needs(table, "plot_reliability", "bin_low", "bin_high", "confidence")
    measured = tables.check(table, "measures")
    bins = measured[measured["measure"] == "bin_share_right"]
    if bins.empty:
        return nothing(axes(ax, 1.5))
    ax = axes(ax, HIGH, wide=True)
    _square(ax, bins)
    ax.plot([0, 1], [0, 1], color=palette.GREY, linewidth=1.0, linestyle=(0, (4, 3)), zorder=2)
    for x, y, side, said in ((0.02, 0.98, "left", "above the line: more often right than promised"), (0.98, 0.03, "right", "below the line: less often")):
        ax.text(x, y, said, color=palette.GREY, fontsize=SMALL, ha=side, va="top" if side == "left" else "bottom", zorder=2)
    mark = palette.colour("nato")
    for row in rows_of(bins):
        ax.plot([row.confidence] * 2, [row.ci_low, row.ci_high], color=mark, linewidth=1.6, zorder=3)
    ax.plot(bins["confidence"], bins["estimate"], color=mark, linewidth=0.9, alpha=0.45, zorder=3)
    ax.plot(
        bins["confidence"],
        bins["estimate"],
        linestyle="none",
        marker="o",
        markersize=6.5,
        color=mark,
        markeredgecolor=palette.PAPER,
        markeredgewidth=0.9,
        zorder=4,
    )
    _counts(ax, bins)
    ax.set_title(_summary(measured), fontsize=SMALL, fontweight="normal", pad=6)
    return ax


def _square(ax: Axes, bins: pd.DataFrame) -> None:
    """Shares from 0 to 1 on both axes; below 0 a strip for the numbers."""
    ax.set_xlim(-0.01, 1.01)
    ax.set_ylim(-STRIP / (1 - STRIP), 1.02)
    ax.set_xticks(np.arange(0, 1.01, 0.2))
    ax.set_yticks(np.arange(0, 1.01, 0.2))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.grid(axis="y")
    ax.set_xlabel("Confidence that the attribution is right\n(bars: number of attributions)", parse_math=False)
    whiskers = "" if bins["ci_low"].isna().all() else "\n(whiskers: 95 % interval, Wilson)"
    ax.set_ylabel(f"Share that is right{whiskers}", parse_math=False)


def _counts(ax: Axes, bins: pd.DataFrame) -> None:
    """A bar below 0 for each bin, as high as it has attributions."""
    floor = -STRIP / (1 - STRIP)
    room = -floor * 0.60
    ax.axhline(0, color=palette.FAINT, linewidth=0.6, zorder=1)
    for row in rows_of(bins):
        high = room * row.n / bins["n"].max()
        ax.bar(
            row.bin_low,
            high,
            width=row.bin_high - row.bin_low,
            bottom=floor,
            align="edge",
            color=palette.FAINT,
            edgecolor=palette.PAPER,
            linewidth=0.8,
            zorder=1,
        )
        if row.bin_high - row.bin_low >= NARROW:
            ax.text((row.bin_low + row.bin_high) / 2, floor + high + 0.006, f"{row.n:,}", ha="center", va="bottom", fontsize=SMALL, color=palette.GREY)


def _summary(measured: pd.DataFrame) -> str:
    """The numbers of the whole, in one line."""
    rows: dict[str, Any] = {row.measure: row for row in rows_of(measured[measured["measure"] != "bin_share_right"])}
    parts = [("calibration_error", "Expected calibration error"), ("brier_score", "Brier score")]
    said = [f"{label} {rows[name].estimate:.3f}" for name, label in parts if name in rows]
    return "  ·  ".join([*said, f"n = {measured.loc[measured['measure'] == 'bin_share_right', 'n'].sum():,}"])
