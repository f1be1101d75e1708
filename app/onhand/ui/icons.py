"""The pictures of the window: outlines on a grid of 24, drawn in the colour of the text."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
    'stroke="{colour}" stroke-width="1.8" '
    'stroke-linecap="round" stroke-linejoin="round">{outline}</svg>'
)


class Picture(StrEnum):
    """What can be shown; the value is its outline."""

    WORK = (
        '<path d="M4 20h16"/><path d="M5.5 15.8 15.6 5.7a1.6 1.6 0 0 1 2.3 0l.9.9'
        'a1.6 1.6 0 0 1 0 2.3L8.7 19l-4 .8z"/>'
    )
    BATCH = (
        '<path d="m12 3.5 8.5 4.3L12 12 3.5 7.8z"/><path d="m3.5 12 8.5 4.2L20.5 12"/>'
        '<path d="m3.5 16.2 8.5 4.2 8.5-4.2"/>'
    )
    HISTORY = (
        '<path d="M4.2 9.5A8.3 8.3 0 1 1 3.7 13"/><path d="M4 4.5v5h5"/>'
        '<path d="M12 7.8V12l3 2"/>'
    )
    MEASURE = (
        '<path d="M4 4v16h16"/><path d="M8 15.5 11.5 11l3 2.5L20 7"/>'
        '<circle cx="20" cy="7" r="0.6"/>'
    )
    PREFERENCES = (
        '<path d="M4 7h8"/><path d="M18 7h2"/><circle cx="15" cy="7" r="2.6"/>'
        '<path d="M4 17h2"/><path d="M12 17h8"/><circle cx="9" cy="17" r="2.6"/>'
    )
    PROGRAM = (
        '<path d="M5 4.5h14a1.5 1.5 0 0 1 1.5 1.5v8.5a1.5 1.5 0 0 1-1.5 1.5H5'
        'A1.5 1.5 0 0 1 3.5 14.5V6A1.5 1.5 0 0 1 5 4.5z"/><path d="M2 19.5h20"/>'
        '<path d="m8.5 10.3 2.4 2.4 4.6-4.7"/>'
    )


def drawn(picture: Picture, colour: str, side: int, ratio: float) -> QPixmap:
    """A picture in one colour (`#rrggbb`), `side` logical pixels wide and high.

    `ratio` is how many pixels of the screen a logical one has; there it is sharp.
    """
    drawing = _FRAME.format(colour=colour, outline=picture.value)
    pixmap = QPixmap(QSize(side, side) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    room = QRectF(0, 0, side, side)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, room)
    painter.end()
    return pixmap
