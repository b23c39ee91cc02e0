"""The README's tables, made from the notebooks and the benchmarks: `python tests/readme_table.py` writes them, a test holds them current."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
END = "<!-- end -->"
GROUPS = {"all": "this version, rules (`patterns`)", "direct": "of direct quotations", "indirect": "of indirect speech and thought"}
PEOPLE = "| two trained people, one against the other (20 articles) | 75.2 | | |"


def scores() -> list[str]:
    """How far to trust attributions: F1 with its interval, precision and recall, in percent."""
    with (ROOT / "benchmarks" / "results" / "attribution.csv").open(encoding="utf-8", newline="") as file:
        results = [row for row in csv.DictReader(file) if (row["set"], row["measure"]) == ("polnear_dev", "attribution")]
    by_group = {row["group"]: {name: 100 * float(row[name]) for name in ("value", "ci_low", "ci_high", "precision", "recall")} for row in results}
    rows = ["| {} | {value:.1f} ({ci_low:.1f} to {ci_high:.1f}) | {precision:.1f} | {recall:.1f} |".format(GROUPS[g], **by_group[g]) for g in GROUPS]
    return ["| | attributions found with the right source, F1 | precision | recall |", "|---|---|---|---|", *rows, PEOPLE]


def notebooks() -> list[str]:
    """Each notebook: its link, the question it answers, the figures it writes."""
    rows = [notebook_row(notebook) for notebook in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    return ["| notebook | the question it answers | figures |", "|---|---|---|", *rows]


def notebook_row(notebook: Path) -> str:
    """One row of that table."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    paragraphs = [line.strip() for line in "".join(cells[0]["source"]).split("\n\n")]
    figures = sorted((ROOT / "figures").glob(f"{notebook.stem[:2]}_*.svg"))
    links = ", ".join(f"[{figure.stem[3:].replace('_', ' ')}](figures/{figure.name})" for figure in figures)
    return f"| [{notebook.stem}](notebooks/{notebook.name}) | {' '.join(paragraphs[1].split())} | {links} |"


TABLES: dict[str, Callable[[], list[str]]] = {
    "<!-- scores: made by tests/readme_table.py -->": scores,
    "<!-- notebooks: made by tests/readme_table.py -->": notebooks,
}


def replaced(readme: str) -> str:
    """The README with its tables as they should be."""
    for begin, table in TABLES.items():
        before, rest = readme.split(begin)
        readme = "\n".join([before + begin, *table(), END]) + rest.split(END, 1)[1]
    return readme


if __name__ == "__main__":
    path = ROOT / "README.md"
    path.write_text(replaced(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
