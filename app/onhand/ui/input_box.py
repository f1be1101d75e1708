"""The box for the user's text, which also shows where an answer comes from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QTextCursor,
    QTextOption,
)

from onhand.ui.clipboard import TextBox
from onhand.ui.offsets import shown, utf16_offset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.ui.theme import Theme

# Breaking a line of this many letters without a space at "words" freezes Qt for minutes.
_ENDLESS = re.compile(r"\S{10000}")


def wrapping(text: str) -> QTextOption.WrapMode:
    """How to break the lines of a text so that showing it does not take long."""
    if _ENDLESS.search(text):
        return QTextOption.WrapMode.WrapAnywhere
    return QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


class InputBox(TextBox):
    """A plain text box.

    Signals:
        file_dropped: the path of a file to be opened.
        pointed: the user moved the cursor to this position, in Qt's units.
    """

    file_dropped = Signal(Path)
    pointed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Text"))
        self.setPlaceholderText(self.tr("Type or paste a text, or drop a file here."))
        self._theme = theme
        self._spans: list[tuple[int, int]] = []
        theme.changed.connect(self._paint_spans)
        self.cursorPositionChanged.connect(self._point)

    def text(self) -> str:
        """The text, as `offsets.shown` has it."""
        # toPlainText would turn non-breaking spaces into spaces.
        return shown(self.document().toRawText())

    def set_text(self, text: str) -> None:
        """Replace everything; can be undone by the user."""
        self._wrap(text)
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(shown(text))
        cursor.setPosition(0)
        self.setTextCursor(cursor)

    def light_up(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        """Mark code points `start:end` of `text`, which is what the box shows."""
        self._spans = [
            (utf16_offset(text, start), utf16_offset(text, end)) for start, end in spans
        ]
        self._paint_spans()
        if self._spans and not self.hasFocus():
            cursor = self.textCursor()
            cursor.setPosition(self._spans[0][0])
            self.blockSignals(True)
            self.setTextCursor(cursor)
            self.blockSignals(False)
            self.ensureCursorVisible()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste; a file is opened."""
        path = _file_of(source)
        if path is not None:
            self.file_dropped.emit(path)
            return
        if source.hasText():
            self._wrap(source.text())
            self.insertPlainText(shown(source.text()))
            self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Whether a paste would do something."""
        return _file_of(source) is not None or super().canInsertFromMimeData(source)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if _file_of(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Welcome files, everywhere in the box."""
        if _file_of(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Have a file opened; a text is inserted."""
        path = _file_of(event.mimeData())
        if path is None:
            super().dropEvent(event)
            return
        event.acceptProposedAction()
        self.file_dropped.emit(path)

    def _wrap(self, added: str) -> None:
        if self.wordWrapMode() != (mode := wrapping(added)):
            self.setWordWrapMode(mode)

    def _point(self) -> None:
        self.pointed.emit(self.textCursor().position())

    def _paint_spans(self) -> None:
        if not self._spans:
            self.setExtraSelections([])
            return
        from onhand.ui.text_marks import marks  # noqa: PLC0415 - not before there is one

        document = self.document()
        self.setExtraSelections(marks(document, self._spans, self._theme.colours))


def _file_of(source: QMimeData) -> Path | None:
    """The first file that was dropped or pasted."""
    for url in source.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    return None
