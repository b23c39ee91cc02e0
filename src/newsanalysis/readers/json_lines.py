"""JSON: one record a line, or one array of records, or one object that holds them. Nested values are not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsanalysis.readers.columns import headlines, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import read_whole
from newsanalysis.readers.text import decode

_Record = tuple[int, dict[str, Any]]


def read_json(path: Path, columns: Mapping[str, str]) -> Parsed:
    """Read one file of JSON lines or JSON.

    Returns
    -------
    Parsed
        One record an object, by its line (or its place in the array, from 1). Lines that are no JSON object are skipped.

    Raises
    ------
    ReadError
        The file is empty, has no JSON object or no field for the text.
    """
    decoded = decode(read_whole(path))
    text = decoded.text.replace("\r\n", "\n")
    if not text.strip():
        raise ReadError("the file is empty")
    unit, records, skipped = _array(text) or _lines(text)
    if not records:
        raise ReadError(f"no JSON object found; {unit} {skipped[0][0]}: {skipped[0][1]}" if skipped else "no JSON object found")
    names = list(dict.fromkeys(key for _, record in records for key in record))
    matched = match(names, columns)
    nested = {key for _, record in records for key, value in record.items() if isinstance(value, list | dict)}
    values: dict[str, list[object]] = {}
    for ours, position in matched.found.items():
        cells = [record.get(names[position]) for _, record in records]
        values[ours] = cells if ours == "text" else [None if isinstance(cell, list | dict) else cell for cell in cells]
    notes = [decoded.note] if decoded.note else []
    lost = [names[position] for ours, position in matched.found.items() if names[position] in nested and ours != "text"]
    notes += [*matched.notes, *([f"nested values not read in {', '.join(lost)}"] if lost else [])]
    if "kind" not in values and headlines(names, matched):
        values["kind"] = ["headline"] * len(records)
    numbers = [n for n, _ in records]
    name = "JSON lines" if unit == "line" else "JSON"
    return Parsed(
        "jsonl@1" if unit == "line" else "json@1", name, values, numbers, [f"-{n}" for n in numbers], unit, skipped, notes=notes, encoding=decoded.encoding
    )


def _lines(text: str) -> tuple[str, list[_Record], list[tuple[int, str]]]:
    records: list[_Record] = []
    skipped: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _sort(number, line, records, skipped)
    return "line", records, skipped


def _sort(number: int, line: str, records: list[_Record], skipped: list[tuple[int, str]]) -> None:
    """Put a line with the records, or with the skipped and why."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        skipped.append((number, f"not JSON ({error.msg} at character {error.pos + 1})"))
    except (ValueError, RecursionError):
        skipped.append((number, "not JSON that can be read (a number too long, or nested too deeply)"))
    else:
        if isinstance(value, dict):
            records.append((number, value))
        else:
            skipped.append((number, f"a JSON {type(value).__name__}, not an object with fields"))


def _array(text: str) -> tuple[str, list[_Record], list[tuple[int, str]]] | None:
    """Return the records of a file that is one JSON value over several lines or one array; None if it is not."""
    start = text.lstrip()[:1]
    if start not in ("[", "{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        object_, value = value, _inner(value)
        if value == [object_] and "\n" not in text.strip():
            return None  # one line of JSON lines
    records = [(n, record) for n, record in enumerate(value, start=1) if isinstance(record, dict)]
    skipped = [(n, f"a JSON {type(r).__name__}, not an object with fields") for n, r in enumerate(value, start=1) if not isinstance(r, dict)]
    return "record", records, skipped


def _inner(value: dict[str, Any]) -> list[Any]:
    """Return the records of one object: itself if it has a text, else its only list of objects."""
    try:
        match(list(value))
    except ReadError:
        lists = [inner for inner in value.values() if isinstance(inner, list) and any(isinstance(item, dict) for item in inner)]
        if len(lists) == 1:
            return lists[0]
    return [value]
