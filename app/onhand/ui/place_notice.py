"""Says that the history is in danger where it lies, and looks whether it is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from onhand.ui import said
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Notice, button

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.errors import AppError
    from onhand.domain.history_errors import PlaceShared


_LARGEST = 64 << 20
"""Bytes of a history that is read whole at the start; it takes half a second or so."""


def look_for_damage(jobs: Jobs, failed: Callable[[AppError], None]) -> None:
    """Read the history behind the window; a larger one is read by the next backup."""
    jobs.look_up(
        lambda archive: archive.backups.look_for_damage(_LARGEST),
        Then(done=lambda _: None, failed=failed),
    )


class PlaceNotice(Notice):
    """Shown at each start until it is closed; blocks nothing."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.setProperty("place", "banner")
        self._jobs = jobs
        close = button(self.tr("&Close"), name=self.tr("Close the notice on the folder"))
        close.clicked.connect(self.hide)
        self.column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)

    def look(self) -> None:
        """Find out where the folder lies."""
        self._jobs.start(
            lambda services: services.place.warning(),
            Then(done=self._show, failed=_leave),
        )

    def _show(self, warning: PlaceShared | None) -> None:
        if warning is not None:
            self.say(said.what(warning), said.way_out(warning), tone="warning")


def _leave(_: AppError) -> None:
    """Whoever needs the services is told why there are none."""
