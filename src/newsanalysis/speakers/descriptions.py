"""One source phrase: the name that it gives, or how it describes who speaks, or what must be looked up before it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from newsanalysis.codebooks import Word, matches, words_of
from newsanalysis.speakers.document import Document, by_description, complement, fullest, named_state, person, told
from newsanalysis.speakers.model import Speaker
from newsanalysis.speakers.names import cased, is_owned, names
from newsanalysis.speakers.words import (
    BODY_CLASSES,
    DEFINITE,
    FORMER,
    INDEFINITE,
    ISSUED,
    KEPT,
    NEWNESS,
    PARTIES,
    QUANTIFIERS,
    QUANTITY,
    SHARES,
    STATEMENTS,
    SUFFIXES,
    WITHIN,
    Term,
    capital,
    counts,
    function,
    is_first_name,
    is_lettered,
    is_number,
    is_participle,
    joined,
    known,
    looks_like_person,
    plain,
    possessive,
    terms_in,
    told_words,
)

_AT = ("in", "of", "from", "near", "at", "outside", "around")  # before a place
_NEAR = 100  # descriptions of a body that are looked at on either side
_PRONOUNS = {"he": "m", "she": "f", "they": "they", "it": "it", "who": "who", "which": "who", "that": "who", "i": "we", "we": "we"}
_POSSESSIVES = {"his": "m", "her": "f", "its": "it", "their": "they", "whose": "who"}
_NEITHER = re.compile(r"^neither (.+?) nor ", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_BRACKETS = re.compile(r"\s*\([^)]*\)")


class Open(NamedTuple):
    """A source that what stands before it must resolve: a pronoun (its code), a description, or what belongs to a pronoun ("her lawyer")."""

    what: str  # m, f, they, it, who, we; person, office, body, same, statement, part, one; possessor
    words: Sequence[Word] = ()
    head: Sequence[Word] = ()
    speaker: Speaker = Speaker(None)  # where nothing is found
    pronoun: str = ""  # of a possessor


def source(document: Document, phrase: str, at: int, *, anonymous: bool = False) -> Speaker | Open:
    """Return the speaker of one source phrase, or what must be looked up first; an anonymous one is nobody whom the text names elsewhere."""
    phrase = _THOUSANDS.sub(" ", _NEITHER.sub(r"\1 and ", phrase))
    words = words_of(phrase)
    if not words:
        return Speaker(None)
    first = words[0].key
    if len(words) == 1 and not (len(words[0].text) > 1 and words[0].text.isupper()) and first in {**_PRONOUNS, **_POSSESSIVES}:
        return Open(_PRONOUNS.get(first) or _POSSESSIVES[first])
    called = words_of(phrase)[1:] if function(words[0]) == "determiner" else words
    if len(called) == 1 and called[0].text in document.acronyms:
        return Speaker(document.acronyms[called[0].text], "body", "", (phrase,), -1, "acronym")
    if first in ("who", "which"):
        return Open("who")
    if first in ("he", "she", "they", "we") and len(words) < 4:
        return Open(_PRONOUNS[first])
    if len(words) == 1 and capital(words[0]) and fullest(document, (first,)) != (first,):  # a surname that is a word for others too: "Cuban"
        return person(document, (first,), phrase, at, False)
    if is_part(words):
        return Open("part", words, words, Speaker(lowered(document, words, _plain_words(phrase, words)), "people", "", (phrase,), -1, "as_described"))
    if len(words) > 2 and words[-1].key in ("them", "those") and words[-2].key == "of" and is_part(words[:-2]):
        return Open("they")
    several = _several(document, phrase, at) if "and" in phrase else None
    return several or _named(document, phrase, words, at) or _one_of_them(words, phrase) or _description(document, phrase, words, at, anonymous=anonymous)


def _one_of_them(words: Sequence[Word], phrase: str) -> Open | None:
    """One of a group that is named before: "one of them", "another of them, who left early"."""
    if [word.key for word in words[1:3]] != ["of", "them"] or words[0].key not in ("one", "another"):
        return None
    shown = _plain_words(phrase, words[:3])
    return Open("one", words, words[:1], Speaker(shown[0].lower() + shown[1:], "someone", "", (phrase,), -1, "as_described"))


# --- names --------------------------------------------------------------------------------------------------------------


def _segments(text: str, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Pieces of a phrase between commas, brackets and dashes."""
    apart = (i for i in range(1, len(words)) if text[words[i - 1].end : words[i].start].strip(WITHIN + '"“”') and words[i].key not in SUFFIXES)
    cuts = [0, *apart, len(words)]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def _is_place(words: Sequence[Word], first: int, end: int) -> bool:
    """Whether what stands behind a comma tells where the place before it is: "residents of Washington, | D.C.", "a teacher in Paris, | Texas"."""
    at = first - 1
    while at and capital(words[at]) and not function(words[at]):
        at -= 1
    if at == first - 1 or words[at].key not in _AT or not all(map(capital, words[first:end])) or is_first_name(words[first]):
        return False
    _, _, head = _head(words[:at])
    several = head is not None and head.kind == "people"
    return is_lettered(words[end - 1]) or several or (end - first == 1 and words[0].key in ("a", "an", "one", "another"))


