"""Whom a pronoun or a description takes up: one order of salience for all.

Sentence by sentence backwards, the sentence at hand first: the nearest source before it whose speaker fits; else the first person
whom the outlet's own words name there; for bodies, else the sentence's subject.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple

from newsanalysis.attribution.lexicon import verbs
from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Word, words_of
from newsanalysis.speakers.descriptions import Open, descriptions, epithet, has_capital_within, is_part, lowered, of_its_own, part_of_group, source
from newsanalysis.speakers.document import Document, by_description, by_head, fullest, named_state, person, taken_up_as_human
from newsanalysis.speakers.model import Said, Speaker
from newsanalysis.speakers.names import names
from newsanalysis.speakers.words import (
    BODY_CLASSES,
    EPITHETS,
    GENERIC_BODIES,
    KEPT,
    NEWNESS,
    PARTIES,
    PERSON_OR_BODY,
    STATEMENTS,
    STYLES,
    capital,
    function,
    joined,
    plain,
    possessive,
    states_in,
    terms_in,
)

_FAR = 6  # sentences that a pronoun looks back
_NEAR = 3  # sentences that a description looks back
_OFTEN = 2  # times that a name of unknown kind stands in a text that a word for a person or a firm takes up
_BESIDE = 300  # characters between "some" and "others"
_SUBORDINATORS = words_of_class("subordinator")
_SUBJECT = 9  # words that a subject has at most
_STRANGE = 2  # of these, at most, that are neither names nor of the lexicon
_SYNONYMS = {"survey": "poll", "paper": "study", "research": "study"}
_LOOSE = ("some", "many", "most", "few", "several")
_STRONG = ("official", "military")


def phrase_keys(phrase: str) -> set[str]:
    """The words of a phrase, of synonyms the usual one."""
    return {_SYNONYMS.get(word.key, word.key) for word in words_of(phrase)}


class Spoken(NamedTuple):
    """A source whose speaker is known, by offset."""

    start: int
    end: int
    n: int
    speaker: Speaker


class Before(NamedTuple):
    """What is known when a source is resolved: the document, all attributions, the sources resolved so far, and genders that pronouns told."""

    document: Document
    said: list[Said]
    spoken: list[Spoken]
    genders: dict[str, str]
    described: dict[str, list[Spoken]]  # those sources, by each word of their phrase
    contents: list[tuple[int, int, int]]  # of all attributions, in order: start, end, number
    reach: list[int]  # how far the contents up to each go

    def add(self, one: Spoken) -> None:
        """Take in a source that has been resolved."""
        insort(self.spoken, one, key=lambda s: s.start)
        for key in phrase_keys(one.speaker.described[0]) if one.speaker.described else ():
            insort(self.described.setdefault(key, []), one, key=lambda s: s.start)

    def around(self, at: int) -> list[Spoken]:
        """The resolved sources in whose contents an offset lies."""
        i, numbers = bisect_right(self.contents, (at, len(self.document.text), len(self.said))), set()
        while i and self.reach[i - 1] > at:
            i -= 1
            if self.contents[i][1] > at:
                numbers.add(self.contents[i][2])
        starts = sorted({self.said[n].source[0][0] for n in numbers if self.said[n].source})
        return [s for start in starts for s in self.between(start, start + 1) if s.n in numbers]

    def between(self, start: int, end: int) -> list[Spoken]:
        """The resolved sources that begin between two offsets."""
        return self.spoken[bisect_left(self.spoken, start, key=lambda s: s.start) : bisect_left(self.spoken, end, key=lambda s: s.start)]

    def sentences(self, at: int, back: int) -> list[tuple[int, int]]:
        """The sentences before an offset, the nearest first, each cut at the offset."""
        here = self.document.sentence(at)
        return [(start, min(end, at)) for start, end in reversed(self.document.bounds[max(0, here - back) : here + 1])]


def beginning(document: Document, said: list[Said]) -> Before:
    """What is known before any source is resolved."""
    contents = sorted((start, end, n) for n, one in enumerate(said) for start, end in one.content)
    return Before(document, said, [], {}, {}, contents, list(accumulate((end for _, end, _ in contents), max)))


def fits(before: Before, speaker: Speaker, pronoun: str) -> bool:
    """Whether a speaker may be meant by a pronoun, by kind and gender."""
    if pronoun in ("m", "f", "person"):
        gender = before.genders.get(speaker.name or "", speaker.gender)
        return speaker.kind in ("person", "someone", "name") and (pronoun == "person" or gender in ("", pronoun))
    if pronoun == "they":
        return speaker.kind in ("people", "body", "name")
    return speaker.kind in ("body", "state", "document", "name")


def _named(before: Before, start: int, end: int, pronoun: str) -> Speaker | None:
    """The first person named between two offsets, outside quotations, whom "he" or "she" may mean."""
    document = before.document
    first = bisect_left(document.in_order, (start,))
    for at, keys in document.in_order[first : bisect_left(document.in_order, (end,))]:
        if not document.is_quoted(at) and not _before_noun(document, at, keys):
            found = person(document, keys, document.shown[keys], at, False)
            if found.kind == "person" and fits(before, found, pronoun):
                return found
    return None


def _before_noun(document: Document, at: int, keys: tuple[str, ...]) -> bool:
    """Whether a name only tells which body or person is meant: "the Lee campaign", "a Lee spokesman"."""
    end = document.word_at(at) + len(keys)
    follows = document.words[end : end + 1]
    return (
        bool(follows)
        and not (capital(follows[0]) or possessive(document.words[end - 1]))
        and joined(document.text, document.words[end - 1], follows[0])
        and any(terms_in(follows))
    )


def subject(document: Document, start: int, end: int) -> Speaker | None:
    """What stands at the beginning of a sentence as its subject, if it names or describes somebody."""
    first = document.word_at(start)
    words = document.words[first : first + _SUBJECT + 1]
    if not words or document.is_quoted(words[0].start) or function(words[0]) in ("preposition", "pronoun", "conjunction", "verb"):
        return None
    stop, strange, ends = 0, 0, {till for _, till, _ in terms_in(words)}
    inside = {i for first_word, till, _ in terms_in(words) for i in range(first_word, till)}
    for i, word in enumerate(words[:_SUBJECT]):
        kind, both = function(word), word.key == "and" and i + 1 < len(words) and (capital(words[i + 1]) or words[i + 1].key in STYLES)
        belongs = word.key in KEPT and stop and (word.key == "of" or i in ends)  # "a spokesman for the bank", but "the bank | for once"
        if word.start >= end or (kind in ("verb", "pronoun", "conjunction") and not both) or (kind == "preposition" and not belongs):
            break
        another = kind == "determiner" and i and not function(words[i - 1])  # "A fish feeds the birds"
        strange += not (kind or capital(word) or i in inside)
        if another or strange > _STRANGE:
            break
        counts = i + 1 in ends or (capital(word) and (i or not kind))
        if stop == i and stop and not counts and i not in inside and kind != "preposition" and not both:
            break
        stop = i + 1 if counts else stop
    if not stop or (stop == 1 and 1 not in ends and not _stands_alone(document, words[0])):
        return None
    found = source(document, document.text[words[0].start : words[stop - 1].end], words[0].start)
    if isinstance(found, Open):
        return found.speaker if found.speaker.name and found.what != "possessor" else None
    return found if found.name else None


def main_clause(document: Document, start: int, end: int) -> int:
    """Where the last main clause of a sentence begins: after ", but", and after "On Monday," or "All in all," at the beginning.

    >>> from newsanalysis.speakers.document import read
    >>> text = "On Monday, Ann Lee came, but Bob Roe left."
    >>> text[main_clause(read(text, []), 0, 20):], text[main_clause(read(text, []), 0, 42):]
    ('Ann Lee came, but Bob Roe left.', 'Bob Roe left.')
    """
    first, last, words = document.word_at(start), document.word_at(end), document.words
    commas = [i for i in range(first + 1, last) if "," in document.text[words[i - 1].end : words[i].start]]
    buts = [i + 1 for i in commas if words[i].key == "but" and i + 1 < last]
    if buts:
        first = buts[-1]
    comma = next((i for i in commas if i > first), first)
    opening = words[first:comma]
    empty = 1 < len(opening) < 5 and not terms_in(opening) and not any(capital(word) or word.key in verbs() or function(word) == "verb" for word in opening[1:])
    adverb = 1 if opening and opening[0].key == "even" else 0
    skipped = empty or (adverb < len(opening) and function(opening[adverb]) == "preposition")
    return words[comma if skipped else first].start


def _stands_alone(document: Document, word: Word) -> bool:
    """Whether a capitalised word at the beginning of a sentence is a name: an acronym, a place, or written so elsewhere."""
    elsewhere = fullest(document, (word.key,)) != (word.key,) or document.once(has_capital_within, word.key)
    return function(word) == "" and (word.text.isupper() or bool(named_state([word])) or elsewhere)


def _oblique(before: Before, one: Spoken) -> bool:
    """Whether an unnamed source stands in a side clause, "a tweet from a reporter" or "a reporter who claimed", so that no "he" goes on with it."""
    document, cue = before.document, before.said[one.n].cue
    i = document.word_at(one.start) - 1
    within_cue = any(start <= document.words[i].start < end for start, end in cue)
    beside = document.words[i + 1].key in ("who", "which", "that") or (i >= 0 and function(document.words[i]) == "preposition" and not within_cue)
    return one.speaker.kind == "someone" and beside


def _apart(before: Before, one: Spoken, at: int, pronoun: str) -> bool:
    """Whether a description may take up a source in its own sentence: in another clause, not in "Asked by Bo Falk, | the baker"."""
    document = before.document
    between = document.words[document.word_at(one.end) : document.word_at(at)]
    return pronoun != "person" or any(function(word) == "conjunction" for word in between) or ";" in document.text[one.end : at]


def _of_pronoun_already(document: Document, start: int) -> bool:
    """Whether a sentence's subject is a pronoun, so that a name in it is somebody else: "He praised Bob Roe"."""
    return document.words[document.word_at(start)].key in ("he", "she") and not document.is_quoted(start)


