"""Backups and forgetting in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fakes.stores import NOON
from onhand.domain.history_errors import BackupUnknown
from onhand.services.keeping_ports import Backup, Forgotten, Restored

if TYPE_CHECKING:
    from fakes.stores import FakeHistory
    from onhand.domain.errors import AppError
    from onhand.services.keeping_ports import Which


class FakeBackups:
    """Backups that hold nothing.

    Attributes:
        damage: what is wrong with the history.
    """

    def __init__(self) -> None:
        self.made: list[Backup] = []
        self.damage: AppError | None = None

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
        """The newest."""
        return self.made[0] if self.made else None

    def look_for_damage(self, largest: int | None = None) -> None:
        """Tell the damage that there is."""
        if self.damage is not None:
            raise self.damage

    def restore(self, name: str | None) -> Restored:
        """Find it."""
        for each in self.made:
            if name in (None, each.name):
                return Restored(backup=each, set_aside="/data/onhand.db.damaged")
        raise BackupUnknown(name or "")


class FakeForgetting:
    """Forgets in a fake history.

    Attributes:
        unreadable: what cannot be rewritten.
    """

    def __init__(self, history: FakeHistory) -> None:
        self._history = history
        self.unreadable: tuple[str, ...] = ()

    def count(self, which: Which) -> int:
        """How many entries it would take."""
        return len(self._taken(which))

    def __call__(self, which: Which, *, delete_unreadable: bool = False) -> Forgotten:
        """Forget."""
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
