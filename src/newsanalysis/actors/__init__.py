"""Actors: from who speaks to the codebook's actor, the affiliation in the study's terms, and the role.

The rules, in order; each is tested by itself:

1. A speaker that is wholly an alias is that actor. A row or alias counts in its interval, if the document has a date; one with a
   context only in texts with one of its words. Where several actors remain, those with the affiliation that the text's own
   description tells; if still several, what they agree on. A surname with a given name is the actor who has this given name, as
   an initial, nickname or in another spelling (``data/given_names.csv``); with another given name it is somebody else. A description
   that is an alias of its own ("the company") is that actor, whoever else it might take up.
2. Several aliases joined by "and" speak for their common affiliation, or for ``other``.
3. Otherwise the aliases in the words that describe the speaker tell the affiliation: names before demonyms ("a Polish OSCE
   monitor"), what they are before where they are ("Ukraine's ambassador to Russia"). A body or unnamed speaker is then that actor.
   Whom they oppose, suffered from or left ("a critic of the mayor", ``data/relations.csv``) is not for whom they speak. An
   affiliation with ``roles`` in the codebook takes only speakers in these; others are ``other``.
4. Where the text takes the tie for known: "its head" and "the company's lawyer" belong to the body named last before; a body of a
   state ("the General Staff") to the state or body named first in the same sentence, else last before; an official or soldier
   ("Senator Ann Lee") to the article's *setting*. Never to a body whom the words tell them to oppose or to have left ("opposition
   leader", "ousted"), nor to a setting if they are told as of a place that the codebook does not have ("a European negotiator": ``other``).
5. Other people of whom nothing tells it go by their role: to the affiliation that ``takes`` it in the codebook; where several do,
   to the one of the article's setting; else to ``other`` if it takes it.
6. Nothing known: ``other`` for a named speaker, ``unspecified`` for one without a name or for none.

A person, or a body by its proper name, has one affiliation in a document: what one mention tells holds for all, what is told of a person
where it is no source too ("They met the French president, Mr Lee."), and of two kinds of evidence the stronger. Only where the text itself
tells two by titles or appositions do both stay.

An article's setting is the state of its dateline; else that of most voices told by rules 1 to 3, else that of most places and people
it names, if at least two agree; else of the last place before in which something happens.

The demonyms and capitals of every state that a codebook names are known (``data/countries.csv``); its own aliases come first.
The role is the actor's by rule 1, else what the words of the description tell (``data/roles.csv``), else the described actor's; a
person described by no office or trade, or named by a first name alone, is a ``civilian``. ``affiliation_basis`` says by which rule:
``actor`` (1, 2), ``description`` (3), ``context`` or ``setting`` (4, 5), ``role`` (5), missing (6).
"""

from __future__ import annotations

import dataclasses
import datetime
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from newsanalysis import codebooks, tables
from newsanalysis.actors.article import Article, most
from newsanalysis.actors.book import book_as_read, book_of
from newsanalysis.actors.rules import answer, own_words, placed, private
from newsanalysis.actors.ties import agreed, carried
from newsanalysis.codebooks import Codebook
from newsanalysis.found import FILLED, Found, needed, resolved
from newsanalysis.speakers import Said, said_in, speakers_in

__all__ = ["resolve", "unresolved"]

CODEBOOK = "ukraine_war"  # the actors, if no codebook is given
_SPEAKER = "the speaker of {} attributions"


def _days(documents: pd.DataFrame) -> dict[str, datetime.date | None]:
    published = pd.to_datetime(documents["published"], utc=True)
    return {key: None if pd.isna(moment) else moment.date() for key, moment in zip(documents["document_id"], published, strict=True)}


