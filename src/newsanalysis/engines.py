"""Engines: where the tasks of an analysis run: in this process, in several on this machine, or on a cluster.

Tasks go out one by one and a bounded number at a time, so that neither this process nor a scheduler grows with the corpus; their results are
files, and only a few numbers come back, in whatever order they are done. A task whose process dies is given out again: it is for the task
to find out, from what it wrote down before, what it died of.
"""

from __future__ import annotations

import itertools
import os
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
    closing: list[Callable[[], Any]] = []

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
    finally:
        for close in closing:
            close()


def _pool(engine: Engine, closing: list[Callable[[], Any]]) -> _Pool:
    """Return a cluster; how what was started for it is closed is added to `closing`."""
    if not isinstance(engine, int | str):
        return _Pool(engine)
    distributed = _library()
    if isinstance(engine, str):
        try:
            client = distributed.Client(engine, timeout=SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EngineError(f"{engine}: no scheduler answers there ({type(error).__name__}); give the address that the scheduler printed.") from None
        closing.append(client.close)
        return _Pool(client)
    cluster = _local(distributed, engine)
    client = distributed.Client(cluster, set_as_default=False)

    def settle() -> None:
        with suppress(TimeoutError):  # a process that is closed while it begins says so at length
            client.wait_for_workers(engine, timeout=SECONDS_TO_ANSWER)

    closing += [settle, client.close, cluster.close]
    return _Pool(client, lambda: cluster.scale(engine))


def _local(distributed: Any, workers: int) -> Any:
    """Return a cluster of processes of one thread each on this machine, which listens to this machine only and says nothing."""
    import logging
    import multiprocessing.process

    import dask

    if getattr(multiprocessing.process.current_process(), "_inheriting", False):
        raise EngineError("a script that analyses in several processes is read by each of them: put the call below `if __name__ == '__main__':`.")
    settings = {"distributed.scheduler.allowed-failures": 0, "distributed.worker.daemon": True, "distributed.comm.timeouts.connect": "60s"}
    with dask.config.set(settings):
        return distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL + 1,
        )


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
