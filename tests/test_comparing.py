"""Comparisons of two outlets: the same figures as the measures give, exact tests of few documents, and what is refused."""

from itertools import combinations
from math import comb, sqrt

import numpy as np
import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis import comparing, measures
from newsanalysis.tables import TableError
from newsanalysis.tone_model import TONES

OUTLETS = ("Daily", "Herald")


def attributions_of(seed=0, documents=12):
    """Attributions of two outlets, drawn at random: three camps, three kinds, some unnamed."""
    draw = np.random.default_rng(seed)
    rows = []
    for d in range(documents):
        for _ in range(draw.integers(1, 5)):
            outlet = OUTLETS[d % 2]
            rows.append(
                (f"d{d}", outlet, draw.choice(["nato", "russian", "western"]), draw.choice(["direct", "mixed", "indirect"]), "no " * draw.integers(1, 6))
            )
    table = pd.DataFrame(rows, columns=["document_id", "outlet", "affiliation", "kind", "content"])
    speakers = draw.choice(["Ann Lee", "unnamed officials"], len(table))
    return table.assign(attribution_id=[str(n) for n in range(len(table))], speaker=speakers, start=0, end=1, attributor="hand@1")


def units_and_codes(seed=0, documents=10):
    """Segments of two outlets, with a tone each and a hedge now and then."""
    draw = np.random.default_rng(seed)
    rows = [(f"d{d}", voice, "w " * draw.integers(1, 9), OUTLETS[d % 2]) for d in range(documents) for voice in ("own", "attributed", "own", "attributed")]
    units = pd.DataFrame(rows, columns=["document_id", "voice", "text", "outlet"])
    units = units.assign(unit_id=[f"u{n}" for n in range(len(units))], unit="segment", start=0, end=units.text.map(len))
    units["camp"] = np.where(units.voice == "own", None, draw.choice(["x", "y"], len(units)))
    codes = units[["unit_id", "document_id", "unit"]].assign(code="tone", score=draw.uniform(-1, 1, len(units)), coder="hand@1")
    hedges = units[::3][["unit_id", "document_id", "unit"]].assign(code="hedge", value="x", coder="hand@1")
    return units, pd.concat([codes, hedges], ignore_index=True)


A = attributions_of()
U, C = units_and_codes()
LABELLED = C[C.code == "hedge"].assign(value=["x", "y", "x", "x", "y", "x", "y", "y", "x", "y", "x", "y", "x", "x"]).merge(U[["unit_id", "outlet", "voice"]])


def mentions_labels_and_acts(seed=0, documents=12):
    """Mentions of two outlets with a tone, labels of some, and acts between the actors, some of them negated."""
    draw = np.random.default_rng(seed)
    documents_of = [f"d{d}" for d in range(documents) for _ in range(draw.integers(2, 6))]
    size = len(documents_of)
    mentions = pd.DataFrame({"mention_id": [f"m{n}" for n in range(size)], "document_id": documents_of, "unit_id": "s", "text": "Oslo", "start": 0, "end": 4})
    mentions = mentions.assign(document_start=0, document_end=4, actor_id="a", role="official", attribution_id=None)
    mentions = mentions.assign(outlet=mentions.document_id.str[1:].astype(int).map(lambda d: OUTLETS[d % 2]), tone=draw.choice(TONES, size))
    mentions = mentions.assign(
        actor=draw.choice(["Oslo", "Rome"], size), affiliation=draw.choice(["x", "y"], size), voice=draw.choice(["own", "attributed"], size)
    )
    labels = pd.DataFrame({"unit_id": [*mentions.mention_id[::2], *mentions.mention_id[::4]]}).merge(
        mentions[["mention_id", "document_id"]], left_on="unit_id", right_on="mention_id"
    )
    values = ["regime", "so_called", "regime"] * size
    labels = labels.assign(unit="mention", code="label", value=values[: len(labels)], coder="labels@1").drop(columns="mention_id")
    acts = mentions[["document_id", "outlet", "actor"]].assign(
        acted_upon=draw.choice(["Oslo", "Rome", "Bonn"], size), negated=draw.choice([True, False, None], size)
    )
    return mentions, labels, acts


