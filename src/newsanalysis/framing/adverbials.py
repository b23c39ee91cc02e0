"""Times and occasions between a subject and its verb ("on Monday", "in a statement"), and nouns for those who can be called on."""

from __future__ import annotations

from functools import lru_cache

from newsanalysis.codebooks import lexicon
from newsanalysis.framing.passives import Words, low, tag

_FAR = 12  # words that an adverbial may have
_CAN_ACT = ("men", "women", "ists", "ians", "people")  # how words for people end that the lists do not have


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    for name, word in lexicon("adverbials.csv", "class", "word"):
        lists.setdefault(name, set()).add(word)
    return {name: frozenset(words) for name, words in lists.items()}


def listed(name: str) -> frozenset[str]:
    """Return the words of a class of the lexicon ``adverbials``."""
    return _lists()[name]


def before_adverbials(words: Words, at: int) -> int:
    """Return the word before the times and occasions that end at a word; the same word where none does.

    Examples
    --------
    >>> from newsanalysis import tagger
    >>> words = tagger.words("The union in a letter to members late on Sunday accused the council of theft.")
    >>> words[before_adverbials(words, 9)].text
    'union'
    """
    while at >= 0:
        comma = low(words, at) == ","
        end = at - comma
        start = _time(words, end) or _occasion(words, end)
        if start is None or start <= 0 or (comma and low(words, start - 1) != ","):
            return at
        at = start - 1 - comma
    return at


def after_times(words: Words, first: int, end: int) -> int:
    """Return where a phrase begins once the time that opens it is left out: "Last week the union".

    Examples
    --------
    >>> from newsanalysis import tagger
    >>> after_times(tagger.words("Last week the union"), 0, 4)
    2
    """
    at = first
    while at < end and low(words, at) in listed("deictic"):
        at += 1
    timed = at
    while timed < end and low(words, timed) in listed("time"):
        timed += 1
    return timed if timed > at and timed < end and (at > first or low(words, at) in listed("alone")) else first


def _time(words: Words, end: int) -> int | None:
    """The first word of a time that ends here: "on Monday", "late on Sunday night", "last week", "Monday"."""
    at, timed, deictic = end, False, False
    while at >= 0 and end - at < _FAR:
        key = low(words, at)
        if key in listed("time"):
            timed = True
        elif key in listed("deictic"):
            deictic = True
        elif not (key in listed("modifier") or tag(words, at) == "CD"):
            break
        at -= 1
    if not timed:
        return None
    if low(words, at) in listed("time_preposition"):
        at -= 1
        while at >= 0 and low(words, at) in listed("before"):
            at -= 1
        return at + 1
    alone = all(low(words, n) in listed("alone") | listed("before") | listed("part_of_day") for n in range(end, at, -1))
    return at + 1 if (deictic or alone) and tag(words, at) not in ("IN", "POS", "TO") else None


def _occasion(words: Words, end: int) -> int | None:
    """The first word of an occasion that ends here: "in a statement", "at a press conference", "in a letter to members", "for his part"."""
    for at in range(end - 1, max(0, end - _FAR), -1):
        if low(words, at) in listed("occasion_preposition") and low(words, at + 1) != "the":
            last = at + 1
            while last < end and _is_nominal(words, last) and not (low(words, last) in listed("occasion") and low(words, last + 1) in listed("link")):
                last += 1
            if low(words, last) in listed("occasion") and (last == end or _links(words, last + 1, end)):
                return at
        elif not (_is_nominal(words, at) or low(words, at) in listed("link")):
            return None
    return None


def _links(words: Words, at: int, end: int) -> bool:
    """ "to its members" after a noun: a preposition, then a noun phrase up to the end."""
    return low(words, at) in listed("link") and at < end and all(_is_nominal(words, n) for n in range(at + 1, end + 1))


def _is_nominal(words: Words, at: int) -> bool:
    return tag(words, at).startswith(("DT", "JJ", "NN", "PRP$", "CD", "POS"))


# --- who can be called on ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    """Nouns for persons, groups and bodies, in both numbers."""
    roles = [term.split()[-1].lower() for term, kind in lexicon("roles.csv", "term", "kind") if kind in ("person", "people", "body")]
    acting = [word for code, value, word in lexicon("acts.csv", "code", "value", "pattern") if (code, value) == ("acts_for", "people")]
    bodies = [word for kind, word in lexicon("function_words.csv", "class", "word") if kind in ("kin", "body_class")]
    one = {*roles, *acting, *bodies, *listed("person")}
    return frozenset(one | {word + "s" for word in one} | {word[:-1] + "ies" for word in one if word.endswith("y")})


@lru_cache(maxsize=1)
def _partitives() -> frozenset[str]:
    return frozenset(word for code, word in lexicon("acts.csv", "code", "pattern") if code == "partitive")


def can_act(words: Words, first: int, end: int) -> bool:
    """Tell whether a noun phrase names a person, group or body, or has a name: "Europe", "the farmers", "both", but not "talks".

    Examples
    --------
    >>> from newsanalysis import tagger
    >>> [can_act(words := tagger.words(text), 0, len(words)) for text in ("the minister of trade", "talks", "talks in Kyiv", "most of us", "both")]
    [True, False, False, True, True]
    """
    of = next((n for n in range(first + 1, end) if words[n].tag in ("IN", "TO")), end)
    if low(words, of) == "of" and all(low(words, n) in _partitives() or words[n].tag in ("DT", "CD", "JJ", "RB") for n in range(first, of)):
        return can_act(words, of + 1, end) if of + 1 < end else False
    head = of - 1
    if words[head].tag.startswith(("NNP", "PRP", "DT", "FW")):
        return not (words[head].tag.startswith("NNP") and low(words, head) in listed("time"))
    known = low(words, head) in _people() or low(words, head).endswith(_CAN_ACT)
    return known or any(words[n].tag == "NNP" and words[n + 1].text == "-" for n in range(first, head)) or low(words, head) in _partitives()
