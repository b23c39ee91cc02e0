"""Large files: read piece by piece they give what they give whole, and memory does not grow with them."""

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsanalysis.readers import ReadError, streams
from newsanalysis.readers.collect import read_paths

QUIET = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PARTS = ["“Rain fell,” said the mayor.", '"', ",", ";", "\n", "\r\n", "\r", " ", "é", "\u2028", "😀", "a" * 40, "007", "Москва", "\n\n"]
TEXTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join).filter(str.strip)


def in_pieces(patch: pytest.MonkeyPatch, records: int = 2, block: int = 64) -> None:
    """Read every file piece by piece."""
    patch.setattr(streams, "LARGE", -1)
    patch.setattr(streams, "PIECE_RECORDS", records)
    patch.setattr(streams, "_BLOCK", block)


def outcome(path: Path) -> tuple[object, object, object]:
    """Documents, report and line, or what is wrong."""
    try:
        documents, report, line = read_paths(path, None)
    except ReadError as error:
        return str(error), None, None
    return documents, report, line


def same(path: Path, records: int = 2, block: int = 64) -> pd.DataFrame:
    """Assert that a file gives the same whole and in pieces."""
    whole = outcome(path)
    with pytest.MonkeyPatch.context() as patch:
        in_pieces(patch, records, block)
        pieces = outcome(path)
    if isinstance(whole[0], pd.DataFrame):
        assert isinstance(pieces[0], pd.DataFrame), pieces[0]
        pd.testing.assert_frame_equal(pieces[0], whole[0])
        pd.testing.assert_frame_equal(pieces[1], whole[1])
    assert pieces[2] == whole[2]
    return whole[0]


def content(form: str, texts: list[str], encoding: str) -> bytes:
    """Rows as a file."""
    rows = [{"id": str(i), "text": text, "note": "x"} for i, text in enumerate(texts)]
    if form == "jsonl":
        written = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    elif form == "json":
        written = json.dumps(rows, ensure_ascii=False, indent=1)
    else:
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(["id", "text", "note"])
        writer.writerows([*row.values()] for row in rows)
        written = buffer.getvalue()
    return written.encode(encoding)


@QUIET
@given(
    form=st.sampled_from(["jsonl", "json", "csv"]),
    texts=st.lists(TEXTS, min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    records=st.integers(1, 5),
    block=st.integers(60, 400),
    packed=st.booleans(),
)
def test_pieces_are_the_whole(tmp_path: Path, form: str, texts: list[str], encoding: str, records: int, block: int, packed: bool) -> None:
    """Whatever is in the cells, wherever blocks end, packed or not: the same documents, report and line.

    Catches: a character or CRLF cut by a block's end, numbers that start anew with each piece, the last piece lost.
    """
    raw = content(form, texts, encoding)
    path = tmp_path / f"news.{form}{'.gz' * packed}"
    path.write_bytes(gzip.compress(raw) if packed else raw)
    assert len(same(path, records, block)) == len(texts)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.csv", "sep=;\n\nid;text\n1;Rain\n2;Sun;more\n3\n;;\n4;\n5;Fog\n"),
        ("a.csv", 'id,text\n1,Rain\n2,"Sun\n3,Fog\n'),
        ("a.csv", 'id,text\n1,Rain 5" deep\n2,Sun\n'),
        ("a.tsv", "id\ttext\tdate\n1\tRain\tsoon\n1\tRain\t\n1\tSun\t2015\n"),
        ("a.csv", "a,b\n1,2\n"),
        ("a.csv", "id,text\n"),
        ("a.jsonl", '{"id": 1, "text": "Rain"}\nnope\n[1]\n\n{"text": ["a"]}\n{"id": 7, "author": ["A"]}\n{"text": "x", "author": ["A"]}\n'),
        ("a.jsonl", '{"text": "a"}\n{"text": ' + "9" * 5000 + "}\n" + "[" * 100_000 + '\n{"text": "b"}\n'),
        ("a.json", '[{"text": "a"}, 7, {"text": "b", "kind": "headline"}]'),
        ("a.json", "[]"),
        ("a.json", '{"articles": [{"text": "a"}]}'),
        ("a.txt", "Rain fell."),
        ("a.csv", b"\x89\x00\x01\x02" * 100),
    ],
)
def test_odd_files_give_the_same_in_pieces(tmp_path: Path, name: str, written: str | bytes) -> None:
    """What is skipped or mended is so in pieces as well, with the same numbers and words."""
    path = tmp_path / name
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    same(path, block=len(written) + 1 if name.endswith("csv") else 200)


