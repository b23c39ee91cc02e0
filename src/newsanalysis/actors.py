"""Actors: from who speaks to the codebook's actor, the affiliation in the study's terms, and the role.

The rules, in order; each is tested by itself:

1. A speaker that is wholly an alias is that actor. A row or alias counts in its interval, if the document has a date; one with a
   context only in texts with one of its words. Where several actors remain, those with the affiliation that the text's own
   description tells; if still several, what they agree on. A surname with a given name is the actor who has this given name, as
   an initial, nickname or in another spelling (``data/given_names.csv``); with another given name it is somebody else.
2. Several aliases joined by "and" speak for their common affiliation, or for ``other``.
3. Otherwise the aliases in the words that describe the speaker tell the affiliation: names before demonyms ("a Polish OSCE
   monitor"), what they are before where they are ("Ukraine's ambassador to Russia"). A body or unnamed speaker is then that actor.
   Whom they oppose, suffered from or left ("a critic of the mayor", ``data/relations.csv``) is not for whom they speak.
4. An official, a soldier or a body of a state whose tie is not stated ("the General Staff", "the senator Ann Lee") belongs to the
   state or organisation that the outlet's own words name first in the same sentence before, else last before: the reader must know
   it. "Officials" and "a minister" leave it open.
5. Nothing known: ``other`` for a named speaker, ``unspecified`` for one without a name or for none.

The demonyms and capitals of every state that a codebook names are known (``data/countries.csv``); its own aliases come first.
The role is the actor's by rule 1, else what the words of the description tell (``data/roles.csv``), else the described actor's.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from newsanalysis import codebooks, tables
from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Codebook, Condition, Phrases, Word, bare, keys_of, lexicon, matches, phrases, words_of
from newsanalysis.found import Found
from newsanalysis.sentences import sentences
from newsanalysis.speakers import Speaker, said_in, speakers_in, terms_in

_WHERE = words_of_class("place_preposition")
_FORMER = words_of_class("former")
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])$")
_BORDERS = words_of_class("description_border")


class _Actor(NamedTuple):
    actor_id: str
    name: str
    kind: str
    affiliation: str
    role: str


class _Alias(NamedTuple):
    actor: _Actor
    when: Condition
    names: bool  # the alias names the actor; a demonym or a place only tells the affiliation


class _Book(NamedTuple):
    aliases: Phrases
    affiliations: frozenset[str]
    names: dict[_Actor, list[tuple[str, ...]]]  # the words of each actor's names


@dataclass(frozen=True)
class _Document:
    text: str
    day: datetime.date | None
    quoted: tuple[tuple[int, int], ...]
    book: _Book

    @cached_property
    def words(self) -> Sequence[Word]:
        return words_of(self.text)

    @cached_property
    def keys(self) -> frozenset[str]:
        return keys_of(self.text)

    @cached_property
    def named(self) -> list[tuple[int, list[_Actor]]]:
        """Where the outlet's own words name states and organisations."""
        return [
            (self.words[first].start, _actors(meanings))
            for first, _, meanings in _hits(self.words, self.book, self)
            if not any(m.actor.kind == "person" or m.actor.role == "media" for m in meanings)
            and not any(start <= self.words[first].start < end for start, end in self.quoted)
        ]


class _Answer(NamedTuple):
    actor_id: str | None
    name: str | None
    affiliation: str | None
    role: str


@lru_cache(maxsize=4)
def _kept(codebook: Codebook) -> _Book:
    """The book of a codebook that nobody changes."""
    return _book(codebook)


def _book(codebook: Codebook) -> _Book:
    """The codebook's aliases, names and states' demonyms and capitals, ready for matching."""
    actors = [_Actor(*row) for row in codebooks.text_rows(codebook.actors, *_Actor._fields)]
    entries = [(bare(name), _Alias(actors[row], when, actors[row].kind != "place")) for name, row, when in codebooks.names_of_rows(codebook)]
    spelled: dict[_Actor, list[tuple[str, ...]]] = {}
    for name, meaning in entries:
        spelled.setdefault(meaning.actor, []).append(tuple(word.key for word in words_of(name)))
    return _Book(phrases([*entries, *_of_states(entries)]), frozenset(codebook.affiliations["affiliation"]), spelled)


