"""The pattern baseline: a few rules over words and marks that find direct, mixed and indirect attributions.

Each rule knows one order of source, cue and content::

    “…,” said X · “…,” X said, “…” · …, X said · …, said X        parenthetical
    X said that … · X told Y … · X warned against … · X said: “…”  subject and verb
    According to X, … · …, according to X · As X put it, …         phrases
    …, adding that … · … and warned that …                         the same source again
    X: “…” · X nodded: “…”                                         colons
    X Says … · …, X Says · Report: …                               headlines
    “…” alone after an attribution                                 follow-on quotations, further pieces of its content

Quotations are masked first, so that only what the outlet itself wrote is searched: of nested attributions only the outermost
is found. Sentences of more than 300 tokens are no prose and are left out. Where a rule is unsure it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from newsanalysis.attribution import lexicon, phrases
from newsanalysis.attribution.contract import Attribution, Span
from newsanalysis.attribution.lexicon import Verb
from newsanalysis.attribution.phrases import QUOTATION, Token
from newsanalysis.quotations import Quotation, quotations
from newsanalysis.sentences import sentences

_LONGEST_SENTENCE = 300
_FARTHEST_FOLLOW_ON = 400
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_BLOCK = 20_000
_FINAL = frozenset(".!?…")
_DASHES = frozenset("—–-―")
_WH = lexicon.words("question_word")
_FINDINGS = lexicon.words("finding_source")
_LABELS = lexicon.words("label_source")
_TOPICS = lexicon.words("topic_label")
_SAME_SOURCE = lexicon.words("same_source_verb")
_SAID_FIRST = lexicon.words("said_first_verb")
_BARE_CLAUSE = lexicon.words("bare_clause_verb")
_HYPOTHETICAL = lexicon.words("hypothetical")
_ENGLISH = lexicon.words("common_english")


def patterns(texts: Iterable[str]) -> Iterator[list[Attribution]]:
    """Find attributions by rules: the baseline attributor, without training and without confidence.

    Parameters
    ----------
    texts : iterable of str
        English news texts: articles or headlines, a paragraph a line. Other languages give nothing.

    Yields
    ------
    list of Attribution
        For each text, in order; in text order, without confidence.

    Examples
    --------
    >>> text = "Jo Day said on Monday that the deal was off."
    >>> [found] = list(patterns([text]))
    >>> [text[start:end] for spans in (found[0].source, found[0].cue, found[0].content) for start, end in spans]
    ['Jo Day', 'said', 'that the deal was off']
    """
    for text in texts:
        yield _attributions(text)


patterns.version = "patterns@1"  # type: ignore[attr-defined]


@dataclass(slots=True)
class _Draft:
    """An attribution in the making."""

    source: Span | None
    cue: list[Span]
    content: list[Span]


@dataclass(slots=True)
class _Cue:
    """A verb that reports: the tokens first..last (half-open) are its group, auxiliaries included."""

    first: int
    last: int
    verb: Verb


@dataclass(slots=True)
class _State:
    """What the next sentence has to know: the last draft and where it ended, unattributed open quotations, an announcing colon."""

    drafts: list[_Draft] = field(default_factory=list)
    last: _Draft | None = None
    last_end: int = 0
    waiting: list[Span] = field(default_factory=list)
    announced: _Draft | None = None


def _attributions(text: str) -> list[Attribution]:
    """Return the attributions of one text, in text order."""
    outermost = _outermost(text)
    masked, splitting = _mask(text, outermost)
    continuing = {q.start for q in outermost if q.continues}
    opened = {q.start for q in outermost if not q.closed}
    state = _State()
    if not _is_english(masked):
        return []
    for start, end in _lines(splitting):
        for sentence in _sentences(masked, splitting, start, end):
            _read(sentence, state, continuing, opened)
    found = (_finish(text, draft) for draft in state.drafts)
    return sorted((one for one in found if one), key=lambda one: min(one.source + one.cue + one.content))


def _outermost(text: str) -> list[Quotation]:
    """Return the outermost quotations that are closed, or that the next paragraph carries on."""
    outer = [q for q in quotations(text) if q.level == 0]
    following = [*outer[1:], None][: len(outer)]
    return [q for q, after in zip(outer, following, strict=True) if q.closed or (after is not None and after.continues)]


def _mask(text: str, outermost: Sequence[Quotation]) -> tuple[str, str]:
    """Return the text with its quotations masked, and again with a full stop where a quotation ends a sentence."""
    masked, splitting, at = [], [], 0
    for q in outermost:
        plain, width = text[at : q.start], q.end - q.start
        inner = text[q.start : q.end].rstrip("\"“”„«»'’‘`› \xa0")
        stop = "." if inner[-1:] in _FINAL and inner[-3:] != "..." else phrases.MASK
        masked += [plain, phrases.MASK * width]
        splitting += [plain, "X" * (width - 1), stop if stop == "." else "X"]
        at = q.end
    return "".join([*masked, text[at:]]), "".join([*splitting, text[at:]])


def _is_english(masked: str) -> bool:
    """Tell whether the words outside quotations may be English: of twenty or more, one in fourteen is a common English one."""
    words = re.findall(r"[^\W\d_]+", masked[:5000].lower())
    return len(words) < 20 or sum(word in _ENGLISH for word in words) * 14 >= len(words)


def _lines(text: str) -> Iterator[Span]:
    """Give the (start, end) of each line; lines of more than 20,000 code points in parts, cut after a full stop or a space."""
    for match in _LINE.finditer(text):
        start, end = match.span()
        while end - start > _BLOCK:
            cut = max(text.rfind(". ", start, start + _BLOCK), text.rfind(" ", start + _BLOCK - 200, start + _BLOCK)) + 1
            yield start, cut or start + _BLOCK
            start = cut or start + _BLOCK
        yield start, end


def _sentences(masked: str, splitting: str, start: int, end: int) -> list[list[Token]]:
    """Return the sentences of a line as tokens; what only says who spoke a quotation is one sentence with it."""
    found: list[list[Token]] = []
    for first, last in sentences(splitting[start:end]):
        one = phrases.tokens(masked, start + first, start + last)
        if found and one and found[-1][-1].word == QUOTATION and (_is_only_source(one) or not (one[0].capital or one[0].word == QUOTATION)):
            found[-1] += one
        elif one:
            found.append(one)
    return found


def _is_only_source(sentence: list[Token]) -> bool:
    """Tell whether a sentence is no more than source and cue: *Smith said on Monday.*"""
    for cue in _cues(sentence[:30]):
        subject = phrases.before(sentence, cue.first)
        if subject and subject[0] == 0 and "quote" in cue.verb.frames:
            return _tail(sentence, cue, quoted=True) is not None
        if cue.first == 0 and "quote" in cue.verb.frames:
            return phrases.after(sentence, cue.last, len(sentence)) is not None
    return False


def _read(sentence: list[Token], state: _State, continuing: set[int], opened: set[int]) -> None:
    """Find the attributions of a sentence, given those before it."""
    quoted = [token for token in sentence if token.word == QUOTATION]
    alone = bool(quoted) and not any(map(phrases.is_word, sentence))
    start, end = sentence[0].start, sentence[-1].end
    found = [] if alone or len(sentence) > _LONGEST_SENTENCE else _find(sentence)
    near = state.last is not None and start - state.last_end <= _FARTHEST_FOLLOW_ON
    pieces = [(token.start, token.end) for token in quoted]
    if alone and state.announced:
        state.announced.content += pieces
        state.drafts.append(state.announced)
        found = [state.announced]
    elif alone and near and state.last is not None:
        state.last.content += pieces
        state.last_end = end
        return
    elif alone and quoted[-1].start in opened:
        state.waiting = state.waiting if quoted[0].start in continuing else []
        state.waiting += pieces
        return
    else:
        if found and quoted and quoted[0].start in continuing and state.waiting and quoted[0].start == found[0].content[0][0]:
            found[0].content[:0] = state.waiting
        state.drafts += found
    state.waiting = []
    state.announced = None if alone or found else _announcement(sentence)
    state.last, state.last_end = (found[-1], end) if found else (None, 0)


def _finish(text: str, draft: _Draft) -> Attribution | None:
    """Return a draft as an attribution, or None if nothing is left of its content."""
    content = tuple(span for span in (_trimmed(text, span) for span in sorted(draft.content)) if span)
    source = tuple(span for span in (_trimmed(text, span) for span in ([draft.source] if draft.source else [])) if span)
    return Attribution(source, tuple(draft.cue), content) if content else None


def _trimmed(text: str, span: Span) -> Span | None:
    """Return a span without white space around it, or None if it is blank."""
    start, end = span
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
    return (start, end) if start < end else None


# Cues


def _cues(sentence: Sequence[Token]) -> list[_Cue]:
    """Return the verbs of a sentence that can be cues, in order."""
    known = lexicon.verbs()
    found = []
    for i, token in enumerate(sentence):
        for verb in known.get(token.word, ()):
            last = i + 1 + len(verb.rest)
            if verb.rest and tuple(t.word for t in sentence[i + 1 : last]) != verb.rest:
                continue
            first = _group_start(sentence, i, verb)
            if first is not None:
                found.append(_Cue(first, last, verb))
                break
    return found


def _group_start(sentence: Sequence[Token], i: int, verb: Verb) -> int | None:
    """Return where the verb group begins (*has repeatedly denied*), or None if it is passive, modal, or no verb here."""
    first, k, helpers = i, i - 1, []
    while k >= 0 and i - k < 6 and (sentence[k].word in phrases.AUXILIARIES or sentence[k].word in phrases.NEGATIONS or phrases.is_adverb(sentence[k].word)):
        if sentence[k].word in phrases.AUXILIARIES:
            first = k
            helpers.append(sentence[k].word)
        k -= 1
    previous = sentence[i - 1].word if i else ""
    if (k >= 0 and sentence[k].word in phrases.MODALS) or previous in ("to", "being"):
        return None
    has_be = any(word in phrases.BE for word in helpers)
    if has_be and verb.tense != "ing":
        return None
    if verb.tense == "participle" and not helpers:
        return None
    if verb.tense == "base" and sentence[i].capital and not i:
        return None
    if previous in phrases.DETERMINERS - {"all", "both", "some", "many", "most", "others", "this", "that"} or previous.endswith("'s"):
        return None
    return first


# Sentences


def _find(sentence: list[Token]) -> list[_Draft]:
    """Return the drafts of one sentence, in order."""
    end = _content_end(sentence)
    if _is_title(sentence):
        return _headline(sentence, end)
    found = _phrase(sentence, end)
    if found:
        return found
    cues = _cues(sentence)
    whole = cues and _closing(sentence, cues[-1], end)
    if whole:
        return [whole]
    at, source = 0, None
    for n, cue in enumerate(cues):
        if cue.first < at:
            continue
        result = _parenthetical(sentence, cue, at, end) or _subject_verb(sentence, cues, n, at, end) or _same_source(sentence, cues, n, source, end)
        if result:
            draft, at = result
            found.append(draft)
            source = draft.source
    return found or _colon(sentence, end)


def _content_end(sentence: Sequence[Token]) -> int:
    """Return the index after the last token that is not the final stop."""
    end = len(sentence)
    while end and sentence[end - 1].word in {*_FINAL, ",", ";", ":", *_DASHES, "”", '"', "“"} and sentence[end - 1].word != QUOTATION:
        end -= 1
    return end


def _span(sentence: Sequence[Token], first: int, last: int) -> Span:
    """Return the offsets of tokens first..last, without the commas, colons and dashes at their ends."""
    while last - 1 > first and sentence[last - 1].word in {",", ";", ":", *_DASHES}:
        last -= 1
    while first < last - 1 and sentence[first].word in {",", ";", ":", ".", *_DASHES}:
        first += 1
    return sentence[first].start, sentence[last - 1].end


def _parenthetical(sentence: list[Token], cue: _Cue, at: int, end: int) -> tuple[_Draft, int] | None:
    """“…,” X said · “…,” said X · …, X said, … : the content, or its first piece, stands before source and cue."""
    if not cue.verb.frames & {"quote", "clause"} or cue.verb.tense == "ing" or not cue.first:
        return None
    subject = phrases.before(sentence, cue.first, at)
    if subject and _is_apart(sentence, subject[0]):
        border, tail = subject[0], _tail(sentence, cue, quoted=sentence[_back(sentence, subject[0]) - 1].word == QUOTATION)
    elif _is_apart(sentence, cue.first) and cue.verb.tense in ("past", "s", "base"):
        subject = phrases.after(sentence, cue.last, end)
        border, tail = cue.first, subject and subject[1]
    else:
        return None
    before = _back(sentence, border)
    if subject is None or tail is None or before <= at or sentence[border - 1].word in phrases.SUBORDINATORS:
        return None
    quoted = sentence[before - 1].word == QUOTATION
    said_first = subject[0] >= cue.last
    if not quoted and said_first and (cue.verb.lemma not in _SAID_FIRST or not phrases.has_finite(sentence[at:before])):
        return None
    if not (quoted and "quote" in cue.verb.frames) and not ("clause" in cue.verb.frames and _is_clause(sentence[at:before], sentence[tail:end])):
        return None
    first = at
    while first < before - 1 and not phrases.is_word(sentence[first]) and sentence[first].word != QUOTATION:
        first += 1
    content = [_span(sentence, first, before)]
    stop = tail
    if tail < end and sentence[tail].word in (",", *_DASHES, QUOTATION):
        more = tail + (sentence[tail].word != QUOTATION)
        if more < end and (sentence[more].word == QUOTATION or (not quoted and _carries_on(sentence, more, end))):
            content.append(_span(sentence, more, end))
            stop = end
    return _Draft(_span(sentence, *subject), [_span(sentence, cue.first, cue.last)], content), stop


def _closing(sentence: list[Token], cue: _Cue, end: int) -> _Draft | None:
    """Return the draft of *…, X said* where it ends the sentence without a quotation before it: all cues inside are nested."""
    result = _parenthetical(sentence, cue, 0, end)
    if result is None or any(token.word == QUOTATION for token in sentence[: cue.first]):
        return None
    draft, stop = result
    return draft if stop >= end and len(draft.content) == 1 else None


def _is_apart(sentence: Sequence[Token], i: int) -> bool:
    """Tell whether a comma, a dash or a quotation stands before index i."""
    return i > 0 and sentence[i - 1].word in (",", QUOTATION, *_DASHES, "”", '"', "?", "!")


def _back(sentence: Sequence[Token], i: int) -> int:
    """Return the index after the content that ends before index i: without comma and dash."""
    while i > 1 and sentence[i - 1].word in (",", *_DASHES):
        i -= 1
    return i


def _is_clause(before: Sequence[Token], rest: Sequence[Token]) -> bool:
    """Tell whether the words before *, X said* are a clause that can be said, or with the rest make one, and no opening such as *In Kyiv*."""
    words = [token for token in before if phrases.is_word(token) or token.word == QUOTATION]
    if words and len(rest) > 2 and rest[0].word == "," and (phrases.is_finite(rest[1]) or rest[1].word in phrases.MODALS):
        return words[0].name or words[0].word in phrases.DETERMINERS
    if len(words) < 2 or not (phrases.has_finite(before) or len(words) > 5):
        return False
    opening = words[0].word in (phrases.PREPOSITIONS | phrases.SUBORDINATORS) - {"that", "how", "what"} or words[0].word.endswith("ing")
    return not opening or any(token.word == "," and phrases.has_finite(before[k:]) for k, token in enumerate(before))


def _tail(sentence: Sequence[Token], cue: _Cue, *, quoted: bool) -> int | None:
    """Return where the words after the cue end (*told reporters in Kyiv on Monday*), or None if content follows it."""
    i, end = cue.last, len(sentence)
    if "person" in cue.verb.frames:
        i = phrases.skip_recipient(sentence, i, end)
    while i < end:
        word = sentence[i].word
        if word in {",", ";", ":", ")", *_DASHES} | _FINAL:
            return None if word == ":" else i
        if word == QUOTATION:
            return i if quoted else None
        after = phrases.skip_time(sentence, i, end)
        if after > i:
            i = after
        elif phrases.is_adverb(word):
            i += 1
        elif word in phrases.PREPOSITIONS or (quoted and (word in phrases.SUBORDINATORS - {"that"} or word.endswith("ing") or i > cue.last)):
            ahead = next((k for k in range(i + 1, end) if sentence[k].word in {",", ";", QUOTATION, *_DASHES} | _FINAL), end)
            if not quoted and phrases.has_finite(sentence[i + 1 : ahead]):
                return None
            i = ahead
        else:
            return None
    return i


def _carries_on(sentence: Sequence[Token], i: int, end: int) -> bool:
    """Tell whether the words after *…, X said,* go on with the content."""
    word = sentence[i].word
    opening = phrases.PREPOSITIONS | phrases.RELATIVES | {"but", "while", "and", "although", "though", "whereas", "as", "citing"}
    return end - i > 2 and word not in opening and not word.endswith("ing") and phrases.is_word(sentence[i])


def _subject_verb(sentence: list[Token], cues: list[_Cue], n: int, at: int, end: int) -> tuple[_Draft, int] | None:
    """X said that … · X told Y … · X said: “…” · X warned against …"""
    cue = cues[n]
    if cue.verb.tense == "ing" and sentence[cue.first].word not in phrases.AUXILIARIES:
        return None
    subject = phrases.before(sentence, cue.first, at)
    if subject is None or (subject[0] > at and sentence[subject[0] - 1].word in _HYPOTHETICAL) or not _agrees(sentence, subject, cue):
        return None
    stop = end
    if sentence[subject[0]].word == "who":
        antecedent = phrases.before(sentence, subject[0] - (sentence[subject[0] - 1].word == ","), at) if subject[0] else None
        stop = next((k for k in range(cue.last, end) if sentence[k].word == ","), end)
        if antecedent is None:
            return None
        subject = antecedent
    content = _complement(sentence, cue, stop, subject)
    if content is None:
        return None
    first, cue_last = content
    stop = _cut(sentence, cues, n, first, stop)
    if stop <= first:
        return None
    return _Draft(_span(sentence, *subject), [(sentence[cue.first].start, sentence[cue_last - 1].end)], [_span(sentence, first, stop)]), stop


def _agrees(sentence: Sequence[Token], subject: tuple[int, int], cue: _Cue) -> bool:
    """Tell whether subject and verb go together, and whether a form that is also a noun (*claims*) is a verb here."""
    head = sentence[subject[1] - 1].word
    form = sentence[cue.last - 1 - len(cue.verb.rest)].word
    plural = (
        head in ("they", "we", "i", "people", "police", "who", "others", "some", "many", "most")
        or head.endswith("s")
        or "and" in [t.word for t in sentence[slice(*subject)]]
    )
    if head in ("i", "we") and cue.verb.kind == "private":
        return False
    if cue.verb.tense == "base" and cue.first == cue.last - 1 - len(cue.verb.rest) and not plural:
        return False
    if cue.verb.tense in ("base", "s") and form in lexicon.nouns() and head not in phrases.SUBJECT_PRONOUNS and cue.last < len(sentence):
        following = sentence[cue.last].word
        return following in ("that", QUOTATION, ":") or (following == "to" and "to" in cue.verb.frames) or sentence[subject[1] - 1].name
    return True


def _complement(sentence: Sequence[Token], cue: _Cue, end: int, subject: tuple[int, int]) -> tuple[int, int] | None:
    """Return where the content begins and where the cue ends, or None if no content follows."""
    frames, i = cue.verb.frames, cue.last
    if i >= end:
        return None
    word = sentence[i].word
    if word in cue.verb.prepositions and i + 1 < end:
        return i + 1, i + 1
    direct = _quotation_at(sentence, i, end, cue)
    if direct:
        return direct
    if (word == "that" and frames & {"that", "person"}) or (word in _WH and "wh" in frames):
        return i, i
    if word == "to" and "to" in frames and i + 1 < end and sentence[i + 1].word not in phrases.DETERMINERS and not sentence[i + 1].capital:
        return i, i
    if frames & {"person", "person_to"}:
        told = _told(sentence, cue, end)
        if told is not None:
            return told
    that = _that(sentence, i, min(end, i + 18)) if frames & {"that", "person"} else None
    if that is not None:
        return that, cue.last
    later = _adverbials(sentence, i, end)
    if later > i:
        direct = _quotation_at(sentence, later, end, cue)
        if direct:
            return direct[0], cue.last
    start = phrases.skip_time(sentence, i, end)
    if "clause" in frames and _begins_clause(sentence, cue, start, end, subject):
        return start, i
    if (
        "object" in frames
        and (phrases.is_word(sentence[i]) and word not in phrases.PREPOSITIONS | phrases.SUBORDINATORS and not phrases.is_adverb(word))
        and start == i
    ):
        return i, i
    return None


def _quotation_at(sentence: Sequence[Token], i: int, end: int, cue: _Cue) -> tuple[int, int] | None:
    """Return content and cue end if a quotation, or a colon and anything, stands at index i."""
    if i >= end:
        return None
    word = sentence[i].word
    if word == QUOTATION and cue.verb.frames & {"quote", "clause", "object"}:
        return i, cue.last
    if not cue.verb.frames & {"quote"}:
        return None
    if word == ":" and i + 1 < end:
        return i + 1, i + 1 if i == cue.last else cue.last
    if word == "," and i + 1 < end and sentence[i + 1].word == QUOTATION:
        return i + 1, cue.last
    return None


def _told(sentence: Sequence[Token], cue: _Cue, end: int) -> tuple[int, int] | None:
    """Return content and cue end after one who is told, asked or urged."""
    i = cue.last
    j = phrases.skip_recipient(sentence, i, end)
    if j == i or j >= end:
        return None
    word, frames = sentence[j].word, cue.verb.frames
    if "person_to" in frames and word == "to":
        return (j if cue.verb.lemma == "tell" else i), i
    if ("person" in frames and word == "that") or ("wh" in frames and word in _WH):
        return j, i
    direct = _quotation_at(sentence, j, end, cue)
    if direct:
        return direct[0], i
    start = phrases.skip_time(sentence, j, end)
    if {"person", "clause"} <= frames and cue.verb.lemma == "tell" and start < end and phrases.has_finite(sentence[start + 1 : start + 20]):
        first = sentence[start]
        if phrases.is_word(first) and first.word not in phrases.PREPOSITIONS | phrases.CONJUNCTIONS and not phrases.is_finite(first):
            return start, i
    return None


def _that(sentence: Sequence[Token], i: int, stop: int) -> int | None:
    """Return the index of the *that* which opens the content after words on when, where and to whom it was said."""
    opened = sentence[i].word in phrases.PREPOSITIONS or phrases.skip_time(sentence, i, stop) > i or phrases.is_adverb(sentence[i].word)
    person = phrases.skip_recipient(sentence, i, stop)
    for k in range(i, stop):
        word = sentence[k].word
        if word == "that":
            relative = k + 1 < stop and (phrases.is_finite(sentence[k + 1]) or sentence[k + 1].word in phrases.MODALS)
            if not relative and (opened or k == person):
                return k
        elif word in {QUOTATION, ";", ":", ".", "(", *_DASHES} or (k > i and word in phrases.AUXILIARIES | phrases.MODALS) or (k == person == i and not opened):
            return None
        elif person > i and k == person:
            opened = opened or word in phrases.PREPOSITIONS or word == "," or phrases.skip_time(sentence, k, stop) > k
    return None


def _adverbials(sentence: Sequence[Token], i: int, end: int) -> int:
    """Return the index after prepositional phrases and time words, where a comma, a colon or a quotation follows."""
    if not (sentence[i].word in phrases.PREPOSITIONS or phrases.skip_time(sentence, i, end) > i or phrases.is_adverb(sentence[i].word)):
        return i
    ahead = next((k for k in range(i, min(end, i + 20)) if sentence[k].word in {",", ":", QUOTATION, ";"}), i)
    return ahead if not phrases.has_finite(sentence[i:ahead]) else i


def _begins_clause(sentence: Sequence[Token], cue: _Cue, i: int, end: int, subject: tuple[int, int]) -> bool:
    """Tell whether a clause without *that* begins at index i."""
    if end - i < 2 or not (phrases.is_word(sentence[i]) or sentence[i].word in "$£€") or sentence[i].word in phrases.RELATIVES | phrases.CONJUNCTIONS:
        return False
    if sentence[i].word in phrases.PREPOSITIONS and sentence[i].word not in ("if", "under", "because", "like", "despite", "without"):
        comma = next((k for k in range(i, min(end, i + 12)) if sentence[k].word == ","), None)
        return comma is not None and cue.verb.lemma == "say" and comma + 2 < end and sentence[comma + 1].word in phrases.DETERMINERS | phrases.SUBJECT_PRONOUNS
    if cue.verb.lemma in ("show", "find") and not _FINDINGS.intersection(t.word for t in sentence[slice(*subject)]):
        return False
    return (cue.verb.lemma in _BARE_CLAUSE and end - i > 2) or phrases.has_finite(sentence[i : min(end, i + 25)])


def _cut(sentence: Sequence[Token], cues: list[_Cue], n: int, first: int, end: int) -> int:
    """Return where the content ends: before another source that speaks, or the same one that speaks again."""
    cue = cues[n]
    if "object" in cue.verb.frames and not cue.verb.frames & {"that"}:
        stops = phrases.RELATIVES | {"but", "while", "after", "as", "and"}
        end = next((k for k in range(first + 1, end - 1) if sentence[k].word == "," and sentence[k + 1].word in stops), end)
    for later in cues[n + 1 :]:
        if not first < later.first < end:
            continue
        border = _same_source_border(sentence, later, cue)
        if border is None:
            border = _new_source_border(sentence, later, first)
        if border is not None and border > first:
            return border
    return end


def _new_source_border(sentence: Sequence[Token], cue: _Cue, first: int) -> int | None:
    """Return where *, but Y said …* or *; Y said …* begins."""
    subject = phrases.before(sentence, cue.first, first)
    if subject is None or subject[0] - 2 <= first or cue.verb.kind != "speech" or cue.verb.tense == "ing":
        return None
    link, mark = sentence[subject[0] - 1].word, sentence[subject[0] - 2].word
    if link == ";":
        return subject[0] - 1
    return subject[0] - 2 if link in ("but", "while", "whereas", "and", "though", "although") and mark == "," else None


def _same_source_border(sentence: Sequence[Token], later: _Cue, cue: _Cue) -> int | None:
    """Return where *, adding that …* or *and warned that …* begins."""
    k = later.first - 1
    while k > 0 and phrases.is_adverb(sentence[k].word) and sentence[k].word != ",":
        k -= 1
    follows = sentence[later.last].word if later.last < len(sentence) else ""
    if later.verb.tense == "ing" and sentence[k].word == "," and later.verb.lemma in _SAME_SOURCE:
        return k
    if (
        sentence[k].word in ("and", "but")
        and later.verb.tense == cue.verb.tense
        and (follows == "that" or later.verb.lemma == "add" or follows in later.verb.prepositions)
    ):
        return k
    return None


def _same_source(sentence: list[Token], cues: list[_Cue], n: int, source: Span | None, end: int) -> tuple[_Draft, int] | None:
    """…, adding that … · … and warned that … : the source is that of the attribution before, or the sentence's subject."""
    cue = cues[n]
    k = cue.first - 1
    while k > 0 and phrases.is_adverb(sentence[k].word):
        k -= 1
    if k < 1 or sentence[k].word not in (",", "and", "but") or (cue.verb.tense == "ing") != (sentence[k].word == ",") or cue.verb.kind == "private":
        return None
    if source is None:
        subject = _leading_subject(sentence)
        source = _span(sentence, *subject) if subject and subject[1] < k else None
    content = _complement(sentence, cue, end, (0, 1)) if source else None
    if content is None:
        return None
    if sentence[content[0]].word != "that" and cue.verb.lemma != "add" and sentence[content[0]].word != QUOTATION and cue.verb.tense != "ing":
        return None
    stop = _cut(sentence, cues, n, content[0], end)
    return _Draft(source, [(sentence[cue.first].start, sentence[content[1] - 1].end)], [_span(sentence, content[0], stop)]), stop


