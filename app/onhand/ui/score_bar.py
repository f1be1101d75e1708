"""A share as a bar, and a name that is cut where there is no room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QSizePolicy

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


def show_busy(bar: QProgressBar) -> None:
    """Show that work goes on; it moves only where the system wants effects."""
    moves = QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
    bar.setRange(0, 0 if moves else 1)
    bar.setValue(0)


class ScoreBar(QProgressBar):
    """A share from 0 to 1 as a bar."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setRange(0, 1000)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float) -> None:
        """Show this share."""
        self.setValue(round(1000 * share))

    def sizeHint(self) -> QSize:
        """Thin."""
        return QSize(80, 6)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the bar, with round ends however short it is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(self.palette().midlight())
        painter.drawRoundedRect(whole, 3, 3)
        if self.value():
            whole.setWidth(max(6.0, whole.width() * self.value() / 1000))
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                whole.moveRight(self.width())
            painter.setBrush(self.palette().highlight())
            painter.drawRoundedRect(whole, 3, 3)
        painter.end()


class Elided(QLabel):
    """One line that is cut with an ellipsis where it does not fit."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Show this text as far as it fits; a screen reader gets all of it."""
        self._whole = " ".join(text.split())
        self.setAccessibleName(self._whole)
        self.setText(self._whole)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().text().color())
        shortened = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(
            self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shortened
        )
        painter.end()
