"""A task as a file for a colleague; its examples stay here unless they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.task_writing import task_text

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.tasks import Task
    from onhand.services.evaluation_report import WriteFile


class ExportTask:
    """Writes task files."""

    def __init__(self, write: WriteFile) -> None:
        self._write = write

    def __call__(self, task: Task, path: Path, *, examples: bool) -> None:
        """Write a new file; an adapter is named by its path on this computer.

        Raises:
            OutputUnwritable: it cannot be written, or there is a file already.
            DiskFull: there is no room for it.
        """
        content = task_text(task, examples=examples).encode()
        self._write(content, path, replace=False)
