"""Taking over a task file, from a colleague say: checked, given an identity, kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.errors import TaskInvalid
from onhand.domain.task_file import read_task
from onhand.domain.tasks import Task
from onhand.services.reading import read_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.services.task_ports import TaskShelf


@dataclass(frozen=True, kw_only=True)
class KeptTask:
    """A task that is the user's own now.

    Attributes:
        with_examples: False if it had examples that could not be kept.
    """

    task: Task
    with_examples: bool


class ImportTask:
    """Makes a task file one of the user's own."""

    def __init__(self, *, shelf: TaskShelf, new_id: Callable[[], str]) -> None:
        """`new_id` makes the identity of a task that has none."""
        self._shelf = shelf
        self._new_id = new_id

    def __call__(self, data: bytes) -> KeptTask:
        """Keep the task of a file; one with the same id takes the place of the older one.

        Nobody has used it yet: show its instruction before it is run.

        Raises:
            InputUnreadable: the file holds no text.
            TaskInvalid: it breaks a rule, or has no name to be found by.
            DataFolderUnwritable, DiskFull, Locked: the task was not kept.
        """
        text = read_text(data).text
        task = read_task(text)
        if not task.name.strip():
            raise TaskInvalid("line 1, key 'name': a task that is kept needs a name")
        if not task.id:
            # In front of everything, where no table has begun.
            text = f'id = "{self._new_id()}"\n{text}'
            task = read_task(text)
        return KeptTask(task=task, with_examples=self._shelf.keep(task, text))
