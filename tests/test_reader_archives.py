"""Archives of files: read as folders, nothing written elsewhere, bombs and locks survived."""

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

import newsanalysis as na
from newsanalysis.readers import archives, formats, tapes
from newsanalysis.readers.archives import read_tar, read_zip, sniff_tar, sniff_zip
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


def reasons_of(path):
    """The texts that an archive gives, and what is said of it and its members."""
    documents, report = na.read(path, report=True)
    return documents["text"].tolist(), report["reason"].fillna("").tolist()


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize("error", [RecursionError("too deep"), MemoryError(), KeyError("a"), ReadError("it is no news")])
def test_a_member_that_fails_costs_itself_only(tmp_path, monkeypatch, kind, error):
    """Whatever its reader raises: it stands in the report as skipped with the reason, and the archive goes on. (Fault: it broke off there.)"""
    texts = [f"Rain fell on day {n}." for n in range(7)]
    path = tmp_path / f"a.{kind}"
    if kind == "zip":
        packed(path, {f"{n}.txt": text for n, text in enumerate(texts)})
    else:
        path.write_bytes(taped({f"{n}.txt": text.encode() for n, text in enumerate(texts)}))
    whole = formats.read_as

    def failing(format_, place, columns):
        if b"day 3" in place.read_bytes() and format_.name == "plain text":
            raise error
        yield from whole(format_, place, columns)

    monkeypatch.setattr(formats, "read_as", failing)
    found = [list(parsed.columns["text"]) for parsed in (read_zip if kind == "zip" else read_tar)(path, {}) if parsed.numbers]
    assert found == [[text] for n, text in enumerate(texts) if n != 3]
    skipped = [row for parsed in (read_zip if kind == "zip" else read_tar)(path, {}) for row in parsed.skipped]
    assert len(skipped) == 1 and skipped[0][0] == 4 and skipped[0][1].startswith("3.txt: ")
    assert {"RecursionError": "fault of the reader", "KeyError": "fault of the reader", "MemoryError": "too large for the memory"}.get(
        type(error).__name__, "no news"
    ) in skipped[0][1]


class Pipe(io.BytesIO):
    """A file that zipfile cannot go back in, so that sizes stand behind the members."""

    def seekable(self):
        """Say no."""
        return False

    def tell(self):
        """Refuse."""
        raise OSError


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED], ids=["deflated", "stored"])
@pytest.mark.parametrize("file", [io.BytesIO, Pipe])
def test_the_members_that_stand_whole_in_a_cut_zip_are_read(tmp_path, method, file):
    """Cut anywhere: each member before the cut is read as it is, the one that is cut is skipped, and a note says so. (Fault: nothing was read.)"""
    if (method, file) == (zipfile.ZIP_STORED, Pipe):
        pytest.skip("where such a member ends only the table of contents says")
    made = file()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("news/", "")
        for n in range(8):
            archive.writestr(f"news/{n}.txt", f"Rain fell on town {n * 7919}, which has {n**9} roads.")
    raw = made.getvalue()
    ends = [raw.find(b"PK", raw.find(f"news/{n}.txt".encode()) + 12) + 16 * (file is Pipe) for n in range(8)]
    for end in [*range(30, len(raw), 101), *ends, raw.find(b"PK\x01\x02"), len(raw) - 1]:
        path = tmp_path / "a.zip"
        path.write_bytes(raw[:end])
        expected = [f"Rain fell on town {n * 7919}, which has {n**9} roads." for n in range(8) if ends[n] <= end]
        try:
            found, said = reasons_of(path)
        except ReadError:
            assert not expected
            continue
        assert found == expected
        assert said[0].startswith("broke off: the archive is damaged") and len(said) <= 2