def _leading_subject(sentence: Sequence[Token]) -> tuple[int, int] | None:
    """Return the subject that opens a sentence, if a finite verb follows it."""
    first = next((k for k, token in enumerate(sentence[:3]) if token.word not in phrases.CONJUNCTIONS | {"but"}), 0)
    verb = next((k for k in range(first + 1, min(len(sentence), 14)) if phrases.is_finite(sentence[k]) or sentence[k].word in lexicon.verbs()), None)
    subject = phrases.before(sentence, verb) if verb else None
    return subject if subject and subject[0] <= first and sentence[subject[0]].word != "it" else None


def _leading_person(sentence: Sequence[Token]) -> tuple[int, int] | None:
    """Return the subject that opens a sentence, if it is a name or a personal pronoun."""
    subject = _leading_subject(sentence)
    named = subject and (sentence[subject[0]].name or sentence[subject[0]].word in phrases.SUBJECT_PRONOUNS - phrases.DETERMINERS)
    return subject if named else None


# Phrases, colons, headlines


def _phrase(sentence: list[Token], end: int) -> list[_Draft]:
    """According to X, … · …, according to X · As X put it, … · …, as X put it."""
    for i in range(min(end - 1, _LONGEST_SENTENCE)):
        word, following = sentence[i].word, sentence[i + 1].word
        if word == "according" and following == "to":
            source = phrases.after(sentence, i + 2, end)
            return _around(sentence, (i, i + 2), source, (i, source[1]), end) if source else []
        if word == "as" and (i == 0 or sentence[i - 1].word in (",", QUOTATION)):
            found = _as_put(sentence, i, end)
            if found:
                return found
    return []


