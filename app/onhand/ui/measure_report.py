"""Writes what a measurement found into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from onhand.services.bundle import Services
    from onhand.ui.measure_rows import Measured
    from onhand.ui.parts import Notice


class MeasureReport(QObject):
    """Asks for a file and has the report written, away from the UI thread."""

    def __init__(self, jobs: Jobs, page: QWidget, notice: Notice) -> None:
        """`notice` says what became of it."""
        super().__init__(page)
        self._jobs, self._page, self._notice = jobs, page, notice

    def choose(self, measured: Measured, bar: float) -> None:
        """Ask where to; the system asks before a file is replaced."""
        dialog = QFileDialog(self._page, self.tr("Save the report"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(
            [
                self.tr("Page (*.html)"),
                self.tr("Picture (*.png)"),
                self.tr("Drawing (*.svg)"),
                self.tr("Workbook (*.xlsx)"),
            ]
        )
        dialog.setDefaultSuffix("html")
        # The ending follows the form that is chosen, unless one is typed.
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.rpartition(".")[2].rstrip(")"))
        )
        dialog.fileSelected.connect(lambda name: self.write(measured, bar, Path(name)))
        dialog.open()

    def write(self, measured: Measured, bar: float, path: Path) -> None:
        """Write it; a file that is there is replaced."""

        def work(services: Services) -> Path:
            services.report_evaluation(
                measured.task, measured.found, bar, path, replace=True
            )
            return path

        self._jobs.start(work, Then(done=self._tell, failed=self._notice.say_failure))

    def _tell(self, path: Path) -> None:
        told = self.tr("The report is in {path}.").format(path=path)
        self._notice.say(told, self.tr("No text is in it."), tone="success")
