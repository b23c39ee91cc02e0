"""Targets: where a text names an actor of the codebook, and the tone of the sentence toward it."""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from newsanalysis import codebooks, tables
from newsanalysis.actors import CODEBOOK
from newsanalysis.actors.article import Article, hits_in, located
from newsanalysis.actors.book import Actor, Alias, Book, actors_of, book_as_read, book_of, by_given_name, common
from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Codebook, Word, lexicon, words_of
from newsanalysis.found import Found
from newsanalysis.sentences import sentences
from newsanalysis.speakers.names import Keys, Name, core_of, names, spelled
from newsanalysis.speakers.words import is_first_name
from newsanalysis.tables import TableError
from newsanalysis.tone_model import AROUND, TONES, around, read
from newsanalysis.unitising import voices

_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_ADJECTIVE = re.compile(r"^[A-Z][a-z]+(?:an|ese|ish)$")  # "Crimean", but not "pro-Russian"
_PERSONS = ("person", "")
_GIVEN = ("tone", *(f"p_{tone}" for tone in TONES))
_LONGEST = 2 * AROUND  # characters of a sentence that a mention holds whole
_PLACED = 3  # letters from which a capital in capital letters is a dateline's


class _Span(NamedTuple):
    """Words that name somebody: the first, one past the last, and who may be meant."""

    first: int
    end: int
    meanings: list[Alias]


# --- where actors are named -----------------------------------------------------------------------------------------------


def mentions(documents: pd.DataFrame | Found, *, codebook: str | Path | Codebook | None = None) -> pd.DataFrame:
    """Find where the texts name actors of a codebook, each mention with its sentence.

    Parameters
    ----------
    documents : DataFrame or Found
        Table *documents*, or what was found in them; then each mention also has its voice.
    codebook : str, Path or Codebook, optional
        A shipped name, a path, or what ``codebooks.read`` returned. None: that with which ``na.resolve`` told the actors of what was found
        (``found.codebook``); where there is none, the default of ``na.resolve``.

    Returns
    -------
    DataFrame
        Table *mentions*, in the order of the documents and of the text, none overlapping: ``text`` is the sentence (unit ``unit_id`` of
        ``na.units``), ``start`` and ``end`` are the mention in it, ``document_start`` and ``document_end`` the same in ``documents.text``,
        without a possessive 's. Of a sentence of more than 2,000 characters ``text`` is only the part around the mention, at most 1,000 to
        either side and cut at white space; ``unit_id`` stays the sentence's. ``actor_id`` and ``actor`` are missing where several actors
        share the name and nothing tells them apart; affiliation and role are then what they agree on. ``voice`` is own where the outlet
        names the actor in its own text, attributed inside a content (``attribution_id`` says whose), and source in the source or cue of
        an attribution, whose words are the outlet's too; missing only where no ``Found`` was given.

    Raises
    ------
    CodebookError
        The codebook is not there or is not right.
    TableError
        For tables that break their schema, and for other tables than documents.

    Warns
    -----
    UserWarning
        If a codebook is given that is not the one of ``found``; if there is none, and the default names somebody in fewer than a third of the documents.

    Notes
    -----
    For the outlet's wording about an actor take ``voice != "attributed"``: the words that introduce a source are the outlet's.

    Rows and aliases of the codebook count as in ``na.resolve``: in their interval, if the document has a date, and with a context in texts
    that have one of its words; of overlapping names the leftmost and then longest. A surname counts for whom the text names in full
    ("Stoltenberg" after "Jens Stoltenberg"), whether or not the codebook has it; with somebody else's given name it is nobody of the codebook.
    Places of the codebook, demonyms ("Russian"), and capitals after a preposition of place ("in Moscow") are no mentions.
    Pronouns and descriptions ("the minister") are not followed up: a count of mentions is not how often a text speaks of an actor.

    Source: own definition; for targets found by name, Hamborg & Donnay (2021), NewsMTSC, Proceedings of EACL, pp. 1663-1675.

    Examples
    --------
    >>> import newsanalysis as na
    >>> documents = na.documents(["Jens Stoltenberg praised Ukraine's plan. Stoltenberg then left."])
    >>> found = mentions(documents)
    >>> found[["actor", "unit_id", "start", "end"]].values.tolist()
    [['Jens Stoltenberg', 'text-1:s1', 0, 16], ['Ukraine', 'text-1:s1', 25, 32], ['Jens Stoltenberg', 'text-1:s2', 0, 11]]
    """
    found, texts = _given(documents)
    book, attributions = _book(codebook, found)
    days = pd.to_datetime(texts["published"], utc=True)
    spoken = _voices(found) if found else {}
    kept = set(found.attributions["attribution_id"]) if found else set()
    rows: list[tuple[Any, ...]] = []
    for key, text, moment in zip(texts["document_id"], texts["text"], days, strict=True):
        article = Article(text, None if pd.isna(moment) else moment.date(), (), book)
        runs = voices(spoken.get(key, []), len(text)) if found else []
        starts = [run[0] for run in runs]
        for n, (number, sentence, start, end, actors) in enumerate(_mentioned(article), 1):
            voice, attribution = runs[bisect_right(starts, start) - 1][2:] if runs else (None, None)
            voiced = (voice or ("source" if runs else None), attribution if attribution in kept else None)
            rows.append((f"{key}:m{n}", key, f"{key}:s{number}", *_near(text, sentence, start, end), start, end, *_who(actors, book), *voiced))
    if codebook is None and not (found and found.codebook):
        few = codebooks.few_named(len({row[1] for row in rows}), len(texts), default=CODEBOOK, where="somebody in {} documents")
        if few:
            warnings.warn(f"mentions: {few}", stacklevel=2)
    if not rows:
        return tables.empty("mentions")
    table = pd.DataFrame(rows, columns=list(tables.SCHEMAS["mentions"].columns))
    return tables.check(_told(table, attributions), "mentions")


