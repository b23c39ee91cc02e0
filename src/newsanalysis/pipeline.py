"""A corpus from files to tables: read, attribute, resolve, code, measure, and write each table with a manifest of how it was made.

The way: files are found and put into groups; each group is read into a spool of small chunks; ids, dates and copies are settled over all of
them, which makes partitions of at most some tens of documents; each partition is done and written by itself; what the partitions say is
added up. Groups and partitions are done by an engine, in this process or in many. All of it lies in files: what is done is done, and a run
that broke off goes on where it was.
"""

from __future__ import annotations

import ctypes
import datetime
import gc
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis import codebooks, corpus_measures, engines, manifest, progress, results, tables
from newsanalysis.attribution import DEFAULT, Options, prepare
from newsanalysis.attribution.contract import Attributor
from newsanalysis.files import DamagedError, OutputError, needing_room, replacing, write_csv, write_csv_pieces
from newsanalysis.groups import Reading
from newsanalysis.groups import retry as retry_group
from newsanalysis.journal import forgive
from newsanalysis.partitions import TALLIED, Analysing, Settings, Task, forget, passing, printed, retry
from newsanalysis.readers import spool
from newsanalysis.readers.counts import count
from newsanalysis.readers.finding import Source

_EVERYTHING: Options = {"attributor": DEFAULT, "kinds": tables.KINDS, "modes": tables.MODES, "min_confidence": 0.0}


def analyse(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    codebook: str | Path = "ukraine_war",
    attributor: str | Attributor | Options = DEFAULT,
    columns: Mapping[str, str] | None = None,
    engine: engines.Engine = 1,
) -> Path:
    """Analyse a corpus of files, of any size, and write its tables into a folder.

    Parameters
    ----------
    inputs : str, Path or list of them
        Files or folders, in any format that `read` knows.
    out : str or Path
        The folder to write to; made if it is not there. An earlier analysis in it is replaced; what of it still holds is kept.
    codebook : str or Path
        The actor codebook: a shipped name or a file of your own.
    attributor : str, callable or dict
        A shipped attributor, one of your own, or any options of ``na.attribute`` by their names:
        ``{"attributor": na.LearnedAttributor(threads=2), "modes": "speech", "min_confidence": 0.5}``.
    columns : dict, optional
        Which column of a table is which, ours to theirs, as in ``read``: ``{"outlet": "newspaper"}``.
    engine : int, str or distributed.Client
        Where it is done: 1, in this process; N, in so many processes of this machine; ``"tcp://10.0.0.1:8786"``, on the Dask cluster whose
        scheduler has this address; a ``distributed.Client``, on its cluster, whatever kind it is. All but the first need
        ``pip install "newsanalysis[scale]"``, and a cluster needs a disk that all its workers see under the same name.

    Returns
    -------
    Path
        The folder. ``documents.parquet``, ``attributions.parquet``, ``spans.parquet``, ``units.parquet`` and ``codes.parquet`` are folders of
        parts that pandas, arrow and DuckDB read as one table. Beside them ``measures.csv``, ``unresolved.csv`` (sources that no row of the
        codebook names, to extend it with), ``read_report.csv`` (what was read and what skipped, and why), ``errors.csv`` (documents that a
        stage could not do: they stand in documents and nowhere else) and ``manifest.json`` (hashes of the inputs, settings, versions and
        counts). The same inputs, settings and versions give the same bytes, on any engine, in one go or in several.

    Raises
    ------
    OutputError
        If `out` cannot be made or written to, lies inside an input folder, holds files but no earlier analysis, is being written to by
        another analysis, or its disk is full.
    ReadError, CodebookError
        If an input or the codebook cannot be read.
    AttributionError
        (A ValueError.) If the options of ``na.attribute`` cannot be used; all but a confidence that the attributor does not give are
        checked before anything is read.
    EngineError
        If the engine cannot be used, or its workers die before they begin.

    Notes
    -----
    A run that is ended at any moment (a crash, a kill, a full disk) goes on when it is started again with the same inputs and settings; only
    what was in work is done anew. New files, or another codebook, cost only what they touch. A document that ends the process it is worked on
    in (out of memory, a crash of a library) is found out: another process goes on, and after four deaths the document is a row of
    ``errors.csv``; in one process it is you who starts again. When a finished analysis is started again and nothing else has changed, documents
    whose errors may pass (of memory, of the system, a missing library, a process that ended) are tried once more; other errors
    stay. A script that gives an engine of several processes must do so below
    ``if __name__ == "__main__":``.

    Examples
    --------
    >>> import tempfile, pathlib, newsanalysis as na
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     article = pathlib.Path(folder) / "article.txt"
    ...     _ = article.write_text("Bridge closed\\n\\nThe mayor said the bridge was closed. It opens on Monday, she said.\\n")
    ...     out = na.analyse(article, pathlib.Path(folder) / "results")
    ...     print(sorted(file.name for file in out.iterdir()))
    article.txt: ...
    ['.newsanalysis', 'attributions.parquet', 'codes.parquet', 'documents.parquet', 'errors.csv', 'manifest.json', 'measures.csv',
     'read_report.csv', 'spans.parquet', 'units.parquet', 'unresolved.csv']
    """
    paths = [Path(given) for given in ([inputs] if isinstance(inputs, str | Path) else inputs)]
    out = Path(out)
    book = codebooks.read(codebook)
    options: Options = {**_EVERYTHING, **(attributor if isinstance(attributor, dict) else Options(attributor=attributor))}
    prepare(**options)
    engines.check(engine)
    results.check_out(out, paths)
    sources = spool.find(paths)
    told, settings = manifest.settings_of(options, book, columns)
    with results.unmade(out, results.make(out)), results.locked(out), needing_room(out):
        results.sweep(out)
        _Analysis(out.absolute(), paths, told, settings, engine, sources, spool.group(sources, columns)).run()
    return out


