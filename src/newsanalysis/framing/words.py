"""Words and phrases of a codebook in a text: hedges, labels, loaded words, or a list of one's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from newsanalysis import codebooks, sentiment, tables
from newsanalysis.codebooks import CodebookError
from newsanalysis.unitising import in_document

LOADED = 1.5  # |valence| in VADER's lexicon from which a word counts as loaded
WORDS_KNOWN = 4096  # words of which it is known which patterns begin with them


class Match(NamedTuple):
    """A pattern found in a text: where, and the number of its row in the codebook."""

    start: int
    end: int
    row: int


def matcher(patterns: tuple[str, ...], exact: frozenset[int] = frozenset()) -> Callable[[str], Iterator[Match]]:
    r"""Return the function that finds patterns in a text: leftmost, then longest, never overlapping, on word borders.

    A pattern is one or more words. ``|`` parts the forms of one word, ``*`` at the end of a form stands for any ending,
    a hyphen matches any hyphen, an apostrophe any apostrophe, a space any white space. Case does not count.

    Parameters
    ----------
    patterns : tuple of str
        The patterns; of two as long as one another the first wins.
    exact : frozenset of int
        The numbers of the patterns for which case counts.

    Raises
    ------
    ValueError
        With the number of a pattern that does not begin with a letter or digit, or has ``*`` elsewhere.

    Examples
    --------
    >>> text = "He warned repeatedly, then warned against pro‑Russian plans."
    >>> [text[m.start : m.end] for m in matcher(("warn*", "warn|warned against", "pro-Russian"))(text)]
    ['warned', 'warned against', 'pro‑Russian']
    """
    exactly: dict[str, list[int]] = {}
    beginning: dict[str, list[int]] = {}
    compiled: list[re.Pattern[str] | None] = []
    for n, pattern in enumerate(patterns):
        forms = [word.split("|") for word in pattern.split()]
        if not forms or not all(re.fullmatch(r"\w[^*]*\*?", form) for form in forms[0]) or any("*" in form[:-1] for word in forms for form in word):
            raise ValueError(n)
        for form in forms[0]:
            stem = re.match(r"\w+", form.lower())
            if stem:
                (beginning if stem.group() + "*" == form.lower() else exactly).setdefault(stem.group(), []).append(n)
        expression = r"\s+".join(f"(?:{'|'.join(map(_form, sorted(word, key=len, reverse=True)))})(?!\\w)" for word in forms)
        single = len(forms) == 1 and all(re.fullmatch(r"\w+", form) for form in forms[0])
        compiled.append(None if single and n not in exact else re.compile(expression, 0 if n in exact else re.IGNORECASE))
    lengths = sorted({len(stem) for stem in beginning})

    @lru_cache(maxsize=WORDS_KNOWN)
    def patterns_at(word: str) -> tuple[int, ...]:
        return (*exactly.get(word, ()), *(n for length in lengths for n in beginning.get(word[:length], ())))

    def found(text: str) -> Iterator[Match]:
        free = 0
        for word in re.finditer(r"\w+", text):
            if word.start() < free:
                continue
            best = Match(0, 0, 0)
            for n in patterns_at(word.group().lower()):
                regex = compiled[n]
                match = regex.match(text, word.start()) if regex else word
                if match and match.end() > best.end:
                    best = Match(word.start(), match.end(), n)
            if best.end:
                free = best.end
                yield best

    return found


def _form(form: str) -> str:
    stem = re.escape(form.removesuffix("*")).replace(r"\-", "[-‐‑–]").replace("'", "['’]").replace("’", "['’]")
    return stem.replace("['['’]]", "['’]") + (r"\w*" if form.endswith("*") else "")


class Book(NamedTuple):
    """A word codebook ready to be looked for."""

    name: str  # name@version
    rows: list[tuple[str, str | None, float | None]]  # code, value, score
    find: Callable[[str], Iterator[Match]]


def book_of(codebook: str | Path) -> Book:
    """Return a word codebook, shipped or of one's own, ready to be looked for."""
    if isinstance(codebook, str) and codebook == "loaded_words":
        return _loaded_words()
    words = codebooks.words(codebook)
    version = codebooks.catalogue_versions().get(str(codebook)) or hashlib.sha256(words.to_csv().encode("utf-8", "surrogatepass")).hexdigest()[:12]
    scores: list[float | None] = [None] * len(words)
    if "score" in words:
        numbers = pd.to_numeric(words.score, errors="coerce")
        wrong = words.score[numbers.isna() & words.score.notna()]
        if len(wrong):
            problem = f"{wrong.iloc[0]!r} is no number; mend it or leave it blank."
            raise CodebookError(f"{codebook}, row {wrong.index[0] + 2}, column 'score': {problem}")
        scores = [None if pd.isna(number) else float(number) for number in numbers]
    values = [None if pd.isna(value) else value for value in words.value]
    exact = frozenset(words.index[words["case"] == "exact"]) if "case" in words else frozenset()
    return Book(f"{Path(codebook).stem}@{version}", list(zip(words.code, values, scores, strict=True)), _compiled(str(codebook), tuple(words.pattern), exact))


