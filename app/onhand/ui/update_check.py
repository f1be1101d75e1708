"""Checking an update that came as a file, and giving it to the installer of the system."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.progress import CancelToken
from onhand.ui.jobs import Jobs, Then
from onhand.ui.parts import Notice, button, label
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.domain.errors import AppError
    from onhand.domain.progress import Progress
    from onhand.services.update_ports import CheckedUpdate


def open_by_system(path: Path) -> bool:
    """Have the system open a file with the program that it has for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class UpdateCheck(QWidget):
    """Asks for a file, says whether it may be installed, and opens it when told to.

    It is checked once more right before it is opened. Nothing is installed from here: the
    system's installer asks whoever may do so.
    """

    def __init__(self, jobs: Jobs, open_file: Callable[[Path], bool]) -> None:
        super().__init__()
        self._jobs = jobs
        self._open_file = open_file
        self._cancel: CancelToken | None = None
        self._checked: Path | None = None
        self.notice = Notice()
        self.told = label(tone="muted")
        self.choose = button(self.tr("Check an update…"), name=self.tr("Check an update"))
        self.stop = button(self.tr("Stop checking"))
        self.open = button(self.tr("Open the installer"))
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        for each in (self.choose, self.stop, self.open):
            row.addWidget(each)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.SMALL)
        column.addWidget(self.notice)
        column.addWidget(self.told)
        column.addLayout(row)
        for hidden in (self.told, self.stop, self.open):
            hidden.hide()
        self.choose.clicked.connect(self._ask)
        self.stop.clicked.connect(self._stop)
        self.open.clicked.connect(self._open)

    def check(self, path: Path) -> None:
        """Check a package, or the file that vouches for it."""
        self._run(path, self._show)

    def _ask(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Check an update"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = "*.onhandupdate *.deb *.rpm *.exe *.msi *.pkg *.dmg"
        dialog.setNameFilters(
            [
                self.tr("Updates ({endings})").format(endings=endings),
                self.tr("All files (*)"),
            ]
        )
        dialog.fileSelected.connect(lambda name: self.check(Path(name)))
        dialog.open()

    def _run(self, path: Path, then: Callable[[CheckedUpdate], None]) -> None:
        if self._cancel is not None:
            return
        self._cancel = cancel = CancelToken()
        self._checked = None
        self.notice.hide()
        self.open.hide()
        self._tell(cancel, None)
        self.told.show()
        self.stop.show()
        self.choose.setEnabled(False)

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._tell, cancel, far))

        self._jobs.keep(
            lambda shelf: shelf.check_update(path, cancel, on_progress),
            Then(done=then, failed=self._fail, ended=self._end),
            cancel,
        )

    def _stop(self) -> None:
        if self._cancel is not None:
            self._cancel.cancel()

    def _open(self) -> None:
        if self._checked is not None:
            self._run(self._checked, self._give)

    def _tell(self, run: CancelToken, far: Progress | None) -> None:
        if self._cancel is not run:
            return
        told = self.tr("Checking the update…")
        if far is not None and far.total:
            told = self.tr("Checking the update: {percent} %")
            told = told.format(percent=100 * far.done // far.total)
        self.told.setText(told)

    def _end(self) -> None:
        self._cancel = None
        self.told.hide()
        self.stop.hide()
        self.choose.setEnabled(True)

    def _show(self, found: CheckedUpdate) -> None:
        self._checked = found.package
        self.open.show()
        title = self.tr("Onhand {version} is whole and signed, and newer than {installed}.")
        told = self.tr(
            "The key that it is signed with has the fingerprint {signer}. “Open the"
            " installer” gives {file} to the installer of your system; nothing is installed"
            " before that asks you. Close Onhand then."
        )
        self.notice.say(
            title.format(version=found.version, installed=found.installed),
            told.format(signer=found.signer, file=found.package.name),
            tone="success",
        )

    def _give(self, found: CheckedUpdate) -> None:
        self._show(found)
        if not self._open_file(found.package):
            told = self.tr("It lies in {folder}. Install it as your system does that.")
            self.notice.say(
                self.tr("This system has nothing that opens the package."),
                told.format(folder=found.package.parent),
                tone="warning",
            )

    def _fail(self, error: AppError) -> None:
        self.notice.say_failure(error)