@dataclass(frozen=True)
class _Analysis:
    """One analysis, its settings and inputs known."""

    out: Path
    inputs: Sequence[Path]
    told: dict[str, Any]
    settings: Settings
    engine: engines.Engine
    sources: Sequence[Source]
    groups: Sequence[spool.Group]

    @property
    def inner(self) -> Path:
        return self.out / results.INNER

    @property
    def plan(self) -> str:
        """What results depend on: the same plan, the same results."""
        return manifest.hash_of([self.settings.key, self.told, [group.key for group in self.groups]])

    def run(self) -> None:
        """Do what is not done."""
        last = self._last()
        if manifest.ANEW in self.told:
            last = {}
            self._forget_parts()
        if last and self._retried(last["parts"]):
            (self.inner / "run.json").unlink()  # so that a run that breaks off now goes on, and does not begin again with these
        elif last and self._whole(last):
            print(f"{self.out.name}: nothing to do, the results of these inputs and settings are all there.")
            return
        began = datetime.datetime.now(datetime.UTC)
        damaged: set[str] = set()
        while True:
            try:
                keys, kept = self._through()
                break
            except DamagedError as error:
                if error.what in damaged:
                    why = f"a file that was written there cannot be read again, twice now ({error.why})"
                    raise OutputError(f"{self.out}: {why}; look after the disk, or name a folder on another.") from None
                damaged.add(error.what)
                print(f"{self.out.name}: a file in {results.INNER} is damaged; what it belongs to is done anew.")
        self._record(keys, {"began": began.isoformat(), "parts_kept": kept})

    def _through(self) -> tuple[list[str], int]:
        """Do what is not done, from the inputs to the last table; return the parts, and how many of them were done already."""
        with progress.shown() as seen:
            with self._forgiving(), engines.started(self.engine) as run:
                self._read(run, seen)
                partitions = spool.assign(self.groups, self.inner / "spool")
                print(spool.line(self.inputs, self.groups, self.inner / "spool", where="read_report.csv"))
                keys = [manifest.hash_of([partition.key, self.settings.key])[:16] for partition in partitions]
                parts = results.Parts(self.out)
                kept = self._analyse(run, seen, list(zip(keys, partitions, strict=True)), parts)
                seen.begin_last("measures")
            _give_memory_back()
            try:
                self._finish(parts, keys)
            except Exception as error:
                if found := parts.damaged(keys):
                    raise DamagedError(found[0], f"{type(error).__name__}: {error}") from None
                raise
        return keys, kept

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Where the user ends the work, and with it our processes, what they were at is not what they died of."""
        try:
            yield
        except KeyboardInterrupt:
            if isinstance(self.engine, int):
                for path in (self.inner / "journal").glob("*.json"):
                    forgive(path)
            raise

    def _forget_parts(self) -> None:
        """Count no part as done that an attributor of the same name has found attributions for, and say why."""
        print(f"{self.out.name}: {self.told[manifest.ANEW]}.")
        parts = results.Parts(self.out)
        for key in parts.known():
            record = parts.record(key)
            if record is None or record["attributing"] == self.settings.attributing:
                retry(self.inner, key, [])

    def _last(self) -> dict[str, Any]:
        """Return what is known of the last run, if it came to its end with this plan."""
        try:
            last = json.loads((self.inner / "run.json").read_text(encoding="utf-8"))
            known: dict[str, Any] = {"files": dict(last["files"]), "parts": list(last["parts"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return known if last["plan"] == self.plan else {}

    def _retried(self, keys: Sequence[str]) -> bool:
        """Have those parts and groups of the last run done again whose errors may pass; say whether there are any."""
        parts = results.Parts(self.out)
        records = {key: parts.record(key) for key in keys}
        errors = {key: record["errors"] for key, record in records.items() if record and passing(record["errors"])}
        for key, rows in errors.items():
            retry(self.inner, key, rows)
        groups = sum([retry_group(self.inner, group) for group in self.groups])
        if errors or groups:
            what = [count(len(errors), "part")] * bool(errors) + [f"{count(groups, 'group')} of files"] * bool(groups)
            print(f"{self.out.name}: {' and '.join(what)} with errors that may have passed (memory, the system, a process that ended): tried again.")
        return bool(errors or groups)

    def _whole(self, last: dict[str, Any]) -> bool:
        """Whether the files of the last run are as it left them."""
        keys = last["parts"]
        if not all(spool.done(group, self.inner / "spool") for group in self.groups):
            return False
        if not all(results.same(self.out / name, known) for name, known in last["files"].items()):
            return False
        parts = results.Parts(self.out)
        return parts.in_place(keys) and all(parts.done(key) for key in keys)

    def _read(self, run: engines.Run, seen: progress.Progress) -> None:
        """Read the groups that are not in the spool."""
        place = self.inner / "spool"
        place.mkdir(exist_ok=True)
        pending = [group for group in self.groups if not spool.done(group, place)]
        sizes = {group.key: (len(group.sources), sum(source.bytes or 0 for source in group.sources)) for group in pending}
        seen.begin_files("reading", files=sum(files for files, _ in sizes.values()), size=sum(size for _, size in sizes.values()))
        for key in run(Reading(self.inner), pending):
            seen.add(*sizes[key])

    def _analyse(self, run: engines.Run, seen: progress.Progress, planned: list[tuple[str, spool.Partition]], parts: results.Parts) -> int:
        """Do the partitions that are not done, and return how many were."""
        pending = [(key, partition) for key, partition in planned if parts.done(key) is None]
        n_documents, n_words = sum(partition.n_documents for _, partition in planned), sum(partition.n_words for _, partition in planned)
        left = (sum(partition.n_documents for _, partition in pending), sum(partition.n_words for _, partition in pending))
        seen.begin("analysing", documents=n_documents, words=n_words, done=(n_documents - left[0], n_words - left[1]))
        if len(pending) < len(planned):
            print(f"{len(planned) - len(pending):,} of {len(planned):,} parts are done already, with {n_documents - left[0]:,} documents.")
        for done in run(Analysing(self.inner, self.settings), self._tasks(pending, parts)):
            seen.add(done.n_documents, done.n_words)
        return len(planned) - len(pending)

    def _tasks(self, pending: list[tuple[str, spool.Partition]], parts: results.Parts) -> Iterator[Task]:
        """Yield the tasks, each with the attributions that an earlier run with another codebook found in the same documents."""
        before = {}
        if pending:
            for key in parts.known():
                record = parts.record(key)
                if not record or record["attributing"] != self.settings.attributing or passing(record["errors"]):
                    continue
                if {stage for _, stage, _ in record["errors"]} <= {"attribute"}:
                    before[record["partition"]] = key
        for key, partition in pending:
            earlier = before.get(partition.key)
            yield Task(key, partition, parts.attributed(earlier) if earlier else None)

    def _finish(self, parts: results.Parts, keys: list[str]) -> None:
        """Put the parts in their places and write what is told of all of them."""
        (self.out / results.MANIFEST).unlink(missing_ok=True)  # from here until there is a new one, the tables are of two analyses
        parts.publish(keys)
        tallies, sources = ([parts.staged / key / f"{name}.parquet" for key in keys] for name in TALLIED)
        measured = corpus_measures.measures_of(tallies)
        write_csv(measured, self.out / "measures.csv")
        rows = {"measures": len(measured)}
        rows["unresolved"] = write_csv_pieces(corpus_measures.unresolved_in_pieces(sources), self.out / "unresolved.csv")
        rows["read_report"] = write_csv_pieces(spool.report(self.groups, self.inner / "spool"), self.out / "read_report.csv")
        rows["errors"] = write_csv_pieces(_errors(parts, keys), self.out / "errors.csv")
        manifest.write(self.out, self.told, self.sources, manifest.counted((_known(parts, key) for key in keys), rows))
        results.keep(self.inner / "spool", {group.key for group in self.groups})
        results.forget(self.out)

    def _record(self, keys: Sequence[str], run: dict[str, Any]) -> None:
        """Write down the run: what may differ between two runs that give the same results, and what to know these results by."""
        names = (*(f"{name}.csv" for name in results.CSV), results.MANIFEST, results.INPUTS)
        record = {
            **run,
            "ended": datetime.datetime.now(datetime.UTC).isoformat(),
            "engine": engines.name_of(self.engine),
            "host": platform.node(),
            "plan": self.plan,
            "files": {name: printed(self.out / name) for name in names if (self.out / name).is_file()},
            "parts": list(keys),
        }
        with replacing(self.inner / "run.json") as part:
            part.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _give_memory_back() -> None:
    """Let go of what only partitions need, so that what is held at the end is not added to it."""
    forget()
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # a library of the system that knows no such thing
        ctypes.CDLL(None).malloc_trim(0)


def _known(parts: results.Parts, key: str) -> dict[str, Any]:
    """The record of a part that is done."""
    record = parts.record(key)
    if record is None:
        raise OutputError(f"{parts.out}: the record of part {key} has gone while the results were written; start the same again.")
    return record


def _errors(parts: results.Parts, keys: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield the errors of each part that has any; a table without rows first, for its columns."""
    yield tables.empty("errors")
    for key in keys:
        if errors := _known(parts, key)["errors"]:
            yield pd.DataFrame(errors, columns=["document_id", "stage", "error"])
