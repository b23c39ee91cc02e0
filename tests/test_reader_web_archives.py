"""Web archives: every record found, kept or skipped with the reason; damage survived; agreement with fastwarc and warcio."""

import gzip
import io
import random
import sys
import time
import zlib
from pathlib import Path

import pytest

import newsanalysis as na
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.formats import peek
from newsanalysis.readers.web_archives import answer, read_web_archive, sniff_web_archive
from newsanalysis.readers.web_records import Damage, Record, records

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
real = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the vendors' files are not beside this checkout")
TEXT = "The river rose by a metre on Monday, and the council said that it had closed three roads in the old town. "


def page(n):
    """A page of an invented paper."""
    date = '<meta property="article:published_time" content="2026-03-02T08:00:00+01:00">'
    head = f'<!doctype html><html lang="en"><head><title>Rain {n}</title>{date}</head>'
    return f"{head}<body><article><h1>Rain {n}</h1><p>{TEXT * 3}</p><p>Road {n}. {TEXT}</p></article></body></html>".encode()


def http(body, *, status=200, mime="text/html; charset=utf-8", more=""):
    """An answer of a server."""
    return f"HTTP/1.1 {status} OK\r\nContent-Type: {mime}\r\n{more}\r\n".encode() + body


def record(block, *, kind="response", n=0, length=None):
    """A WARC record."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{n:012d}>\r\nWARC-Target-URI: https://herald.example/{n}\r\n"
    return (head + f"WARC-Date: 2026-11-11T00:00:00Z\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n").encode() + block + b"\r\n\r\n"


def read(path):
    """What the reader gives of a file, in one."""
    kept, skipped, mended, notes = [], [], [], []
    for parsed in read_web_archive(path, {}):
        kept += parsed.numbers
        skipped += parsed.skipped
        mended += parsed.mended
        notes += parsed.notes
    return kept, dict(skipped), dict(mended), notes


def test_each_record_is_a_page_or_has_a_reason(tmp_path, capsys):
    """Found is kept and skipped; the crawl's date is no date of publication; the id is the record's."""
    blocks = [
        record(b"software: ours", kind="warcinfo", n=1),
        record(b"GET / HTTP/1.1\r\n\r\n", kind="request", n=2),
        record(http(page(3)), n=3),
        record(http(b"gone", status=404), n=4),
        record(http(b"\x89PNG", mime="image/png"), n=5),
        record(http(b"<html><body><p>Too little.</p></body></html>"), n=6),
        record(b"x", kind="revisit", n=7),
        record(b"x", kind="metadata", n=8),
        record(http(page(9).replace(b"2026-03-02T08:00:00+01:00", b"soon")), n=9),
    ]
    (tmp_path / "news.warc.gz").write_bytes(b"".join(gzip.compress(block) for block in blocks))
    documents, report = na.read(tmp_path / "news.warc.gz", report=True)
    assert "9 documents found, 2 kept (2 articles), 7 skipped" in capsys.readouterr().out
    assert documents["document_id"].tolist() == ["00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000009"]
    assert documents["url"].tolist() == ["https://herald.example/3", "https://herald.example/9"]
    assert documents["published"].astype(str).tolist()[0] == "2026-03-02 07:00:00+00:00"
    assert documents["published"].isna().tolist() == [False, True]
    words = ["warcinfo", "request", "404", "PNG|png", "no article text", "revisit", "metadata"]
    reasons = report[report["status"] == "skipped"]["reason"].tolist()
    assert all(any(word in reason for word in group.split("|")) for group, reason in zip(words, reasons, strict=True))


def brotli(raw):
    """Pack with brotli, if it is there."""
    return pytest.importorskip("brotli").compress(raw, quality=1)


CODES = {
    "gzip": lambda raw: (gzip.compress(raw), "Content-Encoding: gzip\r\n"),
    "deflate": lambda raw: (zlib.compress(raw), "Content-Encoding: deflate\r\n"),
    "raw deflate": lambda raw: (zlib.compress(raw)[2:-4], "Content-Encoding: deflate\r\n"),
    "brotli": lambda raw: (brotli(raw), "Content-Encoding: br\r\n"),
    "chunked": lambda raw: (
        b"".join(b"%x\r\n%s\r\n" % (len(raw[i : i + 50]), raw[i : i + 50]) for i in range(0, len(raw), 50)) + b"0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n",
    ),
    "chunked gzip": lambda raw: (
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(raw)), gzip.compress(raw)),
        "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
    ),
    "said but not done": lambda raw: (raw, "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_bodies_are_unpacked(code):
    """Whatever way the server sent the page, it comes out as it was."""
    body, more = code(page(1))
    block = http(body, more=more)
    got = answer(Record("response", {}, block, len(block)))
    assert (got.body, got.cut, got.charset) == (page(1), False, "utf-8")


@pytest.mark.parametrize("code", ["gzip", "deflate", "brotli"])
def test_bombs_are_refused(code):
    """100 MB of nothing in a small body are not unpacked."""
    body, more = CODES[code](bytes(100 * 2**20))
    block = http(body, more=more)
    with pytest.raises(ReadError, match="10 MB"):
        answer(Record("response", {}, block, len(block)))


def test_charset_of_header_then_page(tmp_path):
    """The header's charset is used where the bytes are no UTF-8."""
    raw = page(1).decode().replace("Monday", "Montag, große Flut,").encode("cp1252")
    (tmp_path / "a.warc").write_bytes(record(http(raw, mime="text/html; charset=ISO-8859-1")))
    parsed = next(iter(read_web_archive(tmp_path / "a.warc", {})))
    assert "große Flut" in str(parsed.columns["text"][0])


