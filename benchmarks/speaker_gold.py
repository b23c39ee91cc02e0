"""Who speaks: the resolver's speakers against speakers told by reading, on gold sources, by kind of source.

``python -m benchmarks speaker-gold --data ../shared/data`` writes ``results/speaker_gold.csv``. The sets:

- *development*: 29 articles of ``polnear_train.jsonl`` drawn at random (its first ten left out), every attribution labelled by one
  reader before the rules were changed; the rules were mended on them.
- *test*: nine more of the same draw, labelled when the rules were finished; what was then found wrong was left as it is.
- *war_dev*: 15 articles on the Ukraine crisis with speakers, affiliations and roles; docs/speakers.md says what of it was read.
- *made_up*: the 14 articles of ``tests/data/golden_war.jsonl``, written and labelled by the guide of war_dev by somebody who did not know
  the rules; the rules were mended on them.

``data/speakers_gold.csv`` holds the labels: document, attribution, offsets of source and content in the text as published, speaker
(several acceptable ones joined by ``|``, an empty one where the text tells nobody). What is no speaker (an "expectation") is left out.

The last two are resolved with the codebook ``ukraine_war``. Rows: `speaker_right` is the share of attributions whose speaker is right by
the rule of ``na.who_says_scores`` (same name, same last word, or most words shared); `speaker_exact` the share with exactly the label's
words, so that "Rubio" is not enough for "Marco Rubio". Rows `outcome` are the confusion table: of the sources of one kind, the share that
became what: `right`; `less_full`, right but not in the label's words; `another` speaker; `missing`; `invented`, where the label is nobody.
`right_by_basis` groups by what the resolver says it goes by. For the sets with affiliations: `affiliation_right` and `role_right` by kind
of source, `affiliation_right_by_basis`, and `affiliation`, the confusion table: of one label (``kind``; the first where several are
accepted), the share that was told so or so (``outcome``). `words_per_cpu_second` is the time of speakers and actors together.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import newsanalysis as na
from newsanalysis.codebooks import lexicon
from newsanalysis.files import write_csv
from newsanalysis.resampling import bootstrap_interval
from newsanalysis.speakers import resolve_speakers

LABELS = Path(__file__).parent / "data" / "speakers_gold.csv"
RESULTS = Path(__file__).parent / "results" / "speaker_gold.csv"
REPEATS = 3
COMMAND = "python -m benchmarks speaker-gold --data DATA"
NEEDS = ("polnear_train.jsonl", "war_dev.jsonl", "polnear_dev.jsonl")
TITLES = frozenset("the a an of mr mrs ms president minister unnamed s".split())  # noqa: SIM905 - words that the scorer passes over
PRONOUNS = frozenset("he she it they we i you who which that whose his her its their himself herself one another others some many".split())  # noqa: SIM905
KINDS = ("name", "surname", "pronoun", "acronym", "metonym", "description", "unnamed", "none")
SETS = {"war_dev": "war_dev.jsonl", "made_up": Path(__file__).parent.parent / "tests" / "data" / "golden_war.jsonl"}  # with affiliations and roles
CODEBOOK = "ukraine_war"
SEATS = {
    "kremlin",
    "white house",
    "downing street",
    "foggy bottom",
    "west wing",
    *(word.lower() for _, word, kind in lexicon("countries.csv", "country", "word", "kind") if kind == "capital"),
}
OUTCOMES = ("right", "less_full", "another", "missing", "invented")


def words(name: str) -> list[str]:
    """Return the words of a name that count."""
    plain = re.sub(r"[’']s\b", "", name.lower())
    return [word for word in re.sub(r"[^\w\s]", " ", plain).split() if word not in TITLES]


def right(speaker: str, label: str) -> bool:
    """Say whether a speaker is a label, by the rule of ``na.who_says_scores``; nobody is right where the label is empty.

    >>> right("Rubio", "Marco Rubio"), right("", "Marco Rubio"), right("", "")
    (True, False, True)
    """
    here, there = words(speaker), words(label)
    if not here or not there:
        return here == there
    shared = 2 * len(set(here) & set(there)) / (len(set(here)) + len(set(there)))
    return here == there or (here[-1] == there[-1] and len(here[-1]) > 2) or shared >= 0.6


def kind_of_source(source: str, labels: list[str]) -> str:
    """Say how a source names its speaker: name, surname, pronoun, acronym, metonym, description, unnamed (nor is the label a name), or none.

    >>> [kind_of_source(source, ["Marco Rubio"]) for source in ("Sen. Marco Rubio", "Rubio", "he", "the senator", "")]
    ['name', 'surname', 'pronoun', 'description', 'none']
    >>> kind_of_source("Moscow", ["Russia"]), kind_of_source("residents", ["residents"])
    ('metonym', 'unnamed')
    """
    said = words(source)
    if not source.strip():
        return "none"
    if len(said) <= 2 and said and said[0] in PRONOUNS:
        return "pronoun"
    if " ".join(said) in SEATS:
        return "metonym"
    named = [words(label) for label in labels if label[:1].isupper() and len(label.split()) > 1]
    if any(set(name) <= set(said) for name in named):
        return "name"
    if any(name[-1] in said for name in named) and source.split()[-1][:1].isupper():
        return "surname"
    if re.fullmatch(r"(?:the |The )?[A-Z][A-Za-z]?[A-Z][A-Za-z]*(?:['’]s)?", source):
        return "acronym"
    if any(set(words(label)) <= set(said) and label[:1].isupper() for label in labels):
        return "name"
    return "description" if any(re.search(r"\b[A-Z]", label.removeprefix("unnamed")) for label in labels) else "unnamed"


def outcome(speaker: str, labels: list[str]) -> str:
    """Say what became of a source."""
    if any(words(speaker) == words(label) for label in labels):
        return "right"
    if any(right(speaker, label) for label in labels):
        return "less_full"
    if not any(labels):
        return "invented"
    return "another" if speaker else "missing"


def resolved(gold: na.Found, *, camps: bool) -> dict[str, dict[str, str]]:
    """Return what is told of each attribution's speaker, empty texts where there is nothing."""
    rows = (na.resolve(gold, codebook=CODEBOOK) if camps else resolve_speakers(gold)).attributions
    columns = ["speaker", "speaker_basis", "affiliation", "affiliation_basis", "role"]
    return rows.set_index("attribution_id")[columns].fillna("").to_dict("index")


