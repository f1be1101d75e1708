"""What the errors of SQLite mean to people."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from onhand.domain.errors import (
    AppError,
    DataDamaged,
    DataFolderUnwritable,
    DiskFull,
    Locked,
)
from onhand.storage.safe_files import NO_ROOM

if TYPE_CHECKING:
    from pathlib import Path

PROBE = 1 << 16
"""Bytes that a file must be able to take, or the disk counts as full."""

_KINDS: dict[int, type[AppError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: DataFolderUnwritable,
    sqlite3.SQLITE_CANTOPEN: DataFolderUnwritable,
    sqlite3.SQLITE_PERM: DataFolderUnwritable,
    sqlite3.SQLITE_AUTH: DataFolderUnwritable,
    sqlite3.SQLITE_CORRUPT: DataDamaged,
    sqlite3.SQLITE_NOTADB: DataDamaged,
    sqlite3.SQLITE_FORMAT: DataDamaged,
    sqlite3.SQLITE_BUSY: Locked,
    sqlite3.SQLITE_LOCKED: Locked,
    sqlite3.SQLITE_PROTOCOL: Locked,
}


def known_failure(error: Exception, path: Path) -> AppError | None:
    """What an error of SQLite means to people, or None where it is a bug of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        undecodable = str(error).startswith("Could not decode")
        return DataDamaged(str(path)) if undecodable else None
    kind = _KINDS.get(code & 0xFF) or _kind_of_others(code & 0xFF, str(error), path)
    return kind(f"{path}: {getattr(error, 'sqlite_errorname', code)}") if kind else None


def _kind_of_others(code: int, words: str, path: Path) -> type[AppError] | None:
    """Errors that need a second look: SQLCipher tells no extended codes."""
    if code == sqlite3.SQLITE_IOERR:
        return _cause_of_io_error(path)
    # Our statements are fixed: what they name and do not find was lost. A rule of ours that
    # is broken is named, one of the file's structure is not.
    lost = code == sqlite3.SQLITE_ERROR and "syntax" not in words
    if lost or (code == sqlite3.SQLITE_CONSTRAINT and words == "constraint failed"):
        return DataDamaged
    return None


def _cause_of_io_error(path: Path) -> type[AppError]:
    """Why the system could not read or write; the error itself does not tell."""
    if _is_at_limit(path):
        return DiskFull
    probe = path.with_name(f".{path.name}.{os.getpid()}.probe")
    try:
        probe.write_bytes(bytes(PROBE))
    except OSError as error:
        return DiskFull if error.errno in NO_ROOM else DataFolderUnwritable
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return DataDamaged


if sys.platform == "win32":

    def _is_at_limit(_path: Path) -> bool:
        return False
else:
    import resource

    def _is_at_limit(path: Path) -> bool:
        """Whether a file of the database is as large as this process may make one."""
        limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
        if limit == resource.RLIM_INFINITY:
            return False
        names = (f"{path.name}{suffix}" for suffix in ("", "-wal", "-shm"))
        sizes = []
        for each in names:
            with suppress(OSError):
                sizes.append(path.with_name(each).stat().st_size)
        return max(sizes, default=0) + PROBE > limit