def _named(document: Document, phrase: str, words: Sequence[Word], at: int) -> Speaker | None:
    """Rule 1: the personal or other proper name that a source phrase gives, if it does."""
    for first, end in _segments(phrase, words):
        if first and _is_place(words, first, end):
            continue
        for name in names(phrase, words[first:end]):
            run, start, stop = name.run + first, name.first + first, name.end + first
            before = function(words[run - 1]) if run > first else ""
            follows = function(words[stop]) if stop < end else "preposition"
            nobody = stop - start == 1 and (words[start].key in SHARES or words[start].key in INDEFINITE or (not start and _amount(words)))
            if before in ("preposition", "conjunction") or nobody or (before == "determiner" and start == run):
                continue
            if run > first + 1 and is_owned(words, run):
                continue
            titles = terms_in(words[first:start])
            titled = any(term.kind in ("person", "modifier") for _, _, term in titles)
            behind = any(term.kind == "person" and first + till == run for _, till, term in titles)
            whole = behind and stop - start > 1 and not any(function(word) == "preposition" for word in words[first:run])  # "professor Anil Deshmukh"
            inside = run > first and not (titled and (whole or is_first_name(words[start])))  # "a Reuters reporter", but "lead author Ann Lee of Bergen"
            if run > first and words[run - 1].key.endswith("ing") and any(term.kind == "person" for _, _, term in terms_in(words[first : run - 1])):
                continue  # "a pastor supporting Ann Lee"
            if stop < end and (inside or follows not in ("preposition", "pronoun") or possessive(words[stop - 1])):
                continue
            titled = titled or any(term.kind == "body" and first + till == run for _, till, term in terms_in(words[first:run]))  # "the newspaper Haaretz"
            keys = tuple(word.key for word in words[start:stop])
            if stop - start == 1 and not titled and not _is_name(document, words, (first, run, stop, end), at):
                continue
            if named_state(words[start:stop]) in ("country", "capital"):
                continue
            document.shown.setdefault(keys, cased(plain(phrase, words, start, stop)))
            return person(document, keys, phrase, at, titled)
    return None


def _is_name(document: Document, words: Sequence[Word], places: tuple[int, int, int, int], at: int) -> bool:
    """Whether a single capitalised word without a title is a name: not "a Russian", nor "Shopkeepers in the High Street"."""
    first, run, stop, end = places
    keys = (words[run].key,)
    if fullest(document, keys) != keys or keys[0] in known().genders:
        return True
    if run > first:
        return False
    plural = keys[0].endswith("s") and stop < end and document.bounds and document.bounds[document.sentence(at)][0] == at
    return not (keys[0] in document.common or plural) or document.once(has_capital_within, keys[0])


