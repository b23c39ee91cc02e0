"""Measures: shares, balance, diversity, rates and tone, each with an interval that resamples whole documents.

Each function takes tables and returns a checked *measures* table: one row is one estimate for one group. All estimates are
ratios of sums over documents (or functions of such sums), so a long article counts for more than a short one, and copying
every document changes no estimate. Rows whose group is missing are counted under ``(missing)``, so that shares add to 1. The
interval is a 95 % percentile bootstrap by document (``resampling.bootstrap_interval``); it is missing, not zero, where all that the
estimate divides by stands in one document (for a share of voice: all attributions; for a rate or a share within a group: the
group's), where the documents do not vary, and beyond the 200 largest groups. ``n`` and ``n_documents`` say how
many units the row's group has, and in how many documents.

Each measure is two steps: what each document adds to each group, and the estimate from these sums (``sums``). What a table without copies
(``na.without_copies``) gives has the column ``copies``, which says so.

``by`` is a column, or several: ``by=["outlet", "affiliation"]`` measures each outlet by itself, and gives a row for each camp in it. Columns
of the documents are merged in first: ``attributions.merge(documents[["document_id", "outlet"]], on="document_id")``.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import codebooks, palette, tables
from newsanalysis.found import Found, needed, resolved
from newsanalysis.origins import traced
from newsanalysis.resampling import Floats, bootstrap_interval
from newsanalysis.sums import Added, Cells, Ints, Rng, add_up, counted, dense, documents_of, in_order, ratios, rows_of, some
from newsanalysis.tables import TableError

By = str | Sequence[str]

MISSING = "(missing)"
JOIN = "\x1f"  # between the labels of several group columns, as long as they are one
COPIES = "copies"  # the column that says whether copies were left out
DENSE = 50_000_000  # documents × categories up to which diversity gets an interval
CHARACTERS = 4_000_000  # code points counted at a time
CODES = (  # what the package's coders give
    *("cue_class", "event_verb", "frame_indicator", "hedge", "label", "loaded_word", "passive", "reduced_passive", "scare_quote", "tone", "tone_word"),
)
OWN_COLUMNS = ("measure", "estimate", "ci_low", "ci_high", "n", "n_documents")


# --- shares of the attributions -----------------------------------------------------------------------------------------


@traced
def share_of_voice(
    attributions: pd.DataFrame, *, by: By = "affiliation", count: str = "words", levels: str | Iterable[str] | None = None, rng: Rng = 0
) -> pd.DataFrame:
    """Return each group's share of all attributed words, or of all attributions.

    share(g) = words of the contents attributed to g / words of all contents. A word is a run of letters, digits and underscores.

    Parameters
    ----------
    attributions : DataFrame
        Table *attributions*.
    by : str or list of str
        The group: ``affiliation``, ``speaker``, ``role``, ``kind``, or a column merged in. With several, shares of the last one within each
        combination of the others, with a row also for groups that do not speak there.
    count : {"words", "attributions"}
        What is counted.
    levels : iterable of str, optional
        Groups that get a row even if they never speak (estimate 0, interval missing).
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``share_of_voice_words`` or ``share_of_voice_attributions``, no unit, in [0, 1], adding to 1; highest first.

    Raises
    ------
    TableError
        For attributions that are not resolved, if ``by`` is a column that ``na.resolve`` fills.

    Notes
    -----
    Read .4 as: of a hundred attributed words, forty are this group's. It does not say how large a part of the text is attributed,
    nor whether the group is treated well. Words inside a quotation that stands in another count for both speakers. Do not compare shares found
    by different attributors, or between corpora of other genres. An attributor that misses indirect speech favours those quoted directly.

    Source: plain counting; for what it is counted, Gans (1979), Deciding what's news, ch. 1 (who is in the news) and 4 (sources).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("1", "a", "nato", "we stand firm"), ("2", "a", "russian", "no"), ("3", "b", "nato", "we can and will")]
    >>> columns = ["attribution_id", "document_id", "affiliation", "content"]
    >>> attributions = pd.DataFrame(rows, columns=columns).assign(kind="direct", start=0, end=1, attributor="hand@1")
    >>> share_of_voice(attributions)[["affiliation", "estimate", "n", "n_documents"]].values.tolist()
    [['nato', 0.875, 2, 2], ['russian', 0.125, 1, 1]]
    """
    _one_of("share_of_voice: count", count, ("words", "attributions"))
    copies = copies_in("share_of_voice", attributions)
    attributions = tables.check(attributions, "attributions")
    *outer, by = columns_of(by, "share_of_voice")
    groups = groups_of(attributions, by, "share_of_voice")
    resolved(attributions, [*outer, by], "share_of_voice")
    check_groups("share_of_voice", [] if levels is None else tables.names(levels), groups, by, silent=True)
    if outer:
        fixed, seed = sorted(groups.unique()) if levels is None else tables.names(levels), seed_of(rng)
        return with_copies(each_part(attributions, outer, "share_of_voice", lambda part: _voices(part, by, count, fixed, rng=seed)), copies)
    return with_copies(_voices(attributions, by, count, tables.names([] if levels is None else levels), rng=rng), copies)


def _voices(attributions: pd.DataFrame, by: str, count: str, levels: list[str], *, rng: Rng) -> pd.DataFrame:
    """The share of voice of each group, and 0 for levels that are not there."""
    value = word_counts(attributions.content) if count == "words" else np.ones(len(attributions))
    added = add_up(numbered(attributions), [groups_of(attributions, by, "share_of_voice")], [value])
    table = shares_of_all(f"share_of_voice_{count}", added, by, rng=rng)
    absent = [level for level in levels if level not in set(added.labels[0])]
    zero = pd.DataFrame({by: absent, "estimate": 0.0 if len(attributions) else np.nan, "n": 0, "n_documents": 0}).assign(measure=f"share_of_voice_{count}")
    return _checked(pd.concat([table, zero], ignore_index=True), [by]) if absent else table


def shares_of_all(measure: str, added: Added, by: str, *, rng: Rng) -> pd.DataFrame:
    """Each group's share of the sum over all groups."""
    top = Cells(added.document, added.cell, added.sums[0])
    n, n_documents = counted(added)
    estimates = ratios(top, top._replace(cell=np.zeros_like(added.cell)), np.zeros(len(n), np.int64), n, rng=seed_of(rng))
    return _checked(rows_of(measure, {by: added.labels[0]}, estimates, n, n_documents), [by])


