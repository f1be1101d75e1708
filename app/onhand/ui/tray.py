"""The icon in the tray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon


class Tray(QObject):
    """Shown while the program runs, where the desktop has a tray.

    Signals:
        quick_wanted: the quick panel shall come.
        window_wanted: the window shall come.
        end_wanted: the program shall end.
    """

    quick_wanted = Signal()
    window_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, picture: QIcon) -> None:
        super().__init__()
        self._menu = QMenu()
        for text, signal in (
            (self.tr("&Quick panel"), self.quick_wanted),
            (self.tr("Open &Onhand"), self.window_wanted),
            (self.tr("&End Onhand"), self.end_wanted),
        ):
            self._menu.addAction(text).triggered.connect(signal)
        self._icon = QSystemTrayIcon(picture, self)
        self._icon.setToolTip(self.tr("Onhand: click for the quick panel"))
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._tell)
        if self.is_there:
            self._icon.show()

    @property
    def is_there(self) -> bool:
        """Whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def hide(self) -> None:
        """Take the icon away."""
        self._icon.hide()

    def _tell(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        match reason:
            case QSystemTrayIcon.ActivationReason.Trigger:
                self.quick_wanted.emit()
            case QSystemTrayIcon.ActivationReason.DoubleClick:
                self.window_wanted.emit()
            case _:
                pass
