"""Ids of documents: which records are one document twice, and what a record is called whose id another text has.

Works on hashes, so that a corpus larger than memory costs some bytes a document. An id that a file gives is kept as it is: a
record that must be renamed becomes ``id-2``, or the next number that no record of the corpus has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Positions = NDArray[np.int64]


class Settled(NamedTuple):
    """Who is not kept as is: positions of duplicates with the position of the first, and positions of renamed with their numbers; both ascending."""

    dropped: Positions
    first: Positions
    renamed: Positions
    numbers: Positions

    def same_as(self, position: int) -> int | None:
        """Return the position that a record repeats, None if it is kept."""
        return _found(self.dropped, self.first, position)

    def number(self, position: int) -> int | None:
        """Return what is put behind a record's id, None if nothing is."""
        return _found(self.renamed, self.numbers, position)


def _found(keys: Positions, values: Positions, key: int) -> int | None:
    i = int(np.searchsorted(keys, key))
    return int(values[i]) if i < len(keys) and keys[i] == key else None


def hashed(text: str) -> int:
    """Return a hash of 64 bits.

    >>> hashed("rain") == hashed("rain"), hashed("rain") == hashed("sun")
    (True, False)
    """
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def settle(ids: Hashes, texts: Hashes, spelt: Callable[[Positions], Iterable[str]]) -> Settled:
    """Tell duplicates and ids that are taken.

    Parameters
    ----------
    ids, texts : array of uint64
        Hashes of each record's id and text, in order.
    spelt : function
        Gives the ids at ascending positions, as they are written.

    Returns
    -------
    Settled
        Of two records with one id and one text the later is dropped; with one id and different texts the later is renamed.

    Examples
    --------
    >>> wanted, texts = ["a", "a", "a", "a-2"], ["rain", "rain", "sun", "fog"]
    >>> hashes = [np.array([hashed(each) for each in column], dtype=np.uint64) for column in (wanted, texts)]
    >>> settle(*hashes, lambda positions: [wanted[i] for i in positions])
    Settled(dropped=array([1]), first=array([0]), renamed=array([2]), numbers=array([3]))
    """
    known = np.sort(ids)
    repeated = np.unique(known[1:][known[1:] == known[:-1]])
    several = np.flatnonzero(_among(repeated, ids))
    order = several[np.lexsort((texts[several], ids[several]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (ids[order[1:]] != ids[order[:-1]]) | (texts[order[1:]] != texts[order[:-1]])
    firsts = order[np.flatnonzero(new)[np.cumsum(new) - 1]] if len(order) else order
    dropped, first = order[~new], firsts[~new]
    by_place = np.argsort(dropped)
    kept = np.sort(order[new])
    _, at = np.unique(ids[kept], return_index=True)
    renamed = np.delete(kept, at)
    return Settled(dropped[by_place], first[by_place], renamed, _numbers(renamed, ids, known, spelt))


def _numbers(renamed: Positions, ids: Hashes, known: Hashes, spelt: Callable[[Positions], Iterable[str]]) -> Positions:
    """Return for each record that is renamed the next number that makes its id one that no record has."""
    numbers = np.zeros(len(renamed), dtype=np.int64)
    last: dict[int, int] = {}
    for i, (position, id_) in enumerate(zip(renamed.tolist(), spelt(renamed), strict=True)):
        group = int(ids[position])
        number = last.get(group, 1) + 1
        while _among(known, np.array([hashed(f"{id_}-{number}")], dtype=np.uint64))[0]:
            number += 1
        numbers[i] = last[group] = number
    return numbers


def _among(known: Hashes, asked: Hashes) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(len(asked), dtype=bool)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    among: NDArray[np.bool_] = known[at] == asked
    return among
