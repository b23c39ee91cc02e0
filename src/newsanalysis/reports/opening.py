"""How a report begins: its title, the summary in plain words, the large numbers, and what the corpus holds."""

from __future__ import annotations

from typing import Any

import pandas as pd

from newsanalysis.display import in_html
from newsanalysis.reports import gathering, markup, trust
from newsanalysis.reports.gathering import Contents
from newsanalysis.reports.markup import INTERVAL, count, day, details, interval, joined, paragraph, percent, section, table, text
from newsanalysis.reports.pieces import MOST_GROUPS, camp, things

UNNAMED = "no named source: nobody at all, or only “officials”, “sources” or others of their kind"
SPEAKERS = (
    "sources that are named or described, by name or in the words of the text (<i>Keir Starmer</i>, <i>the mayor</i>, <i>dockers</i>, <i>polls</i>); "
    "whoever is described in the same words is counted once"
)
_KINDS = {"direct": "direct quotations", "mixed": "partly quoted", "indirect": "in the outlet’s words"}


def headline(contents: Contents) -> str:
    """Return the title of a report whose user gave none, as plain text."""
    counts = contents.counts
    known = [outlet for outlet in counts.outlets if outlet != gathering.NO_OUTLET]
    what = f"one {things(contents)}" if counts.documents == 1 else _kinds(contents)
    if len(known) == 1 and len(counts.outlets) == 1:
        return f"Who gets to speak in {what} of {known[0]}"
    return f"Who gets to speak in {what}" + (f" of {len(known):,} outlets" if len(known) > 1 else "")


def _kinds(contents: Contents) -> str:
    """``1 article and 17 headlines``."""
    return joined([count(n, kind) for kind, n in sorted(contents.counts.kinds.items())]) or "no documents"


def summary(contents: Contents) -> str:
    """Return the summary in plain words, with the main numbers."""
    n, one = contents.rows["attributions"], contents.counts.documents == 1
    if not n:
        return paragraph(_what(contents), "Nothing in them is attributed to a source, so there is no share of voice to tell.", kind="lead")
    told = "one statement or thought is" if n == 1 else f"{n:,} statements, thoughts and wishes are"
    lead = paragraph(_what(contents), f"In {'it' if one else 'them'}, {told} attributed to a source.", _voices(contents), kind="lead")
    return lead + paragraph(_manner(contents), _trust(contents))


def _what(contents: Contents) -> str:
    counts = contents.counts
    outlets = f" of {count(contents.rows['outlets'], 'outlet')}" if contents.rows["outlets"] else ""
    what = f"The corpus holds {_kinds(contents)}{outlets}"
    if counts.first is None:
        return f"{what}, without a date." if counts.documents == 1 else f"{what}; none has a date."
    when = markup.period(counts.first, counts.last)
    return f"{what}, published {'from' if ' to ' in when else 'on'} {when}."


def _voices(contents: Contents) -> str:
    rows = contents.measure("share_of_voice_words")
    if len(rows) == 1:
        return f"All attributed words are of one camp: {camp(rows['affiliation'].iloc[0])}."
    some = [f"<strong>{camp(row['affiliation'])} {percent(row['estimate'])}</strong> ({interval(row)})" for row in rows.head(3).to_dict("records")]
    first, second = rows.iloc[0], rows.iloc[1]
    overlap = not pd.isna(first["ci_low"]) and not pd.isna(second["ci_low"]) and first["ci_low"] <= second["ci_high"]
    last = " The intervals of the first two overlap: with these texts it is open which of them has more." if overlap else ""
    brackets = f"; in brackets the {INTERVAL}" if rows.head(3)["ci_low"].notna().any() else ""
    return f"Of all attributed words, these camps have most: {joined(some)}{brackets}.{last}"


