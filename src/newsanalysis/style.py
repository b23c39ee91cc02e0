"""How figures look and how they are kept: one style, and files that are equal byte for byte when drawn again."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from newsanalysis import palette
from newsanalysis.files import replacing, write_csv
from newsanalysis.tables import TableError

WIDTH = 6.3  # inches: 16 cm, the width of a page's text
SMALL = 8.0  # points: the smallest type
STYLE: Any = {
    "figure.figsize": (WIDTH, 3.0),
    "figure.dpi": 110,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "figure.facecolor": palette.PAPER,
    "savefig.dpi": 220,
    "savefig.facecolor": palette.PAPER,
    "svg.hashsalt": "newsanalysis",
    "svg.fonttype": "path",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.5,
    "text.color": palette.INK,
    "text.parse_math": False,
    "axes.facecolor": palette.PAPER,
    "axes.edgecolor": palette.GREY,
    "axes.labelcolor": palette.INK,
    "axes.labelsize": 8.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.unicode_minus": True,
    "grid.color": palette.FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": palette.INK,
    "ytick.color": palette.INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": 8.5,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "lines.solid_capstyle": "butt",
}
P = ParamSpec("P")
MANY = 12  # rows from which they stand closer


def styled(plot: Callable[Concatenate[pd.DataFrame, P], Axes]) -> Callable[Concatenate[pd.DataFrame, P], Axes]:
    """Let a plot function draw in the package's style, whatever the user's is."""

    @wraps(plot)
    def draw(table: pd.DataFrame, /, *args: P.args, **kwargs: P.kwargs) -> Axes:
        with mpl.rc_context(STYLE):
            return plot(table, *args, **kwargs)

    return draw


def use_style() -> None:
    """Set matplotlib's defaults to the package's style: sober, 16 cm wide, no type below 8 points.

    ``plot_*`` functions use it by themselves; call it for titles and for what you draw yourself.

    Examples
    --------
    >>> use_style()
    >>> mpl.rcParams["axes.titlelocation"]
    'left'
    """
    mpl.rcParams.update(STYLE)


def axes(ax: Axes | None, height: float) -> Axes:
    """Return the Axes given, or new ones of page width and this height in inches."""
    return ax if ax is not None else plt.subplots(figsize=(WIDTH, height))[1]


def wrapped(text: str, width: int = 30, lines: int = 2) -> str:
    """Return a label broken into lines, with an ellipsis where it is too long.

    >>> wrapped("Administration of the second-largest city", 14)
    'Administration\\nof the …'
    """
    longest = max(map(len, text.split()), default=0)
    broken = textwrap.wrap(text, width, max_lines=lines, placeholder=" …", break_on_hyphens=False, break_long_words=longest > 1.4 * width)
    return "\n".join(broken) or text[:width]


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Return the rows as named tuples, of any type."""
    return iter(table.itertuples())


def fills(values: list[Any]) -> list[str]:
    """Return the colour of each value: that of the palette if it knows any of them; otherwise one colour for all."""
    known = any(palette.label(v) != str(v).replace("_", " ") for v in values if isinstance(v, str))
    shades = palette.colours(values)
    return [shades[v] if known else palette.colour("any") for v in values]


def height(labels: list[str], base: float = 0.95, width: int = 30) -> float:
    """Return the inches that a figure with rows of these labels needs; many rows of one line stand closer."""
    lines = max((wrapped(label, width).count("\n") + 1 for label in labels), default=1)
    return base + len(labels) * max(0.34 if len(labels) <= MANY else 0.25, 0.03 + 0.15 * lines)


def legend(ax: Axes, handles: list[Any], labels: list[str]) -> None:
    """Put the key above the Axes, in one or two lines."""
    if labels:
        columns = 3 if sum(map(len, labels)) > 60 else len(labels)
        ax.legend(handles, labels, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, handlelength=1.1, columnspacing=1.4)


def needs(table: object, plot: str, *columns: str) -> None:
    """Refuse what is no table, or lacks a column that is drawn.

    >>> needs(pd.DataFrame({"text": []}), "plot_tones", "text", "score")
    Traceback (most recent call last):
    newsanalysis.tables.TableError: plot_tones: the table needs the column 'score'; the columns found are text.
    """
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"{plot}: a pandas DataFrame is needed, not {type(table).__name__}.")
    absent = [column for column in columns if column not in table.columns]
    if absent:
        names, plural = ", ".join(map(repr, absent)), "s" * (len(absent) > 1)
        raise TableError(f"{plot}: the table needs the column{plural} {names}; the columns found are {', '.join(map(str, table.columns)) or 'none'}.")


def nothing(ax: Axes) -> Axes:
    """Say on the Axes that there is nothing to draw."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, "The table has no rows to draw.", ha="center", va="center", color=palette.GREY, transform=ax.transAxes)
    return ax


def label_rows(ax: Axes, labels: list[str], width: int = 30) -> None:
    """Name the rows 0 .. n-1 on the y axis, the first one on top."""
    ax.set_yticks(range(len(labels)), [wrapped(label, width) for label in labels], parse_math=False)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def save_figure(ax: Axes, path_stem: str | Path, table: pd.DataFrame) -> None:
    """Save a figure as SVG and PNG, and the table behind it as CSV; the same input gives the same bytes.

    Parameters
    ----------
    ax : Axes
        The figure's Axes, or one of them.
    path_stem : str or Path
        Where to, without an ending: ``../figures/02_share_of_voice``; the folder is made.
    table : DataFrame
        What was drawn. Numbers are rounded to 6 digits; a text that a spreadsheet would run as a formula gets an apostrophe before it.

    Raises
    ------
    ValueError
        If the Axes are in no figure.

    Examples
    --------
    >>> import tempfile, newsanalysis as na
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _, ax = plt.subplots()
    ...     save_figure(ax, f"{folder}/a", pd.DataFrame({"x": ["=1+1"], "y": [1 / 3]}))
    ...     print(Path(f"{folder}/a.csv").read_text(), sorted(p.name for p in Path(folder).iterdir()))
    x,y
    '=1+1,0.333333
    ['a.csv', 'a.png', 'a.svg']
    """
    stem = Path(path_stem)
    stem.parent.mkdir(parents=True, exist_ok=True)
    figure = ax.get_figure(root=True)
    if not isinstance(figure, Figure):
        raise ValueError("save_figure: these Axes are in no figure.")
    with mpl.rc_context(STYLE):
        for ending, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
            with replacing(stem.with_name(f"{stem.name}.{ending}")) as part:
                figure.savefig(part, metadata=metadata)
    write_csv(table, stem.with_name(f"{stem.name}.csv"), float_format="%.6g")
