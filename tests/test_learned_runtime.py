"""The learned attributor's runtime without its model: pieces, decoding, marks, borders, language, windows, on small arrays by hand."""

import copy
import itertools
import pickle
import sys
import unicodedata
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis.attribution import encoder as models
from newsanalysis.attribution.borders import confined, tidy
from newsanalysis.attribution.decoding import (
    CONTENT,
    CUE,
    SOURCE,
    Frame,
    Linker,
    Scores,
    Settings,
    Window,
    bucket,
    decode,
    links,
    runs,
    softmax,
    viterbi,
)
from newsanalysis.attribution.encoder import Calibration, Model, ModelError, borders
from newsanalysis.attribution.language import is_english
from newsanalysis.attribution.learned import SECTION, LearnedAttributor, frames
from newsanalysis.attribution.marks import repair
from newsanalysis.attribution.pieces import canonical, enclosed, paragraphs, quoted, sections, tokenize

SEPARATOR, STOP = 1, 2
MARKS = ["''", "``", "--", " - ", "“", "”", '"', "«", "»", "'", "’", "–", ". ", "\n", "\r\n", "\u2028", "a", "Bc", "\ud800", "e\u0301"]
ANY_TEXT = st.lists(st.one_of(st.sampled_from(MARKS), st.characters()), max_size=30).map("".join)


class Encoding:
    """What a tokenizer gives: words of letters or single marks, each cut into pieces of three characters."""

    def __init__(self, text):
        self.ids, self.word_ids, self.offsets = [], [], []
        start, number = 0, -1
        while start < len(text):
            end = start + 1
            while end < len(text) and text[start].isalnum() and text[end].isalnum():
                end += 1
            if not text[start].isspace() and text[start].isprintable() and not unicodedata.combining(text[start]):
                number += 1
                for at in range(start, end, 3):
                    self.ids.append(STOP if text[at] == "." else 3 + ord(text[at].lower()[0]) % 97)
                    self.word_ids.append(number)
                    self.offsets.append((at, min(at + 3, end)))
            start = end


class Tokenizer:
    """A stand-in for ``tokenizers.Tokenizer`` that needs no vocabulary."""

    def encode(self, text, *, add_special_tokens):
        """Encode one paragraph."""
        assert not add_special_tokens
        assert not any("\ud800" <= letter <= "\udfff" for letter in text), "a tokenizer refuses half characters"
        return Encoding(text)


TAG = {"Jo": SOURCE, "said": CUE, "told": CUE}


class Session:
    """A stand-in for the encoder: tags by what the ids say, links by distance only. It notes the sizes of what it is given."""

    def __init__(self):
        self.sizes = []

    def run(self, names, feeds):
        """Tag words that begin with s as cues, with j as sources, all others but stops as contents."""
        assert names == ["tags", "vectors"]
        ids = feeds["ids"][0]
        assert feeds["shapes"].shape == feeds["ids"].shape
        self.sizes.append(len(ids))
        tags = np.zeros((len(ids), 7), np.float32)
        tags[np.arange(len(ids)), np.select([ids == 3 + ord("s") % 97, ids == 3 + ord("j") % 97, ids > STOP], [CUE, SOURCE, CONTENT + 1], 0)] = 5
        return tags[None], np.zeros((1, len(ids), 8), np.float32)


def model(**changed):
    """A model of stand-ins, with windows of 40 pieces."""
    distance = np.zeros((2, 32), np.float32)
    linkers = tuple(Linker(number, distance[number], -9.0) for number in (0, 1))
    plain = Model(Session(), frozenset(("ids", "shapes")), Tokenizer(), 0, SEPARATOR, STOP, 40, 8, np.zeros((7, 7), np.float32), linkers, Settings(), None)
    return replace(plain, **changed)


def made(**changed):
    """An attributor with a model of stand-ins."""
    attributor = LearnedAttributor()
    attributor.model = model(**changed)
    return attributor


