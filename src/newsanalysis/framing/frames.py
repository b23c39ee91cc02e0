"""Frames by codebook: words that stand beside a frame, the yes or no that follows from them, and the questions that a hand coder answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from newsanalysis import codebooks, tables, unitising
from newsanalysis.codebooks import CodebookError
from newsanalysis.found import Found
from newsanalysis.framing.words import Match, book_of, codes_table, matcher
from newsanalysis.tables import TableError
from newsanalysis.unitising import in_document

WORDS = 100  # the rule counts indicators per so many words
SHIPPED = ("frames_generic", "frames_policy")


class _Frame(NamedTuple):
    """The indicators of one frame: how to find them, and the item of each."""

    name: str
    items: list[str | None]
    find: Callable[[str], Iterator[Match]]


def code_frames(units: pd.DataFrame | Found, *, codebook: str | Path = "frames_generic") -> pd.DataFrame:
    """Find the words of a frame codebook: passages to read beside a frame, not the frame itself.

    Parameters
    ----------
    units : DataFrame or Found
        Table *units* (``na.units``), or table *documents* or what was found in them: then each document is a unit.
    codebook : str or Path
        ``"frames_generic"`` (responsibility, human_interest, conflict, morality, economic), ``"frames_policy"`` (fourteen of the fifteen
        names of the Policy Frames Codebook; ``other`` has no words), or the path of a CSV file with the columns code, value (the frame),
        pattern, source and, if wanted, ``item`` (the question that the words belong to) and ``case`` (``exact`` where capitals count).

    Returns
    -------
    DataFrame
        Table *codes*, one row a word or phrase found: ``code`` "frame_indicator", ``value`` the frame, ``start`` and ``end`` the words in the
        document, and a column ``item``. A word can belong to several frames; within a frame the leftmost, then the longest counts.

    Raises
    ------
    CodebookError
        For a codebook that cannot be read, a row without a frame, or a pattern that breaks the rule of ``na.code_words``.
    TableError
        For units that are neither.

    Notes
    -----
    More rows mean more such words, not more of a frame: a reader's question ("does one side reproach another?") is not a word list. On 30
    articles that the rule of ``na.indicated_frames`` was not tuned on, its alpha with two coders (language models with a written instruction) was .69
    or more for economic, morality (generic), external and security_defence, and .20 or less for conflict, responsibility, human_interest,
    policy and public_opinion, which are passages to read and nothing else; docs/framing.md has all frames with intervals. Do not
    compare frames with one another by their counts: their lists differ in length.

    Sources: Semetko & Valkenburg (2000), Journal of Communication 50(2), p. 100 (five generic frames and their items); Boydstun, Gross, Resnik
    & Smith (2013), Identifying media frames and frame dynamics within and across policy issues (the fifteen names). The words are our own.

    Examples
    --------
    >>> import newsanalysis as na
    >>> documents = na.documents(["Rivals accused the mayor. The bridge will cost five million dollars."])
    >>> codes = na.code_frames(documents)
    >>> [(value, documents.text[0][start:end]) for value, start, end in zip(codes.value, codes.start, codes.end)]
    [('conflict', 'Rivals'), ('conflict', 'accused'), ('economic', 'cost'), ('economic', 'million dollars')]
    """
    units, (name, frames) = _units(units, "code_frames"), _frames_of(codebook)
    rows: list[tuple[Any, ...]] = []
    items: list[str | None] = []
    for unit_id, document_id, unit, text, start, end in zip(*(units[c] for c in ("unit_id", "document_id", "unit", "text", "start", "end")), strict=True):
        place = in_document(text, start, end)
        found = sorted((match.start, n, match) for n, frame in enumerate(frames) for match in frame.find(text))
        for _, n, match in found:
            at = place(match.start, match.end) or (None, None)
            rows.append((unit_id, document_id, unit, "frame_indicator", frames[n].name, None, *at, name))
            items.append(frames[n].items[match.row])
    return codes_table(rows).assign(item=pd.Series(items, dtype="str"))


def indicated_frames(codes: pd.DataFrame, units: pd.DataFrame | Found, *, codebook: str | Path = "frames_generic", at_least: Any = None) -> pd.DataFrame:
    r"""Turn the words that ``na.code_frames`` found into a yes or no for each unit and frame, to be validated by hand.

    The rule: yes if the indicators of the frame per 100 words, 100 · k / w, reach the frame's threshold; k is the number of indicators in the
    unit and w its number of words (``\w+``).

    Parameters
    ----------
    codes : DataFrame
        What ``na.code_frames`` returned for these units.
    units : DataFrame or Found
        The same units or documents, all of them: those without any indicator are a no.
    codebook : str or Path
        The codebook that was used; its frames are the rows.
    at_least : float or dict, optional
        The threshold, for all frames or by frame. By default that of the shipped codebook, tuned on the first 400 words of 30 articles; a
        codebook of one's own has none, so say it.

    Returns
    -------
    DataFrame
        Table *codes*, one row for each unit and frame: ``code`` is the frame, ``value`` yes or no, ``score`` the indicators per 100 words
        (0 or more).

    Raises
    ------
    ValueError
        Where a frame has no threshold.
    CodebookError
        For a codebook that cannot be read.
    TableError
        For codes of other units (sentences against documents, say), or by another codebook.

    Notes
    -----
    A yes says that such words are frequent. It is no finding about the frame before ``na.validate`` has compared it with hand codes of one's own
    sample; for conflict, "always yes" had the higher F1.
    Short units are noisy: one word in a sentence of ten is 10 per 100. Do not compare the scores of different frames.

    Source: none; this rule is ours, and simple so that it can be checked.

    Examples
    --------
    >>> import newsanalysis as na
    >>> documents = na.documents(["Rivals accused the mayor. The bridge will open soon."])
    >>> found = na.indicated_frames(na.code_frames(documents), documents, at_least=10)
    >>> found.loc[found.code.isin(["conflict", "economic"]), ["code", "value", "score"]].values.tolist()
    [['conflict', 'yes', 22.22222222222222], ['economic', 'no', 0.0]]
    """
    units, codes, (name, frames) = _units(units, "indicated_frames"), tables.check(codes, "codes"), _frames_of(codebook)
    names = [frame.name for frame in frames]
    limits = _limits(str(codebook), names, at_least)
    counts = _own_codes(codes, units, name).groupby(["unit_id", "value"]).size().to_dict()
    rows = []
    for unit_id, document_id, unit, text in zip(units.unit_id, units.document_id, units.unit, units.text, strict=True):
        words = max(1, len(re.findall(r"\w+", text)))
        for frame in names:
            rate = WORDS * counts.get((unit_id, frame), 0) / words
            rows.append((unit_id, document_id, unit, frame, "yes" if rate >= limits[frame] else "no", rate, None, None, name))
    return codes_table(rows)


def frame_items(codebook: str) -> pd.DataFrame:
    """Return the questions of a shipped frame codebook for hand coders, as a codebook that ``na.coding_sheet`` takes.

    Parameters
    ----------
    codebook : {"frames_generic", "frames_policy"}
        Which frames.

    Returns
    -------
    DataFrame
        Columns variable, value, label, definition, level; a row for each value. ``frames_generic``: 19 variables such as
        "conflict.reproach", yes or no. ``frames_policy``: 15 variables such as "policy.legality", yes or no, and "policy_primary".

    Raises
    ------
    CodebookError
        For another name.

    Notes
    -----
    Agreement on such questions is low even between trained coders (published alphas .06 to .70): let two code, and report alpha for each
    question. A frame is present if enough of its questions are answered yes: ``na.answered_frames``.

    Sources: as in ``na.code_frames``; the questions are in our own words. The one item of Semetko & Valkenburg on pictures is left out.

    Examples
    --------
    >>> import newsanalysis as na
    >>> items = na.frame_items("frames_generic")
    >>> items.loc[items.variable == "conflict.reproach", ["value", "definition"]].values.tolist()
    [['yes', 'Does one party, person, group or country reproach another? Accuse, criticise, mock, blame.'], ['no', '']]
    """
    items = _items(codebook)
    policy = codebook == "frames_policy"
    rows = []
    for frame, item, question, note in zip(items.frame, items["item"], items.question, items.definition, strict=True):
        variable = f"policy.{frame}" if policy else f"{frame}.{item}"
        rows += [(variable, "yes", "yes", f"{question} {note}.", "nominal"), (variable, "no", "no", "", "nominal")]
    if policy:
        rows += [
            ("policy_primary", frame, frame, f"{question} The one frame that the text is mainly told in.", "nominal")
            for frame, question in zip(items.frame, items.question, strict=True)
        ]
    return pd.DataFrame(rows, columns=["variable", "value", "label", "definition", "level"], dtype="str")


def answered_frames(codes: pd.DataFrame, *, codebook: str = "frames_generic") -> pd.DataFrame:
    """Turn hand coders' answers to the questions of ``na.frame_items`` into a yes or no for each unit, coder and frame.

    Parameters
    ----------
    codes : DataFrame
        Hand codes as ``na.read_codes`` returns them: unit_id, document_id, coder, variable (the question, "conflict.reproach"), value (yes or
        no). Other variables are passed over.
    codebook : {"frames_generic", "frames_policy"}
        Which questions.

    Returns
    -------
    DataFrame
        unit_id, document_id, coder, variable (the frame), value and score: ``value`` is yes if at least as many questions of the frame were
        answered yes as it needs (two of four or five; one of three or of one), ``score`` the share of its questions answered yes, 0 to 1: the
        index of Semetko & Valkenburg.

    Raises
    ------
    ValueError
        For a missing column, an answer other than yes or no, a question answered twice, or one that a coder left out.

    Notes
    -----
    The numbers needed were fixed by us before the coding; a higher share means that more of the frame's questions apply. Frames have different
    numbers of questions: do not compare their shares.

    Source: Semetko & Valkenburg (2000), p. 100 (share of items); the numbers needed are ours.

    Examples
    --------
    >>> import pandas as pd
    >>> import newsanalysis as na
    >>> answers = {"morality.moral_message": "yes", "morality.religion": "no", "morality.prescription": "no"}
    >>> row = {"unit_id": "a", "document_id": "a", "coder": "ann"}
    >>> codes = pd.DataFrame([{**row, "variable": question, "value": answer} for question, answer in answers.items()])
    >>> na.answered_frames(codes)[["variable", "value", "score"]].values.tolist()
    [['morality', 'yes', 0.3333333333333333]]
    """
    absent = [column for column in ("unit_id", "document_id", "coder", "variable", "value") if column not in codes]
    if absent:
        raise ValueError(f"answered_frames: column {absent[0]!r} is missing; give what na.read_codes returns.")
    items = _items(codebook)
    items = items.assign(variable=("policy." if codebook == "frames_policy" else items.frame + ".") + items["item"])
    answers = codes.merge(items[["variable", "frame", "needed"]], on="variable")
    wrong = answers[~answers.value.isin(["yes", "no"])]
    if len(wrong):
        raise ValueError(f"answered_frames: {wrong.variable.iloc[0]!r} of unit {wrong.unit_id.iloc[0]!r} is {wrong.value.iloc[0]!r}; answer yes or no.")
    keys = ["unit_id", "document_id", "coder", "frame"]
    twice = answers[answers.duplicated([*keys, "variable"])]
    if len(twice):
        who, question, where = twice[["coder", "variable", "unit_id"]].iloc[0]
        raise ValueError(f"answered_frames: {who!r} answered {question!r} of unit {where!r} twice; keep one answer.")
    asked = items.groupby("frame").size()
    summed = answers.assign(yes=answers.value == "yes", needed=answers.needed.astype("int64")).groupby(keys, sort=False)
    frames = summed.agg(yes=("yes", "sum"), n=("yes", "size"), needed=("needed", "first")).reset_index()
    short = frames[frames.n < frames.frame.map(asked).astype("int64")]
    if len(short):
        row = short.iloc[0]
        raise ValueError(f"answered_frames: {row.coder!r} answered {row.n} of the {asked[row.frame]} questions of {row.frame!r} for unit {row.unit_id!r}.")
    value = pd.Series(np.where(frames.yes >= frames.needed, "yes", "no"), dtype="str")
    return frames[keys].rename(columns={"frame": "variable"}).assign(value=value, score=frames.yes / frames.n)


def _own_codes(codes: pd.DataFrame, units: pd.DataFrame, name: str) -> pd.DataFrame:
    """The indicators that a codebook found in these units; refuse those of others, whose every answer would be no."""
    own = codes[(codes.code == "frame_indicator") & (codes.coder == name)]
    if own.empty and len(codes):
        there = f"{codes.code.iloc[0]!r} by {codes.coder.iloc[0]}"
        raise TableError(f"indicated_frames: no code is a frame_indicator by {name} (there is {there}); give the codebook that na.code_frames was given.")
    stray = own.unit_id[~own.unit_id.isin(units.unit_id)]
    if len(stray):
        problem = f"indicated_frames: {len(stray)} codes are of units that are not in units, first {stray.iloc[0]!r}"
        raise TableError(f"{problem}; give the units that were coded, sentences for codes of sentences.")
    return own


def _units(units: pd.DataFrame | Found, what: str) -> pd.DataFrame:
    if isinstance(units, Found):
        units = units.documents
    if not isinstance(units, pd.DataFrame):
        raise TableError(f"{what}: units, documents or what na.attribute returned is needed, not {type(units).__name__}.")
    return tables.check(units, "units") if "unit_id" in units else unitising.units(units, unit="document")


def _frames_of(codebook: str | Path) -> tuple[str, list[_Frame]]:
    """The codebook's name@version and its frames, in the order of the file."""
    name = book_of(codebook).name  # reads and checks it
    words = codebooks.words(codebook)
    blank = words.index[words.value.isna() | (words.code != "frame_indicator")]
    if len(blank):
        raise CodebookError(f"{codebook}, row {blank[0] + 2}: a frame codebook has code 'frame_indicator' and in 'value' the frame; fill them in.")
    frames = []
    for frame, rows in words.groupby("value", sort=False):
        exact = frozenset(np.flatnonzero(rows["case"] == "exact").tolist()) if "case" in rows else frozenset()
        items: list[str | None] = [None if pd.isna(item) else item for item in rows["item"]] if "item" in rows else [None] * len(rows)
        frames.append(_Frame(str(frame), items, _finder(tuple(rows.pattern), exact)))
    return name, frames


