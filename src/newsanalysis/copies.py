"""Near-copies among documents: wire stories in several outlets, updated versions, trimmed reprints; and tables without them.

A text becomes the set of its runs of five words (characters, in scripts without spaces), and the set a signature of fixed size (MinHash), from which the
share of runs that two texts have in common is estimated without the texts. Texts with a band of the signature in common are compared, all others never
meet, so a million documents take minutes and some tens of bytes each.

Of two texts the shorter is a copy's worth of the other if most of its runs stand in the longer one (``similarity``) and it has at least two fifths as many.
Precedence goes by the date of publication (a missing one last), then by document_id: each document in turn is a copy of the first *original* that it is
near to, or else an original itself. So ``copy_of`` never names a copy, every copy is near to what it names, and the order of rows does not matter.
"""

from __future__ import annotations

import io
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.tables import TableError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsanalysis.found import Found

    Table = TypeVar("Table", pd.DataFrame, Found)

VERSION = "copies@1"  # signatures of another version must not be mixed with these
SHINGLE = 5  # words
FEWEST = 30  # words under which only equal texts are copies
ROWS, BANDS = 3, 42
SIMILARITY = 0.8
SHORTEST = 0.4  # of the longer text's runs
MOST = 32  # originals that a band's bucket holds
WIDTH = ROWS * BANDS + 3  # numbers of a signature: MinHash values, the number of runs, the hash of all words in two halves
LEFT_OUT = "left out"
_STEP = 4096
_NONE = np.uint64(2**64 - 1)
_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{_ALONE}]")
_WORD, _WORD_OR_CHARACTER = re.compile(r"[^\W_]+"), re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_KEY = re.compile(r"(?s)^(.*)[#:][^#:]*$")


def find_copies(documents: pd.DataFrame, *, similarity: float = SIMILARITY) -> pd.DataFrame:
    """Fill ``copy_of``: of each document that nearly repeats an earlier one, the id of that one.

    Parameters
    ----------
    documents : DataFrame
        Table *documents*. What stood in ``copy_of`` is replaced.
    similarity : float
        From which share on: of the shorter text's runs of five words, how many stand in the longer one, too; .5 to 1. With 1 only texts of the same words
        are copies.

    Returns
    -------
    DataFrame
        Table *documents*, rows in the order given. ``copy_of`` is missing for originals: what was published first, and what has no copies.

    Raises
    ------
    TableError
        For a similarity outside .5 to 1.

    Notes
    -----
    A higher similarity finds fewer copies. What is no more than cut from the end is found down to two fifths of the original; of what is shorter than
    that, the longer one is no copy. The share is estimated from 126 numbers a text: its standard error is about .03 for texts of the same length and .07
    for one half as long, and of true copies near the bound some share no band and are missed. Texts of fewer than 30 words, such as headlines, are
    copies only if their words are the same. Articles, headlines and summaries are compared among themselves only. Capitals, punctuation and line breaks
    do not count. Templated reports (weather, results, prices) are copies if their words are: look at them before leaving them out.

    Precedence: the date of publication, missing ones last; then document_id, by code points. A chain of versions, each near to the one before it, is cut where
    the similarity with its first falls below the bound.

    Source: Broder 1997, On the resemblance and containment of documents (MinHash); Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, ch. 3 (bands).

    Examples
    --------
    >>> import newsanalysis as na
    >>> wire = "The mayor said on Monday that the bridge would stay closed until the end of the month, because repairs had shown new damage. " * 2
    >>> documents = na.documents([wire, wire.upper() + "(Agency)", "The mayor opened a school."], published=["2024-03-05", "2024-03-04", "2024-03-04"])
    >>> find_copies(documents)[["document_id", "copy_of"]].fillna("").values.tolist()
    [['text-1', 'text-2'], ['text-2', ''], ['text-3', '']]
    """
    documents = tables.check(documents, "documents")
    order = precedence(documents)
    kinds = pd.Categorical(documents["kind"], categories=["article", "headline", "summary"]).codes.astype(np.uint8)
    found = originals(_chunks(documents["text"]), order, kinds, similarity=similarity)
    ids = documents["document_id"].iloc[found.clip(min=0)].reset_index(drop=True)
    return tables.check(documents.assign(copy_of=ids.where(found >= 0)), "documents")