def _as_put(sentence: list[Token], i: int, end: int) -> list[_Draft]:
    """As X put it, … · …, as X said"""
    for k in range(i + 2, min(end, i + 16)):
        is_put = sentence[k].word in ("put", "puts") and k + 1 < end and sentence[k + 1].word == "it"
        senses = lexicon.verbs().get(sentence[k].word, ())
        if is_put or (senses and senses[-1].kind == "speech" and {"clause", "quote"} <= senses[-1].frames and senses[-1].tense in ("past", "s")):
            subject = phrases.before(sentence, k, i + 1)
            last = k + 1 + is_put
            tail = _tail(sentence, _Cue(k, last, senses[-1]), quoted=False) if senses else last
            closed = tail is not None and (tail >= end or sentence[tail].word in (",", ":"))
            if subject and subject[0] == i + 1 and closed and tail is not None:
                return _around(sentence, (k, last), subject, (i, tail), end)
    return []


def _around(sentence: list[Token], cue: tuple[int, int], source: tuple[int, int], phrase: tuple[int, int], end: int) -> list[_Draft]:
    """Return the draft whose content stands before or after a phrase, or on both sides of it."""
    first, last = phrase
    content = []
    before = _back(sentence, first)
    if before > 1 or (before == 1 and sentence[0].word == QUOTATION):
        start = 1 if sentence[0].word in ("but", "and") and before > 2 else 0
        content.append(_span(sentence, start, before))
    if last < end - 1 and sentence[last].word in (",", ":") and (not content or _carries_on(sentence, last + 1, end) or sentence[last + 1].word == QUOTATION):
        content.append(_span(sentence, last + 1, end))
    elif not content:
        comma = next((k for k in range(last, min(end - 1, last + 12)) if sentence[k].word == ","), None)
        content = [_span(sentence, comma + 1, end)] if comma else []
    return [_Draft(_span(sentence, *source), [_span(sentence, *cue)], content)] if content else []


