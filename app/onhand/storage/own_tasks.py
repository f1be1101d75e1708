"""The folder of the user's own tasks, as far as it is written to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from onhand.domain.errors import TaskInvalid
from onhand.domain.task_file import read_task
from onhand.storage.safe_files import replace_data_file

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.tasks import Task

LONGEST_NAME = 60


class OwnTasks:
    """Keeps task files; each is replaced in one step."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, task: Task, text: str) -> None:
        """Keep a task's file, in the place of the one with its id if there is one.

        Raises:
            DataFolderUnwritable, DiskFull: all is as it was.
        """
        replace_data_file(self._place(task), text.encode())

    def _place(self, task: Task) -> Path:
        for path in sorted(self._folder.glob("*.toml")):
            if _id_in(path) == task.id:  # it may have had another name
                return path
        stem = _stem(task.name)
        number = 1
        while True:
            name = stem if number == 1 else f"{stem}-{number}"
            path = self._folder / f"{name}.toml"
            if not path.exists():
                return path
            number += 1


def _stem(name: str) -> str:
    """A file's name that every system takes, close to the task's name."""
    words = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_")[:LONGEST_NAME]
    return f"task-{words}".strip("-") if words in _RESERVED or not words else words


def _id_in(path: Path) -> str | None:
    """The id of the task in a file; None where it holds none that can be read."""
    try:
        return read_task(path.read_bytes().decode()).id
    except (OSError, UnicodeDecodeError, TaskInvalid):
        return None


_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)}
)
