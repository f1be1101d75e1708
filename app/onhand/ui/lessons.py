"""Learning in the background from what the user corrects, and saying so calmly."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout

from onhand.domain.errors import TaskInvalid
from onhand.domain.progress import CancelToken
from onhand.domain.teaching import Verdict
from onhand.ui.jobs import Jobs, Then
from onhand.ui.lesson_words import LessonWords
from onhand.ui.parts import Notice, button
from onhand.ui.teach_dialog import TeachDialog
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task
    from onhand.services.history_ports import Record
    from onhand.services.teach import Teaching


class LessonNotice(Notice):
    """One sentence on a lesson that helped, with a button that takes it back."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = button(self.tr("&Undo"), name=self.tr("Undo the lesson"))
        close = button(self.tr("Close"), name=self.tr("Close the notice on the lesson"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self.undo)
        row.addWidget(close)
        row.addStretch()
        row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.column.addLayout(row)


class Lessons(QObject):
    """Has a task learn once enough of its answers were judged, and shows what it learned.

    A lesson comes after everything that somebody waits for, and makes way in the middle.
    """

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._window = window
        self._words = LessonWords(self)
        self.notice = LessonNotice()
        self._task: Task | None = None
        self.notice.undo.clicked.connect(self._undo)

    def judge(self, record: Record) -> None:
        """The user has corrected an answer, or called it right."""
        cancel, task = CancelToken(), record.task
        self._jobs.start(
            lambda services: services.learn(task, cancel, self._jobs.way),
            Then(done=partial(self._show, task), failed=self._fail),
            cancel=cancel,
            long=True,
        )

    def open(self, task_in_work: Callable[[], Task]) -> None:
        """Show what the task in Work was taught, and let it be taught more."""
        try:
            task = task_in_work()
        except TaskInvalid as error:
            self._fail(error)
            return
        TeachDialog(self._jobs, task, self._window).open()

    def _show(self, task: Task, teaching: Teaching | None) -> None:
        if teaching is not None and teaching.lesson.verdict is Verdict.ADOPTED:
            self._task = task
            self.notice.undo.show()
            self.notice.say(self._words.helped(teaching.lesson))

    def _undo(self) -> None:
        if (task := self._task) is None:
            return
        self.notice.undo.setEnabled(False)
        self._jobs.start(
            lambda services: services.teach.undo(task),
            Then(
                done=self._show_undone,
                failed=self._fail,
                ended=lambda: self.notice.undo.setEnabled(True),
            ),
        )

    def _show_undone(self, _: bool) -> None:
        self._task = None
        self.notice.undo.hide()
        self.notice.say(self.tr("The task answers as before."))

    def _fail(self, error: AppError) -> None:
        self.notice.undo.hide()
        self.notice.say_failure(error)
