"""The spool: a corpus read in parts is the corpus read whole."""

import gzip
import json
import os
import pickle
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsanalysis.copies import find_copies
from newsanalysis.readers import ReadError, finding, formats, spool
from newsanalysis.readers.collect import read_paths
from newsanalysis.readers.contract import Format

QUIET = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ARTICLE = "The mayor said that the bridge was closed after the storm. " * 8


def write(path: Path, content: str | bytes) -> Path:
    """Write a file, text as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def spooled(inputs: object, folder: Path, columns: dict[str, str] | None = None) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Read in parts: documents, report and line."""
    groups = spool.group(spool.find(inputs), columns)
    for group in groups:
        spool.read_group(pickle.loads(pickle.dumps(group)), folder)
    partitions = spool.assign(groups, folder)
    line = spool.line(inputs, groups, folder)
    parts = [spool.documents(partition, folder) for partition in partitions]
    assert [len(part) for part in parts] == [partition.n_documents for partition in partitions]
    return pd.concat(parts, ignore_index=True), pd.concat(spool.report(groups, folder), ignore_index=True), line


def same(inputs: object, folder: Path, columns: dict[str, str] | None = None) -> None:
    """Assert that parts and whole are one."""
    try:
        whole = read_paths(inputs, columns)
    except ReadError as error:
        with pytest.raises(ReadError) as caught:
            spooled(inputs, folder, columns)
        assert str(caught.value) == str(error)
        return
    parts = spooled(inputs, folder, columns)
    pd.testing.assert_frame_equal(parts[0], find_copies(whole[0]))
    pd.testing.assert_frame_equal(parts[1], whole[1])
    assert parts[2] == whole[2]


