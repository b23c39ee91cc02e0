"""Labels of actors: attached to the right mention, in place, and never across clauses or under negation."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis.codebooks import CodebookError

GOLD = [json.loads(line) for line in (Path(__file__).parent / "data" / "labels_gold.jsonl").read_text(encoding="utf-8").splitlines()]


def labelled(*texts, codebook="labels"):
    """The codes of texts, each a document."""
    return na.code_labels(na.mentions(na.documents(list(texts))), codebook=codebook)


LABELS = [
    pytest.param("The separatist leader Denis Pushilin left.", [("separatist", "separatist", "premodifier", "Denis Pushilin")], id="before the name"),
    pytest.param("Denis Pushilin, the separatist leader, left.", [("separatist", "separatist", "apposition", "Denis Pushilin")], id="after the name"),
    pytest.param("A pro-Kremlin politician, Oleg Tsaryov, left.", [("pro-Kremlin", "pro", "apposition", "Oleg Tsaryov")], id="apposition before"),
    pytest.param("Russia is the aggressor.", [("aggressor", "invader", "predicate", "Russia")], id="after is"),
    pytest.param("Putin's regime fell.", [("regime", "regime", "genitive", "Vladimir Putin")], id="genitive"),
    pytest.param("The regime of Vladimir Putin fell.", [("regime", "regime", "genitive", "Vladimir Putin")], id="of"),
    pytest.param("Pro-Russian separatists left.", [("Pro-Russian", "pro", "name", "separatists")], id="in the name"),
    pytest.param("Russia is not the aggressor.", [], id="negated"),
    pytest.param("The head of Russia is a dictator.", [], id="said of another"),
    pytest.param("Denis Pushilin, head of the breakaway region, left.", [], id="behind a preposition"),
    pytest.param("Vladimir Putin met separatist voters.", [], id="another's label"),
    pytest.param("Rebels said Ukraine had attacked.", [], id="another clause"),
]


@pytest.mark.parametrize(("text", "expected"), LABELS)
def test_labels(text, expected):
    """A label is given to the actor that it is said of, with its category and how it is attached."""
    codes = labelled(text)
    assert list(codes[["words", "value", "relation", "actor"]].itertuples(index=False, name=None)) == expected
    assert [text[start:end] for start, end in zip(codes.start, codes.end, strict=True)] == codes.words.tolist()


@pytest.mark.parametrize("marks", ["“”", "‘’", '""', "«»"])
def test_marks_around_a_name(marks):
    """Marks that enclose the name alone are a label; those of a quotation in which it is named are not."""
    text = f"The {marks[0]}Donetsk People's Republic{marks[1]} opened a bank."
    codes = labelled(text, f"{marks[0]}Donetsk People's Republic opened a bank,{marks[1]} he wrote.")
    assert codes[["value", "relation", "actor_id"]].to_numpy().tolist() == [["scare_quotes", "marks", "dnr"]]
    assert codes.words.tolist() == [text[4 : text.index(" opened")]]


def test_voice_comes_with_the_mention():
    """Whose label it is: the mention's voice and attribution stand beside it."""
    found = na.attribute(na.documents(["The mayor said the separatist leader Denis Pushilin had fled."]), attributor="patterns")
    codes = na.code_labels(na.mentions(found))
    assert codes.voice.tolist() == ["attributed"]
    assert codes.attribution_id.tolist() == found.attributions.attribution_id.tolist()


def test_own_codebook(tmp_path):
    """A codebook of one's own is used by the same rules; a missing one is refused."""
    path = tmp_path / "mine.csv"
    path.write_text("code,value,pattern,source\nname,cold,icy,mine\n", encoding="utf-8")
    codes = labelled("The icy leader Vladimir Putin left.", codebook=path)
    assert codes[["code", "value"]].to_numpy().tolist() == [["label", "cold"]]
    with pytest.raises(CodebookError, match="no such word codebook"):
        labelled("Putin left.", codebook="no_such")


def test_what_is_no_codebook_is_refused():
    """A table, or a misspelt name: what to give."""
    mentions = na.mentions(na.documents(["The separatist leader Denis Pushilin left."]))
    with pytest.raises(CodebookError, match=r"given by name \(.*labels.*\) or by the path of a CSV file, not as a DataFrame; write a table to a file"):
        na.code_labels(mentions, codebook=mentions)
    with pytest.raises(CodebookError, match=r"Is 'labels' meant\?"):
        na.code_labels(mentions, codebook="lables")


def test_no_labels():
    """Without mentions or labels there is an empty table with the same columns."""
    assert labelled("It rained.").columns.tolist() == labelled("The dictator Vladimir Putin left.").columns.tolist()
    assert labelled("Putin left.").empty


@pytest.mark.parametrize(("part", "least"), [("tune", 1.0), ("blind", 0.9)])
def test_gold(part, least):
    """F1 by label and mention on the gold does not fall below what was measured; each record has just its labels."""
    rows = [row for row in GOLD if row["part"] == part]
    documents = na.documents([row["text"] for row in rows])
    mentions = na.mentions(documents)
    codes = na.code_labels(mentions).merge(mentions, left_on="unit_id", right_on="mention_id", suffixes=("", "_of"))
    texts = dict(zip(documents.document_id, documents.text, strict=True))
    got = {
        (key, "scare quotes" if value == "scare_quotes" else words, texts[key][:end].split()[-1])
        for key, value, words, end in zip(codes.document_id, codes.value, codes.words, codes.document_end, strict=True)
    }
    gold = {(key, one["label"], one["mention"].split()[-1]) for key, row in zip(texts, rows, strict=True) for one in row["labels"]}
    got = {(key, label, name.strip("“‘")) for key, label, name in got}
    assert 2 * len(got & gold) / (len(got) + len(gold)) >= least


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["The separatist leader Denis Pushilin left.", "Russia is the aggressor.", "“Stay,” said Ann Lee.", "It rained."]), max_size=6))
def test_evidence_is_in_the_document(parts):
    """Wherever the sentence stands, the label's offsets give its words, and each sentence gives what it gives alone."""
    # Planted: offsets counted in the sentence instead of the document.
    text = "\n".join([*parts, "It snowed."])
    codes = labelled(text)
    assert [text[start:end] for start, end in zip(codes.start, codes.end, strict=True)] == codes.words.tolist()
    assert len(codes) == sum(part.startswith(("The", "Russia")) for part in parts)


def test_rows_of_any_index_are_their_own():
    """A table of mentions with doubled row labels, in another order, has the same labels for the same mentions."""
    # Planted: looking a mention up by its row label.
    mentions = na.mentions(na.documents(["The separatist leader Denis Pushilin met Vladimir Putin.", "The “Donetsk People's Republic” voted."]))
    expected = na.code_labels(mentions)
    turned = mentions.iloc[::-1].set_axis([7] * len(mentions))
    found = na.code_labels(turned)
    assert set(found.unit_id) == set(expected.unit_id)
    assert found[["unit_id", "actor", "value"]].to_numpy().tolist() == expected[["unit_id", "actor", "value"]].to_numpy().tolist()
