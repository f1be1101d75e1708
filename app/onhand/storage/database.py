"""The history's file: opened when it is first needed, durable, and honest when it fails."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from onhand.domain.errors import DataDamaged, DataFolderUnwritable, DataTooNew
from onhand.domain.history_errors import HistoryInUse
from onhand.storage.file_lock import FileLock
from onhand.storage.open_lock import OpenLock, opening, remember
from onhand.storage.safe_files import failures_as, private_folder
from onhand.storage.sqlite_failures import known_failure

SCHEMA = 14
"""The version of the schema, stored in the file: how many steps `migrations` has."""

APPLICATION = 0x4F4E4844
"""Marks the file as ours ("ONHD")."""

PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""

SMALLEST = 512
"""Bytes of the smallest page of SQLite."""

SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
    "foreign_keys = ON",
    "busy_timeout = 5000",
    "secure_delete = ON",
    "trusted_schema = OFF",
    "wal_autocheckpoint = 1000",
    "cache_size = -16000",  # kilobytes: what a search reads is decrypted once
)
"""In the order in which they are set, behind the key."""


def _nothing(_: Path) -> None:
    """Nothing has to be done before a file is opened."""


@dataclass(frozen=True, kw_only=True)
class Driver:
    """How a file becomes a connection.

    Attributes:
        connect: takes the path and whether it is only to be read; gives rows as
            `sqlite3.Row` does, and begins no transaction by itself.
        errors: what the connection raises; each has `sqlite_errorcode` where SQLite set it.
        migrating: gets the path of a history of an earlier version before it is changed.
        before: gets the path before a file is made or looked at; what it raises is
            passed on.
    """

    connect: Callable[[Path, bool], sqlite3.Connection]
    errors: Callable[[], tuple[type[Exception], ...]]
    before: Callable[[Path], object] = _nothing
    migrating: Callable[[Path], object] = _nothing


class Database:
    """One SQLite file. Threads wait for each other, for the length of a block.

    Nothing is opened, and nothing can fail, before the first use; a failed opening is tried
    again at the next use. So is a file that was exchanged for another one meanwhile.

    Attributes:
        written: whether something was.
    """

    def __init__(self, path: Path, driver: Driver) -> None:
        self.path = path
        self._driver = driver
        self.written = False
        self._connection: sqlite3.Connection | None = None
        self._open_lock = OpenLock(path)
        self._turn = threading.RLock()
        remember(self)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: it cannot be
                read.
        """
        with self._turn, self._failures():
            yield self._open()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction, durable at the end of the block or undone.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: nothing was
                written.
        """
        with self._turn, self._failures():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise
            self.written = True

    def close(self) -> None:
        """Close the file; using it again opens it again."""
        with self._turn:
            if self._connection is not None:
                with suppress(*self._driver.errors()):
                    # Whoever else has the file open empties its journal in turn.
                    self._connection.execute("PRAGMA busy_timeout = 0")
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                with suppress(*self._driver.errors()):
                    self._connection.close()
                self._connection = None
            self._open_lock.release()

    @contextmanager
    def closed(self, *, wait: float) -> Iterator[None]:
        """Keep the file closed for the length of a block; others wait.

        Raises:
            HistoryInUse: another thread uses it for longer than so many seconds.
        """
        if not self._turn.acquire(timeout=wait):
            raise HistoryInUse(str(self.path.parent))
        try:
            self.close()
            yield
        finally:
            self._turn.release()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            with opening:
                self._driver.before(self.path)
                private_folder(self.path.parent)
                self._open_lock.share(wait=PATIENCE)
                try:
                    self._connection = self._opened()
                except BaseException:
                    self._open_lock.release()
                    raise
        return self._connection

    @property
    def is_open(self) -> bool:
        """Whether there is a connection to the file now."""
        return self._connection is not None

    def _opened(self) -> sqlite3.Connection:
        self._raise_if_too_new()
        connection = self._driver.connect(self.path, False)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _raise_if_too_new(self) -> None:
        """Look before anything is touched; makes an empty file where there is none."""
        with failures_as(DataFolderUnwritable, self.path):
            if not self.path.exists():
                self.path.touch(mode=0o600)
            status = self.path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DataFolderUnwritable(f"{self.path} is not a file")
        if not status.st_size:
            return
        if status.st_size < SMALLEST:
            # SQLite would take it for an empty file and write over it.
            raise DataDamaged(f"{self.path} has {status.st_size} bytes")
        # What a power cut left half done has to be undone before anything can be read.
        read_only = not self.path.with_name(f"{self.path.name}-journal").exists()
        with closing(self._driver.connect(self.path, read_only)) as connection:
            version_of(connection, self.path)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        _, *others = SETTINGS
        if self._is_ready(connection):
            _set(connection, others)
            return
        # One process at a time: changing to write-ahead logging does not wait by itself.
        with lock_of(self.path).held(wait=PATIENCE):
            _set(connection, SETTINGS)
            if 0 < version_of(connection, self.path) < SCHEMA:
                self._driver.migrating(self.path)
            connection.execute("BEGIN IMMEDIATE")
            try:
                if version_of(connection, self.path) < SCHEMA:
                    _migrate(connection)
                connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise

    def _is_ready(self, connection: sqlite3.Connection) -> bool:
        mode = str(_value(connection, "PRAGMA journal_mode"))
        return mode == "wal" and version_of(connection, self.path) == SCHEMA

    def _undo(self, connection: sqlite3.Connection) -> None:
        # A full disk may have undone it already; the failure itself is what counts.
        with suppress(*self._driver.errors()):
            connection.execute("ROLLBACK")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except self._driver.errors() as error:
            known = known_failure(error, self.path)
            if known is None:
                raise
            raise known from error
        except UnicodeDecodeError as error:
            raise DataDamaged(str(self.path)) from error


def lock_of(path: Path) -> FileLock:
    """What keeps other processes off a file while its form is changed."""
    return FileLock(path.with_name(f"{path.name}.lock"))


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The version of a history's schema; 0 of an empty file.

    Raises:
        DataDamaged: it is something else.
        DataTooNew: a newer program wrote it.
    """
    version = int(_value(connection, "PRAGMA user_version"))
    ours = _value(connection, "PRAGMA application_id") == APPLICATION
    if not ours and _value(connection, "SELECT count(*) FROM sqlite_master"):
        raise DataDamaged(f"{path} is not a history of Onhand")
    if version > SCHEMA:
        raise DataTooNew(f"{path} has version {version}, this program knows {SCHEMA}")
    return version


def _migrate(connection: sqlite3.Connection) -> None:
    # Takes almost half a second to import, and is needed once in the life of a version.
    from sqlite_utils import Database as Steps  # noqa: PLC0415

    from onhand.storage.migrations import steps  # noqa: PLC0415

    steps.apply(Steps(connection, execute_plugins=False))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _set(connection: sqlite3.Connection, settings: Sequence[str]) -> None:
    for setting in settings:
        connection.execute(f"PRAGMA {setting}")


def _value(connection: sqlite3.Connection, statement: str) -> str | int:
    row = connection.execute(statement).fetchone()
    value: str | int = row[0]
    return value
