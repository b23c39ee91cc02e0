"""Engines: the same bytes in one process, in several and on a cluster; what cannot be used is refused in one sentence."""

import functools
import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import engines
from newsanalysis.attribution.patterns import patterns
from newsanalysis.engines import EngineError
from newsanalysis.readers import ids

distributed = pytest.importorskip("distributed", reason="the extra scale is not installed")

SAYS = [
    "The mayor of Rivertown said the bridge was closed. “It is old,” Ann Lee added. NATO said it would send engineers.",
    "Officials claimed that the river would rise. “Nobody knows why,” a witness said, and the harbour was shut by the army.",
    "It rained all day. The so-called council met. “We will not pay,” Jo Day told reporters, who wanted to know more.",
]


def digest(folder: Path) -> dict[str, str]:
    """A hash of each file that belongs to the results."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and ".newsanalysis" not in file.parts)
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def names(count: int) -> list[str]:
    """Names of files of which each ends a group of files, so that each becomes a partition."""
    found = (f"{number:06d}.csv" for number in range(10**6))
    return [name for name, _ in zip((name for name in found if ids.hashed(name) % 100 == 0), range(count), strict=False)]


def corpus(folder: Path, files: int = 3, documents: int = 2) -> Path:
    """A folder of CSV files, invented, each a partition."""
    folder.mkdir()
    for number, name in enumerate(names(files)):
        texts = [f"{SAYS[(number + row) % len(SAYS)]} It was day {number * documents + row}." for row in range(documents)]
        keys = [f"d{number}-{row}" for row in range(documents)]
        pd.DataFrame({"id": keys, "title": "Bridge", "text": texts, "outlet": ["Herald", "Echo"] * (documents // 2)}).to_csv(folder / name, index=False)
    return folder


@pytest.fixture(scope="module")
def cluster():
    """A cluster of two processes, as a user may have one."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=60) as made:
        yield made


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    """A small corpus of three partitions, and what one process makes of it."""
    folder = tmp_path_factory.mktemp("engines")
    inputs = corpus(folder / "news")
    return {"inputs": inputs, "one": digest(na.analyse(inputs, folder / "one", attributor="patterns"))}


def test_each_file_of_the_corpus_is_a_partition(news):
    """What is compared below has parts that can come back in any order."""
    assert len([name for name in news["one"] if name.startswith("codes.parquet/")]) == 3


def test_a_client_is_used_as_it_is(news, cluster, tmp_path):
    """A client of any cluster does it, gives the same bytes, and is still there afterwards."""
    with distributed.Client(cluster, set_as_default=False) as client:
        assert digest(na.analyse(news["inputs"], tmp_path / "out", attributor="patterns", engine=client)) == news["one"]
        assert client.submit(abs, -1).result() == 1
    assert json.loads((tmp_path / "out" / ".newsanalysis" / "run.json").read_text())["engine"] == "Client"


def test_the_address_of_a_scheduler_is_enough(news, cluster, tmp_path):
    """The same bytes; the record of the run says where it was."""
    out = na.analyse(news["inputs"], tmp_path / "out", attributor="patterns", engine=cluster.scheduler_address)
    assert digest(out) == news["one"]
    assert json.loads((out / ".newsanalysis" / "run.json").read_text())["engine"] == cluster.scheduler_address


def test_several_processes_learned_and_one_killed_in_mid_run_and_again(tmp_path):
    """Two processes with the learned attributor, of which the one at a healthy part is killed, and its successor too: the bytes of one process, undisturbed."""
    inputs, killed = corpus(tmp_path / "news", files=3), [str(tmp_path / f"killed-{number}") for number in range(2)]
    driver = os.getpid()

    class Learned(na.LearnedAttributor):
        def __call__(self, texts):
            for text in texts:
                for mark in map(Path, killed):
                    if "day 5." in text and os.getpid() != driver and not mark.exists():
                        mark.touch()
                        os.kill(os.getpid(), signal.SIGKILL)
                yield from super().__call__([text])

    undisturbed = digest(na.analyse(inputs, tmp_path / "one", attributor=Learned()))
    assert not any(map(os.path.exists, killed))
    assert digest(na.analyse(inputs, tmp_path / "two", attributor=Learned(), engine=2)) == undisturbed
    assert all(map(os.path.exists, killed))
    attributions = pd.read_parquet(tmp_path / "two" / "attributions.parquet")
    assert attributions.confidence.notna().all()
    assert attributions.attribution_id.is_unique


