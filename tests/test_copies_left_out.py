"""Measures say whether copies were left out: every one of them carries the column, and refuses tables of both kinds."""

import inspect
import re

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import measures, tables
from newsanalysis.copies import LEFT_OUT
from newsanalysis.tables import TableError

TEXTS = [
    "Russia attacked Ukraine. The awful plan of Russia failed, NATO said. The separatist leader Denis Pushilin fled.",
    "Ukraine hit Russia. The mayor said Russia was bad.",
]
DOCUMENTS = na.documents(pd.DataFrame({"document_id": ["a", "b", "c"], "text": [*TEXTS, TEXTS[0]], "copy_of": [None, None, "a"]}))
OUTLETS = pd.DataFrame({"document_id": ["a", "b", "c"], "outlet": ["p", "q", "p"]})


def tables_of():
    """What the measures take."""
    found = na.resolve(na.attribute(DOCUMENTS, attributor="patterns"))
    segments = na.units(found, unit="segment").merge(OUTLETS, on="document_id")
    rows = [(unit, document, "segment", "hedge", "x", None, "h@1") for unit, document in zip(segments.unit_id, segments.document_id, strict=True)]
    rows += [(unit, document, "segment", "tone", None, 0.5, "t@1") for unit, document, *_ in rows]
    codes = tables.check(pd.DataFrame(rows, columns=["unit_id", "document_id", "unit", "code", "value", "score", "coder"]), "codes")
    mentions = na.mentions(DOCUMENTS)
    pairs = pd.DataFrame(
        {"unit_id": ["1", "2", "3"], "document_id": ["a", "b", "c"], "variable": "camp", "machine": "x", "hand": ["x", "y", "x"], "weight": 1.0}
    )
    hands = pd.DataFrame([(u, d, c, "x") for u, d in zip("123", "abc", strict=True) for c in "AB"], columns=["unit_id", "document_id", "coder", "value"])
    return {
        "found": found,
        "attributions": found.attributions.merge(OUTLETS, on="document_id"),
        "segments": segments,
        "codes": codes.merge(OUTLETS, on="document_id"),
        "mentions": mentions,
        "named": na.mentions(found),
        "labels": na.code_labels(mentions),
        "toned": mentions.assign(tone="neutral"),
        "acts": na.agency(na.units(DOCUMENTS)),
        "pairs": pairs,
        "coded": pairs.rename(columns={"machine": "camp"})[["unit_id", "document_id", "camp"]],
        "hands": hands.assign(variable="camp"),
    }


TABLES = tables_of()
MEASURES = {
    "share_of_voice": (na.share_of_voice, ["attributions"], {"by": ["outlet", "affiliation"]}),
    "kind_share": (na.kind_share, ["attributions"], {}),
    "unnamed_share": (na.unnamed_share, ["attributions"], {}),
    "prominence": (na.prominence, ["found"], {}),
    "voice_profile": (na.voice_profile, ["found"], {}),
    "source_diversity": (na.source_diversity, ["attributions"], {"by": ["outlet", "affiliation"]}),
    "camp_balance": (lambda table, **options: na.camp_balance(table, "nato", "other", **options), ["attributions"], {}),
    "code_share": (na.code_share, ["codes"], {"code": "hedge"}),
    "mean_tone": (na.mean_tone, ["codes", "segments"], {}),
    "voice_gap": (na.voice_gap, ["codes", "segments"], {}),
    "word_rate": (na.word_rate, ["codes", "segments"], {"code": "hedge"}),
    "sentence_counts": (na.sentence_counts, ["codes", "segments"], {"code": "hedge"}),
    "target_tone_share": (na.target_tone_share, ["toned"], {}),
    "target_tone_net": (na.target_tone_net, ["toned"], {}),
    "label_share": (na.label_share, ["labels", "mentions"], {}),
    "odds_ratio": (na.odds_ratio, ["codes"], {"code": "hedge", "by": "outlet"}),
    "agency_balance": (na.agency_balance, ["acts"], {}),
    "who_about_whom": (na.who_about_whom, ["found", "named"], {}),
    "compare": (lambda *given: na.compare(na.mean_tone, *given), ["codes", "segments"], {}),
    "corrected_share": (lambda *given: na.corrected_share(*given), ["coded", "pairs"], {}),
    "keyness": (lambda table: na.keyness(table, ("p", "q"), min_documents=1), ["segments"], {}),
    "validate": (na.validate, ["pairs"], {}),
    "agreement": (na.agreement, ["hands"], {}),
}
SCORES = {"attribution_scores", "span_scores", "who_says_scores", "calibration"}  # of an attributor against gold, not of a corpus
PLOTS = re.compile("^plot_")


def test_every_measure_is_here():
    """Each public function whose docstring says that it returns a table of measures is tested here."""
    returning = {name for name in na.__all__ if callable(getattr(na, name)) and returns_measures(getattr(na, name)) and not PLOTS.match(name)}
    assert returning - SCORES <= set(MEASURES)


def returns_measures(function):
    """Whether the docstring's section Returns names the table measures."""
    said = re.search(r"^Returns\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", inspect.getdoc(function) or "", flags=re.MULTILINE | re.DOTALL)
    return bool(said) and "*measures*" in said.group(1)


def less(name):
    """A table without copies."""
    return na.without_copies(TABLES[name], DOCUMENTS)


@pytest.mark.filterwarnings("ignore:corrected_share")
@pytest.mark.parametrize("name", MEASURES)
def test_the_column_is_carried(name):
    """Of tables without copies a measure says so behind its first column; of others it says nothing."""
    measure, names, options = MEASURES[name]
    assert measures.COPIES not in measure(*(TABLES[table] for table in names), **options)
    made = measure(*(less(table) for table in names), **options)
    assert made.columns[1] == measures.COPIES
    assert len(made)
    assert set(made.copies) == {LEFT_OUT}


@pytest.mark.parametrize("name", [name for name, (_, names, _) in MEASURES.items() if len(names) > 1 and name != "corrected_share"])
def test_both_kinds_together_are_refused(name):
    """One table without copies and another with them are refused, with what to do."""
    measure, (first, second), options = MEASURES[name]
    with pytest.raises(TableError, match=r"copies are left out of one table and not of another.*na.without_copies"):
        measure(less(first), TABLES[second], **options)
    with pytest.raises(TableError, match="copies are left out of one table"):
        measure(TABLES[first], less(second), **options)


def test_parts_of_tables_are_refused():
    """A table of rows with and without the column is refused; an empty table goes with both kinds."""
    both = pd.concat([TABLES["attributions"], less("attributions")]).drop_duplicates("attribution_id")
    both.loc[both.index[:1], "copies"] = None
    both["copies"] = both.copies.where(both.document_id != "b", "left out")
    with pytest.raises(TableError, match="or of a part of it"):
        na.share_of_voice(both)
    assert set(na.word_rate(TABLES["codes"].head(0), less("segments"), code="hedge").copies) == {LEFT_OUT}


def test_found_with_attributions_of_the_other_kind():
    """Attributions without copies beside documents with them are refused."""
    found = TABLES["found"]
    with pytest.raises(TableError, match="prominence: copies are left out"):
        na.prominence(na.Found(found.documents, na.without_copies(found.attributions, DOCUMENTS), found.spans))
