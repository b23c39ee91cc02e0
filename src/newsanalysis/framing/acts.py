"""Who acts, and who is acted upon."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from newsanalysis import codebooks, tables, tagger
from newsanalysis.framing.passives import is_verb, listed, passives
from newsanalysis.framing.words import shipped
from newsanalysis.tagger import Word
from newsanalysis.unitising import in_document


class _Mention(NamedTuple):
    name: str
    first: int  # word number among the tagged words
    last: int
    start: int
    end: int


def agency(units: pd.DataFrame, *, codebook: str | Path = "ukraine_war") -> pd.DataFrame:
    """Return who acts and who is acted upon, in sentences that name two actors of a codebook.

    Active: an actor, a verb, and after it, without a preposition between, another actor ("Russia attacked Ukraine"). Passive: an
    actor, a passive, and another actor after "by" ("Kyiv was shelled by Russian forces").

    Parameters
    ----------
    units : DataFrame
        Table *units*: sentences. With a column ``published`` merged in, rows of the codebook count in their interval, as in ``na.resolve``.
    codebook : str or Path
        An actor codebook: its actors and their aliases; places are left out. A row with a context counts in documents whose units have one of
        its words. An alias of two actors counts as the first one's.

    Returns
    -------
    DataFrame
        One row is one act: ``document_id``, ``unit_id``, ``actor``, ``verb`` (as it stands), ``acted_upon``, ``voice`` (active, passive),
        ``start`` and ``end`` from the first actor to the second in the document.

    Notes
    -----
    A first version without a parser, made to be right rather than complete: it knows only the two patterns, no pronouns, no noun phrases with
    "of", nothing across "that" or "which", no negation, no verb of saying or thinking; an -ing form counts only after "be". Read it as
    examples to look at, not as a rate.

    Source: van Leeuwen (1996), The representation of social actors, in Caldas-Coulthard & Coulthard (eds.), Texts and practices, pp. 32-70.

    Examples
    --------
    >>> import newsanalysis as na
    >>> units = na.units(na.documents(["Russia attacked Ukraine. Ukraine was supported by NATO."]))
    >>> agency(units)[["actor", "verb", "acted_upon", "voice"]].values.tolist()
    [['Russia', 'attacked', 'Ukraine', 'active'], ['NATO', 'supported', 'Ukraine', 'passive']]
    """
    units = tables.check(units, "units")
    actors = _actors(codebooks.unchanged(codebook))
    texts = units.groupby("document_id").text.agg(" ".join)
    days = pd.to_datetime(units.published, utc=True).dt.date if "published" in units else [None] * len(units)
    rows = []
    for unit_id, document_id, text, start, end, day in zip(*(units[c] for c in ("unit_id", "document_id", "text", "start", "end")), days, strict=True):
        place = in_document(text, start, end)
        words = tagger.words(text)
        mentions = list(_mentions(text, words, actors, (None if pd.isna(day) else day, codebooks.keys_of(texts[document_id]))))
        for first, second in pairwise(mentions):
            act = _act(words, first, second) if first.name != second.name else None
            if act:
                rows.append((document_id, unit_id, *act, *(place(first.start, second.end) or (None, None))))
    table = pd.DataFrame(rows, columns=["document_id", "unit_id", "actor", "verb", "acted_upon", "voice", "start", "end"])
    return table.astype({**dict.fromkeys(table.columns[:6], "str"), "start": "Int64", "end": "Int64"})


@lru_cache(maxsize=4)
def _actors(codebook: codebooks.Codebook) -> tuple[codebooks.Phrases, dict[str, str]]:
    """Index the names and aliases of all actors but places, each with its actor and when it counts; and the actors' names."""
    actors = codebook.actors[codebook.actors.kind.fillna("") != "place"]
    named = dict(zip(actors.actor_id, actors.name, strict=True))
    return codebooks.phrases((name, (actor, when)) for name, actor, when in codebooks.names(codebook) if actor in named), named


def _mentions(
    text: str, words: tuple[Word, ...], actors: tuple[codebooks.Phrases, dict[str, str]], document: tuple[datetime.date | None, frozenset[str]]
) -> Iterator[_Mention]:
    """The actors named in a unit, without those in the genitive ("Russia's plan" names a plan)."""
    index, name = actors
    spelled = codebooks.words_of(text)
    for first, last, meanings in codebooks.matches(spelled, index):
        fitting = [actor for actor, when in meanings if when.holds(*document)]
        start, end = spelled[first].start, spelled[last - 1].end
        inside = [n for n, word in enumerate(words) if start <= word.start < end]
        if fitting and inside and not text[start:end].endswith(("'s", "’s")) and text[end : end + 1] not in ("'", "’"):
            yield _Mention(name[fitting[0]], inside[0], inside[-1], start, end)


def _act(words: tuple[Word, ...], first: _Mention, second: _Mention) -> tuple[str, str, str, str] | None:
    """(actor, verb, acted upon, voice), or None if neither pattern fits."""
    between = range(first.last + 1, second.first)
    if any(words[n].text.lower() in listed("border") - {"and", "or", "but", ","} for n in between) or not _is_subject(words, first) or _modifies(words, second):
        return None
    passive = {p.participle: p for p in passives(words)}
    for found in passive.values():
        if found.first in between and found.agent is not None and _plain(words, found.agent, second.first):
            return second.name, words[found.participle].text, first.name, "passive"
    verbs = [n for n in between if words[n].tag.startswith("VB") or (n == second.first - 1 and is_verb(words, n))]
    auxiliaries = listed("be") | listed("get") | {"have", "has", "had", "do", "does", "did"}
    if not verbs or verbs[-1] in passive or words[verbs[-1]].text.lower() in auxiliaries or not _plain(words, verbs[-1] + 1, second.first):
        return None
    other = [n for n in verbs[:-1] if words[n].tag in ("VBD", "VBZ", "VBP") and words[n].text.lower() not in auxiliaries]
    verb, before = words[verbs[-1]], words[verbs[-1] - 1]
    gerund = verb.tag == "VBG" and before.text.lower() not in listed("be")
    negated = any(words[n].text.lower() in ("not", "n't", "never") for n in between)
    if other or gerund or negated or before.tag in ("IN", "DT", "PRP$", "POS") or _tells(verb.text):
        return None
    return first.name, verb.text, second.name, "active"


def _plain(words: tuple[Word, ...], start: int, end: int) -> bool:
    """Only articles, adjectives, adverbs and nouns stand between: one noun phrase, not two joined by a preposition."""
    return start <= end and all(words[n].tag[:2] in ("DT", "JJ", "NN", "RB", "PR") for n in range(start, end))


def _modifies(words: tuple[Word, ...], mention: _Mention) -> bool:
    """The actor's name only describes the noun after it ("Kremlin strategy")."""
    return mention.last + 1 < len(words) and words[mention.last + 1].tag.startswith("NN")


def _is_subject(words: tuple[Word, ...], mention: _Mention) -> bool:
    """The actor may be the subject: neither after a preposition nor before a noun."""
    before = mention.first - 1
    while before >= 0 and words[before].tag in ("DT", "JJ", "PRP$", "CD"):
        before -= 1
    free = before < 0 or words[before].tag not in ("IN", "TO", "VBG", "POS") or words[before].text.lower() in listed("border")
    return free and not _modifies(words, mention)


def _tells(verb: str) -> bool:
    """A verb of saying or thinking, after which a name more often begins a clause than names who is acted upon."""
    book = shipped("cues")
    return any(book.rows[match.row][1] in ("neutral", "doubt", "admission", "cognitive") for match in book.find(verb))
