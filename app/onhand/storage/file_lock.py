"""A lock between processes that a killed one does not leave behind."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from onhand.domain.errors import DataFolderUnwritable, Locked
from onhand.storage.safe_files import failures_as, private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAUSE = 0.02
"""Seconds between two looks at a lock that another process holds."""

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True
else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """Held through an open file.

    The system lets go of it when the process ends, however it ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, wait: float = 0.0) -> None:
        """Take the lock, waiting for at most `wait` seconds.

        Raises:
            Locked: another holds it.
            DataFolderUnwritable, DiskFull: there is no place for it.
        """
        private_folder(self._path.parent)
        give_up = time.monotonic() + wait
        while not self._try():
            if time.monotonic() >= give_up:
                raise Locked
            time.sleep(PAUSE)

    def release(self) -> None:
        """Let go; nothing happens where it is not held."""
        if self._descriptor is None:
            return
        # Removed while it is held, so that nobody can lock a file that is about to go.
        # Where open files cannot be removed it stays, empty.
        with suppress(OSError):
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None

    @contextmanager
    def held(self, *, wait: float = 0.0) -> Iterator[None]:
        """Hold the lock for the length of a block; raises as `acquire` does."""
        self.acquire(wait=wait)
        try:
            yield
        finally:
            self.release()

    def _try(self) -> bool:
        with failures_as(DataFolderUnwritable, self._path):
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            try:
                taken = _take(descriptor) and is_current(self._path, descriptor)
            except BaseException:
                os.close(descriptor)
                raise
        if taken:
            self._descriptor = descriptor
        else:
            os.close(descriptor)
        return taken


def is_current(path: Path, descriptor: int) -> bool:
    """Whether an open file has its name still; the last holder may have removed it."""
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
