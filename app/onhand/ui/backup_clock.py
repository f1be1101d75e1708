"""Has the history copied while the window is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from onhand.ui.jobs import Jobs, Then

_LOOK = 5 * 60 * 1000
"""Milliseconds between two looks whether a backup is due."""


class BackupClock(QObject):
    """Looks from time to time."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(_LOOK)

    def look(self) -> None:
        """Copy the history where it is time; what is wrong is told to who writes."""
        self._jobs.look_up(
            lambda archive: archive.backups.make_if_due(),
            Then(done=lambda _: None, failed=lambda _: None),
        )
