"""Do two outlets differ in a measure? The difference with its interval, and a permutation test that exchanges whole documents."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from newsanalysis import acting, attitudes, contrasts, measures, tables
from newsanalysis.measures import DENSE
from newsanalysis.origins import traced
from newsanalysis.resampling import Floats, difference_interval, permutation_test
from newsanalysis.sums import Rng
from newsanalysis.tables import TableError
from newsanalysis.tone_model import TONES

MOST = 60  # rows compared at once
Statistic = Callable[[Floats], Floats]
Ints = NDArray[np.int64]


class _Row(NamedTuple):
    """What is compared: the groups' labels, what each row of the table adds to some sums (or to which of them it adds 1; -1 is none), the estimate
    from the sums, and what n counts."""

    measure: str
    labels: tuple[str, ...]
    added: list[Floats] | Ints
    statistic: Statistic
    counted: Floats


class _Compared(NamedTuple):
    """A table whose rows add up, the names of the group columns, and the rows to compare."""

    table: pd.DataFrame
    names: list[str]
    rows: list[_Row]


@traced
def compare(measure: Callable[..., pd.DataFrame], *tables_: Any, between: str = "outlet", rng: Rng = 0, **options: Any) -> pd.DataFrame:
    """Compare a measure between two outlets, or any two groups of documents: the difference, its interval, and a permutation test.

    difference = measure in the first - measure in the second; p = share of the divisions of the documents into two groups of these sizes whose
    difference is at least as extreme (``resampling.permutation_test``).

    Parameters
    ----------
    measure : function
        One of ``na.share_of_voice``, ``na.kind_share``, ``na.unnamed_share``, ``na.source_diversity``, ``na.camp_balance``, ``na.code_share``,
        ``na.mean_tone``, ``na.voice_gap``, ``na.word_rate``, ``na.target_tone_share``, ``na.target_tone_net``, ``na.label_share``,
        ``na.agency_balance``. No other.
    *tables_
        What the measure takes by position: ``attributions``; ``codes``; ``codes, units``; ``mentions``; ``labels, mentions``; or ``acts``.
    between : str
        The column with the two groups, of the attributions, units, mentions, acts, or (for ``code_share``) codes. A document stands in one of them. They
        are compared in the order of the alphabet. Merge it in first: ``attributions.merge(documents[["document_id", "outlet"]], on="document_id")``.
    rng : int or numpy.random.Generator
        For the interval and the test.
    **options
        The measure's own options: ``by``, ``count``, ``levels``, ``code``, ``weight``, ``of``. ``by`` is the groups in each outlet.

    Returns
    -------
    DataFrame
        Table *measures*, one row for each row of the measure: ``measure`` ends in ``_difference``; group columns; ``first``, ``second`` (the outlets),
        ``estimate_first``, ``estimate_second``, ``p`` in (0, 1]; ``estimate`` is the difference, in the measure's unit, with its interval. ``n`` is
        what the measure counts, ``n_documents`` all documents dealt out, both of both outlets. Interval and p are missing where an outlet has one document.

    Raises
    ------
    TableError
        Unless ``between`` has two values, and one for each document.
    ValueError
        For another measure, more than 60 rows at once, or ``source_diversity`` with more than 50 million documents times groups.

    Notes
    -----
    Read p = .03 as: had the articles been dealt to the two outlets by chance, three in a hundred divisions would have differed so much. A p says
    nothing of how large a difference is: report the difference and its interval. It holds for one row; of k rows looked at, one has p < 1/k by
    chance: multiply by k (Bonferroni), or name the row beforehand. Two outlets differ in topic and date before they differ in choice of sources:
    compare articles on the same events. Documents without any row in the table do not count. Do not compare outlets found by different attributors.

    Source: Phipson & Smyth (2010), Permutation p-values should never be zero, Statistical Applications in Genetics and Molecular Biology
    9(1), article 39; whole clusters are exchanged: Gail, Mark, Carroll, Green & Pee (1996), On design considerations and
    randomization-based inference for community intervention trials, Statistics in Medicine 15, pp. 1069-1092.

    Examples
    --------
    >>> import pandas as pd
    >>> import newsanalysis as na
    >>> rows = [(str(n), str(n), "nato" if n < 3 else "russian", "Daily" if n < 3 else "Herald") for n in range(6)]
    >>> attributions = pd.DataFrame(rows, columns=["attribution_id", "document_id", "affiliation", "outlet"])
    >>> attributions = attributions.assign(kind="direct", content="no", start=0, end=1, attributor="hand@1")
    >>> compare(na.share_of_voice, attributions)[["affiliation", "first", "second", "estimate", "p"]].values.tolist()
    [['nato', 'Daily', 'Herald', 1.0, 0.1], ['russian', 'Daily', 'Herald', -1.0, 0.1]]
    """
    name = getattr(measure, "__name__", repr(measure))
    if MEASURES.get(name) is not measure:
        raise ValueError(f"compare: measure must be one of {', '.join(f'na.{known}' for known in MEASURES)}; not {name}.")
    given = inspect.signature(measure).bind(*tables_, **options)
    given.apply_defaults()
    seed = measures.seed_of(rng)
    measure(*tables_, **options, rng=seed)  # refuses what it refuses
    compared = SUMS[name](**{key: value for key, value in given.arguments.items() if key != "rng"})
    return measures.with_copies(_table(compared, between, seed), measures.copies_in("compare", *tables_))


def _table(compared: _Compared, between: str, seed: int) -> pd.DataFrame:
    table, names, _ = compared
    first, second, group = _two(table, between)
    document, keys = pd.factorize(table.document_id, sort=True)
    of_first = np.zeros(len(keys), bool)
    of_first[document[group == first]] = True
    rows = []
    for row in compared.rows:
        sums = _sums(row.added, document, len(keys))
        with np.errstate(invalid="ignore", divide="ignore"):
            estimate = [float(row.statistic(sums[part].sum(axis=0))[0]) for part in (of_first, ~of_first)]
        low, high = difference_interval(sums, of_first, row.statistic, rng=seed)
        p = permutation_test(sums, of_first, row.statistic, rng=seed)
        found = (estimate[0] - estimate[1], low[0], high[0], int(row.counted.sum()), len(keys))
        rows.append((f"{row.measure}_difference", *row.labels, first, second, *estimate, p, *found))
    own = ["first", "second", "estimate_first", "estimate_second", "p", "estimate", "ci_low", "ci_high", "n", "n_documents"]
    made = pd.DataFrame(rows, columns=["measure", *names, *own])
    labels = dict.fromkeys([*names, "first", "second"], "str")
    return tables.check(measures.parted(made.astype(labels)), "measures")


def _sums(added: list[Floats] | Ints, document: Ints, documents: int) -> Floats:
    """What each document adds to each sum."""
    if isinstance(added, list):
        return np.column_stack([measures.sums_of(document, value, documents) for value in added])
    width, inside = int(added.max(initial=0)) + 1, added >= 0
    if documents * width > DENSE:
        problem = f"compare: {documents} documents times {width} groups are too many"
        raise ValueError(f"{problem}; name the rare groups alike: table.assign(speaker=table.speaker.where(table.speaker.isin(frequent), 'other')).")
    counts = np.bincount(document[inside] * width + added[inside], minlength=documents * width)
    return counts.reshape(documents, width).astype(np.float64)


def _at_most(rows: int) -> None:
    """Refuse what would be too many rows, before they are made."""
    if rows > MOST:
        problem = f"compare: {rows} rows are more than {MOST}; keep the groups that you ask about and name the others alike"
        raise ValueError(f"{problem}: table.assign(speaker=table.speaker.where(table.speaker.isin(asked), 'other')).")


def _two(table: pd.DataFrame, between: str) -> tuple[str, str, pd.Series[Any]]:
    """The two groups of documents, and that of each row."""
    if between not in table.columns:
        raise tables.no_column("compare", between, table)
    if missing := int(table[between].isna().sum()):
        raise TableError(f"compare: {missing} rows have no {between}; leave them out or fill it in.")
    group = table[between].astype("str")
    values = sorted(group.unique())
    if len(values) != 2:
        found = ", ".join(map(repr, values[:5])) + (" ..." if len(values) > 5 else "")
        raise TableError(f"compare: column {between!r} has {len(values)} values ({found or 'no rows'}); keep two, as table[table.{between}.isin([a, b])].")
    both = group.groupby(table.document_id).nunique()
    if (both > 1).any():
        raise TableError(f"compare: document {both.index[both > 1][0]!r} has rows of both values of {between!r}; a document stands in one group.")
    return values[0], values[1], group


# --- what each measure adds up ------------------------------------------------------------------------------------------


def _ratio(sums: Floats) -> Floats:
    return sums[..., :1] / sums[..., 1:2]


def _within(table: pd.DataFrame, by: measures.By) -> tuple[pd.Series[Any], dict[str, NDArray[np.bool_]]]:
    """The groups by the last column of ``by``, and the rows of each combination of those before; all rows, under "", if there are none before."""
    *outer, last = [by] if isinstance(by, str) else list(by)
    groups = measures.groups_of(table, last, "compare")
    if not outer:
        return groups, {"": np.ones(len(table), bool)}
    labels = measures.groups_of(table, outer, "compare")
    return groups, {label: (labels == label).to_numpy() for label in sorted(labels.unique())}


def _outer(by: measures.By) -> list[str]:
    """The name of all columns of ``by`` but the last, as one."""
    return [] if isinstance(by, str) or len(by) < 2 else [str(measures.name_of(by[:-1]))]


def _share_of_voice(attributions: pd.DataFrame, by: measures.By, count: str, levels: Any) -> _Compared:
    attributions = tables.check(attributions, "attributions")
    groups, parts = _within(attributions, by)
    weight = measures.word_counts(attributions.content) if count == "words" else np.ones(len(attributions))
    chosen = sorted({*groups, *tables.names([] if levels is None else levels)})
    _at_most(len(parts) * len(chosen))
    rows = []
    for label, here in parts.items():
        for g in chosen:
            labels = (measures.JOIN.join([label, g]) if _outer(by) else g,)
            rows.append(_Row(f"share_of_voice_{count}", labels, [weight * (here & (groups == g)), weight * here], _ratio, _ones(here & (groups == g))))
    return _Compared(attributions, [str(measures.name_of(by))], rows)


def _shares_of_values(name: str, groups: pd.Series[Any], values: pd.Series[Any]) -> Iterator[_Row]:
    _at_most(groups.nunique() * values.nunique())
    for group in sorted(groups.unique()):
        here = _ones(groups == group)
        for value in sorted(values.unique()):
            having = _ones(here * (values == value))
            yield _Row(name, (group, value), [having, here], _ratio, having)


def _kind_share(attributions: pd.DataFrame, by: measures.By | None) -> _Compared:
    attributions = tables.check(attributions, "attributions")
    groups = measures.groups_of(attributions, by, "compare")
    return _named(attributions, [by, "kind"], list(_shares_of_values("kind_share", groups, attributions.kind)))


def _code_share(codes: pd.DataFrame, code: str, by: measures.By | None) -> _Compared:
    codes = tables.check(codes, "codes")
    codes = codes[codes.code == code].reset_index(drop=True)
    groups = measures.groups_of(codes, by, "compare")
    return _named(codes, [by, "value"], list(_shares_of_values("code_share", groups, codes.value.fillna(measures.MISSING))))


def _unnamed_share(attributions: pd.DataFrame, by: measures.By | None) -> _Compared:
    attributions = tables.check(attributions, "attributions")
    groups, unnamed = measures.groups_of(attributions, by, "compare"), measures.unnamed(attributions)
    _at_most(groups.nunique())
    chosen = [(g, _ones(groups == g)) for g in sorted(groups.unique())]
    return _named(attributions, [by], [_Row("unnamed_share", (g,), [unnamed * here, here], _ratio, here) for g, here in chosen])


def _source_diversity(attributions: pd.DataFrame, by: measures.By, levels: Any) -> _Compared:
    attributions = tables.check(attributions, "attributions")
    groups, parts = _within(attributions, by)
    known = (groups != measures.MISSING).to_numpy()
    spoken, said = attributions[known].reset_index(drop=True), groups[known].to_numpy()
    k = len(set(said) if levels is None else tables.names(levels))
    names = ("entropy_normalised", "simpson", "effective_number")
    _at_most(3 * len(parts))
    rows = []
    for label, part in parts.items():
        here, cell = part[known], np.full(len(spoken), -1, np.int64)
        cell[here] = pd.factorize(said[here], sort=True)[0]
        rows += [_Row(name, (label,) if _outer(by) else (), cell, _Diversity(n, k), _ones(here)) for n, name in enumerate(names)]
    return _Compared(spoken, _outer(by), rows)


@dataclass(frozen=True)
class _Diversity:
    """One of the three measures of diversity, with its derivatives: small steps, one speaker at a time, would take hours for a thousand speakers."""

    number: int
    levels: int

    def __call__(self, sums: Floats) -> Floats:
        return measures.diversity(sums, self.levels)[..., self.number : self.number + 1]

    def slope(self, sums: Floats) -> Floats:
        """With p the shares of n, and H the entropy: -(log p + H) / n, over log K or times exp H; -2 (p - Σ p²) / n."""
        n = sums.sum(axis=-1, keepdims=True)
        p = sums / n
        if self.number == 1:
            return np.asarray(-2 * (p - (p**2).sum(axis=-1, keepdims=True)) / n)
        logs = np.log(np.where(p > 0, p, 1))
        entropy = -(p * logs).sum(axis=-1, keepdims=True)
        slope = np.where(p > 0, -(logs + entropy) / n, 0.0)
        return np.asarray(slope * np.exp(entropy) if self.number else slope / (np.log(self.levels) if self.levels > 1 else np.nan))


def _camp_balance(attributions: pd.DataFrame, first: str, second: str, by: measures.By) -> _Compared:
    attributions = tables.check(attributions, "attributions")
    groups, parts = _within(attributions, by)
    camps = groups.isin([first, second]).to_numpy()
    chosen, camp = attributions[camps].reset_index(drop=True), groups[camps].to_numpy()
    _at_most(2 * len(parts))
    both, rows = f"{first} - {second}", []
    for label, part in parts.items():
        here = _ones(part[camps])
        for count, w in (("words", here * measures.word_counts(chosen.content)), ("attributions", here)):
            labels = (label, both) if _outer(by) else (both,)
            rows.append(_Row(f"camp_balance_{count}", labels, [w * (camp == first), w * (camp == second)], measures.balance, here))
    return _Compared(chosen, [*_outer(by), "camps"], rows)


def _mean_tone(codes: pd.DataFrame, units: pd.DataFrame, by: measures.By | None, weight: str) -> _Compared:
    toned = _toned(codes, units, "mean_tone")
    weights = measures.word_counts(toned.text) if weight == "words" else np.ones(len(toned))
    groups, tone = measures.groups_of(toned, by, "compare"), toned.score.to_numpy(np.float64)
    rows = []
    _at_most(toned.coder.nunique() * groups.nunique())
    for coder in sorted(toned.coder.unique()):
        for group in sorted(groups.unique()):
            here = _ones((toned.coder == coder) & (groups == group))
            rows.append(_Row("mean_tone", (coder, group), [here * weights * tone, here * weights], _ratio, here))
    return _named(toned, ["coder", by], rows)


def _voice_gap(codes: pd.DataFrame, units: pd.DataFrame, by: measures.By | None, of: str | None) -> _Compared:
    if by is not None:
        raise ValueError("compare: voice_gap is compared of all or of=..., not by groups; keep one group's rows instead.")
    toned = _toned(codes, units, "voice_gap")
    toned = toned[toned.voice.notna()].reset_index(drop=True)
    words, tone, own = measures.word_counts(toned.text), toned.score.to_numpy(np.float64), (toned.voice == "own").to_numpy()
    speaking, rows = measures.groups_of(toned, of, "compare"), []
    _at_most(toned.coder.nunique() * speaking[~own].nunique())
    for coder in sorted(toned.coder.unique()):
        for speaker in sorted(speaking[~own].unique()):
            parts = [_ones((toned.coder == coder) & part) for part in (~own & (speaking == speaker), own)]
            values = [part * words * tone for part in parts] + [part * words for part in parts]
            rows.append(_Row("voice_gap", (coder, speaker), values, measures.gap, parts[0] + parts[1]))
    return _named(toned, ["coder", of], rows)


def _word_rate(codes: pd.DataFrame, units: pd.DataFrame, code: str, by: measures.By | None) -> _Compared:
    codes, units = tables.check(codes, "codes"), tables.check(units, "units")
    counts, words = measures.code_counts(codes[codes.code == code], units, "compare"), measures.word_counts(units.text)
    groups = measures.groups_of(units, by, "compare")
    _at_most(groups.nunique())
    chosen = [(g, _ones(groups == g)) for g in sorted(groups.unique())]
    return _named(units, [by], [_Row("word_rate", (g,), [100 * counts * here, words * here], _ratio, counts * here) for g, here in chosen])


def _target_tone_share(mentions: pd.DataFrame, by: measures.By | None) -> _Compared:
    mentions = mentions.reset_index(drop=True)
    groups = measures.groups_of(mentions, by, "compare", own=("tone",))
    _at_most(groups.nunique() * len(TONES))
    rows = []
    for group in sorted(groups.unique()):
        here = _ones(groups == group)
        for tone in TONES:
            having = _ones(here * (mentions.tone == tone))
            rows.append(_Row("target_tone_share", (group, tone), [having, here], _ratio, having))
    return _named(mentions, [by, "tone"], rows)


def _target_tone_net(mentions: pd.DataFrame, by: measures.By | None) -> _Compared:
    mentions = mentions.reset_index(drop=True)
    groups, sign = measures.groups_of(mentions, by, "compare"), _ones(mentions.tone == "positive") - _ones(mentions.tone == "negative")
    _at_most(groups.nunique())
    chosen = [(g, _ones(groups == g)) for g in sorted(groups.unique())]
    return _named(mentions, [by], [_Row("target_tone_net", (g,), [sign * here, here], _ratio, here) for g, here in chosen])


def _label_share(labels: pd.DataFrame, mentions: pd.DataFrame, by: str | Iterable[str]) -> _Compared:
    labels, mentions, names = tables.check(labels, "codes"), tables.check(mentions, "mentions").reset_index(drop=True), tables.names(by)
    groups, label = measures.groups_of(mentions, names, "compare"), labels.value.fillna(measures.MISSING)
    carrying = {contrasts.ANY: labels.unit_id, **{value: labels.unit_id[label == value] for value in sorted(label.unique())}}
    _at_most(groups.nunique() * len(carrying))
    rows = []
    for group in sorted(groups.unique()):
        here = _ones(groups == group)
        for value, units in carrying.items():
            having = here * _ones(mentions.mention_id.isin(units))
            rows.append(_Row("label_share", (group, value), [having, here], _ratio, having))
    return _named(mentions, [names, "label"], rows)


def _agency_balance(acts: pd.DataFrame, by: str) -> _Compared:
    rows = acting.sides_of(acts, by)
    _at_most(rows[by].nunique())
    acted, sides = rows[by].astype("str"), [_ones(rows.side == side) for side in (0, 1)]
    chosen = [(actor, _ones(acted == actor)) for actor in sorted(acted.unique())]
    return _named(rows, [by], [_Row("agency_balance", (actor,), [side * here for side in sides], measures.balance, here) for actor, here in chosen])


def _toned(codes: pd.DataFrame, units: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The tone codes with text, voice, groups and all other columns of their units, such as the outlet."""
    toned = measures.tones_of(codes, units, [column for column in units.columns if column not in ("unit_id", "document_id")], measure)
    return toned.reset_index(drop=True)


def _ones(where: Any) -> Floats:
    return np.asarray(where, dtype=np.float64)


def _named(table: pd.DataFrame, columns: list[measures.By | None], rows: list[_Row]) -> _Compared:
    """With the names of the group columns, less those that were not asked for."""
    kept = [n for n, column in enumerate(columns) if column is not None]
    names = [str(measures.name_of(columns[n] or "")) for n in kept]
    return _Compared(table, names, [row._replace(labels=tuple(row.labels[n] for n in kept)) for row in rows])


SUMS: dict[str, Callable[..., _Compared]] = {
    "share_of_voice": _share_of_voice,
    "kind_share": _kind_share,
    "unnamed_share": _unnamed_share,
    "source_diversity": _source_diversity,
    "camp_balance": _camp_balance,
    "code_share": _code_share,
    "mean_tone": _mean_tone,
    "voice_gap": _voice_gap,
    "word_rate": _word_rate,
    "target_tone_share": _target_tone_share,
    "target_tone_net": _target_tone_net,
    "label_share": _label_share,
    "agency_balance": _agency_balance,
}
MEASURES = {name: next(getattr(module, name) for module in (measures, attitudes, contrasts, acting) if hasattr(module, name)) for name in SUMS}
