"""Deleting a task of the user's own, so that it can be had back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from onhand.domain.errors import TaskNotOwn
from onhand.domain.task_editing import is_built_in
from onhand.domain.tasks import Task


@dataclass(frozen=True, kw_only=True)
class StoredLesson:
    """What a task was taught, as it is stored."""

    version: str
    model: str
    taught: str


@dataclass(frozen=True, kw_only=True)
class RemovedTask:
    """A task that is gone, with all that it takes to have it back.

    Attributes:
        task: as it was, with its examples.
        text: its file, which has none.
        lessons: what it was taught, the first lesson first.
    """

    task: Task
    text: str
    lessons: tuple[StoredLesson, ...] = ()


class TaskBin(Protocol):
    """Where the user's own tasks are kept, and can be taken away."""

    def remove(self, task: Task) -> RemovedTask:
        """Take a task away, with its examples and what it was taught.

        Raises:
            TaskUnknown: none of the user's files has it.
            HistoryLocked, HistoryKeyless, DataDamaged, DataTooNew, DataFolderUnwritable,
                DiskFull, Locked: all is as it was.
        """
        ...

    def put_back(self, removed: RemovedTask) -> None:
        """Have it back as it was.

        Raises:
            As `remove`, but for `TaskUnknown`; nothing was put back.
        """
        ...


class RemoveTask:
    """Deletes tasks of the user's own. Answers to texts stay in the history."""

    def __init__(self, tasks: TaskBin) -> None:
        self._tasks = tasks

    def __call__(self, task: Task) -> RemovedTask:
        """Delete it; see the port.

        Raises:
            TaskNotOwn: it came with the program, and stays.
        """
        if is_built_in(task):
            raise TaskNotOwn(task.name)
        return self._tasks.remove(task)

    def undo(self, removed: RemovedTask) -> None:
        """Have it back; see the port."""
        self._tasks.put_back(removed)
