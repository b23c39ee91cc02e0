"""Speakers: from the words that name a source to who speaks, within one document.

The rules, in order; each is tested by itself:

1. A source with a personal name gives the name, without titles and appositions, as its fullest form anywhere in the document;
   spellings from another alphabet are one name, and persons joined by "and" are each named in full.
2. A description of one person ("the interior minister", "the 61-year-old") gives the name that the document describes so: with all
   of its words, else the same source described before, else the same office, else for what is no office the most salient person.
3. A description of a body or document ("the administration", "the poll") gives the fullest description of the same: the nearest one
   before in the outlet's own words. "The alliance" and "the company" give the body named so or the most salient one, "the
   statement" who issued it; an acronym what it stands for. "Only nine percent" and "Some" give the group spoken of.
4. A pronoun gives the most salient speaker before it who fits (see ``salience``). "I" and "we" inside a content give that
   content's speaker, "who" what stands before it, "her lawyer" is "Ann Lee's lawyer".
5. Officials and other sources who stay without a name are "unnamed officials", as described.
6. A quotation without source and cue goes on with the speaker before it, a verb that goes on with a sentence ("..., adding that")
   with its subject; a passive cue has its agent ("asked by reporters"). Everything else without a source has no speaker.
"""

from __future__ import annotations

import dataclasses

import pandas as pd

from newsanalysis.found import Found
from newsanalysis.speakers.model import BASES, Said, Speaker
from newsanalysis.speakers.resolver import speakers_in
from newsanalysis.speakers.words import terms_in

__all__ = ["BASES", "Said", "Speaker", "resolve_speakers", "said_in", "speakers_in", "terms_in"]


def said_in(found: Found) -> dict[str, dict[int, Said]]:
    """Return the attributions of each document, by their row number."""
    spans = found.spans
    pieces: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for key, role, start, end in zip(*(spans[column].tolist() for column in ("attribution_id", "role", "start", "end")), strict=True):
        pieces.setdefault((key, role), []).append((start, end))
    rows = found.attributions
    said: dict[str, dict[int, Said]] = {}
    for n, (key, document, kind) in enumerate(zip(*(rows[column].tolist() for column in ("attribution_id", "document_id", "kind")), strict=True)):
        source, cue, content = (tuple(sorted(pieces.get((key, role), ()))) for role in ("source", "cue", "content"))
        said.setdefault(document, {})[n] = Said(source, cue, content, kind)
    return said


def resolve_speakers(found: Found) -> Found:
    """Say for each attribution who speaks: the fullest name or description of its source in the same document.

    Parameters
    ----------
    found : Found
        From ``na.attribute``. Only the texts and the spans are read, so that a speaker already there is made anew.

    Returns
    -------
    Found
        The same, with ``attributions.speaker`` filled; missing where the text names nobody. A column ``speaker_basis`` says by what
        the speaker is told (one of ``BASES``: name, surname, acronym, pronoun, description, metonym, inherited, implied, or
        as_described where the words of the source stand for themselves), so that shares can be given without the weaker kinds.

    Notes
    -----
    Names are found by capitals and titles, pronouns by the nearest fitting speaker; both err, most of all with two persons of one
    surname, and in headlines in which every word has a capital.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["Polish Prime Minister Donald Tusk spoke first. Later Tusk said the bridge was closed."]))
    >>> resolve_speakers(found).attributions.speaker.tolist()
    ['Donald Tusk']
    """
    index, found = found.attributions.index, found.checked()
    texts = dict(zip(found.documents["document_id"], found.documents["text"], strict=True))
    names: list[str | None] = [None] * len(found.attributions)
    bases = names.copy()
    for document, said in said_in(found).items():
        for n, speaker in zip(said, speakers_in(texts[document], list(said.values())), strict=True):
            names[n], bases[n] = speaker.name, speaker.basis or None
    attributions = found.attributions.assign(speaker=pd.Series(names, dtype="str"), speaker_basis=pd.Series(bases, dtype="str"))
    return dataclasses.replace(found, attributions=attributions.set_axis(index))