def precedence(documents: pd.DataFrame) -> NDArray[np.int64]:
    """Return the positions of documents, the one that goes before all others first: by date, missing ones last, then by id.

    >>> import newsanalysis as na
    >>> precedence(na.documents(["Rain.", "Sun.", "Snow."], document_id=["b", "a", "c"], published=["2024-03-05", "2024-03-05", None])).tolist()
    [1, 0, 2]
    """
    keys = documents[["published", "document_id"]].reset_index(drop=True)
    return keys.sort_values(["published", "document_id"], kind="stable", na_position="last").index.to_numpy(dtype=np.int64)


def _chunks(texts: Iterable[str]) -> Iterator[NDArray[np.uint32]]:
    chunk: list[str] = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == _STEP:
            yield signatures(chunk)
            chunk = []
    if chunk:
        yield signatures(chunk)


# --- signatures ---------------------------------------------------------------------------------------------------------


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers of 64 bits, each of whose bits depends on all that came in (the last step of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _constants(n: int, seed: int) -> NDArray[np.uint64]:
    return _mixed((np.arange(1, n + 1, dtype=np.uint64) + np.uint64(seed << 32)) * np.uint64(0x9E3779B97F4A7C15))


_PLACES = _constants(SHINGLE, 1) | np.uint64(1)
_FACTORS = (_constants(ROWS * BANDS, 2) >> np.uint64(32)).astype(np.uint32)[:, None] | np.uint32(1)
_SHIFTS = (_constants(ROWS * BANDS, 3) >> np.uint64(32)).astype(np.uint32)[:, None]


def signatures(texts: Iterable[str]) -> NDArray[np.uint32]:
    """Return the signature of each text: the same for the same text in any process, on any machine, with any version of any library.

    Parameters
    ----------
    texts : iterable of str
        Texts as in ``documents.text``.

    Returns
    -------
    array of uint32, n × 129
        126 MinHash values of the set of runs of five words, the number of such runs (0 for a text of fewer than 30 words, whose MinHash values say
        nothing), and a hash of 64 bits of all words.

    Notes
    -----
    The share of equal values among the first 126 estimates the Jaccard similarity of two texts' sets of runs; a higher share is a closer text. Signatures
    of two values of ``VERSION`` are not to be compared.

    Examples
    --------
    >>> signatures(["The bridge is closed.", "the bridge, is CLOSED"])[:, -3:].tolist()[0][0], WIDTH
    (0, 129)
    >>> one, same = signatures(["The bridge is closed.", "the bridge, is CLOSED"])
    >>> bool((one == same).all())
    True
    """
    rows = [_signature(text) for text in texts]
    return np.stack(rows) if rows else np.empty((0, WIDTH), dtype=np.uint32)


def _signature(text: str) -> NDArray[np.uint32]:
    words = (_WORD_OR_CHARACTER if _UNSPACED.search(text) else _WORD).findall(text.casefold())
    whole = "\n".join(words).encode("utf-8", "replace") if words else b"\0" + " ".join(text.split()).encode("utf-8", "replace")
    row = np.full(WIDTH, 2**32 - 1, dtype=np.uint32)
    row[-2:] = np.frombuffer(blake2b(whole, digest_size=8).digest(), dtype="<u4")
    row[-3] = 0
    if len(words) >= FEWEST:
        runs = _runs(whole.split(b"\n"))
        row[-3] = len(runs)
        row[:-3] = _least(runs)
    return row


def _runs(words: list[bytes]) -> NDArray[np.uint64]:
    """The set of runs of words, as hashes."""
    hashes = np.fromiter(map(zlib.crc32, words), dtype=np.uint64, count=len(words))
    last = len(words) - SHINGLE + 1
    sums = hashes[:last] * _PLACES[0]
    for place in range(1, SHINGLE):
        sums = _mixed(sums) + hashes[place : last + place] * _PLACES[place]
    return np.unique(_mixed(sums))


def _least(runs: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The least value of the set under each of the hash functions."""
    least = np.full(ROWS * BANDS, 2**32 - 1, dtype=np.uint32)
    halves = (runs >> np.uint64(32)).astype(np.uint32)
    for start in range(0, len(halves), _STEP):
        hashed = halves[None, start : start + _STEP] * _FACTORS
        np.minimum(least, (hashed + _SHIFTS).min(axis=1), out=least)
    return least


# --- who copies whom ----------------------------------------------------------------------------------------------------


def originals(
    chunks: Iterable[NDArray[np.uint32]],
    order: NDArray[np.int64],
    kinds: NDArray[np.uint8] | None = None,
    *,
    similarity: float = SIMILARITY,
    folder: str | Path | None = None,
) -> NDArray[np.int64]:
    """Return for each document the position of the original that it is a copy of, or -1.

    Parameters
    ----------
    chunks : iterable of arrays
        What `signatures` returned, chunk by chunk, in the order of positions; read once.
    order : array of int
        The positions in order of precedence, as `precedence` gives them.
    kinds : array of uint8, optional
        Documents of different kinds are not compared.
    similarity : float
        As of `find_copies`.
    folder : str or Path, optional
        Where to keep signatures meanwhile, in files without a name (900 bytes a document); in memory without it. The result is the same.

    Returns
    -------
    array of int64
        One number a document; the document that it names has -1.

    Raises
    ------
    TableError
        For a similarity outside .5 to 1, and more or fewer signatures than documents.

    Examples
    --------
    >>> originals([signatures(["Rain fell.", "Snow fell."]), signatures(["rain fell"])], np.array([2, 1, 0])).tolist()
    [2, -1, -1]
    """
    if not 0.5 <= similarity <= 1:
        raise TableError(f"find_copies: similarity {similarity:g} is not between .5 and 1; .8 is usual.")
    with ExitStack() as stack:
        rows, keys, buckets = (stack.enter_context(_file(folder)) for _ in range(3))
        whole, sizes = _stored(chunks, len(order), rows, keys)
        kinds = np.zeros(len(order), dtype=np.uint8) if kinds is None else kinds
        first = _firsts(_mixed(whole + kinds.astype(np.uint64)), order)
        found = np.where(first == np.arange(len(order)), -1, first)
        if similarity < 1:
            live = order[(found[order] < 0) & (sizes[order] > 0)]
            copies, of = _near(_Signed(rows, keys, sizes, kinds), live, similarity, buckets)
            found[copies] = of
            found = np.where((found >= 0) & (found[found] >= 0), found[found], found)
    return found


def _file(folder: str | Path | None) -> IO[bytes]:
    return io.BytesIO() if folder is None else tempfile.TemporaryFile(dir=folder)


def _stored(chunks: Iterable[NDArray[np.uint32]], n: int, rows: IO[bytes], keys: IO[bytes]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Write MinHash values by document and keys by band; return the hash of all words and the number of runs of each document."""
    whole, sizes, at = np.zeros(n, dtype=np.uint64), np.zeros(n, dtype=np.uint32), 0
    for chunk in _regrouped(chunks):
        end = at + len(chunk)
        if end > n:
            break
        rows.write(np.ascontiguousarray(chunk[:, :-3]).tobytes())
        whole[at:end] = chunk[:, -2].astype(np.uint64) | (chunk[:, -1].astype(np.uint64) << np.uint64(32))
        sizes[at:end] = chunk[:, -3]
        for band in range(BANDS):
            keys.seek((band * n + at) * 8)
            keys.write(_band(chunk, band).tobytes())
        at = end
    else:
        end = at
    if end != n:
        raise TableError(f"copies: there are {'fewer' if end < n else 'more'} signatures than the {n:,} documents; give the signatures of these documents.")
    return whole, sizes


def _regrouped(chunks: Iterable[NDArray[np.uint32]]) -> Iterator[NDArray[np.uint32]]:
    """Small chunks as fewer larger ones."""
    held: list[NDArray[np.uint32]] = []
    for chunk in chunks:
        chunk = np.asarray(chunk, dtype=np.uint32)
        if chunk.ndim != 2 or chunk.shape[1] != WIDTH:
            raise TableError(f"copies: signatures of {WIDTH} numbers are needed, as copies.signatures makes them; these are of another version.")
        held.append(chunk)
        if sum(map(len, held)) >= _STEP:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)


def _band(chunk: NDArray[np.uint32], band: int) -> NDArray[np.uint64]:
    first, second, third = (chunk[:, band * ROWS + row].astype(np.uint64) for row in range(ROWS))
    return _mixed(_mixed(first | (second << np.uint64(32))) + third)


def _firsts(values: NDArray[np.uint64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each document the position of the first, in order, with the same value."""
    ordered = values[order]
    by_value = np.argsort(ordered, kind="stable")
    new = np.ones(len(order), dtype=bool)
    new[1:] = ordered[by_value[1:]] != ordered[by_value[:-1]]
    firsts = np.empty(len(order), dtype=np.int64)
    firsts[order[by_value]] = order[by_value[new][np.cumsum(new) - 1]] if len(order) else order
    return firsts


@dataclass(frozen=True, slots=True)
class _Signed:
    """What is known of the documents: MinHash values by document and keys by band, in files; number of runs and kind, in memory."""

    rows: IO[bytes]
    keys: IO[bytes]
    sizes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]

    def band(self, band: int, positions: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The keys of some documents in one band."""
        size = len(self.sizes) * 8
        self.keys.seek(band * size)
        return _mixed(np.frombuffer(self.keys.read(size), dtype=np.uint64)[positions] + self.kinds[positions].astype(np.uint64))

    def values(self, positions: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The MinHash values of some documents, a row each."""
        size = ROWS * BANDS * 4
        parts = []
        for position in positions.tolist():
            self.rows.seek(position * size)
            parts.append(self.rows.read(size))
        return np.frombuffer(b"".join(parts), dtype=np.uint32).reshape(len(parts), ROWS * BANDS)


def _buckets(signed: _Signed, live: NDArray[np.int64], out: IO[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Write, band by band, the number of each document's bucket (-1 where it is alone); return the numbers of buckets, and who is in any."""
    counts, shared = np.zeros(BANDS, dtype=np.int64), np.zeros(len(live), dtype=bool)
    for band in range(BANDS):
        keys = signed.band(band, live)
        by_key = np.argsort(keys, kind="stable")
        keys = keys[by_key]
        new = np.ones(len(live), dtype=bool)
        new[1:] = keys[1:] != keys[:-1]
        run = np.cumsum(new) - 1
        several = np.bincount(run) > 1
        numbers = np.where(several, np.cumsum(several) - 1, -1).astype(np.int32)
        bucket = np.empty(len(live), dtype=np.int32)
        bucket[by_key] = numbers[run]
        out.write(bucket.tobytes())
        counts[band] = several.sum()
        shared |= bucket >= 0
    return counts, np.flatnonzero(shared)


def _read_buckets(file: IO[bytes], n: int, who: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Yield, for each of those who share a bucket, its place and its bucket in each band; read in blocks."""
    for start in range(0, n, _STEP):
        end = min(start + _STEP, n)
        here = who[np.searchsorted(who, start) : np.searchsorted(who, end)]
        if not len(here):
            continue
        block = np.empty((end - start, BANDS), dtype=np.int32)
        for band in range(BANDS):
            file.seek((band * n + start) * 4)
            block[:, band] = np.frombuffer(file.read((end - start) * 4), dtype=np.int32)
        yield from zip(here.tolist(), block[here - start], strict=True)


def _near(signed: _Signed, live: NDArray[np.int64], similarity: float, file: IO[bytes]) -> tuple[list[int], list[int]]:
    """The positions of near-copies, and of their originals: each document in turn is compared with the originals in its buckets."""
    if not len(live):
        return [], []
    counts, who = _buckets(signed, live, file)
    base = np.concatenate([[0], np.cumsum(counts)])
    heads, held = np.full(base[-1], -1, dtype=np.int32), np.zeros(base[-1], dtype=np.uint8)
    before = np.empty((len(who), BANDS), dtype=np.int32)  # of each original, the one that came before it into the bucket of each band
    kept, n_kept = np.empty(len(who), dtype=np.int64), 0
    copies: list[int] = []
    of: list[int] = []
    for place, bucket in _read_buckets(file, len(live), who):
        position = int(live[place])
        bands = np.flatnonzero(bucket >= 0)
        slots = base[bands] + bucket[bands]
        original = _first_near(signed, position, kept[_met(heads[slots], bands, before)], similarity)
        if original is not None:
            copies.append(position)
            of.append(original)
            continue
        free = held[slots] < MOST
        bands, slots = bands[free], slots[free]
        before[n_kept, bands] = heads[slots]
        heads[slots] = n_kept
        held[slots] += 1
        kept[n_kept] = position
        n_kept += 1
    return copies, of


def _met(at: NDArray[np.int32], bands: NDArray[np.int64], before: NDArray[np.int32]) -> list[int]:
    """The originals in some buckets, in order of precedence."""
    met: set[int] = set()
    while len(at):
        there = at >= 0
        at, bands = at[there], bands[there]
        met.update(at.tolist())
        at = before[at, bands]
    return sorted(met)


def _first_near(signed: _Signed, position: int, others: NDArray[np.int64], similarity: float) -> int | None:
    """The first of some originals of which a document is a copy: enough of the shorter one's runs stand in the longer one, which is not much longer."""
    sizes, own = signed.sizes[others].astype(np.int64), int(signed.sizes[position])
    fit = np.minimum(sizes, own) >= SHORTEST * np.maximum(sizes, own)
    others, sizes = others[fit], sizes[fit]
    if not len(others):
        return None
    equal = np.mean(signed.values(others) == signed.values(np.array([position])), axis=1)
    near = equal * (sizes + own) >= similarity * np.minimum(sizes, own) * (1 + equal)
    return int(others[near.argmax()]) if near.any() else None


# --- tables without copies ----------------------------------------------------------------------------------------------


def without_copies(table: Table, documents: pd.DataFrame) -> Table:
    """Return a table less the rows of documents that are copies, and say in it that they are left out.

    Parameters
    ----------
    table : DataFrame or Found
        Any table with a column document_id, attribution_id, unit_id or mention_id; or what was found.
    documents : DataFrame
        Table *documents* with ``copy_of``, as `find_copies` returns it.

    Returns
    -------
    DataFrame or Found
        The same without those rows; the table (of what was found: documents and attributions) has the column ``copies``, which says ``left out`` in each row
        and which measures carry into their results.

    Raises
    ------
    TableError
        For documents without ``copy_of``, a table without such a column, and rows of documents that are not in `documents`.

    Notes
    -----
    With copies left out a wire story counts once, by whom published it first; with them it counts as often as readers met it. Report both.

    Examples
    --------
    >>> import newsanalysis as na
    >>> documents = find_copies(na.documents(["The mayor said it rained.", "The mayor said it rained!"]))
    >>> found = na.attribute(documents)
    >>> without_copies(found, documents)
    1 attribution in 1 document: 0 direct, 0 mixed, 1 indirect.
    >>> without_copies(found.attributions, documents)[["attribution_id", "copies"]].values.tolist()
    [['text-1#1', 'left out']]
    """
    if not isinstance(documents, pd.DataFrame) or not {"document_id", "copy_of"} <= set(documents.columns):
        raise TableError("without_copies: documents has no column 'copy_of'; give the documents that na.find_copies returned.")
    if isinstance(table, pd.DataFrame):
        return _kept(table, documents)  # type: ignore[return-value]
    if not hasattr(table, "within"):
        raise TableError(f"without_copies: a {type(table).__name__} was given; give a table, or what na.attribute returned.")
    ids = _kept(table.documents, documents)["document_id"]
    left = table.within(ids)
    return replace(left, documents=left.documents.assign(copies=LEFT_OUT), attributions=left.attributions.assign(copies=LEFT_OUT))


def _kept(table: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    ids = _documents_of(table, set(documents["document_id"]))
    copies = set(documents["document_id"][documents["copy_of"].notna()])
    return table[~ids.isin(copies).to_numpy(dtype=bool)].reset_index(drop=True).assign(copies=LEFT_OUT)


def _documents_of(table: pd.DataFrame, known: set[str]) -> pd.Series[str]:
    """The document of each row: as the column says, or as the ids of attributions and units begin."""
    if "document_id" in table.columns:
        ids = table["document_id"]
    else:
        column = next((name for name in ("attribution_id", "unit_id", "mention_id") if name in table.columns), None)
        if column is None:
            raise TableError("without_copies: the table has no column document_id, attribution_id, unit_id or mention_id; leave copies out before counting.")
        ids = table[column].astype("str")
        ids = ids.where(ids.isin(known), ids.str.extract(_KEY, expand=False)).astype("str")
    if (stray := ~ids.isin(known)).any():
        count = f"{int(stray.sum())} row{'s' * (int(stray.sum()) != 1)}"
        raise TableError(f"without_copies: {count} of the table, first of {ids[stray].iloc[0]!r}, are of documents that are not among those given.")
    return ids
