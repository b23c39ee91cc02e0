"""Who speaks: the resolver's speakers against speakers told by reading, on gold sources, by kind of source.

``python -m benchmarks speaker-gold --data ../shared/data`` writes ``results/speaker_gold.csv``. The sets:

- *development*: 29 articles of ``polnear_train.jsonl`` drawn at random (its first ten left out), every attribution labelled by one
  reader before the rules were changed; the rules were mended on them.
- *test*: nine more of the same draw, labelled when the rules were finished; what was then found wrong was left as it is.
- *war_dev*: 15 articles on the Ukraine crisis with speakers of their own; only scored, never read for the rules.

``data/speakers_gold.csv`` holds the labels: document, attribution, offsets of source and content in the text as published, speaker
(several acceptable ones joined by ``|``, an empty one where the text tells nobody). What is no speaker (an "expectation") is left out.

Rows: `speaker_right` is the share of attributions whose speaker is right by the rule of ``na.who_says_scores`` (same name, same last
word, or most words shared); `speaker_exact` the share with exactly the label's words, so that "Rubio" is not enough for "Marco
Rubio". Rows `outcome` are the confusion table: of the sources of one kind, the share that became what: `right`; `less_full`, right but
not in the label's words; `another` speaker; `missing`; `invented`, where the label is nobody. `right_by_basis` groups by what the resolver
says it goes by. `words_per_cpu_second` is the time of speakers and actors together.
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
from newsanalysis.files import write_csv
from newsanalysis.resampling import bootstrap_interval
from newsanalysis.speakers import resolve_speakers

LABELS = Path(__file__).parent / "data" / "speakers_gold.csv"
RESULTS = Path(__file__).parent / "results" / "speaker_gold.csv"
REPEATS = 3
COMMAND = "python -m benchmarks speaker-gold --data DATA"
TITLES = frozenset("the a an of mr mrs ms president minister unnamed s".split())  # noqa: SIM905 - words that the scorer passes over
PRONOUNS = frozenset("he she it they we i you who which that whose his her its their himself herself one another others some many".split())  # noqa: SIM905
KINDS = ("name", "surname", "pronoun", "acronym", "description", "none")
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
    """Say how a source names its speaker: name, surname, pronoun, acronym, description, or none.

    >>> [kind_of_source(source, ["Marco Rubio"]) for source in ("Sen. Marco Rubio", "Rubio", "he", "the senator", "")]
    ['name', 'surname', 'pronoun', 'description', 'none']
    """
    said = words(source)
    if not source.strip():
        return "none"
    if len(said) <= 2 and said and said[0] in PRONOUNS:
        return "pronoun"
    named = [words(label) for label in labels if label[:1].isupper() and len(label.split()) > 1]
    if any(set(name) <= set(said) for name in named):
        return "name"
    if any(name[-1] in said for name in named) and source.split()[-1][:1].isupper():
        return "surname"
    if re.fullmatch(r"(?:the |The )?[A-Z][A-Za-z]?[A-Z][A-Za-z]*(?:['’]s)?", source):
        return "acronym"
    return "name" if any(set(words(label)) <= set(said) and label[:1].isupper() for label in labels) else "description"


def outcome(speaker: str, labels: list[str]) -> str:
    """Say what became of a source."""
    if any(words(speaker) == words(label) for label in labels):
        return "right"
    if any(right(speaker, label) for label in labels):
        return "less_full"
    if not any(labels):
        return "invented"
    return "another" if speaker else "missing"


def resolved(gold: na.Found) -> dict[str, tuple[str, str]]:
    """Return the speaker of each attribution and by what it is told, empty texts where there is none."""
    rows = resolve_speakers(gold).attributions
    return dict(zip(rows.attribution_id, zip(rows.speaker.fillna(""), rows.speaker_basis.fillna(""), strict=True), strict=True))


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
    speakers, sources = resolved(gold), dict(zip(gold.attributions.attribution_id, gold.attributions.source.fillna(""), strict=True))
    rows = []
    for row in labels.itertuples(index=False):
        key, accepted = f"{row.doc_id}#{row.id}", str(row.speaker).split("|")
        speaker, basis = speakers[key]
        told = outcome(speaker, accepted)
        kind = kind_of_source(sources[key], accepted)
        rows.append({"doc_id": row.doc_id, "attribution_id": key, "kind": kind, "basis": basis, "outcome": told, "speaker": speaker, "label": row.speaker})
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
        if kind in KINDS:
            found += [{"measure": "outcome", "kind": kind, "outcome": told, **share(part, part.outcome == told)} for told in OUTCOMES]
    for basis, part in rows.groupby("basis"):
        found.append({"measure": "right_by_basis", "kind": basis or "none", "outcome": "", **share(part, part.outcome.isin(("right", "less_full")))})
    return pd.DataFrame(found)


def war_labels(path: Path) -> pd.DataFrame:
    """Return the labels of a gold file that has speakers of its own, nested and disputed ones left out."""
    rows = na.read_gold(path).attributions
    for column in ("nested", "disputed", "speaker_also"):
        rows[column] = rows[column].fillna(False) if column in rows else False
    rows = rows[~rows.nested.astype(bool) & ~rows.disputed.astype(bool)]
    also = rows.speaker_also.where(rows.speaker_also.astype(bool), "").astype(str).str.replace(" | ", "|")
    joined = (rows.speaker.fillna("") + "|" + also).str.strip("|")
    return pd.DataFrame({"doc_id": rows.document_id, "id": rows.attribution_id.str.rsplit("#", n=1).str[-1], "speaker": joined})


def main(arguments: list[str]) -> pd.DataFrame:
    """Score the resolver on the sets found in a folder and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks speaker-gold", description="Score resolved speakers against speakers told by reading.")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_train.jsonl and war_dev.jsonl")
    parser.add_argument("--set", action="append", help="which set to score: development, test, war_dev; all by default")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--wrong", type=Path, help="write each attribution with its label and what was resolved here, for reading")
    options = parser.parse_args(arguments)
    labels = pd.read_csv(LABELS, dtype=str, keep_default_na=False)
    parts = []
    for name in options.set or [*labels["set"].unique(), "war_dev"]:
        path = options.data / ("war_dev.jsonl" if name == "war_dev" else "polnear_train.jsonl")
        rows = judged(path, war_labels(path) if name == "war_dev" else labels[labels["set"] == name])
        if options.wrong and name != "war_dev":
            rows.to_csv(options.wrong, index=False)
        parts.append(table(rows).assign(set=name, command=COMMAND, data_sha256=hashlib.sha256(path.read_bytes()).hexdigest()[:12]))
    timed = options.data / "polnear_dev.jsonl"
    if timed.is_file() and not options.set:
        row = {"set": timed.stem, "measure": "words_per_cpu_second", "kind": "all", "outcome": "", "value": round(speed(timed), -3), "command": COMMAND}
        parts.append(pd.DataFrame([row]))
    result = pd.concat(parts, ignore_index=True).astype({"n": "Int64", "n_documents": "Int64"})
    result = result[["set", *(column for column in result.columns if column != "set")]].round(4)
    options.out.parent.mkdir(exist_ok=True, parents=True)
    write_csv(result, options.out)
    return result


if __name__ == "__main__":
    print(main(sys.argv[1:]).drop(columns=["command", "data_sha256"]).replace(np.nan, None).to_string())
