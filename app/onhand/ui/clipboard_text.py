"""The text that is in the clipboard, as far as there is room to show it."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onhand.ui.clipboard import TextBox
from onhand.ui.parts import label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

_LINES = 4
_WIDEST = 400


class ClipboardText(QWidget):
    """Shows the text that was taken last."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Wording(self)
        self.text = ""
        self._told = label(rank="heading")
        self._box = TextBox()
        self._box.setReadOnly(True)
        self._box.setProperty("part", "reading")
        self._box.setTabChangesFocus(True)
        self._box.setAccessibleName(self.tr("Text from the clipboard"))
        lines = self._box.fontMetrics().lineSpacing() * _LINES
        self._box.setFixedHeight(lines + 2 * Gap.MEDIUM)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.SMALL)
        column.addWidget(self._told)
        column.addWidget(self._box)

    @property
    def is_there(self) -> bool:
        """Whether there is anything to work on."""
        return bool(self.text.strip())

    def take(self) -> None:
        """Take what is in the clipboard now."""
        self.text = QGuiApplication.clipboard().text()
        self._box.setPlainText(self.text[: _LINES * _WIDEST])
        self._box.setVisible(self.is_there)
        if self.is_there:
            told = self.tr("From the clipboard: %Ln characters", "", len(self.text))
        else:
            told = self.tr("The clipboard holds no text. Copy some, and come back.")
        self._told.setText(told)
