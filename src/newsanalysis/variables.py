"""What coders decide: the variables of a study, their values in words, and their level of measurement."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from newsanalysis import codebooks
from newsanalysis.codebooks import Codebook, CodebookError

COLUMNS = ("variable", "value", "label", "definition", "level")
LEVELS = ("nominal", "ordinal", "interval")
FORBIDDEN = "[]\n\r\t"  # in the name of a variable or a coder: the header of a column is "variable [coder]"
Given = str | Path | Codebook | pd.DataFrame


def variables(codebook: Given) -> pd.DataFrame:
    """Return the variables of a codebook for coders: variable, value, label, definition, level, all text.

    A file or a table has at least ``variable`` and ``value``; a blank value means that anything may be written (a number, where the level is
    interval). The level stands in any row of a variable; nominal without one. The values of an ordinal variable are in rising order, unless
    they are numbers. Of an actor codebook the variable is ``affiliation``.

    >>> variables("ukraine_war")[["variable", "value", "level"]].head(2).values.tolist()
    [['affiliation', 'russian_installed', 'nominal'], ['affiliation', 'russian', 'nominal']]
    """
    if isinstance(codebook, Codebook):
        return _of_actors(codebook)
    if isinstance(codebook, pd.DataFrame):
        return _checked(codebook, "codebook")
    path = Path(codebook)
    rows = codebooks.variable_rows(path) if path.is_file() else None
    if rows is not None:
        return _checked(rows, path.name)
    return _of_actors(codebooks.read(codebook))


def _of_actors(codebook: Codebook) -> pd.DataFrame:
    return _checked(codebook.affiliations.rename(columns={"affiliation": "value"}).assign(variable="affiliation", level="nominal"), codebook.name)


def _checked(table: pd.DataFrame, where: str) -> pd.DataFrame:
    absent = [column for column in COLUMNS[:2] if column not in table.columns]
    if absent:
        raise CodebookError(f"{where}: column {absent[0]!r} is missing; a codebook for coders has variable, value, label, definition and level.")
    text = table.reindex(columns=list(COLUMNS)).astype(object)
    text = text.map(lambda cell: "" if cell is None or cell != cell else _plain(cell)).astype("str").reset_index(drop=True)
    text = text[(text[["variable", "value", "label"]] != "").any(axis=1)]
    for number, row in enumerate(text.to_dict("records"), 2):
        if not row["variable"]:
            raise CodebookError(f"{where}, row {number}, column 'variable': it is blank; every value belongs to a variable.")
        if set(row["variable"]) & set(FORBIDDEN) or row["variable"] == "note":
            raise CodebookError(f"{where}, row {number}, column 'variable': {row['variable']!r}; choose a name without brackets, other than note.")
        if row["level"] not in ("", *LEVELS):
            raise CodebookError(f"{where}, row {number}, column 'level': {row['level']!r}; allowed are {', '.join(LEVELS)}.")
    if text.empty:
        raise CodebookError(f"{where}: there are no rows; give each value of each variable a row.")
    twice = text[text.assign(folded=text["value"].str.casefold()).duplicated(["variable", "folded"])]
    if len(twice):
        value, variable = twice["value"].iloc[0], twice["variable"].iloc[0]
        raise CodebookError(f"{where}, column 'value': {value!r} of {variable!r} is there twice (capitals do not count); keep one.")
    return _one_level(text, where).sort_values("variable", key=_first_seen, kind="stable", ignore_index=True)


def _one_level(text: pd.DataFrame, where: str) -> pd.DataFrame:
    for variable, rows in text.groupby("variable"):
        named = sorted(set(rows["level"]) - {""})
        if len(named) > 1:
            raise CodebookError(f"{where}, column 'level': {variable!r} has {' and '.join(named)}; a variable has one level.")
        if "" in set(rows["value"]) and len(rows) > 1:
            raise CodebookError(f"{where}, column 'value': one of the values of {variable!r} is blank; fill it in, or give the variable this row alone.")
        if named == ["interval"] and (wrong := [value for value in rows["value"] if value and number_of(value) is None]):
            raise CodebookError(f"{where}, column 'value': {wrong[0]!r} of the interval variable {variable!r} is no number; code numbers, or call it ordinal.")
        text.loc[rows.index, "level"] = named[0] if named else "nominal"
    return text


def _first_seen(column: pd.Series[str]) -> pd.Series[int]:
    return pd.Series(pd.factorize(column)[0], index=column.index)


def _plain(cell: object) -> str:
    """A cell as text; 1.0 is "1"."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def number_of(value: str) -> float | None:
    """Return the number that a text writes, with a point or a comma; None if it writes none.

    >>> number_of("3,5"), number_of(" -1 "), number_of("nato"), number_of("nan")
    (3.5, -1.0, None, None)
    """
    try:
        number = float(value.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def order_of(values: Iterable[str], listed: Iterable[str]) -> list[str]:
    """Return values in rising order: as numbers if all are, else as the codebook lists them; those that it does not list come last.

    >>> order_of(["10", "2"], []), order_of(["low", "high"], ["low", "middle", "high"])
    (['2', '10'], ['low', 'high'])
    """
    present = sorted(set(values))
    numbers = {value: number_of(value) for value in present}
    if all(number is not None for number in numbers.values()):
        return sorted(present, key=lambda value: numbers[value] or 0.0)
    place = {value: number for number, value in enumerate(listed)}
    return sorted(present, key=lambda value: place.get(value, len(place)))
