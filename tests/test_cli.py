"""The command line: what it prints, where it fails, and with which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from newsanalysis import __version__, cli

SEEDS = Path(__file__).parents[1] / "seeds"
GOLD = {
    "doc_id": "a",
    "text": "The mayor said the bridge was closed.",
    "attributions": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 36]]}],
}


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def consoles(monkeypatch):
    """Consoles that write to whatever the standard streams are at the time, a hundred columns wide."""
    monkeypatch.setattr(cli, "out_console", cli.Console(width=100))
    monkeypatch.setattr(cli, "error_console", cli.Console(stderr=True, width=100))


@pytest.fixture
def gold(tmp_path):
    """A gold file of two documents, of which the second has nothing to find."""
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, [GOLD, {"doc_id": "b", "text": "It rained.", "attributions": []}])))
    return path


@pytest.mark.parametrize("command", [[], ["reproduce"], ["analyse"], ["evaluate"]])
def test_help_says_what_each_command_does(command):
    """Every command has a help text with its arguments."""
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert "Usage" in out
    assert all(
        word in out
        for word in {
            "analyse": ["--out", "--codebook", "--attributor", "--threads", "--kinds", "--modes", "--min-confidence", "--workers", "--cluster"],
            "evaluate": ["GOLD", "PRED", "--json"],
        }.get("".join(command), [])
    )


def test_version():
    """--version prints it and leaves."""
    assert run("--version") == (0, f"newsanalysis {__version__}\n", "")


def test_analyse_prints_what_was_read_found_and_written(tmp_path):
    """One line for reading, the shares of voice, one line for the results."""
    code, out, err = run("analyse", SEEDS, "--out", tmp_path / "results")
    assert (code, err) == (0, "")
    assert "18 kept (1 article, 17 headlines)" in out
    assert "Share of voice" in out
    assert "nato" in out
    assert f"{tmp_path / 'results'}: 18 documents" in out.replace("\n", "")


def test_analyse_takes_other_column_names_and_says_how_much_the_codebook_knows(tmp_path):
    """Columns are mapped by --column, and the last lines tell codebook, named speakers and where the others are listed."""
    (tmp_path / "mine.csv").write_text("wording,paper\nThe mayor said the bridge was closed.,Herald\nNATO said it would help.,Echo\n")
    code, out, _ = run("analyse", tmp_path / "mine.csv", "--out", tmp_path / "results", "--column", "text=wording", "--column", "outlet=paper")
    assert code == 0
    assert "codebook ukraine_war@1: it names the speaker of 1 of 2 attributions; see unresolved.csv." in out
    assert pd.read_parquet(tmp_path / "results" / "documents.parquet")["outlet"].tolist() == ["Herald", "Echo"]
    assert pd.read_csv(tmp_path / "results" / "unresolved.csv")["speaker"].tolist() == ["mayor"]


def test_analyse_keeps_the_kinds_and_modes_that_are_asked_for(tmp_path):
    """Commas part the names; what is left out is in no table, and the manifest says what was asked for."""
    (tmp_path / "a.txt").write_text("Dam\n\nOfficials fear that the dam will burst. Jo Day said it held. “Not yet,” she said.\n")
    command = ("analyse", tmp_path / "a.txt", "--out", tmp_path / "results", "--attributor", "patterns")
    assert run(*command, "--modes", "speech", "--kinds", "direct, indirect")[0] == 0
    assert pd.read_parquet(tmp_path / "results" / "attributions.parquet").cue.tolist() == ["said", "said"]
    settings = json.loads((tmp_path / "results" / "manifest.json").read_text())["settings"]
    assert (settings["kinds"], settings["modes"], settings["min_confidence"]) == (["direct", "indirect"], ["speech"], 0)


def test_documents_that_are_not_english_are_said(tmp_path):
    """What is found in them is not valid, and the summary says so."""
    (tmp_path / "a.csv").write_text("text,language\nIt rained all day in the town.,en\nEs regnete den ganzen Tag in der Stadt.,de\n")
    code, out, _ = run("analyse", tmp_path / "a.csv", "--out", tmp_path / "results", "--attributor", "patterns")
    assert code == 0
    assert "1 document is not in English: what is found and measured in it is not valid." in out
    assert json.loads((tmp_path / "results" / "manifest.json").read_text())["languages"] == {"de": 1, "en": 1}


def test_copies_are_said_in_the_singular_and_in_the_plural():
    """One document is, two are."""
    assert (cli._of(1, 40), cli._of(2, 40)) == ("1 document is", "2 of 40 documents are")


def test_a_default_codebook_that_knows_few_is_said(tmp_path):
    """Where it names fewer than a fifth and was not chosen, the sentence says that there are others."""
    (tmp_path / "a.csv").write_text("text\nThe mayor said the bridge was closed.\n")
    command = ("analyse", tmp_path / "a.csv", "--out", tmp_path / "out", "--attributor", "patterns")
    assert "names the speaker of 0 of 1 attribution; see unresolved.csv; choose another by --codebook." in run(*command)[1]
    assert "choose another" not in run(*command, "--codebook", "us_election")[1]


def test_what_was_skipped_is_told_by_the_file_that_says_why(tmp_path):
    """The command line has no report=True; in Python `read` has."""
    (tmp_path / "a.csv").write_text("id,text\n1,It rained all day.\n2,\n")
    assert "1 skipped; read_report.csv says why." in run("analyse", tmp_path / "a.csv", "--out", tmp_path / "out", "--attributor", "patterns")[1]


@pytest.mark.parametrize("there", [True, False])
def test_a_call_that_read_nothing_leaves_the_folder_as_it_was(tmp_path, there):
    """A new folder goes again, with those above it; one that was there is empty again."""
    (tmp_path / "table.csv").write_text("colour,size\nred,1\n")
    out = tmp_path / "new" / "out"
    if there:
        out.mkdir(parents=True)
    assert run("analyse", tmp_path / "table.csv", "--out", out)[0] == 2
    assert (tmp_path / "new").exists() == there
    assert not there or not list(out.iterdir())


def test_an_interrupt_is_one_sentence_and_exit_code_130(tmp_path, monkeypatch):
    """No traceback, and what to do next."""
    from newsanalysis import pipeline

    def interrupted(*_given, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "analyse", interrupted)
    assert run("analyse", SEEDS, "--out", tmp_path / "out") == (130, "", "stopped; the same command goes on from here.\n")


def test_progress_is_told_in_files_in_documents_and_to_the_end(capsys):
    """Files while reading, documents and words while analysing, and a last step without numbers."""
    from rich.console import Console

    from newsanalysis.progress import _Shown

    with _Shown(Console(stderr=True, force_terminal=True, width=100)) as shown:
        shown.begin_files("reading", files=5, size=100)
        shown.add(3, 60)
        assert shown._said() == "3 of 5 files"
        shown.begin("analysing", documents=10, words=500, done=(4, 200))
        assert shown._said() == "4 of 10 documents"
        shown.add(1, 50)
        assert shown._said().startswith("5 of 10 documents, ")
        shown.begin_last("measures")
        assert shown._said() == ""
    assert "measures" in capsys.readouterr().err


def test_threads_make_a_learned_attributor(monkeypatch):
    """The number goes to the learned attributor; without one the name is passed on."""
    learned = pytest.importorskip("newsanalysis.attribution.learned")
    made = []
    monkeypatch.setattr(learned, "LearnedAttributor", lambda **options: made.append(options) or made.append)
    assert cli._options(cli._Finding(attributor="learned", threads=2))["attributor"] == made.append
    assert made == [{"threads": 2}]
    assert cli._options(cli._Finding(attributor="learned"))["attributor"] == "learned"


def test_analyse_without_attributions_prints_no_empty_table(tmp_path):
    """Nothing found is said by its number."""
    (tmp_path / "quiet.txt").write_text("Rain\n\nIt rained all day. The river rose. Then it fell again.\n")
    code, out, _ = run("analyse", tmp_path / "quiet.txt", "--out", tmp_path / "results")
    assert code == 0
    assert "Share of voice" not in out
    assert "0 attributions" in out


def test_evaluate_scores_a_file_against_gold(gold):
    """Gold against itself: all is found, in a table or as JSON."""
    code, out, err = run("evaluate", gold, gold)
    assert (code, err) == (0, "")
    assert "gold.jsonl against gold.jsonl: 2 documents" in out
    assert "100.0" in out
    code, out, _ = run("evaluate", gold, gold, "--json")
    assert code == 0
    records = json.loads(out)
    assert records[0]["measure"] == "attribution"
    assert records[0]["estimate"] == 1
    assert records[0]["n_documents"] == 2


def test_evaluate_scores_a_folder_that_analyse_wrote(tmp_path, gold):
    """The two commands fit together: ids are kept, and texts agree."""
    assert run("analyse", gold, "--out", tmp_path / "results")[0] == 0
    code, out, _ = run("evaluate", gold, tmp_path / "results", "--json")
    assert code == 0
    assert json.loads(out)[0]["estimate"] == 1


def test_evaluate_says_how_many_documents_have_no_prediction(tmp_path, gold):
    """A lacking document is counted and said."""
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text(json.dumps({"doc_id": "a", "attributions": []}))
    assert "2 documents, 1 without prediction" in run("evaluate", gold, predicted)[1]


def test_reproduce_prints_a_line_for_each_notebook(tmp_path):
    """Not on a terminal: one line each."""
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", id="a")])
    (tmp_path / "01_sum.ipynb").write_text(nbformat.writes(notebook))
    code, out, err = run("reproduce", "--notebooks", tmp_path)
    assert (code, err) == (0, "")
    assert out.startswith("01_sum: 1 cells, ")


def test_reproduce_shows_progress_on_a_terminal(tmp_path, monkeypatch):
    """On a terminal: a bar for each notebook."""
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.setattr(cli, "out_console", cli.Console(width=100, force_terminal=True))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", id="a")])
    (tmp_path / "01_sum.ipynb").write_text(nbformat.writes(notebook))
    code, out, _ = run("reproduce", "--notebooks", tmp_path)
    assert code == 0
    assert "01_sum" in out
    assert "1/1" in out


def test_a_notebook_that_fails_is_exit_code_1(tmp_path):
    """A failing notebook is no mistake in the command: named, and exit code 1."""
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("oops", id="a")])
    (tmp_path / "01_fails.ipynb").write_text(nbformat.writes(notebook))
    code, out, err = run("reproduce", "--notebooks", tmp_path)
    assert (code, out) == (1, "")
    assert err == "01_fails.ipynb, code cell 1 (`oops`): NameError: name 'oops' is not defined\n"


MISTAKES = {
    "no such input": (["analyse", "{tmp}/none", "--out", "{tmp}/out"], "none"),
    "an empty file": (["analyse", "{tmp}/empty.txt", "--out", "{tmp}/out"], "empty.txt"),
    "a table without texts": (["analyse", "{tmp}/table.csv", "--out", "{tmp}/out"], "colour"),
    "output is a file": (["analyse", "{seeds}", "--out", "{tmp}/empty.txt"], "this is a file"),
    "output inside the input": (["analyse", "{tmp}", "--out", "{tmp}/out"], "inside the input"),
    "output below a file": (["analyse", "{seeds}", "--out", "{tmp}/empty.txt/out"], "empty.txt"),
    "output would replace the input": (["analyse", "{tmp}/table/measures.csv", "--out", "{tmp}/table"], "would replace the input"),
    "output has other files": (["analyse", "{seeds}", "--out", "{tmp}/twice"], "no analysis wrote"),
    "a column without its name": (["analyse", "{tmp}/table.csv", "--out", "{tmp}/out", "--column", "text"], "--column outlet=newspaper"),
    "a column that is not there": (["analyse", "{tmp}/table.csv", "--out", "{tmp}/out", "--column", "text=wording"], "wording"),
    "a folder without news": (["analyse", "{tmp}/table", "--out", "{tmp}/out"], "table"),
    "a binary file": (["analyse", "{tmp}/binary.txt", "--out", "{tmp}/out"], "binary.txt"),
    "an alias claimed twice": (["analyse", "{seeds}", "--out", "{tmp}/out", "--codebook", "{tmp}/twice"], "'Lee' is claimed twice"),
    "an unknown column": (["analyse", "{seeds}", "--out", "{tmp}/out", "--codebook", "{tmp}/column"], "party"),
    "no such codebook": (["analyse", "{seeds}", "--out", "{tmp}/out", "--codebook", "nobody"], "nobody"),
    "no such attributor": (["analyse", "{seeds}", "--out", "{tmp}/out", "--attributor", "oracle"], "oracle: there is no such attributor; there are"),
    "no such mode": (["analyse", "{seeds}", "--out", "{tmp}/out", "--modes", "speech,loud"], "mode 'loud' is unknown; there are speech, private."),
    "no mode": (["analyse", "{seeds}", "--out", "{tmp}/out", "--modes", ","], "no mode is asked for"),
    "no such kind": (["analyse", "{seeds}", "--out", "{tmp}/out", "--kinds", "loud"], "there are direct, mixed, indirect."),
    "too sure": (["analyse", "{seeds}", "--out", "{tmp}/out", "--min-confidence", "1.5"], "min_confidence 1.5 is not between 0 and 1."),
    "rules are never sure": (["analyse", "{seeds}", "--out", "{tmp}/out", "--attributor", "patterns", "--min-confidence", ".5"], "gives no confidence"),
    "no threads": (["analyse", "{seeds}", "--out", "{tmp}/out", "--attributor", "learned", "--threads", "0"], "1 or more are needed"),
    "threads for rules": (["analyse", "{seeds}", "--out", "{tmp}/out", "--attributor", "patterns", "--threads", "2"], "take --attributor learned"),
    "no workers": (["analyse", "{seeds}", "--out", "{tmp}/out", "--workers", "0"], "--workers 0: 1 or more processes are needed."),
    "none of our columns": (["analyse", "{tmp}/table.csv", "--out", "{tmp}/out", "--column", "fulltext=size"], "--column fulltext=size: 'fulltext' is none of"),
    "no scheduler": (["analyse", "{seeds}", "--out", "{tmp}/out", "--cluster", "tcp:/127.0.0.1:9"], "the address of a scheduler is needed"),
    "workers and a cluster": (["analyse", "{seeds}", "--out", "{tmp}/out", "--workers", "2", "--cluster", "tcp://127.0.0.1:9"], "give one of them"),
    "no address of a cluster": (["analyse", "{seeds}", "--out", "{tmp}/out", "--cluster", "here"], "the address of a scheduler is needed"),
    "no gold": (["evaluate", "{tmp}/none", "{tmp}/none"], "no such file or folder"),
    "gold is no gold": (["evaluate", "{tmp}/table.csv", "{tmp}/table.csv"], "line 1: not JSON"),
    "prediction is no result": (["evaluate", "{tmp}/gold.jsonl", "{tmp}"], "documents.parquet, attributions.parquet, spans.parquet not found"),
    "no notebooks": (["reproduce", "--notebooks", "{tmp}"], "no notebooks there"),
    "no such command": (["analyze"], "No such command"),
    "no input": (["analyse", "--out", "{tmp}/out"], "INPUT"),
    "no output": (["analyse", "{seeds}"], "--out"),
}


def write(path: Path, text: str) -> None:
    """Write a file below a folder that may not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("gold")