@traced
def kind_share(attributions: pd.DataFrame, *, by: By | None = "affiliation", rng: Rng = 0) -> pd.DataFrame:
    """Return, for each group, the shares of direct, mixed and indirect attributions.

    share(kind | g) = attributions of g of this kind / attributions of g.

    Parameters
    ----------
    attributions : DataFrame
        Table *attributions*.
    by : str or list of str, optional
        The group; None for all together.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``kind_share``, no unit, in [0, 1], adding to 1 in each group; the largest group first, in each group
        direct, mixed, indirect. ``n`` counts the attributions of the row's kind.

    Raises
    ------
    TableError
        For attributions that are not resolved, if ``by`` is a column that ``na.resolve`` fills.

    Notes
    -----
    Read a higher direct share as more of the group's own wording. It depends on the genre (agencies quote more) and on what the attributor finds:
    indirect speech is the hardest. Do not compare groups with few attributions without their intervals.

    Source: Zelizer (1989), "Saying" as collective practice: Quoting and differential address in the news, Text 9, pp. 369-388.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = {"attribution_id": ["1", "2", "3"], "document_id": "a", "kind": ["direct", "direct", "indirect"], "content": "no"}
    >>> attributions = pd.DataFrame(columns).assign(start=0, end=1, attributor="hand@1", affiliation="nato")
    >>> kind_share(attributions)[["affiliation", "kind", "n"]].values.tolist()
    [['nato', 'direct', 2], ['nato', 'mixed', 0], ['nato', 'indirect', 1]]
    """
    copies = copies_in("kind_share", attributions)
    attributions = tables.check(attributions, "attributions")
    groups = groups_of(attributions, by, "kind_share", own=("kind",))
    resolved(attributions, by, "kind_share")
    added = add_up(numbered(attributions), [groups, attributions.kind])
    return with_copies(shares_within("kind_share", added, (name_of(by), "kind"), rng=rng, order=tables.KINDS), copies)


@traced
def unnamed_share(attributions: pd.DataFrame, *, by: By | None = None, rng: Rng = 0) -> pd.DataFrame:
    """Return, for each group, the share of attributions whose source is not named.

    share(g) = attributions of g without a named speaker / attributions of g. Unnamed is an attribution whose ``speaker`` is missing or
    begins with "unnamed", as `na.resolve` calls officials and sources without a name, and whoever asks not to be named ("unnamed officials").

    Parameters
    ----------
    attributions : DataFrame
        Table *attributions* with resolved speakers (``na.resolve``); before that it is refused, as every speaker is missing.
    by : str or list of str, optional
        The group, such as ``role`` or an ``outlet`` column merged in; None for all together.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``unnamed_share``, no unit, in [0, 1]; highest first. ``n`` counts all attributions of the group.

    Raises
    ------
    TableError
        For attributions that are not resolved.

    Notes
    -----
    Read a higher value as less that a reader can check. Institutions ("the ministry") count as named. An error in resolving
    speakers goes straight into this share; look at ``na.unresolved`` first. Do not compare articles with headlines.

    Source: Duncan, Culver, McLeod & Kremmer (2019), Don't quote me: Effects of named, quoted, and partisan news sources,
    Journalism Practice 13, pp. 1128-1146; Stenvall (2008), Unnamed sources as rhetorical constructs in news agency reports,
    Journalism Studies 9, pp. 229-243.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = {"attribution_id": ["1", "2", "3"], "document_id": "a", "speaker": ["unnamed officials", None, "Jens Stoltenberg"]}
    >>> attributions = pd.DataFrame(columns).assign(kind="direct", content="no", start=0, end=1, attributor="hand@1")
    >>> round(unnamed_share(attributions).estimate.item(), 3)
    0.667
    """
    copies = copies_in("unnamed_share", attributions)
    attributions = tables.check(attributions, "attributions")
    groups = groups_of(attributions, by, "unnamed_share")
    resolved(attributions, "speaker", "unnamed_share")
    added = add_up(numbered(attributions), [groups], [unnamed(attributions), np.ones(len(attributions))])
    return with_copies(rates("unnamed_share", added, [name_of(by)], rng=rng), copies)


def unnamed(attributions: pd.DataFrame) -> Floats:
    """1 where nobody is named, else 0."""
    unnamed = attributions.speaker.isna() | attributions.speaker.str.lower().str.startswith("unnamed", na=False)
    return unnamed.to_numpy().astype(np.float64)


@traced
def prominence(found: Found, *, by: By = "affiliation", lead: float = 0.2, rng: Rng = 0) -> pd.DataFrame:
    """Return how early each group speaks: where it first speaks, and its share of the words of the lead.

    first_position(g) = mean, over the documents in which g speaks, of (start of its first attribution / length of the text).
    lead_share(g) = words of g's contents in the leads / words of all leads; the lead is the first fifth of each text.

    Parameters
    ----------
    found : Found
        What was found, resolved.
    by : str or list of str
        The group, a column of the attributions. With several, those before the last are columns of ``found.documents``, such as ``outlet``.
    lead : float
        The part of the text that is its lead, in (0, 1].
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``first_position``, in [0, 1), 0 is the beginning; earliest first; ``n`` counts documents. Then ``lead_share``, in
        [0, 1], highest first; ``n`` counts attributions with words in the lead. No unit. The shares of the lead do not add to 1: own voice,
        sources and cues are the rest.

    Raises
    ------
    TableError
        For attributions that are not resolved, if ``by`` is a column that ``na.resolve`` fills.

    Notes
    -----
    Read a low first position or a high lead share as prominence. In a headline everything is lead: keep to articles
    (``documents[documents.kind == "article"]``). Do not compare texts of very different length.

    Source: own definitions; that news puts first what it finds relevant: van Dijk (1988), News as discourse, ch. 2.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> prominence(found, by="source")[["measure", "source", "estimate"]].round(3).values.tolist()
    [['first_position', 'The mayor', 0.0], ['lead_share', 'The mayor', 0.0]]
    """
    if not 0 < lead <= 1:
        raise ValueError(f"prominence: lead must be above 0 and at most 1; not {lead!r}.")
    found = needed(found, "prominence")
    copies = copies_in("prominence", found)
    documents, attributions = found.documents, found.attributions
    *outer, by = columns_of(by, "prominence")
    groups_of(attributions, by, "prominence")
    resolved(attributions, by, "prominence")
    if outer:
        seed = seed_of(rng)
        return with_copies(each_part(documents, outer, "prominence", lambda part: _places(found.within(part), by, lead, rng=seed)), copies)
    return with_copies(_places(found, by, lead, rng=rng), copies)


def _places(found: Found, by: str, lead: float, *, rng: Rng) -> pd.DataFrame:
    """Where each group first speaks, and its share of the lead."""
    documents, attributions = found.documents, found.attributions
    groups = groups_of(attributions, by, "prominence")
    length = dict(zip(documents.document_id, _lengths(documents.text), strict=True))
    position = attributions.assign(group=groups, position=attributions.start / attributions.document_id.map(length).astype("float64"))
    first = position.groupby(["document_id", "group"], sort=True).position.min().reset_index()
    place = rates("first_position", add_up(numbered(first), [first["group"]], [first.position.to_numpy(), np.ones(len(first))]), [by], rng=rng)
    place = place.sort_values(["estimate", by], ignore_index=True)
    return pd.concat([place, _lead_share(Found(documents, attributions, found.spans), (by, groups), lead, rng=rng)], ignore_index=True)


