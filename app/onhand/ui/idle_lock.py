"""Notices that nobody has touched the window for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleLock(QObject):
    """Counts the minutes without a key or a click.

    Signals:
        idle: so many went by; once, until something is touched again.
    """

    idle = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.minute = 60_000
        """Milliseconds of a minute."""
        self._minutes = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.idle)

    def set_minutes(self, minutes: int) -> None:
        """Tell after so many minutes; 0: never."""
        if minutes == self._minutes:
            return
        application = QApplication.instance()
        if application is not None:
            # Looks at every event of the program: only where it is wanted.
            application.removeEventFilter(self)
            if minutes:
                application.installEventFilter(self)
        self._minutes = minutes
        self._begin()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin to count anew at every touch; takes nothing away."""
        if event.type() in _TOUCHES:
            self._begin()
        return super().eventFilter(watched, event)

    def _begin(self) -> None:
        if self._minutes:
            self._timer.start(self._minutes * self.minute)
        else:
            self._timer.stop()
