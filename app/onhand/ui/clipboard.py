"""What goes to the clipboard, marked to stay out of clipboard histories and clouds."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QClipboard, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit

from onhand.ui.scroll_bars import name_bars

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO = bytes(4)
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'

MARKS: Mapping[str, bytes] = MappingProxyType(
    {
        # Windows reads these by their presence, or as a number of four bytes.
        _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
        _WINDOWS.format("CanIncludeInClipboardHistory"): _NO,
        _WINDOWS.format("CanUploadToCloudClipboard"): _NO,
        _WINDOWS.format("Clipboard Viewer Ignore"): b"1",
        # Klipper of KDE, and managers that follow it on other desktops.
        "x-kde-passwordManagerHint": b"secret",
        # Managers on macOS; what Qt makes of the name there decides whether they see it.
        "org.nspasteboard.ConcealedType": b"1",
    }
)
"""By format, what asks the clipboard managers of each system to keep nothing."""


def marked(text: str) -> QMimeData:
    """A text for the clipboard, with all marks."""
    found = QMimeData()
    found.setText(text)
    for name, value in MARKS.items():
        found.setData(name, value)
    return found


def copy(text: str) -> None:
    """Put a text on the clipboard."""
    QGuiApplication.clipboard().setMimeData(marked(text))


class TextBox(QPlainTextEdit):
    """A plain text box from which copies are marked."""

    def showEvent(self, event: QShowEvent) -> None:
        """Name the bars."""
        super().showEvent(event)
        name_bars(self)

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selected text."""
        selected = self.textCursor().selectedText()
        # Qt's own signs for the ends of lines and paragraphs.
        return marked(selected.replace("\u2029", "\n").replace("\u2028", "\n"))


class ClipboardGuard(QObject):
    """Marks afterwards what widgets without a way to do it have copied, such as labels."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.changed.connect(self._mark)

    def _mark(self, mode: QClipboard.Mode) -> None:
        owner = {
            QClipboard.Mode.Clipboard: self._clipboard.ownsClipboard,
            QClipboard.Mode.Selection: self._clipboard.ownsSelection,
        }.get(mode)
        held = self._clipboard.mimeData(mode)
        if owner is None or not held.hasText() or all(map(held.hasFormat, MARKS)):
            return
        if owner() or _selected() == held.text():
            self._clipboard.setMimeData(marked(held.text()), mode)


def _selected() -> str | None:
    """What is selected where the focus is; not every platform says whose a copy is."""
    focused = QApplication.focusWidget()
    return focused.selectedText() if isinstance(focused, QLabel | QLineEdit) else None
