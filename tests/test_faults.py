"""What goes wrong in long runs, each with the real thing: kills, crashes, a full disk, poison; nothing is lost, and nothing is there twice."""

import gzip
import hashlib
import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import files, journal, partitions, results
from newsanalysis.attribution.patterns import patterns
from newsanalysis.files import OutputError
from newsanalysis.readers import formats, ids

TABLES = ("documents", "attributions", "spans", "units", "codes")
SAYS = [
    "The mayor of Rivertown said the bridge was closed. “It is old,” Ann Lee added. NATO said it would send engineers.",
    "Officials claimed that the river would rise. “Nobody knows why,” a witness said, and the harbour was shut by the army.",
    "It rained all day. The so-called council met. “We will not pay,” Jo Day told reporters, who wanted to know more.",
]
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def digest(folder: Path) -> dict[str, str]:
    """A hash of each file that belongs to the results."""
    found = sorted(file for file in folder.rglob("*") if file.is_file() and ".newsanalysis" not in file.parts)
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in found}


def tables(folder: Path, without: str = "") -> dict[str, pd.DataFrame]:
    """The tables of results, less the rows of a document."""
    read = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    owners = {name: table.attribution_id.str.partition("#")[0] if name == "spans" else table.document_id for name, table in read.items()}
    return {name: table[owners[name] != without].reset_index(drop=True) for name, table in read.items()}


def names(count: int, suffix: str = ".csv") -> list[str]:
    """Names of files of which each ends a group of files, so that each becomes a partition."""
    found = (f"{number:06d}{suffix}" for number in range(10**6))
    return [name for name, _ in zip((name for name in found if ids.hashed(name) % 100 == 0), range(count), strict=False)]


def corpus(folder: Path, poison: str = "") -> Path:
    """A folder of three files, invented, each a partition of two documents; the second document of the second may have a word more."""
    folder.mkdir()
    for number, name in enumerate(names(3)):
        texts = [f"{SAYS[(number + row) % 3]} It was day {2 * number + row}." for row in range(2)]
        texts[1] += f" {poison}." if poison and number == 1 else ""
        pd.DataFrame({"id": [f"d{number}-0", f"d{number}-1"], "text": texts}).to_csv(folder / name, index=False)
    return folder