# ----------------------------------------------------------------------------------------------------------------- pieces


@given(ANY_TEXT)
def test_canonical_keeps_the_length(text):
    """Offsets in the uniform text are offsets in the text; done twice it changes nothing more; no half character is left.

    Planted fault that it catches: ``--`` made one character.
    """
    uniform = canonical(text)
    assert len(uniform) == len(text)
    assert all(a == b or not (a.isalnum() or a.isspace()) for a, b in zip(text, uniform, strict=True))
    uniform.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "uniform"),
    [
        ('"Go," he said. "Now"', "“Go,” he said. “Now”"),
        ("``Go,'' he said", "“ Go,”  he said"),
        ("„Ja“, «oui», »nein«", "“Ja”, “oui”, “nein”"),
        ("‘Go,’ he didn’t say", "‘Go,' he didn't say"),
        ('a " b', 'a " b'),
        ("yes -- no – yes - no", "yes —  no — yes — no"),
        ("a\ud83cb", "a\ufffdb"),
    ],
    ids=["straight", "typewriter", "foreign", "single", "undecided", "dashes", "half character"],
)
def test_canonical(text, uniform):
    """Each style of mark becomes the one that the encoder knows."""
    assert canonical(text) == uniform


@given(st.text(st.sampled_from("ab. \n\r\u2028"), max_size=80), st.integers(2, 30))
def test_sections_are_the_text(text, longest):
    """Sections cover a text without gap or overlap, and none is longer than allowed."""
    spans = list(sections(text, longest))
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(0 < end - start <= longest for start, end in spans) or not text


@pytest.mark.parametrize(
    ("text", "first"), [("aa. bb\ncc. dd ee ff", "aa. bb\n"), ("aa bb cc. dd ee ff", "aa bb cc. "), ("aaaa bb cccccccc", "aaaa bb "), ("a" * 20, "a" * 12)]
)
def test_sections_end_where_the_text_pauses(text, first):
    """A section ends with a paragraph, else with a sentence, else with a word, else where it must."""
    start, end = next(sections(text, 12))
    assert text[start:end] == first


def test_paragraphs_do_not_depend_on_the_kind_of_line_break():
    """A wrapped line goes on in the next; \\n, \\r\\n, \\r and U+2028 give the same paragraphs."""
    text = "One line\nwrapped.\n\nTwo:\nlist\n \n\nthree\n\n\nfour"
    wanted = ["One line wrapped.", "Two:", "list", "three", "four"]
    for mark in ("\n", "\r\n", "\r", "\u2028"):
        changed = text.replace("\n", mark)
        assert [" ".join(changed[start:end].split()) for start, end in paragraphs(changed)] == wanted


@given(ANY_TEXT)
def test_words_are_in_the_text(text):
    """Words come in order, are not empty and do not overlap; every array fits the others.

    Planted fault that it catches: a word widened over the next one.
    """
    pieces = tokenize(text, Tokenizer(), SEPARATOR)
    starts, ends = pieces.words.T
    assert (starts < ends).all()
    assert (ends[:-1] <= starts[1:]).all()
    assert not len(ends) or ends[-1] <= len(text)
    assert len(pieces.first) == len(pieces.words) == len(pieces.lines) == len(pieces.marks)
    assert len(pieces.ids) == len(pieces.shapes)
    assert (np.diff(pieces.first) > 0).all()
    assert (pieces.ids == SEPARATOR).sum() == max(0, len(set(pieces.lines.tolist())) - 1)