def _lead_share(found: Found, group: tuple[str, pd.Series[Any]], lead: float, *, rng: Rng) -> pd.DataFrame:
    documents, attributions, spans = found.documents, found.attributions, found.spans
    by, groups = group
    cut = np.ceil(_lengths(documents.text) * lead).astype(np.int64)
    words = word_counts([text[:at] for text, at in zip(documents.text, cut, strict=True)])
    keys = attributions[["attribution_id", "document_id"]].assign(group=groups, number=np.arange(len(attributions)))
    content = spans[spans.role == "content"].merge(keys, on="attribution_id")
    content = content.merge(documents[["document_id"]].assign(document=np.arange(len(documents)), cut=cut), on="document_id")
    inside = (content.cut - content.start).clip(lower=0)
    content["words"] = word_counts([text[:at] for text, at in zip(content.text, inside, strict=True)])
    added = add_up(content.document.to_numpy(np.int64), [content["group"]], [content.words.to_numpy(np.float64)])
    names, pieces = added.labels[0], counted(added)[0]
    base = Cells(np.arange(len(documents)), np.zeros(len(documents), np.int64), words)
    estimates = ratios(Cells(added.document, added.cell, added.sums[0]), base, np.zeros(len(names), np.int64), pieces, rng=seed_of(rng))
    speaks = content[content.words > 0].drop_duplicates("number")
    cell = pd.Index(names).get_indexer(speaks["group"]).astype(np.int64)
    n_documents = documents_of(speaks.document.to_numpy(np.int64), cell, len(names))
    return _checked(rows_of("lead_share", {by: names}, estimates, np.bincount(cell, minlength=len(names)), n_documents), [by])


@traced
def source_diversity(attributions: pd.DataFrame, *, by: By = "affiliation", levels: str | Iterable[str] | None = None, rng: Rng = 0) -> pd.DataFrame:
    """Return how evenly the attributions are spread over the groups: normalised entropy, Simpson's index, effective number.

    With p the shares of the attributions of K groups: entropy_normalised = -Σ p log p / log K; simpson = 1 - Σ p², the
    probability that two attributions drawn at random are of different groups; effective_number = exp(-Σ p log p), the number
    of equally frequent groups with the same entropy.

    Parameters
    ----------
    attributions : DataFrame
        Table *attributions*; those without a group are left out.
    by : str or list of str
        The groups: ``affiliation``, ``speaker`` ... With several, the diversity of the last one within each combination of the others.
    levels : iterable of str, optional
        All groups that could speak, such as the codebook's affiliations: they fix K. Without them K is the number of groups found in the
        table, and ``entropy_normalised`` can be compared with no other corpus.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*, three rows: ``entropy_normalised`` in [0, 1] (missing if K is 1), ``simpson`` in [0, 1 - 1/K],
        ``effective_number`` in [1, K], in groups. All missing without attributions.

    Raises
    ------
    TableError
        If a group is not among the levels; for attributions that are not resolved, if ``by`` is a column that ``na.resolve`` fills.

    Notes
    -----
    Read a higher value as more even; evenness is not fairness. All three are too low in small samples, and the interval does
    not mend that. Do not compare corpora of different size, or values with different K. No interval with more than 50 million
    documents times groups.

    Sources: Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27, p. 393; Simpson (1949), Measurement
    of diversity, Nature 163, p. 688; Jost (2006), Entropy and diversity, Oikos 113, pp. 363-375; McDonald & Dimmick (2003), The
    conceptualization and measurement of diversity, Communication Research 30, pp. 60-79.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = {"attribution_id": ["1", "2"], "document_id": ["a", "b"], "affiliation": ["nato", "russian"], "content": "no"}
    >>> attributions = pd.DataFrame(columns).assign(kind="direct", start=0, end=1, attributor="hand@1")
    >>> source_diversity(attributions, levels=["nato", "russian", "ukrainian"])[["measure", "estimate"]].round(3).values.tolist()
    [['entropy_normalised', 0.631], ['simpson', 0.5], ['effective_number', 2.0]]
    """
    copies = copies_in("source_diversity", attributions)
    attributions = tables.check(attributions, "attributions")
    *outer, by = columns_of(by, "source_diversity")
    groups = groups_of(attributions, by, "source_diversity")
    resolved(attributions, [*outer, by], "source_diversity")
    if outer:
        all_, seed = sorted(set(groups) - {MISSING}) if levels is None else levels, seed_of(rng)
        return with_copies(each_part(attributions, outer, "source_diversity", lambda part: _evenness(part, by, all_, rng=seed)), copies)
    return with_copies(_evenness(attributions, by, levels, rng=rng), copies)


def _evenness(attributions: pd.DataFrame, by: str, levels: str | Iterable[str] | None, *, rng: Rng) -> pd.DataFrame:
    """The three measures of diversity of a table."""
    return diversity_of(add_up(numbered(attributions), [groups_of(attributions, by, "source_diversity")]), by, levels, rng=rng)


def diversity_of(added: Added, by: str, levels: str | Iterable[str] | None, *, rng: Rng) -> pd.DataFrame:
    """The three measures of diversity; the cells are the groups, of which the missing one does not count."""
    spoken = some(added, (added.labels[0] != MISSING)[added.cell])
    names, n = spoken.labels[0], counted(spoken)[0]
    fixed, seed = known_levels(names, by, levels), seed_of(rng)
    documents, size, statistic = int(spoken.document.max(initial=-1)) + 1, len(names), partial(diversity, levels=len(fixed))
    made = pd.DataFrame({"measure": ["entropy_normalised", "simpson", "effective_number"], "n": int(n.sum()), "n_documents": documents})
    estimate = np.full(3, np.nan)
    low, high = np.full(3, np.nan), np.full(3, np.nan)
    if size:
        with np.errstate(invalid="ignore", divide="ignore"):
            estimate = statistic(n.astype(np.float64)[None])[0]
        if documents > 1 and documents * size <= DENSE:
            low, high = bootstrap_interval(dense(Cells(spoken.document, spoken.cell, spoken.n), documents, size), statistic, rng=seed)
    return tables.check(made.assign(estimate=estimate, ci_low=low, ci_high=high), "measures")


def known_levels(groups: Iterable[str], by: str, levels: str | Iterable[str] | None) -> list[str]:
    """The levels, or the groups if there are none; refuse a group that is not among them."""
    found = [name for name in groups if name != MISSING]
    fixed = found if levels is None else tables.names(levels)
    beyond = [name for name in found if name not in set(fixed)]
    if beyond:
        raise TableError(f"source_diversity: {by} {beyond[0]!r} is not among the levels ({', '.join(fixed)}); add it to them, or leave its attributions out.")
    return fixed


