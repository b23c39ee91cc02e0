"""Readers: files of every format to the table *documents*."""

import csv
import datetime
import gzip
import json
import os
import time
import unicodedata
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsanalysis import tables
from newsanalysis.readers import ReadError, dates, documents, read
from newsanalysis.readers.collect import read_paths
from newsanalysis.readers.columns import NAMES, match
from newsanalysis.readers.contract import Parsed
from newsanalysis.readers.formats import FORMATS, Format
from newsanalysis.readers.plain import split_headlines, split_title
from newsanalysis.readers.text import clean, decode

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_0c2f169107b31c11.txt"
SHARED = ROOT.parent / "shared" / "data"
GOLD = next((p for p in (ROOT / "tests" / "data" / "seed_gold.json", SHARED / "seed_gold.json") if p.exists()), None)


def write(path: Path, content: str | bytes) -> Path:
    """Write a file, bytes as they are and text as UTF-8 with its line ends kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


GUESSED = r"(; )?language guessed for \d+ documents?$"


def reasons(report: pd.DataFrame) -> dict[str, str]:
    """Return the reasons by record; the file's own under '', without that on languages."""
    return dict(zip(report["record"].fillna(""), report["reason"].fillna("").str.replace(GUESSED, "", regex=True), strict=True))


# The seed and plain text


@pytest.mark.skipif(GOLD is None, reason="the gold annotation of the seed is not here")
def test_seed_texts_equal_gold() -> None:
    """The seed gives the article and the 17 headlines, letter by letter as in the gold annotation."""
    gold = json.loads(GOLD.read_text("utf-8"))
    table = read(SEED)
    assert table["text"].tolist() == [gold["article"], *gold["headlines"]]


def test_seed_is_one_article_and_17_headlines(capsys: pytest.CaptureFixture[str]) -> None:
    """Reading the seed folder says in one line what was read, and ids follow the file's name."""
    table, report = read(SEED.parent, report=True)
    said = capsys.readouterr().out
    assert said.endswith("seeds/: plain text, 1 file: 18 documents found, 18 kept (1 article, 17 headlines), 0 skipped.\n")
    assert said.count("\n") == 1
    assert table["document_id"].tolist() == [SEED.stem, *(f"{SEED.stem}-h{i:02d}" for i in range(1, 18))]
    assert table["kind"].tolist() == ["article"] + ["headline"] * 17
    assert set(table["reader"]) == {"seed@1"} and set(table["source_file"]) == {SEED.name}
    assert report.to_numpy().tolist()[0][2:] == ["kept", report["reason"][0], 18] and len(report) == 1


def test_seed_layout_is_known_by_content_not_by_name(tmp_path: Path) -> None:
    """The seed's layout is recognised under any name and with CRLF and blanks on the empty lines."""
    path = write(tmp_path / "other name.txt", SEED.read_text("utf-8").replace("\n\n\n", "\n \n\t\n").replace("\n", "\r\n"))
    assert read(path)["text"].tolist() == read(SEED)["text"].tolist()


ARTICLE = "The mayor said that the bridge was closed after the storm. " * 8


@pytest.mark.parametrize(
    ("text", "headlines"),
    [
        pytest.param(ARTICLE, 0, id="no-gap"),
        pytest.param(
            ARTICLE + "\n\nRain Closes Three Main Roads\nMayor Promises a New Bridge\nSchools Stay Open Despite Rain", 0, id="one-blank-line-is-a-paragraph"
        ),
        pytest.param(ARTICLE + "\n\n\nRain Closes Three Main Roads\nMayor Promises a New Bridge\nTalks Begin With the U.S.", 3, id="abbreviation-at-the-end"),
        pytest.param(ARTICLE + "\n\n\nRain closed three roads on Monday.\nThe mayor promised a new bridge.\nSchools stayed open all day.", 0, id="sentences"),
        pytest.param(ARTICLE + "\n\n\nShare\nTweet\nPrint", 0, id="buttons"),
        pytest.param(ARTICLE + "\n\n\nRain Closes Three Main Roads\nMayor Promises a New Bridge", 0, id="two-lines-are-too-few"),
        pytest.param("Rain\n\n\nRain Closes Three Main Roads\nMayor Promises a New Bridge\nSchools Stay Open Despite Rain", 0, id="no-article-before"),
        pytest.param(
            ARTICLE + "\n\n\n" + ARTICLE + "\n\n\nRain Closes Three Main Roads\n\nMayor Promises a New Bridge\nSchools Stay Open All Day",
            3,
            id="gap-in-article",
        ),
    ],
)
def test_headlines_after_an_article(text: str, headlines: int) -> None:
    """Only a last block of short lines without a full stop, after two blank lines and an article, is headlines."""
    article, lines = split_headlines(text)
    assert len(lines) == headlines
    assert headlines or article == text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("Rain Closes Roads\n\nRain fell.", "Rain Closes Roads", id="title"),
        pytest.param("Rain fell.\n\nRoads closed.", None, id="sentence"),
        pytest.param("Rain Closes Roads\nRain fell.", None, id="no-blank-line"),
        pytest.param("Rain Closes Roads", None, id="alone"),
        pytest.param("word " * 40 + "\n\nRain fell.", None, id="long"),
        pytest.param("“Rain fell.”\n\nRoads closed.", None, id="quoted-sentence"),
    ],
)
def test_title_of_plain_text(text: str, title: str | None) -> None:
    """A short first line without a stop and with a blank line after it is the title; nothing of the rest is lost."""
    found, body = split_title(text)
    assert found == title
    assert body == (text if title is None else text.split("\n\n", 1)[1])