def _given(documents: object) -> tuple[Found | None, pd.DataFrame]:
    """What was found, if that was given, and the documents; nothing else will do."""
    if isinstance(documents, Found):
        found = documents.checked()
        return found, found.documents
    columns = [name for name in ("document_id", "text", "kind") if not isinstance(documents, pd.DataFrame) or name not in documents]
    if not isinstance(documents, pd.DataFrame) or columns:
        what = f"a table without the column {columns[0]!r}" if isinstance(documents, pd.DataFrame) else f"a {type(documents).__name__}"
        raise TableError(f"mentions: {what} was given; give documents or what na.attribute returned.")
    return None, tables.check(documents, "documents")


def _book(given: str | Path | Codebook | None, found: Found | None) -> tuple[Book, pd.DataFrame | None]:
    """The codebook to tell mentions by, and the attributions whose actors are told by the same one."""
    resolved = found.codebook if found else None
    chosen = next(one for one in (given, resolved, CODEBOOK) if one is not None)
    codebook = _read(chosen)
    book = book_of(codebook) if isinstance(chosen, Codebook) else book_as_read(codebook)
    if given is None or resolved is None or given is resolved or _same(codebook, earlier := _read(resolved)):
        return book, found.attributions if found else None
    warnings.warn(
        f"mentions: the codebook {codebook.name!r} is not {earlier.name!r}, with which na.resolve told the actors of what was found, "
        "so that actors and affiliations of mentions and attributions need not agree.",
        UserWarning,
        stacklevel=3,
    )
    return book, None


def _read(codebook: str | Path | Codebook) -> Codebook:
    return codebook if isinstance(codebook, Codebook) else codebooks.unchanged(codebook)


def _same(one: Codebook, other: Codebook) -> bool:
    """Whether two codebooks say the same, whatever they are called."""
    return one is other or all(getattr(one, name).equals(getattr(other, name)) for name in ("actors", "aliases", "affiliations"))


def _near(text: str, sentence: tuple[int, int], start: int, end: int) -> tuple[str, int, int]:
    """The sentence of a mention, of a very long one the part around it; and where the mention stands in that."""
    first, last = sentence
    if last - first > _LONGEST:  # one character more on either side, to see where a word ends
        first, last = max(first, start - AROUND - 1), min(last, end + AROUND + 1)
        return around(text[first:last], start - first, end - first)
    return text[first:last], start - first, end - first