def speed(path: Path) -> float:
    """Return words a CPU second for speakers and actors of the attributions that the patterns find: the best of some runs."""
    found = na.attribute(na.read_gold(path).documents, attributor="patterns")
    seconds = []
    for _ in range(REPEATS + 1):
        begin = time.process_time()
        na.resolve(found)
        seconds.append(time.process_time() - begin)
    return sum(len(text.split()) for text in found.documents.text) / min(seconds[1:])


def judged(path: Path, labels: pd.DataFrame) -> pd.DataFrame:
    """Return for each labelled attribution: document, kind of source, and what became of it."""
    gold = na.read_gold(path)
    gold = gold.within(gold.documents[gold.documents.document_id.isin(labels.doc_id)])
    sources = dict(zip(gold.attributions.attribution_id, gold.attributions.source.fillna(""), strict=True))
    told = resolved(gold, camps="affiliation" in labels)
    rows = []
    for row in labels.to_dict("records"):
        key, accepted = f"{row['doc_id']}#{row['id']}", str(row["speaker"]).split("|")
        mine = told[key]
        what = {"kind": kind_of_source(sources[key], accepted), "basis": mine["speaker_basis"], "outcome": outcome(mine["speaker"], accepted)}
        if "affiliation" in row:
            what |= {column: mine[column] for column in ("affiliation", "affiliation_basis")} | {"camp": row["affiliation"].split("|")[0]}
            what |= {f"{column}_right": mine[column] in row[column].split("|") for column in ("affiliation", "role")}
        rows.append({"doc_id": row["doc_id"], "attribution_id": key, **what, "speaker": mine["speaker"], "label": row["speaker"]})
    return pd.DataFrame(rows)


