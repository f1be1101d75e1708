"""A rewritten text that shows what was taken out and what was put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from onhand.ui.clipboard import marked
from onhand.ui.input_box import wrapping
from onhand.ui.offsets import shown
from onhand.ui.word_changes import Change, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.ui.theme import Theme


class ChangesBox(QTextEdit):
    """Deletions are struck out, additions underlined; copying leaves deletions out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("part", "reading")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._theme = theme
        self._pieces: tuple[Piece, ...] = ()
        theme.changed.connect(self._write)

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show this instead."""
        self._pieces = tuple(pieces)
        self._write()

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selected text without what was taken out."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        kept, position = [], 0
        for piece in self._pieces:
            units = shown(piece.text).encode("utf-16-le")
            inside = units[2 * max(0, start - position) : 2 * max(0, end - position)]
            if piece.change is not Change.DELETED:
                kept.append(inside.decode("utf-16-le", "ignore"))
            position += len(units) // 2
        return marked("".join(kept))

    def _write(self) -> None:
        colours = self._theme.colours
        plain, deleted, added = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        deleted.setFontStrikeOut(True)
        deleted.setForeground(QColor(colours.danger))
        deleted.setBackground(QColor(colours.danger_soft))
        added.setFontUnderline(True)
        added.setForeground(QColor(colours.success))
        added.setBackground(QColor(colours.success_soft))
        dress = {Change.KEPT: plain, Change.DELETED: deleted, Change.ADDED: added}
        self.clear()
        self.setWordWrapMode(wrapping("".join(piece.text for piece in self._pieces)))
        cursor = QTextCursor(self.document())
        for piece in self._pieces:
            cursor.insertText(shown(piece.text), dress[piece.change])
        self.moveCursor(QTextCursor.MoveOperation.Start)