def salient(before: Before, at: int, pronoun: str, back: int, accept: Callable[[Speaker], bool] = lambda _: True) -> Speaker | None:
    """The most salient speaker before an offset who fits: the one order for pronouns and descriptions."""
    for start, end in before.sentences(at, back):
        fitting = [
            s.speaker
            for s in before.between(start, end)
            if s.end <= at
            and fits(before, s.speaker, pronoun)
            and accept(s.speaker)
            and (_apart(before, s, at, pronoun) if end == at else pronoun not in ("m", "f") or not _oblique(before, s))
        ]
        sure = [speaker for speaker in fitting if speaker.kind != "name" or pronoun not in ("m", "f", "person")]
        if sure:
            return sure[-1 if end == at else 0]
        if pronoun in ("m", "f", "person"):
            beside = end == at and pronoun == "person"  # "After a visit to Mr Lund, the baker": somebody else
            unnamed = beside or _of_pronoun_already(before.document, start)
            found = (None if unnamed else _named(before, start, end, pronoun)) or (fitting[-1] if fitting else None)
        elif pronoun == "it":
            found = subject(before.document, main_clause(before.document, start, end), end)
            found = found if found and found.kind in ("body", "name", "document", "people") else None
        else:
            found = subject(before.document, main_clause(before.document, start, end), end)
            found = found if found and found.kind == "people" and not is_part(words_of(str(found.name))) else None
        if found and accept(found):
            return found
    return None


