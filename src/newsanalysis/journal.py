"""A journal of attempts: what a task was at when its process died, so that the next attempt knows.

Whoever works writes down that it began, and, once it is careful, at what it is; who comes to an end strikes it out. What is found written
when the next attempt begins is therefore a death: the process was killed, crashed or ran out of memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsanalysis.files import replacing

DEATHS = 2
"""So many deaths of a whole task make the next attempt careful; so many at one item condemn the item."""

HOPELESS = 6
"""So many deaths of a whole task, careful or not, end the attempts."""


@dataclass
class Attempt:
    """One attempt at a task, with what is known of those before it.

    Parameters
    ----------
    path : Path
        The journal's file.
    deaths : int
        How often the process died while no item was named.
    died : dict
        By item: how often the process died at it, and in what stage.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "task.json"
    ...     first = begun(path)  # and the process dies
    ...     second = begun(path)
    ...     second.deaths, second.careful, begun(path).careful
    (1, False, True)
    """

    path: Path
    deaths: int = 0
    died: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def careful(self) -> bool:
        """Whether items are to be done one by one, each written down before."""
        return self.deaths >= DEATHS or bool(self.died)

    @property
    def hopeless(self) -> bool:
        """Whether no attempt is worth it."""
        return self.deaths >= HOPELESS

    @property
    def condemned(self) -> dict[str, str]:
        """The items at which the process died too often, with the stage in which it did."""
        return {item: stage for item, (deaths, stage) in self.died.items() if deaths >= DEATHS}

    def at(self, item: str | None, stage: str = "") -> None:
        """Write down what is being done now; None for nothing of its own."""
        self._write([item, stage])

    def count(self, item: str | None, stage: str) -> None:
        """Count a death."""
        if item is None:
            self.deaths += 1
        else:
            self.died[item] = (self.died.get(item, (0, ""))[0] + 1, stage)

    def interrupted(self) -> None:
        """Write down that nobody is at it, and what was known before."""
        if self.deaths or self.died:
            self._write(None)
        else:
            self.path.unlink(missing_ok=True)

    def _write(self, at: list[str | None] | None) -> None:
        with replacing(self.path) as part:
            part.write_text(json.dumps({"deaths": self.deaths, "died": self.died, "at": at}), encoding="utf-8")


def begun(path: Path) -> Attempt:
    """Begin an attempt: what an earlier one left open counts as a death, and this one is written down.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "task.json"
    ...     begun(path).at("article 7", "attribute")
    ...     begun(path).at("article 7", "attribute")
    ...     begun(path).condemned
    {'article 7': 'attribute'}
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    attempt, at = _known(path)
    if at is not None:
        attempt.count(*at)
    attempt.at(None)
    return attempt


def _known(path: Path) -> tuple[Attempt, list[Any] | None]:
    """Return what is known of a task, and at what an attempt is that is open; of a damaged file nothing is known."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        died = {str(item): (int(deaths), str(stage)) for item, (deaths, stage) in known["died"].items()}
        deaths, at = int(known["deaths"]), known["at"] and list(known["at"])
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return Attempt(path), None
    return Attempt(path, deaths, died), at if at and len(at) == 2 else None


def forgive(path: Path) -> None:
    """Take back an attempt that is open: who was at it did not die of it, but was ended by us.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "task.json"
    ...     _ = begun(path)  # and the process is ended
    ...     forgive(path)
    ...     begun(path).deaths
    0
    """
    attempt, at = _known(path)
    if at is not None:
        attempt.interrupted()


def retry(path: Path, items: dict[str, str]) -> None:
    """Write down that condemned items, with their stages, are to have one more chance: the next attempt is careful, and one more death condemns them.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "task.json"
    ...     retry(path, {"article 7": "attribute"})
    ...     attempt = begun(path)
    ...     attempt.careful, attempt.hopeless, attempt.condemned
    (True, False, {})
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    died = {item: (DEATHS - 1, stage) for item, stage in items.items()}
    Attempt(path, HOPELESS - 1, died).interrupted()


@contextmanager
def attempting(path: Path) -> Iterator[Attempt]:
    """Begin an attempt and strike it out at its end; an error that is raised is no death.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with attempting(Path(folder) / "task.json") as attempt:
    ...         attempt.careful
    ...     list(Path(folder).iterdir())
    False
    []
    """
    attempt = begun(path)
    try:
        yield attempt
    except BaseException:
        attempt.interrupted()
        raise
    path.unlink(missing_ok=True)
