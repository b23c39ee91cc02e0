"""JSON: one record a line, or one array of records, or one object that holds them. Nested values are not read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from newsanalysis.readers import streams
from newsanalysis.readers.columns import Match, headlines, match
from newsanalysis.readers.contract import Parsed, ReadError
from newsanalysis.readers.limits import LimitError, read_whole
from newsanalysis.readers.text import decode

MOST_FIELDS = 100_000  # of all objects of a file
_Record = tuple[int, dict[str, Any]]
_SPACE = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_SHORT = 12  # characters: an escape or a word at the end of a file that is cut
_BREAKS_OFF = "the array breaks off here"
_UNREADABLE = "not JSON that can be read (a number too long, or nested too deeply)"


def read_json(path: Path, columns: Mapping[str, str]) -> Parsed | Iterator[Parsed]:
    """Read one file of JSON lines or JSON.

    Returns
    -------
    Parsed, or iterator of them
        One record an object, by its line (or its place in the array, from 1). Lines that are no JSON object are skipped. Large files of lines, and large
        arrays, come piece by piece.

    Raises
    ------
    ReadError
        The file is empty, has no JSON object or no field for the text.
    """
    if streams.large(path):
        text = streams.Text(path)
        if _starts_with_a_line(text.head):
            return _pieces("line", _numbered_lines(text), columns, text)
        if text.head.lstrip().startswith("["):
            return _pieces("record", _elements(text.blocks()), columns, text)
    return _whole(path, columns)


def _whole(path: Path, columns: Mapping[str, str]) -> Parsed:
    decoded = decode(read_whole(path))
    text = decoded.text.replace("\r\n", "\n")
    if not text.strip():
        raise ReadError("the file is empty")
    ends: list[str] = []
    unit, records, skipped = _array(text) or _broken_array(text, ends) or _several(text, ends) or _lines(text)
    if not records:
        raise ReadError(f"no JSON object found; {unit} {skipped[0][0]}: {skipped[0][1]}" if skipped else "no JSON object found")
    fields = _Fields(columns)
    parsed = fields.parsed(unit, records, skipped, decoded.encoding)
    parsed.notes.extend(filter(None, [*ends, decoded.note, *fields.notes()]))
    return parsed


class _Fields:
    """Which field of the objects is which column, learned piece by piece: of two that are one column, in each object the one that came first and is there."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._mapping = columns
        self._names: dict[str, None] = {}
        self._chosen: dict[str, list[str]] = {}
        self._nested: set[str] = set()
        self._matched: Match | None = None

    def _learn(self, records: list[_Record]) -> None:
        before = len(self._names)
        self._names.update(dict.fromkeys(key for _, record in records for key in record))
        if len(self._names) > MOST_FIELDS:
            raise LimitError(f"the objects have more than {MOST_FIELDS:,} different fields")
        if self._matched is None or len(self._names) > before:
            names = list(self._names)
            self._matched = match(names, self._mapping)
            for ours, position in self._matched.found.items():
                chosen = self._chosen.setdefault(ours, [])
                if names[position] not in chosen:
                    chosen.append(names[position])

    def _cell(self, record: dict[str, Any], ours: str) -> Any:
        for name in self._chosen[ours]:
            if (value := record.get(name)) is not None:
                if isinstance(value, list | dict) and ours != "text":
                    self._nested.add(name)
                    return None
                return value
        return None

    def parsed(self, unit: str, records: list[_Record], skipped: list[tuple[int, str]], encoding: str) -> Parsed:
        """Return some records in our columns."""
        self._learn(records)
        values: dict[str, list[object]] = {ours: [self._cell(record, ours) for _, record in records] for ours in self._chosen}
        if "kind" not in values and self._matched and headlines(list(self._names), self._matched):
            values["kind"] = ["headline"] * len(records)
        numbers = [n for n, _ in records]
        reader, name = ("jsonl@1", "JSON lines") if unit == "line" else ("json@1", "JSON")
        return Parsed(reader, name, values, numbers, [f"-{n}" for n in numbers], unit, skipped, encoding=encoding)

    def notes(self) -> list[str]:
        """Say what is to be said of the fields, when all objects have been seen."""
        lost = [name for names in self._chosen.values() for name in names if name in self._nested]
        return [*(self._matched.notes if self._matched else []), *([f"nested values not read in {', '.join(lost)}"] if lost else [])]


