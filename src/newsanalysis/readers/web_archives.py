"""Web archives: WARC and ARC, as crawlers and CC-News write them; the article of each page in them, record by record.

A page's date is what the page says. The date in a record's head is when it was crawled, and is never taken for the date of publication. The id is the
record's own (``WARC-Record-ID``), which stays the same wherever the record is copied; addresses would not do, for a crawl may hold a page in several states.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from newsanalysis.readers.contract import Format, Parsed, ReadError
from newsanalysis.readers.extras import need
from newsanalysis.readers.markup import html_text
from newsanalysis.readers.pages import MOST_PAGE, Page, page, sniff_page
from newsanalysis.readers.web_records import Damage, Record, records

CHUNK = 200  # pages
_MOST_RECORDS = 5_000  # of one chunk
_MOST_HTTP_HEAD = 2**16
_COLUMNS = ("document_id", "title", "text", "outlet", "published", "author", "section", "url", "language")
_HTML = ("text/html", "application/xhtml+xml", "application/xhtml", "application/vnd.wap.xhtml+xml")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[^\r\n]{0,256}\r?\n")
_OTHERS = {
    "warcinfo": "a warcinfo record: about the archive",
    "filedesc": "a filedesc record: about the archive",
    "request": "a request: what the crawler asked",
    "metadata": "a metadata record: about a page",
    "revisit": "a revisit: the same page as in another record",
    "conversion": "a conversion: a page's text without its page; read the WARC file that it was made from",
    "continuation": "a continuation of a record in another file",
    "dns": "a DNS record",
}
_ZSTD = b"\x28\xb5\x2f\xfd"


class Response(NamedTuple):
    """An answer of a web server: status, content type, charset, body; and what is missing of it."""

    status: int
    mime: str
    charset: str | None
    body: bytes
    cut: bool


@dataclass(slots=True)
class _Chunk:
    """Pages on their way into one `Parsed`."""

    columns: dict[str, list[object]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    numbers: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    mended: list[tuple[int, str]] = field(default_factory=list)

    def parsed(self, reader: str, name: str, notes: list[str]) -> Parsed:
        return Parsed(reader, name, self.columns, self.numbers, [f"-{n}" for n in self.numbers], "record", self.skipped, self.mended, notes)


def read_web_archive(path: Path, columns: Mapping[str, str]) -> Iterator[Parsed]:  # noqa: ARG001
    """Read one WARC or ARC file, packed or not.

    Yields
    ------
    Parsed
        At most 200 pages each; every record is a page, or skipped with the reason: request, metadata, revisit, not HTML, a status but 200, no article in
        it. What was wrong with the file is said at its end.

    Raises
    ------
    ReadError
        There is no record in it.
    """
    need("trafilatura", "web", "web archives")
    damage = Damage()
    chunk, number, reader, name = _Chunk(), 0, "warc@1", "WARC"
    with path.open("rb") as file:
        for number, record in enumerate(records(file, damage), start=1):
            if "arc-date" in record.head:
                reader, name = "arc@1", "ARC"
            _add(chunk, number, record)
            if len(chunk.numbers) >= CHUNK or len(chunk.skipped) >= _MOST_RECORDS:
                yield chunk.parsed(reader, name, [])
                chunk = _Chunk()
    if number == 0:
        raise ReadError("; ".join(["there is no WARC or ARC record in it", *damage.said()]))
    yield chunk.parsed(reader, name, damage.said())


def _add(chunk: _Chunk, number: int, record: Record) -> None:
    """Add the article of a record, or why there is none."""
    try:
        url, response, read = _article(record)
    except ReadError as error:
        cut = f" ({_cut(record)})" if record.missing else ""
        chunk.skipped.append((number, f"{error}{cut}"))
        return
    cells = {**read.metadata, "document_id": _id(record), "text": read.text, "url": url or read.metadata["url"]}
    for name, values in chunk.columns.items():
        values.append(cells[name])
    chunk.numbers.append(number)
    if record.missing:
        chunk.mended.append((number, f"{_cut(record)}; the article may lack its end"))
    elif _altered(record):
        chunk.mended.append((number, "the record's digest does not fit: the page was changed or damaged after it was archived"))
    elif response.cut or record.head.get("warc-truncated"):
        why = record.head.get("warc-truncated", "").strip()
        chunk.mended.append((number, f"the crawler or server cut the page{f' ({why[:20]})' if why else ''}; the article may lack its end"))


def _altered(record: Record) -> bool:
    """Say whether a record says what its block's digest is, and it is not; digests of payloads are made in too many ways to tell."""
    name, _, told = record.head.get("warc-block-digest", "").strip().partition(":")
    if name.casefold() not in ("md5", "sha1", "sha256") or not told or len(record.block) != record.length:
        return False
    digest = hashlib.new(name.casefold(), record.block, usedforsecurity=False)
    return told.strip().rstrip("=").casefold() not in (digest.hexdigest(), b32encode(digest.digest()).decode().rstrip("=").casefold())