def test_pieces_by_hand():
    """Words, pieces, paragraphs, marks and shapes of a small text."""
    text = "“Go NATO,”\nHe saiD café\u0301."
    pieces = tokenize(text, Tokenizer(), SEPARATOR)
    assert [text[start:end] for start, end in pieces.words] == ["“", "Go", "NATO", ",", "”", "He", "saiD", "café\u0301", "."]
    assert pieces.first.tolist() == [0, 1, 2, 4, 5, 7, 8, 10, 12]
    assert pieces.lines.tolist() == [0] * 5 + [1] * 4
    assert pieces.marks.tolist() == [1, 0, 0, 0, -1, 0, 0, 0, 0]
    assert pieces.shapes.tolist() == [4, 5, 6, 6, 4, 4, 0, 1, 3, 3, 0, 0, 0]
    assert text[slice(*tokenize("''No''", Tokenizer(), SEPARATOR).words[0])] == text[:2]


@pytest.mark.parametrize(
    ("marks", "lines", "inside"),
    [
        ([1, 0, -1, 0], [0, 0, 0, 0], [1, 1, 1, 0]),
        ([2, 0, 2, 0], [0, 0, 0, 0], [1, 1, 1, 0]),
        ([1, 0, 0, 0], [0, 0, 1, 1], [1, 1, 0, 0]),
        ([1, 0, 0, -1], [0, 0, 1, 1], [1, 1, 1, 1]),
        ([1, 0, 1, -1], [0, 0, 1, 1], [1, 1, 1, 1]),
        ([-1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 1, 1]),
        ([], [], []),
    ],
    ids=["pair", "straight", "open to the paragraph's end", "closed in the next", "opened again", "closing astray", "nothing"],
)
def test_words_within_marks(marks, lines, inside):
    """What is quoted, also where marks are missing."""
    marks, lines = np.array(marks, np.int64), np.array(lines, np.int64)
    assert enclosed(marks, lines).tolist() == inside
    ends = [0, *itertools.chain(*quoted(marks, lines)), len(marks)]
    assert ends == sorted(ends)


# --------------------------------------------------------------------------------------------------------------- decoding

NUMBERS = st.floats(-5, 5, width=16)


@given(st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=5), st.lists(NUMBERS, min_size=9, max_size=9))
def test_viterbi_is_brute_force(scores, transitions):
    """The best of all sequences is found.

    Planted fault that it catches: transitions read the wrong way round.
    """
    scores, transitions = np.array(scores, np.float32), np.array(transitions, np.float32).reshape(3, 3)

    def total(tags):
        return scores[range(len(tags)), list(tags)].sum() + sum(transitions[a, b] for a, b in itertools.pairwise(tags))

    best = max(map(total, itertools.product(range(3), repeat=len(scores))))
    assert total(viterbi(scores, transitions).tolist()) == pytest.approx(best, abs=1e-3)


@given(st.lists(st.integers(0, 6), max_size=12))
def test_runs_cover_their_tags(tags):
    """The runs of a role hold exactly the words with its tags; each begins with a B tag or behind another tag."""
    tags = np.array(tags, np.int64)
    for begin in (SOURCE, CUE, CONTENT):
        spans = runs(tags, begin).tolist()
        assert sorted(word for start, end in spans for word in range(start, end)) == np.flatnonzero((tags == begin) | (tags == begin + 1)).tolist()
        assert [start for start, _ in spans if tags[start] == begin] == np.flatnonzero(tags == begin).tolist()
        assert all(not (tags[start + 1 : end] == begin).any() for start, end in spans)


def test_bucket_is_that_of_training():
    """Distances fall into the classes that the model was trained with: written out here anew, one by one."""
    for distance in range(-700, 700):
        size = abs(distance)
        far = 4 if size <= 4 else next(k for k in itertools.count(4) if (size / 4) ** 2 < 2 ** (k - 4 + 1))
        assert bucket(np.array([distance]), 32)[0] == (size if size <= 4 else min(far, 15)) + (16 if distance >= 0 else 0)
    training = pytest.importorskip("training.model", reason="training needs torch") if "torch" in sys.modules else None
    if training:
        import torch

        distances = np.arange(-700, 700)
        assert bucket(distances, training.BUCKETS).tolist() == training.bucket(torch.from_numpy(distances)).tolist()


