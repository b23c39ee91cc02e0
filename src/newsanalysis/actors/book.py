"""A codebook made ready for matching: its aliases, the names of its actors, the states and the roles that its affiliations take."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from newsanalysis import codebooks
from newsanalysis.codebooks import Codebook, CodebookError, Condition, Phrases, Word, bare, lexicon, phrases, words_of
from newsanalysis.tables import ROLES

_ENDINGS = (  # of surnames, each in its Latin spellings
    (re.compile(r"sk(yi|iy|ii|yy|y|i)$"), ("yi", "iy", "ii", "yy", "y", "i")),
    (re.compile(r"(?<=[^aeiouy\W])(yuk|iuk)$"), ("yuk", "iuk")),
    (re.compile(r"(?<=[aeiouy])(yenko|ienko)$"), ("yenko", "ienko")),
    (re.compile(r"(?<=[aeiouy])(yev|iev|ev)$"), ("yev", "iev", "ev")),
)
_KEPT = 4  # codebooks whose index is kept


class Actor(NamedTuple):
    """A row of a codebook's actors."""

    actor_id: str
    name: str
    kind: str
    affiliation: str
    role: str


class Alias(NamedTuple):
    """What an alias may mean, and when."""

    actor: Actor
    when: Condition
    names: bool  # the alias names the actor; a demonym or a place only tells the affiliation


class Book(NamedTuple):
    """A codebook, indexed."""

    aliases: Phrases
    affiliations: frozenset[str]
    roles: dict[str, frozenset[str]]  # by affiliation: the only roles that belong to it by a description; absent: all
    takers: dict[str, frozenset[str]]  # by role: the affiliations that take speakers of whom nothing else tells theirs
    lands: frozenset[str]  # the affiliations that a state belongs to
    names: dict[Actor, list[tuple[str, ...]]]  # the words of each actor's names


_books: OrderedDict[str, Book] = OrderedDict()  # by what the codebook says, since its tables can be changed in place


def book_of(codebook: Codebook) -> Book:
    """The book of a codebook, made once for the same rows."""
    tables_of_it = (codebook.actors, codebook.aliases, codebook.affiliations)
    digest = hashlib.sha256()
    for table in tables_of_it:
        digest.update(repr((list(table.columns), len(table))).encode())
        digest.update(pd.util.hash_pandas_object(table.astype("str"), index=False).to_numpy().tobytes())
        digest.update(table.isna().to_numpy().tobytes())
    says = digest.hexdigest()
    if says not in _books:
        _books[says] = _book(codebook)
    _books.move_to_end(says)
    while len(_books) > _KEPT:
        _books.popitem(last=False)
    return _books[says]


@lru_cache(maxsize=_KEPT)
def book_as_read(codebook: Codebook) -> Book:
    """The book of a codebook that nobody changes."""
    return book_of(codebook)


def _book(codebook: Codebook) -> Book:
    """The codebook's aliases, names and states' demonyms and capitals, ready for matching."""
    _check(codebook)
    actors = [Actor(*row) for row in codebooks.text_rows(codebook.actors, *Actor._fields)]
    named = codebooks.names_of_rows(codebook)
    entries = [(bare(name).removeprefix("unnamed "), Alias(actors[row], when, actors[row].kind != "place")) for name, row, when in named]
    claimed = {tuple(word.key for word in words_of(name)) for name, _ in entries}
    entries += [
        (other, meaning)
        for name, meaning in entries
        if meaning.actor.kind == "person"
        for other in _transliterated(name)
        if tuple(word.key for word in words_of(other)) not in claimed
    ]
    spelled: dict[Actor, list[tuple[str, ...]]] = {}
    for name, meaning in entries:
        spelled.setdefault(meaning.actor, []).append(tuple(word.key for word in words_of(name)))
    takers: dict[str, set[str]] = {}
    roles: dict[str, frozenset[str]] = {}
    columns = ("affiliation", "roles", "takes")
    for affiliation, only, takes in codebooks.text_rows(codebook.affiliations.reindex(columns=list(columns)), *columns):
        if only:
            roles[affiliation] = frozenset(codebooks.listed(only))
        for role in codebooks.listed(takes):
            takers.setdefault(role, set()).add(affiliation)
    return Book(
        aliases=phrases([*entries, *_of_states(entries)]),
        affiliations=frozenset(codebook.affiliations["affiliation"]),
        roles=roles,
        takers={role: frozenset(those) for role, those in takers.items()},
        lands=frozenset(actor.affiliation for actor in actors if actor.kind == "state"),
        names=spelled,
    )


