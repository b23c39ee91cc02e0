"""Engines: where the tasks of an analysis run: in this process, in several on this machine, or on a cluster.

Tasks go out one by one and a bounded number at a time, so that neither this process nor a scheduler grows with the corpus; their results are
files, and only a few numbers come back, in whatever order they are done. A task whose process dies is given out again: it is for the task
to find out, from what it wrote down before, what it died of.
"""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, Protocol, TypeVar

Engine = Any
"""1 for this process, N for so many processes on this machine, the address of a Dask scheduler, or a ``distributed.Client``."""

SPARE = 2
"""Tasks given out at a time for each thread of a cluster: one to do and one that is ready when it is done."""

IDLE_DEATHS = 3
"""So many deaths in a row, and one for each task that is out, without a sign of work in between, and the run is given up."""

SECONDS_TO_ANSWER = 30.0
_SECONDS_BETWEEN_COUNTS = 2.0
_SECONDS_WITHOUT_NEWS = 5.0
_SECONDS_TO_SETTLE = 1.0
_SECONDS_TO_DIE = 1.0

Task = TypeVar("Task")
Result = TypeVar("Result")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class EngineError(RuntimeError):
    """An engine that cannot be used, or that gave up: one sentence that says what to do.

    >>> raise EngineError("engine 0: 1 or more processes are needed.")
    Traceback (most recent call last):
    newsanalysis.engines.EngineError: engine 0: 1 or more processes are needed.
    """


class Job(Protocol[T_contra, R_co]):
    """What is done to each task, in whatever process: called with it; and what it has written down of its earlier attempts."""

    def __call__(self, task: T_contra, /) -> R_co:
        """Do it."""
        ...

    def written(self, task: T_contra, /) -> str:
        """What is written down of the task's attempts: changes with each."""
        ...


Run = Callable[[Job[Any, Any], Iterable[Any]], Iterator[Any]]


def check(engine: Engine) -> None:
    """Refuse what is no engine, and a cluster without its library, before any work begins.

    >>> check(0)
    Traceback (most recent call last):
    newsanalysis.engines.EngineError: engine 0: 1 or more processes are needed.
    >>> check(None)
    Traceback (most recent call last):
    newsanalysis.engines.EngineError: engine is a number of processes, the address of a Dask scheduler or a distributed.Client, not NoneType.
    """
    if isinstance(engine, int) and not isinstance(engine, bool):
        if engine < 1:
            raise EngineError(f"engine {engine}: 1 or more processes are needed.")
        if engine == 1:
            return
    elif isinstance(engine, str):
        if "://" not in engine:
            raise EngineError(f"engine {engine!r}: the address of a scheduler is needed, as in 'tcp://10.0.0.1:8786'.")
    elif not hasattr(engine, "submit") or not hasattr(engine, "nthreads"):
        raise EngineError(f"engine is a number of processes, the address of a Dask scheduler or a distributed.Client, not {type(engine).__name__}.")
    _library()


def _library() -> Any:
    try:
        return import_module("distributed")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("distributed", "dask"):
            raise
    raise EngineError('several processes and clusters need distributed, which is not installed; run: pip install "newsanalysis[scale]"')


def name_of(engine: Engine) -> str:
    """Name an engine for the record of a run.

    >>> name_of(1), name_of(3), name_of("tcp://10.0.0.1:8786")
    ('one process', '3 processes', 'tcp://10.0.0.1:8786')
    """
    if isinstance(engine, int):
        return "one process" if engine == 1 else f"{engine} processes"
    return engine if isinstance(engine, str) else type(engine).__name__


