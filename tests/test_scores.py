"""Scores: closed forms, brute force on small texts, and equality with the reference scorer where it is at hand."""

import importlib.util
import itertools
import json
import math
import random
import subprocess
import sys
import unicodedata
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import gold as goldfiles
from newsanalysis import scoring
from newsanalysis.found import Found
from newsanalysis.tables import TableError

SHARED = Path(__file__).parents[2] / "shared"
GOLD = SHARED / "data" / "polnear_dev.jsonl"
needs_shared = pytest.mark.skipif(not GOLD.is_file(), reason="the reference scorer and its corpus are not beside this checkout")

TEXT = "Rain came , Ann said . Bob denied it ."
#       0         1         2         3
#       01234567890123456789012345678901234567
RAIN, ANN, SAID, BOB, DENIED, IT = (0, 9), (12, 15), (16, 20), (23, 26), (27, 33), (34, 36)


def attribution(content: tuple[int, int], source: tuple[int, int] | None = None, cue: tuple[int, int] | None = None) -> dict[str, object]:
    """An attribution as it stands in a gold file."""
    return {"content": [content], "source": [source] if source else [], "cue": [cue] if cue else []}


def found(tmp_path: Path, *documents: tuple[str, str, list[dict[str, object]]]) -> Found:
    """Documents (id, text, attributions) by way of a gold file."""
    lines = [json.dumps({"doc_id": i, "text": text, "attributions": attributions}) for i, text, attributions in documents]
    path = tmp_path / f"{random.getrandbits(32):x}.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return na.read_gold(path)


def figures(scores: pd.DataFrame, measure: str, of: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of one row."""
    group = "kind" if "kind" in scores else "role"
    row = scores[(scores["measure"] == measure) & (scores[group] == of)].iloc[0]
    return row["precision"], row["recall"], row["estimate"]


# ------------------------------------------------------------------------------------------------------------------- facts


def test_a_missed_attribution_costs_recall_only(tmp_path):
    """One of two attributions found: precision 1, recall 1/2, F1 2/3."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN, SAID), attribution(IT, BOB, DENIED)]))
    predicted = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN, SAID)]))
    assert figures(na.attribution_scores(gold, predicted), "attribution", "all") == (1, 1 / 2, 2 / 3)
    assert figures(na.span_scores(gold, predicted), "span", "source") == (1, 1 / 2, 2 / 3)


def test_a_wrong_source_costs_the_attribution_but_not_the_content(tmp_path):
    """A content given to the wrong source is a content found and an attribution missed."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    predicted = found(tmp_path, ("a", TEXT, [attribution(RAIN, BOB)]))
    scores = na.attribution_scores(gold, predicted)
    assert figures(scores, "attribution", "all") == (0, 0, 0)
    assert figures(scores, "content", "indirect") == (1, 1, 1)
    assert figures(scores, "source_given_content", "all") == (0, 0, 0)


def test_half_the_tokens_are_enough_and_less_are_not(tmp_path):
    """Dice of exactly 1/2 matches; one token of four against two of four does not reach it."""
    text = "one two three four"
    gold = found(tmp_path, ("a", text, [attribution((0, 7))]))
    half = found(tmp_path, ("a", text, [attribution((4, 13))]))
    third = found(tmp_path, ("a", text, [attribution((4, 18))]))
    assert figures(na.span_scores(gold, half), "span", "content") == (1, 1, 1)
    assert figures(na.span_scores(gold, third), "span", "content") == (0, 0, 0)
    assert figures(na.span_scores(gold, third), "tokens", "content") == (1 / 3, 1 / 2, 2 / 5)


def test_a_source_absent_on_both_sides_is_the_same_source(tmp_path):
    """Two bare quotations agree; a source against none does not."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN)]))
    assert figures(na.attribution_scores(gold, gold), "attribution_exact", "all") == (1, 1, 1)
    sourced = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    assert figures(na.attribution_scores(gold, sourced), "attribution", "all") == (0, 0, 0)


