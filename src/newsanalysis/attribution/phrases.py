"""Words and noun phrases of one sentence, found by closed word lists alone (no parser, no tagger).

A sentence is a list of tokens in which every outermost quotation is one token: the text is *masked* first, each code point
within a quotation replaced by a private one, so that no rule ever looks into what somebody else said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from newsanalysis.attribution import lexicon

MASK = "\ue000"
_SHORTENED = "Mr Mrs Ms Dr Gov Sen Rep Gen Col Lt Sgt Capt Maj Adm Prof Rev St Jr Sr Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec No".replace(" ", "|")
_TOKEN = re.compile(
    rf"{MASK}+|(?:[^\W\d_]\.){{2,}}|(?:{_SHORTENED}|[A-Z])\.(?=\s+\S)"
    r"|\w+(?:[’'&\-‑.]\w+|,\d{3}(?!\d))*(?:[’'](?=\s))?|[^\w\s]"
)

DETERMINERS = lexicon.words("determiner")
SUBJECT_PRONOUNS = lexicon.words("subject_pronoun")
OBJECT_PRONOUNS = lexicon.words("object_pronoun")
AUXILIARIES = lexicon.words("auxiliary")
BE = lexicon.words("be")
MODALS = lexicon.words("modal")
NEGATIONS = lexicon.words("negation")
PREPOSITIONS = lexicon.words("preposition")
NOUN_PREPOSITIONS = lexicon.words("noun_preposition")
SUBORDINATORS = lexicon.words("subordinator")
RELATIVES = lexicon.words("relative")
CONJUNCTIONS = lexicon.words("conjunction")
ADVERBS = lexicon.words("adverb")
_NO_ADVERBS = lexicon.words("not_adverb")
DAYS = lexicon.words("weekday")
MONTHS = lexicon.words("month")
TIMES = lexicon.words("time")
_TIME_FIRST = lexicon.words("time_opening")
_TIME_BEFORE = DAYS | {"on", "last", "this", "earlier", "late", "early", "yesterday", "today"}
_IRREGULAR = lexicon.words("irregular_verb")
_CONTRACTION = re.compile(r"(?:[’'](?:re|ll|ve|d|m)|n[’']t)$|^(?:he|she|it|that|there|what|who)[’']s$")
_POSSESSIVE = re.compile(r"(?:[’']s|s[’'])$")


class Token(NamedTuple):
    """A word, a mark or a whole quotation; `word` is in lower case, "“”" for a quotation."""

    start: int
    end: int
    word: str
    capital: bool
    name: bool


QUOTATION = "“”"
_NO_PRONOUN = frozenset(("US", "WHO", "IT"))


def tokens(masked: str, start: int, end: int) -> list[Token]:
    """Return the tokens of a masked text between two offsets.

    >>> [token.word for token in tokens("Sen. Smith (R.) isn't in Nov.", 0, 29)]
    ['sen.', 'smith', '(', 'r', '.', ')', "isn't", 'in', 'nov', '.']
    """
    found = []
    for match in _TOKEN.finditer(masked, start, end):
        text = match.group()
        if text[0] == MASK:
            found.append(Token(match.start(), match.end(), QUOTATION, False, False))
            continue
        capital = text[0].isupper()
        word = text if text in _NO_PRONOUN else text.lower().replace("’", "'")
        found.append(Token(match.start(), match.end(), word, capital, capital and word not in DETERMINERS and word not in PREPOSITIONS))
    return found


def is_word(token: Token) -> bool:
    """Tell whether a token is a word or number, not a mark and not a quotation."""
    return token.word[0].isalnum()


def is_adverb(word: str) -> bool:
    """Tell whether a word can stand between subject and verb: *also*, *repeatedly*, *never*."""
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in _NO_ADVERBS)


def is_finite(token: Token) -> bool:
    """Tell whether a word looks like a finite verb; regular past forms count, plural nouns and third persons do not."""
    word = token.word
    if word in AUXILIARIES or word in MODALS or _CONTRACTION.search(word):
        return True
    return not token.capital and (word in _IRREGULAR or (word.endswith("ed") and len(word) > 4 and "-" not in word))


def has_finite(sentence: Sequence[Token]) -> bool:
    """Tell whether any of the tokens looks like a finite verb."""
    return any(map(is_finite, sentence))


def skip_time(sentence: Sequence[Token], at: int, stop: int) -> int:
    """Return the index after a time expression that begins at `at`, or `at`: *Monday*, *on Tuesday night*, *last week*, *Nov. 11*.

    >>> words = tokens("said late on Monday night that", 0, 30)
    >>> skip_time(words, 1, len(words))
    5
    """
    i = at
    while i < stop and sentence[i].word in _TIME_FIRST:
        i += 1
    begin = i
    while i < stop and (sentence[i].word in TIMES or sentence[i].word in MONTHS or (i > begin and sentence[i].word[0].isdigit())):
        if sentence[i].word in ("may", "mar") and not (sentence[i].capital and i + 1 < stop and sentence[i + 1].word[0].isdigit()):
            break
        i += 1
    return i if i > begin else at


def before(sentence: Sequence[Token], end: int, start: int = 0) -> tuple[int, int] | None:
    """Return the noun phrase that ends before index `end`: the subject of a verb there.

    Parameters
    ----------
    sentence : sequence of Token
        The sentence.
    end, start : int
        Where the verb begins; how far back to look.

    Returns
    -------
    (int, int) or None
        Token indexes, half-open; with an apposition between commas, both belong to it.

    Examples
    --------
    >>> words = tokens("However, Jo Day, the mayor of York, also said no", 0, 48)
    >>> first, last = before(words, 11)
    >>> [word.word for word in words[first:last]]
    ['jo', 'day', ',', 'the', 'mayor', 'of', 'york']
    """
    end = _before_adverbs(sentence, end, start)
    if end <= start:
        return None
    if sentence[end - 1].word == ",":
        comma = next((i for i in range(end - 2, max(start, end - 40), -1) if sentence[i].word == ","), None)
        if comma is None:
            return None
        head = _chunk(sentence, comma, start)
        inner = sentence[comma + 1 : end - 1]
        if head is None or not inner or inner[0].word == QUOTATION:
            return None
        return (head[0], end - 1) if _is_apposition(inner) else head
    return _chunk(sentence, end, start)


def _before_adverbs(sentence: Sequence[Token], end: int, start: int) -> int:
    """Return the index before the adverbs and time words that stand before `end`."""
    while end > start:
        if is_adverb(sentence[end - 1].word) and not (sentence[end - 1].capital and end - 1 > start and sentence[end - 2].name):
            end -= 1
            continue
        for width in (4, 3, 2, 1):
            if end - width > start and sentence[end - width].word in _TIME_BEFORE and skip_time(sentence, end - width, end) == end:
                end -= width
                break
        else:
            return end
    return end


def _is_apposition(inner: Sequence[Token]) -> bool:
    """Tell whether the words between two commas name the same person again or describe them."""
    return inner[0].word not in RELATIVES | PREPOSITIONS | SUBORDINATORS and not inner[0].word.endswith("ing") and not inner[0].word.endswith("ed")


def _chunk(sentence: Sequence[Token], end: int, start: int) -> tuple[int, int] | None:
    """Return the noun phrase that ends at `end`, going back to the nearest border."""
    if end <= start:
        return None
    last = sentence[end - 1]
    if last.word in SUBJECT_PRONOUNS and (not last.capital or end - 1 == start or not sentence[end - 2].name):
        return end - 1, end
    first = end
    while first > start and end - first < 30 and not _is_border(sentence, first - 1, end):
        first -= 1
    first = _after_opening_words(sentence, first, end)
    return (first, end) if first < end and _may_be_source(sentence, first, end) else None


def _is_border(sentence: Sequence[Token], i: int, end: int) -> bool:
    """Tell whether token i cannot belong to a noun phrase that goes on to `end`."""
    token = sentence[i]
    if token.word == QUOTATION:
        return i + 1 == end or token.end - token.start > 30 or not (i > 0 and (sentence[i - 1].word in DETERMINERS or sentence[i - 1].name))
    if not is_word(token):
        return token.word not in "&%$€£/#@"
    if token.word in CONJUNCTIONS:
        return not _joins(sentence, i, end)
    if token.word in SUBORDINATORS or token.word in SUBJECT_PRONOUNS - DETERMINERS:
        return True
    if token.word in AUXILIARIES or token.word in MODALS or _CONTRACTION.search(token.word):
        return not token.capital or token.word not in ("will", "may")
    return (
        not token.capital
        and token.word in _IRREGULAR
        and token.word not in ("left", "lost", "found", "set", "works", "cut", "hit", "needs", "wants", "looks", "means")
    )


def _joins(sentence: Sequence[Token], i: int, end: int) -> bool:
    """Tell whether a conjunction joins two nouns: both names, both with a determiner, or both bare plurals."""
    if i == 0 or i + 1 >= end:
        return False
    left, right = sentence[i - 1], sentence[i + 1]
    if not is_word(left):
        return left.word == "," and left.name
    if right.name and left.name:
        return True
    if right.word in DETERMINERS:
        return any(sentence[k].word in DETERMINERS for k in range(max(0, i - 3), i - 1)) and not has_finite(sentence[max(0, i - 3) : i])
    bare = not right.capital and _is_plural(right.word) and _is_plural(left.word)
    return bare and not has_finite(sentence[max(0, i - 4) : i])


def _is_plural(word: str) -> bool:
    """Tell whether a word looks like a noun for several people."""
    return word.endswith("s") or word in ("police", "people", "media", "staff", "military")


def _after_opening_words(sentence: Sequence[Token], first: int, end: int) -> int:
    """Return the index after what may open a sentence but is no part of its subject: *But*, *Meanwhile*, *On Monday*, *In Kyiv*."""
    while first < end:
        token = sentence[first]
        after = skip_time(sentence, first, end)
        if token.word in CONJUNCTIONS or (is_adverb(token.word) and token.word not in DETERMINERS) or not is_word(token):
            first += 1
        elif first < after < end and not (token.name and sentence[after].word in ("'s",)):
            first = after
        elif token.word in PREPOSITIONS:
            first = _after_prepositional(sentence, first, end)
        else:
            break
    return first


def _after_prepositional(sentence: Sequence[Token], first: int, end: int) -> int:
    """Return the index after a preposition and the noun phrase it governs, or `end` where no subject remains."""
    i = first + 1
    determined = i < end and (sentence[i].word in DETERMINERS or _POSSESSIVE.search(sentence[i].word) is not None)
    i += determined
    if i < end and sentence[i].name:
        while i < end and sentence[i].name:
            i += 1
        if not determined:
            return i
    while i < end and not sentence[i].capital and sentence[i].word not in DETERMINERS:
        i += 1
    return i


def _may_be_source(sentence: Sequence[Token], first: int, end: int) -> bool:
    """Tell whether a noun phrase can name who speaks: it begins like one and does not end in an adjective's or verb's way."""
    token, last = sentence[first], sentence[end - 1]
    if last.word in DETERMINERS - SUBJECT_PRONOUNS or last.word in PREPOSITIONS or last.word in OBJECT_PRONOUNS - {"it"} or last.word in ("there", "you"):
        return False
    if not (is_word(last) or last.word in ("%", QUOTATION)) or _POSSESSIVE.search(last.word):
        return False
    if token.name or token.word in DETERMINERS or token.word[0].isdigit() or _POSSESSIVE.search(token.word):
        return token.word not in TIMES or end - first > 1
    plain = _is_plural(last.word) or any(t.name for t in sentence[first:end])
    return plain and not has_finite(sentence[first : first + 1])


def after(sentence: Sequence[Token], start: int, end: int) -> tuple[int, int] | None:
    """Return the noun phrase that begins at index `start`: the source after *said* or *according to*.

    Examples
    --------
    >>> words = tokens("said Jo Day, the mayor of York, on Monday.", 0, 42)
    >>> first, last = after(words, 1, len(words))
    >>> [word.word for word in words[first:last]]
    ['jo', 'day', ',', 'the', 'mayor', 'of', 'york']
    """
    if start >= end:
        return None
    if sentence[start].word in SUBJECT_PRONOUNS - DETERMINERS and sentence[start].word != "who":
        return start, start + 1
    i = _forward(sentence, start, end)
    if i == start or not _may_be_source(sentence, start, i):
        return None
    if i + 1 < end and sentence[i].word == ",":
        next_word = sentence[i + 1]
        if next_word.word in ("a", "an", "the", "his", "her", "its", "their", "one") or (
            not next_word.capital
            and is_word(next_word)
            and _is_apposition(sentence[i + 1 : i + 2])
            and not is_adverb(next_word.word)
            and next_word.word not in CONJUNCTIONS
        ):
            stop = next((k for k in range(i + 1, end) if sentence[k].word in {",", ";", ":", ".", "(", "—", QUOTATION}), end)
            if not has_finite(sentence[i + 1 : stop]):
                return start, stop
    return start, i


def _forward(sentence: Sequence[Token], start: int, end: int) -> int:
    """Return where the noun phrase that begins at `start` ends."""
    i = start
    while i < end and i - start < 30 and not _is_forward_border(sentence, start, i, end):
        i += 1
    while i > start and sentence[i - 1].word in PREPOSITIONS | CONJUNCTIONS:
        i -= 1
    return i


def _is_forward_border(sentence: Sequence[Token], start: int, i: int, end: int) -> bool:
    """Tell whether token i cannot belong to a noun phrase that began at `start`."""
    word = sentence[i].word
    if not is_word(sentence[i]):
        return word not in "&/%"
    if word in CONJUNCTIONS:
        goes_on = i + 1 < end and (sentence[i + 1].name or sentence[i + 1].word in DETERMINERS or not has_finite(sentence[i + 1 : i + 3]))
        return i == start or not goes_on
    if word in PREPOSITIONS:
        return i == start or not _continues(sentence, start, i, end)
    if i == start:
        return False
    if word in SUBORDINATORS | MODALS | AUXILIARIES | (SUBJECT_PRONOUNS - DETERMINERS) | (TIMES - {"day", "week", "year"}) or is_adverb(word):
        return True
    if word in ("last", "this", "earlier", "late", "early") and skip_time(sentence, i, end) > i:
        return True
    return word in DETERMINERS and sentence[i - 1].word not in PREPOSITIONS | CONJUNCTIONS | {"both", "all"}


_SETTING = lexicon.words("setting")


def _continues(sentence: Sequence[Token], start: int, i: int, end: int) -> bool:
    """Tell whether a preposition carries on the noun phrase (*a spokesman for the army*) rather than the clause (*in an interview*)."""
    word, previous = sentence[i].word, sentence[i - 1]
    if word == "of":
        return True
    if word not in NOUN_PREPOSITIONS or (previous.name and word != "for"):
        return False
    inner = [token.word for token in sentence[i + 1 : i + 6]]
    return not _SETTING.intersection(inner) and skip_time(sentence, i, end) == i and start < i


def skip_recipient(sentence: Sequence[Token], at: int, end: int) -> int:
    """Return the index after the one who is told: *reporters*, *him*, *the BBC*, *world leaders*, *Fox News’ Sean Day*.

    >>> words = tokens("told world leaders he would", 0, 27)
    >>> skip_recipient(words, 1, len(words))
    3
    """
    if at >= end or not is_word(sentence[at]):
        return at
    if sentence[at].word in OBJECT_PRONOUNS and not (at + 1 < end and not is_finite(sentence[at + 1]) and sentence[at].word == "her"):
        return at + 1
    i = at + (sentence[at].word in DETERMINERS)
    if i < end and sentence[i].name:
        while i < end and (sentence[i].name or (sentence[i].word in ("of", "and") and i + 1 < end and sentence[i + 1].name)):
            i += 1
        return i
    limit = i + 4
    while i < min(end, limit) and is_word(sentence[i]) and not sentence[i].capital:
        word = sentence[i].word
        if word in PREPOSITIONS | SUBORDINATORS | SUBJECT_PRONOUNS | DETERMINERS | AUXILIARIES | MODALS | CONJUNCTIONS or is_adverb(word) or word in TIMES:
            break
        i += 1
        if word.endswith("s") and not word.endswith("ss"):
            break
    return i