def _told(table: pd.DataFrame, attributions: pd.DataFrame | None) -> pd.DataFrame:
    """For whom an actor speaks is told once in an article: "NATO Secretary-General Jens Stoltenberg", then "Stoltenberg"."""
    untold = (table["affiliation"].isna() | (table["affiliation"] == "unspecified")) & table["actor_id"].notna()
    told = table[~untold & table["actor_id"].notna()]
    if attributions is not None and "affiliation" in attributions:
        known = attributions[attributions["affiliation"].notna() & (attributions["affiliation"] != "unspecified")]
        told = pd.concat([told, known[known["actor_id"].notna()]])
    first = told.drop_duplicates(["document_id", "actor_id"]).set_index(["document_id", "actor_id"])["affiliation"].to_dict()
    keys = zip(table["document_id"], table["actor_id"], strict=True)
    camps = [first.get(key, camp) if missing else camp for key, camp, missing in zip(keys, table["affiliation"], untold, strict=True)]
    return table.assign(affiliation=pd.Series(camps, index=table.index, dtype=table["affiliation"].dtype))


def _voices(found: Found) -> dict[str, list[tuple[int, int, str, str]]]:
    """The spans of each document, as ``voices`` takes them."""
    spans: dict[str, list[tuple[int, int, str, str]]] = {}
    columns = (found.documents_of_spans(), *(found.spans[column] for column in ("start", "end", "role", "attribution_id")))
    for key, start, end, role, attribution in zip(*columns, strict=True):
        spans.setdefault(key, []).append((int(start), int(end), role, attribution))
    return spans


def _mentioned(article: Article) -> Iterator[tuple[int, tuple[int, int], int, int, list[Actor]]]:
    """Yield the number and place of the sentence, the place of the mention, and the actors it may mean."""
    words, bounds = words_of(article.text), sentences(article.text)
    begins = [start for start, _ in bounds]
    spans = list(_joined(article.text, words, _spans(article, words, bounds)))
    known = {ids.pop() for span in spans if len(ids := {meaning.actor.actor_id for meaning in span.meanings}) == 1}
    for span in spans:
        start, end = words[span.first].start, words[span.end - 1].end
        end -= len(tail[0]) if (tail := _POSSESSIVE.search(words[span.end - 1].text)) else 0
        number = bisect_right(begins, start)
        if number and end <= bounds[number - 1][1]:
            actors = actors_of(span.meanings)
            told = [actor for actor in actors if actor.actor_id in known]
            yield number, bounds[number - 1], start, end, told if common(actor.actor_id for actor in told) else actors


def _joined(text: str, words: Sequence[Word], spans: list[_Span]) -> Iterator[_Span]:
    """Names that stand side by side and mean the same are one: "pro-Russian rebels"; of "Ukrainian president Petro Poroshenko" the person's name."""
    last: _Span | None = None
    for span in spans:
        both = [m for m in span.meanings if last and m.actor in actors_of(last.meanings)]
        if last and last.end == span.first and both and text[words[last.end - 1].end : words[span.first].start] in (" ", "\u00a0"):
            first = span.first if both[0].actor.kind == "person" else last.first
            last = _Span(first, span.end, both)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _who(actors: list[Actor], book: Book) -> tuple[str | None, str | None, str | None, str | None]:
    """The actor's key and name, affiliation and role: what all agree on."""
    camp = common(actor.affiliation for actor in actors) or ("unspecified" if "unspecified" in book.affiliations else None)
    return common(actor.actor_id for actor in actors), common(actor.name for actor in actors), camp, common(actor.role for actor in actors) or None


def _spans(article: Article, words: Sequence[Word], bounds: Sequence[tuple[int, int]]) -> list[_Span]:
    """Who is named where, in the order of the text: what the names of persons tell goes before aliases within them."""
    starts, hits = [word.start for word in words], []
    for sentence in bounds:
        low, high = (bisect_left(starts, offset) for offset in sentence)
        hits += [_Span(first + low, end + low, meanings) for first, end, meanings in hits_in(words[low:high], article)]
    at = {place: hit for hit in hits for place in range(hit.first, hit.end)}
    people = list(_people(article, words, at))
    taken = {place for span in people for place in range(span.first, span.end)}
    others = [hit._replace(meanings=[m for m in hit.meanings if m.names]) for hit in hits if not taken & {hit.first, hit.end - 1}]
    return sorted((span for span in [*people, *others] if span.meanings and _is_named(words, span)), key=lambda span: span.first)


