"""Copies of an encrypted history that are reopened and checked before they are used."""

from __future__ import annotations

import os
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from onhand.domain.errors import AppError, DataDamaged, DataFolderUnwritable, Locked
from onhand.storage.cipher import errors, keyed
from onhand.storage.database import SCHEMA, version_of
from onhand.storage.encrypting import raise_if_unsound, remove_database
from onhand.storage.safe_files import failures_as, settle
from onhand.storage.search_index import indexed_to
from onhand.storage.sqlite_failures import known_failure

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


class CheckedCopies:
    """Copies, checks and rewrites files that one of some keys opens."""

    def __init__(self, keys: Callable[[], Sequence[bytes]]) -> None:
        self._keys = keys

    def copy(self, source: Path, target: Path) -> None:
        """A checked copy under a new name; free pages of the source are left out.

        Raises:
            DataDamaged, DataFolderUnwritable, DiskFull, Locked: there is none.
        """
        part = target.with_name(f".{target.name}.copying")
        with told(source), removed_at_the_end(part):
            remove_database(part)
            with closing(self._connection(source)) as connection:
                connection.execute("VACUUM INTO ?", (str(part),))
            self.check(part)
            part.chmod(0o600)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(target)
            settle(target.parent)

    def check(self, path: Path) -> None:
        """Raise `DataDamaged` if a page, an index or a reference is not as it should be."""
        with told(path), closing(self._connection(path)) as connection:
            version = version_of(connection, path)
            raise_if_unsound(connection, path)
            if version < SCHEMA:
                return
            counts = (
                "SELECT (SELECT count(*) FROM records WHERE id <= ?),"
                " (SELECT count(*) FROM search)"
            )
            indexed = connection.execute(counts, (indexed_to(connection),))
            if len(set(indexed.fetchone())) != 1:
                raise DataDamaged(f"{path}: the index is not whole")

    def look(self, path: Path) -> None:
        """Read every page that is in use, which authenticates it.

        Pages are looked at as readers see them: those in the journal are newer, and a power
        cut may have torn those in the file that it will replace.

        Raises:
            DataDamaged, DataFolderUnwritable, Locked: something cannot be read.
        """
        with told(path), closing(self._connection(path)) as connection:
            for row in connection.execute("PRAGMA quick_check(1)"):
                if row[0] != "ok":
                    raise DataDamaged(f"{path}: quick_check")

    def rewrite(self, path: Path, change: Callable[[Path], None]) -> None:
        """Change a file in one step; what comes of it is checked before it replaces it.

        Raises:
            DataDamaged, DataFolderUnwritable, DiskFull, Locked: it is as it was.
        """
        part = path.with_name(f".{path.name}.part")
        with removed_at_the_end(part):
            self.copy(path, part)
            change(part)
            self.check(part)
            with failures_as(DataFolderUnwritable, path):
                part.replace(path)
                settle(path.parent)

    def empty_journal(self, path: Path) -> None:
        """Put what lies in a file's journal into the file; nobody else may have it open.

        Raises:
            DataDamaged, DataFolderUnwritable, DiskFull, Locked: it may lie there still.
        """
        with (
            told(path),
            closing(self._connection(path, read_only=False)) as connection,
        ):
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
                raise Locked

    def _connection(self, path: Path, *, read_only: bool = True) -> sqlite3.Connection:
        """A connection with the first key that fits; the caller reads errors."""
        for key in self._keys():
            connection = keyed(path, key, read_only=read_only)
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except errors():
                connection.close()
            else:
                return connection
        raise DataDamaged(f"{path} cannot be opened with the key")


@contextmanager
def removed_at_the_end(part: Path) -> Iterator[None]:
    """Leave nothing of a file that got no other name."""
    try:
        yield
    finally:
        with suppress(OSError):
            remove_database(part)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system refuse into failures that people are told of."""
    try:
        with failures_as(DataFolderUnwritable, path):
            yield
    except errors() as error:
        known: AppError | None = known_failure(error, path)
        if known is None:
            raise
        raise known from error
