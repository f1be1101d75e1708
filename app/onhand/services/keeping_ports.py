"""Backups of the history, and forgetting, as the use cases see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from onhand.domain.progress import OnProgress, ignore_progress


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A copy of the history that was reopened and checked when it was made.

    Attributes:
        name: of its file, by which it is restored.
        bytes: of its file.
    """

    name: str
    at: datetime
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What restoring came to.

    Attributes:
        set_aside: the files that were the history before; "" where there were none.
    """

    backup: Backup
    set_aside: str


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which entries are to be forgotten; one of these is given.

    Attributes:
        all: everything that was ever kept.
        older: entries that are older than so many days.
        task_id: entries of a task.
    """

    ids: Sequence[int] = ()
    all: bool = False
    older: int | None = None
    task_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What forgetting came to.

    Attributes:
        entries: that are gone from the history.
        backups: that were rewritten without them.
        unreadable: names of copies that could not be rewritten, and may still hold them.
    """

    entries: int
    backups: int
    unreadable: tuple[str, ...] = ()


class BackupStore(Protocol):
    """Copies of the history in another folder."""

    def make(self) -> Backup:
        """Copy the history, check the copy, and thin out older ones.

        Raises:
            DataDamaged: the history cannot be read whole; no copy is given up for it.
            HistoryLocked, HistoryKeyless, DiskFull, DataFolderUnwritable: likewise none.
        """
        ...

    def make_if_due(self) -> Backup | None:
        """Make one if the newest is older than half an hour, and there is a history."""
        ...

    def all(self) -> list[Backup]:
        """Those that there are, newest first."""
        ...

    def newest_good(self) -> Backup | None:
        """The newest that can be read whole now; None where there is none.

        Raises:
            HistoryLocked, HistoryKeyless, DataFolderUnwritable: nobody can say.
        """
        ...

    def look_for_damage(self, largest: int | None = None) -> None:
        """Read the history page by page, which takes a second for each 100 MB.

        Args:
            largest: bytes beyond which nothing is read; each backup reads all anyway.

        Raises:
            DataDamaged: a page is not as it was written.
            HistoryLocked, HistoryKeyless, DataFolderUnwritable, Locked: nobody can say.
        """
        ...

    def begin_anew(self) -> str:
        """Set the history aside, so that an empty one takes its place.

        Returns:
            The name of the file that was the history; "" where there was none.

        Raises:
            HistoryInUse: another process has the history open.
        """
        ...

    def restore(self, name: str | None) -> Restored:
        """Put a backup in the history's place, or the newest that is good.

        What was there is set aside under another name.

        Raises:
            BackupUnknown: there is none of this name, or none that is good.
            HistoryInUse: another process has the history open.
        """
        ...


class Forgetting(Protocol):
    """Takes entries out of everything that holds them."""

    def count(self, which: Which) -> int:
        """How many entries of the history it would take."""
        ...

    def __call__(
        self,
        which: Which,
        *,
        delete_unreadable: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> Forgotten:
        """Forget: in the backups first, then in the history, drafts and saved prefixes.

        `on_progress` is told of the backups, on this thread.

        Raises:
            HistoryLocked, HistoryKeyless, DataDamaged, DiskFull, DataFolderUnwritable,
            Locked: the history is as it was.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """A file that entries of the history were written into."""

    path: Path
    at: datetime


class ExportList(Protocol):
    """The files into which the user had entries written."""

    def note(self, path: Path, at: datetime) -> None:
        """One more, or one that is known at another time.

        Raises:
            HistoryLocked, HistoryKeyless, DataDamaged, DiskFull, DataFolderUnwritable:
                nothing was noted.
        """
        ...

    def all(self) -> list[ExportedFile]:
        """Those that still lie where they were written, outputs of batches too."""
        ...
