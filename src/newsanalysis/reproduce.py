"""Run the project's notebooks in order, so that they rewrite the figures, and keep each with its new outputs."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from newsanalysis.files import replacing

CELL_TIMEOUT = 600  # seconds
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
Progress = Callable[[str, int, int], None]


class NotebookError(RuntimeError):
    """A notebook that did not run to its end: the message names the notebook, the cell, its first line and the error.

    >>> raise NotebookError("02_who_speaks.ipynb, code cell 3 (`found = ...`): NameError: name 'na' is not defined")
    Traceback (most recent call last):
    newsanalysis.reproduce.NotebookError: 02_who_speaks.ipynb, code cell 3 (`found = ...`): NameError: name 'na' is not defined
    """


class ProjectError(ValueError):
    """The project's notebooks, or what is needed to run them, cannot be found.

    >>> find("no/such/folder")
    Traceback (most recent call last):
    newsanalysis.reproduce.ProjectError: no/such/folder: no notebooks there; run this in the project's folder or name theirs with --notebooks.
    """


def find(folder: str | Path, names: Iterable[str] = ()) -> list[Path]:
    """Return the notebooks of a folder in order: all, or those whose names begin as given (`02`, `02_who_speaks`).

    Parameters
    ----------
    folder : str or Path
        The folder with the notebooks.
    names : iterable of str
        Beginnings of file names.

    Returns
    -------
    list of Path
        Sorted by name, each once.

    Raises
    ------
    ProjectError
        If there are none, or none of a name.
    """
    notebooks = sorted(Path(folder).glob("*.ipynb"))
    if not notebooks:
        raise ProjectError(f"{folder}: no notebooks there; run this in the project's folder or name theirs with --notebooks.")
    chosen = set()
    for name in names:
        named = [notebook for notebook in notebooks if notebook.stem.startswith(name.removesuffix(".ipynb"))]
        if not named:
            raise ProjectError(f"{name}: no notebook of that name in {folder}; there are {', '.join(notebook.stem for notebook in notebooks)}.")
        chosen.update(named)
    return sorted(chosen) or notebooks


def run(notebook: Path, *, progress: Progress = lambda *_: None) -> int:
    """Run a notebook in a fresh kernel of this Python and write it back with its outputs, only if every cell succeeds.

    The file is replaced in one step and its metadata normalised, so that an unchanged result leaves an unchanged file.

    Parameters
    ----------
    notebook : Path
        The notebook; its folder is the kernel's working folder.
    progress : callable
        Called with the notebook's name, the cells done and all cells.

    Returns
    -------
    int
        The number of code cells that ran.

    Raises
    ------
    NotebookError
        If a cell fails; the file is as it was.
    ProjectError
        If the file is no notebook, or nbclient is not installed.
    """
    nbclient, nbformat = _libraries()
    source = notebook.read_bytes()
    try:
        content = nbformat.reads(source.decode("utf-8"), as_version=4)
    except Exception as error:  # whatever nbformat's converters stumble over
        raise ProjectError(f"{notebook}: not a notebook ({_first_line(str(error))}).") from None
    done = _execute(nbclient, content, notebook, progress)
    _normalise(content)
    with replacing(notebook) as part:
        part.write_text(nbformat.writes(content).rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    return done


def _libraries() -> tuple[Any, Any]:
    try:
        import ipykernel  # noqa: F401
        import nbclient
        import nbformat
    except ModuleNotFoundError as error:
        raise ProjectError(f'{error.name} is not installed; running notebooks needs: pip install "newsanalysis[lab]"') from None
    return nbclient, nbformat


def _execute(nbclient: Any, content: Any, notebook: Path, progress: Progress) -> int:
    """Run the code cells one by one, so that a failure knows its cell."""
    where = {"metadata": {"path": str(notebook.parent)}}
    client = nbclient.NotebookClient(content, timeout=CELL_TIMEOUT, coalesce_streams=True, record_timing=False, resources=where)
    client.extra_arguments = ["--IPKernelApp.log_level=40"]  # errors only
    client.km = _kernel_manager()
    cells = [(place, cell) for place, cell in enumerate(content.cells) if cell.cell_type == "code" and cell.source.strip()]
    for cell in content.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    progress(notebook.stem, 0, len(cells))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, client.setup_kernel(env=_environment(profile)):
        for number, (place, cell) in enumerate(cells, 1):
            try:
                client.execute_cell(cell, place, execution_count=number)
            except nbclient.exceptions.CellExecutionError as error:
                raise NotebookError(_failure(notebook, number, cell, f"{error.ename}: {error.evalue}")) from None
            except nbclient.exceptions.DeadKernelError:
                raise NotebookError(_failure(notebook, number, cell, "the kernel died (out of memory?)")) from None
            except nbclient.exceptions.CellTimeoutError:
                raise NotebookError(_failure(notebook, number, cell, f"not done after {CELL_TIMEOUT} seconds")) from None
            progress(notebook.stem, number, len(cells))
    return len(cells)


def _kernel_manager() -> Any:
    """A kernel of this very Python, whatever kernels the user has installed under the same name."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))


def _environment(profile: str) -> dict[str, str]:
    """The user's environment without the user's own IPython start-up files or choice of matplotlib backend."""
    own = {"IPYTHONDIR": profile, "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0"}
    return {**os.environ, **own}


def _failure(notebook: Path, number: int, cell: Any, error: str) -> str:
    return f"{notebook.name}, code cell {number} (`{_first_line(cell.source)}`): {_first_line(error)}"


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _normalise(content: Any) -> None:
    """Keep what the notebook says; drop what only this run or this machine says."""
    content.metadata = type(content.metadata)(kernelspec=KERNEL, language_info={"name": "python"})
    content.nbformat, content.nbformat_minor = 4, 5
    for number, cell in enumerate(content.cells, 1):
        cell.setdefault("id", f"cell-{number:02}")
        for key in ("execution", "ExecuteTime", "collapsed", "scrolled", "trusted"):
            cell.metadata.pop(key, None)


def reproduce(
    folder: str | Path = "notebooks", names: Iterable[str] = (), *, say: Callable[[str], None] = print, progress: Progress = lambda *_: None
) -> list[Path]:
    """Run the notebooks in order; each writes its figures and is kept with its new outputs.

    Parameters
    ----------
    folder : str or Path
        The folder with the notebooks.
    names : iterable of str
        Only the notebooks whose names begin like one of these.
    say : callable
        Called with one line for each notebook when it is done.
    progress : callable
        Called with the notebook's name, the cells done and all cells.

    Returns
    -------
    list of Path
        The notebooks that ran.

    Raises
    ------
    NotebookError, ProjectError
        See `run` and `find`; notebooks before the failing one are kept.
    """
    notebooks = find(folder, names)
    if sys.platform == "win32":
        _quiet_event_loop()
    for notebook in notebooks:
        began = time.perf_counter()
        cells = run(notebook, progress=progress)
        say(f"{notebook.stem}: {cells} cells, {time.perf_counter() - began:.1f} s")
    return notebooks


def _quiet_event_loop() -> None:
    """The zmq library needs the selector event loop on Windows and says so loudly otherwise."""
    import asyncio

    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())  # type: ignore[attr-defined,unused-ignore]
