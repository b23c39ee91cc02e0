"""Exports of the old Nexis: HTML and plain text."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