@pytest.mark.parametrize(("arguments", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_users_mistake_is_one_sentence_and_exit_code_2(tmp_path, arguments, words):
    """No traceback for what the user can mend."""
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "table.csv").write_text("colour,size\nred,1\n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    write(tmp_path / "table" / "measures.csv", "colour,size\nred,1\n")
    write(tmp_path / "table" / "manifest.json", "{}")
    write(tmp_path / "twice" / "actors.csv", "actor_id,name,affiliation\nann,Ann Lee,city\nbob,Bob Lee,city\n")
    write(tmp_path / "twice" / "aliases.csv", "actor_id,alias\nann,Lee\nbob,Lee\n")
    write(tmp_path / "twice" / "affiliations.csv", "affiliation\ncity\n")
    write(tmp_path / "column" / "actors.csv", "actor_id,name,affiliation,party\nann,Ann Lee,city,none\n")
    write(tmp_path / "column" / "affiliations.csv", "affiliation\ncity\n")
    code, _, err = run(*(argument.format(tmp=tmp_path, seeds=SEEDS) for argument in arguments))
    assert code == 2
    assert words in err.replace("\n", " ")
    assert "Traceback" not in err
    assert words == "gives no confidence" or not (tmp_path / "out").exists()  # that is known when there is an attribution
    if "Usage" not in err:
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    "odd", [b"She said it \x93works\x94.", b"She said\x00 it works.", b'{"text": "She said \\ud800 it works."}'], ids=["cp1252", "NUL", "surrogate"]
)
def test_odd_characters_are_read_and_analysed(tmp_path, odd):
    """Undecodable bytes, NUL and lone surrogates cost no document."""
    path = tmp_path / ("odd.jsonl" if odd.startswith(b"{") else "odd.txt")
    path.write_bytes(odd)
    code, out, _ = run("analyse", path, "--out", tmp_path / "out")
    assert code == 0
    assert "1 kept" in out


def test_our_own_fault_is_exit_code_1_with_a_traceback(tmp_path):
    """What the user cannot mend is not dressed up as their mistake."""
    program = (
        "import sys; from newsanalysis import pipeline, cli; pipeline.analyse = lambda *a, **k: 1 / 0; sys.argv = ['newsanalysis', *sys.argv[1:]]; cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", program, "analyse", str(SEEDS), "--out", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr


def test_the_module_runs_as_a_program():
    """python -m newsanalysis is the same command line."""
    done = subprocess.run([sys.executable, "-m", "newsanalysis", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"newsanalysis {__version__}\n"
