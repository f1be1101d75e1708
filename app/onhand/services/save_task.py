"""Keeping a task that the user wrote or edited."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from onhand.domain.errors import TaskInvalid
from onhand.domain.task_editing import is_built_in
from onhand.domain.task_names import raise_if_misnamed
from onhand.domain.task_writing import task_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.tasks import Task
    from onhand.services.ports import TaskStore
    from onhand.services.task_ports import TaskShelf


class SaveTask:
    """Makes a task one of the user's own, or changes one that is."""

    def __init__(
        self, *, shelf: TaskShelf, tasks: TaskStore, new_id: Callable[[], str]
    ) -> None:
        """`new_id` makes the identity of a task that has none."""
        self._shelf = shelf
        self._tasks = tasks
        self._new_id = new_id

    def __call__(self, task: Task) -> Task:
        """Keep it; returns it as it is kept. One with the same id is replaced.

        What came with the program stays as it is: its copy gets an identity of its own.

        Raises:
            TaskInvalid: it has no name or no instruction, another task has its name, or
                labels or fields of it cannot be told apart.
            DataFolderUnwritable, DiskFull: nothing was kept.
        """
        name = " ".join(task.name.split())
        if not name:
            raise TaskInvalid("a task that is kept needs a name")
        if not task.instruction.strip():
            raise TaskInvalid("a task needs an instruction")
        raise_if_misnamed(task)
        new = not task.id or is_built_in(task)
        kept = dataclasses.replace(task, name=name, id=self._new_id() if new else task.id)
        for other, held in self._tasks.names():
            if other.casefold() == name.casefold() and held.id != kept.id:
                raise TaskInvalid(f"there is a task '{other}' already")
        self._shelf.keep(kept, task_text(kept, examples=True))
        return kept
