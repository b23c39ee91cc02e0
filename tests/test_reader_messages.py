"""What is said of files that are nearly what is read: the way out; and nothing in a message steers the terminal."""

import re

import pandas as pd
import pytest

import newsanalysis as na
from newsanalysis.readers.contract import ReadError

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HOSTILE = "\x1b]0;pwned\x07\x9b31m\u202e"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"text,{HOSTILE}\nRain.,1\n"),
        ("a.csv", f"{HOSTILE},b\nRain.,1\n"),
        ("a.csv", f"title {HOSTILE},title\nRain.,1\n"),
        ("a.jsonl", '{"text": "Rain.", "\\u001b]0;x": 1, "date": "\\u001b[2J"}\n'),
        ("a.jsonl", '{"\\u001b]0;x": 1}\n'),
        ("a.xml", f"<{HOSTILE}/>"),
        (f"{HOSTILE}.csv", "text\nRain.\n"),
        (f"{HOSTILE}.csv", "nothing\nRain.\n"),
    ],
)
def test_no_message_steers_the_terminal(tmp_path, capsys, name, content):
    """Names of columns, files and elements, and values, are shown with their controls escaped, in line, error and report. (Fault: ESC raw.)"""
    (tmp_path / name).write_text(content, encoding="utf-8")
    for path in (tmp_path / name, tmp_path):
        try:
            _, report = na.read(path, report=True)
            said = " ".join(report["reason"].dropna()) + " ".join(report["source_file"])
        except ReadError as error:
            said = str(error)
        assert not STEERING.search(said + capsys.readouterr().out)


def test_names_in_messages_of_frames_are_escaped():
    """A DataFrame's names are shown as a file's are."""
    with pytest.raises(ReadError) as caught:
        na.documents(pd.DataFrame({HOSTILE: ["Rain."]}))
    assert not STEERING.search(str(caught.value))


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_plain_mail(tmp_path, name):
    """E-mail that is none of ProQuest is told so, and what to do."""
    start = "From a@herald.example Mon Mar  2 10:00:00 2015\n" if name == "a.mbox" else ""
    (tmp_path / name).write_text(f"{start}From: a@herald.example\nSubject: Rain\nMIME-Version: 1.0\nContent-Type: text/plain\n\nRain fell.\n")
    with pytest.raises(ReadError, match=r"it is e-mail, but none of ProQuest.*save the articles in it as text"):
        na.read(tmp_path / name)


def test_a_long_comment_before_the_root(tmp_path):
    """What stands behind a comment of a megabyte tells the format. (Fault: XML of <nitf>, which is not known.)"""
    body = "<nitf><head><title>Rain</title></head><body><body.content><p>Rain fell.</p></body.content></body></nitf>"
    (tmp_path / "a.xml").write_text(f'<?xml version="1.0"?><!-- one --><!--{"x " * 500_000}-->{body}')
    assert na.read(tmp_path / "a.xml")["reader"].tolist() == ["nitf@1"]
    (tmp_path / "b.xml").write_text(f'<?xml version="1.0"?><!--{"x " * 500_000}')
    with pytest.raises(ReadError):
        na.read(tmp_path / "b.xml")


def test_utf_7(tmp_path):
    """UTF-7 is refused with the remedy."""
    (tmp_path / "a.xml").write_text('<?xml version="1.0" encoding="UTF-7"?>+ADw-nitf+AD4-')
    with pytest.raises(ReadError, match="the XML is in UTF-7, which is not read; save it as UTF-8"):
        na.read(tmp_path / "a.xml")


def test_objects_over_several_lines_one_after_another(tmp_path):
    """Pretty-printed objects one after another are read as records; a last one that is cut is said."""
    one = '{\n  "text": "Rain %d.",\n  "tags": {"a": 1}\n}\n'
    (tmp_path / "a.json").write_text(one % 1 + one % 2 + one % 3)
    assert na.read(tmp_path / "a.json")["text"].tolist() == ["Rain 1.", "Rain 2.", "Rain 3."]
    (tmp_path / "b.json").write_text(one % 1 + one % 2 + (one % 3)[:20])
    documents, report = na.read(tmp_path / "b.json", report=True)
    assert documents["text"].tolist() == ["Rain 1.", "Rain 2."] and "broke off after record 2" in report["reason"][0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Export of 12 March 2015\n\nid,text\n1,Rain.\n", "the row 'id,text' below looks like the names of the columns: delete what stands above it"),
        ("1,2015-03-12,Rain fell on the town.\n2,2015-03-13,Sun.\n", "the first row looks like an article, not like names: write the names"),
    ],
)
def test_tables_without_names_at_the_top(tmp_path, content, said):
    """A table with lines above its header, or without one, is told what to do."""
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(ReadError, match=said):
        na.read(tmp_path / "a.csv")
