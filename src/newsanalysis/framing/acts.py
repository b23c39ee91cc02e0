"""Who acts, and who is acted upon."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from newsanalysis import codebooks, tables
from newsanalysis.found import Found
from newsanalysis.framing import passives as grammar
from newsanalysis.framing.adverbials import before_adverbials
from newsanalysis.framing.parties import (
    FINITE,
    Actors,
    Named,
    Party,
    Phrase,
    Sentence,
    actors_of,
    group_from,
    group_to,
    listed,
    phrase_from,
    phrase_to,
    prepositions,
    sentence,
    subject_to,
)
from newsanalysis.framing.passives import Passive, low, passives, reduced, sentence_units, tag
from newsanalysis.framing.words import shipped
from newsanalysis.unitising import in_document, voices

COLUMNS = [
    "act_id",
    "document_id",
    "unit_id",
    "actor",
    "verb",
    "acted_upon",
    "form",
    "start",
    "end",
    "actor_id",
    "acted_upon_id",
    "negated",
    "modal",
    "event",
    "voice",
]
AUXILIARIES = frozenset({"have", "has", "had", "having", "do", "does", "did", "'ve", "’ve", "'d", "'ll"})
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})
JOINS = frozenset({"and", "or", "but", ",", "then", "nor"})
PARTICLES = frozenset({"out", "off", "down", "up", "back", "away", "over"})
Run = tuple[int, int, str | None, str | None]  # start, end, voice, attribution_id
FAR = 16  # how many words a parenthesis may hold


class _Verb(NamedTuple):
    """A verb with its subject, and how it is said: negated, and by which word it is left open ("could", "threatened to", "if")."""

    subject: list[Phrase]
    negated: bool = False
    modal: str | None = None


class _Act(NamedTuple):
    actor: Party
    verb: int
    acted_upon: Party
    form: str
    negated: bool
    modal: str | None


def agency(units: pd.DataFrame | Found, *, codebook: str | Path | codebooks.Codebook | None = None, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return who acts and who is acted upon, in sentences that name two actors of a codebook.

    An actor acts, or is acted upon, by its name ("Russia attacked Ukraine"), by those who act for it ("Russia's forces", "US missiles") and,
    acted upon, by what is its own ("Ukraine's ports", "the Ukrainian army's positions"); not by what it thinks or plans ("Russia's plan").

    Parameters
    ----------
    units : DataFrame or Found
        Table *units*: sentences. With a column ``published`` merged in, rows of the codebook count in their interval, as in ``na.resolve``. Or
        what was found in documents: then their sentences, with dates and voices.
    codebook : str, Path or Codebook, optional
        An actor codebook: its actors and their aliases; places are left out. A row with a context counts in documents whose units have one of
        its words. An alias of two actors counts as the first one's. By default the one that the attributions were resolved with, else
        ``ukraine_war``.
    mentions : DataFrame, optional
        Table *mentions* (``na.mentions`` with the same codebook): actors count as named there too, as by a surname after the full name.

    Returns
    -------
    DataFrame
        One row is one act of one actor on another: ``act_id``, by which ``na.sample`` draws, ``document_id``, ``unit_id``, ``actor``, ``verb`` (as
        it stands), ``acted_upon``, ``form`` (``active``, ``passive``, also without auxiliary: "the town shelled by ...", ``nominal``: "Russia's
        invasion of Ukraine"), ``start`` and ``end`` from the first actor to the second in the document, ``actor_id``, ``acted_upon_id``,
        ``negated`` ("did not attack"), ``modal`` (the word that leaves open whether it happened: "could", "threatened", "if"; else missing),
        ``event`` (a verb or noun of the event lists), ``voice`` (where a Found was given: own, also in a cue, attributed, or source).

    Raises
    ------
    TableError
        For documents in the place of units, or tables that break their schema.

    Notes
    -----
    Read from tags and word order, without a parser. Acts are done with words too (accuse, thank); verbs of saying, thinking, being and having
    are none, nor is taking somebody's side. Known by their grammar: joined subjects, verbs and objects, relative clauses, parentheses,
    infinitives ("tried to seize"), "accused of arming", those at whom something is fired and to whom something is given. An alias "the council"
    counts after adjectives too ("the local council"). Not known: pronouns, nouns for actors ("the invaders"), adjectives ("the Russian attack"),
    acts across sentences, and surnames alone without ``mentions``: actors that are often named so act too seldom. Counting, leave out what is
    negated, and say whether ``modal`` counts. Precision and recall on invented sentences: ``benchmarks/results/framing.csv``; expect less on the
    longer sentences of newspapers.

    Source: van Leeuwen (1996), The representation of social actors, in Caldas-Coulthard & Coulthard (eds.), Texts and practices, pp. 32-70.

    Examples
    --------
    >>> import newsanalysis as na
    >>> units = na.units(na.documents(["Russia attacked Ukraine. Ukraine was supported by NATO. Russia's war on Ukraine goes on."]))
    >>> agency(units)[["actor", "verb", "acted_upon", "form"]].values.tolist()
    [['Russia', 'attacked', 'Ukraine', 'active'], ['NATO', 'supported', 'Ukraine', 'passive'], ['Russia', 'war', 'Ukraine', 'nominal']]
    """
    found = units.checked() if isinstance(units, Found) else None
    table = sentence_units(found or units, "agency")
    if found:
        table = table.merge(found.documents[["document_id", "published"]], on="document_id")
    book = codebook if codebook is not None else found.codebook if found and found.codebook is not None else "ukraine_war"
    actors = actors_of(book if isinstance(book, codebooks.Codebook) else codebooks.unchanged(book))
    known, spoken = _known(mentions, actors), _voices(found) if found else {}
    texts = table.groupby("document_id").text.agg(" ".join)
    days = pd.to_datetime(table.published, utc=True).dt.date if "published" in table else [None] * len(table)
    rows: list[tuple[object, ...]] = []
    counted: Counter[str] = Counter()
    for unit_id, document_id, text, start, end, day in zip(*(table[c] for c in ("unit_id", "document_id", "text", "start", "end")), days, strict=True):
        place = in_document(text, start, end)
        here = _within(known.get(document_id, []), start, end) if len(text) == end - start else ()
        said = sentence(text, actors, (None if pd.isna(day) else day, codebooks.keys_of(texts[document_id])), here)
        for act in _acts(said):
            one, two, verb = act.actor.mention, act.acted_upon.mention, said.words[act.verb]
            at = place(min(one.start, two.start), max(one.end, two.end)) or (None, None)
            counted[document_id] += 1
            names = (actors.named[one.actor], verb.text, actors.named[two.actor], act.form)
            how = (act.negated, act.modal, _is_event(said, act), _voice(spoken.get(document_id, []), start + verb.start) if found else None)
            rows.append((f"{document_id}:a{counted[document_id]}", document_id, unit_id, *names, *at, one.actor, two.actor, *how))
    told = pd.DataFrame(rows, columns=COLUMNS)
    texts_of = [column for column in COLUMNS if column not in ("start", "end", "negated", "event")]
    return told.astype({**dict.fromkeys(texts_of, "str"), "start": "Int64", "end": "Int64", "negated": "bool", "event": "bool"})