def test_a_mixed_folder_in_parts_is_the_folder_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of all kinds, good and bad, with duplicates, ids taken and dates of either order, give the same in parts as at once."""
    news = tmp_path / "news"
    write(news / "a.csv", "id,text,date\nx,One,25/04/2015\nx,Two,03/04/2015\nx-2,Three,soon\nx,One,2015\n,,\n")
    write(news / "b.csv", "id,text,date\nx,Four,03/04/2015\nx,One,\nz,café\x00,03/04/2015\n")
    write(news / "c.jsonl.gz", gzip.compress(b'{"id": "x", "text": "One"}\nnope\n{"text": "Five", "kind": "poem", "language": "English"}\n'))
    write(news / "d.txt", ARTICLE + "\n\n\nRain Closes Three Main Roads\nMayor Promises a New Bridge\nSchools Stay Open All Day")
    write(news / "e" / "d.txt", ARTICLE)
    write(news / "empty.txt", "")
    write(news / "picture.txt", b"\x89PNG\r\n\x1a\n")
    write(news / "f.docx", "x")
    write(news / ".hidden", "x")
    write(news / "twin.txt", "Three")
    write(news / "x.txt", "One")
    for size in (1, 3, 200):
        monkeypatch.setattr(spool, "CHUNK_DOCUMENTS", size)
        for files in (2, 100):
            monkeypatch.setattr(spool, "GROUP_FILES", files)
            same(news, tmp_path / f"spool {size} {files}")


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "a-2", "f0-2", ""]),
        st.sampled_from(["Rain.", "Sun.", "Fog\x00.", "", "The mayor said that the bridge was closed.", ARTICLE, ARTICLE.upper()]),
        st.sampled_from(["soon", "2015-03-12", "", "03/04/2015", "25/04/2015", "2015"]),
    ),
    max_size=8,
)


@QUIET
@given(files=st.lists(RECORDS, min_size=1, max_size=4), documents=st.integers(1, 5), in_group=st.integers(1, 4))
def test_parts_are_the_whole(tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[str, str, str]]], documents: int, in_group: int) -> None:
    """Whatever the records and the size of chunks and groups: same documents, ids, order, dates, report and line.

    Catches: ids settled chunk by chunk, dates ordered by chunk, stems of groups, a duplicate that a later chunk forgets.
    """
    folder = tmp_path_factory.mktemp("news")
    for i, rows in enumerate(files):
        write(folder / "news" / f"f{i}.jsonl", "\n".join(json.dumps({"id": id_, "text": text, "date": date}) for id_, text, date in rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "CHUNK_DOCUMENTS", documents)
        patch.setattr(spool, "GROUP_FILES", in_group)
        same(folder / "news", folder / "spool")


def grouped(folder: Path) -> list[spool.Group]:
    """The groups of a folder."""
    return spool.group(spool.find(folder))


def test_a_file_more_changes_a_group_or_two(tmp_path: Path) -> None:
    """Groups and partitions are known again when a file is added, wherever they stand now."""
    for i in range(300):
        write(tmp_path / "news" / f"{i:03d}.txt", f"Rain fell on day {i}.")
    before = {group.key for group in grouped(tmp_path / "news")}
    write(tmp_path / "news" / "000a.txt", "Snow fell.")
    after = {group.key for group in grouped(tmp_path / "news")}
    assert len(before) >= 2 and len(after - before) <= 2


def test_partitions_are_known_by_their_content(tmp_path: Path) -> None:
    """The same documents have the same key in another spool; another text, id or date has another."""
    folders = [tmp_path / name for name in ("a", "b", "c")]
    keys = []
    for folder, text in zip(folders, ("Rain.", "Rain.", "Sun."), strict=True):
        write(folder / "news" / "x.csv", f"id,text\n1,{text}\n")
        groups = grouped(folder / "news")
        spool.read_group(groups[0], folder)
        keys.append([partition.key for partition in spool.assign(groups, folder)])
    assert keys[0] == keys[1] != keys[2]


def test_reading_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """A group read again, by another worker, writes what is there already."""
    write(tmp_path / "news" / "x.csv", "id,text,date\n1,Rain,soon\n1,Sun,2015\n")
    (group,) = grouped(tmp_path / "news")
    bytes_ = []
    for name in ("one", "two"):
        spool.read_group(group, tmp_path / name)
        spool.assign([group], tmp_path / name)
        bytes_.append({path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()})
    assert bytes_[0] == bytes_[1]
    assert not [name for name in bytes_[0] if "/." in name]


def test_a_group_that_kills_is_split_and_failed(tmp_path: Path) -> None:
    """Halves down to one file; the file that fails is skipped with its reason, all others are read."""
    for name in "abcde":
        write(tmp_path / "news" / f"{name}.txt", f"Text {name}.")
    (group,) = grouped(tmp_path / "news")
    pending, groups = [group], []
    while pending:
        task = pending.pop(0)
        if any(source.label == "c.txt" for source in task.sources) and len(task.sources) > 1:
            pending = [*spool.split_group(task), *pending]
        else:
            groups.append(task)
            poison = task.sources[0].label == "c.txt"
            spool.failed_group(task, tmp_path / "spool", "it ended the worker") if poison else spool.read_group(task, tmp_path / "spool")
    assert all(spool.done(task, tmp_path / "spool") for task in groups) and not spool.done(group, tmp_path / "spool")
    documents = pd.concat(spool.documents(partition, tmp_path / "spool") for partition in spool.assign(groups, tmp_path / "spool"))
    report = pd.concat(spool.report(groups, tmp_path / "spool"))
    assert documents["document_id"].tolist() == ["a", "b", "d", "e"]
    assert report.set_index("source_file")["reason"]["c.txt"] == "it ended the worker"
    assert spool.split_group(spool.split_group(group)[0])[0].sources == group.sources[:1]


def test_what_may_pass_is_tried_again(tmp_path: Path) -> None:
    """A file that vanished, changed or was refused while it was read leaves its group undone; the others of the group are read."""
    for name in "abc":
        write(tmp_path / "news" / f"{name}.txt", f"Text {name}.")
    groups = grouped(tmp_path / "news")
    (tmp_path / "news" / "b.txt").unlink()
    write(tmp_path / "news" / "c.txt", "Text c, and more.")
    spool.read_group(groups[0], tmp_path / "spool")
    spool.assign(groups, tmp_path / "spool")
    report = pd.concat(spool.report(groups, tmp_path / "spool")).set_index("source_file")["reason"].fillna("")
    assert report["b.txt"] == "the file cannot be read (No such file or directory)"
    assert "the file changed while the corpus was being read; run again" in report["c.txt"]
    assert not spool.done(groups[0], tmp_path / "spool")


def test_results_among_the_news_are_not_news(tmp_path: Path) -> None:
    """A folder that an analysis wrote, whole, without its hidden folder or broken off, is one row and a word in the line, in parts as whole."""
    news = tmp_path / "news"
    write(news / "a.txt", "Rain fell.")
    write(news / "manifest.json", json.dumps({"text": "No analysis wrote this manifest."}))
    for name, marks in {"old": ("manifest.json", ".newsanalysis/run.json"), "bare": ("manifest.json",), "cut": (".newsanalysis/lock",)}.items():
        for mark in marks:
            write(news / name / mark, "{}")
        for table in ("attributions", "documents", "units"):
            (news / name / f"{table}.parquet").mkdir(parents=True)
            pd.DataFrame({"text": ["One sentence."]}).to_parquet(news / name / f"{table}.parquet" / "part-00000-0.parquet")
    same(news, tmp_path / "spool")
    documents, report, line = read_paths(news, None)
    assert documents["document_id"].tolist() == ["a", "manifest-1"]
    skipped = report[report["status"] == "skipped"]
    assert skipped["source_file"].tolist() == ["bare", "cut", "old"] and set(skipped["reason"]) == {finding.RESULTS}
    assert f"2 files (3 more skipped): 2 documents found, 2 kept (2 articles), 0 skipped; bare and 2 more not read: {finding.RESULTS};" in line
    with pytest.raises(ReadError, match="the results of an analysis"):
        read_paths(news / "old", None)
    assert len(read_paths(news / "old" / "documents.parquet", None)[0]) == 1


def test_absurd_names(tmp_path: Path) -> None:
    """Names with line ends, bytes that are no text, blanks and marks are read and shown on one line, in parts as whole."""
    news = tmp_path / "news"
    news.mkdir()
    for name in (
        b"a\nb.txt",
        b"\xff.txt",
        b"\xfe.txt",
        b" .txt",
        b"=1+1.txt",
        b"caf\xc3\xa9.txt",
        b"x" * 240 + b".txt",
        b"a\tb.csv",
        b"<b>.txt",
        b"nul\x01.txt",
    ):
        Path(os.fsdecode(bytes(news) + b"/" + name)).write_bytes(b"text\nRain on " + repr(name).encode())
    same(news, tmp_path / "spool")
    documents, _, line = read_paths(news, None)
    assert len(documents) == 10 and documents["document_id"].is_unique
    assert not documents["source_file"].str.contains("[\x00-\x1f\ufffd]").any() and "\n" not in line
    assert {"a\\nb.txt", "\\xff.txt", "\\xfe.txt"} <= set(documents["source_file"])


def test_a_reader_that_fails_costs_its_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of a reader's own making is in the report as such; the other files are read."""

    def fail(_path: Path, _columns: object) -> object:
        raise KeyError("headline")

    broken = Format("Vendor", (".vnd",), fail, lambda head: head.startswith(b"VENDOR"))  # type: ignore[arg-type]
    monkeypatch.setattr(formats, "FORMATS", (broken, *formats.FORMATS))
    write(tmp_path / "news" / "a.txt", "VENDOR 1")
    write(tmp_path / "news" / "b.txt", "Rain fell.")
    same(tmp_path / "news", tmp_path / "spool")
    documents, report, _ = read_paths(tmp_path / "news", None)
    assert documents["document_id"].tolist() == ["b"]
    assert report["reason"][0] == "the reader failed on it (KeyError: 'headline'), which is a fault of the reader: please report it"


