"""Framing: patterns match by the rule, the shipped lists find what they are for, evidence in place."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import codebooks, sentiment, tables
from newsanalysis.codebooks import CodebookError
from newsanalysis.found import Found
from newsanalysis.framing.words import matcher

SEED = json.loads((Path(__file__).parent / "data" / "seed_gold.json").read_text(encoding="utf-8"))


def units_of(*sentences):
    """One sentence unit a text, as a table."""
    rows = [(f"d{n}:s1", f"d{n}", "sentence", 0, len(text), text) for n, text in enumerate(sentences)]
    return pd.DataFrame(rows, columns=["unit_id", "document_id", "unit", "start", "end", "text"])


def words_found(codes, *sentences):
    """The evidence of each code as it stands in its sentence."""
    texts = {f"d{n}": text for n, text in enumerate(sentences)}
    return [texts[key][start:end] for key, start, end in zip(codes.document_id, codes.start, codes.end, strict=True)]


def seed():
    """The seed article with its hand-marked attributions."""
    documents = na.documents([SEED["article"]])
    attributions, spans = [], []
    for n, marked in enumerate(SEED["attributions"], 1):
        joined = {role: " … ".join(SEED["article"][s:e] for s, e in marked[role]) or None for role in ("source", "cue", "content")}
        places = [place for role in joined for place in marked[role]]
        key = f"{documents.document_id[0]}#{n}"
        bounds = {"start": min(s for s, _ in places), "end": max(e for _, e in places), "attributor": "hand@1"}
        attributions.append({"attribution_id": key, "document_id": documents.document_id[0], "kind": marked["type"], **joined, **bounds})
        spans += [{"attribution_id": key, "role": r, "start": s, "end": e, "text": SEED["article"][s:e]} for r in joined for s, e in marked[r]]
    return Found(documents, na.check(pd.DataFrame(attributions), "attributions"), na.check(pd.DataFrame(spans), "spans"))


def cued(cue):
    """Found with one attribution that has this cue, or none."""
    text = f"X {cue} Y"
    documents = na.documents([text])
    row = {"attribution_id": "1", "document_id": documents.document_id[0], "kind": "indirect", "content": "Y", "start": 0, "end": len(text)}
    spans = [("1", "content", len(text) - 1, len(text), "Y")] + ([("1", "cue", 2, 2 + len(cue), cue)] if cue else [])
    made = pd.DataFrame(spans, columns=["attribution_id", "role", "start", "end", "text"])
    return Found(documents, na.check(pd.DataFrame([{**row, "attributor": "hand@1"}]), "attributions"), na.check(made, "spans"))


PATTERNS = [
    pytest.param(("say|says|said",), "He said, she SAYS, soothsaid", ["said", "SAYS"], id="forms, any case, whole words"),
    pytest.param(("alleg*",), "Allegedly alleged; allege", ["Allegedly", "alleged", "allege"], id="any ending"),
    pytest.param(("warn|warned", "warn|warned against"), "warned  against it, warned of it", ["warned  against", "warned"], id="longest first, white space"),
    pytest.param(("warn|warned against", "warn|warned"), "warned against it", ["warned against"], id="longest first, in any order"),
    pytest.param(("so-called", "called"), "so‑called, so-called called", ["so‑called", "so-called", "called"], id="any hyphen"),
    pytest.param(("don't know",), "I don’t know", ["don’t know"], id="any apostrophe"),
    pytest.param(("might be", "be dead"), "might be dead", ["might be"], id="leftmost, no overlap"),
    pytest.param(("U.S.-backed",), "the U.S.-backed side", ["U.S.-backed"], id="full stops"),
    pytest.param(("pull* out",), "pulling out, pulled outside", ["pulling out"], id="the last word ends at its border"),
]


@pytest.mark.parametrize(("patterns", "text", "expected"), PATTERNS)
def test_patterns(patterns, text, expected):
    """A pattern finds what its rule says and nothing else."""
    assert [text[m.start : m.end] for m in matcher(patterns)(text)] == expected


def test_exact_case():
    """A pattern marked exact finds only its own capitals: "may" is no month."""
    codes = na.code_words(units_of("In May it may rain."), codebook="hedges")
    assert codes[["start", "end"]].to_numpy().tolist() == [[10, 13]]


FORMS = [p for book in ("cues", "hedges", "labels", "event_verbs") for p in codebooks.words(book).pattern]


@given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=4), st.sampled_from([" the city ", ", ", " – ", "\n"]))
def test_every_shipped_pattern_is_found(patterns, between):
    """A text made of a codebook's own forms gives matches that cover each of them, in place and without overlap."""
    # Planted: indexing only the first form; trying the shortest first; letting matches overlap.
    phrases = [" ".join(word.split("|")[-1].rstrip("*") for word in pattern.split()) for pattern in patterns]
    text = between.join(phrases)
    patterns += [pattern.split()[-1] for pattern in patterns if " " in pattern]  # and their last words alone, which may not be counted again
    found = list(matcher(tuple(patterns))(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    covered = {at for match in found for at in range(match.start, match.end)}
    start = 0
    for phrase in phrases:
        start = text.index(phrase, start)
        assert covered & set(range(start, start + len(phrase)))
        start += len(phrase)
    for match in found:
        assert text[match.start : match.end].split()[0].lower().startswith(tuple(f.rstrip("*").lower() for f in patterns[match.row].split()[0].split("|")))


@pytest.mark.parametrize("book", ["cues", "hedges", "labels", "event_verbs", "passives", "acts"])
def test_shipped_word_codebooks(book):
    """Each shipped list is in the catalogue, has a source in each row and no pattern twice for the same code."""
    words = codebooks.words(book)
    assert words.source.notna().all()
    assert not words.duplicated(["code", "value", "pattern"]).any()
    assert book in set(codebooks.catalogue().name)


def test_cues_are_in_one_class_each():
    """No pattern of a cue is in two classes, and there are enough of each class to be of use."""
    cues = codebooks.words("cues")
    assert not cues.pattern.str.lower().duplicated().any()
    assert set(cues.value) == {"neutral", "doubt", "admission", "directive", "emotive", "cognitive"}
    assert cues.value.value_counts().min() >= 20


CUES = [
    ("said", "neutral", "said"),
    ("has repeatedly said", "neutral", "said"),
    ("According to", "neutral", "According to"),
    ("is quoted as saying", "neutral", "is quoted as saying"),
    ("Warns", "directive", "Warns"),
    ("warned against", "directive", "warned against"),
    ("traded blame over", "emotive", "traded blame"),
    ("claims", "doubt", "claims"),
    ("admitted", "admission", "admitted"),
    ("believes", "cognitive", "believes"),
    ("agreed and urged", "directive", "urged"),
    ("zorbed", "unclassified", "zorbed"),
]


@pytest.mark.parametrize(("cue", "value", "evidence"), CUES, ids=[cue for cue, _, _ in CUES])
def test_cue_classes(cue, value, evidence):
    """A cue has the class of the words that decide, and they are its evidence."""
    found = cued(cue)
    codes = na.code_cues(found)
    assert codes.value.tolist() == [value]
    assert found.documents.text[0][codes.start[0] : codes.end[0]] == evidence


def test_no_cue():
    """An attribution without a cue is coded none, so that shares are of all attributions."""
    codes = na.code_cues(cued(""))
    assert codes.value.tolist() == ["none"]
    assert codes.start.isna().all()


def test_seed_cues():
    """On the seed article eight cues are neutral, "warned against" is directive and "traded blame" emotive."""
    assert na.code_cues(seed()).value.value_counts().to_dict() == {"neutral": 8, "directive": 1, "emotive": 1}


def test_seed_labels_hedges_passives():
    """On the seed the labels, the hedges and the passives are the ones a reader marks."""
    units = na.units(seed().documents)
    assert na.code_words(units, codebook="labels").value.tolist() == ["installed", "installed", "annexed", "installed", "occupied"]
    text = SEED["article"]
    appears = na.code_words(units, codebook="hedges")
    assert [text[s:e] for s, e in zip(appears.start, appears.end, strict=True)] == ["appears"]
    codes = na.code_passives(units).query("code == 'passive'")
    assert [(text[s:e], v) for s, e, v in zip(codes.start, codes.end, codes.value, strict=True)] == [("is found", "agentless"), ("were ordered", "agentless")]
    headlines = na.code_words(na.units(na.documents(SEED["headlines"])), codebook="hedges")
    assert headlines.value.tolist() == ["hearsay", "possibility", "appearance"]


def test_loaded_words_have_their_valence():
    """Loaded words are VADER's words from a valence of 1.5, with sign and score; weaker words are not loaded."""
    codes = na.code_words(units_of("The horrific attack was fine, a great poised win."), codebook="loaded_words")
    assert list(zip(codes.value, codes.score, strict=True)) == [("negative", -3.4), ("negative", -2.1), ("positive", 3.1), ("positive", 2.8)]
    assert codes.coder.unique().tolist() == [sentiment.vader_version()]


def test_own_codebook(tmp_path):
    """One's own CSV file works, with scores, and its coder is told by its content."""
    book = tmp_path / "crime.csv"
    book.write_text("code,value,pattern,source,score\ncrime,violent,murder*,me,2.5\ncrime,other,theft|thefts,me,\n", encoding="utf-8")
    codes = na.code_words(units_of("Murders and thefts"), codebook=book)
    assert codes[["code", "value"]].to_numpy().tolist() == [["crime", "violent"], ["crime", "other"]]
    assert codes.score.tolist()[0] == 2.5
    assert re.fullmatch(r"crime@[0-9a-f]{12}", codes.coder[0])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("crime,violent,*murder,me,", "row 2, column 'pattern'"),
        ("crime,violent,mur*der,me,", r"write \*"),
        ("crime,violent,murder,me,much", "'much' is no number"),
    ],
    ids=["begins with *", "* within", "score"],
)
def test_bad_codebooks(tmp_path, row, message):
    """A pattern or score that cannot be used is refused with row, column and remedy."""
    book = tmp_path / "bad.csv"
    book.write_text(f"code,value,pattern,source,score\n{row}\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=message):
        na.code_words(units_of("murder"), codebook=book)


EVIDENCE = ["Kherson was shelled by rebels. ", "Allegedly, they might leave. ", "The so-called regime fell. ", "😀 ", "“War” "]


@settings(max_examples=6)
@given(st.lists(st.sampled_from(EVIDENCE), min_size=1, max_size=5))
def test_evidence_is_in_the_document(parts):
    """Whatever the unit, evidence offsets point at words of the codebook in the document."""
    # Planted: offsets counted from the unit instead of the document.
    documents = na.documents(["Rain. " + "".join(parts)])
    text = documents.text[0]
    for book in ("hedges", "labels", "loaded_words"):
        codes = na.code_words(na.units(documents), codebook=book)
        expected = {"shelled", "Allegedly", "might", "so-called", "regime", "War", "rebels"}
        assert {text[s:e] for s, e in zip(codes.start, codes.end, strict=True)} <= expected
        assert len(codes) == len(na.code_words(na.units(documents, unit="document"), codebook=book))


def test_no_units_no_codes():
    """Tables without rows give proper tables without rows."""
    nothing = tables.empty("units")
    found = Found(tables.empty("documents"), tables.empty("attributions"), tables.empty("spans"))
    assert na.code_words(nothing, codebook="hedges").empty
    assert na.code_cues(found).empty
