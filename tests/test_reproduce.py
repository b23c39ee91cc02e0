"""Running notebooks: in order, whole or not at all, and the same file when nothing has changed."""

import json
import sys
from pathlib import Path

import pytest

from newsanalysis import reproduce

nbformat = pytest.importorskip("nbformat")


def write(path: Path, *sources: str) -> Path:
    """A notebook of a heading and code cells, as an editor would leave it: not run, with its own metadata."""
    cells = [nbformat.v4.new_markdown_cell("# Title", id="title")]
    cells += [
        nbformat.v4.new_code_cell(source, id=f"code-{number}", metadata={"execution": {"iopub.execute_input": "now"}}) for number, source in enumerate(sources)
    ]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python", "version": "3.0.1"}, "widgets": {}})
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder where one notebook ran twice and a second failed."""
    folder = tmp_path_factory.mktemp("notebooks")
    first = write(folder / "01_first.ipynb", "import os, sys\nprint('é')\nprint('b')", "", "open('../figure.csv', 'w').write('n'); sys.executable")
    second = write(folder / "02_second.ipynb", "x = 1", "# why\n1 / 0", "x = 2")
    before = second.read_bytes()
    said: list[str] = []
    steps: list[tuple[str, int, int]] = []
    reproduce.reproduce(folder, ["01"], say=said.append, progress=lambda *step: steps.append(step))
    once = first.read_bytes()
    with pytest.raises(reproduce.NotebookError) as failure:
        reproduce.reproduce(folder, say=said.append)
    return {"folder": folder, "once": once, "twice": first.read_bytes(), "before": before, "said": said, "steps": steps, "failure": str(failure.value)}


def test_a_rerun_leaves_the_same_bytes(ran):
    """Same cells, same results, same file."""
    assert ran["once"] == ran["twice"]


def test_a_notebook_is_kept_with_outputs_and_without_traces_of_the_run(ran):
    """Outputs and counts 1..n are kept; metadata is the same everywhere; ids stay."""
    text = ran["twice"].decode()
    notebook = json.loads(text)
    assert notebook["metadata"] == {"kernelspec": reproduce.KERNEL, "language_info": {"name": "python"}}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [1, None, 2]
    assert [cell["id"] for cell in code] == ["code-0", "code-1", "code-2"]
    assert all(cell["metadata"] == {} for cell in code)
    assert [output["text"] for output in code[0]["outputs"]] == [["é\n", "b\n"]]
    assert text.endswith("}\n")
    assert '\n "cells"' in text


def test_the_kernel_is_this_python_in_the_notebooks_folder(ran):
    """Whatever kernels are installed, the notebook runs in the interpreter that was called, beside its file."""
    code = [cell for cell in json.loads(ran["twice"])["cells"] if cell["cell_type"] == "code"]
    assert code[2]["outputs"][0]["data"]["text/plain"] == [repr(sys.executable)]
    assert (ran["folder"].parent / "figure.csv").read_text() == "n"


def test_progress_is_told_by_cell_and_by_notebook(ran):
    """One step for each code cell with something in it, one line for each notebook done."""
    assert ran["steps"] == [("01_first", 0, 2), ("01_first", 1, 2), ("01_first", 2, 2)]
    assert [line.rpartition(",")[0] for line in ran["said"]] == ["01_first: 2 cells"] * 2


def test_a_failure_names_notebook_cell_line_and_error(ran):
    """The message leads to the place."""
    assert ran["failure"] == "02_second.ipynb, code cell 2 (`# why`): ZeroDivisionError: division by zero"


def test_a_failed_notebook_is_left_as_it_was(ran):
    """Neither outputs nor temporary files of a failed run remain."""
    assert (ran["folder"] / "02_second.ipynb").read_bytes() == ran["before"]
    assert sorted(file.name for file in ran["folder"].iterdir()) == ["01_first.ipynb", "02_second.ipynb"]


def test_a_dead_kernel_is_said(tmp_path):
    """A kernel that dies does not hang the run."""
    write(tmp_path / "01_dies.ipynb", "import os\nos._exit(1)")
    with pytest.raises(reproduce.NotebookError, match=r"code cell 1 \(`import os`\): the kernel died"):
        reproduce.reproduce(tmp_path)


def test_a_cell_that_takes_too_long_is_said(tmp_path, monkeypatch):
    """A cell over the limit is stopped and named."""
    monkeypatch.setattr(reproduce, "CELL_TIMEOUT", 1)
    write(tmp_path / "01_waits.ipynb", "import time; time.sleep(60)")
    with pytest.raises(reproduce.NotebookError, match="not done after 1 seconds"):
        reproduce.reproduce(tmp_path)


def test_notebooks_are_found_in_order_and_by_the_beginning_of_their_names(tmp_path):
    """`02` means 02_who_speaks; each notebook once, in order, whatever the order asked for."""
    for name in ("02_b", "01_a", "10_c"):
        write(tmp_path / f"{name}.ipynb")
    assert [path.stem for path in reproduce.find(tmp_path)] == ["01_a", "02_b", "10_c"]
    assert [path.stem for path in reproduce.find(tmp_path, ["10", "01_a.ipynb", "1"])] == ["01_a", "10_c"]
    with pytest.raises(reproduce.ProjectError, match=r"03: no notebook of that name in .*; there are 01_a, 02_b, 10_c"):
        reproduce.find(tmp_path, ["03"])


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"cells": 3}', "not json \N{SNOWMAN}"])
def test_a_file_that_is_no_notebook_is_said(tmp_path, content):
    """A damaged notebook is the user's to mend: one sentence."""
    (tmp_path / "01.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(reproduce.ProjectError, match="not a notebook"):
        reproduce.reproduce(tmp_path)


def test_without_nbclient_the_pip_line_is_said(tmp_path, monkeypatch):
    """The package works without Jupyter; only this needs it."""
    monkeypatch.setitem(sys.modules, "nbclient", None)
    write(tmp_path / "01.ipynb", "1")
    with pytest.raises(reproduce.ProjectError, match=r'pip install "newsanalysis\[lab\]"'):
        reproduce.reproduce(tmp_path)
