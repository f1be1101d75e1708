"""The guide: pages that come with the program, in a window of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from onhand.ui.parts import button
from onhand.ui.scroll_bars import name_bars
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from pathlib import Path


_PAGE = "index.html"


class GuideWindow(QWidget):
    """Shows the guide; it reads files of its folder and nothing else."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Onhand: a short guide"))
        self.resize(740, 640)
        self._page = _Pages(folder)
        self._page.setAccessibleName(self.tr("Guide"))
        close = button(self.tr("&Close"), name=self.tr("Close the guide"))
        close.clicked.connect(self.close)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.activated.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(self._page, 1)
        column.addWidget(close)
        name_bars(self._page)
        # A translation names the page that is written in its language, if there is one.
        named = self.tr("index.html")
        self._page.setSource(QUrl(named if (folder / named).is_file() else _PAGE))

    def show_chapter(self, name: str = "") -> None:
        """Come to the front, at a chapter or at the beginning."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._page.setFocus()
        self._page.scrollToAnchor(name) if name else self._page.home()


class _Pages(QTextBrowser):
    """Opens what lies in its folder; no link leads out of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.setProperty("part", "reading")
        self.setOpenExternalLinks(False)

    def loadResource(self, _: int, name: QUrl | str) -> object:
        """The bytes of a page or picture of the guide; nothing for any other address."""
        address = QUrl(name)
        wanted = address.fileName()
        if address.scheme() or address.host() or wanted != address.path():
            return None
        file = self._folder / wanted
        return QByteArray(file.read_bytes()) if file.is_file() else None
