"""Keeps what is being typed, so that a crash costs a second of it at most."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QObject, QTimer

from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

    from onhand.domain.errors import AppError
    from onhand.ui.input_box import InputBox

SECOND = 800
"""Milliseconds from the first change to its being kept; storing takes the rest."""


class Drafting(QObject):
    """Stores the text of a box while it is typed, and brings it back after a start."""

    def __init__(self, jobs: Jobs, box: InputBox, private: QAbstractButton) -> None:
        """Nothing is kept while `private` is ticked."""
        super().__init__(box)
        self._jobs = jobs
        self._box = box
        self._private = private
        self._wanted = False
        self._kept = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SECOND)
        self._timer.timeout.connect(self._keep)
        box.textChanged.connect(self._change)
        private.toggled.connect(self._keep)

    def restore(self) -> None:
        """Show what was being typed at the last time, unless something is typed now."""
        self._jobs.look_up(
            lambda archive: archive.drafts.load(),
            Then(done=self._show, failed=self._forget_it),
        )

    def want(self, wanted: bool) -> None:
        """Whether anything may be kept."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._keep()

    def _change(self) -> None:
        # Not begun anew by each key: who types without a pause loses no more than others.
        if not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        self._timer.stop()
        may = self._wanted and not self._private.isChecked()
        text = self._box.text() if may else ""
        if text == self._kept:
            return
        self._kept = text
        at = datetime.fromtimestamp(QDateTime.currentSecsSinceEpoch(), UTC)
        self._jobs.look_up(
            lambda archive: archive.drafts.save(text, at),
            Then(done=lambda _: None, failed=self._forget_it),
        )

    def _show(self, text: str) -> None:
        if text and not self._box.text() and not self._private.isChecked():
            self._kept = text
            self._box.set_text(text)

    def _forget_it(self, _: AppError) -> None:
        """A draft that cannot be kept disturbs nobody; answers say why in their place."""
        self._kept = ""