def scores_of(tags, seen, near=1.0):
    """Scores that say these tags, in windows that read ranges of words and see ranges; links are left to the distance."""
    tags = np.array(tags)
    table = np.full((len(tags), 7), -5, np.float32)
    table[range(len(tags)), tags] = 5
    windows = [
        Window(mine, saw, np.zeros((mine[1] - mine[0], 2, 2), np.float32), np.zeros((saw[1] - saw[0], 2, 2), np.float32), np.zeros((2, 2), np.float32))
        for mine, saw in seen
    ]
    distance = np.zeros(32, np.float32)
    distance[[*range(1, 6), *range(17, 22)]] = near
    return Scores(table, np.arange(len(tags)), windows), (Linker(0, distance, -3.0), Linker(1, distance, -3.0))


def test_contents_go_to_the_likeliest_cue_and_cues_to_the_likeliest_source():
    """source cue content content O O O O O O content cue source: two attributions, each with what is near it."""
    tags = [1, 3, 5, 6, 0, 0, 0, 0, 0, 0, 5, 3, 1]
    scores, linkers = scores_of(tags, [((0, 13), (0, 13))], near=4.0)
    found = decode(scores, np.zeros((7, 7), np.float32), linkers, Settings())
    assert [(one.source, one.cue, one.content) for one in found] == [([(0, 1)], [(1, 2)], [(2, 4)]), ([(12, 13)], [(11, 12)], [(10, 11)])]
    assert all(one.features.shape == (10,) and np.isfinite(one.features).all() for one in found)


def test_words_point_within_their_window():
    """A head that a word's window does not see cannot be pointed to; a span in two windows points to the mean of both."""
    tags = [3, 0, 5, 6, 6, 0, 3]
    scores, linkers = scores_of(tags, [((0, 4), (0, 5)), ((4, 7), (2, 7))])
    owner, chance = links(scores, np.array([[2, 5]]), np.array([0, 6]), linkers[0])
    assert owner.tolist() == [1]
    assert chance[0] == pytest.approx(2 / 3 / (1 + np.exp(-4)), abs=1e-3)
    alone, _ = links(scores, np.array([[4, 5]]), np.array([0, 6]), linkers[0])
    assert alone.tolist() == [2]
    assert links(scores, np.array([[2, 5]]), np.array([], int), linkers[0])[0].tolist() == [0]


def test_no_cue_no_attribution():
    """Contents that nothing signals, or only a doubtful link, have no cue."""
    scores, linkers = scores_of([5, 6, 0], [((0, 3), (0, 3))])
    (alone,) = decode(scores, np.zeros((7, 7), np.float32), linkers, Settings())
    assert (alone.cue, alone.content) == ([], [(0, 2)])
    scores, linkers = scores_of([3, 5, 6], [((0, 3), (0, 3))])
    assert decode(scores, np.zeros((7, 7), np.float32), linkers, Settings(drop=0.9))[0].cue == [(0, 1)]
    assert decode(scores, np.zeros((7, 7), np.float32), linkers, Settings(drop=1.0))[0].cue == []
    assert decode(Scores(np.zeros((0, 7), np.float32), np.zeros(0, int), []), np.zeros((7, 7)), linkers, Settings()) == []


@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_softmax(values):
    """Probabilities, in the order of the scores."""
    chances = softmax(np.array(values, np.float32))
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert np.argmax(chances) == np.argmax(values)


# ------------------------------------------------------------------------------------------------------- marks and borders


def attribution(text, source, cue, *content):
    """A frame whose parts are these words of the text, and the text's pieces."""
    pieces = tokenize(text, Tokenizer(), SEPARATOR)

    def run(part):
        start = text.index(part)
        return int(np.searchsorted(pieces.words[:, 0], start)), int(np.searchsorted(pieces.words[:, 0], start + len(part)))

    return pieces, Frame([run(source)], [run(cue)], [run(part) for part in content], np.zeros(10, np.float32))


