"""What a measurement needs: a task, labelled rows, and models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.labelled import is_multiple
from onhand.domain.tasks import Extract, Rewrite, Summarise
from onhand.ui.labelled_fields import LabelledFields, add_row
from onhand.ui.parts import Choice, Tick, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from onhand.domain.tasks import Task
    from onhand.services.ports import InstalledModel
    from onhand.ui.jobs import Jobs

_ROWS = 500
_MOST_ROWS = 1_000_000


class MeasureForm(QWidget):
    """Asks for a measurement; labelled rows can be dropped.

    Signals:
        task_chosen: another task is chosen.
    """

    task_chosen = Signal()

    def __init__(self, jobs: Jobs, task_in_work: Callable[[], Task]) -> None:
        """`task_in_work` gives the task set up in Work; it may raise `TaskInvalid`."""
        super().__init__()
        self.setAcceptDrops(True)
        self._words = Wording(self)
        self._task_in_work = task_in_work
        self._names = Choice(self.tr("Task to measure"))
        self.rows = LabelledFields(jobs, self)
        self._most = QSpinBox()
        self._most.setAccessibleName(self.tr("Rows at most"))
        self._most.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._most.setRange(1, _MOST_ROWS)
        self._most.setValue(_ROWS)
        self._ticks: dict[str, Tick] = {}
        self._models = QVBoxLayout()
        self._models.setSpacing(Gap.TINY)
        self._grid = QGridLayout(self)
        self._about_rows = label(tone="muted")
        self.private = Tick(self.tr("Keep no&thing of this"))
        self._lay_out()
        self.set_tasks([])
        self._names.currentIndexChanged.connect(lambda _: self.task_chosen.emit())

    def set_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer these tasks, and that in Work."""
        self._names.clear()
        self._names.addItem(self.tr("The task that is set up in Work"), None)
        for name, task in tasks:
            self._names.addItem(name, task)

    def tell_of(self, task: Task | None) -> None:
        """Say what rows of this task look like, where that is not plain."""
        self.rows.ask_for(task)
        told = ""
        if isinstance(task, Extract):
            told = self.tr("A row has a column for each field, called as the field is.")
        elif isinstance(task, Rewrite | Summarise):
            told = self.tr("A row has a text, and the text as it should be written.")
        elif task is not None and is_multiple(task):
            told = self.tr("A row names all labels of its text, with “; ” between them.")
        self._about_rows.setText(told)
        self._about_rows.setVisible(bool(told))

    def set_models(self, models: Sequence[InstalledModel], used: str) -> None:
        """Offer these models; the one in use is ticked where none was ticked before."""
        ticked = set(self.models()) or {used}
        for tick in self._ticks.values():
            tick.hide()
            tick.deleteLater()
        self._ticks = {}
        for each in models:
            title = self.tr("{model} ({size})").format(
                model=each.title, size=self._words.size(each.bytes)
            )
            tick = Tick(
                title.replace("&", "&&"),
                self.tr("Measure {model}").format(model=each.title),
            )
            tick.setChecked(each.id in ticked)
            self._ticks[each.id] = tick
            self._models.addWidget(tick)

    def task(self) -> Task:
        """The task that is chosen.

        Raises:
            TaskInvalid: it is the one in Work, and that breaks a rule.
        """
        chosen: Task | None = self._names.currentData()
        return self._task_in_work() if chosen is None else chosen

    def models(self) -> list[str]:
        """The models that are ticked."""
        return [model for model, tick in self._ticks.items() if tick.isChecked()]

    def most(self) -> int:
        """How many rows to take."""
        return self._most.value()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        self.rows.welcome(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        self.rows.take_dropped(event)

    def _lay_out(self) -> None:
        grid = self._grid
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Gap.MEDIUM)
        grid.setVerticalSpacing(Gap.SMALL)
        grid.setColumnStretch(1, 1)
        add_row(grid, self.tr("Task"), self._names)
        self.rows.add_to(grid)
        grid.addWidget(self._about_rows, grid.rowCount(), 1, 1, 2)
        self._about_rows.hide()
        add_row(grid, self.tr("Rows at most"), self._most)
        grid.setAlignment(self._most, Qt.AlignmentFlag.AlignLeft)
        row = grid.rowCount()
        models = label(self.tr("Models"), wrap=False)
        grid.addWidget(models, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(self._models, row, 1, 1, 2)
        grid.addWidget(self.private, row + 1, 1, 1, 2)
