"""Writes what the history shows into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from onhand.domain.export_form import Format
from onhand.ui.jobs import Jobs, Then

if TYPE_CHECKING:
    from onhand.services.bundle import Archive
    from onhand.services.exporting import Sought


class HistoryExport(QObject):
    """Asks for a file and has it written, away from the UI thread.

    Signals:
        written: the path of the file.
        failed: why it was not written.
    """

    written = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._window = window

    def choose(self, sought: Sought) -> None:
        """Ask where to, and in which form; the system asks before a file is replaced."""
        dialog = QFileDialog(self._window, self.tr("Export what is shown"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        forms = {
            self.tr("Spreadsheet (*.csv)"): Format.CSV,
            self.tr("JSON Lines (*.jsonl)"): Format.JSONL,
            self.tr("Markdown (*.md)"): Format.MARKDOWN,
        }
        dialog.setNameFilters(list(forms))
        dialog.setDefaultSuffix(Format.CSV)
        dialog.filterSelected.connect(
            lambda name: dialog.setDefaultSuffix(forms.get(name, Format.CSV))
        )
        dialog.fileSelected.connect(lambda name: self.write(sought, Path(name)))
        dialog.open()

    def write(self, sought: Sought, path: Path) -> None:
        """Write it, in the form that the file's ending says; other endings get CSV."""
        form = next((each for each in Format if path.suffix == f".{each}"), Format.CSV)

        def work(archive: Archive) -> Path:
            archive.exports(sought, form, path, replace=True)
            return path

        self._jobs.look_up(work, Then(done=self.written.emit, failed=self.failed.emit))
