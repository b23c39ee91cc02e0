"""A document as the resolver reads it, once: its words, sentences and names, and what it says of whom."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from newsanalysis.codebooks import Word, matches, words_of
from newsanalysis.sentences import sentences
from newsanalysis.speakers.model import Speaker
from newsanalysis.speakers.names import Keys, Name, cased, core_of, extends, index_of, is_owned, names, spelled, spelling
from newsanalysis.speakers.words import (
    FORMER,
    ISSUED,
    KEPT,
    KIN,
    NEWNESS,
    PORTFOLIOS,
    STYLES,
    SUFFIXES,
    SURNAMES,
    WITHIN,
    capital,
    function,
    is_first_name,
    is_number,
    is_participle,
    joined,
    known,
    plain,
    possessive,
    states_in,
    tells,
    terms_in,
    told_words,
)

Answer = TypeVar("Answer")
_HEADING = 300  # characters that a line has at most to be a heading
_TITLE_WORDS = 12  # before a name that are looked at
_FAR = 3  # sentences within which a title may be of somebody named once
_OFTEN = 5  # times that somebody is named of whom a text is
_APPOSITION = 15  # words after a name that are looked at


class Mention(NamedTuple):
    """One place where a name stands."""

    name: Name
    start: int
    described: tuple[str, ...]  # the words around it that say who it is
    keys: tuple[frozenset[str], ...]  # of each description


class Told(NamedTuple):
    """A description of a name, in one place."""

    rank: int  # of the name, by its first mention
    start: int
    keys: Keys
    phrase: str
    words: frozenset[str]


class Document(NamedTuple):
    """A text with what the rules look up in it."""

    text: str
    words: Sequence[Word]
    starts: list[int]
    bounds: tuple[tuple[int, int], ...]  # of the sentences
    mentions: dict[Keys, list[Mention]]  # by the keys of the full name
    in_order: list[tuple[int, Keys]]  # where each mention stands
    shown: dict[Keys, str]
    longer: dict[str, list[Keys]]  # full names by first and last word
    spellings: dict[Keys, Keys]  # the first form of each name that is spelled in several ways
    acronyms: dict[str, str]
    quoted: list[tuple[int, int]]
    common: frozenset[str]  # words that the text writes in small letters
    places: dict[str, list[int]]  # of each word, by its key
    told_of: dict[str, list[Told]]  # what is told of names, by each word of it
    states: frozenset[str]  # that are told of a name
    answers: dict[tuple[object, ...], Any]  # what has been looked up before

    def is_quoted(self, at: int) -> bool:
        """Whether an offset lies inside a direct quotation."""
        i = bisect_right(self.quoted, (at, len(self.text))) - 1
        return i >= 0 and at < self.quoted[i][1]

    def sentence(self, at: int) -> int:
        """The number of the sentence in which the offset lies."""
        return max(0, bisect_right(self.bounds, (at, len(self.text))) - 1)

    def once(self, ask: Callable[..., Answer], *about: Hashable) -> Answer:
        """What a function says about the document, asked once."""
        key = (ask, *about)
        if key not in self.answers:
            self.answers[key] = ask(self, *about)
        return cast("Answer", self.answers[key])

    def word_at(self, at: int) -> int:
        """The number of the first word that begins at the offset or after it."""
        return bisect_left(self.starts, at)


def read(text: str, quoted: list[tuple[int, int]], sources: Mapping[int, int] | None = None) -> Document:
    """Read a text; ``quoted`` are its direct quotations, ``sources`` where its sources end, by where they begin."""
    sources = sources or {}
    words = words_of(text)
    mentions: dict[Keys, list[Mention]] = {}
    shown: dict[Keys, str] = {}
    spellings: dict[Keys, Keys] = {}
    in_order: list[tuple[int, Keys]] = []
    headings, bounds = sorted([*_headings(text, words), *_dateline(text)]), sentences(text)
    for name in names(text, words):
        start = words[name.first].start
        heading = bisect_right(headings, (start, len(text))) - 1
        if heading >= 0 and start < headings[heading][1]:
            continue
        keys = spellings.setdefault(spelled(name.keys(words)), name.keys(words))
        sentence = bisect_right(bounds, (start, len(text))) - 1
        described = _described(text, words, name, bounds[sentence] if sentence >= 0 else (0, len(text)), sources)
        mentions.setdefault(keys, []).append(Mention(name, start, described, tuple(map(told_words, described))))
        in_order.append((start, keys))
        form = plain(text, words, name.first, name.end)
        if keys not in shown or (shown[keys].isupper() and not form.isupper()):
            shown[keys] = cased(form)
    people = [keys for keys in mentions if "&" not in shown[keys]]  # a firm is no fuller form of a person's name
    places: dict[str, list[int]] = {}
    for i, word in enumerate(words):
        places.setdefault(word.key, []).append(i)
    told_of: dict[str, list[Told]] = {}
    phrases: dict[str, None] = {}
    for rank, (keys, of_name) in enumerate(mentions.items()):
        for mention in of_name:
            for phrase, words_told in zip(mention.described, mention.keys, strict=True):
                phrases[phrase] = None
                for key in words_told:
                    told_of.setdefault(key, []).append(Told(rank, mention.start, keys, phrase, words_told))
    return Document(
        text,
        words,
        [word.start for word in words],
        bounds,
        mentions,
        in_order,
        shown,
        index_of(people),
        spellings,
        _acronyms(text),
        sorted(quoted),
        frozenset(word.key for word in words if word.text[0].islower()),
        places,
        told_of,
        frozenset(state for phrase in phrases for state in states_in(phrase)),
        {},
    )


# --- what is said of a name ---------------------------------------------------------------------------------------------


def _left(text: str, words: Sequence[Word], name: Name, begin: int) -> int:
    """First word of the title before a name, as "The governor of Bryansk region, " before "Nikolai Denin", in the sentence that begins at ``begin``."""
    lexicon = known()
    at, strange, told = name.run, 0, False
    if name.first == name.run > 1 and is_owned(words, name.run):
        return name.first
    while at > 0 and name.run - at < _TITLE_WORDS and words[at - 1].start >= begin:
        gap = text[words[at - 1].end : words[at].start]
        word = words[at - 1]
        comma = at == name.run and gap.strip() == "," and at == name.first
        if not comma and gap.strip() not in ("", ".", "&"):
            break
        if gap.strip() == "." and not joined(text, word, words[at]):
            break
        kind = function(word)
        if kind in ("verb", "pronoun", "conjunction") and (word.key != "and" or at == name.first):
            break
        if kind == "preposition" and (word.key not in (*KEPT, "in") or _only_title(words, at, name.first) or _of_family(words, at - 1)):
            break
        if word.key == "and" and at > 1 and capital(words[at - 2]) and words[at - 2].key not in lexicon.before_names:
            break  # another name: "Marco Rubio and former Governor" tells nothing of Jeb Bush
        role = word.key in lexicon.before_names or word.key in lexicon.bodies
        if comma and not any(term.kind in ("person", "body") for _, _, term in terms_in(words[max(0, at - 8) : at])):
            break
        if not kind and not role and not capital(word):
            strange += 1
            if strange > 3 or word.text.endswith(("ed", "ing")):
                break
        told = told or role
        at -= 1
    return at


def _only_title(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether nothing but titles stands between a preposition and a name, so that who stands before it is another: "a lawmaker in | Mr Lund's party"."""
    titled = {i for begin, till, term in terms_in(words[first:end]) if term.kind in ("person", "modifier") for i in range(begin, till)}
    return all(i in titled or words[first + i].key in STYLES for i in range(end - first))


