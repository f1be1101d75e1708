"""Notices that the model's memory was given back, some time after the last work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from onhand.domain.errors import AppError

MINUTE = 60_000
"""Milliseconds."""

GRACE = 3_000
"""Milliseconds behind the time at which the engine ends."""


class SleepWatch(QObject):
    """Looks once when the engine should have ended; never while work goes on.

    Signals:
        slept: the model sleeps; the next request loads it again.
    """

    slept = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._minutes = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        jobs.rested.connect(self._wait)

    def set_minutes(self, minutes: int) -> None:
        """After so many minutes without a request the engine ends; 0: never."""
        self._minutes = minutes
        self._wait()

    def look(self) -> None:
        """Ask now."""
        self._jobs.start(
            lambda services: services.models.asleep(),
            Then(done=self._tell, failed=self._pass_over),
        )

    def _wait(self) -> None:
        if self._minutes:
            self._timer.start(self._minutes * MINUTE + GRACE)
        else:
            self._timer.stop()

    def _tell(self, asleep: bool) -> None:
        if asleep:
            self.slept.emit()

    def _pass_over(self, _: AppError) -> None:
        """There is no model to sleep; whoever needs one is told."""
