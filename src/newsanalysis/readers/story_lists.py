"""Tables of stories without texts: Media Cloud and GDELT."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
