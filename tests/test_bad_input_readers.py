"""Bad input to the readers: each gets one clear sentence with file, place and remedy, or a counted skip."""

import os
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from newsanalysis.readers import ReadError, formats, read
from newsanalysis.readers.columns import NAMES

NO_TEXT = (
    f"no column holds the text (looked for {', '.join(NAMES['text'])}); the columns found are {{}}; "
    'name the right one, as in read(path, columns={{"text": "their name"}}) or --column text="their name"'
)
AGAIN = "save or download it again, or leave it out"
EMPTY = f"the file is empty; {AGAIN}"
NO_XLSX = "no .xlsx workbook (old .xls and workbooks with a password are not read); save it as .xlsx without a password"


def write(path: Path, content: str | bytes) -> Path:
    """Write a file, text as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


BAD_FILES: list[tuple[str, str | bytes, str]] = [
    ("empty.txt", "", EMPTY),
    ("blank.txt", " \n\n", EMPTY),
    ("blank.csv", "\n\n", EMPTY),
    ("blank.jsonl", "\n", EMPTY),
    ("binary.txt", bytes(range(256)) * 9, "the file is binary, not text"),
    ("zeros.txt", bytes(99), "the file is binary, not text"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(99), "the file is binary: a PNG picture"),
    ("paper.csv", b"%PDF-1.7 ...", f"the file is binary: {formats.PDF}"),
    ("old.txt", b"\xd0\xcf\x11\xe0" + bytes(99), "the file is binary: an old Office file, or one with a password; save workbooks as .xlsx without a password"),
    ("no.xlsx", "no workbook", NO_XLSX),
    (
        "no.parquet",
        b"PAR1 no",
        "the Parquet file is damaged or of an unknown kind (Parquet file size is 7 bytes, smaller than the minimum file footer (8 bytes))",
    ),
    ("columns.csv", "Artikel,Datum\na,b\n", NO_TEXT.format("Artikel, Datum")),
    ("columns.jsonl", '{"Artikel": "a"}\n', NO_TEXT.format("Artikel").replace("their name", "Artikel")),
    ("header.csv", "text,id\n", f"no record in it; {AGAIN}"),
    ("blank cells.csv", "text,id\n,1\n,2\n", "no document in 2 records; row 2: the text is missing or blank"),
    ("list.json", "[1, 2]", "no JSON object found; record 1: a JSON int, not an object with fields"),
    ("cut.json", '[{"text": "a', "no JSON object found; line 1: not JSON (Unterminated string starting at at character 11)"),
    ("deep.json", "[" * 200_000, "no JSON object found; line 1: not JSON that can be read (a number too long, or nested too deeply)"),
    ("number.jsonl", '{"text": ' + "9" * 5000 + "}", "no JSON object found; line 1: not JSON that can be read (a number too long, or nested too deeply)"),
    ("nothing.json", "[]", "no JSON object found"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_bad_files_alone_and_in_a_folder(tmp_path: Path, name: str, content: str | bytes, sentence: str) -> None:
    """Alone, a bad file is an error of one sentence; in a folder it is in the report, and the good files are read."""
    bad = write(tmp_path / name, content)
    with pytest.raises(ReadError) as caught:
        read(bad)
    assert str(caught.value) == f"{name}: {sentence}."
    with pytest.raises(ReadError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"{tmp_path.as_posix()}/: no news in 1 file: {name}: {sentence}."
    write(tmp_path / "good.txt", "Rain fell.")
    documents, report = read(tmp_path, report=True)
    assert documents["text"].tolist() == ["Rain fell."]
    row = report[(report["source_file"] == name) & report["record"].isna()].iloc[0]
    assert row["status"] == "skipped" and row["n_documents"] == 0 and isinstance(row["reason"], str)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("", "the path is empty; give a file or a folder."),
        ("https://example.org/a.txt", "'https://example.org/a.txt' is a web address; download the file first, then give its path."),
        ("news/*.txt", "'news/*.txt': no such file; patterns are not expanded: give the folder, or a list such as sorted(Path('news').glob('*.txt'))."),
        ("Rain fell.\nRoads closed.", "'Rain fell.\\nRoads closed.'…: no such file or folder; for texts that are in memory use documents(texts)."),
        ("a\x00b", "'a\\x00b'…: no such file or folder; for texts that are in memory use documents(texts)."),
        ("x" * 5000, "no such file or folder; for texts that are in memory use documents(texts)."),
        (7, "read needs a path or a list of paths, not int."),
        ([7], "read needs paths, not int; for texts that are in memory use documents(texts)."),
        ([], "no paths were given: the list is empty."),
    ],
    ids=str,
)
def test_paths_that_are_none(path: object, sentence: str) -> None:
    """What is no path, or leads nowhere, gets a sentence that says what to give."""
    with pytest.raises(ReadError) as caught:
        read(path)  # type: ignore[call-overload]
    assert str(caught.value).endswith(sentence)


def test_missing_path_says_where_it_looked_and_what_is_near(tmp_path: Path) -> None:
    """A missing path is also a FileNotFoundError, and a near name is suggested."""
    write(tmp_path / "seeds" / "a.txt", "x")
    with pytest.raises(FileNotFoundError) as caught:
        read(tmp_path / "sedes")
    assert isinstance(caught.value, ReadError)
    assert str(caught.value).endswith(f"no such file or folder (looked for {tmp_path / 'sedes'}); did you mean 'seeds'?")
    with pytest.raises(ReadError, match=r"no such file or folder \(looked for .*nowhere.zzz\)\.$"):
        read(tmp_path / "nowhere" / "nowhere.zzz")


def test_folders_without_news(tmp_path: Path) -> None:
    """A folder that is empty or holds no news is an error that says what is in it and what is known."""
    with pytest.raises(ReadError, match=r"no news in it, the folder is empty; docs/reading.md lists the formats\."):
        read(tmp_path)
    for name in ("a.zzz", "b.zzz", "c.zzz", "d.zzz"):
        write(tmp_path / name, "x")
    with pytest.raises(ReadError) as caught:
        read(tmp_path)
    assert str(caught.value).endswith("no news in 4 files: a.zzz, b.zzz, c.zzz: unknown suffix '.zzz'; and 1 more; docs/reading.md lists the formats.")


def test_missing_libraries_are_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Of files that need a library that is not there, the command that brings it is said once: in the error, and in the line where others were read."""
    monkeypatch.setitem(sys.modules, "lxml", None)
    monkeypatch.setitem(sys.modules, "lxml.html", None)
    for name in ("a.html", "b.html"):
        write(tmp_path / name, '<title>Factiva</title><div class="article enArticle"><p class="articleParagraph">Rain.</p></div>')
    with pytest.raises(ReadError) as caught:
        read(tmp_path)
    assert str(caught.value).count("pip install") == 1
    assert str(caught.value).endswith('which is not installed; run: pip install "newsanalysis[vendors]".')
    write(tmp_path / "c.txt", "Rain fell.")
    read(tmp_path)
    assert '0 skipped; 2 files not read: pip install "newsanalysis[vendors]"; read(..., report=True) says why.' in capsys.readouterr().out


