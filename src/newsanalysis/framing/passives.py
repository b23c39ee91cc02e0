"""Passives, and the voice of verbs that tell events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from newsanalysis import codebooks, tables, tagger
from newsanalysis.framing.words import codes_table, shipped
from newsanalysis.tagger import Word
from newsanalysis.unitising import in_document


class Passive(NamedTuple):
    """A passive by word numbers: first auxiliary, participle, and the first word of the agent, where it is named."""

    first: int
    participle: int
    agent: int | None


class Grammar(NamedTuple):
    """The words that passives are told by (codebook ``passives``)."""

    be: frozenset[str]
    get: frozenset[str]
    between: frozenset[str]
    border: frozenset[str]
    no_agent: frozenset[str]
    participle: frozenset[str]
    state: frozenset[str]


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Return the words of the codebook ``passives``."""
    listed = codebooks.words("passives")
    code = listed.code.where(listed.code != "auxiliary", listed.value)
    return Grammar(*(frozenset(listed.pattern[code == name]) for name in Grammar._fields))


def passives(words: tuple[Word, ...]) -> list[Passive]:
    """Return the passives among tagged words: a form of "be" or "get" and a participle, with adverbs between.

    Examples
    --------
    >>> words = tagger.words("The town was heavily shelled by rebels.")
    >>> [" ".join(w.text for w in words[p.first : p.participle + 1]) for p in passives(words)]
    ['was heavily shelled']
    """
    listed, found = grammar(), []
    for at, word in enumerate(words):
        key = word.text.lower()
        if key not in listed.be and key not in listed.get:
            continue
        then = at + 1
        while then < len(words) and (words[then].tag.startswith("RB") or words[then].text.lower() in listed.between):
            then += 1
        if then < len(words) and _is_participle(words, then, by_get=key in listed.get):
            found.append(Passive(_first_auxiliary(words, at), then, _agent(words, then)))
    return found


def _is_participle(words: tuple[Word, ...], at: int, *, by_get: bool) -> bool:
    listed = grammar()
    key, tag = words[at].text.lower(), words[at].tag
    if key in listed.be or key in listed.get:
        return False
    if key == "used":
        return at + 1 == len(words) or words[at + 1].text.lower() != "to"
    if key in listed.state:
        return _agent(words, at) == at + 2
    if key in listed.participle:
        return not by_get or tag.startswith("VB")
    return tag in ("VBN", "VBD")


def _first_auxiliary(words: tuple[Word, ...], at: int) -> int:
    before = at - 1
    while before >= 0 and words[before].tag.startswith("RB"):
        before -= 1
    return _first_auxiliary(words, before) if before >= 0 and words[before].text.lower() in grammar().be else at


def _agent(words: tuple[Word, ...], participle: int) -> int | None:
    listed = grammar()
    for at in range(participle + 1, len(words) - 1):
        key = words[at].text.lower()
        if key in listed.border or words[at].tag in ("VBD", "VBZ", "VBP", "MD"):
            return None
        if key == "by":
            then = words[at + 1]
            if then.tag not in ("VBG", "CD") and then.text.lower() not in listed.no_agent and then.text[0].isalpha():
                return at + 1
    return None


def code_passives(units: pd.DataFrame) -> pd.DataFrame:
    """Code passive clauses, with or without the one who acts, and the verbs of events, active or passive.

    A passive is a form of "be" or "get" with a participle ("were ordered", "is being shelled"). Reduced ones ("the town shelled
    by rebels") and nouns ("the shelling of the town") are not counted.

    Parameters
    ----------
    units : DataFrame
        Table *units*; sentences rather than segments, which may part the auxiliary from the participle.

    Returns
    -------
    DataFrame
        Table *codes*. Code ``passive``: one row a passive, value ``agent`` ("by rebels") or ``agentless``, the evidence from auxiliary to
        participle. Code ``event_verb``: one row a verb of the codebook ``event_verbs`` (shell, kill, seize, withdraw ...), value
        ``active``, ``agent`` or ``agentless``, the evidence as above or the verb. Verbs after "to" count as active.

    Notes
    -----
    Grammar is no verdict: "were ordered to withdraw" hides who ordered, "was born" hides nobody. Do not compare rates between
    headlines, which drop auxiliaries, and articles. Measured by sentence on the PassivePy crowd set (1,150 sentences) in
    ``benchmarks/results/framing.csv``.

    Sources: Trew (1979), Theory and ideology at work, in Fowler et al. (eds.), Language and control, pp. 94-116; Sepehri, Mirshafiee &
    Markowitz (2023), PassivePy, Journal of Consumer Psychology 33, pp. 714-727.

    Examples
    --------
    >>> import newsanalysis as na
    >>> codes = na.code_passives(na.units(na.documents(["Troops were ordered to withdraw. The town was shelled by rebels."])))
    >>> codes[["code", "value", "start", "end"]].values.tolist()
    [['passive', 'agentless', 7, 19], ['event_verb', 'active', 23, 31], ['passive', 'agent', 42, 53], ['event_verb', 'agent', 42, 53]]
    """
    units = tables.check(units, "units")
    coder = tagger.VERSION
    rows = []
    for unit_id, document_id, unit, text, start, end in zip(*(units[c] for c in ("unit_id", "document_id", "unit", "text", "start", "end")), strict=True):
        place = in_document(text, start, end)
        for code, value, low, high in sorted(_voices_of_verbs(text), key=lambda row: (row[2], row[0] != "passive")):
            rows.append((unit_id, document_id, unit, code, value, None, *(place(low, high) or (None, None)), coder))
    return codes_table(rows)


def _voices_of_verbs(text: str) -> Iterator[tuple[str, str, int, int]]:
    words = tagger.words(text)
    passive = {p.participle: p for p in passives(words)}
    for found in passive.values():
        yield "passive", "agentless" if found.agent is None else "agent", words[found.first].start, words[found.participle].end
    number = {word.start: n for n, word in enumerate(words)}
    for match in shipped("event_verbs").find(text):
        at = number.get(match.start, -1)
        if at in passive:
            yield "event_verb", "agentless" if passive[at].agent is None else "agent", words[passive[at].first].start, match.end
        elif at >= 0 and is_verb(words, at):
            yield "event_verb", "active", match.start, match.end


def is_verb(words: tuple[Word, ...], at: int) -> bool:
    """A verb by its tag, and not a noun by its place ("the shelling of", "two attacks on")."""
    before = words[at - 1].tag if at else ""
    if not words[at].tag.startswith("VB"):
        return before == "TO" and words[at].tag == "NN"  # the tagger's "to drive/NN them out"
    after = words[at + 1].text.lower() if at + 1 < len(words) else ""
    if words[at].tag == "VBG":
        return after != "of" and before not in ("DT", "JJ", "PRP$", "POS")
    return before not in ("DT", "JJ", "PRP$", "POS")
