"""Tone of a text by word lists, each coder for itself and each with the words behind its score."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import pandas as pd

from newsanalysis import tables, tagger
from newsanalysis.unitising import in_document

LONGEST = 100_000  # code points; a longer unit is no unit of tone: VADER's sum is at its bound long before, and its time grows with the square
TYPEWRITER = str.maketrans("‘’“”„«»…—", '\'\'"""""  ')  # VADER knows "isn't" and "good," but not “isn’t” and “good,”

Evidence = tuple[int, int, float]
Coder = Callable[[str], tuple[float, list[Evidence]]]


def code_tone(units: pd.DataFrame, *, coders: str | Iterable[str] = ("vader", "textblob")) -> pd.DataFrame:
    """Give each unit its tone, from -1 (negative) to 1 (positive), by word lists, with the words behind the score.

    Parameters
    ----------
    units : DataFrame
        Table *units*; sentences or segments rather than documents, for which the lists were not made.
    coders : str or iterable of str
        ``"vader"`` (compound score) and ``"textblob"`` (polarity). They are never averaged with one another.

    Returns
    -------
    DataFrame
        Table *codes*. For each unit and coder one row with code ``tone`` (``score`` in [-1, 1], no value), and one row with code
        ``tone_word`` for each word that counts: ``value`` is the words, ``start`` and ``end`` where they stand in the document,
        ``score`` what they add. With VADER that is the word's valence (-4 to 4) after negation, intensifiers, capitals and
        "but"; tone = s / sqrt(s² + 15), rounded to four places, where s is their sum, moved away from 0 by 0.292 for each of up
        to four exclamation marks, and by up to 0.96 for question marks. With TextBlob it is the polarity after negation and
        intensifiers, in [-1, 1]; tone is their mean, so a word that scores 0 ("Russian") pulls the mean to 0.
        VADER reads typographic quotation marks, ellipses and dashes as typewriter ones; as published it misses the words beside them.
        A unit without such words has tone 0 and no ``tone_word`` rows. A unit longer than 100,000 characters gets a missing score.

    Raises
    ------
    ValueError
        For an unknown coder.

    Notes
    -----
    Read a higher value as more words that the list's makers found positive, not as a favourable report: war and crime are negative
    whoever reports them. On target sentiment in news (NewsMTSC) VADER reaches a macro-F1 of .51 and TextBlob of .42; use them to find
    passages to read. TextBlob does not see the negation in "isn't". Do not compare scores of one coder with another's, nor short
    units with long ones.

    Sources: Hutto & Gilbert (2014), VADER: A parsimonious rule-based model for sentiment analysis of social media text,
    Proceedings of ICWSM, pp. 216-225. De Smedt & Daelemans (2012), Pattern for Python, Journal of Machine Learning Research 13,
    pp. 2063-2067 (TextBlob's analyser). Hamborg & Donnay (2021), NewsMTSC, Proceedings of EACL, pp. 1663-1675.

    Examples
    --------
    >>> import newsanalysis as na
    >>> codes = na.code_tone(na.units(na.documents(["The attack was not good."])))
    >>> codes[["code", "value", "score"]].values.tolist()
    [['tone', nan, -0.6711], ['tone_word', 'attack', -2.1], ['tone_word', 'good', -1.406], ['tone', nan, -0.35], ['tone_word', 'not good', -0.35]]
    >>> [coder.split("@")[0] for coder in codes.coder.unique()]
    ['vader', 'textblob']
    """
    known = {"vader": (_vader, vader_version()), "textblob": (_textblob, tagger.VERSION)}
    chosen = tables.names(coders)
    unknown = [coder for coder in chosen if coder not in known]
    if unknown:
        raise ValueError(f"code_tone: coders must be among {', '.join(known)}; not {', '.join(map(repr, unknown))}.")
    units = tables.check(units, "units")
    rows = [row for name in chosen for row in _rows(units, *known[name])]
    columns = ["unit_id", "document_id", "unit", "code", "value", "score", "start", "end", "coder"]
    return tables.check(pd.DataFrame(rows, columns=columns), "codes") if rows else tables.empty("codes")


def vader_version() -> str:
    """Return VADER's name@version.

    >>> vader_version().startswith("vader@")
    True
    """
    return f"vader@{version('vaderSentiment')}"


def _rows(units: pd.DataFrame, coder: Coder, name: str) -> Iterator[tuple[Any, ...]]:
    columns = (units.unit_id, units.document_id, units.unit, units.text, units.start, units.end)
    for unit_id, document_id, unit, text, start, end in zip(*columns, strict=True):
        score, evidence = coder(text) if len(text) <= LONGEST else (math.nan, [])
        yield unit_id, document_id, unit, "tone", None, score, None, None, name
        place = in_document(text, start, end)
        for low, high, valence in evidence:
            at = place(low, high) or (None, None)
            yield unit_id, document_id, unit, "tone_word", text[low:high], valence, *at, name


def _textblob(text: str) -> tuple[float, list[Evidence]]:
    evidence = list(tagger.assessments(text))
    return (math.fsum(polarity for _, _, polarity in evidence) / len(evidence) if evidence else 0.0), evidence


def _vader(text: str) -> tuple[float, list[Evidence]]:
    analyzer = _analyzer()
    text = text.translate(TYPEWRITER)
    plain, at = _spelled_out(text, analyzer.emojis)
    analyzer.seen = []
    tone = float(analyzer.polarity_scores(text)["compound"])
    evidence = []
    for (low, high), valence in zip(_tokens(plain), analyzer.seen, strict=True):
        if valence:
            evidence.append((at[low], at[high - 1] + 1, round(valence, 6)))
    return tone, evidence


def vader_lexicon() -> dict[str, float]:
    """Return VADER's words with their valence, from -4 (negative) to 4 (positive).

    >>> vader_lexicon()["attack"]
    -2.1
    """
    return dict(_analyzer().lexicon)


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    class Watched(SentimentIntensityAnalyzer):  # type: ignore[misc]
        """VADER that keeps what each word adds, and looks at the six words around a word instead of all (same result, linear time)."""

        seen: list[float]

        def score_valence(self, sentiments: list[float], text: str) -> Any:
            self.seen = list(sentiments)
            return super().score_valence(sentiments, text)

        def _negation_check(self, valence: float, words: list[str], start_i: int, i: int) -> Any:
            low = max(0, i - 3)
            return SentimentIntensityAnalyzer._negation_check(valence, words[low : i + 3], start_i, i - low)

        def _special_idioms_check(self, valence: float, words: list[str], i: int) -> Any:
            low = max(0, i - 3)
            return SentimentIntensityAnalyzer._special_idioms_check(valence, words[low : i + 3], i - low)

    return Watched()


def _spelled_out(text: str, emojis: dict[str, str]) -> tuple[str, list[int]]:
    """Return the text as VADER reads it, emoji spelled out, and for each of its characters the place in the text."""
    pieces: list[str] = []
    at: list[int] = []
    after_space = True
    for i, character in enumerate(text):
        piece = character
        if character in emojis:
            piece = emojis[character] if after_space else " " + emojis[character]
            after_space = False
        else:
            after_space = character == " "
        pieces.append(piece)
        at.extend([i] * len(piece))
    return "".join(pieces), at


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    """Yield where VADER's words stand: split at white space, marks stripped unless two or fewer characters stay."""
    from string import punctuation

    start = 0
    for token in text.split():
        start = text.index(token, start)
        stripped = token.strip(punctuation)
        low = start + (token.index(stripped) if len(stripped) > 2 else 0)
        yield low, low + (len(stripped) if len(stripped) > 2 else len(token))
        start += len(token)
