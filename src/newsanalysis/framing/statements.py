"""Who blames whom for what, and who calls on whom to do what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from newsanalysis import codebooks, tables, tagger
from newsanalysis.found import Found, needed
from newsanalysis.framing.adverbials import after_times, before_adverbials, can_act
from newsanalysis.framing.words import Book, book_of
from newsanalysis.sentences import sentences
from newsanalysis.tagger import Word

COLUMNS = (
    *("statement_id", "document_id", "attribution_id", "statement", "form", "source", "speaker", "actor_id", "target", "target_actor_id", "issue"),
    *("start", "end", "voice", "coder"),
)
_LONGEST = 14  # words of a target
_FAR = 250  # words of a clause that are looked at
_BE = frozenset(("am", "is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"))
_PERFECT = frozenset(("has", "have", "had", "will", "do", "does", "did"))
_NEGATION = frozenset(("not", "n't", "n’t", "'t", "’t", "never", "neither", "nor", "hardly", "cannot"))
_ADVERBS = frozenset(("long", "once", "again", "also", "now", "ca", "twice"))
_NOBODY = frozenset(("nobody", "no", "none", "anyone", "anybody", "who", "whom", "what", "which", "there", "neither"))
_PRONOUN = frozenset(("i", "we"))
_BORDER = frozenset(("who", "which", "that", "because", "while", "when", "whether", "if", "but", "although", "though", "as", "where", "how", "what", "why"))
_RESPONSIBLE = frozenset(("responsible", "accountable", "liable"))
_DOUBT = frozenset(("deny", "denies", "denied", "denying", "reject", "rejects", "rejected", "dispute", "disputes", "disputed", "doubt", "doubts", "doubted"))
_END = frozenset((".", "!", "?", ";", ":", ",", "—", "–", "(", ")"))
_OPENING, _CLOSING = frozenset("“‘«\"'"), frozenset("”’»\"'")
_JOINING = frozenset(("of", "for", "from", "in", "at"))


class _Part(NamedTuple):
    """Some words: the first, and one past the last."""

    first: int
    end: int


class _Statement(NamedTuple):
    """What a sentence says: blame or call, by whom, of or to whom, for what; ``verb`` is the word that says it."""

    statement: str
    form: str
    verb: int
    source: _Part | None
    target: _Part | None
    issue: _Part | None
    inside: bool  # only what somebody is said to have said counts, who is then the source
    own_source: bool = False  # the words tell the source better than an attribution: one of two sides, the agent of a passive


class _Row(NamedTuple):
    """A pattern of the lexicon in a sentence: its row, first word, and one past its last."""

    statement: str
    frames: tuple[str, ...]
    first: int
    end: int


class _Told(NamedTuple):
    """The source as an attribution has it, and where the verb's own subject stands."""

    words: str
    own: tuple[int, int] | None


class _Attributed(NamedTuple):
    """The attributions of a document by the places of their cues and contents."""

    cues: list[tuple[int, int, str]]
    contents: list[tuple[int, int, str]]


