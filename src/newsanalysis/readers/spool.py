"""A corpus larger than memory, read in parts: each part anywhere, what concerns all of it in one light pass.

``find`` lists the files, ``group`` puts them into tasks, ``read_group`` reads a task into chunk files (in any process, on any machine that sees both
folders), ``assign`` gives ids, drops duplicates and chooses dates from a few bytes a document, ``documents`` returns one chunk as the table *documents*.
All chunks behind one another are what ``read`` gives, whatever the chunks' size, for both use the same parts.

A folder of a group holds ``00000.parquet``, ``00001.parquet`` ... (texts and metadata), ``light.parquet`` (what ``assign`` needs, one row group a
chunk), ``signatures.bin`` (of texts, for near-copies), ``rows.parquet`` (records skipped or mended), and, last, ``done.json``; ``assign`` adds
``00000.assigned.parquet`` ... and ``assigned.json``. Every file is either complete or not there.
"""

from __future__ import annotations

import bisect
import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b, file_digest
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from newsanalysis import __version__, copies, tables
from newsanalysis.files import DamagedError, replacing
from newsanalysis.readers import collect, dates, finding, ids, records, reporting
from newsanalysis.readers.columns import check_mapping
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.finding import Source
from newsanalysis.readers.records import METADATA, File, Piece

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIBRARIES = (
    *("brotli", "charset-normalizer", "courlan", "feedparser", "htmldate", "justext", "lxml", "lxml-html-clean", "openpyxl"),
    *("pandas", "py3langid", "pyarrow", "trafilatura"),
)  # that decide what is read; for XML, HTML and Unicode Python's own counts, too


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


