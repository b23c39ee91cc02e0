"""Measures from tallies: to the last bit those of the whole tables, however the corpus is cut; unresolved sources likewise."""

import dataclasses
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import codebooks, corpus_measures, measures, tables
from newsanalysis.corpus_measures import measures_of, sources, tallies, unresolved_in_pieces, unresolved_of
from newsanalysis.found import Found
from newsanalysis.partitions import coded
from newsanalysis.tables import TableError

SEEDS = Path(__file__).parents[1] / "seeds"
CAMPS = ["nato", "russian", "ukrainian", "other"]
WORDS = ["a", "bb c", "d e f g", "h.", "i j k l m n o p q"]


def measured(attributions, segments, codes, camps):
    """The measures of whole tables, by the public functions."""
    of_camps = codes.merge(attributions[["attribution_id", "affiliation"]], left_on="unit_id", right_on="attribution_id")
    voiced = codes.merge(segments[["unit_id", "voice"]], on="unit_id")
    made = [
        na.share_of_voice(attributions, count="words"),
        na.share_of_voice(attributions, count="attributions"),
        na.kind_share(attributions),
        na.unnamed_share(attributions, by="affiliation"),
        na.source_diversity(attributions, levels=camps),
        na.code_share(of_camps, code="cue_class", by="affiliation"),
        na.mean_tone(codes, segments, by="voice"),
        na.voice_gap(codes, segments),
        na.code_share(voiced, code="label"),
        na.code_share(codes, code="passive"),
        *(na.word_rate(codes, segments, code=code, by="voice") for code in ("hedge", "loaded_word")),
    ]
    return tables.check(pd.concat([table for table in made if len(table)], ignore_index=True), "measures")


def expected(found, segments, codes, camps):
    """The table that the tallies must give."""
    copies = set(found.documents.document_id[found.documents.copy_of.notna()])
    parts = [("kept", (found.attributions, segments, codes))]
    if copies:
        parts.append(("left out", tuple(table[~table.document_id.isin(copies)] for table in (found.attributions, segments, codes))))
    whole = [measures.with_copies(measured(*three, camps), said) for said, three in parts]
    return tables.check(pd.concat(whole, ignore_index=True), "measures")


def written(folder, cuts, found, segments, codes, camps):
    """Files with the tallies of runs of the documents."""
    ids = found.documents.document_id.tolist()
    files = []
    for number, (low, high) in enumerate(zip([0, *cuts], [*cuts, len(ids)], strict=True)):
        part = set(ids[low:high])
        here = found.within(found.documents[found.documents.document_id.isin(part)])
        table = tallies(here, segments[segments.document_id.isin(part)], codes[codes.document_id.isin(part)], camps)
        files.append(folder / f"{number}.parquet")
        table.to_parquet(files[-1], index=False)
    return files