def test_attributions_that_were_filtered_out_do_not_count(tmp_path):
    """Filtering the attributions is enough; spans of the others may stay."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN), attribution(IT, BOB)]))
    fewer = Found(gold.documents, gold.attributions.head(1), gold.spans)
    assert figures(na.attribution_scores(gold, fewer), "attribution", "all") == (1, 1 / 2, 2 / 3)


def test_a_document_without_prediction_counts_as_without_attributions(tmp_path):
    """A gold document that the prediction lacks lowers recall; a further predicted document is left out."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]), ("b", TEXT, [attribution(IT, BOB)]))
    predicted = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]), ("c", TEXT, [attribution(IT, BOB)]))
    assert figures(na.attribution_scores(gold, predicted), "attribution", "all") == (1, 1 / 2, 2 / 3)


def test_nothing_to_find_and_nothing_found_says_nothing(tmp_path):
    """Without any attribution on either side precision, recall and F1 are missing; with some on one side they are 0."""
    nothing = found(tmp_path, ("a", TEXT, []))
    for score in (na.attribution_scores, na.span_scores, na.who_says_scores):
        scores = score(nothing, nothing)
        assert scores[["precision", "recall", "estimate"]].isna().all(axis=None)
        assert (scores[["n", "n_predicted"]] == 0).all(axis=None)
    some = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    assert figures(na.attribution_scores(nothing, some), "attribution", "all") == (0, 0, 0)
    assert figures(na.attribution_scores(some, nothing), "attribution", "all") == (0, 0, 0)
    assert math.isnan(figures(na.attribution_scores(some, nothing), "attribution", "indirect")[0])


def test_spans_of_attributions_filtered_out_do_not_count(tmp_path):
    """Scores follow the table of attributions; spans of others may stay."""
    both = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN, SAID), attribution(IT, BOB, DENIED)]))
    one = Found(both.documents, both.attributions.head(1), both.spans)
    assert figures(na.span_scores(one, both), "span", "source") == (1 / 2, 1, 2 / 3)


def test_kind_is_told_from_each_sides_own_content(tmp_path):
    """Recall is over gold of the kind, precision over predictions of the kind."""
    text = "“It rains hard now”, Ann said."
    gold = found(tmp_path, ("a", text, [attribution((0, 19), (21, 24))]))
    inner = found(tmp_path, ("a", text, [attribution((1, 18), (21, 24))]))
    scores = na.attribution_scores(gold, inner)
    assert figures(scores, "attribution", "direct")[1] == 1
    assert figures(scores, "attribution", "indirect")[0] == 1
    assert math.isnan(figures(scores, "attribution", "direct")[0])


def test_the_interval_is_missing_with_one_document(tmp_path):
    """One document says nothing about others; two give an interval that holds the estimate."""
    one = ("a", TEXT, [attribution(RAIN, ANN), attribution(IT, BOB)])
    two = ("b", TEXT, [attribution(RAIN, ANN)])
    half = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]), two)
    assert na.span_scores(found(tmp_path, one), half)[["ci_low", "ci_high"]].isna().all(axis=None)
    row = na.attribution_scores(found(tmp_path, one, two), half).iloc[0]
    assert row.ci_low <= row.estimate <= row.ci_high
    assert row.n_documents == 2


def test_the_bootstrap_is_repeatable(tmp_path):
    """The same seed gives the same interval."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]), ("b", TEXT, [attribution(IT, BOB)]))
    predicted = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    pd.testing.assert_frame_equal(na.attribution_scores(gold, predicted, rng=1), na.attribution_scores(gold, predicted, rng=1))


def test_right_marks_what_the_score_counts(tmp_path):
    """One mark a predicted attribution of a gold document, in their order; their sum is what the row `attribution` has as right."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN), attribution(IT, BOB)]), ("b", TEXT, []))
    predicted = found(
        tmp_path, ("c", TEXT, [attribution(IT, BOB)]), ("b", TEXT, [attribution(IT)]), ("a", TEXT, [attribution(RAIN, BOB), attribution(IT, BOB)])
    )
    marked = scoring.right(gold, predicted)
    assert marked[["attribution_id", "right"]].to_numpy().tolist() == [["a#1", False], ["a#2", True], ["b#1", False]]
    assert figures(na.attribution_scores(gold, predicted), "attribution", "all")[0] == 1 / 3