def _known(mentions: pd.DataFrame | None, actors: Actors) -> dict[str, list[Named]]:
    """Where actors of the codebook are mentioned in each document, from left to right."""
    known: dict[str, list[Named]] = {}
    if mentions is not None:
        rows = tables.check(mentions, "mentions").sort_values("document_start", kind="stable")
        for key, start, end, actor in zip(rows.document_id, rows.document_start, rows.document_end, rows.actor_id, strict=True):
            if actor in actors.named:
                known.setdefault(key, []).append((int(start), int(end), actor))
    return known


def _within(known: list[Named], start: int, end: int) -> tuple[Named, ...]:
    """The mentions in a unit, by their place in it."""
    first = bisect_left(known, start, key=lambda place: place[0])
    inside = takewhile(lambda place: place[0] < end, islice(known, first, None))
    return tuple((low - start, high - start, actor) for low, high, actor in inside if high <= end)


def _voices(found: Found) -> dict[str, list[Run]]:
    """The runs of one voice of each document; cues are the outlet's words."""
    spans: dict[str, list[tuple[int, int, str, str]]] = {key: [] for key in found.documents.document_id}
    columns = (found.documents_of_spans(), *(found.spans[column] for column in ("start", "end", "role", "attribution_id")))
    for key, start, end, role, attribution in zip(*columns, strict=True):
        spans.setdefault(key, []).append((int(start), int(end), role, attribution))
    lengths = dict(zip(found.documents.document_id, found.documents.text.str.len(), strict=True))
    return {key: voices(there, int(lengths.get(key, 0)), frozenset({"cue"})) for key, there in spans.items()}


def _voice(runs: list[Run], at: int) -> str | None:
    """Whose words stand at a place: own, attributed, or source where they name one."""
    n = bisect_right(runs, at, key=lambda run: run[0]) - 1
    return (runs[n][2] or "source") if n >= 0 else None


