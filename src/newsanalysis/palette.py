"""Colours and labels of camps, voices, kinds and cue classes: one colour for one thing, in every figure and every text.

The table is ``data/palette.csv``. The camps' colours differ in hue, for colour-blind readers, and in lightness, in grey print
(steps of L* of at least 5); no figure tells two things apart by colour alone.

>>> colour("nato"), label("nato")
('#1F4F94', 'NATO')
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any
from zlib import crc32

import pandas as pd

INK = "#222222"
GREY = "#6B6B6B"
FAINT = "#D9D9D9"
PAPER = "#FFFFFF"


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    text = resources.files("newsanalysis").joinpath("data/palette.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def _named() -> dict[str, dict[str, str]]:
    """The rows by name; of a name in two groups (neutral, a cue class and a tone) the first."""
    return {row["name"]: row for row in reversed(_rows()) if row["group"] != "spare"}


@lru_cache(maxsize=1)
def _spare() -> tuple[str, ...]:
    return tuple(row["colour"] for row in _rows() if row["group"] == "spare")


def names(group: str) -> list[str]:
    """Return the names of one group of the palette, in its order.

    Parameters
    ----------
    group : str
        camp, voice, kind, cue_class, passive, side, coder, tone or mark.

    Returns
    -------
    list of str
        Empty for an unknown group.

    Examples
    --------
    >>> names("kind")
    ['direct', 'mixed', 'indirect']
    """
    return [row["name"] for row in _rows() if row["group"] == group]


def of_group(group: str) -> dict[str, tuple[str, str]]:
    """Return label and colour of each name of one group, also of a name that another group has too.

    Parameters
    ----------
    group : str
        As for ``names``.

    Returns
    -------
    dict
        Name -> (label, ``#RRGGBB``), in the palette's order.

    Examples
    --------
    >>> [label for label, _ in of_group("tone").values()], label("neutral")
    (['negative', 'neutral', 'positive'], 'Neutral')
    """
    return {row["name"]: (row["label"], row["colour"]) for row in _rows() if row["group"] == group}


_camps: dict[str, str] = {}  # labels of the user's camps, set by use_style


def name_camps(labels: Mapping[str, str]) -> None:
    """Set the labels of a study's own camps, by key; they come before the palette's. An empty mapping takes them back.

    Parameters
    ----------
    labels : mapping of str to str
        Key of the camp -> what figures and texts call it.

    Examples
    --------
    >>> name_camps({"city_hall": "City hall"})
    >>> label("city_hall")
    'City hall'
    >>> name_camps({})
    """
    _camps.clear()
    _camps.update(labels)


def _text(name: Any) -> str:
    return name if isinstance(name, str) else "" if pd.isna(name) else str(name)


def colour(name: Any) -> str:
    """Return the colour of a camp, voice, kind or cue class as ``#RRGGBB``; the same name has the same colour everywhere.

    Parameters
    ----------
    name : str
        A name of the palette; any other name gets one of eight spare colours, chosen by its letters; a missing one gets that of unspecified.

    Returns
    -------
    str
        ``#RRGGBB``.

    Examples
    --------
    >>> colour("ukrainian"), colour("The Daily Planet") == colour("The Daily Planet")
    ('#E3B01F', True)
    """
    text = _text(name)
    if not text:
        return _named()["unspecified"]["colour"]
    row = _named().get(text)
    return row["colour"] if row else _spare()[crc32(text.encode("utf-8", "replace")) % len(_spare())]


def colours(groups: Iterable[Any]) -> dict[Any, str]:
    """Return a colour for each of some groups, different ones as long as the spare colours last.

    Parameters
    ----------
    groups : iterable of str
        The groups of one figure.

    Returns
    -------
    dict
        Group -> ``#RRGGBB``, in the order given.

    Examples
    --------
    >>> len(set(colours(["nato", *"abcdefg"]).values()))
    8
    """
    wanted = list(dict.fromkeys(groups))
    found = {group: colour(group) for group in wanted}
    used = {found[group] for group in wanted if not _text(group) or _text(group) in _named()}
    for group in sorted((g for g in wanted if _text(g) and _text(g) not in _named()), key=str):
        first = _spare().index(colour(group))
        order = _spare()[first:] + _spare()[:first]
        found[group] = next((c for c in order if c not in used), found[group])
        used.add(found[group])
    return found


def label(name: Any) -> str:
    """Return the readable form of a name: ``russian_installed`` is written Russian-installed.

    Parameters
    ----------
    name : str
        A name of the palette, or any other; a missing one is written "not given".

    Returns
    -------
    str
        An unknown name as it is, apart from underscores, which become spaces.

    Examples
    --------
    >>> label("russian_installed"), label("loaded_word"), label(None)
    ('Russian-installed', 'loaded word', 'not given')
    """
    text = _text(name)
    if text in _camps:
        return _camps[text]
    row = _named().get(text)
    return row["label"] if row else text.replace("_", " ") or "not given"


def lightness(hex_colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white), as WCAG 2.2 defines it.

    Parameters
    ----------
    hex_colour : str
        ``#RRGGBB``.

    Returns
    -------
    float
        0.2126 R + 0.7152 G + 0.0722 B of the linear components.

    Source
    ------
    W3C, Web Content Accessibility Guidelines 2.2, "relative luminance".

    Examples
    --------
    >>> lightness("#000000"), round(lightness("#FFFFFF"), 6)
    (0.0, 1.0)
    """
    parts = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(hex_colour: str) -> str:
    """Return the colour of text that reads best on a colour: white or ink.

    Parameters
    ----------
    hex_colour : str
        ``#RRGGBB`` of the ground.

    Returns
    -------
    str
        ``#FFFFFF`` or the palette's ink, whichever has the greater contrast.

    Examples
    --------
    >>> ink_on(colour("russian")), ink_on(colour("ukrainian"))
    ('#FFFFFF', '#222222')
    """
    ground = lightness(hex_colour) + 0.05
    return PAPER if 1.05 / ground > ground / (lightness(INK) + 0.05) else INK