def _pieces(unit: str, found: Iterator[tuple[int, object, int]], columns: Mapping[str, str], text: streams.Text) -> Iterator[Parsed]:
    """Yield records piece by piece, of numbered values or reasons why there is none, with the characters they took."""
    fields = _Fields(columns)
    records: list[_Record] = []
    skipped: list[tuple[int, str]] = []
    ends: list[str] = []
    characters = seen = 0
    for number, value, length in _noted(found, ends):
        _sort_value(number, value, records, skipped)
        characters += length
        if characters >= streams.PIECE_CHARACTERS or len(records) + len(skipped) >= streams.PIECE_RECORDS:
            if records:
                yield fields.parsed(unit, records, skipped, text.encoding)
                seen += len(records)
                records, skipped = [], []
            characters = 0
    if not records and not seen:
        raise ReadError(f"no JSON object found; {unit} {skipped[0][0]}: {skipped[0][1]}" if skipped else "no JSON object found")
    last = fields.parsed(unit, records, skipped, text.encoding)
    last.notes.extend(filter(None, [*ends, text.note, *fields.notes()]))
    yield last


def _starts_with_a_line(head: str) -> bool:
    """Say whether the first line that is not blank is an object, and another line follows."""
    first, end, _ = head.lstrip().partition("\n")
    return bool(end) and isinstance(_value(first), dict)


def _numbered_lines(text: streams.Text) -> Iterator[tuple[int, object, int]]:
    for number, line in enumerate(text.lines(returns=False), start=1):
        if line.strip():
            yield number, _value(line), len(line)