def _acts(said: Sentence) -> list[_Act]:
    """All acts of a sentence, in the order of their verbs."""
    if len({mention.actor for mention in said.mentions.values()}) < 2:
        return []
    full = {p.participle: p for p in passives(said.words)}
    short = {p.participle: p for p in reduced(said.words) if p.participle not in full}
    found = [*_verbal(said, full, short), *_nominal(said)]
    unique: dict[tuple[str, int, str], _Act] = {}
    for act in found:
        if act.actor.mention.actor != act.acted_upon.mention.actor and act.actor.acts and act.acted_upon.suffers:
            unique.setdefault((act.actor.mention.actor, act.verb, act.acted_upon.mention.actor), act)
    return sorted(unique.values(), key=lambda act: act.verb)


def _parties(group: list[Phrase]) -> list[Party]:
    return [phrase.party for phrase in group if phrase.party]


def _verbal(said: Sentence, full: dict[int, Passive], short: dict[int, Passive]) -> Iterator[_Act]:
    """The acts of verbs, from left to right, each with what is known of the verbs before it."""
    words = said.words
    known: dict[int, _Verb] = {}
    objects: dict[int, list[Phrase]] = {}
    for at in range(len(words)):
        if at in full:
            begin = full[at].first if full[at].first < at else at
            known[at] = _verb(said, begin, at, known)
            by, whom = _by(said, full[at].agent), known[at].subject
            whom = _directed(said, at + 1, at) or whom
            yield from _product(by, at, whom, "passive", known[at])
        elif at in short or _cut_off(said, at):
            whom = _directed(said, at + 1, at) or _described(said, at)
            by = _by(said, short[at].agent if at in short else _cut_off(said, at))
            yield from _product(by, at, whom, "passive", _Verb([]))
        elif grammar.is_verb(words, at) and at not in said.mentions:
            known[at] = _gerund(said, at, (known, full, objects)) if _is_gerund(words, at) else _verb(said, at, at, known)
            objects[at] = _objects(said, at) if _is_act(words, at) else []
            yield from _product(known[at].subject, at, objects[at], "active", known[at])


def _product(actors: list[Phrase], verb: int, whom: list[Phrase], form: str, how: _Verb) -> Iterator[_Act]:
    for actor in _parties(actors):
        for acted_upon in _parties(whom):
            yield _Act(actor, verb, acted_upon, form, how.negated, how.modal)


def _is_act(words: grammar.Words, at: int) -> bool:
    key = low(words, at)
    return key not in listed("state") and key not in AUXILIARIES and (key in listed("address") or not _tells(key))


@lru_cache(maxsize=4096)
def _tells(verb: str) -> bool:
    """A verb of saying or thinking, after which a name more often begins a clause than names who is acted upon."""
    book = shipped("cues")
    return any(book.rows[match.row][1] in ("neutral", "doubt", "admission", "cognitive") for match in book.find(verb))


def _is_event(said: Sentence, act: _Act) -> bool:
    key = low(said.words, act.verb)
    return key in listed("event_noun") if act.form == "nominal" else any(True for _ in shipped("event_verbs").find(key))


# --- the verb and its subject --------------------------------------------------------------------------------------------------


def _verb(said: Sentence, begin: int, at: int, known: dict[int, _Verb]) -> _Verb:
    """The subject of a verb whose first auxiliary stands at ``begin``, and what negates it or leaves it open."""
    words, first = said.words, begin
    while first > 0 and at - first < FAR:
        past = before_adverbials(words, first - 1) + 1
        if past == first and not _of_the_verb(words, first - 1):
            break
        first = past if past < first else first - 1
    group = [low(words, n) for n in range(first, at)]
    modal = next((words[n].text for n in range(first, at) if tag(words, n) == "MD"), None)
    negated = any(key in NEGATIONS for key in group)
    if low(words, first - 1) == "to":
        return _infinitive(said, first - 1, at, known)
    subject = _relative(said, first) or subject_to(said, first) or _before_parenthesis(said, first)
    if not subject and low(words, first - 1) in JOINS and known:
        before = known[next(reversed(known))]
        base = tag(words, at) in ("VB", "VBP", "NN")
        return _Verb(before.subject, negated or (base and before.negated), modal or (before.modal if base else None))
    if subject:
        outside = subject[0].start - 1
        asked = words[outside].text if outside >= 0 and tag(words, outside) == "MD" else None
        asked = asked or (words[outside].text if low(words, outside) in ("if", "unless", "whether") else None)
        negated |= low(words, outside) in NEGATIONS or low(words, subject[0].start) == "neither"
        return _Verb(subject, negated, modal or asked)
    return _Verb([], negated, modal)


