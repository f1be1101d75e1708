"""What the user says of the answer that is shown: it is right, or this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from onhand.ui import late_parts
from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from onhand.services.history_ports import Record
    from onhand.ui.answer_panel import AnswerPanel


class Correcting(QObject):
    """Keeps corrections of the entry that a panel shows.

    Signals:
        corrected: the entry of the history as it is now.
        failed: the error for which it could not be kept.
    """

    corrected = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, panel: AnswerPanel, page: QWidget) -> None:
        super().__init__(page)
        self._jobs = jobs
        self._panel = panel
        self._page = page
        panel.correction_asked.connect(self._ask)
        panel.confirmation_asked.connect(self._confirm)
        panel.edited.connect(self._keep)

    def _ask(self) -> None:
        if self._panel.record is not None:
            dialog = late_parts.correct_dialog(self._jobs, self._panel.record, self._page)
            dialog.corrected.connect(self.corrected)
            dialog.open()

    def _confirm(self) -> None:
        if (record := self._panel.record) is not None:
            self._jobs.start(
                lambda services: services.correct.confirm(record.id), self._then()
            )

    def _keep(self, values: dict[str, list[str]]) -> None:
        """Keep edited values; an answer that is not in the history only shows them."""
        record = self._panel.record
        if record is not None and record.id:
            self._jobs.look_up(
                lambda archive: archive.correct(record.id, values), self._then()
            )

    def _then(self) -> Then[Record]:
        return Then(done=self.corrected.emit, failed=self.failed.emit)
