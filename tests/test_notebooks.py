"""The notebooks as they are committed: run in order, public API only, figures with their tables, nothing of a machine in them.

That they still run and give the same is checked by nbval.
"""

from __future__ import annotations

import ast
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import newsanalysis as na

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PUBLIC = set(re.findall(r" as (\w+)$", (ROOT / "src/newsanalysis/__init__.pyi").read_text(encoding="utf-8"), re.MULTILINE))
IMPORTS = {("newsanalysis", "na"), ("pandas", "pd"), ("matplotlib.pyplot", "plt")}
STANDARD = {("tempfile", None), ("warnings", None)}  # files that are thrown away, and warnings that are shown as text
SAVED = re.compile(r'na\.save_figure\(ax, "\.\./figures/(\w+)", \w+\)')

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return the notebook's cells of a kind."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    """Return the text of a cell."""
    return "".join(cell["source"])


def code(path: Path) -> str:
    """Return all code of a notebook."""
    return "\n".join(source(cell) for cell in cells(path, "code"))


def notes(path: Path) -> list[str]:
    """Return the texts of the Markdown cells."""
    return [source(cell) for cell in cells(path, "markdown")]


def title(path: Path) -> str:
    """Return number and title, as they stand in the first line."""
    return notes(path)[0].splitlines()[0].removeprefix("# ")


def minutes(path: Path) -> int:
    """Return how long the notebook says that it takes."""
    return int(re.findall(r"^\*\*Time:\*\* about (\d+) minutes, reading and running\.$", notes(path)[0], re.MULTILINE)[0])


def navigation(path: Path) -> str:
    """Return the line that leads to the notebook before, to the contents and to the notebook after."""
    here = NOTEBOOKS.index(path)
    before = [f"[← {title(other)}]({other.name})" for other in NOTEBOOKS[max(here - 1, 1) : here]]
    contents = [f"[Contents]({NOTEBOOKS[0].name})"] if here else []
    after = [f"[{title(other)} →]({other.name})" for other in NOTEBOOKS[here + 1 : here + 2]]
    return " · ".join(before + contents + after)


def test_there_are_ten_and_a_contents_page() -> None:
    """The notebooks are numbered 01 to 10, and the contents are 00."""
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{n:02}" for n in range(11)]
    assert NOTEBOOKS[0].name == "00_contents.ipynb"


@each_notebook
def test_every_cell_ran_in_order(path: Path) -> None:
    """The code cells were run 1 to n, each once, and none is empty."""
    ran = cells(path, "code")
    assert [cell["execution_count"] for cell in ran] == list(range(1, len(ran) + 1))
    assert all(source(cell).strip() for cell in ran)


@each_notebook
def test_file_says_nothing_of_a_machine(path: Path) -> None:
    """Metadata is the same everywhere, and the file ends with one line break."""
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert notebook["metadata"] == {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    assert [cell["id"] for cell in notebook["cells"]] == [f"{path.stem[:2]}-{n:02}" for n in range(1, len(notebook["cells"]) + 1)]
    assert text == json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@each_notebook
def test_outputs_hold_no_path_error_or_address(path: Path) -> None:
    """No output shows a traceback, a warning, an absolute path or where an object lay in memory."""
    outputs = [output for cell in cells(path, "code") for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    shown = [{key: value for key, value in output.get("data", {}).items() if key != "image/png"} or output.get("text", "") for output in outputs]
    text = json.dumps(shown, ensure_ascii=False)
    assert not re.search(r"0x[0-9a-f]{6,}|Traceback|Warning|/home/|/tmp/|/root/|/Users/|[A-Z]:\\\\", text)


@each_notebook
def test_only_the_public_api(path: Path) -> None:
    """A notebook imports newsanalysis, pandas and pyplot (and little of the standard library), uses public names only, and defines nothing."""
    tree = ast.parse(code(path))
    imported = {(name.name, name.asname) for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported - STANDARD == IMPORTS
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ImportFrom))]
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "na"}
    assert used <= PUBLIC
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in {"df", "data", "tmp"}]


@each_notebook
def test_first_and_last_cell(path: Path) -> None:
    """The first cell is `# NN Title`, a blank line and one question; the last says what the notebook does not show."""
    first = notes(path)[0].splitlines()
    assert re.match(rf"# {path.stem[:2]} \w", first[0])
    assert first[1] == ""
    assert first[2].endswith("?")
    last = json.loads(path.read_text(encoding="utf-8"))["cells"][-1]
    assert last["cell_type"] == "markdown"
    assert source(last).startswith("## What this notebook does not show\n")


