"""Keyness: the words that mark one group of texts against another, by log-odds with an informative Dirichlet prior."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import tables, unitising
from newsanalysis.measures import copies_in, with_copies
from newsanalysis.origins import traced
from newsanalysis.tables import TableError

Floats = NDArray[np.float64]
BLOCK = 1_000_000  # words counted at a time
QUANTILE = 1.959963984540054  # of the normal distribution, for 95 %
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)+|[^\W_]+(?:[-'&][^\W_]+)*")
_POSSESSIVE = re.compile(r"'s\b")
_MARKS = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "\u00ad": ""})


class _Counts(NamedTuple):
    """Sums by word, for the two groups: of the words of a document (y), their squares and products, with the documents' lengths n too."""

    words: list[str]
    total: Floats  # in the whole corpus
    y: Floats  # 2 × words
    documents: Floats  # 2 × words
    either: Floats  # documents of either group
    squares: Floats  # 3 × words: Σ y₁², Σ y₂², Σ y₁y₂
    products: Floats  # 4 × words: Σ y₁n₁, Σ y₁n₂, Σ y₂n₁, Σ y₂n₂
    n: Floats  # Σ n₁, Σ n₂
    lengths: Floats  # Σ n₁², Σ n₂², Σ n₁n₂
    n_documents: Floats  # of group 1, 2, either


@traced
def keyness(units: pd.DataFrame, groups: str | tuple[str, str], *, by: str = "outlet", prior: float | None = None, min_documents: int = 2) -> pd.DataFrame:
    r"""Compare the words of two groups of texts: log-odds ratios with an informative Dirichlet prior, and how sure they are.

    With y the number of times that a word stands in a group, n the group's words, a the prior of the word and a₀ their sum,
    log_odds = log((y₁ + a) / (n₁ + a₀ - y₁ - a)) - log((y₂ + a) / (n₂ + a₀ - y₂ - a)), and
    z = log_odds / √(1/(y₁ + a) + 1/(y₂ + a)). a = a₀ · (the word's share of all units that are given).

    Parameters
    ----------
    units : DataFrame
        Table *units* with a column that names the groups (merge the outlet on document_id), or table *documents*. Pass the units of one
        voice for that voice alone: ``units[units.voice == "own"]``.
    groups : str or (str, str)
        The first group, set against all others that have a name; or the first and the second.
    by : str
        The column that names the groups. Units without a name, and third groups, count for the prior only.
    prior : float, optional
        a₀, the weight of the prior in words, above 0: so many words of the whole corpus are added to each group. By default as many as the smaller
        group has. More pulls every log_odds toward 0, those of rare words most.
    min_documents : int
        Words in fewer documents (of both groups together) are left out of the table, though not out of n. With 1 a word that one article
        says twenty times can come first.

    Returns
    -------
    DataFrame
        One row a word, the largest z first: word, n_first and n_second (times), documents_first and documents_second (in how many
        documents), log_odds (natural logarithm; above 0: more in the first group), ci_low and ci_high (95 %, by article), z, and
        z_articles = log_odds / (standard error by article). Interval and z_articles are missing where the word stands in fewer than two documents of
        either group, log_odds where the whole corpus is one word.

    Raises
    ------
    ValueError
        For a group that does not occur or has no words, a prior not above 0, or min_documents below 1.
    TableError
        For tables that break their schema or lack the column.

    Notes
    -----
    z takes every word as drawn for itself. Words come in articles, and an article that says a word once says it again: z is too sure, by
    much for names and topics. The interval and z_articles therefore take the article as what is drawn (linearised, which agrees with
    resampling articles; the prior is taken as fixed). Rank by z, believe z_articles; both speak of thousands of words at once, of which
    one in twenty passes 1.96 by chance. A word marks what a group writes about as well as how: compare texts on the same subject, and read them
    (``na.concordance``). Do not compare z between pairs of groups of different size, nor log_odds with another prior.

    A word is a run of letters or digits, lowercased, with hyphens, apostrophes and ampersands inside it ("pro-russian", "don't", "at&t");
    numbers keep inner points and commas ("1,000"), abbreviations their points ("u.s."); a possessive 's is cut off ("kyiv's" counts as
    "kyiv", "it's" as "it"). No word is left out as too common.

    Source: Monroe, Colaresi & Quinn (2008), Fightin' Words, Political Analysis 16, pp. 372-403 (eqs. 15, 16, 22). The default of a₀ and
    the interval are ours.

    Examples
    --------
    >>> import pandas as pd
    >>> import newsanalysis as na
    >>> texts = ["Rebels shelled the town.", "Rebels left.", "Militia shelled the town.", "Militia left."]
    >>> documents = na.documents(pd.DataFrame({"text": texts, "outlet": ["Post", "Post", "Star", "Star"]}))
    >>> table = na.keyness(documents, ("Post", "Star"), prior=6)
    >>> table[["word", "n_first", "n_second", "z"]].round(2).values.tolist()[0]
    ['rebels', 2, 0, 1.13]
    """
    if not isinstance(min_documents, (int, np.integer)) or min_documents < 1:
        raise ValueError(f"keyness: min_documents must be a whole number of at least 1; not {min_documents!r}.")
    if prior is not None and not 0 < prior < np.inf:
        raise ValueError(f"keyness: prior must be a number of words above 0; not {prior!r}.")
    copies = copies_in("keyness", units)
    if not isinstance(units, pd.DataFrame):
        raise TableError(f"keyness: {tables.called(units)} was given; give units or documents.")
    units = tables.check(units, "units") if "unit_id" in units else as_units(units, by)
    counts = _count(units.document_id, units.text, sides_of(units, groups, by))
    weight = float(counts.n.min()) if prior is None else float(prior)
    table = _estimates(counts, weight)
    table = table[(counts.y.sum(axis=0) > 0) & (counts.either >= min_documents)]
    table = table.sort_values(["z", "word"], ascending=[False, True], kind="stable", ignore_index=True)
    whole = ["n_first", "n_second", "documents_first", "documents_second"]
    result: pd.DataFrame = table.astype({"word": "str", **dict.fromkeys(whole, "int64")})
    return with_copies(result, copies)