VERSION = " ".join(
    [f"spool@2 {copies.VERSION} newsanalysis@{__version__} python@{platform.python_version()}", *(f"{name}@{_installed(name)}" for name in LIBRARIES)]
)
GROUP_FILES, GROUP_BYTES = 100, 8 * 2**20  # a group: about so many small files, or so many bytes
CHUNK_DOCUMENTS, CHUNK_CHARACTERS = 64, 2**18  # a chunk: at most so many documents, or so many characters and one document
_STEP = 4096
_CUT = 48  # a chunk ends about where so many documents have passed
_DONE, _ASSIGNED, _LIGHT, _ROWS, _SIGNATURES = "done.json", "assigned.json", "light.parquet", "rows.parquet", "signatures.bin"


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are read by one task.

    Parameters
    ----------
    key : str
        The name of its folder: a hash of the files' contents and names, the columns and the version, not of where they stand.
    sources : tuple of Source
        The files, in order.
    columns : dict
        Ours to theirs.
    """

    key: str
    sources: tuple[Source, ...]
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Partition:
    """One chunk with what was assigned to it: a piece of the table *documents*.

    Parameters
    ----------
    key : str
        A hash of the piece of the table, not of where it stands.
    chunk, assigned : str
        Its files, below the folder.
    n_documents, n_words : int
        Documents in it, and words divided by blanks.
    """

    key: str
    chunk: str
    assigned: str
    n_documents: int
    n_words: int


def find(inputs: object) -> list[Source]:
    """Find the files of a corpus, with their hashes.

    Parameters
    ----------
    inputs : str, Path or iterable of them
        Files and folders.

    Returns
    -------
    list of Source
        In the order of `read`; what cannot be read has its reason.

    Raises
    ------
    ReadError
        A path is missing.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "rain.txt").write_text("Rain fell.")
    ...     find(folder)[0].sha256[:8]
    '8a4b1e83'
    """
    return finding.find(inputs, hashed=True).sources


def group(sources: Sequence[Source], columns: Mapping[str, str] | None = None) -> list[Group]:
    """Put files into tasks: a run of files ends where the hash of a name says so, so that one file more or less changes one group or two.

    Parameters
    ----------
    sources : sequence of Source
        The files, in order.
    columns : dict, optional
        Ours to theirs.

    Returns
    -------
    list of Group
        Together all the files, in order; about 100 small files or 8 MB each, a large file alone.

    Raises
    ------
    ReadError
        A key of `columns` is none of our columns.

    Examples
    --------
    >>> files = [Source(i, f"/news/{i}.txt", f"{i}.txt", str(i), 500) for i in range(1000)]
    >>> groups = group(files)
    >>> 5 < len(groups) < 20, [source for each in groups for source in each.sources] == files
    (True, True)
    """
    mapping = check_mapping(columns)
    groups: list[Group] = []
    run: list[Source] = []
    size = 0
    for source in sources:
        if run and size + source.bytes > GROUP_BYTES:
            groups.append(_group(run, mapping))
            run, size = [], 0
        run.append(source)
        size += source.bytes
        if size >= GROUP_BYTES or len(run) >= 4 * GROUP_FILES or ids.hashed(source.label) % GROUP_FILES == 0:
            groups.append(_group(run, mapping))
            run, size = [], 0
    return [*groups, _group(run, mapping)] if run else groups


def _group(sources: Sequence[Source], columns: Mapping[str, str]) -> Group:
    told = [[source.label, source.sha256, source.reason] for source in sources]
    return Group(_digest([VERSION, sorted(columns.items()), told]), tuple(sources), columns)


def _digest(value: object) -> str:
    return blake2b(json.dumps(value, ensure_ascii=True).encode(), digest_size=16).hexdigest()


def split_group(whole: Group) -> list[Group]:
    """Return the two halves of a group, itself if it is one file.

    Parameters
    ----------
    whole : Group
        A group whose reading failed.

    Returns
    -------
    list of Group
        In order.

    Examples
    --------
    >>> (whole,) = group([Source(i, f"/{i}.txt", f"{i}.txt") for i in range(3)])
    >>> [len(half.sources) for half in split_group(whole)]
    [1, 2]
    """
    middle = len(whole.sources) // 2
    if not middle:
        return [whole]
    return [_group(whole.sources[:middle], whole.columns), _group(whole.sources[middle:], whole.columns)]


def done(task: Group, folder: Path) -> bool:
    """Say whether a group is read already, and nothing is to be hoped from reading it again.

    A file that the system refused for a moment, or whose library was not installed, is tried again; a group whose files are not as long as they
    were is read anew.

    Parameters
    ----------
    task : Group
        The group.
    folder : Path
        The folder of all groups.
    """
    place = folder / task.key
    try:
        told = json.loads((place / _DONE).read_text(encoding="utf-8"))
        whole = all((place / name).stat().st_size == size for name, size in told["bytes"].items())
        return whole and not any(file["passing"] for file in told["files"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def unread(task: Group, folder: Path) -> list[tuple[str, str]]:
    """Return the files of a group that were not read, by their names, with the reasons; none if the group is not done.

    Parameters
    ----------
    task : Group
        The group.
    folder : Path
        The folder of all groups.
    """
    try:
        told = json.loads((folder / task.key / _DONE).read_text(encoding="utf-8"))
        return [(file["label"], file["reason"]) for file in told["files"] if file["reason"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def forget(task: Group, folder: Path) -> None:
    """Count a group as not read.

    Parameters
    ----------
    task : Group
        The group.
    folder : Path
        The folder of all groups.
    """
    (folder / task.key / _DONE).unlink(missing_ok=True)


def read_group(task: Group, folder: Path) -> None:
    """Read the files of a group into its folder; a file that cannot be read is a row of the report.

    Parameters
    ----------
    task : Group
        What is to be read.
    folder : Path
        The folder of all groups, which every worker sees.
    """
    place = Path(folder) / task.key
    place.mkdir(parents=True, exist_ok=True)
    files = [records.opened(source) for source in task.sources]
    chunks: list[dict[str, Any]] = []
    with _Light(place) as light:
        for number, chunk in enumerate(_cut(_every(task, files))):
            chunks.append(chunk.write(place, number, task.sources))
            light.add(chunk)
    _finish(place, files, chunks)


def failed_group(task: Group, folder: Path, why: str) -> None:
    """Write a group whose reading killed its worker: each of its files is skipped, with the reason.

    Parameters
    ----------
    task : Group
        The group.
    folder : Path
        The folder of all groups.
    why : str
        What happened, in words.
    """
    place = Path(folder) / task.key
    place.mkdir(parents=True, exist_ok=True)
    files = [records.opened(source) for source in task.sources]
    for file in files:
        file.reason = file.reason or why
    with _Light(place):
        pass
    _finish(place, files, [])


def _finish(place: Path, files: Sequence[File], chunks: Sequence[Mapping[str, Any]]) -> None:
    rows = [(i, *row) for i, file in enumerate(files) for row in file.rows]
    if rows:
        table = pd.DataFrame(rows, columns=["file", "number", "status", "reason"])
        with replacing(place / _ROWS) as part:
            table.to_parquet(part, index=False)
    told = [{name: value for name, value in asdict(file).items() if name not in ("rows", "stem", "kept", "guessed")} for file in files]
    names = [*(f"{chunk['name']}.parquet" for chunk in chunks), _LIGHT, _SIGNATURES, *([_ROWS] if rows else [])]
    sizes = {name: (place / name).stat().st_size for name in names}
    _write_json(place / _DONE, {"files": told, "chunks": list(chunks), "rows": len(rows), "bytes": sizes, "signatures": _hash(place / _SIGNATURES)})


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


@contextmanager
def _whole(place: Path) -> Iterator[None]:
    """Mark a group as not read if something of it cannot be read again."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # whatever a library makes of damaged bytes
        (place / _DONE).unlink(missing_ok=True)
        raise DamagedError(place.name, f"{type(error).__name__}: {error}") from None


