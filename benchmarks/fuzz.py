"""Readers against broken files: real samples and small made ones, changed at random, many thousands for each format.

Only documented errors (`ReadError`) may come out, in bounded time and memory. Every format's reader gets its inputs directly, so that no
other reader takes them away; every 250th input goes the whole way through `na.read` as well, where documents found must equal documents kept and
skipped. Each format runs in a process of its own, whose memory is limited; an input that kills it is kept and the run goes on after it.

Samples are cut down to some kilobytes (of a Word document the first article inside, of a page the part with most paragraphs, of gzip what is packed), so
that a hundred thousand inputs take minutes; beside them are small files of our own, ``benchmarks/data/fuzz_seeds``. The same seed gives the same
inputs. What was found to break is in ``tests/data/crashers`` and is tried by the tests.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks._common import ROOT, options, write
from newsanalysis.readers import formats, limits, read
from newsanalysis.readers.contract import Format, ReadError

COMMAND = "python -m benchmarks fuzz --data DATA"
HOURS = True
NEEDS = ("../samples/README.md",)
INPUTS = 100_000
SMALL = 6_000  # bytes of a sample that is changed
WHOLE = 250  # every so many inputs go through `na.read`
SLOW = 5.0  # seconds that no small input may take
ENDLESS = 60.0  # seconds after which an input has hung
MEMORY = 4 * 2**30  # of a process
KEPT = 20  # inputs that broke a reader which are kept
SUFFIXES = (
    ".xml",
    ".html",
    ".json",
    ".txt",
    ".TXT",
    ".docx",
    ".DOCX",
    ".rtf",
    ".eml",
    ".warc",
    ".gz",
    ".arc",
    ".xmi",
    ".csv",
    ".jsonl",
    ".zip",
    ".xlsx",
    ".parquet",
)
TOKENS = (
    *(b"<", b">", b"</", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"&", b"&#0;", b"&#x110000;", b"&nbsp;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3"),
    *(b"{", b"}", b"[", b"]", b'"', b"\\u0000", b"\\ud800", b"null", b"1e999", b"-1", b"99999999999999999999", b"\r\n", b"\n\n\n", b"\t", b"\x1e", b"\x0c"),
    *(b"<DOC NUMBER=1>", b"End of Document", b"1 of 3 DOCUMENTS", b"WARC/1.0\r\n", b"Content-Length: -5\r\n", b"Content-Length: 99999999999\r\n", b"HD", b"TD"),
    *(
        b"From: a\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n",
        b"--x\r\n",
        b"=?utf-8?q?=?=",
        b"\\u-1 ",
        b"{\\rtf1",
        b"\\bin99999999 ",
        b"<p>",
        b"<br>",
        b"<div>",
    ),
    *(
        b"Thursday, June 35, 1996",
        b"0000-00-00T99:99:99Z",
        b"31 f\xc3\xa9vrier 2015",
        b"xml:lang='",
        b"xmlns='http://x'",
        b"<nitf>",
        b"<item>",
        b"=cmd|' /C calc'!A0",
    ),
)
COLUMNS = {"list of stories": {"text": "title"}}  # what the user says of formats that are not read without
MADE: dict[str, bytes] = {
    "made.csv": b'id,title,text,date\n1,Rain,Rain fell.,2015-03-12\n2,Sun,"Sun, and ""wind"".",12/03/2015\n',
    "made.jsonl": b'{"id": 1, "title": "Rain", "text": "Rain fell.", "date": "2015-03-12"}\n{"id": 2, "text": "Sun \\u2019n wind."}\n',
    "made.txt": b"Rain Closes Roads\n\n"
    + b"Rain fell on Monday. Roads were closed, the mayor said.\n\n" * 5
    + b"\n\nRain Closes Three Roads\nMayor Promises New Bridge\nSchools Stay Open\n",
}


def main(arguments: list[str] | None = None) -> None:
    """Try every format's reader and write the table."""
    parser = options("fuzz", __doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=INPUTS, help="inputs for each format")
    parser.add_argument("--format", action="append", help="only this format; may be repeated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "newsanalysis-crashers", help="where inputs that break a reader are kept")
    parser.add_argument("--from", dest="start", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    samples = given.data.parent / "samples"
    if given.inside:
        print(json.dumps(tried(given.format[0], seeds(given.format[0], samples), given)))
        return
    names = given.format or [format_.name for format_ in formats.FORMATS]
    rows = []
    for name in dict.fromkeys(names):
        rows.append(in_processes(name, given))
        print(rows[-1], flush=True)
    old = pd.read_csv(given.out / "fuzz.csv") if given.format and (given.out / "fuzz.csv").is_file() else pd.DataFrame()
    table = pd.concat([old[~old.format.isin(names)] if len(old) else old, pd.DataFrame(rows)], ignore_index=True)
    write(table.drop(columns=["package", "command"], errors="ignore"), given.out / "fuzz.csv", COMMAND)


def in_processes(name: str, given: Any) -> dict[str, Any]:
    """Try one format in a process; where it dies, keep the input and go on behind it in a new one."""
    given.keep.mkdir(parents=True, exist_ok=True)
    total: dict[str, Any] = {}
    start = 0
    while start < given.inputs:
        wanted = {"data": given.data, "inputs": given.inputs, "seed": given.seed, "keep": given.keep, "format": name, "from": start}
        command = [sys.executable, "-m", "benchmarks.fuzz", *(part for key, value in wanted.items() for part in (f"--{key}", str(value))), "--inside"]
        ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        state = json.loads((given.keep / f"{slug(name)}.state").read_text()) if (given.keep / f"{slug(name)}.state").is_file() else {}
        if ended.returncode == 0:
            part = json.loads(ended.stdout.splitlines()[-1])
            start = given.inputs
            print(ended.stderr[-20_000:], end="", flush=True)
        else:
            part = {**state, "killed": 1}
            start = state.get("at", start) + 1
            print(f"{name}: the process died ({ended.returncode}) at input {start - 1}: {ended.stderr[-800:]}", flush=True)
            if not state:
                raise SystemExit(ended.stderr)
            died = Path(state["place"])
            (given.keep / f"{slug(name)}-{start - 1}{''.join(died.suffixes)}").write_bytes(died.read_bytes())
            shutil.rmtree(died.parent)
            (given.keep / f"{slug(name)}.state").unlink()
        part = {key: value for key, value in part.items() if key not in ("at", "place")}
        for key, value in part.items():
            total[key] = value if isinstance(value, str) else max(total.get(key, 0), value) if key in ("slowest_s", "peak_mb") else total.get(key, 0) + value
    total.setdefault("killed", 0)
    return {"format": name, **{key: round(value, 1) if isinstance(value, float) else value for key, value in total.items() if key != "format"}}


def slug(name: str) -> str:
    """Return a format's name as part of a file's name."""
    return "".join(c if c.isalnum() else "_" for c in name)


def seeds(name: str, samples: Path) -> list[tuple[str, bytes]]:
    """Return the samples that a format's reader takes, cut down, with the suffix each has; all there are if none is its own."""
    format_ = by_name(name)
    own, others = [], []
    for label, raw in every_sample(samples):
        told = next((each.name for each in formats.FORMATS if each.sniff and each.sniff(unzipped(raw[: formats.HEAD]))), None)
        mine = told == name if format_.sniff or told else formats.suffix_of(Path(label)) in format_.suffixes
        (own if mine else others).append((label, raw))
    if not own:  # no sample of it here: what has its suffix, or anything
        own = [(label, raw) for label, raw in others if formats.suffix_of(Path(label)) in format_.suffixes] or others[:20]
    return [(label, reduced(raw)) for label, raw in own]


def unzipped(head: bytes) -> bytes:
    """Return the first bytes as a sniff gets them."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(head)
        file.flush()
        return formats.peek(Path(file.name))


def by_name(name: str) -> Format:
    """Return a format by its name."""
    return next(format_ for format_ in formats.FORMATS if format_.name == name)


def every_sample(samples: Path) -> list[tuple[str, bytes]]:
    """Return all samples, and small files of our own, by name."""
    found = [(path.name, path.read_bytes()) for path in sorted(samples.rglob("*")) if path.suffix in SUFFIXES and path.name != "ground-truth.json"]
    found += [(path.name, path.read_bytes()) for path in sorted((ROOT / "benchmarks" / "data" / "fuzz_seeds").iterdir())]
    made = list(MADE.items())
    table = pd.DataFrame({"title": ["Rain", "Sun"], "text": ["Rain fell.", "Sun."], "date": ["2015-03-12", None]})
    for name, save in (("made.xlsx", table.to_excel), ("made.parquet", table.to_parquet)):
        buffer = io.BytesIO()
        save(buffer, index=False)
        made.append((name, buffer.getvalue()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in MADE.items():
            archive.writestr(name, raw)
    return [*found, *made, ("made.zip", buffer.getvalue()), *((f"{crasher.name}", crasher.read_bytes()) for crasher in crashers())]


def crashers() -> list[Path]:
    """Return the inputs that once broke a reader."""
    folder = ROOT / "tests" / "data" / "crashers"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def reduced(raw: bytes) -> bytes:
    """Return a sample of some kilobytes: of a Word document its first article, of what is packed its beginning packed again."""
    if raw.startswith(b"PK\x03\x04"):
        return rezipped(raw, lambda content: content)
    if raw.startswith(limits.GZIP):
        try:
            return gzip.compress(cut(limits.gunzip(raw)), 6, mtime=0) if len(raw) > SMALL else raw
        except ReadError:
            return raw[:SMALL]
    return cut(raw)


def cut(raw: bytes) -> bytes:
    """Return the beginning of a file that is not packed; of a page its first lines and the part with most paragraphs."""
    if b"<html" not in raw[:2000].lower() and b"<!doctype html" not in raw[:2000].lower():
        return raw if len(raw) < 2.5 * SMALL else raw[:SMALL]
    raw = re.sub(rb"(?is)<(script|style|svg|noscript)\b(?:(?!ld\+json).)*?</\1>|<!--.*?-->", b"", raw[: 2**20])
    if len(raw) < 2 * SMALL:
        return raw
    article = re.search(rb"""<div class=["']article |<DOCFULL|<!-- Hide XML|<article""", raw)
    marks = [found.start() for found in re.finditer(rb"(?i)<p[\s>]", raw)] or [0]
    best = article.start() if article and b"ctiva" in raw[:500] else max(marks, key=lambda at: sum(at <= mark < at + SMALL for mark in marks))
    return raw[:1000] + raw[max(1000, best - 300) : best + SMALL // 2]


def rezipped(raw: bytes, change: Any) -> bytes:
    """Return a zip archive whose members are cut to a small size and changed."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
            for info in archive.infolist():
                content = archive.read(info) if info.file_size < 10 * 2**20 else b""
                if len(content) > 4 * SMALL and info.filename.endswith("document.xml"):
                    body = content.find(b"<w:body>") + 8
                    end = content.find(b"</w:p>", content.find(b"End of Document", body)) + 6
                    start, last = content[body : body + 4 * SMALL].rpartition(b"</w:p>")[0], content[max(body, end - SMALL) : end].partition(b"</w:p>")[2]
                    text = content[body:end] if end - body < 5 * SMALL else start + b"</w:p>" + last
                    content = content[:body] + text + b"</w:body></w:document>"
                if len(content) <= 6 * SMALL and not ("word/" in info.filename and "document" not in info.filename):
                    made.writestr(zipfile.ZipInfo(info.filename), change(content))
    except (zipfile.BadZipFile, OSError, EOFError, ValueError):
        return raw[:SMALL]
    return out.getvalue()


def changed(raw: bytes, others: list[tuple[str, bytes]], rng: random.Random) -> bytes:
    """Return a sample with one to six changes; inside what is packed, mostly, so that they are not all the same damaged archive."""
    if raw.startswith(b"PK\x03\x04") and rng.random() < 0.7:
        chosen = rng.randrange(8)
        count = iter(range(1000))
        return rezipped(raw, lambda content: mutated(content, others, rng) if next(count) % 8 == chosen or content[:200].find(b"w:document") >= 0 else content)
    if raw.startswith(limits.GZIP) and rng.random() < 0.7:
        try:
            return gzip.compress(mutated(limits.gunzip(raw), others, rng), 1, mtime=0)
        except ReadError:
            return mutated(raw, others, rng)
    return mutated(raw, others, rng)


def mutated(raw: bytes, others: list[tuple[str, bytes]], rng: random.Random) -> bytes:
    """Return bytes after one to six random changes."""
    content = bytearray(raw)
    most = min(11, max(2, len(content) // 4).bit_length())  # less than a quarter of it at once
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        at = rng.randrange(len(content) + 1)
        long = min(len(content) - at, int(2 ** rng.uniform(0, most)))
        kind = rng.randrange(9)
        if kind == 0 and content:
            content[min(at, len(content) - 1)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del content[at : at + long]
        elif kind == 2:
            content[at:at] = content[at : at + long] * rng.choice((1, 2, 20))
        elif kind == 3:
            content[at:at] = rng.choice(TOKENS) * rng.choice((1, 1, 1, 3, 300))
        elif kind == 4:
            del content[at:]
        elif kind == 5:
            other = rng.choice(others)[1]
            start = rng.randrange(len(other) + 1)
            content[at : at + long] = other[start : start + int(2 ** rng.uniform(0, most + 1))]
        elif kind == 6:
            content[at : at + long] = bytes(rng.randrange(256) for _ in range(min(long, 64)))
        elif kind == 7 and long > 1:
            piece = content[at : at + long]
            del content[at : at + long]
            there = rng.randrange(len(content) + 1)
            content[there:there] = piece
        else:
            content[at : at + long] = content[at : at + long].swapcase()
        del content[200_000:]
    return bytes(content)


def tried(name: str, samples: list[tuple[str, bytes]], given: Any) -> dict[str, Any]:
    """Try inputs of one format, in this process; write down where it is, so that a death can be told."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    format_ = by_name(name)
    counts: dict[str, Any] = {"inputs": 0, "read": 0, "refused": 0, "wrong": 0, "slow": 0, "cpu_s": 0.0, "slowest_s": 0.0, "peak_mb": 0.0, "n_samples": 0}
    state = given.keep / f"{slug(name)}.state"
    shown: set[str] = set()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        counts["n_samples"] = len(samples) if given.start == 0 else 0
        samples = weighed(format_, samples, Path(folder))
        for at in range(given.start, given.inputs):
            rng = random.Random(f"{given.seed} {name} {at}")
            label, raw = samples[at % len(samples)]
            raw = changed(raw, samples, rng) if at >= len(samples) else raw
            path = Path(folder) / ("input" + "".join(Path(label).suffixes[-2:]))
            path.write_bytes(raw)
            state.write_text(json.dumps({**counts, "inputs": at - given.start + 1, "at": at, "place": str(path)}))
            signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS)  # kills the process, even in a library's loop
            started = time.process_time()
            fault = one(format_, path, whole=at % WHOLE == 0)
            spent = time.process_time() - started
            counts["inputs"] += 1
            counts["cpu_s"] += spent
            counts["slowest_s"] = max(counts["slowest_s"], spent)
            counts["read" if fault == "read" else "refused" if fault == "refused" else "wrong"] += 1
            if spent > SLOW:
                counts["slow"] += 1
                fault = f"slow: {spent:.1f} s"
            if fault not in ("read", "refused"):
                key = fault.strip().splitlines()[-1][:60] + "".join(fault.splitlines()[-3:-2])
                if key not in shown and len(shown) < KEPT:
                    shown.add(key)
                    (given.keep / f"{slug(name)}-{at}{''.join(path.suffixes)}").write_bytes(raw)
                    print(f"{name}, input {at}: {fault[-1500:]}", file=sys.stderr, flush=True)
            path.unlink()
    counts["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (given.keep / f"{slug(name)}.log").write_text("\n".join(sorted(shown)))
    state.unlink(missing_ok=True)
    return counts


def weighed(format_: Format, samples: list[tuple[str, bytes]], folder: Path) -> list[tuple[str, bytes]]:
    """Return the samples with those that hold an article three times as often as those that do not."""
    good: list[tuple[str, bytes]] = []
    empty: list[tuple[str, bytes]] = []
    for label, raw in samples:
        path = folder / ("input" + "".join(Path(label).suffixes[-2:]))
        path.write_bytes(raw)
        (good if one(format_, path, whole=False) == "read" else empty).append((label, raw))
    return good * max(1, -(-3 * len(empty) // len(good))) + empty if good else empty


def one(format_: Format, path: Path, *, whole: bool) -> str:
    """Read one input: "read", "refused", or what should not have come."""
    try:
        records = [len(parsed.numbers) + len(parsed.skipped) for parsed in formats.read_as(format_, path, COLUMNS.get(format_.name, {}))]
        outcome = "read" if sum(records) else "refused"
    except ReadError as error:
        outcome = "refused" if len(str(error)) < 2000 else f"a message of {len(str(error))} characters"
    except BaseException:
        return traceback.format_exc()
    if whole:
        try:
            with redirect_stdout(io.StringIO()) as said:
                documents, report = read(path, columns=COLUMNS.get(format_.name), report=True)
            files = report[report.record.isna()]
            if fault := next((reason for reason in report.reason.dropna() if "fault of the reader" in reason), None):
                return f"read: {fault}"
            if files.n_documents.sum() != len(documents) or len(said.getvalue().splitlines()) != 1:
                return f"the report counts {files.n_documents.sum()} documents, the table has {len(documents)}"
        except ReadError:
            pass
        except BaseException:
            return traceback.format_exc()
    return outcome


if __name__ == "__main__":
    main()