def _listed(phrase: str) -> list[str]:
    """The parts of "A, B and C" or "A and B"; commas of appositions divide nothing."""
    *commas, last = re.split(r",?\s+and\s+", phrase, maxsplit=1) if " and " in phrase else ["", ""]
    listed = [part for part in commas[0].split(", ") if part] if commas and last else []
    return [*listed, last] if listed else []


def _several(document: Document, phrase: str, at: int) -> Speaker | None:
    """Persons joined by "and": each in full, "Rand Paul and Marco Rubio"; "Netanyahu and other leaders"."""
    parts = _listed(_BRACKETS.sub("", phrase))
    found: list[str] = []
    described, kinds = [phrase], set()
    for number, part in enumerate(parts):
        words = words_of(part)
        wholly = words and capital(words[-1]) and (capital(words[0]) or function(words[0]) == "") and not possessive(words[-1])
        one = _named(document, part, words, at) if wholly else None
        if one is None and found and words and words[0].key == "the" and capital(words[-1]):
            shown = _plain_words(part, words[1:])  # "Ann Lee and the White House"
            one = Speaker(_acronym(document, shown) or shown, "body") if any(term.kind == "body" for _, _, term in terms_in(words)) else None
        if one is None:
            rest = words and number == len(parts) - 1 and words[0].key in ("other", "others", "his", "her", "their", "its", "several")
            if not rest or not found:
                return None
            found.append(part)
            kinds.add("people")
        else:
            found.append(str(one.name))
            described += one.described
            kinds.add(one.kind)
    if len(found) < 2 or ("name" in kinds and "person" not in kinds):
        return None
    return Speaker(" and ".join([", ".join(found[:-1]), found[-1]]), "people", "", tuple(dict.fromkeys(described)), -1, "name")


# --- descriptions -------------------------------------------------------------------------------------------------------


def _head(words: Sequence[Word]) -> tuple[int, int, Term | None]:
    """The head of a description: the last word before a preposition, relative or participle; for "one of the officials", the officials."""
    end = len(words)
    for i, word in enumerate(words):
        if i and not capital(word) and (function(word) in ("preposition", "pronoun", "time") or word.key in ISSUED or word.key in ("last", "earlier")):
            end = i
            break
        if _tells_what_happened(words, i):
            end = i
            break
    found = terms_in(words[:end])
    if found and found[-1][1] == end:
        return found[-1][0], end, found[-1][2]
    empty = all(function(word) or word.key.isdigit() for word in words[:end])
    later = terms_in(words) if empty or not found else []
    if (empty or words[end - 1].key in ("group", "handful", "dozens", "hundreds", "thousands", "majority", "number", "crowd")) and later:
        return later[0]
    return end - 1, end, None


def _tells_what_happened(words: Sequence[Word], at: int) -> bool:
    """Whether a participle behind a word for persons begins what happened to them: "soldiers | captured by the rebels"."""
    if not at or at + 1 == len(words) or not is_participle(words[at]) or function(words[at + 1]) not in ("preposition", "time"):
        return False
    found = terms_in(words[:at])
    return bool(found) and found[-1][1] == at and found[-1][2].kind in ("person", "people")


def _cut(text: str, words: Sequence[Word], is_document: bool) -> int:
    """One past the last word of a description that is kept: "a reporter | outside the building", "a poll | released on Monday", "a man with a dog | who"."""
    for i, word in enumerate(words[1:], start=1):
        if text[words[i - 1].end : word.start].strip(WITHIN + '"“”'):
            return i
        kind = function(word)
        after = next((w for w in words[i + 1 :] if function(w) != "determiner"), None)
        named = after is not None and capital(after) and function(after) != "time"
        if is_document and (word.key == "by" or (word.key in ISSUED and after and (after.key == "by" or (after.key == "in" and i + 2 < len(words))))):
            continue
        if (is_document and word.key in ISSUED) or _tells_what_happened(words, i):
            return i
        owned = i + 1 < len(words) and words[i + 1].key in _POSSESSIVES  # "in his forties"
        kept = word.key in (*KEPT, "with") or (word.key in ("in", "at") and (named or owned))
        if (kind == "pronoun" and words[i - 1].key != "of") or (kind == "preposition" and not kept):
            return i
    return len(words)


