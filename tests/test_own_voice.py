"""The own-voice benchmark, on invented articles in the layout of the corpus, and what it says without the corpus."""

from __future__ import annotations

import doctest
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import newsanalysis as na

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks" / "_common.py").is_file():
    pytest.skip("benchmarks/ is not part of this copy", allow_module_level=True)
sys.path.insert(0, str(ROOT))  # the folder is no part of the package

from benchmarks import compare, correction, own_voice  # noqa: E402

ARTICLES = [
    (
        [["The disastrous plan failed.", "Ann Lee said the plan was a horrible disaster."], ["“It is awful, awful,” she complained.", "Rain fell."]],
        {"p0": "lex", "p2": "lex", "title": "lex"},
    ),
    ([["A brilliant mayor won.", "Bob Day warned that prices would rise to horrible heights."]], {"p0": "lex", "p1": "inf"}),
    ([["The road was closed."], ["“We hate it,” said Ann Lee."]], {}),
]


@pytest.fixture
def basil(tmp_path):
    """A folder in the layout of the corpus."""
    for number, (paragraphs, marked) in enumerate(ARTICLES):
        for folder, name, content in (
            ("articles", f"x_{number}.json", {"body-paragraphs": paragraphs, "source": "A"}),
            ("annotations/resolved", f"x_{number}_ann.json", {"phrase-level-annotations": [{"id": k, "bias": v, "quote": "no"} for k, v in marked.items()]}),
        ):
            path = tmp_path / "data" / folder / "2010" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_sentences_stand_where_the_corpus_puts_them(basil):
    """Each sentence of the corpus begins at its start in the text, and labels are by its number; what stands in the title is none of them."""
    corpus = own_voice.read(basil)
    for (paragraphs, _), text, begin in zip(ARTICLES, corpus.documents.text, corpus.starts.values(), strict=True):
        for sentence, start in zip([s for p in paragraphs for s in p], begin, strict=True):
            assert text[start:].startswith(sentence)
    assert corpus.biased["lexical bias"]["x_0"] == {0, 2}
    assert corpus.biased["lexical bias"]["x_1"] == {0}


def test_counts_by_voice(basil):
    """Of the first article's loaded words, only "disastrous" and "failed" are the outlet's, and its cue "complained" if asked for."""
    corpus = own_voice.read(basil)
    found = own_voice.ways(corpus, own_voice.common.chosen(type("Given", (), {"attributor": ["patterns"], "model": None})))
    by_way = {way: own_voice.counts(corpus, codes)["x_0"].tolist() for (way, _), codes in found.items()}
    assert by_way["whole sentence"] == [2, 2, 3, 0]
    assert by_way["quotation marks stripped"] == [2, 2, 1, 0]
    assert by_way["own voice"] == [2, 0, 0, 0]
    assert by_way["own voice and cues"] == [2, 0, 1, 0]


def test_benchmark_writes_a_row_for_each_way(basil, tmp_path):
    """Areas and gains are written for both labels; the area is that of all pairs of sentences, one by one."""
    written = own_voice.main(["--data", str(tmp_path), "--basil", str(basil), "--out", str(tmp_path / "out"), "--attributor", "patterns"])
    assert len(written) == 2 * 5 * 2
    corpus = own_voice.read(basil)
    codes = na.code_words(na.units(corpus.documents, unit="document"), codebook="loaded_words")
    words = own_voice.counts(corpus, codes)
    scored = [(n, at in corpus.biased["lexical bias"][key]) for key, counted in words.items() for at, n in enumerate(counted)]
    pairs = [(a > b) + (a == b) / 2 for a, marked in scored if marked for b, other in scored if not other]
    row = written[(written.system == "whole sentence") & (written.group == "lexical bias") & (written.score == "auc")]
    assert row.value.item() == pytest.approx(np.mean(pairs), abs=1e-4)


def test_without_the_corpus(tmp_path, capsys):
    """Without the corpus the benchmark says so in one line and writes nothing."""
    assert own_voice.main(["--data", str(tmp_path), "--out", str(tmp_path)]) is None
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "no annotated articles" in said
    assert not list(tmp_path.iterdir())


def test_simulations_make_what_they_say(monkeypatch):
    """The made-up codes have the shares and error rates of their scenario; a run gives a row for each method, outlet and score."""
    scenario = correction.Scenario((0.4, 0.2), (0.9, 0.7), (0.95, 0.8))
    units = correction.corpus(scenario, np.random.default_rng(0))
    hand, machine = units.hand == "yes", units.machine == "yes"
    for n, outlet in enumerate("AB"):
        here = units.group == outlet
        assert hand[here].mean() == pytest.approx(scenario.share[n], abs=0.06)
        assert machine[here & hand].mean() == pytest.approx(scenario.sensitivity[n], abs=0.06)
        assert machine[here & ~hand].mean() == pytest.approx(1 - scenario.specificity[n], abs=0.06)
    drawn = correction.sample(units, 100, "by machine value", np.random.default_rng(0))
    assert drawn.groupby("machine").size().tolist() == [50, 50]
    assert drawn.weight.sum() == pytest.approx(len(units))
    monkeypatch.setattr(correction, "RUNS", 2)
    monkeypatch.setattr(correction, "RESAMPLES", 20)
    assert len(correction.measured("same errors, good machine", 100)) == 5 * (2 * 4 + 2)
    monkeypatch.setattr(compare, "RUNS", 3)
    assert compare.measured("10 and 10 articles").system.tolist() == list(compare.TESTS)


def test_doctests_of_the_benchmark():
    """The examples in the benchmark run."""
    assert not doctest.testmod(own_voice).failed
