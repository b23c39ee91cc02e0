"""Parquet, by pyarrow: only the columns that are needed; nested columns are not read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newsanalysis.readers.columns import headlines, match
from newsanalysis.readers.contract import Parsed, ReadError


def read_parquet(path: Path, columns: Mapping[str, str]) -> Parsed:
    """Read one Parquet file.

    Returns
    -------
    Parsed
        One record a row, counted from 1.

    Raises
    ------
    ReadError
        No Parquet file, damaged, or without a column for the text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            matched = match(schema.names, columns)
            kept = {ours: p for ours, p in matched.found.items() if ours == "text" or not pa.types.is_nested(schema.field(p).type)}
            table = file.read(columns=list(dict.fromkeys(schema.names[position] for position in kept.values())))
            values: dict[str, list[object]] = {ours: table.column(schema.names[position]).to_pylist() for ours, position in kept.items()}
    except (pa.ArrowException, KeyError, OverflowError) as error:
        reason = str(error).split("\n", 1)[0].rstrip(".")
        raise ReadError(f"the Parquet file is damaged or of an unknown kind ({reason})") from None
    lost = [schema.names[position] for ours, position in matched.found.items() if ours not in kept]
    notes = [*matched.notes, *([f"nested values not read in {', '.join(lost)}"] if lost else [])]
    n = len(values["text"])
    if "kind" not in values and headlines(schema.names, matched):
        values["kind"] = ["headline"] * n
    numbers = list(range(1, n + 1))
    return Parsed("parquet@1", "Parquet", values, numbers, [f"-{i}" for i in numbers], "row", notes=notes)