# --- pronouns -----------------------------------------------------------------------------------------------------------


def of_pronoun(before: Before, n: int, pronoun: str, at: int) -> Speaker:
    """Rule 4: whom a pronoun means."""
    if pronoun == "we":
        around = [s for s in before.around(at) if s.n != n]
        return around[-1].speaker if around else Speaker(None)
    found = _relative(before, at) if pronoun == "who" else salient(before, at, pronoun, _FAR, lambda s: pronoun != "it" or s.kind != "people")
    if found is None and pronoun in ("m", "f"):
        found = _named_after(before, at, pronoun)
    if found is None:
        return Speaker(None)
    if pronoun in ("m", "f") and found.name and not found.gender:
        before.genders[found.name] = pronoun
    return found._replace(basis="pronoun")


def _named_after(before: Before, at: int, pronoun: str) -> Speaker | None:
    """Who is meant by "Before he spoke, Ann Lee sat" and "“No,” he said. Bob Roe, 50, is a farmer", where nobody is named before."""
    document = before.document
    here = document.sentence(at)
    for n, (start, end) in enumerate(document.bounds[here : here + 2]):
        opening = document.words[document.word_at(start)]
        if n == 0 and not (function(opening) in ("preposition", "conjunction") or opening.key in _SUBORDINATORS):
            continue
        comma = document.text.find(", ", at, end) if n == 0 else start - 2
        found = subject(document, comma + 2, end) if comma + 2 < end and comma != -1 else None
        if found and found.kind == "person" and fits(before, found, pronoun):
            return found
    return None


