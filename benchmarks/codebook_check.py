"""Does a codebook work on articles that nobody looked at for it? ``us_election_2016`` against two hand-checked samples.

``python -m benchmarks codebook-check --data ../shared/data`` writes ``results/us_election.csv``.

The codebook was written from general knowledge and ten articles (the first of ``polnear_train.jsonl``), and mended on what 100 others
showed. Then it was tested twice, each time on 100 attributions of 60 more articles (drawn at random, at most two an article; none of an article that was
looked at before, nor of those on which the speaker rules were mended):

- *first*: tested blind; afterwards the codebook was mended on what was wrong, and affiliations were let take speakers by their role.
- *second*: the test of the codebook as it is now; nothing was mended on it.

The attributions are those that the learned attributor finds. One reader wrote down speaker, affiliation and role of each before any
answer was seen (one further wording of a poll's name was accepted afterwards); there is no second reader. The attributor was
trained on these articles, so how many it finds is no subject here: see ``attribution.csv``.

``data/us_election_sample.csv`` holds the labels: document, offsets of source and content in the text as it is read, whether it is an
attribution at all, speaker (several acceptable ones joined by ``|``, an empty one where the text tells nobody), affiliation, role; and
what was answered blind on the day of the test (``first_speaker``, ``first_affiliation``,
``first_role``, and what told the affiliation: ``first_told``).

Rows: `speaker_right_share` (by the rule of ``na.who_says_scores``), `affiliation_right_share`, `role_right_share` and `all_right_share` (all
three), with intervals by article, of three kinds of ``answers``: *blind*, as answered on the day; *now*, attributor and resolver run anew;
*undated*, the same as if the articles had no dates. What is no longer found is left out and counted (`found_share`). Of the second
sample's blind answers also by whether it is an attribution, by the affiliation that is right, and by what told the affiliation; rows
`confusion` count which affiliation was given where another was right.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks.speaker_gold import right
from newsanalysis.files import write_csv
from newsanalysis.resampling import bootstrap_interval

LABELS = Path(__file__).parent / "data" / "us_election_sample.csv"
RESULTS = Path(__file__).parent / "results" / "us_election.csv"
COMMAND = "python -m benchmarks codebook-check --data DATA"
NEEDS = ("polnear_train.jsonl",)
CODEBOOK = "us_election_2016"
MEASURES = ("speaker_right_share", "affiliation_right_share", "role_right_share", "all_right_share")
ANSWERS = ("speaker", "affiliation", "role", "actor_id", "affiliation_basis")
COLUMNS = ("sample", "answers", "measure", "by", "group", "answer", "estimate", "ci_low", "ci_high", "n", "n_documents")
LEAST_SHARED = 0.5  # of the characters of two contents, for them to be one


def shared(one: tuple[int, int], two: tuple[int, int]) -> float:
    """Return the share of the characters of two spans that both have.

    >>> shared((0, 10), (5, 10)), shared((0, 5), (5, 10))
    (0.5, 0.0)
    """
    both = min(one[1], two[1]) - max(one[0], two[0])
    return max(both, 0) / (max(one[1], two[1]) - min(one[0], two[0]))


def contents(found: na.Found) -> pd.DataFrame:
    """Return where the content of each attribution begins and ends."""
    pieces = found.spans[found.spans.role == "content"].groupby("attribution_id").agg(content_start=("start", "min"), content_end=("end", "max"))
    return found.attributions.merge(pieces, left_on="attribution_id", right_index=True)


def answer(label: Any, rows: pd.DataFrame) -> dict[str, Any]:
    """Return what was answered for the attribution that shares most of a label's content, if any shares enough."""
    spans = zip(rows.content_start, rows.content_end, strict=True)
    overlaps = [shared((label.content_start, label.content_end), span) for span in spans]
    if max(overlaps, default=0) < LEAST_SHARED:
        return {"found": False}
    best = rows.iloc[int(np.argmax(overlaps))]
    return {"found": True, **{f"here_{column}": best.get(column) for column in ANSWERS}}


