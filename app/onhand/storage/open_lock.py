"""Who has a history open: any number of processes, or one alone that exchanges its file.

A file beside the history is locked, not the history itself: closing any descriptor of that
would drop the locks that SQLite holds on it in this process (fcntl(2)).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

from onhand.domain.errors import DataFolderUnwritable
from onhand.domain.history_errors import HistoryInUse
from onhand.storage.file_lock import PAUSE, is_current
from onhand.storage.safe_files import failures_as, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

WAIT = 5.0
"""Seconds to wait for threads of this process that are at work."""

if sys.platform == "win32":
    import msvcrt

    PLACES = 256
    """Who only opens the history takes one of so many bytes, who wants it alone all."""

    def _take(descriptor: int, start: int, length: int) -> bool:
        os.lseek(descriptor, start, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, length)
        except PermissionError:
            return False
        return True

    def _share(descriptor: int) -> bool:
        return any(_take(descriptor, place, 1) for place in range(PLACES))

    def _take_alone(descriptor: int) -> bool:
        return _take(descriptor, 0, PLACES)
else:
    import fcntl

    def _flock(descriptor: int, kind: int) -> bool:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # Some network drives know no such locks: nobody can have it alone there.
            return kind == fcntl.LOCK_SH
        return True

    def _share(descriptor: int) -> bool:
        return _flock(descriptor, fcntl.LOCK_SH)

    def _take_alone(descriptor: int) -> bool:
        return _flock(descriptor, fcntl.LOCK_EX)


class OpenLock:
    """Held through an open file, so that a process that ends lets go of it."""

    def __init__(self, history: Path) -> None:
        self._path = history.with_name(f"{history.name}.open")
        self._descriptor: int | None = None

    def share(self, *, wait: float) -> None:
        """Say that the history is open here; waits so many seconds at most.

        Raises:
            HistoryInUse: somebody exchanges it.
            DataFolderUnwritable, DiskFull: there is no place for the lock.
        """
        self._acquire(_share, wait)

    @contextmanager
    def alone(self, *, wait: float) -> Iterator[None]:
        """Keep everybody from opening it for the length of a block.

        Raises:
            HistoryInUse: somebody has it open.
            DataFolderUnwritable, DiskFull: there is no place for the lock.
        """
        self._acquire(_take_alone, wait)
        try:
            yield
        finally:
            self.release()

    def release(self) -> None:
        """Let go; nothing happens where it is not held."""
        if self._descriptor is None:
            return
        # The last one removes the file, while nobody else can hold it; where open files
        # cannot be removed it stays, empty.
        with suppress(OSError):
            if _take_alone(self._descriptor):
                self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None

    def _acquire(self, take: Callable[[int], bool], wait: float) -> None:
        private_folder(self._path.parent)
        give_up = time.monotonic() + wait
        while not self._try(take):
            if time.monotonic() >= give_up:
                raise HistoryInUse(str(self._path.parent))
            time.sleep(PAUSE)

    def _try(self, take: Callable[[int], bool]) -> bool:
        with failures_as(DataFolderUnwritable, self._path):
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        # Whoever held it last may have removed the file that this one waited for.
        if take(descriptor) and is_current(self._path, descriptor):
            self._descriptor = descriptor
            return True
        os.close(descriptor)
        return False


class OpenFile(Protocol):
    """A file of this process that is opened and closed as need be."""

    path: Path

    @property
    def is_open(self) -> bool:
        """Whether there is a connection to it now."""
        ...

    def closed(self, *, wait: float) -> AbstractContextManager[None]:
        """Keep it closed for the length of a block; raises `HistoryInUse`."""
        ...


_files: WeakSet[OpenFile] = WeakSet()

opening = threading.RLock()
"""Held while a file is opened, and while one is looked at by other means than SQLite's."""


def remember(file: OpenFile) -> None:
    """Let a file be closed where it has to be exchanged."""
    _files.add(file)


def is_open_here(path: Path) -> bool:
    """Whether this process has a file open, so that nobody may close another descriptor."""
    return any(each.is_open and each.path == path for each in [*_files])


@contextmanager
def exchanging(path: Path) -> Iterator[None]:
    """Have a history to oneself, to put another file in its place.

    Who has it open in this process is closed, and opens the new file at the next use.

    Raises:
        HistoryInUse: another process has it open, or another thread works on it.
        DataFolderUnwritable, DiskFull: it cannot be kept from others.
    """
    with ExitStack() as stack:
        for each in [each for each in _files if each.path == path]:
            stack.enter_context(each.closed(wait=WAIT))
        stack.enter_context(OpenLock(path).alone(wait=WAIT / 10))
        yield
