"""The tables of the package: declared once, checked at every public boundary.

A table is a pandas DataFrame whose columns are fixed here. Each stage of an analysis is a function from tables to tables;
texts never change after reading, so ``documents.text[start:end] == spans.text`` holds everywhere. Offsets count Unicode
code points of ``documents.text`` from 0 and are half-open.

>>> sorted(SCHEMAS)
['attributions', 'codes', 'documents', 'errors', 'measures', 'mentions', 'report', 'spans', 'units']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

KINDS = ("direct", "mixed", "indirect")
MODES = ("speech", "private")
ROLES = ("official", "military", "expert", "civilian", "media", "organisation", "document", "unspecified")
SPEAKER_BASES = ("name", "surname", "acronym", "pronoun", "description", "metonym", "inherited", "implied", "as_described")
AFFILIATION_BASES = ("actor", "description", "context", "setting", "role")
SPAN_ROLES = ("source", "cue", "content")
UNITS = ("document", "sentence", "segment", "attribution", "mention")
VOICES = ("own", "attributed")
VOICES_OF_MENTIONS = (*VOICES, "source")
JOINT = " … "  # between the pieces of a source, cue or content in readable text
_SURROGATE = re.compile("[\ud800-\udfff]")


class TableError(ValueError):
    """A table that breaks its schema: the message names table, column, how many rows, the first row's key and what is allowed.

    >>> raise TableError("documents: column 'text' is missing.")
    Traceback (most recent call last):
    newsanalysis.tables.TableError: documents: column 'text' is missing.
    """


class _Rule(NamedTuple):
    """What a column's values have to be."""

    says: str
    holds: Callable[[pd.Series[Any]], pd.Series[bool]]


def _column(dtype: Any, description: str, *rules: _Rule, missing: bool = False, unique: bool = False) -> pa.Column:
    checks = [pa.Check(rule.holds, error=rule.says) for rule in rules]
    return pa.Column(dtype, checks, nullable=missing, unique=unique, coerce=True, description=description, metadata={"rules": rules})


def _one_of(values: tuple[str, ...]) -> _Rule:
    return _Rule("one of " + ", ".join(values), lambda column: column.isin(values))


def _at_least(low: float) -> _Rule:
    return _Rule(f"at least {low:g}", lambda column: column >= low)


