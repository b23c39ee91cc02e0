"""Agreement among coders: per cent agreement and Krippendorff's alpha, with intervals that resample whole documents.

Everything is computed from the table of coincidences: each pair of codes that two coders gave to the same unit counts 1/(m - 1), m being the codes
of that unit. It is a sum over units, so it is also a sum over documents, and a resample of documents is a weighted sum of their tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import tables
from newsanalysis.measures import copies_in, with_copies
from newsanalysis.origins import traced
from newsanalysis.resampling import Floats, bootstrap_interval
from newsanalysis.tables import TableError
from newsanalysis.variables import LEVELS, Given, number_of, order_of, variables

Ints = NDArray[np.int64]
MOST = 20_000_000  # cells of documents × sums up to which there is an interval
NEEDED = ("unit_id", "document_id", "coder", "variable", "value")
FEW = 20  # documents below which a percentile interval is too narrow


class _Codes(NamedTuple):
    """The codes of one variable of units with at least two: numbers of unit, document and value, and codes of the unit."""

    unit: Ints
    document: Ints
    value: Ints
    several: Ints
    names: list[str]


class _Measured(NamedTuple):
    """The level of a variable, its values in order as far as the codebook lists them, and whether anybody said so."""

    level: str
    listed: list[str]
    known: bool


@traced
def agreement(codes: pd.DataFrame, *, level: str | None = None, codebook: Given | None = None, rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Measure how far coders agree: per cent agreement and Krippendorff's alpha for each variable.

    alpha = 1 - D_o / D_e, D_o being the mean difference δ² of the codes given to the same unit, D_e that of all codes drawn two by two.
    With o_ck the coincidences of the values c and k, n_c their sums and n the sum of all:
    alpha = 1 - (n - 1) Σ o_ck δ²_ck / Σ n_c n_k δ²_ck. δ²_ck is 1 for c ≠ k (nominal), (c - k)² (interval), and
    (n_c/2 + n_(c+1) + ... + n_(k-1) + n_k/2)² (ordinal). percent_agreement = pairs of codes of the same unit that are equal / all such pairs.

    Parameters
    ----------
    codes : DataFrame
        Hand codes as ``na.read_codes`` returns them: unit_id, document_id, coder, variable, value. Coders may have left units out.
    level : {"nominal", "ordinal", "interval"}, optional
        Of the variables that the codebook does not list. Interval needs numbers; ordinal numbers, or a codebook that lists the values in rising order.
        Without level and codebook the column ``level`` of the codes is used (``na.read_codes`` writes it); else nominal, and ``note`` says so.
    codebook : DataFrame, str, Path or Codebook, optional
        What ``na.coding_sheet`` was given: it has the level of each variable, and the order of ordinal values.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*, for each variable ``percent_agreement``, in [0, 1], and ``krippendorff_alpha``, at most 1 (1 is full agreement, 0 what chance
        would give, below 0 less than that), with the columns variable, level, n_coders and note. n counts the units with at least two
        codes, n_documents their documents. Where an estimate or its interval cannot be had, it is missing and ``note`` says why.

    Raises
    ------
    TableError
        For a missing column, a coder with two codes of a variable for the same unit, values that the level cannot take, a variable that the
        codebook does not have.

    Notes
    -----
    Krippendorff asks for .800, and accepts .667 for tentative conclusions; look at the lower bound. Alpha is low where one value is
    nearly all, even if coders differ little; per cent agreement is high there whatever they do: report both. Do not compare alphas of different
    levels, or of samples that were drawn differently (a sample with equal strata raises alpha). The interval resamples documents, not units
    or pairs of codes as Krippendorff's own bootstrap does: what coders find hard in one article they find hard throughout it, and the
    other intervals of this package do the same. It does not say how other coders would agree. A full agreement has no interval.

    Source: Krippendorff (2019), Content analysis, 4th ed., ch. 12; Krippendorff (2011), Computing Krippendorff's alpha-reliability
    (the worked examples that the tests recompute); Hayes & Krippendorff (2007), Communication Methods and Measures 1, pp. 77-89.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(u, "d" + u, c, v) for u, pair in {"1": "xx", "2": "xy", "3": "yy", "4": "yy"}.items() for c, v in zip("AB", pair)]
    >>> codes = pd.DataFrame(rows, columns=["unit_id", "document_id", "coder", "value"]).assign(variable="frame")
    >>> agreement(codes)[["measure", "estimate", "n"]].round(3).values.tolist()
    [['percent_agreement', 0.75, 4], ['krippendorff_alpha', 0.533, 4]]
    """
    if level is not None and level not in LEVELS:
        raise ValueError(f"agreement: level must be one of {', '.join(LEVELS)}; not {level!r}.")
    rows = checked_codes(codes, "agreement")
    twice = rows[rows.duplicated(["variable", "coder", "unit_id"])]
    if len(twice):
        row = twice.iloc[0]
        raise TableError(
            f"agreement: coder {row['coder']!r} has two codes of {row['variable']!r} for unit {row['unit_id']!r} ({len(twice)} such rows); keep one."
        )
    scheme = None if codebook is None else variables(codebook)
    seed = int(rng.integers(2**63)) if isinstance(rng, np.random.Generator) else rng
    levels = {} if level or scheme is not None else _levels(codes)
    parts = [_of_variable(str(name), of, _measured(str(name), scheme, level, levels), seed) for name, of in rows.groupby("variable", sort=False)]
    if not parts:
        raise TableError("agreement: there are no codes; read the filled-in sheets by na.read_codes.")
    return with_copies(tables.check(pd.concat(parts, ignore_index=True), "measures"), copies_in("agreement", codes))


