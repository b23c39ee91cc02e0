"""Validation: what the machine said against what people said, on a sample of one's own corpus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from newsanalysis import tables
from newsanalysis.alpha import checked_codes
from newsanalysis.measures import copies_in, with_copies
from newsanalysis.origins import traced
from newsanalysis.resampling import Floats, bootstrap_interval
from newsanalysis.sheets import CUT, letters_of, machine_of, words_of
from newsanalysis.tables import TableError

PAIRS = ("unit_id", "document_id", "variable", "machine", "hand", "weight")
MISSING = "(missing)"
MOST_VALUES = 500


def pairs(sample: pd.DataFrame, codes: pd.DataFrame, *, variable: str, machine: str | None = None, coder: str | None = None) -> pd.DataFrame:
    """Put what the machine said of each unit beside what people said.

    Prints one line: how many units of the sample are paired, in dispute, and not coded.

    Parameters
    ----------
    sample : DataFrame
        What ``na.sample`` returned.
    codes : DataFrame
        What ``na.read_codes`` returned, of that sample.
    variable : str
        The variable of the hand codes.
    machine : str, optional
        The column of the sample with the machine's answer; without it the one named like the variable or, in sampled codes of that variable, ``value``.
    coder : str, optional
        Whose codes count (someone who settled all disputes, say). Without it the value that more than half of a unit's coders gave.

    Returns
    -------
    DataFrame
        One row a unit: unit_id, document_id, variable, machine (``(missing)`` where the machine gave no answer), hand, weight. Units in dispute
        and those that nobody coded have no row; the weights of their stratum are raised so that they still add to its size.

    Raises
    ------
    TableError
        For columns that are not there, codes of other units than those of the sample or of other words (ids can change with the version that
        made them), a variable that nobody coded, or no pair at all.

    Notes
    -----
    Units in dispute are the hard ones, for machines too: figures without them flatter. Have a third person code them (a sheet of
    ``sample[sample.unit_id.isin(...)]``) and read all three sheets: two of three decide.

    Examples
    --------
    >>> import pandas as pd
    >>> drawn = pd.DataFrame({"unit_id": ["1", "2"], "document_id": "a", "camp": ["nato", "russian"], "stratum": "all", "weight": 5.0})
    >>> codes = pd.DataFrame({"unit_id": ["1", "1", "2"], "document_id": "a", "coder": ["A", "B", "A"], "variable": "camp", "value": ["nato", "nato", "nato"]})
    >>> pairs(drawn, codes, variable="camp")[["machine", "hand", "weight"]].values.tolist()
    camp: 2 units in the sample: 2 paired, 0 in dispute, 0 not coded.
    [['nato', 'nato', 5.0], ['russian', 'nato', 5.0]]
    """
    absent = [column for column in ("unit_id", "document_id", "stratum", "weight") if column not in sample.columns]
    if absent:
        raise TableError(f"pairs: column {absent[0]!r} is missing; give what na.sample returned.")
    said = _machine(sample, variable, machine)
    chosen = sample.assign(machine=said.astype("str").fillna(MISSING)).astype({"unit_id": "str", "document_id": "str"})
    _same_words(chosen, codes)
    hand, disputed = _hand(checked_codes(codes, "pairs"), set(chosen["unit_id"]), variable, coder)
    chosen = chosen.assign(hand=chosen["unit_id"].map(hand), variable=variable)
    paired = chosen[chosen["hand"].notna()]
    uncoded = len(chosen) - len(paired) - len(disputed)
    more = f" (in dispute, first: {', '.join(disputed[:3])}; a third coder or coder=... settles them)" if disputed else ""
    print(f"{variable}: {len(chosen)} units in the sample: {len(paired)} paired, {len(disputed)} in dispute, {uncoded} not coded.{more}")
    if paired.empty:
        raise TableError(f"pairs: no unit has a hand code of {variable!r} that is not in dispute; code the sample first.")
    gone = set(chosen["stratum"].astype("str")) - set(paired["stratum"].astype("str"))
    if gone:
        print(f"{variable}: nothing is paired of {', '.join(sorted(gone))}; figures do not speak of it.")
    raised = chosen.groupby("stratum")["weight"].sum() / paired.groupby("stratum")["weight"].sum()
    paired = paired.assign(weight=paired["weight"] * paired["stratum"].map(raised))
    return paired[list(PAIRS)].astype({"hand": "str", "weight": "float64", "variable": "str"}).reset_index(drop=True)


def _same_words(sample: pd.DataFrame, codes: pd.DataFrame) -> None:
    """Refuse codes of other words than those that the sample has under the same id, as far as both have words."""
    if not {"unit_id", "words"} <= set(codes.columns):
        return
    shown = words_of(sample)
    if "content" in sample.columns:  # as the sheet shows it beside the unit
        shown = sample["content"].where(sample["content"].fillna("").astype("str") != "", shown)
    known = {unit: text for unit, text in zip(sample["unit_id"], shown, strict=True) if isinstance(text, str)}
    coded = codes.loc[codes["words"].notna(), ["unit_id", "words"]].astype("str").drop_duplicates()
    for unit, words in zip(coded["unit_id"], coded["words"], strict=True):
        whole = words.rpartition(CUT)[0] or words
        if unit in known and letters_of(known[unit])[: len(letters_of(whole))] != letters_of(whole):
            raise TableError(
                f"pairs: unit {unit!r} was coded as {words[: tables.SHOWN]!r}, but the sample has {known[unit][: tables.SHOWN]!r} there; "
                "give the sample that the sheets were written from (its ids may have changed since)."
            )


def _machine(sample: pd.DataFrame, variable: str, machine: str | None) -> pd.Series[Any]:
    said = machine_of(sample, machine or variable)
    if said is None or (machine and machine not in sample.columns):
        raise TableError(
            f"pairs: the sample has no column {machine or variable!r}; name the one with the machine's answer by machine= "
            f"(columns found: {', '.join(map(str, sample.columns))})."
        )
    return said


def _hand(codes: pd.DataFrame, units: set[str], variable: str, coder: str | None) -> tuple[dict[str, str], list[str]]:
    """The value of each unit that more than half of its coders gave, and the units without one."""
    known = sorted(set(codes["variable"]))
    of = codes[codes["variable"] == variable]
    if of.empty:
        raise TableError(f"pairs: nobody coded {variable!r}; the variables in the codes are {', '.join(known) or 'none'}.")
    if coder is not None:
        coders = sorted(set(of["coder"]))
        if coder not in coders:
            raise TableError(f"pairs: {coder!r} coded nothing of {variable!r}; the coders are {', '.join(coders)}.")
        of = of[of["coder"] == coder]
    stray = of.loc[~of["unit_id"].isin(list(units)), "unit_id"]
    if len(stray):
        raise TableError(f"pairs: {len(stray)} codes are of units that the sample does not have, first {stray.iloc[0]!r}; give the sample that was coded.")
    twice = of[of.duplicated(["unit_id", "coder"])]
    if len(twice):
        raise TableError(f"pairs: coder {twice.iloc[0]['coder']!r} has two codes for unit {twice.iloc[0]['unit_id']!r}; keep one.")
    counts = of.groupby(["unit_id", "value"]).size()
    share = counts / counts.groupby("unit_id").transform("sum")
    decided = {str(unit): str(value) for unit, value in share[share > 0.5].index}
    return decided, sorted(set(of["unit_id"]) - set(decided))


@traced
def validate(pairs: pd.DataFrame, *, rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Measure the machine against the hand codes, for the whole corpus.

    With w the weights: precision(v) = Σ w where both say v / Σ w where the machine says v; recall(v) = the same / Σ w where people say v;
    f1(v) = 2 × the same / (Σ w machine v + Σ w hand v); accuracy = Σ w where both say the same / Σ w; macro_f1 = mean of f1 over the
    values that people gave.

    Parameters
    ----------
    pairs : DataFrame
        What ``na.pairs`` returned, of one variable or several.
    rng : int or numpy.random.Generator
        For the interval.

    Returns
    -------
    DataFrame
        Table *measures*, for each variable ``accuracy`` and ``macro_f1`` (value ``all``), then ``precision``, ``recall`` and ``f1`` of each value, the most
        frequent first; all in [0, 1]. n counts the units that the figure divides by: those that the machine gave the value (precision), people gave
        it (recall), either gave it (f1), or all.

    Raises
    ------
    TableError
        For a table that is not of pairs.

    Notes
    -----
    Read precision .8 of ``nato`` as: of a hundred units that the machine calls nato, eighty are. The weights make the figures those of the
    corpus, not of the sample. Compare them with what two people reach (``na.agreement``): the machine is not to be had better than the codebook. Accuracy
    flatters where one value is frequent; macro F1 counts each value the same. Do not compare with figures of another corpus. Figures on fewer than about
    fifty units have wide intervals; with fewer than about twenty documents they are too narrow. The interval resamples documents and
    takes the weights as given.

    Source: van Rijsbergen (1979), Information retrieval, 2nd ed., ch. 7; weights: Cochran (1977), Sampling techniques, 3rd ed., ch. 5;
    macro F1: Sokolova & Lapalme (2009), Information Processing & Management 45, pp. 427-437.

    Examples
    --------
    >>> import pandas as pd
    >>> both = pd.DataFrame({"machine": ["nato", "nato", "russian"], "hand": ["nato", "russian", "russian"], "weight": [1.0, 1.0, 2.0]})
    >>> both = both.assign(unit_id=["1", "2", "3"], document_id=["a", "b", "c"], variable="camp")
    >>> validate(both).query("value in ('all', 'nato')")[["measure", "value", "estimate"]].round(3).values.tolist()
    [['accuracy', 'all', 0.75], ['macro_f1', 'all', 0.733], ['precision', 'nato', 0.5], ['recall', 'nato', 1.0], ['f1', 'nato', 0.667]]
    """
    rows = checked_pairs(pairs, "validate")
    seed = int(rng.integers(2**63)) if isinstance(rng, np.random.Generator) else rng
    parts = [_of_variable(str(name), of, seed) for name, of in rows.groupby("variable", sort=False)]
    return with_copies(tables.check(pd.concat(parts, ignore_index=True), "measures"), copies_in("validate", pairs))