@contextmanager
def started(engine: Engine) -> Iterator[Run]:
    """Give a function that runs a job over tasks and yields the results as they are done; the engine starts with the first task.

    >>> class Double:
    ...     def __call__(self, task): return 2 * task
    ...     def written(self, task): return ""
    >>> with started(1) as run:
    ...     list(run(Double(), [1, 2]))
    [2, 4]
    """
    check(engine)
    pools: list[_Pool] = []
    closing: list[_Closing] = []

    def run(job: Job[Any, Any], tasks: Iterable[Any]) -> Iterator[Any]:
        waiting = iter(tasks)
        first = list(itertools.islice(waiting, 1))
        if not first:
            return
        if engine == 1:
            yield from map(job, itertools.chain(first, waiting))
            return
        if not pools:
            pools.append(_pool(engine, closing))
        yield from _spread(pools[0], job, itertools.chain(first, waiting))

    try:
        yield run
    except KeyboardInterrupt:
        with _deaf():
            for each in closing:
                each.kill()
        raise
    except BaseException:
        for each in closing:
            each.close()
        raise
    for each in closing:
        each.close()


class _Closing(Protocol):
    """What was started and is to be ended."""

    def close(self) -> Any:
        """End it when it has come to rest."""

    def kill(self) -> Any:
        """End it at once."""


