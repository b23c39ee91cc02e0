"""PolNeAR 1.0 as it is published, in brat's files, to the JSON Lines that training reads.

``python -m training.brat POLNEAR/data --out DATA`` writes ``polnear_train.jsonl``, ``polnear_dev.jsonl`` and ``polnear_multi.jsonl``. ``POLNEAR``
is a checkout of https://github.com/networkdynamics/PolNeAR (no licence is stated: fetch it yourself, and publish nothing of it).
The lines of brat's files are read by ``newsanalysis.annotations``.

The corpus' layout, by its README and files: ``data/<part>/text/<document>.txt``; ``data/<part>/attributions/<document>_<annotator>.ann``, the
annotator four hex digits, several files where several people annotated; ``data/metadata.tsv`` with publisher, date and title. In a file of annotations:

- ``T9<tab>Source 687 726;777 841<tab>words``: a span of type Source, Cue, Content, Attribution (a repetition of the cue), Discard or Discuss, with
  one or more pieces, offsets in code points of the text, half-open; the words are the pieces, a space between them, line breaks as spaces;
- ``E3<tab>Attribution:T12 Content:T11 Cue:T10 Source:T9``: an attribution, also ``Attribution-no-source``; a role may be absent, or
  there twice with a number behind it (``Source2``);
- other lines (notes, attributes) are passed over.

A line of the output: ``{"doc_id", "publisher", "date", "title", "annotator", "n_annotators", "text", "attributions": [{"id", "source",
"cue", "content"}], "discard", "discuss"}``, attributions in the order of their contents. Events without content are left out. Where
several people annotated an article, ``polnear_train`` and ``polnear_dev`` have the first by their ids, and ``polnear_multi`` has a line for
each, with the field ``split``.

No raw file lies beside this project's own JSON Lines of PolNeAR, which another program made. Two published files of annotations, and part of
a third, copied by hand and put through ``read_annotations``, gave what those lines have for them. Which annotator those lines have of an
article with several is not known, so that for these 18 articles the two may differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsanalysis.annotations import brat_attributions
from newsanalysis.tables import TableError

PARTS = ("train", "dev")
ROLES = ("source", "cue", "content")
MARKS = ("discard", "discuss")
Document = dict[str, Any]
BratError = TableError  # a file that is not what PolNeAR's are: file, line and what is wrong with it
_FILE = re.compile(r"(?P<document>.+)_(?P<annotator>[0-9a-f]{4})\.ann")


def read_annotations(annotated: str, text: str, where: str) -> Document:
    """Return the attributions of a file of annotations, and the spans that its annotator left out or doubted.

    >>> lines = "T1\\tSource 0 2\\tHe\\nT2\\tCue 3 7\\tsaid\\nT3\\tContent 8 10\\tno\\nE1\\tAttribution:T2 Source:T1 Cue:T2 Content:T3\\n"
    >>> read_annotations(lines, "He said no", "he.ann")["attributions"]
    [{'id': 'E1', 'source': [[0, 2]], 'cue': [[3, 7]], 'content': [[8, 10]]}]
    """
    read, found = brat_attributions(annotated, text, where)
    attributions = [
        {"id": attribution["id"], **{role: [list(piece) for piece in attribution[role]] for role in ROLES}} for attribution in read if attribution["content"]
    ]
    attributions.sort(key=lambda attribution: (attribution["content"], int(attribution["id"][1:])))
    marked = {mark: sorted(list(piece) for kind, pieces in found.values() if kind.lower() == mark for piece in pieces) for mark in MARKS}
    return {"attributions": attributions, **marked}


def documents(data: Path, part: str) -> Iterator[Document]:
    """Yield the documents of a part in order of name, one for each annotator, in order of their ids."""
    listed = metadata(data / "metadata.tsv")
    files: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    for path in sorted((data / part / "attributions").glob("*.ann")):
        name = _FILE.fullmatch(path.name)
        if not name:
            raise BratError(f"{path}: a name of the form document_annotator.ann is needed.")
        files[name["document"]].append((name["annotator"], path))
    if not files:
        raise BratError(f"{data / part / 'attributions'}: there are no .ann files; give the folder data of PolNeAR.")
    for document, by_annotator in sorted(files.items()):
        text = _read(data / part / "text" / f"{document}.txt")
        row = listed.get(document, {})
        about = {"doc_id": document, "publisher": row.get("publisher"), "date": row.get("publication_date"), "title": row.get("title")}
        for annotator, path in by_annotator:
            made = read_annotations(_read(path), text, path.name)
            yield {**about, "annotator": annotator, "n_annotators": len(by_annotator), "text": text, **made}


def metadata(path: Path) -> dict[str, dict[str, str]]:
    """Return the corpus' table of articles by file name; without the file, nothing is known of them."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["filename"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def _read(path: Path) -> str:
    """Return a file's text with its line breaks as they are, since offsets count them."""
    if not path.is_file():
        raise BratError(f"{path}: there is no such file.")
    return path.read_bytes().decode("utf-8")


def convert(data: Path, out: Path) -> dict[str, int]:
    """Write the three files, and return how many lines each has."""
    lines: dict[str, list[Document]] = {name: [] for name in (*(f"polnear_{part}" for part in PARTS), "polnear_multi")}
    for part in PARTS:
        for document in documents(data, part):
            if not lines[f"polnear_{part}"] or lines[f"polnear_{part}"][-1]["doc_id"] != document["doc_id"]:
                lines[f"polnear_{part}"].append(document)
            if document["n_annotators"] > 1:
                lines["polnear_multi"].append({**document, "split": part})
    out.mkdir(parents=True, exist_ok=True)
    for name, rows in lines.items():
        with (out / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return {name: len(rows) for name, rows in lines.items()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m training.brat", description="Convert PolNeAR's brat files to JSON Lines.")
    parser.add_argument("data", type=Path, help="the folder data of PolNeAR")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    options = parser.parse_args()
    try:
        counts = convert(options.data, options.out)
    except BratError as error:
        parser.error(str(error))
    print(", ".join(f"{name}.jsonl: {count} lines" for name, count in counts.items()))


if __name__ == "__main__":
    main()