def whole(folder: Path, documents: int = 6) -> None:
    """All documents are in the results or the errors, and no key is there twice."""
    read = tables(folder)
    errors = pd.read_csv(folder / "errors.csv")
    assert set(read["documents"].document_id) | set(errors.document_id) == {f"d{number}-{row}" for number in range(documents // 2) for row in range(2)}
    assert read["documents"].document_id.is_unique
    assert read["attributions"].attribution_id.is_unique
    assert read["units"].unit_id.is_unique
    assert not errors.duplicated().any()


def in_a_child(work) -> int:
    """Do something in a process of its own and return how that ended: minus the signal that killed it."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", flush=True)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def analysed(inputs: Path, out: Path, attributor="patterns", **options) -> Path:
    """An analysis by the rules."""
    return na.analyse(inputs, out, attributor=attributor, **options)


class Named:
    """The rules under a name of their own, with something that happens at each text."""

    version = "named@1"

    def __init__(self, happens=str):
        self.happens = happens

    def __call__(self, texts):
        """Let it happen, then do as the rules do."""
        for text in texts:
            self.happens(text)
            yield from patterns([text])


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    """A small corpus, and what an undisturbed run makes of it."""
    folder = tmp_path_factory.mktemp("faults")
    inputs = corpus(folder / "news")
    out = analysed(inputs, folder / "undisturbed", Named())
    whole(out)
    return {"inputs": inputs, "out": out, "digest": digest(out)}


@forks
def test_a_run_that_is_killed_at_any_write_goes_on_where_it_was(news, tmp_path):
    """Killed just before, or just after, the first file is put in its place, or a later one, up to the last: the run after gives the same bytes."""
    writes = []
    real = Path.replace

    def counted(path, target):
        writes.append(target)
        return real(path, target)

    def killing(at, late):
        def replace(path, target):
            writes.append(target)
            if len(writes) == at:
                if late:
                    real(path, target)
                os.kill(os.getpid(), signal.SIGKILL)
            return real(path, target)

        return replace

    patch = pytest.MonkeyPatch()
    with patch.context() as patched:
        patched.setattr(Path, "replace", counted)
        analysed(news["inputs"], tmp_path / "counted", Named())
    last, places = len(writes), tmp_path / "out"
    for turn, at in enumerate([1, last // 4, last // 2, last - 18, last - 6, last - 1, last]):
        writes.clear()
        with patch.context() as patched:
            patched.setattr(Path, "replace", killing(at, late=turn % 2))
            assert in_a_child(lambda turn=turn: analysed(news["inputs"], places / str(turn), Named())) == -signal.SIGKILL
        analysed(news["inputs"], places / str(turn), Named())
        assert digest(places / str(turn)) == news["digest"], f"killed at write {at} of {last}"
        assert not [left for left in (places / str(turn)).rglob(".*") if left.name != ".newsanalysis"]


@forks
@pytest.mark.usefixtures("news")
def test_a_document_that_kills_its_process_is_found_out_by_starting_again(tmp_path):
    """In one process: each start ends in a kill, until the document is known; it is named with its stage, and all others are as without it."""
    inputs, out = corpus(tmp_path / "news", poison="Poison"), tmp_path / "out"

    def happens(text):
        if "Poison" in text:
            os.kill(os.getpid(), signal.SIGKILL)

    ends = []
    while not ends or (ends[-1] == -signal.SIGKILL and len(ends) < 9):
        ends.append(in_a_child(lambda: analysed(inputs, out, Named(happens))))
    assert ends == [-signal.SIGKILL] * 4 + [0]
    errors = pd.read_csv(out / "errors.csv")
    assert errors[["document_id", "stage"]].to_numpy().tolist() == [["d1-1", "attribute"]]
    assert "ended each time it was tried" in errors.error[0]
    whole(out)
    undisturbed = tables(analysed(inputs, tmp_path / "undisturbed", Named()), without="d1-1")
    for name, table in tables(out, without="d1-1").items():
        pd.testing.assert_frame_equal(table, undisturbed[name])
    assert not list((out / ".newsanalysis" / "journal").glob("*"))


def test_a_document_that_kills_its_worker_is_found_out_by_the_others(tmp_path):
    """On two processes: the run comes to its end by itself."""
    pytest.importorskip("distributed", reason="the extra scale is not installed")
    inputs, driver = corpus(tmp_path / "news", poison="Poison"), os.getpid()

    class Deadly:
        version = "named@1"

        def __call__(self, texts):
            for text in texts:
                if "Poison" in text and os.getpid() != driver:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield from patterns([text])

    out = analysed(inputs, tmp_path / "out", Deadly(), engine=2)
    assert pd.read_csv(out / "errors.csv").document_id.tolist() == ["d1-1"]
    whole(out)
    undisturbed = tables(analysed(inputs, tmp_path / "undisturbed", Deadly()), without="d1-1")
    for name, table in tables(out, without="d1-1").items():
        pd.testing.assert_frame_equal(table, undisturbed[name])


@forks
@pytest.mark.usefixtures("news")
def test_a_file_that_kills_its_reader_is_left_out(tmp_path, monkeypatch):
    """The file is a row of the report with the reason; the other files of its group are read."""
    inputs = corpus(tmp_path / "news")
    deadly = next(name for name in (f"a{number}.csv" for number in range(1000)) if ids.hashed(name) % 100)
    (inputs / deadly).write_text("id,text\nx,It rained. The mayor said so.\n")
    (inputs / "b.csv").write_text("id,text\nb,It rained. The mayor said so.\n")
    real = formats.peek

    def peek(path):
        if Path(path).name == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(path)

    monkeypatch.setattr(formats, "peek", peek)
    ends = []
    while not ends or (ends[-1] == -signal.SIGKILL and len(ends) < 9):
        ends.append(in_a_child(lambda: analysed(inputs, tmp_path / "out", Named())))
    assert ends[-1] == 0
    report = pd.read_csv(tmp_path / "out" / "read_report.csv")
    skipped = report[report.status == "skipped"]
    assert skipped.source_file.tolist() == [deadly]
    assert "ended the process" in skipped.reason.iloc[0]
    assert sorted(tables(tmp_path / "out")["documents"].document_id) == ["b", "d0-0", "d0-1", "d1-0", "d1-1", "d2-0", "d2-1"]


def test_an_interrupted_run_goes_on_where_it_was(news, tmp_path):
    """Control and C in mid-run: what is done is kept and not done again."""
    texts = []

    def happens(text):
        texts.append(text)
        if len(texts) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        analysed(news["inputs"], tmp_path / "out", Named(happens))
    assert not list((tmp_path / "out" / ".newsanalysis" / "journal").glob("*"))
    out = analysed(news["inputs"], tmp_path / "out", Named(happens))
    assert len(texts) == 4 + 4
    assert digest(out) == news["digest"]


def mounted(place: Path, size: str) -> bool:
    """Mount a small disk, or change its size."""
    place.mkdir(exist_ok=True)
    how = f"{'remount,' if place.is_mount() else ''}size={size}"
    return subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(place)], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path):
    """A disk of a few hundred kilobytes."""
    if platform.system() != "Linux" or os.geteuid() != 0 or not mounted(tmp_path / "disk", "100k"):
        pytest.skip("no small disk can be mounted here")
    yield tmp_path / "disk"
    subprocess.run(["umount", str(tmp_path / "disk")], check=True)


def test_a_full_disk_is_one_sentence_and_costs_nothing_that_is_done(news, disk):
    """At several sizes the disk is full at several moments; no half file stays; with room the run goes on to the same bytes."""
    out = disk / "out"
    for size in (100, 160, 220):
        assert mounted(disk, f"{size}k")
        with pytest.raises(OutputError, match=rf"^{out}: the disk is full .*; make room, then start the same again"):
            analysed(news["inputs"], out, Named())
        for part in out.rglob("*.parquet"):
            assert part.is_dir() or len(pd.read_parquet(part).columns)
    assert mounted(disk, "64m")
    assert digest(analysed(news["inputs"], out, Named())) == news["digest"]


def test_two_analyses_into_one_folder(news, tmp_path):
    """The second is refused and changes nothing; the first comes to its end; the lock of a dead process is taken over."""
    said = []

    def happens(_text):
        if not said:
            said.append("")
            with pytest.raises(OutputError, match=rf"another analysis \(process {os.getpid()} on ") as refused:
                analysed(news["inputs"], tmp_path / "out", Named())
            said.append(str(refused.value))

    out = analysed(news["inputs"], tmp_path / "out", Named(happens))
    assert len(said) == 2
    assert digest(out) == news["digest"]
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    lock = out / ".newsanalysis" / "lock"
    lock.write_text(json.dumps({"pid": child.pid, "host": platform.node(), "began": "1"}))
    assert digest(analysed(news["inputs"], out, Named())) == news["digest"]
    lock.write_text(json.dumps({"pid": 1, "host": "elsewhere", "began": "1"}))
    with pytest.raises(OutputError, match=r"process 1 on elsewhere\) is writing there.*remove \.newsanalysis/lock"):
        analysed(news["inputs"], out, Named())
    assert lock.is_file()


STAGES = {"attribute": "prepare", "resolve": "resolve", "units": "units", "codes": "coded", "measures": "_tallied"}


@pytest.mark.parametrize("stage", STAGES)
def test_an_error_at_one_document_costs_that_document_only(tmp_path, monkeypatch, stage):
    """Whatever stage fails at it: the document is a row of errors with the stage and a sentence; the others are as ever."""
    inputs = corpus(tmp_path / "news", poison="Poison")
    undisturbed = tables(analysed(inputs, tmp_path / "undisturbed", Named()), without="d1-1")
    real = getattr(partitions, STAGES[stage])

    def failing(*given, **options):
        for one in given:
            documents = getattr(one, "documents", one)
            if isinstance(documents, pd.DataFrame) and "text" in documents and documents.text.str.contains("Poison").any():
                if stage == "measures" and any("d1-1" in set(made.errors.document_id) for made in given[1:2]):
                    continue
                raise RuntimeError("cannot")
        return real(*given, **options)

    def prepared(**options):
        find = real(**options)
        return lambda documents: find(documents) if not documents.text.str.contains("Poison").any() else failing(documents)

    monkeypatch.setattr(partitions, STAGES[stage], prepared if stage == "attribute" else failing)
    out = analysed(inputs, tmp_path / "out", Named())
    assert pd.read_csv(out / "errors.csv").to_numpy().tolist() == [["d1-1", stage, "RuntimeError: cannot."]]
    whole(out)
    for name, table in tables(out, without="d1-1").items():
        pd.testing.assert_frame_equal(table, undisturbed[name])
    assert not set(tables(out)["units"].document_id) & {"d1-1"}


@pytest.mark.parametrize("attributor", ["patterns", "learned"])
def test_documents_done_one_by_one_give_the_same_bytes(tmp_path, monkeypatch, attributor):
    """Splitting a partition changes nothing, not the last digit of a confidence."""
    inputs = corpus(tmp_path / "news")
    together = digest(analysed(inputs, tmp_path / "together", attributor))
    monkeypatch.setattr(partitions.Attempt, "careful", True)
    assert digest(analysed(inputs, tmp_path / "alone", attributor)) == together


def test_broken_files_among_many(tmp_path):
    """Each broken file is a row of the report with its reason; all others are read."""
    inputs = corpus(tmp_path / "news")
    (inputs / "cut.csv.gz").write_bytes(gzip.compress(b"id,text\nz,It rained all day.\n" * 50)[:40])
    (inputs / "noise.csv").write_bytes(bytes(range(256)) * 20)
    (inputs / "empty.txt").write_bytes(b"")
    out = analysed(inputs, tmp_path / "out")
    report = pd.read_csv(out / "read_report.csv")
    assert set(report.source_file[report.record.isna() & (report.status == "skipped")]) >= {"noise.csv", "empty.txt"}
    assert {"d0-0", "d2-1"} <= set(tables(out)["documents"].document_id)
    assert report.source_file.nunique() == 6


def test_a_run_again_does_only_what_is_missing(tmp_path, capsys):
    """Nothing changed, a file added or removed, another codebook, a damaged part: only what that touches is done, and the bytes are those of a new run."""
    inputs, out, texts = corpus(tmp_path / "news"), tmp_path / "out", []

    def again(what: int, **options):
        texts.clear()
        analysed(inputs, out, Named(texts.append), **options)
        assert len(texts) == what
        assert digest(out) == digest(analysed(inputs, tmp_path / "new" / str(len(list(tmp_path.rglob("manifest.json")))), Named(), **options))

    again(6)
    capsys.readouterr()
    analysed(inputs, out, Named(texts.append))
    assert "nothing to do" in capsys.readouterr().out
    first, *_ = names(3)
    kept = (inputs / first).read_bytes()
    (inputs / first).unlink()
    again(0)
    (inputs / first).write_bytes(kept)
    again(2)
    again(0, codebook="us_election_2016")
    part = next((out / "codes.parquet").iterdir())
    part.write_bytes(part.read_bytes()[:-9] + b"x" * 9)
    again(2, codebook="us_election_2016")


def test_results_of_an_older_version_are_replaced(news, tmp_path):
    """One file a table, and a manifest: the files give way to folders."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text("{}")
    for name in TABLES:
        (out / f"{name}.parquet").write_bytes(b"old")
    assert digest(analysed(news["inputs"], out, Named())) == news["digest"]


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    """The sentence names the folder and what is needed."""
    with pytest.raises(OutputError, match="does not see this folder; inputs and results must be on a disk that all workers share"):
        partitions.seen(tmp_path / "nowhere" / ".newsanalysis")


def test_a_lock_that_is_being_written_is_respected(tmp_path, monkeypatch):
    """A lock without a word in it belongs to somebody who is beginning; after a while to nobody."""
    results.make(tmp_path)
    (tmp_path / ".newsanalysis" / "lock").write_text("")
    with pytest.raises(OutputError, match="another analysis is beginning"), results.locked(tmp_path):
        pass
    monkeypatch.setattr(results, "_SECONDS_TO_WRITE", 0)
    with results.locked(tmp_path):
        assert json.loads((tmp_path / ".newsanalysis" / "lock").read_text())["pid"] == os.getpid()


def test_the_error_of_a_quota_is_that_of_a_full_disk(tmp_path):
    """Whatever says it, and nothing else."""
    with pytest.raises(OutputError, match="the disk is full"), files.needing_room(tmp_path):
        raise RuntimeError("database or disk is full")
    with pytest.raises(OSError, match="other"), files.needing_room(tmp_path):
        raise OSError("other")


@pytest.mark.parametrize(("kind", "times"), [(MemoryError, 2), (ValueError, 1)])
def test_errors_that_may_pass_are_tried_again(tmp_path, capsys, kind, times):
    """Memory and the system, once each start, until it goes well: the bytes are those of a run in good health. An error of the document's own stays."""
    ill, tried = [True], []

    def happens(text):
        tried.append(text)
        if ill and "Poison" in text:
            raise kind("not today")

    inputs = corpus(tmp_path / "news", poison="Poison")
    out = analysed(inputs, tmp_path / "out", Named(happens))
    first = digest(out)
    assert pd.read_csv(out / "errors.csv").document_id.tolist() == ["d1-1"]
    tried.clear()
    analysed(inputs, out, Named(happens))
    assert digest(out) == first and bool(tried) == (times > 1)
    ill.clear()
    capsys.readouterr()
    analysed(inputs, out, Named(happens))
    assert ("tried again" in capsys.readouterr().out) == (times > 1)
    assert (digest(out) == digest(analysed(inputs, tmp_path / "well", Named()))) == (times > 1)


@forks
def test_a_document_or_file_that_ended_its_process_has_another_chance(tmp_path, monkeypatch):
    """After a run that came to its end: one more death, and it is left out again; or it goes well, and the bytes are those of a run in good health."""
    monkeypatch.setattr(journal, "DEATHS", 1)
    inputs, out, ill = corpus(tmp_path / "news", poison="Poison"), tmp_path / "out", tmp_path / "ill"
    ill.touch()
    real = formats.peek

    def happens(text):
        if ill.exists() and "Poison" in text:
            os.kill(os.getpid(), signal.SIGKILL)

    def peek(path):
        if ill.exists() and Path(path) == min(inputs.iterdir()):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(path)

    monkeypatch.setattr(formats, "peek", peek)

    def ends():
        codes = []
        while not codes or (codes[-1] == -signal.SIGKILL and len(codes) < 9):
            codes.append(in_a_child(lambda: analysed(inputs, out, Named(happens))))
        return codes

    assert ends()[-1] == 0
    left_out = digest(out)
    assert len(pd.read_csv(out / "errors.csv")) == 1
    assert ends() == [-signal.SIGKILL] * 2 + [0]
    assert digest(out) == left_out
    ill.unlink()
    assert ends() == [0]
    assert digest(out) == digest(analysed(inputs, tmp_path / "well", Named()))
