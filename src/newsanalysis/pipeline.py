"""A corpus from files to tables: read, attribute, resolve, code, measure, and write each table with a manifest of how it was made."""

from __future__ import annotations

import hashlib
import json
import platform
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis import __version__, codebooks, framing, measures, sentiment, tables
from newsanalysis.actors import resolve, unresolved
from newsanalysis.attribution import DEFAULT, Options, prepare
from newsanalysis.attribution.contract import Attributor
from newsanalysis.files import OutputError, replacing, write_csv
from newsanalysis.found import Found
from newsanalysis.readers import read
from newsanalysis.unitising import units

LIBRARIES = ("numpy", "pandas", "pyarrow", "sentencex", "textblob", "vaderSentiment")
WORDS = ("hedges", "labels", "loaded_words")
WRITTEN = (
    *("documents.parquet", "attributions.parquet", "spans.parquet", "units.parquet", "codes.parquet"),
    *("measures.csv", "unresolved.csv", "read_report.csv", "errors.csv", "manifest.json"),
)
_EVERYTHING: Options = {"attributor": DEFAULT, "kinds": tables.KINDS, "modes": tables.MODES, "min_confidence": 0.0}


@dataclass(frozen=True)
class Analysis:
    """Every table that an analysis makes, before it is written."""

    found: Found
    units: pd.DataFrame
    codes: pd.DataFrame
    measures: pd.DataFrame
    report: pd.DataFrame


def analyse(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    codebook: str | Path = "ukraine_war",
    attributor: str | Attributor | Options = DEFAULT,
    columns: Mapping[str, str] | None = None,
) -> Path:
    """Analyse a corpus of files and write its tables into a folder.

    Parameters
    ----------
    inputs : str, Path or list of them
        Files or folders, in any format that `read` knows.
    out : str or Path
        The folder to write to; made if it is not there. An earlier analysis in it is replaced, file by file.
    codebook : str or Path
        The actor codebook: a shipped name or a file of your own.
    attributor : str, callable or dict
        A shipped attributor, one of your own, or any options of ``na.attribute`` by their names:
        ``{"attributor": na.LearnedAttributor(threads=2), "modes": "speech", "min_confidence": 0.5}``.
    columns : dict, optional
        Which column of a table is which, ours to theirs, as in ``read``: ``{"outlet": "newspaper"}``.

    Returns
    -------
    Path
        The folder, with ``documents.parquet``, ``attributions.parquet``, ``spans.parquet``, ``units.parquet``, ``codes.parquet``,
        ``measures.csv``, ``unresolved.csv`` (sources that no row of the codebook names, to extend it with), ``read_report.csv`` (what
        was read and what skipped, and why), ``errors.csv`` (documents that a stage could not do) and ``manifest.json`` (hashes of
        the inputs, settings, versions and counts). The same inputs, settings and versions give the same bytes.

    Raises
    ------
    OutputError
        If `out` cannot be made or written to, lies inside an input folder, or holds files but no manifest of an earlier analysis.
    ReadError, CodebookError
        If an input or the codebook cannot be read.
    AttributionError
        (A ValueError.) If the options of ``na.attribute`` cannot be used; all but a confidence that the attributor does not give are
        checked before anything is read.

    Examples
    --------
    >>> import tempfile, pathlib, newsanalysis as na
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     article = pathlib.Path(folder) / "article.txt"
    ...     _ = article.write_text("Bridge closed\\n\\nThe mayor said the bridge was closed. It opens on Monday, she said.\\n")
    ...     out = na.analyse(article, pathlib.Path(folder) / "results")
    ...     print(sorted(file.name for file in out.iterdir()))
    article.txt: ...
    ['attributions.parquet', 'codes.parquet', 'documents.parquet', 'errors.csv', 'manifest.json', 'measures.csv',
     'read_report.csv', 'spans.parquet', 'units.parquet', 'unresolved.csv']
    """
    paths = [Path(given) for given in ([inputs] if isinstance(inputs, str | Path) else inputs)]
    out = Path(out)
    book = codebooks.read(codebook)
    options: Options = {**_EVERYTHING, **(attributor if isinstance(attributor, dict) else Options(attributor=attributor))}
    find = prepare(**options)
    _check_out(out, paths)
    documents, report = read(paths, columns=columns, report=True)
    _make(out)
    found = resolve(find(documents), codebook=book)
    sentences, segments = units(found), units(found, unit="segment")
    codes = _coded(found, sentences, segments)
    measured = _measured(found.attributions, segments, codes, book.affiliations["affiliation"].tolist())
    analysis = Analysis(found, pd.concat([sentences, segments], ignore_index=True), codes, measured, report)
    settings = {
        "codebook": f"{book.name}@{book.version}",
        "columns": dict(sorted((columns or {}).items())),
        **_named(options),
    }
    _write(analysis, out, {"inputs": _hashes(paths), "settings": settings})
    return out


