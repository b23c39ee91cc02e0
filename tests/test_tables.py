"""The tables: what is refused, in which words, and that the data dictionary is current."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsanalysis import tables
from newsanalysis.tables import SCHEMAS, TableError, check, empty

DICTIONARY = Path(__file__).parent.parent / "docs" / "data-dictionary.md"

ROWS: dict[str, dict[str, object]] = {
    "documents": {"document_id": "a", "text": "Rain fell.", "kind": "article"},
    "attributions": {"attribution_id": "a#1", "document_id": "a", "kind": "direct", "content": "x", "start": 0, "end": 3, "attributor": "p@1"},
    "spans": {"attribution_id": "a#1", "role": "cue", "start": 0, "end": 4, "text": "said"},
    "units": {"unit_id": "a:s1", "document_id": "a", "unit": "sentence", "start": 0, "end": 4, "text": "Rain"},
    "codes": {"unit_id": "a:s1", "document_id": "a", "unit": "sentence", "code": "tone", "coder": "v@1"},
    "mentions": {
        "mention_id": "a:m1",
        "document_id": "a",
        "unit_id": "a:s1",
        "text": "Rain",
        "start": 0,
        "end": 4,
        "document_start": 0,
        "document_end": 4,
    },
    "measures": {"measure": "share_of_voice", "camp": "nato", "estimate": 0.5, "n": 2, "n_documents": 1},
    "report": {"source_file": "a.txt", "status": "kept", "n_documents": 1},
    "errors": {"document_id": "a", "stage": "attribute", "error": "too long"},
}


def table(name: str, *changes: dict[str, object]) -> pd.DataFrame:
    """Return a right table with one row for each change, which is put over the row."""
    return pd.DataFrame([{**ROWS[name], **change} for change in changes or ({},)])


def test_data_dictionary_is_current() -> None:
    """The committed data dictionary is what the schemas say."""
    assert DICTIONARY.read_text("utf-8") == tables.data_dictionary()


@pytest.mark.parametrize("name", SCHEMAS)
def test_empty_tables_are_right(name: str) -> None:
    """A table without rows has the declared columns and types and passes its own check."""
    nothing = empty(name)
    assert len(nothing) == 0 and sorted(nothing.columns) == sorted(SCHEMAS[name].columns)
    pd.testing.assert_frame_equal(check(nothing, name), nothing)


@pytest.mark.parametrize("name", SCHEMAS)
def test_right_rows_pass_and_stay(name: str) -> None:
    """A right table passes, optional columns are added as missing, types are the same as in the empty table, and the input stays as it was."""
    before = table(name).set_index(pd.Index([7]))
    copy = before.copy()
    after = check(before, name)
    pd.testing.assert_frame_equal(before, copy)
    assert after.index.tolist() == [0]
    assert after.drop(columns="camp", errors="ignore").dtypes.to_dict() == empty(name).dtypes.to_dict()
    pd.testing.assert_frame_equal(check(after, name), after)


def test_order_of_columns() -> None:
    """Declared columns come first and further ones are kept after them; a measure's groups stand behind its name."""
    assert check(table("errors").assign(more=1)[["more", "error", "stage", "document_id"]], "errors").columns.tolist() == [
        "document_id",
        "stage",
        "error",
        "more",
    ]
    assert check(table("measures"), "measures").columns.tolist() == ["measure", "camp", "estimate", "ci_low", "ci_high", "n", "n_documents"]


