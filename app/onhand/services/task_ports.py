"""What keeps the user's own tasks, as the use cases see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from onhand.domain.tasks import Task


class TaskShelf(Protocol):
    """Where the user's own tasks are kept."""

    def keep(self, task: Task, text: str) -> bool:
        """Keep a task's file, in the place of the one with its id if there is one.

        Its examples are kept where texts of the user are. A file without any leaves those
        that the task had.

        Returns:
            Whether its examples were kept, if it has any: not without the history's key.

        Raises:
            TaskInvalid: the file cannot be taken apart.
            DataFolderUnwritable, DiskFull, Locked: the file is as it was.
        """
        ...
