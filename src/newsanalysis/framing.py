"""Framing by codebook and grammar: cue classes, labels, hedges, loaded words, passives, who acts on whom; each with its evidence."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from newsanalysis import codebooks, sentiment, tables, tagger
from newsanalysis.codebooks import CodebookError
from newsanalysis.found import Found
from newsanalysis.tagger import Word
from newsanalysis.unitising import in_document

LOADED = 1.5  # |valence| in VADER's lexicon from which a word counts as loaded


class Match(NamedTuple):
    """A pattern found in a text: where, and the number of its row in the codebook."""

    start: int
    end: int
    row: int


def matcher(patterns: tuple[str, ...], exact: frozenset[int] = frozenset()) -> Callable[[str], Iterator[Match]]:
    r"""Return the function that finds patterns in a text: leftmost, then longest, never overlapping, on word borders.

    A pattern is one or more words. ``|`` parts the forms of one word, ``*`` at the end of a form stands for any ending,
    a hyphen matches any hyphen, an apostrophe any apostrophe, a space any white space. Case does not count.

    Parameters
    ----------
    patterns : tuple of str
        The patterns; of two as long as one another the first wins.
    exact : frozenset of int
        The numbers of the patterns for which case counts.

    Raises
    ------
    ValueError
        With the number of a pattern that does not begin with a letter or digit, or has ``*`` elsewhere.

    Examples
    --------
    >>> text = "He warned repeatedly, then warned against pro‑Russian plans."
    >>> [text[m.start : m.end] for m in matcher(("warn*", "warn|warned against", "pro-Russian"))(text)]
    ['warned', 'warned against', 'pro‑Russian']
    """
    exactly: dict[str, list[int]] = {}
    beginning: dict[str, list[int]] = {}
    compiled: list[re.Pattern[str] | None] = []
    for n, pattern in enumerate(patterns):
        forms = [word.split("|") for word in pattern.split()]
        if not forms or not all(re.fullmatch(r"\w[^*]*\*?", form) for form in forms[0]) or any("*" in form[:-1] for word in forms for form in word):
            raise ValueError(n)
        for form in forms[0]:
            stem = re.match(r"\w+", form.lower())
            if stem:
                (beginning if stem.group() + "*" == form.lower() else exactly).setdefault(stem.group(), []).append(n)
        expression = r"\s+".join(f"(?:{'|'.join(map(_form, sorted(word, key=len, reverse=True)))})(?!\\w)" for word in forms)
        single = len(forms) == 1 and all(re.fullmatch(r"\w+", form) for form in forms[0])
        compiled.append(None if single and n not in exact else re.compile(expression, 0 if n in exact else re.IGNORECASE))
    lengths = sorted({len(stem) for stem in beginning})

    def found(text: str) -> Iterator[Match]:
        free = 0
        for word in re.finditer(r"\w+", text):
            if word.start() < free:
                continue
            key = word.group().lower()
            best = Match(0, 0, 0)
            for n in (*exactly.get(key, ()), *(n for length in lengths for n in beginning.get(key[:length], ()))):
                regex = compiled[n]
                match = regex.match(text, word.start()) if regex else word
                if match and match.end() > best.end:
                    best = Match(word.start(), match.end(), n)
            if best.end:
                free = best.end
                yield best

    return found


def _form(form: str) -> str:
    stem = re.escape(form.removesuffix("*")).replace(r"\-", "[-‐‑–]").replace("'", "['’]").replace("’", "['’]")
    return stem.replace("['['’]]", "['’]") + (r"\w*" if form.endswith("*") else "")


class _Book(NamedTuple):
    name: str  # name@version
    rows: list[tuple[str, str | None, float | None]]  # code, value, score
    find: Callable[[str], Iterator[Match]]


def _book(codebook: str | Path) -> _Book:
    if codebook == "loaded_words":
        return _loaded_words()
    words = codebooks.words(codebook)
    version = codebooks.catalogue_versions().get(str(codebook)) or hashlib.sha256(words.to_csv().encode("utf-8", "surrogatepass")).hexdigest()[:12]
    scores: list[float | None] = [None] * len(words)
    if "score" in words:
        numbers = pd.to_numeric(words.score, errors="coerce")
        wrong = words.score[numbers.isna() & words.score.notna()]
        if len(wrong):
            problem = f"{wrong.iloc[0]!r} is no number; mend it or leave it blank."
            raise CodebookError(f"{codebook}, row {wrong.index[0] + 2}, column 'score': {problem}")
        scores = [None if pd.isna(number) else float(number) for number in numbers]
    values = [None if pd.isna(value) else value for value in words.value]
    exact = frozenset(words.index[words["case"] == "exact"]) if "case" in words else frozenset()
    return _Book(f"{Path(codebook).stem}@{version}", list(zip(words.code, values, scores, strict=True)), _compiled(str(codebook), tuple(words.pattern), exact))


@lru_cache(maxsize=32)
def _compiled(name: str, patterns: tuple[str, ...], exact: frozenset[int]) -> Callable[[str], Iterator[Match]]:
    try:
        return matcher(patterns, exact)
    except ValueError as error:
        row = int(error.args[0])
        rule = "begin with a letter or digit, and write * only at the end of a word"
        raise CodebookError(f"{name}, row {row + 2}, column 'pattern': {patterns[row]!r} cannot be used; {rule}.") from None


@lru_cache(maxsize=1)
def _loaded_words() -> _Book:
    loaded = {word: valence for word, valence in sentiment.vader_lexicon().items() if abs(valence) >= LOADED and re.fullmatch(r"[^\W\d_]{2,}", word)}
    rows: list[tuple[str, str | None, float | None]] = [("loaded_word", "positive" if valence > 0 else "negative", valence) for valence in loaded.values()]
    return _Book(sentiment.vader_version(), rows, matcher(tuple(loaded)))


def _codes(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = ["unit_id", "document_id", "unit", "code", "value", "score", "start", "end", "coder"]
    return tables.check(pd.DataFrame(rows, columns=columns), "codes") if rows else tables.empty("codes")


def code_words(units: pd.DataFrame, *, codebook: str | Path) -> pd.DataFrame:
    """Code each word of a word codebook that stands in a unit: hedges, labels, loaded words, or words of one's own.

    Parameters
    ----------
    units : DataFrame
        Table *units*.
    codebook : str or Path
        ``"hedges"`` (allegedly, might, appears ...; values hearsay, possibility, appearance, degree, approximation, frequency,
        speaker), ``"labels"`` (Russian-installed, so-called, terrorist ...; values installed, annexed, occupied, backed, so_called
        ...), ``"loaded_words"`` (the words of VADER's lexicon with a valence of 1.5 or more from 0; values positive, negative;
        ``score`` is the valence) or the path of a CSV file with the columns code, value, pattern, source and, if wanted, ``score``
        (a number) and ``case`` (``exact`` where capitals count).

    Returns
    -------
    DataFrame
        Table *codes*, one row a word found: ``code`` and ``value`` from the codebook's row, ``start`` and ``end`` the words in the
        document. Overlapping patterns: the leftmost, then the longest counts. ``coder`` is the codebook's name@version.

    Raises
    ------
    CodebookError
        For a codebook that cannot be read, or a pattern that breaks the rule: words parted by spaces, the forms of a word parted
        by ``|``, ``*`` at the end of a form for any ending; it begins with a letter or digit.

    Notes
    -----
    The lists find words, not meanings: "likely" is not always a hedge nor "shelling" always loaded. Read the evidence (``na.concordance``) before
    counting, and do not call counts of loaded words or hedges bias: such lists do not tell biased from other sentences.

    Sources: Hyland (2005), Metadiscourse, pp. 218-224 (hedges); Hutto & Gilbert (2014), Proceedings of ICWSM, pp. 216-225 (loaded words).

    Examples
    --------
    >>> import newsanalysis as na
    >>> codes = na.code_words(na.units(na.documents(["Trump Allegedly Sought Airport Renaming"])), codebook="hedges")
    >>> codes[["code", "value", "start", "end"]].values.tolist()
    [['hedge', 'hearsay', 6, 15]]
    """
    units = tables.check(units, "units")
    book = _book(codebook)
    rows = []
    for unit_id, document_id, unit, text, start, end in zip(*(units[c] for c in ("unit_id", "document_id", "unit", "text", "start", "end")), strict=True):
        place = in_document(text, start, end)
        for match in book.find(text):
            at = place(match.start, match.end) or (None, None)
            rows.append((unit_id, document_id, unit, *book.rows[match.row], *at, book.name))
    return _codes(rows)


def code_cues(found: Found, *, codebook: str | Path = "cues") -> pd.DataFrame:
    """Code how each attribution is introduced: the class of its cue.

    The shipped classes: *neutral* (say, tell, according to), *doubt* (claim, allege, insist: the text keeps its distance from
    what is said), *admission* (admit, confirm, point out: the text takes it as true), *directive* (urge, warn, demand, promise:
    someone is to act), *emotive* (condemn, fear, lament, shout: feeling or manner), *cognitive* (think, expect, want: no speech).
    ``unclassified``: a cue that the codebook does not know. ``none``: no cue.

    Parameters
    ----------
    found : Found
        What was found in documents.
    codebook : str or Path
        ``"cues"``, or the path of a CSV file with the columns code, value, pattern, source.

    Returns
    -------
    DataFrame
        Table *codes*, one row an attribution (unit ``attribution``, code ``cue_class``), so that shares of the classes add to 1.
        The evidence is the words that decided: of several known ones in a cue the pattern with most words, then the last; for an
        unclassified cue all of it.

    Raises
    ------
    CodebookError
        For a codebook that cannot be read or used.

    Notes
    -----
    Such lists describe how sources are introduced; they do not detect bias. One verb can do more than one thing ("stressed", "noted").

    Sources: Caldas-Coulthard (1994), On reporting reporting, in Coulthard (ed.), Advances in written text analysis, pp. 295-308;
    Thompson & Ye (1991), Evaluation in the reporting verbs used in academic papers, Applied Linguistics 12, pp. 365-382; Hooper (1975),
    On assertive predicates, Syntax and Semantics 4, pp. 91-124. The classes and the assignment to them are our own compilation.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor claimed that the bridge was closed."]))
    >>> na.code_cues(found).value.tolist()
    ['doubt']
    """
    book, found = _book(codebook), found.checked()
    cues = found.spans[found.spans.role == "cue"].sort_values(["attribution_id", "start"], kind="stable")
    pieces: dict[str, list[tuple[int, int, str]]] = {}
    for key, start, end, text in zip(cues.attribution_id, cues.start, cues.end, cues.text, strict=True):
        pieces.setdefault(key, []).append((int(start), int(end), text))
    rows = []
    for attribution, document in zip(found.attributions.attribution_id, found.attributions.document_id, strict=True):
        code, value, at = _cue_class(pieces.get(attribution, []), book)
        rows.append((attribution, document, "attribution", code, value, None, *at, book.name))
    return _codes(rows)


def _cue_class(pieces: list[tuple[int, int, str]], book: _Book) -> tuple[str, str | None, tuple[int | None, int | None]]:
    code = book.rows[0][0] if book.rows else "cue_class"
    if not pieces:
        return code, "none", (None, None)
    best: tuple[int, int, int, int] | None = None
    for start, _, text in pieces:
        for match in book.find(text):
            words = len(text[match.start : match.end].split())
            if best is None or words >= best[0]:
                best = (words, match.row, start + match.start, start + match.end)
    if best is None:
        return code, "unclassified", (pieces[0][0], pieces[-1][1])
    return book.rows[best[1]][0], book.rows[best[1]][1], best[2:]


# --- passives -----------------------------------------------------------------------------------------------------------


class Passive(NamedTuple):
    """A passive by word numbers: first auxiliary, participle, and the first word of the agent, where it is named."""

    first: int
    participle: int
    agent: int | None


class _Grammar(NamedTuple):
    """The words that passives are told by (codebook ``passives``)."""

    be: frozenset[str]
    get: frozenset[str]
    between: frozenset[str]
    border: frozenset[str]
    no_agent: frozenset[str]
    participle: frozenset[str]
    state: frozenset[str]


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    listed = codebooks.words("passives")
    code = listed.code.where(listed.code != "auxiliary", listed.value)
    return _Grammar(*(frozenset(listed.pattern[code == name]) for name in _Grammar._fields))


def passives(words: tuple[Word, ...]) -> list[Passive]:
    """Return the passives among tagged words: a form of "be" or "get" and a participle, with adverbs between.

    Examples
    --------
    >>> words = tagger.words("The town was heavily shelled by rebels.")
    >>> [" ".join(w.text for w in words[p.first : p.participle + 1]) for p in passives(words)]
    ['was heavily shelled']
    """
    grammar, found = _grammar(), []
    for at, word in enumerate(words):
        key = word.text.lower()
        if key not in grammar.be and key not in grammar.get:
            continue
        then = at + 1
        while then < len(words) and (words[then].tag.startswith("RB") or words[then].text.lower() in grammar.between):
            then += 1
        if then < len(words) and _is_participle(words, then, by_get=key in grammar.get):
            found.append(Passive(_first_auxiliary(words, at), then, _agent(words, then)))
    return found


def _is_participle(words: tuple[Word, ...], at: int, *, by_get: bool) -> bool:
    grammar = _grammar()
    key, tag = words[at].text.lower(), words[at].tag
    if key in grammar.be or key in grammar.get:
        return False
    if key == "used":
        return at + 1 == len(words) or words[at + 1].text.lower() != "to"
    if key in grammar.state:
        return _agent(words, at) == at + 2
    if key in grammar.participle:
        return not by_get or tag.startswith("VB")
    return tag in ("VBN", "VBD")


def _first_auxiliary(words: tuple[Word, ...], at: int) -> int:
    before = at - 1
    while before >= 0 and words[before].tag.startswith("RB"):
        before -= 1
    return _first_auxiliary(words, before) if before >= 0 and words[before].text.lower() in _grammar().be else at


def _agent(words: tuple[Word, ...], participle: int) -> int | None:
    grammar = _grammar()
    for at in range(participle + 1, len(words) - 1):
        key = words[at].text.lower()
        if key in grammar.border or words[at].tag in ("VBD", "VBZ", "VBP", "MD"):
            return None
        if key == "by":
            then = words[at + 1]
            if then.tag not in ("VBG", "CD") and then.text.lower() not in grammar.no_agent and then.text[0].isalpha():
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
    return _codes(rows)


@lru_cache(maxsize=2)
def _shipped(name: str) -> _Book:
    """A word codebook that the grammar itself asks for, word by word: "event_verbs" and "cues"."""
    return _book(name)


def _voices_of_verbs(text: str) -> Iterator[tuple[str, str, int, int]]:
    words = tagger.words(text)
    passive = {p.participle: p for p in passives(words)}
    for found in passive.values():
        yield "passive", "agentless" if found.agent is None else "agent", words[found.first].start, words[found.participle].end
    number = {word.start: n for n, word in enumerate(words)}
    for match in _shipped("event_verbs").find(text):
        at = number.get(match.start, -1)
        if at in passive:
            yield "event_verb", "agentless" if passive[at].agent is None else "agent", words[passive[at].first].start, match.end
        elif at >= 0 and _is_verb(words, at):
            yield "event_verb", "active", match.start, match.end


def _is_verb(words: tuple[Word, ...], at: int) -> bool:
    """A verb by its tag, and not a noun by its place ("the shelling of", "two attacks on")."""
    before = words[at - 1].tag if at else ""
    if not words[at].tag.startswith("VB"):
        return before == "TO" and words[at].tag == "NN"  # the tagger's "to drive/NN them out"
    after = words[at + 1].text.lower() if at + 1 < len(words) else ""
    if words[at].tag == "VBG":
        return after != "of" and before not in ("DT", "JJ", "PRP$", "POS")
    return before not in ("DT", "JJ", "PRP$", "POS")


# --- who acts, and on whom ----------------------------------------------------------------------------------------------


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
    grammar = _grammar()
    between = range(first.last + 1, second.first)
    if any(words[n].text.lower() in grammar.border - {"and", "or", "but", ","} for n in between) or not _is_subject(words, first) or _modifies(words, second):
        return None
    passive = {p.participle: p for p in passives(words)}
    for found in passive.values():
        if found.first in between and found.agent is not None and _plain(words, found.agent, second.first):
            return second.name, words[found.participle].text, first.name, "passive"
    verbs = [n for n in between if words[n].tag.startswith("VB") or (n == second.first - 1 and _is_verb(words, n))]
    auxiliaries = grammar.be | grammar.get | {"have", "has", "had", "do", "does", "did"}
    if not verbs or verbs[-1] in passive or words[verbs[-1]].text.lower() in auxiliaries or not _plain(words, verbs[-1] + 1, second.first):
        return None
    other = [n for n in verbs[:-1] if words[n].tag in ("VBD", "VBZ", "VBP") and words[n].text.lower() not in auxiliaries]
    verb, before = words[verbs[-1]], words[verbs[-1] - 1]
    gerund = verb.tag == "VBG" and before.text.lower() not in grammar.be
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
    free = before < 0 or words[before].tag not in ("IN", "TO", "VBG", "POS") or words[before].text.lower() in _grammar().border
    return free and not _modifies(words, mention)


def _tells(verb: str) -> bool:
    """A verb of saying or thinking, after which a name more often begins a clause than names who is acted upon."""
    book = _shipped("cues")
    return any(book.rows[match.row][1] in ("neutral", "doubt", "admission", "cognitive") for match in book.find(verb))