def contents(text, pieces, frame):
    """The contents of a frame as text."""
    return [text[pieces.words[start, 0] : pieces.words[end - 1, 1]] for start, end in frame.content]


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("“Go home,” Jo said.", ["Go home,"], ["“Go home,”"]),
        ("“Go home,” Jo said.", ["“Go home"], ["“Go home,”"]),
        ("Jo said: “Go home.” She left.", [": “Go home"], [": “Go home.”"]),
        ("“Go,” Jo said. “We ran away.”", ["“Go,”"], ["“Go,”", "“We ran away.”"]),
        ("“Go,” Jo said.\n“We ran far away.”\nIt rained.", ["“Go,”"], ["“Go,”", "“We ran far away.”"]),
        ("“Go,” Jo said.\nIt rained.\n“We ran far away.”", ["“Go,”"], ["“Go,”"]),
        ("Jo said it rained. “We ran away.”", ["it rained"], ["it rained"]),
        ("Jo said it rained.", ["it rained"], ["it rained"]),
    ],
    ids=["opening added", "rest added", "inner", "follows", "next paragraph", "too far", "not quoted before", "no marks"],
)
def test_contents_fit_the_marks(text, found, wanted):
    """A content takes in its marks, and whole quotations that follow on a quotation."""
    pieces, frame = attribution(text, "Jo", "said", *found)
    (repaired,) = repair(pieces, [frame], Settings())
    assert contents(text, pieces, repaired) == wanted
    assert repair(pieces, [frame], Settings(edges=0, follow=0)) == [frame]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(["“", "”", "“ a bb ccc dd ”", "“ a bb", "a ”", '"', "a", "bb,", "\n"]), max_size=12), st.data())
def test_repaired_contents_do_not_overlap(words, data):
    """Whatever the marks, pieces of all attributions stay apart, in order, and within the text.

    Planted fault that it catches: words of one attribution not kept from the next.
    """
    pieces = tokenize(" ".join(words), Tokenizer(), SEPARATOR)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(pieces.words)), max_size=8)))
    parts = [[(a, b)] for a, b in itertools.pairwise(cuts) if data.draw(st.booleans())]
    repaired = repair(
        pieces, [Frame([], [], part, np.zeros(10)) if data.draw(st.booleans()) else Frame([], [part[0]], part, np.zeros(10)) for part in parts], Settings()
    )
    taken = sorted(run for frame in repaired for run in frame.content)
    assert all(a < b for a, b in taken)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(taken))
    assert all(frame.content == sorted(frame.content) for frame in repaired)


@pytest.mark.parametrize(
    ("text", "cue", "content", "wanted"),
    [
        ("Jo told the reporters that it rained.", "told", "the reporters that it rained", ("told", "that it rained")),
        ("Jo said the men that left were ill.", "said", "the men that left were ill", ("said", "the men that left were ill")),
        ("Jo told the crowd, that it rained.", "told", "the crowd, that it rained", ("told", "the crowd, that it rained")),
        ("Jo said late on Monday it rained.", "said late on Monday", "it rained", ("said", "it rained")),
        ("Jo told us Monday it rained.", "told us Monday", "it rained", ("told", "it rained")),
        ("Jo told of the flood that it rained.", "told of", "the flood", ("told of", "the flood")),
        ("Jo also said it rained.", "also said", "it rained", ("said", "it rained")),
        ("Jo also hoped it rained.", "also hoped", "it rained", ("also hoped", "it rained")),
        ("Jo warned against haste.", "warned", "against haste", ("warned against", "haste")),
        ("«Go home», Jo said.", "said", "«Go home»,", ("said", "«Go home»")),
        ("KYIV (AFP) - It rained, Jo said.", "said", "KYIV (AFP) - It rained", ("said", "It rained")),
        ("10:05 a.m. It rained, Jo said.", "said", "10:05 a.m. It rained", ("said", "It rained")),
        ("U.S. troops left, Jo said.", "said", "U.S. troops left", ("said", "U.S. troops left")),
    ],
)
def test_small_corrections(text, cue, content, wanted):
    """Who was told, and the day, stand apart from what was said and the word that says so."""
    pieces, frame = attribution(text, "Jo", cue, content)
    (tidied,) = tidy(text, pieces, [frame])
    signal = text[pieces.words[tidied.cue[0][0], 0] : pieces.words[tidied.cue[0][1] - 1, 1]]
    assert (signal, *contents(text, pieces, tidied)) == wanted