def _of_states(entries: list[tuple[str, _Alias]]) -> Iterable[tuple[str, _Alias]]:
    """Names, demonyms and capitals of the states among the aliases, unless the codebook has them itself."""
    places = lexicon("countries.csv", "country", "word", "kind")
    claimed = {tuple(word.key for word in words_of(alias)) for alias, _ in entries}
    states = {word: country for country, word, kind in places if kind == "country"}
    owner: dict[str, _Alias] = {}
    for alias, meaning in entries:
        if alias in states and meaning.actor.kind != "person":
            owner.setdefault(states[alias], meaning)
    for country, word, kind in places:
        if country in owner and tuple(part.key for part in words_of(word)) not in claimed:
            meaning = owner[country]
            yield word, _Alias(meaning.actor, meaning.when._replace(context=()), meaning.names and kind in ("country", "capital"))


def _hits(words: Sequence[Word], book: _Book, document: _Document) -> list[tuple[int, int, list[_Alias]]]:
    found = ((first, end, [m for m in meanings if m.when.holds(document.day, document.keys)]) for first, end, meanings in matches(words, book.aliases))
    return [hit for hit in found if hit[2]]


def _name_words(name: str) -> Sequence[Word]:
    words = words_of(name)
    while len(words) > 1 and words[0].key in ("unnamed", "the", "a", "an"):
        words = words[1:]
    return words


def _actors(meanings: Iterable[_Alias]) -> list[_Actor]:
    """The actors meant, each once, in the codebook's order."""
    return list(dict.fromkeys(meaning.actor for meaning in meanings))


