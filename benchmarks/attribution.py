"""How many attributions an attributor finds, how exactly, and how far its confidence can be believed: against hand annotation.

``python -m benchmarks attribution --data ../shared/data`` reads ``polnear_dev.jsonl`` (84 US articles of 2015-16) and
``war_dev.jsonl`` (15 articles on the Ukraine crisis of 2013-15) and writes, each row with its 95 % interval by bootstrap over documents:

``results/attribution.csv``
    F1, precision and recall of `na.attribution_scores` and `na.span_scores`, by kind, role and publisher; for war_dev also content, and content
    with source, as `na.who_says_scores` counts them. Speed is in ``results/speed.csv``, who says what for whom in ``results/speakers.csv``.
``results/precision_recall.csv``, ``docs/figures/precision_recall.*``
    The same for `min_confidence` from 0 to .95.
``results/calibration.csv``, ``docs/figures/reliability.*``
    `na.calibration` of the learned attributor: cross-fitted on polnear_dev by the code that fitted the shipped confidence
    (``training/confidence.py``; folds are documents), and as it is on war_dev, which it was not fitted on.

Texts are scored in NFC, as every reader of the package gives them. The rules of the pattern baseline were written from a grammar of
reporting, then looked at on every tenth document of ``polnear_train`` and, by eye, on five of the fifteen articles of ``war_dev``. Nested and
disputed gold of ``war_dev`` counts like any other in `attribution`, `span` and their kin, and its follow-on quotations stand alone there, while
attributors of this package join them to the attribution they follow; `who_says` joins them on both sides.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from newsanalysis import reliability, scoring

COMMAND = "python -m benchmarks attribution --data DATA"
NEEDS = ("polnear_dev.jsonl", "war_dev.jsonl")
SETS = ("polnear_dev", "war_dev")
WAR = "war_dev"
FIGURES = common.ROOT / "docs" / "figures"
THRESHOLDS = [round(0.05 * step, 2) for step in range(20)]
IDENTITY = ["set", "attributor", "measure", "score", "group"]
KEPT = ["n", "n_documents", "model", "data_sha256"]


def scores(gold: na.Found, found: na.Found, publishers: dict[str, str]) -> pd.DataFrame:
    """Return F1, precision and recall in every measure, for all documents and by publisher."""
    counted = {what: scoring.counts(gold, found, what) for what in ("attributions", "spans")}
    tables = [common.scored(*both) for both in counted.values()]
    labels, numbers = counted["attributions"]
    of = gold.documents.document_id.map(lambda document_id: publishers.get(document_id, ""))
    groups = {name: (of == name).to_numpy() for name in sorted(of.unique()) if name}
    if groups:
        whole = labels.kind == "all"
        tables.append(common.scored(labels[whole], numbers[:, whole.to_numpy()], groups))
    return pd.concat(tables, ignore_index=True)


def who_says(gold: na.Found, found: na.Found) -> pd.DataFrame:
    """Return content, and content with source, where follow-on quotations are joined and nested and disputed gold neither helps nor hurts."""
    labels, counted = scoring.counts(gold, found, "who_says")
    wanted = labels.measure.isin(["content", "content_and_source"])
    table = common.scored(labels[wanted], counted[:, wanted.to_numpy()])
    return table.assign(measure="who_says_" + table.measure)


def precision_recall(gold: na.Found, found: na.Found) -> pd.DataFrame:
    """Return F1, precision and recall of whole attributions for each least confidence."""
    tables = []
    for threshold in THRESHOLDS:
        kept = na.Found(found.documents, found.attributions[found.attributions.confidence >= threshold], found.spans)
        labels, counted = scoring.counts(gold, kept, "attributions")
        whole = (labels.kind == "all") & (labels.measure == "attribution")
        tables.append(common.scored(labels[whole], counted[:, whole.to_numpy()]).assign(min_confidence=threshold))
    return pd.concat(tables, ignore_index=True)


def calibration(gold: na.Found, found: na.Found, attributor: common.Measured, name: str) -> pd.DataFrame:
    """Return the table of calibration: cross-fitted where the shipped confidence was fitted, as it is elsewhere."""
    if name == WAR:
        marked = scoring.right(gold, found)
        fitted = "as shipped"
    else:
        from training import confidence

        marked, fitted = confidence.crossed(*confidence.examples(gold, attributor.run)), "cross-fitted"
    predictions = marked[["document_id", "confidence", "right"]]
    tables = [reliability.table(predictions, binning=binning).assign(binning=binning) for binning in reliability.BINNINGS]
    return pd.concat(tables, ignore_index=True).assign(fitted=fitted)


def plot_precision_recall(table: pd.DataFrame, rules: tuple[float, float] | None) -> object:
    """Draw precision and recall at each least confidence, the rules as a point, and lines of equal F1."""
    import matplotlib.pyplot as plt

    from newsanalysis import palette
    from newsanalysis.style import SMALL, WIDTH

    na.use_style()
    _, ax = plt.subplots(figsize=(WIDTH, 4.3))
    wide = table.pivot_table(index="min_confidence", columns="score", values=list(common.NUMBERS))
    for level in (0.5, 0.6, 0.7, 0.8, 0.9):
        x = np.linspace(level / (2 - level) + 1e-9, 1, 200)
        ax.plot(x, level * x / (2 * x - level), color=palette.FAINT, linewidth=0.8, zorder=1)
        ax.text(1.005, level / (2 - level), f"F1 {level:.0%}".replace("%", " %"), color=palette.GREY, fontsize=SMALL, va="center", clip_on=False)
    mark, other = palette.colour("nato"), palette.colour("attributed")
    recall, precision = wide["value", "recall"], wide["value", "precision"]
    ax.fill_between(recall, wide["low", "precision"], wide["high", "precision"], color=mark, alpha=0.13, linewidth=0, zorder=2)
    ax.plot(recall, precision, color=mark, linewidth=1.6, marker="o", markersize=3.2, zorder=3)
    for threshold in (0.0, 0.3, 0.5, 0.7, 0.8, 0.9):
        if threshold in wide.index:
            at = (recall[threshold], precision[threshold])
            said = f"min_confidence {threshold:g}" if threshold == 0.5 else f"{threshold:g}"
            ax.annotate(said, at, xytext=(6, 5), textcoords="offset points", fontsize=SMALL, color=mark)
    if rules:
        ax.plot(*rules, marker="D", markersize=7, color=other, zorder=4)
        ax.annotate("rules (patterns)", rules, xytext=(9, -3), textcoords="offset points", fontsize=SMALL, color=palette.INK)
    ax.set_xlim(0, 1)
    ax.set_ylim(0.3, 1.005)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(plt.matplotlib.ticker.PercentFormatter(1, decimals=0, symbol=" %"))
    ax.grid(axis="both")
    ax.set_xlabel("Recall: share of the annotated attributions that is found")
    ax.set_ylabel("Precision: share of what is found that is right")
    return ax


def draw(curve: pd.DataFrame, reliable: pd.DataFrame, rows: pd.DataFrame, folder: Path) -> None:
    """Write the two figures for polnear_dev."""
    import matplotlib as mpl

    mpl.use("Agg")
    rules = rows[(rows.attributor.str.startswith("patterns")) & (rows.set == SETS[0]) & (rows.measure == "attribution") & (rows.group == "all")]
    point = rules.set_index("score").value
    here = curve[curve.set == SETS[0]]
    ax = plot_precision_recall(here, (float(point.recall), float(point.precision)) if len(point) else None)
    na.save_figure(ax, folder / "precision_recall", here[["min_confidence", "score", *common.NUMBERS]])  # type: ignore[arg-type]
    crossed = reliable[(reliable.set == SETS[0]) & (reliable.binning == "width")].drop(
        columns=["set", "binning", "fitted", "attributor", "model", "data_sha256"]
    )
    na.save_figure(na.plot_reliability(crossed), folder / "reliability", crossed)


def main(arguments: list[str]) -> pd.DataFrame:
    """Measure the attributors on the sets found in a folder, and write the tables and figures."""
    parser = common.options("attribution", "Score attributors against hand annotation.")
    parser.add_argument("--figures", type=Path, help="folder for the two figures; docs/figures by default, or figures/ in a folder given with --out")
    options = parser.parse_args(arguments)
    files = [path for path in (options.data / f"{name}.jsonl" for name in SETS) if path.is_file()]
    if not files:
        parser.error(f"{options.data} has neither {' nor '.join(name + '.jsonl' for name in SETS)}.")
    tables: dict[str, list[pd.DataFrame]] = {"attribution": [], "precision_recall": [], "calibration": []}
    for path in files:
        gold, publishers = na.read_gold(path), common.field(path, "publisher")
        for attributor in common.chosen(options):
            found = common.find(gold.documents, attributor)
            same = {"set": path.stem, "attributor": attributor.version, "model": attributor.model, "data_sha256": common.digest(path)}
            tables["attribution"] += [scores(gold, found, publishers).assign(**same)] + ([who_says(gold, found).assign(**same)] if path.stem == WAR else [])
            if found.attributions.confidence.notna().all():
                tables["precision_recall"].append(precision_recall(gold, found).assign(**same))
                tables["calibration"].append(calibration(gold, found, attributor, path.stem).assign(**same))
    whole = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items() if parts}
    written = common.write(whole["attribution"][[*IDENTITY, *common.NUMBERS, *KEPT]], options.out / "attribution.csv", COMMAND)
    if "calibration" in whole:
        curve, reliable = whole["precision_recall"], whole["calibration"]
        common.write(curve[[*IDENTITY[:2], "min_confidence", "measure", "score", *common.NUMBERS, *KEPT]], options.out / "precision_recall.csv", COMMAND)
        named = reliable.rename(columns={"estimate": "value", "ci_low": "low", "ci_high": "high"})
        columns = [*IDENTITY[:2], "fitted", "binning", "measure", "bin_low", "bin_high", "confidence", *common.NUMBERS, *KEPT]
        common.write(named[columns], options.out / "calibration.csv", COMMAND)
        draw(curve, reliable, whole["attribution"], options.figures or (FIGURES if options.out == common.RESULTS else options.out / "figures"))
    return written


if __name__ == "__main__":
    table = main(sys.argv[1:])
    f1 = table[
        (table.score == "f1") & table.measure.isin(["attribution", "attribution_exact", "piece_exact", "who_says_content", "who_says_content_and_source"])
    ]
    print(f1.drop(columns=["command", "package", "model", "data_sha256"]).to_string())
