"""The text that is being typed, kept in the encrypted history until it is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.storage.stored_json import encode_time, storable

if TYPE_CHECKING:
    from datetime import datetime

    from onhand.storage.database import Database


class SqliteDrafts:
    """The draft port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> str:
        """The text that was being typed; "" where there is none."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT text FROM drafts WHERE id = 1").fetchone()
        return "" if row is None else str(row["text"])

    def save(self, text: str, at: datetime) -> None:
        """Keep it in place of the one before; "" removes that.

        Raises:
            DiskFull, DataFolderUnwritable, DataDamaged, DataTooNew, Locked: it is as it
                was.
        """
        with self._database.writing() as connection:
            connection.execute("DELETE FROM drafts")
            if text:
                connection.execute(
                    "INSERT INTO drafts (id, text, at) VALUES (1, ?, ?)",
                    (storable(text), encode_time(at)),
                )
