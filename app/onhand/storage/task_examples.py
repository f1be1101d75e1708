"""The examples of the user's own tasks, which are texts: in the history, not in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onhand.domain.tasks import Example
from onhand.storage.stored_json import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.storage.database import Database


class TaskExamples:
    """Examples by the identity of their task.

    Attributes:
        database: the history, in which they are.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def load(self, task_id: str) -> tuple[Example, ...]:
        """Those of a task; none where there is no history yet.

        Raises:
            HistoryLocked, HistoryKeyless, DataDamaged, DataTooNew, DataFolderUnwritable,
                DiskFull, Locked: the history cannot be read.
        """
        if not self.database.path.exists():
            return ()
        with self.database.reading() as connection:
            row = connection.execute(
                "SELECT examples FROM task_examples WHERE task_id = ?",
                (storable(task_id),),
            ).fetchone()
        return () if row is None else _decoded(row["examples"])

    def save(self, task_id: str, examples: Sequence[Example]) -> None:
        """Keep these in place of those that were there.

        Raises:
            As `load`; all is as it was.
        """
        encoded = msgspec.json.encode(examples).decode()
        with self.database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO task_examples (task_id, examples) VALUES (?, ?)",
                (storable(task_id), storable(encoded)),
            )


def _decoded(text: str) -> tuple[Example, ...]:
    try:
        return msgspec.json.decode(text, type=tuple[Example, ...])
    except (msgspec.MsgspecError, RecursionError):
        return ()
