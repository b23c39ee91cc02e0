"""Machine against hand: closed forms, weights that undo the sample, disputes said aloud, and a methods paragraph with the tables' figures only."""

import re
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsanalysis as na


def both(machine: str, hand: str, weight=1.0) -> pd.DataFrame:
    """Pairs of one-letter values, a document each."""
    keys = [f"u{n:03d}" for n in range(len(hand))]
    return pd.DataFrame({"unit_id": keys, "document_id": keys, "variable": "x", "machine": list(machine), "hand": list(hand), "weight": weight})


def estimates(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Estimates by measure and value."""
    return {(row.measure, row.value): row.estimate for row in table.itertuples()}


def test_scores_have_a_closed_form():
    """Machine aabbb against hand aaaab with weights 1 2 1 1 3: precision(a) 3/3, recall(a) 3/5, f1(a) 6/8; precision(b) 3/5, f1(b) 6/8; accuracy 6/8."""
    # Planted: unweighted sums; precision and recall exchanged: caught.
    scores = estimates(na.validate(both("aabbb", "aaaab", [1, 2, 1, 1, 3])))
    assert scores == pytest.approx(
        {
            ("accuracy", "all"): 6 / 8,
            ("macro_f1", "all"): (6 / 8 + 6 / 8) / 2,
            ("precision", "a"): 3 / 3,
            ("recall", "a"): 3 / 5,
            ("f1", "a"): 6 / 8,
            ("precision", "b"): 3 / 5,
            ("recall", "b"): 3 / 3,
            ("f1", "b"): 6 / 8,
        }
    )


def test_a_value_that_nobody_gave():
    """A value only the machine gives has precision 0 and no recall, and is not in macro F1; n says what a figure divides by."""
    table = na.validate(both("ac", "aa"))
    scores = estimates(table)
    assert scores["precision", "c"] == 0 and np.isnan(scores["recall", "c"]) and scores["macro_f1", "all"] == pytest.approx(2 / 3)
    assert table.set_index(["measure", "value"]).n.to_dict()[("recall", "c")] == 0


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30), st.randoms(use_true_random=False))
def test_order_is_nothing_and_whole_weights_are_copies(rows, random):
    """Another order of rows changes nothing, the interval included; a weight of 3 is the same as three such units; confusion adds up."""
    pairs = both("".join(a for a, _ in rows), "".join(b for _, b in rows))
    order = list(range(len(pairs)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(na.validate(pairs), na.validate(pairs.iloc[order]))
    copies = pd.concat([pairs.assign(unit_id=pairs.unit_id + str(n)) for n in range(3)])
    assert estimates(na.validate(copies)) == pytest.approx(estimates(na.validate(pairs.assign(weight=3.0))), nan_ok=True)
    table = na.confusion(pairs)
    assert table.n.sum() == len(pairs) and table.groupby("hand").share.sum().tolist() == pytest.approx([1.0] * table.hand.nunique())


def test_weights_undo_the_sample():
    """Of 900 units of x (machine right) and 100 of y (machine wrong) ten each are coded: accuracy is .9, not .5."""
    # Planted: pairs without the weights: .5.
    table = pd.DataFrame({"unit_id": [f"u{n:04d}" for n in range(1000)], "document_id": [f"d{n % 50}" for n in range(1000)], "x": ["x"] * 900 + ["y"] * 100})
    drawn = na.sample(table, n=20, by="x", allocation="equal")
    codes = drawn[["unit_id", "document_id"]].assign(coder="A", variable="x", value="x")
    pairs = na.pairs(drawn, codes, variable="x")
    assert pairs.columns.tolist() == ["unit_id", "document_id", "variable", "machine", "hand", "weight"]
    assert pairs.weight.sum() == pytest.approx(1000)
    assert estimates(na.validate(pairs))["accuracy", "all"] == pytest.approx(900 / 1000)


def hand(by_coder: dict[str, str]) -> pd.DataFrame:
    """Hand codes, a blank for none."""
    rows = [(f"u{n}", "d", coder, "x", value) for coder, values in by_coder.items() for n, value in enumerate(values) if value != " "]
    return pd.DataFrame(rows, columns=["unit_id", "document_id", "coder", "variable", "value"])


DRAWN = pd.DataFrame({"unit_id": ["u0", "u1", "u2", "u3"], "document_id": "d", "x": ["a", "b", None, "a"], "stratum": list("sstt"), "weight": 2.0})


def test_disputes_are_said_and_settled(capsys):
    """Two against one decides; one against one is left out and named, and the weights of its stratum are raised; one coder's codes can be chosen."""
    codes = hand({"A": "abaa", "B": "aabb"})
    pairs = na.pairs(DRAWN, codes, variable="x")
    assert "x: 4 units in the sample: 1 paired, 3 in dispute, 0 not coded. (in dispute, first: u1, u2, u3;" in (said := capsys.readouterr().out)
    assert "nothing is paired of t" in said
    assert pairs[["unit_id", "hand", "weight"]].to_numpy().tolist() == [["u0", "a", 4.0]]
    settled = na.pairs(DRAWN, pd.concat([codes, hand({"C": " bba"})]), variable="x")
    assert settled.hand.tolist() == ["a", "b", "b", "a"] and settled.weight.tolist() == [2.0] * 4
    assert na.pairs(DRAWN, codes, variable="x", coder="A").hand.tolist() == list("abaa")


def test_codes_of_other_words_are_refused():
    """Codes that carry the words they were given to are refused where the sample has others under the same id: text, a mention's name, content; marks and
    what a cell could not hold do not count."""
    # Planted: the text of a mention's sentence for its name; the whole cell with its "cut here": both fail here.
    codes = hand({"A": "ab"}).assign(words=["“Rain” fell", "It snowed"])
    drawn = DRAWN.head(2).assign(text=['"Rain" fell', "It snowed"])
    assert len(na.pairs(drawn, codes, variable="x")) == 2
    assert len(na.pairs(drawn.assign(text=["Rain fell for days", "It snowed"]), codes.assign(words=["Rain … [cut here: 9 more]", None]), variable="x")) == 2
    with pytest.raises(na.TableError, match="'u1' was coded as 'It snowed', but the sample has 'It rained' there"):
        na.pairs(drawn.assign(text=["Rain fell", "It rained"]), codes, variable="x")
    with pytest.raises(na.TableError, match=r"'u0' was coded as .* but the sample has 'Hail' there"):
        na.pairs(drawn.assign(content=["Hail", ""]), codes, variable="x")
    named = DRAWN.head(1).assign(text="Critics blamed Russia.", start=15, end=21, document_start=15, document_end=21)
    assert len(na.pairs(named, hand({"A": "a"}).assign(words="Russia"), variable="x")) == 1
    with pytest.raises(na.TableError, match="coded as 'NATO', but the sample has 'Russia'"):
        na.pairs(named, hand({"A": "a"}).assign(words="NATO"), variable="x")


def test_what_the_machine_left_out_is_a_value():
    """An answer that is missing is (missing), and counts against recall."""
    pairs = na.pairs(DRAWN, hand({"A": "abaa"}), variable="x")
    assert pairs.machine.tolist() == ["a", "b", "(missing)", "a"]
    assert estimates(na.validate(pairs))["recall", "a"] == pytest.approx(2 / 3)


def test_the_machines_column_may_be_named():
    """Another column, whole numbers as codes, or sampled codes of the variable."""
    assert na.pairs(DRAWN.assign(score=[1.0, 0.0, np.nan, 2.0]), hand({"A": "1012"}), variable="x", machine="score").machine.tolist() == [
        "1",
        "0",
        "(missing)",
        "2",
    ]
    codes = DRAWN.drop(columns="x").assign(code="x", value=list("abab"))
    assert na.pairs(codes, hand({"A": "abab"}), variable="x").machine.tolist() == list("abab")


@pytest.mark.parametrize(
    ("sample", "codes", "options", "message"),
    [
        (DRAWN.drop(columns="weight"), hand({"A": "ab"}), {}, "'weight' is missing"),
        (DRAWN.drop(columns="x"), hand({"A": "ab"}), {}, "no column 'x'"),
        (DRAWN, hand({"A": "ab"}), {"variable": "y"}, "nobody coded 'y'; the variables in the codes are x"),
        (DRAWN, hand({"A": "ab"}), {"coder": "Z"}, "'Z' coded nothing"),
        (DRAWN, hand({"A": "ababa"}), {}, "the sample does not have, first 'u4'"),
        (DRAWN, pd.concat([hand({"A": "a"})] * 2), {}, "two codes for unit 'u0'"),
        (DRAWN, hand({"A": "ab", "B": "ba"}), {}, "no unit has a hand code of 'x' that is not in dispute"),
    ],
)
def test_what_cannot_be_paired_is_explained(sample, codes, options, message):
    """Columns, variables, coders and units that are not there."""
    variable = options.get("variable", "x")
    if variable == "y":
        sample = sample.assign(y="a")
    with pytest.raises(na.TableError, match=message):
        na.pairs(sample, codes, variable=variable, coder=options.get("coder"))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"hand": None}, "column 'hand' is blank in 2"), ({"weight": 0}, "above 0"), ({"unit_id": "u"}, "'u' is there twice")],
)
def test_wrong_pairs_are_refused(change, message):
    """Blanks, weights of nothing, a unit twice, no rows."""
    with pytest.raises(na.TableError, match=message):
        na.validate(both("ab", "ab").assign(**change))
    with pytest.raises(na.TableError, match="there are no pairs"):
        na.confusion(both("", ""))