def test_more_than_99_headlines_have_ids_that_sort(tmp_path: Path) -> None:
    """Ids of headlines are as wide as their number needs."""
    lines = "\n".join(f"Mayor Promises the City Bridge Number {i}" for i in range(120))
    assert read(write(tmp_path / "a.txt", ARTICLE + "\n\n\n" + lines))["document_id"].tolist()[-1] == "a-h120"


# Formats with columns

ROWS = [
    {"Doc-ID": "007", "Head Line": "Rain", "BODY": "Rain, “heavy”,\nfell.", "Publisher": "The Herald", "date": "2015-03-12", "topic": "x"},
    {"Doc-ID": "7", "Head Line": "", "BODY": "Sun; and\twind | fog", "Publisher": "", "date": "12 March 2015 10:30", "topic": "y"},
]


def as_file(folder: Path, form: str, rows: list[dict[str, object]]) -> Path:
    """Write rows in one of the formats."""
    path = folder / f"news.{form.rstrip(',;|')}"
    frame = pd.DataFrame(rows)
    if form == "xlsx":
        frame.to_excel(path, index=False)
    elif form == "parquet":
        frame.to_parquet(path)
    elif form == "jsonl":
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    elif form == "json":
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter="\t" if form == "tsv" else form[-1])
            writer.writerow(frame.columns)
            writer.writerows(frame.to_numpy().tolist())
    return path


FORMS = ["csv,", "csv;", "csv|", "tsv", "xlsx", "jsonl", "json", "parquet"]


@pytest.mark.parametrize("form", FORMS)
def test_every_format_gives_the_same_table(tmp_path: Path, form: str) -> None:
    """The same rows give the same documents, whatever the format: ids as given, usual names in any spelling, dates in UTC."""
    table, report = read(
        as_file(tmp_path, form, [{k.replace("Head Line", "head_line" if form == "x" else "Headline"): v for k, v in row.items()} for row in ROWS]), report=True
    )
    assert table["document_id"].tolist() == ["007", "7"]
    assert table["text"].tolist() == [row["BODY"] for row in ROWS]
    assert table["title"].fillna("-").tolist() == ["Rain", "-"]
    assert table["outlet"].fillna("-").tolist() == ["The Herald", "-"]
    assert table["published"].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2015-03-12 00:00", "2015-03-12 10:30"]
    assert reasons(report) == {"": "columns not used: topic"}


def test_columns_of_the_user(tmp_path: Path) -> None:
    """A mapping of our names to theirs goes before guessing; the rest is still guessed."""
    path = write(tmp_path / "a.csv", "Volltext,text,Datum,id\nRegen.,no,2015-03-12,1\n")
    table, report = read(path, columns={"text": "Volltext", "published": "datum"}, report=True)
    assert table[["document_id", "text"]].to_numpy().tolist() == [["1", "Regen."]]
    assert table["published"].dt.year.tolist() == [2015]
    assert reasons(report)[""] == "column 'text' not used: 'Volltext' is the text"


def test_a_column_of_headlines_gives_headlines(tmp_path: Path) -> None:
    """Headlines that are mapped to the text are documents of kind headline, in every format."""
    for form in FORMS:
        assert read(as_file(tmp_path, form, [{"headline": "Rain Falls"}]), columns={"text": "headline"})["kind"].tolist() == ["headline"]


def test_earlier_name_wins_and_is_said() -> None:
    """Of two columns for one of ours the earlier in the documented order is taken, and the note names the other."""
    found, notes = match(["id", "body", "Text", "text ", "source", "publisher", "doc_id"])
    assert found == {"document_id": 6, "text": 2, "outlet": 5}
    assert notes == [
        "column 'id' not used: 'doc_id' is the document_id",
        "column 'text ' not used: 'Text' is the text",
        "column 'body' not used: 'Text' is the text",
        "column 'source' not used: 'publisher' is the outlet",
    ]


def test_kind_is_kept_and_unknown_kinds_are_said(tmp_path: Path) -> None:
    """A column kind is read; a value that is no kind becomes article and is in the report."""
    table, report = read(write(tmp_path / "a.csv", "text,kind\nRain,Headline\nSun,poem\nFog,\n"), report=True)
    assert table["kind"].tolist() == ["headline", "article", "article"]
    assert reasons(report)["row 3"] == "kind 'poem' is none of article, headline, summary; read as article"


def test_own_tables_come_back(tmp_path: Path) -> None:
    """The table documents, written and read again, keeps ids, texts, kinds, titles and dates."""
    before = documents(["Rain fell.", "Sun."], document_id=["a#1", "b"], title=["T", None], published=["2015-03-12T10:30Z", None], kind=["article", "headline"])
    for name in ("d.parquet", "d.csv"):
        getattr(before, f"to_{name[2:]}")(tmp_path / name, index=False)
        after = read(tmp_path / name)
        columns = ["document_id", "title", "text", "published", "kind"]
        pd.testing.assert_frame_equal(before[columns], after[columns])