def checked_pairs(pairs: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return a table of pairs, checked."""
    absent = [column for column in PAIRS if column not in pairs.columns]
    if absent or pairs.empty:
        raise TableError(f"{what}: {f'column {absent[0]!r} is missing' if absent else 'there are no pairs'}; give what na.pairs returned.")
    if pairs[list(PAIRS)].isna().to_numpy().any():
        column = next(column for column in PAIRS if pairs[column].isna().any())
        raise TableError(f"{what}: column {column!r} is blank in {int(pairs[column].isna().sum())} of {len(pairs)} rows; give what na.pairs returned.")
    rows = pairs.astype({**dict.fromkeys(PAIRS[:5], "str"), "weight": "float64"})
    if not (np.isfinite(rows["weight"]) & (rows["weight"] > 0)).all():
        raise TableError(f"{what}: column 'weight' must be above 0; found {rows['weight'].min()}.")
    if rows.duplicated(["variable", "unit_id"]).any():
        raise TableError(f"{what}: unit {rows.loc[rows.duplicated(['variable', 'unit_id']), 'unit_id'].iloc[0]!r} is there twice; each unit is one pair.")
    return rows


def _of_variable(variable: str, rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    rows = rows.sort_values(["document_id", "unit_id"], kind="stable", ignore_index=True)
    machine, hand = rows["machine"].to_numpy(object), rows["hand"].to_numpy(object)
    names = sorted(set(hand) | set(machine), key=lambda value: (-int((hand == value).sum()), value == MISSING, str(value)))
    if len(names) > MOST_VALUES:
        raise TableError(f"validate: {variable!r} has {len(names)} values; sum them up into at most {MOST_VALUES} first.")
    document, keys = pd.factorize(rows["document_id"])
    code = pd.Index(names)
    given, right = code.get_indexer(pd.Index(machine)), code.get_indexer(pd.Index(hand))
    weight = rows["weight"].to_numpy(np.float64)
    k, size = len(names), len(keys)
    both = given == right
    cells = [(document[both] * k + right[both], weight[both]), (document * k + given, weight), (document * k + right, weight)]
    sums = np.hstack([np.bincount(cell, values, minlength=size * k).reshape(size, k) for cell, values in cells]).astype(np.float64)
    asked = np.array([(hand == value).any() for value in names])
    statistic = _scores_of(k, asked)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimates = statistic(sums.sum(axis=0))
    low, high = (np.full(len(estimates), np.nan),) * 2
    if size > 1:
        low, high = bootstrap_interval(sums, statistic, rng=seed)
    by_machine, by_hand = [given == at for at in range(k)], [right == at for at in range(k)]
    of = [np.ones(len(rows), bool)] * 2 + [part for at in range(k) for part in (by_machine[at], by_hand[at], by_machine[at] | by_hand[at])]
    measures = ["accuracy", "macro_f1", *("precision", "recall", "f1") * k]
    labels = ["all", "all", *(name for name in names for _ in range(3))]
    table = pd.DataFrame({"measure": measures, "variable": variable, "value": labels, "estimate": estimates, "ci_low": low, "ci_high": high})
    return table.assign(n=[int(part.sum()) for part in of], n_documents=[len(np.unique(document[part])) for part in of])


def _scores_of(k: int, asked: np.ndarray) -> Callable[[Floats], Floats]:
    """Sums of both, machine and hand for each value, to accuracy, macro F1, and precision, recall and F1 of each value."""

    def scores(sums: Floats) -> Floats:
        both, machine, hand = sums[..., :k], sums[..., k : 2 * k], sums[..., 2 * k :]
        f1 = 2 * both / (machine + hand)
        there = asked & (machine + hand > 0)
        macro = np.where(there, f1, 0.0).sum(axis=-1) / there.sum(axis=-1)
        accuracy = both.sum(axis=-1) / hand.sum(axis=-1)
        each = np.stack([both / machine, both / hand, f1], axis=-1).reshape(*sums.shape[:-1], 3 * k)
        return np.concatenate([accuracy[..., None], macro[..., None], each], axis=-1)

    return scores


def confusion(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count which value the machine gave for which value of the hand codes.

    Parameters
    ----------
    pairs : DataFrame
        What ``na.pairs`` returned.

    Returns
    -------
    DataFrame
        One row for each variable, hand value and machine value that occur together: n (units of the sample), weight (units of the corpus they
        stand for), share (of the hand value's weight, in [0, 1]: what becomes of a value). ``confusion(...).pivot(index="hand", columns="machine",
        values="share")`` is the matrix for one variable.

    Notes
    -----
    Read share .2 of machine ``neutral`` for hand ``negative`` as: of five units that people call negative, the machine calls one neutral. Shares of a
    value that people rarely gave rest on few units (``n``). Do not compare with the matrix of
    another corpus: what a value is taken for depends on what else is there.

    Source: Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20, pp. 37-46 (the table of two coders).

    Examples
    --------
    >>> import pandas as pd
    >>> both = pd.DataFrame({"machine": ["nato", "nato", "russian"], "hand": ["nato", "russian", "russian"], "weight": [1.0, 1.0, 3.0]})
    >>> confusion(both.assign(unit_id=["1", "2", "3"], document_id="a", variable="camp"))[["hand", "machine", "n", "share"]].values.tolist()
    [['nato', 'nato', 1, 1.0], ['russian', 'nato', 1, 0.25], ['russian', 'russian', 1, 0.75]]
    """
    rows = checked_pairs(pairs, "confusion")
    table = rows.groupby(["variable", "hand", "machine"], sort=True)["weight"].agg(n="size", weight="sum").reset_index()
    return table.assign(share=table["weight"] / table.groupby(["variable", "hand"])["weight"].transform("sum"))
