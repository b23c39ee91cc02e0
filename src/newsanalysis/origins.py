"""What a measures table was made from: a token in ``table.attrs`` that leads back to the tables and options.

The token is a text such as "share_of_voice of 14 attributions", so that a table with it can be written to Parquet, whose attributes are JSON. It holds
on to the tables, which are not copied (pandas copies on write). It goes with rows, filtered, sorted and copied tables, and is
lost in a file, in another process, and where tables of several measures are put together: a plain text stays, or nothing.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ParamSpec

import pandas as pd

from newsanalysis.found import Found

MADE_FROM = "made_from"  # the key in attrs

P = ParamSpec("P")


class Origin(str):
    """A token that reads as a text and leads to what a table was made from; it is equal only to itself, and a copy of it is itself.

    >>> one = Origin.of("share_of_voice", {"attributions": pd.DataFrame({"document_id": ["a"]}), "by": "role"})
    >>> one, one.measure, one.given["by"], one == Origin.of("share_of_voice", one.given)
    ('share_of_voice of 1 attribution', 'share_of_voice', 'role', False)
    """

    measure: str
    given: dict[str, Any]

    @classmethod
    def of(cls, measure: str, given: dict[str, Any]) -> Origin:
        """Return the token of a measure and what it was given."""
        made = cls(f"{measure} of {_counted(given)}")
        made.measure, made.given = measure, {name: _kept(value) for name, value in given.items() if name != "rng"}
        return made

    def __eq__(self, other: object) -> bool:
        """Two tables of the same size are not the same table: pandas keeps attributes where they are equal."""
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    def __copy__(self) -> Origin:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Origin:
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """In a pickle only the text stays."""
        return str, (str.__str__(self),)


def _counted(given: dict[str, Any]) -> str:
    """The first table, in words."""
    name, first = next(iter(given.items()))
    if callable(first):  # what is compared
        return f"{getattr(first, '__name__', 'a measure')} of {_counted({'rows': given['tables_'][0]})}"
    if isinstance(first, Found):
        return f"{len(first.attributions)} attributions in {len(first.documents)} documents"
    counted = "rows" if name == "table" else name
    return f"{len(first)} {counted.removesuffix('s') if len(first) == 1 else counted}"


def _kept(value: Any) -> Any:
    """The same, so that what is later written into the user's table does not reach it; nothing is copied until then."""
    if isinstance(value, pd.DataFrame):
        return value.copy(deep=False)
    if isinstance(value, Found):
        return replace(value, **{name: getattr(value, name).copy(deep=False) for name in ("documents", "attributions", "spans")})
    return tuple(map(_kept, value)) if isinstance(value, tuple) else list(value) if isinstance(value, list) else value


def traced(measure: Callable[P, pd.DataFrame]) -> Callable[P, pd.DataFrame]:
    """Let the table that a measure makes know what it was made from.

    >>> @traced
    ... def lengths(units: pd.DataFrame) -> pd.DataFrame:
    ...     return pd.DataFrame({"estimate": units.text.str.len()})
    >>> lengths(pd.DataFrame({"text": ["NATO"]})).loc[0].attrs
    {'made_from': 'lengths of 1 unit'}
    """
    signature = inspect.signature(measure)

    @functools.wraps(measure)
    def made(*args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        table = measure(*args, **kwargs)
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        table.attrs[MADE_FROM] = Origin.of(getattr(measure, "__name__", ""), given.arguments)
        return table

    return made


def origin_of(row: pd.Series[Any] | pd.DataFrame) -> Origin | None:
    """Return the token of a row or table, None if it has none.

    >>> origin_of(pd.Series([1])) is None
    True
    """
    token = row.attrs.get(MADE_FROM)
    return token if isinstance(token, Origin) else None
