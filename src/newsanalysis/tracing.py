"""From a number in a measures table back to the rows it counts: which they are, where they stand, and which of them are in the numerator.

For each measure one function says which rows of its tables a row of the measure counts; the estimate and n are then made of these rows again, and
an answer that does not give the row's own numbers is refused.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from newsanalysis import acting, alpha, comparing, contrasts, correction, display, log_odds, measures, placing, speaking_about, tables, unitising, validation
from newsanalysis.found import Found
from newsanalysis.measures import MISSING
from newsanalysis.origins import MADE_FROM, origin_of
from newsanalysis.tables import TableError

Given = dict[str, Any]

COUNTED, OF_WHICH, WHOLE = "counted", "of which", "whole"
PARTS = (COUNTED, OF_WHICH, WHOLE)
FRONT, BACK = ("part", "what", "document_id", "outlet", "title"), ("left", "match", "right", "start", "end", "adds")
SHOWN = {
    "attribution": ("attribution_id", "speaker", "kind", "source", "cue", "content"),
    "mention": ("mention_id", "actor", "voice", "tone"),
    "code": ("unit_id", "code", "value", "score", "coder", "voice"),
    "unit": ("unit_id", "voice"),
    "act": ("who", "verb", "whom", "side"),
    "row": ("attribution_id", "mention_id", "unit_id", "machine", "hand", "weight"),
    "hand code": ("unit_id", "coder", "variable", "value", "words"),
    "pair": ("unit_id", "variable", "machine", "hand", "weight"),
    "word": ("unit_id", "word"),
    "lead": (),
    "tenth": (),
}
FEW_IDS = 5_000  # documents whose texts are read at a time from a folder of results
WITHOUT_ROWS = {
    "calibration": "it counts predicted attributions by confidence; see na.attribute(...).attributions",
    "scores": "it counts tokens and spans of two annotations; compare gold and predicted by na.annotated_text",
}


def evidence(row: pd.Series[Any] | pd.DataFrame, *, of: Any = None, documents: Any = None, width: int = 60, **options: Any) -> pd.DataFrame:
    """Show what a number in a measures table is made of: the rows it counts, where they stand, and which of them are in the numerator.

    Parameters
    ----------
    row : Series or DataFrame
        A row of a measures table, as ``measures.loc[0]``, or a table of one row. It knows what it was made from as long as it has not been
        through a file, another process, or ``pd.concat`` with another measure.
    of : Found, DataFrame, tuple of DataFrame, str or Path, optional
        For a row that does not know it any more: what the measure was given (``attributions``; ``(codes, units)``; what was found), or the folder that
        ``na.analyse`` wrote, for a row of its ``measures.csv``.
    documents : Found or DataFrame, optional
        The documents, for the words around; they are known already where ``of`` or the measure had what was found, or is a folder. Hand codes and pairs
        name units: give the sample that was coded, or what was found if it was attributions, sentences or segments that were.
    width : int
        Characters of context on each side, 0 or more.
    **options
        With ``of``: options of the measure that do not show in the row, if they were not the usual ones (``weight``, ``lead``, ``levels``, ``by``);
        ``by`` always for ``entropy_normalised``.

    Returns
    -------
    DataFrame
        One row a piece of evidence. ``part``: *counted* (in the numerator, or in a mean), *of which* (only in the whole), *whole* (what a rate is
        taken of: units, or the leads or tenths of documents). ``what``: attribution, mention, code, unit, act, word, lead, tenth, row, hand code, pair. Then
        document_id, outlet and title where they are known, the group columns, what the row itself has (source, cue, content; code and value ...), the place:
        left, match, right, start, end (``documents.text[start:end] == match``; missing where neither the documents nor the units are at hand), and ``adds``:
        what the piece adds. A share is the sum of ``adds`` of what is counted over the sum of all; a rate is over the whole; a mean or net is
        the mean of ``adds``; a balance is their sum over the sum without signs; a mean tone is the mean of ``score`` weighted by ``adds``.

    Raises
    ------
    TableError
        For a row that no longer knows its tables; for tables that do not give the row's own estimate and n; for scores of annotations and
        ``calibration``, which count no rows of one table.

    Notes
    -----
    Read the rows before you believe the number. ``n`` of the measure is the number of counted rows, with these exceptions: of ``unnamed_share`` and
    ``corrected_share`` it is all rows, as of ``na.validate``; of ``lead_share`` and ``voice_profile`` the attributions whose pieces are counted; of
    agreement the units. A ``corrected_share`` rests on hand codes, too: its rows give the uncorrected share, and beside them the hand codes of the
    sample. A table of ``keyness`` has words: its rows are their places in both groups, and its log-odds rest on all words. ``entropy_normalised``
    rests on the number
    of groups that could speak, too. A measures table holds on to the tables it came from as long as it lives; write it to a file to let them go.

    Examples
    --------
    >>> import newsanalysis as na
    >>> found = na.resolve(na.attribute(na.documents(["Officials said the bridge was closed. NATO said it stood firm."], document_id=["a"])))
    >>> shares = na.share_of_voice(found.attributions)
    >>> shares[["affiliation", "estimate", "n"]].round(2).values.tolist()
    [['unspecified', 0.57, 1], ['nato', 0.43, 1]]
    >>> evidence(shares.loc[1], documents=found)[["part", "affiliation", "match", "adds"]].values.tolist()
    [['counted', 'nato', 'NATO said it stood firm', 3.0], ['of which', 'unspecified', 'Officials said the bridge was closed', 4.0]]
    """
    if width < 0:
        raise ValueError(f"evidence: width is {width}; 0 or more characters are needed.")
    row = _one_row(row)
    name, given = _asked(row, of, options)
    pieces = PIECES[name](row, given)
    _adds_up(name, pieces, row, given)
    known = of if isinstance(of, Found | str | Path) else next((one for one in given.values() if isinstance(one, Found)), None)
    return _shown(pieces, known if documents is None else documents, width)


def _one_row(row: pd.Series[Any] | pd.DataFrame) -> pd.Series[Any]:
    if isinstance(row, pd.DataFrame):
        if len(row) != 1:
            raise TableError(f"evidence: a table of {len(row)} rows was given; give one row, as measures.loc[0].")
        one = row.iloc[0]
        one.attrs.update(row.attrs)
        row = one
    if not isinstance(row, pd.Series):
        raise TableError(f"evidence: a {type(row).__name__} was given; give a row of a measures table, as measures.loc[0].")
    for column in ("estimate", "n"):
        if column in row and not isinstance(row[column], int | float | np.number):
            raise TableError(f"evidence: {column} of the row is {row[column]!r}, no number; give a row of the measures table as it was made.")
    if not {"measure", "word"} & set(row.index):
        names = ", ".join(map(str, row.index)) or "nothing"
        raise TableError(f"evidence: this is no row of a measures table (it has {names}); give one, as measures.loc[0].")
    return row


# --- which measure, and what it was given -------------------------------------------------------------------------------


FUNCTIONS: dict[str, Callable[..., pd.DataFrame]] = {
    **comparing.MEASURES,
    "prominence": measures.prominence,
    "voice_profile": placing.voice_profile,
    "odds_ratio": contrasts.odds_ratio,
    "who_about_whom": speaking_about.who_about_whom,
    "corrected_share": correction.corrected_share,
    "compare": comparing.compare,
    "keyness": log_odds.keyness,
    "agreement": alpha.agreement,
    "validate": validation.validate,
}
NAMES = {
    **{name: name for name in FUNCTIONS},
    **dict.fromkeys(("share_of_voice_words", "share_of_voice_attributions"), "share_of_voice"),
    **dict.fromkeys(("first_position", "lead_share"), "prominence"),
    **dict.fromkeys(("about_share", "about_tone_net"), "who_about_whom"),
    **dict.fromkeys(("entropy_normalised", "simpson", "effective_number"), "source_diversity"),
    **dict.fromkeys(("camp_balance_words", "camp_balance_attributions"), "camp_balance"),
    "log_odds_ratio": "odds_ratio",
    **dict.fromkeys(("percent_agreement", "krippendorff_alpha"), "agreement"),
    **dict.fromkeys(("accuracy", "macro_f1", "precision", "recall", "f1"), "validate"),
}
OWN = {  # columns of a measure's table that are no groups
    "kind_share": ("kind",),
    "camp_balance": ("first", "second"),
    "code_share": ("code", "value"),
    "mean_tone": ("coder",),
    "voice_gap": ("coder",),
    "word_rate": ("code",),
    "label_share": ("label",),
    "target_tone_share": ("tone",),
    "voice_profile": (placing.TENTH,),
    "who_about_whom": (speaking_about.ABOUT,),
    "corrected_share": ("variable", "method", "value", "uncorrected", "n_validated"),
    "compare": ("first", "second", "estimate_first", "estimate_second", "p", "camps"),
}
UNTOLD = {"source_diversity": {"entropy_normalised"}, "compare": {"entropy_normalised_difference"}}  # rest on the levels, which no row shows


def _asked(row: pd.Series[Any], of: Any, options: Given) -> tuple[str, Given]:
    """The measure's function, and its arguments: as the row knows them, or from what is given now."""
    origin = origin_of(row)
    if of is None and origin is not None:
        if options:
            raise TableError(f"evidence: {next(iter(options))!r} is not needed: the row knows that it is of {origin}; options go with of=.")
        return origin.measure, origin.given
    name = _function_of(row)
    if of is None:
        said = row.attrs.get(MADE_FROM)
        was = f" ({said})" if isinstance(said, str) else ""
        raise TableError(
            f"evidence: this row no longer knows what it was made from{was}: its table was read from a file, came from another process, or was merged or put "
            f"together from several measures. Give what na.{name} was given: na.evidence(row, of={_wanted(name)})."
        )
    if UNTOLD.get(name, set()) & {str(row.get("measure"))} and "by" not in options and not isinstance(of, str | Path):
        by = repr([*_groups_in(row, name), "affiliation"]) if name != "compare" and _groups_in(row, name) else "'affiliation'"
        said = f"evidence: the row of {row['measure']!r} does not show the groups whose diversity it is"
        raise TableError(f"{said}; add them, as in na.evidence(row, of=..., by={by}).")
    return name, _given(name, row, of, options)


