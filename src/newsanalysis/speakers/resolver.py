"""All sources of a document together: names first, then what takes them up, in the order of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from functools import lru_cache

from newsanalysis.attribution.lexicon import nouns, verbs
from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import words_of
from newsanalysis.quotations import quotations
from newsanalysis.speakers import document as documents
from newsanalysis.speakers.descriptions import Open, source
from newsanalysis.speakers.document import Document
from newsanalysis.speakers.model import Said, Speaker
from newsanalysis.speakers.salience import Before, Spoken, beginning, main_clause, of_description, of_pronoun, subject
from newsanalysis.speakers.words import ANONYMITY, ISSUED, function

_BE = words_of_class("be")
_REPEATED = 3  # a headline's words are those of the article's speaker who says at least one in so many of them
_TAKEN_UP = ("he", "she", "they")  # who is not to be named, in the sentence behind the source: "He asked not to be named."
_FOLLOW_ON = 400  # characters after which a bare quotation no longer goes on with the speaker before it


def _same_sentence(before: Before, n: int) -> Speaker:
    """Rule 6 for a cue without a source: its agent ("asked by"), or who speaks in the part of the sentence that it goes on with ("..., adding that")."""
    one, document = before.said[n], before.document
    first, last = document.word_at(one.cue[0][0]), document.word_at(one.cue[-1][1])
    if first == last:
        return Speaker(None)
    start, end = document.bounds[document.sentence(one.cue[0][0])]
    found = _agent(document, last, end)
    if not found and _goes_on(document, first, last):
        found = _first_in(before, n, main_clause(document, start, one.cue[0][0]), one.cue[0][0])
    return found._replace(basis="implied") if found and found.name else Speaker(None)


def _agent(document: Document, after: int, end: int) -> Speaker | None:
    """Who stands with "by" after a passive cue: "asked by reporters", "in a statement released on Monday by the ministry"."""
    if document.words[after - 1].key != "by":
        while after < len(document.words) and (document.words[after].key in (*ISSUED, "on") or function(document.words[after]) == "time"):
            after += 1
        after += 1
    said_by = 0 < after < len(document.words) and document.words[after - 1].key == "by" and document.words[after].start < end
    return subject(document, document.words[after].start, end) if said_by else None


def _goes_on(document: Document, first: int, last: int) -> bool:
    """Whether a cue is a verb that goes on with the sentence before it: "saying", "and warned", but not "was saying", "and it is clear", "and a warning"."""
    words, before = document.words[first:last], document.words[first - 1] if first else None
    verb = next((word for word in words if not word.key.endswith("ly") and function(word) != "conjunction"), words[0])
    apart = before is None or "," in document.text[before.end : words[0].start] or function(before) not in ("verb", "determiner")
    if verb.key.endswith("ing"):
        return apart and function(verb) != "preposition"  # "according to"
    finite = (verb.key in verbs() or verb.key.endswith("ed")) and not (verb.key in nouns() and function(words[-1]) == "preposition")
    return before is not None and before.key in ("and", "but") and finite and not any(word.key in _BE for word in words)


def _first_in(before: Before, n: int, start: int, end: int) -> Speaker | None:
    """Who spoke last between two offsets, else the subject there."""
    same, document = before.between(start, end), before.document
    if same:
        return same[-1].speaker
    opening = document.words[document.word_at(start)]
    found = source(document, opening.text, opening.start) if function(opening) == "pronoun" else None
    if isinstance(found, Open) and found.what in ("m", "f", "they"):
        return of_pronoun(before, n, found.what, start)
    return subject(document, start, end)


def _inherited(done: list[tuple[int, Speaker]], at: int) -> Speaker:
    """Rule 6: the speaker of a quotation that goes on with the one before it."""
    near = done[bisect_left(done, at - _FOLLOW_ON, key=lambda d: d[0]) : bisect_right(done, at, key=lambda d: d[0])]
    return near[-1][1]._replace(basis="inherited") if near else Speaker(None)


def _marks(document: Document) -> list[tuple[int, int]]:
    return [(quotation.start, quotation.end) for quotation in quotations(document.text) if quotation.level == 0]


def _in_quotation(document: Document, at: int) -> bool:
    """Whether an offset lies between quotation marks, whether the quotation is attributed or not."""
    marks = document.once(_marks)
    i = bisect_right(marks, (at, len(document.text))) - 1
    return i >= 0 and at < marks[i][1]


def _first_person(before: Before, done: list[tuple[int, Speaker]], n: int, at: int) -> Speaker:
    """Rule 4 for "I" and "we": who is quoted, also where the quotation is no attribution of its own but goes on with one before."""
    found = of_pronoun(before, n, "we", at)
    if found.name or not _in_quotation(before.document, at):
        return found
    return _inherited(done, at)


def _fuller_group(bare: list[str], name: str) -> bool:
    words = words_of(name)
    return len(bare) == 1 < len(words) and bare[0] in {word.key for word in words}


def _of_group(before: Before, speakers: list[Speaker], n: int) -> Speaker:
    """A group in the headline, "Experts", by its fuller name where the article's group of the same noun says the same: "legal and military experts"."""
    bare = [word.key for word in words_of(str(speakers[n].name))]
    same = [other for other, speaker in enumerate(speakers) if other != n and speaker.kind == "people" and _fuller_group(bare, str(speaker.name))]
    asked = _content_words(before, n) if same else set()
    shared, other = max(((len(asked & _content_words(before, other)), -other) for other in same), default=(0, 0))
    other = -other
    return speakers[other]._replace(basis="description") if shared * _REPEATED >= len(asked) > 0 else speakers[n]