def answered(labels: pd.DataFrame, found: na.Found) -> pd.DataFrame:
    """Return the labels, each beside what was answered."""
    rows = contents(found)
    answers = [answer(label, rows[rows.document_id == label.doc_id]) for label in labels.itertuples(index=False)]
    return pd.concat([labels.reset_index(drop=True), pd.DataFrame(answers).reindex(columns=["found", *(f"here_{column}" for column in ANSWERS)])], axis=1)


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with whether speaker, affiliation, role and all three are right, and what told the affiliation."""
    accepted = zip(rows.here_speaker.fillna(""), rows.speaker, strict=True)
    marks = pd.DataFrame({"speaker_right_share": [any(right(name, label) for label in labels.split("|")) for name, labels in accepted]}, index=rows.index)
    for column in ("affiliation", "role"):
        marks[f"{column}_right_share"] = rows[f"here_{column}"].fillna("") == rows[column]
    told = rows.here_affiliation_basis.astype(object).fillna("nothing").where(rows.here_actor_id.isna(), "actor")
    return rows.assign(**marks, all_right_share=marks.all(axis=1), told=told)


def share(rows: pd.DataFrame, hit: pd.Series[bool]) -> dict[str, object]:
    """Return a share with its interval by bootstrap over articles."""
    sums = pd.DataFrame({"hit": hit.astype(float), "n": 1.0}).groupby(rows.doc_id).sum().to_numpy()
    low, high = bootstrap_interval(sums, lambda total: total[..., :1] / total[..., 1:])
    return {"estimate": sums[:, 0].sum() / sums[:, 1].sum(), "ci_low": low[0], "ci_high": high[0], "n": len(rows), "n_documents": len(sums)}


def overall(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the shares found and right of all."""
    there = judged(rows[rows.found])
    results = [{"measure": "found_share", **share(rows, rows.found)}, *({"measure": name, **share(there, there[name])} for name in MEASURES)]
    return pd.DataFrame(results).assign(by="all", group="all")


def by_group(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the shares right by group, and the confusion of affiliations."""
    there = judged(rows[rows.found])
    groups = [("attribution", "yes", there[there.attribution == "yes"])]
    groups += [(by, str(group), part) for by, column in (("affiliation", "affiliation"), ("told_by", "told")) for group, part in there.groupby(column)]
    results = [{"measure": name, "by": by, "group": group, **share(part, part[name])} for by, group, part in groups for name in MEASURES]
    for (group, answer), part in there.groupby(["affiliation", there.here_affiliation.fillna("")]):
        counts = {"estimate": len(part), "n": len(part), "n_documents": part.doc_id.nunique()}
        results.append({"measure": "confusion", "by": "affiliation", "group": group, "answer": answer, **counts})
    return pd.DataFrame(results)


def blind(labels: pd.DataFrame) -> pd.DataFrame:
    """Return the labels beside what was answered on the day of the test."""
    first = {f"here_{column}": labels[f"first_{column}"] for column in ("speaker", "affiliation", "role")}
    return labels.assign(found=True, here_actor_id=None, here_affiliation_basis=labels.first_told, **first)


def without_dates(found: na.Found) -> na.Found:
    """Return the same as if nobody knew when the articles appeared."""
    return na.Found(found.documents.assign(published=pd.NaT), found.attributions, found.spans)


def read_labels(path: Path = LABELS) -> pd.DataFrame:
    """Return the hand-checked samples."""
    labels = pd.read_csv(path, dtype=str, keep_default_na=False)
    return labels.astype({"content_start": int, "content_end": int})


def main(arguments: list[str]) -> pd.DataFrame:
    """Resolve the articles of the sample with the codebook, compare with the labels and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks codebook-check", description="Score the election codebook on hand-checked samples.")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear_train.jsonl")
    parser.add_argument("--out", type=Path, default=RESULTS.parent, help="folder for the result file")
    parser.add_argument("--wrong", type=Path, help="write each attribution with its label and what was answered here, for reading")
    options = parser.parse_args(arguments)
    labels, path = read_labels(), options.data / "polnear_train.jsonl"
    articles = na.read(path)
    found = na.attribute(articles[articles.document_id.isin(labels.doc_id)])
    now = answered(labels, na.resolve(found, codebook=CODEBOOK))
    undated = answered(labels, na.resolve(without_dates(found), codebook=CODEBOOK))
    parts = []
    for sample in labels["sample"].unique():
        for name, rows in (("blind", blind(labels)), ("now", now), ("undated", undated)):
            table = overall(rows[rows["sample"] == sample]).assign(sample=sample, answers=name)
            parts.append(table[(table.measure != "found_share") | (name != "blind")])
    last = labels["sample"].iloc[-1]
    parts.append(by_group(blind(labels[labels["sample"] == last])).assign(sample=last, answers="blind"))
    if options.wrong:
        judged(now[now.found]).to_csv(options.wrong, index=False)
    version = na.codebooks.catalogue().set_index("name").version[CODEBOOK]
    result = pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS).astype({"n": "Int64", "n_documents": "Int64"}).round(4)
    result = result.assign(codebook=f"{CODEBOOK}@{version}", command=COMMAND, data_sha256=hashlib.sha256(path.read_bytes()).hexdigest()[:12])
    options.out.mkdir(exist_ok=True, parents=True)
    write_csv(result, options.out / RESULTS.name)
    return result


if __name__ == "__main__":
    print(main(sys.argv[1:]).drop(columns=["command", "data_sha256"]).replace(np.nan, None).to_string())