def test_a_file_of_duplicates_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file whose records were all read before says that, not that it has no text; numbers of summaries are spelt right."""
    write(tmp_path / "a.csv", "id,text,kind\n1,Rain.,summary\n2,Sun.,summary\n")
    write(tmp_path / "b.csv", "id,text\n1,Rain.\n2,Sun.\n")
    write(tmp_path / "c.csv", "id,text\n1,Rain.\n")
    write(tmp_path / "d.csv", "id,text\n1,Rain.\n3,\n")
    _, report = read(tmp_path, report=True)
    reasons = report[report["record"].isna()].set_index("source_file")["reason"]
    assert reasons[["b.csv", "c.csv", "d.csv"]].tolist() == [
        "all its records are duplicates",
        "its only record is a duplicate",
        "all its records were skipped",
    ]
    assert "2 kept (2 summaries)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"fulltext": "Volltext"}, "columns: 'fulltext' is none of our columns, which are document_id, title, text, outlet"),
        ({"text": "Full text"}, "a.csv: no column 'Full text' for our 'text'; the columns found are Volltext, Datum; write 'Volltext', if that is meant."),
        (["Volltext"], 'columns: a dict of our column names to theirs is needed, as in {"text": "their name"}, not list.'),
    ],
)
def test_wrong_mappings(tmp_path: Path, columns: object, sentence: str) -> None:
    """A mapping with an unknown name on either side says which names there are."""
    with pytest.raises(ReadError) as caught:
        read(write(tmp_path / "a.csv", "Volltext,Datum\na,b\n"), columns=columns)  # type: ignore[call-overload]
    assert sentence in str(caught.value)


def records(tmp_path: Path, name: str, content: str | bytes) -> tuple[pd.DataFrame, list[list[object]]]:
    """Read one file; return the documents and the report's rows on records."""
    documents, report = read(write(tmp_path / name, content), report=True)
    of_records = report[report["record"].notna()]
    return documents, of_records[["record", "status", "reason"]].to_numpy().tolist()


