"""Passives, and the voice of verbs that tell events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from newsanalysis import codebooks, tables, tagger, unitising
from newsanalysis.found import Found
from newsanalysis.framing.words import codes_table, shipped
from newsanalysis.tables import TableError
from newsanalysis.tagger import Word
from newsanalysis.unitising import in_document

Words = tuple[Word, ...]
FAR, NEAR = 30, 8  # how many words an agent, a participle may stand away
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
NOMINAL = ("DT", "JJ", "NN", "CD", "PR")  # how the tags of a noun phrase's words begin, with PRP and PRP$
BEGINS = ("DT", "PRP", "CD", "NN", "JJ", "PDT", "WD", "WP")  # how the tags begin of what may begin an object
JOINS = frozenset({",", "and", "or", "but", "then"})
BEFORE_ADJECTIVES = ("", "IN", "JJ", "DT", "PRP$", "POS")


class Passive(NamedTuple):
    """A passive by word numbers: first auxiliary, participle, and the first word of the agent, where it is named."""

    first: int
    participle: int
    agent: int | None


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    listed = codebooks.words("passives")
    named = listed.code.where(~listed.code.isin(["auxiliary", "no_agent"]), listed.value)
    return {name: frozenset(rows) for name, rows in listed.pattern.groupby(named)}


def listed(name: str) -> frozenset[str]:
    """Return the words of one list of the codebook ``passives``, by its code; by its value for auxiliaries and what is no agent."""
    return _lists()[name]


def low(words: Words, at: int) -> str:
    """Return a word in small letters; "" outside the text."""
    return words[at].text.lower() if 0 <= at < len(words) else ""


def tag(words: Words, at: int) -> str:
    """Return the tag of a word; "" outside the text."""
    return words[at].tag if 0 <= at < len(words) else ""


def passives(words: Words) -> list[Passive]:
    """Return the passives among tagged words: a form of "be" or "get" and a participle, with what may stand between; and further participles joined to it.

    Examples
    --------
    >>> words = tagger.words("The town was heavily shelled by rebels and burned.")
    >>> [" ".join(w.text for w in words[p.first : p.participle + 1]) for p in passives(words)]
    ['was heavily shelled', 'burned']
    """
    found: dict[int, Passive] = {}
    for at in range(len(words)):
        if not _is_auxiliary(words, at):
            continue
        then = _participle_after(words, at)
        if then is None or then in found:
            continue
        chain = [then, *_joined(words, then)]
        agents = _agents(words, chain)
        if agents[0] is None and low(words, at - 2) == "by" and low(words, at - 1) in ("whom", "what"):
            agents[0] = at - 1
        found[then] = Passive(_first_auxiliary(words, at), then, agents[0])
        found |= {other: Passive(other, other, agent) for other, agent in zip(chain[1:], agents[1:], strict=True) if other not in found}
    return [found[at] for at in sorted(found)]


def reduced(words: Words) -> list[Passive]:
    """Return the participles with an agent and no auxiliary.

    Examples
    --------
    >>> words = tagger.words("The town shelled by rebels on Monday has fallen by a third.")
    >>> [words[p.participle].text for p in reduced(words)]
    ['shelled']
    """
    full = {p.participle for p in passives(words)}
    found = []
    for at in range(1, len(words)):
        verb = at - 1
        while verb > 0 and at - verb <= 2 and (tag(words, verb) in ("RP", "RB") or low(words, verb) in ("off", "up", "down", "out", "away")):
            verb -= 1
        if low(words, at) != "by" or verb in full or not _participial(words, verb) or low(words, verb) in listed("intransitive"):
            continue
        agent = agent_after(words, at)
        if agent is not None and not _is_auxiliary(words, verb) and _unaided(words, verb):
            found.append(Passive(verb, verb, agent))
    return found


def _unaided(words: Words, verb: int) -> bool:
    """No "have", "do" or "to" stands before the verb: it is a participle, or a past tense."""
    before = verb - 1
    while before >= 0 and verb - before <= NEAR and tag(words, before).startswith("RB"):
        before -= 1
    return low(words, before) not in ("have", "has", "had", "having", "'ve", "to", "he", "she", "it", "they", "we", "i", "who") and tag(words, before) != "MD"


def _is_auxiliary(words: Words, at: int) -> bool:
    return low(words, at) in listed("be") or low(words, at) in listed("get")


def _participial(words: Words, at: int) -> bool:
    return tag(words, at) in ("VBN", "VBD") or low(words, at) in listed("participle") or (tag(words, at) == "JJ" and low(words, at).endswith("ed"))


def _participle_after(words: Words, at: int) -> int | None:
    """The participle that an auxiliary belongs to: after adverbs, a parenthesis, or in a question the subject."""
    by_get = low(words, at) in listed("get")
    then = _past_adverbs(words, at + 1)
    if low(words, then) in (",", "(", "–", "—"):
        close = next((n for n in range(then + 2, min(then + 2 + NEAR, len(words))) if low(words, n) in (",", ")", "–", "—")), None)
        then = then if close is None else _past_adverbs(words, close + 1)
        return then if close is not None and tag(words, then) in ("VBN", "VBD") and _is_participle(words, then, by_get=by_get) else None
    if _is_participle(words, then, by_get=by_get):
        return then
    if not by_get and _asks(words, at):
        end = noun_phrase(words, then)[1]
        then = _past_adverbs(words, end)
        if end > at + 1 and then - at <= NEAR + 4 and tag(words, then) in ("VBN", "VBD") and _is_participle(words, then, by_get=False):
            return then
    return None


def _asks(words: Words, at: int) -> bool:
    """The auxiliary stands where a question begins."""
    before = low(words, at - 1)
    return before in ("", "why", "how", "when", "where", "whom", "what") or (tag(words, at - 1) in (".", ":") and low(words, at) not in ("being", "been", "be"))


def _past_adverbs(words: Words, at: int) -> int:
    while at < len(words) and (words[at].tag.startswith("RB") or low(words, at) in listed("between")) and low(words, at) != "":
        at += 1
    return at


def _is_participle(words: Words, at: int, *, by_get: bool) -> bool:
    if at >= len(words) or _is_auxiliary(words, at):
        return False
    key = low(words, at)
    if key == "used":
        return low(words, at + 1) != "to"
    if key in listed("state") or (key in listed("state_present") and low(words, at - 1) in ("is", "are", "'s", "’s", "'re")):
        return _agents(words, [at])[0] == at + 2
    if key in listed("participle"):
        return not by_get or tag(words, at).startswith("VB")
    if key == "opposed" or (tag(words, at) == "JJ" and key.endswith("ed") and low(words, at + 1) == "by"):
        return low(words, at + 1) == "by" and agent_after(words, at + 1) is not None
    return tag(words, at) in ("VBN", "VBD")


def _first_auxiliary(words: Words, at: int) -> int:
    first = before = at
    while before > 0:
        before -= 1
        if low(words, before) in listed("be"):
            first = before
        elif not words[before].tag.startswith("RB") or first - before > NEAR:
            break
    return first


def _joined(words: Words, participle: int) -> list[int]:
    """Further participles of the same auxiliary: "was shelled, looted and burned", "was killed and two others wounded"."""
    chain: list[int] = []
    at, last = participle + 1, participle
    while at < len(words) and at - last <= NEAR:
        key = low(words, at)
        if key in JOINS or key == "(":
            then = at + 1
            while low(words, then) in JOINS or tag(words, then).startswith("RB"):
                then += 1
            if low(words, then - 1) != "," and tag(words, then) == "IN" and low(words, then + 3) == ",":
                then += 4  # "or, in some cases, killed"
            if tag(words, then) == "IN" and low(words, then - 1) == ",":
                close = next((n for n in range(then, min(then + 5, len(words))) if low(words, n) == ","), then - 1)
                then = close + 1
            if tag(words, then) == "CD" and key in ("and", ","):
                counted = then + 2 if low(words, then + 1) in ("others", "more", "people", "men", "women", "children") else then + 1
                then = counted if tag(words, counted) in ("VBN", "VBD") else then
            if not _joins(words, then):
                if key == ",":
                    at += 1
                    continue
                return chain
            chain.append(then)
            at = last = then
        elif tag(words, at) in FINITE or _is_auxiliary(words, at) or key in listed("border") or tag(words, at) == "WRB":
            return chain
        at += 1
    return chain


def _joins(words: Words, at: int) -> bool:
    """A participle without an object of its own and without a subject before it."""
    key = low(words, at)
    if tag(words, at) not in ("VBN", "VBD") or key in listed("intransitive") or key in listed("state") or _is_auxiliary(words, at):
        return False
    irregular_past = tag(words, at) == "VBD" and not key.endswith("ed") and key not in listed("participle")
    clause = low(words, at + 1) == "that" or (key == "led" and low(words, at + 1) == "to")
    return not irregular_past and not clause and key not in ("had", "did") and not tag(words, at + 1).startswith(BEGINS)


def _agents(words: Words, chain: list[int]) -> list[int | None]:
    """The agent of each participle; one after the last belongs to those joined to it without anything between."""
    agents: list[int | None] = []
    for number, at in enumerate(chain):
        end = chain[number + 1] if number + 1 < len(chain) else None
        agents.append(_agent(words, at, end))
    for number in reversed(range(len(chain) - 1)):
        between = range(chain[number] + 1, chain[number + 1])
        bare = all(low(words, n) in JOINS or tag(words, n).startswith(("RB", "IN", "DT", "NN")) or low(words, n) == "," for n in between) and len(between) <= 5
        if agents[number] is None and bare and not any(tag(words, n).startswith("NN") for n in (chain[number] + 1,)):
            agents[number] = agents[number + 1]
    return agents


def _agent(words: Words, participle: int, end: int | None) -> int | None:
    at, last = participle + 1, min(len(words), participle + FAR) if end is None else end
    while at < last:
        key = low(words, at)
        if key == "by":
            agent = agent_after(words, at, low(words, participle))
            if agent is not None:
                return agent
        elif key == "," or key == "(":
            close = next((n for n in range(at + 1, min(at + NEAR, last)) if low(words, n) in (",", ")")), None)
            agent = agent_after(words, at + 1, low(words, participle)) if low(words, at + 1) == "by" else None
            if agent is not None:
                return agent
            if close is not None and low(words, close + 1) == "by" and not _finite(words, at, close):
                at = close
            elif low(words, at + 1) != "by":
                return None
        elif at == participle + 1 and key in ("“", '"', "‘"):
            at = next((n for n in range(at + 1, min(at + NEAR, last)) if low(words, n) in ("”", '"', "’")), last)
        elif key in listed("border") or tag(words, at) in FINITE or _is_auxiliary(words, at) or key in ("having", "said"):
            return None
        at += 1
    return None


def _finite(words: Words, start: int, end: int) -> bool:
    return any(tag(words, n) in FINITE for n in range(start, end))


def agent_after(words: Words, by: int, participle: str = "") -> int | None:
    """Return the first word of the agent after "by"; None for a time, measure, manner, place or doing ("by Friday", "by 5 per cent", "by car").

    Examples
    --------
    >>> words = tagger.words("It was sold by two men, by email, by Friday.")
    >>> [agent_after(words, n) for n, word in enumerate(words) if word.text == "by"]
    [4, None, None]
    """
    at = by + 1
    if low(words, at) in ("“", '"', "‘", "'"):
        at += 1
    first = at
    while low(words, at) in listed("about"):
        at += 1
    key = low(words, at)
    if key in listed("time") or (key in listed("phrase") and (key != "far" or low(words, at + 1) == "the")):
        return None
    if not key or not (key[0].isalnum() or key[0] in "$£€"):
        return None
    if tag(words, at) == "VBG" and not (key in listed("agent_adjective") and tag(words, at + 1).startswith(("NN", "JJ"))):
        return None
    head, end = noun_phrase(words, at)
    noun = low(words, head)
    alone = end - at == 1
    if noun in listed("measure") and noun not in ("margin", "factor") and low(words, end) == "of":
        return first if tag(words, end + 1) != "CD" and low(words, end + 1) not in listed("measure") else None  # "by dozens of papers"
    if noun in listed("time") or noun in listed("measure") or any(low(words, n) == "per" for n in range(at, end + 1)):
        return None
    if tag(words, head) == "CD" or re.fullmatch(r"[$£€]?[\d.,]+\w*", noun):
        return None
    if noun in listed("manner") and tag(words, at) not in ("DT", "PRP$", "CD"):
        return None
    if noun in listed("place") and not alone and participle not in listed("water"):
        return None
    if low(words, end) == "of" and noun in ("end", "start", "beginning", "middle", "means", "way", "dint", "force", "virtue", "number"):
        return None
    return first


def noun_phrase(words: Words, at: int) -> tuple[int, int]:
    """Return the head of a noun phrase that begins here, and the word after it: its determiners, adjectives, numbers and nouns.

    Examples
    --------
    >>> words = tagger.words("the angry old men of the north")
    >>> noun_phrase(words, 0)
    (3, 4)
    """
    end, head = at, at
    while end < len(words) and end - at < 12:
        word = words[end]
        linking = word.tag == "POS" or (end > at and word.tag.startswith("RB") and tag(words, end + 1).startswith("JJ"))
        if not (linking or word.tag.startswith(NOMINAL) or (word.tag == "VBG" and end == at) or word.tag == "FW"):
            break
        if end > at and words[end - 1].tag.startswith("NN") and low(words, end) in ("last", "next", "early", "late", "earlier", "later"):
            break  # "by guards last night"
        if end > at and word.tag.startswith(("DT", "PRP")) and not word.tag.startswith("PRP$") and words[end - 1].tag.startswith(("NN", "PRP")):
            break
        if word.tag.startswith(("NN", "PRP", "CD", "FW")) or (word.tag.startswith("DT") and end == at):
            if not (word.tag == "CD" and words[head].tag.startswith("NN")):
                head = end
            if word.tag == "PRP":
                return head, end + 1
        end += 1
    return head, max(end, at)


def sentence_units(units: object, by: str) -> pd.DataFrame:
    """Return a table *units*, checked; of what was found its sentences; refuse documents in words.

    >>> sentence_units(tables.empty("documents"), "agency")
    Traceback (most recent call last):
    newsanalysis.tables.TableError: agency: documents were given, not units of them; give na.units(documents).
    """
    if isinstance(units, Found):
        return unitising.units(units)
    if isinstance(units, pd.DataFrame) and "unit_id" not in units.columns and {"document_id", "text"} <= set(units.columns):
        raise TableError(f"{by}: documents were given, not units of them; give na.units(documents).")
    return tables.check(units, "units")  # type: ignore[arg-type]


def code_passives(units: pd.DataFrame | Found) -> pd.DataFrame:
    """Code passive clauses, with or without the one who acts, and the verbs of events, active or passive.

    A passive is a form of "be" or "get" with a participle ("were ordered", "is being shelled"), and each participle joined to it ("was
    shelled and burned"). Participles with an agent and no auxiliary ("the town shelled by rebels") are a code of their own; nouns ("the
    shelling of the town") are not counted.

    Parameters
    ----------
    units : DataFrame or Found
        Table *units*; sentences rather than segments, which may part the auxiliary from the participle. Or what was found: then its sentences.

    Returns
    -------
    DataFrame
        Table *codes*. Code ``passive``: one row a passive, value ``agent`` ("by rebels") or ``agentless``, the evidence from auxiliary to
        participle; of a participle joined to an earlier one, itself. Code ``reduced_passive``: value ``agent``, the evidence the participle.
        Code ``event_verb``: one row a verb of the codebook ``event_verbs`` (shell, kill, seize, withdraw ...), value ``active``, ``agent`` or
        ``agentless``, the evidence as above or the verb. Verbs after "to" count as active; participles without an auxiliary ("two killed in
        crash") by what they mean.

    Raises
    ------
    TableError
        For documents in the place of units, or a table that breaks its schema.

    Notes
    -----
    Grammar is no verdict: "were ordered to withdraw" hides who ordered, "was born" hides nobody. An agent is whoever or whatever does it, a
    storm too; times, measures, means and places after "by" are none ("by Friday", "by 5 per cent", "by car", "by the river"). Do not compare
    rates between headlines, which drop auxiliaries, and articles. For the agentless share by outlet, with its interval, see the example.
    How often it is right, by sentence, on the PassivePy crowd set and on invented sentences: ``benchmarks/results/framing.csv``.

    Sources: Trew (1979), Theory and ideology at work, in Fowler et al. (eds.), Language and control, pp. 94-116; Sepehri, Mirshafiee &
    Markowitz (2023), PassivePy, Journal of Consumer Psychology 33, pp. 714-727.

    Examples
    --------
    >>> import newsanalysis as na
    >>> codes = na.code_passives(na.units(na.documents(["Troops were ordered to withdraw. The town was shelled by rebels."])))
    >>> codes[["code", "value", "start", "end"]].values.tolist()
    [['passive', 'agentless', 7, 19], ['event_verb', 'active', 23, 31], ['passive', 'agent', 42, 53], ['event_verb', 'agent', 42, 53]]

    Agentless share of event verbs by outlet:

    >>> texts = {"text": ["Two were killed.", "Rebels killed two.", "A man was shot."], "outlet": ["A", "B", "A"]}
    >>> documents = na.documents(pd.DataFrame(texts))
    >>> codes = na.code_passives(na.units(documents)).merge(documents[["document_id", "outlet"]], on="document_id")
    >>> shares = na.code_share(codes, code="event_verb", by="outlet")
    >>> shares[shares["value"] == "agentless"][["outlet", "estimate", "n"]].values.tolist()
    [['A', 1.0, 2], ['B', 0.0, 0]]
    """
    units = sentence_units(units, "code_passives")
    coder = tagger.VERSION
    rows = []
    for unit_id, document_id, unit, text, start, end in zip(*(units[c] for c in ("unit_id", "document_id", "unit", "text", "start", "end")), strict=True):
        place = in_document(text, start, end)
        for code, value, first, last in sorted(_voices_of_verbs(text), key=lambda row: (row[2], row[0] == "event_verb", row[3])):
            rows.append((unit_id, document_id, unit, code, value, None, *(place(first, last) or (None, None)), coder))
    return codes_table(rows)


def _voices_of_verbs(text: str) -> Iterator[tuple[str, str, int, int]]:
    words = tagger.words(text)
    full, short = passives(words), reduced(words)
    for code, kind in (("passive", full), ("reduced_passive", short)):
        for found in kind:
            yield code, _value(found), words[found.first].start, words[found.participle].end
    voiced = {p.participle: p for p in (*full, *short)}
    number = {word.start: n for n, word in enumerate(words)}
    headline = not any(word.tag in FINITE for word in words)
    book, either = shipped("event_verbs"), _either()
    for match in book.find(text):
        at = number.get(match.start, -1)
        if at in voiced:
            yield "event_verb", _value(voiced[at]), words[voiced[at].first].start, match.end
        elif at >= 0 and not _modifies_noun(words, at):
            if match.row not in either and _lacks_object(words, at):
                yield "event_verb", "agentless", match.start, match.end
            elif is_verb(words, at) or _is_present(words, at, headline=headline):
                yield "event_verb", "active", match.start, match.end


def _value(found: Passive) -> str:
    return "agentless" if found.agent is None else "agent"


@lru_cache(maxsize=1)
def _either() -> frozenset[int]:
    """The rows of event verbs that need no object: "withdraw", "burn"."""
    events = codebooks.words("event_verbs")
    return frozenset(events.index[events.object == "either"])


def _modifies_noun(words: Words, at: int) -> bool:
    """A participle that stands as an adjective: "Occupied districts voted", "by retreating troops", "in seized documents"."""
    before, after = tag(words, at - 1), tag(words, at + 1)
    if words[at].tag == "VBG" or low(words, at).endswith("ing"):
        return low(words, at) in listed("agent_adjective") and after.startswith("NN") and before in BEFORE_ADJECTIVES
    return words[at].tag in ("VBN", "VBD", "JJ") and after.startswith("NN") and (before in BEFORE_ADJECTIVES or low(words, at - 1).endswith(("’s", "'s", "s’")))


def _lacks_object(words: Words, at: int) -> bool:
    """A participle of a verb that needs an object, with none after it and no relative clause around it: "two killed in crash"."""
    if words[at].tag not in ("VBN", "VBD") or tag(words, at + 1).startswith((*BEGINS, "RP", "RB", "VB", "POS", "TO", "``", "''", '"', "“")):
        return False
    if low(words, at + 1) == "upon" or (low(words, at) == "seized" and low(words, at + 1) == "on"):
        return False
    before = at - 1
    while before >= 0 and tag(words, before).startswith("RB"):
        before -= 1
    if low(words, before) in ("have", "has", "had", "having", "'ve", "who", "and", "or"):
        return False
    if tag(words, before) in ("PRP", "", "WP", "WDT", "DT", "JJ", "PRP$", "CC"):
        return False
    nouns = False
    for n in range(before, max(-1, before - NEAR), -1):
        if low(words, n) in ("which", "that", "whom", "where", "what") and nouns:
            return False
        nouns |= tag(words, n).startswith(("NN", "PRP"))
        if tag(words, n).startswith("VB"):
            break
    return low(words, at + 1) not in ("", "that") and (tag(words, at + 1) in ("IN", ",", ".", ":") or low(words, at + 1) in ("as", "for"))


def _is_present(words: Words, at: int, *, headline: bool) -> bool:
    """A present tense that the tagger takes for a noun: "The virus targets the liver", "Police arrest mayor"."""
    before, after = tag(words, at - 1), tag(words, at + 1)
    if words[at].tag not in ("NN", "NNS", "NNP", "NNPS", "JJ") or not before.startswith("NN") or low(words, at).endswith(("ing", "ed")):
        return False
    if after in ("DT", "PRP", "PRP$"):
        return low(words, at + 1) not in ("that", "this")
    return headline and after.startswith(("NN", "CD", "JJ"))


def is_verb(words: Words, at: int) -> bool:
    """A verb by its tag, and not a noun by its place ("the shelling of", "two attacks on")."""
    before = words[at - 1].tag if at else ""
    if not words[at].tag.startswith("VB"):
        return before == "TO" and words[at].tag == "NN"  # the tagger's "to drive/NN them out"
    after = words[at + 1].text.lower() if at + 1 < len(words) else ""
    if words[at].tag == "VBG":
        return after != "of" and before not in ("DT", "JJ", "PRP$", "POS")
    return before not in ("DT", "JJ", "PRP$", "POS")
