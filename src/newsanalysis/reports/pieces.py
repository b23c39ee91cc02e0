"""What the sections of a report are made of: a figure with its caption and table, a table of measures, a sentence for what is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from newsanalysis import palette
from newsanalysis.display import in_html
from newsanalysis.reports import charts
from newsanalysis.reports.gathering import Contents
from newsanalysis.reports.markup import INTERVAL, count, details, interval, number, paragraph, percent, table, text

Numbers = Iterator[int]
Rows = pd.DataFrame
MOST_GROUPS = 12
HEADS = {"affiliation": "Camp", "outlet": "Outlet", "kind": "Kind", "value": "What", "coder": "Coder", "voice": "Voice", "code": "Code"}
IN_TABLE = "The intervals are in the table."
MADE_HERE = "Source: made for this report from the attributions."


def camp(name: Any) -> str:
    """Return a camp's name, or another that the palette knows, safe.

    >>> camp("russian_installed"), camp("<i>")
    ('<bdi>Russian-installed</bdi>', '<bdi>&lt;i&gt;</bdi>')
    """
    return text(palette.label(name))


def things(contents: Contents) -> str:
    """Return what the documents are called: article, headline, or document where there are both."""
    kinds = list(contents.counts.kinds)
    return kinds[0] if len(kinds) == 1 else "document"


def none(sentence: str) -> str:
    """Say that there is nothing to show.

    >>> none("No labels were found.")
    '<p class="none">No labels were found.</p>'
    """
    return paragraph(sentence, kind="none")


def of_measures(contents: Contents, name: str) -> str:
    """Say where in the measures the numbers stand; what was found in memory has no file of them."""
    return f"Source: <code>measures.csv</code>, <code>{name}</code>." if contents.digest else f"Source: made for this report, <code>{name}</code>."


def in_bars(nouns: str) -> str:
    """Say what the numbers in bars are, which are not what their lengths are.

    >>> in_bars("attributions")
    'Numbers in the bars: attributions.'
    """
    return f"Numbers in the bars: {nouns}."


def capitals(rows: Rows, column: str) -> Rows:
    """Return the rows with names in a column that have no label of their own written with a capital letter, as the others are.

    >>> capitals(pd.DataFrame({"code": ["loaded_word", "doubt"]}), "code").code.tolist()
    ['Loaded word', 'doubt']
    """
    own = {name: name.replace("_", " ") for name in rows[column].unique() if not palette.is_known(name)}
    return rows.assign(**{column: rows[column].map(lambda name: own[name][:1].upper() + own[name][1:] if name in own else name)})


def size(rows: Rows, noun: str) -> str:
    """Say how many things stand behind the rows.

    >>> size(pd.DataFrame({"n": [1, 2]}), "cue")
    'n = 3 cues.'
    """
    return f"n = {count(int(rows['n'].sum()), noun)}."


def whiskers(rows: Rows) -> str:
    """Say what the intervals are, or why there are none."""
    if rows["ci_low"].notna().any():
        some = "" if rows["ci_low"].notna().all() else ", where there is one"
        return f"Whiskers: {INTERVAL}{some}, bootstrap by document."
    return "No interval: one document." if rows["n_documents"].max() <= 1 else "No interval."


def largest(rows: Rows, column: str) -> tuple[Rows, str]:
    """Return the rows of the groups with the largest n, and what to say of the others."""
    sizes = rows.groupby(column, sort=False)["n"].sum().sort_values(ascending=False, kind="stable")
    chosen = sizes[sizes > 0].index[:MOST_GROUPS]
    said = f"The {MOST_GROUPS} largest of {len(sizes)}; all are in the table." if len(sizes) > MOST_GROUPS else ""
    return rows[rows[column].isin(chosen)], said


def caption(*sentences: str) -> str:
    """Join the sentences that are there."""
    return " ".join(filter(None, sentences))


def figure(numbers: Numbers, plot: charts.Plot, rows: Rows, *, title: str, told: tuple[str, str]) -> str:
    """Return a figure with its caption and, below it, its table; where there is one value only, a sentence with the table.

    Parameters
    ----------
    numbers : iterator of int
        The number of the next figure.
    plot : callable
        What draws it.
    rows : DataFrame
        What is drawn, table *measures*.
    title : str
        What it shows.
    told : (str, str)
        The caption, and the table.
    """
    write = percent if "share" in str(rows["measure"].iloc[0]) else number
    lines = [f"{_named(row)} {write(row['estimate'])}" for row in rows.head(MOST_GROUPS).to_dict("records")]
    if (rows["n"] > 0).sum() < 2:
        one = in_html(next((line for line, n in zip(lines, rows["n"], strict=False) if n), "nothing found"))
        return none(f"{title}: {one}. There is nothing to compare.") + details(f"{title} as a table", told[1])
    n = next(numbers)
    more = f"; and {len(rows) - MOST_GROUPS} more" if len(rows) > MOST_GROUPS else ""
    svg = charts.drawn(plot, rows, name=f"figure-{n}", title=title, tells="; ".join(lines) + more + ". All numbers are in the table below.")
    frame = f'<div class="scroll chart" tabindex="0" role="group" aria-label="Figure {n}, can be moved sideways">{svg}</div>'
    head = f'<h3><span class="no">Figure {n}</span> {title}</h3>'
    return f"<figure>{head}{frame}<figcaption>{told[0]}</figcaption></figure>" + details(f"Figure {n} as a table", told[1])


def _named(row: dict[Any, Any]) -> str:
    return " · ".join(palette.label(row[column]) for column in row if column in HEADS and column != "code")


def listing(title: str, rows: Rows, write: Callable[[float], str] = percent) -> str:
    """Return measures as a table: groups, estimate, interval, n, documents."""
    groups = [column for column in rows.columns if column in HEADS and not (column == "code" and len(set(rows[column])) < 2)]
    heads = [*(HEADS[column] for column in groups), "Estimate", INTERVAL, "n", "Documents"]
    cells = [
        (*(camp(row[column]) for column in groups), write(row["estimate"]), interval(row, write), f"{row['n']:,}", f"{row['n_documents']:,}")
        for row in rows.to_dict("records")
    ]
    return table(title, heads, cells, numbers=range(len(groups), len(heads)), wide=len(heads) > 5)
