"""What documents add up to: the sums by document and group that a measure is made of, and its estimates and intervals.

A measure is two steps. `add_up` says what each document adds to each cell, a cell being a group, or a group and a value. The estimate and its
interval come from these sums alone, so that they can be had of tables in memory (``measures``) and of the tallies of a corpus that is
larger than memory (``corpus_measures``), to the last bit the same. Sums are taken in the order of size, hence the order of rows changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis.resampling import Floats, bootstrap_interval

Ints = NDArray[np.int64]
Rng = int | np.random.Generator

LARGEST = 200  # groups that get an interval
BLOCK = 50  # groups resampled at a time, so that memory stays bounded


class Added(NamedTuple):
    """What each document adds to each cell: a row for each document and cell that meet, in any order."""

    document: Ints  # number of the document
    cell: Ints  # number of the cell
    n: Ints  # rows of the table that stand there
    sums: tuple[NDArray[Any], ...]  # of the values of these rows
    labels: tuple[NDArray[Any], ...]  # of each cell; the cells are in the order of their labels


class Cells(NamedTuple):
    """One of the sums: what is added (value) to which cell of which document."""

    document: Ints
    cell: Ints
    value: NDArray[Any]


class Estimates(NamedTuple):
    """For each cell."""

    estimate: Floats
    ci_low: Floats
    ci_high: Floats


def add_up(document: Ints, labels: Sequence[Any], values: Sequence[Floats] = ()) -> Added:
    """Return what each document adds to each cell, from rows with the number of their document, their labels and values.

    >>> added = add_up(np.array([0, 0, 1]), [["b", "a", "b"]], [np.array([1.0, 2.0, 4.0])])
    >>> added.labels[0].tolist(), added.cell.tolist(), added.n.tolist(), added.sums[0].tolist()
    (['a', 'b'], [0, 1, 1], [1, 1, 1], [2.0, 1.0, 4.0])
    """
    number, width = np.zeros(len(document), np.int64), 1
    names = []
    for column in labels:
        code, known = pd.factorize(pd.Series(column, dtype="str"), sort=True)
        number, width = number * len(known) + code, width * len(known)
        names.append(np.asarray(known, dtype=object))
    used, cell = np.unique(number, return_inverse=True)
    at = np.asarray(document, np.int64) * max(1, len(used)) + cell
    places, place = np.unique(at, return_inverse=True)
    of_cells = []
    for known in reversed(names):
        of_cells.append(known[used % len(known)] if len(known) else known)
        used = used // max(1, len(known))
    sums = tuple(in_order(place, value, len(places)) for value in values)
    width = max(1, len(of_cells[0]))
    return Added(places // width, places % width, np.bincount(place, minlength=len(places)), sums, tuple(reversed(of_cells)))


def some(added: Added, rows: NDArray[np.bool_]) -> Added:
    """Return some rows, with the documents and cells that are left numbered anew.

    >>> added = add_up(np.array([0, 0, 1]), [["b", "a", "b"]])
    >>> some(added, added.document == 1).labels[0].tolist()
    ['b']
    """
    document = np.unique(added.document[rows], return_inverse=True)[1]
    used, cell = np.unique(added.cell[rows], return_inverse=True)
    return Added(document, cell, added.n[rows], tuple(value[rows] for value in added.sums), tuple(names[used] for names in added.labels))


def in_order(place: Ints, value: NDArray[Any], size: int) -> Floats:
    """Return the sum of the values at each place, added in the order of size unless they are whole numbers.

    >>> in_order(np.array([1, 1, 0]), np.array([0.5, 1.0, 2.0]), 3).tolist()
    [2.0, 1.5, 0.0]
    """
    if value.dtype.kind == "f":
        order = np.lexsort((value, place))
        place, value = place[order], value[order]
    return np.bincount(place, value, minlength=size).astype(np.float64, copy=False)


def compact(value: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers in the smallest type that holds them, and anything else as it is.

    >>> [str(compact(np.array(values)).dtype) for values in ([1.0, 2.0], [1.0, 300.0], [0.5, 2.0])]
    ['uint8', 'uint16', 'float64']
    """
    if value.dtype.kind == "f" and not (np.isfinite(value).all() and (value == np.rint(value)).all() and (np.abs(value) < 2.0**53).all()):
        return value
    ends = (int(value.min(initial=0)), int(value.max(initial=0)))
    return value.astype(np.result_type(*map(np.min_scalar_type, ends)), copy=False)