def test_duplicate_ids(tmp_path: Path) -> None:
    """The same id and text again is skipped; the same id with another text is kept under the next free id; given ids stay."""
    documents, rows = records(tmp_path, "a.csv", "id,text\na,One\na,One\na,Two\na-2,Three\na,Four\n")
    assert documents[["document_id", "text"]].to_numpy().tolist() == [["a", "One"], ["a-3", "Two"], ["a-2", "Three"], ["a-4", "Four"]]
    assert rows == [
        ["row 3", "skipped", "duplicate: id 'a' and text as in row 2"],
        ["row 4", "kept", "id 'a' is taken by another text; kept as 'a-3'"],
        ["row 6", "kept", "id 'a' is taken by another text; kept as 'a-4'"],
    ]


def test_duplicates_across_files(tmp_path: Path) -> None:
    """The same record in two files is kept once, and the report names the first file."""
    write(tmp_path / "a.csv", "id,text\nx,One\n")
    write(tmp_path / "b.csv", "id,text\nx,One\ny,Two\nc,Three\n")
    write(tmp_path / "c.txt", "Three")
    documents, report = read(tmp_path, report=True)
    assert documents["document_id"].tolist() == ["x", "y", "c"]
    skipped = report[report["status"] == "skipped"]
    assert skipped["source_file"].tolist() == ["b.csv", "c.txt"]
    assert skipped["record"].fillna("").tolist() == ["row 2", ""]
    assert skipped["reason"].tolist() == ["duplicate: id 'x' and text as in a.csv, row 2", "duplicate: id 'c' and text as in b.csv, row 4"]


def test_missing_texts_and_broken_rows(tmp_path: Path) -> None:
    """Texts that are missing, rows with too many cells and lines that are no JSON are skipped with their number and reason."""
    documents, rows = records(tmp_path, "a.csv", "id,text,date\n1,Rain,soon\n2,  ,\n3,Sun, wind,2015\n4,Fog\n")
    assert documents["document_id"].tolist() == ["1", "4"] and documents["published"].isna().all()
    assert rows == [
        ["row 2", "kept", "'soon' is no date; published is missing"],
        ["row 3", "skipped", "the text is missing or blank"],
        ["row 4", "skipped", "4 cells for 3 columns; put cells that hold a comma in quotation marks"],
        ["row 5", "kept", "2 cells for 3 columns; the last 1 taken as missing"],
    ]
    documents, rows = records(tmp_path, "a.jsonl", '{"text": "Rain"}\n\nnope\n[1]\n{"text": ["a"]}\n{"id": 7}\n')
    assert documents["document_id"].tolist() == ["a-1"]
    assert rows == [
        ["line 3", "skipped", "not JSON (Expecting value at character 1)"],
        ["line 4", "skipped", "a JSON list, not an object with fields"],
        ["line 5", "skipped", "the text is a list, not text"],
        ["line 6", "skipped", "the text is missing or blank"],
    ]


