"""Contrasts: how much more often one group has a code than another, and how often an actor has a label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.measures import MISSING, OWN_COLUMNS, copies_in, groups_of, nearest_group, of_one_coder, seed_of, with_copies
from newsanalysis.origins import traced
from newsanalysis.resampling import Floats, bootstrap_interval
from newsanalysis.sums import Rng
from newsanalysis.tables import TableError

ANY = "(any)"


@traced
def odds_ratio(codes: pd.DataFrame, *, code: str, by: str, between: tuple[str, str] | None = None, rng: Rng = 0) -> pd.DataFrame:
    """Return, for each value of a code, the odds of the first group over the odds of the second: a contrast of two profiles.

    With a codes of the first group that have the value and b that have another, c and d the same of the second group:
    odds_ratio = (a / b) / (c / d) = ad / bc, and log_odds_ratio = ln(ad / bc). If one of the four is 0, 0.5 is added to each of them
    (Haldane and Anscombe), and there is no interval: a cell that is 0 in the corpus is 0 in each resample.

    Parameters
    ----------
    codes : DataFrame
        Table *codes*, of one coder for this code, with the group merged in (as for ``na.code_share``).
    code : str
        The variable: ``cue_class``, ``label``, ``passive`` ...
    by : str
        The column of the groups: ``affiliation``, ``outlet``, ``voice`` ...
    between : (str, str), optional
        The two groups, first and second. Without it there must be just two; they are taken in the order of their names.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures* with columns ``code``, ``first``, ``second``, ``value``: a row ``odds_ratio`` for each value, in (0, ∞), the highest first,
        then as many rows ``log_odds_ratio``, in (-∞, ∞) (natural logarithm). ``n`` counts the two groups' codes with the value, ``n_documents``
        the documents they stand in. Missing where the value is in neither group or is all that both have; the interval is also missing
        where a group stands in one document, and where one of the four is 0.

    Raises
    ------
    TableError
        For a code of two coders, a group column or a group that is missing, or other than two groups without ``between``.

    Notes
    -----
    Read 2 as twice the odds in the first group, 0.5 as half; 1 is no difference. On the ratio's scale 0.5 and 2 do not look equally far from 1: plot it on
    a logarithmic axis, or take ``log_odds_ratio``, whose zero is no difference. It is no ratio of shares: odds of 1:1 and 3:1 are shares of .50 and .75. An
    estimate that rests on the added 0.5 (``n`` small) is a guess. Do not compare ratios by different codebooks, and expect one value in twenty
    to stand out by chance: there is no correction for looking at many.

    Sources: Haldane (1956), The estimation and significance of the logarithm of a ratio of frequencies, Annals of Human Genetics 20, pp. 309-311;
    Anscombe (1956), On estimating binomial response relations, Biometrika 43, pp. 461-464; Agresti (2013), Categorical data analysis, 3rd ed.,
    sections 2.2-2.3 and 3.1.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("a", "nato", "doubt"), ("a", "nato", "neutral"), ("b", "russian", "doubt"), ("b", "russian", "doubt"), ("c", "russian", "neutral")]
    >>> codes = pd.DataFrame(rows, columns=["document_id", "affiliation", "value"]).assign(code="cue_class", unit="attribution", coder="hand@1")
    >>> codes["unit_id"] = codes.index.astype(str)
    >>> table = odds_ratio(codes, code="cue_class", by="affiliation", between=("russian", "nato"))
    >>> table[["measure", "value", "estimate"]].round(3).values.tolist()[:2]
    [['odds_ratio', 'doubt', 2.0], ['odds_ratio', 'neutral', 0.5]]
    """
    copies = copies_in("odds_ratio", codes)
    codes = of_one_coder(tables.check(codes, "codes"), code, "odds_ratio")
    groups = groups_of(codes, by, "odds_ratio", own=("code", "value", "first", "second"))
    first, second = two_groups(groups, between)
    chosen = groups.isin([first, second]).to_numpy()
    rows = pd.DataFrame({"document": codes.document_id, "value": codes.value.fillna(MISSING), "second": groups == second})[chosen]
    whole = _counts(rows.document, rows.second, [False, True])
    several, seed, estimates = bool(((whole > 0).sum() > 1).all()), seed_of(rng), []
    for value, of_value in rows.groupby("value", sort=True):
        having = _counts(of_value.document, of_value.second, [False, True]).reindex(whole.index, fill_value=0)
        fourfold = np.hstack([having.to_numpy(np.float64), whole.to_numpy(np.float64)])
        tried = several and _is_full(fourfold.sum(axis=0))
        low, high = bootstrap_interval(fourfold, _odds, rng=seed) if tried else (np.full(1, np.nan), np.full(1, np.nan))
        counted = (len(of_value), of_value.document.nunique())
        estimates.append((first, second, value, _odds(fourfold.sum(axis=0))[0], low[0], high[0], *counted))
    table = pd.DataFrame(estimates, columns=["first", "second", "value", *OWN_COLUMNS[1:]])
    table = table.sort_values(["estimate", "value"], ascending=[False, True], kind="stable").assign(code=code)
    order = ["measure", "code", "first", "second", "value", *OWN_COLUMNS[1:]]
    numbers = ["estimate", "ci_low", "ci_high"]
    logs = table.assign(measure="log_odds_ratio", **{column: np.log(table[column].astype("float64")) for column in numbers})
    both = pd.concat([table.assign(measure="odds_ratio"), logs], ignore_index=True).reindex(columns=order)
    return with_copies(tables.check(both.astype(dict.fromkeys(order[1:5], "str")), "measures"), copies)


def _counts(documents: pd.Series[str], cells: pd.Series[Any], columns: list[Any]) -> pd.DataFrame:
    """How often each cell occurs in each document."""
    return pd.crosstab(documents, cells).reindex(columns=columns, fill_value=0)


def _odds(sums: Floats) -> Floats:
    """The odds ratio of (a, c, a + b, c + d); missing where a and c, or b and d, or a group, are 0."""
    a, c = sums[..., 0], sums[..., 1]
    b, d = sums[..., 2] - a, sums[..., 3] - c
    added = np.where((a == 0) | (b == 0) | (c == 0) | (d == 0), 0.5, 0.0)
    ratio = (a + added) * (d + added) / ((b + added) * (c + added))
    known = (a + c > 0) & (b + d > 0) & (a + b > 0) & (c + d > 0)
    return np.where(known, ratio, np.nan)[..., None]


def _is_full(sums: Floats) -> bool:
    """Whether none of the four cells is 0."""
    a, c, first, second = sums
    return bool(min(a, c, first - a, second - c) > 0)


def two_groups(groups: pd.Series[Any], between: tuple[str, str] | None) -> tuple[str, str]:
    """The two groups to contrast."""
    there = sorted(set(groups) - {MISSING})
    if between is None:
        if len(there) != 2:
            raise TableError(f"odds_ratio: there are {len(there)} groups ({', '.join(there) or 'none'}); name two by between=(first, second).")
        return there[0], there[1]
    if isinstance(between, str) or len(tuple(between)) != 2 or between[0] == between[1]:
        raise ValueError(f"odds_ratio: between must be two different groups; not {between!r}.")
    unknown = [name for name in between if name not in set(groups)]
    if unknown:
        near = nearest_group(unknown[0], there)
        hint = f"is {near!r} meant?" if near else f"the groups are {', '.join(there) or 'none'}."
        raise TableError(f"odds_ratio: group {unknown[0]!r} is not in the column; {hint}")
    return between[0], between[1]


@traced
def label_share(labels: pd.DataFrame, mentions: pd.DataFrame, *, by: str | Iterable[str] = "actor", rng: Rng = 0) -> pd.DataFrame:
    """Return, for each actor, how many of its mentions carry each label.

    share(l | g) = mentions of g with label l / mentions of g.

    Parameters
    ----------
    labels : DataFrame
        What ``na.code_labels(mentions)`` returned.
    mentions : DataFrame
        The same mentions, all of them: those without a label count below the line.
    by : str or iterable of str
        The group, one or several columns of the mentions: ``actor``, ``affiliation``, ``voice``, or ``["actor", "outlet"]`` with the outlet merged in.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``label_share`` with the group columns and ``label``; no unit, in [0, 1]; the highest first. The label ``(any)`` is one or
        more. Labels of the table that a group never has are there with 0. A mention can have two labels: the shares do not add to 1.
        ``n`` counts the mentions with the label, ``n_documents`` the documents they stand in.

    Raises
    ------
    TableError
        For labels of mentions that are not there, or a group column that is missing.

    Notes
    -----
    Read .2 as: of ten times that the text names the actor, two carry the label. Texts name at length at first and shortly afterwards: the share falls
    with the length of articles, so do not compare corpora of different length. Pronouns and descriptions are no mentions. Do not compare codebooks.

    Source: own definition; van Leeuwen (1996), The representation of social actors, pp. 52-59, for naming and categorising.

    Examples
    --------
    >>> import newsanalysis as na
    >>> mentions = na.mentions(na.documents(["The separatist leader Denis Pushilin spoke. Denis Pushilin left."]))
    >>> mentions = mentions[mentions.actor == "Denis Pushilin"]
    >>> label_share(na.code_labels(mentions), mentions)[["actor", "label", "estimate", "n"]].values.tolist()
    [['Denis Pushilin', '(any)', 0.5, 1], ['Denis Pushilin', 'separatist', 0.5, 1]]
    """
    copies = copies_in("label_share", labels, mentions)
    labels, mentions = tables.check(labels, "codes"), tables.check(mentions, "mentions")
    names = tables.names(by)
    stray = labels.unit_id[~labels.unit_id.isin(mentions.mention_id)]
    if len(stray):
        raise TableError(f"label_share: {len(stray)} labels are of mentions that are not there, first {stray.iloc[0]!r}; give the mentions that were coded.")
    groups = pd.DataFrame({name: groups_of(mentions, name, "label_share", own=("label",)) for name in names})
    carried = labels[["unit_id", "value"]].assign(value=labels.value.fillna(MISSING))
    carried = pd.concat([carried, carried.assign(value=ANY)]).drop_duplicates()
    values = sorted({ANY, *carried.value})
    place = pd.Series(np.arange(len(mentions)), index=mentions.mention_id.to_numpy())
    at = pd.DataFrame({"mention": place[carried.unit_id].to_numpy(), "column": pd.Categorical(carried.value, categories=values).codes})
    document, key = pd.factorize(mentions.document_id)[0], groups.groupby(names, sort=True).ngroup().to_numpy()
    seed, rows = seed_of(rng), []
    for number, group in enumerate(sorted(set(groups.itertuples(index=False, name=None)))):
        inside = key == number
        local, there = pd.factorize(document[inside])
        sums = np.zeros((len(there), len(values) + 1))
        np.add.at(sums, (local, len(values)), 1)
        of_document = np.full(len(mentions), -1)
        of_document[inside] = local
        chosen = at[inside[at.mention]]
        np.add.at(sums, (of_document[chosen.mention], chosen.column), 1)
        total = sums.sum(axis=0)
        low, high = bootstrap_interval(sums, _shares, rng=seed)
        for n, value in enumerate(values):
            rows.append((*group, value, total[n] / total[-1], low[n], high[n], int(total[n]), int((sums[:, n] > 0).sum())))
    table = pd.DataFrame(rows, columns=[*names, "label", *OWN_COLUMNS[1:]]).assign(measure="label_share")
    order = [*names, "label"]
    table = table.sort_values(["estimate", *order], ascending=[False, *([True] * len(order))], kind="stable", ignore_index=True)
    made = table.reindex(columns=["measure", *order, *OWN_COLUMNS[1:]]).astype(dict.fromkeys(order, "str"))
    return with_copies(tables.check(made, "measures"), copies)


def _shares(sums: Floats) -> Floats:
    return np.asarray(sums[..., :-1] / sums[..., -1:])
