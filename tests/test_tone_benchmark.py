"""The benchmark of target tone: its scores on counts by hand, its baselines, and a whole run on made-up sentences."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks" / "tone.py").is_file() or not (ROOT / "training" / "tone" / "data.py").is_file():
    pytest.skip("benchmarks/ and training/ are not part of this copy", allow_module_level=True)
sys.path.insert(0, str(ROOT))  # the two folders are no part of the package

from benchmarks import tone  # noqa: E402
from training.tone.data import Example, held_out, is_name, load, renamed  # noqa: E402


def sentence(words: str, target: str, gold: str) -> Example:
    """A sentence with a target."""
    start = words.index(target)
    return Example(words, start, start + len(target), tone.TONES.index(gold))


SOME = [
    sentence("Critics called Jo Day a liar.", "Jo Day", "negative"),
    sentence("Ann Lee gave a brilliant speech.", "Ann Lee", "positive"),
    sentence("Al Bo left for Geneva.", "Al Bo", "neutral"),
    sentence("On Friday he left for Geneva.", "he", "neutral"),
]


def test_f1_by_hand() -> None:
    """Gold by found (2 1 0 / 0 1 0 / 1 0 0): F1 is 2·2/(3+3) = 2/3, 2·1/(1+2) = 2/3 and 0; macro 4/9; accuracy 3/5."""
    assert np.allclose(tone.f1s(np.array([2, 1, 0, 0, 1, 0, 1, 0, 0.0])), [4 / 9, 2 / 3, 2 / 3, 0, 3 / 5])


def test_calibration_error_by_hand() -> None:
    """Ten targets, one a bin: |right - p| is .1 where p = .9 is right, .6 where p = .6 is wrong; five each give .35."""
    likeliest, right = np.array([0.9] * 5 + [0.6] * 5), np.array([True] * 5 + [False] * 5)
    assert tone.calibration_error(likeliest, right) == pytest.approx(0.35)


def test_names_and_held_out() -> None:
    """A pronoun is no name; another name moves the end only; the development tenth is drawn by the text."""
    assert [is_name(one) for one in SOME] == [True, True, True, False]
    other = renamed(SOME[0], "Oleh Bondar")
    assert other.text == "Critics called Oleh Bondar a liar." and other.text[other.start : other.end] == "Oleh Bondar" and other.tone == SOME[0].tone
    assert 60 < sum(held_out(f"Sentence {n}.") for n in range(1000)) < 140


def test_word_lists_are_thresholds() -> None:
    """VADER from .05 is positive, from -.05 down negative, else neutral."""
    assert tone.toned([0.05, 0.049, -0.05, 0]).argmax(axis=1).tolist() == [2, 1, 0, 1]
    assert tone.by_vader(SOME).argmax(axis=1).tolist() == [0, 2, 1, 1] == tone.by_near_vader(SOME).argmax(axis=1).tolist()
    assert tone.majority(SOME)(SOME).argmax(axis=1).tolist() == [1] * 4


def test_nothing_gained_is_zero() -> None:
    """The gain of a coder over itself is 0."""
    found = tone.by_vader(SOME)
    assert tone.gain(SOME, found, found).value.tolist() == [0.0]


def test_a_whole_run(tmp_path: Path) -> None:
    """From a file to the two tables, with the shipped model: each coder has its rows, speeds are above 0, and the file's text is nowhere."""
    texts = [
        f"{name} was {word} on day {n}." for n in range(50) for name, word in (("Jo Day", "convicted of fraud"), ("Ann Lee", "brilliant"), ("Al Bo", "seen"))
    ]
    gold = ["negative", "positive", "neutral"] * 50
    lines = [json.dumps({"text": text, "targets": [{"start": 0, "end": text.index(" was"), "polarity": g}]}) for text, g in zip(texts, gold, strict=True)]
    source = tmp_path / "newsmtsc_train.jsonl"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert 10 <= len(load(source, development=True)) < 30
    tone.main(["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--without", "linear, left and right", "--timed", "2"])
    found = pd.read_csv(tmp_path / "out" / "tone.csv")
    macro = found[(found.measure == "macro_f1") & (found.group == "all")].set_index("coder").value
    assert {"majority", "textblob sentence", "vader sentence", "vader within ten words", tone.OWN} <= set(macro.index) and macro[tone.OWN] > 0.9
    assert (pd.read_csv(tmp_path / "out" / "tone_speed.csv").value > 0).all()
    assert "convicted" not in (tmp_path / "out" / "tone.csv").read_text(encoding="utf-8")
