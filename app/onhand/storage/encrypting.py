"""A history from before it was encrypted becomes an encrypted one, whole or not at all.

The copy is made beside the file, reopened with the key and checked, and takes the file's
name in one step; a kill at any moment leaves the old file or the new one. Then the old
content is overwritten. What a solid-state disk keeps of it elsewhere is out of reach.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING, BinaryIO

from onhand.domain.errors import DataDamaged, DataFolderUnwritable, Locked
from onhand.storage.cipher import errors, keyed
from onhand.storage.database import PATIENCE, lock_of, version_of
from onhand.storage.open_lock import is_open_here, opening
from onhand.storage.safe_files import failures_as, settle
from onhand.storage.sqlite_failures import known_failure

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

HEADER = b"SQLite format 3\0"
"""What a file begins with that is not encrypted."""

BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the name of a file for what lies beside it."""

_CHUNK = bytes(1 << 20)


def is_plain(path: Path) -> bool:
    """Whether there is a file that anybody can read.

    One that is open in this process is not looked at, since opening it encrypted it: who
    closes a file by other means than SQLite's drops the locks that SQLite holds on it in
    the same process (sqlite.org/howtocorrupt.html, 2.2).
    """
    with opening:
        if is_open_here(path):
            return False
        try:
            with path.open("rb") as file:
                return file.read(len(HEADER)) == HEADER
        except OSError:
            return False


def encrypt_plain(path: Path, key: bytes) -> None:
    """Encrypt a history that is not; nothing happens where it is.

    Raises:
        DataDamaged, DataTooNew: this is no history that can be copied; it is as it was.
        DataFolderUnwritable, DiskFull, Locked: likewise.
    """
    if not is_plain(path):
        return
    with lock_of(path).held(wait=PATIENCE):
        # Another process may have been faster.
        if not is_plain(path):
            return
        part = path.with_name(f"{path.name}.encrypting")
        try:
            remove_database(part)
            _copy(path, part, key)
            _replace(path, part)
        except errors() as error:
            known = known_failure(error, path)
            if known is None:
                raise
            raise known from error
        finally:
            with suppress(OSError):
                remove_database(part)


def remove_database(path: Path) -> None:
    """Remove a database and what lies beside it; nothing happens where there is none."""
    for suffix in BESIDE:
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def raise_if_unsound(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `DataDamaged` if a page, an index or a reference is not as it should be."""
    # Each row tells of something that is wrong; of the second, all but the word "ok".
    for statement, fine in (
        ("PRAGMA cipher_integrity_check", None),
        ("PRAGMA integrity_check(1)", "ok"),
        ("PRAGMA foreign_key_check", None),
    ):
        for row in connection.execute(statement):
            if row[0] != fine:
                raise DataDamaged(f"{path}: {statement.split()[1]}")


def counts_of(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    )
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in tables.fetchall()
    }


def _copy(path: Path, part: Path, key: bytes) -> None:
    """Copy a plain history into an encrypted file, and check what came of it."""
    with closing(keyed(path, None)) as plain:
        version = version_of(plain, path)
        # Nobody writes from here on: whoever has it open keeps this from succeeding.
        plain.execute("PRAGMA locking_mode = EXCLUSIVE")
        if plain.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise Locked
        plain.execute("PRAGMA secure_delete = ON")
        plain.execute("BEGIN EXCLUSIVE")
        plain.execute("COMMIT")
        before = counts_of(plain)
        application = plain.execute("PRAGMA application_id").fetchone()[0]
        plain.execute(
            f"ATTACH DATABASE ? AS encrypted KEY \"x'{key.hex()}'\"", (str(part),)
        )
        plain.execute("PRAGMA encrypted.synchronous = FULL")
        plain.execute("SELECT sqlcipher_export('encrypted')").fetchone()
        plain.execute(f"PRAGMA encrypted.application_id = {application}")
        plain.execute(f"PRAGMA encrypted.user_version = {version}")
        plain.execute("DETACH DATABASE encrypted")
    with closing(keyed(part, key, read_only=True)) as copy:
        raise_if_unsound(copy, part)
        if counts_of(copy) != before or version_of(copy, part) != version:
            raise DataDamaged(f"{path} could not be copied whole")


def _replace(path: Path, part: Path) -> None:
    with failures_as(DataFolderUnwritable, path):
        part.chmod(0o600)
        if os.name != "posix":
            # There an open file can be neither replaced nor written afterwards.
            part.replace(path)
            return
        with path.open("r+b") as old:
            part.replace(path)
            settle(path.parent)
            with suppress(OSError):
                _overwrite(old)


def _overwrite(file: BinaryIO) -> None:
    left = os.fstat(file.fileno()).st_size
    while left > 0:
        left -= file.write(_CHUNK[:left])
    file.flush()
    os.fsync(file.fileno())