def _is_named(words: Sequence[Word], span: _Span) -> bool:
    """Whether a name stands for the actor here: not "Moscow-based", and no capital that is a place or a dateline."""
    last = words[span.end - 1].text
    if last.casefold().endswith("-based") or _is_part_of_a_place(words, span):
        return False
    if tuple(word.key for word in words[span.first : span.end]) not in _capitals():
        return True
    return not located(words, span.first) and not (last.isupper() and len(last) > _PLACED)


def _is_part_of_a_place(words: Sequence[Word], span: _Span) -> bool:
    """A country's or capital's name, or an adjective made of one, in the name of something else: "New England", "Moscow time", "Crimean Canal"."""
    if span.end - span.first > 1:
        return False
    before = [word.key for word in words[max(0, span.first - 2) : span.first]]
    if before[-1:] == ["new"] or (before[-1:] == ["of"] and before[0] in words_of_class("place_noun")):
        return True
    after = words[span.end] if span.end < len(words) and words[span.end].start == words[span.end - 1].end + 1 else None
    return after is not None and (after.key in words_of_class("place_noun") or bool(_ADJECTIVE.search(words[span.first].text)))


@lru_cache(maxsize=1)
def _capitals() -> frozenset[Keys]:
    return frozenset(tuple(part.key for part in words_of(word)) for word, kind in lexicon("countries.csv", "word", "kind") if kind == "capital")


def _people(article: Article, words: Sequence[Word], at: dict[int, _Span]) -> Iterator[_Span]:
    """The names of persons of whom a full name in the text tells who they are; without a meaning if they are nobody of the codebook."""
    found = names(article.text, words)
    keys = {name: spelled(core_of(name.keys(words))) for name in found}
    whose: dict[Keys, list[Alias]] = {}
    for name in found:
        if len(keys[name]) > 1 and not whose.get(keys[name]):
            whose[keys[name]] = _bearers(words, name, at, article.book)
    tellers: dict[str, Keys] = {}  # the first full name of an actor, by surname
    for full, meanings in whose.items():
        if meanings:
            tellers.setdefault(full[-1], full)
    last: dict[str, Keys] = {}  # the full name that came last, by surname
    strange: set[Keys] = set()  # full names of others that have an actor's name in them
    for name in found:
        mine, touching = keys[name], _touching(name, at)
        if any(hit.first < name.first or hit.end > name.end for hit in touching):
            continue  # a longer alias: "Trump administration"
        if len(mine) > 1:
            last[mine[-1]] = mine
            body = any(hit[:2] == name[1:] for hit in touching)
            if whose[mine] or (touching and not body and is_first_name(words[name.first])):
                strange |= set() if whose[mine] else {mine}
                yield _Span(name.first, name.end, whose[mine])
        elif (teller := last.get(mine[0]) or tellers.get(mine[0])) and (whose[teller] or teller in strange):
            yield _Span(name.first, name.end, whose[teller])


def _touching(name: Name, at: dict[int, _Span]) -> list[_Span]:
    """The aliases that have words in common with a name."""
    firsts = dict.fromkeys(at[place].first for place in range(name.first, name.end) if place in at)
    return [at[first] for first in firsts]


def _bearers(words: Sequence[Word], name: Name, at: dict[int, _Span], book: Book) -> list[Alias]:
    """Rule 1 of ``na.resolve`` for a full name: the persons of the codebook who bear it."""
    hits = [hit for hit in _touching(name, at) if name.first <= hit.first and hit.end <= name.end]
    whole = [m for hit in hits if hit[:2] == name[1:] for m in hit.meanings if m.names and m.actor.kind in _PERSONS]
    local = [(hit.first - name.first, hit.end - name.first, hit.meanings) for hit in hits]
    return whole or by_given_name(words[name.first : name.end], local, book)


# --- tone toward them -------------------------------------------------------------------------------------------------------


