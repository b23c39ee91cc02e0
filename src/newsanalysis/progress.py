"""Progress of a long analysis, on a terminal only: what is done, how fast, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Progress:
    """Says nothing: where nobody looks.

    >>> with Progress() as progress:
    ...     progress.begin("analysing", documents=10, words=1000)
    ...     progress.add(5, 500)
    """

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Leave nothing on the screen."""

    def begin(self, what: str, *, documents: int, words: int, done: tuple[int, int] = (0, 0)) -> None:
        """Begin a stage of so many documents and words, some of which are done."""

    def begin_files(self, what: str, *, files: int, size: int) -> None:
        """Begin a stage of so many files and bytes, which are added as documents and words are."""

    def begin_last(self, what: str) -> None:
        """Begin a stage of which nobody knows how long it takes."""

    def add(self, documents: int, words: int) -> None:
        """Count what has been done since."""


class _Shown(Progress):
    """A line on standard error that is kept up to date."""

    def __init__(self, console: Any) -> None:
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn(compact=True))
        self.bar = Bar(*columns, console=console, transient=True, speed_estimate_period=120)
        self.task: Any = None
        self.unit = ""
        self.documents = self.all = self.words = 0
        self.since = time.monotonic()

    def __enter__(self) -> Progress:
        self.bar.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.bar.stop()

    def begin(self, what: str, *, documents: int, words: int, done: tuple[int, int] = (0, 0)) -> None:
        self._begin(what, "documents", documents, words, done)

    def begin_files(self, what: str, *, files: int, size: int) -> None:
        self._begin(what, "files", files, size, (0, 0))

    def begin_last(self, what: str) -> None:
        self._begin(what, "", 0, None, (0, 0))

    def _begin(self, what: str, unit: str, of: int, size: int | None, done: tuple[int, int]) -> None:
        if self.task is not None:
            self.bar.remove_task(self.task)
        self.unit, self.documents, self.all, self.words, self.since = unit, done[0], of, 0, time.monotonic()
        self.task = self.bar.add_task(what, total=None if size is None else max(size, 1), completed=done[1], said=self._said())

    def add(self, documents: int, words: int) -> None:
        self.documents += documents
        self.words += words
        self.bar.update(self.task, advance=words, said=self._said())

    def _said(self) -> str:
        if not self.unit:
            return ""
        rate = self.words / max(time.monotonic() - self.since, 1e-9)
        return f"{self.documents:,} of {self.all:,} {self.unit}" + (f", {rate:,.0f} words/s" if self.words and self.unit == "documents" else "")


@contextmanager
def shown() -> Iterator[Progress]:
    """Give a progress that is shown if standard error is a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    with _Shown(console) if console.is_terminal else Progress() as progress:
        yield progress
