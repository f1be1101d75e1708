"""Drawings, painted; who asks chooses the colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from onhand.domain.drawing import Anchor, Dot, Ink, Line, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor

    from onhand.domain.drawing import Drawing, Shape


def paint(painter: QPainter, drawing: Drawing, colour: Callable[[Ink], QColor]) -> None:
    """Paint all shapes, in the font that the painter has."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shape in drawing.shapes:
        _paint(painter, shape, colour(shape.ink))


def _paint(painter: QPainter, shape: Shape, colour: QColor) -> None:
    match shape:
        case Line():
            pen = QPen(colour, shape.width)
            if shape.dashed:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(*each) for each in shape.points]))
        case Dot():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(shape.x, shape.y), shape.radius, shape.radius)
        case Words():
            painter.setPen(colour)
            _write(painter, shape)


def _write(painter: QPainter, words: Words) -> None:
    width = painter.fontMetrics().horizontalAdvance(words.text)
    back = {Anchor.START: 0.0, Anchor.MIDDLE: width / 2, Anchor.END: float(width)}
    painter.save()
    painter.translate(words.x, words.y)
    if words.turned:
        painter.rotate(-90)
    painter.drawText(QPointF(-back[words.anchor], 0), words.text)
    painter.restore()
