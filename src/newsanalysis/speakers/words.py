"""The words by which speakers are told: roles, classes of words, first names, short forms; and what a word is among others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Phrases, Word, lexicon, matches, phrases, words_of

PARTICLES = words_of_class("name_particle")
KEPT = words_of_class("description_preposition")  # prepositions that belong to a description; "in" does before a name
DEFINITE = words_of_class("definite")
STYLES = words_of_class("personal_style")  # what is no part of a name before it, though no title: "former", "Mr"
QUANTIFIERS = words_of_class("quantifier")  # "46 percent of voters" are voters
FORMER = words_of_class("former")  # belongs to a person: of "former State Department officials" the body is the State Department
NEWNESS = words_of_class("newness")  # what tells one report from the last and is no part of what it is called: "new", "same"
ISSUED = words_of_class("issued")  # "a report released on Friday" is a report
STATEMENTS = words_of_class("statement")  # what a speaker issues: "the statement" is who issued it
BODY_CLASSES = words_of_class("body_class")  # words for bodies that take up a name before: "the company"
EPITHETS = words_of_class("epithet")  # words for persons that take up a name before, though they tell an office or trade
KIN = words_of_class("kin")  # "Marsh's brother" is not Marsh
NUMBERS = words_of_class("number")
SHARES = words_of_class("share")  # what counts without what is counted: "a third", "others"
QUANTITY = words_of_class("quantity")  # what may stand beside a number: "just three in four"
HYPHENED = words_of_class("hyphened_particle")  # "al-Assad" is as "Assad" with a capital
INDEFINITE = words_of_class("indefinite_person")  # words for anybody, which name nobody: "one", "nobody", "you"
PORTFOLIOS = words_of_class("portfolio")  # of an office: "the transport secretary" is not the "health secretary"
GENERIC_BODIES = words_of_class("generic_body")  # words that every body may be taken up by: "the company"
NO_PERSONS = words_of_class("no_person")  # words for things that end as words for persons do: "plant", "letter"
PERSON_OR_BODY = words_of_class("person_or_body")  # "publisher", "insurer": a person or a firm
ANONYMITY = words_of_class("anonymity")  # how a text says that a source is not to be named
SURNAMES = words_of_class("surname")  # words for offices, bodies and months that are surnames too: "Mayor Ann King"
PARTIES = frozenset({"democrat", "republican"})
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
WITHIN = " .&/\u00a0'’"  # what may stand between the words of one phrase: "J. Lee of Dalton & Reeve", "CNN/WMUR poll"
_PERSON = re.compile(r"(?:[^aeiou]er|[^i]or|ist|[^s]ian|ese|man|woman|ee|eer|aire|ant|eon|path|-year-old|somebody)$")
_ON_NETWORK = re.compile(r"(?:\b(?:on|to|via)\s|/)$", re.IGNORECASE)


class Term(NamedTuple):
    """A row of the lexicon of roles: a word for a person, people, a body or a document, and the role that it tells."""

    term: str
    kind: str
    role: str
    weight: str
    unnamed: str
    gender: str


class Lexicon(NamedTuple):
    """The words for roles, function words, words that stand before names, bodies, places, first names with gender, short forms."""

    terms: Phrases
    function: dict[str, str]
    titles: frozenset[str]
    before_names: frozenset[str]
    bodies: frozenset[str]
    countries: Phrases
    genders: dict[str, str]
    fuller: dict[str, tuple[frozenset[str], ...]]
    epithets: dict[tuple[str, ...], tuple[str, ...]]
    states: dict[tuple[str, ...], tuple[str, ...]]  # by capital: the names of its state


@lru_cache(maxsize=1)
def known() -> Lexicon:
    """Return the lexicon, read once."""
    rows = [Term(*row) for row in lexicon("roles.csv", *Term._fields)]
    countries = lexicon("countries.csv", "country", "word", "kind")
    places = [(word, kind) for _, word, kind in countries]
    called: dict[str, list[str]] = {}
    for country, word, kind in countries:
        if kind == "country":
            called.setdefault(country, []).append(word)
    parts = {word.key for row in rows if row.kind in ("person", "people", "modifier") for word in words_of(row.term)}
    fuller: dict[str, list[frozenset[str]]] = {}
    epithets: dict[tuple[str, ...], list[str]] = {}
    for form, name, kind in lexicon("short_forms.csv", "form", "stands_for", "kind"):
        if kind == "title":
            fuller.setdefault(form, []).append(frozenset(word.key for word in words_of(name)))
        else:
            epithets.setdefault(tuple(word.key for word in words_of(form)), []).append(name)
    return Lexicon(
        terms=phrases((row.term, row) for row in rows if row.kind != "modifier" or row.role or row.gender),
        function={**dict.fromkeys(words_of_class("short_month"), "time"), **{word: kind for word, kind in lexicon("word_classes.csv", "word", "kind")}},  # noqa: C416
        titles=frozenset(parts),
        before_names=frozenset(parts | {word.key for place, _ in places for word in words_of(place)}),
        bodies=frozenset(row.term for row in rows if row.kind in ("body", "document") and row.weight == "strong" and " " not in row.term),
        countries=phrases((word, kind) for word, kind in places),
        genders={words_of(name)[0].key: gender for name, gender in lexicon("first_names.csv", "name", "gender")},
        fuller={form: tuple(full) for form, full in fuller.items()},
        epithets={form: tuple(names) for form, names in epithets.items()},
        states={tuple(w.key for w in words_of(word)): tuple(called.get(country, ())) for country, word, kind in countries if kind == "capital"},
    )


def terms_in(words: Sequence[Word]) -> list[tuple[int, int, Term]]:
    """Return the words for roles among words: (first, one past the last, lexicon row).

    >>> [(first, end, term.role) for first, end, term in terms_in(words_of("the Polish prime minister"))]
    [(2, 4, 'official')]
    """
    return [(first, end, found[0]) for first, end, found in matches(words, known().terms)]


@lru_cache(maxsize=4096)
def tells(phrase: str) -> bool:
    """Whether a phrase has a word for a role or a state."""
    words = words_of(phrase)
    return bool(terms_in(words)) or any(matches(words, known().countries))


@lru_cache(maxsize=4096)
def told_words(phrase: str) -> frozenset[str]:
    """The words of a description as they are compared, with what short forms stand for.

    >>> sorted(told_words("Sen."))
    ['lawmaker', 'sen', 'senator']
    """
    keys = {word.key for word in words_of(phrase)}
    for _ in range(2):
        keys |= {part for key in keys for full in known().fuller.get(key, ()) for part in full}
    return frozenset(keys)


@lru_cache(maxsize=4096)
def states_in(phrase: str) -> frozenset[str]:
    """The demonyms, states and capitals that a phrase names."""
    words = words_of(phrase)
    return frozenset(words[first].key for first, _, _ in matches(words, known().countries))


def function(word: Word) -> str:
    """The class of a function word or frequent verb; "" for others, and for capitals only ("U.S.")."""
    return "" if len(word.text) > 1 and word.text.isupper() else known().function.get(word.key, "")


def capital(word: Word) -> bool:
    """Whether a word begins with a capital, also behind an article of its own.

    >>> [capital(word) for word in words_of("Assad al-Assad pro-Assad")]
    [True, True, False]
    """
    if word.text[0].isupper() or "-" not in word.text:
        return word.text[0].isupper()
    article, _, name = word.text.partition("-")
    return article in HYPHENED and name[:1].isupper()


def is_number(word: Word) -> bool:
    """Whether a word is a number: "seventy-three", "46"; a year is none."""
    return all(part in NUMBERS for part in word.key.split("-")) or (word.text.isdigit() and len(word.text) != 4)


def counts(word: Word) -> bool:
    """Whether a word is an article or tells how many; a year does not.

    >>> [counts(word) for word in words_of("seventy-three 46 2014 voters")]
    [True, True, False, False]
    """
    return function(word) == "determiner" or is_number(word) or word.key in QUANTIFIERS or word.key == "only"


def possessive(word: Word) -> bool:
    """Whether a word ends in 's or s'.

    >>> possessive(words_of("Sanders's")[0])
    True
    """
    return word.text[-2:].lower() in ("'s", "’s")


def is_first_name(word: Word) -> bool:
    """Whether a word is a first name of the lexicon."""
    return word.key in known().genders and capital(word)


def looks_like_person(word: Word) -> bool:
    """Whether a word that the lexicon lacks ends as words for one person do: "hydrologist", "61-year-old".

    >>> [looks_like_person(word) for word in words_of("hydrologist carmaker Kenyan")]
    [True, False, False]
    """
    return bool(_PERSON.search(word.key)) and not word.key.endswith(("maker", "paper")) and word.key not in NO_PERSONS


def is_initial(text: str, word: Word) -> bool:
    """Whether a word is an initial with its full stop, as the J. of "Donald J. Trump"."""
    return len(word.text) == 1 and word.text.isupper() and text[word.end : word.end + 1] == "." and not _is_network(text, word)


def _is_network(text: str, word: Word) -> bool:
    """Whether a letter is the network where something is written, "he wrote on X. Roe said", and no initial."""
    return word.text == "X" and _ON_NETWORK.search(text, max(0, word.start - 5), word.start) is not None


@lru_cache(maxsize=1)
def _irregular() -> frozenset[str]:
    return frozenset(word for kind, word in lexicon("passives.csv", "code", "pattern") if kind == "participle")


def is_participle(word: Word) -> bool:
    """Whether a word in small letters may be a past participle.

    >>> [is_participle(word) for word in words_of("captured held soldiers")]
    [True, True, False]
    """
    return word.text[0].islower() and (word.key.endswith("ed") or word.key in _irregular())


def is_lettered(word: Word) -> bool:
    """Whether a word is capitals with full stops: "D.C."."""
    return word.text.isupper() and word.text.endswith(".") and len(word.text) > 2


def joined(text: str, one: Word, two: Word) -> bool:
    """Two words that stand side by side, with at most an initial's or a title's full stop between them, or a firm's "&"."""
    gap = text[one.end : two.start]
    if gap == " ":
        return True
    if gap.startswith(".") and ((len(one.text) == 1 and not _is_network(text, one)) or (len(one.text) < 5 and (one.key in known().titles or one.text == "St"))):
        gap = gap[1:]
    return gap != "" and gap.strip(" \u00a0") in ("", "&")


def plain(text: str, words: Sequence[Word], first: int, end: int) -> str:
    """The words from ``first`` to ``end`` as they stand, without a possessive at their end; with the full stop of "Jr."."""
    last = words[end - 1]
    stop = last.end + (last.key in SUFFIXES and text[last.end : last.end + 1] == ".")
    bare = re.sub(r"(?:['’]s|(?<=s)['’])$", "", text[words[first].start : stop].strip('"“”'))
    apart = last.key in SUFFIXES and end - first > 1 and text[words[end - 2].end] == ","
    return re.sub(r"\s+", " ", bare.replace(",", "") if apart else bare)
