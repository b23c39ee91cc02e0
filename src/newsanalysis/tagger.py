"""Words of a text by offset, with TextBlob's tokens, part-of-speech tags and word scores.

The only module that loads TextBlob. Of TextBlob it uses what works without NLTK's data (the Pattern tokenizer, tagger and
lexicon, which come with the package): nothing is downloaded, at import or later.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any

VERSION = f"textblob@{version('textblob')}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark of a text with its Penn Treebank tag; ``start`` and ``end`` count code points of the text."""

    text: str
    tag: str
    start: int
    end: int


class _Placed(str):
    """A lower-case token that knows where it stands; TextBlob hands the same object back in its assessments."""

    start: int
    end: int


@lru_cache(maxsize=1)
def _textblob() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # TextBlob leaves its lexicon files open until they are collected
        from textblob import en

        en.tag("Loads the lexicons.")
        en.sentiment("Loads the lexicon.")
    return en


def align(text: str, tokens: list[str]) -> list[tuple[int, int] | None]:
    """Return where each token stands in the text, in order; None for a token that is not in the text.

    Tokenizers split and drop white space but keep the order of all other characters, so each token is looked for after the
    one before it, in the text without its white space.

    Examples
    --------
    >>> align("He can't go. : )", ["He", "ca", "n't", "go", ".", ":)"])
    [(0, 2), (3, 5), (5, 8), (9, 11), (11, 12), (13, 16)]
    """
    at = [i for i, character in enumerate(text) if not character.isspace()]
    squeezed = "".join([text[i] for i in at])
    places: list[tuple[int, int] | None] = []
    cursor = 0
    for token in tokens:
        found = squeezed.find(token, cursor) if token else -1
        if found < 0:
            places.append(None)
            continue
        cursor = found + len(token)
        places.append((at[found], at[cursor - 1] + 1))
    return places


@lru_cache(maxsize=256)
def words(text: str) -> tuple[Word, ...]:
    """Return the words and marks of a text with their tags, by the Pattern tagger in TextBlob.

    Examples
    --------
    >>> [(word.text, word.tag) for word in words("Troops were ordered out.")]
    [('Troops', 'NNS'), ('were', 'VBD'), ('ordered', 'VBD'), ('out', 'IN'), ('.', '.')]
    """
    tagged = _textblob().tag(text) if text.strip() else []
    places = align(text, [token.replace("&slash;", "/") for token, _ in tagged])
    return tuple(Word(text[at[0] : at[1]], tag, *at) for (_, tag), at in zip(tagged, places, strict=True) if at)


def assessments(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield (start, end, polarity) of each word or run of words that TextBlob scores, as ``TextBlob.sentiment_assessments`` gives them.

    A run is a known word with the intensifier or negation before it. Its polarity is after both; the mean of all is TextBlob's
    polarity of the text.

    Examples
    --------
    >>> text = "Not a very good plan, and dark."
    >>> [(text[start:end], round(polarity, 3)) for start, end, polarity in assessments(text)]
    [('Not a very good', -0.269), ('dark', -0.15)]
    """
    sentiment = _textblob().sentiment
    tokens = " ".join(sentiment.tokenizer(text)).split()
    placed = []
    for token, at in zip(tokens, align(text, tokens), strict=True):
        word = _Placed(token.lower())
        word.start, word.end = at or (-1, -1)
        placed.append((word, None))
    for run, polarity, _, _ in sentiment.assessments(placed):
        known = [word for word in run if re.search(r"\w", word) and word.start >= 0] or [word for word in run if word.start >= 0]
        if known:
            yield min(word.start for word in known), max(word.end for word in known), float(polarity)
