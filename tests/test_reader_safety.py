"""What hostile bytes run into before any format looks at them: sizes, bombs, entities, depth, missing libraries."""

import gzip
import io
import sys
import time
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsanalysis as na
from newsanalysis.readers import formats, limits
from newsanalysis.readers.contract import ReadError
from newsanalysis.readers.extras import MissingLibraryError, need
from newsanalysis.readers.limits import LimitError, gunzip, member, open_zip, read_whole, unpacked
from newsanalysis.readers.markup import damage, html_root, html_text, joined, text_of, xml_root

MB = 2**20


def bomb(size: int) -> bytes:
    """Gzip that unpacks to many zeros."""
    return gzip.compress(b"\0" * size)


def test_a_bomb_is_refused_before_it_fills_memory():
    """A thousand times its size is no news text; the error names the limit."""
    with pytest.raises(LimitError, match=r"1,000 times its size"):
        gunzip(bomb(64 * MB))


def test_what_unpacks_to_too_much_is_refused():
    """The limit on what is read whole holds for what is packed loosely, too."""
    with pytest.raises(LimitError, match="more than the 1 MB"):
        gunzip(gzip.compress(bytes(range(256)) * 8192, 1), most=MB)


def test_a_bomb_of_members_is_refused():
    """Ten thousand small gzip members count together."""
    with pytest.raises(LimitError):
        gunzip(gzip.compress(b"a" * 9000) * 10_000, most=MB)


def test_cut_and_damaged_gzip_gives_what_stands_before():
    """What was packed before the cut comes out; nothing at all is an error."""
    words = " ".join(str(number) for number in range(50_000)).encode()
    packed = gzip.compress(words)
    assert words.startswith(gunzip(packed[: len(packed) // 2])) and len(gunzip(packed[: len(packed) // 2])) > 10_000
    assert gunzip(packed + b"not gzip") == words
    with pytest.raises(ReadError, match="nothing in it can be unpacked"):
        gunzip(b"\x1f\x8b" + b"\xff" * 100)


ROWS = "id,text\n" + "".join(f"{n},Rain fell on town {n * n} for {n} days.\n" for n in range(50))
FAMILIES = {
    "news.csv": ROWS.encode(),
    "news.jsonl": "".join(f'{{"text": "Rain fell on town {n * n}."}}\n' for n in range(50)).encode(),
    "news.json": b'[{"text": "Rain fell."}, {"text": "Roads were closed."}]',
    "news.txt": b"Rain fell.\n\nRoads were closed.",
    "news.xml": b"<nitf><head><title>Rain</title></head><body><body.content><p>Rain fell.</p></body.content></body></nitf>",
    "feed.xml": b"<rss version='2.0'><channel><item><title>Rain</title><description>Rain fell.</description></item></channel></rss>",
}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda raw: raw[:-5], "broke off: the gzip is cut"),
        (lambda raw: raw[:-6] + b"##" + raw[-4:], "the check sum of the gzip does not fit"),
        (lambda raw: raw + b"and so on", "broke off: behind the gzip stands something else"),
        (lambda raw: raw + gzip.compress(b"\n")[:12], "broke off: the gzip is cut"),
    ],
    ids=["cut", "check-sum", "behind", "second-member"],
)
def test_what_is_wrong_with_gzip_is_said_of_every_family(tmp_path, name, spoil, said):
    """All that can be unpacked is read, and the file's row of the report says that something is wrong. (Fault: silence.)"""
    path = tmp_path / f"{name}.gz"
    path.write_bytes(gzip.compress(FAMILIES[name]))
    whole, report = na.read(path, report=True)
    assert "gzip" not in str(report["reason"][0])
    path.write_bytes(spoil(gzip.compress(FAMILIES[name])))
    documents, report = na.read(path, report=True)
    assert documents["text"].tolist() == whole["text"].tolist() and said in report["reason"][0]


def test_a_cut_table_in_gzip_says_so(tmp_path):
    """The rows before the cut are kept, in pieces as at once. (Fault: "37 found, 0 skipped", no note.)"""
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode())[:-60])
    documents, report = na.read(path, report=True)
    assert 20 < len(documents) < 50 and report["reason"][0].startswith("broke off: the gzip is cut")
    assert limits.gzip_fault(path) in report["reason"][0]


