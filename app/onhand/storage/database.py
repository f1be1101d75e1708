"""The history's file: opened when it is first needed, durable, and honest when it fails."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from onhand.domain.errors import (
    AppError,
    DataDamaged,
    DataFolderUnwritable,
    DataTooNew,
    DiskFull,
    Locked,
)
from onhand.storage.file_lock import FileLock
from onhand.storage.safe_files import failures_as, private_folder

SCHEMA = 6
"""The version of the schema, stored in the file: how many steps `migrations` has."""

APPLICATION = 0x4F4E4844
"""Marks the file as ours ("ONHD")."""

PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""

SMALLEST = 512
"""Bytes of the smallest page of SQLite."""

SETTINGS = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
)


@dataclass(frozen=True, kw_only=True)
class Driver:
    """How a file becomes a connection; an encrypted one can be put in here.

    Attributes:
        connect: takes the path and whether it is only to be read; gives rows as
            `sqlite3.Row` does, and begins no transaction by itself.
        errors: what the connection raises; each has `sqlite_errorcode` where SQLite set it.
    """

    connect: Callable[[Path, bool], sqlite3.Connection]
    errors: tuple[type[Exception], ...]


def connect_plainly(path: Path, read_only: bool) -> sqlite3.Connection:
    """A connection to an unencrypted file; transactions are begun by hand."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        # The worker that uses it is not always the thread that opened it; one at a time is.
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    return connection


PLAIN = Driver(connect=connect_plainly, errors=(sqlite3.Error,))


class Database:
    """One SQLite file. All methods on one thread at a time.

    Nothing is opened, and nothing can fail, before the first use; a failed opening is tried
    again at the next use.
    """

    def __init__(self, path: Path, driver: Driver = PLAIN) -> None:
        self.path = path
        self._driver = driver
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: it cannot be
                read.
        """
        with self._failures():
            yield self._open()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction, durable at the end of the block or undone.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: nothing was
                written.
        """
        with self._failures():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise

    def close(self) -> None:
        """Close the file; using it again opens it again."""
        if self._connection is not None:
            with suppress(*self._driver.errors):
                self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            private_folder(self.path.parent)
            self._raise_if_too_new()
            connection = self._driver.connect(self.path, False)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

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
        with closing(self._driver.connect(self.path, True)) as connection:
            self._check_version(connection)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        for setting in SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        if self._is_ready(connection):
            return
        # One process at a time: changing to write-ahead logging does not wait by itself.
        with FileLock(self.path.with_name(f"{self.path.name}.lock")).held(wait=PATIENCE):
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if self._check_version(connection) < SCHEMA:
                    _migrate(connection)
                connection.execute("COMMIT")
            except BaseException:
                self._undo(connection)
                raise

    def _is_ready(self, connection: sqlite3.Connection) -> bool:
        mode = str(_value(connection, "PRAGMA journal_mode"))
        return mode == "wal" and self._check_version(connection) == SCHEMA

    def _check_version(self, connection: sqlite3.Connection) -> int:
        version = int(_value(connection, "PRAGMA user_version"))
        ours = _value(connection, "PRAGMA application_id") == APPLICATION
        if not ours and _value(connection, "SELECT count(*) FROM sqlite_master"):
            raise DataDamaged(f"{self.path} is not a history of Onhand")
        if version > SCHEMA:
            raise DataTooNew(
                f"{self.path} has version {version}, this program knows {SCHEMA}"
            )
        return version

    def _undo(self, connection: sqlite3.Connection) -> None:
        # A full disk may have undone it already; the failure itself is what counts.
        with suppress(*self._driver.errors):
            connection.execute("ROLLBACK")

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except self._driver.errors as error:
            known = known_failure(error, self.path)
            if known is None:
                raise
            raise known from error
        except UnicodeDecodeError as error:
            raise DataDamaged(str(self.path)) from error


def known_failure(error: Exception, path: Path) -> AppError | None:
    """What an error of SQLite means to people, or None where it is a bug of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        undecodable = str(error).startswith("Could not decode")
        return DataDamaged(str(path)) if undecodable else None
    kind = _EXACT.get(code) or _KINDS.get(code & 0xFF)
    if kind is None and code == sqlite3.SQLITE_ERROR and "syntax" not in str(error):
        # Our statements are fixed: what they name and do not find was lost.
        kind = DataDamaged
    return kind(f"{path}: {getattr(error, 'sqlite_errorname', code)}") if kind else None


_EXACT: dict[int, type[AppError]] = {
    # A quota or the largest file size is used up; a full disk has its own code.
    sqlite3.SQLITE_IOERR_WRITE: DiskFull,
    sqlite3.SQLITE_IOERR_SHMSIZE: DiskFull,
    sqlite3.SQLITE_IOERR_ACCESS: DataFolderUnwritable,
    sqlite3.SQLITE_IOERR_DELETE: DataFolderUnwritable,
    sqlite3.SQLITE_IOERR_SHMOPEN: DataFolderUnwritable,
    sqlite3.SQLITE_IOERR_LOCK: DataFolderUnwritable,
    sqlite3.SQLITE_IOERR_SHMLOCK: DataFolderUnwritable,
    # A rule of ours that is broken has a code of its own; this is a structure that is.
    sqlite3.SQLITE_CONSTRAINT: DataDamaged,
}

_KINDS: dict[int, type[AppError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: DataFolderUnwritable,
    sqlite3.SQLITE_CANTOPEN: DataFolderUnwritable,
    sqlite3.SQLITE_PERM: DataFolderUnwritable,
    sqlite3.SQLITE_AUTH: DataFolderUnwritable,
    sqlite3.SQLITE_CORRUPT: DataDamaged,
    sqlite3.SQLITE_NOTADB: DataDamaged,
    sqlite3.SQLITE_FORMAT: DataDamaged,
    sqlite3.SQLITE_IOERR: DataDamaged,
    sqlite3.SQLITE_BUSY: Locked,
    sqlite3.SQLITE_LOCKED: Locked,
    sqlite3.SQLITE_PROTOCOL: Locked,
}


def _migrate(connection: sqlite3.Connection) -> None:
    # Takes almost half a second to import, and is needed once in the life of a version.
    from sqlite_utils import Database as Steps  # noqa: PLC0415

    from onhand.storage.migrations import steps  # noqa: PLC0415

    steps.apply(Steps(connection, execute_plugins=False))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _value(connection: sqlite3.Connection, statement: str) -> str | int:
    row = connection.execute(statement).fetchone()
    value: str | int = row[0]
    return value