def _of_headline(before: Before, speakers: list[Speaker], n: int) -> Speaker:
    """Rule 6 for words in the headline: who says the most of them in the article, if it is a good part."""
    asked = _content_words(before, n)
    shares = [(len(asked & _content_words(before, other)), -other) for other, speaker in enumerate(speakers) if other != n and speaker.name]
    most, other = max(shares, default=(0, 0))
    return speakers[-other]._replace(basis="implied") if most >= min(_REPEATED, max(len(asked), 2)) and most * _REPEATED >= len(asked) else Speaker(None)


def _content_words(before: Before, n: int) -> set[str]:
    """The words of a content that carry meaning."""
    words = (word for start, end in before.said[n].content for word in words_of(before.document.text[start:end]))
    return {word.key for word in words if not function(word) and len(word.key) > 2}


def _without_source(before: Before, done: list[tuple[int, Speaker]], n: int) -> Speaker:
    """Rule 6: a cue that goes on with its sentence, or a quotation that goes on with the one before it."""
    one = before.said[n]
    if one.cue:
        return _same_sentence(before, n)
    return _inherited(done, one.first) if one.kind != "indirect" else Speaker(None)


@lru_cache(maxsize=1)
def _telling() -> dict[str, list[str]]:
    """The phrases of anonymity by the longest word of each, without which none can stand in a text."""
    telling: dict[str, list[str]] = {}
    for phrase in sorted(ANONYMITY):
        telling.setdefault(max(phrase.split(), key=len), []).append(phrase)
    return telling


@lru_cache(maxsize=256)
def _anonymity(words: tuple[str, ...]) -> re.Pattern[str]:
    phrases = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(phrase for word in words for phrase in _telling()[word]))
    return re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE)


def _asking(text: str) -> list[tuple[int, int]]:
    """Where a text says that a source is not to be named."""
    small = text.lower()
    words = tuple(word for word in _telling() if word in small)
    return [match.span() for match in _anonymity(words).finditer(text)] if words else []


def _in_content(one: Said, first: int, last: int) -> bool:
    return any(start < last and first < end for start, end in one.content)


def _shown(document: Document, span: tuple[int, int, int]) -> str:
    return document.text[span[0] : span[1]].lower()


