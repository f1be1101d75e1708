"""The line that says how long the text is, and what reading it will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onhand.domain.errors import TaskInvalid
from onhand.domain.progress import CancelToken
from onhand.ui import said
from onhand.ui.doubt_words import DoubtWords
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import label
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.errors import AppError
    from onhand.domain.tasks import Task
    from onhand.services.run_task import Estimate

_PAUSE = 600


class Meter(QWidget):
    """Measures the text whenever typing pauses."""

    def __init__(self, jobs: Jobs, ask: Callable[[], tuple[Task, str]]) -> None:
        """`ask` gives task and text; it may raise `TaskInvalid`."""
        super().__init__()
        self._jobs = jobs
        self._ask = ask
        self._words, self._foreseen = Wording(self), DoubtWords(self)
        self._cancel = CancelToken()
        self._label = label(tone="muted", rank="small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label)
        self._doubts = label(rank="small")
        self._doubts.hide()
        row.addWidget(self._doubts, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._measure)

    def text(self) -> str:
        """What is shown."""
        return self._label.text()

    def doubts(self) -> str:
        """Why a small model may fail; "" where nothing speaks for that."""
        return self._doubts.text() if self._doubts.isVisibleTo(self) else ""

    def restart(self) -> None:
        """The text or the task is another one: measure anew at the next pause."""
        self.rest()
        self._label.clear()
        self._doubts.hide()
        self._timer.start()

    def rest(self) -> None:
        """Stop measuring; what is shown stays."""
        self._timer.stop()
        self._cancel.cancel()

    def _measure(self) -> None:
        try:
            task, text = self._ask()
        except TaskInvalid:
            return
        if not text.strip():
            return
        self._cancel = cancel = CancelToken()
        self._jobs.start(
            lambda services: services.run_task.estimate(task, text, cancel),
            Then(done=lambda found: self._show(found, cancel), failed=self._show_failure),
            cancel=cancel,
        )

    def _show(self, estimate: Estimate, cancel: CancelToken) -> None:
        if cancel.cancelled:  # the text is another one by now
            return
        self._label.setText(self._words.estimate(estimate))
        told = self._foreseen.told(estimate.doubts)
        self._doubts.setText(told)
        self._doubts.setVisible(bool(told))

    def _show_failure(self, error: AppError) -> None:
        self._label.setText(said.title(error))
