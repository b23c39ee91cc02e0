"""Results of several parts: other programs read them as one table, a changed file costs its part only, and a terminal is told how far it is."""

import hashlib
import json
import os
import shutil
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import newsanalysis as na
from newsanalysis import cli, journal, manifest
from newsanalysis.files import OutputError
from newsanalysis.readers import ids, spool

TABLES = ("documents", "attributions", "spans", "units", "codes")
SAYS = (
    "The mayor of Rivertown said the bridge was closed. “It is old,” Ann Lee added.",
    "Officials claimed that the river would rise, and the harbour was shut by the army.",
    "It rained all day. “We will not pay,” Jo Day told reporters, who wanted to know more.",
)
NAMES = [name for name in (f"{number:06d}.csv" for number in range(2000)) if ids.hashed(name) % 100 == 0][:3]  # each ends a group, hence is a part


def written(file: Path, number: int, last: str = "") -> None:
    """Write a file of two articles."""
    texts = [f"{SAYS[(number + row) % 3]} It was day {2 * number + row}. {last}" for row in range(2)]
    pd.DataFrame({"id": [f"d{number}-{row}" for row in range(2)], "text": texts}).to_csv(file, index=False)


def corpus(folder: Path) -> Path:
    """A folder of three files, invented."""
    folder.mkdir()
    for number, name in enumerate(NAMES):
        written(folder / name, number)
    return folder


def digest(folder: Path) -> dict[str, str]:
    """A hash of each file that belongs to the results."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and ".newsanalysis" not in file.parts)
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    """Inputs, and results of three parts."""
    folder = tmp_path_factory.mktemp("parts")
    return {"inputs": corpus(folder / "news"), "out": na.analyse(folder / "news", folder / "out", attributor="patterns")}


@pytest.mark.parametrize("name", TABLES)
def test_pandas_arrow_and_duckdb_read_the_same_rows(news, name):
    """A folder of parts is one table to each of them, in the order of the documents."""
    duckdb = pytest.importorskip("duckdb", reason="the extra test is not installed")
    from pyarrow import dataset

    folder = news["out"] / f"{name}.parquet"
    assert len(list(folder.iterdir())) == 3
    table = pd.read_parquet(folder)
    assert len(table)
    by_arrow = dataset.dataset(folder, format="parquet").to_table().to_pandas()
    pd.testing.assert_frame_equal(by_arrow.astype(table.dtypes), table)
    chosen = [f'"{column}"' for column in table]
    with duckdb.connect() as base:
        found = base.execute(f"SELECT {', '.join(chosen)} FROM read_parquet('{folder}/*.parquet')").fetchall()
    rows = table.astype(object)
    assert found == list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def test_duckdb_joins_the_tables(news):
    """Who is heard how often, asked of the files themselves, is what pandas counts."""
    duckdb = pytest.importorskip("duckdb", reason="the extra test is not installed")
    out = news["out"]
    asked = f"""
        SELECT document_id, count(*) AS n FROM '{out}/documents.parquet/*.parquet' JOIN '{out}/attributions.parquet/*.parquet' USING (document_id)
        GROUP BY document_id ORDER BY document_id
    """
    with duckdb.connect() as base:
        rows = dict(base.execute(asked).fetchall())
    assert rows == pd.read_parquet(out / "attributions.parquet").document_id.value_counts().sort_index().to_dict()


def test_evaluate_reads_results_of_several_parts(news, tmp_path):
    """Gold made of all parts, against the folder: everything is found."""
    read = {name: pd.read_parquet(news["out"] / f"{name}.parquet") for name in ("documents", "attributions", "spans")}
    records = []
    for document in read["documents"].itertuples():
        attributions = []
        for key in read["attributions"].attribution_id[read["attributions"].document_id == document.document_id]:
            spans = read["spans"][read["spans"].attribution_id == key]
            attributions.append({role: of[["start", "end"]].to_numpy().tolist() for role, of in spans.groupby("role")})
        records.append({"doc_id": document.document_id, "text": document.text, "attributions": attributions})
    (tmp_path / "gold.jsonl").write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["evaluate", str(tmp_path / "gold.jsonl"), str(news["out"]), "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    first = json.loads(result.stdout)[0]
    assert (first["measure"], first["estimate"], first["n_documents"]) == ("attribution", 1, 6)


def test_many_inputs_are_listed_in_a_file_of_their_own(news, tmp_path, monkeypatch):
    """Above the limit the manifest names the list, its length and its hash; below it the list goes again, and the bytes are as they were."""
    monkeypatch.setattr(manifest, "MOST_INPUTS", 2)
    out = na.analyse(news["inputs"], tmp_path / "out", attributor="patterns")
    told, listed = json.loads((out / "manifest.json").read_text()), out / "inputs.csv"
    assert told["inputs"] == {"file": "inputs.csv", "n": 3, "sha256": hashlib.sha256(listed.read_bytes()).hexdigest()}
    rows = pd.read_csv(listed)
    assert [Path(name).name for name in rows.file] == NAMES
    assert rows.sha256.tolist() == [hashlib.sha256((news["inputs"] / name).read_bytes()).hexdigest() for name in NAMES]
    (out / "measures.csv").unlink()
    monkeypatch.undo()
    assert digest(na.analyse(news["inputs"], out, attributor="patterns")) == digest(news["out"])


def test_a_changed_file_costs_its_own_part(tmp_path, capsys):
    """One file of three is another: its documents alone are done again, two parts stay, and the bytes are those of a new run."""
    inputs, texts = corpus(tmp_path / "news"), []

    class Noting:
        version = "noting@1"

        def __call__(self, given):
            from newsanalysis.attribution.patterns import patterns

            for text in given:
                texts.append(text)
                yield from patterns([text])

    out = na.analyse(inputs, tmp_path / "out", attributor=Noting())
    assert len(texts) == 6
    before = {file.name.rpartition("-")[2]: file.stat().st_mtime_ns for file in (out / "documents.parquet").iterdir()}
    texts.clear()
    capsys.readouterr()
    written(inputs / NAMES[1], 1, last="Nothing else is known.")
    na.analyse(inputs, out, attributor=Noting())
    assert len(texts) == 2 and all("Nothing else is known." in text for text in texts)
    assert "2 of 3 parts are done already, with 4 documents." in capsys.readouterr().out
    assert json.loads((out / ".newsanalysis" / "run.json").read_text())["parts_kept"] == 2
    after = {file.name.rpartition("-")[2]: file.stat().st_mtime_ns for file in (out / "documents.parquet").iterdir()}
    assert len(before.items() & after.items()) == 2
    assert digest(out) == digest(na.analyse(inputs, tmp_path / "new", attributor=Noting()))


def test_one_document_without_attributions(tmp_path):
    """The smallest corpus: every table is there with its columns, and what can be measured is."""
    (tmp_path / "rain.txt").write_text("Rain\n\nIt rained all day.\n")
    out = na.analyse(tmp_path / "rain.txt", tmp_path / "out", attributor="patterns")
    read = {name: pd.read_parquet(out / f"{name}.parquet") for name in TABLES}
    assert {name: len(table) for name, table in read.items() if name != "codes"} == {"documents": 1, "attributions": 0, "spans": 0, "units": len(read["units"])}
    for name, table in read.items():
        assert table.columns.tolist() == list(na.tables.SCHEMAS[name].columns)
    assert len(pd.read_csv(out / "errors.csv")) == len(pd.read_csv(out / "unresolved.csv")) == 0
    assert set(pd.read_csv(out / "measures.csv").copies) <= {"kept"}


def test_a_terminal_is_shown_progress_and_nobody_else_is(news, tmp_path, monkeypatch, capsys):
    """On a terminal: what is done, how many of how many documents, how fast. Off a terminal: not a byte on standard error."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    import os

    na.analyse(news["inputs"], tmp_path / "quiet", attributor="patterns")
    assert capsys.readouterr().err == ""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def reading():
        try:
            while some := os.read(ours, 4096):
                shown.append(some)
        except OSError:  # the other end is closed
            pass

    reader = threading.Thread(target=reading)
    reader.start()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        na.analyse(news["inputs"], tmp_path / "shown", attributor="patterns")
        monkeypatch.undo()
    reader.join()
    os.close(ours)
    text = b"".join(shown).decode()
    assert "analysing" in text
    assert "of 6 documents" in text
    assert "words/s" in text
    assert digest(tmp_path / "shown") == digest(tmp_path / "quiet")