def test_a_damaged_member_of_a_cut_zip_costs_itself(tmp_path):
    """Check sums and passwords count there, too, and names of any kind."""
    raw = bytearray(packed(tmp_path / "a.zip", {f"{n}-é.txt": f"Rain fell on town {n}, {n}." for n in range(5)}).read_bytes())
    raw[raw.find(b"1-") + 8 + 4] ^= 0x55
    raw[raw.find(b"3-") - 24] |= 1
    (tmp_path / "a.zip").write_bytes(raw[: raw.find(b"PK\x01\x02")])
    found, said = reasons_of(tmp_path / "a.zip")
    assert found == [f"Rain fell on town {n}, {n}." for n in (0, 2, 4)]
    assert "1-é.txt: it is damaged" in said[1] and "3-é.txt: it is encrypted" in said[2]


def test_a_bomb_in_a_cut_zip(tmp_path):
    """The limits hold where the members are found by their own headers."""
    raw = packed(tmp_path / "a.zip", {"bomb.txt": "0" * 50_000_000, "b.txt": "Sun."}).read_bytes()
    (tmp_path / "a.zip").write_bytes(raw[:-10])
    found, said = reasons_of(tmp_path / "a.zip")
    assert found == ["Sun."] and "1,000 times its size" in said[1]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_a_bomb_packed_in_another_way(tmp_path, method):
    """zipfile unpacks all that it is given of these at once, so it is given little."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for n in range(2):
            archive.writestr(f"{n}.txt", b"0" * 20_000_000 if n else "Rain fell.", method)
    found, said = reasons_of(tmp_path / "a.zip")
    assert found == ["Rain fell."] and "1,000 times its size" in said[1]


def taped(files, **options):
    """The bytes of a tar archive."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, **{"mode": "w", **options}) as archive:
        for name, raw in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


@pytest.mark.parametrize("outer", ["zip", "tar"])
def test_archives_in_archives_are_known_by_content(tmp_path, outer):
    """Whatever they are called: skipped with the reason, so that nothing is read level by level. (Fault: by name only.)"""
    inner = {
        "b.txt": packed(tmp_path / "in.zip", {"a.txt": "Sun."}).read_bytes(),
        "c.html": taped({"a.txt": b"Sun."}),
        "d.csv": taped({"a.txt": b"Sun."}, mode="w:gz"),
    }
    inner["e.txt.gz"] = gzip.compress(inner["b.txt"])
    for _ in range(50):
        inner["b.txt"] = packed(tmp_path / "in.zip", {"b.txt": inner["b.txt"]}).read_bytes()
    files = {**inner, "z.txt": b"Rain fell."}
    path = tmp_path / f"a.{outer}"
    if outer == "zip":
        packed(path, files)
    else:
        path.write_bytes(taped(files))
    found, said = reasons_of(path)
    assert found == ["Rain fell."]
    assert said[1:] == [f"{name}: an archive in an archive, which is not opened; unpack it first" for name in inner]


def test_what_gzip_members_unpack_to_counts_together(tmp_path, monkeypatch):
    """A hundred members in gzip cannot unpack to more than one archive may. (Fault: each had a limit, all had none.)"""
    monkeypatch.setattr(archives, "MOST_TOTAL", 250_000)
    text = ("Rain fell. " * 10_000).encode()
    path = packed(tmp_path / "a.zip", {f"{n}.txt.gz": gzip.compress(text[n:]) for n in range(4)})
    found, said = reasons_of(path)
    assert len(found) == 2 and sum("unpacks to more than" in reason for reason in said) == 2


NAMES = ["rain.txt", "a/" * 30 + "rain.txt", "b" * 140 + "/" + "c" * 90 + ".txt", "ü" * 90 + ".txt", "d/" * 200 + "x" * 300 + ".txt"]


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["ustar", "gnu", "pax"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["plain", "gzip", "bzip2", "xz"])
def test_tar_archives_of_every_dialect(tmp_path, format_, pack):
    """Long names, folders, and sizes are as tarfile has them, packed or not."""
    files = {name: f"Rain {n} ".encode() * (300 * n) for n, name in enumerate(NAMES[: 3 if format_ == tarfile.USTAR_FORMAT else 5]) if n}
    path = tmp_path / "a.tar"
    path.write_bytes(pack(taped({**files, "empty.txt": b""}, format=format_)))
    faults = []
    assert [(one.name, one.raw) for one in tapes.taped(path, lambda _: None, faults)] == [*files.items(), ("empty.txt", b"")]
    assert faults == []