def _anonymous(document: Document, said: list[Said]) -> set[int]:
    """The attributions whose source is not to be named: the nearest source in the sentence that says so, else the last before "He asked …"."""
    found: set[int] = set()
    asked = _asking(document.text)
    sources = [(one.source[0][0], one.source[-1][1], n) for n, one in enumerate(said) if asked and one.source]
    for start, end in asked:
        here = document.sentence(start)
        first, last = document.bounds[here] if document.bounds else (0, len(document.text))
        near = [one for one in sources if first <= one[0] < last and not (_in_content(said[one[2]], start, end) and _shown(document, one) in _TAKEN_UP)]
        opening = document.words[document.word_at(first)]
        if not near and here and (opening.key in _TAKEN_UP or function(opening) == "determiner"):
            near = sorted(one for one in sources if document.bounds[here - 1][0] <= one[0] < first)[-1:]
            told = {word.key for a, b, _ in near for word in words_of(document.text[a:b]) if not function(word)}
            again = {word.key for word in document.words[document.word_at(opening.start) : document.word_at(start)]}  # "The driver asked …"
            near = near if opening.key in _TAKEN_UP or told & again else []
        own = [one for one in near if not _in_content(said[one[2]], start, end) and _shown(document, one) not in ("who", "which", "that")]
        nearest = min(own, key=lambda one: max(one[0] - end, start - one[1], 0), default=None)
        if nearest:
            found.add(nearest[2])
    return found


def _unnamed(speaker: Speaker, described: Speaker | None) -> Speaker:
    """A speaker who is not to be named, as described; one who has a name by the source itself keeps it."""
    if speaker.kind == "person" and speaker.basis == "description" and described is not None:
        speaker = described
    name = str(speaker.name)
    if (
        speaker.name is None
        or name.startswith("unnamed ")
        or speaker.kind not in ("someone", "people", "body", "")
        or (speaker.kind == "body" and name[0].isupper())
    ):
        return speaker
    return speaker._replace(name=f"unnamed {name}", kind="someone" if speaker.kind in ("body", "") else speaker.kind)


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
    sources = {one.source[0][0]: one.source[-1][1] for one in said if one.source}
    document = documents.read(text, [span for one in said if one.kind == "direct" for span in one.content], sources)
    speakers = [Speaker(None)] * len(said)
    before = beginning(document, said)
    done: list[tuple[int, Speaker]] = []  # by the end of the content
    later: list[tuple[int, int, Open | None]] = []
    anonymous = _anonymous(document, said)

    def settle(n: int, speaker: Speaker, asked: Open | None = None) -> None:
        speaker = _unnamed(speaker, asked.speaker if asked else None) if n in anonymous else speaker
        speakers[n] = speaker
        if speaker.name is None:
            return
        insort(done, (said[n].last, speaker), key=lambda d: d[0])
        if said[n].source:
            before.add(Spoken(said[n].source[0][0], said[n].source[-1][1], n, speaker))

    for n, one in enumerate(said):
        if not one.source:
            later.append((one.first, n, None))
            continue
        at = one.source[0][0]
        found = source(document, " ".join(text[start:end] for start, end in one.source), at, anonymous=n in anonymous)
        if isinstance(found, Speaker):
            settle(n, found)
        else:
            later.append((at, n, found))
    headline = text.find("\n", len(text) - len(text.lstrip()))
    for at, n, asked in sorted(later, key=lambda entry: entry[:2]):
        if asked is None:
            settle(n, _without_source(before, done, n))
        elif asked.words:
            settle(n, of_description(before, n, asked, at), asked)
        elif asked.what == "we":
            settle(n, _first_person(before, done, n, at))
        else:
            settle(n, of_pronoun(before, n, asked.what, at))
    for at, n, asked in later:
        if asked is None and at < headline and speakers[n].name is None:
            speakers[n] = _of_headline(before, speakers, n)
    for n, one in enumerate(said):
        if one.source and one.source[0][0] < headline and speakers[n].kind == "people":
            speakers[n] = _of_group(before, speakers, n)
    return speakers
