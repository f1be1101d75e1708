"""Drawings as PNG, painted by Qt; needs no screen and no running window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter

from onhand.domain.drawing import COLOURS
from onhand.ui.offscreen import with_fonts
from onhand.ui.painting import paint

if TYPE_CHECKING:
    from onhand.domain.drawing import Drawing, Ink

SCALE = 2
"""Dots for each unit of a drawing, so that it can be printed."""

_DOTS_A_METRE = round(SCALE * 96 / 0.0254)


def as_png(drawing: Drawing) -> bytes:
    """A drawing on white paper as the bytes of a PNG file."""
    with_fonts()
    width, height = round(drawing.width * SCALE), round(drawing.height * SCALE)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(_DOTS_A_METRE)
    image.setDotsPerMeterY(_DOTS_A_METRE)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    font = QFont()
    font.setPixelSize(max(1, round(drawing.em)))
    painter.setFont(font)
    paint(painter, drawing, _colour)
    painter.end()
    made = QBuffer()
    made.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(made, QByteArray(b"png")).write(image)
    made.close()
    return bytes(made.data().data())


def _colour(ink: Ink) -> QColor:
    return QColor(COLOURS[ink][0])
