"""The README's table of notebooks, made from the notebooks: `python tests/readme_table.py` writes it, a test holds it current."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- notebooks: made by tests/readme_table.py -->", "<!-- end -->"


def row(notebook: Path) -> str:
    """One notebook: its link, the question it answers, the figures it writes."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    paragraphs = [line.strip() for line in "".join(cells[0]["source"]).split("\n\n")]
    figures = sorted((ROOT / "figures").glob(f"{notebook.stem[:2]}_*.svg"))
    links = ", ".join(f"[{figure.stem[3:].replace('_', ' ')}](figures/{figure.name})" for figure in figures)
    return f"| [{notebook.stem}](notebooks/{notebook.name}) | {' '.join(paragraphs[1].split())} | {links} |"


def table() -> str:
    """The whole table, between its marks."""
    rows = [row(notebook) for notebook in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    return "\n".join([BEGIN, "| notebook | the question it answers | figures |", "|---|---|---|", *rows, END])


def replaced(readme: str) -> str:
    """The README with the table as it should be."""
    before, rest = readme.split(BEGIN)
    return before + table() + rest.split(END)[1]


if __name__ == "__main__":
    path = ROOT / "README.md"
    path.write_text(replaced(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