def test_one_unreadable_file_among_thousands(tmp_path: Path) -> None:
    """Of three thousand files one cannot be opened: all others are there, and one row says why."""
    for i in range(3000):
        write(tmp_path / "news" / f"{i}.txt", f"Rain {i}.")
    (tmp_path / "news" / "7.txt").unlink()
    (tmp_path / "news" / "7.txt").symlink_to("/proc/self/mem" if Path("/proc/self/mem").exists() else "/dev/null")
    documents, report, line = read_paths(tmp_path / "news", None)
    assert len(documents) == 2999 and (report["status"] == "skipped").sum() == 1
    assert "2,999 files (1 more skipped)" in line


SAMPLES = Path(__file__).parents[2] / "shared" / "samples"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
def test_vendors_files_in_parts_are_the_files_whole(tmp_path: Path) -> None:
    """Exports and agencies' files, good and bad, give the same in parts as at once."""
    same([SAMPLES / name for name in ("factiva", "newsml", "ninjs", "nitf", "europresse")], tmp_path / "spool")


def test_the_libraries_that_read_are_in_the_key(monkeypatch):
    """Another trafilatura reads pages otherwise, so what is read is kept under another key; a library that is not there counts as absent."""
    from importlib.metadata import version

    assert f"trafilatura@{version('trafilatura')}" in spool.VERSION and f"lxml@{version('lxml')}" in spool.VERSION
    assert spool._installed("no-such-library") == "absent"
    sources = [finding.Source(0, "/a.html", "a.html", "a")]
    before = spool.group(sources)[0].key
    monkeypatch.setattr(spool, "VERSION", spool.VERSION.replace("trafilatura@", "trafilatura@0."))
    assert spool.group(sources)[0].key != before
