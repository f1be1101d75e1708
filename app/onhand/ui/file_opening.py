"""Opening what the file manager hands over: a task file, a pack, a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.errors import InputUnreadable
from onhand.domain.starts import PACK, TASKS
from onhand.domain.tasks import Classify, Extract, kind_of
from onhand.ui.clipboard import TextBox
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import button, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.domain.tasks import Task
    from onhand.services.bundle import Services
    from onhand.services.import_task import KeptTask
    from onhand.ui.main_window import MainWindow


class FileOpening(QObject):
    """Opens one file in a window; nothing is imported without being asked."""

    def __init__(self, jobs: Jobs, window: MainWindow) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._window = window

    def open(self, path: Path) -> None:
        """Open it: a task and a pack are shown and asked about, a text goes to Work."""
        suffix = path.suffix.lower()
        if suffix in TASKS:
            self._jobs.start(
                lambda services: (services.tasks.find(str(path)), _content(path)),
                Then(done=self._ask, failed=self._window.notice.say_failure),
            )
        elif suffix == PACK:
            self._window.show_place(4)
            self._window.imports.take(path)
        else:
            self._window.show_place(0)
            self._window.work.open_file(path)

    def _ask(self, found: tuple[Task, bytes]) -> None:
        task, content = found
        dialog = TaskDialog(task, self._window)
        dialog.accepted.connect(lambda: self._import(content))
        dialog.open()

    def _import(self, content: bytes) -> None:
        def work(services: Services) -> tuple[KeptTask, list[tuple[str, Task]]]:
            return services.import_task(content), services.tasks.names()

        self._jobs.start(work, Then(done=self._use, failed=self._window.notice.say_failure))

    def _use(self, found: tuple[KeptTask, list[tuple[str, Task]]]) -> None:
        imported, named = found
        self._window.use_tasks(named)
        self._window.show_place(0)
        self._window.work.form.set_task(imported.task)
        if not imported.with_examples:
            self._window.notice.say(
                self.tr("The examples of the task were not kept."),
                self.tr("They are texts, and there is no key to encrypt them with."),
            )


class TaskDialog(QDialog):
    """Shows what a task asks for before it becomes one of the user's own."""

    def __init__(self, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import a task"))
        self.setMinimumWidth(440)
        words = Wording(self)
        title = self.tr("Import the task “{name}”?").format(name=task.name)
        told = self.tr(
            "It comes from a file. Read what it asks the model to do; nothing is run yet."
        )
        box = TextBox(task.instruction)
        box.setReadOnly(True)
        box.setProperty("part", "reading")
        box.setTabChangesFocus(True)
        box.setAccessibleName(self.tr("Instruction"))
        take = button(self.tr("&Import"), part="primary", name=self.tr("Import the task"))
        take.clicked.connect(self.accept)
        leave = button(self.tr("&Not now"))
        leave.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addStretch()
        row.addWidget(leave)
        row.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(title, rank="heading"))
        column.addWidget(label(told))
        column.addWidget(box, 1)
        kind = words.kind(kind_of(task))
        about = self.tr("Kind: {kind}").format(kind=kind)
        names = self._names(task)
        column.addWidget(label(f"{about}\n{names}" if names else about, tone="muted"))
        column.addLayout(row)
        leave.setFocus()

    def _names(self, task: Task) -> str:
        match task:
            case Classify():
                return self.tr("Answers: {names}").format(names=", ".join(task.answers))
            case Extract(fields=fields):
                names = ", ".join(each.name for each in fields)
                return self.tr("Fields: {names}").format(names=names)
            case _:
                return ""


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputUnreadable(f"{path.name}: {error.strerror or error}") from error
