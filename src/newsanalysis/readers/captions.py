"""Captions at the end of an article: what vendors leave there of its pictures is no text of it.

A caption is a paragraph that begins with a label and a colon ("Photo: ...", "Maps/Chart: ..."), a label alone ("Drawing"), or what newspapers write of a
map ("Map of Egypt, indicating Cairo."). Only paragraphs behind the last one of the text are left out, never one within it, and never all of a text.

>>> cut("Rain fell.\\n\\nPhotos: The bridge on Monday. (A. Lee)\\n\\nDrawing:")
'Rain fell.'
>>> cut("Rain fell.\\n\\nPhotos of the bridge were shown: it was gone.")
'Rain fell.\\n\\nPhotos of the bridge were shown: it was gone.'
"""

from __future__ import annotations

import re

from newsanalysis.readers.counts import count

_MOST = 3_000  # characters of a caption
_LABEL = """(?:photo(?:graph|graphie)?|picture|image|map|drawing|sketch|cartoon|chart|graph|graphic|diagram|illustration|infographic|infographie|table|caption
    |foto|fotografie|grafik|infografik|zeichnung|dessin|mapa|gráfico|ilustración)(?:s|en|es)?"""
_LABEL = re.sub(r"\s+", "", _LABEL)
_KIND = r"(?:(?:colou?r|file|black[ -]and[ -]white|black ?& ?white) )?"
_LABELS = rf"{_KIND}{_LABEL}(?:(?: ?[,/&+] ?| and | und | et | y )(?:and )?{_LABEL}){{0,3}}"
_RIGHTS = re.compile(
    r"(?:content and programming )?(?:copyright|copr\.|copy \d{4}|©|\(c\)|all rights|alle rechten?|tous droits|todos los derechos|tutti i diritti"
    r"|todos os direitos)",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"\b(?:18|19|20)\d\d\b|©|\(c\) ?[A-Z0-9]|reserved|vorbehalten|voorbehouden|réservés|reservad|riservati"
    r"|\b(?:ltd|limited|inc|gmbh|llc|plc|corp|b\.v|s\.a)\b",
    re.IGNORECASE,
)
_NAME = 8  # words of a line that says whose a text is
_NUMBER = r"(?: ?\d{1,2}| ?\([^()\n]{1,40}\)){0,2}"
_CAPTION = re.compile(rf"[\W_]{{0,3}}{_LABELS}(?: (?:credits?|captions?|by))?{_NUMBER} ?:", re.IGNORECASE)
_ALONE = re.compile(rf"[\W_]{{0,3}}(?:{_LABELS}|caption text only){_NUMBER}[\W_]{{0,3}}", re.IGNORECASE)
_PLACES = re.compile(r"Maps? of [^,:.\n]{1,80}, (?:indicating|showing|highlighting|locating) [^,.\n]{1,80}(?:\.|$)")
_PLACE = re.compile(r"Maps? of (?:the )?[A-Z][\w'’-]{1,30}(?: (?:and |of |the )?[A-Z][\w'’-]{1,30}){0,4}\.?")


def is_caption(paragraph: str) -> bool:
    """Say whether a paragraph is a caption.

    Parameters
    ----------
    paragraph : str
        One paragraph.

    Examples
    --------
    >>> [is_caption(text) for text in ("PHOTO: (A. Lee)", "Map and chart (A4): Rain by month", "Tables were turned.", "Map of Egypt, indicating Cairo.")]
    [True, True, False, True]
    """
    text = paragraph.strip()
    if len(text) > _MOST:
        return False
    return any(pattern.match(text) for pattern in (_CAPTION, _PLACES)) or any(pattern.fullmatch(text) for pattern in (_ALONE, _PLACE))


def is_rights(paragraph: str) -> bool:
    """Say whether a paragraph that begins as a copyright line is one: it names a year or rights, or is a few words and no sentence.

    >>> [is_rights(text) for text in ("Copyright 2019 Kherson Post", "(c) Kherson Post", "Copyright laws are to blame, the mayor said.")]
    [True, True, False]
    """
    text = paragraph.strip()
    if not _RIGHTS.match(text):
        return False
    return bool(_RESERVED.search(text)) or (len(text.split()) <= _NAME and text[-1:] not in '.!?…"”') or not text[:1].isalpha()


def cut(text: str) -> str:
    """Return a text without the captions at its end; one of captions only stays as it is.

    Parameters
    ----------
    text : str
        Paragraphs parted by blank lines.

    Examples
    --------
    >>> cut("Photo: Rain.")
    'Photo: Rain.'
    """
    paragraphs = text.split("\n\n")
    end = len(paragraphs)
    while end and (not paragraphs[end - 1].strip() or is_caption(paragraphs[end - 1])):
        end -= 1
    return text if end in (0, len(paragraphs)) else "\n\n".join(paragraphs[:end])


def note(n: int) -> list[str]:
    """Return the note of a file, none if no article had a caption at its end.

    >>> note(11), note(0)
    (['captions at the end left out in 11 articles'], [])
    """
    return [f"captions at the end left out in {count(n, 'article')}"] if n else []
