"""Which names a text gives to an actor: labels attached to the actor's mentions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from newsanalysis import tables, tagger
from newsanalysis.framing.words import Book, book_of
from newsanalysis.quotations import quotations
from newsanalysis.tagger import Word

_NEGATION = frozenset(("not", "n't", "n’t", "never", "no", "hardly", "neither", "nor", "unlike", "ex", "former"))
_BE = frozenset(("is", "are", "was", "were", "remains", "remained", "became", "becomes"))
_DETERMINERS = frozenset(("a", "an", "the", "this", "that", "its", "their", "his", "her", "our"))
_MARKS = frozenset("“”‘’\"'«»")
_LONGEST = 6  # words between a label and the name that it stands before
_OF_NAME = frozenset(("regime", "junta", "dictatorship"))


class _Label(NamedTuple):
    """A label in a sentence: its category, and its first word and one past its last; where it stands."""

    value: str
    first: int
    last: int
    start: int
    end: int


class _Name(NamedTuple):
    """A mention in a sentence: its row, its first word and one past its last; where it stands."""

    row: int
    first: int
    last: int
    start: int
    end: int


def code_labels(mentions: pd.DataFrame, *, codebook: str | Path = "labels") -> pd.DataFrame:
    """Code which labels are attached to an actor's mentions: “Russian-installed”, *so-called*, *separatist*, or quotation marks around the name.

    Attached is a label that stands before the name in one noun phrase (*the separatist leader Denis Pushilin*), in apposition after it (*Denis Pushilin,
    the separatist leader,*) or before it (*a pro-Kremlin politician, Oleg Tsaryov,*), after *is* (*Russia is the aggressor*), as *the regime of X* or
    *X's regime*, inside a longer name (*pro-Russian separatists*), or as marks that enclose the name (*the “Donetsk People's Republic”*).

    Parameters
    ----------
    mentions : DataFrame
        Table *mentions* (``na.mentions(found)``).
    codebook : str or Path
        A word codebook of labels, shipped (``"labels"``) or of one's own.

    Returns
    -------
    DataFrame
        Table *codes*, one row a label of a mention: the unit is the mention (``unit_id`` its ``mention_id``), code ``label``, ``value`` the
        codebook's category, or ``scare_quotes``; ``start`` and ``end`` the label in the document. Further columns: ``words`` the label as it
        stands, ``relation`` (premodifier, apposition, predicate, genitive, name, marks), and of the mention ``actor_id``, ``actor``,
        ``affiliation``, ``voice``, ``attribution_id``.

    Raises
    ------
    CodebookError
        For a codebook that cannot be read or used.

    Notes
    -----
    Made to be right rather than complete: no pronouns, no labels across clauses, none that is negated (*no dictator*) or stands after a
    preposition (*head of the breakaway region*). Mentions that are nothing but a label (*the separatist …*) get none. A label in attributed voice is the
    speaker's, or in indirect speech perhaps the outlet's. A label may be apt: that is a question of facts. Validated on invented sentences only
    (``tests/data/labels_gold.jsonl``): see ``benchmarks/results/statements.csv``.

    Source: van Leeuwen (1996), The representation of social actors, in Caldas-Coulthard & Coulthard (eds.), Texts and practices, pp. 32-70
    (nomination, categorisation, appraisement).

    Examples
    --------
    >>> import newsanalysis as na
    >>> mentions = na.mentions(na.documents(["The separatist leader Denis Pushilin met Vladimir Putin."]))
    >>> code_labels(mentions)[["actor", "value", "relation"]].values.tolist()
    [['Denis Pushilin', 'separatist', 'premodifier']]
    """
    mentions, book = tables.check(mentions, "mentions"), book_of(codebook)
    rows, keys = [], mentions["mention_id"].tolist()
    told = mentions[["actor_id", "actor", "affiliation", "voice", "attribution_id"]].astype(object)
    of = list(told.where(told.notna(), None).itertuples(index=False, name=None))
    for (key, _, text), named in _by_sentence(mentions).items():
        offset, words = named[0][-1], tagger.words(text)
        names = _names(words, [place[:3] for place in named])
        listed = _listed(words, text, book)
        for name, value, relation, start, end in _attached(words, text, names, listed):
            coded = (keys[name.row], key, "mention", "label", value, None, offset + start, offset + end, book.name)
            rows.append((*coded, text[start:end], relation, *of[name.row]))
    columns = [*tables.SCHEMAS["codes"].columns, "words", "relation", "actor_id", "actor", "affiliation", "voice", "attribution_id"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[9:], "str"))
    return tables.check(table.sort_values(["document_id", "start"], kind="stable") if len(table) else table, "codes")


def _by_sentence(mentions: pd.DataFrame) -> dict[tuple[str, str, str], list[tuple[int, int, int, int]]]:
    """The mentions of each sentence (document, unit, text): the number of the row, start and end, and where the sentence begins in the document."""
    named: dict[tuple[str, str, str], list[tuple[int, int, int, int]]] = {}
    places = (mentions[column].tolist() for column in ("document_id", "unit_id", "text", "start", "end", "document_start"))
    for row, (document, unit, text, start, end, at) in enumerate(zip(*places, strict=True)):
        named.setdefault((document, unit, text), []).append((row, int(start), int(end), int(at - start)))
    return named


def _numbers(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """The first word of a stretch, and one past its last."""
    first, last = bisect_right(words, start, key=lambda word: word.end), bisect_left(words, end, key=lambda word: word.start)
    return (first, last) if first < last else (0, 0)


def _names(words: Sequence[Word], places: list[tuple[int, int, int]]) -> list[_Name]:
    return [_Name(row, *_numbers(words, int(start), int(end)), int(start), int(end)) for row, start, end in places]


def _listed(words: Sequence[Word], text: str, book: Book) -> list[_Label]:
    """The labels of the codebook in a sentence, less those that are negated."""
    listed = []
    for match in book.find(text):
        first, last = _numbers(words, match.start, match.end)
        value = book.rows[match.row][1] or book.rows[match.row][0]
        if last and not any(words[n].text.lower() in _NEGATION for n in range(max(0, first - 2), first)):
            listed.append(_Label(value, first, last, match.start, match.end))
    return listed


def _attached(words: Sequence[Word], text: str, names: list[_Name], listed: list[_Label]) -> Iterator[tuple[_Name, str, str, int, int]]:
    """Each name with a label of its own: name, category, relation, and where the label stands."""
    alone = [name for name in names if not any(label.start <= name.start and name.end <= label.end for label in listed)]
    for label in listed:
        found = _inside(alone, label) or _before(words, alone, label) or _after(words, alone, label) or _genitive(words, alone, label)
        if found:
            yield found[0], label.value, found[1], label.start, label.end
    for quotation in quotations(text):
        inner = [name for name in alone if quotation.start < name.start and name.end < quotation.end]
        if quotation.closed and len(inner) == 1:
            name = inner[0]
            rest = text[quotation.start + len(quotation.mark) : name.start] + text[name.end : quotation.end - 1]
            if not rest.lower().replace("the", "").strip(" ,.'"):
                yield name, "scare_quotes", "marks", quotation.start, quotation.end


_Found = tuple[_Name, str] | None


def _inside(names: list[_Name], label: _Label) -> _Found:
    """A label that begins a longer name ("pro-Russian separatists")."""
    name = next((name for name in names if name.start <= label.start and label.end < name.end), None)
    return (name, "name") if name else None


def _before(words: Sequence[Word], names: list[_Name], label: _Label) -> _Found:
    """A label before the name, in one noun phrase; of several names the last, but what is so-called stands next."""
    if words[label.last - 1].tag == "NNS":
        return None
    starting = {name.first: name for name in names}
    at, chosen = label.last, None
    while at < len(words) and at - label.last <= _LONGEST:
        if at in starting:
            chosen = starting[at]
            at = chosen.last
            if label.value == "so_called":
                break
        elif _is_nominal(words[at]):
            at += 1
        else:
            break
    if chosen and chosen.last == at and not _possessive(words, at):
        return chosen, "premodifier"
    return (chosen, "premodifier") if chosen and label.value == "so_called" else _apposed_before(words, starting, label)


def _is_nominal(word: Word) -> bool:
    return word.tag.startswith(("JJ", "NN", "CD")) or word.text in _MARKS or word.text == "-"


def _possessive(words: Sequence[Word], at: int) -> bool:
    return at + 1 < len(words) and words[at].text in ("'", "’") and words[at + 1].text == "s" and words[at].end == words[at + 1].start


def _apposed_before(words: Sequence[Word], starting: dict[int, _Name], label: _Label) -> _Found:
    """A label's phrase, a comma, the name, and a comma: "a pro-Kremlin politician, Oleg Tsaryov, ..."."""
    at = label.last
    while at < len(words) and at - label.last <= _LONGEST and (_is_nominal(words[at]) or words[at].tag in ("IN", "DT")):
        at += 1
    first = label.first
    while first > 0 and _is_nominal(words[first - 1]):
        first -= 1
    has_determiner = first > 0 and words[first - 1].text.lower() in _DETERMINERS
    before = first - 2
    name = starting.get(at + 1) if at < len(words) and words[at].text == "," else None
    if name is None or not has_determiner or (before >= 0 and words[before].tag in ("IN", "TO")):
        return None
    closed = name.last >= len(words) or words[name.last].text in (",", ".", ";")
    return (name, "apposition") if closed else None


