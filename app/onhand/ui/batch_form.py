"""What a batch needs: a task, an input, and where its answers go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from onhand.domain.errors import UsageError
from onhand.ui.parts import Choice, Tick, button, label
from onhand.ui.said import said, task_name
from onhand.ui.smaller_first import SmallerFirst
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from onhand.domain.tasks import Task


OUTPUTS = (".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".parquet")
INPUTS = (*OUTPUTS, ".tab", ".xlsm")
LINES = (".jsonl", ".ndjson")
"""What has no header to be looked at."""

_PAUSE = 400


class BatchForm(QWidget):
    """Asks for a batch; an input can be dropped.

    Signals:
        source_named: there is an input whose columns should be shown.
    """

    source_named = Signal(Path)

    def __init__(self, task_in_work: Callable[[], Task]) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._task_in_work = task_in_work
        self._names = Choice(self.tr("Task of the batch"))
        self._source = self._line(self.tr("Input file"), self.tr("A table or a folder"))
        self._target = self._line(self.tr("Output file"), self.tr("Where the answers go"))
        self._column = _NamedChoice(self.tr("Column of the text"))
        self._column.setEditText("text")
        self._told = label(tone="muted", rank="small")
        self._told.hide()
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._ask_for_columns)
        self._update = Tick(self.tr("Keep the answers of rows that did not change"))
        self._replace = Tick(self.tr("Replace an output that is there, and begin anew"))
        self.smaller = SmallerFirst()
        self._suggested = ""
        self._lay_out()
        self._source.textChanged.connect(self._suggest)
        self.set_tasks([])

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Gap.MEDIUM)
        self._grid.setVerticalSpacing(Gap.SMALL)
        self._grid.setColumnStretch(1, 1)
        choose_source = button(self.tr("Fil&e…"), name=self.tr("Choose input file"))
        choose_folder = button(self.tr("F&older…"), name=self.tr("Choose input folder"))
        choose_target = button(self.tr("&Choose…"), name=self.tr("Choose output file"))
        choose_source.clicked.connect(self._choose_source)
        choose_folder.clicked.connect(self._choose_folder)
        choose_target.clicked.connect(self._choose_target)
        self._add(self.tr("Task"), self._names)
        self._add(self.tr("Input"), self._source, choose_source, choose_folder)
        self._grid.addWidget(self._told, self._grid.rowCount(), 1, 1, 3)
        self._add(self.tr("Text is in"), self._column)
        self._add(self.tr("Output"), self._target, choose_target)
        for choice in (self._update, self._replace, self.smaller):
            self._grid.addWidget(choice, self._grid.rowCount(), 1, 1, 3)

    def set_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer these tasks, and that in Work."""
        self._names.clear()
        self._names.addItem(self.tr("The task that is set up in Work"), None)
        for name, task in tasks:
            self._names.addItem(task_name(task) or name, task)

    def task(self) -> Task:
        """The task that is chosen.

        Raises:
            TaskInvalid: it is the one in Work, and that breaks a rule.
        """
        chosen: Task | None = self._names.currentData()
        return self._task_in_work() if chosen is None else chosen

    def source(self) -> Path:
        """The input.

        Raises:
            UsageError: none is given.
        """
        return self._path(self._source, self.tr("choose an input file"))

    def target(self) -> Path:
        """The output.

        Raises:
            UsageError: none is given.
        """
        return self._path(self._target, self.tr("choose where the answers go"))

    def column(self) -> str:
        """Where in a row the text is."""
        return self._column.currentText().strip() or "text"

    def updates(self) -> bool:
        """Whether rows that did not change keep their answers."""
        return bool(self._update.isChecked())

    def show_columns(self, source: Path, names: tuple[str, ...], told: str) -> None:
        """Offer the columns of an input, and say how it is read."""
        if Path(self._source.text().strip()) != source:
            return  # it was changed meanwhile
        wanted = self.column()
        self._column.clear()
        self._column.addItems([name for name in names if name])
        if wanted not in names and len(names) == 1:
            wanted = names[0]
        self._column.setEditText(wanted)
        self._told.setText(said(told))
        self._told.setVisible(bool(told))

    def replaces(self) -> bool:
        """Whether an output that is there may go."""
        return bool(self._replace.isChecked())

    def row(self, *buttons: QPushButton) -> QHBoxLayout:
        """Buttons side by side."""
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        for each in buttons:
            row.addWidget(each)
        return row

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file as the input."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        self._source.setText(paths[0])
        event.acceptProposedAction()

    def _line(self, name: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(example)
        line.setAcceptDrops(False)  # the form takes files, wherever they are dropped
        return line

    def _add(self, title: str, *fields: QWidget) -> None:
        row = self._grid.rowCount()
        named = label(title, wrap=False)
        named.setBuddy(fields[0])
        self._grid.addWidget(named, row, 0)
        for column, field in enumerate(fields, 1):
            self._grid.addWidget(field, row, column)

    def _path(self, line: QLineEdit, missing: str) -> Path:
        if not line.text().strip():
            raise UsageError(missing)
        return Path(line.text().strip()).expanduser().absolute()

    def _suggest(self, source: str) -> None:
        """Offer an output beside the input, unless the user has named one."""
        path = Path(source.strip())
        if self._target.text() == self._suggested and path.name:
            suffix = path.suffix.lower() if path.suffix.lower() in OUTPUTS else ".csv"
            self._suggested = str(path.with_name(f"{path.stem}.answers{suffix}"))
            self._target.setText(self._suggested)
        self._told.hide()
        self._timer.start()

    def _ask_for_columns(self) -> None:
        text = self._source.text().strip()
        if text and Path(text).suffix.lower() not in LINES:
            self.source_named.emit(Path(text))

    def _choose_source(self) -> None:
        dialog = self._dialog(self.tr("Choose the input"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._source.setText)
        dialog.open()

    def _choose_folder(self) -> None:
        dialog = self._dialog(self.tr("Choose the folder with the texts"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._source.setText)
        dialog.open()

    def _choose_target(self) -> None:
        dialog = self._dialog(self.tr("Choose the output"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # Replacing is asked for by the box in the form.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setDefaultSuffix("csv")
        dialog.setNameFilters(
            [
                self.tr("Answers ({files})").format(files=_patterns(OUTPUTS)),
                self.tr("All files (*)"),
            ]
        )
        dialog.fileSelected.connect(self._target.setText)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(
            [
                self.tr("Tables ({files})").format(files=_patterns(INPUTS)),
                self.tr("All files (*)"),
            ]
        )
        return dialog


class _NamedChoice(Choice):
    """A drop-down list in which something else can be typed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setEditable(True)
        line = QLineEdit()
        line.setAccessibleName(self.tr("{name}: typed").format(name=name))
        line.setAcceptDrops(False)  # the form takes files, wherever they are dropped
        self.setLineEdit(line)


def _patterns(suffixes: Sequence[str]) -> str:
    return " ".join(f"*{each}" for each in suffixes)
