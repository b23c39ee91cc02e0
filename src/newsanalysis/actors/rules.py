"""The rules by which an actor, an affiliation and a role are told; see ``newsanalysis.actors``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from newsanalysis.actors.article import Article, hits_in, located
from newsanalysis.actors.book import Actor, Alias, Book, actors_of, around, bears, by_given_name, common, given_names, name_words
from newsanalysis.attribution.lexicon import words as words_of_class
from newsanalysis.codebooks import Phrases, Word, lexicon, matches, phrases, words_of
from newsanalysis.speakers import Said, Speaker, terms_in

_FORMER = words_of_class("former")
_POSSESSIVE = re.compile(r"(?:['’]s|s['’])$")
_BORDERS = words_of_class("description_border")
_BODY_CLASSES = words_of_class("body_class")  # words for bodies that take up any name before: "the company"
_LANDS = ("state", "place")
_TOGETHER = 2  # descriptions of persons named together: the whole, and each
_RELATIVE = words_of_class("relative") | {"that"}
_CLAUSE = _RELATIVE | words_of_class("comparison")
_REGIONS = words_of_class("region")
_WHERE_OR_WHOM = words_of_class("place_preposition") | {"for"}
_ARTICLES = frozenset({"the", "both", "from"})
_JOINING = _ARTICLES | {"and", "or", "nor", "neither"}


class Answer(NamedTuple):
    """Who a speaker is in the codebook's terms."""

    actor_id: str | None
    name: str | None
    affiliation: str | None
    role: str
    basis: str | None = None  # one of tables.AFFILIATION_BASES; None where nothing tells the affiliation


def _stranger(speaker: Speaker, part: Sequence[Word], meaning: Alias, book: Book) -> bool:
    """Whether a part of the speaker's own name is only by chance an actor's: "Tom" Marsh is not Helen Marsh, nor Jack London a city."""
    name, keys = tuple(word.key for word in name_words(speaker.name or "")), tuple(word.key for word in part)
    if speaker.kind not in ("person", "name") or not around(name, keys):
        return False
    if speaker.kind == "name" and meaning.actor.kind == "state" and not meaning.names:
        return False  # "Dutch Safety Board"
    return bears(name, keys, meaning.actor, book) is False or (speaker.kind == "person" and meaning.actor.kind not in ("person", ""))


@lru_cache(maxsize=1)
def _relations() -> Phrases:
    return phrases((term, kind) for term, kind in lexicon("relations.csv", "term", "kind") if kind != "apart")


@lru_cache(maxsize=1)
def _apart() -> Phrases:
    """Words by which somebody stands against a body or has left it, whether it is named or not: "opposition leader", "critic", "ousted"."""
    return phrases((term, kind) for term, kind in lexicon("relations.csv", "term", "kind") if kind in ("apart", "noun"))


@lru_cache(maxsize=8192)
def _stands_apart(phrase: str) -> bool:
    words = words_of(main_part(phrase))
    return any(word.key in _FORMER for word in words) or any(True for _ in matches(words, _apart()))


@lru_cache(maxsize=8192)
def main_part(phrase: str) -> str:
    """A description without its clauses and comparisons: "Gen. Lee", of "Gen. Lee, who came from France", "like Gen. Roe of Canada".

    >>> main_part("Gen. Lee, who came from France")
    'Gen. Lee,'
    """
    words = words_of(phrase)
    end = next((words[i - 1].end + 1 for i, word in enumerate(words) if i and word.key in _CLAUSE), len(phrase))
    return phrase[:end]


def is_elsewhere(speaker: Speaker, article: Article) -> bool:
    """Whether the words that describe a speaker name a state or part of the world that the codebook does not have: a "European" negotiator."""
    own = {word.key for word in words_of(speaker.name or "")} if speaker.kind in ("person", "name") else set()
    for phrase in speaker.described:
        places = _places(main_part(phrase))
        if places:
            words = words_of(main_part(phrase))
            known = {i for first, end, _ in hits_in(words, article) for i in range(first, end)}
            if any(i not in known and words[i].key not in own for i in places):
                return True
    return False


