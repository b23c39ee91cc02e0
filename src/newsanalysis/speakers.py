"""Speakers: from the words that name a source to who speaks, within one document.

The rules, in order; each is tested by itself:

1. A source with a personal name gives the name, without titles and appositions, as its fullest form anywhere in the document.
2. A description of one person ("the interior minister") gives the name that the document describes so: the nearest before, else after.
3. A description of a body ("the administration") gives the fullest description of the same body: the nearest one before in the
   outlet's own words, with what it is called there and where it is ("Russian-installed administration in Kherson").
4. A pronoun gives the nearest speaker before it who fits, sentence by sentence; a sentence without one, its first fitting name.
   "I" and "we" inside a content give that content's speaker, "who" the name before it.
5. Officials and other sources who stay without a name are "unnamed officials", as described.
6. A quotation without source and cue goes on with the speaker before it. Everything else without a source has no speaker.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Phrases, Word, lexicon, matches, phrases, words_of
from newsanalysis.found import Found
from newsanalysis.sentences import sentences

_PARTICLES = words_of_class("name_particle")
_KEPT = words_of_class("description_preposition")  # prepositions that belong to a description; "in" does before a name
_DEFINITE = words_of_class("definite")
_WITHIN = " .&\u00a0'’"  # what may stand between the words of one phrase: "J. Lee of Dalton & Reeve"
_NEAR = 100  # descriptions of a body that are looked at on either side
_HEADING = 300  # characters that a line has at most to be a heading
_FOLLOW_ON = 400  # characters after which a bare quotation no longer goes on with the speaker before it


class Term(NamedTuple):
    """A row of the lexicon of roles: a word for a person, people, a body or a document, and the role that it tells."""

    term: str
    kind: str
    role: str
    weight: str
    unnamed: str
    gender: str


class Speaker(NamedTuple):
    """Who speaks: the resolved name, what kind of thing it names, the phrases that describe it, and where it is introduced."""

    name: str | None
    kind: str = ""  # person, name (a proper name of unknown kind), someone (one without a name), people, body, document, state; "" for nobody
    gender: str = ""
    described: tuple[str, ...] = ()
    known_at: int = -1  # offset at which the reader must know whose it is ("the ministry"); -1 where that is left open ("officials")


class _Lexicon(NamedTuple):
    terms: Phrases
    function: dict[str, str]
    before_names: frozenset[str]
    bodies: frozenset[str]
    countries: Phrases
    genders: dict[str, str]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    rows = [Term(*row) for row in lexicon("roles.csv", *Term._fields)]
    places = lexicon("countries.csv", "word", "kind")
    parts = {word.key for row in rows if row.kind in ("person", "people", "modifier") for word in words_of(row.term)}
    return _Lexicon(
        terms=phrases((row.term, row) for row in rows if row.kind != "modifier" or row.role or row.gender),
        function={word: kind for word, kind in lexicon("word_classes.csv", "word", "kind")},  # noqa: C416
        before_names=frozenset(parts | {word.key for place, _ in places for word in words_of(place)}),
        bodies=frozenset(row.term for row in rows if row.kind in ("body", "document") and row.weight == "strong" and " " not in row.term),
        countries=phrases((word, kind) for word, kind in places),
        genders={words_of(name)[0].key: gender for name, gender in lexicon("first_names.csv", "name", "gender")},
    )


def terms_in(words: Sequence[Word]) -> list[tuple[int, int, Term]]:
    """Return the words for roles among words: (first, one past the last, lexicon row).

    >>> [(first, end, term.role) for first, end, term in terms_in(words_of("the Polish prime minister"))]
    [(2, 4, 'official')]
    """
    return [(first, end, found[0]) for first, end, found in matches(words, _lexicon().terms)]


def _function(word: Word) -> str:
    return _lexicon().function.get(word.key, "")


def _capital(word: Word) -> bool:
    return word.text[0].isupper()


def _possessive(word: Word) -> bool:
    return word.text[-2:].lower() in ("'s", "’s")


def _joined(text: str, one: Word, two: Word) -> bool:
    """Two words that stand side by side, with at most an initial's or a title's full stop between them, or a firm's "&"."""
    gap = text[one.end : two.start]
    if gap.startswith(".") and (len(one.text) == 1 or (len(one.text) < 5 and one.key in _lexicon().before_names)):
        gap = gap[1:]
    return gap != "" and gap.strip(" \u00a0") in ("", "&")


