"""What a report tells of: gathered part by part from a folder that ``analyse`` wrote, or from what was found in memory.

A folder is read once, one part of some tens of documents at a time; what is kept of a part are sums and the rows that are shown. Measures that
``analyse`` wrote are taken as they are; those by outlet, of the whole corpus and of places in the text are made of the same sums in the same way.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import codebooks, corpus_measures, measures, partitions, results, tables
from newsanalysis.actors import unresolved
from newsanalysis.codebooks import Codebook
from newsanalysis.files import OutputError
from newsanalysis.found import Found
from newsanalysis.readers.languages import is_other
from newsanalysis.sums import Added, add_up, some
from newsanalysis.unitising import units

SPEAKERS = 25
QUOTES = 50
OUTLETS = 40
WORDS = 25
REASONS = 50
UNRESOLVED = 20
ERRORS = 50
NO_OUTLET = ""
OF_WORDS = ("label", "loaded_word", "hedge")
_DOCUMENTS = ("document_id", "title", "text", "outlet", "published", "language", "kind", "copy_of")
_ATTRIBUTIONS = ("attribution_id", "document_id", "kind", "source", "cue", "content", "start", "speaker", "affiliation", "affiliation_basis", "role")
_CODES = ("document_id", "code", "value", "start", "end")


class Part(NamedTuple):
    """Some documents with what was found in them."""

    documents: pd.DataFrame
    attributions: pd.DataFrame
    codes: pd.DataFrame


@dataclass
class Counts:
    """What is counted of the documents."""

    documents: int = 0
    words: int = 0
    silent: int = 0
    dated: int = 0
    copies: int = 0
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Contents:
    """All that a report tells.

    Parameters
    ----------
    name : str
        The name of the folder; empty for what was found in memory.
    manifest : dict
        What ``manifest.json`` says; empty where there is none.
    digest : str
        SHA-256 of ``manifest.json``; empty where there is none.
    counts : Counts
        What is counted of the documents.
    measures : DataFrame
        Table *measures* with the column copies: those of ``analyse``, and beside them ``share_of_voice_words`` by outlet, ``kind_share`` and
        ``unnamed_share`` of all, ``first_position`` of articles.
    rows : dict
        How many rows each table has: attributions, quotes, speakers, unresolved, errors ...
    tables : dict
        The rows that are shown: outlets, speakers, quotes, words, read, unresolved, errors.
    found : Found
        The documents that are shown as annotated texts.
    labels : dict
        What the codebook calls its camps, by key; empty where that is not known.
    camps : list of str
        The camps that occur, the most frequent first.
    """

    name: str
    manifest: dict[str, Any]
    digest: str
    counts: Counts
    measures: pd.DataFrame
    rows: dict[str, int]
    tables: dict[str, pd.DataFrame]
    found: Found
    labels: dict[str, str] = field(default_factory=dict)
    camps: list[str] = field(default_factory=list)

    def measure(self, name: str, copies: str = corpus_measures.KEPT, **where: str) -> pd.DataFrame:
        """Return the rows of a measure, without the columns that are empty in all of them."""
        rows = self.measures[(self.measures["measure"] == name) & (self.measures["copies"] == copies)]
        for column, value in where.items():
            rows = rows[rows[column] == value] if column in rows.columns else rows.head(0)
        keep = [column for column in rows.columns if column in measures.OWN_COLUMNS or (column != "copies" and rows[column].notna().any())]
        return rows[keep].reset_index(drop=True)


# --- from a folder ------------------------------------------------------------------------------------------------------


def of_folder(folder: Path, articles: int) -> Contents:
    """Gather what a folder that ``analyse`` wrote holds.

    Parameters
    ----------
    folder : Path
        The folder.
    articles : int
        How many documents are shown as annotated texts.

    Raises
    ------
    OutputError
        For a folder that is none, holds no analysis, an unfinished one, or one that was changed meanwhile.
    """
    written = _manifest(folder)
    manifest = json.loads(written)
    names = _parts(folder, manifest)
    gathering = _Gathering()
    for name in names:
        gathering.add(_part(folder, name))
    spans = pd.concat([_table(folder, "spans", name) for name in _needed(folder, names, articles)] or [tables.empty("spans")], ignore_index=True)
    shown = _shown(folder, names, articles, spans)
    measured = tables.check(pd.read_csv(folder / "measures.csv", keep_default_na=False, na_values=[""], dtype=_TEXT), "measures")
    read, skipped = _read_report(folder / "read_report.csv")
    listed = {
        "read": read,
        "unresolved": pd.read_csv(folder / "unresolved.csv", nrows=UNRESOLVED, keep_default_na=False),
        "errors": pd.read_csv(folder / "errors.csv", nrows=ERRORS, keep_default_na=False),
    }
    rows = {**manifest["rows"], **skipped}
    if _manifest(folder) != written:
        raise OutputError(f"{folder}: another analysis was written there while the report was made; make the report again.")
    return gathering.contents(folder.resolve().name, (manifest, hashlib.sha256(written).hexdigest()), (measured, listed, rows), shown)


def check(folder: Path) -> None:
    """Refuse a folder that holds no finished analysis, or lacks a part of it.

    >>> check(Path("/no/such/folder"))
    Traceback (most recent call last):
    newsanalysis.files.OutputError: /no/such/folder: there is no such folder; name one that newsanalysis analyse wrote.
    """
    _parts(folder, json.loads(_manifest(folder)))


_TEXT: Any = dict.fromkeys(("copies", "affiliation", "kind", "code", "value", "coder", "voice"), "str")


def _manifest(folder: Path) -> bytes:
    """The bytes of the manifest, or why there is none."""
    if not folder.is_dir():
        raise OutputError(f"{folder}: there is no such folder; name one that newsanalysis analyse wrote.")
    try:
        return (folder / results.MANIFEST).read_bytes()
    except FileNotFoundError:
        pass
    if (folder / results.INNER).is_dir():
        raise OutputError(f"{folder}: the analysis in this folder is not finished; start the same newsanalysis analyse again, which goes on where it was.")
    raise OutputError(f"{folder}: this folder holds no analysis ({results.MANIFEST} is missing); name one that newsanalysis analyse wrote.")


def _parts(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """The names of the parts, which all tables share; refuse a folder that lacks what its manifest counts."""
    from pyarrow import parquet

    held = {}
    for table in ("documents", "attributions", "spans", "codes"):
        files = sorted((folder / f"{table}.parquet").glob("part-*.parquet"))
        held[table] = [file.name for file in files]
        rows = sum(parquet.read_metadata(file).num_rows for file in files)
        if rows != manifest["rows"][table]:
            told = f"{manifest['rows'][table]:,} rows, {table}.parquet has {rows:,}"
            raise OutputError(f"{folder}: the manifest tells of {told}; start the same newsanalysis analyse again, which mends the folder.")
    for name in ("measures", "unresolved", "read_report", "errors"):
        if not (folder / f"{name}.csv").is_file():
            raise OutputError(f"{folder}: {name}.csv is missing; start the same newsanalysis analyse again, which mends the folder.")
    return held["documents"]


def _table(folder: Path, table: str, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{table}.parquet" / name, columns=None if columns is None else list(columns))


def _part(folder: Path, name: str) -> Part:
    codes = _table(folder, "codes", name, _CODES)
    return Part(_table(folder, "documents", name, _DOCUMENTS), _table(folder, "attributions", name, _ATTRIBUTIONS), codes[codes["code"].isin(OF_WORDS)])


def _needed(folder: Path, names: Sequence[str], articles: int) -> list[str]:
    """The parts that hold the first documents."""
    from pyarrow import parquet

    needed, n = [], 0
    for name in names:
        if n >= articles:
            break
        needed.append(name)
        n += parquet.read_metadata(folder / "documents.parquet" / name).num_rows
    return needed


def _shown(folder: Path, names: Sequence[str], articles: int, spans: pd.DataFrame) -> Found:
    needed = _needed(folder, names, articles)
    whole = {
        table: pd.concat([_table(folder, table, name) for name in needed] or [tables.empty(table)], ignore_index=True)
        for table in ("documents", "attributions")
    }
    return _first(Found(whole["documents"], whole["attributions"], spans), articles)


def _first(found: Found, articles: int) -> Found:
    return found.within(found.documents.head(max(articles, 0)))


def _read_report(file: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    """The reasons for which files and records were skipped or mended, most frequent first, and how many were."""
    counted: Counter[tuple[str, str]] = Counter()
    files: Counter[str] = Counter()
    skipped = 0
    for rows in pd.read_csv(file, keep_default_na=False, chunksize=50_000, dtype="str"):
        whole = rows["record"] == ""
        files.update(rows.loc[whole, "status"])
        skipped += int((~whole & (rows["status"] == "skipped")).sum())
        counted.update(zip(rows["status"], rows["reason"], strict=True))
    told = [(status, reason, n) for (status, reason), n in counted.items() if reason]
    told.sort(key=lambda row: (row[0] != "skipped", -row[2], row[1]))
    table = pd.DataFrame(told, columns=["status", "reason", "n"])
    return table, {"files": sum(files.values()), "files_skipped": files["skipped"], "skipped": skipped}


# --- from memory --------------------------------------------------------------------------------------------------------


def of_found(found: Found, articles: int) -> Contents:
    """Gather what was found in memory, coded and measured as ``analyse`` does it.

    Parameters
    ----------
    found : Found
        What ``na.resolve`` returned.
    articles : int
        How many documents are shown as annotated texts.
    """
    found = found.checked()
    sentences, segments = units(found), units(found, unit="segment")
    codes = partitions.coded(found, sentences, segments) if len(found.documents) else tables.empty("codes")
    camps = _camps(found)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "tallies.parquet"
        corpus_measures.tallies(found, segments, codes, camps).to_parquet(file)
        measured = corpus_measures.measures_of([file])
    gathering = _Gathering()
    chosen = codes.loc[codes["code"].isin(OF_WORDS), list(_CODES)]
    gathering.add(Part(found.documents, found.attributions, chosen))
    nobody = unresolved(found)
    listed = {"read": pd.DataFrame(columns=["status", "reason", "n"]), "unresolved": nobody.head(UNRESOLVED), "errors": found.errors.head(ERRORS)}
    sizes = {"attributions": found.attributions, "unresolved": nobody, "errors": found.errors, "codes": codes, "documents": found.documents}
    rows = {name: len(table) for name, table in sizes.items()}
    return gathering.contents("", (_told(found, codes), ""), (measured, listed, rows), _first(found, articles))


def _book(found: Found) -> Codebook | None:
    given = found.codebook
    return given if given is None or isinstance(given, Codebook) else codebooks.read(given)


def _labels(manifest: dict[str, Any], found: Found) -> dict[str, str]:
    """The labels of the camps: of the codebook that was given, of the shipped one that the manifest names, or those that the manifest tells."""
    settings = manifest.get("settings", {})
    if (book := _book(found)) is None:
        name, _, version = str(settings.get("codebook", "")).partition("@")
        shipped = codebooks.read(name) if name in codebooks.shipped() else None
        book = shipped if shipped is not None and shipped.version == version else None
    return codebooks.labels_of(book) if book is not None else dict(settings.get("codebook_labels", {}))


def _camps(found: Found) -> list[str]:
    """The affiliations of the codebook, or, where none is known, those that occur."""
    book = _book(found)
    named = [] if book is None else book.affiliations["affiliation"].tolist()
    occurring = sorted(set(measures.groups_of(found.attributions, "affiliation", "report")) - {measures.MISSING})
    return [*named, *(camp for camp in occurring if camp not in named)]


def _told(found: Found, codes: pd.DataFrame) -> dict[str, Any]:
    """What can be told of how it was made, under the names of the manifest."""
    settings = {}
    book = _book(found)
    if book is not None:
        settings["codebook"] = f"{book.name}@{book.version}"
    made = {"coders": sorted(codes["coder"].unique()), "attributors": sorted(found.attributions["attributor"].unique())}
    return {"settings": settings, **made, "not_english": sum(map(is_other, found.documents["language"]))}


# --- adding up ----------------------------------------------------------------------------------------------------------


class _Adding:
    """What documents add to cells, part after part."""

    def __init__(self, labels: int, sums: int) -> None:
        self.labels, self.sums, self.before = labels, sums, 0
        self.cells: dict[tuple[str, ...], int] = {}
        self.kept: list[tuple[NDArray[Any], ...]] = []

    def add(self, document: NDArray[np.int64], labels: Sequence[Iterable[str]], values: Sequence[NDArray[np.float64]] = ()) -> None:
        """Add rows with the number of their document in the part, their labels and values."""
        if not len(document):
            return
        added = add_up(document, [list(column) for column in labels], values)
        numbers = [self.cells.setdefault(cell, len(self.cells)) for cell in zip(*added.labels, strict=True)]
        first, place = np.unique(added.document, return_inverse=True)
        cell = np.array(numbers, np.int32)[added.cell]
        self.kept.append(((place + self.before).astype(np.int32), cell, added.n.astype(np.int32), *added.sums))
        self.before += len(first)

    def added(self) -> Added:
        """Return the sum of all parts, the cells in the order of their labels."""
        if not self.kept:
            return add_up(np.zeros(0, np.int64), [[]] * self.labels, [np.zeros(0)] * self.sums)
        document, cell, n, *sums = (np.concatenate([rows[at] for rows in self.kept]) for at in range(3 + self.sums))
        order = sorted(self.cells)
        place = np.empty(len(order), np.int64)
        place[[self.cells[key] for key in order]] = np.arange(len(order))
        names = tuple(np.array([key[at] for key in order], dtype=object) for at in range(self.labels))
        return Added(document.astype(np.int64), place[cell], n.astype(np.int64), tuple(sums), names)


class _Gathering:
    """What is kept of the parts that have been read."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.voices, self.kinds = _Adding(2, 1), _Adding(1, 0)
        self.unnamed, self.places = _Adding(1, 2), _Adding(1, 2)
        self.spoken: Counter[str] = Counter()
        self.camps: Counter[str] = Counter()
        self.bases: Counter[str] = Counter()
        self.dates: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}
        self.words: Counter[tuple[str, str]] = Counter()
        self.quotes: list[pd.DataFrame] = []
        self.speakers = _Speakers()

    def add(self, part: Part) -> None:
        """Add a part."""
        documents, attributions, codes = part
        at = pd.Index(documents["document_id"]).get_indexer(pd.Index(attributions["document_id"])).astype(np.int64)
        self._count(documents, at)
        if len(attributions):
            self._add_voices(documents, attributions, at)
        self._add_words(documents, codes)

    def _count(self, documents: pd.DataFrame, at: NDArray[np.int64]) -> None:
        counts = self.counts
        counts.documents += len(documents)
        counts.words += int(measures.word_counts(documents["text"]).sum())
        counts.silent += len(documents) - len(np.unique(at))
        counts.copies += int(documents["copy_of"].notna().sum())
        counts.kinds.update(documents["kind"])
        counts.languages.update(documents["language"].fillna(""))
        counts.outlets.update(documents["outlet"].fillna(NO_OUTLET))
        dated = documents[documents["published"].notna()]
        if len(dated):
            counts.dated += len(dated)
            first, last = dated["published"].min(), dated["published"].max()
            counts.first = first if counts.first is None else min(counts.first, first)
            counts.last = last if counts.last is None else max(counts.last, last)
            for outlet, days in dated.groupby(dated["outlet"].fillna(NO_OUTLET))["published"]:
                ends = [days.min(), days.max(), *self.dates.get(str(outlet), ())]
                self.dates[str(outlet)] = (min(ends), max(ends))

    def _add_voices(self, documents: pd.DataFrame, attributions: pd.DataFrame, at: NDArray[np.int64]) -> None:
        groups = measures.groups_of(attributions, "affiliation", "report")
        outlets = documents["outlet"].fillna(NO_OUTLET).to_numpy(dtype=object)[at]
        words = measures.word_counts(attributions["content"])
        one = np.ones(len(attributions))
        self.spoken.update(outlets)
        self.camps.update(groups)
        self.bases.update(attributions["affiliation_basis"].dropna() if "affiliation_basis" in attributions.columns else ())
        self.voices.add(at, [outlets, groups], [words])
        self.kinds.add(at, [attributions["kind"]])
        self.unnamed.add(at, [["all"] * len(attributions)], [measures.unnamed(attributions), one])
        self.speakers.add(attributions, groups, words)
        self._add_places(documents, attributions.assign(at=at, group=groups))
        if (n := sum(map(len, self.quotes))) < QUOTES:
            rows = attributions.head(QUOTES - n).merge(documents[["document_id", "title", "outlet", "published"]], on="document_id")
            self.quotes.append(rows)

    def _add_places(self, documents: pd.DataFrame, attributions: pd.DataFrame) -> None:
        """Where in each article each camp speaks first."""
        long = documents["kind"].to_numpy() == "article"
        length = documents["text"].str.len().to_numpy(np.float64)
        told = attributions[long[attributions["at"].to_numpy()]]
        first = told.groupby(["at", "group"], sort=True)["start"].min().reset_index()
        at = first["at"].to_numpy(np.int64)
        self.places.add(at, [first["group"]], [first["start"].to_numpy(np.float64) / length[at], np.ones(len(first))])

    def _add_words(self, documents: pd.DataFrame, codes: pd.DataFrame) -> None:
        """Count the words that codes stand on."""
        texts = dict(zip(documents["document_id"], documents["text"], strict=True))
        rows = codes.dropna(subset=["start", "end"])
        for document, code, start, end in rows[["document_id", "code", "start", "end"]].itertuples(index=False):
            self.words[code, " ".join(texts[document][int(start) : int(end)].casefold().split())] += 1

    def contents(
        self, name: str, made: tuple[dict[str, Any], str], told: tuple[pd.DataFrame, dict[str, pd.DataFrame], dict[str, int]], found: Found
    ) -> Contents:
        """Return all that was gathered."""
        measured, listed, rows = told
        voices = self.voices.added()
        whole = pd.concat([measured, *self._measures(voices)], ignore_index=True)
        words = pd.DataFrame([(*key, n) for key, n in self.words.items()], columns=["code", "words", "n"])
        words = words.sort_values(["code", "n", "words"], ascending=[True, False, True], ignore_index=True)
        speakers, n_speakers, n_pairs = self.speakers.first()
        listed |= {
            "outlets": self._outlets(),
            "speakers": speakers,
            "quotes": pd.concat(self.quotes, ignore_index=True) if self.quotes else pd.DataFrame(columns=[*_ATTRIBUTIONS, "title", "outlet", "published"]),
            "words": words,
        }
        rows |= {"speakers": n_speakers, "speakers_by_camp": n_pairs, "setting": self.bases["setting"], "context": self.bases["context"]}
        rows |= {"outlets": len([outlet for outlet in self.counts.outlets if outlet != NO_OUTLET])}
        rows["words"] = int(sum(voices.sums[0]))
        camps = sorted(set(self.camps) - {measures.MISSING}, key=lambda camp: (-self.camps[camp], camp))
        return Contents(name, *made, self.counts, whole, rows, listed, found, _labels(made[0], found), camps)

    def _measures(self, voices: Added) -> list[pd.DataFrame]:
        """The measures that ``analyse`` does not write."""
        made = []
        kinds, unnamed, places = self.kinds.added(), self.unnamed.added(), self.places.added()
        if len(kinds.document):
            overall = kinds._replace(labels=(np.full(len(kinds.labels[0]), "all", dtype=object), kinds.labels[0]))
            made.append(measures.shares_within("kind_share_of_all", overall, (None, "kind"), rng=0, order=tables.KINDS))
            made.append(measures.rates("unnamed_share_of_all", unnamed, [None], rng=0))
        if len(places.document):
            made.append(measures.rates("first_position", places, ["affiliation"], rng=0).sort_values(["estimate", "affiliation"]))
        known = sorted((outlet for outlet in self.spoken if outlet != NO_OUTLET), key=lambda outlet: (-self.spoken[outlet], outlet))[:OUTLETS]
        for outlet in known if len(known) > 1 else []:
            mine = some(voices, (voices.labels[0] == outlet)[voices.cell])
            shares = measures.shares_of_all("share_of_voice_words_by_outlet", mine._replace(labels=(mine.labels[1],)), "affiliation", rng=0)
            made.append(shares.assign(outlet=outlet))
        return [table.assign(copies=corpus_measures.KEPT) for table in made]

    def _outlets(self) -> pd.DataFrame:
        rows = [
            (outlet, n, self.spoken[outlet], *self.dates.get(outlet, (pd.NaT, pd.NaT)))
            for outlet, n in sorted(self.counts.outlets.items(), key=lambda row: (-row[1], row[0]))
        ]
        return pd.DataFrame(rows, columns=["outlet", "n_documents", "n", "first", "last"])