# --- the whole loop -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loop(tmp_path_factory):
    """Sample, sheets, two made-up coders of whom B errs on every fourth row, codes, agreement, pairs, scores."""
    quotes = [f"{who} said the bridge {n} was closed." for n in range(30) for who in ("NATO", "Vladimir Putin")]
    found = na.resolve(na.attribute(na.documents(quotes), attributor="patterns"))
    drawn = na.sample(found.attributions, n=40, by="affiliation", rng=2)
    truth = dict(zip(drawn.unit_id, drawn.affiliation, strict=True))
    files = na.coding_sheet(drawn, found, tmp_path_factory.mktemp("loop") / "coding_{coder}.xlsx", codebook="ukraine_war")
    for file in files:
        book = openpyxl.load_workbook(file)
        sheet = book["coding"]
        names = [cell.value for cell in sheet[1]]
        column, key = next(n for n, name in enumerate(names, 1) if name.startswith("affiliation [")), names.index("unit_id") + 1
        for row in range(2, sheet.max_row + 1):
            right = truth[sheet.cell(row, key).value]
            sheet.cell(row, column).value = "other" if "B" in file.stem and row % 4 == 0 else right
        book.save(file)
    codes = na.read_codes(files, codebook="ukraine_war")
    pairs = na.pairs(drawn, codes, variable="affiliation", coder="B")
    return drawn, codes, na.agreement(codes, codebook="ukraine_war"), na.validate(pairs)


