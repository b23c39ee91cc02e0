"""Tables of README.md and docs/attribution.md, from notebooks and stored results: `python tests/readme_table.py` writes them, a test holds them current."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
END = "<!-- end -->"
GROUPS = {"all": "this version, rules (`patterns`)", "direct": "of direct quotations", "indirect": "of indirect speech and thought"}


def results(name: str, measure: str) -> dict[str, dict[str, float]]:
    """The stored results of one measure on one set of articles, by group, in percent."""
    numbers = ("value", "ci_low", "ci_high", "precision", "recall")
    with (ROOT / "benchmarks" / "results" / "attribution.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["set"], row["measure"]) == (name, measure)]
    return {row["group"]: {number: 100 * float(row[number] or "nan") for number in numbers} for row in rows}


def scores() -> list[str]:
    """How far to trust attributions: F1 with its interval, precision and recall, in percent."""
    by_group = results("polnear_dev", "attribution")
    rows = ["| {} | {value:.1f} ({ci_low:.1f} to {ci_high:.1f}) | {precision:.1f} | {recall:.1f} |".format(GROUPS[g], **by_group[g]) for g in GROUPS]
    with (ROOT / "benchmarks" / "results" / "published.csv").open(encoding="utf-8", newline="") as file:
        people = next(100 * float(row["value"]) for row in csv.DictReader(file) if row["system"] == "two trained people")
    rows.append(f"| two trained people, one against the other (20 articles; [given with the data](benchmarks/results/published.csv)) | {people:.1f} | | |")
    return ["| | attributions found with the right source, F1 | precision | recall |", "|---|---|---|---|", *rows]


def both_sets() -> list[str]:
    """The pattern attributor on both sets of articles: F1 with its interval, precision and recall, in percent; words a second."""
    sets = ("polnear_dev", "war_dev")
    lines = {
        f"{label}, F1": [results(name, measure)[group] for name in sets]
        for label, measure, group in (
            ("attributions", "attribution", "all"),
            ("… direct", "attribution", "direct"),
            ("… mixed", "attribution", "mixed"),
            ("… indirect", "attribution", "indirect"),
            ("attributions, exact", "attribution_exact", "all"),
            ("content tokens", "tokens", "content"),
        )
    }
    rows = [f"| {label} | " + " | ".join("{value:.1f} ({ci_low:.1f} to {ci_high:.1f})".format(**one) for one in line) + " |" for label, line in lines.items()]
    found = [results(name, "attribution")["all"] for name in sets]
    speed = [results(name, "words_per_cpu_second")["all"]["value"] / 100 for name in sets]
    return [
        "| | PolNeAR dev, 84 articles | war_dev, 15 articles |",
        "|---|---|---|",
        *rows,
        "| attributions, precision and recall | " + " | ".join("{precision:.1f}, {recall:.1f}".format(**one) for one in found) + " |",
        "| words a CPU second | " + " | ".join(f"{one:,.0f}" for one in speed) + " |",
    ]


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
    "<!-- both sets: made by tests/readme_table.py -->": both_sets,
}
FILES = (ROOT / "README.md", ROOT / "docs" / "attribution.md")


def replaced(text: str) -> str:
    """A text with its tables as they should be."""
    for begin, table in TABLES.items():
        if begin in text:
            before, rest = text.split(begin)
            text = "\n".join([before + begin, *table(), END]) + rest.split(END, 1)[1]
    return text


if __name__ == "__main__":
    for path in FILES:
        path.write_text(replaced(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
