"""What a newcomer meets when reading: a title above the headings, a PDF, a path where texts are wanted."""

import openpyxl
import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis.readers.columns import TITLED

ROWS = [["Nr", "Wortlaut", "Tag"], ["courier_01", "It rained all day.", "1"], ["courier_02", "It was dry.", "2"]]


def refused(path, **options):
    """Why a file is not read."""
    with pytest.raises(na.ReadError) as caught:
        na.read(path, **options)
    return str(caught.value)


def workbook(path, *rows):
    """A workbook of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("title", [["Mein Archiv"], ["Mein Archiv", None, None]])
def test_a_title_above_the_headings_of_a_workbook_is_not_proposed_for_the_text(tmp_path, title):
    """To obey the proposal would have made documents of the headings; the message says what to delete."""
    said = refused(workbook(tmp_path / "a.xlsx", title, ["Nr", "Schlagwort", "Tag"], *ROWS[1:]))
    assert said.endswith(f"; {TITLED}.")
    assert 'text="Mein Archiv"' not in said
    assert refused(tmp_path / "a.xlsx", columns={"text": "Schlagwort"}).endswith(f"; {TITLED}.")


@pytest.mark.parametrize("title", ["Mein Archiv", "Mein Archiv;;"])
def test_a_title_above_the_headings_of_a_csv_is_not_proposed_for_the_text(tmp_path, title):
    """With and without the delimiters that a spreadsheet writes behind it."""
    (tmp_path / "a.csv").write_text("\n".join([title, "Nr;Schlagwort;Tag", "1;It rained.;a", "2;It was dry.;b"]) + "\n")
    said = refused(tmp_path / "a.csv")
    assert said.endswith(f"; {TITLED}.")
    assert 'text="Mein Archiv"' not in said


def test_headings_that_are_known_below_a_title_are_shown(tmp_path):
    """Once: what to delete is not said twice."""
    (tmp_path / "a.csv").write_text("Mein Archiv,,\nid,text,date\n1,It rained.,2020-01-01\n")
    said = refused(tmp_path / "a.csv")
    assert said.endswith("the row 'id,text,date' below looks like the names of the columns: delete what stands above it.")
    assert TITLED not in said


def test_one_column_without_a_known_name_is_still_proposed(tmp_path):
    """A table of one column has no title."""
    (tmp_path / "a.csv").write_text("Wortliches\nIt rained all day, and all night.\nIt was dry.\n")
    assert 'columns={"text": "Wortliches"}' in refused(tmp_path / "a.csv")
    assert 'columns={"text": "Wortliches"}' in refused(workbook(tmp_path / "a.xlsx", ["Wortliches"], ["It rained."]))


def test_a_table_in_memory_with_a_title_says_so():
    """The remedy for a DataFrame is its own."""
    with pytest.raises(na.ReadError, match=r"the columns found are Mein Archiv, \(no name\); rename the right one first"):
        na.documents(pd.DataFrame([["a", "b"]], columns=["Mein Archiv", ""]))


def test_a_pdf_is_refused_with_a_remedy(tmp_path, capsys):
    """Alone, under another suffix, and counted in a folder with others."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "b.txt").write_bytes(b"%PDF-1.7 ...")
    assert refused(tmp_path / "a.pdf").endswith("or convert it with pdftotext.")
    assert "export the texts as plain text, DOCX or HTML" in refused(tmp_path / "b.txt")
    (tmp_path / "c.txt").write_text("It rained all day in the town.\n")
    _, report = na.read(tmp_path, report=True)
    assert "; 2 PDFs not read: export the texts as plain text, DOCX or HTML, or convert it with pdftotext; " in capsys.readouterr().out
    assert report.reason.str.endswith("with pdftotext").sum() == 2


# --- texts in memory ----------------------------------------------------------------------------------------------------


def test_a_path_in_place_of_texts_is_refused(tmp_path, monkeypatch):
    """It would be a document whose text is the path; a text of the same words can stand in a list."""
    (tmp_path / "a.txt").write_text("It rained.\n")
    monkeypatch.chdir(tmp_path)
    for given, what in (("a.txt", "a file"), (str(tmp_path), "a folder"), (tmp_path, "a path"), ([tmp_path / "a.txt"], "a path")):
        with pytest.raises(na.ReadError, match=rf"is {what}, not a text: na.read\('.*'\) reads "):
            na.documents(given)
    assert na.documents(["a.txt"]).text.tolist() == ["a.txt"]
    assert na.documents("It rained. " * 9_999).text.str.len().item() > 9_999
    assert len(na.documents("It rained. " * 99 + "\x00")) == 1
    assert na.documents("no/such.txt").text.tolist() == ["no/such.txt"]


def test_no_document_with_a_date_is_said():
    """Each period would be missing; once for what was found, too."""
    documents = na.documents(["The mayor said it rained."])
    with pytest.warns(UserWarning, match="with_period: no document has a date") as caught:
        na.with_period(na.attribute(documents, attributor="patterns"))
    assert [one.filename for one in caught] == [__file__]
    with pytest.warns(UserWarning, match="with_period: no document has a date"):
        na.with_period(documents)
    na.with_period(documents.head(0))


def test_a_name_that_is_not_there_says_which_may_be_meant():
    """As Python itself says, which does not know names that are loaded later."""
    with pytest.raises(AttributeError, match="newsanalysis has no 'share_of_voices'; did you mean 'share_of_voice'"):
        na.share_of_voices  # noqa: B018
    assert not hasattr(na, "zzz")
    assert not hasattr(na, "__wrapped__")
