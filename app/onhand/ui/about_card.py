"""Which version this is, the licences of all that it is made of, and a newer version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from onhand.ui.parts import Card, button, label
from onhand.ui.scroll_bars import name_bars
from onhand.ui.theme import Gap
from onhand.ui.update_check import UpdateCheck, open_by_system

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from onhand.ui.jobs import Jobs

SETTINGS = ("allow_updates", "update_key")
"""The settings of this group, in order."""


class AboutCard(Card):
    """Tells the version; opens the licences where there are some; checks an update."""

    def __init__(
        self, jobs: Jobs, open_file: Callable[[Path], bool] = open_by_system
    ) -> None:
        """`open_file` gives a package to the system, and tells whether it took it."""
        super().__init__()
        self._file: Path | None = None
        self._window: LicencesWindow | None = None
        self._told = label(tone="muted")
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._licences = button(
            self.tr("L&icences…"), name=self.tr("Licences of all parts")
        )
        self.column.addWidget(label(self.tr("About"), rank="heading"))
        self.column.addWidget(self._told)
        self.column.addWidget(self._licences, 0, Qt.AlignmentFlag.AlignLeft)
        self.update_check = UpdateCheck(jobs, open_file)
        self._licences.clicked.connect(self._open)
        self._licences.hide()

    def close_column(self) -> None:
        """Put what checks an update below the settings, which are there now."""
        self.column.addWidget(self.update_check)

    def offer(self, licences: Path | None) -> None:
        """Open this file on request; None, or no file: this is no installed package."""
        self._file = licences if licences is not None and licences.is_file() else None
        self._licences.setVisible(self._file is not None)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the version, which takes a moment to find."""
        super().showEvent(event)
        if not self._told.text():
            from importlib.metadata import version  # noqa: PLC0415 - slow, and not at once

            told = self.tr(
                "Onhand {version}, under the MIT licence. It looks for no updates."
            )
            self._told.setText(told.format(version=version("onhand")))

    def _open(self) -> None:
        if self._file is None:
            return
        if self._window is None:
            self._window = LicencesWindow(self._file)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()


class LicencesWindow(QWidget):
    """Shows the licences of all parts, to be read and copied."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Onhand: licences"))
        self.resize(740, 640)
        self.page = QPlainTextEdit()
        self.page.setReadOnly(True)
        self.page.setAccessibleName(self.tr("Licences"))
        self.page.setPlainText(file.read_text(encoding="utf-8", errors="replace"))
        close = button(self.tr("&Close"), name=self.tr("Close the licences"))
        close.clicked.connect(self.close)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(self.page, 1)
        column.addWidget(close)
        name_bars(self.page)
