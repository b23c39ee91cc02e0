"""Pieces of a page: text made safe, numbers in words, tables that say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from newsanalysis.display import in_html
from newsanalysis.readers.counts import count as count

THIN = "\N{NARROW NO-BREAK SPACE}"
STAYS = "\N{NO-BREAK SPACE}"
INTERVAL = f"95{THIN}% interval"
MOST_ROWS = 400
LONGEST = 400  # characters of a cell that are shown
_LONG_WORD = re.compile(r"\S{30,}")


def text(given: Any) -> str:
    """Return text from outside, safe, one line, and shielded from what stands beside it in another direction.

    >>> text("<b>"), text(None), text("x" * 30)
    ('<bdi>&lt;b&gt;</bdi>', 'not given', '<bdi>xxxxxxxxxxxxxxxxxxxx<wbr>xxxxxxxxxx</bdi>')
    """
    if not isinstance(given, str) or not given.strip():
        return "not given"
    short = given if len(given) <= LONGEST else given[: LONGEST - 1] + "…"
    broken = _LONG_WORD.sub(lambda word: "\n".join(word[0][at : at + 20] for at in range(0, len(word[0]), 20)), short.replace("\n", " "))
    return f"<bdi>{'<wbr>'.join(map(in_html, broken.split(chr(10))))}</bdi>"


def percent(share: Any) -> str:
    """Write a share in percent.

    >>> percent(0.3), percent(0.0004), percent(float("nan"))
    ('30\\u202f%', 'under 0.1\\u202f%', 'no estimate')
    """
    if pd.isna(share):
        return "no estimate"
    if 0 < share < 0.0005:
        return f"under 0.1{THIN}%"
    return f"{100 * share:.{1 if 0 < share < 0.0095 else 0}f}{THIN}%"


def number(value: Any, digits: int = 2) -> str:
    """Write a number with a true minus sign.

    >>> number(-0.126), number(float("nan")), number(-0.001)
    ('−0.13', 'no estimate', '0.00')
    """
    return "no estimate" if pd.isna(value) else f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def interval(row: Any, write: Any = percent) -> str:
    """Write the interval of an estimate, or why there is none.

    >>> interval({"ci_low": 0.1, "ci_high": 0.25, "n_documents": 9, "estimate": 0.2})
    '10\\xa0to\\xa025\\u202f%'
    >>> interval({"ci_low": None, "ci_high": None, "n_documents": 1, "estimate": 0.2})
    'no interval: one document'
    """
    if pd.isna(row["ci_low"]):
        if pd.isna(row["estimate"]):
            return "–"
        return {0: "–", 1: "no interval: one document"}.get(int(row["n_documents"]), "no interval")
    low, high = write(row["ci_low"]), write(row["ci_high"])
    unit = f"{THIN}%"
    return f"{low.removesuffix(unit) if high.endswith(unit) else low}{STAYS}to{STAYS}{high}"


def day(moment: Any) -> str:
    """Write a day.

    >>> day(pd.Timestamp("2022-09-01", tz="UTC")), day(None)
    ('1\\xa0September\\xa02022', 'no date')
    """
    return "no date" if pd.isna(moment) else f"{moment.day}{STAYS}{moment:%B}{STAYS}{moment.year}"


def period(first: Any, last: Any) -> str:
    """Write from when to when.

    >>> period(pd.Timestamp("2022-09-01"), pd.Timestamp("2022-12-29")), period(pd.Timestamp("2022-09-01"), pd.Timestamp("2022-09-01"))
    ('1\\xa0September to 29\\xa0December\\xa02022', '1\\xa0September\\xa02022')
    """
    if day(first) == day(last):
        return day(first)
    return f"{day(first).removesuffix(f'{STAYS}{last.year}')} to {day(last)}"


def joined(things: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return things[0] if len(things) == 1 else ", ".join(things[:-1]) + f" and {things[-1]}" if things else ""


def paragraph(*sentences: str, kind: str = "") -> str:
    """Return a paragraph of safe sentences; the empty ones are left out.

    >>> paragraph("One.", "", "Two.", kind="note")
    '<p class="note">One. Two.</p>'
    """
    return f"<p{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{' '.join(filter(None, sentences))}</p>"


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), wide: bool = False) -> str:
    """Return a table of safe cells: the first of each row is its head.

    Parameters
    ----------
    caption : str
        What the table holds, safe.
    heads : sequence of str
        The heads of the columns, safe.
    rows : iterable of sequences of str
        The cells, safe.
    numbers : sequence of int
        The columns of numbers, which stand to the right.
    wide : bool
        Whether it may be wider than a small screen and is moved in its frame.
    """
    listed = list(rows)
    kind = [' class="n"' if at in numbers else "" for at in range(len(heads))]
    if len(listed) > MOST_ROWS:
        caption += f" The first {MOST_ROWS:,} of {len(listed):,} rows."
    head = "".join(f'<th scope="col"{kind[at]}>{name}</th>' for at, name in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f'<th scope="row">{cell}</th>' if at == 0 else f"<td{kind[at]}>{cell}</td>" for at, cell in enumerate(row)) + "</tr>"
        for row in listed[:MOST_ROWS]
    )
    made = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll{" wide" if wide else ""}" tabindex="0" role="group" aria-label="Table, can be moved sideways">{made}</div>'


def facts(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of two columns: what, and how much or which."""
    body = "".join(f'<tr><th scope="row">{what}</th><td>{said}</td></tr>' for what, said in rows)
    return f'<table class="facts"><caption>{caption}</caption><tbody>{body}</tbody></table>'


def details(summary: str, body: str) -> str:
    """Return what opens on demand, without a script."""
    return f"<details><summary>{summary}</summary>{body}</details>"


def section(name: str, heading: str, *pieces: str) -> str:
    """Return a section with its heading."""
    return f'<section id="{name}" aria-labelledby="{name}-h"><h2 id="{name}-h">{heading}</h2>{"".join(pieces)}</section>'
