"""From every number back to its rows: as many as n says, and giving the estimate again; and the ways in which a row keeps or loses what it knows."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import tracing
from newsanalysis.found import Found
from newsanalysis.origins import MADE_FROM, Origin
from newsanalysis.tables import TableError

WORDS = ["the", "bridge", "was", "closed", "by", "officials", "who", "feared", "that", "rebels", "would", "shell", "it", "again", "soon"]
DRAWN = np.random.default_rng(7)
N = 60


def drawn(values, n=N):
    """Values drawn at random, once for all tests."""
    return [values[at] for at in DRAWN.integers(len(values), size=n)]


DOCUMENTS = pd.DataFrame(
    {
        "document_id": [f"d{n}" for n in range(12)],
        "text": [" ".join(drawn(WORDS, 40)) for _ in range(12)],
        "title": [f"Title {n}" for n in range(12)],
        "outlet": ["Post", "Star", "Post", "Star"] * 3,
        "kind": "article",
    }
)
OUTLETS = dict(zip(DOCUMENTS.document_id, DOCUMENTS.outlet, strict=True))
TEXTS = dict(zip(DOCUMENTS.document_id, DOCUMENTS.text, strict=True))


def cut(document, start, size):
    """Start and end of a place in a document."""
    return start, min(len(TEXTS[document]), start + size)


def placed(table):
    """A table with places in its documents and the words there."""
    places = [cut(document, start, size) for document, start, size in zip(table.document_id, drawn(range(120), len(table)), drawn(range(4, 60)), strict=False)]
    texts = [TEXTS[document][start:end] for document, (start, end) in zip(table.document_id, places, strict=True)]
    return table.assign(start=[start for start, _ in places], end=[end for _, end in places], text=texts)


BASE = pd.DataFrame({"document_id": drawn(list(OUTLETS))}).sort_values("document_id", ignore_index=True)
BASE = BASE.assign(outlet=BASE.document_id.map(OUTLETS), topic=drawn(["war", "peace", None]), year=drawn([2023, 2024]))
PLACED = placed(BASE)
ATTRIBUTIONS = PLACED.rename(columns={"text": "content"}).assign(
    attribution_id=[f"{document}#{n}" for n, document in enumerate(BASE.document_id)],
    kind=drawn(["direct", "mixed", "indirect"]),
    affiliation=pd.Series(drawn(["nato", "russian", "western", None]), dtype="str"),
    speaker=pd.Series(drawn(["Jens Stoltenberg", "unnamed officials", None]), dtype="str"),
    source="he",
    cue="said",
    attributor="hand@1",
)
SPANS = ATTRIBUTIONS[["attribution_id", "start", "end", "content"]].rename(columns={"content": "text"}).assign(role="content")
FOUND = Found(DOCUMENTS, ATTRIBUTIONS, SPANS)
UNITS = PLACED.assign(
    unit_id=[f"u{n}" for n in range(N)], unit="segment", voice=pd.Series(drawn(["own", "attributed", "attributed", None]), dtype="str")
).astype({"topic": "str"})
UNITS["affiliation"] = pd.Series(drawn(["nato", "russian", None]), dtype="str").where(UNITS.voice == "attributed")
TONES = pd.concat(
    [UNITS[["document_id", "unit_id"]].assign(unit="segment", code="tone", score=np.round(DRAWN.uniform(-1, 1, N), 3), coder=coder) for coder in ("a@1", "b@1")]
)
CODES = UNITS[["document_id", "unit_id", "start", "outlet", "topic", "year", "affiliation"]].assign(
    unit="segment", code="hedge", value=pd.Series(drawn(["may", "claim", None]), dtype="str"), end=UNITS.start + 3, coder="hand@1"
)[:40]
MENTIONS = PLACED.assign(
    mention_id=[f"m{n}" for n in range(N)],
    unit_id=UNITS.unit_id,
    document_start=PLACED.start + 1,
    document_end=PLACED.start + 4,
    start=1,
    end=4,
    actor=pd.Series(drawn(["NATO", "Russia", None]), dtype="str"),
    tone=drawn(["negative", "neutral", "positive"]),
)
NAMED = MENTIONS.assign(attribution_id=ATTRIBUTIONS.attribution_id.where(np.arange(N) % 5 > 0), affiliation=ATTRIBUTIONS.affiliation[::-1].to_numpy())
LABELS = MENTIONS[:25][["document_id"]].assign(
    unit_id=MENTIONS.mention_id[:25], unit="mention", code="label", value=pd.Series(drawn(["separatist", "self-styled", None], 25), dtype="str"), coder="hand@1"
)
LABELS = pd.concat([LABELS, LABELS[:5].assign(value="separatist")], ignore_index=True)
ACTS = PLACED.assign(
    actor=pd.Series(drawn(["Russia", "Ukraine", "NATO", None]), dtype="str"),
    acted_upon=pd.Series(drawn(["Ukraine", "Russia"]), dtype="str"),
    verb="hit",
    negated=drawn([False, False, True]),
)
HAND = pd.concat([UNITS[["unit_id", "document_id"]].assign(coder=coder, variable="frame", value=drawn(["yes", "no", "yes"])) for coder in ("A", "B", "C")])
HAND = HAND[DRAWN.random(len(HAND)) < 0.8].reset_index(drop=True)
TABLE = ATTRIBUTIONS.assign(affiliation=ATTRIBUTIONS.affiliation.fillna("(missing)"))
PAIRS = TABLE[["attribution_id", "document_id", "affiliation"]].rename(columns={"attribution_id": "unit_id", "affiliation": "machine"})
PAIRS = PAIRS.assign(variable="affiliation", hand=drawn(["nato", "russian", "western", "(missing)"]), weight=1.0)


def units_left(table):
    """The same without the rows of copies, which say so."""
    return table[table.document_id != "d3"].reset_index(drop=True).assign(copies="left out")


ONE, TWO = "topic", ["topic", "year"]
MADE = {
    "share_of_voice words": lambda by, left: na.share_of_voice(left(ATTRIBUTIONS), by=[*by, "affiliation"]),
    "share_of_voice attributions": lambda by, left: na.share_of_voice(left(ATTRIBUTIONS), by=[*by, "affiliation"], count="attributions", levels=["un"]),
    "kind_share": lambda by, left: na.kind_share(left(ATTRIBUTIONS), by=by or None),
    "unnamed_share": lambda by, left: na.unnamed_share(left(ATTRIBUTIONS), by=by or None),
    "source_diversity": lambda by, left: na.source_diversity(left(ATTRIBUTIONS), by=[*by, "affiliation"]),
    "source_diversity levels": lambda by, left: na.source_diversity(left(ATTRIBUTIONS), by=[*by, "affiliation"], levels=["nato", "russian", "western", "un"]),
    "camp_balance": lambda by, left: na.camp_balance(left(ATTRIBUTIONS), "nato", "russian", by=[*by, "affiliation"]),
    "code_share": lambda by, left: na.code_share(left(CODES), code="hedge", by=by or None),
    "mean_tone": lambda by, left: na.mean_tone(left(TONES), left(UNITS), by=by or None),
    "mean_tone units": lambda by, left: na.mean_tone(left(TONES), left(UNITS), by=by or None, weight="units"),
    "voice_gap": lambda by, left: na.voice_gap(left(TONES), left(UNITS), by=by or None),
    "voice_gap of": lambda by, left: na.voice_gap(left(TONES), left(UNITS), by=by or None, of="affiliation"),
    "word_rate": lambda by, left: na.word_rate(left(CODES), left(UNITS), code="hedge", by=by or None),
    "label_share": lambda by, left: na.label_share(left(LABELS), left(MENTIONS), by=by or "actor"),
    "target_tone_share": lambda by, left: na.target_tone_share(left(MENTIONS), by=by or None),
    "target_tone_net": lambda by, left: na.target_tone_net(left(MENTIONS), by=by or None),
    "corrected_share": lambda by, left: na.corrected_share(left(TABLE), left(PAIRS), by=by or None),
}
WITHOUT_GROUPS = {
    "agency_balance": lambda left: na.agency_balance(left(ACTS)),
    "odds_ratio": lambda left: na.odds_ratio(left(CODES), code="hedge", by="topic", between=("war", "peace")),
    "voice_profile": lambda left: na.voice_profile(Found(left(DOCUMENTS), left(ATTRIBUTIONS), SPANS)),
    "prominence": lambda left: na.prominence(Found(left(DOCUMENTS), left(ATTRIBUTIONS), SPANS)),
    "who_about_whom": lambda left: na.who_about_whom(Found(left(DOCUMENTS), left(ATTRIBUTIONS), SPANS), left(NAMED)),
    "agreement": lambda left: na.agreement(left(HAND)),
    "validate": lambda left: na.validate(left(PAIRS)),
    "keyness": lambda left: na.keyness(left(UNITS), ("Post", "Star")),
}
COMPARED = {
    "share_of_voice": (na.share_of_voice, (ATTRIBUTIONS,), {"by": ["topic", "affiliation"]}),
    "kind_share": (na.kind_share, (ATTRIBUTIONS,), {}),
    "unnamed_share": (na.unnamed_share, (ATTRIBUTIONS,), {"by": "topic"}),
    "source_diversity": (na.source_diversity, (ATTRIBUTIONS,), {}),
    "camp_balance": (na.camp_balance, (ATTRIBUTIONS, "nato", "russian"), {}),
    "code_share": (na.code_share, (CODES,), {"code": "hedge"}),
    "mean_tone": (na.mean_tone, (TONES, UNITS), {"by": "topic"}),
    "voice_gap": (na.voice_gap, (TONES, UNITS), {"of": "affiliation"}),
    "word_rate": (na.word_rate, (CODES, UNITS), {"code": "hedge"}),
    "target_tone_share": (na.target_tone_share, (MENTIONS,), {}),
    "target_tone_net": (na.target_tone_net, (MENTIONS,), {"by": None}),
    "label_share": (na.label_share, (LABELS, MENTIONS), {}),
    "agency_balance": (na.agency_balance, (ACTS,), {}),
}


def whole(table):
    """All rows."""
    return table


def again(row, rows):
    """The estimate from the rows of evidence, in the words of the docstring: no help from the package."""
    counted, adds = rows[rows.part == "counted"], rows.adds
    measure = row.measure
    if measure in ("lead_share", "word_rate", "voice_profile"):
        return counted.adds.sum() / rows[rows.part == "whole"].adds.sum() * (100 if measure == "word_rate" else 1)
    if measure in ("first_position", "target_tone_net", "about_tone_net", "agency_balance"):
        return adds.mean()
    if measure.startswith("camp_balance"):
        return adds.sum() / adds.abs().sum() if len(rows) else np.nan
    if measure == "mean_tone":
        return (adds * rows.score).sum() / adds.sum()
    if measure == "voice_gap":
        tone = (adds * rows.score).groupby(rows.voice).sum() / adds.groupby(rows.voice).sum()
        return tone.get("attributed", np.nan) - tone.get("own", np.nan)
    if measure in ("simpson", "effective_number", "entropy_normalised"):
        p = rows.affiliation.value_counts(normalize=True)
        entropy = -(p * np.log(p)).sum()
        return {"simpson": 1 - (p**2).sum(), "effective_number": np.exp(entropy)}.get(measure, entropy)
    if measure in ("odds_ratio", "log_odds_ratio"):
        cells = pd.crosstab(rows.topic, rows.part).reindex(index=["war", "peace"], columns=["counted", "of which"], fill_value=0).to_numpy()
        cells = cells + 0.5 * (cells == 0).any()
        ratio = cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0])
        return np.log(ratio) if measure == "log_odds_ratio" else ratio
    if measure == "percent_agreement":
        groups = [values.value_counts() for _, values in rows.groupby("unit_id").value]
        return sum((v * (v - 1)).sum() for v in groups) / sum(v.sum() * (v.sum() - 1) for v in groups)
    if measure == "f1":
        return 2 * counted.adds.sum() / (counted.adds.sum() + adds.sum())
    return counted.adds.sum() / adds.sum()


def counted(row, rows):
    """How many units the rows of evidence are, as the docstring says."""
    some = rows[rows.part == "counted"]
    if row.measure in ("unnamed_share", "corrected_share", "accuracy", "macro_f1", "precision", "recall", "f1"):
        return len(rows)
    if row.measure in ("lead_share", "voice_profile"):
        return some.attribution_id.nunique()
    return rows.unit_id.nunique() if row.measure in ("percent_agreement", "krippendorff_alpha") else len(some)


def check(table, documents=None, most=8):
    """Every row of a measures table, or as many of them from all its parts, is what its evidence says."""
    assert len(table)
    for _, row in table.iloc[:: -(-len(table) // most)].iterrows():
        rows = na.evidence(row, documents=documents)
        assert counted(row, rows) == row.n
        assert set(rows.part) <= set(tracing.PARTS)
        if row.measure in ("krippendorff_alpha", "macro_f1", "entropy_normalised"):  # rest on more than these rows
            continue
        said = row.uncorrected if row.measure == "corrected_share" else row.estimate
        assert again(row, rows) == pytest.approx(said, nan_ok=True)
        if documents is not None:
            assert_in_text(rows)


def assert_in_text(rows):
    """What is shown stands where the offsets say."""
    here = rows[rows.start.notna()]
    for one in here.itertuples():
        assert TEXTS[one.document_id][one.start : one.end].replace("\n", " ") == one.match
    assert rows[rows.start.isna()].match.isna().all()
    assert (rows.title == rows.document_id.map(dict(zip(DOCUMENTS.document_id, DOCUMENTS.title, strict=True)))).all()


@pytest.fixture(autouse=True)
def quiet():
    """A corrected share warns of few pairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("left", [whole, units_left], ids=["copies kept", "copies left out"])
