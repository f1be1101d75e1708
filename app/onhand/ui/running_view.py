"""What is to be seen while the model works: how far it is, and the text so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from onhand.domain.speaking import Speaker
from onhand.ui.clipboard import TextBox
from onhand.ui.offsets import shown
from onhand.ui.parts import announce, label
from onhand.ui.score_bar import show_busy
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.progress import Progress


_PAUSE = 1500
"""Milliseconds between two things to be said, so that one can be heard out."""


class RunningView(QWidget):
    """Shows that, and how, work goes on.

    Signals:
        spoken: what a screen reader was given to say, in its time and whole sentences.
    """

    spoken = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._speaker = Speaker()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._speak)
        self.spoken.connect(lambda text: announce(self, text))
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
        show_busy(self._bar)
        self._text.clear()
        self._text.hide()
        self._pause.stop()
        self._speaker = Speaker()

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
        self._speaker.add(piece)
        if not self._pause.isActive():
            self._pause.start()
        self._text.show()
        scroll = self._text.verticalScrollBar()
        follows = scroll.value() >= scroll.maximum() - 2
        cursor = QTextCursor(self._text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(shown(piece))
        if follows:
            scroll.setValue(scroll.maximum())

    def end(self) -> str:
        """The text is complete; returns what of it is yet to be said."""
        self._pause.stop()
        return self._speaker.take_rest().strip() if self._speaker.has_spoken else ""

    @property
    def has_spoken(self) -> bool:
        """Whether some of the text was said while it was written."""
        return self._speaker.has_spoken

    def _speak(self) -> None:
        if said := self._speaker.take().strip():
            self.spoken.emit(said)