def share(rows: pd.DataFrame, hit: pd.Series[bool]) -> dict[str, object]:
    """Return a share with its interval by bootstrap over documents."""
    sums = pd.DataFrame({"hit": hit.astype(float), "n": 1.0}).groupby(rows.doc_id).sum().to_numpy()
    low, high = bootstrap_interval(sums, lambda total: total[..., :1] / total[..., 1:])
    return {"value": sums[:, 0].sum() / sums[:, 1].sum(), "ci_low": low[0], "ci_high": high[0], "n": len(rows), "n_documents": len(sums)}


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the shares right by kind of source, and the confusion table."""
    found = []
    for kind in ("all", "with_source", *KINDS):
        part = rows[(rows.kind == kind) | (kind == "all") | ((kind == "with_source") & (rows.kind != "none"))]
        if part.empty:
            continue
        found.append({"measure": "speaker_right", "kind": kind, "outcome": "", **share(part, part.outcome.isin(("right", "less_full")))})
        found.append({"measure": "speaker_exact", "kind": kind, "outcome": "", **share(part, part.outcome == "right")})
        for right_one in ("affiliation_right", "role_right"):
            if right_one in part:
                found.append({"measure": right_one, "kind": kind, "outcome": "", **share(part, part[right_one])})
        if kind in KINDS:
            found += [{"measure": "outcome", "kind": kind, "outcome": told, **share(part, part.outcome == told)} for told in OUTCOMES]
    for basis, part in rows.groupby("basis"):
        found.append({"measure": "right_by_basis", "kind": basis or "none", "outcome": "", **share(part, part.outcome.isin(("right", "less_full")))})
    if "camp" in rows:
        for basis, part in rows.groupby("affiliation_basis"):
            found.append({"measure": "affiliation_right_by_basis", "kind": basis or "none", "outcome": "", **share(part, part.affiliation_right)})
        for (camp, told), part in rows.groupby(["camp", "affiliation"]):
            of_camp = rows[rows.camp == camp]
            found.append({"measure": "affiliation", "kind": camp, "outcome": told, **share(of_camp, of_camp.affiliation == told), "n": len(part)})
    return pd.DataFrame(found)


def war_labels(path: Path) -> pd.DataFrame:
    """Return the labels of a gold file that has speakers of its own, several joined by "|"; nested, disputed and optional ones left out."""
    rows = na.read_gold(path).attributions
    for column in ("nested", "disputed", "optional"):
        rows = rows[~rows[column].fillna(False).astype(bool)] if column in rows else rows
    labels = {"doc_id": rows.document_id, "id": rows.attribution_id.str.rsplit("#", n=1).str[-1]}
    for column in ("speaker", "affiliation", "role"):
        also = rows[f"{column}_also"].fillna("").astype(str).str.replace(" | ", "|") if f"{column}_also" in rows else ""
        labels[column] = (rows[column].fillna("") + "|" + also).str.strip("|")
    return pd.DataFrame(labels)


def main(arguments: list[str]) -> pd.DataFrame:
    """Score the resolver on the sets found in a folder and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks speaker-gold", description="Score resolved speakers against speakers told by reading.")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_train.jsonl and war_dev.jsonl")
    parser.add_argument("--set", action="append", help="which set to score: development, test, war_dev, made_up; all by default")
    parser.add_argument("--out", type=Path, default=RESULTS.parent, help="folder for the result file")
    parser.add_argument("--wrong", type=Path, help="write each attribution with its label and what was resolved here, for reading")
    options = parser.parse_args(arguments)
    labels = pd.read_csv(LABELS, dtype=str, keep_default_na=False)
    parts = []
    for name in options.set or [*labels["set"].unique(), *SETS]:
        path = options.data / SETS.get(name, "polnear_train.jsonl")
        rows = judged(path, war_labels(path) if name in SETS else labels[labels["set"] == name])
        if options.wrong and name != "war_dev":
            rows.to_csv(options.wrong, index=False)
        parts.append(table(rows).assign(set=name, command=COMMAND, data_sha256=hashlib.sha256(path.read_bytes()).hexdigest()[:12]))
    timed = options.data / "polnear_dev.jsonl"
    if timed.is_file() and not options.set:
        row = {"set": timed.stem, "measure": "words_per_cpu_second", "kind": "all", "outcome": "", "value": round(speed(timed), -3), "command": COMMAND}
        parts.append(pd.DataFrame([row]))
    result = pd.concat(parts, ignore_index=True).astype({"n": "Int64", "n_documents": "Int64"})
    result = result[["set", *(column for column in result.columns if column != "set")]].round(4)
    options.out.mkdir(exist_ok=True, parents=True)
    write_csv(result, options.out / RESULTS.name)
    return result


if __name__ == "__main__":
    print(main(sys.argv[1:]).drop(columns=["command", "data_sha256"]).replace(np.nan, None).to_string())