@pytest.mark.parametrize(("name", "n"), [("war_dev.jsonl", 15), ("polnear_dev.jsonl", 84)])
def test_shared_corpora(name: str, n: int) -> None:
    """JSON lines with doc_id and nested values: every document, its id and text as given."""
    if not (SHARED / name).exists():
        pytest.skip(f"../shared/data/{name} is not here")
    rows = [json.loads(line) for line in (SHARED / name).read_text("utf-8").split("\n") if line]
    table = read(SHARED / name)
    assert len(table) == n
    assert table["document_id"].tolist() == [row["doc_id"] for row in rows]
    assert table["text"].tolist() == [clean(row["text"])[0] for row in rows]
    if "publisher" in rows[0]:
        assert table["outlet"].tolist() == [row["publisher"] for row in rows]
        assert table["published"].dt.strftime("%Y-%m-%d").tolist() == [row["date"] for row in rows]


def test_csv_as_spreadsheets_write_it(tmp_path: Path) -> None:
    """A byte order mark, a line sep=;, CRLF, empty rows and empty last cells are no obstacle; row numbers are the spreadsheet's."""
    content = '\ufeffsep=;\r\nid;text;;\r\n1;"Rain\r\nfell";;\r\n;;;\r\n2;;;\r\n'
    table, report = read(write(tmp_path / "a.csv", content), report=True)
    assert table[["document_id", "text"]].to_numpy().tolist() == [["1", "Rain\nfell"]]
    assert reasons(report) == {"": "", "row 5": "the text is missing or blank"}


def test_csv_of_one_column(tmp_path: Path) -> None:
    """With one column a comma belongs to the text."""
    assert read(write(tmp_path / "a.csv", '\ntext\nRain, wind\n"Sun, ""hot"""\n'))["text"].tolist() == ["Rain, wind", 'Sun, "hot"']


def test_csv_with_unknown_names_has_its_delimiter_found(tmp_path: Path) -> None:
    """Where no column name is known the delimiter is the one that cuts the rows most evenly, and into most cells."""
    path = write(tmp_path / "a.csv", "A, x;B;C\nRain, wind;1;2\nSun, fog;3;4\n")
    with pytest.raises(ReadError, match="the columns found are A, x, B, C;"):
        read(path)
    path = write(tmp_path / "b.csv", "A|B,C|D\n\n1|2|3")
    with pytest.raises(ReadError, match=r"the columns found are A, B,C, D;"):
        read(path)


def test_known_names_decide_the_delimiter(tmp_path: Path) -> None:
    """A delimiter that stands often in the texts is not taken for that of the columns."""
    path = write(tmp_path / "a.csv", "id;note, long;text\n1;a, b, c, d, e;Rain, wind, fog\n")
    assert read(path)["text"].tolist() == ["Rain, wind, fog"]


def test_huge_cells_and_the_limit_of_others(tmp_path: Path) -> None:
    """A cell of a million characters is read, and the csv module's limit is afterwards what it was."""
    before = csv.field_size_limit()
    assert len(read(write(tmp_path / "a.csv", "text,id\n" + "x" * 1_000_000 + ",1\n"))["text"][0]) == 1_000_000
    assert csv.field_size_limit() == before


