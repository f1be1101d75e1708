"""Taking away what the history holds of a task of the user's own, and putting it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.services.remove_task import StoredLesson
from onhand.storage.stored_json import storable
from onhand.storage.task_examples import TaskExamples

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.services.remove_task import RemovedTask
    from onhand.storage.database import Database


def take_out(
    database: Database, task_id: str, also: Callable[[], None]
) -> tuple[StoredLesson, ...]:
    """Delete the examples and lessons of a task; returns the lessons.

    `also` is done in the same step: where it fails, nothing is deleted. Without a history
    there is nothing else to do.
    """
    if not database.path.exists():
        also()
        return ()
    key = (storable(task_id),)
    with database.writing() as connection:
        rows = connection.execute(
            "SELECT task_version, model, taught FROM heads WHERE task_id = ? ORDER BY id",
            key,
        ).fetchall()
        connection.execute("DELETE FROM heads WHERE task_id = ?", key)
        connection.execute("DELETE FROM task_examples WHERE task_id = ?", key)
        also()
    return tuple(
        StoredLesson(version=row["task_version"], model=row["model"], taught=row["taught"])
        for row in rows
    )


def put_in(database: Database, task_id: str, removed: RemovedTask) -> None:
    """Store the examples and lessons of a task again, if there were any."""
    if removed.task.examples:
        TaskExamples(database).save(task_id, removed.task.examples)
    if not removed.lessons:
        return
    key = storable(task_id)
    rows = [(key, each.version, each.model, each.taught) for each in removed.lessons]
    with database.writing() as connection:
        connection.executemany(
            "INSERT INTO heads (task_id, task_version, model, taught) VALUES (?, ?, ?, ?)",
            rows,
        )
