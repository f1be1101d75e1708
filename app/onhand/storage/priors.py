"""The prior port over a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.priors import Prior

if TYPE_CHECKING:
    from onhand.storage.database import Database


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

    def save(self, task_version: str, model: str, prior: Prior) -> None:
        """Keep it, in place of an earlier one.

        Raises:
            DiskFull, DataFolderUnwritable, DataDamaged, DataTooNew, Locked: it is as it
                was.
        """
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO priors (task_version, model, prior) VALUES (?, ?, ?)"
                " ON CONFLICT (task_version, model) DO UPDATE SET prior = excluded.prior",
                (task_version, model, msgspec.json.encode(prior).decode()),
            )