_AMOUNTS = (SHARES | QUANTIFIERS) | {"dozen", "cent", "of"}  # the last word of an amount, if no number


def _amount(words: Sequence[Word]) -> int:
    """How many words at the beginning tell an amount that is not plainly a number: "more than 4 000 | people", "up to ten | nurses", "almost every | nurse".

    >>> [_amount(words_of(told)) for told in ("More than 40 people", "Three in four nurses", "Around the world", "Some nurses")]
    [3, 3, 0, 0]
    """
    end = numbers = 0
    while end < len(words) and words[end].key not in ("other", "the", "those", "these"):
        word = words[end]
        number = (
            is_number(word)
            or word.key in SHARES
            or word.key in QUANTIFIERS
            or (word.text.isdigit() and end > 0 and words[end - 1].key in QUANTITY)
            or word.key in ("every", "all", "dozen")
        )
        if not (number or word.key in QUANTITY or function(word) == "determiner" or (numbers and word.key == "in") or (end and word.key in ("to", "than"))):
            break
        numbers += number
        end += 1
    while end and not (
        is_number(words[end - 1]) or words[end - 1].text.isdigit() or function(words[end - 1]) == "determiner" or words[end - 1].key in _AMOUNTS
    ):
        end -= 1
    return end if 1 < end < len(words) and numbers and function(words[end]) != "preposition" else 0


def _unquantified(words: Sequence[Word]) -> Sequence[Word]:
    """A description without how many: "hundreds of", "46 percent of", "some", "only two", "more than 40"."""
    amount = _amount(words)
    if amount and words[0].key not in ("both", "other") and not _stands_for_people(words[amount:]):
        words = words[amount:]
    of = next((i for i, word in enumerate(words[:4]) if word.key == "of"), 0)
    if of and of + 1 < len(words) and (counts(words[of - 1]) or words[of - 1].key in SHARES) and not _stands_for_people(words[of + 1 :]):
        words = words[of + 1 :]
    while len(words) > 1 and words[0].key not in ("other", "both") and counts(words[0]) and function(words[1]) != "preposition":
        words = words[1:]
    return words


def is_part(words: Sequence[Word]) -> bool:
    """Whether a source only tells how many: "only nine percent", "some", "three in four"; neither "one" nor "another"."""
    counted = bool(words) and words[-1].key != "one" and (words[-1].key in SHARES or is_number(words[-1]))
    return counted and all(counts(word) or word.key in SHARES or word.key in QUANTITY for word in words)


def part_of_group(words: Sequence[Word]) -> bool:
    """Whether a source is part of a group, "some", "some residents", "nine percent of the voters", to which "others" may belong too."""
    return is_part(words) or words[0].key == "some" or any(map(is_number, words[:3]))


def _stands_for_people(words: Sequence[Word]) -> bool:
    """Whether a pronoun follows without a noun: "us", "those who came", "those polled", but "those advisers"."""
    alone = len(words) == 1 or function(words[1]) in ("pronoun", "preposition") or words[1].key.endswith(("ed", "ing"))
    return words[0].key in ("us", "them", "you") or (words[0].key == "those" and alone)


def lowered(document: Document, words: Sequence[Word], shown: str) -> str:
    """A capital that only the start of a sentence gives is taken back: "Officials", but "Foreign Ministry" and "Kremlin"."""
    if len(words) > 1 and capital(words[1]) and words[1].key not in known().before_names:
        return shown
    found = terms_in(words)
    lexical = words[0].key in known().function or (found and found[0][0] == 0 and found[0][2].term[0].islower()) or words[0].key in document.common
    lexical = lexical or words[0].key in SHARES or words[0].key in INDEFINITE or _adjectives(document, words)
    lexical = lexical or (len(words) > 1 and words[0].key.endswith("s") and not possessive(words[0]) and function(words[1]) == "preposition")
    return shown[0].lower() + shown[1:] if lexical and not words[0].text[1:2].isupper() else shown


