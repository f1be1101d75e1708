"""The examples and corrections of a task, to be looked through and removed one by one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from onhand.ui.clipboard import TextBox
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.offsets import shown
from onhand.ui.parts import Notice, button, label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from onhand.domain.tasks import AnswerData, Task
    from onhand.services.bundle import Services
    from onhand.services.history_ports import Correction

_LINES = 5


class ExamplesDialog(QDialog):
    """A table, the newest first, and the chosen text whole below it."""

    def __init__(self, jobs: Jobs, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Examples of a task"))
        self.resize(760, 520)
        self._jobs, self._task = jobs, task
        self._words = Wording(self)
        self._rows: TableModel[Correction] = TableModel(self._columns())
        self._table = Table(
            self.tr("Examples and corrections"), self._rows, widest=0, many=True
        )
        self._table.set_empty(self.tr("There are none yet"))
        self._whole = TextBox()
        self._whole.setAccessibleName(self.tr("Chosen example"))
        self._notice = Notice()
        self._remove = button(self.tr("&Remove"), name=self.tr("Remove chosen examples"))
        self._close = button(self.tr("Close"), part="primary")
        self._lay_out()
        self._table.selectionModel().selectionChanged.connect(self._show_whole)
        self._remove.clicked.connect(self._remove_chosen)
        self._close.clicked.connect(self.accept)
        self._show_whole()
        self._look()

    def _lay_out(self) -> None:
        self._whole.setProperty("part", "reading")
        self._whole.setReadOnly(True)
        self._whole.setTabChangesFocus(True)
        self._whole.setFixedHeight(_LINES * self._whole.fontMetrics().lineSpacing())
        told = self.tr(
            "What you remove teaches no more from the next lesson on. Entries of the"
            " history stay, without their correction; backups keep it until they are"
            " replaced."
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        buttons.addWidget(self._remove)
        buttons.addStretch()
        buttons.addWidget(self._close)
        name = self._task.name or self.tr("this task")
        title = self.tr("Examples and corrections of {task}").format(task=name)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(title, rank="heading"))
        column.addWidget(self._table, 1)
        for each in (self._whole, label(told, tone="muted"), self._notice):
            column.addWidget(each)
        column.addLayout(buttons)

    def _columns(self) -> list[Column[Correction]]:
        return [
            Column(title=self.tr("Text"), text=lambda each: " ".join(each.text.split())),
            Column(title=self.tr("Answer"), text=lambda each: _answer(each.answer)),
            Column(title=self.tr("From"), text=self._origin),
            Column(title=self.tr("When"), text=lambda each: self._words.moment(each.at)),
        ]

    def _origin(self, each: Correction) -> str:
        return self.tr("a file") if each.record is None else self.tr("a correction")

    def _look(self) -> None:
        task = self._task
        self._jobs.start(
            lambda services: services.correct.examples(task),
            lasting(self, Then(done=self._show, failed=self._notice.say_failure)),
        )

    def _show(self, found: list[Correction]) -> None:
        self._rows.reset(found)
        for column in range(1, self._rows.columnCount()):
            self._table.resizeColumnToContents(column)
        self._show_whole()

    def _show_whole(self) -> None:
        chosen = self._table.chosen_rows()
        self._remove.setEnabled(bool(chosen))
        self._whole.setPlainText(shown(self._rows.row(chosen[0]).text) if chosen else "")

    def _remove_chosen(self) -> None:
        numbers = [self._rows.row(row).id for row in self._table.chosen_rows()]
        task = self._task

        def work(services: Services) -> int:
            return services.correct.remove(task, numbers)

        self._table.setFocus()
        self._remove.setEnabled(False)
        then = Then(done=self._tell, failed=self._notice.say_failure, ended=self._look)
        self._jobs.start(work, lasting(self, then))

    def _tell(self, removed: int) -> None:
        told = self.tr("Removed: {number}").format(number=self._words.count(removed))
        self._notice.say(told)


def _answer(answer: AnswerData) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