def _elements(blocks: Iterator[str]) -> Iterator[tuple[int, object, int]]:
    """Yield the elements of an array, one at a time; where it breaks off, why it does, with the length of what stands there."""
    decoder = json.JSONDecoder()
    buffer = next(blocks, "").lstrip()[1:]
    number, at, more, error = 0, 0, "", ""
    while True:
        at = _SPACE.match(buffer, at).end()  # type: ignore[union-attr]
        if at < len(buffer):
            if buffer[at] == "]":
                if buffer[at + 1 :].strip() or any(block.strip() for block in blocks):
                    yield number + 1, _End("behind the array stands something else, which was not read"), 0
                return
            value, end, error = _element(decoder, buffer, at)
            if end >= 0 and (end < len(buffer) or isinstance(value, dict | list)):  # a number may go on
                number += 1
                yield number, value, end - at
                at = end
                continue
            if end == -2 or len(buffer) - at > streams.MOST_LINE:
                yield number + 1, _End(f"{error or _BREAKS_OFF}; what follows was not read"), len(buffer) - at
                return
        more = "".join(islice(blocks, 1 + (len(buffer) - at) // 2**20))  # as much again: an element is tried a few times only
        if not more:
            yield number + 1, _End(f"{error}; what follows was not read" if at < len(buffer) and error else _BREAKS_OFF), len(buffer) - at
            return
        buffer, at = buffer[at:] + more, 0


def _element(decoder: json.JSONDecoder, buffer: str, at: int) -> tuple[object, int, str]:
    """Return the value that begins at a place, where it ends (below 0 if it does not), and why not, unless it may just be cut."""
    try:
        value, end = decoder.raw_decode(buffer, at)
    except json.JSONDecodeError as error:
        cut = error.msg.startswith("Unterminated string") or error.pos >= len(buffer) - _SHORT
        return None, -1, "" if cut else f"not JSON ({error.msg} at character {error.pos - at + 1})"
    except (ValueError, RecursionError):
        return None, -2, _UNREADABLE
    return value, end, ""


def _noted(found: Iterator[tuple[int, object, int]], ends: list[str]) -> Iterator[tuple[int, object, int]]:
    """Yield elements; where they break off is added to `ends`, and is an element too if something of it is there."""
    for number, value, length in found:
        if isinstance(value, _End):
            ends.append(f"broke off{f' after record {number - 1}' if number > 1 else ''}: {value}")
            if not length:
                continue
        yield number, value, length


def _lines(text: str) -> tuple[str, list[_Record], list[tuple[int, str]]]:
    records: list[_Record] = []
    skipped: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _sort_value(number, _value(line), records, skipped)
    return "line", records, skipped


class _Problem(str):
    """Why there is no value."""

    __slots__ = ()


class _End(_Problem):
    """Why there are no more values."""

    __slots__ = ()


def _value(line: str) -> object:
    """Return the value of a line, or why it has none."""
    try:
        value: object = json.loads(line)
    except json.JSONDecodeError as error:
        return _Problem(f"not JSON ({error.msg} at character {error.pos + 1})")
    except (ValueError, RecursionError):
        return _Problem(_UNREADABLE)
    return value


def _sort_value(number: int, value: object, records: list[_Record], skipped: list[tuple[int, str]]) -> None:
    """Put an object with the records, anything else with the skipped and why."""
    if isinstance(value, dict):
        records.append((number, value))
    else:
        skipped.append((number, str(value) if isinstance(value, _Problem) else f"a JSON {type(value).__name__}, not an object with fields"))


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


def _broken_array(text: str, ends: list[str]) -> tuple[str, list[_Record], list[tuple[int, str]]] | None:
    """Return the records that stand whole in an array that is cut or damaged; None if lines give more, or it is no array."""
    start = _start(text)
    if start is None:
        return None
    said: list[str] = []
    records: list[_Record] = []
    skipped: list[tuple[int, str]] = []
    for number, value, _ in _noted(_elements(iter([text[start:]])), said):
        _sort_value(number, value, records, skipped)
    others = len(_lines(text)[1])
    if not records or others > (len(records) if start == text.find("[") and not text[:start].strip() else 0):
        return None
    ends += said
    return "record", records, skipped


def _several(text: str, ends: list[str]) -> tuple[str, list[_Record], list[tuple[int, str]]] | None:
    """Return objects that stand one after another, each on several lines; None if the first stands on one line, or none does."""
    start = text.lstrip()
    if not start.startswith("{") or _starts_with_a_line(f"{text}\n"):
        return None
    said: list[str] = []
    records: list[_Record] = []
    skipped: list[tuple[int, str]] = []
    for number, value, _ in _noted(_elements(iter([f"[{start.rstrip()}\n]"])), said):
        _sort_value(number, value, records, skipped)
    if len(records) < 2:
        return None
    ends += said
    return "record", records, skipped


def _start(text: str) -> int | None:
    """Return where an array begins: the whole, or that which an object breaks off in, if nothing before it is a text; None if there is none.

    >>> _start(' [{"a"'), _start('{"n": 7, "news": [{"a"'), _start('{"text": "Rain", "tags": ["a"')
    (1, 17, None)
    """
    at = len(text) - len(text.lstrip())
    if text[at : at + 1] == "[":
        return at
    decoder, names = json.JSONDecoder(), []
    at += 1
    try:
        while True:
            at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
            name, at = decoder.raw_decode(text, at)
            names.append(str(name))
            at = _COLON.match(text, at).end()  # type: ignore[union-attr]
            _, at = decoder.raw_decode(text, at)
    except (ValueError, RecursionError, AttributeError):
        pass
    try:
        match(names)
    except ReadError:
        return at if text[at : at + 1] == "[" else None
    return None


def _inner(value: dict[str, Any]) -> list[Any]:
    """Return the records of one object: itself if it has a text, else its only list of objects."""
    try:
        match(list(value))
    except ReadError:
        lists = [inner for inner in value.values() if isinstance(inner, list) and any(isinstance(item, dict) for item in inner)]
        if len(lists) == 1:
            return lists[0]
    return [value]
