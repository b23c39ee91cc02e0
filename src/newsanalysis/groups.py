"""What is done to one group of input files, in whatever process: its records are read into the spool.

A group whose process dies is tried again. If it dies twice, its files are read one by one, each written down before, into a folder that is
thrown away; the file at which the process dies twice is then left out, with the reason in the report, and the group is read as a whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from newsanalysis import journal
from newsanalysis.files import needing_room
from newsanalysis.journal import Attempt, attempting
from newsanalysis.partitions import seen
from newsanalysis.readers import spool

_DIED = "reading it ended the process each time it was tried (killed, crashed or out of memory)"


@dataclass(frozen=True)
class Reading:
    """The job of reading groups of files: called with a group in any process that sees inputs and folder.

    Parameters
    ----------
    folder : Path
        The folder ``.newsanalysis`` of the results, whole path.
    """

    folder: Path

    def __call__(self, group: spool.Group) -> str:
        """Read a group into the spool and return its key."""
        seen(self.folder)
        place = self.folder / "spool"
        with needing_room(self.folder.parent), attempting(self._journal(group)) as attempt:
            if attempt.hopeless:
                spool.failed_group(group, place, f"{_DIED}; so it was with other files of its group")
            elif attempt.careful:
                condemned = self._condemned(group, attempt)
                spool.read_group(_without(group, condemned), place)
            else:
                spool.read_group(group, place)
        return group.key

    def written(self, group: spool.Group) -> str:
        """What the journal says of a group."""
        try:
            return self._journal(group).read_text(encoding="utf-8")
        except OSError:
            return ""

    def _journal(self, group: spool.Group) -> Path:
        return self.folder / "journal" / f"group-{group.key}.json"

    def _condemned(self, group: spool.Group, attempt: Attempt) -> frozenset[str]:
        """Return the labels of the files that kill their reader, found by reading each that is not known to do so."""
        condemned = frozenset(attempt.condemned)
        trial = self.folder / "trial" / group.key
        try:
            for one in _alone(group):
                (source,) = one.sources
                if source.reason is None and source.label not in condemned:
                    attempt.at(source.label, "read")
                    trial.mkdir(parents=True, exist_ok=True)
                    spool.read_group(one, trial)
                    shutil.rmtree(trial)
        finally:
            shutil.rmtree(trial, ignore_errors=True)
        attempt.at(None)
        return condemned


def retry(folder: Path, group: spool.Group) -> bool:
    """Forget that a group is read, if files of it were left out because they ended their process: each has one more chance. Say whether it was so.

    Parameters
    ----------
    folder : Path
        The folder ``.newsanalysis`` of the results.
    group : Group
        The group.
    """
    died = [label for label, reason in spool.unread(group, folder / "spool") if reason.startswith(_DIED)]
    if died:
        journal.retry(folder / "journal" / f"group-{group.key}.json", dict.fromkeys(died, "read"))
        spool.forget(group, folder / "spool")
    return bool(died)


def _alone(group: spool.Group) -> Iterator[spool.Group]:
    """The files of a group, each as a group."""
    if len(group.sources) == 1:
        yield group
        return
    for part in spool.split_group(group):
        yield from _alone(part)


def _without(group: spool.Group, labels: frozenset[str]) -> spool.Group:
    """The same group, some of whose files are not to be read."""
    sources = tuple(replace(source, reason=_DIED) if source.label in labels else source for source in group.sources)
    return replace(group, sources=sources)