def code_statements(found: Found, *, mentions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find statements of blame and calls to action: who blames whom for what, who calls on whom to do what.

    Blame: *X blames Y for Z*, *accuses Y of Z*, *holds Y responsible for Z*, *condemns Y over Z*, *points the finger at Y*, *Y is to blame for Z*,
    *X and Y traded blame over Z* (two statements, one each way). Calls: *X urges Y to Z*, *calls on Y to Z*, *demands that Y Z*,
    *calls for Z*, *warns (Y) against Z*, and *Y must Z*, *should*, *needs to* in what somebody is said to have said.

    Parameters
    ----------
    found : Found
        What was found in documents, best after ``na.resolve``: where a cue is such a verb, or a content holds the statement, the
        attribution tells who speaks.
    mentions : DataFrame, optional
        Table *mentions* (``na.mentions``): tells the actors named in the target, and in a source that no attribution knows.

    Returns
    -------
    DataFrame
        One row a statement, in the order of the text. ``statement_id``, by which ``na.sample`` draws; ``document_id``; ``attribution_id`` whose cue
        or content it is; ``statement`` (blame, call); ``form`` (verb; copula: *is to blame*; modal: *must*, the least sure); ``source`` the words
        that name who blames or calls, ``speaker`` the resolved name behind them, ``actor_id``; ``target`` the words that name who is blamed or called
        on, ``target_actor_id``; ``issue`` for what, or to do what; ``start`` and ``end`` of all this in the document; ``voice`` (own: the outlet
        tells of the statement, or makes it, then the source is missing; attributed: it stands in what somebody is said to have said); ``coder``. What
        a sentence does not say is missing.

    Raises
    ------
    TableError
        For documents in which nothing has been looked for, or tables that break their schema.

    Notes
    -----
    Grammar by tagged words, no parser. Negated statements, questions, and what somebody might do or refused to do are left out. *The team should
    win* has the form of a call and is counted as one. No statement is told from *because of* or from irony. Read the rows before you count them.
    Validated on invented sentences only (``tests/data/statements_gold.jsonl``; half of them not looked at while the rules were mended): see
    ``benchmarks/results/statements.csv``. In 90 American articles, one reader (their author) found 43 of 50 statements by verb and 20 of 25 by modal right
    before the last mends; how many are missed in news was not measured. Check a sample of your own.

    Sources: Hood (2011), The blame game, ch. 1 (blame as the act of holding somebody responsible for something bad); Benford & Snow (2000), Framing
    processes and social movements, Annual Review of Sociology 26, pp. 611-639 (diagnostic and motivational framing). The list of verbs
    (``statements``) is our own.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["Kyiv blamed Moscow for the fire and urged NATO to act."]))
    >>> code_statements(found)[["statement", "source", "target", "issue"]].values.tolist()
    [['blame', 'Kyiv', 'Moscow', 'the fire'], ['call', 'Kyiv', 'NATO', 'act']]
    """
    found, book = needed(found, "code_statements"), book_of("statements")
    named = _named(mentions)
    placed = _placed(found)
    told = found.attributions.set_index("attribution_id")
    rows: list[tuple[Any, ...]] = []
    for key, text in zip(found.documents.document_id, found.documents.text, strict=True):
        around, before = placed.get(key, _Attributed([], [])), len(rows)
        for start, end in sentences(text):
            words = joined(tagger.words(text[start:end]))
            for one in _statements(words, text[start:end], book):
                row = _row(one, words, start, around, told)
                if row:
                    rows.append((f"{key}:b{len(rows) - before + 1}", key, *_with_actors(row, text, named.get(key, [])), book.name))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({**dict.fromkeys([c for c in COLUMNS if c not in ("start", "end")], "str"), "start": "int64", "end": "int64"})


# --- from words to rows ---------------------------------------------------------------------------------------------------


def _named(mentions: pd.DataFrame | None) -> dict[str, list[tuple[int, int, str]]]:
    """Where actors are named, by document."""
    named: dict[str, list[tuple[int, int, str]]] = {}
    if mentions is not None:
        known = tables.check(mentions, "mentions")
        known = known[known.actor_id.notna()]
        for key, start, end, actor in zip(known.document_id, known.document_start, known.document_end, known.actor_id, strict=True):
            named.setdefault(key, []).append((int(start), int(end), actor))
    return named


def _placed(found: Found) -> dict[str, _Attributed]:
    placed: dict[str, _Attributed] = {}
    spans = found.spans.assign(document_id=found.documents_of_spans())
    spans = spans[spans.attribution_id.isin(found.attributions.attribution_id)]
    for key, role, start, end, attribution in zip(spans.document_id, spans.role, spans.start, spans.end, spans.attribution_id, strict=True):
        around = placed.setdefault(key, _Attributed([], []))
        if role != "source":
            (around.cues if role == "cue" else around.contents).append((int(start), int(end), attribution))
    return placed


def _covering(places: list[tuple[int, int, str]], at: int) -> str | None:
    """The attribution whose piece covers a place, the shortest piece if several do."""
    there = [(end - start, key) for start, end, key in places if start <= at < end]
    return min(there)[1] if there else None


def _row(one: _Statement, words: tuple[Word, ...], offset: int, around: _Attributed, told: pd.DataFrame) -> tuple[Any, ...] | None:
    """attribution_id, statement, form, source, speaker, actor_id, target, issue (as places), start, end, voice; None if it does not count."""

    def place(part: _Part | None) -> tuple[int, int] | None:
        return (offset + words[part.first].start, offset + words[part.end - 1].end) if part else None

    verb = offset + words[one.verb].start
    within = _covering(around.contents, verb)
    cue = None if one.inside else _covering(around.cues, verb)
    first_person = one.source is not None and one.source.end - one.source.first == 1 and words[one.source.first].text.lower() in _PRONOUN
    speaking = cue if cue and not first_person else within if one.inside or first_person else None
    if one.inside and not within and not _is_own(one, words):
        return None
    if speaking and _DOUBT & set(str(told.cue[speaking]).lower().split()):
        return None
    source, target, issue = place(one.source), place(one.target), place(one.issue)
    known = told.loc[speaking] if speaking and not one.own_source else None
    parts = [part for part in (source, target, issue, (verb, offset + words[one.verb].end)) if part]
    bounds = min(start for start, _ in parts), max(end for _, end in parts)
    named = (known.source, known.speaker, known.actor_id) if known is not None else (source, None, None)
    if known is not None and not isinstance(known.source, str) and source:
        named = (source, known.speaker, known.actor_id)
    elif known is not None and isinstance(known.source, str):
        named = (_Told(known.source, source if cue else None), *named[1:])
    return cue or within, one.statement, one.form, *named, target, issue, *bounds, "attributed" if within else "own"


def _is_own(one: _Statement, words: tuple[Word, ...]) -> bool:
    """In the outlet's own voice only "is to blame" counts, not "must" nor "is responsible for"."""
    return one.statement == "blame" and words[one.verb].text.lower() == "blame"


