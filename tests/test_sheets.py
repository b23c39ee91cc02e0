"""Coding sheets: out, filled in by a script as people do, and back; hostile cells, Excel's habits, and every mistake named."""

import csv
import datetime
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis import sheets

CODEBOOK = pd.DataFrame(
    [
        ("frame", "conflict", "Conflict", "Two sides disagree.", "nominal"),
        ("frame", "human_interest", "Human interest", "A person's story.", "nominal"),
        ("frame", "don't know", "", "", "nominal"),
        ("strength", "1", "weak", "In passing.", "ordinal"),
        ("strength", "2", "strong", "", "ordinal"),
        ("doubt", "", "Any number", "How sure you are.", "interval"),
    ],
    columns=["variable", "value", "label", "definition", "level"],
)
TEXTS = [f"Rain fell. The mayor of town {n} said the bridge “was closed”. Nobody asked why 🌉." for n in range(6)]
MACHINE = "secret_machine_answer"


@pytest.fixture(scope="module")
def drawn():
    """Six sentences of six documents, with an answer of the machine that no coder may see."""
    documents = na.documents(TEXTS)
    units = na.units(documents)
    units = units[units.text.str.startswith("The mayor")].assign(said=MACHINE)
    return na.sample(units, n=6), documents


def fill(path, answers, *, sheet="coding", out=None):
    """Write answers {(row, column name): value} into a workbook, as a coder does."""
    book = openpyxl.load_workbook(path)
    header = [cell.value for cell in book[sheet][1]]
    for (row, name), value in answers.items():
        book[sheet].cell(row, header.index(name) + 1).value = value
    book.save(out or path)
    return out or path


def write(drawn, path, **options):
    """A sheet of the sample."""
    return na.coding_sheet(*drawn, path, codebook=CODEBOOK, **options)