def _relative(before: Before, at: int) -> Speaker | None:
    """Whom "who" or "which" means: the source that ends before it, else the name or description just before."""
    document = before.document
    near = [s for s in before.between(at - 60, at) if s.end <= at]
    last = near[-1].speaker if near else None
    if near and not document.text[near[-1].end : at].strip(" ,"):
        return last
    stop = document.word_at(at)
    first = stop
    while first and stop - first < _SUBJECT and document.words[first - 1].start >= max(0, at - 100):
        word, gap = document.words[first - 1], document.text[document.words[first - 1].end : (document.words[first].start if first < stop else at)]
        kind = function(word)
        if gap.strip(" ,") or ("," in gap and first < stop) or kind in ("verb", "pronoun", "conjunction") or (kind == "preposition" and word.key not in KEPT):
            break
        if not capital(word) and word.key in verbs() and first < stop and not terms_in([word]):
            break
        first -= 1
        if kind == "determiner":
            break
    if first == stop or function(document.words[stop - 1]):
        return last
    start = document.words[first].start
    found = source(document, document.text[start : document.words[stop - 1].end], start)
    found = found if isinstance(found, Speaker) else (_group(before, found, start) if found.what == "part" else None) or found.speaker
    return last if found.kind in ("", "body") and not terms_in(document.words[first:stop]) else found


# --- descriptions -------------------------------------------------------------------------------------------------------


def of_description(before: Before, n: int, asked: Open, at: int) -> Speaker:
    """Rules 2, 3 and 5, for a definite description that is not named so anywhere: who was spoken of before."""
    if asked.what == "possessor":
        owner = of_pronoun(before, n, asked.pronoun, at)
        whose = f"{owner.name}'" if owner.kind == "people" and str(owner.name).endswith("s") else f"{owner.name}'s"
        name = f"{whose} {asked.speaker.name}" if owner.name else asked.speaker.name
        described = (*asked.speaker.described, *owner.described)
        return asked.speaker._replace(name=name, described=described, basis="pronoun" if owner.name else "as_described")
    find = {"person": _person, "body": _body, "office": _office, "statement": _issuer, "same": _same, "part": _group, "one": _member}[asked.what]
    found = find(before, asked, at)
    if found is None:
        return asked.speaker
    phrases = tuple(dict.fromkeys((*asked.speaker.described, *found.described)))
    return found._replace(described=phrases, basis="description")


def _same_head(before: Before, asked: Open, at: int, kinds: tuple[str, ...]) -> Speaker | None:
    """The nearest source before with the same head: "a senior official ... the official"."""
    heads = {_SYNONYMS.get(word.key, word.key) for word in asked.head}
    wanted = {_SYNONYMS.get(word.key, word.key) for word in asked.words if not function(word) and word.key not in NEWNESS}
    rarest = min((before.described.get(key, []) for key in heads), key=len)
    for one in reversed(rarest[: bisect_left(rarest, at, key=lambda s: s.start)]):
        phrase = one.speaker.described[0] if one.speaker.described else ""
        keys = phrase_keys(phrase)
        if one.speaker.kind in kinds and heads <= keys and wanted <= keys:
            return one.speaker
    return None


def _same(before: Before, asked: Open, at: int) -> Speaker | None:
    """For documents and people: the same described before, "a study published in Nature ... the study"."""
    return _same_head(before, asked, at, (asked.speaker.kind, "someone") if asked.speaker.kind == "body" else (asked.speaker.kind,))


def _group(before: Before, asked: Open, at: int) -> Speaker | None:
    """For "only nine percent": the group spoken of; "Some" does so only where it begins a sentence, "others" only beside others who are part of one."""
    document, last = before.document, asked.words[-1].key
    if last == "others":
        beside = [s.speaker for s in before.between(at - _BESIDE, at) if part_of_group(words_of(s.speaker.described[0]))]
        return beside[-1] if beside else None
    loose = last in _LOOSE
    if loose and document.bounds[document.sentence(at)][0] != at:
        return None
    for start, end in before.sentences(at, 1 if loose else _NEAR):
        spoken = [s.speaker for s in before.between(start, end) if s.end <= at and _is_group(s.speaker)]
        if spoken:
            return spoken[-1]
        named = _group_in(document, document.word_at(start), document.word_at(end))
        if named:
            return named
    return None


