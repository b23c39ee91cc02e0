"""The benchmarks: scores with intervals, texts in other typography, result files that stay the same, confidence by cross-fitting."""

from __future__ import annotations

import doctest
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import scoring

ROOT = Path(__file__).parents[1]
if not (ROOT / "benchmarks" / "_common.py").is_file() or not (ROOT / "training" / "confidence.py").is_file():
    pytest.skip("benchmarks/ and training/ are not part of this copy", allow_module_level=True)
sys.path.insert(0, str(ROOT))  # the two folders are no part of the package

from benchmarks import __main__ as every  # noqa: E402
from benchmarks import _common as common  # noqa: E402
from benchmarks import _products as products  # noqa: E402
from benchmarks import _runs as runs  # noqa: E402
from benchmarks import _typography as typography  # noqa: E402
from benchmarks import attribution, people, robustness, scale, speakers, speed, voice_error  # noqa: E402
from training import confidence, curve  # noqa: E402

SHARED = ROOT.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not (SHARED / "polnear_dev.jsonl").is_file(), reason="the corpora are not beside this checkout")

TEXTS = [
    "The road is closed\n\n“We closed it on Monday,” said Ann Lee, the mayor. “It is not safe.”\n\nOfficials believe that it will open in May. He denied it.",
    "Bob Day said the bridge had fallen. ''Nobody was hurt,'' he added, and that he was sorry.",
    'According to the ministry, prices rose.\n\n"Rents too," Ann Lee warned.',
]


def rules() -> common.Measured:
    """The rules."""
    return common.measured("patterns")


def as_gold(folder: Path, found: na.Found) -> Path:
    """A gold file that says what was found."""
    rows = []
    for document_id, text in zip(found.documents.document_id, found.documents.text, strict=True):
        attributions = []
        for attribution_id in found.attributions[found.attributions.document_id == document_id].attribution_id:
            pieces = found.spans[found.spans.attribution_id == attribution_id]
            attributions.append({role: pieces[pieces.role == role][["start", "end"]].to_numpy().tolist() for role in ("source", "cue", "content")})
        rows.append({"doc_id": document_id, "text": text, "publisher": f"paper {document_id[-1]}", "attributions": attributions})
    path = folder / "polnear_dev.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """What the rules find in some texts, as a gold file."""
    return as_gold(tmp_path, na.attribute(na.documents(TEXTS), attributor="patterns"))


def half(found: na.Found) -> na.Found:
    """The same with every second attribution missing."""
    return na.Found(found.documents, found.attributions.iloc[::2], found.spans)


# ------------------------------------------------------------------------------------------------------------------ scores


def test_scores_with_intervals_are_those_of_the_package(gold):
    """F1 and its interval equal `na.attribution_scores`; precision and recall equal its columns."""
    annotated = na.read_gold(gold)
    found = half(annotated)
    table = common.scored(*scoring.counts(annotated, found, "attributions"))
    expected = na.attribution_scores(annotated, found)
    f1 = table[table.score == "f1"].reset_index(drop=True)
    pd.testing.assert_frame_equal(f1[["value", "low", "high"]], expected[["estimate", "ci_low", "ci_high"]].set_axis(["value", "low", "high"], axis=1))
    for score in ("precision", "recall"):
        assert table.loc[table.score == score, "value"].tolist() == pytest.approx(expected[score].tolist(), nan_ok=True)


def test_groups_of_documents_are_scored_by_themselves(gold):
    """A publisher's scores are those of its documents alone."""
    annotated = na.read_gold(gold)
    table = attribution.scores(annotated, half(annotated), common.field(gold, "publisher"))
    row = table[(table.group == "paper 2") & (table.measure == "attribution") & (table.score == "recall")].iloc[0]
    alone = annotated.within(annotated.documents.iloc[[1]])
    expected = na.attribution_scores(alone, half(annotated))
    assert row["value"] == expected.recall[0]
    assert row["n"] == expected.n[0]
    assert row["n_documents"] == 1


def test_no_change_makes_no_difference(gold):
    """The paired difference to oneself is 0 without doubt; to less it is negative."""
    annotated = na.read_gold(gold)
    labels, same = scoring.counts(annotated, annotated, "attributions")
    value, low, high = common.difference(labels, same, same)
    assert (value[:2] == 0).all()
    assert np.isnan(low[:2]).all()
    assert np.isnan(high[:2]).all()
    without = annotated.attributions[annotated.attributions.document_id != annotated.documents.document_id[0]]
    fewer = scoring.counts(annotated, na.Found(annotated.documents, without, annotated.spans), "attributions")[1]
    value, low, high = common.difference(labels, same, fewer)
    assert low[0] <= value[0] <= high[0] <= 0
    assert value[0] < 0