def diversity(counts: Floats, levels: int) -> Floats:
    """Normalised entropy, Simpson's index and effective number from counts (..., groups)."""
    shares = counts / counts.sum(axis=-1, keepdims=True)
    entropy = -(shares * np.log(np.where(shares > 0, shares, 1))).sum(axis=-1)
    entropy = np.where(entropy > 0, entropy, entropy * 0)
    normalised = entropy / (np.log(levels) if levels > 1 else np.nan)
    return np.stack([normalised, 1 - (shares**2).sum(axis=-1), np.exp(entropy)], axis=-1)


@traced
def camp_balance(attributions: pd.DataFrame, first: str, second: str, *, by: By = "affiliation", rng: Rng = 0) -> pd.DataFrame:
    """Return which of two camps speaks more.

    balance = (a - b) / (a + b), with a and b the attributed words, or the attributions, of the first and the second camp.

    Parameters
    ----------
    attributions : DataFrame
        Table *attributions*.
    first, second : str
        The two camps.
    by : str or list of str
        The column they stand in; with several the last one, within each combination of the others.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*, two rows: ``camp_balance_words`` and ``camp_balance_attributions``; no unit, in [-1, 1]: 1 only the first camp speaks, 0
        both alike, -1 only the second; missing if neither does. ``n`` counts the attributions of both.

    Raises
    ------
    TableError
        For attributions that are not resolved, if ``by`` is a column that ``na.resolve`` fills; for a camp or role that is not there while one
        of a like name, or with this label, is.

    Warns
    -----
    UserWarning
        For a camp that is not there and that no shipped codebook with the camps of the table has.

    Notes
    -----
    0 is evenness between these two, not fairness: whether they should be even is for the analyst to argue. It says nothing of other
    camps. Do not compare pairs of camps with one another.

    Source: Hopmann, Van Aelst & Legnante (2012), Political balance in the news, Journalism 13, pp. 240-257.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = {"attribution_id": ["1", "2"], "document_id": ["a", "b"], "affiliation": ["nato", "russian"], "content": ["we will not", "no"]}
    >>> attributions = pd.DataFrame(columns).assign(kind="direct", start=0, end=1, attributor="hand@1")
    >>> camp_balance(attributions, "nato", "russian").estimate.tolist()
    [0.5, 0.0]
    """
    right = (isinstance(first, str), isinstance(second, str))
    if not all(right):
        given = ", ".join(map(tables.called, (attributions, first, second)))
        raise TableError(f'camp_balance: {given} were given; give the table and two names: na.camp_balance(found.attributions, "nato", "russian").')
    if first == second:
        raise ValueError(f"camp_balance: two different camps are needed; not {first!r} twice.")
    copies = copies_in("camp_balance", attributions)
    attributions = tables.check(attributions, "attributions")
    *outer, by = columns_of(by, "camp_balance")
    groups = groups_of(attributions, by, "camp_balance")
    resolved(attributions, [*outer, by], "camp_balance")
    check_groups("camp_balance", [first, second], groups, by)
    if outer:
        same = seed_of(rng)
        return with_copies(each_part(attributions, outer, "camp_balance", lambda part: _balances(part, (first, second), by, rng=same)), copies)
    return with_copies(_balances(attributions, (first, second), by, rng=rng), copies)


def _balances(attributions: pd.DataFrame, camps: tuple[str, str], by: str, *, rng: Rng) -> pd.DataFrame:
    """The balance of two camps, by words and by attributions."""
    (first, second), groups = camps, groups_of(attributions, by, "camp_balance")
    chosen = groups.isin([first, second]).to_numpy()
    documents, keys = pd.factorize(attributions.document_id[chosen])
    cell = (groups[chosen] == second).to_numpy().astype(np.int64)
    seed, rows = seed_of(rng), []
    for count in ("words", "attributions"):
        value = word_counts(attributions.content[chosen]) if count == "words" else np.ones(len(cell))
        sums = dense(Cells(documents, cell, value), len(keys), 2)
        low, high = bootstrap_interval(sums, balance, rng=seed)
        with np.errstate(invalid="ignore"):
            rows.append((f"camp_balance_{count}", first, second, balance(sums.sum(axis=0, dtype=np.float64))[0], low[0], high[0], len(cell), len(keys)))
    return tables.check(pd.DataFrame(rows, columns=["measure", "first", "second", *OWN_COLUMNS[1:]]), "measures")


def balance(sums: Floats) -> Floats:
    """(a - b) / (a + b) from sums (..., 2)."""
    return np.asarray((sums[..., :1] - sums[..., 1:]) / sums.sum(axis=-1, keepdims=True))


# --- measures of codes --------------------------------------------------------------------------------------------------


@traced
def code_share(codes: pd.DataFrame, *, code: str, by: By | None = None, rng: Rng = 0) -> pd.DataFrame:
    """Return, for each group, the shares of the values of a code: a profile of cues, labels, passives.

    share(v | g) = codes of g with value v / codes of g.

    Parameters
    ----------
    codes : DataFrame
        Table *codes*, of one coder for this code.
    code : str
        The variable: ``cue_class``, ``label``, ``passive`` ...
    by : str or list of str, optional
        The group, a column of the codes, such as ``["outlet", "affiliation"]``. Merge it in first: for cues
        ``codes.merge(found.attributions, left_on="unit_id", right_on="attribution_id", suffixes=("", "_of_attribution"))``.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``code_share`` with columns ``code``, the group and ``value``; no unit, in [0, 1], adding to 1 in each group; the
        largest group first, in each the values by estimate. Each group has a row for each value that occurs anywhere. ``n`` counts the
        codes with the value.

    Raises
    ------
    TableError
        For a code of two coders: choose one; for a group column that is missing; for a code that is neither in the table nor one of the
        package's, which is more often misspelt than absent. Of a code that does not occur the table is empty.

    Notes
    -----
    A share among codes, not among sentences: for how often a code occurs at all use ``word_rate``. Do not compare shares by different codebooks.

    Source: Krippendorff (2018), Content analysis, 4th ed., ch. 10 (shares of categories); Caldas-Coulthard (1994) for cue profiles.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = {"unit_id": ["1", "2", "3"], "document_id": "a", "code": "cue_class", "value": ["neutral", "neutral", "doubt"]}
    >>> codes = pd.DataFrame(columns).assign(unit="attribution", coder="hand@1")
    >>> code_share(codes, code="cue_class")[["value", "n"]].values.tolist()
    [['neutral', 2], ['doubt', 1]]
    """
    copies = copies_in("code_share", codes)
    codes = of_one_coder(tables.check(codes, "codes"), code, "code_share")
    groups = groups_of(codes, by, "code_share", own=("code", "value"))
    return with_copies(code_share_of(values_added(codes, groups, numbered(codes)), code, name_of(by), rng=rng), copies)


