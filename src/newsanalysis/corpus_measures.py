"""The measures of a corpus that is larger than memory, from what each partition of its documents adds to them.

`tallies` says what each document of a partition adds to each measure: a small table, written beside the partition. `measures_of` reads these
tables measure by measure and makes the measures of all documents: to the last bit those that ``measures`` makes of the whole tables, in whatever
way the corpus was cut, as long as the partitions come in the order of the documents. `unresolved_of` does the same for the sources that
no row of the codebook names.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import measures, tables
from newsanalysis.actors import open_cases
from newsanalysis.found import Found
from newsanalysis.sums import Added, add_up, compact, some
from newsanalysis.tables import TableError

File = str | Path
Strings = Sequence[str]
Made = dict[str, list[pd.DataFrame]]

COLUMNS = ("tally", "document", "label", "label_2", "n", "first", "second", "copy")
KEPT, LEFT_OUT = "kept", "left out"
NOBODY = -1  # the document of rows that are of the partition
PIECE = 10_000  # sources a table of unresolved_in_pieces
CACHE = 8_000  # KB of the database of unresolved sources that are held in memory
RATES = ("hedge", "loaded_word")


class _Facts(NamedTuple):
    """What is true of a partition, not of a document."""

    documents: int
    copies: int
    levels: tuple[str, ...]
    coders: set[tuple[str, str]]


class _Given(NamedTuple):
    """The tables of a partition."""

    documents: pd.Index[Any]
    attributions: pd.DataFrame
    segments: pd.DataFrame
    codes: pd.DataFrame

    def place(self, table: pd.DataFrame) -> NDArray[np.int64]:
        """The position of each row's document."""
        at = self.documents.get_indexer(pd.Index(table.document_id)).astype(np.int64)
        if (at < 0).any():
            raise TableError(f"tallies: document {table.document_id[at < 0].iloc[0]!r} is not among the partition's; give the tables of one partition.")
        return at


# --- what each document adds --------------------------------------------------------------------------------------------


def tallies(found: Found, segments: pd.DataFrame, codes: pd.DataFrame, camps: Strings) -> pd.DataFrame:
    """Return what each document of a partition adds to each measure.

    Parameters
    ----------
    found : Found
        What was found in the documents of the partition, resolved.
    segments : DataFrame
        Table *units* of its segments.
    codes : DataFrame
        Table *codes*: of attributions their cues, of segments tone and words, of sentences passives.
    camps : sequence of str
        The codebook's affiliations.

    Returns
    -------
    DataFrame
        One row for each tally, document (its position in ``found.documents``) and cell: label, label_2 (such as group and value), n (rows), first and
        second (sums), copy (whether the document is a copy of another). Rows with document -1 are of the partition: its camps, coders and size.

    Raises
    ------
    TableError
        For codes of two coders, or an affiliation that is not among the camps.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["The mayor said the bridge was closed."])))
    >>> nothing = na.units(found, unit="segment").head(0), na.code_cues(found).head(0)
    >>> table = tallies(found, *nothing, camps=["other", "unspecified"])
    >>> table.loc[table.tally == "speaking", ["document", "label", "n", "first"]].values.tolist()
    [[0, 'unspecified', 1, 4.0]]
    """
    checked = [tables.check(table, name) for table, name in ((found.attributions, "attributions"), (segments, "units"), (codes, "codes"))]
    given, documents = _Given(pd.Index(found.documents.document_id), *checked), len(found.documents)
    added = {name: of(given) for name, of in _ADDED.items()}
    measures.known_levels(added["speaking"].labels[0], "affiliation", camps)
    copies = found.documents.copy_of.notna().to_numpy() if "copy_of" in found.documents else np.zeros(documents, bool)
    rows = [_rows(name, one, copies) for name, one in added.items()]
    return pd.concat([_facts(documents, int(copies.sum()), camps, given.codes), *rows], ignore_index=True).astype(_TYPES)


_TYPES = {"tally": "str", "document": "int32", "label": "str", "label_2": "str", "n": "int64", "first": "float64", "second": "float64", "copy": "bool"}


def _rows(name: str, added: Added, copies: NDArray[np.bool_]) -> pd.DataFrame:
    labels, sums = [*added.labels, np.full(len(added.labels[0]), "", dtype=object)], [*added.sums, *(np.zeros(len(added.n)),) * 2]
    columns = {"document": added.document, "label": labels[0][added.cell], "label_2": labels[1][added.cell]}
    return pd.DataFrame({"tally": name, **columns, "n": added.n, "first": sums[0], "second": sums[1], "copy": copies[added.document]}, columns=COLUMNS)