def _with_actors(row: tuple[Any, ...], text: str, named: list[tuple[int, int, str]]) -> tuple[Any, ...]:
    """The row with its places read as text, and the actors named there."""
    *first, source, speaker, actor, target, issue, start, end, voice = row
    if isinstance(source, _Told):
        own = text[slice(*source.own)] if source.own else ""
        source = own if own and source.words.startswith(own) else bare_source(source.words)
    elif isinstance(source, tuple):
        actor = actor if isinstance(actor, str) else _actor(source, named)
        source = text[slice(*source)]
    if isinstance(source, str):
        speaker = speaker if isinstance(speaker, str) else source
    source, speaker, actor = (cell if isinstance(cell, str) else None for cell in (source, speaker, actor))
    about = (text[slice(*target)] if target else None, _actor(target, named) if target else None, text[slice(*issue)] if issue else None)
    return *first, source, speaker, actor, *about, start, end, voice


def bare_source(source: str) -> str:
    """Return the words that name a source without a comma at their end or an apposition.

    >>> bare_source("Paul Aldous, the minister of trade and industry,"), bare_source("the mayor, Ann Lee,"), bare_source("Kyiv, Minsk and Warsaw,")
    ('Paul Aldous', 'Ann Lee', 'Kyiv, Minsk and Warsaw')
    """
    first, comma, rest = (part.strip() for part in source.partition(","))
    described = comma and first and not _lists(rest.split())
    rest = rest.rstrip(", ")
    if described and first[:4].lower() == "the " and first[4:].islower() and rest and all(word[0].isupper() for word in rest.split()):
        return rest  # "the mayor, Ann Lee,"
    return first if described else source.strip(" ,\n\t")


def _lists(words: list[str]) -> bool:
    """Whether words after a comma go on with a list: "Minsk and Warsaw", "the union and the council", but not "minister of trade and industry"."""
    joins = [n for n, word in enumerate(words[:-1]) if word in ("and", "or")]
    articles = ("the", "a", "an", "its", "their", "his", "her")
    return any(words[0][0].isupper() or (words[0] in articles and words[n + 1] in articles) for n in joins)


def _actor(place: tuple[int, int], named: list[tuple[int, int, str]]) -> str | None:
    """The actor named within a place; of several the one with the longest name, then the last."""
    inside = [(end - start, start, actor) for start, end, actor in named if place[0] <= start and end <= place[1]]
    return max(inside)[2] if inside else None