def resolve(found: Found, *, codebook: str | Path | Codebook | None = None) -> Found:
    """Say for each attribution who speaks, which actor of the codebook that is, for whom they speak and in what capacity.

    Parameters
    ----------
    found : Found
        From ``na.attribute``.
    codebook : str, Path or Codebook, optional
        A shipped name, a path, or what ``codebooks.read`` returned. None: ``ukraine_war``.

    Returns
    -------
    Found
        The same, with speaker, actor_id, affiliation and role of ``attributions`` filled, and speaker_basis and affiliation_basis: by what
        speaker and affiliation are told (``setting``, for one, is weaker than ``actor``; docs/speakers.md has how often each is right).
        ``actor_id`` is missing for those whom no row of the codebook names; ``affiliation`` if it is not known and the codebook has no
        ``unspecified`` or ``other``; a basis where nothing tells it. Its ``codebook`` is the one used here, which ``na.mentions`` then takes.

    Raises
    ------
    CodebookError
        The codebook is not there or is not right.
    TableError
        For tables that break their schema.

    Warns
    -----
    UserWarning
        If no codebook is given, and ``ukraine_war`` names fewer than a third of the speakers.

    Notes
    -----
    Only texts, spans and dates are read, so that resolving again, or with another codebook, starts anew. Correct by the codebook
    (``na.unresolved`` lists what it lacks), or by hand after this step.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["NATO Secretary-General Jens Stoltenberg said the winter would be hard."]))
    >>> resolve(found).attributions[["speaker", "affiliation", "role"]].values.tolist()
    [['Jens Stoltenberg', 'nato', 'official']]
    """
    checked = needed(found, "resolve")
    index, found = found.attributions.index, checked
    given, codebook = codebook, CODEBOOK if codebook is None else codebook
    book = book_of(codebook) if isinstance(codebook, Codebook) else book_as_read(codebooks.unchanged(codebook))
    days = _days(found.documents)
    texts = dict(zip(found.documents["document_id"], found.documents["text"], strict=True))
    columns: dict[str, list[str | None]] = {column: [None] * len(found.attributions) for column in FILLED}
    for key, said in said_in(found).items():
        quoted = tuple(sorted(span for one in said.values() if one.kind == "direct" for span in one.content))
        for n, row in zip(said, _resolved(list(said.values()), Article(texts[key], days[key], quoted, book)), strict=True):
            for column, value in zip(FILLED, row, strict=True):
                columns[column][n] = value
    filled = {column: pd.Series(values, dtype="str") for column, values in columns.items()}
    if given is None and (few := codebooks.few_named(int(filled["actor_id"].notna().sum()), len(checked.attributions), default=CODEBOOK, where=_SPEAKER)):
        warnings.warn(f"resolve: {few}", stacklevel=2)
    return dataclasses.replace(found, attributions=found.attributions.assign(**filled).set_axis(index), codebook=codebook)


def _resolved(said: list[Said], article: Article) -> Iterator[tuple[str | None, ...]]:
    """Yield what the columns of ``FILLED`` are for each attribution of an article."""
    speakers = [own_words(one, speaker, article) for one, speaker in zip(said, speakers_in(article.text, said), strict=True)]
    answers = carried({speaker: private(speaker, answer(speaker, article)) for speaker in dict.fromkeys(speakers)}, article)
    named = [(told.name or "", told.actor_id) for speaker, told in answers.items() if told.actor_id and speaker.kind == "person"]
    spelled = {actor: name for name, actor in sorted(named, key=lambda pair: (len(pair[0]), pair))}
    camps = {speaker.name: told.affiliation for speaker, told in answers.items() if told.basis and told.affiliation in article.book.lands}
    voices = most(camp for camp in camps.values() if camp)
    first: dict[str | None, int] = {}
    for one, speaker in sorted(zip(said, speakers, strict=True), key=lambda pair: pair[0].start):
        first.setdefault(speaker.name, one.start)
    settled = agreed({speaker: placed(speaker, told, first[speaker.name], voices, article) for speaker, told in answers.items()}, article)
    for speaker in speakers:
        told = settled[speaker]
        name = told.name if speaker.kind in ("person", "name") else spelled.get(told.actor_id or "", told.name)
        yield name or speaker.name, told.actor_id, told.affiliation, told.role, speaker.basis or None, told.basis


def unresolved(found: Found) -> pd.DataFrame:
    """List the sources that no row of the codebook names: the sheet from which a codebook is extended.

    Parameters
    ----------
    found : Found
        From ``na.resolve``.

    Returns
    -------
    DataFrame
        One row a speaker, or a source where no speaker could be told: speaker, source (the commonest words for it in the texts),
        affiliation and role (the commonest that were told without a row; an affiliation may be right already), n (attributions),
        n_documents, example (the beginning of one content); most frequent first. Attributions without a source are not listed.

    Raises
    ------
    TableError
        For anything but what was found, and for what is not resolved.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> unresolved(na.resolve(found))[["speaker", "source", "n"]].values.tolist()
    [['mayor', 'The mayor', 1]]
    """
    found = needed(found, "unresolved")
    resolved(found.attributions, "speaker", "unresolved")
    rows = open_cases(found.attributions)
    counted = rows.groupby(["unknown", "who"], sort=False).agg(
        speaker=("speaker", "first"),
        source=("source", _commonest),
        affiliation=("affiliation", _commonest),
        role=("role", _commonest),
        n=("attribution_id", "size"),
        n_documents=("document_id", "nunique"),
        example=("example", "first"),
    )
    order = counted.sort_values(["n", "n_documents", "speaker", "source"], ascending=[False, False, True, True], kind="stable")
    return order.reset_index(drop=True)


def open_cases(attributions: pd.DataFrame) -> pd.DataFrame:
    """Return the attributions whose source no row of the codebook names: with ``who`` it is, whether that is ``unknown``, and an ``example``."""
    rows = tables.check(attributions, "attributions")
    rows = rows[rows["actor_id"].isna() & rows["source"].notna()]
    return rows.assign(example=rows["content"].str.slice(0, 120), who=rows["speaker"].fillna(rows["source"]), unknown=rows["speaker"].isna())


def _commonest(values: pd.Series[str]) -> str | None:
    """What stands there most often, of several the first."""
    counted = values.value_counts(sort=False)
    return str(counted.idxmax()) if len(counted) else None