def test_the_workbook_is_pleasant_and_blind(drawn, tmp_path):
    """Headings, frozen first row, wrapped text, lists to choose from, instructions, codebook; nothing of the machine's answers; one file a coder."""
    # Planted: writing all columns of the sample: the machine's answer is found.
    files = write(drawn, tmp_path / "coding_{coder}.xlsx")
    assert [file.name for file in files] == ["coding_A.xlsx", "coding_B.xlsx"]
    book = openpyxl.load_workbook(files[0])
    assert book.sheetnames == ["instructions", "codebook", "coding"]
    sheet = book["coding"]
    names = ["no", "before", "unit", "after", "frame [A]", "strength [A]", "doubt [A]", "note [A]", "unit_id", "document_id", "sheet", "check"]
    assert [cell.value for cell in sheet[1]] == names
    assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == "A1:L7"
    assert sheet["C2"].alignment.wrap_text and sheet["C2"].font.bold and sheet["E2"].number_format == "@"
    assert sheet["B2"].value == "Rain fell. " and sheet["D2"].value == " Nobody asked why 🌉."
    rules = {rule.formula1: str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    assert rules == {"codebook!$B$2:$B$4": "E2:E7", "codebook!$B$5:$B$6": "F2:F7", "ISNUMBER(VALUE(G2))": "G2:G7"}
    assert all(MACHINE not in str(cell) for ws in book for row in ws.iter_rows(values_only=True) for cell in row)
    assert all(cell is None for row in sheet.iter_rows(min_row=2, min_col=5, max_col=8, values_only=True) for cell in row)
    assert pd.read_excel(files[0], sheet_name="codebook").fillna("").astype(str).to_numpy().tolist() == CODEBOOK.to_numpy().tolist()


def test_a_codebook_that_does_not_fit_warns(drawn, tmp_path):
    """Values of the machine that no coder can give, and variables without a definition, are named with the codebook; numbers and capitals fit."""
    # Planted: 2.0 compared as it is written: test_sheets warns of strength; a column of the sample passed over: nothing is said.
    sample, documents = drawn
    fitting = sample.assign(frame=["Conflict", "human_interest", None] * 2, strength=[1.0, 2.0, None] * 2, doubt=0.3)
    na.coding_sheet(fitting, documents, tmp_path / "a.xlsx", codebook=CODEBOOK)
    camps = sample.assign(affiliation=["council", "farmers", "nato"] * 2)
    with pytest.warns(UserWarning, match="the sample's values 'council', 'farmers' of 'affiliation' are not in ukraine_war") as said:
        na.coding_sheet(camps, documents, tmp_path / "b.xlsx", codebook="ukraine_war")
    assert len(said) == 1 and said[0].filename == __file__
    codes = sample.assign(code="frame", value="morality")
    with pytest.warns(UserWarning, match="values 'morality' of 'frame' are not in codebook"):
        na.coding_sheet(codes, documents, tmp_path / "c.xlsx", codebook=CODEBOOK)
    with pytest.warns(UserWarning, match="'strength' has no definition in codebook, so that coders see values without what they mean"):
        na.coding_sheet(sample, documents, tmp_path / "d.xlsx", codebook=CODEBOOK.assign(definition=CODEBOOK.definition.where(CODEBOOK.variable != "strength")))


def test_a_mention_is_shown_by_its_name_in_its_place(tmp_path):
    """Of a mention the bold words are the name, at its place in the document and not in the sentence; the check of the words still holds."""
    # Planted: start and end in place of document_start and document_end: the sheet is refused, as the words do not fit.
    texts = ["It rained. Critics blamed Russia’s allies. Ukraine’s plan was praised.", "NATO met."]
    documents = na.documents(texts)
    rows = [("text-1:m1", "text-1", texts[0][11:42], 15, 21, 26, 32), ("text-2:m1", "text-2", texts[1], 0, 4, 0, 4)]  # as na.mentions makes them
    mentions = pd.DataFrame(rows, columns=["mention_id", "document_id", "text", "start", "end", "document_start", "document_end"])
    drawn = na.sample(mentions, n=2)
    (file,) = na.coding_sheet(drawn, documents, tmp_path / "a.xlsx", codebook=CODEBOOK, coders="A")
    shown = pd.read_excel(file, sheet_name="coding", keep_default_na=False).set_index("unit_id")[["before", "unit", "after"]]
    assert shown.loc["text-1:m1"].tolist() == ["It rained. Critics blamed ", "Russia", "’s allies. Ukraine’s plan was praised."]
    assert shown.loc["text-2:m1"].tolist() == ["", "NATO", " met."]
    with pytest.raises(na.TableError, match="'text-1:m1' is not at 27 to 32"):
        na.coding_sheet(drawn.assign(document_start=drawn.document_start + 1), documents, tmp_path / "b.xlsx", codebook=CODEBOOK, coders="A")


def test_the_order_is_shuffled_and_always_the_same(drawn, tmp_path):
    """Rows are not in the order of the sample, but in the same order however the sample stands."""
    sample, documents = drawn
    (one,), (two,) = (write((part, documents), tmp_path / f"{n}.xlsx") for n, part in enumerate((sample, sample.iloc[::-1])))
    orders = [pd.read_excel(file, sheet_name="coding").unit_id.tolist() for file in (one, two)]
    assert orders[0] == orders[1] != sample.unit_id.tolist()


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_round_trip(drawn, tmp_path, capsys, ending):
    """What coders write comes back tidy: unit, document, coder, variable, value, note; blanks are counted."""
    (file,) = write(drawn, tmp_path / f"coding{ending}")
    answers = {(2, "frame [A]"): "conflict", (2, "frame [B]"): "human_interest", (3, "strength [A]"): 2, (4, "doubt [B]"): "2,5", (2, "note [A]"): "hard"}
    if ending == ".csv":
        header, *rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        for (row, name), value in answers.items():
            rows[row - 2][header.index(name)] = str(value)
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows([header, *rows])
        order = [row[header.index("unit_id")].removeprefix("'") for row in rows]
    else:
        fill(file, answers)
        order = pd.read_excel(file, sheet_name="coding").unit_id.tolist()
    codes = na.read_codes(file, codebook=CODEBOOK)
    assert f"coding{ending}: 36 cells for codes found: 4 kept, 32 blank, 0 wrong." in capsys.readouterr().out
    assert set(codes.unit_id) <= set(drawn[0].unit_id) and set(codes.document_id) <= set(drawn[0].document_id)
    got = {(row.unit_id, row.coder, row.variable): row.value for row in codes.itertuples()}
    assert got == {
        (order[0], "A", "frame"): "conflict",
        (order[0], "B", "frame"): "human_interest",
        (order[1], "A", "strength"): "2",
        (order[2], "B", "doubt"): "2.5",
    }
    assert codes.note.dropna().tolist() == ["hard"]
    assert codes.set_index("variable").level.to_dict() == {"frame": "nominal", "strength": "ordinal", "doubt": "interval"}
    said = drawn[0].set_index("unit_id").text
    assert codes.words.tolist() == said[codes.unit_id].tolist()


# --- hostile cells ------------------------------------------------------------------------------------------------------

PIECES = [
    "=1+1",
    "+49",
    "\uff1d1",
    "\u200b",
    ";=2",
    "-5",
    "@SUM(A1)",
    "\t=2",
    "\r",
    "\n",
    "'",
    "'=x",
    "_x0041_",
    "_x005F_",
    "\x00",
    "\x0b",
    "\uffff",
    "#N/A",
    "TRUE",
    "1e5",
    "a,b;c",
    '"',
    "🌉",
    "é",
    " ",
]
hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(hostile, min_size=1, max_size=4), st.sampled_from([".xlsx", ".csv"]))
def test_hostile_cells_are_inert_and_come_back(tmp_path_factory, texts, ending):
    """Formulas, control characters, escapes, ids like numbers: nothing is a formula, nothing raises, ids and words come back as they were."""
    # Planted: no data_type "s" (a formula is read), no apostrophe (a cell begins with =), no _x005F_ (the escape comes back as "A").
    path = tmp_path_factory.mktemp("hostile") / f"s{ending}"
    ids = [f"{text}{n}" for n, text in enumerate(texts)]
    texts = [f"{text}x" for text in texts]
    rows = pd.DataFrame({"unit_id": ids, "document_id": ids, "start": 0, "end": [len(text) for text in texts], "stratum": "all", "weight": 1.0})
    documents = pd.DataFrame({"document_id": ids, "text": texts})
    (file,) = na.coding_sheet(rows.assign(unit_id=[f"{key}!" for key in ids]), documents, path, codebook=CODEBOOK, coders="A")
    if ending == ".csv":
        raw = list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
        assert not [cell for row in raw for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
        semicolons = csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";")
        assert not [cell for row in semicolons for cell in row if cell.lstrip(' "\u200b').startswith(("=", "+", "-", "@", "\uff1d"))]
        assert "\x00" not in file.read_text(encoding="utf-8-sig")
    else:
        cells = [cell for row in openpyxl.load_workbook(file)["coding"].iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
    header, *read = next(sheet.rows for sheet in sheets.read_cells(file) if "unit_id" in sheet.rows[0])
    at = header.index
    assert sorted((row[at("unit_id")], row[at("document_id")], row[at("unit")]) for row in read) == sorted(
        zip([f"{key}!" for key in ids], ids, texts, strict=True)
    )
    codes, problems = na.read_codes(file, codebook=CODEBOOK, report=True)
    assert codes.empty and problems.empty


def test_a_text_that_no_cell_holds_is_cut_and_says_so(tmp_path):
    """A document of 40,000 emoji fits into Excel's 32,767 UTF-16 units, and its end says how much is gone; the sheet still reads."""
    documents = na.documents(["🌉" * 40_000])
    (file,) = na.coding_sheet(na.sample(documents, n=1), documents, tmp_path / "long.xlsx", codebook=CODEBOOK)
    cell = openpyxl.load_workbook(file)["coding"]["B2"].value
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    kept = cell.count("🌉")
    assert cell.endswith(f"… [cut here: {40_000 - kept:,} more characters]") and kept > 16_000
    assert na.read_codes(file).empty


# --- Excel's habits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "meant"),
    [
        ("frame [A]", "  Conflict ", "conflict"),
        ("frame [A]", "HUMAN_INTEREST", "human_interest"),
        ("frame [A]", "Human interest\u00a0", "human_interest"),
        ("frame [A]", "don’t know", "don't know"),
        ("frame [A]", "\u200bconflict", "conflict"),
        ("strength [A]", 1.0, "1"),
        ("strength [A]", "2.0", "2"),
        ("strength [A]", "Strong", "2"),
        ("doubt [A]", -3, "-3"),
        ("doubt [A]", "1,25", "1.25"),
    ],
)
def test_what_is_meant_is_taken(drawn, tmp_path, column, cell, meant):
    """Spaces, capitals, curly quotation marks, labels, 1.0 and decimal commas are read as what they mean."""
    (file,) = write(drawn, tmp_path / "{coder}.xlsx", coders="A")
    assert na.read_codes(fill(file, {(3, column): cell}), codebook=CODEBOOK).value.tolist() == [meant]