def test_unclosed_quotation_mark(tmp_path: Path) -> None:
    """A mark that never closes costs no row, whether the file quotes its cells otherwise or not, and the report says where it opens."""
    documents, rows = records(tmp_path, "a.csv", 'id,text\n1,Rain\n2,"Sun\n3,Fog\n')
    assert documents["text"].tolist() == ["Rain", '"Sun', "Fog"]
    assert rows == [["row 3", "kept", "a quotation mark opens a cell and does not end it; the cell was read with its marks as they stand"]]
    documents, rows = records(tmp_path, "b.csv", 'id,text\n1,Rain 5" deep\n2,Sun\n')
    assert documents["text"].tolist() == ['Rain 5" deep', "Sun"] and not rows
    documents, rows = records(tmp_path, "c.csv", 'id,text\n1,"Rain, wind"\n2,"Sun\n3,Fog\n')
    assert documents["text"].tolist() == ["Rain, wind", '"Sun', "Fog"]
    assert rows == [
        ["row 3", "kept", "a quotation mark opens in this row and never closes; the line below it read as rows of their own; close it or double it"]
    ]
    documents, rows = records(tmp_path, "d.csv", 'id,text\n1,"Rain, wind"\n2,"Sun\nand all, he said, in\nthe city')
    assert documents["text"].tolist() == ["Rain, wind", "Sun\nand all, he said, in\nthe city"]
    assert rows[0][:2] == ["row 3", "kept"] and "never closes; 3 lines were read as one cell" in str(rows[0][2])


ROWS = ["1,Rain fell,2024-05-01", '2,"Rain fell,2024-05-02', "3,Snow,2024-05-03", "4,Hail,2024-05-04"]


@pytest.mark.parametrize(
    "last",
    ['5,"Foo bar,2024-05-05', '5,Foo 12",2024-05-05', '5,"Foo",2024-05-05', '5,"Foo ""bar""",2024-05-05', '5,,"2024-05-05"', '5,"",2024-05-05'],
)
@pytest.mark.parametrize("quoted", ["", '0,"Wind, ""strong""",2024-04-30'])
def test_a_mark_that_a_later_row_closes_swallows_no_row(tmp_path: Path, last: str, quoted: str) -> None:
    """Rows between two marks that do not belong together stay rows. Catches: one article of four rows with the last one's date."""
    content = "\n".join(["id,text,date", *filter(None, [quoted]), *ROWS, last, "6,Fog,2024-05-06"]) + "\n"
    documents, report = read(write(tmp_path / "a.csv", content), report=True)
    assert [text for text in documents["text"] if "\n" in text] == []
    assert [id_ for id_ in "012346" if id_ in documents["document_id"].tolist()] == list("012346"[not quoted :])
    assert documents.set_index("document_id").loc["3", "published"].day == 3
    assert "a quotation mark opens" in str(report.set_index("record").loc[f"row {3 + bool(quoted)}", "reason"])


@pytest.mark.parametrize("suffix", ["tsv", "csv"])
def test_marks_of_texts_are_kept(tmp_path: Path, suffix: str) -> None:
    """In a file that does not quote its cells, direct speech at the start of a text keeps its marks. Catches: speech that becomes the paper's own words."""
    texts = ['"We will win," Smith said.', "Rain fell.", '"We are here"', 'He said "no" and "yes"', '""', '"Go" and "stay"']
    if suffix == "csv":
        texts = [text.replace(",", "") for text in texts]
    mark = "\t" if suffix == "tsv" else ","
    content = "\n".join([mark.join(["id", "text", "date"]), *(mark.join([str(i), text, "2024-05-01"]) for i, text in enumerate(texts))])
    documents, report = read(write(tmp_path / f"a.{suffix}", content), report=True)
    assert documents["text"].tolist() == texts
    assert "quotation marks belong to the texts" in report["reason"][0]


