"""Wrong tables given to the steps and measures: each gets one sentence that says what was given and what to give instead."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import tables

TEXTS = ["It rained. NATO said it stood firm. Officials said the vote was over.", "The mayor said that the bridge was closed."]
DOCUMENTS = na.documents(TEXTS, outlet=["Post", "Star"])
RAW = na.attribute(DOCUMENTS, attributor="patterns")
FOUND = na.resolve(RAW)
UNITS = na.units(FOUND)
CODES = na.code_words(UNITS, codebook="hedges")
MENTIONS = na.mentions(FOUND)


def refused(call: Callable[[], object]) -> str:
    """The sentence with which something is refused."""
    with pytest.raises(na.TableError) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- attributions that are not resolved -------------------------------------------------------------------------------------

OF_THE_RESOLVED: dict[str, Callable[[Any], object]] = {
    "share_of_voice": lambda found: na.share_of_voice(found.attributions),
    "kind_share": lambda found: na.kind_share(found.attributions, by="affiliation"),
    "unnamed_share": lambda found: na.unnamed_share(found.attributions),
    "prominence": na.prominence,
    "voice_profile": na.voice_profile,
    "positions": na.positions,
    "source_diversity": lambda found: na.source_diversity(found.attributions, by="speaker"),
    "camp_balance": lambda found: na.camp_balance(found.attributions, "nato", "russian"),
    "who_about_whom": lambda found: na.who_about_whom(found, MENTIONS),
    "top_speakers": lambda found: na.top_speakers(found.attributions),
    "unresolved": na.unresolved,
    "sample": lambda found: na.sample(found.attributions, n=len(found.attributions), by="role"),
}


@pytest.mark.parametrize("name", OF_THE_RESOLVED)
def test_a_forgotten_resolve_is_said(name: str) -> None:
    """What speaks of speakers and camps refuses attributions of which none is resolved, and says how to resolve them."""
    sentence = refused(lambda: OF_THE_RESOLVED[name](RAW))
    assert sentence.startswith(f"{name}: these attributions are not resolved: ")
    assert f"missing in all {len(RAW.attributions)}; found = na.resolve(found) first." in sentence
    OF_THE_RESOLVED[name](FOUND)


def test_a_report_of_what_is_not_resolved_is_refused(tmp_path: Path) -> None:
    """A report is about who speaks: it does not choose a codebook for the user, and nothing is written; without attributions there is a report."""
    file = tmp_path / "report.html"
    assert refused(lambda: na.report(RAW, out=file)).startswith("report: these attributions are not resolved")
    assert not file.exists()
    assert na.report(RAW.within([]), out=file).exists()


def test_what_needs_no_speaker_takes_what_is_not_resolved() -> None:
    """Kinds, words as they stand, quotations and the columns of documents can be counted before anybody is resolved."""
    merged = RAW.attributions.merge(DOCUMENTS[["document_id", "outlet"]], on="document_id")
    assert len(na.share_of_voice(merged, by="outlet")) == 2
    assert len(na.kind_share(RAW.attributions, by=None)) == 3
    assert len(na.quotes(RAW)) == len(RAW.attributions)
    assert len(na.prominence(RAW, by="source")) and len(na.share_of_voice(RAW.attributions, by="source")) == 3
    assert len(na.share_of_voice(RAW.attributions.head(0))) == 0


def test_what_is_filled_by_hand_or_in_part_is_taken() -> None:
    """One value in one of the columns that are resolved is enough, in whatever part of the table; each part of a table may be empty of them."""
    one = RAW.attributions.merge(DOCUMENTS[["document_id", "outlet"]], on="document_id").assign(affiliation=["nato", None, None])
    assert na.share_of_voice(one).affiliation.tolist() == ["(missing)", "nato"]
    parts = na.share_of_voice(one, by=["outlet", "affiliation"])
    assert parts[parts.outlet == "Star"].set_index("affiliation").estimate.to_dict() == {"(missing)": 1.0, "nato": 0.0}
    assert len(na.source_diversity(one, by=["outlet", "affiliation"])) == 6
    assert len(na.camp_balance(one, "nato", "russian", by=["outlet", "affiliation"])) == 4
    assert set(na.prominence(na.Found(DOCUMENTS, one.drop(columns="outlet"), RAW.spans), by=["outlet", "affiliation"]).outlet) == {"Post", "Star"}
    nobody = FOUND.attributions.iloc[1:].assign(affiliation=None)
    assert na.share_of_voice(nobody).affiliation.tolist() == ["(missing)"]


# --- columns that are not there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "ending"),
    [
        (lambda: na.share_of_voice(FOUND.attributions, by="afiliation"), "share_of_voice: column 'afiliation' is missing; did you mean 'affiliation'?"),
        (lambda: na.kind_share(FOUND.attributions, by=["outlet", "rol"]), "'outlet' is missing; "),
        (lambda: na.kind_share(FOUND.attributions, by="Role"), "column 'Role' is missing; did you mean 'role'?"),
        (
            lambda: na.share_of_voice(FOUND.attributions, by="outlet"),
            "it is a column of the documents; merge it in first: "
            'attributions = found.attributions.merge(documents[["document_id", "outlet"]], on="document_id").',
        ),
        (
            lambda: na.share_of_voice(FOUND.attributions, by="outlets"),
            "column 'outlets' is missing; did you mean 'outlet'? It is a column of the documents; merge it in first: "
            'attributions = found.attributions.merge(documents[["document_id", "outlet"]], on="document_id").',
        ),
        (
            lambda: na.word_rate(CODES, UNITS, code="hedge", by="section"),
            'merge it in first: units = units.merge(documents[["document_id", "section"]], on="document_id").',
        ),
        (
            lambda: na.code_share(CODES, code="hedge", by="author"),
            'merge it in first: codes = codes.merge(documents[["document_id", "author"]], on="document_id").',
        ),
        (lambda: na.share_of_voice(FOUND.attributions, by="zzz"), "column 'zzz' is missing; merge it in first (columns found: attribution_id, "),
        (
            lambda: na.compare(na.share_of_voice, FOUND.attributions),
            "compare: column 'outlet' is missing; it is a column of the documents; merge it in first: attributions = found.attributions.merge(",
        ),
        (lambda: na.compare(na.share_of_voice, FOUND.attributions, between="rolle"), "compare: column 'rolle' is missing; did you mean 'role'?"),
        (lambda: na.sample(FOUND.attributions, n=1, by="speakers"), "sample: column 'speakers' is missing; did you mean 'speaker'?"),
        (lambda: na.sample(FOUND.attributions, n=1, by="outlet"), 'found.attributions.merge(documents[["document_id", "outlet"]], on="document_id").'),
        (lambda: na.keyness(DOCUMENTS, "Post", by="outlit"), "keyness: column 'outlit' is missing; did you mean 'outlet'?"),
        (lambda: na.keyness(UNITS, "Post"), 'merge it in first: units = units.merge(documents[["document_id", "outlet"]], on="document_id").'),
        (lambda: na.prominence(FOUND, by=["outlit", "affiliation"]), "prominence: column 'outlit' is missing; did you mean 'outlet'?"),
        (lambda: na.who_about_whom(FOUND, MENTIONS, by="afiliation"), "who_about_whom: mentions has no column 'afiliation'; did you mean 'affiliation'?"),
    ],
)
def test_a_missing_column_is_named_with_what_is_near(call: Callable[[], object], ending: str) -> None:
    """A misspelt column is answered by the one that was meant; one of the documents by the line that merges it in."""
    assert ending in refused(call)


def test_the_line_that_merges_runs() -> None:
    """The line that the message gives can be copied, and does what is wanted."""
    sentence = refused(lambda: na.share_of_voice(FOUND.attributions, by="outlet"))
    found, documents = FOUND, DOCUMENTS
    line = re.search(r"attributions = (.*)\.$", sentence)
    assert line is not None
    assert set(na.share_of_voice(eval(line[1], {"found": found, "documents": documents}), by="outlet").outlet) == {"Post", "Star"}


def test_columns_that_a_merge_renamed_are_said() -> None:
    """Where a merge made two columns of one, the message says which, and how to merge without; so it does where the column might be missing."""
    sentence = refused(lambda: na.share_of_voice(FOUND.attributions.merge(DOCUMENTS, on="document_id"), by="outlet"))
    assert sentence.startswith("attributions: column 'kind' became 'kind_x' and 'kind_y' in a merge, as both tables have it; leave it out of one of them, ")
    assert sentence.endswith('as in attributions.merge(documents[["document_id", "outlet"]], on="document_id").')
    camps = pd.DataFrame({"speaker": ["NATO"], "affiliation": ["west"]})
    twice = FOUND.attributions.merge(camps, on="speaker", how="left")
    assert refused(lambda: na.share_of_voice(twice)).startswith("attributions: column 'affiliation' became 'affiliation_x' and 'affiliation_y' in a merge")
    both = UNITS.merge(DOCUMENTS, on="document_id")
    assert "units: column 'text' became 'text_x' and 'text_y' in a merge" in refused(lambda: na.code_tone(both))
    outlets = FOUND.attributions.merge(DOCUMENTS[["document_id", "outlet"]], on="document_id")
    again = outlets.merge(DOCUMENTS[["document_id", "outlet"]], on="document_id")
    assert "share_of_voice: column 'outlet' became 'outlet_x' and 'outlet_y' in a merge" in refused(lambda: na.share_of_voice(again, by="outlet"))


# --- another thing than the one that is wanted -------------------------------------------------------------------------------

WANTED: dict[str, tuple[Callable[[Any], object], str]] = {
    "attributions": (na.share_of_voice, "give found.attributions, where found = na.resolve(na.attribute(documents))."),
    "speakers": (na.top_speakers, "give found.attributions, where found = na.resolve(na.attribute(documents))."),
    "documents": (lambda given: na.attribute(given, attributor="patterns"), "give documents = na.read(path), or na.documents(texts)."),
    "texts": (na.units, "give documents = na.read(path), or na.documents(texts)."),
    "units": (na.code_tone, "give units = na.units(documents)."),
    "codes": (lambda given: na.code_share(given, code="hedge"), "give what a coder such as na.code_words(units) returned."),
    "found": (na.prominence, "give what na.attribute or na.resolve returned for the documents."),
    "listed": (na.unresolved, "give what na.attribute or na.resolve returned for the documents."),
    "mentions": (lambda given: na.who_about_whom(FOUND, given), "give na.mentions(found)."),
}
GIVEN: dict[str, tuple[object, str]] = {
    "a path": ("news/a.txt", "a str was given"),
    "a Path": (Path("news"), f"a {type(Path()).__name__} was given"),
    "a list": (["It rained."], "a list was given"),
    "nothing": (None, "None was given"),
    "documents": (DOCUMENTS, "a table of documents was given"),
    "found": (FOUND, "a Found was given"),
    "attributions": (FOUND.attributions, "a table of attributions was given"),
    "units": (UNITS, "a table of units was given"),
    "codes": (CODES, "a table of codes was given"),
    "mentions": (MENTIONS, "a table of mentions was given"),
}
TAKEN = {(name, name) for name in GIVEN} | {("texts", "documents"), ("texts", "found"), ("listed", "found"), ("speakers", "attributions")}


@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("given", GIVEN)
def test_another_thing_is_named_with_what_to_give(wanted: str, given: str) -> None:
    """What is given in place of what is wanted is called by its name, and the message ends with what to give."""
    if (wanted, given) in TAKEN:
        return
    (call, remedy), (thing, name) = WANTED[wanted], GIVEN[given]
    sentence = refused(lambda: call(thing))
    assert name in sentence
    if given == "found" and wanted in ("attributions", "speakers"):
        remedy = "give found.attributions."
    if given == "found" and wanted == "documents":
        remedy = "give found.documents."
    assert sentence.endswith(remedy)


def test_a_table_that_is_like_no_other_names_its_columns() -> None:
    """Of a table that is none of the package's the columns that are missing and those found are named, as before."""
    other = pd.DataFrame({"document_id": ["a"], "words": ["It rained."]})
    assert refused(lambda: tables.check(other, "documents")) == "documents: columns 'text', 'kind' are missing; the columns found are document_id, words."


