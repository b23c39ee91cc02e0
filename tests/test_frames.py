"""Frames: the words found, the rule from words to yes or no, the questions for hand coders, and what their answers come to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import codebooks
from newsanalysis.codebooks import CodebookError
from newsanalysis.framing import frames

GENERIC = ["responsibility", "human_interest", "conflict", "morality", "economic"]
GOLDEN = {
    "responsibility": "The council blamed lax inspectors and says a remedy is urgent.",
    "human_interest": "A widow wept as she spoke of her daughters.",
    "conflict": "The two rivals accused each other.",
    "morality": "A bishop called it a shameful act.",
    "economic": "The bridge cost taxpayers a billion.",
}


def one(text, codebook="frames_generic"):
    """Codes of one document with the words of their evidence."""
    documents = na.documents([text])
    codes = na.code_frames(documents, codebook=codebook)
    return documents, codes.assign(words=[documents.text[0][start:end] for start, end in zip(codes.start, codes.end, strict=True)])


@pytest.mark.parametrize("frame", GENERIC)
def test_a_plain_sentence_shows_its_frame(frame):
    """A sentence made for a frame has at least two of its indicators, with the item that each belongs to."""
    _, codes = one(GOLDEN[frame])
    found = codes[codes.value == frame]
    assert len(found) >= 2
    assert set(found["item"]) <= set(frames._items("frames_generic")["item"])


def test_a_sentence_without_indicators_has_none():
    """Nothing is found in a sentence about the weather, and the table keeps its columns."""
    _, codes = one("Rain fell on Tuesday.")
    assert codes.empty
    assert codes.columns.tolist()[-2:] == ["item", "words"]


def test_a_word_can_belong_to_several_frames():
    """The same words are evidence of two frames; the indicators of one frame never overlap."""
    _, codes = one("The senator won the poll.", "frames_policy")
    assert {"political", "public_opinion"} <= set(codes.value)


def test_capitals_count_where_the_codebook_says_so():
    """A bill is an indicator of policy, Bill is a man."""
    assert "policy" in set(one("They passed the bill.", "frames_policy")[1].value)
    assert "policy" not in set(one("They met Bill there.", "frames_policy")[1].value)


def test_units_of_one_voice_are_coded_alone():
    """Words in a quotation are no evidence in the outlet's own voice, and offsets are the document's."""
    documents = na.documents(["The road opened. “They accused us,” the mayor said."])
    segments = na.units(na.attribute(documents, attributor="patterns"), unit="segment")
    own, attributed = (na.code_frames(segments[segments.voice == voice]) for voice in ("own", "attributed"))
    assert "conflict" not in set(own.value)
    row = attributed[attributed.value == "conflict"].iloc[0]
    assert documents.text[0][row.start : row.end] == "accused"


PARTS = [*GOLDEN.values(), "Rain fell on Tuesday.", "The costs rose; critics accused the bank."]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6))
def test_evidence_is_in_the_text_and_the_score_is_its_rate(parts):
    """Every code points at words of the document, indicators of a frame do not overlap, and the score is 100 · k / w."""
    # planted faults seen caught: offsets of the unit for those of the document; the count of all frames for that of one
    documents = na.documents(["Lead. " + " ".join(parts)])
    units = na.units(documents)
    codes = na.code_frames(units)
    text = documents.text[0]
    for unit_id, start, end in zip(codes.unit_id, codes.start, codes.end, strict=True):
        unit = units.set_index("unit_id").loc[unit_id]
        assert unit.start <= start < end <= unit.end
        assert text[start].isalnum()
        assert text[end - 1].isalnum()
        assert not text[start - 1 : start].isalnum()
    for _, rows in codes.groupby(["unit_id", "value"]):
        assert (rows.start.to_numpy()[1:] >= rows.end.to_numpy()[:-1]).all()
    said = na.indicated_frames(codes, units, at_least=5)
    assert len(said) == len(units) * len(GENERIC)
    counts = codes.groupby(["unit_id", "value"]).size()
    words = units.set_index("unit_id").text.str.count(r"\w+")
    expected = [100 * counts.get((unit, frame), 0) / words[unit] for unit, frame in zip(said.unit_id, said.code, strict=True)]
    assert np.allclose(said.score, expected)
    assert (said.value == np.where(said.score >= 5, "yes", "no")).all()


def test_the_rule_is_the_fraction():
    """Two indicators in nine words are 200/9 per 100; that threshold is reached, a larger one is not."""
    documents = na.documents(["Rivals accused the mayor. The bridge will open soon."])
    codes = na.code_frames(documents)
    for limit, value in ((200 / 9, "yes"), (200 / 9 + 1e-9, "no")):
        said = na.indicated_frames(codes, documents, at_least={**dict.fromkeys(GENERIC, 1), "conflict": limit}).set_index("code")
        assert said.loc["conflict", ["value", "score"]].tolist() == [value, pytest.approx(200 / 9)]


def test_codes_of_other_units_are_refused():
    """Codes of sentences against documents, and codes by another codebook, would be a no everywhere: refused; no codes at all are a no."""
    # Planted: codes of other units passed over, as before: no error.
    documents = na.documents(["Rivals accused the mayor. The bridge will cost five million dollars."])
    sentences = na.units(documents)
    codes = na.code_frames(sentences)
    assert set(na.indicated_frames(codes, sentences).value) == {"yes", "no"}
    with pytest.raises(na.TableError, match=r"codes are of units that are not in units, first 'text-1:s1'; give the units that were coded"):
        na.indicated_frames(codes, documents)
    with pytest.raises(na.TableError, match="no code is a frame_indicator by frames_policy@"):
        na.indicated_frames(codes, sentences, codebook="frames_policy")
    assert set(na.indicated_frames(codes.head(0), sentences).value) == {"no"}


def test_what_was_found_is_coded_by_its_documents():
    """A Found stands for its documents; anything else is refused in words."""
    found = na.attribute(na.documents([GOLDEN["conflict"]]))
    codes = na.code_frames(found)
    pd.testing.assert_frame_equal(codes, na.code_frames(found.documents))
    pd.testing.assert_frame_equal(na.indicated_frames(codes, found), na.indicated_frames(codes, found.documents))
    with pytest.raises(na.TableError, match=r"code_frames: units, documents or what na\.attribute returned is needed, not str"):
        na.code_frames("The two rivals accused each other.")


def test_a_misspelt_frame_codebook_has_a_nearest():
    """The message asks for the nearest name."""
    documents = na.documents(["Rain fell."])
    for call in (lambda: na.code_frames(documents, codebook="frames_generik"), lambda: na.frame_items("frames_generik")):
        with pytest.raises(CodebookError, match=r"Is 'frames_generic' meant\?"):
            call()


def test_shipped_codebooks_have_thresholds_of_their_own():
    """Without at_least the tuned thresholds hold; each frame with words has one."""
    documents = na.documents(["Rain fell on Tuesday."])
    for codebook, n in (("frames_generic", 5), ("frames_policy", 14)):
        said = na.indicated_frames(na.code_frames(documents, codebook=codebook), documents, codebook=codebook)
        assert said.value.tolist() == ["no"] * n


def test_a_codebook_of_ones_own(tmp_path):
    """A file with code, value, pattern and source is enough; its thresholds must be said, and its frames named."""
    path = tmp_path / "mine.csv"
    path.write_text("code,value,pattern,source\nframe_indicator,sport,match|matches,own\n", encoding="utf-8")
    documents = na.documents(["The match was long."])
    codes = na.code_frames(documents, codebook=path)
    assert codes.value.tolist() == ["sport"]
    assert na.indicated_frames(codes, documents, codebook=path, at_least=1).value.tolist() == ["yes"]
    with pytest.raises(ValueError, match="no threshold for 'sport'"):
        na.indicated_frames(codes, documents, codebook=path)
    with pytest.raises(ValueError, match="above 0"):
        na.indicated_frames(codes, documents, codebook=path, at_least=0)
    path.write_text("code,value,pattern,source\nframe_indicator,,match,own\n", encoding="utf-8")
    with pytest.raises(CodebookError, match="row 2: a frame codebook"):
        na.code_frames(documents, codebook=path)


def test_questions_are_a_codebook_for_coders():
    """19 questions with yes and no; 15 policy frames with yes and no, and the primary one; every keyword item is a question."""
    generic, policy = na.frame_items("frames_generic"), na.frame_items("frames_policy")
    assert generic.columns.tolist() == ["variable", "value", "label", "definition", "level"]
    assert generic.variable.nunique() == 19
    assert policy.groupby("variable").size().to_dict()["policy_primary"] == 15
    assert policy.variable.nunique() == 16
    indicators = codebooks.words("frames_generic")
    assert set(indicators.value + "." + indicators["item"]) <= set(generic.variable)
    with pytest.raises(CodebookError, match="no questions"):
        na.frame_items("hedges")


@pytest.mark.parametrize("codebook", frames.SHIPPED)
def test_questions_make_a_coding_sheet(tmp_path, codebook):
    """The validation loop's sheet takes the questions as they are: a column for each question and coder."""
    documents = na.documents(["Rivals accused the mayor."])
    questions = na.frame_items(codebook)
    [path] = na.coding_sheet(na.units(documents, unit="document").assign(weight=1.0), documents, tmp_path / "sheet.csv", codebook=questions)
    header = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert all(f"{question} [A]" in header for question in questions.variable.unique())


