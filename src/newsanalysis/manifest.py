"""How results were made: the manifest that stands beside them, and the record of the run that made them.

The manifest holds what the results depend on and what they are, and nothing that differs between two runs that give the same; times, engine
and machine go to ``.newsanalysis/run.json``.
"""

from __future__ import annotations

import hashlib
import json
import platform
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis import __version__, codebooks, tables
from newsanalysis.attribution import Options
from newsanalysis.codebooks import Codebook
from newsanalysis.files import replacing, write_csv
from newsanalysis.fingerprints import fingerprint
from newsanalysis.partitions import Settings
from newsanalysis.readers.finding import Source
from newsanalysis.readers.languages import is_other
from newsanalysis.results import INPUTS, MANIFEST

LIBRARIES = ("numpy", "pandas", "pyarrow", "sentencex", "textblob", "vaderSentiment")
MODEL_LIBRARIES = ("onnxruntime", "tokenizers")
ANEW = "nothing_kept"
"""Where the manifest says why nothing of earlier runs is kept."""

MOST_INPUTS = 1000
"""So many input files are listed in the manifest itself; more stand in ``inputs.csv``."""


def settings_of(options: Options, book: Codebook, columns: Mapping[str, str] | None) -> tuple[dict[str, Any], Settings]:
    """Return the settings as the manifest tells them, and as partitions are done with them."""
    told = {
        "codebook": f"{book.name}@{book.version}",
        "codebook_sha256": _hash_of_codebook(book),
        "columns": dict(sorted((columns or {}).items())),
        **_named(options),
        "models": models(options),
    }
    if book.name not in codebooks.shipped():
        told["codebook_labels"] = codebooks.labels_of(book)
    if told["models"]:
        told["model_libraries"] = {name: version(name) for name in MODEL_LIBRARIES}
    says, unclear = fingerprint(options["attributor"])
    if unclear:
        told[ANEW] = f"what this attributor holds cannot be told from what another may hold ({unclear}): all is done anew; give it an attribute version"
    attributing = {
        **{name: value for name, value in told.items() if not name.startswith("codebook") and name != "columns"},
        "attributor_says": says,
        **versions(),
    }
    first = hash_of(attributing)
    key = hash_of({"attributing": first, "codebook": told["codebook"], "codebook_sha256": told["codebook_sha256"]})
    return told, Settings(key, first, uuid.uuid4().hex, book, options)


def versions() -> dict[str, Any]:
    """Return the versions that results depend on."""
    return {"newsanalysis": __version__, "python": platform.python_version(), "libraries": {name: version(name) for name in LIBRARIES}}


def hash_of(what: Any) -> str:
    """Return the SHA-256 of something that JSON can say.

    >>> hash_of({"b": 1, "a": 2}) == hash_of({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _hash_of_codebook(book: Codebook) -> str:
    digest = hashlib.sha256()
    for table in (book.actors, book.aliases, book.affiliations):
        digest.update(table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d").encode())
    return digest.hexdigest()


def _named(options: Options) -> dict[str, Any]:
    """Return the options of attribution as text and numbers; an attributor is named, without what changes no result (threads)."""
    attributor = options["attributor"]
    version_ = str(getattr(attributor, "version", type(attributor).__name__))
    name = attributor if isinstance(attributor, str) else getattr(attributor, "__name__", version_.partition("@")[0])
    kinds, modes = tables.names(options["kinds"]), tables.names(options["modes"])
    kept = {"kinds": [kind for kind in tables.KINDS if kind in kinds], "modes": [mode for mode in tables.MODES if mode in modes]}
    return {"attributor": name, **kept, "min_confidence": float(options["min_confidence"])}


def models(options: Options) -> dict[str, str]:
    """Return the SHA-256 of each file of the attributor's model, empty for one without."""
    attributor = options["attributor"]
    if attributor != "learned" and not hasattr(type(attributor), "model"):
        return {}
    from newsanalysis.attribution import encoder

    folder, name = getattr(attributor, "folder", None), getattr(attributor, "encoder", encoder.ENCODER)
    if folder is None:
        shipped = {file.partition("/")[2]: digest for file, digest in encoder.sums().items() if file.startswith("attribution/")}
        return {file: shipped[file] for file in (name, "tokenizer.json", "config.json") if file in shipped}
    files = [Path(folder) / file for file in (name, "tokenizer.json", "config.json")]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def write(out: Path, told: dict[str, Any], sources: Sequence[Source], counted: dict[str, Any]) -> None:
    """Write the manifest, and beside it the list of inputs where that is long."""
    manifest = {**versions(), "inputs": _inputs(out, sources), "settings": told, **counted}
    with replacing(out / MANIFEST) as part:
        part.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _inputs(out: Path, sources: Sequence[Source]) -> Any:
    """Name, size and SHA-256 of each file that was read; of many files, the file that lists them."""
    rows = [{"file": source.label, "bytes": source.bytes, "sha256": source.sha256} for source in sources if source.reason is None]
    listed = out / INPUTS
    if len(rows) <= MOST_INPUTS:
        listed.unlink(missing_ok=True)
        return rows
    write_csv(pd.DataFrame(rows), listed)
    return {"file": INPUTS, "n": len(rows), "sha256": hashlib.sha256(listed.read_bytes()).hexdigest()}


def counted(records: Iterable[dict[str, Any]], rows: Mapping[str, int]) -> dict[str, Any]:
    """Return what the manifest says of the results: the sums and unions of what the parts' records say.

    >>> counted([], {"measures": 0})["rows"]
    {'measures': 0}
    """
    sums: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    by_table: Counter[str] = Counter()
    names: dict[str, set[str]] = {"coders": set(), "attributors": set()}
    for record in records:
        by_table.update(record["rows"])
        languages.update(record["languages"])
        sums.update({name: record[name] for name in ("attributions_with_actor", "copies")})
        for name, seen in names.items():
            seen.update(record[name])
    foreign = sum(n for language, n in languages.items() if is_other(language))
    return {
        **{name: sorted(seen) for name, seen in names.items()},
        "rows": {**by_table, **rows},
        "attributions_with_actor": sums["attributions_with_actor"],
        "copies": sums["copies"],
        "not_english": foreign,
        "languages": dict(sorted((language or "not known", n) for language, n in languages.items())),
    }
