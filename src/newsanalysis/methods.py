"""A methods paragraph: what was done, with which versions and settings, and how far to trust it, in words ready for a paper."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from newsanalysis import codebooks
from newsanalysis._version import __version__
from newsanalysis.alpha import FEW
from newsanalysis.codebooks import Codebook, CodebookError
from newsanalysis.tables import TableError

_MODELS = {"learned": "attribution", "target_tone": "target_tone"}  # name of an attributor or coder -> folder of its model
MOST_VALUES = 12  # values whose F1 the paragraph gives one by one
_OWN = ("measure", "method", "uncorrected", "n_validated", "estimate", "ci_low", "ci_high", "n", "n_documents", "note", "level", "n_coders")
REFERENCES = {
    "newsanalysis": f"The newsanalysis developers. (n.d.). newsanalysis (Version {__version__}) [Computer software].",
    "alpha": "Krippendorff, K. (2019). Content analysis: An introduction to its methodology (4th ed.). Sage.",
    "bootstrap": (
        "Field, C. A., & Welsh, A. H. (2007). Bootstrapping clustered data. Journal of the Royal Statistical Society: Series B, 69(3), 369-390. "
        "https://doi.org/10.1111/j.1467-9868.2007.00593.x"
    ),
    "corrected": (
        "TeBlunthuis, N., Hase, V., & Chan, C.-H. (2024). Misclassification in automated content analysis causes bias in regression. Can we fix it? Yes "
        "we can! Communication Methods and Measures, 18(3), 278-299. https://doi.org/10.1080/19312458.2023.2293713"
    ),
    "weights": "Cochran, W. G. (1977). Sampling techniques (3rd ed.). Wiley.",
    "polnear": (
        "Newell, E., Margolin, D., & Ruths, D. (2018). An attribution relations corpus for political news. Proceedings of the Eleventh International "
        "Conference on Language Resources and Evaluation (LREC 2018)."
    ),
    "vader": (
        "Hutto, C. J., & Gilbert, E. (2014). VADER: A parsimonious rule-based model for sentiment analysis of social media text. Proceedings of the "
        "International AAAI Conference on Web and Social Media, 8(1), 216-225. https://doi.org/10.1609/icwsm.v8i1.14550"
    ),
    "target_tone": (
        "Hamborg, F., & Donnay, K. (2021). NewsMTSC: A dataset for (multi-)target-dependent sentiment classification in political news articles. "
        "Proceedings of the 16th Conference of the European Chapter of the Association for Computational Linguistics, 1663-1675. "
        "https://doi.org/10.18653/v1/2021.eacl-main.142"
    ),
    "textblob": "Loria, S. (n.d.). TextBlob: Simplified text processing [Computer software]. https://textblob.readthedocs.io",
}


def methods_paragraph(
    sample: pd.DataFrame,
    agreement: pd.DataFrame,
    validation: pd.DataFrame,
    *,
    codebook: str | Path | Codebook | None = None,
    corrected: pd.DataFrame | None = None,
) -> str:
    """Write the paragraph that reviewers ask for: versions, sample, agreement, error, and the references for them.

    Parameters
    ----------
    sample : DataFrame
        What ``na.sample`` returned.
    agreement : DataFrame
        What ``na.agreement`` returned.
    validation : DataFrame
        What ``na.validate`` returned.
    codebook : str, Path or Codebook, optional
        The *actor* codebook by which speakers were resolved (``na.resolve``, ``na.mentions``), not that of the coders: its name and version are given.
    corrected : DataFrame, optional
        A measures table corrected for misclassification (``na.corrected_share``).

    Returns
    -------
    str
        A paragraph in English and, below a blank line, the references in APA style. Show it with ``print``.

    Raises
    ------
    TableError
        For a table that is not the one asked for, and for an actor codebook that lacks affiliations of the sample: it is not the one they come from.
    CodebookError
        For what is no actor codebook.

    Notes
    -----
    Every figure is taken from the tables, and versions from the package and from the sample; nothing else is known. Add what only you know: who the
    coders were, how they were trained, what the corpus is. The same tables give the same words with the same versions.

    Examples
    --------
    >>> import newsanalysis as na
    >>> rows = [(str(n), f"d{n}", "ab"[n % 2], "ab"[n % 2] if n else "b") for n in range(8)]
    >>> units = pd.DataFrame(rows, columns=["unit_id", "document_id", "frame", "value"])
    >>> drawn = na.sample(units, n=8)
    >>> one = units[["unit_id", "document_id", "value"]].assign(coder="A", variable="frame")
    >>> both = pd.concat([one, one.assign(coder="B")])
    >>> compared = na.validate(na.pairs(drawn, both, variable="frame"))
    frame: 8 units in the sample: 8 paired, 0 in dispute, 0 not coded.
    >>> print(methods_paragraph(drawn, na.agreement(both), compared).split(". ")[1])
    To measure its error, 8 of 8 units, drawn at random and spread over documents (seed 0) (8 documents), were coded by hand on sheets ...
    """
    _checked(sample, ("unit_id", "document_id", "drawn", "weight"), "sample", "na.sample")
    _checked(agreement, ("measure", "variable", "n_coders", "level", "estimate"), "agreement", "na.agreement")
    _checked(validation, ("measure", "variable", "value", "estimate"), "validation", "na.validate")
    used = ["newsanalysis", "alpha", "bootstrap"]
    if "stratified" in str(sample["drawn"].iloc[0]):
        used.append("weights")
    sentences = [_software(sample, codebook, used), _sampled(sample)]
    for variable in dict.fromkeys([*agreement["variable"], *validation["variable"]]):
        sentences += _of_variable(str(variable), agreement[agreement["variable"] == variable], validation[validation["variable"] == variable])
    if corrected is not None:
        sentences.append(_corrected(corrected))
        used.append("corrected")
    sentences.append(
        "Brackets hold 95% percentile bootstrap intervals that resample whole documents (Field & Welsh, 2007)"
        + ("; figures of the machine are weighted by stratum to the corpus (Cochran, 1977)." if "weights" in used else ".")
    )
    if (documents := sample["document_id"].nunique()) < FEW:
        sentences.append(f"With {documents} document{'s' * (documents != 1)} they are too narrow.")
    references = sorted((REFERENCES[name] for name in dict.fromkeys(used)), key=lambda line: line.removeprefix("The ").casefold())
    return " ".join(sentences) + "\n\nReferences\n\n" + "\n".join(references)


def _checked(table: Any, columns: tuple[str, ...], name: str, made_by: str) -> None:
    if not isinstance(table, pd.DataFrame) or table.empty or (absent := [column for column in columns if column not in table.columns]):
        why = f"column {absent[0]!r} is missing" if isinstance(table, pd.DataFrame) and not table.empty else "it is no table with rows"
        raise TableError(f"methods_paragraph: {name}: {why}; give what {made_by} returned.")


def _software(sample: pd.DataFrame, codebook: str | Path | Codebook | None, used: list[str]) -> str:
    who = [f"{kind} {with_model(str(name))}" for kind in ("attributor", "coder") if kind in sample.columns for name in sorted(set(sample[kind].dropna()))]
    for name in ("vader", "textblob"):
        if any(f"coder {name}" in given for given in who):
            used.append(name)
    if codebook is not None:
        book = _actors(codebook, sample)
        who.append(f"actor codebook {book.name}@{book.version}")
    if set(sample.columns) >= {"tone", "p_negative", "p_neutral", "p_positive"}:
        who.append("tone toward targets by na.target_tone, as defined by Hamborg & Donnay, 2021")
        used.append("target_tone")
    what = f" ({'; '.join(who)})" if who else ""
    return f"The corpus was analysed with the Python package newsanalysis, version {__version__}{what}, under Python {platform.python_version()}."


def _actors(codebook: str | Path | Codebook, sample: pd.DataFrame) -> Codebook:
    """The actor codebook, if the sample's affiliations are in it."""
    try:
        book = codebook if isinstance(codebook, Codebook) else codebooks.read(codebook)
    except CodebookError as error:
        raise CodebookError(
            f"methods_paragraph: codebook is the actor codebook by which na.resolve or na.mentions told the actors, not that of the coders; leave it out if "
            f"there was none. {error}"
        ) from None
    if "affiliation" in sample.columns:
        lacking = sorted(set(sample["affiliation"].dropna().astype("str")) - set(book.affiliations["affiliation"]))
        if lacking:
            named = ", ".join(map(repr, lacking[:3])) + (f" and {len(lacking) - 3} more" if len(lacking) > 3 else "")
            raise TableError(
                f"methods_paragraph: the sample has affiliations ({named}) that the actor codebook {book.name} does not have, so it is not the one they "
                "come from; give that one, or leave codebook out."
            )
    return book