def test_result_files_do_not_depend_on_the_order_of_rows(tmp_path):
    """The same rows in any order give the same bytes, with command and package beside each."""
    rows = pd.DataFrame({"measure": ["b", "a"], "value": [1 / 3, np.nan], "low": [0.1, np.nan], "high": [0.5, np.nan], "n": [3, 1]})
    common.write(rows, tmp_path / "a.csv", "make")
    common.write(rows[::-1], tmp_path / "b.csv", "make")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.csv").read_text().splitlines()[1:] == [
        f"a,,,,1,newsanalysis {na.__version__},make",
        f"b,0.3333,0.1,0.5,3,newsanalysis {na.__version__},make",
    ]


@pytest.mark.usefixtures("gold")
def test_the_benchmarks_run_from_end_to_end(tmp_path):
    """Each command writes its table; on its own output as gold an attributor is perfect, and under a change of marks nearly so."""
    given = ["--data", str(tmp_path), "--attributor", "patterns", "--out", str(tmp_path / "out")]
    scores = attribution.main([*given, "--figures", str(tmp_path / "figures")])
    assert scores.loc[scores.measure == "attribution", "value"].dropna().eq(1).all()
    changes = robustness.main(given)
    whole = changes[(changes.score == "f1") & (changes.measure == "attribution") & (changes.group == "all")].set_index("change").value
    assert whole["as it is"] == 1
    assert whole["straight"] > 0.9
    assert set(whole.index) == {"as it is", *typography.CHANGES}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["attribution.csv", "robustness.csv"]


def test_curve_and_calibration_of_an_attributor_with_confidence(gold, tmp_path):
    """Recall falls with the least confidence, and the two figures are written."""
    annotated = na.read_gold(gold)
    sure = np.linspace(0.05, 0.95, len(annotated.attributions))
    found = na.Found(annotated.documents, annotated.attributions.assign(confidence=sure), annotated.spans)
    same = {"set": "polnear_dev", "attributor": "mine@1", "model": "", "data_sha256": ""}
    curve = attribution.precision_recall(annotated, found).assign(**same)
    recall = curve[curve.score == "recall"].sort_values("min_confidence").value.tolist()
    assert recall[0] == 1
    assert recall == sorted(recall, reverse=True)
    reliable = attribution.calibration(annotated, found, rules(), "war_dev").assign(**{**same, "set": "polnear_dev"})
    assert reliable.loc[reliable.measure == "share_right", "estimate"].tolist() == [1, 1]
    attribution.draw(curve, reliable, attribution.scores(annotated, found, {}).assign(**same), tmp_path)
    assert {path.name for path in tmp_path.glob("*.svg")} == {"precision_recall.svg", "reliability.svg"}


def test_speakers_are_resolved_anew_on_annotated_spans(gold):
    """What the gold says of speakers is not used, only its spans."""
    annotated = na.read_gold(gold)
    told = na.Found(annotated.documents, annotated.attributions.assign(speaker="Nobody", affiliation="nowhere", speaker_also="No One"), annotated.spans)
    resolved = speakers.on_gold_spans(told)
    assert "Ann Lee" in resolved.attributions.speaker.tolist()
    assert "speaker_also" not in resolved.attributions


@needs_shared
def test_stored_figures_are_those_of_the_rules_as_they_are():
    """F1, precision and recall of the rules on PolNeAR dev are the stored ones; if not, run the benchmark anew."""
    annotated = na.read_gold(SHARED / "polnear_dev.jsonl")
    scores = na.attribution_scores(annotated, common.find(annotated.documents, rules()))
    stored = pd.read_csv(common.RESULTS / "attribution.csv")
    kept = stored[(stored.set == "polnear_dev") & (stored.attributor == "patterns@1") & (stored.measure == "attribution") & (stored.group == "all")]
    expected = kept.set_index("score").value
    assert [round(scores[name][0], 4) for name in ("estimate", "precision", "recall")] == expected[["f1", "precision", "recall"]].tolist()


