"""The folder of the user's own tasks, as far as it is written to.

Examples are texts of the user: they go to the history, which is encrypted, and the file is
kept without them.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from onhand.domain.errors import (
    AppError,
    DataFolderUnwritable,
    TaskInvalid,
    TaskUnknown,
)
from onhand.domain.history_errors import HistoryKeyless, HistoryLocked
from onhand.domain.task_file import read_task
from onhand.domain.tasks import identity
from onhand.services.remove_task import RemovedTask
from onhand.storage.removed_tasks import put_in, take_out
from onhand.storage.safe_files import failures_as, replace_data_file
from onhand.storage.task_text import without_examples

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.tasks import Task
    from onhand.storage.task_examples import TaskExamples

LONGEST_NAME = 60

_log = logging.getLogger(__name__)


class OwnTasks:
    """The task shelf port over a folder; each file is replaced in one step."""

    def __init__(self, folder: Path, examples: TaskExamples) -> None:
        self._folder = folder
        self._examples = examples

    def keep(self, task: Task, text: str) -> bool:
        """Keep a task's file, and its examples if it has any; see the port."""
        bare = without_examples(text)
        kept = True
        if task.examples:
            try:
                self._examples.save(identity(task), task.examples)
            except (HistoryKeyless, HistoryLocked):
                kept = False
        replace_data_file(self._place(task), bare.encode())
        return kept

    def remove(self, task: Task) -> RemovedTask:
        """Take a task away, with its examples and what it was taught; see the port."""
        wanted = identity(task)
        for path in sorted(self._folder.glob("*.toml")):
            found = _read(path)
            if found is not None and identity(found[0]) == wanted:
                return self._remove(path, task, found[1])
        raise TaskUnknown(f"no file of yours holds '{task.name}'")

    def put_back(self, removed: RemovedTask) -> None:
        """Have it back as it was; see the port."""
        put_in(self._examples.database, identity(removed.task), removed)
        replace_data_file(self._place(removed.task), removed.text.encode())

    def _remove(self, path: Path, task: Task, text: str) -> RemovedTask:
        def unlink() -> None:
            with failures_as(DataFolderUnwritable, path):
                path.unlink(missing_ok=True)

        lessons = take_out(self._examples.database, identity(task), unlink)
        return RemovedTask(task=task, text=text, lessons=lessons)

    def seal(self) -> None:
        """Take examples that were written into files by hand to the history as well.

        Files for which that cannot be done stay as they are; the next time tries again.
        """
        for path in self._folder.glob("*.toml"):
            with suppress(OSError, UnicodeDecodeError, TaskInvalid):
                text = path.read_bytes().decode()
                task = read_task(text)
                if task.examples:
                    self._seal(path, task, text)

    def _seal(self, path: Path, task: Task, text: str) -> None:
        try:
            known = self._examples.load(identity(task))
            fresh = [each for each in task.examples if each not in known]
            bare = without_examples(text)
            self._examples.save(identity(task), [*known, *fresh])
            replace_data_file(path, bare.encode())
        except AppError as error:
            _log.warning("examples of a task file stay where they are: %s", error.code)

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
    found = _read(path)
    return None if found is None else found[0].id


def _read(path: Path) -> tuple[Task, str] | None:
    """The task in a file, and the file; None where it holds none that can be read."""
    try:
        text = path.read_bytes().decode()
        return read_task(text), text
    except (OSError, UnicodeDecodeError, TaskInvalid):
        return None


_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{kind}{n}" for kind in ("com", "lpt") for n in range(10)}
)