def _function_of(row: pd.Series[Any]) -> str:
    measure = str(row["measure"]) if "measure" in row else "keyness"
    if "n_predicted" in row or measure in ("calibration_error", "calibration_bin"):
        which = "scores" if "n_predicted" in row else "calibration"
        raise TableError(f"evidence: rows of {measure!r} cannot be traced: {WITHOUT_ROWS[which]}.")
    name = "compare" if measure.endswith("_difference") else NAMES.get(measure)
    if name is None:
        raise TableError(f"evidence: rows of the measure {measure!r} cannot be traced; those of {', '.join(f'na.{one}' for one in FUNCTIONS)} can.")
    return name


def _wanted(name: str) -> str:
    wanted = {
        "prominence": "found",
        "voice_profile": "found",
        "compare": "attributions, or what was compared",
        "keyness": "units, groups=(first, second), by='outlet'",
    }
    if name in wanted:
        return wanted[name]
    needed = [one for one, parameter in inspect.signature(FUNCTIONS[name]).parameters.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    needed = [one for one in needed if one not in ("first", "second")]
    return needed[0] if len(needed) == 1 else f"({', '.join(needed)})"


def _given(name: str, row: pd.Series[Any], of: Any, options: Given) -> Given:
    """The arguments of a measure from the tables, what the row shows, and further options."""
    function, told = FUNCTIONS[name], _told(name, row)
    if name == "compare":
        one, between = _undifferenced(row), options.get("between", "outlet")
        base = _function_of(one)
        columns = [column for column in _groups_in(row, base) if column not in OWN["compare"]]
        told = {**_options(base, one, columns), **{option: value for option, value in options.items() if option != "between"}}
        return {"measure": FUNCTIONS[base], "tables_": tuple(_tables(base, one, of, [*columns, between])), "between": between, "options": told}
    found = _tables(name, row, of, [*_groups_in(row, name)])
    try:
        bound = inspect.signature(function).bind(*found, **{**told, **options})
    except TypeError as error:
        raise TableError(f"evidence: na.{name} takes other arguments ({error}); give na.evidence(row, of={_wanted(name)}).") from None
    bound.apply_defaults()
    arguments = dict(bound.arguments)
    if name == "voice_gap" and arguments["of"] is None:
        _whose(arguments)
    return arguments


def _whose(arguments: Given) -> None:
    """Of the columns that a row of voice_gap shows, the one that no own-voice segment has says whose words are compared."""
    units = arguments["units"]
    own = units[units.voice == "own"]
    columns = tables.names(arguments["by"] or [])
    said = [column for column in columns if column in own and len(own) and own[column].isna().all()]
    if said:
        arguments["of"] = said[0]
        arguments["by"] = [column for column in columns if column != said[0]] or None


def _groups_in(row: pd.Series[Any], name: str) -> list[str]:
    """The group columns of a row; those that are blank are of other measures in the same file."""
    own = {*measures.OWN_COLUMNS, measures.COPIES, *OWN.get(name, ()), *(column for column in ("level", "n_coders", "note") if name == "agreement")}
    return [str(column) for column in row.index if column not in own and not pd.isna(row[column])]


def _told(name: str, row: pd.Series[Any]) -> Given:
    if name in ("compare", "keyness", "agreement", "validate"):
        return {}
    return _options(name, row, _groups_in(row, name))


def _options(name: str, row: pd.Series[Any], columns: list[str]) -> Given:
    """The options that a row shows."""
    by: Any = columns[0] if len(columns) == 1 else columns or None
    told: Given = {}
    if name == "share_of_voice":
        told["count"] = str(row["measure"]).removeprefix("share_of_voice_")
    if name in ("code_share", "word_rate", "odds_ratio") and "code" in row and not pd.isna(row["code"]):
        told["code"] = str(row["code"])
    if name == "corrected_share":
        told["method"] = str(row["method"])
    if name == "camp_balance":
        first, second = str(row["camps"]).split(" - ") if "camps" in row else (row["first"], row["second"])
        told |= {"first": str(first), "second": str(second)}
    if name in ("source_diversity", "camp_balance"):
        return {**told, **({"by": [*columns, "affiliation"]} if columns else {})}
    if name == "odds_ratio":
        return told
    return {**told, "by": by} if by is not None or name not in ("agency_balance", "label_share") else told


def _tables(name: str, row: pd.Series[Any], of: Any, columns: list[str]) -> list[Any]:
    """What a measure takes by position."""
    if isinstance(of, str | Path):
        return _of_results(name, row, Path(of))
    if isinstance(of, Found):
        if name in ("prominence", "voice_profile"):
            return [of]
        absent = [column for column in columns if column not in of.attributions and column in of.documents and column != "document_id"]
        attributions = of.attributions.merge(of.documents[["document_id", *absent]], on="document_id", how="left") if absent else of.attributions
        if "attributions" in inspect.signature(FUNCTIONS[name]).parameters:
            return [attributions]
        raise TableError(f"evidence: na.{name} does not count attributions; give na.evidence(row, of={_wanted(name)}).")
    if isinstance(of, tuple | list):
        return list(of)
    if isinstance(of, pd.DataFrame):
        return [of]
    raise TableError(f"evidence: of is a {type(of).__name__}; give na.evidence(row, of={_wanted(name)}), or the folder of the results.")


# --- the rows that a row of each measure counts -------------------------------------------------------------------------


def _label(row: pd.Series[Any], column: str) -> str:
    """The group that a row is of, as text."""
    if column not in row.index:
        raise TableError(f"evidence: the row has no column {column!r}; give a row of the measures table as it was made.")
    value = row[column]
    if pd.isna(value):
        raise TableError(f"evidence: column {column!r} of the row is blank; give a row of the measures table as it was made.")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _here(table: pd.DataFrame, columns: Sequence[str], row: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each row of a table is of the row's group."""
    if not columns:
        return np.ones(len(table), bool)
    here = np.ones(len(table), bool)
    for column in columns:
        groups, label = measures.groups_of(table, column, "evidence"), _label(row, column)
        if label not in set(groups) and isinstance(row[column], float):
            label = str(row[column])
        here &= (groups == label).to_numpy(dtype=bool)
    return here


def _names(by: Any) -> list[str]:
    return [] if by is None else tables.names(by)


def _rows(what: str, rows: pd.DataFrame, counted: Any, adds: Any = None, groups: Iterable[str] = ()) -> pd.DataFrame:
    """Pieces of evidence from rows of a table; counted is a truth value for each, or the name of the part of all."""
    part = np.full(len(rows), counted, dtype=object) if isinstance(counted, str) else np.where(np.asarray(counted, bool), COUNTED, OF_WHICH)
    shown = [column for column in dict.fromkeys((*groups, *SHOWN[what])) if column in rows.columns]
    made = rows[["document_id"]].assign(part=part, what=what)
    for column in shown:
        made[column] = measures.groups_of(rows, column, "evidence", own=()) if column in set(groups) and column not in measures.OWN_COLUMNS else rows[column]
    start, end = ("document_start", "document_end") if "mention_id" in rows and "document_start" in rows else ("start", "end")
    for name, column in (("start", start), ("end", end)):
        made[name] = (rows[column] if column in rows else pd.Series(pd.NA, index=rows.index)).astype("Int64")
    made["adds"] = 1.0 if adds is None else np.asarray(adds, dtype=np.float64)
    for column in ("outlet", "title"):
        if column in rows and column not in made:
            made[column] = rows[column]
    return made.assign(**_words_at_hand(what, rows)).reset_index(drop=True)


def _words_at_hand(what: str, rows: pd.DataFrame) -> dict[str, Any]:
    """The text in which a piece stands and where it begins in the document, as far as the row itself has it."""
    if what in ("code", "unit") and {"unit_text", "unit_start"} <= set(rows):
        return {"_text": rows["unit_text"], "_start": rows["unit_start"].astype("Int64")}
    if what in ("mention", "row") and {"text", "document_start", "start"} <= set(rows):
        return {"_text": rows["text"], "_start": (rows["document_start"] - rows["start"]).astype("Int64")}
    if what == "unit" and {"text", "start"} <= set(rows):
        return {"_text": rows["text"], "_start": rows["start"].astype("Int64")}
    return {}


def _share_of_voice(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    *outer, last = columns = _names(given["by"])
    rows = tables.check(given["attributions"], "attributions")
    rows = rows[_here(rows, outer, row)]
    adds = measures.word_counts(rows.content) if str(row["measure"]).removesuffix("_difference") == "share_of_voice_words" else None
    return _rows("attribution", rows, _here(rows, [last], row), adds, columns)


def _kind_share(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns = _names(given["by"])
    rows = tables.check(given["attributions"], "attributions")
    rows = rows[_here(rows, columns, row)]
    return _rows("attribution", rows, rows.kind == row["kind"], None, columns)


def _unnamed_share(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns = _names(given["by"])
    rows = tables.check(given["attributions"], "attributions")
    rows = rows[_here(rows, columns, row)]
    return _rows("attribution", rows, measures.unnamed(rows) == 1, None, columns)


def _prominence(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    *outer, last = columns = _names(given["by"])
    found = given["found"].checked()
    if outer:
        found = found.within(found.documents[_here(found.documents, outer, row)])
    documents = found.documents[["document_id", "text", *(column for column in outer if column not in ("document_id", "text"))]]
    rows = found.attributions.drop(columns=[column for column in outer if column in found.attributions]).merge(documents, on="document_id")
    length = rows.text.map(len)
    here = _here(rows, [last], row)
    if row["measure"] == "first_position":
        first = rows[here].assign(position=(rows.start / length)[here]).sort_values("start", kind="stable").drop_duplicates("document_id").sort_index()
        return _rows("attribution", first, COUNTED, first.position, columns)
    cut = dict(zip(documents.document_id, np.ceil(np.array(documents.text.map(len), np.int64) * given["lead"]).astype(np.int64), strict=True))
    leads = documents.assign(start=0, end=documents.document_id.map(cut))
    words = measures.word_counts([text[:end] for text, end in zip(leads.text, leads.end, strict=True)])
    pieces = found.spans[found.spans.role == "content"].drop(columns=["role"])
    pieces = pieces.merge(rows[here].drop(columns=["start", "end", "text"]), on="attribution_id")
    inside = (pieces.document_id.map(cut) - pieces.start).clip(lower=0)
    pieces = pieces.assign(words=measures.word_counts([text[:at] for text, at in zip(pieces.text, inside, strict=True)]))
    pieces = pieces.assign(end=np.minimum(pieces.end, pieces.start + inside))[pieces.words > 0]
    spoken = _rows("attribution", pieces, COUNTED, pieces.words, columns)
    return pd.concat([spoken, _rows("lead", leads[leads.end > 0], WHOLE, words[leads.end > 0], outer)], ignore_index=True)


def _voice_profile(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    *outer, last = columns = _names(given["by"])
    found = given["found"].checked()
    if outer:
        found = found.within(found.documents[_here(found.documents, outer, row)])
    documents = found.documents[["document_id", "text", *(column for column in outer if column not in ("document_id", "text"))]]
    tenth = int(row[placing.TENTH])
    pieces = placing.in_tenths(placing.positions(found, by=last), last)
    pieces = pieces[(pieces[placing.TENTH] == tenth) & (pieces[last] == _label(row, last))]
    size = pieces["length"] / placing.TENTHS
    place = {"start": np.maximum(pieces["start"], np.floor(size * (tenth - 1))), "end": np.minimum(pieces["end"], np.ceil(size * tenth))}
    told = found.attributions.drop(columns=["start", "end", *(column for column in outer if column in found.attributions)])
    rows = pieces.assign(**place)[["attribution_id", "start", "end", "adds"]].merge(told, on="attribution_id").merge(documents, on="document_id")
    spoken = _rows("attribution", rows, COUNTED, rows["adds"], columns)
    length = documents["text"].map(len)
    parts = documents.assign(
        start=np.floor(length / placing.TENTHS * (tenth - 1)).astype("int64"), end=np.ceil(length / placing.TENTHS * tenth).astype("int64")
    )
    return pd.concat([spoken, _rows("tenth", parts, WHOLE, 1.0, outer)], ignore_index=True)


def _source_diversity(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    *outer, last = columns = _names(given["by"])
    rows = tables.check(given["attributions"], "attributions")
    rows = rows[_here(rows, outer, row) & (measures.groups_of(rows, last, "evidence") != MISSING).to_numpy()]
    return _rows("attribution", rows, COUNTED, None, columns)


def _camp_balance(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    *outer, last = columns = _names(given["by"])
    rows = tables.check(given["attributions"], "attributions")
    groups = measures.groups_of(rows, last, "evidence")
    rows = rows[_here(rows, outer, row) & groups.isin([given["first"], given["second"]]).to_numpy()]
    sign = np.where(groups[rows.index] == given["first"], 1.0, -1.0)
    return _rows("attribution", rows, COUNTED, sign * (measures.word_counts(rows.content) if "_words" in row["measure"] else 1.0), columns)


def _code_share(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns = _names(given["by"])
    rows = measures.of_one_coder(tables.check(given["codes"], "codes"), given["code"], "evidence")
    rows = rows[_here(rows, columns, row)]
    return _rows("code", rows, rows.value.fillna(MISSING) == row["value"], None, columns)


def _odds_ratio(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    rows = measures.of_one_coder(tables.check(given["codes"], "codes"), given["code"], "evidence")
    groups = measures.groups_of(rows, given["by"], "evidence")
    rows = rows[groups.isin([row["first"], row["second"]]).to_numpy()]
    return _rows("code", rows, rows.value.fillna(MISSING) == row["value"], None, [given["by"]])


def _toned(given: Given, columns: list[str], row: pd.Series[Any]) -> pd.DataFrame:
    """The tones of the row's coder with their units, whose place is the tone's where it has none of its own."""
    units = tables.check(given["units"], "units")
    toned = measures.tones_of(given["codes"], units, columns, "evidence")
    toned = toned[toned.coder == row["coder"]]
    at = units.set_index("unit_id")
    places = {f"unit_{name}": toned.unit_id.map(at[name]) for name in ("start", "end", "text")}
    toned = toned.assign(**places)
    placed: pd.DataFrame = toned.assign(start=toned.start.fillna(toned.unit_start), end=toned.end.fillna(toned.unit_end))
    return placed


def _mean_tone(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns = _names(given["by"])
    rows = _toned(given, columns, row)
    rows = rows[_here(rows, columns, row)]
    return _rows("code", rows, COUNTED, measures.word_counts(rows.text) if given["weight"] == "words" else None, columns)


def _voice_gap(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns, whose = _names(given["by"]), _names(given["of"])
    rows = _toned(given, [*columns, *whose], row)
    rows = rows[rows.voice.notna().to_numpy() & _here(rows, columns, row)]
    own = (rows.voice == "own").to_numpy(dtype=bool)
    rows = rows[own | _here(rows, whose, row)]
    return _rows("code", rows, COUNTED, measures.word_counts(rows.text), [*columns, *whose])


def _word_rate(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns, units = _names(given["by"]), tables.check(given["units"], "units")
    codes = measures.of_one_coder(tables.check(given["codes"], "codes"), given["code"], "evidence")
    units = units[_here(units, columns, row)]
    places = units[["unit_id", "text", "start", "voice", *(column for column in columns if column not in ("unit_id", "text", "start", "voice"))]]
    places = places.rename(columns={"text": "unit_text", "start": "unit_start"})
    codes = codes.drop(columns=[column for column in places if column in codes and column != "unit_id"]).merge(places, on="unit_id")
    return pd.concat([_rows("code", codes, COUNTED, None, columns), _rows("unit", units, WHOLE, measures.word_counts(units.text), columns)], ignore_index=True)


def _label_share(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns, labels = _names(given["by"]), tables.check(given["labels"], "codes")
    rows = tables.check(given["mentions"], "mentions")
    rows = rows[_here(rows, columns, row)]
    having = labels.unit_id if row["label"] == contrasts.ANY else labels.unit_id[labels.value.fillna(MISSING) == row["label"]]
    return _rows("mention", rows, rows.mention_id.isin(having), None, columns)


def _target_tone_share(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns, rows = _names(given["by"]), given["mentions"].reset_index(drop=True)
    rows = rows[_here(rows, columns, row)]
    return _rows("mention", rows, rows.tone == row["tone"], None, columns)


def _target_tone_net(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns, rows = _names(given["by"]), given["mentions"].reset_index(drop=True)
    rows = rows[_here(rows, columns, row)]
    return _rows("mention", rows, COUNTED, rows.tone.map({"negative": -1.0, "neutral": 0.0, "positive": 1.0}), columns)


def _who_about_whom(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    rows, by = speaking_about.spoken_of(given["found"], given["mentions"], given["by"], "evidence"), given["by"]
    rows = rows[_here(rows, [by], row)]
    about, groups = _here(rows, [speaking_about.ABOUT], row), (by, speaking_about.ABOUT)
    if row["measure"] == "about_share":
        return _rows("mention", rows, about, None, groups)
    return _rows("mention", rows[about], COUNTED, rows.tone[about].map(speaking_about.SIGNS), groups)


def _agency_balance(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    by, acts = given["by"], given["acts"]
    rows = acting.sides_of(acts.assign(who=acts[by], whom=acts[by.replace("actor", "acted_upon", 1)]), by)
    rows = rows[_here(rows, [by], row)]
    return _rows("act", rows.assign(side=np.where(rows.side == 0, "acts", "is acted upon")), COUNTED, np.where(rows.side == 0, 1.0, -1.0), [by])


def _corrected_share(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    columns, table, pairs = _names(given["by"]), given["table"], given["pairs"]
    coded = correction.coded_units(table, pairs.astype({"unit_id": "str"}), given["by"])
    rows = (table if row["variable"] in table.columns else table[table.code == row["variable"]]).reset_index(drop=True)
    hand = pairs.assign(unit_id=pairs.unit_id.astype("str")).set_index("unit_id")
    rows = rows.drop(columns=[column for column in ("machine", "hand", "weight") if column in rows and column not in columns])
    rows = rows.assign(unit_id=coded.unit_id, machine=coded.machine, hand=coded.unit_id.map(hand.hand), weight=coded.unit_id.map(hand.weight))
    rows = rows[_here(rows, columns, row)]
    return _rows("row", rows, rows.machine == row["value"], None, columns)


def _compare(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    """The rows of both groups, each as the measure by itself counts them."""
    name, between, arguments = given["measure"].__name__, given["between"], _compared(given)
    sides = []
    for side in ("first", "second"):
        pieces = PIECES[name](_undifferenced(row), _side(arguments, between, _label(row, side)))
        if between not in pieces:
            pieces.insert(3, between, _label(row, side))
        sides.append(pieces)
    return pd.concat(sides, ignore_index=True)


def _undifferenced(row: pd.Series[Any]) -> pd.Series[Any]:
    """The row of a difference as one of the measure itself."""
    one = row.copy()
    one["measure"] = str(row["measure"]).removesuffix("_difference")
    return one


def _compared(given: Given) -> Given:
    """The arguments of the measure that is compared."""
    bound = inspect.signature(given["measure"]).bind(*given["tables_"], **given["options"])
    bound.apply_defaults()
    arguments = dict(bound.arguments)
    if given["measure"].__name__ == "source_diversity" and arguments["levels"] is None:
        groups = measures.groups_of(arguments["attributions"], _names(arguments["by"])[-1], "evidence")
        arguments["levels"] = sorted(set(groups) - {MISSING})
    return arguments


def _side(arguments: Given, between: str, value: str) -> Given:
    """The tables of one group of documents."""
    kept = dict(arguments)
    having = [name for name, table in arguments.items() if isinstance(table, pd.DataFrame) and between in table]
    last = having[-1]
    kept[last] = arguments[last][(arguments[last][between].astype("str") == value).to_numpy()].reset_index(drop=True)
    key = "mention_id" if last == "mentions" else "unit_id"
    for name, table in arguments.items():
        if isinstance(table, pd.DataFrame) and name != last and name in ("codes", "labels"):
            kept[name] = table[table["unit_id"].isin(kept[last][key])].reset_index(drop=True)
    return kept


def _keyness(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    units, by = given["units"], given["by"]
    units = tables.check(units, "units") if "unit_id" in units else log_odds.as_units(units, by)
    units = units.assign(side=log_odds.sides_of(units, given["groups"], by))
    units = units[units.side < 2].reset_index(drop=True)
    word, found = _label(row, "word"), []
    letters = word.replace("-", "").replace("'", "").split(".")[0]  # each of a word's runs of letters stands in the text, whatever its marks
    for number, text in enumerate(units.text):
        if letters[:1] in text.lower():
            found += [(number, start, end) for one, start, end in log_odds.places(text) if one == word]
    at = pd.DataFrame(found, columns=["number", "start_in_unit", "end_in_unit"]).astype("int64")
    rows = units.iloc[at.number].reset_index(drop=True)
    rows = rows.assign(word=word, unit_text=rows.text, unit_start=rows.start)
    rows = rows.assign(start=rows.unit_start + at.start_in_unit, end=rows.unit_start + at.end_in_unit)
    made = _rows("word", rows, COUNTED, None, [by])
    return made.assign(_text=rows.unit_text, _start=rows.unit_start.astype("Int64"))


def _agreement(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    rows = alpha.checked_codes(given["codes"], "evidence")
    if "words" in given["codes"]:
        keys = ["unit_id", "coder", "variable"]
        words = given["codes"].loc[given["codes"]["value"].notna(), [*keys, "words"]].astype(dict.fromkeys(keys, "str"))
        rows = rows.merge(words.drop_duplicates(keys), on=keys, how="left")
    rows = rows[rows["variable"] == row["variable"]]
    rows = rows[rows.groupby("unit_id")["unit_id"].transform("size") > 1]
    return _rows("hand code", rows, rows.groupby("unit_id")["value"].transform("nunique") == 1)


def _validate(row: pd.Series[Any], given: Given) -> pd.DataFrame:
    rows = validation.checked_pairs(given["pairs"], "evidence")
    rows = rows[rows["variable"] == row["variable"]]
    value, measure = row["value"], row["measure"]
    if measure not in ("accuracy", "macro_f1"):
        machine, hand = rows["machine"] == value, rows["hand"] == value
        rows = rows[{"precision": machine, "recall": hand, "f1": machine | hand}[measure]]
    return _rows("pair", rows, rows["machine"] == rows["hand"], rows["weight"])


PIECES: dict[str, Callable[[pd.Series[Any], Given], pd.DataFrame]] = {
    "share_of_voice": _share_of_voice,
    "kind_share": _kind_share,
    "unnamed_share": _unnamed_share,
    "prominence": _prominence,
    "voice_profile": _voice_profile,
    "source_diversity": _source_diversity,
    "camp_balance": _camp_balance,
    "code_share": _code_share,
    "mean_tone": _mean_tone,
    "voice_gap": _voice_gap,
    "word_rate": _word_rate,
    "label_share": _label_share,
    "target_tone_share": _target_tone_share,
    "target_tone_net": _target_tone_net,
    "agency_balance": _agency_balance,
    "odds_ratio": _odds_ratio,
    "who_about_whom": _who_about_whom,
    "corrected_share": _corrected_share,
    "compare": _compare,
    "keyness": _keyness,
    "agreement": _agreement,
    "validate": _validate,
}


# --- the estimate again --------------------------------------------------------------------------------------------------


def _adds_up(name: str, pieces: pd.DataFrame, row: pd.Series[Any], given: Given) -> None:
    """Refuse pieces that do not give the row's n and estimate."""
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        n, estimate = n_of(name, pieces, row), estimate_of(name, pieces, row, given)
    said = row["uncorrected"] if name == "corrected_share" else row["log_odds"] if name == "keyness" else row["estimate"]
    told = str(row.get("measure")) not in UNTOLD.get(name, set()) or origin_of(row) is not None
    if n != _n_in(row) or (told and estimate is not None and not _alike(estimate, float(said))):
        raise TableError(
            f"evidence: the rows found give n = {n}"
            + (f" and {estimate:.4g}" if estimate is not None else "")
            + f", the row of the table says n = {_n_in(row)} "
            f"and {float(said):.4g}: the tables are not those that the measure was made from, or an option was another one{_options_of(name)}. Give "
            "those, or the measures table as it was made."
        )


def _options_of(name: str) -> str:
    """The options of a measure that a row may not show, as a hint."""
    hidden = [one for one in ("by", "weight", "lead", "levels", "of") if one in inspect.signature(FUNCTIONS[name]).parameters]
    return f" ({', '.join(f'{one}=' for one in hidden)})" if hidden else ""


def _n_in(row: pd.Series[Any]) -> int:
    return int(row["n"]) if "n" in row else int(row["n_first"]) + int(row["n_second"])


def _alike(found: float, said: float) -> bool:
    """Whether two numbers are the same, as far as the second is written out."""
    if np.isnan(found) or np.isnan(said):
        return bool(np.isnan(found) and np.isnan(said))
    decimals = len(repr(said).partition(".")[2]) if "e" not in repr(said) else 16
    return bool(np.isclose(found, said, rtol=1e-9, atol=max(1e-12, 0.500001 * 10.0**-decimals)) if np.isfinite(said) else found == said)


def n_of(name: str, pieces: pd.DataFrame, row: pd.Series[Any]) -> int:
    """Return how many units the pieces count, as the measure counts them.

    >>> n_of("unnamed_share", pd.DataFrame({"part": [COUNTED, OF_WHICH]}), pd.Series({"measure": "unnamed_share"}))
    2
    """
    if name == "compare":
        return n_of(NAMES[str(row["measure"]).removesuffix("_difference")], pieces, row)
    if name in ("unnamed_share", "corrected_share", "validate"):
        return len(pieces)
    counted = pieces[pieces.part == COUNTED]
    if row.get("measure") in ("lead_share", "voice_profile"):
        return int(counted.attribution_id.nunique())
    return int(pieces.unit_id.nunique()) if name == "agreement" else len(counted)


def estimate_of(name: str, pieces: pd.DataFrame, row: pd.Series[Any], given: Given) -> float | None:
    """Return the estimate that the pieces give; None where it rests on more than they.

    >>> estimate_of("kind_share", pd.DataFrame({"part": [COUNTED, OF_WHICH], "adds": 1.0}), pd.Series({"measure": "kind_share"}), {})
    0.5
    """
    adds, counted = pieces.adds.to_numpy(np.float64), (pieces.part == COUNTED).to_numpy()
    measure = str(row.get("measure"))
    if name == "compare":
        base, arguments, one = NAMES[measure.removesuffix("_difference")], _compared(given), _undifferenced(row)
        sides = [estimate_of(base, pieces[pieces[given["between"]] == _label(row, side)], one, arguments) for side in ("first", "second")]
        return None if sides[0] is None or sides[1] is None else sides[0] - sides[1]
    if name in ("target_tone_net", "agency_balance") or measure in ("first_position", "about_tone_net"):
        return _over(adds.sum(), len(adds))
    if name in ("word_rate", "voice_profile") or measure == "lead_share":
        return _over((100 if name == "word_rate" else 1) * adds[counted].sum(), adds[~counted].sum())
    if name == "camp_balance":
        return _over(adds.sum(), np.abs(adds).sum())
    if name == "mean_tone":
        return _over((adds * pieces.score.to_numpy(np.float64)).sum(), adds.sum())
    if name == "voice_gap":
        own, tones = (pieces.voice == "own").to_numpy(dtype=bool), adds * pieces.score.to_numpy(np.float64)
        return _over(tones[~own].sum(), adds[~own].sum()) - _over(tones[own].sum(), adds[own].sum())
    if name == "source_diversity":
        return _diversity(pieces, measure, given)
    if name == "odds_ratio":
        return _odds(pieces, row, given)
    if name in ("agreement", "validate"):
        return _hand_coded(name, pieces, row, given)
    return None if name == "keyness" else _over(adds[counted].sum(), adds.sum())


def _over(top: float, base: float) -> float:
    return float(top / base) if base else float("nan")


def _diversity(pieces: pd.DataFrame, measure: str, given: Given) -> float:
    last = _names(given["by"])[-1]
    counts = np.asarray(pieces[last].value_counts(), dtype=np.float64)
    levels = given["levels"]
    if levels is None:
        groups = measures.groups_of(given["attributions"], last, "evidence")
        levels = set(groups) - {MISSING} if len(_names(given["by"])) > 1 else set(pieces[last])
    at = ("entropy_normalised", "simpson", "effective_number").index(measure)
    return float(measures.diversity(counts[None], len(tables.names(levels)))[0][at]) if len(counts) else float("nan")


def _odds(pieces: pd.DataFrame, row: pd.Series[Any], given: Given) -> float:
    first, counted = pieces[given["by"]] == row["first"], pieces.part == COUNTED
    a, b, c, d = (float((one & other).sum()) for one in (first, ~first) for other in (counted, ~counted))
    if not (a + c and b + d and a + b and c + d):
        return float("nan")
    if not a * b * c * d:
        a, b, c, d = (cell + 0.5 for cell in (a, b, c, d))
    ratio = a * d / (b * c)
    return float(np.log(ratio)) if row["measure"] == "log_odds_ratio" else ratio


def _hand_coded(name: str, pieces: pd.DataFrame, row: pd.Series[Any], given: Given) -> float:
    counted = (pieces.part == COUNTED).to_numpy()
    if name == "validate" and row["measure"] != "macro_f1":
        both, either = pieces.adds[counted].sum(), pieces.adds.sum()
        return _over(2 * both, both + either) if row["measure"] == "f1" else _over(both, either)
    if pieces.empty:
        return float("nan")
    made = validation.validate(pieces) if name == "validate" else alpha.agreement(pieces, level=row["level"], codebook=given["codebook"])
    return float(made.loc[made.measure == row["measure"], "estimate"].iloc[0])


# --- what is shown -------------------------------------------------------------------------------------------------------


def _shown(pieces: pd.DataFrame, source: Any, width: int) -> pd.DataFrame:
    """The pieces, what is counted first, with the words around them."""
    order = pieces.part.map({part: n for n, part in enumerate(PARTS)})
    pieces = pieces.assign(_order=order).sort_values("_order", kind="stable", ignore_index=True)
    pieces, source = _in_units(pieces, source)
    pieces = _from_documents(pieces, source, width) if source is not None else _from_rows(pieces, width)
    inner = [column for column in pieces if column not in (*FRONT, *BACK) and not str(column).startswith("_")]
    made = pieces.reindex(columns=[*FRONT, *inner, *BACK])
    return made.astype({**dict.fromkeys((*FRONT, "left", "match", "right"), "str"), "start": "Int64", "end": "Int64", "adds": "float64"})


def _in_units(pieces: pd.DataFrame, source: Any) -> tuple[pd.DataFrame, Any]:
    """Hand codes and pairs with the places of their units, from the sample that was coded or what was found, and where the texts are then."""
    if not set(pieces.what) & {"hand code", "pair"}:
        return pieces, source
    if isinstance(source, Found):
        here = source.within(sorted(set(source.documents.document_id) & set(pieces.document_id)))
        units = [here.attributions.assign(unit_id=here.attributions["attribution_id"])]
        units += [unitising.units(here, unit=unit) for unit in ("sentence", "segment") if not set(pieces.unit_id) <= set(units[0].unit_id)]
        known = pd.concat([table[["unit_id", "start", "end"]] for table in units]).drop_duplicates("unit_id").set_index("unit_id")
        return pieces.assign(**{column: pieces.unit_id.map(known[column]).astype("Int64") for column in ("start", "end")}), source
    if isinstance(source, pd.DataFrame) and {"unit_id", "start", "end"} <= set(source):
        sample = source.drop_duplicates("unit_id").set_index("unit_id")
        start, end = ("document_start", "document_end") if "document_start" in sample else ("start", "end")
        text, begins = ("content", sample["start"]) if "text" not in sample else ("text", sample[start] - (sample["start"] if start != "start" else 0))
        columns = (
            {"start": sample[start], "end": sample[end], "_text": sample[text], "_start": begins}
            if text in sample
            else {"start": sample[start], "end": sample[end]}
        )
        return pieces.assign(**{name: pieces.unit_id.map(column) for name, column in columns.items()}), None
    return pieces, source


def _from_rows(pieces: pd.DataFrame, width: int) -> pd.DataFrame:
    """The words around as far as the rows themselves have them."""
    if "_text" not in pieces:
        return pieces
    found: list[Any] = []
    for text, begins, start, end in pieces[["_text", "_start", "start", "end"]].itertuples(index=False):
        known = not any(pd.isna(value) for value in (text, begins, start, end)) and 0 <= start - begins < end - begins <= len(text)
        found.append(display.context(text, "", int(start - begins), int(end - begins), width)[1:4] if known else (None, None, None))
    return pieces.assign(**{name: [one[n] for one in found] for n, name in enumerate(("left", "match", "right"))})


def _from_documents(pieces: pd.DataFrame, source: Any, width: int) -> pd.DataFrame:
    """The words around, outlet and title, some thousands of documents at a time."""
    wanted = list(dict.fromkeys(pieces.document_id))
    found: list[Any] = [None] * len(pieces)
    facts: dict[str, dict[str, Any]] = {"outlet": {}, "title": {}}
    at = pieces.groupby("document_id", sort=False).indices
    starts, ends = pieces["start"].tolist(), pieces["end"].tolist()
    for first in range(0, len(wanted), FEW_IDS):
        ids = wanted[first : first + FEW_IDS]
        rows = _texts_of(source, ids)
        texts = dict(zip(rows.document_id, rows.text, strict=True))
        lost = [key for key in ids if key not in texts]
        if lost:
            raise TableError(f"evidence: document {lost[0]!r} is not among the documents given ({len(lost)} such); give those that were measured.")
        for name, known in facts.items():
            known.update(zip(rows.document_id, rows[name], strict=True) if name in rows else ())
        for key in ids:
            for n in at[key]:
                found[n] = (None,) * 3 if pd.isna(starts[n]) else display.context(texts[key], key, int(starts[n]), int(ends[n]), width)[1:4]
    pieces = pieces.assign(**{name: [one[n] for one in found] for n, name in enumerate(("left", "match", "right"))})
    return pieces.assign(**{name: pieces.document_id.map(known) for name, known in facts.items() if name not in pieces})


def _texts_of(source: Any, ids: list[str]) -> pd.DataFrame:
    if isinstance(source, str | Path):
        return _read(Path(source), "documents", ["document_id", "outlet", "title", "text"], {"document_id": ids})
    documents = source.documents if isinstance(source, Found) else source
    absent = [column for column in ("document_id", "text") if not isinstance(documents, pd.DataFrame) or column not in documents]
    if absent:
        raise TableError(f"evidence: documents has no column {absent[0]!r}; give the table documents, or what was found.")
    return documents[documents.document_id.isin(ids)]


# --- the results of an analysis ------------------------------------------------------------------------------------------


def _of_results(name: str, row: pd.Series[Any], folder: Path) -> list[Any]:
    """The tables that a row of measures.csv was made from, no more of them than it counts."""
    if not (folder / "documents.parquet").exists():
        raise TableError(f"evidence: {folder} holds no results; name the folder that na.analyse wrote, in which documents.parquet lies.")
    camp = {} if "affiliation" not in row or pd.isna(row["affiliation"]) else {"affiliation": [row["affiliation"]]}
    if name in ("share_of_voice", "source_diversity", "kind_share", "unnamed_share"):
        some = camp if name in ("kind_share", "unnamed_share") and camp.get("affiliation") != [MISSING] else {}
        return [_kept(_read(folder, "attributions", None, some), row, folder)]
    if name == "code_share":
        codes = _read(folder, "codes", None, {"code": [row["code"]], **({"unit": ["segment"]} if row["code"] == "label" else {})})
        if camp:
            codes = codes.merge(_read(folder, "attributions", ["attribution_id", "affiliation"], {}), left_on="unit_id", right_on="attribution_id")
        return [_kept(codes, row, folder)]
    if name in ("mean_tone", "voice_gap", "word_rate"):
        voice = {} if "voice" not in row or pd.isna(row["voice"]) or row["voice"] == MISSING else {"voice": [row["voice"]]}
        units = _kept(_read(folder, "units", None, {"unit": ["segment"], **voice}), row, folder)
        codes = _read(folder, "codes", None, {"code": ["tone" if name != "word_rate" else row["code"]], "unit": ["segment"]})
        return [codes[codes.unit_id.isin(units.unit_id)].reset_index(drop=True), units]
    raise TableError(f"evidence: na.analyse does not write {row['measure']!r}; give na.evidence(row, of={_wanted(name)}).")


def _read(folder: Path, table: str, columns: list[str] | None, some: dict[str, list[Any]]) -> pd.DataFrame:
    """Rows of a table of the results."""
    from pyarrow import dataset

    chosen = None
    for column, values in some.items():
        one = dataset.field(column).isin(values)
        chosen = one if chosen is None else chosen & one
    opened = dataset.dataset(folder / f"{table}.parquet", format="parquet")
    made: pd.DataFrame = opened.to_table(columns=columns, filter=chosen).to_pandas()
    return made


def _kept(table: pd.DataFrame, row: pd.Series[Any], folder: Path) -> pd.DataFrame:
    """Less the rows of copies, for a row without them."""
    if row.get(measures.COPIES) != "left out":
        return table
    documents = _read(folder, "documents", ["document_id", "copy_of"], {})
    return table[~table.document_id.isin(documents.document_id[documents.copy_of.notna()])].reset_index(drop=True)