def test_excel_sheets_dates_numbers(tmp_path: Path) -> None:
    """The first sheet with a text is read from its first row; 7.0 is the id 7, dates are dates, formulas without a value are missing."""
    book = openpyxl.Workbook()
    book.active.append(["About this file"])
    sheet = book.create_sheet("news")
    for row in (
        [],
        ["ID", "Text", "Date"],
        [7.0, "Rain_x000D_\nfell", datetime.datetime(2015, 3, 4, 10)],
        [],
        ["007", "=A1", None],
        [8, 1984, datetime.date(2015, 3, 5)],
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    table, report = read(tmp_path / "a.xlsx", report=True)
    assert table[["document_id", "text"]].to_numpy().tolist() == [["7", "Rain\nfell"], ["8", "1984"]]
    assert table["published"].dt.strftime("%d.%m. %H:%M").tolist() == ["04.03. 10:00", "05.03. 00:00"]
    assert reasons(report) == {"": "sheet 'Sheet' not read: no column for the text, or other columns", "row 5": "the text is missing or blank"}


def test_json_shapes(tmp_path: Path) -> None:
    """An array, one object, an object that holds the records, and one line are all read; U+2028 does not end a line."""
    shapes = {
        "array.json": '[{"id": 7, "text": "a"}, {"id": 8.0, "text": "b"}]',
        "one.json": '{\n"text": "a",\n"quotes": [{"who": "x"}]\n}',
        "inner.json": '{"status": "ok", "articles": [{"content": "a"}]}',
        "line.jsonl": '{"text": "a\u2028b"}',
    }
    got = {name: read(write(tmp_path / name, content))[["document_id", "text"]].to_numpy().tolist() for name, content in shapes.items()}
    assert got == {
        "array.json": [["7", "a"], ["8", "b"]],
        "one.json": [["one-1", "a"]],
        "inner.json": [["inner-1", "a"]],
        "line.jsonl": [["line-1", "a\u2028b"]],
    }


def test_nested_metadata_is_missing_and_said(tmp_path: Path) -> None:
    """A nested value in a column of ours is missing, and the note names the column."""
    write(tmp_path / "a.jsonl", '{"text": "x", "author": ["A"]}')
    pd.DataFrame({"text": ["x"], "author": [["A"]]}).to_parquet(tmp_path / "a.parquet")
    for name in ("a.jsonl", "a.parquet"):
        table, report = read(tmp_path / name, report=True)
        assert table["author"].isna().all()
        assert reasons(report)[""] == "nested values not read in author"


def test_format_without_a_known_suffix_is_guessed(tmp_path: Path) -> None:
    """A file that is asked for by name is read by its content."""
    assert read(write(tmp_path / "a.dat", '{"text": "x"}'))["reader"].tolist() == ["jsonl@1"]
    assert read(write(tmp_path / "a", "Rain fell."))["reader"].tolist() == ["text@1"]
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.active.append(["x"])
    book.save(tmp_path / "b.xlsx")
    (tmp_path / "b.xlsx").rename(tmp_path / "b.csv")
    assert read(tmp_path / "b.csv")["reader"].tolist() == ["excel@1"]


def test_a_new_format_is_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of a vendor's export that shares a suffix is found by its first bytes."""
    vendor = Format(
        "Vendor", (".txt",), lambda _path, _columns: Parsed("vendor@1", "Vendor", {"text": ["x"]}, [1], [""]), lambda head: head.startswith(b"VENDOR")
    )
    monkeypatch.setattr("newsanalysis.readers.formats.FORMATS", (vendor, *FORMATS))
    write(tmp_path / "a.txt", "VENDOR 1")
    write(tmp_path / "b.txt", "Rain fell.")
    assert read(tmp_path)["reader"].tolist() == ["vendor@1", "text@1"]


# Folders and ids


def test_content_goes_before_suffix_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A file whose suffix says otherwise is read as what it is; the line and the report say so; in folders also files of unknown or no suffix."""
    vendor = Format(
        "Vendor", (".vnd",), lambda _path, _columns: Parsed("vendor@1", "Vendor", {"text": ["Rain."]}, [1], [""]), lambda head: head.startswith(b"VENDOR")
    )
    monkeypatch.setattr("newsanalysis.readers.formats.FORMATS", (vendor, *FORMATS))
    for name in ("a.txt", "b.vnd", "c.zzz", "mail"):
        write(tmp_path / "news" / name, "VENDOR 1")
    write(tmp_path / "news" / "d.zzz", "Rain fell.")
    table, report = read(tmp_path / "news", report=True)
    assert table["document_id"].tolist() == ["a", "b", "c", "mail"]
    said = report.set_index("source_file")["reason"].fillna("")
    assert said["a.txt"] == "read as Vendor, which its suffix '.txt' does not say" and said["b.vnd"] == "" and said["mail"] == ""
    assert "; a.txt: read as Vendor and 1 more by content, not by suffix; " in capsys.readouterr().out
    read(tmp_path / "news" / "a.txt")
    assert capsys.readouterr().out == "a.txt: Vendor, 1 file: 1 document found, 1 kept (1 article), 0 skipped; a.txt: read as Vendor.\n"


def test_packed_files_are_read_as_what_they_hold(tmp_path: Path) -> None:
    """gzip is peeled off every format, and is no part of ids."""
    for form in ("csv,", "tsv", "xlsx", "jsonl", "json", "parquet"):
        path = as_file(tmp_path, form, [{"headline": "T", "text": "Rain fell."}])
        packed = write(tmp_path / "packed" / f"{path.name}.gz", gzip.compress(path.read_bytes()))
        assert read(packed)["text"].tolist() == ["Rain fell."]
        assert read(packed)["document_id"][0].startswith("news-")
    assert read(write(tmp_path / "a.txt.gz", gzip.compress(b"Rain.")))["document_id"].tolist() == ["a"]


def test_languages_are_codes_and_guessed_where_no_file_says(tmp_path: Path) -> None:
    """What a file calls its language becomes a code; else it is guessed, and the report counts the guesses."""
    text = "The mayor said that the bridge was closed after the storm."
    path = write(tmp_path / "a.csv", f"text,language\n{text} 1,English\n{text} 2,fr-FR\n{text} 3,\n{text} 4,Klingonese\n")
    table, report = read(path, report=True)
    assert table["language"].tolist() == ["en", "fr", "en", "en"]
    assert report["reason"][0] == "language guessed for 2 documents"
    assert read(SEED)["language"][0] == "en"


def test_folders_are_read_deep_and_sorted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files come in the order of names, folders after files; what is not read has a row that says why; equal stems get longer ids."""
    for name in ("b.txt", "a.txt", "z/a.txt", "z/a.csv", ".hidden", ".git/c.txt", "README", "d.zzz", "y/k.jsonl"):
        write(tmp_path / "news" / name, "text\nin a.csv" if name.endswith("csv") else '{"text": "in k"}' if name.endswith("jsonl") else f"In {name}.")
    table, report = read(tmp_path / "news", report=True)
    assert table["document_id"].tolist() == ["a", "b", "k-1", "z/a.csv-2", "z/a.txt"]
    assert table["source_file"].tolist() == ["a.txt", "b.txt", "y/k.jsonl", "z/a.csv", "z/a.txt"]
    skipped = report[report["status"] == "skipped"].set_index("source_file")["reason"]
    assert skipped.index.tolist() == [".git", ".hidden", "README", "d.zzz"]
    assert skipped[".git"] == "a hidden folder" and skipped["README"] == "a name without a suffix"
    assert skipped["d.zzz"] == "unknown suffix '.zzz'; docs/reading.md lists the formats"
    assert "plain text, JSON lines and CSV (one column), 5 files (4 more skipped): 5 documents found" in capsys.readouterr().out


def test_lists_of_paths(tmp_path: Path) -> None:
    """A list of files and folders is read in its order, each file once, named below the folder they share."""
    one, two = write(tmp_path / "x" / "a.txt", "One."), write(tmp_path / "y" / "a.txt", "Two.")
    table, report = read([two, str(one), two.parent], report=True)
    assert table["document_id"].tolist() == ["y/a", "x/a"]
    assert report["reason"].dropna().tolist() == ["the same file as a.txt, which is read already"]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes need POSIX")
def test_links_and_pipes(tmp_path: Path) -> None:
    """Loops of links end, links to nothing and pipes are skipped, linked files are read once."""
    write(tmp_path / "a.txt", "Rain.")
    (tmp_path / "s").mkdir()
    for link, target in (("s/loop", ".."), ("self.txt", "self.txt"), ("dead.txt", "nowhere"), ("twin.txt", "a.txt")):
        (tmp_path / link).symlink_to(target)
    os.mkfifo(tmp_path / "pipe.txt")
    table, report = read(tmp_path, report=True)
    assert len(table) == 1
    assert report.set_index("source_file")["reason"].fillna("").to_dict() == {
        "a.txt": "",
        "dead.txt": "a link to nothing",
        "pipe.txt": "neither a file nor a folder",
        "self.txt": "a link to nothing",
        "twin.txt": "the same file as a.txt, which is read already",
        "s/loop": "a folder that is read already",
    }


# Dates

QUIET_DATES = settings(max_examples=200, deadline=None)


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ("2015-03-12", "2015-03-12 00:00"),
        ("2015-03-12T10:00:00Z", "2015-03-12 10:00"),
        ("2015-03-12 10:00+02:00", "2015-03-12 08:00"),
        ("2015/03/12", "2015-03-12 00:00"),
        ("Thursday, 12 March 2015", "2015-03-12 00:00"),
        ("12 March 2015", "2015-03-12 00:00"),
        ("March 12, 2015", "2015-03-12 00:00"),
        ("March 12, 2015 at 10:30 AM PDT", "2015-03-12 17:30"),
        ("Thu, 12 Mar 2015 10:30:00 GMT", "2015-03-12 10:30"),
        ("12 March 2015 10:30 EST", "2015-03-12 15:30"),
        ("12-Mar-15", "2015-03-12 00:00"),
        ("Thursday, June 20, 1996", "1996-06-20 00:00"),
        ("20 juin 1996", "1996-06-20 00:00"),
        ("12. März 2015", "2015-03-12 00:00"),
        ("lundi 12 juin 1995", "1995-06-12 00:00"),
        ("20 June 1996 Thursday 10:15 PM GMT", "1996-06-20 22:15"),
        ("Monday, November 23, 2009 Monday", "2009-11-23 00:00"),
        ("27. Februar 2012 Montag 9:50 PM GMT+1", "2012-02-27 20:50"),
        ("mar. 12 mars 2015", "2015-03-12 00:00"),
        ("mar 12 mar 2015", "2015-03-12 00:00"),
        ("martes, 12 de marzo de 2015", "2015-03-12 00:00"),
        ("venerdì 1 maggio 2015 ore 18:30", "2015-05-01 18:30"),
        ("quinta-feira, 12 de março de 2015", "2015-03-12 00:00"),
        ("donderdag 12 maart 2015 om 9.05 uur", "2015-03-12 09:05"),
        ("torsdag d. 12. marts 2015 kl. 10.30", "2015-03-12 10:30"),
        ("le 1er août 2015 à 18h05", "2015-08-01 18:05"),
        ("czwartek, 12 marca 2015 r.", "2015-03-12 00:00"),
        ("12 марта 2015 года, 10:30 МСК", "2015-03-12 07:30"),
        ("п’ятниця, 12 листопада 2021 р., 10:30", "2021-11-12 10:30"),
        ("2015年3月12日", "2015-03-12 00:00"),
        ("Thu Mar 12 2015 10:30:00 GMT+0100 (Central European Standard Time)", "2015-03-12 09:30"),
        ("Thu Mar 12 10:30:00 EST 2015", "2015-03-12 15:30"),
        ("Thu, 12 Mar 2015 10:30:00 -0330", "2015-03-12 14:00"),
        ("20150312T103000Z", "2015-03-12 10:30"),
        ("2015-03-12T10:30:00.123456+01:00", "2015-03-12 09:30"),
        ("2015-03-12 10:30:00 UTC", "2015-03-12 10:30"),
        ("12.03.2015, 10:30 Uhr", "2015-03-12 10:30"),
        ("Oct. 3, 2016 12:24 a.m. ET", "2016-10-03 04:24"),
        ("31/12/15 10:30", "2015-12-31 10:30"),
        ("12/31/1969", "1969-12-31 00:00"),
        ("31/12/69", "1969-12-31 00:00"),
        ("3.4.2015", "2015-04-03 00:00"),
        ("1427846400", "2015-04-01 00:00"),
        (1427846400000, "2015-04-01 00:00"),
        (20150312.0, "2015-03-12 00:00"),
        ("20150312103000", "2015-03-12 10:30"),
        (datetime.date(2015, 3, 12), "2015-03-12 00:00"),
        (pd.Timestamp("2015-03-12 10:00", tz="Europe/Kyiv"), "2015-03-12 08:00"),
        (pd.Timestamp("2015-03-12 10:00").to_datetime64(), "2015-03-12 10:00"),
    ],
    ids=str,
)
def test_dates_that_are_read(value: object, utc: str) -> None:
    """Each usual way to write a date gives the right moment in UTC."""
    assert dates.parse([value], [0]).published.dt.strftime("%Y-%m-%d %H:%M").tolist() == [utc]


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "Tuesday",
        "10:30",
        "5",
        "13/13/2015",
        "2015-02-30",
        "99999-01-01",
        "12-14 March 2015",
        "12 March",
        "March 12",
        "Tomorrow, 12 March 2015",
        "12 March 2015 10:30 IST",
        "12 March 2015 10:30-11:00",
        "31 June 2015",
        True,
        1e300,
        "2015-01-01 10:00 XYZ",
    ],
)
def test_dates_that_are_none(value: object) -> None:
    """What is no date is missing and listed, and never today."""
    read_ = dates.parse([value, None, float("nan"), pd.NaT, ""], [0] * 5)
    assert read_.published.isna().all() and read_.bad == [0]