def values_added(codes: pd.DataFrame, groups: pd.Series[Any], document: Ints) -> Added:
    """How often each document has each value of a code in each group."""
    return add_up(document, [groups, codes.value.fillna(MISSING)])


def code_share_of(added: Added, code: str, by: str | None, *, rng: Rng) -> pd.DataFrame:
    """The shares of the values of a code; the cells are groups and values."""
    table = shares_within("code_share", added, (by, "value"), rng=rng)
    table.insert(1, "code", pd.Series(code, index=table.index, dtype="str"))
    return table


@traced
def mean_tone(codes: pd.DataFrame, units: pd.DataFrame, *, by: By | None = None, weight: str = "words", rng: Rng = 0) -> pd.DataFrame:
    """Return the mean tone of each group's units, for each coder by itself.

    mean(g) = Σ weight × tone / Σ weight over the units of g; the weight is the unit's words, or 1.

    Parameters
    ----------
    codes : DataFrame
        Table *codes* with code ``tone`` (``na.code_tone``).
    units : DataFrame
        Table *units* that was coded.
    by : str or list of str, optional
        The group, a column of the units (``voice``, or one merged in) or of the codes.
    weight : {"words", "units"}
        By words, a fragment of two words counts two; by units, as much as a long sentence.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``mean_tone`` with columns ``coder`` and the group; in the coder's unit, in [-1, 1]; by coder, highest first. Units
        without a score are left out.

    Notes
    -----
    Read a higher value as more words that the list's makers found positive. News of war is negative for every speaker. Units
    without a known word have tone 0 and pull the mean to 0: a mean near 0 is more often silence of the list than balance. Do not compare coders, or
    sentences with documents.

    Source: Hutto & Gilbert (2014), Proceedings of ICWSM, pp. 216-225; Young & Soroka (2012), Affective news, Political
    Communication 29, pp. 205-231 (word lists on news).

    Examples
    --------
    >>> import newsanalysis as na
    >>> units = na.units(na.documents(["The attack failed.", "A good day."]))
    >>> mean_tone(na.code_tone(units, coders=("textblob",)), units, weight="units").estimate.round(3).tolist()
    [0.1]
    """
    _one_of("mean_tone: weight", weight, ("words", "units"))
    copies = copies_in("mean_tone", codes, units)
    toned = tones_of(codes, units, [] if by is None else columns_of(by, "mean_tone"), "mean_tone")
    weights = word_counts(toned.text) if weight == "words" else np.ones(len(toned))
    groups = groups_of(toned, by, "mean_tone", own=("coder",))
    added = tones_added(toned, [toned.coder, groups], weights, numbered(toned))
    return with_copies(rates("mean_tone", added, ["coder", name_of(by)], rng=rng), copies)


def tones_added(toned: pd.DataFrame, labels: list[pd.Series[Any]], weights: Floats, document: Ints) -> Added:
    """The weighted tones, and the weights, that each document adds to each cell."""
    return add_up(document, labels, [weights * toned.score.to_numpy(np.float64), weights])


@traced
def voice_gap(codes: pd.DataFrame, units: pd.DataFrame, *, by: By | None = None, of: str | None = None, rng: Rng = 0) -> pd.DataFrame:
    """Return how much more positive the attributed voice is than the outlet's own, for each coder by itself.

    gap(g) = mean tone of the attributed segments of g - mean tone of its own-voice segments, both weighted by words. With ``of``,
    gap(g, s) = mean tone of the segments of g attributed to s - mean tone of the own-voice segments of g.

    Parameters
    ----------
    codes : DataFrame
        Table *codes* with code ``tone`` for segments.
    units : DataFrame
        Table *units* of segments (``na.units(found, unit="segment")``).
    by : str or list of str, optional
        The group, a column of the units such as an ``outlet`` merged in. It must say something of both voices: not ``affiliation``.
    of : str, optional
        Whose words are compared with the outlet's: a column that says something of attributed segments only, such as ``affiliation`` or ``speaker``
        merged in by ``units.merge(found.attributions[["attribution_id", "affiliation"]], on="attribution_id", how="left")``.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``voice_gap`` with columns ``coder`` and the group; in the coder's unit, in [-2, 2]; by coder, highest first; missing where
        one voice is absent. ``n`` counts the segments of both voices.

    Raises
    ------
    TableError
        For a column of ``by`` that says nothing of the outlet's own voice: give it as ``of``.

    Notes
    -----
    Read a negative value as sources that sound darker than the outlet, which is common: conflict is told by those in it. It
    compares wording, not stance. Do not compare coders. Camps in the same outlet share its own voice, so that their gaps go up and down together.

    Source: own definition; that separating the voices matters: Balahur et al. (2010), Sentiment analysis in the news,
    Proceedings of LREC, pp. 2216-2220.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The day was good. The mayor said the bridge was bad."]))
    >>> segments = na.units(found, unit="segment")
    >>> voice_gap(na.code_tone(segments, coders=("textblob",)), segments).estimate.round(3).tolist()
    [-1.4]
    """
    copies = copies_in("voice_gap", codes, units)
    columns = [] if by is None else columns_of(by, "voice_gap")
    names = [*columns, *([] if of is None else [of])]
    toned = tones_of(codes, units, names, "voice_gap")
    toned = toned[toned.voice.notna()].reset_index(drop=True)
    _of_both_voices(toned, columns)
    label = groups_of(toned, names or None, "voice_gap", own=("coder",))
    group, own = groups_of(toned, by, "voice_gap", own=("coder",)), toned.voice == "own"
    added = tones_added(toned, [toned.coder, group, label.where(~own, ""), toned.voice], word_counts(toned.text), numbered(toned))
    return with_copies(gaps(added, name_of(names), of is not None, rng=rng), copies)


def gaps(added: Added, name: str | None, of: bool, *, rng: Rng) -> pd.DataFrame:
    """The gaps between the voices; the cells are coder, group, whose words they are ("" for the outlet's own), and voice."""
    coders, groups, labels, voices = added.labels
    seed, own, rows = seed_of(rng), voices == "own", []
    for coder, group in sorted(set(zip(coders, groups, strict=True))):
        here = (coders == coder) & (groups == group)
        for label in sorted(set(labels[here & ~own])) if of else [group]:
            cells = here & (own | (labels == label))
            rows.append(("voice_gap", coder, label, *_gap_of(some(added, cells[added.cell]), seed)))
    table = pd.DataFrame(rows, columns=["measure", "coder", name or "label", *OWN_COLUMNS[1:]])
    return _checked(table if name else table.drop(columns="label"), ["coder", *([name] if name else [])], first="coder")


