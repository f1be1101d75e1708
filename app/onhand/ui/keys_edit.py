"""A field that takes the keys that are pressed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent

_HELD = frozenset(
    {
        Qt.Key.Key_Control,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_unknown,
    }
)
_ONWARD = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})


class KeysEdit(QLineEdit):
    """Shows one combination of keys and takes another; Backspace takes it away.

    Qt's own field for this has no role that a screen reader knows. Tab goes on to the next
    part of the window.

    Signals:
        pressed: other keys were pressed.
    """

    pressed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.tr("Press the keys that shall do this."))
        self._keys = QKeySequence()

    def keySequence(self) -> QKeySequence:
        """The keys that are shown."""
        return self._keys

    def setKeySequence(self, keys: QKeySequence) -> None:
        """Show these keys; says nothing of a change."""
        self._keys = keys
        self.setText(keys.toString(QKeySequence.SequenceFormat.NativeText))

    def event(self, event: QEvent) -> bool:
        """Shortcuts of the window are keys like all others here."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys."""
        if event.key() in _HELD:
            return
        if event.key() in _ONWARD:
            event.ignore()
            return
        cleared = event.key() == Qt.Key.Key_Backspace and not event.modifiers()
        self.setKeySequence(
            QKeySequence() if cleared else QKeySequence(event.keyCombination())
        )
        self.pressed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """There is nothing to paste here."""
        event.ignore()