def test_that_said_is_no_attribution():
    """The phrase "That said," opens a sentence; nobody speaks."""
    pieces, frame = attribution("That said, it rained.", "That", "said", "it rained")
    assert tidy("That said, it rained.", pieces, [frame]) == []


def test_what_is_cited_belongs_to_what_it_follows():
    """A "citing" behind a noun phrase adds to that content; behind a clause it stands by itself."""
    text = "Jo warned against haste, citing the cost. Jo said it rained, citing the cost."
    pieces = tokenize(text, Tokenizer(), SEPARATOR)

    def run(part, after=0):
        start = text.index(part, after)
        return int(np.searchsorted(pieces.words[:, 0], start)), int(np.searchsorted(pieces.words[:, 0], start + len(part)))

    second = text.index("Jo said")
    zeros = np.zeros(10, np.float32)
    given_ = [
        Frame([run("Jo")], [run("warned against")], [run("haste")], zeros),
        Frame([run("Jo")], [run("citing")], [run("the cost")], zeros),
        Frame([run("Jo", second)], [run("said")], [run("it rained")], zeros),
        Frame([run("Jo", second)], [run("citing", second)], [run("the cost", second)], zeros),
    ]
    found = tidy(text, pieces, given_)
    assert [contents(text, pieces, frame) for frame in found] == [["haste, citing the cost"], ["it rained"], ["the cost"]]


@pytest.mark.parametrize(
    ("text", "content", "wanted"),
    [
        ("Title\nIt rained, Jo said.", "Title\nIt rained", ["It rained"]),
        ("It rained, Jo said.\nThe sun", "It rained, Jo said.\nThe sun", ["It rained, Jo said."]),
        ("Jo said: it rained.\nIt poured.", "it rained.\nIt poured.", ["it rained."]),
        ("Jo said “it rained.\nIt poured.”", "“it rained.\nIt poured.”", ["“it rained.\nIt poured.”"]),
    ],
    ids=["title", "next paragraph", "behind a colon that is no cue", "quoted"],
)
def test_contents_without_marks_end_with_their_paragraph(text, content, wanted):
    """What is neither quoted nor in the cue's paragraph is left out."""
    pieces, frame = attribution(text, "Jo", "said", content)
    (kept,) = confined(text, pieces, [frame])
    assert contents(text, pieces, kept) == wanted


def test_behind_a_colon_paragraphs_are_kept():
    """A speaker's turn in a transcript may have paragraphs."""
    text = "JO: It rained.\nIt poured."
    pieces, frame = attribution(text, "JO", ":", "It rained.\nIt poured.")
    assert confined(text, pieces, [frame]) == [frame]


