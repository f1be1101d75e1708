"""What requests to cloud models cost, in a file of its own that holds no text.

It is not part of the history, so that limits hold while that is locked, off, or forgotten.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC
from typing import TYPE_CHECKING

from onhand.domain.cloud_errors import OverBudget
from onhand.domain.errors import DataFolderUnwritable
from onhand.services.spending_ports import Spending
from onhand.storage.safe_files import failures_as, private_folder
from onhand.storage.sqlite_failures import known_failure
from onhand.storage.stored_json import decode_time, encode_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS spending (number INTEGER PRIMARY KEY,"
    " id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, provider TEXT NOT NULL,"
    " model TEXT NOT NULL, host TEXT NOT NULL,"
    " task_id TEXT NOT NULL, digest TEXT NOT NULL, sent INTEGER NOT NULL, reserved INTEGER,"
    " cost INTEGER, settled INTEGER NOT NULL DEFAULT 0, read INTEGER, written INTEGER)"
)
_SPENT = "SELECT coalesce(sum(cost), 0) AS cost FROM spending WHERE at >= ? AND at < ?"


class SpendingFile:
    """The spending port over SQLite; opened for each use, which is rare."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def reserve(self, spending: Spending, limit: int | None) -> None:
        """See `SpendingStore`: the look at the sum and the new row are one transaction."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            spent = _spent(connection, spending.at)
            if limit is not None and spent + (spending.reserved or 0) > limit:
                connection.execute("ROLLBACK")
                raise OverBudget("the limit for this month")
            connection.execute(
                "INSERT INTO spending (id, at, provider, model, host, task_id, digest,"
                " sent, reserved, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    spending.id,
                    encode_time(spending.at),
                    spending.provider,
                    spending.model,
                    spending.host,
                    spending.task_id,
                    spending.digest,
                    spending.sent,
                    spending.reserved,
                    spending.reserved,
                ),
            )
            connection.execute("COMMIT")

    def settle(
        self, spending_id: str, cost: int | None, read: int | None, written: int | None
    ) -> None:
        """See `SpendingStore`."""
        with self._open() as connection:
            # A provider that counts more than can be is not believed.
            connection.execute(
                "UPDATE spending SET cost = min(?, reserved), read = ?, written = ?,"
                " settled = 1 WHERE id = ?",
                (cost, read, written, spending_id),
            )

    def spent(self, at: datetime) -> int:
        """See `SpendingStore`."""
        if not self._is_there():
            return 0
        with self._open() as connection:
            return _spent(connection, at)

    def all(self) -> list[Spending]:
        """See `SpendingStore`."""
        if not self._is_there():
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM spending ORDER BY number").fetchall()
        return [_read(row) for row in rows]

    def _is_there(self) -> bool:
        with failures_as(DataFolderUnwritable, self._path):
            return self._path.exists()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        private_folder(self._path.parent)
        with failures_as(DataFolderUnwritable, self._path):
            if not self._path.exists():
                self._path.touch(mode=0o600)
        try:
            with closing(
                sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
            ) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute(_TABLE)
                yield connection
        except sqlite3.Error as error:
            known = known_failure(error, self._path)
            if known is None:
                raise
            raise known from error


def _spent(connection: sqlite3.Connection, at: datetime) -> int:
    utc = at.astimezone(UTC)
    first = utc.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(first.year * 12 + first.month, 12)
    after = first.replace(year=year, month=month + 1)
    row = connection.execute(_SPENT, (encode_time(first), encode_time(after))).fetchone()
    return int(row["cost"])


def _read(row: sqlite3.Row) -> Spending:
    return Spending(
        id=row["id"],
        at=decode_time(row["at"]),
        provider=row["provider"],
        model=row["model"],
        host=row["host"],
        task_id=row["task_id"],
        digest=row["digest"],
        sent=row["sent"],
        reserved=row["reserved"],
        cost=row["cost"],
        settled=bool(row["settled"]),
        read=row["read"],
        written=row["written"],
    )