def _adjectives(document: Document, words: Sequence[Word]) -> bool:
    """Whether a description begins with two adjectives, "Legal and military experts", none of them a name, a state's or a party's."""
    joined_by_and = len(words) > 3 and words[1].key == "and" and not capital(words[2]) and not function(words[2])
    proper = bool(named_state(words[:1]) or told_words(words[0].text) & PARTIES) or fullest(document, (words[0].key,)) != (words[0].key,)
    return joined_by_and and not proper and not document.once(has_capital_within, words[0].key)


def has_capital_within(document: Document, key: str) -> bool:
    """Whether a word stands as a name elsewhere than at the beginning of a sentence."""
    return any(mention.start != document.bounds[document.sentence(mention.start)][0] for mention in document.mentions.get((key,), ()))


def descriptions(document: Document, head: str) -> list[tuple[int, Sequence[Word], str]]:
    """Every description with this head word in the outlet's own words: (offset, words, as it stands)."""
    return document.once(_descriptions, head)


def _descriptions(document: Document, head: str) -> list[tuple[int, Sequence[Word], str]]:
    words, text = document.words, document.text
    found, plural = [], head.endswith("s") and not head.endswith("ss")  # where people are seldom belongs to them: "met envoys in Goma"
    for i in document.places.get(head, ()):
        word = words[i]
        if document.is_quoted(word.start):
            continue
        first = i
        while first and i - first < 5 and _in_phrase(text, words[first - 1], words[first]) and not function(words[first - 1]):
            if possessive(words[first - 1]) and not capital(words[first - 1]):
                break
            first -= 1
        first = _whole_name(text, words, first, i)
        while first < i and (words[first].key in NEWNESS or words[first].key in FORMER):
            first += 1
        determined = first > 0 and function(words[first - 1]) == "determiner" and joined(text, words[first - 1], words[first])
        while not determined and first < i and not (capital(words[first]) or "-" in words[first].text):
            first += 1
        end = i + 1
        if end + 1 < len(words) and not plural and words[end].key in ("in", "of", "at") and joined(text, word, words[end]):
            place = end + 1 + (words[end].key != "in" and words[end + 1].key == "the")
            begin = place
            while place < len(words) and capital(words[place]) and joined(text, words[place - 1], words[place]) and not function(words[place]):
                place += 1
            end = place if place > begin else end
        found.append((words[first].start, words[first:end], plain(text, words, first, end)))
    return found


def _whole_name(text: str, words: Sequence[Word], first: int, head: int) -> int:
    """The first word of a body's name that goes on before "and" or "of": "the Dock and Pier Company", "the Bank of Riverton Company"."""
    begin = first - 2
    if begin < 1 or first == head or words[first - 1].key not in ("and", "of") or not (capital(words[head]) and capital(words[first])):
        return first
    while begin > 1 and capital(words[begin - 1]) and not function(words[begin - 1]) and joined(text, words[begin - 1], words[begin]):
        begin -= 1
    part = words[begin : first - 1]
    whole = all(joined(text, one, two) for one, two in pairwise(words[begin - 1 : first + 1])) and words[begin - 1].key == "the" and capital(part[-1])
    other = any(term.kind == "person" or words[first - 1].key == "and" for _, _, term in terms_in(part)) or any(matches(part, known().countries))
    return begin if whole and not other and not function(part[-1]) else first


def _in_phrase(text: str, one: Word, two: Word) -> bool:
    return joined(text, one, two) or text[one.end : two.start] == "/"