def test_a_field_that_comes_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that only later objects have is read; where they call the text by another name it is the text still."""
    in_pieces(monkeypatch, records=1)
    path = tmp_path / "a.jsonl"
    path.write_text('{"body": "One"}\n{"body": "Two", "title": "T"}\n{"text": "Three", "other": 1}\n')
    documents, report, _ = read_paths(path, None)
    assert documents["text"].tolist() == ["One", "Two", "Three"] and documents["title"].fillna("").tolist() == ["", "T", ""]
    assert report["reason"][0] == "column 'body' not used: 'text' is the text; columns not used: other" or "columns not used: other" in report["reason"][0]


def test_what_stands_before_a_break_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that breaks off in a later piece gives what stands before, and the report says where it broke off."""
    in_pieces(monkeypatch, records=2)
    monkeypatch.setattr(streams, "MOST_LINE", 1000)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"text": "Rain {i}"}}\n' for i in range(5)) + '{"text": "' + "x" * 5000 + '"}\n')
    documents, report, line = read_paths(path, None)
    assert documents["text"].tolist() == ["Rain 0", "Rain 1", "Rain 2", "Rain 3"]
    assert report["reason"][0].startswith("broke off after line 4: a line has more than 1,000 characters")
    assert "1 file: 4 documents found" in line
    path = tmp_path / "b.json"
    path.write_text('[{"text": "One"}, {"text": "Two"}, {"text": "Thr')
    documents, report, _ = read_paths(path, None)
    assert documents["text"].tolist() == ["One", "Two"] and report["reason"][1] == "the array breaks off here"


def test_a_part_in_another_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that begins as UTF-8 and goes on as cp1252 is read as both, and the report says so."""
    in_pieces(monkeypatch)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(f'{{"text": "Rain {i}"}}\n'.encode() for i in range(20)) + '{"text": "The café’s owner was out."}\n'.encode("cp1252") * 9)
    documents, report, _ = read_paths(path, None)
    assert documents["text"].tolist()[-1] == "The café’s owner was out." and "parts read as cp1252" in report["reason"][0]


def test_a_quotation_mark_that_never_closes_costs_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a large table a cell over the limit is read as the rows that it is."""
    in_pieces(monkeypatch, block=10_000)
    monkeypatch.setattr(streams, "MOST_LINE", 1000)
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"Rain, wind"\n2,"Sun\n' + "".join(f"{i},Fog {i}\n" for i in range(3, 300)))
    documents, report, _ = read_paths(path, None)
    assert documents["document_id"].tolist() == [str(i) for i in range(1, 300)]
    assert "a quotation mark opens in this row and never closes" in report["reason"][1]


def test_a_header_of_too_many_cells(tmp_path: Path) -> None:
    """A table of a million columns is refused."""
    path = tmp_path / "a.csv"
    path.write_text("text" + ",a" * 1_000_000 + "\nRain\n")
    with pytest.raises(ReadError, match="more than the 16,384 columns"):
        read_paths(path, None)


@pytest.mark.parametrize("name", ["news.jsonl", "news.jsonl.gz", "news.csv", "news.parquet"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, name: str) -> None:
    """A file of a hundred megabytes is read with the memory of some pieces."""
    path, text = tmp_path / name, "The mayor said that the bridge was closed after the storm. " * 20
    n = 60_000
    if name.endswith(".parquet"):
        pd.DataFrame({"id": range(n), "text": [f"{text}{i}" for i in range(n)]}).to_parquet(path, row_group_size=10_000)
    else:
        with gzip.open(path, "wt", compresslevel=1) if name.endswith("gz") else path.open("w") as file:
            file.write("id,text\n" if name.endswith("csv") else "")
            for i in range(n):
                file.write(f'{i},"{text}{i}"\n' if name.endswith("csv") else f'{{"id": {i}, "text": "{text}{i}"}}\n')
    code = (
        "import resource, sys; from pathlib import Path; from newsanalysis.readers import formats; import pyarrow.parquet\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "n = sum(len(parsed.numbers) for parsed in formats.parse(Path(sys.argv[1]), {}))\n"
        "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    read, grown = map(int, done.stdout.split())
    assert read == n
    assert grown * (1024 if sys.platform != "darwin" else 1) < 80 * 2**20