def _pool(engine: Engine, closing: list[_Closing]) -> _Pool:
    """Return a cluster; how what was started for it is closed is added to `closing`."""
    if not isinstance(engine, int | str):
        return _Pool(engine)
    distributed = _library()
    if isinstance(engine, str):
        try:
            client = distributed.Client(engine, timeout=SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EngineError(f"{engine}: no scheduler answers there ({type(error).__name__}); give the address that the scheduler printed.") from None
        closing.append(_There(client))
        return _Pool(client)
    here = _Here(distributed, engine)
    closing.append(here)
    return here.start()


@dataclass
class _There:
    """A connection to a cluster that is not ours."""

    client: Any

    def close(self) -> None:
        """Leave it."""
        self.client.close()

    def kill(self) -> None:
        """Leave it."""
        with suppress(Exception):
            self.client.close(timeout=_SECONDS_TO_DIE)


class _Here:
    """A cluster of processes of one thread each on this machine, which listens to this machine only and says nothing."""

    def __init__(self, distributed: Any, workers: int) -> None:
        import multiprocessing.process

        if getattr(multiprocessing.process.current_process(), "_inheriting", False):
            raise EngineError("a script that analyses in several processes is read by each of them: put the call below `if __name__ == '__main__':`.")
        self.distributed, self.workers = distributed, workers
        self.others = set(multiprocessing.active_children())
        self.loop: Any = None
        self.cluster: Any = None
        self.client: Any = None

    def start(self) -> _Pool:
        """Start it. Its processes do not hear an interrupt from the keyboard, which goes to all of a terminal: it is ours to end them."""
        import logging

        import dask
        from distributed.utils import LoopRunner

        self.loop = LoopRunner()
        with _unheard():  # threads and processes that it starts inherit that
            self.loop.start()
        settings = {
            "distributed.scheduler.allowed-failures": 0,
            "distributed.worker.daemon": True,
            "distributed.worker.profile.enabled": False,  # its samples of an hour would be kept, hundreds of MB
            "distributed.comm.timeouts.connect": "60s",
        }
        kind = self.distributed.LocalCluster
        self.cluster = kind.__new__(kind)  # is known from its first moment: it can be interrupted while it starts
        with dask.config.set(settings):
            self.cluster.__init__(
                n_workers=self.workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                worker_dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL + 1,
                loop=self.loop.loop,
            )
        self.client = self.distributed.Client(self.cluster, set_as_default=False)
        return _Pool(self.client, lambda: self.cluster.scale(self.workers))

    def close(self) -> None:
        """End it when all its processes have begun: one that is closed while it begins says so at length."""
        if self.client is None:  # it did not come to life
            self.kill()
            return
        with suppress(TimeoutError):
            self.client.wait_for_workers(self.workers, timeout=SECONDS_TO_ANSWER)
        self.client.close()
        self.cluster.close()
        self.loop.stop()

    def kill(self) -> None:
        """End its processes at once, and then what kept them."""
        import logging

        before = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        try:
            if self.cluster is not None:
                self.cluster.shutdown_on_close = False
                for nanny in [*getattr(self.cluster, "workers", {}).values(), *getattr(self.cluster, "_created", ())]:
                    nanny.auto_restart = False
            self._kill_processes()
            for each in (self.client, self.cluster if self.client is not None else None):
                if each is not None:
                    with suppress(Exception):
                        each.close(timeout=_SECONDS_TO_DIE)
            if self.loop is not None:
                with suppress(Exception):
                    self.loop._real_stop(_SECONDS_TO_DIE)
            self._kill_processes()
        finally:
            logging.disable(before)

    def _kill_processes(self) -> None:
        import multiprocessing

        for process in set(multiprocessing.active_children()) - self.others:
            if process.name.startswith("Dask Worker"):
                with suppress(OSError, ValueError):
                    process.kill()


@contextmanager
def _unheard() -> Iterator[None]:
    """Let no thread that begins within hear an interrupt from the keyboard."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # a thread that starts it hears again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _deaf() -> Iterator[None]:
    """Let no second interrupt from the keyboard break off the ending."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _spread(pool: _Pool, job: Job[Any, Any], tasks: Iterator[Any]) -> Iterator[Any]:
    """Give out tasks, a bounded number at a time, and yield their results; one whose process died is given out again."""
    out: dict[Any, tuple[Any, str]] = {}  # future: task, what was written of it when it was given out
    idle = 0  # deaths since the last sign of work: a result, or something written down

    def give(task: Any, written: str) -> None:
        out[pool.client.submit(_Settled(job), task, pure=False)] = (task, written)

    try:
        while True:
            for task in itertools.islice(tasks, max(0, pool.room() - len(out))):
                give(task, job.written(task))
            if not out:
                return
            for future in pool.ended(list(out)):
                task, before = out.pop(future)
                if future.status == "finished":
                    idle = 0
                    yield future.result()
                else:  # it, or another that its process was at
                    _why(future)
                    written = job.written(task)
                    idle = idle + 1 if written == before else 0
                    if idle > IDLE_DEATHS + len(out):
                        raise EngineError("the workers die before they can begin: their logs say why (a library that does not fit, or too little memory).")
                    give(task, written)
                future.release()
    finally:
        for future in out:
            future.cancel()


class _Settled:
    """A job that begins in a process which its keeper takes for started: one that dies before is not replaced."""

    processes: ClassVar[set[int]] = set()

    def __init__(self, job: Job[Any, Any]) -> None:
        self.job = job

    def __call__(self, task: Any) -> Any:
        if os.getpid() not in self.processes:
            time.sleep(_SECONDS_TO_SETTLE)
            self.processes.add(os.getpid())
        return self.job(task)


def _why(future: Any) -> None:
    """Return if a future failed because its process died; else raise what it raised."""
    from distributed.scheduler import KilledWorker

    if future.status == "error":
        error = future.exception()
        if not isinstance(error, KilledWorker):
            raise error
    else:  # cancelled or lost
        raise EngineError("the cluster has gone, or has dropped the work; start again: what is done is kept.")


@dataclass
class _Pool:
    """A cluster as it is seen from here: workers come and go."""

    client: Any
    scale: Callable[[], Any] | None = None  # asks for all workers again, where they are ours
    _asked: float = -_SECONDS_BETWEEN_COUNTS
    _room: int = SPARE

    def room(self) -> int:
        """Return how many tasks may be out at a time; asked of the scheduler now and then."""
        if time.monotonic() - self._asked > _SECONDS_BETWEEN_COUNTS:
            self._room = SPARE * max(1, sum(self.client.nthreads().values()))
            self._asked = time.monotonic()
        return self._room

    def ended(self, futures: list[Any]) -> list[Any]:
        """Return the futures that have ended, as soon as there is one; while there is none, see that there are workers."""
        wait = _library().wait
        while True:
            try:
                with self.client.as_current():
                    return list(wait(futures, timeout=_SECONDS_WITHOUT_NEWS, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                if self.scale is not None:
                    self.scale()
