"""What was found: who speaks, how they are quoted, where in the text, in which tone, with which words. What is empty says so."""

from __future__ import annotations

import pandas as pd

from newsanalysis import codebooks
from newsanalysis.display import in_html
from newsanalysis.reports import gathering
from newsanalysis.reports.gathering import Contents
from newsanalysis.reports.markup import INTERVAL, count, details, interval, number, paragraph, percent, section, table, text
from newsanalysis.reports.opening import UNNAMED
from newsanalysis.reports.pieces import (
    IN_TABLE,
    MADE_HERE,
    Numbers,
    Rows,
    camp,
    capitals,
    caption,
    figure,
    in_bars,
    largest,
    listing,
    none,
    of_measures,
    size,
    whiskers,
)

MOST_PIECES = 7
REST = "all other camps"
NOTHING = "No attributions were found: nobody is heard in these texts, or the attributor misses them."
_DIVERSITY = {
    "entropy_normalised": "Normalised entropy (0: one camp, 1: all alike)",
    "simpson": "Chance that two attributions are of different camps",
    "effective_number": "Effective number of camps",
}


def who(contents: Contents, numbers: Numbers) -> str:
    """Return the shares of voice."""
    rows, by_outlet = contents.measure("share_of_voice_words"), contents.measure("share_of_voice_words_by_outlet")
    if rows.empty:
        return section("who", "Who speaks", none(NOTHING))
    pieces = [paragraph("A camp’s share of voice is its part of all words that are attributed to somebody.", _rest_camps(contents), _weak(contents))]
    pieces.append(_defined(contents))
    if len(rows) == 1:
        what = f"{count(int(rows['n'].iloc[0]), 'attribution')} of one camp, {camp(rows['affiliation'].iloc[0])}"
        pieces.append(none(f"There {'is' if rows['n'].iloc[0] == 1 else 'are'} {what}: there is nothing to compare."))
    else:
        pieces.append(_shares(contents, numbers, rows))
    if len(by_outlet) and len(set(by_outlet["affiliation"])) > 1:
        pieces.append(_by_outlet(contents, numbers, by_outlet))
    elif contents.rows["outlets"] <= 1:
        pieces.append(none("By outlet: there is one outlet." if contents.rows["outlets"] else "By outlet: the texts name no outlet."))
    return section("who", "Who speaks", *pieces, _diversity(contents) if len(rows) > 1 else "")


def _rest_camps(contents: Contents) -> str:
    """What the two camps mean that are none."""
    told = {
        "other": "is anybody who is known but belongs to no camp of the codebook, and several camps that speak as one",
        "unspecified": "means that the text does not let us know for whom somebody speaks (“officials said”)",
    }
    return "; ".join(f"<b>{camp(name)}</b> {what}" for name, what in told.items() if name in contents.camps) + "." * bool(set(told) & set(contents.camps))


def _weak(contents: Contents) -> str:
    """How many camps rest on weak evidence."""
    rows = contents.rows
    weak = {"setting": "where the article is set", "context": "a body or state named before"}
    told = [f"{rows[basis]:,} on {what}" for basis, what in weak.items() if rows[basis]]
    n = sum(rows[basis] for basis in weak)
    if not n:
        return ""
    all_, where = count(rows["attributions"], "attribution"), " or ".join(f"<code>{basis}</code>" for basis in weak if rows[basis])
    rest = "rests" if n == 1 else "rest"
    return f"The camp{'s' * (n != 1)} of {n:,} of {all_} {rest} on weak evidence: {' and '.join(told)} (<code>affiliation_basis</code> is {where})."


def _defined(contents: Contents) -> str:
    """The camps of a shipped codebook, in its words."""
    given = str(contents.manifest.get("settings", {}).get("codebook", ""))
    if given.partition("@")[0] not in set(codebooks.catalogue().query("kind == 'actors'")["name"]):
        return ""
    book = codebooks.read(given.partition("@")[0])
    if f"{book.name}@{book.version}" != given:
        return ""
    rows = [(camp(row["affiliation"]), text(row["definition"])) for row in book.affiliations.to_dict("records")]
    return details(f"The camps of the codebook {in_html(given)}", table("Camps", ("Camp", "Who is meant"), rows))