def as_units(documents: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return documents as units, with the column that names the groups.

    >>> as_units(tables.empty("documents"), "outlet").unit_id.tolist()
    []
    """
    documents = tables.check(documents, "documents")
    if by not in documents:
        raise tables.no_column("keyness", by, documents)
    units = unitising.units(documents, unit="document")
    return units.merge(documents[["document_id", by]], on="document_id")


def sides_of(units: pd.DataFrame, groups: str | tuple[str, str], by: str) -> NDArray[np.int64]:
    """Return 0 for units of the first group, 1 for the second, 2 for what counts for the prior only.

    >>> sides_of(pd.DataFrame({"outlet": ["Post", "Star", None]}), "Post", "outlet").tolist()
    [0, 1, 2]
    """
    if by not in units:
        raise tables.no_column("keyness", by, units)
    label = units[by].astype(object).where(units[by].notna(), None)
    if isinstance(groups, str):
        first, second = label == groups, (label != groups) & label.notna()
        names = (groups, f"other than {groups}")
    else:
        names = tuple(groups)  # type: ignore[assignment]
        if len(names) != 2 or names[0] == names[1]:
            raise ValueError(f"keyness: groups must be the name of one group or the names of two; not {groups!r}.")
        first, second = label == names[0], label == names[1]
    for name, rows in zip(names, (first, second), strict=True):
        if not rows.any():
            there = ", ".join(sorted(map(str, label.dropna().unique()))[:10]) or "none: merge the column in first"
            raise ValueError(f"keyness: there is no {by} {name!r}; there are {there}.")
    return np.where(first, 0, np.where(second, 1, 2)).astype(np.int64)


def tokens(text: str) -> list[str]:
    """Return the words of a text as keyness counts them.

    >>> tokens("Kyiv’s pro‑Russian U.S. envoy doesn't want 1,000 tanks.")
    ['kyiv', 'pro-russian', 'u.s.', 'envoy', "doesn't", 'want', '1,000', 'tanks']
    """
    text = text.lower()
    if not text.isascii():
        text = text.translate(_MARKS)
    return _WORD.findall(_POSSESSIVE.sub("", text) if "'" in text else text)


def places(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text as keyness counts them, each with its first and one past its last code point.

    >>> places("Is Kyiv’s pro-Russian?")
    [('is', 0, 2), ('kyiv', 3, 7), ('pro-russian', 10, 21)]
    """
    lower = text.lower()
    at = [n for n, character in enumerate(text) for _ in character.lower()]
    kept = [(mark, n) for character, n in zip(lower, at, strict=True) for mark in character.translate(_MARKS)]
    marks = "".join(mark for mark, _ in kept)
    cut = {n for found in _POSSESSIVE.finditer(marks) for n in range(*found.span())}
    kept = [one for n, one in enumerate(kept) if n not in cut]
    return [(word[0], kept[word.start()][1], kept[word.end() - 1][1] + 1) for word in _WORD.finditer("".join(mark for mark, _ in kept))]


def _blocks(document_id: pd.Series[str], texts: pd.Series[str], group: NDArray[np.int64]) -> Iterator[tuple[list[str], list[int], list[int]]]:
    """Words, and for each unit its number of words and 3 · document + group; whole documents, about BLOCK words at a time."""
    document = pd.factorize(document_id)[0]
    order = np.argsort(document, kind="stable")
    key = (document * 3 + group)[order].tolist()
    words: list[str] = []
    lengths: list[int] = []
    keys: list[int] = []
    for at, text in enumerate(texts.iloc[order]):
        if len(words) >= BLOCK and key[at] // 3 != key[at - 1] // 3:
            yield words, lengths, keys
            words, lengths, keys = [], [], []
        found = tokens(text)
        words += found
        lengths.append(len(found))
        keys.append(key[at])
    yield words, lengths, keys


def _count(document_id: pd.Series[str], texts: pd.Series[str], group: NDArray[np.int64]) -> _Counts:
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    sums = np.zeros((13, 1024))  # total, y₁ y₂, documents 1 2, either, three squares, four products
    n, lengths, n_documents = np.zeros(2), np.zeros(3), np.zeros(3)
    for words, counted, keys in _blocks(document_id, texts, group):
        word = np.array([numbers[one] for one in words], dtype=np.int64)
        if len(numbers) > sums.shape[1]:
            sums = np.pad(sums, ((0, 0), (0, 2 * len(numbers) - sums.shape[1])))
        at, place = np.unique(np.array(keys, dtype=np.int64), return_inverse=True)
        whole = np.zeros((2, int(at.max(initial=0)) // 3 - int(at.min(initial=0)) // 3 + 1))
        unit_words = np.bincount(place, counted, minlength=len(at))
        local, side = at // 3 - int(at.min(initial=0)) // 3, at % 3
        for number in range(2):
            whole[number, local[side == number]] = unit_words[side == number]
        n += whole.sum(axis=1)
        lengths += (whole[0] @ whole[0], whole[1] @ whole[1], whole[0] @ whole[1])
        n_documents += ((whole[0] > 0).sum(), (whole[1] > 0).sum(), (whole.sum(axis=0) > 0).sum())
        _add(sums, (word, np.repeat(local[place], counted), np.repeat(side[place], counted)), whole)
    sums = sums[:, : len(numbers)]
    if not n.all():
        raise ValueError(f"keyness: the {'second' if n[0] else 'first'} group has no words.")
    return _Counts(list(numbers), sums[0], sums[1:3], sums[3:5], sums[5], sums[6:9], sums[9:13], n, lengths, n_documents)


def _add(sums: Floats, block: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], whole: Floats) -> None:
    """Add the words of a block of documents to the sums."""
    word, document, side = block
    width = sums.shape[1]
    sums[0] += np.bincount(word, minlength=width)
    inside = side < 2
    pair, position = np.unique(document[inside] * width + word[inside], return_inverse=True)
    y = np.stack([np.bincount(position[side[inside] == number], minlength=len(pair)).astype(np.float64) for number in range(2)])
    word, document = pair % width, pair // width
    length = whole[:, document]
    values = [*y, *(y > 0), np.ones(len(pair)), y[0] ** 2, y[1] ** 2, y[0] * y[1], y[0] * length[0], y[0] * length[1], y[1] * length[0], y[1] * length[1]]
    for row, value in enumerate(values, 1):
        sums[row] += np.bincount(word, value, minlength=width)


def _estimates(counts: _Counts, weight: float) -> pd.DataFrame:
    alpha = weight * counts.total / counts.total.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = counts.y + alpha
        outside = counts.n[:, None] + weight - inside
        odds = np.log(inside / outside)
        log_odds = odds[0] - odds[1]
        z = log_odds / np.sqrt((1 / inside).sum(axis=0))
        error = np.sqrt(_variance(counts, inside, outside))
    table = pd.DataFrame({"word": counts.words, "n_first": counts.y[0], "n_second": counts.y[1]})
    table = table.assign(documents_first=counts.documents[0], documents_second=counts.documents[1], log_odds=log_odds)
    error = np.where((counts.documents >= 2).all(axis=0) & (error > 1e-9), error, np.nan)
    return table.assign(ci_low=log_odds - QUANTILE * error, ci_high=log_odds + QUANTILE * error, z=z, z_articles=log_odds / error)


def _variance(counts: _Counts, inside: Floats, outside: Floats) -> Floats:
    """The variance of log_odds if documents are what is drawn: Σ (e - mean e)², e being what a document adds to the linearised log-odds."""
    of_word, of_length = 1 / inside + 1 / outside, -1 / outside  # derivatives by y and by n
    (a1, a2), (b1, b2) = of_word, of_length
    y11, y22, y12 = counts.squares
    y1n1, y1n2, y2n1, y2n2 = counts.products
    n11, n22, n12 = counts.lengths
    squares = a1**2 * y11 + a2**2 * y22 - 2 * a1 * a2 * y12 + b1**2 * n11 + b2**2 * n22 - 2 * b1 * b2 * n12
    squares = squares + 2 * (a1 * b1 * y1n1 + a2 * b2 * y2n2 - a1 * b2 * y1n2 - b1 * a2 * y2n1)
    total = a1 * counts.y[0] + b1 * counts.n[0] - a2 * counts.y[1] - b2 * counts.n[1]
    documents = counts.n_documents[2]
    variance: Floats = np.maximum(0, squares - total**2 / documents) * documents / max(1, documents - 1)
    return variance