def _of_family(words: Sequence[Word], of: int) -> bool:
    """Whether who stands before "of" is of the family of who is named behind it: "the mother of President Ann Lee", but "the mother of two Ann Lee"."""
    return of > 0 and words[of].key == "of" and words[of - 1].key in KIN and not is_number(words[of + 1])


def _apposition(text: str, words: Sequence[Word], first: int, stop: int) -> int:
    """One past the last word of the apposition that begins after a name's comma, in the sentence that ends at ``stop``."""
    end = first
    while end < len(words) and end - first < _APPOSITION and function(words[end]) != "verb" and words[end].start < stop:
        end += 1
        if end < len(words) and text[words[end - 1].end : words[end].start].strip(WITHIN):
            break
    return end


def _is_subject(text: str, words: Sequence[Word], first: int, end: int, sources: Mapping[int, int]) -> bool:
    """Whether what follows a name's comma is no apposition but who speaks: "Pressed by Mr Lund, | the minister said"; an apposition has a comma behind it."""
    last = sources.get(words[first].start, 0)
    if last and function(words[first]) == "determiner":
        return text[last : last + 1] not in (",", ")") and not text[first:last].rstrip().endswith(",")
    runs_on = end < len(words) and function(words[end]) == "verb" and text[words[end - 1].end : words[end].start] == " "
    return runs_on and words[first].key == "the" and not any(function(word) == "pronoun" for word in words[first:end])


