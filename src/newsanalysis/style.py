"""How figures look and how they are kept: one style, and files that are equal byte for byte when drawn again."""

from __future__ import annotations

import re
import textwrap
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from newsanalysis import codebooks, palette, tables
from newsanalysis.codebooks import Codebook
from newsanalysis.files import replacing, write_csv
from newsanalysis.found import Found
from newsanalysis.origins import origin_of
from newsanalysis.tables import TableError

WIDTH = 6.3  # inches: 16 cm, the width of a page's text
SMALL = 8.0  # points: the smallest type
PAGE, COLUMN = (Path(__file__).with_name(f"{name}.mplstyle") for name in ("page", "column"))
STYLE: Any = dict(mpl.rc_params_from_file(PAGE, use_default_template=False))
NARROW: Any = dict(mpl.rc_params_from_file(COLUMN, use_default_template=False))
WIDTHS = ("page", "column")
TALL = 9.45  # inches: 24 cm, the height of a page's text
LETTER = 0.068  # inches, of a letter on the wide side
BOX = "□"  # what stands for a sign that no typeface here has
OTHER_SCRIPTS = (  # typefaces that are asked for signs that DejaVu Sans lacks, where they are installed
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Hiragino Sans", "PingFang SC", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic"),
    *("Noto Sans Devanagari", "Nirmala UI", "Noto Sans Symbols2", "Noto Emoji", "Segoe UI Symbol", "Apple Symbols"),
)
P = ParamSpec("P")
MANY = 12  # rows from which they stand closer
MANY_ROWS = 30  # rows that one reads in a figure


def styled(plot: Callable[Concatenate[pd.DataFrame, P], Axes]) -> Callable[Concatenate[pd.DataFrame, P], Axes]:
    """Let a plot function draw in the package's style, whatever the user's is."""

    @wraps(plot)
    def draw(table: pd.DataFrame, /, *args: P.args, **kwargs: P.kwargs) -> Axes:
        with mpl.rc_context(_ours()), _camps_of(table):
            return plot(table, *args, **kwargs)

    return draw


def _camps_of(table: object) -> AbstractContextManager[None]:
    """The labels and colours of the camps of all attributions that a table of measures was made from, where no study is set and that is known."""
    origin = origin_of(table) if isinstance(table, pd.DataFrame) and not palette.has_study() else None
    if origin is None:
        return nullcontext()
    given = [part for value in origin.given.values() for part in (value if isinstance(value, tuple) else (value,))]
    found = next((part for part in given if isinstance(part, Found)), None)
    rows = found.attributions if found else next((part for part in given if isinstance(part, pd.DataFrame) and "affiliation" in part.columns), None)
    if rows is None or "affiliation" not in rows.columns:
        return nullcontext()
    labels = palette.labels_set() or (codebooks.labels_of(found.codebook) if found and found.codebook is not None else {})
    return palette.study(labels, palette.shades_of(by_size(rows["affiliation"])))


def by_size(camps: pd.Series[Any]) -> list[str]:
    """Return the camps that occur, the most frequent first, of two as frequent the first by name.

    >>> by_size(pd.Series(["nato", "china", "norway", "norway", None]))
    ['norway', 'china', 'nato']
    """
    sizes = camps.dropna().astype("str").value_counts()
    return sorted(sizes.index, key=lambda camp: (-int(sizes[camp]), camp))


def _ours() -> Any:
    """The package's settings, at the width that the user chose."""
    chosen = mpl.rcParams["svg.hashsalt"] == STYLE["svg.hashsalt"] and mpl.rcParams["figure.figsize"][0] == NARROW["figure.figsize"][0]
    return {**STYLE, **(NARROW if chosen else {}), "font.family": list(_faces())}


@lru_cache(maxsize=1)
def _faces() -> tuple[str, ...]:
    """DejaVu Sans, which matplotlib brings, and those typefaces for other scripts that are installed."""
    installed = set(font_manager.get_font_names())
    return ("DejaVu Sans", *(face for face in OTHER_SCRIPTS if face in installed))


@lru_cache(maxsize=1)
def _signs() -> frozenset[int]:
    """The code points that can be drawn."""
    return frozenset().union(*(font_manager.get_font(font_manager.findfont(face)).get_charmap() for face in _faces()))


def drawable(text: str) -> str:
    """Return a text without signs that cannot be drawn: each becomes a box; joiners and signs that choose an emoji's look go.

    >>> drawable("caf\u00e9 \u202e \U0001f680\ufe0f")
    'café □ □'
    """
    if text.isascii() and text.isprintable():
        return text
    kept = (sign for sign in text if not ("\ufe00" <= sign <= "\ufe0f" or sign in "\u200c\u200d"))
    return "".join(
        sign if sign == "\n" or (ord(sign) in _signs() and unicodedata.category(sign) not in ("Cc", "Cf")) else " " if sign.isspace() else BOX for sign in kept
    )