@st.composite
def corpora(draw):
    """Invented corpora: documents with attributions, segments and codes of all kinds, some of them copies."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.integers(0, 12))
    ids = [f"d{k}" for k in range(n)]
    said, cut, codes = [], [], []
    for document in ids:
        for k in range(rng.integers(0, 5)):
            key = f"{document}#{k}"
            said.append((key, document, *(rng.choice(names) for names in (tables.KINDS, WORDS, [*CAMPS, None], ["X", "unnamed officials", None]))))
            if rng.random() < 0.8:
                codes.append((key, document, "attribution", "cue_class", rng.choice(["neutral", "doubt", None]), None, "cues@1"))
        for k in range(rng.integers(0, 6)):
            key = f"{document}:s{k}"
            cut.append((key, document, rng.choice(WORDS), rng.choice(["own", "attributed", None])))
            tones = [float(rng.normal() / 3) if rng.random() < 0.9 else None for _ in range(2)]
            codes += [(key, document, "segment", "tone", None, tone, coder) for tone, coder in zip(tones, ("vader@1", "textblob@1"), strict=True)]
            some = [code for code in ("hedge", "loaded_word", "label", "passive") if rng.random() < 0.3]
            codes += [(key, document, "segment", code, f"{code}{rng.integers(4)}", None, "words@1") for code in some]
    copy_of = [ids[0] if k and rng.random() < 0.3 else None for k in range(n)] if draw(st.booleans()) else [None] * n
    documents = tables.empty("documents")
    if n:
        documents = na.documents(pd.DataFrame({"document_id": ids, "text": [f"Text {k}." for k in range(n)], "copy_of": copy_of}))
    names = ["attribution_id", "document_id", "kind", "content", "affiliation", "speaker"]
    attributions = tables.check(pd.DataFrame(said, columns=names).assign(start=0, end=1, attributor="hand@1"), "attributions")
    segments = tables.check(pd.DataFrame(cut, columns=["unit_id", "document_id", "text", "voice"]).assign(unit="segment", start=0, end=9), "units")
    named = pd.DataFrame(codes, columns=["unit_id", "document_id", "unit", "code", "value", "score", "coder"])
    cuts = sorted(draw(st.lists(st.integers(0, n), max_size=4)))
    return cuts, Found(documents, attributions, tables.empty("spans")), segments, tables.check(named, "codes")


# planted: sums taken in the order of rows instead of size; cells left in the order of the files; a document counted in the partition's numbers
@given(corpora())
@settings(max_examples=12, deadline=None)
def test_any_partitioning_gives_the_same_bits(tmp_path_factory, corpus):
    """However the corpus is cut, the tallies give the measures of the whole tables, bit for bit, with and without copies."""
    cuts, found, segments, codes = corpus
    files = written(tmp_path_factory.mktemp("tallies"), cuts, found, segments, codes, CAMPS)
    pd.testing.assert_frame_equal(measures_of(files), expected(found, segments, codes, CAMPS), check_exact=True)


def test_the_seed(tmp_path):
    """The seed's measures and unresolved sources are those of its whole tables, whole or cut in two."""
    documents = na.read(SEEDS)
    found = na.resolve(na.attribute(documents, attributor="patterns"))
    segments = na.units(found, unit="segment")
    codes = coded(found, na.units(found), segments)
    camps = codebooks.read("ukraine_war").affiliations["affiliation"].tolist()
    for cuts in ([], [5], [1, 1, 9]):
        files = written(tmp_path, cuts, found, segments, codes, camps)
        pd.testing.assert_frame_equal(measures_of(files), expected(found, segments, codes, camps), check_exact=True)
    parts = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for file, rows in zip(parts, (found.attributions[:7], found.attributions[7:]), strict=True):
        sources(rows).to_parquet(file, index=False)
    pd.testing.assert_frame_equal(unresolved_of(parts), na.unresolved(found))


def test_no_files():
    """Without files the diversity is missing and nothing else is there."""
    table = measures_of([])
    assert table.measure.tolist() == ["entropy_normalised", "simpson", "effective_number"]
    assert table.estimate.isna().all()
    assert (table.copies == "kept").all()


def invented(coder="words@1"):
    """A document with a segment and a code."""
    documents = na.documents(["Something happened."])
    segments = tables.check(
        pd.DataFrame([("u", "text-1", "Something", "own", "segment", 0, 9)], columns=["unit_id", "document_id", "text", "voice", "unit", "start", "end"]),
        "units",
    )
    codes = pd.DataFrame([("u", "text-1", "segment", "hedge", "something", coder)], columns=["unit_id", "document_id", "unit", "code", "value", "coder"])
    return Found(documents, tables.empty("attributions"), tables.empty("spans")), segments, tables.check(codes, "codes")


def test_partitions_of_different_making_are_refused(tmp_path):
    """Two coders of a code, or two codebooks, are refused with what to do."""
    for number, (coder, camps) in enumerate((("words@1", ["a"]), ("words@2", ["a"]), ("words@1", ["b"]))):
        tallies(*invented(coder), camps).to_parquet(tmp_path / f"{number}.parquet")
    with pytest.raises(TableError, match=r"code 'hedge' is of 2 coders \(words@1, words@2\)"):
        measures_of([tmp_path / "0.parquet", tmp_path / "1.parquet"])
    with pytest.raises(TableError, match=r"2.parquet was made with the camps b, others with a"):
        measures_of([tmp_path / "0.parquet", tmp_path / "2.parquet"])


def test_tables_of_other_documents_are_refused():
    """Rows of documents that are not of the partition, and camps that the codebook does not have, are named."""
    found, segments, codes = invented()
    with pytest.raises(TableError, match="document 'x' is not among the partition's"):
        tallies(found, segments.assign(document_id="x"), codes, ["a"])
    rows = pd.DataFrame([("1", "text-1", "direct", "No", "martian")], columns=["attribution_id", "document_id", "kind", "content", "affiliation"])
    said = tables.check(rows.assign(start=0, end=1, attributor="hand@1"), "attributions")
    with pytest.raises(TableError, match="'martian' is not among the levels"):
        tallies(dataclasses.replace(found, attributions=said), segments, codes, ["a"])


