"""The files around the package: lock, catalogue, README, notebooks; nothing that holds on one machine only."""

import csv
import importlib.util
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import newsanalysis as na

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "newsanalysis"
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LAB_LOCK = (ROOT / "requirements-lab.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_EXTRAS = (line for extra in PROJECT["optional-dependencies"].values() for line in extra)
REQUIREMENTS = [*PROJECT["dependencies"], *(line for line in _EXTRAS if not line.startswith("newsanalysis["))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
HOME_OF_SOMEBODY = re.compile(r"(?<![\w.~:/-])/(?:work|root|home|Users|opt|mnt)/\w|[A-Z]:\\Users\\")


def tracked() -> list[Path]:
    """The text files that git knows."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    binary = (".png", ".parquet", ".xlsx", ".onnx")
    return [ROOT / name for name in listed.split("\0") if name and not name.endswith(binary) and (ROOT / name).is_file()]


# ------------------------------------------------------------------------------------------------------------------- lock


def test_the_lock_names_no_host():
    """Whatever index a user has, the lock works: it holds names, versions and hashes only."""
    for lock in (LOCK, LAB_LOCK):
        assert "://" not in lock
        assert not re.search(r"^\s*--(index|extra-index|find-links|trusted-host)", lock, re.MULTILINE)


def test_the_lock_of_the_notebooks_is_a_part_of_the_whole():
    """What the notebooks need is pinned as in the whole lock, by the same hashes, and covers what runs them and reads news."""
    whole, part = ({line.partition(";")[0].strip(" \\") for line in lock.splitlines() if not line.lstrip().startswith("#")} for lock in (LOCK, LAB_LOCK))
    assert part <= whole
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *(line for name in ("lab", "vendors", "agencies", "web", "scale", "display", "build") for line in extras[name])]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in asked}
    assert sorted(name for name in names if f"\n{name}==" not in f"\n{LAB_LOCK}") == []


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_the_lock_covers_what_the_project_asks_for(requirement):
    """Every dependency of pyproject.toml is pinned to a version that satisfies it; if not, make the lock anew (CONTRIBUTING)."""
    packaging = pytest.importorskip("packaging.requirements")
    utils = pytest.importorskip("packaging.utils")
    asked = packaging.Requirement(requirement)
    pins = {utils.canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK, re.MULTILINE)}
    assert asked.specifier.contains(pins[utils.canonicalize_name(asked.name)])


def test_every_pin_has_hashes():
    """Nothing is installed that the lock's maker did not see."""
    pins = re.split(r"\n(?=[\w.-]+==)", "\n" + LOCK)[1:]
    assert len(pins) > len(REQUIREMENTS)
    assert all("--hash=sha256:" in pin for pin in pins)


def test_dependencies_have_lower_bounds_only():
    """The project does not stand in the way of newer libraries."""
    assert not [line for line in REQUIREMENTS if re.search(r"<|==|~=|!=", line)]


# --------------------------------------------------------------------------------------------------------------- catalogue


def test_the_catalogue_lists_every_data_file():
    """Each file under data/ belongs to an entry, and each entry to a file."""
    catalogue = na.codebooks.catalogue()
    listed = [PACKAGE / "data" / file for file in catalogue.file]
    assert all(path.exists() for path in listed)
    listed += [path.parent for path, kind in zip(listed, catalogue.kind, strict=True) if kind == "actors"]  # three files make one codebook
    for path in (PACKAGE / "data").rglob("*"):
        if path.is_file() and path.name != "catalogue.csv":
            assert any(path == entry or entry in path.parents for entry in listed), f"{path.name} is not in catalogue.csv"


def test_every_data_file_has_source_licence_and_version():
    """No cell of the catalogue is empty; names occur once."""
    catalogue = na.codebooks.catalogue()
    for column in ("name", "file", "kind", "version", "licence", "source", "description"):
        assert (catalogue[column].fillna("").str.strip() != "").all(), column
    assert catalogue["name"].is_unique


# ------------------------------------------------------------------------------------------------------ README and notebooks


def test_the_readmes_tables_are_current():
    """They are made from the notebooks and the benchmarks' results: `python tests/readme_table.py` makes them anew."""
    spec = importlib.util.spec_from_file_location("readme_table", ROOT / "tests" / "readme_table.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for path in maker.FILES:
        text = path.read_text(encoding="utf-8")
        assert maker.replaced(text) == text, path.name


def test_the_readmes_first_numbers_are_those_of_its_figure():
    """The shares of voice in the opening lines stand in the CSV behind the figure above them."""
    with (ROOT / "figures" / "02_share_of_voice.csv").open(encoding="utf-8", newline="") as file:
        shares = {row["affiliation"]: float(row["estimate"]) for row in csv.DictReader(file) if row["measure"] == "share_of_voice_words"}
    opening = (ROOT / "README.md").read_text(encoding="utf-8").split("How far to trust it")[0]
    for camp in ("nato", "russian_installed", "ukrainian"):
        assert f"{100 * shares[camp]:.0f} %" in opening, camp


def test_what_the_readme_links_to_exists():
    """Every relative link and picture is there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", readme):
        assert "://" in target or (ROOT / target).exists(), target


def test_the_readmes_python_runs(capsys, monkeypatch, tmp_path):
    """The lines of use work as they stand, from the project's folder (a copy of what they read, as they write beside it)."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "tone_codebook.csv", tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for program in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
        exec(compile(program, "README.md", "exec"), names)
    assert isinstance(names["found"], na.Found)
    assert "18 kept" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == ["coding_A.xlsx", "coding_B.xlsx"]


def test_version_and_licence_agree_everywhere():
    """CITATION.cff, CHANGELOG and package say the same."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {na.__version__}" in citation
    assert "license: MIT" in citation
    assert f"## {na.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_has_run_in_order(path):
    """Each code cell was executed, first to last, without an error, and without traces of the machine."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
    assert code
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not [output for cell in code for output in cell["outputs"] if output["output_type"] == "error"]
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert not [cell for cell in code if "execution" in cell["metadata"]]
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_use_public_names_only(path):
    """No function is defined in a notebook, and every `na.` name is public."""
    source = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code")
    assert not re.search(r"^\s*(def|class|lambda) ", source, re.MULTILINE)
    assert set(re.findall(r"\bna\.(\w+)", source)) <= set(dir(na))


@pytest.mark.skipif(not NOTEBOOKS, reason="there are no notebooks yet")
def test_figures_come_in_three_forms_from_a_notebook():
    """Each figure is SVG, PNG and CSV, and begins with the number of the notebook that writes it."""
    figures = [path for path in (ROOT / "figures").iterdir() if not path.name.startswith(".")]
    stems = {path.stem for path in figures}
    assert {path.name for path in figures} == {f"{stem}.{suffix}" for stem in stems for suffix in ("svg", "png", "csv")}
    assert {stem[:2] for stem in stems} <= {path.stem[:2] for path in NOTEBOOKS}
    assert all(len(pd.read_csv(ROOT / "figures" / f"{stem}.csv")) for stem in stems)


# ------------------------------------------------------------------------------------------------------------- one machine


def test_no_text_names_a_path_of_one_machine():
    """What is committed holds everywhere: no home folders, no mount points."""
    named = {}
    for path in tracked():
        found = HOME_OF_SOMEBODY.findall(path.read_text(encoding="utf-8", errors="replace"))
        if found:
            named[str(path.relative_to(ROOT))] = found[:3]
    assert not named
