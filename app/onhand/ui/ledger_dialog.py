"""The ledger: every connection that was attempted, and the page that proves it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Notice, button
from onhand.ui.scroll_bars import name_bars
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from onhand.services.bundle import Services


class LedgerDialog(QDialog):
    """Shows the proof page, and saves it."""

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What left this computer"))
        self.resize(760, 560)
        self._notice = Notice()
        self._page = QTextEdit()
        self._page.setReadOnly(True)
        self._page.setTabChangesFocus(True)
        self._page.setAccessibleName(self.tr("Connections, sandbox, policies and models"))
        name_bars(self._page)
        self._page.setPlainText(self.tr("Looking at models and engine…"))
        self._save = button(self.tr("&Save as a page…"))
        self._save.clicked.connect(self._choose)
        close = button(self.tr("&Close"), part="primary")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self._save)
        row.addStretch()
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(self._notice)
        column.addWidget(self._page, 1)
        column.addLayout(row)
        jobs.start(
            lambda services: services.prove.page(on_paper=False),
            lasting(self, Then(done=self._page.setHtml, failed=self._notice.say_failure)),
        )

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the page"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Page (*.html)"), self.tr("PDF (*.pdf)")])
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(lambda name: self.save_as(Path(name)))
        dialog.open()

    def save_as(self, path: Path) -> None:
        """Write the page to a file, by its ending as HTML or PDF."""

        def work(services: Services) -> Path:
            services.prove.save(path)
            return path

        then = Then(done=self._tell, failed=self._notice.say_failure)
        self._jobs.start(work, lasting(self, then))

    def _tell(self, path: Path) -> None:
        self._notice.say(self.tr("{name} is saved").format(name=path.name))