def _manner(contents: Contents) -> str:
    kinds = {row["kind"]: row for row in contents.measure("kind_share_of_all").to_dict("records")}
    said = [f"{_with_interval(kinds[kind])} are {words}" for kind, words in _KINDS.items() if kind in kinds and kinds[kind]["n"]]
    unnamed = contents.measure("unnamed_share_of_all").iloc[0]
    nobody = f"{_with_interval(unnamed)} have {UNNAMED}" if unnamed["estimate"] else "Each has a source that is named or described"
    return f"Of the attributions, {joined(said)}. {nobody}."


def _with_interval(row: Any) -> str:
    return f"{percent(row['estimate'])} ({interval(row)})"


def _trust(contents: Contents) -> str:
    row = trust.rate(trust.US, "attributions (F1)", trust.system(contents) or "")
    if row is None:
        return 'How often this is right was not measured: <a href="#trust">how far to trust it</a>.'
    where = in_html(row["texts"])
    return f'The machine errs: on hand-annotated news ({where}) it reached an F1 of {trust.figure(row)} percent; <a href="#trust">how far to trust it</a>.'


def strip(contents: Contents) -> str:
    """Return the large numbers below the title."""
    rows = contents.rows
    told = [(contents.counts.documents, things(contents)), (rows["outlets"], "outlet"), (rows["attributions"], "attribution")]
    told.append((rows["speakers"], "speaker"))
    shown = [count(n, what).split(" ", 1) for n, what in told if n or what != "outlet"]
    return '<dl class="strip">' + "".join(f"<div><dt>{what}</dt><dd>{n}</dd></div>" for n, what in shown) + "</dl>"


def overview(contents: Contents) -> str:
    """Return what the corpus holds."""
    counts, rows = contents.counts, contents.rows
    told = [("Documents kept", _kinds(contents))]
    if "files" in rows:
        told.append(("Files read", f"{rows['files']:,}" + (f", {rows['files_skipped']:,} of them skipped" if rows["files_skipped"] else "")))
        told.append(("Records skipped", f'{rows["skipped"]:,}; <a href="#left-out">why</a>' if rows["skipped"] else "none"))
    nameless = counts.outlets[gathering.NO_OUTLET]
    told.append(("Outlets", f"{rows['outlets']:,}" + (f"; {count(nameless, 'document')} without" if nameless else "") if rows["outlets"] else "not told"))
    undated = counts.documents - counts.dated
    when = "no dates" if counts.first is None else markup.period(counts.first, counts.last)
    told.append(("Period", when + (f"; {count(undated, 'document')} without a date" if undated and counts.dated else "")))
    told.append(("Words", f"{counts.words:,}; the contents of attributions have {rows['words']:,} (nested ones count twice)"))
    named = sorted(counts.languages.items(), key=lambda row: (-row[1], row[0]))
    more = f" and {len(named) - 8} more" if len(named) > 8 else ""
    told.append(("Speakers", f"{rows['speakers']:,}: {SPEAKERS}" if rows["speakers"] else "none"))
    told.append(("Languages", ", ".join(f"{in_html(language or 'not known')} ({n:,})" for language, n in named[:8]) + more))
    told.append(("Copies", f"{count(counts.copies, 'document')} nearly repeat{'s' * (counts.copies == 1)} another" if counts.copies else "none found"))
    told.append(("Without attributions", count(counts.silent, "document") if counts.silent else "none"))
    return section("overview", "The corpus", markup.facts("What the corpus holds", told), _outlets(contents) if rows["outlets"] > 1 else "")


def _outlets(contents: Contents) -> str:
    listed = contents.tables["outlets"]
    cells = [
        (text(row["outlet"]), f"{row['n_documents']:,}", f"{row['n']:,}", day(row["first"]), day(row["last"]))
        for row in listed.head(gathering.OUTLETS).to_dict("records")
    ]
    more = f", the first {gathering.OUTLETS} of {len(listed):,}" if len(listed) > gathering.OUTLETS else ""
    made = table(f"Outlets{more}", ("Outlet", "Documents", "Attributions", "First", "Last"), cells, numbers=(1, 2, 3, 4), wide=True)
    return made if len(cells) <= MOST_GROUPS else details(f"The outlets ({len(cells)}{f' of {len(listed):,}' if more else ''})", made)