def use_style(*, width: str = "page", codebook: str | Path | Codebook | None = None, found: Found | None = None) -> None:
    """Set matplotlib's defaults to the package's style: sober, no type below 8 points; and, if wished, a column's width and the names and colours of camps.

    ``plot_*`` functions use the style by themselves; call it for titles, for what you draw yourself, and for the choices. The style is also
    to be had as ``plt.style.use("newsanalysis.page")``, and ``plt.style.use(["newsanalysis.page", "newsanalysis.column"])``.

    Parameters
    ----------
    width : {"page", "column"}
        How wide the figures are that come after: 16 cm, or 8.5 cm for one of two columns. Print them at this size; the type is 8 points in both.
    codebook : str, Path or Codebook, optional
        The actor codebook whose labels name the camps in figures and texts that come after, and whose camps have the same colour in all of them; of a
        codebook with more camps than colours (``world``), those that are most frequent in the attributions of a figure have one. None: that of ``found``, if
        any; otherwise keys are shown, with a capital letter and spaces for underscores.
    found : Found, optional
        What ``na.resolve`` returned: its most frequent camps have each one colour in all figures and texts that come after, whatever part of it they show.

    Raises
    ------
    ValueError
        For another width.
    CodebookError
        The codebook is not there or is not right.

    Examples
    --------
    >>> use_style(codebook="us_election_2016")
    >>> mpl.rcParams["axes.titlelocation"], palette.label("republicans", camp=True)
    ('left', 'Other Republicans')
    >>> use_style()
    >>> palette.label("republicans", camp=True)
    'Republicans'
    """
    if width not in WIDTHS:
        raise ValueError(f"use_style: width must be one of {', '.join(WIDTHS)}; not {width!r}.")
    codebook = found.codebook if codebook is None and found is not None else codebook
    book = codebook if codebook is None or isinstance(codebook, Codebook) else codebooks.read(codebook)
    shades = palette.shades_of(book.affiliations["affiliation"]) if book else {}
    if found is not None and "affiliation" in found.attributions.columns:
        shades = palette.shades_of(by_size(found.attributions["affiliation"]))
    elif palette.SMALLER in shades.values():
        shades = {}
    palette.name_camps(codebooks.labels_of(book) if book else {}, shades)
    mpl.rcParams.update({**STYLE, **(NARROW if width == "column" else {})})


def axes(ax: Axes | None, height: float, *, wide: bool = False) -> Axes:
    """Return the Axes given, or new ones of this height in inches: as wide as the style says, or as a page."""
    return ax if ax is not None else plt.subplots(figsize=(WIDTH if wide else mpl.rcParams["figure.figsize"][0], height))[1]


def inches(ax: Axes | None) -> float:
    """Return how wide the room is that Axes have, their labels included; of Axes that are not yet there, that of a new figure.

    >>> round(inches(plt.subplots(figsize=(6.3, 3))[1]), 2)
    6.3
    """
    figure = ax.get_figure(root=True) if ax is not None else None
    if ax is None or figure is None:
        return float(mpl.rcParams["figure.figsize"][0])
    sides = figure.subplotpars
    return float(figure.get_figwidth() * min(1.0, ax.get_position(original=True).width / (sides.right - sides.left)))


def letters(ax: Axes | None, most: int = 30) -> int:
    """Return how many letters a row's label may be long: fewer on narrow Axes."""
    return min(most, max(12, int(0.36 * inches(ax) / 0.075)))


class Kept(NamedTuple):
    """The rows that are drawn, and what is said of the others."""

    rows: pd.DataFrame
    said: str


def kept(rows: pd.DataFrame, limit: int | None, size: Sequence[float] | None = None, *, fits: int = MANY_ROWS, what: str = "rows") -> Kept:
    """Choose the rows to draw, in their order: those of the largest size, or the first ones; as many as ``limit`` says, or as fit a page.

    >>> kept(pd.DataFrame({"n": [1, 5, 2]}), 2, [1, 5, 2])
    Kept(rows=   n
    1  5
    2  2, said='2 of 3 rows shown, those of largest n (limit=3 shows all)')
    """
    if limit is not None and (not isinstance(limit, (int, np.integer)) or limit < 1):
        raise ValueError(f"limit must be a whole number of at least 1, or None for as many {what} as fit a page; not {limit!r}.")
    most = fits if limit is None else int(limit)
    if len(rows) <= most:
        return Kept(rows, "")
    order = np.arange(len(rows)) if size is None else np.argsort(-np.asarray(size, np.float64), kind="stable")
    which = "the first ones" if size is None else "those of largest n"
    return Kept(rows.iloc[np.sort(order[:most])], f"{most} of {len(rows)} {what} shown, {which} (limit={len(rows)} shows all)")