# ----------------------------------------------------------------------------------------------------------- who says what

NEWS = "“Rain came”, Ann said. “It fell.” Bob denied it."
QUOTE, BY_ANN, ON, BY_BOB = (0, 11), (13, 16), (23, 33), (34, 37)
DENIED_IT = (45, 47)


def resolved(content, source=None, *, speaker=None, affiliation=None, **others) -> dict[str, object]:
    """An attribution with who it is and for whom they speak."""
    return attribution(content, source) | {"speaker": speaker, "affiliation": affiliation, "role": "official"} | others


def who_says(gold: Found, predicted: Found) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of each measure."""
    scores = na.who_says_scores(gold, predicted).set_index("measure")
    return {name: tuple(scores.loc[name, ["precision", "recall", "estimate"]]) for name in scores.index}


def test_the_right_camp_with_the_wrong_speaker(tmp_path):
    """Content, source and affiliation are right, the speaker is not."""
    gold = found(tmp_path, ("a", NEWS, [resolved(QUOTE, BY_ANN, speaker="Ann Lee", affiliation="nato")]))
    predicted = found(tmp_path, ("a", NEWS, [resolved(QUOTE, BY_ANN, speaker="Bob", affiliation="nato")]))
    scores = who_says(gold, predicted)
    assert scores["who_says"] == scores["content_and_source"] == scores["role_right"] == (1, 1, 1)
    assert scores["speaker_right"] == (0, 0, 0)


def test_tokens_of_the_right_camp(tmp_path):
    """Of eleven tokens said by two camps, the four of the second are given to the first: 7/11."""
    gold = found(tmp_path, ("a", NEWS, [resolved(QUOTE, BY_ANN, affiliation="nato"), resolved(ON, BY_BOB, affiliation="russian")]))
    predicted = found(tmp_path, ("a", NEWS, [resolved(QUOTE, BY_ANN, affiliation="nato"), resolved(ON, BY_BOB, affiliation="nato")]))
    tokens = [len(scoring.TOKEN.findall(NEWS[slice(*span)])) for span in (QUOTE, ON)]
    scores = who_says(gold, predicted)
    assert scores["content_tokens"] == (1, 1, 1)
    assert scores["who_says_tokens"][0] == tokens[0] / sum(tokens)
    assert scores["who_says"][0] == 1 / 2


def test_a_quotation_that_follows_on_is_joined(tmp_path):
    """One attribution in two pieces, or a second bare one of the same or no speaker: the same thing."""
    joined = found(tmp_path, ("a", NEWS, [resolved(QUOTE, BY_ANN, speaker="Ann", affiliation="nato") | {"content": [QUOTE, ON]}]))
    split = found(tmp_path, ("a", NEWS, [resolved(QUOTE, BY_ANN, speaker="Ann", affiliation="nato"), resolved(ON, affiliation="nato")]))
    other = found(tmp_path, ("a", NEWS, [resolved(QUOTE, BY_ANN, speaker="Ann", affiliation="nato"), resolved(ON, speaker="Bob")]))
    assert who_says(joined, split)["who_says"] == who_says(split, joined)["who_says"] == (1, 1, 1)
    assert who_says(joined, other)["content"] == (1 / 2, 1, 2 / 3)


@pytest.mark.parametrize("mark", goldfiles.EXTRA)
def test_what_is_marked_neither_helps_nor_hurts(tmp_path, mark):
    """Nested, disputed and optional gold may be found or not."""
    sure, unsure = resolved(QUOTE, BY_ANN, affiliation="nato"), resolved(DENIED_IT, BY_BOB, affiliation="russian", **{mark: True})
    gold = found(tmp_path, ("a", NEWS, [sure, unsure]))
    for predicted in ([sure], [sure, resolved(DENIED_IT, BY_BOB, affiliation="western")]):
        scores = who_says(gold, found(tmp_path, ("a", NEWS, predicted)))
        assert scores["who_says"] == scores["content_tokens"] == scores["who_says_tokens"] == (1, 1, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jens Stoltenberg", "Stoltenberg", True),
        ("President Volodymyr Zelenskyy", "Volodymyr Zelenskyy", True),
        ("Ukraine's Foreign Ministry", "Ukrainian Foreign Ministry", True),
        ("Kherson’s governor", "Kherson governor", True),
        ("unnamed officials", "officials", True),
        ("Li Bo", "Wu Bo", False),
        ("Ann Lee", "Bob Roy", False),
        ("the President", "Ann Lee", False),
    ],
)
def test_names_of_one_person_are_the_same(one, other, same):
    """Last words, or most words, make a name, without titles; a last word of two letters does not."""
    assert scoring._same_name(one, other) is scoring._same_name(other, one) is same


# ------------------------------------------------------------------------------------------------------------------ reading


def test_gold_offsets_follow_the_text_into_nfc(tmp_path):
    """Spans of a text in decomposed Unicode cover the same words after normalisation."""
    text = "Jose\u0301 Nun\u0303ez said it rained."
    source, content = (0, text.index(" said")), (text.index("it"), len(text) - 1)
    read = found(tmp_path, ("a", text, [attribution(content, source)]))
    assert read.documents.text.tolist() == [unicodedata.normalize("NFC", text)]
    assert read.spans.text.tolist() == ["José Nuñez", "it rained"]


@given(st.lists(st.sampled_from(["a", "e\u0301", "n\u0303\u0327", "\u0301", "\u1100\u1161", "\u1100\u1161\u11a8", "한", "é", " "]), max_size=8).map("".join))
def test_nfc_offsets_agree_with_normalising_every_beginning(text):
    """Outside combining sequences the offset is the length of the normalised beginning; it never falls and ends at the end."""
    # planted fault: starting a new run at every character with combining class 0 breaks on Hangul vowels
    offsets = list(goldfiles.nfc_offsets(text))
    assert len(offsets) == len(text) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(unicodedata.normalize("NFC", text))
    for place in range(len(text) + 1):
        first, rest = unicodedata.normalize("NFC", text[:place]), unicodedata.normalize("NFC", text[place:])
        if first + rest == unicodedata.normalize("NFC", text):
            assert offsets[place] == len(first)


def test_several_acceptable_answers_stand_in_columns(tmp_path):
    """The first answer is the table's, further ones stand beside it; no cell holds a list."""
    given_answers = attribution(RAIN, ANN) | {"id": "E7", "speaker": ["Ann", "Ann Lee"], "affiliation": "russian", "role": "official", "nested": True}
    row = found(tmp_path, ("a", TEXT, [given_answers])).attributions.iloc[0]
    assert (row.attribution_id, row.speaker, row.speaker_also, row.affiliation, row.role, row.nested) == ("a#E7", "Ann", "Ann Lee", "russian", "official", True)


