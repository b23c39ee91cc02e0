"""UIMA CAS XMI, as INCEpTION exports it: the text that was annotated."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