def fits_page(labels: list[str], ax: Axes | None = None, base: float = 1.2) -> int:
    """Return how many rows with such labels fit a page, at most 30."""
    width = letters(ax)
    lines = max((wrapped(label, width).count("\n") + 1 for label in labels), default=1)
    return min(MANY_ROWS, int((TALL - base) / max(0.25, 0.03 + 0.15 * lines)))


def wrapped(text: str, width: int = 30, lines: int = 2) -> str:
    """Return a label broken into lines, with an ellipsis where it is too long; words only where they do not fit, and then at a hyphen, if there is one.

    >>> wrapped("Administration of the second-largest city", 14)
    'Administration\\nof the …'
    >>> wrapped("Russian-installed", 10)
    'Russian-\\ninstalled'
    >>> wrapped("incomprehensible", 14, 1)
    'incomprehensi…'
    """
    text = drawable(text)
    most = min(1.4 * width, width + 6)
    too_long, still = (any(len(part) > most for part in re.split(between, text)) for between in (r"\s+", r"\s+|(?<=\w-)(?=\w)"))
    broken = textwrap.wrap(text, width, max_lines=lines, placeholder=" …", break_on_hyphens=too_long, break_long_words=still)
    return f"{text[: width - 1]}…" if broken == ["…"] else "\n".join(broken) or text[:width]


def told_apart(names: Sequence[str], width: int = 30, lines: int = 2) -> list[str]:
    """Return labels broken into lines; of names that begin alike the end is kept instead of the middle, and what looks alike even so gets a number.

    >>> told_apart(["Gazette of the far North", "Gazette of the far South", "Post"], 10)
    ['Gazette of\\n… North', 'Gazette of\\n… South', 'Post']
    >>> told_apart(["Gazette of the North", "Gazette of the South"], 14, 1), told_apart(["\U0001f680", "\U0001f681", "Post", "Post"])
    (['Gazet … North', 'Gazet … South'], ['□ (1)', '□ (2)', 'Post', 'Post'])
    """
    shown = {name: wrapped(name, width, lines) for name in names}
    alike = _alike(shown)
    shown |= {name: _ends(drawable(name), width, lines) for group in alike for name in group if "…" in shown[name]}
    for group in _alike(shown):
        shown |= {name: f"{shown[name]} ({number})" for number, name in enumerate(group, 1)}
    return [shown[name] for name in names]