def _colon(sentence: list[Token], end: int) -> list[_Draft]:
    """X: “…” · X nodded: “…”"""
    colon = next((k for k in range(1, min(end - 1, 60)) if sentence[k].word == ":" and sentence[k + 1].word == QUOTATION), None)
    if colon is None:
        return []
    label = sentence[:colon]
    if all(token.name or token.word in ("of", "the", ".", "de", "van", "von") for token in label) and len(label) <= 7:
        subject: tuple[int, int] | None = (0, colon)
    else:
        subject = _leading_person(sentence[:colon])
    return [_Draft(_span(sentence, *subject), [(sentence[colon].start, sentence[colon].end)], [_span(sentence, colon + 1, end)])] if subject else []


def _announcement(sentence: list[Token]) -> _Draft | None:
    """Return a draft that waits for its content: *X said in a statement:* at the end of a paragraph."""
    if sentence[-1].word != ":" or len(sentence) > 60:
        return None
    for cue in _cues(sentence):
        subject = phrases.before(sentence, cue.first)
        if subject and "quote" in cue.verb.frames and not phrases.has_finite(sentence[cue.last :]):
            return _Draft(_span(sentence, *subject), [_span(sentence, cue.first, cue.last)], [])
    person = _leading_person(sentence)
    return _Draft(_span(sentence, *person), [(sentence[-1].start, sentence[-1].end)], []) if person else None


