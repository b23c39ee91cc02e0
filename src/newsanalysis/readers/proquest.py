"""ProQuest exports: HTML, plain text and e-mail."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