def _cut(record: Record) -> str:
    return f"the record is cut: {record.length - record.missing:,} of {record.length:,} bytes are there"


def _id(record: Record) -> str | None:
    return record.head.get("warc-record-id", "").strip("<> ").removeprefix("urn:uuid:") or None


def _article(record: Record) -> tuple[str | None, Response, Page]:
    """Return a record's address, answer and article.

    Raises
    ------
    ReadError
        There is none; says what the record is.
    """
    if record.kind not in ("response", "resource"):
        raise ReadError(_OTHERS.get(record.kind, f"a record of type {record.kind[:30]!r}"))
    url = record.head.get("warc-target-uri", "").strip("<> ") or None
    response = answer(record)
    if response.status != 200:
        raise ReadError(f"status {response.status}")
    if response.mime not in _HTML and not (not response.mime and sniff_page(response.body[:4096])):
        raise ReadError(f"not HTML ({response.mime[:60] or 'no content type'})")
    return url, response, page(_text(response), url=url if url and url.startswith(("http://", "https://")) else None)


def answer(record: Record) -> Response:
    """Return what a server answered, unpacked; of a resource record, what it holds.

    Raises
    ------
    ReadError
        It is no HTTP, packed as nothing we know, or more than a page may have.

    Examples
    --------
    >>> from newsanalysis.readers.web_records import Record
    >>> block = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n4\\r\\nRain\\r\\n0\\r\\n\\r\\n"
    >>> answer(Record("response", {}, block, len(block)))
    Response(status=200, mime='text/html', charset='utf-8', body=b'Rain', cut=False)
    """
    if record.length - record.missing > MOST_PAGE + _MOST_HTTP_HEAD and record.kind in ("response", "resource"):
        raise ReadError(f"the record has {record.length / 2**20:,.0f} MB, more than the {MOST_PAGE / 2**20:,.0f} MB that a page may have")
    status = _STATUS.match(record.block)
    if not status:
        mime, charset = _content_type(record.head.get("content-type", "") or record.head.get("arc-mime", ""))
        if record.kind == "resource" or ("arc-mime" in record.head and sniff_page(record.block[:4096])):
            return Response(200, mime, charset, record.block, cut=False)
        raise ReadError("the record holds no HTTP response")
    at, length = _head_end(record.block)
    head = _fields(record.block[:at])
    mime, charset = _content_type(head.get("content-type", ""))
    code = int(status[1])
    body = record.block[at + length :]
    if code != 200 or (mime and mime not in _HTML):
        return Response(code, mime, charset, b"", cut=False)
    cut = False
    if "chunked" in head.get("transfer-encoding", "").casefold():
        body, cut = _unchunked(body)
    for encoding in reversed([each.strip() for each in head.get("content-encoding", "").casefold().split(",")][:4]):
        body, short = _unpacked(body, encoding)
        cut = cut or short
    return Response(code, mime, charset, body, cut)


def _head_end(block: bytes) -> tuple[int, int]:
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark, 0, _MOST_HTTP_HEAD)) >= 0]
    return min(ends, default=(len(block), 0))


def _fields(head: bytes) -> dict[str, str]:
    """Return the fields of an HTTP head; of those that come twice the last, as browsers do for the content type."""
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines()[1:])
    return {name.strip().casefold(): value.strip() for name, mark, value in lines if mark}