def _member(before: Before, asked: Open, at: int) -> Speaker | None:
    """For "one of them": a member of the group named last, "one of the monitors", of unnamed officials an "unnamed official"."""
    found = salient(before, at, "they", _NEAR, lambda s: s.kind == "people" and not is_part(words_of(str(s.name))))
    if found is None:
        return None
    name = str(found.name)
    of_unnamed = re.sub(r"\b(\w+)s\b", r"\1", name, count=1) if name.startswith("unnamed ") else ""
    return asked.speaker._replace(name=of_unnamed or f"{asked.head[0].key} of the {name}", described=found.described)


def _is_group(speaker: Speaker) -> bool:
    """Whether a speaker is a group of people: neither "some" nor "results of the poll"."""
    words = words_of(str(speaker.name))
    return speaker.kind == "people" and not is_part(words) and all(term.kind == "people" for _, _, term in terms_in(words))


def _group_in(document: Document, first: int, last: int) -> Speaker | None:
    """The last group of people between two words, in the outlet's own words: "voters", "Latino voters", "Cuban Americans"."""
    words = document.words[first:last]
    people = [i for i, till, term in terms_in(words) if term.kind == "people" and term.role not in ("media", "organisation") and not is_part(words[i:till])]
    people += [i for i, word in enumerate(words) if named_state([word]) == "people"]
    for head in sorted(people, reverse=True):
        if not document.is_quoted(words[head].start):
            begin = head
            while begin and capital(words[begin - 1]) and not function(words[begin - 1]) and joined(document.text, words[begin - 1], words[begin]):
                begin -= 1
            shown = lowered(document, words[begin : head + 1], plain(document.text, words, begin, head + 1))
            return Speaker(shown, "people", "", (shown,), words[begin].start)
    return None


def _office(before: Before, asked: Open, at: int) -> Speaker | None:
    """For an office without an article: who holds it in the text."""
    keys = by_head(before.document, asked.words, asked.head, at)
    return person(before.document, keys, asked.speaker.described[0], at, True) if keys else None


def _person(before: Before, asked: Open, at: int) -> Speaker | None:
    """For "the senator", "the 61-year-old", "the hydrologist": by age, the same head, or the most salient person, if nothing speaks against it."""
    document, gender = before.document, asked.speaker.gender
    keys = by_description(document, asked.words, at, human=True)
    head = None if keys else _same_head(before, asked, at, ("someone",))
    if head:
        return head
    terms = terms_in(asked.head)
    if not keys and terms:
        keys = by_head(document, asked.words, asked.head, at)
    if keys:
        return person(document, keys, asked.speaker.described[0], at, True)
    role = terms[0][2].role if terms else ""
    taken_up = not terms or role not in _STRONG or bool({word.key for word in asked.words} & EPITHETS)
    described = descriptions(document, asked.words[-1].key)
    own = asked.words[-1].key not in PARTIES and of_its_own(asked.words, len(asked.words) - len(asked.head))
    if {word.key for word in asked.head} & PERSON_OR_BODY:
        return _body(before, asked, at)
    if not taken_up or own or (described and described[0][0] < at):
        return None  # an office, or somebody who was described before without a name
    states = states_in(asked.speaker.described[0])

    def accept(speaker: Speaker) -> bool:
        told = [(phrase, term) for phrase in speaker.described for _, _, term in terms_in(words_of(phrase)) if term.kind == "person"]
        roles = {term.role for _, term in told}
        other = terms and roles and role not in roles and role not in ("", *_STRONG) and not {word.key for word in asked.words} & EPITHETS
        elsewhere = states and any(term.role in _STRONG for _, term in told) and not any(states & states_in(phrase) for phrase, _ in told)
        return speaker.kind != "someone" and is_human(before, speaker) and not other and not elsewhere and not (gender and speaker.gender not in ("", gender))

    return salient(before, at, "person", _NEAR, accept)


def is_human(before: Before, speaker: Speaker) -> bool:
    """Whether a name is told to be a person's: by title, trade or first name, or by "he", "she" or "who" that takes it up."""
    keys = tuple(word.key for word in words_of(str(speaker.name)))
    return speaker.kind in ("person", "someone") or bool(before.genders.get(str(speaker.name))) or taken_up_as_human(before.document, keys)