@each_notebook
def test_opens_with_what_is_learnt_and_how_long_it_takes(path: Path) -> None:
    """Below the question stand two or three things to learn, the time, and the way to the other notebooks, which stands at the end again."""
    opening = notes(path)[0]
    learnt = re.findall(r"^\*\*What you will learn\*\*\n\n((?:- .+[;.]\n)+)\n\*\*Time:", opening, re.MULTILINE)[0].splitlines()
    assert 2 <= len(learnt) <= 3
    assert [line[-1] for line in learnt] == [*";" * (len(learnt) - 1), "."]
    assert 3 <= minutes(path) <= 20
    assert opening.endswith(f"reading and running.\n\n{navigation(path)}")
    assert notes(path)[-1].endswith(f"\n\n{navigation(path)}")


@each_notebook
def test_links_lead_somewhere(path: Path) -> None:
    """What a cell links to is in the project."""
    linked = [target for note in notes(path) for target in re.findall(r"\]\(([^)#]+)[^)]*\)", note)]
    assert linked
    assert not [target for target in linked if not (path.parent / target).is_file()]


@each_notebook
def test_files_that_are_named_exist(path: Path) -> None:
    """A page or table of results that is named in the text is in the project."""
    named = {name for note in notes(path) for name in re.findall(r"(?:docs|benchmarks)/[\w./-]*\w", note)}
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_contents_say_what_the_notebooks_say() -> None:
    """The table of contents has each notebook's title, question and minutes, and the sum is told."""
    rows = re.findall(r"^\| \[(.+)\]\((.+)\) \| (.+) \| .+ \| (\d+) \|$", "\n".join(notes(NOTEBOOKS[0])), re.MULTILINE)
    assert rows == [(title(path), path.name, notes(path)[0].splitlines()[2], str(minutes(path))) for path in NOTEBOOKS[1:]]
    assert round(sum(map(minutes, NOTEBOOKS[1:])) / 60, 1) == 2.1
    assert "All ten take about two hours." in notes(NOTEBOOKS[0])[2]


def your_turn(path: Path) -> tuple[str, str]:
    """Return the text and the code of 'Your turn'."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (place,) = [number for number, cell in enumerate(found) if source(cell).startswith("## Your turn\n")]
    assert found[place + 1]["cell_type"] == "code"
    return source(found[place]), source(found[place + 1])


@each_notebook
def test_your_turn_changes_one_line(path: Path) -> None:
    """There is one section 'Your turn'; it asks for one line of the cell below, and a comment of that cell says what is the reader's there."""
    asked, given = your_turn(path)
    assert "hange one line of the next cell" in asked
    assert len(re.findall(r"  # your \w", given)) == 1
    assert "assert" not in given


TEXTS = {
    "nothing is said in it": "It rained.",
    "straight marks at both ends": '"We were not asked," the owner said. The mayor answered: "You were."',
    "several paragraphs": "The bridge will be closed, the mayor said.\n\nUnions warned that jobs would go.",
    "not English": "Der Bürgermeister sagte am Montag, die Brücke werde gesperrt.",
    "marks and signs": "<b>“No,”</b> said Ana \N{GRINNING FACE} & Co. المتحدث",
}


PASTED = re.compile(r'text = """\n.+\n"""  # your')
ASKING = [path for path in NOTEBOOKS if PASTED.search(code(path))]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("path", ASKING, ids=lambda path: path.stem)
def test_your_turn_takes_any_text(path: Path, name: str) -> None:
    """Where a text is asked for, the cell runs with any, and needs nothing from the cells above but the imports."""
    _, given = your_turn(path)
    after = given[PASTED.match(given).end() :]  # type: ignore[union-attr]
    exec(f'text = """\n{TEXTS[name]}\n"""  # your{after}', {"na": na, "pd": pd, "display": str})


def test_five_notebooks_ask_for_a_text() -> None:
    """Else the test above says nothing."""
    assert [path.stem[:2] for path in ASKING] == ["00", "02", "03", "04", "05"]


