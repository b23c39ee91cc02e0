"""The gate: the stored figures hold, and a drop, other gold, or a missing row is refused with what to do."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks" / "gate.py").is_file():
    pytest.skip("benchmarks/ is not part of this copy", allow_module_level=True)
sys.path.insert(0, str(ROOT))  # the folder is no part of the package

from benchmarks import gate, summary  # noqa: E402

SCORES = """set,measure,group,value,data_sha256
news,attribution,all,0.8,abc
news,attribution,direct,0.9,abc
news,error,all,0.02,abc
"""
FLOORS = """file,where,column,bound,floor,margin,asked,gold_sha256,why
scores.csv,set=news & measure=attribution & group=all,value,least,0.795,,,abc,
scores.csv,set=n*s & measure=attribution & group=direct,value,least,0.895,0.002,0.95,abc,
scores.csv,set=news & measure=error,value,most,0.025,,,abc,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three figures and their floors, which hold."""
    (tmp_path / "scores.csv").write_text(SCORES, encoding="utf-8")
    (tmp_path / "floors.csv").write_text(FLOORS, encoding="utf-8")
    return tmp_path


def passed(folder: Path, *arguments: str) -> int:
    """Run the gate on a folder."""
    return gate.main(["--results", str(folder), "--floors", str(folder / "floors.csv"), *arguments])


def put(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_no_stored_figure_has_dropped(capsys):
    """Every figure of the repository holds its floor, on the gold that the floor is of; if not, the message says what to do."""
    assert gate.main([]) == 0, capsys.readouterr().out


def test_every_floor_names_one_figure_and_its_gold():
    """No floor is empty, none stands there twice, and none lies above a figure."""
    floors = gate.read(gate.FLOORS)
    assert len(floors) > 50
    assert floors.floor.notna().all()
    assert (floors.gold_sha256 != "").all()


def test_figures_that_hold_pass(folder, capsys):
    """Nothing is refused; what was asked for and is not reached is named all the same."""
    assert passed(folder) == 0
    said = capsys.readouterr().out
    assert "3 of 3 figures hold." in said
    assert "short of the 0.950 asked for by 0.0500" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("scores.csv", "attribution,all,0.8", "attribution,all,0.79", "0.7900 is 0.0050 below its floor of 0.795. Find the cause"),
        ("scores.csv", "error,all,0.02", "error,all,0.03", "0.0300 is 0.0050 above its ceiling of 0.025. Find the cause"),
        ("scores.csv", "direct,0.9,abc", "direct,0.99,xyz", "0.9900 was measured on other data (xyz) than its floor (abc). If the gold was mended"),
        ("scores.csv", "news,error,all,0.02,abc\n", "", "no row in scores.csv with set=news & measure=error. Run its benchmark anew"),
        ("scores.csv", "news,error,all,0.02,abc\n", "news,error,all,0.02,abc\n" * 2, "2 rows in scores.csv"),
        ("scores.csv", "all,0.8,", "all,,", "value is empty in scores.csv"),
        ("scores.csv", "measure,group", "what,group", "scores.csv has no column measure"),
        ("floors.csv", "0.795", "", "no floor is set. Set it"),
        ("floors.csv", "scores.csv,set=news & measure=error", "gone.csv,set=news", "gone.csv is not there"),
    ],
    ids=["a drop", "an error that grows", "other gold", "a missing row", "two rows", "no value", "no column", "no floor", "no file"],
)
def test_what_is_refused_and_what_is_said(folder, capsys, file, old, new, message):
    """Each planted fault is refused, by name, with by how much and what to do."""
    put(folder / file, old, new)
    assert passed(folder) == 1
    said = capsys.readouterr().out
    assert message in said
    assert "REFUSED" in said


def test_floors_are_lifted_but_not_lowered(folder):
    """`--raise` sets floors a margin below what has risen, and leaves what has dropped, which stays refused."""
    put(folder / "scores.csv", "direct,0.9,", "direct,0.9666,")
    put(folder / "scores.csv", "all,0.8,", "all,0.7,")
    assert passed(folder, "--raise") == 1
    assert gate.read(folder / "floors.csv").floor.tolist() == [0.795, 0.964, 0.025]


def test_lowering_needs_a_reason_and_keeps_it(folder):
    """`--lower` takes the drop and the other gold, with the reason in their rows; without a reason it does nothing."""
    put(folder / "scores.csv", "all,0.8,abc", "all,0.7,xyz")
    with pytest.raises(SystemExit):
        passed(folder, "--lower", " ")
    assert passed(folder) == 1
    assert passed(folder, "--lower", "the guide counts less") == 0
    floors = gate.read(folder / "floors.csv")
    assert floors.floor.tolist() == [0.695, 0.898, 0.025]
    assert floors.gold_sha256.tolist() == ["xyz", "abc", "abc"]
    assert floors.why.tolist() == ["the guide counts less", "", ""]


def test_floors_that_cannot_be_read_are_refused(folder):
    """Wrong columns, an unknown bound and a figure named twice end it, with the place."""
    path = folder / "floors.csv"
    put(path, "value,most", "value,highest")
    with pytest.raises(SystemExit, match=r"row 4: bound is 'highest'; write least or most"):
        gate.read(path)
    path.write_text(FLOORS + FLOORS.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="stands there twice"):
        gate.read(path)
    path.write_text("file\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="columns"):
        gate.read(path)


@given(st.floats(0, 1), st.sampled_from([0.0, 0.003, 0.005]), st.sampled_from(["least", "most"]))
def test_a_new_bound_lies_between_the_figure_and_a_thousandth_beyond_the_margin(value, margin, bound):
    """A figure never fails the bound that it has just set, and the bound is not lax."""
    # planted faults: rounding to the nearest instead of away; the margin added on the wrong side
    short = gate.short_by(value, gate.set_off(value, margin, bound), bound)
    assert -margin - 0.001 - 1e-6 <= short <= 1e-6


def test_lifting_again_changes_nothing(folder):
    """The file is the same bytes when the figures are."""
    passed(folder, "--raise")
    once = (folder / "floors.csv").read_bytes()
    passed(folder, "--raise")
    assert (folder / "floors.csv").read_bytes() == once


def test_quality_of_every_kind_has_a_floor():
    """Attributions, speakers, camps, codebook, confidence, modes, typography and shares of voice are all guarded."""
    files = set(pd.read_csv(gate.FLOORS).file)
    assert {"attribution.csv", "speakers.csv", "speaker_gold.csv", "us_election.csv", "calibration.csv"} <= files
    assert {"mode.csv", "robustness.csv", "voice_error.csv", "speed.csv"} <= files


def test_examples_hold():
    """The doctests of the gate, which the suite does not collect by itself."""
    result = doctest.testmod(gate)
    assert result.attempted
    assert not result.failed


def test_the_stored_summary_is_that_of_the_stored_results():
    """No figure of it stands in a file that says otherwise: `python -m benchmarks.summary` makes it anew."""
    table, absent = summary.made(pd.read_csv(summary.ROWS, dtype=str, keep_default_na=False))
    assert absent == []
    stored = pd.read_csv(gate.RESULTS / summary.NAME).astype({"n": "Int64", "n_documents": "Int64"}).fillna({"gold_sha256": ""})
    pd.testing.assert_frame_equal(stored, table, check_dtype=False)


def test_every_figure_of_the_package_in_the_summary_has_a_floor():
    """What is shown to readers is guarded: same file, and conditions that are a part of each other's."""
    shown = pd.read_csv(summary.ROWS, dtype=str, keep_default_na=False)
    floors = pd.read_csv(gate.FLOORS, dtype=str, keep_default_na=False)
    for row in shown[shown.mark == "package"].itertuples():
        wanted = gate.conditions(str(row.where)).items()
        there = [gate.conditions(where).items() for where in floors.loc[floors.file == row.file, "where"]]
        assert any(wanted <= one or one <= wanted for one in there), (row.file, row.where)


def test_a_figure_that_is_not_there_is_left_out_and_said(folder, capsys):
    """The others stand there with interval, n and gold as they are stored; the exit code is 0."""
    rows = {"group": "Speech", "system": "here", "mark": "package", "texts": "news", "file": "scores.csv", "column": "value"}
    table, absent = summary.made(
        pd.DataFrame([{**rows, "label": "all", "where": "group=a*l & measure=attribution"}, {**rows, "label": "x", "where": "set=no"}]), folder
    )
    assert table.estimate.tolist() == [0.8]
    assert table.gold_sha256.tolist() == ["abc"]
    assert table.ci_low.isna().all()
    assert absent == ["x, here: no row in scores.csv with set=no"]
    assert summary.main(["--results", str(folder)]) == 0
    assert "left out: attributions (F1), newsanalysis: attribution.csv is not there" in capsys.readouterr().err
    assert (folder / "summary.csv").is_file()