@settings(QUIET_DATES)
@given(
    st.lists(
        st.sampled_from(["12", "March", "2015", "10:30", "PM", "GMT", "+01", "mars", "Thu", ",", ".", "-", "/", "(", "T", "年", "d'", "99", ":", " " * 90])
    ).map(" ".join)
)
def test_any_string_is_a_date_or_none(text: str) -> None:
    """Whatever is in a column of dates, reading it never fails, and what is read is in the years of newspapers."""
    (moment,), _, bad = dates.both([text])
    assert (moment is None) == bool(bad) or not text.strip()
    assert moment is None or 1499 < pd.Timestamp(moment, unit="us").year < 2202


def test_many_dates_are_read_in_time() -> None:
    """A hundred thousand different dates in words take seconds."""
    start = time.process_time()
    values = [f"{day} March {1900 + i // 28 % 200} {i // 5600:02d}:{day:02d}" for i in range(50_000) for day in [i % 28 + 1]]
    assert not dates.both(values).bad
    assert time.process_time() - start < 20  # two seconds on an idle machine


def test_order_of_day_and_month_is_decided_once_a_file() -> None:
    """03/04/2015 is month first, unless another date of its file is day first; said once a file."""
    got = dates.parse(["03/04/2015", "05/06/2015", "03/04/2015", "25/04/2015", "04/04/2015"], [0, 0, 1, 1, 2])
    assert got.published.dt.strftime("%m-%d").tolist() == ["03-04", "05-06", "04-03", "04-25", "04-04"]
    assert got.notes == {
        0: "dates such as '03/04/2015' are ambiguous and were read month first (2015-03-04)",
        1: "dates such as '03/04/2015' were read day first (2015-04-03), as others of the file must be",
    }