def test_one_cell_that_breaks_the_rule_keeps_its_marks(tmp_path: Path) -> None:
    """In a file that quotes its cells, a cell that does not end with its mark stays as it stands; marks that were not doubled stay in it, too."""
    content = 'id,text,date\n1,"Rain, ""wind""",2024\n'
    content += '2,"We are here" said Ann,2024\n3,"He said, "hi, you" there",2024\n4,"One\n\nhe "said" so\ntwo",2024\n5,Fog,2024\n'
    documents, rows = records(tmp_path, "a.csv", content)
    assert documents["text"].tolist() == ['Rain, "wind"', '"We are here" said Ann', 'He said, "hi, you" there', 'One\n\nhe "said" so\ntwo', "Fog"]
    assert [row[:2] for row in rows] == [["row 3", "kept"], ["row 4", "kept"], ["row 5", "kept"]]


@pytest.mark.parametrize(
    "content",
    [
        'id\ttext\n1\t"Rain"\n2\t"Sun ""hot"""\n',  # marks doubled
        '"id"\t"text"\n"1"\t"Rain"\n2\t"Sun ""hot"""\n',  # names in marks
        'id\ttext\n1\t"Rain"\n2\t"Sun\t""hot"""\n',  # a tab inside
        'id,text\n1,"Rain"\n2,"Sun ""hot"""\n',
    ],
)
def test_quoting_that_shows_is_quoting(tmp_path: Path, content: str) -> None:
    """Cells that need their marks show that the file quotes."""
    documents = read(write(tmp_path / ("a.tsv" if "\t" in content else "a.csv"), content))
    assert documents["text"].str.replace("\t", " ").tolist() == ["Rain", 'Sun "hot"']


def test_hostile_marks_take_linear_time(tmp_path: Path) -> None:
    """Marks of which each opens a cell to the end of the file are read in seconds."""
    for line in ('a","b""', '"a', '"a "b" c'):
        start = time.process_time()
        records(tmp_path, "a.csv", 'id,text\n1,"Rain, wind"\n' + f"{line}\n" * 5_000 + "2,Sun")
        assert time.process_time() - start < 20  # three seconds on an idle machine


def test_nul_and_lone_surrogates(tmp_path: Path) -> None:
    """NUL and lone surrogates become U+FFFD, also in ids, and the report says so."""
    documents, rows = records(tmp_path, "a.jsonl", '{"id": "a\\u0000\\ud800é", "text": "Ra\\ud800in\\u0000 \\ud83d\\ude00", "title": "\\udfff"}')
    assert documents[["document_id", "text", "title"]].to_numpy().tolist() == [["a\ufffd\ufffdé", "Ra\ufffdin\ufffd 😀", "\ufffd"]]
    assert rows == [["line 1", "kept", "2 NUL or lone surrogates replaced by U+FFFD"]]
    documents, report = read(write(tmp_path / "b.txt", "Ra\x00in fell on the whole of the city."), report=True)
    assert (
        documents["text"][0].startswith("Ra\ufffdin") and report["reason"][0] == "1 NUL or lone surrogate replaced by U+FFFD; language guessed for 1 document"
    )


