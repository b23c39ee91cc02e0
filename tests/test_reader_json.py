"""JSON that is cut or damaged: the objects that stand whole are read, at once as in pieces, and a note says where it broke off."""

import json
import time
from pathlib import Path

import pytest

import newsanalysis as na
from newsanalysis.readers import formats, streams
from newsanalysis.readers.contract import ReadError

ROWS = [{"id": str(n), "text": f"Rain fell on town {n}, \\ and roads were “closed”."} for n in range(12)]


def said_of(path: Path) -> tuple[list[str], list[str]]:
    """The ids of a file's documents, and the reasons in its report."""
    documents, report = na.read(path, report=True)
    return documents["document_id"].tolist(), report["reason"].fillna("").tolist()


@pytest.fixture(params=["at once", "in pieces"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Arrays are read at once, or as those larger than memory are."""
    if request.param == "in pieces":
        monkeypatch.setattr(streams, "LARGE", 0)
        monkeypatch.setattr(streams, "PIECE_RECORDS", 3)
    return str(request.param)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("indent", [None, 1], ids=["one line", "pretty"])
def test_a_cut_array_gives_the_objects_before_the_cut(tmp_path: Path, indent: int | None) -> None:
    """Cut at any place: what stands whole is kept, what is cut is skipped, and a note says after which record it broke off. (Fault: nothing was read.)"""
    text = json.dumps(ROWS, indent=indent, ensure_ascii=False)
    decoder, ends, at = json.JSONDecoder(), [], 1
    for _ in ROWS:
        _, end = decoder.raw_decode(text, text.index("{", at))
        ends.append(end)
        at = end
    path = tmp_path / "a.json"
    for place in [*range(len(text) // 5, len(text) - 1, 41), *ends[2:4], len(text.rstrip("]"))]:
        path.write_text(text[:place], encoding="utf-8")
        whole = sum(end <= place for end in ends)
        ids, said = said_of(path)
        assert ids == [row["id"] for row in ROWS[:whole]]
        assert f"broke off after record {whole}: the array breaks off here" in said[0]
        assert said[1:] in ([], ["the array breaks off here"])


@pytest.mark.usefixtures("way")
def test_a_damaged_array_and_what_stands_behind_one(tmp_path: Path) -> None:
    """What is no JSON is said; so is what stands behind the array's end. (Fault: silence, in pieces.)"""
    text = json.dumps(ROWS)
    path = tmp_path / "a.json"
    path.write_text(text.replace('"id": "5"', '"id": #5"'))
    ids, said = said_of(path)
    assert ids == [row["id"] for row in ROWS[:5]]
    assert "broke off after record 5: not JSON (Expecting value at character 8); what follows was not read" in said[0]
    path.write_text(text + "\n[7]")
    ids, said = said_of(path)
    assert len(ids) == 12 and "broke off after record 12: behind the array stands something else, which was not read" in said[0]


def test_a_cut_object_that_holds_records(tmp_path: Path) -> None:
    """As services answer: the array that the object breaks off in, unless the object is itself an article."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"status": "ok", "n": {"of": 12}, "articles": ROWS})[:-120])
    ids, said = said_of(path)
    assert ids == [row["id"] for row in ROWS[: len(ids)]] and len(ids) >= 9 and "broke off after record" in said[0]
    for broken in ('{"text": "Rain fell.", "tags": [{"text": "rain"}, {"te', '{"status": {"a": [', '{"status" 7', "{", '{"articles": ['):
        path.write_text(broken)
        with pytest.raises(ReadError):
            na.read(path)


def test_lines_stay_lines(tmp_path: Path) -> None:
    """A line that is damaged costs itself only, also if it holds an array; an array without commas is one all the same."""
    path = tmp_path / "a.json"
    path.write_text('{"quotes": [{"text": "Rain"},\n{"text": "One"}\n{"text": "Two"}\n')
    assert na.read(path)["text"].tolist() == ["One", "Two"]
    path.write_text('[\n{"text": "One"}\n{"text": "Two"}\n]\n')
    assert na.read(path)["text"].tolist() == ["One", "Two"]


def test_hostile_arrays_end_quickly(tmp_path: Path) -> None:
    """A million brackets, marks or numbers: records or ReadError, and no time without end."""
    path = tmp_path / "a.json"
    started = time.process_time()
    for text in (
        "[" * 10**6,
        '[{"text": "Rain"},' + "[" * 10**6,
        '[{"text": "Rain"},' + "9" * 10**6,
        '[{"text": "Rain"}' + ", " * 10**6,
        '{"a":[' * 10**5,
        '["' + '\\"' * 10**6,
    ):
        path.write_text(text)
        try:
            assert sum(len(parsed.numbers) for parsed in formats.parse(path, {})) == 1
        except ReadError as error:
            assert len(str(error)) < 500
    assert time.process_time() - started < 20