def test_dates_without_a_day_are_said() -> None:
    """A year or month alone is its first day, with a note beside that on the order."""
    got = dates.parse(["2015", "March 2015", "01/02/2015"], [0, 0, 0])
    assert got.published.dt.strftime("%m-%d").tolist() == ["01-01", "03-01", "01-02"]
    assert got.notes[0].startswith("dates without a day, such as '2015', were read as its first day; dates such as")


# Texts in memory


def test_documents_from_lists_series_and_frames() -> None:
    """Texts in memory become documents: cleaned, with made ids or those given."""
    assert documents(pd.Series(["cafe\u0301\r\n", "b"], index=[5, 9]), outlet="H", kind="headline")[
        ["document_id", "text", "outlet", "kind"]
    ].to_numpy().tolist() == [
        ["text-1", "café\n", "H", "headline"],
        ["text-2", "b", "H", "headline"],
    ]
    frame = documents(pd.DataFrame({"ID": [7], "Content": ["x"], "date": [datetime.date(2015, 3, 12)], "kind": [None]}))
    assert frame[["document_id", "text", "kind"]].to_numpy().tolist() == [["7", "x", "article"]]
    assert documents("one text")["document_id"].tolist() == ["text-1"]
    assert len(documents([])) == 0


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: documents(7), "a list of texts, a Series or a DataFrame is needed, not int"),
        (lambda: documents(["a", None]), "text 2 of 2 is missing or blank; leave it out first"),
        (lambda: documents([["a"]]), "text 1 of 1 is a list, not text"),
        (lambda: documents(["a"], foo=1), "'foo' is none of the columns that can be given"),
        (lambda: documents(["a"], outlet=["x", "y"]), "outlet has 2 values for 1 texts"),
        (lambda: documents(["a", "b"], document_id="x"), "each value may occur once"),
        (lambda: documents(["a"], document_id=[" "]), "document_id 1 of 1 is missing or blank"),
        (lambda: documents(["a"], published="soon"), "published of text 1 of 1 is no date: 'soon'"),
        (lambda: documents(["a"], kind="poem"), "allowed: one of article, headline"),
        (lambda: documents(pd.DataFrame({"q": [1]})), "the columns found are q; rename the right one first"),
    ],
)
def test_documents_drops_nothing(call: object, sentence: str) -> None:
    """What cannot be a document is an error with one clear sentence, for here no report could say it."""
    with pytest.raises(ReadError, match=sentence):
        call()  # type: ignore[operator]


# Encodings