def answers(yes, *, frame="conflict", coder="ann"):
    """Hand codes for the questions of a frame, those named answered yes."""
    items = frames._items("frames_generic").query("frame == @frame")["item"]
    rows = [("u1", "d1", coder, f"{frame}.{item}", "yes" if item in yes else "no") for item in items]
    return pd.DataFrame(rows, columns=["unit_id", "document_id", "coder", "variable", "value"])


@pytest.mark.parametrize(
    ("frame", "yes", "value", "score"),
    [
        ("conflict", [], "no", 0),
        ("conflict", ["sides"], "no", 1 / 4),
        ("conflict", ["sides", "reproach"], "yes", 2 / 4),
        ("responsibility", ["urgent", "solution"], "yes", 2 / 5),
        ("morality", ["religion"], "yes", 1 / 3),
    ],
)
def test_answers_come_to_a_frame(frame, yes, value, score):
    """Two yeses of four or five, one of three; the score is the share."""
    result = na.answered_frames(answers(yes, frame=frame))
    assert result[["variable", "value"]].to_numpy().tolist() == [[frame, value]]
    assert result.score[0] == pytest.approx(score)


def test_coders_are_kept_apart():
    """Each coder's answers make that coder's frame."""
    both = pd.concat([answers(["sides", "reproach"]), answers([], coder="ben")])
    assert na.answered_frames(both).set_index("coder").value.to_dict() == {"ann": "yes", "ben": "no"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda codes: codes.drop(columns="coder"), "column 'coder' is missing"),
        (lambda codes: codes.assign(value="perhaps"), "'perhaps'; answer yes or no"),
        (lambda codes: pd.concat([codes, codes.head(1)]), "twice; keep one answer"),
        (lambda codes: codes.tail(3), "answered 3 of the 4 questions of 'conflict'"),
    ],
    ids=["no coder", "perhaps", "twice", "left out"],
)
def test_answers_that_do_not_add_up_are_refused(change, message):
    """The error names the question and the unit."""
    with pytest.raises(ValueError, match=message):
        na.answered_frames(change(answers([])))


def test_every_pattern_finds_itself():
    """Each row of the shipped lists can be found: its first form, put alone, is an indicator of its frame."""
    for codebook in frames.SHIPPED:
        _, books = frames._frames_of(codebook)
        words = codebooks.words(codebook)
        find = {book.name: book.find for book in books}
        lost = []
        for frame, pattern in zip(words.value, words.pattern, strict=True):
            text = " ".join(form.split("|")[0].replace("*", "") for form in pattern.split())
            if not any(match.start == 0 and match.end == len(text) for match in find[frame](text)):
                lost.append((frame, pattern))
        assert not lost
