"""Whom the article ties to whom, once for all mentions: a tie told of a person in one place holds in every other of the same document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from newsanalysis.actors.article import Article
from newsanalysis.actors.book import name_words
from newsanalysis.actors.rules import Answer, allowed, answer, is_elsewhere, is_person, is_refused, main_part, none_of_them, private
from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Word, words_of
from newsanalysis.speakers import Speaker, terms_in
from newsanalysis.speakers.words import function, joined, known

_DEFINITE = words_of_class("definite")
_DETERMINERS = words_of_class("determiner")
_STYLES = words_of_class("personal_style")
_KIN = words_of_class("kin")
_OF = ("of", "for", "to")  # what an office may have behind it: "the president of France", "ambassador to Ghana"
_FROM = ("of", "from")  # what tells a person's state behind the name: "Gen. Lee of France"
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_LOOKED_AT = 10  # words of a title before a name, and of an apposition behind it
_PLACE_WORDS = 4  # of a place behind a name
_STANDING = {"context": 1, "setting": 1, "role": 2, None: 3}  # the stronger evidence first; what is told comes before all of them
_NOTHING = 5  # the rank of a mention that tells nothing
_WEAK_ROLES = ("unspecified", "civilian")
_TOLD = ("actor", "description")


def carried(answers: Mapping[Speaker, Answer], article: Article) -> dict[Speaker, Answer]:
    """Rules 1 to 3 for a person or body in one place hold for all its mentions; failing that, what the outlet's own words tell of the person elsewhere."""
    found = dict(answers)
    for speakers in _same(answers):
        told = [speaker for speaker in speakers if answers[speaker].basis in _TOLD]
        if len(told) < len(speakers) and not told and is_person(speakers[0]):
            found.update(_told_elsewhere(speakers, article))
        elif told and (len(told) < len(speakers) or len({answers[speaker].affiliation for speaker in told}) > 1):
            found.update(_told_by_one(speakers, answers, article))
    return found


def agreed(answers: Mapping[Speaker, Answer], article: Article) -> dict[Speaker, Answer]:
    """One affiliation for all mentions of whom nothing tells it: by the strongest evidence for any of them, of several the first."""
    found = dict(answers)
    for speakers in _same(answers):
        guessed = [speaker for speaker in speakers if answers[speaker].basis not in _TOLD]
        if len({answers[speaker].affiliation for speaker in guessed}) > 1:
            best = min(guessed, key=lambda speaker: (_STANDING.get(answers[speaker].basis, 0), answers[speaker].affiliation == "unspecified"))
            found.update((speaker, _taken(answers[speaker], answers[best], article)) for speaker in guessed)
    return found


def _same(speakers: Iterable[Speaker]) -> Iterator[list[Speaker]]:
    """The mentions of each person or body with a proper name, where they are several or a person's only one, in the order of the text."""
    groups: dict[str, list[Speaker]] = {}
    for speaker in speakers:
        together = speaker.kind == "people" and speaker.basis in ("name", "pronoun") and " and " in str(speaker.name)
        if speaker.name and (together or speaker.kind in ("person", "name", "body")) and speaker.name != speaker.name.lower():
            groups.setdefault(speaker.name.casefold(), []).append(speaker)
    yield from groups.values()


def _taken(own: Answer, other: Answer, article: Article) -> Answer:
    """The affiliation of another mention, unless it does not take the role told here; and that mention's role where none is told here."""
    role = own.role if own.role != "unspecified" or other.role == "document" else other.role
    if other.basis != "actor" and not allowed(other.affiliation, role, article.book):
        if role not in _WEAK_ROLES:
            return own
        role = other.role
    return own._replace(affiliation=other.affiliation, basis=other.basis, role=role)


def _told_by_one(speakers: Sequence[Speaker], answers: Mapping[Speaker, Answer], article: Article) -> Iterator[tuple[Speaker, Answer]]:
    """What the best of the mentions tells, for those that tell nothing or tell it in a side clause."""
    ranks = {speaker: _rank(speaker, answers[speaker], article) for speaker in speakers}
    best = min(speakers, key=ranks.__getitem__)
    for speaker in speakers:
        own = speaker.basis == "description" and answers[speaker].basis in _TOLD  # "the Dutch minister" may be somebody else
        if ranks[best] < _NOTHING and ranks[speaker] > max(ranks[best], 1) and not own:
            yield speaker, _taken(answers[speaker], answers[best], article)


def _rank(speaker: Speaker, told: Answer, article: Article) -> int:
    """How surely a mention tells the tie: as an actor, by a title or apposition, by a clause or a refusal, by a description that may be another's."""
    if told.basis not in _TOLD:
        return _NOTHING
    if speaker.basis == "description":
        return 4 if is_person(speaker) and _tells_itself(speaker, told, article) else _NOTHING
    if told.basis == "actor":
        return 0
    if is_refused(speaker, told, article):
        return 2
    plain = answer(speaker._replace(described=tuple(map(main_part, speaker.described))), article)
    return 1 if plain.affiliation == told.affiliation else 3


