"""The prior port over a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.priors import Prior

if TYPE_CHECKING:
    import sqlite3

    from onhand.storage.database import Database

MARK = ("", "")
"""In place of version and model: the row that each forgetting writes anew.

It is where priors are, and gone in the same step, so that nobody sees one without the
other; versions that do not know it look for no such row.
"""


class SqlitePriors:
    """Priors in SQLite, by version of the task and model."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, task_version: str, model: str) -> Prior | None:
        """The prior of a task with a model; None where nothing usable is known.

        Raises:
            DataDamaged, DataTooNew, DataFolderUnwritable, DiskFull, Locked: the database
                cannot be read.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT prior FROM priors WHERE task_version = ? AND model = ?",
                (task_version, model),
            ).fetchone()
        if row is None:
            return None
        try:
            return msgspec.json.decode(row["prior"], type=Prior)
        except msgspec.MsgspecError:
            return None

    def save(self, task_version: str, model: str, prior: Prior, mark: str) -> None:
        """Keep it, in place of an earlier one, unless the mark is another one by now.

        Raises:
            DiskFull, DataFolderUnwritable, DataDamaged, DataTooNew, Locked: it is as it
                was.
        """
        with self._database.writing() as connection:
            if _mark(connection) != mark:
                return
            connection.execute(
                "INSERT INTO priors (task_version, model, prior) VALUES (?, ?, ?)"
                " ON CONFLICT (task_version, model) DO UPDATE SET prior = excluded.prior",
                (task_version, model, msgspec.json.encode(prior).decode()),
            )

    def mark(self) -> str:
        """What is another one whenever texts were forgotten, by whatever process.

        Raises:
            As `load`.
        """
        with self._database.reading() as connection:
            return _mark(connection)


def mark_anew(connection: sqlite3.Connection) -> None:
    """Let everybody see that texts were forgotten, in the transaction that does it."""
    connection.execute(
        "INSERT INTO priors (task_version, model, prior)"
        " VALUES (?, ?, lower(hex(randomblob(16))))"
        " ON CONFLICT (task_version, model) DO UPDATE SET prior = excluded.prior",
        MARK,
    )


def _mark(connection: sqlite3.Connection) -> str:
    row = connection.execute(
        "SELECT prior FROM priors WHERE task_version = ? AND model = ?", MARK
    ).fetchone()
    return "" if row is None else str(row["prior"])