WESTERN = "The café’s owner – “a friend” – said naïve things… and paid 5 € for Zoë’s crème brûlée in Kherson. "


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_of_western_text(encoding: str) -> None:
    """The usual encodings are told apart and decoded without loss."""
    assert decode(WESTERN.encode(encoding)).text == WESTERN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Москва заявила, что дождь шёл весь день, сообщили власти города в понедельник вечером. " * 2, "cp1251"),
        ("Москва заявила, что дождь шёл весь день, сообщили власти. ", "utf-16-le"),
        ("Władze miasta powiedziały, że deszcz padał przez cały dzień; mieszkańcy Łodzi są źli, że nikt nie pomógł. " * 3, "cp1250"),
        ("市当局は月曜日、終日雨が降ったと発表した。住民は避難していると市長は述べた。" * 4, "shift_jis"),
    ],
    ids=["cp1251", "utf-16-le", "cp1250", "shift_jis"],
)
def test_encodings_of_other_scripts(text: str, encoding: str) -> None:
    """Texts that are not western are decoded as charset-normalizer says."""
    assert decode(text.encode(encoding)).text == text


def test_encoding_is_said_when_it_is_not_utf8(tmp_path: Path) -> None:
    """The report names any encoding but UTF-8."""
    for name, said in (("utf-8", ""), ("cp1252", "read as cp1252"), ("utf-16", "read as utf-16-le")):
        for suffix, content in (("txt", WESTERN), ("csv", f"text,id\n{WESTERN},1"), ("jsonl", json.dumps({"text": WESTERN}, ensure_ascii=False))):
            _, report = read(write(tmp_path / f"a.{suffix}", content.encode(name)), report=True)
            assert reasons(report)[""] == said


# Properties: texts built from the parts that break readers

PARTS = [
    "“Rain fell,” said the mayor.",
    "He said: ",
    '"',
    "'",
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r\n",
    "\n\n\n",
    " ",
    "cafe\u0301",
    "é",
    "\u2028",
    "😀",
    "a" * 300,
    "=1+1",
    "007",
    "NA",
    "Москва",
]
TEXTS = st.lists(st.sampled_from(PARTS), min_size=4, max_size=8).map("".join).filter(str.strip)
QUIET = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(QUIET, max_examples=60)
@given(form=st.sampled_from(FORMS), texts=st.lists(TEXTS, min_size=3, max_size=5))
def test_texts_come_back_from_every_format(tmp_path: Path, form: str, texts: list[str]) -> None:
    """Documents written in any format and read again have the same ids and texts, in NFC with LF.

    Catches: no NFC, stripped cells, splitlines() on JSON lines, CRLF kept.
    """
    if form == "xlsx":
        texts = [text.replace("=", "-") for text in texts]  # a formula that was never calculated has no value
    rows: list[dict[str, object]] = [{"id": f"{i:03d}", "text": text, "notes; on | this, row": "a"} for i, text in enumerate(texts)]
    table = read(as_file(tmp_path, form, rows))
    assert table["document_id"].tolist() == [row["id"] for row in rows]
    assert table["text"].tolist() == [unicodedata.normalize("NFC", text).replace("\r\n", "\n") for text in texts]


RECORDS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "a-2", ""]), st.sampled_from(["Rain.", "Sun.", "Fog\x00.", "", " "]), st.sampled_from(["soon", "2015-03-12", ""])),
    max_size=8,
)


@QUIET
@given(files=st.lists(RECORDS, min_size=1, max_size=3))
def test_found_is_kept_plus_skipped(tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[str, str, str]]]) -> None:
    """Every record is kept or skipped with a reason, ids are unique, texts that are there are not lost, and given ids stay.

    Catches: a duplicate dropped without a row, an id that a suffix makes twice, a blank text passed over, a file's count off.
    """
    folder = tmp_path_factory.mktemp("news")
    for i, records in enumerate(files):
        write(
            folder / f"{i}.jsonl", "\n".join(json.dumps({"id": id_, "text": text, "date": date}) for id_, text, date in [("keep", f"Text {i}.", ""), *records])
        )
    table, report, line = read_paths(folder, None)
    found = sum(len(records) + 1 for records in files)
    skipped = report["record"].notna() & (report["status"] == "skipped")
    assert len(table) + skipped.sum() == found
    assert f": {found} document" in line and f"{len(table)} kept" in line and f"{skipped.sum()} skipped" in line
    whole = report[report["record"].isna()].set_index("source_file")["n_documents"]
    assert whole.to_dict() == {f"{i}.jsonl": (table["source_file"] == f"{i}.jsonl").sum() for i in range(len(files))}
    assert report.loc[report["record"].notna(), "reason"].notna().all()
    given_ = {(id_, text.replace("\x00", "\ufffd")) for records in files for id_, text, _ in records if id_ and text.strip()}
    assert {text for _, text in given_} <= set(table["text"])
    assert {id_ for id_, _ in given_} <= set(table["document_id"])
    assert (report.loc[skipped, "n_documents"] == 0).all()
    tables.check(report, "report")


