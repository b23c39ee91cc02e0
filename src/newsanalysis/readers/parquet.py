"""Parquet, by pyarrow: only the columns that are needed; nested columns are not read."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from newsanalysis.readers.columns import headlines, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import GZIP, LimitError, read_whole, refuse
from newsanalysis.readers.streams import MOST_LINE

_BATCH = 1_000  # rows
_BATCH_BYTES = 64 * 2**20  # that a batch may have, were all its texts as long as the longest
_ROW_BYTES = 16  # as many as a row counts at least


def read_parquet(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:
    """Read one Parquet file.

    Yields
    ------
    Parsed
        One record a row, counted from 1, some thousand at a time.

    Raises
    ------
    ReadError
        No Parquet file, damaged, over a limit, or without a column for the text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with ExitStack() as stack:
            raw = stack.enter_context(path.open("rb"))
            packed = raw.read(2) == GZIP
            raw.seek(0)
            whole = io.BytesIO(read_whole(path)) if packed else raw
            file = stack.enter_context(pq.ParquetFile(whole))
            yield from _pieces(file, whole, columns)
    except (pa.ArrowException, KeyError, OverflowError, UnicodeDecodeError) as error:
        reason = str(error).split("\n", 1)[0].rstrip(".")
        raise ReadError(f"the Parquet file is damaged or of an unknown kind ({reason})") from None
    except OSError as error:  # what Arrow says of damaged pages; what the system says has a number
        if error.errno is not None:
            raise
        reason = str(error).split("\n", 1)[0].rstrip(".")
        raise ReadError(f"the Parquet file is damaged or of an unknown kind ({reason})") from None


def _pieces(file: Any, whole: IO[bytes], columns: Mapping[str, str]) -> Iterator[Parsed]:
    import pyarrow as pa

    schema = file.schema_arrow
    matched = match(schema.names, columns)
    kept = {ours: p for ours, p in matched.found.items() if ours == "text" or not pa.types.is_nested(schema.field(p).type)}
    lost = [schema.names[position] for ours, position in matched.found.items() if ours not in kept]
    notes = [*matched.notes, *([f"nested values not read in {', '.join(lost)}"] if lost else [])]
    of_headlines = "kind" not in kept and headlines(schema.names, matched)
    start = 0
    for batch in _batches(file, whole, list(dict.fromkeys(schema.names[position] for position in kept.values()))):
        n = batch.num_rows
        values: dict[str, list[object]] = {ours: batch.column(schema.names[position]).to_pylist() for ours, position in kept.items()}
        if of_headlines:
            values["kind"] = ["headline"] * n
        numbers = list(range(start + 1, start + n + 1))
        start += n
        yield Parsed("parquet@1", "Parquet", values, numbers, [f"-{i}" for i in numbers], "row")
    yield Parsed("parquet@1", "Parquet", {"text": []}, [], [], "row", notes=notes)


def _batches(file: Any, whole: IO[bytes], names: list[str]) -> Iterator[Any]:
    """Yield the rows in batches that fit into memory, also where a long text stands once in the file and in many rows."""
    import pyarrow.parquet as pq

    packed = whole.seek(0, 2)
    out = 0
    by_prefix = {column.path_in_schema for column in _columns(file, names) if "DELTA_BYTE_ARRAY" in column.encodings}
    with pq.ParquetFile(whole, read_dictionary=[name for name in names if name not in by_prefix], pre_buffer=False) as probed:
        for group in range(file.num_row_groups):
            longest = _longest(probed, group, [name for name in names if name not in by_prefix])
            longest = max([longest, *(column.total_uncompressed_size for column in _columns(file, names, group) if column.path_in_schema in by_prefix)])
            if longest > MOST_LINE:
                raise LimitError(f"a text in it has {longest:,} bytes, more than the {MOST_LINE:,} that one may have; split it")
            rows = max(1, min(_BATCH, _BATCH_BYTES // max(1, longest)))
            for batch in file.iter_batches(batch_size=rows, row_groups=[group], columns=names):
                out += sum(map(_size, batch.columns)) + _ROW_BYTES * batch.num_rows
                refuse(out, packed, None)
                yield batch


def _columns(file: Any, names: list[str], group: int | None = None) -> Iterator[Any]:
    """Yield what is told of the columns of texts, in one row group or in all.

    What a damaged footer tells of a column ends the process when it is asked for by itself; so it is asked for only where a row could be read.
    """
    told = [file.schema.column(i) for i in range(file.metadata.num_columns)]
    texts = [i for i, column in enumerate(told) if column.path.partition(".")[0] in names and column.physical_type == "BYTE_ARRAY"]
    for number in range(file.num_row_groups) if group is None else [group]:
        if texts and _first(file, number, names) is not None:
            row_group = file.metadata.row_group(number)
            yield from (row_group.column(i) for i in texts)


def _first(file: Any, group: int, names: list[str]) -> Any:
    """Return the first row of a row group, None if it has none."""
    return next(file.iter_batches(batch_size=1, row_groups=[group], columns=names), None)


def _longest(probed: Any, group: int, names: list[str]) -> int:
    """Return the length of the longest text that rows of a row group may share, in bytes; 0 if they share none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    longest = 0
    row = _first(probed, group, names) if any(True for _ in _columns(probed, names, group)) else None
    for column in row.columns if row is not None else []:
        if pa.types.is_dictionary(column.type) and len(column.dictionary) and _has_length(column.dictionary.type):
            longest = max(longest, pc.max(pc.binary_length(column.dictionary)).as_py() or 0)
    return longest


def _size(column: Any) -> int:
    """Return how many bytes a column has when texts that rows share are counted in each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type) or not _has_length(column.dictionary.type):
        return int(column.nbytes)
    return int(pc.sum(pc.take(pc.binary_length(column.dictionary), column.indices)).as_py() or 0)


def _has_length(type_: Any) -> bool:
    import pyarrow as pa

    return any(is_(type_) for is_ in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary))