def _gap_of(added: Added, seed: int) -> tuple[float, float, float, int, int]:
    """The gap between the two voices of some segments, its interval, their number and that of their documents."""
    voice, documents = (added.labels[3] == "own").astype(np.int64)[added.cell], int(added.document.max(initial=-1)) + 1
    sums = np.hstack([dense(Cells(added.document, voice, value), documents, 2) for value in added.sums])
    low, high = bootstrap_interval(sums, gap, rng=seed)
    with np.errstate(invalid="ignore"):
        return gap(sums.sum(axis=0, dtype=np.float64))[0], low[0], high[0], int(added.n.sum()), documents


def _of_both_voices(toned: pd.DataFrame, columns: list[str]) -> None:
    """Refuse group columns that no own-voice segment has."""
    own = toned.voice == "own"
    for column in columns:
        if column in toned.columns and own.any() and toned[column][own].isna().all() and toned[column].notna().any():
            raise TableError(f"voice_gap: no own-voice segment has a value of {column!r}, so that there is nothing to compare with; give of={column!r}.")


def gap(sums: Floats) -> Floats:
    """Attributed less own mean tone from sums (..., 4): tone attributed, tone own, words attributed, words own."""
    return sums[..., 0:1] / sums[..., 2:3] - sums[..., 1:2] / sums[..., 3:4]


@traced
def word_rate(codes: pd.DataFrame, units: pd.DataFrame, *, code: str, by: By | None = None, rng: Rng = 0) -> pd.DataFrame:
    """Return how often a code occurs per hundred words of each group's units.

    rate(g) = 100 × codes of g / words of g.

    Parameters
    ----------
    codes : DataFrame
        Table *codes*, of one coder for this code.
    units : DataFrame
        Table *units* that was coded, all of it: units without a code count with their words.
    code : str
        The variable: ``hedge``, ``loaded_word``, ``label``, ``passive`` ...
    by : str or list of str, optional
        The group, a column of the units (``voice``, or one merged in). For the outlet's own words give own-voice segments alone, or group by voice.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``word_rate`` with columns ``code`` and the group; codes per 100 words, at least 0; highest first. ``n`` counts the codes,
        ``n_documents`` the documents of the group's units.

    Raises
    ------
    TableError
        For codes of units that are not there, or of two coders; for a code that is neither in the table nor one of the package's, which
        is more often misspelt than absent. The rate of a code that does not occur is 0.

    Notes
    -----
    Read 2 as two in a hundred words. Rates of rare words jump with single articles: look at the interval. Do not compare different codebooks.

    Source: Biber (1988), Variation across speech and writing, pp. 75-76 (normalised counts).

    Examples
    --------
    >>> import newsanalysis as na
    >>> units = na.units(na.documents(["The mayor allegedly fled."]))
    >>> word_rate(na.code_words(units, codebook="hedges"), units, code="hedge").estimate.tolist()
    [25.0]
    """
    copies = copies_in("word_rate", codes, units)
    codes, units = of_one_coder(tables.check(codes, "codes"), code, "word_rate"), tables.check(units, "units")
    counts = code_counts(codes, units, "word_rate")
    groups = groups_of(units, by, "word_rate", own=("code",))
    return with_copies(word_rate_of(rates_added(units, counts, groups, numbered(units)), code, name_of(by), rng=rng), copies)


def rates_added(units: pd.DataFrame, counts: Floats, groups: pd.Series[Any], document: Ints) -> Added:
    """A hundred times the codes, and the words, that each document adds to each group."""
    return add_up(document, [groups], [np.asarray(100.0 * counts, dtype=np.float64), word_counts(units.text)])


def word_rate_of(added: Added, code: str, by: str | None, *, rng: Rng) -> pd.DataFrame:
    """The rates of a code; what is added is a hundred times its number, and the words."""
    occurring = np.rint(in_order(added.cell, added.sums[0], len(added.labels[0])) / 100).astype(np.int64)
    table = rates("word_rate", added, [by], rng=rng, n=occurring)
    table.insert(1, "code", pd.Series(code, index=table.index, dtype="str"))
    return table


def sentence_counts(codes: pd.DataFrame, segments: pd.DataFrame, *, code: str, voice: str | None = "own") -> pd.DataFrame:
    """Count a code in each sentence, in the outlet's own words alone.

    n(s) = codes of the segments of s in this voice; words(s) = their words.

    Parameters
    ----------
    codes : DataFrame
        Table *codes*, of one coder for this code, of segments (``na.code_words(segments, codebook="loaded_words")``).
    segments : DataFrame
        Table *units* of segments that was coded, all of it (``na.units(found, unit="segment")``). With ``own="cue"`` there, the verbs of saying
        count as the outlet's words.
    code : str
        The variable: ``loaded_word``, ``hedge``, ``label`` ...
    voice : {"own", "attributed"} or None
        In whose words; None for all of them.

    Returns
    -------
    DataFrame
        One row a sentence, in the order of the segments: ``sentence_id`` (``unit_id`` of the sentence), ``document_id``, ``n`` (codes, at least 0),
        ``words`` (in this voice, at least 0). A sentence that is all source and cue (*"he said."*) has no segment and no row.

    Raises
    ------
    TableError
        For units that are not segments; for codes of units that are not there, or of two coders.

    Notes
    -----
    A score for sentences that blames the outlet only for its own words: a higher n is more such words. Read the words before you call a sentence
    loaded. For rates of groups use ``word_rate``, which has intervals. Do not compare different codebooks.

    Source: own definition; that quoted words do not show the outlet's bias: Fan et al. (2019), In plain sight, Proceedings of EMNLP, pp. 6343-6349.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The awful plan failed. The mayor said that the awful plan was dead."]))
    >>> segments = na.units(found, unit="segment")
    >>> sentence_counts(na.code_words(segments, codebook="loaded_words"), segments, code="loaded_word").n.tolist()
    [2, 0]
    """
    if voice is not None:
        _one_of("sentence_counts: voice", voice, tables.VOICES)
    copies = copies_in("sentence_counts", codes, segments)
    codes, segments = of_one_coder(tables.check(codes, "codes"), code, "sentence_counts"), tables.check(segments, "units")
    if segments.sentence_id.isna().any():
        raise TableError('sentence_counts: units without a sentence_id; give segments, as na.units(found, unit="segment") cuts them.')
    counted = code_counts(codes, segments, "sentence_counts") * (segments.voice == voice if voice else True)
    words = word_counts(segments.text) * (segments.voice == voice if voice else True)
    rows = segments[["sentence_id", "document_id"]].assign(n=counted.astype(np.int64), words=words.astype(np.int64))
    return with_copies(rows.groupby(["sentence_id", "document_id"], sort=False).sum().reset_index(), copies)