def _tells_itself(speaker: Speaker, told: Answer, article: Article) -> bool:
    """Whether a definite source phrase tells the tie by its own words: "the Dutch minister", not "the judge" who is told as Dutch elsewhere."""
    phrase = speaker.described[0] if speaker.described else ""
    opening = words_of(phrase)[:1]
    return bool(opening) and opening[0].key in _DEFINITE and answer(speaker._replace(described=(phrase,)), article).affiliation == told.affiliation != "other"


# --- mentions that are no sources -----------------------------------------------------------------------------------------


def _told_elsewhere(speakers: Sequence[Speaker], article: Article) -> Iterator[tuple[Speaker, Answer]]:
    """What the outlet's own words tell of a person where it is no source."""
    phrases = tuple(dict.fromkeys(_phrases(name_words(speakers[0].name or ""), article)))
    for speaker in speakers if phrases else ():
        more = speaker._replace(described=(*speaker.described, *phrases))
        told = private(more, answer(more, article))
        if told.basis:
            yield speaker, told
        elif is_elsewhere(speaker._replace(described=phrases), article):
            yield speaker, none_of_them(told, article)


def _phrases(name: Sequence[Word], article: Article) -> Iterator[str]:
    """The titles and appositions at a person's name in the outlet's own words: "The French president, Mr" Lee, Gen. Lee "of France"."""
    words, keys = article.words, {word.key for word in name}
    places = article.capitals.get(name[-1].key, ())
    alone = not any(_is_name(words, at - 1) and words[at - 1].key not in keys and _joined(article.text, words, at) for at in places)
    for at in places:
        first = at
        while first and words[first - 1].key in keys and _joined(article.text, words, first):
            first -= 1
        whole = len(name) == 1 or first < at
        if (whole or alone) and not article.in_quotation(words[at].start):
            yield from _before(article, words, first)
            yield from _behind(article, words, at + 1)


def _is_name(words: Sequence[Word], at: int) -> bool:
    """Whether a word may be a given name."""
    return at >= 0 and words[at].text[0].isupper() and words[at].key not in _STYLES and not terms_in(words[at : at + 1]) and len(words[at].text) > 1


def _joined(text: str, words: Sequence[Word], at: int) -> bool:
    return at > 0 and joined(text, words[at - 1], words[at])


def _before(article: Article, words: Sequence[Word], name: int) -> Iterator[str]:
    """The title before a name, over "Mr" and a comma, from its article or possessive on."""
    text, stop = article.text, name
    while stop and words[stop - 1].key in _STYLES and _joined(text, words, stop):
        stop -= 1
    comma = stop > 0 and text[words[stop - 1].end : words[stop].start].strip() == ","
    if not comma and not _joined(text, words, stop):
        return
    first, title, opened = stop, stop, False
    while first and stop - first < _LOOKED_AT and not opened and (first == stop or _joined(text, words, first)):
        first -= 1
        word = words[first]
        if function(word) in ("verb", "pronoun", "conjunction"):
            break
        opened = word.key in _DETERMINERS or (word.text[0].isupper() and word.text[-2:] in _POSSESSIVES)
        if opened or (title == first + 1 and (word.text[0].isupper() or word.key in known().before_names)):
            title = first
    if title < stop and (opened or not comma) and _is_title(words[title:stop]):
        yield text[words[title].start : words[stop - 1].end]


def _is_title(phrase: Sequence[Word]) -> bool:
    """Whether words are one person's office or trade, at their end or with "of" behind it, and nobody's family."""
    people = [end for _, end, term in terms_in(phrase) if term.kind == "person"]
    at_head = any(end == len(phrase) or phrase[end].key in _OF for end in people)
    return at_head and not any(word.key in _KIN for word in phrase)


def _behind(article: Article, words: Sequence[Word], end: int) -> Iterator[str]:
    """What follows a name: "of France", "(France)", ", the French president,"."""
    text = article.text
    if end >= len(words) or words[end - 1].text[-2:] in _POSSESSIVES:
        return
    gap = text[words[end - 1].end : words[end].start].strip()
    if gap in ("", ",") and words[end].key in _FROM:
        stop = end + 1
        while stop < len(words) and stop - end <= _PLACE_WORDS and _joined(text, words, stop) and (words[stop].text[0].isupper() or words[stop].key == "the"):
            stop += 1
        if stop > end + 1:
            yield text[words[end].start : words[stop - 1].end]
    elif gap in (",", "("):
        stop = end + 1
        while stop < len(words) and stop - end < _LOOKED_AT and _joined(text, words, stop):
            stop += 1
        closed = stop < len(words) and text[words[stop - 1].end : words[stop].start].strip()[:1] in ("," if gap == "," else ")")
        phrase = words[end:stop]
        bracket = gap == "(" and len(phrase) <= _PLACE_WORDS
        opened = phrase[0].key in _DEFINITE or phrase[0].text[-2:] in _POSSESSIVES
        if closed and (bracket or (opened and _is_title(phrase))):
            yield text[phrase[0].start : phrase[-1].end]
