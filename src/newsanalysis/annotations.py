"""Spans marked by people: documents and attributions to the files of brat and INCEpTION, and back.

*brat*: for each document ``NAME.txt`` (the text) and ``NAME.ann``: spans of the types Source, Cue and Content (``T1<tab>Source 0 5;8 10<tab>words``; a
span has one or more pieces, none of which crosses a line break) and events of the type Attribution that bind them (``E1<tab>Attribution:T4
Source:T1 Cue:T2 Content:T3``; the event's trigger, a span of the type Attribution, repeats the cue, or the content where there is no cue).
``annotation.conf`` tells brat of these types.

*INCEpTION*: for each document ``NAME.xmi`` (UIMA CAS XMI 1.0) with annotations of the layer ``webanno.custom.Attribution``, one for each piece, with the
features ``role`` (source, cue, content) and ``attribution`` (a number; pieces with the same number are one attribution), and
``TypeSystem.xml``. INCEpTION counts offsets in UTF-16 code units, where an emoji is two; they are turned into code points and back.

``documents.jsonl`` beside the files keeps the documents' ids and what is known of them: file names cannot hold every id.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.files import replacing
from newsanalysis.found import Found
from newsanalysis.gold import Spans, from_records
from newsanalysis.readers import ReadError, cas, limits
from newsanalysis.tables import SPAN_ROLES, TableError

INDEX = "documents.jsonl"
LONGEST_NAME = 120
LAYER = "webanno.custom.Attribution"
CONF = """[entities]
Source
Cue
Content
[relations]
[events]
Attribution\tSource*:Source, Cue*:Cue, Content+:Content
[attributes]
"""
TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">
  <types>
    <typeDescription>
      <name>{LAYER}</name>
      <description>A piece of an attribution</description>
      <supertypeName>uima.tcas.Annotation</supertypeName>
      <features>
        <featureDescription><name>role</name><description/><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
        <featureDescription><name>attribution</name><description/><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>
      </features>
    </typeDescription>
  </types>
</typeSystemDescription>
"""
_XMI, _CAS, _CUSTOM = "http://www.omg.org/XMI", "http:///uima/cas.ecore", "http:///webanno/custom.ecore"
_WHOLE = re.compile(r"[0-9]{1,15}")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
Marked = dict[str, Spans]


def write_brat(found: Found, folder: str | Path, *, blank: bool = False) -> Path:
    """Write documents, and the attributions found in them, as files of the annotation tool brat.

    Parameters
    ----------
    found : Found
        What was found; ``found.within(...)`` for a sample of documents.
    folder : str or Path
        Where to write; made if it is not there.
    blank : bool
        True writes the texts without annotations, for people who are to mark them without seeing what the machine found.

    Returns
    -------
    Path
        The folder. Copy it into brat's data directory.

    Raises
    ------
    TableError
        If there are no documents, or files of the same name with other content: nobody's annotation is overwritten.

    Notes
    -----
    A span that crosses a line break is cut there, since brat marks within lines; ``na.read_brat`` joins the pieces again. Speakers, affiliations and
    roles are not written: code those on a sheet (``na.coding_sheet``).

    Examples
    --------
    >>> import tempfile
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print((write_brat(found, folder) / "text-1.ann").read_text(), read_brat(folder).attributions.content.tolist())
    T1	Source 0 9	The mayor
    T2	Cue 10 14	said
    T3	Content 15 36	the bridge was closed
    T4	Attribution 10 14	said
    E1	Attribution:T4 Source:T1 Cue:T2 Content:T3
     ['the bridge was closed']
    """
    _with_texts(found, "write_brat")
    named = _names(found.documents["document_id"])
    files = {"annotation.conf": CONF, INDEX: _index(found.documents, named, "txt")}
    marked = _by_document(found)
    for document_id, text in zip(found.documents["document_id"], found.documents["text"], strict=True):
        files[f"{named[document_id]}.txt"] = text
        files[f"{named[document_id]}.ann"] = "" if blank else _brat_lines(marked.get(document_id, []), text)
    return _write(Path(folder), files)