@pytest.mark.parametrize("packed", ["plain", "by record", "as one", "by blocks"])
def test_every_way_of_packing_gives_the_same(tmp_path, packed):
    """Plain, a gzip member a record, one member for all, and members cut anywhere."""
    parts = [record(http(page(n)), n=n) for n in range(5)]
    whole = b"".join(parts)
    raw = {
        "plain": whole,
        "by record": b"".join(map(gzip.compress, parts)),
        "as one": gzip.compress(whole),
        "by blocks": b"".join(gzip.compress(whole[i : i + 700]) for i in range(0, len(whole), 700)),
    }[packed]
    (tmp_path / "a.warc").write_bytes(raw)
    kept, skipped, mended, notes = read(tmp_path / "a.warc")
    assert (kept, skipped, mended, notes) == ([1, 2, 3, 4, 5], {}, {}, [])


def test_a_broken_member_costs_itself_only(tmp_path):
    """What stands before and behind a broken gzip member is read. (fastwarc ends there.)"""
    members = [gzip.compress(record(http(page(n)), n=n)) for n in range(5)]
    members[2] = members[2][:100] + bytes(50) + members[2][150:]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(members))
    found = list(read_web_archive(tmp_path / "a.warc.gz", {}))[-1]
    ids = [str(each)[-1] for each in found.columns["document_id"]]
    assert {"0", "1", "3", "4"} <= set(ids)
    assert "1 gzip member broken" in found.notes[0]


@pytest.mark.parametrize("wrong", [50, -50], ids=["too long", "too short"])
def test_a_wrong_length_costs_itself_only(tmp_path, wrong):
    """A record whose length is wrong ends where the next begins, and is said to."""
    blocks = [http(page(n)) for n in range(4)]
    raw = b"".join(record(block, n=n, length=len(block) + (wrong if n == 1 else 0)) for n, block in enumerate(blocks))
    (tmp_path / "a.warc").write_bytes(raw)
    kept, _, mended, notes = read(tmp_path / "a.warc")
    assert kept == [1, 2, 3, 4]
    assert bool(mended) == (wrong > 0) and bool(notes) == (wrong < 0)