def test_a_quotation_that_nobody_signals_stands_alone():
    """Where most of it is tagged, it is found whole, without source and cue; a quoted word inside a sentence is not."""
    text = "Jo shrugged. “Ask the coach about it.” Then the “big old new red” bus came."
    pieces = tokenize(text, Tokenizer(), SEPARATOR)
    opening = [number for number, mark in enumerate(pieces.marks.tolist()) if mark == 1]
    frames_ = [Frame([], [], [(start, start + 5)], np.zeros(10, np.float32)) for start in opening]
    (found,) = repair(pieces, frames_, Settings())
    assert contents(text, pieces, found) == ["“Ask the coach about it.”"]
    assert (found.source, found.cue) == ([], [])
    assert repair(pieces, frames_, Settings(bare=0)) == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("", True),
        ("Kyiv Says No", True),
        ("The mayor said that it had been closed for years, and that they would not open it again before the end of the war there. " * 2, True),
        ("Le maire a déclaré que le pont serait fermé et a dit que les habitants avaient quitté la ville dans la nuit de lundi à mardi. " * 2, False),
        ("Der Minister sagte am Dienstag, er habe nicht die Absicht, die Region in der Nacht an das Land zu geben, so die Behörden. " * 2, False),
        ("Мэр заявил, что мост будет закрыт, и добавил, что жители покинули город в ночь на вторник, как сообщили власти. " * 3, False),
        ("12.5 13.1 1,000 7 8 9 " * 10, False),
    ],
    ids=["empty", "short", "English", "French", "German", "Russian", "numbers"],
)
def test_language(text, english):
    """Only longer texts of another language, or of numbers, are turned away."""
    assert is_english(text) is english


# ---------------------------------------------------------------------------------------------------------------- windows


@given(st.integers(0, 3000), st.integers(20, 60), st.integers(0, 8), st.lists(st.integers(1, 3000)), st.lists(st.integers(1, 3000)))
def test_windows_read_each_piece_once(length, longest, overlap, paragraphs, sentences):
    """What windows read lies end to end from 0 to the text's length, and no window is longer than allowed.

    Planted fault that it catches: a border chosen behind the window's reach.
    """
    breaks = [np.array(sorted({at for at in ends if at <= length}), np.int64) for ends in (paragraphs, sentences)]
    places = borders(length, breaks, longest, overlap)
    assert (places[0], places[-1]) == (0, length)
    assert all(a < b for a, b in itertools.pairwise(places)) or length == 0
    assert all(b - a + (overlap if len(places) > 2 else 0) <= longest for a, b in itertools.pairwise(places))


def test_every_word_is_scored_once_by_windows_that_fit():
    """A text longer than a window gives each word its own scores, the same as in one window if the encoder looks at words alone."""
    text = "Jo said that it rained. " * 30 + "\n" + "Nothing more was heard of it " * 20
    split, whole = model(), model(window=10_000)
    pieces = split.pieces(text)
    scores = split.encode(pieces)
    assert np.array_equal(scores.tags, whole.encode(pieces).tags)
    assert len(scores.tags) == len(pieces.words)
    assert max(split.session.sizes) <= 40 + 2
    assert len(whole.session.sizes) == 1
    assert [window.mine[0] for window in scores.windows] == [0, *(window.mine[1] for window in scores.windows[:-1])]
    for window in scores.windows:
        assert window.seen[0] <= window.mine[0] <= window.mine[1] <= window.seen[1]
        assert len(window.keys) == window.seen[1] - window.seen[0]
        assert len(window.queries) == window.mine[1] - window.mine[0]


def test_an_encoder_that_wants_no_shapes_gets_none():
    """The session is given the inputs that it has."""
    attributor = made(inputs=frozenset(("ids",)))
    with pytest.raises(KeyError, match="shapes"):
        list(attributor(["Jo said it rained."]))


# ------------------------------------------------------------------------------------------------------------- attributor


def test_attributions_of_a_long_text_stand_where_they_are():
    """A text of several sections has the attributions of its sections, moved; the second half repeats the first."""
    part = "Jo said that it rained and that they had to be there with it. \n"
    count = SECTION // len(part) + 100
    (found,) = made()([part * count])
    (alone,) = made()([part])
    assert len(alone) == 1
    assert {one.confidence for one in found} == {None}
    assert len(found) == count
    for number, one in enumerate(found):
        moved = [tuple((start + number * len(part), end + number * len(part)) for start, end in spans) for spans in (alone[0].source, alone[0].cue)]
        assert [one.source, one.cue] == moved