def read_brat(folder: str | Path) -> Found:
    """Read what people marked in brat, as gold.

    Parameters
    ----------
    folder : str or Path
        A folder with .txt and .ann files.

    Returns
    -------
    Found
        Documents, attributions and spans, as ``na.read_gold`` returns them: for ``na.attribution_scores`` and ``na.span_scores``.

    Raises
    ------
    TableError
        For a text or an annotation that is not there, spans that are not those of the text, spans that belong to no attribution, attributions
        without content: with file and line.

    Notes
    -----
    Types other than Source, Cue, Content and Attribution are passed over.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.txt").write_text("It rained, he said.")
    ...     lines = ["T1\\tContent 0 9\\tIt rained", "T2\\tSource 11 13\\the", "T3\\tAttribution 14 18\\tsaid", "E1\\tAttribution:T3 Content:T1 Source:T2"]
    ...     _ = (Path(folder) / "a.ann").write_text("\\n".join(lines))
    ...     read_brat(folder).spans[["role", "text"]].values.tolist()
    [['source', 'he'], ['content', 'It rained']]
    """
    folder = Path(folder)
    paths = sorted(folder.glob("*.ann"))
    if not paths:
        raise TableError(f"{folder}: there are no .ann files; give a folder that na.write_brat or brat wrote.")
    index = _read_index(folder)
    records = []
    for path in paths:
        text = _text(path.with_suffix(".txt"))
        attributions, spans = brat_attributions(_text(path), text, path.name)
        _all_bound(attributions, spans, path.name)
        pieces = [{role: _joined(marked[role], text) for role in SPAN_ROLES} for marked in attributions]
        records.append((path.name, {"doc_id": _id(index, path.stem), "text": text, "attributions": _in_order(pieces)}))
    return _found(records, folder, index)


def brat_spans(lines: Iterable[str], text: str, where: str) -> dict[str, tuple[str, Spans]]:
    """Return the spans of a brat file by their id: type and pieces, checked against the text.

    >>> brat_spans(["T1\\tCue 3 7\\tsaid"], "He said no", "he.ann")
    {'T1': ('Cue', [(3, 7)])}
    """
    found: dict[str, tuple[str, Spans]] = {}
    for number, line in enumerate(lines, 1):
        if not line.startswith("T"):
            continue
        try:
            key, place, words = line.rstrip("\r").split("\t", 2)
            kind, _, offsets = place.partition(" ")
            pieces = [(int(start), int(end)) for start, end in (piece.split(" ") for piece in offsets.split(";"))]
            covered = [text[start:end] for start, end in pieces]
        except ValueError:
            raise TableError(f"{where}, line {number}: 'id, type start end, words' with tabs between is needed, not {line[:60]!r}.") from None
        if any(not 0 <= start < end <= len(text) for start, end in pieces) or _plain(" ".join(covered)) != _plain(words):
            raise TableError(
                f"{where}, line {number}: the text has {' '.join(covered)[:40]!r} there, not {words[:40]!r}; do text and annotation belong together?"
            )
        found[key] = kind, sorted(pieces)
    return found


