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
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        found.append(mark_at(cursor, dress))
    return found


def mark_at(cursor: QTextCursor, dress: QTextCharFormat) -> QTextEdit.ExtraSelection:
    """What a cursor has selected, to be seen like this."""
    mark = QTextEdit.ExtraSelection()
    # The stubs of Qt 6.9 do not tell of these two.
    mark.cursor = cursor  # type: ignore[attr-defined]
    mark.format = dress  # type: ignore[attr-defined]
    return mark