@pytest.mark.parametrize("cell", [datetime.datetime(2026, 2, 1), datetime.date(2026, 1, 2), "2-Jan", "Feb-1", "01. Feb"])
def test_dates_that_excel_made_are_undone_where_only_one_value_is_meant(drawn, tmp_path, cell):
    """1-2 that became a date is 1-2 again; with a value 2-1 beside it nobody knows, and the remedy says what happened."""
    one = pd.DataFrame({"variable": "range", "value": ["1-2", "3-4"], "definition": "How many."})
    (file,) = na.coding_sheet(*drawn, tmp_path / "{coder}.xlsx", codebook=one, coders="A")
    fill(file, {(2, "range [A]"): cell})
    assert na.read_codes(file, codebook=one).value.tolist() == ["1-2"]
    two = pd.DataFrame({"variable": "range", "value": ["1-2", "2-1"], "definition": "How many."})
    with pytest.raises(na.TableError, match="Excel made a date of it"):
        na.read_codes(file, codebook=two)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_excel_saves_it(drawn, tmp_path, encoding, separator):
    """Whatever separator and encoding Excel chose, codes come back; characters that ANSI lost do not matter unless they are letters."""
    (file,) = write(drawn, tmp_path / "coding.csv", coders="A")
    header, *rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row[header.index("frame [A]")] = "Conflict"
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows([header, *rows])
    file.write_bytes(out.getvalue().encode(encoding, "replace"))
    assert na.read_codes(tmp_path, codebook=CODEBOOK).value.tolist() == ["conflict"] * 6