@lru_cache(maxsize=8192)
def _places(phrase: str) -> tuple[int, ...]:
    """Which words of a description are states, demonyms, capitals or parts of the world of which somebody is, not where or for which."""
    words = words_of(phrase)
    if not any(word.text[0].isupper() for word in words):
        return ()
    parts = [i for i, word in enumerate(words) if word.key in _REGIONS and word.text[0].isupper()]
    parts += [i for first, end, _ in matches(words, _countries()) for i in range(first, end)]
    return tuple(i for i in parts if not _WHERE_OR_WHOM & {word.key for word in words[max(0, i - 2) : i]})


@lru_cache(maxsize=1)
def _countries() -> Phrases:
    return phrases((word, kind) for _, word, kind in lexicon("countries.csv", "country", "word", "kind"))


def _relation(words: Sequence[Word]) -> tuple[int, int] | None:
    """The first words for opposing, suffering or having left: "critic", "suing", and after "former" also "employee"."""
    former = next((i for i, word in enumerate(words) if word.key in _FORMER), len(words))
    return next(((first, end) for first, end, kinds in matches(words, _relations()) if kinds[0] != "tie" or former < first), None)


@lru_cache(maxsize=8192)
def _own(phrase: str) -> str:
    """A description without whom the person opposes or has left: "a lawyer suing" the council, a Kremlin "critic"."""
    kept = []
    for part in re.split(r"(?<=[,;])", phrase):
        words = words_of(part)
        first, end = _relation(words) or (0, 0)
        theirs = first and (
            _POSSESSIVE.search(words[first - 1].text) or any(stop == first and term.kind == "body" for _, stop, term in terms_in(words[:first]))
        )
        start = words[first].start if theirs else 0
        kept.append(part[start : words[end - 1].end] if end else part)
    return " ".join(kept)


def _ties(words: Sequence[Word], article: Article) -> list[tuple[int, int, list[Alias]]]:
    """The aliases in a description, but for a state that is only what an expert knows about: "a Russia scholar", not "Russia's" nor "US scholars"."""
    hits = hits_in(words, article)
    terms = {first: term.role for first, _, term in terms_in(words) if term.kind in ("person", "people")} if hits else {}
    return [
        (first, end, meanings)
        for first, end, meanings in hits
        if terms.get(end) != "expert"
        or meanings[0].actor.kind != "state"
        or not meanings[0].names
        or words[first].text.isupper()
        or _POSSESSIVE.search(words[end - 1].text)
    ]


def _described_by(speaker: Speaker, described: Iterable[str], article: Article) -> list[Alias]:
    """Rule 3: the meanings of the best alias in the first description that has any."""
    book = article.book
    for phrase in described:
        words = words_of(phrase)
        relation, _ = _relation(words) or (0, 0)
        hits = []
        for first, end, meanings in _ties(words, article):
            opposed = end == relation and meanings[0].names and meanings[0].actor.kind != "state"  # "a Kremlin critic", but "a US critic"
            left = [] if opposed else [meaning for meaning in meanings if not _stranger(speaker, words[first:end], meaning, book)]
            hits += [(first, end, left)] if left else []
        if hits:
            best = min(hits, key=lambda hit: (located(words, hit[0]), not hit[2][0].names, hit[0]))
            return [meaning for hit in _joined(words, hits, best) for meaning in hit[2]]
    return []


def _joined(words: Sequence[Word], hits: list[tuple[int, int, list[Alias]]], best: tuple[int, int, list[Alias]]) -> list[tuple[int, int, list[Alias]]]:
    """An alias with those that "and", "or" or "nor" join to it: the "Russian and Ukrainian" presidents."""
    found = [best]
    for one, other in (pair for at in [hits.index(best)] for pair in zip(hits[at:], hits[at + 1 :], strict=False)):
        if not {word.key for word in words[one[1] : other[0]]} <= _JOINING or {word.key for word in words[one[1] : other[0]]} <= _ARTICLES:
            break
        found.append(other)
    return found


