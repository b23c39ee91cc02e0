"""What is done to one partition of documents, in whatever process: attribute, resolve, cut into units, code, and write the tables.

A partition comes from a file and ends in files: one Parquet file a table, and last a record that says that it is done. What is written
depends on the documents and the settings alone: not on the process, nor on whether the documents were done together or, after an error
or a death, one by one.
"""

from __future__ import annotations

import builtins
import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from newsanalysis import corpus_measures, framing, journal, sentiment, tables
from newsanalysis.actors import resolve
from newsanalysis.attribution import ATTRIBUTORS, AttributionError, Options, prepare
from newsanalysis.codebooks import Codebook
from newsanalysis.files import OutputError, needing_room, replacing
from newsanalysis.found import Found
from newsanalysis.journal import Attempt, attempting
from newsanalysis.readers import spool
from newsanalysis.unitising import units

TABLES = ("documents", "attributions", "spans", "units", "codes")
TALLIED = ("tallies", "sources")  # what is counted in a partition; it stays in the staged part
WORDS = ("hedges", "labels", "loaded_words")
DONE = "done.json"
RECORDED = {"partition", "settings", "attributing", "rows", "attributions_with_actor", "copies", "languages", "coders", "attributors", "errors", "files"}
Find = Callable[[pd.DataFrame], Found]
_RESOLVED = ("speaker", "actor_id", "affiliation", "role", "speaker_basis", "affiliation_basis")
_DIED = "the process that worked on it ended each time it was tried (killed, crashed or out of memory)."


def passing(errors: Iterable[Sequence[str]]) -> bool:
    """Say whether any of these errors may not come again: memory or the system failed, a library was missing, or the process ended.

    >>> passing([("a", "codes", "ValueError: no.")]), passing([("a", "codes", "MemoryError: .")]), passing([("a", "codes", "PermissionError: no.")])
    (False, True, True)
    """
    return any(sentence == _DIED or _may_pass(sentence.partition(":")[0]) for *_, sentence in errors)


def _may_pass(name: str) -> bool:
    """Whether an error of this name is one of memory, of the system or of a missing library."""
    known = getattr(builtins, name, None)
    return name.endswith("MemoryError") or (isinstance(known, type) and issubclass(known, (OSError, ImportError)))


def retry(folder: Path, key: str, errors: Iterable[Sequence[str]]) -> None:
    """Forget that a part is done, so that it is done again; what ended its process has one more chance.

    Parameters
    ----------
    folder : Path
        The folder ``.newsanalysis`` of the results.
    key : str
        The part.
    errors : iterable
        Its errors: document, stage and sentence.
    """
    if died := {document: stage for document, stage, sentence in errors if sentence == _DIED}:
        journal.retry(folder / "journal" / f"{key}.json", died)
    (folder / "parts" / key / DONE).unlink(missing_ok=True)


@dataclass(frozen=True)
class Settings:
    """What is done to every partition.

    Parameters
    ----------
    key : str
        Hash of all that the results depend on beside the documents; equal keys, equal results.
    attributing : str
        Hash of that part of it on which attributions depend before they are resolved.
    run : str
        Which run this is, so that a process does not take what it has made ready for another.
    codebook : Codebook
        The actors.
    options : dict
        The options of ``na.attribute``.
    """

    key: str
    attributing: str
    run: str
    codebook: Codebook
    options: Options


@dataclass(frozen=True)
class Task:
    """A partition to be done: its key with these settings, and, if it was done with another codebook, where its attributions are."""

    key: str
    partition: spool.Partition
    attributed: tuple[str, str, str] | None = None  # files of attributions and spans, and the record beside them


class Done(NamedTuple):
    """What comes back of a partition: everything else is in its files."""

    key: str
    n_documents: int
    n_words: int


class _Ready(NamedTuple):
    run: str
    find: Find


class _Made(NamedTuple):
    """The tables of some documents."""

    attributions: pd.DataFrame
    spans: pd.DataFrame
    sentences: pd.DataFrame
    segments: pd.DataFrame
    codes: pd.DataFrame
    errors: pd.DataFrame


class _StageError(Exception):
    """A stage that failed, with the sentence for the table errors."""

    def __init__(self, stage: str, error: Exception) -> None:
        super().__init__(stage, f"{type(error).__name__}: {error}.")


_kept: list[_Ready] = []  # what this process has made ready, for one run
_making = threading.Lock()


def _ready(settings: Settings) -> Find:
    """Return the attributor of a run, its model loaded: once a process."""
    with _making:
        if not _kept or _kept[0].run != settings.run:
            attributor = settings.options["attributor"]
            made = ATTRIBUTORS[attributor]() if isinstance(attributor, str) else attributor
            getattr(made, "model", None)  # loads it, if it is one that has a model
            _kept[:] = [_Ready(settings.run, prepare(**Options({**settings.options, "attributor": made})))]
        return _kept[0].find