def test_the_loop_closes(loop):
    """B erred on 10 of 40 rows: per cent agreement and accuracy by rows are 30/40."""
    drawn, codes, agreement, validation = loop
    assert len(codes) == 80
    assert agreement.estimate[0] == 30 / 40
    assert drawn.weight.sum() == 60
    assert 0.5 < estimates(validation)["accuracy", "all"] < 0.9


def test_every_figure_of_the_paragraph_is_in_the_tables(loop):
    """Agreement, scores, sizes, versions: each figure of the paragraph stands in a table (or is a version, a year, a 95%); same tables, same words."""
    drawn, _, agreement, validation = loop
    text = na.methods_paragraph(drawn, agreement, validation, codebook="ukraine_war", corrected=validation.head(1))
    assert text == na.methods_paragraph(drawn, agreement, validation, codebook="ukraine_war", corrected=validation.head(1))
    paragraph, _, references = text.partition("\n\nReferences\n\n")
    alpha = agreement.set_index("measure").loc["krippendorff_alpha"]
    short = [f"{value:.2f}".removeprefix("0") for value in (alpha.estimate, alpha.ci_low, alpha.ci_high)]
    assert f"was {short[0]} [{short[1]}, {short[2]}] (Krippendorff, 2019); they agreed in 75% of all pairs" in paragraph
    assert "attributor patterns@1; actor codebook ukraine_war@" in paragraph and "40 of 60 attributions, stratified by affiliation" in paragraph
    figures = pd.concat([agreement, validation])[["estimate", "ci_low", "ci_high"]].to_numpy().ravel()
    allowed = {f"{value:.2f}".removeprefix("0") for value in figures if np.isfinite(value)}
    assert set(re.findall(r"(?<![\d.])1?\.\d\d(?!\d)", paragraph)) <= allowed
    assert [re.match(r"(The )?\w+", line)[0] for line in references.splitlines()] == ["Cochran", "Field", "Krippendorff", "The newsanalysis", "TeBlunthuis"]


def test_the_paragraph_names_models_and_coders():
    """A learned attributor has the digest of its files; VADER and TextBlob their references; without strata and correction nothing of them is said."""
    drawn = na.sample(
        pd.DataFrame({"unit_id": ["1", "2"], "document_id": ["a", "b"], "coder": ["vader@3.3.2", "textblob@0.20.1"], "attributor": "learned@1"}), n=2
    )
    codes = pd.DataFrame({"unit_id": ["1", "1", "2", "2"], "document_id": list("aabb"), "coder": list("ABAB"), "variable": "t", "value": "x"})
    text = na.methods_paragraph(drawn, na.agreement(codes), na.validate(both("xx", "xx").assign(variable="t")))
    assert re.search(r"attributor learned@1, model SHA-256 [0-9a-f]{12}; coder textblob@0.20.1; coder vader@3.3.2", text)
    assert "Hutto" in text and "Loria" in text and "Cochran" not in text and "TeBlunthuis" not in text
    assert "alpha is not defined: all 4 codes are 'x'" in text