def test_arc_is_read(tmp_path):
    """ARC of version 1, its first record about the file."""
    block = http(page(1))
    raw = b"filedesc://a.arc 0.0.0.0 20260302080000 text/plain 10\n1 0 Ours\n\n\n"
    raw += f"https://herald.example/1 10.0.0.1 20260302080000 text/html {len(block)}\n".encode() + block + b"\n"
    (tmp_path / "a.arc.gz").write_bytes(gzip.compress(raw))
    parsed = next(iter(read_web_archive(tmp_path / "a.arc.gz", {})))
    assert (parsed.format, parsed.numbers, parsed.columns["url"]) == ("ARC", [2], ["https://herald.example/1"])


def test_chunks_are_small(tmp_path):
    """Pages come in chunks, numbered through the file."""
    from newsanalysis.readers import web_archives

    (tmp_path / "a.warc").write_bytes(b"".join(record(http(page(n)), n=n) for n in range(5)))
    before, web_archives.CHUNK = web_archives.CHUNK, 2
    try:
        assert [parsed.numbers for parsed in read_web_archive(tmp_path / "a.warc", {})] == [[1, 2], [3, 4], [5]]
    finally:
        web_archives.CHUNK = before


def test_damage_anywhere_gives_records_or_an_error():
    """Cut at every 100th byte and with bytes changed: documents or ReadError, nothing else; no record is counted twice."""
    parts = [record(http(b"<html>" + bytes([65 + n]) * 300), n=n) for n in range(4)]
    rng = random.Random(1)
    for whole in (b"".join(parts), b"".join(map(gzip.compress, parts)), gzip.compress(b"".join(parts))):
        broken = [whole[:n] for n in range(0, len(whole), 100)]
        for _ in range(200):
            flipped = bytearray(whole)
            for _ in range(rng.randint(1, 5)):
                flipped[rng.randrange(len(flipped))] = rng.randrange(256)
            broken.append(bytes(flipped))
        for raw in broken:
            damage = Damage()
            found = list(records(io.BytesIO(raw), damage))
            assert len(found) <= 5
            assert len(found) == 4 or found == [] or damage.said() or any(each.missing for each in found) or len(raw) < len(whole)


@pytest.mark.parametrize(
    "raw",
    [b"WARC/1.0\r\n" * 10**5, b"WARC/1.0\r\nContent-Length: 99999999999999\r\n\r\n" * 10**4, b"a: " * 10**6, b"\n" * 10**6, gzip.compress(bytes(10**7)) * 3],
    ids=["heads", "lengths", "colons", "lines", "nothing"],
)
def test_hostile_archives_end_soon(raw):
    """Nothing here takes time with the square of the length."""
    assert len(list(records(io.BytesIO(raw), Damage()))) <= 10**5


COUNTS = {
    "example.warc": 6,
    "example.warc.gz": 6,
    "example-bad-non-chunked.warc.gz": 6,
    "example-trunc.warc": 4,
    "example.arc": 2,
    "clipped.warc.gz": 1,
    "warcfile.warc.gz": 50,
}


@real
@pytest.mark.parametrize(("name", "count"), COUNTS.items(), ids=COUNTS)
def test_real_archives_have_their_records(name, count):
    """Kept and skipped together are all records; each file has a page."""
    kept, skipped, _, notes = read(SAMPLES / "warc" / name)
    assert len(kept) + len(skipped) == count and kept
    assert bool(notes) == (name in ("example-trunc.warc", "clipped.warc.gz"))


@real
@pytest.mark.parametrize("name", ["example.warc", "example.warc.gz", "example-bad-non-chunked.warc.gz", "warcfile.warc.gz", "clipped.warc.gz"])
def test_fastwarc_finds_the_same_records(name):
    """Lengths, ids and bytes of every record."""
    warc = pytest.importorskip("fastwarc.warc")
    with (SAMPLES / "warc" / name).open("rb") as file:
        theirs = [(each.record_id, each.content_length, each.reader.read()) for each in warc.ArchiveIterator(file, parse_http=False)]
    with (SAMPLES / "warc" / name).open("rb") as file:
        ours = [(each.head["warc-record-id"], each.length, each.block) for each in records(file)]
    assert ours == theirs


