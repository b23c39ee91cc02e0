"""ninjs 1 to 3: news in JSON, of the IPTC and of agencies."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