def _shares(contents: Contents, numbers: Numbers, rows: Rows) -> str:
    from newsanalysis.figures import plot_shares

    drawn, rest = largest(rows, "affiliation")
    attributions = contents.measure("share_of_voice_attributions").set_index("affiliation")
    cells = []
    for row in rows.to_dict("records"):
        other = attributions.loc[row["affiliation"]]
        estimates = (percent(row["estimate"]), interval(row), percent(other["estimate"]), interval(other))
        cells.append((camp(row["affiliation"]), *estimates, f"{row['n']:,}", f"{row['n_documents']:,}"))
    heads = ("Camp", "Share of words", INTERVAL, "Share of attributions", INTERVAL, "Attributions", "Documents")
    told = caption("Share of all attributed words.", size(rows, "attribution"), whiskers(rows), rest, of_measures(contents, "share_of_voice_words"))
    listed = table("Share of voice by camp", heads, cells, numbers=range(1, 7), wide=True)
    made = figure(numbers, plot_shares, drawn, title="Share of voice by camp", told=(told, listed))
    without = contents.measure("share_of_voice_words", copies="left out")
    if len(without):
        made += details("The same without copies: each story once", listing("Share of attributed words, near copies left out", without))
    return made


def _by_outlet(contents: Contents, numbers: Numbers, rows: Rows) -> str:
    from newsanalysis.figures import plot_stacked

    rows = rows[["measure", "outlet", "affiliation", "estimate", "ci_low", "ci_high", "n", "n_documents"]]
    drawn = _stacked(largest(rows, "outlet")[0], rows)
    shown, all_ = len(set(drawn["outlet"])), contents.rows["outlets"]
    many = f"The {shown} outlets with most attributions, of {all_:,}." if shown < all_ else ""
    told = caption("Share of each outlet’s attributed words.", size(rows, "attribution"), in_bars("attributions"), many, IN_TABLE, MADE_HERE)
    beyond = f", the first {gathering.OUTLETS} of {all_:,}" if all_ > gathering.OUTLETS else ""
    return figure(numbers, plot_stacked, drawn, title="Share of voice by outlet", told=(told, listing(f"Share of voice by outlet{beyond}", rows)))


def _stacked(drawn: Rows, rows: Rows) -> Rows:
    """The shares to be drawn, the camps in one order, of many camps those with fewest words as one."""
    most = rows.groupby("affiliation")["n"].sum().sort_values(ascending=False, kind="stable").index[:MOST_PIECES].tolist()
    others = drawn[~drawn["affiliation"].isin(most)]
    if len(others):
        rest = others.groupby("outlet", sort=False)[["estimate", "n"]].sum().reset_index()
        drawn = pd.concat([drawn[drawn["affiliation"].isin(most)], rest.assign(affiliation=REST, n_documents=0)], ignore_index=True)
    place = {name: at for at, name in enumerate([*most, REST])}
    ranked = drawn.assign(place=drawn["affiliation"].map(place), row=drawn.groupby("outlet", sort=False).ngroup())
    return ranked.assign(measure="share_of_voice_words").sort_values(["row", "place"]).drop(columns=["row", "place"])


def _diversity(contents: Contents) -> str:
    rows = [
        (told, number(row["estimate"]), interval(row, number), f"{row['n']:,}")
        for name, told in _DIVERSITY.items()
        for row in contents.measure(name).to_dict("records")
        if not pd.isna(row["estimate"])
    ]
    return table("Diversity of sources", ("Measure", "Estimate", INTERVAL, "Attributions"), rows, numbers=(1, 2, 3)) if rows else ""


def how(contents: Contents, numbers: Numbers) -> str:
    """Return kinds and cues."""
    from newsanalysis.figures import plot_stacked

    kinds, cues, unnamed = contents.measure("kind_share"), contents.measure("code_share", code="cue_class"), contents.measure("unnamed_share")
    if kinds.empty:
        return section("how", "How they are quoted", none("No attributions were found."))
    drawn, rest = largest(kinds, "affiliation")
    what = "Direct: all in quotation marks; mixed: in part; indirect: in the outlet’s words."
    told = caption(what, size(kinds, "attribution"), in_bars("attributions"), rest, IN_TABLE, of_measures(contents, "kind_share"))
    pieces = [figure(numbers, plot_stacked, drawn, title="Whose words stand in quotation marks", told=(told, listing("Kinds by camp", kinds)))]
    if cues.empty:
        pieces.append(none("No cue of a known class was found."))
    else:
        cues = capitals(cues, "value")
        drawn, rest = largest(cues, "affiliation")
        what = "Classes of the words that introduce a source, such as neutral (<i>said</i>), doubt (<i>claimed</i>), directive (<i>urged</i>)."
        told = caption(what, size(cues, "cue"), in_bars("cues"), rest, IN_TABLE, of_measures(contents, "code_share, cue_class"))
        pieces.append(figure(numbers, plot_stacked, drawn, title="With which words they are introduced", told=(told, listing("Cues by camp", cues))))
    if len(unnamed):
        listed = paragraph(f"They have {UNNAMED}.") + listing("Share without a named source", unnamed)
        pieces.append(details("Attributions without a named source, by camp", listed))
    return section("how", "How they are quoted", *pieces)