def target_tone(mentions: pd.DataFrame, *, model: str | Path | None = None, threads: int = 1) -> pd.DataFrame:
    """Tell the tone of sentences toward targets in them: negative, neutral or positive, each with its probability.

    Parameters
    ----------
    mentions : DataFrame
        A row a target: ``text`` (a sentence), ``start`` and ``end`` (where the target stands in it, in characters), as ``na.mentions``
        makes it or for spans of one's own. Other columns stay.
    model : path, optional
        Folder of another model (``encoder.onnx``, ``tokenizer.json``, ``config.json``) than the package's own.
    threads : int
        How many processor cores the encoder may use, 1 or more. The result is the same with any number.

    Returns
    -------
    DataFrame
        The same rows with ``tone`` (the likeliest), and ``p_negative``, ``p_neutral``, ``p_positive``, which add up to 1. Columns that
        already have these names are replaced.

    Raises
    ------
    ValueError
        A column is missing, a text is no text, a span is empty or outside its text, or ``threads`` is below 1; a ``ToneModelError`` if a
        file of the model is missing or damaged.

    Notes
    -----
    Read it as the tone of the sentence toward the target as a reader of news would take it, whoever speaks: blame in a quotation counts as
    that in the outlet's own words. To tell voices apart, group by ``voice``. It does not know the rest of the article: a pronoun is
    judged by its sentence. Of texts longer than a sentence only what stands around the target is read (126 word pieces). English news only.

    Macro-F1 is 85 on US politics and 69 on war news (``docs/tone.md`` and the model card). Correct shares over many mentions for that error,
    with a validation sample of one's own. Do not read single verdicts as facts.

    Source: Hamborg & Donnay (2021), NewsMTSC: A dataset for (multi-)target-dependent sentiment classification in political news articles,
    Proceedings of EACL, pp. 1663-1675.

    Examples
    --------
    >>> import pandas as pd
    >>> text = "Critics called Jo Day a liar, but Al Bo was praised for his courage."
    >>> found = target_tone(pd.DataFrame({"text": [text, text], "start": [15, 34], "end": [21, 39]}))
    >>> found.tone.tolist()
    ['negative', 'positive']
    """
    if threads < 1:
        raise ValueError(f"target_tone: threads {threads} is less than 1; give 1 or more.")
    if not isinstance(mentions, pd.DataFrame):
        raise ValueError(f"target_tone: a pandas DataFrame is needed, not {type(mentions).__name__}; na.mentions makes one.")
    lacking = [column for column in ("text", "start", "end") if column not in mentions]
    if lacking:
        s, them = ("s", "them") if len(lacking) > 1 else ("", "it")
        raise ValueError(f"target_tone: mentions lacks the column{s} {', '.join(lacking)}; na.mentions makes {them}, or give spans of your own.")
    spans = list(_checked(mentions))
    found = np.full((len(spans), len(TONES)), np.nan)
    if spans:
        reader = read(str(model) if model is not None else None, threads)
        once = {span: reader.probabilities(*span) for span in dict.fromkeys(spans)}
        found[:] = [once[span] for span in spans]
    tones = pd.Series([TONES[best] for best in found.argmax(axis=1)] if spans else [], index=mentions.index, dtype="str")
    kept = mentions.drop(columns=[column for column in _GIVEN if column in mentions])
    return kept.assign(tone=tones, **{f"p_{tone}": found[:, place] for place, tone in enumerate(TONES)})


def _checked(mentions: pd.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Give text, start and end of each row, checked."""
    columns: Sequence[Any] = (mentions.index, mentions["text"], mentions["start"], mentions["end"])
    for label, text, start, end in zip(*columns, strict=True):
        if not isinstance(text, str):
            raise ValueError(f"target_tone: row {label!r} has no text, but {text!r}; give its sentence or leave the row out.")
        if not _is_whole(start) or not _is_whole(end) or not 0 <= start < end <= len(text):
            raise ValueError(f"target_tone: row {label!r}: start {start} and end {end} are no span of a text of {len(text)} characters.")
        yield text, int(start), int(end)


def _is_whole(value: object) -> bool:
    """Whether a cell is a whole number."""
    return isinstance(value, int | np.integer | float | np.floating) and float(value).is_integer()
