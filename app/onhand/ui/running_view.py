"""What is to be seen while the model works: how far it is, and the text so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from onhand.ui.clipboard import TextBox
from onhand.ui.offsets import shown
from onhand.ui.parts import label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.progress import Progress


class RunningView(QWidget):
    """Shows that, and how, work goes on."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Wording(self)
        self._title = label(rank="heading")
        self._told = label(tone="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._text = TextBox()
        self._text.setReadOnly(True)
        self._text.setProperty("part", "reading")
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName(self.tr("Text as it is written"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.MEDIUM)
        for each in (self._title, self._bar, self._told):
            column.addWidget(each)
        column.addWidget(self._text, 1)
        column.addStretch()

    def begin(self, told: str) -> None:
        """Work has begun; `told` says what is known of its length."""
        self._title.setText(self.tr("Working…"))
        self._told.setText(told)
        self._bar.setRange(0, 0)
        self._text.clear()
        self._text.hide()

    def stop(self) -> None:
        """Work was asked to stop."""
        self._title.setText(self.tr("Stopping…"))

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        self._told.setText(self._words.progress(progress))

    def add(self, piece: str) -> None:
        """Show more of the text; stays at its end if one looks there."""
        if not piece.strip() and self._text.isHidden():
            return
        self._text.show()
        scroll = self._text.verticalScrollBar()
        follows = scroll.value() >= scroll.maximum() - 2
        cursor = QTextCursor(self._text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(shown(piece))
        if follows:
            scroll.setValue(scroll.maximum())