def code_counts(codes: pd.DataFrame, units: pd.DataFrame, measure: str) -> Floats:
    """How many codes each unit has."""
    stray = codes.unit_id[~codes.unit_id.isin(units.unit_id)]
    if len(stray):
        raise TableError(f"{measure}: {len(stray)} codes are of units that are not in units, first {stray.iloc[0]!r}; give the units that were coded.")
    return units.unit_id.map(codes.unit_id.value_counts()).fillna(0).to_numpy(dtype=np.float64)  # type: ignore[return-value]


# --- what the measures share --------------------------------------------------------------------------------------------


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{what} must be one of {', '.join(allowed)}; not {value!r}.")


def columns_of(by: By, measure: str) -> list[str]:
    """The names of the group columns."""
    columns = [by] if isinstance(by, str) else list(by) if isinstance(by, list | tuple) else []
    if not columns or not all(isinstance(column, str) for column in columns):
        raise ValueError(f"{measure}: by must be the name of a column, or a list of names; not {by!r}.")
    if len(set(columns)) < len(columns):
        raise ValueError(f"{measure}: by names a column twice: {columns!r}.")
    return columns


def name_of(by: By | None) -> str | None:
    """One name for the group columns, until ``_parted`` takes them apart."""
    return None if not by else by if isinstance(by, str) else JOIN.join(by)


def groups_of(table: pd.DataFrame, by: By | None, measure: str, *, own: tuple[str, ...] = ()) -> pd.Series[Any]:
    """The group of each row as text, missing ones named; without ``by`` one group for all. ``own`` are columns that the measure itself makes."""
    if by is None:
        return pd.Series("all", index=table.index, dtype="str")
    columns = columns_of(by, measure)
    for column in columns:
        if column in (*OWN_COLUMNS, *own):
            whose = "every measures table" if column in OWN_COLUMNS else f"the table that {measure} makes"
            raise TableError(f"{measure}: by={column!r} is a column of {whose}; give another, or the same under another name.")
        if column not in table.columns:
            raise tables.no_column(measure, column, table)
    first, *others = (table[column].astype("str").fillna(MISSING) for column in columns)
    for other in others:
        first = first + JOIN + other
    return first


def check_groups(measure: str, asked: Sequence[str], groups: pd.Series[Any], by: str, *, silent: bool = False) -> None:
    """Refuse a camp or role that is not there if one of a like name, or with this label, is; warn of any other group that is not there, unless it is silent.

    A camp of the shipped codebook that has all camps of the table is no mistake: it does not speak in these texts.

    >>> check_groups("camp_balance", ["counsil", "other"], pd.Series(["council", "other"]), "affiliation")
    Traceback (most recent call last):
    newsanalysis.tables.TableError: camp_balance: no camp 'counsil' in the column affiliation; is 'council' meant?
    """
    there = sorted(set(groups) - {MISSING})
    absent = [name for name in asked if name not in there] if there else []
    known = _camps_beside(there) if absent and by == "affiliation" else set()
    for name in absent:
        if name in known:
            continue
        near = nearest_group(name, [one for one in there if one not in asked])
        hint = f"is {near!r} meant?" if near else f"there are {', '.join(there[:12])}{' ...' if len(there) > 12 else ''}."
        problem = f"{measure}: no {'camp' if by == 'affiliation' else by} {name!r} in the column {by}; {hint}"
        if near and by in ("affiliation", "role"):
            raise TableError(problem)
        if not silent:
            warnings.warn(problem, stacklevel=4)


def nearest_group(name: str, there: Sequence[str]) -> str | None:
    """Return the group that is called so, or almost, by its name or its label; None if none is.

    >>> nearest_group("Russian-installed", ["russian", "russian_installed"]), nearest_group("zzz", ["nato"])
    ('russian_installed', None)
    """
    called = {palette.label(one, camp=True): one for one in there} | {one: one for one in there}
    near = tables.nearest(name, called)
    return called[near] if near else None


def _camps_beside(there: Sequence[str]) -> set[str]:
    """The camps of the shipped codebooks that have all of these, and those that the study has named."""
    books = [set(codebooks.labels_of(name)) for name in codebooks.shipped()]
    return set(palette.labels_set()).union(*(book for book in books if book >= set(there)))


def parted(table: pd.DataFrame) -> pd.DataFrame:
    """Take apart the column that stands for several group columns."""
    for joined in [column for column in table.columns if JOIN in column]:
        names, at = joined.split(JOIN), table.columns.tolist().index(joined)
        labels = table[joined].astype("str").str.split(JOIN, n=len(names) - 1, expand=True)
        table = table.drop(columns=joined)
        for n, name in enumerate(names):
            table.insert(at + n, name, labels[n] if len(table) else pd.Series(dtype="str"))
    return table