# --- names --------------------------------------------------------------------------------------------------------------


class _Name(NamedTuple):
    run: int  # first word of the run of capitals: "Ukrainian" in "Ukrainian President Volodymyr Zelenskyy"
    first: int  # first word of the name
    end: int  # one past its last word

    def keys(self, words: Sequence[Word]) -> tuple[str, ...]:
        return tuple(word.key for word in words[self.first : self.end])


def _strippable(word: Word) -> bool:
    acronym = len(word.text) > 1 and word.text.isupper() and "." not in word.text
    compound = "-" in word.text and word.text.rpartition("-")[2][:1].islower()
    return acronym or compound or word.key in _lexicon().before_names or bool(_function(word))


def _runs(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words: (first, one past the last)."""
    known = _lexicon()
    done = 0
    for at in [at for at, word in enumerate(words) if word.text[0].isupper()]:
        if at < done or (_function(words[at]) and words[at].key not in known.genders):
            continue
        end = at + 1
        while end < len(words) and _joined(text, words[end - 1], words[end]) and not _possessive(words[end - 1]):
            word = words[end]
            name_so_far = words[end - 1].key in known.genders
            if _capital(word) and (not _function(word) or (_function(word) == "verb" and name_so_far)):
                end += 1
                continue
            particles = end
            while particles < len(words) and words[particles].text.lower() in _PARTICLES and _joined(text, words[particles - 1], words[particles]):
                particles += 1
            if particles > end and particles < len(words) and _capital(words[particles]) and _joined(text, words[particles - 1], words[particles]):
                end = particles + 1
                continue
            break
        yield at, end
        done = end


def _names(text: str, words: Sequence[Word]) -> list[_Name]:
    """Names in a text: runs of capitals without the titles, demonyms and acronyms before them; no bodies, states or bare titles."""
    known = _lexicon()
    found = []
    for run, end in _runs(text, words):
        terms = terms_in(words[run:end])
        if terms and terms[-1][1] == end - run and (terms[-1][2].kind != "modifier" or end - run == 1):
            continue
        first = max([run, *(run + stop for _, stop, term in terms if term.kind == "person")])
        while first < end - 1 and _strippable(words[first]):
            first += 1
        last = words[end - 1].key
        is_title = last in known.before_names and (end - first == 1 or last in known.countries)
        if end - first > 4 or is_title or any(word.key in known.bodies and word.key not in known.genders for word in words[first:end]):
            continue
        found.append(_Name(run, first, end))
    return found


def _plain(text: str, words: Sequence[Word], first: int, end: int) -> str:
    return re.sub(r"\s+", " ", re.sub(r"['’]s$", "", text[words[first].start : words[end - 1].end]))


# --- a document ---------------------------------------------------------------------------------------------------------


class _Mention(NamedTuple):
    name: _Name
    start: int
    described: tuple[str, ...]  # the words around it that say who it is
    keys: tuple[frozenset[str], ...]  # of each description


class _Document(NamedTuple):
    text: str
    words: Sequence[Word]
    starts: list[int]
    bounds: tuple[tuple[int, int], ...]  # of the sentences
    mentions: dict[tuple[str, ...], list[_Mention]]  # by the keys of the full name
    in_order: list[tuple[int, tuple[str, ...]]]  # where each mention stands
    shown: dict[tuple[str, ...], str]
    ends_with: dict[str, list[tuple[str, ...]]]
    acronyms: dict[str, str]
    quoted: list[tuple[int, int]]
    bodies: dict[str, list[tuple[int, Sequence[Word], str]]]  # filled as they are asked for, as the next two
    people: dict[frozenset[str], list[tuple[int, tuple[str, ...]]]]
    told: dict[tuple[str, ...], tuple[str, ...]]

    def is_quoted(self, at: int) -> bool:
        i = bisect_right(self.quoted, (at, len(self.text))) - 1
        return i >= 0 and at < self.quoted[i][1]

    def sentence(self, at: int) -> int:
        """The number of the sentence in which the offset lies."""
        return max(0, bisect_right(self.bounds, (at, len(self.text))) - 1)


def _left(text: str, words: Sequence[Word], name: _Name) -> int:
    """First word of the title before a name, as "The governor of Bryansk region, " before "Nikolai Denin"."""
    at, strange, told = name.run, 0, False
    while at > 0 and name.run - at < 12:
        gap = text[words[at - 1].end : words[at].start]
        word = words[at - 1]
        comma = at == name.run and gap.strip() == "," and at == name.first
        if not comma and gap.strip() not in ("", ".", "&"):
            break
        if gap.strip() == "." and not _joined(text, word, words[at]):
            break
        kind = _function(word)
        if kind in ("verb", "pronoun", "conjunction") and word.key != "and":
            break
        if kind == "preposition" and word.key not in (*_KEPT, "in"):
            break
        role = word.key in _lexicon().before_names or word.key in _lexicon().bodies
        if comma and not any(term.kind == "person" for _, _, term in terms_in(words[max(0, at - 8) : at])):
            break
        if not kind and not role and not _capital(word):
            strange += 1
            if strange > 3 or word.text.endswith(("ed", "ing")):
                break
        told = told or role
        at -= 1
    return at


def _apposition(text: str, words: Sequence[Word], first: int, stop: int) -> int:
    """One past the last word of the apposition that begins after a name's comma, in the sentence that ends at ``stop``."""
    end = first
    while end < len(words) and end - first < 15 and _function(words[end]) != "verb" and words[end].start < stop:
        end += 1
        if end < len(words) and text[words[end - 1].end : words[end].start].strip(_WITHIN):
            break
    return end


@lru_cache(maxsize=8192)
def _tells(phrase: str) -> bool:
    """Whether a phrase has a word for a role or a state."""
    words = words_of(phrase)
    return bool(terms_in(words)) or any(matches(words, _lexicon().countries))


def _described(text: str, words: Sequence[Word], name: _Name, stop: int) -> tuple[str, ...]:
    """The title before a name and the apposition after it, where they say who the person is, in the sentence that ends at ``stop``."""
    found = []
    first = _left(text, words, name)
    before = text[words[first].start : words[name.first - 1].end] if first < name.first else ""
    if _tells(before):
        found.append(before)
    if name.end < len(words) and text[words[name.end - 1].end : words[name.end].start].strip() == ",":
        opening = words[name.end]
        after = text[opening.start : words[max(name.end, _apposition(text, words, name.end, stop) - 1)].end]
        belongs = opening.key in _KEPT or _function(opening) == "determiner"
        if belongs or (_function(opening) not in ("pronoun", "conjunction", "verb", "preposition") and _tells(after)):
            found.append(after)
    return tuple(found)


_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]*[A-Z])\)")


