"""What a measurement needs: a task, labelled rows, and models."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.errors import UsageError
from onhand.domain.labelled import guessed_columns
from onhand.domain.tasks import Classify
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Choice, Tick, button, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task
    from onhand.services.ports import InstalledModel

_ROWS = 500
_MOST_ROWS = 1_000_000


class MeasureForm(QWidget):
    """Asks for a measurement; labelled rows can be dropped.

    Signals:
        failed: the file cannot be used; an `AppError`.
        task_changed: another task is chosen.
    """

    failed = Signal(object)
    task_changed = Signal()

    def __init__(self, jobs: Jobs, task_in_work: Callable[[], Task]) -> None:
        """`task_in_work` gives the task set up in Work; it may raise `TaskInvalid`."""
        super().__init__()
        self.setAcceptDrops(True)
        self._jobs = jobs
        self._words = Wording(self)
        self._task_in_work = task_in_work
        self._names = Choice(self.tr("Task to measure"))
        self._source = QLineEdit()
        self._source.setAccessibleName(self.tr("File with labelled rows"))
        self._source.setPlaceholderText(self.tr("A .csv, .tsv or .jsonl file"))
        self._source.setAcceptDrops(
            False
        )  # the form takes files, wherever they are dropped
        self._text = Choice(self.tr("Column of the text"))
        self._label = Choice(self.tr("Column of the label"))
        self._most = QSpinBox()
        self._most.setAccessibleName(self.tr("Rows at most"))
        self._most.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._most.setRange(1, _MOST_ROWS)
        self._most.setValue(_ROWS)
        self._skip = Tick(self.tr("Leave out rows with unknown labels"))
        self._ticks: dict[str, Tick] = {}
        self._models = QVBoxLayout()
        self._models.setSpacing(Gap.TINY)
        self._grid = QGridLayout(self)
        self._lay_out()
        self._source.editingFinished.connect(self._look)
        self._names.currentIndexChanged.connect(self.task_changed)
        self.set_tasks([])

    def set_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer those of these tasks that choose one label, and that in Work."""
        self._names.clear()
        self._names.addItem(self.tr("The task that is set up in Work"), None)
        for name, task in tasks:
            if isinstance(task, Classify) and not task.multiple:
                self._names.addItem(name, task)

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

    def source(self) -> Path:
        """The labelled rows.

        Raises:
            UsageError: none are given.
        """
        if not self._source.text().strip():
            raise UsageError(self.tr("choose a file with labelled rows"))
        return Path(self._source.text().strip()).expanduser().absolute()

    def columns(self) -> tuple[str, str]:
        """Where text and label are."""
        return self._text.currentText() or "text", self._label.currentText() or "label"

    def models(self) -> list[str]:
        """The models that are ticked."""
        return [model for model, tick in self._ticks.items() if tick.isChecked()]

    def most(self) -> int:
        """How many rows to take."""
        return self._most.value()

    def skips_unknown(self) -> bool:
        """Whether rows with labels that the task does not have are left out."""
        return bool(self._skip.isChecked())

    def take(self, path: str) -> None:
        """Use this file."""
        self._source.setText(path)
        self._look()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.take(paths[0])

    def _lay_out(self) -> None:
        grid = self._grid
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Gap.MEDIUM)
        grid.setVerticalSpacing(Gap.SMALL)
        grid.setColumnStretch(1, 1)
        choose = button(self.tr("&Choose…"), name=self.tr("Choose a file of labelled rows"))
        choose.clicked.connect(self._choose)
        self._add(self.tr("Task"), self._names)
        self._add(self.tr("Labelled rows"), self._source, choose)
        self._add(self.tr("Text is in"), self._text)
        self._add(self.tr("Label is in"), self._label)
        self._add(self.tr("Rows at most"), self._most)
        grid.setAlignment(self._most, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._skip, grid.rowCount(), 1, 1, 2)
        row = grid.rowCount()
        models = label(self.tr("Models"), wrap=False)
        grid.addWidget(models, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(self._models, row, 1, 1, 2)

    def _add(self, title: str, *fields: QWidget) -> None:
        row = self._grid.rowCount()
        named = label(title, wrap=False)
        named.setBuddy(fields[0])
        self._grid.addWidget(named, row, 0)
        for column, field in enumerate(fields, 1):
            self._grid.addWidget(field, row, column)

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose labelled rows"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = self.tr("Labelled rows (*.csv *.tsv *.jsonl *.ndjson)")
        dialog.setNameFilters([kinds, self.tr("All files (*)")])
        dialog.fileSelected.connect(self.take)
        dialog.open()

    def _look(self) -> None:
        """Find out which columns the file has."""
        if not self._source.text().strip():
            return
        path = self.source()
        self._jobs.start(
            lambda services: services.open_labelled(path, ("", "")).columns(),
            lasting(self, Then(done=partial(self._offer, path), failed=self._refuse)),
        )

    def _offer(self, path: Path, names: list[str]) -> None:
        if not self._source.text().strip() or path != self.source():
            return
        for choice, guess in zip(
            (self._text, self._label), guessed_columns(names), strict=True
        ):
            choice.clear()
            choice.addItems(names)
            choice.setCurrentText(guess)

    def _refuse(self, error: AppError) -> None:
        self.failed.emit(error)