def _write_json(path: Path, value: object) -> None:
    with replacing(path) as part:
        part.write_text(json.dumps(value, ensure_ascii=True), encoding="ascii")


# Chunks


@dataclass(slots=True)
class _Chunk:
    """Records of one or several files of a group on their way to a chunk file."""

    piece: Piece = field(default_factory=Piece)
    files: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)  # hashes
    guessed: list[bool] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    characters: int = 0

    def write(self, place: Path, number: int, sources: Sequence[Source]) -> dict[str, Any]:
        """Guess what languages are not given, write the chunk, and return what is to be known of it."""
        self.guessed = collect.guess_languages(self.piece.metadata["language"], self.piece.texts)
        self.words = [len(text.split()) for text in self.piece.texts]
        columns: dict[str, list[Any]] = {
            "text": self.piece.texts,
            **self.piece.metadata,
            "kind": self.piece.kinds,
            "source_file": [sources[i].label for i in self.files],
            "reader": self.piece.readers,
        }
        name = f"{number:05d}"
        import pyarrow as pa
        import pyarrow.parquet as pq

        with replacing(place / f"{name}.parquet") as part:
            pq.write_table(pa.table({column: pa.array(values, pa.string()) for column, values in columns.items()}), part, write_page_checksum=True)
        content = _digest([self.texts, *(columns[column] for column in columns if column != "text")])
        return {"name": name, "documents": len(self.files), "content": content}


def _every(task: Group, files: Sequence[File]) -> Iterator[tuple[int, Piece]]:
    for i, (source, file) in enumerate(zip(task.sources, files, strict=True)):
        if file.reason is None:
            for piece in records.pieces(source, file, task.columns):
                yield i, piece


