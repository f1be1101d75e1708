"""Copies of the history in a folder of their own: checked, thinned, and put back.

They are encrypted with the key of the history; a copy of the key slots lies beside them.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import DataDamaged, DataFolderUnwritable
from onhand.domain.history_errors import BackupUnknown
from onhand.domain.progress import Progress, ignore_progress
from onhand.domain.thinning import is_due, kept
from onhand.services.keeping_ports import Backup, Restored
from onhand.storage.checked_copies import CheckedCopies, removed_at_the_end
from onhand.storage.cipher import encrypted
from onhand.storage.database import PATIENCE, Database
from onhand.storage.encrypting import BESIDE, is_plain, remove_database
from onhand.storage.file_lock import FileLock
from onhand.storage.open_lock import exchanging
from onhand.storage.safe_files import (
    failures_as,
    private_folder,
    replace_data_file,
    settle,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from onhand.domain.progress import OnProgress

_FORM = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"onhand-(\d{8}T\d{6}Z)\.db")
DAMAGED = ".damaged-"
"""In the name of a history that was set aside."""

RESTORING = ".restoring.db"
"""The name of a backup on its way to become the history."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """What is copied, and whereto.

    Attributes:
        history: the database.
        slots: its key slots.
        folder: holds the backups and nothing else.
    """

    history: Path
    slots: Path
    folder: Path


class Backups:
    """The backup port over a folder."""

    def __init__(
        self,
        places: Places,
        keys: Callable[[], Sequence[bytes]],
        now: Callable[[], datetime],
    ) -> None:
        """`keys` opens the history and the backups; it is not asked before it is needed."""
        self._places = places
        self._keys = keys
        self._now = now
        self.copies = CheckedCopies(keys)

    def make(self) -> Backup:
        """Copy the history, check the copy, and thin out older ones."""
        with self._alone():
            name = f"onhand-{self._next():{_FORM}}.db"
            self.copies.copy(self._places.history, self._places.folder / name)
            self._copy_slots()
            self._thin()
            return self._described(self._places.folder / name)

    def make_if_due(self) -> Backup | None:
        """Make one if the newest is older than half an hour, and there is a history."""
        found = self.all()
        there = self._places.history.exists() and not is_plain(self._places.history)
        if there and is_due(self._made(found[0]) if found else None, self._now()):
            return self.make()
        return None

    def _next(self) -> datetime:
        """The time of the next backup: later than all others, whatever the clock says.

        The newest is the one that is restored, and the last to be thinned out.
        """
        now = self._now().astimezone(UTC).replace(microsecond=0)
        found = self.all()
        return max(now, found[0].at + timedelta(seconds=1)) if found else now

    def _made(self, backup: Backup) -> datetime:
        """When it was made, by a clock that may have been set back since."""
        with failures_as(DataFolderUnwritable, self._places.folder):
            time = (self._places.folder / backup.name).stat().st_mtime
        return min(backup.at, datetime.fromtimestamp(time, UTC))

    def all(self) -> list[Backup]:
        """Those that there are, newest first."""
        with failures_as(DataFolderUnwritable, self._places.folder):
            if not self._places.folder.is_dir():
                return []
            found = [
                self._described(each)
                for each in self._places.folder.iterdir()
                if _NAME.fullmatch(each.name)
            ]
        return sorted(found, key=lambda each: each.at, reverse=True)

    def newest_good(self) -> Backup | None:
        """The newest that can be read whole now; None where there is none."""
        for backup in self.all():
            with suppress(DataDamaged):
                self.copies.check(self._places.folder / backup.name)
                return backup
        return None

    def look_for_damage(self, largest: int | None = None) -> None:
        """Read the history page by page, unless it has more than so many bytes."""
        history = self._places.history
        with failures_as(DataFolderUnwritable, history):
            size = history.stat().st_size if history.exists() else 0
        if not size or is_plain(history) or (largest is not None and size > largest):
            return
        self.copies.look(history)

    def begin_anew(self) -> str:
        """Set the history aside, so that an empty one takes its place."""
        with self._alone(), exchanging(self._places.history):
            return self._set_aside()

    def restore(self, name: str | None) -> Restored:
        """Put a backup in the history's place; what was there is set aside."""
        wanted = [each for each in self.all() if name in (None, each.name)]
        with self._alone(), exchanging(self._places.history):
            for backup in wanted:
                part = self._places.history.with_name(RESTORING)
                try:
                    with removed_at_the_end(part):
                        self.copies.copy(self._places.folder / backup.name, part)
                        aside = self._set_aside()
                        part.replace(self._places.history)
                        settle(self._places.history.parent)
                except DataDamaged:
                    continue
                return Restored(backup=backup, set_aside=aside)
        raise BackupUnknown(name or "none is good")

    def rewrite(
        self, change: Callable[[Path], None], on_progress: OnProgress = ignore_progress
    ) -> tuple[int, tuple[str, ...]]:
        """Change every backup, each in one step and checked before it replaces the old one.

        Returns:
            How many were changed, and the names of those that could not be, with what was
            set aside as damaged.
        """
        changed, unreadable = 0, self.set_aside()
        with self._alone():
            found = self.all()
            for number, backup in enumerate(found):
                on_progress(Progress(done=number, total=len(found)))
                path = self._places.folder / backup.name
                try:
                    self.copies.rewrite(path, change)
                    changed += 1
                except DataDamaged:
                    unreadable.append(str(path))
        return changed, tuple(unreadable)

    def opened(self, path: Path) -> Database:
        """A database over a copy; whoever opens it closes it."""
        return Database(path, encrypted(self._keys))

    @contextmanager
    def alone(self) -> Iterator[list[Path]]:
        """All copies that there are, for a block in which nobody makes or changes one."""
        with self._alone():
            aside = [
                Path(each)
                for each in self.set_aside()
                if not each.endswith(tuple(BESIDE[1:]))
            ]
            yield [*(self._places.folder / each.name for each in self.all()), *aside]

    def keep_slots(self) -> None:
        """Copy the key slots beside the backups, which they open."""
        private_folder(self._places.folder)
        self._copy_slots()

    def set_aside(self) -> list[str]:
        """The damaged histories that were set aside, as paths."""
        history = self._places.history
        found = history.parent.glob(f"{history.name}{DAMAGED}*")
        return sorted(str(each) for each in found)

    def bring_back_slots(self) -> None:
        """Put the copy of the key slots in the place of slots that are gone.

        Raises:
            DataDamaged: there is an encrypted history, and nothing tells its key.
        """
        places = self._places
        if places.slots.exists() or is_plain(places.history):
            return
        with suppress(OSError):
            if not places.history.stat().st_size:
                return
            copy = places.folder / places.slots.name
            if not copy.exists():
                raise DataDamaged(f"{places.slots} is gone")
            replace_data_file(places.slots, copy.read_bytes())

    def _set_aside(self) -> str:
        """Give the history, readable or not, another name; never delete it."""
        history = self._places.history
        if not history.exists():
            return ""
        stem = f"{history.name}{DAMAGED}{self._now().astimezone(UTC):{_FORM}}"
        names = (stem, *(f"{stem}-{number}" for number in range(1, 1000)))
        aside = next(each for each in names if not history.with_name(each).exists())
        for suffix in BESIDE:
            lying = history.with_name(f"{history.name}{suffix}")
            if lying.exists():
                lying.replace(history.with_name(f"{aside}{suffix}"))
        return str(history.with_name(aside))

    def _thin(self) -> None:
        """Remove what need not be kept; the newest was just checked."""
        found = self.all()
        staying = kept([each.at for each in found])
        for each in found:
            if each.at not in staying:
                (self._places.folder / each.name).unlink(missing_ok=True)

    def _copy_slots(self) -> None:
        with failures_as(DataFolderUnwritable, self._places.slots):
            content = (
                self._places.slots.read_bytes() if self._places.slots.exists() else b""
            )
        if content:
            replace_data_file(self._places.folder / self._places.slots.name, content)

    def _described(self, path: Path) -> Backup:
        found = _NAME.fullmatch(path.name)
        stamp = found[1] if found else ""
        at = datetime.strptime(stamp, _FORM).replace(tzinfo=UTC)
        return Backup(name=path.name, at=at, bytes=path.stat().st_size)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        private_folder(self._places.folder)
        with FileLock(self._places.folder / "backups.lock").held(wait=PATIENCE):
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Remove copies that nobody finished: whoever made them is not there any more."""
        history = self._places.history
        for part in (RESTORING, f".{history.name}.part"):
            remove_database(history.with_name(part))
            remove_database(history.with_name(f".{part}.copying"))
        for each in self._places.folder.glob(".*onhand*"):
            with suppress(OSError):
                each.unlink()
