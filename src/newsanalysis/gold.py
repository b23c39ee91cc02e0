"""Annotated documents in: hand annotation, or a program's output in the same form."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis import quotations, tables
from newsanalysis.found import Found
from newsanalysis.tables import MODES, ROLES, SPAN_ROLES, TableError

Spans = list[tuple[int, int]]
Pair = tuple[int, int]

EXTRA = ("nested", "disputed", "optional")
RESOLVED = ("speaker", "affiliation", "role")
NAMES = ("documents", "attributions", "spans")


@dataclass(frozen=True, slots=True)
class _Text:
    """A gold document being read: its key, its text as kept, where it stands, and the offsets to map (None: as they are)."""

    document_id: str
    text: str
    where: str
    offsets: Sequence[int]


def read_gold(path: str | Path, *, documents: pd.DataFrame | None = None, nfc: bool = True) -> Found:
    """Read annotated documents: hand annotation, or a program's output in the same form.

    Parameters
    ----------
    path : str or Path
        A JSON Lines file, one document a line: ``{"doc_id", "text", "attributions": [{"source": [[start, end], ...],
        "cue": [...], "content": [...]}]}``, offsets in code points of ``text``; or a folder that ``newsanalysis analyse`` wrote.
        ``id``, ``speaker``, ``affiliation`` and ``role`` (one value or a list of acceptable ones), ``nested``, ``disputed``
        and ``optional`` are read where an attribution has them, and ``mode`` (or ``kind``), where it is speech or private.
    documents : DataFrame, optional
        Table *documents* from which texts are taken that the file leaves out.
    nfc : bool
        Bring texts to Unicode NFC, as every reader of this package does, and map the offsets with them.
        False leaves texts as they stand in the file, as other scorers do; such texts are for scoring only.

    Returns
    -------
    Found
        Documents, attributions and spans. Further acceptable values stand in the columns ``speaker_also``,
        ``affiliation_also`` and ``role_also``, joined by " | ".

    Raises
    ------
    TableError
        Names the file, the line, and what is wrong with it.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> line = {"doc_id": "a", "text": "It rained, he said.", "attributions": [{"source": [[11, 13]], "cue": [[14, 18]], "content": [[0, 9]]}]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gold = pathlib.Path(folder) / "gold.jsonl"
    ...     _ = gold.write_text(json.dumps(line))
    ...     found = read_gold(gold)
    >>> found.spans[["role", "text"]].values.tolist()
    [['source', 'he'], ['cue', 'said'], ['content', 'It rained']]
    """
    path = Path(path)
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise TableError(f"{path}: there is no such file or folder.")
    known = {} if documents is None else dict(zip(documents.document_id, documents.text, strict=True))
    return from_records(_records(path), str(path), known=known, nfc=nfc)


def from_records(records: Iterable[tuple[str, dict[str, Any]]], path: str, *, known: dict[str, str] | None = None, nfc: bool = True) -> Found:
    """Make documents, attributions and spans of annotated documents in the form that `read_gold` reads, each with where it stands.

    >>> line = {"doc_id": "a", "text": "It rained, he said.", "attributions": [{"source": [[11, 13]], "cue": [[14, 18]], "content": [[0, 9]]}]}
    >>> from_records([("line 1", line)], "gold.jsonl")
    1 attribution in 1 document: 0 direct, 0 mixed, 1 indirect.
    """
    known = known or {}
    rows: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    attributions: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    for where, record in records:
        document_id = str(record["doc_id"])
        if document_id in rows:
            raise TableError(f"{where}: doc_id {document_id!r} stands there twice; give each document one line.")
        text = record.get("text", known.get(document_id))
        if not isinstance(text, str):
            raise TableError(f"{where}: document {document_id!r} has no text; add the field text.")
        if not document_id.strip() or not text.strip():
            raise TableError(f"{where}: doc_id and text must not be blank.")
        kept = unicodedata.normalize("NFC", text) if nfc else text
        rows[document_id] = {"document_id": document_id, "text": kept, "kind": "article", "source_file": Path(path).name, "reader": "gold@1"}
        document = _Text(document_id, kept, where, nfc_offsets(text) if nfc else range(len(text) + 1))
        for n, annotation in enumerate(record["attributions"], 1):
            pieces = _pieces(annotation, document, n)
            attributions.append(_attribution(annotation, pieces, document, n))
            if (attribution_id := attributions[-1]["attribution_id"]) in taken:
                raise TableError(f"{where}, attribution {n}: the id {attribution_id!r} stands there twice; give each attribution its own.")
            taken.add(attribution_id)
            spans += _span_rows(attributions[-1]["attribution_id"], pieces, kept)
    if not rows:
        raise TableError(f"{path}: no documents in it; one JSON object a line is needed.")
    read = pd.DataFrame(rows.values())
    texts = tables.check(read.assign(text=read.text.map(lambda text: unicodedata.normalize("NFC", text))), "documents").assign(text=read.text)
    return Found(texts, *(tables.check(pd.DataFrame(r), n) if r else tables.empty(n) for n, r in (("attributions", attributions), ("spans", spans))))


def _read_folder(folder: Path) -> Found:
    files = [folder / f"{name}.parquet" for name in NAMES]
    absent = [file.name for file in files if not file.exists()]
    if absent:
        raise TableError(f"{folder}: {', '.join(absent)} not found; a folder that `newsanalysis analyse` wrote is needed.")
    return Found(*(_read_table(file, name) for file, name in zip(files, NAMES, strict=True)))


def _read_table(file: Path, name: str) -> pd.DataFrame:
    try:
        table = pd.read_parquet(file)
    except Exception as error:  # whatever pyarrow makes of foreign bytes
        reason = str(error).split("\n", 1)[0].rstrip(".")
        raise TableError(f"{file}: no Parquet file that can be read ({reason}); write it anew with `newsanalysis analyse`.") from None
    try:
        return tables.check(table, name)
    except TableError as error:
        raise TableError(f"{file}: {error}") from None


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise TableError(f"{path}: not UTF-8 text; JSON Lines in UTF-8 are needed.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
            if "\\ud" in line.lower():
                json.dumps(record, ensure_ascii=False).encode()
        except json.JSONDecodeError as error:
            raise TableError(f"{where}: not JSON ({error.msg}); one object a line is needed.") from None
        except UnicodeEncodeError:
            raise TableError(f"{where}: a lone surrogate, half of a character, stands in it; put U+FFFD in its place.") from None
        except (RecursionError, ValueError):
            raise TableError(f"{where}: not JSON that can be read (a number too long, or nested too deeply).") from None
        if not isinstance(record, dict) or "doc_id" not in record or not isinstance(record.get("attributions"), list):
            raise TableError(f"{where}: the fields doc_id and attributions (a list) are needed.")
        yield where, record


def _pieces(annotation: Any, document: _Text, n: int) -> dict[str, Spans]:
    where = f"{document.where}, attribution {n}"
    if not isinstance(annotation, dict):
        raise TableError(f"{where}: an object with source, cue and content is needed, not {annotation!r}.")
    given = {role: annotation.get(role) or [] for role in SPAN_ROLES}
    wrong = [role for role in SPAN_ROLES if not isinstance(given[role], list)]
    if wrong:
        raise TableError(f"{where}: {wrong[0]} is a list of spans [[start, end], ...], not {given[wrong[0]]!r}.")
    pieces = {role: [_mapped(span, document, where) for span in given[role]] for role in SPAN_ROLES}
    if not any(document.text[start:end].strip() for start, end in pieces["content"]):
        raise TableError(f"{where}: no content, or a blank one; an attribution without content cannot be scored.")
    return pieces


def _mapped(span: Any, document: _Text, where: str) -> Pair:
    if not isinstance(span, list | tuple) or len(span) != 2 or any(type(offset) is not int for offset in span):
        raise TableError(f"{where}: a span is [start, end], two whole numbers, not {span!r}.")
    start, end = span
    length = len(document.offsets) - 1
    if not 0 <= start < end <= length:
        raise TableError(f"{where}: span [{start}, {end}] is empty or lies outside the text, which has {length} characters.")
    first = min(document.offsets[start], len(document.text) - 1)
    return first, max(document.offsets[end], first + 1)


def _attribution(annotation: dict[str, Any], pieces: dict[str, Spans], document: _Text, n: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "attribution_id": f"{document.document_id}#{annotation.get('id', n)}",
        "document_id": document.document_id,
        "kind": quotations.kind(document.text, pieces["content"]),
        "mode": next((given for given in (annotation.get("mode"), annotation.get("kind")) if given in MODES), None),
        **{role: tables.JOINT.join(document.text[start:end] for start, end in sorted(pieces[role])) or None for role in SPAN_ROLES},
        "start": min(start for spans in pieces.values() for start, _ in spans),
        "end": max(end for spans in pieces.values() for _, end in spans),
        "attributor": "gold@1",
        **{name: bool(annotation[name]) for name in EXTRA if name in annotation},
    }
    for name in RESOLVED:
        given = annotation.get(name)
        values = given if isinstance(given, list) else [given] if given else []
        if wrong := [value for value in values if not isinstance(value, str) or (name == "role" and value not in ROLES)]:
            allowed = f"one of {', '.join(ROLES)}" if name == "role" else "a text"
            raise TableError(f"{document.where}, attribution {n}: {name} is {allowed} (or a list of them), not {wrong[0]!r}.")
        row[name] = values[0] if values else None
        if len(values) > 1:
            row[f"{name}_also"] = " | ".join(map(str, values[1:]))
    return row


def _span_rows(attribution_id: str, pieces: dict[str, Spans], text: str) -> list[dict[str, Any]]:
    return [
        {"attribution_id": attribution_id, "role": role, "start": start, "end": end, "text": text[start:end]}
        for role, spans in pieces.items()
        for start, end in spans
    ]


def nfc_offsets(text: str) -> Sequence[int]:
    """Return, for each offset of a text and for its end, the offset in the text's NFC form.

    >>> list(nfc_offsets("ne\\u0301e"))
    [0, 1, 2, 2, 3]
    """
    if unicodedata.is_normalized("NFC", text):
        return range(len(text) + 1)
    offsets, done, open_run = [0], 0, ""
    for character in text:
        if open_run and _starts_anew(open_run, character):
            done += len(unicodedata.normalize("NFC", open_run))
            open_run = ""
        open_run += character
        offsets.append(done + len(unicodedata.normalize("NFC", open_run)))
    return offsets


def _starts_anew(before: str, character: str) -> bool:
    if character.isascii():
        return True
    normal = unicodedata.normalize
    return not unicodedata.combining(character) and normal("NFC", before + character) == normal("NFC", before) + normal("NFC", character)
