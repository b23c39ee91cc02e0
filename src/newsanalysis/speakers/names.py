"""Names in a text: runs of capitals without titles, spellings that are one name, and the fullest form of a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from newsanalysis.codebooks import Word
from newsanalysis.speakers.words import (
    HYPHENED,
    PARTICLES,
    PARTIES,
    STYLES,
    SUFFIXES,
    SURNAMES,
    Term,
    capital,
    function,
    is_first_name,
    is_initial,
    is_lettered,
    is_number,
    joined,
    known,
    possessive,
    terms_in,
)

Keys = tuple[str, ...]
_PARTY = re.compile(r"[DIR]-[A-Z]")  # the party and state of a senator: "R-Utah"
_MOST_WORDS = 4  # of a name
_HEADS = ("chief", "lord", "crown")  # of "Chief Judge", which is an office
_VARIANTS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"[jy]", "i"),
        (r"w", "v"),
        (r"x", "ks"),
        (r"ph", "f"),
        (r"ou", "u"),
        (r"kh", "h"),
        (r"zh", "z"),
        (r"tch|tsch", "ch"),
        (r"i[eo]", "e"),
        (r"(.)\1+", r"\1"),
    )
)


class Name(NamedTuple):
    """Where a name stands among words."""

    run: int  # first word of the run of capitals: "Ukrainian" in "Ukrainian President Volodymyr Zelenskyy"
    first: int  # first word of the name
    end: int  # one past its last word

    def keys(self, words: Sequence[Word]) -> Keys:
        """The name's words as they are compared."""
        return tuple(word.key for word in words[self.first : self.end])