def joined(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Put together what the tagger takes apart at an apostrophe: "n't" (RB) and "'s" (POS).

    >>> [(word.text, word.tag) for word in joined(tagger.words("He didn't see Kyiv's plan."))][2:6]
    [("n't", 'RB'), ('see', 'VB'), ('Kyiv', 'NNP'), ("'s", 'POS')]
    """
    whole: list[Word] = []
    for word in words:
        before = whole[-1] if whole else None
        if before and before.text in ("'", "’") and before.end == word.start and word.text in ("s", "t"):
            whole.pop()
            start, text = before.start, before.text + word.text
            if word.text == "t" and whole and whole[-1].text == "n" and whole[-1].end == start:
                start, text = whole.pop().start, "n" + text
            whole.append(Word(text, "RB" if word.text == "t" else "POS", start, word.end))
        else:
            whole.append(word)
    return tuple(whole)


# --- what a sentence says -------------------------------------------------------------------------------------------------


def _statements(words: tuple[Word, ...], sentence: str, book: Book) -> Iterator[_Statement]:
    """The statements of a sentence, in the order of their verbs."""
    if any(word.text == "?" for word in words[-2:]):
        return
    found = [*(one for row in _rows(words, sentence, book) for one in _told(words, row)), *_to_blame(words), *_modal(words)]
    yield from sorted(found, key=lambda one: one.verb)


@lru_cache(maxsize=1)
def _frames() -> list[tuple[str, ...]]:
    return [tuple(frames.split()) for frames in codebooks.words("statements").frame]


def _rows(words: tuple[Word, ...], sentence: str, book: Book) -> Iterator[_Row]:
    number = {word.start: n for n, word in enumerate(words)}
    for match in book.find(sentence):
        first = number.get(match.start, -1)
        if first >= 0:
            end = next((n for n in range(first, len(words)) if words[n].end >= match.end), first) + 1
            yield _Row(str(book.rows[match.row][1]), _frames()[match.row], first, end)


def _lower(words: tuple[Word, ...], at: int) -> str:
    return words[at].text.lower() if 0 <= at < len(words) else ""


def _told(words: tuple[Word, ...], row: _Row) -> Iterator[_Statement]:
    """What a verb of the lexicon says with its subject and complements, by the first of its frames that fits."""
    group = _group(words, row.first)
    if group is None:
        return
    before, passive = group
    for frame in row.frames:
        fit = _PASSIVE[frame](words, row.end) if passive and frame in _PASSIVE else None if passive else _ACTIVE[frame](words, row.end)
        if fit is None:
            continue
        subject = _subject(words, before, row.first, passive=passive)
        target, issue = fit
        if passive:
            agent, issue = _agent(words, issue, row.end)
            if frame == "blame" and target:  # "the drought was blamed on the government"
                subject, issue, target = agent, subject, target
            else:
                subject, target = agent, subject
            if not _somebody(words, target):
                return
        elif subject is None or not _somebody(words, subject) or (target is not None and not _somebody(words, target)):
            return
        yield from _sides(words, row, _Statement(row.statement, "verb", row.first, subject, target, issue, False, passive))
        return


def _sides(words: tuple[Word, ...], row: _Row, one: _Statement) -> Iterator[_Statement]:
    """A statement, or where two sides make it of each other one for each."""
    each_other = "trade" in row.frames or (one.target is not None and [_lower(words, n) for n in range(*one.target)] in (["each", "other"], ["one", "another"]))
    joined = [n for n in range(*one.source) if _lower(words, n) == "and"] if one.source else []
    if each_other and len(joined) == 1 and one.source:
        opening = one.source.first + (_lower(words, one.source.first) == "both")  # "both Ann and Bob traded blame"
        first, second = _Part(opening, joined[0]), _Part(joined[0] + 1, one.source.end)
        if first.end > first.first and second.end > second.first:
            yield one._replace(source=first, target=second, own_source=True)
            yield one._replace(source=second, target=first, own_source=True)
            return
    yield one


@lru_cache(maxsize=1)
def _times() -> frozenset[str]:
    """Days and months, which stand before a subject without being part of it."""
    listed = codebooks.lexicon("function_words.csv", "class", "word")
    return frozenset(word for kind, word in listed if kind in ("weekday", "month", "time"))


def _group(words: tuple[Word, ...], verb: int) -> tuple[int, bool] | None:
    """The word before the verb's group, and whether it is passive; None for a noun, an infinitive, a modal or a negated verb."""
    at, passive = before_adverbials(words, verb - 1), False
    form = _lower(words, verb)
    while at >= 0 and (words[at].tag.startswith("RB") or _lower(words, at) in _BE | _PERFECT | _NEGATION | _ADVERBS):
        if _lower(words, at) in _NEGATION:
            return None
        passive = passive or (_lower(words, at) in _BE and not form.endswith("ing"))
        at = before_adverbials(words, at - 1)
    nominal = at == verb - 1 and at >= 0 and words[at].tag in ("DT", "JJ", "PRP$", "POS", "CD")
    if nominal and (words[verb].tag.startswith(("NN", "JJ")) or words[at].tag in ("DT", "PRP$", "POS")):
        return None
    if at >= 0 and (words[at].tag in ("TO", "MD") or _lower(words, at) in ("to", "let")):
        return None
    if _lower(words, at) == "," and form.endswith("ed") and _lower(words, verb + 1) in ("of", "by", "for"):
        return at, True
    return at, passive


def _is_nominal(words: tuple[Word, ...], at: int) -> bool:
    word = words[at]
    return word.tag.startswith(("DT", "JJ", "NN", "PRP", "CD", "POS")) or word.text in ("'", "’", "-", "&")


def _phrase_before(words: tuple[Word, ...], end: int) -> _Part | None:
    """The noun phrase that ends before a word, with "of ..." and "and ..."."""
    at = end - 1
    while at >= 0:
        inner, key = 0 < at < end - 1, _lower(words, at)
        of = inner and key in _JOINING and _is_nominal(words, at - 1) and _lower(words, at - 1) not in _times()
        joins = inner and key == "and" and words[at - 1].tag.startswith("NN") and words[at + 1].tag != "PRP" and _lower(words, at + 1) != "one"
        if not (of or joins or (_is_nominal(words, at) and key not in _BORDER)):
            break
        at -= 1
    first = after_times(words, at + 1, end)
    while first < end - 1 and (_lower(words, first) in _times() or words[first].text in ("'", "’", "'s", "’s")):
        first += 1
    if _lower(words, first) in _times() and not (words[first].text == "May" and first > 0):
        return None
    if first >= end or not any(words[n].tag.startswith(("NN", "PRP", "DT", "JJ", "CD")) for n in range(first, end)):
        return None
    return _Part(first, end)


def _subject(words: tuple[Word, ...], before: int, verb: int, *, passive: bool) -> _Part | None:
    """Who does what the verb says: the phrase before it, the one that "who" goes back to, or the subject that it shares."""
    if before < 0:
        return None
    key = _lower(words, before)
    if key in ("who", "which", "that") and before > 0:
        return _phrase_before(words, before - (_lower(words, before - 1) == ","))
    if key == "," and not passive and words[verb].tag != "VBG" and (described := _described(words, before)):
        return described
    if key == "," and before == verb - 1 and _lower(words, verb).endswith("ed"):
        return _phrase_before(words, before)
    if key in ("and", "but", ",", "then", "while") or words[before].text in _CLOSING:
        return _main_subject(words, before)
    return _phrase_before(words, before + 1)


def _described(words: tuple[Word, ...], comma: int) -> _Part | None:
    """The phrase before an apposition or relative clause that ends with a comma: "Ann Lee, the minister,", "the union, which has ten members,"."""
    opening = next((n for n in range(comma - 1, max(0, comma - _LONGEST), -1) if _lower(words, n) == ","), None)
    if opening is None or opening + 1 == comma:
        return None
    relative = _lower(words, opening + 1) in ("who", "which", "whose")
    own = range(opening + 1 + (words[opening + 1].tag == "VBG"), comma)  # "speaking in Rome"
    if not relative and (any(words[n].tag.startswith(("VB", "MD")) for n in own) or _lower(words, opening + 1) in ("and", "but")):
        return None
    phrase, named = _phrase_before(words, opening), _phrase_before(words, comma)
    is_name = named is not None and named.first == opening + 1 and all(words[n].tag.startswith("NNP") for n in range(*named))
    if phrase and is_name and not any(words[n].tag.startswith("NNP") for n in range(*phrase)):
        return named  # "the mayor, Ann Lee,"
    return phrase


def _main_subject(words: tuple[Word, ...], before: int) -> _Part | None:
    """The subject of the sentence's first verb."""
    for at in range(before):
        if words[at].tag in ("VBD", "VBZ", "VBP", "MD") or (words[at].tag == "VBN" and at and words[at - 1].tag.startswith("NN")):
            back = at
            while back and words[back - 1].tag.startswith("RB"):
                back -= 1
            return _phrase_before(words, back)
    return None


def _somebody(words: tuple[Word, ...], part: _Part | None) -> bool:
    if part is None or part.end <= part.first or any(_lower(words, n) in _NOBODY for n in (part.first, part.end - 1)):
        return False
    if any(_lower(words, n) == "neither" for n in range(max(0, part.end - _FAR), part.end)):
        return False
    supposed = part.first > 0 and _lower(words, part.first - 1) in ("if", "whether", "unless", "why", "nor")
    return not supposed and any(words[n].tag != "CD" and words[n].text.lower() not in _NEGATION for n in range(*part))


def _until(words: tuple[Word, ...], start: int, stops: frozenset[str]) -> tuple[_Part, int] | None:
    """The phrase from a word to the first of some words, and where that stands; None if the phrase is blank or the clause ends before."""
    for at in range(start, min(len(words), start + _LONGEST)):
        if _lower(words, at) in stops:
            return (_Part(start, at), at) if at > start else None
        if words[at].text in _END or _lower(words, at) in _BORDER or words[at].tag in ("VBD", "VBZ", "MD"):
            return None
    return None


def _rest(words: tuple[Word, ...], start: int) -> _Part | None:
    """The rest of the clause."""
    at, inner = start, 0
    while at < min(len(words), start + _FAR):
        text, key = words[at].text, _lower(words, at)
        if text in _CLOSING and inner:
            inner -= 1
        elif text in _OPENING and (text not in _CLOSING or words[at].end == words[min(at + 1, len(words) - 1)].start):
            inner += 1
        elif (
            (text in _CLOSING and text not in ("'", "’"))
            or (text in _END and not (text == "," and inner))
            or key in ("while", "which", "who", "but", "because")
            or (key == "and" and at + 1 < len(words) and words[at + 1].tag in ("VBD", "VBZ", "VBN"))
        ):
            break
        at += 1
    while at > start and (words[at - 1].text in _OPENING | _CLOSING) and words[start].text not in _OPENING:
        at -= 1
    return _Part(start, at) if at > start else None


def _phrase_after(words: tuple[Word, ...], start: int) -> tuple[_Part, int] | None:
    """The noun phrase from a word on, to "for", "over" or the clause's end."""
    rest = _rest(words, start)
    if rest is None:
        return None
    at = rest.first
    while (at < rest.end and _lower(words, at) not in ("for", "over", "after", "on", "and", "in")) or (at < rest.end and _is_pair(words, at, rest.end)):
        at += 1
    return (_Part(start, at), at) if at > start else None


def _is_pair(words: tuple[Word, ...], at: int, end: int) -> bool:
    """Two names joined, as in "the police and the mayor"."""
    return _lower(words, at) == "and" and at + 1 < end and words[at + 1].tag.startswith(("DT", "NN"))


# --- frames: from one past the verb, (target, issue) or None ----------------------------------------------------------------

_Fit = tuple[_Part | None, _Part | None]


def _after(words: tuple[Word, ...], at: int, markers: tuple[str, ...]) -> _Part | None:
    return _rest(words, at + 1) if _lower(words, at) in markers else None


def _blame(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Blame X for Y; blame Y on X; blame X."""
    by = _until(words, start, frozenset(("for", "over")))
    if by:
        return by[0], _rest(words, by[1] + 1)
    by = _until(words, start, frozenset(("on", "upon")))
    if by:
        return _rest(words, by[1] + 1), by[0]
    plain = _phrase_after(words, start)
    return (plain[0], None) if plain and _is_nominal(words, start) else None


def _for(words: tuple[Word, ...], start: int) -> _Fit | None:
    by = _until(words, start, frozenset(("for", "over")))
    return (by[0], _rest(words, by[1] + 1)) if by else None


def _of(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Accuse X of Y: the last "of" before an -ing form, a quotation mark, or else the first."""
    places = [at for at in range(start + 1, min(len(words) - 1, start + _LONGEST)) if _lower(words, at) == "of"]
    ends = _rest(words, start)
    places = [at for at in places if ends and at < ends.end]
    best = [at for at in places if words[at + 1].tag == "VBG" or words[at + 1].text in _OPENING]
    at = (best or places or [0])[0]
    return (_Part(start, at), _rest(words, at + 1)) if at else None


def _with(words: tuple[Word, ...], start: int) -> _Fit | None:
    by = _until(words, start, frozenset(("with",)))
    return (by[0], _rest(words, by[1] + 1)) if by else None


def _responsible(words: tuple[Word, ...], start: int) -> _Fit | None:
    by = _until(words, start, _RESPONSIBLE)
    return (by[0], _after(words, by[1] + 1, ("for", "over"))) if by else None


def _at(words: tuple[Word, ...], start: int) -> _Fit | None:
    by = _phrase_after(words, start)
    return (by[0], _after(words, by[1], ("for", "over"))) if by else None


def _lay(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Lay the blame (for Y) on X."""
    if _lower(words, start) == "for":
        by = _until(words, start + 1, frozenset(("on", "upon")))
        return (_rest(words, by[1] + 1), by[0]) if by else None
    return (_rest(words, start + 1), None) if _lower(words, start) in ("on", "upon", "at") else None


def _trade(words: tuple[Word, ...], start: int) -> _Fit | None:
    return None, _after(words, start, ("over", "for", "about", "of"))


def _to(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Urge X to Y, urge X not to Y."""
    by = _until(words, start, frozenset(("to",)))
    if by is None or words[start].tag in ("IN", "TO", "WDT", "WP", "WRB", "RB"):
        return None
    target, at = by
    if _lower(words, at - 1) in ("question", "questions"):
        return None
    negated = _lower(words, at - 1) in ("not", "never")
    target = target._replace(end=at - negated)
    action = _rest(words, at + 1)
    if action is None or target.end <= target.first or words[at + 1].tag.startswith(("DT", "PRP$", "NNP", "CD")):
        return None
    if any(_lower(words, n) in ("for", "on", "about", "over", "with") for n in range(*target)):
        return None
    return target, action._replace(first=at - 1) if negated else action


def _warn(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Warn X not to Y, warn X against Y, warn against Y."""
    if _lower(words, start) == "against":
        return None, _rest(words, start + 1)
    by = _until(words, start, frozenset(("against",)))
    if by:
        return by[0], _rest(words, by[1] + 1)
    fit = _to(words, start)
    return fit if fit and fit[1] and _lower(words, fit[1].first) == "not" else None


def _on(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Call on X to Y, call on X for Y."""
    fit = _to(words, start)
    if fit:
        return fit
    by = _until(words, start, frozenset(("for",)))
    return (by[0], _rest(words, by[1] + 1)) if by else None


def _object(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Demand Y, call for Y."""
    rest = _rest(words, start)
    nominal = rest is not None and (_is_nominal(words, rest.first) or words[rest.first].text in _OPENING or words[rest.first].tag in ("VBG", "RB"))
    return (None, rest) if nominal else None


def _that(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Demand that X do Y."""
    if _lower(words, start) != "that":
        return None
    at = start + 1
    while at < len(words) and (_is_nominal(words, at) or _lower(words, at) in _JOINING) and not _is_base(words, at, start + 1):
        at += 1
    known = at < len(words) and (words[at].tag in ("VB", "VBP", "MD") or _lower(words, at) in ("be", "not") or _is_base(words, at, start + 1))
    verb = known and at > start + 1
    return (_Part(start + 1, at), _rest(words, at)) if verb else None


def _is_base(words: tuple[Word, ...], at: int, start: int) -> bool:
    """A verb that the tagger takes for a noun: "that the ministry release the data", "that the Water Ministry release data"."""
    if at <= start or words[at].tag not in ("NN", "JJ") or not words[at].text.islower() or not words[at - 1].tag.startswith("NN"):
        return False
    after = words[at + 1].tag if at + 1 < len(words) else ""
    named = words[at - 1].tag.startswith("NNP") and after.startswith(("NN", "JJ", "CD"))
    return named or after in ("DT", "PRP", "PRP$")


_ACTIVE = {
    "blame": _blame, "for": _for, "of": _of, "with": _with, "responsible": _responsible, "at": _at, "lay": _lay, "trade": _trade,
    "to": _to, "warn": _warn, "on": _on, "object": _object, "that": _that,
}  # fmt: skip


def _passive(*markers: str) -> Any:
    def fit(words: tuple[Word, ...], start: int) -> _Fit | None:
        at = next((n for n in range(start, min(len(words), start + _LONGEST)) if _lower(words, n) in markers), None)
        clause = _rest(words, start)
        return (None, _rest(words, at + 1)) if at is not None and clause and at < clause.end else None

    return fit


def _blamed(words: tuple[Word, ...], start: int) -> _Fit | None:
    """Y was blamed on X; X was blamed for Y; X was blamed."""
    if _lower(words, start) in ("on", "upon"):
        by = _until(words, start + 1, frozenset(("by",)))
        return (by[0] if by else _rest(words, start + 1)), (_Part(by[1], by[1] + 1) if by else None)
    fit: _Fit | None = _passive("for", "over")(words, start)
    return fit or (None, None)


def _told_to(words: tuple[Word, ...], start: int) -> _Fit | None:
    """X was told (by Y) to Z, not "X was told that Y is to Z"."""
    at = start
    while at < len(words) and (_is_nominal(words, at) or _lower(words, at) in ("by", "not", "never") or words[at].tag.startswith("RB")):
        at += 1
    plain = at == start or _lower(words, start) in ("by", "not", "never") or words[start].tag.startswith("RB")
    return (None, _rest(words, at + 1)) if plain and _lower(words, at) == "to" else None


_PASSIVE = {"blame": _blamed, "for": _passive("for", "over"), "of": _passive("of"), "with": _passive("with"), "to": _told_to}


def _agent(words: tuple[Word, ...], issue: _Part | None, start: int) -> tuple[_Part | None, _Part | None]:
    """Who does what a passive says: "by ..." before what it is about, or after it; and what it is about, without it."""
    at = next((n for n in range(start, min(len(words), start + _FAR)) if _lower(words, n) == "by"), None)
    if at is None or at + 1 >= len(words) or words[at + 1].tag == "VBG":
        return None, issue
    if issue is None or at < issue.first:
        end = next((n for n in range(at + 1, len(words)) if not _is_nominal(words, n)), len(words))
        return (_Part(at + 1, end) if end > at + 1 else None), issue
    if at == issue.first and issue.end - issue.first == 1:  # "on the government by farmers"
        return _rest(words, at + 1), None
    return None, issue


# --- "is to blame", "must" -------------------------------------------------------------------------------------------------


def _to_blame(words: tuple[Word, ...]) -> Iterator[_Statement]:
    """X is to blame for Y; X is responsible for Y; Y is the fault of X."""
    for at in range(1, len(words)):
        if _lower(words, at) not in ("is", "are", "was", "were", "be", "been", "remains"):
            continue
        then, back = at + 1, at - 1
        while then < len(words) and words[then].tag.startswith("RB") and _lower(words, then) not in _NEGATION:
            then += 1
        while back >= 0 and (words[back].tag.startswith("RB") or _lower(words, back) in _PERFECT) and _lower(words, back) not in _NEGATION:
            back -= 1
        subject = _phrase_before(words, back + 1)
        if not _somebody(words, subject) or words[back].tag == "MD":
            continue
        two = (_lower(words, then), _lower(words, then + 1))
        if two == ("to", "blame"):
            yield _Statement("blame", "copula", then + 1, None, subject, _after(words, then + 2, ("for", "over")), True)
        elif two[0] in _RESPONSIBLE and two[1] == "for":
            yield _Statement("blame", "copula", then, None, subject, _rest(words, then + 2), True)
        elif two == ("the", "fault") and _lower(words, then + 2) == "of":
            yield _Statement("blame", "copula", then + 1, None, _rest(words, then + 3), subject, True)


def _modal(words: tuple[Word, ...]) -> Iterator[_Statement]:
    """X must, should, needs to do Y; not "must have", "must be", nor it and there."""
    for at in range(1, len(words)):
        key = _lower(words, at)
        then = at + 1
        if words[at - 1].tag in ("DT", "PRP$", "POS") or _lower(words, then) in ("he", "she", "they", "we", "it"):
            continue  # "the need to", "should she"
        if key in ("need", "needs", "needed", "has", "have", "ought"):
            if _lower(words, then) != "to":
                continue
            then += 1
        elif key not in ("must", "should"):
            continue
        negated = _lower(words, then) in _NEGATION
        first = then
        while then < len(words) and (words[then].tag.startswith("RB") or _lower(words, then) in _NEGATION):
            then += 1
        subject = _phrase_before(words, at if _lower(words, at - 1) != "will" else at - 1)
        if _lower(words, at - 1) in _NEGATION or (at > 0 and words[at - 1].tag == "MD" and _lower(words, at - 1) != "will"):
            continue
        if then >= len(words) or _lower(words, then) == "have" or (_lower(words, then) == "be" and key == "must"):
            continue
        if subject is None or not _somebody(words, subject) or _lower(words, subject.first) == "it" or _lower(words, subject.end - 1) == "i":
            continue
        if (subject.end - subject.first == 1 and _lower(words, subject.first) in ("this", "that")) or not can_act(words, *subject):
            continue
        action = _rest(words, first if negated else then)
        if action is None or words[action.end - 1].tag == "IN" or _is_doubted(words, subject.first):
            continue  # "that we have to deal with", "whether he should", "do not think that he should"
        yield _Statement("call", "modal", at, None, subject, action, True)


def _is_doubted(words: tuple[Word, ...], first: int) -> bool:
    """A clause that "if" or "whether" opens, or that somebody does not think."""
    clause = [_lower(words, n) for n in range(max(0, first - 6), first)]
    clause = clause[max((n + 1 for n, word in enumerate(clause) if word in (",", ";")), default=0) :]
    thinks = any(word in ("think", "believe", "say", "mean") for word in clause)
    return bool({"if", "whether", "why", "how", "what"} & set(clause)) or (thinks and bool(_NEGATION & set(clause)))
