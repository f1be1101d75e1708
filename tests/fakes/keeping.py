"""Backups and forgetting in memory."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from fakes.stores import NOON, FakeClock
from onhand.domain.history_errors import BackupUnknown
from onhand.domain.progress import Progress, ignore_progress
from onhand.services.exporting import ExportHistory
from onhand.services.keeping_ports import Backup, ExportedFile, Forgotten, Restored
from onhand.storage.export_file import raise_if_there, write_export

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from fakes.stores import FakeHistory
    from onhand.domain.errors import AppError
    from onhand.services.keeping_ports import Which


class FakeBackups:
    """Backups that hold nothing.

    Attributes:
        damage: what is wrong with the history.
        damaged: names of those that cannot be read.
        restored: names of those that were put back; "" for beginning anew.
    """

    def __init__(self) -> None:
        self.made: list[Backup] = []
        self.damage: AppError | None = None
        self.damaged: set[str] = set()
        self.restored: list[str] = []

    def make(self) -> Backup:
        """One more."""
        number = len(self.made)
        at = NOON + timedelta(hours=number)
        self.made.insert(0, Backup(name=f"onhand-{number}.db", at=at, bytes=4096))
        return self.made[0]

    def make_if_due(self) -> Backup | None:
        """The first one."""
        return None if self.made else self.make()

    def all(self) -> list[Backup]:
        """Newest first."""
        return list(self.made)

    def newest_good(self) -> Backup | None:
        """The newest of those that are not damaged."""
        good = [each for each in self.made if each.name not in self.damaged]
        return good[0] if good else None

    def look_for_damage(self, largest: int | None = None) -> None:
        """Tell the damage that there is."""
        if self.damage is not None:
            raise self.damage

    def begin_anew(self) -> str:
        """Set nothing aside."""
        self.restored.append("")
        return "/data/onhand.db.damaged"

    def restore(self, name: str | None) -> Restored:
        """Find it."""
        for each in self.made:
            if name in (None, each.name) and each.name not in self.damaged:
                self.restored.append(each.name)
                return Restored(backup=each, set_aside="/data/onhand.db.damaged")
        raise BackupUnknown(name or "")


class FakeForgetting:
    """Forgets in a fake history.

    Attributes:
        unreadable: what cannot be rewritten.
        gate: it ends when it is open.
        begun: it is at work.
    """

    def __init__(self, history: FakeHistory) -> None:
        self._history = history
        self.unreadable: tuple[str, ...] = ()
        self.failing: AppError | None = None
        self.begun, self.gate = threading.Event(), threading.Event()
        self.gate.set()

    def count(self, which: Which) -> int:
        """How many entries it would take."""
        return len(self._taken(which))

    def __call__(
        self, which: Which, *, delete_unreadable: bool = False, on_progress=ignore_progress
    ) -> Forgotten:
        """Forget."""
        on_progress(Progress(done=0, total=2))
        self.begun.set()
        self.gate.wait()
        if self.failing is not None:
            raise self.failing
        taken = self._taken(which)
        self._history.forget({each.id for each in taken})
        unreadable = () if delete_unreadable else self.unreadable
        return Forgotten(entries=len(taken), backups=1, unreadable=unreadable)

    def _taken(self, which: Which):
        found = self._history.search("", kind=None, limit=10**6, before=None)
        if which.older is not None:
            oldest = NOON - timedelta(days=which.older)
            return [each for each in found if each.at < oldest]
        return [
            each
            for each in found
            if which.all
            or each.id in which.ids
            or (which.task_id is not None and each.task_id == which.task_id)
        ]


class FakePlaceNotes:
    """Notes in memory."""

    def __init__(self) -> None:
        self.shared: str | None = None

    def told(self) -> str | None:
        """What was told."""
        return self.shared

    def note(self, shared: str) -> None:
        """Remember it."""
        self.shared = shared


class FakeExports:
    """A list of exports in memory."""

    def __init__(self) -> None:
        self._found: dict[Path, datetime] = {}

    def note(self, path: Path, at: datetime) -> None:
        """One more."""
        self._found[path] = at

    def all(self) -> list[ExportedFile]:
        """Those that are there."""
        return [
            ExportedFile(path=path, at=at)
            for path, at in self._found.items()
            if path.is_file()
        ]


class Files:
    """Real files."""

    raise_if_there = staticmethod(raise_if_there)
    write = staticmethod(write_export)


def exporting(history: FakeHistory) -> ExportHistory:
    """Exports a fake history into real files."""
    return ExportHistory(
        history=history, known=FakeExports(), files=Files(), clock=FakeClock()
    )