def _check(codebook: Codebook) -> None:
    """Refuse what somebody has changed in a codebook's tables after it was read, where no answer could be right."""
    camps = set(codebook.affiliations["affiliation"])
    rows = codebooks.text_rows(codebook.actors, "actor_id", "name", "affiliation", "role")
    for actor_id, name, affiliation, role in rows:
        where = f"codebook {codebook.name}, actors, actor_id {actor_id!r}"
        if not name.strip():
            raise CodebookError(f"{where}, column 'name': it is blank; give the actor a name.")
        if affiliation not in camps:
            raise CodebookError(f"{where}, column 'affiliation': {affiliation!r} is unknown; use one of {', '.join(sorted(map(str, camps)))}, or add it.")
        if role and role not in ROLES:
            raise CodebookError(f"{where}, column 'role': {role!r} is unknown; use one of {', '.join(ROLES)}, or leave it missing.")
    if (codebook.aliases["alias"].isna() | ~codebook.aliases["actor_id"].isin(codebook.actors["actor_id"])).any():
        raise CodebookError(f"codebook {codebook.name}, aliases: an alias is missing, or its actor_id is not among the actors; mend or delete the row.")


def _transliterated(name: str) -> list[str]:
    """Other Latin spellings of a surname written in Cyrillic, by its ending.

    >>> _transliterated("Oleksandr Syrskyi")
    ['Oleksandr Syrskiy', 'Oleksandr Syrskii', 'Oleksandr Syrskyy', 'Oleksandr Syrsky', 'Oleksandr Syrski']
    >>> _transliterated("Yatseniuk"), _transliterated("Tony Blair")
    (['Yatsenyuk'], [])
    """
    for ending, spellings in _ENDINGS:
        found = ending.search(name)
        if found:
            stem = name[: found.start(1)]
            return [stem + spelling for spelling in spellings if spelling != found[1]]
    return []


def _of_states(entries: list[tuple[str, Alias]]) -> Iterable[tuple[str, Alias]]:
    """Names, demonyms and capitals of the states among the aliases, unless the codebook has them itself."""
    places = lexicon("countries.csv", "country", "word", "kind")
    claimed = {tuple(word.key for word in words_of(alias)) for alias, _ in entries}
    states = {word: country for country, word, kind in places if kind == "country"}
    owner: dict[str, Alias] = {}
    for alias, meaning in entries:
        if alias in states and meaning.actor.kind != "person":
            owner.setdefault(states[alias], meaning)
    for country, word, kind in places:
        if country in owner and tuple(part.key for part in words_of(word)) not in claimed:
            meaning = owner[country]
            yield word, Alias(meaning.actor, meaning.when._replace(context=()), meaning.names and kind in ("country", "capital"))


def name_words(name: str) -> Sequence[Word]:
    """The words of a speaker's name without an article or "unnamed" before it."""
    words = words_of(name)
    while len(words) > 1 and words[0].key in ("unnamed", "the", "a", "an"):
        words = words[1:]
    return words


def actors_of(meanings: Iterable[Alias]) -> list[Actor]:
    """The actors meant, each once, in the codebook's order."""
    return list(dict.fromkeys(meaning.actor for meaning in meanings))


def common(values: Iterable[str]) -> str | None:
    """The value that all of them are."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


class _Given(NamedTuple):
    groups: dict[str, frozenset[str]]
    genders: dict[str, str]


@lru_cache(maxsize=1)
def given_names() -> _Given:
    """Which given names are one name, and whose gender they tell."""
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
    known, (a, b) = given_names(), (one[0], two[0])
    if a == b or known.groups.get(a, frozenset()) & known.groups.get(b, frozenset()):
        return True
    if (len(a) == 1 or len(b) == 1) and a[0] == b[0]:
        return True
    if "".join(name[0] for name in one) == b or "".join(name[0] for name in two) == a:
        return True
    genders = {known.genders.get(a, ""), known.genders.get(b, "")} - {""}
    return len(_sounds(a)) > 2 and _sounds(a) == _sounds(b) and len(genders) < 2


def around(words: tuple[str, ...], part: tuple[str, ...]) -> tuple[str, ...]:
    """The words before and after a part; none if it is not there."""
    at = next((i for i in range(len(words) - len(part) + 1) if words[i : i + len(part)] == part), None)
    return () if at is None else words[:at] + words[at + len(part) :]


def bears(name: tuple[str, ...], surname: tuple[str, ...], actor: Actor, book: Book) -> bool | None:
    """Whether a name with this surname has the actor's given name; None where one of both has no given name."""
    given = around(name, surname)
    theirs = [rest for rest in (around(spelled, surname) for spelled in book.names[actor]) if rest]
    return any(_same_given(given, rest) for rest in theirs) if given and theirs else None


def by_given_name(words: Sequence[Word], hits: list[tuple[int, int, list[Alias]]], book: Book) -> list[Alias]:
    """Rule 1 for a surname: the meanings of the alias that ends or begins the name, of actors who have its given name."""
    name = tuple(word.key for word in words)
    outer = [(name[first:end], meanings) for first, end, meanings in hits if first == 0 or end == len(words)]
    return [m for part, meanings in outer for m in meanings if m.names and m.actor.kind in ("person", "") and bears(name, part, m.actor, book)]