M, L, ACTS = mentions_labels_and_acts()
CASES = {
    "share_of_voice": (na.share_of_voice, (A,), {}),
    "share_of_voice by role of attributions": (na.share_of_voice, (A,), {"by": "speaker", "count": "attributions", "levels": ["nobody"]}),
    "share_of_voice within": (na.share_of_voice, (A,), {"by": ["kind", "affiliation"]}),
    "kind_share": (na.kind_share, (A,), {}),
    "kind_share of all": (na.kind_share, (A,), {"by": None}),
    "unnamed_share": (na.unnamed_share, (A,), {}),
    "unnamed_share by two": (na.unnamed_share, (A,), {"by": ["affiliation", "kind"]}),
    "source_diversity": (na.source_diversity, (A,), {"levels": ["nato", "russian", "western", "ukrainian"]}),
    "source_diversity within": (na.source_diversity, (A,), {"by": ["kind", "affiliation"]}),
    "camp_balance within": (na.camp_balance, (A, "nato", "russian"), {"by": ["kind", "speaker", "affiliation"]}),
    "camp_balance": (na.camp_balance, (A, "nato", "russian"), {}),
    "code_share": (na.code_share, (LABELLED,), {"code": "hedge", "by": "voice"}),
    "mean_tone": (na.mean_tone, (C, U), {"by": "voice"}),
    "mean_tone of units": (na.mean_tone, (C, U), {"weight": "units"}),
    "voice_gap": (na.voice_gap, (C, U), {}),
    "voice_gap of camps": (na.voice_gap, (C, U), {"of": "camp"}),
    "word_rate": (na.word_rate, (C, U), {"code": "hedge", "by": "voice"}),
    "target_tone_share": (na.target_tone_share, (M,), {}),
    "target_tone_share of all": (na.target_tone_share, (M,), {"by": None}),
    "target_tone_net": (na.target_tone_net, (M,), {"by": ["affiliation", "voice"]}),
    "target_tone_net of all": (na.target_tone_net, (M,), {"by": None}),
    "label_share": (na.label_share, (L, M), {}),
    "label_share by two": (na.label_share, (L, M), {"by": ["affiliation", "voice"]}),
    "agency_balance": (na.agency_balance, (ACTS,), {}),
}


def of_one(tables_, outlet):
    """The rows of one outlet; codes are those of its units."""
    parts = [part[part.outlet == outlet] if isinstance(part, pd.DataFrame) and "outlet" in part else part for part in tables_]
    if tables_[0] is L:
        return [L[L.unit_id.isin(parts[1].mention_id)], parts[1]]
    return [parts[0][parts[0].unit_id.isin(parts[1].unit_id)], parts[1]] if len(parts) == 2 and isinstance(parts[1], pd.DataFrame) else parts


@pytest.mark.parametrize(("measure", "tables_", "options"), CASES.values(), ids=CASES)
def test_both_estimates_are_what_the_measure_gives(measure, tables_, options):
    """A comparison's two estimates are the measure of each outlet's rows alone, row by row, and the difference is theirs."""
    # Planted: a share of another base; words for attributions. Caught: shares of all where the measure gives shares within the groups before the last.
    table = na.compare(measure, *tables_, **options)
    names = [c for c in table.columns[1:] if c not in ("first", "second", "estimate_first", "estimate_second", "p", *measures.OWN_COLUMNS)]
    assert (table["first"] + table["second"] == "DailyHerald").all()
    assert table.estimate.tolist() == pytest.approx((table.estimate_first - table.estimate_second).tolist(), nan_ok=True)
    for column, outlet in (("estimate_first", "Daily"), ("estimate_second", "Herald")):
        alone = measure(*of_one(tables_, outlet), **options)
        if measure is na.camp_balance:
            alone = alone.assign(camps=alone["first"] + " - " + alone["second"])
        alone = alone.assign(measure=alone.measure + "_difference").set_index(["measure", *names]).estimate
        compared = table.set_index(["measure", *names])[column] if names else table.set_index(["measure"])[column]
        assert set(alone.index) <= set(compared.index)
        pd.testing.assert_series_equal(compared.loc[alone.index], alone, check_names=False)