def test_texts_left_out_are_taken_from_the_documents(tmp_path):
    """A prediction file may leave out the texts; without documents that is an error with the remedy."""
    path = tmp_path / "predicted.jsonl"
    path.write_text(json.dumps({"doc_id": "a", "attributions": [attribution(RAIN, ANN)]}))
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    assert na.read_gold(path, documents=gold.documents).attributions.content.tolist() == ["Rain came"]
    with pytest.raises(TableError, match="has no text"):
        na.read_gold(path)


def faulty(**fields: object) -> str:
    """A line of a gold file with one attribution, some of whose fields are given."""
    return json.dumps({"doc_id": "a", "text": "a b", "attributions": [{"content": [[0, 1]], **fields}]})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no documents"),
        ("{", "line 1: not JSON"),
        ("[]", "line 1: the fields doc_id and attributions"),
        ('{"doc_id": 1, "text": "a", "attributions": [3]}', "attribution 1: an object"),
        ('{"doc_id": 1, "text": "a", "attributions": [{"content": []}]}', "attribution 1: no content"),
        ('{"doc_id": 1, "text": "a b", "attributions": [{"content": [[1, 2]]}]}', "or a blank one"),
        ('{"doc_id": 1, "text": "a", "attributions": [{"content": [[0, 2]]}]}', r"span \[0, 2\] is empty or lies outside the text, which has 1"),
        ('{"doc_id": 1, "text": "a", "attributions": [{"content": [7]}]}', r"a span is \[start, end\], two whole numbers, not 7"),
        ('{"doc_id": 1, "text": "a", "attributions": []}\n\n{"doc_id": 1, "text": "a", "attributions": []}', "line 3: doc_id '1' stands there twice"),
        (b"\xff\xfe\xfa", "not UTF-8"),
        (faulty(content=5), r"line 1, attribution 1: content is a list of spans \[\[start, end\], ...\], not 5"),
        (faulty(content="5"), "attribution 1: content is a list of spans"),
        (faulty(content=[[0.5, 1]]), r"a span is \[start, end\], two whole numbers, not \[0.5, 1\]"),
        (faulty(content=[["0", 1]]), "two whole numbers"),
        (faulty(content=[[0, 1, 2]]), "two whole numbers"),
        (faulty(role="king"), r"line 1, attribution 1: role is one of official, .* not 'king'"),
        (faulty(role=["official", "king"]), "not 'king'"),
        (faulty(speaker=[5]), r"attribution 1: speaker is a text \(or a list of them\), not 5"),
        (
            faulty() + "\n" + faulty().replace('"a"', '"b"').replace("[{", '[{"id": 1, "content": [[0, 1]]}, {"id": 1, '),
            "line 2, attribution 2: the id 'b#1' stands",
        ),
        (faulty().replace('"a b"', '"a\\ud800b"'), "line 1: a lone surrogate"),
        (faulty() + "\n" + "[" * 200_000, "line 2: not JSON that can be read"),
        (faulty().replace("[0, 1]", "[0, " + "9" * 5000 + "]"), "line 1: not JSON that can be read"),
        (faulty().replace('"a b"', '" "'), "line 1: doc_id and text must not be blank"),
    ],
)
def test_a_faulty_gold_file_is_named_with_line_and_remedy(tmp_path, content, message):
    """Each fault of a gold file gets one sentence."""
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TableError, match=message):
        na.read_gold(path)