def brat_attributions(annotated: str, text: str, where: str) -> tuple[list[dict[str, Any]], dict[str, tuple[str, Spans]]]:
    """Return the attributions of a brat file (id, and the pieces of source, cue and content; those without content too), and all its spans.

    >>> lines = "T1\\tSource 0 2\\tHe\\nT2\\tCue 3 7\\tsaid\\nT3\\tContent 8 10\\tno\\nE1\\tAttribution:T2 Source:T1 Cue:T2 Content:T3\\n"
    >>> brat_attributions(lines, "He said no", "he.ann")[0]
    [{'id': 'E1', 'line': 4, 'keys': ['T2', 'T1', 'T2', 'T3'], 'source': [(0, 2)], 'cue': [(3, 7)], 'content': [(8, 10)]}]
    """
    lines = annotated.split("\n")
    found = brat_spans(lines, text, where)
    attributions = []
    for number, line in enumerate(lines, 1):
        event, *arguments = line.partition("\t")[2].split()[:1000] or [""]
        if not line.startswith("E") or not event.startswith("Attribution"):
            continue
        marked: dict[str, Any] = {"id": line.partition("\t")[0], "line": number, "keys": [event.partition(":")[2]], **{role: [] for role in SPAN_ROLES}}
        for argument in arguments:
            role, _, key = argument.partition(":")
            role = role.rstrip("0123456789").lower()
            if role not in SPAN_ROLES or key not in found:
                raise TableError(f"{where}, line {number}: {argument!r} is no role of a span in this file.")
            marked["keys"].append(key)
            marked[role] = sorted(marked[role] + found[key][1])
        attributions.append(marked)
    return attributions, found


def _all_bound(attributions: list[dict[str, Any]], spans: dict[str, tuple[str, Spans]], where: str) -> None:
    for marked in attributions:
        if not marked["content"]:
            raise TableError(f"{where}, line {marked['line']}: the attribution {marked['id']} has no content; mark it, or delete the attribution.")
    used = {key for marked in attributions for key in marked["keys"]}
    stray = [key for key, (kind, _) in spans.items() if kind.lower() in SPAN_ROLES and key not in used]
    if stray:
        kind, pieces = spans[stray[0]]
        raise TableError(
            f"{where}: {len(stray)} spans belong to no attribution, first {stray[0]} ({kind} at {pieces[0][0]}); bind them by an event of type Attribution, "
            "or delete them."
        )


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def _brat_lines(attributions: list[Marked], text: str) -> str:
    lines, key = [], 0
    for number, marked in enumerate(attributions, 1):
        bound = []
        for role in (*SPAN_ROLES, "attribution"):
            spans = marked[role] if role != "attribution" else marked["cue"] or marked["content"]
            pieces = [piece for start, end in spans for piece in _within_lines(text, start, end)]
            if pieces:
                key += 1
                place = ";".join(f"{start} {end}" for start, end in pieces)
                lines.append(f"T{key}\t{role.capitalize()} {place}\t{' '.join(text[start:end] for start, end in pieces)}")
                bound.append(f"{role.capitalize()}:T{key}")
        lines.append(f"E{number}\t{' '.join([bound[-1], *bound[:-1]])}")
    return "".join(f"{line}\n" for line in lines)


