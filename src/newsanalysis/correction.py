"""Shares corrected for the machine's errors, as a hand-coded sample of the same corpus shows them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import measures, tables
from newsanalysis.measures import MISSING, By
from newsanalysis.origins import traced
from newsanalysis.resampling import Floats, bootstrap_interval
from newsanalysis.sums import Rng
from newsanalysis.tables import TableError

METHODS = ("likelihood", "pooled", "matrix")
PAIRS = ("unit_id", "document_id", "variable", "machine", "hand", "weight")
KEYS = ("mention_id", "unit_id", "attribution_id", "document_id")
FEW = 50  # hand-coded units of a group below which a warning is given
DENSE = 50_000_000  # documents × sums up to which there is an interval
ROUNDS, CLOSE = 2000, 1e-8  # of the EM algorithm
TELLS_NOTHING = 0.05  # smallest singular value of the confusion matrix at which it is still turned round


class _Sums(NamedTuple):
    """What a document adds: its units by group and machine value; the same of the pairs; the pairs among the units; weighted pairs by hand value too."""

    units: Floats  # ..., group, machine
    pairs: Floats  # ..., group, machine
    inside: Floats  # ..., group, machine
    weighted: Floats  # ..., group, machine, hand


@traced
def corrected_share(table: pd.DataFrame, pairs: pd.DataFrame, *, by: By | None = None, method: str = "likelihood", rng: Rng = 0) -> pd.DataFrame:
    """Return the share of each value as hand coding of all units would give it, estimated from a hand-coded sample.

    likelihood: share(h | g) = Σ over machine values m of (units of g with m / units of g) × P(h | m, g), P from the pairs.
    pooled: the shares, and error rates P(m | h) that are the same in all groups, under which units and pairs are most likely.
    matrix: shares that the error rates P(m | h) of the pairs turn into the machine's shares of g (for two values (q + sp - 1) / (se + sp - 1)).

    Parameters
    ----------
    table : DataFrame
        What the machine coded, all of it: *attributions*, *mentions* or units with a column named like the pairs' variable (``affiliation``),
        or *codes* with that code, one a unit.
    pairs : DataFrame
        Machine beside hand for a random sample of the table (``na.pairs``), of one variable: unit_id, document_id, variable, machine,
        hand, weight.
    by : str or list of str, optional
        The group, a column of the table such as an ``outlet`` merged in; None for all together.
    method : {"likelihood", "pooled", "matrix"}
        ``likelihood`` lets the machine err differently in each group and needs a sample of each. ``pooled`` and ``matrix`` are only right if it errs
        alike in all; ``matrix`` does not use that the sample is of this corpus, and is for pairs from elsewhere.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``corrected_share`` with columns ``variable``, ``method``, the group, ``value``, ``uncorrected`` (the machine's share) and
        ``n_validated`` (pairs of the group); no unit, in [0, 1], adding to 1 in each group; by ``matrix`` possibly outside, which is said
        in a warning and left as it is. ``n`` and ``n_documents`` are those of the group. The interval resamples documents with their pairs.

    Raises
    ------
    TableError
        For pairs of several variables, of units with another machine value than in the table (another run), without a group, or two of one unit.

    Warns
    -----
    UserWarning
        For groups with fewer than 50 pairs; for machine values that nobody checked, which are taken at the machine's word; for matrices that cannot be
        turned round (the share is then missing) or give shares below 0 or above 1; for tables too large for an interval.

    Notes
    -----
    Read it as the share that hand coding of everything would find, not as the truth: errors of the coders stay. A corrected estimate is less biased
    and less certain; report it beside the uncorrected one. The sample must be drawn at random from the table (``na.sample``; its weights
    are used), by hand codes that did not see the machine's. With fewer than some ten errors in the sample the interval is too narrow. Errors in
    finding units (attributions that were missed) are not corrected. Do not compare a corrected with an uncorrected share. No interval with more than
    50 million documents times sums.

    Sources: TeBlunthuis, Hase & Chan (2024), Misclassification in automated content analysis causes bias in regression. Can we fix it? Yes we can!,
    Communication Methods and Measures 18, pp. 278-299 (maximum likelihood adjustment; ``likelihood`` and ``pooled`` are theirs for a share in
    groups, with a model of the machine's codes that has the group and one that has not); Tenenbein (1972), A double sampling scheme for estimating from
    misclassified multinomial data, Technometrics 14, pp. 187-202 (the closed form of ``likelihood``); Rogan & Gladen (1978), Estimating
    prevalence from the results of a screening test, American Journal of Epidemiology 107, pp. 71-76; Hopkins & King (2010), A method of automated
    nonparametric content analysis for social science, American Journal of Political Science 54, pp. 229-247 (``matrix``).

    Examples
    --------
    Of a hundred units 40 are coded yes, of which 4 in 5 rightly; of the others 1 in 10 is missed: .4 × .8 + .6 × .1 = .38.

    >>> import pandas as pd
    >>> rows = {"unit_id": [f"u{n}" for n in range(100)], "document_id": [f"d{n % 20}" for n in range(100)], "threat": ["yes"] * 40 + ["no"] * 60}
    >>> table = pd.DataFrame(rows)
    >>> drawn = table[25:70].rename(columns={"threat": "machine"}).assign(variable="threat", weight=1.0)
    >>> hand = ["yes"] * 12 + ["no"] * 3 + ["yes"] * 3 + ["no"] * 27
    >>> import warnings; warnings.simplefilter("ignore")  # 45 pairs are few
    >>> corrected_share(table, drawn.assign(hand=hand))[["value", "uncorrected", "estimate"]].round(3).values.tolist()
    [['no', 0.6, 0.62], ['yes', 0.4, 0.38]]
    """
    if method not in METHODS:
        raise ValueError(f"corrected_share: method must be one of {', '.join(METHODS)}; not {method!r}.")
    copies = measures.copies_in("corrected_share", table, *([pairs] if measures.COPIES in pairs else []))
    pairs = _checked(pairs)
    units = coded_units(table, pairs, by)
    pairs = _placed(pairs, units, by)
    groups, values = sorted(units.group.unique()), sorted({*units.machine, *pairs.machine, *pairs.hand})
    shape = len(groups), len(values)
    documents = len({*units.document_id, *pairs.document_id})
    large = documents * shape[0] * shape[1] * (3 + shape[1]) > DENSE
    if large:  # then the documents are not told apart: the sums of all, in one row
        units, pairs = units.assign(document=units.document_id, document_id=""), pairs.assign(document_id="")
    sums, statistic = by_document(units, pairs, groups, values), partial(STATISTICS[method], shape=shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = sums.sum(axis=0)
        estimate = statistic(whole[None])[0]
        low, high = bootstrap_interval(sums, statistic, rng=measures.seed_of(rng))
        total = _unpacked(whole, shape)
        uncorrected = (total.units / total.units.sum(axis=-1, keepdims=True)).ravel()
    _warn(total, (groups, values), method, estimate)
    if large:
        _say(f"{documents} documents are too many for an interval with {shape[0]} groups and {shape[1]} values; name the rare ones alike.", stacklevel=3)
    name = measures.name_of(by)
    made = pd.DataFrame({name or "group": np.repeat(groups, len(values)), "value": np.tile(values, len(groups))})
    counts = {
        "n_validated": total.pairs.sum(axis=-1),
        "n": total.units.sum(axis=-1),
        "n_documents": units.groupby("group")["document" if large else "document_id"].nunique().to_numpy(),
    }
    made = made.assign(measure="corrected_share", variable=pairs.variable.iloc[0], method=method, uncorrected=uncorrected, estimate=estimate)
    made = made.assign(ci_low=low, ci_high=high, **{column: np.repeat(count, len(values)).astype(np.int64) for column, count in counts.items()})
    made = made.sort_values([name or "group", "estimate", "value"], ascending=[True, False, True], kind="stable", ignore_index=True)
    labels = ["variable", "method", *([name] if name else []), "value"]
    order = ["measure", *labels, "uncorrected", "n_validated", *measures.OWN_COLUMNS[1:]]
    made = tables.check(measures.parted(made[order].astype(dict.fromkeys(labels, "str"))), "measures")
    return measures.with_copies(made, copies)


def _checked(pairs: pd.DataFrame) -> pd.DataFrame:
    absent = [column for column in PAIRS if column not in getattr(pairs, "columns", [])]
    if absent:
        raise TableError(f"corrected_share: pairs has no column {absent[0]!r}; give what na.pairs returns.")
    if pairs.empty:
        raise TableError("corrected_share: pairs has no rows; hand-code a sample first (na.sample, na.coding_sheet).")
    variables = sorted(pairs.variable.unique())
    if len(variables) > 1:
        raise TableError(f"corrected_share: pairs are of {len(variables)} variables ({', '.join(variables)}); keep one.")
    if pairs.hand.isna().any():
        raise TableError(f"corrected_share: {int(pairs.hand.isna().sum())} pairs have no hand code; leave them out.")
    if not ((pairs.weight > 0) & np.isfinite(pairs.weight.astype("float64"))).all():
        raise TableError("corrected_share: every weight must be above 0 and finite.")
    ids = {column: pairs[column].astype("str") for column in ("unit_id", "document_id")}
    if (twice := ids["unit_id"].duplicated()).any():
        problem = f"corrected_share: {int(twice.sum())} pairs are of units that have a pair already, first {ids['unit_id'][twice].iloc[0]!r}"
        raise TableError(f"{problem}; keep one hand code a unit, as na.pairs does.")
    if pairs.document_id.isna().any():
        raise TableError(f"corrected_share: {int(pairs.document_id.isna().sum())} pairs have no document_id; give what na.pairs returns.")
    return pairs.assign(**ids, machine=_text(pairs.machine), hand=_text(pairs.hand)).reset_index(drop=True)


def _text(values: pd.Series[Any]) -> pd.Series[str]:
    """Values as text, missing ones named; whole numbers without a point, as na.pairs writes them."""
    whole = pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all()
    return (values.astype("Int64") if whole else values).astype("str").fillna(MISSING)


def coded_units(table: pd.DataFrame, pairs: pd.DataFrame, by: By | None) -> pd.DataFrame:
    """What the machine coded: unit_id, document_id, machine, group."""
    variable = str(pairs.variable.iloc[0])
    column = variable
    if table.empty or "document_id" not in table.columns:
        problem = "the table has no rows" if table.empty else "the table has no column 'document_id'"
        raise TableError(f"corrected_share: {problem}; give all that the machine coded, as na.sample was given it.")
    if column not in table.columns:
        if "code" not in table.columns or variable not in set(table.code):
            found = ", ".join(map(str, table.columns))
            raise TableError(f"corrected_share: the table has neither a column nor a code {variable!r} (columns found: {found}); rename the machine's column.")
        table, column = table[table.code == variable], "value"
    keys = [key for key in KEYS if key in table.columns and table[key].notna().all() and table[key].is_unique]
    if not keys:
        raise TableError("corrected_share: the table has no key with one row a unit; give codes a unit_id each, as for na.sample.")
    known = set(pairs.unit_id)
    key = max(keys, key=lambda name: len(known & set(table[name].astype("str"))))
    groups = measures.groups_of(table, by, "corrected_share", own=("variable", "method", "value", "uncorrected", "n_validated"))
    if table.document_id.isna().any():
        raise TableError(f"corrected_share: {int(table.document_id.isna().sum())} rows of the table have no document_id; fill it in.")
    columns = {"unit_id": table[key].astype("str"), "document_id": table.document_id.astype("str"), "machine": _text(table[column]), "group": groups}
    return pd.DataFrame(columns).reset_index(drop=True)


def _placed(pairs: pd.DataFrame, units: pd.DataFrame, by: By | None) -> pd.DataFrame:
    """The pairs with their group, and whether they are of the table."""
    at = pd.Index(units.unit_id).get_indexer(pd.Index(pairs.unit_id))
    inside = at >= 0
    other = inside & (units.machine.to_numpy()[at] != pairs.machine.to_numpy())
    if other.any():
        first = pairs.unit_id[other].iloc[0]
        raise TableError(f"corrected_share: {int(other.sum())} pairs have another machine value than the table, first {first!r}; they are of another run.")
    if inside.all() or by is None:
        groups = pd.Series(units.group.to_numpy()[at] if by is not None else "all", index=pairs.index)
    else:
        if set([by] if isinstance(by, str) else by) - set(pairs.columns):
            problem = f"corrected_share: {int((~inside).sum())} pairs are of units that are not in the table, first {pairs.unit_id[~inside].iloc[0]!r}"
            raise TableError(f"{problem}; give the table that the sample was drawn from, or a column {by!r} in pairs.")
        groups = measures.groups_of(pairs, by, "corrected_share")
    unknown = ~groups.isin(set(units.group))
    if unknown.any():
        raise TableError(f"corrected_share: {int(unknown.sum())} pairs are of groups that are not in the table, first {groups[unknown].iloc[0]!r}.")
    document = pairs.document_id.where(~inside, pd.Series(units.document_id.to_numpy()[at], index=pairs.index))
    return pairs.assign(group=groups, inside=inside, document_id=document)


def by_document(units: pd.DataFrame, pairs: pd.DataFrame, groups: list[str], values: list[str]) -> Floats:
    """Documents × (units, pairs, pairs inside: group × machine; weighted pairs: group × machine × hand)."""
    documents = pd.Index(sorted({*units.document_id, *pairs.document_id}))
    k, cells = len(values), len(groups) * len(values)
    width = cells * (3 + k)
    sums = np.zeros((len(documents), width))

    def cell(table: pd.DataFrame) -> NDArray[np.int64]:
        return pd.Index(groups).get_indexer(pd.Index(table.group)).astype(np.int64) * k + pd.Index(values).get_indexer(pd.Index(table.machine))

    at, of_units = documents.get_indexer(pd.Index(units.document_id)), cell(units)
    np.add.at(sums, (at, of_units), 1)
    at, of_pairs = documents.get_indexer(pd.Index(pairs.document_id)), cell(pairs)
    np.add.at(sums, (at, cells + of_pairs), 1)
    np.add.at(sums, (at, 2 * cells + of_pairs), pairs.inside.to_numpy(np.float64))
    hand = pd.Index(values).get_indexer(pd.Index(pairs.hand))
    order = np.argsort(pairs.weight.to_numpy(np.float64), kind="stable")
    np.add.at(sums, (at[order], (3 * cells + of_pairs * k + hand)[order]), pairs.weight.to_numpy(np.float64)[order])
    return sums


def _unpacked(sums: Floats, shape: tuple[int, int]) -> _Sums:
    cells = shape[0] * shape[1]
    units, pairs, inside = (sums[..., n * cells : (n + 1) * cells].reshape(*sums.shape[:-1], *shape) for n in range(3))
    return _Sums(units, pairs, inside, sums[..., 3 * cells :].reshape(*sums.shape[:-1], *shape, shape[1]))


def _hand_given_machine(weighted: Floats) -> Floats:
    """P(hand | machine); where nobody checked a machine value it is taken at its word."""
    total = weighted.sum(axis=-1, keepdims=True)
    return np.where(total > 0, weighted / total, np.eye(weighted.shape[-1]))


def _likelihood(sums: Floats, shape: tuple[int, int]) -> Floats:
    """The machine's shares times P(hand | machine, group)."""
    of = _unpacked(sums, shape)
    joint = of.units[..., None] * _hand_given_machine(of.weighted)
    return np.asarray(joint.sum(axis=-2) / of.units.sum(axis=-1, keepdims=True)).reshape(len(sums), -1)


def _matrix(sums: Floats, shape: tuple[int, int]) -> Floats:
    """The shares that P(machine | hand) turns into the machine's shares."""
    of = _unpacked(sums, shape)
    confusion = of.weighted.sum(axis=-3).swapaxes(-1, -2)  # ..., hand, machine
    seen = confusion.sum(axis=-1) > 0
    rates = confusion / np.where(seen, confusion.sum(axis=-1), 1)[..., None]
    alone = ~seen & (confusion.sum(axis=-2) == 0)  # neither given nor found by hand: at its word
    rates = rates + alone[..., None] * np.eye(shape[1])
    smallest, turned = _smallest(rates, seen | alone), np.linalg.pinv(rates, rcond=1e-9)
    shares = of.units / of.units.sum(axis=-1, keepdims=True)
    corrected = np.einsum("rgm,rmh->rgh", shares, turned)
    return np.where(smallest[:, None, None] < TELLS_NOTHING, np.nan, corrected).reshape(len(sums), -1)


def _smallest(rates: Floats, used: NDArray[np.bool_]) -> Floats:
    """The smallest singular value that counts: as many of the largest as there are hand values."""
    singular = np.linalg.svd(rates, compute_uv=False)
    return np.asarray(np.take_along_axis(singular, np.maximum(used.sum(axis=-1, keepdims=True) - 1, 0), axis=-1)[:, 0], dtype=np.float64)


def _pooled(sums: Floats, shape: tuple[int, int]) -> Floats:
    """The shares in each group and the common P(machine | hand) that are most likely, by the EM algorithm."""
    of = _unpacked(sums, shape)
    known = of.pairs[..., None] * _hand_given_machine(of.weighted)  # ..., group, machine, hand
    open_ = of.units - of.inside
    checked = np.greater(of.pairs.sum(axis=-2), 0)  # machine values that somebody checked
    found = np.greater(known.sum(axis=(-3, -2)), 0)  # hand values that somebody gave
    possible = np.where(checked[:, :, None], found[:, None, :], np.eye(shape[1], dtype=bool))  # ..., machine, hand
    rates = _normal(known.sum(axis=-3) + 0.1 * possible, axis=-2)
    shares = _normal(_likelihood(sums, shape).reshape(-1, *shape) + 0.1 / shape[1], axis=-1) * possible.max(axis=-2, keepdims=True)
    for _ in range(ROUNDS):
        joint = shares[:, :, None, :] * rates[:, None, :, :]
        counts = known + open_[..., None] * _normal(joint, axis=-1)
        before, shares = shares, _normal(counts.sum(axis=-2), axis=-1)
        rates = _normal(counts.sum(axis=-3), axis=-2)
        if np.nanmax(np.abs(shares - before), initial=0) < CLOSE:
            break
    return np.where(of.units.sum(axis=-1, keepdims=True) > 0, shares, np.nan).reshape(len(sums), -1)


def _normal(counts: Floats, *, axis: int) -> Floats:
    """Made to add to 1; 0 where there is nothing."""
    total = counts.sum(axis=axis, keepdims=True)
    return np.asarray(np.where(total > 0, counts / np.where(total > 0, total, 1), 0.0))


STATISTICS: dict[str, Callable[..., Floats]] = {"likelihood": _likelihood, "pooled": _pooled, "matrix": _matrix}


def _warn(total: _Sums, names: tuple[list[str], list[str]], method: str, estimate: Floats) -> None:
    """Say what the sample cannot tell."""
    groups, values = names
    validated = total.pairs.sum(axis=-1)
    few = [(g, int(n)) for g, n in zip(groups, validated, strict=True) if n < FEW] if method == "likelihood" else []
    if method != "likelihood" and validated.sum() < FEW:
        few = [("all", int(validated.sum()))]
    if few:
        listed = ", ".join(str(n) if g == "all" else f"{n} of {_said(g)}" for g, n in few[:5])
        _say(f"hand-coded units are few ({listed}); below {FEW} the error rates are hardly known: code more, or read the interval as too narrow.")
    pairs = total.pairs if method == "likelihood" else np.broadcast_to(total.pairs.sum(axis=0), total.pairs.shape)
    unchecked = (total.units > 0) & (pairs == 0)
    if unchecked.any():
        where = [f"{values[m]!r}" + (f" in {_said(groups[g])}" if method == "likelihood" and len(groups) > 1 else "") for g, m in np.argwhere(unchecked)]
        share = 100 * total.units[unchecked].sum() / total.units.sum()
        listed = ", ".join(dict.fromkeys(where[:5])) + (" ..." if len(where) > 5 else "")
        _say(f"{share:.1f} % of the units have a machine value that nobody checked ({listed}); it is taken at the machine's word.")
    if np.isnan(estimate).any():
        _say("by these pairs the machine's values tell next to nothing of the hand's, so that the shares are missing; improve the coder.")
    outside = (estimate < -1e-9) | (estimate > 1 + 1e-9)
    if outside.any():
        _say(f"{int(outside.sum())} shares lie below 0 or above 1: the pairs' error rates are not those of the table; they are left as they are.")


def _said(group: str) -> str:
    return group.replace(measures.JOIN, ", ")


def _say(what: str, stacklevel: int = 4) -> None:
    warnings.warn(f"corrected_share: {what}", UserWarning, stacklevel=stacklevel)
