"""Archives of files: read as folders, nothing written elsewhere, bombs and locks survived."""

import io
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest

import newsanalysis as na
from newsanalysis.readers.archives import read_zip, sniff_tar, sniff_zip
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.formats import guess, peek

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
real = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
FILES = {"a/rain.txt": "Rain fell on the town.", "b/news.csv": "id,text\n1,Sun.\n2,\n3,Snow.\n", "b/wind.txt": "Wind blew."}


def packed(path, files):
    """A zip archive of texts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_zip_is_read_as_a_folder(tmp_path, capsys):
    """Ids have the member's name, reasons too, and records are counted through the archive."""
    documents, report = na.read(packed(tmp_path / "news.ZIP", FILES), report=True)
    assert documents["document_id"].tolist() == ["news/a/rain", "1", "3", "news/b/wind"]
    assert "5 documents found, 4 kept" in capsys.readouterr().out
    assert report[report["status"] == "skipped"]["reason"].tolist() == ["b/news.csv, row 3: the text is missing or blank"] or (
        report[report["status"] == "skipped"]["reason"].str.contains("missing or blank").all()
    )


def test_a_tar_is_read_the_same(tmp_path):
    """Packed with gzip or not; links in it are not followed."""
    for name, mode in (("a.tar", "w"), ("b.tar.gz", "w:gz")):
        with tarfile.open(tmp_path / name, mode) as archive:
            for member, text in FILES.items():
                info = tarfile.TarInfo(member)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
            link = tarfile.TarInfo("passwords.txt")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
        documents, report = na.read(tmp_path / name, report=True)
        assert len(documents) == 4
        assert report["reason"].astype(str).str.contains("a link or a device").any()


def test_members_that_are_not_read_are_said(tmp_path):
    """Archives in archives, hidden files, unknown kinds, empty ones."""
    files = {"a.txt": "Rain.", "in.zip": "PK", "__MACOSX/._a.txt": "x", "p.exe": "MZ", "e.txt": "", "b.pdf": "%PDF"}
    _, report = na.read(packed(tmp_path / "a.zip", files), report=True)
    reasons = " ".join(report["reason"].dropna())
    assert all(word in reasons for word in ("in.zip: an archive in an archive", "a hidden file", "p.exe: unknown suffix", "e.txt: the file is empty"))


def test_names_are_labels_only(tmp_path, monkeypatch):
    """Nothing is written outside a private folder, and that is gone afterwards."""
    inside = tmp_path / "private"
    inside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(inside))
    names = ["../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a/../../evil2.txt", "n\x00ul.txt", "x" * 300 + ".txt"]
    path = packed(tmp_path / "a.zip", {name: f"Rain fell, {n}." for n, name in enumerate(names)})
    assert len(na.read(path)) == len(names) - 1  # a name ends at its NUL, and then has no suffix
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.zip", "private"]
    assert not list(inside.iterdir())


def test_an_encrypted_member_is_said(tmp_path):
    """The others are read."""
    raw = bytearray(packed(tmp_path / "a.zip", {"a.txt": "Rain.", "b.txt": "Sun."}).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + at] |= 1
    (tmp_path / "a.zip").write_bytes(raw)
    documents, report = na.read(tmp_path / "a.zip", report=True)
    assert documents["text"].tolist() == ["Sun."]
    assert report["reason"].astype(str).str.contains("encrypted").any()


def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path):
    """A member that unpacks to a thousand times its size costs itself only."""
    documents, report = na.read(packed(tmp_path / "a.zip", {"bomb.txt": "0" * 50_000_000, "b.txt": "Sun."}), report=True)
    assert documents["text"].tolist() == ["Sun."]
    assert report["reason"].astype(str).str.contains("1,000 times its size").any()


@pytest.mark.parametrize("end", range(0, 400, 40))
def test_a_cut_archive_gives_an_error(tmp_path, end):
    """Cut anywhere, or with bytes changed: documents or ReadError."""
    raw = packed(tmp_path / "a.zip", FILES).read_bytes()
    for broken in (raw[:end], raw[:end] + bytes(5) + raw[end + 5 :]):
        (tmp_path / "b.zip").write_bytes(broken)
        try:
            assert list(read_zip(tmp_path / "b.zip", {}))
        except ReadError as error:
            assert str(error)


@real
def test_nexis_downloads_are_read(tmp_path):
    """One DOCX in a zip, or many; a DOCX stored in it does not make the zip one."""
    for name, method in (("a.ZIP", zipfile.ZIP_DEFLATED), ("b.ZIP", zipfile.ZIP_STORED)):
        with zipfile.ZipFile(tmp_path / name, "w", method) as archive:
            archive.write(SAMPLES / "nexis/nyt1.docx", "Files (50).DOCX")
            archive.write(SAMPLES / "nexis/sample.DOCX", "sample.DOCX")
        assert len(na.read(tmp_path / name)) == 60


@real
def test_no_sample_is_an_archive():
    """DOCX files are zip archives too, and read as DOCX."""
    for path in SAMPLES.rglob("*"):
        if path.is_file():
            head = peek(path)
            assert not sniff_zip(head) and not sniff_tar(head), path
            assert path.suffix.casefold() != ".docx" or guess(path, head).name == "Word document"