COUNTED = [case for name, case in CASES.items() if name != "voice_gap of camps"]


@pytest.mark.parametrize(("measure", "tables_", "options"), COUNTED)
def test_n_is_what_the_measure_counts(measure, tables_, options):
    """n is that of the measure of both outlets together, row by row."""
    # Caught: the group's attributions for those of the row's kind.
    table, whole = na.compare(measure, *tables_, **options), measure(*tables_, **options)
    whole = whole.assign(measure=whole.measure + "_difference")
    if measure is na.camp_balance:
        whole = whole.assign(camps=whole["first"] + " - " + whole["second"]).drop(columns=["first", "second"])
    names = [column for column in table.columns if column in whole and column not in measures.OWN_COLUMNS[1:]]
    both = table.merge(whole, on=names, suffixes=("", "_whole"))
    assert len(both) == len(whole)
    assert both.n.tolist() == both.n_whole.tolist()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_slopes_of_diversity(number):
    """The derivatives of the three measures are what small steps give."""
    sums, statistic = np.array([[3.0, 1.0, 6.0, 2.0]]), comparing._Diversity(number, 5)
    steps = np.eye(4) * 1e-5
    assert statistic.slope(sums)[0] == pytest.approx([((statistic(sums + s) - statistic(sums - s)) / 2e-5).item() for s in steps], rel=1e-6)


def test_diversity_of_many_speakers():
    """Two thousand speakers are compared in seconds, in little memory; beyond the limit of memory they are refused, with what to do."""
    draw = np.random.default_rng(0)
    rows = {"document_id": [f"d{n // 10}" for n in range(4000)], "speaker": [f"s{n}" for n in draw.zipf(1.3, 4000) % 2000]}
    table = pd.DataFrame(rows).assign(outlet=lambda t: np.where(t.document_id.str[-1] < "4", "Daily", "Herald"), affiliation="nato", kind="direct")
    table = table.assign(attribution_id=[str(n) for n in range(4000)], content="no", start=0, end=1, attributor="hand@1")
    assert na.compare(na.source_diversity, table, by="speaker").p.between(0, 1, inclusive="right").all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "DENSE", 1000)
        with pytest.raises(ValueError, match=r"400 documents times .* groups are too many; name the rare groups alike"):
            na.compare(na.source_diversity, table, by="speaker")


def test_p_of_few_documents_by_hand():
    """With six documents, p is the share of the 20 divisions whose difference over its standard error is as large, computed one by one."""
    table = attributions_of(seed=4, documents=6)
    counts = table.groupby("document_id").affiliation.agg(lambda camps: (camps == "nato").sum()).to_numpy(float)
    sizes = table.groupby("document_id").size().to_numpy(float)

    def t(chosen):
        parts = []
        for group in (np.isin(np.arange(6), chosen), ~np.isin(np.arange(6), chosen)):
            share = counts[group].sum() / sizes[group].sum()
            influence = (counts[group] - share * sizes[group]) / sizes[group].sum()
            parts.append((share, (influence**2).sum() * 3 / 2))
        difference = abs(parts[0][0] - parts[1][0])
        return 0 if difference < 1e-12 else difference / sqrt(parts[0][1] + parts[1][1])

    every = np.array([t(chosen) for chosen in combinations(range(6), 3)])
    compared = na.compare(na.share_of_voice, table, count="attributions").set_index("affiliation")
    assert compared.p["nato"] == pytest.approx((every >= t((0, 2, 4)) * (1 - 1e-6)).mean())
    assert compared.n_documents["nato"] == 6
    assert compared.n["nato"] == counts.sum()


