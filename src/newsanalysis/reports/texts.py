"""The texts themselves: who is heard most, what they are said to say, and annotated articles."""

from __future__ import annotations

from typing import Any

import pandas as pd

from newsanalysis import display
from newsanalysis.display import in_html
from newsanalysis.reports.gathering import Contents
from newsanalysis.reports.markup import count, day, paragraph, section, table, text
from newsanalysis.reports.opening import SPEAKERS
from newsanalysis.reports.pieces import camp, none

LONGEST = 160  # characters of a title
_KEY = (
    "Source in bold, cue in italics, content underlined: solid where direct, dashed where mixed, dotted where indirect. "
    "What is not marked is the outlet’s own voice."
)


def speakers(contents: Contents) -> str:
    """Return the most frequent speakers."""
    listed, n = contents.tables["speakers"], contents.rows["speakers_by_camp"]
    if listed.empty:
        return section("speakers", "Who is heard most", none("No speaker is named."))
    rows = [
        (text(row["speaker"]), camp(row["affiliation"]), f"{row['n']:,}", f"{row['n_words']:,}", f"{row['n_documents']:,}") for row in listed.to_dict("records")
    ]
    of = f"the first {len(listed)} of {n:,}" if len(listed) < n else f"all {n:,}"
    caption = f"Speakers and their camps, {of}, most attributions first; one who speaks for two camps has two rows"
    defined = paragraph(f"Speakers are {SPEAKERS}. “Officials”, “sources” and others of their kind who are not told further are left out.")
    heads = ("Speaker", "Camp", "Attributions", "Words", "Documents")
    return section("speakers", "Who is heard most", defined, table(caption, heads, rows, numbers=(2, 3, 4), wide=True))


def quotes(contents: Contents) -> str:
    """Return the first attributions as a table."""
    listed, n = contents.tables["quotes"], contents.rows["attributions"]
    if listed.empty:
        return section("quotes", "What they are said to say", none("No attributions were found."))
    shown = {name: at for at, name in enumerate(contents.found.documents["document_id"], 1)}
    rows = []
    for row in listed.to_dict("records"):
        named = _short(row["title"] if isinstance(row["title"], str) else row["document_id"])
        place = f'<a href="#article-{shown[row["document_id"]]}">{text(named)}</a>' if row["document_id"] in shown else text(named)
        speaker = row["speaker"] if isinstance(row["speaker"], str) else row["source"]
        cue = ([f"<i>{text(row['cue'])}</i>"] if isinstance(row["cue"], str) else []) + [in_html(row["kind"])]
        rows.append(
            (
                text(speaker) + _below([camp(row["affiliation"])]),
                text(row["content"]) + _below(cue),
                place + "".join(_below([fact]) for fact in _outlet_and_day(row)),
            )
        )
    caption = f"The first {len(listed)} of {count(n, 'attribution')}, in the order of the corpus" if len(listed) < n else f"All {count(n, 'attribution')}"
    return section("quotes", "What they are said to say", table(caption, ("Speaker and camp", "What, with cue and kind", "Where"), rows))


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"


def _outlet_and_day(row: dict[Any, Any]) -> list[str]:
    return ([text(row["outlet"])] if isinstance(row["outlet"], str) else []) + ([] if pd.isna(row["published"]) else [day(row["published"])])


def _below(said: list[str]) -> str:
    return f'<span class="below">{" · ".join(said)}</span>' if said else ""


def articles(contents: Contents) -> str:
    """Return the first documents with their attributions marked."""
    found, total = contents.found, contents.counts.documents
    shown = len(found.documents)
    if not shown:
        return section("articles", "Annotated texts", none(f"None of {count(total, 'document')} is shown."))
    said = f"The first {shown} of {total:,} documents." if shown < total else f"All {count(total, 'document')}." if total > 1 else ""
    pieces = [paragraph(said, _KEY)]
    for at, row in enumerate(found.documents.to_dict("records"), 1):
        one = found.within([row["document_id"]])
        made = display.annotated_text(one.documents, one.attributions, one.spans).data
        named = _short(row["title"] if isinstance(row["title"], str) else row["document_id"])
        facts = " · ".join([text(named), *_outlet_and_day(row), count(len(one.attributions), "attribution")])
        body = made if at == 1 else _without_style(made)
        pieces.append(f'<details{" open" if at == 1 else ""}><summary>{facts}</summary><div id="article-{at}" class="article">{body}</div></details>')
    return section("articles", "Annotated texts", *pieces)


def _without_style(made: str) -> str:
    """An annotated text less its style, which the first one on the page has brought."""
    before, _, rest = made.partition("<style>")
    return before + rest.partition("</style>")[2]