def _within_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for run in re.finditer(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+", text[start:end]):
        if run[0].strip():
            yield start + run.start(), start + run.end()


def _joined(pieces: Spans, text: str) -> list[list[int]]:
    """Pieces between which there are only line breaks and spaces are one again."""
    whole: list[list[int]] = []
    for start, end in pieces:
        between = text[whole[-1][1] : start] if whole else "-"
        if whole and not between.strip() and len(between.splitlines()) + between.endswith(("\n", "\r")) > 1:
            whole[-1][1] = end
        else:
            whole.append([start, end])
    return whole


# --- INCEpTION ----------------------------------------------------------------------------------------------------------


def write_inception(found: Found, folder: str | Path, *, blank: bool = False) -> Path:
    """Write documents, and the attributions found in them, as UIMA CAS XMI for the annotation tool INCEpTION.

    Parameters
    ----------
    found : Found
        What was found; ``found.within(...)`` for a sample of documents.
    folder : str or Path
        Where to write; made if it is not there.
    blank : bool
        True writes the texts without annotations.

    Returns
    -------
    Path
        The folder. In INCEpTION's project settings make a span layer ``Attribution`` (internal name ``webanno.custom.Attribution``; any
        characters, overlap allowed, across sentences) with the features ``role`` and ``attribution`` (String), then import the .xmi files as
        "UIMA CAS XMI (XML 1.0)".

    Raises
    ------
    TableError
        If there are no documents, or files of the same name with other content.

    Notes
    -----
    Control characters, which XML cannot hold, become U+FFFD; offsets stay.

    Examples
    --------
    >>> import tempfile
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["🌉 The mayor said the bridge was closed."]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_inception(write_inception(found, folder)).spans.text.tolist()
    ['The mayor', 'said', 'the bridge was closed']
    """
    _with_texts(found, "write_inception")
    named = _names(found.documents["document_id"])
    files = {"TypeSystem.xml": TYPES, INDEX: _index(found.documents, named, "xmi")}
    marked = _by_document(found)
    for document_id, text in zip(found.documents["document_id"], found.documents["text"], strict=True):
        files[f"{named[document_id]}.xmi"] = _xmi([] if blank else marked.get(document_id, []), text)
    return _write(Path(folder), files)


def read_inception(path: str | Path) -> Found:
    """Read what people marked in INCEpTION, as gold.

    Parameters
    ----------
    path : str or Path
        A file that INCEpTION exported as "UIMA CAS XMI" (1.0 or 1.1) or "UIMA CAS JSON" (.xmi, .json, or the .zip with it), or a folder of them, each
        document once.

    Returns
    -------
    Found
        Documents, attributions and spans, as ``na.read_gold`` returns them.

    Raises
    ------
    TableError
        For files that are no such CAS, or damaged, offsets outside the text, pieces without role or attribution, attributions without content.

    Examples
    --------
    >>> read_inception("no_such_folder")
    Traceback (most recent call last):
    newsanalysis.tables.TableError: no_such_folder: there are no .xmi files; ...
    """
    path = Path(path)
    folder = path if path.is_dir() else path.parent
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".zip" or _is_cas(p.name)) if path.is_dir() else [path] if path.is_file() else []
    named = [(where, stem, content) for file in files for where, stem, content in _xmi_files(file)]
    if not named:
        raise TableError(f"{path}: there are no .xmi files; export the documents from INCEpTION as UIMA CAS XMI.")
    index = _read_index(folder)
    records = []
    for where, stem, content in named:
        text, attributions = _read_xmi(content, where)
        records.append((where, {"doc_id": _id(index, stem), "text": text, "attributions": _in_order(attributions)}))
    return _found(records, folder, index)


def _xmi_files(file: Path) -> Iterator[tuple[str, str, bytes]]:
    try:
        if file.suffix.lower() != ".zip":
            yield file.name, file.stem, limits.read_whole(file)
            return
        with limits.open_zip(file) as archive:
            for name in sorted(archive.namelist()):
                if _is_cas(name):
                    yield f"{file.name}: {name}", Path(name).stem, limits.member(archive, name)
    except ReadError as error:
        raise TableError(f"{file}: {error}; export the document again.") from None


def _is_cas(name: str) -> bool:
    return name.lower().endswith((".xmi", ".json")) and not Path(name).name.startswith((".", "exportedproject"))


def _xmi(attributions: list[Marked], text: str) -> str:
    for prefix, name in (("xmi", _XMI), ("cas", _CAS), ("custom", _CUSTOM)):
        ElementTree.register_namespace(prefix, name)
    root = ElementTree.Element(f"{{{_XMI}}}XMI", {f"{{{_XMI}}}version": "2.0"})
    ElementTree.SubElement(root, f"{{{_CAS}}}NULL", {f"{{{_XMI}}}id": "0"})
    at = _utf16(text)
    pieces = [(role, str(n), span) for n, marked in enumerate(attributions, 1) for role in SPAN_ROLES for span in marked[role]]
    for key, (role, number, (start, end)) in enumerate(pieces, 2):
        named = {"sofa": "1", "begin": str(at[start]), "end": str(at[end]), "role": role, "attribution": number}
        ElementTree.SubElement(root, f"{{{_CUSTOM}}}Attribution", {f"{{{_XMI}}}id": str(key), **named})
    safe = _ILLEGAL.sub("\ufffd", text)
    sofa = {f"{{{_XMI}}}id": "1", "sofaNum": "1", "sofaID": "_InitialView", "mimeType": "text", "sofaString": safe}
    ElementTree.SubElement(root, f"{{{_CAS}}}Sofa", sofa)
    ElementTree.SubElement(root, f"{{{_CAS}}}View", {"sofa": "1", "members": " ".join(str(key) for key in range(2, len(pieces) + 2))})
    out = io.BytesIO()
    ElementTree.ElementTree(root).write(out, encoding="UTF-8", xml_declaration=True)
    return out.getvalue().decode("utf-8") + "\n"