def _common(values: Iterable[str]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _located(words: Sequence[Word], first: int) -> bool:
    """Whether a place preposition stands before it, with at most an article and two small words between: "in eastern Ukraine"."""
    at = first - 1
    while at >= 0 and first - at < 4 and not words[at].text[0].isupper() and words[at].key not in _WHERE and words[at].key not in ("of", "for", "from", "and"):
        at -= 1
    return at >= 0 and words[at].key in _WHERE


# --- given names --------------------------------------------------------------------------------------------------------


class _Given(NamedTuple):
    groups: dict[str, frozenset[str]]
    genders: dict[str, str]


@lru_cache(maxsize=1)
def _given() -> _Given:
    members: dict[str, set[str]] = {}
    for name, group in lexicon("given_names.csv", "name", "group"):
        members.setdefault(words_of(name)[0].key, set()).add(group)
    genders = {words_of(name)[0].key: gender for name, gender in lexicon("first_names.csv", "name", "gender")}
    return _Given({name: frozenset(groups) for name, groups in members.items()}, genders)


def _sounds(name: str) -> str:
    """The first letter and the consonants of a name: what its spellings share, as "vldmr" of Vladimir and Volodymyr."""
    return name[0] + re.sub(r"[aeiouyj']|(.)(?=\1)", "", name[1:])


def _same_given(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether given names may be one person's: equal, an initial, a nickname, or another spelling of a name of the same gender."""
    known, (a, b) = _given(), (one[0], two[0])
    if a == b or known.groups.get(a, frozenset()) & known.groups.get(b, frozenset()):
        return True
    if (len(a) == 1 or len(b) == 1) and a[0] == b[0]:
        return True
    if "".join(name[0] for name in one) == b or "".join(name[0] for name in two) == a:
        return True
    genders = {known.genders.get(a, ""), known.genders.get(b, "")} - {""}
    return len(_sounds(a)) > 2 and _sounds(a) == _sounds(b) and len(genders) < 2


def _around(words: tuple[str, ...], part: tuple[str, ...]) -> tuple[str, ...]:
    """The words before and after a part; none if it is not there."""
    at = next((i for i in range(len(words) - len(part) + 1) if words[i : i + len(part)] == part), None)
    return () if at is None else words[:at] + words[at + len(part) :]


def _bears(name: tuple[str, ...], surname: tuple[str, ...], actor: _Actor, book: _Book) -> bool | None:
    """Whether a name with this surname has the actor's given name; None where one of both has no given name."""
    given = _around(name, surname)
    theirs = [rest for rest in (_around(spelled, surname) for spelled in book.names[actor]) if rest]
    return any(_same_given(given, rest) for rest in theirs) if given and theirs else None


def _by_given_name(words: Sequence[Word], hits: list[tuple[int, int, list[_Alias]]], book: _Book) -> list[_Alias]:
    """Rule 1 for a surname: the meanings of the alias that ends or begins the name, of actors who have its given name."""
    name = tuple(word.key for word in words)
    outer = [(name[first:end], meanings) for first, end, meanings in hits if first == 0 or end == len(words)]
    return [m for part, meanings in outer for m in meanings if m.names and m.actor.kind in ("person", "") and _bears(name, part, m.actor, book)]


def _stranger(speaker: Speaker, part: Sequence[Word], meaning: _Alias, book: _Book) -> bool:
    """Whether a part of the speaker's own name is only by chance an actor's: "Tom" Marsh is not Helen Marsh, nor Jack London a city."""
    name, keys = tuple(word.key for word in _name_words(speaker.name or "")), tuple(word.key for word in part)
    if speaker.kind not in ("person", "name") or not _around(name, keys):
        return False
    return _bears(name, keys, meaning.actor, book) is False or (speaker.kind == "person" and meaning.actor.kind not in ("person", ""))


# --- descriptions -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _relations() -> Phrases:
    return phrases((term, kind) for term, kind in lexicon("relations.csv", "term", "kind"))


def _relation(words: Sequence[Word]) -> tuple[int, int] | None:
    """The first words for opposing, suffering or having left: "critic", "suing", and after "former" also "employee"."""
    former = next((i for i, word in enumerate(words) if word.key in _FORMER), len(words))
    return next(((first, end) for first, end, kinds in matches(words, _relations()) if kinds[0] != "tie" or former < first), None)


@lru_cache(maxsize=8192)
def _own(phrase: str) -> str:
    """A description without whom the person opposes or has left: "a lawyer suing" the council, a Kremlin "critic"."""
    kept = []
    for part in re.split(r"(?<=[,;])", phrase):
        words = words_of(part)
        first, end = _relation(words) or (0, 0)
        theirs = first and (
            _POSSESSIVE.search(words[first - 1].text) or any(stop == first and term.kind == "body" for _, stop, term in terms_in(words[:first]))
        )
        start = words[first].start if theirs else 0
        kept.append(part[start : words[end - 1].end] if end else part)
    return " ".join(kept)


def _described_by(speaker: Speaker, described: Iterable[str], book: _Book, document: _Document) -> list[_Alias]:
    """Rule 3: the meanings of the best alias in the first description that has any."""
    for phrase in described:
        words = words_of(phrase)
        relation, _ = _relation(words) or (0, 0)
        hits = []
        for first, end, meanings in _hits(words, book, document):
            opposed = end == relation and meanings[0].names and meanings[0].actor.kind != "state"  # "a Kremlin critic", but "a US critic"
            left = [] if opposed else [meaning for meaning in meanings if not _stranger(speaker, words[first:end], meaning, book)]
            hits += [(first, end, left)] if left else []
        if hits:
            return min(hits, key=lambda hit: (_located(words, hit[0]), not hit[2][0].names, hit[0]))[2]
    return []


def _any_told(speaker: Speaker, described: Iterable[str], book: _Book, document: _Document) -> bool:
    """Whether any alias stands in the descriptions but by chance in the speaker's own name."""
    hits = [(words_of(phrase)[first:end], m) for phrase in described for first, end, meanings in _hits(words_of(phrase), book, document) for m in meanings]
    return any(not _stranger(speaker, part, meaning, book) for part, meaning in hits)


def _role(described: Iterable[str], actor_role: str) -> str:
    """The role that a description tells: its last strong word before a preposition, else any; then the actor's; then a weak word."""
    weak = ""
    for phrase in described:
        words = words_of(phrase)
        terms = [(first, term) for first, _, term in terms_in(words) if term.role]
        border = next((i for i, word in enumerate(words) if i and word.key in _BORDERS), len(words))
        strong = [term.role for first, term in reversed(terms) if term.weight == "strong" and first < border]
        strong += [term.role for first, term in terms if term.weight == "strong" and first >= border]
        if strong:
            return strong[0]
        weak = weak or next((term.role for _, term in reversed(terms)), "")
    return actor_role or weak or "unspecified"


def _several(words: Sequence[Word], hits: list[tuple[int, int, list[_Alias]]], book: _Book) -> _Answer | None:
    """Rule 2: all words but "and" belong to two or more aliases."""
    covered = {i for first, end, _ in hits for i in range(first, end)}
    rest = {word.key for i, word in enumerate(words) if i not in covered}
    if len(hits) < 2 or not rest <= {"and", "both", "the"} or "and" not in rest:
        return None
    camp = _common(meaning.actor.affiliation for _, _, meanings in hits for meaning in meanings)
    role = _common(meaning.actor.role for _, _, meanings in hits for meaning in meanings)
    return _Answer(None, None, camp or _listed("other", book), role or "unspecified")


def _listed(affiliation: str, book: _Book) -> str | None:
    return affiliation if affiliation in book.affiliations else None


def _answer(speaker: Speaker, book: _Book, document: _Document) -> _Answer:
    if speaker.name is None:
        return _Answer(None, None, _listed("unspecified", book), "unspecified")
    words = _name_words(speaker.name)
    hits = _hits(words, book, document)
    if len(hits) == 1 and hits[0][:2] == (0, len(words)):
        return _whole(speaker, hits[0][2], book, document)
    named = speaker.kind in ("person", "name")
    borne = _by_given_name(words, hits, book) if named else []
    if borne:
        return _whole(speaker, borne, book, document)
    several = _several(words, hits, book)
    if several:
        return several
    phrases_told = dict.fromkeys((*speaker.described, *([] if speaker.kind == "person" else [speaker.name])))
    described = list(dict.fromkeys(map(_own, phrases_told)))
    told = _described_by(speaker, described, book, document)
    actors = _actors(told)
    opposed = not actors and _any_told(speaker, phrases_told, book, document)
    own = len(actors) == 1 and told[0].names and actors[0].kind != "person" and not named
    theirs = _common(actor.role for actor in actors) if actors and told[0].names and all(actor.kind != "place" for actor in actors) else None
    role = {"state": "official", "document": "document"}.get(speaker.kind)
    role = role or (theirs if own and speaker.kind == "body" else None) or _role(described, theirs or "")
    if not actors and not opposed and speaker.known_at >= 0 and role in ("official", "military"):
        actors = _known_from_context(speaker.known_at, document)
    camp = _common(actor.affiliation for actor in actors) or _listed("other" if (named or opposed) and not actors else "unspecified", book)
    return _Answer(actors[0].actor_id if own else None, None, camp, role)


def _known_from_context(at: int, document: _Document) -> list[_Actor]:
    """Rule 4: the state or organisation named first in the sentence before ``at``, else last before it, outside quotations."""
    start = max((first for first, _ in sentences(document.text) if first <= at), default=0)
    before = [(offset, actors) for offset, actors in document.named if offset < at]
    inside = [actors for offset, actors in before if offset >= start]
    return inside[0] if inside else before[-1][1] if before else []


def _whole(speaker: Speaker, meanings: list[_Alias], book: _Book, document: _Document) -> _Answer:
    """Rule 1: the speaker is an alias."""
    actors = _actors(meanings)
    for phrase in speaker.described if len(actors) > 1 else ():
        for _, _, found in _hits(words_of(phrase), book, document):
            told = {meaning.actor for meaning in found}
            camps = {actor.affiliation for actor in told}
            if not set(actors) <= told:
                actors = [a for a in actors if a in told] or [a for a in actors if a.affiliation in camps] or actors
    one = _common(actor.actor_id for actor in actors) if meanings[0].names else None
    camp = _common(actor.affiliation for actor in actors) or _listed("unspecified", book)
    role = _common(actor.role for actor in actors) if meanings[0].names and all(actor.kind != "place" for actor in actors) else None
    return _Answer(one, _common(a.name for a in actors) if meanings[0].names else None, camp, role or _role(speaker.described, ""))


def _days(documents: pd.DataFrame) -> dict[str, datetime.date | None]:
    published = pd.to_datetime(documents["published"], utc=True)
    return {key: None if pd.isna(moment) else moment.date() for key, moment in zip(documents["document_id"], published, strict=True)}


def resolve(found: Found, *, codebook: str | Path | Codebook = "ukraine_war") -> Found:
    """Say for each attribution who speaks, which actor of the codebook that is, for whom they speak and in what capacity.

    Parameters
    ----------
    found : Found
        From ``na.attribute``.
    codebook : str, Path or Codebook
        A shipped name, a path, or what ``codebooks.read`` returned.

    Returns
    -------
    Found
        The same, with speaker, actor_id, affiliation and role of ``attributions`` filled. ``actor_id`` is missing for those whom no
        row of the codebook names; ``affiliation`` is missing if it is not known and the codebook has no ``unspecified`` or ``other``.

    Raises
    ------
    CodebookError
        The codebook is not there or is not right.
    TableError
        For tables that break their schema.

    Notes
    -----
    Only texts, spans and dates are read, so that resolving again, or with another codebook, starts anew. Correct by the codebook
    (``na.unresolved`` lists what it lacks), or by hand after this step.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["NATO Secretary-General Jens Stoltenberg said the winter would be hard."]))
    >>> resolve(found).attributions[["speaker", "affiliation", "role"]].values.tolist()
    [['Jens Stoltenberg', 'nato', 'official']]
    """
    index, found = found.attributions.index, found.checked()
    book = _book(codebook) if isinstance(codebook, Codebook) else _kept(codebooks.unchanged(codebook))
    days = _days(found.documents)
    texts = dict(zip(found.documents["document_id"], found.documents["text"], strict=True))
    columns: dict[str, list[str | None]] = {column: [None] * len(found.attributions) for column in ("speaker", "actor_id", "affiliation", "role")}
    for key, said in said_in(found).items():
        quoted = tuple(span for one in said.values() if one.kind == "direct" for span in one.content)
        document = _Document(texts[key], days[key], quoted, book)
        answers: dict[Speaker, _Answer] = {}
        for n, speaker in zip(said, speakers_in(texts[key], list(said.values())), strict=True):
            if speaker not in answers:
                answers[speaker] = _answer(speaker, book, document)
            answer = answers[speaker]
            for column, value in zip(columns, (answer.name or speaker.name, answer.actor_id, answer.affiliation, answer.role), strict=True):
                columns[column][n] = value
    filled = {column: pd.Series(values, dtype="str") for column, values in columns.items()}
    return dataclasses.replace(found, attributions=found.attributions.assign(**filled).set_axis(index))


def unresolved(found: Found) -> pd.DataFrame:
    """List the sources that no row of the codebook names: the sheet from which a codebook is extended.

    Parameters
    ----------
    found : Found
        From ``na.resolve``.

    Returns
    -------
    DataFrame
        One row a speaker, or a source where no speaker could be told: speaker, source (the commonest words for it in the texts), n
        (attributions), n_documents, example (the beginning of one content); most frequent first. Attributions without a source are
        not listed.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> unresolved(na.resolve(found))[["speaker", "source", "n"]].values.tolist()
    [['mayor', 'The mayor', 1]]
    """
    rows = tables.check(found.attributions, "attributions")
    rows = rows[rows["actor_id"].isna() & rows["source"].notna()]
    rows = rows.assign(example=rows["content"].str.slice(0, 120), who=rows["speaker"].fillna(rows["source"]), unknown=rows["speaker"].isna())
    counted = rows.groupby(["unknown", "who"], sort=False).agg(
        speaker=("speaker", "first"),
        source=("source", _commonest),
        n=("attribution_id", "size"),
        n_documents=("document_id", "nunique"),
        example=("example", "first"),
    )
    order = counted.sort_values(["n", "n_documents", "speaker", "source"], ascending=[False, False, True, True], kind="stable")
    return order.reset_index(drop=True)


def _commonest(sources: pd.Series[str]) -> str:
    """The wording that stands there most often, of several the first."""
    return str(sources.value_counts(sort=False).idxmax())