def _of_the_verb(words: grammar.Words, at: int) -> bool:
    key = low(words, at)
    aux = key in AUXILIARIES or key in grammar.listed("be") or key in grammar.listed("get")
    return aux or tag(words, at) == "MD" or (tag(words, at).startswith("RB") and key not in ("then",)) or key in ("not", "n't", "both", "all", "each")


def _relative(said: Sentence, first: int) -> list[Phrase]:
    """ "Russia, which attacked", "It was Russia that attacked"."""
    if low(said.words, first - 1) not in ("who", "which", "that"):
        return []
    end = first - 1 - (low(said.words, first - 2) == ",")
    return subject_to(said, end) if tag(said.words, end - 1).startswith(("NN", "POS")) else []


def _before_parenthesis(said: Sentence, first: int) -> list[Phrase]:
    """ "Russia, under pressure from China, spared": the subject before two commas with no clause between."""
    words = said.words
    if low(words, first - 1) != ",":
        return []
    comma = next((n for n in range(first - 2, max(0, first - FAR), -1) if low(words, n) == ","), None)
    if comma is None or (low(words, comma + 1) not in ("who", "which") and any(tag(words, n) in ("VBZ", "VBP", "MD") for n in range(comma, first - 1))):
        return []
    return subject_to(said, comma)


def _infinitive(said: Sentence, to: int, at: int, known: dict[int, _Verb]) -> _Verb:
    """The subject of an infinitive: that of "tried to", the object of "urged Putin to"."""
    words, governor = said.words, to - 1
    negated = any(low(words, n) in NEGATIONS for n in range(max(0, to - 1), at))
    while governor > 0 and (tag(words, governor).startswith("RB") or low(words, governor) in NEGATIONS):
        governor -= 1
    if governor in known:
        before = known[governor]
        return _Verb(before.subject, negated or before.negated, words[governor].text)
    phrase = None if tag(words, governor).startswith("JJ") else phrase_to(said, to)
    if phrase and phrase.start - 1 in known:
        verb = phrase.start - 1
        if low(words, governor) in listed("purpose"):  # "announced a plan to"
            return _Verb(known[verb].subject, negated, words[governor].text)
        return _Verb(known[verb].subject if low(words, verb) in listed("promise") else [phrase], negated, words[verb].text)
    if tag(words, governor).startswith("JJ") and known:
        return _Verb(known[next(reversed(known))].subject, negated, words[governor].text)
    return _Verb([], negated, None)


def _is_gerund(words: grammar.Words, at: int) -> bool:
    before = at - 1
    while before > 0 and at - before < FAR and tag(words, before).startswith("RB"):
        before -= 1
    return words[at].tag == "VBG" and low(words, before) not in grammar.listed("be")


def _gerund(said: Sentence, at: int, before: tuple[dict[int, _Verb], dict[int, Passive], dict[int, list[Phrase]]]) -> _Verb:
    """The subject of an -ing form without "be": "denies arming", "accused of arming", "Putin, blaming", "forces attacking"."""
    known, full, objects = before
    words = said.words
    key = low(words, at - 1)
    last = next(reversed(known), -1)  # verbs become known from left to right
    if key in listed("reckon") and last == at - 1:
        return _Verb(known[last].subject, known[last].negated, words[last].text)
    if tag(words, at - 1) == "IN":
        if last >= 0 and low(words, last) in listed("blame") and key in ("of", "for") and at - last < FAR:
            return _Verb(known[last].subject if last in full else objects.get(last, []), False, words[last].text)
        return _Verb(known[last].subject if last >= 0 and key in ("by", "after", "before", "without", "while") else [], key == "without", None)
    if key == ",":
        own = group_to(said, at - 1)
        inherits = last >= 0 and own and last < own[0].start and own[0].start - last < FAR
        return _Verb(known[last].subject if inherits or not own else own)
    return _Verb(subject_to(said, at)) if last < 0 or at - last > 1 else _Verb([])


# --- whom it is done to --------------------------------------------------------------------------------------------------------


def _objects(said: Sentence, verb: int) -> list[Phrase]:
    """The phrases after a verb, or those at, on, against, to whom it is directed; of a joined verb those after the last one."""
    words, at = said.words, verb + 1
    for _ in range(4):
        while tag(words, at).startswith("RB") or tag(words, at) == "RP" or low(words, at) in PARTICLES:
            at += 1
        then = at
        while low(words, then) in JOINS or tag(words, then).startswith("RB"):
            then += 1
        if then == at or not tag(words, then).startswith("VB") or tag(words, then) == "VBG":
            break
        verb, at = then, then + 1
    group = group_from(said, at)
    if group and _is_light(words, verb, group[0]):
        return []
    directed = _directed(said, group[-1].end if group else at, verb)
    if directed:
        return directed
    if group and group[0].party is None and low(words, verb) in listed("give"):
        mention = said.mentions.get(at)
        return [Phrase(at, at, Party(mention, acts=True, suffers=True))] if mention and not mention.genitive else []
    return group


