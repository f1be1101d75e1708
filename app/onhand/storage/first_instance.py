"""One window for each data folder: later starts hand over what they want.

They leave a small file in a folder that the first process watches. A socket or a pipe
would need a name that others could take, and threads; a file needs neither.
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from onhand.domain.desktop_errors import NotAnswering
from onhand.domain.errors import Locked
from onhand.domain.starts import Entrance, Start
from onhand.storage.file_lock import PAUSE, FileLock
from onhand.storage.safe_files import private_folder, replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".json"
PATIENCE = 10.0
"""Seconds that a later start waits for the first to take what it left."""

_KINDS = {"entrance": str, "file": str, "private": bool, "token": str}
_LONGEST = 1 << 16
"""Bytes of a file that is looked into."""


class FirstInstance:
    """A `Doorstep`, for the process that has claimed it."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the lock and what is handed over; it is made when needed."""
        self.folder = folder / "starts"
        self._lock = FileLock(folder / "window.lock")

    def claim(self, start: Start, patience: float = PATIENCE) -> bool:
        """Be the first, or hand this start to the one that is; tells whether it is first.

        Raises:
            NotAnswering: another is the first and did not take it.
            DataFolderUnwritable, DiskFull: neither can be done here.
        """
        if self._be_first():
            return True
        left = self._leave(start)
        give_up = time.monotonic() + patience
        while left.exists():
            if self._be_first():  # the other one ended meanwhile
                left.unlink(missing_ok=True)
                return True
            if time.monotonic() > give_up:
                left.unlink(missing_ok=True)
                raise NotAnswering
            time.sleep(PAUSE)
        return False

    def take(self) -> list[Start]:
        """See the protocol; a file that no start of ours wrote is passed over."""
        return [start for path in self._left() if (start := _taken(path)) is not None]

    def release(self) -> None:
        """Let another be the first."""
        self._lock.release()

    def _be_first(self) -> bool:
        try:
            self._lock.acquire()
        except Locked:
            return False
        private_folder(self.folder)
        return True

    def _leave(self, start: Start) -> Path:
        path = self.folder / f"{time.time_ns():020}-{os.getpid()}{SUFFIX}"
        replace_data_file(path, json.dumps(dataclasses.asdict(start)).encode())
        return path

    def _left(self) -> list[Path]:
        try:
            return sorted(each for each in self.folder.iterdir() if each.suffix == SUFFIX)
        except OSError:
            return []


def _taken(path: Path) -> Start | None:
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST)
        path.unlink()
        return _read(json.loads(content))
    except (OSError, ValueError, RecursionError):
        with suppress(OSError):
            path.unlink(missing_ok=True)
        return None


def _read(found: object) -> Start | None:
    """A start from its JSON object; None where that is something else."""
    if not isinstance(found, dict) or not set(found) <= _KINDS.keys():
        return None
    if not all(isinstance(value, _KINDS[name]) for name, value in found.items()):
        return None
    kept = {name: value for name, value in found.items() if name != "entrance"}
    return Start(entrance=Entrance(found.get("entrance", Entrance.WINDOW)), **kept)