DRIVER = """
import os, signal, sys
from pathlib import Path
import newsanalysis as na
from newsanalysis.attribution.patterns import patterns

class Killing:
    version = "killing@1"

    def __init__(self, mark):
        self.mark, self.driver = mark, os.getpid()

    def __call__(self, texts):
        for text in texts:
            if "day 3." in text and os.getpid() != self.driver and not Path(self.mark).exists():
                Path(self.mark).touch()
                os.kill(self.driver, signal.SIGKILL)
            yield from patterns([text])

if __name__ == "__main__":
    na.analyse(sys.argv[1], sys.argv[2], attributor=Killing(sys.argv[3]), engine=2)
"""


def test_a_driver_that_is_killed_while_its_processes_work_is_started_again(news, cluster, tmp_path):
    """The run that follows, on a cluster, takes the folder over, goes on, and ends with the bytes of an undisturbed run."""
    (tmp_path / "driver.py").write_text(DRIVER)
    out, mark = tmp_path / "out", tmp_path / "killed"
    ended = subprocess.run([sys.executable, tmp_path / "driver.py", news["inputs"], out, mark], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert mark.exists()
    assert not (out / "manifest.json").exists()
    assert (out / ".newsanalysis" / "lock").is_file()

    class Same:
        version = "killing@1"

        def __call__(self, texts):
            yield from patterns(texts)

    assert digest(na.analyse(news["inputs"], out, attributor=Same(), engine=cluster.scheduler_address)) == digest(
        na.analyse(news["inputs"], tmp_path / "undisturbed", attributor=Same())
    )
    assert not (out / ".newsanalysis" / "lock").exists()


@pytest.mark.parametrize(
    ("engine", "words"),
    {
        "none": (0, "engine 0: 1 or more processes are needed"),
        "less than none": (-2, "engine -2: 1 or more"),
        "no address": ("localhost", "'localhost': the address of a scheduler is needed"),
        "nobody there": ("tcp://127.0.0.1:9", "tcp://127.0.0.1:9: no scheduler answers there"),
        "no engine": (1.5, "not float"),
        "true": (True, "not bool"),
    }.values(),
    ids=["none", "less than none", "no address", "nobody there", "no engine", "true"],
)
def test_what_is_no_engine_is_refused(tmp_path, monkeypatch, engine, words):
    """One sentence, and for a wrong value before anything is read."""
    monkeypatch.setattr(engines, "SECONDS_TO_ANSWER", 0.5)
    (tmp_path / "a.txt").write_text("Rain\n\nIt rained, the mayor said.\n")
    with pytest.raises(EngineError, match=words):
        na.analyse(tmp_path / "a.txt", tmp_path / "out", attributor="patterns", engine=engine)


def test_a_missing_library_is_named_with_its_pip_line(tmp_path, monkeypatch):
    """Several processes without distributed: the line that installs it, before anything is read."""

    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(engines, "import_module", missing)
    with pytest.raises(EngineError, match=r'pip install "newsanalysis\[scale\]"'):
        na.analyse("no/such/input", tmp_path / "out", engine=2)
    monkeypatch.setattr(engines, "import_module", lambda _name: importlib.import_module("no_such_module_inside"))
    with pytest.raises(ModuleNotFoundError):
        engines.check(2)


def test_an_error_of_a_job_comes_back_as_it_is(cluster):
    """What a process raises is raised here; tasks that are out are dropped."""

    class Failing:
        def __call__(self, task):
            raise KeyError(task)

        def written(self, _task):
            return ""

    with distributed.Client(cluster, set_as_default=False) as client, engines.started(client) as run, pytest.raises(KeyError, match="7"):
        list(run(Failing(), [7, 7, 7]))


def test_processes_that_die_before_they_begin_end_the_run(monkeypatch):
    """Without a word written down about an attempt nobody can tell what is to blame; it is not tried for ever."""
    monkeypatch.setattr(engines, "IDLE_DEATHS", 0)

    class Dying:
        def __call__(self, _task):
            os.kill(os.getpid(), signal.SIGKILL)

        def written(self, _task):
            return ""

    with engines.started(1) as run:
        assert list(run(Dying(), [])) == []
    with pytest.raises(EngineError, match="die before they can begin"), engines.started(2) as run:
        list(run(Dying(), [1]))


def test_work_is_given_out_a_little_at_a_time(cluster):
    """However many tasks there are, a few a thread are out: neither scheduler nor driver grows with the corpus."""
    taken, done = [], []

    class Echo:
        def __call__(self, task):
            return task

        def written(self, _task):
            return ""

    def tasks():
        for task in range(100):
            taken.append(task)
            assert len(taken) - len(done) <= 2 * engines.SPARE + 1
            yield task

    with distributed.Client(cluster, set_as_default=False) as client, engines.started(client) as run:
        for result in run(Echo(), tasks()):
            done.append(result)
    assert sorted(done) == list(range(100))


def test_a_script_without_its_guard_is_told_so(monkeypatch):
    """A script that starts processes while it is being read by one of them gets one sentence instead of Python's."""
    import multiprocessing.process

    monkeypatch.setattr(multiprocessing.process.current_process(), "_inheriting", True, raising=False)
    with pytest.raises(EngineError, match="__main__"), engines.started(2) as run:
        list(run(None, [1]))


def test_nothing_of_dask_is_loaded_for_one_process():
    """One process needs no extra."""
    program = (
        "import sys; from newsanalysis import engines, pipeline; engines.check(1); print(any(name.startswith(('dask', 'distributed')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "False"


SLOW = """
import time
from pathlib import Path
from newsanalysis import cli
from newsanalysis.attribution.patterns import patterns

class Slow:
    version = "slow@1"

    def __call__(self, texts):
        Path("at-work").touch()
        time.sleep(60)
        yield from patterns(texts)

if __name__ == "__main__":
    import newsanalysis.pipeline as pipeline
    run = pipeline.analyse
    pipeline.analyse = lambda *given, **options: run(*given, **{**options, "attributor": Slow()})
    cli.main()
"""


def _interrupted(tmp_path, news, when, *options):
    """Start the command in a session of its own, interrupt all of it as a terminal does, and return code, output and seconds."""
    (tmp_path / "slow.py").write_text(SLOW)
    command = [sys.executable, "slow.py", "analyse", "--attributor", "patterns", str(news["inputs"]), "--out", "out", *options]
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # where the tests run in the background it is ignored, and that is inherited
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, preexec_fn=heard
    ) as started:
        return _interrupted_when(started, when)


def _interrupted_when(started, when):
    """Interrupt a process as soon as something holds of it."""
    try:
        for _ in range(600):
            if when(started.pid):
                break
            time.sleep(0.1)
        began = time.monotonic()
        os.killpg(started.pid, signal.SIGINT)
        said = started.communicate(timeout=120)[0]
        return started.returncode, said, time.monotonic() - began
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)


def _children(pid):
    """The processes that a process has started."""
    return [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the processes")
@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["one process", "two"])
def test_an_interrupt_at_work_is_one_sentence(news, tmp_path, options):
    """It ends in seconds, says one thing, counts as no death, and the folder can be gone on with."""
    code, said, seconds = _interrupted(tmp_path, news, lambda _pid: list(tmp_path.rglob("at-work")), *options)
    assert code == 130
    assert said.splitlines()[-1] == "stopped; the same command goes on from here."
    assert "Traceback" not in said
    assert len(said.splitlines()) == 2
    assert seconds < 60
    assert not list((tmp_path / "out" / ".newsanalysis" / "journal").glob("*.json"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the processes")
def test_an_interrupt_while_processes_begin_is_one_sentence(news, tmp_path):
    """As soon as there are processes, before they can work: no word from them, and nothing left behind."""
    code, said, seconds = _interrupted(tmp_path, news, _children, "--workers", "2")
    assert (code, said) == (130, "stopped; the same command goes on from here.\n")
    assert seconds < 60
    assert not (tmp_path / "out").exists()