@pytest.mark.parametrize("at", range(2, 400, 11))
def test_a_flipped_byte_in_gzip(tmp_path, at):
    """What can be read is read, with a note; if nothing can, the refusal says that the gzip is damaged. (Fault: "binary", whatever came before.)"""
    raw = bytearray(gzip.compress(ROWS.encode(), mtime=0))
    raw[at] ^= 0x10
    path = tmp_path / "a.csv.gz"
    path.write_bytes(raw)
    try:
        _, report = na.read(path, report=True)
        assert at < 10 or "gzip" in report["reason"][0]
    except ReadError as error:
        assert "gzip" in str(error)


def test_the_head_of_a_damaged_gzip_is_what_stands_before_the_damage(tmp_path):
    """A format is told by what can be unpacked; of an empty gzip nothing can be. (Fault: the packed bytes were taken.)"""
    raw = bytearray(gzip.compress(ROWS.encode(), mtime=0))
    raw[300] ^= 0xFF
    path = tmp_path / "a.csv.gz"
    path.write_bytes(raw)
    assert formats.peek(path).startswith(b"id,text\n0,Rain fell")
    for content, expected in ((gzip.compress(b""), b""), (b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x00")):
        path.write_bytes(content)
        assert formats.peek(path) == expected


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(0, 3))
def test_gzip_comes_out_as_it_went_in(parts, padding):
    """Members one after the other, with zeros behind them, are one stream. (Fault: unused data dropped.)"""
    raw = b"".join(map(gzip.compress, parts)) + b"\0" * padding
    assert b"".join(unpacked(io.BytesIO(raw))) == b"".join(parts)


def test_padding_of_any_length_is_passed_over(tmp_path):
    """Zeros behind a member, of a tape, are no damage."""
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"Rain fell.") + bytes(200_000) + gzip.compress(b" Roads closed."))
    assert read_whole(path) == b"Rain fell. Roads closed." and limits.gzip_fault(path) is None


def test_a_file_over_the_limit_is_not_read(tmp_path):
    """The size is asked before the bytes are."""
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(limits.MOST_BYTES + 1)  # sparse: takes no room
    with pytest.raises(LimitError, match="512 MB that are read whole; split it"):
        read_whole(path)


def test_zip_members_have_limits(tmp_path):
    """Bombs, wrong sizes, absent and damaged members of a zip are named errors."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bomb", b"\0" * 32 * MB)
        made.writestr("news", "Rain fell.")
    with open_zip(path) as archive:
        assert member(archive, "news") == b"Rain fell."
        with pytest.raises(LimitError):
            member(archive, "bomb")
        with pytest.raises(ReadError, match="there is no 'other'"):
            member(archive, "other")
    raw = bytearray(path.read_bytes())
    at = raw.find(b"news") + 6
    raw[at : at + 3] = b"\xff\xff\xff"
    path.write_bytes(raw)
    with open_zip(path) as archive, pytest.raises(ReadError, match="damaged"):
        member(archive, "news")
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(ReadError, match="the archive is damaged"):
        open_zip(path)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""


@pytest.mark.parametrize("raw", [LAUGHS, LAUGHS.decode().encode("utf-16"), LAUGHS.replace(b"ENTITY", b"entity")], ids=["utf-8", "utf-16", "small-letters"])
def test_entities_of_a_files_own_are_refused(raw):
    """The billion laughs, and anything of its kind."""
    with pytest.raises(ReadError, match=r"entities of its own|not well-formed"):
        xml_root(raw)


def test_nothing_outside_is_read(tmp_path):
    """An external DTD or entity is never opened: not even a file that is there."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    dtd = f'<!DOCTYPE nitf SYSTEM "{secret.as_uri()}"><nitf><p>Rain&nbsp;fell.</p></nitf>'.encode()
    assert text_of(xml_root(dtd)) == "Rain fell."
    with pytest.raises(ReadError):
        xml_root(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode())
    included = f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret.as_uri()}" parse="text"/></a>'
    assert "secret" not in text_of(xml_root(included.encode()))


