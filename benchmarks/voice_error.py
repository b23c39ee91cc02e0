"""What the errors of attribution, speakers and camps do to a share of voice: shares from the machine's tables beside those from hand annotation.

``python -m benchmarks voice-error --data ../shared/data`` reads ``war_dev.jsonl`` (15 articles with camps and roles by hand) and
``polnear_dev.jsonl`` (84 articles; kinds only) and writes ``results/voice_error.csv``. Shares are of attributed words, as
`na.share_of_voice` counts them: by affiliation, role and kind on war_dev, by kind on polnear_dev. Nested attributions of war_dev are left
out of the gold. Besides each attributor, ``gold spans`` is `na.resolve` on the annotated spans: then all error is of speakers and camps.

Rows ``share_of_voice_words``, of all articles taken together, a row a group
    ``score`` gold, machine, and difference (machine less gold), with a 95 % interval from drawing articles, gold and machine in pairs.
Rows with ``group`` all, over the groups
    ``misplaced``: half the sum of the absolute differences; so large a part of the words would have to change groups. ``score`` corpus is that
    of all articles taken together, score article the mean of the articles' own. ``mean_absolute_error``: the mean absolute difference over
    the groups that speak on either side, likewise. ``same_first``: the share of articles in which the group with most words is the same.
    ``rank_correlation``: Spearman's, of the groups' shares in all articles together. ``per_article``: Pearson's correlation of an article's share,
    over articles and groups that either side lets speak somewhere.

An article in which one side found nothing has no shares and is left out of the means over articles (``n_documents`` counts the others). With 15
articles intervals are too narrow. n is the number of attributed words in the gold.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from benchmarks.speakers import CODEBOOK, on_gold_spans
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks voice-error --data DATA"
NEEDS = ("war_dev.jsonl", "polnear_dev.jsonl")
BY = {"war_dev": ("affiliation", "role", "kind"), "polnear_dev": ("kind",)}
GOLD_SPANS = "gold spans"
COLUMNS = ["set", "attributor", "by", "measure", "score", "group", *common.NUMBERS, "n", "n_documents", "codebook", "model", "data_sha256"]


def words(found: na.Found, by: str, groups: list[str]) -> np.ndarray:
    """Return the attributed words of each group (columns) in each document (rows).

    >>> found = na.attribute(na.documents(["Ann Lee said that it rained.", "Nobody spoke."]), attributor="patterns")
    >>> words(found, "kind", ["direct", "indirect"]).tolist()
    [[0.0, 3.0], [0.0, 0.0]]
    """
    rows = found.attributions
    counted = pd.DataFrame({"document_id": rows.document_id, "group": rows[by], "words": rows.content.str.count(r"\w+")})
    wide = counted.pivot_table(index="document_id", columns="group", values="words", aggfunc="sum", fill_value=0)
    return wide.reindex(index=found.documents.document_id, columns=groups, fill_value=0).to_numpy(float)


def shares(counts: np.ndarray) -> np.ndarray:
    """Return each group's share of a row's words; missing where nobody speaks."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return counts / counts.sum(axis=-1, keepdims=True)


def misplaced(gold: np.ndarray, machine: np.ndarray) -> np.ndarray:
    """Return half the sum of the absolute differences between the shares: the part of the words that would have to change groups.

    >>> misplaced(np.array([1.0, 3.0]), np.array([2.0, 2.0])).item()
    0.25
    """
    return np.abs(shares(gold) - shares(machine)).sum(axis=-1, keepdims=True) / 2


def absolute_error(gold: np.ndarray, machine: np.ndarray) -> np.ndarray:
    """Return the mean absolute difference of the shares, over the groups that speak on either side.

    >>> absolute_error(np.array([1.0, 3.0, 0.0]), np.array([2.0, 2.0, 0.0])).item()
    0.25
    """
    speaking = ((gold + machine) > 0).sum(axis=-1, keepdims=True)
    return 2 * misplaced(gold, machine) / np.maximum(speaking, 1)


def ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks within rows, ties at their mean."""
    return pd.DataFrame(values).rank(axis=1).to_numpy()


def correlation(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Return Pearson's correlation within rows; missing where a row does not vary."""
    one, two = (part - part.mean(axis=-1, keepdims=True) for part in (one, two))
    with np.errstate(invalid="ignore", divide="ignore"):
        return (one * two).sum(axis=-1, keepdims=True) / np.sqrt((one**2).sum(axis=-1, keepdims=True) * (two**2).sum(axis=-1, keepdims=True))


def estimated(sums: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray]) -> list[tuple[float, float, float]]:
    """Return value, low and high of each of a statistic's numbers."""
    value = statistic(sums.sum(axis=0, keepdims=True).astype(float))[0]
    return list(zip(value, *bootstrap_interval(sums, statistic), strict=True))