def dense(cells: Cells, documents: int, width: int, chosen: Ints | list[int] | None = None) -> NDArray[Any]:
    """Return sums by document and cell, for all cells or the chosen ones; whole numbers in a small type.

    >>> dense(Cells(np.array([0, 1, 1]), np.array([0, 1, 1]), np.array([1.0, 2.0, 3.0])), 2, 2).tolist()
    [[1, 0], [0, 5]]
    """
    chosen = np.arange(width) if chosen is None else chosen
    kind: type[np.signedinteger[Any]] = np.int32 if documents * len(chosen) < 2**31 else np.int64
    place: NDArray[Any] = np.full(width, -1, kind)
    place[chosen] = np.arange(len(chosen))
    at: NDArray[Any] = place[cells.cell]
    value = compact(cells.value)
    if len(chosen) < width:
        kept = at >= 0
        at, value, document = at[kept], value[kept], cells.document[kept]
    else:
        document = cells.document
    at += document.astype(kind, copy=False) * kind(len(chosen))
    places, value = _merged(at, value)
    sums = np.zeros(documents * len(chosen), value.dtype)
    sums[places] = value
    return sums.reshape(documents, len(chosen))


def _merged(at: NDArray[Any], value: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The places, each once, and the sum of the values there."""
    if (at[1:] > at[:-1]).all():
        return at, value
    order = np.lexsort((value, at)) if value.dtype.kind == "f" else np.argsort(at, kind="stable")
    at, value = at[order], value[order]
    first = np.ones(len(at), bool)
    first[1:] = at[1:] != at[:-1]
    if first.all():
        return at, value
    return at[first], compact(np.bincount(np.cumsum(first, dtype=at.dtype) - 1, value))


def documents_of(document: Ints, cell: Ints, width: int) -> Ints:
    """Return in how many documents each cell occurs.

    >>> documents_of(np.array([0, 0, 1]), np.array([0, 0, 0]), 2).tolist()
    [2, 0]
    """
    documents = int(document.max(initial=0)) + 1
    pairs = np.unique(np.asarray(cell, np.int64) * documents + document)
    return np.bincount(pairs // documents, minlength=width).astype(np.int64)


def _in_several(cells: Cells, width: int) -> NDArray[np.bool_]:
    """Whether each cell occurs in more than one document."""
    first, last = np.full(width, np.iinfo(np.int64).max), np.full(width, -1)
    np.minimum.at(first, cells.cell, cells.document)
    np.maximum.at(last, cells.cell, cells.document)
    return first < last


def ratios(top: Cells, base: Cells, within: Ints, counts: Ints, *, rng: int) -> Estimates:
    """Return Σ top / Σ base for each cell, ``within`` telling which base, with intervals for the largest cells whose base has two documents.

    >>> top = Cells(np.array([0, 1]), np.array([0, 0]), np.array([1.0, 1.0]))
    >>> ratios(top, top._replace(value=np.array([2.0, 2.0])), np.array([0]), np.array([2]), rng=0).estimate.tolist()
    [0.5]
    """
    size, bases = len(within), int(max(within.max(initial=-1), base.cell.max(initial=-1))) + 1
    sums = [in_order(cells.cell, cells.value, width) for cells, width in ((top, size), (base, bases))]
    low, high = np.full(size, np.nan), np.full(size, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = sums[0] / sums[1][within]
    largest = np.argsort(-counts, kind="stable")[:LARGEST]
    chosen = largest[_in_several(base, bases)[within[largest]]]
    documents = int(max(top.document.max(initial=-1), base.document.max(initial=-1))) + 1
    for at in range(0, len(chosen), BLOCK):
        block = chosen[at : at + BLOCK]
        needed, position = np.unique(within[block], return_inverse=True)
        both = np.hstack([dense(top, documents, size, block.tolist()), dense(base, documents, bases, needed.tolist())])
        low[block], high[block] = bootstrap_interval(both, _ratio_of(len(block), position), rng=rng)
    return Estimates(estimate, low, high)


def _ratio_of(tops: int, position: Ints) -> Callable[[Floats], Floats]:
    return lambda sums: sums[..., :tops] / sums[..., tops:][..., position]


def rows_of(measure: str, groups: dict[str, Any], estimates: Estimates, n: Ints, n_documents: Ints) -> pd.DataFrame:
    """Return a row for each cell, not yet in the order of a measures table.

    >>> nothing = np.array([np.nan])
    >>> rows_of("x", {"g": ["a"]}, Estimates(np.array([0.5]), nothing, nothing), np.array([2]), np.array([1])).n.item()
    2
    """
    return pd.DataFrame({**groups, **estimates._asdict(), "n": n, "n_documents": n_documents}).assign(measure=measure)


def counted(added: Added) -> tuple[Ints, Ints]:
    """Return how many rows each cell has, and in how many documents it occurs.

    >>> [counts.tolist() for counts in counted(add_up(np.array([0, 0, 1]), [["a", "a", "a"]]))]
    [[3], [2]]
    """
    size = len(added.labels[0])
    n = np.bincount(added.cell, added.n, minlength=size).astype(np.int64)
    return n, np.bincount(added.cell, minlength=size).astype(np.int64)