def _is_title(sentence: Sequence[Token]) -> bool:
    """Tell whether a sentence is a headline in title case: no full stop, at least two long words, three in four of them with a capital."""
    if sentence[-1].word == "." or len(sentence) > 40:
        return False
    long = [token for token in sentence if token.end - token.start > 3 and token.word[0].isalpha()]
    return len(long) >= 2 and sum(token.capital for token in long) * 4 >= len(long) * 3


def _headline(sentence: list[Token], end: int) -> list[_Draft]:
    """X Says … · …, X Says · X: “…” · Report: … · …, According to X"""
    found = _phrase(sentence, end) or _headline_label(sentence, end)
    if found:
        return found
    lowered = [token._replace(capital=False) for token in sentence]
    for cue in _cues(lowered):
        subject = _headline_subject(sentence, cue, end)
        if subject is None or cue.verb.tense not in ("s", "past", "base"):
            continue
        if subject[0] > 1 and _is_apart(sentence, subject[0]):
            if cue.last >= end and cue.verb.frames & {"clause", "quote"}:
                return [_Draft(_span(sentence, *subject), [_span(sentence, cue.first, cue.last)], [_span(sentence, 0, subject[0])])]
            continue
        content = _headline_complement(lowered, cue, subject, end)
        if content:
            return [_Draft(_span(sentence, *subject), [(sentence[cue.first].start, sentence[content[1] - 1].end)], [_span(sentence, content[0], end)])]
    return []