def _fuller(document: Document, words: Sequence[Word], shown: str, head: str, at: int) -> str:
    """Rule 3: the fullest description: first the nearest before that has all the words, then the fullest that has all of its words."""
    described = descriptions(document, head)
    here = bisect_left(described, at, key=lambda body: body[0])
    described = described[max(0, here - _NEAR) : here + _NEAR]
    asked = {word.key for word in words if not function(word) and word.key not in NEWNESS}

    def covers(told: Sequence[Word]) -> bool:
        return asked <= {word.key for word in told}

    before = [b for b in described if b[0] < at and covers(b[1]) and len(b[1]) > len(asked)]
    other = [b for b in described if b[0] >= at + len(shown) and covers(b[1]) and len(b[1]) > len(asked)]
    if len(asked) == 1 and (before or other):
        nearest = before[-1] if before else other[0]
        asked, shown = {word.key for word in nearest[1] if not function(word)}, nearest[2]
    fuller = [b for b in described if covers(b[1])]
    best = max(fuller, key=lambda b: (len(b[1]), -abs(b[0] - at)), default=None)
    return best[2] if best and len(best[1]) > len(words_of(shown)) else shown


def _acronym(document: Document, shown: str) -> str | None:
    """What an acronym stands for: introduced in brackets, else the only run of capitalised words with its letters."""
    if shown in document.acronyms:
        return document.acronyms[shown]
    return document.once(_spelled_out, shown) if 1 < len(shown) < 7 and shown.isalpha() and shown.isupper() else None


def _initials(document: Document) -> dict[str, list[int]]:
    """Words that begin with a capital, by their first letter."""
    found: dict[str, list[int]] = {}
    for i, word in enumerate(document.words):
        if capital(word) and not word.text.isupper():
            found.setdefault(word.key[:1], []).append(i)
    return found


def _spelled_out(document: Document, shown: str) -> str | None:
    """The first run of capitalised words with these letters."""
    letters, words, text = shown.lower(), document.words, document.text
    for first in document.once(_initials).get(letters[0], ()):
        end, left = first, 0
        while end < len(words) and left < len(letters) and (end == first or joined(text, words[end - 1], words[end])):
            if capital(words[end]) and words[end].key[:1] == letters[left] and not possessive(words[end]):
                left += 1
            elif function(words[end]) not in ("preposition", "conjunction", "determiner"):
                break
            end += 1
        if left == len(letters) and not (end < len(words) and capital(words[end]) and joined(text, words[end - 1], words[end])):
            return plain(text, words, first, end)
    return None


