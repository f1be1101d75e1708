"""A rewritten text that shows what was taken out and what was put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from onhand.ui.clipboard import marked
from onhand.ui.input_box import wrapping
from onhand.ui.offsets import shown
from onhand.ui.scroll_bars import name_bars
from onhand.ui.text_marks import mark_at
from onhand.ui.word_changes import NONE, Change, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent

    from onhand.ui.theme import Theme

_KEYS = frozenset("jkar")


class ChangesBox(QTextEdit):
    """Deletions are struck out, additions underlined; copying leaves deletions out.

    Signals:
        keyed: one of the letters j, k, a and r was pressed, or "z" for undo.
        clicked_change: the number of the change on which the mouse was pressed.
    """

    keyed = Signal(str)
    clicked_change = Signal(int)

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
        self._current = NONE
        theme.changed.connect(self._write)

    def show_pieces(self, pieces: Sequence[Piece], current: int = NONE) -> None:
        """Show this instead; the change of this number stands out."""
        self._pieces = tuple(pieces)
        self._current = current
        self._write()

    def showEvent(self, event: QShowEvent) -> None:
        """Name the bars."""
        super().showEvent(event)
        name_bars(self)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters work on the changes; all other keys are for reading."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.keyed.emit("z")
        elif event.text() in _KEYS and not event.modifiers():
            self.keyed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a change chooses it; one that selects a text does not."""
        super().mouseReleaseEvent(event)
        if self.textCursor().hasSelection():
            return
        place, position = self.cursorForPosition(event.position().toPoint()).position(), 0
        for piece in self._pieces:
            position += _units(piece)
            if place < position:
                if piece.edit != NONE:
                    self.clicked_change.emit(piece.edit)
                return

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
        self._stand_out()

    def _stand_out(self) -> None:
        """Frame the current change by colour and weight, and bring it into sight."""
        places, position = [], 0
        for piece in self._pieces:
            if piece.edit == self._current != NONE:
                places += [position, position + _units(piece)]
            position += _units(piece)
        start, end = (places[0], places[-1]) if places else (0, 0)
        cursor = self.textCursor()
        cursor.setPosition(start)
        self.setTextCursor(cursor)
        change = QTextCursor(self.document())
        change.setPosition(start)
        change.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        dress = QTextCharFormat()
        dress.setBackground(QColor(self._theme.colours.selection))
        dress.setForeground(QColor(self._theme.colours.text))
        self.setExtraSelections([mark_at(change, dress)] if places else [])
        self.ensureCursorVisible()


def _units(piece: Piece) -> int:
    return len(shown(piece.text).encode("utf-16-le")) // 2