def _headline_subject(sentence: Sequence[Token], cue: _Cue, end: int) -> tuple[int, int] | None:
    """Return the subject of a headline's verb: the few words before it, back to the start or to a comma."""
    first = next((k + 1 for k in range(cue.first - 1, -1, -1) if sentence[k].word in (",", ":", ";", QUOTATION, *_DASHES) and k + 1 < cue.first), 0)
    words = [token.word for token in sentence[first : cue.first]]
    unfit = phrases.PREPOSITIONS | phrases.SUBORDINATORS | phrases.MODALS | phrases.AUXILIARIES
    if not 0 < len(words) <= 8 or unfit.difference(("of", "for")).intersection(words) or (cue.first < end and phrases.is_adverb(words[0])):
        return None
    return first, cue.first


def _headline_complement(sentence: Sequence[Token], cue: _Cue, subject: tuple[int, int], end: int) -> tuple[int, int] | None:
    """Return where a headline's content begins and where its cue ends."""
    rest = sentence[cue.last : end]
    form = sentence[cue.last - 1 - len(cue.verb.rest)].word
    words = [token.word for token in sentence[slice(*subject)]]
    if len(rest) < 2 and not (rest and rest[0].word == QUOTATION):
        return None
    if form in lexicon.nouns():
        sure = phrases.DETERMINERS | phrases.SUBJECT_PRONOUNS | {QUOTATION, "that"} | ({"to"} if "to" in cue.verb.frames else set())
        later = any(token.word in phrases.MODALS | phrases.BE | {"has", "have"} for token in rest)
        if cue.verb.tense == "base" or any(word.endswith(("'s", "s'")) for word in words) or not (rest[0].word in sure or later):
            return None
    if cue.verb.tense == "base" and not words[-1].endswith("s"):
        return None
    if cue.verb.frames & {"show", "find"} or (cue.verb.lemma in ("show", "find", "read") and not _FINDINGS.intersection(words)):
        return None
    found = _complement(sentence, cue, end, subject)
    bare = cue.verb.frames & {"clause"} and phrases.is_word(rest[0]) and rest[0].word not in phrases.PREPOSITIONS | phrases.SUBORDINATORS
    return found or ((cue.last, cue.last) if bare else None)


def _headline_label(sentence: Sequence[Token], end: int) -> list[_Draft]:
    """X: “…” · X: We Will … · Report: … · … : Report"""
    colon = next((k for k in range(1, end - 1) if sentence[k].word == ":"), None)
    if colon is None or colon > 6:
        return []
    label, rest = sentence[:colon], sentence[colon + 1 : end]
    words = {token.word for token in label}
    named = all(token.name or token.word in ("of", "the") for token in label) and not words & _TOPICS
    voiced = {token.word for token in rest} & {"i", "we", "our", "my", "us", "i'm", "we're", "we'll", "i'll"} or any(
        token.word in phrases.MODALS for token in rest
    )
    if not (named and (rest[0].word == QUOTATION or words & _LABELS or (voiced and len(label) <= 2))):
        return []
    return [_Draft(_span(sentence, 0, colon), [(sentence[colon].start, sentence[colon].end)], [_span(sentence, colon + 1, end)])]