def _any_told(speaker: Speaker, described: Iterable[str], article: Article) -> bool:
    """Whether any alias stands in the descriptions but by chance in the speaker's own name."""
    book = article.book
    hits = [(words_of(phrase)[first:end], m) for phrase in described for first, end, meanings in _ties(words_of(phrase), article) for m in meanings]
    return any(not _stranger(speaker, part, meaning, book) for part, meaning in hits)


def _role(speaker: Speaker, described: Iterable[str], actor_role: str) -> str:
    """The role that a description tells: its last strong word before a preposition, else any; then the actor's; then a weak word.

    Words of a person's own name tell none ("Bill" is no document), and who leads or speaks for an organisation is of it.
    """
    told = _told_role(speaker, described, actor_role)
    return "organisation" if told == "official" and actor_role == "organisation" else told


def _told_role(speaker: Speaker, described: Iterable[str], actor_role: str) -> str:
    weak = ""
    own = {word.text for word in words_of(speaker.name or "")} if speaker.kind in ("person", "name") else set()
    for phrase in described:
        words = words_of(phrase)
        terms = [(first, term) for first, end, term in terms_in(words) if term.role and not {word.text for word in words[first:end]} <= own]
        border = next((i for i, word in enumerate(words) if i and word.key in _BORDERS), len(words))
        strong = [term.role for first, term in reversed(terms) if term.weight == "strong" and first < border]
        strong += [term.role for first, term in terms if term.weight == "strong" and first >= border]
        if strong:
            return strong[0]
        weak = weak or next((term.role for _, term in reversed(terms)), "")
    return actor_role or weak or "unspecified"


def _several(words: Sequence[Word], hits: list[tuple[int, int, list[Alias]]], book: Book) -> Answer | None:
    """Rule 2: all words but "and" belong to two or more aliases."""
    covered = {i for first, end, _ in hits for i in range(first, end)}
    rest = {word.key for i, word in enumerate(words) if i not in covered}
    if len(hits) < 2 or not rest <= _JOINING or rest <= _ARTICLES:
        return None
    camp = common(meaning.actor.affiliation for _, _, meanings in hits for meaning in meanings)
    role = common(meaning.actor.role for _, _, meanings in hits for meaning in meanings)
    return Answer(None, None, camp or _listed("other", book), role or "unspecified", "actor")


def _of_each(speaker: Speaker, article: Article) -> Answer:
    """Rule 2 for persons named together: what they have in common."""
    told = [answer(Speaker(name, "person", described=(name,), basis="name"), article) for name in speaker.described[1:]]
    camp = common(one.affiliation or "" for one in told) or _listed("other", article.book)
    known = any(one.basis for one in told)
    return Answer(None, None, camp or None, common(one.role for one in told) or "unspecified", "actor" if known and camp else None)


def allowed(camp: str | None, role: str, book: Book) -> bool:
    """Whether an affiliation takes speakers in this role where anything but a row of the codebook tells the tie."""
    return camp is not None and role in book.roles.get(camp, (role,))


def _listed(affiliation: str, book: Book) -> str | None:
    return affiliation if affiliation in book.affiliations else None


def own_words(said: Said, speaker: Speaker, article: Article) -> Speaker:
    """Rule 1 for a description that an actor of the codebook is called by: it goes before what the text might mean by it."""
    if speaker.basis != "description":
        return speaker
    source = " ".join(article.text[start:end] for start, end in said.source)
    words = name_words(source)
    hits = hits_in(words, article)
    actors = actors_of(hits[0][2]) if len(hits) == 1 and hits[0][:2] == (0, len(words)) else []
    if len(actors) != 1 or actors[0].kind not in ("person", "organisation", ""):
        return speaker
    return Speaker(actors[0].name, "body", described=(source,), known_at=said.start, basis="description")


