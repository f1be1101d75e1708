"""The dialog in which the answers of a batch are looked through, the least sure first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.answers import plain
from onhand.ui.clipboard import TextBox
from onhand.ui.correct_dialog import CorrectDialog
from onhand.ui.input_box import wrapping
from onhand.ui.jobs import Jobs, Then
from onhand.ui.offsets import shown
from onhand.ui.parts import Notice, announce, button, label
from onhand.ui.table import Table
from onhand.ui.table_model import TableModel
from onhand.ui.theme import Gap
from onhand.ui.trial_dialog import answer_columns, size_columns
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.services.batch_ports import Job
    from onhand.services.history_ports import Record

LIMIT = 200
"""So many answers are shown at once; nobody looks through more in one go."""

_WIDE, _HIGH = 720, 620


class ReviewDialog(QDialog):
    """Judges answers of one batch; what is judged leaves the list and teaches.

    Signals:
        judged: the user has said of an answer what is right; its `Record`.
    """

    judged = Signal(object)

    def __init__(self, jobs: Jobs, job: Job, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Look through answers"))
        self._jobs = jobs
        self._job = job
        self._words = Wording(self)
        self._judged = 0
        self._notice = Notice()
        self._notice.hide()
        self._told = label(tone="muted")
        self._rows: TableModel[Record] = TableModel(answer_columns(self._words))
        self._table = Table(self.tr("Answers, the least sure first"), self._rows, widest=2)
        self._table.setMinimumHeight(110)
        self._table.set_empty(self.tr("Looking…"))
        self._detail = TextBox()
        self._detail.setReadOnly(True)
        self._detail.setTabChangesFocus(True)
        self._detail.setProperty("part", "reading")
        self._detail.setAccessibleName(self.tr("Text and answer"))
        self._detail.setMinimumHeight(70)
        self._detail.setMaximumHeight(self.fontMetrics().lineSpacing() * 8)
        self._right = button(self.tr("It is &right"), part="primary")
        self._correct = button(self.tr("&Correct…"), name=self.tr("Correct answer"))
        self._lay_out()
        self._right.clicked.connect(self._confirm)
        self._correct.clicked.connect(self._open_correction)
        self._table.chosen.connect(self._show_chosen)
        self._table.entered_row.connect(lambda _: self._open_correction())
        self._show_chosen(-1)
        self._look()

    def _lay_out(self) -> None:
        close = button(self.tr("C&lose"))
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        title = self.tr("The least sure answers of {name}")
        name = self._job.plan.target.name
        column.addWidget(label(title.format(name=name), rank="heading"))
        for each in (self._told, self._notice):
            column.addWidget(each)
        column.addWidget(self._table, 1)
        column.addWidget(self._detail)
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        buttons.addWidget(self._right)
        buttons.addWidget(self._correct)
        buttons.addStretch()
        buttons.addWidget(close)
        column.addLayout(buttons)
        self.resize(_WIDE, _HIGH)

    def _look(self) -> None:
        number = self._job.id
        self._jobs.look_up(
            lambda archive: archive.jobs.least_sure(number, LIMIT),
            Then(done=self._show_found, failed=self._notice.say_failure),
        )

    def _show_found(self, found: list[Record]) -> None:
        self._rows.reset(found)
        self._table.set_empty(self.tr("There is nothing left to judge"))
        size_columns(self._table)
        self._tell()
        if found:
            self._table.choose(0)
            self._table.setFocus()

    def _tell(self) -> None:
        told = self.tr(
            "What you judge here teaches the task. Shown: {shown}, judged: {judged}."
        )
        self._told.setText(
            told.format(
                shown=self._words.count(self._rows.rowCount()),
                judged=self._words.count(self._judged),
            )
        )

    def _chosen(self) -> Record | None:
        row = self._table.chosen_row()
        return self._rows.row(row) if row >= 0 else None

    def _show_chosen(self, _: int) -> None:
        record = self._chosen()
        self._right.setEnabled(record is not None)
        self._correct.setEnabled(record is not None)
        if record is None or record.outcome is None:
            self._detail.clear()
            return
        text = shown(f"{plain(record.outcome.answer)}\n\n{record.text}")
        self._detail.setWordWrapMode(wrapping(text))
        self._detail.setPlainText(text)

    def _confirm(self) -> None:
        if (record := self._chosen()) is None:
            return
        number = record.id
        self._right.setEnabled(False)
        self._jobs.look_up(
            lambda archive: archive.correct.confirm(number),
            Then(done=self._take_off, failed=self._notice.say_failure),
        )

    def _open_correction(self) -> None:
        if (record := self._chosen()) is not None:
            dialog = CorrectDialog(self._jobs, record, self)
            dialog.corrected.connect(self._take_off)
            dialog.open()

    def _take_off(self, judged: Record) -> None:
        """Show what is left, with the next one chosen."""
        row = max(0, self._table.chosen_row())
        self._judged += 1
        left = [each for each in self._rows.rows() if each.id != judged.id]
        self._rows.reset(left)
        self._tell()
        announce(self, self.tr("Kept"))
        self.judged.emit(judged)
        if left:
            self._table.choose(min(row, len(left) - 1))
        else:
            self._show_chosen(-1)
            self._look()
