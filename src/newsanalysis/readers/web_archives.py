"""Web archives: WARC and ARC, plain or gzip."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