def where(contents: Contents, numbers: Numbers) -> str:
    """Return how early each camp speaks."""
    from newsanalysis.figures import plot_intervals

    rows = contents.measure("first_position")
    if rows.empty:
        return section("where", "Where in the text", none("No article holds an attribution; in headlines there is no early or late."))
    drawn, rest = largest(rows, "affiliation")
    what = "Where a camp first speaks in an article, from 0, its first character, to 1, its last; mean of the articles in which it speaks."
    told = caption(what, f"n = {count(int(rows['n'].sum()), 'pair')} of an article and a camp.", whiskers(rows), rest, MADE_HERE)
    made = figure(numbers, plot_intervals, drawn, title="How early each camp is heard", told=(told, listing("First position by camp", rows, number)))
    return section("where", "Where in the text", made)


def tone(contents: Contents, numbers: Numbers) -> str:
    """Return tone by voice."""
    from newsanalysis.figures import plot_intervals

    rows, gaps = contents.measure("mean_tone"), contents.measure("voice_gap")
    if rows.empty:
        return section("tone", "Tone", none("No text was coded for tone."))
    of_one = rows[rows["coder"] == rows["coder"].iloc[0]]
    rows = rows.assign(coder=rows["coder"].str.partition("@")[0])
    listed = listing("Tone by voice", rows, number)
    if len(gaps):
        listed += listing("Attributed voice less own voice", gaps.assign(coder=gaps["coder"].str.partition("@")[0]), number)
    what = "Mean tone of the outlets’ own words and of the words that they attribute to sources, by two word lists; negative below 0."
    told = caption(what, f"n = {count(int(of_one['n'].sum()), 'piece')} of sentences.", whiskers(rows), of_measures(contents, "mean_tone"))
    note = paragraph("Word lists count words and do not understand them: a sad event reads as a negative text. Compare groups; do not judge single texts.")
    return section("tone", "Tone", note, figure(numbers, plot_intervals, rows, title="Tone by voice", told=(told, listed)))


def words(contents: Contents, numbers: Numbers) -> str:
    """Return labels, loaded words, hedges and passives."""
    passives = contents.measure("code_share", code="passive")
    pieces = [_labels(contents, numbers), _rates(contents, numbers)]
    pieces += [_frequent(contents, code, name) for code, name in (("label", "labels"), ("loaded_word", "loaded words"), ("hedge", "hedges"))]
    if len(passives):
        pieces.append(details("Passives of event verbs, with and without agent", listing("Passives", passives)))
    else:
        pieces.append(none("No passive of an event verb was found."))
    return section("words", "Labels and loaded words", *pieces)


def _labels(contents: Contents, numbers: Numbers) -> str:
    from newsanalysis.figures import plot_shares

    rows = contents.measure("code_share", code="label")
    if rows.empty:
        return none("No labels (such as <i>so-called</i> or <i>Russian-installed</i>) were found.")
    if len(rows) == 1:
        return none(f"{count(int(rows['n'].iloc[0]), 'label')} of one kind: {camp(rows['value'].iloc[0])}.")
    drawn, rest = largest(rows.drop(columns="code"), "value")
    told = caption("How contested actors, places and acts are named.", size(rows, "label"), whiskers(rows), rest, of_measures(contents, "code_share, label"))
    return figure(numbers, plot_shares, drawn, title="Labels", told=(told, listing("Labels", rows)))


def _rates(contents: Contents, numbers: Numbers) -> str:
    from newsanalysis.figures import plot_intervals

    rows = contents.measure("word_rate")
    if not rows["n"].sum():
        return none("No hedges and no loaded words were found.")
    rows = capitals(rows, "code")
    told = caption("Per 100 words of each voice.", size(rows, "word"), whiskers(rows), of_measures(contents, "word_rate"))
    return figure(numbers, plot_intervals, rows, title="Hedges and loaded words", told=(told, listing("Per 100 words", rows, number)))


def _frequent(contents: Contents, code: str, name: str) -> str:
    listed = contents.tables["words"]
    listed = listed[listed["code"] == code]
    if listed.empty:
        return ""
    first = listed.head(gathering.WORDS)
    of = f"the first {len(first)} of {len(listed):,}" if len(first) < len(listed) else f"{len(listed):,}"
    cells = [(text(row["words"]), f"{row['n']:,}") for row in first.to_dict("records")]
    return details(f"The {name} most used ({of})", table(f"The {name} most used", ("Words", "n"), cells, numbers=(1,)))
