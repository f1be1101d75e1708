"""Pages as PDF, drawn by Qt; needs no screen and no running window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from onhand.ui.offscreen import with_fonts

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

_MARGIN = 18.0  # millimetres
_DOTS = 300


class _OfflineDocument(QTextDocument):
    """Loads nothing, whatever the page names."""

    def loadResource(self, _: int, __: QUrl | str) -> object:
        """Nothing."""
        return None


def as_pdf(html: str) -> bytes:
    """A page as the bytes of a PDF file, on A4."""
    with_fonts()
    made = QBuffer()
    made.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(made)
    writer.setResolution(_DOTS)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    writer.setTitle("Onhand")
    document = _OfflineDocument()
    document.setHtml(html)
    document.print_(writer)
    del writer
    made.close()
    return bytes(made.data().data())