# --- mistakes -----------------------------------------------------------------------------------------------------------


def problem(file, message, **expected):
    """Read a sheet with one mistake: it raises with file and remedy; report=True keeps the rest and tells where."""
    with pytest.raises(na.TableError, match=message):
        na.read_codes(file, codebook=CODEBOOK)
    codes, problems = na.read_codes(file, codebook=CODEBOOK, report=True)
    assert len(problems) == 1 and problems.file[0] == "A.xlsx" and problems.remedy[0]
    for name, value in expected.items():
        assert problems[name][0] == value
    return codes


@pytest.fixture(scope="module")
def coded_once(drawn, tmp_path_factory):
    """The bytes of a sheet in which every frame is coded."""
    file, _ = write(drawn, tmp_path_factory.mktemp("coded") / "{coder}.xlsx")
    return fill(file, {(row, "frame [A]"): "conflict" for row in range(2, 8)}).read_bytes()


@pytest.fixture
def coded(coded_once, tmp_path):
    """A sheet in which every frame is coded, to be changed."""
    (tmp_path / "A.xlsx").write_bytes(coded_once)
    return tmp_path / "A.xlsx"


def test_an_unknown_value_is_named_with_the_nearest(coded):
    """File, sheet, row, column, value, the nearest value and all values stand in the message."""
    codes = problem(
        fill(coded, {(4, "frame [A]"): "conflikt"}),
        r"A\.xlsx, sheet 'coding', row 4, column 'frame \[A\]': 'conflikt'.*Is 'conflict' meant\? Values: conflict, human_interest, don't know",
        row=4,
        column="frame [A]",
        value="conflikt",
    )
    assert len(codes) == 5


def test_no_number_where_one_is_needed(coded):
    """A word for an interval variable is refused; nan and inf are no numbers."""
    for word in ("much", "nan", "inf"):
        problem(fill(coded, {(4, "doubt [A]"): word}), "A number is needed", row=4, value=word)


@pytest.mark.parametrize(
    ("column", "cell"), [("unit", "The mayor said nothing."), ("unit_id", "text-1:s9"), ("document_id", "text-99"), ("check", "c000"), ("before", "Snow.")]
)
def test_changed_words_and_ids_are_found(coded, column, cell):
    """Whatever of a row was changed, its code is not taken, since nobody knows what was coded."""
    # Planted: a digest of the ids only: changed words pass.
    codes, problems = na.read_codes(fill(coded, {(5, column): cell}), codebook=CODEBOOK, report=True)
    assert len(codes) == 5 and problems.row.tolist()[0] == 5 and "not those that were written" in problems.problem[0]


def test_marks_and_spaces_may_change(coded):
    """Straight quotation marks for curly ones and doubled spaces change no words."""
    book = openpyxl.load_workbook(coded)
    cell = book["coding"]["C3"]
    cell.value = cell.value.replace("“", '"').replace("”", '"').replace(" said", "  said")
    book.save(coded)
    assert len(na.read_codes(coded, codebook=CODEBOOK)) == 6