@pytest.mark.parametrize("root", [xml_root, html_root], ids=["xml", "html"])
@pytest.mark.parametrize("name", ["div", "b", "table"])
def test_absurd_nesting_ends_in_bounds(root, name):
    """A hundred thousand elements in one another: refused, or read with a flat end; quickly, and without recursion."""
    started = time.process_time()
    for raw in (f"<{name}>" * 100_000 + "Rain.", f"<{name}>" * 100_000 + "Rain." + f"</{name}>" * 100_000):
        try:
            assert text_of(root(raw.encode())) in ("Rain.", "")
        except ReadError as error:
            assert len(str(error)) < 300
    assert time.process_time() - started < 60


def test_damaged_xml_is_read_and_said():
    """What can be had of cut XML is had, with a note; text that is no XML is refused."""
    root = xml_root(b"<news><p>Rain fell.</p><p>Roads were clo")
    assert text_of(root).startswith("Rain fell.") and "read as far as it goes" in damage(root)
    assert damage(xml_root(b"<a/>")) is None
    with pytest.raises(ReadError):
        xml_root(b"Rain fell.")


def test_scripts_are_no_text():
    """What runs is not what is read."""
    page = html_root("<p onclick=alert(1)>Rain <script>alert('x')</script><style>p{}</style>fell<br>again.<iframe>no</iframe><!-- no --></p><p>\xa0</p>")
    assert text_of(page) == "Rain fell\nagain."


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("<p>“é”".encode(), "<p>“é”", id="utf-8"),
        pytest.param("<p>“é”".encode("utf-16"), "<p>“é”", id="utf-16"),
        pytest.param('<meta charset="iso-8859-1"><p>“é”'.encode("cp1252"), '<meta charset="iso-8859-1"><p>“é”', id="latin-1-means-cp1252"),
        pytest.param('<meta charset="windows-1251"><p>Дождь'.encode("cp1251"), '<meta charset="windows-1251"><p>Дождь', id="cyrillic"),
        pytest.param('<meta charset="no-such"><p>caf\xe9 and other words'.encode("latin-1"), '<meta charset="no-such"><p>café and other words', id="unknown"),
        pytest.param('<meta charset="ascii"><p>“é”'.encode(), '<meta charset="ascii"><p>“é”', id="lies"),
    ],
)
def test_a_pages_encoding(raw, expected):
    """UTF-8 that fits goes before what a page says of itself; then what it says; then guessing."""
    assert html_text(raw) == expected


@given(st.text(alphabet=" ab\n\t\x1d\x1e", max_size=60))
def test_joined_text_has_no_double_spaces(marked):
    """Paragraphs and lines come out clean. (Fault: no strip of lines.)"""
    text = joined(marked)
    assert "  " not in text and "\n\n\n" not in text and text == text.strip()
    assert text.replace(" ", "").replace("\n", "") == "".join(c for c in marked if c in "ab")


def test_a_missing_library_is_named_with_its_pip_line(monkeypatch):
    """The sentence can be pasted."""
    monkeypatch.setitem(sys.modules, "lxml", None)
    monkeypatch.setitem(sys.modules, "lxml.html", None)
    with pytest.raises(MissingLibraryError, match=r'HTML files are read with lxml, which is not installed; run: pip install "newsanalysis\[vendors\]"'):
        html_root(b"<p>Rain.")


def test_a_broken_library_is_not_called_missing(monkeypatch, tmp_path):
    """If a library is there but its own import fails, that is what is said."""
    (tmp_path / "broken_library.py").write_text("import something_else_that_is_absent")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="something_else"):
        need("broken_library", "web", "pages")


def test_zlib_is_what_it_was():
    """The bounded engine takes gzip headers with names and comments."""
    packed = io.BytesIO()
    with gzip.GzipFile("a name.txt", "wb", fileobj=packed) as file:
        file.write(b"Rain")
    assert gunzip(packed.getvalue()) == b"Rain" and zlib.crc32(b"Rain")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("reference", ["&#xD800;", "&#57343;", "&#x0dBfF;"])
def test_halves_of_surrogate_pairs_in_xml(reference, encoding):
    """What no text can hold becomes U+FFFD, and the damage is said. (Fault: lxml gave an element whose text could not be had.)"""
    root = xml_root(f"<a><b>Rain {reference}</b><c>é</c></a>".encode(encoding))
    assert text_of(root) == "Rain \ufffdé" and "damaged" in damage(root)