def each_part(table: pd.DataFrame, outer: list[str], measure: str, of: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    """A measure of each part of a table by itself, the parts named in columns behind the measure's name."""
    labels, name = groups_of(table, outer, measure), JOIN.join(outer)
    parts = {label: of(table[(labels == label).to_numpy()].reset_index(drop=True)) for label in sorted(labels.unique())} or {"": of(table)[:0]}
    for label, measured in parts.items():
        measured.insert(1, name, pd.Series(label, index=measured.index, dtype="str"))
    whole = pd.concat(parts.values(), ignore_index=True)
    return tables.check(parted(whole) if len(outer) > 1 else whole, "measures")


def of_one_coder(codes: pd.DataFrame, code: str, measure: str) -> pd.DataFrame:
    """The codes of one variable, if they are of one coder."""
    chosen = codes[codes.code == code]
    known = sorted({*CODES, *codes.code.unique()})
    if len(codes) and code not in known:
        near = get_close_matches(str(code), known, n=1)
        hint = f"is {near[0]!r} meant?" if near else f"the codes are {', '.join(known)}."
        raise TableError(f"{measure}: code {code!r} is neither in codes nor one of the package's; {hint}")
    coders = chosen.coder.unique().tolist()
    if len(coders) > 1:
        raise TableError(f"{measure}: code {code!r} is of {len(coders)} coders ({', '.join(coders)}), which cannot be added up; choose one.")
    return chosen


def tones_of(codes: pd.DataFrame, units: pd.DataFrame, groups: list[str], measure: str) -> pd.DataFrame:
    """The tone codes with their units' text, voice and groups."""
    codes, units = tables.check(codes, "codes"), tables.check(units, "units")
    tone = codes[(codes.code == "tone") & codes.score.notna()]
    wanted = ["unit_id", "text", "voice", *(group for group in groups if group in units.columns and group not in ("unit_id", "text", "voice"))]
    toned = tone.drop(columns=[c for c in wanted[1:] if c in tone.columns]).merge(units[wanted], on="unit_id", how="inner")
    if len(toned) < len(tone):
        raise TableError(f"{measure}: {len(tone) - len(toned)} tone codes are of units that are not in units; give the units that were coded.")
    return toned


@lru_cache(maxsize=1)
def _is_word_character() -> NDArray[np.bool_]:
    return np.array([chr(point).isalnum() or chr(point) == "_" for point in range(sys.maxunicode + 1)])


def word_counts(texts: Iterable[str]) -> Floats:
    r"""The number of words (``\w+``) of each text, counted over code points of many texts at once."""
    texts = list(texts)
    counts = np.zeros(len(texts))
    ends = np.cumsum([len(text) + 1 for text in texts])
    at, cuts = 0, np.searchsorted(ends, np.arange(CHARACTERS, (ends[-1] if texts else 0) + CHARACTERS, CHARACTERS)) + 1
    for cut in np.minimum(cuts, len(texts)).tolist():
        block = texts[at:cut]
        if not block:
            continue
        points = np.frombuffer("".join([" " + text for text in block]).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        inside = _is_word_character()[points]
        first = np.concatenate([[0], np.cumsum([len(text) + 1 for text in block])[:-1]])
        counts[at:cut] = np.add.reduceat(inside & ~np.concatenate([[False], inside[:-1]]), first, dtype=np.int64)
        at = cut
    return counts


def _lengths(texts: Iterable[str]) -> Ints:
    return np.array([len(text) for text in texts], np.int64)


def seed_of(given: Rng) -> int:
    """A whole number from what a user gives as ``rng``."""
    if isinstance(given, np.random.Generator):
        return int(given.integers(2**63))
    if not isinstance(given, (int, np.integer)) or given < 0:
        raise ValueError(f"rng must be a whole number of at least 0 or a numpy.random.Generator; not {given!r}.")
    return int(given)


def sums_of(document: Ints, value: Floats, documents: int) -> Floats:
    """What each document adds; the order of the rows does not matter."""
    return in_order(document, value, documents)


def numbered(table: pd.DataFrame) -> Ints:
    """The number of each row's document, in the order in which documents come first."""
    return pd.factorize(table.document_id)[0]


def _checked(table: pd.DataFrame, groups: list[str], *, first: str | None = None) -> pd.DataFrame:
    """Sorted by estimate, falling, then by group (``first`` before all), and checked."""
    keys, rising = ["estimate", *groups], [False, *([True] * len(groups))]
    if first:
        keys, rising = [first, *keys], [True, *rising]
    order = ["measure", *groups, *OWN_COLUMNS[1:]]
    table = table.sort_values(keys, ascending=rising, kind="stable", ignore_index=True).reindex(columns=order)
    return tables.check(parted(table.astype(dict.fromkeys(groups, "str"))), "measures")


def rates(measure: str, added: Added, names: list[str | None], *, rng: Rng, n: Ints | None = None) -> pd.DataFrame:
    """Σ first value / Σ second value for each group; ``names`` of the group columns, None for what is no column; ``n`` if it is not the rows."""
    top, base = (Cells(added.document, added.cell, value) for value in added.sums)
    rows, n_documents = counted(added)
    estimates = ratios(top, base, np.arange(len(rows)), rows, rng=seed_of(rng))
    columns = {name: labels for name, labels in zip(names, added.labels, strict=True) if name}
    table = rows_of(measure, columns, estimates, rows if n is None else n, n_documents)
    return _checked(table, list(columns), first="coder" if "coder" in columns else None)


def shares_within(measure: str, added: Added, names: tuple[str | None, str], *, rng: Rng, order: tuple[str, ...] = ()) -> pd.DataFrame:
    """The share of each value in its group; the cells are groups and values; every group gets every value; the largest group first."""
    by, of = names
    group, group_names = pd.factorize(added.labels[0], sort=True)
    value, value_names = pd.factorize(added.labels[1], sort=True)
    if order:
        value, value_names = pd.Index(order).get_indexer(pd.Index(added.labels[1])), np.asarray(order, dtype=object)
    width, size = len(value_names), len(value_names) * len(group_names)
    cell = (group * width + value).astype(np.int64)
    within = np.repeat(np.arange(len(group_names)), width)
    counts = [np.zeros(size, np.int64), np.zeros(size, np.int64)]
    for whole, occurring in zip(counts, counted(added), strict=True):
        whole[cell] = occurring
    top, base = (Cells(added.document, place[added.cell], added.n) for place in (cell, group))
    columns = {"group": np.asarray(group_names, dtype=object)[within], of: np.tile(np.asarray(value_names, dtype=object), len(group_names))}
    table = rows_of(measure, columns, ratios(top, base, within, counts[0], rng=seed_of(rng)), counts[0], counts[1])
    table["size"] = table.groupby("group").n.transform("sum")
    ranks = ["rank"] if order else ["estimate", of]
    table["rank"] = np.tile(np.arange(width), len(group_names))
    table = table.sort_values(["size", "group", *ranks], ascending=[False, True, *([True] if order else [False, True])], kind="stable")
    table = table.rename(columns={"group": by}) if by else table.drop(columns="group")
    labels = [*([by] if by else []), of]
    return tables.check(parted(table.reindex(columns=["measure", *labels, *OWN_COLUMNS[1:]]).astype(dict.fromkeys(labels, "str"))), "measures")


# --- whether copies were left out ---------------------------------------------------------------------------------------


def copies_in(measure: str, *given: object) -> str | None:
    """What the column ``copies`` of the tables says; None without it. Refuse tables of which one is without copies and another is not.

    >>> attributions = pd.DataFrame({"document_id": ["a"], "copies": "left out"})
    >>> copies_in("share_of_voice", attributions)
    'left out'
    >>> copies_in("mean_tone", attributions, attributions.drop(columns="copies"))
    Traceback (most recent call last):
    newsanalysis.tables.TableError: mean_tone: copies are left out of one table and not of another; ...
    """
    named = [table for one in given for table in _as_tables(one) if len(table)]
    said = {value for table in named for value in (table[COPIES].unique() if COPIES in table else [None])}
    if len(said) > 1:
        problem = f"{measure}: copies are left out of one table and not of another, or of a part of it"
        raise TableError(f"{problem}; give each through na.without_copies(table, documents), or none.")
    return str(next(iter(said))) if said - {None} else None


def _as_tables(given: object) -> list[pd.DataFrame]:
    """A table, or those of what was found, whose attributions go with their documents."""
    if isinstance(given, Found):
        return [given.documents, *([given.attributions] if COPIES in given.attributions else [])]
    return [given] if isinstance(given, pd.DataFrame) else []


def with_copies(measured: pd.DataFrame, copies: str | None) -> pd.DataFrame:
    """The measure with the column ``copies`` behind its first, if there is something to say.

    >>> with_copies(pd.DataFrame({"measure": ["x"], "n": [1]}), "left out").columns.tolist()
    ['measure', 'copies', 'n']
    """
    if copies is None:
        return measured
    measured = measured.drop(columns=COPIES, errors="ignore")
    measured.insert(1, COPIES, pd.Series(copies, index=measured.index, dtype="str"))
    return measured