@pytest.mark.parametrize("module", [common, products, typography, runs, voice_error, people, confidence, curve], ids=lambda module: module.__name__)
def test_examples_in_the_docstrings_hold(module):
    """The doctests of the benchmarks, which the suite does not collect by itself."""
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted
    assert not result.failed


# -------------------------------------------------------------------------------------------------------------- all of them

SMALL = """
import argparse, pathlib
COMMAND = "python -m small {name} --data DATA"
NEEDS = {needs}
def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path)
    given = parser.parse_args(arguments)
    {does}
if __name__ == "__main__":
    import sys
    main(sys.argv[1:])
"""
WRITES = '(given.out / "{}.csv").write_text("value\\n1\\n2\\n")'


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of benchmarks: one that works, one that fails, one whose data are not there, and a module that is none."""
    folder = tmp_path / "small"
    folder.mkdir()
    kinds = {"first": ((), "raise SystemExit('no model')"), "second_one": (("gold.jsonl",), WRITES.format("second")), "third": (("gone.jsonl",), "1 / 0")}
    for name, (needs, does) in kinds.items():
        (folder / f"{name}.py").write_text(SMALL.format(name=name, needs=needs, does=does), encoding="utf-8")
    (folder / "helper.py").write_text("LIMIT = 3\n", encoding="utf-8")
    (folder / "__init__.py").touch()
    (tmp_path / "gold.jsonl").write_text("{}", encoding="utf-8")
    return folder


def test_benchmarks_are_found_by_what_they_say_of_themselves(small):
    """Modules with a COMMAND are benchmarks, under their names with hyphens; others are not."""
    assert {name: one.needs for name, one in runs.benchmarks(small).items()} == {"first": (), "second-one": ("gold.jsonl",), "third": ("gone.jsonl",)}


def test_every_benchmark_says_how_it_is_run_and_what_it_needs():
    """COMMAND is the command that runs it, and NEEDS names files of the data folder."""
    found = runs.benchmarks()
    assert {"attribution", "speakers", "speaker-gold", "codebook-check", "robustness", "mode", "speed", "voice-error"} <= set(found)
    for name, one in found.items():
        assert one.command.startswith(f"python -m benchmarks {name} --data DATA"), name
        assert not any(Path(file).is_absolute() for file in one.needs), name


def test_one_failure_does_not_stop_the_others(small, capsys):
    """What fails is named with its last words, what lacks data is skipped with the reason, the rest is run and recorded."""
    root = small.parent
    failed = runs.run_all(list(runs.benchmarks(small).values()), root, root / "out", package="small", root=root)
    said = capsys.readouterr().out
    assert failed == ["first"]
    assert "exit code 1:\n    no model" in said
    assert f"third            skipped: no gone.jsonl in {root}" in said
    assert "2 rows in second.csv" in said
    table = pd.read_csv(root / "out" / "runs.csv")
    assert table.benchmark.tolist() == ["second-one"]
    row = table.iloc[0]
    assert (row["rows"], row["files"], row["command"]) == (2, "second.csv", "python -m small second_one --data DATA")
    assert (row["commit"], row["newsanalysis"], row["numpy"]) == ("unknown", na.__version__, np.__version__)
    assert row["data"] == f"gold.jsonl {common.digest(root / 'gold.jsonl')}"


def test_a_run_takes_the_place_of_the_one_before(tmp_path):
    """One row a benchmark, in the order of names, and the same bytes when recorded again."""
    for name, commit in (("b", "1"), ("a", "1"), ("b", "2"), ("b", "2")):
        runs.record(tmp_path, {"benchmark": name, "commit": commit})
    assert (tmp_path / "runs.csv").read_text(encoding="utf-8") == "benchmark,commit\na,1\nb,2\n"


def test_the_commit_is_that_of_what_makes_the_figures(tmp_path):
    """A change of code is a new commit and shows as changed before that; one of results or documentation is not."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-C", str(tmp_path)]
    try:
        subprocess.run([*git, "init", "-q"], check=True, capture_output=True)
    except OSError:
        pytest.skip("git is not there")
    (tmp_path / "src").mkdir()
    (tmp_path / "benchmarks" / "results").mkdir(parents=True)

    def put(name: str, text: str, *, keep: bool) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")
        if keep:
            subprocess.run([*git, "add", "-A"], check=True)
            subprocess.run([*git, "commit", "-q", "-m", name], check=True)

    put("src/code.py", "1", keep=True)
    first, date = runs.commit(tmp_path)
    assert len(first) == 12
    assert len(date) == 10
    put("benchmarks/results/a.csv", "1", keep=True)
    put("README.md", "1", keep=True)
    put("benchmarks/results/a.csv", "2", keep=False)
    assert runs.commit(tmp_path) == (first, date)
    put("src/code.py", "2", keep=False)
    assert runs.commit(tmp_path)[0] == first + "+changed"
    put("src/code.py", "2", keep=True)
    assert runs.commit(tmp_path)[0] not in (first, first + "+changed")