def _acronyms(text: str) -> dict[str, str]:
    """Acronyms that the text introduces: "Special Monitoring Mission (SMM)"."""
    found: dict[str, str] = {}
    for introduced in _ACRONYM.finditer(text):
        letters = [letter.lower() for letter in introduced[1] if letter.isupper()]
        before = words_of(text[max(0, introduced.start() - 120) : introduced.start()])
        at, left = len(before), len(letters)
        while at and left and len(before) - at < 12:
            at -= 1
            if before[at].key[:1] == letters[left - 1] and (_capital(before[at]) or left > 1):
                left -= 1
            elif _function(before[at]) not in ("preposition", "conjunction", "determiner"):
                break
        if not left:
            offset = max(0, introduced.start() - 120)
            found.setdefault(introduced[1], text[offset + before[at].start : offset + before[-1].end])
    return found


def _headings(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Lines in which almost every long word has a capital, so that capitals tell no names."""
    found, offset, at = [], 0, 0
    for line in text.splitlines(keepends=True):
        offset += len(line)
        first = at
        while at < len(words) and words[at].start < offset:
            at += 1
        long = [word for word in words[first:at] if len(word.text) > 3] if len(line) < _HEADING else []
        if len(long) > 3 and sum(map(_capital, long)) > 0.8 * len(long):
            found.append((offset - len(line), offset))
    return found


def _document(text: str, quoted: list[tuple[int, int]]) -> _Document:
    words = words_of(text)
    mentions: dict[tuple[str, ...], list[_Mention]] = {}
    shown: dict[tuple[str, ...], str] = {}
    in_order: list[tuple[int, tuple[str, ...]]] = []
    headings, bounds = _headings(text, words), sentences(text)
    for name in _names(text, words):
        start = words[name.first].start
        heading = bisect_right(headings, (start, len(text))) - 1
        if heading >= 0 and start < headings[heading][1]:
            continue
        keys = name.keys(words)
        sentence = bisect_right(bounds, (start, len(text))) - 1
        described = _described(text, words, name, bounds[sentence][1] if sentence >= 0 else len(text))
        told = tuple(frozenset(word.key for word in words_of(phrase)) for phrase in described)
        mentions.setdefault(keys, []).append(_Mention(name, start, described, told))
        in_order.append((start, keys))
        shown.setdefault(keys, _plain(text, words, name.first, name.end))
    ends_with: dict[str, list[tuple[str, ...]]] = {}
    for keys in mentions:
        if len(keys) > 1 and "&" not in shown[keys]:  # a firm is no fuller form of a person's name
            ends_with.setdefault(keys[-1], []).append(keys)
            ends_with.setdefault(keys[0], []).append(keys)
    starts = [word.start for word in words]
    return _Document(text, words, starts, bounds, mentions, in_order, shown, ends_with, _acronyms(text), sorted(quoted), {}, {}, {})


def _fullest(document: _Document, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The fullest form of a name in the document: the one named most often of those that end in it (or, for one word, begin with it)."""
    while True:
        longer = [c for c in document.ends_with.get(keys[-1], ()) if len(c) > len(keys) and c[-len(keys) :] == keys]
        if not longer and len(keys) == 1 and keys[0] not in _lexicon().genders:
            longer = [c for c in document.ends_with.get(keys[0], ()) if c[0] == keys[0]]
        if not longer:
            return keys
        keys = max(longer, key=lambda c: (len(document.mentions[c]), -document.mentions[c][0].start))


def _gender(keys: tuple[str, ...], described: tuple[str, ...]) -> str:
    for phrase in described:
        told = [term.gender for _, _, term in terms_in(words_of(phrase)) if term.gender]
        if told:
            return told[0]
    return _lexicon().genders.get(keys[0], "")


def _told(document: _Document, keys: tuple[str, ...]) -> tuple[str, ...]:
    """All descriptions that the document gives of a name, each once."""
    if keys not in document.told:
        document.told[keys] = tuple(dict.fromkeys(phrase for mention in document.mentions.get(keys, ()) for phrase in mention.described))
    return document.told[keys]


def _person(document: _Document, keys: tuple[str, ...], phrase: str, at: int, titled: bool) -> Speaker:
    full = _fullest(document, keys)
    described = tuple(dict.fromkeys((phrase, *_told(document, full), *(_told(document, keys) if keys != full else ()))))
    told = titled or any(term.kind == "person" for d in described for _, _, term in terms_in(words_of(d)))
    kind = "person" if told or full[0] in _lexicon().genders else "name"
    first = document.mentions[full][0].start if full in document.mentions else at
    return Speaker(document.shown[full], kind, _gender(full, described), described, first)


# --- one source ---------------------------------------------------------------------------------------------------------


def _segments(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Pieces of a phrase between commas, brackets and dashes."""
    cuts = [0, *(i for i in range(1, len(words)) if text[words[i - 1].end : words[i].start].strip(_WITHIN + '"“”')), len(words)]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def _named(document: _Document, phrase: str, words: Sequence[Word], at: int) -> Speaker | None:
    """Rule 1: the personal or other proper name that a source phrase gives, if it does."""
    segments = _segments(phrase, words)
    for first, end in segments:
        for name in _names(phrase, words[first:end]):
            run, start, stop = name.run + first, name.first + first, name.end + first
            before = _function(words[run - 1]) if run > first else ""
            single = stop - start == 1
            follows = _function(words[stop]) if stop < end else "preposition"
            if before in ("preposition", "conjunction") or (before == "determiner" and start == run):
                continue
            if (stop < end and (run > first or follows not in ("preposition", "pronoun"))) or (_possessive(words[stop - 1]) and stop < end):
                continue
            keys = tuple(word.key for word in words[start:stop])
            titled = any(term.kind in ("person", "modifier") for _, _, term in terms_in(words[first:start]))
            if single and not titled and run > first and _fullest(document, keys) == keys:
                continue
            if any(
                kind in ("country", "capital")
                for _, length, kinds in matches(words[start:stop], _lexicon().countries)
                for kind in kinds
                if length == stop - start
            ):
                continue
            document.shown.setdefault(keys, _plain(phrase, words, start, stop))
            return _person(document, keys, phrase, at, titled)
    return None


def _head(words: Sequence[Word]) -> tuple[int, int, Term | None]:
    """The head of a description: the last word before a preposition or relative; for "one of the officials", the officials."""
    end = len(words)
    for i, word in enumerate(words):
        if i and _function(word) in ("preposition", "pronoun") and not _capital(word):
            end = i
            break
    found = terms_in(words[:end])
    if found and found[-1][1] == end:
        return found[-1][0], end, found[-1][2]
    empty = all(_function(word) or word.key.isdigit() for word in words[:end])
    later = terms_in(words) if empty or not found else []
    if (empty or words[end - 1].key in ("group", "handful", "dozens", "hundreds", "thousands", "majority", "number", "crowd")) and later:
        return later[0]
    return end - 1, end, None


def _cut(text: str, words: Sequence[Word]) -> int:
    """One past the last word of a description that is kept: "a reporter | outside the building"."""
    for i, word in enumerate(words[1:], start=1):
        if text[words[i - 1].end : word.start].strip(_WITHIN + '"“”'):
            return i
        kind = _function(word)
        after = next((w for w in words[i + 1 :] if _function(w) != "determiner"), None)
        if kind == "pronoun" or (kind == "preposition" and word.key not in _KEPT and not (word.key == "in" and after and _capital(after))):
            return i
    return len(words)


def _lowered(words: Sequence[Word], shown: str) -> str:
    """A capital that only the start of a sentence gives is taken back: "Officials", but "Foreign Ministry" and "Kremlin"."""
    if len(words) > 1 and _capital(words[1]) and words[1].key not in _lexicon().before_names:
        return shown
    found = terms_in(words)
    lexical = words[0].key in _lexicon().function or (found and found[0][0] == 0 and found[0][2].term[0].islower())
    return shown[0].lower() + shown[1:] if lexical and not words[0].text[1:2].isupper() else shown


def _by_description(document: _Document, words: Sequence[Word], at: int) -> tuple[str, ...] | None:
    """Rule 2: the name that the document describes with all of these words: the nearest before, else the nearest after."""
    asked = frozenset(word.key for word in words if not _function(word))
    if asked not in document.people:
        fitting = [(m.start, keys) for keys, mentions in document.mentions.items() for m in mentions if any(asked <= told for told in m.keys)]
        document.people[asked] = sorted(fitting)
    people = document.people[asked]
    before = bisect_right(people, (at,))
    return people[max(0, before - 1)][1] if people else None


def _bodies(document: _Document, head: str) -> list[tuple[int, Sequence[Word], str]]:
    """Every description of a body with this head word in the outlet's own words: (offset, words, as it stands)."""
    if head in document.bodies:
        return document.bodies[head]
    words, found = document.words, []
    for i, word in enumerate(words):
        if word.key != head or document.is_quoted(word.start):
            continue
        first = i
        while first and i - first < 5 and _joined(document.text, words[first - 1], words[first]) and not _function(words[first - 1]):
            first -= 1
        determined = first > 0 and _function(words[first - 1]) == "determiner" and _joined(document.text, words[first - 1], words[first])
        while not determined and first < i and not (_capital(words[first]) or "-" in words[first].text):
            first += 1
        end = i + 1
        if end + 1 < len(words) and words[end].key == "in" and _joined(document.text, word, words[end]):
            place = end + 1
            while place < len(words) and _capital(words[place]) and _joined(document.text, words[place - 1], words[place]) and not _function(words[place]):
                place += 1
            end = place if place > end + 1 else end
        found.append((words[first].start, words[first:end], _plain(document.text, words, first, end)))
    document.bodies[head] = found
    return found


def _body(document: _Document, words: Sequence[Word], shown: str, head: str, at: int) -> str:
    """Rule 3: the fullest description of the body: first the nearest before that has all the words, then the fullest that has all of its words."""
    known = _bodies(document, head)
    here = bisect_left(known, at, key=lambda body: body[0])
    known = known[max(0, here - _NEAR) : here + _NEAR]
    asked = {word.key for word in words if not _function(word)}

    def covers(described: Sequence[Word]) -> bool:
        return asked <= {word.key for word in described}

    before = [b for b in known if b[0] < at and covers(b[1]) and len(b[1]) > len(asked)]
    other = [b for b in known if b[0] >= at + len(shown) and covers(b[1]) and len(b[1]) > len(asked)]
    if len(asked) == 1 and (before or other):
        nearest = before[-1] if before else other[0]
        asked, shown = {word.key for word in nearest[1] if not _function(word)}, nearest[2]
    fuller = [b for b in known if covers(b[1])]
    best = max(fuller, key=lambda b: (len(b[1]), -abs(b[0] - at)), default=None)
    return best[2] if best and len(best[1]) > len(words_of(shown)) else shown


_PRONOUNS = {"he": "m", "she": "f", "they": "they", "it": "it", "who": "who", "which": "who", "that": "who", "i": "we", "we": "we"}


def _source(document: _Document, phrase: str, at: int) -> Speaker | str:
    """The speaker of one source phrase, or the kind of pronoun it is."""
    words = words_of(phrase)
    if not words:
        return Speaker(None)
    if len(words) == 1 and words[0].key in _PRONOUNS and not (len(words[0].text) > 1 and words[0].text.isupper()):
        return _PRONOUNS[words[0].key]
    if words[0].key in ("he", "she", "they", "we") and len(words) < 4:
        return _PRONOUNS[words[0].key]
    return _named(document, phrase, words, at) or _description(document, phrase, words, at)


def _description(document: _Document, phrase: str, words: Sequence[Word], at: int) -> Speaker:
    """Rules 2, 3 and 5: a source without a personal name."""
    article = words[0].key if _function(words[0]) == "determiner" else ""
    definite = article in _DEFINITE
    while len(words) > 1 and _function(words[0]) == "determiner":
        words = words[1:]
    words = words[: _cut(phrase, words)]
    shown = _plain(phrase, words, 0, len(words))
    if shown in document.acronyms:
        return Speaker(document.acronyms[shown], "body", "", (phrase,))
    places = [kinds[0] for first, end, kinds in matches(words, _lexicon().countries) if end - first == len(words)]
    if places and places[0] in ("country", "capital"):
        return Speaker(shown, "state", "", (phrase,))
    first, end, term = _head(words)
    if term is None:
        kind = "name" if _capital(words[end - 1]) else "people" if words[end - 1].key.endswith("s") else "body"
        return Speaker(shown if article else _lowered(words, shown), kind, "", (phrase,))
    if term.kind == "person" and (definite or not article):
        person = _by_description(document, words, at) or _by_description(document, words[:end], at)
        if person:
            return _person(document, person, phrase, at, True)
    if term.kind == "body" and term.role == "media" and first > 0 and end == len(words) and _capital(words[0]) and not any(map(_strippable, words[:first])):
        return Speaker(_plain(phrase, words, 0, first), "body", "", (phrase,))
    shown = shown if article else _lowered(words, shown)
    if term.kind == "body" and definite:
        shown = _body(document, words, shown, words[end - 1].key, at)
    if term.unnamed and not shown.startswith("unnamed"):
        shown = f"unnamed {shown}"
    kind = "someone" if term.kind == "person" else term.kind
    return Speaker(shown, kind, term.gender, (phrase,), at if article and article not in ("a", "an", "some", "any", "many") else -1)


# --- all sources of a document ------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """What the resolver needs of one attribution."""

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    kind: str


def _fits(speaker: Speaker, pronoun: str) -> bool:
    if pronoun in ("m", "f"):
        return speaker.kind in ("person", "someone", "name") and speaker.gender in ("", pronoun)
    if pronoun == "they":
        return speaker.kind in ("people", "body", "name")
    return speaker.kind in ("body", "state", "document", "name")


class _Spoken(NamedTuple):
    """A source whose speaker is known, by offset."""

    start: int
    end: int
    n: int
    speaker: Speaker


def _between(spoken: list[_Spoken], start: int, end: int) -> list[_Spoken]:
    return spoken[bisect_left(spoken, start, key=lambda s: s.start) : bisect_left(spoken, end, key=lambda s: s.start)]


def _person_named(document: _Document, start: int, end: int, pronoun: str) -> Speaker | None:
    """The first person named between two offsets, outside quotations, whom "he" or "she" may mean."""
    first = bisect_left(document.in_order, (start,))
    for at, keys in document.in_order[first : bisect_left(document.in_order, (end,))]:
        if not document.is_quoted(at):
            person = _person(document, keys, document.shown[keys], at, False)
            if person.kind == "person" and _fits(person, pronoun):
                return person
    return None


def _antecedent(document: _Document, spoken: list[_Spoken], pronoun: str, at: int) -> Speaker:
    """Rule 4, for he, she, they and it."""
    here = document.sentence(at)
    for start, end in reversed(document.bounds[max(0, here - 6) : here + 1]):
        fitting = [s.speaker for s in _between(spoken, start, min(end, at)) if s.end <= at and _fits(s.speaker, pronoun)]
        if fitting:
            return fitting[-1]
        named = _person_named(document, start, min(end, at), pronoun) if pronoun in ("m", "f") else None
        if named:
            return named
    return Speaker(None)


def _around(said: list[Said], spoken: list[_Spoken], n: int, at: int) -> Speaker:
    """The speaker of the content that "we" stands in."""
    inside = [s for s in spoken if s.n != n and any(start <= at < end for start, end in said[s.n].content)]
    return inside[-1].speaker if inside else Speaker(None)


def _pronoun(document: _Document, said: list[Said], spoken: list[_Spoken], n: int, pronoun: str) -> Speaker:
    at = said[n].source[0][0]
    if pronoun == "we":
        return _around(said, spoken, n, at)
    if pronoun == "who":
        i = bisect_left(document.starts, at)
        before, keys = next(reversed(document.in_order[: bisect_left(document.in_order, (at,))]), (0, ()))
        if keys and i > 0 and before + len(document.shown[keys]) >= document.words[i - 1].start:
            return _person(document, keys, document.shown[keys], at, False)
        return next((s.speaker for s in reversed(_between(spoken, at - 60, at)) if s.end <= at), Speaker(None))
    return _antecedent(document, spoken, pronoun, at)


def _implied(document: _Document, said: list[Said], spoken: list[_Spoken], done: list[tuple[int, Speaker]], n: int) -> Speaker:
    """Rule 6: the speaker of a bare quotation, or of a cue that goes on with the sentence ("..., adding that")."""
    one = said[n]
    if one.cue:
        cue = one.cue[0][0]
        i = bisect_right(document.starts, cue) - 1
        goes_on = i >= 0 and (document.words[i].key.endswith("ing") or (i > 0 and document.words[i - 1].key in ("and", "but")))
        same = _between(spoken, document.bounds[document.sentence(cue)][0], cue) if goes_on and document.bounds else []
        return same[-1].speaker if same else Speaker(None)
    start = min(first for first, _ in one.content)
    near = done[bisect_left(done, start - _FOLLOW_ON, key=lambda d: d[0]) : bisect_right(done, start, key=lambda d: d[0])]
    return near[-1][1] if near and one.kind == "direct" else Speaker(None)


def speakers_in(text: str, said: list[Said]) -> list[Speaker]:
    """Resolve all attributions of one document together.

    Parameters
    ----------
    text : str
        The document's text.
    said : list of Said
        Its attributions, in any order.

    Returns
    -------
    list of Speaker
        One an attribution, in the order given.

    Examples
    --------
    >>> text = "Jens Stoltenberg arrived. Stoltenberg said it was late."
    >>> speakers_in(text, [Said(((26, 37),), ((38, 42),), ((43, 54),), "indirect")])[0].name
    'Jens Stoltenberg'
    """
    document = _document(text, [span for one in said if one.kind == "direct" for span in one.content])
    speakers = [Speaker(None)] * len(said)
    spoken: list[_Spoken] = []
    done: list[tuple[int, Speaker]] = []  # by the end of the content
    later: list[tuple[int, int, str]] = []

    def settle(n: int, speaker: Speaker) -> None:
        speakers[n] = speaker
        if speaker.name is None:
            return
        insort(done, (max(end for _, end in said[n].content), speaker), key=lambda d: d[0])
        if said[n].source:
            insort(spoken, _Spoken(said[n].source[0][0], said[n].source[-1][1], n, speaker), key=lambda s: s.start)

    for n, one in enumerate(said):
        if not one.source:
            later.append((min(start for start, _ in one.content), n, ""))
            continue
        at = one.source[0][0]
        found = _source(document, " ".join(text[start:end] for start, end in one.source), at)
        if isinstance(found, Speaker):
            settle(n, found)
        else:
            later.append((at, n, found))
    for _, n, pronoun in sorted(later):
        settle(n, _pronoun(document, said, spoken, n, pronoun) if pronoun else _implied(document, said, spoken, done, n))
    return speakers


def said_in(found: Found) -> dict[str, dict[int, Said]]:
    """Return the attributions of each document, by their row number."""
    spans = found.spans
    pieces: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for key, role, start, end in zip(*(spans[column].tolist() for column in ("attribution_id", "role", "start", "end")), strict=True):
        pieces.setdefault((key, role), []).append((start, end))
    rows = found.attributions
    said: dict[str, dict[int, Said]] = {}
    for n, (key, document, kind) in enumerate(zip(*(rows[column].tolist() for column in ("attribution_id", "document_id", "kind")), strict=True)):
        source, cue, content = (tuple(sorted(pieces.get((key, role), ()))) for role in ("source", "cue", "content"))
        said.setdefault(document, {})[n] = Said(source, cue, content, kind)
    return said


def resolve_speakers(found: Found) -> Found:
    """Say for each attribution who speaks: the fullest name or description of its source in the same document.

    Parameters
    ----------
    found : Found
        From ``na.attribute``. Only the texts and the spans are read, so that a speaker already there is made anew.

    Returns
    -------
    Found
        The same, with ``attributions.speaker`` filled; missing where the text names nobody.

    Notes
    -----
    Names are found by capitals and titles, pronouns by the nearest fitting speaker; both err, most of all with two persons of one
    surname, and in headlines in which every word has a capital.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["Polish Prime Minister Donald Tusk spoke first. Later Tusk said the bridge was closed."]))
    >>> resolve_speakers(found).attributions.speaker.tolist()
    ['Donald Tusk']
    """
    index, found = found.attributions.index, found.checked()
    texts = dict(zip(found.documents["document_id"], found.documents["text"], strict=True))
    names: list[str | None] = [None] * len(found.attributions)
    for document, said in said_in(found).items():
        for n, speaker in zip(said, speakers_in(texts[document], list(said.values())), strict=True):
            names[n] = speaker.name
    attributions = found.attributions.assign(speaker=pd.Series(names, dtype="str"))
    return dataclasses.replace(found, attributions=attributions.set_axis(index))