@each_notebook
def test_figures_have_picture_table_and_caption(path: Path) -> None:
    """Each figure is saved as SVG, PNG and CSV, shown, and followed by a caption with n, unit, interval and source."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell, after in pairwise(found):
        if cell["cell_type"] != "code" or "na.plot_" not in source(cell):
            continue
        stems = SAVED.findall(source(cell))
        assert len(stems) == 1
        assert stems[0].startswith(path.stem[:2])
        assert all((ROOT / "figures" / f"{stems[0]}.{ending}").stat().st_size for ending in ("svg", "png", "csv"))
        assert "plt.show()\n" in source(cell) + "\n"
        assert after["cell_type"] == "markdown"
        assert re.match(r"\*\*Figure \d\d[a-d]?\.\*\* ", source(after))
        for word in (r"\bn ", r"\b[Uu]nit", r"interval", r"\bSource:"):
            assert re.search(word, source(after)), word


def test_figures_are_only_what_the_notebooks_write() -> None:
    """The folder holds the notebooks' figures and nothing else: ten at least."""
    saved = [stem for path in NOTEBOOKS for stem in SAVED.findall(code(path))]
    assert len(saved) == len(set(saved)) >= 10
    wanted = {f"{stem}.{ending}" for stem in saved for ending in ("svg", "png", "csv")}
    assert {path.name for path in (ROOT / "figures").iterdir() if not path.name.startswith(".")} == wanted


def bold_numbers(prose: str) -> set[float]:
    """Return the numbers in bold, percentages as shares; labels of figures are none."""
    bold = [words for words in re.findall(r"\*\*([^*]+)\*\*", prose) if not words.startswith("Figure ")]
    found = [number for words in bold for number in re.findall(r"([−+]?)(\d[\d,]*(?:\.\d+)?)( %)?", words)]
    return {(-1 if sign == "−" else 1) * float(digits.replace(",", "")) / (100 if percent else 1) for sign, digits, percent in found}


def asserted_numbers(code_of_cell: str) -> set[float]:
    """Return the numbers that stand in the assertions of a cell."""
    nodes = [node for statement in ast.walk(ast.parse(code_of_cell)) if isinstance(statement, ast.Assert) for node in ast.walk(statement)]
    numbers = {node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) in (int, float)}
    signed = [node.operand for node in nodes if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)]
    return numbers | {-node.value for node in signed if isinstance(node, ast.Constant)}  # type: ignore[return-value, operator]


def test_bold_and_asserted_numbers_are_told() -> None:
    """Signs, percentages and thousands are read; a label, or a number outside an assertion, does not count."""
    assert bold_numbers("**Figure 02a.** Of 9, **37 %** and **−1.8** of **2,287**, **1 article and 17 headlines**") == {0.37, -1.8, 2287, 1, 17}
    assert asserted_numbers("x = 5\nassert x == -1.8 and y[3] == True") == {1.8, -1.8, 3}


@each_notebook
def test_numbers_in_bold_are_asserted(path: Path) -> None:
    """Each bold number of the prose stands in an assertion of the cell that follows."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell, after in zip(found, [*found[1:], {"source": ""}], strict=True):
        if cell["cell_type"] == "markdown" and (wanted := bold_numbers(source(cell))):
            assert wanted <= asserted_numbers(source(after)), source(cell)


def test_the_coded_sheets_fit_the_seed() -> None:
    """Every code is of a mention that is still drawn, by the same id and words: else the sheets of notebook 10 must be coded anew, and its table kept anew."""
    folder = ROOT / "notebooks"
    mentions = na.mentions(na.read(ROOT / "seeds"), codebook="ukraine_war")
    kept = pd.read_csv(folder / "coding_mentions.csv")
    same = ["mention_id", "text", "start", "end", "document_start", "affiliation"]
    assert mentions[same].astype("str").to_numpy().tolist() == kept[same].astype("str").to_numpy().tolist()
    drawn = na.sample(mentions, n=40, by="affiliation").set_index("unit_id")
    for coder in "AB":
        codes = na.read_codes(folder / f"coding_{coder}.xlsx", codebook=folder / "tone_codebook.csv")
        assert set(codes["unit_id"]) == set(drawn.index)
        assert set(codes["coder"]) == {coder}
        sheet = pd.read_excel(folder / f"coding_{coder}.xlsx", sheet_name="coding").set_index("unit_id")["unit"]
        words = {key: row["text"][row["start"] : row["end"]] for key, row in drawn.iterrows()}
        assert sheet.to_dict() == words
