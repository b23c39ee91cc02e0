"""Quotation marks as distance, told from speech, titles, names and words that are mentioned."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from newsanalysis import codebooks, tagger
from newsanalysis.found import Found, needed
from newsanalysis.framing.words import Book, book_of, codes_table
from newsanalysis.quotations import Quotation, quotations
from newsanalysis.sentences import sentences

LONGEST = 4  # words between the marks
NEAR = 500  # characters of a sentence before and after the marks that are looked at
_WORD = re.compile(r"[^\W_]+(?:[-‐‑'’.][^\W_]+)*")
_GLOSS = re.compile(r"\s*(?:,\s*(?:or|meaning|literally|the|that is)\b|\(|\s(?:means|meant|is|was|are)\s+(?:the\s+word|a\s+word|an?\s+\w+\s+word)|\s*means\b)")
_INSIDE_END = re.compile(r"[.!?,;:…]\W*$")


def code_scare_quotes(found: Found) -> pd.DataFrame:
    """Code quotation marks by which the outlet keeps its distance from a word: the “referendum”, a “volunteer”.

    A short stretch (at most four words) between marks that stands in no attribution's content or cue, begins in lower case or follows *so-called*,
    and is part of a phrase of the outlet's. Left out: words that somebody near is said to say; titles, names and nicknames; words that are mentioned
    (*the word “peace”*), inscriptions and chants; foreign words with a gloss; sentences; quotations without an end.

    Parameters
    ----------
    found : Found
        What was found in documents: it tells speech.

    Returns
    -------
    DataFrame
        Table *codes*, one row a stretch: code ``scare_quote``, ``value`` the words between the marks, ``start`` and ``end`` with the marks; the
        unit is the sentence (``na.units(found)``). For a rate: ``na.word_rate(codes, na.units(found), code="scare_quote")``.

    Raises
    ------
    TableError
        For documents in which nothing has been looked for, or tables that break their schema.

    Notes
    -----
    Marks do not say what they mean. A writer may keep a distance, quote without saying whom, or use a word loosely; only reading tells. Where the
    attributor misses who speaks, speech is taken for distance, above all in headlines: look at them apart. Do not compare outlets with different
    house styles for marks. Validated on invented sentences only (``tests/data/scare_quotes_gold.jsonl``, half of them not looked at while the rules
    were mended): see ``benchmarks/results/statements.csv``. News is harder: in 90 American articles one reader took 6 of the 11 found for distance (the others
    were technical terms and names of categories). Code a sample of your own articles by hand before you count.

    Source: Predelli (2003), Scare quotes and their relation to other semantic issues, Linguistics and Philosophy 26, pp. 1-28. The list of contexts
    (``quotation_contexts``) is our own.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The town held a “referendum” at gunpoint. “It was a farce,” said Ann Lee."]))
    >>> code_scare_quotes(found)[["value", "start", "end"]].values.tolist()
    [['referendum', 16, 28]]
    """
    found, book = needed(found, "code_scare_quotes"), book_of("quotation_contexts")
    spoken, rows = _spoken(found), []
    for key, text in zip(found.documents.document_id, found.documents.text, strict=True):
        taken = spoken.get(key, [])
        bounds = sentences(text)
        begins = [start for start, _ in bounds]
        for quotation in quotations(text):
            n = bisect_right(begins, quotation.start)
            if not n or quotation.end > bounds[n - 1][1] or not _is_short(text, quotation):
                continue
            said = any(quotation.start < end and start < quotation.end for start, end in taken)
            if not said and _is_distance(text, quotation, bounds[n - 1], book):
                value = _inner(text, quotation).strip(" ,")
                rows.append((f"{key}:s{n}", key, "sentence", "scare_quote", value, None, quotation.start, quotation.end, book.name))
    return codes_table(rows)


def _spoken(found: Found) -> dict[str, list[tuple[int, int]]]:
    """The contents and cues of each document, without contents that nothing but their marks tells: no source, no cue."""
    bare = found.attributions.attribution_id[found.attributions.source.isna() & found.attributions.cue.isna()]
    counts = ((found.spans.role != "source") & ~found.spans.attribution_id.isin(bare)).to_numpy()
    spoken: dict[str, list[tuple[int, int]]] = {}
    for key, start, end in zip(found.documents_of_spans()[counts], found.spans.start[counts], found.spans.end[counts], strict=True):
        spoken.setdefault(key, []).append((int(start), int(end)))
    return spoken


def _inner(text: str, quotation: Quotation) -> str:
    """The words between the marks."""
    closing = 2 if text[quotation.start : quotation.end].endswith("''") else 1
    return text[quotation.start + len(quotation.mark) : quotation.end - closing].strip()


def _is_short(text: str, quotation: Quotation) -> bool:
    words = _WORD.findall(text[quotation.start : quotation.end])
    return quotation.closed and quotation.level == 0 and not quotation.continues and 0 < len(words) <= LONGEST and words[0][0].isalpha()


def _is_distance(text: str, quotation: Quotation, sentence: tuple[int, int], book: Book) -> bool:
    """Whether the outlet keeps its distance, from the words between the marks, before and after them."""
    inner = _inner(text, quotation)
    before, after = text[max(sentence[0], quotation.start - NEAR) : quotation.start], text[quotation.end : min(sentence[1], quotation.end + NEAR)]
    contexts = set(_contexts(before, book)) - {"other"}
    if "distance" in contexts:
        return True
    if contexts or inner[0].isupper() or _is_speech(inner, before, after) or _GLOSS.match(after):
        return False
    return _in_phrase(before, after)


@lru_cache(maxsize=1)
def _reach() -> list[int]:
    return [int(reach) for reach in codebooks.words("quotation_contexts").reach]


def _contexts(before: str, book: Book) -> Iterator[str]:
    """What the words just before the marks tell."""
    reach = _reach()
    clause = re.split(r"[;:—–]|, (?:and|but)\b", before)[-1]
    for match in book.find(clause):
        between = _WORD.findall(clause[match.end :])
        if len(between) <= reach[match.row] and "," not in clause[match.end :].rstrip(" ,"):
            yield str(book.rows[match.row][1])


def _is_speech(inner: str, before: str, after: str) -> bool:
    """A sentence, or what a colon or comma introduces, or what stands alone."""
    alone = not _WORD.search(before) and not _WORD.search(after)
    led = before.rstrip().endswith((":", ",")) and not before.rstrip().endswith(("the,", "a,"))
    ended = bool(_INSIDE_END.search(inner)) and not (inner.endswith((",", ".")) and _ends_in_determiner(before))
    opens = not _WORD.search(before) and bool(re.match(r"\s*[:,]", after))
    return alone or led or ended or opens


@lru_cache(maxsize=1)
def _determiners() -> frozenset[str]:
    return frozenset(word for kind, word in codebooks.lexicon("function_words.csv", "class", "word") if kind == "determiner") | {"such"}


def _ends_in_determiner(before: str) -> bool:
    words = _WORD.findall(before)
    return bool(words) and words[-1].lower() in _determiners()


def _in_phrase(before: str, after: str) -> bool:
    """Whether the marked words are part of a phrase of the outlet's: after an article, an adjective or a preposition, or before a noun."""
    words = tagger.words(before)
    last = next((word for word in reversed(words) if any(map(str.isalnum, word.text))), None)
    following = tagger.words(after.strip())
    if last is None:
        return bool(following) and following[0].tag.startswith(("NN", "JJ", "VB"))
    if before.rstrip().endswith(("'s", "’s", "s'", "s’")) or last.text.lower() in _determiners():
        return True
    if last.tag.startswith(("JJ", "DT", "PRP$", "POS", "CD")):
        return True
    return last.tag in ("IN", "CC", "RB", "TO") or last.tag.startswith("VB")
