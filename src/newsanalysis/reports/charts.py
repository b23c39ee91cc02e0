"""Figures as pieces of a page: what a plot function draws, as an SVG that stands in the page itself.

Text stays text, in the page's own type: it can be searched, is small, and needs no glyphs of matplotlib's. Ids are made
the figure's own, so that several figures do not meet; colours of the paper and the ink are taken from the page's style.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from newsanalysis import palette
from newsanalysis.display import seen

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FONT = re.compile(r"font: (?P<weight>(?:bold|[1-9]00) )?(?P<size>[0-9.]+px)[^;]*")
ON_PAGE = {palette.INK.lower(): "#1a1a1a", palette.PAPER.lower(): "var(--card)"}  # the package's ink and paper as the page has them
_COLOUR = re.compile("|".join(ON_PAGE))
Plot = Callable[[pd.DataFrame], Any]


def drawn(plot: Plot, table: pd.DataFrame, *, name: str, title: str, tells: str) -> str:
    """Return what a plot function draws of a table, as inline SVG.

    Parameters
    ----------
    plot : callable
        A ``plot_*`` function.
    table : DataFrame
        What it draws; names in it may be hostile.
    name : str
        The figure's own name on the page: what its ids begin with.
    title, tells : str
        What the figure is, and what is to be seen in it, for those who do not see it.

    Returns
    -------
    str
        ``<svg role="img" ...>``.
    """
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    from newsanalysis.style import STYLE

    shown = table.assign(**{column: table[column].map(clean) for column in table.columns if table[column].dtype == "str"})
    buffer = io.StringIO()
    with warnings.catch_warnings(), mpl.rc_context({**STYLE, "svg.fonttype": "none"}):
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        warnings.filterwarnings("ignore", message="(?s).*does not .*(glyph|font).*")
        figure = plot(shown).get_figure(root=True)
        try:
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        finally:
            plt.close(figure)
    return _inline(buffer.getvalue(), name, title, tells)


def clean(value: Any) -> Any:
    """Return a name as it stands in a figure, with visible signs for controls and line breaks as spaces; what is no text as it is.

    >>> clean("left\\u202eright"), clean(" "), clean(3)
    ('left�right', '(blank)', 3)
    """
    return seen(value).replace("\n", " ").replace("\t", " ").strip() or "(blank)" if isinstance(value, str) else value


def _inline(svg: str, name: str, title: str, tells: str) -> str:
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    wanted = {found for element in root.iter() for value in element.attrib.values() for found in _REFERENCE.findall(value)}
    wanted |= {element.attrib[_LINK][1:] for element in root.iter() if _LINK in element.attrib}
    for element in root.iter():
        _mend(element, wanted, name)
    for gone in ("width", "height", "version"):
        root.attrib.pop(gone, None)
    root.attrib |= {"xmlns": _SVG, "role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    for at, (tag, told) in enumerate((("title", title), ("desc", tells))):
        element = ElementTree.Element(tag, {"id": f"{name}-{tag}"})
        element.text = seen(told)
        root.insert(at, element)
    return ElementTree.tostring(root, encoding="unicode")


def _mend(element: ElementTree.Element, wanted: set[str], name: str) -> None:
    """Make one element the page's: its ids, its colours, its type."""
    given = element.attrib
    element.tag = element.tag.rpartition("}")[2]
    if (own := given.pop("id", None)) in wanted:
        given["id"] = f"{name}-{own}"
    if _LINK in given:
        given["href"] = f"#{name}-{given.pop(_LINK)[1:]}"
    for key, value in list(given.items()):
        value = _REFERENCE.sub(lambda found: f"url(#{name}-{found[1]})", value)
        if key == "style":
            value = _FONT.sub(lambda found: f"font-size: {found['size']}" + (f"; font-weight: {found['weight'].strip()}" if found["weight"] else ""), value)
            value = _COLOUR.sub(lambda found: ON_PAGE[found[0]], value).replace(": ", ":").replace("; ", ";")
        given[key] = value
    if element.tag not in ("text", "tspan"):
        element.text = None
    element.tail = None
