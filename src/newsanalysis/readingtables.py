"""Tables to read in: quotations one by one, and who speaks most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.found import Found, needed, resolved
from newsanalysis.measures import copies_in, with_copies, word_counts

QUOTE = (
    *("document_id", "title", "outlet", "published", "speaker", "affiliation", "affiliation_basis", "role", "kind", "cue", "content"),
    *("position", "words", "start", "end"),
)


def quotes(found: Found) -> pd.DataFrame:
    """List what was found as quotations to sort, search and read: one row an attribution, with its article.

    Parameters
    ----------
    found : Found
        What was found, resolved; before that speaker, affiliation and role are missing. For fewer of them: ``na.quotes(found.within(documents))``, or
        choose rows of the table.

    Returns
    -------
    DataFrame
        In the order of the documents and texts: document_id, title, outlet, published, speaker, affiliation, affiliation_basis (by what the affiliation is
        told: ``setting`` and ``context`` are weak evidence), role, kind, cue, content, position (where in the text it begins, from 0, the beginning, to 1),
        words (of the content), start and end (offsets of the whole attribution), attribution_id.

    Raises
    ------
    TableError
        For anything but what was found.

    Notes
    -----
    Excel takes no dates with a zone. For a workbook: ``quotes.assign(published=quotes.published.dt.tz_localize(None)).to_excel("quotes.xlsx")``; the days are
    those of UTC, as in all tables.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["It rained. NATO said it stood firm."], title=["Rain"])))
    >>> quotes(found)[["title", "speaker", "affiliation", "cue", "content", "position", "words"]].round(2).values.tolist()
    [['Rain', 'NATO', 'nato', 'said', 'it stood firm', 0.31, 3]]
    """
    found = needed(found, "quotes")
    articles = found.documents[["document_id", "title", "outlet", "published"]].assign(length=[len(text) for text in found.documents.text])
    rows = found.attributions.drop(columns=["title", "outlet", "published", "length"], errors="ignore").merge(articles, on="document_id", how="left")
    rows = rows.assign(position=rows.start / rows.length, words=word_counts(rows.content).astype(np.int64))
    copies = copies_in("quotes", found)
    listed = with_copies(rows[[*QUOTE, "attribution_id"]], copies)
    return listed.astype({"position": "float64"})


def top_speakers(attributions: pd.DataFrame, *, n: int = 20) -> pd.DataFrame:
    """List who speaks most: for each speaker how often, how much, and in how many documents.

    Parameters
    ----------
    attributions : DataFrame
        Table *attributions* with resolved speakers (``na.resolve``).
    n : int
        The most speakers listed; those with as many attributions as the last one are cut off in the order of words, then of names.

    Returns
    -------
    DataFrame
        One row a speaker, the most frequent first: speaker, affiliation and role (those that the speaker most often has), attributions, words (of the
        contents), documents, share_of_attributions and share_of_words (of all that are attributed in the table, speakers without a name among them).

    Raises
    ------
    TableError
        For what is no table *attributions*, and for attributions that are not resolved.
    ValueError
        If n is below 1.

    Notes
    -----
    A list of these texts, without intervals: who stands at the top of a list is there by chance, too, and an interval for a speaker chosen by rank would be
    too high. To compare speakers that you name beforehand, with intervals: ``na.share_of_voice(attributions, by="speaker")``. A speaker whose
    names were not brought together (``na.unresolved``) is listed twice.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["NATO said it stood firm. NATO said it was ready. Officials said it rained."])))
    >>> top_speakers(found.attributions, n=1)[["speaker", "affiliation", "attributions", "words", "share_of_attributions"]].round(2).values.tolist()
    [['NATO', 'nato', 2, 6, 0.67]]
    """
    if n < 1:
        raise ValueError(f"top_speakers: n is {n}; 1 or more speakers are needed.")
    copies = copies_in("top_speakers", attributions)
    attributions = tables.check(attributions, "attributions")
    resolved(attributions, "speaker", "top_speakers")
    rows = attributions.assign(words=word_counts(attributions.content).astype(np.int64))
    counts = rows.groupby("speaker").agg(attributions=("words", "size"), words=("words", "sum"), documents=("document_id", "nunique")).reset_index()
    counts = counts.assign(share_of_attributions=counts.attributions / max(1, len(rows)), share_of_words=counts.words / max(1, int(rows.words.sum())))
    top = counts.sort_values(["attributions", "words", "speaker"], ascending=[False, False, True], kind="stable", ignore_index=True).head(n)
    for place, column in enumerate(("affiliation", "role"), 1):
        top.insert(place, column, top.speaker.map(_commonest(rows, column)).astype("str"))
    return with_copies(top.astype({"speaker": "str"}), copies)


def _commonest(rows: pd.DataFrame, column: str) -> dict[str, str]:
    """The value that each speaker most often has; of two as frequent the first by name."""
    sizes = rows.dropna(subset=["speaker", column]).groupby(["speaker", column]).size().rename("n").reset_index()
    first = sizes.sort_values(["speaker", "n", column], ascending=[True, False, True], kind="stable").drop_duplicates("speaker")
    return dict(zip(first["speaker"], first[column], strict=True))
