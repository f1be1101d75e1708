"""The program's icon, drawn for it; `packaging/icons.py` makes the files of packages."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
IN_WINDOWS = 256
"""Larger ones are for packages."""

AT_FIRST = 64
"""Larger ones are for lists of windows; drawing them would keep the window waiting."""

# A laptop that has ticked something off, in the light accent of the window.
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect x="2" y="2" width="60" height="60" rx="14" fill="#2a62b8"/>
  <path d="M16 15h32a4 4 0 0 1 4 4v20a4 4 0 0 1-4 4H16a4 4 0 0 1-4-4V19a4 4 0 0 1 4-4z"
    fill="#ffffff"/>
  <path d="M9 49h46" fill="none" stroke="#ffffff" stroke-width="5" stroke-linecap="round"/>
  <path d="m23 29.500 6.500 6.500 12-13" fill="none" stroke="#2a62b8" stroke-width="5"
    stroke-linecap="round" stroke-linejoin="round"/>
</svg>
"""


def program_icon(largest: int = IN_WINDOWS) -> QIcon:
    """The icon in the sizes that windows, task bars and trays show, up to one."""
    found = QIcon()
    for size in (each for each in SIZES if each <= largest):
        found.addPixmap(QPixmap.fromImage(rendered(size)))
    return found


def rendered(size: int) -> QImage:
    """The drawing, `size` pixels wide and high, with a transparent ground."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(DRAWING.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
