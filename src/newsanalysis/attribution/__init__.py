"""Attributions: who says or thinks what, found in documents by an attributor."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import pandas as pd

from newsanalysis import quotations, tables
from newsanalysis.attribution.contract import Attribution, Attributor, Span, fault
from newsanalysis.attribution.modes import mode
from newsanalysis.found import Found
from newsanalysis.readers.languages import is_other, not_english

__all__ = ["ATTRIBUTORS", "DEFAULT", "Attribution", "AttributionError", "Attributor", "attribute"]

DEFAULT = "learned"
"""The attributor that is used where none is named."""

BATCH = 64
"""How many texts an attributor is given at a time."""


def _patterns() -> Attributor:
    from newsanalysis.attribution.patterns import patterns

    return patterns


def _learned() -> Attributor:
    from newsanalysis.attribution.learned import LearnedAttributor

    return LearnedAttributor()


ATTRIBUTORS: dict[str, Callable[[], Attributor]] = {"learned": _learned, "patterns": _patterns}
"""The attributors that have a name: each is loaded when it is first asked for."""


class AttributionError(ValueError):
    """An option of ``na.attribute`` that cannot be used, or an attributor that cannot begin: one sentence that says what can.

    >>> raise AttributionError("mode 'loud' is unknown; there are speech, private.")
    Traceback (most recent call last):
    newsanalysis.attribution.AttributionError: mode 'loud' is unknown; there are speech, private.
    """


class Options(TypedDict, total=False):
    """The options of ``na.attribute`` by name, as ``na.analyse`` takes them."""

    attributor: str | Attributor
    kinds: Iterable[str]
    modes: Iterable[str]
    min_confidence: float


def attribute(
    documents: pd.DataFrame,
    *,
    attributor: str | Attributor = DEFAULT,
    kinds: Iterable[str] = tables.KINDS,
    modes: Iterable[str] = tables.MODES,
    min_confidence: float = 0.0,
) -> Found:
    """Find the attributions in documents: who says or thinks what, and the words that signal it.

    Parameters
    ----------
    documents : DataFrame
        Table *documents*.
    attributor : str or callable
        A name (``"learned"``: a small trained model, with confidence; ``"patterns"``: rules, without), or any callable of the type
        ``na.Attributor``: texts in; for each, in order, a list of ``na.Attribution``. Its attribute ``version`` (``"mine@2"``), if
        it has one, becomes the column attributor.
    kinds : iterable of str
        Which kinds to keep: ``direct`` (all of the content stands in quotation marks), ``mixed`` (some of it),
        ``indirect`` (none of it).
    modes : iterable of str
        Which modes to keep: ``speech`` (what is said or written), ``private`` (what is thought, felt, wanted or intended), as the cue tells.
    min_confidence : float
        Keep attributions of at least this confidence, in [0, 1]. An attribution without confidence is kept only if this is 0.
        Neither attributions nor spans of what ``kinds``, ``modes`` and ``min_confidence`` leave out are kept, so that ``na.units`` takes
        those words for the outlet's own voice. To keep the voices apart ask for all, and filter ``found.attributions`` after.

    Returns
    -------
    Found
        ``documents`` as given; ``attributions``, one row each, numbered ``document_id#1``, ``#2`` ... in text order before
        anything is filtered, so that an id means the same in every run; ``spans``, its pieces by offset; ``errors``, a row
        for each document at which the attributor failed or broke its contract: such a document has no attributions, all
        others are done. Columns speaker, actor_id, affiliation and role are missing until ``na.resolve``.

    Raises
    ------
    AttributionError
        (A ValueError.) An unknown attributor, kind or mode, a confidence outside [0, 1], or one above 0 with an attributor that gives none.
    TableError
        Documents that break their schema.

    Warns
    -----
    UserWarning
        If documents say in column language that they are not in English: the attributors of this package know no other language.

    Notes
    -----
    How to read it: only the outermost attribution is marked by the attributors of this package; what somebody is quoted as
    reporting of others is part of the content. Not every attribution is found: ``docs/attribution.md`` says how many are, how often
    ``mode`` is right, and how to choose ``min_confidence``.

    Source: the relation and its three parts are those of Pareti (2012), *A database of attribution relations*, LREC,
    and of PolNeAR (Newell, Margolin and Ruths 2018), *An attribution relations corpus for political news*, LREC.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["“It failed,” said Jo Day, adding that nobody knew why."]))
    >>> found.attributions[["attribution_id", "kind", "source", "cue", "content"]].values.tolist()
    [['text-1#1', 'direct', 'Jo Day', 'said', '“It failed,”'],
     ['text-1#2', 'indirect', 'Jo Day', 'adding', 'that nobody knew why']]
    >>> na.attribute(found.documents, attributor="oracle")
    Traceback (most recent call last):
    newsanalysis.attribution.AttributionError: attributor 'oracle' is unknown; there are 'learned', 'patterns', or give a callable.
    """
    found = prepare(attributor=attributor, kinds=kinds, modes=modes, min_confidence=min_confidence)(documents)
    ours = (attributor if isinstance(attributor, str) else str(getattr(attributor, "version", ""))).partition("@")[0] in ATTRIBUTORS
    if ours and (strange := sum(map(is_other, found.documents["language"]))):
        warnings.warn(f"attribute: {not_english(strange, len(found.documents))}", stacklevel=2)
    return found


def prepare(
    *,
    attributor: str | Attributor = DEFAULT,
    kinds: Iterable[str] = tables.KINDS,
    modes: Iterable[str] = tables.MODES,
    min_confidence: float = 0.0,
) -> Callable[[pd.DataFrame], Found]:
    """Check the options of `attribute` before any document is read, and return what is left to do: from documents to what was found.

    >>> prepare(modes="loud")
    Traceback (most recent call last):
    newsanalysis.attribution.AttributionError: mode 'loud' is unknown; there are speech, private.
    """
    if not 0 <= min_confidence <= 1:
        raise AttributionError(f"min_confidence {min_confidence} is not between 0 and 1.")
    kept = _Kept(_known("kind", kinds, tables.KINDS), _known("mode", modes, tables.MODES), min_confidence)
    run, version = _attributor(attributor)

    def find(documents: pd.DataFrame) -> Found:
        documents = tables.check(documents, "documents")
        found = _Rows(kept, version)
        ids, texts = documents.document_id.tolist(), documents.text.tolist()
        for first in range(0, len(texts), BATCH):
            batch = slice(first, first + BATCH)
            for document_id, text, answer in zip(ids[batch], texts[batch], _answers(run, texts[batch]), strict=True):
                found.add(document_id, text, answer)
            found.check_confidence()
        return Found(documents, *found.tables())

    return find


def _known(name: str, given: Iterable[str], allowed: tuple[str, ...]) -> frozenset[str]:
    chosen = tables.names(given)
    unknown = [one for one in chosen if one not in allowed]
    if unknown or not chosen:
        wrong = f"{name} {unknown[0]!r} is unknown" if unknown else f"no {name} is asked for"
        raise AttributionError(f"{wrong}; there are {', '.join(allowed)}.")
    return frozenset(chosen)


def _attributor(attributor: str | Attributor) -> tuple[Attributor, str]:
    """Return an attributor by name, or the callable given, and its version."""
    if isinstance(attributor, str):
        if attributor not in ATTRIBUTORS:
            names = ", ".join(map(repr, ATTRIBUTORS))
            raise AttributionError(f"attributor {attributor!r} is unknown; there {'are' if len(ATTRIBUTORS) > 1 else 'is'} {names}, or give a callable.")
        attributor = ATTRIBUTORS[attributor]()
    if not callable(attributor):
        raise AttributionError(f"attributor must be a name or a callable, not {type(attributor).__name__}.")
    return attributor, str(getattr(attributor, "version", None) or getattr(attributor, "__name__", type(attributor).__name__))


Answer = list[Attribution] | str
"""What an attributor gives for one text, or in one sentence why it gave nothing."""


def _answers(run: Attributor, texts: list[str]) -> Iterator[Answer]:
    """Give an answer for each text of a batch; if the batch fails, each text is done by itself and only the bad ones fail."""
    try:
        answers = _exactly(run, texts)
    except AttributionError:
        raise
    except Exception:
        for text in texts:
            try:
                yield _exactly(run, [text])[0]
            except Exception as error:
                yield f"{type(error).__name__}: {error}"
    else:
        yield from answers


def _exactly(run: Attributor, texts: list[str]) -> list[list[Attribution]]:
    """Return an attributor's answers to texts, one a text."""
    answers = []
    for answer in run(iter(texts)):
        answers.append(list(answer))
        if len(answers) > len(texts):
            break
    if len(answers) != len(texts):
        many = "more than " if len(answers) > len(texts) else ""
        count = len(texts) if many else len(answers)
        raise ValueError(f"the attributor gave {many}{count} answer{'s' * (count != 1)} to {len(texts)} text{'s' * (len(texts) != 1)}; one a text is needed")
    return answers


