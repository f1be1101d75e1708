"""What a task that is being edited makes of a text, while it is being edited."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onhand.domain.progress import CancelToken
from onhand.ui import said
from onhand.ui.answer_views import AnswerViews, bring_up
from onhand.ui.clipboard import TextBox
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import label
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task
    from onhand.services.run_task import Ran
    from onhand.ui.theme import Theme

PAUSE = 700
"""Milliseconds without a change after which the task is tried."""


class TaskPreview(QWidget):
    """Runs the task once nobody has typed for a moment; keeps nothing of it.

    A change stops what runs, and so does closing.
    """

    def __init__(self, jobs: Jobs, theme: Theme, text: str) -> None:
        super().__init__()
        self.setProperty("part", "page")
        self._jobs = jobs
        self._task: Task | None = None
        self._cancel: CancelToken | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._run)
        self._text = TextBox(text)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName(self.tr("Text to try the task on"))
        self._text.setPlaceholderText(self.tr("Type or paste a text to try the task on."))
        self._text.textChanged.connect(self._wait)
        self._told = label(tone="muted")
        self._views = AnswerViews(theme)
        self._views.hide()
        title = label(self.tr("Try it on"), wrap=False)
        title.setBuddy(self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.SMALL)
        column.addWidget(title)
        column.addWidget(self._text, 1)
        column.addWidget(self._told)
        column.addWidget(self._views, 2)

    def show_task(self, task: Task) -> None:
        """Try this task from now on."""
        if task != self._task:
            self._task = task
            self._wait()

    def show_fault(self, error: AppError) -> None:
        """Say why there is nothing to try yet."""
        self._task = None
        self.stop()
        self._say(said.what(error))

    def stop(self) -> None:
        """Stop what runs or waits."""
        self._pause.stop()
        if self._cancel is not None:
            self._cancel.cancel()
            self._cancel = None

    def _wait(self) -> None:
        self.stop()
        if self._task is None:
            return
        if not self._text.toPlainText().strip():
            self._say(self.tr("With a text, the answer shows here while you edit."))
            return
        self._pause.start()

    def _run(self) -> None:
        task, text = self._task, self._text.toPlainText()
        if task is None:
            return
        self._cancel = cancel = CancelToken()
        self._told.setText(self.tr("Trying the task…"))
        then = Then(
            done=partial(self._show, cancel), failed=partial(self._show_failure, cancel)
        )
        self._jobs.start(
            lambda services: services.run_task(task, text, cancel=cancel, private=True),
            lasting(self, then),
            cancel=cancel,
        )

    def _show(self, run: CancelToken, ran: Ran) -> None:
        if run is not self._cancel:
            return
        self._cancel = None
        view = self._views.of(ran.record)
        bring_up(self._views, view)
        view.show_answer(ran.record)
        self._views.show()
        self._told.setText(self.tr("The answer as the task is now; it is not kept."))

    def _show_failure(self, run: CancelToken, error: AppError) -> None:
        if run is self._cancel:
            self._cancel = None
            self._say(said.both(error))

    def _say(self, told: str) -> None:
        self._views.hide()
        self._told.setText(told)