def _cut(everything: Iterable[tuple[int, Piece]]) -> Iterator[_Chunk]:
    """Cut records into chunks where the hash of a text says so, so that what stands far from a change stays in the same chunk."""
    chunk = _Chunk()
    for i, piece in everything:
        start = 0
        for end, text in enumerate(piece.texts, start=1):
            code = ids.hashed(text)
            chunk.texts.append(code)
            chunk.characters += len(text)
            n = len(chunk.texts)
            if n >= CHUNK_DOCUMENTS or chunk.characters >= CHUNK_CHARACTERS or (code % _CUT == 0 and n >= min(_CUT, CHUNK_DOCUMENTS) // 4):
                _move(piece, start, end, i, chunk)
                yield chunk
                chunk, start = _Chunk(), end
        _move(piece, start, len(piece.texts), i, chunk)
    if chunk.texts:
        yield chunk


def _move(piece: Piece, start: int, end: int, i: int, chunk: _Chunk) -> None:
    chunk.files += [i] * (end - start)
    for name in Piece.__slots__:
        if name != "metadata":
            getattr(chunk.piece, name).extend(getattr(piece, name)[start:end])
    for name in METADATA:
        chunk.piece.metadata[name].extend(piece.metadata[name][start:end])


class _Light:
    """The files of what `assign` needs of each record: one row group a chunk, and signatures."""

    def __init__(self, place: Path) -> None:
        import pyarrow as pa

        self._place = place
        self._stack = ExitStack()
        self._schema = pa.schema(
            [
                ("file", pa.int32()),
                ("number", pa.int64()),
                ("given", pa.string()),
                ("ending", pa.string()),
                ("text", pa.uint64()),
                ("month_first", pa.int64()),
                ("day_first", pa.int64()),
                ("kind", pa.string()),
                ("guessed", pa.bool_()),
                ("words", pa.int32()),
            ]
        )

    def __enter__(self) -> _Light:
        import pyarrow.parquet as pq

        with ExitStack() as stack:
            self._signatures = stack.enter_context(stack.enter_context(replacing(self._place / _SIGNATURES)).open("wb"))
            self._writer = stack.enter_context(pq.ParquetWriter(stack.enter_context(replacing(self._place / _LIGHT)), self._schema, write_page_checksum=True))
            self._stack = stack.pop_all()
        return self

    def add(self, chunk: _Chunk) -> None:
        """Add the records of a chunk."""
        import pyarrow as pa

        piece = chunk.piece
        columns = (
            *(chunk.files, piece.numbers, piece.given, piece.endings, chunk.texts),
            *(piece.month_first, piece.day_first, piece.kinds, chunk.guessed, chunk.words),
        )
        arrays = [pa.array(values, column.type) for values, column in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.table(arrays, schema=self._schema), row_group_size=max(1, len(chunk.files)))
        self._signatures.write(copies.signatures(piece.texts).tobytes())

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


# The pass over all


@dataclass(slots=True)
class _Read:
    """A group that was read: where its files stand among all, where its records."""

    group: Group
    place: Path
    told: dict[str, Any]
    start: int = 0
    n: int = 0

    def lights(self, *names: str) -> Iterator[tuple[int, dict[str, list[Any]]]]:
        """Yield for each chunk the position of its first record and some columns."""
        import pyarrow.parquet as pq

        position = self.start
        with _whole(self.place), pq.ParquetFile(self.place / _LIGHT, page_checksum_verification=True) as file:
            for i in range(file.num_row_groups):
                columns = file.read_row_group(i, columns=list(names)).to_pydict()
                yield position, columns
                position += len(columns[names[0]])

    def chunk_at(self, position: int) -> tuple[int, dict[str, list[Any]]]:
        """Return files and numbers of the records of the chunk that holds a position, and the position of its first."""
        start = self.start
        for i, chunk in enumerate(self.told["chunks"]):
            if position < start + chunk["documents"]:
                with _whole(self.place):
                    return start, _numbers(self.place, i)
            start += chunk["documents"]
        raise IndexError(position)

    def signatures(self, kept: NDArray[np.bool_]) -> Iterator[NDArray[np.uint32]]:
        """Yield the signatures of the records that are kept, some at a time."""
        with _whole(self.place), (self.place / _SIGNATURES).open("rb") as file:
            for start in range(0, self.n, _STEP):
                some = np.frombuffer(file.read(_STEP * copies.WIDTH * 4), dtype=np.uint32).reshape(-1, copies.WIDTH)
                yield some[kept[self.start + start : self.start + start + len(some)]]


@lru_cache(maxsize=64)
def _numbers(place: Path, chunk: int) -> dict[str, list[Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(place / _LIGHT) as file:
        columns: dict[str, list[Any]] = file.read_row_group(chunk, columns=["file", "number"]).to_pydict()
    return columns


def assign(groups: Sequence[Group], folder: Path) -> list[Partition]:
    """Give ids, drop duplicates, choose dates and find near-copies, for all groups together, from some tens of bytes a document.

    Parameters
    ----------
    groups : sequence of Group
        All groups of the corpus, in order, each read or failed.
    folder : Path
        The folder of all groups.

    Returns
    -------
    list of Partition
        In order; chunks without a document that is kept give none.
    """
    folder = Path(folder)
    _numbers.cache_clear()
    read = _opened(groups, folder)
    n = sum(each.n for each in read)
    wanted, texts = np.empty(n, dtype=np.uint64), np.empty(n, dtype=np.uint64)
    for each in read:
        for position, light in each.lights("file", "given", "ending", "text"):
            end = position + len(light["text"])
            wanted[position:end] = [ids.hashed(id_) for id_ in _wanted(each, light)]
            texts[position:end] = light["text"]
    settled = ids.settle(wanted, texts, lambda positions: _spelt(read, positions))
    del wanted, texts
    return _Assignment(read, settled, _final(read, settled), folder).partitions()


def _opened(groups: Iterable[Group], folder: Path) -> list[_Read]:
    read, start = [], 0
    for each in groups:
        with _whole(folder / each.key):
            told = json.loads((folder / each.key / _DONE).read_text(encoding="utf-8"))
            n = sum(chunk["documents"] for chunk in told["chunks"])
            if _hash(folder / each.key / _SIGNATURES) != told["signatures"]:
                raise ValueError(f"{_SIGNATURES} holds other bytes than were written")
        read.append(_Read(each, folder / each.key, told, start, n))
        start += n
    return read


def _wanted(each: _Read, light: Mapping[str, Sequence[Any]]) -> list[str]:
    stems = [source.stem for source in each.group.sources]
    return [given if given is not None else stems[file] + ending for given, file, ending in zip(light["given"], light["file"], light["ending"], strict=True)]


def _spelt(read: Sequence[_Read], positions: ids.Positions) -> Iterator[str]:
    """Yield the ids wanted at ascending positions."""
    for each in read:
        asked = positions[np.searchsorted(positions, each.start) : np.searchsorted(positions, each.start + each.n)]
        if len(asked):
            for position, light in each.lights("file", "given", "ending"):
                here = asked[np.searchsorted(asked, position) : np.searchsorted(asked, position + len(light["file"]))]
                spelt = _wanted(each, light) if len(here) else []
                yield from (spelt[i - position] for i in here.tolist())


def _final(read: Sequence[_Read], settled: ids.Settled) -> Any:
    """Return a table of each record's final id (missing if it is dropped), date and kind."""
    import pyarrow as pa

    tables_ = [pa.table({"id": pa.array([], pa.large_string()), "published": pa.array([], pa.int64()), "kind": pa.array([], pa.uint8())})]
    for each in read:
        day_first = [dates.Order(**file["order"]).day_first for file in each.told["files"]]
        for position, light in each.lights("file", "given", "ending", "month_first", "day_first", "kind"):
            final = [_renamed(id_, position + i, settled) for i, id_ in enumerate(_wanted(each, light))]
            published = [day if day_first[file] else month for month, day, file in zip(light["month_first"], light["day_first"], light["file"], strict=True)]
            kinds = [records.KINDS.index(kind) for kind in light["kind"]]
            arrays = [pa.array(final, pa.large_string()), pa.array(published, pa.int64()), pa.array(kinds, pa.uint8())]
            tables_.append(pa.table(arrays, names=["id", "published", "kind"]))
            if len(tables_) >= _STEP:
                tables_ = [pa.concat_tables(tables_).combine_chunks()]
    return pa.concat_tables(tables_).combine_chunks()


def _renamed(id_: str, position: int, settled: ids.Settled) -> str | None:
    if settled.same_as(position) is not None:
        return None
    number = settled.number(position)
    return id_ if number is None else f"{id_}-{number}"


class _Assignment:
    """What is assigned to the records of all groups, chunk by chunk."""

    def __init__(self, read: list[_Read], settled: ids.Settled, final: Any, folder: Path) -> None:
        self.read, self.settled, self.final = read, settled, final
        self.starts = [each.start + each.n for each in read]
        self.original = self._originals(folder)

    def _originals(self, folder: Path) -> ids.Positions:
        """Return for each record the position of what it is a near-copy of, or -1."""
        import pyarrow.compute as pc

        kept = np.asarray(pc.is_valid(self.final["id"]))
        positions = np.flatnonzero(kept)
        table = self.final.filter(kept)
        order = np.asarray(pc.sort_indices(table, sort_keys=[("published", "ascending"), ("id", "ascending")]), dtype=np.int64)
        chunks = (some for each in self.read for some in each.signatures(kept))
        found = copies.originals(chunks, order, np.asarray(table["kind"]), folder=folder)
        original = np.full(len(kept), -1, dtype=np.int64)
        original[positions[found >= 0]] = positions[found[found >= 0]]
        return original

    def partitions(self) -> list[Partition]:
        """Write what is assigned, and return the chunks that have documents."""
        return [partition for each in self.read for partition in self._group(each)]

    def _group(self, each: _Read) -> list[Partition]:
        changes: list[tuple[int, int, str, str]] = []  # file, number, status, reason
        counts = [{"kept": 0, "guessed": 0, "kinds": dict.fromkeys(records.KINDS, 0)} for _ in each.told["files"]]
        partitions = []
        lights = each.lights("file", "number", "given", "ending", "kind", "guessed", "words")
        for chunk, (position, light) in zip(each.told["chunks"], lights, strict=True):
            final = self.final.slice(position, len(light["file"])).to_pydict()
            for i, (file, id_) in enumerate(zip(light["file"], _wanted(each, light), strict=True)):
                if final["id"][i] != id_:
                    changes.append((file, *self._change(position + i, id_, light["number"][i], each, file)))
                if final["id"][i] is not None:
                    counts[file]["kept"] += 1
                    counts[file]["guessed"] += light["guessed"][i]
                    counts[file]["kinds"][light["kind"][i]] += 1
            original = self.original[position : position + len(light["file"])].tolist()
            copy_of = [None if first < 0 else self.final["id"][first].as_py() for first in original]
            partition = _assigned(each, chunk, {"document_id": final["id"], "published": final["published"], "copy_of": copy_of}, light["words"])
            partitions += [partition] if partition.n_documents else []
        _write_json(each.place / _ASSIGNED, {"files": counts, "changes": changes})
        return partitions

    def _change(self, position: int, id_: str, number: int, each: _Read, file: int) -> records.Row:
        """Say that a record is dropped as a duplicate, or renamed."""
        same = self.settled.same_as(position)
        if same is None:
            return collect.renamed_row(number, id_, self.settled.number(position) or 0)
        return number, records.SKIPPED, collect.duplicate_reason(id_, self._place(same, each, file))

    def _place(self, same: int, here: _Read, file: int) -> str:
        """Say where the record at a position stands."""
        there = self.read[bisect.bisect_right(self.starts, same)]
        position, light = there.chunk_at(same)
        i = light["file"][same - position]
        return collect.placed(_file(there, i), light["number"][same - position], same_file=there is here and i == file)


def _assigned(each: _Read, chunk: Mapping[str, Any], columns: Mapping[str, list[Any]], words: Sequence[int]) -> Partition:
    """Write what is assigned to a chunk."""
    name = f"{chunk['name']}.assigned.parquet"
    given = columns["document_id"]
    table = pd.DataFrame({"row": range(len(given)), "document_id": pd.array(given, dtype="str"), "published": collect.moments(columns["published"])})
    table["copy_of"] = pd.array(columns["copy_of"], dtype="str")
    with replacing(each.place / name) as part:
        table.to_parquet(part, index=False)
    there = [i for i, id_ in enumerate(given) if id_ is not None]
    key = _digest([chunk["content"], *columns.values()])
    return Partition(key, f"{each.group.key}/{chunk['name']}.parquet", f"{each.group.key}/{name}", len(there), sum(words[i] for i in there))


def _file(each: _Read, i: int) -> File:
    told = dict(each.told["files"][i])
    return File(**{**told, "order": dates.Order(**told["order"])}, stem=each.group.sources[i].stem)


def documents(partition: Partition, folder: Path) -> pd.DataFrame:
    """Return the documents of a partition.

    Parameters
    ----------
    partition : Partition
        As `assign` returned it.
    folder : Path
        The folder of all groups.

    Returns
    -------
    DataFrame
        Table *documents*.

    Raises
    ------
    DamagedError
        Its files cannot be read; its group is not done any more.
    """
    with _whole((Path(folder) / partition.chunk).parent):
        table = pd.read_parquet(Path(folder) / partition.chunk, page_checksum_verification=True)
        assigned = pd.read_parquet(Path(folder) / partition.assigned)
        table = table.assign(document_id=assigned["document_id"], published=assigned["published"], copy_of=assigned["copy_of"])
        return tables.check(table[assigned["document_id"].notna()], "documents")


def files(groups: Iterable[Group], folder: Path) -> Iterator[tuple[File, dict[str, int]]]:
    """Yield what became of each file, and its documents by kind; `assign` must have been here.

    Parameters
    ----------
    groups : iterable of Group
        All groups, in order.
    folder : Path
        The folder of all groups.
    """
    for each in _opened(list(groups), Path(folder)):
        with _whole(each.place):
            later = json.loads((each.place / _ASSIGNED).read_text(encoding="utf-8"))
            found = [_file(each, i) for i in range(len(each.group.sources))]
            rows = pd.read_parquet(each.place / _ROWS) if each.told["rows"] else pd.DataFrame()
            for i, number, status, reason in rows.itertuples(index=False, name=None):
                found[i].rows.append((number, status, reason))
        twice: dict[int, dict[int, str]] = {}
        for i, number, status, reason in later["changes"]:
            if status == records.SKIPPED:
                twice.setdefault(i, {})[number] = reason
        for i, reasons in twice.items():
            collect.drop_rows(found[i], reasons)
        for i, number, status, reason in later["changes"]:
            if status == records.KEPT:
                found[i].rows.append((number, status, reason))
        for file, counts in zip(found, later["files"], strict=True):
            file.kept, file.guessed = counts["kept"], counts["guessed"]
            reporting.lone_duplicate(file)
            yield file, counts["kinds"]


def report(groups: Iterable[Group], folder: Path) -> Iterator[pd.DataFrame]:
    """Yield the rows of the table *report*, group by group; `assign` must have been here.

    Parameters
    ----------
    groups : iterable of Group
        All groups, in order.
    folder : Path
        The folder of all groups.

    Yields
    ------
    DataFrame
        Table *report*: together the rows that `read` gives.
    """
    for each in groups:
        yield reporting.report(file for file, _ in files([each], folder))


def line(inputs: object, groups: Iterable[Group], folder: Path, where: str = reporting.WHERE) -> str:
    """Say in one line what was read, as `read` does.

    Parameters
    ----------
    inputs : str, Path or iterable of them
        What was asked for.
    groups : iterable of Group
        All groups, in order; `assign` must have been here.
    folder : Path
        The folder of all groups.
    where : str
        Where the reasons stand.

    Raises
    ------
    ReadError
        No document was read at all: says why.
    """
    tally = reporting.Tally()
    first: list[File] = []
    n = 0
    for file, kinds in files(groups, folder):
        n += 1
        tally.add(file, kinds)
        if len(first) < 3:
            first.append(replace(file))
    what, alone = finding.described(inputs)
    if not tally.kinds.total():
        raise ReadError(reporting.nothing(what, first, alone=alone, n=n))
    return tally.line(what, where)