def compared(gold: np.ndarray, machine: np.ndarray, groups: list[str]) -> pd.DataFrame:
    """Return all rows for words by group in each document, by hand and by machine.

    Parameters
    ----------
    gold, machine : array
        Documents × groups, words.
    groups : list of str
        The columns' names.
    """
    size, both = len(groups), np.concatenate([gold, machine], axis=1)
    rows: list[dict[str, Any]] = []

    def split(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return sums[..., :size], sums[..., size:]

    def ranked(sums: np.ndarray) -> np.ndarray:
        flat = sums.reshape(-1, 2 * size)
        return correlation(ranks(flat[:, :size]), ranks(flat[:, size:])).reshape(*sums.shape[:-1], 1)

    pooled: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "gold": lambda sums: shares(split(sums)[0]),
        "machine": lambda sums: shares(split(sums)[1]),
        "difference": lambda sums: shares(split(sums)[1]) - shares(split(sums)[0]),
    }
    for score, statistic in pooled.items():
        rows += [_row("share_of_voice_words", score, group, numbers) for group, numbers in zip(groups, estimated(both, statistic), strict=True)]
    whole = {"misplaced": misplaced, "mean_absolute_error": absolute_error}
    for measure, function in whole.items():
        rows.append(_row(measure, "corpus", "all", estimated(both, lambda sums, function=function: function(*split(sums)))[0]))
    rows.append(_row("rank_correlation", "corpus", "all", estimated(both, ranked)[0]))
    table = pd.DataFrame(rows).assign(n_documents=len(gold))
    speaking = (gold.sum(axis=1) > 0) & (machine.sum(axis=1) > 0)
    return pd.concat([table, by_article(gold[speaking], machine[speaking])], ignore_index=True).assign(n=int(gold.sum()))


def by_article(gold: np.ndarray, machine: np.ndarray) -> pd.DataFrame:
    """Return the errors of the articles' own shares: their means, how often the same group comes first, and how the shares go together."""
    one = np.ones((len(gold), 1))
    first = (gold.argmax(axis=1) == machine.argmax(axis=1)).astype(float)[:, None]
    values = {("misplaced", "article"): misplaced(gold, machine), ("mean_absolute_error", "article"): absolute_error(gold, machine)}
    values[("same_first", "article")] = first
    rows = [_row(*name, "all", estimated(np.hstack([value, one]), lambda sums: sums[..., :1] / sums[..., 1:])[0]) for name, value in values.items()]
    used = (gold.sum(axis=0) + machine.sum(axis=0)) > 0
    x, y = shares(gold)[:, used], shares(machine)[:, used]
    moments = np.stack([np.full(len(x), used.sum()), x.sum(axis=1), y.sum(axis=1), (x * y).sum(axis=1), (x**2).sum(axis=1), (y**2).sum(axis=1)], axis=1)
    rows.append(_row("per_article", "correlation", "all", estimated(moments, _of_moments)[0]))
    return pd.DataFrame(rows).assign(n_documents=len(gold))


def _of_moments(sums: np.ndarray) -> np.ndarray:
    """Pearson's correlation from n and the sums of x, y, xy, x², y²."""
    n, x, y, xy, xx, yy = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return ((n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y)))[..., None]


def _row(measure: str, score: str, group: str, numbers: tuple[float, float, float]) -> dict[str, Any]:
    return {"measure": measure, "score": score, "group": group, **dict(zip(common.NUMBERS, numbers, strict=True))}


def outermost(gold: na.Found) -> na.Found:
    """Return the gold without nested attributions, whose words would count twice."""
    if "nested" not in gold.attributions:
        return gold
    return na.Found(gold.documents, gold.attributions[~gold.attributions.nested.astype(bool)], gold.spans)


def beside(gold: na.Found, found: na.Found, by: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows for each way of grouping."""
    parts = []
    for column in by:
        groups = sorted({*gold.attributions[column].dropna(), *found.attributions[column].dropna()})
        parts.append(compared(words(gold, column, groups), words(found, column, groups), groups).assign(by=column))
    return pd.concat(parts, ignore_index=True)


def measured(path: Path, attributors: list[common.Measured]) -> pd.DataFrame:
    """Return the rows for one file of gold."""
    gold, by = outermost(na.read_gold(path)), BY[path.stem]
    resolves = by != ("kind",)
    parts = []
    if resolves:
        parts.append(beside(gold, on_gold_spans(gold), ("affiliation", "role")).assign(attributor=GOLD_SPANS, model=""))
    for one in attributors:
        found = common.find(gold.documents, one)
        found = na.resolve(found, codebook=CODEBOOK) if resolves else found
        parts.append(beside(gold, found, by).assign(attributor=one.version, model=one.model))
    book = na.codebooks.read(CODEBOOK)
    table = pd.concat(parts, ignore_index=True)
    used = (table["by"] != "kind").map({True: f"{book.name}@{book.version}", False: ""})
    return table.assign(set=path.stem, codebook=used, data_sha256=common.digest(path))


def main(arguments: list[str]) -> pd.DataFrame:
    """Compare the shares and write the table."""
    parser = common.options("voice-error", "Compare shares of voice from the machine's tables with those from hand annotation.")
    options = parser.parse_args(arguments)
    paths = [path for path in (options.data / name for name in NEEDS) if path.is_file()]
    if not paths:
        parser.error(f"{options.data} has neither {' nor '.join(NEEDS)}.")
    table = pd.concat([measured(path, common.chosen(options)) for path in paths], ignore_index=True)
    return common.write(table[COLUMNS], options.out / "voice_error.csv", COMMAND)


if __name__ == "__main__":
    shown = main(sys.argv[1:])
    print(shown.drop(columns=["command", "package", "model", "data_sha256", "codebook"]).to_string())