_UNIT_INTERVAL = _Rule("between 0 and 1", lambda column: column.between(0, 1))
_NOT_BLANK = _Rule("not blank", lambda text: text.str.strip() != "")
_UTC = "datetime64[us, UTC]"
SHOWN = 60  # characters of a wrong value that a message shows

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "documents": pa.DataFrameSchema(
        {
            "document_id": _column(str, "key; an id that the file gives is kept as it is", _NOT_BLANK, unique=True),
            "title": _column(str, "the article's title, where the file gives one", missing=True),
            "text": _column(str, "the text as published, NFC, never changed after reading", _NOT_BLANK),
            "outlet": _column(str, "who published it", missing=True),
            "published": _column(_UTC, "when it was published (UTC)", missing=True),
            "author": _column(str, "byline", missing=True),
            "section": _column(str, "section or desk", missing=True),
            "url": _column(str, "address of the article", missing=True),
            "language": _column(str, "ISO 639 code", missing=True),
            "kind": _column(str, "what the row is; a summary is what a feed gives of an article", _one_of(("article", "headline", "summary"))),
            "source_file": _column(str, "the file it was read from", missing=True),
            "reader": _column(str, "the reader, name@version", missing=True),
            "copy_of": _column(str, "document_id of the document that it nearly repeats", missing=True),
        },
        description="one row is an article or a headline as published",
    ),
    "attributions": pa.DataFrameSchema(
        {
            "attribution_id": _column(str, "key", unique=True),
            "document_id": _column(str, "the document it stands in"),
            "kind": _column(str, "content wholly, partly or not in quotation marks", _one_of(KINDS)),
            "mode": _column(str, "speech, or a private state: belief, feeling, wish, intention; told by the cue", _one_of(MODES), missing=True),
            "source": _column(str, "words that name the source, pieces joined by ' … '", missing=True),
            "cue": _column(str, "words that signal the attribution, pieces joined by ' … '", missing=True),
            "content": _column(str, "what is attributed, pieces joined by ' … '", _NOT_BLANK),
            "start": _column("int64", "first code point of source, cue and content", _at_least(0)),
            "end": _column("int64", "one past their last code point", _at_least(1)),
            "speaker": _column(str, "the resolved name of who speaks", missing=True),
            "actor_id": _column(str, "the codebook's actor behind the speaker", missing=True),
            "affiliation": _column(str, "the camp that the speaker speaks for, in the codebook's words", missing=True),
            "role": _column(str, "in what capacity the speaker speaks", _one_of(ROLES), missing=True),
            "speaker_basis": _column(str, "by what kind of evidence the speaker is told; missing where there is none", _one_of(SPEAKER_BASES), missing=True),
            "affiliation_basis": _column(str, "by what the affiliation is told; missing where nothing tells it", _one_of(AFFILIATION_BASES), missing=True),
            "confidence": _column("float64", "probability that the attribution is right, where the attributor gives one", _UNIT_INTERVAL, missing=True),
            "attributor": _column(str, "the attributor, name@version"),
        },
        description="one row is one attribution: the relation source says or thinks content, signalled by a cue",
    ),
    "spans": pa.DataFrameSchema(
        {
            "attribution_id": _column(str, "the attribution it belongs to"),
            "role": _column(str, "the piece's part in the attribution", _one_of(SPAN_ROLES)),
            "start": _column("int64", "first code point in documents.text", _at_least(0)),
            "end": _column("int64", "one past the last code point", _at_least(1)),
            "text": _column(str, "documents.text[start:end]"),
        },
        description="one row is one piece of text with a role in an attribution",
    ),
    "units": pa.DataFrameSchema(
        {
            "unit_id": _column(str, "key", unique=True),
            "document_id": _column(str, "the document it stands in"),
            "unit": _column(str, "what the row is; a segment is the part of a sentence that is in one voice", _one_of(UNITS)),
            "start": _column("int64", "first code point in documents.text", _at_least(0)),
            "end": _column("int64", "one past the last code point", _at_least(1)),
            "text": _column(str, "the unit's words", _NOT_BLANK),
            "voice": _column(str, "own (the outlet's) or attributed, where the unit is in one voice", _one_of(VOICES), missing=True),
            "attribution_id": _column(str, "the attribution whose content it is", missing=True),
            "sentence_id": _column(str, "the sentence it is or is part of, as unit_id of units of sentences", missing=True),
        },
        description="one row is one unit of coding",
    ),
    "codes": pa.DataFrameSchema(
        {
            "unit_id": _column(str, "the unit that was coded"),
            "document_id": _column(str, "the document it stands in"),
            "unit": _column(str, "what was coded", _one_of(UNITS)),
            "code": _column(str, "the variable: tone, tone_word, cue_class, label, hedge, loaded_word, passive ..."),
            "value": _column(str, "the category given, for a nominal variable, or the words of the evidence", missing=True),
            "score": _column("float64", "the number given, for a numeric variable", missing=True),
            "start": _column("Int64", "first code point of the evidence in documents.text", _at_least(0), missing=True),
            "end": _column("Int64", "one past its last code point", _at_least(1), missing=True),
            "coder": _column(str, "the coder, name@version"),
        },
        description="one row is one code given to one unit",
    ),
    "mentions": pa.DataFrameSchema(
        {
            "mention_id": _column(str, "key", unique=True),
            "document_id": _column(str, "the document it stands in"),
            "unit_id": _column(str, "the sentence it stands in, as in units"),
            "text": _column(str, "the sentence; of one over 2,000 characters the part around the mention", _NOT_BLANK),
            "start": _column("int64", "first code point of the mention in text", _at_least(0)),
            "end": _column("int64", "one past its last code point", _at_least(1)),
            "document_start": _column("int64", "first code point of the mention in documents.text", _at_least(0)),
            "document_end": _column("int64", "one past its last code point", _at_least(1)),
            "actor_id": _column(str, "the codebook's actor; missing where several share the name", missing=True),
            "actor": _column(str, "the actor's name in the codebook", missing=True),
            "affiliation": _column(str, "the actor's camp, in the codebook's words", missing=True),
            "role": _column(str, "the actor's role in the codebook", _one_of(ROLES), missing=True),
            "voice": _column(
                str,
                "own (the outlet's text), attributed (in a content), source (in a source or cue); missing where no attributions were given",
                _one_of(VOICES_OF_MENTIONS),
                missing=True,
            ),
            "attribution_id": _column(str, "the attribution in whose content it stands", missing=True),
        },
        description="one row is one place where a text names an actor",
    ),
    "measures": pa.DataFrameSchema(
        {
            "measure": _column(str, "the measure's name"),
            "estimate": _column("float64", "the estimate, in the measure's unit", missing=True),
            "ci_low": _column("float64", "lower bound of the 95 % interval; missing with one document", missing=True),
            "ci_high": _column("float64", "upper bound of the 95 % interval; missing with one document", missing=True),
            "n": _column("int64", "how many units it counts", _at_least(0)),
            "n_documents": _column("int64", "how many documents they come from", _at_least(0)),
        },
        description="one row is one estimate for one group; the group columns stand between measure and estimate",
    ),
    "report": pa.DataFrameSchema(
        {
            "source_file": _column(str, "the file"),
            "record": _column(str, "the record in the file (row, line, part), where there is one", missing=True),
            "status": _column(str, "what became of it", _one_of(("kept", "skipped"))),
            "reason": _column(str, "why it was skipped, or what was mended in what was kept", missing=True),
            "n_documents": _column("int64", "documents that came of it; a file's row counts those of its records", _at_least(0)),
        },
        description="one row is one file (record is missing), or one of its records that was skipped or mended, and why",
    ),
    "errors": pa.DataFrameSchema(
        {
            "document_id": _column(str, "the document that failed"),
            "stage": _column(str, "what was being done: attribute, resolve, code"),
            "error": _column(str, "what was wrong, in one sentence"),
        },
        description="one row is one document that a stage could not do; all others were done",
    ),
}