def _described(text: str, words: Sequence[Word], name: Name, sentence: tuple[int, int], sources: Mapping[int, int]) -> tuple[str, ...]:
    """The title before a name, and the apposition, age or "is a ..." after it, where they say who it is, in its sentence."""
    found = []
    stop = sentence[1]
    first = _left(text, words, name, sentence[0])
    before = text[words[first].start : words[name.first - 1].end] if first < name.first else ""
    if before and tells(before):
        found.append(before)
    if name.end >= len(words) or words[name.end].start >= stop:
        return tuple(found)
    gap, at = text[words[name.end - 1].end : words[name.end].start].strip(), name.end
    if gap in (",", "(") and words[at].text.isdigit() and len(words[at].text) == 2:
        found.append(f"{words[at].text}-year-old")
        at += 1
        gap = text[words[at - 1].end : words[at].start].strip(" )") if at < len(words) and words[at].start < stop else ""
    elif not gap and function(words[at]) == "verb" and words[at].key in ("is", "was") and at + 1 < len(words) and words[at + 1].key in ("a", "an", "the"):
        at, gap = at + 1, ","
    if gap in (",", "("):
        opening, end = words[at], max(at + 1, _apposition(text, words, at, stop))
        if gap == "," and _is_subject(text, words, at, end, sources):
            return tuple(found)
        after = text[opening.start : words[end - 1].end]
        belongs = opening.key in KEPT or function(opening) == "determiner"
        if belongs or (function(opening) not in ("pronoun", "conjunction", "verb", "preposition") and tells(after)):
            found.append(after)
    return tuple(found)


_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]*[A-Z])\)")


def _acronyms(text: str) -> dict[str, str]:
    """Acronyms that the text introduces: "Special Monitoring Mission (SMM)"."""
    found: dict[str, str] = {}
    for introduced in _ACRONYM.finditer(text):
        offset = max(0, introduced.start() - 120)
        before = words_of(text[offset : introduced.start()])
        first = _spelled_out([letter.lower() for letter in introduced[1] if letter.isupper()], before)
        if first is not None:
            found.setdefault(introduced[1], text[offset + before[first].start : offset + before[-1].end])
    return found


def _spelled_out(letters: list[str], before: Sequence[Word]) -> int | None:
    """The first of the words that an acronym's letters begin; a word may give two of them: Kenya Medical Research Institute (KEMRI)."""
    at, left = len(before), len(letters)
    while at and left and len(before) - at < 12:
        at -= 1
        if before[at].key[:1] == letters[left - 1] and (capital(before[at]) or left > 1):
            left -= 1
        elif left > 1 and capital(before[at]) and before[at].key[:2] == "".join(letters[left - 2 : left]):
            left -= 2
        elif function(before[at]) not in ("preposition", "conjunction", "determiner"):
            break
    return None if left else at


