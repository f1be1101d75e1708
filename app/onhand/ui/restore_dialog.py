"""Puts a backup in the place of the history, and says what that costs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.progress import CancelToken
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Notice, announce, button, label
from onhand.ui.table import Table
from onhand.ui.table_model import Column, TableModel
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

Result = TypeVar("Result")

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.errors import AppError
    from onhand.services.bundle import Services
    from onhand.services.keeping_ports import Backup, Restored


class RestoreDialog(QDialog):
    """Lists the backups, the newest good one chosen.

    Signals:
        restored: the history is another one now; how that went, in two sentences.
    """

    restored = Signal(str, str)

    def __init__(self, jobs: Jobs, parent: QWidget, *, damaged: bool) -> None:
        """`damaged` says that the history cannot be read, and so may be begun anew."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Restore a backup"))
        self.setMinimumWidth(520)
        self._jobs = jobs
        self._words = Wording(self)
        self._damaged = damaged
        self._working = False
        self._begun: list[bool] = []
        self._cancel = CancelToken()
        self._good = ""
        self._loses = label()
        self._notice = Notice()
        self._model: TableModel[Backup] = TableModel(
            (
                Column(title=self.tr("Made"), text=self._moment),
                Column(title=self.tr("Age"), text=self._age),
                Column(title=self.tr("Size"), text=self._size),
            )
        )
        self._table = Table(self.tr("Backups"), self._model, widest=0)
        self._leave = button(self.tr("&Not now"))
        self._anew = button(
            self.tr("Begin &empty"), name=self.tr("Begin with an empty history")
        )
        self._do = button(self.tr("&Restore"), part="primary", name=self.tr("Restore it"))
        self._lay_out()
        self._connect()

    def reject(self) -> None:
        """Close, and give up what still waits; what has begun is brought to its end."""
        if not self._working or not self._begun:
            self._cancel.cancel()
            super().reject()

    def _lay_out(self) -> None:
        if self._damaged:
            title = self.tr("The history is damaged")
            told = self.tr(
                "It cannot be read whole. A backup can take its place; the damaged file is"
                " set aside under another name, and nothing is deleted."
            )
        else:
            title = self.tr("Put a backup in the place of the history")
            told = self.tr(
                "The history as it is now is set aside under another name, and nothing is"
                " deleted."
            )
        self._anew.setVisible(self._damaged)
        self._do.setEnabled(False)
        self._table.setMinimumHeight(150)
        self._table.set_empty(self.tr("Looking for backups…"))
        row = QHBoxLayout()
        for each in (self._leave, self._anew):
            row.addWidget(each)
        row.addStretch()
        row.addWidget(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(title, rank="heading"))
        column.addWidget(label(told))
        column.addWidget(self._table, 1)
        column.addWidget(self._loses)
        column.addWidget(self._notice)
        column.addLayout(row)

    def _connect(self) -> None:
        self._leave.clicked.connect(self.reject)
        self._anew.clicked.connect(self._begin_anew)
        self._do.clicked.connect(self._restore)
        self._table.chosen.connect(self._show_loss)
        self._table.entered_row.connect(lambda _: self._restore())
        self._jobs.look_up(
            lambda archive: (archive.backups.all(), archive.backups.newest_good()),
            lasting(self, Then(done=self._show, failed=self._fail)),
        )

    def _show(self, found: tuple[list[Backup], Backup | None]) -> None:
        backups, good = found
        self._model.reset(backups)
        if not backups:
            self._table.set_empty(self.tr("There is no backup yet"))
        elif good is None:
            told = self.tr("None of the backups can be read.")
            self._notice.say(told, tone="warning")
        else:
            self._good = good.name
            self._table.choose(backups.index(good))
            self._table.setFocus()

    def _show_loss(self, row: int) -> None:
        self._do.setEnabled(row >= 0 and not self._working)
        if row < 0:
            self._loses.setText("")
            return
        backup = self._model.row(row)
        told = self.tr(
            "This backup was made {age} ago, on {moment}. What was answered, corrected or"
            " pinned since then would not be in the history any more."
        ).format(age=self._age(backup), moment=self._words.moment(backup.at))
        if backup.name == self._good:
            told += " " + self.tr("It is the newest that can be read whole.")
        self._loses.setText(told)
        announce(self, told)

    def _restore(self) -> None:
        row = self._table.chosen_row()
        if row >= 0 and not self._working:
            name = self._model.row(row).name
            self._work(lambda services: services.backups.restore(name), self._end)

    def _begin_anew(self) -> None:
        self._work(lambda services: services.backups.begin_anew(), self._end_anew)

    def _work(
        self, work: Callable[[Services], Result], done: Callable[[Result], None]
    ) -> None:
        """Close the file on both sides, then have it replaced."""
        begun = self._begun = []

        def replace(services: Services) -> Result:
            begun.append(True)
            services.let_go()
            return work(services)

        self._set_working(working=True)
        self._cancel = CancelToken()
        end = lasting(self, Then(done=done, failed=self._fail))

        def go_on(_: None) -> None:
            self._jobs.start(replace, end, cancel=self._cancel, long=True)

        self._jobs.look_up(
            lambda archive: archive.let_go(),
            lasting(self, Then(done=go_on, failed=self._fail)),
        )

    def _end(self, restored: Restored) -> None:
        self._finish(
            self.tr("The history is that of {moment} again.").format(
                moment=self._words.moment(restored.backup.at)
            ),
            restored.set_aside,
        )

    def _end_anew(self, aside: str) -> None:
        self._finish(self.tr("The history is empty."), aside)

    def _finish(self, title: str, aside: str) -> None:
        told = self.tr("What was there before is kept as {name}.").format(name=aside)
        # A connection that was opened meanwhile would write into the file set aside.
        self._jobs.look_up(
            lambda archive: archive.let_go(),
            Then(done=lambda _: None, failed=lambda _: None),
        )
        self._set_working(working=False)
        self.restored.emit(title, told if aside else "")
        self.accept()

    def _fail(self, error: AppError) -> None:
        self._set_working(working=False)
        self._notice.say_failure(error)

    def _set_working(self, *, working: bool) -> None:
        self._working = working
        for each in (self._table, self._anew):
            each.setEnabled(not working)
        self._do.setEnabled(not working and self._table.chosen_row() >= 0)
        if working:
            told = self.tr("Restoring. What runs now, such as a batch, ends first…")
            self._notice.say(told)
        else:
            self._notice.hide()

    def _moment(self, backup: Backup) -> str:
        return self._words.moment(backup.at)

    def _size(self, backup: Backup) -> str:
        return self._words.size(backup.bytes)

    def _age(self, backup: Backup) -> str:
        now = datetime.fromtimestamp(QDateTime.currentSecsSinceEpoch(), UTC)
        return self._words.span(now - backup.at)
