"""Drawings painted in the colours of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from onhand.domain.drawing import Ink
from onhand.domain.plots import Sheet
from onhand.ui.decimals import brief
from onhand.ui.painting import paint
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QPaintEvent

    from onhand.domain.drawing import Drawing

_LEAST = QSize(300, 230)


class Plot(QWidget):
    """Shows a drawing that is made for its size; a screen reader gets it in words."""

    def __init__(self, name: str, x: str, y: str) -> None:
        """`x` and `y` are the titles of the axes."""
        super().__init__()
        self._words = Wording(self)
        self._titles = x, y
        self._draw: Callable[[Sheet], Drawing] | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_drawing(
        self, draw: Callable[[Sheet], Drawing], told: str, *, x: str = "", y: str = ""
    ) -> None:
        """Show what `draw` makes of a sheet; `told` says the same in words.

        `x` and `y` are what the axes are called from now on, if anything else.
        """
        self._titles = x or self._titles[0], y or self._titles[1]
        self._draw = draw
        self.setAccessibleDescription(told)
        self.update()

    def sizeHint(self) -> QSize:
        """Higher with larger type."""
        lines = self.fontMetrics().height()
        return _LEAST.expandedTo(QSize(22 * lines, 15 * lines))

    def minimumSizeHint(self) -> QSize:
        """Room for the axes and a few names."""
        return QSize(_LEAST.width(), self.sizeHint().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the shapes."""
        if self._draw is None:
            return
        painter = QPainter(self)
        paint(painter, self._draw(self._sheet()), self._colour)
        painter.end()

    def _sheet(self) -> Sheet:
        return Sheet(
            width=self.width(),
            height=self.height(),
            em=self.fontMetrics().height() / 1.25,
            x=self._titles[0],
            y=self._titles[1],
            share=self._words.percent,
            number=lambda value: brief(value, 3),
        )

    def _colour(self, ink: Ink) -> QColor:
        palette = self.palette()
        match ink:
            case Ink.TEXT:
                return palette.text().color()
            case Ink.MUTED:
                return palette.placeholderText().color()
            case Ink.LINE:
                return palette.mid().color()
            case Ink.ACCENT:
                return palette.highlight().color()
            case Ink.BAR:
                return palette.brightText().color()