@lru_cache(maxsize=64)
def _finder(patterns: tuple[str, ...], exact: frozenset[int]) -> Callable[[str], Iterator[Match]]:
    return matcher(patterns, exact)


def _items(codebook: str) -> pd.DataFrame:
    if codebook not in SHIPPED:
        near = get_close_matches(str(codebook), SHIPPED, n=1)
        hint = f" Is {near[0]!r} meant?" if near else ""
        raise CodebookError(f"{codebook}: there are no questions for this codebook; there are for {' and '.join(SHIPPED)}.{hint}")
    return pd.read_csv(Path(codebooks.__file__).parent / "data" / f"{codebook}_items.csv", dtype="str", keep_default_na=False)


def _limits(codebook: str, frames: list[str], at_least: float | Mapping[str, float] | None) -> dict[str, float]:
    if isinstance(at_least, Mapping):
        limits = {frame: float(limit) for frame, limit in at_least.items()}
    elif at_least is not None:
        limits = dict.fromkeys(frames, float(at_least))
    elif codebook in SHIPPED:
        items = _items(codebook)
        limits = {frame: float(limit) for frame, limit in zip(items.frame, items.per_100_words, strict=True) if limit}
    else:
        limits = {}
    lacking = [frame for frame in frames if frame not in limits]
    if lacking:
        raise ValueError(f"indicated_frames: no threshold for {', '.join(map(repr, lacking))}; give at_least, a number or a dict by frame.")
    if any(not limit > 0 for limit in limits.values()):
        raise ValueError("indicated_frames: a threshold must be above 0; at 0 every unit is a yes.")
    return limits
