"""Workbooks and Parquet that are small on the disk and huge in memory; further sheets of a workbook."""

import io
import re
import time
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import newsanalysis as na
from newsanalysis.readers import excel
from newsanalysis.readers.contract import ReadError

MB = 2**20
SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>'


@pytest.fixture(autouse=True)
def no_reserve(monkeypatch):
    """Reading a file whole reserves as much as the limit for a moment, which is counted, but never used."""
    monkeypatch.setattr(excel, "read_whole", Path.read_bytes)


def cell(place: str, text: str) -> str:
    """A cell with its text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(path: Path, rows: str, *, strings: str = "") -> Path:
    """A workbook whose only sheet has these rows, as XML, and whose shared texts are these."""
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                content = re.sub(r"<dimension[^>]*/>", "", content)
                content = re.sub(r"<sheetData>.*</sheetData>", lambda _: f"<sheetData>{rows}</sheetData>", content, flags=re.DOTALL)
            if name == "[Content_Types].xml" and strings:
                content = content.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED}"/></Types>')
            new.writestr(name, content)
        if strings:
            new.writestr("xl/sharedStrings.xml", f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>')
    return path


def peak(path: Path) -> tuple[object, float, float]:
    """What reading gives or raises, the most memory that Python took for it in MB, and the seconds."""
    tracemalloc.start()
    start = time.monotonic()
    try:
        result: object = na.read(path)
    except ReadError as error:
        result = str(error)
    seconds, (_, most) = time.monotonic() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return result, most / MB, seconds


def test_a_row_far_below_is_refused(tmp_path):
    """A row 200,000,000 is no row of Excel: refused with the limit, quickly. (Fault: 3.5 GB and no end.)"""
    said, memory, seconds = peak(workbook(tmp_path / "a.xlsx", HEADER + f'<row r="200000000">{cell("A200000000", "Rain.")}</row>'))
    assert "sheet 'Sheet' has more than 1,048,576 rows" in str(said)
    assert memory < 50 and seconds < 60


def test_cells_far_to_the_right_cost_no_memory(tmp_path):
    """A cell in the last column of each row, without a name above it, is passed over. (Fault: 3.9 GB for 156 KB.)"""
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", f"Rain {n}.")}{cell(f"XFD{n}", "x")}</row>' for n in range(2, 5_000))
    documents, memory, _ = peak(workbook(tmp_path / "a.xlsx", HEADER + rows))
    assert len(documents) == 4_998 and memory < 100


def test_cells_are_limited(tmp_path, monkeypatch):
    """Rows times columns have a limit, and the error names it; what stands before it is kept."""
    monkeypatch.setattr(excel, "MOST_CELLS", 50)
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", f"Rain {n}.")}</row>' for n in range(2, 100))
    with pytest.raises(ReadError, match="has more than 50 cells; save it as CSV"):
        na.read(workbook(tmp_path / "a.xlsx", HEADER.replace("</row>", f"{cell('XFD1', 'x')}</row>") + rows))


def test_elements_in_one_row_are_limited(tmp_path):
    """Five million cells in one row, or texts without an end, are refused before they are in memory."""
    said, memory, _ = peak(workbook(tmp_path / "a.xlsx", HEADER + '<row r="2">' + "".join(f"<c><v>{n}</v></c>" for n in range(600_000)) + "</row>"))
    assert "more than 1,048,576 elements in one row" in str(said) and memory < 100


def test_what_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path):
    """A part of a workbook is an archive's member like any other."""
    said, memory, _ = peak(workbook(tmp_path / "a.xlsx", HEADER + " " * (40 * MB)))
    assert "1,000 times its size" in str(said) and memory < 250


def test_one_text_in_many_cells_is_limited(tmp_path):
    """A shared text of 2 MB in 200 cells would be 400 MB. (Fault: no limit.)"""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(2, 200))
    text = "Rain. " * 350_000
    path = workbook(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + rows, strings=f"<si><t>text</t></si><si><t>{text}</t></si>")
    documents, report = na.read(path, report=True)
    assert len(documents) < 10 and "broke off" in report["reason"][0] and "1,000 times its size" in report["reason"][0]