def test_undecodable_bytes(tmp_path: Path) -> None:
    """UTF-8 with a few broken bytes is kept with U+FFFD in their place; so is UTF-16 that was cut; the report says how many."""
    damaged = "“Rain fell,” said the café’s owner – “and fell.” ‘Oh…’ “No.”".encode() + b" \xe2\x80 \xff."
    documents, report = read(write(tmp_path / "a.txt", damaged), report=True)
    assert documents["text"][0].endswith(" \ufffd \ufffd.")
    assert report["reason"][0] == "read as utf-8, 2 undecodable bytes replaced by U+FFFD; language guessed for 1 document"
    documents, report = read(write(tmp_path / "c.txt", b"Rain fell on all of the city, the mayor said. " * 9 + b"\x81"), report=True)
    assert documents["text"][0].startswith("Rain fell on all") and report["reason"].notna().all()
    _, report = read(write(tmp_path / "b.txt", "Rain fell.".encode("utf-16") + b"x"), report=True)
    assert report["reason"][0] == "read as utf-16-le, 1 undecodable byte replaced by U+FFFD"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("nul.txt", "Ra\x00in fell on the whole of the city.", "plain text, 1 file: 1 document found, 1 kept (1 article), 0 skipped, 1 mended"),
        ("half.jsonl", '{"text": "Ra\\ud800in"}\n{"text": "Sun"}', "JSON lines, 1 file: 2 documents found, 2 kept (2 articles), 0 skipped, 1 mended"),
        ("ids.csv", "id,text\na,One\na,Two\na,Two\n", "CSV, 1 file: 3 documents found, 2 kept (2 articles), 1 skipped, 1 mended"),
        ("dates.csv", "id,text,date\na,One,soon\nb,Two,late\n", "CSV, 1 file: 2 documents found, 2 kept (2 articles), 0 skipped, 2 mended"),
        ("twice.csv", "id,text,date\na,One,soon\na,Two,soon\n", "CSV, 1 file: 2 documents found, 2 kept (2 articles), 0 skipped, 2 mended"),
        ("bytes.txt", "“Rain fell,” said the “mayor”.".encode() + b" \xff.", "plain text, 1 file: 1 document found, 1 kept (1 article), 0 skipped, 1 mended"),
    ],
)
def test_the_line_counts_what_was_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str | bytes, line: str) -> None:
    """What was kept although something was wrong is counted once a record, and the line says where to read more."""
    read(write(tmp_path / name, content))
    assert capsys.readouterr().out == f"{name}: {line}; read(..., report=True) says why.\n"


def test_the_line_names_encodings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every encoding but UTF-8 is named, with the number of its files."""
    for name, encoding in (("a.txt", "utf-8-sig"), ("b.txt", "cp1252"), ("c.csv", "utf-16"), ("d.jsonl", "utf-16"), ("e.csv", "utf-8")):
        text = {"txt": "“Rain” in {}.", "csv": "text\n“Rain” in {}.", "sonl": '{{"text": "“Rain” in {}."}}'}[name[2:].removeprefix("j")]
        write(tmp_path / name, text.format(name).encode(encoding))
    read(tmp_path)
    assert "5 files (1 in cp1252, 2 in utf-16-le): 5 documents found, 5 kept (5 articles), 0 skipped.\n" in capsys.readouterr().out


def test_bytes_that_fit_no_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If no encoding fits, the file is refused with the remedy."""
    monkeypatch.setattr("newsanalysis.readers.text.from_bytes", lambda _: type("None", (), {"best": lambda _: None})())
    with pytest.raises(ReadError, match=r"a.txt: the bytes fit no known encoding; save the file as UTF-8\.$"):
        read(write(tmp_path / "a.txt", b"\x81\x8d\x8f\x90 Rain"))
    assert read(write(tmp_path / "b.txt", b"Rain fell on all of the city. " * 9 + b"\x81"))["text"][0].endswith(" \ufffd")


