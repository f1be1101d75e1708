"""The program's icon, drawn for it; `packaging/icons.py` makes the files of packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
IN_WINDOWS = SIZES[:-1]
"""The largest one is for packages."""

AT_FIRST = (64,)
"""Enough for a moment: desktops make it smaller, and drawing all takes a while."""

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


def program_icon(sizes: Sequence[int] = IN_WINDOWS) -> QIcon:
    """The icon in some sizes, or in all that windows, task bars and trays show."""
    found = QIcon()
    for size in sizes:
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