def answer(speaker: Speaker, article: Article) -> Answer:
    """Rules 1 to 3: what the speaker's name and description tell."""
    book = article.book
    if speaker.name is None:
        return Answer(None, None, _listed("unspecified", book), "unspecified")
    words = name_words(speaker.name)
    hits = hits_in(words, article)
    if len(hits) == 1 and hits[0][:2] == (0, len(words)):
        return _whole(speaker, hits[0][2], article)
    named = speaker.kind in ("person", "name")
    borne = by_given_name(words, hits, book) if named else []
    if borne:
        return _whole(speaker, borne, article)
    several = _several(words, hits, book)
    if several:
        return several
    if speaker.kind == "people" and speaker.basis == "name" and len(speaker.described) > _TOGETHER:
        return _of_each(speaker, article)
    phrases_told = dict.fromkeys((*speaker.described, *([] if speaker.kind == "person" else [speaker.name])))
    described = list(dict.fromkeys(map(_own, phrases_told)))
    told = _described_by(speaker, described, article)
    actors = actors_of(told)
    opposed = not actors and _any_told(speaker, phrases_told, article)
    own = len(actors) == 1 and told[0].names and actors[0].kind != "person" and not named and (speaker.kind != "someone" or actors[0].kind != "state")
    theirs = common(actor.role for actor in actors) if actors and told[0].names and all(actor.kind not in _LANDS for actor in actors) else None
    role = {"state": "official", "document": "document"}.get(speaker.kind)
    role = role or (theirs if own and speaker.kind == "body" else None) or _role(speaker, described, theirs or "")
    camp, several_camps = common(actor.affiliation for actor in actors), len({meaning.actor.affiliation for meaning in told}) > 1
    if camp and not allowed(camp, role, book):
        camp, own, several_camps = None, False, True
    open_to = "other" if several_camps or ((named or opposed) and not actors) else "unspecified"
    camp = camp or _listed(open_to, book)
    basis = "description" if camp and (actors or opposed) else None
    return Answer(actors[0].actor_id if own else None, None, camp, role, basis)


def is_refused(speaker: Speaker, told: Answer, article: Article) -> bool:
    """Whether the description ties the speaker to an affiliation that does not take the role."""
    camp = common(actor.affiliation for actor in actors_of(_described_by(speaker, map(_own, speaker.described), article)))
    return camp is not None and not allowed(camp, told.role, article.book)


def _called(speaker: Speaker, actor: Actor) -> str:
    """The actor's name; but a person's surname as the text spells it ("Zelensky"), and a body as the text calls it, unless by letters or a part."""
    told = speaker.name or ""
    words, theirs = [word.text for word in name_words(told)], {word.text for word in words_of(actor.name)}
    if actor.kind == "person":
        return told if speaker.kind in ("person", "name") and words[-1] not in theirs else actor.name
    return actor.name if actor.kind == "state" or set(words) <= theirs or (told.isupper() and len(words) == 1) else told


def _whole(speaker: Speaker, meanings: list[Alias], article: Article) -> Answer:
    """Rule 1: the speaker is an alias."""
    book = article.book
    actors = actors_of(meanings)
    for phrase in speaker.described if len(actors) > 1 else ():
        for _, _, found in hits_in(words_of(phrase), article):
            told = {meaning.actor for meaning in found}
            camps = {actor.affiliation for actor in told}
            if not set(actors) <= told:
                actors = [a for a in actors if a in told] or [a for a in actors if a.affiliation in camps] or actors
    one = common(actor.actor_id for actor in actors) if meanings[0].names else None
    camp = common(actor.affiliation for actor in actors) or _listed("unspecified", book)
    role = common(actor.role for actor in actors) if meanings[0].names and all(actor.kind != "place" for actor in actors) else None
    name = common(_called(speaker, actor) for actor in actors) if meanings[0].names else None
    return Answer(one, name, camp, role or _role(speaker, speaker.described, ""), "actor")


# --- whose tie nobody tells ---------------------------------------------------------------------------------------------