def test_workbooks_that_are_bombs_or_damaged_or_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook that unpacks to more than the limit is refused before it is opened; damaged and empty ones get a sentence."""
    import openpyxl

    book = openpyxl.Workbook()
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ReadError, match=r"^a.xlsx: the workbook is empty\.$"):
        read(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<no/>")
    with pytest.raises(ReadError, match=r"^b.xlsx: the workbook is damaged or no .xlsx \(KeyError\); open and save it again as .xlsx\.$"):
        read(tmp_path / "b.xlsx")
    book.active.append(["Artikel"])
    book.save(tmp_path / "c.xlsx")
    with pytest.raises(ReadError, match=r"c.xlsx: no column holds the text .* the columns found are Artikel;"):
        read(tmp_path / "c.xlsx")
    monkeypatch.setattr("newsanalysis.readers.excel.MOST_BYTES", 1000)
    with pytest.raises(ReadError, match=r"a.xlsx: the workbook unpacks to [0-9,]+ bytes, more than the limit of 1,000; split it or save it as CSV\.$"):
        read(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (PermissionError(13, "Permission denied"), "permission to read the file is denied"),
        (OSError(5, "Input/output error"), "the file cannot be read (Input/output error)"),
        (MemoryError(), "the file is too large for the memory of this machine; split it"),
    ],
    ids=["permission", "disk", "memory"],
)
def test_files_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, sentence: str) -> None:
    """A file that the system refuses is an error alone and a row of the report in a folder."""
    write(tmp_path / "bad.txt", "x")
    write(tmp_path / "good.txt", "Rain fell.")
    opened: Callable[..., object] = Path.open

    def refuse(self: Path, *args: object, **options: object) -> object:
        if self.name == "bad.txt":
            raise failure
        return opened(self, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "bad.txt")
    assert str(caught.value) == f"bad.txt: {sentence}."
    documents, report = read(tmp_path, report=True)
    assert len(documents) == 1 and report["reason"][0] == sentence


def test_folder_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder below that the system refuses is a row of the report."""
    write(tmp_path / "good.txt", "Rain fell.")
    write(tmp_path / "closed" / "a.txt", "x")
    opened = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return opened(path)

    monkeypatch.setattr(os, "scandir", refuse)
    _, report = read(tmp_path, report=True)
    assert report.set_index("source_file")["reason"]["closed"] == "the folder cannot be opened (Permission denied)"


@pytest.mark.skipif(os.name == "nt", reason="pipes need POSIX")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    """A named pipe is refused at once; opening it would wait for ever."""
    os.mkfifo(tmp_path / "p.txt")
    with pytest.raises(ReadError, match=r"^p.txt: neither a file nor a folder\.$"):
        read(tmp_path / "p.txt")


@pytest.mark.parametrize(
    ("header", "likely"),
    [
        ("Headline,Wortlaut", "Wortlaut"),
        pytest.param(f"Headline,{'Wortlaut' * 9}", "their name", id="a name without end"),
        ("Headline,Wortlaut,Thema", "their name"),
        ("Headline,date", "Headline"),
        ("Wortlaut,date", "Wortlaut"),
        ("Headline,", "Headline"),
    ],
)
def test_the_column_proposed_for_the_text_is_one_that_may_hold_it(tmp_path: Path, header: str, likely: str) -> None:
    """The only column that is none of ours is proposed; headlines only where there is nothing else to read."""
    write(tmp_path / "a.csv", f"{header}\n{','.join('x' for _ in header.split(','))}\n")
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "a.csv")
    assert str(caught.value).endswith(f'as in read(path, columns={{"text": "{likely}"}}) or --column text="{likely}".')


@pytest.mark.parametrize(("theirs", "remedy"), [("Wortlautt", "write 'Wortlaut', if that is meant."), ("zzz", "name one of them, spelt as it is there.")])
def test_a_wrong_name_in_columns_is_answered_by_the_near_one(tmp_path: Path, theirs: str, remedy: str) -> None:
    """A name that is not there is said with the columns that are, and the one that may be meant."""
    write(tmp_path / "a.csv", "Thema,Wortlaut\na,b\n")
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "a.csv", columns={"text": theirs})
    assert f"no column {theirs!r} for our 'text'; the columns found are Thema, Wortlaut; " in str(caught.value)
    assert remedy in str(caught.value)
