"""What was used: per task and month, what stayed here and what cloud models cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.ui.cloud_words import CloudWording
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Notice, button, label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.usage import UsageRow
    from onhand.services.usage import Usage


class UsageDialog(QDialog):
    """A table, the newest month first."""

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What was used"))
        self.resize(940, 460)
        self._words, self._cloud = Wording(self), CloudWording(self)
        self._notice = Notice()
        self._rows: TableModel[UsageRow] = TableModel(self._columns())
        self._table = Table(self.tr("What was used"), self._rows, widest=1)
        self._told = label(tone="muted")
        close = button(self.tr("&Close"), part="primary")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("What was used"), rank="heading"))
        column.addWidget(self._notice)
        column.addWidget(self._table, 1)
        column.addWidget(self._told)
        column.addLayout(row)
        jobs.start(
            lambda services: services.cloud.usage(),
            lasting(self, Then(done=self._show, failed=self._notice.say_failure)),
        )

    def _columns(self) -> list[Column[UsageRow]]:
        count, money = self._words.count, self._cloud.money
        return [
            Column(title=self.tr("Month"), text=lambda row: row.month),
            Column(title=self.tr("Task"), text=lambda row: row.task),
            Column(title=self.tr("Requests"), text=lambda row: count(row.requests)),
            Column(
                title=self.tr("Local"),
                text=lambda row: self._words.percent(row.share_local),
            ),
            Column(
                title=self.tr("Time"), text=lambda row: self._words.seconds(row.seconds)
            ),
            Column(title=self.tr("Tokens"), text=lambda row: count(row.tokens)),
            Column(title=self.tr("Spent"), text=lambda row: money(row.spent)),
            Column(
                title=self.tr("All in a cloud"), text=lambda row: money(row.cost_of_all)
            ),
            Column(title=self.tr("Saved"), text=lambda row: money(row.saved)),
        ]

    def _show(self, usage: Usage) -> None:
        self._rows.reset(usage.rows)
        self._table.resizeColumnsToContents()
        if usage.unread is not None:
            self._notice.say_failure(usage.unread)
        told = [self.tr("Tokens of texts that stayed here are an estimate.")]
        if usage.compared:
            about = self.tr(
                "“All in a cloud” is about what {model} would have cost for all of them."
            )
            told.insert(0, about.format(model=usage.compared))
        if not usage.rows:
            told = [self.tr("Nothing was done yet.")]
        self._told.setText(" ".join(told))