@dataclass(frozen=True)
class _Kept:
    """What is kept of what an attributor finds."""

    kinds: frozenset[str]
    modes: frozenset[str]
    min_confidence: float

    def has(self, kind: str, mode_: str, confidence: float | None) -> bool:
        sure = self.min_confidence == 0 or (confidence is not None and confidence >= self.min_confidence)
        return kind in self.kinds and mode_ in self.modes and sure


class _Rows:
    """The rows of attributions, spans and errors, as they come."""

    def __init__(self, kept: _Kept, version: str) -> None:
        self.kept, self.version = kept, version
        self.seen, self.with_confidence = 0, 0
        self.attributions: list[tuple[Any, ...]] = []
        self.spans: list[tuple[Any, ...]] = []
        self.errors: list[tuple[str, str, str]] = []

    def add(self, document_id: str, text: str, answer: Answer) -> None:
        """Add what was found in one document, or why nothing was."""
        wrong = answer if isinstance(answer, str) else next((why for why in (fault(text, one) for one in answer) if why), None)
        if isinstance(answer, str) or wrong:
            self.errors.append((document_id, "attribute", f"{wrong}."))
            return
        for n, attribution in enumerate(sorted(answer, key=_bounds), 1):
            self._add(f"{document_id}#{n}", document_id, text, attribution)

    def _add(self, attribution_id: str, document_id: str, text: str, attribution: Attribution) -> None:
        self.seen += 1
        self.with_confidence += attribution.confidence is not None
        source, cue, content = (_joined(text, pieces) for pieces in (attribution.source, attribution.cue, attribution.content))
        kind = quotations.kind(text, attribution.content)
        how = mode(cue, kind)
        if not self.kept.has(kind, how, attribution.confidence):
            return
        readable = (kind, how, source, cue, content)
        self.attributions.append((attribution_id, document_id, *readable, *_bounds(attribution), attribution.confidence, self.version))
        roles = (("source", attribution.source), ("cue", attribution.cue), ("content", attribution.content))
        self.spans += [(attribution_id, role, start, end, text[start:end]) for role, pieces in roles for start, end in pieces]

    def check_confidence(self) -> None:
        """Refuse to go on if a confidence is asked for and none has been given so far: all would be left out without a word."""
        least = self.kept.min_confidence
        if least > 0 and self.seen and not self.with_confidence:
            raise AttributionError(
                f"min_confidence {least} would leave nothing: {self.version} gives no confidence; leave it at 0, or take another attributor."
            )

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return the tables attributions, spans and errors."""
        columns = ("attribution_id", "document_id", "kind", "mode", "source", "cue", "content", "start", "end", "confidence", "attributor")
        return (
            _table("attributions", self.attributions, columns),
            _table("spans", self.spans, ("attribution_id", "role", "start", "end", "text")),
            _table("errors", self.errors, ("document_id", "stage", "error")),
        )


def _table(name: str, rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> pd.DataFrame:
    return tables.check(pd.DataFrame(rows, columns=list(columns)), name) if rows else tables.empty(name)


def _joined(text: str, pieces: Sequence[Span]) -> str | None:
    return tables.JOINT.join(text[start:end] for start, end in pieces) or None


def _bounds(attribution: Attribution) -> tuple[int, int]:
    pieces = attribution.source + attribution.cue + attribution.content
    return min(start for start, _ in pieces), max(end for _, end in pieces)
