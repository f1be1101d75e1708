"""What leaves this laptop: the figure in the strip, the ledger, asking a cloud model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from onhand.ui import late_parts
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from onhand.domain.settings import Settings
    from onhand.ui.status_strip import StatusStrip
    from onhand.ui.theme import Theme
    from onhand.ui.work_page import WorkPage


class Leaving(QObject):
    """Offers to ask a cloud model where that is on, and tells what was sent.

    Signals:
        sent: a request ended; something may have been sent.
    """

    sent = Signal()

    def __init__(
        self, jobs: Jobs, theme: Theme, work: WorkPage, strip: StatusStrip, window: QWidget
    ) -> None:
        super().__init__(window)
        self._jobs, self._theme, self._work = jobs, theme, work
        self._strip, self._window = strip, window
        self._on = False
        self._ask = button(
            self.tr("As&k a cloud model…"), name=self.tr("Ask a cloud model")
        )
        self._ask.clicked.connect(self.ask)
        work.panel.column.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        work.panel.filled.connect(self._settle)
        strip.ledger_asked.connect(self.show_ledger)
        self._settle()

    def use_settings(self, settings: Settings) -> None:
        """Offer it or not."""
        self._on = settings.cloud
        self._settle()

    def count(self) -> None:
        """Tell how many bytes of the user's text have left this laptop."""
        self._jobs.start(
            lambda services: sum(each.sent for each in services.prove.attempts()),
            Then(done=self._strip.show_sent, failed=lambda _: self._strip.show_sent(None)),
        )

    def show_ledger(self) -> None:
        """Show every connection that was attempted."""
        late_parts.ledger_dialog(self._jobs, self._window).open()

    def ask(self) -> None:
        """Open the sheet for the answer that is shown; nothing is sent by that."""
        if (record := self._work.panel.record) is None or not record.text:
            return
        sheet = late_parts.cloud_sheet(self._jobs, self._theme, record, self._window)
        sheet.set_private(self._work.private.isChecked())
        sheet.answered.connect(self._work.show_ran)
        sheet.tried.connect(self.count)
        sheet.tried.connect(self.sent)
        sheet.open()

    def _settle(self) -> None:
        record = self._work.panel.record
        self._ask.setVisible(self._on and record is not None and bool(record.text))