def _alike(shown: dict[str, str]) -> list[list[str]]:
    """The names that are shown as others are, together."""
    groups: dict[str, list[str]] = {}
    for name, text in shown.items():
        groups.setdefault(text, []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def _ends(text: str, width: int, lines: int) -> str:
    """The beginning and the end of a name: in two lines, or in one."""
    half = width if lines > 1 else max(1, (width - 3) // 2)
    head, tail = textwrap.wrap(text, half)[0], textwrap.wrap(text[::-1], max(1, half - 2 * (lines > 1)))[0][::-1]
    return f"{head}\n… {tail}" if lines > 1 else f"{head} … {tail}"


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Return the rows as named tuples, of any type."""
    return iter(table.itertuples())


def fills(values: list[Any]) -> list[str]:
    """Return the colour of each value: that of the palette if it knows any of them; otherwise one colour for all."""
    known = any(map(palette.is_known, values))
    shades = palette.colours(values)
    return [shades[v] if known else palette.colour("any") for v in values]


def height(labels: list[str], base: float = 0.95, width: int | None = None) -> float:
    """Return the inches that a figure with rows of these labels needs; many rows of one line stand closer."""
    width = width or letters(None)
    lines = max((wrapped(label, width).count("\n") + 1 for label in labels), default=1)
    return base + len(labels) * max(0.34 if len(labels) <= MANY else 0.25, 0.03 + 0.15 * lines)


def legend(ax: Axes, handles: list[Any], labels: list[str]) -> None:
    """Put the key above the Axes, in as few lines as its width allows."""
    if labels:
        texts = told_apart(labels, 30, 1)
        room, each = inches(ax) * 0.66, max(map(len, texts)) * 0.062 + 0.36
        columns = len(texts) if sum(len(text) * 0.062 + 0.36 for text in texts) <= room else max(1, min(3, int(room / each)))
        ax.legend(handles, texts, loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderaxespad=0.2, handlelength=1.1, columnspacing=1.4)


def broken(ax: Axes | None, *lines: str, share: float = 0.74) -> list[str]:
    """Return lines of text, those that are too long for this share of the width broken, but not within an n.

    >>> broken(None, "Krippendorff's alpha", "", "(whiskers: 95 % interval)", share=0.2)
    ["Krippendorff's", 'alpha', '(whiskers: 95 %', 'interval)']
    """
    width = int(inches(ax) * share / LETTER)
    whole = [re.sub(r"(?<=n) (?== \d)|(?<=n =) (?=\d)|(?<=\d) (?=to \d)|(?<=\d to) (?=\d)", "\xa0", line) for line in lines if line]
    return [part.replace("\xa0", " ") for line in whole for part in textwrap.wrap(line, width)]


def name_axis(ax: Axes, *lines: str, share: float = 0.74) -> None:
    """Write the axis's name and what else is to be said below it, broken so that it takes no more than this share of the width."""
    ax.set_xlabel("\n".join(broken(ax, *lines, share=share)), parse_math=False)


def centre_name(ax: Axes, low: float, high: float) -> None:
    """Put the axis's name below the middle of what is drawn, less the room for numbers; where it is long, so that it stays in the figure."""
    left, right = ax.get_xlim()
    ax.xaxis.get_label().set_x(((low + high) / 2 - left) / (right - left))


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


def nothing(ax: Axes, why: str = "The table has no rows to draw.") -> Axes:
    """Say on the Axes that there is nothing to draw."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, why, ha="center", va="center", color=palette.GREY, transform=ax.transAxes)
    return ax


def label_rows(ax: Axes, labels: list[str], width: int | None = None, at: Sequence[int] | None = None) -> None:
    """Name the rows 0 .. n-1 on the y axis, the first one on top; or those at the places given, where headings stand between them."""
    width, at = width or letters(ax), range(len(labels)) if at is None else at
    ax.set_yticks(at, told_apart(labels, width), parse_math=False)
    ax.set_ylim(max(at, default=-1) + 1 - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


_WRITTEN = (".svg", ".png", ".csv")
_NOT_WRITTEN = (".pdf", ".eps", ".ps", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".webp", ".xlsx")


def _stem(path: Path) -> Path:
    """The path less an ending that is written anyway; refuse an ending that is not written.

    >>> _stem(Path("a.png")).name, _stem(Path("02.1_shares")).name
    ('a', '02.1_shares')
    """
    ending = path.suffix.lower()
    if ending in _NOT_WRITTEN:
        raise ValueError(f"save_figure: {path.name!r} cannot be written; SVG, PNG and CSV are: give the name without an ending, {path.stem!r}.")
    return path.with_suffix("") if ending in _WRITTEN else path


def save_figure(ax: Axes, path_stem: str | Path, table: pd.DataFrame) -> None:
    """Save a figure as SVG and PNG, and the table behind it as CSV; the same input gives the same bytes.

    Parameters
    ----------
    ax : Axes
        The figure's Axes, or one of them.
    path_stem : str or Path
        Where to, without an ending: ``../figures/02_share_of_voice`` writes ``02_share_of_voice.svg``, ``.png`` and ``.csv``; the folder is made. One
        of these endings is taken off.
    table : DataFrame
        What was drawn. Numbers are rounded to 6 digits; a text that a spreadsheet would run as a formula gets an apostrophe before it.

    Raises
    ------
    ValueError
        If the Axes are in no figure; for a name that ends as files of other formats do.
    TableError
        For other things than Axes, a path and a table, in this order.

    Warns
    -----
    UserWarning
        If the table has no rows: nothing is drawn, which is saved all the same.

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
    right = (isinstance(ax, Axes), isinstance(path_stem, str | Path), isinstance(table, pd.DataFrame))
    if not all(right):
        given = ", ".join(map(tables.called, (ax, path_stem, table)))
        raise TableError(f'save_figure: {given} were given; give the Axes, where to, and the table: na.save_figure(ax, "figures/name", table).')
    stem = _stem(Path(path_stem))
    if table.empty:
        warnings.warn(f"save_figure: the table of {stem.name} has no rows, so that nothing is drawn.", stacklevel=2)
    stem.parent.mkdir(parents=True, exist_ok=True)
    figure = ax.get_figure(root=True)
    if not isinstance(figure, Figure):
        raise ValueError("save_figure: these Axes are in no figure.")
    with mpl.rc_context({**_ours(), **({} if figure.get_figwidth() > 4 else NARROW)}):
        for ending, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
            with replacing(stem.with_name(f"{stem.name}.{ending}")) as part:
                figure.savefig(part, metadata=metadata)
    write_csv(table, stem.with_name(f"{stem.name}.csv"), float_format="%.6g")