@settings(QUIET, max_examples=100)
@given(
    name=st.sampled_from(["a.txt", "a.csv", "a.jsonl", "a.xlsx", "a.parquet", "a"]),
    raw=st.binary(max_size=200)
    | st.lists(
        st.sampled_from([b"Rain ", b"\xe2\x80\x9c", b"\xe9", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b'{"text": "', b'"}', b"text\n", b'"', b","])
    ).map(b"".join),
)
def test_any_bytes_are_text_or_a_read_error(tmp_path: Path, name: str, raw: bytes) -> None:
    """Whatever the bytes, a file is read or refused with a sentence; what is read is clean.

    Catches: an exception of a codec or parser that gets through, NUL or a surrogate left in a text.
    """
    try:
        table = read(write(tmp_path / name, raw))
    except ReadError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
    else:
        assert not table["text"].str.contains("[\x00\r]").any()
        assert all(text == clean(text)[0] for text in table["text"])


# Speed


def test_ten_million_characters_are_read_in_time(tmp_path: Path) -> None:
    """A document of ten million characters is read, in seconds."""
    path = write(tmp_path / "a.txt", WESTERN * (10_000_000 // len(WESTERN) + 1))
    start = time.perf_counter()
    assert len(read(path)["text"][0]) >= 10_000_000 - 1
    assert time.perf_counter() - start < 10  # half a second on an idle machine


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("uuid,heading,fulltext,media_name,Publish Date,byline,permalink,lang", "document_id,title,text,outlet,published,author,url,language"),
        ("article_id,head,article_text,newspaper,pub_date,authors,link", "document_id,title,text,outlet,published,author,url"),
        ("guid,title,maintext,domain,published_at,creator", "document_id,title,text,outlet,published,author"),
        ("Full Text,Source Name,Publication-Date", "text,outlet,published"),
        ("content_text,publication,timestamp", "text,outlet,published"),
        ("body_text,medium,datetime", "text,outlet,published"),
    ],
)
def test_the_usual_other_names(names: str, found: str) -> None:
    """Tables of researchers are read at once: each name is its column."""
    matched = match(names.split(","))
    assert [ours for ours, _ in sorted(matched.found.items(), key=lambda item: item[1])] == found.split(",") and not matched.notes


def test_the_page_of_readers_lists_the_names() -> None:
    """docs/reading.md and the docstring of read have every name, in the order in which they count."""
    page = (Path(__file__).parents[1] / "docs" / "reading.md").read_text(encoding="utf-8")
    for ours, usual in NAMES.items():
        assert len(usual) == 1 or (f"| {ours} | {', '.join(usual)} |" in page and f"- {', '.join(usual)}" in str(read.__doc__))


def test_names_of_before_go_first_and_claims_are_said() -> None:
    """What was read before is read as before, with a note on the other; a date of seeing is none of publication."""
    found, notes = match(["domain", "full_text", "text", "source", "seendate", "pub_date", "date"])
    assert found == {"text": 2, "outlet": 3, "published": 6}
    assert notes == [
        "column 'full_text' not used: 'text' is the text",
        "column 'domain' not used: 'source' is the outlet",
        "column 'pub_date' not used: 'date' is the published",
        "columns not used: seendate",
    ]


def test_many_duplicates_take_linear_time(tmp_path: Path) -> None:
    """Twenty thousand records with one id are told apart quickly."""
    path = write(tmp_path / "a.csv", "id,text\n" + "".join(f"x,Rain on day {i // 2}\n" for i in range(20_000)))
    start = time.perf_counter()
    table = read(path)
    assert len(table) == 10_000 and table["document_id"].tolist()[-1] == "x-10000"
    assert time.perf_counter() - start < 10  # half a second on an idle machine


def test_columns_not_used_are_named_on_the_screen(tmp_path, capsys):
    """An outlet under another name is not lost without a word."""
    path = tmp_path / "mine.csv"
    path.write_text("headline,body,gazette,day\nRain,It rained.,Herald,2024-05-01\n", encoding="utf-8")
    read(path)
    assert "0 skipped; columns not used: gazette, day.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "found"),
    [
        pytest.param("Titel;Datum;Quelle;Autor;Ressort;Volltext", "title,published,outlet,author,section,text", id="German"),
        pytest.param("ÜBERSCHRIFT;Erscheinungsdatum;Zeitung;Text", "title,published,outlet,text", id="German, English text"),
        pytest.param("Titre;Date de publication;Journal;Texte intégral;Langue", "title,published,outlet,text,language", id="French"),
        pytest.param("titulo;fecha;medio;texto_completo;enlace", "title,published,outlet,text,url", id="Spanish without accents"),
        pytest.param("titolo;data;testata;testo", "title,published,outlet,text", id="Italian"),
        pytest.param("título;data;jornal;conteúdo", "title,published,outlet,text", id="Portuguese"),
        pytest.param("tytuł;data;źródło;treść", "title,published,outlet,text", id="Polish"),
        pytest.param("заголовок;дата;джерело;текст;посилання", "title,published,outlet,text,url", id="Ukrainian"),
        pytest.param("id;Titel;Datum;text;headline", "document_id,published,text,title", id="English goes first"),
    ],
)
def test_names_of_columns_in_other_languages(names: str, found: str) -> None:
    """Tables made by scholars elsewhere are read at once."""
    matched = match(names.split(";"))
    assert [ours for ours, _ in sorted(matched.found.items(), key=lambda item: item[1])] == found.split(",")


def test_a_word_of_another_language_alone_is_no_column_of_ours() -> None:
    """The Italian for a date is data in an English table."""
    assert match(["id", "text", "data", "media"]) == ({"document_id": 0, "text": 1}, ["columns not used: data, media"])