def _content_type(value: str) -> tuple[str, str | None]:
    mime, _, rest = value.partition(";")
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", rest[:400], re.IGNORECASE)
    return mime.split(",")[0].strip().casefold(), found[1] if found else None


def _text(response: Response) -> str | bytes:
    """Decode a page: UTF-8 if it is that, else by what the server says, if that fits, else by what the page says."""
    try:
        return response.body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    name = (response.charset or "").casefold()
    if name and name not in ("utf-8", "utf8"):
        try:
            return response.body.decode("cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "us-ascii") else name)
        except (LookupError, ValueError):
            pass
    return html_text(response.body)


def _unchunked(body: bytes) -> tuple[bytes, bool]:
    """Return a chunked body in one piece, and whether it breaks off; a body that is not chunked, although its head says so, is left as it is."""
    parts: list[bytes] = []
    at = 0
    while size := _SIZE.match(body, at):
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts), False
        start = size.end()
        parts.append(body[start : start + length])
        at = start + length
        if at >= len(body):
            return b"".join(parts), True
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0
    return (b"".join(parts), True) if parts else (body, False)


def _unpacked(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return a body unpacked, and whether it breaks off; a body that is not packed, although its head says so, is left as it is."""
    if encoding in ("gzip", "x-gzip"):
        return _inflated(body, 47) if body.startswith(b"\x1f\x8b") else (body, False)
    if encoding == "deflate":
        return _inflated(body, 15) if body[:1] in (b"\x78", b"\x68", b"\x58") else (body, False) if sniff_page(body[:4096]) else _inflated(body, -15)
    if encoding == "br":
        return (body, False) if sniff_page(body[:4096]) else _unbrotli(body)
    if encoding == "zstd" and body.startswith(_ZSTD):
        raise ReadError("the page is packed with zstd, which is not read")
    return body, False


def _inflated(body: bytes, wbits: int) -> tuple[bytes, bool]:
    engine = zlib.decompressobj(wbits=wbits)
    parts: list[bytes] = []
    size = 0
    try:
        while body and not engine.eof:
            parts.append(engine.decompress(body, 2**18))
            size += len(parts[-1])
            _small(size)
            body = engine.unconsumed_tail
    except zlib.error:
        if not parts:
            raise ReadError("the page is said to be packed, but cannot be unpacked") from None
    return b"".join(parts), not engine.eof


def _unbrotli(body: bytes) -> tuple[bytes, bool]:
    brotli = need("brotli", "web", "pages packed with brotli")
    engine = brotli.Decompressor()
    try:
        out = engine.process(body, output_buffer_limit=MOST_PAGE + 1)
    except TypeError:
        raise ReadError('the page is packed with brotli, of which 1.2 or newer is needed; run: pip install -U "newsanalysis[web]"') from None
    except brotli.error:
        raise ReadError("the page is said to be packed with brotli, but cannot be unpacked") from None
    _small(len(out))
    return bytes(out), not engine.is_finished()


def _small(size: int) -> None:
    if size > MOST_PAGE:
        raise ReadError(f"the page unpacks to more than the {MOST_PAGE / 2**20:,.0f} MB that a page may have")


def read_zstd(path: Path, columns: Mapping[str, str]) -> Parsed:  # noqa: ARG001
    """Say what to do with a file packed with zstd.

    Raises
    ------
    ReadError
        Always.
    """
    raise ReadError("the file is packed with zstd, which is not read; unpack it first, as in: zstd -d FILE")


def sniff_web_archive(head: bytes) -> bool:
    """Say whether bytes are the start of a WARC or ARC file.

    >>> sniff_web_archive(b"WARC/1.0\\r\\nWARC-Type: warcinfo\\r\\n"), sniff_web_archive(b"filedesc://a.arc 0.0.0.0 20140216050221 text/plain 75\\n")
    (True, True)
    """
    return bool(re.match(rb"\s{0,8}WARC/\d\.\d{1,2}[ \t]*\r?\n", head)) or head.startswith(b"filedesc://")


FORMATS: tuple[Format, ...] = (
    Format("web archive", (".warc", ".arc"), read_web_archive, sniff_web_archive),
    Format("zstd", (".zst",), read_zstd, lambda head: head.startswith(_ZSTD)),
)