def _may_be_body(before: Before, speaker: Speaker, asked: Open) -> bool:
    """Whether what a noun for a body takes up may be one: no person, place or trade, nor a body of another kind, "the union" for a company."""
    name = words_of(str(speaker.name))
    if speaker.kind == "name":
        keys = tuple(word.key for word in name)
        qualifiers = asked.words[: len(asked.words) - len(asked.head)]
        qualified = any(not (capital(word) or "-" in word.text or word.key in NEWNESS or function(word)) for word in qualifiers)
        of_person = is_human(before, speaker) or any(term.kind == "person" for _, _, term in terms_in(name))
        once = {word.key for word in asked.head} & PERSON_OR_BODY and len(before.document.places.get(keys[-1], ())) < _OFTEN
        return (
            not once
            and not of_person
            and not named_state(name)
            and not named_state(name[-1:])
            and not (len(keys) == 1 and (qualified or before.document.once(_said_so, keys)))
        )
    heads = {term.term.split()[-1].lower() for _, _, term in terms_in(name) if term.kind == "body"}
    specific = asked.words[-1].key not in GENERIC_BODIES
    bare = not any(map(capital, name)) and len(name) <= len(asked.words)
    return not (specific and heads and asked.words[-1].key not in heads) and not (bare and asked.words[-1].key not in heads)


def _said_so(document: Document, keys: tuple[str, ...]) -> bool:
    """Whether a name stands right behind a verb that follows a quotation, as persons' do: "“No,” said Lund"."""
    for mention in document.mentions.get(keys, ()):
        i = mention.name.first
        quoted = i > 1 and document.text[document.words[i - 2].end : document.words[i - 1].start].rstrip()[-1:] in ('"', "”", "’", "'")
        if quoted and document.words[i - 1].key in verbs():
            return True
    return False


def _body(before: Before, asked: Open, at: int) -> Speaker | None:
    """For "the company", "the alliance": what the description commonly means, what the text calls so, or the most salient body."""
    document = before.document
    name = epithet(document, asked.words)
    if name:
        return Speaker(name, "body", "", asked.speaker.described, at)
    keys = by_description(document, asked.words, at) or by_description(document, asked.head, at)
    if keys and not _is_person(document, keys, at):
        return person(document, keys, asked.speaker.described[0], at, False)
    terms = terms_in(asked.head)
    role = terms[0][2].role if terms else ""
    if role in _STRONG and not {word.key for word in asked.head} & BODY_CLASSES:
        return None  # "the government", "the country": whose it is, the outlet's words tell elsewhere or nowhere

    kinds = ("body", "name", "people") if asked.words[-1].key in ("team", "couple", "group") else ("body", "name")

    def accept(speaker: Speaker) -> bool:
        roles = {term.role for phrase in (*speaker.described, speaker.name or "") for _, _, term in terms_in(words_of(phrase)) if term.kind == "body"}
        return speaker.kind in kinds and not (role and roles and role not in roles) and (speaker.kind == "people" or _may_be_body(before, speaker, asked))

    return salient(before, at, "they" if "people" in kinds else "it", _NEAR, accept) or _of_source(before, at)


def _of_source(before: Before, at: int) -> Speaker | None:
    """The body to which a source before belongs: "analysts at Norbank ... the bank"."""
    for start, end in before.sentences(at, _NEAR):
        for one in reversed(before.between(start, end)):
            phrase = before.document.text[one.start : one.end]
            words = words_of(phrase)
            for name in reversed(names(phrase, words)):
                keys = name.keys(words)
                if name.run and words[name.run - 1].key in ("at", "of", "for", "from") and not named_state(words[name.first : name.end]):
                    before.document.shown.setdefault(keys, plain(phrase, words, name.first, name.end))
                    if not _is_person(before.document, keys, at):
                        return person(before.document, keys, phrase[: words[name.end - 1].end], at, False)
    return None


def _is_person(document: Document, keys: tuple[str, ...], at: int) -> bool:
    return person(document, keys, document.shown[keys], at, False).kind == "person"


def _issuer(before: Before, asked: Open, at: int) -> Speaker | None:
    """Who issued "the statement": the owner or subject of the sentence that first names it, else who spoke last."""
    document = before.document
    heads = {word.key for word in asked.head} & STATEMENTS
    for start, end in before.sentences(at, _NEAR):
        words = document.words[document.word_at(start) : document.word_at(end)]
        for word in words:
            if word.key in heads:
                spoken = [s.speaker for s in before.between(start, end)]
                found = spoken[0] if spoken else subject(document, start, end)
                if found and found.kind != "document":
                    return found
    return None