def _description(document: Document, phrase: str, words: Sequence[Word], at: int, *, anonymous: bool) -> Speaker | Open:
    """Rules 2, 3 and 5: a source without a personal name."""
    article = words[0].key if len(words) > 1 and (function(words[0]) == "determiner" or words[0].key == "one") else ""
    definite = article in DEFINITE or possessive(words[0])
    words = words[1:] if article == "both" and " and " in phrase else words
    owner = _POSSESSIVES.get(article, "") if len(words) > 1 else ""
    opening, words = words[0], _unquantified(words)
    first, end, term = _head(words)
    is_document = term is not None and term.kind == "document"
    while first > 0 and words[0].key in NEWNESS and (is_document or article == "another") and not (capital(words[0]) and capital(words[1])):
        words, first, end = words[1:], first - 1, end - 1
    words = words[: _cut(phrase, words, is_document)]
    while len(words) > 1 and function(words[-1]) == "conjunction":
        words = words[:-1]
    end = min(end, len(words))
    first = min(first, end - 1)
    shown = _plain_words(phrase, words)
    spelled_out = _acronym(document, shown)
    if spelled_out:
        return Speaker(spelled_out, "body", "", (phrase,), -1, "acronym")
    state = named_state(words)
    if state in ("country", "capital"):
        meant = _state_of(document, words) if state == "capital" else None
        return Speaker(meant or shown, "state", "", (phrase,), -1, "metonym" if meant else "as_described")
    shown = shown if words[0].start > opening.start else lowered(document, words, shown)
    if words[0].key in INDEFINITE and (len(words) == 1 or function(words[1]) in ("preposition", "pronoun")):
        return Speaker(shown, "", "", (phrase,), -1, "as_described")
    if term is None:
        return _unknown(document, Speaker(shown, "", "", (phrase,), -1, "as_described"), words, end, article)
    if term.kind == "person" and not owner and not anonymous and (definite or not article):
        bearer = by_description(document, words, at, human=True) or by_description(document, words[:end], at, human=True)
        if bearer and _of_another(told(document, bearer), complement(phrase)):
            bearer = None
        if bearer:
            return person(document, bearer, phrase, at, True)._replace(basis="description")
    agency = term.kind == "body" and term.role == "media" and end == len(words) and not capital(words[end - 1])  # but "Donetsk News Agency"
    medium = _medium(words, first) if agency else 0
    if medium:
        return Speaker(plain(phrase, words, first - medium, first), "body", "", (phrase,), -1, "name")
    fuller = _fuller(document, words, shown, words[end - 1].key, at) if definite and not owner and term.kind != "person" else shown
    if term.kind in ("person", "people") and not owner and fuller == shown:
        fuller = _with_body(document, words, first, shown, at)
    basis = "as_described" if fuller == shown else "description"
    name = f"unnamed {fuller}" if term.unnamed and not fuller.startswith("unnamed") and not owner else fuller
    kind = "someone" if term.kind == "person" else term.kind
    known_at = at if article and article not in ("a", "an", "one", "another", "some", "any", "many") else -1
    speaker = Speaker(name, kind, term.gender, (phrase,), known_at, basis)
    if owner:
        return Open("possessor", words, words[first:end], speaker._replace(name=shown), owner)
    if kind == "someone" and not article and not term.unnamed and term.weight == "strong":
        return Open("office", words, words[first:end], speaker)  # as headlines write: "Deputy PM: talks have failed"
    if not definite or (basis == "description" and kind not in ("document", "people")):
        return speaker
    what = "statement" if words[end - 1].key in STATEMENTS else {"person": "person", "body": "body"}.get(term.kind, "same")
    return Open(what, words, words[first:end], speaker) if _takes_up(phrase, what, words, end) else speaker


def _of_another(phrases: Sequence[str], of: frozenset[str]) -> bool:
    """Whether somebody is told as head of something else: "governor of the Lundmark region" is not the "governor of the Quist region"."""
    return bool(of) and any(map(complement, phrases)) and not any(of & told_words(phrase) for phrase in phrases)


def _with_body(document: Document, words: Sequence[Word], first: int, shown: str, at: int) -> str:
    """A description with the body that it takes up in full: "a spokesman for the ministry", "a ministry official", "the alliance's envoy"."""
    for i, word in enumerate(words):
        last = i + 1 == len(words) and i > 1 and words[i - 1].key == "the" and words[i - 2].key in KEPT
        if not last and (i or not (first == 1 or possessive(word)) or capital(word)):
            continue
        body = plain(word.text, [word._replace(start=0, end=len(word.text))], 0, 1)
        meant = epithet(document, [word])
        if meant:
            return re.sub(rf"\b(?:the )?{re.escape(body)}\b", meant, shown, count=1)
        if terms_in([word]) and terms_in([word])[0][2].kind == "body" and not capital(word):
            before = [b for b in descriptions(document, word.key) if b[0] < at and len(b[1]) > 1]
            if before and any(map(capital, before[-1][1])):
                return shown.replace(body, before[-1][2], 1)
    return shown


def _medium(words: Sequence[Word], first: int) -> int:
    """How many words before "news agency" are its name: none in "Russian news agency", one in "the independent UNIAN agency"."""
    states = {i for begin, end, _ in matches(words[:first], known().countries) for i in range(begin, end)}
    named = first
    while named and capital(words[named - 1]) and function(words[named - 1]) == "" and not possessive(words[named - 1]):
        named -= 1
    own = [i for i in range(named, first) if i not in states and words[i].key not in known().before_names]
    return first - min(own) if own else 0