@pytest.mark.parametrize("given", [Path("a.txt"), None, FOUND], ids=["path", "nothing", "found"])
def test_keyness_and_concordance_refuse_what_is_no_table(given: object) -> None:
    """Two functions that look for a column before anything else answer with a sentence, too."""
    assert "was given; give " in refused(lambda: na.keyness(given, "Post"))  # type: ignore[arg-type]
    assert "was given; give " in refused(lambda: na.concordance(given, DOCUMENTS))  # type: ignore[arg-type]


# --- figures ----------------------------------------------------------------------------------------------------------------


def test_a_figure_saved_with_arguments_in_another_order(tmp_path: Path) -> None:
    """What is not Axes, path and table, in this order, is named with the right call, and nothing is written."""
    table = na.share_of_voice(FOUND.attributions)
    ax = na.plot_shares(table)
    right = 'were given; give the Axes, where to, and the table: na.save_figure(ax, "figures/name", table).'
    for wrong in ((tmp_path / "a", ax, table), (ax, table, tmp_path / "a"), (ax, tmp_path / "a", None), (table, tmp_path / "a", ax)):
        assert refused(lambda given=wrong: na.save_figure(*given)).endswith(right)
    assert refused(lambda: na.save_figure("a", ax, table)).startswith("save_figure: a str, an Axes, a table of measures were given")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_figure_of_nothing_is_saved_with_a_word(tmp_path: Path) -> None:
    """A table without rows gives a figure that says so, and a warning that names it."""
    table = na.share_of_voice(FOUND.attributions).head(0)
    with pytest.warns(UserWarning, match=r"save_figure: the table of nothing has no rows, so that nothing is drawn\."):
        na.save_figure(na.plot_shares(table), tmp_path / "nothing", table)
    assert (tmp_path / "nothing.png").exists()