def forget() -> None:
    """Let go of the attributor that this process has made ready, and of its model.

    >>> forget()
    """
    with _making:
        _kept.clear()


@dataclass(frozen=True)
class Analysing:
    """The job of doing partitions: called with a task in any process that sees the folder.

    Parameters
    ----------
    folder : Path
        The folder ``.newsanalysis`` of the results, whole path.
    settings : Settings
        What is done.
    """

    folder: Path
    settings: Settings

    def __call__(self, task: Task) -> Done:
        """Do a partition and write its tables and its record."""
        seen(self.folder)
        with needing_room(self.folder.parent):
            find = _ready(self.settings)
            with attempting(self._journal(task)) as attempt:
                documents = spool.documents(task.partition, self.folder / "spool")
                self._write(task, documents, *self._done(task, documents, find, attempt))
        return Done(task.key, len(documents), task.partition.n_words)

    def written(self, task: Task) -> str:
        """What the journal says of a task."""
        try:
            return self._journal(task).read_text(encoding="utf-8")
        except OSError:
            return ""

    def _journal(self, task: Task) -> Path:
        return self.folder / "journal" / f"{task.key}.json"

    def _done(self, task: Task, documents: pd.DataFrame, find: Find, attempt: Attempt) -> tuple[_Made, dict[str, pd.DataFrame]]:
        """Return the tables of a partition and what is counted in them: done together, or one document at a time where that fails."""
        book = self.settings.codebook
        if not attempt.careful:
            try:
                made = _made(attributed_before(task, documents) or find(documents), book, _unnoted)
                return made, _tallied(documents, made, book)
            except AttributionError:
                raise
            except Exception:  # whatever it is, it is told of the document that it comes from
                pass
        made = _one_by_one(documents, find, book, attempt)
        return made, _tallied(documents, made, book)

    def _write(self, task: Task, documents: pd.DataFrame, made: _Made, tallied: dict[str, pd.DataFrame]) -> None:
        folder = self.folder / "parts" / task.key
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DONE).unlink(missing_ok=True)
        both = _below_each_other("units", [made.sentences, made.segments])
        parts = {
            "documents": documents,
            "attributions": made.attributions,
            "spans": made.spans,
            "units": _in_order(both, documents),
            "codes": made.codes,
        }
        written = {**parts, **tallied}
        for name, table in written.items():
            with replacing(folder / f"{name}.parquet") as part:
                table.to_parquet(part, index=False)
        record = {
            "partition": task.partition.key,
            "settings": self.settings.key,
            "attributing": self.settings.attributing,
            **counts(parts),
            "errors": made.errors.to_numpy().tolist(),
            "files": {name: printed(folder / f"{name}.parquet") for name in written},
        }
        with replacing(folder / DONE) as part:
            part.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def seen(folder: Path) -> None:
    """Refuse to work where the folder of the results is not.

    >>> seen(Path("/no/such/folder/.newsanalysis"))
    Traceback (most recent call last):
    newsanalysis.files.OutputError: /no/such/folder: the process on ... does not see this folder; ...
    """
    if not folder.is_dir():
        import platform

        raise OutputError(
            f"{folder.parent}: the process on {platform.node()} does not see this folder; inputs and results must be on a disk that all workers share."
        )


def printed(file: Path) -> dict[str, Any]:
    """Return size, SHA-256 and time of a file, to know it again by."""
    status = file.stat()
    with file.open("rb") as opened:
        return {"bytes": status.st_size, "sha256": hashlib.file_digest(opened, "sha256").hexdigest(), "mtime_ns": status.st_mtime_ns}