def test_a_whole_surrogate_pair_is_a_character(tmp_path):
    """An emoji written as two escapes is read as one character."""
    path = tmp_path / "gold.jsonl"
    path.write_text(faulty().replace('"a b"', '"\\ud83d\\ude00"'))
    assert na.read_gold(path).documents.text.tolist() == ["😀"]


def test_a_missing_file_and_a_foreign_folder_are_said(tmp_path):
    """A path that is not there, and a folder that no analysis wrote."""
    with pytest.raises(TableError, match="no such file"):
        na.read_gold(tmp_path / "none.jsonl")
    with pytest.raises(TableError, match=r"documents\.parquet, attributions\.parquet, spans\.parquet not found"):
        na.read_gold(tmp_path)


def test_a_folder_of_tables_is_read_back(tmp_path):
    """What was written as Parquet scores 1 against itself."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    for name in goldfiles.NAMES:
        getattr(gold, name).to_parquet(tmp_path / f"{name}.parquet")
    assert figures(na.attribution_scores(gold, na.read_gold(tmp_path)), "attribution_exact", "all") == (1, 1, 1)


def test_a_damaged_folder_names_the_file(tmp_path):
    """A table that is no Parquet, or breaks its schema, is named with its file."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    for name in goldfiles.NAMES:
        getattr(gold, name).to_parquet(tmp_path / f"{name}.parquet")
    gold.spans.drop(columns="role").to_parquet(tmp_path / "spans.parquet")
    with pytest.raises(TableError, match=r"spans\.parquet: spans: column 'role' is missing"):
        na.read_gold(tmp_path)
    (tmp_path / "attributions.parquet").write_bytes(b"PAR1 and then rubbish PAR1")
    with pytest.raises(TableError, match=r"attributions\.parquet: no Parquet file that can be read"):
        na.read_gold(tmp_path)


