"""What was found as annotations of the web: the W3C's Web Annotation Data Model (Recommendation of 23 February 2017) in JSON-LD.

Each attribution is one Annotation. Its targets are the pieces of source, cue and content, each told by its position (in code points of ``documents.text``, as
the Recommendation counts, section 4.2.5) and by its words with some of the text around them; its bodies say the kind, mode, speaker, affiliation and role.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis._version import __version__
from newsanalysis.files import replacing
from newsanalysis.found import Found, needed
from newsanalysis.tables import SPAN_ROLES, TableError

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32  # characters of the text before and after a piece
LINES, WHOLE = (".jsonl", ".ndjson"), (".jsonld", ".json")
BODIES = {"kind": "tagging", "mode": "tagging", "role": "tagging", "affiliation": "tagging", "speaker": "describing"}
STYLE = ".source { background-color: #d9e8f5; } .cue { background-color: #eeeeee; } .content { background-color: #fbe9c6; }"
_NAMESPACE = uuid.UUID("4c1c4f0e-6d0c-5f5b-9a57-5d3a0f1b7c11")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_LIVE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def write_web_annotations(found: Found, path: str | Path, *, generated: str | datetime.datetime | None = None) -> Path:
    """Write the attributions found in documents as W3C web annotations.

    Parameters
    ----------
    found : Found
        What was found; ``found.within(...)`` for some documents.
    path : str or Path
        The file: ``.jsonld`` or ``.json`` for one AnnotationCollection with one page; ``.jsonl`` or ``.ndjson`` for one Annotation a line, for many.
    generated : str or datetime, optional
        When the annotations were made, with a time zone. Nothing is said without it, so that the same tables give the same bytes.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TableError
        For another suffix, a date that is none or has no zone, and attributions without spans of content.

    Notes
    -----
    The source of a target is the document's address, or where it has none (or one that is no http address) a ``urn:uuid:`` made of its id and text. Positions
    count code points of ``documents.text``, which is not the page's HTML: on the page itself go by the quotes. What stands in the files is
    safe inside HTML: ``<``, ``>`` and ``&`` are escaped. The class of a target's style (source, cue, content) is its role in the attribution.

    Source: Sanderson, Ciccarese & Young 2017, Web Annotation Data Model, W3C Recommendation, sections 3, 4.2.4, 4.2.5, 4.4 and 5.

    Examples
    --------
    >>> import tempfile
    >>> import newsanalysis as na
    >>> found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     annotation = json.loads(write_web_annotations(found, Path(folder) / "found.jsonl").read_text())
    >>> [body["value"] for body in annotation["body"]], [target["selector"][1]["exact"] for target in annotation["target"]]
    (['kind: indirect', 'mode: speech'], ['The mayor', 'said', 'the bridge was closed'])
    """
    path = Path(path)
    if path.suffix.lower() not in (*LINES, *WHOLE):
        raise TableError(f"{path}: the name of the file must end in {', '.join((*WHOLE, *LINES))}.")
    found, when = needed(found, "write_web_annotations"), _when(generated)
    annotations = _annotations(found, when)
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        if path.suffix.lower() in LINES:
            file.writelines(_json({"@context": CONTEXT, **annotation}) + "\n" for annotation in annotations)
        else:
            _write_collection(file, annotations, found)
    return path


def _write_collection(file: Any, annotations: Iterator[dict[str, Any]], found: Found) -> None:
    total = len(found.attributions)
    key = _urn("collection", *found.attributions["attribution_id"], *found.documents["document_id"])
    opened = _json({"@context": CONTEXT, "id": key, "type": "AnnotationCollection", "label": "Attributions in news texts", "total": total})
    if not total:
        file.write(f"{opened}\n")
        return
    page = _json({"id": _urn("page", key), "type": "AnnotationPage", "startIndex": 0})
    file.write(f'{opened[:-1]}, "first": {page[:-1]}, "items": [\n')
    for n, annotation in enumerate(annotations):
        file.write(f"{',' if n else ''}{_json(annotation)}\n")
    file.write("]}}\n")


def _annotations(found: Found, when: str | None) -> Iterator[dict[str, Any]]:
    texts = dict(zip(found.documents["document_id"], found.documents["text"], strict=True))
    sources = {row["document_id"]: _source(row) for row in found.documents[["document_id", "text", "url", "language"]].to_dict("records")}
    pieces = _pieces(found.spans)
    for row in found.attributions.to_dict("records"):
        key, document_id = row["attribution_id"], row["document_id"]
        spans = pieces.get(key, {})
        if not spans.get("content"):
            raise TableError(f"write_web_annotations: attribution {key!r} has no span of content; give the spans that belong to the attributions.")
        source = sources[document_id]
        targets = [_target(source, role, span, texts[document_id]) for role in SPAN_ROLES for span in sorted(spans.get(role, []))]
        yield {
            "id": _urn("attribution", source["id"], key, row["attributor"]),
            "type": "Annotation",
            "motivation": "tagging",
            "creator": {"type": "Software", "name": row["attributor"]},
            "generator": {"type": "Software", "name": f"newsanalysis {__version__}"},
            **({"generated": when} if when else {}),
            "stylesheet": {"type": "CssStylesheet", "value": STYLE},
            "body": [_body(name, purpose, row[name]) for name, purpose in BODIES.items() if isinstance(row[name], str)],
            "target": targets,
        }


def _pieces(spans: pd.DataFrame) -> dict[str, dict[str, list[tuple[int, int]]]]:
    pieces: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for key, role, start, end in zip(spans["attribution_id"], spans["role"], spans["start"], spans["end"], strict=True):
        pieces.setdefault(key, {}).setdefault(role, []).append((int(start), int(end)))
    return pieces


def _source(row: dict[Any, Any]) -> dict[str, str]:
    """The document: its address, or a name made of its id and text."""
    language = {"language": row["language"]} if isinstance(row["language"], str) else {}
    if isinstance(row["url"], str) and _ADDRESS.fullmatch(row["url"]):
        return {"id": row["url"], "type": "Text", **language}
    return {"id": _urn("document", row["document_id"], row["text"]), "type": "Text", "format": "text/plain", **language}


def _target(source: dict[str, str], role: str, span: tuple[int, int], text: str) -> dict[str, Any]:
    start, end = span
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    quote = {"type": "TextQuoteSelector", "exact": text[start:end], "prefix": text[max(start - AROUND, 0) : start], "suffix": text[end : end + AROUND]}
    return {"type": "SpecificResource", "source": source, "selector": [position, quote], "styleClass": role}


def _body(name: str, purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": f"{name}: {value}"}


def _urn(*parts: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\x00".join(parts)).urn


def _when(generated: str | datetime.datetime | None) -> str | None:
    if generated is None:
        return None
    try:
        when = datetime.datetime.fromisoformat(generated) if isinstance(generated, str) else generated
        utc = when.astimezone(datetime.UTC) if when.tzinfo else None
    except (ValueError, AttributeError, OverflowError):
        utc = None
    if utc is None:
        raise TableError(f"write_web_annotations: generated is {generated!r}; give a date and time with its zone, such as 2024-03-05T12:00:00Z.")
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(value: dict[str, Any]) -> str:
    """JSON whose strings hold nothing that a browser would act on."""
    return json.dumps(value, ensure_ascii=False).translate(_LIVE)