def _named(options: Options) -> dict[str, Any]:
    """Return the options of attribution as text and numbers; an attributor is named, without what changes no result (threads)."""
    attributor = options["attributor"]
    version = str(getattr(attributor, "version", type(attributor).__name__))
    name = attributor if isinstance(attributor, str) else getattr(attributor, "__name__", version.partition("@")[0])
    kinds, modes = tables.names(options["kinds"]), tables.names(options["modes"])
    kept = {"kinds": [kind for kind in tables.KINDS if kind in kinds], "modes": [mode for mode in tables.MODES if mode in modes]}
    return {"attributor": name, **kept, "min_confidence": float(options["min_confidence"])}


def _check_out(out: Path, inputs: Iterable[Path]) -> None:
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out}: this is a file; name a folder for the results.")
    for given in inputs:
        if given.is_dir() and out.resolve().is_relative_to(given.resolve()):
            raise OutputError(f"{out}: this lies inside the input {given}, whose next reading would read the results; name a folder outside it.")
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise OutputError(f"{out}: there are files in this folder that no analysis wrote; name a new or an empty folder for the results.")
    for given in inputs:
        if given.resolve().parent == out.resolve() and given.name in WRITTEN:
            raise OutputError(f"{given}: a result of this name would replace the input; name another folder for the results.")


def _make(out: Path) -> None:
    """Make the folder for the results, before the long work begins."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(f"{out}: no results can be written there ({error.strerror}); name a folder that can be made and written to.") from None


def _coded(found: Found, sentences: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """The codes: of attributions their cues; of segments, which are in one voice, tone and words; of whole sentences passives."""
    made = [
        framing.code_cues(found),
        sentiment.code_tone(segments),
        *(framing.code_words(segments, codebook=name) for name in WORDS),
        framing.code_passives(sentences),
    ]
    return tables.check(pd.concat(made, ignore_index=True), "codes")


def _measured(attributions: pd.DataFrame, segments: pd.DataFrame, codes: pd.DataFrame, camps: Sequence[str]) -> pd.DataFrame:
    of_camps = codes.merge(attributions[["attribution_id", "affiliation"]], left_on="unit_id", right_on="attribution_id")
    voiced = codes.merge(segments[["unit_id", "voice"]], on="unit_id")
    made = [
        measures.share_of_voice(attributions, count="words"),
        measures.share_of_voice(attributions, count="attributions"),
        measures.kind_share(attributions),
        measures.unnamed_share(attributions, by="affiliation"),
        measures.source_diversity(attributions, levels=camps),
        measures.code_share(of_camps, code="cue_class", by="affiliation"),
        measures.mean_tone(codes, segments, by="voice"),
        measures.voice_gap(codes, segments),
        measures.code_share(voiced, code="label"),
        measures.code_share(codes, code="passive"),
        *(measures.word_rate(codes, segments, code=code, by="voice") for code in ("hedge", "loaded_word")),
    ]
    return tables.check(pd.concat([table for table in made if len(table)], ignore_index=True), "measures")


def _write(analysis: Analysis, out: Path, manifest: dict[str, Any]) -> None:
    found = analysis.found
    parquet = {"documents": found.documents, "attributions": found.attributions, "spans": found.spans, "units": analysis.units, "codes": analysis.codes}
    csv = {"measures": analysis.measures, "unresolved": unresolved(found), "read_report": analysis.report, "errors": found.errors}
    for name, table in parquet.items():
        with replacing(out / f"{name}.parquet") as part:
            table.to_parquet(part, index=False)
    for name, table in csv.items():
        write_csv(table, out / f"{name}.csv")
    manifest = {
        "newsanalysis": __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        **manifest,
        "coders": sorted(analysis.codes.coder.unique()),
        "attributors": sorted(found.attributions.attributor.unique()),
        "rows": {name: len(table) for name, table in (parquet | csv).items()},
        "attributions_with_actor": int(found.attributions.actor_id.notna().sum()),
    }
    with replacing(out / "manifest.json") as part:
        part.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _hashes(inputs: Iterable[Path]) -> list[dict[str, Any]]:
    """Name (below the input that was given), size and SHA-256 of each file, in order of name."""
    files = [(given, file) for given in inputs for file in (sorted(given.rglob("*")) if given.is_dir() else [given]) if file.is_file()]
    return [{"file": _below(file, given), "bytes": file.stat().st_size, "sha256": _sha256(file)} for given, file in files]


def _below(file: Path, given: Path) -> str:
    return file.relative_to(given.parent).as_posix() if given.name else file.as_posix()


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