def test_differing_texts_and_impossible_spans_are_refused(tmp_path):
    """Offsets into another text cannot be compared."""
    gold = found(tmp_path, ("a", TEXT, [attribution(RAIN, ANN)]))
    with pytest.raises(TableError, match="text of document 'a' differs"):
        na.span_scores(gold, found(tmp_path, ("a", TEXT + " ", [])))
    outside = Found(gold.documents, gold.attributions, gold.spans.assign(end=999))
    with pytest.raises(TableError, match="lies outside its text"):
        na.span_scores(gold, outside)
    with pytest.raises(TableError, match="no documents"):
        na.span_scores(Found(gold.documents.head(0), gold.attributions.head(0), gold.spans.head(0)), gold)


# -------------------------------------------------------------------------------------------------------------- brute force

WORDS = "Ann said that “rain fell” and Bob denied it"
EDGES = [0, *(place for place, character in enumerate(WORDS) if character == " "), len(WORDS)]


@st.composite
def annotations(draw):
    """Up to four attributions in a text of nine words, with pieces at word borders, often the same ones on both sides."""
    stretches = st.tuples(st.integers(0, 7), st.integers(1, 4)).map(lambda p: (EDGES[p[0]], EDGES[min(p[0] + p[1], 9)]))
    one = st.fixed_dictionaries(
        {"content": st.lists(stretches, min_size=1, max_size=2), "source": st.lists(stretches, max_size=1), "cue": st.lists(stretches, max_size=1)}
    )
    return draw(st.lists(one, max_size=4)), draw(st.lists(one, max_size=4))


def as_found(annotation: list[dict[str, list[tuple[int, int]]]]) -> Found:
    """Tables without a file."""
    text = goldfiles._Text("a", WORDS, "made up", range(len(WORDS) + 1))
    pieces = [goldfiles._pieces(each, text, n) for n, each in enumerate(annotation)]
    rows = [goldfiles._attribution({}, piece, text, n) for n, piece in enumerate(pieces)]
    spans = [row for piece, made in zip(pieces, rows, strict=True) for row in goldfiles._span_rows(made["attribution_id"], piece, WORDS)]
    columns = ["attribution_id", "role", "start", "end", "text"]
    return Found(
        pd.DataFrame({"document_id": ["a"], "text": [WORDS]}),
        pd.DataFrame(rows, columns=["attribution_id", "document_id"]),
        pd.DataFrame(spans, columns=columns),
    )


def touched(spans: list[tuple[int, int]]) -> set[int]:
    """The tokens that spans touch, one character at a time."""
    tokens = [match.span() for match in scoring.TOKEN.finditer(WORDS)]
    characters = {place for start, end in spans for place in range(start, end)}
    return {number for number, (start, end) in enumerate(tokens) if characters & set(range(start, end))}


def alike(a: set[int], b: set[int]) -> float:
    """Dice, by the formula."""
    return 2 * len(a & b) / (len(a) + len(b))


