"""Parquet, by pyarrow: only the columns that are needed; nested columns are not read."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from newsanalysis.readers.columns import headlines, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import GZIP, read_whole

_BATCH = 1_000  # rows


def read_parquet(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read one Parquet file.

    Yields
    ------
    Parsed
        One record a row, counted from 1, some thousand at a time.

    Raises
    ------
    ReadError
        No Parquet file, damaged, or without a column for the text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with ExitStack() as stack:
            raw = stack.enter_context(path.open("rb"))
            packed = raw.read(2) == GZIP
            raw.seek(0)
            file = stack.enter_context(pq.ParquetFile(io.BytesIO(read_whole(path)) if packed else raw))
            yield from _pieces(file, columns)
    except (pa.ArrowException, KeyError, OverflowError, UnicodeDecodeError) as error:
        reason = str(error).split("\n", 1)[0].rstrip(".")
        raise ReadError(f"the Parquet file is damaged or of an unknown kind ({reason})") from None
    except OSError as error:  # what Arrow says of damaged pages; what the system says has a number
        if error.errno is not None:
            raise
        reason = str(error).split("\n", 1)[0].rstrip(".")
        raise ReadError(f"the Parquet file is damaged or of an unknown kind ({reason})") from None


def _pieces(file: Any, columns: Mapping[str, str]) -> Iterator[Parsed]:
    import pyarrow as pa

    schema = file.schema_arrow
    matched = match(schema.names, columns)
    kept = {ours: p for ours, p in matched.found.items() if ours == "text" or not pa.types.is_nested(schema.field(p).type)}
    lost = [schema.names[position] for ours, position in matched.found.items() if ours not in kept]
    notes = [*matched.notes, *([f"nested values not read in {', '.join(lost)}"] if lost else [])]
    of_headlines = "kind" not in kept and headlines(schema.names, matched)
    start = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=list(dict.fromkeys(schema.names[position] for position in kept.values()))):
        n = batch.num_rows
        values: dict[str, list[object]] = {ours: batch.column(schema.names[position]).to_pylist() for ours, position in kept.items()}
        if of_headlines:
            values["kind"] = ["headline"] * n
        numbers = list(range(start + 1, start + n + 1))
        start += n
        yield Parsed("parquet@1", "Parquet", values, numbers, [f"-{i}" for i in numbers], "row")
    yield Parsed("parquet@1", "Parquet", {"text": []}, [], [], "row", notes=notes)
