"""The fields that ask for a file of labelled rows, on every page that takes one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QLineEdit, QWidget

from onhand.domain.errors import UsageError
from onhand.domain.labelled import guessed_columns, written_column
from onhand.domain.tasks import Extract, Rewrite, Summarise
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Choice, Tick, button, label

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task


class LabelledFields(QObject):
    """Asks for a file, its columns, and what to do with unknown labels.

    Signals:
        failed: the file cannot be used; an `AppError`.
    """

    failed = Signal(object)

    def __init__(self, jobs: Jobs, owner: QWidget) -> None:
        """`owner` is the widget in whose grid the fields stand."""
        super().__init__(owner)
        self._jobs = jobs
        self._owner = owner
        self._source = QLineEdit()
        self._source.setAccessibleName(self.tr("File with labelled rows"))
        self._source.setPlaceholderText(self.tr("A .csv, .tsv, .xlsx or .jsonl file"))
        # The owner takes files, wherever they are dropped.
        self._source.setAcceptDrops(False)
        self._text = Choice(self.tr("Column of the text"))
        self._label = Choice("")
        self._skip = Tick(self.tr("Leave out rows with unknown labels"))
        self._choose = button(
            self.tr("&Choose…"), name=self.tr("Choose a file of labelled rows")
        )
        self._title: QLabel = label()
        self._writes = False
        self._choose.clicked.connect(self._ask)
        self._source.editingFinished.connect(self._look)

    def add_to(self, grid: QGridLayout, task: Task | None = None) -> None:
        """Put the fields into the next rows of a grid of three columns.

        `task` is what the rows are for, as in `ask_for`.
        """
        add_row(grid, self.tr("Labelled rows"), self._source, self._choose)
        add_row(grid, self.tr("Text is in"), self._text)
        self._title = add_row(grid, "", self._label)
        grid.addWidget(self._skip, grid.rowCount(), 1, 1, 2)
        self.ask_for(task)

    def ask_for(self, task: Task | None) -> None:
        """Ask for what rows of such a task have beside their text.

        Labels; nothing where fields are found, whose values lie in columns called as they
        are; the text as it should be written.
        """
        writes, finds = isinstance(task, Rewrite | Summarise), isinstance(task, Extract)
        title = self.tr("Right text is in") if writes else self.tr("Label is in")
        name = (
            self.tr("Column of the right text")
            if writes
            else self.tr("Column of the label")
        )
        self._title.setText(title)
        self._label.setAccessibleName(name)
        for each in (self._title, self._label):
            each.setVisible(not finds)
        self._skip.setVisible(not finds and not writes)
        if writes != self._writes:
            self._writes = writes
            self._look()

    @property
    def given(self) -> bool:
        """Whether a file is named."""
        return bool(self._source.text().strip())

    def source(self) -> Path:
        """The labelled rows.

        Raises:
            UsageError: none are given.
        """
        if not self.given:
            raise UsageError(self.tr("choose a file with labelled rows"))
        return Path(self._source.text().strip()).expanduser().absolute()

    def columns(self) -> tuple[str, str]:
        """Where text and label are."""
        return self._text.currentText() or "text", self._label.currentText() or "label"

    def skips_unknown(self) -> bool:
        """Whether rows with labels that the task does not have are left out."""
        return bool(self._skip.isChecked())

    def take(self, path: str) -> None:
        """Use this file."""
        self._source.setText(path)
        self._look()

    def welcome(self, event: QDragEnterEvent) -> None:
        """Take files that are dragged in."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def take_dropped(self, event: QDropEvent) -> None:
        """Use the first file."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.take(paths[0])

    def _ask(self) -> None:
        dialog = QFileDialog(self._owner, self.tr("Choose labelled rows"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = self.tr("Labelled rows (*.csv *.tsv *.xlsx *.parquet *.jsonl *.ndjson)")
        dialog.setNameFilters([kinds, self.tr("All files (*)")])
        dialog.fileSelected.connect(self.take)
        dialog.open()

    def _look(self) -> None:
        """Find out which columns the file has."""
        if not self.given:
            return
        path = self.source()
        self._jobs.start(
            lambda services: services.open_labelled(path, ("", "")).columns(),
            lasting(self, Then(done=partial(self._offer, path), failed=self._refuse)),
        )

    def _offer(self, path: Path, names: list[str]) -> None:
        if not self.given or path != self.source():
            return
        text, right = guessed_columns(names)
        if self._writes:
            right = written_column(names) or right
        for choice, guess in ((self._text, text), (self._label, right)):
            choice.clear()
            choice.addItems(names)
            choice.setCurrentText(guess)

    def _refuse(self, error: AppError) -> None:
        self.failed.emit(error)


def add_row(grid: QGridLayout, title: str, *fields: QWidget) -> QLabel:
    """Put fields into the next row of a grid, behind a title, which is returned."""
    row = grid.rowCount()
    named = label(title, wrap=False)
    named.setBuddy(fields[0])
    grid.addWidget(named, row, 0)
    for column, field in enumerate(fields, 1):
        grid.addWidget(field, row, column)
    return named