def counts(gold: Found, predicted: Found) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Right and all of the predicted, right and all of the gold, for each measure of spans and role."""
    labels, counted = scoring.counts(gold, predicted, "spans")
    return dict(zip(labels.itertuples(index=False, name=None), map(tuple, counted[0].tolist()), strict=True))


@given(annotations())
def test_tokens_and_exact_spans_equal_brute_force(both):
    """Counting character by character gives the same numbers."""
    # planted faults: bisect_left for the first token (a span's left neighbour counted); a set where the multiset is due
    counted = counts(*map(as_found, both))
    for role in ("source", "cue", "content"):
        gold, predicted = ([touched(a[role]) for a in side if touched(a[role])] for side in both)
        inside, outside = set().union(*gold), set().union(*predicted)
        assert counted["tokens", role] == (len(inside & outside), len(outside), len(inside & outside), len(inside))
        left = [*predicted]
        right = sum(bool(tokens in left and not left.remove(tokens)) for tokens in gold)
        assert counted["span_exact", role] == (right, len(predicted), right, len(gold))


@given(annotations())
def test_pairs_are_one_to_one_and_near_the_best_possible(both):
    """Greedy pairs are alike enough, one to one, cannot be added to, and are at least half of the largest possible number."""
    # planted faults: not marking a prediction as taken; pairing without regard to likeness
    gold, predicted = ([frozenset(touched(a["content"])) for a in side] for side in both)
    pairs = scoring._pairs(gold, predicted)
    assert all(alike(gold[i], predicted[j]) >= 0.5 for i, j in pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    few, many = sorted((range(len(gold)), range(len(predicted))), key=len)
    swapped = len(gold) > len(predicted)
    good = lambda a, b: alike(gold[b if swapped else a], predicted[a if swapped else b]) >= 0.5  # noqa: E731
    best = max((sum(good(a, b) for a, b in zip(few, chosen, strict=False)) for chosen in itertools.permutations(many, len(few))), default=0)
    assert best / 2 <= len(pairs) <= best


@given(annotations())
def test_swapping_the_sides_swaps_precision_and_recall(both):
    """Tokens and exact spans know no side."""
    # planted fault: counting pieces with repetition on one side
    gold, predicted = map(as_found, both)
    there, back = counts(gold, predicted), counts(predicted, gold)
    assert all(there[name][:2] == back[name][2:] for name in there if name[0] != "span")


@given(annotations())
def test_everything_agrees_with_itself(both):
    """Any annotation finds all of itself, in every measure."""
    # planted fault: a set where the multiset is due
    gold = as_found(both[0])
    for what in ("spans", "attributions"):
        for right_predicted, predicted, right_gold, all_gold in scoring.counts(gold, gold, what)[1][0].tolist():
            assert right_predicted == predicted
            assert right_gold == all_gold


# ------------------------------------------------------------------------------------------------------- the other program


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The reference scorer."""
    spec = importlib.util.spec_from_file_location("reference_score", SHARED / "tools" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def perturbed(documents, rng):
    """Gold with every kind of error: moved borders, lost and doubled attributions, wrong and absent sources, lost documents."""
    predicted = []
    for document in documents:
        attributions = []
        length = len(document["text"])
        for annotation in document["attributions"]:
            spans = {role: [[*span] for span in annotation[role]] for role in ("source", "cue", "content")}
            for span in itertools.chain(*spans.values()):
                if rng.random() < 0.3:
                    span[0] = max(0, min(span[0] + rng.randint(-30, 30), length - 1))
                    span[1] = min(length, max(span[1] + rng.randint(-30, 30), span[0] + 1))
            if rng.random() < 0.15:
                spans["source"] = rng.choice([[], rng.choice(document["attributions"])["source"]])
            if any(document["text"][start:end].strip() for start, end in spans["content"]):
                attributions += [spans] * rng.choice([0, 1, 1, 1, 1, 1, 2])
        rng.shuffle(attributions)
        if rng.random() < 0.95:
            predicted.append({"doc_id": document["doc_id"], "attributions": attributions})
    return predicted


OTHER_NAMES = {"tokens": "tok", "attribution": "attr", "attribution_exact": "attr_exact"}


def assert_equal_to_reference(ours: pd.DataFrame, theirs: dict) -> None:
    """Every precision, recall and F1 is the same number to the last digit."""
    for row in ours.to_dict("records"):
        name = OTHER_NAMES.get(row["measure"], row["measure"])
        if "role" in row:
            assert (row["precision"], row["recall"], row["estimate"]) == tuple(theirs[f"{name}/{row['role']}"][x] for x in ("P", "R", "F1"))
        elif row["kind"] == "all":
            assert (row["precision"], row["recall"], row["estimate"]) == tuple(theirs[name][x] for x in ("P", "R", "F1"))
        else:
            assert (row["precision"], row["recall"]) == tuple(theirs[f"{name}|{row['kind']}"][x] for x in ("P", "R"))


@needs_shared
@pytest.mark.parametrize("seed", [0, 1])
def test_scores_equal_the_reference_scorer_on_perturbed_gold(tmp_path, reference, seed):
    """84 articles, gold perturbed at random: equal to the last digit."""
    documents = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    predicted = perturbed(documents, random.Random(seed))
    path = tmp_path / "predicted.jsonl"
    path.write_text("\n".join(map(json.dumps, predicted)))
    gold = na.read_gold(GOLD, nfc=False)
    ours = na.read_gold(path, documents=gold.documents, nfc=False)
    theirs = reference.score(documents, predicted)
    assert_equal_to_reference(na.span_scores(gold, ours), theirs)
    assert_equal_to_reference(na.attribution_scores(gold, ours), theirs)


@needs_shared
def test_scores_of_the_pattern_attributor_equal_the_reference_scorer(reference):
    """The baseline's attributions, scored by both on the texts in NFC: equal to the last digit."""
    gold = na.read_gold(GOLD)
    found_here = na.attribute(gold.documents, attributor="patterns")
    theirs = reference.score(as_records(gold), as_records(found_here))
    assert_equal_to_reference(na.span_scores(gold, found_here), theirs)
    assert_equal_to_reference(na.attribution_scores(gold, found_here), theirs)


@needs_shared
def test_who_says_what_equals_the_reference_scorer(tmp_path):
    """Fifteen articles on a war, the baseline's attributions with speakers and camps: the same figures, which are printed to one decimal."""
    path, predicted = SHARED / "data" / "war_dev.jsonl", tmp_path / "predicted.jsonl"
    gold = na.read_gold(path, nfc=False)
    ours = na.resolve(na.attribute(gold.documents), codebook="ukraine_war")
    resolved_rows = ours.attributions.set_index("attribution_id")[[*goldfiles.RESOLVED]].astype(object).where(lambda cells: cells.notna(), None)
    rows = resolved_rows.to_dict("index")
    records = [record | {"attributions": [spans | rows[key] for key, spans in keyed.items()]} for record, keyed in as_keyed_records(ours)]
    predicted.write_text("\n".join(map(json.dumps, records)))
    program = [sys.executable, str(SHARED / "tools" / "whosays.py"), str(path), str(predicted)]
    theirs = json.loads(subprocess.run(program, capture_output=True, text=True, check=True).stdout)
    scores = who_says(gold, ours)
    names = {"content_F1": "content", "source_F1": "content_and_source", "who_says_F1": "who_says", "content_tokens_F1": "content_tokens"}
    names |= {"who_says_tokens_F1": "who_says_tokens"} | {f"{name}_acc": f"{name}_right" for name in goldfiles.RESOLVED}
    assert {name: round(100 * scores[ours_][2], 1) for name, ours_ in names.items()} == {name: theirs[name] for name in names}


def as_keyed_records(found_here: Found) -> list[tuple[dict, dict[str, dict]]]:
    """Each document's record without, and beside it its attributions' spans by key."""
    records = {i: ({"doc_id": i, "text": text}, {}) for i, text in found_here.documents[["document_id", "text"]].itertuples(index=False)}
    places = dict(zip(found_here.attributions.attribution_id, found_here.attributions.document_id, strict=True))
    for attribution_id, document_id in places.items():
        records[document_id][1][attribution_id] = {"source": [], "cue": [], "content": []}
    for attribution_id, role, start, end in found_here.spans[["attribution_id", "role", "start", "end"]].itertuples(index=False):
        records[places[attribution_id]][1][attribution_id][role].append([start, end])
    return list(records.values())


def as_records(found_here: Found) -> list[dict]:
    """Tables in the form that the reference scorer reads."""
    return [record | {"attributions": list(keyed.values())} for record, keyed in as_keyed_records(found_here)]
