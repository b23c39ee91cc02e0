"""docs/figures.md and docs/figures/gallery_*: `python tests/gallery.py` makes them anew from invented tables, a test holds the page current.

Every figure is four lines or fewer that stand on the page below it; the tables they use are made here, of no news at all.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import newsanalysis as na

DOCS = Path(__file__).parents[1] / "docs"
FIGURES = DOCS / "figures"
PAGE = DOCS / "figures.md"
CAMPS = ("council", "residents", "business", "experts", "police")
OUTLETS = ("Harbour Post", "Daily Quay", "The Lantern")
SAID = {
    "council": "The mayor said that the new bridge was safe.",
    "residents": "“We were never asked,” said Ida Moor, who lives below it.",
    "business": "The chamber of commerce warned of empty shops.",
    "experts": "Engineers doubted that the piers would last.",
    "police": "The police denied that anybody was hurt.",
}


class Figure(NamedTuple):
    """One figure of the gallery."""

    name: str
    plot: str
    says: str
    lines: str


def counts(rng: np.random.Generator, *columns: tuple[str, tuple[str, ...]]) -> pd.DataFrame:
    """A row for every combination of the columns' values, with an invented n."""
    names = [name for name, _ in columns]
    rows = pd.MultiIndex.from_product([values for _, values in columns], names=names).to_frame(index=False)
    return rows.assign(n=rng.integers(4, 40, len(rows)))