@lru_cache(maxsize=32)
def _compiled(name: str, patterns: tuple[str, ...], exact: frozenset[int]) -> Callable[[str], Iterator[Match]]:
    try:
        return matcher(patterns, exact)
    except ValueError as error:
        row = int(error.args[0])
        rule = "begin with a letter or digit, and write * only at the end of a word"
        raise CodebookError(f"{name}, row {row + 2}, column 'pattern': {patterns[row]!r} cannot be used; {rule}.") from None


@lru_cache(maxsize=1)
def _loaded_words() -> Book:
    loaded = {word: valence for word, valence in sentiment.vader_lexicon().items() if abs(valence) >= LOADED and re.fullmatch(r"[^\W\d_]{2,}", word)}
    rows: list[tuple[str, str | None, float | None]] = [("loaded_word", "positive" if valence > 0 else "negative", valence) for valence in loaded.values()]
    return Book(sentiment.vader_version(), rows, matcher(tuple(loaded)))


def codes_table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return rows as a checked table *codes*."""
    columns = ["unit_id", "document_id", "unit", "code", "value", "score", "start", "end", "coder"]
    return tables.check(pd.DataFrame(rows, columns=columns), "codes") if rows else tables.empty("codes")


def code_words(units: pd.DataFrame, *, codebook: str | Path) -> pd.DataFrame:
    """Code each word of a word codebook that stands in a unit: hedges, labels, loaded words, or words of one's own.

    Parameters
    ----------
    units : DataFrame
        Table *units*.
    codebook : str or Path
        ``"hedges"`` (allegedly, might, appears ...; values hearsay, possibility, appearance, degree, approximation, frequency,
        speaker), ``"labels"`` (Russian-installed, so-called, terrorist ...; values installed, annexed, occupied, backed, so_called
        ...), ``"loaded_words"`` (the words of VADER's lexicon with a valence of 1.5 or more from 0; values positive, negative;
        ``score`` is the valence) or the path of a CSV file with the columns code, value, pattern, source and, if wanted, ``score``
        (a number) and ``case`` (``exact`` where capitals count).

    Returns
    -------
    DataFrame
        Table *codes*, one row a word found: ``code`` and ``value`` from the codebook's row, ``start`` and ``end`` the words in the
        document. Overlapping patterns: the leftmost, then the longest counts. ``coder`` is the codebook's name@version.

    Raises
    ------
    CodebookError
        For a codebook that cannot be read, or a pattern that breaks the rule: words parted by spaces, the forms of a word parted
        by ``|``, ``*`` at the end of a form for any ending; it begins with a letter or digit.

    Notes
    -----
    The lists find words, not meanings: "likely" is not always a hedge nor "shelling" always loaded. Read the evidence (``na.concordance``) before
    counting, and do not call counts of loaded words or hedges bias: such lists do not tell biased from other sentences.

    Sources: Hyland (2005), Metadiscourse, pp. 218-224 (hedges); Hutto & Gilbert (2014), Proceedings of ICWSM, pp. 216-225 (loaded words).

    Examples
    --------
    >>> import newsanalysis as na
    >>> codes = na.code_words(na.units(na.documents(["Trump Allegedly Sought Airport Renaming"])), codebook="hedges")
    >>> codes[["code", "value", "start", "end"]].values.tolist()
    [['hedge', 'hearsay', 6, 15]]
    """
    units = tables.check(units, "units")
    book = book_of(codebook)
    rows = []
    for unit_id, document_id, unit, text, start, end in zip(*(units[c] for c in ("unit_id", "document_id", "unit", "text", "start", "end")), strict=True):
        place = in_document(text, start, end)
        for match in book.find(text):
            at = place(match.start, match.end) or (None, None)
            rows.append((unit_id, document_id, unit, *book.rows[match.row], *at, book.name))
    return codes_table(rows)


@lru_cache(maxsize=2)
def shipped(name: str) -> Book:
    """A word codebook that the grammar itself asks for, word by word: "event_verbs" and "cues"."""
    return book_of(name)
