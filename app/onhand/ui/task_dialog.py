"""The editor of a task, with what it makes of a text beside it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from onhand.domain.errors import AppError, TaskInvalid
from onhand.domain.styles import CLASSIFY, EXTRACT, SUMMARISE
from onhand.domain.task_editing import edited_task, is_built_in
from onhand.domain.tasks import Kind, Rewrite, Summarise, kind_of
from onhand.ui.clipboard import TextBox
from onhand.ui.parts import Choice, Notice, button, label, scrolled
from onhand.ui.said import task_name
from onhand.ui.task_editors import FieldsEditor, LabelsEditor, TaskEditor
from onhand.ui.task_preview import TaskPreview
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.tasks import Task
    from onhand.ui.jobs import Jobs
    from onhand.ui.theme import Theme

_SIZE = QSize(860, 620)
_USUAL = {Kind.CLASSIFY: CLASSIFY, Kind.EXTRACT: EXTRACT, Kind.SUMMARISE: SUMMARISE}
"""What the model is asked where the user writes no instruction."""


class EditTaskDialog(QDialog):
    """Makes a task, or changes one; whoever opens it keeps it.

    Signals:
        saved: the `Task` as it shall be kept.
    """

    saved = Signal(object)

    def __init__(
        self, jobs: Jobs, theme: Theme, parent: QWidget, text: str, task: Task | None = None
    ) -> None:
        """`text` is what it is tried on; a new task may begin as `task` too."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        new = task is None or not task.id or is_built_in(task)
        self.setWindowTitle(self.tr("New task") if new else self.tr("Edit task"))
        self.setMinimumSize(620, 340)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.92))
        self._before = task
        self._name = QLineEdit()
        self._name.setAccessibleName(self.tr("Name"))
        self._name.setPlaceholderText(self.tr("Ticket queue"))
        self._kind = Choice(self.tr("What it does"))
        self._instruction = TextBox()
        self._instruction.setTabChangesFocus(True)
        self._instruction.setAccessibleName(self.tr("Instruction"))
        lines = self._instruction.fontMetrics().lineSpacing() * 4
        self._instruction.setFixedHeight(lines + 2 * Gap.MEDIUM)
        self._editors: dict[Kind, TaskEditor] = {
            Kind.CLASSIFY: LabelsEditor(),
            Kind.EXTRACT: FieldsEditor(),
        }
        self._notice = Notice()
        self._save = button(self.tr("&Save"), part="primary", name=self.tr("Save the task"))
        self.preview = TaskPreview(jobs, theme, text)
        self._lay_out()
        self._fill(task)
        self._connect()
        self._follow()

    def task(self) -> Task:
        """The task as it stands in the form.

        Raises:
            TaskInvalid: it breaks a rule.
        """
        form = self._form()
        named = dataclasses.replace(form, name=" ".join(self._name.text().split()))
        return named if self._before is None else edited_task(self._before, named)

    def refuse(self, error: AppError) -> None:
        """Say why it was not kept; everything stays as it was typed."""
        self._save.setEnabled(True)
        self._notice.say_failure(error)

    def done(self, result: int) -> None:
        """Stop trying it, then close."""
        self.preview.stop()
        super().done(result)

    def _form(self) -> Task:
        kind = Kind(self._kind.currentData())
        words = self._instruction.toPlainText().strip() or _USUAL.get(kind, "")
        if not words:
            raise TaskInvalid(self.tr("type an instruction"))
        match kind:
            case Kind.CLASSIFY | Kind.EXTRACT:
                task = self._editors[kind].task()
                return dataclasses.replace(task, instruction=words)
            case Kind.REWRITE:
                return Rewrite(instruction=words)
            case Kind.SUMMARISE:
                return Summarise(instruction=words)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("part", "page")
        form = QVBoxLayout(page)
        form.setContentsMargins(0, 0, Gap.SMALL, 0)
        form.setSpacing(Gap.SMALL)
        words = Wording(self)
        for kind in Kind:
            self._kind.addItem(words.kind(kind), kind)
        for title, widget in (
            (self.tr("Name"), self._name),
            (self.tr("What it does"), self._kind),
            (self.tr("Instruction"), self._instruction),
        ):
            named = label(title, wrap=False)
            named.setBuddy(widget)
            form.addWidget(named)
            form.addWidget(widget)
        for editor in self._editors.values():
            form.addWidget(editor)
        form.addStretch()
        sides = QHBoxLayout()
        sides.setSpacing(Gap.HUGE)
        area = scrolled(self.tr("Task"), page)
        bar = area.verticalScrollBar().sizeHint().width()
        area.setMinimumWidth(page.minimumSizeHint().width() + bar)
        sides.addWidget(area, 1)
        sides.addWidget(scrolled(self.tr("Preview"), self.preview), 1)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(self._save)
        self._save.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(self._notice)
        column.addLayout(sides, 1)
        column.addLayout(row)

    def _fill(self, task: Task | None) -> None:
        if task is not None:
            kind = kind_of(task)
            copied = self.tr("{name}, my own").format(name=task_name(task))
            self._name.setText(copied if is_built_in(task) else task.name)
            self._kind.setCurrentIndex(self._kind.findData(kind))
            self._instruction.setPlainText(task.instruction.strip())
            if kind in self._editors:
                self._editors[kind].fill(task)
        self._name.setFocus()

    def _connect(self) -> None:
        self._name.textChanged.connect(self._notice.hide)
        self._kind.currentIndexChanged.connect(self._follow)
        self._instruction.textChanged.connect(self._follow)
        for editor in self._editors.values():
            editor.changed.connect(self._follow)
        self._save.clicked.connect(self._tell)

    def _follow(self) -> None:
        """Show the form of the kind, and try the task as it is now."""
        self._notice.hide()
        kind = Kind(self._kind.currentData())
        for each, editor in self._editors.items():
            editor.setVisible(each is kind)
        self._instruction.setPlaceholderText(
            _USUAL.get(kind, self.tr("Rewrite as a friendly reminder."))
        )
        try:
            # A name changes no answer.
            self.preview.show_task(dataclasses.replace(self.task(), name=""))
        except TaskInvalid as error:
            self.preview.show_fault(error)

    def _tell(self) -> None:
        try:
            task = self.task()
        except TaskInvalid as error:
            self._notice.say_failure(error)
            return
        self._save.setEnabled(False)
        self.saved.emit(task)