def checked_codes(codes: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return hand codes with the columns that they need as text, blank ones left out."""
    absent = [column for column in NEEDED if column not in codes.columns]
    if absent:
        raise TableError(f"{what}: column {absent[0]!r} is missing; hand codes have {', '.join(NEEDED)}, as na.read_codes returns them.")
    rows = codes.loc[codes["value"].notna(), [*NEEDED]]
    if rows.isna().to_numpy().any():
        column = next(column for column in NEEDED if rows[column].isna().any())
        raise TableError(f"{what}: column {column!r} is blank in {int(rows[column].isna().sum())} rows; every code has its unit, document, coder and variable.")
    whole = {"value": rows["value"].map(lambda value: int(value) if isinstance(value, float) and value.is_integer() else value)}
    return rows.assign(**whole).astype("str").reset_index(drop=True)


def _levels(codes: pd.DataFrame) -> dict[str, str]:
    """The level of each variable as the codes have it in their column ``level``."""
    if "level" not in codes.columns:
        return {}
    said = codes.loc[codes["level"].notna(), ["variable", "level"]].astype("str").drop_duplicates()
    wrong = said[~said["level"].isin(LEVELS)]
    if len(wrong):
        raise TableError(f"agreement: column 'level' has {wrong['level'].iloc[0]!r}; allowed are {', '.join(LEVELS)}.")
    twice = said[said.duplicated("variable")]
    if len(twice):
        raise TableError(f"agreement: the codes of {twice['variable'].iloc[0]!r} have two levels; give the codebook that holds, or level.")
    return dict(zip(said["variable"], said["level"], strict=True))


def _measured(variable: str, scheme: pd.DataFrame | None, level: str | None, levels: dict[str, str]) -> _Measured:
    """The level of a variable: the codebook's; else as given; else that of the codes; else nominal."""
    rows = scheme[scheme["variable"] == variable] if scheme is not None else None
    if rows is not None and len(rows):
        return _Measured(rows["level"].iloc[0], rows["value"].tolist(), True)
    if scheme is not None and level is None:
        known = ", ".join(map(repr, scheme["variable"].unique()))
        raise TableError(f"agreement: the codebook has no variable {variable!r} of the codes (it has {known}); give the one they were coded with, or level.")
    given = level or levels.get(variable)
    return _Measured(given or "nominal", [], given is not None)


def _of_variable(variable: str, rows: pd.DataFrame, measured: _Measured, seed: int) -> pd.DataFrame:
    level = measured.level
    values = _ordered(variable, rows, level, measured.listed)
    coders = rows["coder"].nunique()
    paired = rows[rows.groupby("unit_id")["unit_id"].transform("size") > 1]
    paired = paired.sort_values(["document_id", "unit_id", "coder"], kind="stable")
    unit, unit_keys = pd.factorize(paired["unit_id"])
    if len(paired[["unit_id", "document_id"]].drop_duplicates()) > len(unit_keys):
        raise TableError(f"agreement: a unit of {variable!r} is given to two documents; read all sheets of one sample by na.read_codes.")
    document, documents = pd.factorize(paired["document_id"])
    several = np.bincount(unit, minlength=len(unit_keys)).astype(np.int64)
    read = _Codes(unit, document, pd.Index(values).get_indexer(pd.Index(paired["value"])).astype(np.int64), several, values)
    size = len(documents)
    table = pd.DataFrame(
        [
            {"measure": "percent_agreement", **_estimated(_agreeing(read, size), _first_over_second, seed)},
            {"measure": "krippendorff_alpha", **_estimated(*_alpha(read, size, level), seed)},
        ]
    ).assign(variable=variable, level=level, n_coders=int(coders), n=len(several), n_documents=size)
    table["note"] = [_note(row, read, rows) for row in table.to_dict("records")]
    if not measured.known and len(set(read.value.tolist())) > 2:  # of two values alpha is the same at every level
        table.loc[1, "note"] = " ".join([*table.loc[[1], "note"].dropna(), "level not given: taken as nominal."])
    table["note"] = table["note"].astype("str").where(table["note"].notna())
    return table.reindex(columns=["measure", "variable", "level", "n_coders", "note", "estimate", "ci_low", "ci_high", "n", "n_documents"])


def _ordered(variable: str, rows: pd.DataFrame, level: str, listed: list[str]) -> list[str]:
    present = set(rows["value"])
    words = sorted(value for value in present if number_of(value) is None)
    if level == "interval" and words:
        raise TableError(f"agreement: {variable!r} is interval, but {words[0]!r} is no number; code numbers, or give level='nominal'.")
    if level == "ordinal" and words and (absent := sorted(present - set(listed))):
        raise TableError(f"agreement: {variable!r} is ordinal, but the order of {absent[0]!r} is not known; give a codebook that lists its values, rising.")
    return order_of(present, listed)


# --- what documents add, and what is made of the sums -------------------------------------------------------------------


def _agreeing(codes: _Codes, documents: int) -> Floats:
    """For each document, equal pairs and all pairs of codes of the same unit."""
    k = max(1, len(codes.names))
    _, first, counts = np.unique(codes.unit * k + codes.value, return_index=True, return_counts=True)
    equal = np.bincount(codes.document[first], counts * (counts - 1) / 2, minlength=documents)
    m = codes.several[codes.unit]
    pairs = np.bincount(codes.document, (m - 1) / 2, minlength=documents)
    return np.column_stack([equal, pairs]).astype(np.float64)


def _first_over_second(sums: Floats) -> Floats:
    return np.asarray(sums[..., :1] / sums[..., 1:2])


def _alpha(codes: _Codes, documents: int, level: str) -> tuple[Floats, Callable[[Floats], Floats]]:
    if level == "interval":
        return _interval_sums(codes, documents), _interval_alpha
    if level == "ordinal":
        k = len(codes.names)
        return _coincidences(codes, documents), lambda sums: _ordinal_alpha(sums, k)
    return _nominal_sums(codes, documents), _nominal_alpha


def _nominal_sums(codes: _Codes, documents: int) -> Floats:
    """For each document: coincidences of equal values, then how many codes each value has."""
    k = max(1, len(codes.names))
    _, first, counts = np.unique(codes.unit * k + codes.value, return_index=True, return_counts=True)
    equal = np.bincount(codes.document[first], counts * (counts - 1) / (codes.several[codes.unit[first]] - 1), minlength=documents)
    return np.column_stack([equal, _tallies(codes, documents)])


def _tallies(codes: _Codes, documents: int) -> Floats:
    k = max(1, len(codes.names))
    return np.bincount(codes.document * k + codes.value, minlength=documents * k).reshape(documents, k).astype(np.float64)


def _nominal_alpha(sums: Floats) -> Floats:
    equal, tallies = sums[..., 0], sums[..., 1:]
    n = tallies.sum(axis=-1)
    return np.asarray(1 - (n - 1) * (n - equal) / (n**2 - (tallies**2).sum(axis=-1)))[..., None]


def _interval_sums(codes: _Codes, documents: int) -> Floats:
    """For each document: Σ o_ck (c - k)², the number of codes, their sum and their sum of squares, about the mean of all."""
    numbers = np.array([number_of(value) or 0.0 for value in codes.names])
    x = numbers[codes.value] if len(codes.value) else np.zeros(0)
    x = x - (x.mean() if len(x) else 0.0)
    m = codes.several.astype(np.float64)
    size = len(m)
    of_unit, squares = np.bincount(codes.unit, x, minlength=size), np.bincount(codes.unit, x**2, minlength=size)
    place = np.zeros(size, np.int64)
    place[codes.unit] = codes.document
    apart = np.bincount(place, 2 * (m * squares - of_unit**2) / (m - 1), minlength=documents)
    sums = [np.bincount(codes.document, weights, minlength=documents) for weights in (np.ones(len(x)), x, x**2)]
    return np.column_stack([apart, *sums]).astype(np.float64)


def _interval_alpha(sums: Floats) -> Floats:
    apart, n, total, squares = (sums[..., at] for at in range(4))
    expected = 2 * (n * squares - total**2)
    expected = np.where(expected > 1e-9 * np.maximum(n * squares, 1e-300), expected, np.nan)
    return np.asarray(1 - (n - 1) * apart / expected)[..., None]


def _coincidences(codes: _Codes, documents: int) -> Floats:
    """For each document its table of coincidences, row by row, as sums over units of (n_c n_k - [c = k] n_c) / (m - 1)."""
    k = max(1, len(codes.names))
    sums = np.zeros(documents * k * k)
    cells, counts = np.unique(codes.unit * k + codes.value, return_counts=True)
    unit, value = cells // k, cells % k
    place = np.zeros(len(codes.several), np.int64)
    place[codes.unit] = codes.document
    first = np.searchsorted(unit, np.arange(len(codes.several) + 1))
    kinds = np.diff(first)
    for shift in range(int(kinds.max(initial=0))):  # each value of a unit with the value that stands so many places on, round and round
        other = first[unit] + (np.arange(len(unit)) - first[unit] + shift) % kinds[unit]
        used = shift < kinds[unit]
        product = counts * (counts[other] - (1 if shift == 0 else 0)) / (codes.several[unit] - 1)
        sums += np.bincount(((place[unit] * k + value) * k + value[other])[used], product[used], minlength=len(sums))
    return sums.reshape(documents, k * k)


def _ordinal_alpha(sums: Floats, k: int) -> Floats:
    """The ordinal difference of two values is that of their middle ranks."""
    table = sums.reshape(*sums.shape[:-1], k, k)
    tallies = table.sum(axis=-1)
    n = tallies.sum(axis=-1)
    ranks = np.cumsum(tallies, axis=-1) - tallies / 2
    observed = np.zeros(n.shape)
    for value in range(k):  # by rows, so that memory stays bounded
        observed = observed + (table[..., value, :] * (ranks - ranks[..., value : value + 1]) ** 2).sum(axis=-1)
    expected = 2 * (n * (tallies * ranks**2).sum(axis=-1) - (tallies * ranks).sum(axis=-1) ** 2)
    expected = np.where(expected > 1e-9 * n**4, expected, np.nan)
    return np.asarray(1 - (n - 1) * observed / expected)[..., None]


def _estimated(sums: Floats, statistic: Callable[[Floats], Floats], seed: int) -> dict[str, float]:
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = float(statistic(sums.sum(axis=0))[0]) if len(sums) else np.nan
    low, high = np.full(1, np.nan), np.full(1, np.nan)
    if len(sums) > 1 and sums.size <= MOST and np.isfinite(estimate):
        low, high = bootstrap_interval(sums, statistic, rng=seed)
    return {"estimate": estimate if np.isfinite(estimate) else np.nan, "ci_low": float(low[0]), "ci_high": float(high[0])}


def _note(row: dict[Any, Any], codes: _Codes, rows: pd.DataFrame) -> str | None:
    """Why something is missing, in words."""
    if not len(codes.several):
        return f"no unit has codes of two coders ({rows['coder'].nunique()} coder, {len(rows)} codes)."
    given = sorted(set(codes.value.tolist()))
    if row["measure"] == "krippendorff_alpha" and len(given) == 1:
        return (
            f"all {len(codes.value)} codes are {codes.names[given[0]]!r}: without variation there is nothing to agree on beyond chance, and alpha "
            "is not defined. Draw a sample with more values (by=...)."
        )
    if row["ci_low"] == row["ci_low"]:
        return f"few documents ({row['n_documents']}): the interval is too narrow." if row["n_documents"] < FEW else None
    if row["n_documents"] == 1:
        return "one document: no interval."
    if row["estimate"] == 1:
        return "the coders agree everywhere: no interval."
    return "no interval: the documents do not vary, there are too many values, or most resamples have one value only."