def test_one_column_sorted_by_itself_is_found(coded):
    """Whoever sorts the words without the ids gets told so for every row that moved."""
    book = openpyxl.load_workbook(coded)
    sheet = book["coding"]
    words = sorted(sheet.cell(row, 3).value for row in range(2, 8))
    for row, word in enumerate(words, 2):
        sheet.cell(row, 3).value = word
    book.save(coded)
    codes, problems = na.read_codes(coded, codebook=CODEBOOK, report=True)
    assert len(problems) == 6 - len(codes) > 0 and problems.remedy.str.contains("sort all columns together").all()


def test_deleted_and_doubled_rows(coded):
    """A row that is gone is counted and named by its number; one that is there twice too, and counts once if both say the same."""
    book = openpyxl.load_workbook(coded)
    book["coding"].delete_rows(4)
    book.save(coded.with_name("gone.xlsx"))
    codes, problems = na.read_codes(coded.with_name("gone.xlsx"), codebook=CODEBOOK, report=True)
    assert len(codes) == 5 and problems.problem.tolist() == ["1 of 6 rows is gone, first no 3."]
    sheet = openpyxl.load_workbook(coded)["coding"]
    again = [cell.value for cell in sheet[2]]
    for answer, kept in (("conflict", 6), ("human_interest", 5)):
        book = openpyxl.load_workbook(coded)
        again[4] = answer
        book["coding"].append(again)
        book.save(coded.with_name("twice.xlsx"))
        codes, problems = na.read_codes(coded.with_name("twice.xlsx"), codebook=CODEBOOK, report=True)
        assert len(codes) == kept and "is there twice for coder A" in problems.problem[0] and problems.row[0] == 8


def test_columns_gone_and_doubled(coded):
    """A heading that was changed, or stands there twice, is named with what it should be."""
    problem(fill(coded, {(1, "strength [A]"): "strenght"}), r"No column is headed 'strength \[coder\]'.*Is it 'strenght'\?")
    book = openpyxl.load_workbook(coded)
    book["coding"]["F1"].value = "frame [A]"
    book.save(coded)
    _, problems = na.read_codes(coded, codebook=CODEBOOK, report=True)
    assert problems.problem.tolist() == ["The heading stands there twice.", "No column is headed 'strength [coder]'."]


def test_sheets_of_another_sample_do_not_mix(drawn, tmp_path):
    """Two samples' sheets are refused together, with the name of each."""
    sample, documents = drawn
    one = write((sample, documents), tmp_path / "one.xlsx")
    two = write((sample.head(3), documents), tmp_path / "two.xlsx")
    with pytest.raises(na.TableError, match=r"one\.xlsx and two\.xlsx are of different samples"):
        na.read_codes([*one, *two])


def test_nothing_that_was_coded_is_overwritten(drawn, tmp_path):
    """A blank sheet may be written anew; one with a code in it, in Excel or CSV, may not."""
    # Planted: no look into the file: the codes are gone.
    for name in ("c.xlsx", "c.csv"):
        write(drawn, tmp_path / name)
        write(drawn, tmp_path / name)
    fill(tmp_path / "c.xlsx", {(2, "note [A]"): "?"})
    text = (tmp_path / "c.csv").read_text(encoding="utf-8-sig").replace(",,,,,,,,", ",conflict,,,,,,,", 1)
    (tmp_path / "c.csv").write_text(text, encoding="utf-8-sig")
    for name in ("c.xlsx", "c.csv"):
        with pytest.raises(na.TableError, match="it has codes in it already"):
            write(drawn, tmp_path / name)


def test_a_workbook_brings_its_codebook(coded):
    """Without a codebook the sheet `codebook` says what is allowed."""
    assert len(na.read_codes(coded)) == 6
    with pytest.raises(na.TableError, match="'conflikt'"):
        na.read_codes(fill(coded, {(4, "frame [A]"): "conflikt"}))