def test_the_paragraph_names_target_tone_few_documents_and_what_was_corrected():
    """Mentions with a tone name na.target_tone and its data; few documents make intervals too narrow; a corrected share is beside the machine's."""
    # Planted: FEW of 2 in place of 20, and uncorrected left out: both fail here.
    tones = {"p_negative": 0.5, "p_neutral": 0.3, "p_positive": 0.2}
    table = pd.DataFrame({"mention_id": list("abcd"), "document_id": list("1122"), "tone": ["negative", "neutral"] * 2, **tones})
    drawn = na.sample(table, n=4)
    codes = drawn[["unit_id", "document_id"]].assign(coder="A", variable="tone", value=["negative", "neutral", "negative", "negative"])
    compared = na.pairs(drawn, codes, variable="tone")
    with pytest.warns(UserWarning, match="few"):
        corrected = na.corrected_share(table.assign(camp="russian"), compared, by="camp")
    agreement = na.agreement(pd.concat([codes, codes.assign(coder="B")]))
    text = na.methods_paragraph(drawn, agreement, na.validate(compared), corrected=corrected)
    assert "(tone toward targets by na.target_tone, as defined by Hamborg & Donnay, 2021)" in text and "Hamborg, F." in text
    assert "by likelihood: corrected share of tone russian negative .75 [.50, 1.00] (uncorrected .50), " in text
    assert "With 2 documents they are too narrow." in text
    many = na.sample(table.drop(columns=[*tones]).loc[[0] * 20].assign(mention_id=range(20), document_id=range(20)), n=20)
    text = na.methods_paragraph(many, agreement, na.validate(compared))
    assert "too narrow" not in text and "target_tone" not in text


def test_the_paragraph_names_no_codebook_that_was_not_used(loop, tmp_path):
    """Affiliations that the actor codebook does not have: it is not the one; the coders' codebook, or a table, in its place: which one is meant."""
    drawn, _, agreement, validation = loop
    camps = drawn.assign(affiliation=["council", "farmers"] * 20)
    with pytest.raises(na.TableError, match=r"affiliations \('council', 'farmers'\) that the actor codebook ukraine_war does not have"):
        na.methods_paragraph(camps, agreement, validation, codebook="ukraine_war")
    assert "actor codebook" not in na.methods_paragraph(camps, agreement, validation)
    book = pd.DataFrame({"variable": "affiliation", "value": ["nato", "russian"]})
    book.to_csv(tmp_path / "book.csv", index=False)
    for given_book in (tmp_path / "book.csv", book):
        with pytest.raises(na.codebooks.CodebookError, match=r"is the actor codebook by which na\.resolve .*, not that of the coders"):
            na.methods_paragraph(drawn, agreement, validation, codebook=given_book)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_the_paragraph_needs_its_tables(loop, at):
    """Each table is asked for by name."""
    given_tables = [loop[0], loop[2], loop[3]]
    given_tables[at] = pd.DataFrame({"x": [1]})
    with pytest.raises(na.TableError, match=("sample", "agreement", "validation")[at]):
        na.methods_paragraph(*given_tables)


# --- the page -----------------------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[1] / "docs" / "validation.md"


@pytest.mark.skipif(not PAGE.is_file(), reason="docs/ is not part of this copy")
def test_the_blocks_of_the_page_run(tmp_path, monkeypatch, capsys):
    """The code of docs/validation.md runs as it stands (but for n), coders fill the sheets in between; the disputed row goes to a third."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    for n in range(4):
        (tmp_path / "articles" / f"{n}.txt").write_text(f"NATO said the bridge {n} was closed.\nRussia said the road {n} was open.\n", encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    known = {}
    exec(blocks[0].replace("n=300", "n=6"), known)
    for coder in "AB":
        book = openpyxl.load_workbook(f"coding_{coder}.xlsx")
        names = [cell.value for cell in book["coding"][1]]
        for row in range(2, 8):
            book["coding"].cell(row, names.index(f"affiliation [{coder}]") + 1).value = "other" if (coder, row) == ("B", 4) else "nato"
        book.save(f"coding_{coder}.xlsx")
    for block in blocks[1:]:
        exec(block, known)
    assert "6 units in the sample: 5 paired, 1 in dispute" in capsys.readouterr().out
    assert len(known["disputed"]) == 1 and Path("coding_C.xlsx").is_file()
