"""Noun phrases of a sentence and the actors of a codebook that they speak of."""

from __future__ import annotations

import dataclasses
import datetime
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from newsanalysis import codebooks, tagger
from newsanalysis.framing.passives import NOMINAL, Words, low, noun_phrase, tag
from newsanalysis.framing.words import shipped

FINITE = ("VBD", "VBZ", "VBP", "MD")
MOST = 6  # phrases joined to one another
SUBORDINATES = frozenset(
    {"as", "after", "because", "while", "that", "than", "if", "whether", "since", "before", "until", "although", "though", "unless", "when", "but", "once"}
)
Document = tuple[datetime.date | None, frozenset[str]]
Named = tuple[int, int, str]  # where an actor is named in a sentence: start, end, actor_id


class Actors(NamedTuple):
    """The names and aliases of actors, aliases after "the" without it, and the actors' names."""

    phrases: codebooks.Phrases
    nouns: codebooks.Phrases
    named: dict[str, str]


class Mention(NamedTuple):
    """An actor named: by the numbers of the words, and by the characters; genitive as in "Russia's"."""

    actor: str
    first: int
    last: int
    start: int
    end: int
    genitive: bool


class Sentence(NamedTuple):
    """Tagged words, and the mention that each word belongs to."""

    words: Words
    mentions: dict[int, Mention]


class Party(NamedTuple):
    """An actor that a noun phrase speaks of: whether what it names may act for the actor, and whether it is the actor's."""

    mention: Mention
    acts: bool
    suffers: bool


class Phrase(NamedTuple):
    """A noun phrase: its first word, the word after it, its party if it has one."""

    start: int
    end: int
    party: Party | None


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    listed = codebooks.words("acts")
    return {name: frozenset(rows) for name, rows in listed.pattern.groupby(listed.code)}


def listed(name: str) -> frozenset[str]:
    """Return the words of a code of the codebook ``acts``."""
    return _lists()[name]


@lru_cache(maxsize=1)
def _prepositions() -> dict[tuple[str, str], frozenset[str]]:
    words = codebooks.words("acts")
    found: dict[tuple[str, str], set[str]] = {}
    for code, value, pattern in codebooks.text_rows(words, "code", "value", "pattern"):
        found.setdefault((code, pattern), set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}


def prepositions(code: str, word: str) -> frozenset[str]:
    """Return the prepositions after which a verb (code ``directed`` or ``give``) or noun (``noun``) has whom it is done to."""
    return _prepositions().get((code, word), frozenset())


@lru_cache(maxsize=4)
def actors_of(codebook: codebooks.Codebook) -> Actors:
    """Index the names and aliases of all actors but places, each with its actor and when it counts; "the council" also as "council"."""
    actors = codebook.actors[codebook.actors.kind.fillna("") != "place"]
    named = dict(zip(actors.actor_id, actors.name, strict=True))
    rows = [(name, (actor, when)) for name, actor, when in codebooks.names(codebook) if actor in named]
    nouns = [(name[4:], meaning) for name, meaning in rows if name.startswith("the ") and name.islower()]
    return Actors(codebooks.phrases(rows), codebooks.phrases(nouns), named)


def sentence(text: str, actors: Actors, document: Document, known: tuple[Named, ...] = ()) -> Sentence:
    """Return the words of a sentence and the actors named in it, by the codebook or known before; the words of a name count as proper nouns."""
    words = tagger.words(text)
    spelled = codebooks.words_of(text)
    starts = [word.start for word in words]
    mentions: dict[int, Mention] = {}
    places: list[Named] = []
    for index, described in ((actors.phrases, False), (actors.nouns, True)):
        for first, last, meanings in codebooks.matches(spelled, index):
            fitting = [actor for actor, when in meanings if when.holds(*document)]
            if fitting and (not described or _is_described(words, bisect_left(starts, spelled[first].start))):
                places.append((spelled[first].start, spelled[last - 1].end, fitting[0]))
    for start, end, actor in (*places, *known):
        inside = range(bisect_left(starts, start), bisect_left(starts, end))
        if inside and not any(n in mentions for n in inside):
            genitive = text[start:end].endswith(("'s", "’s")) or text[end : end + 1] in ("'", "’")
            mentions |= dict.fromkeys(inside, Mention(actor, inside[0], inside[-1], start, end, genitive))
    named = [dataclasses.replace(w, tag="NNP") if n in mentions and w.tag not in ("POS", "NNPS", "DT", "IN") else w for n, w in enumerate(words)]
    return Sentence(tuple(_mended(named, mentions)), mentions)


def _is_described(words: Words, noun: int) -> bool:
    """Only "the" and adjectives stand before a noun, none of which tells it from another: "the militant union", not "the other union"."""
    at = noun - 1
    while at > 0 and noun - at < MOST and words[at].tag in ("JJ", "JJR", "JJS", "VBN", "VBG") and words[at].text.islower():
        if low(words, at) in listed("other"):
            return False
        at -= 1
    return at < noun - 1 and low(words, at) == "the"