def test_context_is_cut_at_words():
    """Long contexts are 400 characters to the nearest word, with a sign that more was there."""
    text = "word " * 200
    assert sheets._left(text).startswith("… word") and len(sheets._left(text)) <= 402
    assert sheets._right(text).endswith("word …") and len(sheets._right(text)) <= 402
    assert sheets._left("short") == sheets._right("short") == "short"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"path": "a.docx"}, "written as .xlsx or .csv"),
        ({"path": "none/a.xlsx"}, "the folder .* is not there"),
        ({"coders": ["A", "B/C"]}, "coders must be"),
        ({"coders": []}, "coders must be"),
        ({"sample": lambda rows: rows.drop(columns="weight")}, "'weight' is missing"),
        ({"sample": lambda rows: rows.assign(start=5)}, "is not at 5"),
        ({"sample": lambda rows: rows.assign(end=None)}, "has no start and end"),
        ({"sample": lambda rows: rows.drop(columns="start")}, "no start and end"),
        ({"sample": lambda rows: rows.assign(document_id="x")}, "lacks the text of 'x'"),
        ({"codebook": CODEBOOK.drop(columns="value")}, "column 'value' is missing"),
        ({"codebook": CODEBOOK.assign(level="ratio")}, "'ratio'; allowed are"),
        ({"codebook": CODEBOOK.assign(level=["nominal", "ordinal", *["nominal"] * 4])}, "a variable has one level"),
        ({"codebook": CODEBOOK.assign(variable="a[b]")}, "without brackets"),
        ({"codebook": CODEBOOK.assign(value=["x", "X", *"abcd"])}, "there twice"),
        ({"codebook": CODEBOOK.assign(value=["x", "", *"ab12"])}, "is blank"),
        ({"codebook": CODEBOOK.assign(variable=["frame", "", *"abcd"])}, "row 3, column 'variable'"),
        ({"codebook": CODEBOOK.assign(level="interval")}, "is no number"),
        ({"codebook": CODEBOOK.head(0)}, "there are no rows"),
    ],
)
def test_what_cannot_be_written_is_explained(drawn, tmp_path, change, message):
    """Endings, folders, coders, samples, texts and codebooks that do not fit."""
    sample, documents = drawn
    sample = change.get("sample", lambda rows: rows)(sample)
    with pytest.raises(ValueError, match=message):
        na.coding_sheet(sample, documents, tmp_path / change.get("path", "a.xlsx"), codebook=change.get("codebook", CODEBOOK), coders=change.get("coders", "A"))


def test_what_cannot_be_read_is_explained(drawn, tmp_path):
    """No file, no workbook, no coding sheet, a workbook called CSV, a broken CSV, an empty folder, a sheet without its check."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.xlsx").write_bytes(b"PK nothing")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "broken.csv").write_text('a,"b"c\n')
    (file,) = write(drawn, tmp_path / "a.xlsx")
    (tmp_path / "workbook.csv").write_bytes(file.read_bytes())
    fill(file, {(1, "check"): "checked"})
    for name, message in {
        "none.xlsx": "there is no such file",
        "empty": "there are no coding sheets",
        "broken.xlsx": "cannot be read as an Excel workbook",
        "other.csv": "it is no coding sheet",
        "broken.csv": "no proper CSV file",
        "workbook.csv": "give it the ending .xlsx",
        "a.xlsx": "column 'check' is gone",
    }.items():
        with pytest.raises(na.TableError, match=message):
            na.read_codes(tmp_path / name)


def test_codebooks_of_all_kinds(drawn, tmp_path):
    """A CSV file, a workbook's sheet, an actor codebook by name or as read: the same variables."""
    CODEBOOK.to_csv(tmp_path / "book.csv", index=False)
    with pd.ExcelWriter(tmp_path / "book.xlsx") as writer:
        CODEBOOK.to_excel(writer, sheet_name="codebook", index=False)
    for n, book in enumerate((tmp_path / "book.csv", tmp_path / "book.xlsx")):
        (file,) = na.coding_sheet(*drawn, tmp_path / f"{n}.xlsx", codebook=book, coders="A")
        assert pd.read_excel(file, sheet_name="codebook", keep_default_na=False).astype(str).to_numpy().tolist() == CODEBOOK.to_numpy().tolist()
    for n, book in enumerate(("ukraine_war", na.codebooks.read("ukraine_war"))):
        (file,) = na.coding_sheet(*drawn, tmp_path / f"w{n}.xlsx", codebook=book, coders="A")
        assert "affiliation [A]" in pd.read_excel(file, sheet_name="coding").columns


def test_a_thousand_rows_take_seconds(tmp_path):
    """Writing and reading 1,000 rows with three variables is bearable: no step grows with the square of the rows."""
    import time

    documents = pd.DataFrame({"document_id": [f"d{n}" for n in range(1000)], "text": "The mayor said the bridge was closed. " * 10})
    rows = documents.assign(unit_id=documents.document_id + "u", start=38, end=75)[["unit_id", "document_id", "start", "end"]]
    start = time.process_time()
    (file,) = na.coding_sheet(na.sample(rows, n=1000), documents, tmp_path / "large.xlsx", codebook=CODEBOOK, coders="A")
    na.read_codes(file, codebook=CODEBOOK)
    assert time.process_time() - start < 15
