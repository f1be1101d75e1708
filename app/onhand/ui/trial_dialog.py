"""The dialog that shows what a trial of a batch gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.answers import plain
from onhand.domain.errors import AppError
from onhand.ui.parts import Notice, button, label
from onhand.ui.said import said, what
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.services.history_ports import Record
    from onhand.services.try_batch import Trial

_WIDE, _HIGH = 680, 560
_ANSWER = 200
EXCERPT = 200


class TrialDialog(QDialog):
    """Some rows with their answers, and how long all of them will take.

    Signals:
        wanted: all rows shall be answered.
    """

    wanted = Signal()

    def __init__(self, trial: Trial, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Trial"))
        self._words = Wording(self)
        rows: TableModel[Record] = TableModel(answer_columns(self._words))
        rows.reset(list(trial.records))
        table = Table(self.tr("Rows that were tried"), rows, widest=2)
        table.set_empty(self.tr("There are no rows"))
        table.setMinimumHeight(120)
        size_columns(table)
        run = button(self.tr("&Run all rows"), part="primary")
        close = button(self.tr("&Close"))
        run.clicked.connect(self.accept)
        close.clicked.connect(self.reject)
        self.accepted.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self._told(trial), rank="heading"))
        kept = self.tr("Nothing was kept. In the batch some answers may be others.")
        column.addWidget(
            label(" ".join(filter(None, (said(trial.told), kept))), tone="muted")
        )
        column.addWidget(self._notice(trial))
        column.addWidget(table, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        buttons.addStretch()
        buttons.addWidget(close)
        buttons.addWidget(run)
        column.addLayout(buttons)
        self.resize(_WIDE, _HIGH)

    def _notice(self, trial: Trial) -> Notice:
        failed = sum(record.error is not None for record in trial.records)
        notice = Notice()
        notice.hide()
        if failed:
            told = self.tr("Rows without an answer: {number}").format(number=failed)
            notice.say(told, self.tr("In the batch they will be rows with an error."))
        return notice

    def _told(self, trial: Trial) -> str:
        return self.tr("All %Ln rows will take about {time}", "", trial.total).format(
            time=self._words.seconds(trial.seconds)
        )


def answer_columns(words: Wording) -> tuple[Column[Record], ...]:
    """Row, answer, text and confidence of a row that was answered."""
    translate = QCoreApplication.translate
    return (
        Column(title=translate("answer_columns", "Row"), text=lambda record: record.name),
        Column(title=translate("answer_columns", "Answer"), text=answer_of),
        Column(
            title=translate("answer_columns", "Text"),
            text=lambda record: _line(record.text),
        ),
        Column(
            title=translate("answer_columns", "Confidence"),
            text=lambda record: confidence_of(record, words),
        ),
    )


def size_columns(table: Table) -> None:
    """Give the columns what they need; a long answer leaves the text its room."""
    for section in (0, 1, 3):
        table.resizeColumnToContents(section)
    table.setColumnWidth(1, min(_ANSWER, table.columnWidth(1)))


def answer_of(record: Record) -> str:
    """An answer in a line, or why there is none."""
    if record.outcome is None:
        return what(AppError.from_code(record.error or "", record.error_detail))
    return _line(plain(record.outcome.answer))[:40]


def confidence_of(record: Record, words: Wording) -> str:
    """How sure an answer is, where that can be said."""
    sure = record.outcome.confidence if record.outcome else None
    return "" if sure is None else words.percent(sure)


def _line(text: str) -> str:
    return " ".join(text[:EXCERPT].split())