def sheets(path: Path, **rows: list[list[object]]) -> Path:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in rows.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_sheets_with_the_same_columns_are_all_read(tmp_path, capsys):
    """A workbook with a sheet a year gives all years; rows are counted on, and a note says from where. (Fault: the first only, and not a word.)"""
    head = ["date", "text"]
    years = {str(year): [head, *[[f"{year}-03-0{day}", f"Rain {year} {day}."] for day in (1, 2)]] for year in (2021, 2022)}
    path = sheets(tmp_path / "a.xlsx", **years, y2023=[[*head, "remark"], ["2023-03-01", "", "blank"], ["2023-03-02", "Rain 2023."]])
    documents, report = na.read(path, report=True)
    assert documents["document_id"].tolist() == ["a-2", "a-3", "a-5", "a-6", "a-9"]
    assert documents["published"].dt.year.tolist() == [2021, 2021, 2022, 2022, 2023]
    assert report["record"].tolist()[1:] == ["row 8"]
    assert "sheet '2022' was read, too: its row 1 counts as row 4; sheet 'y2023' was read, too: its row 1 counts as row 7" in report["reason"][0]
    assert "6 documents found, 5 kept (5 articles), 1 skipped;" in capsys.readouterr().out


def test_a_sheet_that_is_not_read_is_said_in_the_line(tmp_path, capsys):
    """A sheet with other columns is named in the report, and the line says that something was not read."""
    path = sheets(tmp_path / "a.xlsx", news=[["date", "text"], ["2021-03-01", "Rain."]], codes=[["code", "content"], ["1", "weather"]], blank=[])
    _, report = na.read(path, report=True)
    assert report["reason"][0].startswith("sheet 'codes' not read: no column for the text, or other columns")
    assert capsys.readouterr().out.endswith("0 skipped; read(..., report=True) says what was not read.\n")


def parquet(path: Path, texts: object, **options: object) -> Path:
    """A Parquet file with a column of texts."""
    pq.write_table(pa.table({"text": texts}), path, **options)
    return path


def repeated(text: str, n: int) -> pa.DictionaryArray:
    """A text that stands once, in many rows."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), pa.array([text]))


@pytest.mark.parametrize("categorical", [True, False])
def test_a_text_that_stands_once_in_a_thousand_rows_is_refused(tmp_path, categorical):
    """812 bytes that want 10 GB: the error names the limit, and memory stays small. (Fault: all of a batch at once.)"""
    path = parquet(tmp_path / "a.parquet", repeated("Rain. " * 1_700_000, 1_000), compression="zstd", store_schema=categorical, dictionary_pagesize_limit=2**30)
    assert path.stat().st_size < 10_000
    pa.default_memory_pool().release_unused()
    before = pa.default_memory_pool().max_memory()
    said, memory, seconds = peak(path)
    assert "it unpacks to more than 1,000 times its size" in str(said)
    assert memory < 300 and pa.default_memory_pool().max_memory() - before < 400 * MB and seconds < 30


def test_rows_that_take_no_room_are_limited(tmp_path, monkeypatch):
    """Two hundred thousand rows in a kilobyte are refused as well; those before the limit are kept."""
    monkeypatch.setattr("newsanalysis.readers.parquet._ROW_BYTES", 200)
    documents, report = na.read(parquet(tmp_path / "a.parquet", repeated("Rain.", 200_000), compression="zstd"), report=True)
    assert len(documents) < 20_000 and "1,000 times its size" in report["reason"][0]


def test_wire_copies_in_parquet_are_read(tmp_path):
    """Two hundred rows of one article of usual length, and texts without a dictionary, are what they are."""
    texts = [f"Rain {n % 3}. " * 500 for n in range(600)]
    for n, options in enumerate(({}, {"use_dictionary": False}, {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY"}})):
        assert na.read(parquet(tmp_path / f"{n}.parquet", texts, row_group_size=250, **options))["text"].tolist() == texts


def test_a_text_that_is_too_long_for_parquet_is_refused(tmp_path, monkeypatch):
    """One text has a limit, and the error names it."""
    monkeypatch.setattr("newsanalysis.readers.parquet.MOST_LINE", 1_000)
    with pytest.raises(ReadError, match="a text in it has 2,000 bytes, more than the 1,000 that one may have; split it"):
        na.read(parquet(tmp_path / "a.parquet", ["a" * 2_000, "b"]))