@pytest.mark.parametrize("by", [[], [ONE], TWO], ids=["all", "one column", "two columns"])
@pytest.mark.parametrize("name", MADE)
def test_every_number_is_that_of_its_rows(name, by, left):
    """n and estimate of every measure are had again from the evidence, in groups by one and two columns with missing values, without copies."""
    table = MADE[name](by, left)
    assert isinstance(table.attrs[MADE_FROM], Origin)
    check(table, DOCUMENTS if by == [ONE] else None, most=99 if by == [ONE] and left is whole else 5)


@pytest.mark.parametrize("left", [whole, units_left], ids=["copies kept", "copies left out"])
@pytest.mark.parametrize("name", [name for name in WITHOUT_GROUPS if name != "keyness"])
def test_every_number_is_that_of_its_rows_without_groups(name, left):
    """The same of measures whose groups are fixed."""
    check(WITHOUT_GROUPS[name](left), DOCUMENTS)


def test_prominence_within_outlets():
    """Positions and leads are those of the outlet's documents."""
    check(na.prominence(FOUND, by=["outlet", "affiliation"], lead=0.4))


@pytest.mark.parametrize("name", COMPARED)
def test_a_difference_is_that_of_both_sides(name):
    """The rows of both outlets give both estimates and the difference."""
    measure, given_, options = COMPARED[name]
    table = na.compare(measure, *given_, **options)
    assert len(table)
    for _, row in table[:: max(1, len(table) // 4)].iterrows():
        rows = na.evidence(row)
        assert set(rows.outlet) <= {"Post", "Star"}
        base = row.copy()
        base["measure"] = row.measure.removesuffix("_difference")
        if base.measure != "entropy_normalised":
            for outlet, said in ((row["first"], row.estimate_first), (row["second"], row.estimate_second)):
                assert again(base, rows[rows.outlet == outlet]) == pytest.approx(said, nan_ok=True)
        assert counted(base, rows) == row.n


@pytest.mark.parametrize("table", [UNITS, DOCUMENTS], ids=["units", "documents"])
def test_a_word_is_where_it_is_said(table):
    """Each word of keyness has a piece of evidence for each time that it was counted, in either group."""
    words = na.keyness(table, ("Post", "Star"))
    for _, row in words.iloc[::4].iterrows():
        rows = na.evidence(row, documents=DOCUMENTS)
        assert rows.outlet.value_counts().to_dict() == {name: n for name, n in (("Post", row.n_first), ("Star", row.n_second)) if n}
        assert_in_text(rows)
        assert (rows.match == row.word).all()


def test_a_word_with_marks_stands_where_it_stands():
    """Apostrophes, soft hyphens, points and letters that change length in lower case move no offset."""
    text = "İstanbul’s pro\u00ad‑Russian envoy, the U.S. envoy’s, don't."
    documents = na.documents(pd.DataFrame({"text": [text, "Nothing here."], "outlet": ["a", "b"]}))
    found = na.keyness(documents, ("a", "b"), min_documents=1)
    said = {row.word: na.evidence(row, documents=documents).match.tolist() for _, row in found[found.n_first > 0].iterrows()}
    assert said["pro-russian"] == ["pro\u00ad‑Russian"]
    assert said["u.s."] == ["U.S."]
    assert said["envoy"] == ["envoy", "envoy"]
    assert said["stanbul"] == ["stanbul"]


# The fault that this catches: with `counted` of share_of_voice taken by the first column of `by` instead of the last (planted in tracing._share_of_voice),
# or with missing groups left out of the whole, evidence refuses its own rows; with the check of tracing._adds_up taken away as well, `again` differs.
CAMPS = st.sampled_from(["nato", "russian", "", "(missing)", None])
ROWS = st.lists(st.tuples(st.sampled_from("abc"), CAMPS, CAMPS, st.integers(1, 4), st.sampled_from(["direct", "mixed"])), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_evidence_of_any_attributions(rows):
    """Whatever the groups are called and wherever they are missing, rows give the numbers again, and the numerators together are all rows once."""
    table = pd.DataFrame(rows, columns=["document_id", "affiliation", "topic", "words", "kind"])
    table = table.assign(attribution_id=table.index.astype(str), content=["no " * n for n in table.words], start=0, end=9, attributor="hand@1")
    table = table.astype({"affiliation": "str", "topic": "str"})
    shares = na.share_of_voice(table, by=["topic", "affiliation"])
    check(shares[shares.estimate.notna()])
    check(na.kind_share(table, by="topic"))
    ids = [key for _, row in na.share_of_voice(table).iterrows() for key in na.evidence(row).query("part == 'counted'").attribution_id]
    assert sorted(ids) == sorted(table.attribution_id)


# --- what a row knows ----------------------------------------------------------------------------------------------------

SHARES = na.share_of_voice(ATTRIBUTIONS)
KEPT = {
    "loc": lambda m: m.loc[1],
    "iloc": lambda m: m.iloc[1],
    "iterrows": lambda m: list(m.iterrows())[1][1],
    "head": lambda m: m.head(2).loc[1],
    "sorted": lambda m: m.sort_values("affiliation").loc[1],
    "filtered": lambda m: m[m.index == 1],
    "query": lambda m: m.query("index == 1").iloc[0],
    "squeezed": lambda m: m.iloc[[1]].squeeze(),
    "indexed": lambda m: m.set_index("affiliation", drop=False).iloc[1],
    "copied": lambda m: m.copy(deep=True).assign(remark="x").loc[1],
    "rounded": lambda m: m.round(2).loc[1],
    "itself twice": lambda m: pd.concat([m, m], ignore_index=True).loc[1],
}


@pytest.mark.parametrize("way", KEPT)
def test_a_row_knows_where_it_is_from(way):
    """Choosing, sorting, filtering, rounding and copying keep the way back."""
    assert na.evidence(KEPT[way](SHARES)).equals(na.evidence(SHARES.loc[1]))


def test_a_token_is_a_text_that_goes_into_parquet(tmp_path):
    """Attributes can be written as JSON; a table that is read again has the text, and the message says what was lost."""
    assert SHARES.attrs == {MADE_FROM: SHARES.attrs[MADE_FROM]}
    assert str(SHARES.attrs[MADE_FROM]) == "share_of_voice of 60 attributions"
    SHARES.to_parquet(tmp_path / "m.parquet")
    read = pd.read_parquet(tmp_path / "m.parquet")
    with pytest.raises(TableError, match=r"no longer knows what it was made from \(share_of_voice of 60 attributions\).*of=attributions"):
        na.evidence(read.loc[1])
    assert na.evidence(read.loc[1], of=ATTRIBUTIONS).equals(na.evidence(SHARES.loc[1]))


def test_a_pickle_does_not_drag_the_tables_along():
    """In another process the token is a plain text, and the pickle is small."""
    assert len(pickle.dumps(SHARES)) < len(pickle.dumps(ATTRIBUTIONS)) / 2
    assert type(pickle.loads(pickle.dumps(SHARES)).attrs[MADE_FROM]) is str


def test_tables_of_the_same_size_are_told_apart():
    """Two measures put together know nothing, even if their tokens read alike."""
    other = na.share_of_voice(ATTRIBUTIONS.assign(affiliation=ATTRIBUTIONS.affiliation[::-1].to_numpy()))
    assert str(other.attrs[MADE_FROM]) == str(SHARES.attrs[MADE_FROM])
    both = pd.concat([SHARES, other], ignore_index=True)
    with pytest.raises(TableError, match="put together from several measures"):
        na.evidence(both.loc[0])


def test_what_is_written_into_a_table_later_does_not_reach_the_evidence():
    """The evidence is of the table as it was measured."""
    attributions = ATTRIBUTIONS.copy()
    shares = na.share_of_voice(attributions)
    attributions.loc[:, "affiliation"] = "western"
    attributions.drop(index=range(50), inplace=True)  # noqa: PD002
    assert na.evidence(shares.loc[0]).equals(na.evidence(SHARES.loc[0]))


CSV = {
    **{name: ((lambda name=name: MADE[name]([ONE], whole)), of, options) for name, of, options in (
        ("share_of_voice words", ATTRIBUTIONS, {}),
        ("kind_share", ATTRIBUTIONS, {}),
        ("unnamed_share", ATTRIBUTIONS, {}),
        ("source_diversity", ATTRIBUTIONS, {"by": [ONE, "affiliation"]}),
        ("camp_balance", ATTRIBUTIONS, {}),
        ("code_share", CODES, {}),
        ("mean_tone", (TONES, UNITS), {}),
        ("mean_tone units", (TONES, UNITS), {"weight": "units"}),
        ("voice_gap", (TONES, UNITS), {}),
        ("voice_gap of", (TONES, UNITS), {}),
        ("word_rate", (CODES, UNITS), {}),
        ("label_share", (LABELS, MENTIONS), {}),
        ("target_tone_share", MENTIONS, {}),
        ("target_tone_net", MENTIONS, {}),
        ("corrected_share", (TABLE, PAIRS), {}),
    )},
    "years": (lambda: na.kind_share(ATTRIBUTIONS, by="year"), ATTRIBUTIONS, {}),
    "outlets of what was found": (lambda: na.kind_share(ATTRIBUTIONS, by="outlet"), Found(DOCUMENTS, ATTRIBUTIONS.drop(columns="outlet"), SPANS), {}),
    "agency_balance": (lambda: WITHOUT_GROUPS["agency_balance"](whole), ACTS, {}),
    "odds_ratio": (lambda: WITHOUT_GROUPS["odds_ratio"](whole), CODES, {"by": "topic"}),
    "prominence": (lambda: WITHOUT_GROUPS["prominence"](whole), FOUND, {}),
    "voice_profile": (lambda: WITHOUT_GROUPS["voice_profile"](whole), FOUND, {}),
    "who_about_whom": (lambda: WITHOUT_GROUPS["who_about_whom"](whole), (FOUND, NAMED), {}),
    "agreement": (lambda: WITHOUT_GROUPS["agreement"](whole), HAND, {}),
    "validate": (lambda: WITHOUT_GROUPS["validate"](whole), PAIRS, {}),
    "keyness": (lambda: WITHOUT_GROUPS["keyness"](whole), UNITS, {"groups": ("Post", "Star")}),
    "compare": (lambda: na.compare(na.share_of_voice, ATTRIBUTIONS), ATTRIBUTIONS, {}),
    "compare camps": (lambda: na.compare(na.camp_balance, ATTRIBUTIONS, "nato", "russian"), ATTRIBUTIONS, {}),
    "compare years": (lambda: na.compare(na.mean_tone, TONES, UNITS.assign(year=UNITS.outlet)), (TONES, UNITS), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", CSV)
def test_rows_of_a_file_with_their_tables_given_again(name, tmp_path):
    """A row of a CSV file and what the measure was given lead to the same evidence as the row in memory."""
    make, of, options = CSV[name]
    table = make()
    table.to_csv(tmp_path / "m.csv", index=False)
    read = pd.read_csv(tmp_path / "m.csv", keep_default_na=True)
    for n in range(0, len(read), max(1, len(read) // 3)):
        assert (
            na.evidence(read.loc[n], of=of, **options)
            .drop(columns=["outlet", "title", "left", "match", "right"])
            .equals(na.evidence(table.loc[n]).drop(columns=["outlet", "title", "left", "match", "right"]))
        )


def test_other_tables_are_refused():
    """Rows that do not give the row's numbers are not shown as its evidence."""
    read = pd.DataFrame(SHARES.to_dict("records"))
    with pytest.raises(TableError, match=r"n = \d+ and .* says n = \d+ and"):
        na.evidence(read.loc[0], of=ATTRIBUTIONS[:30])
    read = pd.DataFrame(na.mean_tone(TONES, UNITS, weight="units").to_dict("records"))
    with pytest.raises(TableError, match=r"an option was another one \(by=, weight=\)"):
        na.evidence(read.loc[0], of=(TONES, UNITS))


@pytest.mark.parametrize(
    ("row", "kwargs", "message"),
    [
        (SHARES, {}, "a table of 4 rows was given; give one row"),
        (3, {}, "a int was given"),
        (ATTRIBUTIONS.loc[0], {}, "no row of a measures table"),
        (SHARES.loc[0].drop("affiliation"), {}, "no column 'affiliation'"),
        (SHARES.loc[0], {"lead": 0.1}, "'lead' is not needed"),
        (pd.Series({"measure": "span_exact", "estimate": 0.5, "n": 3, "n_predicted": 4}), {}, "'span_exact' cannot be traced: it counts tokens"),
        (pd.Series({"measure": "calibration_error", "estimate": 0.5, "n": 3}), {}, "'calibration_error' cannot be traced: it counts predicted"),
        (pd.Series({"measure": "mine", "estimate": 0.5, "n": 3}), {}, "the measure 'mine' cannot be traced; those of na.share_of_voice"),
        (
            pd.Series({"measure": "mean_tone", "coder": "a@1", "n": 3}),
            {"of": FOUND},
            r"does not count attributions; give na.evidence\(row, of=\(codes, units\)\)",
        ),
        (pd.Series({"measure": "mean_tone", "coder": "a@1", "n": 3}), {"of": TONES}, "takes other arguments"),
        (pd.Series({"measure": "mean_tone", "coder": "a@1", "n": 3}), {"of": 3}, "of is a int"),
        (pd.Series({"measure": "prominence", "n": 3}), {"of": "/dev"}, "holds no results"),
        (pd.Series(SHARES.loc[0].to_dict()), {}, "was read from a file, came from another process, or was merged"),
        (pd.Series({**SHARES.loc[0].to_dict(), "estimate": "57%"}), {}, "estimate of the row is '57%', no number"),
        (
            pd.Series({"measure": "entropy_normalised", "estimate": 0.5, "n": 60}),
            {"of": ATTRIBUTIONS},
            "does not show the groups whose diversity it is; add them, as in .* by='affiliation'",
        ),
        (SHARES.loc[0], {"documents": DOCUMENTS[:2]}, "is not among the documents given"),
        (SHARES.loc[0], {"documents": ATTRIBUTIONS}, "documents has no column 'text'"),
    ],
)
def test_what_cannot_be_traced_says_why(row, kwargs, message):
    """Each refusal says what was wrong and what to give."""
    with pytest.raises(TableError, match=message):
        na.evidence(row, **kwargs)


def test_negative_width_is_refused():
    """Context has 0 or more characters."""
    with pytest.raises(ValueError, match="width is -1"):
        na.evidence(SHARES.loc[0], width=-1)


def test_words_are_shown_where_units_are_at_hand():
    """Without documents the context is that of the unit or sentence; attributions alone have none."""
    rows = na.evidence(na.word_rate(CODES, UNITS, code="hedge").loc[0])
    codes = rows[rows.part == "counted"]
    assert all(TEXTS[one.document_id][one.start : one.end] == one.match for one in codes.itertuples())
    mentions = na.evidence(na.target_tone_net(MENTIONS).loc[0])
    assert all(TEXTS[one.document_id][one.start : one.end] == one.match for one in mentions.itertuples())
    assert na.evidence(SHARES.loc[0]).match.isna().all()


def test_scores_know_nothing_of_rows():
    """Scores of two annotations are refused by name, as they are made."""
    found = na.attribute(na.documents(["The mayor said the bridge was closed."]))
    for make in (na.span_scores, na.attribution_scores, na.who_says_scores):
        with pytest.raises(TableError, match="cannot be traced: it counts tokens and spans"):
            na.evidence(make(found, found).iloc[0])


def test_results_of_an_analysis(tmp_path):
    """Every row of measures.csv leads to its rows in the folder, copies kept and left out."""
    story = "NATO Secretary-General Jens Stoltenberg said that allies may send tanks. The awful plan was dropped. Moscow warned against it, officials said. "
    texts = [story, story, "Ukraine's Volodymyr Zelenskyy denied that. So-called officials in Moscow said it was “a lie”."]
    for n, text in enumerate(texts):
        (tmp_path / f"{n}.txt").write_text(text * 2)
    na.analyse(tmp_path, tmp_path.parent / "results")
    table = pd.read_csv(tmp_path.parent / "results" / "measures.csv")
    assert set(table.copies) == {"kept", "left out"}
    for _, row in table[::3].iterrows():
        rows = na.evidence(row, of=tmp_path.parent / "results")
        assert row.measure == "entropy_normalised" or again(row, rows) == pytest.approx(row.estimate, nan_ok=True)
        assert rows.match.notna().all()
    with pytest.raises(TableError, match=r"na\.analyse does not write 'target_tone_net'"):
        na.evidence(pd.Series({"measure": "target_tone_net", "estimate": 0.0, "n": 1}), of=tmp_path.parent / "results")


UNITS_CODED = {
    "mentions": lambda found: na.mentions(found, codebook="ukraine_war"),
    "attributions": lambda found: found.attributions,
    "sentences": lambda found: na.units(found, unit="sentence"),
    "segments": lambda found: na.units(found, unit="segment"),
}


@pytest.mark.parametrize("kind", UNITS_CODED)
def test_hand_codes_lead_to_the_words_that_were_coded(kind):
    """The sample that was coded, or what was found, says where the units of hand codes and pairs stand."""
    texts = ["NATO said it stood firm. Ukraine denied that the bridge was closed.", "Officials said NATO feared the worst. It rained."]
    found = na.resolve(na.attribute(na.documents(texts, document_id=["a", "b"])), codebook="ukraine_war")
    sample = na.sample(UNITS_CODED[kind](found), n=3)
    codes = sample[["unit_id", "document_id"]].assign(variable="right", value="yes")
    twice = pd.concat([codes.assign(coder="A"), codes.assign(coder="B")], ignore_index=True)
    pairs = na.pairs(sample.assign(right="yes"), twice, variable="right")
    places = ["document_start", "document_end"] if kind == "mentions" else ["start", "end"]
    whole = dict(zip(found.documents.document_id, found.documents.text, strict=True))
    stand = {unit: (start, end) for unit, start, end in sample[["unit_id", *places]].itertuples(index=False)}
    for measure in (na.validate(pairs), na.agreement(twice)):
        for source in (sample, *([found] if kind != "mentions" else [])):
            rows = na.evidence(measure.loc[0], documents=source)
            assert len(rows) >= 3 and [(start, end) for start, end in rows[["start", "end"]].itertuples(index=False)] == [stand[unit] for unit in rows.unit_id]
            if kind != "attributions" or source is found:
                assert [
                    whole[document][start:end] for document, start, end in rows[["document_id", "start", "end"]].itertuples(index=False)
                ] == rows.match.tolist()
