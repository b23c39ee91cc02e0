"""Factiva exports: HTML and XML."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
