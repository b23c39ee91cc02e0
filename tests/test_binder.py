"""The files from which Binder makes a computer: the locked dependencies, a Python that the package runs on, the package itself, and nothing of one service.

That repo2docker understands them was seen with its option ``--no-build --debug``; building needs a network and is not done here.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BINDER = ROOT / "binder"
pytestmark = pytest.mark.skipif(not BINDER.is_dir(), reason="binder/ is not part of this copy")


def test_the_locked_dependencies_are_what_is_installed() -> None:
    """The requirements are the lock of the notebooks, by a path from binder/, and nothing beside it: with hashes pip takes all or nothing."""
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["-r"]
    assert (BINDER / lines[0].partition(" ")[2]).resolve() == ROOT / "requirements-lab.lock"


def test_the_python_is_the_oldest_that_the_package_runs_on() -> None:
    """The runtime is the lower bound of the project: what runs there runs on newer ones."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = (BINDER / "runtime.txt").read_text(encoding="utf-8").strip()
    assert runtime.replace("python-", ">=") == project["requires-python"]


def test_the_package_is_installed_as_make_does() -> None:
    """The last step adds the package without its dependencies, as the Makefile does, stops at an error, and has marks of Unix lines."""
    script = (BINDER / "postBuild").read_bytes()
    assert script.startswith(b"#!/bin/bash\n")
    assert b"\r" not in script
    assert b"set -euo pipefail\n" in script
    for options in (script.decode(), (ROOT / "Makefile").read_text(encoding="utf-8")):
        assert re.search(r"pip install .*--no-deps --no-build-isolation -e \.", options)


def test_the_contents_are_what_opens() -> None:
    """Makefile and the page on Binder lead to the contents page, which is there."""
    contents = "lab/tree/notebooks/00_contents.ipynb"
    assert (ROOT / contents.removeprefix("lab/tree/")).is_file()
    assert f"default_url=/{contents} $(QUIET)\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"`{contents}`" in (BINDER / "README.md").read_text(encoding="utf-8")


def test_no_service_is_named() -> None:
    """No address stands in the folder: any service that reads repo2docker's files will do."""
    for path in BINDER.iterdir():
        assert not re.search(r"https?://|\w\.(?:org|com|io)\b", path.read_text(encoding="utf-8")), path