def _after(words: Sequence[Word], names: list[_Name], label: _Label) -> _Found:
    """A label after the name: in apposition, or after "is"; its head or before its head, never behind a preposition."""
    name = max((name for name in names if name.last < label.first), key=lambda name: name.last, default=None)
    if name is None:
        return None
    between = range(name.last + 1, label.first)
    link = words[name.last]
    possessor = any(other.first in between for other in names)
    fits = all(_is_nominal(words[n]) or words[n].text.lower() in _DETERMINERS or words[n].tag in ("POS", "PRP", "PRP$", "RB") for n in between)
    if not fits or any(words[n].text.lower() in _NEGATION for n in between) or possessor:
        return None
    if link.text.lower() in _BE:
        object_of = name.first > 0 and words[name.first - 1].tag in ("IN", "TO")
        determined = label.first == name.last + 1 or any(words[n].text.lower() in _DETERMINERS for n in between)
        return (name, "predicate") if determined and not object_of else None
    if link.text != ",":
        return None
    head = label.last
    while head < len(words) and _is_nominal(words[head]) and words[head].text not in _MARKS:
        head += 1
    plural = words[head - 1].tag == "NNS"
    possessed = any(words[n].tag == "POS" or words[n].text in ("'", "’") for n in between)
    determined = possessed or (bool(between) and words[between[0]].text.lower() in _DETERMINERS)
    closed = head >= len(words) or words[head].text in (",", ".", ";", "–", "—", ")") or words[head].text.lower() in ("of", "in", "from", "for", "and", "who")
    return (name, "apposition") if closed and not plural and determined and head - name.last <= 2 * _LONGEST else None


def _genitive(words: Sequence[Word], names: list[_Name], label: _Label) -> _Found:
    """The regime of X, X's regime."""
    if words[label.last - 1].text.lower() not in _OF_NAME:
        return None
    for name in names:
        if name.first == label.last + 1 and words[label.last].text.lower() == "of":
            return name, "genitive"
        if label.first == name.last + 2 and _possessive(words, name.last):
            return name, "genitive"
    return None
