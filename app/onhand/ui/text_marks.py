"""How places in a text are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QTextDocument

    from onhand.ui.theme import Colours


def marks(
    document: QTextDocument, spans: Sequence[tuple[int, int]], colours: Colours
) -> list[QTextEdit.ExtraSelection]:
    """Marks for these places, in Qt's units."""
    dress = QTextCharFormat()
    dress.setBackground(QColor(colours.selection))
    dress.setForeground(QColor(colours.text))
    dress.setUnderlineColor(QColor(colours.accent))
    dress.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    found = []
    for start, end in spans:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        mark.format = dress
        found.append(mark)
    return found