def test_articles_are_exchanged_not_attributions():
    """Four articles, each of ten attributions of one camp: p is 2 / C(4, 2), not that of 40 independent attributions."""
    rows = [(f"{d}-{n}", f"d{d}", "nato" if d < 2 else "russian", OUTLETS[d // 2]) for d in range(4) for n in range(10)]
    table = pd.DataFrame(rows, columns=["attribution_id", "document_id", "affiliation", "outlet"])
    table = table.assign(kind="direct", content="no", start=0, end=1, attributor="hand@1")
    assert na.compare(na.share_of_voice, table).p.tolist() == pytest.approx([2 / comb(4, 2)] * 2)


def test_any_two_groups_and_any_order():
    """The groups may stand in any column; the order of the rows changes nothing; a seed gives one result."""
    months = A.assign(month=A.outlet.map({"Daily": "May", "Herald": "June"})).drop(columns="outlet")
    table = na.compare(na.source_diversity, months, between="month", rng=3)
    assert table[["first", "second"]].drop_duplicates().to_numpy().tolist() == [["June", "May"]]
    pd.testing.assert_frame_equal(table, na.compare(na.source_diversity, months[::-1], between="month", rng=3), check_exact=True)
    assert table.ci_low.notna().all()
    tone = na.compare(na.mean_tone, C, U)
    pd.testing.assert_frame_equal(tone, na.compare(na.mean_tone, C[::-1], U[::-1]), check_exact=True)


def test_an_outlet_of_one_document():
    """With one document of an outlet the estimates stand, and interval and p are missing."""
    table = na.compare(na.unnamed_share, A[A.document_id.isin(["d0", "d1", "d3"])], by=None)
    assert table[["ci_low", "ci_high", "p"]].isna().all(axis=None)
    assert table.estimate.notna().all()


WRONG = {
    "another function": (lambda: na.compare(na.prominence, A), ValueError, "measure must be one of na.share_of_voice, .*; not prominence"),
    "no function": (lambda: na.compare("share_of_voice", A), ValueError, "not 'share_of_voice'"),
    "no column": (
        lambda: na.compare(na.share_of_voice, A.drop(columns="outlet")),
        TableError,
        "column 'outlet' is missing; it is a column of the documents; merge it in first",
    ),
    "one outlet": (lambda: na.compare(na.share_of_voice, A[A.outlet == "Daily"]), TableError, r"has 1 values \('Daily'\); keep two"),
    "three outlets": (lambda: na.compare(na.share_of_voice, A.assign(outlet=A.kind)), TableError, "has 3 values"),
    "no outlet": (lambda: na.compare(na.share_of_voice, A.assign(outlet=A.outlet.where(A.index > 1))), TableError, "2 rows have no outlet"),
    "a document in both": (lambda: na.compare(na.share_of_voice, A.assign(document_id="d")), TableError, "document 'd' has rows of both"),
    "the measure's own options": (lambda: na.compare(na.share_of_voice, A, count="letters"), ValueError, "words, attributions; not 'letters'"),
    "unknown options": (lambda: na.compare(na.share_of_voice, A, weight="words"), TypeError, "weight"),
    "no codes": (lambda: na.compare(na.word_rate, C, U, code="hegde"), TableError, "is 'hedge' meant"),
    "tone of another table": (lambda: na.compare(na.target_tone_net, M.drop(columns="tone")), TableError, "column 'tone' is missing"),
    "labels of other mentions": (lambda: na.compare(na.label_share, L, M[5:]), TableError, "labels are of mentions that are not there"),
    "gap by groups": (lambda: na.compare(na.voice_gap, C, U.assign(month="May"), by="month"), ValueError, "keep one group's rows"),
}


@pytest.mark.parametrize(("call", "error", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_compared_is_refused(call, error, message):
    """Each thing that cannot be compared is refused in one sentence that says what to do."""
    with pytest.raises(error, match=message):
        call()


def test_many_groups_are_refused(monkeypatch):
    """More rows than the limit are refused, with a way to keep those asked about."""
    monkeypatch.setattr(comparing, "MOST", 2)
    with pytest.raises(ValueError, match="3 rows are more than 2; keep the groups"):
        na.compare(na.share_of_voice, A)