def _facts(documents: int, copies: int, camps: Strings, codes: pd.DataFrame) -> pd.DataFrame:
    of_codes = codes.loc[codes.code.isin(_CODES), ["code", "coder"]].drop_duplicates()
    rows: list[tuple[Any, ...]] = [("documents", NOBODY, "", "", documents, copies, 0, False)]
    rows += [("levels", NOBODY, camp, "", 0, 0, 0, False) for camp in tables.names(camps)]
    rows += [("coders", NOBODY, code, coder, 0, 0, 0, False) for code, coder in of_codes.itertuples(index=False)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _speaking(given: _Given) -> Added:
    rows = given.attributions
    groups = measures.groups_of(rows, "affiliation", "tallies")
    return add_up(given.place(rows), [groups], [measures.word_counts(rows.content), measures.unnamed(rows)])


def _kinds(given: _Given) -> Added:
    rows = given.attributions
    return add_up(given.place(rows), [measures.groups_of(rows, "affiliation", "tallies"), rows.kind])


def _cues(given: _Given) -> Added:
    affiliations = given.attributions[["attribution_id", "affiliation"]]
    of_camps = given.codes.merge(affiliations, left_on="unit_id", right_on="attribution_id")
    return _values(given, of_camps, "cue_class", "affiliation")


def _labels(given: _Given) -> Added:
    return _values(given, given.codes.merge(given.segments[["unit_id"]], on="unit_id"), "label", None)


def _passives(given: _Given) -> Added:
    return _values(given, given.codes, "passive", None)


def _values(given: _Given, codes: pd.DataFrame, code: str, by: str | None) -> Added:
    chosen = measures.of_one_coder(codes, code, "tallies")
    return measures.values_added(chosen, measures.groups_of(chosen, by, "tallies"), given.place(chosen))


def _tones(given: _Given) -> Added:
    toned = measures.tones_of(given.codes, given.segments, ["voice"], "tallies")
    voices = measures.groups_of(toned, "voice", "tallies")
    return measures.tones_added(toned, [toned.coder, voices], measures.word_counts(toned.text), given.place(toned))


def _rate(given: _Given, code: str) -> Added:
    counts = measures.code_counts(measures.of_one_coder(given.codes, code, "tallies"), given.segments, "tallies")
    return measures.rates_added(given.segments, counts, measures.groups_of(given.segments, "voice", "tallies"), given.place(given.segments))


_ADDED: dict[str, Callable[[_Given], Added]] = {
    "speaking": _speaking,
    "kinds": _kinds,
    "cue_class": _cues,
    "tones": _tones,
    "label": _labels,
    "passive": _passives,
    **{code: partial(_rate, code=code) for code in RATES},
}
_CODES = ("cue_class", "label", "passive", *RATES)
_LABELS = {"kinds": 2, "cue_class": 2, "tones": 2, "label": 2, "passive": 2}
_SUMS = {"speaking": 2, "tones": 2, **dict.fromkeys(RATES, 2)}


# --- the measures of their sums -----------------------------------------------------------------------------------------


def measures_of(files: Iterable[File]) -> pd.DataFrame:
    """Return the measures of all documents, from the files with the tallies of the partitions.

    Parameters
    ----------
    files : iterable of str or Path
        Parquet files of `tallies`, in the order of the documents.

    Returns
    -------
    DataFrame
        Table *measures* with the column ``copies``: rows ``kept`` for all documents; where some are copies of others, then the same measures without these
        (``left out``). Memory is some tens of bytes a document and group of the largest measure.

    Raises
    ------
    TableError
        For partitions that were coded by other coders, or with another codebook.

    Examples
    --------
    >>> import tempfile, pathlib, newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["The mayor said the bridge was closed."])))
    >>> nothing = na.units(found, unit="segment").head(0), na.code_cues(found).head(0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "tallies.parquet"
    ...     tallies(found, *nothing, camps=["other", "unspecified"]).to_parquet(file)
    ...     table = measures_of([file])
    >>> table.loc[table.measure == "share_of_voice_words", ["copies", "affiliation", "estimate"]].values.tolist()
    [['kept', 'unspecified', 1.0]]
    """
    files = list(files)
    facts = _facts_of(files)
    made: dict[str, Made] = {KEPT: {}, **({LEFT_OUT: {}} if facts.copies else {})}
    for name, of in _measures(facts.levels).items():
        added, copy = _read(files, name)
        made[KEPT] |= of(added)
        if facts.copies:
            made[LEFT_OUT] |= of(some(added, ~copy))
        del added, copy
    whole = [measures.with_copies(table, copies) for copies, of in made.items() for name in _ORDER for table in of[name] if len(table)]
    return tables.check(pd.concat(whole, ignore_index=True), "measures")


def _facts_of(files: list[File]) -> _Facts:
    documents, copies, levels, coders = 0, 0, None, set()
    for file in files:
        rows = _partition(file, ("documents", "levels", "coders"))
        camps = tuple(rows.label[rows.tally == "levels"])
        if levels is not None and camps != levels:
            raise TableError(f"measures_of: {file} was made with the camps {', '.join(camps)}, others with {', '.join(levels)}; make all with one codebook.")
        levels = camps
        documents += int(rows.n[rows.tally == "documents"].sum())
        copies += int(rows["first"][rows.tally == "documents"].sum())
        coders |= set(rows.loc[rows.tally == "coders", ["label", "label_2"]].itertuples(index=False, name=None))
    for code in _CODES:
        of_code = sorted(coder for one, coder in coders if one == code)
        if len(of_code) > 1:
            raise TableError(f"measures_of: code {code!r} is of {len(of_code)} coders ({', '.join(of_code)}), which cannot be added up; code all alike.")
    return _Facts(documents, copies, levels or (), coders)


def _columns_of(file: File, columns: Sequence[str]) -> dict[str, Any]:
    """Columns of a file, those of text as numbers and names."""
    from pyarrow import parquet

    texts = [name for name in columns if _TYPES[name] == "str"]
    with parquet.ParquetFile(file, read_dictionary=texts) as opened:
        read = opened.read(columns=list(columns)).combine_chunks()
    found = {}
    for name in columns:
        whole = read.column(name).combine_chunks()
        found[name] = (whole.indices.to_numpy(), whole.dictionary.to_pylist()) if name in texts else whole.to_numpy(zero_copy_only=False)
    return found


def _partition(file: File, names: Sequence[str]) -> pd.DataFrame:
    """The rows of a file that are of the partition."""
    read = _columns_of(file, ("tally", "label", "label_2", "n", "first"))
    number, known = read["tally"]
    rows = np.flatnonzero(np.isin(number, [at for at, name in enumerate(known) if name in names]))
    texts = {name: [read[name][1][at] for at in read[name][0][rows]] for name in ("tally", "label", "label_2")}
    return pd.DataFrame({**texts, "n": read["n"][rows], "first": read["first"][rows]})


def _read(files: list[File], name: str) -> tuple[Added, NDArray[np.bool_]]:
    """What all documents add to one of the measures, and of each row whether its document is a copy."""
    sums = ("first", "second")[: _SUMS.get(name, 0)]
    columns = ("tally", "document", "label", "label_2", "n", *sums, "copy")
    cells: dict[tuple[str, str], int] = {}
    kept: list[tuple[NDArray[Any], ...]] = []
    before = 0
    for file in files:
        read = _columns_of(file, columns)
        number, known = read["tally"]
        rows = np.flatnonzero(number == known.index(name)) if name in known else np.zeros(0, np.int64)
        first, place = np.unique(read["document"][rows], return_inverse=True)
        kept.append(
            (
                (place + before).astype(np.int32),
                _cells(read, rows, cells),
                compact(read["n"][rows]),
                *(compact(read[column][rows]) for column in sums),
                read["copy"][rows],
            )
        )
        before += len(first)
    if not kept:
        nothing = add_up(np.zeros(0, np.int64), [[]] * _LABELS.get(name, 1), [np.zeros(0)] * len(sums))
        return nothing, np.zeros(0, bool)
    return _joined(kept, cells, _LABELS.get(name, 1))


def _cells(read: dict[str, Any], rows: NDArray[np.int64], cells: dict[tuple[str, str], int]) -> NDArray[np.int32]:
    """The numbers of the cells, in the order in which they first come in any file."""
    (one, names), (two, names_2) = read["label"], read["label_2"]
    pairs, place = np.unique(one[rows].astype(np.int64) * max(1, len(names_2)) + two[rows], return_inverse=True)
    numbers = [cells.setdefault((names[pair // len(names_2)], names_2[pair % len(names_2)]), len(cells)) for pair in pairs.tolist()]
    return np.array(numbers, np.int32)[place] if len(rows) else np.zeros(0, np.int32)


def _joined(kept: list[tuple[NDArray[Any], ...]], cells: dict[tuple[str, str], int], labels: int) -> tuple[Added, NDArray[np.bool_]]:
    """The rows of all files, the cells now in the order of their labels; empties the list as it goes, for memory."""
    joined = [np.concatenate([rows[at] for rows in kept]) for at in range(len(kept[0]))]
    kept.clear()
    document, cell, n, *sums, copy = joined
    order = sorted(cells)
    place = np.empty(len(order), np.int32)
    place[[cells[pair] for pair in order]] = np.arange(len(order))
    names = tuple(np.array([pair[at] for pair in order], dtype=object) for at in range(labels))
    return Added(document, place[cell] if len(order) else cell, n, tuple(sums), names), copy


# --- the measures -------------------------------------------------------------------------------------------------------


def _of_speaking(added: Added, levels: Strings) -> Made:
    attributions = added._replace(sums=(added.n,))
    return {
        "share_of_voice_words": [measures.shares_of_all("share_of_voice_words", added, "affiliation", rng=0)],
        "share_of_voice_attributions": [measures.shares_of_all("share_of_voice_attributions", attributions, "affiliation", rng=0)],
        "unnamed_share": [measures.rates("unnamed_share", added._replace(sums=(added.sums[1], added.n)), ["affiliation"], rng=0)],
        "source_diversity": [measures.diversity_of(added, "affiliation", levels, rng=0)],
    }


def _of_tones(added: Added) -> Made:
    voiced = some(added, (added.labels[1] != measures.MISSING)[added.cell])
    coder, voice = voiced.labels
    everybody = np.full(len(coder), "all", dtype=object)
    gaps = voiced._replace(labels=(coder, everybody, np.where(voice == "own", "", everybody), voice))
    return {"mean_tone": [measures.rates("mean_tone", added, ["coder", "voice"], rng=0)], "voice_gap": [measures.gaps(gaps, None, False, rng=0)]}


def _measures(levels: Strings) -> dict[str, Callable[[Added], Made]]:
    return {
        "speaking": partial(_of_speaking, levels=levels),
        "kinds": lambda added: {"kind_share": [measures.shares_within("kind_share", added, ("affiliation", "kind"), rng=0, order=tables.KINDS)]},
        "cue_class": lambda added: {"cue_class": [measures.code_share_of(added, "cue_class", "affiliation", rng=0)]},
        "tones": _of_tones,
        "label": lambda added: {"label": [measures.code_share_of(added, "label", None, rng=0)]},
        "passive": lambda added: {"passive": [measures.code_share_of(added, "passive", None, rng=0)]},
        "hedge": lambda added: {"hedge": [measures.word_rate_of(added, "hedge", "voice", rng=0)]},
        "loaded_word": lambda added: {"loaded_word": [measures.word_rate_of(added, "loaded_word", "voice", rng=0)]},
    }


_ORDER = (
    *("share_of_voice_words", "share_of_voice_attributions", "kind_share", "unnamed_share", "source_diversity", "cue_class"),
    *("mean_tone", "voice_gap", "label", "passive", *RATES),
)


# --- the sources that no row of the codebook names ----------------------------------------------------------------------


def sources(attributions: pd.DataFrame) -> pd.DataFrame:
    """Return the sources of a partition that no row of the codebook names, counted.

    Parameters
    ----------
    attributions : DataFrame
        Table *attributions* of the partition, resolved.

    Returns
    -------
    DataFrame
        One row for each source (role -1; with n, documents and an example) and for each word that is said of it: role 0 for what stands in the text,
        1 for its affiliation, 2 for its role (with n). at is the row of the partition in which it comes first.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["The mayor said the bridge was closed."])))
    >>> sources(found.attributions)[["who", "role", "word", "n"]].values.tolist()
    [['mayor', -1, nan, 1], ['mayor', 0, 'The mayor', 1], ['mayor', 1, 'unspecified', 1], ['mayor', 2, 'official', 1]]
    """
    rows = open_cases(attributions).reset_index(drop=True)
    rows["at"] = rows.index
    keys = ["unknown", "who"]
    counted = [rows.groupby(keys, sort=False).agg(n=("at", "size"), documents=("document_id", "nunique"), example=("example", "first"), at=("at", "first"))]
    for column in WORDS:
        told = rows[rows[column].notna()].rename(columns={column: "word"})
        counted.append(told.groupby([*keys, "word"], sort=False).agg(n=("at", "size"), at=("at", "first")))
    each = [table.reset_index().assign(role=role) for role, table in enumerate(counted, SOURCE)]
    return pd.concat(each, ignore_index=True).reindex(columns=list(_SOURCES)).fillna({"documents": 0}).astype(_SOURCES)


WORDS = ("source", "affiliation", "role")
SOURCE = -1  # the role of the rows that stand for a source
_SOURCES = {
    **{"unknown": "bool", "who": "str", "role": "int8", "word": "str"},
    **{"n": "int64", "documents": "int64", "example": "str", "at": "int64"},
}


def unresolved_of(files: Iterable[File]) -> pd.DataFrame:
    """List the sources that no row of the codebook names, over all partitions, as ``na.unresolved`` does for tables in memory.

    Parameters
    ----------
    files : iterable of str or Path
        Parquet files of what `sources` says of each partition, in the order of the documents.

    Returns
    -------
    DataFrame
        As of ``na.unresolved``; it has a row a source and grows with the corpus: see `unresolved_in_pieces`.

    Examples
    --------
    >>> import tempfile, pathlib, newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["The mayor said the bridge was closed."])))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "sources.parquet"
    ...     sources(found.attributions).to_parquet(file)
    ...     unresolved_of([file])[["speaker", "source", "n"]].values.tolist()
    [['mayor', 'The mayor', 1]]
    """
    return pd.concat(list(unresolved_in_pieces(files)), ignore_index=True)


def unresolved_in_pieces(files: Iterable[File]) -> Iterator[pd.DataFrame]:
    """Yield the rows of `unresolved_of` some thousands at a time, at least one table; counted in a file that goes when it is done.

    >>> [len(table) for table in unresolved_in_pieces([])]
    [0]
    """
    with closing(sqlite3.connect("", isolation_level=None)) as base:
        for command in _SCHEMA:
            base.execute(command)
        for number, file in enumerate(files):
            _add(base, pd.read_parquet(file), number << 32)
        rows = base.execute(_LISTED)
        some_rows = rows.fetchmany(PIECE)
        while True:
            yield pd.DataFrame(some_rows, columns=list(_LIST)).astype(_LIST)
            some_rows = rows.fetchmany(PIECE)
            if not some_rows:
                return


def _add(base: sqlite3.Connection, counted: pd.DataFrame, first: int) -> None:
    """Add the sources of a partition to the counts; what comes first in a corpus comes in the first of its files."""
    counted["at"] += first
    whole = counted["role"] == SOURCE
    base.execute("BEGIN")
    base.executemany(_ADD_SOURCE, _rows_of(counted[whole], "unknown", "who", "n", "documents", "example", "at"))
    base.executemany(_ADD_WORD, _rows_of(counted[~whole], "unknown", "who", "role", "word", "n", "at"))
    base.execute("COMMIT")


def _rows_of(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column].tolist() for column in columns), strict=True)


_SCHEMA = (
    f"PRAGMA cache_size = -{CACHE}",
    "PRAGMA temp_store = FILE",
    "CREATE TABLE sources (unknown, who, n, documents, example, at, PRIMARY KEY (unknown, who)) WITHOUT ROWID",
    "CREATE TABLE words (unknown, who, role, word, n, at, PRIMARY KEY (unknown, who, role, word)) WITHOUT ROWID",
)
_ADD_SOURCE = "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n, documents = documents + excluded.documents"
_ADD_WORD = "INSERT INTO words VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
_COMMONEST = "(SELECT word FROM words w WHERE w.unknown = s.unknown AND w.who = s.who AND role = {} ORDER BY w.n DESC, w.at LIMIT 1)"
_LISTED = f"""
    SELECT iif(unknown, NULL, who) AS speaker, {_COMMONEST.format(0)} AS source, {_COMMONEST.format(1)}, {_COMMONEST.format(2)}, n, documents, example
    FROM sources s ORDER BY n DESC, documents DESC, unknown, speaker, source, at
"""
_LIST = {
    **dict.fromkeys(("speaker", "source", "affiliation", "role"), "str"),
    **dict.fromkeys(("n", "n_documents"), "int64"),
    "example": "str",
}