def emptied(file: Path) -> None:
    """As power that fails leaves a file."""
    file.write_bytes(b"")


def cut(file: Path) -> None:
    """Half of it."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file: Path) -> None:
    """As long, and as old, as it was: other bytes."""
    was = file.stat()
    file.write_bytes(b"\x00" * was.st_size)
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))


def test_what_is_damaged_is_made_anew(tmp_path):
    """Whatever file of .newsanalysis is damaged, in results that were broken off: no traceback, and the bytes of undisturbed results."""
    written(tmp_path / "news.csv", 0)
    whole = na.analyse(tmp_path / "news.csv", tmp_path / "whole", attributor="patterns")
    inner = whole / ".newsanalysis"
    group, part = (next((inner / name).iterdir()) for name in ("spool", "parts"))
    files = [*sorted(group.iterdir()), *sorted(part.iterdir()), inner / "run.json"]
    tries = [*((overwritten, file) for file in files), (cut, group / "00000.parquet"), *((emptied, file) for file in files if file.suffix == ".json")]
    for number, (damage, file) in enumerate(tries):
        out = tmp_path / str(number)
        shutil.copytree(whole, out)
        damage(out / file.relative_to(whole))
        if file.parent != inner:
            (out / "manifest.json").unlink()
        if file.parent == group:  # so that it is needed
            shutil.rmtree(out / part.relative_to(whole))
        assert digest(na.analyse(tmp_path / "news.csv", out, attributor="patterns")) == digest(whole), (damage, file)


@pytest.mark.parametrize(
    "left", ["", "{", "[]", '{"deaths": 1}', '{"deaths": 0, "died": {"a": 1}, "at": null}', '{"deaths": 9, "died": {}, "at": [1]}', "\x00"]
)
def test_a_damaged_journal_tells_nothing(tmp_path, left):
    """A journal that cannot be read is as none."""
    (tmp_path / "task.json").write_text(left)
    journal.forgive(tmp_path / "task.json")
    with journal.attempting(tmp_path / "task.json") as attempt:
        assert not attempt.careful or attempt.deaths == 9
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_loses_what_is_written_is_said_in_one_sentence(news, tmp_path, monkeypatch):
    """What is damaged, made anew and damaged again is not tried for ever."""
    read = spool.read_group

    def losing(group, place):
        read(group, place)
        overwritten(place / group.key / "00000.parquet")

    monkeypatch.setattr(spool, "read_group", losing)
    with pytest.raises(OutputError, match="cannot be read again, twice now"):
        na.analyse(news["inputs"], tmp_path / "out", attributor="patterns")