def _runs(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words: (first, one past the last)."""
    genders = known().genders
    done = 0
    for at in [at for at, word in enumerate(words) if word.text[0].isupper() or ("-" in word.text and capital(word))]:
        if at < done or (function(words[at]) and words[at].key not in genders and not is_initial(text, words[at])):
            continue
        end = at + 1
        while end < len(words) and _goes_on(text, words[end - 1], words[end]):
            word = words[end]
            if capital(word) and (not function(word) or is_initial(text, word) or _surname(words, end)):
                end += 1
                continue
            particles = end
            while particles < len(words) and words[particles].text.lower() in PARTICLES and joined(text, words[particles - 1], words[particles]):
                particles += 1
            if particles > end and particles < len(words) and capital(words[particles]) and joined(text, words[particles - 1], words[particles]):
                end = particles + 1
                continue
            break
        while at > done and words[at - 1].text in PARTICLES and not is_number(words[at - 1]) and joined(text, words[at - 1], words[at]):
            at -= 1
        yield at, end
        done = end


def _surname(words: Sequence[Word], at: int) -> bool:
    """Whether a month or verb is a surname: after a first name, "Theresa May", and after a title, "Judge March", but for "President March 5"."""
    dated = at + 1 < len(words) and words[at + 1].text.isdigit()
    titled = words[at].key in SURNAMES and words[at - 1].key in known().titles and not dated
    return function(words[at]) in ("verb", "time") and (titled or (words[at - 1].key in known().genders and not dated))


def _is_word_too(words: Sequence[Word], run: int, end: int, terms: list[tuple[int, int, Term]]) -> bool:
    """Whether the last word of a run, a word for an office, body or month, is a surname here: "Mayor Ann King", "Mr. King", "Larry King"."""
    if end - run < 2 or words[end - 1].key not in SURNAMES:
        return False
    given = is_first_name(words[end - 2]) or (end - run > 2 and len(words[end - 2].text) == 1)
    before = [term for _, stop, term in terms if stop == end - 1 - run]
    return given or (bool(before) and before[0].kind in ("person", "modifier") and words[end - 2].key not in _HEADS)


def _goes_on(text: str, one: Word, two: Word) -> bool:
    """Whether a run of capitals goes on, also over the comma of "Trump, Jr."."""
    if possessive(one):
        return False
    return joined(text, one, two) or (two.key in SUFFIXES and text[one.end : two.start] == ", ")


def _strippable(word: Word) -> bool:
    """Words that stand before a known first name and are no part of the name: "US", "Ukrainian", "pro-Russian", "Sheriff"."""
    acronym = len(word.text) > 1 and word.text.isupper() and "." not in word.text
    compound = "-" in word.text and word.text.rpartition("-")[2][:1].islower()
    occupation = word.key.endswith(("er", "or", "ist", "ian", "aire", "man", "woman", "ess"))
    return acronym or compound or occupation or word.key in known().before_names or bool(function(word))


def _given(words: Sequence[Word], first: int, end: int) -> int | None:
    """The first word that is a first name with more to come, where all before it or the word just before may be stripped."""
    capitals = words[end - 1].text.isupper()
    given = next((i for i in range(first, end - 1) if is_first_name(words[i]) and (capitals or not _heads_a_title(words, i, end))), None)
    if given is None or given == first or _strippable(words[given - 1]) or all(map(_strippable, words[first:given])):
        return given
    return None


def _heads_a_title(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a first name is a place or party before an office here: "KERRY TD Danny Healy-Rae", "Fine Gael TD Mary Roe"."""
    return any(is_first_name(words[i]) for i in range(at + 1, end - 1)) and (
        (len(words[at].text) > 1 and words[at].text.isupper()) or any(_is_office(words[i]) for i in range(at + 1, end - 1))
    )


def _is_office(word: Word) -> bool:
    """Whether a word is the letters of an office: "MP", "TD"."""
    return len(word.text) > 1 and word.text.isupper() and word.key in known().titles


def names(text: str, words: Sequence[Word]) -> list[Name]:
    """Names in a text: runs of capitals without the titles, demonyms and acronyms before them; no bodies, states or bare titles."""
    found = []
    for run, end in _runs(text, words):
        if end - run == 1 and run and is_lettered(words[run]) and capital(words[run - 1]) and text[words[run - 1].end : words[run].start] == ", ":
            continue  # "Washington, D.C."
        core = end - (words[end - 1].key in SUFFIXES and end - run > 1)
        terms = terms_in(words[run:core])
        surname = _is_word_too(words, run, core, terms)
        terms = [found for found in terms if not (surname and found[1] == core - run)]
        if terms and terms[-1][1] == core - run and (terms[-1][2].kind != "modifier" or core - run == 1):
            continue
        first = max([run, *(run + stop for _, stop, term in terms if term.kind == "person")])
        given = _given(words, first, core)
        if given is not None:
            first = given
        while given is None and first < core - 1 and (words[first].key in STYLES or function(words[first])) and not is_initial(text, words[first]):
            first += 1
        if core - first <= _MOST_WORDS and not _no_name(words, first, core, surname):
            found.append(Name(run, first, end))
    return found


def _no_name(words: Sequence[Word], first: int, end: int, surname: bool) -> bool:
    """Whether a run is a title, a state or a body: "President", "South Korea", "Defence Ministry"."""
    lexicon, last = known(), words[end - 1].key
    person = end - first > 1 and is_first_name(words[first])
    if _PARTY.match(words[first].text) or (last in PARTIES and not person):
        return True
    is_title = last in lexicon.before_names and (end - first == 1 or (last in _places() and not person))
    body = any(word.key in lexicon.bodies and word.key not in lexicon.genders for word in words[first:end])
    return (is_title and not surname) or (body and not person)


def is_owned(words: Sequence[Word], run: int) -> bool:
    """Whether a name only tells of what: "the president of the United States", "the governor of Russia's Belgorod"."""
    if function(words[run - 1]) == "determiner":
        return words[run - 1].key == "the" and function(words[run - 2]) == "preposition"
    before = run - 2
    while possessive(words[run - 1]) and before > 0 and capital(words[before]) and not function(words[before]):
        before -= 1  # "a lawmaker in Mr Lund's Democrats"
    return possessive(words[run - 1]) and function(words[before]) == "preposition"


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    return frozenset(known().countries)


# --- one name in several forms ------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def spelling(key: str) -> str:
    """What the usual spellings of a name from another alphabet share, "al-Assad" and "Assad" too.

    >>> len({spelling(name) for name in ("zelenskyy", "zelensky", "zelenskiy", "zelenskij")}), spelling("jensen") == spelling("jansen")
    (1, False)
    """
    article, hyphen, name = key.partition("-")
    key = name if hyphen and article in HYPHENED else key
    if len(key) < 5:
        return key
    for pattern, plain in _VARIANTS:
        key = pattern.sub(plain, key)
    return key


def spelled(keys: Keys) -> Keys:
    """The spelling of each word of a name."""
    return tuple(map(spelling, keys))


def cased(name: str) -> str:
    """A person's name in capitals as it is usually written: "ANN O'SHEA-ROE" is "Ann O'Shea-Roe"; others stay.

    >>> cased("ANN McCABE"), cased("JOHN O’BRIEN-MCCABE"), cased("LUND CITY")
    ('ANN McCABE', 'John O’Brien-McCabe', 'LUND CITY')
    """
    first, *rest = name.split()
    if not rest or not name.isupper() or len(first) < 2 or first.lower() not in known().genders:
        return name
    parts = [part.lower() if part.lower() in PARTICLES else part if part.lower().strip(".") in SUFFIXES - {"jr", "sr"} else _capitalised(part) for part in rest]
    return " ".join([_capitalised(first), *parts])


def _capitalised(word: str) -> str:
    return re.sub(r"(?:^|(?<=[-'’.])|(?<=\bMc))\w", lambda letter: letter[0].upper(), re.sub(r"\bmc", "Mc", word.lower()))


def core_of(keys: Keys) -> Keys:
    """A name without "Jr." and the like."""
    return keys[:-1] if len(keys) > 1 and keys[-1] in SUFFIXES else keys


def extends(full: Keys, short: Keys) -> bool:
    """Whether one name (spelled) is a fuller form of another: the same end, or the same first and last word.

    >>> extends(("jock", "a", "finlayson"), ("jock", "finlayson")), extends(("don", "roe", "jr"), ("don", "roe"))
    (True, False)
    """
    if len(full) <= len(short):
        return False
    if short[-1] in SUFFIXES:
        return full[-len(short) :] == short
    if full[-1] in SUFFIXES:
        return len(short) == 1 and full[-2] == short[0]
    return full[-len(short) :] == short or (len(short) > 1 and full[0] == short[0] and full[-1] == short[-1])


def index_of(forms: Iterable[Keys]) -> dict[str, list[Keys]]:
    """Full names by the spelling of their first and last word."""
    index: dict[str, list[Keys]] = {}
    for keys in forms:
        core = core_of(keys)
        if len(core) > 1:
            for end in dict.fromkeys((spelling(core[-1]), spelling(core[0]))):
                index.setdefault(end, []).append(keys)
    return index