@real
@pytest.mark.parametrize("name", ["example.warc", "example.warc.gz", "example-trunc.warc", "example.arc", "warcfile.warc.gz", "clipped.warc.gz"])
def test_warcio_finds_the_same_records(name):
    """Addresses, and bodies as they were sent, of every record; ARC too."""
    iterator = pytest.importorskip("warcio.archiveiterator")
    with (SAMPLES / "warc" / name).open("rb") as file:
        theirs = [
            (each.rec_type, each.rec_headers.get_header("WARC-Target-URI"), each.raw_stream.read()) for each in iterator.ArchiveIterator(file, arc2warc=True)
        ]
    with (SAMPLES / "warc" / name).open("rb") as file:
        ours = [(each.kind.replace("filedesc", "warcinfo"), each.head.get("warc-target-uri"), each.block) for each in records(file)]
    assert [kind for kind, _, _ in ours] == [kind for kind, _, _ in theirs]
    for (kind, url, block), (_, their_url, body) in zip(ours, theirs, strict=True):
        assert kind == "warcinfo" or url == their_url
        assert block.endswith(body)


@real
def test_only_web_archives_are_known_as_such():
    """Of all samples, our sniff knows the seven."""
    known = {path.name for path in SAMPLES.rglob("*") if path.is_file() and sniff_web_archive(peek(path))}
    assert known == set(COUNTS)


def _warc(number, length=None, extra=""):
    text = "".join(f"<p>The river rose by a metre and the council closed {n} roads in the town on Monday.</p>" for n in range(6))
    html = f"<!doctype html><title>Rain {number}</title><article><h1>Rain {number}</h1>{text}<p>The end of page {number} is here.</p></article>"
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{html}".encode()
    said = len(block) if length is None else length
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://herald.example/{number}\r\n{extra}Content-Length: {said}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (_warc(1) + gzip.compress(_warc(2)) + gzip.compress(_warc(3)), ""),
        (gzip.compress(_warc(1)) + b"\0\0" + _warc(2) + _warc(3), ""),
        (gzip.compress(_warc(1)) + _warc(2) + gzip.compress(_warc(3)), ""),
        (_warc(1, 99_999) + _warc(2) + _warc(3), "the record is cut"),
        (_warc(1) + _warc(2, 10**12) + _warc(3), "the record is cut"),
        (_warc(1) + _warc(2, -5) + _warc(3, "many"), ""),
        (_warc(1) + _warc(2, extra="WARC-Block-Digest: sha1:AAAA\r\n") + _warc(3), "digest does not fit"),
    ],
)
def test_no_page_is_lost_to_packing_or_wrong_lengths(tmp_path, raw, said):
    """Plain and packed records in one file are all read, as are those behind a record that says a wrong length."""
    (tmp_path / "a.warc").write_bytes(raw)
    documents, report = na.read(tmp_path / "a.warc", report=True)
    assert [text.rpartition("\n\n")[2] for text in documents["text"]] == [f"The end of page {n} is here." for n in (1, 2, 3)]
    assert said in " ".join(report["reason"].dropna())


def test_many_wrong_lengths_take_no_time():
    """Records that all say they reach to the end of the file are read in one pass."""
    raw = b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 90000000\r\n\r\nx\r\n\r\n" * 20_000
    start = time.perf_counter()
    assert sum(1 for _ in records(io.BytesIO(raw))) == 20_000
    assert time.perf_counter() - start < 10


def test_a_missing_brotli_names_the_extra(tmp_path, monkeypatch, capsys):
    """A page packed with it is skipped, with the command that brings the library, in the report and in the line."""
    packed = http(brotli(page(1)), more="Content-Encoding: br\r\n")
    (tmp_path / "a.warc").write_bytes(record(packed, n=1) + record(http(page(2)), n=2))
    monkeypatch.setitem(sys.modules, "brotli", None)
    documents, report = na.read(tmp_path / "a.warc", report=True)
    assert len(documents) == 1 and report["reason"].str.contains('run: pip install "newsanalysis[web]"', regex=False).sum() == 1
    assert '1 record not read: pip install "newsanalysis[web]"' in capsys.readouterr().out
