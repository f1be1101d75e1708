"""Connections to an encrypted file: SQLCipher behind the form that the database expects.

SQLCipher is told first to say nothing of its own on standard error, then the key. That is
raw, so that opening stretches nothing.
"""

# ruff: noqa: PLC0415 - SQLCipher is loaded when the history is used

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from onhand.storage.database import PATIENCE, Driver

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

NOT_A_DATABASE = 26
"""What SQLite answers to a wrong key, and to a file that is something else."""


def encrypted(
    keys: Callable[[], Sequence[bytes]],
    adopt: Callable[[Path, bytes], None] = lambda _path, _key: None,
    migrating: Callable[[Path], object] = lambda _path: None,
) -> Driver:
    """Opens files with the first of some keys that fits.

    Args:
        keys: called at each opening, before the file is looked at; what it raises is what
            opening raises. More than one while the key is being changed.
        adopt: gets path and key of a file that may be in an older form.
        migrating: gets the path of a history whose schema is about to be changed.
    """

    def connect(path: Path, read_only: bool) -> sqlite3.Connection:
        candidates = list(keys())
        while True:
            connection = keyed(path, candidates.pop(0), read_only=read_only)
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except errors() as error:
                connection.close()
                wrong = getattr(error, "sqlite_errorcode", None) == NOT_A_DATABASE
                if not wrong or not candidates:
                    raise
            else:
                return connection

    return Driver(
        connect=connect,
        errors=errors,
        before=lambda path: adopt(path, keys()[0]),
        migrating=migrating,
    )


def errors() -> tuple[type[Exception], ...]:
    """What connections raise: not the exceptions of `sqlite3`."""
    return (_library().Error,)


def keyed(path: Path, key: bytes | None, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with a key, or to a file without one; begins no transaction by itself.

    A wrong key shows at the first statement.
    """
    library = _library()
    connection = library.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = library.Row
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return cast("sqlite3.Connection", connection)


def _library() -> Any:  # noqa: ANN401 - it has no types
    import sqlcipher3
    from sqlcipher3 import dbapi2

    # sqlite-utils, which makes the tables, catches the exceptions of the module that it
    # finds under this name.
    sys.modules.setdefault("pysqlite3", sqlcipher3)
    sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)
    return dbapi2