def check(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Check a table against its schema and return it with the declared column order and types.

    Parameters
    ----------
    table : DataFrame
        The table; columns beyond the declared ones are kept, after them.
    name : str
        One of ``SCHEMAS``.

    Returns
    -------
    DataFrame
        A new table: declared columns first (optional ones added as missing), a fresh 0..n-1 index.

    Raises
    ------
    TableError
        Names table, column, number of rows, the first bad row's key and what is allowed.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"document_id": ["a"], "stage": ["attribute"], "error": ["too long"]})
    >>> check(rows, "errors").columns.tolist()
    ['document_id', 'stage', 'error']
    >>> check(rows.drop(columns="stage"), "errors")
    Traceback (most recent call last):
    newsanalysis.tables.TableError: errors: column 'stage' is missing; the columns found are document_id, error.
    """
    if name not in SCHEMAS:
        raise TableError(f"no table is called {name!r}; the tables are {', '.join(SCHEMAS)}.")
    schema = SCHEMAS[name]
    if not isinstance(table, pd.DataFrame):
        raise TableError(_instead(name, table) or f"{name}: a pandas DataFrame is needed, not {type(table).__name__}.")
    if len(repeated := table.columns[table.columns.duplicated()]):
        raise TableError(f"{name}: column {str(repeated[0])!r} is there twice; keep one of them.")
    absent = [c for c in schema.columns if c not in table.columns]
    if renamed := _renamed(name, absent, table):
        raise TableError(f"{name}: {renamed}")
    needed = [c for c in absent if not schema.columns[c].nullable]
    if needed:
        plural = "columns" if len(needed) > 1 else "column"
        names = ", ".join(repr(c) for c in needed)
        found = ", ".join(map(str, table.columns)) or "none"
        remedy = "; na.documents(table) makes them" if name == "documents" and "text" in table.columns else ""
        problem = f"{name}: {plural} {names} {'are' if len(needed) > 1 else 'is'} missing; the columns found are {found}{remedy}."
        raise TableError(_instead(name, table) or problem)
    table = table.reset_index(drop=True).assign(**dict.fromkeys(absent))
    order = [*schema.columns, *(c for c in table.columns if c not in schema.columns)]
    if name == "measures":
        order = [c for c in table.columns if c not in schema.columns]
        order = ["measure", *order, *(c for c in schema.columns if c != "measure")]
    checked = _as_declared_or_none(name, table[order])
    if checked is None:
        checked = _made_right(name, table, order)
    if "end" in schema.columns and (wrong := (checked["end"] <= checked["start"]).fillna(False)).any():
        row = int(wrong.to_numpy().argmax())
        found = f"start {checked['start'].iloc[row]}, end {checked['end'].iloc[row]}"
        raise TableError(f"{name}: column 'end' is wrong{_where(name, checked, row, int(wrong.sum()))}: found {found}; allowed: greater than start.")
    return checked


# --- what was given instead ---------------------------------------------------------------------------------------------

_GIVE = {
    "documents": "documents = na.read(path), or na.documents(texts)",
    "attributions": "found.attributions, where found = na.resolve(na.attribute(documents))",
    "spans": "found.spans, where found = na.attribute(documents)",
    "units": "units = na.units(documents)",
    "codes": "what a coder such as na.code_words(units) returned",
    "mentions": "na.mentions(found)",
    "measures": "what a measure such as na.share_of_voice(found.attributions) returned",
}


def table_of(given: object) -> str | None:
    """Return which of the tables something is, by the columns that it must have; None if it is none.

    >>> table_of(empty("mentions")), table_of(7)
    ('mentions', None)
    """
    if not isinstance(given, pd.DataFrame):
        return None
    needed = {name: [label for label, column in schema.columns.items() if not column.nullable] for name, schema in SCHEMAS.items()}
    like = [name for name in _GIVE if set(needed[name]) <= set(given.columns)]
    return max(like, key=lambda name: len(needed[name]), default=None)


def called(given: object) -> str:
    """Name what was given, as a message does.

    >>> called("a.txt"), called(None), called(empty("units")), called(pd.DataFrame())
    ('a str', 'None', 'a table of units', 'a DataFrame')
    """
    name = table_of(given)
    article = "an" if type(given).__name__[0] in "AEIOaeio" else "a"
    return "None" if given is None else f"a table of {name}" if name else f"{article} {type(given).__name__}"


def _instead(name: str, given: object) -> str | None:
    """Say what was given in place of a table, and what to give; None where that is not known."""
    if name not in _GIVE or (isinstance(given, pd.DataFrame) and table_of(given) in (None, name)):
        return None
    remedy = f"found.{name}" if isinstance(getattr(given, name, None), pd.DataFrame) else _GIVE[name]
    return f"{name}: {called(given)} was given; give {remedy}."


def _renamed(name: str | None, absent: Iterable[str], table: pd.DataFrame) -> str | None:
    """Say which column a merge has made two of; None if there is no such."""
    for column in absent:
        if {f"{column}_x", f"{column}_y"} <= set(table.columns):
            problem = f"column {column!r} became '{column}_x' and '{column}_y' in a merge, as both tables have it; leave it out of one of them"
            return problem + ("." if name in (None, "documents") else f', as in {name}.merge(documents[["document_id", "outlet"]], on="document_id").')
    return None


def no_column(what: str, column: str, table: pd.DataFrame) -> TableError:
    """Return the error for a column to group by that is not there: with the one that may be meant, or the line that merges it in.

    >>> no_column("kind_share", "rôle", empty("attributions"))
    TableError("kind_share: column 'rôle' is missing; did you mean 'role'?")
    """
    if renamed := _renamed(None, [column], table):
        return TableError(f"{what}: {renamed}")
    problem, of_documents = f"{what}: column {column!r} is missing", list(SCHEMAS["documents"].columns)
    near = column if column in of_documents else nearest(column, [*table.columns, *of_documents])
    name = table_of(table) or "table"
    merged = f'{name} = {"found.attributions" if name == "attributions" else name}.merge(documents[["document_id", "{near}"]], on="document_id")'
    if near is None:
        return TableError(f"{problem}; merge it in first (columns found: {', '.join(map(str, table.columns))}).")
    if near in table.columns:
        return TableError(f"{problem}; did you mean {near!r}?")
    meant = "it is" if near == column else f"did you mean {near!r}? It is"
    return TableError(f"{problem}; {meant} a column of the documents; merge it in first: {merged}.")


def nearest(word: str, known: Iterable[object]) -> str | None:
    """Return the one of some names that is most like a word, whatever its case; None if none is.

    >>> nearest("Afiliation", ["role", "affiliation"]), nearest("zzz", ["role"])
    ('affiliation', None)
    """
    names_ = {str(name).casefold(): str(name) for name in reversed(list(known))}
    near = get_close_matches(str(word).casefold(), names_, n=1)
    return names_[near[0]] if near else None


# --- types and rules ----------------------------------------------------------------------------------------------------


def _as_declared_or_none(name: str, table: pd.DataFrame) -> pd.DataFrame | None:
    """Return a table with the declared types, told in a few passes, if nothing is wrong with it; what is wrong, and where, takes longer to say."""
    columns = SCHEMAS[name].columns
    other = {label: _type(column) for label, column in columns.items() if str(table[label].dtype) != _type(column)}
    if other:
        _check_whole(name, table)
        _check_characters(name, table)
        try:
            table = table.astype(other)
        except (TypeError, ValueError, OverflowError):
            return None
    return table if all(_as_declared(table[label], column) for label, column in columns.items()) else None


def _as_declared(values: pd.Series[Any], column: pa.Column) -> bool:
    """Whether a column is in every respect as declared; told in a few passes, since most tables that are checked come from a check."""
    if str(values.dtype) != _type(column) or (column.unique and not values.is_unique):
        return False
    missing = values.isna()
    if missing.any():
        if not column.nullable:
            return False
        values = values[~missing]
    return all(bool(rule.holds(values).all()) for rule in column.metadata["rules"])


def _made_right(name: str, table: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return a table with the declared types, or say what is wrong with it."""
    _check_whole(name, table)
    _check_characters(name, table)
    try:
        return SCHEMAS[name].validate(table[order], lazy=True)
    except SchemaErrors as error:
        raise TableError(_explain(name, table, error.failure_cases)) from None


def _check_whole(name: str, table: pd.DataFrame) -> None:
    """Refuse offsets and counts with a fraction, which a conversion to whole numbers would cut off in silence."""
    for label, column in SCHEMAS[name].columns.items():
        if str(column.dtype) == "int64" and pd.api.types.is_float_dtype(table[label]):
            wrong = table[label] % 1 > 0
            if wrong.any():
                row = int(wrong.to_numpy().argmax())
                where = _where(name, table, row, int(wrong.sum()))
                raise TableError(f"{name}: column {label!r} is wrong{where}: found {table[label].iloc[row]}; allowed: whole numbers.")


def _check_characters(name: str, table: pd.DataFrame) -> None:
    """Refuse halves of surrogate pairs, which no text type can hold; a column that is already of such a type has none."""
    for label, column in SCHEMAS[name].columns.items():
        if _type(column) == "str" and table[label].dtype == object:
            wrong = table[label].map(lambda cell: isinstance(cell, str) and not cell.isascii() and _SURROGATE.search(cell) is not None).astype(bool)
            if wrong.any():
                row = int(wrong.to_numpy().argmax())
                where = _where(name, table, row, int(wrong.sum()))
                raise TableError(f"{name}: column {label!r} is wrong{where}: found {_shown(table[label].iloc[row])}; allowed: text without lone surrogates.")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"


def _where(name: str, table: pd.DataFrame, row: int, n: int) -> str:
    key = table.columns[0] if name == "measures" else next(iter(SCHEMAS[name].columns))
    return f" in {n} of {len(table)} rows, first in row {row} ({key} {table.loc[row, key]!r})"


def _type(column: pa.Column) -> str:
    """Name a column's type as pandas shows it, whatever stores it."""
    name = str(column.dtype)
    return "str" if name.startswith("str") else name


def _explain(name: str, table: pd.DataFrame, failures: pd.DataFrame) -> str:
    first = failures.iloc[0]
    column = str(first["column"])
    rows = failures.loc[failures["column"] == column, "index"].dropna().unique()
    where, value = "", ""
    if len(rows):
        where = _where(name, table, int(rows[0]), len(rows))
        found = first["failure_case"]
        found = found.item() if isinstance(found, np.generic) else found
        value = f": found {_shown(found)}"
    allowed = {"not_nullable": "a value is needed", "field_uniqueness": "each value may occur once"}.get(first["check"], str(first["check"]))
    if allowed.startswith(("coerce_dtype", "dtype")):
        allowed = f"values of type {_type(SCHEMAS[name].columns[column])}"
    return f"{name}: column {column!r} is wrong{where}{value}; allowed: {allowed}."


def names(given: str | Iterable[str]) -> list[str]:
    """Return a list of names, each once; a string is one name, not its letters.

    >>> names("nato"), names(["nato", "western", "nato"])
    (['nato'], ['nato', 'western'])
    """
    return list(dict.fromkeys([given] if isinstance(given, str) else given))


def empty(name: str) -> pd.DataFrame:
    """Return a table without rows, with the declared columns and types.

    >>> len(empty("spans")), empty("spans").columns.tolist()
    (0, ['attribution_id', 'role', 'start', 'end', 'text'])
    """
    columns = SCHEMAS[name].columns
    return check(pd.DataFrame({c: pd.Series(dtype=object) for c in columns}), name)


def data_dictionary() -> str:
    """Return ``docs/data-dictionary.md``: every table and column with type, meaning and what is allowed.

    >>> print(data_dictionary().splitlines()[0])
    # Data dictionary
    """
    lines = [
        "# Data dictionary",
        "",
        "Made by `python -m newsanalysis.tables`; do not edit. Offsets count Unicode code points of `documents.text` from 0, half-open.",
    ]
    for name, schema in SCHEMAS.items():
        lines += ["", f"## {name}", "", f"{schema.description[0].upper()}{schema.description[1:]}.", ""]
        lines += ["| column | type | missing | meaning | allowed |", "|---|---|---|---|---|"]
        for label, column in schema.columns.items():
            allowed = [*(str(c.error) for c in column.checks), *(["unique"] if column.unique else [])]
            missing = "may be" if column.nullable else "never"
            lines.append(f"| {label} | {_type(column)} | {missing} | {column.description} | {'; '.join(allowed)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(data_dictionary(), end="")
