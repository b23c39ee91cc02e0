"""Feeds: RSS and Atom; what they hold are mostly summaries, and marked so."""

from __future__ import annotations

from newsanalysis.readers.contract import Format

FORMATS: tuple[Format, ...] = ()