def counts(parts: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what the manifest counts in the tables of a partition."""
    documents, attributions = parts["documents"], parts["attributions"]
    return {
        "rows": {name: len(table) for name, table in parts.items()},
        "attributions_with_actor": int(attributions.actor_id.notna().sum()),
        "copies": int(documents.copy_of.notna().sum()),
        "languages": dict(sorted(Counter(documents.language.fillna("")).items())),
        "coders": sorted(parts["codes"].coder.unique()),
        "attributors": sorted(attributions.attributor.unique()),
    }


def attributed_before(task: Task, documents: pd.DataFrame) -> Found | None:
    """Return the attributions of an earlier run with another codebook, as they were before they were resolved."""
    if task.attributed is None:
        return None
    attributions, spans, record = (Path(file) for file in task.attributed)
    try:
        table, pieces = pd.read_parquet(attributions), pd.read_parquet(spans)
        errors = json.loads(record.read_text(encoding="utf-8"))["errors"]
    except (OSError, ValueError, KeyError):
        return None
    blank = tables.check(table.assign(**dict.fromkeys(_RESOLVED)), "attributions")
    return Found(documents, blank, tables.check(pieces, "spans"), _errors([tuple(row) for row in errors]))


def _unnoted(_stage: str) -> None:
    pass


@contextmanager
def _stage(name: str, note: Callable[[str], None]) -> Iterator[None]:
    """Name the stage of what fails within, and note that it begins."""
    note(name)
    try:
        yield
    except AttributionError:
        raise
    except Exception as error:
        raise _StageError(name, error) from error


def _made(found: Found, book: Codebook, note: Callable[[str], None]) -> _Made:
    """Return the tables of documents whose attributions are found; those at which the attributor failed have rows in errors only."""
    errors, documents = found.errors, found.documents
    found = found.within(documents[~documents.document_id.isin(errors.document_id)]) if len(errors) else found
    if not len(found.documents):
        return _nothing(errors)
    with _stage("resolve", note):
        found = resolve(found, codebook=book)
    with _stage("units", note):
        sentences, segments = units(found), units(found, unit="segment")
    with _stage("codes", note):
        codes = _in_order(coded(found, sentences, segments), found.documents)
    return _Made(found.attributions, found.spans, sentences, segments, codes, errors)


def _nothing(errors: pd.DataFrame) -> _Made:
    empty = tables.empty
    return _Made(empty("attributions"), empty("spans"), empty("units"), empty("units"), empty("codes"), errors)


def _tallied(documents: pd.DataFrame, made: _Made, book: Codebook) -> dict[str, pd.DataFrame]:
    """Return what the documents that were done add to each measure and to the sources that the codebook does not name."""
    done = documents[~documents.document_id.isin(made.errors.document_id)].reset_index(drop=True)
    found = Found(done, made.attributions, made.spans)
    tallies = corpus_measures.tallies(found, made.segments, made.codes, book.affiliations["affiliation"].tolist())
    return dict(zip(TALLIED, (tallies, corpus_measures.sources(made.attributions)), strict=True))


def _one_by_one(documents: pd.DataFrame, find: Find, book: Codebook, attempt: Attempt) -> _Made:
    """Return the tables of documents done each by itself, so that an error or a death costs one document only."""
    condemned = attempt.condemned
    made: list[_Made] = []
    for row, document_id in enumerate(documents.document_id):
        if attempt.hopeless or document_id in condemned:
            made.append(_nothing(_errors([(document_id, condemned.get(document_id, "write"), _DIED)])))
            continue
        made.append(_alone(documents.iloc[row : row + 1].reset_index(drop=True), find, book, attempt))
    attempt.at(None)
    names = ("attributions", "spans", "units", "units", "codes", "errors")
    return _Made(*(_below_each_other(name, [getattr(one, field) for one in made]) for name, field in zip(names, _Made._fields, strict=True)))


def _alone(document: pd.DataFrame, find: Find, book: Codebook, attempt: Attempt) -> _Made:
    """Return the tables of one document, or the error that it makes."""
    document_id = str(document.document_id.iloc[0])

    def note(stage: str) -> None:
        if attempt.careful:
            attempt.at(document_id, stage)

    try:
        with _stage("attribute", note):
            found = find(document)
        made = _made(found, book, note)
        with _stage("measures", note):
            _tallied(document, made, book)
    except _StageError as failed:
        stage, sentence = failed.args
        return _nothing(_errors([(document_id, stage, sentence)]))
    return made


def _below_each_other(name: str, pieces: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [piece for piece in pieces if len(piece)]
    return tables.check(pd.concat(filled, ignore_index=True), name) if filled else tables.empty(name)


def _errors(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    return tables.check(pd.DataFrame(rows, columns=["document_id", "stage", "error"]), "errors") if rows else tables.empty("errors")


def _in_order(table: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the order of their documents, those of one document in the order they have."""
    place = dict(zip(documents.document_id, range(len(documents)), strict=True))
    order = table.document_id.map(place).to_numpy().argsort(kind="stable")
    return table.iloc[order].reset_index(drop=True)


def coded(found: Found, sentences: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return the codes: of attributions their cues; of segments, which are in one voice, tone and words; of whole sentences passives."""
    made = [
        framing.code_cues(found),
        sentiment.code_tone(segments),
        *(framing.code_words(segments, codebook=name) for name in WORDS),
        framing.code_passives(sentences),
    ]
    return tables.check(pd.concat(made, ignore_index=True), "codes")
