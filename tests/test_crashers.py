"""What once broke a reader: inputs that fuzzing found, made small and with words of our own, each in ``tests/data/crashers``.

A crasher's name begins with the format whose reader it broke. It is read by every format's reader, not only by its own, and by `read`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsanalysis.readers import ReadError, formats, read
from newsanalysis.readers.contract import Format, Parsed, Reader

FOLDER = Path(__file__).parent / "data" / "crashers"
CRASHERS = sorted(path.name for path in FOLDER.iterdir())
SLOW = 30.0
LONG = 2000


def fault(format_: Format, path: Path) -> str | None:
    """Say what should not have come of a reader, None if all is well."""
    started = time.process_time()
    try:
        for parsed in formats.read_as(format_, path, {}):
            if any(len(values) != len(parsed.numbers) for values in parsed.columns.values()) or len(parsed.endings) != len(parsed.numbers):
                return "columns of different lengths"
    except ReadError as error:
        if len(str(error)) > LONG:
            return "a message without end"
    except Exception as error:
        return repr(error)
    spent = time.process_time() - started
    return f"{spent:.1f} s" if spent > SLOW else None


@pytest.mark.parametrize("name", CRASHERS)
def test_crasher(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every format's reader gives records or a ReadError, in time; `read` counts what it found, and no reader failed."""
    path = tmp_path / name
    shutil.copy(FOLDER / name, path)
    assert {format_.name: said for format_ in formats.FORMATS if (said := fault(format_, path))} == {}
    try:
        documents, report = read(path, report=True)
    except ReadError as error:
        assert "fault of the reader" not in str(error) and len(str(error)) < LONG
        return
    assert report.n_documents.sum() == len(documents) and not report.reason.str.contains("fault of the reader", na=False).any()
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_planted_fault_is_found(tmp_path: Path) -> None:
    """A reader that fails, says too much or gives columns of different lengths is found by what the crashers are tried with."""

    whole = Parsed("planted@1", "planted", {"text": ["Rain fell."]}, [1], [""])
    uneven = Parsed("planted@1", "planted", {"text": ["Rain fell.", "Roads closed."]}, [1], [""])

    def failing(error: Exception) -> Iterator[Parsed]:
        yield whole
        raise error

    readers: list[Reader] = [lambda *_: whole, lambda *_: failing(KeyError("a")), lambda *_: uneven, lambda *_: failing(ReadError("Rain fell. " * LONG))]
    (tmp_path / "a.txt").write_text("Rain fell.")
    said = [fault(Format("planted", (), reader), tmp_path / "a.txt") for reader in readers]
    assert said == [None, "KeyError('a')", "columns of different lengths", "a message without end"]
