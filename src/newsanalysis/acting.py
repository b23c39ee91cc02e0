"""Who acts and who is acted upon, counted: a measure of the acts that `agency` finds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import tables
from newsanalysis.measures import copies_in, seed_of, with_copies
from newsanalysis.origins import traced
from newsanalysis.resampling import bootstrap_interval
from newsanalysis.tables import TableError

Floats = NDArray[np.float64]


@traced
def agency_balance(acts: pd.DataFrame, *, by: str = "actor", rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Return for each actor whether it more often acts or is acted upon.

    balance = (a - u) / (a + u), with a the acts in which the actor acts and u those in which it is acted upon.

    Parameters
    ----------
    acts : DataFrame
        What ``na.agency`` returns, or its columns document_id and the two of ``by``; with a column ``negated``, negated acts are left out.
    by : str
        The column of who acts: ``actor``, ``actor_id`` or one merged in, as ``actor_affiliation``. Whom it is done to stands in the column with
        ``acted_upon`` in the place of ``actor``.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*: ``agency_balance``, one row an actor, the most frequent first; no unit, in [-1, 1]: 1 always acts, 0 as often as it is
        acted upon, -1 only is acted upon. ``n`` counts its acts of both kinds; the interval is missing with one document.

    Raises
    ------
    TableError
        For a column that is missing.

    Notes
    -----
    A higher value says that sentences more often show the actor doing than suffering, not that it is to blame: "helped" counts as "shelled"
    does, so look at the verbs, or keep ``acts[acts.event]``. Only acts between two named actors count, and more are missed than found. Do not
    compare actors of different codebooks.

    Source: van Leeuwen (1996), The representation of social actors, in Caldas-Coulthard & Coulthard (eds.), Texts and practices, pp. 43-46
    (activation and passivation).

    Examples
    --------
    >>> import newsanalysis as na
    >>> acts = na.agency(na.units(na.documents(["Russia attacked Ukraine.", "Russia shelled Ukraine.", "Ukraine hit Russia."])))
    >>> agency_balance(acts)[["actor", "estimate", "n"]].round(2).values.tolist()
    [['Russia', 0.33, 3], ['Ukraine', -0.33, 3]]
    """
    other = by.replace("actor", "acted_upon", 1)
    for column in ("document_id", by, other):
        if column not in acts:
            given = {"document_id", "actor", "acted_upon"} <= set(acts) or column not in ("document_id", "actor", "acted_upon")
            what = "merge it in first" if given else "give what na.agency returns"
            raise TableError(f"agency_balance: column {column!r} is missing; {what} (columns found: {', '.join(map(str, acts))}).")
    if other == by:
        raise TableError(f"agency_balance: by={by!r} does not name who acts; it must begin with 'actor', as 'actor_id' does.")
    seed, rows = seed_of(rng), sides_of(acts, by)
    measured = [_of_actor(str(actor), part, seed) for actor, part in rows.groupby(by, sort=True)]
    columns = ["measure", by, "estimate", "ci_low", "ci_high", "n", "n_documents"]
    table = pd.DataFrame(measured, columns=columns).sort_values(["n", by], ascending=[False, True], kind="stable", ignore_index=True)
    numbers = {**dict.fromkeys(columns[2:5], "float64"), "n": "int64", "n_documents": "int64"}
    checked = tables.check(table.astype({**numbers, "measure": "str", by: "str"}), "measures")
    return with_copies(checked, copies_in("agency_balance", acts))


def sides_of(acts: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the acts, less negated ones, once for who acts and once for whom it is done to: column ``by``, and ``side`` 0 and 1."""
    counted = acts[~acts.negated.astype("boolean").fillna(False).astype(bool)] if "negated" in acts else acts
    other = by.replace("actor", "acted_upon", 1)
    sides = [counted.drop(columns={by, other} - {column}).rename(columns={column: by}).assign(side=side) for side, column in enumerate((by, other))]
    return pd.concat(sides, ignore_index=True).dropna(subset=[by]).reset_index(drop=True)


def _of_actor(actor: str, rows: pd.DataFrame, seed: int) -> tuple[object, ...]:
    """The row of an actor from its appearances, on side 0 (acts) and 1 (is acted upon)."""
    sums = pd.crosstab(rows.document_id, rows.side).reindex(columns=[0, 1], fill_value=0).to_numpy(np.float64)
    low, high = bootstrap_interval(sums, _balance, rng=seed)
    return "agency_balance", actor, _balance(sums.sum(axis=0))[0], low[0], high[0], len(rows), len(sums)


def _balance(sums: Floats) -> Floats:
    return np.asarray((sums[..., :1] - sums[..., 1:]) / sums.sum(axis=-1, keepdims=True))