@given(
    st.lists(
        st.tuples(*(st.sampled_from(names) for names in (["X", "Ž", "", None], ["he", "she", "it", None], ["a", None], ["official", None], ["p", None]))),
        max_size=20,
    ),
    st.integers(0, 20),
)
@settings(max_examples=15, deadline=None)
def test_unresolved_of_parts(tmp_path_factory, rows, cut):
    """The sources without a row in the codebook are those of the whole table, in its order: ties, missing speakers and all."""
    # planted: the commonest word by name instead of by which came first
    columns = ["speaker", "source", "affiliation", "role", "actor_id"]
    keys = {"attribution_id": [str(n) for n in range(len(rows))], "document_id": [f"d{n // 3}" for n in range(len(rows))]}
    table = pd.DataFrame(rows, columns=columns).assign(**keys, kind="direct", start=0, end=1, attributor="hand@1")
    table = tables.check(table.assign(content=[f"said {n} " * 30 for n in range(len(rows))]), "attributions")
    cut = cut - cut % 3
    folder = tmp_path_factory.mktemp("parts")
    for name, part in (("a", table[:cut]), ("b", table[cut:])):
        sources(part).to_parquet(folder / f"{name}.parquet", index=False)
    whole = na.unresolved(Found(na.documents(pd.DataFrame({"document_id": [f"d{n}" for n in range(7)], "text": "x"})), table, tables.empty("spans")))
    texts = dict.fromkeys(("speaker", "source", "affiliation", "role", "example"), "str")  # a column without a text has no type of its own
    pd.testing.assert_frame_equal(unresolved_of([folder / "a.parquet", folder / "b.parquet"]), whole.astype(texts))


def test_unresolved_in_pieces(tmp_path, monkeypatch):
    """The pieces follow each other without a gap."""
    monkeypatch.setattr(corpus_measures, "PIECE", 2)
    rows = pd.DataFrame({"attribution_id": list("abcde"), "source": list("vwxyz")}).assign(
        document_id="d", kind="direct", content="No", start=0, end=1, attributor="h@1"
    )
    sources(rows).to_parquet(tmp_path / "a.parquet")
    assert [piece.source.tolist() for piece in unresolved_in_pieces([tmp_path / "a.parquet"])] == [["v", "w"], ["x", "y"], ["z"]]


def test_memory_is_flat(tmp_path):
    """Ten times the documents take less than ten megabytes more, tallies of real size."""
    rng, peaks = np.random.default_rng(0), []
    made = made_up(rng, 200)
    made.to_parquet(tmp_path / "0.parquet", index=False)
    for files in (1, 10):
        tracemalloc.start()
        corpus_measures._read([tmp_path / "0.parquet"] * files, "speaking")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 1_000_000


def made_up(rng, documents):
    """Tallies such as a partition of so many documents has."""
    rows = [("documents", -1, "", "", documents, 0, 0)] + [("levels", -1, camp, "", 0, 0, 0) for camp in CAMPS]
    parts = [pd.DataFrame(rows, columns=corpus_measures.COLUMNS[:7])]
    shapes = {"speaking": (CAMPS, [""], 4), "kinds": (CAMPS, tables.KINDS, 5), "tones": (["a@1", "b@1"], ["own", "attributed"], 4)}
    for name, (labels, others, each) in shapes.items():
        document = np.repeat(np.arange(documents), each)
        size = len(document)
        first = rng.normal(size=size) if name == "tones" else rng.integers(0, 90, size).astype(float)
        columns = {"tally": name, "document": document, "label": rng.choice(labels, size), "label_2": rng.choice(others, size), "n": rng.integers(1, 6, size)}
        parts.append(
            pd.DataFrame(columns).assign(first=first, second=rng.integers(1, 90, size).astype(float)).drop_duplicates(["document", "label", "label_2"])
        )
    whole = pd.concat(parts, ignore_index=True).assign(copy=False)
    return whole.astype({"first": "float64", "second": "float64", "document": "int32"})