def test_types_are_made_right() -> None:
    """Numbers for ids become text, dates become UTC, and missing stays missing, never the word 'nan'."""
    changes = [{"document_id": 7, "published": "2015-03-12"}, {"document_id": 8, "title": "T", "published": None}]
    documents = check(table("documents", *changes), "documents")
    assert documents["document_id"].tolist() == ["7", "8"]
    assert documents["title"].isna().tolist() == [True, False] and documents["copy_of"].isna().all()
    assert documents["published"].tolist() == [pd.Timestamp("2015-03-12", tz="UTC"), pd.NaT]
    naive = check(table("documents").assign(published=pd.Timestamp("2015-03-12 10:00")), "documents")
    assert naive["published"][0] == pd.Timestamp("2015-03-12 10:00", tz="UTC")


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        pytest.param(
            "documents",
            [{}, {}],
            "documents: column 'document_id' is wrong in 2 of 2 rows, first in row 0 (document_id 'a'): found 'a'; allowed: each value may occur once.",
            id="twice",
        ),
        pytest.param(
            "documents",
            [{}, {"document_id": "b", "text": " "}],
            "documents: column 'text' is wrong in 1 of 2 rows, first in row 1 (document_id 'b'): found ' '; allowed: not blank.",
            id="blank",
        ),
        pytest.param(
            "documents",
            [{"text": None}],
            "documents: column 'text' is wrong in 1 of 1 rows, first in row 0 (document_id 'a'): found nan; allowed: a value is needed.",
            id="missing",
        ),
        pytest.param("documents", [{"kind": "poem"}], "found 'poem'; allowed: one of article, headline, summary.", id="category"),
        pytest.param("documents", [{"published": "soon"}], "found 'soon'; allowed: values of type datetime64[us, UTC].", id="date"),
        pytest.param("attributions", [{"confidence": 1.5}], "found 1.5; allowed: between 0 and 1.", id="range"),
        pytest.param("spans", [{"start": -1}], "found -1; allowed: at least 0.", id="negative"),
        pytest.param("spans", [{"start": "q"}], "found 'q'; allowed: values of type int64.", id="no-number"),
        pytest.param(
            "spans",
            [{"start": None}],
            "column 'start' is wrong in 1 of 1 rows, first in row 0 (attribution_id 'a#1'): found None; allowed: values of type int64.",
            id="no-offset",
        ),
        pytest.param(
            "spans",
            [{"start": 1.5}],
            "spans: column 'start' is wrong in 1 of 1 rows, first in row 0 (attribution_id 'a#1'): found 1.5; allowed: whole numbers.",
            id="fraction",
        ),
        pytest.param(
            "units",
            [{}, {"unit_id": "b", "start": 4}],
            "units: column 'end' is wrong in 1 of 2 rows, first in row 1 (unit_id 'b'): found start 4, end 4; allowed: greater than start.",
            id="empty-span",
        ),
        pytest.param("codes", [{"start": 5, "end": 2}], "found start 5, end 2; allowed: greater than start.", id="backward-evidence"),
        pytest.param("measures", [{"estimate": "q"}], "first in row 0 (measure 'share_of_voice'): found 'q'; allowed: values of type float64.", id="measure"),
    ],
)
def test_wrong_tables_are_named(name: str, changes: list[dict[str, object]], sentence: str) -> None:
    """The message names table, column, how many rows, the first row's key, the value and what is allowed."""
    with pytest.raises(TableError) as caught:
        check(table(name, *changes), name)
    assert sentence in str(caught.value) and "\n" not in str(caught.value)


def test_wrong_shapes_are_named() -> None:
    """No table, an unknown name, missing columns and a column that is there twice each get a sentence."""
    right = table("errors")
    for wrong, name, sentence in (
        (7, "errors", "errors: a pandas DataFrame is needed, not int."),
        (right, "error", "no table is called 'error'; the tables are documents, attributions"),
        (right[["error"]], "errors", "errors: columns 'document_id', 'stage' are missing; the columns found are error."),
        (pd.DataFrame(), "errors", "the columns found are none."),
        (pd.concat([right, right[["error"]]], axis=1), "errors", "errors: column 'error' is there twice; keep one of them."),
    ):
        with pytest.raises(TableError) as caught:
            check(wrong, name)  # type: ignore[arg-type]
        assert sentence in str(caught.value)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), min_size=1, max_size=5), st.sampled_from([np.int64, np.float64, object]))
def test_offsets_pass_if_and_only_if_they_are_spans(offsets: list[tuple[int, int]], dtype: type) -> None:
    """Spans pass exactly when 0 <= start < end in every row, whatever type the numbers come in.

    Catches: a check of the first row only, an empty span let through, offsets changed by a conversion.
    """
    spans = table("spans", *({"start": start, "end": end} for start, end in offsets)).astype({"start": dtype, "end": dtype})
    if all(0 <= start < end for start, end in offsets):
        checked = check(spans, "spans")
        assert list(zip(checked["start"], checked["end"], strict=True)) == offsets
    else:
        with pytest.raises(TableError):
            check(spans, "spans")


def test_half_characters_are_refused() -> None:
    """Half a surrogate pair is refused by column and row; a long text is shown in part."""
    broken = pd.DataFrame({**ROWS["documents"], "text": pd.Series(["a\ud800b"], dtype=object)})
    with pytest.raises(TableError, match=r"column 'text' is wrong in 1 of 1 rows, first in row 0 \(document_id 'a'\): found 'a\\ud800b'; .*surrogates"):
        check(broken, "documents")
    long = pd.DataFrame({**ROWS["documents"], "text": pd.Series(["\ud800" * 500], dtype=object)})
    with pytest.raises(TableError, match="surrogates") as refused:
        check(long, "documents")
    assert len(str(refused.value)) < 300