def _utf16(text: str) -> np.ndarray:
    """The offset in UTF-16 code units of each code point, and of the end."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF).astype(np.int64))])


def _read_xmi(content: bytes, where: str) -> tuple[str, list[Marked]]:
    try:
        found = cas.parse(content, _is_ours)
    except ReadError as error:
        raise TableError(f"{where}: {error}.") from None
    if damage := [note for note in found.notes if "damaged" in note]:  # of gold nothing may be missing
        raise TableError(f"{where}: {damage[0]}; export the document again.")
    text = found.text.replace("\r\n", "\n").replace("\r", "\n")  # as na.read has it
    points = _points(found.text)
    marked: dict[str, Marked] = {}
    for _, features in found.annotations:
        begin, end, role, number = (features.get(name) or "" for name in ("begin", "end", "role", "attribution"))
        here = f"{where}: the piece at {begin} to {end}"
        if role.strip().lower() not in SPAN_ROLES or not number.strip():
            raise TableError(f"{here} has role {role!r} and attribution {number!r}; a role ({', '.join(SPAN_ROLES)}) and a number are needed.")
        if not (_WHOLE.fullmatch(begin) and _WHOLE.fullmatch(end)) or int(begin) not in points or int(end) not in points or int(begin) >= int(end):
            raise TableError(f"{here} is empty, cuts a character, or lies outside the text, which has {max(points)} UTF-16 code units.")
        start, stop = points[int(begin)], points[int(end)]
        if start == stop:
            continue  # the first half of a line break
        spans = marked.setdefault(number.strip(), {name: [] for name in SPAN_ROLES})
        spans[role.strip().lower()].append((start, stop))
    without = [number for number, spans in marked.items() if not spans["content"]]
    if without:
        raise TableError(f"{where}: attribution {without[0]!r} has no content; mark it, or delete its pieces.")
    return text, [{role: sorted(set(spans)) for role, spans in one.items()} for one in marked.values()]


def _is_ours(kind: str) -> bool:
    return kind.startswith("webanno.custom") and kind.endswith(".Attribution")


def _points(text: str) -> dict[int, int]:
    """For each offset in UTF-16 code units that cuts no character, the offset in code points of the text with LF line ends."""
    units = _utf16(text)
    points = np.arange(len(units))
    if "\r" in text:
        characters = np.frombuffer((text + " ").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        first_half = (characters[:-1] == 13) & (characters[1:] == 10)
        points = points - np.concatenate([[0], np.cumsum(first_half)])
    return dict(zip(units.tolist(), points.tolist(), strict=True))


# --- what both share ----------------------------------------------------------------------------------------------------


def _with_texts(found: Found, what: str) -> None:
    if found.documents.empty:
        raise TableError(f"{what}: there are no documents, and so no text to mark; give what na.attribute returned (or found.within(ids) with ids it has).")


def _by_document(found: Found) -> dict[str, list[Marked]]:
    """The attributions of each document in the order of the table, as pieces by role."""
    found = found.checked()
    pieces: dict[str, Marked] = {key: {role: [] for role in SPAN_ROLES} for key in found.attributions["attribution_id"]}
    spans = found.spans
    for key, role, start, end in zip(spans["attribution_id"], spans["role"], spans["start"], spans["end"], strict=True):
        if key in pieces:
            pieces[key][role].append((int(start), int(end)))
    by_document: dict[str, list[Marked]] = {}
    for key, document_id in zip(found.attributions["attribution_id"], found.attributions["document_id"], strict=True):
        if not pieces[key]["content"]:
            raise TableError(f"annotations: attribution {key!r} has no span of content; give the spans that belong to the attributions.")
        by_document.setdefault(document_id, []).append({role: sorted(spans) for role, spans in pieces[key].items()})
    return by_document


def _names(ids: Iterable[str]) -> dict[str, str]:
    """A file name for each id that any system takes; no two differ in capitals only."""
    named: dict[str, str] = {}
    taken: set[str] = set()
    for key in ids:
        name = quote(key, safe=" #,;=+@()[]'!&").rstrip(" ")
        name = name.replace(".", "%2E", 1) if name.startswith(".") else name
        device = name.split(".", 1)[0].lower() in {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
        if len(name) > LONGEST_NAME or name.casefold() in taken or device or unquote(name) != key:
            name = f"{name[: LONGEST_NAME - 13].rstrip('%. ')}~{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
        taken.add(name.casefold())
        named[key] = name
    return named


def _index(documents: pd.DataFrame, named: dict[str, str], ending: str) -> str:
    known = documents.drop(columns="text").astype(object)
    lines = []
    for row in known.to_dict("records"):
        about = {str(name): str(value) for name, value in row.items() if value is not None and value == value}
        lines.append(json.dumps({"file": f"{named[row['document_id']]}.{ending}", **about}, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def _read_index(folder: Path) -> dict[str, dict[str, Any]]:
    """What is known of each document by the stem of its file; nothing without the file."""
    path = folder / INDEX
    if not path.is_file():
        return {}
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        return {row["file"].rpartition(".")[0]: row for row in rows}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TableError(f"{path}: it is not as it was written; put it back, or delete it (ids are then the names of the files).") from None


def _id(index: dict[str, dict[str, Any]], stem: str) -> str:
    return str(index[stem]["document_id"]) if stem in index else unquote(stem)


def _write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    contents = {folder / name: text.encode("utf-8") for name, text in files.items()}
    changed = [path for path, content in contents.items() if path.exists() and path.read_bytes() != content]
    if changed:
        raise TableError(f"{changed[0]}: a file of this name with other content is there, somebody's annotation perhaps; write to another folder.")
    for path, content in contents.items():
        if not path.exists():
            with replacing(path) as part:
                part.write_bytes(content)
    return folder


def _text(path: Path) -> str:
    """A file's text with its line breaks as they are, since offsets count them."""
    if not path.is_file():
        raise TableError(f"{path}: there is no such file.")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise TableError(f"{path}: it is not UTF-8 text; brat's files are.") from None


def _in_order(attributions: list[Any]) -> list[Any]:
    pieces = [{role: [list(span) for span in marked[role]] for role in SPAN_ROLES} for marked in attributions]
    return sorted(pieces, key=lambda marked: (min(span for role in SPAN_ROLES for span in marked[role]), marked["content"]))


def _found(records: list[tuple[str, dict[str, Any]]], folder: Path, index: dict[str, dict[str, Any]]) -> Found:
    found = from_records(records, str(folder))
    known = {row["document_id"]: row for row in index.values()}
    columns = [name for name in tables.SCHEMAS["documents"].columns if name not in ("document_id", "text", "source_file", "reader")]
    about = {name: [known.get(key, {}).get(name) for key in found.documents["document_id"]] for name in columns}
    filled = {name: found.documents[name].astype(object).where([value is None for value in values], values) for name, values in about.items()}
    filled["published"] = pd.to_datetime(pd.Series(about["published"], dtype=object), utc=True, format="ISO8601")
    return Found(tables.check(found.documents.assign(**filled), "documents"), found.attributions, found.spans)