def placed(speaker: Speaker, told: Answer, at: int, voices: str | None, article: Article) -> Answer:
    """Rules 4 and 5: for whom a speaker first met at an offset speaks, where neither name nor description tell it."""
    if told.basis or not speaker.name:
        return told
    person = is_person(speaker)
    noun = "" if any(map(_stands_apart, speaker.described)) else _taken_up(speaker)
    camp = noun and article.last_body(noun, at, any_body=noun == "its" or noun in _BODY_CLASSES)
    if camp:
        fits = allowed(camp, told.role, article.book)
        return told._replace(affiliation=camp, basis="context") if fits else told
    setting = article.dateline or voices or article.about or article.last_place(at)
    if speaker.known_at >= 0 and told.role in ("official", "military"):
        context = article.known_before(speaker.known_at, lands=any(map(_stands_apart, speaker.described)))
        official = _of_officials(told, person, context, (article.dateline, setting), article.book)
        if official.basis:
            return _unless_elsewhere(official, told, speaker, article)
    takers = article.book.takers.get(told.role, frozenset())
    document = speaker.kind == "document" and speaker.known_at >= 0
    people = speaker.kind in ("someone", "people") and told.role != "unspecified" and not speaker.name.startswith("unnamed ")
    if len(takers) == 1 and (person or people or document):
        return told._replace(affiliation=min(takers), basis="role")
    if setting in takers and (person or people or document):
        return _unless_elsewhere(told._replace(affiliation=setting, basis="setting"), told, speaker, article)
    return told._replace(affiliation="other", basis="role") if "other" in takers and (person or people) else told


def _unless_elsewhere(guessed: Answer, told: Answer, speaker: Speaker, article: Article) -> Answer:
    """Rule 4: what is guessed, unless the speaker is described as of a place that is none of the codebook's."""
    return none_of_them(told, article) if is_elsewhere(speaker, article) else guessed


def none_of_them(told: Answer, article: Article) -> Answer:
    """The answer for somebody told as of a place that is none of the codebook's."""
    other = _listed("other", article.book)
    return told._replace(affiliation=other, basis="description" if other else None)


def _of_officials(told: Answer, person: bool, context: tuple[str | None, str | None], setting: tuple[str | None, str | None], book: Book) -> Answer:
    """Rule 4: an official or a body of a state whose tie the reader must know: a person's by the setting, a body's by what is named before it."""
    (here, before), (dateline, anywhere) = context, setting
    by_setting, by_body = [(anywhere, "setting")], [(here, "context"), (dateline, "setting"), (before, "context")]
    order = [*by_setting, *by_body] if person else [*by_body, *by_setting]
    return next((told._replace(affiliation=camp, basis=basis) for camp, basis in order if camp and allowed(camp, told.role, book)), told)


def is_person(speaker: Speaker) -> bool:
    """Whether a speaker is a person, by the resolver, a first name or a word for persons that describes it."""
    if speaker.kind != "name":
        return speaker.kind == "person"
    first = name_words(speaker.name or "")[:1]
    return any(word.key in given_names().genders for word in first) or any(
        term.kind == "person" for phrase in speaker.described for _, _, term in terms_in(words_of(phrase))
    )


def private(speaker: Speaker, told: Answer) -> Answer:
    """A person who is described by no office or trade, or named by a first name alone, speaks as a civilian."""
    if told.role != "unspecified" or told.actor_id or not is_person(speaker):
        return told
    alone = len(name_words(speaker.name or "")) == 1
    described = any(len(words_of(phrase)) > len(words_of(speaker.name or "")) for phrase in speaker.described)
    return told._replace(role="civilian") if alone or described else told


def _taken_up(speaker: Speaker) -> str:
    """The noun of a body named before, by which a description ties the speaker: "the company's lawyer", "its head", "a ministry official"; "" for none."""
    for phrase in speaker.described:
        words = words_of(phrase)
        terms = {first: term.kind for first, _, term in terms_in(words)}
        for i, word in enumerate(words):
            if word.key in _RELATIVE:
                break
            before, after = words[i - 1].key if i else "", terms.get(i + 1)
            if word.key == "its":
                return "its"
            if terms.get(i) == "body" and word.text.islower() and (before in ("the", "its", "their", "this", "that") or after in ("person", "people")):
                return word.key
    return ""
