"""Samples for hand coding: which rows people should look at, so that what they find can be said of the whole corpus."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import tables
from newsanalysis.found import resolved
from newsanalysis.tables import TableError

Ints = NDArray[np.int64]

KEYS = ("statement_id", "act_id", "mention_id", "unit_id", "attribution_id", "document_id")
NOUNS = {
    "statement_id": "statements",
    "act_id": "acts",
    "mention_id": "mentions",
    "unit_id": "units",
    "attribution_id": "attributions",
    "document_id": "documents",
}
OWN = ("stratum", "weight", "drawn")
ALLOCATIONS = ("proportional", "equal")
AT_LEAST = 2  # rows a stratum, where it has them: from one alone nothing can be learned of how rows differ
MISSING = "(missing)"


def sample(
    table: pd.DataFrame, *, n: int, by: str | Iterable[str] | None = None, allocation: str = "proportional", rng: int | np.random.Generator = 0
) -> pd.DataFrame:
    """Draw a stratified sample of attributions, units, mentions, codes, statements, acts or documents for hand coding.

    weight = rows in the stratum / rows drawn from it.

    Parameters
    ----------
    table : DataFrame
        Any table with ``document_id`` and a key: ``mention_id``, ``unit_id``, ``attribution_id``, ``statement_id``, ``act_id``, or documents themselves.
    n : int
        How many rows to draw.
    by : str or iterable of str, optional
        Columns whose combinations are the strata, such as ``affiliation`` or ``["outlet", "affiliation"]``. Missing cells are a stratum of their own.
    allocation : {"proportional", "equal"}
        Proportional to the strata's size, but at least two rows from each that has two (one, if n is below twice the number of strata); or as
        equally as their sizes allow, which finds the errors of rare values with fewer rows and makes figures on the whole corpus less certain.
    rng : int or numpy.random.Generator
        The same seed draws the same rows, in whatever order the table stands.

    Returns
    -------
    DataFrame
        The rows drawn, in order of document and key, all columns kept, and: ``unit_id`` (the key, as text), ``stratum``,
        ``weight`` (how many rows of the table each stands for, at least 1; they add to the table's rows) and ``drawn`` (how the sample was drawn,
        in words). Keep it: ``na.coding_sheet`` writes it out, ``na.pairs`` compares it with the hand codes.

    Raises
    ------
    TableError
        Without a key that is complete and unique, or a column of ``by``; for a table that is a sample already.
    ValueError
        If n is larger than the table, or smaller than the number of strata.

    Notes
    -----
    Within a stratum every row has the same probability. Rows are laid out document by document, in random order, and drawn at equal
    distances from a random start, so that no document gives more than one row above its part. How large: the interval of a share of .5 is
    about ±.10 with 100 rows and ±.06 with 300; for precision and recall of a value, count on at least 50 rows of it.

    Source: Cochran (1977), Sampling techniques, 3rd ed., ch. 5 (stratified) and 8 (systematic sampling); Riffe, Lacy, Watson & Lovejoy (2023),
    Analyzing media messages, 5th ed., ch. 5 (samples for content analysis).

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"attribution_id": list("abcdefgh"), "document_id": list("11223344"), "affiliation": ["nato"] * 6 + ["russian"] * 2})
    >>> sample(rows, n=4, by="affiliation").groupby("affiliation").weight.agg(["size", "sum"]).reset_index().values.tolist()
    [['nato', 2, 6.0], ['russian', 2, 2.0]]
    """
    if allocation not in ALLOCATIONS:
        raise ValueError(f"sample: allocation must be one of {', '.join(ALLOCATIONS)}; not {allocation!r}.")
    key = _key(table)
    columns = [] if by is None else tables.names(by)
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise tables.no_column("sample", absent[0], table)
    if tables.table_of(table) == "attributions":
        resolved(table, columns, "sample")
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or not 1 <= n <= len(table):
        raise ValueError(f"sample: n={n!r}, but the table has {len(table)} rows; give a whole number from 1 to {len(table)}.")
    ordered = table.assign(unit_id=table[key].astype("str")).sort_values(["document_id", "unit_id"], kind="stable", ignore_index=True)
    strata = _strata(ordered, columns)
    number, names = pd.factorize(strata, sort=True)
    sizes = np.bincount(number, minlength=len(names)).astype(np.int64)
    if len(names) > n:
        raise ValueError(f"sample: n={n}, but by={by!r} makes {len(names)} strata; give a larger n, or strata of fewer kinds.")
    counts = _allocate(sizes, int(n), allocation)
    generator = np.random.default_rng(_checked(rng))
    documents = pd.factorize(ordered["document_id"], sort=True)[0]
    drawn = [_spread(np.flatnonzero(number == stratum), documents, count, generator) for stratum, count in enumerate(counts)]
    rows = np.sort(np.concatenate(drawn))
    chosen = ordered.iloc[rows].reset_index(drop=True)
    return chosen.assign(
        stratum=pd.Series(np.asarray(names, dtype=object)[number[rows]], dtype="str"),
        weight=(sizes / counts)[number[rows]],
        drawn=_how(f"{n} of {len(table)} {_noun(table, key)}", columns, allocation, rng),
    )


def _key(table: pd.DataFrame) -> str:
    """The first key that the table has in full, each value once."""
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"sample: a table is needed, not {type(table).__name__}; from what na.attribute found, give found.attributions.")
    if "document_id" not in table.columns or table.document_id.isna().any():
        raise TableError("sample: every row needs its document_id.")
    if taken := [column for column in OWN if column in table.columns]:
        raise TableError(f"sample: the table has a column {taken[0]!r} already; give the table that a sample is drawn from, not a sample.")
    present = [key for key in KEYS if key in table.columns]
    unique = [key for key in present if table[key].notna().all() and table[key].astype("str").is_unique]
    if not unique or ("unit_id" in present and unique[0] not in KEYS[:4]):
        twice = table[present[0]][table[present[0]].astype("str").duplicated() | table[present[0]].isna()].iloc[0]
        raise TableError(
            f"sample: {present[0]} {twice!r} stands for several rows or for none; each row needs a key of its own. "
            "Codes: keep one code of one coder, or write the place into the key: codes.assign(unit_id=codes.unit_id + '@' + codes.start.astype('str'))."
        )
    return unique[0]


def _strata(table: pd.DataFrame, columns: list[str]) -> pd.Series[Any]:
    if not columns:
        return pd.Series("all", index=table.index, dtype="str")
    first, *others = (table[column].astype("str").fillna(MISSING) for column in columns)
    for other in others:
        first = first + " · " + other
    return first


def _allocate(sizes: Ints, n: int, allocation: str) -> Ints:
    """How many rows each stratum gives: the least first, then one at a time where most are lacking."""
    strata = len(sizes)
    aimed = n * sizes / sizes.sum() if allocation == "proportional" else np.full(strata, n / strata)
    counts = np.minimum(sizes, AT_LEAST if np.minimum(sizes, AT_LEAST).sum() <= n else 1)
    whole = np.maximum(counts, np.minimum(np.floor(aimed).astype(np.int64), sizes))
    counts = whole if whole.sum() <= n else counts
    for _ in range(n - int(counts.sum())):
        counts[np.where(counts < sizes, aimed - counts, -np.inf).argmax()] += 1
    return counts


def _spread(rows: Ints, documents: Ints, count: int, generator: np.random.Generator) -> Ints:
    """Draw rows at equal distances from a random start, the rows laid out by document, both in random order: each is as likely."""
    shuffled = generator.permutation(rows)
    order = generator.permutation(int(documents.max()) + 1)
    laid = shuffled[np.argsort(order[documents[shuffled]], kind="stable")]
    step = len(rows) / count
    at = np.floor(generator.random() * step + step * np.arange(count)).astype(np.int64)
    drawn: Ints = laid[np.minimum(at, len(rows) - 1)]
    return drawn


def _checked(rng: int | np.random.Generator) -> int | np.random.Generator:
    if isinstance(rng, np.random.Generator) or (isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0):
        return rng
    raise ValueError(f"sample: rng must be a whole number of at least 0 or a numpy.random.Generator; not {rng!r}.")


def _noun(table: pd.DataFrame, key: str) -> str:
    kinds: list[str] = table["unit"].unique().tolist() if key == "unit_id" and "unit" in table.columns else []
    return f"{kinds[0]}s" if len(kinds) == 1 else NOUNS[key]


def _how(counted: str, columns: list[str], allocation: str, rng: int | np.random.Generator) -> str:
    strata = f", stratified by {' and '.join(columns)} ({allocation} allocation)" if columns else ""
    seed = "" if isinstance(rng, np.random.Generator) else f" (seed {rng})"
    return f"{counted}{strata}, drawn at random and spread over documents{seed}"