def _mended(words: list[tagger.Word], mentions: dict[int, Mention]) -> list[tagger.Word]:
    """Verbs that the tagger takes for nouns: "Iran arms/NNS Hezbollah", "will fight/NN Russia", "to free/JJ them", "of arming/NN the rebels"."""
    for n in range(1, len(words) - 1):
        word, back = words[n], n - 1
        while back > 0 and n - back < MOST and words[back].tag.startswith("RB"):
            back -= 1
        before = words[back]
        if n in mentions or word.tag not in ("NN", "NNS", "JJ") or not word.text.islower():
            continue
        if n + 1 not in mentions and words[n + 1].tag not in ("DT", "PRP$", "PRP", "NNP"):
            continue
        named = mentions.get(n - 1)
        helped = before.tag == "MD" or before.text.lower() in ("do", "does", "did")
        sure = word.tag != "JJ" and (words[n + 1].tag in ("DT", "PRP$", "PRP") or helped)
        if (helped or before.tag == "TO") and (sure or any(True for _ in shipped("event_verbs").find(word.text))):
            words[n] = dataclasses.replace(word, tag="VB")
        elif before.tag == "IN" and word.text.endswith("ing"):
            words[n] = dataclasses.replace(word, tag="VBG")
        elif named and not named.genitive and word.tag != "JJ":
            asked = named.first > 0 and (words[named.first - 1].tag == "MD" or words[named.first - 1].text.lower() in ("do", "does", "did"))
            tagged = "VB" if asked else "VBZ" if word.text.endswith("s") else "VBD" if word.text.endswith("ed") else word.tag
            words[n] = dataclasses.replace(word, tag=tagged)
    return words


# --- noun phrases ------------------------------------------------------------------------------------------------------------


def phrase_from(said: Sentence, at: int) -> Phrase | None:
    """Return the noun phrase that begins at a word, with "of" where a number or a part comes before it ("hundreds of Russian soldiers")."""
    words = said.words
    while low(words, at) in ("“", '"', "‘", "both", "either", "neither", "all"):
        at += 1
    head, end = noun_phrase(words, at)
    if end == at:
        return None
    if low(words, end) == "of" and low(words, head) in listed("partitive") | listed("holding") | listed("acts_for"):
        inner_head, inner_end = noun_phrase(words, end + 1)
        inner = _party(said, (end + 1, inner_head, inner_end))
        if inner:
            acts, theirs = _kinds(low(words, head))
            whole = low(words, head) in listed("partitive")
            return Phrase(at, inner_end, Party(inner.mention, inner.acts and (whole or acts), inner.suffers and (whole or theirs)))
    return Phrase(at, end, _party(said, (at, head, end)))


def _kinds(noun: str) -> tuple[bool, bool]:
    acts = noun in listed("acts_for")
    return acts, acts or noun in listed("holding")


def _party(said: Sentence, phrase: tuple[int, int, int]) -> Party | None:
    start, head, end = phrase
    direct = said.mentions.get(head)
    if direct and direct.last == head and not direct.genitive:
        return Party(direct, acts=True, suffers=True)
    inside = [said.mentions[n] for n in range(start, end) if n in said.mentions]
    if not inside:
        return None
    acts, theirs = _kinds(low(said.words, head))
    return Party(inside[-1], acts, theirs) if theirs and inside[-1].last < head else None


def phrase_to(said: Sentence, end: int) -> Phrase | None:
    """Return the noun phrase that ends before a word."""
    words, start = said.words, end
    while start > 0 and end - start < 12 and (tag(words, start - 1).startswith(NOMINAL) or tag(words, start - 1) == "POS"):
        start -= 1
    while start < end:
        found = noun_phrase(words, start)[1]
        if found >= end:
            return phrase_from(said, start)
        start = max(found, start + 1)
    return None


def group_from(said: Sentence, at: int) -> list[Phrase]:
    """Return a noun phrase that begins at a word and those joined to it by commas and "and", but no subject of a next clause."""
    found: list[Phrase] = []
    while len(found) < MOST:
        phrase = phrase_from(said, at)
        if phrase is None or (tag(said.words, phrase.end) in FINITE and low(said.words, phrase.end) != "including"):
            break
        if found and (tag(said.words, at) == "VBG" or tag(said.words, phrase.end).startswith("VB")):
            break  # "a new line, telling Reuters", "the inquiry and Democrats accused"
        found.append(phrase)
        at = phrase.end + (low(said.words, phrase.end) == ",")
        at += low(said.words, at) in ("and", "or", "nor")
        if at == phrase.end:
            break
    return found


def group_to(said: Sentence, end: int) -> list[Phrase]:
    """Return the noun phrase that ends before a word and those joined to it before, but no object of an earlier verb."""
    found: list[Phrase] = []
    while len(found) < MOST:
        phrase = phrase_to(said, end)
        if phrase is None or (found and _complement(said, phrase)):
            break
        found.insert(0, phrase)
        at = phrase.start - (low(said.words, phrase.start - 1) in ("and", "or", "nor"))
        end = at - (low(said.words, at - 1) == ",")
        if end == phrase.start:
            break
    return found


def _complement(said: Sentence, phrase: Phrase) -> bool:
    """A verb, a particle or a preposition stands before the phrase."""
    before = tag(said.words, phrase.start - 1)
    return before.startswith(("VB", "RP", "TO")) or (before == "IN" and low(said.words, phrase.start - 1) not in SUBORDINATES)


def subject_to(said: Sentence, end: int) -> list[Phrase]:
    """Return the phrases before a word as the subject there: past the prepositional phrases that follow it ("Russian troops in Kherson")."""
    group = group_to(said, end)
    for _ in range(3):
        if not group or not _complement(said, group[0]) or tag(said.words, group[0].start - 1) not in ("IN", "TO"):
            return group
        end = group[0].start - 1
        group = group_to(said, end)
    return []
