"""Measurements in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.measured import Measured
from onhand.storage.stored_json import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.storage.database import Database


class SqliteMeasurements:
    """The measurement port over the history; rows that cannot be read are left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, task_id: str, found: Sequence[Measured]) -> None:
        """Keep some, all or none; see `MeasurementStore`."""
        with self._database.writing() as connection:
            for each in found:
                connection.execute(
                    "INSERT INTO measurements (task_id, measured) VALUES (?, ?)",
                    (storable(task_id), msgspec.json.encode(each).decode()),
                )

    def of(self, task_id: str) -> list[Measured]:
        """All of a task, oldest first; see `MeasurementStore`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, measured FROM measurements WHERE task_id = ? ORDER BY id",
                (storable(task_id),),
            ).fetchall()
        found = []
        for row in rows:
            try:
                each = msgspec.json.decode(row["measured"], type=Measured)
            except (msgspec.MsgspecError, RecursionError):
                continue
            found.append(msgspec.structs.replace(each, id=row["id"]))
        return found

    def remove(self, task_id: str, number: int) -> bool:
        """Remove one of a task; see `MeasurementStore`."""
        with self._database.writing() as connection:
            removed = connection.execute(
                "DELETE FROM measurements WHERE id = ? AND task_id = ?",
                (number, storable(task_id)),
            )
            return removed.rowcount > 0
