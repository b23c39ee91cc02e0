"""The spool: a corpus read in parts is the corpus read whole."""

import gzip
import json
import pickle
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsanalysis.copies import find_copies
from newsanalysis.readers import ReadError, spool
from newsanalysis.readers.collect import read_paths

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
