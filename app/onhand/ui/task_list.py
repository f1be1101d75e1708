"""Every task in one list: those used last, the user's own, those that came along."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from onhand.domain.task_editing import is_built_in
from onhand.domain.tasks import Task, identity, kind_of
from onhand.ui.clear_button import give_clear_button
from onhand.ui.deleted_notice import DeletedNotice
from onhand.ui.parts import button, label
from onhand.ui.said import task_name
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from onhand.domain.errors import AppError
    from onhand.services.remove_task import RemovedTask


_MOST_RECENT = 5


class Origin(IntEnum):
    """Where a task comes from, in the order of the list."""

    RECENT = 0
    OWN = 1
    BUILT_IN = 2


@dataclass(frozen=True)
class Listed:
    """A task of the list."""

    name: str
    task: Task
    origin: Origin


class TaskListDialog(QDialog):
    """Finds a task by typing, and offers to make and edit the user's own.

    Signals:
        used: this `Task` shall be used.
        new_wanted: a task shall be made.
        edit_wanted: this `Task` shall be edited; of one that came along, a copy.
        delete_wanted: this `Task` of the user's own shall be deleted.
        undo_wanted: the one that was deleted last shall be there again.
    """

    used = Signal(object)
    new_wanted = Signal()
    edit_wanted = Signal(object)
    delete_wanted = Signal(object)
    undo_wanted = Signal()

    def __init__(self, tasks: Sequence[tuple[str, Task]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tasks"))
        self.setMinimumHeight(420)  # as wide as the buttons need in each language
        self.resize(620, 420)
        self._words = Wording(self)
        self._tasks = _named(tasks)
        self._recent: list[Task] = []
        self._query = QLineEdit()
        give_clear_button(self._query)
        self._query.setAccessibleName(self.tr("Find a task"))
        self._query.setPlaceholderText(self.tr("Type to find a task"))
        self._query.installEventFilter(self)
        self._model: TableModel[Listed] = TableModel(
            (
                Column(title=self.tr("Task"), text=lambda row: row.name),
                Column(
                    title=self.tr("What it does"),
                    text=lambda row: self._words.kind(kind_of(row.task)),
                ),
                Column(title=self.tr("Where from"), text=self._origin),
            )
        )
        self._table = Table(self.tr("All tasks"), self._model, widest=0)
        self._table.set_empty(self.tr("No task has these words."))
        self._told = label(tone="muted")
        self._use = button(self.tr("&Use"), part="primary", name=self.tr("Use the task"))
        self._edit = button(self.tr("&Edit…"), name=self.tr("Edit the task"))
        self._new = button(self.tr("&New task…"), name=self.tr("New task"))
        self._delete = button(self.tr("&Delete"), name=self.tr("Delete the task"))
        self._gone = DeletedNotice()
        self._lay_out()
        self._connect()
        self._narrow()

    def show_recent(self, tasks: Sequence[Task]) -> None:
        """These were used last, the latest of them first."""
        self._recent = list(tasks)
        self._narrow()

    def show_tasks(self, tasks: Sequence[tuple[str, Task]]) -> None:
        """The tasks are these now; the choice stays where it was, in the list."""
        row = self._table.chosen_row()
        self._tasks = _named(tasks)
        self._narrow()
        if self._model.rowCount():
            self._table.choose(min(max(row, 0), self._model.rowCount() - 1))

    def show_deleted(self, deleted: Sequence[RemovedTask]) -> None:
        """These were deleted, the last of them last; it can be had back."""
        self._gone.show_last(deleted)
        self._delete.setFocus()
        self._describe(self._table.chosen_row())

    def refuse(self, error: AppError) -> None:
        """Say why nothing was deleted, or put back."""
        self._gone.undo.hide()
        self._gone.say_failure(error)
        self._describe(self._table.chosen_row())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while somebody types."""
        if event.type() == QEvent.Type.KeyPress and self._move(event):  # type: ignore[arg-type] # a key
            return True
        return super().eventFilter(watched, event)

    def _move(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._model.rowCount():
            return False
        row = self._table.chosen_row() + step
        self._table.choose(min(max(row, 0), self._model.rowCount() - 1))
        return True

    def _lay_out(self) -> None:
        close = button(self.tr("&Close"), name=self.tr("Close the list"))
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._new)
        row.addWidget(self._edit)
        row.addWidget(self._delete)
        row.addStretch()
        row.addWidget(close)
        row.addWidget(self._use)
        self._use.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(self._query)
        column.addWidget(self._table, 1)
        column.addWidget(self._told)
        column.addWidget(self._gone)
        column.addLayout(row)

    def _connect(self) -> None:
        self._query.textChanged.connect(self._narrow)
        self._table.chosen.connect(self._describe)
        self._table.entered_row.connect(self._use_chosen)
        self._use.clicked.connect(self._use_chosen)
        self._edit.clicked.connect(self._edit_chosen)
        self._delete.clicked.connect(self._delete_chosen)
        self._gone.undo.clicked.connect(self.undo_wanted)
        self._new.clicked.connect(self._make)
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        delete = QShortcut(QKeySequence.StandardKey.Delete, self._table, context=here)
        delete.activated.connect(self._delete_chosen)

    def _narrow(self) -> None:
        """Show the tasks that have all words, and choose the first."""
        words = self._query.text().casefold().split()
        rows = [row for row in self._rows() if all(each in _said(row) for each in words)]
        self._model.reset(rows)
        for column in (1, 2):
            self._table.resizeColumnToContents(column)
        if rows:
            self._table.choose(0)
        self._describe(self._table.chosen_row())

    def _rows(self) -> list[Listed]:
        places = [identity(task) for task in self._recent]
        known = {identity(task) for _, task in self._tasks}
        recent = [each for each in places if each in known][:_MOST_RECENT]
        rows = [Listed(name, task, self._from(task, recent)) for name, task in self._tasks]
        return sorted(rows, key=lambda row: self._order(row, recent))

    def _from(self, task: Task, recent: Sequence[str]) -> Origin:
        if identity(task) in recent:
            return Origin.RECENT
        return Origin.BUILT_IN if is_built_in(task) else Origin.OWN

    def _order(self, row: Listed, recent: Sequence[str]) -> tuple[int, int, str]:
        known = identity(row.task)
        place = recent.index(known) if known in recent else 0
        return row.origin, place, row.name.casefold()

    def _origin(self, row: Listed) -> str:
        match row.origin:
            case Origin.RECENT:
                return self.tr("used last")
            case Origin.OWN:
                return self.tr("your own")
            case Origin.BUILT_IN:
                return self.tr("built in")

    def _describe(self, number: int) -> None:
        there = number >= 0
        self._use.setEnabled(there)
        self._edit.setEnabled(there)
        task = self._model.row(number).task if there else None
        self._told.setText("" if task is None else " ".join(task.instruction.split()))
        own = task is None or not is_built_in(task)
        self._delete.setEnabled(there and own)
        self._edit.setText(self.tr("&Edit…") if own else self.tr("&Edit a copy…"))

    def _use_chosen(self) -> None:
        if (number := self._table.chosen_row()) >= 0:
            self.used.emit(self._model.row(number).task)
            self.accept()

    def _edit_chosen(self) -> None:
        if (number := self._table.chosen_row()) >= 0:
            self.edit_wanted.emit(self._model.row(number).task)
            self.accept()

    def _delete_chosen(self) -> None:
        if self._delete.isEnabled():
            self._delete.setEnabled(False)  # until it is done
            self.delete_wanted.emit(self._model.row(self._table.chosen_row()).task)

    def _make(self) -> None:
        self.new_wanted.emit()
        self.accept()


def _named(tasks: Sequence[tuple[str, Task]]) -> list[tuple[str, Task]]:
    return [(task_name(task) or name, task) for name, task in tasks]


def _said(row: Listed) -> str:
    return f"{row.name} {row.task.instruction} {row.task.name}".casefold()