def of_its_own(words: Sequence[Word], head: int) -> bool:
    """Whether a name, but for places and offices, stands before a head: "the Unity Party leader", "the Lund Leader"; not "the South Carolina Republican"."""
    places = {i for first, till, _ in matches(words[:head], known().countries) for i in range(first, till)}
    return any(capital(words[i]) and not function(words[i]) and i not in places and words[i].key not in known().before_names for i in range(head))


def _takes_up(phrase: str, what: str, words: Sequence[Word], end: int) -> bool:
    """Whether a description may take up somebody named before: one that says more ("the designer who left", "the World Bank") stands for itself."""
    if what == "person" and capital(words[end - 1]) and words[end - 1].key not in PARTIES and of_its_own(words, end - 1):
        return False  # as a newspaper: "the Lund Leader"
    if capital(words[end - 1]) and words[end - 1].key not in PARTIES and what != "person":
        return False
    if what == "person":
        counted = len(words) == end + 2 and words[end].key == "of" and counts(words[-1])  # "the mother of three"
        return (end == len(words) or counted) and not phrase[phrase.rfind(words[-1].text) + len(words[-1].text) :].strip(" ,’'s")
    states = {first for first, _, _ in matches(words, known().countries)}
    return what in ("same", "statement") or not any(capital(word) and i not in states and function(word) == "" and i for i, word in enumerate(words))


def _plain_words(phrase: str, words: Sequence[Word]) -> str:
    return plain(phrase, words, 0, len(words))


def _unknown(document: Document, speaker: Speaker, words: Sequence[Word], end: int, article: str) -> Speaker | Open:
    """A description whose head the lexicon lacks: a person by its ending, demonym or party, else a name, people or a body."""
    head, phrase = words[end - 1], speaker.described[0]
    owner = _POSSESSIVES.get(article, "")
    demonym = any(kinds[0] == "demonym" for _, _, kinds in matches([head], known().countries))
    someone = looks_like_person(head) or head.key in PARTIES or (demonym and not head.key.endswith("s")) or words[0].key in ("mother", "father")
    if article and someone and (head.key in PARTIES or demonym or not capital(head)):
        speaker = speaker._replace(kind="someone")
    else:
        kind = "name" if capital(head) else "people" if head.key.endswith("s") and not head.key.endswith("ss") else "body"
        speaker = speaker._replace(kind=kind)
    if owner:
        return Open("possessor", words, [head], speaker, owner)
    if head.key in STATEMENTS:
        speaker = speaker._replace(kind="document")
    if article in ("the", "this", "that") or any(map(possessive, words[: end - 1])):
        if speaker.kind == "someone":
            return Open("person", words, [head], speaker) if _takes_up(phrase, "person", words, end) else speaker
        if speaker.kind in ("body", "document") and (head.key in BODY_CLASSES or head.key in STATEMENTS or epithet(document, words)):
            return Open("statement" if head.key in STATEMENTS else "body", words, [head], speaker)
        if not capital(head):
            return Open("same", words, [head], speaker)
    return speaker


def epithet(document: Document, words: Sequence[Word]) -> str | None:
    """The body that a description commonly means ("the alliance"), if the text names it."""
    keys = tuple(word.key for word in words)
    meant = (name for first in range(len(keys)) for name in known().epithets.get(keys[first:], ()))
    return next((name for name in meant if _stands_in(document, name)), None)


def _state_of(document: Document, words: Sequence[Word]) -> str | None:
    """The state for which its capital stands ("Moscow said"), by its usual name, if the text names it."""
    names = known().states.get(tuple(word.key for word in words), ())
    return names[0] if any(_stands_in(document, name) for name in names) else None


def _stands_in(document: Document, name: str) -> bool:
    return document.once(_is_in, name)


def _is_in(document: Document, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}(?!\w)", document.text) is not None
