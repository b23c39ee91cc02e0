"""Nexis Uni and Lexis exports: Word documents and RTF."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
