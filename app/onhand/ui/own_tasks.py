"""The list of all tasks, and making and editing the user's own, for the whole window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from onhand.services.quick_tasks import used_tasks
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.task_dialog import EditTaskDialog
from onhand.ui.task_list import TaskListDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services
    from onhand.services.remove_task import RemovedTask
    from onhand.ui.theme import Theme


class OwnTasks(QObject):
    """Opens both dialogs, and keeps what comes of them.

    Signals:
        used: this `Task` shall be used.
        changed: all tasks with their names, as they are now.
        failed: why they could not be listed.
    """

    used = Signal(object)
    changed = Signal(list)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._theme = theme
        self._window = window
        self._deleted: list[RemovedTask] = []

    def open_list(self, text: str, task: Task | None) -> None:
        """Show the list; a new task is made of `task`, and tried on `text`."""
        self._jobs.start(
            lambda services: services.tasks.names(),
            Then(done=partial(self._show_list, text, task), failed=self.failed.emit),
        )

    def edit(self, text: str, task: Task | None) -> None:
        """Edit a task, or make one; it is tried on `text`."""
        dialog = EditTaskDialog(self._jobs, self._theme, self._window, text, task)
        dialog.saved.connect(partial(self._save, dialog))
        dialog.open()

    def _show_list(
        self, text: str, task: Task | None, tasks: list[tuple[str, Task]]
    ) -> None:
        dialog = TaskListDialog(tasks, self._window)
        dialog.used.connect(self.used)
        dialog.new_wanted.connect(lambda: self.edit(text, task))
        dialog.edit_wanted.connect(partial(self.edit, text))
        dialog.delete_wanted.connect(partial(self._delete, dialog))
        dialog.undo_wanted.connect(partial(self._undo, dialog))
        self._deleted.clear()  # who closes the list has meant it
        dialog.open()
        then = Then(done=dialog.show_recent, failed=_leave)
        self._jobs.look_up(
            lambda archive: used_tasks(archive.history), lasting(dialog, then)
        )

    def _delete(self, dialog: TaskListDialog, task: Task) -> None:
        def work(services: Services) -> tuple[RemovedTask, list[tuple[str, Task]]]:
            return services.remove_task(task), services.tasks.names()

        def done(found: tuple[RemovedTask, list[tuple[str, Task]]]) -> None:
            self._deleted.append(found[0])
            self._show_deleted(dialog, found[1])

        self._jobs.start(work, Then(done=done, failed=self._refusal(dialog)))

    def _undo(self, dialog: TaskListDialog) -> None:
        if not self._deleted:
            return
        removed = self._deleted.pop()

        def work(services: Services) -> list[tuple[str, Task]]:
            services.remove_task.undo(removed)
            return services.tasks.names()

        def failed(error: AppError) -> None:
            self._deleted.append(removed)
            self._refusal(dialog)(error)

        then = Then(done=partial(self._show_deleted, dialog), failed=failed)
        self._jobs.start(work, then)

    def _show_deleted(self, dialog: TaskListDialog, tasks: list[tuple[str, Task]]) -> None:
        self.changed.emit(tasks)
        if isValid(dialog):
            dialog.show_tasks(tasks)
            dialog.show_deleted(self._deleted)

    def _refusal(self, dialog: TaskListDialog) -> Callable[[AppError], None]:
        """Where to say that it could not be done: in the list, if that is still open."""

        def tell(error: AppError) -> None:
            if isValid(dialog):
                dialog.refuse(error)
            else:
                self.failed.emit(error)

        return tell

    def _save(self, dialog: EditTaskDialog, task: Task) -> None:
        def work(services: Services) -> tuple[Task, list[tuple[str, Task]]]:
            return services.save_task(task), services.tasks.names()

        def done(found: tuple[Task, list[tuple[str, Task]]]) -> None:
            dialog.accept()
            self.changed.emit(found[1])
            self.used.emit(found[0])

        self._jobs.start(work, lasting(dialog, Then(done=done, failed=dialog.refuse)))


def _leave(_: AppError) -> None:
    """Without a history there are none that were used last."""