def measured(measure: str, rows: pd.DataFrame, estimate: Any, half: Any) -> pd.DataFrame:
    """A table of measures with these estimates, and intervals of this half width, within [-1, 1]."""
    groups = [column for column in rows.columns if column != "n"]
    low, high = np.maximum(estimate - half, -1 if np.min(estimate) < 0 else 0), np.minimum(estimate + half, 1)
    table = rows[groups].assign(measure=measure, estimate=estimate, ci_low=low, ci_high=high, n=rows["n"], n_documents=np.maximum(2, rows["n"] // 2))
    return table[["measure", *groups, "estimate", "ci_low", "ci_high", "n", "n_documents"]]


def within(rows: pd.DataFrame, groups: list[str]) -> Any:
    """The share of each row's n in its groups' n."""
    return rows["n"] / (rows.groupby(groups)["n"].transform("sum") if groups else rows["n"].sum())


def tables_of_the_page() -> dict[str, Any]:
    """The tables that the lines on the page use, by name: invented, the same every time."""
    rng = np.random.default_rng(7)
    made: dict[str, Any] = {}
    camps = counts(rng, ("affiliation", CAMPS)).sort_values("n", ascending=False, ignore_index=True)
    made["voices"] = measured("share_of_voice_words", camps, within(camps, []), 0.07)
    outlets = counts(rng, ("outlet", OUTLETS), ("affiliation", CAMPS))
    made["by_outlet"] = measured("share_of_voice_words", outlets, within(outlets, ["outlet"]), 0.09)
    gaps = counts(rng, ("outlet", OUTLETS))
    made["gaps"] = measured("voice_gap", gaps, np.array([-0.18, -0.02, 0.11]), np.array([0.09, 0.12, 0.08]))
    cues = counts(rng, ("affiliation", CAMPS), ("value", ("neutral", "doubt", "admission", "directive", "emotive")))
    cues["n"] = np.where(cues["value"] == "neutral", cues["n"] + 30, cues["n"] // 3 + 1)
    made["cues"] = measured("code_share", cues, within(cues, ["affiliation"]), 0.1)
    months = tuple(f"2023-{month:02d}" for month in range(1, 13) if month != 8)
    time = counts(rng, ("month", months), ("affiliation", CAMPS[:4]))
    wave = 0.25 + 0.16 * np.sin(np.arange(len(time)) % 4 * 1.7 + np.arange(len(time)) // 4 * 0.55)
    made["monthly"] = measured("share_of_voice_words", time, wave, 0.055)
    tone = counts(rng, ("actor", ("Mayor Ann Blythe", "Harbour Board", "Save the Quay", "Police")), ("outlet", OUTLETS))
    made["tones"] = measured("target_tone_net", tone, rng.uniform(-0.7, 0.45, len(tone)), rng.uniform(0.1, 0.3, len(tone)))
    labels = counts(rng, ("outlet", OUTLETS), ("label", ("so-called", "controversial", "embattled", "self-styled")))
    made["labels"] = measured("label_share", labels, rng.uniform(0.0, 0.3, len(labels)), 0.06)
    about = counts(rng, ("affiliation", CAMPS), ("about", CAMPS)).assign(n=lambda t: (t["n"] ** 2 // 30).clip(lower=1))
    shares = measured("about_share", about, within(about, ["affiliation"]), 0.08)
    net = rng.uniform(-0.8, 0.6, len(about))
    made["about"] = pd.concat([shares, measured("about_tone_net", about, net, 0.3)], ignore_index=True)
    first = ["residents", "flooding", "protest", "angry", "petition", "noise", "homes", "families", "council", "ignored"]
    second = ["growth", "jobs", "investment", "opening", "ribbon", "visitors", "trade", "ferry", "revenue", "bridge"]
    z = np.concatenate([np.linspace(5.1, 2.1, 10), -np.linspace(4.4, 1.9, 10)])
    made["words"] = pd.DataFrame({"word": [*first, *second], "z": z, "z_articles": np.where(np.arange(20) % 7 == 3, np.nan, z * rng.uniform(0.35, 0.8, 20))})
    made["agreed"] = _agreed(("speaker", "camp", "tone", "conflict frame", "blame"), (0.91, 0.84, 0.62, 0.71, 0.38))
    made["pieces"] = _pieces(rng)
    tenths = counts(np.random.default_rng(8), ("affiliation", CAMPS[:4]), ("tenth", tuple(map(str, range(1, 11)))))
    place = np.arange(len(tenths)) % 10
    heard = [0.21 - 0.017 * place, 0.05 + 0.012 * place, 0.12 + 0.06 * np.sin(place / 3), 0.04 + 0.01 * np.abs(place - 5)]
    made["profile"] = measured("voice_profile", tenths, np.choose(np.arange(len(tenths)) // 10, heard), 0.03)
    made["scores"] = _scores()
    made["shares"] = pd.DataFrame({"affiliation": CAMPS, "hand": [0.34, 0.27, 0.18, 0.13, 0.08], "machine": [0.36, 0.21, 0.2, 0.14, 0.09]})
    made["shares"] = made["shares"].assign(ci_low=[-0.02, -0.1, -0.02, -0.03, -0.02], ci_high=[0.06, -0.01, 0.05, 0.04, 0.03])
    made["headlines"] = pd.DataFrame(
        {
            "headline": ["Mayor Says Bridge Is Safe", "Residents “Never Asked”", "Shops Could Close, Chamber Warns", "Bridge Opens"],
            "someone speaks": [True, True, True, False],
            "hedged": [False, False, True, False],
            "quotation marks": [False, True, False, False],
            "tone": [0.44, 0.0, -0.3, 0.0],
        }
    )
    sentences = list(SAID.values())
    made["toned"] = pd.DataFrame(
        {"text": np.repeat(sentences, 2), "coder": ["vader@1", "textblob@1"] * 5, "score": [0.44, 0.5, 0.0, 0.0, -0.2, 0.1, -0.3, 0.0, -0.61, 0.0]}
    ).assign(voice=np.repeat(["own", "attributed", "own", "own", "own"], 2))
    made["lines"] = pd.DataFrame(
        {
            "left": ["the opening of the ", "residents spoke of a ", "it praised the "],
            "match": ["so-called", "monstrous", "long-awaited"],
            "right": [" bridge of friendship.", " mistake by the council.", " crossing."],
            "voice": ["own", "attributed", "own"],
            "note": ["distance", "blame", "praise"],
        }
    )
    confidence = np.repeat(np.arange(0.15, 1, 0.1), 60)
    made["predictions"] = pd.DataFrame(
        {
            "document_id": [f"d{n % 45}" for n in range(len(confidence))],
            "confidence": confidence,
            "right": (rng.random(len(confidence)) < confidence**1.25).astype(int),
        }
    )
    return made


def _agreed(variables: tuple[str, ...], alphas: tuple[float, ...]) -> pd.DataFrame:
    rows = [("percent_agreement", name, min(1.0, alpha * 0.45 + 0.56), 0.03) for name, alpha in zip(variables, alphas, strict=True)]
    rows += [("krippendorff_alpha", name, alpha, 0.09) for name, alpha in zip(variables, alphas, strict=True)]
    table = pd.DataFrame(rows, columns=["measure", "variable", "estimate", "half"])
    table = table.assign(ci_low=table["estimate"] - table["half"], ci_high=(table["estimate"] + table["half"]).clip(upper=1), n=120, n_documents=60)
    return table.drop(columns="half")


def _pieces(rng: np.random.Generator) -> pd.DataFrame:
    start = np.sort(rng.integers(0, 900, 12))
    return pd.DataFrame({"affiliation": [CAMPS[k] for k in rng.integers(0, 5, 12)], "start": start, "end": start + rng.integers(20, 90, 12), "length": 1000})


def _scores() -> pd.DataFrame:
    rows = [
        ("Who says what", "attributions (F1)", "package", "package", 0.79, 0.76, 0.81),
        ("Who says what", "attributions (F1)", "two people", "people", 0.75, None, None),
        ("Who says what", "attributions (F1)", "rules", "other", 0.56, None, None),
        ("Tone", "toward a target (macro-F1)", "package", "package", 0.85, 0.82, 0.88),
        ("Tone", "toward a target (macro-F1)", "word list", "other", 0.51, None, None),
    ]
    return pd.DataFrame(rows, columns=["group", "label", "system", "mark", "estimate", "ci_low", "ci_high"])


GALLERY = (
    Figure(
        "shares",
        "plot_shares",
        "Share of voice, with intervals",
        'voices = na.share_of_voice(found.attributions, by="affiliation")\nax = na.plot_shares(voices)',
    ),
    Figure("intervals", "plot_intervals", "Voice gap by outlet", 'gaps = na.voice_gap(codes, units, by="outlet")\nax = na.plot_intervals(gaps)'),
    Figure(
        "stacked", "plot_stacked", "Cue profile of each camp", 'cues = na.code_share(codes, code="cue_class", by="affiliation")\nax = na.plot_stacked(cues)'
    ),
    Figure(
        "timeline",
        "plot_timeline",
        "Share of voice by month; in August no text appeared",
        'monthly = na.share_of_voice(na.with_period(found).attributions, by=["month", "affiliation"])\nax = na.plot_timeline(monthly)',
    ),
    Figure(
        "panels",
        "plot_panels",
        "Target tone by actor and outlet",
        'tones = na.target_tone_net(mentions, by=["actor", "outlet"])\nax = na.plot_panels(tones)',
    ),
    Figure("labels", "plot_panels", "Labels by outlet", 'labels = na.label_share(codes, mentions, by="outlet")\nax = na.plot_panels(labels)'),
    Figure(
        "network",
        "plot_network",
        "Who speaks about whom, and in what tone",
        "about = na.who_about_whom(found, na.target_tone(na.mentions(found)))\nax = na.plot_network(about)",
    ),
    Figure(
        "matrix",
        "plot_matrix",
        "The same as numbers",
        'pairs = about.loc[about.measure == "about_share", ["affiliation", "about", "n"]]\nax = na.plot_matrix(pairs)',
    ),
    Figure(
        "keyness",
        "plot_keyness",
        "Words of two outlets",
        'words = na.keyness(documents, ("Harbour Post", "Daily Quay"))\nax = na.plot_keyness(words, groups=("Harbour Post", "Daily Quay"))',
    ),
    Figure("agreement", "plot_agreement", "How far coders agree", "agreed = na.agreement(codes)\nax = na.plot_agreement(agreed)"),
    Figure("positions", "plot_positions", "Who speaks where in a text", "pieces = na.positions(found)\nax = na.plot_positions(pieces)"),
    Figure("profile", "plot_profile", "Who speaks where in many texts", "profile = na.voice_profile(found)\nax = na.plot_profile(profile)"),
    Figure("tones", "plot_tones", "Tone of each sentence by two word lists", "ax = na.plot_tones(toned)"),
    Figure("headlines", "plot_headlines", "What holds of each headline", "ax = na.plot_headlines(headlines)"),
    Figure("concordance", "plot_concordance", "Words in their context", "lines = na.concordance(codes, documents, width=30)\nax = na.plot_concordance(lines)"),
    Figure("scores", "plot_scores", "A program beside people and others", "ax = na.plot_scores(scores)"),
    Figure("pairs", "plot_pairs", "Shares by hand and by machine", "ax = na.plot_pairs(shares)"),
    Figure("reliability", "plot_reliability", "Whether confidence keeps its promise", "ax = na.plot_reliability(calibration)"),
)


def drawn(figure: Figure, known: dict[str, Any]) -> tuple[Any, pd.DataFrame]:
    """The Axes of a figure and the table behind it: the last line on the page, run with the invented tables."""
    last = figure.lines.splitlines()[-1].removeprefix("ax = ")
    given = {"na": na, **known}
    given["pairs"] = known["about"].loc[known["about"]["measure"] == "about_share", ["affiliation", "about", "n"]]
    if figure.name == "reliability":
        from newsanalysis.reliability import table

        given["calibration"] = table(known["predictions"])
    name = last.split("(", 1)[1].split(",")[0].rstrip(")")
    return eval(last, given), given[name]


def section(figure: Figure) -> str:
    """The part of the page on one figure."""
    table = figure.lines.splitlines()[-1].split("(", 1)[1].split(",")[0].rstrip(")")
    code = f'{figure.lines}\nna.save_figure(ax, "figures/{figure.name}", {table})'
    return f"## {figure.says}\n\n![{figure.says}: na.{figure.plot}](figures/gallery_{figure.name}.png)\n\n```python\n{code}\n```"


HEAD = """# Figures

One figure for each `plot_*` function, drawn from invented tables (`python tests/gallery.py` makes this page and its pictures anew), with the lines that make
it from your own corpus. `found` is what `na.resolve` returned; how `codes`, `units` and `mentions` are made, [measures.md](measures.md) says.

- **Width.** `na.use_style()` sets 16 cm, a page; `na.use_style(width="column")` 8.5 cm, one of two columns. The type is 8 points in both: print figures at
  their size. The style is also a file: `plt.style.use("newsanalysis.page")`. `plot_scores`, `plot_pairs`, `plot_reliability` and the figures of texts always
  take the width of a page, unless you give Axes.
- **Names of camps.** Figures show the labels of your codebook once it is named: `na.use_style(codebook="my_codebook")`. Without it they show the keys, with
  a capital letter: `united_kingdom` becomes United Kingdom.
- **Colours of camps.** A camp has one colour in all figures made from the same attributions; the camps of `ukraine_war` always have theirs. Of others the
  eight most frequent get a colour, the rest one grey, with its label beside it. `na.use_style(found=found)` fixes labels and colours also for figures of
  parts of a corpus, and of tables read from files.
- **Groups within groups.** `na.plot_shares(na.share_of_voice(attributions, by=["outlet", "affiliation"]))` writes each outlet above its rows, the camps in
  one order in all of them.
- **Many groups.** A figure grows up to a page (24 cm); beyond that it draws the groups with the largest n, in the order of the table, and says so below:
  "25 of 40 rows shown, those of largest n". `limit=` draws another number. The CSV beside a figure always has the whole table.
- **Long names** are broken, then shortened; of those that begin alike the end is kept ("The Consolidated Regional … Advertiser n3"), so that no two rows are
  called alike. A group without a name is grey and "not given".
- **Time.** `na.with_period(found, period="week")` adds the column `week` (or day, month, quarter, year); give its name in `by`.
- **Titles.** Journals set the title in the caption, so a figure has none; its axis says what is shown. `ax.set_title("...")` adds one; above a key write
  `ax.set_title("...", pad=26)`.
- **Grey and colour blindness.** No figure tells two things apart by colour alone: names, places, line styles or numbers say the same. The
  exception is `plot_stacked` with more than eight categories: merge some.
- **Other scripts.** Arabic, Greek and Cyrillic are drawn with the typeface that matplotlib brings, others where a Noto or system typeface is installed; a sign
  that no typeface has becomes □.
"""


def page() -> str:
    """The page."""
    return HEAD + "\n" + "\n\n".join(map(section, GALLERY)) + "\n"


def main(names: list[str]) -> None:
    """Write the page and its pictures, or only some of them."""
    PAGE.write_text(page(), encoding="utf-8")
    known = tables_of_the_page()
    for figure in GALLERY:
        if not names or figure.name in names:
            ax, _ = drawn(figure, known)
            with mpl.rc_context({"savefig.dpi": 110}):
                ax.figure.savefig(FIGURES / f"gallery_{figure.name}.png", metadata={"Software": None})
            plt.close("all")


if __name__ == "__main__":
    main(sys.argv[1:])