def with_model(name: str) -> str:
    """Return the name of an attributor or coder with the digest of its model, if it has one in the package."""
    folder = _MODELS.get(name.partition("@")[0])
    return f"{name}, model SHA-256 {_digest(folder)}" if folder and (Path(__file__).parent / "models" / folder).is_dir() else name


@lru_cache(maxsize=8)
def _digest(folder: str) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of a model's files, in order of their names."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "models" / folder).iterdir()):
        if path.suffix in (".onnx", ".json"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _sampled(sample: pd.DataFrame) -> str:
    drawn = str(sample["drawn"].iloc[0])
    documents = sample["document_id"].nunique()
    where = f" ({documents:,} document{'s' * (documents != 1)})"
    return f"To measure its error, {drawn}{where}, were coded by hand on sheets that show the words in their context and not what the machine said."


def _of_variable(variable: str, agreed: pd.DataFrame, validated: pd.DataFrame) -> list[str]:
    said = []
    if len(agreed):
        rows = {row["measure"]: row for row in agreed.to_dict("records")}
        alpha, same = rows["krippendorff_alpha"], rows["percent_agreement"]
        percent = "" if pd.isna(same["estimate"]) else f"; they agreed in {100 * same['estimate']:.0f}% of all pairs of codes"
        coders = f"{alpha['n_coders']} coder{'s' * (alpha['n_coders'] != 1)}"
        where = f"{alpha['n']:,} unit{'s' * (alpha['n'] != 1)} coded by at least two"
        if pd.isna(alpha["estimate"]):
            said.append(f"For {variable} ({coders}, {where}) Krippendorff's alpha is not defined: {str(alpha['note']).rstrip('.')}{percent}.")
        else:
            said.append(f"Krippendorff's alpha for {variable} ({alpha['level']}; {coders}, {where}) was {_figure(alpha)} (Krippendorff, 2019){percent}.")
    if len(validated):
        overall = {row["measure"]: row for row in validated.to_dict("records") if row["value"] == "all"}
        n = overall["accuracy"]["n"]
        documents = overall["accuracy"]["n_documents"]
        text = f"Against the hand codes of {variable} ({n:,} units in {documents:,} document{'s' * (documents != 1)}) the machine reached"
        text += f" an accuracy of {_figure(overall['accuracy'])} and a macro-averaged F1 of {_figure(overall['macro_f1'])}"
        f1 = [row for row in validated.to_dict("records") if row["measure"] == "f1" and row["value"] != "(missing)" and not pd.isna(row["estimate"])]
        listed = ", ".join(f"{row['value']} {_figure(row)}" for row in f1[:MOST_VALUES])
        text += f"; F1 by value: {listed}" if listed else ""
        said.append(text + (f", and {len(f1) - MOST_VALUES} more values." if len(f1) > MOST_VALUES else "."))
    return said


def _figure(row: dict[Any, Any]) -> str:
    interval = "" if pd.isna(row["ci_low"]) else f" [{_short(row['ci_low'])}, {_short(row['ci_high'])}]"
    return _short(row["estimate"]) + interval


def _short(number: float) -> str:
    """Two decimals, as APA writes figures that cannot exceed 1: without the nought before the point."""
    text = f"{number:.2f}"
    return text.replace("-0.", "-.", 1) if text.startswith("-0.") and text != "-0.00" else text.removeprefix("-" if text == "-0.00" else "").removeprefix("0")


def _corrected(table: pd.DataFrame) -> str:
    _checked(table, ("measure", "estimate", "ci_low", "ci_high"), "corrected", "na.corrected_share")
    columns = [column for column in table.columns if column not in _OWN and (table[column].dtype == "str" or table[column].dtype == object)]
    columns.sort(key=lambda column: column == "value")
    figures = []
    for row in table[table["estimate"].notna()].to_dict("records"):
        named = " ".join(str(row[column]) for column in columns if isinstance(row[column], str))
        before = row.get("uncorrected")
        figures.append(f"{named} {_figure(row)}".strip() + (f" (uncorrected {_short(before)})" if isinstance(before, float) and not pd.isna(before) else ""))
    measures = dict.fromkeys(table["measure"].astype("str").str.replace("_", " "))
    by = f" by {', '.join(dict.fromkeys(table['method'].astype('str')))}" if "method" in table.columns else ""
    return f"Figures were corrected for misclassification from this sample (TeBlunthuis et al., 2024){by}: {', '.join(measures)} of {', '.join(figures)}."
