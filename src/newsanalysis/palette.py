"""Colours and labels of camps, voices, kinds and cue classes: one colour for one thing, in every figure and every text.

The table is ``data/palette.csv``. The camps' colours differ in hue, for colour-blind readers, and in lightness, in grey print
(steps of L* of at least 5); no figure tells two things apart by colour alone.

>>> colour("nato"), label("nato")
('#1F4F94', 'NATO')
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from typing import Any
from zlib import crc32

import pandas as pd

INK = "#222222"
GREY = "#6B6B6B"
FAINT = "#D9D9D9"
PAPER = "#FFFFFF"
SMALLER = "#A8A399"  # groups beyond the colours that can be told apart, the small ones
MISSING = "(missing)"  # what tables of measures call a group without a name
CAMP_COLUMNS = ("affiliation", "about")  # where the names in a table are those of camps
_INITIALS = frozenset({"eu", "gop", "imf", "nato", "ngo", "osce", "uae", "uk", "un", "us", "usa"})


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


_camps: dict[str, str] = {}  # labels of a study's camps
_shades: dict[str, str] = {}  # and their colours


def name_camps(labels: Mapping[str, str], shades: Mapping[str, str] | None = None) -> None:
    """Set the labels of a study's own camps, by key, and their colours; they come before the palette's. An empty mapping takes them back.

    Parameters
    ----------
    labels : mapping of str to str
        Key of the camp -> what figures and texts call it.
    shades : mapping of str to str, optional
        Key of the camp -> its colour, as ``shades_of`` gives them.

    Examples
    --------
    >>> name_camps({"city_hall": "City hall"})
    >>> label("city_hall")
    'City hall'
    >>> name_camps({})
    """
    _camps.clear()
    _camps.update(labels)
    _shades.clear()
    _shades.update(shades or {})


@contextmanager
def study(labels: Mapping[str, str], shades: Mapping[str, str]) -> Iterator[None]:
    """Give a study's camps their labels and colours for a while; those that were set before come back.

    Parameters
    ----------
    labels, shades : mapping of str to str
        As for ``name_camps``.

    Examples
    --------
    >>> with study({}, shades_of(["norway", "china"])):
    ...     label("norway"), colour("norway") == colour("china")
    ('Norway', False)
    """
    before = dict(_camps), dict(_shades)
    name_camps(labels, shades)
    try:
        yield
    finally:
        name_camps(*before)


def has_study() -> bool:
    """Return whether a study's camps have their colours.

    >>> has_study()
    False
    """
    return bool(_shades)


def labels_set() -> dict[str, str]:
    """Return the labels that ``name_camps`` set, empty where none are.

    >>> labels_set()
    {}
    """
    return dict(_camps)


def shades_of(camps: Iterable[str]) -> dict[str, str]:
    """Return the colour of each camp of a study: no two have the same, as long as the colours last; those that come late are grey.

    Parameters
    ----------
    camps : iterable of str
        All camps of the study, those first that need a colour most: the most frequent ones, or in a codebook's order.

    Returns
    -------
    dict
        Camp -> ``#RRGGBB``: the palette's own for its camps, one of eight others for the first eight other camps, one grey for the rest.

    Examples
    --------
    >>> shades = shades_of(["nato", "norway", "china", *"abcdefgh"])
    >>> len(set(shades.values())), shades["nato"] == colour("nato"), shades["h"] == SMALLER
    (10, True, True)
    """
    wanted = list(dict.fromkeys(camps))
    found = {camp: _named()[camp]["colour"] for camp in wanted if camp in _named()}
    free = [camp for camp in wanted if camp not in found]
    return found | _shared(free, set(found.values()))


def _shared(names: list[Any], used: set[str]) -> dict[Any, str]:
    """The spare colours for those names that come first, as each one's letters choose, and grey for the rest; the order of the first plays no part."""
    found: dict[Any, str] = {}
    room = sum(shade not in used for shade in _spare())
    for name in sorted(names[:room], key=str):
        first = crc32(_text(name).encode("utf-8", "replace")) % len(_spare())
        found[name] = next(shade for shade in _spare()[first:] + _spare()[:first] if shade not in used and shade not in found.values())
    return found | dict.fromkeys(names[room:], SMALLER)


def is_known(name: Any) -> bool:
    """Return whether a name has a colour and a label of its own, here or in the study.

    >>> is_known("russian_installed"), is_known("Daily Post")
    (True, False)
    """
    return isinstance(name, str) and (name in _shades or label(name) != name.replace("_", " "))


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
    if text in ("", MISSING):
        return _named()["unspecified"]["colour"]
    if text in _shades:
        return _shades[text]
    row = _named().get(text)
    return row["colour"] if row else _spare()[crc32(text.encode("utf-8", "replace")) % len(_spare())]


def colours(groups: Iterable[Any]) -> dict[Any, str]:
    """Return a colour for each of some groups, different ones as long as the spare colours last; the groups that come last are grey.

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
    free = [group for group in wanted if _text(group) not in ("", MISSING) and _text(group) not in _shades and _text(group) not in _named()]
    return found | _shared(free, {found[group] for group in wanted if group not in free})


def label(name: Any, *, camp: bool = False) -> str:
    """Return the readable form of a name: ``russian_installed`` is written Russian-installed.

    Parameters
    ----------
    name : str
        A name of the palette or of the study, or any other; a missing one is written "not given".
    camp : bool
        Whether it is a camp, which then begins with a capital letter also where nobody gave it a label.

    Returns
    -------
    str
        An unknown name as it is, apart from underscores, which become spaces.

    Examples
    --------
    >>> label("russian_installed"), label("loaded_word"), label(None)
    ('Russian-installed', 'loaded word', 'not given')
    >>> label("united_kingdom", camp=True), label("ngo", camp=True), label("city_hall", camp=True)
    ('United Kingdom', 'NGO', 'City hall')
    """
    text = _text(name)
    if text in _camps:
        return _camps[text]
    if row := _named().get(text):
        return row["label"]
    return (_capital(text) if camp or text in _shades else text.replace("_", " ")) or "not given"


def label_in(column: str, name: Any) -> str:
    """Return the readable form of a name that stands in a column of a table.

    >>> label_in("affiliation", "norway"), label_in("outlet", "norway"), label_in("outlet", "(missing)")
    ('Norway', 'norway', 'not given')
    """
    return label(None) if isinstance(name, str) and name == MISSING else label(name, camp=column in CAMP_COLUMNS)


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    """The labels of the codebook of states, by their letters."""
    text = resources.files("newsanalysis").joinpath("data/world/affiliations.csv").read_text(encoding="utf-8")
    return {row["label"].casefold(): row["label"] for row in csv.DictReader(text.splitlines())}


def _capital(key: str) -> str:
    """A key as one writes a name: with the capitals that states and initials have, else with the first; a key with capitals has its own."""
    words = key.replace("_", " ")
    if key != key.lower():
        return words
    said = " ".join(word.upper() if word in _INITIALS else word for word in words.split(" "))
    return _places().get(words) or said[:1].upper() + said[1:]


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