def _is_light(words: grammar.Words, verb: int, phrase: Phrase) -> bool:
    """ "took the side of", "is taking part in": noun and verb tell one act together, not one on whom "of" names."""
    light = low(words, verb) in listed("light_verb")
    return light and any(low(words, n) in listed("light_noun") and low(words, n + 1) == "of" for n in range(phrase.start, phrase.end))


def _directed(said: Sentence, at: int, verb: int) -> list[Phrase]:
    """Those after the verb's preposition: "fired rockets at Ukraine", "sanctions were imposed on Russia", "sent to Ukraine"."""
    key = low(said.words, verb)
    asked = prepositions("directed", key) | prepositions("give", key)
    return group_of(said, at + 1) if low(said.words, at) in asked else []


def _by(said: Sentence, agent: int | None) -> list[Phrase]:
    """The phrases of an agent."""
    return group_of(said, agent) if agent is not None else []


def _cut_off(said: Sentence, at: int) -> int | None:
    """The agent of a participle without auxiliary that is followed by something else first: "sent to Ukraine by Britain"."""
    words = said.words
    if tag(words, at) not in ("VBN", "VBD") or tag(words, at - 1) in ("PRP", "MD") or low(words, at - 1) in AUXILIARIES or not _is_act(words, at):
        return None
    if tag(words, at + 1) not in ("IN", "TO"):
        return None
    for n in range(at + 2, min(at + 8, len(words))):
        if low(words, n) == "by":
            return grammar.agent_after(words, n)
        if tag(words, n) in FINITE or low(words, n) in grammar.listed("border"):
            return None
    return None


def _described(said: Sentence, at: int) -> list[Phrase]:
    """Whom a participle without auxiliary describes: the phrase before it, or after its own where it begins the sentence."""
    words = said.words
    if at and low(words, at - 1) not in (",", "(", "–", "—"):
        return subject_to(said, at)
    if at:
        return subject_to(said, at - 1)
    comma = next((n for n in range(at, min(at + FAR, len(words))) if low(words, n) == ","), None)
    return group_from_subject(said, comma + 1) if comma is not None else []


def group_from_subject(said: Sentence, at: int) -> list[Phrase]:
    """The phrase that begins at a word, be it the subject of a verb."""
    phrase = phrase_from(said, at)
    return [phrase] if phrase else []


# --- nouns ---------------------------------------------------------------------------------------------------------------------


def _nominal(said: Sentence) -> Iterator[_Act]:
    """ "Russia's invasion of Ukraine", "the attack by Iran on Israel", "US strikes on Syria"."""
    words = said.words
    for at in range(len(words)):
        asked = prepositions("noun", low(words, at))
        if not asked or at in said.mentions or tag(words, at).startswith("MD"):
            continue
        owner = _owner(said, at)
        actors: list[Party] = [owner] if owner else []
        whom: list[Party] = []
        then = at + 1
        for _ in range(3):
            key = low(words, then)
            group = group_of(said, then + 1) if key in asked or key in ("by", "in", "at", "near", "from") else []
            if not group:
                break
            if key == "by":
                actors, whom = _parties(group), whom or ([owner] if owner else [])
            elif key in asked:
                whom = _parties(group)
            then = group[-1].end
        for actor in actors:
            for acted_upon in whom:
                yield _Act(actor, at, acted_upon, "nominal", negated=False, modal=None)


def group_of(said: Sentence, at: int) -> list[Phrase]:
    """The phrases after a preposition: joined ones, or one that a verb follows."""
    return group_from(said, at) or group_from_subject(said, at)


def _owner(said: Sentence, noun: int) -> Party | None:
    """Whose act it is: "Russia's full-scale invasion", "US strikes"."""
    before = noun - 1
    while before >= 0 and noun - before < 6 and before not in said.mentions and tag(said.words, before).startswith(("JJ", "NN", "POS", "VBN", "CD")):
        before -= 1
    mention = said.mentions.get(before)
    if mention is None or (before < noun - 1 and not mention.genitive and tag(said.words, before + 1).startswith("VB")):
        return None
    return Party(mention, acts=True, suffers=True)