def _headings(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Lines in which almost every long word has a capital, so that capitals tell no names."""
    found, offset, at = [], 0, 0
    for line in text.splitlines(keepends=True):
        offset += len(line)
        first = at
        while at < len(words) and words[at].start < offset:
            at += 1
        long = [word for word in words[first:at] if len(word.text) > 3] if len(line) < _HEADING else []
        if len(long) > 3 and sum(map(capital, long)) > 0.8 * len(long):
            found.append((offset - len(line), offset))
    return found


_DATELINE = re.compile(
    r"^[ \t]*(?:[A-Z][^\n()“”\"]{2,60}\([^()\n]{2,40}\) *[-–—]+|[A-Z]{2}[A-Z.,'’/ ]{1,40}(?:[A-Z][a-z]+\.? \d{1,2} ?)?[-–—]+) ",
    re.MULTILINE,
)


def _dateline(text: str) -> list[tuple[int, int]]:
    """Where an article says whence it was sent, which names nobody: "CLEVELAND (AP) - ", "MOSCOW, May 3 (Interfax) - "."""
    found = _DATELINE.search(text)
    return [found.span()] if found else []


# --- who bears a name ---------------------------------------------------------------------------------------------------


def told(document: Document, keys: Keys) -> tuple[str, ...]:
    """All descriptions that the document gives of a name, each once."""
    return document.once(_told, keys)


def _told(document: Document, keys: Keys) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for mention in document.mentions.get(keys, ()) for phrase in mention.described))


def told_gender(phrases: Iterable[str]) -> str:
    """The gender that titles tell."""
    return next((term.gender for phrase in phrases for _, _, term in terms_in(words_of(phrase)) if term.gender), "")


def _gender(document: Document, keys: Keys) -> str:
    return told_gender(told(document, keys))


def _is_person(document: Document, keys: Keys) -> bool:
    return any(
        term.kind == "person" and term.term.lower().split()[-1] in head_words(phrase)
        for phrase in told(document, keys)
        for _, _, term in terms_in(words_of(phrase))
    )


@lru_cache(maxsize=4096)
def head_words(phrase: str) -> frozenset[str]:
    """The words of a description that may be its head, with what short forms stand for: what no noun in small letters follows.

    >>> ["official" in head_words(told) for told in ("a party official assigned to the ministry", "official assertions that")]
    [True, False]
    """
    words = words_of(phrase)
    found: set[str] = set()
    of_persons = {i for first, till, term in terms_in(words) if term.kind == "person" and term.weight == "weak" for i in range(first, till)}
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else None
        if after is None or (
            not possessive(word)
            and (
                function(after)
                or capital(after)
                or is_participle(after)
                or after.key in ISSUED
                or i + 1 in of_persons
                or phrase[word.end : after.start].strip()
            )
            and not function(word)
        ):
            found |= told_words(word.text)
    return frozenset(found)


@lru_cache(maxsize=4096)
def scope(phrase: str) -> tuple[frozenset[str], bool]:
    """What tells an office from another of its name, but for states, and whether an owner in small letters stands before it.

    >>> sorted(scope("the shadow transport secretary")[0]), sorted(scope("Minister for Health")[0]), scope("the firm's chairman")[1]
    (['shadow', 'transport'], ['health'], True)
    """
    words = words_of(phrase)
    heads = {key for _, till, term in terms_in(words) if term.kind == "person" for key in told_words(words[till - 1].text)}
    kept: set[str] = set()
    behind = owned = False
    for word in words:
        behind = behind or word.key in ("of", "for")
        owned = owned or (possessive(word) and not capital(word))
        if not function(word) and (word.key in PORTFOLIOS or capital(word) or (behind and len(word.key) > 2)):
            kept |= told_words(word.text)
    return frozenset(kept) - heads - states_in(phrase) - STYLES - FORMER - NEWNESS, owned


def another_office(asked: str, phrase: str) -> bool:
    """Whether two descriptions tell two offices of one name: "the transport secretary" and "Shadow Brexit Secretary"."""
    (mine, _), (theirs, owned) = scope(asked), scope(phrase)
    return bool(mine) and (bool(theirs) or owned) and not mine & theirs


def may_be_human(document: Document, keys: Keys) -> bool:
    """Whether a name may be a person's: neither a state nor letters, "Lund TSB"."""
    return document.once(_may_be_human, keys)


def _may_be_human(document: Document, keys: Keys) -> bool:
    words = words_of(document.shown.get(keys, ""))
    if not words or named_state(words):
        return not words
    letters = sum(letter.isupper() for letter in words[-1].text) > 2 and (len(words) == 1 or not words[0].text.isupper())
    return not letters or is_first_name(words[0])


_HE = frozenset({"he", "she", "his", "her"})
_BESIDE = 4  # words behind a name in which "he" is who is named: "Lund said that she"


def taken_up_as_human(document: Document, keys: Keys) -> bool:
    """Whether a name is followed by "who", or soon by "he" or "she" without a comma between: "Lund, who left", "Lund said she left"."""
    return document.once(_taken_up_as_human, keys)


def _taken_up_as_human(document: Document, keys: Keys) -> bool:
    words, text = document.words, document.text
    for mention in document.mentions.get(keys, ()):
        end = mention.name.end
        if end < len(words) and words[end].key == "who":
            return True
        for i in range(end, min(end + _BESIDE, len(words))):
            if text[words[i - 1].end : words[i].start].strip() or capital(words[i]):
                break
            if words[i].key in _HE:
                return True
    return False


def _titles(document: Document, keys: Keys) -> frozenset[str]:
    return titles_in(told(document, keys))


def _cluttered(document: Document, keys: Keys) -> bool:
    """Whether a name is another with a word before its first name, as in headings: "More Ann Lee"."""
    genders = known().genders
    return len(keys) > 2 and keys[0] not in genders and len(keys[0]) > 1 and keys[1] in genders and keys[1:] in document.mentions


def titles_in(phrases: Sequence[str]) -> frozenset[str]:
    """The words for roles in descriptions, as they are compared."""
    return frozenset(key for phrase in phrases for _, _, term in terms_in(words_of(phrase)) if term.kind == "person" for key in told_words(term.term))


def _kin_of(surname: str, phrases: Sequence[str]) -> bool:
    """Whether somebody is told as of the family of who is called so: "Roe's brother Adam" is not "Roe"."""
    words = [word for phrase in phrases for word in words_of(phrase)]
    return any(word.key == surname and possessive(word) for word in words) and any(word.key in KIN for word in words)


def fullest(document: Document, keys: Keys, gender: str = "", titles: frozenset[str] = frozenset()) -> Keys:
    """The fullest form of a name in the document: of those that end in it, the one named most often, of the gender or title that is told."""
    return document.once(_fullest, keys, gender, titles)


def _fullest(document: Document, keys: Keys, gender: str, titles: frozenset[str]) -> Keys:
    keys = document.spellings.get(spelled(keys), keys)
    while True:
        short = spelled(keys)
        longer = [c for c in document.longer.get(spelling(core_of(keys)[-1]), ()) if extends(spelled(c), short)]
        longer = [c for c in longer if not _cluttered(document, c)]
        if not longer and len(keys) == 1:
            first = [c for c in document.longer.get(spelling(keys[0]), ()) if spelling(c[0]) == short[0]]
            longer = first if keys[0] not in known().genders or len(first) == 1 else []
        if gender:
            longer = [c for c in longer if (document.once(_gender, c) or known().genders.get(c[0], "")) in ("", gender)] or longer
        if titles and len(longer) > 1:
            longer = [c for c in longer if titles & document.once(_titles, c)] or longer
        if len(keys) == 1 and not gender:
            longer = [c for c in longer if not _kin_of(keys[0], told(document, c))]
        if not longer:
            return keys
        keys = max(longer, key=lambda c: (c[-1] not in SUFFIXES, len(document.mentions[c]), -document.mentions[c][0].start))


def person(document: Document, keys: Keys, phrase: str, at: int, titled: bool) -> Speaker:
    """The speaker whom a name in a source phrase names."""
    alone = len(keys) == 1
    full = fullest(document, keys, told_gender((phrase,)) if alone else "", titles_in((phrase,)) if alone else frozenset())
    phrase = _without_surname(phrase, document.shown[full]) if core_of(full)[-1] in SURNAMES else phrase
    described = tuple(dict.fromkeys((phrase, *told(document, full), *(told(document, keys) if keys != full else ()))))
    is_told = titled or titles_in((phrase,)) or document.once(_is_person, full) or document.once(_is_person, keys)
    gender = told_gender((phrase,)) or document.once(_gender, full) or document.once(_gender, keys) or known().genders.get(full[0], "")
    kind = "person" if is_told or (full[0] in known().genders and len(full) > 1) or keys[0] in known().genders else "name"
    first = document.mentions[full][0].start if full in document.mentions else at
    return Speaker(document.shown[full], kind, gender, described, first, "name" if full == keys else "surname")


def _without_surname(phrase: str, shown: str) -> str:
    """A source without the surname that is a word for an office too, so that it tells no role: "Mayor Ann", of "Mayor Ann Bishop"."""
    given, _, surname = shown.rpartition(" ")
    return re.sub(r"\s+", " ", re.sub(rf"\b{re.escape(surname)}\b", "", phrase)).strip(" ,") or given or phrase


def by_description(document: Document, words: Sequence[Word], at: int, *, human: bool = False) -> Keys | None:
    """The name that the document describes with all of these words: the nearest before, else the nearest after."""
    asked = frozenset(word.key for word in words if not function(word))
    of = next((i for i, word in enumerate(words) if i and function(word) == "preposition"), len(words))
    people = document.once(_described_by, asked, words[of - 1].key, human) if asked else ()
    before = bisect_right(people, (at,))
    nearest = people[max(0, before - 1)] if people else None
    if nearest and human and len(asked) == 1:
        nearest = _of_whom_it_is(document, people, nearest, at)
    return None if nearest is None or (human and len(asked) == 1 and _in_passing(document, nearest, at)) else nearest[1]


def _of_whom_it_is(document: Document, people: Sequence[tuple[int, Keys]], nearest: tuple[int, Keys], at: int) -> tuple[int, Keys]:
    """Of several who bear a bare title the nearest one, but for a sentence further off one whom the text names far more often."""
    often = {keys: len(document.places.get(keys[-1], ())) for _, keys in people}
    most = max(often, key=lambda keys: often[keys])
    another = often[most] >= _OFTEN and often[most] > 3 * often[nearest[1]] and document.sentence(at) - document.sentence(nearest[0]) > 1
    return next(one for one in people if one[1] == most) if another else nearest


def _in_passing(document: Document, where: tuple[int, Keys], at: int) -> bool:
    """Whether who bears a bare title, "the president", is named once and far off in a text about somebody else: "President Roe" of twenty years ago."""
    offset, keys = where
    if len(document.places.get(keys[-1], ())) > 1 or abs(document.sentence(at) - document.sentence(offset)) <= _FAR:
        return False
    return document.once(_most_named) >= _OFTEN


def _most_named(document: Document) -> int:
    """How often the person named most often is named, by the last word of the name."""
    return max((len(document.places.get(keys[-1], ())) for keys in document.mentions if _is_person(document, keys) or keys[0] in known().genders), default=0)


def _described_by(document: Document, asked: frozenset[str], head: str, human: bool) -> Sequence[tuple[int, Keys]]:
    """Where a name is described with all of these words, by this head."""
    found = {(one.start, one.keys) for one in _told_with(document, asked) if head in head_words(one.phrase)}
    return sorted(one for one in found if not human or may_be_human(document, one[1]))


def _told_with(document: Document, asked: frozenset[str]) -> list[Told]:
    """The descriptions with all of these words, by their rarest one."""
    rarest = min((document.told_of.get(key, []) for key in asked), key=len)
    return [one for one in rarest if asked <= one.words]


def by_head(document: Document, words: Sequence[Word], head: Sequence[Word], at: int) -> Keys | None:
    """The name with the same head in its descriptions and no other state in them: of several the one with most words in common, then the nearest."""
    core = frozenset(word.key for word in head if not function(word))
    bearers = document.once(_office_holders, core, " ".join(word.text for word in words)) if core else ()
    here = bisect_left(bearers, (at,))
    near = bearers[max(0, here - 1) : here + 1]
    return min(near, key=lambda one: (abs(one[0] - at), one[1]))[2] if near else None


def _office_holders(document: Document, core: frozenset[str], phrase: str) -> Sequence[tuple[int, int, Keys]]:
    """Where a name is described by this head, with no other state and the most words of the phrase: (offset, rank, name)."""
    heads = (core, *known().fuller.get(next(iter(core)), ())) if len(core) == 1 else (core,)
    asked, states, of = told_words(phrase), states_in(phrase), complement(phrase)
    stated = bool(states & document.states)
    found = []
    for one in (one for head in heads for one in _told_with(document, head) if head & head_words(one.phrase)):
        theirs = states_in(one.phrase)
        another = of and not of & one.words and complement(one.phrase)  # "governor of the Kursk region", "governor of Russia's Belgorod region"
        if not may_be_human(document, one.keys) or another_office(phrase, one.phrase):
            continue
        if not (states and theirs - states) and (theirs or not stated) and not another:
            found.append((len(asked & one.words), one))
    most = max((shared for shared, _ in found), default=0)
    return sorted({(one.start, one.rank, one.keys) for shared, one in found if shared == most})


def complement(phrase: str) -> frozenset[str]:
    """The names behind the first "of" of a description, but for states: of what somebody is the head."""
    words = words_of(phrase)
    of = next((i for i, word in enumerate(words) if word.key == "of"), len(words))
    return frozenset(word.key for word in words[of + 1 :] if capital(word)) - states_in(phrase)


def named_state(words: Sequence[Word]) -> str:
    """What kind of place the words name wholly: country, capital, demonym ..., or nothing."""
    return next((str(kinds[0]) for first, end, kinds in matches(words, known().countries) if end - first == len(words)), "")
