"""Tables of README.md and of pages of docs/, from notebooks and stored results: `python tests/readme_table.py` writes them, a test holds them current.

A table has a row or column for each attributor that the results hold: when the benchmarks are run anew, run this, and nothing else changes.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
END = "<!-- end -->"
NAMES = {"learned": "trained model (`learned`)", "patterns": "rules (`patterns`)"}
SETS = {"polnear_dev": "PolNeAR dev, 84 articles", "war_dev": "war_dev, 15 articles"}
CITRON, ATAP, PEOPLE = "Citron (BBC) retrained on PolNeAR", "ATAP quotation tool", "two trained people"
SHORT = {
    "PolNeAR test (84 articles)": "84 other articles",
    "20 PolNeAR articles annotated twice": "20 articles",
    "19 other articles on the Ukraine crisis": "19 other articles",
}
Row = dict[str, str]


def rows(file: str, **where: str) -> list[Row]:
    """The rows of a result file that have these values; none where the file is not there yet."""
    path = RESULTS / f"{file}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as opened:
        return [row for row in csv.DictReader(opened) if all(row[column] == value for column, value in where.items())]


def one(file: str, **where: str) -> Row | None:
    """The only such row, if there is one."""
    found = rows(file, **where)
    return found[0] if found else None


def percent(row: Row | None, *, interval: bool = True) -> str:
    """A share in percent, with its interval; a dash where there is none."""
    if row is None or not row["value"]:
        return "–"
    bounds = f" ({100 * float(row['low']):.1f} to {100 * float(row['high']):.1f})" if interval and row.get("low") else ""
    return f"{100 * float(row['value']):.1f}{bounds}"


def attributors(file: str = "attribution") -> list[str]:
    """The attributors that a result file holds, with their version, the learned one first."""
    found = {row["attributor"] for row in rows(file)}
    return [version for name in NAMES for version in sorted(found) if version.split("@")[0] == name]


def name(version: str) -> str:
    """How an attributor is called in a table."""
    return NAMES[version.split("@")[0]]


def scored(version: str, measure: str, *, group: str = "all", score: str = "f1", where: str = "polnear_dev") -> Row | None:
    """One figure of an attributor."""
    return one("attribution", set=where, attributor=version, measure=measure, group=group, score=score)


def table(head: Iterable[str], body: Iterable[Iterable[str]]) -> list[str]:
    """Lines of a table in Markdown."""
    head = list(head)
    first, *others = ["|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|" for cells in (head, *body)]
    return [first, "|" + "---|" * len(head), *others]


def scores() -> list[str]:
    """How far to trust attributions: F1 with its interval, precision and recall, in percent."""
    body = []
    for number, version in enumerate(attributors()):
        groups = [("all", name(version)), ("direct", "… of direct quotations"), ("indirect", "… of indirect speech and thought")]
        for group, label in groups if number == 0 else groups[:1]:
            f1, precision, recall = (scored(version, "attribution", group=group, score=score) for score in ("f1", "precision", "recall"))
            body.append([label, percent(f1), percent(precision, interval=False), percent(recall, interval=False)])
    for system, on in OTHERS["polnear_dev"]:
        label = "two trained people, one against the other" if system == PEOPLE else system
        row = one("published", system=system, set=on, measure="attribution", group="all", score="f1")
        body.append([f"{label} ({SHORT[on]}; [given](benchmarks/results/published.csv))", percent(row), "", ""])
    return table(["", "attributions found with the right source, F1", "precision", "recall"], body)


KINDS = ("direct", "mixed", "indirect")
POLNEAR = [
    ("attributions, F1", "attribution", "all", "f1"),
    *((f"… {kind}, F1", "attribution", kind, "f1") for kind in KINDS),
    ("attributions, precision", "attribution", "all", "precision"),
    ("attributions, recall", "attribution", "all", "recall"),
    *((f"… {kind}, recall", "attribution", kind, "recall") for kind in KINDS),
    ("attributions, exact, F1", "attribution_exact", "all", "f1"),
    *((f"pieces of {role}, exact, F1", "piece_exact", role, "f1") for role in ("source", "cue", "content")),
    ("content tokens, F1", "tokens", "content", "f1"),
]
WAR = [
    ("contents, F1", "who_says_content", "all", "f1"),
    ("contents with the right source, F1", "who_says_content_and_source", "all", "f1"),
    ("… precision", "who_says_content_and_source", "all", "precision"),
    ("… recall", "who_says_content_and_source", "all", "recall"),
    *((f"{kind} attributions, F1", "attribution", kind, "f1") for kind in KINDS),
    ("content tokens, F1", "tokens", "content", "f1"),
]
OTHERS = {
    "polnear_dev": [(CITRON, "PolNeAR test (84 articles)"), (ATAP, "PolNeAR test (84 articles)"), (PEOPLE, "20 PolNeAR articles annotated twice")],
    "war_dev": [(system, "19 other articles on the Ukraine crisis") for system in (CITRON, ATAP, PEOPLE)],
}


def both_sets() -> list[str]:
    """Every attributor on both sets of articles, beside published systems and two people, in percent: two tables."""
    return [*beside_others("polnear_dev", POLNEAR), "", *beside_others("war_dev", WAR)]


def beside_others(where: str, lines: list[tuple[str, str, str, str]]) -> list[str]:
    """The attributors on one set of articles, and what others reach on articles like them."""
    others = OTHERS[where]
    head = [SETS[where], *map(name, attributors()), *(f"{system}, {SHORT[on]}" for system, on in others)]
    body = []
    for label, measure, group, score in lines:
        ours = (percent(scored(version, measure, group=group, score=score, where=where)) for version in attributors())
        theirs = (percent(one("published", system=system, set=on, measure=measure, group=group, score=score)) for system, on in others)
        body.append([label, *ours, *theirs])
    return table(head, body)


def publishers() -> list[str]:
    """F1 of whole attributions by publisher."""
    names = sorted({row["group"] for row in rows("attribution", set="polnear_dev", measure="attribution", score="f1")} - {"all", "direct", "mixed", "indirect"})
    body = ([publisher, *(percent(scored(version, "attribution", group=publisher)) for version in attributors())] for publisher in names)
    return table(["publisher, 12 articles each: attribution F1", *map(name, attributors())], body)


def typography() -> list[str]:
    """What changes of typography cost: the difference of F1, in points."""
    versions = attributors("robustness")
    where = {"measure": "attribution", "group": "all"}
    order = list(dict.fromkeys(row["change"] for row in rows("robustness", **where)))
    order.sort(key=lambda change: (change != "as it is", change))
    body = []
    for change in order:
        cells = []
        for version in versions:
            known = {"attributor": version, "change": change, **where}
            cells.append(percent(one("robustness", score="f1", **known)) if change == "as it is" else points(one("robustness", score="f1_difference", **known)))
        body.append([change, *cells])
    return table(["attribution F1 on PolNeAR dev, and its change in points", *map(name, versions)], body)


def points(row: Row | None) -> str:
    """A difference in points of a percentage, with its interval."""
    if row is None or not row["value"]:
        return "–"
    value, *bounds = (f"{round(100 * float(row[key]), 1) + 0.0:+.1f}".replace("-", "−") for key in ("value", "low", "high") if row[key])
    return f"{value} ({bounds[0]} to {bounds[1]})" if bounds else value


def confidence() -> list[str]:
    """What is kept and how much of it is right, for some least confidences."""
    body = []
    for threshold in ("0.0", "0.5", "0.7", "0.8", "0.9"):
        found = {row["score"]: row for row in rows("precision_recall", set="polnear_dev", min_confidence=threshold)}
        if found:
            body.append([threshold.replace("0.0", "0 (all)"), *(percent(found[score]) for score in ("precision", "recall", "f1"))])
    return table(["`min_confidence`", "precision", "recall", "F1"], body) if body else ["(no attributor with confidence has been measured yet)"]


def speed() -> list[str]:
    """Words a CPU second, loading and memory."""
    body = []
    for version in attributors():
        found = {row["measure"]: row for row in rows("speed", group=version)}
        if found:
            words, load, memory = (float(found[measure]["value"]) for measure in ("words_per_cpu_second", "load_cpu_seconds", "peak_rss"))
            body.append([name(version), f"{round(words, -2):,.0f}", f"{load:.2f} s", f"{memory:,.0f} MB"])
    return table(["one thread", "words a CPU second", "loading", "memory, most"], body) if body else ["(not measured yet)"]


def camps() -> list[str]:
    """Who says what for whom on war_dev."""
    labels = {"who_says": "content found and given to the right camp, F1", "who_says_tokens": "… in words (what a share of voice is made of), F1"}
    labels |= {f"{what}_right": f"{what} right, of the contents found" for what in ("speaker", "affiliation", "role")}
    versions = [*attributors("speakers"), "gold spans"]
    body = ([label, *(percent(one("speakers", attributor=version, measure=measure, score="f1")) for version in versions)] for measure, label in labels.items())
    return table(["war_dev, 15 articles", *(NAMES.get(version.split("@")[0], "given the annotated spans") for version in versions)], body)


def measured() -> list[str]:
    """Every measure: its data, its figure with interval, other programs and baselines, and two people, in percent."""
    body, groups = [], {}
    for row in rows("summary"):
        groups.setdefault((row["group"], row["label"]), []).append(row)
    last = ""
    for (group, label), found in groups.items():
        if group != last:
            body.append([f"**{group}**", "", "", "", ""])
            last = group
        by_mark = {mark: [row for row in found if row["mark"] == mark] for mark in ("package", "other", "people")}
        for row in by_mark["package"]:
            others = "; ".join(f"{other['system']} {shown(other, interval=False)}" for other in by_mark["other"])
            people = "; ".join(shown(two) for two in by_mark["people"])
            body.append([label, f"{row['texts']} (n = {int(float(row['n'])):,})", f"**{shown(row)}**", others or "–", people or "–"])
    return table(["measure", "measured on", "this package", "other programs, baselines", "two people"], body)


def shown(row: Row, *, interval: bool = True) -> str:
    """An estimate of the summary in percent, with its interval."""
    return percent({"value": row["estimate"], "low": row["ci_low"], "high": row["ci_high"]}, interval=interval)


SCARE, LABELS, SAID = "scare_quotes_gold", "labels_gold", "statements_gold"
WORDS = [
    ("scare quotes", SCARE, "scare_quotes", "baseline_short_quotation_in_own_voice", "any short quotation in own voice"),
    ("labels of actors", LABELS, "labels_of_actors", "baseline_next_mention", "label to the next name"),
    ("statements: blame or call, who, whom", SAID, "statements_source_target", "", ""),
    ("… and for what", SAID, "statements_source_target_issue", "", ""),
]
CROWD, PASSIVES, ACTS = "PassivePy crowd set", "own gold of passives", "own gold of acts"
CLAUSES = [
    ("sentences with a passive", CROWD, "whole", "f1"),
    ("sentences with a passive", CROWD, "odd rows (not looked at)", "f1"),
    ("passives", PASSIVES, "blind", "f1"),
    ("passives with an agent", PASSIVES, "blind", "f1"),
    ("passives without an agent", PASSIVES, "blind", "f1"),
    ("agent or none, of passives found", PASSIVES, "blind", "accuracy"),
    ("event verbs and their voice", PASSIVES, "blind", "f1"),
    ("reduced passives with an agent", PASSIVES, "blind", "f1"),
    ("acts: who, verb, whom, voice", ACTS, "blind", "f1"),
    ("who acts on whom", ACTS, "blind", "f1"),
]


def words() -> list[str]:
    """Scare quotes, labels and statements on invented sentences: F1 in percent, beside a simple rule."""
    body = []
    for label, where, measure, baseline, rule in WORDS:
        mended, blind = (one("statements", set=where, measure=measure, group=group, score="f1") for group in ("tune", "blind"))
        simple = one("statements", set=where, measure=baseline, group="blind", score="f1")
        sentences = f"{mended['n_documents']} + {blind['n_documents']}" if mended and blind else "–"
        body.append([label, sentences, percent(mended), percent(blind), f"{percent(simple)}: {rule}" if simple else "–"])
    return table(["F1", "sentences", "mended on", "blind", "simple rule, blind"], body)


def clauses() -> list[str]:
    """Passives and acts: F1 in percent, beside the tagger alone."""
    body = []
    for measure, where, part, score in CLAUSES:
        ours, alone = (one("framing", set=where, part=part, measure=measure, score=score, system=system) for system in ("newsanalysis", "tagger alone"))
        label = measure + (" (share right)" if score == "accuracy" else "")
        body.append([label, f"{where}, {part}", ours["n"] if ours else "–", percent(ours), percent(alone)])
    return table(["F1", "on", "n", "this package", "tagger alone"], body)


def frames(codebook: str) -> list[str]:
    """Each frame of a codebook on the test half: F1 in percent and alpha, against both coders, and the coders against each other."""
    known = {"measure": codebook, "set": "test"}
    names = list(dict.fromkeys(row["group"] for row in rows("frames", **known)))
    return table(
        ["frame", "yes of 30 (A, B)", "precision, recall (A)", "F1 (A)", "F1 (B)", "always yes (A)", "alpha with A", "alpha with B", "A with B (60)"],
        ([frame.replace("_", " "), *frame_row({**known, "group": frame})] for frame in names),
    )


def frame_row(known: Row) -> list[str]:
    """The figures of one frame."""

    def of(score: str, *, hand: str = "A", system: str = "indicators") -> Row | None:
        return one("frames", **known, score=score, hand=hand, system=system)

    yes = (of("base_rate", hand=hand) for hand in ("A", "B"))
    between = one("frames", **{**known, "set": "coded_twice"}, score="alpha", hand="A", system="other_coder")
    return [
        ", ".join(f"{float(row['value']) * float(row['n']):.0f}" if row else "–" for row in yes),
        f"{percent(of('precision'), interval=False)}, {percent(of('recall'), interval=False)}",
        *(percent(of("f1", hand=hand)) for hand in ("A", "B")),
        percent(of("f1", system="always_yes"), interval=False),
        *(decimal(of("alpha", hand=hand)) for hand in ("A", "B")),
        decimal(between),
    ]


def decimal(row: Row | None) -> str:
    """An alpha with its interval; a dash where there is none."""
    if row is None or not row["value"]:
        return "–"
    value, *bounds = (f"{float(row[key]) + 0.0:.2f}".replace("-", "−").replace("−0.00", "0.00") for key in ("value", "low", "high") if row[key])
    return f"{value} ({bounds[0]} to {bounds[1]})" if bounds else value


def notebooks() -> list[str]:
    """Each notebook: its link, the question it answers, the figures it writes."""
    body = [notebook_row(notebook) for notebook in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    return ["| notebook | the question it answers | figures |", "|---|---|---|", *body]


def notebook_row(notebook: Path) -> str:
    """One row of that table."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    paragraphs = [line.strip() for line in "".join(cells[0]["source"]).split("\n\n")]
    figures = sorted((ROOT / "figures").glob(f"{notebook.stem[:2]}_*.svg"))
    links = ", ".join(f"[{figure.stem[3:].replace('_', ' ')}](figures/{figure.name})" for figure in figures)
    return f"| [{notebook.stem}](notebooks/{notebook.name}) | {' '.join(paragraphs[1].split())} | {links} |"


MADE = "made by tests/readme_table.py -->"
TABLES: dict[str, Callable[[], list[str]]] = {
    f"<!-- {label}: {MADE}": maker
    for label, maker in {
        "scores": scores,
        "notebooks": notebooks,
        "both sets": both_sets,
        "publishers": publishers,
        "typography": typography,
        "confidence": confidence,
        "speed": speed,
        "camps": camps,
        "measured": measured,
        "framing by words": words,
        "passives and acts": clauses,
        "frames_generic": partial(frames, "frames_generic"),
        "frames_policy": partial(frames, "frames_policy"),
    }.items()
}
FILES = (ROOT / "README.md", ROOT / "docs" / "attribution.md", ROOT / "docs" / "accuracy.md", ROOT / "docs" / "framing.md")


def replaced(text: str) -> str:
    """A text with its tables as they should be."""
    for begin, made in TABLES.items():
        if begin in text:
            before, rest = text.split(begin)
            text = "\n".join([before + begin, *made(), END]) + rest.split(END, 1)[1]
    return text


if __name__ == "__main__":
    for path in FILES:
        path.write_text(replaced(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    print("written: " + ", ".join(path.name for path in FILES), file=sys.stderr)
