"""Forgetting in the window: what goes, from where, and what stays."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from onhand.services.keeping_ports import Which
from onhand.ui.forget_words import ForgetWords
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Choice, Notice, announce, button, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onhand.domain.errors import AppError
    from onhand.domain.progress import Progress
    from onhand.services.bundle import Archive
    from onhand.services.history_ports import Occurring
    from onhand.services.keeping_ports import ExportedFile, Forgotten

Result = TypeVar("Result")
_PAUSE = 250
_DAYS = 90
_MOST_DAYS = 36500


class Reach(Enum):
    """How much is to be forgotten."""

    CHOSEN = "chosen"
    TASK = "task"
    OLDER = "older"
    ALL = "all"


class ForgetDialog(QDialog):
    """Asks what to forget, and forgets it away from the UI thread.

    Signals:
        forgotten: entries are gone.
    """

    forgotten = Signal()

    def __init__(self, jobs: Jobs, chosen: Sequence[int], parent: QWidget) -> None:
        """`chosen` are numbers of entries; there need not be any."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Forget"))
        self.setMinimumWidth(520)
        self._jobs = jobs
        self._words = Wording(self)
        self._says = ForgetWords(self)
        self._chosen = tuple(chosen)
        self._asked = 0
        self._working = False
        self._reach = Choice(self.tr("What to forget"))
        self._task = Choice(self.tr("Task to forget"))
        self._days = QLineEdit(str(_DAYS))
        self._concerned = label(rank="heading")
        self._backups = label()
        self._stays = label()
        self._bar = QProgressBar()
        self._far = label(tone="muted")
        self._notice = Notice()
        self._remove = button(
            self.tr("&Delete these copies"),
            name=self.tr("Delete copies that cannot be read"),
        )
        self._leave = button(self.tr("&Cancel"))
        self._do = button(self.tr("&Forget"), part="primary", name=self.tr("Forget now"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._fill()
        self._lay_out()
        self._connect()
        self._look()

    def _fill(self) -> None:
        if self._chosen:
            told = self.tr("The %Ln chosen entries", "", len(self._chosen))
            self._reach.addItem(told, Reach.CHOSEN)
        self._reach.addItem(self.tr("All entries of one task"), Reach.TASK)
        self._reach.addItem(self.tr("All entries that are older"), Reach.OLDER)
        self._reach.addItem(self.tr("Everything"), Reach.ALL)
        if not self._chosen:
            self._reach.setCurrentIndex(self._reach.findData(Reach.OLDER))
        self._days.setValidator(QIntValidator(1, _MOST_DAYS, self._days))
        self._days.setAccessibleName(self.tr("Days"))

    def _lay_out(self) -> None:
        days = QHBoxLayout()
        before, behind = label(self.tr("Older than"), wrap=False), label(self.tr("days"))
        self._days.setFixedWidth(self._days.fontMetrics().horizontalAdvance("0" * 9))
        for part in (before, self._days, behind):
            days.addWidget(part)
        days.addStretch()
        self._older = QWidget()
        self._older.setLayout(days)
        days.setContentsMargins(0, 0, 0, 0)
        self._bar.setAccessibleName(self.tr("How far forgetting is"))
        self._bar.setTextVisible(False)
        self._notice.column.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignLeft)
        self._remove.hide()
        row = QHBoxLayout()
        row.addWidget(self._leave)
        row.addStretch()
        row.addWidget(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("What shall be forgotten?"), rank="heading"))
        asked = (self._reach, self._task, self._older)
        told = (self._concerned, self._backups, self._stays, self._bar, self._far)
        for widget in (*asked, *told, self._notice):
            column.addWidget(widget)
        column.addStretch()
        column.addLayout(row)
        self._bar.hide()
        self._far.hide()

    def _connect(self) -> None:
        self._reach.currentIndexChanged.connect(self._look)
        self._task.currentIndexChanged.connect(self._look)
        self._days.textChanged.connect(self._timer.start)
        self._timer.timeout.connect(self._look)
        self._leave.clicked.connect(self.reject)
        self._do.clicked.connect(lambda: self._begin(delete_unreadable=False))
        self._remove.clicked.connect(lambda: self._begin(delete_unreadable=True))
        self._jobs.look_up(
            lambda archive: archive.history.occurring(),
            self._then(self._show_tasks),
        )
        self._jobs.look_up(
            lambda archive: (len(archive.backups.all()), archive.exports.known()),
            self._then(self._show_reach),
        )

    def reject(self) -> None:
        """Close, unless it is at work: backups that were begun are written to their end."""
        if not self._working:
            super().reject()

    def _then(self, done: Callable[[Result], None]) -> Then[Result]:
        return lasting(self, Then(done=done, failed=self._fail))

    def _which(self) -> Which | None:
        match self._reach.currentData():
            case Reach.CHOSEN:
                return Which(ids=self._chosen)
            case Reach.TASK:
                task = self._task.currentData()
                return None if task is None else Which(task_id=task)
            case Reach.OLDER:
                fits = self._days.hasAcceptableInput()
                return Which(older=int(self._days.text())) if fits else None
            case _:
                return Which(all=True)

    def _look(self) -> None:
        """Count what it would take."""
        self._timer.stop()
        reach, which = self._reach.currentData(), self._which()
        self._task.setVisible(reach is Reach.TASK)
        self._older.setVisible(reach is Reach.OLDER)
        self._asked += 1
        self._do.setEnabled(False)
        self._concerned.hide()
        if which is not None:
            number = self._asked
            self._jobs.look_up(
                lambda archive: archive.forget.count(which),
                self._then(lambda found: self._show_count(number, found)),
            )

    def _show_count(self, asked: int, found: int) -> None:
        if asked != self._asked or self._working:
            return
        self._concerned.setText(self._says.concerned(found))
        self._concerned.show()
        # What is not in the history any more may be in a backup.
        self._do.setEnabled(True)

    def _show_tasks(self, found: Occurring) -> None:
        names = sorted(
            (self._words.task(task), task_id) for task_id, task in found.tasks.items()
        )
        for name, task_id in names:
            self._task.addItem(name, task_id)

    def _show_reach(self, known: tuple[int, list[ExportedFile]]) -> None:
        backups, files = known
        self._backups.setText(self._says.reach(backups))
        self._stays.setText(self._says.stays(files))

    def _begin(self, *, delete_unreadable: bool) -> None:
        which = self._which()
        if which is None:
            return
        self._set_working(working=True)
        self._notice.hide()
        self._show_far(self.tr("Forgetting…"))

        def on_progress(far: Progress) -> None:
            self._jobs.post(lambda: self._follow(far))

        def work(archive: Archive) -> Forgotten:
            return archive.forget(
                which, delete_unreadable=delete_unreadable, on_progress=on_progress
            )

        self._jobs.look_up(
            work,
            lasting(
                self,
                Then(
                    done=self._show_result,
                    failed=self._fail,
                    ended=lambda: self._set_working(working=False),
                ),
            ),
        )

    def _set_working(self, *, working: bool) -> None:
        self._working = working
        for each in (self._reach, self._task, self._days, self._do, self._leave):
            each.setEnabled(not working)
        self._bar.setVisible(working)
        self._far.setVisible(working)

    def _follow(self, far: Progress) -> None:
        if not isValid(self) or not self._working:
            return
        self._bar.setRange(0, far.total or 0)
        self._bar.setValue(far.done)
        told = self.tr("Backup {number} of {total} is written anew…")
        self._show_far(
            told.format(
                number=self._words.count(far.done + 1),
                total=self._words.count(far.total or 0),
            )
        )

    def _show_far(self, told: str) -> None:
        self._far.setText(told)
        announce(self, told)

    def _show_result(self, gone: Forgotten) -> None:
        title = self._says.result(gone)
        self._remove.setVisible(bool(gone.unreadable))
        if gone.unreadable:
            hint = self.tr(
                "These copies cannot be read, and may still hold them, encrypted: {names}"
            ).format(names=", ".join(gone.unreadable))
            self._notice.say(title, hint, tone="warning")
        else:
            self._notice.say(title, tone="success")
            self._do.hide()
        self._concerned.hide()
        self._leave.setText(self.tr("&Close"))
        self._leave.setAccessibleName(self.tr("Close"))
        self.forgotten.emit()

    def _fail(self, error: AppError) -> None:
        self._remove.hide()
        self._notice.say_failure(error)