class _Speakers:
    """Who is named, and how often: counted in a file that goes when it is done."""

    def __init__(self) -> None:
        self.base = sqlite3.connect("", isolation_level=None)
        for command in (
            "PRAGMA cache_size = -8000",
            "PRAGMA temp_store = FILE",
            "CREATE TABLE speakers (speaker, camp, n, words, documents, PRIMARY KEY (speaker, camp))",
        ):
            self.base.execute(command)

    def add(self, attributions: pd.DataFrame, groups: pd.Series[str], words: NDArray[np.float64]) -> None:
        """Add the named speakers of a part."""
        named = measures.unnamed(attributions) == 0
        rows = pd.DataFrame({"speaker": attributions["speaker"], "camp": groups, "words": words, "document": attributions["document_id"]})[named]
        counted = rows.groupby(["speaker", "camp"], sort=True).agg(n=("words", "size"), words=("words", "sum"), documents=("document", "nunique"))
        self.base.execute("BEGIN")
        self.base.executemany(_ADD_SPEAKER, ((*key, int(n), int(words), int(documents)) for key, n, words, documents in counted.itertuples(name=None)))
        self.base.execute("COMMIT")

    def first(self) -> tuple[pd.DataFrame, int, int]:
        """Return the most frequent speakers, how many there are, and how many pairs of a speaker and a camp; the counts are gone then."""
        with closing(self.base) as base:
            rows = base.execute("SELECT * FROM speakers ORDER BY n DESC, words DESC, speaker, camp LIMIT ?", [SPEAKERS]).fetchall()
            n, pairs = base.execute("SELECT count(DISTINCT speaker), count(*) FROM speakers").fetchone()
        return pd.DataFrame(rows, columns=["speaker", "affiliation", "n", "n_words", "n_documents"]), int(n), int(pairs)


_SCHEMA = (
    "PRAGMA cache_size = -8000",
    "PRAGMA temp_store = FILE",
    "CREATE TABLE speakers (speaker, camp, n, words, documents, PRIMARY KEY (speaker, camp)) WITHOUT ROWID",
)
_ADD_SPEAKER = (
    "INSERT INTO speakers VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
    "SET n = n + excluded.n, words = words + excluded.words, documents = documents + excluded.documents"
)
