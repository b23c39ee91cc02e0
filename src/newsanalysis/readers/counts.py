"""Numbers with their nouns, as reports say them."""

from __future__ import annotations


def count(n: int, noun: str) -> str:
    """Write a number with its noun.

    >>> count(1, "file"), count(2_000, "file"), count(2, "summary")
    ('1 file', '2,000 files', '2 summaries')
    """
    if n == 1 or noun == "more":
        return f"{n:,} {noun}"
    return f"{n:,} {noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{n:,} {noun}s"