def test_a_name_that_is_no_benchmark_is_refused(tmp_path):
    """The message names those that there are; so for a folder that is none."""
    with pytest.raises(SystemExit, match=r"no benchmark 'tune'; there are attribution, "):
        every.main(["tune", "--data", str(tmp_path)])
    for wrong in (["--data", str(tmp_path), "--only", "tune"], ["--data", str(tmp_path / "no")]):
        with pytest.raises(SystemExit, match="2"):
            every.main(wrong)


def test_without_data_everything_is_skipped_and_nothing_fails(tmp_path, capsys):
    """An empty folder gives one line for each benchmark that needs data, and exit code 0."""
    assert every.main(["--data", str(tmp_path), "--only", "mode", "speaker_gold", "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.count("skipped: no polnear_train.jsonl, war_dev.jsonl") == 2


@pytest.mark.usefixtures("gold")
def test_a_single_benchmark_is_recorded_with_its_own_options(tmp_path, capfd):
    """`python -m benchmarks robustness --attributor patterns` writes its table and one row on how it was made."""
    out = tmp_path / "out"
    assert every.main(["robustness", "--data", str(tmp_path), "--out", str(out), "--attributor", "patterns", "--every", "3"]) == 0
    table = pd.read_csv(out / "runs.csv")
    assert table["command"].tolist() == ["python -m benchmarks robustness --data DATA --attributor patterns --every 3"]
    assert table["files"].tolist() == ["robustness.csv"]
    assert capfd.readouterr().err.count("patterns") == 1 + len(typography.CHANGES)


# ------------------------------------------------------------------------------------------- what errors do to a share of voice


def test_shares_are_those_of_the_package(gold):
    """Shares by hand and by machine equal `na.share_of_voice` on either table, and their difference is the difference."""
    annotated = na.read_gold(gold)
    found = half(annotated)
    table = voice_error.beside(annotated, found, ("kind",)).query("measure == 'share_of_voice_words'").set_index(["score", "group"])["value"]
    for score, side in (("gold", annotated), ("machine", found)):
        expected = na.share_of_voice(side.attributions, by="kind").set_index("kind").estimate
        assert table[score].reindex(expected.index).tolist() == pytest.approx(expected.tolist())
    assert table["difference"].tolist() == pytest.approx((table["machine"] - table["gold"]).reindex(table["difference"].index).tolist())


def test_misplaced_words_are_half_the_sum_of_differences():
    """Two articles of 4 words: gold 1 : 3 and 4 : 0, machine 2 : 2 and 4 : 0; in closed form."""
    gold, machine = np.array([[1.0, 3.0], [4.0, 0.0]]), np.array([[2.0, 2.0], [4.0, 0.0]])
    table = voice_error.compared(gold, machine, ["a", "b"]).set_index(["measure", "score", "group"])["value"]
    assert table["misplaced", "corpus", "all"] == 6 / 8 - 5 / 8
    assert table["misplaced", "article", "all"] == (1 / 4 + 0) / 2
    assert table["mean_absolute_error", "corpus", "all"] == 1 / 8
    assert table["mean_absolute_error", "article", "all"] == (1 / 4 + 0) / 2
    assert table["share_of_voice_words", "difference", "b"] == 2 / 8 - 3 / 8
    assert table["same_first", "article", "all"] == 1 / 2  # 2 : 2 goes to the first group, gold's is the second
    x, y = [1 / 4, 3 / 4, 1, 0], [1 / 2, 1 / 2, 1, 0]
    assert table["per_article", "correlation", "all"] == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_an_article_in_which_nothing_was_found_has_no_shares():
    """It counts in the shares of all articles, not in the means over articles."""
    gold, machine = np.array([[1.0, 3.0], [4.0, 0.0]]), np.array([[1.0, 3.0], [0.0, 0.0]])
    table = voice_error.compared(gold, machine, ["a", "b"]).set_index(["measure", "score", "group"])
    assert table.loc[("misplaced", "article", "all"), "value"] == 0
    assert table.loc[("misplaced", "article", "all"), "n_documents"] == 1
    assert table.loc[("misplaced", "corpus", "all"), "value"] == abs(5 / 8 - 1 / 4)


@given(st.lists(st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=2, max_size=5))
def test_errors_of_shares_have_their_bounds(rows):
    """Nothing is misplaced beside itself; otherwise between 0 and 1; the mean error is at most twice it, divided by two groups or more."""
    # planted faults: not halving the sum; dividing by all groups in place of those that speak
    counts = np.array(rows, float)
    gold, machine = counts[:, :3], counts[:, 3:]
    heard = (gold.sum(axis=1) > 0) & (machine.sum(axis=1) > 0)
    gold, machine = gold[heard], machine[heard]
    assert (voice_error.misplaced(gold, gold) == 0).all()
    wrong = voice_error.misplaced(gold, machine)
    assert ((wrong >= 0) & (wrong <= 1 + 1e-12)).all()
    error = voice_error.absolute_error(gold, machine)
    assert (error <= wrong + 1e-12).all()
    both = ((gold + machine) > 0).sum(axis=1)
    assert np.allclose(error[both == 2], wrong[both == 2])


@pytest.mark.usefixtures("gold")
def test_the_errors_of_shares_run_from_end_to_end(tmp_path):
    """An attributor beside its own output misplaces nothing."""
    table = voice_error.main(["--data", str(tmp_path), "--attributor", "patterns", "--out", str(tmp_path / "out")])
    assert table[table.measure == "misplaced"].value.tolist() == [0, 0]
    assert (tmp_path / "out" / "voice_error.csv").is_file()
    with pytest.raises(SystemExit, match="2"):
        voice_error.main(["--data", str(tmp_path / "out")])


# -------------------------------------------------------------------------------------------------------------------- people


def test_people_are_scored_against_each_other_by_article(gold, tmp_path):
    """Three people, one of whom marks half in each article: 2 of 3 pairs agree on half; in closed form, whoever is taken for gold."""
    records = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    less = [{**record, "attributions": record["attributions"][::2]} for record in records]
    lines = [{**record, "annotator": name} for name, part in (("x", records), ("y", records), ("z", less)) for record in part]
    (tmp_path / "polnear_multi.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    table = people.main(["--data", str(tmp_path), "--out", str(tmp_path / "out")]).set_index(["measure", "group"])
    marked, kept = (sum(len(record["attributions"]) for record in part) for part in (records, less))
    # pairs x:y, x:z, y:z: found m + k + k of m + m + m marked, m + k + k given
    assert table.loc[("attribution", "all"), "value"] == pytest.approx(2 * (marked + 2 * kept) / (3 * marked + marked + 2 * kept), abs=1e-4)
    assert table.loc[("attribution", "all"), ["n", "n_documents"]].tolist() == [9, 3]
    wrong = [voice_error.misplaced(*(voice_error.words(part, "kind", people.KINDS) for part in (people.found(records), people.found(less))))]
    assert table.loc[("misplaced", "all"), "value"] == pytest.approx(2 / 3 * wrong[0].mean(), abs=1e-4)


# -------------------------------------------------------------------------------------------------------------- typography


def bare(text: str) -> str:
    """A text without marks, dashes, commas, full stops, spaces and case: what no change may change."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


@pytest.mark.parametrize("change", typography.CHANGES)
def test_changes_keep_the_words_of_every_part(gold, change):
    """Each source, cue and content has the same letters before and after, in the same order of attributions."""
    for line in gold.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        new = typography.changed(document, change)
        assert bare(new["text"]) == bare(document["text"])
        for before, after in zip(document["attributions"], new["attributions"], strict=True):
            for role in ("source", "cue", "content"):
                old, now = ("".join(d["text"][start:end] for start, end in a[role]) for d, a in ((document, before), (new, after)))
                assert bare(old) == bare(now), (change, role, old, now)
                assert all(new["text"][start:end].strip() == new["text"][start:end] for start, end in after[role])


@pytest.mark.parametrize(
    ("change", "text", "expected"),
    [
        ("straight", "“A ‘b’,” he said.", '"A ‘b’," he said.'),
        ("curly", "''A,'' he said. \"B.\"", "“A,” he said. “B.”"),
        ("``…''", "“A,” he said.", "``A,'' he said."),
        ("single", "“A,” he said.", "‘A,’ he said."),
        ("guillemets", "“A,” he said.", "«A,» he said."),
        ("dashes", "“A,” he said. He “b”.", "— A, he said. He “b”."),
        ("no marks", "“A,” he said.", "A, he said."),
        ("spaces around marks", "“A,” he said.", " “ A, ”  he said."),
        ("British order", "“A,” he said. “B.”", "“A”, he said. “B”."),
        ("a line a sentence", "He said so. She did not.", "He said so.\nShe did not."),
        ("one paragraph", "A.\n\nB.\n", "A. B.\n"),
        ("upper case", "Straße “a”", "STRAßE “A”"),
        ("no full stops", "Mr. Day paid 3.5. “So.”", "Mr Day paid 3.5 “So”"),
    ],
)
def test_each_change_does_what_it_says(change, text, expected):
    """One sentence before and after, for each change."""
    assert typography.changed({"doc_id": "a", "text": text, "attributions": []}, change)["text"] == expected


def test_overlapping_edits_are_refused():
    """Two edits of the same characters would lose one of them in silence."""
    with pytest.raises(ValueError, match="overlap at 1"):
        typography.rewritten("abc", [(0, 2, "x"), (1, 3, "y")])


@given(st.data(), st.text("ab \n“", min_size=1, max_size=30))
def test_offsets_follow_every_character(data, text):
    """A character that no edit touches stands, after any edits, where its offsets say, as a span of its own."""
    # planted faults: the length of an insertion counted before it; ends at an insertion moved behind it
    points = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits = [(start, end, data.draw(st.text("xy", max_size=3))) for start, end in zip(points[::2], points[1::2], strict=False)]
    edits = [edit for n, edit in enumerate(edits) if n == 0 or edit[:2] != edits[n - 1][:2]]
    new, starts, ends = typography.rewritten(text, edits)
    touched = {at for start, end, _ in edits for at in range(start, end)}
    for at in set(range(len(text))) - touched:
        assert new[starts[at] : ends[at + 1]] == text[at]


# ------------------------------------------------------------------------------------------------------------- cross-fitting


def some(n: int = 300) -> tuple[np.ndarray, pd.DataFrame]:
    """Features and truth of attributions in twenty documents."""
    drawn = np.random.default_rng(3)
    features = drawn.normal(size=(n, 3))
    right = drawn.random(n) < 1 / (1 + np.exp(-2 * features[:, 0]))
    return features, pd.DataFrame({"document_id": [f"d{k % 20}" for k in range(n)], "right": right})


def test_confidence_of_a_document_does_not_know_its_own_truth():
    """Turning right and wrong around in one document changes no confidence there, but elsewhere."""
    features, marked = some()
    before = confidence.crossed(features, marked)
    here = marked.document_id == "d7"
    after = confidence.crossed(features, marked.assign(right=marked.right ^ here))
    assert before.confidence[here].tolist() == after.confidence[here].tolist()
    assert before.confidence[~here].tolist() != after.confidence[~here].tolist()


def test_fitted_confidence_is_calibrated_and_never_certain():
    """Cross-fitted on 3,000 attributions of known chances the calibration error is small; confidence lies between 0.02 and 0.99."""
    features, marked = some(3000)
    crossed = confidence.crossed(features, marked)
    error = next(iter(confidence.report(crossed))).estimate[0]
    assert error < 0.05
    assert crossed.confidence.between(0.02, 0.99).all()


def test_isotonic_regression_is_the_nearest_that_never_falls():
    """It rises, keeps the mean, and no monotone function on a fine grid is nearer to the values."""
    x, y = np.array([1.0, 2, 3, 4]), np.array([0.0, 1, 0, 1])
    places, levels = confidence.isotonic(x, y)
    assert places.tolist() == x.tolist()
    assert levels.tolist() == [0, 0.5, 0.5, 1]


def test_logistic_regression_has_no_slope_left():
    """At the weights found the penalised likelihood is flat."""
    features, marked = some()
    right = marked.right.to_numpy(float)
    *weights, bias = confidence.logistic(features, right)
    wrong = 1 / (1 + np.exp(-(features @ weights + bias))) - right
    assert np.abs(features.T @ wrong + confidence.PENALTY * np.array(weights)).max() < 1e-8
    assert abs(wrong.sum()) < 1e-6


def test_the_runtime_reads_what_was_fitted():
    """The numbers in config.json give the same confidence at run time as where they were fitted."""
    encoder = pytest.importorskip("newsanalysis.attribution.encoder")
    features, marked = some()
    fitted = confidence.fit(features, marked.right.to_numpy(float))
    runtime = encoder._calibration(fitted.numbers())
    assert [runtime.confidence(row) for row in features[:20].astype(np.float32)] == pytest.approx(fitted(features[:20]).tolist(), abs=1e-5)


# ------------------------------------------------------------------------------------------------------------------- speed


@pytest.mark.parametrize("whole", [True, False])
def test_products_are_products(whole):
    """The model written by hand multiplies: onnxruntime and numpy agree, and its shape is read back."""
    onnxruntime = pytest.importorskip("onnxruntime")
    model = products.product(3, 5, 4, whole=whole)
    assert products.shapes(model) == [products.Shape(5, 4, whole, 1)]
    assert products.attentions(model) == 0
    weights = np.random.default_rng(0).integers(-63, 64, (5, 4))
    left = np.arange(15).reshape(3, 5).astype(np.uint8 if whole else np.float32)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    assert session.run(None, {"a": left})[0].tolist() == (left.astype(int) @ weights).tolist()


def test_attributors_take_turns():
    """Each repeat measures one after the other; the ratio is that of pairs."""
    turns: list[str] = []

    def attributor(name):
        def run(texts):
            for _ in texts:
                turns.append(name)
                yield []

        return common.Measured(name, run, f"{name}@1", "")

    rows = speed.alternating(["One two three."] * 2, [attributor("a"), attributor("b")])
    assert turns == ["a", "a", "b", "b", *(["a", "a", "b", "b"] * speed.REPEATS)]
    assert [(measure, group, len(found)) for measure, group, _, found in rows] == [
        ("words_per_cpu_second", "a@1", speed.REPEATS),
        ("words_per_cpu_second", "b@1", speed.REPEATS),
        ("speed_ratio", "a@1 : b@1", speed.REPEATS),
    ]
    ratios = [a / b for a, b in zip(rows[0][3], rows[1][3], strict=True)]
    assert rows[2][3] == ratios


def test_memory_and_processor_are_told_without_names():
    """Memory is that of a process with pandas loaded; of the processor only its features are said."""
    assert 30 < speed.peak_mb() < 20_000
    assert set(speed.processor().split()[1:]) <= set(speed.FEATURES)


# ------------------------------------------------------------------------------------------------------------------ tables


@pytest.mark.usefixtures("gold")
def test_tables_show_what_the_results_hold(tmp_path):
    """A column for each attributor that was measured; shares in percent, differences in points, a dash where there is nothing."""
    spec = importlib.util.spec_from_file_location("readme_table", ROOT / "tests" / "readme_table.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    attribution.main(["--data", str(tmp_path), "--attributor", "patterns", "--out", str(tmp_path / "out"), "--figures", str(tmp_path / "out")])
    maker.RESULTS = tmp_path / "out"
    assert maker.scores()[2].startswith("| rules (`patterns`) | 100.0")
    assert maker.publishers()[2] == "| paper 1 | 100.0 |"
    assert maker.confidence() == ["(no attributor with confidence has been measured yet)"]
    assert maker.points({"value": "-0.071", "low": "-0.0884", "high": "-0.00001"}) == "−7.1 (−8.8 to +0.0)"
    assert maker.percent(None) == "–"


def test_ratios_of_scale_are_of_all_rows():
    """Memory is compared with the smallest corpus, time with one process, also where rows come from several runs."""
    one, two = "patterns, one process, articles of 60 words", "patterns, 2 workers, articles of 60 words"
    rows = [("wall", one, 10, 4.0), ("wall", two, 10, 2.0), ("peak_memory_driver", one, 10, 50.0), ("peak_memory_driver", one, 100, 60.0)]
    table = scale.with_ratios(pd.DataFrame(rows, columns=["measure", "group", "n_documents", "value"]).assign(unit="x", n=1))
    ratios = table[table.unit == "ratio"]
    assert list(ratios[["measure", "group", "n_documents", "value"]].itertuples(index=False, name=None)) == [
        ("memory_driver_to_smallest", one, 10, 1.0),
        ("memory_driver_to_smallest", one, 100, 1.2),
        ("speed_to_one_process", two, 10, 2.0),
    ]
