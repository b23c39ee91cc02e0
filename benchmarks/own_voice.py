"""Do loaded words tell sentences with lexical bias better when only the outlet's own words count? On BASIL, which is not shipped.

``python -m benchmarks own-voice --data DATA [--basil FOLDER]``. FOLDER (``DATA/basil`` by default) is a copy of the repository
marshallwhiteorg/emnlp19-media-bias: articles in ``data/articles/YEAR/NAME.json`` (``body-paragraphs``, a list of paragraphs, each a list of
sentences), annotations in ``data/annotations/resolved/YEAR/NAME_ann.json`` (``phrase-level-annotations`` with ``id``, p and the number of the sentence, or
title, which does not count; and ``bias``, lex or inf). Without it nothing is written and the exit code is 0. Nothing of the package was fitted or
chosen on these data.

The score of a sentence is its number of loaded words (VADER's with a valence of 1.5 or more from 0); the label, whether annotators marked lexical bias
in it. ``results/own_voice.csv`` has, for each way to count, the area under the ROC curve (ties count half) and what it gains over the whole
sentence, with 95 % intervals that draw articles.

Source: Fan et al. (2019), In plain sight: Media bias through the lens of factual reporting, Proceedings of EMNLP, pp. 6343-6349.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import newsanalysis as na
from benchmarks import _common as common
from newsanalysis.resampling import bootstrap_interval

COMMAND = "python -m benchmarks own-voice --data DATA"
NEEDS = ("basil/README.md",)
WHOLE = "whole sentence"
OWN = {"own voice": (), "own voice and cues": ("cue",), "own voice, cues and sources": ("cue", "source")}
LABELS = {"lexical bias": ("yes", "no", ""), "lexical bias outside quotations": ("no",)}
MOST = 12  # words from which on sentences count alike


class Corpus(NamedTuple):
    """Documents; the start of each of their sentences; for each label the numbers of the sentences that have it."""

    documents: pd.DataFrame
    starts: dict[str, np.ndarray]
    biased: dict[str, dict[str, set[int]]]


def files(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield articles with their annotations, in order."""
    for article in sorted((folder / "data" / "articles").glob("*/*.json")):
        annotation = folder / "data" / "annotations" / "resolved" / article.parent.name / f"{article.stem}_ann.json"
        if annotation.is_file():
            yield article, annotation


def text_of(paragraphs: list[list[str] | str]) -> tuple[str, list[int]]:
    r"""Return an article's text and where its sentences start.

    >>> text_of([["One.", " Two. "], ["Three."]])
    ('One. Two.\n\nThree.', [0, 5, 11])
    """
    text, starts = "", []
    for number, paragraph in enumerate(paragraphs):
        text += "\n\n" if number else ""
        for place, sentence in enumerate([paragraph] if isinstance(paragraph, str) else paragraph):
            text += " " if place else ""
            starts.append(len(text))
            text += unicodedata.normalize("NFC", sentence.strip())
    return text, starts


def read(folder: Path) -> Corpus:
    """Return the annotated articles."""
    texts, starts, biased = {}, {}, {label: {} for label in LABELS}
    for article, annotation in files(folder):
        given = json.loads(article.read_text(encoding="utf-8"))
        phrases = json.loads(annotation.read_text(encoding="utf-8"))["phrase-level-annotations"]
        text, begin = text_of(given["body-paragraphs"])
        lexical = [(int(phrase["id"][1:]), str(phrase.get("quote") or "")) for phrase in phrases if _is_of_a_sentence(phrase, "lex")]
        texts[article.stem], starts[article.stem] = text, np.array(begin)
        for label, quoted in LABELS.items():
            biased[label][article.stem] = {number for number, quote in lexical if quote in quoted}
    table = pd.DataFrame({"document_id": list(texts), "text": list(texts.values())})
    return Corpus(na.documents(table) if len(table) else table, starts, biased)


def _is_of_a_sentence(phrase: dict[str, Any], bias: str) -> bool:
    """Whether a phrase has this kind of bias and stands in a sentence: a few stand in the title, which is no sentence of the body."""
    return str(phrase["bias"]).startswith(bias) and re.fullmatch(r"p\d+", str(phrase["id"])) is not None