def test_headers_of_absurd_size_are_not_read_into_memory(tmp_path):
    """A name of 64 MB, or as much said before a member, costs that member; the others are read, with little memory. (Fault: 2 GB for 900 MB.)"""
    for kind in (b"x", b"L", b"g", b"K"):
        path = tmp_path / f"{kind.decode()}.tar"
        head = tarfile.TarInfo("header")
        head.type, head.size = kind, 64 * 2**20
        with path.open("wb") as file:
            file.write(head.tobuf(tarfile.USTAR_FORMAT))
            file.seek(64 * 2**20, 1)
            file.write(taped({"a.txt": b"Rain fell.", "b.txt": b"Sun."}))
        tracemalloc.start()
        found = [(one.raw, bool(one.reason)) for one in tapes.taped(path, lambda _: None, [])]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == ([(b"", True), (b"Sun.", False)] if kind in b"xL" else [(b"Rain fell.", False), (b"Sun.", False)])
        assert peak < 8 * 2**20


def test_headers_without_end_are_refused(tmp_path):
    """Headers before headers are counted; those of one member are few. (Fault: recursion.)"""
    head = tarfile.TarInfo("header")
    head.type, head.size = b"x", 10
    (tmp_path / "a.tar").write_bytes(taped({"a.txt": b"Rain fell."})[:1024] + (head.tobuf() + b"10 path=a\n" + bytes(502)) * 5000)
    found, said = reasons_of(tmp_path / "a.tar")
    assert found == ["Rain fell."] and "more than 16 headers stand before one member" in said[0]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["plain", "gzip", "bzip2", "xz"])
def test_a_tar_that_breaks_off_says_so(tmp_path, pack):
    """Cut, with a damaged header, without its end, or with something behind it: what stands is read, and a note says the rest. (Fault: silence.)"""
    raw = taped({f"{n}.txt": f"Rain fell on day {n}. ".encode() * 60 for n in range(4)})
    path = tmp_path / "a.tar"
    header = bytearray(raw)
    header[2 * 2048 + 3] ^= 1
    for spoilt, kept, what in (
        (raw[: 2 * 2048 + 600], 2, "cut"),
        (raw[: 2 * 2048 + 100], 2, "cut"),
        (raw[: 2 * 2048], 2, "no mark of its end"),
        (bytes(header), 2, "a header in it is damaged"),
        (raw + b"PK", 4, "behind the end of the archive"),
    ):
        path.write_bytes(pack(spoilt))
        found, said = reasons_of(path)
        assert len(found) == kept and said[0].startswith("broke off: ") and what in said[0]
    if pack is not bytes:
        path.write_bytes(pack(raw)[:-4])
        found, said = reasons_of(path)
        assert len(found) == 4 and said[0].startswith("broke off: ")


def test_files_with_holes_are_said(tmp_path):
    """A sparse file's map is passed over, and the next member is found."""
    sparse = bytearray(taped({"a.txt": b"Rain fell."})[:1024])
    sparse[156:157], sparse[482:483] = b"S", b"\x01"
    sparse[257:265] = b"ustar  \x00"
    sparse[148:156] = b"%06o\0 " % (256 + sum(sparse[:148]) + sum(sparse[156:512]))
    (tmp_path / "a.tar").write_bytes(bytes(sparse[:512]) + bytes(512) + bytes(sparse[512:]) + taped({"b.txt": b"Sun."}))
    found, said = reasons_of(tmp_path / "a.tar")
    assert found == ["Sun."] and said[1] == "a.txt: a file with holes"


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