@given(st.lists(st.sampled_from(["Jo said ", "that it rained. ", "“Go,” ", "\n", "\ud800", "\x00", "\u202e", "é\u0301", "said ", "🌉 "]), max_size=40))
def test_any_text_keeps_the_contract(parts):
    """Spans lie within the text, in order, not empty, whatever the text holds."""
    text = "".join(parts)
    (found,) = made()([text])
    assert [na.attribution.contract.fault(text, one) for one in found] == [None] * len(found)


def test_nothing_is_found_where_nothing_can_be():
    """Empty, blank and foreign texts are not even sent to the encoder."""
    attributor = made()
    assert list(attributor(["", " \n\u2028", "\x00", "Le maire a déclaré que le pont serait fermé. " * 9])) == [[]] * 4
    assert attributor.model.session.sizes == []


def test_frames_take_other_settings():
    """Settings other than the model's can be tried on the same scores."""
    one = model()
    text = "Jo said that it rained. “Then it cleared,” they wrote."
    pieces = one.pieces(text)
    scores = one.encode(pieces)
    (found,) = frames(text, pieces, scores, one)
    assert found.content == [(2, 5), (6, 14)]
    assert frames(text, pieces, scores, one, Settings(drop=2.0, bare=0)) == []


def test_confidence_is_a_probability():
    """Logistic regression, then the curve."""
    calibration = Calibration(np.array([1, 0], np.float32), 0.0, np.array([0, 1], np.float32), np.array([0.1, 0.9], np.float32))
    assert calibration.confidence(np.array([0, 7], np.float32)) == pytest.approx(0.5)
    assert calibration.confidence(np.array([99, 0], np.float32)) == pytest.approx(0.9)


def test_copies_leave_the_model_behind():
    """What is sent to another process is small: options, not the model; a copy reads it anew."""
    attributor = made()
    attributor.threads = 3
    for copied in (pickle.loads(pickle.dumps(attributor)), copy.deepcopy(attributor)):
        assert "model" not in vars(copied)
        assert (copied.threads, copied.version) == (3, "learned@1")


def test_threads_are_counted_from_one():
    """No threads is a mistake that is named."""
    with pytest.raises(ValueError, match="threads 0 is less than 1"):
        LearnedAttributor(threads=0)


def test_a_missing_model_is_named(tmp_path):
    """A folder without the files is named, with the remedy; it is no failure of each document."""
    with pytest.raises(ModelError, match=r"config\.json cannot be read \(FileNotFoundError\): give a folder that holds"):
        list(LearnedAttributor(tmp_path)(["Jo said it rained."]))
    with pytest.raises(ModelError):
        na.attribute(na.documents(["Jo said it rained."]), attributor=LearnedAttributor(tmp_path))


def test_a_damaged_model_is_named(tmp_path, monkeypatch):
    """A shipped file whose sha256 is not that of models.csv is refused."""
    folder = tmp_path / "attribution"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    monkeypatch.setattr(models, "SHIPPED", folder)
    monkeypatch.setattr(models, "sums", lambda: {"attribution/config.json": "0" * 64})
    with pytest.raises(ModelError, match="damaged or of another version"):
        LearnedAttributor().model  # noqa: B018
    monkeypatch.setattr(models, "sums", dict)
    with pytest.raises(ModelError, match=r"encoder\.onnx cannot be read \(FileNotFoundError\): install newsanalysis again"):
        LearnedAttributor().model  # noqa: B018


def test_every_shipped_model_file_is_listed():
    """models.csv has a row for each file under models/, with its sha256, and for no other."""
    import hashlib

    folder = models.SHIPPED.parent
    if not folder.is_dir():
        pytest.skip("the learned attributor's model is not in this checkout")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == models.sums()


def test_settings_are_numbers_that_a_configuration_can_hold():
    """Each setting has a default and is a number."""
    assert all(isinstance(getattr(Settings(), field.name), int | float) for field in fields(Settings))