def counts(corpus: Corpus, codes: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return how many codes begin in each sentence of each document."""
    found = {}
    for key, begin in corpus.starts.items():
        at = codes.start[codes.document_id == key].to_numpy(np.int64)
        found[key] = np.bincount(np.searchsorted(begin, at, side="right") - 1, minlength=len(begin))
    return found


def outside_quotations(documents: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Return the codes that stand in no quotation marks."""
    quoted = {key: na.quotations.quotations(text) for key, text in zip(documents.document_id, documents.text, strict=True)}
    inside = [any(q.start <= start < q.end for q in quoted[key]) for key, start in zip(codes.document_id, codes.start, strict=True)]
    return codes[~np.array(inside, dtype=bool)]


def histograms(corpus: Corpus, found: dict[str, np.ndarray], label: str) -> np.ndarray:
    """Return, for each document, how many sentences without and with the label have 0, 1, 2 ... words."""
    rows = []
    for key, words in found.items():
        marked = np.isin(np.arange(len(words)), list(corpus.biased[label][key]))
        rows.append([np.bincount(np.minimum(words[part], MOST), minlength=MOST + 1) for part in (~marked, marked)])
    return np.array(rows, dtype=float).reshape(len(rows), -1)


def auc(sums: np.ndarray) -> np.ndarray:
    """Return the area under the ROC curve from sums (..., 2 × scores): sentences without and with the label, by score.

    Of two marked sentences with scores 1 and 2 and two others with 0 and 1: three pairs right and one tie of four, 3.5/4.

    >>> without, marked = np.eye(MOST + 1)[[0, 1]].sum(axis=0), np.eye(MOST + 1)[[1, 2]].sum(axis=0)
    >>> auc(np.concatenate([without, marked])[None]).tolist()
    [[0.875]]
    """
    both = sums.reshape(*sums.shape[:-1], 2, -1)
    others, marked = both[..., 0, :], both[..., 1, :]
    below = np.cumsum(others, axis=-1) - others
    won = (marked * (below + others / 2)).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (won / (others.sum(axis=-1) * marked.sum(axis=-1)))[..., None]


def gain(sums: np.ndarray) -> np.ndarray:
    """Return the area by the second half of the sums less that by the first."""
    half = sums.shape[-1] // 2
    return auc(sums[..., half:]) - auc(sums[..., :half])


def ways(corpus: Corpus, attributors: list[common.Measured]) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the loaded words that count, for each way to count and attributor."""
    documents = corpus.documents
    whole = na.code_words(na.units(documents, unit="document"), codebook="loaded_words")
    found = {(WHOLE, ""): whole, ("quotation marks stripped", ""): outside_quotations(documents, whole)}
    for attributor in attributors:
        attributed = common.find(documents, attributor)
        for way, roles in OWN.items():
            segments = na.units(attributed, unit="segment", own=roles)
            found[way, attributor.version] = na.code_words(segments[segments.voice == "own"], codebook="loaded_words")
    return found


def measured(corpus: Corpus, found: dict[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    """Return a row for each way to count and label: the area, and its gain over the whole sentence."""
    rows = []
    for label in LABELS:
        tables = {way: histograms(corpus, counts(corpus, codes), label) for way, codes in found.items()}
        whole = tables[WHOLE, ""]
        for (way, attributor), sums in tables.items():
            for score, statistic, of in (("auc", auc, sums), ("gain in auc", gain, np.hstack([whole, sums]))):
                low, high = bootstrap_interval(of, statistic)
                rows.append((label, way, attributor, score, statistic(of.sum(axis=0)[None])[0, 0], low[0], high[0], int(sums.sum()), len(sums)))
    columns = ["group", "system", "attributor", "score", *common.NUMBERS, "n", "n_documents"]
    return pd.DataFrame(rows, columns=columns).assign(set="BASIL", measure="own_voice")


def main(arguments: list[str]) -> pd.DataFrame | None:
    """Write the figures and print them; None without the corpus."""
    parser = common.options("own-voice", "Loaded words in the outlet's own voice against lexical bias as annotated in BASIL.")
    parser.add_argument("--basil", type=Path, help="copy of the repository marshallwhiteorg/emnlp19-media-bias; DATA/basil by default")
    options = parser.parse_args(arguments)
    folder = options.basil or options.data / "basil"
    corpus = read(folder)
    if not corpus.starts:
        print(f"own-voice: no annotated articles in {folder}; give a copy of marshallwhiteorg/emnlp19-media-bias as --basil FOLDER. Nothing was measured.")
        return None
    digest = hashlib.sha256(b"".join(part.read_bytes() for pair in files(folder) for part in pair)).hexdigest()[:12]
    table = measured(corpus, ways(corpus, common.chosen(options))).assign(data_sha256=digest)
    columns = ["set", "measure", "group", "system", "attributor", "score", *common.NUMBERS, "n", "n_documents", "data_sha256"]
    written = common.write(table[columns], options.out / "own_voice.csv", COMMAND)
    print(written[["group", "system", "attributor", "score", *common.NUMBERS]].to_string(index=False))
    return written


if __name__ == "__main__":
    main(sys.argv[1:])
